"""References: the printed levels that differences, percentages and sentences are held against."""

from __future__ import annotations

import polars as pl

#: Which series comes first where several have two following years.
_SERIES = {"outturn": 0, "budget": 1, "plan": 2, "target": 3}
_FIELDS = ("v", "h", "line", "dimension")


def levels(figures: pl.DataFrame, within: str = "table_id") -> pl.DataFrame:
    """Return one level a figure, table (or row) and series: the most precisely printed one.

    A figure with several contradicting values in one table (or row) names no single figure and is left out.
    """
    order = pl.col("series").replace_strict(_SERIES, default=None, return_dtype=pl.UInt8)
    tables = figures.lazy().filter(pl.col("table").is_not_null(), ~pl.col("bounded"), pl.col("series").is_in(list(_SERIES)))
    spread = (
        tables.with_columns(order=order)
        .group_by("figure", within, "order")
        .agg(
            pl.col("figure_all_years", "year", "dimension").first(),
            pl.col("v", "h", "line").get(pl.col("h").arg_min()),
            apart=pl.col("v").max() - pl.col("v").min(),
            dimensions=pl.col("dimension").n_unique(),
            slack=2 * pl.col("h").max(),
        )
        .filter(pl.col("apart") <= pl.col("slack"), pl.col("dimensions") == 1)
    )
    return spread.drop("apart", "dimensions", "slack").collect()


def of_reports(tables: pl.DataFrame) -> pl.DataFrame:
    """Return one level a figure of a report and series: the most precise one of its tables."""
    return tables.sort("h", "line").unique(["figure", "order"], keep="first", maintain_order=True)


def budget_pairs(levels: pl.DataFrame) -> pl.DataFrame:
    """Return outturn (a_*) and budget (b_*) of each figure."""
    sides = [
        levels.filter(pl.col("order") == _SERIES[series]).select("figure", *[pl.col(f).alias(f"{side}_{f}") for f in _FIELDS])
        for side, series in (("a", "outturn"), ("b", "budget"))
    ]
    return sides[0].join(sides[1], on="figure")


def year_pairs(levels: pl.DataFrame, *within: str) -> pl.DataFrame:
    """Return each figure (a_*) with the same figure of the year before (b_*), of the first series that has both."""
    keys = ["figure_all_years", "order", *within]
    before = levels.select(*keys, pl.col("year") + 1, *[pl.col(f).alias(f"b_{f}") for f in _FIELDS])
    both = levels.rename({f: f"a_{f}" for f in _FIELDS}).join(before, on=[*keys, "year"])
    return (
        both.sort("order", maintain_order=True)
        .unique(["figure", *within], keep="first", maintain_order=True)
        .select("figure", *within, *[f"{side}_{f}" for side in "ab" for f in _FIELDS])
    )
