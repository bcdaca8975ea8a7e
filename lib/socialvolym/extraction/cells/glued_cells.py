"""Glued cells: tables whose cells a text layer has run together (`201420152016` over `antal4 3764 3394 268`), cut apart again.

The heads are cut where one ends in a year or a small letter and the next begins with a year or a capital; the rows into as many
numbers as there are heads.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from socialvolym.documents.document import Grid, GridCell
from socialvolym.extraction.headings.heading_words import glued_pieces
from socialvolym.extraction.text_lines import MOST_COLUMNS
from socialvolym.notation.numbers import tidy
from socialvolym.notation.periods import parse_heading

#: How unlike the numbers of a way to cut are, and its cells.
_Way = tuple[float, tuple[str, ...]]

#: Amounts below zero begin with one: a dash between two numbers may be one of ages.
_ROW = re.compile(r"(?P<label>.*?[^\W\d]\)?)\s?(?P<digits>-\d[\d ,-]*|\d[\d ,]*)")
_CELL = r"-?(?:\d{1,3}(?: \d{3})+|0|[1-9]\d*)"
#: A number by how many decimals it has.
_CELLS = [re.compile(_CELL), *(re.compile(rf"{_CELL},\d{{{decimals}}}") for decimals in (1, 2))]
#: A longer line is a sentence and no row.
_LONGEST_ROW = 120
#: "-999 999 999,5" has as many signs.
_LONGEST_CELL = 14
#: Lines without figures that may stand between a header and a row: headings of groups.
_MOST_GROUP_LINES = 3
#: How much better than the next a cut must be: numbers beside each other differ by a factor, whose logarithms are added up.
_CLEARLY = 0.5
#: How unlike neighbours may be on the average: a factor of two and a half.
_ALIKE = 0.9


def glued_grids(lines: Sequence[str], taken: Collection[int] = ()) -> list[Grid]:
    """Return the tables that stand below heads that are run together.

    A row is cut into as many numbers as there are heads, so that neighbours are as alike as they can be; a row of which two cuts
    are nearly as good, or whose label ends in digits of its own, is left out.

    Parameters
    ----------
    lines : the document's lines.
    taken : 1-based lines that belong to other tables.
    """
    grids = []
    for number, line in enumerate(lines, start=1):
        header = [GridCell(text, number) for text in _header(line)]
        if header and number not in taken:
            body = list(_body(lines, number, len(header) - 1, taken))
            if any(len(row) > 1 and row[1].text for row in body):
                grids.append(Grid([header, *body], heading_rows=1))
    return grids


def _header(line: str) -> list[str]:
    """Return the words over the labels and the heads of a line on which two heads or more are run together; else nothing."""
    pieces = glued_pieces(tidy(line)) if len(line) <= _LONGEST_ROW else []
    told = [(heading.period, heading.series) for heading in map(parse_heading, pieces)]
    if not 1 < len(pieces) <= MOST_COLUMNS or not all(map(any, told[1:])):
        return []
    header = ["", *pieces] if any(told[0]) and (told[0][0] or not told[1][0]) else pieces
    return header if len(header) > 2 else []


def _body(lines: Sequence[str], header: int, count: int, taken: Collection[int]) -> Iterator[list[GridCell]]:
    """Yield the rows below a header, and the headings of groups between them; a row that cannot be cut is left to others."""
    waiting: list[list[GridCell]] = []
    for number in range(header + 1, len(lines) + 1):
        text = tidy(lines[number - 1])
        row = _ROW.fullmatch(text) if len(text) <= _LONGEST_ROW else None
        cells = cut(row["digits"].strip(), count) if row else None
        if not text and number < len(lines) and lines[number].strip() and lines[number - 2].strip():
            continue  # every other line may be empty
        if number in taken or not text or (len(text) <= _LONGEST_ROW and _header(text)):
            return
        if row and cells:
            yield from waiting
            waiting = []
            yield [GridCell(row["label"], number), *(GridCell(cell, number) for cell in cells)]
        elif len(waiting) == _MOST_GROUP_LINES:
            return
        elif not any(letter.isdigit() for letter in text):
            waiting.append([GridCell(text, number), *(GridCell("", number) for _ in range(count))])


def cut(digits: str, count: int) -> tuple[str, ...] | None:
    """Cut digits into so many printed numbers that are as alike as they can be; None where that is not clear.

    The two best ways are a shortest path: from cell to cell, each step as long as the two numbers differ.
    """
    limit = _ALIKE * (count - 1)
    decimals = len(digits.rpartition(",")[2]) if "," in digits else 0
    if decimals >= len(_CELLS) or digits.count(",") not in (0, count):
        return None
    pattern = _CELLS[decimals]
    ways: dict[tuple[int, str], list[_Way]] = {(len(cell), cell): [(0.0, (cell,))] for cell in _cells(digits, 0, pattern)}
    for _ in range(count - 1):
        longer: dict[tuple[int, str], list[_Way]] = defaultdict(list)
        for (end, last), found in ways.items():
            for cell in _cells(digits, end, pattern):
                step = abs(_size(cell) - _size(last))
                longer[end + len(cell), cell] += [
                    (length + step, (*way, cell)) for length, way in found if length + step < limit + _CLEARLY
                ]
        ways = {state: sorted(found)[:2] for state, found in longer.items() if found}
    whole = sorted(way for (end, _), found in ways.items() if end == len(digits) for way in found)
    if not whole or whole[0][0] > limit or (len(whole) > 1 and whole[1][0] - whole[0][0] < _CLEARLY):
        return None
    return whole[0][1]


def _cells(digits: str, start: int, pattern: re.Pattern[str]) -> Iterator[str]:
    """Yield the printed numbers that can begin at a place."""
    for end in range(start + 1, min(start + _LONGEST_CELL, len(digits)) + 1):
        if pattern.fullmatch(digits, start, end) and digits[end : end + 1] != " ":
            yield digits[start:end]


@lru_cache(maxsize=4096)
def _size(cell: str) -> float:
    return math.log(abs(float(cell.replace(" ", "").replace(",", "."))) + 1)
