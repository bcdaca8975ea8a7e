"""Surroundings: what stands around a figure (headings, captions, notes of units, the report's year), and the row it becomes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from socialvolym import vocabulary
from socialvolym.documents.document import Document
from socialvolym.extraction.cells.found_tables import FoundRow, FoundTable
from socialvolym.extraction.certainty import certainty
from socialvolym.extraction.meaning import subject
from socialvolym.extraction.metadata import Metadata, titled_year
from socialvolym.extraction.prose.mentions import Mention
from socialvolym.extraction.text_lines import LONGEST_LABEL, Line
from socialvolym.notation.numbers import tidy
from socialvolym.notation.periods import ANY_YEAR
from socialvolym.vocabulary.columns import ANALYSED, OBSERVATION_SCHEMA
from socialvolym.vocabulary.composition import activities
from socialvolym.vocabulary.money import MONEY
from socialvolym.vocabulary.phrases import first_meaning, is_said
from socialvolym.vocabulary.terms import read_words

#: A section heading counts for this many lines below it.
_SECTION_REACH = 150
#: A department's heading counts for a money table this many lines below it.
_DEPARTMENT_REACH = 14
#: A heading this many lines above a table is its caption where it has none of its own.
_OVER = 3
#: So many lines above the first row a caption may stand, over headings one word a line.
_CAPTION_REACH = 30
#: The number, or the mark, of a section's heading.
_NUMBERED = re.compile(r"\s*(?:#|\d{1,2}(?:\.\d{1,2})*\.?\s)")
#: Running text this many lines above a table may tell what it is about.
_TEXT_REACH = 8
#: The unit of money may stand this many lines above a table, or below it, on a short line.
_UNIT_REACH, _UNIT_REACH_BELOW, _SHORT_LINE = 20, 4, 60
#: What a unit of money stands behind in a sentence is no note of the amounts around it.
_AMOUNT = re.compile(r"\d ?(?:[tmk]kr|mnkr|mdkr|kr|kronor|miljon|tusen)", re.IGNORECASE)
#: Where one statement of a note ends: "Kostnader i tkr, per dygn i kronor".
_STATEMENT = re.compile(r"[.,;] ")
_OPENING = re.compile(r"(?:I|Den|Under|Per|Vid) (?P<time>(?:\S+ ){1,4}(?:19|20)\d\d)\b")


@dataclass(frozen=True)
class Surroundings:
    """What stands around a figure: the report's metadata, the section headings by line, and where each caption's table ends.

    `own` is the code of the document's municipality, if it is known by more than the tables that compare it with others.
    """

    document: Document
    metadata: Metadata
    sections: dict[int, str]
    used: frozenset[int]
    captions: dict[int, int]
    own: str | None = None

    @property
    def year(self) -> str | None:
        """Return the year of the report; None where it is not known."""
        return str(self.metadata.year) if self.metadata.year else None

    @cached_property
    def _title(self) -> str | None:
        """The year of the document's title, where it is that of its figures that name none."""
        own = self.metadata.is_of_own_year and self.metadata.year
        return str(own) if own and titled_year(self.document.lines, own) == own else None

    def is_titled(self, period: str | None, line: int, columns: Sequence[str]) -> bool:
        """Tell whether a time that its column does not name is of the year in the document's title.

        Not where another column names that year, so that this one is told from it, or a heading above names another year.
        """
        if any(self._title in ANY_YEAR.findall(column) for column in columns):
            return False
        named = next((years for heading in self.above(line) if (years := ANY_YEAR.findall(heading))), [self._title])
        return self._title is not None and (period or "")[: len("2024")] == self._title and self._title in named

    def is_told_ahead(self, mention: Mention, paragraph: str) -> bool:
        """Tell whether the sentences of a paragraph, up to that of a figure, name a year after the document's."""
        told = paragraph.partition(mention.sentence)[0] + mention.sentence
        return self.year is not None and any(year > self.year for year in ANY_YEAR.findall(told))

    def is_past(self, period: str | None) -> bool:
        """Tell whether a period lies not ahead of the document, so that a time without a series over it is of outturns."""
        if period is None or self.year is None:
            return False
        return period[:4] < self.year if self.metadata.kind == "budget" else period[:4] <= self.year

    def above(self, line: int, captioned: bool = False) -> tuple[str, ...]:
        """Return the section headings that count for a line, the nearest first.

        Captions of tables above are none for a table with a caption of its own.
        """
        near = sorted(self._near(line, _SECTION_REACH), reverse=True)
        return tuple(self.sections[number] for number in near if not captioned or self.captions.get(number, line) >= line)

    def _near(self, line: int, reach: int) -> list[int]:
        """Return the lines of section headings so near above a line; those of another sheet of a workbook say nothing of it."""
        sheet = self.document.sheet
        return [number for number in self.sections if line - reach <= number < line and sheet(number) == sheet(line)]

    def money_unit(self, table: FoundTable) -> str | None:
        """Return the unit of money that the lines around a table name, those above it first.

        Above another table only a note of all amounts counts: what else stands there belongs to that one.
        """
        lines = self.document.lines
        reach = range(table.first - 1, max(0, table.first - _UNIT_REACH), -1)
        other = next((number for number in reach if number in self.used - table.used), 0)
        above = [lines[number - 1] for number in reach if number > other or is_said("table_note", lines[number - 1])]
        below = [lines[number - 1] for number in range(table.last + 1, min(len(lines), table.last + _UNIT_REACH_BELOW) + 1)]
        for text in (*above, *below):
            unit = next((said for part in _STATEMENT.split(text) if (said := first_meaning("label_unit", part)) in MONEY), None)
            if unit and ((len(text) <= _SHORT_LINE and not _AMOUNT.search(text)) or is_said("table_note", text)):
                return str(unit)
        return None

    def heading_over(self, table: FoundTable) -> str:
        """Return the section heading right over a table, which stands for a caption where it has none; empty without one."""
        return next((self.sections[number] for number in sorted(self._near(table.first, _OVER), reverse=True)), "")

    def lead(self, table: FoundTable) -> str:
        """Return the line right above a table that leads to it, ending in a colon; empty where there is none."""
        above = next(
            (line for line in reversed(self.document.lines[max(0, table.first - _OVER) : table.first - 1]) if line.strip()), ""
        )
        return above.strip().removesuffix(":") if above.rstrip().endswith(":") else ""

    @cached_property
    def usual_money(self) -> str:
        """Return the unit of money that most lines of the document name, apart from single kronor."""
        named = Counter(unit for text in self.document.lines if (unit := first_meaning("label_unit", text)) in MONEY)
        named.pop("SEK", None)
        return str(named.most_common(1)[0][0]) if named else "kSEK"

    @cached_property
    def names_committee(self) -> bool:
        """Tell whether the document names a committee."""
        return any(is_said("any_committee", line) for line in self.document.lines)

    @cached_property
    def subject(self) -> str:
        """Return the title of the one activity that the document or its title names; empty where it speaks of several."""
        found = ""
        title = next((line for line in self.document.lines if line.strip()), "")
        of_title = {hit.meaning for hit in read_words(title).of("activity") if _is_analysed(hit.meaning)}
        for line in [title] if len(of_title) == 1 and self.year and self.year in title else self.document.lines:
            named = {hit.meaning for hit in read_words(line).of("activity") if _is_analysed(hit.meaning)} - {found}
            if len(named) > 1 or (named and found):
                return ""
            found = found or "".join(named)
        return str(activities()[found]["title_sv"]) if found else ""

    def opening_above(self, table: FoundTable) -> str:
        """Return the time with which the text right above a table begins, "I mars 2024"; empty where it begins otherwise."""
        begin = min({table.first, *table.used}) - 1
        above = self.document.lines[max(0, begin - _TEXT_REACH) : begin]
        blocks = [list(group) for filled, group in groupby(above, key=lambda line: bool(line.strip())) if filled]
        nearest = blocks[-1] if blocks else [""]
        match = _OPENING.match(nearest[0].strip()) if max(map(len, nearest)) > LONGEST_LABEL else None
        return match["time"] if match else ""

    def text_above(self, table: FoundTable) -> str:
        """Return the sentence about one activity that stands nearest above a table; empty where there is none near."""
        begin = max(0, table.first - 1 - _TEXT_REACH, self.document.sheet(table.first) or 0)
        lines = self.document.lines[begin : table.first - 1]
        return subject(" ".join(lines)) or ""

    def department(self, table: FoundTable) -> str | None:
        """Return the heading of the department whose units a table's rows are; None where there is none."""
        near = [self.sections[number] for number in self._near(table.first, _DEPARTMENT_REACH)]
        return next((text for text in reversed([*near, table.caption]) if is_said("department", text)), None)


def _is_analysed(activity: str) -> bool:
    return activities()[activity]["domain"] in ANALYSED


def captions_of(document: Document, tables: Sequence[FoundTable]) -> dict[int, int]:
    """Return for each line that is a table's caption where its table ends; not for numbered headings and the first line."""
    found = {}
    title = next((number for number, line in enumerate(document.lines, start=1) if line.strip()), 0)
    for table in tables:
        parts = set(table.caption.split(" / "))
        for number in range(max(1, table.first - _CAPTION_REACH), table.first):
            line = document.lines[number - 1]
            if number != title and tidy(line) in parts and not _NUMBERED.match(line):
                found[number] = table.last
    return found


def sections_of(document: Document, used: set[int]) -> dict[int, str]:
    """Return the lines that look like section headings: short, without figures, begun with a capital."""
    found = {}
    for number, text in enumerate(document.lines, start=1):
        clean = re.sub(r"^[#\d.\s]+(?=[A-ZÅÄÖ])", "", tidy(text))
        if number in used or not clean or not clean[:1].isupper() or len(clean) > 80 or Line(number, text).is_sentence:
            continue
        if clean.endswith((",", "-", ".")) or re.search(r"\.{4}|\t", text):
            continue
        found[number] = clean
    return found


def figure_row(context: Surroundings, **values: Any) -> dict[str, Any]:
    """Return a figure as a row of FIGURE_SCHEMA, from what its reading says of it."""
    entry = vocabulary.units().get(values["unit"])
    return (
        dict.fromkeys(OBSERVATION_SCHEMA)
        | {
            "report": context.metadata.report,
            "municipality_code": context.metadata.municipality_code,
            "published_unit": entry["printed"] if entry else None,
            "page": context.document.page(values["line"]),
            "status": "published",
        }
        | values
    )


def evidence(because: Sequence[str], kind: str) -> dict[str, str]:
    """Return the columns that say how sure a reading is and what it rests on."""
    return {"certainty": certainty(because, kind), "because": " ".join(because)}


def unread_cell(
    table_id: str, row: FoundRow, column: str | None, text: str, reason: str, context: Surroundings
) -> dict[str, Any]:
    """Return a cell of a table that could not be read as a row of UNREAD_SCHEMA."""
    return unread_text(row.line, table_id, text, reason, context) | {"row_label": row.label, "column_label": column}


def unread_text(line: int, table_id: str | None, text: str, reason: str, context: Surroundings) -> dict[str, Any]:
    """Return what could not be read on a line as a row of UNREAD_SCHEMA."""
    return {
        "report": context.metadata.report,
        "page": context.document.page(line),
        "line": line,
        "table": table_id,
        "row_label": None,
        "column_label": None,
        "text": text,
        "reason": reason,
    }
