"""Aligning: column headings by where they stand over the figures, in text that keeps the layout of the page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from socialvolym.extraction.headings.heading_tree import HeadingSplit, over_groups
from socialvolym.extraction.text_lines import Line, is_value
from socialvolym.notation.numbers import tidy
from socialvolym.notation.periods import mostly_told

#: A text and the first and the last place on its line that it takes.
_Placed = tuple[str, int, int]

_PIECE = re.compile(r"\S+(?: \S+)*")
#: The number of a note.
_NOTE = re.compile(r"\d{1,2}")
#: Heading lines over a table, at most.
_MOST_LINES = 5
#: What aligned headings cost: less than any that must be guessed from run-together words.
COST = -2.0


def aligned_headings(above: Sequence[Line], rows: Sequence[Line]) -> HeadingSplit | None:
    """Return the headings that stand over the columns of rows; None where the lines do not keep their layout.

    Parameters
    ----------
    above : the lines over the table, in reading order.
    rows : the table's rows.
    """
    columns = placed_columns(rows)
    if len(columns) < 2:
        return None
    lines = [line for line in above[-_MOST_LINES:] if "\t" not in line.text and "|" not in line.text]
    labels = min(_placed(row)[0][1] for row in rows)
    texts: list[list[str]] = [[] for _ in columns]
    stub: list[str] = []
    used: list[int] = []
    for line in reversed(lines):
        over, beside, between = _over(line, columns)
        if not any(over) and not between and not used:
            continue  # the label of the first row may stand on lines of its own
        # A text that begins over the labels and goes on over figures is a title.
        title = any(start <= labels and end > columns[0][0] for _, start, end in _placed(line))
        if title or not (any(over) or between) or (used and line.number < used[-1] - 1):
            break
        own = [" ".join(column) for column in texts]
        if all(own) and (between or _is_over_all(over) or (sum(map(bool, over)) > 1 and over_groups(own, sum(map(bool, over))))):
            over = _nearest(line, columns)
        for text, column in zip(over, texts, strict=True):
            column[:0] = [text] if text else []
        stub[:0] = beside
        used.append(line.number)
    headings = [" ".join(column) for column in texts]
    if not all(headings):
        return None
    return HeadingSplit(headings, " ".join(stub), used[::-1], COST) if mostly_told(headings) else None


def gapped_headings(above: Sequence[Line], rows: Sequence[Line]) -> HeadingSplit | None:
    """Return headings that wide gaps part, in the order of the columns whose figures stand elsewhere; None where they do not fit.

    A line has a text for each column, or over each of several equal groups of them; one more than columns is over the labels.
    """
    counts = Counter(len(row.pieces) - 1 for row in rows if row.pieces and row.label and "\t" not in row.text)
    count, often = counts.most_common(1)[0] if counts else (0, 0)
    if count < 2 or 2 * often <= len(rows):
        return None
    split = _with_gapped(above, [""] * count)
    return split if split and mostly_told(split.headings) else None


def gapped_above(above: Sequence[Line], headings: Sequence[str]) -> HeadingSplit | None:
    """Return the headings of a grid with what wide gaps part on the lines right above it; None where nothing fits.

    headings : the grid's own; over those that repeat stand groups, and where it has none, one text stands over each column.
    """
    split = _with_gapped(above, headings)
    return split if split and not any(is_value(text) for text in split.headings) else None


def _with_gapped(above: Sequence[Line], headings: Sequence[str]) -> HeadingSplit | None:
    """Return headings under the texts that wide gaps part on the lines above them; None where there are none that fit."""
    count, stub, own = len(headings), "", any(headings)
    used: list[int] = []
    for line in reversed(above[-_MOST_LINES:]):
        texts = [text for text, *_ in _placed(line)]
        if len(texts) == count + 1 and not stub:
            stub, *texts = texts
        many = len(texts)
        if many < 2 or many > count or (many < count and not (used or own)) or (used and line.number < used[-1] - 1):
            break
        equal = [place * many // count for place in range(count)] if count % many == 0 and not own else []
        groups = over_groups(headings, many) or equal
        if not groups:
            break
        headings = [f"{texts[group]} {heading}".strip() for group, heading in zip(groups, headings, strict=True)]
        used.append(line.number)
    return HeadingSplit(list(headings), stub, used[::-1], COST) if used else None


def _placed(line: Line) -> list[_Placed]:
    return [(tidy(match[0]), match.start(), match.end()) for match in _PIECE.finditer(line.text.expandtabs())]


def placed_columns(rows: Sequence[Line], headed: bool = False) -> list[tuple[int, int]]:
    """Return where the columns stand, the first and the last place of each; empty where few rows keep their layout.

    They are those of the rows with the most usual number of cells. Where these stand in different places, because some rows
    lack one cell and some another, figures that share a place are a column.

    headed : the columns have their headings, so that few rows may have a cell in each.
    """
    found = [[piece for piece in _placed(row)[1:] if is_value(piece[0])] for row in rows if row.label and "\t" not in row.text]
    counts = Counter(len(cells) for cells in found if cells)
    usual, often = counts.most_common(1)[0] if counts else (0, 0)
    if 2 * often <= len(rows) and not headed:
        return []
    columns = list(zip(*(cells for cells in found if len(cells) == usual), strict=True))
    if 2 * often <= len(rows) or not all(map(_is_one_place, columns)):
        columns = _shared_places(found)
    spans = [(min(start for _, start, _ in column), max(end for _, _, end in column)) for column in columns]
    return spans if all(first[1] < second[0] for first, second in pairwise(spans)) else []


def _is_one_place(cells: Sequence[_Placed]) -> bool:
    """Tell whether all cells have a place in common with the widest."""
    _, first, last = max(cells, key=lambda cell: cell[2] - cell[1])
    return all(start < last and first < end for _, start, end in cells)


def _shared_places(rows: Sequence[Sequence[_Placed]]) -> list[tuple[_Placed, ...]]:
    """Return the cells of rows by the place that they share; none where two of a row share one."""
    columns: list[list[_Placed]] = []
    for cell in sorted((cell for row in rows for cell in row), key=lambda cell: cell[1:]):
        if columns and cell[1] < max(end for _, _, end in columns[-1]):
            columns[-1].append(cell)
        else:
            columns.append([cell])
    apart = all(sum(cell in row for cell in column) <= 1 for row in rows for column in columns)
    return [tuple(column) for column in columns] if apart and all(map(_is_one_place, columns)) else []


def cut_columns(rows: Sequence[Line], ways: Sequence[Sequence[tuple[str, ...]]]) -> list[tuple[int, int]]:
    """Return where the columns stand, of the rows that can be cut in one way only; empty where their cells share no places.

    Cells that a single blank parts have places as well, those of narrow columns.
    """
    columns = list(zip(*(_places_of(row, cuts[0]) for row, cuts in zip(rows, ways, strict=True) if len(cuts) == 1), strict=True))
    spans = [(min(start for start, _ in column), max(end for _, end in column)) for column in columns]
    return spans if all(first[1] < second[0] for first, second in pairwise(spans)) else []


def _places_of(row: Line, cells: Sequence[str]) -> list[tuple[int, int]]:
    """Return the first and the last place of each cell of a row, sought from its end; the same place where one is not found."""
    text, places = row.text.expandtabs(), []
    end = len(text)
    for cell in reversed(cells):
        at = max(text.rfind(cell, 0, end), 0)
        places.append((at, at + len(cell)))
        end = at
    return places[::-1]


def cells_in_places(line: Line, columns: Sequence[tuple[int, int]], noted: bool = False) -> tuple[str, list[str]] | None:
    """Return the label of a row and the text at the place of each column, empty where there is none; None where it has no such.

    What stands behind the last column is a remark.

    noted : the numbers of notes stand in a column of their own before the first.
    """
    label, *pieces = [part for piece in _placed(line) for part in _parted_by(piece, columns)]
    within = [piece for piece in pieces if piece[1] < columns[-1][1]]
    if noted:
        within = [piece for piece in within if piece[2] > columns[0][0] or not _NOTE.fullmatch(piece[0])]
    over = [_under(piece, columns) for piece in within]
    places = [place for found in over for place in found]
    apart = all(len(found) == 1 for found in over) and len(set(places)) == len(places)
    if not apart or label[2] > columns[0][0] or not any(is_value(text) for text, *_ in within):
        return None
    texts = dict(zip(places, (text for text, *_ in within), strict=True))
    return label[0], [texts.get(place, "") for place in range(len(columns))]


def _under(piece: _Placed, columns: Sequence[tuple[int, int]]) -> list[int]:
    return [place for place, (first, last) in enumerate(columns) if piece[1] < last and first < piece[2]]


def _parted_by(piece: _Placed, columns: Sequence[tuple[int, int]]) -> list[_Placed]:
    """Return a text that stands below several columns in the parts that stand below one, a word below none with the next."""
    text, start, _ = piece
    if len(_under(piece, columns)) < 2:
        return [piece]
    parts: list[_Placed] = []
    waiting: int | None = None
    for word in re.finditer(r"\S+", text):
        first = start + word.start() if waiting is None else waiting
        part = (text[first - start : word.end()], first, start + word.end())
        below = _under(part, columns)
        if not below:
            waiting = first
        elif parts and _under(parts[-1], columns) == below:
            parts[-1] = (text[parts[-1][1] - start : word.end()], parts[-1][1], part[2])
        else:
            parts.append(part)
            waiting = None
    return parts


def _over(line: Line, columns: Sequence[tuple[int, int]]) -> tuple[list[str], list[str], bool]:
    """Return the text of a line over each column, empty where there is none, the texts beside the columns, and if any is between.

    A text between the columns stands over none of them or over several.
    """
    over = [""] * len(columns)
    beside = []
    between = False
    for text, start, end in _placed(line):
        covered = [i for i, (first, last) in enumerate(columns) if start < last and first < end]
        if len(covered) == 1:
            over[covered[0]] = tidy(f"{over[covered[0]]} {text}")
        elif not covered and end <= columns[0][0]:
            beside.append(text)
        else:
            between = True
    return over, beside, between


def _is_over_all(over: Sequence[str]) -> bool:
    """Tell whether the only text of a line stands over the middle one of the columns, and so over all of them."""
    return [place for place, text in enumerate(over) if text] == [len(over) // 2] and len(over) % 2 == 1


def _nearest(line: Line, columns: Sequence[tuple[int, int]]) -> list[str]:
    """Return for each column the text whose middle is nearest, of those that do not stand beside the columns."""
    middles = [(start + end, text) for text, start, end in _placed(line) if end > columns[0][0]]
    return [min(middles, key=lambda placed: abs(placed[0] - first - last))[1] for first, last in columns]
