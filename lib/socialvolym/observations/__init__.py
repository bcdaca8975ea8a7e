"""Observations: the tidy table loaded, its rows named, and rows picked out of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from socialvolym import paths, vocabulary
from socialvolym.csv_files import Schema
from socialvolym.errors import SocialvolymError
from socialvolym.notation.periods import SERIES
from socialvolym.vocabulary import names
from socialvolym.vocabulary.columns import DOMAINS

#: coverage: one row a measure's series in a municipality.
COVERAGE_SCHEMA: Schema = {
    **dict.fromkeys(("domain", "measure", "title_en", "title_sv", "municipality_code", "municipality", "series"), pl.String),
    "years": pl.List(pl.Int64),
    "figures": pl.Int64,
}


def load(path: Path | None = None, municipalities: Sequence[str] = ()) -> pl.DataFrame:
    """Load the observations of data/processed, of some municipalities or of all, with their ids (and observation_id)."""
    place = path or paths.processed() / "observations.parquet"
    wanted = pl.col("municipality_code").is_in(list(municipalities)) | pl.lit(not municipalities)
    try:
        # A report has one municipality: the figures of its lines are numbered alike in a part of the table.
        return with_ids(pl.scan_parquet(place).filter(wanted).collect())
    except FileNotFoundError as error:
        raise SocialvolymError(f"{place}: there is no such file; build the tables with: socialvolym run") from error


def with_ids(observations: pl.DataFrame) -> pl.DataFrame:
    """Add the column observation_id; give it the whole table, because figures are numbered within their line.

    A figure on a line is report:line:n, n counting the figures of the line from 1 in the order of the table; a row without
    a line is report:measure:period. A table that has the column already is returned as it is.
    """
    if "observation_id" in observations.columns:
        return observations
    number = pl.int_range(1, pl.len() + 1).over("report", "line")
    on_line = pl.format("{}:{}:{}", "report", "line", number)
    off_line = pl.format("{}:{}:{}", "report", "measure", "period")
    named = observations.with_columns(observation_id=pl.when(pl.col("line").is_null()).then(off_line).otherwise(on_line))
    twice = named.filter(pl.col("observation_id").is_duplicated())["observation_id"].unique(maintain_order=True).to_list()
    if twice:
        raise SocialvolymError(
            f"rows without a line have the same id: {', '.join(twice[:5])}; a report's measure may be missing only once a period"
        )
    return named


def coverage(observations: pl.DataFrame) -> pl.DataFrame:
    """Return which measures have figures of which municipalities and years (COVERAGE_SCHEMA), by domain, measure and code.

    A row is a measure's series in a municipality; years are those of its figures, also of parts of a year; figures their number.
    """
    known = observations.filter(pl.col("value").is_not_null(), pl.col("period").is_not_null())
    found = known.group_by("domain", "measure", "municipality_code", "series").agg(
        years=pl.col("period").str.slice(0, 4).cast(pl.Int64).unique().sort(), figures=pl.len().cast(pl.Int64)
    )
    titles = vocabulary.measure_rows(found["measure"].unique()).select("measure", "title_en", "title_sv")
    named = found.join(titles, on="measure", how="left").with_columns(
        municipality=pl.col("municipality_code").replace(vocabulary.municipalities())
    )
    order = ["domain", "measure", "municipality_code", pl.col("series").cast(pl.Enum(SERIES))]
    return named.sort(order).select(COVERAGE_SCHEMA.keys())


#: What a derived figure and a finding have in common with the figure that they are about.
_SAME = ("report", "line", "measure", "breakdown", "period", "series")


def with_figures(rows: pl.DataFrame, observations: pl.DataFrame) -> pl.DataFrame:
    """Add the column observation_id to derived figures or findings: the ids of the figures that a row is about.

    Parameters
    ----------
    rows : with report, line, measure, breakdown, period and series.
    observations : with observation_id.

    Returns
    -------
    The rows in their order; several ids stand with spaces between, and a row that is about no figure has none.
    """
    of_line = observations.group_by(_SAME, maintain_order=True).agg(pl.col("observation_id").str.join(" "))
    return rows.join(of_line, on=_SAME, how="left", nulls_equal=True, maintain_order="left")


def pick(
    observations: pl.DataFrame,
    *,
    measure: str | None = None,
    report: str | None = None,
    municipality: str | None = None,
    domain: str | None = None,
    series: str | None = None,
    must_have: bool = True,
) -> pl.DataFrame:
    """Return the rows that fit all that is given; a measure is given by id or title, a municipality by code or name.

    must_have : stop at a measure that the municipality or the report has no figure of, while others have.

    Raises
    ------
    SocialvolymError
        where there is no such measure, municipality, report, domain or series, with the nearest, or where a measure has no figure
        there at all, with who has.
    """
    if report is not None:
        names.one_of(report, observations["report"].unique().sort(), "report")
    if series is not None:
        names.one_of(series, SERIES, "series")
    if domain is not None:
        names.one_of(domain, DOMAINS, "domain")
    measure = None if measure is None else names.measure(measure)
    code = None if municipality is None else names.municipality_code(municipality)
    wanted = {"measure": measure, "report": report, "municipality_code": code, "domain": domain, "series": series}
    given = {name: value for name, value in wanted.items() if value is not None}
    found = observations.filter(*(pl.col(name) == value for name, value in given.items()))
    if must_have and measure is not None and found.is_empty():
        _check_there(observations, measure, given)
    return found


def _check_there(observations: pl.DataFrame, measure: str, wanted: Mapping[str, str]) -> None:
    """Stop at a measure that a municipality or a report has no figure of while others have, which would be an empty frame."""
    where = next((wanted[name] for name in ("report", "municipality_code") if name in wanted), None)
    others = coverage(observations.filter(pl.col("measure") == measure))["municipality"].unique().sort().to_list()
    if where is not None and others:
        place = vocabulary.municipalities().get(where, where)
        raise SocialvolymError(f"{place} has no such figure of {measure}; there are figures of: {', '.join(others)}")
