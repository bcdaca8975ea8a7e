"""Money: costs against budgets, forecasts and plans against what came, volume and price."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest
from invented import observations
from invented_context import context
from invented_report import make
from invented_tables import COUNTS, area, plain
from socialvolym.narrative import economy
from socialvolym.reports.loading import load_report
from socialvolym.reports.models import RawReport


@pytest.fixture
def report(tmp_path: Path) -> RawReport:
    return load_report(make(tmp_path))


@pytest.mark.parametrize(("outturn", "budget", "deviation"), [(-1200, -1000, 200), (1200, 1000, 200), (-900, -1000, -100)])
def test_a_cost_is_held_against_its_budget_by_size(outturn: float, budget: float, deviation: float) -> None:
    [row] = economy.cost_rows(context(area(outturn, budget)), "lss")
    assert (row.deviation, row.period, row.code) == (deviation, "2022", "0136")
    assert row.share == pytest.approx(deviation / 10)


def test_the_latest_year_with_both_is_told_and_other_areas_are_not() -> None:
    page = context(
        area(-1200, -1000, period="2021"),
        area(-1300, None, period="2022").with_columns(line=pl.col("line") + 10),
        area(-5, -4, "an invented area").with_columns(line=pl.col("line") + 20),
    )
    assert [row.period for row in economy.cost_rows(page, "lss")] == ["2021"]
    assert economy.cost_rows(page, "placements") == []


@pytest.mark.parametrize("part", ["2022-01/2022-08", "2022-08", "2022-08-31", "2022-Q3"])
def test_a_part_of_a_year_is_held_against_the_same_part_and_never_against_whole_years(part: str) -> None:
    interim = area(-800, -700, period=part).with_columns(line=pl.col("line") + 10)
    before = area(-750, None, period=part.replace("2022", "2021")).with_columns(line=pl.col("line") + 20)
    shared = {"measure": "net_cost_area", "breakdown": "Funktionshinderomsorg", "unit": "kSEK", "report": "haninge-2099"}
    year_ahead = observations({"series": "forecast", "value": -1250}, {"series": "budget", "value": -1200}, line=70, **shared)
    [row] = economy.cost_rows(context(area(-1200, -1000, period="2021"), interim, before, year_ahead), "lss")
    assert (row.period, row.deviation) == (part, 100)
    assert (row.before or {})["value"] == 750
    assert [each["value"] for each in row.ahead or ()] == [1250, 1200]
    [alone] = economy.cost_rows(context(area(-1200, -1000, period="2021"), interim), "lss")
    assert (alone.before, alone.ahead) == (None, None)


@pytest.mark.parametrize(
    ("measure", "domain", "name"),
    [
        ("familjehem.net_cost", "placements", "Foster homes"),
        ("hvb.net_cost.children", "placements", "HVB, children and young people"),
        ("economic_assistance_net_cost", "economic_assistance", "The net cost of economic assistance"),
        ("familjehem.cost", "placements", None),
    ],
)
def test_the_services_of_a_domain_stand_among_its_areas(measure: str, domain: str, name: str | None) -> None:
    rows = [{"series": series, "value": value} for series, value in (("outturn", -12000), ("budget", -10000))]
    page = context(area(-900, -1000), observations(*rows, measure=measure, unit="kSEK", line=40))
    shown = economy.costs(page, economy.cost_rows(page, domain))
    assert (shown.table["area"].to_list() if shown else []) == ([name] if name else [])


def test_a_year_goes_before_its_parts() -> None:
    whole = area(-1200, -1000)
    part = area(-800, -700, period="2022-01/2022-08").with_columns(line=pl.col("line") + 10)
    assert [row.period for row in economy.cost_rows(context(whole, part), "lss")] == ["2022"]


def test_a_budget_of_nothing_has_no_share() -> None:
    [row] = economy.cost_rows(context(area(-1200, 0)), "lss")
    assert row.share is None


def test_costs_are_drawn_and_listed() -> None:
    page = context(area(-12000, -10000))
    shown = economy.costs(page, economy.cost_rows(page, "lss"))
    assert "<svg" in shown
    assert "haninge-2099:1:1" in shown
    assert economy.costs(page, []) == ""


def test_the_frame_of_costs_leads_to_the_source_of_each_amount() -> None:
    page = context(area(-12000, -10000))
    [row] = economy.costs(page, economy.cost_rows(page, "lss")).table.to_dicts()
    assert row["observation_id"] != row["budget_id"]
    printed = dict(page.observations.select("observation_id", "value").iter_rows())
    assert [abs(printed[row[name]]) for name in ("observation_id", "budget_id")] == [12000, 10000]


def test_the_result_against_the_budget(report: RawReport) -> None:
    rows = observations(
        {"value": -1100.0},
        {"value": -1000.0, "series": "budget"},
        measure="net_cost",
        unit="kSEK",
        period="2099",
        domain="context",
        report="haninge-2099",
    )
    shown = economy.economy(context(rows, reports=(report,)))
    assert "SEK 100,000 (10.0 per cent) over budget" in plain(shown)
    assert "both" not in plain(shown)
    assert "<svg" in shown


def net_cost(year: int, outturn: float, budget: float, code: str, report: str) -> pl.DataFrame:
    shared = {"measure": "net_cost", "unit": "kSEK", "domain": "context", "municipality_code": code, "report": report}
    return observations({"value": outturn}, {"value": budget, "series": "budget"}, period=str(year), **shared)


def test_years_are_told_together_and_development_by_index() -> None:
    rows = [
        net_cost(2021, -1000, -1100, "0136", "haninge-2021"),
        net_cost(2022, -1100, -1000, "0136", "haninge-2022"),
        net_cost(2021, -500, -400, "0126", "huddinge-2021"),
        net_cost(2022, -600, -500, "0126", "huddinge-2022"),
    ]
    page = context(*rows)
    shown = plain(economy.economy(page))
    assert "In 2021, 1 of 2 committees ended above their budget." in shown
    assert "In 2022 both committees with an outturn ended above their budget." in shown
    assert "2021 = 100" in shown
    # The months so far of a third have not ended.
    so_far = net_cost(2022, -900, -800, "1489", "alingsas-2022").with_columns(period=pl.lit("2022-01/2022-08"))
    assert "In 2022 both committees" in plain(economy.economy(context(*rows, so_far)))
    assert re.findall(r">(1[12]0)<", economy.economy(page))
    assert "= 100" not in plain(economy.economy(context(*rows[:2])))


@pytest.mark.parametrize("signs", [(1, 1), (-1, -1), (1, -1), (-1, 1)])
def test_the_index_of_a_cost_is_above_nothing_whichever_sign_its_reports_print(signs: tuple[int, int]) -> None:
    first, last = signs
    page = context(
        net_cost(2021, first * 1000, first * 1100, "0136", "haninge-2021"),
        net_cost(2022, last * 1100, last * 1000, "0136", "haninge-2022"),
        net_cost(2021, 500, 400, "0126", "huddinge-2021"),
        net_cost(2022, 600, 500, "0126", "huddinge-2022"),
    )
    shown = economy.economy(page)
    index = shown[shown.index("2021 = 100") :]
    assert re.findall(r">(1[12]0)<", index) and "−1" not in plain(re.sub(r"<svg.*?</svg>", "", index))


def forecast(*values: float, came: float) -> pl.DataFrame:
    made = [
        {"value": value, "series": "forecast", "breakdown": f"T{n}", "line": 10 + n} for n, value in enumerate(values, start=1)
    ]
    return observations(
        *made, {"value": came, "line": 20}, measure="result", unit="kSEK", domain="context", report="haninge-2022"
    )


@pytest.mark.parametrize(
    ("values", "came", "text"),
    [
        (
            (-3000, -5000, -9000),
            -9770,
            "a deficit of SEK 3.0, 5.0 and 9.0 million; the outturn was a deficit of SEK 9.8 million. "
            "The last one was SEK 770,000 too optimistic, and each came closer",
        ),
        ((0, 6000), 17561, "a balanced result and a surplus of SEK 6.0 million"),
        (
            (-103000,),
            -71900,
            "the forecast was a deficit of SEK 103.0 million; the outturn was a deficit of SEK 71.9 million. "
            "The forecast was SEK 31.1 million too pessimistic.",
        ),
        ((-1000, -3000), -3000, "The last forecast was met."),
        ((-3000, -1000), -3500, "The last one was SEK 2.5 million too optimistic."),
    ],
)
def test_how_forecasts_closed_in(values: tuple[float, ...], came: float, text: str) -> None:
    shown = plain(economy.forecasts(context(forecast(*values, came=came))))
    assert text in shown
    assert economy.forecasts(context(COUNTS)) == ""


def test_plans_stand_beside_what_a_later_report_says_came() -> None:
    planned = observations({"value": 45.0, "series": "target"}, measure="labour_market_to_work_or_study_share", unit="percent")
    came = observations(
        {"value": 46.0, "line": 30}, measure="labour_market_to_work_or_study_share", unit="percent", report="haninge-2024"
    )
    page = context(planned, came)
    shown = plain(economy.plans(page))
    assert "45 per cent" in shown and "46 per cent" in shown and "+1" in shown
    assert economy.plans(page, "lss") == ""
    assert economy.plans(context(planned)) == ""


@pytest.mark.parametrize(
    ("planned", "came", "unit", "told"),
    [
        (0.0, -2495.0, "kSEK", "−SEK 2.5 million"),
        (0.0, 812.4, "kSEK", "+SEK 812,000"),
        (0.0, 3.0, "persons", "+3 people"),
        (40.0, 38.5, "percent", "−1.5 percentage points"),
        (2000.0, 2500.0, "kSEK", "+25 %"),
    ],
)
def test_what_came_is_told_in_points_of_shares_only(planned: float, came: float, unit: str, told: str) -> None:
    plan = observations({"value": planned, "series": "budget"}, measure="result", unit=unit)
    later = observations({"value": came, "line": 30}, measure="result", unit=unit, report="haninge-2024")
    assert told in plain(economy.plans(context(plan, later)))


def product(cost: float, volume: float, price: float, year: int, line: int) -> pl.DataFrame:
    rows = [("hvb_total_cost", cost, "kSEK"), ("hvb_care_days", volume, "care_days"), ("hvb_cost_per_day", price, "SEK_per_day")]
    each = [{"measure": name, "value": value, "unit": unit, "line": line + n} for n, (name, value, unit) in enumerate(rows)]
    return observations(*each, period=str(year), series="budget", report="haninge-2022")


def test_a_change_in_cost_is_told_by_volume_and_price() -> None:
    page = context(product(2000, 1000, 2000, 2021, 1), product(2700, 1200, 2250, 2022, 11))
    shown = plain(economy.splits(page))
    # 200 days at the mean price of 2,125 kronor, and 250 kronor more on the mean volume of 1,100 days.
    assert "rises by SEK 700,000. Of that, SEK 425,000 is due to volume and SEK 275,000 to the cost per day." in shown
    assert "<svg" in economy.splits(page)


def test_a_product_that_does_not_hold_is_refused_once_with_its_years() -> None:
    page = context(product(2000, 1000, 1500, 2020, 1), product(2700, 1200, 2250, 2021, 11), product(2700, 1200, 2000, 2022, 21))
    shown = plain(economy.splits(page))
    assert "(2020–2021 and 2021–2022): not split" in shown
    # What is refused for one reason stands together.
    parts = [
        frame.with_columns(breakdown=pl.lit(part), line=pl.col("line") + 50 * n)
        for n, part in enumerate(("barn", "vuxna"))
        for frame in (product(2000, 1000, 1500, 2020, 1), product(2700, 1200, 2250, 2021, 11))
    ]
    assert plain(economy.splits(context(*parts))).count("not split. ") == 1
    assert "<svg" not in economy.splits(page)


def test_an_area_without_one_offs_has_the_same_deviation_without_them(tmp_path: Path) -> None:
    first = area(-9500, -9000)
    grant = observations(
        {"value": 1.5, "line": 50, "published_as": "1,5"}, measure="state_grant", unit="MSEK", kind="text", report="haninge-2099"
    )
    one_off = (
        f'[[one_off]]\nline = 50\nperiod = "2022"\nmeasures = ["{first["measure"][0]}"]\nareas = ["Funktionshinderomsorg"]\n'
        'en = "grants of {50:1,5} were booked in 2022"\nsv = "bidrag på {50:1,5} bokfördes 2022"\n'
    )
    other = area(-1300, -1200, "Socialpsykiatri").with_columns(line=pl.col("line") + 30)
    page = context(first, other, grant, reports=(load_report(make(tmp_path, corrections=one_off)),))
    rows = [*economy.cost_rows(page, "lss"), *economy.cost_rows(page, "placements")]
    told = economy.costs(page, rows)
    without = dict(told.table.select("area", "deviation_without_one_offs").iter_rows())
    assert without["Disability services"] == 2.0 and set(without.values()) >= {2.0}
    assert "no figure" not in plain(told) and "Disability services" in plain(told)
