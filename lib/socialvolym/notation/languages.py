"""Languages: the two in which pages are written."""

from __future__ import annotations

from typing import Literal

Language = Literal["en", "sv"]
LANGUAGES: tuple[Language, ...] = ("en", "sv")
