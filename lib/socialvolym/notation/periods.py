"""Periods, series and units in column headings: what a printed heading announces (`nov.-22`, `Utfall 2023, tkr`)."""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from socialvolym.notation.numbers import tidy

#: Series of what is between two times, and of what is between two figures.
CHANGES = ("change_abs", "change_pct")
DIFFERENCES = ("deviation", *CHANGES)
SERIES = ("outturn", "budget", "forecast", "plan", "target", *DIFFERENCES)

#: How months are written, also by a slip of the pen, their names in full last.
_MONTHS_WRITTEN = (
    *("jan januari", "feb februari", "mar mars", "apr april", "maj", "jun june juni", "jul jule juli", "aug augusti"),
    *("sep sept september", "okt oktober", "nov november", "dec december"),
)
MONTH_NAMES = tuple(written.split()[-1] for written in _MONTHS_WRITTEN)
#: The number of a month by each way of writing it.
MONTHS = {name: number for number, written in enumerate(_MONTHS_WRITTEN, start=1) for name in written.split()}
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
MONTH = f"(?:{_MONTH})"
#: A year in a pattern; one that is no part of a longer number; a day.
YEAR = r"(?:19|20)\d{2}"
ANY_YEAR, ONE_DAY = re.compile(rf"(?<!\d){YEAR}(?!\d)"), re.compile(r"\d{4}-\d\d-\d\d")
#: A year of two digits at the end of a heading, "jan-aug 24"; before 2013 no report is read, and after 2039 none either.
_SHORT = r"[-']?(?P<short>1[3-9]|[23]\d)$"

#: Words that name a series, first match wins: a change or a deviation also names the series it is taken of.
_SERIES_WORDS = (
    (
        "deviation",
        r"(?:\bdiff\w*|skillnad|jämför\w*|resultat|utfall) (?:med|mot) (?:\w+ )?budget"
        r"|\bdiff\w*\.? (?:bok|utf|prog)\w*\s?[-/]?\s?bud|\böver ?/ ?under",
    ),
    ("change_abs", r"\+/-|[±δ∆]|föränd|\bändring|differens|\bdiff|skillnad|(?<!ans)(?<!ers)ökning|minskning"),
    ("deviation", r"avvik(?!elser)|\bavv\b|\bavv\.|över-/underskott|budgetavv"),
    ("forecast", r"prognos|\bprogn?\b|(?:förvänta|beräkna|bedöm|uppskatta)\w* (?:utfall|resultat)|bedömning helår|helårsbedöm"),
    ("target", r"\bmål\b|målvärde|etappmål|målnivå|måltal|riktvärde"),
    ("plan", r"\bplan\b|flerårsplan"),
    ("budget", r"budget|\bbud\b|(?<!g)ram\b|\banslag\b|\bförslag\b|\bäskande\b"),
    (
        "outturn",
        r"utfall|bokslut|\butf\b|\bbok\b|\bdelår\b|resultat|\bhelår|föregående år|\bfg år|perioden|\bredovis(?:at|ning\b)"
        r"|förbruk(?:ning|at)|\bbokfört",
    ),
)
_PERCENT = re.compile(r"%(?!-? ?enhet)|procent(?!enhet)")
_UNITS = (
    ("percentage_points", r"(?:%-? ?|procent)enhet"),
    ("percent", r"%|\bprocent\b"),
    ("GSEK", r"\bmdkr\b|\bmiljard"),
    ("MSEK", r"\bmnkr\b|\bmkr\b|\bmn kr\b|\bmsek\b|\bmilj(?:\b|on)"),
    ("kSEK", r"\b[tk]kr\b|\b[tk]sek\b|tusental|\btusen (?:kr|sek)|(?<!\d)(?<!\d )(?:1 ?)?000[- ]?(?:tals?)? ?(?:kr|kronor)\b"),
    ("SEK", r"\bkr\b|kronor"),
)


@dataclass(frozen=True)
class Heading:
    """What a heading says; None for what it does not say.

    Attributes
    ----------
    period : "2022", "2022-03", "2022-Q2", "2022-12-31", "2015/2019", "2022-01/2022-08", or "--03" for a month, "-Q2" for a
        quarter and "--01/--08" for several months without a year.
    series : one of SERIES.
    unit : unit id of the vocabulary.
    """

    period: str | None = None
    series: str | None = None
    unit: str | None = None

    @property
    def is_told(self) -> bool:
        """Whether it names a time or a series."""
        return self.period is not None or self.series is not None


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


def mostly_told(headings: Sequence[str]) -> bool:
    """Tell whether at least half of some headings name a time or a series."""
    return 2 * sum(parse_heading(heading).is_told for heading in headings) >= len(headings)


def parse_period(text: str) -> str | None:
    """Return the period that a text names, in the forms of Heading.period; the last one where it names several."""
    clean = tidy(text).lower()
    for pattern, form in _PERIODS:
        matches = list(pattern.finditer(clean))
        if matches and (period := form(matches[-1])):
            return period
    return None


def parse_part(text: str) -> str | None:
    """Return the months of a year that a text names without the year, "--01/--08"; the last where it names several."""
    clean = tidy(text).lower()
    found = [(match.start(), form(match)) for pattern, form in _PARTS for match in pattern.finditer(clean)]
    return max(found)[1] if found else None


def parse_day(text: str) -> str | None:
    """Return the one day that a text names without its year, "--10-01" of "1 oktober"; None where it names several or none.

    Examples
    --------
    >>> parse_day("per den 31/8"), parse_day("sista april"), parse_day("placerade 31/12"), parse_day("andel 12/31")
    ('--08-31', '--04-30', '--12-31', None)
    """
    days = {_day(match) for pattern in _DAYS for match in pattern.finditer(tidy(text).lower())}
    return days.pop() if len(days) == 1 else None


def _day(match: re.Match[str]) -> str:
    """Return a day of a month without its year; the last one of a month where it says no number."""
    month, day = month_number(match["month"]), match.groupdict().get("day")
    return f"--{month:02d}-{int(day):02d}" if day else last_day(month)


def last_day(month: int) -> str:
    """Return the last day of a month without its year, "--02-29"; `in_year` gives it that of the year."""
    return f"--{month:02d}-{monthrange(_LEAP_YEAR, month)[1]}"


def _last_day(match: re.Match[str]) -> str:
    month = month_number(match["month"])
    return f"{match['year']}-{month:02d}-{monthrange(int(match['year']), month)[1]:02d}"


def parse_month(text: str) -> str | None:
    """Return the one month that a text says something is in, "--12" of "hushåll i december"; None for several, or with a year."""
    months = {f"--{MONTHS[match['month']]:02d}" for match in _IN_MONTH.finditer(tidy(text).lower())}
    return months.pop() if len(months) == 1 else None


def parse_quarter(text: str) -> str | None:
    """Return the one quarter that a text names without or with its year, "-Q1"; None where it names several or none."""
    named = {match["number"] or str(_ORDINALS.index(match["word"]) + 1) for match in _QUARTER.finditer(tidy(text).lower())}
    return f"-Q{named.pop()}" if len(named) == 1 and not _QUARTERS.search(tidy(text).lower()) else None


def join_period(row: str | None, column: str | None) -> str | None:
    """Join a year from one heading with a month or quarter from the other."""
    for year, part in ((row, column), (column, row)):
        if part and part.startswith("-") and year and re.fullmatch(YEAR, year):
            return in_year(part, year)
    for period in (column, row):
        if period and not period.startswith("-"):
            return period
    return None


def in_year(part: str, year: str) -> str:
    """Give a part of a year its year: "--03" becomes "2022-03", "--01/--08" "2022-01/2022-08", the last of February its day."""
    dated = "/".join(f"{year}-{piece.lstrip('-')}" for piece in part.split("/"))
    return dated if isleap(int(year)) else dated.replace("-02-29", "-02-28")


def _century(short: str) -> str:
    return f"20{short}"


def _date(match: re.Match[str]) -> str | None:
    """Return a date; None for a day that the calendar does not have."""
    month = MONTHS.get(match["month"]) or int(match["month"])
    try:
        return date(int(match["year"]), month, int(match["day"])).isoformat()
    except ValueError:
        return None


def span(first: int, last: int, year: str = "-") -> str:
    """Return the period from one month to another; the year itself where they are its first and last."""
    if year != "-" and (first, last) == (1, 12):
        return year
    return f"{year}-{first:02d}" if first == last else f"{year}-{first:02d}/{year}-{last:02d}"


def _months(match: re.Match[str]) -> str | None:
    """Return the months from one to another, or from January to one; None where they do not follow each other."""
    named = match.groupdict()
    last = month_number(named["last"])
    first = month_number(named["first"]) if named.get("first") else 1
    year = named.get("year") or (_century(named["short"]) if named.get("short") else "-")
    return span(first, last, year) if first <= last else None


def _quarters(match: re.Match[str]) -> str:
    """Return the quarters of a year up to one."""
    return span(1, 3 * int(match["quarter"]), match.groupdict().get("year") or "-")


def month_number(text: str) -> int:
    """Return the number of a month that digits or a name say."""
    return int(text) if text.isdigit() else MONTHS[text]


def _part(match: re.Match[str]) -> str:
    """Return a third or a half of a year."""
    named = match.groupdict()
    length = 6 if re.search(r"halvår|\bh", match[0]) else 4
    number = {"första": 1, "andra": 2}.get(named["part"]) or int(named["part"])
    return span(length * (number - 1) + 1, length * number, named.get("year") or "-")


def _mean(match: re.Match[str]) -> str:
    return f"{match[1]}/{match[2]}"


def _years(match: re.Match[str]) -> str | None:
    """Return two years of two digits that follow each other, as "18/19"."""
    first, last = match[1], match[2]
    return f"{_century(first)}/{_century(last)}" if int(last) == int(first) + 1 else None


_ORDINALS = ("första", "andra", "tredje", "fjärde")
_QUARTER = re.compile(rf"\b(?:(?:kvartal|kv|q) ?(?P<number>[1-4])\b|(?P<word>{'|'.join(_ORDINALS)}) kvartalet\b)")
_LAST = r"\b(?:(?:den |per )?sista(?: dagen i)?|ultimo|(?:vid |i )?(?:slutet|utgången) av)"
_DAYS = (
    re.compile(rf"(?<![\d.-])(?P<day>0?[1-9]|[12]\d|3[01]) (?P<month>{_MONTH})\b(?!\.? \d)"),
    re.compile(r"\b(?:per|den)\.? (?P<day>[12]?\d|3[01])/(?P<month>1[0-2]|[1-9])(?![\d/])(?! \d)"),
    re.compile(rf"{_LAST} (?P<month>{_MONTH})\b(?!\.? \d)"),
    re.compile(r"(?<=[^\W\d] )(?P<day>2[89]|3[01])/(?P<month>1[0-2]|[1-9])$"),
)
_IN_MONTH = re.compile(rf"\bi (?P<month>{_MONTH})\b(?!\.?,? ?(?:-|till|och|\d))")
#: A year with a 29 February.
_LEAP_YEAR = 2024
_QUARTERS = re.compile(r"\b(?:kvartal|kv|q) ?[1-4] ?(?:-|till|och|,)")
_TO = r"\.?\s?(?:-|till(?: och med)?|t\.?\s?o\.?\s?m\.?)\s?"
#: What stands before a year of two digits, or a year and a month of two each, "Utfall 2408".
_SERIES_BEFORE = r"(?:utf(?:all)?|bud(?:get)?|prog(?:n|nos)?|plan|mål|bok(?:slut)?|avv(?:ikelse)?)\.?"
_UNTIL = r"\b(?:ack\w*\.?|t\.?\s?o\.?\s?m\.?|till och med)"
#: What a match says as a period; None where it says none.
_Form = Callable[[re.Match[str]], str | None]


def _compiled(*forms: tuple[str | re.Pattern[str], _Form]) -> tuple[tuple[re.Pattern[str], _Form], ...]:
    return tuple((re.compile(pattern), form) for pattern, form in forms)


#: Parts of a year that are named without it.
_PARTS = _compiled(
    (rf"{_UNTIL}\s(?:kvartal|kv|q) ?(?P<quarter>[1-4])\b", _quarters),
    (r"\b(?:tertial ?|t)(?P<part>[1-3])(?![\d,.])", _part),
    (r"\b(?:halvår ?|h)(?P<part>[12])(?![\d,.])", _part),
    (rf"\b(?P<first>{_MONTH}){_TO}(?P<last>{_MONTH})\b", _months),
    (rf"\b(?:ack\w*\.?|t\.?\s?o\.?\s?m\.?|till och med) (?P<last>{_MONTH})\b", _months),
    (r"\b(?P<part>första|andra) halvåret\b", _part),
)
_PERIODS = _compiled(
    (rf"({YEAR})/({YEAR})", _mean),
    (rf"{_UNTIL}\s(?:kvartal|kv|q) ?(?P<quarter>[1-4]),? (?P<year>{YEAR})", _quarters),
    (rf"\b(?P<first>{_MONTH}){_TO}(?P<last>{_MONTH})\b\.?,?\s(?P<year>{YEAR})", _months),
    (rf"\b(?P<year>{YEAR})\s(?P<first>{_MONTH}){_TO}(?P<last>{_MONTH})\b", _months),
    (rf"\b(?P<year>{YEAR})(?P<first>0[1-9]|1[0-2])\s?-\s?(?P=year)(?P<last>0[1-9]|1[0-2])\b", _months),
    (r"(?<!\d)(?P<short>\d\d)(?P<first>0[1-9]|1[0-2])\s?-\s?(?P=short)(?P<last>0[1-9]|1[0-2])(?!\d)", _months),
    (rf"{_UNTIL}\s(?P<last>{_MONTH})\b\.?\s(?P<year>{YEAR})", _months),
    (rf"\b(?:tertial(?:rapport)? ?|t)(?P<part>[1-3]),? (?P<year>{YEAR})", _part),
    (rf"\b(?P<year>{YEAR})[- ]?(?:tertial ?|t)(?P<part>[1-3])\b", _part),
    (rf"\b(?:halvår|h) ?(?P<part>[12]),? (?P<year>{YEAR})", _part),
    (rf"\b(?P<part>första|andra) halvåret (?P<year>{YEAR})", _part),
    (rf"(?P<year>{YEAR})-(?P<month>0[1-9]|1[0-2])-(?P<day>[0-3]\d)", _date),
    (rf"(?<!\d)(?P<day>[0-3]?\d) (?P<month>{_MONTH})\.? (?P<year>{YEAR})", _date),
    (rf"(?<![\d/])(?P<day>[12]?\d|3[01])/(?P<month>1[0-2]|[1-9])[ -](?P<year>{YEAR})", _date),
    (rf"{_LAST} (?P<month>{_MONTH})\.? (?P<year>{YEAR})", _last_day),
    (rf"\b({YEAR})-?(0[1-9]|1[0-2])\b", lambda m: f"{m[1]}-{m[2]}"),
    (rf"\b({YEAR})[- ]?(?:kvartal|kv|q) ?([1-4])\b", lambda m: f"{m[1]}-Q{m[2]}"),
    (rf"\b(?:kvartal(?:srapport)?|kv|q) ?([1-4]),? ({YEAR})", lambda m: f"{m[2]}-Q{m[1]}"),
    (rf"\b({_MONTH})\.? ({YEAR})", lambda m: f"{m[2]}-{MONTHS[m[1]]:02d}"),
    (rf"\b({YEAR}) ({_MONTH})\b", lambda m: f"{m[1]}-{MONTHS[m[2]]:02d}"),
    (rf"\b({_MONTH})\.?-(\d\d)\b", lambda m: f"{_century(m[2])}-{MONTHS[m[1]]:02d}"),
    (rf"^{_SERIES_BEFORE} (2[1-9]|3\d)(0[1-9]|1[0-2])$", lambda m: f"{_century(m[1])}-{m[2]}"),
    (rf"\b(?P<first>{_MONTH}){_TO}(?P<last>{_MONTH})\b\.?,?\s?{_SHORT}", _months),
    (rf"{_UNTIL}\s(?P<last>{_MONTH})\b\.?\s?{_SHORT}", _months),
    (rf"\b(?P<last>(?P<first>{_MONTH}))\.? {_SHORT}", _months),
    (rf"\bhelår(?:et)?,? ?{_SHORT}", lambda m: _century(m["short"])),
    (rf"({YEAR})\s?-\s?{YEAR}", lambda m: max(re.findall(YEAR, m[0]))),
    (rf"(?<!\d)({YEAR})(?!\d)", lambda m: m[1]),
    (rf"(?<!\d)({YEAR})(?=\d$|\*)", lambda m: m[1]),
    (rf"^{_SERIES_BEFORE} [-']?(?:20)?(\d\d)$", lambda m: _century(m[1])),
    (r"(?<![\d/-])(1[3-9]|[23]\d)[/-]([1-3]\d)(?![\d/-])", _years),
    (r"\b(?:kvartal|kv|q) ?([1-4])\b", lambda m: f"-Q{m[1]}"),
    *_PARTS,
    (rf"^({_MONTH})\.?$", lambda m: f"--{MONTHS[m[1]]:02d}"),
)


def _series(text: str) -> str | None:
    return next((series for series, words in _SERIES_WORDS if re.search(words, text)), None)


def _unit(text: str) -> str | None:
    return next((unit for unit, words in _UNITS if re.search(words, text)), None)
