"""Signs: cells that have the other sign in a column that does not add up, and that make it add up with the sign of their row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from socialvolym.audit.check_table import CHECK_SCHEMA, Check, as_checks, check_of
from socialvolym.audit.rules.arithmetic.column_relations import OF_WHICH, Number, grids, is_total
from socialvolym.audit.rules.arithmetic.totals import ADDITIVE
from socialvolym.notation.intervals import DUST
from socialvolym.notation.periods import DIFFERENCES

#: A row is the sum of so many rows above it or more, in so many columns or more, and so many units of its last digit or more.
_FEWEST_ROWS, _FEWEST_COLUMNS, _TELLING = 3, 2, 20

_Row = Mapping[int, Number]


def check(figures: pl.DataFrame) -> pl.DataFrame:
    """Return the failing checks: costs with a minus, savings in the way from one year's frame to the next."""
    tables = figures.filter(pl.col("table").is_not_null(), ~pl.col("bounded"), pl.col("dimension").is_in(ADDITIVE))
    found = [check for table in grids(tables) for check in _of_table(table)]
    return as_checks(pl.DataFrame(found, schema=CHECK_SCHEMA, infer_schema_length=None))


def _of_table(rows: Sequence[_Row]) -> Iterator[Check]:
    cells = [(column, number.figure["series"] in DIFFERENCES) for row in rows for column, number in row.items()]
    of_levels = {column for column, _ in cells if 2 * cells.count((column, True)) < cells.count((column, False))}
    block: list[_Row] = []
    for row in ({column: number for column, number in row.items() if column in of_levels} for row in rows):
        if not row:
            continue
        label = str(next(iter(row.values())).figure["label"]).lower().strip(" -\u2013")
        if len(block) >= _FEWEST_ROWS:
            yield from _of_sum(row, block)
        if is_total(row):
            block = []
        elif not label.startswith(OF_WHICH):
            block.append(row)


def _of_sum(total: _Row, block: Sequence[_Row]) -> Iterator[Check]:
    """Find the sign in each column that does not add up, where a row is the sum of those above it in the others."""
    missing = {column: _miss(number, [row[column] for row in block if column in row]) for column, number in total.items()}
    holding = {
        column for column, miss in missing.items() if miss == 0 and abs(total[column].value) >= _TELLING * total[column].step
    }
    for column, miss in missing.items() if len(holding) >= _FEWEST_COLUMNS else ():
        if not miss:
            continue
        slack = total[column].half + sum(row[column].half for row in block if column in row)
        turned = [
            row
            for row in block
            if column in row and abs(miss + 2 * row[column].value) <= slack + DUST and _odd(row, column, holding)
        ]
        if len(turned) == 1:
            cell = turned[0][column]
            told = check_of(cell.figure, "shared_figure", -cell.value, 1.0)
            yield {**told, "other": str(total[column].figure["line"]), "cause": "sign"}


def _miss(number: Number, parts: Sequence[Number]) -> float | None:
    """Return how far a number is from the sum of others: 0 where rounding explains it, None where they are too few."""
    if len([part for part in parts if part.value]) < _FEWEST_ROWS:
        return None
    miss = number.value - sum(part.value for part in parts)
    return 0.0 if abs(miss) <= number.half + sum(part.half for part in parts) + DUST * number.step else miss


def _odd(row: _Row, column: int, holding: set[int]) -> bool:
    """Tell whether a cell has another sign than all other cells of its row, in columns that add up."""
    others = [row[place].value for place in holding if place in row and row[place].value]
    return len(others) >= _FEWEST_COLUMNS and all(value * row[column].value < 0 for value in others)
