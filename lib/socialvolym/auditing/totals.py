"""Totals: rows that are labelled as totals against the rows above them, and yearly means and sums against their months."""

from __future__ import annotations

import polars as pl

from socialvolym.auditing.check_table import as_checks, joined
from socialvolym.auditing.intervals import DUST, distance

#: How a row is labelled that is the sum of others.
TOTAL = r"^(?:summa|totalt?|sammanlagt|totala (?:utgifter|kostnader|intäkter))$|^summa \p{L}+$|\btotalt$|^sum$"
_ADDITIVE = (
    "money",
    "persons",
    "households",
    "household_months",
    "count",
    "care_days",
    "placements_per_year",
    "hours",
    "full_time_equivalents",
)
#: How many rows and how many columns that add up it takes to tell a last row without such a label as a total.
_MIN_ROWS, _MIN_FITS = 3, 3
_SUBPERIOD = r"^(\d{4})-(?:\d\d|Q\d)$"


def check(figures: pl.DataFrame) -> pl.DataFrame:
    """Return the checks of total rows and of yearly figures."""
    return joined([_total_rows(figures), _years(figures)])


def _total_rows(figures: pl.DataFrame) -> pl.DataFrame:
    """Check each total row, column by column.

    The rows that a total is the sum of are those since the total before it, or all rows of the table that are no totals, or
    its totals: whichever fits most columns. Where nothing fits any column the row is no sum, and nothing is said.
    """
    cells = _cells(figures)
    if cells.is_empty():
        return as_checks(cells)
    part, total = ~pl.col("is_total"), pl.col("is_total")
    cells = cells.with_columns(block=_block())
    blocks = cells.group_by("column", "block").agg(block_n=part.sum(), **_sums("block", part))
    columns = cells.group_by("column").agg(
        all_n=part.sum(),
        totals_n=total.sum() - 1,
        least=pl.col("v").filter(part).min(),
        most=pl.col("v").filter(part).max(),
        **_sums("all", part),
        **_sums("totals", total),
    )
    sums = cells.filter(total).join(blocks, on=["column", "block"]).join(columns, on="column")
    sums = sums.with_columns(pl.col("totals_v") - pl.col("v"), pl.col("totals_h") - pl.col("h"))
    ways = ("block", "all", "totals")
    for way in ways:
        gap = distance(pl.col("v"), pl.col("h"), pl.col(f"{way}_v"), pl.col(f"{way}_h"))
        sums = sums.with_columns(pl.when(pl.col(f"{way}_n") > 1).then(gap / pl.col("s")).alias(f"{way}_gap"))
    fits = {way: ((pl.col(f"{way}_gap") <= DUST) & (pl.col("v") != 0)).sum().over("row") for way in ways}
    sums = sums.with_columns(**{f"{way}_fits": count for way, count in fits.items()})
    best = pl.max_horizontal([f"{way}_fits" for way in ways])
    chosen = pl.coalesce([pl.when(pl.col(f"{way}_fits") == best).then(pl.lit(way)) for way in ways])
    sums = sums.with_columns(chosen=chosen, best=best).filter(pl.col("best") >= pl.when("unnamed").then(_MIN_FITS).otherwise(1))
    gap, expected = (
        pl.coalesce([pl.when(pl.col("chosen") == way).then(pl.col(f"{way}_{field}")) for way in ways]) for field in ("gap", "v")
    )
    sums = sums.with_columns(gap=gap, expected=expected / pl.col("factor")).filter(pl.col("gap").is_not_null(), ~_between())
    return as_checks(sums, rule="total")


def _sums(name: str, wanted: pl.Expr) -> dict[str, pl.Expr]:
    """Return the sums of the values and of the half steps of the wanted cells."""
    return {f"{name}_{field}": pl.col(field).filter(wanted).sum() for field in ("v", "h")}


def _between() -> pl.Expr:
    """Tell whether a total lies between its parts, all of one sign: a mean or a rate, no sum."""
    one_sign = (pl.col("least") > 0) | (pl.col("most") < 0)
    return one_sign & (pl.col("v") > pl.col("least")) & (pl.col("v") < pl.col("most"))


def _cells(figures: pl.DataFrame) -> pl.DataFrame:
    """Return the cells of tables that have a total row, with their column and whether their row is a total."""
    tables = (
        figures.lazy()
        .filter(
            pl.col("table").is_not_null(),
            ~pl.col("bounded"),
            pl.col("dimension").is_in(_ADDITIVE),
            pl.col("series") != "change_pct",
        )
        .with_columns(column=pl.struct("table_id", "period", "series", "dimension", "place").hash())
        .collect()
    )
    labels = (
        tables.select("label")
        .unique()
        .with_columns(
            named=pl.col("label").str.to_lowercase().str.split(": ").list.last().str.strip_chars(" .:*").str.contains(TOTAL)
        )
    )
    whole = pl.col("breakdown").is_null() & (pl.col("breakdown").is_not_null().sum().over("column") > 1)
    marked = tables.join(labels, on="label", maintain_order="left").with_columns(is_total=pl.col("named") | whole)
    # A last row that is named for the whole (the committee) is a total where arithmetic says so in most columns.
    last = (pl.col("row") == pl.col("row").max().over("table_id")) & (pl.col("dimension") == "money")
    unnamed = last & ~pl.col("is_total").any().over("table_id") & (pl.col("row").n_unique().over("table_id") > _MIN_ROWS)
    marked = marked.with_columns(is_total=pl.col("is_total") | unnamed, unnamed=unnamed)
    return marked.filter(pl.col("is_total").any().over("table_id"))


def _block() -> pl.Expr:
    """Return the number of each cell's block of rows, which ends with a total row."""
    ends = pl.col("is_total") & (pl.col("row") != pl.col("row").shift(-1).fill_null(-1))
    return ends.cum_sum().shift(1).fill_null(0).over("table_id")


def _years(figures: pl.DataFrame) -> pl.DataFrame:
    """Check a year's figure against its twelve months or four quarters in the same table: their mean or their sum."""
    tables = figures.filter(pl.col("table").is_not_null(), ~pl.col("bounded"), pl.col("series").is_in(["outturn", "budget"]))
    parts = tables.filter(pl.col("period").str.contains(_SUBPERIOD))
    keys = ["table_id", "measure", "series", "year"]
    sums = parts.group_by([*keys, "part"]).agg(
        total=pl.col("v").sum(),
        slack=pl.col("h").sum(),
        n=pl.col("period").n_unique(),
        cells=pl.len(),
        first=pl.col("line").min(),
    )
    sums = sums.filter(pl.col("n").is_in([4, 12]), pl.col("n") == pl.col("cells")).unique(keys, keep="none").drop("part")
    years = tables.filter(pl.col("rest") == "").join(sums, on=keys).filter(pl.col("line") == pl.col("first"))
    half = pl.max_horizontal(pl.col("h"), pl.col("s") / 2)
    mean_gap = distance(pl.col("v"), half, pl.col("total") / pl.col("n"), pl.col("slack") / pl.col("n"))
    sum_gap = distance(pl.col("v"), pl.col("h"), pl.col("total"), pl.col("slack"))
    mean = pl.col("part").str.contains("genomsnitt|medel|snitt") | (mean_gap < sum_gap)
    expected = pl.when(mean).then(pl.col("total") / pl.col("n")).otherwise(pl.col("total"))
    kind = pl.when(mean).then(pl.lit("mean")).otherwise(pl.lit("year_sum"))
    additive = pl.col("dimension").is_in(_ADDITIVE)
    turned = mean & (mean_gap < pl.col("s") / 2)
    return as_checks(
        years.filter(additive).with_columns(
            rule=pl.when(turned & (mean_gap > pl.col("s") * DUST)).then(pl.lit("mean_rounded")).otherwise(kind),
            gap=pl.when(mean).then(mean_gap).otherwise(sum_gap) / pl.col("s"),
            expected=expected / pl.col("factor"),
        )
    )
