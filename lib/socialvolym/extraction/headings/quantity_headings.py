"""Headings of quantities: words over rows of times cut into columns by where each can begin.

`År Antal hushåll` over `Kostnad, tkr Kr per invånare` are three columns: a capital begins one, and `per` goes on with it. Each
may have its year behind it, or its years below it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import pairwise

from socialvolym.extraction.headings.heading_tree import HeadingSplit
from socialvolym.extraction.headings.heading_words import Atom, atoms_of, text_of
from socialvolym.notation.periods import ANY_YEAR
from socialvolym.vocabulary.phrases import is_said
from socialvolym.vocabulary.terms import read_words

_Columns = list[tuple[Atom, ...]]
#: Lines of headings, at most.
_MOST_LINES = 6
#: What headings cost where only one way to cut them fits the rows, and where several do.
_COST, _OPEN_COST = 0.0, 1.0
#: Kinds of words that other readings of headings are for.
_OTHER = {"series", "change", "whole", "place"}


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
    atoms: Sequence[Atom] = atoms_of(lines)
    if numbers != list(range(numbers[0], numbers[0] + len(lines))) or _OTHER.intersection(atom.kind for atom in atoms):
        return
    years = _years_below(atoms)
    stub, atoms = _without_stub(atoms[: len(atoms) - len(years)])
    seen: set[tuple[str, ...]] = set()
    for begins in (_is_capital, _is_quantity):
        headings = tuple(map(text_of, _columns(atoms, begins)))
        if years:
            groups = groups_of_years(years)
            pairs = zip(groups, years, strict=True) if groups[-1] + 1 == len(headings) else ()
            headings = tuple(f"{headings[group]} {year}" for group, year in pairs)
        if len(headings) in counts and headings not in seen and _are_quantities(headings):
            seen.add(headings)
            yield HeadingSplit(list(headings), stub, numbers, _COST)


def _without_stub(atoms: Sequence[Atom]) -> tuple[str, Sequence[Atom]]:
    """Return the word over the labels, if it is one of time, and the other words."""
    place = next((place for place, atom in enumerate(atoms) if is_said("time_column", atom.text)), None)
    if place is None or (place and atoms[place].breaks <= 0):
        return "", atoms
    return atoms[place].text, [*atoms[:place], *atoms[place + 1 :]]


def _years_below(atoms: Sequence[Atom]) -> list[str]:
    """Return the years that make up the last line, but for the word over the labels, below others."""
    begin = next((place for place in range(len(atoms) - 1, 0, -1) if atoms[place].breaks > 0), 0)
    last = [atom.text for atom in atoms[begin:] if not is_said("time_column", atom.text)]
    return last if begin and all(map(ANY_YEAR.fullmatch, last)) else []


def groups_of_years(years: Sequence[str]) -> list[int]:
    """Return the group of each year, of which one begins where they rise no more.

    Examples
    --------
    >>> groups_of_years(["2022", "2023", "2023"])
    [0, 0, 1]
    """
    groups = [0]
    for before, year in pairwise(years):
        groups.append(groups[-1] + (year <= before))
    return groups


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
    return _is_capital(atom) and (atom.kind in ("column", "unit") or bool(read_words(atom.text).of("quantity")))


def _are_quantities(headings: Sequence[str]) -> bool:
    """Tell whether headings are all different, most of them name a quantity or an activity, and all or none one year."""
    named = sum(any(map(read_words(heading).of, ("quantity", "activity"))) for heading in headings)
    years = {len(ANY_YEAR.findall(heading)) for heading in headings}
    return len(set(headings)) == len(headings) > 1 and 2 * named > len(headings) and years in ({0}, {1})
