"""Timed lists: a measure over times (`2021: 34`, `Januari 12`, `2021 / 2022: 34 / 31`), or a list under each time, as grids."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise

from socialvolym.documents.document import Grid, GridCell
from socialvolym.extraction.headings.heading_words import atoms_of
from socialvolym.extraction.text_lines import LONGEST_LABEL, Line, is_value
from socialvolym.notation.numbers import parse_number, tidy
from socialvolym.notation.periods import ANY_YEAR, parse_heading, parse_quarter
from socialvolym.sequences import runs_of
from socialvolym.vocabulary.phrases import is_said

#: So many times make a list of a measure, so many on one line, and so many lists under a time each make a table.
_FEWEST_TIMES, _FEWEST_INLINE, _FEWEST_SECTIONS = 2, 3, 2
#: A longer line holds no single time and figure, and no time alone.
_LONGEST_ENTRY, _LONGEST_TIME = 60, 30
#: So many lines further on goes a list on; the others are empty.
_FARTHEST = 3
_BULLET = re.compile(r"^\s*[•\uf0b7\u25cf*–—-]\s+(?=[^\W\d]|(?:19|20)\d\d\b)")
#: What stands between the times of one line; a comma between digits is a decimal's.
_BETWEEN = re.compile(r"[;,]\s+|\s+och\s+")
#: What stands between the items of a list of times or figures; without blanks two of them are a date or a fraction.
_SLASH, _FEWEST_TIGHT = re.compile(r"\s*/\s*"), 3
#: Where a time may end and its figure begin; with a mark it surely does.
_JOINT = re.compile(r"(?P<mark>\s*[:=]\s*|\s+[–—-]\s+)|\s+")
#: A figure, and the few words behind it that say what it counts.
_FIGURE = re.compile(r"(?P<figure>[<>~+-]?\d[\d ]*(?:[.,]\d+)?(?: ?%)?)(?P<counted>(?: [^\W\d]+){0,2})")
#: Words before a time that say no more than it does, and words over a column of times.
_BEFORE_TIME = re.compile(r"^(?:år|under|för|per|i)\s+", re.IGNORECASE)
_OVER_TIMES = re.compile(r"^(?:år|månad|kvartal|tertial|period|datum)\s+(?=[A-ZÅÄÖ])", re.IGNORECASE)


@dataclass(frozen=True)
class _Entry:
    """What a list says of a time or of a label: a figure and what it counts, if that stands behind it.

    `is_plain` : whether it is surely one figure and not several cells.
    """

    name: str
    figure: str
    line: int
    counted: str = ""
    is_plain: bool = True


@dataclass(frozen=True)
class _List:
    """The entries under a heading: times under a label, or labels under a time."""

    heading: str
    line: int
    entries: list[_Entry] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        return [entry.name for entry in self.entries]

    @property
    def last(self) -> int:
        return self.entries[-1].line


#: A line that is not empty: its number and its text without a bullet.
_Filled = tuple[int, str]


def timed_grids(lines: Sequence[str], taken: Collection[int] = ()) -> list[Grid]:
    """Return the lists of a text that tell measures over times, set out with a row a measure and a column a time.

    Parameters
    ----------
    lines : the document's lines.
    taken : 1-based lines that belong to other tables.
    """
    numbered = [(number, tidy(_BULLET.sub("", text))) for number, text in enumerate(lines, start=1) if number not in taken]
    filled = [(number, text) for number, text in numbered if text]
    return [*_measures_over_times(filled), *_lists_under_times(filled), *_slashed(filled)]


# --- times under a label


def _measures_over_times(filled: Sequence[_Filled]) -> Iterator[Grid]:
    def goes_on(group: list[_List], found: _List) -> bool:
        return found.names == group[-1].names and not _between(filled, group[-1].last, found.line)

    return map(_grid_of_rows, runs_of(_lists_of_times(filled), goes_on))


def _lists_of_times(filled: Sequence[_Filled]) -> Iterator[_List]:
    at = 0
    while at < len(filled):
        entries, end = _inline(filled, at)
        own = entries
        while not own and end < len(filled) and (found := _timed(filled, end)) is not None:
            if entries and filled[end][0] - entries[-1].line > _FARTHEST:
                break
            entries, end = [*entries, found[0]], found[1]
        found_list = _labelled(filled, at, entries, bool(own))
        if found_list is not None:
            yield found_list
        at = max(end, at + 1)


def _inline(filled: Sequence[_Filled], at: int) -> tuple[list[_Entry], int]:
    """Return the times and figures that stand one after the other on a line, "jan 12, feb 14, mar 9", and the place behind it."""
    number, text = filled[at]
    parts = _BETWEEN.split(text.partition(": ")[2] or text) if "," in text or ";" in text else []
    entries = [_entry(part.rstrip("."), number) for part in parts]
    if len(entries) < _FEWEST_INLINE or not all(entries):
        return [], at
    return [entry for entry in entries if entry], at + 1


def _timed(filled: Sequence[_Filled], at: int) -> tuple[_Entry, int] | None:
    """Return the time and the figure on a line, or on two, and the place behind them."""
    number, text = filled[at]
    if entry := _entry(text, number):
        return entry, at + 1
    below = filled[at + 1 : at + 3]
    values = [is_value(below_text) and _time(below_text) is None for _, below_text in below]
    if values[:1] == [True] and True not in values[1:] and (time := _time(text)) and any(map(str.isdigit, below[0][1])):
        return _Entry(time, below[0][1], below[0][0]), at + 2
    return None


def _entry(text: str, line: int) -> _Entry | None:
    """Return a time and its figure; None where the text is anything else."""
    if len(text) > _LONGEST_ENTRY or not any(map(str.isdigit, text)):
        return None
    for joint in reversed(list(_JOINT.finditer(text))):
        time, figure = _time(text[: joint.start()]), _FIGURE.fullmatch(text[joint.end() :])
        if time is None or figure is None or (ANY_YEAR.fullmatch(figure["figure"]) and not joint["mark"]):
            continue
        whole, counted = figure[0], figure["counted"].strip()
        if parse_number(whole) is None:
            whole = figure["figure"]
        if parse_number(whole) is None:
            continue
        plain = bool(joint["mark"] or counted) or " " not in whole.removesuffix(" %")
        return _Entry(time, whole, line, counted if whole != figure[0] else "", plain)
    return None


def _time(text: str) -> str | None:
    """Return the time that a text says and nothing else but a series, as a heading would; None for any other text."""
    text = _BEFORE_TIME.sub("", text.strip().rstrip(":"))
    if len(text) > _LONGEST_TIME or not text:
        return None
    if (quarter := parse_quarter(text)) and text.lower().startswith(("första", "andra", "tredje", "fjärde")):
        text = " ".join((f"Kvartal {quarter[-1]}", *ANY_YEAR.findall(text)))
    told = parse_heading(text).period is not None
    return text if told and all(atom.kind in ("period", "series", "whole") for atom in atoms_of([(0, text)])) else None


def _labelled(filled: Sequence[_Filled], at: int, entries: list[_Entry], is_inline: bool) -> _List | None:
    """Return entries under their label, which stands above them or before them on their line; None where they have none."""
    if len({entry.name for entry in entries}) < max(_FEWEST_TIMES, len(entries)):
        return None
    number, text = filled[at]
    if is_inline and ": " in text and any(map(str.isalpha, text.partition(": ")[0])):
        return _List(text.partition(": ")[0], number, entries)
    if at == 0:
        return None
    number, text = filled[at - 1]
    label = _OVER_TIMES.sub("", text.removesuffix(":"))
    if filled[at][0] - number > _FARTHEST or not _is_label(label, number):
        return None
    return _List(label, number, entries) if all(entry.is_plain for entry in entries) or not _heads_several(label) else None


def _is_label(text: str, number: int) -> bool:
    """Tell whether a line may name what a list is of: no sentence, no row and no time."""
    row = Line(number, text)
    short = len(text) <= LONGEST_LABEL and not text.endswith((".", ",")) and any(map(str.isalpha, text))
    return short and not is_said("contents_line", text) and row.strength == 0 and _time(text) is None and not row.heads_columns


def _heads_several(label: str) -> bool:
    """Tell whether a line may head more than one column: a further word begins with a capital, and is no abbreviation."""
    return any(word[:1].isupper() and not word.isupper() for word in label.split()[1:])


def _between(filled: Sequence[_Filled], first: int, last: int) -> list[str]:
    """Return the texts that stand between two lines."""
    return [text for number, text in filled if first < number < last]


def _grid_of_rows(lists: Sequence[_List]) -> Grid:
    """Return lists of the same times as the rows of a grid; a label that names the year is its corner too."""
    first = lists[0]
    corner = first.heading if len(lists) == 1 and ANY_YEAR.search(first.heading) else ""
    top = [GridCell(corner, first.line), *(GridCell(name, first.line) for name in first.names)]
    return Grid([top, *map(_row, lists)], heading_rows=1)


def _row(found: _List) -> list[GridCell]:
    counted = {entry.counted for entry in found.entries}
    label = ", ".join(filter(None, (found.heading, counted.pop() if len(counted) == 1 else "")))
    return [GridCell(label, found.line), *(GridCell(entry.figure, entry.line) for entry in found.entries)]


# --- lists under times


def _lists_under_times(filled: Sequence[_Filled]) -> Iterator[Grid]:
    def goes_on(group: list[_List], found: _List) -> bool:
        between = _between(filled, group[-1].last, found.line)
        return bool(set(found.names) & set(group[-1].names)) and all(map(_time, between))

    return chain.from_iterable(map(_grid_of_columns, runs_of(_sections(filled), goes_on)))


def _sections(filled: Sequence[_Filled]) -> Iterator[_List]:
    """Yield the labels and figures that stand under a time; a year over quarters or months is that of all of them."""
    year = ""
    for at, ((number, text), below) in enumerate(pairwise(filled)):
        time = _time(text)
        if time is None:
            continue
        part = (parse_heading(time).period or "").startswith("-")
        year = year if part else time
        if _time(below[1]):
            continue
        rows = []
        for line, row_text in filled[at + 1 :]:
            if (row := _labelled_figure(row_text, line)) is None:
                break
            rows.append(row)
        if rows and len({row.name for row in rows}) == len(rows):
            yield _List(f"{time} {year}" if part and ANY_YEAR.fullmatch(year) else time, number, rows)


def _labelled_figure(text: str, number: int) -> _Entry | None:
    line = Line(number, text)
    if line.strength == 0 or line.run is None or line.run[1] < len(line.words) or line.counts[0] != 1 or "\t" in text:
        return None
    label, figure = line.label.rstrip(":"), " ".join(line.words[slice(*line.run)])
    named = label and not is_value(label) and _entry(text, number) is None
    return _Entry(label, figure, number) if named and parse_number(figure) else None


def _grid_of_columns(lists: Sequence[_List]) -> Iterator[Grid]:
    """Yield lists under one time each as the columns of a grid."""
    if len(lists) < _FEWEST_SECTIONS or len({found.heading for found in lists}) < len(lists):
        return
    top = [GridCell("", lists[0].line), *(GridCell(found.heading, found.line) for found in lists)]
    rows = []
    for name in dict.fromkeys(name for found in lists for name in found.names):
        entries = [next((entry for entry in found.entries if entry.name == name), None) for found in lists]
        line = next(entry.line for entry in entries if entry)
        rows.append([GridCell(name, line), *(GridCell(e.figure, e.line) if e else GridCell("", line) for e in entries)])
    yield Grid([top, *rows], heading_rows=1)


# --- times and figures parted by slashes


def _slashed(filled: Sequence[_Filled]) -> Iterator[Grid]:
    """Yield what is listed under times that slashes part, "2024 prognos / 2025", with a figure a time behind each label."""
    for at, (number, text) in enumerate(filled):
        head, _, listed = text.partition(": ")
        corner, times = _slashed_times(head)
        if not times:
            continue
        below = filled[at + 1 :] if not listed else [(number, f"{corner}: {listed}")]
        rows: list[list[GridCell]] = []
        for line, row_text in below:
            label, _, figures = row_text.rpartition(":")
            values = _items(figures)
            if not label or len(values) != len(times) or not all(map(is_value, values)):
                break
            rows.append([GridCell(label, line), *(GridCell(value, line) for value in values)])
        if rows:
            yield Grid([[GridCell("" if listed else corner, number), *(GridCell(time, number) for time in times)], *rows], 1)


def _slashed_times(text: str) -> tuple[str, list[str]]:
    """Return the words before times that slashes part and the times; none where what is parted is anything else."""
    first, *others = _items(text)
    words = first.split()
    begins = next((at for at in range(len(words)) if _time(" ".join(words[at:]))), None)
    if begins is None or not others or not all(map(_time, others)):
        return text, []
    return " ".join(words[:begins]), [" ".join(words[begins:]), *others]


def _items(text: str) -> list[str]:
    """Return the items of a text that slashes part; the text itself where it has too few of them."""
    items = _SLASH.split(text.strip().rstrip("."))
    return items if len(items) >= _FEWEST_TIGHT or " / " in text else [text.strip()]
