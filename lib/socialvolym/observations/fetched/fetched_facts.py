"""Fetched facts: what `socialvolym facts` has stored, a file a part with its date and licence, and where it asks."""

from __future__ import annotations

import time
from datetime import date
from functools import lru_cache
from pathlib import Path

import polars as pl

from socialvolym import atomic, paths
from socialvolym.csv_files import Schema
from socialvolym.errors import SocialvolymError
from socialvolym.toml_files import Data, load_toml

#: Columns of every stored table: when and from where it was fetched, and its licence.
PROVENANCE: Schema = {"accessed": pl.Date(), "source": pl.String(), "licence": pl.String()}
#: Inhabitants on 31 December; without sex of both, without age of all. Ages are in years; the last one is and above.
PEOPLE_SCHEMA: Schema = {
    "municipality_code": pl.String(),
    "year": pl.Int64(),
    "sex": pl.String(),
    "age": pl.Int64(),
    "population": pl.Int64(),
    **PROVENANCE,
}
#: The consumer price index of a year, 1980 = 100.
PRICE_SCHEMA: Schema = {"year": pl.Int64(), "index": pl.Float64(), **PROVENANCE}


class Interface(Data):
    """An open interface: its address, licence, and how it is asked."""

    address: str
    licence: str
    pause: float
    fresh_days: int
    first_year: int = 0


class People(Data):
    """A table of inhabitants by age and sex."""

    table: str
    closed: bool
    select: dict[str, str]
    sexes: dict[str, str]
    total: str
    oldest: str


class Prices(Data):
    """The table of the price index."""

    table: str
    select: dict[str, str]


class Sources(Data):
    """fetched_facts.toml."""

    scb: Interface
    kolada: Interface
    population: tuple[People, ...]
    prices: Prices


@lru_cache(maxsize=1)
def sources() -> Sources:
    """Return where facts are fetched from."""
    return load_toml(Sources, Path(__file__).with_suffix(".toml"))


def place(part: str) -> Path:
    """Return where a part is stored: `kind-name`, like population-2024."""
    return paths.facts() / "fetched" / f"{part}.parquet"


def age_in_days(part: str) -> float | None:
    """Return how many days ago a part was stored; None where it is not."""
    try:
        return (time.time() - place(part).stat().st_mtime) / 86400
    except FileNotFoundError:
        return None


def days(kind: str) -> list[date]:
    """Return the days on which the parts of a kind were stored, in order."""
    return sorted(date.fromtimestamp(path.stat().st_mtime) for path in place(kind).parent.glob(f"{kind}-*.parquet"))


def store(frame: pl.DataFrame, part: str) -> None:
    """Store a part whole or not at all."""
    atomic.write_parquet(frame, place(part))


def scan(kind: str, schema: Schema) -> pl.LazyFrame:
    """Return all that is stored of a kind, in the order of its parts; an empty table where nothing is.

    Raises
    ------
    SocialvolymError
        where a file is damaged or of another version of this program.
    """
    parts = sorted(place(kind).parent.glob(f"{kind}-*.parquet"))
    for path in parts:
        try:
            found = pl.read_parquet_schema(path)
        except pl.exceptions.PolarsError as error:
            raise SocialvolymError(
                f"{path} is damaged ({str(error).splitlines()[0]}): delete it, and run `socialvolym facts`"
            ) from error
        if found != schema:
            raise SocialvolymError(f"{path} has other columns than this program's: delete it, and run `socialvolym facts`")
    return pl.scan_parquet(parts) if parts else pl.LazyFrame(schema=schema)
