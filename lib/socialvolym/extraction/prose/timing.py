"""Timing: which of the times of a sentence each of its numbers belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from socialvolym.extraction.prose.told_times import Time, ToldTime, is_point, number_of, told_times
from socialvolym.sequences import runs_of
from socialvolym.vocabulary.phrases import is_said, phrases

#: What ends the clause whose number a time behind it may belong to.
_CLAUSE_END = re.compile(
    r"""; | ,\ | \b vilket \b | (?<! från\ ) \b och \b (?! \ med \b ) | \( (?= (?:19|20) \d{2} \s? : )
    | \b (?: följd\ av | grund\ av | beror\ på | beroende\ på | eftersom | därför\ att ) \b""",
    re.VERBOSE,
)
#: A time that begins so is the one that a change is counted from.
_SINCE = re.compile(r"(?:sedan|från)\s", re.IGNORECASE)
_COUNTED_SINCE = re.compile(r"\bsedan\s", re.IGNORECASE)
#: From a time to another that is listed with it.
_LISTED = re.compile(r"\s?(?:,|och|samt|respektive)\s(?:[\d ,.]+\s?(?:[^\s,]+\s){0,3})?(?:år )?")
#: A clause that only tells more of what was named, and what goes on after it: ", som 2015 kostade 41 mnkr, har minskat till 36".
_ASIDE = re.compile(r",\s(?:som|vilka?)\b[^,\d]*$")
_AFTER_ASIDE = re.compile(r"[^,]*(?:,\d[^,]*)*,\s[^\d].*\d")
#: From an item of a list of times, or of bare numbers, to the next.
_LISTED_TIMES = re.compile(r"\s?(?:,|och|samt|respektive)\s(?:i |under |år )?")
_LISTED_NUMBERS = re.compile(r"(?:,|\soch|\ssamt|(?:\s[\w%]+)?\s(?:respektive|resp\.?))\s(?:ca |cirka )?")
_JOINED = re.compile(r"\s(?:\w+\s)?(?:respektive|resp\.?)\s")
#: A verb between a number and a time behind it begins a clause of that time, where the number has a time before it.
_VERB = re.compile(r"\b(?:uppgick|uppgår|var|är|blev|låg|steg|sjönk|ökade|minskade|kostade)\b")
#: What begins another clause behind a time that something is compared with: "mer än 2016 och 3 över budget".
_NEW_CLAUSE = re.compile(r",|\boch\b")
#: "Since the turn of the year" is from the end of the year before.
_END_OF_LAST_YEAR = Time(shift=-1, part="--12-31")
#: A bracket that holds a number ends behind it, or behind the words for what it counts.
_BRACKET_END = re.compile(r"\s?(?:(?:%|[a-zåäö/]+)\s?){0,2}\)")
#: A time stands at most so far behind its number, and one that is compared with so close before it, in characters.
_BEHIND, _NEAR = 90, 25


@dataclass(frozen=True)
class Stretch:
    """Where a number stands: between `left`, where the one before ends, and `right`, where the next begins.

    `alike` : whether it may be the same thing as the one before at another time. `stock` : whether it may be a number at a
    point in time, as persons and households are, and amounts and days of care are not. `summed` : whether it is an amount
    or the like, which is of the months up to a day.
    """

    left: int
    start: int
    end: int
    right: int
    alike: bool
    stock: bool = True
    summed: bool = False


def paired(sentence: str, times: Sequence[ToldTime], numbers: Sequence[tuple[int, int]]) -> dict[int, Time]:
    """Return the time of each number of a list that is in the order of a list of times: "2022 och 2023 ... 31 respektive 28".

    Parameters
    ----------
    numbers : where each begins and ends. Returned by where a number begins.
    """
    dated = _runs(sentence, [(told.start, told.end) for told in times], _LISTED_TIMES)
    lists = [[told.time for told in times if told.start in {start for start, _ in run}] for run in dated]
    lists += [[Time(year=year) for year in str(told.time.year).split("/")] for told in times if _is_two_years(sentence, told)]
    found: dict[int, Time] = {}
    for run in _runs(sentence, numbers, _LISTED_NUMBERS):
        listed = next((times for times in lists if len(times) == len(run) > 1), ())
        found |= {start: time for (start, _), time in zip(run, listed, strict=False)}
    return found


def _runs(sentence: str, places: Sequence[tuple[int, int]], link: re.Pattern[str]) -> Iterator[list[tuple[int, int]]]:
    """Return the places that nothing but a word of a list stands between, in runs."""
    return runs_of(places, lambda run, place: link.fullmatch(sentence[run[-1][1] : place[0]]) is not None)


def _is_two_years(sentence: str, told: ToldTime) -> bool:
    text = sentence[told.start : told.end]
    return "/" in (told.time.year or "") and re.search(r"\s(?:och|respektive)\s", text) is not None


def _at_end_of(named: Time, told: ToldTime) -> ToldTime:
    """Return "at the end of the year" as that of the year that its sentence names."""
    return replace(told, time=replace(told.time, year=named.year)) if told.time.running and told.time.part else told


def _year_before(time: Time) -> Time:
    """Return the year before a year as a whole, which "under 2018 från tre till fyra" counts from; another time as it is."""
    if time.part or time.same or "/" in (time.year or ""):
        return time
    return replace(time, year=str(int(time.year) - 1)) if time.year else replace(time, shift=time.shift - 1)


def is_bracketed(sentence: str, place: int) -> bool:
    """Tell whether a place of a sentence is within brackets."""
    return sentence.rfind("(", 0, place) > sentence.rfind(")", 0, place)


def _is_of_last(told: ToldTime, begins: Sequence[int]) -> bool:
    """Tell whether "the year before" stands behind two numbers, the last of which alone is of that year."""
    return told.time.anaphoric and told.time.shift < 0 and sum(begin < told.start for begin in begins) > 1


class Timing:
    """The times of a sentence, and which of its numbers each belongs to.

    Parameters
    ----------
    sentence : the sentence. times : its times in order. carried : the time that its paragraph speaks of so far, or None.
    named : the time with a year that the paragraph named last, which "the year before" counts from.
    numbers : where the sentence's numbers begin and end, to tell which times are listed in the same order as they.
    flowing : whether the paragraph has told of amounts at the time that it speaks of, which further ones are of as well.
    bracketed : the time of bare numbers in brackets, None for that of the number before.
    """

    def __init__(
        self,
        sentence: str,
        times: list[ToldTime],
        carried: Time | None,
        named: Time | None = None,
        numbers: Sequence[tuple[int, int]] = (),
        flowing: bool = False,
        bracketed: Time | None = None,
    ) -> None:
        self._bracketed = bracketed
        self._sentence, self._times, self._carried, self._named = sentence, times, carried, named
        self._numbers = numbers
        self._paired, self._flowing = paired(sentence, times, numbers), flowing
        self._spent: set[int] = set()
        #: Whether a month is named only to compare with it, as "3,9 mnkr mot 4,0 i oktober".
        self._by_month = any(is_point(told.time) and not told.time.until for told in times if self._compared(told, 0))
        #: Whether it compares with "the same month the year before", so that what is compared is of the month spoken of.
        self._by_same = any(told.time.same and told.time.shift for told in times)
        self._before: Time | None = None
        begins = [start for start, _ in numbers]
        told = next(
            (told for told in times if not self._compared(told, 0) and not self._listed(told) and not _is_of_last(told, begins)),
            None,
        )
        self._main = told.time if told else None
        if self._main and self._main.year:  # "2021 var det 40 vid årets slut": at the end of that year
            self._times = [_at_end_of(self._main, other) if told and told.end <= other.start else other for other in times]
        self._main_at, self._main_end = (told.start, told.end) if told else (0, 0)
        self._from_first = self._changed = False
        self._lead: Time | None = None
        self._made: Time | None = None
        self.spoken_of: Time | None = None

    @property
    def named(self) -> Time | None:
        """Return the time with a year that the paragraph has named last, with this sentence."""
        named = None if self._turned() else self._named
        return self._main if self._main is not None and self._main.year and "/" not in self._main.year else named

    def in_passing(self) -> list[ToldTime]:
        """Return the times that the sentence only compares with, or names in a bracket or an aside."""
        return [told for told in self._times if self._compared(told, 0) or self._listed(told)]

    def carried(self, series: str) -> Time | None:
        """Return the time that the next sentence goes on to speak of; a forecast's is only when it was made."""
        if self._main is None:
            return self._carried
        if self._main.same and self._main.year is None:
            return self._carried
        lasting = series != "forecast" and self._main.shift == 0 and not self._main.same and self._main.part
        return self._main if lasting and not self._turned() else None

    def _turned(self) -> bool:
        """Tell whether the sentence only looks back to the turn of the year, or on to it."""
        told = self._main
        return told is not None and told.part == "--12-31" and not (told.year or told.running or told.until)

    def of(self, place: Stretch, series: str, leads_from: bool) -> tuple[Time | None, str]:
        """Return the time of the next number, None for the document's own, and what that rests on."""
        time, evidence, lasting = self._found(place, series, leads_from)
        if series == "forecast" and time is not None and is_point(time):
            self._made = time
        elif time is not None and time is self._made and place.left:  # when a forecast was made is not when something came of it
            time, evidence, lasting = None, "period:document", False
        known = (self._before, self._main if self._main_at < place.start else None, self._carried_to(place), self._named)
        spoken = (told for told in known if told and told is not time and not told.anaphoric)
        self.spoken_of = next(spoken, None)
        if (
            time is not None
            and time.year
            and "/" in time.year
            and (leads_from or self._from_first or self._changed or series.startswith("change"))
        ):
            time = replace(time, year=time.year[:4] if leads_from else time.year[-4:])
        self._changed = self._changed or series.startswith("change")
        self._from_first = leads_from
        if leads_from:
            led = [told.time for told in self._times if told.end <= place.start and not self._compared(told, 0)]
            self._lead = led[-1] if led else self._carried_to(place)
        if lasting:
            self._before = time
        return time, evidence

    def _found(self, place: Stretch, series: str, leads_from: bool) -> tuple[Time | None, str, bool]:
        change = series.startswith("change")
        lead, after = self._sentence[place.left : place.start], self._sentence[place.end : place.right]
        bracketed = place.alike and re.search(r"\(\s*$", lead) is not None and _BRACKET_END.match(after) is not None
        if place.start in self._paired and (self._main is not None or not change):
            return self._paired[place.start], "period:sentence", False
        between = [
            told for told in self._times if place.left <= told.start and told.end <= place.start and told.start not in self._spent
        ]
        if leads_from and (since := self._since_behind(place)) is not None:
            return since, "period:sentence", False
        following = self._following(self._pair(place), change or self._from_first)
        if following and between and _VERB.search(self._sentence, place.end, following.start):
            following = None  # "2019 låg på 26 mnkr uppgick den 2020 till 29"
        if (
            bracketed
            and (self._changed or not change)
            and not between
            and place.left
            and is_said("bracketed", self._sentence[: place.start])
        ):
            return self._bracketed, "period:bracket", False
        if following is not None:
            lasting = not (leads_from or is_said("comparison_words", lead) or self._listed(following))
            self._spent |= set() if lasting else {following.start}
            return following.time, "period:sentence", lasting
        if leads_from and self._main is not None and "/" in (self._main.year or ""):
            return self._main, "period:sentence", True
        if self._from_first and not leads_from:
            return self._lead, "period:sentence" if self._lead else "period:document", True
        own = [told for told in between if not self._compared(told, place.left, change)]
        compared = [told for told in between if told not in own]
        if compared and not change and is_said("then", self._sentence[compared[-1].end :]):
            return compared[-1].time, "period:sentence", False
        if own:
            time = _year_before(own[-1].time) if leads_from else own[-1].time
            return time, "period:sentence", not self._listed(own[-1])
        elsewhere = is_said("elsewhere", after) or is_said("other_group", after) or is_said("elsewhere_before", lead)
        if not change and series == "outturn" and is_said("compared_with", lead) and not (elsewhere and not compared):
            return (compared[-1].time if compared else self._earlier(leads_from)), "period:comparison", False
        near = not _NEW_CLAUSE.search(self._sentence, compared[-1].end, place.start) if compared else False
        if near and series == "outturn" and compared[-1].end > place.start - _NEAR and place.left:
            return compared[-1].time, "period:comparison", False
        if leads_from:
            return (compared[-1].time if compared else self._earlier()), "period:comparison", False
        if self._before is not None:
            return self._before, "period:sentence", True
        if self._main is not None and not self._is_later(place):
            return self._main, "period:sentence", True
        if (carried := self._carried_to(place)) is not None:
            return carried, "period:paragraph", True
        month = next((told.time for told in self._times if is_point(told.time) and told.time.shift < 0), None)
        if change and self._main is None and month is not None:  # "jämfört med mars i fjol": this year's March
            return replace(month, shift=0, written=True), "period:comparison", True
        part = next((told.time for told in self._times if told.time.part and "/" not in (told.time.year or "/")), None)
        if change and self._main is None and part is not None:  # "fler än första halvåret 2023": the first half of 2024
            return replace(part, year=str(int(str(part.year)) + 1)), "period:comparison", True
        return None, "period:document", True

    def _carried_to(self, place: Stretch) -> Time | None:
        """Return the time that the paragraph speaks of so far, where a number may be of it: no care is given on a day."""
        carried = self._carried
        if carried is None or not is_point(carried) or place.stock or self._by_same or self._flowing or self._by_month:
            return carried
        return carried if carried.until and place.summed else None

    def _pair(self, place: Stretch) -> Stretch:
        """Return a number with the one that "respektive" joins to it, whose time is behind both."""
        if not _JOINED.fullmatch(self._sentence[place.end : place.right]):
            return place
        ends = [end for start, end in self._numbers if start == place.right]
        others = [start for start, _ in self._numbers if start > place.right]
        return replace(place, end=ends[0], right=others[0] if others else len(self._sentence)) if ends else place

    def _since_behind(self, place: Stretch) -> Time | None:
        """Return the time that the first of two numbers is of where it stands behind both: "från 68 till 63 sedan augusti"."""
        told = next((told for told in self._times if told.start >= place.right), None)
        if told is None or not _COUNTED_SINCE.search(self._sentence, place.right, told.end):
            return None
        if _CLAUSE_END.search(self._sentence, place.right, told.start) or self._numbers_between(place.right, told.start) > 1:
            return None
        counted = told.time.year or told.time.shift or told.time.part
        return told.time if counted else _END_OF_LAST_YEAR

    def _numbers_between(self, start: int, end: int) -> int:
        return sum(start <= begin < end for begin, _ in self._numbers)

    def _earlier(self, leads_from: bool = True) -> Time:
        """Return the time before the one spoken of: a year before, or as many as a change "over two years" has taken."""
        over = phrases("over_years")[0].pattern.search(self._sentence) if leads_from else None
        many = next((text.lower() for text in over.groups() if text), "") if over else ""
        return Time(shift=-number_of(many or "1"), anaphoric=True)

    def _is_later(self, place: Stretch) -> bool:
        """Tell whether the sentence's time begins a clause behind a number, which has a number of its own."""
        between, behind = self._sentence[place.end : self._main_at], self._sentence[self._main_end :]
        clause = re.search(r"[,;]|\b(?:men|medan)\b", between)
        if (clause is None and not re.search(r"\boch\b", between)) or self._main_at < place.end:
            return False
        return bool((clause and re.search(r"\d", between[clause.end() :])) or re.match(r",?(?:\s[^\W\d]+){0,4}\s\d", behind))

    def _following(self, place: Stretch, change: bool) -> ToldTime | None:
        """Return the time that follows a number in its own clause, unless it is only what a change is counted from."""
        behind = self._sentence[place.end : place.right]
        if ")" not in behind:
            behind = behind.split("(")[0]
        within = [told for told in self._times if place.end <= told.start < place.end + len(behind)]
        for told in within:
            at = told.start - place.end
            behind = behind[:at] + "·" * (told.end - told.start) + behind[told.end - place.end :]
        after = _CLAUSE_END.split(behind)[0][:_BEHIND]
        for told in within:
            if told.end <= place.end + len(after) + 1:
                if not self._compared(told, place.end, change):
                    return self._of_year_named(told)
                if change:
                    return None
        return None

    def _of_year_named(self, told: ToldTime) -> ToldTime:
        """Return "at the same time" with the year that its sentence has named: "last year it was 29 at the same time"."""
        main = self._main
        if not told.time.same or told.time.year or told.time.shift or main is None or self._main_at >= told.start:
            return told
        return replace(told, time=replace(told.time, year=main.year, shift=main.shift)) if main.year or main.shift else told

    def _listed(self, told: ToldTime) -> bool:
        """Tell whether a time stands only for the number behind it: in a list, a bracket or an aside, "390 (2009: 344)"."""
        if is_said("reason_clause", self._sentence[: told.start]):
            return True
        if _ASIDE.search(self._sentence[: told.start]) and _AFTER_ASIDE.match(self._sentence[told.end :]):
            return True
        before, behind = self._sentence[: told.start], self._sentence[told.end :]
        outside, opened, bracket = before.rpartition("(")
        inside = f"{bracket} {behind.partition(')')[0]}" if opened and ")" not in bracket else ""
        return bool(re.search(r"\d", outside if inside else before)) and (
            behind.startswith(":") or bool(re.search(r"\d", inside))
        )

    def _compared(self, told: ToldTime, since: int, change: bool = True) -> bool:
        """Tell whether a time is only what something is compared with, by the words before it from a place on.

        What is listed with such a time is compared with as well: "jämfört med 21 miljoner 2011 och 18 miljoner 2010".
        """
        of_year = told.time.year is None and is_said("budget_before", self._sentence[: told.start])
        if of_year or is_said("of_period", self._sentence[told.start : told.end]):
            return False  # "mot budget för perioden" is of the period
        from_one = "/" not in (told.time.year or "")  # what came of the time since March is not March's
        since_then = (_SINCE if change else _COUNTED_SINCE).match(self._sentence, told.start, told.end) if from_one else None
        leading = self._sentence[since : since_then.end() if since_then else told.start]
        for other in reversed(self._times):  # what stands behind another time is not compared by the words before that one
            if since <= other.start and other.end <= told.start:
                leading = f"{leading[: other.start - since]};{leading[other.end - since :]}"
        if is_said("comparison", leading):
            return True
        earlier = next((other for other in reversed(self._times) if since <= other.start and other.end <= told.start), None)
        listed = earlier is not None and _LISTED.fullmatch(self._sentence[earlier.end : told.start])
        return bool(earlier and listed and self._compared(earlier, since, change))


def passing_times(sentence: str) -> list[ToldTime]:
    """Return the times of a sentence that it only compares with, or names in a bracket or an aside."""
    return Timing(sentence, told_times(sentence), None).in_passing()
