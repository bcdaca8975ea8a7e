"""The tidy tables in data/processed: stored whole or not at all as Parquet and CSV, loaded with a message where absent."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

import polars as pl
from pydantic import BaseModel, ConfigDict

from socialvolym import atomic, paths
from socialvolym.errors import SocialvolymError


class Descriptions(BaseModel):
    """What the tables are: a title for all of them, and what each table and each column holds."""

    model_config = ConfigDict(extra="forbid")

    title: str
    tables: dict[str, str]
    columns: dict[str, str]


@lru_cache(maxsize=1)
def descriptions() -> Descriptions:
    """Return the descriptions in tables.toml."""
    return Descriptions.model_validate(tomllib.loads((Path(__file__).parent / "tables.toml").read_text(encoding="utf-8")))


def store(frame: pl.DataFrame, name: str, folder: Path | None = None) -> None:
    """Store a table as <name>.parquet and <name>.csv."""
    place = folder or paths.processed()
    atomic.write_parquet(frame, place / f"{name}.parquet")
    atomic.write_csv(frame, place / f"{name}.csv")


def load(name: str, folder: Path | None = None) -> pl.DataFrame:
    """Load a table.

    Raises
    ------
    SocialvolymError
        where it has not been made, naming the command that makes it.
    """
    path = (folder or paths.processed()) / f"{name}.parquet"
    try:
        return pl.read_parquet(path)
    except FileNotFoundError as error:
        raise SocialvolymError(
            f"there is no table {name}: make it with `make data` (or run notebooks/1_clean.ipynb "
            "and then notebooks/2_validate.ipynb)"
        ) from error
    except pl.exceptions.PolarsError as error:
        raise SocialvolymError(f"{path} is damaged ({str(error).splitlines()[0]}): delete it and run `make data`") from error
