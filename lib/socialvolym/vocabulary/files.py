"""Files: the data files of the vocabulary, loaded with their columns."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

import polars as pl

from socialvolym.errors import SocialvolymError

FOLDER = Path(__file__).resolve().parent


def load(name: str, columns: tuple[str, ...]) -> pl.DataFrame:
    """Load a data file of this folder, all text.

    Raises
    ------
    SocialvolymError
        where it cannot be read, or a column is missing.
    """
    try:
        frame = pl.read_csv(FOLDER / name, infer_schema=False)
    except pl.exceptions.ComputeError as error:
        raise SocialvolymError(f"{name} of the vocabulary: {error}; put what holds a comma between quotes") from error
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise SocialvolymError(f"{name} of the vocabulary: missing columns {missing}")
    return frame.select(columns)


@lru_cache(maxsize=1)
def municipalities() -> dict[str, str]:
    """Return the municipalities: code (text) -> name."""
    # Not by polars: a run asks for them before its processes fork, and what is forked beside polars' threads waits for ever.
    with (FOLDER / "municipalities.csv").open(encoding="utf-8", newline="") as file:
        return {row["municipality_code"]: row["municipality"] for row in csv.DictReader(file)}


def names_in(cell: str | None) -> list[str]:
    """Return the names in a cell that can hold several (a|b); none where it is empty."""
    return cell.split("|") if cell else []
