"""Mentions: the figures of a paragraph, each with its unit, series, sign and time."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from socialvolym.extraction.prose.bracket_notes import Brackets
from socialvolym.extraction.prose.paragraphs import Paragraph, sentences
from socialvolym.extraction.prose.telling import Reading, Spoken, as_compared, is_budget_so_far, reading_of
from socialvolym.extraction.prose.timing import Stretch, Timing, is_bracketed
from socialvolym.extraction.prose.told_numbers import COUNTED, Number, kind_of, numbers_in
from socialvolym.extraction.prose.told_series import marks
from socialvolym.extraction.prose.told_times import NOW, Time, is_point, noted_time, told_times
from socialvolym.notation.periods import CHANGES
from socialvolym.vocabulary.money import MONEY, is_money
from socialvolym.vocabulary.phrases import first_meaning, is_said, phrases

#: How far a cue may stand from its number, in characters.
_REACH = 130
#: Of what is counted and told as what is: who "is placed" is so at the end of the months that are told of.
_PRESENT = Time(part="present")
#: What the time of a figure rests on that its own sentence does not tell.
_UNDATED = ("period:document", "period:paragraph")
#: What a share may say once more.
_APART = (*CHANGES, "deviation", "forecast")
#: Units of what is paid, cared for or worked over months, and never on one day.
FLOWS = (*MONEY, "care_days", "hours")
#: How a sentence begins that says more of what the one before told: "Det är en förbättring med 1,5 mnkr sedan april".
_TELLS_ON = re.compile(r"\W*(?:det|detta)\b", re.IGNORECASE)


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


def mentions(paragraph: Paragraph, brackets: Brackets | None = None, time: Time | None = None) -> list[Mention]:
    """Read the figures of a paragraph.

    Parameters
    ----------
    brackets : what those in brackets are, where the document says so. time : of what the paragraph tells the parts of.
    """
    found: list[Mention] = []
    spoken = Spoken(brackets or Brackets(), time)
    for begin, sentence in sentences(paragraph):
        told = [(mention, offset) for mention, offset in _sentence(sentence, spoken) if begin + offset >= paragraph.lead]
        found += [replace(mention, line=paragraph.line_at(begin + offset)) for mention, offset in told]
        if not told and is_said("data_note", sentence):
            found = _dated_by_note(found, sentence)
    return found


def _dated_by_note(found: list[Mention], note: str) -> list[Mention]:
    """Return figures, those without a time of their own with that of a note behind them: "Uppgifterna gäller 2019"."""
    time = noted_time(note)
    if time is None or not found:
        return found
    last = {mention.sentence for mention in found if first_meaning("data_note", note) == "all"} | {found[-1].sentence}
    return [
        replace(mention, time=time, because=("period:note", mention.because[1]))
        if mention.because[0] in _UNDATED and mention.series == "outturn" and mention.sentence in last
        else mention
        for mention in found
    ]


def _sentence(sentence: str, spoken: Spoken) -> list[tuple[Mention, int]]:
    """Read a sentence in stages: numbers and times, the marks of both among its words, then each number's series and time."""
    of_day = spoken.time is not None and is_point(spoken.time)
    times = [told for told in told_times(sentence) if told.time != NOW or not of_day]
    numbers = numbers_in(sentence, times)
    if not numbers:
        return []
    dated = [told for told in times if told.time != NOW]
    for number in numbers:
        if number.unit is None and is_said("pronoun_before", sentence[: number.start]):
            number.unit = spoken.counted
        spoken.counted = number.unit if number.unit in COUNTED else spoken.counted
    found = marks(sentence, [(number.start, number.unit_end, kind_of(number)) for number in numbers], dated)
    places = [place for place, mark in enumerate(found) if mark.name.startswith("~")]
    read: list[tuple[Mention, int]] = []
    places_of = [(number.start, number.unit_end) for number in numbers]
    timing = Timing(sentence, times, spoken.time, spoken.named, places_of, spoken.flowing, spoken.brackets.time)
    before: Reading | None = None
    so_far = any("/" in (time.time.part or "") for time in times)
    for index, (number, place) in enumerate(zip(numbers, places, strict=True)):
        reading = reading_of(sentence, found, place, number, before, spoken)
        if so_far and reading.rests_on == "paragraph" and reading.series == "forecast" and not is_said("anaphor", sentence):
            reading = replace(reading, series="deviation")
        left = numbers[index - 1].unit_end if index else 0
        right = numbers[index + 1].start if index + 1 < len(numbers) else len(sentence)
        alike = index > 0 and _alike(numbers[index - 1], number)
        told_of = before or (spoken.last if _TELLS_ON.match(sentence) or is_said("forecast_noun", sentence) else None)
        stock, summed = _is_stock(number, reading.series, sentence), is_money(number.unit) or number.unit in FLOWS
        stretch = Stretch(left, number.start, number.unit_end, right, alike, stock, summed)
        time, evidence = timing.of(stretch, reading.series, reading.leads_from)
        if reading.series == "target" and not times and not is_said("of_months", sentence):
            time, evidence = None, "period:document"  # a goal is for the year, also where a paragraph tells of its first months
        bracketed = False
        still = bool(read) and read[-1][0].time == _PRESENT
        there = is_said("present", sentence[stretch.left : stretch.right]) and not is_said("over_time", sentence)
        if time is None and ((stretch.stock and there) or (still and (stretch.stock or reading.series == "change_pct"))):
            time = _PRESENT
        elif stretch.stock and time == NOW:
            time = replace(NOW, part="present")
        if reading.rests_on == "paragraph" and reading.series == "forecast" and time and time.shift < 0:
            reading = replace(
                reading, series="deviation" if reading.sign else "outturn"
            )  # what lies behind is no longer expected
        if before is not None:
            reading = as_compared(reading, before, number, time, sentence, stretch)
            if bracketed := evidence == "period:bracket":
                reading = replace(reading, series=spoken.brackets.series or reading.series)
                time = time or read[-1][0].time
                if reading.series == "deviation" and time and time.part == "month_before":
                    time = replace(time, part="so_far_before")  # a deviation adds up over the months
        of_forecast = reading.series in CHANGES and (
            (told_of is not None and told_of.series == "forecast") or is_said("against_forecast", sentence)
        )
        budget_of_forecast = reading.series == "budget" and before is not None and before.series == "forecast"
        if (of_forecast or budget_of_forecast) and is_money(number.unit):
            # a better forecast is better for the year that it is for
            time = replace((read[-1][0].time if read else None) or Time(), part="")
        if time and time.part is None and time.year is None and time.shift < 0 and read and read[0][0].series == "forecast":
            time = replace(time, part="")  # what the forecast of a year is compared with is of a year
        alike = before is not None and before.series == reading.series == "outturn"
        if alike and time and time.year and time.part is None and is_bracketed(sentence, number.start):
            time = replace(time, same=True)  # "310 till och med augusti (2021: 298)"
        if evidence == "period:document" and before and is_budget_so_far(number, reading, numbers[index - 1], before):
            time, evidence = Time(part="so_far"), "period:comparison"
        read.append((_mention(sentence, number, reading, time, evidence, timing.spoken_of), number.start))
        if not bracketed:
            before = spoken.last = reading
            spoken.apart = reading if reading.series in _APART else spoken.apart
    spoken.time = timing.carried(read[-1][0].series)
    spoken.flowing = any(
        is_money(mention.unit) and mention.series == "outturn" and mention.time == spoken.time is not None for mention, _ in read
    )
    spoken.named = timing.named
    return read


def _mention(
    sentence: str, number: Number, reading: Reading, time: Time | None, evidence: str, spoken_of: Time | None
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


def _alike(first: Number, second: Number) -> bool:
    """Tell whether two numbers may be one thing at two times: of one unit, or one of them without."""
    return first.unit == second.unit or second.unit is None or first.unit is None


def _is_stock(number: Number, series: str, sentence: str) -> bool:
    """Tell whether a number may be counted on a day: persons, households, a share of them, and what has no unit."""
    if number.unit is None and is_said("flow_word", sentence[: number.start]):
        return False
    return series in ("outturn", "change_abs") and number.unit in (
        *(None, "persons", "households", "full_time_equivalents"),
        *(("percent",) if series == "outturn" and is_said("share_word", sentence) else ()),
    )
