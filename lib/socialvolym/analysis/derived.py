"""Derived figures: money in real terms and per inhabitant, volumes per inhabitant."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from socialvolym.analysis.classification import rules
from socialvolym.notation.units import MONEY
from socialvolym.observations import facts
from socialvolym.observations.series import in_own_unit

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


def deflate(value: float, year: int, base_year: int) -> Derived:
    """Return an amount of one year in the prices of another (consumer price index); None where an index is not known."""
    index = facts.price_index()
    if year not in index or base_year not in index:
        return Derived(None, "cpi_not_known")
    return Derived(value * index[base_year] / index[year])


def per_inhabitant(value: float, municipality_code: str, year: int, per: int = 1) -> Derived:
    """Return a value per inhabitant on 31 December of the year (per 1000 with per=1000); None where they are not known.

    The note names a number of inhabitants that is computed or taken from a secondary source.
    """
    people, quality = facts.known_inhabitants().get((municipality_code, year), (None, ""))
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
    base = base_year or facts.last_index_year()
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
    index = facts.price_index()
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
    people = facts.population().select("municipality_code", "year", "population", "quality").drop_nulls("population")
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
