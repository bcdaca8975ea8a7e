"""Ruling lines of a page: which of them form tables, and which cells these have."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from socialvolym.sequences import runs_of

#: Up to this thick a rectangle is a line; so far apart may the ends of two lines be that meet. In points.
THICKNESS = 3.0
TOLERANCE = 3.0
_SHORTEST = 5.0
#: More crossings than any table has; beyond these the lines are a drawing.
_MAX_PAIRS = 150_000
_MAX_ROWS, _MAX_COLUMNS = 400, 60

#: A line or the outline of a rectangle: left, top, right, bottom, in points from the top left corner of the page.
Rule = tuple[float, float, float, float]
#: (place, from, to): a vertical line's x and its y range, or a horizontal line's y and its x range.
_Stroke = tuple[float, float, float]


@dataclass(frozen=True)
class RuledTable:
    """A table drawn with lines.

    Attributes
    ----------
    xs, ys : the places of its vertical and horizontal lines, ascending.
    cells : (row, column, rows, columns) of every cell, counted from 0; a merged cell is one.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[tuple[int, int, int, int], ...]

    def row(self, y: float) -> int:
        """Return the row that a height on the page falls in; -1 or the number of rows outside."""
        return bisect_right(self.ys, y) - 1

    def column(self, x: float) -> int:
        """Return the column that a place falls in; -1 or the number of columns outside."""
        return bisect_right(self.xs, x) - 1

    def holds(self, x: float, y: float) -> bool:
        """Tell whether a point lies in the table."""
        return self.xs[0] <= x < self.xs[-1] and self.ys[0] <= y < self.ys[-1]


def ruled_tables(rules: Iterable[Rule]) -> list[RuledTable]:
    """Return the tables of at least two columns that the lines of a page draw, from top to bottom."""
    across, down = _strokes(rules)
    if not down or len(across) * len(down) > _MAX_PAIRS:
        return []
    tables = [_table(*component) for component in _components(across, down)]
    return sorted((table for table in tables if table is not None), key=lambda table: (table.ys[0], table.xs[0]))


def _strokes(rules: Iterable[Rule]) -> tuple[list[_Stroke], list[_Stroke]]:
    """Cut lines and rectangles into horizontal and vertical strokes, and join those that continue each other."""
    across: list[_Stroke] = []
    down: list[_Stroke] = []
    for left, top, right, bottom in rules:
        wide, high = right - left, bottom - top
        if high <= THICKNESS and wide >= _SHORTEST:
            across.append(((top + bottom) / 2, left, right))
        elif wide <= THICKNESS and high >= _SHORTEST:
            down.append(((left + right) / 2, top, bottom))
        elif wide > THICKNESS and high > THICKNESS:
            across += [(top, left, right), (bottom, left, right)]
            down += [(left, top, bottom), (right, top, bottom)]
    return _joined(across), _joined(down)


def _joined(strokes: list[_Stroke]) -> list[_Stroke]:
    """Join strokes on the same line that touch or overlap."""
    joined: list[_Stroke] = []
    strokes.sort()
    start = 0
    while start < len(strokes):
        end = start
        while end < len(strokes) and strokes[end][0] - strokes[start][0] <= TOLERANCE:
            end += 1
        place = sum(stroke[0] for stroke in strokes[start:end]) / (end - start)
        stretches = sorted(stroke[1:] for stroke in strokes[start:end])
        low, high = stretches[0]
        for near, far in stretches:
            if near > high + TOLERANCE:
                joined.append((place, low, high))
                low, high = near, far
            high = max(high, far)
        joined.append((place, low, high))
        start = end
    return joined


def _clusters(values: Sequence[float]) -> list[float]:
    """Return one place for each group of values closer than the tolerance, ascending."""
    groups = runs_of(sorted(values), lambda group, value: value - group[0] <= TOLERANCE)
    return [sum(group) / len(group) for group in groups]


def _nearest(places: Sequence[float], value: float) -> float:
    index = bisect_right(places, value)
    return min(places[max(0, index - 1) : index + 1], key=lambda place: abs(place - value))


def _components(across: list[_Stroke], down: list[_Stroke]) -> list[tuple[list[_Stroke], list[_Stroke]]]:
    """Group strokes that cross or touch each other."""
    parent = list(range(len(across) + len(down)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for number, (y, left, right) in enumerate(across):
        for other, (x, top, bottom) in enumerate(down, start=len(across)):
            if left - TOLERANCE <= x <= right + TOLERANCE and top - TOLERANCE <= y <= bottom + TOLERANCE:
                parent[root(number)] = root(other)
    groups: dict[int, tuple[list[_Stroke], list[_Stroke]]] = {}
    for index in range(len(parent)):
        group = groups.setdefault(root(index), ([], []))
        if index < len(across):
            group[0].append(across[index])
        else:
            group[1].append(down[index - len(across)])
    return [group for group in groups.values() if group[0] and group[1]]


def _table(across: list[_Stroke], down: list[_Stroke]) -> RuledTable | None:
    """Make a table of strokes that touch; the ends of horizontal lines close a table without lines at its sides."""
    xs = _clusters([x for x, _, _ in down] + [min(left for _, left, _ in across), max(right for _, _, right in across)])
    ys = _clusters([y for y, _, _ in across] + [min(top for _, top, _ in down), max(bottom for _, _, bottom in down)])
    columns, rows = len(xs) - 1, len(ys) - 1
    if not (2 <= columns <= _MAX_COLUMNS and 1 <= rows <= _MAX_ROWS):
        return None
    right_of = _drawn([(x, top, bottom) for x, top, bottom in down], xs, ys)
    below = _drawn(across, ys, xs)
    return RuledTable(tuple(xs), tuple(ys), tuple(_cells(rows, columns, right_of, below)))


def _drawn(strokes: list[_Stroke], places: list[float], steps: list[float]) -> set[tuple[int, int]]:
    """Return (place, step) wherever a stroke stands at a place and covers the middle of the step from one line to the next."""
    middles = [(low + high) / 2 for low, high in pairwise(steps)]
    drawn: set[tuple[int, int]] = set()
    for at, start, end in strokes:
        place = places.index(_nearest(places, at))
        drawn.update((place, step) for step, middle in enumerate(middles) if start - TOLERANCE <= middle <= end + TOLERANCE)
    return drawn


def _cells(
    rows: int, columns: int, right_of: set[tuple[int, int]], below: set[tuple[int, int]]
) -> Iterator[tuple[int, int, int, int]]:
    """Yield the cells: neighbours without a line between them are one cell."""
    taken: set[tuple[int, int]] = set()
    for row in range(rows):
        for column in range(columns):
            if (row, column) in taken:
                continue
            wide = 1
            while column + wide < columns and (column + wide, row) not in right_of and (row, column + wide) not in taken:
                wide += 1
            span = range(column, column + wide)
            high = 1
            while (
                row + high < rows
                and not any((row + high, place) in below for place in span)
                and not any((place, row + high) in right_of for place in span[1:])
            ):
                high += 1
            taken.update((row + down, place) for down in range(high) for place in span)
            yield row, column, high, wide
