"""Table readings: what the cells of a table mean, from its headings, its rows and what stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import combinations
from typing import Any

from socialvolym import vocabulary
from socialvolym.extraction.cells.found_tables import FoundRow, FoundTable
from socialvolym.extraction.cells.note_marks import replaced_years
from socialvolym.extraction.certainty import CUT, as_replaced
from socialvolym.extraction.headings.column_times import YEAR_END, Column, columns_of, with_caption_apart, with_numbered_parts
from socialvolym.extraction.headings.whose import whose
from socialvolym.extraction.meaning import Around, cell_meaning, cell_unit, counts_outright, is_volume_row
from socialvolym.extraction.prose.mentions import FLOWS
from socialvolym.extraction.readings.accounting import COMMENT, without_sentence
from socialvolym.extraction.readings.surroundings import Surroundings, evidence, figure_row, unread_cell
from socialvolym.notation.calendar import bounds, whole_span
from socialvolym.notation.numbers import PrintedNumber, no_number, parse_number, tidy
from socialvolym.notation.periods import (
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
from socialvolym.vocabulary.phrases import first_meaning, is_said

#: A longer line above a row is text, not a group heading.
_LONGEST_GROUP = 60
#: A longer label names more than a time or a series.
_LONGEST_TIME = 40
#: So many rows of months are what a sum is of; one may be a remark.
_FEWEST_PARTS = 2
#: What a series rests on where the headings over the columns tell it.
_OF_HEADINGS = ("series:heading", "series:years", "series:time")
#: What a period rests on that is printed for the very figure.
_PRINTED = ("period:heading", "period:row", "period:caption")
#: Series of which columns without a time were of the year in the document's title: all 219 in labelled documents.
_OF_THE_YEAR = ("budget", "outturn", "forecast", "deviation")
#: A footnote's digit that sticks to the last word of a label.
_MARK = re.compile(r"(?<=[^\W\d_])\d$")
_ONE_MONTH = re.compile(r"\d{4}-\d\d")
_QUARTER = re.compile(r"\d{4}-Q[1-4]")
#: A year, or the months of one so far.
_MONTHS_OF_YEAR = re.compile(r"(\d{4})(?:-01/\1-\d\d)?")
#: So many rows of a table tell what it is about.
_TELLING_ROWS = 200
#: A figure, and behind it in brackets words and another one.
_WITH_EARLIER = re.compile(r"(?P<now>[^()]*\d[^()]*?)\s*\((?P<said>[^()\d]+)(?P<before>\d[^()]*)\)")
#: Why the one in brackets is no figure of its own.
_REPLACED = "replaced by the figure before it"
#: Reference times of measures that are means.
_MEANS = ("mean_of_months", "year_mean")


def table_figures(table: FoundTable, table_id: str, context: Surroundings) -> Iterator[tuple[dict[str, Any], bool]]:
    """Return the figures of a table, and what of it could not be read, each with whether it is unread."""
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
            yield unread_cell(table_id, row, None, row.printed, row.problem, context), True
            continue
        for place, (column, cell) in enumerate(zip(columns, row.cells, strict=False)):
            if cell is None or not any(c.isdigit() for c in cell.text):
                continue
            if old := _replaced_in(cell.text):
                yield unread_cell(table_id, row, column.text, old["before"], _REPLACED, context), True
                cell = replace(cell, text=old["now"])
            number = parse_number(cell.text)
            if number is None:
                text = without_sentence(cell.text)
                reason = no_number(text) if text == cell.text else COMMENT
                yield unread_cell(table_id, row, column.text, text, reason, context), True
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
    context: Surroundings,
) -> dict[str, Any]:
    number = parse_number(text)
    assert number is not None
    around = replace(around, column=column.text)
    unit = cell_unit(around, number.unit, column.heading.unit)
    column = _of_months(column) if unit[0] in FLOWS and not is_said("by_the_week", row.label) else column
    # "- kvinnor" below "Sjukfrånvaro jan-aug, %" is of these months as well.
    timed = replace(row, label=around.above) if around.above and not parse_heading(row.label).is_told else row
    series, period = _row_meaning(timed, column, unit[0], context)
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
    if context.metadata.months and series == "outturn":
        period, told_period = _so_far(period, told_period, unit[0], column, context)
    if over and over != period:
        period, told_period = over, "period:rows"
    own = (row.label, row.group or "", column.text)
    if unit[0] not in FLOWS and _is_of_last_day(period or "", series, own, (table.stub, table.caption)):
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
    return figure_row(
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
        **evidence((*told, *because, *_whose(row, column, table, context)), table.kind),
    )


def _is_of_last_day(period: str, series: str, own: Sequence[str], over: Sequence[str]) -> bool:
    """Tell whether the words of a figure, or those over its table, say that it is of the last day of its period.

    Of a month the words over the table tell it as well; of a year, a quarter or the months so far, only the figure's own.
    """
    if _ONE_MONTH.fullmatch(period):
        return any(is_said("month_end", text) for text in (*own, *over))
    longer = _MONTHS_OF_YEAR.fullmatch(period) or _QUARTER.fullmatch(period)
    return series == "outturn" and longer is not None and any(is_said("period_end", text) for text in own)


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


def _whose(row: FoundRow, column: Column, table: FoundTable, context: Surroundings) -> tuple[str, ...]:
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


def _around(table: FoundTable, finance: bool, context: Surroundings) -> Around:
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


def _so_far(period: str | None, told: str, unit: str, column: Column, context: Surroundings) -> tuple[str | None, str]:
    """Return the time of an outturn in a report of the months so far, and its evidence: under its own year it is of these.

    Of what is paid or worked, the year before may then be its same months as well, unless its heading says otherwise.
    """
    year = context.metadata.year
    if year is None or period not in (str(year), str(year - 1)):
        return period, told
    if period == str(year):
        return context.metadata.usual_period("outturn"), told
    whole = is_said("whole_year_heading", column.text) or is_said("closed_year", column.text)
    return period, told if whole or unit not in FLOWS else "period:doubtful"


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


def _row_meaning(row: FoundRow, column: Column, unit: str, context: Surroundings) -> tuple[str, str | None]:
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
    if day and on_day and unit not in FLOWS and _MONTHS_OF_YEAR.fullmatch(period or ""):
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
