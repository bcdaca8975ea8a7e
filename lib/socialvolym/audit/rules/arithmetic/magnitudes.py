"""Magnitudes: cells a thousand times as large as the others of their row, or a thousandth, in a document nobody has described."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from statistics import median
from typing import Any

import polars as pl

from socialvolym.audit.check_table import CHECK_SCHEMA, Check, as_checks, check_of
from socialvolym.audit.compared_figures import unit_is_printed
from socialvolym.audit.rules.arithmetic.column_relations import OF_WHICH
from socialvolym.audit.rules.arithmetic.totals import ADDITIVE
from socialvolym.notation.periods import DIFFERENCES
from socialvolym.vocabulary.money import MONEY

_FACTORS = (1e3, 1e-3)
_OWN_UNIT = re.compile(r"\d\s*[a-z]", re.IGNORECASE)
#: So many others at least, and this part of them, are within this factor of what is usual in their row; one may be their sum.
_FEWEST, _MOST, _ALIKE = 3, 0.75, 3.0
#: A number of fewer units of its last digit may be anything.
_TELLING = 10
#: A sum of so many units of its last digit is none by chance, also of two numbers.
_LONG = 1000
_SCALES = (1.0, 1e3, 1e6)

_Cell = Mapping[str, Any]
#: Cells by the label of their row and, in it, by their column.
_Rows = Mapping[tuple[Any, ...], Mapping[int, _Cell]]


def check(figures: pl.DataFrame) -> pl.DataFrame:
    """Return the failing checks; `figures` are the prepared ones of a draft, with the column's place and what they rest on.

    A cell stands alone with its size: a column in which other rows are as far off holds something else.
    """
    levels = figures.filter(pl.col("table").is_not_null(), ~pl.col("bounded"), pl.col("value") != 0)
    found: list[Check] = []
    for table in levels.partition_by("table_id", maintain_order=True):
        rows: dict[tuple[Any, ...], dict[int, _Cell]] = defaultdict(dict)
        usual = table.filter(dimension="money").select(pl.struct("unit", "factor").mode().first()).item()
        for cell in table.iter_rows(named=True):
            own = _in_unit(cell, usual)
            rows[cell["label"], cell["part"], own["unit"], cell["series"] in DIFFERENCES][cell["column"]] = own
        found += _of_table(rows)
    return as_checks(pl.DataFrame(found, schema=CHECK_SCHEMA, infer_schema_length=None))


def _in_unit(cell: _Cell, usual: Mapping[str, Any] | None) -> _Cell:
    """Return an amount that is printed with a unit of its own in the unit that most amounts of its table have."""
    if (
        usual is None
        or cell["unit"] == usual["unit"]
        or cell["dimension"] != "money"
        or not _OWN_UNIT.search(cell["published_as"])
    ):
        return cell
    by = cell["factor"] / usual["factor"]
    return {**cell, "unit": usual["unit"], "by": by, **{name: cell[name] * by for name in ("value", "half", "step")}}


def put_right(figures: pl.DataFrame, checks: pl.DataFrame) -> pl.DataFrame:
    """Return the figures with the values that the checks expect: what follows from a cell that is found is not told again."""
    keys = ["report", "table", "line", "period", "series", "published_as"]
    right = checks.rename({"published": "published_as", "expected": "right"}).select(*keys, "right").unique(keys)
    joined = figures.join(right, on=keys, how="left", nulls_equal=True, maintain_order="left")
    return joined.with_columns(value=pl.coalesce("right", "value")).drop("right")


def _of_table(rows: _Rows) -> Iterator[Check]:
    factors = {(key, column): _factor(row, column) for key, row in rows.items() for column in row}
    for key, row in rows.items():
        for column, cell in row.items():
            factor = factors[key, column]
            if factor is None and (alone := _factor_of_any(row, column)) and _in_column(cell, cell["value"] / alone, row, rows):
                decimals = max(other["decimals"] for other in row.values())
                right = cell["value"] / alone / cell.get("by", 1.0)
                yield {**_check(cell, "thousandfold", right), "cause": "sum", "decimals": decimals}
            beside = [one for other in rows if other != key and (one := factors.get((other, column))) is not None]
            if factor not in _FACTORS or factor in beside or beside.count(1.0) <= len(beside) / 2:
                continue
            right = cell["value"] / factor
            proof = _proof(cell, right, row, rows)
            if proof or (unit_is_printed(cell) and cell["certainty"] != "guess"):
                yield {**_check(cell, "thousandfold" if proof else "other_size", right / cell.get("by", 1.0)), "cause": proof}


def _check(cell: _Cell, rule: str, right: float) -> Check:
    """Return the check of a cell, in the unit that is printed for it."""
    unit = next(name for name, factor in MONEY.items() if factor == cell["factor"]) if "by" in cell else cell["unit"]
    return check_of({**cell, "unit": unit}, rule, right, 1.0)


def _factor(row: Mapping[int, _Cell], column: int) -> float | None:
    """Return how many times as large as the others of its row a cell is: 1, a thousand, a thousandth, or 0 for another number.

    None where the others say nothing.
    """
    cell, others = row[column], [abs(other["value"]) for place, other in row.items() if place != column]
    if len(others) < _FEWEST or cell["series"] in DIFFERENCES:
        return None
    usual = median(others)
    alike = [size for size in others if usual / _ALIKE <= size <= usual * _ALIKE]
    if len(alike) < max(_FEWEST, _MOST * len(others)) or abs(cell["value"]) < _TELLING * cell["step"]:
        return None
    return next((f for f in (1.0, *_FACTORS) if usual / _ALIKE <= abs(cell["value"]) / f <= usual * _ALIKE), 0.0)


def _factor_of_any(row: Mapping[int, _Cell], column: int) -> float | None:
    """Return how many thousand times as large, or small, as any other of a short row a cell is, where it is like none of them."""
    sizes = [abs(other["value"]) for place, other in row.items() if place != column]
    near = {f for f in (1.0, *_FACTORS) for size in sizes if size / _ALIKE <= abs(row[column]["value"]) / f <= size * _ALIKE}
    return near.pop() if len(near) == 1 and row[column]["series"] not in DIFFERENCES and 1.0 not in near else None


def _in_column(cell: _Cell, right: float, row: Mapping[int, _Cell], rows: _Rows) -> bool:
    """Tell whether with the right size one of the numbers of the cell's column is the sum of the others."""
    column = [
        (key[0].lower(), found[cell["column"]]) for key, found in rows.items() if found is not row and cell["column"] in found
    ]
    parts = [
        other for label, other in column if other["unit"] == cell["unit"] and not label.strip(" -\u2013").startswith(OF_WHICH)
    ]
    return _is_sum(right, cell, parts)


def _proof(cell: _Cell, right: float, row: Mapping[int, _Cell], rows: _Rows) -> str | None:
    """Return what holds with the right size: the sum of the row, the sum of the column, or a product of two rows of it."""
    others = [other for other in row.values() if other is not cell]
    if _is_sum(right, cell, others) or _in_column(cell, right, row, rows):
        return "sum"
    column = [found[cell["column"]] for found in rows.values() if found is not row and cell["column"] in found]
    for one, other in combinations(column, 2):
        slack = abs(one["value"]) * other["half"] + abs(other["value"]) * one["half"]
        product = abs(one["value"] * other["value"])
        # A chance hit would take a number that is printed with few digits.
        long = min(abs(n["value"]) / n["step"] for n in (one, other)) >= _TELLING
        if long and any(abs(product / scale - abs(right)) <= slack / scale + cell["half"] for scale in _SCALES):
            return "product"
    return None


def _is_sum(right: float, cell: _Cell, others: Sequence[_Cell]) -> bool:
    """Tell whether one of the others is the sum of all the rest and the right value."""
    total = right + sum(other["value"] for other in others)
    slack = cell["half"] + sum(other["half"] for other in others)
    long = max((abs(other["value"]) / other["step"] for other in others), default=0.0) >= _LONG
    sums = cell["dimension"] in ADDITIVE and len(others) > (1 if long else _FEWEST)
    return sums and any(abs(total - 2 * other["value"]) <= slack for other in others)
