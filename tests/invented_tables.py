"""Small invented tables for the sections of a page, and a page's HTML as plain text."""

from __future__ import annotations

import re
from typing import Any

import polars as pl
from invented import observations, yearly
from markupsafe import Markup

LVM = "lvm_placements"
COUNTS = yearly(2018, 100, 150, 200, 260, 330, report="haninge-2099")


def plain(html: Any) -> str:
    """Return HTML as text, with single blanks."""
    return re.sub(r"\s+", " ", Markup(html).striptags())


def area(outturn: float | None, budget: float | None, name: str = "Funktionshinderomsorg", **shared: Any) -> pl.DataFrame:
    """Return outturn and budget of one area of a finance table."""
    return observations(
        {"value": outturn},
        {"value": budget, "series": "budget"},
        measure="net_cost_area",
        breakdown=name,
        unit="kSEK",
        report="haninge-2099",
        domain="context",
        **shared,
    )
