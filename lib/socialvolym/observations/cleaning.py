"""Cleaning: printed cells become observations; labels become measures, strings numbers, headings periods and series.

The cells of many reports are cleaned at once: what a cell is about is found once for all cells of a report that have the same
labels (meanings.py), and the rest is reckoned by columns. A report that cannot be cleaned holds up no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import polars as pl

from socialvolym import vocabulary
from socialvolym.csv_files import load_csvs
from socialvolym.errors import SocialvolymError
from socialvolym.notation.numbers import NUMBER_SCHEMA, no_number, parse_numbers, tidy
from socialvolym.notation.periods import CHANGES
from socialvolym.observations import readings
from socialvolym.observations.meanings import Meaning, Meanings, Place, UnreadError, check_hints
from socialvolym.reports import grid
from socialvolym.reports.models import RawReport
from socialvolym.vocabulary.columns import AUDITED, CELL_SCHEMA, DOMAINS, OBSERVATION_SCHEMA, UNREAD_SCHEMA
from socialvolym.vocabulary.values import read_value

SAID_SCHEMA = {**NUMBER_SCHEMA, "status": pl.String, "reason": pl.String}
_MEANING_SCHEMA = dict.fromkeys(Meaning._fields, pl.String)
#: What tells cells of one report apart by what they are about.
_LABELS = ("report", "table", "kind", "group", "row_label", "column_label")


@dataclass(frozen=True)
class Cleaned:
    """What reports gave.

    Attributes
    ----------
    observations : one row a figure (OBSERVATION_SCHEMA), by report, in the order of the document.
    unread : one row a cell that could not be understood (UNREAD_SCHEMA), with the reason.
    errors : why a report could not be cleaned, by its id; it has no rows in the tables.
    """

    observations: pl.DataFrame
    unread: pl.DataFrame
    errors: Mapping[str, SocialvolymError]


class _Problem(NamedTuple):
    """Why a report cannot be cleaned, and at which of its cells that shows."""

    report: str
    cell: float
    error: SocialvolymError


_BEFORE_ALL, _AFTER_ALL = -1.0, float("inf")


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
    cleaned = clean_each([raw], complete=False)
    for error in cleaned.errors.values():
        raise error
    return cleaned.observations, cleaned.unread


def clean_each(reports: Sequence[RawReport], complete: bool = True) -> Cleaned:
    """Clean reports; one that cannot be cleaned is told and holds up no other.

    Parameters
    ----------
    reports : in the order in which their rows are wanted.
    complete : whether the grid is completed (grid.completed).
    """
    problems = _failing(((raw.report.id, partial(check_hints, raw)) for raw in reports), _BEFORE_ALL)
    cells, unloaded = _cells(reports)
    meanings = {raw.report.id: Meanings(raw) for raw in reports if not raw.is_added}
    corrected, misfits = _corrected(cells, reports)
    of_added = pl.col("report").is_in([raw.report.id for raw in reports if raw.is_added])
    understood, unknown = _understood(corrected.filter(~of_added), meanings)
    understood, unfit = readings.with_readings(understood, corrected.filter(of_added), reports)
    problems += [*unloaded, *misfits, *unknown]
    problems += _failing(((report, known.check_all_used) for report, known in meanings.items()), _AFTER_ALL)
    problems += [_Problem(report, _BEFORE_ALL, error) for report, error in unfit.items()]
    errors = _first_errors(problems, reports)
    read = _read(understood.filter(~pl.col("report").is_in(list(errors))))
    observations = _observations(read.filter(pl.col("reason").is_null()), reports)
    kept = [raw for raw in reports if raw.report.id not in errors]
    unread = read.filter(pl.col("reason").is_not_null()).select(UNREAD_SCHEMA.keys())
    places = [found for raw in kept if (found := readings.unread_places(raw)).width]
    unread = pl.concat([unread, *places]).sort("report", "line", maintain_order=True) if places else unread
    return Cleaned(grid.completed(observations, kept) if complete else observations, unread, errors)


def audited(raw: RawReport) -> pl.DataFrame:
    """Return the figures of an added report as the audit of drafts needs them: also those that wait, none that were taken out.

    Returns
    -------
    OBSERVATION_SCHEMA, column_label and AUDITED.
    """
    cells, _ = _corrected(_cells([raw])[0], [raw])
    rows = readings.settled(raw, cells).rows.with_columns(reason=pl.lit(None, pl.String))
    understood = readings.as_understood(cells, rows).hstack(rows.select(*AUDITED, "state"))
    read = _read(understood.filter(pl.col("state") != "taken_out")).filter(pl.col("reason").is_null())
    found = _observations(read, [raw]).hstack(read.select("column_label", "row_label", *AUDITED))
    return found.with_columns(label=pl.when(kind="text").then("row_label").otherwise("label")).drop("row_label")


def _first_errors(problems: Iterable[_Problem], reports: Sequence[RawReport]) -> dict[str, SocialvolymError]:
    """Return the first error of each report that has one, by report."""
    first: dict[str, SocialvolymError] = {}
    for problem in sorted(problems, key=lambda problem: problem.cell):
        first.setdefault(problem.report, problem.error)
    return {raw.report.id: first[raw.report.id] for raw in reports if raw.report.id in first}


def _failing(checks: Iterable[tuple[str, Callable[[], None]]], cell: float) -> list[_Problem]:
    """Return the problems of the reports whose check fails."""
    problems = []
    for report, check in checks:
        try:
            check()
        except SocialvolymError as error:
            problems.append(_Problem(report, cell, error))
    return problems


def _cells(reports: Sequence[RawReport]) -> tuple[pl.DataFrame, list[_Problem]]:
    """Return the cells of all reports (CELL_SCHEMA, report, and their number as cell)."""
    tables, problems = [pl.DataFrame(schema=CELL_SCHEMA)], []
    names: list[str] = []
    for raw, loaded in zip(reports, load_csvs([raw.folder / "cells.csv" for raw in reports], CELL_SCHEMA), strict=True):
        if isinstance(loaded, SocialvolymError):
            problems.append(_Problem(raw.report.id, _BEFORE_ALL, loaded))
        else:
            tables.append(loaded)
            names += [raw.report.id] * loaded.height
    cells = pl.concat(tables, rechunk=True).with_columns(pl.Series("report", names, pl.String))
    return cells.with_row_index("cell"), problems


def _corrected(cells: pl.DataFrame, reports: Iterable[RawReport]) -> tuple[pl.DataFrame, list[_Problem]]:
    """Add the corrections (replacement, why): each must find its cell, and what is expected must stand there."""
    known = pl.DataFrame(
        [
            (raw.report.id, number, c.line, c.label, c.column, c.expected, c.replacement, c.why)
            for raw in reports
            for number, c in enumerate(raw.notes.correction)
        ],
        schema={
            "report": pl.String,
            "number": pl.Int64,
            "line": pl.Int64,
            **dict.fromkeys(("row_label", "column_label", "expected", "replacement", "why"), pl.String),
        },
        orient="row",
    )
    place = ["report", "line", "row_label", "column_label"]
    found = cells.join(known, on=place, maintain_order="left").unique(place, keep="first", maintain_order=True)
    misfits = [_misfit(row) for row in found.filter(pl.col("expected").ne_missing(pl.col("text"))).iter_rows(named=True)]
    unused = known.join(found, on=place, how="anti", maintain_order="left")
    misfits += [_without_cell(row) for row in unused.iter_rows(named=True)]
    return cells.join(found.select("cell", "replacement", "why"), on="cell", how="left", maintain_order="left"), misfits


def _misfit(row: dict[str, Any]) -> _Problem:
    message = (
        f"{row['report']}: corrections.toml expects {row['expected']!r} on line {row['line']} "
        f"({row['row_label']}, {row['column_label']}) but {row['text']!r} stands there; review the correction"
    )
    return _Problem(row["report"], row["cell"], SocialvolymError(message))


def _without_cell(row: dict[str, Any]) -> _Problem:
    place = f"({row['row_label']}, {row['column_label']}) on line {row['line']}"
    message = f"{row['report']}: corrections.toml: there is no cell {place}"
    return _Problem(row["report"], _AFTER_ALL, SocialvolymError(message))


def _understood(cells: pl.DataFrame, meanings: Mapping[str, Meanings]) -> tuple[pl.DataFrame, list[_Problem]]:
    """Add what each cell is about (the fields of Meaning), or the reason why that cannot be understood."""
    first = _first_alike(cells, meanings)
    alike = cells.filter(first == cells["cell"]).select("cell", "report", *Place._fields)
    found: list[Meaning | None] = []
    reasons: list[str | None] = []
    problems = []
    for cell, report, *place in alike.iter_rows():
        meaning, reason = None, None
        try:
            meaning = meanings[report].of(Place(*place))
        except UnreadError as error:
            reason = error.reason
        except SocialvolymError as error:
            problems.append(_Problem(report, cell, error))
        found.append(meaning)
        reasons.append(reason)
    nothing = (None,) * len(_MEANING_SCHEMA)
    table = pl.DataFrame([meaning or nothing for meaning in found], schema=_MEANING_SCHEMA, orient="row")
    table = table.rename({"note": "meaning_note"}).with_columns(pl.Series("reason", reasons, pl.String), cell=alike["cell"])
    number = pl.DataFrame({"cell": first}).join(table.select("cell").with_row_index("number"), on="cell", maintain_order="left")
    return cells.hstack(table.drop("cell")[number["number"]]), problems


def _first_alike(cells: pl.DataFrame, meanings: Mapping[str, Meanings]) -> pl.Series:
    """Return for each cell the first one that is about the same; each figure in a sentence is about something of its own."""
    by_line = pl.DataFrame(
        [(report, table) for report, known in meanings.items() for table in known.by_line],
        schema={"report": pl.String, "table": pl.String},
        orient="row",
    ).with_columns(by_line=pl.lit(True))
    places = cells.select("cell", "line", *_LABELS).join(by_line, on=["report", "table"], how="left", maintain_order="left")
    in_text = pl.col("kind").eq_missing("text")
    own = [pl.when("by_line").then("line").alias("own_line"), pl.when(in_text).then("cell").alias("own_cell")]
    return places.with_columns(own).select(pl.col("cell").first().over(*_LABELS, "own_line", "own_cell"))["cell"]


def _read(cells: pl.DataFrame) -> pl.DataFrame:
    """Add what each cell says: number, number_unit, number_bound, number_note and number_status; or the reason why it is none."""
    texts = cells.select(pl.coalesce("replacement", "text", pl.lit("")).alias("text"))["text"]
    said = read_values(texts, cells["breakdown"].str.ends_with("high").fill_null(False))
    told = said.select(number="value", number_unit="unit", number_bound="bound", number_note="note", number_status="status")
    return cells.hstack(told).with_columns(reason=pl.coalesce("reason", said["reason"]))


def read_values(texts: pl.Series, high: pl.Series) -> pl.DataFrame:
    """Read what many cells say (SAID_SCHEMA, a row a cell), as read_value reads each; of a range that is `high` the high end.

    A cell that says no number has the status that its text stands for, or else the reason why it cannot be read.
    """
    shown = pl.DataFrame({"text": texts, "high": high}).hstack(parse_numbers(texts))
    numbers = shown.with_columns(status=pl.lit("published"), reason=pl.lit(None, pl.String))
    no_number = pl.col("value").is_null()
    others = numbers.filter(no_number).select("text", "high").unique()
    if others.is_empty():
        return numbers.select(SAID_SCHEMA.keys())
    found = [(text, high, *_said(text, high)) for text, high in others.iter_rows()]
    said = pl.DataFrame(found, schema={"text": pl.String, "high": pl.Boolean, **SAID_SCHEMA}, orient="row")
    joined = numbers.join(said, on=["text", "high"], how="left", suffix="_said", maintain_order="left")
    return joined.select(pl.when(no_number).then(f"{name}_said").otherwise(name).alias(name) for name in SAID_SCHEMA)


def _said(text: str, high: bool) -> tuple[Any, ...]:
    """Return what a text says that is not one plain number (SAID_SCHEMA): a value, a status, or the reason why neither."""
    if number := read_value(text, "high" if high else None):
        return *(getattr(number, name) for name in NUMBER_SCHEMA), "published", None
    status = vocabulary.blanks().get(tidy(text).lower())
    return None, None, None, None, status, None if status else no_number(text)


def _observations(cells: pl.DataFrame, reports: Sequence[RawReport]) -> pl.DataFrame:
    """Return the observations (OBSERVATION_SCHEMA) of cells whose meaning and number are known."""
    codes = {raw.report.id: raw.report.municipality_code for raw in reports}
    measures = vocabulary.measure_rows(cells["measure"].unique(maintain_order=True)).select(
        "measure", own_domain="domain", own_unit="unit", title="title_sv"
    )
    printed = {unit: entry["printed"] for unit, entry in vocabulary.units().items()}
    in_text = pl.col("kind").eq_missing("text")
    filled = (
        cells.lazy()
        .join(measures.lazy(), on="measure", how="left", maintain_order="left")
        .with_columns(unit=pl.coalesce("read_unit", _unit()))
        .with_columns(unit=_unit_of_change(), series=_series_of_change())
        .with_columns(
            pl.col("report").replace_strict(codes, return_dtype=pl.String).alias("municipality_code"),
            pl.coalesce("domain", "own_domain").alias("domain"),
            pl.when(in_text).then("title").otherwise(_label()).alias("label"),
            pl.when(pl.col("sign").eq_missing("-")).then(pl.col("number") * -1.0).otherwise("number").alias("value"),
            pl.col("text").fill_null("").alias("published_as"),
            pl.col("unit").replace_strict(printed, default=None, return_dtype=pl.String).alias("published_unit"),
            pl.coalesce("bound", "number_bound").alias("bound"),
            pl.when(pl.col("why").is_not_null())
            .then(pl.lit("corrected"))
            .otherwise(pl.coalesce("status", "number_status"))
            .alias("status"),
            _note(in_text).alias("note"),
        )
    )
    if unfilled := [name for name in OBSERVATION_SCHEMA if name not in filled.collect_schema()]:
        raise SocialvolymError(f"{', '.join(unfilled)} of vocabulary/columns.py: fill this column in _observations of {__name__}")
    return filled.select(OBSERVATION_SCHEMA.keys()).collect()


def _label() -> pl.Expr:
    group = pl.col("group")
    return pl.when(group.is_not_null() & (group != "")).then(pl.format("{}: {}", "group", "row_label")).otherwise("row_label")


def _note(in_text: pl.Expr) -> pl.Expr:
    parts = (
        pl.col("meaning_note"),
        pl.when(~in_text).then("note"),
        pl.col("why"),
        pl.format("footnote {}", pl.when(pl.col("number_note") != "").then("number_note")),
    )
    told = pl.concat_str([pl.when(part != "").then(part) for part in parts], separator="; ", ignore_nulls=True)
    return pl.when(told != "").then(told)


def _unit() -> pl.Expr:
    own, printed = pl.col("own_unit").fill_null("not_stated"), pl.col("number_unit")
    return (
        pl.when((printed == "SEK") & own.str.starts_with("SEK_per"))
        .then(own)
        .when(printed.is_not_null() & pl.col("unit").ne_missing("percentage_points"))
        .then(printed)
        .when(pl.col("series") == "change_pct")
        .then(pl.lit("percent"))
        .otherwise(pl.coalesce("unit", own))
    )


def _unit_of_change() -> pl.Expr:
    return pl.when(_change_in_percent() & _change_of_share()).then(pl.lit("percentage_points")).otherwise("unit")


def _series_of_change() -> pl.Expr:
    return pl.when(_change_in_percent() & ~_change_of_share()).then(pl.lit("change_pct")).otherwise("series")


def _change_in_percent() -> pl.Expr:
    return pl.col("series").is_in(CHANGES) & (pl.col("unit") == "percent")


def _change_of_share() -> pl.Expr:
    return (pl.col("series") == "change_abs") & pl.col("own_unit").eq_missing("percent")


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
