"""Table rows: the lines of a table in text as rows of cells, each with its label and the group that it stands under."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from socialvolym.extraction.cells.found_tables import FoundRow, FoundTable, TextCell
from socialvolym.extraction.cells.row_sizes import is_far_below, likeliest
from socialvolym.extraction.headings.alignment import cells_in_places, cut_columns, placed_columns
from socialvolym.extraction.row_cuts import decide
from socialvolym.extraction.rows import BLANKS, join_label
from socialvolym.extraction.text_lines import LONGEST_LABEL, Line, cuts
from socialvolym.notation.numbers import parse_number, tidy
from socialvolym.notation.periods import ANY_YEAR, parse_heading
from socialvolym.vocabulary.phrases import is_said

#: Months among the headings that make a table one of months.
_FEWEST_MONTHS = 6
#: Digits at the last word of a label that may be the row's first number; one alone is a footnote's.
_RUN_IN = re.compile(r"[^\W\d_]\d{2,}$")


def rows_of(body: Sequence[Line], table: FoundTable, lines: Sequence[Line], start: int, used: set[int]) -> list[FoundRow]:
    """Return the rows of a table, cut into as many cells as it has headings; arithmetic decides how, else sizes.

    Parameters
    ----------
    body : the lines of the table, its rows and the labels between them.
    lines : of the document. start : the place of the first row in them. used : the numbers of those that are headings.
    """
    count = len(table.headings)
    body = [_with_paragraph(line, count) for line in body]
    printed = [line for line in body if line.strength]
    decided = decide([ways_to_cut(line, count) for line in printed], table.headings)
    left = {line.number: ways for line, ways in zip(printed, decided, strict=True)}
    likely = dict(zip(left, likeliest(decided, table.headings), strict=True))
    left |= {number: [] for number in _of_other_columns(printed, left, [way for way in likely.values() if way], table.headings)}
    columns = placed_columns(printed, headed=True)
    columns = columns if len(columns) == count else cut_columns(printed, decided)
    noted = is_said("note_heading", table.stub)
    rows: list[FoundRow] = []
    pending = _label_above(lines, start, used) if not body[0].label or body[0].label[:1].islower() else []
    group = _group_above(lines, start, used) if not pending and any(not line.strength for line in body) else None
    held: FoundRow | None = None
    for line in body:
        if not line.strength:
            pending.append(tidy(line.text))
            continue
        gaps = line.pieces is not None and line.counts[1] < count
        fits = len(columns) == count > 1 and (gaps or len(left[line.number]) != 1)
        placed = cells_in_places(line, columns, noted) if fits else None
        label = placed[0] if placed else line.label
        if held is not None and (label or len(held.cells) + line.counts[0] > count):
            rows.append(_short(held, count))
            held = None
        if label and pending and not (label[:1].islower() or pending[-1].endswith(("-", ",", "/"))):
            group, pending = " ".join(pending), []
        ways = [tuple(placed[1])] if placed else left[line.number] or _until_now(line, table.headings)
        if not ways and line.counts[1] < count and not _with_empty(line, count) and not is_said("change_row", label):
            cells: list[TextCell | None] = [TextCell(text, line.number) for text in _simple(line)]
            if held is None:
                held = FoundRow(join_label([*pending, label]), line.number, [], group, None, tidy(line.text))
            held.cells += cells
            pending = []
            if len(held.cells) == count:
                rows.append(held)
                held = None
            continue
        row = _cut(line, join_label([*pending, label]), group, [way] if (way := likely[line.number]) else ways, count)
        row.doubtful = way is not None or line.doubtful or _RUN_IN.search(label) is not None
        rows.append(row)
        pending = []
    return [*rows, _short(held, count)] if held is not None else rows


def _with_paragraph(line: Line, count: int) -> Line:
    """Return a row whose label ends in the number of a paragraph, "enligt 9 § 2", if it has one number more than columns."""
    if line.run is None or line.pieces is not None or not line.label.endswith("§") or ways_to_cut(line, count):
        return line
    longer = replace(line, label_words=line.run[0] + 1)
    return longer if longer.run and ways_to_cut(longer, count) else line


def _of_other_columns(
    printed: Sequence[Line], left: Mapping[int, list[tuple[str, ...]]], likely: Sequence[tuple[str, ...]], headings: Sequence[str]
) -> list[int]:
    """Return the rows among rows of times in which two numbers may be one: those with far smaller numbers than the others."""
    if 2 * sum(parse_heading(line.label).period is not None for line in printed) <= len(printed):
        return []
    known = {number: ways[0] for number, ways in left.items() if len(ways) == 1}
    return [
        line.number
        for line in printed
        if line.number in known and line.counts[0] < len(headings)
        if is_far_below(known[line.number], [*(way for n, way in known.items() if n != line.number), *likely], headings)
    ]


def _short(row: FoundRow, count: int) -> FoundRow:
    """Return a row with fewer cells than columns as one with a problem: which columns they belong to is not known."""
    return FoundRow(row.label, row.line, [], row.group, f"{len(row.cells)} cells for {count} columns", row.printed)


def _simple(line: Line) -> list[str]:
    if line.pieces is not None:
        return [piece for piece in line.pieces[1:] if piece]
    words = line.words[slice(*line.run)] if line.run else []
    low = line.counts[0]
    return list(next(iter(cuts(words, low)), tuple(words)))


def _cut(line: Line, label: str, group: str | None, ways: list[tuple[str, ...]], count: int) -> FoundRow:
    printed = tidy(line.text)
    if not ways and line.counts == (count - 1, count - 1) and is_said("change_row", label):
        short = ways_to_cut(line, count - 1)[0]
        return FoundRow(label, line.number, [None, *(TextCell(cell, line.number) for cell in short)], group, None, printed)
    if not ways and (placed := _with_empty(line, count)):
        cells = [TextCell(cell, line.number) if cell else None for cell in placed]
        return FoundRow(label, line.number, cells, group, None, printed)
    if not ways:
        low, high = line.counts
        return FoundRow(label, line.number, [], group, f"{low} to {high} cells for {count} columns", printed)
    if len(ways) > 1:
        return FoundRow(label, line.number, [], group, f"{len(ways)} ways to cut the row into {count} cells", printed)
    return FoundRow(label, line.number, [TextCell(cell, line.number) if cell else None for cell in ways[0]], group, None, printed)


def ways_to_cut(line: Line, count: int) -> list[tuple[str, ...]]:
    """Return the ways in which the figures of a line can be so many cells; a year or blanks before them may be the label's."""
    if line.pieces is not None:
        pieces = line.pieces[1:]
        if len(pieces) == count:
            return [tuple(pieces)]
    if line.run is None:
        return []
    words = line.words[slice(*line.run)]
    for skipped in range(max(1, min(3, len(words) - 1))):
        if skipped and not (words[skipped - 1] in BLANKS or ANY_YEAR.fullmatch(words[skipped - 1])):
            break
        if ways := cuts(words[skipped:], count):
            return ways
    return []


def _until_now(line: Line, headings: Sequence[str]) -> list[tuple[str, ...]]:
    """Read a row of months that ends before the year does; not one whose last cell can be the sum or the mean of the others."""
    months = sum((parse_heading(heading).period or "").startswith("--") for heading in headings)
    low, high = line.counts
    if months < _FEWEST_MONTHS or not 2 <= low == high <= months or line.run is None:
        return []
    cells = next(iter(cuts(line.words[slice(*line.run)], low)), ())
    if not cells:
        return []
    *parts, last = [number.value if (number := parse_number(cell)) else 0.0 for cell in cells]
    if len(headings) > months and min(abs(sum(parts) - last), abs(sum(parts) / len(parts) - last)) <= 1:
        return []
    return [(*cells, *[""] * (len(headings) - low))]


def _with_empty(line: Line, count: int) -> list[str] | None:
    """Place the cells of a row whose empty cells left only wider gaps; None where that does not give one reading."""
    inner, lost = line.empty_ends
    if not inner + lost or line.counts[0] >= count:
        return None
    readings: list[list[str]] = [[]]
    for empty, words in line.chunks:
        readings = [
            [*reading, *[""] * empty, *way]
            for reading in readings
            for size in range(1, len(words) + 1)
            for way in cuts(words, size)
        ]
    fitting = [reading for reading in readings if count - lost <= len(reading) <= count]
    exact = [reading for reading in fitting if len(reading) == count] or fitting
    return exact[0] + [""] * (count - len(exact[0])) if len(exact) == 1 else None


def _label_above(lines: Sequence[Line], start: int, used: set[int]) -> list[str]:
    label: list[str] = []
    index = start - 1
    while index >= 0 and len(label) < 6:
        line = lines[index]
        index -= 1
        if not line.text.strip():
            continue
        sentence = line.is_sentence and not labels_numbers(lines, line.number - 1)
        if line.number in used or line.strength or sentence or line.heads_columns:
            break
        label.append(tidy(line.text))
    return label[::-1]


def _group_above(lines: Sequence[Line], start: int, used: set[int]) -> str | None:
    """Return the line directly above a table's first row where it is a heading inside the table, like others further down."""
    line = lines[start - 1] if start else None
    if line is None or not line.text.strip() or line.number in used or line.strength or line.is_sentence:
        return None
    if line.heads_columns if used and max(used) < line.number else line.is_heading:
        return None
    return tidy(line.text) if len(line.text) <= LONGEST_LABEL else None


def labels_numbers(lines: Sequence[Line], position: int) -> bool:
    """Tell whether a long line without a full stop is the label of the bare numbers on the lines below it."""
    text = lines[position].text.strip()
    below = next((line for line in lines[position + 1 : position + 4] if line.text.strip()), None)
    if below is None or below.strength == 0 or below.run != (0, len(below.words)):
        return False
    return text[:1].isupper() and not text.endswith((".", ":"))
