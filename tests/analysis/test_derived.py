from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import observations, yearly
from invented_context import finding
from invented_facts import own_facts, people
from socialvolym.analysis import derived, yardsticks
from socialvolym.analysis.classification import sentence
from socialvolym.analysis.trends import change_of, poisson_ratio
from socialvolym.errors import SocialvolymError
from socialvolym.observations import facts
from socialvolym.observations.facts import Group
from socialvolym.observations.series import series_of

__all__ = ["own_facts"]


def test_facts_load_and_a_missing_year_is_null() -> None:
    assert [facts.is_provisional(year) for year in (2023, 2024, 2025)] == [False, True, False]
    assert facts.price_change(2021, 2022) == pytest.approx(8.37, abs=0.01)
    assert facts.price_change(2024, 2025) is None
    assert facts.population().filter(municipality_code="0136", year=2020)["population"].to_list() == [None]
    assert "N28801" in facts.kolada_measures()["kpi"]
    assert facts.last_index_year() == 2024


def test_deflate() -> None:
    value, note = derived.deflate(100.0, 2022, 2023)
    assert value == pytest.approx(100 * 403.70 / 371.91, abs=1e-9)
    assert note is None


@given(st.floats(-1e9, 1e9), st.integers(2015, 2023), st.integers(2015, 2023))
def test_deflating_there_and_back_changes_nothing(value: float, year: int, base: int) -> None:
    there = derived.deflate(value, year, base).value
    assert there is not None
    assert derived.deflate(there, base, year).value == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(("year", "base"), [(2025, 2023), (2023, 2025), (2014, 2023)])
def test_an_unknown_index_is_never_extrapolated(year: int, base: int) -> None:
    assert derived.deflate(1.0, year, base) == (None, "cpi_not_known")


def test_per_inhabitant_names_the_quality_of_the_number() -> None:
    assert derived.per_inhabitant(97683.0, "0136", 2022) == (1.0, None)
    assert derived.per_inhabitant(99751.0, "0136", 2023, 1000) == (1000.0, "population_computed")
    assert derived.per_inhabitant(1.0, "0117", 2024).note == "population_secondary"
    assert derived.per_inhabitant(1.0, "0136", 2020) == (None, "population_not_known")


def test_derived_kinds() -> None:
    rows = observations(
        {"measure": "hvb_total_cost", "value": 97.683, "unit": "MSEK"},
        {"value": 97683.0},
        {"measure": "long_term_recipients_share", "value": 5.0, "unit": "percent"},
        {"value": 2.0, "series": "change_abs"},
        {"value": 2.0, "period": "2022-03"},
        {"value": None},
    )
    found = derived.derived(rows)
    assert found.columns == list(derived.DERIVED_SCHEMA)
    assert found.select("line", "kind", "unit", "base").rows() == [
        (1, "real", "kSEK", "2024"),
        (1, "per_inhabitant", "SEK_per_inhabitant", "97683"),
        (2, "per_1000_inhabitants", "per_1000_inhabitants", "97683"),
    ]
    assert found["value"].to_list() == pytest.approx([97683 * 415.01 / 371.91, 1000.0, 1000.0])


def test_derived_keeps_what_is_not_known_as_null() -> None:
    found = derived.derived(yearly(2025, 10, measure="hvb_total_cost", unit="kSEK", municipality_code="1489"))
    assert found.select("kind", "value", "status", "note").rows() == [
        ("real", None, "not_available", sentence("cpi_not_known")),
        ("per_inhabitant", None, "not_available", sentence("population_not_known")),
    ]
    assert found["note_sv"].to_list() == [sentence("cpi_not_known", "sv"), sentence("population_not_known", "sv")]


def test_volumes_of_the_context_are_not_set_per_inhabitant() -> None:
    assert derived.derived(yearly(2022, 10, measure="employees", unit="persons", domain="context")).is_empty()


def test_children_are_set_in_relation_to_children_where_these_are_known(own_facts: Path) -> None:
    people(2023)
    rows = yearly(2022, 126, 126, measure="child_investigations")
    kept = derived.derived(rows).select("period", "value", "unit", "base", "base_group", "base_source", "note").rows()
    unit = "per_1000_inhabitants_0_20"
    assert kept == [
        ("2022", None, unit, None, "0-20", None, sentence("age_group_not_known")),
        ("2023", 20.0, unit, "6300", "0-20", "invented", None),
    ]
    women = derived.derived(yearly(2023, 101, breakdown="kvinnor"))
    assert women.select("value", "base", "base_group").rows() == [(10.0, "10100", "women")]
    # 86 years of age, from 15 to 100.
    grown = derived.derived(yearly(2023, 516, breakdown="15 år och uppåt"))
    assert grown.select("value", "base", "base_group").rows() == [(20.0, "25800", "15+")]


def test_fetched_inhabitants_go_before_listed_ones(own_facts: Path) -> None:
    people(2022)
    assert facts.known_inhabitants()["0136", 2022] == (30300, "published", "invented")
    assert facts.known_inhabitants()["0136", 2021][:2] == (95658, "published")


def test_wages_and_bought_care_follow_municipal_prices_where_these_are_known(own_facts: Path) -> None:
    cost = yearly(2022, 100.0, measure="hvb_total_cost", unit="kSEK")
    assert yardsticks.index_of("hvb_total_cost") == "cpi"
    (own_facts / "pkv.csv").write_text("year,index,quality,source\n2022,100,final,invented\n2023,110,provisional,invented\n")
    facts.index_of.cache_clear()
    [real] = derived.derived(cost).filter(kind="real").select("value", "base").rows()
    assert real == (pytest.approx(110.0), "2023 PKV")
    assert yardsticks.index_of("economic_assistance_net_cost") == "cpi"
    assert derived.deflate(1.0, 2021, 2023, "pkv").note == "pkv_not_known"
    assert facts.is_provisional(2023, "pkv") and not facts.is_provisional(2022, "pkv")
    assert facts.price_change(2022, 2023, "pkv") == pytest.approx(10)


AGES = "municipality_code,municipality,year,first_age,last_age,sex,population,quality,source\n"


@pytest.mark.parametrize(
    ("rows", "ages", "people"),
    [
        (["0,17,,100,published"], (0, 17), 100),
        (["0,17,,100,published", "18,20,,10,published"], (0, 20), 110),
        (["0,17,,100,published", "19,20,,10,published"], (0, 20), None),  # those of 18 years are missing
        (["0,17,,100,published", "17,20,,10,published"], (0, 20), None),  # those of 17 years twice
        (["0,20,,100,published", "0,17,,90,published", "18,20,,11,published"], (0, 20), 100),  # the row of the group itself
        (["0,17,women,50,published"], (0, 17), None),
        (["0,17,,,missing"], (0, 17), None),
        (["0,5,,40,published", "6,17,,,missing"], (0, 17), None),
        (["0,17,,100,published"], (0, 16), None),
        (["65,,,30,published"], (65, None), 30),  # and older
        (["65,79,,20,published", "80,,,10,published"], (65, None), 30),
        (["65,79,,20,published", "81,,,10,published"], (65, None), None),  # those of 80 years are missing
        (["65,79,,20,published"], (65, None), None),
        (["65,,,30,published"], (65, 79), None),
    ],
)
def test_inhabitants_by_age_may_be_put_in_by_hand(
    own_facts: Path, rows: list[str], ages: tuple[int, int | None], people: int | None
) -> None:
    (own_facts / "population_by_age.csv").write_text(AGES + "".join(f"0136,Haninge,2022,{row},invented\n" for row in rows))
    facts.population.cache_clear()
    facts.known_inhabitants.cache_clear()
    found = facts.known_inhabitants(Group(*ages)).get(("0136", 2022), (None, ""))[0]
    assert found == people
    if people is None:
        with pytest.raises(SocialvolymError, match=r"aged \d+ .* of Haninge are not known"):
            derived.inhabitants("Haninge", ages)
    else:
        assert derived.inhabitants("Haninge", ages) == {"2022": people}
        adults = ages[0] >= 18
        counts = yearly(2022, 11.0, measure="lvm_placements" if adults else "lvu_placements")
        [rate] = derived.derived(counts, ages=ages).select("value", "base", "base_group").rows()
        assert rate == (1000 * 11 / people, f"{people}", Group(*ages).label)


def told(**row: Any) -> pl.DataFrame:
    """Return one error about the figure 200 of 2022, on line 2."""
    return finding(period="2022", series="outturn", **row)


def test_what_rests_on_a_contradicted_figure_is_of_what_it_should_be_or_absent_and_says_so() -> None:
    rows = yearly(2021, 956.58, 200, 100)
    for findings, value, status, note in (
        (told(expected="201"), 201, "corrected", sentence("figure_corrected")),
        (told(expected=None), None, "contradicted", sentence("contradicted")),
        (told(severity="warning"), 200, "computed", sentence("figure_doubted")),
        # What stands beside the figure is wrong, not the amount.
        (told(rule="unit_label"), 200, "computed", sentence("figure_doubted")),
        (told(severity="note"), 200, "computed", None),
        (told(published="956,58"), 200, "computed", None),
        (told(line=3), 200, "computed", None),
        (told(measure="lvu_placements"), 200, "computed", None),
    ):
        found = derived.derived(rows, findings=findings).filter(pl.col("period") == "2022")
        expected = None if value is None else pytest.approx(1000 * value / 97683)
        assert found.select("value", "status", "note").rows() == [(expected, status, note)], findings["expected"]
    others = derived.derived(rows, findings=told(expected=None)).filter(pl.col("period") != "2022")
    assert set(others["status"]) == {"computed"} and others["value"].null_count() == 0


def test_money_of_a_contradicted_figure_is_in_real_terms_as_it_should_be() -> None:
    cost = observations(
        {"value": -200.0, "published_as": "200", "line": 2}, measure="hvb_total_cost", unit="kSEK", period="2022", kind="table"
    )
    found = derived.derived(cost, base_year=2022, findings=told(measure="hvb_total_cost", expected="220"))
    assert found.select("kind", "value", "status").rows() == [
        ("real", pytest.approx(220.0), "corrected"),
        ("per_inhabitant", pytest.approx(220_000 / 97683), "corrected"),
    ]


@pytest.mark.parametrize("series", ["deviation", "change_abs", "change_pct"])
def test_differences_have_no_rate(series: str) -> None:
    assert derived.derived(yearly(2022, 16, series=series)).is_empty()
    money = derived.derived(yearly(2022, 16, series=series, measure="hvb_total_cost", unit="kSEK"))
    assert "per_inhabitant" not in money["kind"].to_list()
    assert derived.derived(yearly(2022, 16, series="budget")).height == 1


def test_a_part_of_unclear_age_has_no_rate_and_says_why(own_facts: Path) -> None:
    people(2022)
    for part in ("upp till 18 år", "över 65 år", "vuxna", "19-åringar"):
        [row] = derived.derived(yearly(2022, 12, measure="hvb_care_days", unit="care_days", breakdown=part)).rows(named=True)
        assert (row["value"], row["base"], row["note"]) == (None, None, sentence("age_group_not_clear")), part


def test_an_approximate_figure_gives_an_approximate_rate() -> None:
    assert derived.derived(yearly(2022, 100, bound="approx"))["note"].to_list() == [sentence("not_exact")]


def test_a_provisional_index_is_told_of_the_years_that_it_moves() -> None:
    cost = yearly(2023, 100, 100, measure="hvb_cost_per_day", unit="SEK_per_day")
    provisional = sentence("cpi_provisional")
    assert derived.derived(cost, base_year=2024)["note"].to_list() == [provisional, None]
    assert derived.derived(cost, base_year=2023)["note"].to_list() == [None, provisional]
    assert derived.derived(cost.head(1), base_year=2022)["note"].to_list() == [None]


def lvu(*values: float, **shared: Any) -> pl.DataFrame:
    return series_of(yearly(2021, *values, measure="lvu_placements", **shared), "lvu_placements")


def test_a_rate_by_own_denominators_is_judged_as_the_count_that_it_is_made_of() -> None:
    rate = derived.rate_of(lvu(89, 86), {2021: 21090, 2022: 21130})
    assert rate.select("value", "unit", "stated").rows() == [
        (pytest.approx(4.22, abs=0.005), "per_1000_own", 89.0),
        (pytest.approx(4.07, abs=0.005), "per_1000_own", 86.0),
    ]
    found = change_of(rate, 2021, 2022)
    assert (found.rule, found.model, found.said("sv")) == ("chance_enough_down", "poisson", "minskning")
    expected = poisson_ratio(89, 86, 21090, 21130)
    assert (found.low, found.high, found.p_value) == pytest.approx(expected)
    # Twice as many in twice as many persons is no change of the rate.
    same = change_of(derived.rate_of(lvu(100, 200), {"2021": 1000, "2022": 2000}), "2021", "2022")
    assert (same.rule, same.ratio, same.difference) == ("same", pytest.approx(1.0), 0.0)


def test_the_rounding_of_a_rate_is_that_of_its_figure_divided() -> None:
    days = series_of(yearly(2021, 1000, 1004, measure="hvb_care_days", unit="care_days"), "hvb_care_days")
    rate = derived.rate_of(days, {2021: 1000, 2022: 1000}, per=100)
    assert rate["half_step"].to_list() == [pytest.approx(0.05)] * 2 and rate["unit"][0] == "care_days_per_100_own"
    found = change_of(rate, 2021, 2022)
    assert (found.rule, found.low, found.high) == ("printed_too_little", pytest.approx(0.3), pytest.approx(0.5))


@pytest.mark.parametrize(
    ("measure", "unit", "own", "refused"),
    [
        ("hvb_care_days", "care_days", True, None),
        ("hvb_total_cost", "kSEK", True, None),
        ("hvb_cost_per_day", "SEK", True, r"hvb_cost_per_day \(SEK\) has no rate"),
        ("assistance_mean_per_month", "SEK", True, "has no rate"),
        ("lss_investigation_time", "days", False, r"\(days\) has no rate"),
        ("net_cost_ifo_per_inhabitant", "SEK_per_inhabitant", False, "has no rate"),
        ("lvu_placements", "per_1000_inhabitants", False, "has no rate"),
        ("young_adults_economic_assistance_share", "percent", False, "not of a share"),
        # Numbers of one's own may be of anything, inhabitants only of what these have.
        ("employees", "persons", True, None),
        ("employees", "persons", False, "has no rate per inhabitant"),
    ],
)
def test_what_does_not_add_up_over_persons_has_no_rate(measure: str, unit: str, own: bool, refused: str | None) -> None:
    series = series_of(yearly(2021, 100, 200, measure=measure, unit=unit), measure)
    bases = {2021: 10, 2022: 10} if own else derived.inhabitants("Haninge")
    if refused is None:
        assert derived.rate_of(series, bases)["value"].null_count() == 0
        return
    with pytest.raises(SocialvolymError, match=refused):
        derived.rate_of(series, bases)


def test_a_period_without_denominator_has_no_rate() -> None:
    rate = derived.rate_of(lvu(89, 86), {2022: 100})
    assert rate.select("value", "status").rows() == [(None, "not_available"), (860.0, "computed")]
    assert change_of(rate, 2021, 2022).rule == "missing"


def test_a_rate_says_that_it_is_computed_and_per_whom(own_facts: Path) -> None:
    people(2021, 2022)
    series = lvu(57, 114, breakdown="0-18 år")
    rate = derived.rate_of(series, derived.inhabitants("Haninge", (0, 18)))
    assert rate.select("value", "unit", "status", "base", "base_group", "base_source").rows() == [
        (10.0, "per_1000_inhabitants_0_18", "computed", 5700.0, "0-18", "invented"),
        (20.0, "per_1000_inhabitants_0_18", "computed", 5700.0, "0-18", "invented"),
    ]
    change = change_of(rate, 2021, 2022)
    assert change.why().startswith(
        "The rate per 1,000 inhabitants aged 0–18, computed here from the printed figure, is higher, by"
    )
    assert "per 1\xa0000 invånare 0–18 år, räknat här" in change.why("sv")
    assert change_of(series, 2021, 2022).why() == "The figure is higher, by more than chance alone gives."
    per_person = change_of(series, 2021, 2022, per_inhabitant=True)
    assert per_person.why("sv").startswith("Antalet per invånare, räknat här")
    own = change_of(derived.rate_of(series, dict(derived.inhabitants("Haninge"))), 2021, 2022)
    assert own.why().startswith("The rate per 1,000 of one's own denominator, computed here")
    named = change_of(derived.rate_of(series, {2021: 20, 2022: 20}, per=1, unit="per school"), 2021, 2022)
    assert named.why().startswith("The rate per school, computed here")


def test_what_the_sentence_of_a_computed_figure_is_of() -> None:
    days = series_of(yearly(2021, 1000, 1100, measure="hvb_care_days", unit="care_days"), "hvb_care_days")
    rate = derived.rate_of(days, {2021: 100, 2022: 100}, unit="per_1000_inhabitants_65_plus_women")
    assert change_of(rate, 2021, 2022).why().startswith("The rate per 1,000 inhabitants aged 65 and over, women, computed here")
    cost = series_of(yearly(2021, 100, 200, measure="hvb_total_cost", unit="kSEK"), "hvb_total_cost")
    real = change_of(derived.real_of(cost, 2022), 2021, 2022)
    assert real.why().startswith("The amount in the prices of one year, computed here") and "printed figure is" not in real.why()
    assert change_of(cost, 2021, 2022).why() == "The printed figure is higher, by more than rounding."
    per_head = derived.rate_of(cost, derived.inhabitants("Haninge"))
    assert per_head["unit"][0] == "kSEK_per_1000_inhabitants"
    assert change_of(per_head, 2021, 2022).why().startswith("The rate per 1,000 inhabitants, computed here")


@pytest.mark.parametrize(
    ("part", "ages", "sex", "refused"),
    [
        ("0-18 år", (0, 18), None, None),
        ("0-18 år", (0, 20), None, "take inhabitants(municipality, (0, 18))"),
        ("0-18 år", (0, 17), None, "(0, 18)"),
        ("0-18 år", (1, 18), None, "(0, 18)"),
        ("0-18 år", None, None, "inhabitants of all ages: take"),
        ("18 år och uppåt", (18, None), None, None),
        ("18 år och uppåt", (18, 99), None, "(18, None)"),
        ("SoL under 65", (0, 64), None, None),
        ("SoL under 65", (0, 65), None, "(0, 64)"),
        ("0-18 år, flickor", (0, 18), "women", None),
        ("0-18 år, flickor", (0, 18), None, '(0, 18), "women"'),
        ("kvinnor", None, "women", "0-20 women (kvinnor), the denominators are inhabitants of women: take"),
        ("kvinnor", (0, 20), "men", "are inhabitants of 0-20 men"),
        ("kvinnor", (0, 20), "women", None),
        # Of no certain ages, but not of all: which ones is for the researcher to say.
        ("barn", (0, 17), None, None),
        ("barn", None, None, "is of barn"),
        ("upp till 18 år", (0, 17), None, None),
        ("upp till 18 år", None, None, "all ages; numbers"),
        ("externa", (0, 20), None, None),
        ("externa", None, None, "is of 0-20 (externa)"),
        (None, (0, 17), None, None),
        # The measure itself is of children and young people.
        (None, None, None, "lvu_placements is of 0-20, the denominators are inhabitants of all ages: take"),
        (None, (65, None), None, "(0, 20)"),
    ],
)
def test_inhabitants_of_other_ages_than_the_part_are_refused(
    own_facts: Path, part: str | None, ages: tuple[int, int | None] | None, sex: str | None, refused: str | None
) -> None:
    people(2021, 2022)
    series, denominators = lvu(89, 86, breakdown=part), derived.inhabitants("Haninge", ages, sex)
    if refused is None:
        assert derived.rate_of(series, denominators)["value"].null_count() == 0
    else:
        with pytest.raises(SocialvolymError) as stopped:
            derived.rate_of(series, denominators)
        assert refused in str(stopped.value)
    assert derived.rate_of(series, dict(denominators))["unit"][0] == "per_1000_own"


def test_ages_that_a_part_or_a_measure_is_not_of_give_no_rate_wherever_they_are_asked_for(own_facts: Path) -> None:
    people(2022)
    told = {"unit": "persons", "domain": "lss"}
    for measure, part, ages, fits in (
        ("persons_with_measures", "SoL under 65", (0, 64), True),
        ("persons_with_measures", "SoL under 65", (65, None), False),
        ("persons_with_measures", "Hemtjänst", (65, None), True),
        ("jourhem_persons", None, (0, 17), True),
        ("jourhem_month_placed", None, (65, 80), False),
        ("lvm_placements", None, (0, 17), False),
        ("lvm_placements", None, (0, 64), True),
        ("adult_investigations", None, (18, 64), True),
        ("hvb_care_days", "vuxna", (0, 17), False),
        ("hvb_care_days", "vuxna", (18, None), True),
    ):
        rows = yearly(2022, 30, measure=measure, breakdown=part, **told)
        [row] = derived.derived(rows, ages=ages).filter(kind="per_1000_inhabitants").rows(named=True)
        assert (row["value"] is not None, row["base_group"]) == (fits, Group(*ages).label if fits else None), (measure, part)
        assert row["note"] == (None if fits else sentence("other_ages"))
        if not fits:
            with pytest.raises(SocialvolymError, match="the denominators are inhabitants of"):
                derived.rate_of(series_of(rows, measure), derived.inhabitants("Haninge", ages))


def test_money_is_told_per_inhabitant_of_all_ages_whomever_it_is_spent_on() -> None:
    cost = series_of(yearly(2022, 97683, measure="jourhem_net_cost", unit="kSEK"), "jourhem_net_cost")
    assert derived.rate_of(cost, derived.inhabitants("Haninge"), per=1)["value"].to_list() == [1.0]


def test_inhabitants_of_another_municipality_are_refused() -> None:
    with pytest.raises(SocialvolymError, match=r"of Haninge and those of Huddinge the inhabitants: take inhabitants\('0136'\)"):
        derived.rate_of(series_of(yearly(2022, 9), "lvm_placements"), derived.inhabitants("Huddinge"))


def test_a_series_in_real_terms_says_of_which_year_by_which_index_and_from_where(own_facts: Path) -> None:
    (own_facts / "pkv.csv").write_text("year,index,quality,source\n2022,100,final,a book\n2023,110,provisional,a circular\n")
    facts.index_of.cache_clear()
    cost = series_of(yearly(2021, 99, 100, 110, measure="hvb_total_cost", unit="kSEK"), "hvb_total_cost")
    columns = ["value", "price_year", "price_index", "price_source", "price_quality"]
    assert derived.real_of(cost, "2023", "pkv").select(columns).rows() == [
        (None, 2023, "pkv", "a circular", None),
        (pytest.approx(110.0), 2023, "pkv", "a circular", "provisional"),
        (110.0, 2023, "pkv", "a circular", None),
    ]
    own = derived.real_of(cost, 2022, {2021: 50, 2022: 100, 2023: 110})
    assert own.select(columns).row(0) == (198.0, 2022, "own", None, None)
    both = derived.rate_of(own, {2021: 10, 2022: 10, 2023: 10}, per=1)
    assert both.select("value", "base", "price_index").row(0) == (pytest.approx(19.8), 10.0, "own")


def test_a_missing_figure_keeps_its_reason_in_a_rate() -> None:
    series = lvu(89, None, 86).with_columns(
        status=pl.when(pl.col("value").is_null()).then(pl.lit("suppressed")).otherwise("status")
    )
    assert derived.rate_of(series, {2021: 10, 2022: 10, 2023: 10})["status"].to_list() == ["computed", "suppressed", "computed"]


def test_real_terms_of_a_series_carry_their_rounding() -> None:
    cost = series_of(yearly(2021, 100, 110, measure="hvb_total_cost", unit="kSEK"), "hvb_total_cost")
    real = derived.real_of(cost, 2022)
    factor = facts.price_index()[2022] / facts.price_index()[2021]
    assert real["value"].to_list() == pytest.approx([100 * factor, 110.0])
    assert real["half_step"].to_list() == pytest.approx([0.5 * factor, 0.5])
    assert change_of(real, 2021, 2022).model_reason == "money"


@pytest.mark.parametrize("changed", [pl.col("value") / 21, pl.col("value") + 1, pl.col("value").log()])
def test_values_that_are_no_longer_what_is_printed_are_not_judged(changed: pl.Expr) -> None:
    """Otherwise 4.22 and 4.07 children per 1 000 have the rounding of 89 and 86 children."""
    with pytest.raises(SocialvolymError, match="rate_of"):
        change_of(lvu(89, 86).with_columns(value=changed), 2021, 2022)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: derived.rate_of(lvu(1, 2), {2021: 0}), "2021 is not above zero"),
        (lambda: derived.rate_of(lvu(1, 2, unit="percent"), {2021: 5}), "not of a share"),
        (lambda: derived.real_of(lvu(1, 2), 2022), "not of count"),
        (lambda: derived.real_of(lvu(1, 2, unit="kSEK"), 1900), "1900 is not known"),
        (lambda: derived.real_of(lvu(1, 2, unit="kSEK"), 2022, "kpi"), "unknown price index 'kpi'.* there are: cpi, pkv"),
        (lambda: derived.real_of(lvu(1, 2, unit="kSEK"), 2022, {2022: 0}), "not 2022: 0"),
        (lambda: derived.real_of(lvu(1, 2, unit="kSEK"), 2022, {2021: 100}), "index own of 2022 is not known; years: 2021"),
        (lambda: derived.rate_of(lvu(1, 2), {}), "no denominator for 2021 to 2022; given are: none"),
        (lambda: derived.rate_of(lvu(1, 2), {2030: 7}), "given are: 2030"),
        (lambda: derived.rate_of(lvu(1, 2), {2021: 7}, per=0), "per is 0"),
        (lambda: derived.rate_of(lvu(1, 2), [7, 8]), "numbers by year, like .* not list"),
        (lambda: derived.inhabitants("Haninge", (64, 0)), r"ages is \(64, 0\); it must be"),
        (lambda: derived.inhabitants("Haninge", ("0", "64")), "it must be the first and the last age, like"),
        (lambda: derived.inhabitants("Haninge", (None, 64)), "it must be the first"),
        (lambda: derived.inhabitants("Haninge", sex="kvinnor"), 'must be "women", "men"'),
        (lambda: derived.derived(yearly(2022, 1), ages="0-17"), "ages is '0-17'"),
        (lambda: derived.derived(yearly(2022, 1), ages=(17, 0)), "it must be the first"),
    ],
)
def test_what_makes_no_rate_and_no_real_terms_stops(call: Any, message: str) -> None:
    with pytest.raises(SocialvolymError, match=message):
        call()


def test_a_year_may_be_given_as_text() -> None:
    assert derived.per_inhabitant(9.0, "0136", "2021") == derived.per_inhabitant(9.0, "Haninge", 2021)
