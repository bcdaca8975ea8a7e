"""References: the printed levels that differences, percentages and sentences are held against."""

from __future__ import annotations

import polars as pl

KEY = ("report", "measure", "part", "period")
_FIELDS = ("v", "h", "s", "line")


def levels(figures: pl.DataFrame, *within: str) -> pl.DataFrame:
    """Return one level a key (KEY, series and `within`): the most precisely printed one in tables.

    A key with several contradicting values in one table names no single figure and is left out.
    """
    keys = [*KEY, *within, "series", "dimension"]
    tables = figures.lazy().filter(pl.col("table").is_not_null(), ~pl.col("bounded"),
                                   pl.col("series").is_in(["outturn", "budget", "target", "plan"]))
    spread = (tables.group_by(list(dict.fromkeys((*keys, "table"))))
              .agg(apart=pl.col("v").max() - pl.col("v").min(), slack=2 * pl.col("h").max(),
                   *[pl.col(name).sort_by("h").first() for name in _FIELDS if name not in keys])
              .filter(pl.col("apart") <= pl.col("slack")))
    return spread.sort("h", "line").unique(keys, keep="first", maintain_order=True).drop("apart", "slack").collect()


def pairs(figures: pl.DataFrame, *within: str) -> pl.DataFrame:
    """Return the levels of two following years with the same key, for each series that has both (columns cur_*, prev_*)."""
    found = levels(figures, *within)
    cur = found.with_columns(year=pl.col("period").str.slice(0, 4).cast(pl.Int32, strict=False), rest=pl.col("period").str.slice(4))
    keys = ["report", "measure", "part", "series", "dimension", "rest", *within]
    prev = cur.with_columns(year=pl.col("year") + 1).select(*keys, "year", *[pl.col(f).alias(f"prev_{f}") for f in _FIELDS
                                                                              if f not in within])
    both = cur.select(*keys, "period", "year", *[pl.col(f).alias(f"cur_{f}") for f in _FIELDS if f not in within])
    both = both.join(prev, on=[*keys, "year"], how="inner")
    order = pl.col("series").replace_strict({"outturn": 0, "budget": 1, "plan": 2, "target": 3}, default=9)
    return (both.sort(order, maintain_order=True)
            .unique(["report", "measure", "part", "period", "dimension", *within], keep="first", maintain_order=True)
            .drop("series", "year", "rest"))
