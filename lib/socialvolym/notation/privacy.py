"""Personal data: what points at a person in a text is found and masked when it is read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

MASK = "***"

Kind = Literal["identity_number", "apartment", "initials"]

_ABBREVIATIONS = Path(__file__).with_name("abbreviations.csv")
#: A personal identity or coordination number: year (with or without century), month, day, hyphen or plus, four digits.
_IDENTITY_NUMBER = re.compile(
    r"(?<![\d-])(?P<century>19|20)?(?P<year>\d\d)(?P<month>\d\d)(?P<day>\d\d)"
    r"(?: ?[-+\u2010-\u2013] ?)?(?P<end>\d{4})(?![\d-])"
)
#: What makes a number behind "lägenhet" an amount or an area.
_MEASURED = r" ?(?:kvm|kvadratmeter|m2|m\u00b2|kr\b|kronor|tkr|mnkr|procent|%)"
_NUMBER = r"(?>(?!20\d\d\b)\d+(?: ?[/-] ?\d+)*)"
#: An apartment number; four digits that are a year, and what something costs per apartment, are none. The whole word needs three
#: digits, and no further figures of a table's row behind them, where it does not say that they are a number.
_APARTMENT = re.compile(
    rf"(?<!per )(?<!varje )(?<!snitt )\b(?:(?:lgh|lägh)\b\.? ?(?:nr\.?|nummer)?:? ?(?P<found>{_NUMBER})"
    rf"|lägenhet\b ?(?:(?:nr\.?|nummer):? ?(?P<numbered>{_NUMBER})|:? ?(?=\d{{3}})(?P<named>{_NUMBER})(?! \d)))"
    rf"(?![\d,]|{_MEASURED})",
    re.IGNORECASE,
)
_INITIALS = r"(?P<found>[A-ZÅÄÖ]\.? ?[A-ZÅÄÖ]\b\.?)"
#: Words with a number that are no street, and units that make a number behind a name a count of something there.
_NUMBERED = (
    r"(?:Tabell|Bilaga|Diagram|Figur|Mål|Delmål|Kapitel|Avsnitt|Sida|Rad|Kolumn|Punkt|Steg|Nivå|Fas|Grupp|Kvartal|Tertial|Period"
    r"|Barn|Vuxna|Ungdom|Personer|Platser|Antal|Januari|Februari|Mars|April|Maj|Juni|Juli|Augusti|September|Oktober|November"
    r"|December|Budget|Utfall|Bokslut|Prognos|Version|Paragraf|Uppdrag|Projekt|Åtgärd|Aktivitet|Indikator)"
)
_COUNTED = (
    r"(?! ?(?:platser|plats|lägenheter|st\b|personer|barn|boende|brukare|elever|procent|%|kr\b|tkr|mnkr|kronor|timmar|år\b|dygn))"
)
#: A street or a house by its name, and its number.
_ADDRESS = rf"(?!{_NUMBERED}\b)[A-ZÅÄÖ][a-zåäöé]{{2,}}(?: [A-ZÅÄÖ]?[a-zåäöé]{{2,}})? ?\d{{1,3}} ?[A-Za-z]?\b{_COUNTED}"
_INITIALS_AT_HOME = (
    re.compile(rf"(?<![\w.]){_INITIALS}(?:, ?| - | )(?={_ADDRESS})"),
    re.compile(rf"\b{_ADDRESS}(?:, ?| - | ){_INITIALS}(?![\w-])"),
    re.compile(rf"\b(?:[Bb]rukare|[Bb]oende|[Kk]lient|[Hh]yresgäst)(?:n|en)?:? {_INITIALS}(?![\w-])(?!,? (?:har |med |om )?\d)"),
)


@dataclass(frozen=True)
class PersonalData:
    """Something in a text that points at a person: of which kind, and from where to where; never the text itself."""

    kind: Kind
    start: int
    end: int


def find_personal_data(text: str) -> list[PersonalData]:
    """Return what points at a person in a text, in order, without overlaps.

    Identity and coordination numbers (with a valid date and check digit), numbers of apartments, and initials beside an
    address or behind a word for a resident.
    """
    found: list[PersonalData] = []
    for item in sorted(_candidates(text), key=lambda item: (item.start, -item.end)):
        if not found or item.start >= found[-1].end:
            found.append(item)
    return found


def mask(text: str) -> str:
    """Return a text with what points at a person replaced by MASK."""
    for item in reversed(find_personal_data(text)):
        text = text[: item.start] + MASK + text[item.end :]
    return text


def has_identity_number(text: str) -> bool:
    """Tell whether a text holds a Swedish personal identity or coordination number."""
    return any(True for _ in _identity_numbers(text))


def _candidates(text: str) -> Iterator[PersonalData]:
    yield from _identity_numbers(text)
    for match in _APARTMENT.finditer(text):
        yield PersonalData("apartment", *match.span(next(name for name, found in match.groupdict().items() if found)))
    for pattern in _INITIALS_AT_HOME:
        for match in pattern.finditer(text):
            if match["found"] not in _abbreviations():
                yield PersonalData("initials", *match.span("found"))


def _identity_numbers(text: str) -> Iterator[PersonalData]:
    for match in _IDENTITY_NUMBER.finditer(text):
        digits = match["year"] + match["month"] + match["day"] + match["end"]
        if _is_date(match["century"], int(match["year"]), int(match["month"]), int(match["day"])) and _checks(digits):
            yield PersonalData("identity_number", *match.span())


def _is_date(century: str | None, year: int, month: int, day: int) -> bool:
    """Tell whether a day exists; 60 is added to the day of coordination numbers. Without century either will do."""
    for start in [int(century)] if century else [19, 20]:
        try:
            date(100 * start + year, month, day - 60 if day > 60 else day)
        except ValueError:
            continue
        return True
    return False


def _checks(digits: str) -> bool:
    """Tell whether ten digits end in their check digit (Luhn's algorithm)."""
    doubled = (sum(divmod(int(digit) * 2, 10)) for digit in digits[::2])
    return (sum(doubled) + sum(map(int, digits[1::2]))) % 10 == 0


@lru_cache(maxsize=1)
def _abbreviations() -> frozenset[str]:
    """Return the two-letter abbreviations that are no person's initials."""
    return frozenset(_ABBREVIATIONS.read_text(encoding="utf-8").split()[1:])
