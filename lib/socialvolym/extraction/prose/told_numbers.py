"""Told numbers: the numbers of a sentence, in digits and in words, and the unit of each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from socialvolym import vocabulary
from socialvolym.extraction.prose.told_times import ToldTime
from socialvolym.notation.numbers import parse_number
from socialvolym.vocabulary.money import is_money
from socialvolym.vocabulary.phrases import first_meaning, is_said, phrases

#: Units that a bare number in brackets shares: "84 vuxna (71)".
COUNTED = {"persons", "households", "care_days", "hours", "days", "months", "placements_per_year", "full_time_equivalents"}
_NUMBER = re.compile(
    r"(?<![\w,.])(?:[+-](?=\d)|\+ (?=\d))?(?:\d{1,3}(?: \d{3})+|\d{1,3}(?:\.\d{3}){2,}|\d+)(?:[.,]\d+)?(?!\d|[eE][+-]?\d)"
    r"|(?<![\w,.])[+-]?,\d+(?=\s?(?:m(?:n)?kr|tkr|%|procent)(?!\w))"  # a nought that was lost: "+,4 mnkr"
)
_NOUGHT_LOST = re.compile(r"(?<!\d),")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d|:\d)")
_RANGE = re.compile(r"(?<![\w,.])(\d+(?:,\d+)?)\s?-\s?(\d+(?:,\d+)?)(?=\s?(?:%|procent|[a-zåäö]))")
_AGAINST = re.compile(
    r",?\s?(?:%|mnkr|mkr|tkr|procent|kronor|miljoner)?\s?(?:\(|(?:mot|jämfört med) (?:budgeterade? )?)(?:ca |cirka )?"
)
_LISTED = re.compile(r"\s?(?:-|och|eller|respektive|till|resp\.|av(?: de| totalt| sammanlagt)*)\s?(?:ca |cirka )?")
#: From a number to another in brackets behind it, and what closes them before a unit: "389,7 (372,4) mnkr".
_BRACKETED = re.compile(r"\s?\(")
_BRACKETS_END = re.compile(r"\)(?=\s)")


@dataclass
class Number:
    """A number of a sentence: where it stands, what it says, and where the unit ends that is printed behind it."""

    start: int
    end: int
    text: str
    value: float
    unit: str | None
    unit_end: int
    word: bool = False
    breakdown: str | None = None


def kind_of(number: Number) -> str:
    """Return the mark of a number: money, per cent, percentage points or a count; "s" where a sign is printed."""
    kind = {"percent": "pct", "percentage_points": "pp"}.get(number.unit or "", "kr" if is_money(number.unit) else "n")
    return f"~{kind}{'s' if number.text[:1] in '+-' else ''}"


def numbers_in(sentence: str, times: Sequence[ToldTime]) -> list[Number]:
    """Return the numbers of a sentence in their order; what belongs to a time, a law or an address is none."""
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


def _give_unit_behind(sentence: str, first: Number, second: Number) -> None:
    """Give a number in brackets, and the one before them without a unit, the unit that follows: "389,7 (372,4) mnkr"."""
    end = _BRACKETS_END.match(sentence, second.end)
    behind = _number(sentence, second.start, end.end(), second.text, None) if end and first.unit is None else None
    unit = (
        behind.unit if behind else first.unit if first.unit in COUNTED and sentence[second.end : second.end + 1] == ")" else None
    )
    first.unit, second.unit = first.unit or unit, unit


def _give_led_unit(sentence: str, numbers: Sequence[Number]) -> None:
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


def _counts_something(sentence: str, number: Number) -> bool:
    return is_said("counted", sentence[number.end :])


def _is_more_of(first: Number, second: Number, sentence: str) -> bool:
    """Tell whether a number without a unit is one more amount, share or rate, as the number before it is."""
    related = is_money(first.unit) or (first.unit or "").startswith("per")
    behind = sentence[second.end :]
    elsewhere = is_said("elsewhere", behind) or is_said("elsewhere_before", sentence[first.end : second.start])
    return related and first.unit != "persons" and ("," in second.text or elsewhere) and not _counts_something(sentence, second)


def _number(sentence: str, start: int, end: int, text: str, breakdown: str | None) -> Number:
    parsed = parse_number(_NOUGHT_LOST.sub("0,", text))
    value = parsed.value if parsed is not None else float("nan")
    rest = sentence[end:]
    for phrase in phrases("unit"):
        if match := phrase.pattern.match(rest):
            printed = text + ("%" if rest.lstrip().startswith("%") and match.end() <= 2 else "")
            near = match.end() if is_money(phrase.meaning) or phrase.meaning.startswith("percent") else 0
            return Number(start, end, printed, value, phrase.meaning, end + near, breakdown=breakdown)
    return Number(start, end, text, value, None, end, breakdown=breakdown)


@lru_cache(maxsize=1)
def _words_of_numbers() -> re.Pattern[str]:
    """Return a pattern of the words that may be numbers, those of several words first: "ett tjugotal"."""
    several = "|".join(word for word in vocabulary.words() if " " in word)
    return re.compile(rf"\b(?:{several})\b|[a-zåäö]+", re.IGNORECASE)


def _word_numbers(visible: str, sentence: str) -> Iterator[Number]:
    """Yield the numbers written as words, where they count something."""
    for match in _words_of_numbers().finditer(visible):
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
