"""Invented observations for the tests of the statistics."""

from __future__ import annotations

from typing import Any

import polars as pl
from socialvolym.vocabulary.columns import OBSERVATION_SCHEMA


def printed(value: float | None) -> str:
    """Return a value the way a report prints it."""
    return "-" if value is None else f"{value:.12g}".replace(".", ",")


def observations(*rows: dict[str, Any], **shared: Any) -> pl.DataFrame:
    """Return observations; what a row leaves out is taken from `shared`, then from an invented table of Haninge."""
    filled = []
    for number, row in enumerate(rows, start=1):
        standard = {
            "report": "haninge-2022",
            "municipality_code": "0136",
            "domain": "placements",
            "measure": "lvm_placements",
            "label": "invented",
            "period": "2022",
            "series": "outturn",
            "unit": "count",
            "line": number,
            "kind": "table",
            "status": "published",
            "published_as": printed((shared | row).get("value")),
        }
        filled.append(dict.fromkeys(OBSERVATION_SCHEMA) | standard | shared | row)
    return pl.DataFrame(filled, schema=OBSERVATION_SCHEMA)


def yearly(first: int, *values: float | None, **shared: Any) -> pl.DataFrame:
    """Return one observation a year, from the year `first` on."""
    return observations(*({"period": str(first + number), "value": value} for number, value in enumerate(values)), **shared)
