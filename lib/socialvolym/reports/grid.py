"""The grid: rows without a value that complete what a report prints, so that what is missing is a row and never an absent one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from socialvolym import vocabulary
from socialvolym.reports.models import RawReport


def completed(observations: pl.DataFrame, reports: Sequence[RawReport]) -> pl.DataFrame:
    """Return the observations of reports, each report's followed by its missing rows.

    Missing are years between those that a row of a table prints, and the headline measures of a domain that the committee is not
    responsible for.
    """
    missing = [_absent_years(observations), _outside_responsibility(observations, reports)]
    if not any(rows.height for rows in missing):
        return observations
    place = pl.Series([raw.report.id for raw in reports])
    order = pl.col("report").replace_strict(place, pl.int_range(len(place), eager=True))
    return pl.concat([observations, *missing]).sort(order, maintain_order=True)


def _absent_years(observations: pl.DataFrame) -> pl.DataFrame:
    yearly = observations.select(
        "report", "table", "measure", "breakdown", "label", "period", "series", "kind", "domain", at=pl.int_range(pl.len())
    ).filter(
        pl.col("period").str.contains(r"^[0-9]{4}$"),
        pl.col("series") == "outturn",
        pl.col("kind") != "text",
        pl.col("domain") != "context",
    )
    year = pl.col("period").cast(pl.Int64)
    rows = yearly.group_by("report", "table", "measure", "breakdown", "label").agg(
        pl.col("at").first(), years=year.unique(), first=year.min(), last=year.max()
    )
    gaps = (
        rows.filter(pl.col("last") - pl.col("first") >= pl.col("years").list.len())
        .select("at", year=pl.int_ranges("first", "last").list.set_difference("years"))
        .explode("year")
        .sort("at", "year")
    )
    return observations[gaps["at"]].with_columns(
        gaps["year"].cast(pl.String).alias("period"),
        pl.lit(None, pl.Float64).alias("value"),
        *(pl.lit(None, pl.String).alias(name) for name in ("published_as", "bound", "certainty", "because")),
        status=pl.lit("not_available"),
        note=pl.lit("no cell for this year in the table"),
    )


def _outside_responsibility(observations: pl.DataFrame, reports: Sequence[RawReport]) -> pl.DataFrame:
    limited = [raw for raw in reports if any(not entry.responsible for entry in raw.report.responsibility)]
    own = observations.filter(pl.col("report").is_in([raw.report.id for raw in limited]))
    printed = set(own.select("report", "measure", "period").iter_rows())
    rows = [row for raw in limited for row in _null_rows(raw) if (row["report"], row["measure"], row["period"]) not in printed]
    return pl.DataFrame(rows, schema=observations.schema)


def _null_rows(raw: RawReport) -> Iterator[dict[str, Any]]:
    for entry in raw.report.responsibility:
        if not entry.responsible:
            for measure in vocabulary.headline_measures(entry.domain):
                yield _null_row(raw, measure, entry.note_en)


def _null_row(raw: RawReport, measure: str, note: str) -> dict[str, Any]:
    entry = vocabulary.measure_index()[measure]
    return {
        "report": raw.report.id,
        "municipality_code": raw.report.municipality_code,
        "domain": entry["domain"],
        "measure": measure,
        "label": entry["title_sv"],
        "period": str(raw.report.year),
        "series": "outturn",
        "unit": entry["unit"],
        "kind": "table",
        "status": "outside_responsibility",
        "note": note or None,
    }
