"""Units: the factors between units of money (how units are read: docs/vocabulary.md, Add a unit)."""

from __future__ import annotations

#: Factors to SEK of the units of money.
MONEY = {"SEK": 1.0, "kSEK": 1e3, "MSEK": 1e6, "GSEK": 1e9}
