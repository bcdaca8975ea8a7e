"""Money: which units of units.csv are amounts, with their factors, and which are money per something."""

from __future__ import annotations

import csv

from socialvolym.vocabulary.files import FOLDER


def _factors() -> dict[str, float]:
    # Not by polars: what a run forks beside polars' threads waits for ever (files.municipalities).
    with (FOLDER / "units.csv").open(encoding="utf-8", newline="") as file:
        return {row["unit"]: float(row["kronor"]) for row in csv.DictReader(file) if row["kronor"]}


#: Factors to SEK of the units of amounts.
MONEY = _factors()


def is_rate(unit: str) -> bool:
    """Tell whether a unit is money per something (SEK_per_day), which no table prints in thousands."""
    return unit.startswith("SEK_per_")


def is_money(unit: str | None) -> bool:
    """Tell whether a unit is an amount of money or money per something."""
    return unit in MONEY or is_rate(unit or "")
