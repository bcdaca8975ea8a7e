"""A development: how a measure went in one municipality, and how its figures are told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import polars as pl
from markupsafe import Markup

from socialvolym.analysis import trends
from socialvolym.analysis.classification import is_share, rules, threshold
from socialvolym.narrative.context import Context, common_decimals, printed_decimals
from socialvolym.notation.calendar import breaks_between
from socialvolym.observations.series import frame_of, rows_of
from socialvolym.reports.models import Break, RawReport
from socialvolym.vocabulary.columns import Figure

#: Two reports count otherwise where they disagree of a year by so much of the step from one's figure to the other's: half of it.
_SEAM = 0.5


@dataclass(frozen=True)
class End:
    """A figure that a change leads from or to: as told, with its time in words, and the observations that it rests on."""

    figure: Markup
    time: str
    period: str
    series: str
    value: float
    unit: str
    ids: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Development:
    """How a measure developed in a municipality, or a part of it; who tells more of it returns another one.

    Attributes
    ----------
    points : yearly outturns (SERIES_SCHEMA), without missing ones.
    monthly : monthly outturns; empty where there are none.
    change : between the last two years with a figure; None with fewer than two.
    sentences : what can be said, in order.
    up : the direction of the last change; None where there is none.
    size : the last change in words.
    path : how the unbroken years to the latest one went; None with fewer than three.
    moved : whether the last change may be called an increase or a decrease.
    away : whether the figure moves away from the goal of a year to come.
    planned : by how many per cent the budget of a later year differs; 0 where there is none.
    base : the series of the figure that it differs from.
    within : whether it is a part of a whole that is told as well.
    ends : the two figures that size lies between, the later one first; None where there are not two.
    after : what is said after the sentences where there is room: what is unclear, and how far the statistics reach.
    explained : how much of the last change of a cost volume and unit cost explain, in words; empty where that is not known.
    against_budget : whether size is a deviation from the budget, and up the side of it.
    contradicted : whether the last change is not told, because a figure of it is contradicted and nobody can say what is right.
    """

    context: Context
    measure: str
    code: str
    breakdown: str | None
    points: pl.DataFrame
    monthly: pl.DataFrame
    change: trends.Change | trends.MonthlyComparison | None = None
    up: bool | None = None
    size: Markup = field(default_factory=Markup)
    path: trends.Path | None = None
    missed: bool = False
    moved: bool = False
    away: bool = False
    within: bool = False
    planned: float = 0.0
    base: str = "outturn"
    told: float = 0.0
    span: tuple[str, str] | None = None
    against_budget: bool = False
    contradicted: bool = False
    ids: tuple[str, ...] = ()
    sentences: tuple[Markup, ...] = ()
    ends: tuple[End, End] | None = None
    after: tuple[Markup, ...] = ()
    explained: Markup = field(default_factory=Markup)
    weight: float = 0.0

    @property
    def place(self) -> str:
        """The municipality's name."""
        return self.context.place(self.code)

    @property
    def hides_years(self) -> bool:
        """Whether the reports have figures of it for years that are not told."""
        return self.context.hides(self.measure, self.code)

    @property
    def subject(self) -> str:
        """The measure as it is named inside a sentence."""
        return self.context.words.subject(self.measure, self.breakdown)

    @property
    def part(self) -> str:
        """Its part of a whole in words; empty for the whole."""
        return self.context.words.part(self.breakdown)

    @property
    def latest(self) -> End | None:
        """The latest figure, or the only one; the forecast where no other level is printed; None where only a change is."""
        rows = self.figures or self.others("forecast")
        if self.ends is not None or not rows:
            return self.ends[0] if self.ends else None
        return self.end(self.context.number(rows[-1]), rows[-1], series=rows[-1]["series"] != "outturn")

    @property
    def step(self) -> float:
        """The size of the last change in per cent a year; percentage points count twice, and a budget counts for less."""
        if isinstance(self.change, trends.MonthlyComparison):
            base = float(str(self.monthly["value"].mean() or 1.0))
            return 200 * abs((self.change.last or 0.0) - (self.change.first or 0.0)) / abs(base)
        if self.planned:
            return 0.3 * self.planned
        if self.compared.height >= 2:
            return per_year(*rows_of(self.compared)[-2:])
        return self.told or 8.0

    @cached_property
    def figures(self) -> list[Figure]:
        """The points as rows."""
        return rows_of(self.points)

    @cached_property
    def compared(self) -> pl.DataFrame:
        """The points as they are compared: a contradicted one as it should be, or left out where nobody can say."""
        return self.as_compared(self.points)

    @property
    def counted_twice(self) -> bool:
        """Whether the figure is a sum of groups in which a person can stand several times."""
        return self.breakdown == "Totalt" and bool(self.points.height) and self.points["unit"][0] == "persons"

    def broken(self, first: str, last: str) -> tuple[RawReport, Break] | None:
        """Return the announced break between two periods and the report that announces it; None where there is none."""
        cuts = self.context.breaks(self.measure, self.code, self.breakdown)
        return next(((raw, cut) for raw, cut in cuts if breaks_between(first, last, [cut.period])), None)

    @cached_property
    def seams(self) -> list[tuple[str, str]]:
        """The steps between figures of two reports that disagree of one of the two years by half as much as the step or more."""
        steps = [pair for pair in pairwise(self.figures) if pair[0]["report"] != pair[1]["report"]]
        return [(a["period"], b["period"]) for a, b in steps if self._disagree(a, b)]

    def joins(self, first: str, last: str) -> bool:
        """Tell whether a step joins two ways of counting: across an announced break, or from one report's figure to another's."""
        reports = {row["report"] for row in self.figures if row["period"] in (first, last)}
        return len(reports) > 1 or self.broken(first, last) is not None

    def _disagree(self, first: Figure, last: Figure) -> bool:
        step = abs(value_of(last) - value_of(first))
        for row, report in ((first, last["report"]), (last, first["report"])):
            ids = pl.col("observation_id").is_in(row.get("also") or [])
            others = rows_of(self.context.in_own_unit.filter(ids, pl.col("report") == report)) if row["differs"] else []
            others = [other for other in others if other["value"] is not None and other["unit"] == row["unit"]]
            if any(abs(abs(other["value"]) - abs(row["value"])) > _SEAM * step for other in others):
                return True
        return False

    @property
    def level_elsewhere(self) -> bool:
        """Whether a level of the measure is printed of a part ("Genomsnitt"), so that nobody may say that none is."""
        rows = self.context.rows_of(self.measure, self.code)
        return any(row["series"] == "outturn" and row["value"] is not None for row in rows)

    @property
    def outturn_report(self) -> str | None:
        """The id of the report that prints the latest figure; None where only changes or deviations are printed."""
        return self.points["report"][-1] if self.points.height else None

    def as_compared(self, points: pl.DataFrame) -> pl.DataFrame:
        """Return rows as they are compared."""
        rows = (self.context.comparable(row) for row in rows_of(points))
        return frame_of([row for row in rows if row is not None])

    @property
    def path_ends(self) -> tuple[str, str]:
        """The first and the last period of the path."""
        assert self.path is not None
        return self.path.periods[0], self.path.periods[-1]

    def saying(self, *sentences: Markup) -> Development:
        """Return it with more sentences."""
        return replace(self, sentences=(*self.sentences, *sentences))

    def said(self, sentence: str, **values: Any) -> Markup:
        """Return a sentence that names the measure and the municipality."""
        return self.context.say(sentence, place=self.place, subject=self.subject, hidden=self.hides_years, **values)

    def number(self, row: Figure, decimals: int | None = None, beside: Figure | None = None) -> Markup:
        """Return a figure, with its unit unless the measure names a number."""
        return self.context.number(row, self.context.words.names_a_number(self.measure), decimals, beside)

    def short(self, row: Figure, like: Figure, decimals: int | None = None, apart: bool = False) -> Markup:
        """Return a figure without the unit that it shares with one told after it."""
        return self.context.short(row, like, self.context.words.names_a_number(self.measure), decimals, apart)

    def period(self, period: str) -> str:
        """Return a period in words."""
        return self.context.words.period(period)

    def times(self, first: str, last: str) -> dict[str, str]:
        """Return two periods, in words and as when something happened."""
        words = self.context.words
        return {"y0": words.period(first), "y1": words.period(last), "w0": words.when(first), "w1": words.when(last)}

    def others(self, series: str) -> list[Figure]:
        """Return the figures of another series by year."""
        return self.context.series(self.measure, self.code, self.breakdown, series)

    def printed(self, series: str) -> list[Figure]:
        """Return the figures of a series as they are printed, whatever their time."""
        return self.context.printed(self.measure, self.code, self.breakdown, series)

    def change_size(self, first: Figure, last: Figure) -> Markup:
        """Return the size of a change in words: percentage points of a share, the difference of counts, else per cent."""
        words, ids = self.context.words, [first["observation_id"], last["observation_id"]]
        a, b = (value_of(row) for row in (first, last))
        if is_share(last["unit"]):
            decimals = 1 if max(first["half_step"], last["half_step"]) < 0.5 else 0
            return self.context.link(words.quantity(round(abs(b - a), decimals), "percentage_points", decimals), ids)
        if not a or max(a, b) < threshold("few"):
            size = round(abs(b - a), 3 if last["unit"] == "kSEK" else 1)
            # "Antalet personer … ökade med 3", but "… 1 placering lägre i budgeten".
            bare = words.names_a_number(self.measure) and {first["series"], last["series"]} == {"outturn"}
            return self.context.link(
                words.number(size, 0 if size.is_integer() else 1) if bare else words.quantity(size, last["unit"]), ids
            )
        wrong = self.contradicting(first, last)
        # With the decimals of the printed change that it contradicts, so that what differs can be seen.
        share = words.percent(100 * (b - a) / a, printed_decimals(wrong) if wrong else None)
        if last["unit"] in rules().counts.units and all(value == int(value) for value in (a, b)):
            share = words.say("development.more", number=words.number(abs(b - a)), share=share)
        return self.context.link(share, ids)

    def contradicting(self, first: Figure, last: Figure) -> Figure | None:
        """Return the change from one year to the next as the report prints it, where an error is about that; else None."""
        if {first["series"], last["series"]} != {"outturn"} or int(last["period"][:4]) - int(first["period"][:4]) != 1:
            return None
        changes = [row for row in self.printed("change_pct") if row["period"] == last["period"]]
        return next((row for row in changes if (wrong := self.context.finding_about(row)) and wrong["severity"] == "error"), None)

    def minds(self, row: Figure) -> list[Markup]:
        """Return what the report says must be known of a figure."""
        context, year = self.context, self.period(row["period"])
        return [context.say("development.mind", text=text, year=year) for text in context.minds(row)]

    def contradictions(self, rows: Iterable[Figure]) -> list[Markup]:
        """Return of each contradicted figure what it should be, or that nobody can say and that it is not compared."""
        wrong = [row for row in rows if self.context.contradiction(row) is not None]
        return [self.context.contradiction_told(row, self.context.words.period(row["period"])) for row in wrong]

    def pair(self, last: Figure, first: Figure, series: bool = False) -> tuple[End, End]:
        """Return two figures with their times, a budget or a forecast named as such where `series` says so."""
        context = self.context
        decimals = common_decimals((last, first))
        before = context.short(first, last, decimals=decimals, apart=True)
        after = context.number(last, decimals=decimals, beside=first)
        return self.end(after, last, series), self.end(before, first, series)

    def end(self, figure: Markup, row: Figure, series: bool = False) -> End:
        """Return a figure with its time."""
        time = self.period(row["period"])
        time = f"{self.context.words.series(row['series'])} {time}" if series else time
        return End(figure, time, row["period"], row["series"], value_of(row), row["unit"], (row["observation_id"],))

    def end_of(self, period: str, like: str) -> End:
        """Return the figure of a period, told without the unit that it shares with that of another period."""
        row, other = (figure_of(self.points, name) for name in (period, like))
        return self.end(self.context.short(row, other), row)

    def size_of_path(self) -> Markup:
        """Return the size of the change over all years of a development's path, in words."""
        assert self.path is not None
        first, last = (figure_of(self.compared, period) for period in self.path_ends)
        return self.change_size(first, last)


def figure_of(figures: pl.DataFrame, period: str) -> Figure:
    """Return the figure of a period."""
    return next(row for row in rows_of(figures) if row["period"] == period)


def value_of(row: Figure) -> float:
    """Return the value of a figure."""
    return float(row["value"])


def period_of(row: Figure) -> str:
    """Return the period of a figure; empty where it has none."""
    return row["period"] or ""


def per_year(first: Figure, last: Figure) -> float:
    """Return the size of a change in per cent a year; percentage points count twice."""
    a, b = (value_of(row) for row in (first, last))
    size = 2 * abs(b - a) if is_share(last["unit"]) else 100 * abs(b - a) / (abs(a) or 1.0)
    return size / max(1, int(last["period"][:4]) - int(first["period"][:4]))
