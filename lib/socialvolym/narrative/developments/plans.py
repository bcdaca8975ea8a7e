"""Plans: figures against their budget, and the budget of a year to come against what is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup

from socialvolym.narrative.developments.development import Development, value_of
from socialvolym.vocabulary.columns import Figure


def tell_budget(found: Development) -> Development:
    """Tell how far the latest figure came from its budget."""
    if found.points.is_empty():
        return found
    last = found.figures[-1]
    printed = [*found.others("budget"), *found.printed("budget")]
    budgets = [row for row in printed if (row["period"], row["unit"]) == (last["period"], last["unit"])]
    if not budgets:
        return found
    before, after = (found.context.comparable(row) for row in (budgets[0], last))
    if before is None or after is None:
        said = found.context.say("development.budget_only", budget=found.number(budgets[0]), y1=found.period(last["period"]))
        return found.saying(said, *found.contradictions(budgets[:1]))
    budget, last = before, after
    size = found.change_size(budget, last)
    if budget["value"] == last["value"]:
        return found.saying(found.context.say("development.budget_met", y1=found.period(last["period"])))
    said = found.context.say(
        "development.budget",
        budget=found.number(budget),
        size=size,
        up=value_of(last) > value_of(budget),
        **found.times(last["period"], last["period"]),
    )
    return found.saying(said, *found.contradictions(budgets[:1]))


def planned(found: Development, after: str) -> Figure | None:
    """Return the budget of the latest year after a period; None where there is none."""
    later = [row for row in found.others("budget") if row["period"] > after]
    return later[-1] if later else None


def tell_plan(found: Development) -> Development:
    """Tell a budget for a year to come against what is known of the latest year before it: its budget, forecast, or outturn."""
    if found.points.is_empty():
        return found
    last = found.figures[-1]
    budget = planned(found, last["period"])
    if budget is None:
        return found
    printed = _before(found, budget["period"], last)
    plans = [row for row in found.others("plan") if row["period"] > budget["period"]]
    plan = plans[-1] if plans else None
    found = replace(found, ids=(*found.ids, *(base["observation_id"] for base in printed), budget["observation_id"]))
    bases = [base for row in printed if (base := found.context.comparable(row)) is not None]
    after_all = found.context.comparable(budget)
    if after_all is None or not bases:
        return _tell_plan_only(found, printed, budget, plan)
    wrong, budget = [*printed, budget], after_all
    before, after = (row["value"] for row in (bases[0], budget))
    found = replace(
        found,
        up=None if before == after else after > before,
        size=found.change_size(bases[0], budget),
        span=(bases[0]["period"], budget["period"]),
        base=bases[0]["series"],
        planned=100 * abs(after - before) / (abs(before) or 1.0),
        ends=found.pair(budget, bases[0], series=True),
    )
    against = [_against(found, group, budget, number == 0) for number, group in enumerate(_alike(bases))]
    directions = {budget["value"] > base["value"] for base in bases}
    said = found.said(
        "development.plan",
        b=found.number(budget),
        **found.times(bases[0]["period"], budget["period"]),
        up=found.up,
        size=found.size,
        first=against[0],
        second=against[1] if len(against) > 1 else None,
        opposite=len(directions) > 1,
        plan=found.number(plan) if plan else None,
        plan_year=found.period(plan["period"]) if plan else None,
    )
    return found.saying(said, *found.contradictions(wrong))


def _tell_plan_only(found: Development, bases: Sequence[Figure], budget: Figure, plan: Figure | None) -> Development:
    """Tell a budget for a year to come beside the year before without comparing them: a figure of them is contradicted."""
    base = "both" if len(bases) > 1 and len(_alike(bases)) == 1 else bases[0]["series"]
    said = found.said(
        "development.plan_only",
        b=found.number(budget),
        a=found.short(bases[0], budget),
        base=found.context.words.say(f"base.{base}"),
        **found.times(bases[0]["period"], budget["period"]),
        plan=found.number(plan) if plan else None,
        plan_year=found.period(plan["period"]) if plan else None,
    )
    span, ends = (bases[0]["period"], budget["period"]), found.pair(budget, bases[0], series=True)
    told = found.saying(said, *found.contradictions([*bases, budget]))
    return replace(told, contradicted=True, up=None, span=span, ends=ends)


def _before(found: Development, period: str, last: Figure) -> list[Figure]:
    """Return the figures of the latest year before a period: its outturn, or its budget and its forecast."""
    candidates = [last]
    for series in ("budget", "forecast"):
        candidates += [row for row in found.others(series) if row["period"] < period]
    latest = max(row["period"] for row in candidates)
    return [last] if last["period"] == latest else [row for row in candidates if row["period"] == latest]


def _alike(rows: Sequence[Figure]) -> list[list[Figure]]:
    """Group rows of the same amount, in order."""
    groups: dict[float, list[Figure]] = {}
    for row in rows:
        groups.setdefault(row["value"], []).append(row)
    return list(groups.values())


def _against(found: Development, bases: Sequence[Figure], budget: Figure, first: bool) -> Markup:
    """Tell a budget against one figure of the year before, or against two that are the same."""
    before, after = (row["value"] for row in (bases[0], budget))
    return found.context.say(
        "development.against_same" if before == after else "development.against",
        size=found.change_size(bases[0], budget),
        up=after > before,
        base=found.context.words.say("base.both" if len(bases) > 1 else f"base.{bases[0]['series']}"),
        a=found.short(bases[0], budget),
        y0=found.period(bases[0]["period"]),
        first=first,
    )
