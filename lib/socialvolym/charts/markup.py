"""Markup: safe HTML that a notebook shows, with the frame and the chart that it rests on, and the elements that it is made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Self

import polars as pl
from markupsafe import Markup, escape

from socialvolym.charts import notebook_display
from socialvolym.errors import SocialvolymError


class Html(Markup):
    """Safe HTML that a notebook shows: text joined to it with % or format() is escaped.

    Attributes
    ----------
    table : the frame that it rests on; empty where it rests on none.
    chart : its first chart, as altair has it; None where it has none.
    why : why there is nothing to show; a page leaves out what is empty, a notebook says this in its place.
    """

    table: pl.DataFrame
    chart: Any
    why: str

    def __new__(cls, html: Any = "", *, table: pl.DataFrame | None = None, chart: Any = None, why: str = "") -> Self:
        """Take HTML as it is."""
        made = super().__new__(cls, html)
        made.table, made.chart, made.why = pl.DataFrame() if table is None else table, chart, why
        return made

    @property
    def text(self) -> str:
        """What it says, without its tables and drawings."""
        return Markup(re.sub(r"<(svg|table)\b.*?</\1>", " ", self, flags=re.DOTALL)).striptags()

    def _repr_html_(self) -> str:
        """Return the HTML as it reads alone, for Jupyter; a run shows it as it is."""
        return notebook_display.alone(str(self)) or (str(paragraph(Markup("<em>{}</em>").format(self.why))) if self.why else "")


def section(title: str, *parts: Any, kind: str = "", name: str = "", table: pl.DataFrame | None = None) -> Html:
    """Return a section with a heading; no text where there is nothing to tell under it, but the frame that is given.

    Why there is nothing is said by the context: `section(...) or context.nothing(...)`.

    Its frame is the one given, or that of the first part that has one; its chart that of the first part that has one. A part is
    a text, what this module makes, an altair chart or a polars frame: these two become what a cell that ends with them does.

    Raises
    ------
    SocialvolymError
        where a part is anything else, of which a page would show nothing that can be read.
    """
    parts = tuple(_part(part) for part in parts if part is not None)
    told = [Markup.escape(part) for part in parts if part]
    if not told:
        return Html("", table=table)
    held = [part for part in parts if isinstance(part, Html)]
    frame = next((part.table for part in held if part.table.width), None) if table is None else table
    chart = next((part.chart for part in held if part.chart is not None), None)
    opening = Markup('<section class="{}" id="{}">').format(kind, name) if name else Markup('<section class="{}">').format(kind)
    return Html(
        opening + Markup("<h2>{}</h2>").format(title) + Markup("").join(told) + Markup("</section>"), table=frame, chart=chart
    )


def _part(part: Any) -> Any:
    """Return a part of a section as what a page shows of it."""
    if isinstance(part, str | int | float) or hasattr(part, "__html__"):
        return part
    made = notebook_display.as_on_a_page(part)
    if made is None:
        raise SocialvolymError(
            f"a part of a section is a {type(part).__name__}, of which a page shows nothing; give it a text, an altair chart, a "
            "polars frame or what markup makes, and a list of them with a star: section(title, *parts)"
        )
    return made


def paragraph(*sentences: Any, kind: str = "") -> Html:
    """Return a paragraph of sentences; nothing where there is none."""
    told = [Markup.escape(sentence) for sentence in sentences if sentence]
    if not told:
        return Html("")
    opening = Markup('<p class="{}">').format(kind) if kind else Markup("<p>")
    return Html(opening + Markup(" ").join(told) + Markup("</p>"))


def bullets(items: Iterable[Any], kind: str = "") -> Html:
    """Return a list; nothing where there is no item."""
    rows = [Markup("<li>{}</li>").format(item) for item in items]
    return Html(Markup('<ul class="{}">').format(kind) + Markup("").join(rows) + Markup("</ul>") if rows else "")


def table(headings: Sequence[str], rows: Iterable[Sequence[Any]], numeric: Sequence[int] = (), caption: str = "") -> Html:
    """Return a table in its own scrolling box, with its texts as a frame."""
    rows, heads = [list(row) for row in rows], [Markup(text).striptags() for text in headings]
    # Joined as texts: most of a page's cells stand in its tables, and each format() of Markup takes as long as five of a text.
    marks = [' class="n"' if column in numeric else "" for column in range(len(headings))]
    head = "".join(f'<th scope="col"{mark}>{escape(text)}</th>' for mark, text in zip(marks, headings, strict=True))
    body = "".join(
        f"<tr>{''.join(f'<td{mark}>{_cell(cell)}</td>' for mark, cell in zip(marks, row, strict=True))}</tr>" for row in rows
    )
    title = Markup("<caption>{}</caption>").format(caption) if caption else Markup("")
    html = Markup(
        '<div class="tablebox" tabindex="0"><table class="numbers">{}<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>'
    ).format(title, Markup(head), Markup(body))
    texts = [[_cell(cell).striptags() for cell in row] for row in rows]
    return Html(html, table=pl.DataFrame(texts, schema=heads, orient="row"))


def _cell(cell: Any) -> Markup:
    return Markup("") if cell is None else escape(cell)
