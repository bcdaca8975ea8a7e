"""Tests of socialvolym.auditing.intervals."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from socialvolym.notation.intervals import decimals, distance, quotient, truncated
from socialvolym.notation.numbers import print_number


def _value(**expressions: pl.Expr) -> object:
    return pl.select(**expressions).row(0)[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-15 350", 0),
        ("12,0", 1),
        ("27.9", 1),
        ("49,3%3", 1),
        ("37,33%", 2),
        ("1.234.567", 0),
        ("fyra", 0),
        ("8 420 tkr", 0),
    ],
)
def test_decimals(text: str, expected: int) -> None:
    assert _value(x=decimals(pl.lit(text))) == expected


@given(st.integers(-(10**7), 10**7), st.integers(0, 3))
def test_decimals_of_printed_numbers(digits: int, places: int) -> None:
    assert _value(x=decimals(pl.lit(print_number(digits / 10**places, places)))) == places


@pytest.mark.parametrize(("printed", "expected", "apart"), [(48.0, 47.0, 0.0), (49.0, 47.0, 1.0)])
def test_distance_is_zero_where_the_intervals_touch(printed: float, expected: float, apart: float) -> None:
    assert _value(x=distance(pl.lit(printed), pl.lit(0.5), pl.lit(expected), pl.lit(0.5))) == apart


@given(st.floats(-1e4, 1e4), st.floats(0, 10), st.floats(20, 1e4), st.floats(0, 10), st.floats(-1, 1), st.floats(-1, 1))
def test_quotient_holds_every_quotient_of_the_intervals(a: float, ah: float, b: float, bh: float, x: float, y: float) -> None:
    low, high = quotient(pl.lit(a), pl.lit(ah), pl.lit(b), pl.lit(bh))
    least, most = pl.select(low=low, high=high).row(0)
    assert least - 1e-9 <= (a + x * ah) / (b + y * bh) <= most + 1e-9


def test_quotient_by_what_may_be_zero_is_unknown() -> None:
    low, high = quotient(pl.lit(5.0), pl.lit(0.5), pl.lit(0.3), pl.lit(0.5))
    assert pl.select(low=low, high=high).row(0) == (None, None)


def test_two_costs_with_a_minus_sign_give_a_positive_quotient() -> None:
    low, high = quotient(pl.lit(-110.0), pl.lit(0.0), pl.lit(-100.0), pl.lit(0.0))
    assert pl.select(low=low, high=high).row(0) == (1.1, 1.1)


@pytest.mark.parametrize(
    ("printed", "low", "high", "cut"),
    [
        (6.1, 6.16, 6.17, True),
        (-10.8, -10.87, -10.86, True),
        (15.2, 15.02, 15.03, False),
        (6.2, 6.16, 6.17, False),
    ],
)
def test_truncated(printed: float, low: float, high: float, cut: bool) -> None:
    assert _value(x=truncated(pl.lit(printed), pl.lit(0.1), pl.lit(low), pl.lit(high))) is cut
