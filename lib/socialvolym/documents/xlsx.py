"""XLSX: the visible sheets' cells as they are displayed, one table a block of rows."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import openpyxl
from openpyxl.cell import Cell, MergedCell
from openpyxl.utils.cell import column_index_from_string

from socialvolym.documents.archives import elements, open_zip
from socialvolym.documents.builder import MAX_CELLS, MAX_COLUMNS, DocumentBuilder, Slot
from socialvolym.documents.document import Document
from socialvolym.errors import SocialvolymError
from socialvolym.notation.periods import ONE_DAY, YEAR
from socialvolym.sequences import runs_of

#: So many empty rows in a row part two tables.
_PARTING_ROWS = 2
_RANGE = re.compile(r"(?P<left>[A-Z]{1,3})(?P<top>\d{1,7}):(?P<right>[A-Z]{1,3})(?P<bottom>\d{1,7})$")
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|_.|\*.|\[[^\]]*\]')
_DIGITS = re.compile(r"[0#?][0#?, ]*(?:\.([0#?]*))?")
#: Names of strict Open XML (ISO/IEC 29500) and of its usual, transitional form.
_STRICT = b"http://purl.oclc.org/ooxml/"
_NAMES = {
    _STRICT + b"spreadsheetml/main": b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    _STRICT + b"officeDocument/": b"http://schemas.openxmlformats.org/officeDocument/2006/",
    _STRICT + b"drawingml/main": b"http://schemas.openxmlformats.org/drawingml/2006/main",
}
#: What openpyxl raises on broken parts: it checks values where it uses them.
_BROKEN = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, SyntaxError)

#: What a cell over figures says: a word, or a year.
_HEADS = re.compile(rf"[A-Za-zÅÄÖåäö]{{2}}|^{YEAR}$")
_CELL = re.compile(r"(?P<column>[A-Z]{1,3})(?P<row>\d{1,7})$")
#: Stands for a formula whose value was not saved with the file: shown as Excel shows what it cannot reckon.
_UNSTORED = "#FORMEL!"

#: Row and column, or numbers of them.
Place = tuple[int, int]
Row = tuple[int, list[str]]


def read_xlsx(path: Path) -> Document:
    """Read an XLSX file: the values that formulas had when the file was saved, in the format in which they are shown."""
    builder = DocumentBuilder()
    with open_zip(path) as archive, path.open("rb") as file:
        try:
            _read_sheets(_transitional(archive) or file, archive, builder)
        except _BROKEN as error:
            raise SocialvolymError(f"is a broken Excel file ({error}); open it in Excel and save it again") from error
    return builder.document()


def _transitional(archive: zipfile.ZipFile) -> BytesIO | None:
    """Return a file in strict Open XML with the names of the usual form, which openpyxl knows; None for the usual form itself."""
    if _STRICT not in archive.read("xl/workbook.xml"):
        return None
    copy = BytesIO()
    with zipfile.ZipFile(copy, "w") as target:
        for member in archive.namelist():
            content = archive.read(member)
            for strict, usual in _NAMES.items():
                content = content.replace(strict, usual)
            target.writestr(member, content)
    return copy


def _read_sheets(file: BinaryIO, archive: zipfile.ZipFile, builder: DocumentBuilder) -> None:
    members = _sheet_members(archive)
    workbook = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    try:
        for sheet in workbook.worksheets:
            if sheet.sheet_state != "visible":
                continue
            builder.sheet(sheet.title)
            sheet.reset_dimensions()
            merged, empty = _structure(archive, members[sheet.title])
            for block in runs_of(_rows(sheet.iter_rows(), empty), lambda block, row: row[0] - block[-1][0] <= _PARTING_ROWS):
                for rows in _tables(block):
                    _add(builder, rows, merged, sheet.title)
    finally:
        workbook.close()


def _sheet_members(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return each sheet's part in the archive by the sheet's name."""
    targets = {
        element.get("Id"): element.get("Target", "")
        for event, element in elements(archive, "xl/_rels/workbook.xml.rels")
        if event == "end"
    }
    found = {}
    for event, element in elements(archive, "xl/workbook.xml"):
        if event == "end" and element.tag.endswith("}sheet"):
            relation = next((value for name, value in element.items() if name.endswith("}id")), "")
            target = targets.get(relation, "")
            found[element.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return found


def _structure(archive: zipfile.ZipFile, member: str) -> tuple[dict[Place, Place], set[Place]]:
    """Return (columns, rows) of every merged cell by its first cell's (row, column), and the formulas without a stored value."""
    merged: dict[Place, Place] = {}
    empty: set[Place] = set()
    has_formula = has_value = False
    for event, element in elements(archive, member):
        tag = element.tag.rpartition("}")[2]
        if event == "start":
            continue
        if tag == "mergeCell" and (corners := _RANGE.match(element.get("ref", ""))):
            left, right = (column_index_from_string(corners[name]) for name in ("left", "right"))
            top, bottom = int(corners["top"]), int(corners["bottom"])
            merged[top, left] = right - left + 1, bottom - top + 1
        elif tag == "f":
            has_formula = True
        elif tag == "v":
            has_value = bool(element.text)
        elif tag == "c":
            if has_formula and not has_value and (cell := _CELL.match(element.get("r", ""))):
                empty.add((int(cell["row"]), column_index_from_string(cell["column"])))
            has_formula = has_value = False
        element.clear()
    return merged, empty


def _rows(sheet: Iterable[Sequence[Cell | MergedCell]], empty: set[Place]) -> Iterator[Row]:
    """Yield (row number, displayed texts) of the rows that are not empty; `empty` are formulas without a stored value."""
    cells = 0
    for number, row in enumerate(sheet, start=1):
        shown = ((cell, _UNSTORED if (number, column) in empty else "") for column, cell in enumerate(row, start=1))
        texts = [blank if cell.value is None else print_cell(cell.value, cell.number_format) for cell, blank in shown]
        while texts and not texts[-1].strip():
            texts.pop()
        cells += len(texts)
        if len(texts) > MAX_COLUMNS or cells > MAX_CELLS:
            raise SocialvolymError(
                f"has more than {MAX_CELLS} cells or {MAX_COLUMNS} columns, more than any report; "
                "save the sheets with the figures as a file of their own"
            )
        if texts:
            yield number, texts


def _tables(block: list[Row]) -> Iterator[list[Row]]:
    """Part rows where another table begins below figures.

    It does so with one text in the first column or several and then a row of headings, or with such a row behind an empty one.
    """
    left = _left(block)
    heads = [all(_HEADS.search(text) for text in texts[left + 1 :] if text) for _, texts in block]
    alone = [len(texts) == left + 1 for _, texts in block]
    # Of each row, whether the next one with more than one text is of headings.
    below, ahead = False, [False] * len(block)
    for at in reversed(range(len(block))):
        ahead[at] = below
        below = below if alone[at] else heads[at]
    begin, figures = 0, False
    for at in range(len(block)):
        apart = at > 0 and block[at][0] - block[at - 1][0] > 1
        if figures and (ahead[at] if alone[at] else heads[at] and apart):
            yield block[begin:at]
            begin, figures = at, False
        figures = figures or not (alone[at] or heads[at])
    yield block[begin:]


def _left(rows: Sequence[Row]) -> int:
    """Return the first column that any row has a text in."""
    return min(next(place for place, text in enumerate(texts) if text) for _, texts in rows)


def _add(builder: DocumentBuilder, rows: list[Row], merged: dict[Place, Place], sheet: str) -> None:
    """Add the rows of a table; leading rows with one text, in the first column, are its title, sentences at its end notes.

    Its caption is the sheet's name and the last two lines of the title that are no sentences: a title and what it is of.
    """
    left = _left(rows)
    titles: list[str] = []
    while rows and len(rows[0][1]) == left + 1:
        number, texts = rows.pop(0)
        # The day on which a sheet was made is none of its figures.
        before = [text for text in titles[-1:] if not ONE_DAY.search(text)]
        titles = [] if texts[left].rstrip().endswith(".") else [*before, texts[left]]
        builder.line(texts[left])
        builder.in_rows([number])
    notes: list[Row] = []
    while rows and len(rows[-1][1]) == left + 1 and rows[-1][1][left].rstrip().endswith("."):
        notes.insert(0, rows.pop())
    caption = " / ".join(dict.fromkeys(filter(None, (sheet, *titles))))
    numbers = [number for number, _ in rows]
    covered: set[tuple[int, int]] = set()
    slots = []
    for number, texts in rows:
        row = []
        for column, text in enumerate(texts[left:], start=left + 1):
            if (number, column) in covered:
                continue
            columns, height = merged.get((number, column), (1, 1))
            spanned = [number] if height == 1 else [other for other in numbers if number <= other < number + height]
            columns = min(columns, MAX_COLUMNS)
            if columns * len(spanned) > 1:
                covered.update((other, place) for other in spanned for place in range(column, column + columns))
            row.append(Slot(text, columns=columns, rows=len(spanned)))
        slots.append(row)
    if builder.table(slots, caption=caption):
        builder.in_rows(numbers)
    for number, texts in notes:
        builder.line(texts[left])
        builder.in_rows([number])


def print_cell(value: object, number_format: str) -> str:
    """Return a cell's value as Excel shows it in Swedish: "12,5%", "-13 902", "2022-12-31"."""
    if isinstance(value, bool):
        return "SANT" if value else "FALSKT"
    if isinstance(value, (int, float)):
        return _print_number(float(value), number_format or "General")
    if isinstance(value, datetime):
        return _print_date(value, number_format or "")
    return str(value)


def _print_date(value: datetime, number_format: str) -> str:
    """Print as much of a date as its format shows."""
    shown = _LITERAL.sub("", number_format).lower()
    if "d" in shown or not shown:
        return f"{value:%Y-%m-%d}"
    return f"{value:%Y-%m}" if "m" in shown and "h" not in shown else f"{value:%Y}"


def _print_number(value: float, number_format: str) -> str:
    sections = number_format.split(";")
    section = sections[1] if value < 0 and len(sections) > 1 else sections[0]
    bare = _LITERAL.sub("", section)
    digits = _DIGITS.search(bare)
    if digits is None or "general" in bare.lower() or "e" in bare.lower():
        return f"{value:.11g}".replace(".", ",").replace("e+", "E")
    percent = "%" in bare
    whole = digits[0].split(".")[0]
    shown = value * (100 if percent else 1) / 1000.0 ** (len(whole) - len(whole.rstrip(",")))
    places = digits[1] or ""
    # Excel rounds halves away from zero, and what it shows of 0.885 is 89%, not 88.
    text = f"{Decimal(f'{abs(shown):.15g}').quantize(Decimal(1).scaleb(-min(len(places), 30)), ROUND_HALF_UP):,f}"
    text = text.replace(",", " " if "," in whole.rstrip(",") or " " in whole.strip() else "").replace(".", ",")
    for _ in range(len(places) - len(places.rstrip("#?"))):
        text = text[:-1] if text.endswith("0") else text
    words = "".join("".join(literal) for literal in _LITERAL.findall(section)).strip(" ()-+")
    sign = "-" if shown < 0 and any(character in "123456789" for character in text) else ""
    return f"{sign}{text.rstrip(',')}{'%' if percent else ''}{' ' + words if words else ''}"
