"""Patterns: what sentences and headings claim, loaded from claims.toml."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from socialvolym.errors import SocialvolymError
from socialvolym.notation.periods import MONTH_NAMES
from socialvolym.vocabulary.phrases import compile_pattern

#: What stands for other words in the patterns, beside the parts of claims.toml.
_WORDS = {"{month}": "(?:" + "|".join(MONTH_NAMES) + ")"}

_FILE = Path(__file__).with_name("claims.toml")


@dataclass(frozen=True)
class NeedsUnit:
    """A quantity that means nothing without a unit: patterns of its row's label, of units on the row and of units near it."""

    label: re.Pattern[str]
    own: re.Pattern[str]
    near: re.Pattern[str]


@dataclass(frozen=True)
class Claims:
    """claims.toml: patterns with examples, quantities that need units, words that name one subject, general words."""

    patterns: dict[str, re.Pattern[str]]
    examples: dict[str, str]
    needs_unit: tuple[NeedsUnit, ...]
    same_subject: tuple[tuple[str, ...], ...]
    general_words: tuple[str, ...]


@lru_cache(maxsize=1)
def claims() -> Claims:
    """Load claims.toml.

    Raises
    ------
    SocialvolymError
        where a pattern is no regular expression or lacks a part.
    """
    loaded = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    words = _WORDS | {f"{{{name}}}": _joined(part) for name, part in loaded.pop("parts").items()}

    def compiled(pattern: str, name: str) -> re.Pattern[str]:
        return compile_pattern(_joined(pattern), words, f"{_FILE.name}, {name}")

    try:
        units = tuple(
            NeedsUnit(*(compiled(entry[name], name) for name in ("label", "own", "near"))) for entry in loaded.pop("needs_unit")
        )
        subjects = tuple(tuple(group) for group in loaded.pop("same_subject")["words"])
        general = tuple(loaded.pop("general_words")["words"])
        patterns = {name: compiled(entry["pattern"], name) for name, entry in loaded.items()}
        return Claims(patterns, {name: entry["example"] for name, entry in loaded.items()}, units, subjects, general)
    except (KeyError, TypeError) as error:
        raise SocialvolymError(f"{_FILE.name}: an entry lacks {error}; every claim has a pattern and an example") from error


def _joined(pattern: str) -> str:
    """Return a pattern that is written over several lines, as a long one is, without their breaks and indents."""
    lines = pattern.split("\n")
    return pattern if len(lines) == 1 else "".join(line.lstrip(" ") for line in lines)


def pattern(name: str) -> re.Pattern[str]:
    """Return the pattern of a claim."""
    return claims().patterns[name]
