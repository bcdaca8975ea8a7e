"""Headings of quantities: words over rows of times cut into columns that name neither time nor series, by where each can begin.

`År Antal hushåll` over `Kostnad, tkr Kr per invånare` are three columns: a capital begins one, and `per` goes on with it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache

from socialvolym.extraction.headings.heading_tree import HeadingSplit
from socialvolym.extraction.headings.heading_words import Atom, atoms_of, text_of
from socialvolym.vocabulary.phrases import is_said
from socialvolym.vocabulary.terms import read_words

_Columns = list[tuple[Atom, ...]]
#: Lines of headings, at most.
_MOST_LINES = 6
#: What headings cost where only one way to cut them fits the rows, and where several do.
_COST, _OPEN_COST = 0.0, 1.0
#: Kinds of words that other readings of headings are for.
_OTHER = {"period", "series", "change", "whole", "place"}


def quantity_headings(lines: Sequence[tuple[int, str]], counts: Collection[int]) -> HeadingSplit | None:
    """Cut the lines right over rows of times into one quantity a column; None where no way fits.

    Parameters
    ----------
    lines : the lines (number, text) over the rows, in reading order.
    counts : how many numbers the rows can have.
    """
    found = [split for first in range(len(lines))[-_MOST_LINES:] for split in _cut(lines[first:], counts)]
    timed = [split for split in found if split.stub] or found
    if not timed:
        return None
    best = min(timed, key=lambda split: len(split.lines))
    return HeadingSplit(best.headings, best.stub, best.lines, _COST if len(timed) == 1 else _OPEN_COST)


def _cut(lines: Sequence[tuple[int, str]], counts: Collection[int]) -> Iterator[HeadingSplit]:
    """Yield the ways to cut lines that follow each other into as many quantities as the rows can have numbers."""
    numbers = [number for number, _ in lines]
    atoms = atoms_of(lines)
    if numbers != list(range(numbers[0], numbers[0] + len(lines))) or _OTHER.intersection(atom.kind for atom in atoms):
        return
    stub, atoms = (atoms[0].text, atoms[1:]) if is_said("time_column", atoms[0].text) else ("", atoms)
    seen: set[tuple[str, ...]] = set()
    for begins in (_is_capital, _is_quantity):
        headings = tuple(map(text_of, _columns(atoms, begins)))
        if len(headings) in counts and headings not in seen and _are_quantities(headings):
            seen.add(headings)
            yield HeadingSplit(list(headings), stub, numbers, _COST)


def _columns(atoms: Sequence[Atom], begins: Callable[[Atom], bool]) -> _Columns:
    """Cut words before each that begins a column; nothing where a line goes on with no heading that has begun."""
    columns: _Columns = []
    for atom in atoms:
        if begins(atom):
            columns.append((atom,))
        elif not columns or (atom.breaks > 0 and not _goes_on(atom)):
            return []
        else:
            columns[-1] = (*columns[-1], atom)
    return columns


def _goes_on(atom: Atom) -> bool:
    """Tell whether a word that begins a line goes on with the heading before it: others may be of columns of their own."""
    return is_said("small_word", atom.text.split()[0]) or atom.text.startswith("(") or atom.kind == "unit"


def _is_capital(atom: Atom) -> bool:
    return not atom.low and atom.text[:1].isupper()


def _is_quantity(atom: Atom) -> bool:
    return _is_capital(atom) and (atom.kind in ("column", "unit") or _names_quantity(atom.text))


@lru_cache(maxsize=4096)
def _names_quantity(text: str) -> bool:
    return bool(read_words(text).of("quantity"))


def _are_quantities(headings: Sequence[str]) -> bool:
    """Tell whether headings are all different and most of them name a quantity."""
    return len(set(headings)) == len(headings) > 1 and 2 * sum(map(_names_quantity, headings)) > len(headings)
