"""Sentence readings: what the figures of sentences mean, from their words, their paragraph and what stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from socialvolym.documents.document import Document
from socialvolym.extraction.cells.flat_tables import flat_table
from socialvolym.extraction.cells.side_by_side import texts_beside
from socialvolym.extraction.meaning import Said, sentence_meaning
from socialvolym.extraction.prose.bracket_notes import brackets_of
from socialvolym.extraction.prose.mentions import FLOWS, Mention, mentions
from socialvolym.extraction.prose.paragraphs import Paragraph, is_bullet, led, paragraphs
from socialvolym.extraction.prose.told_times import Time, is_point, period_of
from socialvolym.extraction.readings.surroundings import Surroundings, evidence, figure_row
from socialvolym.extraction.text_lines import running_lines
from socialvolym.notation.periods import CHANGES
from socialvolym.vocabulary import UNKNOWN
from socialvolym.vocabulary.codebook import measure_index
from socialvolym.vocabulary.money import MONEY
from socialvolym.vocabulary.phrases import is_said
from socialvolym.vocabulary.terms import read_words

_CHAPTER = re.compile(r"\s*(?:#+ )?(?P<chapter>\d{1,2})(?:\.\d{1,2})*\.? +(?=[A-ZÅÄÖ])")
#: So many chapters follow each other where headings are numbered.
_FEWEST_CHAPTERS = 3
#: A row of numbers behind a year is no sentence, also where no table was found around it.
_YEAR_ROW = re.compile(r"\s*(?:19|20)\d\d(?:\s+[-+]?\d[\d,.]*%?){2,}\s*")
#: What numbers a footnote or an entry of a list: a number before a capital, on a line that goes on with no other.
_LINE_MARK = re.compile(r"^\s*\d{1,2}\)?\s+(?=[A-ZÅÄÖ])")
_DAY_OR_MONTH = re.compile(r"--(\d\d)(?:-\d\d)?")
#: How close before a budget of the months so far its name stands, in characters.
_CLOSE = 40
#: What is counted on a day, and what is told of it.
_STOCKS, _OF_STOCKS = ("persons", "places", "measures", "count"), ("outturn", *CHANGES)
#: Series of what lies ahead, and of what is changed for it.
_AHEAD = ("budget", "forecast", "plan", "target", *CHANGES)
#: What the time of a figure rests on that neither a word nor the paragraph tells.
_UNDATED = ("period:document", "period:comparison")


def sentence_figures(document: Document, used: set[int], context: Surroundings) -> Iterator[dict[str, Any]]:
    """Return the figures of sentences, those of the lines in `used` left out."""
    return (_sentence_figure(*told, context) for told in _mentions(document, used, context))


def _mentions(document: Document, used: set[int], context: Surroundings) -> Iterator[tuple[Mention, str, str]]:
    """Return the figures of sentences, each with its paragraph and the one before, where no heading stands between them."""
    headings = _numbered_headings(document, context)
    apart = used | running_lines(document.lines, document.pages)
    beside = texts_beside(document.lines)
    lines: list[tuple[int, str]] = []
    for number, line in enumerate(document.lines, start=1):
        text = line[: beside.get(number - 1)]
        begins = not lines or not lines[-1][1].strip() or lines[-1][1].rstrip().endswith((".", ":"))
        own = headings.get(number, _LINE_MARK.sub("", text) if begins else text)
        silent = (number in apart and number - 1 not in beside) or is_said("contents_line", text) or _YEAR_ROW.fullmatch(text)
        flat = flat_table(text)
        lines.append((number, flat.rest if flat else "" if silent else own))
    earlier, last = "", 0
    lead: Paragraph | None = None
    within: tuple[int, Time | None] | None = None  # a bullet that those further in are parts of: how far in it stands, its time
    items = list(paragraphs(lines))
    brackets = brackets_of([item.text for item in items])
    for item in items:
        paragraph = led(item, lead)
        lead = lead if paragraph.lead else item
        first = paragraph.starts[0][0]
        headed = any(last <= number <= first for number in context.sections)
        indent = _indent(document.lines[first - 1]) if is_bullet(document.lines[first - 1]) else None
        part = within is not None and indent is not None and indent > within[0]
        found = mentions(paragraph, brackets, within[1] if part and within else None)
        for mention in found:
            yield mention, paragraph.text, "" if headed else earlier
        within = within if part else (indent, found[0].time) if indent is not None and found else None
        earlier, last = paragraph.text, first


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _numbered_headings(document: Document, context: Surroundings) -> dict[int, str]:
    """Return the section headings of a document that numbers them one after the other, without their numbers."""
    found: dict[int, str] = {}
    last = 0
    for line, heading in sorted(context.sections.items()):
        match = _CHAPTER.match(document.lines[line - 1])
        if match and int(match["chapter"]) in (last, last + 1):
            last = int(match["chapter"])
            found[line] = heading
    return found if last >= _FEWEST_CHAPTERS else {}


def _sentence_figure(mention: Mention, paragraph: str, earlier: str, context: Surroundings) -> dict[str, Any]:
    period = _told_period(mention, context)
    series = _told_series(mention, period, context)
    if context.metadata.kind == "budget" and series == "outturn" and mention.because[0] == "period:document":
        period = None  # a budget is written before its year, and does not say of which year what it counts is
    if mention.because[0] == "period:document" and is_said("plan_period", mention.sentence):
        period = None  # at the end of several years
    if series == "target" and mention.because[0] == "period:document" and context.is_told_ahead(mention, paragraph):
        period = None  # what is aimed at in a paragraph that tells of a later year is hardly of this one
    sections = context.above(mention.line)
    # What a document about one activity does not name may be the committee's where it names one.
    subject = "" if context.names_committee else context.subject
    said = Said(mention.text, mention.sentence, mention.before, paragraph, earlier, sections, subject)
    meaning = sentence_meaning(said, mention.unit, series)
    time = mention.time or Time()
    undated = time == Time(shift=time.shift, anaphoric=time.anaphoric) and mention.because[0] in _UNDATED
    if undated and series in _OF_STOCKS and _is_there(meaning.measure, mention.sentence):
        period = _told_period(replace(mention, time=replace(time, part="present")), context)
    if series == "deviation" and meaning.measure == "result" and not _is_against_budget(mention, paragraph):
        series = "outturn"  # a deficit is the committee's own result where nothing sets it against a budget
    return figure_row(
        context,
        domain=meaning.domain,
        measure=meaning.measure,
        label=_noun(mention),
        breakdown=mention.breakdown,
        period=period,
        series=series,
        value=mention.value,
        unit=meaning.unit,
        published_as=mention.text,
        line=mention.line,
        table=None,
        kind="text",
        bound=mention.bound,
        note=None,
        sentence=mention.sentence,
        **evidence((*mention.because, *meaning.because), "text"),
    )


def _is_there(measure: str, sentence: str) -> bool:
    """Tell whether a measure counts who has a measure of LSS, who are counted on a day and not over months."""
    entry = measure_index().get(measure)
    counted = entry and entry["domain"] == "lss" and entry["quantity"] in _STOCKS and entry["reference_time"] == UNKNOWN
    return bool(counted) and not is_said("over_time", sentence)


def _is_against_budget(mention: Mention, paragraph: str) -> bool:
    """Tell whether a paragraph sets a figure against a budget or a forecast, or calls such figures deviations."""
    said = paragraph.partition(mention.sentence)[0] + mention.sentence
    # an amount with a sign, and no verb before it, is one of a list of deviations
    listed = mention.text[:1] in "+-" and not is_said("told_as_is", mention.before)
    listed = listed or is_said("of_a_part", mention.sentence)  # only the committee has a result of its own
    return listed or is_said("against_budget_told", said) or is_said("deviation_word", paragraph)


def _told_series(mention: Mention, period: str | None, context: Surroundings) -> str:
    """Return the series of a figure in a sentence; where no word says it, what lies ahead is no outturn, nor a budget's money."""
    planning = context.metadata.kind == "budget"
    whole = (
        context.metadata.months
        and mention.time
        and mention.time.part in ("", "--12-31")
        and period
        and period[:4] == context.year
    )
    ahead = period is not None and context.year is not None and period[:4] > context.year
    if mention.series == "outturn" and (ahead or whole) and is_said("grant", mention.before[-_CLOSE:]):
        return "budget"  # what is granted for a year is known before it is over
    over = is_said("past_tense", mention.sentence) and not is_said("hypothetical", mention.sentence)
    if mention.series == "deviation" and (ahead or (whole and not over)):
        return "forecast"  # who tells of the whole year before it is over tells what is expected
    told = mention.because[1] == "series:words" and not (ahead or planning)
    if mention.series != "outturn" or told or period is None or context.year is None:
        return mention.series
    if (
        whole
        and mention.unit != "percent"
        and not (is_said("past_tense", mention.sentence) or is_said("still", mention.sentence))
    ):
        return "forecast"
    if period[:4] > context.year:
        return "forecast" if mention.unit in MONEY and not planning else "plan"
    budgeting = planning and mention.unit in MONEY and period[:4] == context.year and not is_said("past_tense", mention.sentence)
    return "budget" if budgeting else mention.series


def _told_period(mention: Mention, context: Surroundings) -> str | None:
    """Return the period of a figure in a sentence; of a forecast the year that it is for, not the month it was made in."""
    time = mention.time
    of_months = mention.series != "forecast" and is_said("period_budget", mention.before[-_CLOSE:])
    ahead = mention.series in ("budget", "forecast", "plan", "target") and not of_months
    if time is not None and mention.series == "forecast" and (time.part != "--12-31" or mention.unit in MONEY):
        time = replace(time, part="" if time.year else None)
    of_budget = mention.series == "budget" or (mention.series == "change_abs" and is_said("budget_raised", mention.sentence))
    if time is not None and of_budget and is_point(time) and is_said("decided", mention.sentence):
        time = replace(time, part="")
    if time is not None and context.metadata.kind == "budget" and (time.written or _lies_behind(time, mention)):
        time = replace(time, shift=time.shift - 1)  # a budget is written in the year before
    if time is not None and time.shift < 0 and mention.series == "deviation" and is_said("last_year_first", mention.sentence):
        time = replace(time, part=time.part or "")  # a result of last year is of all of it
    if time is None and _is_told_on(mention, context.year):
        time = replace(mention.spoken_of or Time(), part="")
    passed = context.metadata.kind == "annual_report" and not is_said("goes_on", mention.sentence)
    if passed and mention.because[0] == "period:paragraph" and time and not (time.year or time.until):
        time = None  # the year goes on where a part of it has been told of
    so_far = time is not None and (time.part == "so_far" or (time.same and mention.series == "budget"))
    months = context.metadata.months if so_far or not ahead else None
    if time is not None and time.until and mention.unit in FLOWS and is_point(time):
        month = int(str(time.part)[2:4])
        time = replace(time, part=f"--01/--{month:02d}" if 1 < month < 12 else "" if month > 1 else time.part)
    if months and time is not None and time.year is None and _is_later(time, months):
        time = replace(time, shift=time.shift - 1)  # a month after those that the report tells of lies behind it
    usual = None if months is None else f"--01/--{months:02d}" if months > 1 else "--01"
    spoken_of = mention.spoken_of
    open_period = time is not None and time.same and not (time.year or time.shift or usual or spoken_of)
    if mention.series == "budget" and open_period and context.metadata.kind in (None, "statistics"):
        return None  # "for the period", and nothing tells which
    compared = mention.because[0] == "period:comparison"
    if compared and mention.series in CHANGES and time and time.year and (context.metadata.months or time.year != context.year):
        time = None  # "0,3 högre än oktober 2019" is of no October after it, nor of another part than the report
    if compared and spoken_of and (spoken_of.year or "") > (context.year or "9"):
        spoken_of = None  # what lies ahead is not what something has changed from
    return period_of(time or Time(), context.year, usual, spoken_of)


def _is_told_on(mention: Mention, year: str | None) -> bool:
    """Tell whether a figure goes on with a later year that its paragraph has come to: "Barn och unga tillförs 6 mnkr"."""
    told = mention.spoken_of.year if mention.spoken_of else None
    ahead = mention.series in _AHEAD and mention.because[1] != "series:paragraph"
    past = is_said("past_tense", mention.sentence) or (mention.series in CHANGES and is_said("past_change", mention.sentence))
    return bool(told and year and told > year and "/" not in told and ahead and not past)


def _lies_behind(time: Time, mention: Mention) -> bool:
    """Tell whether what came of a part of a year that is not named is told as over: "hade den 30 juni 170 bostäder"."""
    own = time.year is None and time.shift == 0 and bool(time.part) and not time.anaphoric
    return own and mention.series == "outturn" and is_said("past_tense", mention.sentence)


def _is_later(time: Time, months: int) -> bool:
    """Tell whether a time told without its year is a day or a month after the first months of the year."""
    month = _DAY_OR_MONTH.fullmatch(time.part or "")
    behind = time.shift == 0 and not (time.same or time.anaphoric or time.running or time.written)
    return month is not None and behind and int(month[1]) > months


def _noun(mention: Mention) -> str:
    """Return a short label of a figure in a sentence: the words around it that name an activity, or a unit; not the sentence."""
    words = read_words(mention.sentence)
    named = [words.text[hit.start : hit.end] for hit in words.of("activity") if hit.meaning != "committee"]
    return ", ".join(dict.fromkeys(named)) or (mention.unit or "antal")
