"""Preparing tables for validation: columns that say of each row what an expectation asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from socialvolym import paths, vocabulary
from socialvolym.errors import SocialvolymError
from socialvolym.observations.cleaning import read_values

PUBLISHED = ("published", "corrected")


def observations_to_validate(observations: pl.DataFrame, years: Mapping[str, int]) -> pl.DataFrame:
    """Return the observations with the prepared columns that expectations/observations.json asks about.

    Parameters
    ----------
    years : of the reports, by their ids.

    Added columns: measure_known, unit_known, parses_back, value_fits_status (bool), year_distance (years from the
    report's year to the period's), is_share (bool).
    """
    shares = vocabulary.having_role(observations["measure"].unique(), "share")
    return observations.with_columns(
        measure_known=pl.col("measure").is_in(vocabulary.measure_rows(observations["measure"].unique())["measure"].to_list()),
        unit_known=pl.col("unit").is_in(list(vocabulary.units())),
        parses_back=_parses_back(observations),
        value_fits_status=pl.col("value").is_null() == ~pl.col("status").is_in(PUBLISHED),
        year_distance=pl.col("period").str.slice(0, 4).cast(pl.Int64, strict=False)
        - pl.col("report").replace_strict(years, default=None, return_dtype=pl.Int64),
        is_share=pl.col("measure").is_in(shares) & pl.col("series").is_in(["outturn", "target", "budget"]),
    )


def _parses_back(observations: pl.DataFrame) -> pl.Series:
    """Tell of each figure whether what is published, read again, is its value; the sign is the measure's."""
    published = observations["status"] == "published"
    texts, high = observations["published_as"].fill_null(""), observations["breakdown"].str.ends_with("high").fill_null(False)
    difference = read_values(texts, high)["value"].abs() - observations["value"].abs()
    return (~published | (difference.abs() < 1e-9).fill_null(False)).fill_null(True)


def coverage(observations: pl.DataFrame, baseline: Path | None = None, without: Sequence[str] = ()) -> pl.DataFrame:
    """Return how many published figures each report has now and had at the last accepted run.

    Reports in `without` are left out on purpose, and said to be wherever figures are shown: they have lost nothing.

    Columns: report, domain, rows, rows_before, lost (rows_before - rows; 0 for a new report).
    """
    path = baseline or paths.expectations() / "coverage.csv"
    now = coverage_now(observations)
    try:
        before = pl.read_csv(path, schema={"report": pl.String, "domain": pl.String, "rows_before": pl.Int64})
    except FileNotFoundError:
        before = pl.DataFrame(schema={"report": pl.String, "domain": pl.String, "rows_before": pl.Int64})
    except pl.exceptions.PolarsError as error:
        raise SocialvolymError(f"{path}: cannot be read: {error}") from error
    before = before.filter(~pl.col("report").is_in(list(without)))
    joined = now.join(before, on=["report", "domain"], how="full", coalesce=True).with_columns(pl.col("rows").fill_null(0))
    return joined.with_columns(lost=(pl.col("rows_before").fill_null(0) - pl.col("rows")).clip(0)).sort("report", "domain")


def coverage_now(observations: pl.DataFrame) -> pl.DataFrame:
    """Return the number of published figures by report and domain (report, domain, rows)."""
    published = observations.filter(pl.col("status").is_in(PUBLISHED))
    return published.group_by("report", "domain").agg(rows=pl.len().cast(pl.Int64)).sort("report", "domain")
