"""Rows: which words of a printed line are cells, decided by form, column count and arithmetic."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from socialvolym.notation.numbers import PRINTED_UNITS, RAISED, PrintedNumber, parse_number

#: What stands in a cell without a number.
BLANKS = ("-", "--", "*", "**", "n/a", "..", ".", "e/t")

_START = re.compile(r"^[+-]?[1-9]\d{0,2}$")
#: Digits that only go on with a number that has begun before them: no cell is printed as 050.
_CONTINUED = re.compile(r"^0\d{2}(?!\d)")
_GROUP = re.compile(rf"^\d{{3}}(?:[.,]\d+)?(?:%\d?|[*{RAISED}]+⁾?)?$")
_WHOLE = re.compile(rf"^[<>≤≥~+-]?\d+(?:[.,]\d+)?(?:%\d?|[*{RAISED}]+⁾?)?$")
_UNIT_WORDS = {unit for unit in PRINTED_UNITS if " " not in unit}


@dataclass(frozen=True)
class Relation:
    """An arithmetic tie between columns of one row.

    kind "sum": columns a + b = c; "difference": |a - b| = |c|; "share": |c| = 100 * |a| / |b|. Columns count from 0.
    """

    kind: str
    a: int
    b: int
    c: int


class AmbiguousRowError(ValueError):
    """A row that can be cut into cells in more than one way, and arithmetic does not decide."""


def is_cell_word(word: str) -> bool:
    """Tell whether a word may be (part of) a cell: digits, a unit behind digits, or a mark for no value."""
    return bool(_WHOLE.match(word)) or word in BLANKS or word.lower() in _UNIT_WORDS


def numeric_runs(words: Sequence[str]) -> list[tuple[int, int]]:
    """Return (start, end) of every run of words that may be cells and holds at least one digit or blank mark."""
    runs: list[tuple[int, int]] = []
    start: int | None = None
    for index, word in enumerate([*words, "x"]):
        inside = index < len(words) and is_cell_word(word) and not (start is None and word.lower() in _UNIT_WORDS)
        if inside and start is None:
            start = index
        elif not inside and start is not None:
            runs.append((start, index))
            start = None
    return runs


def groupings(words: Sequence[str], count: int) -> Iterator[tuple[str, ...]]:
    """Yield every way to join neighbouring words into exactly `count` cells."""
    yield from _groupings(tuple(words), count)


@lru_cache(maxsize=4096)
def _groupings(words: tuple[str, ...], count: int) -> tuple[tuple[str, ...], ...]:
    if count == 0:
        return ((),) if not words else ()
    if len(words) < count:
        return ()
    found: list[tuple[str, ...]] = []
    for size in _cell_sizes(words):
        head = " ".join(words[:size])
        found.extend((head, *rest) for rest in _groupings(words[size:], count - 1))
    return tuple(found)


def _cell_sizes(words: Sequence[str]) -> Iterator[int]:
    """How many of the leading words can form one cell."""
    if not words or words[0].lower() in _UNIT_WORDS or _CONTINUED.match(words[0]):
        return
    sizes = [1]
    if _START.match(words[0]):
        size = 1
        while size < len(words) and _GROUP.match(words[size]):
            size += 1
            sizes.append(size)
            if not words[size - 1].isdigit():
                break
    for size in sizes:
        if size < len(words) and words[size].lower() in _UNIT_WORDS:
            yield size + 1
        else:
            yield size


def holds(relation: Relation, numbers: Sequence[PrintedNumber | None]) -> bool | None:
    """Tell whether a relation holds within rounding; None where a number it needs is missing."""
    a, b, c = (numbers[index] if index < len(numbers) else None for index in (relation.a, relation.b, relation.c))
    if a is None or b is None or c is None:
        return None
    slack = a.half_step + b.half_step + c.half_step + 1e-9
    if relation.kind == "sum":
        return abs(a.value + b.value - c.value) <= slack
    if relation.kind == "difference":
        return abs(abs(a.value - b.value) - abs(c.value)) <= slack
    if b.value == 0:
        return None
    exact = 100 * abs(a.value / b.value)
    error = 100 * (a.half_step + abs(a.value / b.value) * b.half_step) / abs(b.value)
    return abs(exact - abs(c.value)) <= error + c.half_step + 1e-9


def split_row(words: Sequence[str], count: int, relations: Sequence[Relation] = ()) -> tuple[str, ...]:
    """Cut the numeric words of a row into `count` cells.

    Where form alone leaves several ways, the one in which more relations hold wins.

    Raises
    ------
    AmbiguousRowError
        where no way gives `count` cells, or several are equally good.
    """
    ways = list(groupings(words, count))
    if not ways:
        raise AmbiguousRowError(f"{len(words)} words cannot be cut into {count} cells: {' '.join(words)}")
    if len(ways) == 1:
        return ways[0]
    scored = sorted(((_score(way, relations), way) for way in ways), reverse=True)
    if scored[0][0] == scored[1][0]:
        raise AmbiguousRowError(f"{len(ways)} ways to cut into {count} cells, none favoured by arithmetic: {' '.join(words)}")
    return scored[0][1]


def _score(way: Sequence[str], relations: Sequence[Relation]) -> int:
    numbers = [parse_number(cell) for cell in way]
    return sum(holds(relation, numbers) is True for relation in relations)


def join_label(parts: Sequence[str]) -> str:
    """Join a label that is broken over lines; a hyphen at a break before a lower-case letter is the break's own."""
    joined = ""
    for part in filter(None, parts):
        if joined.endswith("-") and part[:1].islower() and not part.startswith(("och ", "eller ")):
            joined = joined[:-1] + part
        else:
            joined = f"{joined} {part}".strip()
    return joined
