"""Running text of a page: lines in reading order, two columns of text one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from socialvolym.documents.pages.page_parts import Item, TextLine
from socialvolym.documents.pages.page_words import Line, text_of

#: Columns of running text: so many lines at least, and the blank strip between them so wide in line heights.
_PROSE_LINES = 5
_PROSE_GAP = 0.6
_PROSE_WORDS = 6


def running_text(lines: Sequence[Line]) -> Iterator[tuple[float, float, float, Item]]:
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
