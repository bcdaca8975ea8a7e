"""Listed cells: tables whose cells stand one a line, as a text layer leaves them, put together again as grids."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from socialvolym.documents.document import Grid, GridCell
from socialvolym.extraction.cells.cell_lines import CellLine, cell_runs, is_label
from socialvolym.extraction.cells.listed_columns import grid_of_columns, is_told
from socialvolym.extraction.headings.heading_tree import split_headings

#: So many lines above a header may be its caption and the headings over its columns.
_CAPTION_LINES = 2
#: So many cells above the rows may be their headings.
_MOST_HEADINGS = 32
#: A single row is a table only under at least so many periods, or under so many other headings.
_PERIODS_OF_A_ROW, _HEADINGS_OF_A_ROW = 3, 4


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
    them are its header: a corner and n headings, n periods, or headings in levels. Anything else stays as it is.

    Parameters
    ----------
    lines : the document's lines.
    taken : 1-based lines that belong to other tables.
    """
    grids: list[Grid] = []
    for cells in cell_runs(lines, taken):
        if grid := grid_of_columns(cells):
            grids.append(grid)
            continue
        rows, floor, at = _rows(cells), 0, 0
        while at < len(rows):
            group = _alike(rows, at)
            at += len(group)
            grid = _grid(cells, group, floor)
            if grid is not None:
                grids.append(grid)
                floor = group[-1].end
    return grids


def _rows(cells: Sequence[CellLine]) -> list[_Row]:
    """Return each label with the values that follow it; a run of nothing but periods is a header and no row."""
    rows = []
    labels = [place for place in range(len(cells)) if is_label(cells, place)]
    for place, end in pairwise([*labels, len(cells)]):
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


def _grid(cells: Sequence[CellLine], rows: Sequence[_Row], floor: int) -> Grid | None:
    """Return the rows as a grid under the header that stands right above them; None where none fits."""
    count, start = rows[0].values, rows[0].place
    above = cells[floor:start]
    levels = _two_levels(above, count) or (_header_in_levels(above, count) if len(rows) > 1 else [])
    top = _plain_header(above, count, len(rows)) or levels
    if not top:
        return None
    first = min(cell.line for row in top for cell in row)
    caption = [cell for cell in above if cell.line < first][-_CAPTION_LINES:]
    body = [[cell.as_grid_cell() for cell in cells[row.place : row.end]] for row in rows]
    return Grid([*top, *body], heading_rows=len(top), caption=" / ".join(cell.text for cell in caption if not cell.is_value))


def _plain_header(above: Sequence[CellLine], count: int, rows: int) -> list[list[GridCell]]:
    """Return a corner and a heading a column, all of them periods or none; empty where the cells are something else."""
    corner, header = above[-count - 1 : -count], above[-count:]
    periods = sum(cell.is_period for cell in header)
    if not corner or any(cell.is_figure for cell in header) or corner[0].is_value or corner[0].is_period:
        return []
    enough = rows > 1 or periods >= _PERIODS_OF_A_ROW or count >= _HEADINGS_OF_A_ROW
    if periods not in (0, count) or not enough or len({cell.text for cell in header}) < count:
        return []
    return [[cell.as_grid_cell() for cell in (corner[0], *header)]]


def _two_levels(above: Sequence[CellLine], count: int) -> list[list[GridCell]]:
    """Return a heading and a period below it for each column, listed level by level; empty where they do not tell all apart."""
    upper, lower = above[-2 * count : -count], above[-count:]
    if len(upper) < count or any(cell.is_value for cell in upper) or not all(cell.is_period for cell in lower):
        return []
    texts = [f"{over.text} {under.text}" for over, under in zip(upper, lower, strict=True)]
    if len(set(texts)) < count or len({cell.text for cell in lower}) == count:
        return []
    return [[GridCell("", level[0].line), *(cell.as_grid_cell() for cell in level)] for level in (upper, lower)]


def _header_in_levels(above: Sequence[CellLine], count: int) -> list[list[GridCell]]:
    """Return headings that stand in levels, a heading a line, if each column is then told apart; empty where they do not."""
    split = split_headings([(cell.line, cell.text) for cell in above[-_MOST_HEADINGS:]], count)
    if split is None or len(set(split.headings)) < count or not all(map(is_told, split.headings)):
        return []
    empty = [[GridCell("", line)] * (count + 1) for line in split.lines[:-1]]
    return [*empty, [GridCell(text, split.lines[-1]) for text in (split.stub, *split.headings)]]
