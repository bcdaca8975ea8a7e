"""The chosen: what a page is told from, the figures of its municipalities and years and their reports."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import polars as pl

from socialvolym import vocabulary
from socialvolym.narrative.wording import Wording
from socialvolym.notation.languages import Language
from socialvolym.observations import readings
from socialvolym.observations.parameters import AIMS, Settings
from socialvolym.observations.series import figures, in_own_unit, of_frequency, one_a_period, rows_of
from socialvolym.reports import precedence
from socialvolym.reports.models import RawReport, Report
from socialvolym.vocabulary.columns import Figure


@dataclass(frozen=True)
class Chosen:
    """What a page is told from: the chosen municipalities and years, and what stands in the tables of them.

    Attributes
    ----------
    observations : with their ids, of the settings' municipalities; chosen: those of the settings' years among them.
    findings : the findings of these municipalities' reports.
    reports : the raw reports of these municipalities, for what they are responsible for, breaks and sayings.
    left_out : the ids of their reports whose figures are not in the tables.
    domain : what the page is about; None: everything.
    """

    settings: Settings
    words: Wording
    observations: pl.DataFrame
    findings: pl.DataFrame
    reports: tuple[RawReport, ...]
    left_out: tuple[str, ...] = ()
    #: How often each kind of sentence has been used on the page, so that shapes take turns.
    turns: dict[str, int] = field(default_factory=dict)
    domain: str | None = None

    @property
    def language(self) -> Language:
        """The page's language."""
        return self.settings.language

    @cached_property
    def chosen(self) -> pl.DataFrame:
        """The observations of the chosen municipalities whose period lies in the chosen years."""
        year = pl.col("period").str.slice(0, 4).cast(pl.Int64, strict=False)
        return self.observations.filter(
            pl.col("municipality_code").is_in(self.settings.municipalities),
            year.is_between(self.settings.first_year, self.settings.last_year) | year.is_null(),
        )

    @cached_property
    def narrowed(self) -> tuple[str, str] | None:
        """The first and the last year with figures of the chosen municipalities, where not all of these years are chosen."""
        if self._left_out.is_empty():
            return None
        dated = self._of_no_aim(self.observations).filter(pl.col("period").is_not_null())
        # What a page of a domain is told from beside its own figures, such as net costs, may be of other years.
        own = dated.filter(pl.col("domain") == self.domain) if self.domain else dated
        years = (own if own.height else dated)["period"].str.slice(0, 4).to_list()
        return min(years), max(years)

    def tells_of(self, period: str) -> bool:
        """Tell whether a period's year is one of those that are told of."""
        return self.narrowed is None or self.settings.first_year <= int(period[:4]) <= self.settings.last_year

    def hides(self, measure: str, code: str) -> bool:
        """Tell whether a municipality's reports have figures of a measure for years that are not chosen, or figures that wait.

        Then nothing may be said of all that is reported, only of what is shown.
        """
        return (measure, code) in self._hidden or code in self._waiting

    @cached_property
    def _waiting(self) -> set[str]:
        """The municipalities with an added report of which figures wait for a person: any of them may be of any measure."""
        added = (raw for raw in self.reports if raw.is_added)
        return {raw.report.municipality_code for raw in added if "waiting" in set(readings.settled(raw).rows["state"])}

    @cached_property
    def _left_out(self) -> pl.DataFrame:
        """The figures of years that are not chosen; a goal or a plan tells of no year."""
        return self._of_no_aim(self.observations.join(self.chosen, on="observation_id", how="anti"))

    def _of_no_aim(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return the rows of the chosen municipalities that have a figure of what came."""
        return rows.filter(
            pl.col("municipality_code").is_in(self.settings.municipalities),
            pl.col("value").is_not_null(),
            ~pl.col("series").is_in(AIMS),
        )

    @cached_property
    def _hidden(self) -> set[tuple[str, str]]:
        return set(self._left_out.select("measure", "municipality_code").iter_rows())

    @cached_property
    def findings_told(self) -> pl.DataFrame:
        """The findings of figures of the chosen years, and those that are of no period."""
        if self.narrowed is None:
            return self.findings
        year = pl.col("period").str.slice(0, 4).cast(pl.Int64, strict=False)
        return self.findings.filter(year.is_between(self.settings.first_year, self.settings.last_year) | year.is_null())

    @cached_property
    def _by_measure(self) -> dict[str, list[Figure]]:
        found: dict[str, list[Figure]] = {}
        for row in rows_of(self.chosen):
            found.setdefault(row["measure"], []).append(row)
        return found

    def rows_of(self, measure: str, code: str | None = None) -> list[Figure]:
        """Return the chosen observations of a measure, in one municipality or in all."""
        return [row for row in self._by_measure.get(measure, []) if code in (None, row["municipality_code"])]

    @cached_property
    def in_own_unit(self) -> pl.DataFrame:
        """The chosen observations, money in the unit of its measure."""
        return in_own_unit(self.chosen)

    @cached_property
    def figures(self) -> pl.DataFrame:
        """The chosen observations, one row a figure."""
        return figures(self.in_own_unit)

    @cached_property
    def _printed_parts(self) -> dict[tuple[Any, ...], list[Figure]]:
        return _by_part(self.figures)

    def printed(self, measure: str, code: str, breakdown: str | None, series: str) -> list[Figure]:
        """Return the figures that have a value of a measure's part in one municipality and one series, one row a figure."""
        return self._printed_parts.get((measure, code, breakdown, series), [])

    @cached_property
    def _timed_parts(self) -> dict[str, dict[tuple[Any, ...], list[Figure]]]:
        return {name: _by_part(figures(of_frequency(self.in_own_unit, name))) for name in ("year", "month")}

    def series(
        self, measure: str, code: str, breakdown: str | None, series: str = "outturn", frequency: str = "year"
    ) -> list[Figure]:
        """Return the rows of series_of() that have a value: of a measure's part in one municipality, by year or month."""
        return one_a_period(self._timed_parts[frequency].get((measure, code, breakdown, series), []), measure)

    @cached_property
    def parts(self) -> dict[str, list[tuple[str, str | None]]]:
        """The municipalities and breakdowns for which a measure has a figure, in the order of codes and of the documents."""
        lines = sorted(
            (
                (row["municipality_code"], row["line"] is not None, row["line"] or 0, number, row["measure"], row["breakdown"])
                for number, row in enumerate(self.figures.iter_rows(named=True))
                if row["value"] is not None and row["series"] != "target"
            )
        )
        found: dict[str, dict[tuple[str, str | None], None]] = {}
        for code, *_, measure, breakdown in lines:
            found.setdefault(measure, {})[code, breakdown] = None
        return {measure: list(pairs) for measure, pairs in found.items()}

    @cached_property
    def chosen_reports(self) -> tuple[RawReport, ...]:
        """The reports of the chosen municipalities."""
        return tuple(raw for raw in self.reports if raw.report.municipality_code in self.settings.municipalities)

    def place(self, code: str) -> str:
        """Return a municipality's name."""
        return vocabulary.municipalities()[code]

    @cached_property
    def _about(self) -> dict[str, Report]:
        return {raw.report.id: raw.report for raw in self.reports}

    def published(self, report: str) -> str:
        """Return when a report was published (precedence.published)."""
        return precedence.published(self._about[report])


def _by_part(rows: pl.DataFrame) -> dict[tuple[Any, ...], list[Figure]]:
    """Return the rows that have a value by measure, municipality, breakdown and series."""
    parts: dict[tuple[Any, ...], list[Figure]] = {}
    for row in rows_of(rows):
        if row["value"] is not None:
            parts.setdefault((row["measure"], row["municipality_code"], row["breakdown"], row["series"]), []).append(row)
    return parts
