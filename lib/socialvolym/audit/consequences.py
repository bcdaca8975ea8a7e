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
#: Rules by which a total that holds is right, whatever the rows above it say.
_ACROSS = ("year_sum", "mean", "sum_of_columns")
#: The column of a cell; a sum that is off by so many units of the last digit is no chance; what tells checks apart.
_COLUMN, _TELLING = ("report", "table", "period", "series", "unit"), 20
_SIGN, _AMONG = "sign_flip", "total_or_row"
_CHECK = ["report", "rule", "line", "published"]
#: Volume, unit cost and their product, or part, whole and share: one of the three is wrong where a row does not fit.
_OF_ROWS = ("product_of_columns", "share_of_columns")


def with_culprits(failed: pl.DataFrame, figures: pl.DataFrame, checks: Checks, before: pl.DataFrame) -> pl.DataFrame:
    """Return failing checks with one of the figure that some of them share, in place of those that hold once it is put right.

    A sum down a column and what fails on one of its rows accuse the total and, say, a deviation. Where both hold once the cell
    that they share is what the total asks for, and nothing else fails then, that cell is wrong and they are right. A sign that
    its row shows to be wrong is an error where with the other sign the sum of the column holds.

    Parameters
    ----------
    before : the checks of the figures as they are.
    """
    failed = _with_signs(failed, figures, checks, before)
    for down in failed.filter(pl.col("rule").is_in(_DOWN), pl.col("table").is_not_null()).iter_rows(named=True):
        number, step = parse_number(down["published"]), 10.0 ** -(down["decimals"] or 0)
        off = number.value - down["expected"] if number else 0.0
        column = _cells_of_column(figures, down)
        beside = {line: _about(failed, down["table"], line) for line in column["line"].unique() if line != down["line"]}
        cells = column.filter(pl.col("line").is_in([line for line, about in beside.items() if not about.is_empty()]))
        for cell in cells.to_dicts():
            if abs(off) < _TELLING * step and not is_slip(cell["value"], cell["value"] + off, step):
                continue
            told = check_of({**cell, "decimals": down["decimals"]}, "shared_figure", cell["value"] + off, 1.0)
            right = as_checks(pl.DataFrame([{**told, "other": str(down["line"])}], schema=CHECK_SCHEMA))
            own = failed.filter(pl.col("line") == down["line"], pl.col("expected").is_not_null())
            lines, after = pl.concat([own, beside[cell["line"]]]), checks(put_right(figures, right))
            if _unresolved(lines, after).is_empty() and _newly(after, before).is_empty():
                kept = _among(failed, lines, how="anti")
                failed = pl.concat([kept, right.with_columns(severity=pl.lit("error"))], how="diagonal")
                break
    return failed


def _with_signs(failed: pl.DataFrame, figures: pl.DataFrame, checks: Checks, before: pl.DataFrame) -> pl.DataFrame:
    """Return failing checks with an error for each sign that its row shows to be wrong, and the sum of its column as well."""
    for turned in failed.filter(pl.col("rule") == _SIGN, pl.col("table").is_not_null()).partition_by("line", "published"):
        after = checks(put_right(figures, turned))
        sums = _among(
            after.filter(pl.col("rule").is_in(_DOWN), pl.col("gap") <= DUST), before.filter(pl.col("gap") <= DUST), "anti"
        )
        sums = sums.join(_column_of(figures, turned), on=_COLUMN, how="semi", nulls_equal=True)
        if not sums.is_empty() and _newly(after, before).is_empty():
            told = turned.with_columns(rule=pl.lit("shared_figure"), severity=pl.lit("error"), other=pl.lit(str(sums["line"][0])))
            failed = pl.concat([_among(failed, turned, how="anti"), told], how="diagonal")
    return failed


def _cells_of_column(figures: pl.DataFrame, down: Mapping[str, Any]) -> pl.DataFrame:
    """Return the cells above a sum: those of its place in the table, where the reader knows it, else of its time and series."""
    alike = figures.filter(*(pl.col(name).eq_missing(pl.lit(down[name])) for name in _COLUMN))
    own = alike.filter(pl.col("line") == down["line"], pl.col("published_as") == down["published"])
    if own.is_empty() or own["column"][0] is None:
        return alike
    same = ["report", "table", "unit", "column"]
    return figures.join(own.select(same).head(1), on=same, how="semi", nulls_equal=True, maintain_order="left")


def _about(failed: pl.DataFrame, table: str, line: int) -> pl.DataFrame:
    """Return the failing checks of sizes in a table that a line has a part in."""
    lines = pl.concat_list("line", pl.col("lines").fill_null("").str.split(", ").cast(pl.List(pl.Int64), strict=False))
    of_sizes = (pl.col("table") == table) & pl.col("expected").is_not_null() & (pl.col("rule") != _SIGN)
    return failed.filter(of_sizes, lines.list.contains(line))


def _newly(after: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """Return the checks of arithmetic that fail after a figure is put right and did not before: it was right then."""
    failing = (pl.col("gap") > 1 + DUST) & pl.col("expected").is_not_null()
    return _among(after.filter(failing), before.filter(failing), how="anti")


def _column_of(figures: pl.DataFrame, check: pl.DataFrame) -> pl.DataFrame:
    """Return the column of the figure that a check is about."""
    keys = ["report", "table", "line", "published_as"]
    return figures.join(check.rename({"published": "published_as"}).select(keys), on=keys, how="semi", nulls_equal=True)


def without_consequences(failed: pl.DataFrame, figures: pl.DataFrame, checks: Checks) -> pl.DataFrame:
    """Return failing checks without those that hold once a figure is what an error says it should be; it has their lines.

    What resolves most comes first: a total that is put right acquits the net cost that follows from it, not the other way.
    """
    proved = failed.filter(pl.col("rule").is_in(_PROVED), pl.col("severity") == "error")
    # Where nothing else fails there is nothing to acquit.
    alone = failed.height == 1
    kept = {n: failed if alone else _unresolved(failed, checks(put_right(figures, proved[n]))) for n in range(proved.height)}
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


def with_right_totals(failed: pl.DataFrame, checked: pl.DataFrame) -> pl.DataFrame:
    """Return failing checks; of a total that its months or its row show to be right, one of the rows is said to be wrong.

    checked : all checks, also those that hold.
    """
    cell = ["report", "table", "line", "period", "series", "published"]
    holding = checked.filter(pl.col("rule").is_in(_ACROSS), pl.col("gap") <= DUST).select(cell).unique().with_columns(right=True)
    judged = failed.join(holding, on=cell, how="left", nulls_equal=True, maintain_order="left")
    among = pl.col("rule").is_in(_DOWN) & pl.col("right").fill_null(False)
    told = {"rule": _AMONG, "severity": "warning"}
    return judged.with_columns(pl.when(among).then(pl.lit(word)).otherwise(name).alias(name) for name, word in told.items()).drop(
        "right"
    )


def one_a_row(failed: pl.DataFrame) -> pl.DataFrame:
    """Return failing checks with one of a row whose volume, unit cost and product do not fit: of the number that is a slip.

    That is one with the same digits in another order, or with one other digit; else the product.
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
    return 0 if one == other else 1 if is_slip(*pair, step) else 2 if row["rule"] == _OF_ROWS[0] else 3


def _unresolved(failed: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Return those of failing checks that do not hold afterwards; of a sentence's only those that fail are checked."""
    # A total that was less than its rows is one that holds when it is their sum.
    held = after.filter(pl.col("gap") <= DUST)
    below = held.filter(pl.col("rule") == _DOWN[0]).with_columns(rule=pl.lit("total_of_persons"))
    holding = _among(failed.filter(pl.col("table").is_not_null()), pl.concat([held, below]))
    quiet = _among(failed.filter(pl.col("table").is_null()), after, how="anti")
    return _among(failed, pl.concat([holding, quiet]), how="anti")


def _among(checks: pl.DataFrame, others: pl.DataFrame, how: Literal["semi", "anti"] = "semi") -> pl.DataFrame:
    return checks.join(others, on=_CHECK, how=how, nulls_equal=True, maintain_order="left")
