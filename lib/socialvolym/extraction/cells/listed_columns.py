"""Listed columns: tables whose labels are listed first and then their values, one column after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from socialvolym.documents.document import Grid, GridCell
from socialvolym.extraction.cells.cell_lines import CellLine
from socialvolym.extraction.headings.heading_tree import HeadingSplit, split_headings
from socialvolym.notation.periods import parse_heading

#: So many values listed column by column make a table, and so many below a heading of their own.
_FEWEST_LISTED, _FEWEST_HEADED = 4, 3
#: So many cells above the labels may be the headings, and so many lines above those the caption.
_MOST_HEADINGS, _CAPTION_LINES = 32, 2


def grid_of_columns(cells: Sequence[CellLine]) -> Grid | None:
    """Return the table whose labels are listed first in a run of cells and then its values, column by column; else None.

    The headings stand above the labels, or each above the values of its column.
    """
    return _below_headings(cells) or _each_headed(cells)


def _below_headings(cells: Sequence[CellLine]) -> Grid | None:
    """Return columns below a header that names as many; None where no header does."""
    first = next((place for place, cell in enumerate(cells) if cell.is_figure), len(cells))
    values = cells[first:]
    if len(values) < _FEWEST_LISTED or not all(cell.is_figure for cell in values):
        return None
    for count in range(2, len(values) // 2 + 1):
        rows = len(values) // count
        header, labels = cells[: max(0, first - rows)], cells[max(0, first - rows) : first]
        if len(values) % count or len(labels) < rows or any(cell.is_value or _is_told(cell.text) for cell in labels):
            continue
        split = told_split(header, count)
        if split is None or split.lines[-1] != header[-1].line or _is_told(split.stub):
            continue  # a time over the labels is over no column: the header has more columns than the values
        columns = [values[rows * column : rows * (column + 1)] for column in range(count)]
        return _grid(lowest_row(split), labels, columns, [cell for cell in header if cell.line < split.lines[0]])
    return None


def _each_headed(cells: Sequence[CellLine]) -> Grid | None:
    """Return columns of one length that each stand below their own heading; None where the first has fewer labels over it."""
    columns = list(_headed(cells))
    lengths = {len(values) for _, values in columns}
    if len(columns) < 2 or len(lengths) > 1 or (rows := lengths.pop()) < _FEWEST_HEADED:
        return None
    begin = columns[0][0] - rows
    headings = [cells[place] for place, _ in columns]
    labels = cells[max(0, begin) : columns[0][0]]
    if begin < 0 or any(cell.is_value for cell in labels) or not all(_is_told(cell.text) for cell in headings):
        return None
    if len({label.text for label in labels}) < rows:
        return None  # words that repeat head columns: units, or what is counted
    top = [GridCell("", labels[0].line), *(cell.as_grid_cell() for cell in headings)]
    return _grid(top, labels, [values for _, values in columns], cells[:begin])


def _headed(cells: Sequence[CellLine]) -> Iterator[tuple[int, Sequence[CellLine]]]:
    """Yield where each heading stands that has figures right below it, and these."""
    place = 0
    while place < len(cells):
        end = next((at for at in range(place + 1, len(cells)) if not cells[at].is_figure), len(cells))
        if not cells[place].is_figure and end > place + 1:
            yield place, cells[place + 1 : end]
        place = max(end, place + 1)


def _grid(
    top: list[GridCell], labels: Sequence[CellLine], columns: Sequence[Sequence[CellLine]], above: Sequence[CellLine]
) -> Grid:
    rows = [[label.as_grid_cell(), *(column[row].as_grid_cell() for column in columns)] for row, label in enumerate(labels)]
    caption = [cell.text for cell in above if not cell.is_value][-_CAPTION_LINES:]
    return Grid([top, *rows], heading_rows=1, caption=" / ".join(caption))


def told_split(cells: Sequence[CellLine], count: int) -> HeadingSplit | None:
    """Return the headings that the last of some cells are, if each of so many columns names a time or a series."""
    split = split_headings([(cell.line, cell.text) for cell in cells[-_MOST_HEADINGS:]], count)
    return split if split and all(map(_is_told, split.headings)) else None


def lowest_row(split: HeadingSplit) -> list[GridCell]:
    """Return the row of a grid that has what stands over the labels, and all of each column's heading."""
    return [GridCell(text, split.lines[-1]) for text in (split.stub, *split.headings)]


def _is_told(heading: str) -> bool:
    return parse_heading(heading).is_told
