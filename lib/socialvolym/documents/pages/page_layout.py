"""The layout of a page: words with places become lines in reading order and tables, with or without ruling lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from socialvolym.documents.pages.page_columns import page_columns
from socialvolym.documents.pages.page_parts import BLANK_STEP, Item, TextLine
from socialvolym.documents.pages.page_rules import Rule, RuledTable, ruled_tables
from socialvolym.documents.pages.page_words import Line, Word, lines_of, text_of
from socialvolym.documents.pages.ruled_cells import ruled_part
from socialvolym.documents.pages.unruled_tables import table_spans, unruled_part
from socialvolym.sequences import runs_of

#: Columns of running text: so many lines at least, and the blank strip between them so wide in line heights.
_PROSE_LINES = 5
_PROSE_GAP = 0.6
_PROSE_WORDS = 6


def lay_out_page(words: Sequence[Word], rules: Iterable[Rule]) -> list[Item]:
    """Return a page's lines of text and tables in reading order; an empty line where the page leaves a gap."""
    tables = ruled_tables(rules)
    parts = [_lay_out(part, tables) for part in page_columns(words, tables) if part]
    return [item for number, part in enumerate(parts) for item in ([TextLine(""), *part] if number else part)]


def _lay_out(words: Sequence[Word], tables: Sequence[RuledTable]) -> list[Item]:
    found: list[tuple[float, float, float, Item]] = []
    rest = list(words)
    for table in tables:
        inside = [word for word in rest if table.holds(word.centre, word.middle)]
        part = ruled_part(table, inside)
        if part is not None:
            taken = set(map(id, inside))
            rest = [word for word in rest if id(word) not in taken]
            found.append((table.ys[0], table.ys[-1], 0.0, part))
    lines = lines_of(rest)
    barriers = sorted(top for top, _, _, _ in found)
    # A ruled table that stands between two lines parts them.
    for run in runs_of(lines, lambda run, line: not any(run[-1].top < barrier <= line.top for barrier in barriers)):
        found.extend(_run_items(run))
    return _in_order(found)


def _in_order(found: list[tuple[float, float, float, Item]]) -> list[Item]:
    """Put items in order of their tops, with an empty line where the page leaves a gap."""
    items: list[Item] = []
    last: float | None = None
    for top, bottom, height, item in sorted(found, key=lambda entry: entry[0]):
        if last is not None and height and top - last > (BLANK_STEP - 1) * height:
            items.append(TextLine(""))
        items.append(item)
        last = bottom
    return items


def _run_items(lines: list[Line]) -> Iterator[tuple[float, float, float, Item]]:
    """Yield (top, bottom, height, item) of the tables without ruling lines and the lines around them."""
    start = 0
    for first, last in table_spans(lines):
        part = unruled_part(lines[first:last])
        if part is None:
            continue
        yield from _running_text(lines[start:first])
        yield lines[first].top, lines[last - 1].bottom, 0.0, part
        start = last
    yield from _running_text(lines[start:])


def _running_text(lines: Sequence[Line]) -> Iterator[tuple[float, float, float, Item]]:
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
                    yield lines[start].top, lines[end - 1].bottom, 0.0, TextLine(text_of(words), tuple(words))
        start = end


def _text_columns(lines: Sequence[Line], start: int) -> tuple[int, float | None]:
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
