"""Data files beside the tables of data/processed: all of them as a workbook, and their description as a data package."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from socialvolym import atomic, vocabulary
from socialvolym.observations import facts, store
from socialvolym.reports.models import RawReport

#: The workbook of all tables, which Excel opens in any language; the codebook comes first.
WORKBOOK = "socialvolym.xlsx"
PACKAGE = "datapackage.json"
_TYPES = {pl.Float64: "number", pl.Int64: "integer", pl.Boolean: "boolean"}


def write(folder: Path, tables: Mapping[str, pl.DataFrame], version: str, reports: Iterable[RawReport]) -> None:
    """Write the workbook and the description of a folder's tables, which stand there as CSV.

    Parameters
    ----------
    version : of the data.
    reports : those that the figures are from.
    """
    # Every run imports this module for the files' names; the library that writes workbooks takes long.
    from socialvolym.charts import downloads

    sheets = {"codebook": tables["codebook"], **tables}
    atomic.write(folder / WORKBOOK, lambda target: target.write_bytes(downloads.workbook(sheets)))
    package = data_package(folder, tables, version, [*map(_source, reports), *_sources_of_facts()])
    atomic.write_text(json.dumps(package, ensure_ascii=False, indent=2) + "\n", folder / PACKAGE)


def data_package(folder: Path, tables: Mapping[str, pl.DataFrame], version: str, sources: list[dict[str, str]]) -> dict[str, Any]:
    """Return the Frictionless description of tables: every CSV with its fields, size and hash, and where the figures are from."""
    return {
        "profile": "tabular-data-package",
        "name": "socialvolym",
        "title": store.descriptions().title,
        "version": version,
        "licenses": [{"name": "MIT", "title": "MIT License"}],
        "sources": sources,
        "resources": [_resource(folder / f"{name}.csv", table) for name, table in sorted(tables.items())],
    }


def _resource(path: Path, table: pl.DataFrame) -> dict[str, Any]:
    content = path.read_bytes()
    return {
        "name": path.stem,
        "path": path.name,
        "description": store.descriptions().tables[path.stem].en,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": {"fields": [_field(path.stem, *column) for column in table.schema.items()], "missingValues": [""]},
    }


def _field(table: str, column: str, dtype: pl.DataType) -> dict[str, str]:
    kind = next((name for known, name in _TYPES.items() if dtype == known), "string")
    return {"name": column, "type": kind, "description": store.descriptions().column(table, column).en}


def _source(raw: RawReport) -> dict[str, str]:
    about, name = raw.report, vocabulary.municipalities()[raw.report.municipality_code]
    return {"title": f"{name}, {about.committee}: {about.title}", "path": about.document, "hash": f"sha256:{about.sha256}"}


def _sources_of_facts() -> list[dict[str, str]]:
    named = pl.concat([facts.population().select("source"), facts.index_of().select("source")])
    return [{"title": source} for source in named["source"].drop_nulls().unique().sort()]
