"""Paragraphs: the lines of running text joined, and the sentences that they hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from socialvolym.notation.numbers import tidy
from socialvolym.vocabulary.phrases import is_said

_SENTENCE = re.compile(
    r"(?<=[a-zåäöA-ZÅÄÖ0-9%)”\"])[.!?][)\u00b9\u00b2\u00b3\u2074]?(?=\s+[A-ZÅÄÖ”\"•\uf0b7(-]|\s*$)"
    r"|(?:(?<=[a-zåäö]{2})|(?<=[A-ZÅÄÖ]{3})|(?<=\))|(?<=[%\d]))\."
    r"(?=\s\d[\d ]*(?:,\d+)?\s(?:%|[a-zåäö]{3,})|\s\d\s[A-ZÅÄÖ][a-zåäö])"
    r"|(?<=\s)[•\uf0b7](?=\s)"
)
_ABBREVIATION = re.compile(
    r"\b(?:ca|bl\.a|t\.ex|m\.m|d\.v\.s|dvs|kap|resp|jmf|inkl|exkl|nr|st|kl|max|ev|mån|enl|ung|uppsk|prel|min|ack|avv|prog|progn|föreg|jfr|f\.d|s\.k|c:a|fg)$",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÅÄÖ])")
_INITIAL = re.compile(r"(?<![A-ZÅÄÖ])[A-ZÅÄÖ]$")
_BULLET = re.compile(r"^\s*[•\uf0b7*-]\s|^\s*[\u2013]\s")
#: No sentence is longer, in characters.
_LONGEST_SENTENCE = 700
#: A line this long was broken because it was full.
_FULL_LINE = 60
#: Lines from one line of a sentence to its next, at most.
_WIDEST_GAP = 3


@dataclass(frozen=True)
class Paragraph:
    """Lines of running text, joined; `starts` gives for each line its number and where it begins in the text.

    `lead` is how much of the text only leads to it: the sentence before a list, whose own figures are read elsewhere.
    """

    text: str
    starts: tuple[tuple[int, int], ...]
    lead: int = 0

    def line_at(self, offset: int) -> int:
        """Return the line that an offset of the text stands on."""
        return max(((begin, number) for number, begin in self.starts if begin <= offset), default=(0, self.starts[0][0]))[1]


def paragraphs(lines: Sequence[tuple[int, str]]) -> Iterator[Paragraph]:
    """Join lines (number, text) into paragraphs: at blank lines, bullets and lines after a full stop a new one begins."""
    gathered: list[tuple[int, str]] = []
    blank = False
    for number, text in lines:
        clean = tidy(text)
        if not clean:
            blank = True
            continue
        if gathered and (_BULLET.match(text) or not _continues(gathered[-1], number, clean, blank)):
            yield _paragraph(gathered)
            gathered = []
        gathered.append((number, clean))
        blank = False
    if gathered:
        yield _paragraph(gathered)


def is_bullet(line: str) -> bool:
    """Tell whether a line begins an item of a list."""
    return _BULLET.match(line) is not None


def led(paragraph: Paragraph, before: Paragraph | None) -> Paragraph:
    """Return an item of a list with the sentence before it that leads to the list: "Antal personer den 31 december: - LSS 41".

    A paragraph without a bullet is such a list where the colon stands right before it.
    """
    if before is None or not before.text.endswith(":"):
        return paragraph
    mark = _BULLET.match(paragraph.text)
    if mark is None and paragraph.starts[0][0] - before.starts[-1][0] > _WIDEST_GAP:
        return paragraph
    lead, bullet = _SENTENCE_END.split(before.text)[-1] + " ", mark.end() if mark else 0
    shift = len(lead) - bullet
    return Paragraph(lead + paragraph.text[bullet:], tuple((line, at + shift) for line, at in paragraph.starts), len(lead))


def _continues(previous: tuple[int, str], number: int, text: str, blank: bool) -> bool:
    """Tell whether a line continues the line before it, over a blank line only in the middle of a sentence."""
    if not blank:
        return not _closed(previous[1], text)
    open_end = not re.search(r"[.!?:]$", previous[1])
    return (
        open_end
        and number - previous[0] <= _WIDEST_GAP
        and (text[:1].islower() or (len(previous[1]) > _FULL_LINE and not text[:1].isupper()))
    )


def _closed(previous: str, text: str) -> bool:
    """Tell whether a line cannot continue the line before it: that line was short and this one begins anew."""
    return (
        len(previous) < _FULL_LINE
        and (text[:1].isupper() or text[:1].isdigit())
        and not (previous.endswith((",", "-")) or is_said("open_end", previous))
    )


def _paragraph(lines: Sequence[tuple[int, str]]) -> Paragraph:
    text, starts = "", []
    for number, line in lines:
        if text.endswith("-") and line[:1].islower() and not line.startswith(("och ", "eller ")):
            text = text[:-1]
        elif text:
            text += " "
        starts.append((number, len(text)))
        text += line
    return Paragraph(text, tuple(starts))


def sentences(paragraph: Paragraph) -> Iterator[tuple[int, str]]:
    """Yield the sentences of a paragraph, each with the offset at which it begins."""
    text = paragraph.text
    ends = [match.end() for match in _SENTENCE.finditer(text) if not _ends_nothing(text[: match.start()])]
    begin = 0
    for end in _bounded([*ends, len(text)], text):
        yield begin, text[begin:end]
        begin = end


def sentence_of(lines: Sequence[str], places: Iterable[tuple[int, str]]) -> list[str]:
    """Return the sentence that each figure (its line, and what is printed) stands in; the whole line where none is found.

    Examples
    --------
    >>> sentence_of(["Kostnaden var 4", "mkr. Den ökar."], [(1, "4"), (2, "Den")])
    ['Kostnaden var 4 mkr.', 'Den ökar.']
    """
    found = {line: paragraph for paragraph in paragraphs(list(enumerate(lines, start=1))) for line, _ in paragraph.starts}
    return [_sentence(found[line], line, tidy(text)) if line in found else tidy(lines[line - 1]) for line, text in places]


def _sentence(paragraph: Paragraph, line: int, text: str) -> str:
    """Return the first sentence of a paragraph that has a text and is on a line, in whole or in part."""
    first = dict(paragraph.starts)[line]
    last = next((at for number, at in paragraph.starts if number > line), len(paragraph.text))
    own = [one for begin, one in sentences(paragraph) if begin < last and begin + len(one) > first]
    return next((one for one in own if text in one), " ".join(own)).strip()


def _bounded(ends: Sequence[int], text: str) -> Iterator[int]:
    """Yield the ends of sentences; what is longer than any sentence is cut at a blank, so that no text takes for ever."""
    begin = 0
    for end in ends:
        while end - begin > _LONGEST_SENTENCE:
            blank = text.rfind(" ", begin + 1, begin + _LONGEST_SENTENCE)
            begin = blank if blank > 0 else begin + _LONGEST_SENTENCE
            yield begin
        yield end
        begin = end


def _ends_nothing(before: str) -> bool:
    """Tell whether a full stop belongs to an abbreviation or to a list number."""
    return (
        _ABBREVIATION.search(before) is not None
        or _INITIAL.search(before) is not None
        or re.fullmatch(r"\W*\d{1,2}", before) is not None
    )
