"""Tables without ruling lines, found as people find them.

Rows of texts with wide gaps between them, among which numbers stand below each other. Columns are where, over all rows with
numbers, nothing stands between.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from operator import attrgetter

from socialvolym.documents.pages.page_headings import place_headings
from socialvolym.documents.pages.page_parts import BLANK_STEP, TablePart, slots
from socialvolym.documents.pages.page_words import LEADERS, Line, Word, extent, is_broken_number, is_numeric, text_of
from socialvolym.documents.pages.tight_columns import part_at_edges
from socialvolym.notation.periods import ANY_YEAR
from socialvolym.sequences import runs_of

#: In heights of a line of text, as in page_words: a wider gap is no blank, a larger step leads to no next row.
_WORD_SPACE = 0.42
_LINE_STEP = 2.6
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
#: Rows in which columns may touch, as a share of all rows.
_TOUCHING = 0.06


def table_spans(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """Yield (first, last) of every run of lines that may be a table: rows with figures, and what stands between and above."""
    body = [index for index, line in enumerate(lines) if line.is_body]
    floor = 0
    for group in runs_of(body, partial(_belongs, lines)):
        first = _heading_start(lines, group, floor)
        if len(group) < 2 and (first == group[0] or len(lines[first].chunks) <= _FEW_FIGURES):
            continue
        last = group[-1] + 1
        while last < len(lines) and not lines[last].is_body and _is_beside(lines[last - 1], lines[last]):
            last += 1  # a label's last line, where the figures stand beside its middle
        yield first, last
        floor = last


def _belongs(lines: Sequence[Line], group: Sequence[int], after: int) -> bool:
    """Tell whether a row with figures is of the table above it: near, below its columns, and nothing but labels between."""
    before = group[-1]
    between = lines[before + 1 : after]
    around = [*(lines[index] for index in group[-_ALIGNED_WITH:]), *between, lines[after]]
    width = max(line.words[-1].right for line in around) - min(line.words[0].left for line in around)
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
        not between and not lines[after].is_heading and max(steps) <= BLANK_STEP and len(lines[after].chunks) <= _FEW_FIGURES
    )
    return next_to_it or _aligned(lines[after], [lines[index] for index in group[-_ALIGNED_WITH:]])


def _ends_table(line: Line, row: Line, width: float) -> bool:
    """Tell whether no row follows a line in the table above it: headings of other columns, larger type, or a sentence."""
    long = len(line.chunks) == 1 and line.words[-1].right - line.words[0].left > _SENTENCE * width
    return long or line.is_heading or line.height > _LARGER * row.height


def _aligned(line: Line, others: Sequence[Line]) -> bool:
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


def _heading_start(lines: Sequence[Line], group: Sequence[int], floor: int) -> int:
    """Return the first of the heading lines that stand closely above a table's first row, to the right of its labels.

    The lowest may stand as far above the rows as these from each other, nearly, where it says times or series.
    """
    first = start = group[0]
    label_end = lines[first].chunks[0][-1].right
    stride = min((lines[lower].top - lines[upper].top for upper, lower in pairwise(group)), default=0.0)
    while start > floor and first - start < _HEADING_LINES:
        above, line = lines[start - 1], lines[start]
        reach = BLANK_STEP * max(above.height, line.height)
        near = line.top - above.top <= (max(reach, _BETWEEN_ROWS * stride) if start == first and above.is_heading else reach)
        beside = line.top - above.top < _BESIDE * line.height
        headings = beside or len(above.chunks) > 1 or above.words[0].left > label_end
        if not (near and headings) or any(LEADERS.search(word.text) for word in above.words):
            break
        start -= 1
    return start


def unruled_part(lines: Sequence[Line]) -> TablePart | None:
    """Make a table of lines; None where its rows have no columns in common."""
    lines = part_at_edges(_centred(lines))
    first = next((number for number, line in enumerate(lines) if line.is_body and not line.is_heading), 0)
    columns = _columns([line for line in lines[first:] if line.is_body])
    if len(columns) < 2:
        return None
    while first and lines[first - 1].words[-1].right < columns[1][0] and not lines[first - 1].is_heading:
        first -= 1  # the first lines of a label that is broken over several
    # Headings that are broken over more lines than their neighbours stand beside each other.
    above = list(runs_of(lines[:first], lambda row, line: _is_beside(row[0], line)))
    rows = [*_heading_cells(above, columns), *(_cells(line, columns) for line in lines[first:])]
    lines = [*(Line([word for line in row for word in line.words]) for row in above), *lines[first:]]
    run_together = sum(set(row) == {(0, 0)} and _ends_in_figures(line) for row, line in zip(rows, lines, strict=True))
    if run_together > _RUN_TOGETHER * len(rows):
        return None
    rows = [*_over_same_columns(rows[: len(above)]), *_wrapped(lines[len(above) :], rows[len(above) :])]
    return TablePart([slots(row, len(columns)) for row in rows], columns, lines[0].top)


def _is_beside(upper: Line, lower: Line) -> bool:
    """Tell whether two lines are too close to stand above each other: they are of cells that are centred on each other."""
    return lower.top - upper.top < _BESIDE * lower.height


def _centred(lines: Sequence[Line]) -> list[Line]:
    """Join the lines of rows whose cells, broken over different numbers of lines, are centred on each other."""
    return [line for run in runs_of(lines, lambda run, line: _is_beside(run[-1], line)) for line in _row_of(run)]


def _row_of(run: Sequence[Line]) -> Sequence[Line]:
    """Return the lines of centred cells as one row: texts below each other are one cell, figures where they are one number."""
    if len(run) < 2 or any(line.is_heading for line in run) or not any(line.is_body for line in run):
        return run
    chunks = sorted((chunk for line in run for chunk in line.chunks), key=lambda words: words[0].left)
    cells = list(runs_of(chunks, lambda cell, chunk: chunk[0].left < max(extent(part)[1] for part in cell)))
    whole = [sorted((word for part in parts for word in part), key=attrgetter("top", "left")) for parts in cells]
    figures = [[text_of(part) for part in sorted(parts, key=lambda words: words[0].top)] for parts in cells[1:] if len(parts) > 1]
    if not all(is_broken_number(texts) for texts in figures):
        return run
    row = Line([word for words in whole for word in words])
    row.set_chunks(whole)
    return [row]


_Cells = dict[tuple[int, int], list[Word]]


def _heading_cells(rows: Sequence[Sequence[Line]], columns: Sequence[tuple[float, float]]) -> list[_Cells]:
    """Return the words of the headings above a table's rows by the columns that they stand over."""
    texts = [_side_by_side(phrase for line in row for phrase in _phrases(line, columns)) for row in rows]
    places = place_headings([[extent(words) for words in row] for row in texts], columns)
    return [
        _cells(Line([word for words in row for word in words]), columns) if spans is None else dict(zip(spans, row, strict=True))
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


def _side_by_side(phrases: Iterable[list[Word]]) -> list[list[Word]]:
    """Join texts that stand over each other, and return them from left to right."""
    joined: list[list[Word]] = []
    for phrase in sorted(phrases, key=lambda words: words[0].left):
        left, right = extent(phrase)
        if joined and (left + right) / 2 < extent(joined[-1])[1]:
            joined[-1] = sorted([*joined[-1], *phrase], key=attrgetter("top", "left"))
        else:
            joined.append(phrase)
    return joined


def _phrases(line: Line, columns: Sequence[tuple[float, float]]) -> Iterator[list[Word]]:
    """Yield the texts of a heading line: its chunks, cut where a gap that is wider than a blank falls between columns."""
    for chunk in line.chunks:
        yield from runs_of(chunk, lambda phrase, after: not _are_apart(phrase[-1], after, columns, line.height))


def _cells(line: Line, columns: Sequence[tuple[float, float]]) -> _Cells:
    """Return the words of a line by the (first, last) column that they stand in."""
    cells: _Cells = {}
    for chunk in line.chunks:
        for span, words in _placed(chunk, columns, line):
            cells.setdefault(span, []).extend(words)
    return cells


def _ends_in_figures(line: Line) -> bool:
    """Tell whether a label ends in figures that are no year: `Summa 12 709 12 067`."""
    return (
        len(line.words) > 1
        and is_numeric(line.words[-1:])
        and (is_numeric(line.words[-2:-1]) or not ANY_YEAR.fullmatch(line.words[-1].text))
    )


def _wrapped(lines: Sequence[Line], rows: Sequence[_Cells]) -> list[_Cells]:
    """Join the lines of rows that are broken over several, where rows are set further apart than their lines.

    Lines are not joined where figures would come together in one cell, unless they are numbers broken at their thousands.
    """
    steps = [lower.top - upper.top for upper, lower in pairwise(lines)]
    closest = min((step for step, line in zip(steps, lines, strict=False) if step >= _BESIDE * line.height), default=0.0)
    if not steps or max(steps) < _BETWEEN_ROWS * closest:
        return list(rows)
    joined: list[_Cells] = []
    for group in runs_of(zip(rows, [0.0, *steps], strict=True), lambda group, row: row[1] <= _WITHIN_ROW * closest):
        whole: _Cells = {}
        figures: dict[tuple[int, int], list[str]] = {}
        for row, _ in group:
            for span, words in row.items():
                whole.setdefault(span, []).extend(words)
                if span[0] and is_numeric(words):
                    figures.setdefault(span, []).append(text_of(words))
        apart = any(len(texts) > 1 and not is_broken_number(texts) for texts in figures.values())
        joined.extend([row for row, _ in group] if apart else [whole])
    return joined


def _columns(body: Sequence[Line]) -> list[tuple[float, float]]:
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
    chunk: Sequence[Word], columns: Sequence[tuple[float, float]], line: Line
) -> Iterator[tuple[tuple[int, int], list[Word]]]:
    """Yield ((first column, last column), words): a chunk over several columns is a merged heading, or cells set closely."""
    left, right = chunk[0].left, max(word.right for word in chunk)
    touched = [index for index, (low, high) in enumerate(columns) if left < high - 1 and right > low + 1]
    if len(touched) < 2:
        index = touched[0] if touched else _closest(columns, (left + right) / 2)
        yield (index, index), list(chunk)
        return
    if not line.is_body and _is_one_phrase(chunk, columns, line.height):
        yield (touched[0], touched[-1]), list(chunk)
        return
    for word in chunk:
        index = _closest(columns, word.centre)
        yield (index, index), [word]


def _is_one_phrase(chunk: Sequence[Word], columns: Sequence[tuple[float, float]], height: float) -> bool:
    """Tell whether a heading over several columns is one text: no gap in it, wider than a blank, falls between columns."""
    return not any(_are_apart(before, after, columns, height) for before, after in pairwise(chunk))


def _are_apart(before: Word, after: Word, columns: Sequence[tuple[float, float]], height: float) -> bool:
    """Tell whether two words stand over different columns, with a gap between them that is wider than a blank."""
    apart = _closest(columns, before.centre) != _closest(columns, after.centre)
    return apart and after.left - before.right > _WORD_SPACE * height


def _closest(columns: Sequence[tuple[float, float]], place: float) -> int:
    return min(range(len(columns)), key=lambda index: max(columns[index][0] - place, place - columns[index][1], 0.0))
