"""Certainty: how sure the reading of a figure is, from what each aspect of it rests on."""

from __future__ import annotations

from collections.abc import Sequence

#: What an aspect rests on that is not printed for the very figure: a default, a neighbour, the document's year. Set on labelled
#: documents: of what rests on other codes, none was wrong in tables (`python bench/certainty.py FOLDER --codes`).
_WEAK = frozenset(("default", "columns", "earlier", "document", "text", "paragraph", "quantity", "rows", "neighbour", "outside"))
#: Nothing supports the aspect.
_NOTHING = "none"
#: What is another municipality's, the county's or the country's is not certain to be this one's.
ELSEWHERE = "elsewhere"
ASPECTS = ("period", "series", "unit", "measure")


def certainty(because: Sequence[str], kind: str = "table") -> str:
    """Return "certain", "likely" or "guess" for a figure whose aspects rest on codes such as "period:heading".

    Certain is what rests on something printed in every aspect, likely what has one weak aspect, a guess anything less. Only a
    figure of a table (`kind`) is certain: of those in sentences and charts with every aspect printed too many are read wrongly.
    """
    sources = dict(code.split(":", 1) for code in because)
    own = sources.get("whose") != ELSEWHERE
    weak = sum(1 if sources.get(a, _NOTHING) in _WEAK else 2 * (sources.get(a, _NOTHING) == _NOTHING) for a in ASPECTS)
    return "certain" if weak == 0 and own and kind == "table" else "likely" if weak <= 1 else "guess"
