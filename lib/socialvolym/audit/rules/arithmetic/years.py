"""Years: headings of tables in a document that nobody has described, whose years the columns or other tables contradict."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import polars as pl

from socialvolym.audit.check_table import CHECK_SCHEMA, Check, as_checks, check_of
from socialvolym.audit.rules.arithmetic.column_relations import Number, grids
from socialvolym.notation.periods import ANY_YEAR, YEAR

_SPAN = re.compile(rf"\b({YEAR})\s?[-\u2013]\s?({YEAR})\s*:?$")
#: A year that heads a column; that of a second one of the same heading is stored with its number behind it (reports/draft.py).
_HEAD = re.compile(rf"({YEAR})(?: \(\d\))?")
#: A heading of so many words stands so many lines above its table at most.
_WORDS, _ABOVE = 12, 5
#: Two tables with so many rows in common that agree when one is moved by a year, and not as they stand, differ in their headings.
_ROWS, _TELLING = 2, 20
_OUTTURNS = ("outturn",)
#: Series as a heading names them with their years.
_SERIES = {"utfall": "outturn", "bokslut": "outturn", "budget": "budget", "prognos": "forecast", "plan": "plan"}
_NAMED = re.compile(rf"\b({'|'.join(_SERIES)})(?: för)? ({YEAR})(?:\s?[-\u2013]\s?({YEAR}))?", re.IGNORECASE)
#: Columns that follow each other and are one fewer than the years of their heading are so many; that year stands nowhere near.
_COLUMNS, _BELOW = 3, 12
#: The kinds of facts.
SPAN, ABSENT = "year_span", "year_absent"


def spans(lines: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    """Return the facts (line, kind, what) of short lines that end with a span of years, as headings do.

    Where the first or the last of these years, and only one of them, does not stand below, that is a fact as well.
    """
    for number, line in enumerate(lines, start=1):
        match = _SPAN.search(line.strip()) if len(line.split()) <= _WORDS else None
        if match is not None:
            named = _NAMED.search(line.strip())
            yield number, SPAN, line.strip()[min(match.start(), named.start() if named else match.start()) :].strip(" :")
            absent = [year for year in match.groups() if not any(year in text for text in lines[number : number + _BELOW])]
            yield from ((number, ABSENT, year) for year in absent if len(absent) == 1)


def check(figures: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """Return the failing checks of headings' years; `figures` are the prepared ones of one draft with column and column_label."""
    told, absent = (list(facts.filter(kind=kind).select("line", "what").iter_rows()) for kind in (SPAN, ABSENT))
    tables = figures.filter(pl.col("table").is_not_null(), pl.col("year").is_not_null(), ~pl.col("bounded"))
    known = list(grids(tables.filter(pl.col("series").is_in(_OUTTURNS))))
    found = [check for table in known for check in _repeated(table)]
    for table in grids(tables.filter(pl.col("series").is_in(list(_SERIES.values())))):
        found += [*_spans(table, told, dict(absent)), *_series(table, told)]
    found += _moved(known)
    return as_checks(pl.DataFrame(found, schema=CHECK_SCHEMA, infer_schema_length=None))


def _years(table: Sequence[Mapping[int, Number]]) -> dict[int, int]:
    """Return the year of each column that is headed by a year alone."""
    heads = {c: str(n.figure["column_label"] or "").strip() for row in table for c, n in row.items()}
    return {column: int(match[1]) for column, text in sorted(heads.items()) if (match := _HEAD.fullmatch(text))}


def _first(table: Sequence[Mapping[int, Number]]) -> Mapping[str, Any]:
    return min((n.figure for row in table for n in row.values()), key=lambda figure: figure["line"])


def _repeated(table: Sequence[Mapping[int, Number]]) -> Iterator[Check]:
    """Find a year that heads two neighbouring columns where all the others follow each other."""
    if not all(number.figure["label"] for row in table for number in row.values()):
        return  # a list of headings and cells one below the other is no table whose columns are known
    years = list(_years(table).values())
    steps = [b - a for a, b in pairwise(years)]
    if len(years) < 3 or steps.count(0) != 1 or abs(sum(steps)) != len(steps) - 1 or len(set(steps)) != 2:
        return
    place = steps.index(0)
    yield _check(table, str(years[place]), str(years[place]), "repeated")


def _spans(table: Sequence[Mapping[int, Number]], told: Sequence[tuple[int, str]], absent: Mapping[int, str]) -> Iterator[Check]:
    """Find a heading right above a table that names other years than its columns do, as many or one that they lack."""
    numbers = [number.figure for row in table for number in row.values()]
    all_named = all(ANY_YEAR.findall(str(f["column_label"]))[-1:] == [f["period"][:4]] for f in numbers)
    of_outturns = [{c: n for c, n in row.items() if n.figure["series"] in _OUTTURNS} for row in table]
    known = [{int(figure["period"][:4]) for figure in numbers} if all_named else set(), set(_years(of_outturns).values())]
    heads = [(min(years), max(years)) for years in known if years and max(years) - min(years) == len(years) - 1]
    first = _first(table)["line"]
    for line, span in told:
        begin, end = map(int, ANY_YEAR.findall(span)[-2:])
        shorter = {str(begin): (begin + 1, end), str(end): (begin, end - 1)}.get(absent.get(line, ""))
        alike = [head for head in heads if end - begin == head[1] - head[0] > 0]
        alike += [head for head in heads if head == shorter and head[1] - head[0] >= _COLUMNS - 1]
        if 0 < first - line <= _ABOVE and alike and (begin, end) not in heads and not _NAMED.search(span):
            yield {**_check(table, span, "\u2013".join(map(str, alike[0])), "span"), "line": line}


def _series(table: Sequence[Mapping[int, Number]], told: Sequence[tuple[int, str]]) -> Iterator[Check]:
    """Find a heading that names two series or more with other years than the table's columns have, all by as many years off.

    A heading among the rows is of those below it, which have the columns of those above.
    """
    numbers = [number.figure for row in table for number in row.values()]
    lines, years = [figure["line"] for figure in numbers], defaultdict(set)
    for figure in numbers:
        years[figure["series"]].add(int(figure["period"][:4]))
    for line, what in told:
        named = [(_SERIES[word.lower()], int(first), int(last or first)) for word, first, last in _NAMED.findall(what)]
        if len(named) < _ROWS or line in lines or not min(lines) - _ABOVE <= line <= max(lines):
            continue
        off = {min(years[series], default=0) - first for series, first, _ in named}
        alike = all(years[series] == set(range(first + by, last + by + 1)) for series, first, last in named for by in off)
        if len(off) == 1 and off != {0} and alike:
            heads = dict.fromkeys(str(f["column_label"]) for f in numbers if f["series"] in {series for series, *_ in named})
            yield {**_check(table, what, ", ".join(heads), "span"), "line": line}


def _moved(tables: Sequence[Sequence[Mapping[int, Number]]]) -> Iterator[Check]:
    """Find two tables whose common rows agree in every year once one of them is moved by a year, and in none as they stand."""
    rows: dict[str, list[tuple[int, dict[int, float]]]] = defaultdict(list)
    for place, table in enumerate(tables):
        years = _years(table)
        for row in table:
            values = {years[c]: n.value for c, n in row.items() if c in years and abs(n.value) >= _TELLING * n.step}
            if len(values) > 1:
                rows[next(iter(row.values())).figure["label"].lower()].append((place, values))
    agreeing: dict[tuple[int, int, int], int] = defaultdict(int)
    standing: dict[tuple[int, int], int] = defaultdict(int)
    for same in rows.values():
        for (one, values), (other, others) in ((a, b) for a in same for b in same if a[0] < b[0]):
            standing[one, other] += any(values[year] == others.get(year) for year in values)
            for by in (-1, 1):
                agreeing[one, other, by] += sum(others.get(year + by) == value for year, value in values.items()) > 1
    for (one, other, by), count in agreeing.items():
        if count >= _ROWS and not standing[one, other]:
            heads = sorted(_years(tables[other]).values())
            published, right = (f"{heads[0] - moved}\u2013{heads[-1] - moved}" for moved in (0, by))
            yield {**_check(tables[other], published, right, "moved"), "lines": str(_first(tables[one])["line"])}


def _check(table: Sequence[Mapping[int, Number]], published: str, other: str, cause: str) -> Check:
    first = _first(table)
    place = {name: first[name] for name in ("report", "page", "line", "table")}
    return {**check_of({**place, "published_as": published}, "year_of_columns", None, 1.0), "other": other, "cause": cause}
