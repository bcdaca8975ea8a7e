from __future__ import annotations

import pytest
from invented import observations
from socialvolym.analysis.outturns import against, forecasts
from socialvolym.errors import SocialvolymError

COST = {"measure": "net_cost", "unit": "kSEK", "domain": "context"}


def test_outturn_against_budget() -> None:
    rows = observations({"series": "budget", "value": 200}, {"value": 230}, {"series": "budget", "value": 5, "period": "2021"})
    assert against(rows).select("period", "planned", "came", "difference", "percent").rows() == [("2022", 200, 230, 30, 15)]


def test_a_plan_is_set_against_a_later_report() -> None:
    rows = observations({"series": "plan", "value": 200, "report": "haninge-2020"}, {"value": 150})
    [row] = against(rows, "plan", report="haninge-2020").to_dicts()
    assert (row["planned_report"], row["came_report"], row["percent"]) == ("haninge-2020", "haninge-2022", -25)


@pytest.mark.parametrize(
    ("budget", "came", "kind", "difference"),
    [(-100, -110, "table", 10), (100, 110, "table", 10), (-100, 110, "text", 10)],
)
def test_costs_are_compared_by_size(budget: float, came: float, kind: str, difference: float) -> None:
    rows = observations({"series": "budget", "value": budget}, {"value": came, "kind": kind}, **COST)
    assert against(rows)["difference"].to_list() == [difference]


def test_shares_and_a_budget_of_zero_have_no_percent() -> None:
    share = {"measure": "long_term_recipients_share", "unit": "percent"}
    shares = against(observations({"series": "target", "value": 40}, {"value": 45}, **share), "target")
    zero = against(observations({"series": "budget", "value": 0}, {"value": 4}))
    assert shares["percent"].to_list() == zero["percent"].to_list() == [None]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"planned": "goal"}, "unknown series 'goal'"),
        ({"came": "outturns"}, "unknown series 'outturns'; nearest: outturn"),
        ({"report": "haninge2022"}, "unknown report 'haninge2022'; nearest: haninge-2022"),
    ],
)
def test_what_there_is_none_of_is_no_empty_frame(given: dict[str, str], message: str) -> None:
    with pytest.raises(SocialvolymError, match=message):
        against(observations({"value": 1.0}), **given)


def test_forecasts_of_a_deviation_close_in() -> None:
    follow_ups = [
        {"measure": "forecast_deviation", "series": series, "breakdown": follow_up, "value": value}
        for series, follow_up, value in (
            ("forecast", "T1", 0.0),
            ("forecast", "T2", 6.0),
            ("deviation", "T1", 18.0),
            ("deviation", "T2", 14.0),
        )
    ]
    rows = observations(
        {"value": -900.0, "series": "budget"}, {"value": 18.0, "series": "deviation"}, *follow_ups, **(COST | {"unit": "MSEK"})
    )
    found = forecasts(rows)
    assert found.select("follow_up", "miss", "printed_miss", "agrees", "closer").rows() == [
        ("T1", 18000, 18000, True, None),
        ("T2", 12000, 14000, False, True),
    ]
    assert found["percent_of_budget"].to_list() == pytest.approx([2.0, 100 * 12 / 900])


def test_a_forecast_is_set_against_what_is_nearest_in_size_and_better_is_positive() -> None:
    made = {"series": "forecast", "kind": "text"}
    rows = observations(
        {"value": 1274.5, **made},
        {"value": -103.0, **made},
        {"value": -1243.4},
        {"value": -71.9, "series": "deviation"},
        **(COST | {"unit": "MSEK"}),
    )
    found = forecasts(rows)
    assert found["against"].to_list() == ["net_cost:outturn", "net_cost:deviation"]
    assert found["miss"].to_list() == pytest.approx([31100, 31100])
    assert found["agrees"].to_list() == [None, None]


def test_a_forecast_without_an_outturn_is_left_out() -> None:
    assert forecasts(observations({"value": 5, "series": "forecast"}, **COST)).is_empty()
