"""A document as read from a file: its lines of text with their pages, and the tables whose cells the format knows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from socialvolym.errors import SocialvolymError
from socialvolym.notation.numbers import tidy
from socialvolym.notation.privacy import Kind, find_personal_data, mask, mask_lines

#: Left, top, right and bottom on a page, in points from its top left corner.
Box = tuple[float, float, float, float]


#: More lines and longer ones than any report has; reading takes as long as a text has lines, and some of it longer for long ones.
MAX_LINES, MAX_LINE = 20_000, 10_000


def check_size(lines: Sequence[str]) -> None:
    """Refuse a text that is larger than any report.

    Raises
    ------
    SocialvolymError
        where it has too many lines, or too long ones; the message says which bound, and what to do.
    """
    if len(lines) > MAX_LINES:
        raise SocialvolymError(
            f"has more than {MAX_LINES} lines, more than any report; save the part with the figures as a file of its own"
        )
    longest = max(range(len(lines)), key=lambda place: len(lines[place]), default=0)
    if lines and len(lines[longest]) > MAX_LINE:
        raise SocialvolymError(
            f"line {longest + 1} has more than {MAX_LINE} characters, more than any report's; save the report as PDF or DOCX, "
            "or its text with line breaks"
        )


class PlacedText(NamedTuple):
    """A piece of a line, a word or a cell, and where it stands on its page."""

    text: str
    box: Box


@dataclass(frozen=True)
class GridCell:
    """One cell of a table that the file format knows.

    Attributes
    ----------
    text : the cell's text; empty for an empty cell.
    line : the 1-based line of the document's text where it stands.
    page : the 1-based page, or None for formats without pages.
    box : left, top, right, bottom on the page in points, or None.
    """

    text: str
    line: int
    page: int | None = None
    box: Box | None = None


@dataclass(frozen=True)
class Grid:
    """A table with known cells: rows of cells from left to right, every row equally long.

    Attributes
    ----------
    rows : the cells; a cell spanning several columns or rows is repeated.
    heading_rows : how many leading rows the format declares as headings; 0 where it does not say.
    caption : the caption or sheet name, or empty.
    """

    rows: list[list[GridCell]]
    heading_rows: int = 0
    caption: str = ""

    @property
    def lines(self) -> set[int]:
        """The lines of the document's text that the table stands on."""
        return {cell.line for row in self.rows for cell in row}


@dataclass(frozen=True)
class Document:
    """A document's text, line by line, with what the format knows about its tables.

    Whatever format it came from: what points at a person is masked as the document is built, so that no other code sees it.

    Attributes
    ----------
    lines : the text lines without line ends; line 1 is lines[0].
    pages : the page of every line, None where unknown; empty for formats without pages.
    grids : tables with known cells; their text stands in `lines` as well and is not read twice.
    places : for formats with pages, the pieces with a digit of each 1-based line, from left to right.
    sheet_rows : of a workbook, for each 1-based line the line that names its sheet, and the row of the sheet.
    masked : the 1-based lines on which something that points at a person was masked, and its kind.
    """

    lines: list[str]
    pages: list[int | None] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    places: dict[int, tuple[PlacedText, ...]] = field(default_factory=dict)
    sheet_rows: dict[int, tuple[int, int]] = field(default_factory=dict)
    masked: frozenset[tuple[int, Kind]] = field(init=False, default=frozenset())

    def __post_init__(self) -> None:
        """Refuse what is larger than a report, and mask what points at a person."""
        check_size(self.lines)
        of_tables = {line for grid in self.grids for line in grid.lines}
        grids, found = _masked_grids(self.grids)
        clean = mask_lines(self.lines, apart=of_tables)
        object.__setattr__(self, "lines", clean.texts)
        object.__setattr__(self, "grids", grids)
        object.__setattr__(self, "masked", frozenset([*found, *((place + 1, kind) for place, kind in clean.found)]))
        hidden = {line for line, _ in self.masked}
        shown = {line: _still_there(kept, self.lines[line - 1]) for line, kept in self.places.items() if line in hidden}
        object.__setattr__(self, "places", self.places | shown)

    def boxes(self, line: int, printed: str) -> list[Box]:
        """Return where a printed figure stands on a line, once for each time that it stands there."""
        wanted, pieces = _bare(printed), self.places.get(line, ())
        found = []
        for first in range(len(pieces)):
            text = ""
            for last in range(first, len(pieces)):
                text += _bare(pieces[last].text)
                if text == wanted or (first == last and wanted and text.strip("(),.;:") == wanted):
                    found.append(_around([piece.box for piece in pieces[first : last + 1]]))
                if len(text) >= len(wanted):
                    break
        return found

    def page(self, line: int) -> int | None:
        """Return the page of a 1-based line."""
        return self.pages[line - 1] if 0 < line <= len(self.pages) else None

    def sheet(self, line: int) -> int | None:
        """Return the line that names the sheet of a workbook on which a 1-based line stands; None in other formats."""
        return self.sheet_rows[line][0] if line in self.sheet_rows else None

    @classmethod
    def from_text(cls, text: str) -> Document:
        """Return a document of plain text; a form feed starts a new page."""
        pages = text.split("\f")
        lines = [line for page in pages for line in page.splitlines()]
        if len(pages) == 1:
            return cls(lines)
        return cls(lines, [number for number, page in enumerate(pages, start=1) for _ in page.splitlines()])


def _masked_grids(grids: Sequence[Grid]) -> tuple[list[Grid], set[tuple[int, Kind]]]:
    """Return tables with what points at a person masked in every cell and caption, and on which lines it was found."""
    texts = {cell.text for grid in grids for row in grid.rows for cell in row} | {grid.caption for grid in grids}
    personal = {text: items for text in texts if (items := find_personal_data(text))}
    if not personal:
        return list(grids), set()
    clean = {text: mask(text) for text in personal}
    cells = [cell for grid in grids for row in grid.rows for cell in row if cell.text in personal]
    found = {(cell.line, item.kind) for cell in cells for item in personal[cell.text]}
    return [
        replace(
            grid,
            rows=[[replace(cell, text=clean.get(cell.text, cell.text)) for cell in row] for row in grid.rows],
            caption=clean.get(grid.caption, grid.caption),
        )
        for grid in grids
    ], found


def _still_there(pieces: Iterable[PlacedText], line: str) -> tuple[PlacedText, ...]:
    """Return the pieces that a line still shows after something on it was masked."""
    bare = _bare(line)
    return tuple(piece for piece in pieces if _bare(piece.text) in bare)


def _bare(text: str) -> str:
    return tidy(text).replace(" ", "")


def _around(boxes: list[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)
