"""Downloads: tables as CSV and Excel files that open safely, and the description of data/processed as a data package."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

from socialvolym import atomic
from socialvolym.charts.markup import Html
from socialvolym.csv_files import disarmed
from socialvolym.errors import SocialvolymError
from socialvolym.notation.languages import Language

_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f]"
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_EXCEL_LIMIT = 32_767
#: The one date that every workbook carries, so that the same figures are the same file.
_STILL = datetime(2000, 1, 1)
_TYPES = {pl.Float64: "number", pl.Int64: "integer", pl.Boolean: "boolean"}


def _safe(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a table in which every column but numbers is text without control characters, and none of it a formula."""
    lists = frame.with_columns(
        pl.col(name).cast(pl.List(pl.String)).list.join(" ") for name, dtype in frame.schema.items() if isinstance(dtype, pl.List)
    )
    texts = [name for name, dtype in lists.schema.items() if not dtype.is_numeric() and dtype != pl.Boolean]
    plain = lists.with_columns(pl.col(name).cast(pl.String).str.replace_all(_CONTROL, "") for name in texts)
    names = disarmed(pl.DataFrame({"name": [re.sub(_CONTROL, "", name) for name in plain.columns]}))["name"]
    return disarmed(plain).rename(dict(zip(plain.columns, names, strict=True)))


def _csv(safe: pl.DataFrame, language: Language) -> bytes:
    """Return a CSV file as a spreadsheet in the language expects it: byte order mark; in Swedish semicolon and decimal comma."""
    swedish = language == "sv"
    return safe.write_csv(separator=";" if swedish else ",", decimal_comma=swedish, include_bom=True).encode()


def _xlsx(title: str, safe: pl.DataFrame) -> bytes:
    """Return an Excel workbook of one sheet: headings in bold and kept in view, numbers as numbers, texts as texts."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.created = book.properties.modified = _STILL
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31])
    for row, values in enumerate([tuple(safe.columns), *safe.iter_rows()], start=1):
        for column, value in enumerate(values, start=1):
            cell = sheet.cell(row, column, value[:_EXCEL_LIMIT] if isinstance(value, str) else value)
            if isinstance(value, str):
                cell.data_type = "s"
            if row == 1:
                cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    for column, name in enumerate(safe.columns, start=1):
        widest = safe[name].cast(pl.String).str.len_chars().max()
        sheet.column_dimensions[get_column_letter(column)].width = min(max(len(name), int(str(widest or 0))) + 2, 50)
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_STORED) as stored:
        # As book.save(), which would pack what _still() packs, and write the time.
        ExcelWriter(book, stored).write_data()
    return _still(raw.getvalue())


def _still(workbook: bytes) -> bytes:
    """Return a workbook packed, without the time at which it was written."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as source,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target,
    ):
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, _STILL.timetuple()[:6]), source.read(name), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def link(content: bytes, media_type: str, name: str, text: str) -> Html:
    """Return a link that saves a file held in the page itself."""
    encoded = base64.b64encode(content).decode()
    return Html('<a download="{}" href="data:{};base64,{}">{}</a>').format(name, media_type, encoded, text)


def links(frame: pl.DataFrame, name: str, language: Language, csv_text: str, xlsx_text: str) -> Html:
    """Return the links that save a table as CSV and as an Excel workbook."""
    safe = _safe(frame)
    csv = link(_csv(safe, language), "text/csv;charset=utf-8", f"{name}.csv", csv_text)
    return csv + Html(" ") + link(_xlsx(name, safe), _SPREADSHEET, f"{name}.xlsx", xlsx_text)


def data_package(
    folder: Path, title: str, version: str, descriptions: Mapping[str, str], columns: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return the Frictionless description of a folder's tables: every CSV with its fields, size and hash.

    Parameters
    ----------
    folder : holds <name>.csv and <name>.parquet of each table.
    title, version : of the data.
    descriptions : table name -> what the table is.
    columns : column name -> what the column is.

    Raises
    ------
    SocialvolymError
        where a described table is not in the folder.
    """
    resources = []
    for name, description in sorted(descriptions.items()):
        path = folder / f"{name}.csv"
        if not path.exists():
            raise SocialvolymError(f"{path}: there is no such table to describe; make it with `make data`")
        content = path.read_bytes()
        schema = pl.read_parquet_schema(path.with_suffix(".parquet"))
        fields = [_field(column, dtype, (columns or {}).get(column)) for column, dtype in schema.items()]
        resources.append(
            {
                "name": name,
                "path": path.name,
                "description": description,
                "profile": "tabular-data-resource",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": len(content),
                "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
                "schema": {"fields": fields, "missingValues": [""]},
            }
        )
    return {"profile": "tabular-data-package", "name": "socialvolym", "title": title, "version": version, "resources": resources}


def _field(column: str, dtype: pl.DataType, description: str | None) -> dict[str, str]:
    kind = next((name for known, name in _TYPES.items() if dtype == known), "string")
    return {"name": column, "type": kind} | ({"description": description} if description else {})


def write_data_package(
    folder: Path, title: str, version: str, descriptions: Mapping[str, str], columns: Mapping[str, str] | None = None
) -> None:
    """Write datapackage.json beside the tables of a folder."""
    package = data_package(folder, title, version, descriptions, columns)
    atomic.write_text(json.dumps(package, ensure_ascii=False, indent=2) + "\n", folder / "datapackage.json")
