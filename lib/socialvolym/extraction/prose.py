"""Prose: the figures that stand in sentences, with their unit, period, series and sign."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from socialvolym import vocabulary
from socialvolym.notation.numbers import parse_number, tidy
from socialvolym.notation.periods import parse_part, parse_period
from socialvolym.vocabulary.phrases import is_said, phrases

_MONEY = {"kSEK", "MSEK", "GSEK", "SEK", "SEK_per_day", "SEK_per_month", "SEK_per_inhabitant", "SEK_per_user"}
_SHORT_UNITS = {"percent": "pct", "percentage_points": "pp"}
_NUMBER = re.compile(r"(?<![\w,.])(?:[+-](?=\d))?(?:\d{1,3}(?: \d{3})+|\d{1,3}(?:\.\d{3}){2,}|\d+)(?:[.,]\d+)?(?![\d])")
_SENTENCE = re.compile(r"(?<=[a-zåäöA-ZÅÄÖ0-9%)”\"])[.!?](?=\s+[A-ZÅÄÖ”\"•\uf0b7-]|\s*$)|(?<=\s)[•\uf0b7](?=\s)")
_ABBREVIATION = re.compile(
    r"\b(?:ca|bl\.a|t\.ex|m\.m|d\.v\.s|dvs|kap|resp|jmf|inkl|exkl|nr|st|kl|max|ev|f\.d|s\.k|c:a|fg)$", re.IGNORECASE
)
_INITIAL = re.compile(r"(?<![A-ZÅÄÖ])[A-ZÅÄÖ]$")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d|:\d)")
_RANGE = re.compile(r"(?<![\w,.])(\d+(?:,\d+)?)\s?-\s?(\d+(?:,\d+)?)(?=\s?(?:%|procent|[a-zåäö]))")
_MONTHS = (
    "jan(?:uari)?|feb(?:ruari)?|mars?|apr(?:il)?|maj|jun[ie]?|jul[ie]?|aug(?:usti)?|sep(?:t|tember)?|okt(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?"
)
_MONTH = re.compile(rf"\b(?:i|per|under|för|vid|den|sista)\s(?:(\d{{1,2}})\s)?({_MONTHS})\b(?!\s*(?:19|20)\d\d)", re.IGNORECASE)
_STRETCH = re.compile(rf"\b({_MONTHS})\s?-\s?({_MONTHS})\s(?:19|20)\d{{2}}$", re.IGNORECASE)
_LISTED = re.compile(r"\s?(?:-|och|eller|respektive|till|resp\.)\s?(?:ca |cirka )?")
_CLAUSE_END = re.compile(
    r"[;]|\((?=(?:19|20)\d{2}\s?:)|, (?!jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec|20)|\bvilket\b|\boch\b"
)
#: How far a cue may stand from its number, in characters.
_REACH = 130
#: No sentence is longer, in characters.
_LONGEST_SENTENCE = 700
#: A line this long was broken because it was full.
_FULL_LINE = 60
#: Lines from one line of a sentence to its next, at most.
_WIDEST_GAP = 3
_BULLET = re.compile(r"^\s*[•\uf0b7*-]\s|^\s*[\u2013]\s")


@dataclass(frozen=True)
class Mention:
    """A figure in a sentence.

    Attributes
    ----------
    text : as printed; value : signed number; unit : unit id or None where only the thing counted tells.
    line : 1-based line of the number; period : a period, or None for the report's own; previous : True where the sentence
        says only "the year before"; series, bound : as in the observations; breakdown : "low" or "high" for a range.
    sentence : the sentence it stands in; before : the part of the sentence that leads to it.
    """

    text: str
    value: float
    unit: str | None
    line: int
    period: str | None
    previous: bool
    series: str
    bound: str | None
    breakdown: str | None
    sentence: str
    before: str


@dataclass(frozen=True)
class Paragraph:
    """Lines of running text, joined; `starts` gives for each line its number and where it begins in the text."""

    text: str
    starts: tuple[tuple[int, int], ...]

    def line_at(self, offset: int) -> int:
        """Return the line that an offset of the text stands on."""
        return max(((begin, number) for number, begin in self.starts if begin <= offset), default=(0, self.starts[0][0]))[1]


@dataclass
class _Number:
    start: int
    end: int
    text: str
    value: float
    unit: str | None
    unit_end: int
    word: bool = False
    breakdown: str | None = None


def paragraphs(lines: Sequence[tuple[int, str]]) -> Iterator[Paragraph]:
    """Join lines (number, text) into paragraphs: at blank lines, bullets and lines after a full stop a new one begins."""
    gathered: list[tuple[int, str]] = []
    blank = False
    for number, text in lines:
        clean = tidy(text)
        if not clean:
            blank = True
            continue
        if gathered and (_BULLET.match(text) or not _continues(gathered[-1], number, clean, blank)):
            yield _paragraph(gathered)
            gathered = []
        gathered.append((number, clean))
        blank = False
    if gathered:
        yield _paragraph(gathered)


def _continues(previous: tuple[int, str], number: int, text: str, blank: bool) -> bool:
    """Tell whether a line continues the line before it, over a blank line only in the middle of a sentence."""
    if not blank:
        return not _closed(previous[1], text)
    open_end = not re.search(r"[.!?:]$", previous[1])
    return (
        open_end
        and number - previous[0] <= _WIDEST_GAP
        and (text[:1].islower() or (len(previous[1]) > _FULL_LINE and not text[:1].isupper()))
    )


def _closed(previous: str, text: str) -> bool:
    """Tell whether a line cannot continue the line before it: that line was short and this one begins anew."""
    return len(previous) < _FULL_LINE and (text[:1].isupper() or text[:1].isdigit()) and not previous.endswith((",", "-", " och"))


def _paragraph(lines: Sequence[tuple[int, str]]) -> Paragraph:
    text, starts = "", []
    for number, line in lines:
        if text.endswith("-") and line[:1].islower() and not line.startswith(("och ", "eller ")):
            text = text[:-1]
        elif text:
            text += " "
        starts.append((number, len(text)))
        text += line
    return Paragraph(text, tuple(starts))


def mentions(paragraph: Paragraph) -> list[Mention]:
    """Read the figures of a paragraph."""
    found: list[Mention] = []
    begin = 0
    ends = [match.end() for match in _SENTENCE.finditer(paragraph.text) if not _ends_nothing(paragraph.text[: match.start()])]
    for end in _bounded([*ends, len(paragraph.text)], paragraph.text):
        sentence = paragraph.text[begin:end]
        found += [_located(mention, paragraph, begin) for mention in _sentence(sentence)]
        begin = end
    return found


def _bounded(ends: Sequence[int], text: str) -> Iterator[int]:
    """Yield the ends of sentences; what is longer than any sentence is cut at a blank, so that no text takes for ever."""
    begin = 0
    for end in ends:
        while end - begin > _LONGEST_SENTENCE:
            blank = text.rfind(" ", begin + 1, begin + _LONGEST_SENTENCE)
            begin = blank if blank > 0 else begin + _LONGEST_SENTENCE
            yield begin
        yield end
        begin = end


def _ends_nothing(before: str) -> bool:
    """Tell whether a full stop belongs to an abbreviation or to a list number."""
    return (
        _ABBREVIATION.search(before) is not None
        or _INITIAL.search(before) is not None
        or re.fullmatch(r"\W*\d{1,2}", before) is not None
    )


def _located(found: tuple[Mention, int], paragraph: Paragraph, begin: int) -> Mention:
    mention, offset = found
    return Mention(**{**vars(mention), "line": paragraph.line_at(begin + offset)})


def _sentence(sentence: str) -> list[tuple[Mention, int]]:
    numbers = _numbers(sentence)
    marked = _marked(sentence, numbers)
    found: list[tuple[Mention, int]] = []
    series = "outturn"
    period: tuple[str | None, bool] = (None, False)
    for index, number in enumerate(numbers):
        left = numbers[index - 1].unit_end if index else 0
        right = numbers[index + 1].start if index + 1 < len(numbers) else len(sentence)
        lead = sentence[left : number.start]
        own = _series(marked, index, number) or _told_by_sign(number, lead)
        if number.word and is_said("growth_word", number.text):
            own = "change_pct"
        series = own or (series if index and is_said("inherits", tidy(lead)) else "outturn")
        period = _period(sentence, left, number, right, series, period if index else (None, False))
        bound = next(
            (
                phrase.meaning
                for phrase in phrases("bound")
                if phrase.pattern.search(sentence[max(0, number.start - _REACH) : number.start])
            ),
            None,
        )
        value = _signed(number, series, sentence, left, right)
        unit = "percent" if own == "change_pct" and number.unit is None else number.unit
        if series in ("change_abs", "change_pct"):
            series = "change_pct" if unit == "percent" else "change_abs"
        found.append(
            (
                Mention(
                    number.text,
                    value,
                    unit,
                    0,
                    period[0],
                    period[1],
                    series,
                    bound,
                    number.breakdown,
                    sentence,
                    sentence[: number.start],
                ),
                number.start,
            )
        )
    return found


def _numbers(sentence: str) -> list[_Number]:
    masked = list(sentence)
    for phrase in phrases("not_figure"):
        for match in phrase.pattern.finditer(sentence):
            masked[match.start() : match.end()] = "\u00b7" * (match.end() - match.start())
    for match in _YEAR.finditer(sentence):
        if not is_said("year_is_number", sentence[match.end() :]):
            masked[match.start() : match.end()] = "\u00b7" * 4
    visible = "".join(masked)
    found = []
    for match in _RANGE.finditer(visible):
        for part, breakdown in ((1, "low"), (2, "high")):
            found.append(_number(sentence, match.start(part), match.end(part), match[part], breakdown))
    taken = {position for number in found for position in range(number.start, number.end)}
    for match in _NUMBER.finditer(visible):
        if match.start() not in taken and match.end() - 1 not in taken:
            found.append(_number(sentence, match.start(), match.end(), match[0], None))
    found += _word_numbers(visible, sentence)
    found.sort(key=lambda number: number.start)
    for first, second in pairwise(found):
        between = sentence[first.end : second.start]
        if first.unit is None and second.unit is not None and _LISTED.fullmatch(between):
            first.unit = second.unit
    return found


def _number(sentence: str, start: int, end: int, text: str, breakdown: str | None) -> _Number:
    parsed = parse_number(text)
    value = parsed.value if parsed is not None else float("nan")
    rest = sentence[end:]
    for phrase in phrases("unit"):
        if match := phrase.pattern.match(rest):
            printed = text + ("%" if rest.lstrip().startswith("%") and match.end() <= 2 else "")
            near = match.end() if phrase.meaning in _MONEY or phrase.meaning.startswith("percent") else 0
            return _Number(start, end, printed, value, phrase.meaning, end + near, breakdown=breakdown)
    return _Number(start, end, text, value, None, end, breakdown=breakdown)


def _word_numbers(visible: str, sentence: str) -> Iterator[_Number]:
    """Yield the numbers written as words, where they count something."""
    for match in re.finditer(r"[A-Za-zåäöÅÄÖ]+", visible):
        known = vocabulary.words().get(match[0].lower())
        if known is None or is_said("no_number_word", match[0]):
            continue
        if is_said("all_word", match[0]) and not is_said("all_counts", sentence):
            continue
        value, unit = known
        number = _number(sentence, match.start(), match.end(), match[0], None)
        number.value, number.word = value, True
        rest, before = sentence[match.end() :], sentence[: match.start()]
        if unit is not None:
            number.unit = unit
        elif number.unit not in ("percent", "percentage_points") and (
            not is_said("counted", rest) or is_said("not_counted", rest) or is_said("not_counted_before", before)
        ):
            continue
        yield number


def _marked(sentence: str, numbers: Sequence[_Number]) -> list[str]:
    """Return, for every number, the sentence around it with "#" for the number and "~" for the others, units shortened."""
    tokens = [_SHORT_UNITS.get(number.unit or "", "kr" if number.unit in _MONEY else "") for number in numbers]
    result = []
    for index in range(len(numbers)):
        text, place = "", 0
        for other, (number, token) in enumerate(zip(numbers, tokens, strict=True)):
            end = number.unit_end if token else number.end
            text += sentence[place : number.start] + ("#" if other == index else "~") + token
            place = end
        result.append(text + sentence[place:])
    return result


def _series(marked: Sequence[str], index: int, number: _Number) -> str | None:
    """Return the series that the words around a number name, first phrase of the vocabulary first."""
    text = marked[index]
    at = text.index("#")
    window = text[max(0, at - _REACH) : at + _REACH]
    for phrase in phrases("series"):
        if phrase.pattern.search(window):
            if phrase.meaning == "change_abs" and number.unit == "percent":
                return "change_pct"
            return phrase.meaning
    return None


def _told_by_sign(number: _Number, lead: str) -> str | None:
    """Return the series of a percentage with a plus, or with a minus in words: a level has none."""
    signed = number.text.startswith("+") or lead.lower().endswith(("minus ", "plus "))
    return "change_pct" if signed and number.unit == "percent" else None


def _signed(number: _Number, series: str, sentence: str, left: int, right: int) -> float:
    """Return the value with the sign that the words give: negative for what falls short, falls or decreases."""
    if number.text[:1] in "+-" or series not in ("deviation", "change_abs", "change_pct"):
        return number.value
    near = sentence[max(0, number.start - _REACH) : min(right, number.unit_end + 40)]
    before = sentence[max(0, number.start - _REACH) : number.start]
    if series == "deviation":
        negative, positive = _last("negative", before), _last("positive", before)
        told_after = negative == positive == -1 and is_said("negative", sentence[number.unit_end : number.unit_end + 45])
        return -number.value if negative > positive or told_after else number.value
    after = sentence[number.unit_end : min(right, number.unit_end + 30)]
    if is_said("decrease", after) and not is_said("increase", after):
        return -number.value
    decrease, increase = _last("decrease", before), _last("increase", before)
    return -number.value if decrease > increase and near else number.value


def _last(role: str, text: str) -> int:
    return max((match.start() for phrase in phrases(role) for match in phrase.pattern.finditer(text)), default=-1)


def _period(
    sentence: str, left: int, number: _Number, right: int, series: str, before: tuple[str | None, bool]
) -> tuple[str | None, bool]:
    """Return (period, previous year) of a number: what follows it first, then what leads to it, then what came before."""
    after = _CLAUSE_END.split(sentence[number.unit_end : right][:70])[0]
    lead = sentence[left : number.start]
    change = series.startswith("change")
    if (
        is_said("bracketed", sentence[max(0, number.start - _REACH) : number.start])
        and sentence[number.unit_end :].lstrip()[:1] == ")"
    ):
        return None, True
    match = _YEAR.search(after)
    compared = bool(match and is_said("comparison", after[: match.start()]))
    if match and not compared:
        return _dated(after, match), False
    if is_said("previous_year", after) and not is_said("comparison_words", after) and not change:
        return None, True
    years = [m for m in _YEAR.finditer(lead) if _is_time(lead, m)]
    if years and not (change and is_said("comparison_words", lead[: years[-1].start()])):
        return _dated(lead, years[-1]), False
    if not change and is_said("previous_year", lead):
        return None, True
    if month := _month(after) or _month(lead):
        return month, False
    if not change and series == "outturn" and not match and is_said("compared_with", lead) and not is_said("elsewhere", after):
        return None, True
    if before != (None, False) and not before[1] and ")" not in lead and not is_said("comparison_words", lead):
        return before
    earlier = [m for m in _YEAR.finditer(sentence[: number.start]) if not is_said("comparison", sentence[: m.start()])]
    if earlier:
        return _dated(sentence, earlier[0]), False
    return None, False


def _is_time(text: str, year: re.Match[str]) -> bool:
    """Tell whether a year is the time of what follows it, and not only what it is compared with."""
    return not is_said("comparison", text[: year.start()]) or is_said("then", text[year.end() :])


def _month(text: str) -> str | None:
    """Return a month, a date or several months without a year, "--10", "--10-31", "--01/--08", where the text names a time."""
    if part := parse_part(text):
        return part
    match = _MONTH.search(text)
    if match is None:
        return None
    period = parse_period(f"{match[1] or 1} {match[2]} 2000")
    if period is None or not period.startswith("2000-"):
        return None
    return "-" + (period[4:] if match[1] else period[4:7])


def _dated(text: str, match: re.Match[str]) -> str:
    """Return the period around a year: a date, a month or a stretch of months where it stands directly before it."""
    around = text[max(0, match.start() - 24) : match.end()]
    if stretch := _STRETCH.search(around):
        first, last = (parse_period(f"{month} {match[1]}") for month in stretch.groups())
        if first and last and first.endswith("-01") and last.endswith("-12"):
            return match[1]
        return f"{first}/{last}" if first and last else match[1]
    found = re.search(r"(?:\d{1,2} )?[a-zåäö]+ (?:19|20)\d{2}$", around, re.IGNORECASE)
    period = parse_period(found[0]) if found else None
    return period if period and re.fullmatch(r"\d{4}-\d\d(?:-\d\d)?", period) else match[1]
