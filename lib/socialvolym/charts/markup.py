"""Markup: safe HTML that a notebook shows, with the frame and the chart that it rests on."""

from __future__ import annotations

import re
from typing import Any, Self

import polars as pl
from markupsafe import Markup


class Html(Markup):
    """Safe HTML that a notebook shows: text joined to it with % or format() is escaped.

    Attributes
    ----------
    table : the frame that it rests on; empty where it rests on none.
    chart : its first chart, as altair has it; None where it has none.
    """

    table: pl.DataFrame
    chart: Any

    def __new__(cls, html: Any = "", *, table: pl.DataFrame | None = None, chart: Any = None) -> Self:
        """Take HTML as it is."""
        made = super().__new__(cls, html)
        made.table, made.chart = pl.DataFrame() if table is None else table, chart
        return made

    @property
    def text(self) -> str:
        """What it says, without its tables and drawings."""
        return Markup(re.sub(r"<(svg|table)\b.*?</\1>", " ", self, flags=re.DOTALL)).striptags()

    def _repr_html_(self) -> str:
        """Return the HTML, for Jupyter."""
        return str(self)
