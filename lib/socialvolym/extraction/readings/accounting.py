"""Accounting: every digit of a document is in a figure, in what could not be read, or in a kind of text that holds no figure."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from socialvolym.documents.document import Document
from socialvolym.extraction.text_lines import contents_lines, numbered_ends
from socialvolym.notation.numbers import RAISED, tidy
from socialvolym.vocabulary.phrases import phrases

#: Why a number is said and not read: no table row and no sentence has taken it, or it can be read in two ways.
LEFT_OVER = "in no table and no sentence that is understood"
#: Numbers of a clause in a cell of a table.
COMMENT = "a comment in the table; its numbers are not read"
ERROR = "an error of a formula, or a formula without a stored value: open the file in its program and save it again"
_TOO_LONG = "not one number: too many digits, or digits that do not belong together"
_COMMA = "the comma may part thousands or decimals"
_SIGN = "in brackets or before a minus: the number may be below zero"
#: What is taken out of a line leaves this, so that what stood on both sides of it does not become one.
_TAKEN = "\x00"
_NUMBER = re.compile(r"\(?[+-]?\d(?:[\d.,]| (?=\d{3}(?!\d)))*(?:[eE][+-]?\d+)?(?:-(?!\w))?\)?")
_ERROR = re.compile(r"#[A-ZÅÄÖ/0]{3,}[!?]?")
#: Years and days are said of figures and are none; so are digits that are stuck to letters (names, marks of footnotes).
_TIME = re.compile(r"(?<![\d,.])(?:19|20)\d\d(?:-\d\d){0,2}(?!\d|[,.]\d)")
_STUCK = re.compile(r"(?<=[^\W\d_])(?<!\d[eE])\d+(?!\w)")
_RAISED, _FLAT = str.maketrans("", "", RAISED), str.maketrans(RAISED, "0123456789")
_THREE_DECIMALS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+")
#: What is counted in whole numbers.
_WHOLE = {"persons", "households", "household_months", "count", "care_days", "days"}
#: So many words in a cell are a clause.
_SENTENCE = 4
_WORD = re.compile(r"[^\W\d_]{2,}")
#: Numbers of three digits or more, and no year, at the end of a label.
_AT_END = re.compile(
    r"(?:\s*\(?(?<![\d,.])(?!(?:19|20)\d\d$)[+-]?(?:\d{3,}|\d{1,3}(?: \d{3})+|\d+(?=[,.]\d))(?:[,.]\d+)?(?:[eE]\d+)?[\s%*)-]*)+$"
)
#: A number of so few digits in brackets is a mark.
_MARK = 2


def doubt(row: Mapping[str, Any], line: str) -> str | None:
    """Return why a figure that was read may be another one, so that it is said instead; None where it is plain.

    Parameters
    ----------
    row : a figure: value, unit, kind and published_as.
    line : on which it stands.
    """
    text = tidy(row["published_as"] or "")
    if row["value"] is not None and not math.isfinite(row["value"]):
        return _TOO_LONG
    if row["unit"] in _WHOLE and _THREE_DECIMALS.fullmatch(text):
        return _COMMA
    return _SIGN if row["kind"] == "text" and _is_perhaps_negative(text, tidy(line)) else None


def _is_perhaps_negative(text: str, line: str) -> bool:
    """Tell whether a number stands before a minus, or in brackets with no number beside them that it is compared with."""
    signs = _signs(text)
    if "-" in line and re.search(rf"(?<![\w.,+-]){signs}-(?=[\s,.;)]|$)", line):
        return True
    bracketed = re.search(rf"\(\s?{signs}\s?\)", line) if "(" in line else None
    if bracketed is None or sum(sign.isdigit() for sign in text) <= _MARK:
        return False
    return not re.search(r"\d", _TIME.sub("", re.sub(r"\([^()]*\)", "", line)))


def _signs(text: str) -> str:
    """Return a pattern for a text, whatever blanks are in it."""
    return r"\s?".join(re.escape(sign) for sign in text if sign != " ")


def without_sentence(text: str) -> str:
    """Return a cell's text; of one that holds a sentence only its numbers, for what is kept holds no sentence."""
    if len(_WORD.findall(text)) < _SENTENCE:
        return text
    return ", ".join(match[0].strip(" .,") for match in _NUMBER.finditer(tidy(text)))


def left_over(
    document: Document, figures: Iterable[Mapping[str, Any]], unread: Iterable[Mapping[str, Any]]
) -> Iterator[tuple[int, str]]:
    """Yield (line, number) for what is printed, neither read nor said to be unread, nor in text that holds no figures.

    That is also what lists the contents, and the numbers of pages.

    Parameters
    ----------
    figures : what was read: line, published_as, row_label, group, column_label.
    unread : what was said: line, text, row_label, column_label.
    """
    lines = document.lines
    taken: dict[int, list[str]] = defaultdict(list)
    for row in figures:
        taken[row["line"]].append(_as_on_line(tidy(row["published_as"] or ""), lines[row["line"] - 1]))
        taken[row["line"]].extend(_labels(row))
    for row in unread:
        text = tidy(row["text"] or "")
        taken[row["line"]] += [*([text] if text in tidy(lines[row["line"] - 1]) else text.split(", ")), *_labels(row)]
    without = contents_lines(lines) | numbered_ends(lines, document.pages)
    for number, line in enumerate(lines, start=1):
        if number not in without and ("#" in line or any(sign.isdigit() for sign in line)):
            yield from ((number, text) for text in _left(tidy(line.translate(_RAISED)), taken.get(number, ())))


def _as_on_line(text: str, line: str) -> str:
    """Return a figure without the raised mark of a footnote, or with that as the digit that it is on its line."""
    flat = text.translate(_FLAT)
    return flat if flat in tidy(line) else text.translate(_RAISED)


def _labels(row: Mapping[str, Any]) -> list[str]:
    """Return a row's labels that have digits; a longer number at the end of one is a figure that has stayed in it."""
    told = (_AT_END.sub("", tidy(str(row.get(name) or ""))) for name in ("row_label", "group"))
    return [text for text in told if any(sign.isdigit() for sign in text)]


def _left(line: str, taken: Iterable[str]) -> Iterator[str]:
    said = list(taken)
    yield from (match[0] for match in _ERROR.finditer(line) if match[0] not in said)
    line = _ERROR.sub(_TAKEN, line)
    kinds = [match.span() for phrase in phrases("not_figure") for match in phrase.pattern.finditer(line)]
    rest = list(line)
    for text in sorted(filter(None, said), key=len, reverse=True):
        start, end = _place("".join(rest), text, kinds)
        rest[start:end] = _TAKEN * (end - start)
    for start, end in kinds:
        rest[start:end] = _TAKEN * (end - start)
    bare = _STUCK.sub(_TAKEN, _TIME.sub(_TAKEN, "".join(rest)))
    yield from (match[0].strip() for match in _NUMBER.finditer(bare))


def _place(line: str, text: str, kinds: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Return where a text stands on a line, whatever blanks are in it: by itself, or else stuck to other digits.

    Where it stands twice, the place is meant that is not within text of a kind that holds no figure.
    """
    if (at := line.find(text)) >= 0 and line.replace(" ", "").count(text.replace(" ", "")) == 1:
        return at, at + len(text)
    signs = _signs(text)
    for pattern in (rf"(?<!\d){signs}(?!\d)", signs):
        places = [match.span() for match in re.finditer(pattern, line)]
        free = (place for place in places if not any(start <= place[0] and place[1] <= end for start, end in kinds))
        if places:
            return next(free, places[0])
    return 0, 0
