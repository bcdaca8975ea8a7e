"""Developments: the sentences say what the figures say, and no more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import observations, yearly
from invented_context import context
from invented_report import make
from markupsafe import Markup
from socialvolym.developing import Development, develop, groups
from socialvolym.reports import load_report
from socialvolym.story import Context

LVM = "lvm_placements"


def told(page: Context, measure: str = LVM, breakdown: str | None = None) -> Development:
    return develop(page, measure, "0136", breakdown)


def text(found: Development) -> str:
    return Markup(" ").join(found.sentences).striptags()


def words(*values: float | None, **shared: Any) -> str:
    return text(told(context(yearly(2019, *values, **shared)), str(shared.get("measure", LVM))))


@pytest.mark.parametrize(("first", "last", "up", "said", "certainty"), [
    (200, 300, True, "rose", "more than chance"), (300, 200, False, "fell", "more than chance"),
    (200, 210, True, "rose", "can be chance"),
    (9, 11, True, "rose", "numbers this small")])
def test_two_years(first: float, last: float, up: bool, said: str, certainty: str) -> None:
    found = told(context(yearly(2021, first, last)))
    assert found.up is up
    assert f"{said} from {first} in 2021 to {last} in 2022" in text(found)
    assert certainty in text(found)
    assert 'data-obs="haninge-2022:1:1"' in found.sentences[0] and 'data-obs="haninge-2022:2:1"' in found.sentences[0]


@pytest.mark.parametrize(("values", "size"),
                         [((200.0, 300.0), "50 per cent"), ((18.0, 19.0), "1 more"), ((19.0, 20.0), "5.3 per cent"),
                          ((0.0, 40.0), "40")])
def test_the_size_of_a_change(values: tuple[float, float], size: str) -> None:
    assert size in words(*values)


def test_a_share_changes_in_percentage_points() -> None:
    assert "5.3 percentage points" in words(42.9, 48.2, measure="long_term_recipients_share", unit="percent")


def test_no_change_is_no_direction() -> None:
    found = told(context(yearly(2021, 100, 100)))
    assert (found.up, found.weight) == (None, 0)
    assert "stood at 100 in 2022, as in 2021" in text(found)


def test_a_cost_with_another_sign_is_the_same_cost() -> None:
    found = told(context(yearly(2021, -100, 100, measure="hvb_total_cost", unit="kSEK")), "hvb_total_cost")
    assert found.up is None


def test_a_rising_cost_printed_with_a_minus_rises() -> None:
    found = told(context(yearly(2021, -1000, -1500, measure="hvb_total_cost", unit="kSEK")), "hvb_total_cost")
    assert found.up is True
    assert "rose from SEK 1.0 million in 2021 to SEK 1.5 million in 2022, 50 per cent more" in text(found)


def test_many_years_name_the_highest_and_the_lowest() -> None:
    said = words(300, 500, 250, 310)
    assert "went from 300 to 310" in said
    assert "highest figure was 500 in 2020 and the lowest 250 in 2021" in said
    assert "24 per cent" in said


def test_a_trend_is_told_where_it_is_clear() -> None:
    assert "direction is clear: upwards" in words(100, 200, 300, 400, 500)
    assert "direction is clear: downwards" in words(500, 400, 300, 200, 100)
    assert "direction" not in words(100, 300, 200, 500, 400)


def test_a_missing_year_is_left_out_and_one_figure_is_no_development() -> None:
    assert "from 100 in 2019 to 300 in 2021" in words(100, None, 300)
    found = told(context(yearly(2019, None, 300)))
    assert (found.up, found.change) == (None, None)
    assert "gives one figure" in text(found)
    assert told(context(yearly(2019, 1), yearly(2019, None, measure="lvu_placements")), "lvu_placements").sentences == []


@pytest.mark.parametrize(("period", "broken"), [("2021", False), ("2022", True), ("2022-05", True), ("2023", False)])
def test_a_break_is_told_and_weighs_little(tmp_path: Path, period: str, broken: bool) -> None:
    cut = f'[[break]]\nperiod = "{period}"\nmeasures = ["{LVM}"]\nreason_en = "new system"\nreason_sv = "nytt system"\n'
    raw = load_report(make(tmp_path, corrections=cut))
    found = told(context(yearly(2021, 200, 300), reports=(raw,)))
    assert ("not counted in the same way (new system)" in text(found)) is broken
    assert (found.weight < 10) is broken


@pytest.mark.parametrize(("outturn", "budget", "said"), [
    (120, 100, "so the outturn came 20 per cent above it"), (80, 100, "so the outturn came 20 per cent below it"),
    (100, 100, "met the budget")])
def test_budget(outturn: float, budget: float, said: str) -> None:
    rows = observations({"value": outturn, "period": "2022"}, {"value": budget, "period": "2022", "series": "budget"})
    assert said in text(told(context(rows)))


def test_a_budget_of_another_year_is_no_budget_but_a_plan() -> None:
    rows = observations({"value": 100, "period": "2018"}, {"value": 150, "period": "2019", "series": "budget"},
                        {"value": 170, "period": "2021", "series": "plan"})
    found = told(context(rows))
    assert found.up is True
    assert "for 2019 counts on 150, against an outturn of 100 in 2018: 50 per cent more." in text(found)
    assert "The plan then goes to 170 in 2021." in text(found)


def test_the_same_budget_as_before_is_no_direction() -> None:
    found = told(context(observations({"value": 100, "period": "2018"}, {"value": 100, "period": "2019", "series": "budget"})))
    assert (found.up, found.weight) == (None, 0)
    assert "budgets the same for 2019" in text(found)


@pytest.mark.parametrize(("value", "target", "reached"), [
    (5, {"published_as": "<5", "bound": "lt"}, False), (4, {"published_as": "<5", "bound": "lt"}, True),
    (5, {"published_as": "högst 5", "bound": "lt"}, True), (6, {"published_as": "högst 5", "bound": "lt"}, False),
    (5, {"published_as": ">5", "bound": "gt"}, False), (6, {"published_as": ">5", "bound": "gt"}, True),
    (5, {"published_as": "minst 5", "bound": "gt"}, True), (4, {"published_as": "minst 5", "bound": "gt"}, False),
    (5, {"published_as": "5"}, None)])
def test_goals_at_their_own_value(value: float, target: dict[str, Any], reached: bool | None) -> None:
    rows = observations({"value": value}, {"value": 5.0, "series": "target", **target})
    found = told(context(rows))
    assert ("has been reached" in text(found), found.missed) == (reached is True, reached is False)


@pytest.mark.parametrize(("value", "missed"), [(5, False), (4, False), (6, True)])
def test_goals_where_lower_is_better(value: float, missed: bool) -> None:
    rows = observations({"value": value}, {"value": 5.0, "series": "target", "published_as": "5"}, measure="long_term_recipients")
    assert told(context(rows), "long_term_recipients").missed is missed


def test_a_goal_of_an_earlier_year_is_past() -> None:
    rows = observations({"value": 9.0}, {"value": 5.0, "series": "target", "period": "2021", "published_as": "<5", "bound": "lt"})
    assert not told(context(rows)).missed


@pytest.mark.parametrize(("measure", "value", "side"), [
    ("hvb_total_cost", -20.0, "above"), ("hvb_total_cost", 20.0, "below"), ("revenue_total", 20.0, "above"), (LVM, 20.0, "above"),
    (LVM, -20.0, "below")])
def test_a_deviation_alone_is_on_the_right_side_of_the_budget(measure: str, value: float, side: str) -> None:
    found = told(context(observations({"value": value, "series": "deviation", "unit": "kSEK", "measure": measure})), measure)
    assert f"came SEK 20,000 {side} budget in 2022" in text(found)


def test_a_change_alone_is_told_as_such() -> None:
    found = told(context(observations({"value": -12.0, "series": "change_pct", "unit": "percent"})))
    assert "gives no level" in text(found) and "fell by 12 per cent in 2022" in text(found)


def test_another_print_of_the_same_figure_is_named() -> None:
    rows = observations({"value": 100.0, "period": "2021"}, {"value": 300.0}, {"value": 299.0, "kind": "text"},
                        {"value": 300.0, "kind": "text"})
    assert "Elsewhere the same report prints 299 for this figure" in text(told(context(rows)))


def monthly(first: float, last: float, **shared: Any) -> Development:
    rows = [{"period": f"{year}-{month:02d}", "value": value} for year,
            value in ((2021, first), (2022, last)) for month in range(1, 13)]
    return told(context(observations(*rows, measure="lss_housing_residents", unit="persons", **shared)), "lss_housing_residents")


def test_months() -> None:
    found = monthly(100, 110)
    assert found.up is True
    assert "averaged 110 a month in 2022, against 100 in 2021, 10 per cent more. 12 of 12 months lie above" in text(found)
    found = monthly(100, 90)
    assert found.up is False
    assert "10 per cent less. 12 of 12 months lie below" in text(found)


def test_months_without_a_change() -> None:
    found = monthly(100, 100)
    assert (found.up, found.weight) == (None, 0)
    assert "stood at 100 in 2022, as in 2021" in text(found)


def test_what_is_sure_and_large_weighs_most() -> None:
    pairs = ((200, 300), (200, 250), (200, 225), (9, 11), (5, 5))
    weights = [told(context(yearly(2021, *pair))).weight for pair in pairs]
    assert weights == sorted(weights, reverse=True)
    assert len(set(weights)) == 5


def test_groups_leave_out_comparisons_and_goals() -> None:
    rows = observations({"value": 1.0}, {"value": 1.0, "breakdown": "barn"}, {"value": 1.0, "breakdown": "Riket"},
                        {"value": 1.0, "breakdown": "riket"},
                        {"value": None, "breakdown": "vuxna"}, {"value": 1.0, "breakdown": "unga", "series": "target"},
                        {"value": 1.0, "municipality_code": "0126", "report": "huddinge-2022"})
    assert groups(context(rows), LVM) == [("0126", None), ("0136", None), ("0136", "barn")]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.one_of(st.none(), st.integers(0, 500)), min_size=1, max_size=6))
def test_any_series_can_be_told_in_both_languages(values: list[int | None]) -> None:
    for language in ("en", "sv"):
        found = told(context(yearly(2016, *values), language=language))  # type: ignore[arg-type]
        known = [value for value in values if value is not None]
        assert bool(found.sentences) is bool(known)
        assert not {"None", "nan", "inf"} & set(text(found).split())
        if len(known) >= 2 and known[-2] != known[-1]:
            assert found.up is (known[-1] > known[-2])
