"""Segmenting: broken and run-together heading lines cut into one text a column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from socialvolym.headings import parse_heading, parse_period
from socialvolym.numbers import tidy
from socialvolym.phrases import first_meaning, is_said

#: A cut that costs more than this is no reading of the headings.
_DEAREST = 6.0
_MOST_ATOMS = 60

_PERIOD = (r"(?:\d{1,2}\s+)?(?:<m>)\.?\s+(?:19|20)\d{2}|(?:<m>)\.?\s?-\s?(?:<m>)\.?(?:\s+(?:19|20)\d{2})?|(?:19|20)\d{2}-\d\d-\d\d|(?:19|20)\d{4}-(?:19|20)\d{4}"
           r"|(?:19|20)\d{2}\s?[-/–]\s?(?:19|20)\d{2}|(?:19|20)\d{2}[-/]\d\d\b|(?:<m>)-\d\d|(?:kvartal|kv|q|tertial|t)\s?\d(?:\s(?:19|20)\d{2})?"
           r"|(?:19|20)\d{2}\d?\*?|(?<=\s)(?:<m>)\.?(?=\s|$)|^(?:<m>)\.?(?=\s|$)")
_MONTHS = ("jan(?:uari)?|feb(?:ruari)?|mars?|apr(?:il)?|maj|jun[ie]?|jul[ie]?|aug(?:usti)?|sep(?:t|tember)?|okt(?:ober)?|nov(?:ember)?"
           "|dec(?:ember)?")
_ATOM = re.compile(rf"{_PERIOD.replace('<m>', _MONTHS)}|\S+", re.IGNORECASE)
_PERIOD_ATOM = re.compile(rf"(?:{_PERIOD.replace('<m>', _MONTHS)})", re.IGNORECASE)


@dataclass(frozen=True)
class _Atom:
    text: str
    line: int
    breaks: float
    kind: str


@dataclass(frozen=True)
class HeadingSplit:
    """Column headings cut from lines: one text a column, the stub over the labels, and the headings over several columns."""

    headings: list[str]
    stub: str
    spanners: list[str]
    lines: list[int]
    cost: float


def split_headings(lines: Sequence[tuple[int, str]], count: int) -> HeadingSplit | None:
    """Cut heading lines (number, text) into `count` columns; None where no cut is good enough.

    The cheapest cut wins: a column should hold one series and one period, begin with a word that can begin a heading, and
    look like its neighbours. Leading words may be the stub; lines further up may be spanners or nothing.
    """
    best: HeadingSplit | None = None
    for first in range(len(lines) - 1, -1, -1):
        atoms = _atoms(lines[first:])
        if len(atoms) > _MOST_ATOMS:
            break
        cut = _best_cut(tuple(atoms), count)
        if cut is None:
            continue
        stub, columns, cost = cut
        if cost > _DEAREST or (best is not None and cost >= best.cost - 0.4):
            continue
        best = HeadingSplit([_text(column) for column in columns], _text(stub), [], [number for number, _ in lines[first:]], cost)
    if best is None:
        return None
    return _with_spanners(best, [line for line in lines if line[0] not in best.lines], count)


def _with_spanners(split: HeadingSplit, above: Sequence[tuple[int, str]], count: int) -> HeadingSplit:
    """Give columns without a period the period of a heading that stands over several of them."""
    spanners: list[str] = []
    lines = list(split.lines)
    for number, text in reversed(above[-6:]):
        spans = [atom.text for atom in _atoms([(number, text)]) if atom.kind == "period"]
        if spans and not any(parse_heading(heading).period for heading in split.headings):
            spanners = _spread(spans, split.headings, count)
            lines.append(number)
            break
    return HeadingSplit(split.headings, split.stub, spanners, sorted(lines), split.cost)


def _spread(spans: Sequence[str], headings: Sequence[str], count: int) -> list[str]:
    series = [parse_heading(heading).series for heading in headings]
    starts = [0]
    seen = {series[0]}
    for index in range(1, count):
        if series[index] in ("outturn", "budget") and series[index] in seen and len(starts) < len(spans):
            starts.append(index)
            seen = set()
        seen.add(series[index])
    if len(starts) != len(spans):
        if count % len(spans):
            return [spans[0]] * count if len(spans) == 1 else []
        starts = list(range(0, count, count // len(spans)))
    return [spans[max(i for i, start in enumerate(starts) if start <= index)] for index in range(count)]


def _atoms(lines: Sequence[tuple[int, str]]) -> list[_Atom]:
    atoms: list[_Atom] = []
    previous = None
    for number, raw in lines:
        breaks = 0.0 if previous is None else 0.6 if number - previous == 1 else 1.0
        for part in re.split(r"\t+| {2,}|\|", raw.strip()):
            for match in _ATOM.finditer(tidy(part)):
                text = match[0]
                if breaks in (0.6, 1.0) and atoms and atoms[-1].text.endswith("-") and text[:1].islower():
                    atoms[-1] = _Atom(atoms[-1].text[:-1] + text, number, atoms[-1].breaks, _kind(atoms[-1].text[:-1] + text))
                else:
                    atoms.append(_Atom(text, number, breaks, _kind(text)))
                breaks = -0.2
            breaks = 0.8
        previous = number
    return atoms


def _kind(text: str) -> str:
    if _PERIOD_ATOM.fullmatch(text):
        return "period"
    return first_meaning("heading_atom", text) or ("small" if text[:1].islower() or not text[:1].isalnum() else "word")


@lru_cache(maxsize=512)
def _best_cut(atoms: tuple[_Atom, ...], count: int) -> tuple[tuple[_Atom, ...], list[tuple[_Atom, ...]], float] | None:
    size = len(atoms)
    if size < count:
        return None
    longest = min(size, 12)
    best: list[dict[int, tuple[float, int]]] = [{} for _ in range(size + 1)]
    for start in range(size - count + 1):
        best[start][0] = (_stub_cost(atoms[:start]), -1)
    for end in range(1, size + 1):
        for start in range(max(0, end - longest), end):
            cost = _column_cost(atoms[start:end])
            for columns, (before, _) in best[start].items():
                if columns < count and (columns + 1 not in best[end] or before + cost < best[end][columns + 1][0]):
                    best[end][columns + 1] = (before + cost, start)
    if count not in best[size]:
        return None
    cost, columns, end = best[size][count][0], [], size
    for left in range(count, 0, -1):
        start = best[end][left][1]
        columns.append(atoms[start:end])
        end = start
    columns.reverse()
    return atoms[:end], columns, cost / (1 + 0.15 * count) + _unlike(columns)


def _stub_cost(atoms: Sequence[_Atom]) -> float:
    return sum(1.2 if atom.kind in ("series", "period") else 0.8 if atom.kind == "change" else 0.02 for atom in atoms)


def _column_cost(atoms: Sequence[_Atom]) -> float:
    kinds = [atom.kind for atom in atoms]
    cost = 0.0
    series = 0
    after_change = False
    for kind in kinds:
        if kind == "change":
            series += 1
            after_change = True
        elif kind == "series" and not after_change:
            series += 1
    periods = sum(kind == "period" for kind in kinds)
    cost += 2.5 * max(0, series - 1) + 2.5 * max(0, periods - 1 - (1 if "change" in kinds else 0))
    words = sum(kind in ("word", "column") for kind in kinds)
    cost += 0.45 * max(0, words - 1) + 0.05 * len(kinds)
    if series == 0 and periods == 0:
        cost += 0.3 if words else 1.2
    first = atoms[0]
    cost += {"small": 1.0, "unit": 0.5, "word": 0.1}.get(first.kind, 0.0)
    return cost - (first.breaks if first.breaks > 0 else 0.0) * 0.6 + 0.25 * sum(max(atom.breaks, 0) > 0.7 for atom in atoms[1:])


def _unlike(columns: Sequence[Sequence[_Atom]]) -> float:
    shapes = [("series" in kinds or "change" in kinds, "period" in kinds) for column in columns for kinds in [{atom.kind for atom in column}]]
    return 0.3 * (len(set(shapes)) - 1)


def _text(atoms: Sequence[_Atom]) -> str:
    return tidy(" ".join(atom.text for atom in atoms))


def has_period(text: str) -> bool:
    """Tell whether a heading line names a period."""
    return parse_period(text) is not None or is_said("heading", text)
