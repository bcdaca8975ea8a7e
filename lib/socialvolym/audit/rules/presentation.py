"""Presentation: what the tables show and how: units, labels, masked rows, absent tables, announced breaks, age groups."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from socialvolym.audit.check_table import Check, as_checks, joined, one_a_table
from socialvolym.csv_files import Schema
from socialvolym.notation.periods import parse_heading
from socialvolym.notation.privacy import MASK
from socialvolym.reports.models import QUOTED, Break, Caution, RawReport
from socialvolym.vocabulary import UNKNOWN

#: How many lines below its caption a table can begin.
_CAPTION = 8
_BELOW = r"^(?:<|under |upp till )\s?(\d+)"
_RANGE = r"^(\d+)\s?-\s?(\d+)"
_ABOVE = r"^(?:>=|=>|>)\s?(\d+)|^(\d+) år(?:>| och (?:uppåt|äldre))"


def check(observations: pl.DataFrame, figures: pl.DataFrame, reports: Sequence[RawReport], facts: pl.DataFrame) -> pl.DataFrame:
    """Return the checks of how figures are presented."""
    return joined(
        [
            _identifiers(observations),
            _lost_tables(reports),
            _breaks(reports, observations),
            _points_as_percent(figures),
            _missing_percent(figures),
            _mixed_decimals(figures),
            _stuck_marks(figures),
            _sign_of_percent(figures),
            _bounds(figures),
            _labels(figures),
            _repeated(figures),
            _age_groups(figures, facts),
        ]
    )


def _identifiers(observations: pl.DataFrame) -> pl.DataFrame:
    """Find rows whose label was masked when it was read: the document prints what points at a person."""
    rows = observations.filter(pl.col("line").is_not_null()).unique(["report", "line"], keep="first", maintain_order=True)
    masked = pl.any_horizontal(pl.col("label", "breakdown").str.contains(MASK, literal=True).fill_null(False))
    return as_checks(rows, rule="personal_identifier", gap=masked, published=MASK)


def _lost_tables(reports: Sequence[RawReport]) -> pl.DataFrame:
    rows = [
        {"report": raw.report.id, "line": table.lines[0], "table": table.id, "gap": float(table.lost)}
        for raw in reports
        for table in raw.layout.table
    ]
    return as_checks(
        pl.DataFrame(rows, schema={"report": pl.String, "line": pl.Int64, "table": pl.String, "gap": pl.Float64}),
        rule="lost_table",
    )


def _breaks(reports: Sequence[RawReport], observations: pl.DataFrame) -> pl.DataFrame:
    """Return the breaks that reports announce and the cautions that they give, each as a failing check."""
    printed = {
        (report, line, text): f"{text} {unit or ''}".strip()
        for report, line, text, unit in observations.filter(pl.col("table").is_null())
        .select("report", "line", "published_as", "published_unit")
        .iter_rows()
    }
    breaks = [
        {**_announced(raw, entry, printed), "rule": "break", "period": entry.period, "lines": ""}
        for raw in reports
        for entry in raw.notes.break_
    ]
    cautions = [
        {**_announced(raw, entry, printed), "rule": entry.kind, "period": None, "lines": ", ".join(map(str, entry.rows))}
        for raw in reports
        for entry in raw.notes.caution
    ]
    texts = ["report", "measure", "cause", "other", "rule", "period", "lines"]
    schema: Schema = {"line": pl.Int64, "gap": pl.Float64, **dict.fromkeys(texts, pl.String)}
    return as_checks(pl.DataFrame(breaks + cautions, schema=schema))


def _announced(raw: RawReport, entry: Break | Caution, printed: dict[tuple[str, int, str], str]) -> Check:
    """Return an announcement as a check; a figure in its text, {line:as printed}, is told with its unit."""

    def told(text: str) -> str:
        return QUOTED.sub(lambda m: printed.get((raw.report.id, int(m[1]), m[2]), m[2]), text.rstrip("."))

    return {
        "report": raw.report.id,
        "line": entry.line,
        "measure": ", ".join(entry.measures),
        "gap": 1.0,
        "cause": told(entry.reason_en),
        "other": told(entry.reason_sv),
    }


def _points_as_percent(figures: pl.DataFrame) -> pl.DataFrame:
    """Find differences between percentages, printed with a percent sign."""
    rows = figures.filter(pl.col("dimension") == "points", pl.col("table").is_not_null())
    return one_a_table(rows.with_columns(gap=pl.col("published_as").str.contains("%")), "points_as_percent")


def _missing_percent(figures: pl.DataFrame) -> pl.DataFrame:
    """Find percentages without a percent sign in a column where most have one."""
    rows = figures.filter(pl.col("dimension") == "percent", pl.col("table").is_not_null())
    sign = pl.col("published_as").str.contains("%")
    usual = sign.mean().over("report", "table", "series") > 0.5
    return one_a_table(rows.filter(usual).with_columns(gap=~sign), "missing_percent")


def _mixed_decimals(figures: pl.DataFrame) -> pl.DataFrame:
    """Find tables that print decimals with commas and with points."""
    rows = figures.filter(pl.col("table").is_not_null(), pl.col("decimals") > 0)
    point = pl.col("published_as").str.contains(r"\d\.\d")
    odd = point.any().over("report", "table") & ~point
    return one_a_table(rows.with_columns(gap=odd), "mixed_decimals")


def _stuck_marks(figures: pl.DataFrame) -> pl.DataFrame:
    """Find footnote digits that stick to a figure."""
    stuck = pl.col("published_as").str.contains(r"%\d$|\d[¹²³⁴⁵]$")
    rows = figures.filter(pl.col("table").is_not_null(), stuck)
    return as_checks(rows, rule="stuck_mark", gap=1.0)


def _labels(figures: pl.DataFrame) -> pl.DataFrame:
    """Find a row whose label names another series than its figure has, where the figure is not the one of that series."""
    rows = figures.filter(
        pl.col("table").is_not_null(),
        pl.col("series") == "forecast",
        pl.col("measure") != UNKNOWN,
        pl.col("label").str.contains(r"\b20\d\d\b"),
    )
    named = [parse_heading(label) for label in rows["label"]]
    rows = rows.with_columns(
        named=pl.Series([h.series for h in named], dtype=pl.String),
        named_period=pl.Series([h.period for h in named], dtype=pl.String),
    )
    outturns = figures.filter(pl.col("table").is_not_null(), pl.col("part") == "", pl.col("series") == "outturn").unique(
        ["report", "measure", "period"], keep="first", maintain_order=True
    )
    joined_rows = rows.filter(pl.col("named") == "outturn").join(
        outturns.select(
            "report",
            "measure",
            pl.col("period").alias("named_period"),
            pl.col("v").alias("ref_v"),
            pl.col("line").cast(pl.String).alias("lines"),
        ),
        on=["report", "measure", "named_period"],
    )
    wrong = (pl.col("v") - pl.col("ref_v")).abs() > pl.col("s")
    return as_checks(joined_rows, rule="mislabelled_row", gap=wrong, expected=pl.col("ref_v") / pl.col("factor"))


def _repeated(figures: pl.DataFrame) -> pl.DataFrame:
    """Find the same large number in two neighbouring months or quarters."""
    rows = figures.filter(
        pl.col("rest").str.contains(r"^-(?:\d\d|Q\d)$"), pl.col("table").is_not_null(), pl.col("series") == "outturn"
    )
    copied = (pl.col("v") == pl.col("v").shift(1).over("report", "row", "measure", "part")).fill_null(False)
    same = copied & (pl.col("v").abs() >= 1000 * pl.col("s"))
    return as_checks(rows, rule="repeated_value", gap=same)


def _age_groups(figures: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """Check age groups of one table, or of one report's tables on one subject, that overlap or leave an age out."""
    text = pl.col("breakdown").str.to_lowercase().str.strip_chars()
    below = text.str.extract(_BELOW, 1).cast(pl.Int64)
    above = pl.coalesce(text.str.extract(_ABOVE, 1), text.str.extract(_ABOVE, 2)).cast(pl.Int64)
    beyond = text.str.contains(r"^>\s?\d").cast(pl.Int64)
    inclusive = text.str.starts_with("upp till") | text.str.starts_with("<=")
    groups = (
        figures.filter(pl.col("table").is_not_null(), pl.col("series") == "outturn")
        .select(
            "i",
            "report",
            "page",
            "line",
            "table",
            "measure",
            "label",
            "breakdown",
            low=pl.when(below.is_not_null())
            .then(0)
            .otherwise(pl.coalesce(text.str.extract(_RANGE, 1).cast(pl.Int64), above + beyond)),
            high=pl.coalesce(
                pl.when(inclusive).then(below).otherwise(below - 1),
                text.str.extract(_RANGE, 2).cast(pl.Int64),
                pl.when(above.is_not_null()).then(199),
            ),
            age=text.str.contains(r"\bår\b") | text.str.contains(_BELOW) | text.str.contains(r"^(?:=>|>=)"),
        )
        .filter(pl.col("low").is_not_null(), pl.col("high").is_not_null())
    )
    kind = pl.col("measure").str.replace(r"^(?:child|adult|youth)_", "")
    groups = groups.with_columns(kind=kind).unique(["report", "kind", "low", "high"], keep="first", maintain_order=True)
    groups = groups.filter(pl.col("age").any().over("report", "kind")).sort("report", "kind", "low", "high")
    before = pl.col("high").shift(1).over("report", "kind")
    rows = groups.with_columns(
        before=before,
        lines=pl.col("line").shift(1).over("report", "kind").cast(pl.String),
        published=pl.col("breakdown"),
        other=pl.col("breakdown").shift(1).over("report", "kind"),
    )
    rows = rows.filter(before.is_not_null())
    found = {"age_overlap": pl.col("low") <= pl.col("before"), "age_left_out": pl.col("low") > pl.col("before") + 1}
    # One row for each pair of neighbouring groups of a report: the same headings are used by several measures.
    one = _at_captions(rows.sort("i").unique(["report", "published", "other"], keep="first", maintain_order=True), facts)
    return joined(as_checks(one, rule=rule, gap=wrong) for rule, wrong in found.items())


def _at_captions(rows: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """Put a group that a table has from its caption on the caption's line, where it is printed."""
    captions = facts.filter(pl.col("kind") == "age_caption").select(
        "report", pl.col("what").alias("published"), pl.col("line").alias("caption")
    )
    near = (pl.col("line") - pl.col("caption")).is_between(1, _CAPTION)
    found = rows.join(captions, on=["report", "published"]).filter(near).select("i", "caption")
    moved = rows.join(found.unique("i", keep="last"), on="i", how="left", maintain_order="left")
    here = pl.col("caption").is_not_null()
    lines = pl.concat_str(pl.col("line").cast(pl.String), "lines", separator=", ")
    return moved.with_columns(lines=pl.when(here).then(lines).otherwise("lines"), line=pl.coalesce("caption", "line"))


def _sign_of_percent(figures: pl.DataFrame) -> pl.DataFrame:
    """Find percentages whose sign is not the sign of the difference beside them.

    Where the row's figures have a minus sign it is the percentage of a cost, else the difference and the percentage are taken in
    different directions. A column that has percentages of both kinds cannot be read by its signs.
    """
    keys = ["report", "table", "row", "measure", "part"]
    tables = figures.filter(pl.col("table").is_not_null())
    absolute = tables.filter(pl.col("series").is_in(["deviation", "change_abs"]), pl.col("dimension") == "money")
    percents = tables.filter(pl.col("dimension") == "percent", pl.col("series").is_in(["deviation", "change_pct"]))
    levels = tables.filter(pl.col("series").is_in(["outturn", "budget"]), pl.col("dimension") == "money")
    signs = levels.group_by(keys).agg(negative=(pl.col("v") < 0).any())
    family = pl.when(pl.col("series") == "deviation").then(pl.lit("deviation")).otherwise(pl.lit("change")).alias("family")
    beside = absolute.with_columns(family).select(*keys, "period", "family", pl.col("v").alias("difference"))
    rows = percents.with_columns(family).join(beside, on=[*keys, "period", "family"], nulls_equal=True)
    rows = rows.join(signs, on=keys, how="left").with_columns(gap=(pl.col("v") * pl.col("difference") < 0).cast(pl.Float64))
    negative = pl.col("negative").fill_null(False)
    agrees = pl.col("v") * pl.col("difference") > 0
    mixed = (agrees.any() & ((pl.col("gap") > 0) & negative).any()).over("report", "table", "series")
    rows = rows.with_columns(negative=negative, mixed=mixed).sort("i")
    return joined(
        [
            one_a_table(rows.filter("negative", ~pl.col("mixed")), "sign_of_percent"),
            one_a_table(rows.filter("negative", "mixed"), "mixed_percent_signs"),
            one_a_table(rows.filter(~pl.col("negative")), "percent_turned"),
        ]
    )


def _bounds(figures: pl.DataFrame) -> pl.DataFrame:
    """Check a sentence that says of a year that a figure stayed below a bound, against the months of that year in a table."""
    claims = figures.filter(
        pl.col("table").is_null(), pl.col("bound") == "lt", pl.col("rest") == "", pl.col("series") == "outturn"
    )
    months = figures.filter(
        pl.col("table").is_not_null(), pl.col("rest").str.contains(r"^-\d\d$"), ~pl.col("bounded"), pl.col("series") == "outturn"
    )
    keys = ["report", "measure", "part", "year", "dimension"]
    highest = (
        months.sort("v", descending=True)
        .group_by(keys, maintain_order=True)
        .agg(
            months=pl.len(),
            highest=pl.col("v").first(),
            slack=pl.col("h").first(),
            lines=pl.col("line").first().cast(pl.String),
            other=pl.col("published_as").first(),
            cause=pl.col("period").first(),
        )
    )
    rows = claims.join(highest.filter(pl.col("months") == 12), on=keys)
    over = pl.col("highest") - pl.col("slack") > pl.col("v")
    return as_checks(rows, rule="bound_broken", gap=over, expected=pl.col("highest") / pl.col("factor"))
