"""Reuse: what is printed right and easily read wrong by whoever takes the figure: signs, labels, orders and empty cells."""

from __future__ import annotations

import polars as pl

from socialvolym import vocabulary
from socialvolym.audit.check_table import as_checks, joined, line_list, one_a_table
from socialvolym.notation.intervals import DUST, outside

_LEVELS = ["outturn", "budget", "forecast", "plan"]
#: Units of what is counted, which a reader without hints cannot tell apart.
_COUNTED = ("persons", "households", "count", "placements_per_year", "household_months")
_YEAR, _LEAP_YEAR = 365, 366
_LAST_LABEL = pl.col("label").str.split(": ").list.last().str.strip_chars()


def check(observations: pl.DataFrame, figures: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """Return the checks of traps for reuse.

    Parameters
    ----------
    observations : the observations, also those without a value.
    figures : the prepared figures.
    facts : report and text_facts.FACT_SCHEMA.
    """
    tables = figures.filter(pl.col("table").is_not_null())
    return joined(
        [
            _cost_signs(tables),
            _year_orders(tables),
            _stale_columns(tables),
            _notes_as_labels(tables),
            _repeated_labels(tables),
            _repeated_totals(tables),
            _household_months(tables),
            _placement_months(tables),
            _gaps_in_rows(observations, facts),
        ]
    )


def _cost_signs(tables: pl.DataFrame) -> pl.DataFrame:
    """Find reports whose costs have a minus sign in some tables and none in others."""
    costs = tables.filter(
        pl.col("measure").is_in(vocabulary.having_role(tables["measure"].unique(), *vocabulary.COSTS)),
        pl.col("series").is_in(_LEVELS),
        pl.col("dimension") == "money",
        pl.col("v") != 0,
    )
    signs = costs.group_by("report", "table").agg(
        pl.col("line", "page", "published_as", "measure", "label").sort_by("line").first(),
        negative=(pl.col("v") < 0).mean(),
        cells=pl.len(),
    )
    signs = signs.filter(pl.col("cells") > 2, (pl.col("negative") < 0.2) | (pl.col("negative") > 0.8)).sort("report", "line")
    return _unlike_the_first(signs.with_columns(way=pl.col("negative") > 0.5), "cost_sign")


def _year_orders(tables: pl.DataFrame) -> pl.DataFrame:
    """Find reports whose tables print the years from left to right in some and from right to left in others."""
    years = tables.filter(pl.col("series") == "outturn", pl.col("rest") == "", pl.col("year").is_not_null())
    rows = years.sort("i").group_by("report", "table", "row", "measure", "part", maintain_order=True)
    steps = rows.agg(
        pl.col("line", "page", "published_as", "label").first(), step=pl.col("year").diff().sum(), years=pl.col("year").n_unique()
    )
    ordered = (
        steps.filter(pl.col("years") > 1, pl.col("step") != 0)
        .group_by("report", "table", maintain_order=True)
        .agg(pl.col("line", "page", "published_as", "label").first(), way=pl.col("step").first() > 0)
    )
    return _unlike_the_first(ordered.sort("report", "line"), "year_order")


def _stale_columns(tables: pl.DataFrame) -> pl.DataFrame:
    """Find tables with an outturn and the forecast of the year after it, a year behind such a table of the same report."""
    whole = tables.filter(pl.col("rest") == "", pl.col("series").is_in(["outturn", "forecast"]))
    ends = whole.group_by("report", "table").agg(
        pl.col("line", "page", "published_as").sort_by("line").first(),
        outturn=pl.col("year").filter(pl.col("series") == "outturn").max(),
        forecast=pl.col("year").filter(pl.col("series") == "forecast").min(),
    )
    ends = ends.filter(pl.col("forecast") == pl.col("outturn") + 1).sort("report", "line")
    last = pl.col("forecast").max().over("report")
    newest = pl.col("line").filter(pl.col("forecast") == pl.col("forecast").max()).first().over("report")
    return as_checks(
        ends, rule="stale_columns", gap=last - pl.col("forecast"), published=pl.col("forecast"), other=last, lines=newest
    )


def _unlike_the_first(tables: pl.DataFrame, rule: str) -> pl.DataFrame:
    """Check each table's way of printing against that of the report's first table."""
    first, usual = pl.col("line").first().over("report").cast(pl.String), pl.col("way").first().over("report")
    return as_checks(tables, rule=rule, gap=pl.col("way") != usual, lines=first, other=first)


def _notes_as_labels(tables: pl.DataFrame) -> pl.DataFrame:
    """Find figures on a line whose label is the text of a footnote."""
    rows = tables.unique(["report", "table", "row"], keep="first", maintain_order=True)
    return as_checks(rows, rule="note_as_label", gap=_LAST_LABEL.str.starts_with("*"), published=_LAST_LABEL)


def _repeated_labels(tables: pl.DataFrame) -> pl.DataFrame:
    """Find labels that stand under several headings of one table, for figures in different units."""
    levels = tables.filter(pl.col("series").is_in(_LEVELS), pl.col("label").str.contains(": "))
    labels = levels.group_by("report", "table", own=_LAST_LABEL).agg(
        pl.col("line", "page", "measure").sort_by("line").first(),
        units=pl.col("unit").replace(dict.fromkeys(_COUNTED, "count")).n_unique(),
        headings=pl.col("label").n_unique(),
        lines=line_list(pl.col("line").unique().sort().slice(1)),
    )
    labels = labels.with_columns(gap=((pl.col("units") > 1) & (pl.col("headings") > 1)).cast(pl.Float64), published=pl.col("own"))
    one = labels.sort("report", "table", -pl.col("gap"), "line").unique(["report", "table"], keep="first", maintain_order=True)
    return as_checks(one, rule="repeated_label")


def _repeated_totals(tables: pl.DataFrame) -> pl.DataFrame:
    """Find totals with one label and different figures in one table, which has no total of them."""
    totals = tables.filter(pl.col("label").str.to_lowercase().str.contains(r"^(?:summa|totalt?|sammanlagt)\b"))
    totals = totals.filter(pl.col("series").is_in(_LEVELS))
    labels = totals.group_by("report", "table", "label", "measure", "part", "period", "series").agg(
        pl.col("line", "page", "published_as").sort_by("line").last(),
        values=pl.col("v").n_unique(),
        sum=pl.col("v").unique().sum(),
        rows=pl.col("row").n_unique(),
        lines=line_list(pl.col("line").unique().sort().slice(0, pl.col("line").n_unique() - 1)),
    )
    whole = tables.group_by("report", "table", "period", "series").agg(cells=pl.col("v").unique())
    labels = labels.join(whole, on=["report", "table", "period", "series"], how="left", maintain_order="left")
    added = pl.col("cells").list.contains(pl.col("sum"))
    wrong = ((pl.col("values") > 1) & (pl.col("rows") > 1) & ~added).cast(pl.Float64)
    one = labels.with_columns(gap=wrong).sort("gap", descending=True).unique(["report", "table", "label"], keep="first")
    return as_checks(one.with_columns(published=pl.col("label")).sort("report", "line"), rule="repeated_total")


def _household_months(tables: pl.DataFrame) -> pl.DataFrame:
    """Find sums of months of households whose label says households."""
    months = tables.filter(pl.col("unit") == "household_months", pl.col("series").is_in(_LEVELS))
    rows = months.unique(["report", "table", "row"], keep="first", maintain_order=True).drop("period", "series")
    silent = ~pl.col("label").str.to_lowercase().str.contains("månad|ackumulera|summ")
    # It is about the row, whichever of its years are told.
    return as_checks(rows, rule="household_months", gap=silent)


def _placement_months(tables: pl.DataFrame) -> pl.DataFrame:
    """Find numbers placed at a time, on average, whose label can be read as months of placement."""
    placed = tables.filter(pl.col("label").str.to_lowercase().str.contains(r"\bmånadsplac"), pl.col("series").is_in(_LEVELS))
    days = tables.filter(pl.col("label").str.to_lowercase().str.contains(r"\b(?:genomsnitt\w*|snitt) dagar\b"))
    persons = tables.filter(pl.col("label").str.to_lowercase().str.contains(r"^antal (?:personer|barn|placerade)"))
    keys = ["report", "period"]
    rows = (
        placed.unique([*keys, "v"], keep="first", maintain_order=True)
        .join(days.select(*keys, days="v", days_h="h", days_line="line"), on=keys)
        .join(persons.select(*keys, persons="v").unique(), on=keys)
    )
    low, high = ((pl.col("days") + sign * pl.col("days_h")) * pl.col("persons") for sign in (-1, 1))
    fits = outside(pl.col("v"), pl.col("h"), low / _LEAP_YEAR, high / _YEAR) <= DUST
    one = (
        rows.with_columns(fits=fits)
        .sort("report", "line", "period", "days_line")
        .group_by("report", maintain_order=True)
        .agg(
            pl.col("line", "page", "table", "measure", "label", "published_as").first(),
            gap=(pl.col("fits").sum() > 1).cast(pl.Float64),
            lines=pl.col("days_line").first().cast(pl.String),
        )
    )
    return as_checks(one, rule="placement_months")


def _gaps_in_rows(observations: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """Find rows with an empty cell before a printed one, in documents whose columns are not separated by tabs."""
    cells = observations.filter(
        pl.col("table").is_not_null(), pl.col("line").is_not_null(), pl.col("series") != "change_pct", pl.col("kind") == "table"
    )
    tabbed = facts.filter(pl.col("kind") == "tabs").select("report").unique()
    marked = facts.filter(pl.col("kind") == "lone_mark").select("report", "line")
    cells = cells.join(tabbed, on="report", how="anti", maintain_order="left")
    cells = cells.join(marked, on=["report", "line"], how="anti", maintain_order="left")
    empty = pl.col("published_as").fill_null("") == ""
    rows = (
        cells.with_columns(empty=empty, run=pl.struct("report", "table", "label", "line").rle_id())
        .group_by("run", maintain_order=True)
        .agg(
            pl.col("report", "page", "line", "table", "measure", "label").first(),
            printed=(~pl.col("empty")).sum(),
            other=pl.col("empty").sum(),
            gap=(pl.col("empty") & ~pl.col("empty").shift(-1)).any(),
            published=pl.col("published_as").filter(~pl.col("empty")).str.join(" | "),
        )
        .filter(pl.col("printed") > 0)
    )
    rows = rows.with_columns(cause=pl.when(pl.col("other") > 1).then(pl.lit("several")))
    return one_a_table(rows, "gap_in_row")
