"""Yardsticks: whose inhabitants a volume is held against, and which price index a sum of money (yardsticks.toml)."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from socialvolym import vocabulary
from socialvolym.observations import facts
from socialvolym.observations.facts import ALL, Group, Index
from socialvolym.toml_files import Data, load_toml
from socialvolym.vocabulary.composition import activities, populations
from socialvolym.vocabulary.files import names_in

_AGES = re.compile(r"^(\d+)\s*[-–]\s*(\d+)\s*år$")


class Sex(Data):
    """A group of one sex; `of`: the group whose ages it has."""

    sex: str
    of: str | None = None


class Yardsticks(Data):
    """yardsticks.toml."""

    ages: dict[str, dict[str, tuple[int, int]]]
    families: dict[str, str]
    sexes: dict[str, Sex]
    price_index: dict[str, Index]


@lru_cache(maxsize=1)
def _yardsticks() -> Yardsticks:
    return load_toml(Yardsticks, Path(__file__).with_suffix(".toml"))


@lru_cache(maxsize=4096)
def group_of(measure: str, breakdown: str | None = None) -> Group:
    """Return the inhabitants that a measure, or a part of it, is held against; all of them where it is of no group."""
    row = vocabulary.measure_index().get(measure)
    if row is None:
        return ALL
    within = [activities().get(name, {}) for name in (row["activity"] or "").split("+")]
    named = {part for text in (row["population"], *(each.get("population") for each in within)) for part in names_in(text)}
    named |= {_yardsticks().families.get(row["family"] or "", "")}
    named |= {name for name, about in populations().items() if breakdown and about["breakdown"] == breakdown}
    sexes = {name: sex for name, sex in _yardsticks().sexes.items() if name in named}
    ages = _yardsticks().ages.get(row["domain"], {})
    known = [ages[name] for name in sorted(named | {sex.of or "" for sex in sexes.values()}) if name in ages]
    known += [(int(found[1]), int(found[2]))] if (found := _AGES.match(breakdown or "")) else []
    sex = next(iter(sexes.values())).sex if len(sexes) == 1 else None
    if not known:
        return Group(sex=sex)
    # Of a measure of children and its part of 13 to 20 years the part is meant; of children and youth together all.
    first, last = known[-1] if found else (min(low for low, _ in known), max(high for _, high in known))
    return Group(first, last, sex)


def index_of(measure: str) -> Index:
    """Return the price index that a measure's money follows; consumer prices where that of municipal services is not known."""
    domain = (vocabulary.measure_index().get(measure) or {}).get("domain") or "context"
    return _yardsticks().price_index.get(domain, "cpi") if facts.has_pkv() else "cpi"
