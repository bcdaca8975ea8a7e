"""Invented observations, and what the audit says of them."""

from __future__ import annotations

from typing import Any

import polars as pl
from socialvolym import audit as auditing
from socialvolym.audit.text.structure import structure
from socialvolym.documents.document import Document
from socialvolym.notation.numbers import parse_number
from socialvolym.vocabulary.columns import OBSERVATION_SCHEMA


def observation(line: int, label: str, period: str, series: str, text: str, unit: str, **more: Any) -> dict[str, Any]:
    number = parse_number(text)
    return (
        dict.fromkeys(OBSERVATION_SCHEMA)
        | {
            "report": "invented-2022",
            "municipality_code": "0136",
            "domain": "context",
            "measure": "net_cost_area",
            "label": label,
            "breakdown": label,
            "period": period,
            "series": series,
            "value": number.value if number else None,
            "unit": unit,
            "published_as": text,
            "line": line,
            "table": "t1",
            "kind": "table",
            "status": "published",
        }
        | more
    )


def findings(*cells: dict[str, object], lines: list[str]) -> list[dict[str, Any]]:
    facts = structure(Document(lines)).select(pl.lit("invented-2022").alias("report"), pl.all())
    return auditing.audit(pl.DataFrame(list(cells), schema=OBSERVATION_SCHEMA), facts=facts).to_dicts()


def audit(*cells: dict[str, object], lines: list[str] | None = None) -> list[tuple[str, str, int]]:
    return [(row["severity"], row["rule"], row["line"]) for row in findings(*cells, lines=lines or [])]
