"""Together: how far several reports can be compared, what they cover, and what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations, groupby
from typing import Any

import polars as pl
from markupsafe import Markup

from socialvolym import vocabulary
from socialvolym.analysis import comparison
from socialvolym.charts.markup import Html, bullets, paragraph, section, table
from socialvolym.narrative.context import Context
from socialvolym.narrative.wording import capitalise
from socialvolym.reports import precedence
from socialvolym.reports.models import RawReport
from socialvolym.vocabulary import names
from socialvolym.vocabulary.columns import ANALYSED, DOMAINS

#: More lines than these about one report are folded.
_OPEN_LINES = 4
#: The frame behind the comparison of reports.
PAIR_SCHEMA = dict.fromkeys(("measure", "first", "second", "verdict", "why"), pl.String)
#: The columns of the frame behind what is missing.
_MISSING = ("report", "municipality_code", "measure", "label", "breakdown", "period", "status", "line")
#: What two figures share that are of the same: the figure of the country is none of the municipality.
_OF_ONE = ("municipality_code", "measure", "breakdown", "period")
_OF_REPORT = ("report", "measure")
#: A part of a measure of which a report misses years.
_PART = ("report", "measure", "breakdown")


def comparability(context: Context, measures: Sequence[str]) -> Html:
    """Return of each measure that two municipalities print whether their reports can be put side by side, or why not.

    Returns
    -------
    section : its `table` has a row a pair of reports (PAIR_SCHEMA).
    """
    pairs = [pair for measure in map(names.measure, measures) for pair in _pairs(context, measure)]
    say = context.words.say
    told = [context.say("comparison.pair", **pair | {"measure": context.words.title(pair["measure"])}) for pair in pairs]
    words = [{**pair, "verdict": str(pair["verdict"])} for pair in pairs]
    frame = pl.DataFrame(words, schema=PAIR_SCHEMA)
    if not pairs:
        return context.nothing("comparison", frame)
    return section(say("section.comparison"), paragraph(say("comparison.text")), bullets(told), name="comparison", table=frame)


def _pairs(context: Context, measure: str) -> list[dict[str, str]]:
    told = []
    for first, second in combinations(_reports_with(context, measure), 2):
        if first.report.municipality_code == second.report.municipality_code:
            continue
        result = comparison.compare(context.observations, measure, first.report.id, second.report.id, reports=context.reports)
        why = " ".join(result.reasons[f"reason_{context.language}"].to_list())
        verdict = context.words.say(f"verdict.{result.verdict}")
        names = {"measure": measure, "first": first.report.name, "second": second.report.name}
        told.append({**names, "verdict": verdict, "why": why})
    return told


def _reports_with(context: Context, measure: str) -> list[RawReport]:
    rows = context.rows_of(measure)
    printed = {row["report"] for row in rows if row["series"] == "outturn" and row["value"] is not None}
    return [raw for raw in context.chosen_reports if raw.report.id in printed]


def gaps(context: Context, domain: str | None = None) -> Html:
    """Return what is missing and why (another committee's responsibility, years without a figure), and the images by caption.

    Returns
    -------
    sections : their `table` has a row a figure that is missing.
    """
    say = context.words.say
    items = context.outside(domain)
    lost_here = _missing(context, domain)
    missing = lost_here.filter(pl.col("elsewhere").is_null())
    lost = missing.filter(pl.col("table").fill_null("").str.starts_with("lost"))
    unread = []
    for (report, caption), part in lost.group_by("report", "label", maintain_order=True):
        subjects = [context.words.subject(measure) for measure in part["measure"].unique(maintain_order=True)]
        told = context.words.join(subjects)
        unread.append(say("gaps.lost", report=context.names[str(report)], caption=caption, measures=told))
    # Years that another report has are named beside those that none has.
    rows = lost_here.join(missing.select(_PART).unique(), on=_PART, how="semi", nulls_equal=True, maintain_order="left")
    single = rows.join(lost.select(_OF_REPORT).unique(), on=_OF_REPORT, how="anti", maintain_order="left")
    folded = [
        _missing_years(context, report, list(rows))
        for report, rows in groupby(single.iter_rows(named=True), key=lambda row: row["report"])
    ]
    listed = bullets(items, kind="gaps") if items else Markup("")
    told = section(say("section.gaps"), listed, *folded, name="gaps")
    # What the reports print as an image is no gap of theirs.
    told += section(say("section.unread"), paragraph(say("gaps.unread")) + bullets(unread) if unread else "", name="unread")
    return Html(told, table=missing.select(_MISSING)) or context.nothing("gaps", missing.select(_MISSING))


def _missing(context: Context, domain: str | None) -> pl.DataFrame:
    """Return the outturns that a report has a place for but no figure, with the other report that has it, if any (elsewhere)."""
    lost = context.chosen.filter(
        pl.col("status").is_in(["not_available", "not_yet_published"]),
        pl.col("value").is_null(),
        pl.col("series") == "outturn",
        pl.col("line").is_not_null(),
        pl.col("domain").is_in([domain] if domain else list(ANALYSED)),
    )
    known = context.chosen.filter(pl.col("value").is_not_null(), pl.col("series") == "outturn")
    missing = lost.join(known, on=["report", *_OF_ONE], how="anti", nulls_equal=True, maintain_order="left")
    others = known.unique(_OF_ONE, keep="last", maintain_order=True).select(*_OF_ONE, elsewhere="report")
    found = missing.join(others, on=_OF_ONE, how="left", nulls_equal=True, maintain_order="left")
    return found.sort("report", maintain_order=True)


def _missing_years(context: Context, report: str, rows: Sequence[dict[str, Any]]) -> Markup:
    """Return the measures of one report that miss a year, folded where they are many."""
    say, words = context.words.say, context.words
    by_part: dict[tuple[str, str | None], dict[str, list[str]]] = {}
    for row in rows:
        other = row["elsewhere"]
        why = say("gaps.elsewhere", report=context.names[other]) if other else say(f"status.{row['status']}")
        years = by_part.setdefault((row["measure"], row["breakdown"]), {}).setdefault(why, [])
        if row["period"] and row["period"] not in years:
            years.append(row["period"])
    lines = [
        Markup("{}: {}").format(
            capitalise(Markup.escape(words.with_part(words.title(measure), part, measure))),
            words.join([f"{words.join([words.period(year) for year in sorted(years)])} ({why})" for why, years in found.items()]),
        )
        for (measure, part), found in by_part.items()
    ]
    head = say("gaps.years", report=context.names[report], count=len(by_part), parts=any(part for _, part in by_part))
    listed = bullets(lines)
    if len(lines) <= _OPEN_LINES:
        return paragraph(head) + listed
    return Markup("<details><summary>{}</summary>{}</details>").format(head, listed)


def _by_domain(figures: pl.DataFrame) -> dict[str, int]:
    """Return how many figures belong to each domain; a row of a finance table belongs to that of its area, where it has one."""
    counts: dict[str, int] = dict.fromkeys(DOMAINS, 0)
    for domain, part in figures.select("domain", "breakdown").iter_rows():
        area = vocabulary.areas().get(vocabulary.simplify(part or "")) if domain == "context" else None
        counts[(area or {}).get("domain") or domain] += 1
    return counts


def coverage(context: Context) -> Html:
    """Return what each report covers: figures by domain, the years of its outturns, and what its committee is responsible for."""
    say, words = context.words.say, context.words
    rows = []
    about = [raw.report for raw in context.chosen_reports]
    several = Counter(code for code, _ in {(report.municipality_code, report.committee) for report in about})
    aside = precedence.aside(about)
    others = sorted({f"{report.committee} ({report.municipality})" for report in about if report.id in aside})
    for raw in context.chosen_reports:
        own = context.observations.filter(pl.col("report") == raw.report.id, pl.col("value").is_not_null())
        by_domain = _by_domain(own)
        # What is pooled over years (2015/2021) is no figure of its first year, and a sentence is often about another time.
        own_years = (pl.col("kind") != "text") & ~pl.col("period").str.contains(r"^\d{4}/")
        outturns = own.filter(pl.col("series") == "outturn", own_years)
        years = sorted(outturns["period"].drop_nulls().str.slice(0, 4).unique())
        span = "–".join(dict.fromkeys((years[0], years[-1]))) if years else ""
        rows.append(
            (
                raw.report.municipality,
                raw.report.title + (f", {raw.report.committee}" if several[raw.report.municipality_code] > 1 else ""),
                words.say(f"kind.{raw.report.kind}"),
                span,
                *(words.number(by_domain[domain]) for domain in DOMAINS),
            )
        )
    heads = [
        say("label.place"),
        say("label.report"),
        say("label.what"),
        say("label.outturns"),
        *(say(f"domain.{domain}") for domain in DOMAINS),
    ]
    left_out = paragraph(say("coverage.left_out", reports=", ".join(context.left_out)), kind="caveat") if context.left_out else ""
    return section(
        say("section.coverage"),
        left_out,
        paragraph(say("coverage.text")),
        paragraph(say("coverage.aside", committees=words.join(others))) if others else "",
        table(heads, rows, numeric=(4, 5, 6, 7)),
        name="coverage",
    )
