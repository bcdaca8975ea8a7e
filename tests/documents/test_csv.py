"""CSV files as spreadsheets save them, with any delimiter and encoding, are tables with known cells."""

from __future__ import annotations

from pathlib import Path

import pytest
from socialvolym.documents.opening import open_document

ROWS = [["Mått", "2021", "2022"], ["Antal hushåll, ekonomiskt bistånd", "1 245", "1 310"], ["Vårddygn", "8912,5", "9104,0"]]


@pytest.mark.parametrize("delimiter", [";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_cells_are_known_whatever_delimiter_and_encoding(tmp_path: Path, delimiter: str, encoding: str) -> None:
    file = tmp_path / "hushall.csv"
    file.write_text("Socialnämnden 2022\n\n" + "\n".join(delimiter.join(row) for row in ROWS), encoding=encoding)
    [grid] = open_document(file).grids
    assert [[cell.text for cell in row] for row in grid.rows] == ROWS


def test_quoted_cells_hold_delimiters_and_lines_of_text_part_tables(tmp_path: Path) -> None:
    file = tmp_path / "socialnamnd.csv"
    file.write_text('Mått,2021\n"Barn, placerade",12\n\nVuxna i kommunen,\nMått,2022\nVuxna,7\n', encoding="utf-8")
    document = open_document(file)
    assert [grid.rows[1][0].text for grid in document.grids] == ["Barn, placerade", "Vuxna"]
    assert document.lines[min(document.grids[1].lines) - 1].startswith("Mått")


TITLED = (
    "Ekeby kommun;Socialnämnden;Uttag 2024-01-15\nPeriod;Mått;Värde;Enhet\n2022-12;Barn;41;personer\n2023-12;Barn;38;personer\n"
)


@pytest.mark.parametrize("name", ["uttag.csv", "uttag.txt"])
def test_the_content_tells_that_lines_are_cells_and_a_title_over_them_is_none(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_text(TITLED, encoding="utf-8")
    document = open_document(file)
    [grid] = document.grids
    assert [cell.text for cell in grid.rows[0]] == ["Period", "Mått", "Värde", "Enhet"]
    assert grid.rows[-1][2].line == 4 and document.lines[0].startswith("Ekeby kommun")


def test_sentences_with_semicolons_are_text(tmp_path: Path) -> None:
    file = tmp_path / "socialnamnd.txt"
    file.write_text(
        "Barn: 4; vuxna: 9; unga: 3.\nKostnaden steg.\nBudgeten höll; året var lugnt.\nPlaner finns.\n", encoding="utf-8"
    )
    assert open_document(file).grids == []
