"""PDF: words with their places and ruling lines, page by page, by pdfium."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator, Sequence
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from socialvolym.document import Document, Grid
from socialvolym.document_builder import DocumentBuilder
from socialvolym.errors import SocialvolymError
from socialvolym.page_layout import TablePart, Word, lay_out_page
from socialvolym.page_rules import Rule

#: A page of a report has some thousands of characters and some hundreds of lines; beyond these it is a map or hostile.
MAX_CHARACTERS = 200_000
MAX_OBJECTS = 20_000
MAX_PAGES = 10_000
#: How far apart the column edges of a table and of its continuation on the next page may be, in points.
_SAME_COLUMN = 12.0
#: pdfium's marks for a hyphen at a line's end.
_HYPHENS = {0x02, 0xFFFE, 0xAD}
_LINE_POINTS = 2
_RECTANGLE_POINTS = 5

_NO_TEXT = ("has {} pages and no text in them: it is scanned, or its text is stored as images; "
            "let a text recognition program add the text, for instance `ocrmypdf -l swe`")


def read_pdf(path: Path) -> Document:
    """Read a PDF file page by page: lines in reading order, tables from rules and from the places of words.

    Raises
    ------
    SocialvolymError
        where it is broken, protected by a password, or has no text.
    """
    builder = DocumentBuilder()
    open_table: tuple[Grid, TablePart] | None = None
    count = 0
    for count, words_and_rules in enumerate(_pages(path), start=1):
        groups = words_and_rules
        first = True
        for words, rules in groups:
            items = lay_out_page(words, rules)
            for place, item in enumerate(items):
                if isinstance(item, str):
                    builder.line(item, count)
                    continue
                open_table = _add_table(builder, item, count, open_table if first else None)
                first = False
            del items
        if first:
            open_table = None
    if not any(builder.lines):
        raise SocialvolymError(_NO_TEXT.format(count))
    return builder.document()
