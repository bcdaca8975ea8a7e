"""The context: what a page is told from, its figures as elements that lead to their source, and what reports say of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from types import EllipsisType
from typing import Any

import polars as pl
from markupsafe import Markup

from socialvolym import observations as observation_table
from socialvolym import vocabulary
from socialvolym.analysis import decomposition
from socialvolym.charts.markup import Html
from socialvolym.errors import SocialvolymError
from socialvolym.narrative.context import scope
from socialvolym.narrative.context.marked import Marked, anchor, common_decimals, printed_decimals
from socialvolym.narrative.wording import Wording, printed_labels
from socialvolym.observations import outcomes, store
from socialvolym.observations.parameters import check_settings, codes_of
from socialvolym.observations.series import rows_of
from socialvolym.reports.models import QUOTED, RawReport, Saying, Sayings
from socialvolym.vocabulary.columns import ANALYSED, Figure

__all__ = ["Context", "anchor", "common_decimals", "is_another", "open_context", "printed_decimals"]


@dataclass(frozen=True)
class Context(Marked):
    """What a page is told from, with what the reports themselves say of their figures: causes, reservations, breaks, one-offs."""

    def sayings(
        self,
        measure: str,
        code: str,
        area: str | None = None,
        report: str | None = None,
        breakdown: str | EllipsisType | None = ...,
        *,
        change: tuple[str, str] | None = None,
        budget: bool = False,
    ) -> list[tuple[RawReport, Saying]]:
        """Return what the reports of a municipality, or one of them, say about the cause of a measure or of one area's cost.

        A cause is told only of what its report explains. The newest report comes first.

        breakdown : the part of the measure that is told; left out, all of its parts.
        change : the periods that the change lies between, or twice that of a figure or of a deviation; left out, all causes of
            years that are told of. budget : whether it is a deviation from the budget.
        """
        against = "budget" if budget else "year"
        return [
            (raw, saying)
            for raw in sorted(self.chosen_reports, key=lambda raw: -raw.report.year)
            if raw.report.municipality_code == code and report in (None, raw.report.id)
            for saying in raw.sayings.says
            if measure in saying.measures
            and (area in saying.areas if saying.areas else area is None)
            and (not saying.breakdowns or breakdown is ... or breakdown in saying.breakdowns)
            and self._explains(saying.years(raw.report.year), change)
            and (change is None or against in saying.against)
        ]

    def _explains(self, years: tuple[str, str], change: tuple[str, str] | None) -> bool:
        """Tell whether what is said of some years is of a change: of one that ends with them and does not begin before."""
        if change is None:
            return self.tells_of(years[1])
        return years[0] <= change[0][:4] and change[1][:4] == years[1]

    def minds(self, row: Figure, brief: bool = False) -> list[Markup]:
        """Return what the report of a figure says must be known of it, where it has a brief wording in that."""
        return [
            self.reason(mind.wordings()[-1 if brief else 0], raw.report.id)
            for raw in self.reports
            if raw.report.id == row["report"]
            for mind in raw.sayings.mind
            if mind.en and mind.is_about(row)
        ]

    def scope(self, row: Figure) -> list[Markup]:
        """Return the reservations of a report about what a figure holds (corrections.toml, caution)."""
        return [
            self.reason(entry, raw.report.id)
            for raw in self.reports
            if raw.report.id == row["report"]
            for entry in raw.notes.caution
            if entry.kind == "caution" and row["line"] in entry.rows and row["measure"] in entry.measures
        ]

    def also_printed(self, row: Figure) -> list[Markup]:
        """Return what the same report prints elsewhere for a figure, where that is another value in the same unit."""
        others = rows_of(self.in_own_unit.filter(pl.col("observation_id").is_in(row["also"]))) if row.get("differs") else []
        return [self.number(other) for other in others if other["report"] == row["report"] and is_another(other, row)]

    def outside(self, domain: str | None, code: str | None = None) -> list[Markup]:
        """Return which reports, or those of one municipality, leave a domain, or any, to another committee, wholly or in part."""
        return [
            self.words.say(
                "gaps.outside",
                place=raw.report.municipality,
                committee=f"{raw.report.title}",
                note=entry.note_sv if self.language == "sv" else entry.note_en,
            )
            for raw in self.chosen_reports
            for entry in raw.report.responsibility
            if domain in (None, entry.domain) and code in (None, raw.report.municipality_code)
            if entry.note_en or not entry.responsible
        ]

    def years_shown(self) -> Markup:
        """Return which years are told of, where the reports have figures of others."""
        if self.narrowed is None:
            return Markup("")
        (first, last), chosen = self.narrowed, {"first": self.settings.first_year, "last": self.settings.last_year}
        return self.say("coverage.years", **chosen, whole_first=first, whole_last=last)

    def why_nothing(self, key: str, code: str | None = None, **values: Any) -> Markup:
        """Return why there is nothing, of one municipality: what it takes, and what is another committee's to do."""
        outside = self.outside(self.domain, code) if self.domain else []
        return Markup(" ").join([self.words.say(f"nothing.{key}", **values), *outside])

    def nothing(self, key: str, table: pl.DataFrame | None = None) -> Html:
        """Return a section with nothing in it: a page leaves it out, and a notebook says in its place why it is empty."""
        years = self.years_shown()
        return Html("", table=table, why=self.why_nothing(key) + (Markup(" ") + years if years else ""))

    def time(self, row: Figure) -> str:
        """Return the time of a figure in words: as its report says it, where its period is a reading of that."""
        said = self._sayings[row["report"]].time_of(row)
        return getattr(said, self.language) if said else self.words.period(row["period"] or "")

    def remark(self, row: Figure) -> str:
        """Return what must be known of a figure's reading, in the page's language; empty where there are no words for it."""
        return (vocabulary.remarks().get(row["note"] or "") or {}).get(self.language, "")

    @cached_property
    def names(self) -> dict[str, str]:
        """What the reports are called, by their ids."""
        return {raw.report.id: raw.report.name for raw in self.reports}

    @cached_property
    def _sayings(self) -> dict[str, Sayings]:
        return {raw.report.id: raw.sayings for raw in self.reports}

    def amounts(self, name: str, row: Figure) -> list[tuple[RawReport, Any, Figure]]:
        """Return the one-offs ("one_off") or the parts of the deviation ("deviation_part") of a cost, with their figures."""
        return [
            (raw, entry, self._figure(raw.report.id, *entry.figure))
            for raw in self.reports
            if raw.report.id == row["report"]
            for entry in getattr(raw.notes, name)
            if entry.touches(row["measure"], row["period"], row["breakdown"])
        ]

    def breaks(self, measure: str, code: str, part: str | None = None) -> list[tuple[RawReport, Any]]:
        """Return the announced breaks of a measure, or of one part of it, in a municipality's reports."""
        return [
            (raw, cut)
            for raw in self.reports
            if raw.report.municipality_code == code
            for cut in raw.notes.break_
            if cut.touches(measure, part)
        ]

    @cached_property
    def splits(self) -> pl.DataFrame:
        """The changes in cost split into volume and price (SPLIT_SCHEMA)."""
        return decomposition.splits(
            self.in_own_unit,
            contradicted=self.contradicted,
            breaks=lambda measure, code, part: [cut for _, cut in self.breaks(measure, code, part)],
        )

    def reason(self, thing: Any, report: str) -> Markup:
        """Return the text of the page's language of something that a report is quoted with in both.

        A figure in it stands as {line:as printed} and is told, in the notation of the language, with its way back to the report.

        Raises
        ------
        SocialvolymError
            where the report prints no such figure on the line.
        """
        text = str(getattr(thing, f"reason_{self.language}", None) or getattr(thing, self.language))
        parts = QUOTED.split(text)
        told = [Markup.escape(parts[0])]
        for line, printed, after in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
            told += [self._quoted(report, int(line), printed), Markup.escape(after)]
        return Markup("").join(told)

    def cause(self, raw: RawReport, saying: Saying, change: tuple[str, str] | None = None) -> Markup:
        """Return one explanation of a report as a sentence, with its place, and its years where `change` is of others."""
        lines = ", ".join(map(str, sorted((saying.line, *saying.also))))
        place = self.words.say("label.report_line", report=raw.report.name, line=lines)
        source = Markup('<span class="source">{}</span>').format(place)
        years = saying.years(raw.report.year)
        # "for 2022", of the change from the year before.
        of = years[1] if saying.period is None else self.words.period("/".join(years))
        of = "" if change is not None and self._explains(years, change) else of
        return self.say("says.cause", text=self.reason(saying, raw.report.id), source=source, of=of)

    def _quoted(self, report: str, line: int, printed: str) -> Markup:
        row = self._figure(report, line, printed)
        return self.number({**row, "value": abs(row["value"])})

    def _figure(self, report: str, line: int, printed: str) -> Figure:
        rows = self.observations.filter(
            pl.col("report") == report, pl.col("line") == line, pl.col("published_as") == printed, pl.col("value").is_not_null()
        )
        if rows.is_empty():
            raise SocialvolymError(f"{report}: line {line} has no figure printed as {printed!r}; correct the text that names it")
        return rows_of(rows)[0]


def is_another(other: Figure, row: Figure) -> bool:
    """Tell whether a row prints another value than the one that is taken for the same figure, in its unit."""
    return other["value"] is not None and abs(other["value"] - row["value"]) > 1e-9 and other["unit"] == row["unit"]


def open_context(
    language: str,
    municipalities: Sequence[str] = (),
    first_year: int | None = None,
    last_year: int | None = None,
    domain: str | None = None,
) -> Context:
    """Load the tables, of the chosen municipalities only, and check the parameters; every notebook begins with this.

    Parameters
    ----------
    municipalities : by code or name; empty for all with reports.
    domain : keep only what an analysis of this domain is told from (scope.py), as pages.toml says that the page is; None: all.

    Raises
    ------
    SocialvolymError
        where a parameter or the domain is none of those that there are.
    """
    if domain not in (None, *ANALYSED):
        raise SocialvolymError(f"there is no analysis of the domain {domain!r}; allowed: {', '.join(ANALYSED)}")
    municipalities = codes_of(municipalities)
    told = outcomes.load()
    known = sorted(set(told.filter(pl.col("report").is_in(outcomes.names(told)))["municipality_code"]))
    # A code that is none is left to the check, which says what is wrong with it.
    chosen = [code for code in municipalities if code in known]
    observations = observation_table.load(municipalities=chosen)
    settings = check_settings(observations, language, municipalities, first_year, last_year, known, domain)
    findings = store.load("findings").filter(pl.col("report").is_in(outcomes.names(told, settings.municipalities)))
    reports = tuple(outcomes.raw_reports(told, settings.municipalities))
    if domain is not None:
        observations = scope.of_domain(observations, domain, reports)
        findings = scope.findings_about(findings, observations)
    left_out = tuple(outcomes.names(told, municipalities, outcomes.LEFT_OUT))
    words = Wording(settings.language, printed_labels(observations))
    return Context(settings, words, observations, findings, reports, left_out, domain=domain)
