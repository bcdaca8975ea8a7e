"""The points of a chart: where periods stand, which years are missing, what a point says, and how far the axis goes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict, cast

import polars as pl

from socialvolym import vocabulary
from socialvolym.analysis.breaks import reason, within
from socialvolym.charts.svg import SOURCE_SIGN
from socialvolym.charts.theme import NO_BREAK, format_number
from socialvolym.csv_files import Schema
from socialvolym.errors import SocialvolymError
from socialvolym.notation.languages import Language
from socialvolym.notation.numbers import bound_told
from socialvolym.vocabulary.bilingual import period_in_words

#: Columns of the frames that the chart functions take; only period and value must be there.
POINT_COLUMNS: Schema = {
    "period": pl.String,
    "value": pl.Float64,
    "series": pl.String,
    "group": pl.String,
    "low": pl.Float64,
    "high": pl.Float64,
    "status": pl.String,
    "bound": pl.String,
    "published_as": pl.String,
    "observation_id": pl.String,
}
#: The currency as units name it in English, where it stands before the number, and where in a text that begins.
_CURRENCY, _FIRST_DIGIT = "SEK", re.compile(r"\d")


class TimedPoint(TypedDict, total=False):
    """A point of a line (POINT_COLUMNS) with its place in time, the unbroken line it is on, and how it looks.

    Attributes
    ----------
    x, x2 : where its period stands, and where a span of years ends.
    part : the unbroken line that the point is on.
    tip : what it says when it is pointed at.
    """

    period: str
    value: float
    series: str
    group: str
    low: float | None
    high: float | None
    status: str | None
    bound: str | None
    published_as: str | None
    observation_id: str | None
    x: float
    x2: float | None
    part: str
    colour: str
    fill: str
    tip: str


@dataclass(frozen=True)
class Break:
    """A break in a series: before `period` figures mean something else, for `reason`; in the lines of these groups, or in all."""

    period: str
    reason: str
    groups: tuple[str, ...] = ()


def announced_breaks(frame: pl.DataFrame, language: Language) -> list[Break]:
    """Return the breaks that reports announce for the figures of a frame that says whose and which they are."""
    return [Break(cut.period, reason(cut, language), tuple(groups)) for cut, groups in within(frame)]


def position(period: str) -> tuple[float, float | None]:
    """Return where a period stands on an axis of years, and where it ends when it is a span of years."""
    try:
        if "/" in period:
            first, last = (position(part)[0] for part in period.split("/"))
            return first, last
        if "-Q" in period:
            return int(period[:4]) + (int(period[6]) - 0.5) / 4, None
        if len(period) == 7:
            return int(period[:4]) + (int(period[5:7]) - 0.5) / 12, None
        return float(int(period[:4])), None
    except ValueError as error:
        raise SocialvolymError(
            f"the period {period!r} cannot stand on a chart; write 2022, 2022-03, 2022-Q1 or 2015/2019"
        ) from error


def require(frame: pl.DataFrame, *columns: str) -> None:
    """Check that a chart's table has the columns that its form draws.

    Raises
    ------
    SocialvolymError
        where any is missing.
    """
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise SocialvolymError(f"a chart's table lacks the columns {', '.join(missing)}; it has {', '.join(frame.columns)}")


def points(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame with all columns of POINT_COLUMNS: a missing series is outturn, anything else null.

    Raises
    ------
    SocialvolymError
        where period or value is missing.
    """
    require(frame, "period", "value")
    absent = [pl.lit(None, dtype=dtype).alias(name) for name, dtype in POINT_COLUMNS.items() if name not in frame.columns]
    whole = frame.with_columns(absent).select(pl.col(name).cast(dtype) for name, dtype in POINT_COLUMNS.items())
    return whole.filter(pl.col("period").is_not_null()).with_columns(
        pl.col("series").fill_null("outturn"), pl.col("group").fill_null("")
    )


def timed_rows(frame: pl.DataFrame, breaks: Sequence[Break]) -> list[TimedPoint]:
    """Return the points in order, with a null row for every year missing between two others."""
    rows = cast(list[TimedPoint], points(frame).to_dicts())
    for row in rows:
        row["x"], row["x2"] = position(row["period"])
    for line in {(row["group"], row["series"]) for row in rows}:
        years = {row["x"] for row in rows if (row["group"], row["series"]) == line and row["x2"] is None}
        if years and all(year.is_integer() for year in years):
            rows += [_empty_row(line, year) for year in range(int(min(years)), int(max(years))) if year not in years]
    for row in rows:
        cuts = [position(b.period)[0] for b in breaks if not b.groups or row["group"] in b.groups]
        row["part"] = f"{row['group']}|{row['series']}|{sum(row['x'] >= cut for cut in cuts)}"
    return sorted(rows, key=lambda row: (row["group"], row["series"], row["x"]))


def _empty_row(line: tuple[str, str], year: int) -> TimedPoint:
    return {
        **cast(TimedPoint, dict.fromkeys(POINT_COLUMNS)),
        "period": str(year),
        "group": line[0],
        "series": line[1],
        "status": "not_available",
        "x": float(year),
        "x2": None,
    }


def value_range(rows: Sequence[Mapping[str, Any]], zero: bool) -> tuple[float, float]:
    """Return the lowest and highest value of an axis, with room above, and below where it does not begin at zero."""
    values = [row[name] for row in rows for name in ("value", "low", "high") if row.get(name) is not None]
    if not values:
        return 0.0, 1.0
    low, high = min(values), max(values)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    room = (high - low or abs(high) or 1.0) * 0.1
    return (low - room if low < 0 or not zero else low), high + room


def point_number(row: Mapping[str, Any], language: Language, decimals: int | None = None) -> str:
    """Return the figure of a point, with the sign of its bound: "> 20"; with up to two decimals, or so many."""
    word = bound_told(row.get("published_as"), row.get("bound"))
    return (f"{word['sign']} " if word else "") + format_number(row["value"], language, decimals)


def needed_decimals(values: Sequence[float]) -> int:
    """Return how many decimals numbers beside each other have: as many as one needs, of two; of one where any is over ten."""
    most = 1 if any(abs(value) >= 10 for value in values) else 2
    return max((len(f"{value:.{most}f}".rstrip("0").partition(".")[2]) for value in values), default=0)


def with_unit(number: str, unit: str) -> str:
    """Return a number with its unit, in English with the currency before it: "> SEK 8.0 million"; words have no unit."""
    start = _FIRST_DIGIT.search(number)
    if start is None:
        return number
    if unit.startswith(_CURRENCY):
        rest = unit.removeprefix(_CURRENCY).replace(" ", NO_BREAK, 1)
        return f"{number[: start.start()]}{_CURRENCY}{NO_BREAK}{number[start.start() :]}{rest}"
    return f"{number}{NO_BREAK}{unit}".strip()


def point_text(row: Mapping[str, Any], language: Language, unit: str, several_series: bool = True) -> str:
    """Return what a point says, and the ids of its observations behind SOURCE_SIGN."""
    series = vocabulary.series(language).get(row["series"], row["series"]) if several_series else None
    head = ", ".join(part for part in (row.get("group"), period_in_words(row["period"], language), series) if part)
    return f"{head}: {with_unit(point_number(row, language), unit)}" + SOURCE_SIGN + (row.get("observation_id") or "")
