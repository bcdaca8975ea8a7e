"""Without levels: a change or a deviation whose own figures the report does not print."""

from __future__ import annotations

from dataclasses import replace

from socialvolym import vocabulary
from socialvolym.narrative.developments.development import Development, period_of


def tell_change(found: Development) -> Development:
    """Tell a change whose level is not printed."""
    rows = found.printed("change_pct")
    if not rows or found.printed("outturn"):
        return found
    forecasts = found.others("forecast")
    if forecasts:
        forecast = forecasts[-1]
        times = found.times(forecast["period"], forecast["period"])
        said = found.said("development.forecast_only", b=found.number(forecast), **times)
        return replace(found.saying(said), ids=(forecast["observation_id"],))
    row = sorted(rows, key=period_of)[-1]
    up, size = row["value"] > 0, found.context.number({**row, "value": abs(row["value"])})
    times = found.times(row["period"], row["period"])
    said = found.said("development.only_change", size=size, up=up, elsewhere=found.level_elsewhere, **times)
    return replace(
        found.saying(said, *found.minds(row)),
        up=up,
        size=size,
        ids=(row["observation_id"],),
        told=abs(row["value"]),
        span=(row["period"], row["period"]),
    )


def tell_deviation(found: Development) -> Development:
    """Tell how far a figure came from its budget where neither of the two is printed."""
    told = sorted(found.printed("deviation"), key=lambda row: bool(row["unit"] == "percent"))
    if not told or found.printed("outturn") or found.printed("budget"):
        return found
    # A cost's deviation is printed as its effect on the result: with a minus where the cost is above its budget.
    up, period = (told[0]["value"] < 0) == vocabulary.is_cost(found.measure), told[0]["period"]
    bare = found.context.words.names_a_number(found.measure)
    sizes = [found.context.number({**row, "value": abs(row["value"])}, bare and row["unit"] != "percent") for row in told]
    said = found.said(
        "development.only_deviation",
        size=sizes[0],
        share=sizes[1] if len(sizes) > 1 else None,
        up=up,
        **found.times(period, period),
    )
    ids = tuple(row["observation_id"] for row in told)
    return replace(found.saying(said), span=(period, period), up=up, against_budget=True, ids=ids, size=sizes[0])
