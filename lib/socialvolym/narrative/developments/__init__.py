"""Developments: how one measure went in one municipality, told in sentences that say no more than the figures do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import polars as pl
from markupsafe import Markup

from socialvolym import vocabulary
from socialvolym.analysis.trends import few_of
from socialvolym.errors import SocialvolymError
from socialvolym.narrative.context import Context
from socialvolym.narrative.developments.development import Development, End, figure_of, value_of
from socialvolym.narrative.developments.goals import COUNTRY, tell_country, tell_target
from socialvolym.narrative.developments.importance import weight
from socialvolym.narrative.developments.other_times import (
    months_shared,
    part_of_year,
    tell_later_part,
    tell_months,
    tell_single,
    tell_year_ahead,
)
from socialvolym.narrative.developments.plans import tell_budget, tell_plan
from socialvolym.narrative.developments.without_levels import tell_change, tell_deviation
from socialvolym.narrative.developments.yearly import tell_years
from socialvolym.observations.series import frame_of
from socialvolym.vocabulary import names

__all__ = ["Development", "End", "develop", "develop_all", "groups"]


#: How far two related measures must have gone, as a share of where they began, for it to be told that they went opposite ways.
_AGAINST = 0.05


#: A comparison that a report prints beside its own figures, not a part of the municipality.
_ELSEWHERE = (*COUNTRY, "kommunen totalt", "länet")


def groups(context: Context, measure: str) -> list[tuple[str, str | None]]:
    """Return the municipalities and parts for which a measure has a figure, in the order of codes and of the documents."""
    return [
        (code, breakdown)
        for code, breakdown in context.parts.get(measure, [])
        if breakdown != "Genomsnitt" and not any(name in (breakdown or "").lower() for name in _ELSEWHERE)
    ]


def develop_all(context: Context, measures: Iterable[str]) -> list[Development]:
    """Tell how measures developed in all chosen municipalities, in order; what has nothing to tell is left out.

    A part of a whole that is told as well (children and adults beside all) is marked: it is drawn, but not told again.

    Parameters
    ----------
    measures : by id or title.

    Raises
    ------
    SocialvolymError
        where a measure is unknown, with the nearest, or none of those that the page is about.
    """
    named = list(dict.fromkeys(map(names.measure, measures)))
    if not named and context.domain is not None:
        raise SocialvolymError(
            "no measure is named: a page of a subject needs some, such as those of coverage(context.observations)"
        )
    _check_domain(context, named)
    told = [develop(context, measure, code, part) for measure in named for code, part in groups(context, measure)]
    told = [found for found in told if found.sentences or found.points.height or found.monthly.height]
    wholes = {(found.measure, found.code) for found in told if not found.part and found.sentences}
    told = [replace(found, within=bool(found.part) and (found.measure, found.code) in wholes) for found in told]
    return [found.saying(*_opposite(found, told)) for found in told]


def _check_domain(context: Context, measures: Iterable[str]) -> None:
    """Stop at a measure of another domain than the page's, which would be passed over in silence."""
    if context.domain is None:
        return
    own = set(context.observations.filter(pl.col("domain") == context.domain)["measure"])
    for measure in measures:
        domain = vocabulary.measure_index()[measure]["domain"]
        if domain != context.domain and measure not in own:
            raise SocialvolymError(
                f"{measure} is a measure of {domain}, and only figures of {context.domain} are open here; take it out, "
                f"or open_context(...) without domain={context.domain!r}"
            )


def _opposite(found: Development, told: Sequence[Development]) -> Iterator[Markup]:
    """Tell which related figure went the other way over all the years that the path of this one is told for."""
    for other in told:
        if found.path is not None and _ran_against(found, other):
            ends = found.path_ends
            first, last = (figure_of(other.compared, period) for period in ends)
            values: dict[str, Any] = {"a": other.short(first, last), "b": other.number(last), **other.times(*ends)}
            values["up"] = value_of(last) > value_of(first)
            yield found.context.say("development.opposite", subject=other.subject, **values)


def _ran_against(found: Development, other: Development) -> bool:
    """Tell whether two related measures of one municipality went opposite ways over the same years, neither of them hardly."""
    related = (found.code, _family(found)) == (other.code, _family(other)) and found.measure != other.measure
    if found.path is None or other.path is None or not related or other.within or found.path_ends != other.path_ends:
        return False
    paths = (found.path, other.path)
    if any(max(path.values) < few_of(path.unit) for path in paths):
        return False
    changes = [path.values[-1] / path.values[0] - 1 if path.values[0] else 0.0 for path in paths]
    return changes[0] * changes[1] < 0 and min(map(abs, changes)) >= _AGAINST


def _family(found: Development) -> str | None:
    return vocabulary.measure_index()[found.measure]["family"]


def develop(context: Context, measure: str, code: str, breakdown: str | None) -> Development:
    """Tell how a measure developed in one municipality."""
    known = frame_of(context.series(measure, code, breakdown))
    monthly = frame_of(context.series(measure, code, breakdown, frequency="month"))
    found = Development(context, measure, code, breakdown, known, monthly)
    part = part_of_year(found)
    months_of_years = months_shared(monthly)
    if (part or known.height) and not months_of_years and monthly["period"].str.slice(0, 4).n_unique() > 1:
        monthly = monthly.clear()  # years are told of, and a few months of them are no other way to do so
        found = replace(found, monthly=monthly)
    # What has only one year is told by its parts where these are of a later one.
    later = known.height == 1 < len(part) and part[-1]["period"][:4] > known["period"][0]
    if part and not months_of_years and (known.is_empty() or later):
        found = replace(found, points=frame_of(part))
    if months_of_years or (monthly.height >= 2 and not part):
        found = tell_months(found)
    elif found.points.height >= 2:
        found = tell_years(found)
    elif found.points.height == 1:
        found = tell_single(found)
    for tell in (tell_budget, tell_later_part, tell_year_ahead, tell_plan, tell_target, tell_country):
        found = tell(found)
    if not found.sentences:
        found = tell_deviation(tell_change(found))
    return replace(found, weight=weight(found))
