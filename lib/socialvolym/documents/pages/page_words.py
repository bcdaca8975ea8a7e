"""Words of a page on lines: cut into chunks at wide gaps, with what can be said of a line by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from socialvolym.notation.periods import YEAR, parse_heading

#: All in heights of a line of text (about 1.15 times the font's size).
_SAME_LINE = 0.4
_CHUNK_GAP = 0.62
_NUMBER_GAP = 0.45
NO_GAP = 0.1
_LEAST_WIDE = 0.3
BLANK = 0.27
#: A gap so many times as wide as the closest blank on its line is a wide one.
_WIDE_GAP = 1.7
#: Lines with so few gaps are not stretched to the margin, so their blanks are not wider than usual.
_UNSTRETCHED = 3
_MOST_BLANKS = 4
#: So many years in a row beside other texts are headings.
_SOME_YEARS = 2
_NUMERIC = re.compile(
    r"^[(<>≤≥~±+\-–−]?\s?\d[\d\s\u00a0.,:/–-]*\)?\s?(?:%|‰|kr|tkr|mnkr|mkr|st|[*⁰¹²³⁴⁵⁶⁷⁸⁹⁾)])*\d?$", re.IGNORECASE
)
_MARKS = {"-", "–", "—", "−", "--", "*", "**", "x", "n/a", "..", "e/t", "…"}
#: Amounts in kronor of less than a thousand million: so many digits has the longest number that is broken over lines.
_MOST_DIGITS = 9
_THOUSANDS = re.compile(r"^[-–−+]?\d{1,3}(?: \d{3})+(?:,\d+)?(?: ?%)?$")
_YEARS = re.compile(rf"^{YEAR}(?:\s?[-–/]\s?(?:{YEAR}|\d\d))?$")
LEADERS = re.compile(r"\.{4,}|…{2,}|_{4,}")


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


@dataclass
class Line:
    """Words on one line, from left to right, cut into chunks at wide gaps."""

    words: list[Word]
    chunks: list[list[Word]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Measure the line and cut it at its wide gaps."""
        self.top = min(word.top for word in self.words)
        self.bottom = max(word.bottom for word in self.words)
        self.height = max(word.height for word in self.words)
        self.set_chunks(list(_chunks(self.words, self.height)))

    def set_chunks(self, chunks: list[list[Word]]) -> None:
        """Take the words as cut in another way."""
        self.chunks = chunks
        self.numeric = [is_numeric(chunk) for chunk in chunks]

    @property
    def text(self) -> str:
        """The line's text; a gap wider than the line's blanks is as many blanks as fit in it, up to a few."""
        gaps = [after.left - before.right for before, after in pairwise(self.words)]
        blank = min((gap for gap in gaps if gap > NO_GAP * self.height), default=self.height)
        if len(gaps) <= _UNSTRETCHED:
            blank = min(blank, BLANK * self.height)
        wide = max(_WIDE_GAP * blank, _LEAST_WIDE * self.height)
        return self.words[0].text + "".join(
            " " * (min(_MOST_BLANKS, round(gap / blank)) if gap > wide else 1) + word.text
            for gap, word in zip(gaps, self.words[1:], strict=True)
        )

    @property
    def is_body(self) -> bool:
        """A row of a table: figures, each on its own, beside a label or each other."""
        return len(self.chunks) > 1 and any(self.numeric[1:]) and not any(LEADERS.search(word.text) for word in self.words)

    @property
    def has_years_only(self) -> bool:
        """A row whose figures are years, all its texts or several of them, as over the columns of a table."""
        figures = [
            _YEARS.match(text_of(chunk)) for chunk, numeric in zip(self.chunks[1:], self.numeric[1:], strict=True) if numeric
        ]
        return bool(figures) and all(figures) and len(figures) >= min(len(self.chunks) - 1, _SOME_YEARS)

    @property
    def is_heading(self) -> bool:
        """A line over the columns of a table: years, or two texts or more that say a period or a series, and no figure."""
        if any(self.numeric[1:]):
            return self.has_years_only
        return sum(parse_heading(text_of(chunk)).is_told for chunk in self.chunks) > 1


def text_of(words: Iterable[Word]) -> str:
    """Return the text of words with a blank between them."""
    return " ".join(word.text for word in words)


def is_numeric(chunk: Sequence[Word]) -> bool:
    """Tell whether a text is a figure or what stands in the place of one."""
    text = text_of(chunk)
    return text.lower() in _MARKS or bool(_NUMERIC.match(text))


def is_broken_number(texts: Sequence[str]) -> bool:
    """Tell whether texts below each other are one number, broken at the blanks between its thousands.

    Two numbers of six digits below each other are two rows' (`868 400` over `178 300`).
    """
    whole = " ".join(texts)
    return bool(_THOUSANDS.match(whole)) and sum(map(str.isdigit, whole.partition(",")[0])) <= _MOST_DIGITS


def lines_of(words: Iterable[Word]) -> list[Line]:
    """Return the lines of a page from top to bottom."""
    return sorted((Line(group) for group in grouped(words)), key=lambda line: line.top)


def grouped(words: Iterable[Word]) -> list[list[Word]]:
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


def extent(words: Sequence[Word]) -> tuple[float, float]:
    """Return the left and right edge of words."""
    return min(word.left for word in words), max(word.right for word in words)
