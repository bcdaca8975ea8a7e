"""Drivers: what a result rests on by figures printed beside it, such as kinds of cost, volume and price, and earlier warnings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import polars as pl
from markupsafe import Markup

from socialvolym import vocabulary
from socialvolym.analysis.classification import Volume, is_volume, rules, threshold
from socialvolym.charts.markup import Html, bullets, section
from socialvolym.narrative.context import Context
from socialvolym.observations.series import rows_of
from socialvolym.vocabulary.columns import Figure
from socialvolym.vocabulary.money import MONEY

#: The frame of the drivers.
DRIVERS_SCHEMA = {"kind": pl.String, "domain": pl.String, "text": pl.String}
#: Kinds of cost are named down to this share of the largest deviation, so that what is small beside it is not told as its driver.
_WORTH_NAMING = 0.2
#: A plan turns where two steps go opposite ways, each by so many per cent: less is told by the measure's own sentences.
_TURN = 10.0
#: From which share of a whole on it is "about half" of it, and from which "most" of it.
_HALF, _MOST = 0.4, 0.6


@dataclass(frozen=True)
class Cost:
    """A cost and its budget, of a committee (`whole`), an area of it or a service, in a year or the same part of each.

    area : as it is printed, or the measure of the service.

    before : what it cost the year before. ahead : the forecast for the year that the period is a part of, and its budget.
    so_far : what it cost in the months so far, where `outturn` is the forecast for the year.
    """

    code: str
    area: str
    period: str
    outturn: Figure
    budget: Figure
    before: Figure | None = None
    ahead: tuple[Figure, Figure] | None = None
    whole: bool = False
    so_far: Figure | None = None

    @property
    def unit(self) -> str:
        """The unit of the amounts."""
        return self.outturn["unit"]

    @property
    def deviation(self) -> float:
        """By how much the cost is above its budget."""
        return self.outturn["value"] - self.budget["value"]

    @property
    def share(self) -> float | None:
        """The deviation in per cent of the budget."""
        return 100 * self.deviation / abs(self.budget["value"]) if self.budget["value"] else None


@dataclass(frozen=True)
class Lead:
    """What a page may begin with: a headline, the figures that it rests on, and remarks, each in wordings, the fuller first.

    code : of the municipality that it is of.
    """

    code: str
    head: Markup
    figure: Markup
    ids: tuple[str, ...]
    remarks: tuple[Markup, ...] = ()


@dataclass(frozen=True)
class Driver:
    """What a result rests on, as a sentence, and in a few words for a message, the fuller wording first.

    lead : what a page may begin with, where it is of a municipality's course and not of one cost.
    """

    kind: str
    domain: str | None
    text: Markup
    briefs: tuple[Markup, ...] = ()
    lead: Lead | None = None


def in_unit(figure: Figure, unit: str) -> float:
    """Return the size of an amount of money in another unit."""
    return float(abs(figure["value"]) * MONEY[figure["unit"]] / MONEY[unit])


def drivers(context: Context, costs: Sequence[Cost] = (), domain: str | None = None) -> Html:
    """Return what the results rest on, a sentence each; nothing where no figure says.

    Parameters
    ----------
    costs : costs against budget (economy.cost_rows, economy.results).
    domain : only what belongs to this domain; None: all.

    Returns
    -------
    section : its `table` has kind, domain and text of each (DRIVERS_SCHEMA).
    """
    told = [each for each in found(context, costs) if domain in (None, each.domain)]
    rows = [(each.kind, each.domain, each.text.striptags()) for each in told]
    frame = pl.DataFrame(rows, schema=DRIVERS_SCHEMA, orient="row")
    if not told:
        return context.nothing("drivers", frame)
    return section(context.say("section.drivers"), bullets([each.text for each in told]), name="drivers", table=frame)


def found(context: Context, costs: Sequence[Cost]) -> list[Driver]:
    """Return the drivers of costs, then what met a saving, the warnings of earlier reports, and the plans that turn."""
    of_costs = [each for row in costs for each in of_cost(context, row)]
    return [*of_costs, *_paid(context), *_inflows(context), *_warnings(context), *_turns(context)]


def leading(context: Context) -> list[Driver]:
    """Return the drivers that a page may begin with."""
    return [*_inflows(context), *_turns(context)]


def of_cost(context: Context, row: Cost) -> list[Driver]:
    """Return what one cost against its budget rests on, the most telling first."""
    if row.so_far is not None:
        return []
    return list(_kinds(context, row) if row.whole else [*_revenue(context, row), *_volume(context, row), *_price(context, row)])


def _kinds(context: Context, row: Cost) -> Iterator[Driver]:
    """Tell the kinds of revenue and cost furthest from the budget, those that made the result better apart from the others."""
    effects = [
        (_gap(outturn, budget), outturn, budget)
        for measure in vocabulary.having_role(context.figures["measure"].unique(), "cost", "revenue")
        if vocabulary.measure_index()[measure]["quantity"] in rules().kinds.quantities
        for outturn, budget in _pair(context, measure, row, None)
    ]
    signed = [(gap if _is_revenue(outturn) else -gap, outturn, budget) for gap, outturn, budget in effects if gap]
    least = _WORTH_NAMING * max((abs(effect) for effect, *_ in signed), default=0.0)
    signed = sorted((each for each in signed if abs(each[0]) >= least), key=lambda each: -abs(each[0]))
    sides = [[each for each in signed if (each[0] > 0) == better] for better in (True, False)]
    if len(signed) < 2:
        return
    words = context.words
    parts = [words.join([_kind_text(context, *each, first=not number) for number, each in enumerate(side)]) for side in sides]
    name = {"place": context.place(row.code), "year": words.period(row.period)}
    better, worse = parts
    text = context.say("drivers.kinds", **name, better=better, worse=worse)
    over = [
        words.say("drivers.kind_brief", subject=words.subject(outturn["measure"]), size=words.money(-effect, outturn["unit"]))
        for effect, outturn, _ in sides[1]
        if not _is_revenue(outturn) and vocabulary.measure_index()[outturn["measure"]]["quantity"] not in rules().kinds.rest
    ]
    # What was over its budget says nothing of why the whole was under it, only that it did not follow.
    shown = [over[:most] for most in (2, 1) if len(over) >= most]
    briefs = [words.say("drivers.kinds_brief", over=words.join(each), all_over=row.deviation > 0) for each in shown]
    yield Driver("kinds", None, text, tuple(briefs))


def _gap(outturn: Figure, budget: Figure) -> float:
    """Return how much more the outturn is than the budget: revenue, or costs, may be printed with a minus."""
    return float(abs(outturn["value"]) - abs(budget["value"]))


def _kind_text(context: Context, effect: float, outturn: Figure, budget: Figure, *, first: bool) -> Markup:
    """Tell how far a kind of revenue or cost was from its budget, also without the one-offs that it holds."""
    words, unit, gap = context.words, outturn["unit"], _gap(outturn, budget)
    amounts = [figure for _, entry, figure in context.amounts("one_off", outturn) if entry.kind == "one_off"]
    basis = gap - sum(in_unit(figure, unit) for figure in amounts)
    ids = [each["observation_id"] for each in (outturn, budget, *amounts)]
    return words.say(
        "drivers.kind",
        subject=words.subject(outturn["measure"]),
        size=context.link(words.quantity(abs(effect), unit), ids[:2]),
        more=gap > 0,
        first=first,
        without=context.link(words.quantity(abs(basis), unit), ids) if amounts else None,
        more_without=basis > 0,
    )


def _pair(context: Context, measure: str, row: Cost, part: str | None) -> Iterator[tuple[Figure, Figure]]:
    """Return the outturn and the budget of a part of a measure in a cost's report and year, unless they are contradicted."""
    found = [next(_beside_cost(context, measure, row, part, series, "table"), None) for series in ("outturn", "budget")]
    if found[0] and found[1] and all(context.contradiction(each) is None for each in found if each):
        yield found[0], found[1]


def _beside_cost(context: Context, measure: str, row: Cost, part: str | None, series: str, kind: str) -> Iterator[Figure]:
    """Return the figures of a part of a measure in a cost's report and year, of a table or of sentences."""
    wanted = (row.period, row.outturn["report"], kind)
    rows = context.printed(measure, row.code, part, series)
    return (each for each in rows if (each["period"], each["report"], each["kind"]) == wanted)


def _revenue(context: Context, row: Cost) -> Iterator[Driver]:
    """Tell of an area how far its revenue and so its costs were from the budget, where its net cost is what they leave.

    Where a table has no outturn and budget of the revenue, a sentence's deviation is taken: more is a plus there, while the signs
    of a table's deviations depend on the table.
    """
    part, unit = row.outturn["breakdown"], row.unit
    for measure in vocabulary.having_role(context.figures["measure"].unique(), "revenue"):
        gaps = [
            (_gap(outturn, budget), outturn["unit"], [outturn, budget]) for outturn, budget in _pair(context, measure, row, part)
        ]
        said = _beside_cost(context, measure, row, part, "deviation", "text")
        gaps += [(each["value"], each["unit"], [each]) for each in said if each["unit"] in MONEY]
        for gap, own, figures in gaps[:1]:
            if not gap or any(context.contradiction(each) is not None for each in (row.outturn, row.budget, *figures)):
                continue
            gap *= MONEY[own] / MONEY[unit]
            costs, words = row.deviation + gap, context.words
            ids = [each["observation_id"] for each in figures]
            values: dict[str, Any] = {
                "size": context.link(words.quantity(abs(gap), unit), ids),
                "more": gap > 0,
                "costs": context.link(
                    words.quantity(abs(costs), unit), [row.outturn["observation_id"], row.budget["observation_id"], *ids]
                ),
                "over": costs > 0,
            }
            name = {"place": context.place(row.code), "year": words.period(row.period), "area": words.area(row.area)}
            brief = words.say("drivers.revenue_brief", **values)
            yield Driver("revenue", _domain_of(context, row.area), context.say("drivers.revenue", **name, **values), (brief,))


def _is_revenue(row: Figure) -> bool:
    return bool(vocabulary.measure_index()[row["measure"]]["role"] == "revenue")


def _volume(context: Context, row: Cost) -> Iterator[Driver]:
    """Tell how much of what a cost is over or under its budget its volume explains, by how far both are from it in per cent."""
    for volume in _volumes(context, row):
        gap = _beside(context, row, volume.volume, "deviation")
        if gap is None or row.share is None or gap["value"] * row.share <= 0:
            continue
        cost, many = row.share / 100, gap["value"] / 100
        # Volume times cost for each is the whole, and what both moved together is shared equally between them (Bennet).
        explained = many * (1 + ((1 + cost) / (1 + many) - 1) / 2) / cost
        words = context.words
        values: dict[str, Any] = {
            "subject": words.subject(volume.volume),
            "many": context.number({**gap, "value": abs(gap["value"])}),
            "share": words.percent(row.share, 1),
            "over": row.deviation > 0,
            "extent": _extent(explained),
        }
        name = {"place": context.place(row.code), "year": words.period(row.period), "area": words.area(row.area)}
        yield Driver(
            "volume",
            volume.domain,
            context.say("drivers.volume", **name, **values),
            (words.say("drivers.volume_brief", **values),),
        )


def _price(context: Context, row: Cost) -> Iterator[Driver]:
    """Tell how a cost rose beside what the state raised for each, in per cent over the same year."""
    before = row.before
    for volume in _volumes(context, row):
        raised = _beside(context, row, volume.raised, "change_pct")
        if raised is None or not before or before["value"] <= 0 or context.contradiction(before) is not None:
            continue
        rose = 100 * (row.outturn["value"] / before["value"] - 1)
        if rose <= 0 or raised["value"] <= 0:
            continue
        ids = [before["observation_id"], row.outturn["observation_id"]]
        text = context.say(
            "drivers.price",
            place=context.place(row.code),
            year=context.words.period(row.period),
            before=context.words.period(before["period"]),
            area=context.words.area(row.area),
            rose=context.link(context.words.percent(rose, 1), ids),
            subject=context.words.subject(volume.raised),
            raised=context.number(raised),
        )
        yield Driver("price", volume.domain, text)


def _beside(context: Context, row: Cost, measure: str, series: str) -> Figure | None:
    """Return a measure's percentage in the report and year of a cost; None where there is none."""
    wanted = (series, "percent", row.period, row.outturn["report"])
    rows = context.rows_of(measure, row.code)
    found = (each for each in rows if (each["series"], each["unit"], each["period"], each["report"]) == wanted)
    return next((each for each in found if each["value"] is not None), None)


def _volumes(context: Context, row: Cost) -> list[Volume]:
    return [volume for volume in rules().volume if volume.domain == _domain_of(context, row.area)]


def _extent(share: float) -> str:
    return "less" if share < _HALF else "half" if share < _MOST else "most" if share < 1 else "all"


def _paid(context: Context) -> Iterator[Driver]:
    """Tell where what was paid, volume times mean, went another way than the net cost of the unit that pays it."""
    for volume in rules().volume:
        parts = [pair for pair in context.parts.get(volume.cost, []) if pair[1] and _domain_of(context, pair[1]) == volume.domain]
        for code, part in parts:
            series = [context.series(measure, code, None) for measure in (volume.months, volume.mean)]
            series.append(context.series(volume.cost, code, part))
            years = [{row["period"]: row for row in rows if context.contradiction(row) is None} for rows in series]
            known = sorted(years[0].keys() & years[1].keys() & years[2].keys())
            for y0, y1 in list(pairwise(known))[-1:]:
                each = [[rows[year] for rows in years] for year in (y0, y1)]
                paid = [many["value"] * mean["value"] / MONEY[cost["unit"]] for many, mean, cost in each]
                costs = [cost["value"] for *_, cost in each]
                if (paid[1] - paid[0]) * (costs[1] - costs[0]) >= 0 or _still(paid):
                    continue
                yield Driver("paid", volume.domain, _paid_text(context, each, paid, costs, part))


def _paid_text(
    context: Context, each: list[list[Figure]], paid: Sequence[float], costs: Sequence[float], part: str | None
) -> Markup:
    words, unit = context.words, each[0][2]["unit"]
    ids = [[row["observation_id"] for row in rows] for rows in each]
    amounts = [context.link(words.quantity(amount, unit), own[:2]) for amount, own in zip(paid, ids, strict=True)]
    rest = [context.link(words.quantity(cost - amount, unit), own) for cost, amount, own in zip(costs, paid, ids, strict=True)]
    return context.say(
        "drivers.paid",
        place=context.place(each[0][2]["municipality_code"]),
        y0=each[0][2]["period"],
        y1=each[1][2]["period"],
        months=words.subject(each[0][0]["measure"]),
        mean=words.subject(each[0][1]["measure"]),
        up=paid[1] > paid[0],
        still=_still(costs),
        paid=amounts,
        cost=words.subject(each[0][2]["measure"], part),
        costs=[context.number(rows[2]) for rows in each],
        rest=rest,
    )


def _still(values: Sequence[float]) -> bool:
    """Tell whether two amounts differ by so little that they are called nearly unchanged."""
    return 100 * abs(values[1] - values[0]) < threshold("least_percent") * abs(values[0])


def _domain_of(context: Context, area: str) -> str | None:
    known = context.words.areas().get(vocabulary.simplify(area)) or vocabulary.measure_index().get(area) or {}
    return known.get("domain")


def _inflows(context: Context) -> Iterator[Driver]:
    """Tell how many more came in beside how the cost of what is done for them rose, as one report prints both for one year."""
    for pair in rules().inflow:
        changes = [
            [row for row in context.rows_of(name) if (row["series"], row["unit"]) == ("change_pct", "percent") and row["value"]]
            for name in (pair.inflow, pair.cost)
        ]
        for cost in changes[1]:
            beside = [row for row in changes[0] if (row["report"], row["period"]) == (cost["report"], cost["period"])]
            if beside and beside[0]["value"] * cost["value"] > 0 and context.finding_about(beside[0]) is None:
                yield _inflow(context, beside[0], cost)


def _inflow(context: Context, inflow: Figure, cost: Figure) -> Driver:
    words = context.words
    values: dict[str, Any] = {
        "place": context.place(cost["municipality_code"]),
        "year": words.period(cost["period"]),
        "inflow": words.subject(inflow["measure"]),
        "more": context.number({**inflow, "value": abs(inflow["value"])}),
        "cost": words.subject(cost["measure"], cost["breakdown"]),
        "rose": context.number({**cost, "value": abs(cost["value"])}),
        "up": cost["value"] > 0,
    }
    lead = Lead(
        cost["municipality_code"],
        words.say("headline.inflow", **values),
        words.say("drivers.inflow_figure", **values),
        (inflow["observation_id"], cost["observation_id"]),
        tuple(words.say("says.brief", text=text) for text in context.minds(inflow, brief=True)),
    )
    return Driver("inflow", cost["domain"], context.say("drivers.inflow", **values, minds=context.minds(inflow)), lead=lead)


def _warnings(context: Context) -> Iterator[Driver]:
    """Tell what an earlier report expected a change to cost beside how far over its budget a later one is for the activity."""
    index, money = vocabulary.measure_index(), pl.col("unit").is_in(list(MONEY))
    rows = context.figures.filter(pl.col("value").is_not_null(), pl.col("measure").is_in(list(index)), money)
    expected = rows.filter(pl.col("series") == "forecast", pl.col("period").str.len_chars() == 4)
    over = rows_of(rows.filter(pl.col("series") == "deviation", pl.col("value") < 0))
    years = {raw.report.id: raw.report.year for raw in context.reports}
    for early in rows_of(expected):
        # What is expected of a year to come, of one activity, and not a whole committee's.
        family, ahead = index[early["measure"]]["family"], int(early["period"]) > years[early["report"]]
        for late in over if ahead and early["domain"] != "context" else ():
            same = (late["municipality_code"], late["domain"], index[late["measure"]]["family"])
            if same == (early["municipality_code"], early["domain"], family) and late["period"] > early["period"]:
                yield Driver("warning", early["domain"], _warning_text(context, early, late))


def _warning_text(context: Context, early: Figure, late: Figure) -> Markup:
    words = context.words
    of = (late["period"], late["period"])
    causes = context.sayings(late["measure"], late["municipality_code"], report=late["report"], change=of, budget=True)
    return context.say(
        "drivers.warning",
        place=context.place(early["municipality_code"]),
        report=context.report(early["report"]),
        expected=context.number(early),
        expected_of=words.subject(early["measure"], early["breakdown"]),
        since=early["period"],
        year=late["period"],
        late=words.subject(late["measure"], late["breakdown"]),
        over=context.number({**late, "value": abs(late["value"])}),
        cause=next((context.cause(*pair, of) for pair in causes), None),
    )


def _turns(context: Context) -> Iterator[Driver]:
    """Tell a volume that is planned down and then up, or the other way round, in one and the same report."""
    index, told = vocabulary.measure_index(), set()
    for measure in [name for name in index if name in context.parts and is_volume(index[name]["unit"] or "")]:
        for code, part in [pair for pair in context.parts[measure] if not context.words.part(pair[1])]:
            forecasts, budgets, plans = (context.printed(measure, code, part, name) for name in ("forecast", "budget", "plan"))
            steps = [
                (base, budget, plan)
                for base in forecasts
                for budget in budgets
                for plan in plans
                if int(base["period"][:4]) + 1 == int(budget["period"][:4]) == int(plan["period"][:4]) - 1
                and len({base["report"], budget["report"], plan["report"]}) == 1
                and base["value"] > 0 < budget["value"]
            ]
            for base, budget, plan in steps:
                first, second = (100 * (b["value"] / a["value"] - 1) for a, b in ((base, budget), (budget, plan)))
                family = (code, index[measure]["activity"], base["report"])
                if first * second < 0 and min(abs(first), abs(second)) >= _TURN and family not in told:
                    told.add(family)
                    yield _turn(context, (base, budget, plan), (first, second))


def _turn(context: Context, rows: Sequence[Figure], steps: tuple[float, float]) -> Driver:
    base, *_ = rows
    words, ids = context.words, [row["observation_id"] for row in rows]
    bare = words.names_a_number(base["measure"])
    # What is contradicted is shown as it is printed, and no change is computed from it.
    compared = all(context.comparable(row) is not None for row in rows)
    values: dict[str, Any] = {
        "place": context.place(base["municipality_code"]),
        "subject": words.subject(base["measure"], base["breakdown"]),
        "years": [row["period"] for row in rows],
        "numbers": [context.number(row, bare) for row in rows],
        "up": steps[0] > 0,
    }
    text = context.say(
        "drivers.turn",
        **values,
        steps=[context.link(words.percent(steps[at], 0), ids[at : at + 2]) for at in (0, 1)] if compared else None,
        doubtful=[row["period"] for row in rows if context.comparable(row) is None],
        inflows=_minds_of_inflow(context, base),
    )
    lead = Lead(
        base["municipality_code"],
        words.say("headline.turn", **values),
        words.say("drivers.turn_figure", **values),
        tuple(ids),
        tuple(words.say("drivers.turn_remark", text=text) for text in _minds_of_inflow(context, base, brief=True)),
    )
    domain = vocabulary.measure_index()[base["measure"]]["domain"]
    return Driver("turn", domain, text, lead=lead)


def _minds_of_inflow(context: Context, row: Figure, brief: bool = False) -> list[Markup]:
    """Return what the report of a figure says of the inflow to the same domain, once."""
    index = vocabulary.measure_index()
    names = {pair.inflow for pair in rules().inflow if index[pair.inflow]["domain"] == index[row["measure"]]["domain"]}
    rows = [each for name in sorted(names) for each in context.rows_of(name, row["municipality_code"])]
    return list(dict.fromkeys(mind for each in rows if each["report"] == row["report"] for mind in context.minds(each, brief)))
