"""Bilingual: numbers inside a text in the notation of English or Swedish, the digits as printed; and periods in words."""

from __future__ import annotations

import re

from socialvolym import vocabulary
from socialvolym.notation.languages import Language
from socialvolym.notation.periods import MONTH_NAMES

_THOUSANDS = re.compile(r"(?<=\d)[ \u00a0](?=\d{3}(?!\d))")
_COMMA = re.compile(r"(?<=\d),(?=\d)")
#: A point before three digits may part thousands: such a number stays as it is printed, unless it begins with 0.
_POINT = re.compile(r"(?<![\d.])(?![1-9]\d{0,2}\.\d{3}(?!\d))(\d+)\.(\d+)(?![\d.]*\d)")
_NAMES: dict[Language, tuple[str, ...]] = {
    "sv": MONTH_NAMES,
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}
_MONTHS = dict(zip(_NAMES["sv"], _NAMES["en"], strict=True))
_QUARTERS: dict[Language, tuple[str, ...]] = {
    "sv": ("första kvartalet", "andra kvartalet", "tredje kvartalet", "fjärde kvartalet"),
    "en": ("the first quarter of", "the second quarter of", "the third quarter of", "the fourth quarter of"),
}
_PERIOD = re.compile(r"(\d{4})-(?:Q([1-4])|(0[1-9]|1[0-2])(?:-(\d\d))?)")


def period_in_words(period: str, language: Language) -> str:
    """Return a period in words; what is none stays as it is.

    Examples
    --------
    >>> [period_in_words(each, "sv") for each in ("2022-03", "2022-Q2", "2024-12-31", "2015/2019", "2024-01/2024-08")]
    ['mars 2022', 'andra kvartalet 2022', '31 december 2024', '2015–2019', 'januari–augusti 2024']
    """
    if "/" in period:
        first, last = period.split("/", 1)
        words = period_in_words(first, language)
        # "januari–augusti 2024": the year that both are of is said once.
        same = first[:4] == last[:4] and len(first) > len("2024")
        return f"{words.removesuffix(f' {first[:4]}') if same else words}–{period_in_words(last, language)}"
    match = _PERIOD.fullmatch(period)
    if match is None:
        return period
    year, quarter, month, day = match.groups()
    words = _QUARTERS[language][int(quarter) - 1] if quarter else _NAMES[language][int(month) - 1]
    return f"{f'{int(day)} ' if day else ''}{words} {year}"


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
