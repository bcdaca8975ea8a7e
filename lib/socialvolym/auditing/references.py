"""References: the printed levels that differences, percentages and sentences are held against."""

from __future__ import annotations

import polars as pl

#: Which series comes first where several have two following years.
_SERIES = {"outturn": 0, "budget": 1, "plan": 2, "target": 3}
_FIELDS = ("v", "h", "line", "dimension")


def levels(figures: pl.DataFrame, *within: str) -> pl.LazyFrame:
    """Return one level a figure and series (and `within`): the most precisely printed one in tables.

    A figure with several contradicting values in one table names no single figure and is left out.
    """
    keys = ["figure", *within, "order"]
    order = pl.col("series").replace_strict(_SERIES, default=None, return_dtype=pl.UInt8)
    tables = figures.lazy().filter(pl.col("table").is_not_null(), ~pl.col("bounded"), pl.col("series").is_in(list(_SERIES)))
    spread = (tables.with_columns(order=order).group_by("figure", "table_id", "order")
              .agg(pl.col("figure_all_years", "year", "dimension").first(), apart=pl.col("v").max() - pl.col("v").min(),
                   dimensions=pl.col("dimension").n_unique(), slack=2 * pl.col("h").max(), precise=pl.col("h").arg_min(),
                   values=pl.col("v"), halves=pl.col("h"), lines=pl.col("line"))
              .filter(pl.col("apart") <= pl.col("slack"), pl.col("dimensions") == 1))
    picked = spread.with_columns(v=pl.col("values").list.get(pl.col("precise")), h=pl.col("halves").list.get(pl.col("precise")),
                                 line=pl.col("lines").list.get(pl.col("precise")))
    picked = picked.drop("apart", "dimensions", "slack", "precise", "values", "halves", "lines")
    return picked if "table_id" in within else picked.sort("h", "line").unique(keys, keep="first", maintain_order=True)


def budget_pairs(figures: pl.DataFrame) -> pl.DataFrame:
    """Return outturn (a_*) and budget (b_*) of each figure of a report (figure, a_v, a_h, a_line, b_*)."""
    found = levels(figures)
    sides = [found.filter(pl.col("order") == _SERIES[series]).select("figure", *[pl.col(f).alias(f"{name}_{f}") for f in _FIELDS])
             for name, series in (("a", "outturn"), ("b", "budget"))]
    return sides[0].join(sides[1], on="figure").collect()


def year_pairs(figures: pl.DataFrame, *within: str) -> pl.DataFrame:
    """Return each figure (a_*) with the same figure of the year before (b_*), of the first series that has both."""
    found = levels(figures, *within)
    keys = ["figure_all_years", "order", *within]
    before = found.select(*keys, pl.col("year") + 1, *[pl.col(f).alias(f"b_{f}") for f in _FIELDS])
    both = found.rename({f: f"a_{f}" for f in _FIELDS}).join(before, on=[*keys, "year"])
    return (both.sort("order", maintain_order=True).unique(["figure", *within], keep="first", maintain_order=True)
            .select("figure", *within, *[f"{side}_{f}" for side in "ab" for f in _FIELDS]).collect())
