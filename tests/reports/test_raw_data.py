"""What data/raw holds of a report: figures, labels, headings and locations, and none of its sentences."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from socialvolym.audit.text.text_facts import FACT_SCHEMA
from socialvolym.notation.numbers import PRINTED_UNITS
from socialvolym.notation.periods import MONTH_NAMES
from socialvolym.reports.loading import load_report

RAW = Path(__file__).resolve().parents[2] / "data" / "raw"
REPORTS = sorted(path.parent.name for path in RAW.glob("*/report.toml"))
#: So many words in a row that stand in a report's running text are a clause of it.
CLAUSE = 5
#: cells.csv and layout.toml hold what tables print: labels and headings, which may be as long as a clause.
TABLES = ("cells.csv", "layout.toml")
#: A line of fewer words is a heading or a label.
HEADING_WORDS = 10
WORD = re.compile(r"[^\W\d_]+")
#: The words of the audit's own that facts are told in, besides units and months.
OWN = (
    "percent percentage points per mille SEK kSEK MSEK GSEK caption outturn forecast reached missed apartment name phone email",
    "identity number coordination initials minskat ökat minskade ökade sjönk steg fler färre högre lägre intäkter kostnader",
    "personalkostnader lönekostnader nettokostnad helårsprognosen prognosen ramen budgetramen unga vuxna år och uppåt äldre",
    "personer hushåll individer barn ungdomar brukare klienter miljarder mnkr mkr tkr mdkr exkl exklusive inkl inklusive utan",
    "UTKAST efter omorganisation omräkning justering reviderade preliminära från med socialstyrelsens kolada",
)


@pytest.mark.parametrize("report", REPORTS)
def test_a_report_with_hints_says_who_described_it_and_when(report: str) -> None:
    about = load_report(RAW / report)
    assert about.is_added or about.report.described


def texts(value: Any) -> Iterator[str]:
    """Return all texts of a TOML value but the names of its keys."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts(inner)


def words(text: str) -> list[str]:
    return [word.lower() for word in WORD.findall(text) if len(word) > 1]


def runs(told: list[str], length: int = CLAUSE) -> set[tuple[str, ...]]:
    return {tuple(told[start : start + length]) for start in range(len(told) - length + 1)}


def labels(report: str) -> list[str]:
    """Return what a report prints as labels and headings of tables: of cells.csv, and in layout.toml and report.toml."""
    with (RAW / report / "cells.csv").open(encoding="utf-8", newline="") as file:
        cells = [row[name] for row in csv.DictReader(file) for name in ("row_label", "column_label", "group")]
    described = (tomllib.loads((RAW / report / name).read_text(encoding="utf-8")) for name in ("layout.toml", "report.toml"))
    return [*cells, *(text for each in described for text in texts(each))]


@pytest.mark.parametrize("report", REPORTS)
def test_facts_of_the_text_are_told_in_labels_and_words_of_our_own(report: str) -> None:
    known = {word for label in labels(report) for word in words(label)} | {
        word for own in (*OWN, *MONTH_NAMES) for word in words(own)
    }
    known |= {word for unit in PRINTED_UNITS for word in words(unit)}
    with (RAW / report / "structure.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows and list(rows[0]) == list(FACT_SCHEMA)
    # A stem of a label's noun (level_as_change) is one as well.
    strange = [
        (row["line"], row["kind"], word)
        for row in rows
        for word in words(row["what"])
        if word not in known and not any(other.startswith(word) or other.endswith(word) for other in known if len(word) > 3)
    ]
    assert strange == []


@pytest.mark.parametrize("report", REPORTS)
def test_no_file_holds_a_clause_of_the_report(report: str, documents: Path) -> None:
    about = tomllib.loads((RAW / report / "report.toml").read_text(encoding="utf-8"))
    lines = (documents / about["document"]).read_text(encoding="utf-8").splitlines()
    printed = {run for line in lines if len(words(line)) < HEADING_WORDS for run in runs(words(line))}
    printed |= {run for label in labels(report) for run in runs(words(label))}
    clauses = runs(words(" ".join(lines))) - printed
    found = [
        (path.name, number, " ".join(run))
        for path in sorted((RAW / report).iterdir())
        if path.name not in TABLES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        for run in sorted(runs(words(line)) & clauses)
    ]
    assert found == []


#: Words before a figure that say that it is not exact.
HEDGED = re.compile(
    r"\b(?:ca|cirka|ungefär|omkring|knappt|drygt|minst|högst|uppskattas(?: \w+){0,10})(?: (?:en|var|att))? $", re.IGNORECASE
)


@pytest.mark.parametrize("report", REPORTS)
def test_a_figure_that_a_sentence_hedges_is_not_told_as_exact(report: str, documents: Path) -> None:
    lines = (documents / f"{report}.txt").read_text(encoding="utf-8").splitlines()
    with (RAW / report / "prose.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["text"] and not row["bound"] and row["series"] != "deviation"]
    exact = []
    for row in rows:
        number = int(row["line"])
        told = " ".join(lines[number - 2 : number])
        start = told.rfind(row["text"])
        if start >= 0 and HEDGED.search(re.sub(r"\s+", " ", told[:start])):
            exact.append((number, row["text"]))
    assert exact == []
