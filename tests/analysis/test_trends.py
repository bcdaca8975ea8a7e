from __future__ import annotations

import math
from itertools import permutations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import observations, yearly
from scipy import stats
from socialvolym.analysis.trends import (
    Change,
    change_of,
    kendall_exact,
    months_of,
    newcombe_interval,
    poisson_ratio,
    series_of,
    share_count,
    sign_interval,
    trends_of,
)
from socialvolym.errors import SocialvolymError


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


# Hollander and Wolfe, table A.30: one-sided tails of Kendall's K.
@pytest.mark.parametrize(
    ("values", "s", "p_value"),
    [
        ([1, 2, 3, 4], 6, 2 / 24),
        ([1, 2, 3, 4, 5], 10, 2 / 120),
        ([2, 1, 3, 4, 5], 8, 10 / 120),
        ([6, 5, 4, 3, 2, 1], -15, 2 / 720),
        ([3, 3, 3, 3, 3], 0, 1.0),
    ],
)
def test_kendall_against_published_tails(values: list[float], s: int, p_value: float) -> None:
    assert kendall_exact(values) == (s, pytest.approx(p_value, abs=1e-12))


@given(st.permutations(list(range(9))))
def test_kendall_without_ties_is_scipys_exact_test(values: list[int]) -> None:
    assert kendall_exact(values)[1] == pytest.approx(stats.kendalltau(range(9), values, method="exact").pvalue, abs=1e-9)


@given(st.lists(st.integers(0, 3), min_size=2, max_size=6))
def test_kendall_with_ties_is_the_permutation_distribution(values: list[int]) -> None:
    def statistic(order: tuple[int, ...]) -> int:
        return int(sum(np.sign(b - a) for i, a in enumerate(order) for b in order[i + 1 :]))

    s, p_value = kendall_exact(values)
    every = [statistic(order) for order in permutations(values)]
    assert s == statistic(tuple(values))
    assert p_value == pytest.approx(sum(abs(other) >= abs(s) for other in every) / len(every), abs=1e-12)


@pytest.mark.parametrize(("number", "k", "coverage"), [(6, 1, 0.96875), (8, 1, 0.9921875), (12, 3, 0.96142578125)])
def test_sign_interval_against_binomial_tables(number: int, k: int, coverage: float) -> None:
    assert sign_interval(list(range(1, number + 1))) == (k, number + 1 - k, pytest.approx(coverage, abs=1e-12))


def test_five_differences_have_no_sign_interval() -> None:
    assert sign_interval([1, 2, 3, 4, 5]) is None


def test_few_placements_more_is_no_increase() -> None:
    found = change(9, 11)
    assert (found.word, found.certainty, found.small, found.model) == ("cannot_tell", "too_few", True, "poisson")
    assert found.low is not None and found.high is not None and found.low < 1 < found.high
    assert found.observation_ids == ("haninge-2022:1:1", "haninge-2022:2:1")
    assert "20" in found.why("sv")


@pytest.mark.parametrize(
    ("first", "last", "rule"),
    [
        (19, 25, "too_few"),
        (20, 25, "chance_enough"),
        (25, 19, "too_few"),
        (0, 0, "too_few"),
        (0, 5, "too_few"),
        (0, 6, "chance_up"),
        (6, 0, "chance_down"),
        (200, 260, "chance_up"),
        (260, 200, "chance_down"),
        (200, 200, "chance_enough"),
        (100000, 100999, "too_little"),
        (100000, 101000, "chance_up"),
    ],
)
def test_counts_at_the_boundaries(first: float, last: float, rule: str) -> None:
    assert change(first, last).rule == rule


@given(st.integers(0, 400), st.integers(0, 400))
def test_every_pair_of_counts_has_a_word(first: int, last: int) -> None:
    found = change(first, last)
    assert found.word in {"increase", "decrease", "no_clear_change", "cannot_tell"}
    if found.word == "increase":
        assert last > first
    if found.word == "decrease":
        assert last < first


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


def test_costs_printed_with_a_minus_are_compared_by_size() -> None:
    found = change(-1000, -1100, measure="hvb_total_cost", unit="kSEK")
    assert (found.word, found.difference, found.percent) == ("increase", 100, pytest.approx(10))
    assert change(-1000, 1100, measure="hvb_total_cost", unit="kSEK").rule == "signs_differ"
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
    [((100, 100), "chance_up"), ((20, 20), "chance_enough"), ((10, 10), "too_few"), ((7, 20), "denominator_does_not_fit")],
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


def test_trend_is_theil_and_sens_with_the_exact_test() -> None:
    values = [192, 285, 262, 306, 324, 470]
    [trend] = trends_of(series_of(yearly(2017, *values), "lvm_placements"))
    expected = stats.theilslopes(values, range(2017, 2023), 0.95)
    slopes = (expected.slope, expected.low_slope, expected.high_slope)
    assert (trend.slope, trend.low, trend.high) == pytest.approx(slopes, abs=1e-9)
    assert (trend.s, trend.tau) == (13, pytest.approx(13 / 15, abs=1e-9))
    assert trend.p_value == pytest.approx(stats.kendalltau(range(6), values, method="exact").pvalue, abs=1e-9)
    assert (trend.word, trend.certainty, trend.missing) == ("increase", "clear", ())


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ([30, 40, 50, 60], "too_few_points"),
        ([30, 40, 50, 60, 70], "trend_up"),
        ([70, 60, 50, 40, 30], "trend_down"),
        ([40, 30, 50, 60, 70], "trend_not_clear"),
        ([12, 14, 10, 7, 9, 11], "too_few"),
        ([30, 30, 30, 30, 30], "trend_not_clear"),
        ([19, 40, 20, 50, 30], "too_few"),
        ([20, 40, 21, 50, 30], "trend_not_clear"),
    ],
)
def test_trend_rules_at_the_boundaries(values: list[float], rule: str) -> None:
    [trend] = trends_of(series_of(yearly(2015, *values), "lvm_placements"))
    assert trend.rule == rule
    assert (trend.slope is None) == (rule == "too_few_points")


def test_a_trend_is_never_computed_across_a_break() -> None:
    series = series_of(yearly(2013, *range(30, 80, 5)), "lvm_placements")
    parts = trends_of(series, ["2018"])
    assert [(part.periods[0], part.periods[-1]) for part in parts] == [("2013", "2017"), ("2018", "2022")]
    assert [part.word for part in trends_of(series, ["2016"])] == ["cannot_tell", "increase"]
    assert [len(part.periods) for part in trends_of(series, ["2018-05"])] == [5, 4]


def test_a_missing_year_is_named_and_keeps_its_place() -> None:
    [trend] = trends_of(series_of(yearly(2015, 30, 32, None, 36, 38, 40), "lvm_placements"))
    assert (trend.slope, trend.missing, len(trend.values)) == (pytest.approx(2.0), ("2017",), 5)


def test_a_rising_cost_printed_with_a_minus_rises() -> None:
    cost = yearly(2015, -10, -20, -30, -40, -50, measure="hvb_total_cost", unit="kSEK")
    [trend] = trends_of(series_of(cost, "hvb_total_cost"))
    assert (trend.word, trend.slope, trend.values[0]) == ("increase", pytest.approx(10), -10)


def test_no_trend_of_an_empty_series() -> None:
    assert trends_of(series_of(yearly(2015, None, None), "lvm_placements")) == []


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
    assert (found.shift, found.low, found.high) == (10.5, 7, 14)
    assert (found.word, found.months, found.seasons) == ("increase", 12, "seasons_unknowable")
    assert found.p_value == pytest.approx(2 * 0.5**12)
    assert found.by_month.row(0) == (1, 100, 105, 5, 5, "haninge-2022:1:1", "haninge-2022:13:1")


@pytest.mark.parametrize(("months", "rule"), [(5, "too_few_months"), (6, "months_up"), (0, "missing")])
def test_months_at_the_boundary(months: int, rule: str) -> None:
    blank: list[float | None] = [None] * (12 - months)
    found = months_of(monthly([100.0] * 12, [101.0] * months + blank), 2021, 2022)
    assert found.rule == rule
    assert found.by_month.height == 12
    assert found.by_month["difference"].null_count() == 12 - months


def test_a_shift_that_touches_zero_is_not_clear() -> None:
    first = [100.0] * 12
    assert months_of(monthly(first, [100.0] * 3 + [101.0] * 9), 2021, 2022).rule == "months_not_clear"
    assert months_of(monthly(first, [100.0] * 2 + [101.0] * 10), 2021, 2022).rule == "months_up"
    assert months_of(monthly(first, [99.0] * 12), 2021, 2022).rule == "months_down"
    assert months_of(monthly(first, first), 2021, 2022).p_value == 1.0


def test_months_across_a_break_are_not_compared() -> None:
    series = monthly([100.0] * 12, [110.0] * 12)
    assert months_of(series, 2021, 2022, ["2022"]).rule == "break_between"
    assert months_of(series, 2021, 2022, ["2021"]).rule == "months_up"
    with pytest.raises(SocialvolymError):
        trends_of(series)
