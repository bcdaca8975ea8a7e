"""The reports: report.toml, cells.csv, layout hints, prose hints and corrections, checked as they are loaded."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

import polars as pl
from pydantic import Field, field_validator, model_validator

from socialvolym.csv_files import load_csv
from socialvolym.notation.periods import SERIES
from socialvolym.reports.review import Review
from socialvolym.toml_files import Data
from socialvolym.vocabulary import municipalities
from socialvolym.vocabulary.columns import CELL_SCHEMA, Domain

#: The kinds of report; how each is known in a document: the role `kind` of vocabulary/phrases.csv.
Kind = Literal["annual_report", "budget", "interim", "statistics"]
#: What a report of a kind is called whose document prints no title.
UNTITLED: dict[str, str] = {
    "annual_report": "Årsredovisning",
    "budget": "Budget",
    "interim": "Delårsrapport",
    "statistics": "Statistik",
}
Status = Literal[
    "published", "corrected", "not_available", "not_yet_published", "not_applicable", "outside_responsibility", "suppressed"
]


#: What is said of a report's own figures names them as {line:as printed}.
QUOTED = re.compile(r"\{(\d+):([^{}]+)\}")

_T = TypeVar("_T")


def _repeated(items: Iterable[_T]) -> list[_T]:
    return [item for item, count in Counter(items).items() if count > 1]


class Meaning(Data):
    """What a table, a row or a column says of the cells in it; a facet that is not set is left to the others."""

    domain: Domain | None = None
    measure: str | None = None
    breakdown: str | None = None
    period: str | None = None
    series: str | None = None
    unit: str | None = None
    status: Status | None = None
    note: str | None = None

    @field_validator("series")
    @classmethod
    def _known_series(cls, value: str | None) -> str | None:
        if value is not None and value not in SERIES:
            raise ValueError(f"unknown series {value!r}; allowed: {', '.join(SERIES)}")
        return value


class Column(Meaning):
    """A column of a table: its label as printed (joined where it is broken over lines) and its meaning."""

    label: str


class Row(Meaning):
    """A row hint: the meaning of a row, found by its label (and group), or a row that cannot be read without help.

    `line` with `cells` lists the cells as printed, "123:text" where a cell stands on another line; `label` is then the
    row's label. `columns` says which columns (from 0) the cells belong to where blank cells were dropped.
    """

    label: str
    group: str | None = None
    line: int | None = None
    cells: tuple[str, ...] | None = None
    columns: tuple[int, ...] | None = None


class Table(Meaning):
    """A layout hint: where a table stands and what its columns are.

    pending: what a line without figures is: "label" the beginning of the next row's label, "group" a heading for the rows
    that follow, "drop" neither. relations: arithmetic between columns, "0+1=2", "0-1=2" or "0/1=2" (per cent).
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    caption: str = ""
    lines: tuple[int, int]
    columns: tuple[Column, ...] = ()
    rows: tuple[Row, ...] = ()
    kind: Literal["table", "chart"] = "table"
    pending: Literal["label", "group", "drop"] = "label"
    relations: tuple[str, ...] = ()
    breakdown_from: Literal["row", "group", "column", None] = None
    label_columns: int = 1
    lost: bool = False
    skip: tuple[int, ...] = ()
    why: str = ""

    @field_validator("columns", mode="before")
    @classmethod
    def _short_columns(cls, value: Any) -> Any:
        return [{"label": column} if isinstance(column, str) else column for column in value]

    @model_validator(mode="after")
    def _one_label_a_column(self) -> Table:
        labels = [column.label for column in self.columns]
        if len(labels) != len(set(labels)):
            raise ValueError(f"table {self.id}: two columns have the same label")
        return self


class Layout(Data):
    """layout.toml: the hints that reading a report needs."""

    table: tuple[Table, ...] = ()

    @model_validator(mode="after")
    def _one_table_an_id(self) -> Layout:
        twice = _repeated(table.id for table in self.table)
        if twice:
            raise ValueError(f"two tables have the id {twice[0]!r}")
        return self


class Correction(Data):
    """A documented correction of one printed cell."""

    line: int
    label: str
    column: str
    expected: str
    replacement: str
    why: str
    who: str


class Break(Data):
    """An announced break: what changed, from which period on, and which measures it touches.

    extent: "all" where figures before and after cannot be compared; else how much of the difference the break explains: "most"
    or "part" where the report says so, "unknown" where it does not say, or says that the comparison is not quite fair.
    areas: only these parts of a cost.
    """

    period: str
    extent: Literal["all", "most", "part", "unknown"] = "all"
    measures: tuple[str, ...]
    areas: tuple[str, ...] = ()
    reason_en: str
    reason_sv: str
    line: int | None = None

    def touches(self, measure: str, part: str | None) -> bool:
        """Tell whether figures of a measure, of this part of it, are counted anew; of the whole where any part is."""
        return measure in self.measures and (not self.areas or part in (None, *self.areas))


class Caution(Data):
    """What a report itself says that limits the use of a figure: what a row includes, counts twice or leaves out.

    kind: its own reservation ("caution"), or two of its statements that cannot both hold ("opposed_statements").
    line: where the report says so; rows: the lines of the figures that it is about, or of the other statement.
    """

    kind: Literal["caution", "opposed_statements"] = "caution"
    line: int
    rows: tuple[int, ...] = ()
    measures: tuple[str, ...]
    reason_en: str
    reason_sv: str


class Amount(Data):
    """An amount that a cost rests on, told in our own words with the printed figure in them as {line:as printed}.

    It is about a period's figures of the measures as a whole, and of those of the areas.
    """

    line: int
    period: str
    measures: tuple[str, ...]
    areas: tuple[str, ...] = ()
    en: Annotated[str, Field(pattern=QUOTED)]
    sv: Annotated[str, Field(pattern=QUOTED)]

    @property
    def figure(self) -> tuple[int, str]:
        """The line of the amount, and how it is printed: the first figure that the words name."""
        line, printed = QUOTED.search(self.sv).groups()  # type: ignore[union-attr]
        return int(line), printed

    def touches(self, measure: str, period: str, area: str | None) -> bool:
        """Tell whether the amount is in a figure."""
        return measure in self.measures and period == self.period and (area is None or area in self.areas)


class _Worded(Data):
    """What is told in our own words, and for the first screen in a few, with its limiting words (chiefly, among other things)."""

    en: str
    sv: str
    brief_en: str = ""
    brief_sv: str = ""

    def wordings(self) -> list[Self]:
        """Return it as it stands and, where it has one, in its brief wording, the fuller first."""
        brief = self.model_copy(update={"en": self.brief_en, "sv": self.brief_sv})
        return [self, brief] if self.brief_en and self.brief_sv else [self]


class DeviationPart(_Worded, Amount):
    """A part of a cost's deviation from its budget, as the report tells it; the largest comes first."""


class OneOff(Amount):
    """What made a cost lower without being of its year ("one_off"), or was budgeted and not used ("reserve")."""

    kind: Literal["one_off", "reserve"] = "one_off"


class Acknowledgement(Data):
    """A finding that somebody has looked at and accepted, with the reason."""

    rule: str
    line: int
    why: str
    who: str


class Notes(Data):
    """corrections.toml: corrections, announced breaks, cautions and acknowledged findings of a report."""

    correction: tuple[Correction, ...] = ()
    break_: Annotated[tuple[Break, ...], Field(alias="break")] = ()
    caution: tuple[Caution, ...] = ()
    one_off: tuple[OneOff, ...] = ()
    deviation_part: tuple[DeviationPart, ...] = ()
    acknowledged: tuple[Acknowledgement, ...] = ()

    @model_validator(mode="after")
    def _one_correction_a_cell(self) -> Notes:
        twice = _repeated((correction.line, correction.label, correction.column) for correction in self.correction)
        if twice:
            raise ValueError(f"two corrections of one cell: line {twice[0][0]}, {twice[0][1]!r}, {twice[0][2]!r}")
        return self


class Saying(_Worded):
    """What a report itself says about the cause of a development, in our own words.

    also: further lines that say a part of it. areas: only for these parts of a cost; breakdowns: only for these parts of another
    measure. period: the years whose development it explains, as "2017/2022"; left out, the report's year and the year before.
    against: whether what it explains is a change between years ("year"), a deviation from the budget ("budget"), or both.
    """

    line: int
    also: tuple[int, ...] = ()
    areas: tuple[str, ...] = ()
    breakdowns: tuple[str, ...] = ()
    measures: tuple[str, ...]
    period: Annotated[str, Field(pattern=r"^\d{4}/\d{4}$")] | None = None
    against: tuple[Literal["year", "budget"], ...] = ("year",)

    def years(self, report_year: int) -> tuple[str, str]:
        """Return the first and the last year of the development that it explains."""
        first, last = (self.period or f"{report_year - 1}/{report_year}").split("/")
        return first, last


class Mind(_Worded):
    """What a report itself says must be known of one figure (a footnote), in our own words.

    status: what the report calls the figure, which stands wherever it is told; it needs no other words.
    """

    line: int
    measures: tuple[str, ...]
    breakdown: str | None = None
    period: str
    en: str = ""
    sv: str = ""
    status: Literal["preliminary", "estimated"] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Mind:
        if not self.status and not (self.en and self.sv):
            raise ValueError(f"line {self.line}: a [[mind]] has words in both languages (en, sv), or a status")
        return self

    def is_about(self, row: Mapping[str, Any]) -> bool:
        """Tell whether it is about a figure of its report."""
        return row["measure"] in self.measures and row["period"] == self.period and self.breakdown in (None, row["breakdown"])


class Time(Data):
    """When figures of a line are of, as the report says it, where their period is our reading of that ("hösten 2022").

    period, published : only for its figures of this period, and printed so.
    """

    line: int
    period: str
    published: str | None = None
    en: str
    sv: str


class Sayings(Data):
    """says.toml: what a report says about causes, of the time of its figures, and what it says must be known of them."""

    says: tuple[Saying, ...] = ()
    mind: tuple[Mind, ...] = ()
    time: tuple[Time, ...] = ()

    def time_of(self, row: Mapping[str, Any]) -> Time | None:
        """Return when a figure of the report is of, as the report says it; None where its period says all."""
        own = (said for said in self.time if (said.line, said.period) == (row["line"], row["period"]))
        return next((said for said in own if said.published in (None, row["published_as"])), None)


class Responsibility(Data):
    """What the committee is responsible for in a domain, and since when."""

    domain: Domain
    responsible: bool
    since: str | None = None
    other_committee: str | None = None
    note_en: str = ""
    note_sv: str = ""
    line: int | None = None


class Described(Data):
    """Who has described a report's tables and sentences (layout.toml, prose.csv), and when it was last gone through."""

    who: Annotated[str, Field(min_length=1)]
    when: date


class Report(Data):
    """report.toml: what a report is, and what its committee is responsible for."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    municipality_code: Annotated[str, Field(pattern=r"^\d{4}$")]
    committee: str
    title: str
    kind: Kind
    year: Annotated[int, Field(ge=1990, le=2100)]
    months: Annotated[int, Field(ge=1, le=11)] | None = None
    document: str
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    published: date | None = None
    reader: Literal["hints", "general"] = "hints"
    responsibility: tuple[Responsibility, ...] = ()
    described: Described | None = None

    @field_validator("municipality_code")
    @classmethod
    def _known_municipality(cls, value: str) -> str:
        if value not in municipalities():
            raise ValueError(
                f"unknown municipality code {value!r}; lib/socialvolym/vocabulary/municipalities.csv lists the codes"
            )
        return value

    @property
    def municipality(self) -> str:
        """The municipality's name."""
        return municipalities()[self.municipality_code]

    @property
    def name(self) -> str:
        """What the report is called on a page: the municipality and its year."""
        return f"{self.municipality} {self.year}"


@dataclass(frozen=True)
class RawReport:
    """All that data/raw/<report>/ holds."""

    report: Report
    layout: Layout
    prose: pl.DataFrame
    notes: Notes
    sayings: Sayings
    folder: Path
    review: Review = field(default_factory=Review)

    @property
    def cells(self) -> pl.DataFrame:
        """The printed cells (CELL_SCHEMA)."""
        return load_csv(self.folder / "cells.csv", CELL_SCHEMA)

    @property
    def is_added(self) -> bool:
        """Tell whether the rules have read it, and what they were not certain of waits for a person."""
        return self.report.reader == "general"

    def table(self, table_id: str | None) -> Table | None:
        """Return the layout of a table; None for prose and unknown tables."""
        return self._tables.get(table_id or "")

    @cached_property
    def quoted_lines(self) -> frozenset[int]:
        """The lines of the figures that are quoted where something is said of them, as {line:as printed}."""
        parts = (self.report, self.layout, self.notes, self.sayings)
        return frozenset(int(line) for part in parts for line, _ in QUOTED.findall(part.model_dump_json()))

    @cached_property
    def _tables(self) -> dict[str, Table]:
        return {table.id: table for table in self.layout.table}
