"""Columns: a table's columns of which one is the product or the share of two others, row by row."""

from __future__ import annotations

import polars as pl

from socialvolym.audit.check_table import as_checks, joined
from socialvolym.notation.intervals import DUST

#: By how much a product can be scaled: kronor, thousands, millions.
_SCALES = (1.0, 1e3, 1e6)
_COLUMNS = 3
#: So many rows that hold show a share; a product of so many digits shows itself.
_FEWEST_SHARES, _DIGITS = 4, 1000.0


def check(figures: pl.DataFrame) -> pl.DataFrame:
    """Return the checks of columns against each other."""
    rows = _rows_of_three(figures)
    return joined([_products(rows), _shares(rows)])


def _rows_of_three(figures: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of tables with three printed cells: a, b and c with half steps, and the last one's place."""
    tables = figures.filter(pl.col("table").is_not_null(), ~pl.col("bounded"))
    half = 0.5 * pl.col("step")
    rows = tables.group_by("report", "table", "row", "line", maintain_order=True).agg(
        pl.col("page", "label", "published_as", "measure", "period", "series", "unit", "decimals").last(),
        cells=pl.len(),
        **{name: pl.col("value").get(n, null_on_oob=True) for n, name in enumerate("abc")},
        **{f"{name}_h": half.get(n, null_on_oob=True) for n, name in enumerate("abc")},
        percent=pl.col("unit").last() == "percent",
        others=(pl.col("unit") == "percent").sum(),
    )
    return rows.filter(pl.col("cells") == _COLUMNS)


def _products(rows: pl.DataFrame) -> pl.DataFrame:
    """Check c = a b / scale in tables where it holds in most rows.

    Where it holds in no more rows than it fails, only a digit that is another or two that have changed places tell of an error.
    """
    plain = rows.filter(pl.col("others") == 0, pl.col("a") > 1, pl.col("b") > 1, pl.col("c") >= 0)
    scaled = pl.concat([plain.with_columns(scale=pl.lit(scale)) for scale in _SCALES])
    expected = pl.col("a") * pl.col("b") / pl.col("scale")
    slack = (pl.col("a") * pl.col("b_h") + pl.col("b") * pl.col("a_h")) / pl.col("scale")
    # The price may be the rounded quotient of the others, also where it happens to be exact in other rows.
    gap = ((pl.col("c") - expected).abs() - pl.max_horizontal(slack, pl.col("c_h")) - pl.col("c_h")).clip(0)
    telling = (pl.col("c") >= _DIGITS * 2 * pl.col("c_h")) & ((pl.col("c") - expected).abs() <= pl.col("c_h") + DUST)
    scaled = scaled.with_columns(expected=expected, gap=gap, telling=telling)
    over = ["report", "table", "scale"]
    scaled = scaled.with_columns(held=pl.col("telling").sum().over(over), failed=(pl.col("gap") > DUST).sum().over(over))
    shown = scaled.filter(pl.col("held") > 0)
    slip = pl.Series([_is_slip(*pair) for pair in shown.select("c", "expected").iter_rows()], dtype=pl.Boolean)
    sure = (pl.col("held") > 1) & (pl.col("held") > pl.col("failed")) | slip
    shown = shown.with_columns(gap=pl.when(sure).then(pl.col("gap") / (2 * pl.col("c_h"))).otherwise(0.0))
    return as_checks(shown.with_columns(decimals=pl.lit(0)), rule="product_of_columns")


def _is_slip(printed: float, expected: float) -> bool:
    """Tell whether two whole numbers of as many digits differ in one digit, or in two neighbours that changed places."""
    one, other = str(round(printed)), str(round(expected))
    if len(one) != len(other):
        return False
    places = [n for n, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    swapped = len(places) == 2 and places[1] == places[0] + 1 and one[places[0]] == other[places[1]]
    return len(places) == 1 or (swapped and one[places[1]] == other[places[0]])


def _shares(rows: pl.DataFrame) -> pl.DataFrame:
    """Check c = 100 b / a in tables where it holds in all rows but one."""
    shares = rows.filter("percent", pl.col("others") == 1, pl.col("a") > 0, pl.col("b") > 0)
    shares = shares.with_columns(expected=100 * pl.col("b") / pl.col("a"))
    gap = ((pl.col("c") - pl.col("expected")).abs() - 2 * pl.col("c_h")).clip(0)
    shares = shares.with_columns(gap=gap)
    failed = (pl.col("gap") > DUST).sum().over("report", "table")
    sure = (failed == 1) & (pl.len().over("report", "table") > _FEWEST_SHARES)
    return as_checks(
        shares.with_columns(gap=pl.when(sure).then(pl.col("gap") / (2 * pl.col("c_h"))).otherwise(0.0)), rule="share_of_columns"
    )
