"""Gathering: each report loaded and cleaned on its own, so that one that cannot be is left out and holds up no other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from socialvolym import audit, paths
from socialvolym.errors import SocialvolymError
from socialvolym.observations import cleaning
from socialvolym.observations.outcomes import LEFT_OUT, READ, REPORTS_SCHEMA, names
from socialvolym.reports import identity, loading
from socialvolym.reports.models import RawReport
from socialvolym.validation import prepared
from socialvolym.vocabulary import columns

if TYPE_CHECKING:
    from socialvolym.validation.suites import Outcome

#: So many reports are cleaned at a time, which bounds the memory that it takes.
_TOGETHER = 256


@dataclass(frozen=True)
class Gathered:
    """What all reports gave.

    Attributes
    ----------
    observations : the figures of the reports that could be read (columns.OBSERVATION_SCHEMA), the grid completed.
    unread : their cells that could not be understood (columns.UNREAD_SCHEMA).
    reports : what became of each report (REPORTS_SCHEMA).
    """

    observations: pl.DataFrame
    unread: pl.DataFrame
    reports: pl.DataFrame

    @property
    def told(self) -> str:
        """Say how many reports were read and, a line each, which were left out."""
        left_out = self.reports.filter(pl.col("state") == LEFT_OUT)
        lines = [f"{self.reports.height - left_out.height} reports: {', '.join(names(self.reports))}"]
        return "\n".join([*lines, *(f"left out: {row['report']}: {row['reason']}" for row in left_out.iter_rows(named=True))])


def gather(ids: Sequence[str] = ()) -> Gathered:
    """Load and clean reports, all where none is named.

    Raises
    ------
    SocialvolymError
        where an id is unknown, or no report at all can be read: then the first one's reason.
    """
    codes = {report: code for code, found in loading.reports_by_code().items() for report in found}
    years, chosen = loading.report_years(), loading.chosen_ids(ids)
    documents: dict[str, str] = {}
    parts = [_gather(chosen[start : start + _TOGETHER], documents) for start in range(0, len(chosen), _TOGETHER)]
    errors = {report: error for part in parts for report, error in part.errors.items()}
    if errors and len(errors) == len(chosen):
        raise errors[chosen[0]]
    return Gathered(
        pl.concat([pl.DataFrame(schema=columns.OBSERVATION_SCHEMA), *(part.observations for part in parts)]),
        pl.concat([pl.DataFrame(schema=columns.UNREAD_SCHEMA), *(part.unread for part in parts)]),
        pl.DataFrame(
            [(report, codes.get(report), years.get(report), *_outcome(errors.get(report))) for report in chosen],
            schema=REPORTS_SCHEMA,
            orient="row",
        ),
    )


def _outcome(error: SocialvolymError | None) -> tuple[str, str | None]:
    """Return the state of a report and the reason for it."""
    return (READ, None) if error is None else (LEFT_OUT, str(error).replace(f"{paths.repository()}/", ""))


def _gather(ids: Sequence[str], documents: dict[str, str]) -> cleaning.Cleaned:
    """Load and clean some reports; `documents` are the sha256 of those that came before, which it adds to."""
    loaded: list[RawReport] = []
    errors: dict[str, SocialvolymError] = {}
    for report, raw in zip(ids, loading.load_each([paths.raw() / report for report in ids]), strict=True):
        if isinstance(raw, SocialvolymError):
            errors[report] = raw
        else:
            loaded.append(raw)
    # Cleaning does not need what a document's structure says, but the audit does, and then it would be too late.
    structures = audit.structure_facts(loaded)
    errors |= {report: facts for report, facts in structures.items() if isinstance(facts, SocialvolymError)}
    known = {report: facts for report, facts in structures.items() if not isinstance(facts, SocialvolymError)}
    errors |= identity.twins(loaded, documents) | identity.strangers(loaded, known)
    documents |= {raw.report.sha256: raw.report.id for raw in loaded if raw.report.id not in errors}
    cleaned = cleaning.clean_each([raw for raw in loaded if raw.report.id not in errors])
    wrong = identity.misdated(loaded, cleaned.observations)
    kept = [frame.filter(~pl.col("report").is_in(list(wrong))) for frame in (cleaned.observations, cleaned.unread)]
    return cleaning.Cleaned(kept[0], kept[1], {**errors, **cleaned.errors, **wrong})


def holding(
    made: Mapping[str, pl.DataFrame], validate: Callable[[pl.DataFrame, str], Outcome], leave_out: bool = True
) -> tuple[dict[str, pl.DataFrame], list[Outcome]]:
    """Validate the cleaned tables, without the reports in which something does not hold that must.

    Parameters
    ----------
    made : the tables observations, unread and reports.
    validate : socialvolym.validation.suites.validate.
    leave_out : False keeps all reports, for exploring.

    Returns
    -------
    tables : those that hold; a report that is not in them is left out in `reports`, with the reason.
    outcomes : of the last validation. What still fails there cannot be laid at the door of some reports.
    """
    years = dict(made["reports"].select("report", "year").drop_nulls().iter_rows())
    outcomes = [
        validate(prepared.observations_to_validate(made["observations"], years), "observations"),
        validate(made["unread"], "unread"),
        validate(prepared.coverage(made["observations"], without=names(made["reports"], state=LEFT_OUT)), "coverage"),
    ]
    read = set(names(made["reports"]))
    blamed = {str(row.get("report")): str(failure) for out in outcomes for failure in out.critical for row in failure.rows}
    if not leave_out or not blamed or not set(blamed) < read:
        return dict(made), outcomes
    return holding(_without(made, blamed), validate)


def _without(made: Mapping[str, pl.DataFrame], blamed: Mapping[str, str]) -> dict[str, pl.DataFrame]:
    kept = {name: table.filter(~pl.col("report").is_in(list(blamed))) for name, table in made.items() if name != "reports"}
    is_blamed = pl.col("report").is_in(list(blamed))
    outcome = made["reports"].with_columns(
        state=pl.when(is_blamed).then(pl.lit(LEFT_OUT)).otherwise("state"),
        reason=pl.when(is_blamed).then(pl.col("report").replace_strict(blamed, default=None)).otherwise("reason"),
    )
    return {**kept, "reports": outcome}
