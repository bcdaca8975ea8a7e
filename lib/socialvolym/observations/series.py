"""Series: one figure a period of a measure, in one unit, with the missing periods as null rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from types import EllipsisType
from typing import Any, cast

import polars as pl

from socialvolym import vocabulary
from socialvolym.csv_files import schema_of
from socialvolym.errors import SocialvolymError
from socialvolym.notation.calendar import FREQUENCIES, complete
from socialvolym.observations import coverage, pick, with_ids
from socialvolym.reports import precedence
from socialvolym.vocabulary import UNKNOWN, names
from socialvolym.vocabulary.columns import Figure
from socialvolym.vocabulary.money import MONEY
from socialvolym.vocabulary.values import read_value

_KEY = ("municipality_code", "measure", "breakdown", "period", "series", "unit")
_KINDS = ("table", "chart", "text")

#: Series that give a level, in the order in which they are shown; the others give differences.
LEVELS = ("outturn", "budget", "forecast", "plan", "target")

#: The status of what is made of a printed figure: a rate, an amount in real terms.
COMPUTED = "computed"

_COLUMNS = (
    *("period", "value", "unit", "status", "observation_id", "half_step", "stated", "exposure", "bound", "published_as"),
    *("kind", "differs", "also", "report", "municipality_code", "measure", "breakdown", "series"),
)
#: Columns of series_of.
SERIES_SCHEMA = {name: schema_of(Figure)[name] for name in _COLUMNS}


def in_own_unit(observations: pl.DataFrame) -> pl.DataFrame:
    """Return the observations with their ids, money in the unit of its measure, costs positive.

    It adds half_step, half of the last printed decimal, stated and exposure (SERIES_SCHEMA). A cost is positive, and a surplus
    negative, whichever way its table prints them (published_as keeps the printed sign). A table that has half_step already is
    returned as it is.
    """
    if "half_step" in observations.columns:
        return observations
    rows = with_ids(observations)
    own = vocabulary.measure_rows(rows["measure"].unique()).select("measure", own="unit")
    factors = pl.DataFrame(list(MONEY.items()), schema={"unit": pl.String, "factor": pl.Float64}, orient="row")
    rows = rows.join(own, on="measure", how="left", maintain_order="left")
    rows = rows.join(factors, on="unit", how="left", maintain_order="left")
    rows = rows.join(factors.rename({"unit": "own", "factor": "own_factor"}), on="own", how="left", maintain_order="left")
    both = pl.col("factor").is_not_null() & pl.col("own_factor").is_not_null()
    scale = pl.when(both).then(pl.col("factor") / pl.col("own_factor")).otherwise(1.0)
    rows = rows.with_columns(
        value=pl.col("value") * scale * _sign(rows),
        unit=pl.when(both).then("own").otherwise("unit"),
        half_step=pl.col("published_as").map_elements(_half_step, return_dtype=pl.Float64).fill_null(0.0) * scale,
    )
    return rows.with_columns(stated="value", exposure=pl.lit(1.0)).drop("own", "factor", "own_factor")


def _sign(rows: pl.DataFrame) -> pl.Expr:
    """Return -1 for costs of a table that prints costs with a minus: most of its levels are. Running text is one table.

    An amount that nothing names as a cost or an income ("Försörjningsstöd") is a cost where such a table gives it a minus.
    """
    measures = rows["measure"].unique()
    costs = [measure for measure in measures if vocabulary.is_cost(measure)]
    amounts = [measure for measure in measures if vocabulary.is_amount(measure)]
    levels = pl.col("series").is_in(LEVELS)
    level = pl.col("measure").is_in(costs) & levels
    minus = pl.when(level).then((pl.col("value") < 0).cast(pl.Float64)).mean().over("report", "table", "kind")
    amount = pl.col("measure").is_in(amounts) & levels & pl.col("table").is_not_null() & (pl.col("value") < 0)
    return pl.when((level | amount) & (minus > 0.5)).then(-1.0).otherwise(1.0)


@lru_cache(maxsize=65536)
def _half_step(printed: str) -> float:
    number = read_value(printed)
    return number.half_step if number else 0.0


def figures(observations: pl.DataFrame) -> pl.DataFrame:
    """Return one row a figure: of several rows that print the same figure the best one; of unknown measures the label counts.

    A value goes before a missing one, then the reports go before each other by precedence.toml, a table before a chart before
    prose, and a later report before an earlier one. Of the committees' own economy and staff those of one committee are kept
    where several report side by side; reports without a folder in data/raw go by their ids. `also`
    holds the ids of the other rows, `differs` says whether one of them prints another value, rounding allowed for (4 and 5 are
    apart, 4 and 4,5 are not).
    """
    rows = in_own_unit(observations).with_columns(
        _missing=pl.col("value").is_null(),
        _named=pl.when(pl.col("measure") == UNKNOWN).then("label"),
        _kind=pl.col("kind").replace_strict(dict(zip(_KINDS, range(3), strict=True)), default=3, return_dtype=pl.Int64),
    )
    rows = rows.join(precedence.order(), on="report", how="left", maintain_order="left")
    rows = rows.filter(~(pl.col("is_aside").fill_null(value=False) & (pl.col("domain") == "context")))
    ordered = rows.with_columns(_rank=precedence.rank()).sort(
        ["_missing", "_rank", "_kind", "published", "report", "line"],
        descending=[False, False, False, True, True, False],
        nulls_last=True,
        maintain_order=True,
    )
    gap = (pl.col("value").abs() - pl.col("value").first().abs()).abs()
    apart = (gap > 1e-9) & (gap >= pl.col("half_step") + pl.col("half_step").first() - 1e-9)
    key = (*_KEY, "_named")
    best = ordered.group_by(key, maintain_order=True).agg(
        pl.exclude(*key).first(), differs=apart.any(), also=pl.col("observation_id").slice(1)
    )
    return best.drop("_missing", "_rank", "_kind", "_named", "published", "is_aside", "reporting")


def series_of(
    observations: pl.DataFrame,
    measure: str,
    report: str | None = None,
    municipality: str | None = None,
    breakdown: str | EllipsisType | None = ...,
    series: str = "outturn",
    frequency: str = "year",
) -> pl.DataFrame:
    """Return a measure's series of one municipality (SERIES_SCHEMA), ordered, a missing period as a row with a null value.

    Parameters
    ----------
    breakdown : None for the whole; left out, the whole where it is printed, else the only breakdown that is.
    frequency : "year", "quarter" or "month". What is printed for 31 December is the year's figure.

    Raises
    ------
    SocialvolymError
        where the frequency, measure, series or breakdown is unknown, with the nearest; where there is no figure of the measure,
        saying where there is one; or where the rows are of several municipalities or breakdowns and none is chosen.
    """
    if frequency not in FREQUENCIES:
        raise SocialvolymError(f"unknown frequency {frequency!r}; allowed: {', '.join(FREQUENCIES)}")
    measure = names.measure(measure)
    chosen = {"measure": measure, "report": report, "municipality": municipality, "series": series}
    rows = pick(with_ids(observations), **chosen, must_have=False)
    found = figures(of_frequency(rows, frequency))
    if found.is_empty():
        raise _no_figure(observations, measure, series, frequency, municipality or report)
    rows = _one_breakdown(found, measure, breakdown)
    return _completed(one_a_period(rows_of(rows), measure), frequency)


def _no_figure(observations: pl.DataFrame, measure: str, series: str, frequency: str, where: str | None) -> SocialvolymError:
    """Return the error that says that a measure has no figure there, and where it has any."""
    told = [
        f"{row['municipality']}, {row['series']} {row['years'][0]}" + (f"-{row['years'][-1]}" if len(row["years"]) > 1 else "")
        for row in coverage(observations.filter(pl.col("measure") == measure)).iter_rows(named=True)
    ]
    place = "" if where is None else f" for {where}"
    return SocialvolymError(
        f"there is no {series} of {measure} by {frequency}{place}; there are figures of: {'; '.join(told) or 'nobody'}"
    )


def of_frequency(observations: pl.DataFrame, frequency: str) -> pl.DataFrame:
    """Return the observations of a frequency; what is printed for 31 December is the year's."""
    period = pl.col("period")
    if frequency == "year":
        observations = observations.with_columns(period.str.replace(r"^(\d{4})-12-31$", "$1"))
    return observations.filter(period.str.contains(FREQUENCIES[frequency]))


def _one_breakdown(rows: pl.DataFrame, measure: str, breakdown: str | EllipsisType | None) -> pl.DataFrame:
    if not isinstance(breakdown, EllipsisType):
        if breakdown is not None:
            names.one_of(breakdown, rows["breakdown"].drop_nulls().unique().sort(), f"breakdown of {measure}")
        return rows.filter(pl.col("breakdown").eq_missing(pl.lit(breakdown, pl.String)))
    printed = rows.filter(pl.col("value").is_not_null())["breakdown"].unique(maintain_order=True).to_list()
    if len(printed) > 1 and None not in printed:
        raise SocialvolymError(f"{measure} is printed by parts only; choose a breakdown: {', '.join(sorted(printed))}")
    chosen = None if not printed or None in printed else printed[0]
    return rows.filter(pl.col("breakdown").eq_missing(pl.lit(chosen, pl.String)))


def one_a_period(figures: Iterable[Figure], measure: str) -> list[Figure]:
    """Return the figures of a measure's series (rows of figures(), of one breakdown) in one unit, one a period, in order.

    Raises
    ------
    SocialvolymError
        where figures are of several municipalities.
    """
    rows = list(figures)
    printed = [row["unit"] for row in rows if row["value"] is not None]
    own = vocabulary.measure_index()[measure]["unit"]
    unit = own if own in printed else max(sorted(set(printed)), key=printed.count, default=None)
    codes = sorted({row["municipality_code"] for row in rows if row["value"] is not None and row["unit"] == unit})
    if len(codes) > 1:
        raise SocialvolymError(
            f"{measure}: there are figures of several municipalities ({', '.join(codes)}); choose report or municipality"
        )
    by_period: dict[str, Figure] = {}
    for row in rows:
        if (row["value"] is None or row["unit"] == unit) and row["municipality_code"] in (codes or [row["municipality_code"]]):
            by_period.setdefault(row["period"], row)
    return [by_period[period] for period in sorted(by_period)]


def rows_of(figures: pl.DataFrame) -> list[Figure]:
    """Return the rows of a table of figures that have a value."""
    return cast(list[Figure], figures.to_dicts())


def frame_of(rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Return rows of figures as a table (SERIES_SCHEMA)."""
    return pl.DataFrame(rows, schema=SERIES_SCHEMA)


def _completed(rows: Sequence[Mapping[str, Any]], frequency: str) -> pl.DataFrame:
    known = {row["period"]: row for row in rows}
    constant = {name: rows[0][name] for name in ("municipality_code", "measure", "breakdown", "series", "unit") if rows}
    filled = {"status": "not_available", "half_step": 0.0, "differs": False, **constant}
    nothing = dict.fromkeys(SERIES_SCHEMA)
    found = [{**nothing, "period": period, **known.get(period, {})} for period in complete(known, frequency)]
    return frame_of([row | {name: value for name, value in filled.items() if row[name] is None} for row in found])
