"""Trends: the change between two years, the path over three or more, and two years month by month."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise

import polars as pl
from scipy import stats

from socialvolym import vocabulary
from socialvolym.analysis.breaks import periods_of
from socialvolym.analysis.classification import (
    Certainty,
    Word,
    classify_rounding,
    is_share,
    is_survey,
    rules,
    sentence,
    subject_of,
    threshold,
    why_no_model,
)
from socialvolym.analysis.contradictions import contradicted_in
from socialvolym.errors import SocialvolymError
from socialvolym.notation.calendar import breaks_between, unbroken
from socialvolym.notation.languages import Language
from socialvolym.observations import facts
from socialvolym.observations.series import COMPUTED, rows_of
from socialvolym.vocabulary.columns import Figure
from socialvolym.vocabulary.money import is_money


class _Ruled:
    """What has been classified: its word, what chance has to do with it and why, all from the rule that decided."""

    rule: str

    @property
    def word(self) -> Word:
        """The classification."""
        return rules().reason[self.rule].word

    @property
    def certainty(self) -> Certainty:
        """Whether chance could give as much ("not_clear") or not ("clear"); "not_applicable" where it has no model."""
        return rules().reason[self.rule].certainty

    def said(self, language: Language = "en") -> str:
        """Return the classification in words of a language; `word` is its id."""
        return str(getattr(rules().word[self.word], language))

    def why(self, language: Language = "en") -> str:
        """Return the sentence of the rule that decided."""
        return sentence(self.rule, language)


@dataclass(frozen=True)
class Change(_Ruled):
    """The change of a measure between two periods.

    Attributes
    ----------
    first, last : the figures as printed (in the measure's unit), or the rates; None where missing.
    difference : last - first; of shares, percentage points.
    percent : change in per cent of the first figure, per inhabitant where asked for; None for shares and from zero.
    ratio : last / first, per inhabitant where asked for.
    low, high : what chance alone could give where nothing had changed: of the ratio of two counts of events, of the difference of
        two shares; else the rounding of the difference; interval_of says. None of them is the size of the change.
    p_value : of the exact conditional test of two counts of events.
    model : "poisson", "binomial" or None, and then model_reason says why (an id of rules.toml).
    rule : the rule of rules.toml that decided.
    computed : "rate", "real" or "per_inhabitant" where the change is not of the figures as printed (rules.toml: subject).
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
    per_inhabitant: bool = False
    observation_ids: tuple[str, ...] = ()
    computed: str | None = None

    def why(self, language: Language = "en") -> str:
        """Return the sentence of the rule that decided; of what is computed, it names that and not the printed figure."""
        return sentence(self.rule, language, subject_of(self.computed, self.unit, language) if self.computed else None)


@dataclass(frozen=True)
class Leg:
    """A part of a path that goes one way: from one period to another, up, down or (None) hardly at all.

    steep : whether it is one step that is large beside the others.
    same : whether all its figures are equal.
    """

    first_period: str
    last_period: str
    first: float
    last: float
    up: bool | None
    steep: bool
    same: bool = False


@dataclass(frozen=True)
class Path:
    """How one unbroken part of a yearly series went.

    Attributes
    ----------
    periods, values : the years with a figure; missing: the years between them without one.
    legs : the path, a leg each time that it turns.
    step : the period whose step alone makes up most of the way from the first to the last figure; None where no step does.
    """

    measure: str
    unit: str
    periods: tuple[str, ...]
    values: tuple[float, ...]
    legs: tuple[Leg, ...]
    step: str | None = None
    missing: tuple[str, ...] = ()
    observation_ids: tuple[str, ...] = ()

    @property
    def steady(self) -> bool:
        """Whether it went one way all the time, by more than one large step."""
        return len(self.legs) == 1 and self.legs[0].up is not None and self.step is None


@dataclass(frozen=True)
class MonthlyComparison(_Ruled):
    """Two years of a measure, month by month.

    Attributes
    ----------
    by_month : columns month, first, last, difference, percent, first_id, last_id; a missing month has nulls.
    months, higher, lower : how many months have a figure in both years, and how many lie higher or lower in the last one.
    first, last : the means over these months.
    """

    measure: str
    unit: str
    first_year: str
    last_year: str
    rule: str
    by_month: pl.DataFrame = field(compare=False)
    months: int = 0
    higher: int = 0
    lower: int = 0
    first: float | None = None
    last: float | None = None
    observation_ids: tuple[str, ...] = ()


def change_of(
    series: pl.DataFrame,
    first: str | int,
    last: str | int,
    *,
    breaks: Sequence[str] | None = None,
    contradicted: Collection[str] | None = None,
    per_inhabitant: bool = False,
    denominators: tuple[int, int] | None = None,
) -> Change:
    """Return the change between two periods of a series (from series_of, or a rate or real terms of it: rate_of, real_of).

    A rate is judged as the count that it is made of, the denominators being known: with the same test of two Poisson rates as
    `per_inhabitant`, and with the rounding of the count.

    Parameters
    ----------
    breaks : the first periods counted in a new way, by default those that the reports announce (breaks_of); nothing is computed
        across one, so that () computes across all.
    contradicted : the observation_ids of figures that other figures contradict, by default those of the findings in
        data/processed; nothing is computed from one, so that () computes with the figures as they are.
    per_inhabitant : compare counts per inhabitant on 31 December.
    denominators : the numbers of persons behind two shares, where known.

    Raises
    ------
    SocialvolymError
        where the series has no such period, the first is not before the last, or its value is no longer what is printed, so
        that nobody knows how exact it is.

    Examples
    --------
    >>> change_of(series_of(observations, "lvm_placements", "haninge-2022"), "2021", "2022").word  # doctest: +SKIP
    'increase'
    """
    first, last = str(first), str(last)
    rows = [_row(series, period) for period in (first, last)]
    if first >= last:
        raise SocialvolymError(f"a change is from an earlier period to a later one, not from {first} to {last}")
    ids, values = tuple(row["observation_id"] for row in rows if row["observation_id"]), [row["value"] for row in rows]
    wrong = contradicted_in(series) if contradicted is None else contradicted
    refused = "contradicted" if any(name in wrong for name in ids) else _refusal(rows, first, last, periods_of(series, breaks))
    what = Change(
        measure=rows[0]["measure"],
        unit=rows[0]["unit"],
        first_period=first,
        last_period=last,
        first=values[0],
        last=values[1],
        rule=refused or "",
        per_inhabitant=per_inhabitant,
        observation_ids=ids,
        computed=_computed(rows),
    )
    if refused:
        return what
    what = replace(what, difference=values[1] - values[0])
    if is_share(what.unit):
        return _share_change(what, rows, denominators)
    stated = [_stated(row) for row in rows]
    reason = why_no_model(what.measure, _unit_stated(rows))
    if reason is None and not all(value >= 0 and value == int(value) for value in stated):
        reason = "not_whole"
    return _count_change(what, rows) if reason is None else _described(replace(what, model_reason=reason), rows)


def _row(series: pl.DataFrame, period: str) -> Figure:
    """Return the row of a period, whose value is null where it is missing."""
    found = next((row for row in rows_of(series) if row["period"] == period), None)
    if found is None:
        known = f"{series['period'][0]} to {series['period'][-1]}" if series.height else "none"
        raise SocialvolymError(f"there is no period {period!r} in the series; its periods are: {known}")
    return found


def _refusal(rows: Sequence[Figure], first: str, last: str, breaks: Sequence[str]) -> str | None:
    if any(row["value"] is None for row in rows):
        return "missing"
    if breaks_between(first, last, breaks):
        return "break_between"
    if any(row["bound"] for row in rows):
        return "not_exact"
    return None


def _stated(row: Figure) -> float:
    """Return what the report states of a figure that has a value, before it is divided."""
    value, stated = row["value"], row.get("stated")
    if stated is None:
        return value
    if not math.isclose(value * _exposure(row), stated, rel_tol=1e-9, abs_tol=1e-9):
        raise SocialvolymError(
            f"the value of {row['period']} is {value:g}, while the report states {stated:g}: how exact it is is not known. "
            "Make a rate with rate_of(series, denominators), real terms with real_of(series, base_year)"
        )
    return stated


def _exposure(row: Figure) -> float:
    return row.get("exposure") or 1.0


def _computed(rows: Sequence[Figure]) -> str | None:
    """Return what has been made of the printed figures: a rate, an amount in real terms, or nothing."""
    if all(_exposure(row) == 1 and row["status"] != COMPUTED for row in rows):
        return None
    return "real" if is_money(rows[0]["unit"]) else "rate"


def _unit_stated(rows: Sequence[Figure]) -> str:
    """Return the unit of what is stated: of a rate that of its measure."""
    own = vocabulary.measure_index().get(rows[0]["measure"])
    return rows[0]["unit"] if own is None or all(_exposure(row) == 1 for row in rows) else str(own["unit"])


def _count_change(what: Change, rows: Sequence[Figure]) -> Change:
    values, exposures = [_stated(row) for row in rows], [_exposure(row) for row in rows]
    if what.per_inhabitant:
        people = [facts.inhabitants(row["municipality_code"], int(row["period"][:4])) for row in rows]
        if None in people:
            return replace(what, rule="population_not_known")
        exposures = [size * number for size, number in zip(exposures, people, strict=True) if number is not None]
        what = replace(what, computed="per_inhabitant")
    low, high, p_value = poisson_ratio(int(values[0]), int(values[1]), exposures[0], exposures[1], threshold("confidence"))
    ratio = values[1] * exposures[0] / (values[0] * exposures[1]) if values[0] else None
    percent = None if ratio is None else 100 * (ratio - 1)
    return replace(
        what,
        rule=_chance_rule(values[1] / exposures[1] - values[0] / exposures[0], low <= 1 <= high),
        ratio=ratio,
        percent=percent,
        low=low,
        high=high,
        interval_of="ratio",
        p_value=p_value,
        model="poisson",
    )


def _chance_rule(difference: float, within: bool) -> str:
    """Return the rule for a change that has a model of chance."""
    if not difference:
        return "same"
    return f"chance_{'enough' if within else 'beyond'}_{'up' if difference > 0 else 'down'}"


def _share_change(what: Change, rows: Sequence[Figure], denominators: tuple[int, int] | None) -> Change:
    if denominators is None:
        what = replace(what, model_reason="share")
        return replace(what, rule="survey_without_answers") if is_survey(what.measure) else _described(what, rows)
    counts = [share_count(row["value"], row["half_step"], number) for row, number in zip(rows, denominators, strict=True)]
    if counts[0] is None or counts[1] is None:
        return _described(replace(what, model_reason="denominator_does_not_fit"), rows)
    low, high = newcombe_interval(counts[0], denominators[0], counts[1], denominators[1], threshold("confidence"))
    rule = _chance_rule(rows[1]["value"] - rows[0]["value"], low <= 0 <= high)
    return replace(what, rule=rule, low=100 * low, high=100 * high, interval_of="difference", model="binomial")


def _described(what: Change, rows: Sequence[Figure]) -> Change:
    values = [row["value"] for row in rows]
    difference = values[1] - values[0]
    exact = _unit_stated(rows) in rules().counts.units and all(value == int(value) for value in map(_stated, rows))
    slack = 0.0 if exact else rows[0]["half_step"] + rows[1]["half_step"]
    low, high = difference - slack, difference + slack
    ratio = values[1] / values[0] if values[0] else None
    if is_share(what.unit):
        size, least, percent = abs(difference), threshold("least_percentage_points"), None
    else:
        percent = 100 * difference / abs(values[0]) if values[0] else None
        size, least = math.inf if percent is None else abs(percent), threshold("least_percent")
    return replace(
        what,
        rule="same" if exact and not difference else classify_rounding(low, high, size, least),
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


def paths_of(series: pl.DataFrame, breaks: Sequence[str] | None = None) -> list[Path]:
    """Return the path of every unbroken part of a yearly series (from series_of) with two figures or more, in order of time.

    It is parted at the breaks given, by default at those that the reports announce (breaks_of). A year that a break falls inside
    belongs to no part. Approximate figures are left out as missing. The figures may be of one day or part of each year.
    """
    known = series.filter(pl.col("value").is_not_null(), pl.col("bound").is_null())
    if known["period"].str.replace_all(r"\b\d{4}\b", "").n_unique() > 1 or not known["period"].str.slice(0, 4).is_unique().all():
        raise SocialvolymError("a path is told of yearly figures; of months use months_of")
    parts = [
        known.filter(pl.col("period").is_in(part)) for part in unbroken(known["period"].to_list(), periods_of(known, breaks))
    ]
    return [_path(part) for part in parts if part.height >= 2]


def _path(known: pl.DataFrame) -> Path:
    periods, values = known["period"].to_list(), known["value"].to_list()
    years = known["period"].str.slice(0, 4).cast(pl.Int64).to_list()
    return Path(
        measure=known["measure"][0],
        unit=known["unit"][0],
        periods=tuple(periods),
        values=tuple(values),
        legs=tuple(legs_of(periods, values, known["unit"][0])),
        step=one_step(periods, values),
        missing=tuple(str(year) for year in range(years[0], years[-1] + 1) if year not in years),
        observation_ids=tuple(known["observation_id"].to_list()),
    )


def legs_of(periods: Sequence[str], values: Sequence[float], unit: str) -> list[Leg]:
    """Return the legs of a path: steps in a row that go the same way are one."""
    few = few_of(unit)
    points = list(pairwise(zip(periods, values, strict=True)))
    span = max(values) - min(values)
    legs = []
    for up, group in groupby(points, key=lambda step: _way(step[0][1], step[1][1])):
        steps = list(group)
        (first_period, first), (last_period, last) = steps[0][0], steps[-1][1]
        large = abs(last - first) >= max(threshold("steep") * span, threshold("steep_percent") / 100 * abs(first))
        steep = len(steps) == 1 and len(points) > 1 and large and up is not None and abs(last - first) >= few
        same = all(before[1] == after[1] for before, after in steps)
        legs.append(Leg(first_period, last_period, first, last, up, steep, same))
    return legs


def few_of(unit: str) -> float:
    """Return below how many a change is of few, of counts and of rates of them; 0 of other units."""
    return threshold("few") if unit in rules().counts.units or unit.endswith("_inhabitants") else 0.0


def _way(first: float, last: float) -> bool | None:
    """Return whether a step goes up; None where it is smaller than what counts as a change."""
    if 100 * abs(last - first) < threshold("least_percent") * abs(first) or first == last:
        return None
    return last > first


def one_step(periods: Sequence[str], values: Sequence[float]) -> str | None:
    """Return the period of the step that alone makes up most of the way from the first to the last of three values or more."""
    if len(values) < 3 or _way(values[0], values[-1]) is None:
        return None
    way = values[-1] - values[0]
    steps = {period: (after - before) / way for period, (before, after) in zip(periods[1:], pairwise(values), strict=True)}
    largest = max(steps, key=lambda period: steps[period])
    return largest if threshold("one_step") < steps[largest] <= 1 else None


def months_of(
    series: pl.DataFrame, first_year: int | str, last_year: int | str, breaks: Sequence[str] | None = None
) -> MonthlyComparison:
    """Return two years of a monthly series (from series_of with frequency="month") compared month by month.

    Across a break, by default one that the reports announce (breaks_of), they are not compared.
    """
    first, last = str(first_year), str(last_year)
    table = _by_month(series, first, last)
    pairs = table.filter(pl.col("difference").is_not_null())
    what = MonthlyComparison(
        measure=series["measure"][0] if series.height else "",
        unit=series["unit"][0] if series.height else "",
        first_year=first,
        last_year=last,
        rule="break_between" if breaks_between(first, last, periods_of(series, breaks)) else "missing",
        by_month=table,
        months=pairs.height,
        observation_ids=tuple(name for column in ("first_id", "last_id") for name in pairs[column].to_list()),
    )
    if what.rule == "break_between" or pairs.is_empty():
        return what
    differences = pairs["difference"].to_list()
    before, after = (float(str(pairs[name].mean())) for name in ("first", "last"))
    up = _way(before, after)
    return replace(
        what,
        rule="months_level" if up is None else "months_up" if up else "months_down",
        higher=sum(each > 0 for each in differences),
        lower=sum(each < 0 for each in differences),
        first=before,
        last=after,
    )


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
