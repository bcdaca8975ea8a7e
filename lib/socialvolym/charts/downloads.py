"""Downloads: tables as CSV and Excel files that open safely."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Mapping
from datetime import datetime

import polars as pl
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from socialvolym.charts.markup import Html
from socialvolym.csv_files import disarmed
from socialvolym.notation.languages import Language

_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f]"
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_EXCEL_LIMIT = 32_767
#: The one date that every workbook carries, so that the same figures are the same file.
_STILL = datetime(2000, 1, 1)


def _safe(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a table in which every column but numbers and days is text without control characters, and none of it a formula."""
    lists = frame.with_columns(
        pl.col(name).cast(pl.List(pl.String)).list.join(" ") for name, dtype in frame.schema.items() if isinstance(dtype, pl.List)
    )
    texts = [name for name, dtype in lists.schema.items() if not dtype.is_numeric() and dtype not in (pl.Boolean, pl.Date)]
    plain = lists.with_columns(pl.col(name).cast(pl.String).str.replace_all(_CONTROL, "") for name in texts)
    names = disarmed(pl.DataFrame({"name": [re.sub(_CONTROL, "", name) for name in plain.columns]}))["name"]
    return disarmed(plain).rename(dict(zip(plain.columns, names, strict=True)))


def _csv(safe: pl.DataFrame, language: Language) -> bytes:
    """Return a CSV file as a spreadsheet in the language expects it: byte order mark; in Swedish semicolon and decimal comma."""
    swedish = language == "sv"
    return safe.write_csv(separator=";" if swedish else ",", decimal_comma=swedish, include_bom=True).encode()


def workbook(tables: Mapping[str, pl.DataFrame]) -> bytes:
    """Return an Excel workbook, a sheet a table: bold headings that stay in view, numbers and days as such, no text a formula."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.created = book.properties.modified = _STILL
    for title, table in tables.items():
        _fill(book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31]), _safe(table))
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_STORED) as stored:
        # As book.save(), which would pack what _still() packs, and write the time.
        ExcelWriter(book, stored).write_data()
    return _still(raw.getvalue())


def _fill(sheet: Worksheet, safe: pl.DataFrame) -> None:
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
    return csv + Html(" ") + link(workbook({name: frame}), _SPREADSHEET, f"{name}.xlsx", xlsx_text)
