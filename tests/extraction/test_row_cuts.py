"""Rows cut into cells by what a table has in common."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from socialvolym.extraction.row_cuts import decide, relations_of
from socialvolym.extraction.text_lines import cuts
from socialvolym.notation.numbers import parse_number, print_number


def decided(texts: list[str], headings: list[str]) -> list[list[str]]:
    """Return the cells of rows that are decided, nothing for those that are not."""
    ways = [cuts(text.split(), len(headings)) for text in texts]
    left = decide(ways, headings)
    return [list(row[0]) if len(row) == 1 else [] for row in left]


def test_a_table_that_parts_thousands_keeps_what_it_does_not_decide() -> None:
    assert decided(["1 374 12 500", "641 733 874"], ["2022", "2023"]) == [["1 374", "12 500"], []]


def test_arithmetic_between_columns_decides_where_few_rows_are_certain() -> None:
    rows = ["-27 994 781 -27 213", "-5 164 200 -4 964", "-23 923 1 645 -22 278"]
    assert decided(rows, ["Kostnad", "Intäkt", "Netto"])[2] == ["-23 923", "1 645", "-22 278"]


def test_the_cost_of_one_decides() -> None:
    rows = ["5 640 4 399 780", "412 515 1 250", "894 4 112 4 600"]
    assert decided(rows, ["Dygn", "Kostnad tkr", "Kr/dygn"]) == [
        ["5 640", "4 399", "780"],
        ["412", "515", "1 250"],
        ["894", "4 112", "4 600"],
    ]


@given(st.lists(st.tuples(st.integers(1_000, 99_999), st.integers(1_000, 99_999)), min_size=3, max_size=8))
def test_no_wrong_cut_of_sums(pairs: list[tuple[int, int]]) -> None:
    rows = [[a, b, a + b] for a, b in pairs]
    found = decided([" ".join(print_number(value) for value in row) for row in rows], ["Egna", "Köpta", "Alla"])
    for cells, row in zip(found, rows, strict=True):
        assert cells in ([], [print_number(value) for value in row])


@pytest.mark.parametrize("count", [2, 3])
def test_relations_need_two_telling_rows(count: int) -> None:
    row = [parse_number(text) for text in ("10", "5", "15")][:count]
    assert relations_of([row], count) == []


def test_rows_that_can_be_cut_in_thousands_of_ways_are_left_open_at_once() -> None:
    row = " ".join(["123"] * 24)
    ways = cuts(row.split(), 14)[:4000]
    assert decide([ways, ways, ways], [""] * 14) == [ways, ways, ways]
