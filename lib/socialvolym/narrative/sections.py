"""Sections: the sections of a page, from key messages to method, made of developments and figures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import polars as pl
from markupsafe import Markup

from socialvolym import vocabulary
from socialvolym.analysis.classification import is_share, plain, threshold
from socialvolym.charts.figure import numbers_table
from socialvolym.charts.markup import Html, bullets, paragraph, section, table
from socialvolym.errors import SocialvolymError
from socialvolym.narrative import national, together
from socialvolym.narrative.cards import card_points, chart_unit
from socialvolym.narrative.context import Context
from socialvolym.narrative.developments import Development
from socialvolym.narrative.faults import IMAGE, choices, faults_here
from socialvolym.notation.calendar import breaks_between
from socialvolym.notation.periods import CHANGES, DIFFERENCES
from socialvolym.notation.privacy import MASK
from socialvolym.observations import facts, readings
from socialvolym.observations.series import rows_of
from socialvolym.vocabulary import UNKNOWN, names
from socialvolym.vocabulary.codebook import having_role, is_bare_share, is_composed
from socialvolym.vocabulary.columns import ANALYSED, Figure
from socialvolym.vocabulary.files import names_in
from socialvolym.vocabulary.money import MONEY
from socialvolym.vocabulary.phrases import is_said

#: A section, its heading and the rest of it.
_SECTION = re.compile(r"<section([^>]*)>(<h2[^>]*>.*?</h2>)(.*?)</section>", re.DOTALL)
_FOLD = r'<section\1><details class="fold"><summary>\2</summary>\3</details></section>'


#: The frame behind the sections of measures.
SAID_SCHEMA = dict.fromkeys(("measure", "municipality", "part", "said"), pl.String)
#: What is summed up over the time that is printed beside it, which need not be told.
_SUMS = {*MONEY, "care_days", "household_months"}
#: Roles of the kinds of cost and income, of which each report decides what they hold.
_KINDS = ("cost", "revenue", "investment")
#: How many characters the name of a year has.
_YEAR = 4
#: So many reports whose figures wait are named.
_WAITING = 3


def opening(context: Context, page: str, lede: str = "", **values: Any) -> Html:
    """Return the lede, which years are told where not all are, how much of added reports is told, and whom to choose from."""
    if not lede and page not in (known := context.words.pages()):
        raise SocialvolymError(
            f"there is no lede of a page {page!r}, but of: {', '.join(known)}; a page of your own is given its own (lede=...)"
        )
    text = paragraph(lede or context.say(f"page.{page}.lede", **values), kind="lede")
    places = {code: context.place(code) for code in context.settings.municipalities} if page in {*ANALYSED, "overview"} else {}
    return Html(
        text
        + paragraph(context.years_shown(), kind="caveat")
        + _settled(context, page)
        + choices(context, {"municipality": places})
    )


def _settled(context: Context, page: str) -> Markup:
    """Return what share of the figures of added reports is certain or settled, and where the others wait."""
    states: dict[str, Counter[str]] = {}
    for raw in context.chosen_reports:
        if raw.is_added:
            rows = readings.settled(raw).rows
            of_page = rows.filter(pl.col("domain") == page) if page in ANALYSED else rows
            states[raw.report.id] = Counter(of_page["state"])
    told, waiting = (sum(count[state] for count in states.values()) for state in ("told", "waiting"))
    if not told + waiting:
        return Markup("")
    most = sorted((report for report in states if states[report]["waiting"]), key=lambda report: -states[report]["waiting"])
    said = context.say(
        "coverage.settled",
        all=context.words.number(told + waiting),
        share=context.words.percent(100 * told / (told + waiting), 0),
        waiting=context.words.number(waiting) if waiting else None,
        reports=context.words.join([context.names[report] for report in most[:_WAITING]]),
        more=len(most) > _WAITING,
        subject=page in ANALYSED,
    )
    return paragraph(said, kind="caveat")


def who(context: Context) -> dict[str, str]:
    """Return the names that a profile's opening needs: the municipality and its committees."""
    # "Socialnämnden" stands inside a Swedish sentence, where it has a small letter.
    lower = context.language == "sv"
    committees = dict.fromkeys(
        raw.report.committee[:1].lower() + raw.report.committee[1:] if lower else raw.report.committee
        for raw in context.chosen_reports
    )
    return {"place": context.place(context.settings.municipalities[0]), "committee": str(context.words.join(list(committees)))}


def rules(context: Context) -> Html:
    """Return how words are chosen."""
    limits = {"percent": "least_percent", "points": "least_percentage_points"}
    told = {slot: plain(threshold(name), context.language) for slot, name in limits.items()}
    text = context.say("method.words", **told, confidence=plain(100 * threshold("confidence"), context.language))
    last = facts.last_index_year()
    money = context.say("method.money", last=last, provisional=facts.is_provisional(last), pkv=facts.has_pkv())
    return section(context.say("section.rules"), paragraph(text), paragraph(money), kind="method", name="rules")


def measure_sections(context: Context, told: Sequence[Development]) -> Html:
    """Return a fold a measure: what it is, how it went and how sure that is, its numbers, and what must be known.

    Returns
    -------
    section : its `table` has a row a development, with what is said of it.
    """
    measures = list(dict.fromkeys(found.measure for found in told))
    explained: dict[tuple[str, int], str] = {}
    parts = [_measure_section(context, measure, [d for d in told if d.measure == measure], explained) for measure in measures]
    said = pl.DataFrame([_said(found) for found in told], schema=SAID_SCHEMA, orient="row")
    if not parts:
        return context.nothing("matrix", said)
    folds = Markup('<div class="folds">{}</div>').format(Markup("").join(parts))
    return section(context.say("section.measures"), folds, name="measures", table=said)


def _said(found: Development) -> tuple[str, str, str | None, str]:
    said = Markup(" ").join([*found.sentences, *found.after])
    return found.measure, found.place, found.part or None, said.striptags()


def folded(told: Html) -> Html:
    """Return sections, each closed until the reader opens it; a link into one opens it."""
    # As text, for a substitution in markup escapes what it puts together.
    return Html(_SECTION.sub(_FOLD, str(told)), table=told.table, chart=told.chart, why=told.why)


def _measure_section(
    context: Context, measure: str, told: Sequence[Development], explained: dict[tuple[str, int], str]
) -> Markup:
    what = vocabulary.measure_index()[measure]
    definition, title = Markup.escape(what[f"definition_{context.language}"] or ""), context.words.title(measure)
    # That of a measure that is composed of the words of a label may say no more than its title.
    known = (title, what[f"title_{context.language}"])
    definition = Markup("") if definition.removesuffix(".") in known else definition
    of_what = context.say("caveat.share_of") if is_bare_share(measure) else Markup("")
    reference = _reference(context, what["reference_time"] or "unknown", told)
    body: list[Markup] = [paragraph(definition, of_what, reference, kind="what")]
    body += [paragraph(*found.sentences, *found.after) for found in told if not found.within]
    body += [
        paragraph(text, kind="says")
        for code in dict.fromkeys(found.code for found in told)
        for text in _explanations(context, [found for found in told if found.code == code], explained)
    ]
    body += [_parts(context, measure, told), _caveats(context, measure, told)]
    return Markup(
        '<details class="fold"><summary><h3>{}</h3></summary><section class="measure" id="m-{}">{}</section></details>'
    ).format(title, measure, Markup("").join(body))


def _reference(context: Context, time: str, told: Sequence[Development]) -> Markup:
    """Return what time the figures of a measure are of; nothing where each is of a day or a part of a year, which it says.

    Of a measure that is made of the words of a label the report may well say it in other words than those.
    """
    periods = [row["period"] or "" for found in told for row in found.figures]
    if time == "unknown" and is_composed(told[0].measure):
        rows = [row for code in {found.code for found in told} for row in context.rows_of(told[0].measure, code)]
        printed = [row for row in rows if row["series"] == "outturn"]
        of_a_day = bool(printed) and all((row["period"] or "").endswith("-12-31") for row in printed)
        if not of_a_day and all(row["unit"] in _SUMS for row in printed):
            return Markup("")
        time = "31_december" if of_a_day else "unread"
    if (
        periods
        and (time in ("unknown", "unread") or time.startswith("year_"))
        and not any(len(period) == _YEAR for period in periods)
    ):
        return Markup("")
    return context.say(f"reference_time.{time}")


def _parts(context: Context, measure: str, told: Sequence[Development]) -> Markup:
    """Return the figures of the parts of a whole, which have no card, in a table."""
    frames = [
        card_points(context, found).with_columns(group=pl.lit(f"{found.place}, {found.part}")) for found in told if found.within
    ]
    frames = [frame for frame in frames if frame["value"].drop_nulls().len()]
    if not frames:
        return Markup("")
    names = list(dict.fromkeys(found.part for found in told if found.within))
    said = context.say("parts.listed", parts=context.words.join(names), several=len(names) > 1)
    units = {row["unit"] for found in told if found.within for row in rows_of(found.points)}
    unit = chart_unit(context, units.pop()) if len(units) == 1 else ""
    return paragraph(said) + numbers_table(pl.concat(frames), context.language, context.words.title(measure), unit)


def _explanations(context: Context, told: Sequence[Development], explained: dict[tuple[str, int], str]) -> list[Markup]:
    """Return what the reports say about the cause of a measure; what they said of another measure is only referred to."""
    measure, code = told[0].measure, told[0].code
    periods = [row["period"] for found in told for row in found.figures[-1:]]
    change = next((found.span for found in told if found.span), (periods[0], periods[0]) if periods else None)
    against = {"budget" if found.against_budget else "year" for found in told}
    texts = []
    for raw, saying in context.sayings(measure, code):
        place = (raw.report.id, saying.line)
        if against.isdisjoint(saying.against):
            continue
        if place in explained:
            other = explained[place]
            texts.append(context.words.say("says.same", measure=other, title=context.words.title(other)))
        else:
            explained[place] = measure
            texts.append(context.cause(raw, saying, change))
    return texts


def _caveats(context: Context, measure: str, told: Sequence[Development]) -> Markup:
    items: list[Markup] = []
    codes = sorted({found.code for found in told})
    spans = {found.code: found.span for found in told if found.span}
    for code in codes:
        for raw, cut in context.breaks(measure, code):
            # A break between the two latest years is told beside them.
            if (code in spans and breaks_between(*spans[code], [cut.period])) or not context.tells_of(cut.period):
                continue
            items.append(
                context.say(
                    "caveat.break",
                    period=context.words.period(cut.period),
                    place=context.place(code),
                    reason=context.reason(cut, raw.report.id),
                )
            )
    alike = names_in(vocabulary.measure_index()[measure]["not_with"])
    printed = [other for other in alike if any(row["value"] is not None for row in context.rows_of(other))]
    others = [context.words.title(other) for other in printed]
    if others:
        items.append(
            context.say("caveat.not_with", others=context.words.join([context.words.quoted(title) for title in others[:2]]))
        )
    found = _findings_of(context, measure, codes)
    items += [context.say("caveat.finding", text=text, **about) for text, about in found.items()]
    lost: dict[str, Figure] = {}
    for row in context.rows_of(measure):
        if row["status"] == "not_available" and (row["table"] or "").startswith("lost"):
            lost.setdefault(row["table"], row)
    for row in lost.values():
        items.append(
            context.say("caveat.lost", place=context.place(row["municipality_code"]), caption=context.words.quoted(row["label"]))
        )
    return Markup('<aside class="caveat">{}</aside>').format(bullets(items)) if items else Markup("")


def _findings_of(context: Context, measure: str, codes: Sequence[str]) -> dict[Markup, dict[str, str]]:
    """Return what is found of a measure's figures, each with its severity and its place: only an error is a contradiction."""
    rows = context.rows_of(measure)
    lines = dict.fromkeys((row["report"], row["line"], row["table"]) for row in rows if row["municipality_code"] in codes)
    found: dict[Markup, dict[str, str]] = {}
    for report, line, printed_in in lines:
        for finding in context.flags.get((report, line), []):
            # A finding about a table names lines of other tables to compare with: it is not about those.
            here = line == finding["line"] or finding["table"] in (None, printed_in)
            if here and finding.get("measure") in (None, measure) and finding["rule"] != IMAGE:
                place = context.words.say("label.report_line", report=context.names[report], line=finding["line"])
                found[context.finding_link(finding)] = {"severity": finding["severity"], "place": place}
    return found


def other_figures(context: Context, domain: str | None, told: Sequence[Development]) -> Html:
    """Return the other published figures in one table, each with its report and line: nothing that is printed is left out.

    The figures of a subject lead to their source entries; all figures of a municipality are too many for that.

    Returns
    -------
    section : its `table` holds the figures (OBSERVATION_SCHEMA).
    """
    shown = {found.measure for found in told}
    rows = context.figures if domain is None else context.figures.filter(pl.col("domain") == domain)
    rows = rows.filter(~pl.col("measure").is_in(list(shown)), pl.col("value").is_not_null())
    if rows.is_empty():
        return context.nothing("other", rows)
    say, words = context.words.say, context.words
    body, places = [], set()
    # Where costs are printed with a minus and told without, their changes still have the printed sign.
    minus = rows.filter(~pl.col("series").is_in(DIFFERENCES), pl.col("published_as").str.contains("^[-−]"), pl.col("value") > 0)
    turned = set(minus.select("report", "table").drop_nulls().unique().iter_rows())
    for row in rows_of(rows.sort("municipality_code", "measure", "breakdown", "period", maintain_order=True)):
        title = row["label"] if row["measure"] == UNKNOWN else words.title(row["measure"])
        name = words.with_part(title, row["breakdown"], row["measure"] if row["measure"] != UNKNOWN else None)
        if row["measure"] not in places:
            # The search leads here.
            places.add(row["measure"])
            name = Markup('<span id="o-{}">{}</span>').format(row["measure"], name)
        if remark := context.remark(row) or _as_printed(context, row):
            name = Markup("{} <small>{}</small>").format(name, say("other.remark", text=remark))
        value = (context.number(row) if domain else Markup.escape(context.told(row)) + context.flag(row)) + context.cautioned(row)
        source = say("label.report_line", report=context.names[row["report"]], line=row["line"])
        series = words.series(row["series"])
        as_printed = vocabulary.is_cost(row["measure"]) and (row["report"], row["table"]) in turned
        of_change = row["series"] in CHANGES or (row["series"] == "deviation" and is_share(row["unit"]))
        if of_change and (as_printed or having_role([row["measure"]], "investment")):
            series = say("other.own_sign", series=series)
        body.append((name, context.time(row), series, value, source))
    heads = [say(f"label.{name}") for name in ("measure", "period", "series", "value", "source")]
    summary = Markup('<details class="data folded"><summary>{}</summary>{}</details>').format(
        say("other.unfold", count=words.number(len(body))), table(heads, body, numeric=(3,))
    )
    masked = any(MASK in f"{row['label']} {row['breakdown']}" for row in rows_of(rows))
    lede = paragraph(say("other.lede"), say("other.masked", mask=MASK) if masked else "")
    return section(say("section.other"), lede, summary, name="other", table=rows)


def _as_printed(context: Context, row: Figure) -> Markup | str:
    """Return the printed name of a kind of cost or income where the measure has another: rents are not all premises cost."""
    label = vocabulary.simplify(row["label"] or "")
    if row["kind"] != "table" or row["breakdown"] or not having_role([row["measure"]], *_KINDS) or is_said("sum_heading", label):
        return ""
    title = vocabulary.measure_index()[row["measure"]]["title_sv"] or ""
    printed = Markup('<span lang="sv">{}</span>').format(row["label"])
    return "" if label == vocabulary.simplify(title) else context.say("other.as_printed", label=printed)


def closing(context: Context, domain: str, told: Sequence[Development], measures: Sequence[str]) -> Html:
    """Return the end of an analysis, folded: Kolada, comparability, gaps, what contradicts what, and all other figures.

    Returns
    -------
    sections : their `table` has a row a figure that is missing.
    """
    missing = together.gaps(context, names.one_of(domain, ANALYSED, "domain"))
    parts = [
        national.national(context, measures),
        together.comparability(context, measures),
        missing,
        faults_here(context, domain),
        other_figures(context, domain, told),
    ]
    return Html(Markup("").join(folded(part) for part in parts), table=missing.table)


def method(context: Context) -> Html:
    """Return how the pages were made, and on how many reports with figures they rest."""
    say = context.words.say
    figures = context.chosen.filter(pl.col("value").is_not_null())
    terms = Markup("").join(
        Markup("<dt>{}</dt><dd>{}</dd>").format(term.upper() if term != "sol" else "SoL", say(f"glossary.{term}"))
        for term in ("lss", "lvu", "lvm", "sol", "hvb", "ifo")
    )
    return section(
        say("section.method"),
        paragraph(say("method.text", reports=figures["report"].n_unique())),
        Markup('<dl class="facts">{}</dl>').format(terms),
        kind="method",
        name="method",
    )
