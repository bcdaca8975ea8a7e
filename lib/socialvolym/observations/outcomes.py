"""What became of each report: read, or left out with the reason; and the raw reports whose figures are in the tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from socialvolym import paths
from socialvolym.observations import store
from socialvolym.reports import loading
from socialvolym.reports.models import RawReport

#: One row a report: its municipality's code and year (null where report.toml does not tell them), whether its figures are in the
#: tables ("read" or "left_out"), and why not.
REPORTS_SCHEMA = {"report": pl.String, "municipality_code": pl.String, "year": pl.Int64, "state": pl.String, "reason": pl.String}
READ, LEFT_OUT = "read", "left_out"


def names(table: pl.DataFrame, codes: Sequence[str] = (), state: str = READ) -> list[str]:
    """Return the ids of the reports in a state, of some municipalities or of all."""
    chosen = table.filter(pl.col("state") == state, pl.col("municipality_code").is_in(list(codes)) | pl.lit(not codes))
    return chosen["report"].to_list()


def load(folder: Path | None = None) -> pl.DataFrame:
    """Load what became of each report (REPORTS_SCHEMA)."""
    return store.load("reports", folder)


#: The reports that have been loaded in this process.
_loaded: dict[Path, RawReport] = {}


def raw_reports(table: pl.DataFrame, codes: Sequence[str] = ()) -> list[RawReport]:
    """Load the reports whose figures are in the tables, of some municipalities or of all; each only once."""
    folders = [paths.raw() / name for name in names(table, codes)]
    unknown = [folder for folder in folders if folder not in _loaded]
    _loaded.update(zip(unknown, loading.load_all(unknown), strict=True))
    return [_loaded[folder] for folder in folders]
