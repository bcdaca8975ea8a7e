"""The check table: one row a check, in the form that expectations/audit.csv asks about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypedDict, cast

import polars as pl

from socialvolym.csv_files import Schema, schema_of


class Check(TypedDict, total=False):
    """A row of the check table (CHECK_SCHEMA)."""

    rule: str
    report: str
    page: int | None
    line: int | None
    table: str | None
    measure: str | None
    label: str | None
    breakdown: str | None
    period: str | None
    series: str | None
    unit: str | None
    published: str
    expected: float | None
    decimals: int | None
    gap: float
    cause: str | None
    other: str | None
    lines: str | None


#: One row a check. gap: how far printed and expected are apart beyond rounding, in units of the last printed digit (1 for what is
#: simply there or not); expected: in the printed unit; lines: other lines involved; other: what the explanation names beside.
CHECK_SCHEMA: Schema = {**schema_of(Check), "decimals": pl.Int8}


def check_of(figure: Mapping[str, Any], rule: str, expected: float | None, gap: float) -> Check:
    """Return the check of a printed figure by a rule: what was expected, and how far it is from that."""
    known = cast(Check, {name: figure.get(name) for name in CHECK_SCHEMA})
    return {**known, "rule": rule, "published": figure["published_as"], "expected": expected, "gap": gap}


def as_checks(frame: pl.DataFrame | pl.LazyFrame, **columns: str) -> pl.DataFrame:
    """Return the frame's rows as checks; columns of the schema that are not there are null."""
    if isinstance(frame, pl.DataFrame) and frame.is_empty():
        return pl.DataFrame(schema=CHECK_SCHEMA)
    lazy = frame.lazy().with_columns(**{name: pl.lit(value) for name, value in columns.items()})
    have = set(lazy.collect_schema().names())
    if "published" not in have and "published_as" in have:
        lazy = lazy.with_columns(published=pl.col("published_as"))
        have.add("published")
    picked = [
        pl.col(name).cast(kind) if name in have else pl.lit(None, dtype=kind).alias(name) for name, kind in CHECK_SCHEMA.items()
    ]
    return lazy.select(picked).collect()


def joined(checks: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Return all checks in one table."""
    return pl.concat([pl.DataFrame(schema=CHECK_SCHEMA), *checks])
