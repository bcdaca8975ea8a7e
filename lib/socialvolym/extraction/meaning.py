"""Meaning: unit, measure and domain of a figure, decided by the words around it, each with what it rests on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from socialvolym import vocabulary
from socialvolym.extraction.certainty import OUTSIDE, REPLACED, REST
from socialvolym.notation.periods import CHANGES, parse_heading
from socialvolym.vocabulary import UNKNOWN
from socialvolym.vocabulary.codebook import measure_of
from socialvolym.vocabulary.columns import ANALYSED
from socialvolym.vocabulary.composition import (
    COUNTED,
    FAR,
    RATIO,
    THINGS,
    Composed,
    Composition,
    above,
    activities,
    compose,
    counts_events,
    counts_events_of,
    is_outside,
    is_weak,
    own_activities,
    own_quantities,
    quantities,
    sets_other,
)
from socialvolym.vocabulary.money import MONEY, is_money, is_rate
from socialvolym.vocabulary.phrases import first_meaning, is_said, phrases
from socialvolym.vocabulary.terms import Words, read_words

#: How much of a clause before a figure tells what it is about, in characters.
_CLAUSE = 120
#: Units whose nouns are no name for what money is for.
_NEVER_MONEY = ("care_days", "hours", "days", "months", "full_time_equivalents", "household_months", "placements_per_year")
_TIMES = ("days", "months")
#: The first of two words that share their end: "Personal- och lokalkostnader".
_FIRST_OF_TWO = re.compile(r"\w- (?:och|samt|eller) ")
#: Quantities of areas' rows in a table of the economy, and what they are of an area; what is not said is net cost.
_BY_AREA = {"net_cost": "net_cost", "money": "net_cost", "result": "net_cost"} | {
    name: name for name in ("cost", "revenue", "forecast_result")
}

#: What is given below the level of a department, with all that is within it; and what is the work of a whole one.
_SERVICES = frozenset(("lss", "personal_assistance", "housing_support", "occupation_sol", "placements"))
_DEPARTMENTS = frozenset(("lss", "lvu", "lvm", "compulsory_care"))


@dataclass(frozen=True)
class Around:
    """The words around the figures of a row, and what is known of its table.

    Attributes
    ----------
    row, group, column, stub, caption : as printed. above : the label of the row that this one tells a part of, or empty.
    rows : the labels of all rows. headings : the texts of all columns.
    sections : the section headings above the table, the nearest first. text : the sentence about one activity that stands
        nearest above the table, or empty. department : the heading of the department whose units the rows are, or None.
    money : the unit of money that lines near the table name, or None. usual_money : the one that the document names most.
    finance : whether the table is one of the economy as a whole. amounts : whether its numbers have signs or decimals, as
        amounts have and counts have not. unit : what a column of units says of the row, or None.
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
    text: str = ""
    department: str | None = None
    money: str | None = None
    usual_money: str = "kSEK"
    finance: bool = False
    amounts: bool = False
    unit: str | None = None


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
    return domain_named(text)


def domain_named(text: str) -> str | None:
    """Return the domain of the activities that a text names, the first of several; a committee's name names none."""
    named = [name for name in own_activities(read_words(text))[0] if name != "committee"]
    return str(activities()[named[0]]["domain"]) if named else None


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
    if around.unit:
        return around.unit, "unit:row"
    for place, text in _own_texts(around):
        if unit := _explicit_unit(text):
            return unit, f"unit:{place}"
    if around.above and not own_quantities(read_words(around.row)):
        unit, place = cell_unit(replace(around, row=around.above, above=""), None, None)
        return unit, "unit:above" if place == "unit:row" else place
    counted, over, paid = _counted(around), _money_over(around), _paid(around)
    if any(sets_other(read_words(text), over and over[0]) for _, text in _own_texts(around)):
        return "not_stated", "unit:none"
    apart = not around.finance or is_said("counting", around.group)
    if counted and counted[0] == "count" and (whom := _persons_over(around)):
        return whom
    if share := _percent_over(around):
        return share
    if counted and (apart or counted[1] == "unit:column") and (over is None or _is_count(around, *counted)):
        return counted
    named = first_meaning("label_unit", around.row) if is_said("counting", around.row) else None
    if over and named and not is_money(named):
        return named, "unit:row"
    if over and paid and is_rate(paid[0]):
        return paid
    if over:
        return over
    if paid and paid[0] != "kSEK":
        return paid
    above = _counted_over(around)
    # "Anmälningar och placerade barn" over reports of concern counts reports in their row or column.
    events = any(counts_events(read_words(text)) for _, text in _own_texts(around))
    above = ("count", above[1]) if above and above[0] == "persons" and events else above
    noun = first_meaning("label_unit", around.row) or measure_unit(_listed(around)[0])
    if noun == "persons" and not above and (share := _share_over(around)):
        return share
    noun = "count" if noun == "persons" and events else noun
    if not (paid or around.finance) and (above or noun):
        return above or (str(noun), "unit:row")
    counting_over = any(is_said("counting", text) for text in (around.stub, around.caption))
    compared = _is_compared(around) or around.amounts
    if paid or around.finance or (compared and not counting_over):
        return (around.money, "unit:note") if around.money else (around.usual_money, "unit:default")
    for place, text in _texts_over(around):
        if unit := first_meaning("label_unit", text):
            # "Barn och unga, antal" over reports of concern says whom they are about, and reports are counted.
            events = events or counts_events_of(read_words(text))
            return "count" if unit == "persons" and events else unit, f"unit:{place}"
        events = events or counts_events(read_words(text))
    return (around.money, "unit:note") if around.money and not _counts(around) else ("count", "unit:default")


def _is_count(around: Around, unit: str, place: str) -> bool:
    """Tell whether a cell under a unit of money counts all the same: it says so, or days, hours and posts are never money.

    Persons and households are where other rows of the table are counted, or where their column stands beside one of amounts;
    else they name what the money is for.
    """
    own = f"{around.row} {around.column} {around.group}"
    beside = place == "unit:column" and any(map(_names_an_amount, around.headings))
    return is_said("counting", own) or unit in _NEVER_MONEY or beside or any(is_said("counting", label) for label in around.rows)


def _names_an_amount(text: str) -> bool:
    return any(is_money(quantities()[name]["unit"] or "") for name in own_quantities(read_words(text)))


def _own_texts(around: Around) -> list[tuple[str, str]]:
    """Return the texts that tell of a cell itself, the column first: money in a column is money whatever the row counts."""
    return [("column", around.column), ("row", around.row), ("above", around.above), ("group", around.group)]


def _texts_over(around: Around) -> list[tuple[str, str]]:
    """Return the texts over a table, the nearest first: its corner, and the lines of its caption."""
    return [("stub", around.stub), *(("caption", line) for line in reversed(around.caption.split(" / ")))]


def _explicit_unit(text: str) -> str | None:
    """Return the unit that a text says outright: money, a share or a rate; not what it counts."""
    for name in own_quantities(read_words(text)):
        if (rate := quantities()[name]["unit"] or "").startswith("per_1"):
            return rate
    unit = first_meaning("label_unit", text)
    return unit if unit in MONEY or unit in ("percent", "rank") or is_rate(unit or "") else None


def _counted(around: Around) -> tuple[str, str] | None:
    """Return the unit of what the words of a cell count, and where they stand: households, care days, places."""
    for place, text in _own_texts(around):
        for name in own_quantities(read_words(text)):
            row = quantities()[name]
            if row["rank"] in (COUNTED, THINGS) or (row["rank"] == RATIO and not is_money(row["unit"])):
                unit = row["unit"] or "count"
                return (first_meaning("time_unit", text) or unit) if unit in _TIMES else unit, f"unit:{place}"
    return None


def _counted_over(around: Around) -> tuple[str, str] | None:
    """Return the unit of what a table's corner or caption says outright that it counts: care days, households.

    A line that says a rate or a share is nearer than what stands above it: "Kostnad per vårddygn, kr" on a sheet of care days.
    """
    for place, text in _texts_over(around):
        for name in own_quantities(read_words(text)):
            if quantities()[name]["rank"] == COUNTED:
                return quantities()[name]["unit"] or "count", f"unit:{place}"
        if is_rate(_explicit_unit(text) or ""):
            return None
    return None


def _persons_over(around: Around) -> tuple[str, str] | None:
    """Return the persons whom the words over a table count outright where a row only says who they are.

    "Personlig assistans, kommunens beslut" below "Antal personer" are persons, and so is the part of them "varav köpt plats".
    """
    row, above = read_words(around.row), _counted_over(around)
    told = set(own_quantities(row)) & {"decisions", *(["places"] if is_said("part_row", around.row) else [])}
    counts = is_said("counting", f"{around.row} {around.column} {around.group}") or is_said("total_row", around.row)
    own = told and (own_activities(row)[0] or around.above) and not counts
    return above if own and above and above[0] == "persons" else None


def _share_over(around: Around) -> tuple[str, str] | None:
    """Return the percentage that a corner or caption says, where nothing says that persons are counted: "Kvinnor" below it."""
    if is_said("counting", f"{around.row} {around.column} {around.group}") or is_said("staff", around.row):
        return None
    for place, text in _texts_over(around):
        shares = any(quantities()[name]["unit"] == "percent" for name in own_quantities(read_words(text)))
        if shares and not is_said("counting", text):
            return "percent", f"unit:{place}"
    return None


def _percent_over(around: Around) -> tuple[str, str] | None:
    """Return the percentage that the words right over a table say its figures are, "Andel av barnen, %", whomever a row names.

    Not where something says that it counts, or where columns say so of themselves: then those are what the words speak of.
    """
    counts = is_said("counting", f"{around.row} {around.column} {around.group}") or is_said("staff", around.row)
    if counts or any(_explicit_unit(heading) == "percent" for heading in around.headings):
        return None
    for place, text in _texts_over(around)[:2]:
        if text and _explicit_unit(text):
            told = _explicit_unit(text) == "percent" and not is_said("counting", text) and not is_said("change_row", text)
            return ("percent", f"unit:{place}") if told else None
    return None


def _is_compared(around: Around) -> bool:
    """Tell whether a table sets amounts against a budget: it has such columns, and no row of it is a count."""
    return any(is_said("compared", heading) for heading in around.headings) and not any(map(_names_a_count, around.rows))


def _counts(around: Around) -> bool:
    """Tell whether anything in or over a table says that it counts."""
    texts = (*around.rows, *around.headings, around.group, around.stub, around.caption)
    return any(is_said("counting", text) or is_said("staff", text) or _names_a_count(text) for text in texts)


def is_volume_row(label: str) -> bool:
    """Tell whether a row is of a volume or of a cost for each, by its words.

    Persons and measures are named in rows of amounts as well ("Insatser enligt LSS"), days, hours and posts are not.
    """
    units = (quantities()[name]["unit"] for name in own_quantities(read_words(label)))
    return is_said("volume_row", label) or any(unit in _NEVER_MONEY for unit in units)


def counts_outright(text: str) -> bool:
    """Tell whether a corner or caption says what its table counts: care days, households."""
    return any(quantities()[name]["rank"] == COUNTED for name in own_quantities(read_words(text)))


def _names_a_count(text: str) -> bool:
    return any(quantities()[name]["rank"] in (COUNTED, THINGS) for name in own_quantities(read_words(text)))


def _paid(around: Around) -> tuple[str, str] | None:
    """Return the usual unit of the amount that the words of a cell name, a cost or a cost per day, and where they stand."""
    for place, text in _own_texts(around):
        for name in own_quantities(read_words(text)):
            if is_money(unit := quantities()[name]["unit"] or ""):
                return unit, f"unit:{place}"
    return None


def _money_over(around: Around) -> tuple[str, str] | None:
    """Return the unit of money that stands in the corner of a table or over it."""
    for place, text in _texts_over(around):
        if (unit := first_meaning("label_unit", text)) in MONEY:
            return str(unit), f"unit:{place}"
    return None


def cell_meaning(around: Around, unit: tuple[str, str], series: str) -> Meaning:
    """Return what a cell is of, its unit (as `cell_unit` returns it) and series being known."""
    listed, breakdown = _listed(around)
    base = replace(around, column="") if series in CHANGES else around
    of_percent = series in CHANGES and unit[0] == "percent"
    found = compose(_places(base), 2, cell_unit(base, None, None)[0] if of_percent else unit[0])
    if not found.parts.activities and unit[0] in (*MONEY, "SEK_per_inhabitant") and around.row:
        parts = replace(found.parts, activities=("committee",), rest=read_words(around.row).rest)
        found = replace(found, parts=parts, activity_from="default")
    if series == "forecast" and unit[0] in MONEY and _is_deviation(around):
        found = replace(found, parts=replace(found.parts, quantity="forecast_result"))
    if around.finance and unit[0] in MONEY and _is_of_all_areas(around) and _domain_of_service(around.row):
        quantity = found.parts.quantity or ""
        whom = tuple(name for name in found.parts.populations if name != "by_area")
        found = replace(found, parts=replace(found.parts, quantity=_BY_AREA.get(quantity, quantity), populations=whom))
    named, matter = found, _of_staff(around, found, unit[0])
    if matter:
        found, breakdown = matter, around.row
    across = _tells_across(around)
    unit_row = across and _names_a_unit(around.row)
    if across and found.activity_from:
        rest = dict.fromkeys((*(() if unit_row else found.parts.rest), *read_words(base.column).rest))
        found = replace(found, parts=replace(found.parts, rest=tuple(rest)))
    measure, part, from_where = _measure(found, listed)
    if (from_where == found.activity_from and _may_be_of_another(around, found)) or _is_of_two_kinds(around.row, from_where):
        from_where = REST
    from_where = REST if unit[0] in MONEY and _is_of_savings(around) else from_where
    from_where = REPLACED if any(is_said("replaced_label", text) for _, text in _own_texts(around)) else from_where
    domain, place = _cell_domain(around, measure, found)
    if domain == "context" and _is_outside(around, named):
        place = OUTSIDE
    if (domain, place) == ("context", "table") and (area := _of_area(around, found.parts)):
        measure, part, from_where = *area, "table"
    settled = _settled_unit(unit[0], series, measure)
    kept = (part or breakdown) if from_where == "label" else part or (around.row if unit_row else None)
    if matter:
        kept = ", ".join(filter(None, (around.row, part)))
    return Meaning(settled, measure, domain, kept, (unit[1], f"measure:{from_where}", f"domain:{place}"))


def _is_of_two_kinds(label: str, from_where: str) -> bool:
    """Tell whether a label that no list knows names two kinds of income or cost: "Lokaler och övriga kostnader"."""
    kinds = [name for name in own_quantities(read_words(label)) if quantities()[name]["usual_first"]]
    return from_where != "label" and (len(kinds) > 1 or (bool(kinds) and _FIRST_OF_TWO.search(label) is not None))


def _is_of_savings(around: Around) -> bool:
    """Tell whether what stands over a table says that costs become lower: what its rows name does not cost so much."""
    return any("savings" in own_activities(read_words(text))[0] for _, text in _texts_over(around))


def _may_be_of_another(around: Around, found: Composed) -> bool:
    """Tell whether a row may be of an activity that other rows of its table name, and not of that which stands far over it.

    "Återkommer inte inom ett år" among goals of several activities is not of the chapter above; "Kostnad per plats" below
    "Platser i gruppbostad" is hardly of all that the caption names.
    """
    own, quantity = set(found.parts.activities), quantities().get(found.parts.quantity or "")
    named = {name for label in around.rows if label != around.row for name in own_activities(read_words(label))[0]} - own
    if found.activity_from == "section":
        domains = {activities()[name]["domain"] for name in own}
        return any(not is_outside(name) and activities()[name]["domain"] not in domains for name in named)
    if quantity is None or quantity["rank"] != RATIO or quantity["usual_activity"] in own or found.quantity_from != "row":
        return False
    return is_money(quantity["unit"] or "") and found.activity_from in ("stub", "caption") and bool(named)


def _of_staff(around: Around, found: Composed, unit: str) -> Composed | None:
    """Return what a row that only names an area is of where the words over it name a matter of the staff; else None.

    "Funktionsstöd" below "Sjukfrånvaro i procent" or "Andel timavlönade" is of those who work there, and no share of users.
    Who the staff are, "Personal" over a table of many things, says it only where they are what is counted.
    """
    row, quantity = read_words(around.row), quantities().get(found.parts.quantity or "")
    named = row.of("activity")
    counted = any(not any(hit.start < own.end and own.start < hit.end for own in named) for hit in row.of("quantity"))
    said = counted or counts_events(row) or is_said("staff", around.row)
    area = {*own_activities(row)[0]} - {"committee"}
    if is_money(unit) or said or not area or (quantity and quantity["usual_activity"]):
        return None
    lines = reversed(around.caption.split(" / "))
    over = [("column", around.column), ("group", around.group), ("stub", around.stub), *(("caption", line) for line in lines)]
    told = ((place, read_words(text), is_said("staff", text)) for place, text in over)
    place, words, staff = next((one for one in told if own_activities(one[1])[0]), ("", row, False))
    matter, weak = own_activities(words)
    of_others = any(activities()[name]["domain"] != "context" for name in matter)
    if not staff or of_others or (weak and found.quantity_from not in (place, None)):
        return None
    return compose([(place, words), *_places(replace(around, row=""))], 1, unit)


def _is_deviation(around: Around) -> bool:
    """Tell whether a column, or a caption over a column that names no series, is of deviations."""
    heading = parse_heading(around.column)
    return "deviation" in (heading.series, heading.series or parse_heading(around.caption).series)


def _of_area(around: Around, parts: Composition) -> tuple[str, str | None] | None:
    """Return the measure of an area's row in a table of the economy by area, and its breakdown, which is the area.

    The total is the committee's, unless the table stands under the name of one area.
    """
    quantity = _BY_AREA.get(parts.quantity or "")
    kinds = sum(is_said("finance_row", label) for label in around.rows)
    areas = sum(bool(own_activities(read_words(label))[0]) and not is_said("finance_row", label) for label in around.rows)
    if parts.quantity == "investments":
        return None if is_said("total_row", around.row) else ("investments", around.row)
    if quantity is None or areas < 2 or kinds > areas:
        return None
    by_area = measure_of(Composition(("committee",), quantity, populations=("by_area",)))[0]
    if is_said("total_row", around.row):
        if _named_over(around):
            return None  # what the table is of has its own name
        one_area = around.department or any(own_activities(read_words(text))[0] for text in (around.group, around.caption))
        return (by_area, around.row) if one_area else (vocabulary.whole(by_area), None)
    return None if is_said("finance_row", around.row) else (by_area, around.row)


def _named_over(around: Around) -> str | None:
    """Return the one domain whose activities a table's group or caption names; None where it names several or others."""
    named = _domains(around.group, around.caption)
    return next(iter(named)) if len(named) == 1 and named <= set(ANALYSED) else None


def _tells_across(around: Around) -> bool:
    """Tell whether the columns of a table say different things, not only different years and series."""
    headings = [text for text in around.headings if parse_heading(text).series not in CHANGES]
    told = {(own_activities(said)[0], own_quantities(said), said.rest) for said in map(read_words, headings)}
    return len(told) > 1 and len(told) > len(headings) / 2


def _names_a_unit(label: str) -> bool:
    """Tell whether a row's words say nothing of what is measured: where the columns do, they name a unit or a committee."""
    words = read_words(label)
    named = own_activities(words)[0]
    return (
        not is_said("part_row", label)
        and named in ((), ("committee",))
        and bool(words.rest or named)
        and not words.of("quantity")
    )


def _places(around: Around) -> list[tuple[str, Words]]:
    """Return the words around a cell by place, the nearest first; sections last."""
    texts = [("row", around.row), ("column", around.column), ("above", around.above)]
    texts += [("group", around.group), ("stub", around.stub)]
    texts += [("caption", line) for line in reversed(_without_titles(around.caption).split(" / "))]
    if not around.finance:
        telling = [text for text in around.sections if _tells(text)]
        texts += [*(("section", text) for text in telling[:3]), ("text", around.text)]
    return [(place, read_words(text)) for place, text in texts if text or place in ("row", "column")]


def _tells(heading: str) -> bool:
    """Tell whether a heading says more than a time, a unit or when it was printed."""
    words = read_words(heading)
    return bool(words.rest or words.of("activity"))


def _measure(found: Composed, listed: str) -> tuple[str, str | None, str]:
    """Return the measure, its breakdown, and what it rests on: the words that compose it, else the whole label."""
    own = ("row", "column", "above")
    near = (*own, "group", "stub", "caption") if found.quantity_from in own and not found.parts.rest else own
    measure, part = measure_of(found.parts)
    unsaid = found.quantity_from is None
    if listed != UNKNOWN and (measure == UNKNOWN or found.parts.rest or unsaid or found.activity_from not in near):
        return listed, part if measure == listed else None, "label"
    if measure == UNKNOWN:
        return UNKNOWN, None, "none"
    if found.parts.rest:
        # A row of which a word is not known, of what only the table is of, may be of something else ("Trångboddhet, %").
        return measure, part, "part" if found.activity_from in own else REST
    if found.activity_from == "quantity" and found.quantity_from == "row":
        return measure, part, "row"  # "Intäkter", "Personalkostnader": whose is said by whose table it is
    return measure, part, "words" if found.activity_from in own and found.quantity_from in own else str(found.activity_from)


def _listed(around: Around) -> tuple[str, str | None]:
    known = vocabulary.find_label(around.row, around.group or None) if around.row else None
    return known or (UNKNOWN, None)


def _settled_unit(unit: str, series: str, measure: str) -> str:
    """Return the unit that a figure has: of a unit cost its own, and percentage points of a difference between shares."""
    own = measure_unit(measure) or ""
    if unit == "SEK" and is_rate(own):
        return own
    return "percentage_points" if unit == "percent" and series == "change_abs" else unit


def measure_unit(measure: str) -> str | None:
    """Return the unit of a measure, None where it has none or is unknown."""
    entry = vocabulary.measure_index().get(measure)
    return entry["unit"] if entry and measure != UNKNOWN else None


def _cell_domain(around: Around, measure: str, composed: Composed) -> tuple[str, str]:
    own = f"{around.row} {around.group}"
    near = f"{_without_titles(around.caption)} {around.stub} {' '.join(around.headings)}"
    if is_said("staff", f"{own} {near}") or is_said("context", own):
        return "context", "row"
    if around.finance and not is_volume_row(around.row):
        return _finance_domain(around, own)
    entry = vocabulary.measure_index().get(measure) if measure != UNKNOWN else None
    if entry and entry["domain"]:
        return str(entry["domain"]), "label" if measure == _listed(around)[0] else composed.activity_from or "label"
    if composed.parts.activities and composed.activity_from in ("row", "column", "above", "group"):
        return str(_composed_domain(composed)), composed.activity_from
    found = (
        ("row", domain_named(around.row)),
        ("row", domain_named(around.above)),
        ("group", domain_named(own)),
        ("caption", topic(near)),
        ("rows", _common_domain(around.rows)),
        ("section", section_domain(around.sections)),
        ("quantity", _composed_domain(composed)),
    )
    return next(((domain, place) for place, domain in found if domain), ("context", "default"))


def _is_outside(around: Around, composed: Composed) -> bool:
    """Tell whether a cell is of another subject or another committee, in a table that names none of the domains over it.

    A table of a committee's economy is a whole, with its areas.
    """
    if _listed(around)[0] != UNKNOWN:
        return False  # it is told under a name of its own
    if (around.finance and not is_said("other_committee", around.row)) or _domains(around.group, around.caption) & set(ANALYSED):
        return False
    return _is_of_others(composed) or is_said("other_committee", around.row)


def _is_of_others(composed: Composed) -> bool:
    """Tell whether what is named near a figure is nothing but other subjects, and what it counts does not say otherwise."""
    named, quantity = composed.parts.activities, quantities().get(composed.parts.quantity or "")
    usual = quantity["usual_activity"] if quantity else None
    near = composed.activity_from not in (*FAR, "quantity", None)
    return near and all(map(is_outside, named)) and not (usual and activities()[usual]["domain"] in ANALYSED)


def _domains(*texts: str) -> set[str]:
    """Return the domains of all activities that texts name."""
    return {str(activities()[name]["domain"]) for text in texts for name in own_activities(read_words(text))[0]}


def _composed_domain(composed: Composed) -> str | None:
    return str(activities()[composed.parts.activities[0]]["domain"]) if composed.parts.activities else None


def _finance_domain(around: Around, own: str) -> tuple[str, str]:
    """Return the domain of a row in a table of the economy: context, unless it is an activity's own cost."""
    if _is_of_all_areas(around):
        return (service, "row") if (service := _domain_of_service(around.row)) else ("context", "table")
    activity = first_meaning("activity", own)
    if activity in ("lss", "placements"):
        return activity, "row"
    if is_said("total_row", around.row) and (named := _named_over(around)):
        return named, "caption"
    if is_said("finance_row", around.row) or is_said("unit_total", around.row):
        return "context", "table"
    if around.department and (unit := _domain_within(around.row) or _domain_within(around.department)):
        return unit, "section"
    activities = sum(first_meaning("activity", label) in ("lss", "placements") for label in around.rows)
    below = domain_named(around.row) or _common_domain(around.rows)
    return (below, "row") if below and 5 * activities >= 2 * len(around.rows) else ("context", "table")


def _domain_of_service(text: str) -> str | None:
    """Return the domain of a row that names nothing but what is given below the level of a department: "Daglig verksamhet"."""
    named = [name for name in own_activities(read_words(text))[0] if name != "committee"]
    services = [bool(_SERVICES.intersection((name, *above(name)))) for name in named]
    return str(activities()[named[0]]["domain"]) if services and all(services) and not _DEPARTMENTS.intersection(named) else None


def _is_of_all_areas(around: Around) -> bool:
    """Tell whether a table of the economy is of a committee by area: its administration is one of the rows, its total another."""
    areas = [label for label in around.rows if not is_said("total_row", label)]
    return len(areas) < len(around.rows) and any(is_said("administration_row", label) for label in areas)


def _domain_within(text: str) -> str | None:
    """Return the domain of what a department's name stands over: of an area without one, that of most activities within it."""
    named = [name for name in own_activities(read_words(text))[0] if name != "committee"]
    if not named or (own := str(activities()[named[0]]["domain"])) != "context":
        return own if named else None
    within = Counter(str(row["domain"]) for row in activities().values() if row["within"] == named[0])
    return within.most_common(1)[0][0] if within else None


def _without_titles(caption: str) -> str:
    """Return the lines of a caption that name no committee and no report: those say nothing of the table."""
    return " / ".join(line for line in caption.split(" / ") if not is_said("committee", line) and not is_said("kind", line))


@lru_cache(maxsize=64)
def _common_domain(labels: tuple[str, ...]) -> str | None:
    """Return the domain that most of a table's rows name."""
    named = Counter(domain for label in labels if (domain := domain_named(label)))
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
    text : the figure as printed. sentence : the sentence it stands in. before : the part of the sentence that leads to it.
    paragraph : the paragraph. earlier : the paragraph before it, where no heading stands between them.
    sections : the section headings above it, the nearest first. document : what the whole document is about, or empty.
    """

    text: str
    sentence: str
    before: str
    paragraph: str = ""
    earlier: str = ""
    sections: tuple[str, ...] = ()
    document: str = ""


#: Amounts of a sentence, what stands between two of a list and behind its last, and so many words of it may name an activity.
_AMOUNTS = re.compile(r"(?<![\d,.])\d[\d ]*(?:,\d+)? (?:[tmk]kr|mnkr|mdkr|kr|kronor|miljon(?:er)?(?: kronor)?)\b")
_ITEM = re.compile(r"\s+[^\W\d][^\d,;:.]*(?:,(?: och| samt)?|\soch|\ssamt)(?: (?:cirka|ca|drygt|knappt))?\s+", re.IGNORECASE)
_LAST_ITEM = re.compile(r"\s+[^\W\d][^\d,;:]*")
_LEADING = 3
#: What a number counts, behind what it may be like.
_THING = re.compile(r"\s+(?:[a-zåäö]+[ae]\s+)?(?P<thing>[a-zåäö]+)\b")
#: What stands before what is counted.
_NUMBER_OF = "antalet "
#: So many words after a share may still say of whom it is: "84 procent av", "84 procent kvinnor".
_WHOSE = 2
#: So many words has a heading at the beginning of a paragraph at most.
_RUN_IN = 5
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÅÄÖ])")


def sentence_meaning(said: Said, printed: str | None, series: str) -> Meaning:
    """Return what a figure in a sentence is of, from its printed unit (or None) and its series."""
    places = _said_places(said, printed)
    found = compose(places, 0, printed or _counted_before(said.before) or "count", series in CHANGES)
    found = _of_committee(found, printed, series, said.before)
    if printed is None and series not in CHANGES and found.quantity_from in FAR and _counts_a_thing(_behind(said)):
        found = replace(found, parts=replace(found.parts, quantity="count"))
    measure, part = measure_of(found.parts)
    own = measure_unit(measure)
    unit, from_where = (printed, "number") if printed else (own, "measure") if own else ("count", "default")
    domain, place = _sentence_domain(said, printed, found)
    if domain == "context" and _speaks_of_others(said, found):
        place = OUTSIDE
    known = "none" if measure == UNKNOWN else found.activity_from or "default"
    old = is_said("replaced", said.before) or is_said("replaced_behind", _behind(said))
    known = REPLACED if old and series in ("outturn", *CHANGES) else known
    unit = _settled_unit(unit, series, measure)
    return Meaning(unit, measure, domain, part, (f"unit:{from_where}", f"measure:{known}", f"domain:{place}"))


def _counted_before(text: str) -> str | None:
    """Return the unit of what the words before a bare number say that is counted: hours of "antalet timmar uppgår till"."""
    words = read_words(text)
    told = [hit for hit in words.of("quantity") if _NUMBER_OF in words.text[max(0, hit.start - len(_NUMBER_OF)) : hit.end]]
    return quantities()[told[-1].meaning]["unit"] if told else None


def _counts_a_thing(behind: str) -> bool:
    """Tell whether a bare number counts what a word behind it names that the vocabulary does not know: "nio nya hem"."""
    match = _THING.match(behind)
    return match is not None and read_words(match["thing"]).rest != () and not is_said("open_end", match["thing"])


def _said_places(said: Said, unit: str | None) -> list[tuple[str, Words]]:
    """Return the words around a figure, the nearest first: its clause, the sentence before it, the paragraph's subject."""
    nearest, *others = reversed(_split("clause_end", said.before))
    behind = _behind(said)
    if unit in MONEY and (item := _item_behind(said)):
        nearest, others, behind = item, [said.sentence[: next(_AMOUNTS.finditer(said.sentence)).start()]], ""
    after = _split("after_end", behind)[0]
    behind_all = after
    if (unit in MONEY or unit == "percent") and not is_said("of_what", behind):
        after = " ".join(after.split()[:_WHOSE]) if unit == "percent" else ""
    texts = [("clause", f"{nearest} {after}"), *(("sentence", text) for text in others if text.strip())]
    of_result = "result" in own_quantities(read_words(said.before))
    texts += [("sentence", behind_all)] if unit in MONEY and behind_all != after and not of_result else []
    lead = _run_in(said)
    texts += [("sentence", lead)] if lead else []
    texts += [("paragraph", about)] if (about := _subject(said, unit in MONEY, lead)) else []
    texts += [("section", heading) for heading in said.sections[:1] if _without_titles(heading)]
    texts += [("document", said.document)] if said.document else []
    return [(place, read_words(" ".join(_split("pronoun", text)))) for place, text in texts]


def _item_behind(said: Said) -> str | None:
    """Return what an amount is for that goes before its words in a list: "gäller 13 mnkr placeringar, 6 mnkr assistans".

    None where it is no such list: words stand behind each of its amounts, an activity right behind most of them.
    """
    amounts = list(_AMOUNTS.finditer(said.sentence))
    begins = [amount.start() for amount in amounts[1:]]
    items = [said.sentence[amount.end() : end] for amount, end in zip(amounts, [*begins, None], strict=False)]
    named = [bool(own_activities(read_words(" ".join(item.split()[:_LEADING])))[0]) for item in items]
    own = next((place for place, amount in enumerate(amounts) if amount.start() >= len(said.before)), None)
    if True not in named or own is None or own < (first := named.index(True)):
        return None
    listed = all(_ITEM.fullmatch(item) for item in items[first:-1]) and _LAST_ITEM.fullmatch(items[-1])
    return items[own] if listed and len(items) - first < 2 * sum(named) and sum(named) > 1 else None


def _behind(said: Said) -> str:
    """Return what follows a figure in its sentence."""
    begun = said.sentence.find(said.text, max(0, len(said.before) - 2))
    return said.sentence[begun + len(said.text) :] if begun >= 0 else ""


def _split(role: str, text: str) -> list[str]:
    """Return the parts of a text between the phrases of a role."""
    return phrases(role)[0].pattern.split(text)


def _run_in(said: Said) -> str | None:
    """Return the heading that stands on the first line of a paragraph: "Personlig assistans. Underskottet är 3 mnkr."."""
    first, *others = _SENTENCE_END.split(said.paragraph, maxsplit=1)
    words = read_words(first)
    named = words.of("activity") and not words.rest and len(first.split()) <= _RUN_IN
    return first if named and others and not said.sentence.startswith(first) else None


def _subject(said: Said, money: bool, lead: str | None = None) -> str | None:
    """Return the sentence before a figure's own that tells what its paragraph is about, or the one before it.

    Of an amount the paragraph before tells only where it is called a cost: results are the committee's.
    """
    unspecific = not money or is_said("cost_word", said.before)
    return subject(said.paragraph.partition(said.sentence)[0]) or (subject(said.earlier) if unspecific and not lead else None)


def subject(text: str) -> str | None:
    """Return the last sentence of a text that is about one activity, or parts of one; None where it is of several."""
    for sentence in reversed(_SENTENCE_END.split(text)):
        named, weak = own_activities(read_words(sentence))
        if named and not weak:
            wider = set.intersection(*({*above(name)} for name in named)) - {"ifo", "disability_services"}
            return sentence if len(named) == 1 or wider else None
    return None


def _of_committee(found: Composed, unit: str | None, series: str, before: str) -> Composed:
    """Return what an amount is of where it may be the committee's: its result, its forecast result or its net cost.

    A forecast or a deviation that is of nothing else is the committee's. The result of an activity is an amount like others.
    """
    parts = found.parts
    if unit in MONEY and not parts.activities and series in ("forecast", "deviation"):
        parts = replace(parts, activities=("committee",))
    if parts.activities != ("committee",):
        return replace(found, parts=replace(parts, quantity="money")) if parts.quantity == "result" else found
    told = parts.quantity == "result"
    if told or (parts.quantity == "money" and series in ("forecast", "deviation")):
        deviation = "net_cost" if not told and is_said("deviation_word", before) else "result"
        parts = replace(parts, quantity="forecast_result" if series == "forecast" else deviation)
    return replace(found, parts=parts)


def _speaks_of_others(said: Said, found: Composed) -> bool:
    """Tell whether a figure in a sentence is of another subject, or of the committee that was named last, which is another."""
    committees = list(phrases("any_committee")[0].pattern.finditer(said.before))
    others = bool(committees) and is_said("other_committee", committees[-1][0])
    if others and found.parts.activities in ((), ("committee",)):
        return True
    passing = any(map(is_weak, found.parts.activities)) and _domains(said.sentence, said.paragraph, *said.sections) & set(
        ANALYSED
    )
    return _is_of_others(found) and not passing and not is_said("reason_word", said.sentence)


def _sentence_domain(said: Said, unit: str | None, found: Composed) -> tuple[str, str]:
    clause = re.split(r"[.;]", said.before)[-1]
    behind = said.sentence[len(said.before) :]
    if is_said("staff", f"{_split('statement_end', said.before)[-1]} {_split('statement_end', behind)[0]}"):
        return "context", "sentence"
    if found.activity_from in ("clause", "sentence", "paragraph"):
        measure = measure_of(found.parts)[0]
        listed = None if measure == UNKNOWN else vocabulary.measure_index()[measure]["domain"]
        return listed or str(_composed_domain(found)), found.activity_from
    if found.parts.activities == ("committee",):
        return "context", "quantity"
    if unit in MONEY and not found.parts.activities:
        return "context", "default"
    places = (
        ("clause", topic(clause[-_CLAUSE:])),
        ("sentence", topic(said.sentence)),
        ("section", section_domain(said.sections)),
        ("paragraph", topic(said.paragraph)),
        ("document", topic(said.document)),
        ("quantity", _composed_domain(found)),
    )
    return next(((domain, place) for place, domain in places if domain), ("context", "default"))
