"""Two tables beside each other are parted where the second one's labels begin; one table with texts in it is not."""

from __future__ import annotations

import pytest
from socialvolym.documents.document import Grid, GridCell
from socialvolym.extraction.cells.side_by_side import parted


def grid(rows: list[list[str]]) -> Grid:
    return Grid([[GridCell(text, line) for text in row] for line, row in enumerate(rows, start=1)])


def texts(grids: list[Grid]) -> list[list[list[str]]]:
    return [[[cell.text for cell in row] for row in found.rows] for found in grids]


@pytest.mark.parametrize("gap", [[], [""], ["", ""]])
def test_the_second_table_begins_at_its_labels(gap: list[str]) -> None:
    left = [["Bistånd", "2021", "2022"], ["Hushåll", "1 245", "1 310"], ["Belopp, tkr", "45 120", "47 300"]]
    right = [["Barn", "2021", "2022"], ["Placerade", "38", "44"], ["Vårddygn", "3 120", ".."]]
    both = [[*a, *gap, *b] for a, b in zip(left, right, strict=True)]
    assert texts(parted(grid(both))) == [left, right]


@pytest.mark.parametrize(
    "rows",
    [
        [["Mått", "2021", "Kommentar", "2022"], ["Barn", "3", "fler", "4"], ["Dygn", "30", "fler", "40"]],  # one text twice
        [["Kommun", "Insats", "2021"], ["Ort", "Barn", "3"], ["By", "Dygn", "30"]],  # no values before the texts
        [["Mått", "2021", "Kommentar"], ["Barn", "3", "fler"], ["Dygn", "30", "färre"]],  # no values after them
    ],
)
def test_one_table_stays_one(rows: list[list[str]]) -> None:
    assert texts(parted(grid(rows))) == [rows]
