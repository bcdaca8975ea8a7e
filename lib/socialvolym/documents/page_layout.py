"""The layout of a page: words with places become lines in reading order and tables, with or without ruling lines.

Tables without lines are found as people find them: rows of texts with wide gaps between them, among which numbers stand
below each other. Columns are where, over all rows with numbers, nothing stands between.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from socialvolym.documents.builder import Slot
from socialvolym.documents.page_headings import place_headings
from socialvolym.documents.page_rules import Rule, RuledTable, ruled_tables
from socialvolym.notation.periods import parse_heading

#: All in heights of a line of text (about 1.15 times the font's size).
_SAME_LINE = 0.4
_CHUNK_GAP = 0.62
_NUMBER_GAP = 0.45
_WORD_SPACE = 0.42
_NO_GAP = 0.1
_LEAST_WIDE = 0.3
_BLANK = 0.27
_LINE_STEP = 2.6
_BLANK_STEP = 1.9
#: A gap so many times as wide as the closest blank on its line is a wide one.
_WIDE_GAP = 1.7
#: Lines with so few gaps are not stretched to the margin, so their blanks are not wider than usual.
_UNSTRETCHED = 3
_MOST_BLANKS = 4
#: How many lines without figures a table may hold between two rows (wrapped labels, headings of groups).
_LINES_BETWEEN = 4
_HEADING_LINES = 5
#: How far from exactly below each other aligned texts may stand, and with how many rows above a row is compared.
_ALIGNMENT = 0.35
_ALIGNED_WITH = 8
#: A label so close above a line stands beside it: one of the two is centred on the other's lines.
_BESIDE = 0.8
#: A row with so few figures (label included) may fill blank places of the rows above; one row with more may be a table.
_FEW_FIGURES = 3
#: Lines of one row are set closer than rows: a step between lines is within a row up to this times the closest step, and
#: rows are set apart where some step is larger than the other bound.
_WITHIN_ROW, _BETWEEN_ROWS = 1.12, 1.25
#: Rows whose figures ran together with their label, as a share of all rows: more, and the places tell nothing.
_RUN_TOGETHER = 0.1
#: A line without gaps that is wider than this share of a table is a sentence, not a label.
_SENTENCE = 0.72
#: A heading between two tables is set so many times larger than their rows.
_LARGER = 1.2
#: So many years in a row beside other texts are headings.
_SOME_YEARS = 2
#: Rows in which columns may touch, as a share of all rows.
_TOUCHING = 0.06
#: Columns of running text: so many lines at least, and the blank strip between them so wide in line heights.
_PROSE_LINES = 5
_PROSE_GAP = 0.6
_PROSE_WORDS = 6

_NUMERIC = re.compile(
    r"^[(<>≤≥~±+\-–−]?\s?\d[\d\s\u00a0.,:/–-]*\)?\s?(?:%|‰|kr|tkr|mnkr|mkr|st|[*⁰¹²³⁴⁵⁶⁷⁸⁹⁾)])*\d?$", re.IGNORECASE
)
_MARKS = {"-", "–", "—", "−", "--", "*", "**", "x", "n/a", "..", "e/t", "…"}
#: A hyphen at a line's end inside a word, unlike one that stands for a part of a word before "och".
_BROKEN_WORD = re.compile(r"(?<=[a-zåäö]{2})- (?=[a-zåäö])(?!(?:och|eller|samt|respektive|till)\b)")
_YEAR = re.compile(r"^(?:19|20)\d{2}$")
_THOUSANDS = re.compile(r"^[-–−+]?\d{1,3}(?: \d{3})+(?:,\d+)?(?: ?%)?$")
_YEARS = re.compile(r"^(?:19|20)\d{2}(?:\s?[-–/]\s?(?:(?:19|20)\d{2}|\d{2}))?$")
_LEADERS = re.compile(r"\.{4,}|…{2,}|_{4,}")


class Word(NamedTuple):
    """A word and its place: left, top, right, bottom in points from the top left corner of the page."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        """The height of the word's font."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """Half the height of the word on the page."""
        return (self.top + self.bottom) / 2

    @property
    def centre(self) -> float:
        """Half the way from left to right."""
        return (self.left + self.right) / 2


@dataclass(frozen=True)
class TablePart:
    """A table, or the part of it that stands on one page: rows of slots, the extents of its columns, its top."""

    rows: list[list[Slot]]
    columns: list[tuple[float, float]]
    top: float


@dataclass
class _Line:
    """Words on one line, from left to right, cut into chunks at wide gaps."""

    words: list[Word]
    chunks: list[list[Word]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.top = min(word.top for word in self.words)
        self.bottom = max(word.bottom for word in self.words)
        self.height = max(word.height for word in self.words)
        self.chunks = list(_chunks(self.words, self.height))
        self.numeric = [_is_numeric(chunk) for chunk in self.chunks]

    @property
    def text(self) -> str:
        """The line's text; a gap wider than the line's blanks is as many blanks as fit in it, up to a few."""
        gaps = [after.left - before.right for before, after in pairwise(self.words)]
        blank = min((gap for gap in gaps if gap > _NO_GAP * self.height), default=self.height)
        if len(gaps) <= _UNSTRETCHED:
            blank = min(blank, _BLANK * self.height)
        wide = max(_WIDE_GAP * blank, _LEAST_WIDE * self.height)
        return self.words[0].text + "".join(
            " " * (min(_MOST_BLANKS, round(gap / blank)) if gap > wide else 1) + word.text
            for gap, word in zip(gaps, self.words[1:], strict=True)
        )

    @property
    def is_body(self) -> bool:
        """A row of a table: figures, each on its own, beside a label or each other."""
        return len(self.chunks) > 1 and any(self.numeric[1:]) and not any(_LEADERS.search(word.text) for word in self.words)

    @property
    def has_years_only(self) -> bool:
        """A row whose figures are years, all its texts or several of them, as over the columns of a table."""
        figures = [
            _YEARS.match(_text(chunk)) for chunk, numeric in zip(self.chunks[1:], self.numeric[1:], strict=True) if numeric
        ]
        return bool(figures) and all(figures) and len(figures) >= min(len(self.chunks) - 1, _SOME_YEARS)

    @property
    def is_heading(self) -> bool:
        """A line over the columns of a table: years, or two texts or more that say a period or a series, and no figure."""
        if any(self.numeric[1:]):
            return self.has_years_only
        said = [parse_heading(_text(chunk)) for chunk in self.chunks]
        return sum(bool(heading.period or heading.series) for heading in said) > 1


class TextLine(NamedTuple):
    """A line of text with its words; of an empty line neither."""

    text: str
    words: tuple[Word, ...] = ()


Item = TextLine | TablePart


def lay_out_page(words: Sequence[Word], rules: Iterable[Rule]) -> list[Item]:
    """Return a page's lines of text and tables in reading order; an empty line where the page leaves a gap."""
    found: list[tuple[float, float, float, Item]] = []
    rest = list(words)
    for table in ruled_tables(rules):
        inside = [word for word in rest if table.holds(word.centre, word.middle)]
        part = _ruled_part(table, inside)
        if part is not None:
            taken = set(map(id, inside))
            rest = [word for word in rest if id(word) not in taken]
            found.append((table.ys[0], table.ys[-1], 0.0, part))
    lines = _lines(rest)
    barriers = sorted(top for top, _, _, _ in found)
    for run in _runs(lines, barriers):
        found.extend(_run_items(run))
    return _in_order(found)


def _in_order(found: list[tuple[float, float, float, Item]]) -> list[Item]:
    """Put items in order of their tops, with an empty line where the page leaves a gap."""
    items: list[Item] = []
    last: float | None = None
    for top, bottom, height, item in sorted(found, key=lambda entry: entry[0]):
        if last is not None and height and top - last > (_BLANK_STEP - 1) * height:
            items.append(TextLine(""))
        items.append(item)
        last = bottom
    return items


def _text(words: Iterable[Word]) -> str:
    return " ".join(word.text for word in words)


def _is_numeric(chunk: Sequence[Word]) -> bool:
    text = _text(chunk)
    return text.lower() in _MARKS or bool(_NUMERIC.match(text))


def _lines(words: Iterable[Word]) -> list[_Line]:
    return sorted((_Line(group) for group in _grouped(words)), key=lambda line: line.top)


def _grouped(words: Iterable[Word]) -> list[list[Word]]:
    """Group words into lines by the middle of their heights, so that raised footnote marks stay on their line."""
    groups: list[list[Word]] = []
    reach = float("-inf")
    for middle, _, word in sorted(((word.top + word.bottom) / 2, word.left, word) for word in words):
        if middle <= reach:
            groups[-1].append(word)
        else:
            groups.append([word])
            reach = middle + _SAME_LINE * word.height
    for group in groups:
        group.sort(key=attrgetter("left"))
    return groups


def _chunks(words: Sequence[Word], height: float) -> Iterator[list[Word]]:
    """Cut a line at gaps wider than the blank between words; less is needed between two numbers."""
    chunk = [words[0]]
    right = words[0].right
    for word in words[1:]:
        gap = word.left - right
        if gap > height * _CHUNK_GAP or (
            gap > height * _NUMBER_GAP and chunk[-1].text[-1].isdigit() and word.text[0] in "0123456789-–−+"
        ):
            yield chunk
            chunk = [word]
        else:
            chunk.append(word)
        right = max(right, word.right)
    yield chunk


def _runs(lines: Sequence[_Line], barriers: Sequence[float]) -> Iterator[list[_Line]]:
    """Cut a page's lines where a ruled table stands between them."""
    run: list[_Line] = []
    for line in lines:
        if run and any(run[-1].top < barrier <= line.top for barrier in barriers):
            yield run
            run = []
        run.append(line)
    if run:
        yield run


def _run_items(lines: list[_Line]) -> Iterator[tuple[float, float, float, Item]]:
    """Yield (top, bottom, height, item) of the tables without ruling lines and the lines around them."""
    start = 0
    for first, last in _spans(lines):
        part = _text_part(lines[first:last])
        if part is None:
            continue
        yield from _prose(lines[start:first])
        yield lines[first].top, lines[last - 1].bottom, 0.0, part
        start = last
    yield from _prose(lines[start:])


def _spans(lines: Sequence[_Line]) -> Iterator[tuple[int, int]]:
    """Yield (first, last) of every run of lines that may be a table: rows with figures, and what stands between and above."""
    groups: list[list[int]] = []
    for index, line in enumerate(lines):
        if not line.is_body:
            continue
        if groups and _belongs(lines, groups[-1], index):
            groups[-1].append(index)
        else:
            groups.append([index])
    floor = 0
    for group in groups:
        first = _heading_start(lines, group[0], floor, lines[group[0]].chunks[0][-1].right)
        if len(group) < 2 and (first == group[0] or len(lines[first].chunks) <= _FEW_FIGURES):
            continue
        yield first, group[-1] + 1
        floor = group[-1] + 1


def _belongs(lines: Sequence[_Line], group: Sequence[int], after: int) -> bool:
    """Tell whether a row with figures is of the table above it: near, below its columns, and nothing but labels between."""
    before = group[-1]
    between = lines[before + 1 : after]
    left = min(lines[before].words[0].left, lines[after].words[0].left)
    width = max(lines[before].words[-1].right, lines[after].words[-1].right) - left
    if len(between) > _LINES_BETWEEN or any(_ends_table(line, lines[before], width) for line in between):
        return False
    # Headings over the columns begin a table; only above its first row do several lines of them stand.
    if lines[after].is_heading and not all(lines[index].is_heading for index in group):
        return False
    steps = [
        (lower.top - upper.top) / max(upper.height, lower.height)
        for upper, lower in zip(lines[before:after], lines[before + 1 : after + 1], strict=True)
    ]
    if max(steps) > _LINE_STEP:
        return False
    next_to_it = (
        not between and not lines[after].is_heading and max(steps) <= _BLANK_STEP and len(lines[after].chunks) <= _FEW_FIGURES
    )
    return next_to_it or _aligned(lines[after], [lines[index] for index in group[-_ALIGNED_WITH:]])


def _ends_table(line: _Line, row: _Line, width: float) -> bool:
    """Tell whether no row follows a line in the table above it: headings of other columns, larger type, or a sentence."""
    long = len(line.chunks) == 1 and line.words[-1].right - line.words[0].left > _SENTENCE * width
    return long or line.is_heading or line.height > _LARGER * row.height


def _aligned(line: _Line, others: Sequence[_Line]) -> bool:
    """Tell whether half of a row's figures stand below (left, right or middle) others."""
    slack = _ALIGNMENT * line.height
    places = [_places(chunk) for other in others for chunk in other.chunks[1:]]
    figures = [_places(chunk) for chunk in line.chunks[1:]]
    return 2 * sum(
        any(abs(one - other) <= slack for place in places for one, other in zip(figure, place, strict=True)) for figure in figures
    ) >= len(figures)


def _places(chunk: Sequence[Word]) -> tuple[float, float, float]:
    left, right = chunk[0].left, chunk[-1].right
    return left, (left + right) / 2, right


def _heading_start(lines: Sequence[_Line], first: int, floor: int, label_end: float) -> int:
    """Return the first of the heading lines that stand closely above a table's first row, to the right of its labels."""
    start = first
    while start > floor and first - start < _HEADING_LINES:
        above, line = lines[start - 1], lines[start]
        near = line.top - above.top <= _BLANK_STEP * max(above.height, line.height)
        beside = line.top - above.top < _BESIDE * line.height
        headings = beside or len(above.chunks) > 1 or above.words[0].left > label_end
        if not (near and headings) or any(_LEADERS.search(word.text) for word in above.words):
            break
        start -= 1
    return start


def _text_part(lines: Sequence[_Line]) -> TablePart | None:
    """Make a table of lines; None where its rows have no columns in common."""
    first = next((number for number, line in enumerate(lines) if line.is_body and not line.is_heading), 0)
    columns = _columns([line for line in lines[first:] if line.is_body])
    if len(columns) < 2:
        return None
    while first and lines[first - 1].words[-1].right < columns[1][0] and not lines[first - 1].is_heading:
        first -= 1  # the first lines of a label that is broken over several
    above = _close_lines(lines[:first])
    rows = [*_heading_cells(above, columns), *(_cells(line, columns) for line in lines[first:])]
    lines = [*(_Line([word for line in row for word in line.words]) for row in above), *lines[first:]]
    run_together = sum(set(row) == {(0, 0)} and _ends_in_figures(line) for row, line in zip(rows, lines, strict=True))
    if run_together > _RUN_TOGETHER * len(rows):
        return None
    rows = [*_over_same_columns(rows[: len(above)]), *_wrapped(lines[len(above) :], rows[len(above) :])]
    return TablePart([_slots(row, len(columns)) for row in rows], columns, lines[0].top)


_Cells = dict[tuple[int, int], list[Word]]


def _heading_cells(rows: Sequence[Sequence[_Line]], columns: Sequence[tuple[float, float]]) -> list[_Cells]:
    """Return the words of the headings above a table's rows by the columns that they stand over."""
    texts = [_side_by_side(phrase for line in row for phrase in _phrases(line, columns)) for row in rows]
    places = place_headings([[_extent(words) for words in row] for row in texts], columns)
    return [
        _cells(_Line([word for words in row for word in words]), columns) if spans is None else dict(zip(spans, row, strict=True))
        for row, spans in zip(texts, places, strict=True)
    ]


def _over_same_columns(rows: Sequence[_Cells]) -> list[_Cells]:
    """Join lines of headings that stand over the same single columns: one heading a column, broken over lines."""
    joined: list[_Cells] = []
    for row in rows:
        if joined and joined[-1].keys() - {(0, 0)} == row.keys() - {(0, 0)} and all(first == last for first, last in row):
            joined[-1] = {span: [*joined[-1].get(span, []), *row.get(span, [])] for span in joined[-1] | row}
        else:
            joined.append(row)
    return joined


def _close_lines(lines: Sequence[_Line]) -> list[list[_Line]]:
    """Put lines together that stand beside each other: headings broken over more lines than their neighbours."""
    rows: list[list[_Line]] = []
    for line in lines:
        if rows and line.top - rows[-1][0].top < _BESIDE * line.height:
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _side_by_side(phrases: Iterable[list[Word]]) -> list[list[Word]]:
    """Join texts that stand over each other, and return them from left to right."""
    joined: list[list[Word]] = []
    for phrase in sorted(phrases, key=lambda words: words[0].left):
        left, right = _extent(phrase)
        if joined and (left + right) / 2 < _extent(joined[-1])[1]:
            joined[-1] = sorted([*joined[-1], *phrase], key=attrgetter("top", "left"))
        else:
            joined.append(phrase)
    return joined


def _extent(words: Sequence[Word]) -> tuple[float, float]:
    return min(word.left for word in words), max(word.right for word in words)


def _phrases(line: _Line, columns: Sequence[tuple[float, float]]) -> Iterator[list[Word]]:
    """Yield the texts of a heading line: its chunks, cut where a gap that is wider than a blank falls between columns."""
    for chunk in line.chunks:
        phrase = [chunk[0]]
        for before, after in pairwise(chunk):
            if _parts(before, after, columns) and after.left - before.right > _WORD_SPACE * line.height:
                yield phrase
                phrase = []
            phrase.append(after)
        yield phrase


def _cells(line: _Line, columns: Sequence[tuple[float, float]]) -> _Cells:
    """Return the words of a line by the (first, last) column that they stand in."""
    cells: _Cells = {}
    for chunk in line.chunks:
        for span, words in _placed(chunk, columns, line):
            cells.setdefault(span, []).extend(words)
    return cells


def _ends_in_figures(line: _Line) -> bool:
    """Tell whether a label ends in figures that are no year: `Summa 12 709 12 067`."""
    return (
        len(line.words) > 1
        and _is_numeric(line.words[-1:])
        and (_is_numeric(line.words[-2:-1]) or not _YEAR.match(line.words[-1].text))
    )


def _wrapped(lines: Sequence[_Line], rows: Sequence[_Cells]) -> list[_Cells]:
    """Join the lines of rows that are broken over several, where rows are set further apart than their lines.

    Lines are not joined where figures would come together in one cell.
    """
    steps = [lower.top - upper.top for upper, lower in pairwise(lines)]
    closest = min((step for step, line in zip(steps, lines, strict=False) if step >= _BESIDE * line.height), default=0.0)
    if not steps or max(steps) < _BETWEEN_ROWS * closest:
        return list(rows)
    groups: list[list[_Cells]] = [[rows[0]]]
    for row, step in zip(rows[1:], steps, strict=True):
        if step <= _WITHIN_ROW * closest:
            groups[-1].append(row)
        else:
            groups.append([row])
    joined: list[_Cells] = []
    for group in groups:
        figures = [span for row in group for span, words in row.items() if span[0] and _is_numeric(words)]
        if len(figures) != len(set(figures)):
            joined.extend(group)
            continue
        whole: _Cells = {}
        for row in group:
            for span, words in row.items():
                whole.setdefault(span, []).extend(words)
        joined.append(whole)
    return joined


def _columns(body: Sequence[_Line]) -> list[tuple[float, float]]:
    """Return (left, right) of the columns: the strips on which rows have text, parted where (nearly) no row has any."""
    edges = sorted(
        edge for line in body for chunk in line.chunks for edge in ((chunk[0].left, 1), (max(word.right for word in chunk), -1))
    )
    allowed = int(_TOUCHING * len(body))
    columns: list[tuple[float, float]] = []
    depth, start = 0, 0.0
    for place, step in edges:
        if depth <= allowed < depth + step:
            start = place
        elif depth + step <= allowed < depth:
            columns.append((start, place))
        depth += step
    return columns


def _placed(
    chunk: Sequence[Word], columns: Sequence[tuple[float, float]], line: _Line
) -> Iterator[tuple[tuple[int, int], list[Word]]]:
    """Yield ((first column, last column), words): a chunk over several columns is a merged heading, or cells set closely."""
    left, right = chunk[0].left, max(word.right for word in chunk)
    touched = [index for index, (low, high) in enumerate(columns) if left < high - 1 and right > low + 1]
    if len(touched) < 2:
        index = touched[0] if touched else _closest(columns, (left + right) / 2)
        yield (index, index), list(chunk)
        return
    if not line.is_body and _is_one_phrase(chunk, columns, touched, line.height):
        yield (touched[0], touched[-1]), list(chunk)
        return
    for word in chunk:
        index = _closest(columns, word.centre)
        yield (index, index), [word]


def _is_one_phrase(chunk: Sequence[Word], columns: Sequence[tuple[float, float]], touched: Sequence[int], height: float) -> bool:
    """Tell whether a heading over several columns is one text: no gap in it, wider than a blank, falls between columns."""
    return not any(
        _parts(before, after, columns) and after.left - before.right > _WORD_SPACE * height for before, after in pairwise(chunk)
    )


def _parts(before: Word, after: Word, columns: Sequence[tuple[float, float]]) -> bool:
    """Tell whether two words stand over different columns."""
    return _closest(columns, before.centre) != _closest(columns, after.centre)


def _closest(columns: Sequence[tuple[float, float]], place: float) -> int:
    return min(range(len(columns)), key=lambda index: max(columns[index][0] - place, place - columns[index][1], 0.0))


def _slots(cells: dict[tuple[int, int], list[Word]], width: int) -> list[Slot]:
    """Return a row's slots, with empty ones where nothing stands; of two texts for a column the second gets what is left."""
    placed: list[tuple[int, int, list[Word]]] = []
    for (first, last), words in sorted(cells.items()):
        free = max(first, placed[-1][1] + 1) if placed else first
        if free > last:
            placed[-1][2].extend(words)
        else:
            placed.append((free, last, list(words)))
    slots: list[Slot] = []
    column = 0
    for first, last, words in placed:
        slots.extend(Slot("") for _ in range(first - column))
        slots.append(_slot(words, last - first + 1))
        column = last + 1
    slots.extend(Slot("") for _ in range(width - column))
    return slots


def _slot(words: Sequence[Word], columns: int = 1, rows: int = 1) -> Slot:
    if not words:
        return Slot("", columns, rows)
    if len(words) == 1:
        return Slot(words[0].text, columns, rows, words[0][1:])
    _, lefts, tops, rights, bottoms = zip(*words, strict=True)
    return Slot(_BROKEN_WORD.sub("", _text(words)), columns, rows, (min(lefts), min(tops), max(rights), max(bottoms)))


def _ruled_part(table: RuledTable, words: Sequence[Word]) -> TablePart | None:
    """Fill the cells of a ruled table; None where the lines are no table: nothing in them, or text in one column only."""
    contents: dict[tuple[int, int], list[Word]] = {}
    home = {
        (row + down, column + across): (row, column)
        for row, column, high, wide in table.cells
        for down in range(high)
        for across in range(wide)
    }
    for word in words:
        contents.setdefault(home[table.row(word.middle), table.column(word.centre)], []).append(word)
    if len({column for _, column in contents}) < 2 or 4 * len(contents) < len(table.cells):
        return None
    rows: list[list[Slot]] = []
    by_row: dict[int, list[tuple[int, int, int, int]]] = {}
    for cell in table.cells:
        by_row.setdefault(cell[0], []).append(cell)
    room: dict[int, float] = {}
    for (_, column), inside in contents.items():
        lines = _grouped(inside)
        if len(lines) == 1:
            room[column] = max(room.get(column, 0.0), lines[0][-1].right - lines[0][0].left)
    for number in range(len(table.ys) - 1):
        cells = by_row.get(number, [])
        rows.extend(_ruled_rows(cells, [contents.get((number, cell[1]), []) for cell in cells], room))
    columns = list(pairwise(table.xs))
    return TablePart(rows, columns, table.ys[0])


def _ruled_rows(
    cells: Sequence[tuple[int, int, int, int]], contents: Sequence[list[Word]], room: Mapping[int, float]
) -> list[list[Slot]]:
    """Return the row between two horizontal lines; several rows where figures stand below each other in it.

    Parameters
    ----------
    room : by column, how wide the widest text on one line is.
    """
    by_line = [_grouped(words) for words in contents]
    stacked = [sum(map(_is_numeric, lines)) for lines in by_line[1:] if len(lines) > 1]
    broken = _are_broken_numbers(by_line, [room.get(cell[1], 0.0) for cell in cells])
    if max(stacked, default=0) < 2 or broken or any(rows > 1 for _, _, rows, _ in cells):
        return [
            [
                _slot([word for line in lines for word in line], wide, high)
                for (_, _, high, wide), lines in zip(cells, by_line, strict=True)
            ]
        ]
    place = {id(word): index for index, words in enumerate(contents) for word in words}
    rows = []
    for line in _grouped(word for words in contents for word in words):
        rows.append(
            [_slot([word for word in line if place[id(word)] == index], wide) for index, (_, _, _, wide) in enumerate(cells)]
        )
    return rows


def _are_broken_numbers(cells: Sequence[list[list[Word]]], room: Sequence[float]) -> bool:
    """Tell whether a row's figures are numbers broken at the blanks between their thousands, and not figures of several rows.

    That is so where one label on one line stands beside them, or the whole number is wider than any text of its column.
    """
    several = [(lines, wide) for lines, wide in zip(cells[1:], room[1:], strict=True) if len(lines) > 1]
    if not several or not all(_THOUSANDS.match(" ".join(map(_text, lines))) for lines, _ in several):
        return False
    lines, wide = max(several, key=lambda cell: sum(line[-1].right - line[0].left for line in cell[0]))
    blanks = (len(lines) - 1) * _BLANK * lines[0][0].height
    return len(cells[0]) == 1 or sum(line[-1].right - line[0].left for line in lines) + blanks > wide


def _prose(lines: Sequence[_Line]) -> Iterator[tuple[float, float, float, Item]]:
    """Yield lines of text; two columns of running text side by side are read one after the other."""
    start = 0
    while start < len(lines):
        end, gutter = _text_columns(lines, start)
        if gutter is None:
            line = lines[start]
            yield line.top, line.bottom, line.height, TextLine(line.text, tuple(line.words))
            start += 1
            continue
        for side in (True, False):
            for line in lines[start:end]:
                words = [word for word in line.words if (word.centre < gutter) is side]
                if words:
                    # All lines get the top of the first, so that sorting keeps one column before the other.
                    yield lines[start].top, lines[end - 1].bottom, 0.0, TextLine(_text(words), tuple(words))
        start = end


def _text_columns(lines: Sequence[_Line], start: int) -> tuple[int, float | None]:
    """Return the end of the two columns of text that begin on a line, and the middle of the blank strip between them."""
    first = lines[start].chunks
    if len(first) != 2:
        return start, None
    low, high, end, both = first[0][-1].right, first[1][0].left, start, 0
    for line in lines[start:]:
        gaps = [(before[-1].right, after[0].left) for before, after in pairwise(line.chunks)]
        gaps += [(line.words[-1].right, high), (low, line.words[0].left)]
        left, right = max(((max(low, left), min(high, right)) for left, right in gaps), key=lambda gap: gap[1] - gap[0])
        if right - left < _PROSE_GAP * line.height:
            break
        low, high, end = left, right, end + 1
        both += line.words[0].centre < low < line.words[-1].centre
    wordy = [len(line.words) for line in lines[start:end]]
    if both < _PROSE_LINES or sum(wordy) < _PROSE_WORDS * len(wordy):
        return start, None
    return end, (low + high) / 2
