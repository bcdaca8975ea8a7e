"""Personal data: what points at a person in a label is masked when it is read."""

from __future__ import annotations

import re

MASK = "***"

#: What points at a person: identity numbers, apartment numbers, and initials beside a dwelling.
_PATTERNS = (
    re.compile(r"\b(?:19|20)?\d{6}[-+]\d{4}\b"),
    re.compile(r"(?<=\blgh )\d[\d/-]*|(?<=\blägh )\d[\d/-]*|(?<=\blägenhet )\d[\d/-]*", re.IGNORECASE),
    re.compile(r"(?<=brukare )[A-ZÅÄÖ]{2}\b"),
    re.compile(r"(?<= )[A-ZÅÄÖ]{2}(?= [A-ZÅÄÖ][a-zåäö]+(?:vägen|gatan|stigen|gränd|torget)?\s?\d)"),
    re.compile(r"(?<=\d )[A-ZÅÄÖ]{2}(?= renovering)"),
)
_IDENTITY_NUMBER = re.compile(r"(?<!\d)(?:19|20)?\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01]|[6-8]\d|9[01])[-+]\d{4}(?!\d)")


def mask(text: str) -> str:
    """Return a label with what points at a person replaced by MASK."""
    for pattern in _PATTERNS:
        text = pattern.sub(MASK, text)
    return text


def has_identity_number(text: str) -> bool:
    """Tell whether a text holds something of the form of a Swedish personal identity number."""
    return _IDENTITY_NUMBER.search(text) is not None
