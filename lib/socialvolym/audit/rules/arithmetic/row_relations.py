"""Row relations: unit costs, shares and totals that a table has as rows, told by the columns in which they hold.

A row's label or unit says what it may be; the other columns say of which rows. A column that does not fit is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from math import log2

import polars as pl

from socialvolym.audit.check_table import CHECK_SCHEMA, Check, as_checks, check_of
from socialvolym.audit.rules.arithmetic.column_relations import OF_WHICH, Number, grids, is_slip, own_words
from socialvolym.audit.rules.arithmetic.totals import ADDITIVE, MEAN
from socialvolym.notation.intervals import DUST
from socialvolym.notation.periods import DIFFERENCES

#: So many bits, beyond those that choosing among the rows costs: what each column that holds would cost chance, and what a
#: printed number costs it that differs from the expected one by a digit. So many columns hold for each that does not.
_SHOWN, _HOLD_FOR_EACH = 6.0, 2
#: A number is as likely as any other within such a part of itself.
_PART = 0.25
#: Rows further away belong to another block; a total is of so many rows at most.
_NEAR, _MOST_SUMMED = 6, 9
_WHOLE = re.compile(r"\b(?:totalt?|totala|samtliga|summa|sammanlagt)\b")
_UNIT_COST = re.compile(rf"\bper\b|/|{MEAN}|à-?pris|dygnspris|dygnskostnad|styckkostnad")
_COSTS = (1.0, 1e3, 1e6)
#: Rules that say what a row is of others.
_KNOWN = ("total", "total_of_persons", "sum", "year_sum", "mean", "unit_cost", "ratio")
#: A printed row: its numbers by column.
_Row = Mapping[int, Number]


@dataclass(frozen=True)
class _Relation:
    """What a row is of others: the sum of `inputs`, or `scale` times the first by the second."""

    rule: str
    inputs: tuple[int, ...]
    scale: float = 1.0

    def expected(self, numbers: Sequence[Number]) -> tuple[float, float] | None:
        """Return what the row should be in a column, and how far rounding may set it off."""
        if self.rule == "sum_of_rows":
            return sum(n.value for n in numbers), sum(n.half for n in numbers)
        part, whole = numbers
        if abs(whole.value) <= 2 * max(whole.half, whole.step):
            return None
        quotient = part.value / whole.value
        return self.scale * quotient, self.scale * (part.half + abs(quotient) * whole.half) / (abs(whole.value) - whole.half)


def check(figures: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return the failing checks of rows that other columns show to be sums, shares or unit costs of rows near them.

    known : the checks of other rules; what a rule that knows its measures or its label says of a row is not told again.
    """
    levels = figures.filter(pl.col("table").is_not_null(), ~pl.col("bounded"), ~pl.col("series").is_in(DIFFERENCES))
    found: list[Check] = []
    for rows in grids(levels):
        for place, row in enumerate(rows):
            relations = list(_relations(place, rows))
            fits = [fit for relation in relations if (fit := _fit(relation, row, rows, log2(len(relations)))) is not None]
            if fits and (best := max(fits, key=lambda fit: fit[0]))[1] and not any(not failing for _, failing in fits):
                found += best[1]
    told = known.filter(pl.col("rule").is_in(_KNOWN)).select("report", "line")
    return as_checks(
        pl.DataFrame(found, schema=CHECK_SCHEMA, infer_schema_length=None).join(told, on=["report", "line"], how="anti")
    )


def _relations(place: int, rows: Sequence[_Row]) -> Iterator[_Relation]:
    label, kind = own_words(rows[place]), _kind(rows[place])
    near = [n for n in range(max(0, place - _NEAR), min(len(rows), place + _NEAR + 1)) if n != place]
    if kind == "percent" or (kind == "money" and _UNIT_COST.search(label)) or kind.startswith("SEK_per"):
        for part, whole in permutations(near, 2):
            kinds = _kind(rows[part]), _kind(rows[whole])
            if kind == "percent" and kinds[0] == kinds[1] != "percent":
                yield _Relation("ratio_of_rows", (part, whole), 100.0)
            if kind != "percent" and kinds == ("money", "count"):
                yield from (_Relation("ratio_of_rows", (part, whole), scale) for scale in _COSTS)
    elif _WHOLE.search(label) and kind in ("money", "count"):
        for runs in (range(place - 1, -1, -1), range(place + 1, len(rows))):
            above = runs.step < 0
            own = [n for n in runs if not above or not own_words(rows[n]).startswith(OF_WHICH)]
            for count in range(2, min(len(own), _MOST_SUMMED) + 1):
                if not all(_kind(rows[n]) == kind and not _WHOLE.search(own_words(rows[n])) for n in own[:count]):
                    break
                yield _Relation("sum_of_rows", tuple(own[:count]))


def _kind(row: _Row) -> str:
    """Return what the numbers of a row are: money, what is counted, or the one dimension that they have."""
    dimensions = {str(number.figure["dimension"]) for number in row.values()}
    kinds = {"count" if one in ADDITIVE and one != "money" else one for one in dimensions}
    return kinds.pop() if len(kinds) == 1 else ""


def _fit(relation: _Relation, row: _Row, rows: Sequence[_Row], cost: float) -> tuple[float, list[Check]] | None:
    """Hold a relation against all columns: what those that hold tell, in bits, and the checks of those that do not."""
    bits, seen = 0.0, set()
    failing: list[Check] = []
    for column, number in row.items():
        numbers = [rows[n][column] for n in relation.inputs if column in rows[n]]
        told = relation.expected(numbers) if len(numbers) == len(relation.inputs) else None
        if told is None or not number.value:
            continue
        (expected, slack), values = told, tuple(n.value for n in (number, *numbers))
        miss = abs(abs(number.value) - abs(expected)) - number.half - slack
        if miss <= DUST * number.step:
            width = max(2 * (number.half + slack), number.step)
            bits += 0.0 if values in seen else max(0.0, log2(max(_PART * abs(number.value), width) / width))
            seen.add(values)
        elif miss > number.step:
            lines = dict.fromkeys(str(n.figure["line"]) for n in numbers)
            told_ = check_of(number.figure, relation.rule, expected, miss / number.step)
            failing.append({**told_, "lines": ", ".join(lines)})
            length = len(str(round(abs(number.value) / number.step)))
            bits += max(0.0, log2(10**length / 9 / length)) * is_slip(number.value, expected, number.step)
    enough = seen and len(failing) * _HOLD_FOR_EACH <= max(len(seen), 2)
    return (bits, failing) if enough and bits >= _SHOWN + cost else None
