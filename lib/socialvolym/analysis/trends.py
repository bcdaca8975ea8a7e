"""Trends: the change between two years, the trend over five or more, and two years month by month."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from statistics import median
from typing import Any

import numpy as np
import polars as pl
from scipy import stats

from socialvolym.analysis import derived
from socialvolym.analysis.classification import (
    Certainty,
    Word,
    classify_interval,
    classify_rounding,
    classify_trend,
    is_cost,
    is_share,
    is_survey,
    rules,
    sentence,
    threshold,
    why_no_model,
)
from socialvolym.errors import SocialvolymError
from socialvolym.notation.calendar import breaks_between, unbroken
from socialvolym.notation.languages import Language
from socialvolym.observations.series import series_of
from socialvolym.reports.loading import load_reports

__all__ = [
    "Change",
    "MonthlyComparison",
    "Trend",
    "breaks_of",
    "change_of",
    "kendall_exact",
    "months_of",
    "newcombe_interval",
    "poisson_ratio",
    "series_of",
    "share_count",
    "sign_interval",
    "trends_of",
]


class _Ruled:
    """What has been classified: its word, its certainty and why, all from the rule that decided."""

    rule: str

    @property
    def word(self) -> Word:
        """The classification."""
        return rules().reason[self.rule].word

    @property
    def certainty(self) -> Certainty:
        """What the word says of chance; "not_applicable" where chance has no model."""
        return rules().reason[self.rule].certainty

    def why(self, language: Language = "en") -> str:
        """Return the sentence of the rule that decided."""
        return sentence(self.rule, language)


@dataclass(frozen=True)
class Change(_Ruled):
    """The change of a measure between two periods.

    Attributes
    ----------
    first, last : the figures as printed (in the measure's unit); None where missing.
    difference : last - first; of costs printed with a minus, the difference of their sizes; of shares, percentage points.
    percent : change in per cent of the first figure, per inhabitant where asked for; None for shares and from zero.
    ratio : last / first, per inhabitant where asked for.
    low, high : interval of the ratio (counts) or of the difference (shares; other figures, by rounding only); interval_of says.
    p_value : of the exact conditional test of two counts.
    model : "poisson", "binomial" or None, and then model_reason says why (an id of rules.toml).
    small : whether a count is under the threshold of small counts.
    rule : the rule of rules.toml that decided.
    """

    measure: str
    unit: str
    first_period: str
    last_period: str
    first: float | None
    last: float | None
    rule: str
    difference: float | None = None
    percent: float | None = None
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    interval_of: str | None = None
    p_value: float | None = None
    model: str | None = None
    model_reason: str | None = None
    small: bool = False
    per_inhabitant: bool = False
    observation_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trend(_Ruled):
    """The trend of one unbroken part of a yearly series.

    Attributes
    ----------
    periods, values : the years with a figure; missing: the years between them without one.
    slope, low, high : Theil-Sen slope a year with its interval; None with fewer years than the threshold.
    percent_per_year : the slope in per cent of the median value; None for shares.
    s, tau, p_value : Mann-Kendall statistic, Kendall's tau-b, and the exact two-sided p-value with ties.
    """

    measure: str
    unit: str
    periods: tuple[str, ...]
    values: tuple[float, ...]
    rule: str
    slope: float | None = None
    low: float | None = None
    high: float | None = None
    percent_per_year: float | None = None
    s: int | None = None
    tau: float | None = None
    p_value: float | None = None
    small: bool = False
    missing: tuple[str, ...] = ()
    observation_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class MonthlyComparison(_Ruled):
    """Two years of a measure, month by month.

    Attributes
    ----------
    by_month : columns month, first, last, difference, percent, first_id, last_id; a missing month has nulls.
    shift, low, high : median of the differences between the same months, with its sign interval.
    coverage : what the sign interval covers; p_value : exact sign test, equal months left out.
    seasons, note : ids of rules.toml: why seasons are unknowable, and that months are not independent.
    """

    measure: str
    unit: str
    first_year: str
    last_year: str
    rule: str
    by_month: pl.DataFrame = field(compare=False)
    months: int = 0
    shift: float | None = None
    low: float | None = None
    high: float | None = None
    coverage: float | None = None
    p_value: float | None = None
    seasons: str = "seasons_unknowable"
    note: str = "months_dependent"
    observation_ids: tuple[str, ...] = ()


def breaks_of(measure: str, report: str) -> tuple[str, ...]:
    """Return the breaks that a report's corrections.toml announces for a measure, as periods."""
    return tuple(
        entry.period
        for raw in load_reports()
        if raw.report.id == report
        for entry in raw.notes.break_
        if measure in entry.measures
    )


def change_of(
    series: pl.DataFrame,
    first: str,
    last: str,
    *,
    breaks: Sequence[str] = (),
    per_inhabitant: bool = False,
    denominators: tuple[int, int] | None = None,
) -> Change:
    """Return the change between two periods of a series (from series_of).

    Parameters
    ----------
    breaks : the first periods counted in a new way; nothing is computed across one.
    per_inhabitant : compare counts per inhabitant on 31 December.
    denominators : the numbers of persons behind two shares, where known.

    Examples
    --------
    >>> change_of(series_of(observations, "lvm_placements", "haninge-2022"), "2021", "2022").word  # doctest: +SKIP
    'cannot_tell'
    """
    rows = [_row(series, period) for period in (first, last)]
    what: dict[str, Any] = {
        "measure": rows[0]["measure"],
        "unit": rows[0]["unit"],
        "first_period": first,
        "last_period": last,
        "first": rows[0]["value"],
        "last": rows[1]["value"],
        "per_inhabitant": per_inhabitant,
        "observation_ids": tuple(row["observation_id"] for row in rows if row["observation_id"]),
    }
    values = _sizes(what["measure"], [row["value"] for row in rows])
    if refused := _refusal(rows, values, first, last, breaks):
        return Change(**what, rule=refused)
    what["difference"] = values[1] - values[0]
    if is_share(what["unit"]):
        return _share_change(what, rows, values, denominators)
    what["model_reason"] = why_no_model(what["measure"], what["unit"], yearly=len(first) == 4)
    if what["model_reason"] is None and not all(value >= 0 and value == int(value) for value in values):
        what["model_reason"] = "not_whole"
    return _count_change(what, rows, values) if what["model_reason"] is None else _described(what, rows, values)


def _row(series: pl.DataFrame, period: str) -> dict[str, Any]:
    found = next((row for row in series.iter_rows(named=True) if row["period"] == period), None)
    if found is None:
        known = f"{series['period'][0]} to {series['period'][-1]}" if series.height else "none"
        raise SocialvolymError(f"there is no period {period!r} in the series; its periods are: {known}")
    return found


def _sizes(measure: str, values: Sequence[float | None]) -> list[Any]:
    """Costs that are printed with a minus become their sizes; everything else stays as it is."""
    if is_cost(measure) and all(value is None or value <= 0 for value in values):
        return [None if value is None else -value for value in values]
    return list(values)


def _refusal(
    rows: Sequence[dict[str, Any]], values: Sequence[float | None], first: str, last: str, breaks: Sequence[str]
) -> str | None:
    if any(value is None for value in values):
        return "missing"
    if breaks_between(first, last, breaks):
        return "break_between"
    if any(row["bound"] for row in rows):
        return "not_exact"
    if is_cost(rows[0]["measure"]) and any(value < 0 for value in values if value is not None):
        return "signs_differ"
    return None


def _count_change(what: dict[str, Any], rows: Sequence[dict[str, Any]], values: Sequence[float]) -> Change:
    exposures = [1.0, 1.0]
    if what["per_inhabitant"]:
        people = [derived.inhabitants(row["municipality_code"], int(row["period"][:4])) for row in rows]
        if None in people:
            return Change(**what, rule="population_not_known")
        exposures = [float(number) for number in people if number is not None]
    low, high, p_value = poisson_ratio(int(values[0]), int(values[1]), exposures[0], exposures[1], threshold("confidence"))
    ratio = values[1] * exposures[0] / (values[0] * exposures[1]) if values[0] else None
    percent = None if ratio is None else 100 * (ratio - 1)
    small = min(values) < threshold("small_count")
    rule = classify_interval(low, high, 1.0, math.inf if percent is None else abs(percent), threshold("least_percent"), small)
    return Change(
        **what,
        rule=rule,
        ratio=ratio,
        percent=percent,
        low=low,
        high=high,
        interval_of="ratio",
        p_value=p_value,
        model="poisson",
        small=small,
    )


def _share_change(
    what: dict[str, Any], rows: Sequence[dict[str, Any]], values: Sequence[float], denominators: tuple[int, int] | None
) -> Change:
    if denominators is None:
        what["model_reason"] = "share"
        if is_survey(what["measure"]):
            return Change(**what, rule="survey_without_answers")
        return _described(what, rows, values)
    counts = [share_count(value, row["half_step"], number) for value, row, number in zip(values, rows, denominators, strict=True)]
    if counts[0] is None or counts[1] is None:
        what["model_reason"] = "denominator_does_not_fit"
        return _described(what, rows, values)
    low, high = newcombe_interval(counts[0], denominators[0], counts[1], denominators[1], threshold("confidence"))
    small = min(denominators) < threshold("small_count")
    rule = classify_interval(100 * low, 100 * high, 0.0, abs(what["difference"]), threshold("least_percentage_points"), small)
    return Change(**what, rule=rule, low=100 * low, high=100 * high, interval_of="difference", model="binomial", small=small)


def _described(what: dict[str, Any], rows: Sequence[dict[str, Any]], values: Sequence[float]) -> Change:
    slack = rows[0]["half_step"] + rows[1]["half_step"]
    low, high = what["difference"] - slack, what["difference"] + slack
    ratio = values[1] / values[0] if values[0] else None
    if is_share(what["unit"]):
        size, least, percent = abs(what["difference"]), threshold("least_percentage_points"), None
    else:
        percent = 100 * what["difference"] / abs(values[0]) if values[0] else None
        size, least = math.inf if percent is None else abs(percent), threshold("least_percent")
    return Change(
        **what,
        rule=classify_rounding(low, high, size, least),
        ratio=ratio,
        percent=percent,
        low=low,
        high=high,
        interval_of="difference",
    )


def poisson_ratio(
    first: int, last: int, first_exposure: float = 1.0, last_exposure: float = 1.0, confidence: float = 0.95
) -> tuple[float, float, float]:
    """Return (low, high, p): exact conditional interval and central test of the ratio of two Poisson rates.

    Given the sum, the last count is binomial (Przyborowski and Wilenski 1940); the interval is Clopper and Pearson's.
    """
    total, tail = first + last, (1 - confidence) / 2
    low_share = float(stats.beta.ppf(tail, last, first + 1)) if last else 0.0
    high_share = float(stats.beta.ppf(1 - tail, last + 1, first)) if first else 1.0
    scale = first_exposure / last_exposure
    low = low_share / (1 - low_share) * scale
    high = math.inf if high_share == 1 else high_share / (1 - high_share) * scale
    null = last_exposure / (first_exposure + last_exposure)
    below, above = stats.binom.cdf(last, total, null), stats.binom.sf(last - 1, total, null)
    return low, high, min(1.0, 2 * float(min(below, above)))


def share_count(percent: float, half_step: float, number: int) -> int | None:
    """Return how many of a number of persons a printed share means; None where no whole number gives it."""
    count = round(percent * number / 100)
    fits = number > 0 and 0 <= count <= number and abs(100 * count / number - percent) <= half_step + 1e-9
    return count if fits else None


def newcombe_interval(
    first: int, first_number: int, last: int, last_number: int, confidence: float = 0.95
) -> tuple[float, float]:
    """Return the interval of last/last_number - first/first_number (Newcombe 1998, method 10: Wilson intervals combined)."""
    a, b = first / first_number, last / last_number
    a_low, a_high = _wilson(first, first_number, confidence)
    b_low, b_high = _wilson(last, last_number, confidence)
    return (b - a - math.hypot(b - b_low, a_high - a), b - a + math.hypot(b_high - b, a - a_low))


def _wilson(count: int, number: int, confidence: float) -> tuple[float, float]:
    interval = stats.binomtest(count, number).proportion_ci(confidence, method="wilson")
    return float(interval.low), float(interval.high)


def trends_of(series: pl.DataFrame, breaks: Sequence[str] = ()) -> list[Trend]:
    """Return the trend of every unbroken part of a yearly series (from series_of), in order of time.

    A year that a break falls inside belongs to no part. Approximate figures are left out as missing.
    """
    known = series.filter(pl.col("value").is_not_null(), pl.col("bound").is_null())
    if any(len(period) != 4 for period in known["period"]):
        raise SocialvolymError("a trend is computed of yearly figures; of months use months_of")
    return [_trend(series, known.filter(pl.col("period").is_in(part))) for part in unbroken(known["period"].to_list(), breaks)]


def _trend(series: pl.DataFrame, known: pl.DataFrame) -> Trend:
    measure, periods = known["measure"][0], known["period"].to_list()
    years = [int(period) for period in periods]
    values = _sizes(measure, known["value"].to_list())
    what: dict[str, Any] = {
        "measure": measure,
        "unit": known["unit"][0],
        "periods": tuple(periods),
        "values": tuple(known["value"].to_list()),
        "missing": tuple(str(year) for year in range(years[0], years[-1] + 1) if year not in years),
        "observation_ids": tuple(known["observation_id"].to_list()),
    }
    if len(years) < threshold("least_points"):
        return Trend(**what, rule="too_few_points")
    if is_cost(measure) and min(values) < 0:
        return Trend(**what, rule="signs_differ")
    s, p_value = kendall_exact(values)
    slope, _, low, high = (float(part) for part in stats.theilslopes(values, years, threshold("confidence")))
    tau = float(stats.kendalltau(years, values).statistic)
    typical = median(values)
    is_count = why_no_model(measure, what["unit"]) is None
    small = is_count and min(values) < threshold("small_count")
    return Trend(
        **what,
        rule=classify_trend(p_value, s, small),
        slope=slope,
        low=low,
        high=high,
        s=s,
        tau=None if math.isnan(tau) else tau,
        p_value=p_value,
        small=small,
        percent_per_year=None if is_share(what["unit"]) or not typical else 100 * slope / abs(typical),
    )


def kendall_exact(values: Sequence[float]) -> tuple[int, float]:
    """Return (S, p): Mann-Kendall statistic of values in order of time, and its exact two-sided p-value with ties.

    Given the ties, the number of inversions has the q-multinomial coefficient as its distribution (Kendall 1975, chapter 5).
    """
    ordered = np.asarray(values, dtype=float)
    s = int(sum(np.sign(ordered[index + 1 :] - ordered[index]).sum() for index in range(len(ordered))))
    ties = tuple(sorted(int(count) for count in np.unique(ordered, return_counts=True)[1]))
    ways = _inversions(ties)
    pairs = len(ways) - 1
    extreme = sum(count for inversions, count in enumerate(ways) if abs(pairs - 2 * inversions) >= abs(s))
    return s, extreme / sum(ways)


@lru_cache(maxsize=256)
def _inversions(ties: tuple[int, ...]) -> tuple[int, ...]:
    """How many orders of a multiset have 0, 1, 2, ... inversions."""
    ways = [1]
    for size in range(2, sum(ties) + 1):
        ways = [sum(ways[max(0, k - size + 1) : k + 1]) for k in range(len(ways) + size - 1)]
    for factor in (size for tie in ties for size in range(2, tie + 1)):
        quotient: list[int] = []
        for k in range(len(ways) - factor + 1):
            quotient.append(ways[k] - sum(quotient[max(0, k - factor + 1) : k]))
        ways = quotient
    return tuple(ways)


def months_of(series: pl.DataFrame, first_year: int | str, last_year: int | str, breaks: Sequence[str] = ()) -> MonthlyComparison:
    """Return two years of a monthly series (from series_of with frequency="month") compared month by month."""
    first, last = str(first_year), str(last_year)
    table = _by_month(series, first, last)
    pairs = table.filter(pl.col("difference").is_not_null())
    what: dict[str, Any] = {
        "measure": series["measure"][0] if series.height else "",
        "unit": series["unit"][0] if series.height else "",
        "first_year": first,
        "last_year": last,
        "by_month": table,
        "months": pairs.height,
        "observation_ids": tuple(name for column in ("first_id", "last_id") for name in pairs[column].to_list()),
    }
    if breaks_between(first, last, breaks):
        return MonthlyComparison(**what, rule="break_between")
    if pairs.is_empty():
        return MonthlyComparison(**what, rule="missing")
    differences = pairs["difference"].to_list()
    what["shift"] = median(differences)
    interval = sign_interval(differences, threshold("confidence")) if pairs.height >= threshold("least_months") else None
    if interval is None:
        return MonthlyComparison(**what, rule="too_few_months")
    low, high, coverage = interval
    rule = "months_up" if low > 0 else "months_down" if high < 0 else "months_not_clear"
    moved = [difference for difference in differences if difference]
    p_value = float(stats.binomtest(sum(d > 0 for d in moved), len(moved)).pvalue) if moved else 1.0
    return MonthlyComparison(**what, rule=rule, low=low, high=high, coverage=coverage, p_value=p_value)


def _by_month(series: pl.DataFrame, first: str, last: str) -> pl.DataFrame:
    exact = pl.when(pl.col("bound").is_null()).then("value")
    years = [
        series.filter(pl.col("period").str.starts_with(f"{year}-")).select(
            pl.col("period").str.slice(5, 2).cast(pl.Int64).alias("month"),
            exact.alias(name),
            pl.col("observation_id").alias(f"{name}_id"),
        )
        for name, year in (("first", first), ("last", last))
    ]
    months = pl.DataFrame({"month": list(range(1, 13))}, schema={"month": pl.Int64})
    joined = months.join(years[0], on="month", how="left", maintain_order="left").join(
        years[1], on="month", how="left", maintain_order="left"
    )
    difference = pl.col("last") - pl.col("first")
    share = pl.when(pl.col("first") != 0).then(100 * difference / pl.col("first").abs())
    return joined.with_columns(difference=difference, percent=share).select(
        "month", "first", "last", "difference", "percent", "first_id", "last_id"
    )


def sign_interval(differences: Sequence[float], confidence: float = 0.95) -> tuple[float, float, float] | None:
    """Return (low, high, coverage): the narrowest sign-test interval of a median that covers at least `confidence`.

    Its ends are order statistics (Thompson 1936); None where even the whole range covers less.
    """
    ordered, number = sorted(differences), len(differences)
    within = [k for k in range(1, number // 2 + 1) if 1 - 2 * float(stats.binom.cdf(k - 1, number, 0.5)) >= confidence]
    if not within:
        return None
    k = within[-1]
    return ordered[k - 1], ordered[number - k], 1 - 2 * float(stats.binom.cdf(k - 1, number, 0.5))
