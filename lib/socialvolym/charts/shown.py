"""Shown: a frame or an altair chart that a cell of a notebook ends with, as a table or a figure of its page."""

from __future__ import annotations

import re
from typing import Any

import altair as alt
import polars as pl
from markupsafe import Markup

from socialvolym.charts import altair_theme, downloads
from socialvolym.charts.figure import WIDTH, figure, picture, plain_table, slug
from socialvolym.charts.markup import Html, bullets
from socialvolym.charts.theme import format_number, strings
from socialvolym.notation.languages import Language

#: So many rows of a frame stand on a page; the files that it saves have all.
MOST = 100
_YEARS = ("year", "år")
#: How wide a drawing is.
_WIDTH = re.compile(r'viewBox="0 0 ([\d.]+)')


def frame(table: pl.DataFrame, language: Language) -> Html:
    """Return a frame as a table in a box that scrolls, with the links that save it.

    A column observation_id leads from the first number of a row to its source; a column year is no number.
    """
    if not table.width:
        return Html("")
    words = strings(language)
    shown = table.head(MOST).with_columns(pl.col(name).cast(pl.String) for name in table.columns if name in _YEARS)
    lists = [name for name, dtype in shown.schema.items() if isinstance(dtype, pl.List) and name != "observation_id"]
    shown = shown.with_columns(pl.col(name).cast(pl.List(pl.String)).list.join(", ") for name in lists)
    shown = shown.with_columns(pl.col(pl.String).exclude("observation_id").fill_null(""))
    more = Markup("")
    if table.height > MOST:
        counts = {"shown": format_number(MOST, language), "total": format_number(table.height, language)}
        more = Markup("<span>{}</span> ").format(words["rows_shown"].format(**counts))
    name = slug("-".join(table.columns[:3]))
    links = downloads.links(table, name, language, words["save_csv"], words["save_xlsx"])
    saved = Markup('<p class="save">{}<span>{}</span> {}</p>').format(more, words["save"], links)
    return Html(plain_table(shown, language, words["table"]) + saved, table=table)


def chart(drawn: Any, language: Language) -> Html:
    """Return an altair chart: as a figure with its numbers and files where it has a title and a frame, else as a picture."""
    # The pages' look, whatever the notebook has done to altair.
    alt.theme.enable(altair_theme.NAME)
    title, data = _title(drawn), drawn.data
    told = title or _fields(drawn) or strings(language)["chart"]
    if title and isinstance(data, pl.DataFrame):
        drawn = drawn.copy(deep=False)
        drawn.title = alt.Undefined
    svg = picture(drawn, told, language)
    size = _WIDTH.search(svg)
    wide = size is not None and float(size[1]) > WIDTH
    if title and isinstance(data, pl.DataFrame):
        return figure(drawn, data, title, told, language, wide=wide)
    notes = drawn.to_dict(validate=False).get("usermeta", {}).get("notes", [])
    plain = Markup(
        '<figure class="chart{}" data-name="{}"><div class="plot">{}</div>{}<p class="save"><span>{}</span></p></figure>'
    )
    told_apart = plain.format(" wide" if wide else "", slug(told), svg, bullets(notes, "notes"), strings(language)["save"])
    return Html(told_apart, chart=drawn)


def _title(drawn: Any) -> str:
    text = getattr(drawn, "title", alt.Undefined)
    text = getattr(text, "text", text)
    lines = text if isinstance(text, list) else [text] if isinstance(text, str) else []
    return " ".join(lines)


def _fields(drawn: Any) -> str:
    """Return what a chart without a title shows, for who cannot see it: what its axes are of."""
    encoding = drawn.to_dict(validate=False).get("encoding", {})
    return ", ".join(encoding[axis]["field"] for axis in ("y", "x") if "field" in encoding.get(axis, {}))
