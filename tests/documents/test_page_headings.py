"""Headings over tables without ruling lines: set to the left, in the middle, to the right, over one column or several."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from fpdf import FPDF
from socialvolym.documents.opening import open_document
from socialvolym.documents.pages.page_headings import Extent, place_headings

#: Labels, and four columns of figures that are set to the right, 100 points apart.
COLUMNS: list[Extent] = [(0, 80), (180, 200), (280, 300), (380, 400), (480, 500)]


def at(place: float, wide: float, how: str) -> Extent:
    """The extent of a text of a width that is set somehow within the 100 points that end at a place."""
    left = {"left": place - 96, "middle": place - 50 - wide / 2, "right": place - wide}[how]
    return left, left + wide


@pytest.mark.parametrize("how", ["left", "middle", "right"])
def test_one_heading_a_column(how: str) -> None:
    texts = [at(place, 30, how) for place in (200, 300, 400, 500)]
    assert place_headings([texts], COLUMNS) == [[(n, n) for n in range(1, 5)]]
    assert place_headings([[(0, 40), *texts]], COLUMNS) == [[(n, n) for n in range(5)]]


@pytest.mark.parametrize("how", ["middle", "right"])
def test_years_over_pairs_of_headings(how: str) -> None:
    pairs = [at(200 if how == "right" else 250, 25, how), at(400 if how == "right" else 450, 25, how)]
    over = [(text[0] + 100 * (how == "right"), text[1] + 100 * (how == "right")) for text in pairs]
    below = [at(place, 30, how) for place in (200, 300, 400, 500)]
    assert place_headings([over, below], COLUMNS) == [[(1, 2), (3, 4)], [(n, n) for n in range(1, 5)]]


def test_headings_to_the_right_of_unequal_groups() -> None:
    below = [at(place, 30, "right") for place in (200, 300, 400, 500)]
    over = [at(200, 40, "right"), at(500, 40, "right")]
    assert place_headings([over, below], COLUMNS)[0] == [(1, 1), (2, 4)]


def test_a_heading_for_some_columns_only() -> None:
    assert place_headings([[at(300, 30, "right")]], COLUMNS) == [[(2, 2)]]


@pytest.mark.parametrize("texts", [[(600, 640)], [(n, n + 5) for n in range(0, 60, 10)]])
def test_texts_that_fit_no_column(texts: Sequence[Extent]) -> None:
    assert place_headings([texts], COLUMNS) == [None]


def test_two_columns_are_too_few_to_tell() -> None:
    assert place_headings([[(180, 200)]], COLUMNS[:2]) == [None]


LOWEST = ("2021", "2022", "2023", "2023")
ROWS = (("Barn i familjehem", "74", "76", "78", "2 800"), ("Vårddygn i HVB", "3 022", "2 900", "2 750", "9"))


def pdf(path: Path, how: str, headings: Sequence[Sequence[tuple[str, int]]], *more: Sequence[tuple[str, int]]) -> None:
    """Write tables of ROWS without lines, each under its rows of (heading, columns)."""
    document = FPDF()
    document.add_page()
    document.set_font("Helvetica", size=9)
    for number, table in enumerate((headings, *more)):
        for heading in table if isinstance(table[0][0], tuple) else [table]:
            document.cell(60, 6, "")
            for text, columns in heading:
                document.cell(30 * columns, 6, text, align=how)
            document.ln(6)
        for label, *figures in ROWS:
            document.cell(60, 6, label if not number else f"{label} {number}")
            for figure in figures:
                document.cell(30, 6, figure, align="R")
            document.ln(6)
        document.ln(4)
    document.output(str(path))


def grids(path: Path) -> list[list[list[str]]]:
    return [[[cell.text for cell in row] for row in grid.rows] for grid in open_document(path).grids]


@pytest.mark.parametrize("how", ["L", "C", "R"])
def test_a_table_without_lines_has_its_years_over_its_figures(tmp_path: Path, how: str) -> None:
    pdf(tmp_path / "a.pdf", how, [[(text, 1) for text in LOWEST]])
    assert grids(tmp_path / "a.pdf") == [[["", *LOWEST], *map(list, ROWS)]]


@pytest.mark.parametrize("how", ["C", "R"])
def test_words_over_years_in_a_table_without_lines(tmp_path: Path, how: str) -> None:
    pdf(tmp_path / "a.pdf", how, [[("Utfall", 3), ("Budget", 1)], [(text, 1) for text in LOWEST]])
    assert grids(tmp_path / "a.pdf")[0][:2] == [["", "Utfall", "Utfall", "Utfall", "Budget"], ["", *LOWEST]]


def test_headings_part_two_tables_that_stand_closely(tmp_path: Path) -> None:
    pdf(tmp_path / "a.pdf", "R", [[(text, 1) for text in LOWEST]], [[(f"Mål {text}", 1) for text in LOWEST]])
    first, second = grids(tmp_path / "a.pdf")
    assert first[0][1:] == list(LOWEST)
    assert second[0][1:] == [f"Mål {text}" for text in LOWEST]


@pytest.mark.parametrize(("rows", "stands"), [(8, True), (16, False)])
def test_two_lines_of_headings_stand_as_far_above_the_rows_as_these_from_each_other(
    tmp_path: Path, rows: int, stands: bool
) -> None:
    document = FPDF()
    document.add_page()
    document.set_font("Helvetica", size=9)
    headings = ["Budget", "Utfall", "Avvikelse"], ["jan-aug 24", "jan-aug 24", "jan-aug 24"]
    for height, texts in zip((5, rows), headings, strict=True):
        for text in ("", *texts):
            document.cell(40, 5, text, align="R")
        document.ln(height)
    for label, *figures in ROWS:
        for text in (label, *figures[:3]):
            document.cell(40, 5, text, align="R")
        document.ln(8)
    document.output(str(tmp_path / "a.pdf"))
    over = [["", *map(" ".join, zip(*headings, strict=True))]] if stands else []
    assert grids(tmp_path / "a.pdf") == [[*over, *([label, *figures[:3]] for label, *figures in ROWS)]]


@pytest.mark.parametrize("cell", [80.0, 110.0])
@pytest.mark.parametrize(("wide", "spans"), [((2, 2), [(1, 2), (3, 4)]), ((3, 1, 2), [(1, 3), (4, 4), (5, 6)])])
def test_texts_in_the_middle_of_cells_wider_than_their_figures(
    cell: float, wide: tuple[int, ...], spans: list[tuple[int, int]]
) -> None:
    """The figures stand at the right of their cells, the texts over them in the middle of several cells."""
    count = sum(wide)
    columns = [(65.0, 133.0), *((200 + cell * (at + 1) - 26, 200 + cell * (at + 1) - 4) for at in range(count))]
    middles = [200 + cell * (first - 1 + (last - first + 1) / 2) for first, last in spans]
    above = [(middle - 25, middle + 25) for middle in middles]
    assert place_headings([above, columns], columns)[0] == spans
