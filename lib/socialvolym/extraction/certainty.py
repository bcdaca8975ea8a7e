"""Certainty: how sure the reading of a figure is, from what each aspect of it rests on."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from itertools import combinations
from typing import Any

from socialvolym.notation.numbers import PrintedNumber, parse_number
from socialvolym.notation.periods import DIFFERENCES
from socialvolym.vocabulary.codebook import is_composed, is_cost, measure_index
from socialvolym.vocabulary.money import MONEY

#: Another figure of the document tells another value of the same measure, for the same time.
TWICE = "twice"
#: A table of the document prints the figure as well.
REPEATED = "repeated"
#: No other figure contradicts it any more, since a person has decided what it, or the other, is.
ALONE = "alone"
_TWICE_READ = f"measure:{TWICE}"
#: The words around it say that another figure has taken its place: "tidigare angivet 241", "rättad från 241".
REPLACED = "replaced"
#: What the words leave open: one that is not known, or what a share is of.
REST = "rest"
#: The row could be cut into other figures as well, of which only the sizes tell that it is these.
CUT = "cut"
_WORD = re.compile(r"[^\W\d_]+")
#: What an aspect rests on that is not printed for the very figure: a default, a neighbour, the document's year. Set on labelled
#: documents: of what rests on other codes, none was wrong in tables (`python bench/certainty.py FOLDER --codes`).
_WEAK = frozenset(
    (
        *("default", "columns", "earlier", "document", "text", "paragraph", "quantity", "rows", "neighbour", "outside"),
        *("doubtful", CUT, REST, REPLACED, TWICE),
    )
)
#: Nothing supports the aspect.
_NOTHING = "none"
#: What is another municipality's, the county's or the country's is not certain to be this one's.
ELSEWHERE = "elsewhere"
#: One of several municipalities that a table names, in a document of which nobody has said whose it is: the reading is certain.
NAMED = "named"
_NAMED = f"whose:{NAMED}"
ASPECTS = ("period", "series", "unit", "measure")
#: A person has decided the aspect.
REVIEWED = "review"
#: Of what is told on pages.
SETTLED = ("certain", "accepted")
#: The code of what is none of the subjects: other activities of the municipality, other committees.
OUTSIDE = "outside"
#: Series in which a sign tells a direction, also of costs.
#: Units of what is counted, of which there is no less than nothing.
_COUNTED = ("persons", "households", "household_months", "count", "care_days", "hours", "days", "full_time_equivalents")
#: Where so many amounts of a table have decimals, the only one without may have lost its comma.
_FEWEST_WITH_DECIMALS = 5
#: What two figures share that are of the same.
_SAME = ("domain", "measure", "breakdown", "period", "series", "unit", "bound")


def certainty(because: Sequence[str], kind: str = "table") -> str:
    """Return "certain", "likely" or "guess" for a figure whose aspects rest on codes such as "period:heading".

    Certain is what rests on something printed in every aspect, likely what has one weak aspect, a guess anything less. Only a
    figure of a table (`kind`) is certain, and one that repeats it: of those in sentences and charts with every aspect printed
    too many are read wrongly.
    """
    sources = dict(code.split(":", 1) for code in because)
    own = sources.get("whose") != ELSEWHERE
    weak = sum(1 if sources.get(a, _NOTHING) in _WEAK else 2 * (sources.get(a, _NOTHING) == _NOTHING) for a in ASPECTS)
    told = kind == "table" or sources.get("measure") == REPEATED
    return "certain" if weak == 0 and own and told else "likely" if weak <= 1 else "guess"


def weak_aspects(because: Sequence[str]) -> tuple[str, ...]:
    """Return the codes of those aspects that nothing printed for the figure says, and nobody has decided."""
    sources = dict(code.split(":", 1) for code in because)
    return tuple(f"{a}:{sources.get(a, _NOTHING)}" for a in ASPECTS if sources.get(a, _NOTHING) in (*_WEAK, _NOTHING))


def reviewed(because: Sequence[str], decided: Collection[str], kind: str = "table") -> tuple[str, tuple[str, ...]]:
    """Return how sure a figure is, and what it rests on, when a person has decided these aspects of it.

    It is "accepted" when the other aspects are printed for it; where no figure is certain by itself (in sentences and charts,
    and where it may be another municipality's) all of them must be decided.
    """
    sources = dict(code.split(":", 1) for code in because) | dict.fromkeys(decided, REVIEWED)
    if all(sources.get(aspect) == REVIEWED for aspect in ASPECTS):
        return "accepted", tuple(f"{aspect}:{source}" for aspect, source in sources.items())
    codes = tuple(f"{aspect}:{source}" for aspect, source in sources.items())
    sure = certainty(codes, kind)
    return "accepted" if sure == "certain" and set(decided) & {*ASPECTS} else sure, codes


def without_contradictions(figures: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the figures; those that are certain and that another certain one contradicts rest on `measure:twice` instead."""
    alike: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for place, row in enumerate(figures):
        if row["certainty"] == "certain" and _NAMED not in row["because"].split():
            alike[tuple(row[field] for field in _SAME)].append(place)
    doubted = {
        place
        for places in alike.values()
        for pair in combinations(places, 2)
        if _differ(figures[pair[0]], figures[pair[1]])
        for place in pair
    }
    told = [_doubted(row) if place in doubted else row for place, row in enumerate(figures)]
    return _without_other_wholes(_without_lost_decimals(_without_negative_counts(told)))


def _without_negative_counts(figures: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the figures; in a table with a level below nothing what is read as counted may be money without its unit."""
    levels = [row for row in figures if row["kind"] == "table" and row["series"] not in DIFFERENCES and row["unit"] in _COUNTED]
    below = {(row["table"], row["unit"]) for row in levels if row["value"] < 0}
    return [_doubted(row, "unit", "default") if (row["table"], row["unit"]) in below else row for row in figures]


def _without_lost_decimals(figures: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the figures; an amount larger than all others of its table, which alone has no decimals, may have lost its comma."""
    amounts: dict[tuple[Any, ...], list[tuple[int, PrintedNumber]]] = defaultdict(list)
    for place, row in enumerate(figures):
        if row["kind"] == "table" and row["unit"] in MONEY and (number := parse_number(row["published_as"])) and number.value:
            amounts[row["table"], row["unit"]].append((place, number))
    lost = set()
    for numbers in amounts.values():
        others = [abs(number.value) for _, number in numbers if number.decimals]
        whole = [(place, number) for place, number in numbers if not number.decimals]
        if len(whole) == 1 and len(others) >= _FEWEST_WITH_DECIMALS and abs(whole[0][1].value) > max(others):
            lost.add(whole[0][0])
    return [_doubted(row, "unit", "default") if place in lost else row for place, row in enumerate(figures)]


def _without_other_wholes(figures: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the figures; certain shares of one measure that tables tell in different words may be of different wholes.

    "Andel" of all who receive something in one table, of the inhabitants in another: what a share is of no composition holds.
    """
    said: dict[tuple[Any, ...], dict[str | None, set[str]]] = defaultdict(lambda: defaultdict(set))
    alike = [(row["measure"], row["breakdown"]) if _is_bare_share(row) else None for row in figures]
    for row, share in zip(figures, alike, strict=True):
        if share:
            said[share][row["table"]].add(_words(row))
    doubted = {share for share, tables in said.items() if len(tables) > 1 and not set.intersection(*tables.values())}
    return [_doubted(row, source=REST) if share in doubted else row for row, share in zip(figures, alike, strict=True)]


def _is_bare_share(row: dict[str, Any]) -> bool:
    composed = (
        row["certainty"] == "certain" and row["kind"] == "table" and row["unit"] == "percent" and is_composed(row["measure"])
    )
    return composed and str(measure_index()[row["measure"]]["quantity"]) == "share"


def _words(row: dict[str, Any]) -> str:
    """Return the words of a cell's labels, without its years and numbers."""
    return " ".join(_WORD.findall(f"{row.get('row_label') or row['label']} {row.get('column_label') or ''}".casefold()))


def without_old_contradictions(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return settled readings; what rested on `measure:twice` and is contradicted no more, as a person has decided, does not."""
    found = []
    for row in rows:
        codes = (row["because"] or "").split()
        if _TWICE_READ in codes and not opposed(row, rows):
            codes = [f"measure:{ALONE}" if code == _TWICE_READ else code for code in codes]
            sure = certainty(codes, row["kind"] or "table")
            sure = "accepted" if sure == "certain" and any(code.endswith(f":{REVIEWED}") for code in codes) else sure
            row = row | {"because": " ".join(codes), "certainty": sure}
        found.append(row)
    return found


def opposed(row: dict[str, Any], rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the readings of tables that tell another value of the same measure, for the same time, and are figures."""
    same = [other for other in rows if other["kind"] == "table" and all(other[field] == row[field] for field in _SAME)]
    told = [_with_value(other) for other in same if other.get("verdict") in (None, "figure")]
    return [other for other in told if other["value"] is not None and _differ(_with_value(row), other)]


def _with_value(row: dict[str, Any]) -> dict[str, Any]:
    number = parse_number(row["text"] or "")
    value = row.get("value")
    return row | {"published_as": row["text"] or "", "value": value if value is not None else number and number.value}


def _differ(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Tell whether two values are different also when both are rounded to the decimals of the coarser one.

    A cost, its budget or forecast is the same with a minus, as statements of income print it.
    """
    printed = [number for row in (one, other) if (number := parse_number(row["published_as"]))]
    known = max((number.half_step for number in printed), default=0.0)
    values = one["value"], other["value"]
    if is_cost(one["measure"]) and one["series"] not in DIFFERENCES:
        values = abs(values[0]), abs(values[1])
    return bool(abs(values[0] - values[1]) > known + 1e-9)


def as_replaced(row: dict[str, Any]) -> dict[str, Any]:
    """Return a figure of which a note says that another has taken its place."""
    return _doubted(row, source=REPLACED)


def _doubted(row: dict[str, Any], aspect: str = "measure", source: str = TWICE) -> dict[str, Any]:
    codes = [f"{aspect}:{source}" if code.startswith(f"{aspect}:") else code for code in row["because"].split()]
    return row | {"certainty": certainty(codes, row["kind"]), "because": " ".join(codes)}
