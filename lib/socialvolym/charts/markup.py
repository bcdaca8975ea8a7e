"""Markup: safe HTML that a notebook shows."""

from __future__ import annotations

from markupsafe import Markup


class Html(Markup):
    """Safe HTML that a notebook shows: text joined to it with % or format() is escaped."""

    def _repr_html_(self) -> str:
        """Return the HTML, for Jupyter."""
        return str(self)
