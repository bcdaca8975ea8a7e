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
#: No check: what most rules find in most documents.
_NONE = pl.DataFrame(schema=CHECK_SCHEMA)


#: The last part of a figure's label, which is its row's own, in small letters.
OWN_LABEL = pl.col("label").str.to_lowercase().str.split(": ").list.last()


def check_of(figure: Mapping[str, Any], rule: str, expected: float | None, gap: float) -> Check:
    """Return the check of a printed figure by a rule: what was expected, and how far it is from that."""
    known = cast(Check, {name: figure.get(name) for name in CHECK_SCHEMA})
    return {**known, "rule": rule, "published": figure["published_as"], "expected": expected, "gap": gap}


def as_checks(frame: pl.DataFrame | pl.LazyFrame, **columns: pl.Expr | str | float) -> pl.DataFrame:
    """Return the frame's rows as checks; columns of the schema that are not there are null.

    columns : what is told of the rows: an expression over the frame, or what is the same for all; of any type.
    """
    if isinstance(frame, pl.DataFrame) and frame.is_empty():
        return _NONE
    lazy = frame.lazy().with_columns(
        **{name: value if isinstance(value, pl.Expr) else pl.lit(value) for name, value in columns.items()}
    )
    have = set(lazy.collect_schema().names())
    if "published" not in have and "published_as" in have:
        lazy = lazy.with_columns(published=pl.col("published_as"))
        have.add("published")
    picked = [
        pl.col(name).cast(kind) if name in have else pl.lit(None, dtype=kind).alias(name) for name, kind in CHECK_SCHEMA.items()
    ]
    return lazy.select(picked).collect()


def line_list(lines: pl.Expr) -> pl.Expr:
    """Return numbers of lines as the check table's `lines` has them: "12, 14"."""
    return lines.cast(pl.String).str.join(", ")


def one_a_table(rows: pl.DataFrame, rule: str, fewest: int = 1) -> pl.DataFrame:
    """Return one check a table: its first failing row, the lines of the others in `lines`; where too few fail, a passing one."""
    failing = pl.col("gap") > 0
    known = ("line", "page", "measure", "label", "published", "published_as", "cause", "other")
    shown = [name for name in known if name in rows.columns]
    merged = (
        rows.with_columns(pl.col("gap").cast(pl.Float64))
        .group_by("report", "table", maintain_order=True)
        .agg(
            pl.col(shown).sort_by(~failing, maintain_order=True).first(),
            gap=pl.when(failing.sum() >= fewest).then(pl.col("gap").max()).otherwise(0.0),
            lines=line_list(pl.col("line").filter(failing).unique(maintain_order=True).slice(1)),
        )
    )
    return as_checks(merged, rule=rule)


def joined(checks: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Return all checks in one table."""
    return pl.concat([_NONE, *(found for found in checks if not found.is_empty())])
