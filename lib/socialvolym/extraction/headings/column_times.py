"""Column times: period and series of each column of a table, by its heading, the caption, its neighbours and the document."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from socialvolym.extraction.cells.found_tables import FoundTable
from socialvolym.extraction.headings.bridges import Bridge, bridge_of
from socialvolym.extraction.metadata import Metadata
from socialvolym.extraction.row_cuts import tells
from socialvolym.extraction.rows import Relation
from socialvolym.notation.calendar import bounds, whole_span
from socialvolym.notation.numbers import PrintedNumber, parse_number, tidy
from socialvolym.notation.periods import (
    ANY_YEAR,
    CHANGES,
    MONTH,
    MONTHS,
    ONE_DAY,
    YEAR,
    Heading,
    in_year,
    join_period,
    parse_day,
    parse_heading,
    parse_part,
    parse_period,
    parse_quarter,
)
from socialvolym.vocabulary.phrases import first_meaning, is_said

#: So many rows show by arithmetic whose difference a column is.
_FEWEST_TELLING = 2
#: Forecasts of one year that are compared in a table, made in its course, at most.
_MOST_FORECASTS = 3
#: A deviation of two columns that share a time is printed for that time.
_PAIRED = "period:pair"
#: Headings whose reading costs more are doubtful. Set on labelled passages and reports: of 1 218 figures under cheaper headings
#: 9 had a wrong period or series, of 294 under dearer ones 117.
_DOUBTFUL = 0.5
#: So many columns may have a word over one of them.
_FEWEST_SPREAD = 2
#: What a period rests on that is printed over the column or the table.
PRINTED = ("period:heading", "period:caption")
_DAY_OF_YEAR = re.compile(r"--\d\d-\d\d")
_STATEMENT_END = re.compile(r" / |(?<=[.!?])\s+(?=[A-ZÅÄÖ])")
_WORD = re.compile(r"\w+")
#: The change to the last day of a year is that of the year.
YEAR_END = "--12-31"
_ALL_MONTHS = "--01/--12"
_THIRDS = ("--01/--04", "--05/--08", "--09/--12")
_MONTHS = 12
_MONTHS_SO_FAR = re.compile(r"(?P<year>\d{4})-01/(?P=year)-(?P<last>\d\d)")
#: A time that stands over the columns.
_OVER_COLUMNS = ("heading", "caption")
#: Series that a part of a year over the table limits, but a budget that does not say so; what is ahead is of whole years.
_LIMITED = ("outturn", "budget", "deviation", *CHANGES)
_MONTH_ENDS = re.compile(rf"(?<![-\u2013]){MONTH}\.? {YEAR}$", re.IGNORECASE)
#: The words of a caption that run into the first of the years below it.
_RUN_IN = re.compile(rf"(?P<words>.*\w.*?)\s+(?P<year>{ANY_YEAR.pattern})")
#: A numbered part of a year and its year, "1/2021" or "2021:1"; the corner tells what is numbered.
_NUMBERED = re.compile(rf"(?P<part>[1-4])\s?[/:]\s?(?P<year>{YEAR})|(?P<first>{YEAR})\s?[/:]\s?(?P<second>[1-4])")
#: Several years, from the first to the last.
_YEARS = re.compile(rf"(?<!\d)(?P<first>{YEAR})\s?-\s?(?P<last>{YEAR})(?!\d)")
_NUMBERED_PART = re.compile(r"\b(kvartal|tertial)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Column:
    """What a column says: its heading as read and as printed, its period and series, and what the two rest on.

    `ahead` : whether a column of its table tells of a time ahead of the document without saying a series.
    `doubtful` : whether the words of the headings may belong to other columns, or mean another time.
    `part` : of a year that the caption limits the column to, or that it sums up, "--01/--08", for a row that names the year.
    """

    heading: Heading
    text: str
    period: str | None
    series: str
    because: tuple[str, str]
    ahead: bool
    doubtful: bool = False
    part: str | None = None

    @property
    def deviates(self) -> bool:
        """Tell whether a forecast is of a deviation, which is the difference of two other columns."""
        named = self.heading.series in ("deviation", "change_abs") or self.because[1] == "series:arithmetic"
        return self.series == "forecast" and named


@dataclass(frozen=True)
class _Limit:
    """A part of a year, "--01/--08", that the words over a table limit its years to; of which year, if they say; if surely."""

    part: str
    year: str | None
    sure: bool
    is_ambiguous: bool = False

    @property
    def is_day(self) -> bool:
        return bool(_DAY_OF_YEAR.fullmatch(self.part))


@dataclass(frozen=True)
class _Table:
    """A table whose columns are to be dated, and what its headings, caption and stub say of all of them.

    Attributes
    ----------
    numbers : of each row that could be cut into cells.
    years : of the outturns that the headings name, in order.
    year : the one year that stands nearest to the columns, in the stub or the caption.
    series : that the caption or the stub names.
    limit : to a part of the years, by the caption or the stub.
    has_open_budget : whether a budget does not say that it is the period's.
    """

    numbers: Sequence[Sequence[PrintedNumber | None]]
    headings: tuple[Heading, ...]
    metadata: Metadata
    years: tuple[str, ...]
    year: str | None
    series: str | None
    month: str | None = None
    limit: _Limit | None = None
    has_open_budget: bool = False

    @property
    def own_year(self) -> str | None:
        return str(self.metadata.year) if self.metadata.year else None

    @property
    def has_outturns(self) -> bool:
        return any(heading.series in (None, "outturn") for heading in self.headings)

    @property
    def has_forecasts(self) -> bool:
        return any(heading.series == "forecast" for heading in self.headings)

    def is_behind_forecast(self, place: int) -> bool:
        """Tell whether a column without a time stands right behind a forecast, and no arithmetic shows whose difference it is."""
        behind = place > 0 and self.headings[place - 1].series == "forecast" and not self.headings[place].period
        return behind and not _differences(self, place, _FEWEST_TELLING)

    @property
    def is_ahead(self) -> bool:
        return any(not heading.series and self._lies_ahead(heading.period or "") for heading in self.headings)

    def _lies_ahead(self, period: str) -> bool:
        """Tell whether a time is after the document's year, or after the months that a report of a part of it tells of."""
        if self.metadata.months and len(period) > len("2024") and period[:4] == self.own_year:
            return bounds(period)[1].month > self.metadata.months
        return period[: len("2024")] > (self.own_year or "9")

    @property
    def has_years_only(self) -> bool:
        """Years beside each other and nothing else are how outturns are printed; what lies ahead is none."""
        told = all(heading.period and not heading.series for heading in self.headings)
        return told and (self.years or ("9",))[-1] <= (self.own_year or "")

    @property
    def has_monthly_forecasts(self) -> bool:
        """A forecast is for the year in whose course it is made, unless forecasts stand beside each other month by month."""
        return sum(h.series == "forecast" and "-" in (h.period or "") for h in self.headings) > _MOST_FORECASTS

    @property
    def latest(self) -> str | None:
        """The latest year of the headings, where a column of its series leaves it out: the two are not of one year."""
        if not self.years:
            return None
        dated, undated = ({h.series or "outturn" for h in self.headings if h.period == time} for time in (self.years[-1], None))
        return None if dated & undated else self.years[-1]

    def at_their_time(self, year: str) -> str:
        """Return the time in a year that the columns compared are of: the same day or months of each, else the year.

        The last day of a year is its end, and the change to it that of the year.
        """
        times = {h.period for h in self.headings if h.period and h.series in (None, "outturn")}
        own = [time for time in times if time.startswith(year)]
        alike = own and any(time == own[0].replace(year, time[:4]) for time in times - {own[0]})
        return own[0] if len(own) == 1 and alike and not own[0].endswith(YEAR_END[1:]) else year

    @property
    def whole(self) -> str | None:
        """The time from the first part of a year to the last that the headings name; None where they name fewer than two."""
        year = self.year or self.own_year
        parts = [_in(h.period, year) for h in self.headings if h.period and not ANY_YEAR.fullmatch(h.period)]
        return whole_span(parts) if len(parts) > 1 else None


def columns_of(table: FoundTable, metadata: Metadata, budgeting: bool = False) -> list[Column]:
    """Return what each column of a table says; a gap is filled from the caption, the other columns and the report's year.

    Parameters
    ----------
    budgeting : the table is of money, in a budget: a column that does not say otherwise is the budget.
    """
    facts = _facts(table, metadata)
    if len(facts.headings) > 1 and not any(table.headings):  # columns differ in something, and what it is could not be read
        nothing = "period:none", "series:default"
        return [Column(heading, "", None, "outturn", nothing, ahead=False) for heading in facts.headings]
    columns = []
    for place, (heading, text) in enumerate(zip(facts.headings, table.headings, strict=True)):
        series, told = _series(facts, place, text, budgeting)
        period, dated = _limited(facts, text, series, *_period(facts, place, text, series))
        limited = facts.limit is not None and facts.limit.sure and _is_limited(text, series)
        part = facts.limit.part if facts.limit and limited else _part_without_year(text, period)
        columns.append(Column(heading, text, period, series, (f"period:{dated}", f"series:{told}"), facts.is_ahead, part=part))
    columns = _spread_doubted(_alike_doubted(columns), facts)
    # Where no heading tells a time or a series, it matters little which words stand over which column.
    dear = any(heading.is_told for heading in facts.headings) and (table.cost or 0.0) > _DOUBTFUL
    thirds = {part for heading in table.headings if (part := parse_part(heading)) in _THIRDS}
    columns = [_of_third(replace(column, doubtful=dear), thirds) for column in columns]
    bridge = bridge_of(facts.headings, facts.numbers)
    if bridge is not None:
        return _bridged(columns, bridge, facts)
    return _budgeted_so_far(facts, [_of_its_pair(facts, columns, place) for place in range(len(columns))])


def _budgeted_so_far(table: _Table, columns: Sequence[Column]) -> list[Column]:
    """Return the columns; a budget that the outturn of the months so far deviates little from is a budget of these months.

    A budget of the whole year would leave what the months to come are given.
    """
    found = list(columns)
    for place in (place for place, column in enumerate(columns) if column.series == "deviation"):
        for pair in _differences(table, place, _FEWEST_TELLING):
            budget, outturn = sorted(pair, key=lambda at: columns[at].series)
            span = _MONTHS_SO_FAR.fullmatch(columns[outturn].period or "")
            series = columns[budget].series, columns[outturn].series
            whole = columns[budget].period == (span and span["year"]) and not is_said("whole_year_heading", columns[budget].text)
            if series == ("budget", "outturn") and columns[outturn].because[0] in PRINTED and span and whole:
                given, missed = (sum(abs(number.value) for row in table.numbers if (number := row[at])) for at in (budget, place))
                ahead = 1 - int(span["last"]) / _MONTHS
                for at in (budget, place) if missed < given * ahead / 2 else ():
                    found[at] = replace(columns[at], period=span[0], because=(_PAIRED, columns[at].because[1]))
    return found


def _part_without_year(text: str, period: str | None) -> str | None:
    """Return the part of a year, without the year, that a column sums up or goes to, where its heading names no year itself."""
    sums_up = is_said("sum_heading", text) or is_said("so_far_heading", text)
    return re.sub(YEAR, "-", period) if sums_up and period and "-" in period and not ANY_YEAR.search(text) else None


def _of_third(column: Column, thirds: Collection[str]) -> Column:
    """Return a column; one that is headed "T2" has no time where it stands without the first and the last third.

    It is the second third of a year in some reports, and its first two thirds in others.
    """
    if not is_said("ambiguous_time", column.text):
        return column
    if len(thirds) == len(_THIRDS) or parse_part(column.text) == _THIRDS[0]:
        return replace(column, doubtful=True)
    return replace(column, period=None, because=("period:none", column.because[1]))


def _alike_doubted(columns: Sequence[Column]) -> list[Column]:
    """Return the columns; those that say the same as another lack a level of their headings, which may be their time."""
    said = Counter((column.text, column.period, column.series) for column in columns)
    return [
        replace(column, because=("period:columns" if column.period else "period:none", column.because[1]))
        if said[column.text, column.period, column.series] > 1
        else column
        for column in columns
    ]


def _spread_doubted(columns: Sequence[Column], table: _Table) -> list[Column]:
    """Return columns cut from lines of words; a series that none of them lacks may be a word over one of their years only.

    What lies ahead of the document is a budget or plan in every column, what lies behind it seldom is.
    """
    series = {column.heading.series for column in columns}
    years = [column.period for column in columns if column.period and column.period[:4] < (table.own_year or "9")]
    if len(columns) < _FEWEST_SPREAD or len(series) > 1 or series <= {None, "outturn"} or not years:
        return list(columns)
    return [replace(column, because=(column.because[0], "series:doubtful")) for column in columns]


def _bridged(columns: Sequence[Column], bridge: Bridge, table: _Table) -> list[Column]:
    """Return the columns with the reasons of a bridge as changes to its later year; a heading that dates one fits nowhere."""
    fits = not any(columns[place].heading.period for place in bridge.changes)
    later = columns[bridge.last].period if fits and columns[bridge.last].heading.period else None
    found = []
    for place, column in enumerate(columns):
        if place in bridge.changes:
            period, dated = (later, "columns") if later else (table.own_year, "document")
            because = f"period:{dated}", "series:arithmetic"
            found.append(
                replace(column, heading=replace(column.heading, period=None), period=period, series="change_abs", because=because)
            )
        elif fits:
            found.append(column)
        else:
            heading = replace(column.heading, period=None)
            found.append(replace(column, heading=heading, period=None, because=("period:none", "series:default")))
    return found


def _of_its_pair(table: _Table, columns: Sequence[Column], place: int) -> Column:
    """Return a deviation or change that names no time with that of the columns whose difference it is, if they tell one."""
    column = columns[place]
    is_dated = bool(column.heading.period) or is_said("whole_year_heading", column.text)
    if is_dated and column.series not in ("deviation", *CHANGES):
        return column
    pairs = [(columns[a], columns[b]) for a, b in _differences(table, place, _FEWEST_TELLING)]
    if is_dated and column.series == "deviation":
        return _forecast_where_compared(column, [pair for pair in pairs if {one.period for one in pair} == {column.period}])
    is_open = column.heading.series is None or is_said("result_heading", column.text)
    if is_open and (series := _series_of_pairs(pairs)):
        column = replace(column, series=series, because=(column.because[0], "series:arithmetic"))
    if column.series == "deviation":
        pairs = [pair for pair in pairs if pair[0].series != pair[1].series]
        times = _shared_times(pairs)
        column = _forecast_where_compared(column, pairs)
    elif column.series in CHANGES:
        if column.series == "change_pct" or not pairs:  # "Ändring mot 2022" may be in per cent as well
            pairs = [(columns[a], columns[b]) for a, b in _differences(table, place, _FEWEST_TELLING, "growth")]
        pairs = [pair for pair in pairs if pair[0].period != pair[1].period]
        times = {max(str(one.period) for one in pair) for pair in pairs}
    else:
        return column
    period = times.pop() if len(times) == 1 else None
    finer = bool(period) and str(period).startswith(f"{column.period}-") and not str(period).endswith(YEAR_END[1:])
    within = not is_dated and _is_within(pairs, column.period)
    if period is None or (column.series in CHANGES and period != column.period and not (finer or within)):
        return column
    printed = any(one.because[0] in PRINTED and one.period == period for pair in pairs for one in pair)
    return replace(column, period=period, because=(_PAIRED if printed else column.because[0], column.because[1]))


def _is_within(pairs: Sequence[tuple[Column, Column]], year: str | None) -> bool:
    """Tell whether columns that are compared are of parts of one year, so that the change is of the later part."""
    return bool(year) and all((one.period or "").startswith((f"{year}-", "-")) for pair in pairs for one in pair)


def _forecast_where_compared(column: Column, pairs: Sequence[tuple[Column, Column]]) -> Column:
    """Return a deviation as a forecast where arithmetic shows that a forecast is set against a budget in it."""
    if not pairs or any({one.series for one in pair} != {"budget", "forecast"} for pair in pairs):
        return column
    return replace(column, series="forecast", because=(column.because[0], "series:arithmetic"))


def _series_of_pairs(pairs: Sequence[tuple[Column, Column]]) -> str | None:
    """Return what a column that names no series is by the columns whose difference it is; None where they do not agree."""
    if len(pairs) != 1:
        return None
    one, other = pairs[0]
    if one.series == other.series:
        return "change_abs" if one.period and other.period and one.period != other.period else None
    series = {one.series, other.series}
    return "deviation" if series & {"budget", "forecast"} and "deviation" not in series else None


def _shared_times(pairs: Sequence[tuple[Column, Column]]) -> set[str | None]:
    """Return the times of columns that are set against each other; where one of them is a forecast, those of the forecasts."""
    every = [one for pair in pairs for one in pair]
    times = {one.period for one in every}
    forecasts = {one.period for one in every if one.series == "forecast"}
    return times & forecasts if forecasts else times


def _facts(table: FoundTable, metadata: Metadata) -> _Table:
    headings = tuple(map(_heading, table.headings))
    outturns = [heading.period for heading in headings if heading.period and heading.series in (None, "outturn")]
    # What stands nearest to the columns dates them.
    texts = (text for text in (table.stub, *reversed(table.caption.split(" / "))) if not is_said("notice", text))
    around = (ANY_YEAR.findall(text) for text in texts)
    named = next(filter(None, around), [])
    return _Table(
        numbers=[[parse_number(cell.text) if cell else None for cell in row.cells] for row in table.rows if not row.problem],
        headings=headings,
        metadata=metadata,
        years=tuple(sorted({year for period in outturns for year in ANY_YEAR.findall(period)})),
        year=named[-1] if len(set(named)) == 1 else None,
        series=next(filter(None, (first_meaning("table_series", text) for text in _statements(table))), None),
        month=next(filter(None, map(_month_over, (table.stub, *reversed(table.caption.split(" / "))))), None),
        limit=_limit(table),
        has_open_budget=any(
            heading.series == "budget" and not is_said("period_budget", text)
            for heading, text in zip(headings, table.headings, strict=True)
        ),
    )


def with_numbered_parts(table: FoundTable) -> FoundTable:
    """Return a table; headings that name quarters or thirds where its corner says that these are numbered."""
    part = _NUMBERED_PART.search(table.stub)
    found = [_NUMBERED.fullmatch(heading) for heading in table.headings]
    if part is None or not all(found):
        return table
    named = [(match["part"] or match["second"], match["year"] or match["first"]) for match in found if match]
    return replace(table, headings=[f"{part[1]} {number} {year}" for number, year in named])


def with_caption_apart(table: FoundTable) -> FoundTable:
    """Return a table; where its caption names a part of a year and ran into the first of bare years, the two apart."""
    first = _RUN_IN.fullmatch(table.headings[0]) if table.headings else None
    others = [heading for heading in table.headings[1:] if ANY_YEAR.fullmatch(heading)]
    if first is None or not others or first["year"] in others or parse_part(first["words"]) is None:
        return table
    caption = " / ".join(filter(None, (table.caption, first["words"])))
    return replace(table, caption=caption, headings=[first["year"], *table.headings[1:]])


def _limit(table: FoundTable) -> _Limit | None:
    """Return the part or day of a year that stands nearest over the columns, in the stub or the caption; None without one."""
    for text in (table.stub, *reversed(table.caption.split(" / "))):
        part = _part_named(text)
        if part and part != _ALL_MONTHS:
            years = set(ANY_YEAR.findall(text))
            title, third = is_said("document_title", text), is_said("ambiguous_time", text) and part != _THIRDS[0]
            return _Limit(part, years.pop() if len(years) == 1 else None, not title and not third, third and not title)
    return None


def _month_over(text: str) -> str | None:
    """Return the month with its year that a text over a table ends with, "Hushåll, augusti 2023"; not the last of several."""
    until = is_said("document_title", text) or is_said("until_heading", text) or is_said("notice", text)
    return parse_period(text) if _MONTH_ENDS.search(text) and not until else None


def _statements(table: FoundTable) -> list[str]:
    """Return what is said over a table, the nearest first: its corner, and each sentence of its caption."""
    return [table.stub, *reversed(_STATEMENT_END.split(table.caption))]


def _part_named(text: str) -> str | None:
    """Return the part or the day of a year that a text names, also with the year; not the day on which something was printed."""
    if is_said("notice", text):
        return None
    day = parse_period(text) or ""
    return parse_part(text) or parse_quarter(text) or parse_day(text) or (f"-{day[4:]}" if ONE_DAY.fullmatch(day) else None)


def _heading(text: str) -> Heading:
    """Read a column's heading; a part of a year in one of its levels limits the year in another, or that over the table."""
    heading = parse_heading(text)
    part = parse_part(text) or parse_quarter(text) or parse_day(text)
    if part and heading.period is None and _DAY_OF_YEAR.fullmatch(part) and heading.series in (None, "outturn"):
        return replace(heading, period=part)
    if part and ANY_YEAR.fullmatch(heading.period or "") and _is_limited(text, heading.series or "outturn"):
        return replace(heading, period=join_period(heading.period, part) if part != _ALL_MONTHS else heading.period)
    return heading


def _is_limited(text: str, series: str) -> bool:
    """Tell whether a part of a year over the table may limit a column: not what says that it is of the whole year."""
    return series in _LIMITED and not is_said("whole_year_heading", text) and not is_said("closed_year", text)


def _limited(table: _Table, text: str, series: str, period: str | None, dated: str) -> tuple[str | None, str]:
    """Return period and source of a column, limited to the part of a year that the caption names, doubtful if it may not be."""
    limit = table.limit
    if limit is None or not ANY_YEAR.fullmatch(period or "") or dated not in _OVER_COLUMNS or not _is_limited(text, series):
        return period, dated
    if limit.is_day and series != "outturn" and (series not in CHANGES or limit.part == YEAR_END):
        return period, dated  # nothing is budgeted for a day, and the change to the last day of a year is that of the year
    if not limit.sure or (series in ("budget", "deviation") and table.has_open_budget):
        return (None, "none") if limit.is_ambiguous else (period, "doubtful")
    return in_year(limit.part, str(period)), dated if limit.year in (None, period) else "doubtful"


def _series(table: _Table, place: int, text: str, budgeting: bool) -> tuple[str, str]:
    """Return the series of a column and what that rests on."""
    heading = table.headings[place]
    named = {other.series for other in table.headings} - {None}
    # Beside a forecast of the year under "Avvikelse per område" stand the deviations so far.
    shared = table.series if not named or (table.series == "deviation" and named == {"forecast"}) else None
    series = heading.series or shared or "outturn"
    if series == "change_abs" and is_said("difference", text) and _is_from_budget(table, place):
        series = "deviation"
    elif heading.series is None and series == "outturn" and (heading.period or "")[:4] > (table.own_year or "9"):
        series = "plan"
    elif (budgeting and _may_be_budgeted(heading, table)) or _begins_plan(heading, table):
        series = "budget"
    open_year = bool(table.metadata.months) and is_said("whole_year_heading", text) and not is_said("so_far_heading", text)
    if series == "deviation" and (open_year or any(is_said("forecast_word", word) for word in _WORD.findall(text))):
        series = "forecast"  # what is expected to deviate is a forecast, as is what is expected to be spent
    if series == "deviation" and (table.is_behind_forecast(place) or (not table.has_outturns and table.has_forecasts)):
        return "forecast", "columns"  # nothing else than what is expected can deviate, or that is what stands before it
    if heading.series:
        return series, "heading"
    if table.series == series:
        return series, "caption"
    return series, "years" if table.has_years_only and series == "outturn" else "default"


def _may_be_budgeted(heading: Heading, table: _Table) -> bool:
    """Tell whether a column that names no series may be of the budget: it is of no year that is over, and of no day."""
    period = heading.period or "9"
    return heading.series is None and not ONE_DAY.fullmatch(period) and period >= (table.own_year or "9")


def _begins_plan(heading: Heading, table: _Table) -> bool:
    """Tell whether a column that names no series is of the year of a budget, beside others of the years that are planned."""
    own = heading.series is None and heading.period is not None and heading.period == table.own_year
    return own and table.metadata.kind == "budget" and table.is_ahead


def _period(table: _Table, place: int, text: str, series: str) -> tuple[str | None, str]:
    """Return the period of a column and what that rests on."""
    heading = table.headings[place]
    period = _in(heading.period, table.year) if heading.period else None
    if series in CHANGES and not (period or "").startswith("-"):
        named = ANY_YEAR.findall(period if period and "/" in period else text)
        latest = max(named if len(named) > 1 else table.years, default=None)
        return table.at_their_time(latest) if latest else table.own_year, "heading" if period else "columns"
    if period and (years := _YEARS.search(tidy(text))) and years["last"] == period:
        return f"{years['first']}/{period}", "heading"  # what came of several years is not of the last of them
    so_far = table.metadata.usual_period("outturn") if table.metadata.months else None
    if is_said("previous_year", text) and not ANY_YEAR.search(text):
        before, part = table.metadata.year_before, heading.period if (heading.period or "").startswith("-") else None
        if so_far and before and is_said("so_far_heading", text):
            return so_far.replace(str(table.own_year), before), "document"
        return in_year(part, str(before)) if part else before, "document"
    if so_far and period is None and is_said("so_far_heading", text):
        return so_far, "document"
    if so_far and ANY_YEAR.fullmatch(period or "") and (is_said("so_far_heading", text) or is_said("interim_heading", text)):
        return so_far.replace(str(table.own_year), str(period)), "heading"
    if series == "forecast" and period and not table.has_monthly_forecasts:
        period = table.own_year if period.startswith("-") else period[: len("2024")]
    return (period, "heading") if period else _undated(table, text, series)


def _undated(table: _Table, text: str, series: str) -> tuple[str | None, str]:
    """Return the period of a column whose heading names none, and what that rests on."""
    latest = table.latest
    if table.metadata.months and is_said("whole_year_heading", text):
        return table.own_year, "document"
    again = sum(heading.series == series and not heading.period for heading in table.headings) > 1
    if again and MONTHS.get(text.lower().rpartition(" ")[2].rstrip(".")) == table.metadata.months:
        return table.metadata.usual_period("outturn"), "columns"  # "Budget aug" beside the year's
    if is_said("sum_heading", text):
        if table.whole:
            return table.whole, "columns"
        latest = f"{table.years[0]}/{table.years[-1]}" if len(table.years) > 1 else latest
    # The year over a table that is one of several of its columns is not another column's as well.
    year = None if len(table.years) > 1 and table.year in table.years else table.year
    year = table.month if year and table.month and table.month.startswith(year) else year
    period = (latest if series in ("deviation", "budget", "forecast") else None) or year or latest
    if period:
        return period, "caption" if period in (table.year, table.month) else "columns"
    return table.metadata.usual_period(series), "document"


def _in(period: str, year: str | None) -> str:
    """Give a part of a year the year that the table's caption names."""
    return in_year(period, year) if period.startswith("-") and year else period


def _differences(table: _Table, place: int, fewest: int = 1, kind: str = "difference") -> list[tuple[int, int]]:
    """Return the pairs of columns whose difference, or growth in per cent, a column is.

    That is in most of the rows that can tell, and in so many at least.
    """
    found = []
    rows = [_in_percent(numbers, place) for numbers in table.numbers] if kind == "growth" else table.numbers
    for a, b in combinations([i for i in range(len(table.headings)) if i != place], 2):
        verdicts = [tells(Relation(kind, a, b, place), numbers) for numbers in rows]
        telling = [verdict for verdict in verdicts if verdict is not None]
        if sum(telling) >= fewest and 2 * sum(telling) > len(telling):
            found.append((a, b))
    return found


def _in_percent(numbers: Sequence[PrintedNumber | None], place: int) -> list[PrintedNumber | None]:
    """Return the numbers of a row with the one at a place in per cent, as its heading says."""
    return [replace(one, unit="percent") if one and number == place else one for number, one in enumerate(numbers)]


def _is_from_budget(table: _Table, place: int) -> bool:
    """Tell whether a column of differences is of outturn and budget: no other difference holds in its rows."""
    pairs: dict[bool, list[tuple[int, int]]] = {True: [], False: []}
    for a, b in _differences(table, place):
        pairs["budget" in {table.headings[a].series, table.headings[b].series}].append((a, b))
    budgeted = any(heading.series == "budget" for heading in table.headings)
    outturns = sum(heading.series in (None, "outturn") for heading in table.headings)
    return bool(pairs[True]) if pairs[True] or pairs[False] else budgeted and outturns == 1
