"""Together: what several reports say side by side, how far they can be compared, what they cover, and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, groupby
from typing import Any

import polars as pl
from markupsafe import Markup

from socialvolym import vocabulary
from socialvolym.analysis import comparison
from socialvolym.charts.markup import Html
from socialvolym.narrative.context import Context, bullets, paragraph, section, table
from socialvolym.narrative.developments import Development
from socialvolym.narrative.messages import contradicted, unmarked
from socialvolym.narrative.wording import capitalise
from socialvolym.reports.models import RawReport
from socialvolym.vocabulary.columns import ANALYSED, DOMAINS

#: More lines than these about one report are folded.
_OPEN_LINES = 4


def side_by_side(context: Context, told: Sequence[Development]) -> Html:
    """Return the developments of all municipalities in one table, a subject at a time: what rose, fell, or cannot be told."""
    say = context.words.say
    rows = [found for found in told if not found.within and found.ends is not None and not found.counted_twice]
    parts: list[Markup] = []
    heads = [say(f"label.{name}") for name in ("measure", "place", "latest", "before", "verdict")]
    for domain in ANALYSED:
        own = [found for found in rows if vocabulary.measure_index()[found.measure]["domain"] == domain]
        if own:
            body = [_side_row(context, found) for found in own]
            parts += [Markup("<h3>{}</h3>").format(say(f"domain.{domain}")), table(heads, body, numeric=(2, 3))]
    return section(say("section.together"), paragraph(say("together.lede")), *parts, name="together") if parts else Html("")


def _side_row(context: Context, found: Development) -> tuple[Any, ...]:
    words = context.words
    name = words.with_part(words.title(found.measure), found.breakdown)
    page = f"{(vocabulary.measure_index()[found.measure]['domain'] or '').replace('_', '-')}.html#measures"
    assert found.ends is not None
    return (
        Markup('<a href="{}">{}</a>').format(page, name),
        found.place,
        *found.ends,
        _word(context, found) + contradicted(context, found),
    )


def _word(context: Context, found: Development) -> Markup:
    """Return the word of the classification for the last change, as the page's rules give it."""
    if found.contradicted:
        return context.words.say("together.contradicted")
    if found.change is None or found.planned or found.up is None:
        return context.words.say("together.planned" if found.up is not None else "together.same", size=found.size, up=found.up)
    cut = found.broken(*found.span) if found.span else None
    if cut is not None:
        if cut[1].extent == "all":
            return context.words.say("together.break_all")
        how = context.words.say(f"message.break_{cut[1].extent}")
        return context.words.say("together.break", size=unmarked(found.size), up=found.up, how=how)
    told = context.words.say(f"together.{found.change.word}", size=unmarked(found.size))
    return Markup(" ").join([told, context.words.say("together.chance")]) if found.change.certainty == "not_clear" else told


def comparability(context: Context, measures: Sequence[str]) -> Html:
    """Return measure by measure who prints it, and whether two reports can be put side by side, or why not."""
    say, words = context.words.say, context.words
    codes = context.settings.municipalities
    if len(codes) < 2:
        return Html("")
    rows, pairs = [], []
    alone: dict[str, list[str]] = {}
    for measure in measures:
        cells = [_printed(context, measure, code, measures) for code in codes]
        if not any(printed for _, printed in cells):
            continue
        if len([cell for cell, _ in cells if cell != str(say("status.not_available"))]) == 1:
            place = next(context.place(code) for code, (_, printed) in zip(codes, cells, strict=True) if printed)
            alone.setdefault(place, []).append(words.title(measure))
            continue
        verdicts, reasons = _verdicts(context, measure)
        pairs += reasons
        verdict = verdicts or [
            str(say("comparison.alone" if sum(printed for _, printed in cells) == 1 else "verdict.not_comparable"))
        ]
        rows.append((words.title(measure), *(cell for cell, _ in cells), "; ".join(dict.fromkeys(verdict))))
    if not rows and not alone:
        return Html("")
    heads = [say("label.measure"), *(context.place(code) for code in codes), say("label.verdict")]
    body = [paragraph(say("comparison.text"))]
    if rows:
        body += [table(heads, rows), bullets(pairs)]
    body += [paragraph(say("comparison.only_here", place=place, measures=words.join(titles))) for place, titles in alone.items()]
    return section(say("section.comparison"), *body, name="comparison")


def _printed(context: Context, measure: str, code: str, measures: Sequence[str]) -> tuple[str, bool]:
    """Return what a municipality prints of a measure: its years, or why it has none; and whether there are years."""
    own = [row for row in context.rows_of(measure, code) if row["value"] is not None]
    years = sorted({row["period"][:4] for row in own if row["series"] == "outturn" and row["period"]})
    if years:
        return (years[0] if len(years) == 1 else f"{years[0]}–{years[-1]}"), True
    say = context.words.say
    if own:
        series = dict.fromkeys(row["series"] for row in own)
        return str(say("comparison.only", series=context.words.join([say(f"series.{name}") for name in series]))), False
    domain = vocabulary.measure_index()[measure]["domain"]
    reports = [raw for raw in context.chosen_reports if raw.report.municipality_code == code]
    duties = [entry for raw in reports for entry in raw.report.responsibility if entry.domain == domain]
    if duties and not any(entry.responsible for entry in duties):
        return str(say("status.outside_responsibility")), False
    return _likened(context, measure, code, measures) or str(say("status.not_available")), False


def _likened(context: Context, measure: str, code: str, measures: Sequence[str]) -> str:
    """Return the measure of the page that a municipality prints in place of one, which looks like it but is another."""
    alike = [other for other in (vocabulary.measure_index()[measure]["not_with"] or "").split("|") if other in measures]
    printed = [name for name in alike if any(row["value"] is not None for row in context.rows_of(name, code))]
    return str(context.words.say("comparison.other", measure=context.words.title(printed[0]))) if printed else ""


def _verdicts(context: Context, measure: str) -> tuple[list[str], list[Markup]]:
    reports = _reports_with(context, measure)
    verdicts, reasons = [], []
    for first, second in combinations(reports, 2):
        if first.report.municipality_code == second.report.municipality_code:
            continue
        result = comparison.compare(context.observations, measure, first.report.id, second.report.id, reports=context.reports)
        verdicts.append(str(context.words.say(f"verdict.{result.verdict}")))
        names: dict[str, Any] = {
            "first": _report_name(first),
            "second": _report_name(second),
            "measure": context.words.title(measure),
        }
        why = " ".join(result.reasons[f"reason_{context.language}"].to_list())
        reasons.append(context.words.say("comparison.pair", **names, verdict=verdicts[-1], why=why))
    return verdicts, reasons


def _report_name(raw: RawReport) -> str:
    return f"{raw.report.municipality} {raw.report.year}"


def _reports_with(context: Context, measure: str) -> list[RawReport]:
    rows = context.rows_of(measure)
    printed = {row["report"] for row in rows if row["series"] == "outturn" and row["value"] is not None}
    return [raw for raw in context.chosen_reports if raw.report.id in printed]


def gaps(context: Context, domain: str | None = None) -> Html:
    """Return what is missing and why (another committee's responsibility, years without a figure), and the images by caption."""
    say = context.words.say
    items = [
        say(
            "gaps.outside",
            place=raw.report.municipality,
            committee=f"{raw.report.title}",
            note=entry.note_sv if context.language == "sv" else entry.note_en,
        )
        for raw in context.chosen_reports
        for entry in raw.report.responsibility
        if (domain is None or entry.domain == domain) and (entry.note_en or not entry.responsible)
    ]
    missing = _missing(context, domain)
    lost = missing.filter(pl.col("table").fill_null("").str.starts_with("lost"))
    unread = []
    for (report, caption), part in lost.group_by("report", "label", maintain_order=True):
        subjects = [context.words.subject(measure) for measure in part["measure"].unique(maintain_order=True)]
        told = context.words.join(subjects)
        unread.append(say("gaps.lost", report=_named(context, str(report)), caption=caption, measures=told))
    single = missing.join(lost.select("report", "measure").unique(), on=["report", "measure"], how="anti", maintain_order="left")
    folded = [
        _missing_years(context, report, list(rows))
        for report, rows in groupby(single.iter_rows(named=True), key=lambda row: row["report"])
    ]
    listed = bullets(items, kind="gaps") if items else Markup("")
    missing_here = section(say("section.gaps"), listed, *folded, name="gaps")
    # What the reports print as an image is no gap of theirs.
    images = paragraph(say("gaps.unread")) + bullets(unread) if unread else ""
    return Html(missing_here + section(say("section.unread"), images, name="unread"))


def _missing(context: Context, domain: str | None) -> pl.DataFrame:
    """Return the outturns that a report has a place for but no figure, and no other report of the municipality has either."""
    lost = context.chosen.filter(
        pl.col("status").is_in(["not_available", "not_yet_published"]),
        pl.col("value").is_null(),
        pl.col("series") == "outturn",
        pl.col("line").is_not_null(),
        pl.col("domain").is_in([domain] if domain else list(ANALYSED)),
    )
    known = (
        context.chosen.filter(pl.col("value").is_not_null(), pl.col("series") == "outturn")
        .select("municipality_code", "measure", "period")
        .unique()
    )
    missing = lost.join(known, on=["municipality_code", "measure", "period"], how="anti", maintain_order="left")
    return missing.sort("report", maintain_order=True)


def _missing_years(context: Context, report: str, rows: Sequence[dict[str, Any]]) -> Markup:
    """Return the measures of one report that miss a year, folded where they are many."""
    say, words = context.words.say, context.words
    by_measure: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        years = by_measure.setdefault(row["measure"], {}).setdefault(row["status"], [])
        if row["period"] and row["period"] not in years:
            years.append(row["period"])
    lines = [
        Markup("{}: {}").format(
            capitalise(Markup.escape(words.title(measure))),
            words.join(
                [
                    f"{words.join([words.period(year) for year in sorted(years)])} ({say(f'status.{status}')})"
                    for status, years in found.items()
                ]
            ),
        )
        for measure, found in by_measure.items()
    ]
    head = say("gaps.years", report=_named(context, report), count=len(lines))
    listed = bullets(lines)
    if len(lines) <= _OPEN_LINES:
        return paragraph(head) + listed
    return Markup("<details><summary>{}</summary>{}</details>").format(head, listed)


def _named(context: Context, report: str) -> str:
    return next(_report_name(raw) for raw in context.reports if raw.report.id == report)


def coverage(context: Context) -> Html:
    """Return what each report covers: figures by domain, the years of its outturns, and what its committee is responsible for."""
    say, words = context.words.say, context.words
    rows = []
    for raw in context.chosen_reports:
        own = context.observations.filter(pl.col("report") == raw.report.id, pl.col("value").is_not_null())
        by_domain = {domain: own.filter(pl.col("domain") == domain).height for domain in DOMAINS}
        years = sorted(own.filter(pl.col("series") == "outturn")["period"].drop_nulls().str.slice(0, 4).unique())
        span = f"{years[0]}–{years[-1]}" if years else ""
        rows.append(
            (
                raw.report.municipality,
                raw.report.title,
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
        table(heads, rows, numeric=(4, 5, 6, 7)),
        name="coverage",
    )
