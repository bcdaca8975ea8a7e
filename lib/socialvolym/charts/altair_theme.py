"""The charts' look: one altair theme, the forms that tell series apart, and a colour for each municipality."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import altair as alt
from altair.utils import schemapi

from socialvolym import paths, vocabulary
from socialvolym.charts import notebook_display
from socialvolym.charts.theme import chart_colour, colours
from socialvolym.observations import outcomes
from socialvolym.reports.loading import reports_by_code

#: How series are told apart without colour: dash, symbol, filled.
SERIES_FORMS: dict[str, tuple[list[float], str, bool]] = {
    "outturn": ([1, 0], "circle", True),
    "budget": ([6, 4], "square", False),
    "forecast": ([9, 3, 2, 3], "diamond", False),
    "plan": ([1.5, 4], "triangle-up", False),
    "target": ([1, 6], "stroke", False),
}
#: How years are told apart in a chart of months, the latest first: dash, symbol.
YEAR_FORMS: tuple[tuple[list[float], str], ...] = (([1, 0], "circle"), ([6, 4], "square"), ([1.5, 4], "diamond"))
#: So many pixels a name may take, in a chart that a notebook makes: a measure's title is not cut.
_NAME = 460
#: How wide a plot is whose width nobody has said, its legend below it: it fits a phone, and a cell with a long name at its left.
_PLOT = 300
#: What altair knows the theme and the renderer as.
NAME = "socialvolym"
FONT = "Arimo, 'Liberation Sans', Arial, Helvetica, sans-serif"
#: Height of a line of a label, and the width of one of its letters, in pixels.
LINE, LETTER, DIGIT = 14, 6.3, 6.7
# A chart is checked against Vega-Lite's schema once, when it is whole, and not part by part as well.
schemapi.disable_debug_mode()
# In a notebook a chart is a figure of ours: altair's own page would fetch scripts from the network, and shows nothing without.
alt.renderers.register(NAME, lambda spec, **_: {"text/plain": "chart"})
alt.renderers.enable(NAME)
notebook_display.show_charts_alone()


@alt.theme.register(NAME, enable=True)
def theme() -> alt.theme.ThemeConfig:
    """Return the project's altair theme: quiet axes, one font, no frame."""
    ink, muted, grid, axis = (chart_colour(name) for name in ("ink", "muted", "grid", "axis"))
    shared: Any = {
        "labelColor": muted,
        "labelFont": FONT,
        "labelFontSize": 12,
        "titleColor": muted,
        "titleFont": FONT,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "domainColor": axis,
        "tickColor": axis,
        "gridColor": grid,
    }
    config: Any = {
        "background": "transparent",
        "font": FONT,
        "padding": 4,
        "view": {"stroke": None, "continuousWidth": _PLOT, "discreteWidth": _PLOT},
        "range": {"category": [pair["light"] for pair in (*colours()["municipality"], *colours()["category"])]},
        "axis": shared,
        "axisX": {"grid": False, "labelPadding": 6, "tickSize": 4, "labelFlush": False},
        "axisY": {"domain": False, "ticks": False, "labelPadding": 6, "labelLimit": _NAME, "maxExtent": _NAME},
        "legend": {**shared, "orient": "bottom", "columns": 2, "labelLimit": _NAME, "titleLimit": _NAME},
        "axisXDiscrete": {"labelAngle": 0},
        "header": {**shared, "labelLimit": _NAME},
        "title": {"anchor": "start", "font": FONT, "fontSize": 13, "fontWeight": 600, "color": ink, "offset": 6},
        "text": {"font": FONT, "fontSize": 12, "fill": ink},
        "line": {"strokeWidth": 2.25, "strokeCap": "butt"},
    }
    return {"config": config}


def form(series: str) -> tuple[list[float], str, bool]:
    """Return the dash, symbol and fill of a series; one that has no form of its own looks like outturn."""
    return SERIES_FORMS.get(series, SERIES_FORMS["outturn"])


def municipality_colour(municipality: str, known: Sequence[str] | None = None) -> str:
    """Return a municipality's colour: the same on every page, by its place among the municipality codes.

    Parameters
    ----------
    municipality : name or code.
    known : the codes of all municipalities with reports; by default those in the tables, or in data/raw where there are none.
    """
    names = vocabulary.municipalities()
    codes = sorted(known) if known is not None else _municipalities_with_reports()
    palette = colours()["municipality"]
    place = next((i for i, code in enumerate(codes) if municipality in (code, names.get(code))), 0)
    return str(palette[place % len(palette)]["light"])


@lru_cache(maxsize=1)
def _municipalities_with_reports() -> list[str]:
    # In a country of thousands of reports the table is read much faster than their folders.
    if (paths.processed() / "reports.parquet").exists():
        return outcomes.load()["municipality_code"].drop_nulls().unique().sort().to_list()
    return sorted(reports_by_code())


def group_colours(groups: Iterable[str], known: Sequence[str] | None = None) -> dict[str, str]:
    """Return a colour for each group: municipalities have their own, anything else takes the next one of its chart."""
    names = vocabulary.municipalities()
    others = [str(pair["light"]) for pair in colours()["category"]]
    taken: dict[str, str] = {}
    for group in groups:
        if group in names or group in names.values():
            taken[group] = municipality_colour(group, known)
        else:
            taken[group] = others[len([g for g in taken if taken[g] in others]) % len(others)]
    return taken
