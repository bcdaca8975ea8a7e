"""Facts from outside the reports: inhabitants, price indexes, and which national measures there are.

What `socialvolym facts` has fetched goes before what stands in data/raw/facts.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, NamedTuple, get_args

import polars as pl

from socialvolym import paths, vocabulary
from socialvolym.csv_files import Schema, load_csv
from socialvolym.observations.fetched import fetched_facts

POPULATION_SCHEMA = {
    "municipality_code": pl.String,
    "municipality": pl.String,
    "year": pl.Int64,
    "population": pl.Int64,
    "quality": pl.String,
    "source": pl.String,
}
#: The inhabitants of groups of ages, which may be put in by hand: population_by_age.csv. A row without sex is of both,
#: one without a last age of all older ones.
AGES_SCHEMA: Schema = {
    "municipality_code": pl.String,
    "municipality": pl.String,
    "year": pl.Int64,
    "first_age": pl.Int64,
    "last_age": pl.Int64,
    "sex": pl.String,
    "population": pl.Int64,
    "quality": pl.String,
    "source": pl.String,
}
INDEX_SCHEMA = {"year": pl.Int64, "index": pl.Float64, "quality": pl.String, "source": pl.String}
#: The price indexes: consumer prices (KPI), and prices of municipal services (PKV), which is not fetched: pkv.csv may be put in.
Index = Literal["cpi", "pkv"]
INDEXES: tuple[Index, ...] = get_args(Index)
KOLADA_SCHEMA = dict.fromkeys(("kpi", "domain", "meaning_sv", "unit", "reference_time"), pl.String)


class Group(NamedTuple):
    """A group of the inhabitants: from an age to another, both included, or on, and of one sex; by default all."""

    first: int | None = None
    last: int | None = None
    sex: str | None = None

    @property
    def label(self) -> str:
        """The group in short, like `0-20 women` or `65+`; empty for all."""
        ages = "" if self.first is None else f"{self.first}+" if self.last is None else f"{self.first}-{self.last}"
        return f"{ages} {self.sex or ''}".strip()


class Known(NamedTuple):
    """A number of inhabitants, its quality ("published", "computed" or "secondary") and its source."""

    number: int
    quality: str
    source: str


#: All inhabitants.
ALL = Group()
#: Stands for the last age of a group without one, "65 and older".
OLDEST = 999


@lru_cache(maxsize=16)
def population(group: Group = ALL) -> pl.DataFrame:
    """Return the inhabitants of a group on 31 December (POPULATION_SCHEMA); a year that is not known has a null, or no row."""
    ages = (
        pl.col("age").is_null() if group[:2] == (None, None) else pl.col("age").is_between(group.first or 0, group.last or OLDEST)
    )
    fetched = (
        fetched_facts.scan("population", fetched_facts.PEOPLE_SCHEMA)
        .filter(ages, pl.col("sex").eq_missing(pl.lit(group.sex)))
        .group_by("municipality_code", "year", maintain_order=True)
        .agg(pl.col("population").sum(), pl.col("source").first(), quality=pl.lit("published").first())
        .with_columns(municipality=pl.col("municipality_code").replace(vocabulary.municipalities()))
        .select(POPULATION_SCHEMA.keys())
        .collect()
    )
    listed = _load("population.csv", POPULATION_SCHEMA) if group == ALL else _listed_by_age(group)
    return pl.concat([fetched, listed.join(fetched, on=["municipality_code", "year"], how="anti", maintain_order="left")])


def _listed_by_age(group: Group) -> pl.DataFrame:
    """Return the inhabitants of a group that stand in population_by_age.csv, as one row or as rows that make it up."""
    if not (paths.facts() / "population_by_age.csv").exists() or group.first is None:
        return pl.DataFrame(schema=POPULATION_SCHEMA)
    last = group.last or OLDEST
    rows = _load("population_by_age.csv", AGES_SCHEMA).with_columns(pl.col("last_age").fill_null(OLDEST))
    rows = rows.filter(
        pl.col("population").is_not_null(),
        pl.col("first_age") >= group.first,
        pl.col("last_age") <= last,
        pl.col("sex").eq_missing(pl.lit(group.sex)),
    )
    key = ["municipality_code", "municipality", "year"]
    whole = (pl.col("first_age") == group.first) & (pl.col("last_age") == last)
    parts = rows.filter(~whole.any().over(key) | whole).sort(*key, "first_age")
    gapless = (pl.col("first_age") == pl.col("last_age").shift(1).over(key) + 1).fill_null(pl.col("first_age") == group.first)
    fitting = parts.filter(gapless.all().over(key) & (pl.col("last_age").max().over(key) == last))
    return (
        fitting.group_by(key, maintain_order=True)
        .agg(
            pl.col("population").sum(),
            # Of the parts' qualities the one that has to be told.
            pl.col("quality").sort_by(pl.col("quality") == "published").first(),
            pl.col("source").first(),
        )
        .select(POPULATION_SCHEMA.keys())
    )


@lru_cache(maxsize=4)
def index_of(index: Index = "cpi") -> pl.DataFrame:
    """Return a price index, annual mean (INDEX_SCHEMA); a year that is not known has a null, or no row."""
    listed = _load(f"{index}.csv", INDEX_SCHEMA) if index == "cpi" or has_pkv() else pl.DataFrame(schema=INDEX_SCHEMA)
    if index == "pkv":
        return listed
    fetched = fetched_facts.scan("prices", fetched_facts.PRICE_SCHEMA).collect()
    fetched = fetched.select("year", "index", "source", quality=pl.lit("final")).select(INDEX_SCHEMA.keys())
    return pl.concat([fetched, listed.join(fetched, on="year", how="anti", maintain_order="left")])


def has_pkv() -> bool:
    """Tell whether the price index of municipal services has been put in."""
    return (paths.facts() / "pkv.csv").exists()


@lru_cache(maxsize=4)
def kolada_measures() -> pl.DataFrame:
    """Return the national key figures that are closest to the reports' volumes (KOLADA_SCHEMA)."""
    return _load("kolada_measures.csv", KOLADA_SCHEMA)


def _load(name: str, schema: Schema) -> pl.DataFrame:
    return load_csv(paths.facts() / name, schema)


@lru_cache(maxsize=4)
def price_index(index: Index = "cpi") -> dict[int, float]:
    """Return a price index of each year that has one."""
    return dict(index_of(index).select("year", "index").drop_nulls().iter_rows())


@lru_cache(maxsize=16)
def known_inhabitants(group: Group = ALL) -> dict[tuple[str, int], Known]:
    """Return the inhabitants of a group by municipality code and year, as far as they are known."""
    known = population(group).filter(pl.col("population").is_not_null())
    return {
        (row["municipality_code"], row["year"]): Known(row["population"], row["quality"], row["source"] or "")
        for row in known.iter_rows(named=True)
    }


def last_index_year() -> int:
    """Return the last year whose consumer price index is known; 0 where none is."""
    return max(price_index("cpi"), default=0)


def price_change(first: int, last: int, index: Index = "cpi") -> float | None:
    """Return by how many per cent a price index rose between two years; None where it is not known for both."""
    then, now = price_index(index).get(first), price_index(index).get(last)
    return 100 * (now / then - 1) if then and now else None


def is_provisional(year: int, index: Index = "cpi") -> bool:
    """Tell whether a price index of a year is provisional."""
    return "provisional" in index_of(index).filter(pl.col("year") == year)["quality"].to_list()


def source_of_index(year: int, index: Index = "cpi") -> str | None:
    """Return where a price index of a year is from; None where it is not known."""
    known = index_of(index).filter(pl.col("year") == year, pl.col("index").is_not_null())
    return None if known.is_empty() else str(known["source"][0])


def inhabitants(municipality_code: str, year: int) -> int | None:
    """Return the inhabitants on 31 December; None where they are not known."""
    found = known_inhabitants().get((municipality_code, year))
    return found.number if found else None


def inhabitants_about(municipality_code: str, year: int) -> int | None:
    """Return the inhabitants of the known year nearest to one, to weigh sizes by and not to tell; None where none is known."""
    known = {of: entry.number for (code, of), entry in known_inhabitants().items() if code == municipality_code}
    return known[min(known, key=lambda of: abs(of - year))] if known else None
