"""Columns: the names and types of the tables that hold figures, and the domains that a figure can belong to."""

from __future__ import annotations

from typing import Any, Literal

import polars as pl

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
#: readings.csv: of each row of cells.csv what the reader made of it, how sure that is, and what it rests on.
READING_SCHEMA = {
    **{name: CELL_SCHEMA[name] for name in ("table", "line", "group", "row_label", "column_label", "text")},
    **{name: PROSE_SCHEMA[name] for name in ("domain", "measure", "breakdown", "period", "series", "unit", "bound", "sign")},
    "certainty": pl.String,
    "because": pl.String,
}
#: observations: one row a figure. `certainty` is how sure the reading is, `because` what period, series, unit, measure and domain
#: rest on, both empty where nothing is printed.
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
    "certainty": pl.String,
    "because": pl.String,
    "note": pl.String,
}
#: unread: one row a cell that could not be understood.
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
#: One row a figure: OBSERVATION_SCHEMA, and where on its page it stands: "left top right bottom" in points from the top left
#: corner; null for formats without pages.
FIGURE_SCHEMA = {**OBSERVATION_SCHEMA, "box": pl.String}
