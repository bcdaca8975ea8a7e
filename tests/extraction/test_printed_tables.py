"""Tables as PDF-to-text leaves them: each case of printed_tables.txt, read from end to end.

A case is `=== name`, the text, `---`, and what must be read of it: `figure | figure; period series [unit]`, "-" for no period.
Add a case for each kind of table that was read wrongly, in words of your own, with variants.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest
from socialvolym.documents.document import Document
from socialvolym.extraction.by_rules import read_figures

CASES = re.split(r"^=== ", (Path(__file__).parent / "printed_tables.txt").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]


class Read(NamedTuple):
    """A figure as printed, its period and series, and its unit where the case tells one."""

    printed: str
    period: str
    series: str
    unit: str | None = None


def expected(lines: str) -> list[Read]:
    found = []
    for line in lines.strip().splitlines():
        figures, _, told = line.rpartition(";")
        period, series, *unit = told.split()
        found += [
            Read(text.strip(), period.strip("-") if period == "-" else period, series, *unit) for text in figures.split("|")
        ]
    return found


@pytest.mark.parametrize("case", CASES, ids=[case.partition("\n")[0] for case in CASES])
def test_every_figure_has_its_period_and_series(case: str) -> None:
    text, _, lines = case.partition("\n")[2].partition("\n---\n")
    wanted = expected(lines)
    units = any(read.unit for read in wanted)
    figures, _ = read_figures(Document.from_text(text))
    read = [Read(f["published_as"], f["period"] or "", f["series"], f["unit"] if units else None) for f in figures]
    assert Counter(read) == Counter(wanted)
