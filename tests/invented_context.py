"""What a page is told from, made of invented observations."""

from __future__ import annotations

from typing import Any

import polars as pl
from socialvolym.auditing.findings import FINDING_SCHEMA
from socialvolym.observations import with_ids
from socialvolym.parameters import Language, check_settings
from socialvolym.reports import RawReport
from socialvolym.story import Context
from socialvolym.wording import Wording


def context(*tables: pl.DataFrame, language: Language = "en", reports: tuple[RawReport, ...] = (),
            findings: pl.DataFrame | None = None, **chosen: Any) -> Context:
    """Return the context of a page; `chosen` are codes, first_year and last_year."""
    rows = with_ids(pl.concat(tables))
    settings = {"codes": (), "first_year": None, "last_year": None} | chosen
    return Context(check_settings(rows, language, **settings), Wording(language), rows,
                   pl.DataFrame(schema=FINDING_SCHEMA) if findings is None else findings, reports)


def finding(**row: Any) -> pl.DataFrame:
    """Return one error about the figure 200 on line 2 of Haninge's invented table."""
    standard = {"rule": "sum", "severity": "error", "report": "haninge-2022", "line": 2, "published": "200", "expected": "201",
                "explanation": "The parts make 201.", "explanation_sv": "Delarna blir 201.", "measure": "lvm_placements"}
    return pl.DataFrame([dict.fromkeys(FINDING_SCHEMA) | standard | row], schema=FINDING_SCHEMA)
