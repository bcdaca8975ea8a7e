"""Other times than years: months and parts of a year beside those of the year before, and a year that stands alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import polars as pl
from markupsafe import Markup

from socialvolym.analysis import trends
from socialvolym.narrative.context.marked import without_shared_unit
from socialvolym.narrative.developments.development import Development, End, period_of
from socialvolym.narrative.developments.plans import planned
from socialvolym.notation.periods import ANY_YEAR
from socialvolym.observations.series import one_a_period
from socialvolym.vocabulary.columns import Figure

#: The years of a period, and what is left of one that is a part of a year.
_PART = re.compile(r"-\d\d/-\d\d|-Q\d|-(?!12-31)\d\d-\d\d")
#: So many months, half of them, two years must share for the mean of them to stand for the years: one month says nothing of them.
_FEWEST_MONTHS = 6
#: The months of a year.
_MONTHS = 12
#: How many figures of other times are told beside the one of a year.
_MOST_OTHERS = 4


def months_shared(monthly: pl.DataFrame) -> bool:
    """Tell whether the last two years of monthly figures have enough months in common to be set against each other by them."""
    years = monthly.select(year=pl.col("period").str.slice(0, 4), month=pl.col("period").str.slice(5, 2)).unique()
    last_two = years["year"].unique().sort()[-2:]
    shared = years.filter(pl.col("year").is_in(last_two.implode())).group_by("month").len().filter(pl.col("len") == 2)
    return shared.height >= _FEWEST_MONTHS


def tell_months(found: Development) -> Development:
    """Tell the months of a year against the same months of the year before."""
    years = sorted({period[:4] for period in found.monthly["period"]})
    found = replace(found, ids=tuple(found.monthly["observation_id"].to_list()))
    if not months_shared(found.monthly):
        return found
    y0, y1 = years[-2:]
    cuts = [cut.period for _, cut in found.context.breaks(found.measure, found.code, found.breakdown)]
    comparison = trends.months_of(found.as_compared(found.monthly), y0, y1, cuts)
    pairs = comparison.by_month.filter(pl.col("difference").is_not_null())
    if pairs.is_empty():
        return found
    assert comparison.first is not None and comparison.last is not None
    a, b = comparison.first, comparison.last
    p0, p1 = (_of_months(year, pairs["month"].to_list()) for year in (y0, y1))
    ids = [i for name in ("first_id", "last_id") for i in pairs[name].to_list()]
    unit, words = comparison.unit, found.context.words
    decimals = 0 if max(abs(a), abs(b)) >= 100 else 1
    bare = words.names_a_number(found.measure)
    latest, before = (words.number(value, decimals) if bare else words.quantity(value, unit, decimals) for value in (b, a))
    before = without_shared_unit(before, latest)
    found = replace(found, change=comparison, span=(p0, p1))
    if a == b:
        same = found.context.link(latest, ids)
        return found.saying(found.said("development.unchanged", b=same, **found.times(p0, p1)))
    up, moved = b > a, comparison.word in {"increase", "decrease"}
    size = found.context.link(words.percent(100 * (b - a) / a) if a else words.quantity(b - a, unit, 1), ids)
    mean = words.say("development.monthly", figure=found.context.link(latest, ids))
    shown = (mean, found.context.link(before, ids))
    told = ((shown[0], p1, b), (shown[1], p0, a))
    after, start = (End(text, words.period(period), period, "outturn", value, unit, tuple(ids)) for text, period, value in told)
    same_way = comparison.higher if up else comparison.lower
    said = found.context.say(
        f"development.months.{'moved' if moved else 'plain'}",
        place=found.place,
        subject=found.subject,
        **found.times(p0, p1),
        up=up,
        size=size,
        a=found.context.link(before, ids),
        b=found.context.link(latest, ids),
        higher=found.context.link(words.number(same_way), ids),
        every=same_way == pairs.height,
        count=words.number(pairs.height),
    )
    return replace(found.saying(said), up=up, size=size, ends=(after, start), moved=moved)


def _of_months(year: str, months: Sequence[int]) -> str:
    """Return the part of a year that months in a row are; the year where they are all of it, or not in a row."""
    first, last = min(months), max(months)
    part = len(months) < _MONTHS and last - first + 1 == len(months)
    return f"{year}-{first:02}/{year}-{last:02}" if part else year


def part_of_year(found: Development) -> list[Figure]:
    """Return the outturns of the same part of each year ("January to August", "31 August"), of the part that was printed last.

    What is printed for 31 December is the year's, and months have a series of their own.
    """
    parts: dict[str, list[Figure]] = {}
    for row in found.printed("outturn"):
        parts.setdefault(ANY_YEAR.sub("", period_of(row)), []).append(row)
    known = [rows for part, rows in parts.items() if _PART.fullmatch(part)]
    series = [one_a_period(rows, found.measure) for rows in known]
    # Of two parts that end in one year the one that has been printed for more years, then the longer one.
    return max(series, key=lambda rows: (period_of(rows[-1])[:4], len(rows), period_of(rows[-1])), default=[])


def tell_later_part(found: Development) -> Development:
    """Tell the part of a year that is later than the years told of, beside the same part of the year before."""
    part = part_of_year(found)
    if found.points.height < 2 or not part or _year_of(found.figures[-1]) >= period_of(part[-1])[:4]:
        return found
    last = part[-1]
    earlier = ANY_YEAR.sub(str(int(period_of(last)[:4]) - 1), period_of(last))
    before = next((row for row in part if row["period"] == earlier), None)
    values: dict[str, Any] = {"a": None, "before": None}
    if before is not None:
        values = {"a": found.short(before, last), "before": found.context.time(before)}
    return found.saying(
        found.context.say("development.later_part", b=found.number(last), time=found.context.time(last), **values)
    )


def tell_year_ahead(found: Development) -> Development:
    """Tell the forecast for the year that the latest figure is a part of, beside the year's budget."""
    if found.points.is_empty() or len(found.points["period"][-1]) == 4:
        return found
    year = found.points["period"][-1][:4]
    forecast, budget = (
        next((row for row in found.others(name) if row["period"] == year), None) for name in ("forecast", "budget")
    )
    if forecast is None:
        return found
    told = {"forecast": found.number(forecast), "budget": found.number(budget) if budget else None}
    said = found.context.say("development.year_ahead", year=year, **told)
    return found.saying(said, *found.contradictions(row for row in (forecast, budget) if row is not None))


def tell_single(found: Development) -> Development:
    """Tell the only year that there is a figure of, with figures of other times beside it."""
    row = found.figures[0]
    found = replace(found, ids=(row["observation_id"],))
    if planned(found, row["period"]) is not None:
        return found
    others = [other for other in found.printed("outturn") if _year_of(other) != _year_of(row)]
    figures = [Markup("{} ({})").format(found.number(other), found.context.time(other)) for other in others]
    alone = "single_shown" if found.hides_years else "single"
    said = found.said(
        f"development.{'single_year' if others else alone}",
        others=found.context.words.join(figures[:_MOST_OTHERS]),
        b=found.number(row),
        **found.times(row["period"], row["period"]),
    )
    return found.saying(said)


def _year_of(row: Figure) -> str:
    return period_of(row).removesuffix("-12-31")
