"""Notation: numbers inside a text, in the notation of English or Swedish; the digits stay as printed."""

from __future__ import annotations

import re

from socialvolym import vocabulary

_THOUSANDS = re.compile(r"(?<=\d)[ \u00a0](?=\d{3}(?!\d))")
_COMMA = re.compile(r"(?<=\d),(?=\d)")
_POINT = re.compile(r"(?<![\d.])(\d+)\.(\d+)(?![\d.]*\d)")
_MONTHS = {
    "januari": "January",
    "februari": "February",
    "mars": "March",
    "april": "April",
    "maj": "May",
    "juni": "June",
    "juli": "July",
    "augusti": "August",
    "september": "September",
    "oktober": "October",
    "november": "November",
    "december": "December",
}


def in_english(text: str) -> str:
    """Return the text with decimal points, and commas between thousands; a lone number word becomes digits, a lone month English.

    Examples
    --------
    >>> in_english("-1 071,9 %"), in_english("sju"), in_english("oktober")
    ('-1,071.9 %', '7', 'October')
    """
    word = vocabulary.words().get(text.lower())
    if word is not None:
        return f"{word[0]:g}"
    if text.lower() in _MONTHS:
        return _MONTHS[text.lower()]
    return _THOUSANDS.sub(",", _COMMA.sub(".", text))


def in_swedish(text: str) -> str:
    """Return the text with decimal commas.

    Examples
    --------
    >>> in_swedish("51.5%")
    '51,5%'
    """
    return _POINT.sub(r"\1,\2", text)


def in_notation(text: str, language: str) -> str:
    """Return the text with its numbers in the notation of a language: "en" or "sv"."""
    return in_english(text) if language == "en" else in_swedish(text)
