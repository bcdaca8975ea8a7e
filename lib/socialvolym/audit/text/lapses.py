"""Lapses: what the text alone shows to be lost, copied or left over (signals, amounts, units, cells, dates, denials)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise, takewhile
from textwrap import shorten

import polars as pl

from socialvolym.audit.check_table import as_checks, joined, line_list
from socialvolym.audit.text.patterns import claims, pattern
from socialvolym.audit.text.sentences import Lines, filled_lines, paragraphs, sentences
from socialvolym.audit.text.text_facts import Fact, checks_of, fact, rule_of
from socialvolym.notation.numbers import tidy
from socialvolym.notation.periods import MONTH_NAMES

_LEGEND = 8
_LIST, _NEAR_UNIT, _COMMENT, _CONTEXT = 10, 12, 4, 12
_MOST_LINES = 6
#: How many lines above and below a table its unit can stand.
_ABOVE_TABLE, _BELOW_TABLE = 20, 6
#: A line of headings, and where its first cell can stand.
_SHORT, _NEXT_LINES = 70, 3
_LONG_CELL, _STEM, _LABEL, _CONTROL = 45, 6, 36, 20
_YEAR = re.compile(r"\b20\d\d\b")
_NUMBERED = re.compile(r"\d{1,2}\. ")
_AMOUNT = re.compile(r"\d[\d ]{2,}|\d,\d")
_CELLS = re.compile(r"(?:(?<=\s)|^)-?\d[\d ,.%-]*$")
_ANNEX = re.compile(r"\bbilaga (\d{1,2}|[A-Z])\b", re.IGNORECASE)
_MONTH = re.compile(r"\b(" + "|".join(MONTH_NAMES) + r")\b(?: (20\d\d)\b)?", re.IGNORECASE)
#: So many months without a year, each after the one before it, show that a text goes on in time.
_IN_ORDER = 2
_PAST = re.compile(r"\b[a-zåäö]+(?:ades|ade|des|tes|dde)\b|\b(?:var|blev|fanns|gick|gav|har|hade)\b", re.IGNORECASE)
#: The rules of this module of which each fact is a check.
_KINDS = ("signal_lost", "amounts_absent", "unit_missing", "copied_cell", "comment_date", "denied_income", "other_month")


def lapses(lines: Sequence[str]) -> Iterator[Fact]:
    """Return the facts of lapses: line, kind, what.

    Kinds: signal_lost (lines of legends and columns), amounts_absent (lines that refer to the list), unit_missing (label),
    copied_cell (line of the first), comment_date (date, month that is told, line), denied_income (amount, lines that tell it),
    other_month (month that is compared with, month of the other figures), no_money_unit (the last line of a stretch of text that
    names no unit of money).
    """
    filled = filled_lines(lines)
    yield from _signals(filled)
    yield from _amount_lists(filled)
    yield from _units(filled)
    yield from _copied_cells(lines)
    yield from _dated_comments(filled)
    yield from _denials(filled)
    yield from _other_months(lines)
    yield from _unnamed_money(lines)


def _signals(lines: Lines) -> Iterator[Fact]:
    """Find columns of judgements below a legend of coloured signals that has neither colours nor words that come again."""
    silent = [place for place, _ in enumerate(lines) if _announces_signals(lines, place) and not _comes_again(lines, place)]
    if not silent:
        return
    empty = [place for place in range(silent[0] + 1, len(lines)) if _is_empty_judgement(lines, place)]
    if empty:
        legend = lines[silent[0] + 1][0]
        others = sorted({legend, *(lines[place][0] for place in [*silent, *empty[1:]])})
        yield lines[empty[0]][0], "signal_lost", ", ".join(str(number) for number in others[:_MOST_LINES])


def _announces_signals(lines: Lines, place: int) -> bool:
    """Tell whether a line announces coloured signals that the legend below it does not name."""
    if not pattern("signals").search(lines[place][1]):
        return False
    return not pattern("colours").search(" ".join(text for _, text in _after(lines, place)))


def _is_empty_judgement(lines: Lines, place: int) -> bool:
    """Tell whether a line heads a column of judgements, and no judgement stands as a word below it."""
    if len(lines[place][1]) >= _SHORT or not pattern("judgement_column").search(_unbroken(lines, place)):
        return False
    return not any(pattern("judgement").search(text) for _, text in lines[place + 1 : place + 1 + _NEXT_LINES])


def _after(lines: Lines, place: int) -> Lines:
    """Return a legend: its line and those below it, until a numbered heading."""
    below = [entry for entry in lines[place + 1 : place + _LEGEND] if entry[0] <= lines[place][0] + _LEGEND]
    return [lines[place], *takewhile(lambda entry: not _NUMBERED.match(entry[1]), below)]


def _unbroken(lines: Lines, place: int) -> str:
    """Return a line with the rest of its last word, which may be broken over two."""
    line = lines[place][1]
    following = lines[place + 1][1] if place + 1 < len(lines) else ""
    return line[:-1] + following if line.endswith("-") and len(following) < 20 else line


def _comes_again(lines: Lines, place: int) -> bool:
    """Tell whether a text of the legend stands alone on a line further on: the judgements are there as words."""
    legend = {text.strip().lower() for _, line in _after(lines, place)[1:] for text in line.split("|") if len(text.split()) > 1}
    return any(line.lower() in legend for _, line in lines[place + _LEGEND :])


def _amount_lists(lines: Lines) -> Iterator[Fact]:
    """Find headings of lists of what costs more than an amount, with no amount in what follows."""
    for place, (number, line) in enumerate(lines):
        following = [text for _, text in lines[place + 1 : place + 1 + _LIST]]
        if len(line) > 110 or len(following) < _LIST or not pattern("amount_list").search(line):
            continue
        if any(_AMOUNT.search(text) for text in following) or any(len(text) > 70 for text in following):
            continue
        annex = _ANNEX.search(line)
        same = [n for n, text in lines if n != number and annex and any(m[1] == annex[1] for m in _ANNEX.finditer(text))]
        yield number, "amounts_absent", ", ".join(str(n) for n in same[:_MOST_LINES])


def _units(lines: Lines) -> Iterator[Fact]:
    """Find rows of a quantity that means nothing without a unit, and that has none on the row, near it or for all amounts."""
    of_all = [match[0] for _, line in lines if (match := pattern("money_unit_of_all").search(line))]
    for place, (number, line) in enumerate(lines):
        cells = _CELLS.search(line)
        label = line[: cells.start()] if cells else ""
        for need in claims().needs_unit:
            if cells is None or len(cells[0].split()) < 2 or not need.label.search(label):
                continue
            near = [text for n, text in lines[max(0, place - _NEAR_UNIT) : place + _NEAR_UNIT // 2] if n >= number - _NEAR_UNIT]
            near += of_all
            if not need.own.search(label) and not any(need.near.search(text) for text in near):
                yield fact(number, "unit_missing", published=shorten(label, _LABEL, placeholder=""), lines="")


def _copied_cells(lines: Sequence[str]) -> Iterator[Fact]:
    """Find long cells that come again in a row of another subject, in tables of controls with tabs between their columns.

    Tables of goals repeat the text of a goal for each activity, and rightly so.
    """
    seen: dict[str, tuple[int, str]] = {}
    control = -_CONTROL
    for number, line in enumerate(lines, start=1):
        if "kontroll" in line.lower():
            control = number
        label, *cells = (tidy(cell) for cell in line.split("\t"))
        text = cells[0] if cells else ""
        if len(text) < _LONG_CELL or not label or number - control > _CONTROL:
            continue
        first, own = seen.setdefault(text, (number, label))
        if first != number and own != label and _about(own, text) and not _about(label, text):
            yield number, "copied_cell", str(first)


def _about(label: str, text: str) -> bool:
    """Tell whether a label and a text share a stem, or words for one subject."""
    stems = {word[:_STEM] for word in re.findall(r"[a-zåäö]{6,}", label.lower())}
    low = text.lower()
    groups = [group for group in claims().same_subject if any(word in label.lower() for word in group)]
    return any(stem in low for stem in stems) or any(word in low for group in groups for word in group)


def _dated_comments(lines: Lines) -> Iterator[Fact]:
    """Find comments with a date whose first paragraph tells of a later month as past."""
    for place, (_, line) in enumerate(lines):
        match = pattern("dated_comment").search(line)
        if match is None:
            continue
        try:
            written = date.fromisoformat(match["date"])
        except ValueError:
            continue
        below = [entry for entry in lines[place + 1 : place + _LIST] if entry[0] <= lines[place][0] + _COMMENT + _LIST]
        following = [entry for n, entry in enumerate(below) if entry[0] == below[0][0] + n]
        if found := _later(following, written):
            told, month = found
            yield fact(told, "comment_date", published=written.isoformat(), other=month, lines=str(lines[place][0]))


def _later(lines: Lines, written: date) -> tuple[int, str] | None:
    """Return line and month of what is told as past and comes after the date, the months read in their order.

    A month without a year can lie behind as well: it counts where the text has gone through some months in order before it.
    """
    last: tuple[int, int] | None = None
    passed = 0
    for sentence in sentences(lines):
        for match in _MONTH.finditer(sentence.text):
            month = MONTH_NAMES.index(match[1].lower()) + 1
            if not match[2] and (last is None or pattern("aside").search(sentence.text[: match.start()])):
                continue
            year = int(match[2]) if match[2] or last is None else last[0] + (month < last[1])
            passed += not match[2]
            last = (year, month)
            told = _PAST.search(sentence.text) and not pattern("ahead").search(sentence.text)
            if last > (written.year, written.month) and told and (match[2] or passed > _IN_ORDER):
                return sentence.line(match.start()), f"{year}-{month:02d}"
    return None


def _denials(lines: Lines) -> Iterator[Fact]:
    """Find sentences that deny an income which others tell the amount of, from a payer that both name and of no other year."""
    told = [
        (sentence.line(match.start()), match["kind"].lower(), match["amount"], set(pattern("payer").findall(sentence.text)))
        for sentence in sentences(lines)
        for match in pattern("told").finditer(sentence.text)
        if not _YEAR.search(sentence.text)
    ]
    for sentence in sentences(lines):
        match = pattern("denied").search(sentence.text)
        if match is None:
            continue
        number = sentence.line(match.start())
        near = " ".join(text for n, text in lines if number - _CONTEXT <= n <= number)
        payers = set(pattern("payer").findall(near))
        same = [(n, amount) for n, kind, amount, names in told if kind == match["kind"].lower() and names & payers]
        if same:
            others = ", ".join(str(n) for n, _ in same[:_MOST_LINES])
            yield fact(number, "denied_income", published=same[0][1], lines=others)


def _other_months(lines: Sequence[str]) -> Iterator[Fact]:
    """Find paragraphs whose figures are those of one month, and that compare with another month of an earlier year."""
    for paragraph in paragraphs(lines):
        named = [(month[1].lower(), month[2]) for month in _MONTH.finditer(" ".join(line for _, line in paragraph))]
        for sentence in sentences(paragraph):
            for match in pattern("month_compared").finditer(sentence.text):
                compared, year = match["month"].lower(), match["year"]
                others = [other for other in named if other[0] != compared]
                once = len(others) == len(named) - 1
                earlier = all(other_year is None or other_year > year for _, other_year in others)
                if once and earlier and len(others) > 1 and len(set(month for month, _ in others)) == 1:
                    yield fact(sentence.line(match.start("month")), "other_month", published=compared, other=others[0][0])


def _unnamed_money(lines: Sequence[str]) -> Iterator[Fact]:
    """Find long stretches of text without a unit of money, in documents that do not name one for all their amounts."""
    if any(pattern("money_unit_of_all").search(text) for text in lines):
        return
    named = [number for number, text in enumerate(lines, start=1) if pattern("money_unit").search(text)]
    for before, after in pairwise([0, *named, len(lines) + 1]):
        if after - before > _ABOVE_TABLE + _BELOW_TABLE:
            yield before + 1, "no_money_unit", str(after - 1)


def check(facts: pl.DataFrame, figures: pl.DataFrame) -> pl.DataFrame:
    """Return the checks of lapses: each fact is one, and each table of money in a stretch of text that names no unit of it.

    Parameters
    ----------
    facts : report and text_facts.FACT_SCHEMA.
    figures : the prepared figures.
    """
    told = [checks_of(facts, kind) for kind in _KINDS]
    return joined([*told, _tables_without_unit(facts, figures)])


@rule_of("no_money_unit")
def _tables_without_unit(facts: pl.DataFrame, figures: pl.DataFrame) -> pl.DataFrame:
    """Find tables of two rows of money at least that stand in such a stretch; those of one report are one check."""
    stretches = facts.filter(pl.col("kind") == "no_money_unit").select(
        "report", start="line", end=pl.col("what").cast(pl.Int64, strict=False)
    )
    money = figures.filter(pl.col("table").is_not_null(), pl.col("dimension") == "money")
    if money.is_empty():
        return joined([])
    tables = (
        money.group_by("report", "table", maintain_order=True)
        .agg(
            pl.col("line", "page", "published_as", "measure", "label").first(),
            first=pl.col("line").min(),
            last=pl.col("line").max(),
            rows=pl.col("row").n_unique(),
        )
        .filter(pl.col("rows") > 1)
    )
    above = pl.max_horizontal(pl.col("first") - _ABOVE_TABLE, pl.lit(1))
    bare = tables.join(stretches, on="report").filter(pl.col("start") <= above, pl.col("last") + _BELOW_TABLE <= pl.col("end"))
    merged = (
        bare.sort("line")
        .group_by("report", maintain_order=True)
        .agg(
            pl.col("line", "page", "table", "published_as", "measure", "label").first(),
            gap=pl.lit(1.0),
            lines=line_list(pl.col("line").slice(1)),
        )
    )
    return as_checks(merged, rule="unit_unstated")
