"""Fitting: which measures of a municipality an analysis can be made of, and why there is none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, TypedDict, cast

import polars as pl
from pydantic import RootModel

from socialvolym import vocabulary
from socialvolym.analysis import yardsticks
from socialvolym.analysis.breaks import announced
from socialvolym.analysis.contradictions import contradicted_in
from socialvolym.analysis.decomposition import splits
from socialvolym.analysis.outturns import against
from socialvolym.csv_files import schema_of
from socialvolym.notation.calendar import breaks_between
from socialvolym.observations import facts, pick
from socialvolym.observations.facts import ALL
from socialvolym.observations.series import LEVELS, figures, of_frequency, series_of
from socialvolym.observations.store import Said
from socialvolym.toml_files import load_toml
from socialvolym.vocabulary import UNKNOWN, names
from socialvolym.vocabulary.money import is_money

#: Analyses that plans are a part of.
_OF_PLANS = ("budget", "split")


class Fit(TypedDict):
    """A measure that an analysis can be made of, or, without a measure, why there is none.

    first, last : the latest two times of it (with their series in a split). first_age, last_age, sex : whose inhabitants its rate
    is of, where these are not all. report, other_report : that of the municipality, and one that prints the same measure.
    """

    analysis: str
    measure: str | None
    title_en: str | None
    title_sv: str | None
    breakdown: str | None
    series: str | None
    first: str | None
    last: str | None
    first_age: int | None
    last_age: int | None
    sex: str | None
    report: str | None
    other_report: str | None
    why_en: str | None
    why_sv: str | None


FIT_SCHEMA = schema_of(Fit)


def best_fit(fits: pl.DataFrame, analysis: str, measure: str | None = None, *, municipality: str, language: str) -> Fit | None:
    """Return what fits an analysis best, or a measure that is named; where nothing does, print in a line why and return None.

    Of budgets, forecasts and plans a series is only where its measure is named.

    Parameters
    ----------
    fits : as `fitting` returns it. municipality, language : for the line.
    """
    named = pl.col("measure").eq_missing(pl.lit(measure)) if measure else pl.lit(True)
    found = cast(list[Fit], fits.filter(pl.col("analysis") == analysis, named).to_dicts())
    came = [fit for fit in found if measure or analysis in _OF_PLANS or fit["series"] in (None, "outturn")]
    if came and came[0]["measure"]:
        return came[0]
    reason = _reasons()["other" if not found else "planned_only"].model_dump()
    why = reason if came != found or not found else {"en": found[0]["why_en"], "sv": found[0]["why_sv"]}
    print(f"{municipality}, {measure or analysis}: {why[language]}")
    return None


def fitted_series(observations: pl.DataFrame, municipality: str, fit: Fit, frequency: str = "year") -> pl.DataFrame:
    """Return the series (SERIES_SCHEMA) of a municipality that fits an analysis."""
    return series_of(
        observations,
        str(fit["measure"]),
        municipality=municipality,
        breakdown=fit["breakdown"],
        series=fit["series"] or "outturn",
        frequency=frequency,
    )


def fitting(
    observations: pl.DataFrame, municipality: str, first_year: int | None = None, last_year: int | None = None
) -> pl.DataFrame:
    """Return what analyses can be made of a municipality's figures, of each the best first (FIT_SCHEMA).

    The analyses are a path, months, a rate, real terms, budget against outturn, a split into volume and price, and an index
    beside others. One that cannot be made has a row without a measure, which says why.

    Parameters
    ----------
    municipality : by name or code.
    first_year, last_year : only figures of these years, where given; then the reason says so.

    Raises
    ------
    SocialvolymError
        where there is no such municipality, with the nearest.
    """
    code = names.municipality_code(municipality)
    year = pl.col("period").str.slice(0, 4).cast(pl.Int64, strict=False)
    within = observations.filter(year >= (first_year or 0), year <= (last_year or 9999), pl.col("measure") != UNKNOWN)
    own = pick(within, municipality=code)
    yearly, monthly = (_lines(own, frequency) for frequency in ("year", "month"))
    found = {
        "path": yearly,
        "months": [{**row, "first": row["first"][:4], "last": row["last"][:4]} for row in monthly],
        "rate": _ordered(_rate(row, code) for row in yearly),
        "real": _ordered(_within(row, facts.price_index()) for row in yearly if is_money(row["unit"])),
        "budget": _planned(own),
        "split": _split(own),
        "index": list(_shared(yearly, within.filter(pl.col("municipality_code") != code))),
    }
    within_years = _reasons()["years"] if first_year or last_year else Said(en="", sv="")
    asked = {"first": first_year or "", "last": last_year or ""}
    rows = []
    for analysis, fits in found.items():
        why = _reasons()[analysis]
        rows += [_named(analysis, row) for row in fits] or [
            {
                "analysis": analysis,
                "why_en": (why.en + within_years.en).format(**asked),
                "why_sv": (why.sv + within_years.sv).format(**asked),
            }
        ]
    return pl.DataFrame([dict.fromkeys(FIT_SCHEMA) | row for row in rows], schema=FIT_SCHEMA)


@lru_cache(maxsize=1)
def _reasons() -> dict[str, Said]:
    return load_toml(RootModel[dict[str, Said]], Path(__file__).with_suffix(".toml")).root


def _named(analysis: str, row: dict[str, Any]) -> dict[str, Any]:
    index = vocabulary.measure_index().get(str(row["measure"]), {})
    titles = {name: index.get(name) for name in ("title_en", "title_sv")}
    return {"analysis": analysis, **titles, **{name: value for name, value in row.items() if name in FIT_SCHEMA}}


def _lines(rows: pl.DataFrame, frequency: str) -> list[dict[str, Any]]:
    """Return the series with figures of two years or more, with their `periods`, the best first."""
    levels = of_frequency(rows.filter(pl.col("series").is_in(LEVELS), pl.col("value").is_not_null()), frequency)
    lines = figures(levels).filter(pl.col("bound").is_null()).sort("period")
    grouped = lines.group_by("measure", "breakdown", "series", "unit", "municipality_code", maintain_order=True).agg(
        periods=pl.col("period").unique().sort(), report=pl.col("report").last()
    )
    found = []
    for row in grouped.filter(pl.col("periods").list.eval(pl.element().str.slice(0, 4)).list.n_unique() >= 2).to_dicts():
        cuts = [cut.period for cut in announced(row["measure"], row["municipality_code"], row["breakdown"])]
        entry = vocabulary.measure_index().get(row["measure"], {})
        aside = is_money(row["unit"]) and not vocabulary.is_cost(row["measure"])
        better = (LEVELS.index(row["series"]), entry.get("domain") == "context", entry.get("headline") != "yes", aside)
        rank = (*better, row["breakdown"] is not None, -len(row["periods"]), row["measure"])
        if fit := _latest({**row, "cuts": cuts, "rank": rank}, row["periods"]):
            found.append(fit)
    return _ordered(found)


def _ordered(fits: Iterable[dict[str, Any] | None]) -> list[dict[str, Any]]:
    """Return fits, the best first; a change across a break comes after all others."""
    return sorted((fit for fit in fits if fit), key=lambda fit: (fit["broken"], *fit["rank"]))


def _latest(row: dict[str, Any], periods: Sequence[str]) -> dict[str, Any] | None:
    """Return a series with the last two of some periods, unbroken where any are, months of two years; None without any."""
    if len(periods) < 2:
        return None
    pairs = list(pairwise(periods))
    if len(periods[0]) > len("2022"):
        pairs = [(f"{int(period[:4]) - 1}{period[4:]}", period) for period in periods]
        pairs = [pair for pair in pairs if pair[0] in periods]
    whole = [pair for pair in pairs if not breaks_between(*pair, row["cuts"])]
    if not pairs:
        return None
    first, last = (whole or pairs)[-1]
    return {**row, "first": first, "last": last, "broken": not whole}


def _within(row: dict[str, Any], years: Iterable[int]) -> dict[str, Any] | None:
    """Return a series with the last two of its periods whose years are known."""
    known = set(years)
    return _latest(row, [period for period in row["periods"] if int(period[:4]) in known])


def _rate(row: dict[str, Any], code: str) -> dict[str, Any] | None:
    measure, part = row["measure"], row["breakdown"]
    group = ALL if is_money(row["unit"]) else yardsticks.group_of(measure, part)
    # Volumes of the context are staff and the like, which nobody has.
    counted = is_money(row["unit"]) or vocabulary.measure_index()[measure]["domain"] != "context"
    if group is None or not counted or not yardsticks.has_rate(measure, part, code):
        return None
    known = (year for place, year in facts.known_inhabitants(group) if place == code)
    fit = _within(row, known)
    return fit and {**fit, "first_age": group.first, "last_age": group.last, "sex": group.sex}


def _planned(own: pl.DataFrame) -> list[dict[str, Any]]:
    rows = against(own).sort(pl.col("measure") != "net_cost", pl.col("breakdown").is_not_null(), "period", maintain_order=True)
    years = rows.with_columns(series=pl.lit("budget"), first="period", last="period", report="planned_report")
    return years.unique(("measure", "breakdown"), keep="last", maintain_order=True).to_dicts()


def _split(own: pl.DataFrame) -> list[dict[str, Any]]:
    # Where the contradictions are given no warning says why there is none: that is said here.
    rows = splits(own, contradicted=contradicted_in(own)).filter(pl.col("volume_part").is_not_null())
    return rows.sort(pl.col("broken_from").is_not_null(), maintain_order=True).with_columns(measure="cost").to_dicts()


def _shared(lines: list[dict[str, Any]], others: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield the series of which another municipality prints outturns of the same year, with its newest report."""
    rows = of_frequency(others.filter(pl.col("series") == "outturn", pl.col("value").is_not_null()), "year")
    for row in lines:
        same = rows.filter(
            pl.col("measure") == row["measure"],
            pl.col("breakdown").eq_missing(pl.lit(row["breakdown"], pl.String)),
            pl.col("period").is_in(row["periods"]),
        )
        if row["series"] == "outturn" and same.height:
            newest = same.sort("period", "report").row(-1, named=True)
            yield {**row, "first": newest["period"], "other_report": newest["report"]}
