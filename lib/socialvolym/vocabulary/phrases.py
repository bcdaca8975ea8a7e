"""Phrases: the word rules of the general reader, from phrases.csv and, for running text, sentences.csv, as compiled patterns."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from socialvolym import paths
from socialvolym.errors import SocialvolymError
from socialvolym.notation.periods import MONTH, YEAR

_FILES = ("phrases.csv", "sentences.csv")
COLUMNS = ("role", "meaning", "pattern", "example")
_MACROS = {
    # What stands behind the word for something that is numbered, and is no count of it.
    "<numbering>": r"\s?\d+(?:\.\d+)*\b(?:\s?(?:<dash>|och|,)\s?\d+\b)*"
    r"(?!\s*(?:procent|%|mnkr|tkr|kr\b|personer|barn|hushåll|miljoner))",
    "<year>": YEAR,
    "<month>": MONTH,
    "<number>": r"(?:\d{1,3}(?: \d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?)",
    "<dash>": r"[-\u2013\u2014]",
    "<count>": r"(?:\d{1,2}|en|två|tre|fyra|fem|sex|sju|åtta|nio|tio|elva)",
}


@dataclass(frozen=True)
class Phrase:
    """One word rule: what a text that matches the pattern means in a role."""

    role: str
    meaning: str
    pattern: re.Pattern[str]


@lru_cache(maxsize=2)
def _read(name: str) -> tuple[dict[str, str], ...]:
    path = paths.VOCABULARY / name
    try:
        frame = pl.read_csv(path, infer_schema=False)
    except pl.exceptions.ComputeError as error:
        raise SocialvolymError(
            f"{path.name} of the vocabulary: {error}; put a pattern that holds a comma between quotes"
        ) from error
    missing = [column for column in COLUMNS if column not in frame.columns]
    if missing:
        raise SocialvolymError(f"{path.name} of the vocabulary: missing columns {missing}")
    return tuple(frame.iter_rows(named=True))


def compile_pattern(pattern: str, macros: Mapping[str, str], place: str) -> re.Pattern[str]:
    """Compile a pattern of a data file, case ignored; macros in it stand for what is written often.

    Raises
    ------
    SocialvolymError
        where it is no regular expression, naming the place.
    """
    for macro, expansion in macros.items():
        pattern = pattern.replace(macro, expansion)
    try:
        return re.compile(pattern, re.IGNORECASE)
    except re.error as error:
        raise SocialvolymError(f"{place}: {pattern!r} is no regular expression: {error}") from error


@lru_cache(maxsize=64)
def phrases(role: str) -> tuple[Phrase, ...]:
    """Return the phrases of a role, in the order of the file; those of the roles that nobody asks for are not compiled."""
    return tuple(
        Phrase(role, row["meaning"] or "", compile_pattern(row["pattern"], _MACROS, f"{name} of the vocabulary"))
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
