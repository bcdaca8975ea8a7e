"""Phrases: the word rules of the general reader, from phrases.csv and, for running text, sentences.csv, as compiled patterns."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from socialvolym.errors import SocialvolymError
from socialvolym.notation.periods import MONTH, YEAR
from socialvolym.vocabulary.files import load

_FILES = ("phrases.csv", "sentences.csv")
COLUMNS = ("role", "meaning", "pattern", "example")
#: The role of parts of other patterns, in which their meaning stands between < and >.
_PART = "part"


@dataclass(frozen=True)
class Phrase:
    """One word rule: what a text that matches the pattern means in a role."""

    role: str
    meaning: str
    pattern: re.Pattern[str]


@lru_cache(maxsize=2)
def _read(name: str) -> tuple[dict[str, str], ...]:
    return tuple(load(name, COLUMNS).iter_rows(named=True))


def compile_pattern(pattern: str, parts: Mapping[str, str], place: str) -> re.Pattern[str]:
    """Compile a pattern of a data file, case ignored; named parts of it stand for what is long or written often.

    Raises
    ------
    SocialvolymError
        where it is no regular expression, naming the place.
    """
    pattern = _filled_in(pattern, parts)
    try:
        return re.compile(pattern, re.IGNORECASE)
    except re.error as error:
        raise SocialvolymError(f"{place}: {pattern!r} is no regular expression: {error}") from error


@lru_cache(maxsize=1)
def _parts() -> dict[str, str]:
    """Return what stands for words in the patterns; a part may hold those before it."""
    parts = {"<year>": YEAR, "<month>": MONTH}
    for row in _read(_FILES[0]):
        if row["role"] == _PART:
            parts[f"<{row['meaning']}>"] = _filled_in(row["pattern"], parts)
    return parts


def _filled_in(pattern: str, parts: Mapping[str, str]) -> str:
    for name, part in parts.items():
        pattern = pattern.replace(name, part)
    return pattern


@lru_cache(maxsize=256)
def phrases(role: str) -> tuple[Phrase, ...]:
    """Return the phrases of a role, in the order of the file; those of the roles that nobody asks for are not compiled."""
    return tuple(
        Phrase(role, row["meaning"] or "", compile_pattern(row["pattern"], _parts(), f"{name} of the vocabulary"))
        for name in _FILES
        for row in _read(name)
        if row["role"] == role
    )


@lru_cache(maxsize=8192)
def first_meaning(role: str, text: str) -> str | None:
    """Return the meaning of the first phrase of a role that is found in a text."""
    return next((phrase.meaning for phrase in phrases(role) if phrase.pattern.search(text)), None)


def is_said(role: str, text: str) -> bool:
    """Tell whether any phrase of a role is found in a text."""
    return first_meaning(role, text) is not None
