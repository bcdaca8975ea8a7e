"""Cell lines: the lines of a text that hold one cell each, in runs, with the empty cells that only empty lines stand for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from socialvolym.documents.document import GridCell
from socialvolym.extraction.headings.heading_words import heading_words
from socialvolym.extraction.text_lines import is_value
from socialvolym.notation.numbers import tidy
from socialvolym.notation.periods import parse_period
from socialvolym.vocabulary.phrases import is_said

#: A longer line is a sentence and no cell.
_LONGEST_CELL = 60
#: A line of several headings may be this long, and names so many.
_LONGEST_HEADER, _FEWEST_HEADINGS = 120, 3
#: A run of fewer cells is no table.
_FEWEST_CELLS = 4


@dataclass(frozen=True)
class CellLine:
    """A line that holds one cell: its number, its text, whether it is a period or a value, and the empty lines before it."""

    line: int
    text: str
    is_period: bool
    is_value: bool
    gap: int = 0

    @property
    def is_figure(self) -> bool:
        """Whether the cell is a value and no period."""
        return self.is_value and not self.is_period

    def as_grid_cell(self) -> GridCell:
        """Return the cell as one of a grid."""
        return GridCell(self.text, self.line)


def cell_runs(lines: Sequence[str], taken: Collection[int]) -> list[list[CellLine]]:
    """Return the runs of lines that hold one short cell each, labels and rows made whole; a longer line parts them."""
    runs: list[list[CellLine]] = [[]]
    gap = 0
    for number, line in enumerate(lines, start=1):
        text = tidy(line)
        long = len(text) > _LONGEST_CELL and not (len(text) <= _LONGEST_HEADER and heading_words(text) >= _FEWEST_HEADINGS)
        ended = (text.endswith((".", ":")) and len(text) > 2) or is_said("notice", text)
        if number in taken or long or ended or "\t" in line.strip():
            runs.append([])
        elif text:
            period = len(text) <= len("september 2020") and parse_period(text) is not None
            value = is_value(text) or text in (".", "..", "x")
            runs[-1].append(CellLine(number, text, period, value, gap if runs[-1] else 0))
        gap = 0 if text else gap + 1
    return [_with_empty_cells(_with_whole_labels(run)) for run in runs if len(run) >= _FEWEST_CELLS]


def is_label(cells: Sequence[CellLine], place: int) -> bool:
    """Tell whether a cell is no value: a text, or a month, a quarter or a single year with a value below it."""
    cell, below = cells[place], cells[place + 1 : place + 2]
    if not cell.is_period:
        return not cell.is_value
    alone = place > 0 and not cells[place - 1].is_period
    is_part = (parse_period(cell.text) or "").startswith("-")
    return (alone or is_part) and (any(value.is_figure for value in below) or (is_part and not below))


def _with_whole_labels(cells: Sequence[CellLine]) -> list[CellLine]:
    """Return the cells, a label that goes on below in small letters, right before its values, as one."""
    whole: list[CellLine] = []
    for cell, below in zip(cells, [*cells[1:], None], strict=True):
        before = whole[-1] if whole else None
        texts = before is not None and not any(one.is_value or one.is_period for one in (before, cell))
        if before and texts and cell.text[:1].islower() and below is not None and below.is_value and len(whole) > 1:
            whole[-1] = CellLine(cell.line, f"{before.text} {cell.text}", False, False, before.gap)
        else:
            whole.append(cell)
    return whole


def _with_empty_cells(cells: list[CellLine]) -> list[CellLine]:
    """Return the cells with an empty one for each that a row lacks and that the empty lines in it or behind it stand for."""
    labels = [place for place in range(len(cells)) if is_label(cells, place)]
    rows = [(place, end) for place, end in pairwise([*labels, len(cells)]) if end - place > 1 and cells[place + 1].is_figure]
    lengths = Counter(end - place - 1 for place, end in rows)
    count, often = max(lengths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
    if count < 2 or len(rows) < 2 or often == len(rows):
        return cells
    usual = Counter(cell.gap for cell in cells[1:]).most_common(1)[0][0]
    found, done = [], 0
    for place, end in rows:
        found += cells[done : place + 1]
        behind = cells[end].gap if end < len(cells) else 0
        found += _row_of(cells[place + 1 : end], count, usual, behind)
        done = end
    return [*found, *cells[done:]]


def _row_of(values: list[CellLine], count: int, usual: int, behind: int) -> list[CellLine]:
    """Return the values of a row with the empty cells that make them so many; as they are where the gaps do not tell which."""
    filled: list[CellLine] = []
    for value in values:
        filled += [_empty(value)] * _cells_in(value.gap, usual) + [value]
    missing = count - len(filled)
    if len(values) < count and 0 <= missing <= _cells_in(behind, usual):
        return [*filled, *[_empty(values[-1])] * missing]
    return values


def _cells_in(gap: int, usual: int) -> int:
    """Return how many empty cells a number of empty lines stands for: each has the line of its own and the usual ones."""
    return (gap - usual) // (usual + 1) if gap > usual else 0


def _empty(cell: CellLine) -> CellLine:
    return replace(cell, text="", is_period=False, is_value=True, gap=0)
