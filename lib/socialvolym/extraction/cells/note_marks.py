"""Note marks: digits of footnotes and figures in brackets set behind a figure, and what notes say of the figures of a row."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from statistics import median

from socialvolym.extraction.cells.found_tables import FoundTable, TextCell
from socialvolym.extraction.prose.bracket_notes import Brackets, brackets_of
from socialvolym.extraction.text_lines import BRACKETED
from socialvolym.notation.numbers import RAISED, parse_number, tidy
from socialvolym.notation.periods import ANY_YEAR
from socialvolym.vocabulary.phrases import phrases

#: The notes of a table begin so many lines below it at most.
_BELOW = 3
#: So many lines below a table its notes may be.
_LONGEST_NOTES = 8
_NOTE = re.compile(r"^(\d)\)? (?=[A-ZÅÄÖ])")
#: A note by its mark, and where a row or its remark points to one.
_MARKED = re.compile(rf"^\W*(?P<mark>[A-Z]|\d|[{RAISED}])[.):]?\s+(?P<text>\S.+)")
_POINTS = re.compile(rf"\bnot(?:en)?:? (?P<mark>[A-Z]|\d)\b|(?<=[^\W\d])(?P<stuck>\d|[{RAISED}])\)?$")
_FLAT = str.maketrans(RAISED, "0123456789")
_MARK = re.compile(r"(?<=[^\W\d])(\d)(?!\S)")
#: A figure with its mark is so many times further from the others of its row, as a logarithm, than without it: a digit more makes
#: ten times as much.
_FURTHER = 1.5
#: So many cells of a column with brackets make two columns of it.
_FEWEST_BRACKETS = 2
#: An aside of a caption that tells what the brackets hold.
_ASIDE = re.compile(r"\s*\([^()]*\bparentes[^()]*\)")


def take_note_marks(table: FoundTable, lines: Sequence[str]) -> None:
    """Take the marks of a table's notes from its figures: those that no label has and that one figure ends in as in none else.

    Without the mark that figure is like the others of its row, and with it ten times as large.

    Parameters
    ----------
    lines : of the document, its notes numbered 1, 2, 3 below the table.
    """
    notes = list(_notes(table, lines))
    texts = [*table.headings, table.caption, *(text for row in table.rows for text in (row.label, row.group or ""))]
    marked = {mark for text in texts for mark in _MARK.findall(text)}
    if not marked:
        return  # notes that no label points to may be a list
    for mark in (note for note in notes if note not in marked):
        found = [(row, at) for row in table.rows for at in range(len(row.cells)) if _has_mark(row.cells, at, mark)]
        if len(found) == 1:
            row, at = found[0]
            cell = row.cells[at]
            assert cell is not None
            row.cells[at] = TextCell(f"{cell.text[:-1]}{RAISED[int(mark)]}", cell.line)


def replaced_years(table: FoundTable, lines: Sequence[str]) -> dict[int, set[str]]:
    """Return the years, by the line of a row, whose figure is the one that an earlier report gave, as a note of the row says.

    "Se not A", and below the table "A. Värdet för 2022 är det som redovisades i bokslutet; serien har räknats om".
    """
    said: dict[str, set[str]] = {}
    for line in lines[table.last : table.last + _LONGEST_NOTES]:
        note = _MARKED.match(tidy(line))
        if note and (
            told := next((one for phrase in phrases("replaced_note") if (one := phrase.pattern.search(note["text"]))), None)
        ):
            said[note["mark"].translate(_FLAT)] = set(ANY_YEAR.findall(note["text"][: told.start()]))
    found: dict[int, set[str]] = {}
    for row in table.rows if said else ():
        texts = [row.label, *(cell.text for cell in row.cells if cell)]
        marks = [(point["mark"] or point["stuck"]).translate(_FLAT) for text in texts if (point := _POINTS.search(text))]
        found[row.line] = set().union(*(said.get(mark, set()) for mark in marks))
    return found


def _notes(table: FoundTable, lines: Sequence[str]) -> Iterator[str]:
    """Yield the numbers of the notes below a table, one after the other; a note may go on over lines."""
    expected, waited = 1, 0
    for line in lines[table.last :]:
        note = _NOTE.match(tidy(line))
        if note and int(note[1]) == expected:
            yield note[1]
            expected, waited = expected + 1, 0
        else:
            waited += 1
        if waited > _BELOW:
            return


def _has_mark(cells: Sequence[TextCell | None], at: int, mark: str) -> bool:
    """Tell whether a figure ends in a mark: it is like the others of its row only without it."""
    cell = cells[at]
    others = [number.value for place, other in enumerate(cells) if place != at and other and (number := parse_number(other.text))]
    if cell is None or not cell.text.endswith(mark) or len(others) < len("ab"):
        return False
    usual = median(map(abs, others))
    whole, bare = parse_number(cell.text), parse_number(cell.text[:-1])
    if not usual or whole is None or bare is None or not bare.value or whole.decimals:
        return False
    apart, close = (abs(math.log(abs(number.value) / usual)) for number in (whole, bare))
    return apart > close + _FURTHER


def part_brackets(table: FoundTable, lines: Sequence[str]) -> None:
    """Make two columns of each that has figures in brackets behind its own, where the document tells what these are."""
    note = next((text for text in (table.caption, table.stub, *table.headings) if _says_brackets(text)), "")
    told = _heading_of(brackets_of([note] if note else lines))
    places = [place for place in range(len(table.headings)) if _is_bracketed(table, place)]
    if not told or not places:
        return
    for place in reversed(places):
        heading = table.headings[place]
        other = f"{told} {' '.join(ANY_YEAR.findall(heading))}" if told == "Budget" else f"{ANY_YEAR.sub('', heading)} {told}"
        table.headings[place + 1 : place + 1] = [tidy(other)]
        for row in table.rows:
            if len(row.cells) > place:
                row.cells[place : place + 1] = _parted(row.cells[place])
    table.caption = _ASIDE.sub("", table.caption)


def _says_brackets(text: str) -> bool:
    return bool(phrases("bracket_note")[0].pattern.search(text))


def _heading_of(brackets: Brackets) -> str:
    """Return the heading of the column that brackets are; empty where nothing is said of them."""
    if brackets == Brackets() or brackets.series not in (None, "budget"):
        return ""
    if brackets.series:
        return "Budget"
    time = brackets.time
    return "" if time is None or time.part else time.year or ("föregående år" if time.shift == -1 else "")


def _is_bracketed(table: FoundTable, place: int) -> bool:
    """Tell whether most cells of a column have another figure in brackets."""
    cells = [cell.text for row in table.rows for cell in row.cells[place : place + 1] if cell and cell.text]
    found = sum(BRACKETED.fullmatch(tidy(text)) is not None for text in cells)
    return found >= _FEWEST_BRACKETS and 2 * found > len(cells)


def _parted(cell: TextCell | None) -> list[TextCell | None]:
    """Return a cell without its brackets, and what stands in them."""
    match = BRACKETED.fullmatch(tidy(cell.text)) if cell else None
    if cell is None or match is None:
        return [cell, None]
    return [TextCell(match["own"], cell.line), TextCell(match["other"], cell.line)]
