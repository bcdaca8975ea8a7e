"""Yardsticks: whose inhabitants a volume is held against, and which price index a sum of money (yardsticks.toml)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from pydantic import Field

from socialvolym import vocabulary
from socialvolym.observations import facts
from socialvolym.observations.facts import ALL, OLDEST, Group, Index
from socialvolym.toml_files import Data, load_toml
from socialvolym.vocabulary.codebook import is_composed
from socialvolym.vocabulary.composition import activities
from socialvolym.vocabulary.files import names_in
from socialvolym.vocabulary.phrases import is_said
from socialvolym.vocabulary.terms import read_words

#: A part that tells an age.
_TELLS_AGE = re.compile(r"\d\s?(?:år\b|-?åring)", re.IGNORECASE)
#: "Up to 18" may hold those of 18 years or not.
_UP_TO = re.compile(r"\bupp till\b", re.IGNORECASE)
#: The group of a part whose ages are told in another way than those that are known.
_UNCLEAR = "age_over_0"
#: From this age on a person is an adult.
_ADULT = 18

#: The first and the last age of a group; the last is None where all older ones belong to it.
Ages = tuple[int, int | None]


class Sex(Data):
    """A group of one sex; `of`: the group whose ages it has."""

    sex: str
    of: str | None = None


class PerInhabitant(Data):
    """What is set per inhabitant."""

    quantities: tuple[str, ...]
    units: tuple[str, ...]
    not_at: tuple[str, ...]
    roles: tuple[str, ...]


class Groups(Data):
    """Which groups are of an age."""

    aged: tuple[str, ...]
    aged_part: tuple[str, ...]
    of_others: tuple[str, ...]
    grown: tuple[str, ...]


class Written(Data):
    """How ages are written, and how else they can be."""

    pattern: str
    as_: str = Field(alias="as")


class Yardsticks(Data):
    """yardsticks.toml."""

    per_inhabitant: PerInhabitant
    ages: dict[str, dict[str, tuple[int, ...]]]
    groups: Groups
    measures: dict[str, tuple[str, ...]]
    words: dict[str, str]
    age_written: tuple[Written, ...]
    sexes: dict[str, Sex]
    price_index: dict[str, Index]


@lru_cache(maxsize=1)
def _yardsticks() -> Yardsticks:
    return load_toml(Yardsticks, Path(__file__).with_suffix(".toml"))


@lru_cache(maxsize=4096)
def has_rate(measure: str, breakdown: str | None = None, municipality_code: str = "") -> bool:
    """Tell whether a measure's levels are set per inhabitant: what its persons have or cost, in this municipality."""
    row, allowed = vocabulary.measure_index().get(measure), _yardsticks().per_inhabitant
    if row is None or row["reference_time"] in allowed.not_at or is_elsewhere(breakdown or "", municipality_code):
        return False
    if row["role"] in allowed.roles:
        # A sum: unit costs are in kronor.
        return bool(row["unit"] == "kSEK")
    if row["domain"] == "context":
        # A committee's own staff and work are no inhabitants'.
        return False
    if row["quantity"] is None:
        return bool(row["unit"] in allowed.units)
    named = [activities().get(name, {}) for name in (row["activity"] or "").split("+")]
    of_events = row["quantity"] == "count" and all(each.get("events") for each in named)
    return bool(row["quantity"] in allowed.quantities or of_events)


def is_elsewhere(breakdown: str, municipality_code: str) -> bool:
    """Tell whether a part is the country, a county or another municipality than that of the code."""
    others = {name for code, name in vocabulary.municipalities().items() if code != municipality_code}
    return any(part in others or is_said("elsewhere_label", part) for part in breakdown.split(", "))


@lru_cache(maxsize=4096)
def group_of(measure: str, breakdown: str | None = None) -> Group | None:
    """Return the inhabitants that a measure, or a part of it, is held against: all of them where it is of no group.

    None where it is of a group whose ages are not said.
    """
    row = vocabulary.measure_index().get(measure)
    if row is None:
        return ALL
    groups, whole, part = _yardsticks().groups, _named(measure, row), part_named(breakdown)
    domain = row["domain"] or ""
    ages = _ages(part, domain, (*groups.aged, *groups.aged_part)) or _ages(whole, domain, groups.aged)
    if whole & set(groups.of_others) and any(name.startswith("age_") for name in part):
        return None
    return _group(ages, whole | part)


def _group(found: Sequence[Ages | None], named: Collection[str]) -> Group | None:
    """Return the inhabitants from the first to the last of some ages, of the sex that is named; None where ages are not clear."""
    ages = [each for each in found if each is not None]
    if len(ages) < len(found):
        return None
    sexes = {sex.sex for name, sex in _yardsticks().sexes.items() if name in named}
    sex = next(iter(sexes)) if len(sexes) == 1 else None
    lasts = [last for _, last in ages]
    last = None if None in lasts else max((last for last in lasts if last is not None), default=None)
    return Group(min((first for first, _ in ages), default=None), last, sex)


def part_of(breakdown: str | None) -> Group | None:
    """Return the ages and the sex that a part itself prints, whatever its measure is of; None for ages that are not clear."""
    part = part_named(breakdown)
    return _group(_ages({name for name in part if name.startswith("age_")}, "", ()), part)


def fits(measure: str, breakdown: str | None, people: Group) -> bool:
    """Tell whether inhabitants are such as a measure, or a part of it, is of.

    Ages and sex that a part prints must be theirs. Of children, young people and other groups of an age the ages are for the
    researcher to say, but inhabitants of all ages, or of ages that the group has none of, are others.
    """
    printed, own = part_of(breakdown), group_of(measure, breakdown)
    row = vocabulary.measure_index().get(measure)
    named = part_named(breakdown) | (_named(measure, row) if row else frozenset())
    if printed is not None and printed.first is not None:
        same = printed[:2] == people[:2]
    elif own is None or own.first is not None or is_aged(breakdown):
        same = people.first is not None and (own is None or _overlap(own, people))
    else:
        same = True
    too_young = bool(named & set(_yardsticks().groups.grown)) and people.last is not None and people.last < _ADULT
    sex = (own or printed or ALL).sex
    return same and not too_young and sex in (None, people.sex)


def _overlap(own: Group, people: Group) -> bool:
    last, others = (OLDEST if group.last is None else group.last for group in (own, people))
    return (own.first or 0) <= others and (people.first or 0) <= last


def is_aged(breakdown: str | None) -> bool:
    """Tell whether a part is of an age, as years or by a word."""
    groups, part = _yardsticks().groups, part_named(breakdown)
    return bool(part & {*groups.aged, *groups.aged_part}) or any(name.startswith("age_") for name in part)


def _named(measure: str, row: Mapping[str, str | None]) -> frozenset[str]:
    """Return the groups that a measure is of."""
    within = [activities().get(name, {}) for name in (row["activity"] or "").split("+")]
    named = {part for text in (row["population"], *(each.get("population") for each in within)) for part in names_in(text)}
    named |= set(_yardsticks().measures.get(measure, ()))
    words = [] if is_composed(measure) else measure.split("_")
    return frozenset(named | {_yardsticks().words[word] for word in words if word in _yardsticks().words})


@lru_cache(maxsize=4096)
def part_named(breakdown: str | None) -> frozenset[str]:
    """Return the groups that a part is of, ages like age_0_18, as the vocabulary names them."""
    text = breakdown or ""
    for written in _yardsticks().age_written:
        text = re.sub(written.pattern, written.as_, text, flags=re.IGNORECASE)
    words = read_words(text)
    groups, tells = {hit.meaning for hit in words.of("population")}, _TELLS_AGE.search(text) is not None
    # "Enhet 1-2" is of no age, but "13-20" and "barn 0-12" are.
    ages = words.ages if tells or not re.search(r"[^\W\d]", text) or groups & set(_yardsticks().groups.aged) else ()
    unclear = tells and (not ages or _UP_TO.search(text) is not None)
    return frozenset(groups | ({_UNCLEAR} if unclear else {f"age_{age}" for age in ages}))


def _ages(named: Collection[str], domain: str, aged: Collection[str]) -> list[Ages | None]:
    """Return the ages of the groups that are named, None for one whose ages are not clear; a printed age goes before a group."""
    printed = [_printed(name) for name in sorted(named) if name.startswith("age_")]
    if printed:
        return printed
    known, sexes = _yardsticks().ages.get(domain, {}), _yardsticks().sexes
    names = {sexes[name].of or "" if name in sexes else name for name in named}
    found: list[Ages | None] = []
    for name in sorted(names & {*aged, *known}):
        ages = known.get(name)
        found.append(None if ages is None else (ages[0], ages[1] if len(ages) > 1 else None))
    return found


def _printed(name: str) -> Ages | None:
    """Return the ages that a name like age_0_18, age_65_plus or age_under_18 has; "over 65" may begin at 65 or 66."""
    low, _, high = name.removeprefix("age_").partition("_")
    if low == "under":
        return 0, int(high) - 1
    return None if low == "over" else (int(low), None if high == "plus" else int(high))


def without_index() -> list[str]:
    """Return the domains whose money follows consumer prices because the index of their own has not been put in."""
    return [] if facts.has_pkv() else [domain for domain, index in _yardsticks().price_index.items() if index == "pkv"]


def index_of(measure: str) -> Index:
    """Return the price index that a measure's money follows; consumer prices where that of municipal services is not known."""
    domain = (vocabulary.measure_index().get(measure) or {}).get("domain") or "context"
    return _yardsticks().price_index.get(domain, "cpi") if facts.has_pkv() else "cpi"
