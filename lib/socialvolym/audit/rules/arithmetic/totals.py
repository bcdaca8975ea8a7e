"""Totals: rows that are labelled as totals against the rows above them, and yearly means and sums against their months."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import polars as pl

from socialvolym import vocabulary
from socialvolym.audit.check_table import OWN_LABEL, as_checks, joined, line_list
from socialvolym.notation.intervals import DUST, distance
from socialvolym.vocabulary import UNKNOWN

#: How a row is labelled that is the sum of others, with what it is of and in which unit.
_OF_THINGS = r"^summa(?: [\p{L}–-]+)+(?:,? \(?(?:t?kr|mnkr|antal|st)\)?)?$"
TOTAL = rf"^(?:summa|totalt?|sammanlagt|totala (?:utgifter|kostnader|intäkter))$|{_OF_THINGS}|\btotalt$|^sum$"
#: How means are labelled, and with them shares and what one unit of something has: neither adds up.
MEAN = r"genomsnitt|medel(?:tal|värde)|\bmedel\b|snitt"
NO_SUM = rf"{MEAN}|\bandel|\bper\b"
#: Dimensions of what adds up; rates, shares and unit costs do not.
ADDITIVE = (
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
#: What is counted is added, persons of one row and decisions of the next: arithmetic shows whether the total is their sum.
_ADDED_AS = pl.col("dimension").replace(["persons", "households"], "count")
#: How many rows and how many columns that add up it takes to tell a last row without such a label as a total.
_MIN_ROWS, _MIN_FITS = 3, 3
#: Rows that are contained in the row above them, and rows whose mark may leave them out of the sum.
_OF_WHICH = r"^\W*(?:varav|därav|därutav|av vilka|av dessa)\b"
_MARKED = r"[*¹²³⁴⁵]\)?$"
#: How far from the sum, as a share of itself, a total is that is meant to be the sum.
_NEAR = 0.01
PERSONS = r"\b(?:personer|hushåll|individer|barn|ungdomar|brukare|klienter|flickor|pojkar|elever)\b"
_PERSONS_HEADING = r"\b(?:antal|unika)\b(?: \w+)? (personer|hushåll|individer|barn|ungdomar|brukare|klienter)\b"
#: The longest heading, how far above a total's line it stands, and how far below a note.
_HEADING, _ABOVE, _BELOW = 90, 12, 3
#: An amount since January never falls, and is at the end so many times what it was at first.
_CLIMB = 1.5
#: A mean of all months is as near what is printed for it as a slip goes.
_MONTHS, _NEAR_MEAN = 12, 0.1
#: Months and quarters, and from January to a month of the same year.
_SUBPERIOD, _SO_FAR = r"^(\d{4})-(?:\d\d|Q\d)$", r"^-01/\d{4}-(\d\d)$"


def check(figures: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """Return the checks of total rows and of yearly figures."""
    return joined([_total_rows(figures, facts), _years(figures), _parts_elsewhere(figures)])


def _total_rows(figures: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """Check each total row, column by column.

    The rows that a total is the sum of are those since the total before it, or all rows of the table that are no totals, or
    its totals, or those since the total before it that have its sign: whichever fits most columns. Where the row is not shown
    to be a sum, nothing is said.
    """
    cells = _cells(figures)
    if cells.is_empty():
        return as_checks(cells)
    part, total = ~pl.col("is_total") & ~pl.col("is_of_which"), pl.col("is_total")
    plain = part & ~pl.col("is_marked")
    cells = cells.with_columns(block=_block())
    filled = pl.col("v") != 0
    blocks = cells.group_by("column", "block").agg(
        block_n=part.sum(),
        block_filled=(part & filled).sum(),
        block_plain=pl.col("v").filter(plain).sum(),
        **_sums("block", part),
    )
    columns = cells.group_by("column").agg(
        all_n=part.sum(),
        all_filled=(part & filled).sum(),
        all_plain=pl.col("v").filter(plain).sum(),
        totals_n=total.sum() - 1,
        totals_filled=(total & filled).sum() - 1,
        least=pl.col("v").filter(part).min(),
        most=pl.col("v").filter(part).max(),
        **_sums("all", part),
        **_sums("totals", total),
    )
    # Costs with a minus below the income: their total is of its own sign.
    signs = cells.filter(part).group_by("column", "block", minus=pl.col("v") < 0)
    signed = signs.agg(signed_n=pl.len(), signed_filled=filled.sum(), signed_plain=pl.col("v").sum(), **_sums("signed", part))
    sums = cells.filter(total).join(blocks, on=["column", "block"]).join(columns, on="column")
    sums = sums.join(
        signed.with_columns(pl.col("signed_n").cast(pl.Int64)),
        left_on=["column", "block", pl.col("v") < 0],
        right_on=["column", "block", "minus"],
        how="left",
    )
    sums = sums.with_columns(
        pl.col("totals_v") - pl.col("v"), pl.col("totals_h") - pl.col("h"), totals_plain=pl.col("totals_v") - pl.col("v")
    )
    ways = ("block", "all", "totals", "signed")
    for way in ways:
        gap = distance(pl.col("v"), pl.col("h"), pl.col(f"{way}_v"), pl.col(f"{way}_h"))
        sums = sums.with_columns(pl.when(pl.col(f"{way}_n") > 1).then(gap / pl.col("s")).alias(f"{way}_gap"))
    fits = {way: ((pl.col(f"{way}_gap") <= DUST) & (pl.col("v") != 0)).sum().over("row") for way in ways}
    sums = sums.with_columns(**{f"{way}_fits": count for way, count in fits.items()})
    best = pl.max_horizontal([f"{way}_fits" for way in ways])
    chosen = pl.coalesce([pl.when(pl.col(f"{way}_fits") == best).then(pl.lit(way)) for way in ways])
    sums = sums.with_columns(chosen=chosen, best=best).filter(pl.col("best") >= pl.when("unnamed").then(_MIN_FITS).otherwise(1))
    picked = {
        field: pl.coalesce([pl.when(pl.col("chosen") == way).then(pl.col(f"{way}_{field}")) for way in ways])
        for field in ("gap", "v", "h", "n", "filled", "plain")
    }
    sums = sums.with_columns(**{f"sum_{field}": expression for field, expression in picked.items()})
    sums = sums.filter(pl.col("sum_gap").is_not_null(), ~_between())
    unmarked = distance(pl.col("v"), pl.col("h"), pl.col("sum_plain"), pl.col("sum_h")) <= pl.col("s") * DUST
    sums = _shown(sums).with_columns(
        gap=pl.when(unmarked).then(0.0).otherwise("sum_gap"), expected=pl.col("sum_v") / pl.col("factor")
    )
    # A person who is in two rows is one in the total, unless the other columns of persons show that nobody is.
    below = _of_persons(sums, facts) & (pl.col("v") < pl.col("sum_v")) & (pl.col("gap") > DUST)
    counted = ((pl.col("gap") <= DUST) & (pl.col("v") != 0)).any().over("row", _ADDED_AS)
    rule = pl.when(below).then(pl.lit("total_of_persons")).otherwise(pl.lit("total"))
    return as_checks(sums.filter(~below | counted), rule=rule)


def _shown(sums: pl.DataFrame) -> pl.DataFrame:
    """Keep the totals that other columns of their row show to be sums.

    A column shows it that fits, with no fewer rows filled than any other; one that misses by a hundredth or less speaks for it
    as well. Columns of differences follow from the levels beside them: they are not accused, and together they are one column
    where a level misses.
    """
    level = ~pl.col("series").is_in(["deviation", "change_abs"])
    levels = level.sum().over("row") > 1
    fits = (pl.col("sum_gap") <= DUST) & (pl.col("v") != 0)
    misses = (pl.col("sum_gap") > DUST) & (level | ~levels)
    near = misses & ((pl.col("v") - pl.col("sum_v")).abs() <= _NEAR * pl.col("v").abs())
    strong = fits & level & (pl.col("sum_filled") >= pl.col("sum_filled").filter(misses).max().over("row").fill_null(0))
    rows = sums.with_columns(
        strong=(strong | (fits & ~levels)).sum().over("row"),
        missing=misses.sum().over("row"),
        near=near.sum().over("row"),
        fitting=(fits & level).sum().over("row"),
        apart=(fits & ~level).any().over("row").cast(pl.UInt32),
        least_n=pl.col("sum_n").max().over("row"),
    )
    evidence = pl.col("fitting") + pl.col("near") + pl.col("apart")
    one_to_one = (pl.col("strong") == 1) & (pl.col("missing") == 1)
    one_to_one &= (pl.col("dimension") == "money") | (pl.col("sum_n") >= _MIN_ROWS)
    shown = (pl.col("strong") > 0) & (((evidence > 1) & (evidence > pl.col("missing") - pl.col("near"))) | one_to_one)
    hidden = (pl.col("sum_n") < pl.col("least_n")) & (pl.col("v").abs() > pl.col("sum_v").abs())
    return rows.filter((pl.col("sum_gap") <= DUST) | (shown & misses & ~hidden))


def _of_persons(sums: pl.DataFrame, facts: pl.DataFrame) -> pl.Expr:
    """Tell whether a table counts persons or households, by its units, its labels or the heading above it."""
    headings = facts.filter(pl.col("kind") == "persons").select("report", heading="line")
    near = sums.select("report", "line", "table_id").join(headings, on="report")
    near = near.filter(pl.col("heading").is_between(pl.col("line") - _ABOVE, pl.col("line") + _BELOW))
    named = pl.col("label").str.to_lowercase().str.contains(PERSONS)
    return (
        pl.col("dimension").is_in(["persons", "households"]) | named | pl.col("table_id").is_in(near["table_id"].implode())
    ) & (pl.col("dimension") != "money")


def persons(lines: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    """Return the facts (line, kind, what) of headings of tables that count persons or households, who may be in several rows."""
    for number, line in enumerate(lines, start=1):
        if len(line.strip()) <= _HEADING and (match := re.search(_PERSONS_HEADING, line, re.IGNORECASE)):
            yield number, "persons", match[1].lower()


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
            pl.col("dimension").is_in(ADDITIVE),
            pl.col("series") != "change_pct",
        )
        .with_columns(column=pl.struct("table_id", "period", "series", _ADDED_AS, "place").hash())
        .collect()
    )
    own = OWN_LABEL
    labels = (
        tables.select("label")
        .unique()
        .with_columns(
            named=own.str.strip_chars(" .:*").str.contains(TOTAL),
            is_of_which=own.str.contains(_OF_WHICH),
            is_marked=own.str.contains(_MARKED),
        )
    )
    # A figure without a part is the whole of the parts of its own measure.
    whole = pl.col("breakdown").is_null() & (pl.col("breakdown").is_not_null().sum().over("column", "measure") > 1)
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
    """Check a year's figure against its twelve months or four quarters in the same table: their mean or their sum.

    One of the months so far is checked in the same way. The months stand beside it in its row, or a row each above it.
    """
    tables = figures.filter(pl.col("table").is_not_null(), ~pl.col("bounded"), pl.col("series").is_in(["outturn", "budget"]))
    tables = _means_named(tables)
    parts = tables.filter(pl.col("period").str.contains(_SUBPERIOD))
    keys = ["table_id", "measure", "series", "year"]
    sums = parts.group_by([*keys, "part"]).agg(
        total=pl.col("v").sum(),
        slack=pl.col("h").sum(),
        n=pl.col("period").n_unique(),
        cells=pl.len(),
        first=pl.col("line").min(),
        end=pl.col("line").max(),
        rows=pl.col("line").n_unique(),
        until=pl.col("period").str.slice(5).max(),
        last=pl.col("v").sort_by("period").last(),
        last_h=pl.col("h").sort_by("period").last(),
        climbing=(pl.col("v").sort_by("period").diff().min() >= 0) & (pl.col("v").max() > _CLIMB * pl.col("v").min()),
    )
    sums = sums.filter(pl.col("n") > 1, pl.col("n") == pl.col("cells")).unique(keys, keep="none").drop("part")
    beside = (pl.col("rows") == 1) & (pl.col("line") == pl.col("first"))
    above = (pl.col("rows") == pl.col("n")) & (pl.col("line") > pl.col("end"))
    so_far = pl.col("rest").str.extract(_SO_FAR)
    whole = (pl.col("rest") == "") & pl.col("n").is_in([4, 12])
    partly = (so_far == pl.col("until")) & (so_far.cast(pl.UInt32) == pl.col("n"))
    years = tables.join(sums, on=keys).filter(beside | above, whole | partly)
    half = pl.max_horizontal(pl.col("h"), pl.col("s") / 2)
    mean_gap = distance(pl.col("v"), half, pl.col("total") / pl.col("n"), pl.col("slack") / pl.col("n"))
    sum_gap = distance(pl.col("v"), pl.col("h"), pl.col("total"), pl.col("slack"))
    words = _words(years)
    is_mean, is_sum = words.str.contains(MEAN), words.str.contains(r"\bsumma\b|totalt?\b")
    # An amount per household and month is weighted by the households of each month.
    years = years.filter(pl.col("dimension").is_in(ADDITIVE), ~pl.col("measure").str.contains("_per_")).with_columns(
        mean_gap=mean_gap,
        sum_gap=sum_gap,
        # A row below its months is of several columns, of which its name need not say what each is.
        is_mean=beside & is_mean & ~is_sum,
        is_sum=beside & is_sum & ~is_mean,
    )
    mean = pl.col("is_mean") | (~pl.col("is_sum") & (pl.col("mean_gap") < pl.col("sum_gap")))
    years = years.with_columns(mean=mean, dust=pl.col("s") * DUST)
    fits = [(pl.col(f"{kind}_gap") <= pl.col("dust")).sum().over("table_id") for kind in ("mean", "sum")]
    fitting = pl.when("mean").then(fits[0]).otherwise(fits[1])
    # Unique households, amounts since January and the number at the year's end are neither mean nor sum.
    at_end = (pl.col("v") - pl.col("last")).abs() <= pl.col("h") + pl.col("last_h") + pl.col("dust")
    named = pl.when("mean").then("is_mean").otherwise("is_sum")
    events = [name for name, row in vocabulary.measure_index().items() if row["reference_time"] == "year_sum"]
    counted = ~pl.col("mean") & pl.col("measure").is_in(events) & ~pl.col("dimension").is_in(["persons", "households"])
    # One amount of the measure that is the sum of its parts shows that the others are sums as well.
    alike = (pl.col("sum_gap") <= pl.col("dust")).any().over("table_id", "measure")
    paid = ~pl.col("mean") & (pl.col("dimension") == "money") & alike
    told = named | ((counted | paid | (fitting > 1)) & ~at_end & ~pl.col("climbing"))
    gap = pl.when("mean").then("mean_gap").otherwise("sum_gap")
    turned = pl.col("mean") & (pl.col("mean_gap") < pl.col("s") / 2) & (pl.col("mean_gap") > pl.col("dust"))
    expected = pl.when("mean").then(pl.col("total") / pl.col("n")).otherwise(pl.col("total"))
    kind = pl.when("mean").then(pl.lit("mean")).otherwise(pl.lit("year_sum"))
    return as_checks(
        years.with_columns(
            rule=pl.when(turned).then(pl.lit("mean_rounded")).otherwise(kind),
            gap=gap / pl.col("s"),
            expected=expected / pl.col("factor"),
            told=told,
            # What is called the mean of all months of a year that stand beside it is no other number.
            cause=pl.when("mean", "is_mean", pl.col("n") == _MONTHS, pl.col("mean_gap") < _NEAR_MEAN * pl.col("v")).then(
                pl.lit("named")
            ),
            measure="read_as",  # so that the finding is of the very figure
        ).filter(pl.col("told") | (pl.col("gap") <= DUST))
    )


def _parts_elsewhere(figures: pl.DataFrame) -> pl.DataFrame:
    """Check quarters and years against the months or quarters of the same measure in another table: their sum or their mean.

    Two others of the table that hold show which of the two they are.
    """
    tables = figures.filter(pl.col("table").is_not_null(), ~pl.col("bounded"), pl.col("dimension").is_in(ADDITIVE))
    tables = tables.filter(
        pl.col("series") == "outturn", pl.col("measure") != UNKNOWN, pl.col("rest").str.contains(r"^(?:-\d\d|-Q\d|)$")
    )
    month = pl.col("rest").str.extract(r"^-(\d\d)$").cast(pl.Int32)
    quarter = pl.when(month.is_not_null()).then(pl.format("-Q{}", (month - 1) // 3 + 1))
    keys = ["report", "measure", "part", "dimension", "year"]
    found = []
    for whole, wanted, parts in (
        (quarter, 3, month.is_not_null()),
        (pl.lit(""), 12, month.is_not_null()),
        (pl.lit(""), 4, pl.col("rest").str.contains("Q")),
    ):
        sums = (
            tables.filter(parts)
            .with_columns(rest=whole)
            .group_by([*keys, "rest", "table_id"])
            .agg(
                n=pl.col("period").n_unique(),
                cells=pl.len(),
                total=pl.col("v").sum(),
                slack=pl.col("h").sum(),
                lines=line_list(pl.col("line").unique().sort()),
            )
        )
        sums = sums.filter(pl.col("n") == wanted, pl.col("cells") == wanted).rename({"table_id": "of"}).drop("n", "cells")
        found.append(
            tables.join(sums, on=[*keys, "rest"]).filter(pl.col("table_id") != pl.col("of")).with_columns(n=pl.lit(wanted))
        )
    rows = pl.concat(found)
    over = ["table_id", "of", "n"]
    half = pl.max_horizontal(pl.col("h"), pl.col("s") / 2)
    checks = []
    for rule, by, own in (("year_sum", 1, pl.col("h")), ("mean", pl.col("n"), half)):
        gap = distance(pl.col("v"), own, pl.col("total") / by, pl.col("slack") / by) / pl.col("s")
        held = rows.with_columns(gap=gap, expected=pl.col("total") / by / pl.col("factor")).with_columns(
            holding=(pl.col("gap") <= DUST).sum().over(over), failing=(pl.col("gap") > DUST).sum().over(over)
        )
        shown = (pl.col("holding") > 1) & (pl.col("failing") <= 1)
        checks.append(as_checks(held.filter(shown | (pl.col("gap") <= DUST)), rule=rule))
    return joined(checks)


def _words(figures: pl.DataFrame) -> pl.Expr:
    """Return the words that say of which kind a year's figure is: its own, and of its column where the reader names columns."""
    heading = [pl.col("column_label").fill_null("")] if "column_label" in figures.columns else []
    return pl.concat_str(pl.col("label"), pl.col("breakdown").fill_null(""), *heading, separator=" ").str.to_lowercase()


def _means_named(tables: pl.DataFrame) -> pl.DataFrame:
    """Return cells of tables; what is called a mean has the measure of the months in its row, where they have one.

    What it is read to measure itself is `read_as`.
    """
    month = pl.col("period").str.contains(_SUBPERIOD)
    row = ["table_id", "row", "series", "dimension", "year"]
    of_months = pl.col("measure").filter(month)
    of_all = (pl.col("rest") == "") | pl.col("rest").str.contains(_SO_FAR)
    one = (of_months.n_unique().over(row) == 1) & of_all & _words(tables).str.contains(MEAN)
    return tables.with_columns(read_as="measure", measure=pl.when(one).then(of_months.first().over(row)).otherwise("measure"))
