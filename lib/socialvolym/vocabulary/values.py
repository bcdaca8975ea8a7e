"""Values: what a cell or a phrase says as a number: digits, a range, or a word."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from socialvolym import vocabulary
from socialvolym.notation.numbers import PrintedNumber, parse_number, split_bound, tidy

_RANGE = re.compile(r"^(\d+(?:,\d+)?)\s*-\s*(\d+(?:,\d+)?)\s*(%)?$")


@lru_cache(maxsize=65536)
def read_value(text: str, breakdown: str | None = None) -> PrintedNumber | None:
    """Read what a cell or a phrase says as a number: digits, a range (by its low or high end), or a word; also behind a bound."""
    if number := parse_number(text):
        return number
    word_before, rest = split_bound(text)
    if word_before is not None:
        number = read_value(rest, breakdown)
        return replace(number, bound=word_before["bound"]) if number and number.bound is None else None
    if match := _RANGE.match(tidy(text)):
        return parse_number((match[2] if breakdown and breakdown.endswith("high") else match[1]) + (match[3] or ""))
    if word := vocabulary.words().get(tidy(text).lower()):
        return PrintedNumber(value=word[0], unit=word[1])
    return None
