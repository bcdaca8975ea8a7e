"""Facts from outside the reports: inhabitants, price index, and which national measures there are."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import polars as pl

from socialvolym import paths
from socialvolym.csv_files import load_csv

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
def price_index() -> dict[int, float]:
    """Return the consumer price index of each year that has one."""
    return dict(cpi().select("year", "cpi_1980_100").drop_nulls().iter_rows())


@lru_cache(maxsize=4)
def known_inhabitants() -> dict[tuple[str, int], tuple[int, str]]:
    """Return the inhabitants and the number's quality by municipality code and year."""
    known = population().filter(pl.col("population").is_not_null())
    return {(row["municipality_code"], row["year"]): (row["population"], row["quality"]) for row in known.iter_rows(named=True)}


def last_index_year() -> int:
    """Return the last year whose price index is known."""
    return max(price_index())


def price_change(first: int, last: int) -> float | None:
    """Return by how many per cent the price index rose between two years; None where it is not known for both."""
    then, now = price_index().get(first), price_index().get(last)
    return 100 * (now / then - 1) if then and now else None


def is_provisional(year: int) -> bool:
    """Tell whether the price index of a year is provisional."""
    return "provisional" in cpi().filter(pl.col("year") == year)["quality"].to_list()


def inhabitants(municipality_code: str, year: int) -> int | None:
    """Return the inhabitants on 31 December; None where they are not known."""
    return known_inhabitants().get((municipality_code, year), (None, ""))[0]
