"""Tables with a row a figure are set out by their periods; others are left as they are."""

from __future__ import annotations

import pytest
from socialvolym.documents.document import Grid, GridCell
from socialvolym.extraction.cells.long_form import set_out

HEAD = ["kommun", "år", "mått", "värde"]
ROWS = [
    ["Ort", "2021", "Barn", "41"],
    ["Ort", "2022", "Barn", "38"],
    ["Ort", "2021", "Hushåll", "1245"],
    ["Ort", "2022", "Hushåll", "1310"],
]


def grid(rows: list[list[str]]) -> Grid:
    return Grid([[GridCell(text, line) for text in row] for line, row in enumerate(rows, start=1)])


def texts(found: Grid) -> list[list[str]]:
    return [[cell.text for cell in row] for row in found.rows]


def test_a_row_a_figure_becomes_a_row_a_measure() -> None:
    found = set_out(grid([HEAD, *ROWS]))
    assert texts(found) == [["", "2021", "2022"], ["Barn", "41", "38"], ["Hushåll", "1245", "1310"]]
    assert found.rows[2][2].line == 5


def test_what_differs_between_rows_is_in_the_label_and_an_absent_year_is_empty() -> None:
    found = set_out(grid([HEAD, *ROWS[:3], ["By", "2022", "Barn", "7"]]))
    assert texts(found)[1:] == [["Ort, Barn", "41", "38"], ["Ort, Hushåll", "1245", ""], ["By, Barn", "", "7"]]


def test_remarks_are_no_part_of_the_label() -> None:
    rows = [[*row, remark] for row, remark in zip(ROWS, ["", "prel.", "nytt mått", ""], strict=True)]
    found = set_out(grid([[*HEAD, "Anmärkning"], *rows]))
    assert texts(found) == [["", "2021", "2022"], ["Barn", "41", "38"], ["Hushåll", "1245", "1310"]]


def test_years_downwards_become_years_across() -> None:
    found = set_out(grid([["År", "Barn", "Hushåll"], ["2021", "41", "1245"], ["2022", "38", ".."], ["2023", "44", "1402"]]))
    assert texts(found) == [["År", "2021", "2022", "2023"], ["Barn", "41", "38", "44"], ["Hushåll", "1245", "..", "1402"]]


@pytest.mark.parametrize(
    "rows",
    [
        [["År", "Barn", "Barn"], ["2021", "4", "5"], ["2022", "3", "5"], ["2023", "4", "5"]],  # one heading twice
        [HEAD, *ROWS[:2]],  # too few rows to tell
        [HEAD, *ROWS, ROWS[0]],  # the same label and year twice
        [["Mått", "2021", "2022"], ["Barn", "41", "38"], ["Hushåll", "12", "13"], ["Dygn", "5", "6"]],  # years across
    ],
)
def test_other_tables_stay_as_they_are(rows: list[list[str]]) -> None:
    assert texts(set_out(grid(rows))) == rows
