"""Stacked headings: lines that each hold a piece of the heading of every column, words broken from one line to the next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import product

from socialvolym.extraction.headings.column_headings import column_cost, stub_cost
from socialvolym.extraction.headings.heading_words import Atom, atom_of, atoms_of

#: So many lines are stacked, and so many words of one line are in one column, at most.
_MOST_LINES, _MOST_WORDS = 4, 3
#: What it costs that a line has nothing over a column, and what is taken off where every line has something over each.
_MISSING, _COMPLETE = 0.4, 1.0
#: A column begins at most so many words from where it would if all were equally long.
_FARTHEST = 3

#: Where each line's words of a column begin.
_Places = tuple[int, ...]
_Column = tuple[Atom, ...]


def stacked_columns(lines: Sequence[str], count: int) -> tuple[tuple[Atom, ...], tuple[_Column, ...], float] | None:
    """Return stub, columns and cost of the cheapest way to read lines as pieces of `count` headings; None where there is none."""
    if not 1 < len(lines) <= _MOST_LINES:
        return None
    stack = tuple(_pieces(line) for line in lines)
    sizes = [len(atoms) for atoms in stack]
    if any(4 * size < 3 * count or size > _MOST_WORDS * count for size in sizes) or not _are_headings(stack, count):
        return None
    best: dict[_Places, tuple[float, tuple[_Column, ...], _Places]] = {
        begin: (stub_cost(_over_labels(stack, begin)), (), begin) for begin in _begins(sizes, count)
    }
    for left in range(count - 1, -1, -1):
        found: dict[_Places, tuple[float, tuple[_Column, ...], _Places]] = {}
        for places, (cost, columns, begin) in best.items():
            for ends in _ends(places, sizes, left):
                column = _joined(stack, places, ends)
                missing = sum(place == end for place, end in zip(places, ends, strict=True))
                total = cost + column_cost(column) + _MISSING * missing
                if ends not in found or total < found[ends][0]:
                    found[ends] = total, (*columns, column), begin
        best = found
    if tuple(sizes) not in best:
        return None
    cost, columns, begin = best[tuple(sizes)]
    taken = sum(size - place for size, place in zip(sizes, begin, strict=True))
    complete = taken >= count * len(lines) and all(size - place >= count for size, place in zip(sizes, begin, strict=True))
    return _over_labels(stack, begin), columns, cost / (1 + 0.15 * count) - _COMPLETE * complete


def _pieces(line: str) -> tuple[Atom, ...]:
    """Return the words of a line; a part of a year and the year behind it may be of two columns."""
    atoms = (piece for atom in atoms_of([(0, line)]) for piece in _apart(atom))
    return tuple(replace(atom, breaks=0.0) for atom in atoms)


def _are_headings(stack: Sequence[tuple[Atom, ...]], count: int) -> bool:
    """Tell whether each line says a time or a series of half the columns, or has a part of words broken at a hyphen."""
    broken = [any(atom.text.endswith("-") for atom in atoms) for atoms in stack]
    told = [2 * sum(atom.kind in ("period", "series", "change", "whole") for atom in atoms) >= count for atoms in stack]
    return all(told[line] or broken[line] or (line > 0 and broken[line - 1]) for line in range(len(stack)))


def _apart(atom: Atom) -> list[Atom]:
    part, _, year = atom.text.rpartition(" ")
    if atom.kind == "period" and part and len(year) == len("2024") and year.isdigit():
        return [atom_of(part, atom.breaks), atom_of(year, atom.breaks)]
    return [atom]


def _begins(sizes: Sequence[int], count: int) -> Iterator[_Places]:
    """Yield where the columns may begin: behind the few words over the labels that lines have more than columns."""
    yield from product(*(range(max(0, size - count) + 1) for size in sizes))


def _over_labels(stack: Sequence[tuple[Atom, ...]], begin: _Places) -> tuple[Atom, ...]:
    return tuple(atom for atoms, place in zip(stack, begin, strict=True) for atom in atoms[:place])


def _ends(places: _Places, sizes: Sequence[int], left: int) -> Iterator[_Places]:
    """Yield where a column may end that begins at `places`, so many columns being left behind it."""
    ranges = []
    for place, size in zip(places, sizes, strict=True):
        fair = size - left * (size - place) / (left + 1)
        last = min(size, place + _MOST_WORDS)
        ranges.append([end for end in range(place, last + 1) if abs(end - fair) <= _FARTHEST and (left or end == size)])
    yield from (ends for ends in product(*ranges) if ends != places)


@lru_cache(maxsize=4096)
def _whole(column: _Column) -> _Column:
    """Return the words of a column; those broken at a hyphen, and a part of a year and its year, made whole."""
    found: list[Atom] = []
    for atom in column:
        before = found[-1] if found else None
        if before is not None and before.text.endswith("-") and atom.low:
            found[-1] = atom_of(before.text.removesuffix("-") + atom.text, 0.0)
        elif (
            before is not None
            and before.kind == atom.kind == "period"
            and atom_of(f"{before.text} {atom.text}", 0.0).kind == "period"
        ):
            found[-1] = atom_of(f"{before.text} {atom.text}", 0.0)
        else:
            found.append(atom)
    return tuple(found)


def _joined(stack: Sequence[tuple[Atom, ...]], places: _Places, ends: _Places) -> _Column:
    """Return the words that lines have over one column, the topmost first."""
    return _whole(tuple(a for atoms, place, end in zip(stack, places, ends, strict=True) for a in atoms[place:end]))
