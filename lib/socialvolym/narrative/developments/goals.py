"""Goals: figures against what the report aims at, and beside the country's."""

from __future__ import annotations

from dataclasses import replace

from markupsafe import Markup

from socialvolym import vocabulary
from socialvolym.narrative.developments.development import Development, period_of
from socialvolym.notation.numbers import bound_told
from socialvolym.observations.series import rows_of
from socialvolym.vocabulary.columns import Figure

#: The breakdowns of the country's figure and of the mean of its municipalities, which a report prints beside its own.
COUNTRY = ("riket", "landets kommuner")


def tell_target(found: Development) -> Development:
    """Tell whether a goal is reached, or how far it is where its year is to come."""
    if found.points.is_empty():
        return found
    last = found.figures[-1]
    ahead = sorted(
        (row for row in found.printed("target") if row["period"] and row["period"][:4] >= last["period"][:4]), key=period_of
    )
    if not ahead:
        return found
    target, last = ahead[0], found.context.comparable(last) or last
    if found.contradicted:
        return found
    told = {"ty": _goal_year(found, target["period"]), "target": found.number(target)}
    if target["period"][:4] > last["period"][:4]:
        away = _moves_away(found, last, target)
        distance = found.change_size(target, last) if not target["bound"] else None
        above = last["value"] > target["value"]
        y1 = _goal_year(found, last["period"])
        said = found.context.say("development.target_ahead", **told, y1=y1, distance=distance, above=above, away=away)
        return replace(found.saying(said), away=away)
    reached = _reached(found.measure, last["value"], target)
    if reached is None:
        return found
    said = found.context.say("development.target_met" if reached else "development.target_missed", **told)
    return replace(found.saying(said), missed=not reached)


def tell_country(found: Development) -> Development:
    """Tell the country's figures of the measure for years that the municipality has figures of, as the report prints them."""
    if found.breakdown is not None:
        return found
    context, own = found.context, {(row["period"], row["unit"]) for row in found.figures}
    for breakdown in COUNTRY:
        rows = context.series(found.measure, found.code, breakdown)
        told = [(found.number(row), found.period(row["period"])) for row in rows if (row["period"], row["unit"]) in own]
        if told:
            figures = context.words.join([Markup("{} ({})").format(*each) for each in told])
            found = found.saying(context.say("development.elsewhere", where=context.words.part(breakdown), figures=figures))
    return found


def _goal_year(found: Development, period: str) -> str:
    """Return the year of a goal: one that is set for 31 December is the year's."""
    return found.period(period.removesuffix("-12-31"))


def _moves_away(found: Development, last: Figure, target: Figure) -> bool:
    """Tell whether the figure is not at its goal and is farther from it than at the beginning of its series."""
    if found.compared.height < 2 or _reached(found.measure, last["value"], target) is not False:
        return False
    first = rows_of(found.compared)[0]
    goal, *figures = (row["value"] for row in (target, first, last))
    return abs(figures[1] - goal) > abs(figures[0] - goal) and found.broken(first["period"], last["period"]) is None


def _reached(measure: str, value: float, target: Figure) -> bool | None:
    """Tell whether a goal is reached; None where it is not said which way is good. "<5" is not reached at 5, "högst 5" is."""
    better = {"lt": "lower", "gt": "higher"}.get(target["bound"] or "") or vocabulary.better(measure)
    if better is None:
        return None
    if value == target["value"]:
        bound = bound_told(target["published_as"], target["bound"])
        return bound is None or bound["sign"] not in ("<", ">")
    return bool((value < target["value"]) == (better == "lower"))
