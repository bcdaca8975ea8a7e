"""Mixed rows: rows and columns of one table that look alike and hold different things (net cost and result, net and gross)."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from socialvolym.audit.check_table import OWN_LABEL, as_checks, joined, line_list, one_a_table
from socialvolym.reports.models import RawReport

_LAST_LABEL = OWN_LABEL.str.strip_chars(" .:*")
_RESULT = r"^(?:årets |periodens |nämndens )?resultat(?:et)?$"
#: The part of a table's largest amount above which a budgeted result is no result.
_LARGE = 0.5
_NET, _WHOLE = r"\bnettokostnad", r"\b(?:totalkostnad|bruttokostnad|total kostnad)"
#: How many equal cells, of so many different digits, make a copy.
_COPIED, _DIGITS = 8, 100.0
_ROW = ["report", "table", "row", "measure", "part"]


def check(observations: pl.DataFrame, figures: pl.DataFrame, facts: pl.DataFrame, reports: Sequence[RawReport]) -> pl.DataFrame:
    """Return the checks of rows and columns that are no one thing.

    Parameters
    ----------
    observations : the observations, also those without a value.
    figures : the prepared figures.
    facts : report and text_facts.FACT_SCHEMA.
    reports : the raw reports; only those that were read by hints keep the marks of empty cells.
    """
    hinted = [raw.report.id for raw in reports if raw.report.reader != "general"]
    tables = figures.filter(pl.col("table").is_not_null())
    return joined(
        [
            _results(tables),
            _deviations_as_shares(tables),
            _net_and_whole(tables),
            _copied_forecasts(tables),
            _blank_columns(observations.filter(pl.col("report").is_in(hinted)), facts),
        ]
    )


def _results(tables: pl.DataFrame) -> pl.DataFrame:
    """Find rows that are called the result and hold the net cost: a committee's result is budgeted at nothing or little."""
    money = tables.filter(pl.col("dimension") == "money", pl.col("series").is_in(["outturn", "budget"]))
    largest = pl.col("v").abs().max().over("report", "table")
    rows = money.with_columns(large=pl.col("v").abs() > _LARGE * largest).filter(_LAST_LABEL.str.contains(_RESULT))
    merged = rows.group_by("report", "table", "row", maintain_order=True).agg(
        pl.col("line", "page", "measure", "label").first(),
        published=pl.col("published_as").first(),
        both=pl.col("series").n_unique() > 1,
        gap=pl.col("large").all().cast(pl.Float64),
    )
    return as_checks(merged.filter("both"), rule="net_cost_as_result")


def _deviations_as_shares(tables: pl.DataFrame) -> pl.DataFrame:
    """Find rows of a deviation whose targets are 100 per cent: a degree of fulfilment, not a deviation."""
    rows = tables.filter(
        pl.col("label").str.to_lowercase().str.contains(r"\bbudgetavvikelse|\bavvikelse"), pl.col("unit") == "percent"
    )
    ahead = pl.col("series").is_in(["target", "budget", "plan"])
    merged = rows.group_by("report", "table", "row", maintain_order=True).agg(
        pl.col("line", "page", "measure", "label").first(),
        published=pl.col("published_as").filter(pl.col("series") == "outturn").first(),
        other=pl.col("published_as").filter(ahead).first(),
        whole=(pl.col("v").filter(ahead) == 100.0).all() & (ahead.sum() > 0),
        outturn=pl.col("v").filter(pl.col("series") == "outturn").abs().max(),
    )
    known = merged.filter(pl.col("outturn").is_not_null())
    wrong = pl.col("whole") & (pl.col("outturn") < 50)
    return as_checks(known, rule="deviation_as_share", gap=wrong)


def _net_and_whole(tables: pl.DataFrame) -> pl.DataFrame:
    """Find tables of blocks in which some blocks have their net cost, others their whole cost, and none has both."""
    costs = tables.filter(pl.col("dimension") == "money", pl.col("label").str.contains(": ")).with_columns(
        own=_LAST_LABEL, block=pl.col("label").str.split(": ").list.first()
    )
    kinds = costs.with_columns(net=pl.col("own").str.contains(_NET), whole=pl.col("own").str.contains(_WHOLE))
    kinds = kinds.filter(pl.col("net") | pl.col("whole"))
    blocks = kinds.group_by("report", "table", "block", maintain_order=True).agg(
        pl.col("line", "page", "measure").first(),
        published=pl.col("label").str.split(": ").list.last().first(),
        net=pl.col("net").any(),
        whole=pl.col("whole").any(),
    )
    merged = blocks.group_by("report", "table", maintain_order=True).agg(
        pl.col("line", "page", "measure", "published").sort_by(~pl.col("net"), maintain_order=True).first(),
        lines=line_list(pl.col("line").sort_by(~pl.col("net"), maintain_order=True).slice(1)),
        other=pl.col("published").filter(pl.col("whole")).first(),
        mixed=pl.col("net").any() & pl.col("whole").any() & ~(pl.col("net") & pl.col("whole")).any(),
    )
    return as_checks(merged, rule="net_and_whole", gap=pl.col("mixed"))


def _copied_forecasts(tables: pl.DataFrame) -> pl.DataFrame:
    """Find blocks of rows whose forecast is the year's budget in every cell, volumes and costs alike."""
    levels = tables.filter(pl.col("series").is_in(["budget", "forecast"]), pl.col("rest") == "")
    sides = [levels.filter(pl.col("series") == series) for series in ("budget", "forecast")]
    keys = [*_ROW, "year", "unit"]
    both = sides[0].join(sides[1].select(*keys, forecast="v"), on=keys, nulls_equal=True)
    both = both.with_columns(
        block=pl.col("label").str.split(": ").list.first(),
        same=pl.col("v") == pl.col("forecast"),
        size=pl.col("v").abs() / pl.col("s"),
    )
    blocks = both.group_by("report", "table", "block", maintain_order=True).agg(
        pl.col("line", "page", "measure", "published_as").first(),
        same=pl.col("same").all(),
        cells=(pl.col("size") >= _DIGITS).sum(),
        units=pl.col("unit").n_unique(),
    )
    copied = pl.col("same") & (pl.col("cells") > 1) & (pl.col("units") > 1)
    merged = (
        blocks.with_columns(copied=copied)
        .group_by("report", "table", maintain_order=True)
        .agg(
            pl.col("line", "page", "measure", "published_as").sort_by(~pl.col("copied"), maintain_order=True).first(),
            cells=pl.col("cells").filter("copied").sum(),
            lines=line_list(pl.col("line").filter("copied").slice(1)),
        )
    )
    return as_checks(merged, rule="copied_forecast", series="forecast", gap=pl.col("cells") >= _COPIED)


def _blank_columns(observations: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """Find rows with fewer cells than the table has columns, that are not its first ones, where nothing marks the empty ones.

    A row with a deviation beside what it is the deviation of shows by its arithmetic which columns it has.
    """
    cells = observations.filter(pl.col("table").is_not_null(), pl.col("line").is_not_null(), pl.col("kind") == "table")
    tabbed = facts.filter(pl.col("kind") == "tabs").select("report").unique()
    cells = cells.join(tabbed, on="report", how="anti", maintain_order="left")
    column = pl.concat_str("period", "series", pl.col("unit").eq("percent").cast(pl.String), separator="|", ignore_nulls=True)
    rows = (
        cells.with_columns(column=column, run=pl.struct("report", "table", "label", "breakdown").rle_id())
        .group_by("run", maintain_order=True)
        .agg(
            pl.col("report", "page", "line", "table", "measure", "label").first(),
            columns=pl.col("column"),
            periods=pl.col("period").unique(),
            empty=(pl.col("published_as").fill_null("") == "").any(),
            proved=(pl.col("series") == "deviation").any() & (pl.col("series") != "deviation").any(),
            published=pl.col("published_as").str.join(" | "),
        )
        .with_columns(cells=pl.col("columns").list.len())
    )
    longest = pl.col("cells") == pl.col("cells").max().over("report", "table")
    full = rows.filter(longest).unique(["report", "table"], keep="first", maintain_order=True)
    full = full.select("report", "table", full=pl.col("columns"), full_periods=pl.col("periods"), n="cells")
    rows = rows.join(full, on=["report", "table"], maintain_order="left").filter(pl.col("n") > 2, ~pl.col("empty"))
    first = pl.col("columns") == pl.col("full").list.head(pl.col("cells"))
    known = pl.col("periods").list.set_difference("full_periods").list.len() == 0
    failing = ~first & known & ~pl.col("proved") & (pl.col("cells") < pl.col("n"))
    return one_a_table(rows.with_columns(gap=failing), "blank_columns", fewest=2)
