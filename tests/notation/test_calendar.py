from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from socialvolym.errors import SocialvolymError
from socialvolym.notation.calendar import bounds, breaks_between, complete, unbroken, whole_span


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("2022", date(2022, 1, 1), date(2022, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2022-Q4", date(2022, 10, 1), date(2022, 12, 31)),
        ("2022-12-31", date(2022, 12, 31), date(2022, 12, 31)),
        ("2015/2019", date(2015, 1, 1), date(2019, 12, 31)),
        ("2022-09/2022-11", date(2022, 9, 1), date(2022, 11, 30)),
    ],
)
def test_bounds(period: str, first: date, last: date) -> None:
    assert bounds(period) == (first, last)


@pytest.mark.parametrize("period", ["", "22", "2022-13", "2022-Q5", "2022-02-30", "year"])
def test_no_period(period: str) -> None:
    with pytest.raises(SocialvolymError):
        bounds(period)


@pytest.mark.parametrize(
    ("cut", "apart"), [("2020", False), ("2021", False), ("2021-07", True), ("2022", True), ("2022-12-31", True), ("2023", False)]
)
def test_breaks_between_2021_and_2022(cut: str, apart: bool) -> None:
    assert bool(breaks_between("2021", "2022", [cut])) is apart


def test_a_year_that_a_break_falls_inside_belongs_to_no_part() -> None:
    assert unbroken(["2019", "2020", "2021", "2022"], ["2021"]) == [["2019", "2020"], ["2021", "2022"]]
    assert unbroken(["2019", "2020", "2021", "2022"], ["2021-07"]) == [["2019", "2020"], ["2022"]]
    assert unbroken(["2019", "2020"], []) == [["2019", "2020"]]


@given(st.integers(2000, 2030), st.lists(st.integers(2000, 2030), max_size=4))
def test_breaks_at_new_year_lose_no_year(first: int, cuts: list[int]) -> None:
    years = [str(first + number) for number in range(8)]
    assert [year for part in unbroken(years, [str(cut) for cut in cuts]) for year in part] == years


def test_complete_fills_every_frequency() -> None:
    assert complete(["2022", "2019"], "year") == ["2019", "2020", "2021", "2022"]
    assert complete(["2021-11", "2022-02"], "month") == ["2021-11", "2021-12", "2022-01", "2022-02"]
    assert complete(["2021-Q3", "2022-Q1"], "quarter") == ["2021-Q3", "2021-Q4", "2022-Q1"]
    assert complete([], "year") == []


@pytest.mark.parametrize(
    ("periods", "whole"),
    [
        (["2022-Q1", "2022-Q2"], "2022-01/2022-06"),
        (["2022-Q1", "2022-Q2", "2022-Q3", "2022-Q4"], "2022"),
        (["2022-02", "2022-03"], "2022-02/2022-03"),
        (["2022-Q1", "2022-Q3"], None),
        (["2022-12", "2023-01"], None),
        (["-Q1", "-Q2"], None),
    ],
)
def test_parts_that_make_up_a_period(periods: list[str], whole: str | None) -> None:
    assert whole_span(periods) == whole
