"""Cutting: which of several ways to cut rows into cells is right, by what the rows of one table have in common.

Where thousands and columns are parted by the same space, form leaves several ways. The arithmetic between a table's columns
decides; what it leaves open stays open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import combinations, permutations

from socialvolym.extraction.rows import Relation, holds
from socialvolym.notation.numbers import PrintedNumber, parse_number
from socialvolym.notation.periods import DIFFERENCES, parse_heading
from socialvolym.vocabulary.phrases import is_said

Way = tuple[str, ...]
Numbers = Sequence[PrintedNumber | None]

#: Rows that a relation between columns must hold in before it decides about others.
_FEWEST_ROWS = 3
#: Values below this meet arithmetic by chance.
_TELLING = 20
#: Relations times ways that are tried at most: beyond, so many ways are open that none can be told right.
_MOST_TRIED = 1_000_000


def decide(rows: Sequence[Sequence[Way]], headings: Sequence[str]) -> list[list[Way]]:
    """Return for every row the ways that are left: one where it is decided.

    Parameters
    ----------
    rows : the ways to cut each row into the table's columns; empty for a row that has none.
    headings : the columns' headings.
    """
    left = [list(ways) for ways in rows]
    if all(len(ways) <= 1 for ways in left):
        return left
    for relations in (_certain_relations(left, headings), _common_relations(left, len(headings))):
        left = [_best(ways, relations) for ways in left]
    return [_adding_up_to_last(ways, headings) for ways in left]


def _adding_up_to_last(ways: list[Way], headings: Sequence[str]) -> list[Way]:
    """Return the ways in which the columns add up to the last, where it is headed as their sum or as the whole of their year."""
    last = headings[-1] if headings else ""
    if len(ways) < 2 or not (is_said("total_row", last) or any(is_said("whole_year", word) for word in last.split())):
        return ways
    return [way for way in ways if _adds_up(_numbers(way))] or ways


def is_long(cell: str) -> bool:
    """Tell whether a cell prints four digits or more in one piece, and is no year."""
    whole = cell.lstrip("+-<>~").split(",")[0]
    return whole.isdigit() and len(whole) >= 4 and not (len(whole) == 4 and whole[:2] in ("19", "20"))


@lru_cache(maxsize=65536)
def _numbers(way: Way) -> tuple[PrintedNumber | None, ...]:
    return tuple(parse_number(cell) for cell in way)


def _best(ways: list[Way], relations: Sequence[Relation]) -> list[Way]:
    """Return the ways in which most of the relations hold."""
    if len(ways) <= 1 or not relations:
        return ways
    scores = [sum(tells(relation, _numbers(way)) is True for relation in relations) for way in ways]
    return [way for way, score in zip(ways, scores, strict=True) if score == max(scores)]


def _certain_relations(rows: Sequence[Sequence[Way]], headings: Sequence[str]) -> list[Relation]:
    certain = [_numbers(ways[0]) for ways in rows if len(ways) == 1]
    return relations_of(certain, len(headings)) or heading_relations(headings)


def relations_of(rows: Iterable[Numbers], count: int) -> list[Relation]:
    """Return the arithmetic between columns that holds in every one of the rows, two telling rows at least."""
    rows = list(rows)
    found = []
    for relation in _possible(count):
        verdicts = [tells(relation, row) for row in rows]
        telling = [verdict for verdict in verdicts if verdict is not None]
        if len(telling) >= 2 and all(telling):
            found.append(relation)
    return found


def _possible(count: int) -> Iterator[Relation]:
    for c in range(count):
        others = [i for i in range(count) if i != c]
        for a, b in combinations(others, 2):
            for kind in ("sum", "difference", "growth", "share"):
                yield Relation(kind, a, b, c)
        for a, b in permutations(others, 2):
            yield Relation("rate", a, b, c)


def _common_relations(rows: Sequence[Sequence[Way]], count: int) -> list[Relation]:
    """Return the arithmetic that can hold in every row at once, whichever way it is cut, and that some way of a row breaks."""
    ways = [row for row in rows if row]
    possible = list(_possible(count))
    tried = len(possible) * sum(map(len, ways))
    if len(ways) < _FEWEST_ROWS or all(len(row) == 1 for row in ways) or tried > _MOST_TRIED:
        return []
    found = []
    for relation in possible:
        verdicts = [[tells(relation, _numbers(way)) for way in row if _is_telling(relation, way)] for row in ways]
        heard = [row for row in verdicts if row]
        if len(heard) >= max(_FEWEST_ROWS, len(ways) - 1) and all(True in row for row in heard):
            found.append(relation)
    return found


def _is_telling(relation: Relation, way: Way) -> bool:
    sizes = [abs(number.value) for i in (relation.a, relation.b) if (number := _numbers(way)[i]) is not None]
    return bool(sizes) and max(sizes) >= _TELLING


def heading_relations(headings: Sequence[str]) -> list[Relation]:
    """Return the arithmetic that headings announce: outturn less budget is the deviation, two years differ by the change.

    A last column without a heading has one because it is the difference of two others.
    """
    parsed = [parse_heading(heading) for heading in headings]
    found = []
    for c, heading in enumerate(parsed):
        if any(headings) and not headings[c] and c == len(headings) - 1:
            found += [Relation("difference", a, b, c) for a, b in combinations(range(c), 2)]
        if heading.series not in DIFFERENCES:
            continue
        for a, b in combinations([i for i in range(len(parsed)) if i != c], 2):
            pair = {parsed[a].series or "outturn", parsed[b].series or "outturn"}
            if heading.series == "deviation" and pair == {"outturn", "budget"} and heading.unit != "percent":
                found.append(Relation("difference", a, b, c))
            elif heading.series != "deviation" and pair == {"outturn"}:
                found.append(Relation("growth" if heading.series == "change_pct" else "difference", a, b, c))
    return found


def tells(relation: Relation, numbers: Numbers) -> bool | None:
    """Tell whether a relation holds; None where the numbers cannot tell, because one is missing or all are zero."""
    values = [numbers[i] if i < len(numbers) else None for i in (relation.a, relation.b, relation.c)]
    a, b, c = values
    if a is None or b is None or c is None or (a.value == 0 and b.value == 0) or (c.value == 0 and a.value != b.value):
        return None
    if relation.kind == "share" and c.unit != "percent":
        return None
    if relation.kind == "rate":
        return _is_rate(a, b, c)
    if relation.kind != "growth":
        return None if min(abs(a.value), abs(b.value)) == 0 else holds(relation, numbers)
    if c.unit != "percent" or a.value * b.value == 0:
        return None
    widest = 100 * (a.half_step + b.half_step) / min(abs(a.value), abs(b.value))
    slack = c.half_step + widest * max(1.0, abs(a.value / b.value)) + 1e-9
    return any(abs(abs(100 * (x / y - 1)) - abs(c.value)) <= slack for x, y in ((a.value, b.value), (b.value, a.value)))


def _is_rate(a: PrintedNumber, b: PrintedNumber, c: PrintedNumber) -> bool | None:
    """Tell whether c is the cost of one: a thousand times a cost in thousands, by a volume."""
    if min(abs(a.value), abs(b.value), abs(c.value)) < _TELLING or b.decimals > 1:
        return None
    exact = 1000 * abs(a.value) / abs(b.value)
    slack = c.half_step + exact * (a.half_step / abs(a.value) + b.half_step / abs(b.value))
    return abs(exact - abs(c.value)) <= slack


def _adds_up(column: Numbers) -> bool:
    *parts, total = column
    known = [part for part in parts if part is not None]
    if total is None or len(known) < 2 or total.unit == "percent":
        return False
    slack = total.half_step + sum(part.half_step for part in known) if total.decimals else 0.5 * (len(known) + 1)
    return abs(sum(part.value for part in known) - total.value) <= slack
