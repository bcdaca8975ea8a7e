"""HTML: headings, paragraphs and tables with spans, by the standard library's parser."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from socialvolym.documents.blocks import MAX_DEPTH, Cell, Table, add_blocks
from socialvolym.documents.builder import DocumentBuilder, raised
from socialvolym.documents.document import Document
from socialvolym.documents.text import decode
from socialvolym.errors import SocialvolymError

#: An HTML report is text; a larger one carries its images inside, which is not read.
MAX_BYTES = 60_000_000

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?([\w-]{1,40})""", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
#: What begins like a tag and is not closed as one: text, on which the parser would look for its end again and again. A tag has
#: attributes of up to so many characters, and so many of them.
_UNCLOSED = re.compile(
    r"""<(?![^<>"']{0,2000}(?:"[^"]{0,2000}"[^<>"']{0,2000}|'[^']{0,2000}'[^<>"']{0,2000}){0,200}>)""",
)
_DATA_URL = re.compile(r"""(["'(])data:[^"')]*""")
_SILENT = {
    "script",
    "del",
    "s",
    "strike",
    "style",
    "template",
    "noscript",
    "title",
    "svg",
    "math",
    "object",
    "iframe",
    "select",
    "textarea",
}
_BLOCKS = {
    "p",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "ul",
    "ol",
    "dl",
    "dt",
    "dd",
    "section",
    "article",
    "header",
    "footer",
    "main",
    "nav",
    "aside",
    "blockquote",
    "pre",
    "figure",
    "figcaption",
    "hr",
    "address",
    "form",
    "body",
    "br",
}
_UNSEEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
#: Elements without an end tag, which can hide nothing.
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_BLANKS = re.compile(r"[ \t\r\n\f]+")


def read_html(path: Path) -> Document:
    """Read an HTML file: one line a block of text, tables with colspan and rowspan."""
    data = path.read_bytes()
    if len(data) > MAX_BYTES:
        raise SocialvolymError(f"has {len(data) // 1_000_000} MB; HTML of up to {MAX_BYTES // 1_000_000} MB is read")
    charset = _CHARSET.search(data[:4096])
    parser = _Parser()
    text = _DATA_URL.sub(r"\1", decode(data, charset[1].decode("ascii") if charset else None))
    parser.feed(_UNCLOSED.sub("&lt;", _COMMENT.sub("", text)))
    parser.close()
    builder = DocumentBuilder()
    add_blocks(builder, parser.finish())
    return builder.document()


class _Parser(HTMLParser):
    """Collects blocks; an open table collects into its last cell."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[str | Table] = []
        self.open: list[Table] = []
        self.text: list[str] = []
        self.silent: list[str] = []
        self.captioned = False
        self.heading = False
        self.raised = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.silent:
            if tag == self.silent[-1]:
                self.silent.append(tag)
            return
        if tag in _SILENT or (tag not in _VOID and _is_unseen(dict(attrs))):
            self.silent.append(tag)
            return
        if tag == "sup":
            self.raised += 1
        if tag == "table":
            self._table()
        elif tag == "caption" and self.open:
            self._flush()
            self.captioned = True
        elif tag in {"thead", "tbody", "tfoot"} and self.open:
            self._flush()
            self.heading = tag == "thead"
        elif tag == "tr" and self.open:
            self._flush()
            self.open[-1].rows.append([])
        elif tag in {"td", "th"} and self.open:
            self._cell(tag, dict(attrs))
        elif tag in _BLOCKS:
            self._flush()

    def handle_endtag(self, tag: str) -> None:
        if self.silent:
            if tag == self.silent[-1]:
                self.silent.pop()
            return
        if tag == "sup":
            self.raised = max(0, self.raised - 1)
        elif tag == "table" and self.open:
            self._flush()
            self.open.pop()
            self.heading = False
        elif tag == "caption" and self.open:
            self.open[-1].caption = self._taken()
            self.captioned = False
        elif tag in _BLOCKS or tag in {"td", "th", "tr"}:
            self._flush()
        elif tag == "thead":
            self.heading = False

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.text.append(raised(data) if self.raised else data)

    def finish(self) -> list[str | Table]:
        """Return the blocks, whatever tags were left open."""
        self._flush()
        return self.blocks

    def _table(self) -> None:
        self._flush()
        if len(self.open) >= MAX_DEPTH:
            raise SocialvolymError(f"tables are nested more than {MAX_DEPTH} deep; save the part with the figures on its own")
        table = Table()
        self._here().append(table)
        self.open.append(table)
        self.heading = False

    def _cell(self, tag: str, attributes: dict[str, str | None]) -> None:
        self._flush()
        table = self.open[-1]
        if not table.rows:
            table.rows.append([])
        row = table.rows[-1]
        row.append(Cell(columns=_span(attributes.get("colspan")), rows=_span(attributes.get("rowspan"))))
        if len(row) == 1 and (self.heading or (tag == "th" and attributes.get("scope") != "row")):
            is_heading = table.heading_rows == len(table.rows) - 1
            table.heading_rows += is_heading
        elif tag == "td" and not self.heading and table.heading_rows == len(table.rows):
            # A row that only begins with th is a row with a row heading, unless it is in thead.
            table.heading_rows -= 1

    def _here(self) -> list[str | Table]:
        """Where text now belongs: the last cell of the innermost table, else the document."""
        for table in reversed(self.open):
            if table.rows and table.rows[-1]:
                return table.rows[-1][-1].blocks
        return self.blocks

    def _taken(self) -> str:
        text = _BLANKS.sub(" ", "".join(self.text)).strip(" ")
        self.text.clear()
        return text

    def _flush(self) -> None:
        text = self._taken()
        if text:
            self._here().append(text)


def _is_unseen(attributes: dict[str, str | None]) -> bool:
    """Tell whether an element is not shown."""
    return "hidden" in attributes or bool(_UNSEEN_STYLE.search((attributes.get("style") or "").lower()))


def _span(value: str | None) -> int:
    """Read colspan and rowspan as browsers do: 1 where it is no number, at most a thousand."""
    digits = (value or "").strip()
    return min(max(int(digits), 1), 1000) if digits.isascii() and digits.isdigit() and len(digits) < 9 else 1
