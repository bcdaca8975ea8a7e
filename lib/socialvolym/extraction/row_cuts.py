"""Cutting: which of several ways to cut rows into cells is right, by what the rows of one table have in common.

Where thousands and columns are parted by the same space, form leaves several ways. Three things that a table says of itself
decide: whether it parts thousands at all, the arithmetic between its columns, and totals over its rows. What they leave open
stays open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import combinations, permutations, product
from math import prod

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
#: Ways to cut the rows above a total that are tried together.
_MOST_TOGETHER = 20_000
#: Columns that must add up before a total decides.
_FEWEST_COLUMNS = 2


def decide(rows: Sequence[Sequence[Way]], headings: Sequence[str], labels: Sequence[str]) -> list[list[Way]]:
    """Return for every row the ways that are left: one where it is decided.

    Parameters
    ----------
    rows : the ways to cut each row into the table's columns; empty for a row that has none.
    headings : the columns' headings.
    labels : the rows' labels, to know totals by.
    """
    left = [list(ways) for ways in rows]
    if all(len(ways) <= 1 for ways in left):
        return left
    left = _by_form(left)
    for relations in (_certain_relations(left, headings), _common_relations(left, len(headings))):
        left = [_best(ways, relations) for ways in left]
    return _by_totals([_adding_up_to_last(ways, headings) for ways in left], labels)


def _adding_up_to_last(ways: list[Way], headings: Sequence[str]) -> list[Way]:
    """Return the ways in which the columns add up to the last, where it is headed as their sum or as the whole of their year."""
    last = headings[-1] if headings else ""
    if len(ways) < 2 or not (is_said("total_row", last) or any(is_said("whole_year", word) for word in last.split())):
        return ways
    return [way for way in ways if _adds_up(_numbers(way))] or ways


def _by_form(rows: list[list[Way]]) -> list[list[Way]]:
    """Drop the ways that part thousands in a table that prints a number of four digits or more in one piece and parts none."""
    certain = [cell for ways in rows if len(ways) == 1 for cell in ways[0]]
    every = [cell for ways in rows for way in ways[:1] for cell in way]
    if any(_is_parted(cell) for cell in certain) or not any(is_long(cell) for cell in every):
        return rows
    return [[way for way in ways if not any(map(_is_parted, way))] or ways for ways in rows]


def _is_parted(cell: str) -> bool:
    first, _, rest = cell.partition(" ")
    return first.lstrip("+-").isdigit() and rest[:1].isdigit()


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


def _by_totals(rows: list[list[Way]], labels: Sequence[str]) -> list[list[Way]]:
    """Decide rows by the total that stands below them: the one set of ways that adds up in most columns, two at least."""
    begin = 0
    for place, label in enumerate(labels):
        if not is_said("total_row", label):
            continue
        block = [i for i in range(begin, place) if rows[i]]
        begin = place + 1
        together = [*block, place]
        if len(block) < 2 or not rows[place] or all(len(rows[i]) == 1 for i in together):
            continue
        if prod(len(rows[i]) for i in together) > _MOST_TOGETHER:
            continue
        chosen = _adding_up([rows[i] for i in together])
        for i, way in zip(together, chosen or (), strict=bool(chosen)):
            rows[i] = [way]
    return rows


def _adding_up(rows: Sequence[Sequence[Way]]) -> tuple[Way, ...] | None:
    """Return the only way to cut rows, the last a total, in which the most columns add up; None where that decides nothing."""
    best, found = _FEWEST_COLUMNS - 1, []
    for chosen in product(*rows):
        *parts, total = (_numbers(way) for way in chosen)
        added = sum(_adds_up(column) for column in zip(*parts, total, strict=True))
        if added > best:
            best, found = added, [chosen]
        elif added == best:
            found.append(chosen)
    return found[0] if len(found) == 1 and best >= _FEWEST_COLUMNS else None


def _adds_up(column: Numbers) -> bool:
    *parts, total = column
    known = [part for part in parts if part is not None]
    if total is None or len(known) < 2 or total.unit == "percent":
        return False
    slack = total.half_step + sum(part.half_step for part in known) if total.decimals else 0.5 * (len(known) + 1)
    return abs(sum(part.value for part in known) - total.value) <= slack
