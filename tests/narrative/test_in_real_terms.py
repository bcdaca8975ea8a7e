"""Real terms: money in the prices of one year and volumes per inhabitant, or the reason why they are not converted."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from invented import observations, yearly
from invented_context import context, finding
from invented_facts import own_facts, people
from invented_report import make
from invented_tables import LVM, plain
from socialvolym.errors import SocialvolymError
from socialvolym.narrative import economy
from socialvolym.narrative.developments import develop_all
from socialvolym.notation.languages import Language
from socialvolym.observations import facts
from socialvolym.reports.loading import load_report

__all__ = ["own_facts"]


def test_a_part_of_a_year_is_told_as_such_beside_its_amount() -> None:
    parts = [{"period": f"{year}-01/{year}-08", "value": 1000.0} for year in (2021, 2022)]
    page = context(observations(*parts, measure="hvb_care_days", unit="care_days"))
    shown = plain(economy.real_terms(page, develop_all(page, ["hvb_care_days"])))
    assert "(January–August 2021)" in shown and "days (2021)" not in shown


@pytest.mark.parametrize(("part", "converted"), [("-01/{}-08", False), ("-Q1", False), ("", True)])
def test_a_part_of_a_year_is_not_converted_by_the_prices_of_whole_years(part: str, converted: bool) -> None:
    rows = [{"period": f"{year}{part.format(year)}", "value": -1000.0, "line": year} for year in (2021, 2022)]
    page = context(observations(*rows, measure="hvb_total_cost", unit="kSEK"))
    shown = plain(economy.real_terms(page, develop_all(page, ["hvb_total_cost"])))
    assert ("in the prices" in shown) is converted and ("are of a part of the year" in shown) is not converted


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


@pytest.mark.parametrize(
    ("language", "said"), [("en", "of the base year 2150 is not known"), ("sv", "för basåret 2150 inte är känt")]
)
def test_a_base_year_without_an_index_is_named(language: Language, said: str) -> None:
    page = context(yearly(2021, 10, 11, measure="hvb_total_cost", unit="kSEK"), language=language)
    assert said in plain(economy.real_terms(page, develop_all(page, ["hvb_total_cost"]), base_year=2150))


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
    assert "the price index of the base year 2023 is not known: " in shown and set(by_measure) == {
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


def test_rates_are_told_of_so_many_inhabitants_that_they_can_be_read() -> None:
    page = context(yearly(2021, 9, 11))
    shown = economy.real_terms(page, develop_all(page, [LVM]))
    # 9 of 95,658 and 11 of 97,683 inhabitants.
    assert "100,000" in plain(shown) and "9.4 (2021)" in plain(shown) and "11.3 (2022)" in plain(shown)
    page = context(yearly(2021, 13, 11))
    shown = plain(economy.real_terms(page, develop_all(page, [LVM])))
    assert "1.36 (2021)" in shown and "1.13 (2022)" in shown


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
