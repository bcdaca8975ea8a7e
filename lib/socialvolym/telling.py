"""Telling: the sections of a page, from key messages to method, made of developments and figures."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Any

import polars as pl
from markupsafe import Markup

from socialvolym import charts, comparing, decomposing, facts, vocabulary
from socialvolym.auditing.notation import in_notation
from socialvolym.classifying import is_cost, is_volume, threshold
from socialvolym.developing import Development, develop, groups
from socialvolym.figure import figure, picture
from socialvolym.reports import DOMAINS, RawReport
from socialvolym.story import SHOWN_SERIES, Context, Html, anchor, bullets, paragraph, printed_decimals, section, table
from socialvolym.wording import capitalise

#: How many key messages a page begins with, and how many of them may be of one municipality.
MESSAGES, OF_ONE_PLACE = 4, 3
#: More lines than these in one chart are drawn as small multiples.
LINES = 4


def opening(context: Context, page: str, **values: Any) -> Html:
    """Return the page's lede."""
    return Html(paragraph(context.say(f"page.{page}.lede", **values), kind="lede"))


def developments(context: Context, measures: Iterable[str]) -> list[Development]:
    """Return the developments of measures in all chosen municipalities, in order."""
    return [develop(context, measure, code, part) for measure in measures for code, part in groups(context, measure)]


def key_messages(
    context: Context,
    told: Sequence[Development],
    costs: Sequence[dict[str, Any]] = (),
    of_costs: int = 1,
    on_page: bool = True,
) -> Html:
    """Return the most important messages: by size, certainty, consequence and how new they are, not by order in the documents.

    Parameters
    ----------
    told : the developments to choose from.
    costs : costs against budget to choose from (see cost_rows and results).
    of_costs : how many of the messages may be about costs.
    on_page : whether the measures have their sections on this page; if not, messages lead to the page of their subject.
    """
    grave = sorted(costs, key=_gravity, reverse=True)[:of_costs]
    chosen: list[Development] = []
    families: set[tuple[str, str]] = set()
    for found in sorted((d for d in told if d.weight > 0), key=lambda d: d.weight, reverse=True):
        family = (found.code, _family(found.measure))
        of_place = sum(other.code == found.code for other in chosen)
        if family not in families and of_place < OF_ONE_PLACE and len(chosen) < MESSAGES - len(grave):
            families.add(family)
            chosen.append(found)
    messages = [
        *(_cost_message(context, row) for row in grave if row.get("whole")),
        *(_message(context, found, on_page) for found in chosen),
        *(_cost_message(context, row) for row in grave if not row.get("whole")),
    ]
    return section(context.say("section.messages"), *messages, kind="key-messages", name="messages")


#: First words of measures that name a whole subject, so that the next word is needed to say what the measure is about.
_BROAD = ("lss", "economic", "assistance")


def _family(measure: str) -> str:
    """Return what measures have in common that tell of the same thing: one message a family is enough."""
    words = measure.split("_")
    return "_".join(words[:3]) if words[0] in _BROAD else words[0]


def _gravity(row: dict[str, Any]) -> float:
    """Return how grave a deviation is: by its share of the budget and its amount; money left counts for less than missing."""
    size = float(abs(row["share"] or 0.0) * math.sqrt(abs(row["deviation"])))
    return size if row["deviation"] > 0 else 0.4 * size


def _message(context: Context, found: Development, on_page: bool) -> Markup:
    domain = vocabulary.measure_index()[found.measure]["domain"] or ""
    page = "" if on_page else f"{domain.replace('_', '-')}.html"
    head = capitalise(_headline(context, found))
    causes = _causes(context, found.measure, found.code)[:1]
    body = Markup(" ").join([*found.sentences[:4], *causes])
    frame = found.monthly if found.monthly.height else found.points
    spark = Markup("")
    if frame.height >= 2:
        spark = Markup('<div class="spark">{}</div>').format(
            picture(charts.spark(_points(context, frame, found.place), language=context.language), str(head), context.language)
        )
    return Markup('<article class="message"><h3><a href="{}#m-{}">{}</a></h3>{}<p>{}</p></article>').format(
        page, found.measure, head, spark, body
    )


def _headline(context: Context, found: Development) -> Markup:
    values = {"place": found.place, "subject": found.subject}
    if found.trend is not None:
        first, last = found.trend.values[0], found.trend.values[-1]
        size = context.words.percent(100 * (abs(last) - abs(first)) / abs(first or 1.0))
        return context.say(
            "headline.trend",
            **values,
            size=size,
            up=found.trend.word == "increase",
            y0=found.trend.periods[0],
            y1=found.trend.periods[-1],
        )
    size = str(Markup(found.size).striptags()).rstrip("!")
    y0, y1 = found.span or ("", "")
    if found.against_budget:
        return context.say("headline.against_budget", **values, size=size, up=found.up, y1=y1)
    if found.planned:
        return context.say("headline.planned", **values, size=size, up=found.up, y1=y1)
    return context.say("headline.changed", **values, size=size, up=found.up, y0=y0[:4], y1=y1[:4], missed=found.missed)


def _cost_message(context: Context, row: dict[str, Any]) -> Markup:
    size = context.words.quantity(abs(row["deviation"]), row["unit"])
    values = {
        "area": context.words.area(row["area"]),
        "place": context.place(row["code"]),
        "year": row["year"],
        "over": row["deviation"] > 0,
    }
    head = capitalise(context.say("headline.cost", **values, size=size))
    ids = [row["outturn"]["observation_id"], row["budget"]["observation_id"]]
    sentences = [
        context.say(
            "costs.message",
            **values,
            outturn=context.number(row["outturn"]),
            budget=context.number(row["budget"]),
            size=context.link(size, ids),
        )
    ]
    if row.get("before"):
        change = context.amount(row["outturn"]) - context.amount(row["before"])
        share = context.words.percent(100 * change / context.amount(row["before"]))
        sentences.append(
            context.say(
                "costs.since",
                before=context.number(row["before"]),
                up=change > 0,
                year=int(row["year"]) - 1,
                share=context.link(share, [ids[0], row["before"]["observation_id"]]),
            )
        )
    measure = row["outturn"]["measure"]
    for raw, cut in context.breaks("net_cost" if row.get("whole") else measure, row["code"]):
        if cut.period == row["year"] and raw.report.id == row["outturn"]["report"]:
            sentences.append(context.say("costs.mind", reason=context.reason(cut)))
    sentences += _causes(context, measure, row["code"], row["area"])[:1]
    return Markup('<article class="message"><h3><a href="#{}">{}</a></h3><p>{}</p></article>').format(
        "economy" if row.get("whole") else "costs", head, Markup(" ").join(sentences)
    )


def headlines() -> list[str]:
    """Return the headline measures of the three subjects."""
    return [
        measure
        for domain in DOMAINS[:3]
        for measure in vocabulary.headline_measures(domain)
        if not measure.endswith("unit_net_cost")
    ]


def who(context: Context) -> dict[str, str]:
    """Return the names that a profile's opening needs: the municipality and its committees."""
    committees = dict.fromkeys(raw.report.committee for raw in context.chosen_reports)
    return {"place": context.place(context.settings.municipalities[0]), "committee": str(context.words.join(list(committees)))}


def rules(context: Context) -> Html:
    """Return how words are chosen, said before they are used."""
    text = context.say("method.words", small=int(threshold("small_count")), points=int(threshold("least_points")))
    return section(
        context.say("section.rules"), paragraph(text), paragraph(context.say("method.money")), kind="method", name="rules"
    )


def measure_sections(context: Context, told: Sequence[Development]) -> Html:
    """Return one section a measure: what it is, how it went and how sure that is, the chart, and what must be known."""
    measures = list(dict.fromkeys(found.measure for found in told))
    parts = [_measure_section(context, measure, [d for d in told if d.measure == measure]) for measure in measures]
    return section(context.say("section.measures"), *parts, name="measures")


def _measure_section(context: Context, measure: str, told: Sequence[Development]) -> Markup:
    what = vocabulary.measure_index()[measure]
    definition = Markup.escape(what[f"definition_{context.language}"] or "")
    reference = context.say(f"reference_time.{what['reference_time'] or 'unknown'}")
    body = [paragraph(definition, reference, kind="what")]
    for found in told:
        body.append(paragraph(*found.sentences))
    body += [
        paragraph(text, kind="says")
        for code in dict.fromkeys(found.code for found in told)
        for text in _causes(context, measure, code)
    ]
    body += [_figure(context, measure, told), _caveats(context, measure, told)]
    return Markup('<section class="measure" id="m-{}"><h3>{}</h3>{}</section>').format(
        measure, context.words.title(measure), Markup("").join(body)
    )


def _causes(context: Context, measure: str, code: str, area: str | None = None) -> list[Markup]:
    """Return what a municipality's reports say about the cause of a measure, with their places, the newest report first."""
    told = sorted(context.sayings(measure, code, area), key=lambda pair: -pair[0].report.year)
    return [
        context.say("says.cause", text=getattr(saying, context.language))
        + Markup(' <span class="source">({})</span>').format(
            context.words.say("label.report_line", report=f"{raw.report.municipality} {raw.report.year}", line=saying.line)
        )
        for raw, saying in told
    ]


def _points(context: Context, frame: pl.DataFrame, group: str) -> pl.DataFrame:
    """Return the points of a chart; costs by their size, and thousands of kronor as millions."""
    unit = frame["unit"].drop_nulls()
    scale = 1000.0 if unit.len() and unit[0] == "kSEK" else 1.0
    return frame.select(
        "period",
        value=(_size(frame) / scale).round(4),
        series="series",
        group=pl.lit(group),
        status="status",
        observation_id="observation_id",
    )


def _chart_unit(context: Context, unit: str) -> str:
    return context.words.unit("MSEK" if unit == "kSEK" else unit)


def _size(frame: pl.DataFrame) -> pl.Expr:
    measure = frame["measure"].drop_nulls()
    return pl.col("value").abs() if measure.len() and is_cost(measure[0]) else pl.col("value")


def _figure(context: Context, measure: str, told: Sequence[Development]) -> Markup:
    rows = context.figures.filter(
        pl.col("measure") == measure,
        pl.col("series").is_in(SHOWN_SERIES),
        pl.col("municipality_code").is_in(list({found.code for found in told})),
    )
    if rows.filter(pl.col("value").is_not_null()).height < 2:
        return Markup("")
    unit = _chart_unit(context, _common_unit(rows))
    title = context.words.title(measure)
    pictures: list[tuple[charts.Chart, str, pl.DataFrame]] = []
    for found in told:
        if found.monthly.height >= 2:
            points = _points(context, found.monthly, found.place)
            pictures.append((charts.months(points, language=context.language, unit=unit), f"{title}, {found.place}", points))
    lines = [_line_points(context, rows, found, len(told) > 1) for found in told if found.monthly.height < 2]
    drawn = pl.concat(lines) if lines else pl.DataFrame()
    if drawn.height and drawn.filter(pl.col("value").is_not_null())["period"].n_unique() >= 2:
        pictures.append((_line_chart(context, measure, told, drawn, unit), title, drawn))
    return Markup("").join(
        figure(chart, numbers, caption, _alternative(caption, told), context.language) for chart, caption, numbers in pictures
    )


def _line_chart(context: Context, measure: str, told: Sequence[Development], drawn: pl.DataFrame, unit: str) -> charts.Chart:
    breaks = [
        charts.Break(cut.period, context.reason(cut))
        for code in sorted({found.code for found in told})
        for _, cut in context.breaks(measure, code)
    ]
    if drawn["group"].n_unique() > LINES:
        return charts.small_multiples(
            drawn.with_columns(panel=pl.col("group")), language=context.language, unit=unit, breaks=breaks
        )
    return charts.lines(drawn, language=context.language, unit=unit, breaks=breaks)


def _common_unit(rows: pl.DataFrame) -> str:
    return str(rows.filter(pl.col("value").is_not_null())["unit"].mode().sort()[0])


def _line_points(context: Context, rows: pl.DataFrame, found: Development, several: bool) -> pl.DataFrame:
    part = context.words.part(found.breakdown)
    group = found.place if not several or not part else f"{found.place}, {part}"
    own = rows.filter(
        pl.col("municipality_code") == found.code,
        pl.col("unit") == _common_unit(rows),
        pl.col("breakdown").eq_missing(pl.lit(found.breakdown, pl.String)),
        pl.col("period").str.len_chars().is_in([4, 10]),
    )
    return _points(context, own.with_columns(pl.col("period").str.slice(0, 4)), group)


def _alternative(caption: str, told: Sequence[Development]) -> str:
    sentences = [Markup(found.sentences[0]).striptags() for found in told if found.sentences]
    return f"{caption}. {' '.join(sentences)}"


def _caveats(context: Context, measure: str, told: Sequence[Development]) -> Markup:
    items: list[Markup] = []
    codes = sorted({found.code for found in told})
    for code in codes:
        for _, cut in context.breaks(measure, code):
            items.append(
                context.say(
                    "caveat.break", period=context.words.period(cut.period), place=context.place(code), reason=context.reason(cut)
                )
            )
    others = [
        context.words.title(other)
        for other in (vocabulary.measure_index()[measure]["not_with"] or "").split("|")
        if other in vocabulary.measure_index()
    ]
    if others:
        items.append(context.say("caveat.not_with", others=context.words.join([_quoted(title) for title in others[:3]])))
    items += [context.say("caveat.finding", text=text) for text in _findings_of(context, measure, codes)]
    lost = context.chosen.filter(
        pl.col("measure") == measure, pl.col("status") == "not_available", pl.col("table").str.starts_with("lost")
    )
    for row in lost.unique("table", maintain_order=True).iter_rows(named=True):
        items.append(context.say("caveat.lost", place=context.place(row["municipality_code"]), caption=_quoted(row["label"])))
    return Markup('<aside class="caveat">{}</aside>').format(bullets(items)) if items else Markup("")


def _quoted(text: str) -> str:
    return f"”{text}”"


def _findings_of(context: Context, measure: str, codes: Sequence[str]) -> list[Markup]:
    lines = (
        context.chosen.filter(pl.col("measure") == measure, pl.col("municipality_code").is_in(codes))
        .select("report", "line")
        .unique()
    )
    found: dict[str, Markup] = {}
    for report, line in lines.iter_rows():
        for finding in context.flags.get((report, line), []):
            if finding.get("measure") in (None, measure):
                text = finding["explanation_sv" if context.language == "sv" else "explanation"]
                found[anchor(finding)] = Markup('<a href="findings.html#{}">{}</a>').format(anchor(finding), text)
    return list(found.values())


def other_figures(context: Context, domain: str | None, told: Sequence[Development]) -> Html:
    """Return the other published figures in one table, each with its report and line: nothing that is printed is left out.

    The figures of a subject lead to their source entries; all figures of a municipality are too many for that.
    """
    shown = {found.measure for found in told}
    rows = context.figures if domain is None else context.figures.filter(pl.col("domain") == domain)
    rows = rows.filter(~pl.col("measure").is_in(list(shown)), pl.col("value").is_not_null())
    if rows.is_empty():
        return Html("")
    say, words = context.words.say, context.words
    body = []
    for row in rows.sort("municipality_code", "measure", "breakdown", "period").iter_rows(named=True):
        name = words.title(row["measure"]) + (f" ({row['breakdown']})" if row["breakdown"] else "")
        value = context.number(row) if domain else words.quantity(row["value"], row["unit"], printed_decimals(row))
        source = say("label.report_line", report=_report_title(context, row["report"]), line=row["line"])
        body.append((name, words.period(row["period"]), say(f"series.{row['series']}"), value, source))
    heads = [say(f"label.{name}") for name in ("measure", "period", "series", "value", "source")]
    summary = Markup('<details class="data"><summary>{} ({})</summary>{}</details>').format(
        say("section.other"), len(body), table(heads, body, numeric=(3,))
    )
    return section(say("section.other"), summary, name="other")


def cost_rows(context: Context, domain: str) -> list[dict[str, Any]]:
    """Return outturn and budget of the areas whose cost belongs to a domain, in the newest year that a municipality reports."""
    areas = context.words.areas()
    rows = context.figures.filter(
        pl.col("measure").str.contains("(net_cost_area|unit_net_cost)$"),
        pl.col("series").is_in(["outturn", "budget"]),
        pl.col("value").is_not_null(),
        pl.col("kind") == "table",
    )
    found = []
    for (code, area), part in rows.group_by("municipality_code", "breakdown", maintain_order=True):
        entry = areas.get(vocabulary.simplify(str(area or "")))
        if entry and entry["domain"] == domain and (row := _against_budget(context, str(code), str(area), part)):
            found.append(row)
    newest = {code: max(row["year"] for row in found if row["code"] == code) for code in {row["code"] for row in found}}
    return [row for row in found if row["year"] == newest[row["code"]]]


def results(context: Context) -> list[dict[str, Any]]:
    """Return the committees' net cost against budget, the newest year of each municipality."""
    rows = context.figures.filter(
        pl.col("measure") == "net_cost",
        pl.col("breakdown").is_null(),
        pl.col("value").is_not_null(),
        pl.col("kind") == "table",
        pl.col("series").is_in(["outturn", "budget"]),
        pl.col("unit") == "kSEK",
    )
    parts = rows.group_by("municipality_code", maintain_order=True)
    found = (_against_budget(context, str(code), "net_cost", part) for (code,), part in parts)
    return [{**row, "whole": True} for row in found if row]


def _against_budget(context: Context, code: str, area: str, rows: pl.DataFrame) -> dict[str, Any] | None:
    """Return the newest year with both outturn and budget, with the outturn of the year before where that is printed."""
    by_key = {(row["period"], row["series"]): row for row in rows.iter_rows(named=True)}
    years = [period for period, series in by_key if series == "outturn" and (period, "budget") in by_key]
    if not years:
        return None
    year = max(years)
    outturn, budget = by_key[year, "outturn"], by_key[year, "budget"]
    deviation = context.amount(outturn) - context.amount(budget)
    return {
        "code": code,
        "area": area,
        "year": year,
        "unit": outturn["unit"],
        "outturn": outturn,
        "budget": budget,
        "before": by_key.get((str(int(year) - 1), "outturn")),
        "deviation": deviation,
        "share": 100 * deviation / abs(context.amount(budget)) if budget["value"] else None,
    }


def costs(context: Context, rows: Sequence[dict[str, Any]]) -> Html:
    """Return the cost of the domain's areas against budget, with bars of the deviations."""
    if not rows:
        return Html("")
    label, words = context.words.say, context.words
    ordered = sorted(rows, key=lambda row: (row["code"], row["year"], -abs(row["deviation"])))
    frame = pl.DataFrame(
        {
            "label": [f"{context.place(row['code'])} {row['year']}: {words.area(row['area'])}" for row in ordered],
            "value": [row["deviation"] / 1000 for row in ordered],
            "observation_id": [row["outturn"]["observation_id"] for row in ordered],
        }
    )
    numbers = pl.DataFrame(
        {
            str(label("label.place")): [context.place(row["code"]) for row in ordered],
            str(label("label.part")): [row["area"] for row in ordered],
            str(label("label.year")): [row["year"] for row in ordered],
            f"{label('label.outturn')} ({words.unit('MSEK')})": [context.amount(row["outturn"]) / 1000 for row in ordered],
            f"{label('label.budget')} ({words.unit('MSEK')})": [context.amount(row["budget"]) / 1000 for row in ordered],
            f"{label('label.deviation')} ({words.unit('MSEK')})": frame["value"],
            "observation_id": frame["observation_id"],
        }
    )
    title = str(label("costs.title"))
    chart = charts.bars(frame, language=context.language, unit=words.unit("MSEK"), decimals=1)
    picture = figure(chart, numbers, title, f"{title}. {label('costs.alt')}", context.language)
    return section(label("section.costs"), paragraph(label("costs.text")), picture, name="costs")


def splits(context: Context) -> Html:
    """Return the changes in cost split into volume and price, and those that cannot be split with the reason."""
    found = decomposing.splits(context.chosen)
    if found.is_empty():
        return Html("")
    words, say = context.words, context.say
    told, refused, pictures = [], [], []
    for row in found.iter_rows(named=True):
        (y0, s0), (y1, s1) = (row[name].split(" ", 1) for name in ("first", "last"))
        values = {
            "place": context.place(row["municipality_code"]),
            "subject": words.subject(row["cost"], row["breakdown"]),
            "y0": y0,
            "y1": y1,
            "s0": words.say(f"series.{s0}"),
            "s1": words.say(f"series.{s1}"),
        }
        ids = row["observation_ids"]
        if row["note"] and y1 > y0:
            why = decomposing.Split(row["change"], note=row["note"]).why(context.language)
            refused.append(say("split.refused", **values, reason=why))
        elif s1 == "budget" and y1 > y0 and row["change"]:
            amount = {name: context.link(words.quantity(row[name], row["unit"]), ids) for name in ("volume_part", "price_part")}
            told.append(
                say(
                    "split.text",
                    **values,
                    up=row["change"] > 0,
                    size=context.link(words.quantity(abs(row["change"]), row["unit"]), ids),
                    volume=amount["volume_part"],
                    price=amount["price_part"],
                )
            )
            pictures.append(_split_picture(context, row, values))
    return section(
        say("section.split"), *(paragraph(text) for text in told[:3]), *pictures[:1], bullets([*told[3:], *refused]), name="split"
    )


def _split_picture(context: Context, row: dict[str, Any], values: dict[str, Any]) -> Markup:
    label = context.words.say
    frame = pl.DataFrame(
        {
            "label": [
                f"{values['y0']} ({values['s0']})",
                str(label("split.volume")),
                str(label("split.price")),
                f"{values['y1']} ({values['s1']})",
            ],
            "value": [
                abs(row["first_cost"]) / 1000,
                row["volume_part"] / 1000,
                row["price_part"] / 1000,
                abs(row["last_cost"]) / 1000,
            ],
            "kind": ["total", "volume", "price", "total"],
            "observation_id": [
                row["observation_ids"][0],
                row["observation_ids"][1],
                row["observation_ids"][2],
                row["observation_ids"][3],
            ],
        }
    )
    title = str(label("split.title", subject=values["subject"], place=values["place"]))
    numbers = frame.select(
        pl.col("label").alias(str(label("label.part"))),
        pl.col("value").alias(f"{label('label.value')} ({context.words.unit('MSEK')})"),
        "observation_id",
    )
    return figure(
        charts.split(frame, language=context.language, unit=context.words.unit("MSEK"), decimals=1),
        numbers,
        str(capitalise(Markup(title))),
        title,
        context.language,
    )


def real_terms(context: Context, told: Sequence[Development]) -> Html:
    """Return money in the prices of the latest year and volumes per inhabitant; what is not known is named."""
    say, words = context.say, context.words
    items, blanks = [], []
    for found in told:
        if found.points.height < 2:
            continue
        first, last = found.points.row(0, named=True), found.points.row(-1, named=True)
        if found.broken(first["period"], last["period"]):
            continue
        values = {
            "subject": found.subject,
            "place": found.place,
            "y0": words.period(first["period"]),
            "y1": words.period(last["period"]),
        }
        name = f"{found.place}, {found.subject} ({first['period']}–{last['period']})"
        ids = [first["observation_id"], last["observation_id"]]
        if is_cost(found.measure):
            deflated = facts.deflate(abs(first["value"]), int(first["period"][:4]), int(last["period"][:4])).value
            if deflated is None:
                blanks.append(name)
                continue
            change = 100 * (abs(last["value"]) - deflated) / deflated
            items.append(
                say(
                    "real.text",
                    **values,
                    base=last["period"],
                    a=context.link(words.quantity(deflated, first["unit"], 0), ids),
                    b=context.number(last),
                    size=context.link(words.percent(change), ids),
                    up=change > 0,
                )
            )
        elif is_volume(last["unit"]):
            rates = [facts.per_inhabitant(row["value"], found.code, int(row["period"][:4]), 1000).value for row in (first, last)]
            if rates[0] is None or rates[1] is None:
                blanks.append(name)
                continue
            a, b = (context.link(words.number(rate, 1), ids) for rate in rates if rate is not None)
            items.append(say("real.rate", **values, per=words.number(1000), a=a, b=b))
    if not items and not blanks:
        return Html("")
    closing = paragraph(say("real.blank", items=words.join(blanks))) if blanks else Markup("")
    return section(say("section.real"), bullets(items), closing, name="real")


def gaps(context: Context, domain: str | None = None) -> Html:
    """Return what is missing and why: other committees' responsibility, lost images, years without a figure."""
    say, words = context.say, context.words
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
    lost = context.chosen.filter(
        pl.col("status").is_in(["not_available", "not_yet_published"]),
        pl.col("value").is_null(),
        pl.col("series") == "outturn",
        pl.col("line").is_not_null(),
        pl.col("domain").is_in([domain] if domain else list(DOMAINS[:3])),
    )
    known = (
        context.chosen.filter(pl.col("value").is_not_null(), pl.col("series") == "outturn")
        .select("municipality_code", "measure", "period")
        .unique()
    )
    lost = lost.join(known, on=["municipality_code", "measure", "period"], how="anti", maintain_order="left")
    for (code, measure, status), part in lost.group_by("municipality_code", "measure", "status", maintain_order=True):
        years = [words.period(period) for period in part["period"].drop_nulls().unique().sort()]
        items.append(
            say(
                "gaps.missing_year",
                place=context.place(str(code)),
                measure=words.title(str(measure)),
                years=words.join(years),
                why=words.say(f"status.{status}"),
            )
        )
    return section(say("section.gaps"), bullets(items, kind="gaps") if items else paragraph(say("gaps.none")), name="gaps")


def comparability(context: Context, measures: Sequence[str]) -> Html:
    """Return measure by measure whether two reports can be put side by side, and why not."""
    say, words = context.say, context.words
    rows = []
    for measure in measures:
        reports = _reports_with(context, measure)
        for first, second in combinations(reports, 2):
            if first.report.municipality_code == second.report.municipality_code:
                continue
            result = comparing.compare(context.observations, measure, first.report.id, second.report.id, reports=context.reports)
            reasons = result.reasons[f"reason_{context.language}"].to_list()
            rows.append(
                (
                    words.title(measure),
                    f"{first.report.municipality} {first.report.year}",
                    f"{second.report.municipality} {second.report.year}",
                    say(f"verdict.{result.verdict}"),
                    " ".join(reasons),
                )
            )
    body = [paragraph(say("comparison.text"))]
    if rows:
        heads = [say("label.measure"), say("label.report"), say("label.report"), say("label.verdict"), say("label.reason")]
        body.append(table(heads, rows))
    else:
        body = [paragraph(say("comparison.none"))]
    return section(say("section.comparison"), *body, name="comparison")


def _reports_with(context: Context, measure: str) -> list[RawReport]:
    printed = set(
        context.chosen.filter(pl.col("measure") == measure, pl.col("series") == "outturn", pl.col("value").is_not_null())[
            "report"
        ]
    )
    return [raw for raw in context.chosen_reports if raw.report.id in printed]


def findings_here(context: Context, domain: str | None = None) -> Html:
    """Return the errors and warnings that touch figures of a domain, with links to the page of findings."""
    rows = context.findings.filter(
        pl.col("severity") != "note", pl.col("report").is_in([raw.report.id for raw in context.chosen_reports])
    )
    if domain is not None:
        lines = context.chosen.filter(pl.col("domain") == domain).select("report", "line").unique()
        rows = rows.join(lines, on=["report", "line"], how="semi")
    if rows.is_empty():
        return Html("")
    text = "explanation_sv" if context.language == "sv" else "explanation"
    items = [
        Markup('<a href="findings.html#{}">{}, {}</a>: {}').format(
            anchor(row), _report_title(context, row["report"]), context.say("label.line", line=row["line"]), row[text]
        )
        for row in rows.sort("report", "line").iter_rows(named=True)
    ]
    return section(context.say("section.findings"), bullets(items), name="findings")


def _report_title(context: Context, report: str) -> str:
    raw = next(raw for raw in context.reports if raw.report.id == report)
    return f"{raw.report.municipality} {raw.report.year}"


def method(context: Context) -> Html:
    """Return how the page was made."""
    say = context.words.say
    terms = Markup("").join(
        Markup("<dt>{}</dt><dd>{}</dd>").format(term.upper() if term != "sol" else "SoL", say(f"glossary.{term}"))
        for term in ("lss", "lvu", "lvm", "sol", "hvb", "ifo")
    )
    return section(
        say("section.method"),
        paragraph(say("method.text", reports=len(context.chosen_reports))),
        Markup('<dl class="facts">{}</dl>').format(terms),
        kind="method",
        name="method",
    )


def coverage(context: Context) -> Html:
    """Return what each report covers: figures by domain, years, and what its committee is responsible for."""
    say, words = context.say, context.words
    rows = []
    for raw in context.chosen_reports:
        own = context.observations.filter(pl.col("report") == raw.report.id, pl.col("value").is_not_null())
        by_domain = {domain: own.filter(pl.col("domain") == domain).height for domain in DOMAINS}
        years = sorted(own["period"].str.slice(0, 4).unique())
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
        say("label.years"),
        *(say(f"domain.{domain}") for domain in DOMAINS),
    ]
    return section(
        say("section.coverage"), paragraph(say("coverage.text")), table(heads, rows, numeric=(4, 5, 6, 7)), name="coverage"
    )


def economy(context: Context) -> Html:
    """Return the committees' net cost against budget."""
    say, sentences, bars = context.say, [], []
    for raw in context.chosen_reports:
        own = context.figures.filter(
            pl.col("report") == raw.report.id,
            pl.col("measure") == "net_cost",
            pl.col("breakdown").is_null(),
            pl.col("value").is_not_null(),
            pl.col("kind") == "table",
            pl.col("unit") == "kSEK",
        )
        pair = {row["series"]: row for row in own.filter(pl.col("period") == str(raw.report.year)).iter_rows(named=True)}
        name = {"place": raw.report.municipality, "report": raw.report.title}
        if {"outturn", "budget"} <= set(pair):
            gap = context.amount(pair["outturn"]) - context.amount(pair["budget"])
            ids = [pair[series]["observation_id"] for series in ("outturn", "budget")]
            share = 100 * abs(gap) / abs(pair["budget"]["value"])
            sentences.append(
                say(
                    "economy.result",
                    **name,
                    over=gap > 0,
                    outturn=context.number(pair["outturn"]),
                    budget=context.number(pair["budget"]),
                    size=context.link(context.words.quantity(abs(gap), "kSEK"), ids),
                    share=context.link(context.words.percent(share, 1), ids),
                )
            )
            sentences += [say("costs.mind", reason=context.reason(cut)) for cut in raw.notes.break_ if "net_cost" in cut.measures]
            bars.append((f"{raw.report.municipality} {raw.report.year}", gap / 1000, ids[0]))
        elif "budget" in pair:
            before = own.filter(pl.col("period") == str(raw.report.year - 1), pl.col("series") == "budget")
            if before.height:
                sentences.append(
                    say(
                        "economy.plan",
                        **name,
                        year=raw.report.year,
                        budget=context.number(pair["budget"]),
                        before=context.number(before.row(0, named=True)),
                    )
                )
    picture = Markup("")
    if bars:
        frame = pl.DataFrame(bars, schema=["label", "value", "observation_id"], orient="row")
        numbers = frame.rename(
            {"label": str(say("label.report")), "value": f"{say('label.deviation')} ({context.words.unit('MSEK')})"}
        )
        picture = figure(
            charts.bars(frame, language=context.language, unit=context.words.unit("MSEK"), decimals=1),
            numbers,
            str(say("economy.title")),
            str(say("economy.title")),
            context.language,
        )
    return section(say("section.economy"), *(paragraph(sentence) for sentence in sentences), picture, name="economy")


def findings_page(context: Context) -> Html:
    """Return all findings, the gravest first within each report."""
    say = context.say
    parts = []
    text = "explanation_sv" if context.language == "sv" else "explanation"
    order = {"error": 0, "warning": 1, "note": 2}
    for raw in context.chosen_reports:
        rows = context.findings.filter(pl.col("report") == raw.report.id).sort(
            pl.col("severity").replace_strict(order, return_dtype=pl.Int64), "line"
        )
        if rows.is_empty():
            continue
        counts = {s: rows.filter(pl.col("severity") == s).height for s in order}
        items = [_finding(context, row, text) for row in rows.iter_rows(named=True)]
        parts.append(
            section(
                f"{raw.report.municipality}, {raw.report.title}",
                paragraph(say("findings.counts", errors=counts["error"], warnings=counts["warning"], notes=counts["note"])),
                Markup("").join(items),
                name=f"report-{raw.report.id}",
            )
        )
    return Html(Markup("").join(parts)) if parts else Html(paragraph(say("findings.none")))


def _finding(context: Context, row: dict[str, Any], text: str) -> Markup:
    say = context.words.say
    facts = [
        (say("label.printed"), row["published"]),
        (say("label.expected"), in_notation(row["expected"] or "", context.language)),
        (say("label.lines"), f"{row['line']}, {row['lines']}" if row.get("lines") else None),
        (say("label.rule"), row["rule"]),
        (say("findings.accepted"), row.get("acknowledged")),
    ]
    listed = Markup("").join(Markup("<dt>{}</dt><dd>{}</dd>").format(name, value) for name, value in facts if value)
    head = say("findings.head", severity=say(f"severity.{row['severity']}"), line=row["line"])
    return Markup('<article class="finding {}" id="{}"><h3>{}</h3><p>{}</p><dl class="facts">{}</dl></article>').format(
        row["severity"], anchor(row), capitalise(head), row[text], listed
    )
