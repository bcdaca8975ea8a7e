"""Printed numbers: what is one number, what it is worth, and how precisely it is known."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from socialvolym.notation.numbers import PRINTED_UNITS, PrintedNumber, bound_told, parse_number, parse_numbers, print_number, tidy


@given(st.integers(-(10**12), 10**12), st.integers(0, 4))
def test_what_is_printed_is_read_back(digits: int, decimals: int) -> None:
    value = digits / 10**decimals
    number = parse_number(print_number(value, decimals))
    assert number is not None
    assert number.decimals == decimals
    assert number.value == pytest.approx(value, abs=1e-9)


@given(st.floats(-1e9, 1e9), st.integers(0, 3))
def test_a_value_lies_in_the_interval_of_its_print(value: float, decimals: int) -> None:
    number = parse_number(print_number(value, decimals))
    assert number is not None
    low, high = number.interval
    assert low - 1e-6 <= value <= high + 1e-6


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (999, 0, "999"),
        (1000, 0, "1 000"),
        (-13902, 0, "-13 902"),
        (34.05, 1, "34,0"),
        (1234567.891, 2, "1 234 567,89"),
        (-0.4, 0, "0"),
        (-0.04, 1, "0,0"),
        (-0.06, 1, "-0,1"),
        (0, 2, "0,00"),
    ],
)
def test_print_number(value: float, decimals: int, text: str) -> None:
    assert print_number(value, decimals) == text


@pytest.mark.parametrize(
    ("text", "value", "decimals"),
    [
        ("7", 7, 0),
        ("007", 7, 0),
        ("1 000", 1000, 0),
        ("1\u00a0000", 1000, 0),
        ("1\u202f000\u2009000", 1e6, 0),
        ("1234567", 1234567, 0),
        ("1.234.567", 1234567, 0),
        ("1.234", 1234, 0),
        ("-43.115", -43115, 0),
        ("0.234", 0.234, 3),
        ("1.23", 1.23, 2),
        ("1.2345", 1.2345, 4),
        ("12,50", 12.5, 2),
        ("−5", -5, 0),
        ("–5", -5, 0),
        ("- 5", -5, 0),
        ("+5", 5, 0),
        ("minus 4", -4, 0),
        ("plus 4", 4, 0),
        (" 8\n", 8, 0),
    ],
)
def test_values(text: str, value: float, decimals: int) -> None:
    number = parse_number(text)
    assert number == PrintedNumber(value=value, decimals=decimals)


@pytest.mark.parametrize(
    "text",
    ["", " ", "-", "%", "3 x", "12 34", "1 2345", "1000 000", "0 100", "1,2,3", "+-5", "(5)", "12-13", "HVB", "³", "5 %%"],
)
def test_what_is_not_one_number(text: str) -> None:
    assert parse_number(text) is None


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("12%", 12, "percent"),
        ("12 procent", 12, "percent"),
        ("2 procentenheter", 2, "percentage_points"),
        ("1 procentenhet", 1, "percentage_points"),
        ("2 %-enheter", 2, "percentage_points"),
        ("3,5 mnkr", 3.5, "MSEK"),
        ("3 miljoner kronor", 3, "MSEK"),
        ("1 miljard kronor", 1, "GSEK"),
        ("2 miljarder kronor", 2, "GSEK"),
        ("20tkr", 20, "kSEK"),
        ("20 KR", 20, "SEK"),
        ("20 kr/dygn", 20, "SEK"),
        ("20 krona", None, None),
    ],
)
def test_units(text: str, value: float | None, unit: str | None) -> None:
    number = parse_number(text)
    assert (number and number.value, number and number.unit) == (value, unit)


@given(st.sampled_from(sorted(PRINTED_UNITS)), st.integers(0, 999))
def test_every_unit_is_read_behind_a_number(unit: str, value: int) -> None:
    number = parse_number(f"{value} {unit}")
    assert number is not None
    assert (number.value, number.unit) == (value, PRINTED_UNITS[unit])


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("<5", "lt"),
        ("högst 5", "lt"),
        ("> 5", "gt"),
        ("Minst 5 %", "gt"),
        ("ca 5", "approx"),
        ("c:a 5", "approx"),
        ("drygt 5 mnkr", "approx"),
    ],
)
def test_bounds(text: str, bound: str) -> None:
    number = parse_number(text)
    assert number is not None
    assert (number.value, number.bound) == (5, bound)


@pytest.mark.parametrize(
    ("printed", "bound", "told"),
    [
        ("drygt 60", "approx", "just over"),
        ("Nästan en tredjedel", "approx", "nearly"),
        ("60", "approx", "about"),
        ("inom sex", "lt", "within"),
        ("<5", "lt", "under"),
        ("5", "lt", "at most"),
        ("över 80", "gt", "over"),
        ("5", "gt", "at least"),
        ("drygt 60", None, None),
    ],
)
def test_a_bound_is_told_as_it_is_printed(printed: str, bound: str | None, told: str | None) -> None:
    word = bound_told(printed, bound)
    assert (word["en"] if word else None) == told


def test_an_age_is_no_number_with_a_bound() -> None:
    assert parse_number("över 65") is None


@pytest.mark.parametrize(
    ("text", "value", "note"), [("49,3%3", 49.3, "3"), ("5*", 5, "*"), ("5**", 5, "**"), ("7¹", 7, "¹"), ("49,33", 49.33, None)]
)
def test_footnote_marks(text: str, value: float, note: str | None) -> None:
    number = parse_number(text)
    assert number is not None
    assert (number.value, number.note) == (value, note)


@pytest.mark.parametrize(("text", "interval"), [("5", (4.5, 5.5)), ("5,0", (4.95, 5.05)), ("-5,25", (-5.255, -5.245))])
def test_interval(text: str, interval: tuple[float, float]) -> None:
    number = parse_number(text)
    assert number is not None
    assert number.interval == pytest.approx(interval)


@given(st.text())
def test_any_text_is_read_or_refused_and_tidied_once(text: str) -> None:
    number = parse_number(text)
    assert number is None or any(c.isdigit() for c in text)
    assert tidy(tidy(text)) == tidy(text)


_CELLS = st.lists(
    st.one_of(
        st.none(),
        st.text("0123456789 ,.-+%*<\u00a0\u2212k", max_size=9),
        st.integers(-(10**9), 10**9).map(print_number),
        st.floats(-1e6, 1e6).map(lambda value: print_number(value, 1) + " %"),
        st.sampled_from(
            ["", "-", "..", "1 234", "1,5%", "49,3%3", "ca 20", "0136", "01 234", "1 23", "12 tkr", "- 5", "1e5", "inf", "5 % "]
        ),
    ),
    max_size=30,
)


@given(_CELLS)
def test_many_numbers_are_read_as_each_is_by_itself(texts: list[str | None]) -> None:
    read = parse_numbers(pl.Series(texts, dtype=pl.String))
    alone = [None if text is None else parse_number(text) for text in texts]
    for name in ("value", "unit", "bound", "note"):
        assert read[name].to_list() == [None if number is None else getattr(number, name) for number in alone]


@pytest.mark.parametrize("blank", [" ", "\u00a0", "\u2003", "\u3000", "\n", "\r\n", "\t", "\u2028", "\u1680", "\x0b"])
def test_all_white_space_of_unicode_parts_thousands(blank: str) -> None:
    number = parse_number(f"1{blank}234")
    assert number is not None and number.value == 1234
    assert parse_numbers(pl.Series([f"1{blank}234"]))["value"].to_list() == [1234]
