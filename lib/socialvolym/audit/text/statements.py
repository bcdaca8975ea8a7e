"""Statements: what single sentences and lines say that they contradict themselves, or that a table can be held against."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from socialvolym.audit.text.patterns import claims, pattern
from socialvolym.audit.text.sentences import Lines, Sentence, filled_lines, paragraphs, sentences
from socialvolym.audit.text.text_facts import Fact, fact
from socialvolym.notation.numbers import parse_number
from socialvolym.notation.periods import MONTH_NAMES

_PERCENT = re.compile(r"(\d+(?:,\d+)?) ?(?:procent|%)(?!-?enhet)")
#: "from 74 to 77 per cent": the first of the two has no unit of its own.
_FROM_TO = re.compile(r"\bfrån (\d+(?:,\d+)?) till (?=\d+(?:,\d+)? ?(?:procent|%))")
_SUBJECT = 34
_LEVEL = 10.0
_ANSWERS = ("ja", "nej")
_MARKS = ("-", "*", "..")
_AGES = re.compile(r"^(?P<low>\d{1,3})(?: ?- ?(?P<high>\d{1,3})?| (?:år )?och (?:äldre|uppåt))(?: ?år)?(?= .*\d)")
_AGE_WORD = re.compile(r"\bår\b|\bålder", re.IGNORECASE)
_OLDEST, _AGE_ROWS = 199, 3
_CELLS = re.compile(r"\d[\d ,.%*-]*$")
#: How many lines below a sentence the table can begin of which it says that it follows.
_FOLLOWING = 12
_TWO = 2
#: A line of this length is of a sentence.
_SENTENCE = 70
_STEM_OF_SUBJECT = 6


def statements(lines: Sequence[str]) -> Iterator[Fact]:
    """Return the facts of statements: line, kind, what.

    Kinds: points_told (the number), change_is_level (the number), sign_stated, break_told, direction_told (direction, year,
    earlier year, subject), approved (the date), table_absent (the table's number, none for one that is announced below),
    deficit_told (amount, unit, forecast or outturn, subject), digits_told (a number of five digits or more), goal_judged
    ("reached" or "missed"), goal_unmeasured (the judgement), age_rows (group, group before, line of that).
    """
    filled = filled_lines(lines)
    for paragraph in paragraphs(lines):
        told = list(sentences(paragraph))
        for sentence in told:
            yield from _contradictions(sentence)
            yield from _held_against_tables(sentence)
            yield from _deficits(sentence, paragraph)
        yield from _goals_before_outturn(told)
    yield from _judged_rows(filled)
    yield from _overlapping_ages(filled)
    yield from _absent_tables(filled)


def _contradictions(sentence: Sentence) -> Iterator[Fact]:
    """Find what a sentence contradicts itself in."""
    text = sentence.text
    if (change := pattern("change_in_percent").search(text)) and _is_points(text, change):
        yield sentence.line(change.start("number")), "points_told", change["number"]
    for match in pattern("change_is_level").finditer(text):
        number = parse_number(match["number"])
        if number and number.value >= _LEVEL:
            yield sentence.line(match.end() - 1), "change_is_level", match["number"]


def _is_points(text: str, change: re.Match[str]) -> bool:
    """Tell whether a change in per cent is the difference of the sentence's two percentages, and not its share of the first."""
    without = text[: change.start("number")] + text[change.end() :]
    levels = [float(level.replace(",", ".")) for level in _PERCENT.findall(_FROM_TO.sub(r"från \1 procent till ", without))]
    number = parse_number(change["number"])
    if number is None or len(levels) != _TWO or 0.0 in levels:
        return False
    difference = abs(levels[1] - levels[0])
    relative = [100 * difference / level for level in levels]
    same = abs(difference - number.value) < number.half_step / 10
    return same and all(abs(share - number.value) > 2 * number.half_step for share in relative)


def _held_against_tables(sentence: Sentence) -> Iterator[Fact]:
    """Find what a sentence says of a row, or of the report, that a table can confirm."""
    text = sentence.text
    if match := pattern("sign_stated").search(text):
        yield sentence.line(match.start()), "sign_stated", ""
    if match := pattern("break_told").search(text):
        yield sentence.line(match.start()), "break_told", ""
    for name in ("direction_between", "direction_than"):
        for match in pattern(name).finditer(text):
            now = match["now"] or match.groupdict().get("later")
            if now and now != match["before"]:
                told = {"published": match["direction"].lower(), "now": now, "before": match["before"]}
                subject = match["subject"].lower()[-_SUBJECT:]
                yield fact(sentence.line(match.start("direction")), "direction_told", **told, subject=subject)
    for match in pattern("approved").finditer(text):
        month = MONTH_NAMES.index(match["month"].lower()) + 1
        yield sentence.line(match.start()), "approved", f"{match['year']}-{month:02d}-{int(match['day']):02d}"
    if text.rstrip().endswith("."):
        yield from ((sentence.line(match.start()), "digits_told", match[0]) for match in pattern("long_number").finditer(text))


def _deficits(sentence: Sentence, paragraph: Lines) -> Iterator[Fact]:
    """Find deficits and surpluses of a whole year, and whether their paragraph speaks of a forecast."""
    if pattern("other_period").search(sentence.text):
        return
    ahead = "forecast" if any(pattern("forecast").search(line) for _, line in paragraph) else "outturn"
    for match in pattern("deficit_told").finditer(sentence.text):
        told = {"published": match["amount"], "told_unit": match["unit"].lower(), "ahead": ahead}
        yield fact(sentence.line(match.start("amount")), "deficit_told", **told, subject=match["subject"].lower()[-_SUBJECT:])


def _goals_before_outturn(told: Sequence[Sentence]) -> Iterator[Fact]:
    """Find goals that are called reached where the next sentence says that there is no outturn."""
    for sentence, following in pairwise(told):
        reached = pattern("goal_held_reached").search(sentence.text)
        if reached and pattern("no_outturn").search(following.text):
            yield sentence.line(reached.start()), "goal_unmeasured", reached["judgement"]


def _judged_rows(lines: Lines) -> Iterator[Fact]:
    """Find rows of goals that end with a judgement: which one, and whether a mark stands in the place of their outturn."""
    for place, (number, line) in enumerate(lines):
        match = pattern("judged_row").search(line)
        if match is None:
            continue
        above = [text for _, text in lines[max(0, place - _FOLLOWING) : place]]
        if match["judgement"].lower() in _ANSWERS and not any(pattern("goal_column").search(text) for text in above):
            continue
        missed = bool(match["missed"])
        *label, last = line[: match.start()].split() or [""]
        # A dash that has stood in the row before parts its columns: "minst 25 – utfall 25 – uppnått".
        if last in _MARKS and last not in label and not missed and label and _is_one_number(label):
            yield number, "goal_unmeasured", match["judgement"]
        elif last[-1:].isdigit() or last.endswith("%"):
            yield number, "goal_judged", "missed" if missed else "reached"


def _is_one_number(words: Sequence[str]) -> bool:
    """Tell whether the last word is a number and the one before it is none."""
    before = words[-2] if len(words) > 1 else ""
    return parse_number(words[-1]) is not None and parse_number(before) is None


def _overlapping_ages(lines: Lines) -> Iterator[Fact]:
    """Find neighbouring rows of ages, the second of which begins within the first and ends after it."""
    rows = [(place, number, match) for place, (number, line) in enumerate(lines) if (match := _AGES.match(line))]
    for _, run in groupby(enumerate(rows), key=lambda entry: entry[1][0] - entry[0]):
        groups = [row for _, row in run]
        near = [line for _, line in lines[max(0, groups[0][0] - _AGE_ROWS) : groups[-1][0] + 1]]
        if len(groups) < _AGE_ROWS or not any(_AGE_WORD.search(line) for line in near):
            continue
        spans = [(int(match["low"]), int(match["high"] or _OLDEST)) for _, _, match in groups]
        if any(low > high or low > _OLDEST for low, high in spans):
            continue
        for before, group in pairwise(range(len(groups))):
            (low, high), (next_low, next_high) = spans[before], spans[group]
            if low < next_low <= high < next_high:
                line, ages = str(groups[before][1]), groups[before][2][0]
                yield fact(groups[group][1], "age_rows", published=groups[group][2][0], other=ages, lines=line)


def _absent_tables(lines: Lines) -> Iterator[Fact]:
    """Find references to a numbered table that has no caption, and to a table below where one of another subject follows."""
    captions = {match[1] for _, line in lines for match in pattern("caption_number").finditer(line)}
    for place, (number, line) in enumerate(lines):
        numbers = [match["number"] for match in pattern("table_number").finditer(line)]
        if not pattern("elsewhere").search(line):
            yield from ((number, "table_absent", one) for one in numbers if one not in captions)
        below = pattern("table_below").search(line)
        if below and not _follows(lines, place, below["subject"].lower()):
            yield number, "table_absent", ""


def _follows(lines: Lines, place: int, subject: str) -> bool:
    """Tell whether what follows can be a table of a subject: no heading of another subject stands between, or none is known."""
    stem = subject[:_STEM_OF_SUBJECT]
    if any(stem.startswith(word[:_STEM_OF_SUBJECT]) for word in claims().general_words):
        return True
    following = lines[place + 1 : place + 1 + _FOLLOWING]
    rows = [n for n, (_, line) in enumerate(following) if _CELLS.search(line) and not line.endswith(".")]
    shown = [line for _, line in following if not line.endswith((".", ",")) and len(line) < _SENTENCE]
    between = [line for _, line in following[: rows[0]]] if rows else []
    heading = any(not re.search(r"\d", line) and not line.endswith((".", ",")) for line in between)
    return bool(rows) and (not heading or any(stem in line.lower() for line in shown))
