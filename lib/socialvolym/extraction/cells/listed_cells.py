"""Listed cells: tables whose cells stand one a line, as a text layer leaves them, put together again as grids."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

from socialvolym.documents.document import Grid, GridCell
from socialvolym.extraction.cells.cell_lines import CellLine, cell_runs, is_label
from socialvolym.extraction.cells.listed_columns import grid_of_columns, lowest_row, told_split
from socialvolym.extraction.headings.heading_words import without_numbers_of_headings
from socialvolym.extraction.rows import join_label
from socialvolym.extraction.text_lines import BRACKETED
from socialvolym.notation.numbers import PrintedNumber, parse_number
from socialvolym.notation.periods import YEAR
from socialvolym.sequences import runs_of
from socialvolym.vocabulary.phrases import is_said

#: So many lines above a header may be its caption and the headings over its columns.
_CAPTION_LINES = 2
#: At most so many levels of headings are listed one after the other: what is counted, when, and in what unit.
_MOST_LEVELS = 3
_TWO_YEARS = re.compile(rf"{YEAR} ?[-–/] ?(?:19|20)?\d\d")
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
        floor = 0
        # The rows of one length that stand right below each other.
        rows = _rows(cells)
        for group in runs_of(rows, lambda group, row: (row.values, row.place) == (group[0].values, group[-1].end)):
            grid = _grid(cells, group, floor)
            if grid is not None:
                floor = group[-1].end
                grids.append(_with_short_total(grid, cells, next((row for row in rows if row.place == floor), None)))
    return grids


def _with_short_total(grid: Grid, cells: Sequence[CellLine], row: _Row | None) -> Grid:
    """Return a grid with the total right below it that has too few values, in the columns whose sums they are.

    Where sums do not tell which these are, the values stay together and no figure is read of them.
    """
    width = len(grid.rows[0])
    if row is None or row.values >= width - 1 or not is_said("total_row", cells[row.place].text):
        return grid
    values = [cell.as_grid_cell() for cell in cells[row.place + 1 : row.end]]
    ways = [places for places in combinations(range(1, width), len(values)) if _are_sums(grid, places, values)]
    total = [GridCell("", values[-1].line)] * width
    total[0] = cells[row.place].as_grid_cell()
    if len(ways) != 1:
        ways, values = [(1,)], [GridCell("; ".join(value.text for value in values), values[0].line)]
    for place, value in zip(ways[0], values, strict=True):
        total[place] = value
    return replace(grid, rows=[*grid.rows, total])


def _are_sums(grid: Grid, places: Sequence[int], values: Sequence[GridCell]) -> bool:
    """Tell whether each value is the sum of the column at its place, within rounding."""
    for place, value in zip(places, values, strict=True):
        column = [_number(row[place].text) for row in grid.rows[grid.heading_rows :]]
        total, known = _number(value.text), [number for number in column if number]
        slack = sum(number.half_step for number in known)
        if total is None or not known or abs(sum(number.value for number in known) - total.value) > slack:
            return False
    return True


def _number(text: str) -> PrintedNumber | None:
    """Return the number of a cell, without another that stands in brackets behind it."""
    match = BRACKETED.fullmatch(text)
    return parse_number(match["own"] if match else text)


def _rows(cells: Sequence[CellLine]) -> list[_Row]:
    """Return each label with the values that follow it; a run of nothing but periods is a header and no row."""
    rows = []
    labels = [place for place in range(len(cells)) if is_label(cells, place)]
    for place, end in pairwise([*labels, len(cells)]):
        values = cells[place + 1 : end]
        if len(values) >= 2 and not all(value.is_period for value in values):
            rows.append(_Row(place, len(values)))
    return rows


def _grid(cells: Sequence[CellLine], rows: Sequence[_Row], floor: int) -> Grid | None:
    """Return the rows as a grid under the header that stands right above them; None where none fits."""
    count, start = rows[0].values, rows[0].place
    above = cells[floor:start]
    levels = _listed_levels(above, count) or (_header_in_levels(above, count) if len(rows) > 1 else [])
    broken = any(cell.text.endswith("-") or cell.text.startswith("(") for cell in above[-2 * count :])
    ways = (_whole_headings(above), above) if broken else (above, _whole_headings(above))
    top = _plain_header(ways[0], count, len(rows)) or _plain_header(ways[1], count, len(rows)) or levels
    if not top:
        return None
    first = min(cell.line for row in top for cell in row)
    caption = [cell for cell in above if cell.line < first][-_CAPTION_LINES:]
    body = [[cell.as_grid_cell() for cell in cells[row.place : row.end]] for row in rows]
    return Grid([*top, *body], heading_rows=len(top), caption=" / ".join(cell.text for cell in caption if not cell.is_value))


def _plain_header(above: Sequence[CellLine], count: int, rows: int) -> list[list[GridCell]]:
    """Return a corner and a heading a column, all of them periods or none; empty where the cells are something else.

    Behind periods their sum or mean may stand.
    """
    corner, header = above[-count - 1 : -count], above[-count:]
    dated = [cell.is_period for cell in header]
    periods = sum(dated) + (sum(dated) > 1 and all(dated[:-1]) and is_said("sum_heading", header[-1].text))
    if not corner or any(cell.is_figure for cell in header):
        return []
    if corner[0].is_value or not without_numbers_of_headings(corner[0].text):
        return []
    enough = rows > 1 or periods >= _PERIODS_OF_A_ROW or count >= _HEADINGS_OF_A_ROW
    if periods not in (0, count) or not enough or len({cell.text for cell in header}) < count:
        return []
    return [[cell.as_grid_cell() for cell in (corner[0], *header)]]


def _whole_headings(cells: Sequence[CellLine]) -> list[CellLine]:
    """Return cells above the rows, each with those that go on with it: after a broken word, in small letters, in a bracket."""
    whole: list[CellLine] = []
    for cell in cells:
        begun = whole and not (cell.is_value or cell.is_period or whole[-1].is_period)
        if begun and (whole[-1].text.endswith("-") or cell.text[:1].islower() or cell.text[:1] == "("):
            whole[-1] = replace(whole[-1], text=join_label([whole[-1].text, cell.text]))
        else:
            whole.append(cell)
    return whole


def _listed_levels(above: Sequence[CellLine], count: int) -> list[list[GridCell]]:
    """Return the levels of headings that stand above the rows, each a heading a column; empty where they do not tell all apart.

    One level is of periods, or of those that a change is between; the others are of words.
    """
    for many in range(_MOST_LEVELS, 1, -1):
        begin = len(above) - many * count
        levels = [above[at : at + count] for at in range(begin, len(above), count)]
        if begin >= 0 and _is_tree(levels):
            return [[GridCell("", level[0].line), *(cell.as_grid_cell() for cell in level)] for level in levels]
    return []


def _is_tree(levels: Sequence[Sequence[CellLine]]) -> bool:
    """Tell whether levels of headings, one of times and others of words that repeat, tell columns apart only together."""
    timed = [all(_is_time(cell) for cell in level) for level in levels]
    words = [not any(cell.is_value for cell in level) for level in levels]
    apart = [len({cell.text for cell in level}) == len(level) for level in levels]
    together = {tuple(cell.text for cell in column) for column in zip(*levels, strict=True)}
    fits = all(time != word for time, word in zip(timed, words, strict=True)) and timed.count(True) == 1
    return fits and not any(apart[timed.index(True) :]) and len(together) == len(levels[0])


def _is_time(cell: CellLine) -> bool:
    """Tell whether a cell is a period or the two that a change is between: "2022-2021"."""
    return cell.is_period or _TWO_YEARS.fullmatch(cell.text) is not None


def _header_in_levels(above: Sequence[CellLine], count: int) -> list[list[GridCell]]:
    """Return headings that stand in levels, a heading a line, if each column is then told apart; empty where they do not."""
    split = told_split(above, count)
    if split is None or len(set(split.headings)) < count:
        return []
    return [*([GridCell("", line)] * (count + 1) for line in split.lines[:-1]), lowest_row(split)]
