"""DOCX: paragraphs and tables of the document's body and footnotes, as they read with all changes accepted."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

from socialvolym.documents.archives import elements, open_zip
from socialvolym.documents.blocks import MAX_DEPTH, Cell, Table, add_blocks
from socialvolym.documents.builder import DocumentBuilder, raised
from socialvolym.documents.document import Document
from socialvolym.errors import SocialvolymError

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
#: The same names in files saved as "Strict Open XML".
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
#: What is not part of the text: what was deleted or moved away, settings, and the copy of a drawing for old programs.
_SKIPPED = {"del", "moveFrom", "pPr", "rPr", "sectPr", "tblPr", "tblGrid", "sdtPr", "Fallback"}
#: What makes a run no part of the text: hidden, or struck out.
_LEFT_OUT = ("vanish", "webHidden", "strike", "dstrike")
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def read_docx(path: Path) -> Document:
    """Read a DOCX file: one line a paragraph, tables with merged cells."""
    builder = DocumentBuilder()
    with open_zip(path) as archive:
        for member in ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml"):
            if member in archive.namelist():
                for element in _top_elements(archive, member):
                    add_blocks(builder, _blocks(element))
    return builder.document()


def _top_elements(archive: zipfile.ZipFile, member: str) -> Iterator[Element]:
    """Yield each paragraph and table that stands in no other, and forget it afterwards: a long document is never whole."""
    path: list[Element] = []
    top: Element | None = None
    for event, element in elements(archive, member):
        if event == "start":
            path.append(element)
            if len(path) > 20 * MAX_DEPTH:
                raise SocialvolymError("its XML is nested deeper than any document's; it is not read")
            if top is None and _name(element) in {"p", "tbl"} and not any(_name(outer) in _SKIPPED for outer in path):
                top = element
        else:
            path.pop()
            if element is top:
                yield element
                top = None
            if top is None:
                element.clear()


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _attribute(element: Element | None) -> str | None:
    return None if element is None else element.get(f"{_W}val") or element.get(f"{_STRICT}val")


def _child(element: Element | None, name: str) -> Element | None:
    return None if element is None else next((child for child in element if _name(child) == name), None)


def _blocks(element: Element) -> list[str | Table]:
    if _name(element) == "tbl":
        return [_table(element)]
    text: list[str] = []
    boxes: list[str | Table] = []
    _collect(element, text, boxes)
    return ["".join(text), *boxes]


def _collect(element: Element, text: list[str], boxes: list[str | Table]) -> None:
    """Collect a paragraph's text, and the blocks of text boxes anchored in it."""
    for child in element:
        name = _name(child)
        if name == "t":
            text.append(child.text or "")
        elif name in _BREAKS:
            text.append(_BREAKS[name])
        elif name == "txbxContent":
            boxes.extend(_inner(child))
        elif name == "r":
            _collect_run(child, text, boxes)
        elif name not in _SKIPPED:
            _collect(child, text, boxes)


def _collect_run(run: Element, text: list[str], boxes: list[str | Table]) -> None:
    """Collect a run of letters set alike: nothing of one that is hidden or struck, the digits of a raised one as raised."""
    properties = _child(run, "rPr")
    if any(_is_on(_child(properties, name)) for name in _LEFT_OUT):
        return
    before = len(text)
    _collect(run, text, boxes)
    if _attribute(_child(properties, "vertAlign")) == "superscript":
        text[before:] = map(raised, text[before:])


def _is_on(element: Element | None) -> bool:
    return element is not None and _attribute(element) not in {"0", "false", "off"}


def _inner(element: Element) -> list[str | Table]:
    """Return the blocks inside a cell, a text box or a content control."""
    found: list[str | Table] = []
    for child in element:
        if _name(child) in {"p", "tbl"}:
            found.extend(_blocks(child))
        elif _name(child) not in _SKIPPED:
            found.extend(_inner(child))
    return found


def _table(element: Element) -> Table:
    table = Table()
    above: dict[int, Cell] = {}
    for row in _parts(element, "tr"):
        properties = _child(row, "trPr")
        if _child(properties, "del") is not None:
            continue
        if _child(properties, "tblHeader") is not None and table.heading_rows == len(table.rows):
            table.heading_rows += 1
        table.rows.append(_row(row, above, _number(_attribute(_child(properties, "gridBefore")), 0)))
    return table


def _row(row: Element, above: dict[int, Cell], column: int) -> list[Cell]:
    """Read a row; a cell that continues one above it is not a cell but one more row for that one."""
    cells = [Cell(columns=column)] if column else []
    for element in _parts(row, "tc"):
        properties = _child(element, "tcPr")
        columns = _number(_attribute(_child(properties, "gridSpan")), 1)
        merge = _child(properties, "vMerge")
        if merge is not None and _attribute(merge) != "restart" and column in above:
            above[column].rows += 1
        else:
            cell = Cell(_inner(element), columns=columns)
            cells.append(cell)
            if merge is None:
                above.pop(column, None)
            else:
                above[column] = cell
        column += columns
    return cells


def _parts(element: Element, name: str) -> Iterator[Element]:
    """Yield rows or cells, also those inside content controls and tracked insertions."""
    for child in element:
        if _name(child) == name:
            yield child
        elif _name(child) in {"sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"}:
            yield from _parts(child, name)


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else default
