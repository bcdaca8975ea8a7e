"""Without levels: a change or a deviation whose own figures the report does not print."""

from __future__ import annotations

from socialvolym import vocabulary
from socialvolym.narrative.developments.development import Development, period_of


def tell_change(found: Development) -> None:
    """Tell a change whose level is not printed."""
    rows = found.printed("change_pct")
    if not rows or found.printed("outturn"):
        return
    forecasts = found.others("forecast")
    if forecasts:
        forecast = forecasts[-1]
        found.ids = (forecast["observation_id"],)
        found.tell(
            "development.forecast_only",
            b=found.number(forecast),
            **found.times(forecast["period"], forecast["period"]),
        )
        return
    row = sorted(rows, key=period_of)[-1]
    found.up, found.ids, found.told = row["value"] > 0, (row["observation_id"],), abs(row["value"])
    found.span = (row["period"], row["period"])
    found.size = found.context.number({**row, "value": abs(row["value"])})
    found.tell(
        "development.only_change",
        size=found.size,
        up=found.up,
        **found.times(row["period"], row["period"]),
    )
    found.sentences += found.minds(row)


def tell_deviation(found: Development) -> None:
    """Tell how far a figure came from its budget where neither of the two is printed."""
    told = sorted(found.printed("deviation"), key=lambda row: bool(row["unit"] == "percent"))
    if not told or found.printed("outturn") or found.printed("budget"):
        return
    # A cost's deviation is printed as its effect on the result: with a minus where the cost is above its budget.
    found.span = (told[0]["period"], told[0]["period"])
    found.up, found.against_budget = (told[0]["value"] < 0) == vocabulary.is_cost(found.measure), True
    found.ids = tuple(row["observation_id"] for row in told)
    bare = found.context.words.names_a_number(found.measure)
    sizes = [found.context.number({**row, "value": abs(row["value"])}, bare and row["unit"] != "percent") for row in told]
    found.size = sizes[0]
    found.tell(
        "development.only_deviation",
        size=sizes[0],
        share=sizes[1] if len(sizes) > 1 else None,
        up=found.up,
        **found.times(told[0]["period"], told[0]["period"]),
    )
