"""Intervals: what a printed number can stand for, and how far two of them are apart beyond rounding."""

from __future__ import annotations

import polars as pl

#: Floating-point dust that is no difference, in units of the last printed digit.
DUST = 1e-6
_DECIMALS = r"\d[.,](\d+)(?:[^\d.,]|$)"


def decimals(text: pl.Expr) -> pl.Expr:
    """Return how many decimals are printed in a text; 0 for words and for points between thousands."""
    found = text.str.extract(_DECIMALS, 1).str.len_chars().fill_null(0)
    return pl.when(text.str.count_matches(r"\d[.,]\d") > 1).then(0).otherwise(found).cast(pl.Int8)


def distance(printed: pl.Expr, half: pl.Expr, expected: pl.Expr, expected_half: pl.Expr) -> pl.Expr:
    """Return how far printed +- half and expected +- expected_half are apart; 0 where they meet."""
    return ((printed - expected).abs() - half - expected_half).clip(0)


def outside(printed: pl.Expr, half: pl.Expr, low: pl.Expr, high: pl.Expr) -> pl.Expr:
    """Return how far printed +- half is from the interval low..high; 0 where they meet."""
    return pl.max_horizontal(low - printed - half, printed - half - high, pl.lit(0.0))


def quotient(a: pl.Expr, a_half: pl.Expr, b: pl.Expr, b_half: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Return the lowest and highest a / |b| that the intervals allow; null where b can be zero.

    a takes the sign it has relative to b, so that two costs with a minus sign give a positive quotient.
    """
    top = a * b.sign()
    small, large = pl.when(b.abs() > b_half).then(b.abs() - b_half), b.abs() + b_half
    low, high = top - a_half, top + a_half
    return (
        low / pl.when(low >= 0).then(large).otherwise(small) + 0 * small,
        high / pl.when(high >= 0).then(small).otherwise(large) + 0 * small,
    )


def truncated(printed: pl.Expr, step: pl.Expr, low: pl.Expr, high: pl.Expr) -> pl.Expr:
    """Tell whether cutting the digits off a value in low..high gives the printed one."""
    size, near, far = printed.abs(), pl.min_horizontal(low.abs(), high.abs()), pl.max_horizontal(low.abs(), high.abs())
    return (far >= size) & (near < size + step)
