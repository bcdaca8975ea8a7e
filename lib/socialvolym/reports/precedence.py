"""Precedence: which of several reports of one municipality a figure is taken from, and which of them came later."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import polars as pl

from socialvolym import paths
from socialvolym.errors import SocialvolymError
from socialvolym.reports.models import Kind, Report
from socialvolym.toml_files import Data, load_toml

_MONTHS = 12
_SCHEMA = {"report": pl.String, "published": pl.String, "is_aside": pl.Boolean, "reporting": pl.String}


class Precedence(Data):
    """precedence.toml: the order of committees, that of kinds by series, and when each kind is published, in months."""

    committees: tuple[str, ...]
    first: dict[str, tuple[Kind, ...]]
    published: dict[Kind, int]


@lru_cache(maxsize=1)
def rules() -> Precedence:
    """Return the rules (precedence.toml)."""
    return load_toml(Precedence, Path(__file__).with_suffix(".toml"))


def published(report: Report) -> str:
    """Return when a report was published, as a date or a month (2031-02), so that texts sort as times do."""
    if report.published:
        return report.published.isoformat()
    months = rules().published[report.kind] if report.months is None else report.months
    year, month = divmod(report.year * _MONTHS + months, _MONTHS)
    return f"{year}-{month + 1:02d}"


def order() -> pl.DataFrame:
    """Return what decides between the reports of data/raw: report, published, is_aside (see aside) and reporting, the kind."""
    raw = paths.raw()
    return _order(raw, raw.stat().st_mtime_ns if raw.exists() else 0)


@lru_cache(maxsize=4)
def _order(raw: Path, changed: int) -> pl.DataFrame:
    known = []
    for path in raw.glob("*/report.toml"):
        with suppress(SocialvolymError):  # cleaning has told what is wrong with it
            known.append(load_toml(Report, path))
    apart = aside(known)
    rows = [(about.id, published(about), about.id in apart, about.kind) for about in known]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def aside(reports: Iterable[Report]) -> set[str]:
    """Return the reports of committees beside the one whose own economy and staff a municipality's series tell.

    Committees are beside each other in the years of which both have reports: of another year one has the place of the other.
    """
    by_code: dict[str, list[Report]] = {}
    for report in reports:
        by_code.setdefault(report.municipality_code, []).append(report)
    found = set()
    for own in by_code.values():
        counts = Counter(report.committee for report in own)
        leading = min(counts, key=lambda committee: (_place(committee), -counts[committee], committee))
        years = {report.year for report in own if report.committee == leading}
        found |= {report.id for report in own if report.committee != leading and report.year in years}
    return found


def _place(committee: str) -> int:
    beginnings = rules().committees
    return next((place for place, start in enumerate(beginnings) if committee.casefold().startswith(start)), len(beginnings))


def rank() -> pl.Expr:
    """Return the place of a row's report in the order of kinds for the row's series (columns series and reporting)."""
    place = pl.lit(0)
    for series, kinds in rules().first.items():
        places = {kind: number for number, kind in enumerate(kinds)}
        of_kind = pl.col("reporting").replace_strict(places, default=0, return_dtype=pl.Int64)
        place = pl.when(pl.col("series") == series).then(of_kind).otherwise(place)
    return place
