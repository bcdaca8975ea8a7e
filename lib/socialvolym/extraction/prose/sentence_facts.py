"""Sentence facts: what the audit needs of the sentences that figures stand in, so that no sentence is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from socialvolym.extraction.prose.naming import named_by, own_label
from socialvolym.notation.periods import DIFFERENCES
from socialvolym.vocabulary.phrases import is_said, phrases


def with_sentence_facts(figures: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return figures as `read_figures` reads them, with what the audit needs of them (columns.AUDITED) in place of the sentence.

    Returns
    -------
    column : the place of a cell's column.
    sentence : the number of the sentence that a figure stands in.
    row_names : the labels of the tables' rows that the sentence names, with strokes between.
    codes : of a cell: `deviates` (what it is expected to deviate by); of a figure in a sentence: `goes_on` (the sentence is
        about what the one before it says), `of_them` (of those that it counts), `part` and `share` (of two figures, the second
        is what share the first is), `whole` (that of which the figure before it is a part), `versus` (compared with the level
        before it), `new` (a clause of its own begins before it), `rises` or `falls` (of a change in per cent, where the
        sentence tells of one way only), `up:` or `down:` with the word by which it rose or fell to the figure, and `plus:` or
        `minus:` with the word for a surplus or a deficit.
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
    of_all = [role for role in ("goes_on", "of_them") if is_said(role, sentence)]
    ways = [phrase.meaning for phrase in phrases("way") if phrase.pattern.search(sentence)]
    places = list(_places(sentence, [row["published_as"] for row in figures]))
    between = [sentence[end:begin] for (_, end), (begin, _) in pairwise(places)]
    before = [sentence[: places[0][0]] if places else "", *between]
    shares = [is_said("as_share", text) for text in between]
    wholes = [is_said("of_whole", text) for text in before]
    for n, (row, is_part, is_share, whole) in enumerate(zip(figures, [*shares, False], [False, *shares], wholes, strict=True)):
        told = ways if len(ways) == 1 and row["series"] == "change_pct" else []
        marks = ["part"] * is_part + ["share"] * is_share + ["whole"] * whole
        marks += ["new"] * (n > 0 and is_said("clause_of_its_own", before[n]))
        marks += ["versus"] * is_said("versus", _since_level(sentence, figures, places, n))
        words = [*_turn(sentence[: places[n][0]]), *_result(before[n], [*between, sentence[places[-1][1] :]][n])]
        yield of_all + told + marks + words


def _places(sentence: str, printed: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield where the numbers of a sentence stand in it, one after the other."""
    end = 0
    for text in printed:
        found = re.compile(rf"(?<![\d,.]){re.escape(text)}(?!\d)").search(sentence, end)
        begin, end = found.span() if found else (end, end)
        yield begin, end


def _since_level(sentence: str, figures: Sequence[Mapping[str, Any]], places: Sequence[tuple[int, int]], n: int) -> str:
    """Return what stands between a level and the one before it, of changes only, or nothing."""
    levels = [m for m in range(n) if figures[m]["series"] not in DIFFERENCES]
    return sentence[places[levels[-1]][1] : places[n][0]] if levels and figures[n]["series"] not in DIFFERENCES else ""


def _turn(before: str) -> Iterator[str]:
    for phrase in phrases("turn"):
        if turn := phrase.pattern.search(before):
            yield f"{phrase.meaning}:{turn['word'].lower()}"
            return


def _result(before: str, after: str) -> Iterator[str]:
    """Yield whether a number is told as a surplus or a deficit, by the only word for one beside it."""
    for text in (before, after):
        said = [f"{phrase.meaning}:{word[0].lower()}" for phrase in phrases("result") for word in phrase.pattern.finditer(text)]
        if said:
            yield from said[:1] if len(said) == 1 else []
            return
