"""Figures: a document that nobody has described becomes observations, and what is ambiguous becomes unread cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Any

import polars as pl

from socialvolym import vocabulary
from socialvolym.documents.document import Document
from socialvolym.extraction.metadata import Metadata, find_metadata
from socialvolym.extraction.prose import Mention, mentions, paragraphs
from socialvolym.extraction.row_cuts import tells
from socialvolym.extraction.rows import Relation
from socialvolym.extraction.tables import FoundRow, FoundTable, find_tables
from socialvolym.extraction.text_lines import Line, axis_lines
from socialvolym.notation.numbers import PrintedNumber, parse_number, tidy
from socialvolym.notation.periods import Heading, in_year, join_period, parse_heading, parse_period
from socialvolym.notation.privacy import mask
from socialvolym.vocabulary import UNKNOWN
from socialvolym.vocabulary.columns import FIGURE_SCHEMA, OBSERVATION_SCHEMA, UNREAD_SCHEMA
from socialvolym.vocabulary.phrases import first_meaning, is_said, phrases

#: How much of a clause before a figure tells what it is about, in characters.
_CLAUSE = 120
#: A section heading counts for this many lines below it.
_SECTION_REACH = 150
#: A department's heading counts for a money table this many lines below it.
_DEPARTMENT_REACH = 14
#: A longer line above a row is text, not a group heading.
_LONGEST_GROUP = 60
#: The unit of money may stand this many lines above a table, or below it, on a short line.
_UNIT_REACH, _UNIT_REACH_BELOW, _SHORT_LINE = 20, 4, 60
_CHANGES = ("change_abs", "change_pct")
_MONEY = ("kSEK", "MSEK", "GSEK", "SEK")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")


@dataclass(frozen=True)
class _Context:
    """What stands around a figure: the report's metadata and the section headings, by line."""

    document: Document
    metadata: Metadata
    sections: dict[int, str]

    @property
    def year(self) -> str | None:
        return str(self.metadata.year) if self.metadata.year else None

    @property
    def year_before(self) -> str | None:
        return str(self.metadata.year - 1) if self.metadata.year else None

    def usual_period(self, series: str, previous: bool = False) -> str | None:
        """Return the period of a figure that names none: the year, or as many months of it as an interim report tells of."""
        year = self.year_before if previous else self.year
        if self.metadata.months is None or year is None or series in ("budget", "forecast", "plan", "target"):
            return year
        return in_year(f"--01/--{self.metadata.months:02d}" if self.metadata.months > 1 else "--01", year)

    def section_domain(self, line: int) -> str | None:
        """Return the domain that the nearest telling section heading above a line gives."""
        for number in sorted((n for n in self.sections if line - _SECTION_REACH <= n < line), reverse=True):
            if domain := topic(self.sections[number]):
                return domain
        return None

    def money_unit(self, table: FoundTable) -> str | None:
        """Return the unit of money that the lines around a table name, those above it first."""
        lines = self.document.lines
        above = [lines[number - 1] for number in range(table.first - 1, max(0, table.first - _UNIT_REACH), -1)]
        below = [lines[number - 1] for number in range(table.last + 1, min(len(lines), table.last + _UNIT_REACH_BELOW) + 1)]
        for text in (*above, *below):
            unit = first_meaning("label_unit", text)
            if unit in _MONEY and (len(text) <= _SHORT_LINE or is_said("table_note", text)):
                return unit
        return None

    def unit_domain(self, table: FoundTable, label: str) -> str | None:
        """Return the domain of a unit's row in the money table of one department; None where it is not of one."""
        near = [text for number, text in self.sections.items() if table.first - _DEPARTMENT_REACH <= number < table.first]
        department = next((text for text in reversed([*near, table.caption]) if is_said("department", text)), None)
        return (first_meaning("domain", label) or first_meaning("domain", department)) if department else None


def topic(text: str) -> str | None:
    """Return the domain that a text is about: context for staff and the like, None where it does not say."""
    if is_said("staff", text) or is_said("context", text):
        return "context"
    return first_meaning("domain", text) or first_meaning("other_area", text)


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
    """Read the figures as `read_document` does, as rows that also hold the printed row_label, group and column_label."""
    metadata = (metadata or Metadata()).completed_by(find_metadata(document))
    tables = find_tables(document)
    used = {line for table in tables for line in table.used} | axis_lines(document.lines)
    context = _Context(document, metadata, _sections(document, used))
    observations: list[dict[str, Any]] = []
    unread: list[dict[str, Any]] = []
    for number, table in enumerate(tables, start=1):
        for read, problem in _table_figures(table, f"t{number:03d}", context):
            (unread if problem else observations).append(read)
    for mention, domain in _prose_figures(document, used, context):
        observations.append(_prose_observation(mention, domain, context))
    ordered = sorted(observations, key=lambda row: row["line"])
    _add_boxes(ordered, document)
    return ordered, unread


def _add_boxes(observations: list[dict[str, Any]], document: Document) -> None:
    """Give each figure its box; of a figure that is printed several times on a line, each its own."""
    passed: Counter[tuple[int, str]] = Counter()
    for row in observations:
        place = row["line"], row["published_as"]
        boxes = document.boxes(*place)
        row["box"] = " ".join(f"{edge:.1f}" for edge in boxes[min(passed[place], len(boxes) - 1)]) if boxes else None
        passed[place] += 1


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


# --- tables


@dataclass(frozen=True)
class _Column:
    heading: Heading
    text: str
    period: str | None
    series: str


def _table_figures(table: FoundTable, table_id: str, context: _Context) -> Iterator[tuple[dict[str, Any], bool]]:
    columns = _columns(table, context)
    finance = _is_finance(table, columns)
    if finance and context.metadata.kind == "budget":
        columns = _columns(table, context, budgeting=True)
    previous: FoundRow | None = None
    for row in table.rows:
        if row.problem is not None:
            yield _unread(table_id, row, None, row.printed, row.problem, context), True
            continue
        for column, cell in zip(columns, row.cells, strict=False):
            if cell is None or not any(c.isdigit() for c in cell.text):
                continue
            number = parse_number(cell.text)
            if number is None:
                yield _unread(table_id, row, column.text, cell.text, f"{cell.text!r} is not a number", context), True
                continue
            yield _table_observation(table, table_id, row, previous, column, cell.text, cell.line, finance, context), False
        previous = row


def _is_from_budget(table: FoundTable, headings: Sequence[Heading], place: int) -> bool:
    """Tell whether a column of differences is of outturn and budget: no other difference holds in its rows."""
    pairs: dict[bool, list[tuple[int, int]]] = {True: [], False: []}
    for a, b in combinations([i for i in range(len(headings)) if i != place], 2):
        kinds = {headings[a].series or "outturn", headings[b].series or "outturn"}
        verdicts = [tells(Relation("difference", a, b, place), _row_numbers(row)) for row in table.rows if row.problem is None]
        telling = [verdict for verdict in verdicts if verdict is not None]
        if telling and 2 * sum(telling) > len(telling):
            pairs["budget" in kinds].append((a, b))
    budgeted = any(heading.series == "budget" for heading in headings)
    outturns = sum(heading.series in (None, "outturn") for heading in headings)
    return bool(pairs[True]) if pairs[True] or pairs[False] else budgeted and outturns == 1


def _row_numbers(row: FoundRow) -> list[PrintedNumber | None]:
    return [parse_number(cell.text) if cell else None for cell in row.cells]


def _columns(table: FoundTable, context: _Context, budgeting: bool = False) -> list[_Column]:
    """Return what each column says; a gap is filled from the caption, the other columns and the report's year.

    In a money table of a budget, `budgeting`, a column that does not say otherwise is the budget.
    """
    spanners = table.spanners or [""] * len(table.headings)
    parsed = [parse_heading(text) for text in table.headings]
    around = _YEAR.findall(f"{table.caption} {table.stub}")
    years = sorted(
        {
            match
            for heading in parsed
            if heading.period
            for match in _YEAR.findall(heading.period)
            if heading.series in (None, "outturn")
        }
    )
    shared = next((s for s in [first_meaning("table_series", f"{table.caption} {table.stub}")] if s), None)
    outturns = any(heading.series in (None, "outturn") for heading in parsed)
    columns: list[_Column] = []
    for heading, text, span in zip(parsed, table.headings, spanners, strict=True):
        series = heading.series or (shared if shared and not any(h.series for h in parsed) else "outturn")
        if series == "change_abs" and is_said("difference", text) and _is_from_budget(table, parsed, len(columns)):
            series = "deviation"
        elif budgeting and heading.series is None and (heading.period or "9") >= (context.year or "9"):
            series = "budget"
        period = join_period(parse_period(span) if span else None, heading.period) or heading.period
        if series in _CHANGES and not (period or "").startswith("-"):
            named = _YEAR.findall(text)
            period = max([*years, *([named[-1]] if len(named) > 1 else [])], default=None) or context.year
        elif is_said("previous_year", text) and not _YEAR.search(text):
            period = context.year_before
        elif period is None:
            latest = years[-1] if years else None
            unique = around[-1] if len(set(around)) == 1 else None
            if len(years) > 1 and is_said("sum_heading", text):
                latest = f"{years[0]}/{years[-1]}"
            period = latest if series in ("deviation", "budget", "forecast") and latest else unique or latest
            of_forecast = series == "deviation" and not outturns and any(h.series == "forecast" for h in parsed)
            period = period or context.usual_period("forecast" if of_forecast else series)
        columns.append(_Column(heading, text, period, series))
    return columns


def _is_finance(table: FoundTable, columns: Sequence[_Column]) -> bool:
    """Tell whether a table is one of the economy as a whole: rows of an income statement, or budget against outturn in money."""
    lines = sum(is_said("finance_row", tidy(row.label)) for row in table.rows)
    series = {column.series for column in columns}
    if 3 * sum(is_said("volume_row", tidy(row.label)) for row in table.rows) >= len(table.rows):
        return False
    if lines * 2 >= len(table.rows) and lines >= 1:
        return True
    text = f"{table.caption} {table.stub} " + " ".join(column.text for column in columns)
    compared = "budget" in series and ({"outturn", "deviation"} & series)
    return bool(compared) and (is_said("money_words", text) or _large(table))


def _large(table: FoundTable) -> bool:
    numbers = [number for row in table.rows for cell in row.cells if cell and (number := parse_number(cell.text))]
    thousands = sum(abs(number.value) >= 1000 for number in numbers)
    return thousands * 3 > len(numbers) or any(number.value < 0 for number in numbers)


def _table_observation(
    table: FoundTable,
    table_id: str,
    row: FoundRow,
    previous: FoundRow | None,
    column: _Column,
    text: str,
    line: int,
    finance: bool,
    context: _Context,
) -> dict[str, Any]:
    number = parse_number(text)
    assert number is not None
    known = vocabulary.find_label(row.label, row.group) if row.label else None
    measure, breakdown = known if known else (UNKNOWN, None)
    usual = _measure_unit(measure) or ("kSEK" if finance else "count")
    money = context.money_unit(table) if usual in _MONEY else None
    unit = number.unit or column.heading.unit or _table_unit(table, row, column, finance) or money or usual
    series, period = _row_meaning(row, column, unit, context)
    if series == "change_abs" and number.unit == "percent" and not _is_difference(number, row, column):
        series = "change_pct"
    unit = _settled_unit(unit, series, measure)
    return _observation(
        context,
        domain=_table_domain(table, row, finance, measure, context),
        measure=measure,
        label=_row_label(row),
        breakdown=breakdown or ("Genomsnitt" if is_said("mean_heading", column.text) else None),
        period=period,
        series=series,
        value=number.value,
        unit=unit,
        published_as=text,
        line=line,
        table=table_id,
        kind=table.kind,
        bound=number.bound,
        note=f"footnote {number.note}" if number.note else None,
        row_label=mask(row.label),
        group=mask(row.group) if row.group else None,
        column_label=column.text,
    )


def _settled_unit(unit: str, series: str, measure: str) -> str:
    """Return the unit that a figure has: of a unit cost its own, and percentage points of a difference between shares."""
    own = _measure_unit(measure) or ""
    if unit == "SEK" and own.startswith("SEK_per"):
        return own
    return "percentage_points" if unit == "percent" and series == "change_abs" else unit


def _row_label(row: FoundRow) -> str:
    return f"{row.group}: {row.label}" if row.group and len(row.group) < _LONGEST_GROUP else row.label


def _table_unit(table: FoundTable, row: FoundRow, column: _Column, finance: bool) -> str | None:
    """Return the unit that the words around a cell name, the nearest first; in a money table only money and per cent count."""
    places = (row.label, f"{column.text} {row.group or ''}", table.stub, table.caption)
    units = [unit for text in places if (unit := first_meaning("label_unit", text))]
    return next((unit for unit in units if not finance or unit in (*_MONEY, "percent")), None)


def _row_meaning(row: FoundRow, column: _Column, unit: str, context: _Context) -> tuple[str, str | None]:
    """Return series and period of a cell, the row's label taken into account: a year, a growth row, a series in the label."""
    series, period = column.series, column.period
    label = parse_heading(row.label) if len(row.label) <= 40 else Heading()
    if label.period and not column.heading.period:
        period = label.period
    elif label.period and column.heading.period:
        period = join_period(label.period, column.heading.period) or period
    if is_said("change_row", row.label) and label.series in _CHANGES and series == "outturn":
        series = "change_pct" if unit == "percent" else "change_abs"
    elif label.series == "deviation" and series == "outturn":
        series = "deviation"
    elif column.heading.series is None and is_said("series_row", row.label) and label.series not in (None, "outturn", *_CHANGES):
        series = label.series or series
    if period and period.startswith("-"):
        period = in_year(period, context.year) if context.year else None
    return series, period


def _is_difference(change: PrintedNumber, row: FoundRow, column: _Column) -> bool:
    """Tell whether a change printed in per cent is the difference of two cells that are per cents themselves."""
    others = [number for cell in row.cells if cell and (number := parse_number(cell.text)) and number is not change]
    percents = [number for number in others if number.unit == "percent"]
    if len(percents) < 3:
        return False
    differences = [abs(abs(a.value - b.value) - abs(change.value)) for a, b in combinations(percents, 2)]
    return min(differences) <= 0.11 or (column.heading.unit == "percent" and column.heading.series == "change_abs")


def _measure_unit(measure: str) -> str | None:
    entry = vocabulary.measure_index().get(measure)
    return entry["unit"] if entry and measure != UNKNOWN else None


def _table_domain(table: FoundTable, row: FoundRow, finance: bool, measure: str, context: _Context) -> str:
    place = next(i for i, other in enumerate(table.rows) if other is row)
    own = f"{row.label} {row.group or ''}"
    around = f"{_without_titles(table.caption)} {table.stub} {' '.join(table.headings)}"
    if is_said("staff", f"{own} {around}") or is_said("context", own):
        return "context"
    if finance and not is_said("volume_row", row.label):
        activity = first_meaning("activity", own)
        if activity in ("lss", "placements"):
            return activity
        if is_said("finance_row", row.label) or is_said("unit_total", row.label):
            return "context"
        activities = sum(first_meaning("activity", other.label) in ("lss", "placements") for other in table.rows)
        below_departments = 5 * activities >= 2 * len(table.rows)
        below = (first_meaning("domain", row.label) or _common_domain(table)) if below_departments else None
        return context.unit_domain(table, row.label) or below or "context"
    entry = vocabulary.measure_index().get(measure) if measure != UNKNOWN else None
    if entry and entry["domain"]:
        return str(entry["domain"])
    return (
        first_meaning("domain", row.label)
        or (first_meaning("domain", table.rows[place - 1].label) if place and is_said("part_row", row.label) else None)
        or first_meaning("domain", own)
        or topic(around)
        or _common_domain(table)
        or context.section_domain(table.first)
        or first_meaning("weak_domain", own)
        or "context"
    )


def _without_titles(caption: str) -> str:
    """Return the lines of a caption that name no committee and no report: those say nothing of the table."""
    return " / ".join(line for line in caption.split(" / ") if not is_said("committee", line) and not is_said("kind", line))


def _common_domain(table: FoundTable) -> str | None:
    """Return the domain that most of a table's rows name."""
    named = Counter(domain for row in table.rows if (domain := first_meaning("domain", row.label)))
    return named.most_common(1)[0][0] if named else None


# --- prose


def _prose_figures(document: Document, used: set[int], context: _Context) -> Iterator[tuple[Mention, str]]:
    lines = [
        (number, "" if number in used or is_said("contents_line", text) else text)
        for number, text in enumerate(document.lines, start=1)
    ]
    for paragraph in paragraphs(lines):
        for mention in mentions(paragraph):
            yield mention, _prose_domain(mention, paragraph.text, context)


def _prose_domain(mention: Mention, paragraph: str, context: _Context) -> str:
    clause = re.split(r"[.;]", mention.before)[-1]
    if is_said("staff", mention.sentence):
        return "context"
    money = mention.unit in (*_MONEY,) or is_said("finance", clause)
    if money and mention.unit in (*_MONEY, "percent"):
        if mention.series != "deviation" and (spent := first_meaning("spending", clause)):
            return spent
        activity = first_meaning("activity", clause)
        if activity in ("lss", "placements"):
            return activity
        if mention.series == "deviation" or mention.unit in ("kSEK", "MSEK", "GSEK") or is_said("finance", mention.sentence):
            return "context"
    return (
        topic(clause[-_CLAUSE:])
        or topic(mention.sentence)
        or context.section_domain(mention.line)
        or topic(paragraph)
        or first_meaning("weak_domain", mention.sentence)
        or "context"
    )


def _prose_observation(mention: Mention, domain: str, context: _Context) -> dict[str, Any]:
    period = mention.period or context.usual_period(mention.series, mention.previous)
    if period and period.startswith("-"):
        period = in_year(period, context.year) if context.year else None
    measure = _measure_in(mention.sentence)
    unit = mention.unit or _measure_unit(measure) or "count"
    return _observation(
        context,
        domain=domain,
        measure=measure,
        label=_noun(mention),
        breakdown=mention.breakdown,
        period=period,
        series=mention.series,
        value=mention.value,
        unit=unit,
        published_as=mention.text,
        line=mention.line,
        table=None,
        kind="text",
        bound=mention.bound,
        note=None,
    )


@lru_cache(maxsize=1024)
def _measure_in(sentence: str) -> str:
    """Return the measure whose title or label stands in a sentence, the longest; UNKNOWN where none does."""
    sentence = vocabulary.simplify(sentence)
    found = [(len(label), known[0]) for label, known in vocabulary.labels().items() if len(label) >= 12 and label in sentence]
    return max(found)[1] if found else UNKNOWN


def _noun(mention: Mention) -> str:
    """Return a short label of a figure in a sentence: the nouns around it that name a domain or a unit, not the sentence."""
    words = [match[0] for phrase in phrases("domain") if (match := phrase.pattern.search(mention.sentence))]
    return ", ".join(dict.fromkeys(word.lower() for word in words)) or (mention.unit or "antal")


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
        | {"label": mask(values["label"])}
    )


def _unread(table_id: str, row: FoundRow, column: str | None, text: str, reason: str, context: _Context) -> dict[str, Any]:
    return {
        "report": context.metadata.report,
        "page": context.document.page(row.line),
        "line": row.line,
        "table": table_id,
        "row_label": mask(row.label),
        "column_label": column,
        "text": mask(text),
        "reason": reason,
    }
