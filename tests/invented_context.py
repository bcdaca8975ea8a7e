"""What a page is told from, made of invented observations."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
from markupsafe import Markup
from socialvolym.audit.findings import FINDING_SCHEMA
from socialvolym.narrative.context import Context
from socialvolym.narrative.wording import Wording
from socialvolym.notation.languages import Language
from socialvolym.observations import with_ids
from socialvolym.observations.parameters import check_settings
from socialvolym.reports.models import Layout, Notes, RawReport, Report, Sayings
from socialvolym.vocabulary.columns import PROSE_SCHEMA


@dataclass(frozen=True)
class Told(Context):
    """A context that remembers what was said: (key, values as plain text)."""

    said: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def say(self, key: str, **values: Any) -> Markup:
        shown = {name: Markup(value).striptags() if isinstance(value, str) else value for name, value in values.items()}
        self.said.append((key, shown))
        return super().say(key, **values)


def context(
    *tables: pl.DataFrame,
    language: Language = "en",
    reports: tuple[RawReport, ...] | None = None,
    findings: pl.DataFrame | None = None,
    **chosen: Any,
) -> Told:
    """Return the context of a page; `chosen` are codes, first_year and last_year; a report that is not given is invented."""
    rows = with_ids(pl.concat(tables))
    settings = {"codes": (), "first_year": None, "last_year": None} | chosen
    given = {raw.report.id: raw for raw in reports or ()}
    printed = rows.select("report", "municipality_code").unique().sort("report").iter_rows()
    every = given | {report: invented_report(report, code) for report, code in printed if report not in given}
    return Told(
        check_settings(rows, language, **settings),
        Wording(language),
        rows,
        pl.DataFrame(schema=FINDING_SCHEMA) if findings is None else findings,
        tuple(every.values()),
    )


def invented_report(report: str, code: str) -> RawReport:
    """Return a report that is nothing but its name."""
    year = int(report[-4:])
    described = Report(
        id=report,
        municipality_code=code,
        committee="Socialnämnden",
        title=f"Årsredovisning {year}",
        kind="annual_report",
        year=year,
        document=f"{report}.txt",
        sha256="0" * 64,
    )
    return RawReport(described, Layout(), pl.DataFrame(schema=PROSE_SCHEMA), Notes(), Sayings(), Path(report))


def finding(**row: Any) -> pl.DataFrame:
    """Return one error about the figure 200 on line 2 of Haninge's invented table."""
    standard = {
        "rule": "sum",
        "severity": "error",
        "report": "haninge-2022",
        "line": 2,
        "published": "200",
        "expected": "201",
        "explanation": "The parts make 201.",
        "explanation_sv": "Delarna blir 201.",
        "measure": "lvm_placements",
    }
    return pl.DataFrame([dict.fromkeys(FINDING_SCHEMA) | standard | row], schema=FINDING_SCHEMA)
