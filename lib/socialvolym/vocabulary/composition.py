"""Compositions: words of the field become activity, quantity, population and reference time, and these a measure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from socialvolym.vocabulary.files import load, names_in
from socialvolym.vocabulary.money import is_money, is_rate
from socialvolym.vocabulary.phrases import first_meaning, is_said, phrases
from socialvolym.vocabulary.terms import Hit, Words, read_words

ACTIVITY_COLUMNS = ("activity", "domain", "within", "weak", "events", "outside", "population", "title_sv", "title_en")
QUANTITY_COLUMNS = (
    *("quantity", "unit", "rank", "role", "timed", "events"),
    *("usual_activity", "usual_first", "title_sv", "title_en"),
)
POPULATION_COLUMNS = ("population", "in_labels_only", "breakdown", "usual_activity", "title_sv", "title_en")
TIME_COLUMNS = ("reference_time", "title_sv", "title_en")
REFINEMENT_COLUMNS = ("activity", "with", "becomes")

#: Ranks of quantities (quantities.csv): what is set in relation to something, money, what is counted, and what says little.
RATIO, MONEY, COUNTED, THINGS, ANY = "1", "3", "4", "5", "6"

#: What an amount is set in relation to: "kr per måltid".
_BASE = re.compile(r"\bper (\w+)")
#: The places around a figure whose populations are the figure's own.
TELLING_WHOM = ("row", "column", "above", "group", "caption", "clause")
#: Places over a table, where a committee's name says whose the table is, not what it is of.
_OVER = ("group", "stub", "caption", "section", "text")
#: Units that are themselves what is counted.
_NOUNS = ("persons", "households", "household_months", "care_days", "days", "full_time_equivalents")
#: Units of how long something takes.
_TIMES = ("days", "weeks", "months")
#: Those whom an age says more precisely.
_AGED = {"children", "youth", "young_adults", "adults"}
#: What a table of both says of none of its rows: "Intäkter och kostnader".
_BOTH = {"revenue", "cost"}
#: A share of all inhabitants.
_OF_ALL = "share_of_inhabitants"
#: How the populations begin that are told by why they have economic assistance.
_REASON = "reason_"
#: Units of money in which nobody gives what one person, day or placement costs.
_NO_UNIT_COST = ("MSEK", "GSEK")

#: A text far off that names more activities than so many tells what a whole chapter is of, and not what one figure is.
_SEVERAL = 2
#: The places that stand so far from a figure that they say something only where nothing nearer does.
FAR = ("section", "paragraph", "text", "document")


@dataclass(frozen=True)
class Composition:
    """What a figure is of; None or empty for a part that is not said.

    Attributes
    ----------
    activities : what is given, mostly one. quantity : what is counted or paid. of : the counted thing that a share is of.
    populations : whom, in alphabetical order. reference_time : when. rest : words of the label that the vocabulary does not know.
    """

    activities: tuple[str, ...] = ()
    quantity: str | None = None
    of: str | None = None
    populations: tuple[str, ...] = ()
    reference_time: str | None = None
    rest: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def activities() -> dict[str, dict[str, str | None]]:
    """Return each activity's row (ACTIVITY_COLUMNS) by its id."""
    return {row["activity"]: row for row in load("activities.csv", ACTIVITY_COLUMNS).iter_rows(named=True)}


@lru_cache(maxsize=1)
def quantities() -> dict[str, dict[str, str | None]]:
    """Return each quantity's row (QUANTITY_COLUMNS) by its id."""
    return {row["quantity"]: row for row in load("quantities.csv", QUANTITY_COLUMNS).iter_rows(named=True)}


@lru_cache(maxsize=1)
def populations() -> dict[str, dict[str, str | None]]:
    """Return each population's row (POPULATION_COLUMNS) by its id."""
    return {row["population"]: row for row in load("populations.csv", POPULATION_COLUMNS).iter_rows(named=True)}


@lru_cache(maxsize=1)
def reference_times() -> dict[str, dict[str, str | None]]:
    """Return each reference time's row (TIME_COLUMNS) by its id."""
    return {row["reference_time"]: row for row in load("reference_times.csv", TIME_COLUMNS).iter_rows(named=True)}


def laws() -> tuple[str, ...]:
    """Return the laws that refinements.csv tells activities apart by, with those that activities are named by."""
    return tuple(dict.fromkeys(other for _, other in _refinements() if other not in activities() or other == "lss"))


@lru_cache(maxsize=1)
def _refinements() -> dict[tuple[str, str], str]:
    return {
        (row["activity"], row["with"]): row["becomes"]
        for row in load("refinements.csv", REFINEMENT_COLUMNS).iter_rows(named=True)
    }


@lru_cache(maxsize=1024)
def above(activity: str) -> tuple[str, ...]:
    """Return the wider activities that an activity is part of, the nearest first."""
    wider = activities()[activity]["within"]
    return (wider, *above(wider)) if wider else ()


def is_weak(activity: str) -> bool:
    """Tell whether an activity's words say something else where another activity is named beside or over them."""
    return activities()[activity]["weak"] == "yes"


def _is_weak_beside(activity: str) -> bool:
    """Tell whether an activity's words say whom another activity in the same text is for: "invånare med hemtjänst"."""
    return activities()[activity]["weak"] == "beside"


def is_outside(activity: str) -> bool:
    """Tell whether an activity is none of the subjects that figures are collected of: elderly care, schools."""
    return activities()[activity]["outside"] == "yes"


@lru_cache(maxsize=8192)
def own_activities(words: Words) -> tuple[tuple[str, ...], bool]:
    """Return the activities that a text names, and whether it does so weakly: by words that may say something else.

    The words of a population ("missbruk", "barn och unga") and those of activities that are marked weak ("boende") name an
    activity only where the text names no other; that of which they are part does not count as other.
    """
    told, laws = words.of("population"), words.meanings("law")
    hits = [hit for hit in words.of("activity") if not _is_of_quantity(hit, words)]
    names = [hit.meaning for hit in hits]
    grade: dict[str, int] = {}
    for hit, name in zip(hits, refined(names, laws), strict=True):
        alike = any(hit.start < other.end and other.start < hit.end for other in told)
        precise = any((hit.meaning, other) in _refinements() for other in (*names, *laws))  # also where it keeps its name
        own = 0 if precise else 2 if is_weak(name) else int(alike or _is_weak_beside(name))
        grade[name] = min(own, grade.get(name, 2))
    best = min(grade.values(), default=0)
    kept = [name for name, own in grade.items() if own == best]
    kept += [name for name, own in grade.items() if own > best and any(wide in above(name) for wide in kept)]
    return narrowest(kept), best > 0 and not all(map(_is_weak_beside, kept))


def _is_of_quantity(hit: Hit, words: Words) -> bool:
    """Tell whether words that may name the inhabitants are what a ratio is set in relation to: "kostnad per invånare".

    A share of them of an age is a share of the inhabitants: "andel invånare 65 år och äldre".
    """
    named = words.of("quantity")
    ratios = [
        other for other in named if quantities()[other.meaning]["rank"] == RATIO and not (other.meaning == _OF_ALL and words.ages)
    ]
    return _is_weak_beside(hit.meaning) and any(other.start < hit.start and hit.end <= other.end for other in ratios)


def narrowest(found: Iterable[str]) -> tuple[str, ...]:
    """Return the activities without those that another one of them is part of."""
    names = list(dict.fromkeys(found))
    wider = {wide for name in names for wide in above(name)}
    return tuple(name for name in names if name not in wider)


def refined(found: Sequence[str], others: Iterable[str]) -> list[str]:
    """Return the activities, each made a more precise one where another activity or a law says which."""
    names = {*found, *others}
    return [next((to for (wide, other), to in _refinements().items() if wide == name and other in names), name) for name in found]


def own_populations(words: Words, sentence: bool = False) -> tuple[str, ...]:
    """Return the populations that a label, or a part of a sentence, names; both sexes together are none.

    "Nya" or "övriga" in a sentence, or as a part of a quantity's name, says nothing of what a figure is of; in a label it does.
    """
    counted = words.of("quantity")
    named = {
        hit.meaning
        for hit in words.of("population")
        if not populations()[hit.meaning]["in_labels_only"]
        or not (sentence or any(other.start <= hit.start and hit.end <= other.end for other in counted))
    }
    for pair in ({"women", "men"}, {"girls", "boys"}):
        if pair <= named:
            named -= pair
    if words.ages:
        named -= _AGED
    return (*named, *(f"age_{age}" for age in words.ages))


def own_quantities(words: Words) -> tuple[str, ...]:
    """Return the quantities that a text names, the most telling first: by rank, after "antal", in order."""

    def order(hit: Hit) -> tuple[str, bool, int]:
        return quantities()[hit.meaning]["rank"] or ANY, not words.text[: hit.start].endswith("antal "), hit.start

    return tuple(dict.fromkeys(hit.meaning for hit in sorted(words.of("quantity"), key=order)))


def sets_other(words: Words, unit: str | None = None) -> bool:
    """Tell whether a text sets something else than money in relation to something: "kWh per lägenhet", "timmar/brukare".

    What stands before "per" is then another quantity, or a word that the vocabulary does not know, which in a unit of money may
    be called whatever ("hyra per lägenhet, kr"). "Daglig verksamhet per plats" is of money, "placerade per dygn", "personer per
    insats" are no relations, "brukare/deltagare" are two words for the same, and what a term covers whole is known ("väntetid",
    "per 1 000").
    """
    match = phrases("relation")[0].pattern.search(words.printed)
    named = [hit.meaning for hit in words.of("quantity") if not words.text.startswith("per ", hit.start)]
    if match is None or any(_is_paid(name) or quantities()[name]["rank"] == RATIO for name in named):
        return False
    what, unit_said = read_words(match["what"]), first_meaning("label_unit", match["what"])
    counted = {quantities()[name]["unit"] for name in own_quantities(what)} | {unit_said} - {"persons", None}
    persons = counted & {"persons", "households"}
    if (persons and (match["day"] or not match["per"])) or (match["kind"] and (persons or "count" in counted)):
        return False
    matters = is_said("staff", match["what"]) or "staff" in what.meanings("activity") or counts_events(what)
    return bool(counted) or matters or _names_persons_only(what, words) or (what.rest != () and not is_money(unit))


def _names_persons_only(what: Words, words: Words) -> bool:
    return bool(what.of("population")) and not words.of("activity")


def _is_paid(quantity: str) -> bool:
    row = quantities()[quantity]
    return is_money(row["unit"]) and (row["role"] != "revenue" or quantity == "compensation")


def counts_events(words: Words) -> bool:
    """Tell whether a text names what is counted itself: reports of concern, investigations."""
    return any(activities()[name]["events"] for name in own_activities(words)[0])


def counts_events_of(words: Words) -> bool:
    """Tell whether a text names events that it counts, and not the persons of whom they are.

    "Antal barn med orosanmälan" and "Barn i utredning" count children; "Orosanmälningar barn och unga" are reports.
    """
    named = words.of("activity")
    first = min((hit.start for hit in named if activities()[hit.meaning]["events"]), default=0)
    whom = [hit for hit in words.of("population") if not any(hit.start < other.end and other.start < hit.end for other in named)]
    persons = any(words.text[: hit.start].endswith(("antal ", "antalet ")) or hit.start < first for hit in whom)
    return counts_events(words) and not persons


def composed(
    found: Sequence[str],
    quantity: str | None,
    named: Iterable[str],
    reference_time: str | None,
    of: str | None = None,
    rest: Iterable[str] = (),
) -> Composition:
    """Return the composition of parts, without what follows from another part."""
    implied = {part for name in found for part in names_in(activities()[name]["population"])}
    implied |= {part for name in found for wide in above(name) for part in names_in(activities()[wide]["population"])}
    whom = tuple(sorted(set(named) - implied - {"substance_abuse" if "substance_abuse_care" in found else ""}))
    if found and all(activities()[name]["domain"] != "context" for name in found):
        # What a service costs in a table by area is the service's; only a committee's economy is divided so.
        whom = tuple(name for name in whom if name != "by_area")
    if "adults" in whom:
        whom = tuple(name for name in whom if name != "age_18_plus")
    if any(name.startswith("age_") for name in whom):
        whom = tuple(name for name in whom if name not in _AGED)
    if "substance_abuse" in whom:
        whom = tuple(name for name in whom if name != "adults")
    timed = quantity is not None and quantities()[quantity]["timed"] == "yes"
    return Composition(tuple(sorted(found)), quantity, of, whom, reference_time if timed else None, tuple(rest))


#: Activities, and the place that names them.
_Named = tuple[tuple[str, ...], str | None]


@dataclass(frozen=True)
class Composed:
    """A composition, and the places that name its activity and its quantity; None where nothing names them."""

    parts: Composition
    activity_from: str | None
    quantity_from: str | None


def compose(places: Sequence[tuple[str, Words]], own: int, unit: str, of_change: bool = False) -> Composed:
    """Return the composition that the words around a figure say.

    Parameters
    ----------
    places : the words by place, the nearest first. own : so many of them, at the beginning, are the figure's own; what they
        leave unsaid is taken from the nearest of the others. unit : of the figure.
    of_change : whether the figure is a change, so that a per cent says nothing of the quantity.
    """
    of_change = of_change and unit == "percent"
    found, activity_from = _activity(places, own)
    quantity, of, quantity_from = _quantity(places, own, unit, of_change)
    usual, first = (quantities()[quantity][column] if quantity else None for column in ("usual_activity", "usual_first"))
    if usual and (not found or (first and quantity_from not in FAR and _gives_way(found, activity_from, usual))):
        found, activity_from = (usual,), "quantity"
    if (counted := _counted_alone(places[:own], quantity) or _staff_above(places)) and _gives_way(found, activity_from, counted):
        found, activity_from = (counted,), places[0][0]
    telling = [(place, words) for place, words in places if place in TELLING_WHOM]
    if quantity_from == "section":
        # The heading of a section that says what is counted says of whom as well: "ej verkställda beslut".
        telling += [(place, words) for place, words in places if place == "section" and quantity in own_quantities(words)][:1]
    whom = [name for place, words in telling for name in own_populations(words, place == "clause")]
    times = [time for place, words in places if place in TELLING_WHOM for time in words.meanings("reference_time")]
    rest = places[0][1].rest if activity_from and places[0][0] == "row" else ()
    bases = _unknown_bases(next((words for place, words in places if place == quantity_from), None), quantity)
    parts = composed(found, quantity, whom, times[0] if times else None, of, dict.fromkeys((*rest, *bases)))
    return Composed(parts, activity_from, quantity_from)


def _unknown_bases(words: Words | None, quantity: str | None) -> list[str]:
    """Return what the words that name an amount set it in relation to, where that is no quantity: "kostnad, kr per måltid"."""
    if words is None or quantity is None or not is_money(quantities()[quantity]["unit"] or ""):
        return []
    named = {hit.start for hit in words.of("population")}
    return [
        base[1]
        for base in _BASE.finditer(words.text)
        if not any(hit.start <= base.start() < hit.end for hit in words.of("quantity"))
        if base[1] in words.rest or base.start(1) in named
    ]


def _gives_way(found: Sequence[str], named: str | None, usual: str) -> bool:
    """Tell whether activities give way to what is counted: named far away, or over the table as another matter of the staff.

    "Årsarbetare" in a table of sick leave are of the staff; in one of personal assistance they are of that.
    """
    others = (activities()[name]["domain"] for name in found if name not in above(usual))
    return named in FAR or (named in _OVER and all(domain == activities()[usual]["domain"] for domain in others))


def _counted_alone(places: Sequence[tuple[str, Words]], quantity: str | None) -> str | None:
    """Return the activity of the persons whom a label names and counts: permanent employees are of the staff."""
    said = [own_activities(words) for _, words in places]
    shares = quantity == "share" and any(_says_share(words) for _, words in places)
    counts = quantity is not None and quantities()[quantity]["rank"] in (COUNTED, ANY)
    if not (counts or shares) or any(named and not weak for named, weak in said):
        return None
    whom = (
        populations()[name]["usual_activity"] for _, words in places for name in own_populations(words) if name in populations()
    )
    return next(filter(None, whom), None)


def _says_share(words: Words) -> bool:
    """Tell whether a text calls what it names a share: "Andel heltidsanställda", not "Tillsvidareanställda, %"."""
    return any(hit.meaning == "share" and words.text.startswith("andel", hit.start) for hit in words.of("quantity"))


def _staff_above(places: Sequence[tuple[str, Words]]) -> str | None:
    """Return the staff as the activity of a part of them: "Anställda, varav kvinnor", also in a table of sick leave."""
    above = next((words for place, words in places if place == "above"), None)
    return "staff" if above and own_activities(above) == (("staff",), True) else None


def _activity(places: Sequence[tuple[str, Words]], own: int) -> _Named:
    """Return the activities of the nearest place that names one; a weak one gives way to another, which it is no part of."""
    weakly: _Named = ((), None)
    chosen: _Named = ((), None)
    for place, words in places:
        named, weak = own_activities(words)
        if not named or (named == ("committee",) and place in _OVER) or (place in FAR and len(named) > _SEVERAL):
            continue
        if weak:
            weakly = weakly if weakly[0] else (_made_precise(words, places) or named, place)
        elif not weakly[0] or (place not in FAR and not set(named) & set(above(weakly[0][0]))):
            chosen = chosen if _is_no_reason(weakly[0], named) else (named, place)
            break
    if narrower := _narrower(chosen[0], places):
        return narrower
    found, place_named = chosen if chosen[0] and (not weakly[0] or not _refines(weakly[0], places)) else weakly
    # What the very text says more precisely goes before what stands around: "särskilt boende för äldre" in a chapter of LSS.
    itself = [name for place, words in places if place == place_named for name in words.meanings("activity")]
    near = itself if any((name, other) in _refinements() for name in found for other in itself) else _named_near(places)
    if refined(found, near) == list(found) and not any(map(is_weak, found)):
        near = _named_near(places, far=True)
    parts_of = [name for place, words in places if place in ("above", "group") for name in own_activities(words)[0]]
    precise = [_refinements()[name, own] for name in parts_of for own in found if (name, own) in _refinements()]
    return narrowest(precise or refined(found, near)), place_named


def _is_no_reason(weakly: Sequence[str], named: Sequence[str]) -> bool:
    """Tell whether what may be the reason for assistance is none beside these activities: unemployment in a table of LSS."""
    whom = [part for name in weakly for part in names_in(activities()[name]["population"])]
    reasons = any(part.startswith(_REASON) for part in whom)
    return reasons and all(activities()[name]["domain"] != "economic_assistance" for name in named)


def _narrower(found: Sequence[str], places: Sequence[tuple[str, Words]]) -> _Named | None:
    """Return what a column or a group names as a part of what a row names: familjehem over a row of placements."""
    for place, words in places:
        named = own_activities(words)[0] if place in ("column", "above", "group") else ()
        if found and named and all(set(found) & set(above(name)) for name in named):
            return named, place
    return None


def _made_precise(words: Words, places: Sequence[tuple[str, Words]]) -> tuple[str, ...]:
    """Return the weak activities of a text that what stands around makes precise: "boende för barn" in a table of LSS."""
    return tuple(name for name in dict.fromkeys(words.meanings("activity")) if is_weak(name) and _refines([name], places))


def _refines(found: Sequence[str], places: Sequence[tuple[str, Words]]) -> bool:
    """Tell whether what stands around makes weakly named activities precise: "boende" in a table of LSS."""
    return list(found) != refined(found, _named_near(places))


def _named_near(places: Sequence[tuple[str, Words]], far: bool = False) -> list[str]:
    """Return the activities and laws that are named around, headings and other sentences left out unless `far`."""
    told = [words for place, words in places if far or place not in FAR]
    return [name for words in told for name in (*own_activities(words)[0], *words.meanings("law"))]


def _quantity(
    places: Sequence[tuple[str, Words]], own: int, unit: str, of_change: bool
) -> tuple[str | None, str | None, str | None]:
    """Return the quantity that fits the unit, what a share is of, and the place that names it."""
    mine = [(place, name) for place, words in places[:own] for name in own_quantities(words)]
    mine.sort(key=lambda pair: quantities()[pair[1]]["rank"] or ANY)
    other = {place for place, words in places if place not in FAR and sets_other(words, unit)}
    # "Utredningar och placerade barn" over a row of reports of concern: the reports are what it counts, no measures or children.
    near = next((one for one in places if own or own_activities(one[1])[0]), ("", read_words("")))
    events = counts_events(near[1])
    others = [
        (place, name)
        for place, words in places[own:]
        for name in own_quantities(words)
        if not (name in _BOTH and place in _OVER and {*words.meanings("quantity")} >= _BOTH)
        if not (events and (quantities()[name]["rank"] == THINGS or name == "persons" or _is_afar(place, name, near[0])))
    ]
    # "Insats" over the labels of a table of waiting decisions says what the rows are; it counts only where nothing else does.
    others.sort(key=lambda pair: pair[0] == "stub" and quantities()[pair[1]]["rank"] == THINGS)
    for place, name in [*mine, *others]:
        if place in other:
            return None, None, None
        change = of_change and name == "share"
        if quantities()[name]["rank"] != ANY and not change and fits(name, unit, of_change):
            net = any("nettokostnad" in words.text for _, words in places[:own])
            if quantities()[name]["rank"] == RATIO and unit in _NO_UNIT_COST:
                # "Nettokostnad per insats, mnkr": the cost of each, in a table by them.
                return "net_cost" if any("nettokostnad" in words.text for _, words in places) else "cost", None, place
            return name, _of(name, [other for _, other in mine], net), place
    return "count" if of_change and _kind(unit) == "percent" else usual_quantity(unit), None, None


def _is_afar(place: str, quantity: str, near: str) -> bool:
    """Tell whether what is counted, care days or hours, is named elsewhere than where the events are that a figure is of."""
    return place != near and quantities()[quantity]["rank"] == COUNTED


def _of(quantity: str, named: Sequence[str], net: bool) -> str | None:
    """Return the counted thing that a ratio is of; persons go without saying."""
    if quantity.startswith("cost_per"):
        return "net_cost" if net else None
    if quantity not in ("share", "per_1000", "per_10000"):
        return None
    counted = next((name for name in named if quantities()[name]["rank"] in (MONEY, COUNTED, THINGS)), None)
    return counted if counted != "persons" else None


def fits(quantity: str, unit: str, of_change: bool = False) -> bool:
    """Tell whether a figure in a unit can be of a quantity."""
    own = quantities()[quantity]["unit"] or ""
    if unit in _NOUNS and _kind(own) == "number":
        return own == unit or {own, unit} <= {*_TIMES}
    kinds = _kind(own), _kind(unit)
    return kinds[0] == kinds[1] or (of_change and kinds[1] == "percent")


def _kind(unit: str) -> str:
    if is_money(unit):
        return "money"
    if unit in ("percent", "percentage_points", "per_mille"):
        return "percent"
    if unit.startswith("per_"):
        return "rate"
    return unit if unit in ("hours", "index") else "number"


def usual_quantity(unit: str) -> str | None:
    """Return the quantity that a unit alone says."""
    kind = _kind(unit)
    named = {"money": "money", "percent": "share"}.get(kind) or ("count" if unit == "count" else None)
    if kind == "rate":
        return "per_10000" if "10000" in unit else "per_1000"
    return named or _of_own_unit(unit)


def _of_own_unit(unit: str) -> str | None:
    return next((name for name, row in quantities().items() if row["unit"] == unit), None)


def quantity_in(quantity: str, unit: str) -> str | None:
    """Return the quantity that a figure is of which was read as another one, and is in a unit that somebody has put right.

    A quantity that the unit fits stays; None where the unit says none.

    Examples
    --------
    >>> quantity_in("money", "care_days"), quantity_in("cost", "SEK_per_day"), quantity_in("net_cost", "MSEK")
    ('care_days', 'cost_per_day', 'net_cost')
    """
    own = quantities()[quantity]["unit"] or ""
    if own == unit:
        return quantity
    if is_rate(unit):
        return _of_own_unit(unit)
    if is_rate(own) and is_money(unit):
        return "cost"
    # What is counted in a unit of its own is none of it in plain numbers; persons are often counted without saying so.
    plain = unit == "count" and own in _NOUNS and own != "persons"
    return quantity if fits(quantity, unit) and not plain else usual_quantity(unit)


def systematic(parts: Composition) -> str:
    """Return the id of a composition that is no listed measure: activity.quantity.population.time."""
    named = ["+".join(parts.activities), quantity_name(parts), *parts.populations, parts.reference_time or ""]
    return ".".join(filter(None, named)) + (":" + "_".join(parts.rest) if parts.rest else "")


def read_systematic(measure: str) -> Composition | None:
    """Return the composition that a systematic id stands for; None where it is none."""
    name, _, rest = measure.partition(":")
    first, *others = name.split(".")
    found = tuple(first.split("+"))
    if not others or any(activity not in activities() for activity in found):
        return None
    of, quantity = split_quantity(others[0])
    if quantity is None:
        return None
    time = others[-1] if others[-1] in reference_times() else None
    whom = tuple(others[1:-1] if time else others[1:])
    if any(name not in populations() and not name.startswith("age_") for name in whom):
        return None
    return Composition(found, quantity, of, whom, time, tuple(filter(None, rest.split("_"))))


def quantity_name(parts: Composition) -> str:
    """Return the name of a composition's quantity with what it is of: households_share, net_cost_per_day."""
    name = parts.quantity or "count"
    return name if not parts.of else f"net_{name}" if name.startswith("cost_per") else f"{parts.of}_{name}"


def split_quantity(name: str) -> tuple[str | None, str | None]:
    """Return what a ratio is of, and the quantity, of a name such as households_share; two times None where it is none."""
    if name in quantities():
        return None, name
    if (cost := name.removeprefix("net_")) != name and cost in quantities():
        return "net_cost", cost
    return next(
        (
            (name[: -len(other) - 1], other)
            for other in quantities()
            if name.endswith(f"_{other}") and name[: -len(other) - 1] in quantities()
        ),
        (None, None),
    )


def title(parts: Composition, language: str) -> str:
    """Return the title of a composition: what is given, what is counted, whom and when."""
    key = f"title_{language}"
    what = [activities()[name][key] or name for name in parts.activities]
    counted = quantities()[parts.quantity or "count"][key] or ""
    if parts.of:
        counted += f" ({quantities()[parts.of][key]})"
    whom = [
        _age_title(name, language) if name.startswith("age_") else populations()[name][key] or name for name in parts.populations
    ]
    when = [reference_times()[parts.reference_time][key] or ""] if parts.reference_time else []
    words = [" ".join(parts.rest)] if parts.rest else []
    joined = (" och " if language == "sv" else " and ").join(what)
    return f"{joined}: {', '.join([counted, *whom, *when, *words])}"


def read_title(text: str) -> Composition | None:
    """Return the composition that a title stands for, as `title` gives it in either language; None where it is none."""
    return next(filter(None, (_titled(text.casefold().strip(), language) for language in ("sv", "en"))), None)


def _titled(text: str, language: str) -> Composition | None:
    what, _, said = text.partition(": ")
    counted, _, of = said.split(", ")[0].partition(" (")
    found = _ids(activities(), language, what.split(" och " if language == "sv" else " and "))
    quantity, ratio = (_ids(quantities(), language, [part.removesuffix(")")]) for part in (counted, of))
    whom, times, rest = [], [], []
    for part in said.split(", ")[1:]:
        if named := _ids(populations(), language, [part]) or _age_titled(part):
            whom += named
        elif timed := _ids(reference_times(), language, [part]):
            times += timed
        else:
            rest += part.split()
    if not found or not quantity:
        return None
    parts = Composition(
        tuple(found), quantity[0], next(iter(ratio), None), tuple(sorted(whom)), next(iter(times), None), tuple(rest)
    )
    return parts if title(parts, language).casefold() == text else None


def _ids(rows: dict[str, dict[str, str | None]], language: str, titles: Sequence[str]) -> list[str]:
    """Return the ids of the parts that have these titles; none where one is nobody's."""
    known = {(row[f"title_{language}"] or name).casefold(): name for name, row in rows.items()}
    joined = known.get((" och " if language == "sv" else " and ").join(titles))
    found = [joined] if joined else [known[one] for one in titles if one in known]
    return found if joined or len(found) == len(titles) else []


_AGE_TITLES = (
    (r"(?:under|aged under) (\d+)(?: år)?", "under_{}"),
    (r"(?:över|aged over) (\d+)(?: år)?", "over_{}"),
    (r"(?:aged )?(\d+) (?:år och äldre|and over)", "{}_plus"),
    (r"(?:aged )?(\d+)–(\d+)(?: år)?", "{}_{}"),
)


def _age_titled(text: str) -> list[str]:
    matches = ((re.fullmatch(pattern, text), form) for pattern, form in _AGE_TITLES)
    return [f"age_{form.format(*match.groups())}" for match, form in matches if match]


def _age_title(name: str, language: str) -> str:
    low, high = name.removeprefix("age_").split("_")
    if low in ("under", "over"):
        words = {"under": ("under {} år", "aged under {}"), "over": ("över {} år", "aged over {}")}[low]
        return words[0 if language == "sv" else 1].format(high)
    if high == "plus":
        return f"{low} år och äldre" if language == "sv" else f"aged {low} and over"
    return f"{low}–{high} år" if language == "sv" else f"aged {low}–{high}"
