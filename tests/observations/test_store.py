"""The tidy tables: stored twice, loaded with a message."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from socialvolym.errors import SocialvolymError
from socialvolym.observations import store

FRAME = pl.DataFrame(
    {"municipality_code": ["0136"], "value": [None]}, schema={"municipality_code": pl.String, "value": pl.Float64}
)


def test_a_table_is_stored_as_parquet_and_csv(home: Path) -> None:
    store.store(FRAME, "invented")
    assert store.load("invented").equals(FRAME)
    assert (home / "data/processed/invented.csv").read_text(encoding="utf-8") == "municipality_code,value\n0136,\n"


def test_a_folder_may_be_chosen(tmp_path: Path) -> None:
    store.store(FRAME, "invented", tmp_path)
    assert store.load("invented", tmp_path).equals(FRAME)


def test_a_table_that_is_not_there_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(SocialvolymError, match=r"no table findings.*make data"):
        store.load("findings", tmp_path)


def test_a_table_that_is_none_is_answered_with_the_nearest_and_all(tmp_path: Path) -> None:
    with pytest.raises(SocialvolymError, match=r"unknown table 'finding'; nearest: findings.*; there are: .*codebook"):
        store.load("finding", tmp_path)


def test_a_column_without_a_meaning_is_named_with_where_it_is_said() -> None:
    with pytest.raises(SocialvolymError, match=r"tables.toml .*shade"):
        store.codebook({"findings": pl.DataFrame(schema={"shade": pl.String})})


def test_a_damaged_table_is_named(tmp_path: Path) -> None:
    (tmp_path / "invented.parquet").write_bytes(b"no parquet")
    with pytest.raises(SocialvolymError, match=r"invented\.parquet is damaged"):
        store.load("invented", tmp_path)
