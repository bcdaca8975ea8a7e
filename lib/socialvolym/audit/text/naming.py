"""Naming: whether words of a sentence name the row of a table."""

from __future__ import annotations

import re

#: Words that name no row.
_GENERAL = {"antal", "antalet", "andel", "andelen", "i", "med", "av", "för", "på", "inom", "enligt", "de", "den", "och", "som"}
_WORD = re.compile(r"[a-zåäö]+")
_ENDING = re.compile(r"(?:arnas?|ernas?|ornas?|ens?|ets?|nas?|er|ar|or|s)$")
_LONG = 5


def named_by(label: str, text: str) -> bool:
    """Tell whether every telling word of a label begins a word of a text."""
    words = _telling(label.split(": ")[-1])
    told = _WORD.findall(text.lower())
    return bool(words) and all(any(one.startswith(word) for one in told) for word in words)


def same_subject(label: str, subject: str) -> bool:
    """Tell whether a label and a subject are of the same words, but for endings and words that name no row."""
    return bool(_telling(label)) and _telling(label.split(": ")[-1]) == _telling(subject)


def _telling(text: str) -> set[str]:
    words = [word for word in _WORD.findall(text.lower()) if word not in _GENERAL]
    return {_ENDING.sub("", word) if len(word) > _LONG else word for word in words}
