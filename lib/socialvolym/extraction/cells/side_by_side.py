"""Side by side: two tables that stand beside each other in one grid, parted where the second one's labels begin."""

from __future__ import annotations

from socialvolym.documents.document import Grid, GridCell
from socialvolym.extraction.text_lines import is_value
from socialvolym.notation.numbers import tidy

#: A table of one row cannot tell its labels from a remark.
_FEWEST_ROWS = 2


def parted(grid: Grid) -> list[Grid]:
    """Return the tables that stand beside each other in a grid, from left to right; the grid itself where it is one table.

    A second table begins in a column of labels: texts that are all different, with values in every column on both sides of it.
    Empty columns part them and belong to neither.
    """
    width, body = len(grid.rows[0]), _body(grid)
    columns = [[tidy(row[place].text) for row in body] for place in range(width)]
    for place in range(2, width - 1):
        left = [column for column in columns[1:place] if any(column)]
        right = columns[place + 1 :]
        if len(body) >= _FEWEST_ROWS and _are_labels(columns[place]) and left and all(map(_are_values, [*left, right[0]])):
            end = max(at for at in range(place) if any(columns[at])) + 1
            first, second = _cut(grid, 0, end), _cut(grid, place, width)
            return [first, *parted(second)]
    return [grid]


def _body(grid: Grid) -> list[list[GridCell]]:
    """Return the rows below the headings: those with a value."""
    return [row for row in grid.rows[max(grid.heading_rows, 1) :] if any(is_value(tidy(cell.text)) for cell in row)]


def _are_labels(texts: list[str]) -> bool:
    return all(texts) and len(set(texts)) == len(texts) and not any(map(is_value, texts))


def _are_values(texts: list[str]) -> bool:
    return any(texts) and all(is_value(text) for text in texts if text)


def _cut(grid: Grid, start: int, end: int) -> Grid:
    return Grid([row[start:end] for row in grid.rows], grid.heading_rows, grid.caption)
