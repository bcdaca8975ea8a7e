"""Other times than years: months compared with those of the year before, and a year that stands alone."""

from __future__ import annotations

import polars as pl
from markupsafe import Markup

from socialvolym.analysis import trends
from socialvolym.narrative.developments.development import Development, End, period_of
from socialvolym.narrative.developments.plans import planned
from socialvolym.vocabulary.columns import Figure

#: How many figures of other times are told beside the one of a year.
_MOST_OTHERS = 4


def tell_months(found: Development) -> None:
    """Tell the months of a year against the same months of the year before."""
    years = sorted({period[:4] for period in found.monthly["period"]})
    found.ids = tuple(found.monthly["observation_id"].to_list())
    if len(years) < 2:
        return
    y0, y1 = years[-2:]
    cuts = [cut.period for _, cut in found.context.breaks(found.measure, found.code)]
    comparison = trends.months_of(found.as_compared(found.monthly), y0, y1, cuts)
    pairs = comparison.by_month.filter(pl.col("difference").is_not_null())
    if pairs.is_empty():
        return
    assert comparison.first is not None and comparison.last is not None
    a, b = comparison.first, comparison.last
    ids = [i for name in ("first_id", "last_id") for i in pairs[name].to_list()]
    unit, words = comparison.unit, found.context.words
    decimals = 0 if max(abs(a), abs(b)) >= 100 else 1
    bare = words.names_a_number(found.measure)
    told = (lambda value, unit, decimals: words.number(value, decimals)) if bare else words.quantity
    found.change, found.span = comparison, (y0, y1)
    if a == b:
        found.tell(
            "development.unchanged",
            b=found.context.link(told(b, unit, decimals), ids),
            **found.times(y0, y1),
        )
        return
    found.up = b > a
    found.size = found.context.link(words.percent(100 * (b - a) / a) if a else words.quantity(b - a, unit, 1), ids)
    mean = words.say("development.monthly", figure=found.context.link(told(b, unit, decimals), ids))
    shown = (mean, found.context.link(words.number(a, decimals), ids))
    found.ends = (End(shown[0], y1, y1, "outturn", b, unit, tuple(ids)), End(shown[1], y0, y0, "outturn", a, unit, tuple(ids)))
    same_way = comparison.higher if found.up else comparison.lower
    found.moved = comparison.word in {"increase", "decrease"}
    found.sentences.append(
        found.context.say(
            f"development.months.{'moved' if found.moved else 'plain'}",
            place=found.place,
            subject=found.subject,
            **found.times(y0, y1),
            up=found.up,
            size=found.size,
            a=found.context.link(words.number(a, decimals), ids),
            b=found.context.link(told(b, unit, decimals), ids),
            higher=found.context.link(words.number(same_way), ids),
            every=same_way == pairs.height,
            count=words.number(pairs.height),
        )
    )


def tell_single(found: Development) -> None:
    """Tell the only year that there is a figure of, with figures of other times beside it."""
    row = found.figures[0]
    found.ids = (row["observation_id"],)
    if planned(found, row["period"]) is None:
        others = [other for other in found.printed("outturn") if _year_of(other) != row["period"]]
        figures = [Markup("{} ({})").format(found.number(other), found.context.time(other)) for other in others]
        alone = "single_shown" if found.hides_years else "single"
        found.tell(
            f"development.{'single_year' if others else alone}",
            others=found.context.words.join(figures[:_MOST_OTHERS]),
            b=found.number(row),
            **found.times(row["period"], row["period"]),
        )


def _year_of(row: Figure) -> str:
    return period_of(row).removesuffix("-12-31")
