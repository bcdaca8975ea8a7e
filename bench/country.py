"""An invented country: municipalities with reports over years, with gaps, breaks and slips, as raw reports as `read` leaves them.

Nothing in it is real but the municipalities' codes. The same arguments give the same country.
"""

from __future__ import annotations

import csv
import hashlib
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path

from socialvolym import vocabulary

DOMAINS = ("lss", "placements", "economic_assistance")
LAST_YEAR = 2024
#: How often a year is missing, a series breaks, a figure is printed wrongly.
GAP, BREAK, SLIP = 0.06, 0.02, 0.01
_MEASURES = 5
_COLUMNS = ("table", "page", "line", "kind", "group", "row_label", "column_label", "text", "note")
_REPORT = """id = "{id}"
municipality_code = "{code}"
committee = "{domain}"
title = "{id}"
kind = "annual_report"
year = {year}
document = "{id}.txt"
sha256 = "{sha}"
"""
_LAYOUT = """[[table]]
id = "volumes"
caption = "Volymer"
lines = [2, {last}]
columns = ["{before}", "{year}", "Budget {year}"]
rows = [
{rows}]
"""
_ROW = '  {{ label = "{label}", measure = "{measure}" }},\n'
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


def printed(value: float) -> str:
    """Print a number as reports do, thousands apart."""
    return f"{round(value):,}".replace(",", " ")


def levels(years: int, chance: random.Random) -> list[float]:
    """Return a measure's true figures, one a year and one for the year before the first report."""
    level = chance.uniform(50, 5000)
    return [level := level * chance.uniform(0.9, 1.13) for _ in range(years + 1)]


def rows_of(
    number: int, paths: list[list[float]], names: list[str], year: int, chance: random.Random
) -> Iterator[tuple[object, ...]]:
    """Yield the printed cells of one report: for each measure the year before, the year, and its budget."""
    for line, (path, name) in enumerate(zip(paths, names, strict=True), start=2):
        before, now = path[number - 1], path[number]
        for column, value in ((str(year - 1), before), (str(year), now), (f"Budget {year}", now * 1.02)):
            missing = column == str(year) and chance.random() < GAP
            slip = 10 if chance.random() < SLIP else 1
            yield "volumes", "", line, "table", "", name, column, "-" if missing else printed(value * slip), ""


def build(home: Path, municipalities: int = 290, years: int = 10, seed: int = 1) -> list[str]:
    """Write the country's reports, three a year for each municipality, into a repository's data/raw; return the codes."""
    chance = random.Random(seed)
    codes = sorted(vocabulary.municipalities())[:municipalities]
    for code in codes:
        for domain in DOMAINS:
            shown = measures(domain)
            paths = [levels(years, chance) for _ in shown]
            for number in range(1, years + 1):
                year = LAST_YEAR - years + number
                folder = home / "data" / "raw" / f"invented-{code}-{domain.replace('_', '-')}-{year}"
                folder.mkdir(parents=True)
                _write(folder, code, domain, year, shown, chance)
                names = [str(measure["title_sv"]) for measure in shown]
                with (folder / "cells.csv").open("w", encoding="utf-8", newline="") as stream:
                    csv.writer(stream).writerows([_COLUMNS, *rows_of(number, paths, names, year, chance)])
    return codes


def _write(folder: Path, code: str, domain: str, year: int, shown: list[dict[str, str | None]], chance: random.Random) -> None:
    rows = "".join(_ROW.format(label=measure["title_sv"], measure=measure["measure"]) for measure in shown)
    sha = hashlib.sha256(folder.name.encode()).hexdigest()
    files = {
        "report.toml": _REPORT.format(id=folder.name, code=code, domain=domain, year=year, sha=sha),
        "layout.toml": _LAYOUT.format(last=len(shown) + 1, before=year - 1, year=year, rows=rows),
    }
    if chance.random() < BREAK:
        files["corrections.toml"] = _BREAK.format(year=year, measure=shown[0]["measure"])
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    print(json.dumps(build(Path(sys.argv[1]), *map(int, sys.argv[2:]))))
