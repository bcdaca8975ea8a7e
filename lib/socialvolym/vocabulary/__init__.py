"""The vocabulary: measures, units, labels, words and usage warnings, loaded from the data files in this folder."""

from __future__ import annotations

import re
from functools import lru_cache

import polars as pl

from socialvolym.notation.languages import Language
from socialvolym.notation.numbers import RAISED, tidy
from socialvolym.vocabulary.codebook import (
    COSTS,
    MEASURE_COLUMNS,
    UNKNOWN,
    having_role,
    is_amount,
    is_cost,
    measure_index,
    measure_rows,
    measures,
)
from socialvolym.vocabulary.files import FOLDER, load, municipalities

__all__ = [
    "COSTS",
    "FOLDER",
    "MEASURE_COLUMNS",
    "UNKNOWN",
    "having_role",
    "is_amount",
    "is_cost",
    "load",
    "measure_index",
    "measure_rows",
    "measures",
    "municipalities",
]

#: units.csv
UNIT_COLUMNS = ("unit", "printed", "title_sv", "title_en", "one_sv", "one_en")


@lru_cache(maxsize=1)
def units() -> dict[str, dict[str, str | None]]:
    """Return each unit's row by its id: printed form, and titles in plural and singular."""
    return {row["unit"]: row for row in load("units.csv", UNIT_COLUMNS).iter_rows(named=True)}


@lru_cache(maxsize=1)
def words() -> dict[str, tuple[float, str | None]]:
    """Return the numbers that are written as words: word -> (value, unit or None)."""
    frame = load("words.csv", ("word", "value", "unit"))
    return {row["word"]: (float(row["value"]), row["unit"]) for row in frame.iter_rows(named=True)}


@lru_cache(maxsize=1)
def blanks() -> dict[str, str]:
    """Return what stands in a cell without a number: text -> status."""
    frame = load("blanks.csv", ("text", "status"))
    return {row["text"] or "": row["status"] for row in frame.iter_rows(named=True)}


@lru_cache(maxsize=1)
def labels() -> dict[str, tuple[str, str | None]]:
    """Return the known row labels: simplified label -> (measure, breakdown or None)."""
    frame = load("labels.csv", ("label", "measure", "breakdown"))
    known = {simplify(row["label"]): (row["measure"], row["breakdown"]) for row in frame.iter_rows(named=True)}
    titles = {simplify(row["title_sv"] or ""): (measure, None) for measure, row in measure_index().items()}
    return titles | known


@lru_cache(maxsize=65536)
def simplify(label: str) -> str:
    """Return a label in the form in which labels are compared: lower case, no footnote marks, single blanks."""
    plain = re.sub(rf"^(?:kf|sn)[- ]+|[*{RAISED}⁽⁾]+|(?<=[a-zåäö)])\d$", "", tidy(label).lower())
    return re.sub(r"\s+", " ", re.sub(r"\s*([-/,:])\s*", r"\1", plain)).strip(" .:")


def find_label(label: str, group: str | None = None) -> tuple[str, str | None] | None:
    """Return (measure, breakdown) of a row label, tried with its group heading first; None where it is unknown."""
    for text in ([f"{group}: {label}"] if group else []) + [label]:
        if found := labels().get(simplify(text)):
            return found
    return None


@lru_cache(maxsize=1)
def _wholes() -> dict[str, str]:
    return dict(load("wholes.csv", ("measure", "whole")).iter_rows())


def whole(measure: str) -> str:
    """Return the measure of a total row: the whole of which `measure` is printed for each part."""
    return _wholes().get(measure, measure)


def headline_measures(domain: str) -> list[str]:
    """Return the most important measures of a domain, in the order of the vocabulary."""
    return measures().filter(pl.col("domain") == domain, pl.col("headline") == "yes")["measure"].to_list()


@lru_cache(maxsize=1)
def areas() -> dict[str, dict[str, str | None]]:
    """Return the areas of finance tables whose cost belongs to a domain's story: simplified area -> area, domain, sv, en."""
    return {simplify(row["area"]): row for row in load("areas.csv", ("area", "domain", "sv", "en")).iter_rows(named=True)}


@lru_cache(maxsize=1)
def parts() -> dict[str, dict[str, str | None]]:
    """Return how parts of a whole are named in words: breakdown -> part, sv, en; empty where they need no mention."""
    return {row["part"]: row for row in load("parts.csv", ("part", "sv", "en")).iter_rows(named=True)}


@lru_cache(maxsize=1)
def remarks() -> dict[str, dict[str, str]]:
    """Return how a remark on a reading, written in English by who described the report, is told on a page: note -> sv, en."""
    return {row["note"]: row for row in load("remarks.csv", ("note", "sv", "en")).iter_rows(named=True)}


@lru_cache(maxsize=1)
def _ages() -> list[tuple[re.Pattern[str], dict[str, str]]]:
    rows = load("ages.csv", ("pattern", "sv", "en")).iter_rows(named=True)
    return [(re.compile(rf"(?:{row['pattern']})(?: \(%\))?", re.IGNORECASE), row) for row in rows]


def ages_in_words(part: str) -> dict[str, str | None] | None:
    """Return how an age group is named, however its limits are printed (ages.csv); None of what is none."""
    for pattern, row in _ages():
        if match := pattern.fullmatch(part):
            limits = [limit for limit in match.groups() if limit]
            return {language: row[language].format(*limits) for language in ("sv", "en")}
    return None


def part_in_words(part: str, language: Language) -> str:
    """Return a part in words, empty where it needs none; what has no words is as printed, but English has names of areas."""
    words = parts().get(part) or ages_in_words(part) or (areas().get(simplify(part)) if language == "en" else None)
    return part if words is None else words[language] or ""


@lru_cache(maxsize=4096)
def says_part(title: str, part: str) -> bool:
    """Tell whether a title names a part of a whole ("jourens" names jouren), and not beside others ("LSS eller SoL" neither)."""
    own, after_others = re.escape(simplify(part)), r"(?<! och )(?<! eller )(?<! and )(?<! or )"
    named = rf"(?<!\w){after_others}{own}(?:e?n)?s?(?!\w)(?! (?:och|eller|and|or) )"
    return re.search(named, simplify(title), re.IGNORECASE) is not None


@lru_cache(maxsize=2)
def series(language: Language) -> dict[str, str]:
    """Return what series are called in a language: series -> word."""
    return dict(load("series.csv", ("series", "sv", "en")).select("series", language).iter_rows())


@lru_cache(maxsize=1)
def _better() -> dict[str, str]:
    return dict(load("better.csv", ("measure", "better")).iter_rows())


def better(measure: str) -> str | None:
    """Return which way is good for a measure that goals are set for: "lower", "higher" or None where it is not said."""
    return _better().get(measure)
