"""Text against tables: what sentences and lines say (text/statements.py), held against the rows of tables that they name."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from socialvolym.audit.check_table import OWN_LABEL, as_checks, joined
from socialvolym.audit.rules.arithmetic.totals import TOTAL
from socialvolym.audit.text.passages import FACTORS, UNITS, numbered
from socialvolym.audit.text.patterns import pattern
from socialvolym.audit.text.text_facts import checks_of, parts, rule_of
from socialvolym.extraction.prose.naming import same_subject
from socialvolym.notation.intervals import DUST, distance

_LOWER = ("minskade", "sjönk", "färre", "lägre")
#: An amount that is so many times the largest amount of all tables is of another unit, the fewer times the more digits it has.
_FAR = {100.0: 100.0, 2.0: 1000.0}
_THOUSAND, _PASSAGE = 1e3, 30


def check(facts: pl.DataFrame, figures: pl.DataFrame, described: Collection[str]) -> pl.DataFrame:
    """Return the checks of statements.

    Parameters
    ----------
    facts : report and text_facts.FACT_SCHEMA.
    figures : the prepared figures.
    described : the reports whose breaks somebody has described.
    """
    tables = figures.filter(pl.col("table").is_not_null())
    return joined(
        [
            _alone(facts, described),
            _directions(facts, tables),
            _approvals(facts, tables),
            _deficits(facts, tables),
            _swapped_digits(facts, tables),
            _thousands(facts, tables),
            _missed_goals(facts, tables),
        ]
    )


def _alone(facts: pl.DataFrame, described: Collection[str]) -> pl.DataFrame:
    """Return the statements that need no table."""
    below = pl.when(~pl.col("published").str.contains(r"^\d")).then(pl.lit("below"))
    absent = parts(facts, "table_absent").with_columns(gap=pl.lit(1.0), cause=below)
    return joined(
        [
            checks_of(facts, "points_told", rule="points_as_percent", cause="sentence"),
            checks_of(facts, "change_is_level", rule="level_as_change", cause="same"),
            checks_of(facts.filter(~pl.col("report").is_in(list(described))), "break_told"),
            as_checks(absent, rule="table_absent"),
            checks_of(facts, "goal_unmeasured", rule="goal_without_outturn", cause="told"),
            checks_of(facts, "age_rows", rule="age_overlap"),
        ]
    )


def _amounts(facts: pl.DataFrame, unit: str) -> pl.DataFrame:
    """Return n and n_h in kronor."""
    factor = pl.col(unit).replace_strict(UNITS, default=None).replace_strict(FACTORS, default=None, return_dtype=pl.Float64)
    return facts.with_columns(n=pl.col("n") * factor, n_h=pl.col("n_h") * factor, told_factor=factor)


def _matching(rows: pl.DataFrame) -> pl.DataFrame:
    """Keep the rows whose label is the subject."""
    return rows.filter(pl.Series([same_subject(*pair) for pair in rows.select("label", "subject").iter_rows()], dtype=pl.Boolean))


@rule_of("direction_told")
def _directions(facts: pl.DataFrame, tables: pl.DataFrame) -> pl.DataFrame:
    """Check the direction between two years against all rows that have the name of what it is told of."""
    told = parts(facts, "direction_told").drop("kind")
    told = told.with_columns(pl.col("now", "before").cast(pl.Int32), told_line="line", claim=pl.int_range(pl.len())).drop("line")
    levels = tables.filter(
        pl.col("series").is_in(["outturn", "budget", "plan", "forecast"]), pl.col("rest") == "", pl.col("part").is_not_null()
    )
    levels = levels.unique(["row", "year"], keep="none", maintain_order=True)
    rows = told.join(levels.select("report", "row", "label", "line", "measure", "year", "v", "h"), on="report")
    rows = _matching(rows.filter(pl.col("year") == pl.col("now")))
    rows = rows.join(levels.select("row", before="year", v_before="v", h_before="h"), on=["row", "before"])
    change = pl.col("v").abs() - pl.col("v_before").abs()
    clear = change.abs() > pl.col("h") + pl.col("h_before") + DUST
    wrong = clear & (pl.col("published").is_in(_LOWER) == (change > 0))
    merged = rows.group_by("report", "claim", "published", "now", "before", line="told_line", maintain_order=True).agg(
        pl.col("label", "measure").first(),
        gap=wrong.all().cast(pl.Float64),
        lines=pl.col("line").first().cast(pl.String),
        other=pl.concat_str(pl.col("v_before").first(), pl.col("v").first(), separator="\u2013"),
    )
    period = pl.concat_str("before", "now", separator="\u2013")
    return as_checks(merged, rule="direction_told", period=period, other=pl.lit(None, dtype=pl.String))


@rule_of("approved")
def _approvals(facts: pl.DataFrame, tables: pl.DataFrame) -> pl.DataFrame:
    """Check the date of approval against the last month of the report's outturns."""
    told = parts(facts, "approved").drop("kind")
    months = tables.filter(pl.col("series") == "outturn", pl.col("rest").str.contains(r"^-\d\d$"))
    last = months.group_by("report").agg(
        pl.col("period").max(), other_line=pl.col("line").sort_by("period").last(), fewest=pl.len()
    )
    rows = told.join(last, on="report").with_columns(
        gap=(pl.col("published").str.slice(0, 7) < pl.col("period")).cast(pl.Float64), lines=pl.col("other_line").cast(pl.String)
    )
    return as_checks(rows, rule="approved_early")


@rule_of("deficit_told")
def _deficits(facts: pl.DataFrame, tables: pl.DataFrame) -> pl.DataFrame:
    """Check a deficit or surplus in a sentence against the deviation of the one row that it names.

    A sentence about the forecast is about the total of the one table with a forecast. Any amount of the report acquits.
    """
    told = _amounts(numbered(parts(facts, "deficit_told").drop("kind")), "told_unit")
    told = told.with_columns(
        told_line="line",
        total=pl.Series([bool(pattern("total_subject").search(text)) for text in told["subject"]], dtype=pl.Boolean),
    ).drop("line")
    money = tables.filter(pl.col("dimension") == "money")
    forecast = money.group_by("row").agg(forecast=(pl.col("series") == "forecast").any())
    rows = told.join(
        money.filter(pl.col("series") == "deviation").select("report", "row", "label", "line", "measure", "v", "h", "factor"),
        on="report",
    ).join(forecast, on="row", maintain_order="left")
    rows = rows.filter(pl.col("forecast") == (pl.col("ahead") == "forecast"))
    summed = OWN_LABEL.str.contains(TOTAL)
    of_total = rows.filter("total", "forecast", summed)
    own = _matching(rows.filter(~pl.col("total"), ~summed))
    known = money.select("report", size=pl.col("v").abs(), slack=pl.col("h"))
    near = distance(pl.col("n"), pl.col("n_h"), pl.col("size"), pl.col("slack")) <= DUST
    acquitted = told.join(known, on="report").filter(near)["claim"]
    one = pl.concat([of_total, own]).filter(pl.len().over("claim") == 1)
    return as_checks(
        one,
        rule="text_table",
        line=pl.col("told_line"),
        gap=~pl.col("claim").is_in(acquitted.implode()),
        expected=pl.col("v").abs() / pl.col("told_factor"),
        other=pl.col("v").abs() / pl.col("told_factor"),
        decimals=0,
        cause="deficit",
        lines=pl.col("line"),
    )


@rule_of("digits_told")
def _swapped_digits(facts: pl.DataFrame, tables: pl.DataFrame) -> pl.DataFrame:
    """Find long numbers that no table has, near a total that has the same digits but for two that have changed places."""
    told = numbered(parts(facts, "digits_told").drop("kind")).with_columns(told_line="line").drop("line")
    cells = tables.select("report", "line", "label", "measure", "published_as", "value", size=pl.col("value").abs().round(6))
    known = cells.select("report", n="size").unique()
    unknown = told.drop_nulls("n").join(known, on=["report", "n"], how="anti")
    if unknown.is_empty():
        return joined([])
    swaps = pl.Series([_swaps(int(n)) for n in unknown["n"]], dtype=pl.List(pl.Float64))
    rows = unknown.with_columns(size=swaps).explode("size").join(cells, on=["report", "size"])
    total = OWN_LABEL.str.contains(TOTAL)
    rows = rows.filter(total, (pl.col("line") - pl.col("told_line")).abs() <= _PASSAGE)
    return as_checks(
        rows.with_columns(
            line=pl.col("told_line"),
            gap=pl.lit(1.0),
            expected=pl.col("size"),
            decimals=pl.lit(0),
            cause=pl.lit("swapped"),
            other=pl.col("published_as"),
            lines=pl.col("line").cast(pl.String),
        ).drop("published_as"),
        rule="text_table",
    )


def _swaps(number: int) -> list[float]:
    """Return the numbers that have two neighbouring digits of a number in the other order."""
    digits = str(number)
    swapped = (digits[:n] + digits[n + 1] + digits[n] + digits[n + 2 :] for n in range(len(digits) - 1))
    return sorted({float(text) for text in swapped if text != digits and text[0] != "0"})


@rule_of("unit_word")
def _thousands(facts: pl.DataFrame, tables: pl.DataFrame) -> pl.DataFrame:
    """Find amounts that no table's amounts come near, and that one of them has in the next smaller unit."""
    told = parts(facts, "unit_word").filter(pl.col("told_unit").is_in(list(FACTORS))).drop("kind")
    told = numbered(told)
    factor = pl.col("told_unit").replace_strict(FACTORS, return_dtype=pl.Float64)
    told = told.with_columns(n=pl.col("n") * factor, n_h=pl.col("n_h") * factor, told_line="line").drop("line")
    money = tables.filter(pl.col("dimension") == "money")
    cells = money.select("report", "line", "label", "measure", size=pl.col("v").abs(), slack=pl.col("h"))
    rows = told.join(cells, on="report").with_columns(largest=pl.col("size").max().over("claim"))
    down, half = pl.col("n") / _THOUSAND, pl.col("n_h") / _THOUSAND
    fits = (down - pl.col("size")).abs() <= pl.max_horizontal(half, "slack") + DUST
    far = [
        (pl.col("n") >= digits * 2 * pl.col("n_h")) & (pl.col("n") > times * pl.col("largest")) for times, digits in _FAR.items()
    ]
    rows = rows.filter(fits, pl.any_horizontal(far))
    units = {unit: name for name, unit in (("mdkr", "GSEK"), ("mnkr", "MSEK"), ("tkr", "kSEK"))}
    first = rows.sort("claim", "line").unique("claim", keep="first", maintain_order=True)
    return as_checks(
        first,
        rule="unit_slip",
        lines=pl.col("line"),
        line=pl.col("told_line"),
        gap=1.0,
        cause="thousand",
        other=pl.col("told_unit").replace(units),
    )


@rule_of("goal_judged")
def _missed_goals(facts: pl.DataFrame, tables: pl.DataFrame) -> pl.DataFrame:
    """Check goals that are called reached against target and outturn of their row, where the label tells which way is better."""
    told = facts.filter(pl.col("kind") == "goal_judged", pl.col("what") == "reached").select("report", "line")
    keys = ["report", "line"]
    sides = [
        tables.filter(pl.col("series") == series, ~pl.col("bounded")).unique(keys, keep="none", maintain_order=True)
        for series in ("outturn", "target")
    ]
    rows = sides[0].join(sides[1].select(*keys, "unit", target="v", target_as="published_as"), on=[*keys, "unit"])
    rows = rows.join(told, on=keys, how="semi", maintain_order="left")
    labels = rows["label"].to_list()
    less = pl.Series([bool(pattern("goal_less").search(label)) for label in labels], dtype=pl.Boolean)
    more = pl.Series([bool(pattern("goal_more").search(label)) for label in labels], dtype=pl.Boolean)
    rows = rows.with_columns(less=less, more=more).filter(pl.col("less") != pl.col("more"))
    missed = pl.when("less").then(pl.col("v") > pl.col("target")).otherwise(pl.col("v") < pl.col("target"))
    return as_checks(rows, rule="goal_missed", gap=missed, other=pl.col("target_as"))
