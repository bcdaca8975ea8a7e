"""Columns of a page: running text beside a table or more text, which are read one after the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from statistics import median

from socialvolym.documents.pages.page_rules import RuledTable
from socialvolym.documents.pages.page_words import Line, Word, lines_of

#: A column of running text has so many lines at least, of so many words, and most of them reach so far into its width.
_LEAST_LINES, _LEAST_WORDS, _FULL = 6, 4, 0.75
#: Lines of a column begin at the same place, to within so many points, and so many of them at least.
_SAME_EDGE, _LEAST_BESIDE = 2.0, 4
#: The blank strip between two columns is so wide at least, in heights of a line, and lies between these shares of the width.
_GUTTER = 0.6
_MIDDLE = (0.3, 0.7)
#: Where so many lines of one column stand on a line of the other, they may be rows of one table.
_ON_ONE_LINE = 0.7


def page_columns(words: Sequence[Word], tables: Sequence[RuledTable]) -> Iterator[list[Word]]:
    """Yield the words of a page in parts that are read one after the other; one part where the page has no columns."""
    lines = lines_of(words)
    found = next((band for edge in _edges(lines) if (band := _band(lines, edge, tables))), None)
    if found is None:
        yield list(words)
        return
    first, last, edge = found
    yield [word for line in lines[:first] for word in line.words]
    for left in (True, False):
        yield [word for line in lines[first:last] for word in line.words if (word.left < edge - _SAME_EDGE) is left]
    yield from page_columns([word for line in lines[last:] for word in line.words], tables)


def _edges(lines: Sequence[Line]) -> list[float]:
    """Return where a right column may begin: where several texts in the middle of the page do, the most of them first."""
    if not lines:
        return []
    words = [word for line in lines for word in line.words]
    left, right = min(word.left for word in words), max(word.right for word in words)
    low, high = (left + share * (right - left) for share in _MIDDLE)
    starts: dict[int, list[float]] = defaultdict(list)
    for word in words:
        if low < word.left < high:
            starts[round(word.left / _SAME_EDGE)].append(word.left)
    found = sorted(starts.values(), key=lambda near: (-len(near), min(near)))
    return [min(near) for near in found if len(near) >= _LEAST_BESIDE]


def _band(lines: Sequence[Line], edge: float, tables: Sequence[RuledTable]) -> tuple[int, int, float] | None:
    """Return the first and last line between which a page has two columns that part at an edge, and the edge."""
    free = [_is_free(line, edge) for line in lines]
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and free[end]:
            end += 1
        if end - start >= _LEAST_LINES and _are_columns(lines[start:end], edge, tables):
            return start, end, edge
        start = end + 1
    return None


def _is_free(line: Line, edge: float) -> bool:
    """Tell whether the strip before an edge is blank on a line."""
    return not any(word.left < edge - _SAME_EDGE and word.right > edge - _GUTTER * line.height for word in line.words)


def _are_columns(lines: Sequence[Line], edge: float, tables: Sequence[RuledTable]) -> bool:
    top, bottom = lines[0].top, lines[-1].bottom
    if any(table.xs[0] < edge < table.xs[-1] and table.ys[0] < bottom and top < table.ys[-1] for table in tables):
        return False
    sides = [
        lines_of(word for line in lines for word in line.words if (word.left < edge - _SAME_EDGE) is left)
        for left in (True, False)
    ]
    if not all(len(side) >= _LEAST_BESIDE for side in sides) or not any(map(_is_running, sides)):
        return False
    beside = sum(abs(line.words[0].left - edge) <= _SAME_EDGE for line in sides[1])
    shared = sum(any(abs(line.bottom - other.bottom) < _GUTTER * line.height / 2 for other in sides[0]) for line in sides[1])
    return 2 * beside >= len(sides[1]) and shared < _ON_ONE_LINE * len(sides[1])


def _is_running(lines: Sequence[Line]) -> bool:
    """Tell whether lines are running text: enough of them, of several words, most of them as long as the column is wide."""
    left, right = min(line.words[0].left for line in lines), max(line.words[-1].right for line in lines)
    reaches = median(line.words[-1].right for line in lines) - left >= _FULL * (right - left)
    return len(lines) >= _LEAST_LINES and median(len(line.words) for line in lines) >= _LEAST_WORDS and reaches
