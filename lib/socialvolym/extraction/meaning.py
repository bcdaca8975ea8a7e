"""Meaning: unit, measure and domain of a figure, decided by the words around it, each with what it rests on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from socialvolym import vocabulary
from socialvolym.vocabulary import UNKNOWN
from socialvolym.vocabulary.phrases import first_meaning, is_said

#: How much of a clause before a figure tells what it is about, in characters.
_CLAUSE = 120
MONEY = ("kSEK", "MSEK", "GSEK", "SEK")


@dataclass(frozen=True)
class Around:
    """The words around the figures of a row, and what is known of its table.

    Attributes
    ----------
    row, group, column, stub, caption : as printed. above : the label of the row above. rows : the labels of all rows.
    headings : the texts of all columns. sections : the section headings above the table, the nearest first.
    department : the heading of the department whose units the rows are, or None. money : the unit of money that the lines
        around the table name. finance : whether the table is one of the economy as a whole.
    """

    row: str = ""
    group: str = ""
    column: str = ""
    stub: str = ""
    caption: str = ""
    above: str = ""
    rows: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    department: str | None = None
    money: str | None = None
    finance: bool = False


@dataclass(frozen=True)
class Meaning:
    """What a figure is of; `because` holds a code an aspect, such as "unit:column" or "measure:label"."""

    unit: str
    measure: str
    domain: str
    breakdown: str | None
    because: tuple[str, str, str]


def topic(text: str) -> str | None:
    """Return the domain that a text is about: context for staff and the like, None where it does not say."""
    if is_said("staff", text) or is_said("context", text):
        return "context"
    return first_meaning("domain", text) or first_meaning("other_area", text)


def cell_unit(around: Around, printed: str | None, heading: str | None) -> tuple[str, str]:
    """Return the unit of a cell, and what it rests on.

    Parameters
    ----------
    printed : the unit printed with the number itself, or None. heading : the unit that the column's heading says, or None.
    """
    if printed:
        return printed, "unit:number"
    if heading:
        return heading, "unit:column"
    places = (
        ("row", around.row),
        ("column", around.column),
        ("group", around.group),
        ("stub", around.stub),
        ("caption", around.caption),
    )
    for place, text in places:
        unit = first_meaning("label_unit", text)
        if unit and (not around.finance or unit in (*MONEY, "percent")):
            return unit, f"unit:{place}"
    usual = measure_unit(_listed(around)[0]) or ("kSEK" if around.finance else None)
    if around.money and (usual in MONEY):
        return around.money, "unit:note"
    return (usual, "unit:measure" if not around.finance else "unit:default") if usual else ("count", "unit:default")


def cell_meaning(around: Around, unit: tuple[str, str], series: str) -> Meaning:
    """Return what a cell is of, its unit (as `cell_unit` returns it) and series being known."""
    measure, breakdown = _listed(around)
    domain, from_where = _cell_domain(around, measure)
    known = "measure:label" if measure != UNKNOWN else "measure:none"
    return Meaning(_settled_unit(unit[0], series, measure), measure, domain, breakdown, (unit[1], known, f"domain:{from_where}"))


def _listed(around: Around) -> tuple[str, str | None]:
    known = vocabulary.find_label(around.row, around.group or None) if around.row else None
    return known or (UNKNOWN, None)


def _settled_unit(unit: str, series: str, measure: str) -> str:
    """Return the unit that a figure has: of a unit cost its own, and percentage points of a difference between shares."""
    own = measure_unit(measure) or ""
    if unit == "SEK" and own.startswith("SEK_per"):
        return own
    return "percentage_points" if unit == "percent" and series == "change_abs" else unit


def measure_unit(measure: str) -> str | None:
    """Return the unit of a measure, None where it has none or is unknown."""
    entry = vocabulary.measure_index().get(measure)
    return entry["unit"] if entry and measure != UNKNOWN else None


def _cell_domain(around: Around, measure: str) -> tuple[str, str]:
    own = f"{around.row} {around.group}"
    near = f"{_without_titles(around.caption)} {around.stub} {' '.join(around.headings)}"
    if is_said("staff", f"{own} {near}") or is_said("context", own):
        return "context", "row"
    if around.finance and not is_said("volume_row", around.row):
        return _finance_domain(around, own)
    entry = vocabulary.measure_index().get(measure) if measure != UNKNOWN else None
    if entry and entry["domain"]:
        return str(entry["domain"]), "measure"
    found = (
        ("row", first_meaning("domain", around.row)),
        ("row", first_meaning("domain", around.above) if around.above and is_said("part_row", around.row) else None),
        ("group", first_meaning("domain", own)),
        ("caption", topic(near)),
        ("rows", _common_domain(around.rows)),
        ("section", section_domain(around.sections)),
        ("word", first_meaning("weak_domain", own)),
    )
    return next(((domain, place) for place, domain in found if domain), ("context", "default"))


def _finance_domain(around: Around, own: str) -> tuple[str, str]:
    """Return the domain of a row in a table of the economy: context, unless it is an activity's own cost."""
    activity = first_meaning("activity", own)
    if activity in ("lss", "placements"):
        return activity, "row"
    if is_said("finance_row", around.row) or is_said("unit_total", around.row):
        return "context", "table"
    if around.department and (unit := first_meaning("domain", around.row) or first_meaning("domain", around.department)):
        return unit, "section"
    activities = sum(first_meaning("activity", label) in ("lss", "placements") for label in around.rows)
    below = first_meaning("domain", around.row) or _common_domain(around.rows)
    return (below, "row") if below and 5 * activities >= 2 * len(around.rows) else ("context", "table")


def _without_titles(caption: str) -> str:
    """Return the lines of a caption that name no committee and no report: those say nothing of the table."""
    return " / ".join(line for line in caption.split(" / ") if not is_said("committee", line) and not is_said("kind", line))


def _common_domain(labels: Sequence[str]) -> str | None:
    """Return the domain that most of a table's rows name."""
    named = Counter(domain for label in labels if (domain := first_meaning("domain", label)))
    return named.most_common(1)[0][0] if named else None


def section_domain(sections: Sequence[str]) -> str | None:
    """Return the domain that the nearest telling section heading gives."""
    return next((domain for text in sections if (domain := topic(text))), None)


# --- sentences


@dataclass(frozen=True)
class Said:
    """The words around a figure in running text.

    Attributes
    ----------
    sentence : the sentence it stands in. before : the part of the sentence that leads to it. paragraph : the paragraph.
    sections : the section headings above it, the nearest first.
    """

    sentence: str
    before: str
    paragraph: str = ""
    sections: tuple[str, ...] = ()


def sentence_meaning(said: Said, printed: str | None, series: str) -> Meaning:
    """Return what a figure in a sentence is of, from its printed unit (or None) and its series."""
    measure = _measure_in(said.sentence)
    own = measure_unit(measure)
    unit, from_where = (printed, "number") if printed else (own, "measure") if own else ("count", "default")
    domain, place = _sentence_domain(said, printed, series)
    known = "measure:sentence" if measure != UNKNOWN else "measure:none"
    return Meaning(unit, measure, domain, None, (f"unit:{from_where}", known, f"domain:{place}"))


def _sentence_domain(said: Said, unit: str | None, series: str) -> tuple[str, str]:
    clause = re.split(r"[.;]", said.before)[-1]
    if is_said("staff", said.sentence):
        return "context", "sentence"
    if unit in (*MONEY, "percent") and (unit in MONEY or is_said("finance", clause)):
        if series != "deviation" and (spent := first_meaning("spending", clause)):
            return spent, "clause"
        activity = first_meaning("activity", clause)
        if activity in ("lss", "placements"):
            return activity, "clause"
        if series == "deviation" or unit in ("kSEK", "MSEK", "GSEK") or is_said("finance", said.sentence):
            return "context", "default"
    found = (
        ("clause", topic(clause[-_CLAUSE:])),
        ("sentence", topic(said.sentence)),
        ("section", section_domain(said.sections)),
        ("paragraph", topic(said.paragraph)),
        ("word", first_meaning("weak_domain", said.sentence)),
    )
    return next(((domain, place) for place, domain in found if domain), ("context", "default"))


@lru_cache(maxsize=1024)
def _measure_in(sentence: str) -> str:
    """Return the measure whose title or label stands in a sentence, the longest; UNKNOWN where none does."""
    sentence = vocabulary.simplify(sentence)
    found = [(len(label), known[0]) for label, known in vocabulary.labels().items() if len(label) >= 12 and label in sentence]
    return max(found)[1] if found else UNKNOWN
