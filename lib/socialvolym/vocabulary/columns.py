"""Columns: the names and types of the tables that hold figures, and the domains that a figure can belong to."""

from __future__ import annotations

from typing import Literal, TypedDict

import polars as pl

from socialvolym.csv_files import Schema, schema_of

Domain = Literal["lss", "placements", "economic_assistance", "context"]
DOMAINS: tuple[Domain, ...] = ("lss", "placements", "economic_assistance", "context")
#: The domains that have an analysis.
ANALYSED = DOMAINS[:3]

#: cells.csv: one row a printed cell.
CELL_SCHEMA = {
    "table": pl.String,
    "page": pl.Int64,
    "line": pl.Int64,
    "kind": pl.String,
    "group": pl.String,
    "row_label": pl.String,
    "column_label": pl.String,
    "text": pl.String,
    "note": pl.String,
}
#: prose.csv: one row a figure that stands in a sentence, with its meaning in our own words.
PROSE_SCHEMA = {
    "line": pl.Int64,
    "text": pl.String,
    "measure": pl.String,
    "breakdown": pl.String,
    "period": pl.String,
    "series": pl.String,
    "unit": pl.String,
    "domain": pl.String,
    "bound": pl.String,
    "sign": pl.String,
    "note": pl.String,
}
#: What the audit of a document that nobody has described needs of each figure beside (extraction/prose/sentence_facts.py).
AUDITED: Schema = {"column": pl.Int64, "sentence": pl.Int64, "row_names": pl.String, "codes": pl.String}
#: readings.csv: of each row of cells.csv what the reader made of it, how sure that is, and what it rests on.
READING_SCHEMA = {
    **{name: CELL_SCHEMA[name] for name in ("table", "line", "group", "row_label", "column_label", "text")},
    **{name: PROSE_SCHEMA[name] for name in ("domain", "measure", "breakdown", "period", "series", "unit", "bound", "sign")},
    "certainty": pl.String,
    "because": pl.String,
    **AUDITED,
}


class Observation(TypedDict, total=False):
    """A row of observations that has a value, one a figure.

    Attributes
    ----------
    certainty, because : how sure the reading is, and what period, series, unit, measure and domain rest on; both empty where
        nothing is printed.
    """

    report: str
    municipality_code: str
    domain: str | None
    measure: str
    label: str
    breakdown: str | None
    period: str
    series: str
    value: float
    unit: str
    published_as: str
    published_unit: str | None
    page: int | None
    line: int
    table: str
    kind: str
    bound: str | None
    status: str
    certainty: str | None
    because: str | None
    note: str | None


class Figure(Observation, total=False):
    """An observation with what series and telling add to it.

    Attributes
    ----------
    half_step : half of the last printed decimal, that is of `stated`, before it is divided.
    stated : the value that the report states (or that it should, where others contradict it).
    exposure : what it is divided by to be the value, 1 but in rates and real terms (analysis/derived.py). Where value is anything
        else, nobody knows how exact it is.
    differs, also : whether another row prints another value, and the ids of the other rows (series.figures).
    shown : the value as printed, where `value` is what it should be.
    """

    observation_id: str
    half_step: float
    stated: float | None
    exposure: float | None
    differs: bool
    also: list[str]
    shown: float | None


OBSERVATION_SCHEMA = schema_of(Observation)
#: unread: one row a cell that could not be understood.
UNREAD_SCHEMA: Schema = {
    "report": pl.String,
    "page": pl.Int64,
    "line": pl.Int64,
    "table": pl.String,
    "row_label": pl.String,
    "column_label": pl.String,
    "text": pl.String,
    "reason": pl.String,
}
#: One row a figure: OBSERVATION_SCHEMA, and where on its page it stands: "left top right bottom" in points from the top left
#: corner; null for formats without pages.
FIGURE_SCHEMA = {**OBSERVATION_SCHEMA, "box": pl.String}
