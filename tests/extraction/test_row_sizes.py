"""Rows that arithmetic leaves open are cut by the sizes of their numbers where one way is clearly nearest, and never surely."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from socialvolym.documents.document import Document
from socialvolym.extraction.by_rules import read_figures
from socialvolym.extraction.cells.row_sizes import likeliest
from socialvolym.extraction.row_cuts import decide
from socialvolym.extraction.text_lines import cuts
from socialvolym.notation.numbers import print_number


def chosen(texts: list[str], headings: list[str]) -> list[list[str]]:
    """Return the cells of the rows that sizes decide, nothing for the others."""
    ways = decide([cuts(text.split(), len(headings)) for text in texts], headings)
    return [list(way or ()) for way in likeliest(ways, headings)]


TWICE = ["2019 Personer", "2019 Dygn", "2019 Kr per dygn", "2020 Personer", "2020 Dygn", "2020 Kr per dygn"]


@pytest.mark.parametrize(
    ("texts", "headings", "cells"),
    [
        (
            ["14 3 110 1 720 12 2 980 1 805", "22 4 215 2 640 25 4 830 2 710", "64 18 730 940 61 17 905 965"],
            TWICE,
            ["64", "18 730", "940", "61", "17 905", "965"],
        ),
        (
            ["14 3 110 1 720 12 2 980 1 805", "22 4 215 2 640 25 4 830 2 710", "4 512 7 350 3 428 7 900"],
            TWICE,
            ["4", "512", "7 350", "3", "428", "7 900"],
        ),
        (["1 288 950 1 045"], ["2021", "2022", "2023"], ["1 288", "950", "1 045"]),
        (["2 950 2 811 990 1 104"], ["Eda", "Torsby", "Värmlands län", "Riket"], ["2 950", "2 811", "990", "1 104"]),
        (
            ["1 102 5,4 46 180 632", "1 077 5,5 46 905 641", "1 090 5,8 49 340 681", "980 6,0 45 812 615"],
            ["Antal hushåll", "Bidragsmånader", "Utbetalt, tkr", "Kr per invånare"],
            ["980", "6,0", "45 812", "615"],
        ),
    ],
)
def test_the_way_nearest_to_the_other_rows_and_to_the_same_of_other_times(
    texts: list[str], headings: list[str], cells: list[str]
) -> None:
    assert chosen(texts, headings)[-1] == cells


@pytest.mark.parametrize(
    ("texts", "headings"),
    [
        (["1 200 400 800"], ["Budget 2023", "Utfall 2023", "Avvikelse"]),  # a difference may be of any size
        (["120 400 800"], ["2022", "2023"]),  # neither way is of numbers that are alike
        (["1 402 388"], ["Antal", "Kostnad"]),  # nothing tells how large they are
        (["12 345 678"], ["", ""]),
        (["12 345 678 901"], ["2021", "2022", "2023"]),
    ],
)
def test_where_no_way_is_clearly_nearer_none_is_chosen(texts: list[str], headings: list[str]) -> None:
    assert chosen(texts, headings) == [[]]


@given(st.lists(st.tuples(st.integers(900, 1_100), st.floats(0.8, 1.2)), min_size=1, max_size=6))
def test_years_that_are_alike_come_back(rows: list[tuple[int, float]]) -> None:
    values = [[first, round(first * change), round(first * change * change)] for first, change in rows]
    texts = [" ".join(print_number(value) for value in row) for row in values]
    for cells, row in zip(chosen(texts, ["2021", "2022", "2023"]), values, strict=True):
        assert cells in ([], [print_number(value) for value in row])


def test_what_sizes_decide_is_likely_and_says_so() -> None:
    lines = ["Vårddygn 2022 och 2023", "", "2022 2023", "HVB 1 870 2 015", "Jourhem 1 288 950"]
    figures, unread = read_figures(Document(lines))
    told = {row["published_as"]: (row["certainty"], "period:cut" in row["because"].split()) for row in figures}
    assert told["1 870"] == ("certain", False)
    assert told["1 288"] == told["950"] == ("likely", True)
    assert not unread
