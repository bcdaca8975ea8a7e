"""Heading words: a line of headings taken apart into periods and words, each with what kind of word it is."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from socialvolym.notation.numbers import tidy
from socialvolym.notation.periods import MONTH, YEAR
from socialvolym.vocabulary import municipalities
from socialvolym.vocabulary.phrases import first_meaning, is_said, phrases

_GAP = re.compile(r"\t+| {2,}|\|")
_GAP_MARK = "¦"
_DASHES = str.maketrans({"\u2013": "-", "\u2014": "-", "\u2212": "-", "\u00a0": " "})
_MONTH = rf"{MONTH}\.?"
#: Years of two digits that follow each other, "18/19", are years from here on: before them months and days stand so.
_FIRST_SHORT, _LAST_SHORT = 13, 40
#: What a heading may say as a period, longest first.
_PERIODS = (
    # A day or a month that ends a line above several years is over all of them, not over the first.
    rf"(?:\d{{1,2}}\s+)?{_MONTH}(?:[ ]+|\s+(?!{YEAR}[ ]+{YEAR})){YEAR}\d?(?!\d)",
    rf"\b(?:[12]?\d|3[01])[ ]{_MONTH}(?![-\w])",
    rf"{_MONTH}\s?-\s?{_MONTH}(?:\s+{YEAR})?",
    rf"{YEAR}-\d\d-\d\d",
    rf"{YEAR}\d\d-{YEAR}\d\d",
    r"\b\d\d(?:0[1-9]|1[0-2])-\d\d(?:0[1-9]|1[0-2])\b",
    r"\b(?:2[1-9]|3\d)(?:0[1-9]|1[0-2])\b",
    rf"{YEAR}\s?[-/]\s?{YEAR}",
    rf"{YEAR}[-/]\d\d\b",
    rf"{YEAR}(?:0[1-9]|1[0-2])\b",
    rf"{_MONTH}[- ]'?[1-4]\d(?!\S)",
    rf"\b(?:kvartal|kv|q|tertial|t|halvår|h|tertialrapport|kvartalsrapport|delårsrapport|delår)\s?[1-4]\b(?:,?[ ]{YEAR})?",
    # The same months of another year, and the months that a report of a part of a year tells of.
    rf"\b(?:samma|motsvarande)\s(?:period(?:en)?|tid(?:en|punkt)?|månad(?:er)?|kvartal|tertial)"
    rf"(?:(?:\si)?\s(?:{YEAR}|föregående\sår|förra\såret|fjol))?",
    rf"\bperioden\s{YEAR}",
    rf"{YEAR}\d?\*?",
    *(rf"\b{first:02d}[/-]{first + 1:02d}\b(?!\s?{YEAR})" for first in range(_FIRST_SHORT, _LAST_SHORT)),
    rf"(?<=\s){_MONTH}(?=\s|$)",
    rf"^{_MONTH}(?=\s|$)",
)
#: Words that say one thing together: per how many, of what age, which among how many.
_TOGETHER = (
    r"per\s\d{1,3}(?:\s?000)*(?:\s(?:inv(?:ånare)?|barn)\b\.?)?",
    r"\d{1,2}\s?-\s?\d{1,2}\sår\b",
    r"[<>]?\d{1,2}\+?\sår\b",
    r"\brang\w*\s(?:av|bland)\s\d{1,3}\b",
)
#: Names of places that are more than a word.
_PLACES = (
    r"\b(?:Västra\s)?\w+\slän\d?\b",
    r"\b(?:liknande|jämförbara|övriga|andra|alla|samtliga)\skommuner(?:na)?\d?\b",
    r"\b(?:Västra|Östra|Upplands|Lilla)\s(?-i:[A-ZÅÄÖ])\w+",
)
_ATOM = re.compile("|".join([*_PERIODS, *_TOGETHER, *_PLACES, r"\S+"]), re.IGNORECASE)
#: A footnote's digit at a name.
_MARK = re.compile(r"(?<=[a-zåäö])\d$")
_SHORT_YEAR = re.compile(r"[-']?[0-4]\d")
#: So many series with a number of two digits behind them make the numbers years.
_FEWEST_SHORT = 2
#: A day before its year: "31/12 2018".
_DAY = re.compile(rf"\b[0-3]?\d/1?\d(?=\s{YEAR})")
_COLUMN = re.compile("|".join(_TOGETHER), re.IGNORECASE)
_PERIOD_ATOM = re.compile(rf"(?:{'|'.join(_PERIODS)})", re.IGNORECASE)
#: Where one heading ends and the next begins without a space: between years, a year and a word, a word and another's capital.
_GLUED = re.compile(rf"(?<=[a-zåäö.%])(?={YEAR}(?!\d))|(?<=(?<!\d){YEAR})(?=[A-ZÅÄÖ]|mål)|(?<=[a-zåäö%])(?=[A-ZÅÄÖ][a-zåäö])")
_YEARS_ONLY = re.compile(rf"(?<!\d)(?:{YEAR}){{2,}}(?!\d)")
#: So many headings on a line show that it was run together.
_FEWEST_GLUED = 2


@dataclass(frozen=True)
class Atom:
    """A word of a heading or a period.

    Attributes
    ----------
    breaks : how strongly what stands before it parts it from the atom before; negative on the same line.
    kind : "period", "series", "change", "place", "column" (a word that heads columns), "unit", "whole" (of a year), "word" or
        "small".
    low : whether it begins with a small letter, or would if its line were not in capitals.
    """

    text: str
    breaks: float
    kind: str
    low: bool = False


def atom_of(text: str, breaks: float, running: str | None = None) -> Atom:
    """Return a word of a heading as an atom; `running` is how it is written where lines are not in capitals."""
    running = text if running is None else running
    return Atom(text, breaks, kind_of(running), running[:1].islower())


def _running(text: str, before: Atom | None) -> str:
    """Return how a word of a line in capitals would be written in running text: what goes on with a heading is small."""
    low = is_said("small_word", text) or "/" in text or (before is not None and is_said("small_word", before.text))
    return text.lower() if low else text.capitalize()


def atoms_of(lines: Sequence[tuple[int, str]]) -> Sequence[Atom]:
    """Cut lines into words and periods; a period may be broken over two lines."""
    return _atoms_of(tuple(lines))


@lru_cache(maxsize=4096)
def _atoms_of(lines: tuple[tuple[int, str], ...]) -> Sequence[Atom]:
    joined = ""
    starts: list[int] = []
    for index, (number, raw) in enumerate(lines):
        text = _GAP.sub(f" {_GAP_MARK} ", raw.strip())
        if index:
            joined += "\n" if number - lines[index - 1][0] == 1 else "\n\n"
        starts.append(len(joined))
        joined += re.sub(" +", " ", text.translate(_DASHES))
    atoms: list[Atom] = []
    end = 0
    for match in _ATOM.finditer(joined):
        between = joined[end : match.start()]
        end = match.end()
        text = tidy(match[0])
        if text == _GAP_MARK:
            end = match.start()
            continue
        breaks = 0.9 if _GAP_MARK in between else min(1.0, 0.4 + 0.3 * between.count("\n")) if "\n" in between else -0.2
        before = atoms[-1].text if atoms else ""
        capitals = lines[bisect_right(starts, match.start()) - 1][1].isupper()
        running = _running(text, atoms[-1] if atoms else None) if capitals else text
        broken = before.endswith("-") and (running[:1].islower() or (capitals and kind_of(before[:-1] + text) == "change"))
        glued = "\n" in between and (broken or before.endswith("/"))
        if glued or (between == "" and atoms):
            whole = before.removesuffix("-" if broken else "") + text
            atoms[-1] = atom_of(whole, atoms[-1].breaks, _running(whole, None) if capitals else whole)
        else:
            atoms.append(atom_of(text, breaks, running))
    return _with_short_years(atoms)


def _with_short_years(atoms: list[Atom]) -> list[Atom]:
    """Return atoms with years of two digits as periods: those that stand behind several series, as in "Bok 22 Bud 23"."""
    places = [
        place
        for place, (before, atom) in enumerate(pairwise(atoms), start=1)
        if before.kind == "series" and atom.breaks <= 0 and _SHORT_YEAR.fullmatch(atom.text)
    ]
    if len(places) < _FEWEST_SHORT:
        return atoms
    return [replace(atom, kind="period") if place in places else atom for place, atom in enumerate(atoms)]


@lru_cache(maxsize=8192)
def kind_of(text: str) -> str:
    """Return what kind of word a word of a heading is."""
    if _PERIOD_ATOM.fullmatch(text):
        return "period"
    if is_said("whole_year", text):
        return "whole"
    if _is_place(text):
        return "place"
    if _COLUMN.fullmatch(text):
        return "column"
    return first_meaning("heading_atom", text) or ("small" if text[:1].islower() or not text[:1].isalnum() else "word")


@lru_cache(maxsize=4096)
def _is_place(text: str) -> bool:
    """Tell whether a word is a municipality, a county, the country, or others taken together."""
    bare = _MARK.sub("", text)
    return is_said("elsewhere_label", bare) or is_said("own_place", bare) or municipality_names().fullmatch(bare) is not None


@lru_cache(maxsize=1)
def municipality_names() -> re.Pattern[str]:
    """Return the names as they are printed, or all in capitals, so that a word such as "ale" or "mark" is none."""
    written = {form for name in municipalities().values() for form in (name, name.upper())}
    return re.compile(rf"\b({'|'.join(sorted(map(re.escape, written), key=len, reverse=True))})s?\b")


def places_in(text: str) -> int:
    """Return how many places a line of headings names."""
    return sum(atom.kind == "place" for atom in atoms_of([(0, text)]))


def text_of(atoms: Sequence[Atom]) -> str:
    """Return the text of atoms, a footnote digit at a year or a place left out."""
    return tidy(" ".join(_without_mark(atom) for atom in atoms).replace("\n", " "))


def _without_mark(atom: Atom) -> str:
    return _MARK.sub("", atom.text) if atom.kind == "place" else re.sub(rf"({YEAR})\d$", r"\1", atom.text)


def unglued(text: str) -> str:
    """Return a line of headings that a text layer has run together with spaces between them; any other line as it is.

    Examples
    --------
    >>> unglued("20222023Mål 2024")
    '2022 2023 Mål 2024'
    """
    return " ".join(glued_pieces(text))


def glued_pieces(text: str) -> list[str]:
    """Return the headings of a line that a text layer has run together; any other line as one piece."""
    parted = _GLUED.sub("\n", _YEARS_ONLY.sub(lambda run: "\n".join(re.findall(YEAR, run[0])), text))
    if parted == text or heading_words(parted) < _FEWEST_GLUED:
        return [text]
    return [text] if any(map(str.isdigit, without_numbers_of_headings(parted))) else parted.split("\n")


def without_numbered(text: str) -> str:
    """Return a line without what numbers something else in the document: "Tabell 4", "Mål 2"."""
    for phrase in phrases("numbered"):
        text = phrase.pattern.sub("", text)
    return text


def without_numbers_of_headings(text: str) -> str:
    """Return a line without the periods, rates and ages that it names."""
    short = {atom.text for atom in atoms_of([(0, text)]) if atom.kind == "period" and _SHORT_YEAR.fullmatch(atom.text)}
    rest = _COLUMN.sub(" ", _PERIOD_ATOM.sub(" ", _DAY.sub(" ", text.translate(_DASHES))))
    return " ".join(word for word in rest.split() if word not in short)


def heading_words(text: str) -> int:
    """Return how many periods, series and changes a line names."""
    return sum(atom.kind in ("period", "series", "change") for atom in atoms_of([(0, text)]))
