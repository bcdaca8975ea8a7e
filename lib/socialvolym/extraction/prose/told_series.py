"""Told series: what the words of a sentence make of each of its numbers, and with which sign."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from socialvolym.extraction.prose.told_times import ToldTime
from socialvolym.vocabulary.phrases import is_said, phrases

#: What the patterns of the role `telling` may use: the number asked about, with its unit, and stretches of other marks.
_MACROS = {
    "<n>": r"(?:(?:LIMIT|OVER|UNDER) )?#\w+ ",
    "<kr>": r"(?:(?:LIMIT|OVER|UNDER) )?#krs? ",
    "<pct>": r"(?:(?:LIMIT|OVER|UNDER) )?#p(?:ct|p)s? ",
    "<by>": r"(?:BY|ON) ",
    "<gap>": r"(?:[^~#/\s]\S* ){0,9}?",
    "<over>": r"(?:[^#/\s]\S* ){0,16}?",
    "<flat>": r"(?:(?!IS |[#/])\S+ ){0,9}?",
}
#: Marks that make a deviation, a change or a result of it negative, and those that make it positive.
_NEGATIVE = {"LESS", "FEWER", "DEFICIT", "NEGATIVE", "WORSE", "OVER", "EXCEED"}
_POSITIVE = {"SURPLUS", "POSITIVE", "BETTER", "FALLSHORT"}
#: Those that tell by themselves which way a deviation goes, before others.
RESULTS = {"DEFICIT", "SURPLUS", "NEGATIVE", "POSITIVE"}
_FALLING = {"DOWN", "FALL", "LESS", "FEWER", "WORSE"}
_RISING = {"UP", "RISE", "MORE", "BETTER"}
_SIGNS = {";": "/", "(": "(", ")": ")", ":": ":", ",": ","}
_PIECE = re.compile(r"[\w%-]+|[,;:()]|[^\w\s]")


@dataclass(frozen=True)
class Mark:
    """One mark of a sentence: a number, a time, a cue, a plain word "w" or a sign of punctuation."""

    start: int
    end: int
    name: str


@dataclass(frozen=True)
class Told:
    """What is told of a number: its series ("change" where the unit decides of what kind), its sign, and the words that tell."""

    series: str | None
    sign: int
    cues: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def _cues() -> re.Pattern[str]:
    grouped = [f"(?P<c{i}_{phrase.meaning}>{phrase.pattern.pattern})" for i, phrase in enumerate(phrases("cue"))]
    return re.compile(rf"(?<!\w)(?:{'|'.join(grouped)})(?!\w)", re.IGNORECASE)


@lru_cache(maxsize=1)
def _tellings() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((phrase.meaning, re.compile(_expanded(phrase.pattern.pattern))) for phrase in phrases("telling"))


def _expanded(pattern: str) -> str:
    for macro, expansion in _MACROS.items():
        pattern = pattern.replace(macro, expansion)
    return pattern


def marks(sentence: str, numbers: Sequence[tuple[int, int, str]], times: Sequence[ToldTime]) -> list[Mark]:
    """Return the marks of a sentence in their order; numbers are given as (start, end, kind)."""
    fixed = [Mark(start, end, kind) for start, end, kind in numbers]
    fixed += [
        Mark(told.start, told.end, "T")
        for told in times
        if not any(told.start < mark.end and mark.start < told.end for mark in fixed)
    ]
    fixed.sort(key=lambda mark: mark.start)
    found: list[Mark] = []
    place = 0
    for mark in [*fixed, Mark(len(sentence), len(sentence), "")]:
        found += _worded(sentence, place, mark.start)
        found.append(mark)
        place = max(place, mark.end)
    return found[:-1]


def _worded(sentence: str, start: int, end: int) -> list[Mark]:
    """Return the marks of a stretch without numbers and times: cues, words and punctuation."""
    found = []
    place = start
    while place < end:
        if cue := _cues().match(sentence, place, end):
            name = (cue.lastgroup or "").partition("_")[2]
            if name != "HEDGE":
                found.append(Mark(cue.start(), cue.end(), _bounded(name, cue[0])))
            place = cue.end()
        elif piece := _PIECE.match(sentence, place, end):
            name = "w" if piece[0][0].isalnum() else _SIGNS.get(piece[0], "")
            if piece[0] == "." and sentence[piece.end() : piece.end() + 1] == " ":
                name = "/"
            if name:
                found.append(Mark(piece.start(), piece.end(), name))
            place = piece.end()
        else:
            place += 1
    return found


def _bounded(name: str, text: str) -> str:
    if name == "BUT":
        return "/"
    return "FEWER" if text.lower() == "färre" else name


def told(found: Sequence[Mark], number: int) -> Told:
    """Return what is told of the mark at a place, which is a number."""
    text = "".join(
        f"{('#' if place == number else '~') + mark.name[1:] if mark.name.startswith('~') else mark.name} "
        for place, mark in enumerate(found)
    )
    text = _reduced(text)
    at = text.index("#")
    for series, pattern in _tellings():
        for match in pattern.finditer(text):
            if match.start() <= at < match.end():
                cues = tuple(match[0].split())
                return Told(series, _sign(series, cues, text, at), cues)
    return Told(None, 0)


def _reduced(text: str) -> str:
    for phrase in phrases("reduction"):
        text = phrase.pattern.sub(f"{phrase.meaning} ", text)
    return text


def _sign(series: str, cues: Sequence[str], text: str, at: int) -> int:
    """Return -1, 1 or, where the words do not say, 0."""
    place = next(i for i, cue in enumerate(cues) if cue.startswith("#"))
    if series == "change" or (series == "target" and {"UP", "DOWN"} & set(cues)):
        near = sorted((abs(i - place), cue) for i, cue in enumerate(cues) if cue in _FALLING | _RISING)
        return (-1 if near[0][1] in _FALLING else 1) if near else 0
    if series not in ("deviation", "forecast"):
        return 0
    nearby = (cues,) if series == "forecast" else (cues, *_clause(text, at))
    for words in nearby:
        telling = RESULTS if RESULTS & set(words) else _NEGATIVE | _POSITIVE
        near = sorted((abs(i - place), cue) for i, cue in enumerate(words) if cue in telling)
        if near:
            return -1 if near[0][1] in _NEGATIVE else 1
    return 0


def _clause(text: str, at: int) -> tuple[list[str], list[str]]:
    """Return the marks of the clause around a place: those before it and those behind it."""
    return text[:at].split("/")[-1].split(), text[at:].split("/")[0].split()


def clause_start(found: Sequence[Mark], place: int) -> int:
    """Return where the clause of a mark begins: behind the number, or the word that begins a clause, before it."""
    return next((at + 1 for at in range(place - 1, -1, -1) if found[at].name[:1] in "~/"), 0)


def _names_money(text: str) -> bool:
    return is_said("cost_word", text) or is_said("revenue_word", text)


def cost_sign(found: Sequence[Mark], place: int, sentence: str) -> int:
    """Return the sign of an amount that is more or less than its budget, 0 where nothing near says so: more cost is worse."""
    first = clause_start(found, place)
    last = next((at for at in range(place + 1, len(found)) if found[at].name[:1] in "~/,"), len(found))
    compared = ("MORE", "LESS", "BETTER", "WORSE")
    near = sorted((abs(at - place), found[at].name) for at in range(first, last) if found[at].name in compared)
    if not near or near[0][1] in ("BETTER", "WORSE"):
        return 0 if not near else 1 if near[0][1] == "BETTER" else -1
    told_in = next((text for text in (sentence[found[first].start : found[last - 1].end], sentence) if _names_money(text)), None)
    if told_in is None:
        return 0
    of_revenue = is_said("revenue_word", told_in) and not (told_in == sentence and is_said("cost_word", sentence))
    return -1 if (near[0][1] == "MORE") != of_revenue else 1
