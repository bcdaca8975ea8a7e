"""Messages: what a page says first, the most important by size, certainty, consequence and how new it is."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import polars as pl
from markupsafe import Markup

from socialvolym import vocabulary
from socialvolym.analysis import yardsticks
from socialvolym.analysis.trends import few_of
from socialvolym.charts import forms
from socialvolym.charts.figure import picture
from socialvolym.charts.markup import Html, paragraph, section
from socialvolym.narrative import drivers
from socialvolym.narrative.context import Context
from socialvolym.narrative.developments import Development, End
from socialvolym.narrative.developments.yearly import STILL
from socialvolym.narrative.drivers import Cost, Driver, in_unit
from socialvolym.narrative.wording import capitalise
from socialvolym.notation.periods import CHANGES
from socialvolym.observations import facts
from socialvolym.observations.series import rows_of
from socialvolym.reports.models import RawReport
from socialvolym.vocabulary import UNKNOWN
from socialvolym.vocabulary.bilingual import in_notation
from socialvolym.vocabulary.columns import ANALYSED

#: How many key messages a page begins with, and how many of them may be of one municipality while another one has a development
#: that weighs so much of the one that is next. Set on five reports: from a third to a half their pages begin with the same.
MESSAGES, OF_ONE_PLACE, LIKE = 4, 2, 0.5
#: What a tile says in words, its headline and its cause, is no longer; a longer cause is folded under it.
WORDS = 25
#: A word, or a number with what parts its thousands.
_WORD = re.compile(r"\d[\d\s.,–-]*|\w[\w-]*")
#: What chance can explain is a message only where there are fewer than so many others.
LEAST = 3
#: How many of them tell of several measures together, as what came in beside what it cost.
LEADS = 1
#: So many municipalities may have messages of their own for who chooses them: four are about 20 kB of a page's 1.5 MB.
PLACES = 12
#: A cost that is so many per cent over its budget comes before all developments, anything less after them.
GRAVE = 2.0
#: The frame behind the messages: what each development weighs.
WEIGHED_SCHEMA = {
    **dict.fromkeys(("measure", "part", "municipality"), pl.String),
    **dict.fromkeys(("weight", "percent_a_year"), pl.Float64),
}


def key_messages(
    context: Context,
    told: Sequence[Development],
    costs: Sequence[Cost] = (),
    of_costs: int = 1,
    on_page: bool = True,
) -> Html:
    """Return the most important messages: by size, certainty, consequence and how new they are, not by order in the documents.

    Money that is missing comes first, then what developed and is certain; money that is left comes last. A page of one
    municipality begins with its result against the budget; one of several has also what each of them would begin with alone, for
    who chooses it. The `table` says what each development weighs.

    Parameters
    ----------
    told : the developments to choose from.
    costs : costs against budget to choose from (see economy.cost_rows and economy.results).
    of_costs : how many of the messages may be about costs.
    on_page : whether the measures have their sections on this page; if not, messages lead to the page of their subject.
    """
    codes, domains = context.settings.municipalities, {_domain(found.measure) for found in told}
    subjects = [context.domain] if context.domain else ANALYSED
    left = context.figures.filter(pl.col("domain").is_in(subjects), pl.col("value").is_not_null())
    leads = [each for each in drivers.leading(context) if each.domain in domains]
    picked = _picked(context, told, costs, leads, of_costs, alone=len(codes) == 1)
    messages = [_told(context, each, told, on_page) for each in picked]
    if 1 < len(codes) <= PLACES:
        for code in codes:
            own = _own(code, told, costs, leads)
            others = [each for each in _picked(context, *own, of_costs, alone=True) if not any(each is other for other in picked)]
            room = MESSAGES - sum(_code(each) == code for each in picked)
            tiles = [_told(context, each, told, on_page) for each in others[:room]]
            if not tiles and room == MESSAGES:
                has = (left["municipality_code"] == code).any()
                tiles = [paragraph(context.why_nothing("messages_of", code, place=context.place(code), left=has))]
            messages += [_when_chosen(tile, code) for tile in tiles]
    nothing = paragraph(context.why_nothing("messages", narrowed=bool(context.narrowed), left=left.height > 0))
    title = context.say("section.messages")
    return section(title, *(messages or [nothing]), kind="key-messages", name="messages", table=_weighed(told))


def _picked(
    context: Context, told: Sequence[Development], costs: Sequence[Cost], leads: Sequence[Driver], of_costs: int, alone: bool
) -> list[Cost | Driver | Development]:
    """Return what the messages tell of, in order."""
    grave = sorted(costs, key=lambda row: (alone and row.whole, _gravity(context, row)), reverse=True)[:of_costs]
    first = [row for row in grave if (alone and row.whole) or (row.share or 0.0) >= GRAVE]
    # What a page leads with is not told once more.
    led = {name for each in leads[:LEADS] if each.lead for name in each.lead.ids}
    led |= {row.outturn["observation_id"] for row in grave}
    places = [*map(_code, grave), *map(_code, leads[:LEADS])]
    chosen = _chosen([found for found in told if not led & set(found.ids)], MESSAGES - len(places), places)
    return [*first, *leads[:LEADS], *chosen, *(row for row in grave if row not in first)]


def _own(
    code: str, told: Sequence[Development], costs: Sequence[Cost], leads: Sequence[Driver]
) -> tuple[list[Development], list[Cost], list[Driver]]:
    """Return what is told of one municipality."""
    return (
        [found for found in told if found.code == code],
        [row for row in costs if row.code == code],
        [each for each in leads if _code(each) == code],
    )


def _code(each: Cost | Driver | Development) -> str:
    """Return of which municipality something is told."""
    if not isinstance(each, Driver):
        return each.code
    assert each.lead is not None
    return each.lead.code


def _told(context: Context, each: Cost | Driver | Development, told: Sequence[Development], on_page: bool) -> Markup:
    """Return a message."""
    if isinstance(each, Cost):
        return _cost_message(context, each)
    return _lead_message(context, each) if isinstance(each, Driver) else _message(context, each, told, on_page)


def _when_chosen(tile: Markup, code: str) -> Markup:
    """Return what is shown to who chooses a municipality: the page's script does."""
    # As text, for markup escapes what is put into it.
    own = f'data-chosen hidden data-municipality="{code}"'
    return Markup(str(tile).replace(f' data-municipality="{code}"', "", 1).replace(">", f" {own}>", 1))


def _weighed(told: Sequence[Development]) -> pl.DataFrame:
    """Return what each development weighs as a message, the heaviest first."""
    rows = [(found.measure, found.part, found.place, found.weight, found.step) for found in told if not found.within]
    return pl.DataFrame(rows, schema=WEIGHED_SCHEMA, orient="row").sort("weight", descending=True, maintain_order=True)


def _chosen(told: Sequence[Development], most: int, places: Sequence[str] = ()) -> list[Development]:
    """Return the developments that weigh most, one a family; `places` are the municipalities of the messages beside them."""
    left = sorted((d for d in told if d.weight > 0 and not d.within), key=lambda d: (_says_something(d), d.weight), reverse=True)
    chosen: list[Development] = []
    while left and len(chosen) < (most if _says_something(left[0]) else min(most, LEAST)):
        of_place = Counter([*places, *(found.code for found in chosen)])
        like = [d for d in left if d.weight >= LIKE * left[0].weight and _says_something(d) == _says_something(left[0])]
        chosen.append(next((d for d in like if of_place[d.code] < OF_ONE_PLACE), left[0]))
        left = [d for d in left if d is not chosen[-1] and not _related(d, chosen[-1])]
    return chosen


def _says_something(found: Development) -> bool:
    """Tell whether a development has a direction or a goal, and not only a difference that chance or a break can explain."""
    no_change = found.change is not None and (not found.moved or found.change.certainty == "not_clear")
    return not no_change or found.missed or found.away or steady(found)


def steady(found: Development) -> bool:
    """Tell whether all the years, and not only the latest step, are the message: they went one way, by more than one step."""
    return found.path is not None and found.path.steady and found.change is not None and found.change.certainty != "not_clear"


def _related(found: Development, other: Development) -> bool:
    """Tell whether two developments tell of the same: one message a family of measures in a place is enough.

    Of one measure in several places the one is told for which it matters most.
    """
    same_place = (found.code, _family(found.measure)) == (other.code, _family(other.measure))
    return same_place or found.measure == other.measure


def _family(measure: str) -> str | None:
    return vocabulary.measure_index()[measure]["family"]


def _gravity(context: Context, row: Cost) -> float:
    """Return how grave a deviation is: by its amount an inhabitant, less by its share of the budget; less for money left.

    It is the deviation without one-offs and reserves where the cost has any. Where no year's inhabitants of a municipality of the
    page are known, the amounts themselves are compared.
    """
    without = deviation_without(context, row)
    deviation = row.deviation if without is None else without
    share = abs(row.share or 0.0) * (abs(deviation / row.deviation) if row.deviation else 1.0)
    people = {code: facts.inhabitants_about(code, int(row.period[:4])) for code in {row.code, *context.settings.municipalities}}
    size = abs(deviation) * math.sqrt(share) / ((all(people.values()) and people[row.code]) or 1)
    return size if deviation > 0 else 0.4 * size


def _message(context: Context, found: Development, told: Sequence[Development], on_page: bool) -> Markup:
    domain = vocabulary.measure_index()[found.measure]["domain"] or ""
    # A page of a subject need not tell every headline measure, but it has its measures in one section.
    place = f"#m-{found.measure}" if on_page else f"{domain.replace('_', '-')}.html#measures"
    head = capitalise(headline(context, found))
    report = found.outturn_report if found.change is not None else None
    frame, ends = (found.monthly if found.monthly.height else found.points), change_ends(found)
    change = (ends[-1].period, ends[0].period) if ends else found.span
    # Of a path told from its beginning the report may explain its end alone: that is folded, with its years.
    causes, others = (
        context.sayings(
            found.measure, found.code, report=report, breakdown=found.breakdown, change=of, budget=found.against_budget
        )[: 1 if of else 0]
        for of in (change, found.span)
    )
    more = [*found.sentences[:4], *_beside(context, found, told), *(context.cause(*pair, change) for pair in causes or others)]
    spark = Markup("")
    if frame.height >= 2:
        points = points_of(context, frame, found.place)
        named = () if found.monthly.height else tuple(end.period for end in reversed(ends))
        line = forms.spark(points, language=context.language, named=named, breaks=breaks_of(found, points["period"]))
        spark = picture(line, str(head), context.language)
    marked = Markup('<a href="{}">{}</a>{}').format(place, head, marks(context, found))
    return _tile(context, marked, figures_of(ends), spark, causes, (ends[0].ids if ends else found.ids)[-1:], more)


def _lead_message(context: Context, driver: Driver) -> Markup:
    """Tell of several measures together, with the whole sentence folded."""
    lead = driver.lead
    assert lead is not None
    head = Markup('<a href="#drivers">{}</a>').format(capitalise(lead.head))
    return _tile(context, head, lead.figure, Markup(""), (), lead.ids, [driver.text], lead.remarks)


def change_ends(found: Development) -> Sequence[End]:
    """Return the figures that a message's change lies between, the later one first; the only figure where there is no change."""
    if found.path is not None and steady(found) and found.ends and not (found.missed or found.away):
        return found.ends[0], found.end_of(found.path.periods[0], like=found.path.periods[-1])
    return found.ends or tuple(end for end in [found.latest] if end is not None)


def marks(context: Context, found: Development) -> Markup:
    """Return what stands after a headline: what explains a part of a change, what contradicts it, what is preliminary."""
    # A goal is told without its change, of which the recording would explain a part.
    return Markup("").join(Markup(", ") + remark for remark in _remarks(context, found, change=not (found.missed or found.away)))


def breaks_of(found: Development, periods: Iterable[str]) -> list[forms.Break]:
    """Return the breaks of a development between the first and the last of some periods: announced, or between two reports."""
    years, context = sorted(period[:4] for period in periods), found.context
    cuts = [
        (cut.period, context.reason(cut, raw.report.id))
        for raw, cut in context.breaks(found.measure, found.code, found.breakdown)
    ]
    cuts += [(after, context.words.say("message.seam_drawn")) for _, after in found.seams]
    return [forms.Break(period, reason.striptags()) for period, reason in cuts if years and years[0] < period[:4] <= years[-1]]


def figures_of(ends: Sequence[End]) -> Markup:
    """Return the figures that a change lies between, each with its time."""
    return Markup(" → ").join(Markup("{} <small>({})</small>").format(end.figure, end.time) for end in reversed(ends))


def _tile(
    context: Context,
    head: Markup,
    figure: Markup,
    picture: Markup,
    causes: Sequence[tuple[RawReport, Any]],
    ids: Sequence[str],
    more: Sequence[Markup],
    rests_on: Sequence[Markup] = (),
) -> Markup:
    """Return a message: headline, figure, small chart, its cause and what it rests on, source, and folded the rest."""
    row = context.observations.filter(pl.col("observation_id").is_in(ids)).row(0, named=True)
    report = next(raw.report for raw in context.reports if raw.report.id == row["report"])
    where = context.words.say("label.report_line", report=report.name, line=row["line"])
    parts = [paragraph(figure, kind="big"), Markup('<div class="spark">{}</div>').format(picture) if picture else Markup("")]
    parts += [paragraph(text, kind="why") for text in _why(context, head, causes, rests_on)]
    parts.append(paragraph(context.link(where, ids), kind="source"))
    rest = Markup('<details class="more"><summary>{}</summary><p>{}</p></details>').format(
        context.words.say("message.more"), Markup(" ").join(more)
    )
    return Markup('<article class="message" data-municipality="{}"><h3>{}</h3>{}{}</article>').format(
        report.municipality_code, head, Markup("").join(parts), rest
    )


def _why(
    context: Context, head: Markup, causes: Sequence[tuple[RawReport, Any]], rests_on: Sequence[Markup] = ()
) -> list[Markup]:
    """Return a cause and what the cost rests on, in the fullest wordings that fit beside the headline; else the cause alone."""
    said = [
        context.words.say("says.brief", text=context.reason(wording, raw.report.id))
        for raw, saying in causes
        for wording in saying.wordings()
    ]
    room = WORDS - words_in(_FLAG.sub("", head))
    both = [[why, what] for what in rests_on for why in said]
    alone = [[why] for why in said] or [[what] for what in rests_on]
    return next((texts for texts in (*both, *alone) if sum(map(words_in, texts)) <= room), [])


def words_in(html: str) -> int:
    """Return how many words a text has; a number is one however it is parted."""
    return len(_WORD.findall(Markup(html).striptags()))


def _year_or_part(period: str) -> str:
    """Return a span of months as it is, else the year: a wrong month does not contradict the sum of a half-year."""
    return period if "/" in period else period[:4]


def contradicted(context: Context, found: Development) -> Markup:
    """Return what the report prints instead of a change or of a figure that it lies between, with the way to the finding.

    It is a figure of the same measure and part for the years between which the change is told: the figure of one of them, the
    change as printed, or the printed mean of its months.
    """
    years = {_year_or_part(period) for period in found.span or ()}
    if found.path is not None and steady(found):
        years = {found.path.periods[0][:4], found.path.periods[-1][:4]}
    parts = {found.breakdown, "Genomsnitt"} if found.monthly.height else {found.breakdown}
    for row in context.rows_of(found.measure, found.code):
        if years & {row["period"] or "", (row["period"] or "")[:4]} and row["breakdown"] in parts:
            wrong = context.finding_about(row)
            if wrong is not None and wrong["severity"] == "error":
                change = row["series"] in CHANGES
                told = context.words.say(
                    "headline.contradicted",
                    printed=in_notation(row["published_as"], context.language),
                    year=None if change else context.words.period(row["period"]),
                )
                return context.mark(wrong, told)
    return Markup("")


#: The mark of a figure that something contradicts; a headline has its own.
_FLAG = re.compile(r'<a class="flag.*?</a>')
#: What went up or down beside a message is named from so many per cent on, and so many of it.
_WORTH, _MOST_BESIDE = 5.0, 2


def _beside(context: Context, found: Development, told: Sequence[Development]) -> list[Markup]:
    """Return what else went up or down in the family of a message over the same years, in one sentence."""
    others = [
        other
        for other in told
        if other is not found
        and other.moved
        and not other.within
        and not _of_few(other)
        and other.span == found.span
        and _related(found, other)
        and "_and_" not in other.measure
    ]
    shown: dict[str, Development] = {}
    for other in sorted(others, key=lambda other: other.step, reverse=True):
        if other.step >= _WORTH and len(shown) < _MOST_BESIDE and other.subject != found.subject:
            shown.setdefault(other.subject, other)
    chosen = list(shown.values())
    said = [
        context.words.say(
            "message.other",
            subject=other.subject,
            size=other.size,
            up=other.up,
            # "A rose by 3 and B by 2": the word is said once where both went the same way.
            verb=before is None or before.up != other.up,
            remarks=_remarks(context, other),
            explained=other.explained,
            more=other is not chosen[-1],
        )
        for before, other in zip([None, *chosen], chosen, strict=False)
    ]
    return [context.say("message.beside", others=context.words.join(said))] if said else []


def _of_few(found: Development) -> bool:
    """Tell whether a change is between two counts so small that it says little beside another."""
    return any(end.value < few_of(end.unit) for end in found.ends or ())


def _remarks(context: Context, found: Development, *, change: bool = True) -> list[Markup]:
    """Return what must be said of a development wherever it is told, with its `change` or without.

    It is that changed reporting explains a part, that a figure of it is preliminary, and a printed figure that contradicts it.
    """
    cut = found.broken(*found.span) if found.span else None
    told = [f"message.break_{cut[1].extent}"] if change and cut is not None and cut[1].extent != "all" else []
    ids = {name for end in change_ends(found) for name in end.ids}
    rows = (row for row in found.figures if row["observation_id"] in ids)
    years = change_ends(found) if change else ()
    if years and any(years[-1].period <= first and last <= years[0].period for first, last in found.seams):
        told.append("message.seam")
    told += dict.fromkeys(f"message.{status}" for row in rows if (status := context.status(row)))
    printed = contradicted(context, found)
    return [*map(context.words.say, told), *([printed] if printed else [])]


def headline(context: Context, found: Development) -> Markup:
    """Return what a development's message says in one line."""
    values = {"place": found.place, "subject": found.subject}
    y0, y1 = found.span or ("", "")
    # "januari–augusti 2023–2024": of a part of the year the part is said once.
    y0 = context.words.period(y0) if y0[4:] and y0.replace(y0[:4], y1[:4]) == y1 else y0[:4]
    if found.missed or found.away:
        key = "headline.missed" if found.missed else "headline.away"
        return context.say(key, **values, y1=y1[:4])
    if found.path is not None and steady(found):
        size, up = str(found.size_of_path().striptags()), found.path.values[-1] > found.path.values[0]
        y0, y1 = (period[:4] for period in found.path_ends)
        return context.say("headline.changed", **values, size=size, up=up, y0=y0, y1=y1, chance=False)
    # A change that is only printed carries its own mark, which a headline tells in words.
    size = Markup(_FLAG.sub("", found.size)).striptags()
    if found.against_budget:
        return context.say("headline.against_budget", **values, size=size, up=found.up, y1=y1)
    if found.planned:
        base = context.words.say(f"base.{found.base}")
        return context.say("headline.planned", **values, size=size, up=found.up, base=base, y0=y0, y1=y1)
    chance = found.moved and not _says_something(found)
    key = "headline.unchanged" if found.change is not None and found.up is None else "headline.unclear"
    key = "headline.changed" if found.moved or _says_something(found) else key
    if key == "headline.unclear" and found.ends and found.change and found.change.rule not in STILL:
        # Nothing can be said of the difference, as between two surveys: the two figures are what is known.
        after, before = (str(end.figure.striptags()) for end in found.ends)
        return context.say("headline.apart", **values, before=before, after=after, y0=y0, y1=y1[:4])
    return context.say(key, **values, size=size, up=found.up, y0=y0, y1=y1[:4], chance=chance)


def _cost_message(context: Context, row: Cost) -> Markup:
    size = context.words.quantity(abs(row.deviation), row.unit)
    ids = [row.outturn["observation_id"], row.budget["observation_id"]]
    over = row.deviation > 0
    year = context.words.period(row.period)
    name = {
        "area": context.words.area(row.area),
        "place": context.place(row.code),
        "year": f"{context.words.series('forecast')} {year}" if row.so_far is not None else year,
        "over": over,
    }
    basis = deviation_without(context, row)
    reserve = any(entry.kind == "reserve" for _, entry, _ in context.amounts("one_off", row.outturn))
    other = context.words.quantity(abs(basis), row.unit) if basis is not None and basis * row.deviation > 0 else None
    head = capitalise(context.say("headline.cost", **name, size=size, without=other, reserve=reserve))
    period = (row.period, row.period)
    causes = context.sayings(
        row.outturn["measure"], row.code, row.outturn["breakdown"], row.outturn["report"], change=period, budget=True
    )[:1]
    sentences = _so_far(context, row) or [
        context.say(
            "costs.message",
            **name,
            outturn=context.short(row.outturn, row.budget),
            budget=context.number(row.budget),
            share=context.link(context.words.percent(row.share, 1), ids) if row.share is not None else None,
        ),
        *compared(context, row, [context.cause(*pair, period) for pair in causes]),
        *year_ahead(context, row),
    ]
    marked = Markup('<a href="#{}">{}</a>').format("economy" if row.whole else "costs", head)
    figure = context.words.say("costs.figure", outturn=context.short(row.outturn, row.budget), budget=context.number(row.budget))
    # What limits the headline comes before what explains it.
    briefs = [Markup("{}.").format(capitalise(reason)) for reason in context.scope(row.outturn)]
    briefs += [brief for each in drivers.of_cost(context, row) for brief in each.briefs]
    for raw, part, _ in context.amounts("deviation_part", row.outturn)[:1]:
        briefs += [context.words.say("costs.part_brief", part=context.reason(each, raw.report.id)) for each in part.wordings()]
    return _tile(context, marked, figure, _cost_picture(context, row, head), causes, ids[:1], sentences, briefs)


def _so_far(context: Context, row: Cost) -> list[Markup]:
    """Return the forecast for the year against its budget and what the months so far cost; nothing of an outturn."""
    if row.so_far is None:
        return []
    told = context.say("costs.so_far", period=context.words.period(row.so_far["period"]), figure=context.number(row.so_far))
    return [*year_ahead(context, replace(row, ahead=(row.outturn, row.budget))), told]


def _cost_picture(context: Context, row: Cost, head: Markup) -> Markup:
    """Draw a cost beside its budget."""
    bars = [
        {
            "label": context.words.series(each["series"]),
            "value": each["value"] / 1000,
            "observation_id": each["observation_id"],
            "worse": each is row.outturn and row.deviation > 0,
        }
        for each in (row.budget, row.outturn)
    ]
    frame = pl.DataFrame(bars)
    chart = forms.bars(frame, language=context.language, unit=context.words.unit("MSEK"), signed=False, decimals=1)
    return picture(chart, str(head.striptags()), context.language)


def compared(context: Context, row: Cost, causes: Sequence[Markup] = ()) -> list[Markup]:
    """Return what can be said of a cost against the year before: how it changed, also in real terms, or why that is not known.

    What its deviation from the budget rests on is said first, and the `causes` of that, so that nobody takes them for causes of
    the change since the year before.
    """
    scope = context.scope(row.outturn)
    basis = [*([context.say("costs.mind", reason=Markup("; ").join(scope))] if scope else [])]
    basis += [*without(context, row), *causes]
    measure, report, before = row.outturn["measure"], row.outturn["report"], row.before
    announced = context.breaks(measure, row.code, row.outturn["breakdown"])
    cuts = [(raw, cut) for raw, cut in announced if cut.period == row.period and raw.report.id == report]
    # What is told with and without its amount is not told once more as a break.
    if row.outturn["breakdown"] is None and context.amounts("one_off", row.outturn):
        cuts = [(raw, cut) for raw, cut in cuts if cut.extent == "all"]
    reasons = [context.reason(cut, raw.report.id) for raw, cut in cuts]
    if before and any(cut.extent == "all" for _, cut in cuts):
        [first, *_] = [reason for reason, (_, cut) in zip(reasons, cuts, strict=True) if cut.extent == "all"]
        year = context.words.period(before["period"])
        return [*basis, context.say("costs.not_since", before=context.number(before), year=year, reason=first)]
    minds = [context.say("costs.mind", reason=Markup("; ").join(reasons))] if reasons else []
    minds += [
        context.say("costs.differs", year=context.words.period(each["period"]), others=context.words.join(others))
        for each in (before, row.outturn)
        if each and (others := context.also_printed(each))
    ]
    wrong = [
        context.contradiction_told(each, context.words.period(each["period"]))
        for each in (row.outturn, row.budget)
        if context.contradiction(each) is not None
    ]
    if not before:
        return [*basis, *wrong, *minds]
    then, now = context.comparable(before), context.comparable(row.outturn)
    wrong += [context.contradiction_told(before, context.words.period(before["period"]))] if context.contradiction(before) else []
    if then is None or now is None:
        return [*basis, *wrong, *minds]
    a, b = then["value"], now["value"]
    one_offs = [in_unit(figure, row.unit) for _, entry, figure in context.amounts("one_off", now) if entry.kind == "one_off"]
    ids = [before["observation_id"], row.outturn["observation_id"]]
    index = yardsticks.index_of(row.outturn["measure"])
    # Prices are known by the year.
    whole = len(row.period) == len("2024")
    prices = facts.price_change(int(before["period"]), int(row.period), index) if whole else None
    told = context.say(
        "costs.since",
        before=context.number(before) if then is before else context.should_be(then),
        up=b > a,
        year=context.words.period(before["period"]),
        share=context.link(context.words.percent(100 * (b - a) / a, 1), ids),
        without=context.words.percent(100 * (b + sum(one_offs) - a) / a, 1) if one_offs else None,
        without_up=b + sum(one_offs) > a,
        prices=context.words.percent(prices, 1) if prices is not None else None,
        index=index,
        provisional=whole and facts.is_provisional(int(row.period), index),
    )
    return [*basis, *wrong, told, *minds]


def year_ahead(context: Context, row: Cost) -> list[Markup]:
    """Return the forecast for the year that a cost's period is a part of, against the year's budget, where both are printed."""
    if row.ahead is None:
        return []
    forecast, budget = row.ahead
    told = {"forecast": context.short(forecast, budget), "budget": context.number(budget)}
    return [context.say("development.year_ahead", year=row.period[:4], **told)]


def deviation_without(context: Context, row: Cost) -> float | None:
    """Return how far a cost is from its budget without one-offs and unused reserves; None where there are none."""
    amounts = context.amounts("one_off", row.outturn)
    return row.deviation + sum(in_unit(figure, row.unit) for _, _, figure in amounts) if amounts else None


def without(context: Context, row: Cost) -> list[Markup]:
    """Tell what a cost against its budget rests on: one-offs and reserves, with and without them, and the deviation's parts."""
    words, outturn = context.words, row.outturn
    amounts = context.amounts("one_off", outturn)
    told = []
    deviation = deviation_without(context, row)
    if deviation is not None:
        ids = [outturn["observation_id"], row.budget["observation_id"], *(figure["observation_id"] for *_, figure in amounts)]
        only = all(entry.kind == "one_off" for _, entry, _ in amounts)
        told.append(
            context.say(
                "costs.without",
                what=words.join([context.reason(entry, raw.report.id) for raw, entry, _ in amounts]),
                several=len(amounts) > 1,
                size=context.link(words.quantity(abs(deviation), row.unit), ids),
                over=deviation > 0,
                share=words.percent(100 * deviation / row.budget["value"], 1) if only else None,
            )
        )
    parts = [context.reason(entry, raw.report.id) for raw, entry, _ in context.amounts("deviation_part", outturn)]
    if parts:
        told.append(context.say("costs.parts", first=parts[0], others=words.join(parts[1:]) if parts[1:] else None))
    return told


def points_of(context: Context, frame: pl.DataFrame, group: str) -> pl.DataFrame:
    """Return the points of a chart, thousands of kronor as millions; with the marks of contradicted figures for its table."""
    unit = frame["unit"].drop_nulls()
    scale = 1000.0 if unit.len() and unit[0] == "kSEK" else 1.0
    return frame.select(
        "period",
        value=(pl.col("value") / scale).round(4),
        series="series",
        group=pl.lit(group),
        status="status",
        bound="bound",
        published_as="published_as",
        observation_id="observation_id",
        mark=pl.Series([str(context.flag(row)) for row in rows_of(frame)], dtype=pl.String),
    )


def told_measures(context: Context) -> list[str]:
    """Return the measures that a profile tells, in order: the headline measures, others with a goal, and all of added reports.

    Beside the headline measures those are told that have several years.
    """
    rows = context.figures.filter(pl.col("value").is_not_null())
    goals = set(rows.filter(pl.col("series") == "target", pl.col("period").str.slice(0, 4) >= "2000")["measure"])
    years = rows.filter(pl.col("series") == "outturn").group_by("measure").agg(pl.col("period").str.slice(0, 4).n_unique())
    several = set(years.filter(pl.col("period") > 1)["measure"])
    known = headlines()
    others = [
        name
        for name, entry in vocabulary.measure_index().items()
        if entry["domain"] in {"lss", "placements", "economic_assistance"}
        and name in goals & several
        and name not in known
        and vocabulary.better(name)
    ]
    # Of added reports: years, or the same part of several, and no results, whose sign says something else in each report.
    added = pl.col("report").is_in([raw.report.id for raw in context.chosen_reports if raw.is_added])
    times = rows.filter(added, pl.col("series") == "outturn").with_columns(part=pl.col("period").str.replace_all(r"\d{4}", ""))
    counted = times.group_by("measure", "part", maintain_order=True).agg(pl.col("period").n_unique())
    of_added = counted.filter(pl.col("period") > 1, pl.col("measure") != UNKNOWN)["measure"].unique(maintain_order=True)
    others += [
        name for name in of_added if name not in {*known, *others} and vocabulary.measure_index()[name]["quantity"] != "result"
    ]
    return [
        name for domain in ("lss", "placements", "economic_assistance") for name in [*known, *others] if _domain(name) == domain
    ]


def _domain(measure: str) -> str | None:
    return vocabulary.measure_index()[measure]["domain"]


def headlines() -> list[str]:
    """Return the headline measures of the three subjects, in order."""
    return [
        measure
        for domain in ("lss", "placements", "economic_assistance")
        for measure in vocabulary.headline_measures(domain)
        if vocabulary.measure_index()[measure]["role"] != "net_cost_by_area"
    ]
