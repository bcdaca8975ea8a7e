"""Flat tables: tables that a text layer ran together on one line, their labels first and then their values, column by column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from socialvolym.documents.document import Grid, GridCell
from socialvolym.notation.numbers import parse_number, tidy
from socialvolym.notation.periods import parse_heading
from socialvolym.vocabulary.phrases import is_said

_VALUE = r"(?:[-+]\s?)?\d{1,4}(?:,\d+)?(?:\s?(?:mnkr|mkr|tkr|kr|%)(?!\w))?"
#: So many values at least stand one after the other.
_VALUES = re.compile(rf"(?<![\w,.]){_VALUE}(?:\s{_VALUE}){{3,}}(?![\w,]|\.\d)")
_EACH = re.compile(_VALUE)
#: A label begins with a capital letter, perhaps with an abbreviation; what the labels are of ends with the sentence before them.
_LABELS = re.compile(r"\s(?=[A-ZÅÄÖ][a-zåäö])"), re.compile(r"\s(?=[A-ZÅÄÖ])")
#: What stands before a word that something is held against, and not told as: "över budget".
_SET_AGAINST = re.compile(r"över|under|mot|än|enligt|med|inom", re.IGNORECASE)
_CAPTION_END = re.compile(r".*(?:[.!?:]\s|^)(?=[A-ZÅÄÖ])", re.DOTALL)


@dataclass(frozen=True)
class FlatTable:
    """A table on a line: its headings, labels and columns as printed, what stands before it, and the line without it."""

    headings: tuple[str, ...]
    labels: tuple[str, ...]
    columns: tuple[tuple[str, ...], ...]
    caption: str
    rest: str

    def as_grid(self, line: int) -> Grid:
        """Return the table as a grid of cells that stand on a line of the document."""
        rows = [("", *self.headings), *zip(self.labels, *self.columns, strict=True)]
        return Grid([[GridCell(text, line) for text in row] for row in rows], heading_rows=1, caption=self.caption)


@lru_cache(maxsize=1024)
def flat_table(text: str) -> FlatTable | None:
    """Return the table that a line holds among its text; None where it holds none.

    Each column has as many values as there are labels, under a heading of its own where there are several, and the last value is
    the sum of the others: without that nothing tells where one label ends and the next begins.
    """
    runs = list(_VALUES.finditer(text))
    if not runs:
        return None
    columns = [tuple(map(tidy, _EACH.findall(run[0]))) for run in runs]
    caption = match[0] if (match := _CAPTION_END.match(text[: runs[0].start()])) else ""
    leading = text[len(caption) : runs[0].start()].strip()
    between = [text[run.end() : after.start()].strip() for run, after in pairwise(runs)]
    first = leading.rpartition(" ")[2]
    headings = (first, *between) if between else (_told_over(caption),)
    labels = _labels(leading.removesuffix(first) if between else leading, len(columns[0]))
    told = not between or all(parse_heading(heading).is_told for heading in headings)
    alike = labels and {len(column) for column in columns} == {len(labels)}
    if not (told and alike and is_said("sum_heading", labels[-1]) and all(map(_adds_up, columns))):
        return None
    return FlatTable(headings, labels, tuple(columns), caption.strip(), f"{caption}{text[runs[-1].end() :].strip()}")


def _labels(text: str, count: int) -> tuple[str, ...]:
    """Return so many labels that a text lists, without the word over them; empty where it lists another number.

    The first may hold two capital letters: what is listed before the sum is then one too many.
    """
    listed = [pattern.split(text.strip()) for pattern in _LABELS]
    named = [pieces[1:] if is_said("stub_word", pieces[0]) else pieces for pieces in listed]
    exact = next((pieces for pieces in named if len(pieces) == count), [])
    merged = next(([" ".join(pieces[:2]), *pieces[2:]] for pieces in named if len(pieces) == count + 1), [])
    return tuple(exact or merged)


def _told_over(caption: str) -> str:
    """Return the first word of the last sentence before a table that names a series, for a column without a heading.

    What it goes over or under, or is set against, names none; "helåret" does only where nothing else does.
    """
    last = re.split(r"[.!?:]\s+(?=[A-ZÅÄÖ])", caption.strip())[-1]
    words = ["", *last.split()]
    named = [word for before, word in pairwise(words) if parse_heading(word).series and not _SET_AGAINST.fullmatch(before)]
    return next((word for word in named if parse_heading(word).series != "outturn"), named[0] if named else "")


def flat_grids(lines: Sequence[str]) -> list[Grid]:
    """Return the tables that lines of a document hold among their text."""
    return [table.as_grid(number) for number, line in enumerate(lines, start=1) if (table := flat_table(line))]


def _adds_up(column: Sequence[str]) -> bool:
    """Tell whether the last value of a column is the sum of the others, within their rounding."""
    numbers = [parse_number(re.sub(r"(?<=[-+])\s|\s?[a-z%]+$", "", text)) for text in column]
    known = [number for number in numbers if number is not None]
    slack = sum(number.half_step for number in known)
    return len(known) == len(numbers) and abs(sum(number.value for number in known[:-1]) - known[-1].value) <= slack + 1e-9
