"""Metadata: municipality, committee, year and kind of a report, found in its own text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from socialvolym.documents.document import Document
from socialvolym.extraction.headings.heading_words import heading_words
from socialvolym.extraction.prose.timing import passing_times
from socialvolym.extraction.prose.told_times import months_so_far, told_times
from socialvolym.notation.calendar import bounds
from socialvolym.notation.numbers import tidy
from socialvolym.notation.periods import in_year, parse_part, parse_period
from socialvolym.vocabulary import municipalities
from socialvolym.vocabulary.phrases import first_meaning, is_said, phrases

#: Lines at the beginning of a document that speak of the document itself.
_OPENING = 60
#: A title is at most this long.
_TITLE = 90
_YEAR = re.compile(r"(?<![\d/:\u2013-])((?:19|20)\d{2})(?![\d/]|:\d|[-\u2013]\d)")
_TITLE_WORD = re.compile(
    r"redovisning|bokslut|budget|berättelse|rapport|verksamhetsplan|nämndplan|uppföljning|delår|tertial|kvartal|statistik|\bår\b|analys"
    r"|\bi siffror\b",
    re.IGNORECASE,
)
#: What a title has not: the end of a sentence within it, or numbers that are no years.
_SENTENCE = re.compile(r"[.!?] |\d")
_DECIMALS = re.compile(r"\d,\d")
#: A title may open a line of text: "Kvartalsrapport mars 2018. Kostnaden blev ...".
_FIRST_SENTENCE = re.compile(r"(?:(?<=[^\W\d_]{3})|(?<=\d{4}))\. ")
#: What is dated, and tells mostly of the same year from spring on, before that often of the year before.
_NOTICE_WORD = re.compile(r"protokoll|publicera|sammanträd|nyhet|information|\bi korthet\b|\bbeslut\b", re.IGNORECASE)
_SPRING = 4
#: The last of the years that a title's figures are of.
_LAST_YEAR = re.compile(r"\b(?:19|20)\d\d\s?[-\u2013]\s?((?:19|20)\d\d)\d?\b")
_DATE = re.compile(r"\b(20\d{2})-[01]\d-[0-3]\d\b")
_BUDGET_YEAR = re.compile(
    r"\bbudget\s(20\d{2})\b(?=$|,|\s+(?:med|och|samt|plan|-)\b|\s?[-\u2013/]\s?(?:20)?\d\d\b)", re.IGNORECASE
)
#: What no budget's title names beside its year, but a list of columns does: "bokslut 2021, budget 2022".
_CAME_OF_IT = re.compile(r"\b(?:bokslut|utfall) (?:19|20)\d\d", re.IGNORECASE)
_ANY_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)")
_YEAR_MONTHS = 12
#: A line of nothing but months from January on, below a title.
_MONTHS_ONLY = re.compile(r"\W*(?:perioden )?jan(?:uari)?\W+[a-zåäö]+\.?,? (?:19|20)\d{2}\W*", re.IGNORECASE)
#: How the second line of a title begins, with the year or the months: "2024 med helårsprognos", "per den 30 april".
_TITLE_GOES_ON = re.compile(
    r"\W*(?:(?:19|20)\d{2}\b(?![-/]\d)|(?:per|efter|till och med|t\.o\.m\.) |jan(?:uari)?\b)", re.IGNORECASE
)
#: Series that tell of the whole year, also in a report of its first months.
AHEAD = ("budget", "forecast", "plan", "target")
#: "Socialnämndens" names the committee as well, and "antagen av socialnämnden" no other one.
_GENITIVE = re.compile(r"(?<=nämnden)s\b")
_IN_SENTENCES = re.compile(r"\b(?:[a-zåäö]+- och )?[a-zåäö]+nämnden\b")
#: A sentence, or a line that is none.
_TEXT_PIECE = re.compile(r"(?:[^.!?\n]|[.!?](?!\s)|\n(?=[a-zåäö0-9(]))+")
#: So many series and periods make a line one of column headings.
_COLUMNS = 3
_EARLIEST, _LATEST = 1995, 2035
#: How far before a year a word may stand that tells whether it is the report's own, and what such a year then weighs.
_NEAR = 40
_OWN_YEAR = 4
#: A document is plainly of a municipality that is so large a share of those it names; outside its opening, of so many.
_PLAIN, _OFTEN = 0.8, 5
#: How well a year that is told so fits a document of so many years later; what is not here hardly fits.
_FITS: dict[str, dict[int, float]] = {
    "own": {0: 3, 1: 1},
    "this": {0: 5},
    "dated": {0: 4, 1: 1},
    "last": {1: 6},
    "next": {-1: 6},
    "notice": {0: 2, -1: 2},
    "compared": {1: 2, 2: 1},
    "since": {1: 0.5},
    "closed": {0: 1.5, 1: 1.5},
    "expected": {0: 2, -1: 1},
    "ahead": {-1: 2, -2: 1, -3: 1},
}
_UNFIT = -4
#: A sentence has so many words at least.
_FEWEST_WORDS = 4
_WORD = re.compile(r"[^\W\d_]{2,}")
#: How many titles further on, of chapters and tables, the title on the first line outweighs.
_FIRST_TITLE = 3
#: What a title weighs, in mentions of its year.
_TITLED = 6


@dataclass(frozen=True)
class Metadata:
    """What a report is; None or empty where the text does not say. `months`: how many, from January on, it tells of.

    title: as a person has given it or, where it is to be filed, as it is printed.
    """

    report: str = "document"
    municipality_code: str | None = None
    committee: str | None = None
    year: int | None = None
    kind: str | None = None
    months: int | None = None
    title: str | None = None

    def completed_by(self, found: Metadata) -> Metadata:
        """Return this metadata, its gaps filled from what was found in the text."""
        return replace(
            self,
            municipality_code=self.municipality_code or found.municipality_code,
            committee=self.committee or found.committee,
            year=self.year or found.year,
            kind=self.kind or found.kind,
            months=self.months or found.months,
        )

    @property
    def year_before(self) -> str | None:
        """The year before the report's."""
        return str(self.year - 1) if self.year else None

    @property
    def is_of_own_year(self) -> bool:
        """Whether undated figures are of the document's own year, as in a report of a year or of a part of one.

        Those of a budget or of a document of unknown kind, such as an agenda, are mostly of another year: 44 of 56 in tables of
        labelled documents were.
        """
        return self.kind not in ("budget", None) or self.months is not None

    def usual_period(self, series: str) -> str | None:
        """Return the period of a figure that names none: the year, or as many months of it as an interim report tells of."""
        year = str(self.year) if self.year else None
        if self.months is None or year is None or series in AHEAD:
            return year
        return in_year(f"--01/--{self.months:02d}" if self.months > 1 else "--01", year)


def find_metadata(document: Document) -> Metadata:
    """Find what a document says of itself."""
    opening = "\n".join([line for line in document.lines if line.strip()][:_OPENING])
    text = "\n".join(document.lines)
    kind = _kind(opening, text)
    return Metadata(
        municipality_code=named_municipality(opening) or named_municipality(text),
        committee=_committee(text),
        year=_year(opening, text, kind),
        kind=kind,
        months=(_months(opening) or _months_of_text(text, kind)) if kind in ("interim", None) else None,
    )


def to_file(document: Document, given: Metadata) -> Metadata:
    """Return what a report is filed as: what is given of it, completed by what the document says of itself, its title too.

    Where the title names a kind that the vocabulary does not know, the kind stays open, whatever the text goes on to name.
    """
    found = find_metadata(document)
    known = given.completed_by(found)
    title = given.title or printed_title(document.lines, known.year)
    is_open = given.kind is None and title is not None and first_meaning("kind", title) is None
    return replace(known, title=title, kind=None if is_open else known.kind)


def printed_title(lines: Sequence[str], year: int | None = None) -> str | None:
    """Return the title of a document as it is printed; None where its opening has none.

    Parameters
    ----------
    lines : of the document.
    year : of the report; a title of this year goes before titles of others. A year on the line below belongs to the title.
    """
    opening = [_bare_title(line) for line in lines if line.strip()][:_OPENING]
    told = [line for line in opening if not _NOTICE_WORD.search(line) and not _SENTENCE.search(_YEAR.sub("", line))]
    dated = [(line, found) for line in told if (found := _title_year(line)) is not None]
    parted = list(_parted_titles(opening))
    return next((line for line, found in [*dated, *parted] if found == year), next((line for line, _ in [*dated, *parted]), None))


def _parted_titles(lines: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Yield the titles whose year stands on the line below, each with that year: those of covers."""
    if sum(_YEAR.fullmatch(line) is not None for line in lines) > 1:
        return  # years head parts of it
    for line, below in pairwise(lines):
        if len(line) <= _TITLE and _YEAR.fullmatch(below) and _TITLE_WORD.search(line) and not line.endswith("."):
            yield f"{line} {below}", int(below)


def _bare_title(line: str) -> str:
    """Return a line without marks of headings, numbers of pages and other columns."""
    first = re.split(r"\t| {3,}", line.strip())[0]
    return tidy(re.sub(r"^[#*\s]+|[*\s]+$|^\d+\s?\(\d+\)\s*", "", first))


def titled_year(lines: Sequence[str], year: int) -> int | None:
    """Return the year of the title that a document of a year prints; None where it prints none."""
    title = printed_title(lines, year)
    return _title_year(title, is_title=True) if title else None


def _months(opening: str) -> int | None:
    """Return how many months an interim report tells of: those that a line below its title spans, else up to its title's month.

    The month in which it was decided or printed is none of them.
    """
    spans = (parse_period(line) for line in opening.split("\n") if _MONTHS_ONLY.fullmatch(line))
    if last := next((bounds(span)[1].month for span in spans if span and "/" in span), None):
        return last if last < _YEAR_MONTHS else None
    lines = opening.split("\n")
    broken = (f"{line} {below}" for line, below in pairwise(lines) if _is_title_line(line) and _TITLE_GOES_ON.match(below))
    for line in (*(piece for whole in lines for piece in (whole, _FIRST_SENTENCE.split(whole)[0])), *broken):
        if _title_year(line) is None or first_meaning("kind", line) != "interim":
            continue
        undated = _DATE.sub("", line)
        times = [time for time in told_times(undated) if (time.time.part or "")[:1] == "-"]
        told = [time.time.part for time in times if not _is_dated(undated[: time.start])]
        if times and not told:
            continue
        period, part = parse_period(line), told[-1] if told else parse_part(line)
        if period and part:
            period = in_year(part, period[: len("2023")])
        if period and len(period) > len("2023"):
            last = bounds(period)[1].month
            return last if last < _YEAR_MONTHS else None
    return None


def _is_title_line(line: str) -> bool:
    """Tell whether a line titles an interim report, or the first part of its title: no sentence does."""
    return len(line) <= _TITLE and not line.rstrip().endswith(".") and first_meaning("kind", line) == "interim"


def _is_dated(words: str) -> bool:
    """Tell whether a time behind words is when the document was decided or printed."""
    return is_said("decided", words) or is_said("notice", words)


def _months_of_text(text: str, kind: str | None) -> int | None:
    """Return how many months a text tells of that nothing titles: those up to which it tells most often."""
    if any(_title_year(line) for line in text.split("\n")) or not (kind == "interim" or is_said("of_period", text)):
        return None
    told = Counter(month for sentence in _TEXT_PIECE.finditer(text) for month in months_so_far(sentence[0].replace("\n", " ")))
    return told.most_common(1)[0][0] if told else None


def _kind(opening: str, text: str) -> str | None:
    """Return the kind that the first title names, else that of most titles with a year, else what the text names most often."""
    for line in opening.split("\n"):
        if len(line) <= _TITLE and len(_YEAR.findall(line)) <= 1 and "...." not in line and (kind := first_meaning("kind", line)):
            return kind
    if _NOTICE_WORD.search(opening.split("\n")[0]):
        return None  # a notice or the minutes of a meeting, whatever reports it speaks of
    titled = Counter(kind for line in text.split("\n") if _title_year(line) and (kind := first_meaning("kind", line)))
    if titled:
        return titled.most_common(1)[0][0]
    named = Counter({phrase.meaning: len(phrase.pattern.findall(text)) for phrase in phrases("kind")})
    kind, count = named.most_common(1)[0]
    return kind if count else None


@lru_cache(maxsize=1)
def _municipality_name() -> re.Pattern[str]:
    names = "|".join(sorted(map(re.escape, municipalities().values()), key=len, reverse=True))
    return re.compile(rf"\b({names})s?\s+(?:kommun|stad)", re.IGNORECASE)


def stated_municipality(lines: Sequence[str]) -> tuple[int, str] | None:
    """Return where a document says whose it is, and that municipality's code; None where it is not plain.

    Parameters
    ----------
    lines : of the document. Its opening tells; where no municipality is named in it, the rest does, if nearly always the same.
    """
    numbered = list(enumerate(lines, start=1))
    named = [(number, match[1].lower()) for number, line in numbered for match in _municipality_name().finditer(line)]
    filled = [number for number, line in numbered if line.strip()][:_OPENING]
    opening = [(number, name) for number, name in named if number <= max(filled, default=0)]
    told = opening or named
    counted = Counter(name for _, name in told).most_common(1)
    if not counted or counted[0][1] < _PLAIN * len(told) or (not opening and len(told) < _OFTEN):
        return None
    codes = {name.lower(): code for code, name in municipalities().items()}
    return next((number, codes[name]) for number, name in told if name == counted[0][0])


def named_municipality(text: str) -> str | None:
    """Return the code of the municipality that is named most often, as a municipality."""
    codes = {name.lower(): code for code, name in municipalities().items()}
    named = Counter(match[1].lower() for match in _municipality_name().finditer(text))
    if not named and (code := first_meaning("municipality", text)):
        return code
    if not named:
        written = "|".join(sorted(map(re.escape, municipalities().values()), key=len, reverse=True))
        places = re.finditer(rf"\b({written})(?:s|borna)?\b", text)
        named = Counter(match[1].lower() for match in places if len(match[1]) > 3)
    return codes[named.most_common(1)[0][0]] if named else None


def _committee(text: str) -> str | None:
    """Return the committee that a text names most often as a name; where it names none so, the one it names within sentences."""
    plain = _GENITIVE.sub("", text)
    named = [match[0] for phrase in phrases("committee") for match in phrase.pattern.finditer(plain)]
    named = named or [f"{match[0][0].upper()}{match[0][1:]}" for match in _IN_SENTENCES.finditer(plain)]
    found = Counter(name.removesuffix("en") for name in named if name.lower() != "nämnden")
    return f"{found.most_common(1)[0][0]}en" if found else None


def _title_year(line: str, is_title: bool = False) -> int | None:
    """Return the year of a line that titles the document or a part of it, by its words or its place: the one year it names."""
    line = re.split(r"\t| {3,}", line.strip())[0]
    pieces = re.split(r"\.\s(?=[A-ZÅÄÖ])", line) if len(line) <= _TITLE else [line]
    line = next((piece for piece in pieces if _TITLE_WORD.search(piece) and _ANY_YEAR.search(piece)), line)
    kind = first_meaning("kind", line)
    # A budget is for the first of the years that its title names, also where it says when it was decided.
    dated = (kind == "budget" and _ANY_YEAR.findall(_DATE.sub("", line))) or _DATE.findall(line) or _BUDGET_YEAR.findall(line)
    years = set(dated[:1] or _YEAR.findall(line) or _LAST_YEAR.findall(line))
    heads = heading_words(line) >= _COLUMNS and (not _BUDGET_YEAR.search(line) or _CAME_OF_IT.search(line))
    short = len(line) <= _TITLE and not heads and not line.rstrip().endswith(".") and "...." not in line
    titled = _TITLE_WORD.search(line) or (is_title and not _NOTICE_WORD.search(line))
    return int(years.pop()) if short and len(years) == 1 and titled and not _DECIMALS.search(line) else None


def _notice_year(opening: str) -> int | None:
    """Return the year of a dated notice or of minutes, from spring on; None for what may tell of the year before."""
    for line in opening.split("\n"):
        period = parse_period(line) if len(line) <= _TITLE and _NOTICE_WORD.search(line) else None
        if period and len(period) > len("2023") and bounds(period)[1].month >= _SPRING:
            return int(period[:4])
    return None


def _years_in_passing(text: str) -> set[int]:
    """Return where years stand in a text that its sentences only compare with, or name in a bracket or an aside."""
    found = set()
    for sentence in _TEXT_PIECE.finditer(text):
        plain = sentence[0].replace("\n", " ")
        for told in passing_times(plain):
            found |= {sentence.start() + match.start() for match in _YEAR.finditer(plain, told.start, told.end)}
    return found


def _year(opening: str, text: str, kind: str | None) -> int | None:
    """Return the report's year: the year of its title, else the one that what its sentences say of years fits best.

    Where no sentence names a year, it is the year that its figures are most about, the later of equals.
    """
    first, *lines = opening.split("\n")
    titles = Counter(year for line in lines if (year := _title_year(line)) is not None)
    if (year := _title_year(first, is_title=True)) is not None:
        titles[year] += _FIRST_TITLE if _TITLE_WORD.search(first) else 1
    parted = _parted_titles([line.strip() for line in opening.split("\n")])
    titles.update(Counter(year for title, year in parted if first_meaning("kind", title)))  # "År" and the first of years is none
    named: Counter[int] = Counter()
    for match in _YEAR.finditer(text):
        if _EARLIEST <= int(match[1]) <= _LATEST:
            before = text[max(0, match.start() - _NEAR) : match.start()]
            named[int(match[1])] += _OWN_YEAR if is_said("own_year", before) else 1 if is_said("other_year", before) else 2
    most = max(named.values(), default=0)
    for year, _ in titles.most_common(1):
        if 3 * (named[year] + _TITLED) >= most:
            return year
    if titles or (year := _notice_year(opening) or _fitting_year(text, kind)) is None:
        prose = not titles and any(_YEAR.search(piece[0]) for piece in _sentences(text))
        return None if prose else max((year for year, weight in named.items() if 3 * weight >= 2 * most), default=None)
    return year


def _sentences(text: str) -> Iterator[re.Match[str]]:
    """Yield the sentences of a text, not its lines of headings and figures."""
    for piece in _TEXT_PIECE.finditer(text):
        ends = text[piece.end() : piece.end() + 1] in (".", "!", "?")
        if len(_WORD.findall(piece[0])) >= _FEWEST_WORDS and (ends or heading_words(piece[0]) < _COLUMNS):
            yield piece


def _told_years(text: str) -> Iterator[tuple[int, str]]:
    """Yield the years that sentences name, each with how it is told: "own", "compared", "ahead" ..."""
    in_passing = _years_in_passing(text)
    for piece in _sentences(text):
        for match in _YEAR.finditer(piece[0]):
            if _EARLIEST <= int(match[1]) <= _LATEST:
                around = f"{piece[0][max(0, match.start() - _NEAR) : match.start()]}\u00a4{piece[0][match.end() :][:_NEAR]}"
                told = first_meaning("year_told", around.replace("\n", " "))
                passing = piece.start() + match.start() in in_passing and told in (None, "expected", "dated")
                yield int(match[1]), "notice" if _NOTICE_WORD.search(piece[0]) else "compared" if passing else told or "own"


def _fitting_year(text: str, kind: str | None) -> int | None:
    """Return the year in which a document was written so that all it says of years fits best; None where nothing tells it."""
    told = list(_told_years(text))
    if not any(how not in ("since", "ahead") for _, how in told) and not (kind == "budget" and told):
        return None
    # Who writes "i år" more often than years calls the same year by its number only where something is expected of it.
    this_year = len(phrases("this_year")[0].pattern.findall(text)) >= max(1, sum(how == "own" for _, how in told))
    fits = _FITS | ({"own": {0: 2, 1: 2.5}, "closed": {0: 0, 1: 3}} if this_year else {})
    if kind == "budget":
        fits |= {"expected": {0: 3, -1: 1, -2: 1}, "ahead": {0: 2, -1: 1, -2: 1}}
    years = sorted({year + offset for year, _ in told for offset in (1, 0, -1)}, reverse=True)
    scored = {year: sum(fits[how].get(year - other, _fits_not(how, year - other)) for other, how in told) for year in years}
    best = max(scored, key=lambda year: scored[year])
    return best if scored[best] > 0 else None


def _fits_not(how: str, offset: int) -> int:
    """Return what it weighs that a year told so lies where it hardly can: nothing for what is long ago, much for the future."""
    if offset > 0 and how not in ("ahead", "next", "expected"):
        return 0
    return _UNFIT // 2 if how == "own" else _UNFIT  # what no word tells may well be planned
