"""Downloads: tables as CSV and Excel files that open safely."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from math import isfinite
from xml.sax.saxutils import escape

import polars as pl
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

from socialvolym.charts.markup import Html
from socialvolym.csv_files import disarmed
from socialvolym.notation.languages import Language

_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f]"
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_EXCEL_LIMIT = 32_767
#: The one date that every workbook carries, so that the same figures are the same file.
_STILL = datetime(2000, 1, 1)
#: The day that Excel counts from.
_FIRST_DAY = date(1899, 12, 30)
_BOOK, _DATA = "xl/workbook.xml", re.compile("<sheetData>.*</sheetData>")


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
    """Return an Excel workbook, a sheet a table: bold headings that stay in view, numbers and days as such, no text a formula.

    The same tables are the same bytes.
    """
    return _packed({title: _safe(table) for title, table in tables.items()})


def _packed(safe: Mapping[str, pl.DataFrame]) -> bytes:
    parts = dict(_parts(len(safe)))
    for number, (title, table) in enumerate(safe.items(), start=1):
        name = escape(re.sub(r"[\[\]:*?/\\]", " ", title)[:31], {'"': "&quot;"})
        parts[_BOOK] = parts[_BOOK].replace(f'"sheet{number}" sheetId="{number}"', f'"{name}" sheetId="{number}"')
        place = f"xl/worksheets/sheet{number}.xml"
        parts[place] = _filled(parts[place], table)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name, part in parts.items():
            target.writestr(zipfile.ZipInfo(name, _STILL.timetuple()[:6]), part, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


@lru_cache(maxsize=4)
def _parts(sheets: int) -> dict[str, str]:
    """Return the parts of a workbook by their names, each sheet with a heading (style 1) and a day (style 2)."""
    book, raw = Workbook(), io.BytesIO()
    book.remove(book.worksheets[0])
    book.properties.created = book.properties.modified = _STILL
    for number in range(1, sheets + 1):
        sheet = book.create_sheet(f"sheet{number}")
        sheet["A1"].font = Font(bold=True)
        sheet["B1"] = _STILL.date()
        sheet.freeze_panes = "A2"
    with zipfile.ZipFile(raw, "w") as stored:
        # As book.save(), which would write the time.
        ExcelWriter(book, stored).write_data()
        return {name: stored.read(name).decode() for name in stored.namelist()}


def _filled(sheet: str, safe: pl.DataFrame) -> str:
    """Return a sheet's part with a table; with openpyxl's cells a workbook takes five times as long, a sixth of a page's time."""
    letters = [get_column_letter(column) for column in range(1, safe.width + 1)]
    widest = safe.select(pl.all().cast(pl.String).str.len_chars().max()).row(0)
    widths = [min(max(len(name), longest or 0) + 2, 50) for name, longest in zip(safe.columns, widest, strict=True)]
    columns = [f'<col width="{width}" customWidth="1" min="{n}" max="{n}" />' for n, width in enumerate(widths, start=1)]
    rows = [
        f'<row r="{row}">{"".join(_cell(letter, row, value) for letter, value in zip(letters, values, strict=True))}</row>'
        for row, values in enumerate([safe.columns, *safe.iter_rows()], start=1)
    ]
    told = f"<cols>{''.join(columns)}</cols><sheetData>{''.join(rows)}</sheetData>"
    return _DATA.sub(lambda _: told, sheet.replace('"A1:B1"', f'"A1:{letters[-1]}{len(rows)}"'))


def _cell(letter: str, row: int, value: str | float | date | None) -> str:
    """Return a cell; nothing where it is empty, as what is no number is."""
    start = f'<c r="{letter}{row}"'
    if isinstance(value, str) and value:
        kept, heading = ' xml:space="preserve"' if value != value.strip() else "", ' s="1"' if row == 1 else ""
        return f'{start}{heading} t="inlineStr"><is><t{kept}>{escape(value[:_EXCEL_LIMIT])}</t></is></c>'
    if isinstance(value, bool):
        return f'{start} t="b"><v>{value:d}</v></c>'
    if isinstance(value, date):
        return f'{start} s="2" t="n"><v>{(value - _FIRST_DAY).days}</v></c>'
    return f'{start} t="n"><v>{value:.16g}</v></c>' if isinstance(value, (int, float)) and isfinite(value) else ""


def link(content: bytes, media_type: str, name: str, text: str) -> Html:
    """Return a link that saves a file held in the page itself."""
    encoded = base64.b64encode(content).decode()
    return Html('<a download="{}" href="data:{};base64,{}">{}</a>').format(name, media_type, encoded, text)


def links(frame: pl.DataFrame, name: str, language: Language, csv_text: str, xlsx_text: str) -> Html:
    """Return the links that save a table as CSV and as an Excel workbook."""
    safe = _safe(frame)
    csv = link(_csv(safe, language), "text/csv;charset=utf-8", f"{name}.csv", csv_text)
    return csv + Html(" ") + link(_packed({name: safe}), _SPREADSHEET, f"{name}.xlsx", xlsx_text)
