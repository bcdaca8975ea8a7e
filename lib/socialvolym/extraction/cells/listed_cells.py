"""Listed cells: tables whose cells stand one a line, as a text layer leaves them, put together again as grids."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from socialvolym.documents.document import Grid, GridCell
from socialvolym.extraction.text_lines import is_value
from socialvolym.notation.numbers import tidy
from socialvolym.notation.periods import parse_period

#: A longer line is a sentence and no cell.
_LONGEST_CELL = 60
#: So many lines above a header may be its caption and the headings over its columns.
_CAPTION_LINES = 2
#: A single row is a table only under at least so many periods.
_PERIODS_OF_A_ROW = 3


@dataclass(frozen=True)
class _Cell:
    """A line that holds one cell: its number, its text, and whether it is a period or a value."""

    line: int
    text: str
    is_period: bool
    is_value: bool


@dataclass(frozen=True)
class _Row:
    """A label and the values below it, by the place of the label among the cells."""

    place: int
    values: int

    @property
    def end(self) -> int:
        return self.place + 1 + self.values


def listed_grids(lines: Sequence[str], taken: Collection[int] = ()) -> list[Grid]:
    """Return the tables of a text whose cells stand one a line, with or without empty lines between.

    A row is a label and the n >= 2 values below it. Rows of one length that follow each other are a table where the cells above
    them are its header: a corner and n headings, or n periods. Anything else stays as it is.

    Parameters
    ----------
    lines : the document's lines.
    taken : 1-based lines that belong to other tables.
    """
    grids: list[Grid] = []
    for cells in _runs(lines, taken):
        rows, floor, at = _rows(cells), 0, 0
        while at < len(rows):
            group = _alike(rows, at)
            at += len(group)
            grid = _grid(cells, group, floor)
            if grid is not None:
                grids.append(grid)
                floor = group[-1].end
    return grids


def _runs(lines: Sequence[str], taken: Collection[int]) -> list[list[_Cell]]:
    """Return the runs of lines that hold one short cell each; a longer line parts them."""
    runs: list[list[_Cell]] = [[]]
    for number, line in enumerate(lines, start=1):
        text = tidy(line)
        if number in taken or len(text) > _LONGEST_CELL or "\t" in line.strip() or (text.endswith((".", ":")) and len(text) > 2):
            runs.append([])
        elif text:
            period = len(text) <= len("september 2020") and parse_period(text) is not None
            runs[-1].append(_Cell(number, text, period, is_value(text) or text in (".", "..", "x")))
    return [run for run in runs if len(run) > _PERIODS_OF_A_ROW]


def _rows(cells: Sequence[_Cell]) -> list[_Row]:
    """Return each label with the values that follow it; a run of nothing but periods is a header and no row."""
    rows = []
    for place, cell in enumerate(cells):
        if cell.is_value or cell.is_period:
            continue
        end = place + 1
        while end < len(cells) and (cells[end].is_value or cells[end].is_period):
            end += 1
        values = cells[place + 1 : end]
        if len(values) >= 2 and not all(value.is_period for value in values):
            rows.append(_Row(place, len(values)))
    return rows


def _alike(rows: Sequence[_Row], first: int) -> list[_Row]:
    """Return the rows of one length that stand right below each other, from one of them on."""
    group = [rows[first]]
    for row in rows[first + 1 :]:
        if row.values != group[0].values or row.place != group[-1].end:
            break
        group.append(row)
    return group


def _grid(cells: Sequence[_Cell], rows: Sequence[_Row], floor: int) -> Grid | None:
    """Return the rows as a grid under the header that stands right above them; None where none fits."""
    count, start = rows[0].values, rows[0].place
    header = cells[max(start - count, floor) : start]
    if len(header) < count or any(cell.is_value and not cell.is_period for cell in header):
        return None
    periods = sum(cell.is_period for cell in header)
    if periods not in (0, count) or (len(rows) == 1 and periods < _PERIODS_OF_A_ROW):
        return None
    corner = cells[start - count - 1] if start - count - 1 >= floor else None
    if corner is None or corner.is_value or corner.is_period:
        return None
    above = [cell for cell in cells[max(start - count - 1 - _CAPTION_LINES, floor) : start - count - 1] if not cell.is_value]
    top = [_as_cell(corner), *map(_as_cell, header)]
    body = [[_as_cell(cell) for cell in cells[row.place : row.end]] for row in rows]
    return Grid([top, *body], heading_rows=1, caption=" / ".join(cell.text for cell in above))


def _as_cell(cell: _Cell) -> GridCell:
    return GridCell(cell.text, cell.line)
