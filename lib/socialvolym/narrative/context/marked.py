"""Figures as they are told: with their way back to the source, their marks, and what contradicts them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import polars as pl
from markupsafe import Markup

from socialvolym import vocabulary
from socialvolym.analysis.classification import is_share
from socialvolym.analysis.contradictions import Contradiction, contradictions, corrected, doubted, lines_of
from socialvolym.audit.findings import Finding
from socialvolym.charts.theme import NO_BREAK
from socialvolym.narrative.context.chosen import Chosen
from socialvolym.notation.numbers import PRINTED_UNITS, bound_told
from socialvolym.observations.series import rows_of
from socialvolym.vocabulary.columns import Figure
from socialvolym.vocabulary.values import read_value

#: What stands behind the digits of a figure.
_UNIT = re.compile(r"(?<=\d)\D*$")
#: A blank between the thousands of a number, or before its unit.
_WITHIN_NUMBER = re.compile(rf"(?<=\d) (?=\d{{3}}(?!\d)|(?:{'|'.join(map(re.escape, PRINTED_UNITS))})(?!\w))")


#: Warnings that the columns of a line's figures are a reading.
_ABOUT_COLUMNS = ("gap_in_row", "blank_columns", "stale_columns")


@dataclass(frozen=True)
class Marked(Chosen):
    """The chosen figures as they are told: linked to their source, marked where an error is about them, corrected to compare."""

    def report(self, report: str) -> Markup:
        """Return what a report is called in a sentence: its kind, and the year or months that it is of."""
        about = self._about[report]
        period = f"{about.year}-01/{about.year}-{about.months:02d}" if about.months else str(about.year)
        return self.words.say(f"report_named.{about.kind}", period=self.words.period(period))

    def say(self, key: str, **values: Any) -> Markup:
        """Say a sentence; where it has several shapes, the next one since the last time."""
        turn = self.turns.get(key, 0)
        self.turns[key] = turn + 1
        return self.words.say(key, turn, **values)

    def told(self, row: Figure, bare: bool = False, decimals: int | None = None, beside: Figure | None = None) -> str:
        """Return a published figure as text, with the word of its bound, and with its unit unless `bare`.

        beside : a figure of the same unit that it is told to differ from.
        """
        value = _shown(row)
        other = _shown(beside) if beside is not None and beside["unit"] == row["unit"] else None
        decimals = printed_decimals(row) if decimals is None else decimals
        text = self.words.number(value, decimals or 0) if bare else self.words.quantity(value, row["unit"], decimals, other)
        # A share that is told in words ("fyra av fem") is no more exact than they are; "elva procent" is.
        in_words = is_share(row["unit"]) and 0 < abs(value) < 100 and not re.search(r"\d", row.get("published_as") or "0")
        in_words = in_words and vocabulary.words().get((row["published_as"] or "").lower(), (0, "percent"))[1] is not None
        bound = row.get("bound") or ("approx" if in_words else None)
        word = bound_told(row.get("published_as"), bound)
        return f"{word[self.language]} {text}" if word else text

    def link(self, text: str, ids: Iterable[str]) -> Markup:
        """Return a number in running text, with the observations that it rests on."""
        known = [i for i in dict.fromkeys(ids) if i]
        if not known:
            return Markup.escape(text)
        return Markup('<a class="num" href="#src-{}" data-obs="{}">{}</a>').format(known[0], " ".join(known), text)

    @cached_property
    def flags(self) -> dict[tuple[str, int], list[Finding]]:
        """The errors and warnings by report and line."""
        found: dict[tuple[str, int], list[Finding]] = {}
        told = self.findings_told.filter(pl.col("severity") != "note", pl.col("line").is_not_null())
        for row in cast(list[Finding], told.to_dicts()):
            for line in lines_of(row):
                found.setdefault((row["report"], line), []).append(row)
        return found

    @cached_property
    def _flagged(self) -> dict[str, Finding]:
        """The errors and warnings by the observation that each is about, and the contradictions by all that they touch."""
        return doubted(self.observations, self.findings_told, self.contradicted)

    def finding_about(self, row: Figure) -> Finding | None:
        """Return the error or warning that is about a figure as it is printed; None where there is none."""
        return self._flagged.get(row["observation_id"])

    def flag(self, row: Figure) -> Markup:
        """Return what its report calls a figure (preliminary), and its mark where an error or warning is about it, or nothing."""
        wrong, status = self.finding_about(row) or self._read_by_columns.get(row["observation_id"]), self.status(row)
        told = Markup(" ({})").format(self.words.say(f"status.{status}")) if status else Markup("")
        return told + self.mark(wrong) if wrong is not None else told

    def cautioned(self, row: Figure) -> Markup:
        """Return the mark of a declared reservation about a figure's line, where it has no other mark."""
        told = self.flags.get((row["report"], row["line"] or 0), [])
        own = next((each for each in told if each["rule"] == "caution" and _covers(each, row)), None)
        marked = self.finding_about(row) or row["observation_id"] in self._read_by_columns
        return Markup("") if own is None or marked else self.mark(own)

    @cached_property
    def _read_by_columns(self) -> dict[str, Finding]:
        """The warnings that columns are a reading, by the observations of their rows."""
        rows = rows_of(self.observations.filter(pl.col("line").is_in(list({line for _, line in self.flags}))))
        return {
            row["observation_id"]: each
            for row in rows
            for each in self.flags.get((row["report"], row["line"] or 0), [])
            if each["rule"] in _ABOUT_COLUMNS and _covers(each, row)
        }

    def status(self, row: Figure) -> str | None:
        """Return what its report calls a figure, "preliminary" or "estimated"; None where it says nothing of the kind."""
        return self._statuses.get(row["observation_id"])

    @cached_property
    def _statuses(self) -> dict[str, str]:
        minds = [(raw.report.id, mind) for raw in self.reports for mind in raw.sayings.mind if mind.status]
        rows = self.observations.filter(pl.col("report").is_in([report for report, _ in minds]))
        return {
            row["observation_id"]: mind.status or ""
            for row in rows_of(rows)
            for report, mind in minds
            if row["report"] == report and mind.is_about(row)
        }

    def mark(self, finding: Finding, told: str | None = None) -> Markup:
        """Return a mark that leads to a finding and says what it is, in words for those who do not see its sign."""
        shown = told or Markup('<span class="unseen"> ({})</span>').format(self.words.say(f"mark.{finding['severity']}"))
        return Markup('<a class="flag {}{}" href="findings.html#{}" title="{}">{}</a>').format(
            finding["severity"], "" if told else " sign", anchor(finding), self.explained(finding), shown
        )

    def explained(self, finding: Mapping[str, object]) -> str:
        """Return a finding's explanation in the page's language; no line ends within a number, or before its unit."""
        return _WITHIN_NUMBER.sub(NO_BREAK, str(finding["explanation_sv" if self.language == "sv" else "explanation"]))

    def finding_link(self, finding: Finding) -> Markup:
        """Return a finding's explanation, leading to its place on the page of findings."""
        return Markup('<a href="findings.html#{}">{}</a>').format(anchor(finding), self.explained(finding))

    @cached_property
    def contradicted(self) -> dict[str, Contradiction]:
        """The figures that the report's other figures contradict, by observation_id."""
        return contradictions(self.observations, self.findings)

    @cached_property
    def compared(self) -> pl.DataFrame:
        """The chosen observations as they are compared: a contradicted one as it should be, or without a value."""
        return corrected(self.in_own_unit, self.contradicted)

    def contradiction(self, row: Figure) -> Contradiction | None:
        """Return the contradiction of a figure; None where there is none, or none that shows in the figure as it is told."""
        found = self.contradicted.get(row["observation_id"])
        if found is None or found.ratio is None:
            return found
        return None if self.told({**row, "value": row["value"] * found.ratio}, False) == self.told(row, False) else found

    def comparable(self, row: Figure) -> Figure | None:
        """Return a figure for a comparison: as it should be where it is contradicted; None where nobody can say what that is.

        It is still shown as printed.
        """
        found = self.contradiction(row)
        if found is None:
            return row
        if found.ratio is None:
            return None
        expected = row["value"] * found.ratio
        return {**row, "value": expected, "stated": expected, "shown": row["value"]}

    def number(self, row: Figure, bare: bool = False, decimals: int | None = None, beside: Figure | None = None) -> Markup:
        """Return a published figure, with its unit unless `bare`, as a link to its source; with its own decimals or so many."""
        return self.link(self.told(row, bare, decimals, beside), [row["observation_id"]]) + self.flag(row)

    def short(self, row: Figure, like: Figure, bare: bool = False, decimals: int | None = None, apart: bool = False) -> Markup:
        """Return a published figure without the unit that it shares with a figure told after it: "from 30.7 to 53.3 million".

        apart : with the decimals with which the two differ.
        """
        pairs = ((row, like), (like, row))
        shown = without_shared_unit(*(self.told(each, bare, decimals, other if apart else None) for each, other in pairs))
        return self.link(shown, [row["observation_id"]]) + self.flag(row)

    def should_be(self, row: Figure) -> Markup:
        """Return what a contradicted figure should be by the report's other figures, with its way back to the printed one."""
        return self.link(self.told({**row, "shown": None}, False), [row["observation_id"]])

    def contradiction_told(self, row: Figure, year: str) -> Markup:
        """Tell what a contradicted figure should be and that this is what is compared, or that it is not compared, and why."""
        expected, values = self.comparable(row), {"year": year, "printed": self.number(row)}
        if expected is not None:
            return self.say("contradiction.corrected", **values, expected=self.should_be(expected))
        finding = self.contradicted[row["observation_id"]].finding
        part = finding["breakdown"] is not None and finding["breakdown"] != row["breakdown"]
        return self.say("contradiction.unsettled", **values, part=part, why=self.finding_link(finding))


def _covers(finding: Finding, row: Figure) -> bool:
    """Tell whether a warning about a line is about its figure: a reservation names measures, one about columns a table."""
    if finding["rule"] == "caution":
        return row["measure"] in (finding["measure"] or row["measure"]).split(", ")
    return finding["table"] in (None, row["table"])


def _shown(row: Figure) -> float:
    """Return the value that a figure is told with."""
    shown = row.get("shown")
    return float(row["value"] if shown is None else shown)


def without_shared_unit(text: str, like: str) -> str:
    """Return a figure as text without the unit that it shares with one told after it."""
    unit, other = (_UNIT.search(each) for each in (text, like))
    # "from 30,7 till 53,3 miljoner kronor", but in English only "from SEK 30.7 million to SEK 53.3 million".
    shared = unit is not None and other is not None and unit[0] == other[0] and unit[0] != f"{NO_BREAK}million"
    return text[: unit.start()] if unit is not None and shared else text


def printed_decimals(row: Figure) -> int | None:
    """Return how many decimals a figure is printed with; None where what is printed is no number."""
    printed = read_value(row.get("published_as") or "")
    if printed is not None:
        return printed.decimals
    half = row.get("half_step")
    return None if not half else max(0, round(-math.log10(2 * half)))


def common_decimals(rows: Iterable[Figure]) -> int | None:
    """Return how many decimals figures that are compared have in common: those of the coarsest; None where one has no number."""
    decimals = [printed_decimals(row) for row in rows]
    known = [number for number in decimals if number is not None]
    return min(known) if known and len(known) == len(decimals) else None


def anchor(finding: Mapping[str, Any]) -> str:
    """Return the id of a finding's place on the page of findings."""
    return f"f-{finding['report']}-{finding['line']}-{finding['rule']}"
