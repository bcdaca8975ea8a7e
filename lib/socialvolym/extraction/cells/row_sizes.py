"""Sizes of numbers: which of several ways to cut rows is clearly the nearest to what stands in the same columns and beside it.

Arithmetic proves a way (`row_cuts`), sizes only make it likely: what they choose is never certain.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from math import log

from socialvolym.extraction.headings.heading_words import atoms_of
from socialvolym.notation.numbers import parse_number
from socialvolym.notation.periods import DIFFERENCES, parse_heading

Way = tuple[str, ...]
#: The logarithm of a number of a row; None where there is none.
_Sizes = tuple[float | None, ...]

#: How much nearer than the next a way must be: numbers that belong together differ by a factor, whose logarithms are added up.
#: Where only the numbers beside each other tell, the next must be none of numbers that are alike.
_CLEARLY, _CLEARLY_ALIKE = 1.5, 0.5
#: How unlike a way may be on the average of its steps: a factor of two and a half between neighbours, of four from other rows.
_ALIKE, _NEAR = 0.9, 1.4
#: So many rows tell how large the numbers of a column are.
_FEWEST_ROWS = 2
#: In these columns can differ whose numbers are of one kind.
_APART = ("period", "series", "whole", "place")


def likeliest(rows: Sequence[Sequence[Way]], headings: Sequence[str]) -> list[Way | None]:
    """Return for each row that can be cut in several ways the one that is clearly the nearest in size; None for the others.

    Columns that say the same of different times or places are alike in each row, others each in all rows.

    Parameters
    ----------
    rows : the ways that arithmetic leaves for each row.
    headings : the columns' headings; one that is a difference of others may be of any size.
    """
    if not any(headings) or any(parse_heading(heading).series in DIFFERENCES for heading in headings):
        return [None] * len(rows)
    known = [ways[0] for ways in rows if len(ways) == 1]
    kinds = [_kind(heading) for heading in headings]
    if len(set(kinds)) > 1 and len(known) < _FEWEST_ROWS:
        known += _alike_in_columns([ways for ways in rows if len(ways) > 1], kinds)
    return [_nearest(ways, known, kinds) if len(ways) > 1 else None for ways in rows]


def is_far_below(way: Way, others: Sequence[Way], headings: Sequence[str]) -> bool:
    """Tell whether the numbers of a row are so much smaller than those of the other rows that they are hardly of its columns.

    A sum is larger, and in columns that all say the same a row can be of any size.
    """
    kinds = [_kind(heading) for heading in headings]
    if len(set(kinds)) == 1 or len(others) <= _FEWEST_ROWS or len(way) != len(kinds):
        return False
    spans = _spans(others, kinds)
    placed = [(size, spans[kind][0]) for kind, size in zip(kinds, _sizes(way), strict=True) if size is not None and kind in spans]
    return sum(max(low - size, 0.0) for size, low in placed) > _NEAR * len(placed) > 0


def alike(ways: Sequence[Way]) -> Way | None:
    """Return the way whose numbers are alike, and clearly more so than those of any other; None where there is none."""
    return _nearest(ways, (), [""] * len(ways[0])) if ways else None


@lru_cache(maxsize=4096)
def _kind(heading: str) -> str:
    """Return what a heading says beside a time, a series and a place."""
    return " ".join(atom.text.lower() for atom in atoms_of([(0, heading)]) if atom.kind not in _APART)


def _nearest(ways: Sequence[Way], known: Sequence[Way], kinds: Sequence[str]) -> Way | None:
    """Return the way that is clearly nearer to the known rows, and in itself, than any other; None where none is."""
    spans = _spans(known, kinds) if len(set(kinds)) > 1 and len(known) >= _FEWEST_ROWS else {}
    found = sorted((_beside(_sizes(way), kinds) + _from(spans, _sizes(way), kinds), way) for way in ways)
    limit = _NEAR * len(kinds) if spans else _ALIKE * (len(kinds) - 1)
    alone = len(set(kinds)) == len(kinds) and not spans
    clear = found[0][0] + _CLEARLY if spans else max(found[0][0] + _CLEARLY_ALIKE, limit)
    close = len(found) > 1 and found[1][0] < clear
    return None if alone or close or found[0][0] > limit else found[0][1]


def _alike_in_columns(rows: Sequence[Sequence[Way]], kinds: Sequence[str]) -> list[Way]:
    """Return the rows, if there are enough, cut in the one set of ways in which columns are clearly most alike."""
    if len(rows) <= _FEWEST_ROWS:
        return []
    sets = {tuple(min(ways, key=lambda way: _spread((first, way), kinds)) for ways in rows) for first in rows[0]}
    found = sorted((_spread(own, kinds), own) for own in sets)
    return list(found[0][1]) if len(found) == 1 or found[1][0] - found[0][0] >= _CLEARLY else []


def _spread(rows: Sequence[Way], kinds: Sequence[str]) -> float:
    return sum(high - low for low, high in _spans(rows, kinds).values())


def _spans(rows: Sequence[Way], kinds: Sequence[str]) -> dict[str, tuple[float, float]]:
    """Return the smallest and the largest size of each kind of column."""
    found: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        for kind, size in zip(kinds, _sizes(row), strict=True):
            if size is not None:
                found[kind].append(size)
    return {kind: (min(sizes), max(sizes)) for kind, sizes in found.items()}


def _from(spans: dict[str, tuple[float, float]], sizes: _Sizes, kinds: Sequence[str]) -> float:
    """Return how far a row is from the sizes of its columns."""
    placed = ((size, spans[kind]) for kind, size in zip(kinds, sizes, strict=True) if size is not None and kind in spans)
    return sum(max(low - size, size - high, 0.0) for size, (low, high) in placed)


def _beside(sizes: _Sizes, kinds: Sequence[str]) -> float:
    """Return how far the numbers of a row that are of one kind are from each other."""
    return sum(abs(one - other) for kind in set(kinds) for one, other in pairwise(_of_kind(kind, sizes, kinds)))


def _of_kind(kind: str, sizes: _Sizes, kinds: Sequence[str]) -> Iterator[float]:
    return (size for own, size in zip(kinds, sizes, strict=True) if own == kind and size is not None)


@lru_cache(maxsize=65536)
def _sizes(way: Way) -> _Sizes:
    return tuple(log(abs(number.value) + 1) if (number := parse_number(cell)) else None for cell in way)
