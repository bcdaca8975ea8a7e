"""Naming: whether words of a sentence name the row of a table."""

from __future__ import annotations

import re
from functools import lru_cache

#: Words that name no row.
_GENERAL = {"antal", "antalet", "andel", "andelen", "i", "med", "av", "för", "på", "inom", "enligt", "de", "den", "och", "som"}
_WORD = re.compile(r"[a-zåäö]+")
_ENDING = re.compile(r"(?:arnas?|ernas?|ornas?|ens?|ets?|nas?|er|ar|or|s)$")
_LONG = 5


def named_by(label: str, text: str) -> bool:
    """Tell whether every telling word of a label begins a word of a text."""
    words, told = _telling(label.split(": ")[-1]), _words(text)
    return bool(words) and all(any(one.startswith(word) for one in told) for word in words)


def own_label(label: str) -> str:
    """Return the last part of a label, which is its row's own, without strokes: those stand between labels."""
    return label.split(": ")[-1].replace("|", "/")


def same_subject(label: str, subject: str) -> bool:
    """Tell whether a label and a subject are of the same words, but for endings and words that name no row."""
    return bool(_telling(label)) and _telling(label.split(": ")[-1]) == _telling(subject)


@lru_cache(maxsize=4096)
def _telling(text: str) -> frozenset[str]:
    words = [word for word in _words(text) if word not in _GENERAL]
    return frozenset(_ENDING.sub("", word) if len(word) > _LONG else word for word in words)


@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.lower()))
