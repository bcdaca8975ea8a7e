"""Cleaning: printed cells become observations; labels become measures, strings numbers, headings periods and series."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import polars as pl

from socialvolym import vocabulary
from socialvolym.errors import SocialvolymError
from socialvolym.headings import join_period, parse_heading, parse_period
from socialvolym.numbers import PrintedNumber, parse_number, tidy
from socialvolym.reports import DOMAINS, Correction, RawReport, Row, Table

OBSERVATION_SCHEMA: dict[str, Any] = {
    "report": pl.String,
    "municipality_code": pl.String,
    "domain": pl.String,
    "measure": pl.String,
    "label": pl.String,
    "breakdown": pl.String,
    "period": pl.String,
    "series": pl.String,
    "value": pl.Float64,
    "unit": pl.String,
    "published_as": pl.String,
    "published_unit": pl.String,
    "page": pl.Int64,
    "line": pl.Int64,
    "table": pl.String,
    "kind": pl.String,
    "bound": pl.String,
    "status": pl.String,
    "note": pl.String,
}
UNREAD_SCHEMA: dict[str, Any] = {
    "report": pl.String,
    "page": pl.Int64,
    "line": pl.Int64,
    "table": pl.String,
    "row_label": pl.String,
    "column_label": pl.String,
    "text": pl.String,
    "reason": pl.String,
}

_TOTALS = re.compile(r"^(summa|sammanlagt|totalt?|socialnämnden( investeringar totalt)?|summa .*|totala utgifter)$")
_RANGE = re.compile(r"^(\d+(?:,\d+)?)\s*-\s*(\d+(?:,\d+)?)\s*(%)?$")
_CHANGES = {"change_abs", "change_pct"}


@dataclass(frozen=True)
class UnreadError(Exception):
    """A cell that cannot be understood, with the reason."""

    reason: str


@dataclass(frozen=True)
class _Meaning:
    """What a cell is about, before its number is read."""

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


def clean_report(raw: RawReport) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Turn a report's cells into observations and unread cells.

    Returns
    -------
    observations : one row a figure (OBSERVATION_SCHEMA), in the order of the document.
    unread : one row a cell that could not be understood (UNREAD_SCHEMA), with the reason.

    Raises
    ------
    SocialvolymError
        where a hint names a measure or unit that the vocabulary does not have, or a correction no longer fits.
    """
    _check_hints(raw)
    corrections = _Corrections(raw.notes.correction, raw.report.id)
    prose = _prose_meanings(raw)
    observations: list[dict[str, Any]] = []
    unread: list[dict[str, Any]] = []
    for cell in raw.cells.iter_rows(named=True):
        replacement = corrections.replacement(cell)
        try:
            meaning = _prose_meaning(raw, prose, cell) if cell["kind"] == "text" else _table_meaning(raw, cell)
            observations.append(_observation(raw, cell, meaning, replacement))
        except UnreadError as problem:
            unread.append({"report": raw.report.id, **cell, "reason": problem.reason})
    corrections.check_all_used()
    _check_prose_used(raw, prose)
    return (
        pl.DataFrame(observations, schema=OBSERVATION_SCHEMA),
        pl.DataFrame([{name: row[name] for name in UNREAD_SCHEMA} for row in unread], schema=UNREAD_SCHEMA),
    )


def _check_hints(raw: RawReport) -> None:
    known, units = vocabulary.measure_index(), vocabulary.units()
    hinted = [
        (f"layout.toml, table {table.id}", part.measure, part.unit)
        for table in raw.layout.table
        for part in (table, *table.columns, *table.rows)
    ]
    hinted += [(f"prose.csv, line {row['line']}", row["measure"], row["unit"]) for row in raw.prose.iter_rows(named=True)]
    for place, measure, unit in hinted:
        if measure is not None and measure not in known:
            raise SocialvolymError(
                f"{raw.report.id}: {place}: unknown measure {measure!r}; "
                "add it to lib/socialvolym/vocabulary/measures.csv or correct the hint"
            )
        if unit is not None and unit not in units:
            raise SocialvolymError(
                f"{raw.report.id}: {place}: unknown unit {unit!r}; "
                "add it to lib/socialvolym/vocabulary/units.csv or correct the hint"
            )


class _Corrections:
    """The corrections of a report: each must find its cell, and what is expected must stand there."""

    def __init__(self, corrections: Iterable[Correction], report: str) -> None:
        self._open = {(c.line, c.label, c.column): c for c in corrections}
        self._report = report

    def replacement(self, cell: dict[str, Any]) -> Correction | None:
        correction = self._open.pop((cell["line"], cell["row_label"], cell["column_label"]), None)
        if correction is not None and correction.expected != cell["text"]:
            raise SocialvolymError(
                f"{self._report}: corrections.toml expects {correction.expected!r} on line {correction.line} "
                f"({correction.label}, {correction.column}) but {cell['text']!r} stands there; review the correction"
            )
        return correction

    def check_all_used(self) -> None:
        for line, label, column in self._open:
            raise SocialvolymError(f"{self._report}: corrections.toml: there is no cell ({label}, {column}) on line {line}")


def _prose_key(cell: dict[str, Any]) -> tuple[Any, ...]:
    return cell["line"], cell["text"] or "", cell["row_label"], cell["column_label"]


def _prose_meanings(raw: RawReport) -> dict[tuple[Any, ...], list[_Meaning]]:
    meanings: dict[tuple[Any, ...], list[_Meaning]] = defaultdict(list)
    for row in raw.prose.iter_rows(named=True):
        label = row["measure"] + (f": {row['breakdown']}" if row["breakdown"] else "")
        key = (row["line"], row["text"] or "", label, f"{row['series']} {row['period']}")
        meanings[key].append(
            _Meaning(
                domain=row["domain"],
                measure=row["measure"],
                breakdown=row["breakdown"],
                period=row["period"],
                series=row["series"],
                unit=row["unit"],
                bound=row["bound"],
                sign=row["sign"],
                note=row["note"],
            )
        )
    return meanings


def _prose_meaning(raw: RawReport, prose: dict[tuple[Any, ...], list[_Meaning]], cell: dict[str, Any]) -> _Meaning:
    meanings = prose[_prose_key(cell)]
    if not meanings:
        raise SocialvolymError(
            f"{raw.report.id}: cells.csv has {cell['text']!r} on line {cell['line']} ({cell['row_label']}, "
            f"{cell['column_label']}), which prose.csv does not have; run `socialvolym read` again"
        )
    return meanings.pop(0)


def _check_prose_used(raw: RawReport, prose: dict[tuple[Any, ...], list[_Meaning]]) -> None:
    for (line, text, label, column), meanings in prose.items():
        if meanings:
            raise SocialvolymError(
                f"{raw.report.id}: prose.csv has {text!r} on line {line} ({label}, {column}), "
                "which cells.csv does not have; run `socialvolym read` again"
            )


def _table_meaning(raw: RawReport, cell: dict[str, Any]) -> _Meaning:
    table = raw.table(cell["table"])
    if table is None:
        raise SocialvolymError(f"{raw.report.id}: cells.csv, line {cell['line']}: table {cell['table']!r} is not in layout.toml")
    column = next((c for c in table.columns if c.label == cell["column_label"]), None)
    row = _find_row(table, cell)
    heading = parse_heading(cell["column_label"] or "")
    total = bool(_TOTALS.match(vocabulary.simplify(cell["row_label"])))
    known = vocabulary.find_label(cell["row_label"], cell["group"])
    measure = _first(row, column, table, "measure") or (known[0] if known else None)
    if measure is None:
        if table.lost:
            raise UnreadError("the table is an image; its figures are not in the document")
        raise UnreadError(f"the label {cell['row_label']!r} is not in lib/socialvolym/vocabulary/labels.csv")
    if total and table.breakdown_from == "row" and not (row and row.measure):
        measure = vocabulary.whole(measure)
    series = _first(row, column, None, "series") or heading.series or table.series or "outturn"
    period = _period(row, column, table, heading.period, cell["row_label"])
    if period is None and not table.lost:
        raise UnreadError("no period is printed with this column, its table or its row")
    unit = _first(row, column, None, "unit") or heading.unit or table.unit
    status = _first(row, column, table, "status") or ("not_available" if table.lost else None)
    return _Meaning(
        domain=_first(row, column, table, "domain"),
        measure=measure,
        period=period,
        series=series,
        unit=unit,
        status=status,
        breakdown=_breakdown(row, column, table, cell, known, total),
        note=_first(row, column, table, "note"),
    )


def _find_row(table: Table, cell: dict[str, Any]) -> Row | None:
    for row in table.rows:
        if row.label == cell["row_label"] and row.line in (None, cell["line"]) and row.group in (None, cell["group"]):
            return row
    helped = (row for row in table.rows if row.label == cell["row_label"] and row.cells)
    return next(helped, None)


def _first(row: Row | None, column: Any, table: Table | None, name: str) -> Any:
    return next((value for part in (row, column, table) if part is not None and (value := getattr(part, name)) is not None), None)


def _period(row: Row | None, column: Any, table: Table, heading: str | None, label: str) -> str | None:
    explicit = column.period if column is not None else None
    own = row.period if row else None
    from_label = parse_period(label) if re.match(r"^\s*(19|20)?\d{2}\b|^[a-z]{3}-\d\d$", label, re.IGNORECASE) else None
    return explicit or join_period(own or from_label, heading) or table.period


def _breakdown(
    row: Row | None, column: Any, table: Table, cell: dict[str, Any], known: tuple[str, str | None] | None, total: bool
) -> str | None:
    if row is not None and row.breakdown is not None:
        return row.breakdown
    if column is not None and column.breakdown is not None:
        return str(column.breakdown)
    if table.breakdown_from == "row":
        return None if total else cell["row_label"]
    if table.breakdown_from is not None:
        return str(cell["group"] if table.breakdown_from == "group" else cell["column_label"])
    return table.breakdown or (known[1] if known else None)


def _observation(raw: RawReport, cell: dict[str, Any], meaning: _Meaning, correction: Correction | None) -> dict[str, Any]:
    printed = cell["text"] or ""
    text = correction.replacement if correction else printed
    number, status = _value(text, meaning)
    unit = _unit(meaning, number)
    series = meaning.series
    measure_unit = vocabulary.measure_index()[meaning.measure]["unit"]
    if series in _CHANGES and unit == "percent":
        if series == "change_abs" and measure_unit == "percent":
            unit = "percentage_points"
        else:
            series = "change_pct"
    notes = [
        meaning.note,
        cell["note"] if cell["kind"] != "text" else None,
        correction.why if correction else None,
        f"footnote {number.note}" if number and number.note else None,
    ]
    return {
        "report": raw.report.id,
        "municipality_code": raw.report.municipality_code,
        "domain": meaning.domain or vocabulary.measure_index()[meaning.measure]["domain"],
        "measure": meaning.measure,
        "label": _label(cell, meaning),
        "breakdown": meaning.breakdown,
        "period": meaning.period,
        "series": series,
        "value": None if number is None else (-number.value if meaning.sign == "-" else number.value),
        "unit": unit,
        "published_as": printed,
        "published_unit": _published_unit(number, unit),
        "page": cell["page"],
        "line": cell["line"],
        "table": cell["table"],
        "kind": cell["kind"],
        "bound": meaning.bound or (number.bound if number else None),
        "status": "corrected" if correction else meaning.status or status,
        "note": "; ".join(filter(None, notes)) or None,
    }


def _label(cell: dict[str, Any], meaning: _Meaning) -> str:
    if cell["kind"] == "text":
        return str(vocabulary.measure_index()[meaning.measure]["title_sv"])
    return f"{cell['group']}: {cell['row_label']}" if cell["group"] else str(cell["row_label"])


def _value(text: str, meaning: _Meaning) -> tuple[PrintedNumber | None, str]:
    """Return the number of a cell, or None with the status that its text stands for."""
    if number := read_value(text, meaning.breakdown):
        return number, "published"
    status = vocabulary.blanks().get(tidy(text).lower())
    if status is None:
        raise UnreadError(f"{text!r} is not a number")
    return None, status


@lru_cache(maxsize=65536)
def read_value(text: str, breakdown: str | None = None) -> PrintedNumber | None:
    """Read what a cell or a phrase says as a number: digits, a range (by its low or high end), or a word."""
    if number := parse_number(text):
        return number
    if match := _RANGE.match(tidy(text)):
        return parse_number((match[2] if breakdown and breakdown.endswith("high") else match[1]) + (match[3] or ""))
    if word := vocabulary.words().get(tidy(text).lower()):
        return PrintedNumber(value=word[0], unit=word[1])
    return None


def _unit(meaning: _Meaning, number: PrintedNumber | None) -> str:
    own = vocabulary.measure_index()[meaning.measure]["unit"] or "not_stated"
    printed = number.unit if number else None
    if printed == "SEK" and own.startswith("SEK_per"):
        return own
    if printed is not None and meaning.unit != "percentage_points":
        return printed
    if meaning.series == "change_pct":
        return "percent"
    return meaning.unit or own


def _published_unit(number: PrintedNumber | None, unit: str) -> str | None:
    entry = vocabulary.units().get(unit)
    return entry["printed"] if entry else None


def missing_rows(raw: RawReport, observations: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield null rows that complete the grid: years absent between others, and what the committee is not responsible for."""
    yield from _absent_years(observations)
    for entry in raw.report.responsibility:
        if entry.responsible:
            continue
        for measure in vocabulary.headline_measures(entry.domain):
            printed = observations.filter((pl.col("measure") == measure) & (pl.col("period") == str(raw.report.year)))
            if printed.is_empty():
                yield _null_row(raw, measure, str(raw.report.year), "outside_responsibility", entry.note_en)


def _absent_years(observations: pl.DataFrame) -> Iterator[dict[str, Any]]:
    yearly = observations.filter(
        pl.col("period").str.contains(r"^\d{4}$"),
        pl.col("series") == "outturn",
        pl.col("kind") != "text",
        pl.col("domain") != "context",
    )
    keys = ["table", "measure", "breakdown", "label"]
    for _, rows in yearly.group_by(keys, maintain_order=True):
        years = sorted({int(period) for period in rows["period"]})
        first = rows.row(0, named=True)
        for year in sorted(set(range(years[0], years[-1] + 1)) - set(years)):
            yield {
                **first,
                "period": str(year),
                "value": None,
                "published_as": None,
                "bound": None,
                "status": "not_available",
                "note": "no cell for this year in the table",
            }


def _null_row(raw: RawReport, measure: str, period: str, status: str, note: str) -> dict[str, Any]:
    entry = vocabulary.measure_index()[measure]
    return dict.fromkeys(OBSERVATION_SCHEMA) | {
        "report": raw.report.id,
        "municipality_code": raw.report.municipality_code,
        "domain": entry["domain"],
        "measure": measure,
        "label": entry["title_sv"],
        "period": period,
        "series": "outturn",
        "unit": entry["unit"],
        "kind": "table",
        "status": status,
        "note": note or None,
    }


def clean(reports: Iterable[RawReport]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Clean all reports: (observations with the completed grid, unread)."""
    observations, unread = [pl.DataFrame(schema=OBSERVATION_SCHEMA)], [pl.DataFrame(schema=UNREAD_SCHEMA)]
    for raw in reports:
        found, not_understood = clean_report(raw)
        missing = pl.DataFrame(list(missing_rows(raw, found)), schema=OBSERVATION_SCHEMA)
        observations += [found, missing]
        unread.append(not_understood)
    return pl.concat(observations), pl.concat(unread)


def summary(observations: pl.DataFrame) -> pl.DataFrame:
    """Return what each report gave: figures by domain, figures without a value, first and last year."""
    year = pl.col("period").str.slice(0, 4)
    return (
        observations.group_by("report")
        .agg(
            *(pl.col("domain").filter(pl.col("domain") == domain).len().alias(domain) for domain in DOMAINS),
            without_value=pl.col("value").null_count(),
            first_year=year.min(),
            last_year=year.max(),
        )
        .sort("report")
    )
