"""The layout of a page: words with places become lines in reading order and tables, with or without ruling lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from socialvolym.documents.pages.page_parts import BLANK_STEP, Item, TextLine
from socialvolym.documents.pages.page_rules import Rule, ruled_tables
from socialvolym.documents.pages.page_words import Line, Word, lines_of
from socialvolym.documents.pages.ruled_cells import ruled_part
from socialvolym.documents.pages.running_text import running_text
from socialvolym.documents.pages.unruled_tables import table_spans, unruled_part


def lay_out_page(words: Sequence[Word], rules: Iterable[Rule]) -> list[Item]:
    """Return a page's lines of text and tables in reading order; an empty line where the page leaves a gap."""
    found: list[tuple[float, float, float, Item]] = []
    rest = list(words)
    for table in ruled_tables(rules):
        inside = [word for word in rest if table.holds(word.centre, word.middle)]
        part = ruled_part(table, inside)
        if part is not None:
            taken = set(map(id, inside))
            rest = [word for word in rest if id(word) not in taken]
            found.append((table.ys[0], table.ys[-1], 0.0, part))
    lines = lines_of(rest)
    barriers = sorted(top for top, _, _, _ in found)
    for run in _runs(lines, barriers):
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


def _runs(lines: Sequence[Line], barriers: Sequence[float]) -> Iterator[list[Line]]:
    """Cut a page's lines where a ruled table stands between them."""
    run: list[Line] = []
    for line in lines:
        if run and any(run[-1].top < barrier <= line.top for barrier in barriers):
            yield run
            run = []
        run.append(line)
    if run:
        yield run


def _run_items(lines: list[Line]) -> Iterator[tuple[float, float, float, Item]]:
    """Yield (top, bottom, height, item) of the tables without ruling lines and the lines around them."""
    start = 0
    for first, last in table_spans(lines):
        part = unruled_part(lines[first:last])
        if part is None:
            continue
        yield from running_text(lines[start:first])
        yield lines[first].top, lines[last - 1].bottom, 0.0, part
        start = last
    yield from running_text(lines[start:])
