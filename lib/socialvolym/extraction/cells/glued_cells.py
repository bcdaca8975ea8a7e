"""Glued cells: tables whose cells a text layer has run together (`201420152016` over `antal4 3764 3394 268`), cut apart again."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from socialvolym.documents.document import Grid, GridCell
from socialvolym.notation.numbers import tidy

_YEAR = r"(?:19|20)\d\d"
_HEADER = re.compile(rf"(?P<stub>\D*?)\s*(?P<years>(?:{_YEAR}){{2,}})")
_ROW = re.compile(r"(?P<label>.*?[^\W\d]\)?)\s?(?P<digits>\d[\d ]*)")
_CELL = re.compile(r"\d{1,3}(?: \d{3})+|0|[1-9]\d*")
#: A longer line is a sentence and no row.
_LONGEST_ROW = 120
#: Lines without figures that may stand between a header and a row: headings of groups.
_MOST_GROUP_LINES = 3
#: How much better than the next a cut must be: numbers beside each other differ by a factor, whose logarithms are added up.
_CLEARLY = 0.5
#: How unlike neighbours may be on the average: a factor of two and a half.
_ALIKE = 0.9


def glued_grids(lines: Sequence[str], taken: Collection[int] = ()) -> list[Grid]:
    """Return the tables that stand below years that are run together.

    A row is cut into as many numbers as there are years, so that neighbours are as alike as they can be; a row of which two cuts
    are nearly as good, or whose label ends in digits of its own, is left out.

    Parameters
    ----------
    lines : the document's lines.
    taken : 1-based lines that belong to other tables.
    """
    grids = []
    for number, line in enumerate(lines, start=1):
        header = _HEADER.fullmatch(tidy(line))
        if header and number not in taken:
            years = re.findall(_YEAR, header["years"])
            body = list(_body(lines, number, len(years), taken))
            if any(len(row) > 1 and row[1].text for row in body):
                top = [GridCell(header["stub"], number), *(GridCell(year, number) for year in years)]
                grids.append(Grid([top, *body], heading_rows=1))
    return grids


def _body(lines: Sequence[str], header: int, count: int, taken: Collection[int]) -> Iterator[list[GridCell]]:
    """Yield the rows below a header, and the headings of groups between them; a row that cannot be cut is left to others."""
    waiting: list[list[GridCell]] = []
    for number in range(header + 1, len(lines) + 1):
        text = tidy(lines[number - 1])
        row = _ROW.fullmatch(text) if len(text) <= _LONGEST_ROW else None
        cells = cut(row["digits"], count) if row else None
        if number in taken or _HEADER.fullmatch(text) or not text:
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

    Raises
    ------
    ValueError
        where fewer than two numbers are asked for.
    """
    if count < 2:
        raise ValueError("at least two numbers")
    ways = sorted((_unlikeness(way), way) for way in _ways(digits.strip(), count))
    if not ways or ways[0][0] > _ALIKE * (count - 1) or (len(ways) > 1 and ways[1][0] - ways[0][0] < _CLEARLY):
        return None
    return ways[0][1]


def _ways(digits: str, count: int) -> Iterator[tuple[str, ...]]:
    if count == 1:
        if _CELL.fullmatch(digits):
            yield (digits,)
        return
    for end in range(1, len(digits)):
        if _CELL.fullmatch(digits[:end]) and digits[end] != " ":
            for rest in _ways(digits[end:], count - 1):
                yield (digits[:end], *rest)


def _unlikeness(way: Sequence[str]) -> float:
    sizes = [math.log(int(cell.replace(" ", "")) + 1) for cell in way]
    return sum(abs(a - b) for a, b in pairwise(sizes))
