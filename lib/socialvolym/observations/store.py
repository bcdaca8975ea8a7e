"""The tidy tables in data/processed: stored whole or not at all as Parquet and CSV, loaded with a message where absent."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from socialvolym import atomic, paths
from socialvolym.errors import SocialvolymError
from socialvolym.toml_files import Data
from socialvolym.vocabulary import measure_rows, names


class Said(Data):
    """What a table or a column holds, in both languages."""

    en: str
    sv: str


class Descriptions(Data):
    """What the tables are: a title for all of them, and what each table and each column holds.

    columns : by name; by table.name where a column of one table holds something else than in the others.
    """

    title: str
    tables: dict[str, Said]
    columns: dict[str, Said]

    def column(self, table: str, column: str) -> Said:
        """Return what a column of a table holds."""
        return self.columns.get(f"{table}.{column}") or self.columns[column]


#: measures: one row a measure that has a figure.
MEASURE_SCHEMA = dict.fromkeys(
    ("measure", "domain", "unit", "reference_time", "title_en", "title_sv", "definition_en", "definition_sv"), pl.String
)
#: codebook: one row a column of a table.
CODEBOOK_SCHEMA = dict.fromkeys(("table", "column", "type", "meaning_en", "meaning_sv"), pl.String)
_TYPES = {pl.String: "text", pl.Int64: "whole number", pl.Float64: "number", pl.Boolean: "yes or no"}


@lru_cache(maxsize=1)
def descriptions() -> Descriptions:
    """Return the descriptions in tables.toml."""
    return Descriptions.model_validate(tomllib.loads((Path(__file__).parent / "tables.toml").read_text(encoding="utf-8")))


def measures(observations: pl.DataFrame) -> pl.DataFrame:
    """Return the measures that have a figure, with their titles and definitions (MEASURE_SCHEMA), by domain."""
    return measure_rows(observations["measure"].sort()).select(MEASURE_SCHEMA.keys()).sort("domain", maintain_order=True)


def codebook(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return what the columns of tables hold, those of this one at the end (CODEBOOK_SCHEMA)."""
    schemas: dict[str, Mapping[str, Any]] = {name: table.schema for name, table in tables.items()}
    columns = [
        (name, column, type_in_words(dtype), *_meanings(name, column))
        for name, schema in (schemas | {"codebook": CODEBOOK_SCHEMA}).items()
        for column, dtype in schema.items()
    ]
    return pl.DataFrame(columns, schema=CODEBOOK_SCHEMA, orient="row")


def type_in_words(dtype: Any) -> str:
    """Return the type of a column in words."""
    return next((words for known, words in _TYPES.items() if dtype == known), str(dtype))


def _meanings(table: str, column: str) -> tuple[str, str]:
    try:
        said = descriptions().column(table, column)
    except KeyError:
        raise SocialvolymError(f"observations/tables.toml does not say what the column {column} means") from None
    return said.en, said.sv


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
        where there is no such table, with the nearest, or it has not been made, with the command that makes it.
    """
    path = (folder or paths.processed()) / f"{name}.parquet"
    try:
        return pl.read_parquet(path)
    except FileNotFoundError as error:
        if name not in descriptions().tables:
            names.one_of(name, descriptions().tables, "table")
        raise SocialvolymError(
            f"there is no table {name}: make it with `make data` (or run notebooks/1_clean.ipynb "
            "and then notebooks/2_validate.ipynb)"
        ) from error
    except pl.exceptions.PolarsError as error:
        raise SocialvolymError(f"{path} is damaged ({str(error).splitlines()[0]}): delete it and run `make data`") from error
