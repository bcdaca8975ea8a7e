"""Certainty: how sure the reading of a figure is, from what each aspect of it rests on."""

from __future__ import annotations

from collections.abc import Sequence

#: What an aspect rests on that is not printed for the very figure: a default, a neighbour, the document's year.
_WEAK = frozenset(
    ("default", "columns", "earlier", "document", "section", "text", "paragraph", "quantity", "rows", "note", "neighbour")
)
#: Nothing supports the aspect.
_NOTHING = "none"
ASPECTS = ("period", "series", "unit", "measure")


def certainty(because: Sequence[str], in_sentence: bool = False) -> str:
    """Return "certain", "likely" or "guess" for a figure whose aspects rest on codes such as "period:heading".

    Certain is what rests on something printed in every aspect, likely what has one weak aspect, a guess anything less. A figure
    in a sentence is likely at best: on labelled documents one in three with every aspect printed was read wrongly.
    """
    sources = dict(code.split(":", 1) for code in because)
    weak = sum(1 if sources.get(a, _NOTHING) in _WEAK else 2 * (sources.get(a, _NOTHING) == _NOTHING) for a in ASPECTS)
    return "certain" if weak == 0 and not in_sentence else "likely" if weak <= 1 else "guess"
