"""Segmenting: broken and run-together heading lines cut into one text a column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from socialvolym.notation.numbers import tidy
from socialvolym.notation.periods import parse_heading
from socialvolym.vocabulary.phrases import first_meaning, is_said, phrases

#: A cut that costs more than this is no reading of the headings.
_DEAREST = 4.0
#: What a cut costs where two lines give every column one word each.
_STACKED = -1.0
_MOST_ATOMS = 48
#: What a word of a kind costs in the stub, over the labels.
_IN_STUB = {"series": 1.2, "period": 1.2, "change": 0.8, "column": 0.15}
#: Words in one heading, at most.
_LONGEST_HEADING = 12
#: Lines next to the table that may be no headings: the first row's label, or a group.
_MOST_TRIMMED = 7

_GAP = re.compile(r"\t+| {2,}|\|")
_GAP_MARK = "¦"
_DASHES = str.maketrans({"\u2013": "-", "\u2014": "-", "\u2212": "-", "\u00a0": " "})
_MONTH = (
    r"(?:jan(?:uari)?|feb(?:ruari)?|mars?|apr(?:il)?|maj|jun[ie]?|jul[ie]?|aug(?:usti)?|sep(?:t|tember)?|okt(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR = r"(?:19|20)\d{2}"
#: What a heading may say as a period, longest first.
_PERIODS = (
    rf"(?:\d{{1,2}}\s+)?{_MONTH}\s+{_YEAR}\d?(?!\d)",
    rf"{_MONTH}\s?-\s?{_MONTH}(?:\s+{_YEAR})?",
    rf"{_YEAR}-\d\d-\d\d",
    rf"{_YEAR}\d\d-{_YEAR}\d\d",
    rf"{_YEAR}\s?[-/]\s?{_YEAR}",
    rf"{_YEAR}[-/]\d\d\b",
    rf"{_YEAR}(?:0[1-9]|1[0-2])\b",
    rf"{_MONTH}-\d\d",
    rf"\b(?:kvartal|kv|q|tertial|t|tertialrapport|kvartalsrapport|delårsrapport|delår)\s?[1-4]\b(?:,?\s{_YEAR})?",
    rf"{_YEAR}\d?\*?",
    rf"(?<=\s){_MONTH}(?=\s|$)",
    rf"^{_MONTH}(?=\s|$)",
)
_ATOM = re.compile("|".join([*_PERIODS, r"\S+"]), re.IGNORECASE)
_PERIOD_ATOM = re.compile(rf"(?:{'|'.join(_PERIODS)})", re.IGNORECASE)


@dataclass(frozen=True)
class _Atom:
    text: str
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


def split_headings(lines: Sequence[tuple[int, str]], count: int, near: int = -1) -> HeadingSplit | None:
    """Cut heading lines (number, text) into `count` columns; None where no cut is good enough.

    The cheapest cut wins: a column should hold one series and one period, begin with a word that can begin a heading, and
    look like its neighbours. Leading words may be the stub; lines left over cost what they seem to say.

    Parameters
    ----------
    near : which end of the lines is next to the table, -1 for the last line, 0 for the first.
    """
    best = _stacked(lines, count) or _repeated(lines, count)
    says = [_says(text) for _, text in lines]
    for first, last in _windows(len(lines), near):
        atoms = _atoms(lines[first:last])
        if not count <= len(atoms) <= _MOST_ATOMS:
            continue
        cut = _best_cut(tuple(atoms), count)
        if cut is None:
            continue
        stub, columns, cost = cut
        cost += _left_over(says, first, last, near)
        if cost <= _DEAREST and (best is None or cost < best.cost - 1e-6):
            used = [number for number, _ in lines[first:last]]
            best = HeadingSplit([_text(column) for column in columns], _text(stub), [], used, cost)
    if best is None:
        return None
    return _with_spanners(best, [line for line in lines if line[0] < best.lines[0]], count)


def _stacked(lines: Sequence[tuple[int, str]], count: int) -> HeadingSplit | None:
    """Read two lines that each give every column a word: series over periods, or periods over series."""
    for (upper_number, upper), (lower_number, lower) in zip(lines[-2::-1], lines[:0:-1], strict=False):
        above, below = _atoms([(0, upper)]), _atoms([(0, lower)])
        if len(below) != count or len(above) < count:
            continue
        columns = [(_joined(a, b),) if a.text.endswith("-") else (a, b) for a, b in zip(above[-count:], below, strict=True)]
        if all(_is_stack(column) for column in columns):
            return HeadingSplit(
                [_text(column) for column in columns], _text(above[:-count]), [], [upper_number, lower_number], _STACKED
            )
    return None


def _repeated(lines: Sequence[tuple[int, str]], count: int) -> HeadingSplit | None:
    """Read a line next to the table that gives every column one word, the same few over again: women, men, total, women ..."""
    for number, text in lines[-1:]:
        atoms = _atoms([(0, text)])
        words = [atom.text.lower() for atom in atoms[-count:]]
        length = len(dict.fromkeys(words))
        told = {atom.kind for atom in atoms[-count:]} <= {"column", "series", "change"}
        if told and len(words) == count > length > 1 and all(words[i] == words[i % length] for i in range(count)):
            return HeadingSplit([_text((atom,)) for atom in atoms[-count:]], _text(atoms[:-count]), [], [number], _STACKED)
    return None


def _joined(first: _Atom, second: _Atom) -> _Atom:
    whole = first.text.removesuffix("-") + second.text
    return _Atom(whole, first.breaks, _kind(whole))


def _is_stack(column: Sequence[_Atom]) -> bool:
    """Tell whether words over each other say one thing each: a series and a period, or a series alone."""
    kinds = [{"change": "series"}.get(atom.kind, atom.kind) for atom in column]
    return "series" in kinds and len(set(kinds)) == len(kinds) and set(kinds) <= {"series", "period", "whole"}


def _windows(size: int, near: int) -> Iterator[tuple[int, int]]:
    """Yield (first, last) of the stretches of lines that leave out at most a few lines next to the table."""
    for trimmed in range(min(size, _MOST_TRIMMED)):
        for length in range(1, size - trimmed + 1):
            yield (size - trimmed - length, size - trimmed) if near else (trimmed, trimmed + length)


def _says(text: str) -> float:
    """Return what it costs to leave a heading line unused: much if it is a period or begins with a series."""
    kinds = [atom.kind for atom in _atoms([(0, _without_numbered(text))])]
    if kinds and all(kind == "period" for kind in kinds):
        return 0.7
    if kinds and kinds[0] in ("series", "change"):
        return 0.9
    if "series" in kinds or "change" in kinds:
        return 0.5
    return 0.3 if "period" in kinds or "column" in kinds else 0.0


def _without_numbered(text: str) -> str:
    for phrase in phrases("numbered"):
        text = phrase.pattern.sub("", text)
    return text


def _left_over(says: Sequence[float], first: int, last: int, near: int) -> float:
    before, after = says[:first], says[last:]
    close, far = (after, before) if near else (before, after)
    far = far[::-1] if near else far
    return sum(close) + 0.1 * len(close) + sum(far[:2]) + 0.3 * sum(far[2:5])


def _with_spanners(split: HeadingSplit, above: Sequence[tuple[int, str]], count: int) -> HeadingSplit:
    """Give columns without a period the period of a heading that stands over several of them."""
    spanners: list[str] = []
    lines = list(split.lines)
    for number, text in reversed(above[-6:]):
        spans = [atom.text for atom in _atoms([(number, text)]) if atom.kind == "period"]
        if spans and 2 * sum(parse_heading(heading).period is None for heading in split.headings) > count:
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
    """Cut lines into words and periods; a period may be broken over two lines."""
    joined = ""
    for index, (number, raw) in enumerate(lines):
        text = _GAP.sub(f" {_GAP_MARK} ", raw.strip())
        if index:
            joined += "\n" if number - lines[index - 1][0] == 1 else "\n\n"
        joined += re.sub(" +", " ", text.translate(_DASHES))
    atoms: list[_Atom] = []
    end = 0
    for match in _ATOM.finditer(joined):
        between = joined[end : match.start()]
        end = match.end()
        text = tidy(match[0])
        if text == _GAP_MARK:
            end = match.start()
            continue
        breaks = 0.9 if _GAP_MARK in between else min(1.0, 0.4 + 0.3 * between.count("\n")) if "\n" in between else -0.2
        before = atoms[-1].text if atoms else ""
        glued = "\n" in between and ((before.endswith("-") and text[:1].islower()) or before.endswith("/"))
        if glued or (between == "" and atoms):
            whole = atoms[-1].text.removesuffix("-" if text[:1].islower() else "") + text
            atoms[-1] = _Atom(whole, atoms[-1].breaks, _kind(whole))
        else:
            atoms.append(_Atom(text, breaks, _kind(text)))
    return atoms


def _kind(text: str) -> str:
    if _PERIOD_ATOM.fullmatch(text):
        return "period"
    if is_said("whole_year", text):
        return "whole"
    return first_meaning("heading_atom", text) or ("small" if text[:1].islower() or not text[:1].isalnum() else "word")


#: Stub, columns and cost.
_Cut = tuple[tuple[_Atom, ...], list[tuple[_Atom, ...]], float]


@dataclass(frozen=True)
class _Step:
    """The cheapest way to cut the atoms up to an end into columns, the last of a certain shape."""

    cost: float
    start: int
    before: str


def _best_cut(atoms: tuple[_Atom, ...], count: int) -> _Cut | None:
    """Return stub, columns and cost of the cheapest cut, whichever of series and period comes first in its columns."""
    cuts = [cut for leads in ("series", "period") if (cut := _cut_led_by(leads, atoms, count)) is not None]
    return min(cuts, key=lambda cut: cut[2], default=None)


def _cut_led_by(leads: str, atoms: tuple[_Atom, ...], count: int) -> _Cut | None:
    size = len(atoms)
    best: list[dict[tuple[int, str], _Step]] = [{} for _ in range(size + 1)]
    for start in range(size - count + 1):
        best[start][0, ""] = _Step(_stub_cost(atoms[:start]), -1, "")
    for end in range(1, size + 1):
        for start in range(max(0, end - _LONGEST_HEADING), end):
            shape = _shape(atoms[start:end])
            own = _column_cost(atoms[start:end]) + _order_cost(shape, leads)
            for (columns, before), step in best[start].items():
                if columns >= count:
                    continue
                cost = step.cost + own + _next_cost(before, shape, columns, leads)
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


@lru_cache(maxsize=4096)
def _shape(atoms: tuple[_Atom, ...]) -> str:
    """Return what a column says, in order: "S" a series or a change, "P" a period, each once."""
    letters = {"series": "S", "change": "S", "period": "P"}
    return "".join(dict.fromkeys(letters[atom.kind] for atom in atoms if atom.kind in letters)) or "-"


def _order_cost(shape: str, leads: str) -> float:
    if leads == "series":
        return {"PS": 0.6, "-": 0.4}.get(shape, 0.0)
    return {"SP": 0.6, "P": 0.15, "-": 0.4}.get(shape, 0.0)


def _next_cost(before: str, shape: str, columns: int, leads: str) -> float:
    torn = 0.7 if before.endswith("S") and shape == "P" else 0.0
    return torn + (0.6 if columns == 0 and shape == "S" and leads == "period" else 0.0)


def _stub_cost(atoms: Sequence[_Atom]) -> float:
    return sum(_IN_STUB.get(atom.kind, 0.02) for atom in atoms)


@lru_cache(maxsize=4096)
def _column_cost(atoms: tuple[_Atom, ...]) -> float:
    kinds = [atom.kind for atom in atoms]
    cost = 0.0
    series = 0
    after_change = False
    forecast = is_said("forecast_word", atoms[0].text)
    for atom in atoms:
        kind = atom.kind
        if kind == "change":
            series += 0 if forecast and atom.text[:1].islower() else 1
            after_change = True
        elif kind == "series" and not (after_change and atom.text[:1].islower()):
            series += 1
    periods = sum(kind == "period" for kind in kinds)
    cost += 2.5 * max(0, series - 1) + 2.5 * max(0, periods - 1 - (1 if "change" in kinds else 0))
    words = sum(kind in ("word", "column") for kind in kinds)
    capitals = [atom for atom in atoms[1:] if atom.kind in ("word", "column") and atom.text[:1].isupper()]
    cost += 0.45 * max(0, words - 1) + sum(0.6 if atom.breaks > 0 else 0.25 for atom in capitals)
    cost += 0.05 * len(kinds) + 0.15 * max(0, kinds.count("small") - 2)
    if series == 0 and periods == 0:
        cost += 0.3 if words else 1.2
    first = atoms[0]
    cost += {"small": 1.0, "unit": 0.5, "word": 0.2}.get(first.kind, 0.0)
    if first.kind in ("series", "change") and first.text[:1].islower():
        cost += 0.4
    return cost - 0.3 * max(first.breaks, 0.0) + 0.25 * sum(max(atom.breaks, 0) > 0.7 for atom in atoms[1:])


def _text(atoms: Sequence[_Atom]) -> str:
    """Return the text of atoms, a footnote digit at a year left out."""
    return tidy(" ".join(re.sub(r"((?:19|20)\d{2})\d$", r"\1", atom.text) for atom in atoms).replace("\n", " "))


def without_periods(text: str) -> str:
    """Return a line without the periods that it names."""
    return _PERIOD_ATOM.sub(" ", text.translate(_DASHES))


def heading_words(text: str) -> int:
    """Return how many periods, series and changes a line names."""
    return sum(atom.kind in ("period", "series", "change") for atom in _atoms([(0, text)]))
