from __future__ import annotations

import math

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import observations, yearly
from scipy import stats
from socialvolym.analysis.trends import (
    Change,
    change_of,
    legs_of,
    months_of,
    newcombe_interval,
    one_step,
    paths_of,
    poisson_ratio,
    share_count,
)
from socialvolym.errors import SocialvolymError
from socialvolym.observations.series import series_of


def change(first: float | None, last: float | None, **shared: object) -> Change:
    measure = str(shared.get("measure", "lvm_placements"))
    return change_of(series_of(yearly(2021, first, last, **shared), measure), "2021", "2022")


# Published: Clopper-Pearson for 0 of 10 ends at 1 - 0.025^(1/10) = 0.3085; the odds of it are the ratio's end.
def test_poisson_ratio_against_published_values() -> None:
    low, high, p_value = poisson_ratio(10, 0)
    share = 1 - 0.025**0.1
    assert (low, high) == (0.0, pytest.approx(share / (1 - share), abs=1e-9))
    assert p_value == pytest.approx(2 * 0.5**10, abs=1e-12)


@given(st.integers(0, 500), st.integers(0, 500), st.floats(1e3, 1e6), st.floats(1e3, 1e6))
def test_poisson_ratio_is_the_conditional_binomial_interval(first: int, last: int, a: float, b: float) -> None:
    low, high, p_value = poisson_ratio(first, last, a, b)
    if first + last == 0:
        assert (low, high, p_value) == (0.0, math.inf, 1.0)
        return
    ends = stats.binomtest(last, first + last).proportion_ci(method="exact")
    shares = [low * b / (a + low * b), 1.0 if high == math.inf else high * b / (a + high * b)]
    assert shares == pytest.approx([ends.low, ends.high], abs=1e-9)
    assert (p_value < 0.05) == (not low <= 1 <= high) or math.isclose(p_value, 0.05, rel_tol=1e-6)


@given(st.integers(1, 300), st.integers(1, 300))
def test_turning_the_ratio_round_turns_the_interval_round(first: int, last: int) -> None:
    low, high, p_value = poisson_ratio(first, last)
    assert poisson_ratio(last, first) == (pytest.approx(1 / high), pytest.approx(1 / low), pytest.approx(p_value))


# Newcombe (1998), table II, method 10: 56/70 - 48/80.
def test_newcombe_against_the_published_interval() -> None:
    assert newcombe_interval(48, 80, 56, 70) == (pytest.approx(0.0524, abs=5e-5), pytest.approx(0.3339, abs=5e-5))


# statsmodels 0.15, confint_proportions_2indep(method="newcomb", compare="diff").
@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [
        ((48, 80, 56, 70), 0.05243147240236498, 0.33387265403690614),
        ((9, 10, 3, 10), -0.809017973535488, -0.1705227239345029),
        ((0, 20, 5, 25), 0.004117448685351827, 0.3913095036954024),
    ],
)
def test_newcombe_is_that_of_statsmodels(counts: tuple[int, int, int, int], low: float, high: float) -> None:
    assert newcombe_interval(*counts) == (pytest.approx(low, abs=1e-9), pytest.approx(high, abs=1e-9))


@pytest.mark.parametrize("pair", [(2357, 3119), (169, 207), (9, 11), (92, 90)])
def test_poisson_ratio_is_scipys_exact_binomial_interval(pair: tuple[int, int]) -> None:
    first, last = pair
    share = stats.binomtest(last, first + last).proportion_ci(0.95, method="exact")
    low, high, _ = poisson_ratio(first, last)
    assert low == pytest.approx(share.low / (1 - share.low), abs=1e-9)
    assert high == pytest.approx(share.high / (1 - share.high), abs=1e-9)


def test_a_complete_count_is_a_fact_and_chance_a_remark() -> None:
    found = change(9, 11)
    assert (found.word, found.difference, found.certainty, found.model) == ("increase", 2, "not_clear", "poisson")
    assert found.observation_ids == ("haninge-2022:1:1", "haninge-2022:2:1")
    assert "kan vara slump" in found.why("sv")


def test_persons_who_stay_have_no_interval_and_one_more_is_one_more() -> None:
    found = change(811, 861, measure="persons_with_measures", unit="persons")
    assert (found.word, found.difference, found.certainty, found.model_reason) == ("increase", 50, "not_applicable", "stay")
    assert found.percent == pytest.approx(6.165, abs=1e-3)
    assert change(10, 11, measure="persons_with_measures", unit="persons").word == "increase"


@pytest.mark.parametrize(
    ("first", "last", "rule"),
    [
        (20, 25, "chance_enough_up"),
        (25, 19, "chance_enough_down"),
        (0, 0, "same"),
        (0, 5, "chance_enough_up"),
        (0, 6, "chance_beyond_up"),
        (6, 0, "chance_beyond_down"),
        (200, 260, "chance_beyond_up"),
        (200, 200, "same"),
    ],
)
def test_counts_at_the_boundaries(first: float, last: float, rule: str) -> None:
    assert change(first, last).rule == rule


@given(st.integers(0, 400), st.integers(0, 400))
def test_every_pair_of_counts_has_a_word(first: int, last: int) -> None:
    found = change(first, last)
    assert found.word == ("increase" if last > first else "decrease" if last < first else "no_clear_change")


def test_nothing_is_computed_across_a_break_or_from_a_hole() -> None:
    series = series_of(yearly(2020, 100, None, 300), "lvm_placements")
    assert change_of(series, "2020", "2021").rule == "missing"
    assert change_of(series, "2020", "2022", breaks=["2022"]).rule == "break_between"
    assert change_of(series, "2020", "2022", breaks=["2022"]).percent is None
    assert change_of(series, "2020", "2022", breaks=["2020", "2023"]).word == "increase"
    with pytest.raises(SocialvolymError, match="2020 to 2022"):
        change_of(series, "2019", "2022")


@pytest.mark.parametrize("bound", ["lt", "gt", "approx"])
def test_a_bound_is_not_compared(bound: str) -> None:
    rows = observations({"period": "2021", "value": 100}, {"period": "2022", "value": 300, "bound": bound})
    assert change_of(series_of(rows, "lvm_placements"), "2021", "2022").rule == "not_exact"


def test_counts_per_inhabitant() -> None:
    series = series_of(yearly(2021, 956, 977), "lvm_placements")
    found = change_of(series, "2021", "2022", per_inhabitant=True)
    assert found.ratio == pytest.approx(977 / 97683 / (956 / 95658))
    assert found.low == pytest.approx(poisson_ratio(956, 977)[0] * 95658 / 97683)
    lost = change_of(series_of(yearly(2019, 50, 90), "lvm_placements"), "2019", "2020", per_inhabitant=True)
    assert (lost.rule, lost.ratio) == ("population_not_known", None)


@pytest.mark.parametrize(
    ("first", "last", "rule"),
    [
        (100.0, 100.9, "within_rounding"),
        (100.0, 101.0, "within_rounding"),
        (1000.0, 1009.0, "printed_too_little"),
        (1000.0, 1010.0, "printed_up"),
        (1010.0, 1000.0, "printed_too_little"),
        (1020.0, 1000.0, "printed_down"),
    ],
)
def test_money_is_described_without_a_model_of_chance(first: float, last: float, rule: str) -> None:
    found = change_of(
        series_of(
            observations(
                {"period": "2021", "value": first, "published_as": "1"},
                {"period": "2022", "value": last, "published_as": "1"},
                measure="hvb_total_cost",
                unit="kSEK",
            ),
            "hvb_total_cost",
        ),
        "2021",
        "2022",
    )
    assert (found.rule, found.certainty, found.model, found.model_reason) == (rule, "not_applicable", None, "money")


def test_costs_printed_with_a_minus_are_costs() -> None:
    found = change(-1000, -1100, measure="hvb_total_cost", unit="kSEK")
    assert (found.word, found.difference, found.percent) == ("increase", 100, pytest.approx(10))
    assert change(-1000, -1100, measure="result", unit="kSEK").word == "decrease"


def test_a_mean_and_a_broken_number_are_no_counts() -> None:
    assert change(27, 53, measure="jourhem_month_placed", unit="persons").model_reason == "mean"
    assert change(27.9, 53, measure="lvm_placements").model_reason == "not_whole"


def test_shares_change_in_percentage_points() -> None:
    share = {"measure": "long_term_recipients_share", "unit": "percent"}
    found = change(42.9, 48.2, **share)
    assert (found.word, found.model_reason, found.percent) == ("increase", "share", None)
    assert found.difference == pytest.approx(5.3)
    assert change(42.9, 43.9, **share).rule == "printed_up"
    assert change(42.9, 43.8, **share).rule == "printed_too_little"
    assert change(42.9, 43.0, **share).rule == "within_rounding"


def test_a_survey_without_its_number_of_answers_tells_nothing() -> None:
    assert change(50, 90, measure="user_situation_improved_share", unit="percent").rule == "survey_without_answers"


@pytest.mark.parametrize(
    ("denominators", "rule"),
    [((100, 100), "chance_beyond_up"), ((20, 20), "chance_enough_up"), ((7, 20), "denominator_does_not_fit")],
)
def test_shares_with_their_denominators(denominators: tuple[int, int], rule: str) -> None:
    measure = "user_situation_improved_share"
    series = series_of(yearly(2021, 60, 80, measure=measure, unit="percent"), measure)
    found = change_of(series, "2021", "2022", denominators=denominators)
    assert rule in {found.rule, found.model_reason}


def test_share_count() -> None:
    assert share_count(33.3, 0.05, 3) == 1
    assert share_count(33.3, 0.05, 4) is None
    assert share_count(101.0, 0.5, 10) is None


def legs(*values: float) -> list[tuple[str, bool | None, bool]]:
    periods = [str(2017 + number) for number in range(len(values))]
    return [(leg.last_period, leg.up, leg.steep) for leg in legs_of(periods, values, "SEK_per_day")]


def test_a_path_is_told_leg_by_leg() -> None:
    assert legs(2208, 2214, 2381, 2570, 2357, 3119) == [
        ("2018", None, False),
        ("2020", True, False),
        ("2021", False, False),
        ("2022", True, True),
    ]
    assert legs(30, 40, 50, 60) == [("2020", True, False)]
    assert legs(30, 60) == [("2018", True, False)]
    assert legs(100, 100.9, 100) == [("2019", None, False)]
    assert legs(4.2, 4.2, 4.3) == [("2018", None, False), ("2019", True, False)]
    assert [leg.same for leg in legs_of(["2018", "2019", "2020", "2021"], [573, 573, 546, 546], "persons")] == [True, False, True]
    assert [leg.same for leg in legs_of(["2018", "2019", "2020"], [573, 574, 574], "persons")] == [False]
    assert [leg.steep for leg in legs_of(["2018", "2019", "2020"], [8, 7, 8], "persons")] == [False, False]
    assert [leg.steep for leg in legs_of(["2018", "2019", "2020"], [38, 31, 35], "count")] == [False, False]
    assert [leg.steep for leg in legs_of(["2018", "2019", "2020"], [19, 42, 18], "persons")] == [True, True]
    assert [leg.steep for leg in legs_of(["2018", "2019", "2020"], [5.2, 5.5, 4.9], "per_10000_inhabitants")] == [False, False]
    assert legs(100, 100, 110) == [("2018", None, False), ("2019", True, True)]


@pytest.mark.parametrize(
    ("values", "step"),
    [
        ((415, 231, 175, 186, 138, 128), "2018"),
        ((40, 50, 60, 70), None),
        ((10, 15, 20), None),
        ((10, 16, 20), "2018"),
        ((10, 20), None),
        ((200, 100, 190, 210), None),
        ((100, 50, 100), None),
    ],
)
def test_what_happened_in_one_year_is_told_as_that(values: tuple[float, ...], step: str | None) -> None:
    assert one_step([str(2017 + number) for number in range(len(values))], values) == step


def test_a_path_stops_at_a_break_and_names_a_missing_year() -> None:
    series = series_of(yearly(2013, *range(30, 80, 5)), "lvm_placements")
    assert [(part.periods[0], part.periods[-1]) for part in paths_of(series, ["2018"])] == [("2013", "2017"), ("2018", "2022")]
    assert [len(part.periods) for part in paths_of(series, ["2018-05"])] == [5, 4]
    [path] = paths_of(series_of(yearly(2015, 30, 32, None, 36, 38, 40), "lvm_placements"))
    assert (path.missing, len(path.values), path.steady) == (("2017",), 5, True)


def test_a_rising_cost_printed_with_a_minus_rises() -> None:
    cost = yearly(2015, -10, -20, -30, -40, -50, measure="hvb_total_cost", unit="kSEK")
    [path] = paths_of(series_of(cost, "hvb_total_cost"))
    assert (path.steady, path.legs[0].up, path.values[0]) == (True, True, 10)


def test_no_path_of_an_empty_series_or_of_one_figure() -> None:
    assert paths_of(series_of(yearly(2015, None, None), "lvm_placements")) == []
    assert paths_of(series_of(yearly(2015, 5), "lvm_placements")) == []


def monthly(first: list[float | None], last: list[float | None]) -> pl.DataFrame:
    rows = [
        {"period": f"{year}-{month:02d}", "value": value}
        for year, values in ((2021, first), (2022, last))
        for month, value in enumerate(values, start=1)
    ]
    shared = {"measure": "lss_housing_residents", "unit": "persons"}
    return series_of(observations(*rows, **shared), "lss_housing_residents", frequency="month")


def test_months_are_compared_with_the_same_months() -> None:
    found = months_of(monthly([100.0 + m for m in range(12)], [105.0 + 2 * m for m in range(12)]), 2021, 2022)
    assert (found.word, found.months, found.higher, found.lower) == ("increase", 12, 12, 0)
    assert (found.first, found.last) == (105.5, 116.0)
    assert found.by_month.row(0) == (1, 100, 105, 5, 5, "haninge-2022:1:1", "haninge-2022:13:1")


@pytest.mark.parametrize(
    ("last", "word", "higher"),
    [(100.9, "no_clear_change", 12), (101.0, "increase", 12), (99.0, "decrease", 0), (100.0, "no_clear_change", 0)],
)
def test_months_at_the_boundary_of_a_change(last: float, word: str, higher: int) -> None:
    found = months_of(monthly([100.0] * 12, [last] * 12), 2021, 2022)
    assert (found.word, found.higher) == (word, higher)


def test_months_without_a_pair_tell_nothing() -> None:
    assert months_of(monthly([1.0, None], [None, 1.0]), 2021, 2022).rule == "missing"
    assert months_of(monthly([1.0] * 12, [2.0] * 12), 2021, 2022, ["2022-03"]).rule == "break_between"


@pytest.mark.parametrize(("first", "last"), [("2022", "2021"), (2022, 2022)])
def test_a_change_is_from_an_earlier_period_to_a_later_one(first: str | int, last: str | int) -> None:
    series = series_of(yearly(2021, 100, 120), "lvm_placements")
    with pytest.raises(SocialvolymError, match=f"not from {first} to {last}"):
        change_of(series, first, last)
