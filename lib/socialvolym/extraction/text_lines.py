"""Text lines: a line of text seen as a possible row of a table, and the ways to cut its words into cells."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby, pairwise
from math import comb

from socialvolym.extraction.headings.heading_words import heading_words, places_in, without_numbers_of_headings
from socialvolym.extraction.rows import BLANKS, groupings, numeric_runs
from socialvolym.notation.numbers import RAISED, parse_number, tidy
from socialvolym.notation.periods import ANY_YEAR, YEAR, parse_day, parse_heading
from socialvolym.vocabulary import blanks
from socialvolym.vocabulary.phrases import is_said

#: So many series and periods make a long line one of headings.
_HEADING_WORDS = 4
#: Wide gaps that part the headings of a line that many words of headings stand on.
_FEWEST_GAPS = 3
#: So many places beside each other are headings of columns.
_FEWEST_PLACES = 2
#: Words of a title, and periods and series in it, at most: "Budget 2024 omsorgsnämnden".
_LONGEST_TITLE, _TITLE_WORDS = 12, 2
#: Words of a remark behind the cells, at most.
_LONGEST_REMARK = 2
#: A label line longer than this is a sentence.
LONGEST_LABEL = 75
MOST_COLUMNS = 16
_MOST_DIGITS = 7
_MOST_WAYS = 600
#: Bare numbers in equal steps that make an axis.
_FEWEST_TICKS = 4

#: A line of so many pages is a header or a footer: one of so many first or last lines of each. It may begin or end in the page's
#: number.
_FEWEST_PAGES, _END_LINES = 3, 2
_PAGE_NUMBER = re.compile(r"^\d{1,3}(?: ?\(\d{1,3}\))?(?=\s|$)|(?:(?<=\s)|^)\d{1,3}(?: ?[(/] ?\d{1,3}\)?)?$")

#: A title of a list of contents, with its number and its page; years may stand in it. So few make no list.
_ENTRY = re.compile(r"(?:\d+(?:\.\d+)*\.? )?[^\W\d](?:[^\d]|\b(?:19|20)\d\d\b)*?[\s.…_]+(\d{1,3})")
_FEWEST_ENTRIES, _LONGEST_TITLE_LINES = 3, 1

#: A year that labels a row, with the mark of a footnote.
_MARKED_YEAR = re.compile(rf"{YEAR}(?:\*{{1,2}}|[{RAISED}]|\*?\))?")
_AGES = re.compile(r"[<>]?\b\d{1,2}\s?-\s?\d{1,2}\b(?:\s?år)?|[<>]?\s?\d{1,2}\+?\s?år\b|(?<=\w)\d\b")
_GLUED = re.compile(r"(?<=\d)(?=-\d{1,3} \d{3}\b)|(?<=%)(?=-\d)")
_DAY_ENDS = re.compile(r"(?:^|\s)([12]?\d|3[01])\s*$")
_MONTH_BEGINS = re.compile(r"(?:jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec)[a-z]*\.?\s+(?:19|20)\d{2}\b", re.IGNORECASE)
_PART_ENDS = re.compile(r"(?:^|\s)(tertial|kvartal|halvår)\s*$", re.IGNORECASE)
_PART_NUMBER = re.compile(r"[1-4]$")
_PLUS = re.compile(r"(?<!\S)\+ \d")
_SIGN = re.compile(r"(?<=\S\s)([+\u2212\u2013-]) (?=\d)")
_LIMIT = re.compile(r"(?<!\S)([<>≤≥])\s(?=\d)")
_SENTENCE_END = re.compile(r"[a-zåäö)%\d][.!?:]\s*$|[a-zåäö]{2}[.!?] [A-ZÅÄÖ]")
_GROUP = re.compile(r"\d{3}(?!\d)")
_ZERO = re.compile(r"^[+-]?0\d")
#: An amount in what would be a label: "Utbetalt 312 tkr; snitt per hushåll" before its figure is running text.
_AMOUNT = re.compile(
    r"(?<!\d)(?!1 ?000 )\d[\d ]*(?:,\d+)? ?(?:%|[tmk]kr|mnkr|mdkr|kr|kronor|miljon\w*|procent)(?![\w-])", re.IGNORECASE
)
#: A figure and another in brackets behind it.
BRACKETED = re.compile(r"(?P<own>[-+]?\d[\d ]*(?:,\d+)?(?: ?%)?) \((?P<other>[-+]?\d[\d ]*(?:,\d+)?(?: ?%)?|-|\.\.)\)")
#: A lone mark beside a figure that wide gaps part from the others: a speck on a page that was read from its picture.
_SPECK = re.compile(r"(?<=  )[.,'´`](?= [-+]?\d)|(?<=\d )[.,'´`](?=  |\s*$)")
#: A line that is drawn in signs, and dots that lead from a label to its value.
_DRAWN = re.compile(r"[\s|+]*(?:[-_=*–—]{3,}[\s|+]*)+")
_LEADERS = re.compile(r"\s?(?:\.{4,}|…{2,}|(?:\. ){3,}\.?|_{4,})\s?")
_BULLET = re.compile(r"^\s*[•\uf0b7\u25cf*–-]\s+(?=[A-Za-zÅÄÖåäö]|\d[\d ]*\s[a-zåäö])")


@dataclass(frozen=True)
class Line:
    """A line of text, seen as a possible row: label, words that may be cells, text behind them.

    Where thousands are not parted, no two words make one number. Where it is known how many words the label has, its digits are
    no cells. Doubtful is a line whose cells may begin elsewhere.
    """

    number: int
    text: str
    parts_thousands: bool = True
    label_words: int | None = None
    doubtful: bool = False

    @cached_property
    def pieces(self) -> list[str] | None:
        """The cells where the line itself separates them: by tabs, bars or wide gaps; the first is the label."""
        text = self.text.rstrip("\n")
        if "\t" in text.strip("\t ") or ("\t" in text and text.strip()):
            return [tidy(part) for part in text.split("\t")]
        if text.count("|") >= 2:
            parts = [tidy(part) for part in text.strip().strip("|").split("|")]
            return parts if not all(re.fullmatch(r"[:\- ]*", part) for part in parts) else None
        parts = self._parted()
        if len(parts) > 1 and all(is_value(part) for part in parts[1:]) and (len(parts) > 2 or " " not in parts[1]):
            tail = numeric_runs(parts[0].split())
            timed = parse_heading(parts[0]).period  # the number that ends "Kvartal 1" is no cell
            if timed or not (tail and tail[-1][1] == len(parts[0].split()) and tail[-1][0] > 0):
                return ["", *parts] if is_value(parts[0]) and not ANY_YEAR.fullmatch(parts[0]) else parts
        return None

    def _parted(self) -> list[str]:
        """Return the text cut at its wide gaps, without a remark behind the figures."""
        parts = [tidy(part) for part in re.split(r" {2,}", self.text.strip())]
        remarked = len(parts) > 3 and not is_value(parts[-1]) and len(parts[-1].split()) <= _LONGEST_REMARK
        return parts[:-1] if remarked else parts

    @property
    def is_bullet(self) -> bool:
        """Whether the line begins an item of a list."""
        return _BULLET.match(self.text) is not None

    @cached_property
    def words(self) -> list[str]:
        """The words of the line, without a bullet, cells that only a minus sign parts taken apart."""
        text = tidy(_BULLET.sub("", self.text))
        return _GLUED.sub(" ", _LIMIT.sub(r"\1", text)).split()

    @cached_property
    def run(self) -> tuple[int, int] | None:
        """Start and end of the words that may be cells: the run at the end, else the longest run."""
        words = self.words
        if self.label_words is not None:
            return self.label_words, len(words)
        start = 1 if words and _MARKED_YEAR.fullmatch(words[0]) and len(words) > 1 else 0
        runs = [
            (a + start, b + start)
            for a, b in numeric_runs(words[start:])
            if any(any(c.isdigit() for c in word) for word in words[a + start : b + start]) or b - a > 1
        ]
        if not runs:
            return None
        run = runs[-1] if runs[-1][1] == len(words) else max(runs, key=lambda run: run[1] - run[0])
        years = [bool(ANY_YEAR.fullmatch(word)) for word in words[slice(*run)][:2]]
        return (run[0] + 1, run[1]) if start == 0 and years == [True, False] else run

    @cached_property
    def counts(self) -> tuple[int, int]:
        """The fewest and the most cells that the run can be cut into; (0, 0) without a run."""
        if self.pieces is not None:
            values = sum(is_value(part) and part != "" for part in self.pieces[1:])
            return (values, values)
        if self.run is None:
            return (0, 0)
        words = self.words[self.run[0] : self.run[1]]
        if not self.parts_thousands:
            return (len(words), len(words))
        possible = [n for n in range(1, min(len(words), MOST_COLUMNS) + 1) if cuts(words, n)]
        possible = [n for n in possible if _is_short(cuts(words, n)[0])] or possible
        return (possible[0], possible[-1]) if possible else (0, 0)

    @cached_property
    def chunks(self) -> list[tuple[int, list[str]]]:
        """The words of the run in stretches without wide gaps, each with the empty cells that the gap before it may stand for."""
        if self.run is None or "\t" in self.text:
            return []
        start, end = self.run
        found: list[tuple[int, list[str]]] = []
        place = 0
        for index, word in enumerate(self.words[:end]):
            at = self.text.find(word, place)
            if at < 0:
                return []
            if index >= start:
                empty = max(0, at - place - (index > 0))  # what stands before bare figures is no label's blank
                if empty or not found:
                    found.append((empty, []))
                found[-1][1].append(word)
            place = at + len(word)
        return found

    @cached_property
    def empty_ends(self) -> tuple[int, int]:
        """Empty cells inside the row that its gaps stand for, and empty cells that may be lost behind its end."""
        inner = sum(empty for empty, _ in self.chunks)
        return inner, max(0, len(self.text) - len(self.text.rstrip(" ")) - 1)

    @cached_property
    def label(self) -> str:
        """The text before the cells."""
        if self.pieces is not None:
            return self.pieces[0]
        return " ".join(self.words[: self.run[0]]) if self.run else " ".join(self.words)

    @cached_property
    def tail(self) -> str:
        """The text behind the run."""
        if self.pieces is not None and "\t" not in self.text and "|" not in self.text:
            return " ".join(tidy(part) for part in re.split(r" {2,}", self.text.strip())[len(self._parted()) :])
        return " ".join(self.words[self.run[1] :]) if self.run and self.pieces is None else ""

    @cached_property
    def is_heading(self) -> bool:
        """Whether the line can only head columns: its numbers are periods or age groups, and it names periods or series."""
        if self.is_sentence:
            return False
        if self.pieces is not None and self._heads_pieces:
            return True
        rest = _AGES.sub(" ", without_numbers_of_headings(" ".join(self.words)))
        values = [word for word in rest.split() if word[:1].isdigit() or (word[:1] in "+-<>" and word[1:2].isdigit())]
        if values:
            return False
        digits = sum(any(c.isdigit() for c in word) for word in self.words)
        return (is_said("heading", self.text) or self.heads_places) and (digits == 0 or len(self.words) <= 4 * digits + 8)

    @property
    def _heads_pieces(self) -> bool:
        """Whether each of several pieces behind the first names a period or a series, and none is a figure."""
        pieces = [piece for piece in (self.pieces or [])[1:] if piece]
        told = ((parse_heading(piece).is_told and not parse_number(piece)) or ANY_YEAR.fullmatch(piece) for piece in pieces)
        return len(pieces) > 1 and all(told)

    @cached_property
    def is_title(self) -> bool:
        """Whether the line titles the document, by what it is or by whose and of which year: no line of column headings."""
        if len(self.text.split()) > _LONGEST_TITLE or heading_words(self.text) > _TITLE_WORDS or self.is_sentence:
            return False
        years = ANY_YEAR.findall(self.text)
        return len(years) <= 1 and (is_said("document_word", self.text) or (bool(years) and is_said("committee_word", self.text)))

    @cached_property
    def tells_day(self) -> bool:
        """Whether the line tells of which day of each year a whole table is, "per den 31 augusti"."""
        return is_said("day_over", self.text) and parse_day(self.text) is not None and heading_words(self.text) == 1

    @cached_property
    def heads_columns(self) -> bool:
        """Whether the line surely begins new column headings: it names several periods or series, or places."""
        return self.is_heading and (heading_words(self.text) >= 2 or self.heads_places)

    @cached_property
    def heads_places(self) -> bool:
        """Whether the line is of places beside each other, which head columns that compare them."""
        return not self.is_sentence and places_in(self.text) >= _FEWEST_PLACES

    @cached_property
    def is_sentence(self) -> bool:
        """Whether the line is running text rather than a label or a heading."""
        text = tidy(self.text)
        if self.pieces is not None and len([part for part in self.pieces if part]) > 2:
            return False
        letters = re.sub(r"[^A-Za-zÅÄÖåäö ]", "", text)
        long = len(letters) > LONGEST_LABEL
        ended = _SENTENCE_END.search(text) and len(letters.split()) > 4 and not is_said("shortened", text)
        # A line of headings begins word after word with a capital, running text seldom does.
        capitals = 2 * sum(word[:1].isupper() for word in text.split()) > len(text.split())
        many = heading_words(text) >= _HEADING_WORDS
        if many and len(re.split(r"\s{2,}", self.text.strip())) > _FEWEST_GAPS:
            return False
        return bool(ended or long) and not (many and capitals) and (bool(re.search(r"[.!?]\s*$", text)) or not (many or capitals))

    @cached_property
    def strength(self) -> int:
        """2 for a row that needs no neighbours, 1 for one that needs them, 0 for no row."""
        low, high = self.counts
        if high == 0 or self.is_heading or self.is_title:
            return 0
        if self.pieces is not None:
            return 2 if low >= 2 or "\t" in self.text or "|" in self.text else 1
        start, end = self.run or (0, 0)
        if self.is_sentence and not (high >= 3 and low >= 2 and len(self.words) - end <= _LONGEST_REMARK):
            return 0
        if end < len(self.words):
            return 2 if low >= 3 or ((low == 2 and high > 2) and len(self.words[end:]) <= 20) else 0
        if low >= 2:
            return 2
        if high >= 2 and start == 0:
            return 2
        return 1 if len(self.label) <= LONGEST_LABEL and start <= 10 and not _AMOUNT.search(self.label) else 0


def undrawn(text: str) -> str:
    """Return a line without what is drawn in signs: nothing of a rule, and as wide a gap where dots lead to a value."""
    return "" if _DRAWN.fullmatch(text) else _LEADERS.sub(lambda dots: " " * len(dots[0]), text)


def whole_dates(texts: Sequence[str]) -> list[str]:
    """Move what begins a time and ends a line to the line that goes on with it: "31" over "dec 2023", "Kvartal" over "2"."""
    moved = list(texts)
    for index, text in enumerate(moved[:-1]):
        below = moved[index + 1].strip()
        for ends, begins in ((_DAY_ENDS, _MONTH_BEGINS), (_PART_ENDS, _PART_NUMBER)):
            if (start := ends.search(text)) and begins.match(below):
                moved[index], moved[index + 1] = text[: start.start()], f"{start[1]} {below}"
    return moved


def without_specks(text: str) -> str:
    """Return a line with a blank for each speck beside a figure.

    Examples
    --------
    >>> without_specks("LSS     9,4 ,    9,2   . 8,8"), without_specks("LSS 9,4 . 9,2")
    ('LSS     9,4      9,2     8,8', 'LSS 9,4 . 9,2')
    """
    return _SPECK.sub(" ", text)


def with_signs(texts: Sequence[str]) -> list[str]:
    """Return lines with the signs that stand apart put to their numbers: where one of a block has a plus, a minus is no dash.

    Examples
    --------
    >>> with_signs(["LSS - 6,6 mkr", "- IFO + 0,5 mkr"]), with_signs(["LSS - 6,6 mkr"])
    (['LSS -6,6 mkr', '- IFO +0,5 mkr'], ['LSS - 6,6 mkr'])
    """
    found: list[str] = []
    for filled, group in groupby(texts, key=lambda text: bool(text.strip())):
        block = list(group)
        signed = filled and any(map(_PLUS.search, block))
        found += [_SIGN.sub(r"\1", text) for text in block] if signed else block
    return found


def is_value(text: str) -> bool:
    """Tell whether a text can stand in a cell: a number, perhaps with another in brackets, a mark for no value, or nothing."""
    value = text == "" or text in BLANKS or parse_number(text) is not None or tidy(text).lower() in blanks()
    return value or BRACKETED.fullmatch(text) is not None


def cuts(words: Sequence[str], count: int) -> list[tuple[str, ...]]:
    """Return the ways to cut words into `count` cells in which no number starts with a superfluous zero.

    Numbers of more than seven digits are taken only where there is no other way.
    """
    return list(_cuts(tuple(words), count))


@lru_cache(maxsize=4096)
def _cuts(words: tuple[str, ...], count: int) -> tuple[tuple[str, ...], ...]:
    if _most_ways(words, count) > _MOST_WAYS:
        return ()
    ways = tuple(
        way
        for way in groupings(words, count)
        if not any(_ZERO.match(cell) and not re.match(r"^[+-]?0[.,]", cell) for cell in way)
    )
    return tuple(way for way in ways if _is_short(way)) or ways


def _most_ways(words: Sequence[str], count: int) -> int:
    """Return how many ways to cut the words there can be at most; too many to try mean that none can be told right."""
    joints = sum(before.lstrip("+-").isdigit() and _GROUP.match(word) is not None for before, word in pairwise(words))
    forced = len(words) - 1 - joints
    return comb(joints, count - 1 - forced) if 0 <= count - 1 - forced <= joints else 0


def _is_short(cells: Sequence[str]) -> bool:
    return all(sum(c.isdigit() for c in cell.split(",")[0]) <= _MOST_DIGITS for cell in cells)


def axis_lines(lines: Sequence[str]) -> set[int]:
    """Return the lines that are a chart's axis: four or more bare numbers below each other in equal steps, and no years."""
    bare = [
        (number, parsed.value if (parsed := parse_number(text)) else float("nan"))
        for number, text in enumerate(map(str.strip, lines), start=1)
        if text and not ANY_YEAR.fullmatch(text)
    ]
    found: set[int] = set()
    run: list[tuple[int, float]] = []
    for number, value in bare:
        if (len(run) >= 2 and abs((value - run[-1][1]) - (run[1][1] - run[0][1])) > 1e-9) or value != value:
            run = run[-1:] if value == value and len(run) < _FEWEST_TICKS else []
        if value == value and (not run or value != run[-1][1]):
            run.append((number, value))
        if len(run) >= _FEWEST_TICKS:
            found |= {tick for tick, _ in run}
    return found


def contents_lines(lines: Sequence[str]) -> set[int]:
    """Return the lines of a list of contents: below its heading, titles that end in the numbers of pages, which never fall.

    A title may go on over one line more, and the number of a page may stand alone between them.
    """
    found: set[int] = set()
    for begin in (number for number, text in enumerate(lines, start=1) if is_said("contents", text)):
        entries: list[tuple[int, int]] = []
        apart = 0
        for number, text in enumerate(map(tidy, lines[begin:]), start=begin + 1):
            if not text or text.isdigit():
                continue
            entry = _ENTRY.fullmatch(text)
            apart = 0 if entry else apart + 1
            if apart > _LONGEST_TITLE_LINES or (entry and entries and int(entry[1]) < entries[-1][1]):
                break
            if entry:
                entries.append((number, int(entry[1])))
        if len(entries) >= _FEWEST_ENTRIES and entries[0][1] < entries[-1][1]:
            found |= {begin, *(number for number, _ in entries)}
    return found


def running_lines(lines: Sequence[str], pages: Sequence[int | None]) -> set[int]:
    """Return the headers and footers of pages: lines at their ends that are the same on several, but for the page's number."""
    numbered = [(number, page) for number, page in enumerate(pages, start=1) if page is not None and lines[number - 1].strip()]
    ends: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for page, group in groupby(numbered, key=lambda pair: pair[1]):
        own = [number for number, _ in group]
        for number in {*own[:_END_LINES], *own[-_END_LINES:]}:
            if words := _PAGE_NUMBER.sub("", tidy(lines[number - 1])).strip():
                ends[words].add((page, number))
    return {number for places in ends.values() if len({page for page, _ in places}) >= _FEWEST_PAGES for _, number in places}


def page_marks(lines: Sequence[str]) -> set[int]:
    """Return the lines that say which page or slide begins or ends, "Sida 3 av 12", and nothing else."""
    return {number for number, line in enumerate(lines, start=1) if is_said("page_mark", line)}


def numbered_ends(lines: Sequence[str], pages: Sequence[int | None]) -> set[int]:
    """Return the headers and footers that hold the page's number: it grows with the page, as the total of a table does not.

    Examples
    --------
    >>> sorted(numbered_ends(["Nämnd 3", "Nämnd 4", "Nämnd 5"], [1, 2, 3])), numbered_ends(["Hus 3", "Hus 9", "Hus 5"], [1, 2, 3])
    ([1, 2, 3], set())
    """
    steps: dict[str, dict[int, int]] = defaultdict(dict)
    for number in running_lines(lines, pages):
        text = tidy(lines[number - 1])
        if (found := _PAGE_NUMBER.search(text)) and (page := pages[number - 1]) is not None:
            steps[_PAGE_NUMBER.sub("", text).strip()][number] = int(re.findall(r"\d+", found[0])[0]) - page
    return {number for own in steps.values() if len(set(own.values())) == 1 and len(own) >= _FEWEST_PAGES for number in own}
