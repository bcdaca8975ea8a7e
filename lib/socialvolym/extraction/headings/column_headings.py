"""Column headings: words in a row cut into one heading a column, as cheaply as what the words say allows."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from socialvolym.extraction.headings.heading_words import Atom
from socialvolym.notation.periods import YEAR
from socialvolym.vocabulary.phrases import is_said

#: What a word of a kind costs in the stub, over the labels.
_IN_STUB = defaultdict(lambda: 0.02, {"series": 1.2, "period": 1.2, "change": 0.8, "broken": 1.2, "column": 0.15, "place": 0.15})
#: Words in one heading, at most.
_LONGEST_HEADING = 12
#: Words that name what a column is of.
_NAMES = ("word", "column", "place")

#: What the order in a column costs where series or periods lead.
_ORDER_COST = {"series": {"PS": 0.6, "-": 0.4}, "period": {"SP": 0.6, "P": 0.15, "-": 0.4}}

#: Stub, columns and cost.
_Cut = tuple[tuple[Atom, ...], list[tuple[Atom, ...]], float]


class _Step(NamedTuple):
    """The cheapest way to cut the atoms up to an end into columns, the last of a certain shape."""

    cost: float
    start: int
    before: str


def best_cut(atoms: tuple[Atom, ...], count: int) -> _Cut | None:
    """Return stub, columns and cost of the cheapest cut, whichever of series and period comes first in its columns."""
    cuts = [cut for leads in ("series", "period") if (cut := _cut_led_by(leads, atoms, count)) is not None]
    return min(cuts, key=lambda cut: cut[2], default=None)


def _cut_led_by(leads: str, atoms: tuple[Atom, ...], count: int) -> _Cut | None:
    size = len(atoms)
    best: list[dict[tuple[int, str], _Step]] = [{} for _ in range(size + 1)]
    for start in range(size - count + 1):
        best[start][0, ""] = _Step(stub_cost(atoms[:start]), -1, "")
    for start, end, shape, told in _pieces(atoms):
        own = told + _ORDER_COST[leads].get(shape, 0.0)
        torn, first = 0.7 * (shape == "P"), 0.6 * (shape == "S" and leads == "period")
        for (columns, before), step in best[start].items():
            # Each column that is left needs a word.
            if columns >= count or count - columns - 1 > size - end:
                continue
            cost = step.cost + own + (torn * (before[-1:] == "S") + first * (columns == 0))
            known = best[end].get((columns + 1, shape))
            if known is None or cost < known.cost:
                best[end][columns + 1, shape] = _Step(cost, start, before)
    ends = [(step.cost, shape) for (columns, shape), step in best[size].items() if columns == count]
    if not ends:
        return None
    cost, shape = min(ends)
    found, end = [], size
    for left in range(count, 0, -1):
        step = best[end][left, shape]
        found.append(atoms[step.start : end])
        end, shape = step.start, step.before
    return atoms[:end], found[::-1], cost / (1 + 0.15 * count)


@lru_cache(maxsize=64)
def _pieces(atoms: tuple[Atom, ...]) -> list[tuple[int, int, str, float]]:
    """Return start, end, shape and cost of all words that may be one column, by their end: they are cut for several counts."""
    places = [(start, end) for end in range(1, len(atoms) + 1) for start in range(max(0, end - _LONGEST_HEADING), end)]
    return [(start, end, _shape(atoms[start:end]), column_cost(atoms[start:end])) for start, end in places]


def _shape(atoms: tuple[Atom, ...]) -> str:
    """Return what a column says, in order: "S" a series or a change, "P" a period or a place, each once."""
    letters = {"series": "S", "change": "S", "period": "P", "whole": "P", "place": "P"}
    return "".join(dict.fromkeys(letters[atom.kind] for atom in atoms if atom.kind in letters)) or "-"


def stub_cost(atoms: Sequence[Atom]) -> float:
    """Return what it costs to take words as the stub; one that breaks off goes on below, in a column."""
    return sum(_IN_STUB["broken" if atom.text.endswith("-") else atom.kind] for atom in atoms)


@lru_cache(maxsize=4096)
def column_cost(atoms: tuple[Atom, ...]) -> float:
    """Return what it costs to take words as one heading: more the less they look like one series at one time."""
    kinds = [atom.kind for atom in atoms]
    cost = 0.0
    series = 0
    after_change = False
    forecast = is_said("forecast_word", atoms[0].text)
    for atom in atoms:
        kind = atom.kind
        if kind == "change":
            series += 0 if forecast and atom.low else 1
            after_change = True
        elif kind == "series" and not (after_change and atom.low):
            series += 1
    periods = sum(kind == "period" for kind in kinds)
    cost += 2.5 * max(0, series - 1) + 2.5 * max(0, periods - 1 - (1 if "change" in kinds else 0))
    places = kinds.count("place")
    cost += 2.5 * max(0, places - 1)
    words = sum(kind in _NAMES for kind in kinds)
    capitals = [atom for atom in atoms[1:] if atom.kind in _NAMES and not atom.low and atom.text[:1].isupper()]
    cost += 0.45 * max(0, words - 1) + sum(0.6 if atom.breaks > 0 else 0.25 for atom in capitals)
    # A word that comes again with a capital begins another heading: "Antal hushåll Antal barn".
    cost += 0.8 * sum(
        atom.text in [before.text for before in atoms[:place]] for place, atom in enumerate(atoms) if atom in capitals
    )
    cost += 0.05 * len(kinds) + 0.15 * max(0, kinds.count("small") - 2)
    whole = "whole" in kinds
    if series == 0 and periods == 0 and not (whole or places):
        cost += 0.3 if words else 1.2
    # "Helår" beside quarters or months is a column of its own, and so is their sum or mean.
    parts = [atom.text for atom in atoms if atom.kind == "period" and not re.search(YEAR, atom.text)]
    summed = bool(parts) and not atoms[-1].low and is_said("sum_heading", atoms[-1].text)
    spans = any("-" in part for part in parts)
    cost += 2.5 * (whole and bool(parts)) + (0.8 if spans else 2.5) * summed
    first = atoms[0]
    cost += {"small": 1.0, "unit": 0.5, "word": 0.2, "whole": 0.5 * first.low}.get(first.kind, 0.0)
    if first.kind in ("series", "change", "column") and first.low:
        cost += 0.4
    if atoms[-1].text.endswith(","):
        cost += 1.0
    return cost - 0.3 * max(first.breaks, 0.0) + 0.25 * sum(max(atom.breaks, 0) > 0.7 for atom in atoms[1:])
