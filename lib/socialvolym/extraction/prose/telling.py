"""Telling: series and sign of a number of a sentence, by its own words, as the number before it, or as its paragraph goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from socialvolym.extraction.prose.bracket_notes import Brackets
from socialvolym.extraction.prose.neighbours import compares_on, crosses, goes_on, last_number, place_of, repeats
from socialvolym.extraction.prose.timing import Stretch
from socialvolym.extraction.prose.told_numbers import Number
from socialvolym.extraction.prose.told_series import RESULTS, Mark, clause_start, cost_sign, told
from socialvolym.extraction.prose.told_times import Time
from socialvolym.notation.periods import CHANGES
from socialvolym.vocabulary.money import is_money
from socialvolym.vocabulary.phrases import is_said

#: Marks of what is set against a forecast: of a forecast it is a change, of an outturn a deviation.
_FORECASTS = {"VSFORECAST"}
#: An outturn between these shares of a budget that it is set against is of the same months as it.
_NEAREST, _FARTHEST = 0.8, 1.25
#: What is worked or cared for over months, as money is paid.
_FLOWS = ("hours", "care_days")
#: What lies ahead, and of which a part may be done: "ska spara 3 mnkr, varav 1 har gett effekt".
_AHEAD = ("budget", "target", "plan")
#: Words that stand before a number as a sign does.
_SIGN_WORDS = {"NEGATIVE": -1, "POSITIVE": 1}


@dataclass(frozen=True)
class Reading:
    """What is told of a number: series and sign (0 where nothing says it), and whether the words count from it."""

    series: str
    sign: int
    rests_on: str
    leads_from: bool = False


@dataclass
class Spoken:
    """What a paragraph speaks of from sentence to sentence: its time, the year it named, how it told, whether it budgets.

    `apart` : how it told of a deviation or a change last.
    `flowing` : whether it has told of an amount at that time. `counted` : the unit of what it counted last.
    `brackets` : what its document's brackets hold.
    """

    brackets: Brackets
    time: Time | None = None
    named: Time | None = None
    last: Reading | None = None
    result: Reading | None = None
    apart: Reading | None = None
    budgeting: bool = False
    flowing: bool = False
    counted: str | None = None


def reading_of(
    sentence: str, found: Sequence[Mark], place: int, number: Number, before: Reading | None, spoken: Spoken
) -> Reading:
    """Return the series and sign of a number: by its own words, as the number before it, or as the paragraph goes on."""
    own = told(found, place)
    signed = number.text[:1] in "+-" or [mark.name for mark in found[max(0, place - 1) : place]] == ["NEGATIVE"]
    series, sign, why = own.series, own.sign, "words"
    if series == "change" and before is not None and before.series in ("target", "forecast") and crosses(own.cues):
        return Reading(before.series, before.sign, "neighbour")
    if series == "change" and before is not None and before.series == "deviation" and compares_on(own.cues, found[place + 1 :]):
        return Reading("deviation", cost_sign(found, place, sentence) or own.sign, "neighbour")
    since = found[last_number(found, place) : place]
    if (
        series == "forecast"
        and before is not None
        and not any(mark.name == "FORECAST" for mark in since)
        and is_said("of_months", sentence[since[0].end : number.start] if since else "")
    ):
        series = "deviation" if sign else "outturn"  # "prognosen är -4, att jämföra med periodens underskott på 2"
    # "214 av dem, vilket motsvarar 34 procent" is no change, whatever was told before
    counts = before is not None and (before.series, before.rests_on) == ("outturn", "default")
    apart = None if counts else spoken.apart
    if number.word and is_said("growth_word", number.text):
        series = "change"
    elif series is None and signed and number.unit in ("percent", "percentage_points"):
        series, sign = "change", -1 if number.text.startswith("-") or found[place - 1].name == "NEGATIVE" else 1
    elif series is None and (share := _as_share(number, apart, sentence)) is not None:
        return share
    elif series is None and before and before.series in _AHEAD and is_said("spent", sentence[number.unit_end :]):
        return Reading("outturn", 0, "words")
    elif series is None and before is not None and (goes_on(found, place, before.series) or repeats(found, place)):
        sign = _SIGN_WORDS.get(found[place - 1].name) or cost_sign(found, place, sentence) or before.sign
        return Reading(_by_unit(before.series, number), sign, "neighbour")
    against_budget = series == "deviation" or (series == "forecast" and "VSBUDGET" in own.cues)
    if against_budget and is_money(number.unit) and not RESULTS & set(own.cues):
        sign = cost_sign(found, place, sentence) or sign
    elif series == "forecast" and {"MORE", "LESS"} & set(own.cues) and spoken.last is not None:
        sign = cost_sign(found, place, sentence) or spoken.last.sign or sign  # "På helår bedöms de bli 1,5 mnkr lägre"
    if series == "deviation" and sign == 0 and spoken.last and spoken.last.series in ("deviation", "forecast"):
        sign = spoken.last.sign
    told_of = spoken.result if {"DEFICIT", "SURPLUS"} & {mark.name for mark in found} and spoken.result else spoken.last
    of_period = is_said("of_period", _behind(sentence, found, place))
    over = is_said("past_tense", sentence) and not is_said("hypothetical", sentence)
    if series == "deviation" and told_of and told_of.series == "forecast" and not (of_period or over):
        of_forecasts = bool(_FORECASTS & set(own.cues))
        series, why = ("change", "words") if of_forecasts else ("forecast", "paragraph")
    if series is None and is_money(number.unit) and spoken.last is not None:
        series, sign, why = _as_spoken(sentence, spoken.last) or (series, sign, why)
    spoken.budgeting = series == "budget" or (spoken.budgeting and series != "outturn")
    if series is None and is_money(number.unit) and spoken.budgeting and is_said("given", sentence):
        series, why = "budget", "paragraph"
    of_change = is_money(number.unit) and spoken.last is not None and spoken.last.series in CHANGES
    if series is None and of_change and spoken.last and is_said("part_of_change", sentence):
        series, sign, why = "change", spoken.last.sign, "paragraph"
    costs = is_said(
        "has_cost", sentence[found[clause_start(found, place)].start : number.start]
    )  # what was paid is no part of it
    part = signed or (is_said("part_of_sum", sentence) and not costs)
    if series is None and part and is_money(number.unit) and told_of and told_of.series in ("deviation", "forecast"):
        clause = sentence[found[clause_start(found, place)].start : number.start]
        series = "deviation" if is_said("past_tense", clause) else told_of.series  # "men året slutade på -2"
        sign, why = cost_sign(found, place, sentence) or told_of.sign, "paragraph"
    if series is None and signed and is_money(number.unit) and not is_said("no_deviation", sentence):
        series, why = "deviation", "sign"
    if RESULTS & set(own.cues):
        spoken.result = Reading(series or "deviation", sign, why)
    if signed and found[place - 1].name == "NEGATIVE":
        sign = -1
    leads_from = any(cue == "FROM" for cue in own.cues[: place_of(own.cues)][-2:]) and series in ("outturn", "budget")
    return Reading(_by_unit(series or "outturn", number), sign, why if series else "default", leads_from)


def _behind(sentence: str, found: Sequence[Mark], place: int) -> str:
    """Return the words from a number to the next number or sign of punctuation."""
    end = next((mark.start for mark in found[place + 1 :] if mark.name[:1] in "~/,"), len(sentence))
    return sentence[found[place].end : end]


def _by_unit(series: str, number: Number) -> str:
    """Return which change a change is: in per cent, or in what is counted."""
    if not series.startswith("change"):
        return series
    return "change_pct" if number.unit == "percent" or (number.word and is_said("growth_word", number.text)) else "change_abs"


def _as_spoken(sentence: str, last: Reading) -> tuple[str, int, str] | None:
    """Return series, sign and what they rest on of an amount that stands for the one spoken of before: "Nu är den 9 mnkr"."""
    if last.series in ("forecast", "budget") and is_said("anaphor", sentence):
        return last.series, last.sign, "paragraph"
    return None


def _as_share(number: Number, last: Reading | None, sentence: str) -> Reading | None:
    """Return a percentage that says the amount before it once more, None for another.

    "ökade med 2 mnkr, vilket motsvarar 6 procent" is a change, "Det motsvarar 2 procent av ramen" the deviation told before.
    """
    if last is None or number.unit != "percent" or not is_said("equals", sentence[: number.start]):
        return None
    behind = sentence[number.end :]
    again = is_said("of_budget", behind) if last.series in ("deviation", "forecast") else not is_said("of_all", behind)
    return Reading(_by_unit(last.series, number), last.sign, "neighbour") if again else None


def as_compared(reading: Reading, before: Reading, number: Number, time: Time | None, sentence: str, place: Stretch) -> Reading:
    """Return how a number reads that another is compared or listed with: like is compared with like.

    "jämfört med -6,9 efter augusti" is a forecast, "mot -2,0 i fjol" what came of one, "mot budgeterade 8 och 13 2019" no budget;
    a cost of last year that a forecast of one is compared with is no deviation.
    """
    past = time is not None and (bool(time.year) or time.shift < 0)
    if reading.rests_on == "neighbour" and reading.series in ("budget", "target") and past:
        listed = is_said("against_budget", sentence[: place.start])
        return replace(reading, series="outturn", sign=0) if listed else reading
    compared = reading.rests_on == "default" and is_money(number.unit) and is_said("against", sentence[: place.start])
    if not compared or before.series not in ("forecast", "deviation") or (time is not None and time.part == "so_far"):
        return reading
    if before.series == "forecast" and not past:
        return Reading("forecast", before.sign, "neighbour")
    return Reading("outturn" if before.series == "forecast" and not before.sign else "deviation", before.sign, "neighbour")


def is_budget_so_far(number: Number, reading: Reading, last: Number, before: Reading) -> bool:
    """Tell whether a budget is one of the months so far, as the outturn near it is that is set against it."""
    flows = is_money(number.unit) or number.unit in _FLOWS
    near = last.unit == number.unit and flows and number.value and _NEAREST < last.value / number.value < _FARTHEST
    return bool(near and reading.series == "budget" and before.series == "outturn")
