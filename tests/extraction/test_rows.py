"""Rows: where one cell ends and the next begins."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from socialvolym.extraction.rows import AmbiguousRowError, Relation, groupings, holds, is_cell_word, numeric_runs, split_row
from socialvolym.notation.numbers import parse_number, print_number

WORDS = st.lists(
    st.sampled_from(["1", "12", "123", "000", "050", "1,5", "-", "-7", "40%", "5,1%3", "mnkr", "*", "1234"]), max_size=7
)


@given(WORDS, st.integers(0, 7))
def test_groupings_lose_no_word_and_give_the_count(words: list[str], count: int) -> None:
    for cells in groupings(words, count):
        assert len(cells) == count
        assert " ".join(cells).split() == words


@given(WORDS, st.integers(1, 7))
def test_every_grouping_is_found_once(words: list[str], count: int) -> None:
    ways = list(groupings(words, count))
    assert len(ways) == len(set(ways))


@pytest.mark.parametrize(
    ("words", "count", "ways"),
    [
        ("1 000 2 000", 2, [("1 000", "2 000")]),
        ("100 200 300", 2, [("100", "200 300"), ("100 200", "300")]),
        ("1 000,5 20", 2, [("1 000,5", "20")]),
        ("0 100 200", 2, [("0", "100 200")]),
        ("1 050 20", 3, []),
        ("5 mnkr 6 mnkr", 2, [("5 mnkr", "6 mnkr")]),
        ("mnkr 5", 2, []),
        ("- 5 5", 2, []),
        ("- 5 5", 3, [("-", "5", "5")]),
        ("", 0, [()]),
    ],
)
def test_groupings(words: str, count: int, ways: list[tuple[str, ...]]) -> None:
    assert list(groupings(words.split(), count)) == ways


@given(st.integers(-(10**6), 10**6), st.integers(-(10**6), 10**6))
def test_the_constructed_cells_come_back_where_arithmetic_decides(cost: int, income: int) -> None:
    cells = tuple(print_number(value) for value in (cost, income, cost + income))
    words, tie = " ".join(cells).split(), Relation("sum", 0, 1, 2)
    fitting = [way for way in groupings(words, 3) if holds(tie, [parse_number(cell) for cell in way])]
    assert cells in fitting
    assume(len(fitting) == 1)
    assert split_row(words, 3, [tie]) == cells


def test_arithmetic_decides_a_row_of_five_cells() -> None:
    words = ["-27", "994", "781", "-27", "213", "39", "0,1%"]
    relations = [Relation("sum", 0, 1, 2), Relation("share", 3, 2, 4)]
    assert split_row(words, 5, relations) == ("-27 994", "781", "-27 213", "39", "0,1%")


@pytest.mark.parametrize(
    ("words", "count", "relations"),
    [
        ("100 200 300", 2, []),
        ("100 200 300", 2, [Relation("sum", 0, 1, 2)]),
        ("100", 2, []),
        ("1 2 3", 2, []),
    ],
)
def test_what_is_not_decided_is_refused(words: str, count: int, relations: list[Relation]) -> None:
    with pytest.raises(AmbiguousRowError, match=words):
        split_row(words.split(), count, relations)


@pytest.mark.parametrize(
    ("kind", "cells", "expected"),
    [
        ("sum", ("10", "20", "31"), True),
        ("sum", ("10", "20", "32"), False),
        ("sum", ("1,0", "2,0", "3,2"), False),
        ("sum", ("10", "-", "10"), None),
        ("sum", ("10", "20"), None),
        ("difference", ("10", "30", "-20"), True),
        ("difference", ("10", "30", "22"), False),
        ("share", ("1", "200", "0,5%"), True),
        ("share", ("50", "200", "40%"), False),
        ("share", ("5", "0", "1%"), None),
    ],
)
def test_relations_allow_for_rounding_and_no_more(kind: str, cells: tuple[str, ...], expected: bool | None) -> None:
    assert holds(Relation(kind, 0, 1, 2), [parse_number(cell) for cell in cells]) is expected


@pytest.mark.parametrize("word", ["5", "-5", "1,5", "40%", "40%3", "5*", "<5", "-", "..", "e/t", "mnkr", "%"])
def test_cell_words(word: str) -> None:
    assert is_cell_word(word)


@pytest.mark.parametrize("word", ["HVB", "", "2022-12-31", "5a", "(5)", "miljoner kronor"])
def test_words_that_are_no_cells(word: str) -> None:
    assert not is_cell_word(word)


def test_runs_of_cells() -> None:
    assert numeric_runs(["Placerade", "barn", "5", "mnkr", "7", "varav", "3"]) == [(2, 5), (6, 7)]
    assert numeric_runs(["mnkr", "5"]) == [(1, 2)]
    assert numeric_runs([]) == []
    assert numeric_runs(["inga", "tal"]) == []
