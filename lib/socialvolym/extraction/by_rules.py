"""Figures: a document that nobody has described becomes observations, and what is ambiguous becomes unread cells."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import combinations, groupby
from typing import Any

import polars as pl

from socialvolym import vocabulary
from socialvolym.documents.document import Document
from socialvolym.extraction.accounting import COMMENT, ERROR, LEFT_OVER, doubt, left_over, without_sentence
from socialvolym.extraction.cells.flat_tables import flat_table
from socialvolym.extraction.cells.found_tables import FoundRow, FoundTable
from socialvolym.extraction.cells.note_marks import replaced_years
from socialvolym.extraction.certainty import CUT, as_replaced, certainty, without_contradictions
from socialvolym.extraction.headings.column_times import YEAR_END, Column, columns_of, with_caption_apart, with_numbered_parts
from socialvolym.extraction.headings.whose import whose
from socialvolym.extraction.meaning import (
    Around,
    Said,
    cell_meaning,
    cell_unit,
    counts_outright,
    is_volume_row,
    sentence_meaning,
    subject,
)
from socialvolym.extraction.metadata import Metadata, find_metadata, named_municipality, titled_year
from socialvolym.extraction.prose.bracket_notes import brackets_of
from socialvolym.extraction.prose.mentions import SUMMED, Mention, mentions
from socialvolym.extraction.prose.paragraphs import Paragraph, is_bullet, led, paragraphs
from socialvolym.extraction.prose.repeats import read_as_repeated
from socialvolym.extraction.prose.told_times import Time, is_point, period_of
from socialvolym.extraction.tables import find_tables
from socialvolym.extraction.text_lines import LONGEST_LABEL, Line, axis_lines, contents_lines, running_lines
from socialvolym.notation.calendar import bounds, whole_span
from socialvolym.notation.numbers import PrintedNumber, no_number, parse_number, tidy
from socialvolym.notation.periods import (
    ANY_YEAR,
    CHANGES,
    ONE_DAY,
    Heading,
    in_year,
    join_period,
    parse_day,
    parse_heading,
    parse_month,
    parse_period,
    span,
)
from socialvolym.vocabulary import UNKNOWN
from socialvolym.vocabulary.codebook import is_composed, measure_index
from socialvolym.vocabulary.columns import ANALYSED, FIGURE_SCHEMA, OBSERVATION_SCHEMA, UNREAD_SCHEMA
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
_CHAPTER = re.compile(r"\s*(?:#+ )?(?P<chapter>\d{1,2})(?:\.\d{1,2})*\.? +(?=[A-ZÅÄÖ])")
#: So many chapters follow each other where headings are numbered.
_FEWEST_CHAPTERS = 3
#: Running text this many lines above a table may tell what it is about.
_TEXT_REACH = 8
#: A longer line above a row is text, not a group heading.
_LONGEST_GROUP = 60
#: A longer label names more than a time or a series.
_LONGEST_TIME = 40
#: The unit of money may stand this many lines above a table, or below it, on a short line.
_UNIT_REACH, _UNIT_REACH_BELOW, _SHORT_LINE = 20, 4, 60
#: What a unit of money stands behind in a sentence is no note of the amounts around it.
_AMOUNT = re.compile(r"\d ?(?:[tmk]kr|mnkr|mdkr|kr|kronor|miljon|tusen)", re.IGNORECASE)
#: Where one statement of a note ends: "Kostnader i tkr, per dygn i kronor".
_STATEMENT = re.compile(r"[.,;] ")
#: So many rows of months are what a sum is of; one may be a remark.
_FEWEST_PARTS = 2
#: What a series rests on where the headings over the columns tell it.
_OF_HEADINGS = ("series:heading", "series:years", "series:time")
#: What a period rests on that is printed for the very figure.
_PRINTED = ("period:heading", "period:row", "period:caption")
#: Series of which columns without a time were of the year in the document's title: all 219 in labelled documents.
_OF_THE_YEAR = ("budget", "outturn", "forecast", "deviation")
#: A row of numbers behind a year is no sentence, also where no table was found around it.
_YEAR_ROW = re.compile(r"\s*(?:19|20)\d\d(?:\s+[-+]?\d[\d,.]*%?){2,}\s*")
#: What numbers a footnote or an entry of a list: a number before a capital, on a line that goes on with no other.
_LINE_MARK = re.compile(r"^\s*\d{1,2}\)?\s+(?=[A-ZÅÄÖ])")
#: A footnote's digit that sticks to the last word of a label.
_MARK = re.compile(r"(?<=[^\W\d_])\d$")
_OPENING = re.compile(r"(?:I|Den|Under|Per|Vid) (?P<time>(?:\S+ ){1,4}(?:19|20)\d\d)\b")
_ONE_MONTH = re.compile(r"\d{4}-\d\d")
#: A year, or the months of one so far.
_MONTHS_OF_YEAR = re.compile(r"(\d{4})(?:-01/\1-\d\d)?")
_DAY_OR_MONTH = re.compile(r"--(\d\d)(?:-\d\d)?")

#: So many rows of a table tell what it is about.
_TELLING_ROWS = 200


#: How close before a budget of the months so far its name stands, in characters.
_CLOSE = 40
#: A figure, and behind it in brackets words and another one.
_WITH_EARLIER = re.compile(r"(?P<now>[^()]*\d[^()]*?)\s*\((?P<said>[^()\d]+)(?P<before>\d[^()]*)\)")
#: Why the one in brackets is no figure of its own.
_REPLACED = "replaced by the figure before it"
#: Reference times of measures that are means.
_MEANS = ("mean_of_months", "year_mean")
#: What is paid, cared for or worked over months, and never on one day.
_FLOWS = (*MONEY, *SUMMED)
#: What is counted on a day, and what is told of it.
_STOCKS, _OF_STOCKS = ("persons", "places", "measures", "count"), ("outturn", *CHANGES)
#: Series of what lies ahead, and of what is changed for it.
_AHEAD = ("budget", "forecast", "plan", "target", *CHANGES)
#: What the time of a figure rests on that neither a word nor the paragraph tells.
_UNDATED = ("period:document", "period:comparison")


@dataclass(frozen=True)
class _Context:
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


def read_document(document: Document, metadata: Metadata | None = None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read the figures of a document without hints.

    Parameters
    ----------
    document : the document's lines and grids.
    metadata : what is known of the report; what is missing is looked for in the text.

    Returns
    -------
    observations : one row a figure (FIGURE_SCHEMA), in the order of the document.
    unread : one row a cell or a row that could not be understood (UNREAD_SCHEMA), with the reason.
    """
    observations, unread = read_figures(document, metadata)
    return pl.DataFrame(observations, schema=FIGURE_SCHEMA), pl.DataFrame(unread, schema=UNREAD_SCHEMA)


def read_figures(document: Document, metadata: Metadata | None = None) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Read the figures as `read_document` does, as rows that also hold what is not stored.

    That is row_label, group and column_label as printed and the column's place of a cell, and the sentence of a figure in one.
    """
    given = metadata or Metadata()
    metadata = given.completed_by(find_metadata(document))
    tables = find_tables(document)
    contents = contents_lines(document.lines)
    used = {line for table in tables for line in table.used} | axis_lines(document.lines) | contents
    outside = "\n".join(line for number, line in enumerate(document.lines, start=1) if number not in used)
    own = given.municipality_code or named_municipality(outside)
    context = _Context(document, metadata, _sections(document, used), frozenset(used), _captions(document, tables), own)
    observations: list[dict[str, Any]] = []
    unread: list[dict[str, Any]] = []
    for number, table in enumerate(tables, start=1):
        for read, problem in _table_figures(table, f"t{number:03d}", context):
            (unread if problem else observations).append(read)
    for mention, paragraph, earlier in _prose_figures(document, used, context):
        observations.append(_prose_observation(mention, paragraph, earlier, context))
    observations, doubted = _without_doubtful(observations, context)
    unread += doubted
    for line, text in left_over(document.lines, observations, unread):
        reason = ERROR if text.startswith("#") else LEFT_OVER
        unread.append(_said(line, None, text, reason, context))
    unread.sort(key=lambda row: row["line"])
    _take_back_names(observations)
    ordered = sorted(read_as_repeated(without_contradictions(observations)), key=lambda row: row["line"])
    _add_boxes(ordered, document)
    return ordered, unread


def _without_doubtful(
    observations: Sequence[dict[str, Any]], context: _Context
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the figures that are plain, and as unread those that may be other ones."""
    kept: list[dict[str, Any]] = []
    said: list[dict[str, Any]] = []
    for row in observations:
        reason = doubt(row, context.document.lines[row["line"] - 1])
        if reason is None:
            kept.append(row)
        else:
            said.append(_said(row["line"], row["table"], row["published_as"], reason, context))
    return kept, said


def _take_back_names(observations: Sequence[dict[str, Any]]) -> None:
    """Take the measure back from shares in sentences that share it, period and series, but not the value.

    What a share is of often stands in words that no composition holds; then different ones look alike.
    """
    values: dict[tuple[str | None, ...], set[float]] = defaultdict(set)
    shares = [row for row in observations if row["kind"] == "text" and row["unit"] == "percent" and is_composed(row["measure"])]
    for row in shares:
        values[row["measure"], row["period"], row["series"]].add(row["value"])
    for row in shares:
        if len(values[row["measure"], row["period"], row["series"]]) > 1:
            row["measure"] = UNKNOWN


def _add_boxes(observations: list[dict[str, Any]], document: Document) -> None:
    """Give each figure its box; of a figure that is printed several times on a line, each its own."""
    passed: Counter[tuple[int, str]] = Counter()
    for row in observations:
        place = row["line"], row["published_as"]
        boxes = document.boxes(*place)
        row["box"] = " ".join(f"{edge:.1f}" for edge in boxes[min(passed[place], len(boxes) - 1)]) if boxes else None
        passed[place] += 1


def _captions(document: Document, tables: Sequence[FoundTable]) -> dict[int, int]:
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


def _sections(document: Document, used: set[int]) -> dict[int, str]:
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


def headings_over(document: Document, lines: Sequence[int]) -> list[str | None]:
    """Return the nearest heading above each line, of a section or a table; None where there is none."""
    sections = _sections(document, {line for table in find_tables(document) for line in table.used})
    nearest = (max((number for number in sections if number < line), default=0) for line in lines)
    return [sections.get(number) for number in nearest]


# --- tables


def _table_figures(table: FoundTable, table_id: str, context: _Context) -> Iterator[tuple[dict[str, Any], bool]]:
    if not any(table.headings) and not table.caption:
        table = replace(table, caption=context.lead(table))
    table = with_numbered_parts(with_caption_apart(table))
    columns = columns_of(table, context.metadata)
    finance = _is_finance(table, columns)
    if finance and context.metadata.kind == "budget":
        columns = columns_of(table, context.metadata, budgeting=True)
    columns = _dated_by_text(columns, context.opening_above(table))
    around = replace(_around(table, finance, context), amounts=_has_amounts(table, columns))
    above, units, old_years = "", _unit_column(table), replaced_years(table, context.document.lines)
    for row in table.rows:
        part = is_said("part_row", row.label) or is_said("part_row", row.printed)
        own = replace(around, row=_MARK.sub("", row.label), group=row.group or "", above=above if part else "")
        own = replace(own, unit=_unit_said(row, units))
        if row.problem is not None:
            yield _unread(table_id, row, None, row.printed, row.problem, context), True
            continue
        for place, (column, cell) in enumerate(zip(columns, row.cells, strict=False)):
            if cell is None or not any(c.isdigit() for c in cell.text):
                continue
            if old := _replaced_in(cell.text):
                yield _unread(table_id, row, column.text, old["before"], _REPLACED, context), True
                cell = replace(cell, text=old["now"])
            number = parse_number(cell.text)
            if number is None:
                text = without_sentence(cell.text)
                reason = no_number(text) if text == cell.text else COMMENT
                yield _unread(table_id, row, column.text, text, reason, context), True
                continue
            read = _table_observation(own, table, table_id, row, column, cell.text, cell.line, context) | {"column": place}
            old_year = read["series"] == "outturn" and (read["period"] or "")[:4] in old_years.get(row.line, ())
            yield as_replaced(read) if old_year else read, False
        above = above if part else row.label


def _unit_column(table: FoundTable) -> int | None:
    """Return the place of the column that says the unit of each row, "Enhet"; None where there is none.

    A column of that name may be of organisational units as well: all of its cells must be units.
    """
    for place, heading in enumerate(table.headings):
        cells = [cell.text for row in table.rows for cell in row.cells[place : place + 1] if cell and cell.text.strip()]
        if (
            is_said("unit_column", heading)
            and cells
            and all(is_said("unit", text) or is_said("counting", text) for text in cells)
        ):
            return place
    return None


def _unit_said(row: FoundRow, units: int | None) -> str | None:
    cell = row.cells[units] if units is not None and units < len(row.cells) else None
    return first_meaning("unit", cell.text) if cell else None


def _replaced_in(text: str) -> re.Match[str] | None:
    """Return the figure of a cell and the one before it, which its bracket says: "238 (tidigare angivet 241)"."""
    match = _WITH_EARLIER.fullmatch(text.strip())
    return match if match and is_said("replaced", match["said"]) else None


def _dated_by_text(columns: Sequence[Column], opening: str) -> list[Column]:
    """Return columns that nothing over them dates with the month or day with which the text right above the table begins."""
    period = parse_period(opening) or ""
    if len(period) <= len("2024") or any(column.heading.period or column.because[0] == "period:caption" for column in columns):
        return list(columns)
    return [
        replace(column, period=period, because=("period:text", column.because[1]))
        if column.series in ("outturn", *CHANGES) and column.because[0] in ("period:document", "period:columns")
        else column
        for column in columns
    ]


def _is_finance(table: FoundTable, columns: Sequence[Column]) -> bool:
    """Tell whether a table is one of the economy as a whole: rows of an income statement, or budget against outturn in money."""
    lines = sum(is_said("finance_row", tidy(row.label)) for row in table.rows)
    series = {column.series for column in columns}
    volumes = sum(is_volume_row(tidy(row.label)) for row in table.rows)
    if any(map(counts_outright, (table.stub, table.caption.split(" / ")[-1]))) or 3 * volumes >= len(table.rows):
        return False
    if lines * 2 >= len(table.rows) and lines >= 1:
        return True
    if 2 * sum(_told_by(row).period is not None for row in table.rows) > len(table.rows):
        return False  # what is told month by month is one thing, and not the economy with its parts
    text = f"{table.caption} {table.stub} " + " ".join(column.text for column in columns)
    compared = "budget" in series and ({"outturn", "deviation"} & series)
    return bool(compared) and (is_said("money_words", text) or _large(table))


def _large(table: FoundTable) -> bool:
    numbers = [number for row in table.rows for cell in row.cells if cell and (number := parse_number(cell.text))]
    thousands = sum(abs(number.value) >= 1000 for number in numbers)
    return thousands * 3 > len(numbers) or any(number.value < 0 for number in numbers)


def _table_observation(
    around: Around,
    table: FoundTable,
    table_id: str,
    row: FoundRow,
    column: Column,
    text: str,
    line: int,
    context: _Context,
) -> dict[str, Any]:
    number = parse_number(text)
    assert number is not None
    around = replace(around, column=column.text)
    unit = cell_unit(around, number.unit, column.heading.unit)
    column = _of_months(column) if unit[0] in _FLOWS and not is_said("by_the_week", row.label) else column
    series, period = _row_meaning(row, column, unit[0], context)
    over = _span_of_rows(around.rows, period) if _is_over_rows(row) else None
    if series == "change_abs" and number.unit == "percent" and not _is_difference(number, row, column):
        series = "change_pct"
    meaning = cell_meaning(around, unit, series)
    rows_year = _changes_to(row, table)
    in_documents_year = bool(period) and (column.period or "").startswith("-") and not rows_year and _names_no_year(row)
    if rows_year and (column.period or "").startswith("-"):
        period = in_year(str(column.period), rows_year)
    of_column = period == column.period and (column.heading.period or _told_by(row).period != period)
    told_period = column.because[0] if of_column else "period:row" if period else "period:none"
    if told_period == "period:document" and series == "outturn" and not context.metadata.is_of_own_year:
        period, told_period = None, "period:none"
    told_period = "period:document" if in_documents_year else told_period
    if over and over != period:
        period, told_period = over, "period:rows"
    own = (row.label, row.group or "", column.text)
    if unit[0] not in _FLOWS and _is_of_last_day(period or "", series, own, (table.stub, table.caption)):
        period = bounds(str(period))[1].isoformat()
    told_series = column.because[1] if series == column.series else "series:row"
    past = context.is_past(period) and not column.ahead
    if told_series == "series:default" and told_period in _PRINTED and past:
        told_series = "series:time"
    mean = _is_mean(row, table)
    # The label of a mean does not say what it is a mean of: that stands in the rows around it.
    because = ["measure:rows" if mean and code.startswith("measure:") else code for code in meaning.because]
    if (told_period, told_series) == ("period:document", "series:heading") and series in _OF_THE_YEAR:
        told_period = "period:title" if context.is_titled(period, line, around.headings) else told_period
    told = _doubted(told_period, told_series, row) if column.doubtful else (told_period, told_series)
    told = _cut_by_size(*told) if row.doubtful else told
    return _observation(
        context,
        domain=meaning.domain,
        measure=meaning.measure,
        label=_row_label(row),
        breakdown=meaning.breakdown or _mean_of(meaning.measure, mean or is_said("mean_heading", column.text)),
        period=period,
        series=series,
        value=number.value,
        unit=meaning.unit,
        published_as=text,
        line=line,
        table=table_id,
        kind=table.kind,
        bound=number.bound,
        note=f"footnote {number.note}" if number.note else None,
        row_label=row.label,
        group=row.group or None,
        column_label=column.text,
        deviates=column.deviates,
        **_evidence((*told, *because, *_whose(row, column, table, context)), table.kind),
    )


def _is_of_last_day(period: str, series: str, own: Sequence[str], over: Sequence[str]) -> bool:
    """Tell whether the words of a figure, or those over its table, say that it is of the last day of its period.

    Of a month the words over the table tell it as well; of a year, or of its months so far, only the figure's own.
    """
    if _ONE_MONTH.fullmatch(period):
        return any(is_said("month_end", text) for text in (*own, *over))
    return series == "outturn" and bool(_MONTHS_OF_YEAR.fullmatch(period)) and any(is_said("period_end", text) for text in own)


def _changes_to(row: FoundRow, table: FoundTable) -> str | None:
    """Return the year that a row of changes leads to: the latest that the other rows of its table name; None for other rows."""
    if not is_said("change_row", row.label) or not _names_no_year(row):
        return None
    periods = (_told_by(other).period or "" for other in table.rows)
    return max((period[:4] for period in periods if period[:4].isdigit()), default=None)


def _told_by(row: FoundRow) -> Heading:
    """Return the time and the series that a row's label names; a long one names something else beside them."""
    return parse_heading(row.label) if len(row.label) <= _LONGEST_TIME else Heading()


def _names_no_year(row: FoundRow) -> bool:
    """Tell whether a row's label gives a month or a quarter over its column no year, so that it is the document's."""
    period = _told_by(row).period
    return period is None or period.startswith("-")


def _doubted(period: str, series: str, row: FoundRow) -> tuple[str, str]:
    """Return what the period and series of a figure rest on where the headings may be those of other columns."""
    by_columns = period in _PRINTED and not _told_by(row).period
    return "period:doubtful" if by_columns else period, "series:doubtful" if series in _OF_HEADINGS or not by_columns else series


def _cut_by_size(period: str, series: str) -> tuple[str, str]:
    """Return what the period and series of a figure rest on whose row could be cut into other figures as well."""
    return (f"period:{CUT}", series) if period in (*_PRINTED, "period:row") else (period, f"series:{CUT}")


def _whose(row: FoundRow, column: Column, table: FoundTable, context: _Context) -> tuple[str, ...]:
    """Return the code of a cell that is the country's, the county's or another municipality's, or one of several ones'."""
    found = whose((row.label, row.group or "", column.text), table, context.own)
    return (f"whose:{found}",) if found else ()


def _has_amounts(table: FoundTable, columns: Sequence[Column]) -> bool:
    """Tell whether most numbers of a table have signs or decimals, those of changes, deviations and shares left out."""
    numbers = [
        number
        for row in table.rows
        for column, cell in zip(columns, row.cells, strict=False)
        if column.series not in (*CHANGES, "deviation") and column.heading.unit is None and not is_said("change_row", column.text)
        if cell and (number := parse_number(cell.text)) and number.unit is None
    ]
    amounts = sum(number.value < 0 or number.value != int(number.value) for number in numbers)
    words = " ".join((table.caption, table.stub, *table.headings, *(row.label for row in table.rows)))
    return bool(numbers) and 2 * amounts > len(numbers) and not is_said("staff", words)


def _around(table: FoundTable, finance: bool, context: _Context) -> Around:
    return Around(
        stub=table.stub,
        caption=table.caption or context.heading_over(table),
        rows=tuple(row.label for row in table.rows[:_TELLING_ROWS]),
        headings=tuple(table.headings),
        sections=context.above(table.first, captioned=bool(table.caption)),
        text=context.text_above(table),
        department=context.department(table) if finance else None,
        money=context.money_unit(table),
        usual_money=context.usual_money,
        finance=finance,
    )


def _of_months(column: Column) -> Column:
    """Return a column of what is paid or worked with the months up to the end of one; of no other day is there such a figure."""
    period = column.period or ""
    if not ONE_DAY.fullmatch(period):
        return column
    if bounds(period[:7])[1].isoformat() == period:
        return replace(column, period=span(1, int(period[5:7]), period[:4]))
    year = replace(column.heading, period=column.heading.period and period[:4])
    return replace(column, period=period[:4], heading=year, because=("period:doubtful", column.because[1]))


def _row_label(row: FoundRow) -> str:
    return f"{row.group}: {row.label}" if row.group and len(row.group) < _LONGEST_GROUP else row.label


def _row_meaning(row: FoundRow, column: Column, unit: str, context: _Context) -> tuple[str, str | None]:
    """Return series and period of a cell, the row's label taken into account: a year, a growth row, a series in the label."""
    series, period = column.series, column.period
    label = _told_by(row)
    if label.period and not column.heading.period:
        period = join_period(label.period, column.part) or label.period
    elif label.period and column.heading.period:
        joined = join_period(label.period, column.heading.period)
        period = None if joined == column.heading.period and label.period[:4] != joined[:4] else joined or period
    day = parse_day(row.label) or parse_day(row.group or "")
    month = parse_month(row.label) or parse_month(row.group or "")
    on_day = series == "outturn" or (series in CHANGES and day != YEAR_END)
    if day and on_day and unit not in _FLOWS and _MONTHS_OF_YEAR.fullmatch(period or ""):
        period = in_year(day, str(period)[: len("2024")])
    elif month and series == "outturn" and re.fullmatch(r"\d{4}", period or ""):
        period = in_year(month, str(period))
    if is_said("change_row", row.label) and label.series in CHANGES and series == "outturn":
        series = "change_pct" if unit == "percent" else "change_abs"
    elif label.series == "deviation" and series == "outturn":
        expected = any(is_said("forecast_word", word) for word in row.label.split())
        series = "forecast" if expected else "deviation"
        if expected and not label.period and column.because[0] == "period:document":
            period = context.year
    elif column.heading.series is None and is_said("series_row", row.label) and label.series not in (None, "outturn", *CHANGES):
        series = label.series or series
        if not label.period and column.because[0] == "period:document":
            period = context.metadata.usual_period(series)  # a budget is for the whole year also in a report of its first months
    if period and period.startswith("-"):
        period = in_year(period, context.year) if context.year else None
    return series, period


def _mean_of(measure: str, mean: bool) -> str | None:
    """Return the part of a measure that a mean is; None where the measure is one itself, so that its mean is all of it."""
    entry = vocabulary.measure_index().get(measure)
    return "Genomsnitt" if mean and (entry is None or entry["reference_time"] not in _MEANS) else None


def _is_mean(row: FoundRow, table: FoundTable) -> bool:
    """Tell whether a row is the mean of others of its table: of months or quarters, or of what is summed in it too."""
    if not is_said("mean_heading", row.label):
        return False
    labels = [other.label for other in table.rows if other is not row]
    summed = any(is_said("total_row", label) or is_said("sum_heading", label) for label in labels)
    return summed or bool(_parts_of_a_year(labels))


def _is_over_rows(row: FoundRow) -> bool:
    """Tell whether a row is the sum or the mean of others."""
    return is_said("total_row", row.label) or is_said("sum_heading", row.label) or is_said("mean_heading", row.label)


def _parts_of_a_year(labels: Iterable[str]) -> list[str]:
    """Return the months and quarters that rows are labelled with, without the year that they do not name."""
    return [part for label in labels if (part := parse_heading(label).period or "").startswith("-")]


@lru_cache(maxsize=64)
def _span_of_rows(labels: Sequence[str], year: str | None) -> str | None:
    """Return the part of a year that rows of months or quarters make up, for what is summed over them; else None."""
    parts = _parts_of_a_year(labels)
    if len(parts) < _FEWEST_PARTS or not re.fullmatch(r"\d{4}", year or ""):
        return None
    return whole_span([in_year(part, str(year)) for part in parts])


def _is_difference(change: PrintedNumber, row: FoundRow, column: Column) -> bool:
    """Tell whether a change printed in per cent is the difference of two cells that are per cents themselves."""
    others = [number for cell in row.cells if cell and (number := parse_number(cell.text)) and number is not change]
    percents = [number for number in others if number.unit == "percent"]
    if len(percents) < 3:
        return False
    differences = [abs(abs(a.value - b.value) - abs(change.value)) for a, b in combinations(percents, 2)]
    return min(differences) <= 0.11 or (column.heading.unit == "percent" and column.heading.series == "change_abs")


# --- prose


def _prose_figures(document: Document, used: set[int], context: _Context) -> Iterator[tuple[Mention, str, str]]:
    """Return the figures of sentences, each with its paragraph and the one before, where no heading stands between them."""
    headings = _numbered_headings(document, context)
    apart = used | running_lines(document.lines, document.pages)
    lines: list[tuple[int, str]] = []
    for number, text in enumerate(document.lines, start=1):
        begins = not lines or not lines[-1][1].strip() or lines[-1][1].rstrip().endswith((".", ":"))
        own = headings.get(number, _LINE_MARK.sub("", text) if begins else text)
        silent = number in apart or is_said("contents_line", text) or _YEAR_ROW.fullmatch(text)
        flat = flat_table(text)
        lines.append((number, flat.rest if flat else "" if silent else own))
    earlier, last = "", 0
    lead: Paragraph | None = None
    within: tuple[int, Time | None] | None = None  # a bullet that those further in are parts of: how far in it stands, its time
    items = list(paragraphs(lines))
    brackets = brackets_of([item.text for item in items])
    for item in items:
        paragraph = led(item, lead)
        lead = lead if paragraph.lead else item
        first = paragraph.starts[0][0]
        headed = any(last <= number <= first for number in context.sections)
        indent = _indent(document.lines[first - 1]) if is_bullet(document.lines[first - 1]) else None
        part = within is not None and indent is not None and indent > within[0]
        found = mentions(paragraph, brackets, within[1] if part and within else None)
        for mention in found:
            yield mention, paragraph.text, "" if headed else earlier
        within = within if part else (indent, found[0].time) if indent is not None and found else None
        earlier, last = paragraph.text, first


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _numbered_headings(document: Document, context: _Context) -> dict[int, str]:
    """Return the section headings of a document that numbers them one after the other, without their numbers."""
    found: dict[int, str] = {}
    last = 0
    for line, heading in sorted(context.sections.items()):
        match = _CHAPTER.match(document.lines[line - 1])
        if match and int(match["chapter"]) in (last, last + 1):
            last = int(match["chapter"])
            found[line] = heading
    return found if last >= _FEWEST_CHAPTERS else {}


def _prose_observation(mention: Mention, paragraph: str, earlier: str, context: _Context) -> dict[str, Any]:
    period = _told_period(mention, context)
    series = _told_series(mention, period, context)
    if context.metadata.kind == "budget" and series == "outturn" and mention.because[0] == "period:document":
        period = None  # a budget is written before its year, and does not say of which year what it counts is
    if mention.because[0] == "period:document" and is_said("plan_period", mention.sentence):
        period = None  # at the end of several years
    if series == "target" and mention.because[0] == "period:document" and context.is_told_ahead(mention, paragraph):
        period = None  # what is aimed at in a paragraph that tells of a later year is hardly of this one
    sections = context.above(mention.line)
    # What a document about one activity does not name may be the committee's where it names one.
    subject = "" if context.names_committee else context.subject
    said = Said(mention.text, mention.sentence, mention.before, paragraph, earlier, sections, subject)
    meaning = sentence_meaning(said, mention.unit, series)
    time = mention.time or Time()
    undated = time == Time(shift=time.shift, anaphoric=time.anaphoric) and mention.because[0] in _UNDATED
    if undated and series in _OF_STOCKS and _is_there(meaning.measure, mention.sentence):
        period = _told_period(replace(mention, time=replace(time, part="present")), context)
    if series == "deviation" and meaning.measure == "result" and not _is_against_budget(mention, paragraph):
        series = "outturn"  # a deficit is the committee's own result where nothing sets it against a budget
    return _observation(
        context,
        domain=meaning.domain,
        measure=meaning.measure,
        label=_noun(mention),
        breakdown=mention.breakdown,
        period=period,
        series=series,
        value=mention.value,
        unit=meaning.unit,
        published_as=mention.text,
        line=mention.line,
        table=None,
        kind="text",
        bound=mention.bound,
        note=None,
        sentence=mention.sentence,
        **_evidence((*mention.because, *meaning.because), "text"),
    )


def _is_there(measure: str, sentence: str) -> bool:
    """Tell whether a measure counts who has a measure of LSS, who are counted on a day and not over months."""
    entry = measure_index().get(measure)
    counted = entry and entry["domain"] == "lss" and entry["quantity"] in _STOCKS and entry["reference_time"] == UNKNOWN
    return bool(counted) and not is_said("over_time", sentence)


def _is_against_budget(mention: Mention, paragraph: str) -> bool:
    """Tell whether a paragraph sets a figure against a budget or a forecast, or calls such figures deviations."""
    said = paragraph.partition(mention.sentence)[0] + mention.sentence
    # an amount with a sign, and no verb before it, is one of a list of deviations
    listed = mention.text[:1] in "+-" and not is_said("told_as_is", mention.before)
    listed = listed or is_said("of_a_part", mention.sentence)  # only the committee has a result of its own
    return listed or is_said("against_budget_told", said) or is_said("deviation_word", paragraph)


def _told_series(mention: Mention, period: str | None, context: _Context) -> str:
    """Return the series of a figure in a sentence; where no word says it, what lies ahead is no outturn, nor a budget's money."""
    planning = context.metadata.kind == "budget"
    whole = (
        context.metadata.months
        and mention.time
        and mention.time.part in ("", "--12-31")
        and period
        and period[:4] == context.year
    )
    ahead = period is not None and context.year is not None and period[:4] > context.year
    if mention.series == "outturn" and (ahead or whole) and is_said("grant", mention.before[-_CLOSE:]):
        return "budget"  # what is granted for a year is known before it is over
    over = is_said("past_tense", mention.sentence) and not is_said("hypothetical", mention.sentence)
    if mention.series == "deviation" and (ahead or (whole and not over)):
        return "forecast"  # who tells of the whole year before it is over tells what is expected
    told = mention.because[1] == "series:words" and not (ahead or planning)
    if mention.series != "outturn" or told or period is None or context.year is None:
        return mention.series
    if (
        whole
        and mention.unit != "percent"
        and not (is_said("past_tense", mention.sentence) or is_said("still", mention.sentence))
    ):
        return "forecast"
    if period[:4] > context.year:
        return "forecast" if mention.unit in MONEY and not planning else "plan"
    budgeting = planning and mention.unit in MONEY and period[:4] == context.year and not is_said("past_tense", mention.sentence)
    return "budget" if budgeting else mention.series


def _told_period(mention: Mention, context: _Context) -> str | None:
    """Return the period of a figure in a sentence; of a forecast the year that it is for, not the month it was made in."""
    time = mention.time
    of_months = mention.series != "forecast" and is_said("period_budget", mention.before[-_CLOSE:])
    ahead = mention.series in ("budget", "forecast", "plan", "target") and not of_months
    if time is not None and mention.series == "forecast" and (time.part != "--12-31" or mention.unit in MONEY):
        time = replace(time, part="" if time.year else None)
    of_budget = mention.series == "budget" or (mention.series == "change_abs" and is_said("budget_raised", mention.sentence))
    if time is not None and of_budget and is_point(time) and is_said("decided", mention.sentence):
        time = replace(time, part="")
    if time is not None and context.metadata.kind == "budget" and (time.written or _lies_behind(time, mention)):
        time = replace(time, shift=time.shift - 1)  # a budget is written in the year before
    if time is not None and time.shift < 0 and mention.series == "deviation" and is_said("last_year_first", mention.sentence):
        time = replace(time, part=time.part or "")  # a result of last year is of all of it
    if time is None and _is_told_on(mention, context.year):
        time = replace(mention.spoken_of or Time(), part="")
    passed = context.metadata.kind == "annual_report" and not is_said("goes_on", mention.sentence)
    if passed and mention.because[0] == "period:paragraph" and time and not (time.year or time.until):
        time = None  # the year goes on where a part of it has been told of
    so_far = time is not None and (time.part == "so_far" or (time.same and mention.series == "budget"))
    months = context.metadata.months if so_far or not ahead else None
    if time is not None and time.until and mention.unit in _FLOWS and is_point(time):
        month = int(str(time.part)[2:4])
        time = replace(time, part=f"--01/--{month:02d}" if 1 < month < 12 else "" if month > 1 else time.part)
    if months and time is not None and time.year is None and _is_later(time, months):
        time = replace(time, shift=time.shift - 1)  # a month after those that the report tells of lies behind it
    usual = None if months is None else f"--01/--{months:02d}" if months > 1 else "--01"
    spoken_of = mention.spoken_of
    open_period = time is not None and time.same and not (time.year or time.shift or usual or spoken_of)
    if mention.series == "budget" and open_period and context.metadata.kind in (None, "statistics"):
        return None  # "for the period", and nothing tells which
    compared = mention.because[0] == "period:comparison"
    if compared and mention.series in CHANGES and time and time.year and (context.metadata.months or time.year != context.year):
        time = None  # "0,3 högre än oktober 2019" is of no October after it, nor of another part than the report
    if compared and spoken_of and (spoken_of.year or "") > (context.year or "9"):
        spoken_of = None  # what lies ahead is not what something has changed from
    return period_of(time or Time(), context.year, usual, spoken_of)


def _is_told_on(mention: Mention, year: str | None) -> bool:
    """Tell whether a figure goes on with a later year that its paragraph has come to: "Barn och unga tillförs 6 mnkr"."""
    told = mention.spoken_of.year if mention.spoken_of else None
    ahead = mention.series in _AHEAD and mention.because[1] != "series:paragraph"
    past = is_said("past_tense", mention.sentence) or (mention.series in CHANGES and is_said("past_change", mention.sentence))
    return bool(told and year and told > year and "/" not in told and ahead and not past)


def _lies_behind(time: Time, mention: Mention) -> bool:
    """Tell whether what came of a part of a year that is not named is told as over: "hade den 30 juni 170 bostäder"."""
    own = time.year is None and time.shift == 0 and bool(time.part) and not time.anaphoric
    return own and mention.series == "outturn" and is_said("past_tense", mention.sentence)


def _is_later(time: Time, months: int) -> bool:
    """Tell whether a time told without its year is a day or a month after the first months of the year."""
    month = _DAY_OR_MONTH.fullmatch(time.part or "")
    behind = time.shift == 0 and not (time.same or time.anaphoric or time.running or time.written)
    return month is not None and behind and int(month[1]) > months


def _noun(mention: Mention) -> str:
    """Return a short label of a figure in a sentence: the words around it that name an activity, or a unit; not the sentence."""
    words = read_words(mention.sentence)
    named = [words.text[hit.start : hit.end] for hit in words.of("activity") if hit.meaning != "committee"]
    return ", ".join(dict.fromkeys(named)) or (mention.unit or "antal")


# --- rows of the result


def _observation(context: _Context, **values: Any) -> dict[str, Any]:
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


def _evidence(because: Sequence[str], kind: str) -> dict[str, str]:
    return {"certainty": certainty(because, kind), "because": " ".join(because)}


def _unread(table_id: str, row: FoundRow, column: str | None, text: str, reason: str, context: _Context) -> dict[str, Any]:
    return _said(row.line, table_id, text, reason, context) | {"row_label": row.label, "column_label": column}


def _said(line: int, table_id: str | None, text: str, reason: str, context: _Context) -> dict[str, Any]:
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
