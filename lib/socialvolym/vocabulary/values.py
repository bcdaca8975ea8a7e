"""Values: what a cell or a phrase says as a number: digits, a range, or a word."""

from __future__ import annotations

import re
from functools import lru_cache

from socialvolym import vocabulary
from socialvolym.notation.numbers import PrintedNumber, parse_number, tidy

_RANGE = re.compile(r"^(\d+(?:,\d+)?)\s*-\s*(\d+(?:,\d+)?)\s*(%)?$")


@lru_cache(maxsize=65536)
def read_value(text: str, breakdown: str | None = None) -> PrintedNumber | None:
    """Read what a cell or a phrase says as a number: digits, a range (by its low or high end), or a word."""
    if number := parse_number(text):
        return number
    if match := _RANGE.match(tidy(text)):
        return parse_number((match[2] if breakdown and breakdown.endswith("high") else match[1]) + (match[3] or ""))
    if word := vocabulary.words().get(tidy(text).lower()):
        return PrintedNumber(value=word[0], unit=word[1])
    return None
