"""Legends: what a document says of its headings: letters for words ("B 2019"), the time of each series, the order of columns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import takewhile

from socialvolym.extraction.headings.heading_words import atoms_of
from socialvolym.notation.numbers import tidy
from socialvolym.notation.periods import ANY_YEAR, MONTH_NAMES, ONE_DAY, parse_heading, parse_part, parse_period
from socialvolym.vocabulary.phrases import phrases

#: Letters, and what an explanation says that they stand for.
_KEY = r"[A-ZÅÄÖ]{1,3}[1-3]?"
_ENTRY = re.compile(
    rf"(?<![\w.])(?P<key>{_KEY})(?:\s?[=:]\s?|\s(?:är|avser|omfattar|betyder|motsvarar)\s)(?P<words>[A-Za-zåäöÅÄÖ][^,;.=:]{{1,40}})"
)
#: A part of a year that is explained behind another: "T1 är januari-april, T2 maj-augusti".
_FURTHER = re.compile(r"(?<=[,;] )(?P<key>[A-ZÅÄÖ]{1,2}[1-4]) (?P<words>[^\W\d]{3,}\.? ?[-\u2013] ?[^\W\d]{3,})")
_YEAR = r"(?:19|20)?\d{2}"
#: Letters before a year or a month, where they are the heading of a column.
_BEFORE_TIME = re.compile(rf"(?<![\w.-])(?P<key>{_KEY})(?= '?(?P<year>{_YEAR})\b)")
_ALONE = re.compile(rf"{_KEY}(?: '?{_YEAR})?")
#: A part of a year, and its months in brackets behind it: "T2 (maj-aug)".
_MONTHS_BEHIND = re.compile(
    r"\b(?:t|tertial|kv|kvartal|delår) ?[1-4] ?\((?P<months>[^\W\d]+\.? ?[-\u2013] ?[^\W\d]+)\)", re.IGNORECASE
)
#: A series and its time, behind what opens the line; and what parts two of them.
_SERIES_TIME = re.compile(
    r"(?:\S+: |avser |gäller |\W?\d\)? )?(?P<series>[^\W\d]+)"
    r"(?: (?:är|avser|gäller|för|per|den|till|t\.?o\.?m\.?))* (?P<time>.+)",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"[,;] (?:och )?|\. (?=[A-ZÅÄÖ])| och (?=[^\W\d]{4,} (?:är|avser|gäller|för|per|den|\d))")
#: What parts the columns that a sentence lists, and how many words of it may be one of them.
_LISTED, _LONGEST_TOLD = re.compile(r"[:;]\s*|,\s+|,?\s+(?:och|samt|respektive|sedan|därefter)\s+"), 6
_SENTENCE_END = re.compile(r"(?<=[^\W\d]{2}[.!?:])\s+(?=[A-ZÅÄÖ])|(?<=\d\.)\s+(?=[A-ZÅÄÖ])")
#: So many letters stand on one line of headings; so many different ones are usual where nothing explains them.
_FEWEST, _FEWEST_USUAL = 2, 2


def legend_of(texts: Sequence[str]) -> dict[str, str]:
    """Return what the letters over a document's columns stand for: what it says, else what is usual for two of them together."""
    entries = [match for text in texts for form in (_ENTRY, _FURTHER) for match in form.finditer(tidy(text))]
    explained = {match["key"]: words for match in entries if (words := _words(match["words"]))}
    usual = {phrase.meaning: phrase for phrase in phrases("heading_letter")}
    for text in texts:
        times = [(match["key"], match["year"]) for match in _BEFORE_TIME.finditer(text) if match["key"] not in explained]
        named = {key: word for key, _ in times for word, phrase in usual.items() if phrase.pattern.search(key)}
        named |= {key: "Plan" for key in named if named[key] == "Prognos" and _is_ahead(key, times)}
        if len(named) >= _FEWEST_USUAL or (named and explained):
            explained |= named
    return explained


def _is_ahead(key: str, times: Sequence[tuple[str, str]]) -> bool:
    """Tell whether all years behind a letter come after those of the others: "B 2024 P 2025 P 2026" are a plan."""
    own, others = ([year for each, year in times if (each == key) == same] for same in (True, False))
    return len(own) > 1 and bool(others) and min(own) > max(others)


def spelled_out(text: str, legend: Mapping[str, str]) -> str:
    """Return a line of headings with the words that its letters stand for; any other line as it is."""
    text = _MONTHS_BEHIND.sub(lambda match: match["months"] if parse_part(match["months"]) else match[0], text)
    keys = re.compile(rf"(?<![\w.-])(?:{'|'.join(map(re.escape, legend))})(?![\w-])") if legend else None
    if keys is None or (len(keys.findall(text)) < _FEWEST and not _ALONE.fullmatch(text.strip())):
        return text
    return keys.sub(lambda match: legend[match[0]], text)


def times_told(text: str) -> dict[str, str]:
    """Return the time that a line tells for each series, "utfall den 31 augusti 2022, prognos helår 2022"; none for other lines.

    A day stands in figures, so that it is no word of what is counted.

    Examples
    --------
    >>> times_told("Tid: budget avser helår 2022, utfall den 31 augusti 2022.")
    {'budget': 'helår 2022', 'outturn': '2022-08-31'}
    """
    told: dict[str, str] = {}
    for clause in filter(None, _CLAUSE_END.split(tidy(text).rstrip("."))):
        match = _SERIES_TIME.fullmatch(clause)
        series = parse_heading(match["series"]).series if match else None
        times = {atom.kind for atom in atoms_of([(0, match["time"])])} if match else set()
        if match is None or series is None or not times <= {"period", "whole"} or series in told:
            return {}
        day = parse_period(match["time"]) or ""
        told[series] = day if ONE_DAY.fullmatch(day) else match["time"]
    return told if len(told) >= _FEWEST else {}


def columns_told(text: str, count: int) -> list[str]:
    """Return the headings of so many columns that a sentence of a text lists in their order; none where it does not.

    Examples
    --------
    >>> columns_told("Beloppen är, från vänster, utfall 2021 och 2022 samt budget 2023.", 3)
    ['utfall 2021', 'utfall 2022', 'budget 2023']
    """
    for sentence in reversed(_SENTENCE_END.split(tidy(text).rstrip("."))):
        cue = next((match for phrase in phrases("columns_in_order") if (match := phrase.pattern.search(sentence))), None)
        if cue is not None:
            before, after = (_LISTED.split(part.strip(" ,:")) for part in (sentence[: cue.start()], sentence[cue.end() :]))
            for listed in (list(takewhile(_is_told, after)), list(takewhile(_is_told, before[::-1]))[::-1]):
                if len(listed) == count >= _FEWEST:
                    return _with_series(listed)
    return []


def _is_told(item: str) -> bool:
    return len(item.split()) <= _LONGEST_TOLD and parse_heading(item).is_told


def _with_series(items: Sequence[str]) -> list[str]:
    """Return items of a list, a year alone with the words of the one before it: "utfall 2021 och 2022"."""
    found: list[str] = []
    for item in items:
        found.append(ANY_YEAR.sub(item, found[-1]) if found and ANY_YEAR.fullmatch(item) else item)
    return found


def _words(text: str) -> str:
    """Return the word of an explanation that is a series, "Prognos" of "prognos efter augusti", or its months, "jan-aug"."""
    first = text.split()[0]
    if parse_heading(first).series:
        return first.capitalize()
    return "-".join(MONTH_NAMES[int(month) - 1][:3] for month in re.findall(r"\d\d", parse_part(text) or ""))
