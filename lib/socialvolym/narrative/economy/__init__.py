"""Economy: outturn against budget, how forecasts closed in, plans against what came, volume and price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any, cast

import polars as pl
from markupsafe import Markup

from socialvolym import vocabulary
from socialvolym.analysis import comparison, decomposition, outturns
from socialvolym.analysis.classification import is_share
from socialvolym.analysis.decomposition import SplitRow
from socialvolym.analysis.outturns import ForecastRow
from socialvolym.charts import forms
from socialvolym.charts.figure import figure
from socialvolym.charts.markup import Html, bullets, paragraph, section, table
from socialvolym.charts.theme import NO_BREAK
from socialvolym.csv_files import Schema
from socialvolym.narrative.context import Context
from socialvolym.narrative.drivers import Cost, in_unit
from socialvolym.narrative.economy.in_real_terms import REAL_SCHEMA, real_terms
from socialvolym.narrative.messages import compared, deviation_without, year_ahead
from socialvolym.narrative.wording import capitalise
from socialvolym.notation.calendar import bounds
from socialvolym.observations.series import rows_of
from socialvolym.vocabulary import names
from socialvolym.vocabulary.columns import ANALYSED, Figure

__all__ = [
    "COSTS_SCHEMA",
    "PLANS_SCHEMA",
    "REAL_SCHEMA",
    "cost_rows",
    "costs",
    "economy",
    "forecasts",
    "plans",
    "real_terms",
    "results",
    "splits",
]

#: The frame of the costs against budget, in millions of kronor, with the areas in the words of the page; observation_id is that
#: of the outturn.
COSTS_SCHEMA: Schema = {
    **dict.fromkeys(("municipality", "area", "year"), pl.String),
    **dict.fromkeys(("outturn", "budget", "deviation", "deviation_without_one_offs"), pl.Float64),
    **dict.fromkeys(("observation_id", "budget_id"), pl.String),
}
#: The frame of plans beside what came.
PLANS_SCHEMA: Schema = {**outturns.AGAINST_SCHEMA, "series": pl.String}
#: What a cost is held against its budget by.
_HELD = ["outturn", "budget", "forecast"]
#: A bar of a chart of deviations.
_BAR = ["label", "value", "observation_id"]


def cost_rows(context: Context, domain: str) -> list[Cost]:
    """Return outturn and budget of a domain's areas and services, in the newest year that a municipality reports."""
    areas = context.words.areas()
    names.one_of(domain, ANALYSED, "domain")
    known, index = context.figures["measure"].unique(), vocabulary.measure_index()
    services = {name for name in vocabulary.having_role(known, "net_cost") if index[name]["domain"] == domain}
    rows = context.figures.filter(
        pl.col("measure").is_in([*vocabulary.having_role(known, "net_cost_by_area"), *services]),
        pl.col("series").is_in(_HELD),
        pl.col("value").is_not_null(),
        pl.col("kind") == "table",
    )
    found = []
    for (code, measure, area), part in rows.group_by("municipality_code", "measure", "breakdown", maintain_order=True):
        entry = areas.get(vocabulary.simplify(str(area or "")))
        of_service = measure in services and area is None
        if not of_service and (entry is None or entry["domain"] != domain):
            continue
        if row := _against_budget(context, str(code), str(measure if of_service else area), part):
            found.append(row)
    newest = {code: max(row.period[:4] for row in found if row.code == code) for code in {row.code for row in found}}
    return [row for row in found if row.period[:4] == newest[row.code]]


def results(context: Context) -> list[Cost]:
    """Return the committees' net cost against budget, the newest year of each municipality."""
    rows = context.figures.filter(
        pl.col("measure") == "net_cost",
        pl.col("breakdown").is_null(),
        pl.col("value").is_not_null(),
        pl.col("kind") == "table",
        pl.col("series").is_in(_HELD),
        pl.col("unit") == "kSEK",
    )
    parts = rows.group_by("municipality_code", maintain_order=True)
    found = (
        _against_budget(context, str(code), "net_cost", part) or _forecast(context, str(code), "net_cost", part)
        for (code,), part in parts
    )
    return [replace(row, whole=True) for row in found if row]


def _forecast(context: Context, code: str, area: str, rows: pl.DataFrame) -> Cost | None:
    """Return the forecast of the newest year against its budget, with what it cost so far, where only a part of it is over."""
    by_key = {(row["period"], row["series"]): row for row in rows_of(rows) if row["period"]}
    parts = [period for period, series in by_key if series == "outturn"]
    newest = max(parts, key=lambda period: (bounds(period)[1], bounds(period)[0]), default="")
    year = newest[:4]
    if newest == year or any((year, series) not in by_key for series in ("forecast", "budget")):
        return None
    forecast, budget, so_far = (
        context.comparable(by_key[key]) for key in ((year, "forecast"), (year, "budget"), (newest, "outturn"))
    )
    if forecast is None or budget is None or so_far is None:
        return None
    return Cost(code, area, year, forecast, budget, so_far=so_far)


def _against_budget(context: Context, code: str, area: str, rows: pl.DataFrame) -> Cost | None:
    """Return the newest year with both outturn and budget, else the newest part of a year, and the same one the year before.

    None where there is none, or where one of the two is contradicted and nobody can say what it should be. Parts of a year are
    held against the same parts, never against whole years.
    """
    by_key = {(row["period"], row["series"]): row for row in rows_of(rows) if row["period"]}
    known = [period for period, series in by_key if series == "outturn" and _in_one_report(by_key, period)]
    if not known:
        return None
    period = max(known, key=lambda period: (period[:4], bounds(period)[1], bounds(period)[0]))
    outturn, budget = (context.comparable(by_key[period, series]) for series in ("outturn", "budget"))
    if outturn is None or budget is None:
        return None
    year = period[:4]
    forecast, whole = (by_key.get((year, series)) if period != year else None for series in ("forecast", "budget"))
    return Cost(
        code,
        area,
        period,
        outturn,
        budget,
        before=by_key.get((period.replace(year, str(int(year) - 1)), "outturn")),
        ahead=(forecast, whole) if forecast and whole else None,
    )


def _in_one_report(by_key: Mapping[tuple[str, str], Figure], period: str) -> bool:
    """Tell whether a report has both outturn and budget of a period: that of another may be of other services."""
    pair = [by_key.get((period, series)) for series in ("outturn", "budget")]
    reports = [{name.partition(":")[0] for name in (row["observation_id"], *(row.get("also") or []))} for row in pair if row]
    return len(reports) > 1 and not reports[0].isdisjoint(reports[1])


def costs(context: Context, rows: Sequence[Cost]) -> Html:
    """Return the cost of the domain's areas against budget, with bars of the deviations."""
    if not rows:
        return context.nothing("costs", pl.DataFrame(schema=COSTS_SCHEMA))
    label, words = context.words.say, context.words
    ordered = sorted(rows, key=lambda row: (row.code, row.period, -abs(row.deviation)))
    labels = [f"{context.place(row.code)} {words.period(row.period)}: {words.area(row.area)}" for row in ordered]
    bars = [bar for label_of, row in zip(labels, ordered, strict=True) for bar in _bars(context, label_of, row)]
    without = [deviation_without(context, row) for row in ordered]
    numbers = pl.DataFrame(
        {
            str(label("label.place")): [context.place(row.code) for row in ordered],
            str(label("label.part")): [
                str(capitalise(Markup(words.part(row.outturn["breakdown"]) or words.area(row.area)))) for row in ordered
            ],
            str(label("label.year")): [words.period(row.period) for row in ordered],
            f"{label('label.outturn')} ({words.unit('MSEK')})": [row.outturn["value"] / 1000 for row in ordered],
            f"{label('label.budget')} ({words.unit('MSEK')})": [row.budget["value"] / 1000 for row in ordered],
            f"{label('label.deviation')} ({words.unit('MSEK')})": [row.deviation / 1000 for row in ordered],
            # Where none is known, the deviation is the same without them.
            f"{label('costs.deviation_without')} ({words.unit('MSEK')})": [
                (row.deviation if size is None else size) / 1000 for row, size in zip(ordered, without, strict=True)
            ],
            "observation_id": [row.outturn["observation_id"] for row in ordered],
            "budget_id": [row.budget["observation_id"] for row in ordered],
        }
    )
    frame = numbers.rename(dict(zip(numbers.columns, COSTS_SCHEMA, strict=True))).cast(pl.Schema(COSTS_SCHEMA))
    told_twice = [] if any(size is not None for size in without) else numbers.columns[-3:-2]
    numbers = numbers.drop("budget_id", *told_twice)
    title = str(label("costs.title"))
    chart = _over_and_under(context, pl.DataFrame(bars, schema=_BAR, orient="row"))
    picture = figure(chart, numbers, title, f"{title}. {label('costs.alt')}", context.language)
    scopes = [
        label("costs.scope", what=f"{context.place(row.code)} {words.period(row.period)}", reason=reason)
        for row in ordered
        for reason in context.scope(row.outturn)
    ]
    return section(
        label("section.costs"),
        paragraph(label("costs.text", narrowed=bool(context.narrowed))),
        picture,
        bullets(scopes, kind="notes"),
        name="costs",
        table=frame,
    )


def _bars(context: Context, label: str, row: Cost) -> list[tuple[str, float, str]]:
    """Return the bar of a deviation, and a second one without one-offs and reserves where the cost has any."""
    without, place = deviation_without(context, row), row.outturn["observation_id"]
    bars = [(label, row.deviation / 1000, place)]
    if without is not None:
        bars.append((str(context.words.say("costs.bar_without", label=label)), without / 1000, place))
    return bars


def splits(context: Context) -> Html:
    """Return the changes in cost split into volume and price, and those that cannot be split with the reason."""
    found = context.splits
    if found.is_empty():
        return context.nothing("splits", found)
    words, say = context.words, context.say
    told: list[Markup] = []
    pictures: list[tuple[float, Markup]] = []
    refused: dict[tuple[str, Markup], dict[str, list[str]]] = {}
    for row in cast(list[SplitRow], found.to_dicts()):
        (y0, s0), (y1, s1) = (end.split(" ", 1) for end in (row["first"], row["last"]))
        volume, price = row["volume_part"], row["price_part"]
        place, subject = context.place(row["municipality_code"]), words.subject(row["cost"], row["breakdown"])
        if row["note"] and y1 > y0:
            refused.setdefault((place, _why_not_split(context, row)), {}).setdefault(subject, []).append(f"{y0}–{y1}")
        elif s1 == "budget" and y1 > y0 and row["change"] and not row["rest"] and volume is not None and price is not None:
            values = {
                "place": place,
                "subject": subject,
                "y0": y0,
                "y1": y1,
                "s0": words.say(f"base.{s0}"),
                "s1": words.say(f"base.{s1}"),
            }
            told.append(_split_sentence(context, row, values, volume, price))
            labels = {"s0": words.series(s0), "s1": words.series(s1)}
            pictures.append((abs(volume) + abs(price), _split_picture(context, row, values | labels, volume, price)))
    largest = max(pictures, key=lambda pair: pair[0])[1] if pictures else Markup("")
    refusals = [
        say(
            "split.refused",
            place=place,
            what=words.join([f"{what} ({words.join(years)})" for what, years in parts.items()]),
            reason=why,
        )
        for (place, why), parts in refused.items()
    ]
    parts = [*(paragraph(text) for text in told), largest, bullets(refusals)]
    return section(say("section.split"), *parts, name="split", table=found) or context.nothing("splits", found)


def _why_not_split(context: Context, row: SplitRow) -> Markup:
    """Return why a change is not split, with what the report's figures contradict each other in."""
    why = Markup.escape(decomposition.Split(row["change"], note=row["note"]).why(context.language) or "")
    wrong = [context.contradicted[name].finding for name in row["observation_ids"] if name in context.contradicted]
    links = dict.fromkeys(context.finding_link(finding) for finding in wrong)
    return Markup(" ").join([why, *links])


def _split_sentence(context: Context, row: SplitRow, values: Mapping[str, str], volume: float, price: float) -> Markup:
    ids, words = row["observation_ids"], context.words
    parts = {
        name: context.link(words.quantity(abs(part), row["unit"]), ids) for name, part in (("volume", volume), ("price", price))
    }
    return context.say(
        "split.text",
        **values,
        **parts,
        up=row["change"] > 0,
        size=context.link(words.quantity(abs(row["change"]), row["unit"]), ids),
        volume_up=volume > 0,
        price_up=price > 0,
    )


def _split_picture(context: Context, row: SplitRow, values: Mapping[str, str], volume: float, price: float) -> Markup:
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
                row["first_cost"] / 1000,
                volume / 1000,
                price / 1000,
                row["last_cost"] / 1000,
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
        forms.split(frame, language=context.language, unit=context.words.unit("MSEK"), decimals=1),
        numbers,
        str(capitalise(Markup(title))),
        title,
        context.language,
    )


def economy(context: Context) -> Html:
    """Return net cost against budget, what the years have in common, and the development where it can be compared."""
    say, sentences = context.say, []
    bars: list[tuple[str, float, str]] = []
    ends: dict[str, list[float]] = {}
    for raw in sorted(context.chosen_reports, key=lambda raw: (raw.report.year, raw.report.municipality)):
        own = _net_costs(context).filter(pl.col("report") == raw.report.id)
        name = {"place": raw.report.municipality, "report": raw.report.title}
        year = str(raw.report.year)
        row = _against_budget(context, raw.report.municipality_code, "net_cost", own)
        if row is not None and row.period[:4] == year:
            ids = [each["observation_id"] for each in (row.outturn, row.budget)]
            result = say(
                "economy.result",
                **name,
                over=row.deviation > 0,
                outturn=context.short(row.outturn, row.budget),
                budget=context.number(row.budget),
                size=context.link(context.words.quantity(abs(row.deviation), "kSEK"), ids),
                share=context.link(context.words.percent(row.share or 0.0, 1), ids),
            )
            causes = context.sayings("net_cost", row.code, report=raw.report.id, change=(year, year), budget=True)
            told = compared(context, row, [context.cause(*pair, (year, year)) for pair in causes])
            sentences.append(paragraph(result, *told, *year_ahead(context, row)))
            bars += _bars(context, f"{raw.report.municipality} {context.words.period(row.period)}", row)
            if row.period == year:  # The months so far end nothing.
                ends.setdefault(year, []).append(row.deviation)
        elif row is None:
            sentences.append(paragraph(_only_budget(context, raw, own, name)))
    if sum(map(len, ends.values())) > 1:
        sentences.insert(0, paragraph(*_years_together(context, ends)))
    parts = [_bar_picture(context, bars), _index(context), *sentences]
    return section(say("section.economy"), *parts, name="economy") or context.nothing("economy")


def _net_costs(context: Context) -> pl.DataFrame:
    """Return the committees' net costs as a whole, from their income statements."""
    return context.figures.filter(
        pl.col("measure") == "net_cost",
        pl.col("breakdown").is_null(),
        pl.col("value").is_not_null(),
        pl.col("kind") == "table",
        pl.col("unit") == "kSEK",
    )


def _only_budget(context: Context, raw: Any, own: pl.DataFrame, name: dict[str, str]) -> Markup | None:
    pair = {
        int(row["period"]): row
        for row in rows_of(own.filter(pl.col("series") == "budget", pl.col("period").str.len_chars() == 4))
    }
    year = raw.report.year
    if not {year - 1, year} <= set(pair):
        return None
    budget, before = pair[year], pair[year - 1]
    gap = budget["value"] - before["value"]
    size = context.words.percent(100 * gap / before["value"], 1)
    return context.say(
        "economy.plan",
        **name,
        year=year,
        budget=context.number(budget),
        before=context.short(before, budget),
        up=gap > 0,
        size=context.link(size, [before["observation_id"], budget["observation_id"]]),
    )


def _years_together(context: Context, ends: dict[str, list[float]]) -> list[Markup]:
    """Return, year by year, how many of the committees ended above their budget."""
    return [
        context.words.say("economy.year", year=year, count=len(deviations), over=sum(deviation > 0 for deviation in deviations))
        for year, deviations in sorted(ends.items())
        if len(deviations) > 1
    ]


def _bar_picture(context: Context, bars: Sequence[tuple[str, float, str]]) -> Markup:
    if not bars:
        return Markup("")
    say, unit = context.words.say, context.words.unit("MSEK")
    frame = pl.DataFrame(list(bars), schema=_BAR, orient="row")
    numbers = frame.rename({"label": str(say("label.report")), "value": f"{say('label.deviation')} ({unit})"})
    title = str(say("economy.title"))
    return figure(_over_and_under(context, frame), numbers, title, title, context.language)


def _over_and_under(context: Context, frame: pl.DataFrame) -> forms.Chart:
    """Draw deviations of costs as more or less than budget; the reports print them the other way round, and the chart says so."""
    say, unit = context.words.say, context.words.unit("MSEK")
    # A cost with one-offs has two bars.
    twice = frame["observation_id"].is_duplicated().any()
    note = " ".join(str(say(key)) for key in ("costs.signs", *(["costs.underlying"] if twice else [])))
    return forms.bars(frame, language=context.language, unit=unit, decimals=1, above_is_worse=True, note=note)


def _index(context: Context) -> Markup:
    """Return the development of the net cost as an index, where two municipalities print the same unbroken years."""
    rows = _net_costs(context).filter(pl.col("series") == "outturn", pl.col("period").str.len_chars() == 4)
    cuts = {
        code: [cut.period for _, cut in context.breaks("net_cost", code) if cut.extent == "all"]
        for code in context.settings.municipalities
    }
    years = rows.group_by("period").agg(pl.col("municipality_code").n_unique().alias("places")).filter(pl.col("places") > 1)
    for base in sorted(years["period"]):
        index = comparison.indexed(context.compared, "net_cost", base, breakdowns=dict.fromkeys(cuts), breaks=cuts)
        known = index.filter(pl.col("index").is_not_null())
        drawn = known.filter(pl.len().over("municipality_code") > 1)
        if drawn["municipality_code"].n_unique() > 1:
            return _index_picture(context, drawn, base)
    return Markup("")


def _index_picture(context: Context, index: pl.DataFrame, base: str) -> Markup:
    points = index.select(
        "period",
        value=pl.col("index").round(1),
        series=pl.lit("outturn"),
        group=pl.col("municipality_code").replace_strict(
            {code: context.place(code) for code in index["municipality_code"].unique()}
        ),
        status=pl.lit("published"),
        observation_id="observation_id",
    )
    title, say = str(context.words.say("economy.index", base=base)), context.words.say
    cuts = [
        forms.Break(
            cut.period, f"{context.reason(cut, raw.report.id).striptags()} ({context.place(code)})", (context.place(code),)
        )
        for code in index["municipality_code"].unique().sort()
        for raw, cut in context.breaks("net_cost", code)
        if cut.extent != "all" and cut.period <= max(index["period"])
    ]
    unit = str(say("economy.index_unit", base=base))
    chart = forms.lines(points, language=context.language, unit=unit, breaks=cuts)
    drawn = context.figures.filter(pl.col("observation_id").is_in(points["observation_id"].to_list()))
    wrong = [
        context.contradiction_told(row, f"{context.place(row['municipality_code'])} {row['period']}")
        for row in rows_of(drawn)
        if context.contradiction(row) is not None
    ]
    return paragraph(say("economy.index_text"), *wrong) + figure(chart, points, title, title, context.language)


def forecasts(context: Context) -> Html:
    """Return how the forecasts through the year closed in on what came, a sentence a report and a table."""
    found = outturns.forecasts(context.compared).filter(pl.col("against") != "net_cost:outturn")
    if found.is_empty():
        return context.nothing("forecasts", found)
    say, words = context.say, context.words
    told, rows = [], []
    for report, each in groupby(cast(list[ForecastRow], found.to_dicts()), key=lambda row: row["report"]):
        steps = list(each)
        last = steps[-1]
        text = say(
            "forecasts.text",
            place=context.names[report],
            forecasts=_results(context, steps),
            count=len(steps),
            came=_result(context, last["came"], context.link(words.quantity(abs(last["came"]), last["unit"]), [last["came_id"]])),
            miss=context.link(words.quantity(abs(last["miss"]), last["unit"]), [last["observation_id"], last["came_id"]]),
            better=last["miss"] > 0,
            met=last["miss"] == 0,
            closer=len(steps) > 1 and all(row["closer"] is not False for row in steps),
        )
        told.append(Markup(" ").join([text, *_forecast_without(context, last, len(steps))]))
        rows += [
            (
                context.names[report],
                Markup('<span lang="sv">{}</span>').format(row["follow_up"] or say("forecasts.unnamed")),
                context.link(words.money(row["forecast"], row["unit"]), [row["observation_id"]])
                + context.flag(Figure(observation_id=row["observation_id"])),
                context.link(words.money(row["came"], row["unit"]), [row["came_id"]]),
                context.link(words.money(row["miss"], row["unit"]), [row["observation_id"], row["came_id"]]),
            )
            for row in steps
        ]
    unit = words.unit("MSEK")
    heads = [
        say("label.report"),
        say("label.follow_up"),
        *(Markup("{} ({})").format(say(f"label.{name}"), unit) for name in ("forecast", "came", "miss")),
    ]
    return section(
        say("section.forecasts"),
        paragraph(say("forecasts.lede")),
        *(paragraph(text) for text in told),
        table(heads, rows, numeric=(2, 3, 4)),
        name="forecasts",
        table=found,
    )


def _forecast_without(context: Context, last: ForecastRow, count: int) -> list[Markup]:
    """Tell how far the last forecast missed without the one-offs that came after it."""
    [came] = rows_of(context.in_own_unit.filter(pl.col("observation_id") == last["came_id"]))
    amounts = [each for each in context.amounts("one_off", came) if each[1].kind == "one_off"]
    if not amounts:
        return []
    miss = last["miss"] - sum(in_unit(figure, last["unit"]) for *_, figure in amounts)
    ids = [last["observation_id"], last["came_id"], *(figure["observation_id"] for *_, figure in amounts)]
    what = context.words.join([context.reason(entry, raw.report.id) for raw, entry, _ in amounts])
    size = context.link(context.words.quantity(abs(miss), last["unit"]), ids)
    return [context.say("forecasts.without", what=what, miss=size, better=miss > 0, count=count)]


def _results(context: Context, steps: Sequence[ForecastRow]) -> Markup:
    """Tell forecasts of the same kind in one: "a deficit of SEK 3.0, 5.0 and 9.0 million"."""
    words = context.words
    same = len(steps) > 1 and len({row["forecast"] < 0 for row in steps}) == 1 and all(row["forecast"] for row in steps)
    if not same:
        told = [context.link(words.quantity(abs(row["forecast"]), row["unit"]), [row["observation_id"]]) for row in steps]
        return words.join([_result(context, row["forecast"], text) for row, text in zip(steps, told, strict=True)])
    sizes = [context.link(words.money(abs(row["forecast"]), row["unit"]), [row["observation_id"]]) for row in steps]
    return _result(context, steps[-1]["forecast"], words.say("forecasts.millions", amounts=words.join(sizes)))


def _result(context: Context, value: float, size: Markup) -> Markup:
    """Tell a result: a deficit or a surplus of so much, or neither."""
    return context.words.say("forecasts.zero" if value == 0 else "forecasts.result", size=size, deficit=value < 0)


def plans(context: Context, domain: str | None = None) -> Html:
    """Return what an earlier report planned beside what a later one says came; nothing where no later report has it."""
    rows = [
        row
        for series in ("budget", "plan", "forecast", "target")
        for row in outturns.against(context.compared, series).iter_rows(named=True)
        if row["planned_report"] != row["came_report"]
        and (domain is None or vocabulary.measure_index()[row["measure"]]["domain"] == domain)
        for row in [row | {"series": series}]
    ]
    if not rows:
        return context.nothing("plans", pl.DataFrame(schema=PLANS_SCHEMA))
    say, words = context.words.say, context.words
    body = [
        (
            context.place(row["municipality_code"]),
            words.title(row["measure"]),
            row["period"],
            words.series(row["series"]),
            context.link(words.quantity(row["planned"], row["unit"]), [row["planned_id"]]),
            context.link(words.quantity(row["came"], row["unit"]), [row["came_id"]]),
            context.link(_difference(context, row), [row["planned_id"], row["came_id"]]),
        )
        for row in rows
    ]
    heads = [say(f"label.{name}") for name in ("place", "measure", "year", "what", "planned", "came", "difference")]
    return section(
        say("section.plans"),
        paragraph(say("plans.lede")),
        table(heads, body, numeric=(4, 5, 6)),
        name="plans",
        table=pl.DataFrame(rows, schema=PLANS_SCHEMA),
    )


def _difference(context: Context, row: Mapping[str, Any]) -> str:
    """Tell how far what came is from the plan: in per cent of it, of shares in points, in its own unit where 0 was planned."""
    words, size = context.words, row["difference"]
    if row["percent"] is not None:
        return f"{words.signed(row['percent'])}{NO_BREAK}%"
    if is_share(row["unit"]):
        return f"{words.signed(round(size, 1))}{NO_BREAK}{words.unit('percentage_points', one=abs(size) == 1)}"
    return f"{'+' if size > 0 else ''}{words.quantity(round(size, 3), row['unit'])}"
