"""Meanings: what a printed cell is about, from its labels, its heading and the hints of its report; before its number is read."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from socialvolym import vocabulary
from socialvolym.errors import SocialvolymError
from socialvolym.notation.periods import join_period, parse_heading, parse_period
from socialvolym.reports.models import Column, RawReport, Row, Table

_TOTALS = re.compile(r"^(summa|sammanlagt|totalt?|socialnämnden( investeringar totalt)?|summa .*|totala utgifter)$")
_BEGINS_WITH_PERIOD = re.compile(r"^\s*(19|20)?\d{2}\b|^[a-z]{3}-\d\d$", re.IGNORECASE)


@dataclass(frozen=True)
class UnreadError(Exception):
    """A cell that cannot be understood, with the reason."""

    reason: str


class Meaning(NamedTuple):
    """What a cell is about."""

    domain: str | None
    measure: str
    breakdown: str | None
    period: str | None
    series: str
    unit: str | None
    status: str | None = None
    bound: str | None = None
    sign: str | None = None
    note: str | None = None


class Place(NamedTuple):
    """Where a cell stands: what its meaning depends on."""

    table: str | None
    line: int | None
    kind: str | None
    group: str | None
    row_label: str | None
    column_label: str | None
    text: str | None


def check_hints(raw: RawReport) -> None:
    """Check that the vocabulary has the measures and units that a report's hints name.

    Raises
    ------
    SocialvolymError
        where it has not; the message names the hint.
    """
    known = {"measure": vocabulary.measure_index(), "unit": vocabulary.units()}
    hinted = [
        (f"layout.toml, table {table.id}", {"measure": part.measure, "unit": part.unit})
        for table in raw.layout.table
        for part in (table, *table.columns, *table.rows)
    ]
    hinted += [(f"prose.csv, line {row['line']}", row) for row in raw.prose.iter_rows(named=True)]
    for place, hint in hinted:
        for what, names in known.items():
            if hint[what] is not None and hint[what] not in names:
                raise SocialvolymError(
                    f"{raw.report.id}: {place}: unknown {what} {hint[what]!r}; "
                    f"add it to lib/socialvolym/vocabulary/{what}s.csv or correct the hint"
                )


class Meanings:
    """The meanings of a report's cells.

    A figure in a sentence takes its meaning from prose.csv, each only once; check_all_used tells those that no cell took.
    """

    def __init__(self, raw: RawReport) -> None:
        self._report = raw.report.id
        self._tables = {table.id: _Hints(table) for table in raw.layout.table}
        self._prose = _prose_meanings(raw)

    @property
    def by_line(self) -> list[str]:
        """The tables in which the meaning of a cell depends on its line, besides its labels and its group."""
        return [name for name, hints in self._tables.items() if any(row.line is not None for row in hints.table.rows)]

    def of(self, place: Place) -> Meaning:
        """Return what a cell is about.

        Raises
        ------
        UnreadError
            where that cannot be understood.
        SocialvolymError
            where layout.toml or prose.csv does not have the place of the cell.
        """
        return self._of_prose(place) if place.kind == "text" else self._of_table(place)

    def _of_prose(self, place: Place) -> Meaning:
        meanings = self._prose[place.line, place.text or "", place.row_label, place.column_label]
        if not meanings:
            raise SocialvolymError(
                f"{self._report}: cells.csv has {place.text!r} on line {place.line} ({place.row_label}, "
                f"{place.column_label}), which prose.csv does not have; run `socialvolym read` again"
            )
        return meanings.pop(0)

    def check_all_used(self) -> None:
        """Check that each figure of prose.csv is a cell."""
        for (line, text, label, column), meanings in self._prose.items():
            if meanings:
                raise SocialvolymError(
                    f"{self._report}: prose.csv has {text!r} on line {line} ({label}, {column}), "
                    "which cells.csv does not have; run `socialvolym read` again"
                )

    def _of_table(self, place: Place) -> Meaning:
        hints = self._tables.get(place.table or "")
        if hints is None:
            raise SocialvolymError(f"{self._report}: cells.csv, line {place.line}: table {place.table!r} is not in layout.toml")
        label = place.row_label
        if label is None:
            raise SocialvolymError(f"{self._report}: cells.csv, line {place.line}: a cell has no row label; give it one")
        table, column, row = hints.table, hints.columns.get(place.column_label), hints.row(place)
        heading = parse_heading(place.column_label or "")
        total = _is_total(label)
        known = vocabulary.find_label(label, place.group)
        measure = _first("measure", row, column, table) or (known[0] if known else None)
        if measure is None:
            if table.lost:
                raise UnreadError("the table is an image; its figures are not in the document")
            raise UnreadError(f"the label {label!r} is not in lib/socialvolym/vocabulary/labels.csv")
        if total and table.breakdown_from == "row" and not (row and row.measure):
            measure = vocabulary.whole(measure)
        period = _period(row, column, table, heading.period, label)
        if period is None and not table.lost:
            raise UnreadError("no period is printed with this column, its table or its row")
        return Meaning(
            domain=_first("domain", row, column, table),
            measure=measure,
            period=period,
            series=_first("series", row, column) or heading.series or table.series or "outturn",
            unit=_first("unit", row, column) or heading.unit or table.unit,
            status=_first("status", row, column, table) or ("not_available" if table.lost else None),
            breakdown=_breakdown(row, column, table, place, known, total),
            note=_first("note", row, column, table),
        )


@dataclass
class _Hints:
    """The hints of a table, its columns and rows found by their labels."""

    table: Table
    columns: dict[str | None, Column] = field(init=False)
    _rows: dict[str | None, list[Row]] = field(init=False)

    def __post_init__(self) -> None:
        self.columns = {column.label: column for column in self.table.columns}
        self._rows = defaultdict(list)
        for row in self.table.rows:
            self._rows[row.label].append(row)

    def row(self, place: Place) -> Row | None:
        """Return the hint for a cell's row: the first that fits it, else one that lists the cells of a row with its label."""
        rows = self._rows.get(place.row_label, ())
        for row in rows:
            if row.line in (None, place.line) and row.group in (None, place.group):
                return row
        return next((row for row in rows if row.cells), None)


def _prose_meanings(raw: RawReport) -> dict[tuple[Any, ...], list[Meaning]]:
    meanings: dict[tuple[Any, ...], list[Meaning]] = defaultdict(list)
    for row in raw.prose.iter_rows(named=True):
        label = row["measure"] + (f": {row['breakdown']}" if row["breakdown"] else "")
        key = (row["line"], row["text"] or "", label, f"{row['series']} {row['period']}")
        meanings[key].append(Meaning(**{name: row[name] for name in Meaning._fields if name != "status"}))
    return meanings


@lru_cache(maxsize=65536)
def _is_total(label: str) -> bool:
    return bool(_TOTALS.match(vocabulary.simplify(label)))


def _first(name: str, *parts: Row | Column | Table | None) -> Any:
    for part in parts:
        if part is not None and (value := getattr(part, name)) is not None:
            return value
    return None


@lru_cache(maxsize=65536)
def _period_of_label(label: str) -> str | None:
    return parse_period(label) if _BEGINS_WITH_PERIOD.match(label) else None


def _period(row: Row | None, column: Column | None, table: Table, heading: str | None, label: str) -> str | None:
    explicit = column.period if column is not None else None
    own = row.period if row else None
    return explicit or join_period(own or _period_of_label(label), heading) or table.period


def _breakdown(
    row: Row | None, column: Column | None, table: Table, place: Place, known: tuple[str, str | None] | None, total: bool
) -> str | None:
    if row is not None and row.breakdown is not None:
        return row.breakdown
    if column is not None and column.breakdown is not None:
        return str(column.breakdown)
    if table.breakdown_from == "row":
        return None if total else place.row_label
    if table.breakdown_from is not None:
        return str(place.group if table.breakdown_from == "group" else place.column_label)
    return table.breakdown or (known[1] if known else None)
