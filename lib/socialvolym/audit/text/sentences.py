"""Sentences: a document's text cut into sentences that know on which line each of their characters stands."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from socialvolym.notation.numbers import tidy

#: Numbers and texts of the filled lines.
Lines = Sequence[tuple[int, str]]

_END = re.compile(r"[.!?](?= +[A-ZÅÄÖ]|$)")


@dataclass(frozen=True)
class Sentence:
    """A sentence, where it begins in the joined text, and where the lines of that text begin."""

    text: str
    begin: int
    starts: Sequence[int]
    lines: Lines

    def line(self, place: int) -> int:
        """Return the line on which the character at a place of the sentence stands."""
        return self.lines[bisect_right(self.starts, self.begin + place) - 1][0]


def sentences(lines: Lines) -> Iterator[Sentence]:
    """Return the sentences of filled lines; a heading belongs to the sentence after it."""
    starts: list[int] = []
    length = 0
    for _, line in lines:
        starts.append(length)
        length += len(line) + 1
    text = "".join(f"{line} " for _, line in lines)
    begin = 0
    for end in [*(match.end() for match in _END.finditer(text)), len(text)]:
        if end > begin:
            yield Sentence(text[begin:end], begin, starts, lines)
        begin = end


def filled_lines(lines: Sequence[str]) -> Lines:
    """Return the lines that are not empty, with their numbers."""
    return [(number, line) for number, text in enumerate(lines, start=1) if (line := tidy(text))]


def paragraphs(lines: Sequence[str]) -> Iterator[Lines]:
    """Return the runs of filled lines."""
    numbered = ((number, tidy(text)) for number, text in enumerate(lines, start=1))
    for filled, run in groupby(numbered, key=lambda entry: bool(entry[1])):
        if filled:
            yield list(run)
