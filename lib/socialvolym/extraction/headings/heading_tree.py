"""The tree of headings: levels of headings over columns, found from lines of words by what repeats in them.

A level is one heading a column, or one over each of several equal groups of columns. Where the lines keep no places, the
groups follow from counts: `2022 2023` over `Totalt Per 1 000 Totalt Per 1 000` are two groups of two. The levels may stand one
under the other, all in one row of words, one word a line, or each group with its own heading before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, pairwise

from socialvolym.extraction.headings.column_headings import best_cut, stub_cost
from socialvolym.extraction.headings.heading_words import Atom, atom_of, atoms_of, text_of, without_numbered
from socialvolym.extraction.headings.stacked_lines import stacked_columns
from socialvolym.notation.periods import ANY_YEAR, YEAR, mostly_told, parse_day, parse_heading
from socialvolym.vocabulary.phrases import is_said

#: A reading that costs more than this is none.
_DEAREST = 4.0
#: Where words read one after the other cost more, lines are also read as stacked.
_CHEAP = 0.3
#: What it counts to leave a line unused behind an empty line: it may be a title, and not a heading.
_BEHIND_EMPTY = 0.3
#: So many empty lines stand between the headings of columns, not above them.
_MANY_EMPTY = 3
#: What a reading in levels costs beside what its levels do: a pattern that repeats is no accident.
_LEVELS = -1.0
#: How much of its levels' costs a reading in levels bears.
_OF_LEVELS = 0.25
#: What a reading costs in which each word of a line finds the column that it must belong to.
_MATCHED = -0.5
_MOST_ATOMS = 60
#: Words over the labels on the line of the lowest level, at most.
_LONGEST_STUB = 4
#: Lines next to the table that may be no headings: the first row's label, or a group.
_MOST_TRIMMED = 7
#: What a line between headings and rows costs that is none of either.
_UNUSED = 0.1
#: Lines above the headings that may hold the year over all of them.
_SPAN_LINES = 6

#: Words that say when and in what series.
_TOLD = frozenset(("period", "series", "whole"))

Cells = tuple[tuple[Atom, ...], ...]


@dataclass(frozen=True)
class HeadingSplit:
    """Column headings cut from lines: one text a column, all its levels in it, the stub over the labels, the lines, the cost."""

    headings: list[str]
    stub: str
    lines: list[int]
    cost: float


@dataclass(frozen=True)
class _Tree:
    """The words of each column, those of its groups before its own; the words over the labels; what the reading costs."""

    stub: tuple[Atom, ...]
    columns: Cells
    cost: float


def split_headings(lines: Sequence[tuple[int, str]], count: int, near: int = -1) -> HeadingSplit | None:
    """Cut heading lines (number, text) into `count` columns; None where no reading is good enough.

    The cheapest reading wins: a column should hold one series and one period, begin with a word that can begin a heading, and
    look like its neighbours. Leading words may be the stub; lines left over cost what they seem to say.

    Parameters
    ----------
    near : which end of the lines is next to the table, -1 for the last line, 0 for the first.
    """
    lines = _without_group(lines, near)
    says = [_says(text) * parted for (_, text), parted in zip(lines, _parted(lines, near), strict=True)]
    best: tuple[float, _Tree, int, int] | None = None
    for read in (_line_under_line, _run_together, _stacked):
        if best is not None and best[0] <= _CHEAP:
            break
        for first, last in _windows(len(lines), near):
            left = _left_over(says, first, last, near)
            for tree in read(tuple(lines[first:last]), count):
                if tree.cost + left <= _DEAREST and (best is None or tree.cost + left < best[0] - 1e-6):
                    best = (tree.cost + left, tree, first, last)
    if best is None:
        return None
    cost, tree, first, last = best
    stub, columns = _with_words_over_labels(tree)
    headings = [text_of(column) for column in columns]
    return _dated_above(HeadingSplit(headings, text_of(stub), [number for number, _ in lines[first:last]], cost), lines[:first])


def _without_group(lines: Sequence[tuple[int, str]], near: int) -> Sequence[tuple[int, str]]:
    """Return lines without those next to the table that name the rows below: in capitals, as no heading is, and of no column."""
    if not any(_says(text) and not text.isupper() for _, text in lines):
        return lines
    while lines[near][1].isupper() and not _says(lines[near][1]):
        lines = lines[:-1] if near else lines[1:]
    return lines


def _with_words_over_labels(tree: _Tree) -> tuple[tuple[Atom, ...], Cells]:
    """Return stub and columns; words before the first of columns that else say times and series only stand over all of them.

    Words that say a series are each column's where the columns are alike but for them; others are the labels'.
    """
    first, *others = tree.columns
    # A day over a row of years ("31 december / 2020 2021") is read with the first of them, and is not to be torn from it.
    if len({bool(ANY_YEAR.fullmatch(atom.text)) for column in tree.columns for atom in column if atom.kind == "period"}) > 1:
        return tree.stub, tree.columns
    shapes = {tuple(_sort(atom) for atom in column) for column in others}
    only = all(_TOLD.issuperset(shape) for shape in shapes) or shapes == {("column",)}
    begin = next((place for place, atom in enumerate(first) if _sort(atom) in _TOLD), len(first))
    if only and shapes and 0 < begin < len(first) and shapes != {("column",)}:
        return _with_words_over_labels(_Tree((*tree.stub, *first[:begin]), (first[begin:], *others), tree.cost))
    shape = shapes.pop() if only and len(shapes) == 1 else ()
    over, own = first[: -len(shape)], first[-len(shape) :]
    sorts = [_sort(atom) for atom in over]
    if not shape or not over or tuple(map(_sort, own)) != shape:
        return tree.stub, tree.columns
    if any(sort in sorts and sort in shape for sort in ("period", "series")) or len(over) >= len(tree.columns):
        return tree.stub, tree.columns
    if shape == ("column",) and not {"series", "whole"} & set(sorts):
        return (*tree.stub, *over), (own, *others)
    return tree.stub, tuple((*over, *column) for column in (own, *others))


@lru_cache(maxsize=4096)
def _plain(atoms: tuple[Atom, ...], count: int) -> _Tree | None:
    """Read words as one heading after the other."""
    cut = best_cut(atoms, count) if count <= len(atoms) else None
    return _Tree(cut[0], tuple(cut[1]), cut[2]) if cut else None


@lru_cache(maxsize=4096)
def _run_together(lines: tuple[tuple[int, str], ...], count: int) -> tuple[_Tree, ...]:
    """Read the words of all lines as one text."""
    atoms = tuple(atoms_of(lines))
    if not count <= len(atoms) <= _MOST_ATOMS:
        return ()
    return tuple(filter(None, (_plain(atoms, count), *_trees(atoms, count))))


@lru_cache(maxsize=4096)
def _line_under_line(lines: tuple[tuple[int, str], ...], count: int) -> tuple[_Tree, ...]:
    """Read two lines of one word a column, where one of them has nothing over or under some columns: what it says tells which.

    A change has no time under it, and what stands over units is not over a column of persons.
    """
    if len(lines) != 2 or count < 2:
        return ()
    upper, lower = (tuple(atoms_of([line])) for line in lines)
    pairs = _times_under_series(upper, lower, count) or _units_under(upper, lower, count)
    stub = lower[: len(lower) - sum(under is not None for _, under in pairs)]
    columns = tuple(tuple(atom for atom in pair if atom is not None) for pair in pairs)
    if not columns:
        stub, columns = lower[:-count], _series_over_times(upper, lower[-count:], count)
    told = len({_words(column) for column in columns}) == count
    return (_Tree(stub, columns, _MATCHED),) if told and len(stub) <= _LONGEST_STUB else ()


#: A word over a column and one under it; None where there is none.
_Pairs = list[tuple[Atom | None, Atom | None]]


def _times_under_series(upper: Sequence[Atom], lower: Sequence[Atom], count: int) -> _Pairs:
    """Return a series for each column and a time under all but the changes; empty where the lines are something else."""
    if len(upper) != count or not all(_sort(atom) in _TOLD for atom in upper):
        return []
    compared = [place for place, atom in enumerate(upper) if atom.kind != "change"]
    times = [atom for atom in lower if atom.kind == "period"]
    if len(compared) in (0, count) or len(times) != len(compared) or list(lower[-len(times) :]) != times:
        return []
    under = dict(zip(compared, times, strict=True))
    return [(atom, under.get(place)) for place, atom in enumerate(upper)]


def _series_over_times(upper: Sequence[Atom], times: Sequence[Atom], count: int) -> Cells:
    """Return the columns of a few series over more times, "Budget Prognos efter Avvikelse" over "2023 april augusti augusti".

    Each goes over times of one sort that are all different; nothing where they can do so in more than one way, or in none.
    """
    begins = [place for place, atom in enumerate(upper) if atom.kind in ("series", "change")]
    alike = len(times) == count and all(atom.kind == "period" for atom in times)
    if not alike or not begins or begins[0] or not 1 < len(begins) < count:
        return ()
    heads = [upper[begin:end] for begin, end in pairwise([*begins, len(upper)])]
    found = []
    for cuts in combinations(range(1, count), len(heads) - 1):
        groups = [times[begin:end] for begin, end in pairwise([0, *cuts, count])]
        apart = (len({atom.text for atom in group}) == len(group) for group in groups)
        if all(len({_is_part(atom.text) for atom in group}) == 1 for group in groups) and all(apart):
            found.append(tuple((*head, atom) for head, group in zip(heads, groups, strict=True) for atom in group))
    return found[0] if len(found) == 1 else ()


def _units_under(upper: Sequence[Atom], lower: Sequence[Atom], count: int) -> _Pairs:
    """Return headings over units, one over each column or over those with units; empty where the lines are something else."""
    own = lower[-count:]
    if len(own) < count:
        return []
    if len(upper) == count and all(atom.kind in ("unit", "column") and atom.low for atom in own):
        return list(zip(upper, own, strict=True))
    units = [place for place, atom in enumerate(own) if atom.kind == "unit"]
    if not 1 < len(upper) == len(units) < count or not all(_sort(atom) in ("series", "column") for atom in upper):
        return []
    over = dict(zip(units, upper, strict=True))
    return [(over.get(place), atom) for place, atom in enumerate(own)]


@lru_cache(maxsize=4096)
def _stacked(lines: tuple[tuple[int, str], ...], count: int) -> tuple[_Tree, ...]:
    """Read lines as pieces of one heading after the other, if all columns are then different and most say a time or a series."""
    apart = {after[0] - before[0] for before, after in pairwise(lines)}
    together = apart == {1} or (len(lines) > 2 and len(apart) == 1)  # two lines with an empty one between are no stack
    found = stacked_columns([text for _, text in lines], count) if together else None
    if found is None:
        return ()
    headings = [text_of(column).lower() for column in found[1]]
    return (_Tree(*found),) if mostly_told(headings) and len(set(headings)) == count else ()


@lru_cache(maxsize=4096)
def _trees(atoms: tuple[Atom, ...], count: int) -> tuple[_Tree, ...]:
    """Read words as headings in two levels or more."""
    return tuple(tree for tree in (*_level_under_level(atoms, count), *_group_after_group(atoms, count)) if _is_sound(tree))


def _level_under_level(atoms: tuple[Atom, ...], count: int) -> Iterator[_Tree]:
    """Read all headings of a level before those of the next: the last words are the lowest level."""
    for start, lowest, groups, cost in _lowest_levels(atoms, count):
        for above, stub in _without_stub(atoms[:start]):
            plain = _plain(above, groups)
            for upper in filter(None, (plain, *_trees(above, groups))):
                tree = _joined(_Tree((*upper.stub, *stub), upper.columns, upper.cost), lowest, count // groups, cost)
                if _are_told(tree.columns) if groups == count else upper is not plain or _are_heads(upper.columns):
                    yield tree


def _without_stub(above: tuple[Atom, ...]) -> Iterator[tuple[tuple[Atom, ...], tuple[Atom, ...]]]:
    """Yield the words above a level, and those of them that are its stub: none, or the few that begin its line."""
    yield above, ()
    begin = next((place for place in range(len(above) - 1, 0, -1) if above[place].breaks > 0), 0)
    stub = above[begin:]
    if begin and len(stub) <= _LONGEST_STUB and not {_sort(atom) for atom in stub} & {"period", "series"}:
        yield above[:begin], stub


def _are_levels(upper: Sequence[Atom], lower: Sequence[Atom]) -> bool:
    """Tell whether a word for each column stands under another: each level on a line of its own, or of one sort.

    A whole year is a time beside its months.
    """
    if not {_sort(atom) for atom in lower} <= _TOLD:
        return False
    apart = lower[0].breaks > 0 and all(atom.breaks <= 0 for atom in (*upper[1:], *lower[1:]))
    sorts = ({_sort(atom).replace("whole", "period") for atom in level} for level in (upper, lower))
    return apart or all(len(level) == 1 for level in sorts)


def _sorts(column: Sequence[Atom]) -> list[str]:
    """Return what the words of a column are; those that tell what a change is taken of, "mot budget", belong to it."""
    sorts: list[str] = []
    change, before = False, ""
    for atom in column:
        sort = _sort(atom)
        of_change = change and atom.low and sort in ("series", "small")
        whole_time = sort == "period" and sorts[-1:] == ["period"] and _is_part(before) and bool(ANY_YEAR.fullmatch(atom.text))
        if not (of_change or whole_time):
            sorts.append(sort)
        before = atom.text
        change = change or atom.kind == "change"
    return sorts


def _are_told(columns: Cells) -> bool:
    """Tell whether each column says a series and, beside it, at most a period, each with one word."""
    sorts = list(map(_sorts, columns))
    named = all({"series", "whole"} & set(found) for found in sorts) and any("series" in found for found in sorts)
    return named and all(len(set(found)) == len(found) and _TOLD.issuperset(found) for found in sorts)


def _are_heads(columns: Cells) -> bool:
    """Tell whether headings can go over groups: they are periods and series only, or none of them has a period."""
    sorts = [{_sort(atom) for atom in column} for column in columns]
    return all(_TOLD.issuperset(found) for found in sorts) or not any("period" in found for found in sorts)


def _lowest_levels(atoms: tuple[Atom, ...], count: int) -> Iterator[tuple[int, Cells, int, float]]:
    """Yield where a lowest level begins, its headings, over how many groups it goes, and what it costs."""
    size = len(atoms)
    above = [upper for upper, _ in _without_stub(atoms[:-count])] if count < size else []
    if any(_are_levels(upper[-count:], atoms[-count:]) for upper in above):
        yield size - count, tuple((atom,) for atom in atoms[-count:]), count, 0.0
    for groups in range(2, count + 1):
        if count % groups:
            continue
        for length in range(count // groups, (size - 1) // groups + 1):
            pattern = atoms[size - length :]
            if _words(atoms[size - groups * length :]) != _words(pattern) * groups:
                continue
            cells = _pattern(pattern, count // groups)
            if cells is not None:
                yield size - groups * length, cells[0] * groups, groups, cells[1]


def _group_after_group(atoms: tuple[Atom, ...], count: int) -> Iterator[_Tree]:
    """Read groups that each begin with their own heading and then repeat the same ones."""
    size = len(atoms)
    for groups in (groups for groups in range(2, count // 2 + 1) if count % groups == 0):
        for length in range(count // groups + 1, size // groups + 1):
            begin = size - groups * length
            parts = [atoms[at : at + length] for at in range(begin, size, length)]
            shared = [len({atom.text.lower() for atom in place}) == 1 for place in zip(*parts, strict=True)]
            own = shared.index(True) if True in shared else 0
            if not own or not all(shared[own:]):
                continue
            cells = _pattern(parts[0][own:], count // groups)
            if cells is not None:
                heads = tuple(_once(part[:own]) for part in parts)
                if _are_heads(heads):
                    yield _joined(
                        _Tree(atoms[:begin], heads, stub_cost(atoms[:begin])), cells[0] * groups, count // groups, cells[1]
                    )


def _pattern(pattern: tuple[Atom, ...], count: int) -> tuple[Cells, float] | None:
    """Cut the words of one group into its headings; None where that leaves a word over or two of them are the same."""
    if any(before.text.endswith(",") for before in pattern[-1:]):
        return None
    if count == len(pattern) and not any(before.text.endswith(",") for before in pattern):
        cells: Cells = tuple((atom,) for atom in pattern)
        cost = 0.0
    else:
        cut = best_cut(pattern, count)
        if cut is None or cut[0] or any(cell[0].kind in ("small", "unit") for cell in cut[1]):
            return None
        cells, cost = tuple(cut[1]), max(cut[2], 0.0)
    return (cells, cost) if len(set(map(_words, cells))) == count else None


def _joined(upper: _Tree, lowest: Cells, each: int, cost: float) -> _Tree:
    """Set a level under another whose headings go over so many columns each."""
    columns = tuple(_under(upper.columns[place // each], cell) for place, cell in enumerate(lowest))
    return _Tree(upper.stub, columns, _LEVELS + _OF_LEVELS * (max(upper.cost, 0.0) + cost))


def _under(head: tuple[Atom, ...], cell: tuple[Atom, ...]) -> tuple[Atom, ...]:
    """Return a column's words: a part of a year goes before its year, a word broken at a hyphen is made whole."""
    if head[-1].text.endswith("-") and (len(head) == len(cell) == 1 or cell[0].low):
        whole = head[-1].text.removesuffix("-") + cell[0].text
        return (*head[:-1], atom_of(whole, head[-1].breaks), *cell[1:])
    periods = [[atom.text for atom in atoms if atom.kind == "period"] for atoms in (head, cell)]
    return (*cell, *head) if all(periods) and not any(map(ANY_YEAR.fullmatch, periods[1])) else (*head, *cell)


def _is_part(text: str) -> bool:
    """Tell whether a period is a part or a day of a year that it does not name."""
    return (parse_heading(text).period or parse_day(text) or "").startswith("-")


def _is_sound(tree: _Tree) -> bool:
    """Tell whether the columns of a tree are all different and say at most one year and one series each."""
    if len({text_of(column).lower() for column in tree.columns}) < len(tree.columns):
        return False
    for column in tree.columns:
        years = sum(atom.kind == "period" and bool(re.search(YEAR, atom.text)) for atom in column)
        if years > 1 or _sorts(column).count("series") > 1:
            return False
    return all(parse_heading(text_of(column)).is_told for column in tree.columns)


def _once(atoms: tuple[Atom, ...]) -> tuple[Atom, ...]:
    """Return words without those said before: a heading that is printed again over each of its columns."""
    return tuple(atom for place, atom in enumerate(atoms) if atom.text not in [before.text for before in atoms[:place]])


def _words(atoms: Sequence[Atom]) -> tuple[str, ...]:
    return tuple(atom.text.lower() for atom in atoms)


def _sort(atom: Atom) -> str:
    return {"change": "series", "place": "column"}.get(atom.kind, atom.kind)


def _windows(size: int, near: int) -> Iterator[tuple[int, int]]:
    """Yield (first, last) of the stretches of lines that leave out at most a few lines next to the table."""
    for trimmed in range(min(size, _MOST_TRIMMED)):
        for length in range(1, size - trimmed + 1):
            yield (size - trimmed - length, size - trimmed) if near else (trimmed, trimmed + length)


def _says(text: str) -> float:
    """Return what it costs to leave a heading line unused: much if it is a period, begins with a series or breaks off words."""
    kinds = [atom.kind for atom in atoms_of([(0, without_numbered(text))])]
    if kinds and all(kind == "period" for kind in kinds):
        return 0.7
    if text.count("- ") > 1 or (kinds and kinds[0] in ("series", "change")):
        return 0.9
    if "series" in kinds or "change" in kinds:
        return 0.5
    return 0.3 if "period" in kinds or "column" in kinds else 0.0


def _parted(lines: Sequence[tuple[int, str]], near: int) -> list[float]:
    """Return by how much less each line says of the columns for standing behind an empty line, away from the table.

    In a text that has an empty line after each line, those are behind more than one; headings with many between them have none.
    """
    gaps = [abs(after[0] - before[0]) for before, after in pairwise(lines)]
    spaced = min(gaps) if gaps and gaps.count(min(gaps)) > 1 else 1
    apart = [gap > spaced for gap in gaps]
    apart = apart if sum(apart) < _MANY_EMPTY else []
    behind = [any(apart[place:]) if near else any(apart[:place]) for place in range(len(lines))]
    return [_BEHIND_EMPTY if each else 1.0 for each in behind]


def _left_over(says: Sequence[float], first: int, last: int, near: int) -> float:
    """Return what it costs to read only some lines: what each between them and the table says and more, less for those beyond."""
    close, far = (says[last:], says[:first]) if near else (says[:first], says[last:])
    far = far[::-1] if near else far
    return sum(close) + _UNUSED * len(close) + sum(far[:2]) + 0.3 * sum(far[2:5])


def _dated_above(split: HeadingSplit, above: Sequence[tuple[int, str]]) -> HeadingSplit:
    """Give columns without a period those of a line further up: one over all of them, or one over each group.

    Months and quarters get the years that stand over them, in the stub or further up.
    """
    if groups := _years_of_parts(split.headings):
        for number, text in ((0, split.stub), *reversed(above[-_SPAN_LINES:])):
            years = [atom.text for atom in atoms_of([(0, text)]) if ANY_YEAR.fullmatch(atom.text)]
            if years and len(years) == groups[-1] + 1 and years == sorted(set(years)):
                headings = [_in_year(heading, years[group]) for heading, group in zip(split.headings, groups, strict=True)]
                stub = " ".join(atom.text for atom in atoms_of([(0, split.stub)]) if atom.text not in years or number)
                return HeadingSplit(headings, stub, [*([number] if number else []), *split.lines], split.cost)
    undated = sum(parse_heading(heading).period is None for heading in split.headings)
    if 2 * undated <= len(split.headings):
        return split
    for number, text in ((0, split.stub), *reversed(above[-_SPAN_LINES:])):
        spans = _times_over(text)
        if len(spans) > (0 if number else 1):
            size, many = len(split.headings), len(spans)
            equal = [place * many // size for place in range(size)] if size % many == 0 else []
            groups = over_groups(split.headings, many) or equal
            headings = [f"{heading} {spans[group]}" for heading, group in zip(split.headings, groups, strict=bool(groups))]
            if groups == [0, 0, 1] and split.headings[0].lower() == split.headings[2].lower():
                headings[1] = split.headings[1]  # "Budget" between two "Utfall" under two years may be of either
            return (
                HeadingSplit(headings, split.stub, [*([number] if number else []), *split.lines], split.cost) if groups else split
            )
    return split


def _times_over(text: str) -> list[str]:
    """Return the times that a line says, "Perioden jan-aug" and "Helår 2024": what follows such a word belongs to it."""
    spans: list[str] = []
    before = None
    for atom in atoms_of([(0, text)]):
        whole = atom.kind == "whole" or is_said("so_far_heading", atom.text)
        if spans and before == "whole" and atom.kind == "period":
            spans[-1] = f"{spans[-1]} {atom.text}"
        elif whole or atom.kind == "period":
            spans.append(atom.text)
        before = "whole" if whole else atom.kind
    return spans


def _years_of_parts(headings: Sequence[str]) -> list[int]:
    """Return for each heading that names a month or a quarter the how manieth year it is of: one begins where they go back.

    Empty where a heading names none, or all are of one year.
    """
    parts = [parse_heading(heading).period or "" for heading in headings]
    if not all(part.startswith("-") and "/" not in part for part in parts):
        return []
    groups = [0]
    for before, part in pairwise(parts):
        groups.append(groups[-1] + (part < before))
    return groups if groups[-1] else []


def _in_year(heading: str, year: str) -> str:
    """Give the part of a year that a heading names its year."""
    atoms = atoms_of([(0, heading)])
    return " ".join(f"{atom.text} {year}" if _is_part(atom.text) else atom.text for atom in atoms)


def over_groups(headings: Sequence[str], count: int) -> list[int]:
    """Return the group of each column where a new one begins as soon as a heading comes again; empty if they are not so many.

    Of years that rise at first, one also begins where they go back.
    """
    groups: list[int] = []
    seen: set[str] = set()
    rising = all(map(ANY_YEAR.fullmatch, headings)) and list(headings[:2]) == sorted(headings[:2])
    for place, heading in enumerate(headings):
        again = heading.lower() in seen or (rising and heading < headings[max(0, place - 1)])
        groups.append(groups[-1] + again if groups else 0)
        seen = {heading.lower()} if again else seen | {heading.lower()}
    return groups if count and groups[-1] + 1 == count else []
