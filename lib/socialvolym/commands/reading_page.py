"""Reading page: what the reader saw in a document, beside its lines or pages; one file that needs no network."""

from __future__ import annotations

import base64
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from socialvolym.documents.document import Document
from socialvolym.extraction.certainty import ASPECTS
from socialvolym.notation.languages import Language
from socialvolym.reports.answers import in_words, reason_in_words, rests_on

_TEMPLATE = Path(__file__).with_name("reading_page.html")
#: So many lines of a document without pages stand beside what was read of them.
_LINES = 60

Row = dict[str, Any]


@dataclass(frozen=True)
class Table:
    """A table as it was read: what each of its columns says, and its rows of figures by the place of their column."""

    name: str
    columns: Sequence[tuple[str, str]]
    rows: Sequence[tuple[str | None, str, int, Mapping[int, Row]]]


@dataclass
class Part:
    """A page, or so many lines: what is printed there, and what was read of it."""

    number: int
    lines: list[tuple[int, Markup]] = field(default_factory=list)
    picture: str | None = None
    boxes: list[tuple[str, Row]] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    sentences: list[Row] = field(default_factory=list)
    unread: list[Row] = field(default_factory=list)


def reading_page(path: Path, document: Document, figures: list[Row], unread: list[Row], language: Language) -> str:
    """Return an HTML page of what was read of a document.

    Parameters
    ----------
    path : of the document; the pages of a PDF file are shown as pictures, which are not masked.
    document : as opened. figures, unread : as `read_figures` returns them.
    """
    for number, row in enumerate(figures, start=1):
        row["number"] = number
    parts = {number: Part(number) for number in sorted({_part(document, line) for line in range(1, len(document.lines) + 1)})}
    by_line = {line: list(rows) for line, rows in groupby(sorted(figures, key=_line), key=_line)}
    for line, text in enumerate(document.lines, start=1):
        parts[_part(document, line)].lines.append((line, _marked(text, by_line.get(line, ()))))
    for name, rows in groupby(sorted(figures, key=lambda row: row["table"] or ""), key=lambda row: row["table"]):
        found = list(rows)
        if name is None:
            for row in found:
                parts[_part(document, row["line"])].sentences.append(row)
        else:
            parts[_part(document, found[0]["line"])].tables.append(_table(name, found, language))
    for row in unread:
        parts[_part(document, row["line"])].unread.append(row)
    if path.suffix.lower() == ".pdf":
        _add_pictures(path, parts, figures)
    shown = [part for part in parts.values() if part.tables or part.sentences or part.unread]
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_TEMPLATE.read_text(encoding="utf-8")).render(
        title=path.name,
        parts=shown,
        language=language,
        counts=Counter(row["certainty"] for row in figures),
        unread=len(unread),
        says=lambda row: _says(row, language),
        because=lambda row: rests_on((code.split(":", 1) for code in row["because"].split()), language),
        reason=lambda reason: reason_in_words(reason, language),
    )


def _line(row: Row) -> int:
    return int(row["line"])


def _part(document: Document, line: int) -> int:
    return document.page(line) or (line - 1) // _LINES + 1


def _marked(text: str, rows: Sequence[Row]) -> Markup:
    """Return a line with each of its figures marked by how sure it is, and linked to what was read of it."""
    marked, place = Markup(""), 0
    for row in sorted(rows, key=lambda row: text.find(row["published_as"])):
        at = text.find(row["published_as"], place)
        if at < 0:
            continue
        end = at + len(row["published_as"])
        link = Markup('<a class="{}" href="#f{}">{}</a>').format(row["certainty"], row["number"], text[at:end])
        marked, place = marked + escape(text[place:at]) + link, end
    return marked + escape(text[place:])


def _table(name: str, rows: list[Row], language: Language) -> Table:
    """Return the rows of a table below its columns; a column that rows give different times says none."""
    columns = []
    places = sorted({row["column"] for row in rows})
    for place in places:
        own = [row for row in rows if row["column"] == place]
        times = {(row["period"], row["series"]) for row in own}
        period, series = times.pop() if len(times) == 1 else (None, None)
        said = " ".join(filter(None, (period, in_words("series", series, language))))
        columns.append((own[0]["column_label"], said))
    key = ("group", "row_label", "line")
    of_rows = groupby(sorted(rows, key=_line), key=lambda row: tuple(row[part] for part in key))
    return Table(name, columns, [(*of, {places.index(row["column"]): row for row in cells}) for of, cells in of_rows])


def _says(row: Row, language: Language) -> str:
    """Return what a figure is read as, in words."""
    return " · ".join(filter(None, (in_words(aspect, row[aspect], language) for aspect in ASPECTS)))


def _add_pictures(path: Path, parts: Mapping[int, Part], figures: Sequence[Row]) -> None:
    """Give each page that was read its picture, and the place of each figure on it in hundredths of its size."""
    from socialvolym.documents.pages.page_picture import page_picture

    for number in {row["page"] for row in figures if row["page"]}:
        found = page_picture(path, number)
        if found is None:
            continue
        picture, (width, height) = found
        parts[number].picture = base64.b64encode(picture).decode("ascii")
        for row in figures:
            if row["page"] == number and row["box"]:
                left, top, right, bottom = map(float, re.split(" ", row["box"]))
                sides = (left / width, top / height, (right - left) / width, (bottom - top) / height)
                style = "left:{:.2%};top:{:.2%};width:{:.2%};height:{:.2%}".format(*sides)
                parts[number].boxes.append((style, row))
