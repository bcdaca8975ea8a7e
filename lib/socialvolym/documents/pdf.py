"""PDF: words with their places and ruling lines, page by page, by pdfium."""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from socialvolym.documents.builder import DocumentBuilder, Slot, raised
from socialvolym.documents.document import Document, Grid, PlacedText
from socialvolym.documents.pages.page_layout import lay_out_page
from socialvolym.documents.pages.page_parts import Item, TablePart, TextLine
from socialvolym.documents.pages.page_rules import THICKNESS, Rule
from socialvolym.documents.pages.page_words import Word
from socialvolym.errors import SocialvolymError

#: A page of a report has some thousands of characters and some hundreds of lines; beyond these it is a map or hostile.
MAX_CHARACTERS = 200_000
MAX_OBJECTS = 20_000
MAX_SEGMENTS = 20_000
MAX_PAGES = 10_000
#: Lines that may stand between a table and the end of its page, or the start of the next page and its continuation.
_PAGE_FOOT, _PAGE_HEAD = 3, 3
#: Shares of the font's height: a wider gap between two characters parts words, so does a step to another line; a raised
#: footnote mark is no such step.
_WORD_GAP = 0.17
_LINE_STEP = 0.5
#: Hyphens at line ends, as pdfium reports them.
_HYPHENS = {0x02: "-", 0xFFFE: "-"}
#: Pieces closer than this are one word, whatever separator pdfium puts between glyphs that are drawn one by one; a raised mark
#: is so much lower than the word before it, and stands so much above its foot.
_TOUCHING, _RAISED_HEIGHT, _RAISED_BY = 0.1, 0.85, 0.15
_WORD = re.compile(r"[^\s\0]+")
#: No character is wider than this share of its height, nearly.
_WIDEST = 1.0
_SIMPLE_PATH = 5

_NO_TEXT = (
    "has {} pages and no text in them: it is scanned, or its text is stored as images; "
    "let a text recognition program add the text, for instance `ocrmypdf -l swe`"
)

#: Left, top, right, bottom in the direction in which it is read, or left, bottom, right, top on the page.
Place = tuple[float, float, float, float]


def read_pdf(path: Path) -> Document:
    """Read a PDF file page by page: lines in reading order, tables from ruling lines and from the places of words.

    Raises
    ------
    SocialvolymError
        where it is broken, protected by a password, or has no text.
    """
    assembly = _Assembly()
    count = 0
    for count, items in enumerate(_pages(path), start=1):
        assembly.add(items, count)
    if not any(assembly.builder.lines):
        raise SocialvolymError(_NO_TEXT.format(count))
    return assembly.builder.document()


@dataclass
class _Assembly:
    """Puts pages together; a table at the foot of one page goes on in a like one at the head of the next."""

    builder: DocumentBuilder
    unfinished: tuple[Grid, TablePart] | None = None

    def __init__(self) -> None:
        self.builder = DocumentBuilder()

    def add(self, items: list[Item], page: int) -> None:
        """Add a page's lines and tables."""
        before, self.unfinished = self.unfinished, None
        lines_since = 0
        for item in items:
            if isinstance(item, TextLine):
                self.builder.line(item.text, page, (PlacedText(word.text, word[1:]) for word in item.words))
                lines_since += bool(item.text)
                continue
            if before is not None and lines_since <= _PAGE_HEAD and _same_columns(before[1], item):
                grid: Grid | None = before[0]
                self._go_on(before[0], item.rows, page)
            else:
                grid = self.builder.table(item.rows, page=page)
            before = None
            self.unfinished = (grid, item) if grid is not None else None
            lines_since = 0
        if lines_since > _PAGE_FOOT:
            self.unfinished = None

    def _go_on(self, grid: Grid, rows: list[list[Slot]], page: int) -> None:
        """Add a continuation; headings that are repeated on the new page stay lines and are not rows again."""
        repeated = 0
        while repeated < min(len(rows), len(grid.rows)) and _texts(rows[repeated]) == [cell.text for cell in grid.rows[repeated]]:
            self.builder.line(" ".join(slot.text for slot in rows[repeated] if slot.text), page)
            repeated += 1
        if repeated < len(rows):
            self.builder.extend(grid, rows[repeated:], page)


def _texts(row: list[Slot]) -> list[str]:
    return [slot.text for slot in row for _ in range(slot.columns)]


def _same_columns(one: TablePart, other: TablePart) -> bool:
    return len(one.columns) == len(other.columns) and all(
        left < far and near < right for (left, right), (near, far) in zip(one.columns, other.columns, strict=True)
    )


def _pages(path: Path) -> Iterator[list[Item]]:
    """Yield the layout of every page; only one page is in memory."""
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        if pdfium_c.FPDF_GetLastError() == pdfium_c.FPDF_ERR_PASSWORD or "password" in str(error).lower():
            raise SocialvolymError("is protected by a password; save it without one") from error
        raise SocialvolymError("is a broken PDF file; download it again, or open it and print it to a new PDF") from error
    try:
        if len(document) > MAX_PAGES:
            raise SocialvolymError(f"has {len(document)} pages; documents of up to {MAX_PAGES} pages are read")
        for number in range(len(document)):
            yield _page(document, number)
    finally:
        document.close()


def _page(document: pdfium.PdfDocument, number: int) -> list[Item]:
    try:
        page = document[number]
    except pdfium.PdfiumError as error:
        raise SocialvolymError(f"page {number + 1} is broken; open the document and print it to a new PDF") from error
    try:
        textpage = page.get_textpage()
    except pdfium.PdfiumError:
        # The page can be opened but its text cannot: what is drawn on it is not text.
        page.close()
        return []
    try:
        return _layout(page, textpage, number + 1)
    finally:
        textpage.close()
        page.close()


def _layout(page: pdfium.PdfPage, textpage: pdfium.PdfTextPage, number: int) -> list[Item]:
    """Lay out a page in the direction in which most of its text is read; text in other directions follows."""
    if textpage.count_chars() > MAX_CHARACTERS:
        raise SocialvolymError(f"page {number} has more than {MAX_CHARACTERS} characters, as no page of a report has")
    left, bottom, right, top = page.get_bbox()
    turn = _Turn(left, bottom, right, top)
    by_direction = _words(textpage, turn, _unseen(page, textpage))
    items: list[Item] = []
    rules = _paths(page) if by_direction else []
    for direction in sorted(by_direction, key=lambda key: -len(by_direction[key])):
        items.extend(lay_out_page(by_direction[direction], [turn(direction, *rule) for rule in rules] if not items else []))
    return items


@dataclass(frozen=True)
class _Turn:
    """Turns places on the page (from the bottom left corner) into the direction in which text is read (from the top left)."""

    left: float
    bottom: float
    right: float
    top: float

    def __call__(self, direction: int, left: float, bottom: float, right: float, top: float) -> Place:
        """Return left, top, right, bottom for text turned by `direction` quarters clockwise."""
        if direction == 0:
            return left - self.left, self.top - top, right - self.left, self.top - bottom
        if direction == 1:
            return self.top - top, self.right - right, self.top - bottom, self.right - left
        if direction == 2:
            return self.right - right, bottom - self.bottom, self.right - left, top - self.bottom
        return bottom - self.bottom, left - self.left, top - self.bottom, right - self.left


def _unseen(page: pdfium.PdfPage, textpage: pdfium.PdfTextPage) -> set[int]:
    """Return the characters that are not drawn, of a page on which others are; on a scanned page they are what was recognised."""
    invisible = pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE
    count = min(MAX_OBJECTS, pdfium_c.FPDFPage_CountObjects(page.raw))
    objects = [pdfium_c.FPDFPage_GetObject(page.raw, index) for index in range(count)]
    modes = {_mode(one) for one in objects if pdfium_c.FPDFPageObj_GetType(one) == pdfium_c.FPDF_PAGEOBJ_TEXT}
    if invisible not in modes or len(modes) == 1:
        return set()
    drawn = ((index, pdfium_c.FPDFText_GetTextObject(textpage.raw, index)) for index in range(textpage.count_chars()))
    return {index for index, one in drawn if one and _mode(one) == invisible}


def _mode(text: pdfium_c.FPDF_PAGEOBJECT) -> int:
    return int(pdfium_c.FPDFTextObj_GetTextRenderMode(text))


def _words(textpage: pdfium.PdfTextPage, turn: _Turn, unseen: set[int]) -> dict[int, list[Word]]:
    """Return the words of a page by the direction (in quarters, clockwise) in which they are read, without unseen characters.

    pdfium puts a blank wherever there is a gap, so a word is as wide as from its first character to its last; only where
    that cannot be (a raised footnote mark, letters set far apart) each character is looked at.
    """
    words: dict[int, list[Word]] = {}
    boxes = _Boxes(textpage)
    shown = _characters(textpage)
    if unseen:
        shown = "".join(" " if index in unseen else character for index, character in enumerate(shown))
    for match in _WORD.finditer(shown):
        first, last, text = match.start(), match.end() - 1, match[0]
        one, other = boxes(first), boxes(last)
        upright = one[1] == other[1] and one[2] < other[2]
        direction = 0 if upright else boxes.direction(first)
        start, end = turn(direction, *one), turn(direction, *other)
        height = start[3] - start[1]
        if start[3] != end[3] or not 0 < end[2] - start[0] < _WIDEST * height * len(text):
            words.setdefault(direction, []).extend(_pieces(text, [turn(direction, *boxes(at)) for at in range(first, last + 1)]))
        else:
            words.setdefault(direction, []).append(Word(_readable(text), start[0], start[1], end[2], start[3]))
    return {direction: _joined(found) for direction, found in words.items()}


def _joined(words: list[Word]) -> list[Word]:
    """Join the pieces of words that were drawn glyph by glyph, and raised marks with the word that they stand behind."""
    joined: list[Word] = []
    for word in words:
        before = joined[-1] if joined else None
        if before is None or not abs(word.left - before.right) < _TOUCHING * before.height:
            joined.append(word)
            continue
        raised_by = before.bottom - word.bottom
        if word.height < _RAISED_HEIGHT * before.height and _RAISED_BY * before.height < raised_by < before.height:
            joined[-1] = Word(before.text + raised(word.text), before.left, before.top, word.right, before.bottom)
        elif abs(raised_by) < _TOUCHING * before.height and word.right > before.right:
            joined[-1] = Word(before.text + word.text, before.left, min(before.top, word.top), word.right, before.bottom)
        else:
            joined.append(word)
    return joined


class _Boxes:
    """The boxes (left, bottom, right, top) and reading directions of the characters of a page."""

    def __init__(self, textpage: pdfium.PdfTextPage) -> None:
        self._raw = textpage.raw
        self._box = pdfium_c.FS_RECTF()
        self._reference = ctypes.byref(self._box)

    def __call__(self, index: int) -> Place:
        pdfium_c.FPDFText_GetLooseCharBox(self._raw, index, self._reference)
        box = self._box
        return box.left, box.bottom, box.right, box.top

    def direction(self, index: int) -> int:
        """Return the quarters of a turn, clockwise, by which a character is turned."""
        angle: float = pdfium_c.FPDFText_GetCharAngle(self._raw, index)
        return round(angle / (math.pi / 2)) % 4


def _pieces(text: str, places: list[Place]) -> Iterator[Word]:
    """Cut characters into words where they step to another line or leave a gap."""
    start = 0
    left, top, right, bottom = places[0]
    for at, place in enumerate([*places[1:], None], start=1):
        if place is not None:
            height = max(place[3] - place[1], bottom - top)
            if -height < place[0] - right < _WORD_GAP * height and abs(place[3] - bottom) <= _LINE_STEP * height:
                right, top, bottom = max(right, place[2]), min(top, place[1]), max(bottom, place[3])
                continue
        yield Word(_readable(text[start:at]), left, top, right, bottom)
        if place is not None:
            start, (left, top, right, bottom) = at, place


def _readable(text: str) -> str:
    """Return text with hyphens for pdfium's marks, and whole characters for those beyond the first 65 536."""
    if text.isascii() and text.isprintable():
        return text
    return text.translate(_HYPHENS).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _characters(textpage: pdfium.PdfTextPage) -> str:
    """Return the characters of a page, one for each that pdfium counts."""
    count = textpage.count_chars()
    buffer = (ctypes.c_ushort * (count + 1))()
    if pdfium_c.FPDFText_GetText(textpage.raw, 0, count, buffer) != count + 1:
        return "".join(chr(pdfium_c.FPDFText_GetUnicode(textpage.raw, index)) for index in range(count))
    return "".join(map(chr, buffer[:count]))


def _paths(page: pdfium.PdfPage) -> list[Rule]:
    """Return left, bottom, right, top of the lines and rectangles drawn on a page; none of a page that is a drawing."""
    count = pdfium_c.FPDFPage_CountObjects(page.raw)
    if count > MAX_OBJECTS:
        return []
    rules: list[Rule] = []
    edges = [ctypes.c_float() for _ in range(4)]
    references = [ctypes.byref(edge) for edge in edges]
    for index in range(count):
        path = pdfium_c.FPDFPage_GetObject(page.raw, index)
        if pdfium_c.FPDFPageObj_GetType(path) != pdfium_c.FPDF_PAGEOBJ_PATH:
            continue
        if pdfium_c.FPDFPath_CountSegments(path) > _SIMPLE_PATH:
            rules.extend(_segments(path))
        elif pdfium_c.FPDFPageObj_GetBounds(path, *references):
            left, bottom, right, top = (edge.value for edge in edges)
            if min(right - left, top - bottom) <= THICKNESS or _is_stroked(path):
                rules.append((left, bottom, right, top))
        if len(rules) > MAX_SEGMENTS:
            return []
    return rules


def _is_stroked(path: pdfium_c.FPDF_PAGEOBJECT) -> bool:
    """Tell whether a path's outline is drawn; one that is only filled is the background of a stripe or a cell, no rule."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    return not pdfium_c.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke)) or bool(stroke.value)


def _segments(path: pdfium_c.FPDF_PAGEOBJECT) -> Iterator[Rule]:
    """Yield the straight parts of a path that draws several lines at once."""
    matrix = pdfium_c.FS_MATRIX()
    pdfium_c.FPDFPageObj_GetMatrix(path, ctypes.byref(matrix))
    x, y = ctypes.c_float(), ctypes.c_float()
    here: tuple[float, float] | None = None
    for index in range(min(pdfium_c.FPDFPath_CountSegments(path), MAX_SEGMENTS)):
        segment = pdfium_c.FPDFPath_GetPathSegment(path, index)
        pdfium_c.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        before = here
        here = (matrix.a * x.value + matrix.c * y.value + matrix.e, matrix.b * x.value + matrix.d * y.value + matrix.f)
        if before is not None and pdfium_c.FPDFPathSegment_GetType(segment) == pdfium_c.FPDF_SEGMENT_LINETO:
            yield min(before[0], here[0]), min(before[1], here[1]), max(before[0], here[0]), max(before[1], here[1])
