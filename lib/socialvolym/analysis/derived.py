"""Derived figures: money in real terms and per inhabitant, volumes per inhabitant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import polars as pl

from socialvolym.analysis import yardsticks
from socialvolym.analysis.classification import is_share, rules
from socialvolym.errors import SocialvolymError
from socialvolym.notation.units import MONEY
from socialvolym.observations import facts
from socialvolym.observations.facts import ALL, Group, Index
from socialvolym.observations.series import in_own_unit
from socialvolym.vocabulary import names

DERIVED_SCHEMA = {
    "report": pl.String,
    "municipality_code": pl.String,
    "line": pl.Int64,
    "measure": pl.String,
    "breakdown": pl.String,
    "period": pl.String,
    "series": pl.String,
    "kind": pl.String,
    "value": pl.Float64,
    "unit": pl.String,
    "base": pl.String,
    "note": pl.String,
}

_CHANGES = ("change_abs", "change_pct")
#: What a derived figure has of the figure that it is derived from, and that figure's number.
_SHARED = ("at", "report", "municipality_code", "line", "measure", "breakdown", "period", "series")


class Derived(NamedTuple):
    """A derived value, or None with the note (an id of rules.toml) that says why there is none."""

    value: float | None
    note: str | None = None


def deflate(value: float, year: int, base_year: int, index: Index = "cpi") -> Derived:
    """Return an amount of one year in the prices of another, by a price index; None where it is not known for both years."""
    known = facts.price_index(index)
    if year not in known or base_year not in known:
        return Derived(None, f"{index}_not_known")
    return Derived(value * known[base_year] / known[year])


def per_inhabitant(value: float, municipality: str, year: int | str, per: int = 1, group: Group = ALL) -> Derived:
    """Return a value per inhabitant of a group on 31 December (per 1000 with per=1000); without a value where they are not known.

    The note names a number of inhabitants that is computed or taken from a secondary source.
    """
    people, quality = facts.known_inhabitants(group).get((names.municipality_code(municipality), int(year)), (None, ""))
    if people is None:
        return Derived(None, _unknown(group))
    return Derived(value * per / people, None if quality == "published" else f"population_{quality}")


def inhabitants(municipality: str, ages: tuple[int, int] | None = None, sex: str | None = None) -> dict[str, int]:
    """Return the inhabitants of a municipality on 31 December by year, as far as they are known: denominators for rate_of.

    Parameters
    ----------
    municipality : by code or name.
    ages : the first and the last age, both included, like (0, 17); None for all. Ages are known once `socialvolym facts` has
        fetched them, or from population_by_age.csv (docs/facts.md).
    sex : "women" or "men"; None for both.

    Raises
    ------
    SocialvolymError
        where nothing is known of such inhabitants of the municipality.
    """
    group, code = Group(ages[0] if ages else None, ages[1] if ages else None, sex), names.municipality_code(municipality)
    known = {str(year): number for (place, year), (number, _) in facts.known_inhabitants(group).items() if place == code}
    if not known:
        who = f"the inhabitants{f' aged {ages[0]} to {ages[1]}' if ages else ''}{f' ({sex})' if sex else ''} of {municipality}"
        raise SocialvolymError(f"{who} are not known; fetch them with `socialvolym facts`, or put them in: docs/facts.md")
    return dict(sorted(known.items()))


def rate_of(
    series: pl.DataFrame, denominators: Mapping[str, float] | Mapping[int, float], per: int = 1000, unit: str | None = None
) -> pl.DataFrame:
    """Return a series as a rate by denominators of one's own; change_of and the charts take it as any series.

    The rounding is that of the printed figure, divided as it is. The denominators are taken to be exact. Where the figures are
    counts of independent events, change_of tests the rates as two Poisson rates with known exposures (Przyborowski and Wilenski
    1940, given the sum of the counts).

    Parameters
    ----------
    series : from series_of; no share.
    denominators : the number of persons by period, or by the year that a period is in; see inhabitants().
    per : of so many.
    unit : what the rate is called; by default like per_1000_inhabitants.

    Returns
    -------
    series : with null and not_available for a period without denominator.

    Raises
    ------
    SocialvolymError
        where the series is of shares, or a denominator is not above zero.
    """
    wrong = [str(period) for period, number in denominators.items() if not number > 0]
    if wrong:
        raise SocialvolymError(f"the denominator of {', '.join(wrong)} is not above zero")
    if series.height and is_share(series["unit"][0] or ""):
        raise SocialvolymError(f"a rate is made of a number, not of a share ({series['measure'][0]})")
    known = {str(period): number for period, number in denominators.items()}
    sizes = {period: known.get(period, known.get(period[:4])) for period in series["period"]}
    exposures = {period: size / per for period, size in sizes.items() if size is not None}
    return _divided(series, exposures).with_columns(unit=pl.lit(unit or f"per_{per}_inhabitants"))


def real_of(series: pl.DataFrame, base_year: int, index: Index = "cpi") -> pl.DataFrame:
    """Return a series of money in the prices of one year, its rounding with it; years without an index have no value.

    Parameters
    ----------
    series : from series_of.
    base_year : the year whose prices they are in.
    index : "cpi" or "pkv" (docs/facts.md).

    Raises
    ------
    SocialvolymError
        where the index of the base year is not known, or the series is no money.
    """
    known = facts.price_index(index)
    if base_year not in known:
        raise SocialvolymError(
            f"the price index {index} of {base_year} is not known; years: {', '.join(map(str, sorted(known))) or 'none'}"
        )
    unit = series["unit"][0] if series.height else "SEK"
    if unit not in MONEY and not unit.startswith("SEK"):
        raise SocialvolymError(f"real terms are of money, not of {unit} ({series['measure'][0]})")
    years = {period: int(period[:4]) for period in series["period"]}
    return _divided(series, {period: known[year] / known[base_year] for period, year in years.items() if year in known})


def _divided(series: pl.DataFrame, exposures: Mapping[str, float]) -> pl.DataFrame:
    """Return a series, value and rounding of each period divided by a number; without a value where there is none."""
    size = pl.col("period").replace_strict(dict(exposures), default=None, return_dtype=pl.Float64)
    rows = series.with_columns(size=size)
    return rows.with_columns(
        pl.col("value", "half_step") / pl.col("size"),
        exposure=pl.col("exposure").fill_null(1.0) * pl.col("size"),
        status=pl.when(pl.col("size").is_null()).then(pl.lit("not_available")).otherwise("status"),
    ).drop("size")


def _unknown(group: Group) -> str:
    """Return the note that says that the inhabitants of a group are not known."""
    return "population_not_known" if group == ALL else "age_group_not_known"


def derived(observations: pl.DataFrame, base_year: int | None = None, ages: tuple[int, int] | None = None) -> pl.DataFrame:
    """Return what can be derived from yearly figures with the facts (DERIVED_SCHEMA).

    kind "real": money in the prices of base_year (the last year with an index unless given), base is that year, with the index
    where it is not consumer prices. kind "per_inhabitant": sums of money in SEK per inhabitant; kind "per_1000_inhabitants":
    volumes of the three domains, of the ages and sex that the measure is of (yardsticks.py); base is the number of inhabitants,
    with the group where it is not all. Where the index or the inhabitants are not known the value is null and the note (an id of
    rules.toml) says so.

    ages : the first and the last age, like (0, 17), of whose inhabitants all volumes are taken instead.
    """
    rows = (
        in_own_unit(observations)
        .filter(pl.col("period").str.contains(r"^[0-9]{4}$"), pl.col("value").is_not_null(), ~pl.col("series").is_in(_CHANGES))
        .with_columns(year=pl.col("period").cast(pl.Int64))
        .with_row_index("at")
    )
    of_index = rows.with_columns(index=pl.col("measure").map_elements(yardsticks.index_of, return_dtype=pl.String))
    kinds = [
        *(_real(part.lazy(), part["index"][0], base_year) for part in of_index.partition_by("index", maintain_order=True)),
        _per_inhabitant(rows.lazy()),
        *_per_1000_inhabitants(rows, ages),
    ]
    return pl.concat(kinds).sort("at", maintain_order=True).select(DERIVED_SCHEMA.keys()).collect()


def _money_factor() -> pl.Expr:
    """Return how many SEK the unit of a sum of money is; null for other units."""
    return pl.col("unit").replace_strict(MONEY, default=None, return_dtype=pl.Float64)


def _real(rows: pl.LazyFrame, index: Index, base_year: int | None) -> pl.LazyFrame:
    known, base = facts.price_index(index), base_year or facts.last_index_year(index)
    then = pl.col("year").replace_strict(known, default=None, return_dtype=pl.Float64)
    return rows.filter(_money_factor().is_not_null() | pl.col("unit").str.starts_with("SEK_per")).select(
        *_SHARED,
        kind=pl.lit("real"),
        value=pl.col("value") * pl.lit(known.get(base), pl.Float64) / then,
        unit="unit",
        base=pl.lit(f"{base}" if index == "cpi" else f"{base} {index.upper()}"),
        note=pl.when(then.is_null() | pl.lit(base not in known)).then(pl.lit(f"{index}_not_known")),
    )


def _per_inhabitant(rows: pl.LazyFrame) -> pl.LazyFrame:
    money = rows.filter(_money_factor().is_not_null()).with_columns(value=pl.col("value") * _money_factor())
    return _among_inhabitants(money, ALL, "per_inhabitant", "SEK_per_inhabitant", 1)


def _per_1000_inhabitants(rows: pl.DataFrame, ages: tuple[int, int] | None) -> Iterator[pl.LazyFrame]:
    volumes = rows.filter(pl.col("unit").is_in(rules().volumes.units) & (pl.col("domain") != "context"))
    of = [Group(*ages) if ages else yardsticks.group_of(*key) for key in volumes.select("measure", "breakdown").iter_rows()]
    for group in dict.fromkeys(of):
        part = volumes.filter(pl.Series([each == group for each in of], dtype=pl.Boolean))
        yield _among_inhabitants(part.lazy(), group, "per_1000_inhabitants", "per_1000_inhabitants", 1000)


def _among_inhabitants(rows: pl.LazyFrame, group: Group, kind: str, unit: str, per: int) -> pl.LazyFrame:
    people = facts.population(group).select("municipality_code", "year", "population", "quality").drop_nulls("population")
    known = people.unique(["municipality_code", "year"], keep="last").lazy()
    return rows.join(known, on=["municipality_code", "year"], how="left", maintain_order="left").select(
        *_SHARED,
        kind=pl.lit(kind),
        value=pl.col("value") * per / pl.col("population"),
        unit=pl.lit(unit),
        base=pl.format("{}{}", "population", pl.lit("" if group == ALL else f" {group.label}")),
        note=pl.when(pl.col("population").is_null())
        .then(pl.lit(_unknown(group)))
        .when(pl.col("quality") != "published")
        .then(pl.format("population_{}", "quality")),
    )
