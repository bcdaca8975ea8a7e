"""Codebook: the measures, those that are listed (measures.csv) and those that compositions stand for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import polars as pl

from socialvolym.vocabulary.composition import (
    Composition,
    activities,
    composed,
    populations,
    quantities,
    quantity_in,
    quantity_name,
    read_systematic,
    reference_times,
    split_quantity,
    systematic,
    title,
)
from socialvolym.vocabulary.files import load, names_in
from socialvolym.vocabulary.money import is_money

#: measures.csv
MEASURE_COLUMNS = (
    "measure",
    "domain",
    "title_sv",
    "title_en",
    "unit",
    "activity",
    "quantity",
    "population",
    "divided_by",
    "reference_time",
    "denominator",
    "role",
    "family",
    "cost_sign",
    "kolada",
    "not_with",
    "headline",
    "definition_sv",
    "definition_en",
)

#: The measure of a figure whose measure the vocabulary does not tell.
UNKNOWN = "unknown"


class _Measures(dict[str, dict[str, str | None]]):
    """The listed measures by their ids; those of compositions are known too, but not among its items."""

    def __missing__(self, measure: str) -> dict[str, str | None]:
        entry = _composed_row(measure)
        if entry is None:
            raise KeyError(measure)
        return entry

    def __contains__(self, measure: object) -> bool:
        return super().__contains__(measure) or (isinstance(measure, str) and _composed_row(measure) is not None)

    def get(self, measure: str, default: Any = None) -> Any:
        try:
            return self[measure]
        except KeyError:
            return default


@lru_cache(maxsize=1)
def measures() -> pl.DataFrame:
    """Return the listed measures, one row each (MEASURE_COLUMNS, all text)."""
    return load("measures.csv", MEASURE_COLUMNS)


@lru_cache(maxsize=1)
def measure_index() -> _Measures:
    """Return each measure's row by its id; the ids of compositions lead to rows that are made from their parts."""
    return _Measures({row["measure"]: row for row in measures().iter_rows(named=True)})


def is_composed(measure: str) -> bool:
    """Tell whether a measure is not listed but stands for a composition."""
    return _composed_row(measure) is not None


def measure_rows(names: Iterable[str | None]) -> pl.DataFrame:
    """Return the rows (MEASURE_COLUMNS) of those of the named measures that are known, each once."""
    index = measure_index()
    rows = [index[name] for name in dict.fromkeys(names) if name is not None and name in index]
    return pl.DataFrame(rows, schema=dict.fromkeys(MEASURE_COLUMNS, pl.String))


#: Roles of measures whose figures are costs.
COSTS = ("cost", "net_cost", "net_cost_by_area", "investment")


def is_cost(measure: str) -> bool:
    """Tell whether a measure is a cost, which some tables print with a minus."""
    entry = measure_index().get(measure)
    return bool(entry and entry["cost_sign"] and entry["role"] in COSTS)


def is_amount(measure: str) -> bool:
    """Tell whether a measure is a sum of money that nothing names as a cost or an income."""
    entry = measure_index().get(measure)
    return bool(entry and entry["cost_sign"] and entry["quantity"] == "money")


def is_bare_share(measure: str) -> bool:
    """Tell whether a measure is a share of which nothing says of what it is one, nor of whom: "Gruppbostad: andel"."""
    parts = read_systematic(measure)
    return parts is not None and parts.quantity == "share" and not (parts.of or parts.populations or parts.rest)


def having_role(names: Iterable[str | None], *roles: str) -> list[str]:
    """Return those of the named measures that have one of the roles (measures.csv, column role)."""
    index = measure_index()
    return [name for name in dict.fromkeys(names) if name is not None and name in index and index[name]["role"] in roles]


def measure_of(parts: Composition) -> tuple[str, str | None]:
    """Return the measure of a composition and its breakdown: a listed measure, or a part of one that it is divided by.

    What is not listed has its systematic id; without an activity or a quantity it is UNKNOWN.
    """
    if not parts.activities or parts.quantity is None:
        return UNKNOWN, None
    if listed := _listed().get(parts):
        return listed, None
    for name in parts.populations:
        whole = replace(parts, populations=tuple(other for other in parts.populations if other != name))
        listed = _listed().get(whole)
        if listed and name in names_in(measure_index()[listed]["divided_by"]):
            return listed, populations()[name]["breakdown"]
    return systematic(parts), None


def in_unit(measure: str, unit: str) -> str:
    """Return the measure of the same activity and population whose quantity fits a unit; the measure itself where it fits.

    So does one that stands for no composition, and one in a unit that says no quantity.

    Examples
    --------
    >>> in_unit("sis.money", "care_days"), in_unit("sis.care_days", "care_days")
    ('sis.care_days', 'sis.care_days')
    """
    entry = measure_index().get(measure)
    quantity = split_quantity(entry["quantity"] or "")[1] if entry else None
    usual = quantity and quantity_in(quantity, unit)
    if not entry or not entry["activity"] or usual in (None, quantity):
        return measure
    parts = read_systematic(measure)
    return measure_of(_composition(entry, usual, rest=parts.rest if parts else ()))[0]


@lru_cache(maxsize=1)
def _listed() -> dict[Composition, str]:
    """Return the listed measures that are compositions, by them."""
    found = {}
    for measure, row in measure_index().items():
        if row["activity"] and row["quantity"]:
            of, quantity = split_quantity(row["quantity"])
            found[_composition(row, quantity, of)] = measure
    return found


def _composition(
    entry: Mapping[str, str | None], quantity: str | None, of: str | None = None, rest: Sequence[str] = ()
) -> Composition:
    """Return the composition of a measure's activity, population and time with a quantity.

    What happens through a year (year_sum) is counted over it without saying so; other reference times must be said.
    """
    time = entry["reference_time"] if entry["reference_time"] in set(reference_times()) - {"year_sum"} else None
    return composed((entry["activity"] or "").split("+"), quantity, names_in(entry["population"]), time, of, rest)


@lru_cache(maxsize=4096)
def _composed_row(measure: str) -> dict[str, str | None] | None:
    parts = read_systematic(measure)
    if parts is None:
        return None
    unit = quantities()[parts.quantity or "count"]["unit"] or ""
    titles = {language: title(parts, language) for language in ("sv", "en")}
    return dict.fromkeys(MEASURE_COLUMNS) | {
        "measure": measure,
        "domain": activities()[parts.activities[0]]["domain"],
        "title_sv": titles["sv"],
        "title_en": titles["en"],
        "unit": unit,
        "activity": "+".join(parts.activities),
        "quantity": quantity_name(parts),
        "population": "|".join(parts.populations) or None,
        "reference_time": parts.reference_time or "unknown",
        "role": quantities()[parts.quantity or "count"]["role"],
        "family": parts.activities[0],
        "cost_sign": "as_printed" if is_money(unit) else None,
        "definition_sv": f"{titles['sv']}.",
        "definition_en": f"{titles['en']}.",
    }
