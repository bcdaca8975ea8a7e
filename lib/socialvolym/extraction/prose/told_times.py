"""Told times: the times that a sentence names, as it names them, and the period that each is in a document of a known year."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from socialvolym.notation.calendar import bounds
from socialvolym.notation.periods import MONTHS, in_year, last_day, month_number, parse_part, parse_period, span
from socialvolym.sequences import runs_of
from socialvolym.vocabulary.phrases import is_said, phrases

_MONTHS = 12
_WORDS = {
    word: number
    for number, word in enumerate(["noll", "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva"])
}


@dataclass(frozen=True)
class Time:
    """A time as it is told.

    Attributes
    ----------
    year : a year, or several as "2018/2021"; None where it is told from another year.
    shift : years from the document's own year or, where `anaphoric`, from the year that is spoken of.
    part : a part of the year, "--08", "--12-31", "--01/--08", "-Q2"; "" for the whole year, None where nothing is said.
    same : True for "the same period", which takes its part from what it is compared with.
    anaphoric : True for "the year before", which counts from the year that is spoken of.
    running : True for what lies in the document's own year whenever that is, as "at the end of the year".
    written : True for what is told from when the document was written, "now", "last year": a budget is written the year before.
    until : True for a day or month up to which is told, "per 31 August": what is paid by then is of the months up to it.
    """

    year: str | None = None
    shift: int = 0
    part: str | None = None
    same: bool = False
    anaphoric: bool = False
    running: bool = False
    written: bool = False
    until: bool = False


#: The document's own time, where a word says so: "now", "since then".
NOW = Time(running=True, written=True)


@dataclass(frozen=True)
class ToldTime:
    """A time and where in the sentence it is told."""

    start: int
    end: int
    time: Time


def period_of(time: Time, year: str | None, usual_part: str | None, spoken_of: Time | None = None) -> str | None:
    """Return the period that a told time is; None where neither it nor the document says the year.

    Parameters
    ----------
    time : as told; year : the document's own; usual_part : the part of the year that the document tells of, None for all of it.
    spoken_of : the time of what it is compared with.
    """
    counted = time.year
    if counted is None:
        base = spoken_of.year if time.anaphoric and spoken_of and spoken_of.year else year
        if base is None or "/" in base:
            return None
        counted = str(
            int(base[:4]) + time.shift + (spoken_of.shift if time.anaphoric and spoken_of and not spoken_of.year else 0)
        )
    part = time.part
    whole = time.same and not (time.year or time.shift) and spoken_of is not None and is_point(spoken_of)
    if whole:  # "the period" is of months, also behind a day
        part = usual_part
    elif time.same or (part is None and time.anaphoric):
        part = spoken_of.part if spoken_of and spoken_of.part is not None else usual_part
    elif part is None and time.year is None:
        part = usual_part
    if part in _OF_DOCUMENT:
        months = usual_part or (spoken_of.part if spoken_of and "/" in (spoken_of.part or "") else None)
        return _OF_DOCUMENT[part](counted, int(months[-2:]) if months else None)
    return in_year(part, counted) if part and "/" not in counted else counted


def _rolling(year: str, month: int | None) -> str:
    """Return the twelve months up to a month of a year, the year itself where no month is known."""
    return f"{int(year) - 1}-{month + 1:02d}/{year}-{month:02d}" if month and month < _MONTHS else year


def _quarter(year: str, month: int | None) -> str:
    """Return the quarter of a year that a month ends, the year itself where no month is known."""
    return f"{year}-Q{(month + 2) // 3}" if month else year


def _so_far(year: str, month: int | None) -> str:
    """Return the months that the document tells of, the year where it tells of all."""
    return f"{year}-01/{year}-{month:02d}" if month and 1 < month < _MONTHS else _last_month(year, month) if month == 1 else year


def _present(year: str, month: int | None) -> str:
    """Return the last month that the document tells of, the year where it tells of all: who "is placed" is so at its end."""
    return f"{year}-{month:02d}" if month and month < _MONTHS else year


def _last_month(year: str, month: int | None) -> str:
    """Return the last month that the document tells of, December where it tells of all."""
    return f"{year}-{month or _MONTHS:02d}"


def _month_before(year: str, month: int | None) -> str:
    """Return the month before the last that the document tells of."""
    return f"{year}-{(month or _MONTHS) - 1:02d}" if month != 1 else f"{int(year) - 1}-{_MONTHS}"


def _so_far_before(year: str, month: int | None) -> str:
    """Return the months up to the one before the last that the document tells of."""
    before = _month_before(year, month)
    return f"{before[:4]}-01/{before}" if not before.endswith("-01") else before


def _quarter_before(year: str, month: int | None) -> str:
    """Return the quarter before the last that the document tells of."""
    number = ((month or _MONTHS) + 2) // 3 - 1
    return f"{year}-Q{number}" if number else f"{int(year) - 1}-Q4"


def _last_day(year: str, month: int | None) -> str:
    """Return the last day of the months that the document tells of."""
    return bounds(_last_month(year, month))[1].isoformat()


#: Parts of a year that are told from the months that the document tells of.
_OF_DOCUMENT = {
    "rolling": _rolling,
    "so_far_before": _so_far_before,
    "quarter": _quarter,
    "quarter_before": _quarter_before,
    "month": _last_month,
    "month_before": _month_before,
    "month_end": _last_day,
    "so_far": _so_far,
    "present": _present,
}


def told_times(sentence: str) -> list[ToldTime]:
    """Return the times that a sentence tells, in its order; where two overlap, the one that says more."""
    found: list[ToldTime] = []
    for time in _candidates(sentence):
        if not is_said("in_brackets", sentence[time.end :]) and not any(
            time.start < other.end and other.start < time.end for other in found
        ):
            found.append(time)
    return list(_wholly(list(_joined(sorted(found, key=lambda told: told.start), sentence)), sentence))


def noted_time(note: str) -> Time | None:
    """Return the first time that a note names, as "Siffror inom parentes avser 2021"."""
    found = sorted(_candidates(note), key=lambda told: (told.start, told.start - told.end))
    return found[0].time if found else None


def _candidates(sentence: str) -> Iterator[ToldTime]:
    for phrase in phrases("told_time"):
        for match in phrase.pattern.finditer(sentence):
            if time := _reading(phrase.meaning, match):
                yield ToldTime(match.start(), match.end(), time)


def _reading(meaning: str, match: re.Match[str]) -> Time | None:
    """Return the time of a match of phrases.csv: `meaning` names how it is told, and the match's groups what."""
    named = {name.rstrip("23"): text.lower() for name, text in match.groupdict().items() if text}
    kind, _, shift = meaning.partition(" ")
    if kind == "span":
        return Time(year=f"{named['when']}/{_long(named['to'], named['when'])}")
    if kind == "explicit":
        return _explicit(match[0])
    if kind == "same":
        return Time(year=named.get("when"), shift=int(shift or 0), same=True)
    if kind == "ago":
        return Time(shift=-number_of(named["many"]), part="" if shift == "year" else None, written=True)
    if kind == "months":
        return _with_year(Time(part=span(1, number_of(named["many"]))), named)
    if kind == "months_from":
        return _with_year(Time(part=span(month_number(named["named"]), month_number(named["to"]))), named)
    if kind == "last_months":
        return _with_year(Time(part=span(_MONTHS + 1 - number_of(named["many"]), _MONTHS)), named)
    if kind == "until":
        return _with_year(Time(part=span(1, MONTHS[named["named"]])), named)
    if kind == "last":
        return _with_year(Time(part=last_day(MONTHS[named["named"]]), until=True), named)
    if kind == "date":
        return _with_year(Time(part=f"--{int(named['of']):02d}-{int(named['day']):02d}", until=True), named)
    if kind == "day":
        return _with_year(Time(part=f"--{MONTHS[named['named']]:02d}-{int(named['day']):02d}", until=True), named)
    if kind == "month":
        return _with_year(Time(part=f"--{MONTHS[named['named']]:02d}", until=match[0].lower().startswith("per ")), named)
    if kind == "part":
        part = parse_part(match[0]) or parse_period(match[0])
        return Time(part=part) if part and part.startswith("-") else None
    if kind == "own":
        return Time(part=shift)
    if kind == "quarter":
        number = _ordinal(named["part"])
        up = named.get("up") and number > 1
        return _with_year(Time(part=span(1, 3 * number) if up else f"-Q{number}"), named)
    if kind == "third":
        number = min(_ordinal(named["part"]), 3)
        return _with_year(Time(part=span(1 if named.get("up") else 4 * number - 3, 4 * number)), named)
    if kind == "half":
        number = _ordinal(named["part"])
        return _with_year(Time(part=span(6 * number - 5, 6 * number)), named)
    if kind == "turn":
        return _with_year(Time(part=shift), named)
    if kind == "end":
        return Time(part="--12-31", running=True)
    if kind == "rolling":
        return Time(part="rolling")
    if kind == "now":
        return NOW
    years = (1 if kind == "later" else -1) * number_of(named["many"]) if shift == "many" else int(shift or 0)
    return Time(
        year=named.get("when"),
        shift=years,
        part="" if kind == "whole" or (kind == "written" and years > 0) else None,
        anaphoric=kind in ("before", "later"),
        written=kind == "written" or (kind == "whole" and years < 0),
    )


def _explicit(text: str) -> Time | None:
    period = parse_period(text)
    return Time(year=period[:4], part=_part_of(period)) if period and period[:4].isdigit() else None


def _part_of(period: str) -> str | None:
    """Return the part of its year that a period is: "--08" of "2022-08", "" of a year as a whole."""
    if "/" in period:
        return "/".join(f"-{piece[4:]}" for piece in period.split("/"))
    return f"-{period[4:]}" if len(period) > len("2022") else ""


def _with_year(time: Time, named: dict[str, str]) -> Time:
    return replace(time, year=named["when"]) if named.get("when") else time


def _long(short: str, year: str) -> str:
    return short if len(short) == len(year) else year[:2] + short


def number_of(text: str) -> int:
    """Return the number that a word or digits say."""
    return int(text) if text.isdigit() else _WORDS[text]


def _ordinal(text: str) -> int:
    return {"första": 1, "andra": 2, "tredje": 3, "fjärde": 4, "ett": 1, "två": 2, "tre": 3, "fyra": 4, "sista": 4}.get(
        text
    ) or int(text)


def _joined(times: list[ToldTime], sentence: str) -> Iterator[ToldTime]:
    """Yield the times, a part of a year and the year that directly follows it as one."""

    def is_its_year(before: list[ToldTime], after: ToldTime) -> bool:
        told = before[-1]
        return (
            bool(told.time.part)
            and told.time.year is None
            and not told.time.same
            and after.time.part in (None, "")
            and not after.time.same
            and re.fullmatch(r",?\s(?:i |år )?", sentence[told.end : after.start]) is not None
        )

    for told, *year in runs_of(times, is_its_year):
        of_year = [ToldTime(told.start, one.end, replace(one.time, part=told.time.part, until=told.time.until)) for one in year]
        yield from of_year or [told]


def _wholly(times: Sequence[ToldTime], sentence: str) -> Iterator[ToldTime]:
    """Yield the times; of another year and, in the same clause, the whole of it as one: "i fjol var snittet 31 för helåret"."""

    def is_whole(before: list[ToldTime], after: ToldTime) -> bool:
        told = before[-1]
        other = told.time.shift < 0 and told.time.part is None and not told.time.same
        return other and _is_year(after.time) and not is_said("new_clause", sentence[told.end : after.start])

    for told, *whole in runs_of(times, is_whole):
        yield replace(told, time=replace(told.time, part="")) if whole else told


def _is_year(time: Time) -> bool:
    """Tell whether a time is only the year or all of it, as in "under året", "för helåret"."""
    return not time.part and time.year is None and time.shift == 0 and not (time.same or time.running or time.written)


def is_point(time: Time) -> bool:
    """Tell whether a time is a day or a month, on which one counts but over which one pays and cares not."""
    return bool(time.part) and "/" not in str(time.part) and "Q" not in str(time.part)


def months_so_far(sentence: str) -> list[int]:
    """Return the last month of each time of a sentence that tells of the first months of a year that it does not name."""
    times = (told.time for told in told_times(sentence) if told.time.year is None and told.time.shift == 0)
    spans = [part for time in times if "/" in (part := time.part or "")]
    first = [int(part[-2:]) for part in spans if part.startswith("--01/--")]
    return first if len(first) == len(spans) else []  # "tertial 1, tertial 2" head the columns of a year
