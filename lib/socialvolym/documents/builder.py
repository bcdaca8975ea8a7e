"""Building a Document: lines and tables in reading order, spans laid out, every cell with its line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from socialvolym.documents.document import MAX_LINES, Box, Document, Grid, GridCell, PlacedText, check_size
from socialvolym.errors import SocialvolymError
from socialvolym.notation.numbers import RAISED

#: More cells than any report has; what goes beyond is a damaged or hostile file.
MAX_CELLS = 1_000_000
#: More columns than any table of a report has.
MAX_COLUMNS = 1_000

#: A contents line has up to so many places: number, title, page.
_FEW_PIECES = 3
_NUMBERED = re.compile(r"\s*\d+(?:\.\d+)*\.?\s*")
_BLANKS = re.compile(r"[^\S\u00a0\u2007\u2009\u202f]+")
_BREAKS = re.compile(r"[\t-\r\x1c-\x1e\x85\u2028\u2029]+")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")
_RAISED = str.maketrans("0123456789()", f"{RAISED}⁽⁾")
#: Blanks of other widths than those that part thousands; they part thousands as well.
_ODD_BLANKS = "\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u200a\u205f\u3000"
#: Soft hyphens, signs without width and signs of direction: a person who reads does not see them.
_UNSEEN = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff\ufffe\uffff"
_SEEN = str.maketrans({**dict.fromkeys(_ODD_BLANKS, "\u00a0"), **dict.fromkeys(_UNSEEN, "")})


def composed(text: str) -> str:
    """Return a text as it is seen: letters composed (a + ring is å), any wide blank a hard one, signs without width gone."""
    return text if text.isascii() else unicodedata.normalize("NFC", text).translate(_SEEN)


def raised(text: str) -> str:
    """Return a raised text with the signs for raised digits, so that a footnote mark is no part of the number before it."""
    return text.translate(_RAISED)


class Slot(NamedTuple):
    """A cell as a format declares it: its text, how many columns and rows it spans, and its box on the page."""

    text: str
    columns: int = 1
    rows: int = 1
    box: Box | None = None


def one_line(text: str) -> str:
    """Return text as one line: no line ends, tabs, soft hyphens or control characters; hard blanks stay as printed."""
    return text if text.isascii() and text.isalnum() else _BLANKS.sub(" ", _CONTROL.sub("", composed(text))).strip(" ")


def _is_row(text: str) -> bool:
    """Tell whether tabs set a line out as a row of a table: in three places at least, other than a contents line's."""
    pieces = text.split("\t")
    return len(pieces) > _FEW_PIECES or (len(pieces) == _FEW_PIECES and not _NUMBERED.fullmatch(pieces[0]))


@dataclass
class DocumentBuilder:
    """Collects lines and tables in reading order."""

    lines: list[str] = field(default_factory=list)
    pages: list[int | None] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    places: dict[int, tuple[PlacedText, ...]] = field(default_factory=dict)
    sheet_rows: dict[int, tuple[int, int]] = field(default_factory=dict)
    _cells: int = 0
    _sheet: int = 0

    def line(self, text: str, page: int | None = None, places: Iterable[PlacedText] = ()) -> None:
        """Add a line of text and where its pieces stand; blanks in it stay, for runs of them may part columns."""
        if len(self.lines) > MAX_LINES:
            check_size(self.lines)
        self._keep(places)
        clean = _CONTROL.sub("", composed(text))
        pieces = clean.split("\t") if _is_row(clean) else [clean]
        self.lines.append("\t".join(_BREAKS.sub(" ", piece) for piece in pieces))
        self.pages.append(page)

    def sheet(self, name: str) -> None:
        """Begin a sheet of a workbook with a line that names it."""
        self._sheet = len(self.lines) + 1
        self.line(name)
        self.in_rows([0])

    def in_rows(self, rows: Sequence[int]) -> None:
        """Say on which rows of the sheet the last lines stand, one a line; 0 is its name."""
        first = len(self.lines) - len(rows) + 1
        self.sheet_rows |= {line: (self._sheet, row) for line, row in enumerate(rows, start=first)}

    def table(
        self, rows: Sequence[Sequence[Slot]], heading_rows: int = 0, caption: str = "", page: int | None = None
    ) -> Grid | None:
        """Add a table, one tab-separated line a row; None (and no lines) for a table without cells."""
        cells = self._lay_out(rows, page)
        if not cells:
            return None
        grid = Grid(cells, heading_rows=heading_rows, caption=one_line(caption))
        self.grids.append(grid)
        return grid

    def extend(self, grid: Grid, rows: Sequence[Sequence[Slot]], page: int | None = None) -> None:
        """Add the continuation of a table that has as many columns, for instance on the next page."""
        grid.rows.extend(self._lay_out(rows, page, len(grid.rows[0])))

    def document(self) -> Document:
        """Return the document; without pages where no line has one."""
        return Document(self.lines, self.pages if any(self.pages) else [], self.grids, self.places, self.sheet_rows)

    def _keep(self, places: Iterable[PlacedText]) -> None:
        """Keep where the pieces of the next line stand; few have digits, and only those can be figures."""
        kept = tuple(place for place in places if any(map(str.isdigit, place.text)))
        if kept:
            self.places[len(self.lines) + 1] = kept

    def _lay_out(self, rows: Sequence[Sequence[Slot]], page: int | None, width: int = 0) -> list[list[GridCell]]:
        """Lay spans out: a spanning cell is printed once on its line and repeated in the table."""
        laid: list[dict[int, GridCell]] = [{} for _ in rows]
        for number, row in enumerate(rows):
            printed: dict[int, str] = {}
            line, column = len(self.lines) + 1, 0
            for slot in row:
                while column in laid[number]:
                    column += 1
                printed[column] = one_line(slot.text)
                cell = GridCell(printed[column], line, page, slot.box)
                self._place(laid[number : number + slot.rows], column, slot.columns, cell)
                column += slot.columns
            width = max(width, column, max(laid[number], default=-1) + 1)
            self._keep(PlacedText(slot.text, slot.box) for slot in row if slot.box is not None)
            self.lines.append("\t".join(printed.get(place, "") for place in range(max(printed, default=0) + 1)))
            self.pages.append(page)
        first = len(self.lines) - len(rows) + 1
        if width * len(rows) > MAX_CELLS:
            raise SocialvolymError(f"line {first}: a table of {len(rows)} rows and {width} columns is larger than any report's")
        return (
            [
                [cells.get(column) or GridCell("", first + number, page) for column in range(width)]
                for number, cells in enumerate(laid)
            ]
            if width
            else []
        )

    def _place(self, rows: Sequence[dict[int, GridCell]], column: int, columns: int, cell: GridCell) -> None:
        self._cells += columns * len(rows)
        if column + columns > MAX_COLUMNS or self._cells > MAX_CELLS:
            raise SocialvolymError(
                f"line {cell.line}: more than {MAX_COLUMNS} columns or {MAX_CELLS} cells; no report is that "
                "large; save the part with the figures as a file of its own"
            )
        for cells in rows:
            for place in range(column, column + columns):
                cells.setdefault(place, cell)
