"""Prose: the figures that stand in sentences, with their unit, period, series and sign."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile

from socialvolym import vocabulary
from socialvolym.extraction.prose.timing import Stretch, Timing
from socialvolym.extraction.prose.told_series import Mark, marks, told
from socialvolym.extraction.prose.told_times import NOW, Time, ToldTime, noted_time, told_times
from socialvolym.notation.numbers import parse_number, tidy
from socialvolym.vocabulary.phrases import first_meaning, is_said, phrases

_CHANGES = ("change_abs", "change_pct")
_MONEY = {"kSEK", "MSEK", "GSEK", "SEK", "SEK_per_day", "SEK_per_month", "SEK_per_inhabitant", "SEK_per_user"}
#: Units that a bare number in brackets shares: "84 vuxna (71)".
_COUNTED = {"persons", "households", "care_days", "hours", "days", "months", "placements_per_year", "full_time_equivalents"}
_NUMBER = re.compile(r"(?<![\w,.])(?:[+-](?=\d))?(?:\d{1,3}(?: \d{3})+|\d{1,3}(?:\.\d{3}){2,}|\d+)(?:[.,]\d+)?(?!\d|[eE][+-]?\d)")
_SENTENCE = re.compile(
    r"(?<=[a-zåäöA-ZÅÄÖ0-9%)”\"])[.!?](?=\s+[A-ZÅÄÖ”\"•\uf0b7-]|\s*$)"
    r"|(?:(?<=[a-zåäö]{2})|(?<=[A-ZÅÄÖ]{3})|(?<=\))|(?<=[%\d]))\.(?=\s\d[\d ]*(?:,\d+)?\s(?:%|[a-zåäö]{3,}))"
    r"|(?<=\s)[•\uf0b7](?=\s)"
)
_ABBREVIATION = re.compile(
    r"\b(?:ca|bl\.a|t\.ex|m\.m|d\.v\.s|dvs|kap|resp|jmf|inkl|exkl|nr|st|kl|max|ev|mån|enl|ung|uppsk|prel|min|f\.d|s\.k|c:a|fg)$",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÅÄÖ])")
_INITIAL = re.compile(r"(?<![A-ZÅÄÖ])[A-ZÅÄÖ]$")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d|:\d)")
_RANGE = re.compile(r"(?<![\w,.])(\d+(?:,\d+)?)\s?-\s?(\d+(?:,\d+)?)(?=\s?(?:%|procent|[a-zåäö]))")
_AGAINST = re.compile(
    r",?\s?(?:%|mnkr|mkr|tkr|procent|kronor|miljoner)?\s?(?:\(|(?:mot|jämfört med) (?:budgeterade? )?)(?:ca |cirka )?"
)
_LISTED = re.compile(r"\s?(?:-|och|eller|respektive|till|resp\.|av(?: de| totalt| sammanlagt)*)\s?(?:ca |cirka )?")
#: From a number to another in brackets behind it, and what closes them before a unit: "389,7 (372,4) mnkr".
_BRACKETED = re.compile(r"\s?\(")
_BRACKETS_END = re.compile(r"\)(?=\s)")
#: How far a cue may stand from its number, in characters.
_REACH = 130
#: So many marks an item of a list of what lies ahead has at least: "62 och i HVB 14".
_SHORT_ITEM = 4
#: So many marks may stand between a number and the bracket that goes on with it: "4,4 miljoner för 2019 (2018: 1,9)".
_TO_BRACKET = 3
#: So many words an item of a list has at most before its number.
_LONGEST_ITEM = 12
#: No sentence is longer, in characters.
_LONGEST_SENTENCE = 700
#: A line this long was broken because it was full.
_FULL_LINE = 60
#: Lines from one line of a sentence to its next, at most.
_WIDEST_GAP = 3
#: Marks of what is set against a forecast: of a forecast it is a change, of an outturn a deviation.
_FORECASTS = {"VSFORECAST"}
#: Marks that tell by themselves which way a deviation goes.
_RESULTS = {"DEFICIT", "SURPLUS", "NEGATIVE", "POSITIVE"}
#: An outturn between these shares of a budget that it is set against is of the same months as it.
_NEAREST, _FARTHEST = 0.8, 1.25
#: How a sentence begins that says more of what the one before told: "Det är en förbättring med 1,5 mnkr sedan april".
_TELLS_ON = re.compile(r"\W*(?:det|detta)\b", re.IGNORECASE)
#: Words that stand before a number as a sign does.
_SIGN_WORDS = {"NEGATIVE": -1, "POSITIVE": 1}
#: What brackets hold where nothing is said of them.
_YEAR_BEFORE = Time(shift=-1, anaphoric=True)
_BULLET = re.compile(r"^\s*[•\uf0b7*-]\s|^\s*[\u2013]\s")


@dataclass(frozen=True)
class Mention:
    """A figure in a sentence.

    Attributes
    ----------
    text : as printed; value : signed number; unit : unit id or None where only the thing counted tells.
    line : 1-based line of the number; time : when, or None for the report's own period; spoken_of : the time that it is
        compared with; series, bound : as in the observations; breakdown : "low" or "high" for a range.
    because : what period and series rest on, as "period:sentence".
    sentence : the sentence it stands in; before : the part of the sentence that leads to it.
    """

    text: str
    value: float
    unit: str | None
    line: int
    time: Time | None
    spoken_of: Time | None
    series: str
    because: tuple[str, str]
    bound: str | None
    breakdown: str | None
    sentence: str
    before: str


@dataclass(frozen=True)
class Paragraph:
    """Lines of running text, joined; `starts` gives for each line its number and where it begins in the text.

    `lead` is how much of the text only leads to it: the sentence before a list, whose own figures are read elsewhere.
    """

    text: str
    starts: tuple[tuple[int, int], ...]
    lead: int = 0

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


@dataclass(frozen=True)
class _Reading:
    """What is told of a number: series and sign (0 where nothing says it), and whether the words count from it."""

    series: str
    sign: int
    rests_on: str
    leads_from: bool = False


@dataclass(frozen=True)
class Brackets:
    """What a document says that its brackets hold: figures of a time, or of a series; where it says nothing, the year before.

    `time` is None for that of the number before the bracket.
    """

    time: Time | None = _YEAR_BEFORE
    series: str | None = None


def brackets_of(lines: Sequence[str]) -> Brackets:
    """Return what a document says of its brackets, as "Siffror inom parentes avser 2021" or "Budget inom parentes"."""
    for note in (match[0] for line in lines for match in phrases("bracket_note")[0].pattern.finditer(line)):
        time, series = noted_time(note), first_meaning("bracket_series", note)
        if time or series:
            return Brackets(replace(time, same=time.part is None) if time else None, series)
    return Brackets()


@dataclass
class _Spoken:
    """What a paragraph speaks of from sentence to sentence: its time, the year it named, how it told, whether it budgets.

    `flowing` : whether it has told of an amount at that time. `counted` : the unit of what it counted last.
    `brackets` : what its document's brackets hold.
    """

    brackets: Brackets
    time: Time | None = None
    named: Time | None = None
    last: _Reading | None = None
    result: _Reading | None = None
    budgeting: bool = False
    flowing: bool = False
    counted: str | None = None


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


def led(paragraph: Paragraph, before: Paragraph | None) -> Paragraph:
    """Return an item of a list with the sentence before it that leads to the list: "Antal personer den 31 december: - LSS 41".

    A paragraph without a bullet is such a list where the colon stands right before it.
    """
    if before is None or not before.text.endswith(":"):
        return paragraph
    mark = _BULLET.match(paragraph.text)
    if mark is None and paragraph.starts[0][0] - before.starts[-1][0] > _WIDEST_GAP:
        return paragraph
    lead, bullet = _SENTENCE_END.split(before.text)[-1] + " ", mark.end() if mark else 0
    shift = len(lead) - bullet
    return Paragraph(lead + paragraph.text[bullet:], tuple((line, at + shift) for line, at in paragraph.starts), len(lead))


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


def mentions(paragraph: Paragraph, brackets: Brackets | None = None) -> list[Mention]:
    """Read the figures of a paragraph; `brackets` tells what those in brackets are, where its document says so."""
    found: list[Mention] = []
    spoken = _Spoken(brackets or Brackets())
    begin = 0
    ends = [match.end() for match in _SENTENCE.finditer(paragraph.text) if not _ends_nothing(paragraph.text[: match.start()])]
    for end in _bounded([*ends, len(paragraph.text)], paragraph.text):
        sentence = paragraph.text[begin:end]
        told = [(mention, offset) for mention, offset in _sentence(sentence, spoken) if begin + offset >= paragraph.lead]
        found += [_located(mention, paragraph, begin) for mention in told]
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


def _sentence(sentence: str, spoken: _Spoken) -> list[tuple[Mention, int]]:
    """Read a sentence in stages: numbers and times, the marks of both among its words, then each number's series and time."""
    times = told_times(sentence)
    numbers = _numbers(sentence, times)
    if not numbers:
        return []
    dated = [told for told in times if told.time != NOW]
    for number in numbers:
        if number.unit is None and is_said("pronoun_before", sentence[: number.start]):
            number.unit = spoken.counted
        spoken.counted = number.unit if number.unit in _COUNTED else spoken.counted
    found = marks(sentence, [(number.start, _unit_end(number), _kind(number)) for number in numbers], dated)
    places = [place for place, mark in enumerate(found) if mark.name.startswith("~")]
    read: list[tuple[Mention, int]] = []
    places_of = [(number.start, number.unit_end) for number in numbers]
    timing = Timing(sentence, times, spoken.time, spoken.named, places_of, spoken.flowing, spoken.brackets.time)
    before: _Reading | None = None
    so_far = any("/" in (time.time.part or "") for time in times)
    for index, (number, place) in enumerate(zip(numbers, places, strict=True)):
        reading = _reading(sentence, found, place, number, before, spoken)
        if so_far and reading.rests_on == "paragraph" and reading.series == "forecast":
            reading = replace(reading, series="deviation")
        left = _unit_end(numbers[index - 1]) if index else 0
        right = numbers[index + 1].start if index + 1 < len(numbers) else len(sentence)
        alike = index > 0 and _alike(numbers[index - 1], number)
        told_of = before or (spoken.last if _TELLS_ON.match(sentence) or is_said("forecast_noun", sentence) else None)
        stretch = Stretch(left, number.start, _unit_end(number), right, alike, _is_stock(number, reading.series, sentence))
        time, evidence = timing.of(stretch, reading.series, reading.leads_from)
        bracketed = False
        if reading.rests_on == "paragraph" and reading.series == "forecast" and time and time.shift < 0:
            reading = replace(
                reading, series="deviation" if reading.sign else "outturn"
            )  # what lies behind is no longer expected
        if before is not None:
            reading = _as_compared(reading, before, number, time, sentence, stretch)
            if bracketed := evidence == "period:bracket":
                reading = replace(reading, series=spoken.brackets.series or reading.series)
                time = time or read[-1][0].time
        of_forecast = reading.series in _CHANGES and told_of is not None and told_of.series == "forecast"
        budget_of_forecast = reading.series == "budget" and before is not None and before.series == "forecast"
        if (of_forecast or budget_of_forecast) and number.unit in _MONEY:
            # a better forecast is better for the year that it is for
            time = replace((read[-1][0].time if read else None) or Time(), part="")
        if evidence == "period:document" and before and _is_budget_so_far(number, reading, numbers[index - 1], before):
            time, evidence = Time(part="so_far"), "period:comparison"
        read.append((_mention(sentence, number, reading, time, evidence, timing.spoken_of), number.start))
        if not bracketed:
            before = spoken.last = reading
    spoken.time = timing.carried(read[-1][0].series)
    spoken.flowing = any(
        mention.unit in _MONEY and mention.series == "outturn" and mention.time == spoken.time is not None for mention, _ in read
    )
    spoken.named = timing.named
    return read


def _mention(
    sentence: str, number: _Number, reading: _Reading, time: Time | None, evidence: str, spoken_of: Time | None
) -> Mention:
    before = sentence[max(0, number.start - _REACH) : number.start]
    bound = next((phrase.meaning for phrase in phrases("bound") if phrase.pattern.search(before)), None)
    return Mention(
        text=number.text,
        value=-abs(number.value) if reading.sign < 0 and number.text[:1] not in "+-" else number.value,
        unit="percent" if reading.series == "change_pct" and number.unit is None else number.unit,
        line=0,
        time=time,
        spoken_of=spoken_of,
        series=reading.series,
        because=(evidence, f"series:{reading.rests_on}"),
        bound=bound,
        breakdown=number.breakdown,
        sentence=sentence,
        before=sentence[: number.start],
    )


def _unit_end(number: _Number) -> int:
    return number.unit_end


def _kind(number: _Number) -> str:
    """Return the mark of a number: money, per cent, percentage points or a count; "s" where a sign is printed."""
    kind = {"percent": "pct", "percentage_points": "pp"}.get(number.unit or "", "kr" if number.unit in _MONEY else "n")
    return f"~{kind}{'s' if number.text[:1] in '+-' else ''}"


def _reading(
    sentence: str, found: Sequence[Mark], place: int, number: _Number, before: _Reading | None, spoken: _Spoken
) -> _Reading:
    """Return the series and sign of a number: by its own words, as the number before it, or as the paragraph goes on."""
    own = told(found, place)
    signed = number.text[:1] in "+-" or [mark.name for mark in found[max(0, place - 1) : place]] == ["NEGATIVE"]
    series, sign, why = own.series, own.sign, "words"
    if series == "change" and before is not None and before.series in ("target", "forecast") and _crosses(own.cues):
        return _Reading(before.series, before.sign, "neighbour")
    if series == "change" and before is not None and before.series == "deviation" and _compares_on(own.cues, found[place + 1 :]):
        return _Reading("deviation", _cost_sign(found, place, sentence) or own.sign, "neighbour")
    if number.word and is_said("growth_word", number.text):
        series = "change"
    elif series is None and signed and number.unit in ("percent", "percentage_points"):
        series, sign = "change", -1 if number.text.startswith("-") or found[place - 1].name == "NEGATIVE" else 1
    elif series is None and before is not None and _is_share_of(number, before, sentence):
        return _Reading(_by_unit(before.series, number), before.sign, "neighbour")
    elif series is None and before is not None and before.series == "budget" and is_said("spent", sentence[_unit_end(number) :]):
        return _Reading("outturn", 0, "words")
    elif series is None and before is not None and (_goes_on(found, place, before.series) or _repeats(found, place)):
        sign = _SIGN_WORDS.get(found[place - 1].name) or _cost_sign(found, place, sentence) or before.sign
        return _Reading(_by_unit(before.series, number), sign, "neighbour")
    against_budget = series == "deviation" or (series == "forecast" and "VSBUDGET" in own.cues)
    if against_budget and number.unit in _MONEY and not _RESULTS & set(own.cues):
        sign = _cost_sign(found, place, sentence) or sign
    elif series == "forecast" and {"MORE", "LESS"} & set(own.cues) and spoken.last is not None:
        sign = _cost_sign(found, place, sentence) or spoken.last.sign or sign  # "På helår bedöms de bli 1,5 mnkr lägre"
    if series == "deviation" and sign == 0 and spoken.last and spoken.last.series in ("deviation", "forecast"):
        sign = spoken.last.sign
    told_of = spoken.result if {"DEFICIT", "SURPLUS"} & {mark.name for mark in found} and spoken.result else spoken.last
    if series == "deviation" and told_of and told_of.series == "forecast" and not is_said("past_tense", sentence):
        of_forecasts = bool(_FORECASTS & set(own.cues))
        series, why = ("change", "words") if of_forecasts else ("forecast", "paragraph")
    if series is None and number.unit in _MONEY and spoken.last is not None:
        series, sign, why = _as_spoken(sentence, spoken.last) or (series, sign, why)
    spoken.budgeting = series == "budget" or (spoken.budgeting and series != "outturn")
    if series is None and number.unit in _MONEY and spoken.budgeting and is_said("given", sentence):
        series, why = "budget", "paragraph"
    of_change = number.unit in _MONEY and spoken.last is not None and spoken.last.series in _CHANGES
    if series is None and of_change and spoken.last and is_said("part_of_change", sentence):
        series, sign, why = "change", spoken.last.sign, "paragraph"
    part = signed or is_said("part_of_sum", sentence)
    if series is None and part and number.unit in _MONEY and told_of and told_of.series in ("deviation", "forecast"):
        series, sign, why = told_of.series, _cost_sign(found, place, sentence) or told_of.sign, "paragraph"
    if series is None and signed and number.unit in _MONEY and not is_said("no_deviation", sentence):
        series, why = "deviation", "sign"
    if _RESULTS & set(own.cues):
        spoken.result = _Reading(series or "deviation", sign, why)
    if signed and found[place - 1].name == "NEGATIVE":
        sign = -1
    leads_from = any(cue == "FROM" for cue in own.cues[: _place(own.cues)][-2:]) and series in ("outturn", "budget")
    return _Reading(_by_unit(series or "outturn", number), sign, why if series else "default", leads_from)


def _alike(first: _Number, second: _Number) -> bool:
    """Tell whether two numbers may be one thing at two times: of one unit, or one of them without."""
    return first.unit == second.unit or second.unit is None or first.unit is None


def _is_stock(number: _Number, series: str, sentence: str) -> bool:
    """Tell whether a number may be counted on a day: persons, households, a share of them, and what has no unit."""
    return series in ("outturn", "change_abs") and number.unit in (
        *(None, "persons", "households", "full_time_equivalents"),
        *(("percent",) if series == "outturn" and is_said("share_word", sentence) else ()),
    )


def _place(cues: Sequence[str]) -> int:
    return next((place for place, cue in enumerate(cues) if cue.startswith("#")), 0)


def _by_unit(series: str, number: _Number) -> str:
    """Return which change a change is: in per cent, or in what is counted."""
    if not series.startswith("change"):
        return series
    return "change_pct" if number.unit == "percent" or (number.word and is_said("growth_word", number.text)) else "change_abs"


def _crosses(cues: Sequence[str]) -> bool:
    """Tell whether the words that tell of a number reach over another one: "ska minska med 2 och stödet med 1"."""
    return any(cue.startswith("~") for cue in cues[: _place(cues)])


def _as_compared(
    reading: _Reading, before: _Reading, number: _Number, time: Time | None, sentence: str, place: Stretch
) -> _Reading:
    """Return how a number reads that another is compared or listed with: like is compared with like.

    "jämfört med -6,9 efter augusti" is a forecast, "mot -2,0 i fjol" what came of one, "mot budgeterade 8 och 13 2019" no budget.
    """
    past = time is not None and (bool(time.year) or time.shift < 0)
    if reading.rests_on == "neighbour" and reading.series in ("budget", "target") and past:
        listed = is_said("against_budget", sentence[: place.start])
        return replace(reading, series="outturn", sign=0) if listed else reading
    compared = reading.rests_on == "default" and number.unit in _MONEY and is_said("against", sentence[: place.start])
    if not compared or before.series not in ("forecast", "deviation") or (time is not None and time.part == "so_far"):
        return reading
    if before.series == "forecast" and not past:
        return _Reading("forecast", before.sign, "neighbour")
    return _Reading("deviation", before.sign, "neighbour") if before.sign else reading


def _is_budget_so_far(number: _Number, reading: _Reading, last: _Number, before: _Reading) -> bool:
    """Tell whether a budget is one of the months so far, as the outturn near it is that is set against it."""
    near = (
        last.unit == number.unit and number.unit in _MONEY and number.value and _NEAREST < last.value / number.value < _FARTHEST
    )
    return bool(near and reading.series == "budget" and before.series == "outturn")


def _is_share_of(number: _Number, before: _Reading, sentence: str) -> bool:
    """Tell whether a percentage says the change before it once more: "ökade med 2 mnkr, vilket motsvarar 6 procent"."""
    told = is_said("equals", sentence[: number.start]) and not is_said("of_all", sentence[number.end :])
    return told and number.unit == "percent" and before.series in _CHANGES


def _repeats(found: Sequence[Mark], place: int) -> bool:
    """Tell whether a number is told as the one before it, at another time: "420 hushåll 2024 och 400 hushåll 2025"."""
    last = next((at for at in range(place - 1, -1, -1) if found[at].name.startswith("~")), place)
    between = [mark.name for mark in found[last + 1 : place]]
    told_first = bool({",", "AND"} & set(between[:1])) and "T" in between
    behind = [mark.name for mark in found[place + 1 : place + 4]]
    told_last = between[-2:] == ["T", "AND"] and "T" in behind
    plain = set(between) <= {",", "AND", "T", "TO", "BY", "ON", "NOUN", "w"} and between.count("w") <= 2
    return (told_last or (told_first and plain)) and found[last].name.rstrip("s") == found[place].name.rstrip("s")


def _compares_on(cues: Sequence[str], behind: Sequence[Mark]) -> bool:
    """Tell whether a number is more or less than what the one before it was compared with: "och intäkterna 1 mnkr högre"."""
    clause = takewhile(lambda mark: mark.name[:1] not in "~/,", behind)
    return bool({"MORE", "LESS", "BETTER", "WORSE"} & set(cues)) and not any(mark.name == "THAN" for mark in clause)


def _as_spoken(sentence: str, last: _Reading) -> tuple[str, int, str] | None:
    """Return series, sign and what they rest on of an amount that stands for the one spoken of before: "Nu är den 9 mnkr"."""
    if last.series in ("forecast", "budget") and is_said("anaphor", sentence):
        return last.series, last.sign, "paragraph"
    return None


def _cost_sign(found: Sequence[Mark], place: int, sentence: str) -> int:
    """Return the sign of an amount that is more or less than its budget, 0 where nothing near says so: more cost is worse."""
    first = next((at + 1 for at in range(place - 1, -1, -1) if found[at].name.startswith("~")), 0)
    last = next((at for at in range(place + 1, len(found)) if found[at].name[:1] in "~/,"), len(found))
    compared = ("MORE", "LESS", "BETTER", "WORSE")
    near = sorted((abs(at - place), found[at].name) for at in range(first, last) if found[at].name in compared)
    if not near or near[0][1] in ("BETTER", "WORSE"):
        return 0 if not near else 1 if near[0][1] == "BETTER" else -1
    if not (is_said("cost_word", sentence) or is_said("revenue_word", sentence)):
        return 0
    of_revenue = is_said("revenue_word", sentence[found[first].start : found[last - 1].end])
    return -1 if (near[0][1] == "MORE") != of_revenue else 1


def _goes_on(found: Sequence[Mark], place: int, series: str) -> bool:
    """Tell whether a number goes on with the list or the apposition that the number before it, of that series, is part of."""
    deviating, ahead = series == "deviation", series in ("budget", "forecast", "target", "plan")
    between: list[str] = []
    for mark in reversed(found[:place]):
        if mark.name.startswith("~"):
            alike = (mark.name.rstrip("s") == found[place].name.rstrip("s")) or len(between) <= 2
            names = set(between)
            names -= {"MORE", "LESS"} if deviating or ahead else set()
            names -= {"UP", "DOWN"} if ahead or series in _CHANGES else set()
            bracketed = "(" in between[-_TO_BRACKET:] and not names - {"(", "T", "w", ":", "NOUN", "NEGATIVE", "POSITIVE"}
            of_money = found[place].name.startswith("~kr") and bool(names & {"AND", ","})
            dated = of_money or names <= {"AND", ",", "T"}
            plain = not names - {"w", "AND", ",", "BY", "ON", "OFWHICH", "NOUN", "(", ")", "OF", "LIMIT", "T" if dated else "w"}
            listed = bool(names & {"OFWHICH", "BY", "ON"}) or of_money or len(between) <= (_SHORT_ITEM if ahead else 2)
            return alike and (bracketed or (plain and listed and len(between) <= _LONGEST_ITEM))
        between.append(mark.name)
    return False


def _numbers(sentence: str, times: Sequence[ToldTime]) -> list[_Number]:
    masked = list(sentence)
    for time in times:
        if not sentence[time.start : time.end].isdigit():
            masked[time.start : time.end] = "\u00b7" * (time.end - time.start)
    for phrase in phrases("not_figure"):
        for match in phrase.pattern.finditer(sentence):
            masked[match.start() : match.end()] = "\u00b7" * (match.end() - match.start())
    for match in _YEAR.finditer(sentence):
        if not is_said("year_is_number", sentence[match.end() :]) or is_said("own_year", sentence[: match.start()]):
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
    _give_led_unit(sentence, found)
    for first, second in reversed(list(pairwise(found))):
        if first.unit is None and second.unit is not None and _LISTED.fullmatch(sentence[first.end : second.start]):
            first.unit = second.unit
    for first, second in pairwise(found):
        between = sentence[first.end : second.start]
        if _BRACKETED.fullmatch(between) and second.unit is None:
            _give_unit_behind(sentence, first, second)
        if second.unit is None and (
            _AGAINST.fullmatch(sentence[first.unit_end : second.start]) or _is_more_of(first, second, sentence)
        ):
            second.unit = first.unit
    return found


def _give_unit_behind(sentence: str, first: _Number, second: _Number) -> None:
    """Give a number in brackets, and the one before them without a unit, the unit that follows: "389,7 (372,4) mnkr"."""
    end = _BRACKETS_END.match(sentence, second.end)
    behind = _number(sentence, second.start, end.end(), second.text, None) if end and first.unit is None else None
    unit = (
        behind.unit if behind else first.unit if first.unit in _COUNTED and sentence[second.end : second.end + 1] == ")" else None
    )
    first.unit, second.unit = first.unit or unit, unit


def _give_led_unit(sentence: str, numbers: Sequence[_Number]) -> None:
    """Give the numbers of a list the unit of money that stands before its colon: "Avvikelse, mnkr: IFO -5,2, LSS +1,1"."""
    lead = phrases("led_unit")[0].pattern.search(sentence)
    unit = first_meaning("label_unit", lead[0]) if lead else None
    for number in numbers:
        if (
            lead
            and number.unit is None
            and not number.word
            and number.start >= lead.end()
            and not _counts_something(sentence, number)
        ):
            number.unit = unit


def _counts_something(sentence: str, number: _Number) -> bool:
    return is_said("counted", sentence[number.end :])


def _is_more_of(first: _Number, second: _Number, sentence: str) -> bool:
    """Tell whether a number without a unit is one more amount, share or rate, as the number before it is."""
    related = first.unit in _MONEY or (first.unit or "").startswith("per")
    behind = sentence[second.end :]
    elsewhere = is_said("elsewhere", behind) or is_said("elsewhere_before", sentence[first.end : second.start])
    return related and first.unit != "persons" and ("," in second.text or elsewhere) and not _counts_something(sentence, second)


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
            not (is_said("counted", rest) or is_said("against", before) or is_said("counted_before", before))
            or (is_said("not_counted", rest) and not is_said("lasting", before))
            or is_said("not_counted_before", before)
        ):
            continue
        yield number
