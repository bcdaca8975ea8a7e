"""Detecting: tables in plain text and in grids, as rows of cells under headings, with nobody's hints."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, pairwise

from socialvolym.documents.document import Document
from socialvolym.extraction.cells.flat_tables import flat_grids
from socialvolym.extraction.cells.found_tables import (
    FoundRow,
    FoundTable,
    TextCell,
    grid_table,
    label_columns,
    piece_headings,
    with_heads,
)
from socialvolym.extraction.cells.glued_cells import glued_grids, part_labels
from socialvolym.extraction.cells.listed_cells import listed_grids
from socialvolym.extraction.cells.long_form import set_out
from socialvolym.extraction.cells.note_marks import part_brackets, take_note_marks
from socialvolym.extraction.cells.side_by_side import parted, parted_lines, texts_beside
from socialvolym.extraction.cells.table_rows import labels_numbers, rows_of, ways_to_cut
from socialvolym.extraction.cells.timed_lists import timed_grids
from socialvolym.extraction.headings.alignment import COST, aligned_headings, gapped_above, gapped_headings
from socialvolym.extraction.headings.heading_tree import HeadingSplit, split_headings
from socialvolym.extraction.headings.heading_words import heading_words, places_in, unglued, without_numbered
from socialvolym.extraction.headings.legends import columns_told, legend_of, spelled_out, times_told
from socialvolym.extraction.headings.quantity_headings import quantity_headings
from socialvolym.extraction.row_cuts import is_long
from socialvolym.extraction.rows import Relation, holds
from socialvolym.extraction.text_lines import (
    LONGEST_LABEL,
    MOST_COLUMNS,
    Line,
    axis_lines,
    contents_lines,
    numbered_ends,
    page_marks,
    undrawn,
    whole_dates,
    with_signs,
    without_specks,
)
from socialvolym.notation.numbers import parse_number, tidy
from socialvolym.notation.periods import ANY_YEAR, MONTH_NAMES, YEAR, Heading, mostly_told, parse_day, parse_heading
from socialvolym.vocabulary.phrases import is_said

#: Label lines between two rows of one table, at most.
_MOST_LABEL_LINES = 9
#: Heading lines above or below a table, at most.
_MOST_HEADING_LINES = 24
#: What a number of columns costs into which no row can be cut in just one way.
_OPEN = 1.2
#: What headings cost that stand below their table, and what they cost where few of them name a period or a series.
_BELOW, _SAYS_LITTLE = 0.8, 2.0
#: What it costs where years stand as labels under more than a word.
_NO_STUB = 1.0
#: What arithmetic in all rows, in so many at least, makes headings cheaper; it is tried on so many columns and ways to cut a row.
_SHOWN, _FEWEST_SHOWN, _MOST_SHOWN = 1.0, 2, 8
#: Series of differences between columns, and so many columns of which one may be the difference of two others.
_DIFFERENCES, _FEWEST_COMPARED = ("deviation", "change_abs"), 2
#: In a single row arithmetic between numbers of this size is taken for no chance.
_LARGE = 100
#: Words of a remark behind the figures of a row, at most.
_LONGEST_REMARK = 2
#: Levels of headings right above a grid, at most.
_MOST_LEVELS = 2
#: A footnote about all of a table stands so many lines below it at most, its mark before it.
_NOTES_BELOW = 3
#: A line that tells the day of each year may stand over several tables, so many lines above the last.
_DAY_ABOVE = 60
#: A sentence that tells the order of columns without headings stands so many lines above them at most.
_ORDER_ABOVE = 6
#: An account or the number of an activity before its name, in so many rows of a table; a year is none.
_CODE, _FEWEST_CODED = re.compile(rf"(?!{YEAR}\b)\d{{3,6}}\s+(?=[^\W\d])"), 3
_NOTE_MARK = re.compile(r"^(?:\d|[*¹²³])\)?\s")


def find_tables(document: Document) -> list[FoundTable]:
    """Find the tables of a document: those of its grids, then those that its lines form; a list of contents is none."""
    contents = contents_lines(document.lines)
    known = {line for grid in document.grids for line in grid.lines}
    grids = [
        *(set_out(part) for grid in with_heads(document.grids) for part in parted(grid)),
        *glued_grids(document.lines, known),
    ]
    grids += flat_grids(document.lines)
    beside = texts_beside(document.lines)
    rows = [" " * beside.get(at, 0) + text[beside.get(at, 0) :] for at, text in enumerate(document.lines)]
    apart = [unglued(undrawn(without_specks(text))) for text in with_signs(rows)]
    for listed in (timed_grids, listed_grids):
        grids += listed(apart, known | {line for grid in grids for line in grid.lines})
    grids = [grid for grid in grids if not contents.intersection(grid.lines)]
    legend = legend_of(document.lines)
    tables = [table for grid in grids if (table := grid_table(grid)) is not None]
    for table in tables:
        table.headings = [spelled_out(heading, legend) for heading in table.headings]
    taken = known | {line for grid in grids for line in grid.lines} | axis_lines(document.lines) | contents
    taken |= numbered_ends(document.lines, document.pages) | page_marks(document.lines)
    texts = [spelled_out(text, legend) for text in whole_dates(apart)]
    lines = [Line(number, "" if number in taken else text) for number, text in enumerate(texts, start=1)]
    for table in tables:
        _take_headings_above(table, lines)
        table.caption = table.caption or _caption(lines, table.first - 1, taken)
    for part in parted_lines([line.text for line in lines]):
        tables += _text_tables(part_labels([Line(number, text) for number, text in enumerate(part, start=1)]))
    _mark_twice_printed(tables)
    for table in tables:
        _take_day_above(table, texts)
        _take_day_below(table, texts)
        _take_times_told(table, texts)
        _take_order_told(table, texts)
        take_note_marks(table, document.lines)
        part_brackets(table, document.lines)
        _take_codes(table)
    return sorted(tables, key=lambda table: table.first)


def _take_codes(table: FoundTable) -> None:
    """Take the numbers of activities or accounts from the labels of a table that has one before most of them."""
    coded = [row for row in table.rows if _CODE.match(row.label)]
    if len(coded) >= _FEWEST_CODED and 2 * len(coded) > len(table.rows):
        for row in coded:
            row.label = _CODE.sub("", row.label, count=1)


def _take_day_above(table: FoundTable, texts: Sequence[str]) -> None:
    """Add to the caption the day that a line above tells of each of the years from the first to the last that head columns."""
    years = sorted(heading for heading in table.headings if ANY_YEAR.fullmatch(heading))
    if len(years) < _FEWEST_COMPARED or len(years) < len(table.headings):
        return
    for text in map(tidy, texts[max(0, table.first - 1 - _DAY_ABOVE) : table.first - 1]):
        if is_said("every_year", text) and (day := parse_day(text)) and ANY_YEAR.findall(text) == [years[0], years[-1]]:
            told = f"per den {int(day[-2:])} {MONTH_NAMES[int(day[2:4]) - 1]}"
            table.caption = " / ".join(filter(None, (told, table.caption)))


def _take_day_below(table: FoundTable, texts: Sequence[str]) -> None:
    """Add to the caption a footnote below the table that tells on which day all of it was counted, and not one row of it."""
    if parse_day(f"{table.caption} {table.stub}"):
        return
    for note in map(tidy, texts[table.last : table.last + _NOTES_BELOW]):
        mark = _NOTE_MARK.match(note)
        of_all = mark is not None and not any(row.label.endswith(mark[0].strip(") ")) for row in table.rows)
        if of_all and is_said("day_note", note) and parse_day(note):
            table.caption = " / ".join(filter(None, (_NOTE_MARK.sub("", note), table.caption)))
            return


def _take_times_told(table: FoundTable, texts: Sequence[str]) -> None:
    """Add to headings that name a series and no time the time that a line right over or below the table tells for the series."""
    for note in (*table.caption.split(" / "), *texts[table.last : table.last + _NOTES_BELOW]):
        if told := times_told(note):
            parsed = [(heading, parse_heading(heading)) for heading in table.headings]
            table.headings = [
                f"{text} {told[heading.series]}" if heading.series in told and not heading.period else text
                for text, heading in parsed
            ]
            return


def _take_order_told(table: FoundTable, texts: Sequence[str]) -> None:
    """Give columns without headings, or with such as are cut from words, those that a sentence around them lists in order."""
    if any(table.headings) and (table.cost is None or table.cost <= COST):
        return
    for part in (texts[max(0, table.first - 1 - _ORDER_ABOVE) : table.first - 1], texts[table.last : table.last + _NOTES_BELOW]):
        if told := columns_told(" ".join(part), len(table.headings)):
            table.headings, table.cost = told, None
            return


def _take_headings_above(table: FoundTable, lines: Sequence[Line]) -> None:
    """Give a table of a grid the headings on the lines above it, where it has none or where they stand over groups of its own."""
    right_above = [line for line in lines[max(0, table.first - 1 - _MOST_LEVELS) : table.first - 1] if line.text.strip()]
    split = gapped_above(right_above, table.headings)
    if split is None and table.headings and not any(table.headings):
        above = _heading_lines(lines, table.first - 1, 0, -1)
        split = split_headings([(line.number, line.text) for line in above], len(table.headings))
        split = split if split is not None and _says_much(split.headings) else None
    if split is None:
        return
    # Words that gaps part have their places; what is cut from run-together words may stand over other columns.
    table.headings, table.cost = split.headings, max(split.cost, 0.0) or None
    table.stub = table.stub or split.stub
    table.used |= set(split.lines)
    table.caption = table.caption or _caption(lines, min(split.lines) - 1)


def _text_tables(lines: Sequence[Line]) -> list[FoundTable]:
    tables: list[FoundTable] = []
    position, floor = 0, 0
    while position < len(lines):
        block = _block(lines, position)
        if block is None:
            position += 1
            continue
        start, end = block
        before = tables[-1] if tables else None
        table = _read_block(lines, start, end, floor, before)
        if table is not None and (begins := _next_begins(table)) is not None:
            end = begins
            table = _read_block(lines, start, end, floor, before)
        if table is not None:
            tables.append(table)
            floor = max(end, *table.used)
        position = end
    return tables


def _next_begins(table: FoundTable) -> int | None:
    """Return the place of the line where another table begins among the rows of one: at a group that dates columns anew."""
    if not any(parse_heading(heading).period for heading in table.headings):
        return None
    for above, row in pairwise(table.rows):
        if row.group and row.group != above.group and parse_heading(row.group).period:
            return above.line
    return None


def _block(lines: Sequence[Line], start: int) -> tuple[int, int] | None:
    """Return (start, end) of the lines of a table whose first row is at `start`; None where no table starts there."""
    first = lines[start]
    if first.strength == 0:
        return None
    rows, end, waiting, position = 1, start + 1, 0, start + 1
    most, headed = first.counts[1], False
    while position < len(lines):
        line = lines[position]
        if not line.text.strip():
            position += 1
            if position - end > 14:
                break
            continue
        if waiting and line.strength and (_is_dated(line) != _is_dated(first) or (headed and line.counts[0] > most)):
            break
        if line.strength and _fits(first, line):
            rows, end, waiting, headed = rows + 1, position + 1, 0, False
            most = max(most, line.counts[1])
        elif (
            (line.is_sentence and not labels_numbers(lines, position))
            or line.heads_columns
            or _ends_list(first, lines, position)
            or (is_said("caption", line.text.strip()) and not lines[position - 1].text.strip())
        ):
            break
        else:
            waiting += 1
            headed = headed or line.is_heading
            if waiting > _MOST_LABEL_LINES:
                break
        position += 1
    strong = sum(line.strength == 2 for line in lines[start:end])
    if strong or rows >= 2:
        return start, end
    return None


def _ends_list(first: Line, lines: Sequence[Line], position: int) -> bool:
    """Tell whether a line of words behind a blank one ends a list with bullets: it is over the next one."""
    return first.is_bullet and not lines[position].is_bullet and not lines[position - 1].text.strip()


def _is_dated(row: Line) -> bool:
    """Tell whether a row's label is a time and nothing else: such rows and others behind a line of words are two tables."""
    return bool(row.label) and parse_heading(row.label).period is not None and len(row.label.split()) == 1


def _fits(first: Line, line: Line) -> bool:
    """Tell whether a line can belong to the table that `first` began: single cells join wide rows only where a gap parts them."""
    if line.strength == 2:
        return not (first.strength == 1 and line.counts[0] > 1 and first.counts[1] == 1)
    apart = bool(first.pieces and line.pieces and line.label)
    return apart or line.counts[1] >= 2 or first.counts[0] == 1 or line.run == (0, len(line.words))


def _read_block(lines: Sequence[Line], start: int, end: int, floor: int, previous: FoundTable | None) -> FoundTable | None:
    body = _as_printed([line for line in lines[start:end] if line.text.strip()])
    rows = [line for line in body if line.strength]
    listed = rows[0].is_bullet and all(line.counts[0] == 1 for line in rows)  # what stands over a list is of all of it
    above = [] if listed else _without_label(_heading_lines(lines, start, floor, -1), body)
    dated = all(map(_is_dated, rows))
    below = [] if dated else _heading_lines(lines, end - 1, len(lines), +1)
    tabbed = [line for line in rows if (line.pieces is not None and "\t" in line.text) or "|" in line.text]
    if len(tabbed) * 2 > len(rows):
        return _tabbed_table(lines, body, above, below)
    counts = _column_counts(body)
    if not counts:
        return None
    split = aligned_headings(above, rows) or gapped_headings(above, rows)
    of_times = _is_dated(rows[0]) and 2 * sum(map(_is_dated, rows)) > len(rows)
    split = split or (quantity_headings([(line.number, line.text) for line in above], counts) if of_times else None)
    split = split or _headings(above, below, counts, rows)
    near = previous is not None and lines[start].number - previous.last <= _MOST_LABEL_LINES + 3 and not dated
    used: set[int] = set()
    lost = split is None or not _says_much(split.headings)
    over = _caption(lines, start).split(" / ")[-1] if listed else ""
    if listed:
        headings, stub = [over if parse_heading(over).is_told else ""], ""
    elif previous is not None and near and lost and len(previous.headings) in counts:
        headings, stub = previous.headings, previous.stub
    elif split is None:
        headings, stub = [""] * min(counts, key=lambda count: counts[count]), ""
    else:
        headings, stub, used = split.headings, split.stub, set(split.lines)
    if len(headings) == 1 and not _single_column(rows) and not (any(row.label for row in rows) and _says_much(headings)):
        return None
    caption = _caption(lines, min([start, *(number - 1 for number in used)]))
    if used and all(line.strength for line in body):  # else it may be over the first rows only
        caption = " / ".join(filter(None, (caption, *(tidy(line.text) for line in lines[max(used) : start] if line.tells_day))))
    table = FoundTable([], headings, caption, stub, lines[start].number, lines[end - 1].number)
    table.cost = split.cost if split is not None and used else None
    table.rows = rows_of(body, table, lines, start, used)
    if not table.rows:
        return None
    table.used = used | {row.line for row in table.rows} | {cell.line for row in table.rows for cell in row.cells if cell}
    return table


def _headings(
    above: Sequence[Line], below: Sequence[Line], counts: Mapping[int, float], rows: Sequence[Line]
) -> HeadingSplit | None:
    """Return the cheapest reading of the lines around a table as its column headings; those above it go first.

    Where most rows end with words that are no figures, the last heading is of no column of figures.

    Parameters
    ----------
    counts : possible numbers of columns, each with a penalty.
    """
    tails = [len(row.tail.split()) for row in rows]
    remarked = 2 * sum(map(bool, tails)) > len(rows)
    texts_behind = 2 * sum(words > _LONGEST_REMARK for words in tails) > len(rows)
    dated = all(map(_is_dated, rows))
    best: tuple[float, HeadingSplit] | None = None
    # Below a table the levels may stand upside down as well: the lowest, which is each column's own, right under the figures.
    for source, near, dearer in ((above, -1, 0.0), (below, 0, _BELOW), (below[::-1], -1, _BELOW)):
        texts = [(line.number, line.text) for line in source]
        for count, penalty in counts.items():
            if dearer and count == 1:
                continue  # what stands below a single column begins something else
            whole = _without_last(split_headings(texts, count + 1, near), texts_behind) if remarked else None
            unnamed = _with_unnamed_last(split_headings(texts, count - 1, near), rows) if count > _FEWEST_COMPARED else None
            for split in filter(None, (whole or split_headings(texts, count, near), unnamed)):
                cost = split.cost + penalty + dearer + (0.0 if dated or _says_much(split.headings) else _SAYS_LITTLE)
                cost += _NO_STUB if dated and not _begins_columns(split.headings, source[near].text) else 0.0
                named = [place for place, text in enumerate(split.headings) if parse_heading(text).series in _DIFFERENCES]
                cost -= _SHOWN if _is_shown(named, count, rows) else 0.0
                if best is None or cost < best[0]:
                    best = (cost, split)
    return best[1] if best is not None else None


def _begins_columns(headings: Sequence[str], text: str) -> bool:
    """Tell whether a heading line has at most one word before its columns, as "År" over the years of the rows."""
    clean = tidy(text)
    return clean.startswith(headings[0]) or clean.partition(" ")[2].startswith(headings[0])


def _with_unnamed_last(split: HeadingSplit | None, rows: Sequence[Line]) -> HeadingSplit | None:
    """Return headings with an empty one more where the column behind them is the difference of two of theirs in all rows.

    A series that stands over no column shows that the headings are cut wrongly.
    """
    if (
        split is None
        or parse_heading(split.stub).series
        or not all(parse_heading(heading) != Heading() for heading in split.headings)
    ):
        return None
    last = len(split.headings)
    return replace(split, headings=[*split.headings, ""]) if _is_shown([last], last + 1, rows) else None


def _is_shown(named: Sequence[int], count: int, rows: Sequence[Line]) -> bool:
    """Tell whether the rows can be cut so that one of the columns named is the difference of two others in all."""
    if count > _MOST_SHOWN:
        return False
    if len(rows) < _FEWEST_SHOWN and not all(_sizes(row, count) for row in rows):
        return False
    ways = [[[parse_number(cell) for cell in way] for way in ways_to_cut(row, count)[:_MOST_SHOWN]] for row in rows]
    return any(
        all(any(holds(Relation("difference", a, b, place), way) for way in found) for found in ways)
        for place in named
        for a, b in combinations([other for other in range(count) if other != place], 2)
    )


def _sizes(row: Line, count: int) -> bool:
    """Tell whether a row can be cut in one way only, into numbers so large that a difference among them is no chance."""
    ways = ways_to_cut(row, count)
    numbers = [number for cell in ways[0] if (number := parse_number(cell))] if len(ways) == 1 else []
    return sum(abs(number.value) >= _LARGE for number in numbers) > 1


def _without_last(split: HeadingSplit | None, texts_behind: bool) -> HeadingSplit | None:
    """Return headings without the last one, where it heads remarks or texts behind the figures; None where it heads figures."""
    if split is None or not (texts_behind or is_said("remark_heading", split.headings[-1])):
        return None
    return replace(split, headings=split.headings[:-1])


def _as_printed(body: list[Line]) -> list[Line]:
    """Take each number for itself where thousands are not parted: rows of one length that print four digits in one piece."""
    if not any(is_long(word) for line in body if line.strength and line.run for word in line.words[slice(*line.run)]):
        return body
    apart = [replace(line, parts_thousands=False) for line in body]
    lengths = {line.counts for line in apart if line.strength and line.label}
    return apart if len(lengths) == 1 else body


def _says_much(headings: Sequence[str]) -> bool:
    """Tell whether most headings name a time, a series or a place; one place alone heads what is below it, not a column."""
    places = sum(places_in(heading) > 0 for heading in headings)
    return mostly_told(headings) or (places > 1 and 2 * places >= len(headings))


def _single_column(rows: Sequence[Line]) -> bool:
    return len(rows) >= 2 and all(len(row.label) > 2 and len(row.label.split()) <= 8 and row.label[:1].isupper() for row in rows)


def _heading_lines(lines: Sequence[Line], position: int, limit: int, step: int) -> list[Line]:
    """Return the lines next to a table that may hold its column headings, in reading order."""
    found: list[Line] = []
    index, blank = position + step, 0
    while (index >= limit if step < 0 else index < limit) and 0 <= index < len(lines) and len(found) < _MOST_HEADING_LINES:
        line = lines[index]
        index += step
        if not line.text.strip():
            blank += 1
            if blank > 6:
                break
            continue
        is_apart = line.tells_day or is_said("notice", line.text)
        over_places = step < 0 and any(each.heads_places for each in found[-1:]) and not line.heads_columns
        if line.is_title or is_said("footnote_line", line.text.strip()) or (is_apart and found) or over_places:
            break
        if is_said("caption", line.text.strip()) and (step > 0 or not heading_words(without_numbered(line.text))):
            break  # what stands below begins another table
        if is_apart:
            continue
        long_label = step < 0 and labels_numbers(lines, line.number - 1)
        if (line.is_sentence and not long_label) or (line.strength and any(c.isdigit() for c in line.text)):
            if step > 0 and found and not found[-1].heads_columns:
                found.pop()  # it is over what stands here
            break
        blank = 0
        found.append(line)
    return found[::-1] if step < 0 else found


def _without_label(above: list[Line], body: Sequence[Line]) -> list[Line]:
    """Return heading lines without the last where it labels the first row: as a line of words stands over each row of numbers."""
    alternate = all(bool(line.strength) != place % 2 for place, line in enumerate(body)) and bool(body[2:])
    bare = not any(line.label for line in body if line.strength)
    return above[:-1] if alternate and bare and above and heading_words(above[-1].text) <= 1 else above


def _column_counts(body: Sequence[Line]) -> dict[int, float]:
    """Return the possible numbers of columns, each with a penalty: rows that do not fit, cells cut finer than they must."""
    spans = _spans(body)
    if not spans:
        return {}
    lows = {count: [low for low, high, most in spans if low <= count <= most] for count in range(1, MOST_COLUMNS + 1)}
    filled = {count: sum(low <= count <= high for low, high, _ in spans) for count in lows}
    best = max(len(found) for found in lows.values())
    labelled = [row for row in body if row.strength and (row.label or row.counts[1] > 1)]
    open_rows = {count: sum(len(ways_to_cut(row, count)) > 1 for row in labelled) / (len(labelled) or 1) for count in lows}
    return {
        count: 6 * (1 - len(found) / best)
        + 0.15 * (count - sum(found) / len(found))
        + 0.2 * (1 - filled[count] / len(found))
        + _OPEN * open_rows[count]
        for count, found in lows.items()
        if len(found) * 2 > best
    }


def _spans(body: Sequence[Line]) -> list[tuple[int, int, int]]:
    """Return for every row the fewest cells, the most, and the most with the empty cells that its gaps may stand for.

    Lines of nothing but a cell that follow each other are taken together.
    """
    spans: list[tuple[int, int, int]] = []
    bare = labelled = False
    for row in body:
        low, high = row.counts
        if not row.strength:
            bare = False
            continue
        if low == 1 and not row.label and spans and (bare or labelled):
            before = spans[-1]
            added = (low, high, high) if bare else (0, 0, high)
            spans[-1] = (before[0] + added[0], before[1] + added[1], before[2] + added[2])
            continue
        inner, lost = row.empty_ends if row.pieces is None else (0, 0)
        spans.append((low, high, high + inner + min(lost, 2)))
        labelled, bare = bool(row.label), not row.label
    return spans


def _tabbed_table(lines: Sequence[Line], body: Sequence[Line], above: Sequence[Line], below: Sequence[Line]) -> FoundTable | None:
    rows = [line for line in body if line.strength]
    width = max(len(line.pieces or []) for line in rows)
    heads = [line for line in above if line.pieces is not None and len(line.pieces) > 1][-4:]
    labels = label_columns([line.pieces or [] for line in rows], width)
    headings = piece_headings([[_piece(line, i) for i in range(labels, width)] for line in heads], width - labels)
    stub = " ".join(filter(None, (_piece(line, 0) for line in heads)))
    used, cost = [line.number for line in heads], None
    if not any(headings) and (split := _headings(above, below, {width - labels: 0.0}, rows)):
        headings, stub, used, cost = split.headings, split.stub, split.lines, split.cost
    first = min([body[0].number, *used])
    table = FoundTable([], headings, _caption(lines, first - 1), stub, body[0].number, body[-1].number, cost=cost)
    group = None
    for line in body:
        pieces = line.pieces
        if pieces is None or not line.strength:
            text = " ".join(filter(None, pieces or [tidy(line.text)]))
            group = text if len(text) <= LONGEST_LABEL else group
            continue
        cells = [TextCell(_piece(line, i), line.number) for i in range(labels, width)]
        table.rows.append(FoundRow(" ".join(filter(None, pieces[:labels])), line.number, list(cells), group))
    table.used = {*used, *(line.number for line in body)}
    return table if table.rows else None


def _piece(line: Line, index: int) -> str:
    pieces = line.pieces or []
    return pieces[index] if index < len(pieces) else ""


def _caption(lines: Sequence[Line], before: int, taken: Collection[int] = ()) -> str:
    """Return the nearest lines above a table that could title it, down to those that are `taken` by another table's cells."""
    found: list[str] = []
    for line in reversed(lines[max(0, before - 8) : before]):
        text = tidy(line.text)
        if line.number in taken:
            break
        if not text:
            continue
        if line.is_title or ((line.is_sentence or line.strength) and not is_said("caption", text)):
            break
        if text.endswith(".") and any(above.number == line.number - 1 and above.is_sentence for above in lines[:before]):
            break  # the last words of a paragraph
        found.append(text)
        if len(found) >= 2:
            break
    return " / ".join(reversed(found))


def _mark_twice_printed(tables: list[FoundTable]) -> None:
    """Keep the first of two equal tables in a row, as a chart: a chart's text layer is printed twice."""
    for earlier, later in zip(list(tables), list(tables)[1:], strict=False):
        if _content(earlier) == _content(later)[: len(earlier.rows)]:
            earlier.kind = "chart"
            earlier.used |= later.used
            tables.remove(later)


def _content(table: FoundTable) -> list[tuple[str, list[str]]]:
    return [(row.label, [cell.text if cell else "" for cell in row.cells]) for row in table.rows]
