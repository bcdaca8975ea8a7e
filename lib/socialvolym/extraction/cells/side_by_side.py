"""Side by side: tables beside each other in a grid or on the same lines, or beside running text, parted where the next begins."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from socialvolym.documents.document import Grid, GridCell
from socialvolym.extraction.text_lines import is_value
from socialvolym.notation.numbers import tidy
from socialvolym.sequences import runs_of

#: A table of one row cannot tell its labels from a remark.
_FEWEST_ROWS = 2
#: So many lines with a label at the same place behind figures, one perhaps the heads, make two tables in text; between two
#: so many lines may hold only one of the tables.
_FEWEST_LINES, _MOST_BETWEEN = 3, 4
_PIECE = re.compile(r"\S+(?: \S+)*")
#: A line of running text beside a row has so many words at least; a row may be set in so far.
_FEWEST_WORDS, _SET_IN = 3, 4


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


def parted_lines(texts: Sequence[str]) -> Iterator[list[str]]:
    """Yield the lines of a text without the tables that stand to the right of others, then those tables, each where it stands.

    A table stands to the right where labels that are all different begin at one place of several lines, with a label and its
    figures before them and figures behind them.
    """
    left, right = list(texts), [""] * len(texts)
    for first, last, place in _gutters(texts):
        for at in range(first, last + 1):
            left[at], right[at] = texts[at][:place].rstrip(), " " * place + texts[at][place:]
    yield left
    if any(map(str.strip, right)):
        yield from parted_lines(right)


def _gutters(texts: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Yield where other tables stand to the right: their first line and last, counted from 0, and the place they begin at."""
    begins = [(at, place) for at, text in enumerate(texts) if (place := _second_label(text))]
    taken = -1
    for group in runs_of(begins, lambda run, new: new[1] == run[0][1] and _reaches(texts, run[-1][0], *new)):
        place = group[0][1]
        labels = [_PIECE.findall(texts[at][place:])[0] for at, _ in group]
        if len(group) < _FEWEST_LINES or len(set(labels)) < len(labels):
            continue
        first, last = group[0][0], group[-1][0]
        while first - 1 > taken and _keeps_apart(texts[first - 1], place):
            first -= 1
        while last + 1 < len(texts) and _keeps_apart(texts[last + 1], place):
            last += 1
        taken = last
        yield first, last, place


def _second_label(text: str) -> int | None:
    """Return where a second label begins on a line, behind a label and figures and before figures; None where there is none."""
    if "\t" in text or "|" in text:
        return None
    pieces = [(match[0], match.start()) for match in _PIECE.finditer(text)]
    figures = [is_value(tidy(piece)) for piece, _ in pieces]
    named = [at for at, figure in enumerate(figures) if not figure]
    begins = named[:1] == [0] and len(named) > 1 and 1 < named[1] < len(pieces) - 1 and figures[named[1] + 1]
    return pieces[named[1]][1] if begins else None


def _reaches(texts: Sequence[str], above: int, at: int, place: int) -> bool:
    """Tell whether nothing between two lines crosses the place where the right table begins."""
    between = texts[above + 1 : at]
    return len(between) <= _MOST_BETWEEN and all(not text.strip() or _keeps_apart(text, place) for text in between)


def _keeps_apart(text: str, place: int) -> bool:
    """Tell whether a line has something, and nothing of it crosses a place."""
    return bool(text.strip()) and "\t" not in text and (len(text) <= place or not text[place - 2 : place].strip())


def texts_beside(texts: Sequence[str]) -> dict[int, int]:
    """Return for each line, counted from 0, with running text to the left of a table the place where the table begins.

    Several lines that go on with a sentence stand beside rows of a label and its figures, and nothing crosses the place between.
    """
    begins = [(at, place) for at, text in enumerate(texts) if (place := _row_beside_text(text))]
    found: dict[int, int] = {}
    for group in runs_of(begins, lambda run, new: abs(new[1] - run[0][1]) <= _SET_IN and new[0] - run[-1][0] <= _MOST_BETWEEN):
        place = min(place for _, place in group)
        first, last = group[0][0], group[-1][0]
        if first and _keeps_apart(texts[first - 1], place):
            first -= 1  # the heads of the columns, beside a line of the text or its heading
        region = [(at, text) for at, text in enumerate(texts[first : last + 1], start=first) if text[:place].strip()]
        goes_on = sum(text.lstrip()[:1].islower() for _, text in region)
        if len(group) >= _FEWEST_LINES and goes_on >= _FEWEST_LINES - 1 and all(_keeps_apart(text, place) for _, text in region):
            found |= {at: place for at, _ in region}
    return found


def _row_beside_text(text: str) -> int | None:
    """Return where a label with figures behind it begins to the right of several words; None where there is no such place."""
    if "\t" in text or "|" in text:
        return None
    pieces = [(match[0], match.start()) for match in _PIECE.finditer(text)]
    figures = [is_value(tidy(piece)) for piece, _ in pieces]
    beside = len(pieces) > 2 and not any(figures[:2]) and all(figures[2:]) and len(pieces[0][0].split()) >= _FEWEST_WORDS
    return pieces[1][1] if beside else None
