"""Sentence facts: what the audit needs of the sentences that figures stand in, so that no sentence is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from socialvolym.extraction.prose.naming import named_by, own_label

#: A sentence that goes on about the figures of the one before it.
_BACK = re.compile(r"(?:det|detta|ökningen|minskningen|skillnaden|förändringen)\b", re.IGNORECASE)
#: How a share follows the number that it is of, also behind a clause on what that number is.
_AS_SHARE = re.compile(r"(?:,? eller|(?: [^\d,;:()]{1,80})?,? (?:vilket (?:är|motsvarar|utgör)|motsvarande)) (?:ca |cirka )?| \(")
_UP, _DOWN = r"öka\w*|steg|stig\w+|väx\w+", r"minska\w*|sj[öu]nk\w*"
_WAYS = {"rises": rf"\b(?:{_UP}|ökning|fler\b)", "falls": rf"\b(?:{_DOWN}|minskning|färre\b)"}
_TURN = re.compile(rf"\b(?:(?P<up>{_UP})|(?P<down>{_DOWN}))(?: (?!från|med)[a-zåäö]+)? till (?:ca |cirka )?$", re.IGNORECASE)


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
    back = ["goes_on"] if _BACK.match(sentence.lstrip()) else []
    ways = [way for way, words in _WAYS.items() if re.search(words, sentence, re.IGNORECASE)]
    told = [ways if len(ways) == 1 and row["series"] == "change_pct" else [] for row in figures]
    printed = [row["published_as"] for row in figures]
    shares = [_AS_SHARE.fullmatch(_between(sentence, *pair)) is not None for pair in pairwise(printed)]
    for text, way, is_part, is_share in zip(printed, told, [*shares, False], [False, *shares], strict=True):
        yield back + way + ["part"] * is_part + ["share"] * is_share + list(_turn(sentence, text))


def _between(sentence: str, first: str, second: str) -> str:
    return sentence.partition(first)[2].partition(second)[0]


def _turn(sentence: str, printed: str) -> Iterator[str]:
    turn = _TURN.search(sentence.partition(printed)[0]) if sentence.count(printed) == 1 else None
    if turn is not None:
        yield f"up:{turn['up'].lower()}" if turn["up"] else f"down:{turn['down'].lower()}"
