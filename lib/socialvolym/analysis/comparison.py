"""Comparison: whether a measure can be compared between two reports, and development where levels cannot."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import EllipsisType
from typing import TypedDict, cast

import polars as pl

from socialvolym import vocabulary
from socialvolym.analysis.breaks import periods_of
from socialvolym.analysis.classification import Verdict, is_volume, reference_time, rules
from socialvolym.csv_files import schema_of
from socialvolym.errors import SocialvolymError
from socialvolym.notation.calendar import breaks_between
from socialvolym.observations.series import figures, of_frequency, rows_of, series_of
from socialvolym.reports.loading import load_reports
from socialvolym.reports.models import RawReport
from socialvolym.vocabulary import names
from socialvolym.vocabulary.columns import Figure
from socialvolym.vocabulary.files import names_in
from socialvolym.vocabulary.money import MONEY

COMPARISON_SCHEMA = {
    "criterion": pl.String,
    "first": pl.String,
    "second": pl.String,
    "same": pl.Boolean,
    "reason_en": pl.String,
    "reason_sv": pl.String,
}


class IndexRow(TypedDict):
    """A figure as a share of that of the base year, which is 100; `note`, an id of rules.toml, says why there is none."""

    municipality_code: str
    measure: str
    breakdown: str | None
    period: str
    value: float | None
    unit: str
    index: float | None
    note: str | None
    observation_id: str | None


INDEX_SCHEMA = schema_of(IndexRow)

_ORDER: tuple[Verdict, ...] = ("comparable", "per_inhabitant", "development_only", "not_comparable")


@dataclass(frozen=True)
class Comparison:
    """How far a measure can be compared between two reports.

    Attributes
    ----------
    verdict : "comparable" (levels), "per_inhabitant", "development_only" (index) or "not_comparable".
    table : one row a criterion (COMPARISON_SCHEMA); `same` is null where it is not known, which counts as not the same.
    """

    verdict: Verdict
    table: pl.DataFrame

    @property
    def reasons(self) -> pl.DataFrame:
        """The criteria that are not met."""
        return self.table.filter(pl.col("reason_en").is_not_null())


@dataclass(frozen=True)
class _Side:
    """One side of a comparison: a measure in a report."""

    raw: RawReport
    measure: str
    rows: pl.DataFrame

    @property
    def entry(self) -> dict[str, str | None]:
        return vocabulary.measure_index()[self.measure]

    @property
    def printed(self) -> str:
        return ", ".join(sorted(set(self.rows["period"].drop_nulls().to_list())))

    @property
    def units(self) -> str:
        return ", ".join(sorted(set(self.rows["unit"].drop_nulls().to_list())))

    @property
    def breakdowns(self) -> set[str]:
        return {breakdown or "" for breakdown in self.rows["breakdown"].to_list()}

    @property
    def breaks(self) -> str:
        return ", ".join(cut.period for cut in self.raw.notes.break_ if self.measure in cut.measures)

    @property
    def responsible(self) -> bool:
        entries = [entry for entry in self.raw.report.responsibility if entry.domain == self.entry["domain"]]
        return all(entry.responsible for entry in entries)


def compare(
    observations: pl.DataFrame,
    measure: str,
    first: str,
    second: str,
    *,
    other_measure: str | None = None,
    reports: Sequence[RawReport] | None = None,
) -> Comparison:
    """Compare the outturn of a measure in report `first` with the same measure, or other_measure, in report `second`.

    Raises
    ------
    SocialvolymError
        where a measure or a report is unknown.
    """
    known = {raw.report.id: raw for raw in (load_reports() if reports is None else reports)}
    a = _side(observations, measure, first, known)
    b = _side(observations, other_measure or measure, second, known)
    checks = {name: check(a, b) for name, check in _CHECKS.items()}
    failed = [name for name, (_, _, same) in checks.items() if same is not True]
    verdict = max((rules().comparability[name].verdict for name in failed), key=_ORDER.index, default=_ORDER[0])
    rows = [
        (name, left, right, same, *_reasons(name if name in failed else None, same))
        for name, (left, right, same) in checks.items()
    ]
    return Comparison(verdict, pl.DataFrame(rows, schema=COMPARISON_SCHEMA, orient="row"))


def _side(observations: pl.DataFrame, measure: str, report: str, known: Mapping[str, RawReport]) -> _Side:
    measure = names.measure(measure)
    if report not in known:
        raise SocialvolymError(f"unknown report {report!r}; the reports are: {', '.join(sorted(known))}")
    rows = figures(
        observations.filter(
            pl.col("report") == report, pl.col("measure") == measure, pl.col("series") == "outturn", pl.col("value").is_not_null()
        )
    )
    return _Side(known[report], measure, rows)


def _reasons(failed: str | None, same: bool | None) -> tuple[str | None, str | None]:
    if failed is None:
        return None, None
    # What is not known has been called different where there was nothing to differ from.
    criterion = rules().comparability["unknown" if same is None and failed in _BY_FIGURES else failed]
    return criterion.en, criterion.sv


_Check = tuple[str | None, str | None, bool | None]


def _printed(a: _Side, b: _Side) -> _Check:
    return a.printed, b.printed, bool(a.printed) and bool(b.printed)


def _measure(a: _Side, b: _Side) -> _Check:
    return a.measure, b.measure, a.measure == b.measure


def _not_with(a: _Side, b: _Side) -> _Check:
    left, right = (set(names_in(side.entry["not_with"])) for side in (a, b))
    return a.measure, b.measure, b.measure not in left and a.measure not in right


def _responsibility(a: _Side, b: _Side) -> _Check:
    left, right = ("yes" if side.responsible or side.printed else "no" for side in (a, b))
    return left, right, left == right == "yes"


def _unit(a: _Side, b: _Side) -> _Check:
    return a.units, b.units, a.units == b.units if a.units and b.units else None


def _reference_time(a: _Side, b: _Side) -> _Check:
    left, right = reference_time(a.measure), reference_time(b.measure)
    return left, right, None if "unknown" in (left, right) else left == right


def _breakdown(a: _Side, b: _Side) -> _Check:
    shared = bool(a.breakdowns & b.breakdowns) if a.rows.height and b.rows.height else None
    return ", ".join(sorted(a.breakdowns)), ", ".join(sorted(b.breakdowns)), shared


def _period(a: _Side, b: _Side) -> _Check:
    shared = bool(set(a.rows["period"].to_list()) & set(b.rows["period"].to_list()))
    return a.printed, b.printed, shared or a.raw.report.municipality_code == b.raw.report.municipality_code


def _break(a: _Side, b: _Side) -> _Check:
    return a.breaks, b.breaks, not a.breaks and not b.breaks


def _size(a: _Side, b: _Side) -> _Check:
    left, right = a.raw.report.municipality, b.raw.report.municipality
    unit = a.entry["unit"] or ""
    return left, right, left == right or not (unit in MONEY or is_volume(unit))


#: Criteria that only figures tell: without any on one side they are not known.
_BY_FIGURES = ("unit", "breakdown")
#: criterion of rules.toml -> how it is checked
_CHECKS: dict[str, Callable[[_Side, _Side], _Check]] = {
    "printed": _printed,
    "measure": _measure,
    "not_with": _not_with,
    "responsibility": _responsibility,
    "unit": _unit,
    "reference_time": _reference_time,
    "breakdown": _breakdown,
    "period": _period,
    "break": _break,
    "size": _size,
}


def indexed(
    observations: pl.DataFrame,
    measure: str,
    base_year: int | str,
    *,
    breakdowns: Mapping[str, str | None] | None = None,
    breaks: Mapping[str, Sequence[str]] | None = None,
) -> pl.DataFrame:
    """Return a measure's development in every municipality that prints it, the base year being 100 (INDEX_SCHEMA).

    Parameters
    ----------
    breakdowns, breaks : of a municipality code, the breakdown to follow and the breaks in its series; by default those that the
        reports announce (breaks_of).

    The index is null, with a note (an id of rules.toml), for a missing year, without a base, and across a break.

    Raises
    ------
    SocialvolymError
        where there is no such measure, with the nearest.
    """
    base, measure = str(base_year), names.measure(measure)
    printed = observations.filter(pl.col("measure") == measure, pl.col("series") == "outturn", pl.col("value").is_not_null())
    rows = of_frequency(printed, "year")
    found: list[IndexRow] = []
    for code in rows["municipality_code"].unique().sort().to_list():
        breakdown: str | EllipsisType | None = breakdowns[code] if breakdowns and code in breakdowns else ...
        series = series_of(observations, measure, municipality=code, breakdown=breakdown)
        at_base = series.filter(pl.col("period") == base)["value"].to_list()
        cuts = periods_of(series, None if breaks is None else breaks.get(code, ()))
        found.extend(_index_row(row, base, at_base[0] if at_base else None, cuts) for row in rows_of(series))
    return pl.DataFrame(found, schema=INDEX_SCHEMA)


def _index_row(row: Figure, base: str, at_base: float | None, breaks: Sequence[str]) -> IndexRow:
    note = None
    if row["value"] is None:
        note = "missing"
    elif not at_base:
        note = "base_not_known"
    elif breaks_between(min(row["period"], base), max(row["period"], base), breaks):
        note = "break_between"
    index = 100 * row["value"] / at_base if note is None and at_base else None
    known = cast(IndexRow, {name: value for name, value in row.items() if name in INDEX_SCHEMA})
    return {**known, "index": index, "note": note}
