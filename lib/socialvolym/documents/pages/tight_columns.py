"""Tight columns: figures that stand more closely than words, cut at the right edges that the rows of their table share."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from socialvolym.documents.pages.page_words import Line, Word, text_of

#: Rows that must share an edge before it is one of a column.
_FEWEST_ROWS = 3
#: How far an edge may be from that of another row, in points, and from the end of a digit, as a share of its width.
_SAME_EDGE, _OFF_DIGIT = 1.0, 0.25
_FIGURE = re.compile(r"[-–−+]?(?:\d+|\d{1,3}(?: \d{3})+)(?:,\d+)?(?: ?%)?$")
_THREE_DIGITS = re.compile(r"\d{3}(?!\d)")
_DIGITS = re.compile(r"\d+$")


def part_at_edges(lines: Sequence[Line]) -> list[Line]:
    """Return the lines of a table with their figures cut at the edges of columns, where that leaves whole figures everywhere."""
    body = [line for line in lines if line.is_body]
    if len(body) < _FEWEST_ROWS or all(len(chunk) == 1 for line in body for chunk in line.chunks[1:]):
        return list(lines)
    edges = [edge for edge in _edges(body) if not all(_goes_on(line, edge) for line in body)]
    cut = {id(line): list(_cut(line, edges)) for line in body}
    figures = [text_of(chunk) for chunks in cut.values() for chunk in chunks[1:]]
    if len(edges) < 2 or not all(_FIGURE.match(figure) for figure in figures):
        return list(lines)
    return [_of_chunks(cut[id(line)]) if id(line) in cut else line for line in lines]


def _edges(body: Sequence[Line]) -> list[float]:
    """Return the right edges of words that every row has, at the end of a word or of a digit in it."""
    found: list[float] = []
    for word in (word for chunk in body[-1].chunks[1:] for word in chunk):
        if all(any(_ends_at(other, word.right) for chunk in line.chunks[1:] for other in chunk) for line in body):
            found.append(word.right)
    return found


def _ends_at(word: Word, edge: float) -> bool:
    return abs(word.right - edge) <= _SAME_EDGE or _digits_before(word, edge) > 0


def _digits_before(word: Word, edge: float) -> int:
    """Return how many digits of a number in one piece stand before an edge inside it; 0 where it falls into a digit."""
    if not _DIGITS.match(word.text) or not word.left < edge < word.right:
        return 0
    place = (edge - word.left) / (word.right - word.left) * len(word.text)
    return round(place) if abs(place - round(place)) <= _OFF_DIGIT and 0 < round(place) < len(word.text) else 0


def _goes_on(line: Line, edge: float) -> bool:
    """Tell whether three digits follow an edge, so that it may part the thousands of one number."""
    behind = (word for chunk in line.chunks[1:] for word in chunk if word.right > edge + _SAME_EDGE)
    after = next((word.text[_digits_before(word, edge) :] for word in behind), "")
    return bool(_THREE_DIGITS.match(after))


def _cut(line: Line, edges: Sequence[float]) -> Iterator[list[Word]]:
    """Yield the label of a row and its figures, a new one behind each edge and behind each wide gap."""
    yield line.chunks[0]
    for chunk in line.chunks[1:]:
        figure: list[Word] = []
        for piece in (piece for word in chunk for piece in _pieces(word, edges)):
            figure.append(piece)
            if any(abs(piece.right - edge) <= _SAME_EDGE for edge in edges):
                yield figure
                figure = []
        if figure:
            yield figure


def _pieces(word: Word, edges: Sequence[float]) -> Iterator[Word]:
    """Yield a word's parts before and behind the edges that fall between its digits."""
    for edge in edges:
        count = _digits_before(word, edge)
        if count and word.right - edge > _SAME_EDGE:
            yield Word(word.text[:count], word.left, word.top, edge, word.bottom)
            word = Word(word.text[count:], edge, word.top, word.right, word.bottom)
    yield word


def _of_chunks(chunks: list[list[Word]]) -> Line:
    cut = Line([word for chunk in chunks for word in chunk])
    cut.set_chunks(chunks)
    return cut
