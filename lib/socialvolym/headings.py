"""Column headings: the period, the series and the unit that a printed heading announces."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from socialvolym.numbers import tidy

SERIES = ("outturn", "budget", "forecast", "plan", "target", "deviation", "change_abs", "change_pct")

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan januari",
            "feb februari",
            "mar mars",
            "apr april",
            "maj",
            "jun juni",
            "jul juli",
            "aug augusti",
            "sep sept september",
            "okt oktober",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_YEAR = r"(?:19|20)\d{2}"

#: Words that name a series, first match wins: a change or a deviation also names the series it is taken of.
_SERIES_WORDS = (
    ("change_abs", r"föränd|differens|\bdiff|skillnad|ökning|minskning"),
    ("deviation", r"avvik(?!elser)|\bavv\b|\bavv\.|över-/underskott|budgetavv"),
    ("forecast", r"prognos|\bprog\b|\bhelårsprognos"),
    ("target", r"\bmål\b|målvärde|etappmål|målnivå|riktvärde"),
    ("plan", r"\bplan\b|flerårsplan"),
    ("budget", r"budget|\bbud\b|(?<!g)ram\b"),
    ("outturn", r"utfall|bokslut|resultat|\bhelår|föregående år|\bfg år|perioden|\bredovisat|förbrukning"),
)
_PERCENT = re.compile(r"%(?!-? ?enhet)|procent(?!enhet)")
_UNITS = (
    ("percentage_points", r"(?:%-? ?|procent)enhet"),
    ("percent", r"%|\bprocent\b"),
    ("MSEK", r"\bmnkr\b|\bmkr\b|\bmilj(?:\b|on)"),
    ("kSEK", r"\btkr\b|tusental"),
    ("SEK", r"\bkr\b|kronor"),
)


@dataclass(frozen=True)
class Heading:
    """What a heading says; None for what it does not say.

    Attributes
    ----------
    period : "2022", "2022-03", "2022-Q2", "2022-12-31", "2015/2019", or "--03" for a month and "-Q2" for a quarter
        without a year.
    series : one of SERIES.
    unit : unit id of the vocabulary.
    """

    period: str | None = None
    series: str | None = None
    unit: str | None = None


@lru_cache(maxsize=8192)
def parse_heading(text: str) -> Heading:
    """Read a column heading.

    Examples
    --------
    >>> parse_heading("Utfall 31 dec 2024")
    Heading(period='2024-12-31', series='outturn', unit=None)
    >>> parse_heading("Avvikelse %").series
    'deviation'
    """
    clean = tidy(text).lower()
    heading = Heading(period=parse_period(clean), series=_series(clean), unit=_unit(clean))
    if heading.series == "change_abs" and _PERCENT.search(clean):
        heading = replace(heading, series="change_pct")
    return heading


def parse_period(text: str) -> str | None:
    """Return the period that a text names, in the forms of Heading.period; the last one where it names several."""
    clean = tidy(text).lower()
    for pattern, form in _PERIODS:
        matches = list(re.finditer(pattern, clean))
        if matches and (period := form(matches[-1])):
            return period
    return None


def join_period(row: str | None, column: str | None) -> str | None:
    """Join a year from one heading with a month or quarter from the other."""
    for year, part in ((row, column), (column, row)):
        if part and part.startswith("-") and year and re.fullmatch(_YEAR, year):
            return year + "-" + part.lstrip("-")
    for period in (column, row):
        if period and not period.startswith("-"):
            return period
    return None


def _century(short: str) -> str:
    return f"20{short}"


def _date(match: re.Match[str]) -> str | None:
    """Return a date; None for a day that the calendar does not have."""
    month = _MONTHS.get(match["month"]) or int(match["month"])
    try:
        return date(int(match["year"]), month, int(match["day"])).isoformat()
    except ValueError:
        return None


def _mean(match: re.Match[str]) -> str:
    return f"{match[1]}/{match[2]}"


_PERIODS = (
    (rf"({_YEAR})/({_YEAR})", _mean),
    (rf"(?P<year>{_YEAR})-(?P<month>0[1-9]|1[0-2])-(?P<day>[0-3]\d)", _date),
    (rf"(?<!\d)(?P<day>[0-3]?\d) (?P<month>{_MONTH})\.? (?P<year>{_YEAR})", _date),
    (rf"\b({_YEAR})01-\1(?:12)\b", lambda m: m[1]),
    (rf"\bjan(?:uari)?\s?-\s?dec(?:ember)?\s({_YEAR})", lambda m: m[1]),
    (rf"\b({_YEAR})-(0[1-9]|1[0-2])\b", lambda m: m[0]),
    (rf"\b({_YEAR})[- ]?q([1-4])\b", lambda m: f"{m[1]}-Q{m[2]}"),
    (rf"\b(?:kvartal|kv|q) ?([1-4]),? ({_YEAR})", lambda m: f"{m[2]}-Q{m[1]}"),
    (rf"\b({_MONTH})\.? ({_YEAR})", lambda m: f"{m[2]}-{_MONTHS[m[1]]:02d}"),
    (rf"\b({_MONTH})-(\d\d)\b", lambda m: f"{_century(m[2])}-{_MONTHS[m[1]]:02d}"),
    (rf"({_YEAR})\s?-\s?{_YEAR}", lambda m: max(re.findall(_YEAR, m[0]))),
    (rf"(?<!\d)({_YEAR})(?!\d)", lambda m: m[1]),
    (rf"(?<!\d)({_YEAR})(?=\d$|\*)", lambda m: m[1]),
    (r"^(?:utfall|budget|prognos|plan|mål|bokslut) (?:20)?(\d\d)$", lambda m: _century(m[1])),
    (r"\b(?:kvartal|kv|q) ?([1-4])\b", lambda m: f"-Q{m[1]}"),
    (rf"^({_MONTH})\.?$", lambda m: f"--{_MONTHS[m[1]]:02d}"),
)


def _series(text: str) -> str | None:
    return next((series for series, words in _SERIES_WORDS if re.search(words, text)), None)


def _unit(text: str) -> str | None:
    return next((unit for unit, words in _UNITS if re.search(words, text)), None)
