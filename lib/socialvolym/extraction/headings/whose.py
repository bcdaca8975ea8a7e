"""Whose figures: what the headings and rows of a table say is another municipality's, the county's or the country's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from socialvolym.extraction.cells.found_tables import FoundTable
from socialvolym.extraction.certainty import ELSEWHERE, NAMED
from socialvolym.extraction.headings.heading_words import atoms_of, municipality_names, places_in
from socialvolym.notation.periods import Heading, parse_heading
from socialvolym.vocabulary import municipalities
from socialvolym.vocabulary.phrases import is_said

#: So many columns of places compare them.
_FEWEST_PLACES = 2
#: What stands beside a municipality's name and says nothing more.
_BESIDE = re.compile(r"\b(?:kommun|stad|år)\b|[\W\d_]", re.IGNORECASE)


def whose(texts: Iterable[str], table: FoundTable, own: str | None) -> str | None:
    """Return ELSEWHERE where a row's label, its group or a column's heading names the country, a county or another municipality.

    Parameters
    ----------
    texts : what is printed for the figure.
    table : that it stands in.
    own : the code of the document's municipality. Where it is not known, a figure of one of several municipalities in the table
        is NAMED: it is surely that one's, which nobody has said to be the document's. None where nothing names anyone else.
    """
    printed = tuple(texts)
    if any(is_said("elsewhere_label", text) or is_beside_places(text, table) for text in printed):
        return ELSEWHERE
    named = {code for text in printed if (code := labelled_municipality(text))}
    if own is None:
        return NAMED if named and len(_named_in(table)) > 1 else None
    return ELSEWHERE if named - {own} else None


def is_beside_places(text: str, table: FoundTable) -> bool:
    """Tell whether a heading beside columns of places is a name and no municipality's: a part of the country."""
    names = text in table.headings and all(atom.kind == "word" and not atom.low for atom in atoms_of([(0, text)]))
    return names and sum(places_in(heading) for heading in table.headings) >= _FEWEST_PLACES


def labelled_municipality(text: str) -> str | None:
    """Return the code of the municipality that a label or heading names beside a time or a series at most; None without one.

    Examples
    --------
    >>> labelled_municipality("Motala kommun 2023")
    '0583'
    >>> labelled_municipality("Boende i Motala") is None
    True
    """
    found = municipality_names().search(text)
    if found is None:
        return None
    rest = f"{text[: found.start()]} {text[found.end() :]}"
    told = not _BESIDE.sub("", rest) or parse_heading(rest) != Heading()
    return _codes()[found[1].lower()] if told else None


def _named_in(table: FoundTable) -> set[str]:
    texts: Sequence[str] = (*table.headings, *(text for row in table.rows for text in (row.label, row.group or "")))
    return {code for text in texts if (code := labelled_municipality(text))}


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    return {name.lower(): code for code, name in municipalities().items()}
