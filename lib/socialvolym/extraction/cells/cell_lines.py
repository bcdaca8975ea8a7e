"""Cell lines: the lines of a text that hold one cell each, in runs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

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
    """A line that holds one cell: its number, its text, and whether it is a period or a value."""

    line: int
    text: str
    is_period: bool
    is_value: bool

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
    for number, line in enumerate(lines, start=1):
        text = tidy(line)
        long = len(text) > _LONGEST_CELL and not (len(text) <= _LONGEST_HEADER and heading_words(text) >= _FEWEST_HEADINGS)
        ended = (text.endswith((".", ":")) and len(text) > 2) or is_said("notice", text)
        if number in taken or long or ended or "\t" in line.strip():
            runs.append([])
        elif text and not is_said("contents_line", text):
            period = len(text) <= len("september 2020") and parse_period(text) is not None
            value = is_value(text) or text in (".", "..", "x")
            runs[-1].append(CellLine(number, text, period, value))
    return [_with_whole_labels(run) for run in runs if len(run) >= _FEWEST_CELLS]


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
            whole[-1] = CellLine(cell.line, f"{before.text} {cell.text}", False, False)
        else:
            whole.append(cell)
    return whole
