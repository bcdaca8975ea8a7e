"""An invented country: municipalities with reports over years, with gaps, breaks and slips, as raw reports and validated tables.

Nothing in it is real but the municipalities' codes. The same arguments give the same country.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
from socialvolym import tables, vocabulary
from socialvolym.auditing.findings import FINDING_SCHEMA
from socialvolym.cleaning import OBSERVATION_SCHEMA, UNREAD_SCHEMA

DOMAINS = ("lss", "placements", "economic_assistance")
LAST_YEAR = 2024
#: How often a year is missing, a series breaks, a figure is printed wrongly.
GAP, BREAK, SLIP = 0.06, 0.02, 0.01
_MEASURES = 5
_REPORT = """id = "{id}"
municipality_code = "{code}"
committee = "{domain}"
title = "{id}"
kind = "annual_report"
year = {year}
document = "{id}.txt"
sha256 = "{sha}"
"""
_BREAK = """[[break]]
period = "{year}"
measures = ["{measure}"]
reason_en = "A new case system."
reason_sv = "Ett nytt verksamhetssystem."
"""


def measures(domain: str) -> list[dict[str, str | None]]:
    """Return the measures that the invented reports print: the first headline measures of a domain."""
    rows = [row for row in vocabulary.measures().iter_rows(named=True) if row["domain"] == domain and row["headline"]]
    return rows[:_MEASURES]


def figures(code: str, years: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    """Yield a municipality's figures: in each year's report the year before, the year, and its budget."""
    for domain in DOMAINS:
        for place, measure in enumerate(measures(domain)):
            level = chance.uniform(50, 5000)
            path = [level := level * chance.uniform(0.9, 1.13) for _ in range(years + 1)]
            for number in range(1, years + 1):
                year = LAST_YEAR - years + number
                before, now = path[number - 1], path[number]
                shown = (("outturn", year - 1, before), ("outturn", year, now), ("budget", year, now * 1.02))
                for column, (series, period, value) in enumerate(shown):
                    missing = series == "outturn" and chance.random() < GAP
                    printed = round(value * (10 if chance.random() < SLIP else 1))
                    yield dict.fromkeys(OBSERVATION_SCHEMA) | {
                        "report": f"invented-{code}-{domain.replace('_', '-')}-{year}",
                        "municipality_code": code,
                        "domain": domain,
                        "kind": "table",
                        "page": 1,
                        "table": "t",
                        "line": 10 * place + column + 1,
                        "measure": measure["measure"],
                        "label": measure["title_sv"],
                        "period": str(period),
                        "series": series,
                        "value": None if missing else float(printed),
                        "unit": measure["unit"],
                        "published_unit": measure["unit"],
                        "published_as": None if missing else str(printed),
                        "status": "not_available" if missing else "published",
                    }


def build(home: Path, municipalities: int = 290, years: int = 10, seed: int = 1) -> list[str]:
    """Write the country into a repository's data folders and return its municipality codes."""
    chance = random.Random(seed)
    codes = sorted(vocabulary.municipalities())[:municipalities]
    rows = []
    for code in codes:
        own = list(figures(code, years, chance))
        rows += own
        for report in dict.fromkeys(row["report"] for row in own):
            _write_report(home / "data" / "raw" / report, code, chance, next(row for row in own if row["report"] == report))
    observations = pl.DataFrame(rows, schema=OBSERVATION_SCHEMA)
    place = home / "data" / "processed"
    tables.store(observations, "observations", place)
    tables.store(pl.DataFrame(schema=UNREAD_SCHEMA), "unread", place)
    tables.store(pl.DataFrame(schema=FINDING_SCHEMA), "findings", place)
    tables.store(observations.head(0), "derived", place)
    checks = {"suite": ["invented"], "expectations": [0], "rows": [len(rows)], "failed": [0], "critical": [0], "messages": [""]}
    tables.store(pl.DataFrame(checks), "checks", place)
    return codes


def _write_report(folder: Path, code: str, chance: random.Random, row: dict[str, Any]) -> None:
    folder.mkdir(parents=True)
    year = folder.name[-4:]
    text = _REPORT.format(id=folder.name, code=code, domain=row["domain"], year=year, sha="0" * 64)
    (folder / "report.toml").write_text(text, encoding="utf-8")
    if chance.random() < BREAK:
        (folder / "corrections.toml").write_text(_BREAK.format(year=year, measure=row["measure"]), encoding="utf-8")


if __name__ == "__main__":
    print(json.dumps(build(Path(sys.argv[1]), *map(int, sys.argv[2:]))))
