"""Identity: a report held against its document, its figures and other reports: none stands under a wrong name, or twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from socialvolym.errors import SocialvolymError
from socialvolym.reports.models import RawReport
from socialvolym.vocabulary import municipalities

#: The fact of structure.csv that names the municipality of a document.
MUNICIPALITY = "municipality"


def twins(reports: Sequence[RawReport], known: Mapping[str, str]) -> dict[str, SocialvolymError]:
    """Return, by id, the error of each report whose document is that of a report before it.

    Parameters
    ----------
    known : sha256 of the documents of reports that came earlier, to their ids.
    """
    first = dict(known)
    errors = {}
    for raw in reports:
        other = first.setdefault(raw.report.sha256, raw.report.id)
        if other != raw.report.id:
            errors[raw.report.id] = SocialvolymError(
                f"{raw.folder / 'report.toml'}: is of the same document as {other} (its sha256 is the same), whose figures would "
                "count twice; remove one of the two folders"
            )
    return errors


def strangers(reports: Sequence[RawReport], facts: Mapping[str, pl.DataFrame]) -> dict[str, SocialvolymError]:
    """Return, by id, the error of each report whose municipality is another than its document names.

    Parameters
    ----------
    facts : what each document's text shows (structure.csv), by the report's id.
    """
    errors = {}
    for raw in reports:
        table = facts.get(raw.report.id)
        named = [] if table is None else table.filter(pl.col("kind") == MUNICIPALITY).select("what", "line").rows()
        own = raw.report.municipality_code
        wrong = [(code, line) for code, line in named if code != own and code in municipalities()]
        if wrong and not _is_accepted(raw, MUNICIPALITY):
            code, line = wrong[0]
            errors[raw.report.id] = SocialvolymError(
                f"{raw.folder / 'report.toml'}: municipality_code is {own} ({raw.report.municipality}), but the document names "
                f"{municipalities()[code]} ({code}) as the municipality on line {line}; correct the code, or accept it in "
                f'{raw.folder / "corrections.toml"} as [[acknowledged]] with rule = "{MUNICIPALITY}"'
            )
    return errors


def misdated(reports: Sequence[RawReport], observations: pl.DataFrame) -> dict[str, SocialvolymError]:
    """Return, by id, the error of each report that has figures of years, and none of the year that it is said to be of."""
    year = pl.col("period").str.extract(r"^(\d{4})").cast(pl.Int64)
    told = (
        observations.filter(pl.col("value").is_not_null())
        .select("report", year=year)
        .drop_nulls()
        .group_by("report")
        .agg(pl.col("year").unique().sort())
    )
    years = dict(told.iter_rows())
    errors = {}
    for raw in reports:
        own = years.get(raw.report.id, [])
        if own and raw.report.year not in own and not _is_accepted(raw, "year"):
            errors[raw.report.id] = SocialvolymError(
                f"{raw.folder / 'report.toml'}: year is {raw.report.year}, but none of its figures is of that year "
                f"({own[0]}-{own[-1]}); correct the year, or accept it in {raw.folder / 'corrections.toml'} as [[acknowledged]] "
                'with rule = "year"'
            )
    return errors


def _is_accepted(raw: RawReport, rule: str) -> bool:
    return any(accepted.rule == rule for accepted in raw.notes.acknowledged)
