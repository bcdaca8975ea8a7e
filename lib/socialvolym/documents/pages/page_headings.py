"""Headings over a table without ruling lines: which columns each text above the rows stands over.

Figures are set to the right of their columns, headings often in the middle or to the left, so a heading need not stand over
its figures. What decides is all texts of a line together: in their order, each over a column or over neighbouring ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from statistics import median

#: (left, right) of a text or a column, in points.
Extent = tuple[float, float]
#: All as shares of the distance between columns, set on made-up tables. What a column costs that has no heading, and one that has
#: only a heading below; what each further column costs that a text stands over; what texts over unlike numbers of columns cost.
_BARE, _BARE_OVER, _FURTHER, _UNLIKE = 0.3, 0.5, 0.32, 0.1
#: How far a text may stand from the left, middle or right of its column, and from the middle of several.
_FARTHEST, _OFF_MIDDLE = 1.0, 0.3
#: So near stand two edges that are set to one place, in points.
_EDGE = 2.0
_MOST_COLUMNS = 40

Span = tuple[int, int]


def place_headings(lines: Sequence[Sequence[Extent]], columns: Sequence[Extent]) -> list[list[Span] | None]:
    """Return for each line of headings the (first, last) column of each of its texts; None for a line that fits no reading.

    Parameters
    ----------
    lines : the extents of the texts, from left to right, line by line from the top.
    columns : the extents of the columns, the labels' first, as the rows below show them.
    """
    extents = list(columns)
    headed: set[int] = set()
    placed: list[list[Span] | None] = []
    for texts in reversed(lines):
        over = headed.issuperset(range(1, len(columns)))
        grouped = (_equal_groups(texts, extents) or _to_the_right(texts, extents)) if over else None
        spans = grouped or _spans(texts, extents, _BARE_OVER if over else _BARE)
        placed.append(spans)
        for (first, last), text in zip(spans or (), texts, strict=False):
            headed.update(range(first, last + 1))
            if first == last:
                extents[first] = _widened(extents, first, text)
    return placed[::-1]


def _without_label(texts: Sequence[Extent], columns: Sequence[Extent]) -> tuple[list[Span], Sequence[Extent]]:
    """Return the column of the text over the labels, if there is one, and the other texts."""
    return ([(0, 0)], texts[1:]) if abs(texts[0][0] - columns[0][0]) < _EDGE else ([], texts)


def _equal_groups(texts: Sequence[Extent], columns: Sequence[Extent]) -> list[Span] | None:
    """Return the spans of texts that all stand at the left, in the middle or at the right of equal groups of columns."""
    label, over = _without_label(texts, columns)
    count = len(columns) - 1
    size = count // max(len(over), 1)
    if size < 2 or size * len(over) != count:
        return None
    spans = [(first, first + size - 1) for first in range(1, count + 1, size)]
    groups = [(columns[first][0], columns[last][1]) for first, last in spans]
    pairs = list(zip(over, groups, strict=True))
    off_left, off_right = (max(abs(text[side] - group[side]) for text, group in pairs) for side in (0, 1))
    off_middle = max(abs(sum(text) - sum(group)) / 2 for text, group in pairs)
    step = _step(columns)
    off_cells = max(_off_middle(text, columns, *span, step) for text, span in zip(over, spans, strict=True))
    wide = (groups[-1][1] - groups[0][0]) / count
    is_over = min(off_left, off_right) < _EDGE or off_middle < _OFF_MIDDLE * wide or off_cells < _EDGE
    return [*label, *spans] if is_over else None


def _to_the_right(texts: Sequence[Extent], columns: Sequence[Extent]) -> list[Span] | None:
    """Return the spans of texts that are each set to the right of the last of their columns, up to the last of all."""
    label, over = _without_label(texts, columns)
    edges = [next((n for n, column in enumerate(columns) if n and abs(text[1] - column[1]) < _EDGE), None) for text in over]
    ends = [end for end in edges if end is not None]
    if not over or ends != edges or ends[-1] != len(columns) - 1:
        return None
    return [*label, *((before + 1, end) for before, end in pairwise([0, *ends]))]


def _widened(extents: Sequence[Extent], column: int, text: Extent) -> Extent:
    """Return a column's extent with its heading's, as far as its neighbours let it."""
    low = extents[column - 1][1] if column else float("-inf")
    high = extents[column + 1][0] if column + 1 < len(extents) else float("inf")
    return max(low, min(extents[column][0], text[0])), min(high, max(extents[column][1], text[1]))


def _spans(texts: Sequence[Extent], columns: Sequence[Extent], without: float) -> list[Span] | None:
    """Return the cheapest columns for a line's texts, in their order."""
    if len(columns) < 3 or len(texts) > len(columns) or len(columns) > _MOST_COLUMNS:
        return None
    step = _step(columns)

    @cache
    def best(text: int, column: int, size: int) -> tuple[float, tuple[Span, ...]]:
        """Return cost and columns of the texts from one on, left of which the one before stands over so many columns."""
        if text == len(texts):
            return without * sum(place > 0 for place in range(column, len(columns))), ()
        if column == len(columns):
            return float("inf"), ()
        bare, rest = best(text, column + 1, size)
        found = (bare + (without if column else 0.0), rest)
        for last in range(column, len(columns) if column else 1):
            away = _distance(texts[text], columns, column, last, step) / step
            wide = last - column + 1
            if away <= (_FARTHEST if wide == 1 else _OFF_MIDDLE):
                after, spans = best(text + 1, last + 1, wide if column else 0)
                own = away + _FURTHER * (wide - 1) + (_UNLIKE if size not in (0, wide) else 0.0)
                found = min(found, (own + after, ((column, last), *spans)))
        return found

    cost, spans = best(0, 0, 0)
    return list(spans) if cost < float("inf") else None


def _step(columns: Sequence[Extent]) -> float:
    """Return the distance between columns."""
    middles = [(left + right) / 2 for left, right in columns[1:]]
    return median(after - before for before, after in pairwise(middles))


def _distance(text: Extent, columns: Sequence[Extent], first: int, last: int, step: float) -> float:
    """Return how far a text is from where it would stand over columns: at the left, in the middle or at the right of one."""
    left, right = columns[first][0], columns[last][1]
    if not first:
        return abs(text[0] - left)
    at_edge = first == last and min(abs(text[0] - left), abs(text[1] - right)) < _EDGE
    return 0.0 if at_edge else _off_middle(text, columns, first, last, step)


def _off_middle(text: Extent, columns: Sequence[Extent], first: int, last: int, step: float) -> float:
    """Return how far a text is from the middle of columns; the first begins between its figures and those before it."""
    left, right = columns[first][0], columns[last][1]
    begins = min(max(columns[first - 1][1], columns[first][1] - step), left)
    middle = sum(text) / 2
    return max((begins + right) / 2 - middle, middle - (left + right) / 2, 0.0)
