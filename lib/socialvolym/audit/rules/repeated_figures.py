"""Repeated figures: the same figure printed in several places of a report, and in the reports of several years."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import polars as pl

from socialvolym.audit.check_table import OWN_LABEL, as_checks, joined
from socialvolym.audit.rules.arithmetic.totals import TOTAL
from socialvolym.notation.intervals import DUST, distance, truncated
from socialvolym.notation.periods import CHANGES
from socialvolym.reports import precedence
from socialvolym.reports.models import RawReport
from socialvolym.vocabulary.money import MONEY

#: Factors that a slipped unit gives: thousands for millions, millions for thousand millions.
FACTORS = (1e3, 1e6)
#: How many lines away a sentence still belongs to the same passage.
_BESIDE = 12
#: What a heading says of the scope of its table, up to its columns; the longest heading, and how far above its rows it stands.
_IN_OR_OUT = r"exkl(?:usive|\.)?|inkl(?:usive|\.)?|(?<=[,(\d] )utan|med undantag|borträknat"
_REVISED = (
    r"efter (?:omorganisation|omräkning|justering)"
    r"|omräkna\w*|justera\w*|reviderad\w*|preliminär\w*|enligt (?:ny|tidigare|äldre)\w*"
)
_DEFINED = r"(?:ny|tidigare) (?:definition|indelning|organisation)"
_SOURCE = r"i fasta priser|från (?:och med )?20\d\d|socialstyrelsens|scb:?s|kolada"
_SCOPE = re.compile(rf"(?<=[ ,(])(?:{_IN_OR_OUT}|{_REVISED}|{_DEFINED}|{_SOURCE})\b( [^\W\d]+)?", re.IGNORECASE)
_HEADING, _ABOVE = 120, 4
_KEY = ["figure", "series", "dimension"]


def check(figures: pl.DataFrame, facts: pl.DataFrame, reports: Sequence[RawReport]) -> pl.DataFrame:
    """Return the checks of figures that are printed more than once."""
    figures = figures.join(_scopes(figures, facts), on="table_id", how="left", maintain_order="left")
    single = figures.filter(~pl.col("bounded"), pl.col("series") != "forecast")
    return joined([_within_report(single), _twin_rows(single), _across_reports(single, reports)])


def _within_report(figures: pl.DataFrame) -> pl.DataFrame:
    """Check each figure against the reference of its key: the most precise one in a table, else in the text."""
    named = _one_figure_a_key(figures)
    fields = [pl.col(f).alias(f"ref_{f}") for f in ("v", "h", "line", "table", "table_id", "published_as", "unit", "scope")]
    ordered = named.select(*_KEY, pl.col("i").alias("ref_i"), *fields).sort(pl.col("ref_table").is_null(), "ref_h", "ref_line")
    reference = ordered.unique(_KEY, keep="first", maintain_order=True)
    rows = named.join(reference, on=_KEY).filter(pl.col("i") != pl.col("ref_i"))
    both_tables = pl.col("table").is_not_null() & pl.col("ref_table").is_not_null()
    rows = rows.filter(~both_tables | pl.col("scope").eq_missing(pl.col("ref_scope")))
    rows = rows.filter(pl.col("table").is_not_null() | pl.col("ref_table").is_not_null() | ~pl.col("series").is_in(CHANGES))
    size, expected = pl.col("v").abs(), pl.col("ref_v").abs()
    gap = distance(size, pl.col("h"), expected, pl.col("ref_h"))
    cut = truncated(size, pl.col("s"), expected - pl.col("ref_h"), expected + pl.col("ref_h")) & (gap < pl.col("s"))
    off = gap > pl.col("s") * DUST
    tables = pl.col("table").is_not_null() & pl.col("ref_table").is_not_null()
    texts = pl.col("table").is_null() & pl.col("ref_table").is_null()
    rule = (
        pl.when(off & _factor().is_not_null())
        .then(pl.lit("unit_slip"))
        .when(off & cut)
        .then(pl.lit("truncated"))
        .when(tables & off & (gap <= 4 * pl.col("s")) & (expected > 1000 * pl.col("s")))
        .then(pl.lit("last_digit"))
        .when(tables)
        .then(pl.lit("table_table"))
        .when(texts)
        .then(pl.lit("text_text"))
        .otherwise(pl.lit("text_table"))
    )
    rows = rows.with_columns(rule=rule, excess=gap / pl.col("s"), expected=expected / pl.col("factor"))
    rows = _same_thing(_told_beside(_wrong_column(rows, figures)))
    rows = rows.with_columns(
        gap=pl.col("excess"), lines=pl.col("ref_line").cast(pl.String), other=_in_its_unit("ref_published_as", "ref_unit")
    )
    rows = _counts_in_text(_other_row(rows, figures))
    moved = pl.col("rule") == "wrong_column"
    return as_checks(
        rows,
        lines=pl.when(moved).then(pl.col("line").cast(pl.String)).otherwise("lines"),
        line=pl.when(moved).then("ref_line").otherwise("line"),
        table=pl.when(moved).then("ref_table").otherwise("table"),
        page=pl.when(~moved).then("page"),
        cause=pl.col("rule").replace_strict({"unit_slip": "factor", "truncated": "repeated"}, default=pl.col("cause")),
    )


def scopes(lines: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    """Return the facts (line, kind, what) of headings that say what their table leaves out, includes or counts anew.

    What is left out or included is told by a number, the same one for the same word.
    """
    things: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        heading = len(line) <= _HEADING and line.lstrip("# ")[:1].isupper() and not line.rstrip().endswith((".", ",", "-"))
        if heading and (found := _SCOPE.search(line)):
            thing = things.setdefault(found[1].lower(), len(things) + 1) if found[1] else ""
            yield number, "scope", f"{' '.join(found[0].removesuffix(found[1] or '').lower().split())}|{thing}"


def _scopes(figures: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """Return what the heading above each table says of its scope: table_id and scope."""
    tables = figures.filter(pl.col("table").is_not_null()).group_by("report", "table_id").agg(first=pl.col("line").min())
    said = facts.filter(pl.col("kind") == "scope").select("report", "what", heading="line")
    near = tables.join(said, on="report").filter((pl.col("first") - pl.col("heading")).is_between(1, _ABOVE))
    return near.group_by("table_id").agg(scope=pl.col("what").sort_by("heading").last())


def _twin_rows(figures: pl.DataFrame) -> pl.DataFrame:
    """Check a table's total against the row of another table that has the same large figures in two columns at least.

    The two are one thing, whatever they are called; where another column differs, one of them is wrong or counted in another way.
    """
    keys = ["report", "period", "series", "dimension"]
    large = figures.filter(pl.col("table").is_not_null(), pl.col("dimension") == "money")
    total = OWN_LABEL.str.contains(TOTAL)
    large = large.join(large.select("label").unique().with_columns(total=total), on="label", maintain_order="left")
    other = large.filter(~pl.col("total")).select(
        *keys, *[pl.col(f).alias(f"ref_{f}") for f in ("v", "h", "row", "line", "table", "published_as")]
    )
    totals = large.filter("total").with_columns(size=pl.col("v"))
    same = totals.filter(pl.col("v").abs() >= 1000 * pl.col("s")).join(
        other.with_columns(size=pl.col("ref_v")), on=[*keys, "size"]
    )
    twins = same.filter(pl.col("table") != pl.col("ref_table")).group_by("row", "ref_row").agg(shared=pl.struct(keys).n_unique())
    rows = totals.join(twins.filter(pl.col("shared") > 1), on="row").join(other, on=[*keys, "ref_row"])
    # What stands in another column of the row is read to be of another time, and is no other figure.
    elsewhere = pl.col("i").is_in(
        rows.join(other, left_on=["ref_row", "v"], right_on=["ref_row", "ref_v"], how="semi")["i"].implode()
    )
    gap = distance(pl.col("v"), pl.col("h"), pl.col("ref_v"), pl.col("ref_h")) / pl.col("s")
    return as_checks(
        rows,
        rule="twin_row",
        gap=pl.when((gap > 4) & ~elsewhere).then(gap).otherwise(0.0),
        expected=pl.col("ref_v") / pl.col("factor"),
        lines=pl.col("ref_line"),
        other=pl.col("ref_published_as"),
    )


def _wrong_column(rows: pl.DataFrame, figures: pl.DataFrame) -> pl.DataFrame:
    """Mark a sentence's figure that stands in another column of the row it belongs to, whose own column has nothing."""
    cells = (
        figures.filter(pl.col("table").is_not_null())
        .select("report", pl.col("line").alias("ref_line"), pl.col("v").abs().alias("size"), pl.col("dimension"))
        .unique()
    )
    candidates = rows.filter(pl.col("rule") == "text_table", pl.col("excess") > DUST, pl.col("ref_v") == 0)
    sized = candidates.with_columns(size=pl.col("v").abs())
    found = sized.join(cells, on=["report", "ref_line", "size", "dimension"], how="semi")
    moved = pl.col("i").is_in(found["i"].implode())
    return rows.with_columns(rule=pl.when(moved).then(pl.lit("wrong_column")).otherwise("rule"))


def _other_row(rows: pl.DataFrame, figures: pl.DataFrame) -> pl.DataFrame:
    """Mark a sentence whose figure is that of another row: same measure, period and series, other breakdown.

    The name and the figure do not go together, but both are right; which of them is meant is not known.
    """
    keys = ["report", "measure", "period", "series", "dimension"]
    failing = rows.filter(pl.col("rule") == "text_table", pl.col("excess") > DUST, pl.col("v").abs() >= 10 * pl.col("s"))
    size = pl.col("v").abs()
    others = figures.filter(pl.col("table").is_not_null()).select(
        *keys,
        row_part=pl.col("part"),
        row_v=size,
        row_h=pl.col("h"),
        row_label=pl.col("label"),
        row_line=pl.col("line"),
        row_as=pl.col("published_as"),
        row_unit=pl.col("unit"),
    )
    near = failing.join(others, on=keys).filter(pl.col("row_part") != pl.col("part"))
    low, high = pl.col("row_v") - pl.col("row_h"), pl.col("row_v") + pl.col("row_h")
    fits = (distance(size, pl.col("h"), pl.col("row_v"), pl.col("row_h")) <= pl.col("s") * DUST) | truncated(
        size, pl.col("s"), low, high
    )
    found = near.filter(fits).unique("i", keep="first", maintain_order=True)
    joined_rows = rows.join(
        found.select("i", "row_label", "row_line", "row_as", "row_unit"), on="i", how="left", maintain_order="left"
    )
    other = pl.col("row_line").is_not_null()
    return joined_rows.with_columns(
        rule=pl.when(other).then(pl.lit("other_row")).otherwise("rule"),
        cause=pl.when(other).then("row_label"),
        lines=pl.when(other).then(pl.concat_str(pl.col("row_line").cast(pl.String), "lines", separator=", ")).otherwise("lines"),
        other=pl.when(other).then(_in_its_unit("row_as", "row_unit")).otherwise("other"),
    ).drop("row_label", "row_line", "row_as", "row_unit")


def _in_its_unit(published: str, unit: str) -> pl.Expr:
    """Return a printed amount, with its unit of money where that is another than the one of the figure held against it."""
    other = pl.col(unit).is_in(list(MONEY)) & (pl.col(unit) != pl.col("unit"))
    return pl.when(other).then(pl.concat_str(published, unit, separator=" ")).otherwise(published)


def _counts_in_text(rows: pl.DataFrame) -> pl.DataFrame:
    """Mark two sentences that give one count with two values: exact numbers, which nothing but an error sets apart."""
    exact = (pl.col("rule") == "text_text") & (pl.col("h") == 0) & (pl.col("ref_h") == 0)
    return rows.with_columns(rule=pl.when(exact).then(pl.lit("text_count")).otherwise("rule"))


def _told_beside(rows: pl.DataFrame) -> pl.DataFrame:
    """Drop failing sentences where the text itself gives the reference's figure a few lines away: it tells two figures apart."""
    text = rows.filter(pl.col("table").is_null())
    right = text.filter(pl.col("excess") <= DUST).select(*_KEY, pl.col("line").alias("right_line"))
    told = (
        text.filter(pl.col("excess") > DUST).join(right, on=_KEY).filter((pl.col("right_line") - pl.col("line")).abs() <= _BESIDE)
    )
    return rows.filter(~pl.col("i").is_in(told["i"].implode()))


def _same_thing(rows: pl.DataFrame) -> pl.DataFrame:
    """Drop rows of two tables that share a label and nothing else: at least as many of their figures agree as not."""
    off = pl.col("excess") > DUST
    over = ["measure", "part", "table_id", "ref_table_id"]
    both = pl.col("table").is_not_null() & pl.col("ref_table").is_not_null()
    strangers = off & both & (off.sum().over(over) > (~off).sum().over(over))
    return rows.filter(~strangers)


def _one_figure_a_key(figures: pl.DataFrame) -> pl.DataFrame:
    """Return the figures that are printed more than once, without keys that name several: contradicting in one table or line."""
    many = figures.filter(pl.struct(_KEY).hash().is_duplicated())
    place = pl.when(pl.col("table").is_null()).then(pl.col("line").cast(pl.UInt64)).otherwise(pl.col("table_id"))
    size = pl.col("v").abs()
    spread = many.group_by(*_KEY, place.alias("place")).agg(apart=size.max() - size.min(), slack=2 * pl.col("h").max() + DUST)
    return many.join(spread.filter(pl.col("apart") > pl.col("slack")), on=_KEY, how="anti")


def _factor() -> pl.Expr:
    """Return the factor of a unit slip between the figure and its reference, null where there is none."""
    size, expected = pl.col("v").abs(), pl.col("ref_v").abs()
    fits = [
        pl.when(
            (expected > 0)
            & (distance(size * up, pl.col("h") * up, expected * down, pl.col("ref_h") * down) <= DUST)
            & (size != expected)
            & (size >= 10 * pl.col("h"))
        ).then(pl.lit(factor))
        for factor in FACTORS
        for up, down in ((factor, 1.0), (1.0, factor))
    ]
    return pl.coalesce(fits)


def _across_reports(figures: pl.DataFrame, reports: Sequence[RawReport]) -> pl.DataFrame:
    """Check a later report's figure against that of the report before it of the same municipality."""
    levels = figures.filter(pl.col("series") == "outturn", pl.col("table").is_not_null(), pl.col("year").is_not_null())
    published = {raw.report.id: precedence.published(raw.report) for raw in reports}
    aside = precedence.aside(raw.report for raw in reports)
    years = {raw.report.id: str(raw.report.year) for raw in reports}
    # Where two committees have reports of one year, what each prints of itself is held against its own only.
    shared = {raw.report.municipality_code for raw in reports if raw.report.id in aside}
    committees = {raw.report.id: raw.report.committee for raw in reports if raw.report.municipality_code in shared}
    last_year = pl.col("year").max().over("report").cast(pl.String)
    levels = levels.with_columns(
        edition=pl.col("report").replace_strict(published, default=last_year, return_dtype=pl.String),
        whose=pl.when(domain="context").then(pl.col("report").replace_strict(committees, default=None, return_dtype=pl.String)),
    ).sort("edition", "h", "line")
    several = levels.select("municipality_code", "report").unique().filter(pl.len().over("municipality_code") > 1)
    levels = levels.join(several, on=["municipality_code", "report"], how="semi", maintain_order="left")
    keys = ["municipality_code", "measure", "part", "period", "dimension", "whose"]
    firsts = levels.unique(["report", *keys], keep="first", maintain_order=True)
    # Reports that came at the same time are held against the one before them, not against each other.
    earlier = pl.col("report", "v", "h", "line", "published_as").shift(1).over(keys).name.prefix("ref_")
    editions = firsts.unique(["edition", *keys], keep="first", maintain_order=True).select("edition", *keys, earlier)
    rows = firsts.join(editions, on=["edition", *keys], nulls_equal=True, maintain_order="left").drop_nulls("ref_report")
    gap = distance(pl.col("v").abs(), pl.col("h"), pl.col("ref_v").abs(), pl.col("ref_h"))
    return as_checks(
        rows,
        rule="across_reports",
        gap=gap / pl.max_horizontal("s", 2 * pl.col("ref_h")),
        expected=pl.col("ref_v") / pl.col("factor"),
        other=pl.format("{} (rad {})", "ref_published_as", "ref_line"),
        label=pl.col("ref_report").replace_strict(years, default=pl.col("ref_report"), return_dtype=pl.String),
        cause=pl.col("ref_report"),
    )
