"""Claims: what sentences and headings say of the figures of tables nearby, held against those figures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import polars as pl

from socialvolym.audit.check_table import as_checks, joined, line_list
from socialvolym.audit.text.passages import numbered
from socialvolym.audit.text.patterns import pattern
from socialvolym.audit.text.sentences import Lines, filled_lines, sentences
from socialvolym.audit.text.text_facts import Fact, fact, parts, rule_of
from socialvolym.notation.intervals import DUST

#: How many characters of a subject are kept: enough to know a row by its label.
_SUBJECT = 34
#: A single word of this length names one row of a report.
_LONG_WORD, _STEM = 12, 6
_HEADING, _HEADING_LINES = 40, 4
#: How many lines below a claim its table can stand, how many above, and how far a heading is from its table.
BELOW, _ABOVE, _HEAD = 12, 40, 15
#: A line of fewer words can be a heading; a whole number from here on tells which figure it is.
_HEADING_WORDS, _TELLING = 15, 100.0
#: An amount of so many steps of its last digit is printed precisely enough to show a factor.
_PRECISE = 100.0
_MARK = r"^(?:\*+|-|\u2013|[¹²³⁴⁵])$"


def claims(lines: Sequence[str]) -> Iterator[Fact]:
    """Return the facts of claims: line, kind, what.

    Kinds: level_as_change (number, word behind it), against_years (direction, subject), development (direction, subject),
    goal_reached, change_heading (the year), fixed_prices.
    """
    filled = filled_lines(lines)
    for sentence in sentences(filled):
        text = sentence.text
        for match in (*pattern("level_as_change").finditer(text), *pattern("level_as_step").finditer(text)):
            at = sentence.line(match.start("number"))
            yield fact(at, "level_as_change", published=match["number"], subject=match["noun"].lower())
        for match in pattern("against_years").finditer(text):
            at, direction = sentence.line(match.start("direction")), match["direction"].lower()
            yield fact(at, "against_years", published=direction, subject=match["subject"])
        for match in pattern("development").finditer(text):
            subject = match["subject"].lower()[:_SUBJECT]
            yield fact(sentence.line(match.start()), "development", published=match["direction"].lower(), subject=subject)
        if reached := pattern("goal_reached").search(text):
            yield sentence.line(reached.start()), "goal_reached", ""
    yield from _headings(filled)


def _headings(lines: Lines) -> Iterator[Fact]:
    """Find what headings of columns say, which may be broken over several short lines."""
    for place, (number, line) in enumerate(lines):
        if len(line) < _HEADING:
            above = [text for n, text in lines[max(0, place - _HEADING_LINES) : place] if len(text) < _HEADING and n > number - 8]
            joined_up = "".join(text[:-1] if text.endswith("-") else f"{text} " for text in [*above, line])
        else:
            joined_up = line
        heading = len(line) < _HEADING or line.count(" ") < _HEADING_WORDS
        match = pattern("change_heading").search(joined_up) if heading else None
        if match and match["year"] in line and not line.endswith("."):
            yield number, "change_heading", match["year"]
        prices = pattern("fixed_prices").finditer(joined_up) if len(line) < _HEADING else ()
        named = pattern("plan_heading").search(joined_up)
        if named and any(price.end() > len(joined_up) - len(line) - 1 for price in prices):
            yield number, "fixed_prices", ""


def check(facts: pl.DataFrame, figures: pl.DataFrame, observations: pl.DataFrame) -> pl.DataFrame:
    """Return the checks of claims.

    Parameters
    ----------
    facts : report and text_facts.FACT_SCHEMA.
    figures : the prepared figures.
    observations : the observations, also those without a value.
    """
    tables = figures.filter(pl.col("table").is_not_null())
    return joined(
        [
            _levels_as_changes(facts, tables),
            _against_years(facts, tables),
            _untold_years(facts, observations),
            _goals(facts, observations),
            _heading_bases(facts, tables),
            _indexed_plans(facts, tables),
        ]
    )


@rule_of("level_as_change")
def _levels_as_changes(facts: pl.DataFrame, tables: pl.DataFrame) -> pl.DataFrame:
    """Find numbers that a sentence calls a change, and that are the level of a row which the sentence names."""
    told = numbered(parts(facts, "level_as_change").drop("kind")).filter((pl.col("n") >= _TELLING) | (pl.col("n_h") < 0.5))
    levels = tables.filter(pl.col("series") == "outturn", pl.col("dimension") != "percent")
    rows = levels.select("report", "row", "label", "measure", "v", "period", row_line="line")
    before = rows.select("row", other="v", other_period="period")
    pairs = rows.join(before, on="row").filter(pl.col("period") > pl.col("other_period"))
    printed = tables.filter(pl.col("series") == "change_abs").select("report", "row", change=pl.col("v").abs())
    changes = pl.concat([printed.drop("row"), pairs.select("report", change=(pl.col("v") - pl.col("other")).abs())])
    right = told.join(changes, on="report").filter((pl.col("change") - pl.col("n")).abs() <= pl.col("n_h") + DUST)
    named = pl.col("label").str.to_lowercase().str.contains(pl.col("subject").str.slice(0, 8), literal=True)
    found = (
        told.join(pairs, on="report")
        .filter((pl.col("v") - pl.col("n")).abs() < DUST, pl.col("v") != pl.col("other"), named)
        .join(right, on="claim", how="anti")
        .sort("claim", "row_line", "other_period")
        .join(printed.drop("report"), on="row", how="left", maintain_order="left")
        .unique("claim", keep="first", maintain_order=True)
    )
    return as_checks(
        found,
        rule="level_as_change",
        gap=1.0,
        expected=pl.coalesce("change", (pl.col("v") - pl.col("other")).abs()),
        decimals=pl.col("n_h").lt(0.5).cast(pl.Int8),
        lines=pl.col("row_line"),
    )


@rule_of("against_years")
def _against_years(facts: pl.DataFrame, tables: pl.DataFrame) -> pl.DataFrame:
    """Check a number that is called lower or higher than in earlier years against the only number of the table below it."""
    told = parts(facts, "against_years").select("report", "published", "subject", told_line="line")
    years = tables.filter(
        pl.col("series") == "outturn",
        pl.col("rest") == "",
        pl.col("dimension") != "percent",
        pl.col("label").str.to_lowercase().str.contains(r"^antal"),
    )
    labels = tables.group_by("report", "table").agg(words=pl.col("label").unique().str.join(" "))
    years = years.join(labels, on=["report", "table"])
    rows = told.join(years.select("report", "label", "words", "line", "row", "year", "v", "measure"), on="report")
    shared = [about(*texts) for texts in rows.select("subject", "label", "words").iter_rows()]
    rows = rows.filter(pl.Series(shared, dtype=pl.Boolean))
    rows = rows.filter((pl.col("line") - pl.col("told_line")).is_between(1, BELOW))
    rows = rows.filter(pl.col("row").n_unique().over("report", "told_line") == 1).sort("year")
    keys = ["report", "told_line", "published"]
    last = pl.col("v").last().over(keys)
    lower = pl.col("published").is_in(["färre", "lägre"])
    earlier = pl.col("year") < pl.col("year").max().over(keys)
    rows = rows.with_columns(
        against=earlier & pl.when(lower).then(pl.col("v") < last).otherwise(pl.col("v") > last), years=pl.len().over(keys)
    )
    merged = (
        rows.filter(pl.col("years") > 2)
        .group_by(keys, maintain_order=True)
        .agg(
            pl.col("measure").first(),
            gap=pl.col("against").any().cast(pl.Float64),
            period=pl.col("year").filter("against").first().cast(pl.String),
            lines=pl.col("line").first().cast(pl.String),
        )
    )
    return as_checks(merged, rule="against_years", line=pl.col("told_line"))


def about(subject: str, label: str, words: str) -> bool:
    """Tell whether a table's labels share a stem with a subject, and a row's label has no abbreviation that it has not."""
    stems = {word[:_STEM] for word in re.findall(r"[a-zåäö]{6,}", subject.lower())}
    names = re.findall(r"\b[A-ZÅÄÖ][a-zåäö]?[A-ZÅÄÖ]+\b", label)
    return any(stem in words.lower() for stem in stems) and all(name in subject for name in names)


def _years_of_rows(observations: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of tables with outturns of whole years: whether the last year's cell has no value, and which mark."""
    cells = observations.filter(
        pl.col("table").is_not_null(), pl.col("series") == "outturn", pl.col("period").str.contains(r"^\d{4}$")
    )
    return (
        cells.sort("period")
        .group_by("report", "table", "line", "label", "measure", maintain_order=True)
        .agg(
            period=pl.col("period").last(),
            blank=pl.col("value").last().is_null(),
            mark=pl.col("published_as").last().fill_null("").str.strip_chars(),
            known=pl.col("value").is_not_null().sum(),
        )
        .with_columns(last=pl.col("period").max().over("report", "table"))
    )


def names_row(subject: str, label: str, below: int) -> bool:
    """Tell whether a subject names a row by its label, or a near one (`below` lines above it) by a long first word alone."""
    first, low = subject.split(" ")[0].lower(), label.lower()
    near = -BELOW <= below <= _ABOVE and len(first) >= _LONG_WORD
    return subject.lower() in low or (near and first in low)


@rule_of("development")
def _untold_years(facts: pl.DataFrame, observations: pl.DataFrame) -> pl.DataFrame:
    """Find developments of a row whose figure of the last year is a mark for what is not reported."""
    told = parts(facts, "development").select("report", "published", "subject", told_line="line")
    rows = _years_of_rows(observations).filter(pl.col("period") == pl.col("last"), pl.col("known") > 1)
    rows = told.join(rows, on="report")
    named = [names_row(*row) for row in rows.select("subject", "label", pl.col("told_line") - pl.col("line")).iter_rows()]
    rows = rows.filter(pl.Series(named, dtype=pl.Boolean)).with_columns(
        untold=pl.col("blank") & pl.col("mark").str.contains(_MARK)
    )
    merged = (
        rows.sort("told_line")
        .group_by("report", "line", maintain_order=True)
        .agg(
            pl.col("published", "label", "measure", "period", "told_line").first(),
            gap=pl.col("untold").first().cast(pl.Float64),
            lines=pl.concat_str(
                pl.col("line").first().cast(pl.String),
                line_list(pl.col("told_line").slice(1)),
                separator=", ",
            ).str.strip_suffix(", "),
        )
    )
    return as_checks(merged, rule="year_untold", line=pl.col("told_line"), other=pl.col("line"))


@rule_of("goal_reached")
def _goals(facts: pl.DataFrame, observations: pl.DataFrame) -> pl.DataFrame:
    """Find goals that are said to be reached below a table in which no indicator has an outturn of the year."""
    told = facts.filter(pl.col("kind") == "goal_reached").select("report", told_line="line")
    tables = (
        _years_of_rows(observations)
        .group_by("report", "table")
        .agg(
            end=pl.col("line").max(),
            rows=pl.len(),
            blank=pl.col("blank").all(),
            known=pl.col("known").sum(),
            period=pl.col("last").first(),
            lines=line_list(pl.col("line").unique().sort()),
        )
    )
    near = told.join(tables, on="report").filter((pl.col("told_line") - pl.col("end")).is_between(1, BELOW + 3))
    nearest = near.sort("end").unique(["report", "told_line"], keep="last", maintain_order=True)
    wrong = pl.col("blank") & (pl.col("known") > 0) & (pl.col("rows") > 1)
    return as_checks(nearest, rule="goal_without_outturn", line=pl.col("told_line"), gap=wrong)


@rule_of("change_heading")
def _heading_bases(facts: pl.DataFrame, tables: pl.DataFrame) -> pl.DataFrame:
    """Find columns of changes that are headed with the later of the two years between which they are."""
    levels = tables.filter(pl.col("series") == "outturn", pl.col("rest") == "").select("row", "year", "v", "h")
    changes = tables.filter(pl.col("series") == "change_abs", pl.col("year").is_not_null())
    changes = changes.select("report", "table", "row", "line", "year", change="v", slack="h")
    both = changes.join(levels.rename({"v": "now", "h": "now_h"}), on=["row", "year"]).join(
        levels.select("row", pl.col("year") + 1, before="v", before_h="h"), on=["row", "year"]
    )
    held = (pl.col("now") - pl.col("before") - pl.col("change")).abs() <= pl.sum_horizontal("slack", "now_h", "before_h") + DUST
    spans = both.filter(held, pl.col("change") != 0).group_by("report", "table", "year").agg(pl.col("line").min(), held=pl.len())
    told = parts(facts, "change_heading").select("report", "published", heading="line")
    rows = told.join(spans, on="report").filter((pl.col("line") - pl.col("heading")).is_between(0, _HEAD), pl.col("held") > 1)
    wrong = pl.col("published").cast(pl.Int32) == pl.col("year")
    merged = (
        rows.sort("heading")
        .with_columns(wrong=wrong)
        .group_by("report", "published", "wrong", maintain_order=True)
        .agg(
            pl.col("heading").first(),
            other=(pl.col("year").first() - 1).cast(pl.String),
            gap=pl.col("wrong").first().cast(pl.Float64),
            lines=line_list(pl.col("heading").unique(maintain_order=True).slice(1)),
        )
    )
    return as_checks(merged.drop("wrong"), rule="heading_base", line=pl.col("heading"))


@rule_of("fixed_prices")
def _indexed_plans(facts: pl.DataFrame, tables: pl.DataFrame) -> pl.DataFrame:
    """Find plans that are headed as without price changes, and whose rows all grow by one factor."""
    plans = tables.filter(pl.col("series") == "plan", pl.col("rest") == "", pl.col("dimension") == "money", pl.col("v") != 0)
    later = plans.select("report", "table", "row", pl.col("year") - 1, after="v", after_h="h")
    both = plans.join(later, on=["report", "table", "row", "year"]).filter(pl.col("v").abs() >= _PRECISE * pl.col("s"))
    factor = (pl.col("after").abs().sum() / pl.col("v").abs().sum()).over("report", "table")
    both = both.with_columns(factor=factor.round(3))
    held = (pl.col("after") - pl.col("factor") * pl.col("v")).abs() <= pl.col("after_h") + 2.5 * pl.col("h")
    indexed = both.group_by("report", "table").agg(
        pl.col("line").min(),
        pl.col("page", "factor").first(),
        other=pl.concat_str(pl.col("line").min(), pl.col("line").max(), separator="–").first(),
        rows=pl.len(),
        held=held.all(),
        grows=((pl.col("factor") - 1).abs() > 0.004).all(),
    )
    told = (
        facts.filter(pl.col("kind") == "fixed_prices")
        .group_by("report")
        .agg(heading=pl.col("line").min(), headings=line_list(pl.col("line")))
    )
    rows = indexed.filter(pl.col("rows") >= 5).join(told, on="report")
    wrong = pl.col("held") & pl.col("grows")
    return as_checks(
        rows,
        rule="indexed_plan",
        gap=wrong,
        published=(100 * (pl.col("factor") - 1)).round(1),
        lines=pl.concat_str(pl.col("line").cast(pl.String), "headings", separator=", "),
        line=pl.col("heading"),
    )
