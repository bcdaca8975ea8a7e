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
from socialvolym.reports import loading
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
    chosen = loading.chosen_ids(ids)
    parts = [_gather(chosen[start : start + _TOGETHER]) for start in range(0, len(chosen), _TOGETHER)]
    errors = {report: error for part in parts for report, error in part.errors.items()}
    if errors and len(errors) == len(chosen):
        raise errors[chosen[0]]
    return Gathered(
        pl.concat([pl.DataFrame(schema=columns.OBSERVATION_SCHEMA), *(part.observations for part in parts)]),
        pl.concat([pl.DataFrame(schema=columns.UNREAD_SCHEMA), *(part.unread for part in parts)]),
        pl.DataFrame([_outcome(report, codes.get(report), errors.get(report)) for report in chosen], schema=REPORTS_SCHEMA),
    )


def _outcome(report: str, code: str | None, error: SocialvolymError | None) -> dict[str, str | None]:
    outcome: dict[str, str | None] = {"report": report, "municipality_code": code, "state": READ, "reason": None}
    if error is not None:
        outcome |= {"state": LEFT_OUT, "reason": str(error).replace(f"{paths.repository()}/", "")}
    return outcome


def _gather(ids: Sequence[str]) -> cleaning.Cleaned:
    """Load and clean some reports."""
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
    cleaned = cleaning.clean_each([raw for raw in loaded if raw.report.id not in errors])
    return cleaning.Cleaned(cleaned.observations, cleaned.unread, {**errors, **cleaned.errors})


def holding(
    made: Mapping[str, pl.DataFrame], validate: Callable[[pl.DataFrame, str], Outcome], leave_out: bool = True
) -> tuple[dict[str, pl.DataFrame], list[Outcome]]:
    """Validate the cleaned tables, without the reports in which something does not hold that must.

    Parameters
    ----------
    made : the tables observations, unread, derived and reports.
    validate : socialvolym.validating.validate.
    leave_out : False keeps all reports, for exploring.

    Returns
    -------
    tables : those that hold; a report that is not in them is left out in `reports`, with the reason.
    outcomes : of the last validation. What still fails there cannot be laid at the door of some reports.
    """
    outcomes = [
        validate(prepared.observations_to_validate(made["observations"]), "observations"),
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
