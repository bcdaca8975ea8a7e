"""Compared figures: the observations with the intervals, dimensions and row positions that the rules compare."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from socialvolym import vocabulary
from socialvolym.extraction.certainty import weak_aspects
from socialvolym.notation.intervals import decimals
from socialvolym.vocabulary import UNKNOWN
from socialvolym.vocabulary.money import MONEY
from socialvolym.vocabulary.values import read_value

#: Units of the same dimension: unit -> (dimension, factor to its base).
_SCALES = {
    **{unit: ("money", factor) for unit, factor in MONEY.items()},
    "percent": ("percent", 1.0),
    "per_mille": ("percent", 0.1),
    "percentage_points": ("points", 1.0),
}
#: Units that are counted, not measured: a printed whole number is exact.
_COUNTED = ("persons", "households", "count", "household_months")
_WORD = r"[^\p{L}\d<>=]+"


def prepare(observations: pl.DataFrame) -> pl.DataFrame:
    """Return the figures that have a printed value, with the columns that rules use.

    Added columns: row (number of the printed row), place (which of the row's cells of one period, series and unit it is),
    i (place in the table), decimals, step (unit of the last printed digit), half (half a step, 0 for counts), dimension,
    factor, v, h, s (value, half and step in the dimension's base unit), part (breakdown in comparable form), year, rest (the
    period without its year), bounded (printed with "less than", "about" and the like), and the keys by which rules join:
    table_id (report and table), figure (report, measure, part and period) and figure_all_years (the same without the year).
    """
    cells = observations.filter(pl.col("line").is_not_null())
    cells = cells.with_columns(
        run=pl.struct("report", "table", "label").rle_id(), cell=_key("measure", "breakdown", "period", "series", "unit")
    )
    cells = cells.with_columns(row=_rows())
    cells = cells.with_columns(place=_places("row", "period", "series", "unit"))
    printed = _as_printed(cells.filter(pl.col("value").is_not_null()).drop("run", "cell")).with_row_index("i")
    printed = _by_value(printed, "published_as", decimals=decimals(pl.col("published_as")))
    printed = _by_value(printed, "breakdown", part=comparable(pl.col("breakdown")))
    printed = _by_value(
        printed,
        "period",
        year=pl.col("period").str.extract(r"^(\d{4})(?:-|$)").cast(pl.Int32),
        rest=pl.col("period").str.slice(4),
    )
    printed = _by_value(
        printed,
        "unit",
        dimension=pl.col("unit").replace({unit: scale[0] for unit, scale in _SCALES.items()}),
        factor=pl.col("unit").replace_strict({unit: scale[1] for unit, scale in _SCALES.items()}, default=1.0),
    )
    printed = _name_unknown(printed)
    printed = printed.with_columns(
        bounded=pl.col("bound").is_not_null(), step=pl.lit(10.0).pow(-pl.col("decimals").cast(pl.Float64))
    )
    printed = printed.with_columns(half=pl.when(_counted()).then(0.0).otherwise(pl.col("step") / 2))
    return printed.with_columns(
        v=pl.col("value") * pl.col("factor"),
        h=pl.col("half") * pl.col("factor"),
        s=pl.col("step") * pl.col("factor"),
        table_id=_key("report", "table"),
        figure=_key("report", "measure", "part", "period"),
        figure_all_years=_key("report", "measure", "part", "rest"),
    )


def unit_is_printed(figure: Mapping[str, Any]) -> bool:
    """Tell whether something that is printed for a figure says in which unit it is."""
    return not any(code.startswith("unit:") for code in weak_aspects((figure["because"] or "").split()))


def _name_unknown(figures: pl.DataFrame) -> pl.DataFrame:
    """Let a figure whose measure is unknown be known by its label in tables, and by nothing but itself in sentences."""
    unknown = pl.col("measure") == UNKNOWN
    if not figures.select(unknown.any()).item():
        return figures
    own = pl.when(pl.col("table").is_null()).then(pl.format("figure {}", "i")).otherwise(comparable(pl.col("label")))
    return figures.with_columns(part=pl.when(unknown).then(own).otherwise("part"))


def _key(*columns: str) -> pl.Expr:
    """Return one number for the values of several columns, by which tables are joined faster than by the texts."""
    return pl.struct(columns).hash()


def _places(*columns: str) -> pl.Expr:
    """Return the number of each cell among those that agree in the columns, from 0."""
    return pl.int_range(pl.len()).over(_key(*columns)).cast(pl.UInt16)


def _by_value(frame: pl.DataFrame, column: str, **expressions: pl.Expr) -> pl.DataFrame:
    """Add columns that follow from one column, computed once for each of its values."""
    values = frame.select(column).unique().with_columns(**expressions)
    return frame.join(values, on=column, how="left", nulls_equal=True, maintain_order="left")


def _rows() -> pl.Expr:
    """Return the number of each cell's row: neighbouring cells with one label, until the label's first cell comes again."""
    again = (pl.col("line") != pl.col("line").shift(1)) & (pl.col("cell") == pl.col("cell").first().over("run"))
    return ((pl.col("run") != pl.col("run").shift(1)) | again).fill_null(True).cum_sum()


def comparable(breakdown: pl.Expr) -> pl.Expr:
    """Return a breakdown in the form in which it is compared: no case, brackets, accents or general words."""
    plain = breakdown.fill_null("").str.to_lowercase().str.replace_all(r"\([^)]*\)", " ")
    plain = plain.str.replace_many(["å", "ä", "ö", "é", "&"], ["a", "a", "o", "e", "och"])
    words = plain.str.replace_all(_WORD, " ").str.strip_chars()
    return words.str.replace(r"^(?:avdelning(?:en)?|mot|om) ", "")


def _counted() -> pl.Expr:
    """Tell of whole numbers of something countable; a bare number of an unknown measure may as well be a rounded mean."""
    means = [name for name, row in vocabulary.measure_index().items() if "mean" in (row["reference_time"] or "")]
    return (
        pl.col("unit").is_in(_COUNTED)
        & (pl.col("decimals") == 0)
        & ~pl.col("measure").is_in(means)
        & ~((pl.col("measure") == UNKNOWN) & (pl.col("unit") == "count"))
        & ~pl.concat_str("part", pl.col("breakdown").fill_null("").str.to_lowercase()).str.contains("genomsnitt|medel")
        & ~pl.col("bounded")
    )


def _as_printed(figures: pl.DataFrame) -> pl.DataFrame:
    """Put the printed value back where a correction replaced it: the audit is about what is printed."""
    if not (figures["status"] == "corrected").any():
        return figures
    value = pl.col("published_as").map_elements(_printed_value, return_dtype=pl.Float64)
    return pl.concat(
        [
            figures.filter(pl.col("status") != "corrected"),
            figures.filter(pl.col("status") == "corrected").with_columns(value=value),
        ]
    ).sort("report", "line")


def _printed_value(text: str) -> float | None:
    number = read_value(text)
    return number.value if number else None
