"""Checking the vocabulary: labels that clash, are ambiguous or unused, and references that lead nowhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from socialvolym import vocabulary
from socialvolym.observations import facts
from socialvolym.reports.models import RawReport
from socialvolym.vocabulary import composition
from socialvolym.vocabulary.columns import DOMAINS
from socialvolym.vocabulary.files import names_in
from socialvolym.vocabulary.terms import terms


@dataclass(frozen=True)
class Problem:
    """A remark: kind is "clash" (must be put right), "ambiguous" or "unused"."""

    kind: str
    text: str


def problems(reports: Sequence[RawReport]) -> list[Problem]:
    """Return the remarks on the vocabulary, clashes first."""
    found = [*_clashing_labels(), *_clashing_titles(), *_clashing_terms(), *_clashing_compositions()]
    found += [*_lost_references(), *_lost_parts(), *_ambiguous_labels(), *_unused_labels(reports)]
    return sorted(found, key=lambda problem: ("clash", "ambiguous", "unused").index(problem.kind))


def _entries() -> pl.DataFrame:
    return pl.read_csv(vocabulary.FOLDER / "labels.csv", infer_schema=False)


def _clashing_labels() -> Iterable[Problem]:
    meanings: dict[str, set[str]] = defaultdict(set)
    for row in _entries().iter_rows(named=True):
        meanings[vocabulary.simplify(row["label"])].add(row["measure"])
    for label, measures in meanings.items():
        if len(measures) > 1:
            yield Problem("clash", f"the label {label!r} means {', '.join(sorted(measures))}")


def _clashing_titles() -> Iterable[Problem]:
    for language in ("sv", "en"):
        titles = vocabulary.measures()[f"title_{language}"]
        for title in titles.filter(titles.is_duplicated()).unique():
            yield Problem("clash", f"two measures have the title {title!r}")


def _clashing_terms() -> Iterable[Problem]:
    meanings: dict[tuple[str, str], set[str]] = defaultdict(set)
    for term in terms():
        meanings[term.part, term.pattern.pattern].add(term.meaning)
        if term.meaning not in _listed_meanings()[term.part]:
            yield Problem("clash", f"terms.csv: {term.meaning!r} is no {term.part}")
    for (part, pattern), found in meanings.items():
        if len(found) > 1:
            yield Problem("clash", f"terms.csv: one {part} term means {', '.join(sorted(found))}: {pattern}")


def _listed_meanings() -> dict[str, set[str]]:
    return {
        "activity": set(composition.activities()),
        "law": set(composition.laws()),
        "quantity": set(composition.quantities()),
        "population": set(composition.populations()),
        "reference_time": set(composition.reference_times()),
        "filler": {""},
    }


def _clashing_compositions() -> Iterable[Problem]:
    columns = ("activity", "quantity", "population", "reference_time")
    measures: dict[tuple[str | None, ...], list[str]] = defaultdict(list)
    for measure, row in vocabulary.measure_index().items():
        if row["activity"]:
            measures[tuple(row[column] for column in columns)].append(measure)
    for parts, found in measures.items():
        if len(found) > 1:
            yield Problem("clash", f"measures.csv: {', '.join(found)} are all {'.'.join(filter(None, parts))}")


def _lost_parts() -> Iterable[Problem]:
    """Tell of parts of measures, and of what activities and quantities refer to, that are listed nowhere."""
    known, units = composition.activities(), vocabulary.units()
    for measure, row in vocabulary.measure_index().items():
        if row["activity"] and composition.read_systematic(f"{row['activity']}.{row['quantity']}") is None:
            yield Problem(
                "clash", f"measures.csv: {measure} has the unknown activity or quantity {row['activity']}.{row['quantity']}"
            )
        for name in (*names_in(row["population"]), *names_in(row["divided_by"])):
            if name not in composition.populations():
                yield Problem("clash", f"measures.csv: {measure} has the unknown population {name!r}")
    for activity, row in known.items():
        if row["within"] and row["within"] not in known:
            yield Problem("clash", f"activities.csv: {activity} is within the unknown activity {row['within']!r}")
        if row["domain"] not in DOMAINS:
            yield Problem("clash", f"activities.csv: {activity} has the unknown domain {row['domain']!r}")
    for quantity, row in composition.quantities().items():
        if row["unit"] not in units:
            yield Problem("clash", f"quantities.csv: {quantity} has the unknown unit {row['unit']!r}")
        if row["usual_activity"] and row["usual_activity"] not in known:
            yield Problem("clash", f"quantities.csv: {quantity} has the unknown activity {row['usual_activity']!r}")


def _lost_references() -> Iterable[Problem]:
    known, units, kolada = vocabulary.measure_index(), vocabulary.units(), set(facts.kolada_measures()["kpi"])
    for row in _entries().iter_rows(named=True):
        if row["measure"] not in known:
            yield Problem("clash", f"labels.csv: {row['label']!r} leads to {row['measure']!r}, which is no measure")
    for measure, row in known.items():
        if row["unit"] not in units:
            yield Problem("clash", f"measures.csv: {measure} has the unknown unit {row['unit']!r}")
        if row["kolada"] and row["kolada"] not in kolada:
            yield Problem("clash", f"measures.csv: {measure} names the unknown Kolada measure {row['kolada']!r}")
        for other in names_in(row["not_with"]):
            if other not in known:
                yield Problem("clash", f"measures.csv: {measure} must not be mixed with {other!r}, which is no measure")


def _ambiguous_labels() -> Iterable[Problem]:
    titles = {vocabulary.simplify(row["title_sv"] or ""): measure for measure, row in vocabulary.measure_index().items()}
    for row in _entries().iter_rows(named=True):
        titled = titles.get(vocabulary.simplify(row["label"]))
        if titled and titled != row["measure"]:
            yield Problem("ambiguous", f"the label {row['label']!r} leads to {row['measure']} but is the title of {titled}")


def _unused_labels(reports: Sequence[RawReport]) -> Iterable[Problem]:
    used = {
        vocabulary.simplify(text)
        for raw in reports
        for group, label in raw.cells.select("group", "row_label").iter_rows()
        for text in (label, f"{group}: {label}")
        if text
    }
    for row in _entries().iter_rows(named=True):
        if vocabulary.simplify(row["label"]) not in used:
            yield Problem("unused", f"no report uses the label {row['label']!r} ({row['measure']})")
