"""Glued cells: tables whose cells a text layer has run together (`201420152016` over `antal4 3764 3394 268`), cut apart again.

The heads are cut where one ends in a year or a small letter and the next begins with a year or a capital; the rows into as many
numbers as there are heads. Of some tables only the first number of each row is run into its label (`antal412 388 371`).
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from socialvolym.documents.document import Grid, GridCell
from socialvolym.extraction.cells.row_sizes import alike
from socialvolym.extraction.headings.heading_words import atoms_of, glued_pieces
from socialvolym.extraction.rows import numeric_runs
from socialvolym.extraction.text_lines import MOST_COLUMNS, Line, cuts
from socialvolym.notation.numbers import tidy
from socialvolym.notation.periods import parse_heading

#: How unlike the numbers of a way to cut are, and its cells.
_Way = tuple[float, tuple[str, ...]]

#: Amounts below zero begin with one, or with decimals: a dash between two numbers may be one of ages.
_ROW = re.compile(r"(?P<label>.*?[^\W\d]\)?)\s?(?P<digits>-\d[\d ,-]*|\d[\d ,]*(?:(?<=,\d)-\d[\d ,]*)*)")
_WHOLE = r"-?(?:\d{1,3}(?: \d{3})+|0|[1-9]\d*)"
_CELL = re.compile(_WHOLE)
#: Numbers by how many decimals they have.
_WITH_DECIMALS = {decimals: re.compile(rf"{_WHOLE},\d{{{decimals}}}") for decimals in (1, 2)}
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
#: The last word of a label with the first number of its row behind it: "familjehem14", "(%)94", "missbruk-" with an empty cell.
_RUN_IN = re.compile(r"(?P<head>.*?[^\d\s/.,:+<>~≤≥-])(?P<first>[+-]?\d+(?:,\d+)?%?|-)")
#: A word that ends in digits, of which the last may be the first number: "9 §" has the number of its paragraph behind it.
_ENDS_IN_DIGITS = re.compile(r"(?P<head>(?:.*\D)?)(?P<first>\d{2,})")
#: So many rows show that first numbers are run into labels; a digit at one label is a footnote's.
_FEWEST_RUN_IN = 2


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

    Each ends with its decimals where all have as many. The two best ways to cut others are a shortest path: from cell to cell,
    each step as long as the two numbers differ.
    """
    if "," in digits:
        pattern = _WITH_DECIMALS.get(len(digits.rpartition(",")[2]))
        cells = tuple(pattern.findall(digits)) if pattern else ()
        return cells if len(cells) == count and "".join(cells) == digits else None
    limit = _ALIKE * (count - 1)
    ways: dict[tuple[int, str], list[_Way]] = {(len(cell), cell): [(0.0, (cell,))] for cell in _cells(digits, 0)}
    for _ in range(count - 1):
        longer: dict[tuple[int, str], list[_Way]] = defaultdict(list)
        for (end, last), found in ways.items():
            for cell in _cells(digits, end):
                step = abs(_size(cell) - _size(last))
                longer[end + len(cell), cell] += [
                    (length + step, (*way, cell)) for length, way in found if length + step < limit + _CLEARLY
                ]
        ways = {state: sorted(found)[:2] for state, found in longer.items() if found}
    whole = sorted(way for (end, _), found in ways.items() if end == len(digits) for way in found)
    if not whole or whole[0][0] > limit or (len(whole) > 1 and whole[1][0] - whole[0][0] < _CLEARLY):
        return None
    return whole[0][1]


def _cells(digits: str, start: int) -> Iterator[str]:
    """Yield the printed numbers that can begin at a place."""
    for end in range(start + 1, min(start + _LONGEST_CELL, len(digits)) + 1):
        if _CELL.fullmatch(digits, start, end) and digits[end : end + 1] != " ":
            yield digits[start:end]


@lru_cache(maxsize=4096)
def _size(cell: str) -> float:
    return math.log(abs(float(cell.replace(" ", ""))) + 1)


@dataclass(frozen=True)
class _Row:
    """A row of which one word may be both the end of the label and the first number: its `head` and its `first`.

    start : the place of the word with which the numbers begin as printed.
    place : of the word that may be both; without a head it is a number as printed, of which the first digits may be the label's.
    is_run_in : whether the head is a word with which a label can end.
    """

    words: Sequence[str]
    start: int
    place: int
    head: str
    first: str
    is_run_in: bool

    @property
    def is_apart(self) -> bool:
        """Whether a label that ends in letters is surely parted from the numbers."""
        return self.words[self.start - 1][-1:].isalpha()

    def printed(self, count: int) -> list[tuple[str, ...]]:
        """Return the ways to cut the words that are numbers as printed into so many cells."""
        return cuts(self.words[self.start :], count)

    def parted(self, count: int, kept: int = 0) -> list[tuple[str, ...]]:
        """Return the ways to cut the numbers into so many cells if so many digits of the first belong to the label."""
        starts = not (kept and self.first[kept:].startswith("0")) and (kept or self.is_run_in)
        return cuts([self.first[kept:], *self.words[self.place + 1 :]], count) if starts else []

    def within(self, count: int) -> dict[tuple[str, ...], int]:
        """Return the ways in which some digits of the first number are the label's, and how many."""
        most = len(self.first) if self.first.isdigit() else 0
        return {way: kept for kept in range(1, most) for way in self.parted(count, kept)}

    def shows(self, count: int) -> bool:
        """Tell whether the row has so many numbers only if the first, which is no footnote's digit, is parted from the label."""
        goes_on = not cuts(self.words[self.start : self.start + 1], 1)
        telling = goes_on or sum(map(str.isdigit, self.first)) > 1
        return telling and bool(self.parted(count)) and not self.printed(count)


def part_labels(lines: Sequence[Line]) -> list[Line]:
    """Return lines with the labels parted from the first numbers of the rows that a text layer has run into them.

    The heading tells how many numbers the rows have; at least two rows have so many only if they are parted. A row of the same
    table that could begin elsewhere as well is parted where its numbers are then alike, and is doubtful.
    """
    found = list(lines)
    heading, begin = None, 0
    for place, line in enumerate((*lines, Line(0, ""))):
        if line.heads_columns or (line.is_sentence and not line.strength) or place == len(lines):
            if heading is not None:
                found[begin:place] = _parted(lines[begin:place], heading)
            heading, begin = (line if line.heads_columns else None), place + 1
    return found


def _parted(lines: Sequence[Line], heading: Line) -> Sequence[Line]:
    """Return the lines below a heading parted, if they show that numbers are run into labels."""
    kinds = [atom.kind for atom in atoms_of([(0, heading.text)])]
    periods, series = kinds.count("period"), kinds.count("series") + kinds.count("change")
    rows = {place: row for place, line in enumerate(lines) if (row := _row(line))}
    shown = {count: sum(row.shows(count) for row in rows.values()) for count in range(max(periods, series), periods + series + 1)}
    count = max(shown, key=lambda count: shown[count])
    if count < 2 or shown[count] < _FEWEST_RUN_IN:
        return lines
    run_in = sum(row.is_run_in and bool(row.parted(count)) for row in rows.values())
    apart = sum(row.is_apart and bool(row.printed(count)) for row in rows.values())
    alone, comparable = run_in > 2 * apart, "change" not in kinds
    return [_begun(line, rows[place], count, alone, comparable) if place in rows else line for place, line in enumerate(lines)]


def _row(line: Line) -> _Row | None:
    """Return a line as a row whose label may go into its first number; None for one that has no numbers behind a label."""
    words = line.words
    start = next((begin for begin, end in numeric_runs(words) if end == len(words)), len(words))
    if line.pieces is not None or not 0 < start < len(words) or len(line.text) > _LONGEST_ROW:
        return None
    joint = _RUN_IN.fullmatch(words[start - 1])
    if found := joint or _ENDS_IN_DIGITS.fullmatch(words[start - 1]):
        return _Row(words, start, start - 1, found["head"], found["first"], is_run_in=joint is not None)
    return _Row(words, start, start, "", words[start], is_run_in=False)


def _begun(line: Line, row: _Row, count: int, alone: bool, comparable: bool) -> Line:
    """Return a row with its label parted from its numbers, or as it is; doubtful where it could begin elsewhere as well.

    Parameters
    ----------
    alone : whether numbers are run into nearly all labels of the table, so that one behind a blank may begin within a word.
    comparable : whether the columns are of one kind, so that their numbers are alike.
    """
    parted, printed = row.parted(count), row.printed(count)
    within = row.within(count) if alone and comparable else {}
    if parted and (alone or not printed) and alike([*parted, *within]) not in within:
        return _labelled(line, row, 0)
    chosen = alike([*printed, *(within if alone and not parted else parted)])
    if chosen is not None and chosen not in printed:
        return replace(_labelled(line, row, within.get(chosen, 0)), doubtful=True)
    return replace(line, doubtful=(chosen is None and alone) or bool(parted))


def _labelled(line: Line, row: _Row, kept: int) -> Line:
    """Return a line whose label ends with so many digits of the word that runs into its numbers."""
    label = [*row.words[: row.place], row.head + row.first[:kept]]
    return replace(line, text=" ".join([*label, row.first[kept:], *row.words[row.place + 1 :]]), label_words=len(label))
