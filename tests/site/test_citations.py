"""Citations: what is found about a figure stands beside that figure, and beside no other of its line."""

from __future__ import annotations

import polars as pl
import pytest
from socialvolym.site.citations import FindingsBeside

FINDING = {
    "report": "r",
    "line": 403,
    "published": "600 kr",
    "measure": "familjehem_cost_per_day",
    "period": "2019",
    "series": "budget",
    "severity": "error",
    "rule": "unit_cost",
    "explanation": "It does not fit.",
    "explanation_sv": "Det stämmer inte.",
    "expected": "730",
}
CELL = {
    "report": "r",
    "line": 403,
    "measure": "familjehem_cost_per_day",
    "published_as": "600 kr",
    "period": "2019",
    "series": "budget",
}


@pytest.mark.parametrize(
    ("finding", "cell", "stands"),
    [
        ({}, {}, True),
        ({}, {"period": "2017", "series": "outturn"}, False),
        ({}, {"published_as": "610 kr"}, False),
        ({"period": None, "series": None}, {"period": "2017"}, True),
        ({"published": None}, {"period": "2017", "published_as": "610 kr"}, True),
        ({}, {"measure": "jourhem_cost_per_day"}, False),
    ],
    ids=["its own", "the same figure of another year", "another figure", "of no one time", "about the row", "another measure"],
)
def test_a_finding_stands_beside_the_figure_that_it_is_about(
    finding: dict[str, str | None], cell: dict[str, str], stands: bool
) -> None:
    about = FindingsBeside(pl.DataFrame([FINDING | finding]), "en").about(CELL | cell)
    assert [found["text"] for found in about] == ["It does not fit."] * stands
