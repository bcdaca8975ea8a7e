"""Personal data: what points at a person in a text is found and masked, before any other code sees the text."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Literal

MASK = "***"

Kind = Literal["identity_number", "apartment", "initials", "phone", "email"]

_ABBREVIATIONS = Path(__file__).with_name("abbreviations.csv")
_PERSON_WORDS = Path(__file__).with_name("person_words.csv")
#: Statistics are dated from this year on: an older date before four digits is a birthday, not the date of a figure.
_FIRST_STATISTICS = 1990

#: A personal identity or co-ordination number: year (with or without century), month and day, parted or not, and four digits.
#: Neither the decimals of a figure nor another date follow.
_BIRTHDAY = r"(?:(?P<century>19|20) ?)?(?P<year>\d\d)(?P<first>[-./ ]?)(?P<month>\d\d)(?P<second>[-./ ]?)(?P<day>\d\d)"
_PARTING = r"(?P<parting>[-+/_:]| {0,3}[-+/_:] {0,3}| {0,4})"
_NO_DECIMALS_NO_DATE = r"(?!\d|[,.]\d{1,2}(?!\d)|[-./]\d\d[-./]\d\d)"
_IDENTITY_NUMBER = re.compile(rf"(?<!\d){_BIRTHDAY}{_PARTING}(?P<end>\d{{4}}){_NO_DECIMALS_NO_DATE}")
#: A figure just before: then what follows blanks is the next column.
_FIGURE_BEFORE = re.compile(r"\d[%*]{0,2} {1,9}-?$")
#: What may be left of an identity number at the end of a line, and what then begins the next.
_BROKEN_OFF = re.compile(r"(?:\d[-./ ]?){6,8}[-+/]?$")
_CONTINUED = re.compile(r"[-+/]? ?\d{4}(?!\d)")

#: What makes a number behind "lägenhet" an amount or an area.
_MEASURED = r" ?(?:kvm|kvadratmeter|m2|m\u00b2|kr\b|kronor|tkr|mnkr|procent|%)"
_NUMBER = r"(?>(?!20\d\d\b)\d+(?: ?[/-] ?\d+)*)"
#: An apartment number; four digits that are a year, and what something costs per apartment, are none. The whole word needs three
#: digits, and no further figures of a table's row behind them, where it does not say that they are a number.
_SHORT = rf"(?:lgh|lägh)\b\.? ?(?:nr\.?|nummer)?:? ?(?P<found>{_NUMBER})"
_WHOLE = rf"lägenhet\b ?(?:(?:nr\.?|nummer):? ?(?P<numbered>{_NUMBER})|:? ?(?=\d{{3}})(?P<named>{_NUMBER})(?! \d))"
_APARTMENT = re.compile(
    rf"(?<!per )(?<!varje )(?<!snitt )\b(?:{_SHORT}|{_WHOLE})(?![\d,]|{_MEASURED})",
    re.IGNORECASE,
)

_EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64} ?(?:@|[(\[](?:at|a)[)\]]) ?[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}", re.IGNORECASE)
_AT = re.compile(r"@|[(\[]at?[)\]]", re.IGNORECASE)
#: A telephone number: with +46, with the hyphen behind its area code, of a mobile, or said to be one.
_FROM_ABROAD = r"(?:\+46|0046) ?(?:\(0\) ?)?-?[1-9]\d{0,2}[ -]?\d{2,3}(?:[ -]?\d{2,3}){1,3}(?! \d)"
_WITH_AREA = r"(?:08|0\d{2,3}) ?[-/] ?\d{2,3}(?: ?\d{2,3}){1,3}"
_MOBILE = r"07[02369](?: ?\d){7}(?! \d)"
_PHONE = re.compile(rf"(?<![\d.,/+-])(?:{_FROM_ABROAD}|{_WITH_AREA}|{_MOBILE})(?!\d|[,.]\d{{1,3}}(?!\d))")
_HYPHENATED = re.compile(r"\d-\d")
_CALLED = r"(?:mobil)?tele?fon(?:nummer|nr)?|tel(?:nr)?|tfn|mobil(?:nummer|nr)?|växel|fax|sms|ring"
_SAID_PHONE = re.compile(
    rf"\b(?:{_CALLED})\b[.:]{{0,2}} ?(?:till |på |nr |:)?(?P<found>\+?\d(?:[ -]?\d){{5,12}})(?!\d)", re.IGNORECASE
)
#: As many digits has a telephone number behind the first zero of its area code; fewer may be hours or years and a figure.
_PHONE_DIGITS = range(8, 10)

_INITIALS = r"(?P<found>[A-ZÅÄÖ]\.? ?[A-ZÅÄÖ]\b\.?)"
#: Words with a number that are no street, and units that make a number behind a name a count of something there.
_PART_OF_DOCUMENT = r"Tabell|Bilaga|Diagram|Figur|Mål|Delmål|Kapitel|Avsnitt|Sida|Rad|Kolumn|Punkt|Steg|Nivå|Fas|Grupp"
_TIME = r"Kvartal|Tertial|Period|Januari|Februari|Mars|April|Maj|Juni|Juli|Augusti|September|Oktober|November|December"
_COUNT_OF = r"Barn|Vuxna|Ungdom|Personer|Platser|Antal"
_PLAN = r"Budget|Utfall|Bokslut|Prognos|Version|Paragraf|Uppdrag|Projekt|Åtgärd|Aktivitet|Indikator"
_NUMBERED = rf"(?:{_PART_OF_DOCUMENT}|{_TIME}|{_COUNT_OF}|{_PLAN})"
_COUNTED = (
    r"(?! ?(?:platser|plats|lägenheter|st\b|personer|barn|boende|brukare|elever|procent|%|kr\b|tkr|mnkr|kronor|timmar|år\b|dygn))"
)
#: A street or a house by its name, and its number.
_ADDRESS = rf"(?!{_NUMBERED}\b)[A-ZÅÄÖ][a-zåäöé]{{2,}}(?: [A-ZÅÄÖ]?[a-zåäöé]{{2,}})? ?\d{{1,3}} ?[A-Za-z]?\b{_COUNTED}"
_INITIALS_AT_HOME = (
    re.compile(rf"(?<![\w.]){_INITIALS}(?:, ?| - | )(?={_ADDRESS})"),
    re.compile(rf"\b{_ADDRESS}(?:, ?| - | ){_INITIALS}(?![\w-])"),
)


@dataclass(frozen=True)
class PersonalData:
    """Something in a text that points at a person: of which kind, and from where to where; never the text itself."""

    kind: Kind
    start: int
    end: int


@dataclass(frozen=True)
class Masked:
    """Texts with what points at a person masked, and what was found: the place of the text in its order, and the kind."""

    texts: list[str]
    found: list[tuple[int, Kind]]


def find_personal_data(text: str) -> list[PersonalData]:
    """Return what points at a person in a text, in order, without overlaps.

    Personal identity and co-ordination numbers (with a valid date and check digit, however they are written), numbers of
    apartments, telephone numbers, e-mail addresses, and initials beside an address or behind a word for a person.
    """
    plain, places = _plain(text)
    found: list[PersonalData] = []
    for kind, start, end in sorted(_candidates(plain), key=lambda item: (item[1], -item[2])):
        if not found or places[start] >= found[-1].end:
            found.append(PersonalData(kind, places[start], places[end - 1] + 1))
    return found


def mask(text: str) -> str:
    """Return a text with what points at a person replaced by MASK."""
    return _without(text, find_personal_data(text))


def mask_lines(lines: Sequence[str], apart: Collection[int] = ()) -> Masked:
    """Return the lines of a text with what points at a person replaced by MASK.

    Parameters
    ----------
    apart : the 1-based lines whose tabs part the cells of a table, so that nothing goes over a tab; on all others an identity
        number may be parted by one, and may begin on one line and end on the next.
    """
    clean, found = list(lines), list[tuple[int, Kind]]()
    for place in range(len(clean)):
        if place and not (place in apart or place + 1 in apart):
            _mask_broken(clean, place, found)
        pieces = clean[place].split("\t") if place + 1 in apart else [clean[place]]
        items = [find_personal_data(piece) for piece in pieces]
        if any(items):
            found.extend((place, item.kind) for part in items for item in part)
            clean[place] = "\t".join(map(_without, pieces, items))
    return Masked(clean, found)


def _without(text: str, items: Sequence[PersonalData]) -> str:
    for item in reversed(items):
        text = text[: item.start] + MASK + text[item.end :]
    return text


def _mask_broken(texts: list[str], place: int, found: list[tuple[int, Kind]]) -> None:
    """Mask an identity number that begins at the end of the line before and ends on this one; a hyphen must part it."""
    tail = texts[place].lstrip()
    end = _CONTINUED.match(tail[:8])
    if end is None:
        return
    head = texts[place - 1].rstrip()
    if not (head.endswith(("-", "+", "/")) or tail[0] in "-+/") or not _BROKEN_OFF.search(_plain(head[-20:])[0]):
        return
    for item in find_personal_data(head[-20:] + tail[: end.end()]):
        start = max(len(head) - 20, 0) + item.start
        if item.kind == "identity_number" and start < len(head):
            texts[place - 1], texts[place] = head[:start] + MASK, tail[end.end() :]
            found.append((place - 1, item.kind))


#: Other forms of characters that the patterns name.
_WIDE = {"\u2044": "/", "\u2215": "/", "\uff0f": "/", "\uff20": "@", "\uff0e": ".", "\uff0b": "+"}


class _Letters(dict[int, str]):
    """Characters as the patterns know them: any dash as "-", any blank as " ", any slash as "/", any decimal digit as 0-9."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        category = unicodedata.category(character)
        if category == "Pd" or character == "\u2212":
            plain = "-"
        elif character.isspace():
            plain = " "
        elif category == "Nd":
            plain = str(unicodedata.decimal(character))
        else:
            plain = _WIDE.get(character, character)
        self[code] = plain
        return plain


_LETTERS = _Letters()


def _plain(text: str) -> tuple[str, Sequence[int]]:
    """Return a text as the patterns know it, without what is not seen in it, and where each character of it stood."""
    plain = text.translate(_LETTERS)
    if plain.isascii() or not any(unicodedata.category(letter) == "Cf" for letter in set(plain)):
        return plain, range(len(plain))
    places = [place for place, letter in enumerate(plain) if unicodedata.category(letter) != "Cf"]
    return "".join(plain[place] for place in places), places


def _candidates(text: str) -> Iterator[tuple[Kind, int, int]]:
    yield from (("identity_number", *span) for span in _identity_numbers(text))
    for match in _APARTMENT.finditer(text):
        yield "apartment", *match.span(next(name for name, found in match.groupdict().items() if found))
    for pattern in _INITIALS_AT_HOME:
        yield from (("initials", *match.span("found")) for match in pattern.finditer(text) if not _is_abbreviation(match))
    known, unknown = _behind_person_words()
    yield from (("initials", *match.span("found")) for match in known.finditer(text))
    yield from (("initials", *match.span("found")) for match in unknown.finditer(text) if not _is_abbreviation(match))
    for match in _PHONE.finditer(text):
        number, hyphenated = match[0], _HYPHENATED.search(match[0])
        while hyphenated and " " in number and not _is_phone(number):  # the next column's figure stands behind it
            number = number.rpartition(" ")[0]
        if _is_phone(number) and (hyphenated or not _FIGURE_BEFORE.search(text, 0, match.start())):
            yield "phone", match.start(), match.start() + len(number)
    yield from (("phone", *match.span("found")) for match in _SAID_PHONE.finditer(text))
    if _AT.search(text):
        yield from (("email", *match.span()) for match in _EMAIL.finditer(text))


def _is_phone(text: str) -> bool:
    """Tell whether digits are as many as a telephone number has."""
    digits = "".join(filter(str.isdigit, text))
    international = text.startswith(("+", "00"))
    return len(digits.removeprefix("00").removeprefix("46").removeprefix("0") if international else digits[1:]) in _PHONE_DIGITS


def _is_abbreviation(match: re.Match[str]) -> bool:
    return match["found"] in _abbreviations()


def _identity_numbers(text: str) -> Iterator[tuple[int, int]]:
    for match in _IDENTITY_NUMBER.finditer(text):
        digits = match["year"] + match["month"] + match["day"] + match["end"]
        days = _days(match["century"], int(match["year"]), int(match["month"]), int(match["day"]))
        if days and _checks(digits) and (" " not in match["parting"] or not _is_row(match, days)):
            yield match.span()


def _is_row(match: re.Match[str], days: Sequence[date]) -> bool:
    """Tell whether blanks part a row of figures, or a date from the figure of that day, rather than an identity number."""
    if _FIGURE_BEFORE.search(match.string, 0, match.start()):
        return True
    if " " in match["first"] + match["second"] and match["parting"].strip() == "":
        return True
    dated = bool(match["century"]) or not match["parting"].strip()
    return dated and any(day.year >= _FIRST_STATISTICS and (day.day == 1 or (day + timedelta(days=1)).day == 1) for day in days)


def _days(century: str | None, year: int, month: int, day: int) -> list[date]:
    """Return the days that a number can be of, in either century where it names none; co-ordination numbers add 60 to the day."""
    found = []
    for start in [int(century)] if century else [19, 20]:
        try:
            found.append(date(100 * start + year, month, day - 60 if day > 60 else day))
        except ValueError:
            continue
    return found


def _checks(digits: str) -> bool:
    """Tell whether ten digits end in their check digit (Luhn's algorithm)."""
    doubled = (sum(divmod(int(digit) * 2, 10)) for digit in digits[::2])
    return (sum(doubled) + sum(map(int, digits[1::2]))) % 10 == 0


@lru_cache(maxsize=1)
def _abbreviations() -> frozenset[str]:
    """Return the two-letter abbreviations that are no person's initials."""
    return frozenset(_ABBREVIATIONS.read_text(encoding="utf-8").split()[1:])


@lru_cache(maxsize=1)
def _behind_person_words() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of initials behind words for a known person ("brukaren"), and behind words for any ("brukare").

    Behind the latter, an abbreviation, or a figure that follows, tells of a label.
    """
    with _PERSON_WORDS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    known, unknown = (_any_of(row["word"] for row in rows if row["known"] == yes) for yes in ("yes", "no"))
    several = r"(?P<found>[A-ZÅÄÖ]\.? ?[A-ZÅÄÖ](?:\.? ?[A-ZÅÄÖ])?\b\.?)"
    return (
        re.compile(rf"\b(?:{known}):? {several}(?![\w-])"),
        re.compile(rf"\b(?:{unknown}):? {_INITIALS}(?![\w-])(?!,? (?:har |med |om )?\d)"),
    )


def _any_of(words: Iterable[str]) -> str:
    return "|".join(f"[{word[0].upper()}{word[0]}]{re.escape(word[1:])}" for word in words)
