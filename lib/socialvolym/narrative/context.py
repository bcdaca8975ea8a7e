"""What the notebooks tell: figures as elements that lead to their source, sentences about developments, and whole sections."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import EllipsisType
from typing import Any

import polars as pl
from markupsafe import Markup, escape

from socialvolym import observations as observation_table
from socialvolym import vocabulary
from socialvolym.analysis import decomposition
from socialvolym.analysis.classification import is_share
from socialvolym.analysis.contradictions import Contradiction, contradictions, corrected, is_about, lines_of
from socialvolym.charts.markup import Html
from socialvolym.errors import SocialvolymError
from socialvolym.narrative import scope
from socialvolym.narrative.wording import Wording
from socialvolym.notation.languages import Language
from socialvolym.observations import outcomes, store
from socialvolym.observations.parameters import Settings, check_settings
from socialvolym.observations.series import figures, in_own_unit, of_frequency, one_a_period
from socialvolym.reports import precedence
from socialvolym.reports.models import RawReport, Report, Time
from socialvolym.vocabulary.values import read_value

#: What stands behind the digits of a figure.
_UNIT = re.compile(r"(?<=\d)\D*$")
#: A published figure inside a text of our own: {line:as printed}.
_PLACEHOLDER = re.compile(r"\{(\d+):([^{}]+)\}")


@dataclass(frozen=True)
class Context:
    """What a page is told from.

    Attributes
    ----------
    observations : with their ids, of the settings' municipalities; chosen: those of the settings' years among them.
    findings : the findings of these municipalities' reports.
    reports : the raw reports of these municipalities, for what they are responsible for, breaks and sayings.
    left_out : the ids of their reports whose figures are not in the tables.
    """

    settings: Settings
    words: Wording
    observations: pl.DataFrame
    findings: pl.DataFrame
    reports: tuple[RawReport, ...]
    left_out: tuple[str, ...] = ()
    #: How often each kind of sentence has been used on the page, so that shapes take turns.
    turns: dict[str, int] = field(default_factory=dict)

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
    def _by_measure(self) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = {}
        for row in self.chosen.iter_rows(named=True):
            found.setdefault(row["measure"], []).append(row)
        return found

    def rows_of(self, measure: str, code: str | None = None) -> list[dict[str, Any]]:
        """Return the chosen observations of a measure, in one municipality or in all."""
        return [row for row in self._by_measure.get(measure, []) if code in (None, row["municipality_code"])]

    @cached_property
    def in_own_unit(self) -> pl.DataFrame:
        """The chosen observations, money in the unit of its measure."""
        return in_own_unit(self.chosen)

    @cached_property
    def compared(self) -> pl.DataFrame:
        """The chosen observations as they are compared: a contradicted one as it should be, or without a value."""
        return corrected(self.in_own_unit, self.contradicted)

    @cached_property
    def figures(self) -> pl.DataFrame:
        """The chosen observations, one row a figure."""
        return figures(self.in_own_unit)

    @cached_property
    def _printed_parts(self) -> dict[tuple[Any, ...], list[dict[str, Any]]]:
        return _by_part(self.figures)

    def printed(self, measure: str, code: str, breakdown: str | None, series: str) -> list[dict[str, Any]]:
        """Return the figures that have a value of a measure's part in one municipality and one series, one row a figure."""
        return self._printed_parts.get((measure, code, breakdown, series), [])

    @cached_property
    def _timed_parts(self) -> dict[str, dict[tuple[Any, ...], list[dict[str, Any]]]]:
        return {name: _by_part(figures(of_frequency(self.in_own_unit, name))) for name in ("year", "month")}

    def series(
        self, measure: str, code: str, breakdown: str | None, series: str = "outturn", frequency: str = "year"
    ) -> list[dict[str, Any]]:
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

    def published(self, report: str) -> str:
        """Return when a report was published (precedence.published)."""
        return precedence.published(self._about[report])

    def report(self, report: str) -> Markup:
        """Return what a report is called in a sentence: its kind, and the year or months that it is of."""
        about = self._about[report]
        period = f"{about.year}-01/{about.year}-{about.months:02d}" if about.months else str(about.year)
        return self.words.say(f"report_named.{about.kind}", period=self.words.period(period))

    @cached_property
    def _about(self) -> dict[str, Report]:
        return {raw.report.id: raw.report for raw in self.reports}

    def say(self, key: str, **values: Any) -> Markup:
        """Say a sentence; where it has several shapes, the next one since the last time."""
        turn = self.turns.get(key, 0)
        self.turns[key] = turn + 1
        return self.words.say(key, turn, **values)

    @cached_property
    def flags(self) -> dict[tuple[str, int], list[dict[str, Any]]]:
        """The errors and warnings by report and line."""
        found: dict[tuple[str, int], list[dict[str, Any]]] = {}
        for row in self.findings.filter(pl.col("severity") != "note", pl.col("line").is_not_null()).iter_rows(named=True):
            for line in lines_of(row):
                found.setdefault((row["report"], line), []).append(row)
        return found

    @cached_property
    def _flagged(self) -> dict[str, dict[str, Any]]:
        """The errors and warnings by the observation that each is about, and the contradictions by all that they touch."""
        places = pl.DataFrame(list(self.flags), schema={"report": pl.String, "line": pl.Int64}, orient="row")
        rows = self.observations.join(places, on=["report", "line"], how="semi").iter_rows(named=True)
        about = {
            row["observation_id"]: finding
            for row in rows
            for finding in reversed(self.flags[row["report"], row["line"]])
            if is_about(finding, row)
        }
        return {name: dict(entry.finding) for name, entry in self.contradicted.items()} | about

    def flag(self, row: dict[str, Any]) -> Markup:
        """Return the mark of a figure that an error or warning is about, or nothing."""
        wrong = self.finding_about(row)
        return self.mark(wrong) if wrong is not None else Markup("")

    def mark(self, finding: Mapping[str, Any], told: str | None = None) -> Markup:
        """Return a mark that leads to a finding and says what it is, in words for those who do not see its sign."""
        shown = told or Markup('<span class="unseen"> ({})</span>').format(self.words.say(f"mark.{finding['severity']}"))
        return Markup('<a class="flag {}{}" href="findings.html#{}" title="{}">{}</a>').format(
            finding["severity"], "" if told else " sign", anchor(finding), self.explained(finding), shown
        )

    def finding_about(self, row: dict[str, Any]) -> dict[str, Any] | None:
        """Return the error or warning that is about a figure as it is printed; None where there is none."""
        return self._flagged.get(row["observation_id"])

    def explained(self, finding: Mapping[str, Any]) -> str:
        """Return a finding's explanation in the page's language."""
        return str(finding["explanation_sv" if self.language == "sv" else "explanation"])

    @cached_property
    def contradicted(self) -> dict[str, Contradiction]:
        """The figures that the report's other figures contradict, by observation_id."""
        return contradictions(self.observations, self.findings)

    @cached_property
    def splits(self) -> pl.DataFrame:
        """The changes in cost split into volume and price (SPLIT_SCHEMA)."""
        return decomposition.splits(self.in_own_unit, contradicted=self.contradicted)

    def contradiction(self, row: dict[str, Any]) -> Contradiction | None:
        """Return the contradiction of a figure; None where there is none, or none that shows in the figure as it is told."""
        found = self.contradicted.get(row["observation_id"])
        if found is None or found.ratio is None:
            return found
        return None if self.told(row | {"value": row["value"] * found.ratio}, False) == self.told(row, False) else found

    def comparable(self, row: dict[str, Any]) -> dict[str, Any] | None:
        """Return a figure for a comparison: as it should be where it is contradicted; None where nobody can say what that is.

        It is still shown as printed.
        """
        found = self.contradiction(row)
        if found is None:
            return row
        return None if found.ratio is None else row | {"value": row["value"] * found.ratio, "shown": row["value"]}

    def should_be(self, row: dict[str, Any]) -> Markup:
        """Return what a contradicted figure should be by the report's other figures, with its way back to the printed one."""
        return self.link(self.told({**row, "shown": None}, False), [row["observation_id"]])

    def contradiction_told(self, row: dict[str, Any], year: str) -> Markup:
        """Tell what a contradicted figure should be and that this is what is compared, or that it is not compared, and why."""
        expected, values = self.comparable(row), {"year": year, "printed": self.number(row)}
        if expected is not None:
            return self.say("contradiction.corrected", **values, expected=self.should_be(expected))
        finding = self.contradicted[row["observation_id"]].finding
        part = finding["breakdown"] is not None and finding["breakdown"] != row["breakdown"]
        return self.say("contradiction.unsettled", **values, part=part, why=self.finding_link(finding))

    def finding_link(self, finding: Mapping[str, Any]) -> Markup:
        """Return a finding's explanation, leading to its place on the page of findings."""
        return Markup('<a href="findings.html#{}">{}</a>').format(anchor(finding), self.explained(finding))

    def number(self, row: dict[str, Any], bare: bool = False, decimals: int | None = None) -> Markup:
        """Return a published figure, with its unit unless `bare`, as a link to its source; with its own decimals or so many."""
        return self.link(self.told(row, bare, decimals), [row["observation_id"]]) + self.flag(row)

    def short(self, row: dict[str, Any], like: dict[str, Any], bare: bool = False, decimals: int | None = None) -> Markup:
        """Return a published figure without the unit that it shares with a figure told after it: "from 30.7 to 53.3 million"."""
        text, unit = (_UNIT.search(self.told(each, bare, decimals)) for each in (row, like))
        # "from 30,7 till 53,3 miljoner kronor", but in English only "from SEK 30.7 million to SEK 53.3 million".
        shared = text is not None and unit is not None and text[0] == unit[0] and text[0] != " million"
        told = self.told(row, bare, decimals)
        shown = told[: text.start()] if text is not None and shared else told
        return self.link(shown, [row["observation_id"]]) + self.flag(row)

    def told(self, row: dict[str, Any], bare: bool = False, decimals: int | None = None) -> str:
        """Return a published figure as text, with the word of its bound, and with its unit unless `bare`."""
        shown = row.get("shown")
        value = float(row["value"] if shown is None else shown)
        decimals = printed_decimals(row) if decimals is None else decimals
        text = self.words.number(value, decimals or 0) if bare else self.words.quantity(value, row["unit"], decimals)
        # A share that is told in words ("fyra av fem") is no more exact than they are.
        in_words = is_share(row["unit"]) and 0 < abs(value) < 100 and not re.search(r"\d", row.get("published_as") or "0")
        bound = row.get("bound") or ("approx" if in_words else None)
        return f"{self.words.say(f'bound.{bound}')} {text}" if bound else text

    def sayings(
        self,
        measure: str,
        code: str,
        area: str | None = None,
        report: str | None = None,
        breakdown: str | EllipsisType | None = ...,
    ) -> list[tuple[RawReport, Any]]:
        """Return what the reports of a municipality, or one of them, say about the cause of a measure or of one area's cost.

        breakdown : the part of the measure that is told; left out, all of its parts. The newest report comes first.
        """
        return [
            (raw, saying)
            for raw in sorted(self.chosen_reports, key=lambda raw: -raw.report.year)
            if raw.report.municipality_code == code and report in (None, raw.report.id)
            for saying in raw.sayings.says
            if measure in saying.measures
            and (area in saying.areas if saying.areas else area is None)
            and (not saying.breakdowns or breakdown is ... or breakdown in saying.breakdowns)
        ]

    def minds(self, row: dict[str, Any]) -> list[Markup]:
        """Return what the report of a figure says must be known of it."""
        return [
            self.reason(mind, raw.report.id)
            for raw in self.reports
            if raw.report.id == row["report"]
            for mind in raw.sayings.mind
            if row["measure"] in mind.measures and row["period"] == mind.period and mind.breakdown in (None, row["breakdown"])
        ]

    def time(self, row: dict[str, Any]) -> str:
        """Return the time of a figure in words: as its report says it, where its period is a reading of that."""
        for said in self._times.get((row["report"], row["line"], row["period"]), ()):
            if said.published in (None, row["published_as"]):
                return str(getattr(said, self.language))
        return self.words.period(row["period"] or "")

    @cached_property
    def _times(self) -> dict[tuple[str, int, str], list[Time]]:
        found: dict[tuple[str, int, str], list[Time]] = {}
        for raw in self.reports:
            for said in raw.sayings.time:
                found.setdefault((raw.report.id, said.line, said.period), []).append(said)
        return found

    def amounts(self, name: str, row: dict[str, Any]) -> list[tuple[RawReport, Any, dict[str, Any]]]:
        """Return the one-offs ("one_off") or the parts of the deviation ("deviation_part") of a cost, with their figures."""
        return [
            (raw, entry, self._figure(raw.report.id, *entry.figure))
            for raw in self.reports
            if raw.report.id == row["report"]
            for entry in getattr(raw.notes, name)
            if entry.touches(row["measure"], row["period"], row["breakdown"])
        ]

    def link(self, text: str, ids: Iterable[str]) -> Markup:
        """Return a number in running text, with the observations that it rests on."""
        known = [i for i in dict.fromkeys(ids) if i]
        if not known:
            return Markup.escape(text)
        return Markup('<a class="num" href="#src-{}" data-obs="{}">{}</a>').format(known[0], " ".join(known), text)

    def breaks(self, measure: str, code: str) -> list[tuple[RawReport, Any]]:
        """Return the announced breaks of a measure in a municipality's reports."""
        return [
            (raw, cut)
            for raw in self.reports
            if raw.report.municipality_code == code
            for cut in raw.notes.break_
            if measure in cut.measures
        ]

    def reason(self, thing: Any, report: str) -> Markup:
        """Return the text of the page's language of something that a report is quoted with in both.

        A figure in it stands as {line:as printed} and is told, in the notation of the language, with its way back to the report.

        Raises
        ------
        SocialvolymError
            where the report prints no such figure on the line.
        """
        text = str(getattr(thing, f"reason_{self.language}", None) or getattr(thing, self.language))
        parts = _PLACEHOLDER.split(text)
        told = [Markup.escape(parts[0])]
        for line, printed, after in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
            told += [self._quoted(report, int(line), printed), Markup.escape(after)]
        return Markup("").join(told)

    def _quoted(self, report: str, line: int, printed: str) -> Markup:
        row = self._figure(report, line, printed)
        return self.number({**row, "value": abs(row["value"])})

    def _figure(self, report: str, line: int, printed: str) -> dict[str, Any]:
        rows = self.observations.filter(
            pl.col("report") == report, pl.col("line") == line, pl.col("published_as") == printed, pl.col("value").is_not_null()
        )
        if rows.is_empty():
            raise SocialvolymError(f"{report}: line {line} has no figure printed as {printed!r}; correct the text that names it")
        return rows.row(0, named=True)


def _by_part(rows: pl.DataFrame) -> dict[tuple[Any, ...], list[dict[str, Any]]]:
    """Return the rows that have a value by measure, municipality, breakdown and series."""
    parts: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in rows.iter_rows(named=True):
        if row["value"] is not None:
            parts.setdefault((row["measure"], row["municipality_code"], row["breakdown"], row["series"]), []).append(row)
    return parts


def printed_decimals(row: dict[str, Any]) -> int | None:
    """Return how many decimals a figure is printed with; None where what is printed is no number."""
    printed = read_value(row.get("published_as") or "")
    if printed is not None:
        return printed.decimals
    half = row.get("half_step")
    return None if not half else max(0, round(-math.log10(2 * half)))


def common_decimals(rows: Iterable[dict[str, Any]]) -> int | None:
    """Return how many decimals figures that are compared have in common: those of the coarsest; None where one has no number."""
    decimals = [printed_decimals(row) for row in rows]
    known = [number for number in decimals if number is not None]
    return min(known) if known and len(known) == len(decimals) else None


def anchor(finding: Mapping[str, Any]) -> str:
    """Return the id of a finding's place on the page of findings."""
    return f"f-{finding['report']}-{finding['line']}-{finding['rule']}"


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
    domain : keep only what an analysis of this domain is told from (scope.py), as pages.toml says that the page is; None: all.
    """
    told = outcomes.load()
    known = sorted(set(told.filter(pl.col("report").is_in(outcomes.names(told)))["municipality_code"]))
    # A code that is none is left to the check, which says what is wrong with it.
    chosen = [code for code in municipalities if code in known]
    observations = observation_table.load(municipalities=chosen)
    settings = check_settings(observations, language, municipalities, first_year, last_year, known)
    findings = store.load("findings").filter(pl.col("report").is_in(outcomes.names(told, settings.municipalities)))
    reports = tuple(outcomes.raw_reports(told, settings.municipalities))
    if domain is not None:
        observations = scope.of_domain(observations, domain, reports)
        findings = scope.findings_about(findings, observations)
    left_out = tuple(outcomes.names(told, municipalities, outcomes.LEFT_OUT))
    return Context(settings, Wording(settings.language), observations, findings, reports, left_out)


def section(title: str, *parts: Any, kind: str = "", name: str = "", table: pl.DataFrame | None = None) -> Html:
    """Return a section with a heading; nothing where there is nothing to tell under it.

    Its frame is the one given, or that of the first part that has one; its chart is that of the first part that has one.
    """
    told = [Markup.escape(part) for part in parts if part]
    if not told:
        return Html("")
    held = [part for part in parts if isinstance(part, Html)]
    frame = next((part.table for part in held if part.table.width), None) if table is None else table
    chart = next((part.chart for part in held if part.chart is not None), None)
    opening = Markup('<section class="{}" id="{}">').format(kind, name) if name else Markup('<section class="{}">').format(kind)
    return Html(
        opening + Markup("<h2>{}</h2>").format(title) + Markup("").join(told) + Markup("</section>"), table=frame, chart=chart
    )


def paragraph(*sentences: Any, kind: str = "") -> Markup:
    """Return a paragraph of sentences; nothing where there is none."""
    told = [Markup.escape(sentence) for sentence in sentences if sentence]
    if not told:
        return Markup("")
    opening = Markup('<p class="{}">').format(kind) if kind else Markup("<p>")
    return opening + Markup(" ").join(told) + Markup("</p>")


def bullets(items: Iterable[Any], kind: str = "") -> Markup:
    """Return a list; nothing where there is no item."""
    rows = [Markup("<li>{}</li>").format(item) for item in items]
    return Markup('<ul class="{}">').format(kind) + Markup("").join(rows) + Markup("</ul>") if rows else Markup("")


def table(headings: Sequence[str], rows: Iterable[Sequence[Any]], numeric: Sequence[int] = (), caption: str = "") -> Html:
    """Return a table in its own scrolling box, with its texts as a frame."""
    rows, heads = [list(row) for row in rows], [Markup(text).striptags() for text in headings]
    # Joined as texts: most of a page's cells stand in its tables, and each format() of Markup takes as long as five of a text.
    marks = [' class="n"' if column in numeric else "" for column in range(len(headings))]
    head = "".join(f'<th scope="col"{mark}>{escape(text)}</th>' for mark, text in zip(marks, headings, strict=True))
    body = "".join(
        f"<tr>{''.join(f'<td{mark}>{_cell(cell)}</td>' for mark, cell in zip(marks, row, strict=True))}</tr>" for row in rows
    )
    title = Markup("<caption>{}</caption>").format(caption) if caption else Markup("")
    html = Markup(
        '<div class="tablebox" tabindex="0"><table class="numbers">{}<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>'
    ).format(title, Markup(head), Markup(body))
    texts = [[_cell(cell).striptags() for cell in row] for row in rows]
    return Html(html, table=pl.DataFrame(texts, schema=heads, orient="row"))


def _cell(cell: Any) -> Markup:
    return Markup("") if cell is None else escape(cell)
