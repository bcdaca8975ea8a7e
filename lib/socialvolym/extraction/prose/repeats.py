"""Repeats: figures of sentences that a table of the document prints as well, or whose change it shows, read as the table says."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import permutations
from typing import Any

from socialvolym.extraction.certainty import REPEATED, REPLACED, certainty
from socialvolym.notation.calendar import bounds
from socialvolym.notation.numbers import PrintedNumber, parse_number
from socialvolym.notation.periods import CHANGES, ONE_DAY
from socialvolym.vocabulary.codebook import measure_index
from socialvolym.vocabulary.composition import above, activities, own_activities, quantities
from socialvolym.vocabulary.money import MONEY
from socialvolym.vocabulary.terms import read_words

#: What a sentence and the table that it repeats must have in common where the figure is short, and what it takes from the table.
_READ = ("period", "series", "measure")
_TAKEN = ("domain", "measure", "breakdown", "period", "series")
#: So many digits are seldom printed twice for different things of one activity.
_TELLING_DIGITS = 3
#: Units of what the words of a sentence may leave open: "898 tillsvidareanställda", "1 425 färre".
_OPEN = ("count", "SEK")
#: A year or a month.
_WHOLE = re.compile(r"\d{4}(?:-\d\d)?")
_Row = dict[str, Any]


def read_as_repeated(figures: Sequence[_Row]) -> list[_Row]:
    """Return the figures; one of a sentence whose value a table gives for the same activity is read as the table says.

    Two readings that do not know of each other, of the words and of the table, agree in it. A long figure may then differ in its
    time or in its series, which sentences leave open; a short one in nothing.
    """
    tables = [row for row in figures if row["kind"] == "table" and row["value"] is not None]
    levels = _levels([row for row in tables if row["certainty"] == "certain"])
    return [
        _as_told(row, list(_alike(row, tables)) or list(_changes(row, levels))) if _may_repeat(row) else row for row in figures
    ]


def _may_repeat(row: _Row) -> bool:
    """Tell whether a figure stands in a sentence, and no words say that another has taken its place."""
    return row["kind"] == "text" and f"measure:{REPLACED}" not in row["because"].split()


def _levels(tables: Sequence[_Row]) -> dict[tuple[Any, ...], list[_Row]]:
    """Return the outturns of tables by what they measure."""
    found: dict[tuple[Any, ...], list[_Row]] = defaultdict(list)
    for row in tables:
        if row["series"] == "outturn" and row["period"]:
            found[row["measure"], row["breakdown"], row["unit"]].append(row)
    return found


def _changes(row: _Row, levels: dict[tuple[Any, ...], list[_Row]]) -> Iterator[_Row]:
    """Yield the changes between two outturns of one measure that a change told in a sentence may be, up to its time.

    One of fewer digits is of the very measure, and so is a percentage where tables have it: that of another one is a slip.
    """
    number = parse_number(row["published_as"])
    if row["series"] not in CHANGES or number is None or row["value"] is None or row["bound"]:
        return
    long = sum(map(str.isdigit, row["published_as"])) >= _TELLING_DIGITS
    long = long and (row["series"] != "change_pct" or all(measure != row["measure"] for measure, _, _ in levels))
    for (measure, part, unit), rows in levels.items():
        if measure != row["measure"] and not (long and _is_of(row["measure"], measure, part)):
            continue
        if row["series"] == "change_abs" and not _same_unit(row["unit"], unit):
            continue
        for first, last in permutations(rows, 2):
            if _is_up_to(first["period"], last["period"], row["period"]) and (change := _change(row, first, last, number)):
                yield last | {
                    "series": row["series"],
                    "unit": row["unit"] if row["series"] == "change_pct" else unit,
                    "value": change,
                }


def _is_up_to(first: str, last: str, told: str | None) -> bool:
    """Tell whether a change from one time to another is one that a sentence tells for its own time: from the year before.

    One over several years would be published as that of the last.
    """
    if told is None or not (last == told or last[:4] == told[:4]):
        return False
    return first.replace(first[:4], last[:4]) == last and int(last[:4]) - int(first[:4]) == 1


def _change(row: _Row, first: _Row, last: _Row, told: PrintedNumber) -> float | None:
    """Return the change between two figures where it is the one told, within the rounding of all three; else None."""
    scale = MONEY.get(first["unit"], 1.0)
    before, after = abs(first["value"]) * scale, abs(last["value"]) * scale
    half = [number.half_step * scale for one in (first, last) if (number := parse_number(one["published_as"]))]
    if row["series"] == "change_pct":
        change = 100 * (after / before - 1) if before else 0.0
        slack, size = told.half_step + 100 * sum(half) / max(before, 1e-9), 1.0
    else:
        size = MONEY.get(row["unit"], 1.0)
        change, slack = after - before, told.half_step * size + sum(half)
    close = change != 0 and abs(abs(change) - abs(row["value"]) * size) <= slack + 1e-9
    return change / size if close else None


def _as_told(row: _Row, alike: Sequence[_Row]) -> _Row:
    """Return a figure as the tables tell it, where they tell it in one way, and one of them surely.

    What is of the figure's own time goes before what is of another: a mean of the year that December happens to have as well.
    """
    exact = [one for one in alike if all(one[name] == row[name] for name in ("measure", "breakdown", "series"))]
    found = exact or [one for one in alike if one["period"] == row["period"]] or alike
    told_in = {tuple(one[name] for name in _TAKEN) for one in found}
    if len(told_in) != 1 or not any(one["certainty"] == "certain" for one in found):
        return row
    told = found[0]
    taken = {name: told[name] for name in _TAKEN}
    if _is_last_day(row["period"], told["period"]):
        taken["period"] = row["period"]  # "den sista augusti" says more than the table's "jan-aug"
    if row["unit"] in _OPEN and told["unit"] not in MONEY:
        taken["unit"] = told["unit"]
    if told["series"] not in ("outturn", "budget") and told["value"] < 0 < row["value"]:
        taken["value"] = -row["value"]
    unit = next(code for code in row["because"].split() if code.startswith("unit:"))
    codes = [f"{aspect}:{REPEATED}" for aspect in ("period", "series", "measure", "domain")]
    codes.insert(2, f"unit:{REPEATED}" if taken.get("unit", row["unit"]) == told["unit"] else unit)
    others = [code for code in row["because"].split() if code.startswith("whose:")]
    return row | taken | {"because": " ".join([*codes, *others]), "certainty": certainty([*codes, *others], "text")}


def _alike(row: _Row, tables: Sequence[_Row]) -> Iterator[_Row]:
    """Yield the figures of tables that a figure of a sentence may repeat."""
    number = parse_number(row["published_as"])
    if number is None or row["value"] is None or row["bound"]:
        return
    long = sum(map(str.isdigit, row["published_as"])) >= _TELLING_DIGITS
    for told in tables:
        same = [name for name in _READ if told[name] == row[name] or (name == "period" and _is_its_end(row[name], told[name]))]
        agree = len(same) == len(_READ) or (
            long and {"period", "series"} & set(same) and _is_of(row["measure"], told["measure"], told["breakdown"])
        )
        if agree and _same_unit(row["unit"], told["unit"]) and _same_amount(row, told, number.half_step):
            yield told


def _is_its_end(one: str | None, other: str | None) -> bool:
    """Tell whether of two times one is a year or a month and the other its last day."""
    return any(
        _WHOLE.fullmatch(whole or "") and bounds(str(whole))[1].isoformat() == day for whole, day in ((one, other), (other, one))
    )


def _is_last_day(day: str | None, period: str | None) -> bool:
    """Tell whether a day is the last of several months: it says more of what is counted than they do."""
    return bool(day and period and ONE_DAY.fullmatch(day) and "/" in period and bounds(period)[1].isoformat() == day)


def _same_amount(row: _Row, told: _Row, half_step: float) -> bool:
    scale = MONEY.get(row["unit"], 1.0)
    other = abs(told["value"]) * MONEY.get(told["unit"], 1.0)
    return bool(abs(abs(row["value"]) * scale - other) <= half_step * scale + 1e-9 * other)


def _same_unit(unit: str, told: str) -> bool:
    if unit in MONEY and told in MONEY:
        return True
    return (
        unit == told
        or (unit == "count" and told not in MONEY and told != "percent")
        or (unit == "SEK" and told.startswith("SEK"))
    )


def _is_of(measure: str, told: str, part: str | None) -> bool:
    """Tell whether two measures may be one thing: of one activity, or of one and a part of it, and not of two kinds of events.

    "118 ansökningar" are not the 118 persons of a table, nor are so many investigations. The part of the committee's economy
    that is called "Barn och unga" is of these.
    """
    own, others = _activities(measure), [*_activities(told), *own_activities(read_words(part or ""))[0]]
    if _events(measure, own) != _events(told, others):
        return False
    return any(one == other or one in above(other) or other in above(one) for one in own for other in others)


def _events(measure: str, of: Sequence[str]) -> set[str]:
    """Return what happens that a measure counts: applications, reports of concern; empty for what is there, or paid."""
    entry = measure_index().get(measure)
    counted = str(entry["quantity"]) if entry else ""
    happens = counted in quantities() and quantities()[counted]["events"]
    return {name for name in of if activities()[name]["events"]} | ({counted} if happens else set())


def _activities(measure: str) -> list[str]:
    entry = measure_index().get(measure)
    return [name for name in re.split(r"[|+]", (entry and entry["activity"]) or "") if name]
