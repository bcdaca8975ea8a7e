"""A folder of facts for the tests: what the repository holds, and invented inhabitants by age and sex."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import product
from pathlib import Path

import polars as pl
import pytest
from socialvolym import paths
from socialvolym.observations import facts
from socialvolym.observations.fetched import fetched_facts

_CACHED = (facts.population, facts.index_of, facts.price_index, facts.known_inhabitants, facts.kolada_measures)


@pytest.fixture
def own_facts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with the facts of the repository, to which a test may add."""
    for listed in paths.facts().glob("*.csv"):
        (tmp_path / listed.name).write_bytes(listed.read_bytes())
    monkeypatch.setattr(paths, "facts", lambda: tmp_path)
    for cached in _CACHED:
        cached.cache_clear()
    yield tmp_path
    for cached in _CACHED:
        cached.cache_clear()


def people(*years: int, code: str = "0136") -> None:
    """Store 100 women and 200 men of each year of age, and their sums, as if they had been fetched."""
    for year in years:
        one = {"women": 100, "men": 200, None: 300}
        rows = [(code, year, sex, age, one[sex] * (101 if age is None else 1)) for sex, age in product(one, [None, *range(101)])]
        schema = {name: fetched_facts.PEOPLE_SCHEMA[name] for name in ("municipality_code", "year", "sex", "age", "population")}
        frame = pl.DataFrame(rows, schema=schema, orient="row")
        told = frame.with_columns(accessed=pl.lit(date(2026, 4, 1)), source=pl.lit("invented"), licence=pl.lit("CC0 1.0"))
        fetched_facts.store(told, f"population-{year}")
