"""What a page is laid out as: lines of text, and tables of slots."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from socialvolym.documents.builder import Slot
from socialvolym.documents.pages.page_words import Word, text_of

#: A larger step from line to line, in heights of a line, leaves a blank line.
BLANK_STEP = 1.9
#: A hyphen at a line's end inside a word, unlike one that stands for a part of a word before "och".
_BROKEN_WORD = re.compile(r"(?<=[a-zåäö]{2})- (?=[a-zåäö])(?!(?:och|eller|samt|respektive|till)\b)")


@dataclass(frozen=True)
class TablePart:
    """A table, or the part of it that stands on one page: rows of slots, the extents of its columns, its top."""

    rows: list[list[Slot]]
    columns: list[tuple[float, float]]
    top: float


class TextLine(NamedTuple):
    """A line of text with its words; of an empty line neither."""

    text: str
    words: tuple[Word, ...] = ()


Item = TextLine | TablePart


def slots(cells: dict[tuple[int, int], list[Word]], width: int) -> list[Slot]:
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
        slots.append(slot(words, last - first + 1))
        column = last + 1
    slots.extend(Slot("") for _ in range(width - column))
    return slots


def slot(words: Sequence[Word], columns: int = 1, rows: int = 1) -> Slot:
    """Return the cell of some words, which may go over several columns and rows."""
    if not words:
        return Slot("", columns, rows)
    if len(words) == 1:
        return Slot(words[0].text, columns, rows, words[0][1:])
    _, lefts, tops, rights, bottoms = zip(*words, strict=True)
    return Slot(_BROKEN_WORD.sub("", text_of(words)), columns, rows, (min(lefts), min(tops), max(rights), max(bottoms)))
