"""Money: costs against budgets, forecasts and plans against what came, volume and price, real terms."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest
from invented import observations, yearly
from invented_context import context, finding
from invented_facts import own_facts, people
from invented_report import make
from invented_tables import COUNTS, LVM, area, plain
from socialvolym.errors import SocialvolymError
from socialvolym.narrative import economy
from socialvolym.narrative.developments import develop_all
from socialvolym.observations import facts
from socialvolym.reports.loading import load_report
from socialvolym.reports.models import RawReport

__all__ = ["own_facts"]


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


def test_money_in_real_terms_and_volumes_per_inhabitant() -> None:
    cost = yearly(2021, -1000, -1000, measure="hvb_total_cost", unit="kSEK")
    page = context(cost, yearly(2021, 956, 977).with_columns(line=pl.col("line") + 10))
    shown = plain(economy.real_terms(page, develop_all(page, ["hvb_total_cost", LVM])))
    # The price index rose from 343.19 to 371.91, the population from 95,658 to 97,683.
    assert "SEK 1.1 million (2021)" in shown and "−7.7 %" in shown
    assert "1,000" in shown and "10.0 (2021)" in shown and "10.0 (2022)" in shown
    assert "+0.1 %" in shown
    assert "Population of Haninge on 31 December: 95,658 (2021) and 97,683 (2022)." in shown
    assert "Source: SCB Statistikdatabasen; haninge.se (SCB)." in shown
    assert economy.real_terms(page, []) == ""


def test_a_cost_that_was_nothing_has_no_change_in_per_cent() -> None:
    page = context(yearly(2021, 0, -1100, measure="hvb_total_cost", unit="kSEK"))
    [row] = economy.real_terms(page, develop_all(page, ["hvb_total_cost"])).table.to_dicts()
    assert (row["printed_change"], row["change"], row["last"]) == (None, None, -1100)


def test_the_frame_behind_real_terms_holds_numbers() -> None:
    cost = yearly(2021, -1000, -1100, measure="hvb_total_cost", unit="kSEK")
    page = context(cost, yearly(2021, 9, 11).with_columns(line=pl.col("line") + 10))
    frame = economy.real_terms(page, develop_all(page, ["hvb_total_cost", LVM])).table
    assert frame.schema == economy.REAL_SCHEMA and economy.real_terms(page, []).table.schema == economy.REAL_SCHEMA
    money, rate = frame.to_dicts()
    assert (money["measure"], money["index"], money["price_year"], money["per"]) == ("hvb_total_cost", "cpi", 2022, None)
    # The price index rose from 343.19 to 371.91.
    assert money["first"] == pytest.approx(1000 * 371.91 / 343.19) and money["last"] == 1100 and money["unit"] == "kSEK"
    assert money["printed_change"] == pytest.approx(10) and money["change"] == pytest.approx(100 * (1.1 * 343.19 / 371.91 - 1))
    # 9 of 95,658 and 11 of 97,683 inhabitants.
    assert (rate["measure"], rate["index"], rate["per"], rate["first_year"], rate["last_year"]) == (
        LVM,
        None,
        100_000,
        2021,
        2022,
    )
    assert rate["first"] == pytest.approx(9e5 / 95_658) and rate["last"] == pytest.approx(11e5 / 97_683)
    assert (rate["first_base"], rate["last_base"], rate["unit"]) == (95_658, 97_683, "per_100000_inhabitants")
    assert money["first_base"] is None
    assert rate["printed_change"] is None and rate["first_id"] != rate["last_id"]


def test_the_year_of_the_prices_the_ages_and_the_index_are_arguments(own_facts: Path) -> None:
    people(2021, 2022)
    cost = yearly(2021, 1000, 1100, measure="hvb_total_cost", unit="kSEK")
    price = yearly(2021, 2000, 2000, measure="familjehem_cost_per_day", unit="SEK_per_day")
    volumes = [yearly(2021, 8, 11, measure=name) for name in ("lvu_placements", LVM)]
    rows = [table.with_columns(line=pl.col("line") + 10 * number) for number, table in enumerate([cost, price, *volumes])]
    page = context(*rows)
    told = develop_all(page, ["hvb_total_cost", "familjehem_cost_per_day", "lvu_placements", LVM])
    own = {2021: 100, 2022: 104, 2030: 150}
    section = economy.real_terms(page, told, base_year=2023, ages=(0, 17), index={"Snittkostnad per dygn i familjehem": own})
    by_measure = {row["measure"]: row for row in section.table.to_dicts()}
    money = by_measure["hvb_total_cost"]
    assert (money["index"], money["price_year"]) == ("cpi", 2023) and money["first"] == pytest.approx(1000 * 403.70 / 343.19)
    child = by_measure["lvu_placements"]
    assert (child["first_age"], child["last_age"], child["first_base"]) == (0, 17, 5400)
    shown = plain(section)
    assert "Money in the prices of 2023, by the consumer price index" in shown
    # Nobody gives the own index of 2023, and care under LVM is of no children.
    assert "the index given (to 2030) lacks one of the years: " in shown and set(by_measure) == {
        "hvb_total_cost",
        "lvu_placements",
    }
    assert "the figure is of others than the inhabitants of the ages chosen: " in shown
    every = economy.real_terms(page, told, base_year=2022, index=own)
    assert {row["index"] for row in every.table.to_dicts() if row["price_year"]} == {"own"}
    assert "by a price index that the analysis gives, which is no official one here." in plain(every)
    assert every.table["first"][0] == pytest.approx(1040)
    with pytest.raises(SocialvolymError, match="it must be the first and the last age"):
        economy.real_terms(page, told, ages=(17, 0))


@pytest.mark.parametrize(("last", "chance"), [(11, True), (40, False)])
def test_a_change_of_a_rate_that_chance_could_give_says_so(last: int, chance: bool) -> None:
    page = context(yearly(2021, 12, last))
    section = economy.real_terms(page, develop_all(page, [LVM]))
    assert section.table["chance"].to_list() == [chance] and ("small enough to be due to chance" in plain(section)) is chance
    days = context(yearly(2021, 5000, 5400, measure="hvb_care_days", unit="care_days"))
    assert economy.real_terms(days, develop_all(days, ["hvb_care_days"])).table["chance"].to_list() == [None]


def test_the_frame_of_costs_leads_to_the_source_of_each_amount() -> None:
    page = context(area(-12000, -10000))
    [row] = economy.costs(page, economy.cost_rows(page, "lss")).table.to_dicts()
    assert row["observation_id"] != row["budget_id"]
    printed = dict(page.observations.select("observation_id", "value").iter_rows())
    assert [abs(printed[row[name]]) for name in ("observation_id", "budget_id")] == [12000, 10000]


def test_what_is_not_converted_has_the_reason_that_applies(tmp_path: Path) -> None:
    cut = f'[[break]]\nperiod = "2022"\nmeasures = ["{LVM}"]\nreason_en = "new"\nreason_sv = "nytt"\n'
    broken = load_report(make(tmp_path, corrections=cut))
    price = {"measure": "hvb_cost_per_day", "unit": "SEK_per_day"}
    doubtful = finding(period="2022", series="outturn", expected=None, published="6")
    for rows, given, reason in (
        (yearly(2048, 5, 6), {}, "the population is known for at most one of the years"),
        (yearly(2048, 5, 6, **price), {}, "the consumer price index (known to 2024) is missing"),
        (yearly(2021, 5, 6), {"reports": (broken,)}, "the way of counting changed between the years"),
        (yearly(2021, 5, 6), {"findings": doubtful}, "the report's figures contradict each other"),
    ):
        page = context(rows, **given)
        shown = plain(economy.real_terms(page, develop_all(page, [rows["measure"][0]])))
        assert reason in shown and " or because " not in shown


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


def test_rates_are_told_of_so_many_inhabitants_that_they_can_be_read() -> None:
    page = context(yearly(2021, 9, 11))
    shown = economy.real_terms(page, develop_all(page, [LVM]))
    # 9 of 95,658 and 11 of 97,683 inhabitants.
    assert "100,000" in plain(shown) and "9.4 (2021)" in plain(shown) and "11.3 (2022)" in plain(shown)


def test_a_number_of_inhabitants_that_is_computed_says_so_and_has_no_source() -> None:
    page = context(yearly(2022, 900, 956))
    shown = plain(economy.real_terms(page, develop_all(page, [LVM])))
    assert "99,751 (2023, computed from a neighbouring year and the published change). Source: haninge.se (SCB)." in shown


def test_a_year_without_population_is_left_out_of_the_rates() -> None:
    page = context(yearly(2020, 900, 956, 977))
    assert "(2020)" not in plain(economy.real_terms(page, develop_all(page, [LVM])))


def test_children_are_told_among_those_of_their_age_or_it_is_said_why_not(own_facts: Path) -> None:
    page = context(yearly(2022, 63, 126, measure="child_investigations"))
    told = develop_all(page, ["child_investigations"])
    assert "by age and sex is not known here" in plain(economy.real_terms(page, told))
    people(2022, 2023)
    facts.population.cache_clear()
    facts.known_inhabitants.cache_clear()
    shown = plain(economy.real_terms(page, told))
    assert "1,000 aged 0–20" in shown and "10.0 (2022)" in shown and "20.0 (2023)" in shown
    assert "31 December, aged 0–20: 6,300 (2022) and 6,300 (2023). Source: invented." in shown


def test_adults_are_told_among_those_of_their_age(own_facts: Path) -> None:
    people(2022, 2023)
    page = context(yearly(2022, 249, 498, measure="adult_actualisations", breakdown="18 år och uppåt"))
    shown = plain(economy.real_terms(page, develop_all(page, ["adult_actualisations"])))
    assert "1,000 aged 18 and over" in shown and "10.0 (2022)" in shown and "20.0 (2023)" in shown


def test_what_is_no_persons_or_their_care_has_no_rate_and_a_part_of_unclear_age_says_so() -> None:
    page = context(yearly(2021, 3, 4, measure="providers"))
    assert economy.real_terms(page, develop_all(page, ["providers"])) == ""
    page = context(yearly(2021, 300, 400, measure="hvb_care_days", unit="care_days", breakdown="vuxna"))
    shown = plain(economy.real_terms(page, develop_all(page, ["hvb_care_days"])))
    assert "not clear of which ages" in shown and "Volumes are set" not in shown


def test_eleven_months_are_spoken_of_where_a_row_uses_them() -> None:
    price = {"measure": "hvb_cost_per_day", "unit": "SEK_per_day"}
    for first, values, used in ((2021, (1000, 1100), False), (2022, (1000, 1100, 1200), True), (2023, (1000, 1100), True)):
        page = context(yearly(first, *values, **price))
        shown = plain(economy.real_terms(page, develop_all(page, ["hvb_cost_per_day"])))
        assert ("For 2024 the mean of eleven months" in shown) is used


def test_money_follows_municipal_prices_where_these_are_known(own_facts: Path) -> None:
    (own_facts / "pkv.csv").write_text("year,index,quality,source\n2021,100,final,invented\n2022,110,provisional,invented\n")
    page = context(yearly(2021, 1000, 1000, measure="hvb_total_cost", unit="kSEK"))
    shown = plain(economy.real_terms(page, develop_all(page, ["hvb_total_cost"])))
    assert "price index of municipal services (PKV)" in shown and "The index for 2022 is provisional" in shown
    assert "(KPI)" not in shown and "−9.1 %" in shown


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
    assert without["Funktionshinderomsorg"] == 2.0 and set(without.values()) >= {2.0}
    assert "no figure" not in plain(told) and "Disability services" in plain(told)
