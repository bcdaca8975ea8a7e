"""Gathering: each report loaded and cleaned on its own, so that one that cannot be is left out and holds up no other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from socialvolym import auditing, cleaning, page_list, paths, preparing, reports
from socialvolym.errors import SocialvolymError
from socialvolym.gathered import LEFT_OUT, READ, REPORTS_SCHEMA, names
from socialvolym.reports import RawReport

if TYPE_CHECKING:
    from socialvolym.validating import Outcome


@dataclass(frozen=True)
class Gathered:
    """What all reports gave.

    Attributes
    ----------
    observations : the figures of the reports that could be read (cleaning.OBSERVATION_SCHEMA), the grid completed.
    unread : their cells that could not be understood (cleaning.UNREAD_SCHEMA).
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
    codes = {report: code for code, found in page_list.reports_by_code().items() for report in found}
    observations, unread = [pl.DataFrame(schema=cleaning.OBSERVATION_SCHEMA)], [pl.DataFrame(schema=cleaning.UNREAD_SCHEMA)]
    outcomes: list[dict[str, str | None]] = []
    errors: list[SocialvolymError] = []
    for report in reports.chosen_ids(ids):
        outcome: dict[str, str | None] = {"report": report, "municipality_code": codes.get(report), "state": READ, "reason": None}
        try:
            figures, not_understood = cleaning.clean([_load(report)])
            observations.append(figures)
            unread.append(not_understood)
        except SocialvolymError as error:
            errors.append(error)
            outcome |= {"state": LEFT_OUT, "reason": str(error).replace(f"{paths.repository()}/", "")}
        outcomes.append(outcome)
    if errors and len(errors) == len(outcomes):
        raise errors[0]
    return Gathered(pl.concat(observations), pl.concat(unread), pl.DataFrame(outcomes, schema=REPORTS_SCHEMA))


def _load(report: str) -> RawReport:
    raw = reports.load_report(paths.raw() / report)
    # Cleaning does not need what a document's structure says, but the audit does, and then it would be too late.
    auditing.committed_facts([raw])
    return raw


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
        validate(preparing.observations_to_validate(made["observations"]), "observations"),
        validate(made["unread"], "unread"),
        validate(preparing.coverage(made["observations"], without=names(made["reports"], state=LEFT_OUT)), "coverage"),
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
