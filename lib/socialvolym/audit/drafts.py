"""Drafts: what may be said of a document that nobody has described; an error rests on what is certain, the rest is a note."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from socialvolym.audit.rules.arithmetic.column_relations import is_swap
from socialvolym.extraction.certainty import SETTLED
from socialvolym.notation.intervals import DUST
from socialvolym.notation.numbers import parse_number

#: Rules that compare figures by what they are read to be, and by which columns' and rows' arithmetic they are shown to be right.
_ARITHMETIC = (
    "deviation",
    "change",
    "percentage",
    "other_base",
    "sum",
    "ratio",
    "unit_cost",
    "scaled",
    "coarse",
    "mean",
    "mean_rounded",
    "year_sum",
    "table_table",
    "twin_row",
    "hundred",
    "sign_flip",
    "sign_convention",
    "sign_agrees",
    "relative_of_share",
    "unit_slip",
)
#: Rules of one kind: a percentage of another base is a percentage.
_KINDS = {"other_base": "percentage", "truncated": "percentage"}
#: So many of a table's checks by one rule hold before one that fails is an error, and so many for each that fails.
_HOLDING, _FOR_EACH = 2, 2
#: A number of so many steps of its last digit has the digits of another by no chance.
_LONG = 100
#: Columns that are each other's shares, sums and products are no differences.
_SHOWN_OTHERWISE = ("share_of_columns", "share_of_total", "sum_of_columns", "product_of_columns")
_DEVIATES = (pl.col("codes") == "deviates").fill_null(False) & (pl.col("series") == "forecast")
_CELL = ["report", "table", "line", "published"]


def settled(failed: pl.DataFrame, checks: pl.DataFrame, figures: pl.DataFrame) -> pl.DataFrame:
    """Return failing checks with what is not certain made a note, and without what is shown to be something else.

    Parameters
    ----------
    failed : the failing checks, with their severity.
    checks : all checks, also those that hold.
    figures : the draft's figures, with their certainty.
    """
    holds = checks.filter(pl.col("gap") <= DUST)
    elsewhere = holds.filter(pl.col("rule").is_in(_SHOWN_OTHERWISE)).select(_CELL).unique()
    # An amount beyond all others, and a mean below its months or called theirs, are judged by their digits alone.
    compared = pl.col("rule").is_in(_ARITHMETIC) & ~pl.col("cause").is_in(["thousand", "below", "named"]).fill_null(False)
    kept = pl.concat([failed.filter(~compared), failed.filter(compared).join(elsewhere, on=_CELL, how="anti", nulls_equal=True)])
    kept, holds = (rows.with_columns(kind=pl.col("rule").replace(_KINDS)) for rows in (kept, holds))
    keys = ["report", "table", "kind"]
    counted = kept.group_by(keys).agg(failing=pl.len())
    counted = counted.join(holds.group_by(keys).agg(holding=pl.len()), on=keys, how="left", nulls_equal=True)
    enough = pl.max_horizontal(pl.lit(_HOLDING), _FOR_EACH * pl.col("failing"))
    shown = counted.with_columns(shown=pl.col("holding").fill_null(0) >= enough).select(*keys, "shown")
    judged = kept.join(shown, on=keys, how="left", nulls_equal=True, maintain_order="left").with_columns(
        certain=_certain(kept, figures)
    )
    slips = pl.Series([_is_slip_of_year(row) for row in judged.iter_rows(named=True)], dtype=pl.Boolean)
    open_ = compared & ~pl.col("shown").fill_null(False) & ~pl.col("certain") & ~slips
    return judged.with_columns(severity=pl.when(open_).then(pl.lit("note")).otherwise("severity"), uncertain=open_).drop(
        "shown", "certain", "kind"
    )


def _is_slip_of_year(check: Mapping[str, Any]) -> bool:
    """Tell whether a year's number has the digits of the sum or mean of its parts but for two that have changed places."""
    number = parse_number(check["published"] or "") if check["rule"] in ("year_sum", "mean") and check["expected"] else None
    step = 2 * number.half_step if number else 0.0
    return number is not None and abs(number.value) >= _LONG * step and is_swap(number.value, check["expected"], step)


def _certain(checks: pl.DataFrame, figures: pl.DataFrame) -> pl.Series:
    """Tell of each check whether its figures, and those they are held against, are certain and this municipality's."""
    others = pl.col("because").str.contains("whose:").fill_null(False)
    doubtful = figures.filter(~pl.col("certainty").is_in(SETTLED) | others).select("report", "line").unique()
    lines = pl.concat_list("line", pl.col("lines").fill_null("").str.split(", ").cast(pl.List(pl.Int64), strict=False))
    places = checks.with_row_index("n").with_columns(line=lines).explode("line").join(doubtful, on=["report", "line"])
    return ~checks.with_row_index("n")["n"].is_in(places["n"].implode())


def with_deviations(figures: pl.DataFrame) -> pl.DataFrame:
    """Return the figures with what is expected to deviate among the deviations.

    It is the difference of what is expected and the budget, and is held against the two as others are.
    """
    return figures.with_columns(series=pl.when(_DEVIATES).then(pl.lit("deviation")).otherwise("series"))


def with_series(findings: pl.DataFrame, figures: pl.DataFrame) -> pl.DataFrame:
    """Return the findings with the series that the figures have, by which those are found that they are about."""
    own = figures.filter(_DEVIATES).select("report", "line", published="published_as", own=pl.lit("deviation"), stored="series")
    keys = ["report", "line", "published"]
    told = findings.join(
        own.unique(), left_on=[*keys, "series"], right_on=[*keys, "own"], how="left", nulls_equal=True, maintain_order="left"
    )
    return told.with_columns(series=pl.coalesce("stored", "series")).drop("stored")


def with_doubt(findings: pl.DataFrame, settled_checks: pl.DataFrame) -> pl.DataFrame:
    """Return the findings, with a sentence on what is not certain where that makes one a note."""
    places = settled_checks.filter("uncertain").select("report", "rule", "line", "published", doubt=pl.lit(True)).unique()
    told = findings.join(places, on=["report", "rule", "line", "published"], how="left", nulls_equal=True, maintain_order="left")
    for name, language in (("explanation", "en"), ("explanation_sv", "sv")):
        sentence = pl.format("{} {}", name, pl.lit(words(language)["uncertain"]))
        told = told.with_columns(pl.when("doubt").then(sentence).otherwise(name).alias(name))
    return told.drop("doubt")


@lru_cache(maxsize=2)
def words(language: str) -> dict[str, str]:
    """Return the words that findings about a draft are told in."""
    loaded = tomllib.loads((Path(__file__).parent / "text" / "words.toml").read_text(encoding="utf-8"))
    return {name: str(text) for name, text in loaded[language].items()}
