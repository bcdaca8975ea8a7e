"""Column relations: what a table's columns are to each other, told by arithmetic over its rows alone.

No heading is trusted: a relation counts where the rows hold it in so many digits that chance cannot. A row
that does not fit is found.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import combinations, pairwise, permutations
from math import log2
from typing import Any

import polars as pl

from socialvolym.audit.check_table import CHECK_SCHEMA, Check, as_checks, check_of
from socialvolym.audit.rules.arithmetic.totals import ADDITIVE, MEAN, NO_SUM, PERSONS, TOTAL
from socialvolym.notation.calendar import bounds
from socialvolym.notation.intervals import DUST
from socialvolym.notation.periods import DIFFERENCES

#: A relation is shown by so many bits beyond those that choosing among all relations costs: what each row that holds would cost
#: chance, less what each row costs that does not hold and is no slip of a digit; a printed percentage most likely is one.
_SHOWN, _ROW_FAILS, _PERCENT = 12.0, 4.0, 6.0
#: So many rows hold at least for every one that fails; a relation of two rows is none.
_FEWEST, _HOLD_FOR_EACH = 2, 3
#: A total of so many rows at least, and of so many units of its last digit, that chance does not bring within a digit of it.
_FEWEST_PARTS, _LONG = 3, 1000
#: What a row calls a sum of the times above it may be as far from it as a slip goes; an amount since January grows so many times.
_NEAR_SUM, _CLIMB = 0.1, 1.5
_MEAN_WORDS = re.compile(r"^(?:genom)?snitt|^medel(?:tal|värde)?\b")
_SUM_WORDS = re.compile(r"\b(?:summa|totalt?|sammanlagt)\b")
#: Months differ by so many days, and with them quarters; no part of a year that is summed to it is longer than half.
_MONTHS_DIFFER, _HALF_A_YEAR = 3, 185
_WHOLE_YEAR = (4, 12)
#: Persons and households may be in several rows; these are in one.
_ADDING_UP = {"SEK", "kSEK", "MSEK", "GSEK", "care_days", "hours"}
_PERSONS = ("persons", "households")
#: How rows begin that are contained in the row above them.
OF_WHICH = ("varav", "därav", "därutav", "av vilka", "av dessa")
#: A gap of less than this many units of the last digit may be rounding in two steps.
_ROUNDING = 1.0
#: Columns of wider tables are only held against near ones, and no more columns than these are summed.
_NEAR, _MOST_SUMMED = 6, 6
#: Units that a product and a quotient may be printed in: thousands, millions; per cent, per 1 000, per 10 000.
_PRODUCT_SCALES, _QUOTIENT_SCALES = (1.0, 1e3, 1e6), (100.0, 1000.0, 10000.0)


@dataclass(frozen=True)
class Number:
    """A printed number: its value, how far rounding may have moved it, a unit of its last digit, and the figure it is."""

    value: float
    half: float
    step: float
    figure: Mapping[str, Any]


@dataclass(frozen=True)
class _Relation:
    """What one column is of others; `expected` is the value, and how far rounding may set it off, from the others' numbers."""

    rule: str
    inputs: tuple[int, ...]
    output: int
    scale: float = 1.0

    def expected(self, row: Mapping[int, Number], whole: Mapping[int, Number]) -> tuple[float, float] | None:
        if not all(column in row for column in self.inputs):
            return None
        first, *rest = (row[column] for column in self.inputs)
        if self.rule == "sum_of_columns":
            parts, output = (first, *rest), row[self.output]
            told = sum(n.value for n in parts), sum(n.half for n in parts)
            return told if _may_be_sum(output, parts, told[0]) else None
        if self.rule == "product_of_columns":
            slack = abs(first.value) * rest[0].half + abs(rest[0].value) * first.half
            # The price may be the rounded quotient of the others, also where it happens to be exact in other rows.
            return first.value * rest[0].value / self.scale, slack / self.scale
        base = whole.get(self.inputs[0]) if self.rule == "share_of_total" else rest[0]
        if base is None or abs(base.value) <= 2 * max(base.half, base.step):
            return None
        quotient = first.value / base.value
        return self.scale * quotient, self.scale * (first.half + abs(quotient) * base.half) / (abs(base.value) - base.half)


@dataclass(frozen=True)
class _Fit:
    """How a relation fits a table: the bits of the rows that hold, and what the rows (by place) that do not should be."""

    relation: _Relation
    bits: float
    holding: frozenset[int]
    failing: Mapping[int, float]


def check(figures: pl.DataFrame) -> pl.DataFrame:
    """Return the checks of columns against each other: those that hold, and the rows that do not fit."""
    found: list[Check] = []
    tables = figures.filter(pl.col("table").is_not_null(), ~pl.col("bounded"))
    for table in grids(tables):
        found += _table_checks(table)
    return as_checks(pl.DataFrame(found, schema=CHECK_SCHEMA, infer_schema_length=None))


def grids(tables: pl.DataFrame) -> Iterator[list[dict[int, Number]]]:
    """Return each table's rows as numbers by column; where the reader names no column, rows of one length have them in order."""
    named = "column" in tables.columns
    wanted = [*(name for name in CHECK_SCHEMA if name in tables.columns), "published_as", "value", "step", "half", "row"]
    wanted.append("dimension")
    wanted += ["column", "column_label"] if named else []
    for part in tables.select(*wanted, "table_id").partition_by("table_id", maintain_order=True):
        rows: dict[int, list[Mapping[str, Any]]] = {}
        for cell in part.iter_rows(named=True):
            rows.setdefault(cell["row"], []).append(cell)
        lengths = [len(cells) for cells in rows.values()]
        usual = max(set(lengths), key=lengths.count)
        kept = [cells for cells in rows.values() if named or len(cells) == usual]
        yield [
            {(c["column"] if named else n): Number(c["value"], c["half"], c["step"], c) for n, c in enumerate(cells)}
            for cells in kept
        ]


def _table_checks(rows: Sequence[dict[int, Number]]) -> Iterator[Check]:
    derived = {c for row in rows for c, number in row.items() if number.figure["series"] in DIFFERENCES}
    percents = {c for row in rows for c, number in row.items() if number.figure["unit"] == "percent"}
    columns = sorted({column for row in rows for column in row})
    wholes = _wholes(rows)
    yield from _lone_totals(rows)
    yield from _lone_means(rows)
    tried = [relation for output in columns for relation in _relations(columns, output, derived, percents)]
    for output in columns:
        fits = [
            fit
            for relation in tried
            if relation.output == output
            for whole in (wholes if relation.rule == "share_of_total" else wholes[:1])
            if (fit := _fit(relation, rows, whole, _SHOWN + log2(len(tried)))) is not None
        ]
        if not fits:
            continue
        best = max(fits, key=lambda fit: (fit.bits, -len(fit.relation.inputs)))
        held = frozenset().union(*(fit.holding for fit in fits))
        for place in sorted(best.holding):
            number = rows[place][output]
            yield check_of(number.figure, best.relation.rule, number.value, 0.0)
        for place, expected in best.failing.items():
            number = rows[place][output]
            gap = abs(abs(number.value) - abs(expected)) / number.step
            yield check_of(number.figure, best.relation.rule, expected, 0.0 if place in held else gap)


def _lone_totals(rows: Sequence[dict[int, Number]]) -> Iterator[Check]:
    """Find totals that no other column shows to be sums: by a digit, or two that changed places, or by the months above them.

    The rows are those since the total before it. What a row calls the sum of months that follow each other is theirs.
    """
    block: list[dict[int, Number]] = []
    for row in rows:
        columns = {column: [part[column] for part in block if column in part] for column in row}
        named = _SUM_WORDS.search(own_words(row)) is not None
        of_times = {c for c, parts in columns.items() if (named or _covers(row[c], parts)) and _follow_each_other(parts)}
        if not is_total(row) and not of_times:
            block += [] if own_words(row).startswith(OF_WHICH) else [row]
            continue
        summed = of_times if named or _other_sums(row, columns) else set()
        for column, number in row.items():
            parts = columns[column]
            expected = sum(part.value for part in parts)
            units = {n.figure["unit"] for n in (*parts, number)}
            if len(parts) < _FEWEST_PARTS or len(units) > 1 or not units <= _ADDING_UP or abs(expected) < _LONG * number.step:
                continue
            off, near = abs(number.value - expected), column in summed and not _since_start(parts)
            wrong = is_slip(number.value, expected, number.step) or (near and off <= _NEAR_SUM * abs(expected))
            rounding = off <= len(parts) * number.step
            if wrong or rounding:
                yield check_of(number.figure, "total", expected, 0.0 if rounding else off / number.step)
        block = []


def _lone_means(rows: Sequence[dict[int, Number]]) -> Iterator[Check]:
    """Find means below the months or quarters that they are of: by a digit, or where it is shown that they are means of all.

    That is where the mean of another column holds, or all months or quarters of a year are there. Months that another column
    lacks may be left out of the mean.
    """
    for place, row in enumerate(rows):
        columns = {column: [part[column] for part in rows[:place] if column in part] for column in row}
        of_times = {
            c: parts
            for c, parts in columns.items()
            if _is_mean(row, row[c], parts) and _follow_each_other(parts) and _may_have_mean(parts)
        }
        apart = {}
        for column, parts in of_times.items():
            means = [
                sum(n.value for n in parts[: len(other)]) / len(other) for other in of_times.values() if len(other) <= len(parts)
            ]
            whole = sum(n.value for n in parts)
            off = min(abs(row[column].value - size) for size in (*means, whole))
            apart[column] = (whole / len(parts), off if off > row[column].step + parts[0].step else 0.0)
        for column, (mean, off) in apart.items():
            number = row[column]
            shown = 0.0 in [other for _, other in apart.values()] or len(of_times[column]) in _WHOLE_YEAR
            near = shown and abs(number.value - mean) <= _NEAR_SUM * mean
            rounded = (mean + by * number.step for by in (-0.5, 0.0, 0.5))
            if off and (near or any(is_slip(number.value, size, number.step) for size in rounded)):
                yield {**check_of(number.figure, "mean", mean, off / number.step), "cause": "below"}


def _is_mean(row: Mapping[int, Number], number: Number, parts: Sequence[Number]) -> bool:
    """Tell whether a row is called a mean, or a year's number stands below its parts in a column that is."""
    heading = str(number.figure.get("column_label") or "").lower()
    return bool(_MEAN_WORDS.search(own_words(row)) or (re.search(MEAN, heading) and _covers(number, parts)))


def _may_have_mean(parts: Sequence[Number]) -> bool:
    """Tell whether numbers are counts or amounts, whose mean is not weighted by something else."""
    figures = [part.figure for part in parts]
    return all(figure["dimension"] in ADDITIVE and "_per_" not in (figure["measure"] or "") for figure in figures)


def _other_sums(row: Mapping[int, Number], columns: Mapping[int, Sequence[Number]]) -> bool:
    """Tell whether a long number of a row is the sum of its column."""
    return any(
        _is_sum(n, columns[c]) and abs(n.value) >= _LONG * n.step for c, n in row.items() if n.figure["unit"] in _ADDING_UP
    )


def _since_start(parts: Sequence[Number]) -> bool:
    """Tell whether numbers never fall, and most of the last is not of its own time: amounts since January."""
    return all(a.value <= b.value for a, b in pairwise(parts)) and parts[-1].value > _CLIMB * parts[0].value


def _follow_each_other(parts: Sequence[Number]) -> bool:
    """Tell whether numbers are of months, quarters or other parts of a year, each of the time after that of the one before."""
    times = [time for part in parts if (time := _days(part))]
    lengths = [(last - first).days for first, last in times]
    in_order = all(a[1].toordinal() + 1 == b[0].toordinal() for a, b in pairwise(times))
    alike = bool(lengths) and max(lengths) - min(lengths) <= _MONTHS_DIFFER and max(lengths) < _HALF_A_YEAR
    return len(times) == len(parts) >= _FEWEST_PARTS and in_order and alike


def _covers(number: Number, parts: Sequence[Number]) -> bool:
    """Tell whether the time of a number is that of several others together: a year below its months."""
    own, times = _days(number), [_days(part) for part in parts]
    return own is not None and len({t for t in times if t and t != own and own[0] <= t[0] and t[1] <= own[1]}) > 1


def _days(number: Number) -> tuple[date, date] | None:
    return bounds(number.figure["period"]) if number.figure["period"] else None


def _relations(columns: Sequence[int], output: int, derived: Collection[int], percents: Collection[int]) -> Iterator[_Relation]:
    """Return what a column may be of others; differences and what they are taken of are another rule's."""
    others = [column for column in columns if column not in (output, *derived) and abs(column - output) <= _NEAR]
    numbers = [column for column in others if column not in percents]
    for count in range(2, min(_MOST_SUMMED, len(others)) + 1):
        for first in range(len(others) - count + 1):
            run = tuple(others[first : first + count])
            if run[-1] - run[0] == count - 1 and output not in derived:
                yield _Relation("sum_of_columns", run, output)
    for pair in combinations(numbers, 2):
        yield from (_Relation("product_of_columns", pair, output, scale) for scale in _PRODUCT_SCALES)
    for pair in permutations(numbers, 2):
        yield from (_Relation("share_of_columns", pair, output, scale) for scale in _QUOTIENT_SCALES)
    for column in numbers:
        yield _Relation("share_of_total", (column,), output, _QUOTIENT_SCALES[0])


def _wholes(rows: Sequence[dict[int, Number]]) -> list[dict[int, Number]]:
    """Return what shares may be of: the sums of the columns' parts, each row that is called a total, and the last one."""
    totals = [row for row in rows if is_total(row) or row is rows[-1]]
    parts = [row for row in rows if not is_total(row)]
    sums = {
        column: Number(sum(n.value for n in numbers), sum(n.half for n in numbers), numbers[0].step, {})
        for column in {column for row in parts for column in row}
        if (numbers := [row[column] for row in parts if column in row])
    }
    return [sums, *totals]


def _may_be_sum(number: Number, parts: Sequence[Number], expected: float) -> bool:
    """Tell whether a number may be the sum of others: no mean, rate or share, and not what lies between the parts.

    That is a mean as well, or the number at the end of a time, unless it is a slip of the sum. Persons who are in several parts
    are fewer than the sum.
    """
    figure, values = number.figure, [abs(n.value) for n in parts]
    if figure["dimension"] not in (*ADDITIVE, "percent") or re.search(NO_SUM, own_words({0: number})):
        return False
    if is_slip(number.value, expected, number.step) or min(n.value for n in parts) < 0 < max(n.value for n in parts):
        return True
    persons = figure["dimension"] in _PERSONS or re.search(PERSONS, own_words({0: number})) is not None
    return not min(values) <= abs(number.value) <= (abs(expected) - number.step if persons else max(values))


def is_total(row: Mapping[int, Number]) -> bool:
    """Tell whether a row is called a total."""
    return _is_called_total(own_words(row))


@lru_cache(maxsize=4096)
def _is_called_total(label: str) -> bool:
    return bool(pl.Series([label]).str.contains(TOTAL).item())


@lru_cache(maxsize=4096)
def _adds_up(label: str) -> bool:
    """Tell whether a row is neither a total nor contained in the row above it."""
    return not _is_called_total(label) and not label.startswith(OF_WHICH)


def own_words(row: Mapping[int, Number]) -> str:
    """Return the words of a row's own label, without those of the headings above it."""
    return _own_label(str(next(iter(row.values())).figure["label"]))


@lru_cache(maxsize=4096)
def _own_label(label: str) -> str:
    return label.lower().rsplit(": ", 1)[-1].strip(" .:*-\u2013")


def _fit(relation: _Relation, rows: Sequence[dict[int, Number]], whole: Mapping[int, Number], shown: float) -> _Fit | None:
    """Hold a relation against all rows; None where too few hold, or where those that do are no evidence."""
    numbers = [row[relation.output] for row in rows if relation.output in row]
    spread = _spread(numbers)
    hundred = not spread and relation.rule == "sum_of_columns"
    if hundred:  # in every row, so that what one column has says what the others have
        spread = max(_spread([row[column] for row in rows if column in row]) for column in relation.inputs)
    if relation.scale == _QUOTIENT_SCALES[0] and all(n.figure["unit"] == "percent" for n in numbers):
        shown -= _PERCENT
    bits, holding, misses = 0.0, set(), {}
    for place, row in enumerate(rows):
        told = relation.expected(row, whole) if relation.output in row else None
        number = row.get(relation.output)
        if told is None or number is None or (number.value == 0 and told[0] == 0):
            continue
        expected, slack = told
        miss = abs(abs(number.value) - abs(expected)) - number.half - slack
        if miss <= DUST * number.step:
            holding.add(place)
            width = 2 * (number.half + slack) + number.step * (number.half + slack == 0) if not hundred else number.step
            copied = any(number.value == row[column].value for column in relation.inputs)
            bits += 0.0 if copied else log2(max(spread, width) / width)
        elif miss > _ROUNDING * number.step:
            misses[place] = expected
    if len(holding) < _FEWEST or bits < shown:
        return None
    failing = {place: expected for place, expected in misses.items() if not _means_beside_sums(relation, rows[place], rows)}
    printed = {place: rows[place][relation.output] for place in failing}
    bits -= sum(_ROW_FAILS for at, n in printed.items() if not is_slip(n.value, failing[at], n.step))
    # Two rows whose numbers have changed places are one slip.
    slips = len(failing) - _have_changed_places(printed, failing)
    enough = slips <= 1 or len(holding) >= _HOLD_FOR_EACH * slips
    return _Fit(relation, bits, frozenset(holding), failing) if enough and bits >= shown else None


def _spread(numbers: Sequence[Number]) -> float:
    return max(n.value for n in numbers) - min(n.value for n in numbers)


def _have_changed_places(printed: Mapping[int, Number], expected: Mapping[int, float]) -> bool:
    """Tell whether two rows are all that do not fit, and each has the number that the other should have."""
    return len(printed) == 2 and sorted(n.value for n in printed.values()) == sorted(expected.values())


def _means_beside_sums(relation: _Relation, row: Mapping[int, Number], rows: Sequence[Mapping[int, Number]]) -> bool:
    """Tell whether a row stands for all others and is not in all of its volume, unit cost and product what adds up.

    Households a month times the amount for each of them in a month are not what eight months cost.
    """
    output = row[relation.output]
    if relation.rule not in ("product_of_columns", "share_of_columns") or output.figure["unit"] == "percent":
        return False
    parts = [other for other in rows if other is not row and _adds_up(own_words(other))]
    if not (is_total(row) or _covers(output, [part[relation.output] for part in parts if relation.output in part])):
        return False
    inputs = [_is_sum(row[column], [part[column] for part in parts if column in part]) for column in relation.inputs]
    if relation.rule == "product_of_columns":
        return not any(inputs) or _is_sum(output, [p[relation.output] for p in parts if relation.output in p])
    return not all(inputs)


def _is_sum(number: Number, parts: Sequence[Number]) -> bool:
    miss = abs(number.value - sum(part.value for part in parts)) - number.half - sum(part.half for part in parts)
    return len(parts) > 1 and miss <= DUST * number.step


def is_slip(printed: float, expected: float, step: float) -> bool:
    """Tell whether two numbers of as many digits differ in one digit, or in two neighbours that changed places."""
    one, other = (str(round(abs(number) / step)) for number in (printed, expected))
    if len(one) != len(other) or len(one) < 2:
        return False
    places = [n for n, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    swapped = len(places) == 2 and places[1] == places[0] + 1 and one[places[0]] == other[places[1]]
    return len(places) == 1 or (swapped and one[places[1]] == other[places[0]])


def is_swap(printed: float, expected: float, step: float) -> bool:
    """Tell whether two numbers differ in that two neighbouring digits have changed places."""
    one, other = (str(round(abs(number) / step)) for number in (printed, expected))
    return one != other and sorted(one) == sorted(other) and is_slip(printed, expected, step)
