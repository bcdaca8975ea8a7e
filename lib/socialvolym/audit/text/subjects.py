"""Subjects: what facts of sentences are about, told by the labels of the rows that they name, so that no sentence is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from socialvolym.audit.text.claims import BELOW, about, names_row
from socialvolym.audit.text.passages import SUBJECTS
from socialvolym.audit.text.patterns import pattern
from socialvolym.audit.text.text_facts import names_of
from socialvolym.extraction.prose.naming import named_by, same_subject

#: So many letters of a noun behind a number are looked for in labels (claims.py).
_NOUN = 8


@dataclass(frozen=True)
class _Labels:
    """The row labels of a document's tables: table, line, label."""

    rows: Sequence[tuple[str, int, str]]

    @cached_property
    def all(self) -> list[str]:
        """Each label once."""
        return list(dict.fromkeys(label for _, _, label in self.rows))

    @cached_property
    def words(self) -> Mapping[str, str]:
        """All labels of each table as one text."""
        found: dict[str, dict[str, None]] = {}
        for table, _, label in self.rows:
            found.setdefault(table, {})[label] = None
        return {table: " ".join(labels) for table, labels in found.items()}


#: Of the line and the parts of a fact, and the labels of the document, the parts that are kept.
_Kept = Callable[[int, str, _Labels], list[str]]


def without_sentences(facts: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """Return a document's facts (text_facts.FACT_SCHEMA) as data/raw keeps them: a subject is the label of a row that it names.

    A fact whose subject names no row accuses nothing and is left out. Where a subject names several rows, there is a fact for
    each; the audit finds the same rows by them as by the sentence's own words.

    Parameters
    ----------
    facts : of the document (structure.structure).
    cells : its printed cells (CELL_SCHEMA).
    """
    labels = _labels(cells)
    kept = [(line, kind, _KEPT[kind](line, what, labels) if kind in _KEPT else [what]) for line, kind, what in facts.iter_rows()]
    rows = [(line, kind, what) for line, kind, told in kept for what in told]
    return pl.DataFrame(rows, schema=facts.schema, orient="row").unique(maintain_order=True)


def _labels(cells: pl.DataFrame) -> _Labels:
    group = pl.col("group")
    label = pl.when(group.fill_null("") != "").then(pl.format("{}: {}", group, "row_label")).otherwise("row_label")
    rows = cells.filter(pl.col("kind") != "text", pl.col("row_label").is_not_null()).select("table", "line", label.alias("label"))
    return _Labels(list(rows.unique(maintain_order=True).iter_rows()))


def _replaced(
    kind: str, name: str, find: Callable[[int, str, _Labels], Iterable[str]]
) -> Callable[[int, str, _Labels], list[str]]:
    """Return what puts the labels that a subject names in its place among the parts of a kind of facts."""
    place = names_of(kind).index(name)

    def kept(line: int, what: str, labels: _Labels) -> list[str]:
        parts = what.split("|")
        before, subject, after = parts[:place], parts[place], parts[place + 1 :]
        return ["|".join([*before, label, *after]) for label in dict.fromkeys(find(line, subject, labels))]

    return kept


def _same(line: int, subject: str, labels: _Labels) -> list[str]:
    return [label for label in labels.all if same_subject(label, subject)][:1]


def _total_or_same(line: int, subject: str, labels: _Labels) -> list[str]:
    total = pattern("total_subject").search(subject)
    return [total[0]] if total else _same(line, subject, labels)


def _named(line: int, subject: str, labels: _Labels) -> list[str]:
    if subject in SUBJECTS:
        return [subject]
    total = pattern("total_subject").search(subject)
    told = [*([total[0]] if total else []), *(label for label in labels.all if named_by(label, subject))]
    return [", ".join(told)] if told else []


def _equal(line: int, subject: str, labels: _Labels) -> list[str]:
    return [label for label in labels.all if label.lower() == subject.lower()]


def _developed(line: int, subject: str, labels: _Labels) -> list[str]:
    named = [label for _, row, label in labels.rows if names_row(subject, label, line - row)]
    return [label for label in named if not any(other.lower() in label.lower() for other in named if other != label)]


def _below(line: int, subject: str, labels: _Labels) -> list[str]:
    return [label for table, row, label in labels.rows if 0 < row - line <= BELOW and about(subject, label, labels.words[table])]


def _noun(line: int, noun: str, labels: _Labels) -> list[str]:
    stem = noun[:_NOUN]
    return [stem] if any(stem in label.lower() for label in labels.all) else []


def _own_label(line: int, shortened: str, labels: _Labels) -> list[str]:
    return [label for _, row, label in labels.rows if row == line][:1] or [""]


#: Facts that hold words of a sentence, and what is kept of them.
_KEPT: Mapping[str, _Kept] = {
    kind: _replaced(kind, name, find)
    for kind, name, find in (
        ("direction_told", "subject", _same),
        ("deficit_told", "subject", _total_or_same),
        ("amount_and_percent", "subject", _named),
        ("steady_trend", "subject", _equal),
        ("development", "subject", _developed),
        ("against_years", "subject", _below),
        ("level_as_change", "subject", _noun),
        ("unit_missing", "published", _own_label),
    )
}
