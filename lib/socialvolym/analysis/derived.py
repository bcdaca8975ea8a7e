"""Facts from outside the reports: inhabitants, price index and national measures, and what is derived with them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import polars as pl

from socialvolym import paths
from socialvolym.analysis.classification import rules
from socialvolym.csv_files import load_csv
from socialvolym.notation.units import MONEY
from socialvolym.observations.series import in_own_unit

POPULATION_SCHEMA = {
    "municipality_code": pl.String,
    "municipality": pl.String,
    "year": pl.Int64,
    "population": pl.Int64,
    "quality": pl.String,
    "source": pl.String,
}
CPI_SCHEMA = {"year": pl.Int64, "cpi_1980_100": pl.Float64, "quality": pl.String, "source": pl.String}
KOLADA_SCHEMA = dict.fromkeys(("kpi", "domain", "meaning_sv", "unit", "reference_time"), pl.String)
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


@lru_cache(maxsize=4)
def population() -> pl.DataFrame:
    """Return the inhabitants on 31 December (POPULATION_SCHEMA); a year that is not known has a null."""
    return _load("population.csv", POPULATION_SCHEMA)


@lru_cache(maxsize=4)
def cpi() -> pl.DataFrame:
    """Return the consumer price index, annual mean (CPI_SCHEMA); a year that is not known has a null."""
    return _load("cpi.csv", CPI_SCHEMA)


@lru_cache(maxsize=4)
def kolada_measures() -> pl.DataFrame:
    """Return the national key figures that are closest to the reports' volumes (KOLADA_SCHEMA)."""
    return _load("kolada_measures.csv", KOLADA_SCHEMA)


def _load(name: str, schema: dict[str, Any]) -> pl.DataFrame:
    return load_csv(paths.facts() / name, schema)


@lru_cache(maxsize=4)
def _index() -> dict[int, float]:
    return dict(cpi().select("year", "cpi_1980_100").drop_nulls().iter_rows())


@lru_cache(maxsize=4)
def _inhabitants() -> dict[tuple[str, int], tuple[int, str]]:
    known = population().filter(pl.col("population").is_not_null())
    return {(row["municipality_code"], row["year"]): (row["population"], row["quality"]) for row in known.iter_rows(named=True)}


def last_index_year() -> int:
    """Return the last year whose price index is known."""
    return max(_index())


def price_change(first: int, last: int) -> float | None:
    """Return by how many per cent the price index rose between two years; None where it is not known for both."""
    then, now = _index().get(first), _index().get(last)
    return 100 * (now / then - 1) if then and now else None


def is_provisional(year: int) -> bool:
    """Tell whether the price index of a year is provisional."""
    return "provisional" in cpi().filter(pl.col("year") == year)["quality"].to_list()


def inhabitants(municipality_code: str, year: int) -> int | None:
    """Return the inhabitants on 31 December; None where they are not known."""
    return _inhabitants().get((municipality_code, year), (None, ""))[0]


def deflate(value: float, year: int, base_year: int) -> Derived:
    """Return an amount of one year in the prices of another (consumer price index); None where an index is not known."""
    index = _index()
    if year not in index or base_year not in index:
        return Derived(None, "cpi_not_known")
    return Derived(value * index[base_year] / index[year])


def per_inhabitant(value: float, municipality_code: str, year: int, per: int = 1) -> Derived:
    """Return a value per inhabitant on 31 December of the year (per 1000 with per=1000); None where they are not known.

    The note names a number of inhabitants that is computed or taken from a secondary source.
    """
    people, quality = _inhabitants().get((municipality_code, year), (None, ""))
    if people is None:
        return Derived(None, "population_not_known")
    return Derived(value * per / people, None if quality == "published" else f"population_{quality}")


def derived(observations: pl.DataFrame, base_year: int | None = None) -> pl.DataFrame:
    """Return what can be derived from yearly figures with the facts (DERIVED_SCHEMA).

    kind "real": money in the prices of base_year (the last year with an index unless given), base is that year.
    kind "per_inhabitant": sums of money in SEK per inhabitant; kind "per_1000_inhabitants": volumes of the three domains;
    base is the number of inhabitants. Where the index or the inhabitants are not known the value is null and the note
    (an id of rules.toml) says so.
    """
    base = base_year or last_index_year()
    rows = (
        in_own_unit(observations)
        .filter(pl.col("period").str.contains(r"^[0-9]{4}$"), pl.col("value").is_not_null(), ~pl.col("series").is_in(_CHANGES))
        .with_columns(year=pl.col("period").cast(pl.Int64))
        .with_row_index("at")
        .lazy()
    )
    kinds = [_real(rows, base), _per_inhabitant(rows), _per_1000_inhabitants(rows)]
    return pl.concat(kinds).sort("at", maintain_order=True).select(DERIVED_SCHEMA.keys()).collect()


def _money_factor() -> pl.Expr:
    """Return how many SEK the unit of a sum of money is; null for other units."""
    return pl.col("unit").replace_strict(MONEY, default=None, return_dtype=pl.Float64)


def _real(rows: pl.LazyFrame, base: int) -> pl.LazyFrame:
    index = _index()
    then = pl.col("year").replace_strict(index, default=None, return_dtype=pl.Float64)
    return rows.filter(_money_factor().is_not_null() | pl.col("unit").str.starts_with("SEK_per")).select(
        *_SHARED,
        kind=pl.lit("real"),
        value=pl.col("value") * pl.lit(index.get(base), pl.Float64) / then,
        unit="unit",
        base=pl.lit(str(base)),
        note=pl.when(then.is_null() | pl.lit(base not in index)).then(pl.lit("cpi_not_known")),
    )


def _per_inhabitant(rows: pl.LazyFrame) -> pl.LazyFrame:
    money = rows.filter(_money_factor().is_not_null()).with_columns(value=pl.col("value") * _money_factor())
    return _among_inhabitants(money, "per_inhabitant", "SEK_per_inhabitant", 1)


def _per_1000_inhabitants(rows: pl.LazyFrame) -> pl.LazyFrame:
    volumes = pl.col("unit").is_in(rules().volumes.units) & (pl.col("domain") != "context")
    return _among_inhabitants(rows.filter(volumes), "per_1000_inhabitants", "per_1000_inhabitants", 1000)


def _among_inhabitants(rows: pl.LazyFrame, kind: str, unit: str, per: int) -> pl.LazyFrame:
    people = population().select("municipality_code", "year", "population", "quality").drop_nulls("population")
    known = people.unique(["municipality_code", "year"], keep="last").lazy()
    return rows.join(known, on=["municipality_code", "year"], how="left", maintain_order="left").select(
        *_SHARED,
        kind=pl.lit(kind),
        value=pl.col("value") * per / pl.col("population"),
        unit=pl.lit(unit),
        base=pl.col("population").cast(pl.String),
        note=pl.when(pl.col("population").is_null())
        .then(pl.lit("population_not_known"))
        .when(pl.col("quality") != "published")
        .then(pl.format("population_{}", "quality")),
    )
