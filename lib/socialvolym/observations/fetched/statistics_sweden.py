"""Statistics Sweden: inhabitants by age and sex, and the consumer price index, from the statistical database (PxWebApi 2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import product
from math import prod
from typing import Any

import polars as pl
from pydantic import BaseModel

from socialvolym import vocabulary
from socialvolym.observations.fetched import fetched_facts
from socialvolym.observations.fetched.asking import Service
from socialvolym.observations.fetched.fetched_facts import PEOPLE_SCHEMA, PRICE_SCHEMA, People


class _Category(BaseModel):
    index: dict[str, int] | list[str]

    def codes(self) -> list[str]:
        """Return the codes in the order of the values."""
        return self.index if isinstance(self.index, list) else sorted(self.index, key=self.index.__getitem__)


class _Dimension(BaseModel):
    category: _Category


class _Description(BaseModel):
    """What a table holds: a json-stat2 answer without its values."""

    id: list[str]
    dimension: dict[str, _Dimension]


class _Cube(_Description):
    """A json-stat2 answer: the values stand in the order of the dimensions, the last one running fastest."""

    value: list[float | None] | dict[str, float | None]

    def rows(self) -> pl.DataFrame:
        """Return one row a value: the codes by dimension, and value."""
        codes = [self.dimension[name].category.codes() for name in self.id]
        values = self.value
        if isinstance(values, dict):
            values = [values.get(str(place)) for place in range(prod(map(len, codes)))]
        frame = pl.DataFrame(list(product(*codes)), schema=dict.fromkeys(self.id, pl.String), orient="row")
        return frame.with_columns(pl.Series("value", values, pl.Float64))


def service(address: str) -> Service:
    """Return the service at an address."""
    return Service(address, "Statistics Sweden", pause=fetched_facts.sources().scb.pause)


def population_years(scb: Service) -> Iterator[tuple[People, int]]:
    """Return the years that Statistics Sweden has the inhabitants of, each with its table: by one request a table."""
    for table in fetched_facts.sources().population:
        url = f"{scb.base}tables/{table.table}/metadata"
        described = scb.checked(_Description, scb.get(url, {"lang": "sv"}), url)
        years = described.dimension["Tid"].category.codes() if "Tid" in described.dimension else []
        yield from ((table, int(year)) for year in years)


def population(scb: Service, table: People, year: int, accessed: date) -> pl.DataFrame:
    """Fetch the inhabitants of all municipalities on 31 December of a year (PEOPLE_SCHEMA).

    Raises
    ------
    SocialvolymError
        where an age or a sex is missing, or a municipality that there is.
    """
    ages = [*map(str, range(100)), table.oldest, table.total]
    rows, url = _rows(scb, table.table, {**table.select, "Alder": ",".join(ages), "Tid": str(year)})
    found = (
        rows.filter(pl.col("Region").is_in(list(vocabulary.municipalities())), pl.col("value").is_not_null())
        .with_columns(
            sex=pl.col("Kon").replace_strict(table.sexes, default=None),
            age=pl.when(pl.col("Alder") != table.total).then(pl.col("Alder").str.extract(r"^(\d+)").cast(pl.Int64)),
        )
        .group_by("Region", "sex", "age", maintain_order=True)
        .agg(pl.col("value").sum())
    )
    if "all" not in table.sexes.values():
        both = found.group_by("Region", "age", maintain_order=True).agg(pl.col("value").sum(), sex=pl.lit("all").first())
        found = pl.concat([found, both.select(found.columns)])
    _check_whole(scb, url, found, len(ages))
    return found.select(
        municipality_code="Region",
        year=pl.lit(year, pl.Int64),
        sex=pl.when(pl.col("sex") != "all").then("sex"),
        age="age",
        population=pl.col("value").cast(pl.Int64),
        **_provenance(url, accessed),
    ).select(PEOPLE_SCHEMA.keys())


def _check_whole(scb: Service, url: str, found: pl.DataFrame, ages: int) -> None:
    """Check that each municipality that there is has all ages of both sexes and of all; say which has not."""
    whole = found.group_by("Region").len().filter(pl.col("len") == 3 * ages)["Region"].to_list()
    missing = sorted(set(vocabulary.municipalities()) - set(whole))
    if missing:
        named = ", ".join(vocabulary.municipalities()[code] for code in missing[:5]) + (" and others" if len(missing) > 5 else "")
        what = f"{len(missing)} of {len(vocabulary.municipalities())} municipalities lack an age or a sex: {named}"
        raise scb.problem(url, what, "Are the codes in fetched_facts.toml still the table's?")


def prices(scb: Service, accessed: date) -> pl.DataFrame:
    """Fetch the consumer price index (PRICE_SCHEMA)."""
    table = fetched_facts.sources().prices
    rows, url = _rows(scb, table.table, table.select)
    known = rows.drop_nulls("value").sort("Tid")
    if known.is_empty() or known["Tid"].is_duplicated().any():
        raise scb.problem(url, "there is not one index a year", "Are the codes in fetched_facts.toml still the table's?")
    return known.select(year=pl.col("Tid").cast(pl.Int64), index="value", **_provenance(url, accessed)).select(
        PRICE_SCHEMA.keys()
    )


def _rows(scb: Service, table: str, select: dict[str, str]) -> tuple[pl.DataFrame, str]:
    """Return the values of a selection, one row each, and the address that was asked."""
    url = f"{scb.base}tables/{table}/data"
    asked = {f"valueCodes[{variable}]": codes for variable, codes in select.items()}
    cube = scb.checked(_Cube, scb.get(url, {"lang": "sv", "outputFormat": "json-stat2", **asked}), url)
    _check_form(scb, url, cube, [name for name in select if name != "ContentsCode"])
    return cube.rows(), url


def _check_form(scb: Service, url: str, cube: _Cube, wanted: Sequence[str]) -> None:
    """Check that an answer has the variables that were asked for, and as many values as its codes make."""
    lacking = [name for name in (*wanted, *cube.id) if name not in cube.dimension]
    size = prod(len(cube.dimension[name].category.codes()) for name in cube.id) if not lacking else 0
    if lacking or (isinstance(cube.value, list) and len(cube.value) != size):
        what = (
            f"the answer has no {', '.join(lacking)}" if lacking else f"the answer has {len(cube.value)} values for {size} places"
        )
        raise scb.problem(url, what, "Has the API changed?")


def _provenance(url: str, accessed: date) -> dict[str, Any]:
    return {"accessed": pl.lit(accessed), "source": pl.lit(url), "licence": pl.lit(fetched_facts.sources().scb.licence)}
