"""Importance: how much a development counts among the messages of a page."""

from __future__ import annotations

from socialvolym import vocabulary
from socialvolym.analysis import trends
from socialvolym.narrative.developments.development import Development, per_year
from socialvolym.observations.series import rows_of
from socialvolym.vocabulary.codebook import is_bare_share

#: How much a development counts by what can be said of chance: little where chance can explain it.
_CERTAINTY = {"clear": 1.0, "not_applicable": 0.75, "not_clear": 0.25}
#: How much a difference counts that a break explains in part, or wholly.
_BROKEN = {"part": 0.5, "unknown": 0.5, "most": 0.25, "all": 0.1}
#: What each year counts that a development lies behind the municipality's newest report.
_AGEING = 0.85
#: What a goal counts that is missed, or that the figure moves away from.
_GOAL = 6.0
#: Of counts below so many a small step is many per cent: they count for less the fewer they are, to this.
_FEW, _OF_FEW = 200.0, 0.1
#: How many of a unit are of one person, household or case in a year.
_OF_ONE = {
    **dict.fromkeys(("count", "persons", "households", "placements_per_year"), 1.0),
    "household_months": 12.0,
    "care_days": 365.0,
}
#: No change counts for more than this, in per cent.
_MOST = 60.0


def weight(found: Development) -> float:
    """Return how much a development matters: by its size, its certainty, its consequence and how new it is."""
    if (
        is_bare_share(found.measure)
        or found.up is None
        or not found.sentences
        or found.counted_twice
        or found.contradicted
        or found.span is None
    ):
        return 0.0
    weight = _certainty(found) * min(found.step, _MOST)
    weight = max(weight, _over_all(found))
    if found.path is not None and found.path.steady:
        first, last = found.path.values[0], found.path.values[-1]
        weight = max(weight, 0.7 * min(100 * abs(last - first) / abs(first or 1.0), _MOST))
    weight *= _of_many(found)
    if found.missed or found.away:
        weight += _GOAL
    newest = max(raw.report.year for raw in found.context.reports if raw.report.municipality_code == found.code)
    age = max(0, newest - int(found.span[1][:4]))
    return weight * _AGEING**age * (1.0 if vocabulary.measure_index()[found.measure]["headline"] else 0.35)


def _of_many(found: Development) -> float:
    """Return what a change counts by how many it is of, a year's care days as a person: per cent of a few say little."""
    if found.ends is None or found.ends[0].unit not in _OF_ONE:
        return 1.0
    many = max(end.value / _OF_ONE[end.unit] for end in found.ends)
    return max(_OF_FEW, min(many / _FEW, 1.0))


def _over_all(found: Development) -> float:
    """Return the weight of the change over all years, per year, where it is certain and no break lies between."""
    if found.compared.height < 3 or found.monthly.height or found.planned:
        return 0.0
    first, *_, last = rows_of(found.compared)
    change = trends.change_of(found.compared, first["period"], last["period"], breaks=(), contradicted=())
    if found.broken(first["period"], last["period"]) is not None or change.word not in {"increase", "decrease"}:
        return 0.0
    return _CERTAINTY[change.certainty] * min(per_year(first, last), _MOST)


def _certainty(found: Development) -> float:
    cut = found.broken(*found.span) if found.span else None
    if cut is not None:
        return _BROKEN[cut[1].extent]
    if found.change is not None and found.change.rule == "survey_without_answers":
        return 0.1
    return _CERTAINTY[found.change.certainty if found.change else "not_applicable"]
