"""Developments: what is said is what the figures say, and no more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
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


def told(page: Context, measure: str = LVM) -> Development:
    return develop(page, measure, "0136", None)


def said(*tables: pl.DataFrame, measure: str = LVM, **given: Any) -> dict[str, dict[str, Any]]:
    """Return what is said of a measure: key of the sentence -> its values."""
    page = context(*tables, **given)
    found = told(page, measure)
    assert len(found.sentences) == len(page.said)
    return dict(page.said)


@pytest.mark.parametrize(
    ("first", "last", "up", "certainty"),
    [(200, 300, True, "clear"), (300, 200, False, "clear"), (200, 210, True, "not_clear"), (9, 11, True, "too_few")],
)
def test_two_years(first: float, last: float, up: bool, certainty: str) -> None:
    sentences = said(yearly(2021, first, last))
    assert list(sentences) == ["development.two", f"certainty.{certainty}"]
    values = sentences["development.two"]
    assert [values[name] for name in ("a", "y0", "b", "y1", "up")] == [str(first), "2021", str(last), "2022", up]


def test_figures_and_sizes_lead_to_their_sources() -> None:
    sentence = told(context(yearly(2021, 200, 300))).sentences[0]
    for observations_behind in ("haninge-2022:1:1", "haninge-2022:2:1", "haninge-2022:1:1 haninge-2022:2:1"):
        assert f'data-obs="{observations_behind}"' in sentence


@pytest.mark.parametrize(
    ("first", "last", "size"),
    [
        (200.0, 300.0, "50 per cent"),
        (200.0, 210.0, "5.0 per cent"),
        (18.0, 19.0, "1"),
        (19.0, 20.0, "5.3 per cent"),
        (0.0, 40.0, "40"),
    ],
)
def test_the_size_of_a_change(first: float, last: float, size: str) -> None:
    assert said(yearly(2021, first, last))["development.two"]["size"] == size


def test_a_share_changes_in_percentage_points() -> None:
    share = "long_term_recipients_share"
    assert (
        said(yearly(2021, 42.9, 48.2, measure=share, unit="percent"), measure=share)["development.two"]["size"]
        == "5.3 percentage points"
    )


def test_no_change_is_no_direction() -> None:
    found = told(page := context(yearly(2021, 100, 100)))
    assert (found.up, found.weight) == (None, 0)
    assert page.said[0][0] == "development.unchanged"


@pytest.mark.parametrize("sign", [-1, 1])
def test_a_cost_is_an_expense_whichever_way_its_table_prints_it(sign: int) -> None:
    cost = "hvb_total_cost"
    values = said(yearly(2021, sign * 1000, sign * 1500, measure=cost, unit="kSEK"), measure=cost)["development.two"]
    assert [values[name] for name in ("a", "b", "up", "size")] == ["SEK 1.0 million", "SEK 1.5 million", True, "50 per cent"]


def test_many_years_name_the_highest_and_the_lowest() -> None:
    sentences = said(yearly(2019, 300, 500, 250, 310))
    values = sentences["development.long"]
    assert [values[name] for name in ("count", "a", "b", "top", "top_year", "bottom", "bottom_year")] == [
        4,
        "300",
        "310",
        "500",
        "2020",
        "250",
        "2021",
    ]
    assert sentences["development.last"]["size"] == "24 per cent"


@pytest.mark.parametrize(
    ("values", "up"), [((100, 200, 300, 400, 500), True), ((500, 400, 300, 200, 100), False), ((100, 300, 200, 500, 400), None)]
)
def test_a_trend_is_told_where_it_is_clear(values: tuple[float, ...], up: bool | None) -> None:
    assert said(yearly(2018, *values)).get("development.trend", {}).get("up") is up


def test_a_missing_year_is_left_out_and_one_figure_is_no_development() -> None:
    values = said(yearly(2020, 100, None, 300))["development.two"]
    assert (values["y0"], values["y1"]) == ("2020", "2022")
    found = told(page := context(yearly(2021, None, 300)))
    assert (found.up, found.change, [key for key, _ in page.said]) == (None, None, ["development.single"])
    assert told(context(yearly(2019, 1), yearly(2019, None, measure="lvu_placements")), "lvu_placements").sentences == []


@pytest.mark.parametrize(("period", "broken"), [("2021", False), ("2022", True), ("2022-05", True), ("2023", False)])
def test_a_break_is_told_and_weighs_little(tmp_path: Path, period: str, broken: bool) -> None:
    cut = f'[[break]]\nperiod = "{period}"\nmeasures = ["{LVM}"]\nreason_en = "new system"\nreason_sv = "nytt system"\n'
    rows, raw = yearly(2021, 200, 300), load_report(make(tmp_path, corrections=cut))
    assert said(rows, reports=(raw,)).get("certainty.break_between") == ({"reason": "new system"} if broken else None)
    without = load_report(make(tmp_path / "without"))
    assert (told(context(rows, reports=(raw,))).weight < told(context(rows, reports=(without,))).weight / 5) is broken


@pytest.mark.parametrize(
    ("outturn", "budget", "key", "up"),
    [(120, 100, "development.budget", True), (80, 100, "development.budget", False), (100, 100, "development.budget_met", None)],
)
def test_budget(outturn: float, budget: float, key: str, up: bool | None) -> None:
    sentences = said(observations({"value": outturn}, {"value": budget, "series": "budget"}))
    assert sentences[key].get("up") is up
    assert len(sentences) == 2


def test_a_budget_of_another_year_is_no_budget_but_a_plan() -> None:
    rows = observations(
        {"value": 100, "period": "2018"},
        {"value": 150, "period": "2019", "series": "budget"},
        {"value": 170, "period": "2021", "series": "plan"},
    )
    [(key, values)] = said(rows).items()
    assert key == "development.plan"
    assert [values[name] for name in ("a", "y0", "b", "y1", "size", "up", "plan", "plan_year")] == [
        "100",
        "2018",
        "150",
        "2019",
        "50 per cent",
        True,
        "170",
        "2021",
    ]


def test_the_same_budget_as_before_is_no_direction() -> None:
    found = told(
        page := context(observations({"value": 100, "period": "2018"}, {"value": 100, "period": "2019", "series": "budget"}))
    )
    assert (found.up, found.weight) == (None, 0)
    assert [key for key, _ in page.said] == ["development.plan_same"]


@pytest.mark.parametrize(
    ("value", "target", "key"),
    [
        (5, {"published_as": "<5", "bound": "lt"}, "target_missed"),
        (4, {"published_as": "<5", "bound": "lt"}, "target_met"),
        (5, {"published_as": "högst 5", "bound": "lt"}, "target_met"),
        (6, {"published_as": "högst 5", "bound": "lt"}, "target_missed"),
        (5, {"published_as": ">5", "bound": "gt"}, "target_missed"),
        (6, {"published_as": ">5", "bound": "gt"}, "target_met"),
        (5, {"published_as": "minst 5", "bound": "gt"}, "target_met"),
        (4, {"published_as": "minst 5", "bound": "gt"}, "target_missed"),
        (5, {"published_as": "5"}, None),
    ],
)
def test_goals_at_their_own_value(value: float, target: dict[str, Any], key: str | None) -> None:
    found = told(page := context(observations({"value": value}, {"value": 5.0, "series": "target", **target})))
    assert [name for name, _ in page.said[1:]] == ([f"development.{key}"] if key else [])
    assert found.missed is (key == "target_missed")


@pytest.mark.parametrize(("value", "missed"), [(5, False), (4, False), (6, True)])
def test_goals_where_lower_is_better(value: float, missed: bool) -> None:
    rows = observations({"value": value}, {"value": 5.0, "series": "target", "published_as": "5"}, measure="long_term_recipients")
    assert told(context(rows), "long_term_recipients").missed is missed


@pytest.mark.parametrize("period", ["2021", "2023"])
def test_a_goal_of_another_year_is_not_missed(period: str) -> None:
    rows = observations({"value": 9.0}, {"value": 5.0, "series": "target", "period": period, "published_as": "<5", "bound": "lt"})
    assert not told(context(rows)).missed


@pytest.mark.parametrize(
    ("measure", "value", "up"),
    [
        ("hvb_total_cost", -20.0, True),
        ("hvb_total_cost", 20.0, False),
        ("revenue_total", 20.0, True),
        (LVM, 20.0, True),
        (LVM, -20.0, False),
    ],
)
def test_a_deviation_alone_is_on_the_right_side_of_the_budget(measure: str, value: float, up: bool) -> None:
    rows = observations({"value": value, "series": "deviation", "unit": "kSEK", "measure": measure})
    [(key, values)] = said(rows, measure=measure).items()
    assert (key, values["size"], values["up"]) == ("development.only_deviation", "SEK 20,000", up)
    assert told(context(rows), measure).against_budget


def test_a_change_alone_is_told_as_such() -> None:
    [(key, values)] = said(observations({"value": -12.0, "series": "change_pct", "unit": "percent"})).items()
    assert (key, values["size"], values["up"]) == ("development.only_change", "12 per cent", False)


def test_another_print_of_the_same_figure_is_named() -> None:
    rows = observations(
        {"value": 100.0, "period": "2021"}, {"value": 300.0}, {"value": 299.0, "kind": "text"}, {"value": 300.0, "kind": "text"}
    )
    assert said(rows)["development.differs"] == {"others": "299"}


@pytest.mark.parametrize(("last", "up", "size"), [(110, True, "10 per cent"), (90, False, "10 per cent")])
def test_months(last: float, up: bool, size: str) -> None:
    values = said(months(100, last), measure="lss_housing_residents")["development.months"]
    assert [values[name] for name in ("a", "b", "up", "size", "higher", "count")] == ["100", str(last), up, size, "12", "12"]


def test_months_without_a_change() -> None:
    found = told(page := context(months(100, 100)), "lss_housing_residents")
    assert (found.up, found.weight, page.said[0][0]) == (None, 0, "development.unchanged")


def months(first: float, last: float) -> pl.DataFrame:
    rows = [
        {"period": f"{year}-{month:02d}", "value": value}
        for year, value in ((2021, first), (2022, last))
        for month in range(1, 13)
    ]
    return observations(*rows, measure="lss_housing_residents", unit="persons")


def test_what_is_sure_large_and_new_weighs_most() -> None:
    pairs = ((200, 300), (200, 250), (200, 225), (9, 11), (5, 5))
    weights = [told(context(yearly(2021, *pair))).weight for pair in pairs]
    assert weights == sorted(weights, reverse=True)
    assert len(set(weights)) == 5
    assert told(context(yearly(2018, 200, 300))).weight < weights[0]


def test_groups_leave_out_comparisons_and_goals() -> None:
    rows = observations(
        {"value": 1.0},
        {"value": 1.0, "breakdown": "barn"},
        {"value": 1.0, "breakdown": "Riket"},
        {"value": 1.0, "breakdown": "riket"},
        {"value": None, "breakdown": "vuxna"},
        {"value": 1.0, "breakdown": "unga", "series": "target"},
        {"value": 1.0, "municipality_code": "0126", "report": "huddinge-2022"},
    )
    assert groups(context(rows), LVM) == [("0126", None), ("0136", None), ("0136", "barn")]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.one_of(st.none(), st.integers(0, 500)), min_size=1, max_size=6))
def test_any_series_can_be_told_in_both_languages(values: list[int | None]) -> None:
    for language in ("en", "sv"):
        found = told(context(yearly(2016, *values), language=language))  # type: ignore[arg-type]
        known = [value for value in values if value is not None]
        assert bool(found.sentences) is bool(known)
        assert not {"None", "nan", "inf"} & set(Markup(" ").join(found.sentences).striptags().split())
        if len(known) >= 2 and known[-2] != known[-1]:
            assert found.up is (known[-1] > known[-2])
