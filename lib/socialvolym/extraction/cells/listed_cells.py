"""Listed cells: tables whose cells stand one a line, as a text layer leaves them, put together again as grids."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from socialvolym.documents.document import Grid, GridCell
from socialvolym.extraction.headings.heading_tree import split_headings
from socialvolym.extraction.headings.heading_words import heading_words
from socialvolym.extraction.text_lines import is_value
from socialvolym.notation.numbers import tidy
from socialvolym.notation.periods import parse_heading, parse_period
from socialvolym.vocabulary.phrases import is_said

#: A longer line is a sentence and no cell.
_LONGEST_CELL = 60
#: A line of several headings may be this long.
_LONGEST_HEADER = 120
#: So many lines above a header may be its caption and the headings over its columns.
_CAPTION_LINES = 2
#: So many cells above the rows may be their headings.
_MOST_HEADINGS = 32
#: So many values listed column by column make a table.
_FEWEST_LISTED = 4
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
    them are its header: a corner and n headings, n periods, or headings in levels. Anything else stays as it is.

    Parameters
    ----------
    lines : the document's lines.
    taken : 1-based lines that belong to other tables.
    """
    grids: list[Grid] = []
    for cells in map(_with_whole_labels, _runs(lines, taken)):
        if grid := _by_columns(cells):
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


def _runs(lines: Sequence[str], taken: Collection[int]) -> list[list[_Cell]]:
    """Return the runs of lines that hold one short cell each; a longer line parts them."""
    runs: list[list[_Cell]] = [[]]
    for number, line in enumerate(lines, start=1):
        text = tidy(line)
        long = len(text) > _LONGEST_CELL and not (len(text) <= _LONGEST_HEADER and heading_words(text) >= _PERIODS_OF_A_ROW)
        ended = (text.endswith((".", ":")) and len(text) > 2) or is_said("notice", text)
        if number in taken or long or ended or "\t" in line.strip():
            runs.append([])
        elif text:
            period = len(text) <= len("september 2020") and parse_period(text) is not None
            runs[-1].append(_Cell(number, text, period, is_value(text) or text in (".", "..", "x")))
    return [run for run in runs if len(run) > _PERIODS_OF_A_ROW]


def _with_whole_labels(cells: Sequence[_Cell]) -> list[_Cell]:
    """Return the cells, a label that goes on below in small letters, right before its values, as one."""
    whole: list[_Cell] = []
    for cell, below in zip(cells, [*cells[1:], None], strict=True):
        before = whole[-1] if whole else None
        texts = before is not None and not any(one.is_value or one.is_period for one in (before, cell))
        if before and texts and cell.text[:1].islower() and below is not None and below.is_value and len(whole) > 1:
            whole[-1] = _Cell(cell.line, f"{before.text} {cell.text}", False, False)
        else:
            whole.append(cell)
    return whole


def _rows(cells: Sequence[_Cell]) -> list[_Row]:
    """Return each label with the values that follow it; a run of nothing but periods is a header and no row."""
    rows = []
    labels = [place for place in range(len(cells)) if _is_label(cells, place)]
    for place, end in pairwise([*labels, len(cells)]):
        values = cells[place + 1 : end]
        if len(values) >= 2 and not all(value.is_period for value in values):
            rows.append(_Row(place, len(values)))
    return rows


def _is_label(cells: Sequence[_Cell], place: int) -> bool:
    """Tell whether a cell is no value: a text, or a month, a quarter or a single year with a value below it."""
    cell, below = cells[place], cells[place + 1 : place + 2]
    if not cell.is_period:
        return not cell.is_value
    alone = place > 0 and not cells[place - 1].is_period
    named = alone or (parse_period(cell.text) or "").startswith("-")
    return named and any(value.is_value and not value.is_period for value in below)


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
    above = cells[floor:start]
    top = _plain_header(above, count, len(rows)) or (_header_in_levels(above, count) if len(rows) > 1 else [])
    if not top:
        return None
    first = min(cell.line for row in top for cell in row)
    caption = [cell for cell in above if cell.line < first][-_CAPTION_LINES:]
    body = [[_as_cell(cell) for cell in cells[row.place : row.end]] for row in rows]
    return Grid([*top, *body], heading_rows=len(top), caption=" / ".join(cell.text for cell in caption if not cell.is_value))


def _by_columns(cells: Sequence[_Cell]) -> Grid | None:
    """Return a table whose labels are listed first and then its values, column by column, below a header that names its columns.

    None where the values are not listed after the labels, or where no header names so many columns.
    """
    first = next((place for place, cell in enumerate(cells) if cell.is_value and not cell.is_period), len(cells))
    values = cells[first:]
    if len(values) < _FEWEST_LISTED or not all(cell.is_value and not cell.is_period for cell in values):
        return None
    for count in range(2, len(values) // 2 + 1):
        rows = len(values) // count
        header, labels = cells[: max(0, first - rows)], cells[max(0, first - rows) : first]
        if len(values) % count or len(labels) < rows or any(cell.is_value or _is_told(cell.text) for cell in labels):
            continue
        split = split_headings([(cell.line, cell.text) for cell in header[-_MOST_HEADINGS:]], count)
        if split is None or split.lines[-1] != header[-1].line or not all(map(_is_told, split.headings)):
            continue
        if _is_told(split.stub):
            continue  # a time over no column: the header has more columns than the values
        top = [GridCell(text, split.lines[-1]) for text in (split.stub, *split.headings)]
        body = [[_as_cell(cells[first + row + column * rows]) for column in range(count)] for row in range(rows)]
        caption = [cell.text for cell in header if cell.line < split.lines[0] and not cell.is_value][-_CAPTION_LINES:]
        grid = [top, *([_as_cell(label), *row] for label, row in zip(labels, body, strict=True))]
        return Grid(grid, heading_rows=1, caption=" / ".join(caption))
    return None


def _plain_header(above: Sequence[_Cell], count: int, rows: int) -> list[list[GridCell]]:
    """Return a corner and a heading a column, all of them periods or none; empty where the cells are something else."""
    corner, header = above[-count - 1 : -count], above[-count:]
    periods = sum(cell.is_period for cell in header)
    if not corner or any(cell.is_value and not cell.is_period for cell in header) or corner[0].is_value or corner[0].is_period:
        return []
    if periods not in (0, count) or (rows == 1 and periods < _PERIODS_OF_A_ROW) or len({cell.text for cell in header}) < count:
        return []
    return [[_as_cell(corner[0]), *map(_as_cell, header)]]


def _header_in_levels(above: Sequence[_Cell], count: int) -> list[list[GridCell]]:
    """Return headings that stand in levels, a heading a line, if each column is then told apart; empty where they do not."""
    split = split_headings([(cell.line, cell.text) for cell in above[-_MOST_HEADINGS:]], count)
    if split is None or len(set(split.headings)) < count or not all(map(_is_told, split.headings)):
        return []
    empty = [[GridCell("", line)] * (count + 1) for line in split.lines[:-1]]
    return [*empty, [GridCell(text, split.lines[-1]) for text in (split.stub, *split.headings)]]


def _is_told(heading: str) -> bool:
    said = parse_heading(heading)
    return said.period is not None or said.series is not None


def _as_cell(cell: _Cell) -> GridCell:
    return GridCell(cell.text, cell.line)
