"""Sentence facts: what the audit needs of the sentences that figures stand in, so that no sentence is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from socialvolym.extraction.prose.naming import named_by, own_label
from socialvolym.vocabulary.phrases import is_said, phrases


def with_sentence_facts(figures: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return figures as `read_figures` reads them, with what the audit needs of them (columns.AUDITED) in place of the sentence.

    Returns
    -------
    column : the place of a cell's column.
    sentence : the number of the sentence that a figure stands in.
    row_names : the labels of the tables' rows that the sentence names, with strokes between.
    codes : of a cell: `deviates` (what it is expected to deviate by); of a figure in a sentence: `goes_on` (the sentence is
        about what the one before it says), `part` and `share` (of two figures, the second is what share the first is),
        `rises` or `falls` (of a change in per cent, where the sentence tells of one way only), and `up:` or `down:` with the
        word by which it rose or fell to the figure.
    """
    labels = list(dict.fromkeys(own_label(row["label"]) for row in figures if row["table"] is not None))
    known: dict[str, list[Mapping[str, Any]]] = {}
    for row in figures:
        if row.get("sentence") is not None:
            known.setdefault(row["sentence"], []).append(row)
    facts: dict[int, dict[str, Any]] = {}
    for number, (sentence, own) in enumerate(known.items(), start=1):
        named = "|".join(label for label in labels if named_by(label, sentence)) or None
        for row, codes in zip(own, _codes(sentence, own), strict=True):
            facts[id(row)] = {"sentence": number, "row_names": named, "codes": " ".join(codes) or None}
    cell = {"sentence": None, "row_names": None}
    return [
        {**row, "column": row.get("column"), **facts.get(id(row), {**cell, "codes": "deviates" if row.get("deviates") else None})}
        for row in figures
    ]


def _codes(sentence: str, figures: Sequence[Mapping[str, Any]]) -> Iterator[list[str]]:
    """Yield what a sentence says of each of its figures."""
    back = ["goes_on"] if is_said("goes_on", sentence) else []
    ways = [phrase.meaning for phrase in phrases("way") if phrase.pattern.search(sentence)]
    told = [ways if len(ways) == 1 and row["series"] == "change_pct" else [] for row in figures]
    printed = [row["published_as"] for row in figures]
    shares = [is_said("as_share", _between(sentence, *pair)) for pair in pairwise(printed)]
    for text, way, is_part, is_share in zip(printed, told, [*shares, False], [False, *shares], strict=True):
        yield back + way + ["part"] * is_part + ["share"] * is_share + list(_turn(sentence, text))


def _between(sentence: str, first: str, second: str) -> str:
    return sentence.partition(first)[2].partition(second)[0]


def _turn(sentence: str, printed: str) -> Iterator[str]:
    before = sentence.partition(printed)[0] if sentence.count(printed) == 1 else ""
    for phrase in phrases("turn"):
        if turn := phrase.pattern.search(before):
            yield f"{phrase.meaning}:{turn['word'].lower()}"
            return
