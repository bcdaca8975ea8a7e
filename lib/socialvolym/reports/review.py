"""Review: what a person has decided of an added report's figures (review.toml), and which printed cells that is of."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import polars as pl
from pydantic import Field, model_validator

from socialvolym import vocabulary
from socialvolym.atomic import write_text
from socialvolym.csv_files import Schema
from socialvolym.errors import SocialvolymError
from socialvolym.extraction.certainty import ASPECTS, reviewed, weak_aspects, without_old_contradictions
from socialvolym.notation.calendar import bounds
from socialvolym.notation.periods import DIFFERENCES, SERIES
from socialvolym.toml_files import Data, as_toml, load_toml
from socialvolym.vocabulary.codebook import in_unit
from socialvolym.vocabulary.columns import Domain

#: What stood there, and what can be decided of it.
PLACE = ("table", "first", "line", "group", "row", "column", "text")
FACETS = ("domain", "measure", "breakdown", "period", "series", "unit", "value")
#: From the widest to the narrowest, which wins.
SCOPES = ("table", "column", "row", "cell")
_NARROW = {"table": 0, "column": 1, "row": 1, "cell": 2}
#: Series whose figures may be given as a per cent of what they are of.
#: How the units begin of shares and of what is per something.
_PER = ("percent", "per_", "SEK_per_")
_TIME = r"(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?"
_PERIOD = re.compile(rf"{_TIME}|{_TIME}/{_TIME}|(?:19|20)\d\d-Q[1-4]")
_HEADER = "# What a person has decided of this report's figures; docs/decisions/review.md tells what the fields are.\n"


class Decision(Data):
    """One decision: what stood there (PLACE), what was decided of it (FACETS, verdict), by whom and when.

    first: the label of the table's first row, by which the table is known again. breakdown: "" is the whole.
    otherwise: what a newer edition prints otherwise for its figures though they are the same; it is not applied as long as that
    stands there.
    """

    who: Annotated[str, Field(min_length=1)]
    when: date
    table: str | None = None
    first: str | None = None
    line: int | None = None
    group: str | None = None
    row: str | None = None
    column: str | None = None
    text: str | None = None
    verdict: Literal["figure", "not_a_figure", "unread", "replaced"] = "figure"
    domain: Domain | None = None
    measure: str | None = None
    breakdown: str | None = None
    period: str | None = None
    series: str | None = None
    unit: str | None = None
    value: float | None = None
    otherwise: str | None = None

    @model_validator(mode="after")
    def _known(self) -> Decision:
        if problem := problem_of(self.facets):
            raise ValueError(problem)
        if self.text is None and self.value is not None:
            raise ValueError("a value is of one cell: name its text")
        if self.text is None and self.row is not None and self.column is not None:
            raise ValueError("a decision is of a row, of a column, or of a cell: then name its text")
        if self.text is None and self.table is None:
            raise ValueError("name the table, or the text of one cell")
        if self.verdict == "figure" and not self.facets:
            raise ValueError("nothing is decided")
        return self

    @property
    def facets(self) -> dict[str, Any]:
        """What is decided, without what is left open."""
        return {name: value for name in FACETS if (value := getattr(self, name)) is not None}

    @property
    def place(self) -> dict[str, Any]:
        """What stood there."""
        return {name: value for name in PLACE if (value := getattr(self, name)) is not None}

    @property
    def scope(self) -> str:
        """What it is of: one of SCOPES."""
        return "cell" if self.text is not None else "row" if self.row is not None else "column" if self.column else "table"


class Review(Data):
    """review.toml: all that a person has decided of a report."""

    decision: tuple[Decision, ...] = ()

    def with_decisions(self, new: Iterable[Decision]) -> Review:
        """Return the review with new decisions; one of the same place is joined to the earlier, which it goes before."""
        known = {tuple(sorted(one.place.items())): one for one in self.decision}
        for one in new:
            key = tuple(sorted(one.place.items()))
            before = known.pop(key, None)
            kept = before.facets if before and before.verdict == one.verdict and not before.otherwise else {}
            known[key] = Decision.model_validate({**one.model_dump(), **kept, **one.facets})
        return Review(decision=tuple(sorted(known.values(), key=_order)))

    def restored(self, groups: Iterable[Sequence[Mapping[str, Any]]]) -> Review:
        """Return the review without the verdicts that have taken out figures, of each group of places all of which are out."""
        out = {tuple(sorted(one.place.items())) for one in self.decision if one.verdict != "figure"}
        keys = [{tuple(sorted(place.items())) for place in group} for group in groups]
        back = set().union(*(group for group in keys if group <= out))
        return Review(decision=tuple(one for one in self.decision if tuple(sorted(one.place.items())) not in back))

    def compared(self, rows: Sequence[Mapping[str, Any]], otherwise: Mapping[int, Collection[str]]) -> Review:
        """Return the review with those decisions marked that decide what a newer edition prints otherwise.

        Parameters
        ----------
        rows : the newer edition's readings. otherwise : what is printed otherwise of them, by their numbers: among ASPECTS.
        """
        cells = Cells(rows)
        return Review(decision=tuple(_compared(one, cells.of(one), otherwise) for one in self.decision))

    def without(self, place: Mapping[str, Any]) -> Review:
        """Return the review without what was decided of a place."""
        return Review(decision=tuple(one for one in self.decision if one.place != place))


def _compared(one: Decision, numbers: Sequence[int] | str, otherwise: Mapping[int, Collection[str]]) -> Decision:
    changed = set() if isinstance(numbers, str) else {name for number in numbers for name in otherwise.get(number, ())}
    # A measure is in a unit; and what is decided of one figure is decided of it as it stood there.
    decided = {*one.facets, *(["unit"] if "measure" in one.facets else [])}
    named = sorted(changed if one.scope == "cell" else changed & decided)
    return Decision.model_validate({**one.model_dump(), "otherwise": " ".join(named)}) if named else one


def _order(one: Decision) -> tuple[Any, ...]:
    place = (one.line or 0, one.row or "", one.column or "", one.text or "")
    return one.table is None, one.table or "", SCOPES.index(one.scope), *place


def problem_of(facets: Mapping[str, Any]) -> str | None:
    """Return what is wrong in what is decided, in one sentence; None where nothing is."""
    measure, unit, series, period = (facets.get(name) for name in ("measure", "unit", "series", "period"))
    if measure is not None and measure not in vocabulary.measure_index():
        return f"unknown measure {measure!r}; lib/socialvolym/vocabulary/measures.csv lists the measures"
    if unit is not None and unit not in vocabulary.units():
        return f"unknown unit {unit!r}; allowed: {', '.join(vocabulary.units())}"
    if series is not None and series not in SERIES:
        return f"unknown series {series!r}; allowed: {', '.join(SERIES)}"
    if period is not None and not _is_period(period):
        return f"{period!r} is no period; write 2024, 2024-08, 2024-Q3, 2024-12-31, 2024-01/2024-08 or 2021/2024"
    return None


def _is_period(text: str) -> bool:
    """Tell whether a text is a period as it is stored, of the calendar; of two times the later one stands last."""
    try:
        first, last = bounds(text)
    except SocialvolymError:
        return False
    return _PERIOD.fullmatch(text) is not None and first <= last


def in_its_unit(row: Mapping[str, Any], facets: Mapping[str, Any]) -> str | None:
    """Return the measure of a reading of which a person decides these facets: an amount that is in care days is of care days.

    A per cent of a change or a deviation says nothing of what has changed.
    """
    unit, series = facets.get("unit", row["unit"]), facets.get("series", row["series"])
    measure: str | None = row["measure"]
    if measure is None or unit is None or unit == row["unit"] or (unit == "percent" and series in DIFFERENCES):
        return measure
    return in_unit(measure, unit)


def unfit(row: Mapping[str, Any]) -> str | None:
    """Return the measure that a reading's unit would fit where it does not fit its measure; None where it does.

    What is counted is often not said: that fits any other count.
    """
    entry = vocabulary.measure_index().get(row["measure"])
    if entry is None or row["unit"] is None or "count" in (row["unit"], entry["unit"]):
        return None
    fitting = in_its_unit({**row, "unit": None}, {"unit": row["unit"]})
    return None if fitting == row["measure"] else fitting


def load_review(folder: Path) -> Review:
    """Load a report's review.toml; without one nothing is decided."""
    path = folder / "review.toml"
    return load_toml(Review, path) if path.exists() else Review()


def store_review(review: Review, folder: Path) -> None:
    """Write a report's review.toml, whole or not at all."""
    parts = [_HEADER]
    for one in review.decision:
        values = one.model_dump(exclude_none=True)
        if one.verdict == "figure":
            values.pop("verdict")
        parts.append("\n[[decision]]\n" + as_toml(values))
    write_text("".join(parts), folder / "review.toml")


# --- which cells a decision is of

#: Why a decision is not applied, in a log.
_REASONS = {
    "gone": "this is no longer printed",
    "several": "this is printed more than once now, and not on its line",
    "otherwise": "its unit, time, series or measure is printed otherwise now",
}


@dataclass(frozen=True)
class Misfit:
    """A decision that is not applied, why, and which figures it was perhaps made of and nobody has decided since."""

    decision: Decision
    reason: Literal["gone", "several", "otherwise"]
    cells: tuple[int, ...] = ()

    def __str__(self) -> str:
        """Say where the decision was made, and why it is not applied."""
        return self.told("line {line}: {place}: {problem}", _REASONS)

    def told(self, form: str, reasons: Mapping[str, str]) -> str:
        """Return the same in the words of a language: a form with line, place and problem, and the reasons by name."""
        one = self.decision
        place = ", ".join(filter(None, [one.table, one.group, one.row, one.column, one.text]))
        return form.format(line=one.line or "–", place=place, problem=reasons[self.reason])


_Row = dict[str, Any]


class Cells:
    """A report's printed cells, found by what stands there.

    Parameters
    ----------
    rows : as in readings.csv, in its order.
    """

    def __init__(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self._rows = rows
        self.first: dict[str | None, str | None] = {}
        self._begins: dict[str | None, int] = {}
        for row in rows:
            if row["table"] is not None:
                self.first.setdefault(row["table"], row["row_label"])
                self._begins.setdefault(row["table"], row["line"])
        self._found: dict[tuple[Any, ...], dict[tuple[Any, ...], list[int]]] = defaultdict(lambda: defaultdict(list))
        for number, row in enumerate(rows):
            for scope in SCOPES if row["table"] is not None else ("cell",):
                place = self.place(row, scope)
                stands = (place["table"], place["line"], number if scope == "cell" else None)
                self._found[self._key(scope, place)][stands].append(number)

    def place(self, row: Mapping[str, Any], scope: str) -> _Row:
        """Return what stands where a row is, for a decision of this scope."""
        table = row["table"]
        wide = scope in ("table", "column")
        place = {"table": table, "first": self.first.get(table), "line": self._begins[table] if wide else row["line"]}
        if scope in ("row", "cell"):
            place |= {"group": row["group"], "row": row["row_label"]}
        if scope in ("column", "cell"):
            place["column"] = row["column_label"]
        if scope == "cell":
            place["text"] = row["text"] or ""
        return place

    @staticmethod
    def _key(scope: str, place: Mapping[str, Any]) -> tuple[Any, ...]:
        return scope, *(place.get(name) for name in ("first", "group", "row", "column", "text"))

    def of(self, decision: Decision) -> list[int] | Literal["gone", "several"]:
        """Return the numbers of the cells that a decision is of, or why it is of none: a name of _REASONS."""
        found = self._found.get(self._key(decision.scope, decision.place))
        if not found:
            return "gone"
        if len(found) == 1:
            return next(iter(found.values()))
        there = [numbers for (table, line, _), numbers in found.items() if (table, line) == (decision.table, decision.line)]
        return there[0] if len(there) == 1 else "several"

    def nearest(self, decision: Decision) -> list[int]:
        """Return the cells that a decision which is of none was perhaps made of; none where its table or label is not there.

        The table is known by its first row, which another may come before now, else by its name: a table that is new moves the
        names. In it the row and the column count, where they are still printed. A figure in a sentence is known by its label: of
        several the nearest.
        """
        if decision.table is None:
            same = [n for n, row in enumerate(self._rows) if row["table"] is None and _named_as(row, decision)]
            return sorted(same, key=lambda n: abs(self._rows[n]["line"] - (decision.line or 0)))[:1]
        first = {table for table, label in self.first.items() if label == decision.first}
        within = {row["table"] for row in self._rows if row["table"] is not None and row["row_label"] == decision.first}
        tables = first or within or {decision.table}
        near = [n for n, row in enumerate(self._rows) if row["table"] in ({decision.table} & tables or tables)]
        for label, said in (("row_label", decision.row), ("column_label", decision.column)):
            near = [n for n in near if said is not None and self._rows[n][label] == said] or near
        return near


def _named_as(row: Mapping[str, Any], decision: Decision) -> bool:
    return (row["group"], row["row_label"], row["column_label"]) == (decision.group, decision.row, decision.column)


def settle(review: Review, readings: pl.DataFrame) -> tuple[pl.DataFrame, list[Misfit]]:
    """Apply what is decided to what was read.

    Parameters
    ----------
    readings : READING_SCHEMA, and the cells' kind.

    Returns
    -------
    settled : the readings as decided, with `verdict`, `value` (where a person has written one) and `who`.
    misfits : the decisions that are not applied.
    """
    rows = readings.to_dicts()
    cells, misfits = Cells(rows), []
    decided: dict[int, _Row] = defaultdict(dict)
    of: dict[tuple[int, str], int] = {}
    for one in sorted(review.decision, key=lambda one: SCOPES.index(one.scope)):
        numbers = cells.of(one)
        if isinstance(numbers, str):
            misfits.append(Misfit(one, numbers, tuple(cells.nearest(one))))
            continue
        if one.otherwise:
            misfits.append(Misfit(one, "otherwise", tuple(numbers)))
            continue
        mixed = len({_is_relative(rows[number]["unit"]) for number in numbers}) > 1
        for number in numbers:
            known = decided[number]
            facets = _open_facets(one, rows[number]) if one.scope == "table" else one.facets
            if mixed and _is_of_others(one, rows[number]):
                facets = {name: value for name, value in facets.items() if name != "unit"}
            known |= facets | ({"verdict": one.verdict, "who": one.who} if facets or one.verdict != "figure" else {})
            # What is said of one cell is as narrow as it can be, in whichever words.
            of |= dict.fromkeys(((number, name) for name in facets), _NARROW[one.scope] if len(numbers) > 1 else _NARROW["cell"])
    again = [tuple(n for n in one.cells if not _covers(decided.get(n, {}), one.decision, n, of)) for one in misfits]
    # What has been decided anew of all that it was perhaps made of is answered.
    misfits = [replace(one, cells=left) for one, left in zip(misfits, again, strict=True) if left or not one.cells]
    schema: Schema = {**readings.schema, "verdict": pl.String, "value": pl.Float64, "who": pl.String}
    found = [_settled(row, decided.get(number, {})) for number, row in enumerate(rows)]
    return pl.DataFrame(without_old_contradictions(found) if decided else found, schema=schema), misfits


def _covers(decided: _Row, lost: Decision, number: int, of: Mapping[tuple[int, str], int]) -> bool:
    """Tell whether what is decided of a cell says again what a decision said that is not applied; of a verdict, all of it.

    of : how narrow that is which has decided a facet of a cell; what is wider than the lost one was there beside it.
    """
    narrow = {name for name in decided if of.get((number, name), -1) >= _NARROW[lost.scope]}
    return decided.get("verdict", "figure") != "figure" or (set(lost.facets) & set(ASPECTS) or set(ASPECTS)) <= narrow


def _open_facets(one: Decision, row: _Row) -> _Row:
    """Return what a decision of a whole table says of a cell: of period, series, unit and measure what nothing printed says."""
    weak = {code.split(":")[0] for code in weak_aspects((row["because"] or "").split())}
    return {name: value for name, value in one.facets.items() if name in weak or name not in ASPECTS}


def _is_of_others(one: Decision, row: _Row) -> bool:
    """Tell whether the unit of a wide decision is of the other cells: this one is a per cent or a rate, and they are not."""
    return one.unit is not None and _is_relative(row["unit"]) and not _is_relative(one.unit)


def _is_relative(unit: str | None) -> bool:
    """Tell whether a unit is a share, or something per something else."""
    return (unit or "").startswith(_PER)


def _settled(row: _Row, decided: _Row) -> _Row:
    if not decided:
        return row
    facets = {name: value for name, value in decided.items() if name in FACETS}
    if "measure" not in facets and (measure := in_its_unit(row, facets)) != row["measure"]:
        facets["measure"] = measure
    if "measure" in facets and "domain" not in facets:
        facets["domain"] = vocabulary.measure_index()[facets["measure"]]["domain"]
    if facets.get("breakdown") == "":
        facets["breakdown"] = None
    known = [name for name in decided if name in ASPECTS and facets[name] != vocabulary.UNKNOWN]
    sure, because = reviewed((row["because"] or "").split(), known + ["domain"] * ("domain" in facets), row["kind"] or "table")
    if "value" in facets:
        facets["sign"] = None
    return row | facets | {"verdict": decided["verdict"], "who": decided["who"], "certainty": sure, "because": " ".join(because)}
