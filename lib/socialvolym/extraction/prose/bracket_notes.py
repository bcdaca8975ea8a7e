"""Bracket notes: what a document says that its brackets hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from socialvolym.extraction.prose.told_times import Time, noted_time
from socialvolym.vocabulary.phrases import first_meaning, phrases

#: What brackets hold where nothing is said of them.
_YEAR_BEFORE = Time(shift=-1, anaphoric=True)


@dataclass(frozen=True)
class Brackets:
    """What a document says that its brackets hold: figures of a time, or of a series; where it says nothing, the year before.

    `time` is None for that of the number before the bracket.
    """

    time: Time | None = _YEAR_BEFORE
    series: str | None = None


def brackets_of(lines: Sequence[str]) -> Brackets:
    """Return what a document says of its brackets, as "Siffror inom parentes avser 2021" or "Budget inom parentes"."""
    told = (match[0] for line in lines for match in phrases("bracket_note")[0].pattern.finditer(line))
    # "Fakta 2015 (värden för 2014 inom parentes)": the note itself may stand in a bracket, behind other times.
    for note in (part for whole in told for part in (whole.rpartition("(")[2], whole)):
        time, series = noted_time(note), first_meaning("bracket_series", note)
        if time or series:
            return Brackets(replace(time, same=time.part is None) if time else None, series)
    return Brackets()
