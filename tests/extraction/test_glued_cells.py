"""Cells that were run together are cut apart where one way is clearly the best, and left alone where it is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from socialvolym.documents.document import Document
from socialvolym.extraction.by_rules import read_figures
from socialvolym.extraction.cells.glued_cells import cut, glued_grids


@pytest.mark.parametrize(
    ("digits", "cells"),
    [
        ("4 3764 3394 268", ("4 376", "4 339", "4 268")),
        ("8298100", ("82", "98", "100")),
        ("273633", ("27", "36", "33")),
        ("372 000381 000414 000", ("372 000", "381 000", "414 000")),
        ("9851 0121 050", ("985", "1 012", "1 050")),
        ("7,68,17,1", ("7,6", "8,1", "7,1")),
        ("-1 204-1 188-250", ("-1 204", "-1 188", "-250")),
        ("31,233,032,10,9", ("31,2", "33,0", "32,1", "0,9")),
        ("1 248,7951,5-268,9", ("1 248,7", "951,5", "-268,9")),
    ],
)
def test_numbers_beside_each_other_are_alike(digits: str, cells: tuple[str, ...]) -> None:
    assert cut(digits, len(cells)) == cells


@pytest.mark.parametrize(("digits", "count"), [("12345", 2), ("1111", 3), ("5", 2), ("1 23", 2), ("12,513", 2)])
def test_what_can_be_cut_in_several_ways_is_not_cut(digits: str, count: int) -> None:
    assert cut(digits, count) is None


def test_many_years_without_any_space_are_cut_as_well() -> None:
    cells = tuple(str(123 + year) for year in range(16))
    assert cut("".join(cells), len(cells)) == cells
    assert cut("1" * 100, 16) is None


@given(st.lists(st.integers(1000, 9999), min_size=2, max_size=5))
def test_numbers_of_four_digits_with_their_spaces_come_back(values: list[int]) -> None:
    printed = [f"{value:,}".replace(",", " ") for value in values]
    assert cut("".join(printed), len(values)) in (tuple(printed), None)


def test_a_table_without_any_separator_is_dated() -> None:
    lines = ["Insatser enligt LSS", "", " 201920202021", "Volymer", "Daglig verksamhet, antal400455485", "Avlösare, antal273633"]
    figures, _ = read_figures(Document(lines))
    assert [(row["period"], row["value"]) for row in figures] == [
        ("2019", 400.0), ("2020", 455.0), ("2021", 485.0), ("2019", 27.0), ("2020", 36.0), ("2021", 33.0)
    ]  # fmt: skip


@pytest.mark.parametrize(
    "lines",
    [
        ["201920202021", "Ingen rad här"],
        ["Telefon 20192020", "Text om 12 saker"],
        ["2019 2020", "antal12"],
        ["Utfall 2019Utfall 2020", "Barn3-5"],
    ],
)
def test_other_lines_are_no_such_table(lines: list[str]) -> None:
    assert glued_grids(lines) == []


def test_numbers_with_decimals_are_parted_behind_them_however_unlike() -> None:
    lines = ["Netto, mnkr", "Bokslut 2016Budget 2017Avvikelse 2017", "Nämnd och stab31,233,010,9", "Barn och unga248,7251,5-7,4"]
    figures, unread = read_figures(Document(lines))
    assert [row["value"] for row in figures] == [31.2, 33.0, 10.9, 248.7, 251.5, -7.4]
    assert [row["series"] for row in figures] == ["outturn", "budget", "deviation"] * 2
    assert unread == []


def test_every_other_line_may_be_empty() -> None:
    lines = [" 201420152016", "", "Personer, antal4 3764 3394 268", "", "Lägenheter, antal2 8752 8352 726"]
    (grid,) = glued_grids(lines)
    assert [[cell.text for cell in row[1:]] for row in grid.rows[1:]] == [
        ["4 376", "4 339", "4 268"],
        ["2 875", "2 835", "2 726"],
    ]


RUN_IN = [
    "Vårddygn 2021-2023",
    "",
    "Mått2021 2022 2023",
    "Familjehem14 880 14 305 15 112",
    "Jourhem412 388 371",
    "Dygn på HVB796 781 754",
]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("Stödboende96 91 104", {"96": "certain", "91": "certain", "104": "certain"}),
        ("Dygn på HVB enligt 9 § 988 90 95", {"88": "likely", "90": "likely", "95": "likely"}),
        ("Dygn enligt SoL2112 118 121", {}),  # 2 112 may have grown small, or SoL2 have 112
        ("Enligt 9 § 96 8 95", {}),
        ("Per den 31/1261 7 95", {}),
    ],
)
def test_a_row_that_could_begin_elsewhere_is_likely_where_its_numbers_are_alike_and_else_not_read_as_sure(
    row: str, told: dict[str, str]
) -> None:
    figures, _ = read_figures(Document([*RUN_IN, row]))
    found = {each["published_as"]: each["certainty"] for each in figures if each["line"] == len(RUN_IN) + 1}
    assert found == told if told else "certain" not in found.values()


def test_a_number_run_into_a_label_of_one_row_only_makes_the_others_no_certain_figures_of_other_years() -> None:
    figures, _ = read_figures(Document(["Vårddygn", "", "Insats 2021 2022", "HVB412 388", "Jourhem 96 91", "Stödboende 88 90"]))
    assert {each["published_as"] for each in figures if each["certainty"] == "certain"} <= {"96", "91", "88", "90"}


def test_a_footnote_at_a_label_with_its_unit_behind_it_is_no_number() -> None:
    lines = [
        "Mått Enhet 2021 2022",
        "Tid till beslut1 dagar 17 14",
        "Handläggning2 procent 38,4 36,0",
        "Kö till bostad dagar 214 180",
    ]
    figures, _ = read_figures(Document(lines))
    assert [each["published_as"] for each in figures] == ["17", "14", "38,4", "36,0", "214", "180"]
