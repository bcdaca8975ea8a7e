"""Developments: what is said is what the figures say, and no more."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import observations, yearly
from invented_context import context, finding
from invented_report import make
from invented_tables import plain
from markupsafe import Markup
from socialvolym.errors import SocialvolymError
from socialvolym.narrative import matrix, messages
from socialvolym.narrative.context import Context
from socialvolym.narrative.developments import Development, develop, develop_all, groups
from socialvolym.reports.loading import load_report

LVM = "lvm_placements"


def told(page: Context, measure: str = LVM) -> Development:
    return develop(page, measure, "0136", None)


def said(*tables: pl.DataFrame, measure: str = LVM, **given: Any) -> dict[str, dict[str, Any]]:
    """Return what is said of a measure: key of the sentence -> its values."""
    page = context(*tables, **given)
    found = told(page, measure)
    assert len(found.sentences) + len(found.after) == len(
        [key for key, _ in page.said if not key.startswith("development.against")]
    )
    return dict(page.said)


@pytest.mark.parametrize(
    ("first", "last", "certain"),
    [(200, 300, []), (300, 200, []), (200, 210, ["certainty.not_clear"]), (9, 11, ["certainty.not_clear"])],
)
def test_a_difference_of_counts_is_told_and_chance_only_where_it_is_enough(first: float, last: float, certain: list[str]) -> None:
    sentences = said(yearly(2021, first, last))
    assert list(sentences) == ["development.two.moved", *certain]
    values = sentences["development.two.moved"]
    assert [values[name] for name in ("a", "y0", "b", "y1")] == [str(first), "2021", str(last), "2022"]


@pytest.mark.parametrize(("language", "more"), [("en", "50 (6.2 per cent)"), ("sv", "50 (6,2 procent)")])
def test_persons_who_stay_are_so_many_more(language: Any, more: str) -> None:
    page = context(yearly(2021, 811, 861, measure="persons_with_measures", unit="persons"), language=language)
    found = told(page, "persons_with_measures")
    assert (len(found.sentences), Markup(found.size).striptags()) == (1, more)


@pytest.mark.parametrize(("last", "shape"), [(10303, "still"), (10271, "still"), (10270, "moved")])
def test_what_hardly_moves_is_told_as_such(last: float, shape: str) -> None:
    mean = "assistance_mean_per_month"
    assert list(said(yearly(2021, 10374, last, measure=mean, unit="SEK_per_month"), measure=mean)) == [f"development.two.{shape}"]


def test_figures_and_sizes_lead_to_their_sources() -> None:
    sentence = told(context(yearly(2021, 200, 300))).sentences[0]
    for observations_behind in ("haninge-2022:1:1", "haninge-2022:2:1", "haninge-2022:1:1 haninge-2022:2:1"):
        assert f'data-obs="{observations_behind}"' in sentence


@pytest.mark.parametrize(
    ("first", "last", "size"),
    [
        (200.0, 300.0, "100 (50 per cent)"),
        (200.0, 210.0, "10 (5.0 per cent)"),
        (18.0, 19.0, "1"),
        (19.0, 20.0, "1 (5.3 per cent)"),
        (0.0, 40.0, "40"),
    ],
)
def test_the_size_of_a_change(first: float, last: float, size: str) -> None:
    assert Markup(told(context(yearly(2021, first, last))).size).striptags() == size


def test_a_share_changes_in_percentage_points() -> None:
    share = "long_term_recipients_share"
    assert (
        said(yearly(2021, 42.9, 48.2, measure=share, unit="percent"), measure=share)["development.two.moved"]["size"]
        == "5.3 percentage points"
    )


def test_no_change_is_no_direction() -> None:
    found = told(page := context(yearly(2021, 100, 100)))
    assert (found.up, found.weight) == (None, 0)
    assert page.said[0][0] == "development.unchanged"


@pytest.mark.parametrize("sign", [-1, 1])
def test_a_cost_is_an_expense_whichever_way_its_table_prints_it(sign: int) -> None:
    cost = "hvb_total_cost"
    values = said(yearly(2021, sign * 1000, sign * 1500, measure=cost, unit="kSEK"), measure=cost)["development.two.moved"]
    assert [values[name] for name in ("a", "b", "up", "size")] == ["SEK 1.0 million", "SEK 1.5 million", True, "50 per cent"]


def test_many_years_are_told_as_they_went() -> None:
    sentences = said(yearly(2019, 300, 500, 250, 310))
    values = sentences["development.long"]
    assert [values[name] for name in ("count", "a", "b")] == [4, "300", "310"]
    assert values["legs"] == "rose sharply to 500 (2020), fell sharply to 250 (2021) and rose in 2022"
    assert sentences["development.last.moved"]["size"] == "60 (24 per cent)"
    assert sentences["development.last.moved"]["named"] is True


@pytest.mark.parametrize(("language", "legs"), [("en", "rose on 1 October 2021"), ("sv", "steg den 1 oktober 2021")])
def test_a_step_to_a_day_and_few_persons_are_told_without_much_ado(language: Any, legs: str) -> None:
    table = observations(*({"period": f"{year}-10-01", "value": value} for year, value in ((2019, 5), (2020, 4), (2021, 6))))
    page = context(table, language=language)
    [found] = develop_all(page, [LVM])
    assert legs in " ".join(found.sentences) and "one_step" not in str(page.said)


def test_one_step_to_a_part_of_a_year_is_told_to_it() -> None:
    values = ((2022, 96), (2023, 132), (2024, 141))
    table = observations(*({"period": f"{year}-01/{year}-08", "value": value} for year, value in values))
    assert "in a single year, to January–August 2023." in plain(" ".join(told(context(table)).sentences))


def test_a_step_between_two_reports_is_not_called_sharp() -> None:
    later = yearly(2020, 500, 250, 310, report="haninge-2023").with_columns(line=pl.col("line") + 10)
    values = said(yearly(2019, 300), later)["development.long"]
    assert values["legs"] == "rose to 500 (2020), fell sharply to 250 (2021) and rose in 2022"


@pytest.mark.parametrize("time", ["10-01", "08-31", "01/{}-08"])
def test_figures_of_one_day_or_part_of_each_year_are_told_as_they_went(time: str) -> None:
    values = enumerate((300, 500, 250, 310), start=2019)
    table = observations(*({"period": f"{year}-{time.format(year)}", "value": value} for year, value in values))
    assert said(table)["development.long"]["count"] == 4


def test_a_fall_of_one_year_is_told_as_that() -> None:
    sentences = said(yearly(2017, 415, 231, 175, 186, 138, 128, measure="lvu_measures"), measure="lvu_measures")
    step = sentences["development.one_step"]
    assert (step["part"], step["whole"].split()[0], step["up"]) == ("184", "287", False)
    assert "2018" in step["when"]
    assert "development.one_step" not in said(yearly(2017, 100, 120, 140, 160))


def test_a_page_of_a_subject_without_any_measure_stops() -> None:
    page = context(yearly(2021, 1, 2))
    assert develop_all(page, []) == []
    with pytest.raises(SocialvolymError, match="no measure is named"):
        develop_all(replace(page, domain="placements"), [])


def test_a_unit_is_told_once() -> None:
    days = yearly(2021, 104, 110, measure="child_investigation_time", unit="days")
    values = said(days, measure="child_investigation_time")["development.two.moved"]
    assert (values["a"], values["b"]) == ("104", "110 days")


def test_figures_of_one_comparison_have_equally_many_decimals() -> None:
    share = "labour_market_to_work_or_study_share"
    rows = [
        {"value": value, "published_as": text, "period": year}
        for value, text, year in ((40.0, "40,0", "2020"), (46.0, "46", "2021"), (40.0, "40", "2022"))
    ]
    values = said(observations(*rows, measure=share, unit="percent"), measure=share)
    assert [values["development.long"][name] for name in ("a", "b")] == ["40", "40 per cent"]
    assert values["development.last.moved"]["size"] == "6 percentage points"
    two = said(
        observations(rows[0] | {"period": "2021"}, rows[1] | {"period": "2022"}, measure=share, unit="percent"), measure=share
    )
    assert [two["development.two.moved"][name] for name in ("a", "b", "size")] == ["40", "46 per cent", "6 percentage points"]


@pytest.mark.parametrize(("values", "missing"), [((100, None, 120, 150), "2020"), ((100, 110, 120, 150), None)])
def test_a_path_says_which_years_it_lacks(values: tuple[float | None, ...], missing: str | None) -> None:
    assert said(yearly(2019, *values))["development.long"]["missing"] == missing


@pytest.mark.parametrize(
    ("printed", "told_of"), [("6,1", "6.1 per cent"), ("6,2", None), ("6", None), ("+5", "5 per cent"), ("7,2", "7.2 per cent")]
)
def test_the_change_as_printed_is_told_where_it_is_another_number(printed: str, told_of: str | None) -> None:
    sentences = said(yearly(2021, 811, 861), printed_change(printed))
    assert sentences.get("development.printed_change", {}).get("printed") == told_of


def test_equal_figures_are_equal() -> None:
    sentences = said(yearly(2019, 573, 573, 546, 546))
    assert sentences["development.long"]["legs"].startswith("stayed the same in 2020")
    assert "hardly" not in sentences["development.long"]["legs"]
    assert "development.last.same" in sentences
    assert said(yearly(2019, 573, 574, 546, 547))["development.long"]["legs"].startswith("hardly changed in 2020")


def printed_change(text: str, **row: Any) -> pl.DataFrame:
    change = {"value": float(text.replace(",", ".")), "published_as": f"{text}%", "series": "change_pct", "unit": "percent"}
    return observations(change | {"line": 30} | row)


@pytest.mark.parametrize(
    ("printed", "severity", "size", "told"),
    [
        ("15,2", "error", "26 (15.0 per cent)", "15.2 per cent (contradicted)"),
        ("11", "error", "26 (15 per cent)", "11 per cent (contradicted)"),
        ("15,2", "note", "26 (15 per cent)", "15.2 per cent"),
    ],
)
def test_the_printed_change_has_the_mark_and_the_computed_one_its_decimals(
    printed: str, severity: str, size: str, told: str
) -> None:
    wrong = finding(line=30, published=f"{printed}%", severity=severity)
    rows = (yearly(2021, 173, 199), printed_change(printed))
    sentences = said(*rows, findings=wrong)
    assert sentences["development.two.moved"]["size"] == size
    assert sentences["development.printed_change"]["printed"] == told
    budget = observations({"value": 173.0, "series": "budget"}, {"value": 199.0})
    assert "contradicted" not in said(budget, printed_change(printed), findings=wrong)["development.budget"]["size"]


def test_a_figure_of_a_year_is_not_the_only_one_where_another_day_has_one() -> None:
    year = {"value": 10.0, "period": "2024", "kind": "text"}
    days = [{"value": value, "period": f"{y}-08-31"} for value, y in ((10.0, 2024), (14.0, 2023))]
    values = said(observations(year, *days))
    assert list(values) == ["development.single_year"]
    assert values["development.single_year"]["others"] == "10 (31 August 2024) and 14 (31 August 2023)"
    assert list(said(observations(year))) == ["development.single"]


@pytest.mark.parametrize("part", ["-01/{}-08", "-08-31", "-Q2"])
def test_the_same_part_of_two_years_is_a_development(part: str) -> None:
    periods = [f"{year}{part.format(year)}" for year in (2023, 2024)]
    rows = [{"value": value, "period": period} for value, period in zip((100.0, 150.0), periods, strict=True)]
    ahead = [{"value": 230.0, "period": "2024", "series": "forecast"}, {"value": 200.0, "period": "2024", "series": "budget"}]
    values = said(observations(*rows, *ahead))
    assert (values["development.two.moved"]["a"], values["development.two.moved"]["b"]) == ("100", "150")
    assert values["development.year_ahead"] == {"year": "2024", "forecast": "230", "budget": "200"}


def test_parts_that_differ_are_no_development_and_no_level_is_said_to_be_missing() -> None:
    rows = [{"value": 100.0, "period": "2023-08-31"}, {"value": 150.0, "period": "2024-01/2024-08"}]
    change = {"value": 50.0, "series": "change_pct", "unit": "percent"}
    deviation = {"value": 5.0, "series": "deviation", "period": "2024"}
    assert list(said(observations(*rows, change, deviation))) == ["development.single_year"]


def test_a_budget_without_an_outturn_is_not_said_to_be_missing() -> None:
    rows = observations({"value": 100.0, "series": "budget"}, {"value": 5.0, "series": "deviation"})
    assert "development.only_deviation" not in said(rows)


def test_a_missing_year_is_left_out_and_one_figure_is_no_development() -> None:
    values = said(yearly(2020, 100, None, 300))["development.two.moved"]
    assert (values["y0"], values["y1"]) == ("2020", "2022")
    found = told(page := context(yearly(2021, None, 300)))
    assert (found.up, found.change, [key for key, _ in page.said]) == (None, None, ["development.single"])
    assert told(context(yearly(2019, 1), yearly(2019, None, measure="lvu_placements")), "lvu_placements").sentences == ()


@pytest.mark.parametrize(("period", "broken"), [("2021", False), ("2022", True), ("2022-05", True), ("2023", False)])
def test_a_break_is_told_and_weighs_little(tmp_path: Path, period: str, broken: bool) -> None:
    cut = f'[[break]]\nperiod = "{period}"\nmeasures = ["{LVM}"]\nreason_en = "new system"\nreason_sv = "nytt system"\n'
    rows, raw = yearly(2021, 200, 300), load_report(make(tmp_path, corrections=cut))
    assert said(rows, reports=(raw,)).get("certainty.break_all") == ({"reason": "new system"} if broken else None)
    without = load_report(make(tmp_path / "without"))
    assert (told(context(rows, reports=(raw,))).weight < told(context(rows, reports=(without,))).weight / 5) is broken


@pytest.mark.parametrize("extent", ["most", "part", "unknown"])
def test_how_much_a_break_explains_is_what_the_report_says(tmp_path: Path, extent: str) -> None:
    cut = f'[[break]]\nperiod = "2022"\nextent = "{extent}"\nmeasures = ["{LVM}"]\nreason_en = "new"\nreason_sv = "nytt"\n'
    raw = load_report(make(tmp_path, corrections=cut))
    assert list(said(yearly(2021, 200, 300), reports=(raw,))) == ["development.two.moved", f"certainty.break_{extent}"]


def test_no_path_is_told_over_a_break_after_which_nothing_compares(tmp_path: Path) -> None:
    def shape(period: str) -> list[str]:
        cut = f'[[break]]\nperiod = "{period}"\nmeasures = ["{LVM}"]\nreason_en = "new"\nreason_sv = "nytt"\nline = 7\n'
        folder = make(tmp_path / period)
        (folder / "corrections.toml").write_text(cut, encoding="utf-8")
        return list(said(yearly(2018, 10, 20, 30, 20, 60, report="haninge-2099"), reports=(load_report(folder),)))

    assert shape("2022") == ["development.two.plain", "certainty.break_all"]
    assert shape("2020")[0] == "development.long"
    assert shape("2021")[0] == "development.two.moved"


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
    (_, against), (key, values) = said(rows).items()
    assert key == "development.plan"
    assert [{**against, **values}[name] for name in ("a", "y0", "b", "y1", "size", "up", "plan", "plan_year")] == [
        "100",
        "2018",
        "150",
        "2019",
        "50 (50 per cent)",
        True,
        "170",
        "2021",
    ]


def test_the_same_budget_as_before_is_no_direction() -> None:
    found = told(
        page := context(observations({"value": 100, "period": "2018"}, {"value": 100, "period": "2019", "series": "budget"}))
    )
    assert (found.up, found.weight) == (None, 0)
    assert [key for key, _ in page.said] == ["development.against_same", "development.plan"]


def test_a_budget_is_held_against_the_budget_and_the_forecast_of_the_year_before() -> None:
    before = [{"value": 12.3, "period": "2017"}, {"value": 14.5, "series": "budget"}, {"value": 10.0, "series": "forecast"}]
    rows = [{"period": "2018"} | row for row in before]
    page = context(observations(*rows, {"value": 12.0, "period": "2019", "series": "budget"}))
    found = told(page)
    against = [values for key, values in page.said if key == "development.against"]
    assert [(values["base"], values["a"], values["up"], values["first"]) for values in against] == [
        ("the budget", "14.5", False, True),
        ("the forecast", "10", True, False),
    ]
    assert page.said[-1][1]["opposite"]
    assert found.up is False
    both = context(observations(*[row | {"value": 10.0} for row in rows], {"value": 12.0, "period": "2019", "series": "budget"}))
    told(both)
    assert [values["base"] for key, values in both.said if key == "development.against"] == ["both the budget and the forecast"]


@pytest.mark.parametrize(("last", "away"), [(49.3, True), (40.5, False), (36.5, False)])
def test_a_goal_ahead_is_told_with_its_distance(last: float, away: bool) -> None:
    share = "long_term_recipients_share"
    goal = observations(
        {"value": 37.0, "published_as": "37,0", "period": "2026", "series": "target", "line": 90}, measure=share, unit="percent"
    )
    page = context(yearly(2022, 42.9, 48.2, last, measure=share, unit="percent", report="haninge-2024"), goal)
    found = told(page, share)
    values = next(values for key, values in page.said if key == "development.target_ahead")
    assert (values["away"], found.away, values["above"]) == (away, away, last > 37)
    assert values["distance"] == f"{abs(last - 37):.1f} percentage {'point' if abs(last - 37) == 1 else 'points'}"


def test_what_a_report_says_of_its_figure_is_told(tmp_path: Path) -> None:
    folder = make(tmp_path)
    mind = f'[[mind]]\nline = 3\nmeasures = ["{LVM}"]\nperiod = "2022"\nen = "it is a mean"\nsv = "den är ett medeltal"\n'
    (folder / "says.toml").write_text(mind, encoding="utf-8")
    raw = load_report(folder)
    here = said(yearly(2021, 200, 300, report="haninge-2099"), reports=(raw,))
    assert here["development.mind"]["text"] == "it is a mean"
    assert "development.mind" not in said(yearly(2021, 200, 300), reports=(raw,))
    earlier = said(yearly(2022, 200, 300, report="haninge-2099"), reports=(raw,))["development.mind"]
    assert earlier["year"] == "2022"


def test_a_remark_on_a_year_between_is_told_last(tmp_path: Path) -> None:
    folder = make(tmp_path)
    mind = f'[[mind]]\nline = 3\nmeasures = ["{LVM}"]\nperiod = "2021"\nen = "it is marked"\nsv = "den är märkt"\n'
    (folder / "says.toml").write_text(mind, encoding="utf-8")
    found = told(context(yearly(2020, 200, 250, 300, 350, report="haninge-2099"), reports=(load_report(folder),)))
    assert ["it is marked" in text for text in found.after] == [True]
    assert not any("it is marked" in text for text in found.sentences)


@pytest.mark.parametrize(("breakdown", "where"), [("riket", "the country"), ("landets kommuner", "the country's municipalities")])
def test_the_countrys_figure_is_told_for_a_year_that_is_ones_own(breakdown: str, where: str) -> None:
    country = {"breakdown": breakdown}
    here = said(yearly(2021, 200, 300), yearly(2022, 48, **country), yearly(2019, 50, **country))
    assert Markup(here["development.elsewhere"]["figures"]).striptags() == "48 (2022)"
    assert here["development.elsewhere"]["where"].startswith(where)
    assert "development.elsewhere" not in said(yearly(2021, 200, 300), yearly(2019, 50, **country))


@pytest.mark.parametrize(("last", "told_of"), [(90, True), (75, False), (60, False)])
def test_a_related_figure_that_went_the_other_way_is_told(last: float, told_of: bool) -> None:
    rows = [yearly(2020, 400, 200, 130, measure="lvu_measures"), yearly(2020, 72, 100, last, measure="lvu_placements")]
    page = context(*rows)
    found = develop_all(page, ["lvu_measures", "lvu_placements"])
    against = [values["subject"] for key, values in page.said if key == "development.opposite"]
    assert against == ([other.subject for other in reversed(found)] if told_of else [])


def test_a_few_that_went_the_other_way_are_not_told() -> None:
    rows = [yearly(2020, 400, 200, 130, measure="lvu_measures"), yearly(2020, 4, 5, 6, measure="lvu_placements")]
    page = context(*rows)
    develop_all(page, ["lvu_measures", "lvu_placements"])
    assert "development.opposite" not in [key for key, _ in page.said]


@pytest.mark.parametrize(
    ("cost", "placed", "way", "sizes"),
    [
        # 52.8 x 1,665 x 365 less 39.8 x 1,645 x 365 is 8.2 million.
        (53.3, 52.8, "part", ("SEK 8.2 million", "SEK 22.6 million", "SEK 14.4 million")),
        (35.7, 52.8, "more", ("SEK 8.2 million", "SEK 5.0 million", "SEK 3.2 million")),
        (25.7, 52.8, "other_way", ("SEK 8.2 million", "SEK 5.0 million", "SEK 13.2 million")),
        (35.7, 30.0, "other_way", ("SEK 5.7 million", "SEK 5.0 million", "SEK 10.7 million")),
        (25.7, 30.0, "more", ("SEK 5.7 million", "SEK 5.0 million", "SEK 665,000")),
    ],
)
def test_a_cost_is_explained_by_volume_and_price_only_as_far_as_they_go(
    cost: float, placed: float, way: str, sizes: tuple[str, ...]
) -> None:
    jourhem = [
        yearly(2021, 30.7, cost, measure="jourhem_net_cost", unit="MSEK"),
        yearly(2021, 39.8, placed, measure="jourhem_month_placed", unit="persons"),
        yearly(2021, 1645, 1665, measure="jourhem_cost_per_day", unit="SEK_per_day"),
    ]
    page = context(*jourhem)
    found = told(page, "jourhem_net_cost")
    [key] = [key for key, _ in page.said if key.startswith("development.explained")]
    values = dict(page.said)[key]
    assert key == f"development.explained.{way}"
    assert tuple(values[name] for name in ("explained", "size", "rest")) == sizes
    assert values["up"] is (cost > 30.7)
    text = found.explained.striptags()
    assert text == ("by our calculation, volume and price explain SEK 8.2 of 22.6 million" if way == "part" else "")


def test_parts_of_a_whole_are_drawn_and_not_told_again() -> None:
    whole = [{"value": value, "period": str(year)} for value, year in ((100, 2021), (200, 2022))]
    rows = observations(*whole, *[row | {"breakdown": "interna"} for row in whole])
    found = develop_all(context(rows), [LVM])
    assert [(each.breakdown, each.within) for each in found] == [(None, False), ("interna", True)]
    parts = observations(*[row | {"breakdown": part} for part in ("barn", "vuxna") for row in whole])
    assert [each.within for each in develop_all(context(parts), [LVM])] == [False, False]


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
    # A number of placements needs no unit.
    size = "20" if measure == LVM else "SEK 20,000"
    assert (key, values["size"], values["up"]) == ("development.only_deviation", size, up)
    assert told(context(rows), measure).against_budget


def test_a_change_alone_is_told_as_such() -> None:
    [(key, values)] = said(observations({"value": -12.0, "series": "change_pct", "unit": "percent"})).items()
    assert (key, values["size"], values["up"]) == ("development.only_change", "12 per cent", False)


def test_no_level_is_missing_where_one_is_printed_as_a_mean() -> None:
    change = observations({"value": -8.2, "period": "2021", "series": "change_pct", "unit": "percent"})
    mean = observations({"value": 178.0, "period": "2021", "line": 9, "breakdown": "Genomsnitt"})
    assert [said(rows)["development.only_change"]["elsewhere"] for rows in (change, pl.concat([change, mean]))] == [False, True]


def test_what_must_be_known_of_a_change_alone_is_told(tmp_path: Path) -> None:
    folder = make(tmp_path)
    mind = f'[[mind]]\nline = 3\nmeasures = ["{LVM}"]\nperiod = "2024"\nen = "it is 62 since 2021"\nsv = "den är 62 sedan 2021"\n'
    (folder / "says.toml").write_text(mind, encoding="utf-8")
    change = yearly(2024, 11, unit="percent", series="change_pct", report="haninge-2099")
    assert list(said(change, reports=(load_report(folder),))) == ["development.only_change", "development.mind"]


def test_another_print_of_the_same_figure_is_named() -> None:
    rows = observations(
        {"value": 100.0, "period": "2021"}, {"value": 300.0}, {"value": 299.0, "kind": "text"}, {"value": 300.0, "kind": "text"}
    )
    assert said(rows)["development.differs"] == {"others": "299"}


def test_what_a_later_report_revised_is_told_with_the_report_that_said_otherwise() -> None:
    before = yearly(2020, 100, 110, report="haninge-2021")
    after = yearly(2020, 104, 110, 120, report="haninge-2022").with_columns(line=pl.col("line") + 10)
    told = said(before, after)
    assert told["development.revised"] == {
        "used": "the annual report for 2022",
        "items": "100 for 2020 in the annual report for 2021",
    }
    assert "development.differs" not in told and "development.not_taken" not in told
    same = yearly(2020, 100, 110, 120, report="haninge-2022").with_columns(line=pl.col("line") + 10)
    assert "development.revised" not in said(before, same)


@pytest.mark.parametrize(("earlier", "seams"), [(1118, [("2020", "2021")]), (990, [])])
def test_figures_of_two_reports_that_count_differently_are_no_development(earlier: int, seams: list[tuple[str, str]]) -> None:
    before = yearly(2020, 1054, earlier, report="haninge-2021")
    after = yearly(2021, 987, 1086, report="haninge-2022").with_columns(line=pl.col("line") + 10)
    found = told(context(before, after))
    assert found.seams == seams
    assert [cut.period for cut in messages.breaks_of(found, ["2020", "2022"])] == [last for _, last in seams]
    assert ("development.seam" in said(before, after)) == bool(seams)


def test_a_report_that_came_later_and_is_not_taken_is_told_as_such() -> None:
    table = yearly(2021, 100, 110, report="haninge-2022")
    text = yearly(2022, 111, report="haninge-2023", kind="text").with_columns(line=pl.col("line") + 10)
    told = said(table, text)
    assert told["development.not_taken"]["items"] == "111 for 2022 in the annual report for 2023"


@pytest.mark.parametrize(("last", "up", "size"), [(110, True, "10 per cent"), (90, False, "10 per cent")])
def test_months(last: float, up: bool, size: str) -> None:
    sentences = said(months(100, last), measure="lss_housing_residents")
    values = sentences["development.months.moved"]
    assert [values[name] for name in ("a", "b", "up", "size", "higher", "count")] == ["100", str(last), up, size, "12", "12"]
    ends = told(context(months(100, last)), "lss_housing_residents").ends
    assert ends is not None and [Markup(end.figure).striptags() for end in ends] == [f"{last} as a monthly mean", "100"]


@pytest.mark.parametrize(("shared", "compared"), [(1, False), (5, False), (6, True)])
def test_few_months_say_nothing_of_their_years(shared: int, compared: bool) -> None:
    rows = months(100, 110).filter(pl.col("period").is_in([f"2022-{month:02d}" for month in range(shared + 1, 13)]).not_())
    assert ("development.months.moved" in said(rows, measure="lss_housing_residents")) == compared


def test_years_are_told_where_there_are_only_a_few_months_of_them() -> None:
    few = months(100, 150).filter(pl.col("period").str.ends_with("-10"))
    found = told(context(yearly(2021, 100, 110, measure="lss_housing_residents"), few), "lss_housing_residents")
    assert found.monthly.is_empty() and found.span == ("2021", "2022")


def test_months_whose_mean_hardly_moves_are_no_change() -> None:
    rows = months(100, 107).with_columns(
        value=pl.when(pl.col("period").is_in(["2022-01", "2022-02", "2022-03", "2022-04", "2022-05"]))
        .then(90.0)
        .otherwise("value")
    )
    assert "development.months.plain" in said(rows, measure="lss_housing_residents")


def test_months_without_a_change() -> None:
    found = told(page := context(months(100, 100)), "lss_housing_residents")
    assert (found.up, found.weight, page.said[0][0]) == (None, 0, "development.unchanged")


def test_months_on_both_sides_of_a_million_are_told_in_one_unit() -> None:
    paid = months(940, 1310).with_columns(measure=pl.lit("economic_assistance_net_cost"), unit=pl.lit("kSEK"))
    values = said(paid, measure="economic_assistance_net_cost")["development.months.moved"]
    assert (values["a"], values["b"]) == ("SEK 940,000", "SEK 1.3 million")


def test_amounts_that_differ_are_told_with_the_decimals_that_show_it() -> None:
    found = told(context(yearly(2020, 1014, 1047, measure="net_cost", unit="kSEK")), "net_cost")
    assert found.ends is not None and [Markup(end.figure).striptags() for end in found.ends] == [
        "SEK 1.05 million",
        "SEK 1.01 million",
    ]


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


def test_what_grows_year_by_year_weighs_by_all_its_years() -> None:
    share = "long_term_recipients_share"
    slow = told(context(yearly(2023, 48.2, 49.3, measure=share, unit="percent", report="haninge-2024")), share)
    whole = told(context(yearly(2022, 42.9, 48.2, 49.3, measure=share, unit="percent", report="haninge-2024")), share)
    assert whole.weight > 2 * slow.weight


def test_a_step_of_a_few_persons_weighs_less_than_one_of_many() -> None:
    sis, households = (yearly(2021, *pair).with_columns(unit=pl.lit("persons")) for pair in ((27, 43), (900, 1200)))
    assert told(context(sis)).weight < told(context(households)).weight


def test_a_share_of_what_is_not_said_is_no_message() -> None:
    rows = [
        yearly(2021, 77, 69, measure=name, unit="percent") for name in ("lss_group_homes.share", "lss_group_homes.persons_share")
    ]
    assert [told(context(each), each["measure"][0]).weight > 0 for each in rows] == [False, True]


def test_weights_fall_with_age() -> None:
    weights = [told(context(yearly(2021, 200, 300))).weight]
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


@given(st.lists(st.one_of(st.none(), st.integers(0, 500)), min_size=1, max_size=6))
def test_any_series_can_be_told_in_both_languages(values: list[int | None]) -> None:
    for language in ("en", "sv"):
        found = told(context(yearly(2016, *values), language=language))  # type: ignore[arg-type]
        known = [value for value in values if value is not None]
        assert bool(found.sentences) is bool(known)
        assert not {"None", "nan", "inf"} & set(Markup(" ").join(found.sentences).striptags().split())
        if len(known) >= 2 and known[-2] != known[-1]:
            assert found.up is (known[-1] > known[-2])


def wrong(**told: Any) -> pl.DataFrame:
    return finding(period="2022", series="outturn", **told)


def test_a_contradicted_figure_is_compared_as_what_it_should_be() -> None:
    page = context(yearly(2021, 100, 200), findings=wrong(expected="150"))
    found = told(page)
    text = Markup(" ").join(found.sentences).striptags()
    assert (Markup(found.size).striptags(), found.up) == ("50 (50 per cent)", True)
    assert "printed as 200 (contradicted)" in text and "other figures give 150" in text


@pytest.mark.parametrize("values", [(100, 200), (100, 50, 70, 60, 200)])
def test_a_doubtful_figure_is_shown_and_not_compared(values: tuple[float, ...]) -> None:
    page = context(yearly(2023 - len(values), *values), findings=wrong(expected=None, line=len(values)))
    found = told(page)
    text = Markup(" ").join(found.sentences).striptags()
    assert found.contradicted and found.weight == 0 and not found.moved
    assert "200 (contradicted)" in text and "is not compared" in text
    assert not any(word in text for word in ("per cent", "rose", "increase", "went"))


def test_a_doubtful_year_in_between_is_left_out_of_the_path() -> None:
    page = context(yearly(2018, 100, 110, 900, 120, 130), findings=finding(period="2020", line=3, published="900", expected=None))
    found = told(page)
    text = Markup(" ").join(found.sentences).striptags()
    assert "900" in text and "rose" not in text.split("900")[0]
    assert found.path is not None and found.path.missing == ("2020",) and found.path.steady


def budgets(*values: float) -> pl.DataFrame:
    rows = ({"period": str(2021 + n), "value": value} for n, value in enumerate(values))
    return pl.concat([yearly(2020, 100), observations(*rows, series="budget").with_columns(line=pl.col("line") + 1)])


@pytest.mark.parametrize("period", ["2021", "2022"])
def test_a_budget_is_not_held_against_a_doubtful_figure(period: str) -> None:
    line, printed = (2, "120") if period == "2021" else (3, "90")
    error = finding(period=period, series="budget", line=line, published=printed, expected=None)
    sentences = said(budgets(120, 90), findings=error)
    assert "development.plan_only" in sentences and "development.plan" not in sentences
    assert sentences["contradiction.unsettled"]["year"] == period
    kept = said(budgets(120, 90), findings=finding(period="2021", series="outturn", line=line, published=printed))
    assert "development.plan" in kept and "contradiction.unsettled" not in kept


def test_measures_are_named_by_id_or_title_and_an_unknown_one_is_answered_by_the_nearest() -> None:
    page = context(yearly(2021, 100, 200, measure="lvm_placements"))
    assert [found.measure for found in develop_all(page, ["Placeringar enligt LVM", "lvm_placements"])] == ["lvm_placements"]
    with pytest.raises(SocialvolymError, match="unknown measure 'lvm_placement'; nearest: lvm_placements"):
        develop_all(page, ["lvm_placement"])


@pytest.mark.parametrize("language", ["en", "sv"])
@pytest.mark.parametrize("shape", ["two.plain", "two.still", "months.plain"])
def test_two_years_are_told_in_the_order_of_time(language: Any, shape: str) -> None:
    page = context(yearly(2021, 100, 200), language=language)
    times = {"y0": "2021", "y1": "2022", "w0": "in 2021", "w1": "in 2022"}
    for _ in range(2):
        told = str(page.say(f"development.{shape}", place="Haninge", subject="antalet", a="100", full="100", b="200", **times))
        assert told.index("100") < told.index("200") and told.index("2021") < told.index("2022")


#: What holds of all that is reported may not be said where the years that are shown are not all of them.
_OF_ALL = r"reported|redovisas\b|no other full year|inget annat helår|only\b[^–]|\bbara (?!\d)"


@pytest.mark.parametrize("language", ["en", "sv"])
@pytest.mark.parametrize(
    ("rows", "years"),
    [
        (yearly(2018, 60, 50, 100, 150, 200), (2020, 2022)),  # the earlier years went the other way
        (yearly(2020, 100, 150, 200, 90), (2020, 2022)),  # a later one does
        (yearly(2018, 100, 150), (2019, 2019)),  # one year is left
        (pl.concat([yearly(2018, 100), observations({"value": 9.0, "series": "change_pct", "unit": "percent"})]), (2022, 2022)),
    ],
)
def test_of_chosen_years_nothing_is_said_of_all_that_is_reported(
    language: Any, rows: pl.DataFrame, years: tuple[int, int]
) -> None:
    first, last = years
    page = context(rows, language=language, first_year=first, last_year=last)
    found = told(page)
    shown = plain(Markup(" ").join([*found.sentences, matrix.verdict(page, found)]))
    assert not re.search(_OF_ALL, shown), shown
    assert page.narrowed == (rows["period"].min(), rows["period"].max())
    whole = context(rows, language=language)
    assert whole.narrowed is None and not whole.hides(LVM, "0136")


def test_of_all_years_the_path_is_that_of_every_year_reported() -> None:
    assert "higher in every year reported" in plain(told(context(yearly(2020, 100, 150, 200))).sentences[0])


def test_a_goal_for_a_later_year_is_no_year_that_is_hidden() -> None:
    page = context(yearly(2021, 100, 150), observations({"period": "2030", "series": "target", "value": 9.0}), last_year=2022)
    assert page.narrowed is None and not page.hides(LVM, "0136")


@pytest.mark.parametrize(
    ("values", "part", "whole"), [((74, 50, 49), "24", "25 people"), ((74.5, 50.4, 49.5), "24", "25 people")]
)
def test_the_steps_of_whole_counts_have_no_decimals(values: tuple[float, ...], part: str, whole: str) -> None:
    step = said(yearly(2017, *values, unit="persons"))["development.one_step"]
    assert (step["part"], step["whole"]) == (part, whole)


@pytest.mark.parametrize(("measure", "steep"), [("user_situation_improved_share", False), ("long_term_recipients_share", True)])
def test_a_survey_without_its_number_of_answers_shows_no_sharp_step(measure: str, steep: bool) -> None:
    rows = yearly(2020, 55, 51, 91, measure=measure, unit="percent")
    assert ("sharply" in str(Markup(" ").join(told(context(rows), measure).sentences))) is steep


@pytest.mark.parametrize(
    ("periods", "said"),
    [
        (["2024-01/2024-08", "2023-01/2023-08"], "For January–August 2024 it is 31, against 30 for January–August 2023."),
        (["2024-01/2024-08"], "For January–August 2024 it is 30."),
        (["2023-01/2023-08", "2022-01/2022-08"], None),
    ],
)
def test_the_months_so_far_are_told_after_the_years_and_as_no_year_of_them(periods: list[str], said: str | None) -> None:
    parts = [{"period": period, "value": 30.0 + n, "line": 40 + n} for n, period in enumerate(reversed(periods))]
    page = context(yearly(2022, 44, 47), observations(*parts, measure="lvm_placements"))
    text = Markup(" ").join(told(page).sentences).striptags()
    assert "47" in text and (said in text if said else "January–August" not in text)


def test_a_count_of_persons_that_names_them_does_not_say_so_again_of_its_step() -> None:
    named = (("hvb.persons", "persons"), ("child_investigation_time", "days"))
    sizes = {unit: told(context(yearly(2021, 5, 8, measure=name, unit=unit)), name).size.striptags() for name, unit in named}
    assert sizes == {"persons": "3", "days": "3 days"}
