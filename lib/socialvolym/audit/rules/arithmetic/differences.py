"""Differences: deviations from budget, changes between years, and percentages of them, against the levels they are taken of."""

from __future__ import annotations

import polars as pl

from socialvolym import vocabulary
from socialvolym.audit.check_table import as_checks, joined
from socialvolym.audit.rules.arithmetic import bases
from socialvolym.audit.rules.arithmetic.bases import FIELDS
from socialvolym.notation.intervals import DUST, distance, outside, quotient, truncated
from socialvolym.notation.periods import DIFFERENCES
from socialvolym.vocabulary import UNKNOWN

#: Which series comes first where several have two following years.
_SERIES = {"outturn": 0, "budget": 1, "plan": 2, "target": 3}
#: What a figure is of, and its year, whichever day of it.
_OF_YEAR = ("year", "measure", "part")
#: The part of a table's rows from which on they are most of them.
_MOST = 0.5


def check(figures: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """Return the checks of all differences and of percentages against their base.

    Parameters
    ----------
    figures : the prepared figures.
    facts : report and text_facts.FACT_SCHEMA.
    """
    if figures.filter(pl.col("series").is_in(DIFFERENCES)).is_empty():
        return joined([])
    levels = bases.settled(figures, _level_pairs(figures), bases.open_lines(facts))
    absolute = _absolute(figures, levels)
    return joined([_differences(absolute), _sign_flips(absolute), _percentages(figures, levels), _conventions(absolute, facts)])


def _levels(figures: pl.DataFrame, within: str = "table_id") -> pl.DataFrame:
    """Return one level a figure, table (or row) and series: the most precisely printed one.

    A figure with several contradicting values in one table (or row) names no single figure and is left out.
    """
    order = pl.col("series").replace_strict(_SERIES, default=None, return_dtype=pl.UInt8)
    tables = figures.lazy().filter(pl.col("table").is_not_null(), ~pl.col("bounded"), pl.col("series").is_in(list(_SERIES)))
    spread = (
        tables.with_columns(order=order)
        .group_by("figure", within, "order")
        .agg(
            pl.col("figure_all_years", "year", "dimension", "measure", "part").first(),
            pl.col("v", "h", "line").get(pl.col("h").arg_min()),
            apart=pl.col("v").max() - pl.col("v").min(),
            dimensions=pl.col("dimension").n_unique(),
            slack=2 * pl.col("h").max(),
        )
        .filter(pl.col("apart") <= pl.col("slack"), pl.col("dimensions") == 1)
    )
    return spread.drop("apart", "dimensions", "slack").collect()


def _of_reports(tables: pl.DataFrame, figures: pl.DataFrame) -> pl.DataFrame:
    """Return one level a figure of a report and series: the most precise one of its tables.

    One table prints its costs with a minus and another without: those of the first are turned, for one of each is no pair.
    """
    costs = vocabulary.having_role(figures["measure"].unique(), *vocabulary.COSTS)
    levels = figures.filter(pl.col("measure").is_in(costs), pl.col("series").is_in(list(_SERIES)), pl.col("v") != 0)
    minus = levels.group_by("table_id").agg(negative=(pl.col("v") < 0).mean()).filter(pl.col("negative") > _MOST)
    turned = pl.col("table_id").is_in(minus["table_id"].implode()) & pl.col("figure").is_in(levels["figure"].implode())
    signed = tables.with_columns(v=pl.when(turned).then(-pl.col("v")).otherwise("v"))
    return signed.sort("h", "line").unique(["figure", "order"], keep="first", maintain_order=True)


def _budget_pairs(levels: pl.DataFrame) -> pl.DataFrame:
    """Return outturn (a_*) and budget (b_*) of each figure."""
    sides = [
        levels.filter(pl.col("order") == _SERIES[series]).select("figure", *[pl.col(f).alias(f"{side}_{f}") for f in FIELDS])
        for side, series in (("a", "outturn"), ("b", "budget"))
    ]
    return sides[0].join(sides[1], on="figure")


def _year_pairs(levels: pl.DataFrame, *within: str) -> pl.DataFrame:
    """Return each figure (a_*) with the same figure of the year before (b_*), of the first series that has both."""
    keys = ["figure_all_years", "order", *within]
    before = levels.select(*keys, pl.col("year") + 1, *[pl.col(f).alias(f"b_{f}") for f in FIELDS])
    both = levels.rename({f: f"a_{f}" for f in FIELDS}).join(before, on=[*keys, "year"])
    return (
        both.sort("order", maintain_order=True)
        .unique(["figure", *within], keep="first", maintain_order=True)
        .select("figure", *_OF_YEAR, *within, *[f"{side}_{f}" for side in "ab" for f in FIELDS])
    )


def _level_pairs(figures: pl.DataFrame) -> pl.DataFrame:
    """Return what each printed difference is taken of (columns i, a_*, b_*): outturn and budget, or this year and the last."""
    wanted = (
        figures.lazy()
        .filter(pl.col("series").is_in(DIFFERENCES), ~pl.col("bounded"))
        .select(
            "i",
            "figure",
            "row",
            "table_id",
            *_OF_YEAR,
            deviation=pl.col("series") == "deviation",
            tabled=pl.col("table").is_not_null(),
            named=pl.col("measure") != UNKNOWN,
        )
        .collect()
    )
    deviations, changes = wanted.filter("deviation"), wanted.filter(~pl.col("deviation"))
    levels = _levels(figures)
    tabled = changes.filter("tabled")
    of_rows = _year_pairs(_levels(figures, "row"), "row")
    on_row = _join(tabled, of_rows, "figure", "row")
    # What is counted on one day of each year has changed by the year.
    by_year = tabled.join(on_row, on="i", how="anti").filter(pl.col("year").is_not_null())
    on_row = pl.concat([on_row, _join(by_year, of_rows.unique(["row", *_OF_YEAR], keep="none"), "row", *_OF_YEAR)])
    elsewhere = tabled.join(on_row, on="i", how="anti")
    in_table = pl.concat([on_row, _join(elsewhere, _year_pairs(levels, "table_id"), "figure", "table_id")])
    # A row that is known by its label alone ("Summa") is another thing in another table.
    far = changes.join(in_table, on="i", how="anti").filter(pl.col("named") | ~pl.col("tabled"))
    whole = _of_reports(levels, figures)
    return pl.concat(
        [
            _join(deviations.filter("tabled"), _budget_pairs_of_rows(figures), "figure", "row"),
            _join(deviations.filter(~pl.col("tabled")), _budget_pairs(whole), "figure"),
            in_table,
            _join(far, _year_pairs(whole), "figure"),
        ]
    )


def _join(differences: pl.DataFrame, pairs: pl.DataFrame, *keys: str) -> pl.DataFrame:
    return differences.join(pairs, on=keys).select("i", *bases.SIDES)


def _budget_pairs_of_rows(figures: pl.DataFrame) -> pl.DataFrame:
    """Return outturn and budget of one figure on one row, where the row has one of each."""
    tables = figures.lazy().filter(~pl.col("bounded"), pl.col("table").is_not_null())
    sides = [
        tables.filter(pl.col("series") == series)
        .select("row", "figure", *[pl.col(f).alias(f"{side}_{f}") for f in FIELDS])
        .unique(["row", "figure"], keep="none")
        for side, series in (("a", "outturn"), ("b", "budget"))
    ]
    both = sides[0].join(sides[1], on=["row", "figure"])
    return both.filter(pl.col("a_dimension") == pl.col("b_dimension")).collect()


def _absolute(figures: pl.DataFrame, levels: pl.DataFrame) -> pl.DataFrame:
    """Return the absolute differences with their gap under both sign conventions, and which fits how often in their table."""
    rows = figures.join(levels, on="i").filter(pl.col("dimension") != "percent", pl.col("series") != "change_pct")
    rows = rows.with_columns(slack=pl.col("a_h") + pl.col("b_h"))
    a_minus_b = pl.col("a_v") - pl.col("b_v")
    rows = rows.with_columns(
        gap_plus=distance(pl.col("v"), pl.col("h"), a_minus_b, pl.col("slack")),
        gap_minus=distance(pl.col("v"), pl.col("h"), -a_minus_b, pl.col("slack")),
    )
    fits, dust = {}, pl.col("s") * DUST
    for sign in ("plus", "minus"):
        fits[f"only_{sign}"] = (pl.col(f"gap_{sign}") <= dust) & (pl.col(f"gap_{'minus' if sign == 'plus' else 'plus'}") > dust)
    over = ["table_id", "series"]
    return rows.with_columns(**fits).with_columns(
        pluses=pl.col("only_plus").sum().over(over), minuses=pl.col("only_minus").sum().over(over)
    )


def _differences(rows: pl.DataFrame) -> pl.DataFrame:
    gap = pl.min_horizontal("gap_plus", "gap_minus")
    reversed_ = (pl.col("minuses") > pl.col("pluses")) | (
        (pl.col("minuses") == pl.col("pluses")) & (pl.col("gap_minus") < pl.col("gap_plus"))
    )
    expected = pl.when(reversed_).then(pl.col("b_v") - pl.col("a_v")).otherwise(pl.col("a_v") - pl.col("b_v"))
    size = (pl.col("a_v") - pl.col("b_v")).abs()
    cut = truncated(pl.col("v"), pl.col("s"), size - pl.col("slack"), size + pl.col("slack")) & (gap < pl.col("s"))
    kind = pl.when(pl.col("series") == "deviation").then(pl.lit("deviation")).otherwise(pl.lit("change"))
    return as_checks(
        rows,
        rule=pl.when(cut & (gap > pl.col("s") * DUST)).then(pl.lit("truncated")).otherwise(kind),
        gap=gap / pl.col("s"),
        expected=expected / pl.col("factor"),
        lines=_lines(),
    )


def _sign_flips(rows: pl.DataFrame) -> pl.DataFrame:
    """Find rows whose sign follows the other convention than the rest of their table."""
    judged = rows.filter(pl.col("table").is_not_null(), pl.col("pluses") + pl.col("minuses") > 2)
    usual = pl.col("pluses") >= pl.col("minuses")
    odd = (usual & pl.col("only_minus")) | (~usual & pl.col("only_plus"))
    clear = pl.max_horizontal("pluses", "minuses") >= 3 * pl.min_horizontal("pluses", "minuses")
    return as_checks(judged, rule="sign_flip", gap=odd & clear, expected=-pl.col("value"))


def _percentages(figures: pl.DataFrame, levels: pl.DataFrame) -> pl.DataFrame:
    """Check percentages of a difference: 100 * (a - b) / |b|, b the budget or the year before."""
    percents = figures.join(levels, on="i").filter(pl.col("dimension") == "percent")
    low, high = quotient(pl.col("a_v"), pl.col("a_h"), pl.col("b_v"), pl.col("b_h"))
    rows = percents.with_columns(low=100 * (low - 1), high=100 * (high - 1)).filter(pl.col("low").is_not_null())
    amounts = vocabulary.having_role(figures["measure"].unique(), *vocabulary.COSTS, "revenue", "result", "grant")
    money = pl.col("series").eq("deviation") | pl.col("measure").is_in(amounts)
    direct = outside(pl.col("v"), pl.col("h"), pl.col("low"), pl.col("high"))
    turned = outside(-pl.col("v"), pl.col("h"), pl.col("low"), pl.col("high"))
    points = distance(pl.col("v"), pl.col("h"), pl.col("a_v") - pl.col("b_v"), pl.col("a_h") + pl.col("b_h"))
    of_percents = pl.col("a_dimension") == "percent"
    rows = rows.with_columns(
        excess=pl.when(money)
        .then(pl.min_horizontal(direct, turned))
        .when(of_percents)
        .then(pl.min_horizontal(direct, points))
        .otherwise(direct)
    )
    exact = 100 * ((pl.col("a_v") * pl.col("b_v").sign()) / pl.col("b_v").abs() - 1)
    expected = pl.when(money & (turned < direct)).then(-exact).otherwise(exact)
    fails = pl.col("excess") > pl.col("s") * DUST
    cut = truncated(pl.col("v"), pl.col("s"), pl.col("low"), pl.col("high")) & (pl.col("excess") < pl.col("s"))
    other = _other_base()
    table_fails = fails.sum().over("table_id", "series")
    explained = (fails & other).sum().over("table_id", "series") == table_fails
    rule = (
        pl.when(fails & cut)
        .then(pl.lit("truncated"))
        .when(fails & other & explained & pl.col("table").is_not_null())
        .then(pl.lit("other_base"))
        .otherwise(pl.lit("percentage"))
    )
    rows = rows.with_columns(expected=expected / pl.col("factor"), lines=_lines())
    relative = of_percents & (pl.col("series") == "change_pct") & (direct <= pl.col("s") * DUST) & (points > pl.col("s"))
    return joined(
        [
            as_checks(rows, rule=rule, gap=pl.col("excess") / pl.col("s")),
            as_checks(
                rows.filter(pl.col("table").is_not_null()),
                rule="relative_of_share",
                gap=relative,
                expected=pl.col("a_v") - pl.col("b_v"),
                decimals=1,
            ),
        ]
    )


def _other_base() -> pl.Expr:
    """Tell whether the percentage is right when it is taken of a instead of b."""
    low, high = quotient(pl.col("b_v"), pl.col("b_h"), pl.col("a_v"), pl.col("a_h"))
    low, high = 100 * (1 - high), 100 * (1 - low)
    sizes = low.abs(), high.abs()
    fits = outside(pl.col("v").abs(), pl.col("h"), pl.min_horizontal(sizes), pl.max_horizontal(sizes))
    return (fits <= pl.col("s") * DUST).fill_null(False)


def _lines() -> pl.Expr:
    """Return the lines of the levels where they are not the figure's own."""
    return pl.concat_str(
        [pl.when(pl.col(f"{side}_line") != pl.col("line")).then(pl.col(f"{side}_line").cast(pl.String)) for side in ("a", "b")],
        separator=", ",
        ignore_nulls=True,
    )


def _conventions(absolute: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """Find tables of money in one report whose deviations count in different directions; those of volumes and staff have no sign.

    Where the report says what a minus sign means, outturn minus budget of costs with a minus sign is the same as budget minus
    outturn of costs without one. Where it does not, the printed signs of the costs say whether a plus means the same (the rule is
    then sign_agrees) or not (the cause is "opposite"); nothing says so where costs are printed with either sign.
    """
    rows = absolute.filter(
        pl.col("table").is_not_null(), pl.col("series") == "deviation", ~pl.col("moved"), pl.col("a_dimension") == "money"
    )
    stated = pl.col("report").first().is_in(facts.filter(pl.col("kind") == "sign_stated")["report"].implode())
    level = (pl.col("a_v") + pl.col("b_v")).filter(pl.col("a_v") + pl.col("b_v") != 0)
    negative = (level < 0).mean() > _MOST
    tables = rows.group_by("report", "table").agg(
        pl.col("line", "page", "published_as", "measure").sort_by("line").first(),
        plus=(pl.col("pluses") > pl.col("minuses")).first() != (stated & negative.fill_null(False)),
        negative=pl.when(negative).then(True).when((level > 0).mean() > _MOST).then(False),
        judged=(pl.col("pluses") + pl.col("minuses")).first() > 0,
    )
    tables = tables.filter(pl.col("judged")).sort("report", "line")
    first, signs = (pl.col(name).first().over("report") for name in ("plus", "negative"))
    return as_checks(
        tables,
        rule=pl.when(pl.col("negative") != signs).then(pl.lit("sign_agrees")).otherwise(pl.lit("sign_convention")),
        gap=pl.col("plus") != first,
        cause=pl.when(pl.col("negative") == signs).then(pl.lit("opposite")),
        lines=pl.col("line").first().over("report"),
        other=pl.col("line").first().over("report"),
    )
