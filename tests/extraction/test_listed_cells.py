"""Tables whose cells stand one a line are put together again; what has no header that fits stays text."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from socialvolym.documents.document import Document
from socialvolym.extraction.by_rules import read_figures
from socialvolym.extraction.cells.listed_cells import listed_grids
from socialvolym.extraction.metadata import Metadata

SUMMARY = [
    "Ekonomiskt bistånd 2021",
    "Kommun",
    "Hushåll",
    "Utbetalt (tkr)",
    "Storby",
    "958",
    "52 631",
    "Riket",
    "160 630",
    "10 765",
]
YEARS = [
    "Antal hushåll",
    "Kommun",
    "2019",
    "2020",
    "2021",
    "Storby",
    "135",
    "..",
    "1 245",
    "Riket",
    "213 550",
    "206 479",
    "202 199",
]


def texts(lines: list[str]) -> list[list[list[str]]]:
    return [[[cell.text for cell in row] for row in grid.rows] for grid in listed_grids(lines)]


@pytest.mark.parametrize("blank", [False, True])
def test_headings_and_rows_are_found_with_and_without_empty_lines(blank: bool) -> None:
    lines = [line for cell in SUMMARY for line in ([cell, ""] if blank else [cell])]
    [grid] = listed_grids(lines)
    assert texts(lines) == [
        [["Kommun", "Hushåll", "Utbetalt (tkr)"], ["Storby", "958", "52 631"], ["Riket", "160 630", "10 765"]]
    ]
    assert grid.caption == "Ekonomiskt bistånd 2021" and lines[grid.rows[1][1].line - 1] == "958"


def test_each_of_several_tables_has_its_own_years() -> None:
    other = [cell.replace("hushåll", "barn").replace("19", "09") for cell in YEARS]
    figures, _ = read_figures(Document([*YEARS, "", *other]))
    assert [(f["period"], f["published_as"]) for f in figures if f["line"] <= 9] == [("2019", "135"), ("2021", "1 245")]
    assert {f["period"] for f in figures if f["line"] > len(YEARS)} == {"2009", "2020", "2021"}


def test_one_row_is_a_table_under_periods_only() -> None:
    assert len(listed_grids(YEARS[:9])) == 1
    assert listed_grids(SUMMARY[:7]) == []


@pytest.mark.parametrize(
    "lines",
    [
        [
            "Hushåll",
            "Utbetalt",
            "Storby",
            "958",
            "52 631",
            "Riket",
            "160 630",
            "10 765",
        ],  # no corner: two headings for two columns
        ["Kommun", "Hushåll", "Storby", "958", "52 631", "Riket", "160 630", "10 765", "12"],  # rows of two lengths
        ["Innehåll", "Inledning", "3", "Verksamhet", "5", "Ekonomi", "9"],  # one number a label: a list of contents
    ],
)
def test_what_has_no_header_that_fits_stays_text(lines: list[str]) -> None:
    assert listed_grids(lines) == []


@given(st.integers(2, 9), st.integers(1, 6), st.integers(1990, 2030), st.booleans())
def test_any_number_of_years_and_rows(columns: int, rows: int, first: int, blank: bool) -> None:
    years = [str(first + column) for column in range(columns)]
    numbers = {(r, c): str(100 + 37 * r + c) for r, c in product(range(rows), range(columns))}
    lines = ["Antal barn", "Insats", *years]
    for row in range(rows):
        lines += [f"Insats {'abcdef'[row]}", *(numbers[row, column] for column in range(columns))]
    found = texts([part for line in lines for part in ([line, " "] if blank else [line])])
    if rows == 1 and columns < 3:
        assert found == []
    else:
        body = [[f"Insats {'abcdef'[row]}", *(numbers[row, column] for column in range(columns))] for row in range(rows)]
        assert found == [[["Insats", *years], *body]]


def test_headings_in_levels_over_months() -> None:
    lines = ["Tkr", *(["Brutto", "2014", "2015", "Budgetavvikelse", "Netto", "2014", "2015", "Budgetavvikelse"])]
    lines += ["Januari", "5 040", "4 678", "-947", "4 904", "4 675", "-1 128", "Februari", "3 987", "3 925", "-194", "3 739"]
    lines += ["3 592", "-45", "Mars", "3 281", "2 693"]
    (table,) = texts(lines)
    assert table[-3][1:] == [
        "Brutto 2014",
        "Brutto 2015",
        "Brutto Budgetavvikelse",
        "Netto 2014",
        "Netto 2015",
        "Netto Budgetavvikelse",
    ]
    assert [row[0] for row in table[-2:]] == ["Januari", "Februari"]


@pytest.mark.parametrize(
    ("levels", "headings"),
    [
        (
            [["Hushåll", "Hushåll", "Utbetalt", "Utbetalt"], ["2021", "2022", "2021", "2022"], ["st", "st", "tkr", "tkr"]],
            ["Hushåll 2021 st", "Hushåll 2022 st", "Utbetalt 2021 tkr", "Utbetalt 2022 tkr"],
        ),
        (
            [["Dygn", "Dygn", "Kostnad", "Kostnad", "Skillnad"], ["2019", "2020", "2019", "2020", "2019-2020"]],
            ["Dygn 2019", "Dygn 2020", "Kostnad 2019", "Kostnad 2020", "Skillnad 2019-2020"],
        ),
        (
            [["Beslut", "Beslut"], ["Barn", "Vuxna"], ["2023", "2023"]],
            ["Beslut Barn 2023", "Beslut Vuxna 2023"],
        ),
    ],
)
def test_levels_of_headings_that_are_listed_one_after_the_other(levels: list[list[str]], headings: list[str]) -> None:
    count = len(headings)
    months = enumerate(("Januari", "Mars", "Maj"), start=1)
    rows = [[month, *(str(100 * place + column) for column in range(count))] for place, month in months]
    (table,) = texts(["Bilaga", *(cell for level in (*levels, *rows) for cell in level)])
    assert [" ".join(cells) for cells in zip(*table[: len(levels)], strict=True)][1:] == headings
    assert table[len(levels) :] == rows


@pytest.mark.parametrize("header", [["Verksamhet 2021 2022"], ["Verksamhet", "2021", "2022"]])
def test_values_listed_column_by_column_after_the_labels(header: list[str]) -> None:
    lines = ["Placerade barn", "", *header, "Familjehem", "HVB", "Jourhem", "112", "23", "17", "118", "27", "15"]
    (grid,) = listed_grids(lines)
    assert [[cell.text for cell in row] for row in grid.rows[1:]] == [
        ["Familjehem", "112", "118"],
        ["HVB", "23", "27"],
        ["Jourhem", "17", "15"],
    ]


def test_values_that_no_header_parts_into_columns_are_no_table() -> None:
    assert listed_grids(["Familjehem", "HVB", "Jourhem", "112", "23", "17", "118", "27", "15"]) == []


def test_years_over_the_values_of_their_column() -> None:
    (grid,) = listed_grids(["Verksamhet", "Familjehem", "HVB", "2021", "112", "23", "2022", "118", "27"])
    assert [[cell.text for cell in row] for row in grid.rows] == [
        ["Verksamhet", "Familjehem", "HVB"],
        ["2021", "112", "23"],
        ["2022", "118", "27"],
    ]


def test_a_label_that_goes_on_in_small_letters_is_one() -> None:
    words = (
        "Insats/2019/2020/2021/Ledsagarservice/18/15/11/Korttidsvistelse/utanför hemmet/20/19/22/Daglig verksamhet/121/124/119"
    )
    (grid,) = listed_grids(words.split("/"))
    assert [row[0].text for row in grid.rows[1:]] == ["Ledsagarservice", "Korttidsvistelse utanför hemmet", "Daglig verksamhet"]


@pytest.mark.parametrize(
    ("parts", "total", "whole"),
    [
        (["Kv 1", "Kv 2", "Kv 3"], "Summa", "2022-01/2022-09"),
        (["Kvartal 1", "Kvartal 2", "Kvartal 3", "Kvartal 4"], "Totalt", "2022"),
        (["jan", "feb", "mars", "april"], "Snitt", "2022-01/2022-04"),
    ],
)
def test_parts_of_a_year_with_their_sum_or_mean_behind_them(parts: list[str], total: str, whole: str) -> None:
    values = [str(120 + place * place) for place in range(len(parts) + 1)]
    lines = ["Vårddygn 2022", *parts, total, "HVB", *values, "Stödboende", *values]
    rows, _ = read_figures(Document(lines), Metadata(year=2022, kind="annual"))
    assert [row["published_as"] for row in rows] == values * 2
    assert {row["unit"] for row in rows} == {"care_days"}
    assert [row["period"] for row in rows[len(parts) :: len(parts) + 1]] == [whole] * 2
    assert len({row["period"] for row in rows}) == len(parts) + 1
