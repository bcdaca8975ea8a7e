"""Tables with ruling lines: the words in each of their cells, and the rows that stand between two lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from socialvolym.documents.builder import Slot
from socialvolym.documents.pages.page_parts import TablePart, slot
from socialvolym.documents.pages.page_rules import RuledTable
from socialvolym.documents.pages.page_words import BLANK, Word, grouped, is_broken_number, is_numeric, text_of


def ruled_part(table: RuledTable, words: Sequence[Word]) -> TablePart | None:
    """Fill the cells of a ruled table; None where the lines are no table: nothing in them, or text in one column only."""
    contents: dict[tuple[int, int], list[Word]] = {}
    home = {
        (row + down, column + across): (row, column)
        for row, column, high, wide in table.cells
        for down in range(high)
        for across in range(wide)
    }
    for word in words:
        contents.setdefault(home[table.row(word.middle), table.column(word.centre)], []).append(word)
    if len({column for _, column in contents}) < 2 or 4 * len(contents) < len(table.cells):
        return None
    rows: list[list[Slot]] = []
    by_row: dict[int, list[tuple[int, int, int, int]]] = {}
    for cell in table.cells:
        by_row.setdefault(cell[0], []).append(cell)
    room: dict[int, float] = {}
    for (_, column), inside in contents.items():
        lines = grouped(inside)
        if len(lines) == 1:
            room[column] = max(room.get(column, 0.0), lines[0][-1].right - lines[0][0].left)
    for number in range(len(table.ys) - 1):
        cells = by_row.get(number, [])
        rows.extend(_ruled_rows(cells, [contents.get((number, cell[1]), []) for cell in cells], room))
    columns = list(pairwise(table.xs))
    return TablePart(rows, columns, table.ys[0])


def _ruled_rows(
    cells: Sequence[tuple[int, int, int, int]], contents: Sequence[list[Word]], room: Mapping[int, float]
) -> list[list[Slot]]:
    """Return the row between two horizontal lines; several rows where figures stand below each other in it.

    Parameters
    ----------
    room : by column, how wide the widest text on one line is.
    """
    by_line = [grouped(words) for words in contents]
    stacked = [sum(map(is_numeric, lines)) for lines in by_line[1:] if len(lines) > 1]
    broken = _are_broken_numbers(by_line, [room.get(cell[1], 0.0) for cell in cells])
    if max(stacked, default=0) < 2 or broken or any(rows > 1 for _, _, rows, _ in cells):
        return [
            [
                slot([word for line in lines for word in line], wide, high)
                for (_, _, high, wide), lines in zip(cells, by_line, strict=True)
            ]
        ]
    place = {id(word): index for index, words in enumerate(contents) for word in words}
    rows = []
    for line in grouped(word for words in contents for word in words):
        rows.append(
            [slot([word for word in line if place[id(word)] == index], wide) for index, (_, _, _, wide) in enumerate(cells)]
        )
    return rows


def _are_broken_numbers(cells: Sequence[list[list[Word]]], room: Sequence[float]) -> bool:
    """Tell whether a row's figures are numbers broken at the blanks between their thousands, and not figures of several rows.

    That is so where one label on one line stands beside them, or the whole number is wider than any text of its column.
    """
    several = [(lines, wide) for lines, wide in zip(cells[1:], room[1:], strict=True) if len(lines) > 1]
    if not several or not all(is_broken_number(list(map(text_of, lines))) for lines, _ in several):
        return False
    lines, wide = max(several, key=lambda cell: sum(line[-1].right - line[0].left for line in cell[0]))
    blanks = (len(lines) - 1) * BLANK * lines[0][0].height
    return len(cells[0]) == 1 or sum(line[-1].right - line[0].left for line in lines) + blanks > wide
