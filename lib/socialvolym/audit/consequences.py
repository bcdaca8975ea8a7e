"""Consequences: failing checks of a document that nobody has described that follow from one wrong figure, and which that is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import polars as pl

from socialvolym.audit.check_table import CHECK_SCHEMA, as_checks, check_of, line_list
from socialvolym.audit.rules.arithmetic.column_relations import is_slip
from socialvolym.audit.rules.arithmetic.magnitudes import put_right
from socialvolym.notation.intervals import DUST
from socialvolym.notation.numbers import parse_number

#: The checks of figures, those that hold and those that do not.
Checks = Callable[[pl.DataFrame], pl.DataFrame]
#: Sums down a column, and rules that tell what a figure should be.
_DOWN, _PROVED = ("total", "sum"), ("shared_figure", "total", "year_sum", "sum", "sum_of_columns")
#: The column of a cell; a sum that is off by so many units of the last digit is no chance; what tells checks apart.
_COLUMN, _TELLING = ("report", "table", "period", "series", "unit"), 20
_CHECK = ["report", "rule", "line", "published"]
#: Volume, unit cost and their product, or part, whole and share: one of the three is wrong where a row does not fit.
_OF_ROWS = ("product_of_columns", "share_of_columns")


def with_culprits(failed: pl.DataFrame, figures: pl.DataFrame, checks: Checks) -> pl.DataFrame:
    """Return failing checks with one of the figure that some of them share, in place of those that hold once it is put right.

    A sum down a column and what fails on one of its rows accuse the total and, say, a deviation. Where both hold once the cell
    that they share is what the total asks for, that cell is wrong and they are right.
    """
    for down in failed.filter(pl.col("rule").is_in(_DOWN), pl.col("table").is_not_null()).iter_rows(named=True):
        number, step = parse_number(down["published"]), 10.0 ** -(down["decimals"] or 0)
        off = number.value - down["expected"] if number else 0.0
        beside = failed.filter(pl.col("table") == down["table"], pl.col("line") != down["line"], pl.col("expected").is_not_null())
        column = figures.filter(*(pl.col(name).eq_missing(pl.lit(down[name])) for name in _COLUMN))
        cells = column.join(beside, on=["report", "line"], how="semi", maintain_order="left")
        for cell in cells.to_dicts() if abs(off) >= _TELLING * step else ():
            told = check_of({**cell, "decimals": down["decimals"]}, "shared_figure", cell["value"] + off, 1.0)
            right = as_checks(pl.DataFrame([{**told, "other": str(down["line"])}], schema=CHECK_SCHEMA))
            lines = failed.filter(pl.col("line").is_in([cell["line"], down["line"]]), pl.col("expected").is_not_null())
            if _unresolved(lines, checks(put_right(figures, right))).is_empty():
                kept = _among(failed, lines, how="anti")
                failed = pl.concat([kept, right.with_columns(severity=pl.lit("error"))], how="diagonal")
    return failed


def without_consequences(failed: pl.DataFrame, figures: pl.DataFrame, checks: Checks) -> pl.DataFrame:
    """Return failing checks without those that hold once a figure is what an error says it should be; it has their lines.

    What resolves most comes first: a total that is put right acquits the net cost that follows from it, not the other way.
    """
    proved = failed.filter(pl.col("rule").is_in(_PROVED), pl.col("severity") == "error")
    kept = {n: _unresolved(failed, checks(put_right(figures, proved[n]))) for n in range(proved.height)}
    for n in sorted(kept, key=lambda n: (kept[n].height, _PROVED.index(proved["rule"][n]))):
        own = proved[n]
        if _among(own, failed).is_empty():
            continue
        same = own.select("report", "line", "published", "expected")
        others = failed.join(same, on=same.columns, how="anti", nulls_equal=True, maintain_order="left")
        gone = _among(others, kept[n], how="anti")
        lines = pl.concat(
            [own.select(pl.col("lines").str.split(", ").explode()), gone.select(lines=pl.col("line").cast(pl.String))]
        )
        told = own.with_columns(
            lines=lines.select(line_list(pl.col("lines").drop_nulls().unique(maintain_order=True))).to_series()
        )
        failed = pl.concat([told, _among(others, kept[n])])
    return failed


def one_a_row(failed: pl.DataFrame) -> pl.DataFrame:
    """Return failing checks with one of a row whose volume, unit cost and product do not fit: of the number that is a slip.

    That is one with one other digit, or the same digits in another order; else the product.
    """
    rows = failed.to_dicts()
    of_rows = [(n, row) for n, row in enumerate(rows) if row["rule"] in _OF_ROWS]
    chosen: dict[tuple[str | None, int], int] = {}
    for n, row in sorted(of_rows, key=lambda one: _far(one[1])):
        chosen.setdefault((row["table"], row["line"]), n)
    gone = {n for n, _ in of_rows} - set(chosen.values())
    return failed.filter(pl.Series([n not in gone for n in range(len(rows))], dtype=pl.Boolean))


def _far(row: Mapping[str, Any]) -> int:
    number, step = parse_number(row["published"]), 10.0 ** -(row["decimals"] or 0)
    pair = (abs(number.value) if number else 0.0, abs(row["expected"]))
    one, other = (sorted(str(round(size / step))) for size in pair)
    return 0 if one == other or is_slip(*pair, step) else 1 if row["rule"] == _OF_ROWS[0] else 2


def _unresolved(failed: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Return those of failing checks that do not hold afterwards; of a sentence's only those that fail are checked."""
    holding = _among(failed.filter(pl.col("table").is_not_null()), after.filter(pl.col("gap") <= DUST))
    quiet = _among(failed.filter(pl.col("table").is_null()), after, how="anti")
    return _among(failed, pl.concat([holding, quiet]), how="anti")


def _among(checks: pl.DataFrame, others: pl.DataFrame, how: Literal["semi", "anti"] = "semi") -> pl.DataFrame:
    return checks.join(others, on=_CHECK, how=how, nulls_equal=True, maintain_order="left")
