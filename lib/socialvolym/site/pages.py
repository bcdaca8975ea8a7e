"""Pages: an executed notebook becomes one self-contained HTML page in which every figure leads to the cell it was printed in."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from html import unescape
from pathlib import Path
from textwrap import shorten
from typing import Any

import mistune
import nbformat
import polars as pl
from babel.dates import format_date
from markupsafe import Markup

from socialvolym.charts.figure import slug
from socialvolym.charts.theme import FOLDER, LOCALES, chart_colour_pairs, colours, format_number, strings, templates
from socialvolym.errors import SocialvolymError
from socialvolym.notation.languages import LANGUAGES, Language
from socialvolym.reports.models import Break, RawReport, Sayings
from socialvolym.site import citations
from socialvolym.site.figure_files import FigureFiles
from socialvolym.site.page_list import MenuItem

#: A page must be small enough for an e-mail attachment and a slow phone.
PAGE_LIMIT = 1_500_000
_SAVED_FILE = re.compile(r'<a download="[^"]*" href="data:[^"]*">[^<]*</a>')
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_TITLE = re.compile(r"<h1[^>]*>(.*?)</h1>\s*", re.DOTALL)
#: A heading, with the section that it opens, folded or not.
_HEADING = re.compile(
    r"(?P<section><section[^>]*>)?(?P<fold>\s*<details[^>]*><summary>)?<h2(?P<own>[^>]*)>(?P<text>.*?)</h2>", re.DOTALL
)
#: A measure among the measures, folded.
_MEASURE = re.compile(r'<summary><h3>([^<]*)</h3></summary><section class="measure" id="([^"]*)"')
_KEY_MESSAGES = re.compile(r'(<section class="key-messages"[^>]*>)(?!\s*<h2)')
#: The headline of the first message.
_LEAD = re.compile(r'class="message"[^>]*><h3>(.*?)</h3>', re.DOTALL)
_ID = re.compile(r'\sid="([^"]*)"')
_TAG = re.compile(r"<[^>]*>")
#: What a cell may do that shows what no page can tell.
#: The tag of the cell that papermill adds.
_INJECTED = "injected-parameters"
_INSTEAD = "show a frame, a chart, Markdown or markup.paragraph(...), end the line with ; or tag the cell note (docs/own-page.md)"
#: A description is no longer, in letters.
_LONGEST = 300
#: The first paragraph, and the end of its first sentence.
_PARAGRAPH, _SENTENCE = re.compile(r"<p\b[^>]*>(.*?)</p>", re.DOTALL), re.compile(r"(?<=[.!?])\s+(?=[A-ZÅÄÖ])")
#: What a page's opening ends with, the first that there is.
_OPENINGS = ('class="key-messages"', 'class="lede"')


@dataclass(frozen=True)
class DocumentInfo:
    """What a page says of a report: whose, its title, captions, when it was described, its breaks, and what it says of times."""

    municipality: str
    committee: str
    title: str
    captions: Mapping[str, str] = field(default_factory=dict)
    described: str = ""
    breaks: Sequence[Break] = ()
    sayings: Sayings = field(default_factory=Sayings)


@dataclass(frozen=True)
class PageMeta:
    """What a page says of itself.

    Attributes
    ----------
    name : the file's name without ending; also the name of its saved files.
    version : of the figures and the program.
    date : the figures' date, as it is written in a reference (2026-11-23).
    run_time : when the run that made the page began, as it is shown; it stands on one line of the page.
    title : empty takes the notebook's title: its metadata, or its first heading.
    description : for search engines, link previews and the index; by default the headline of the first message, or the first
        sentence.
    documents : the reports by id.
    menu : the pages that the header leads to.
    home : link to the index in the page's language.
    other_language : link to the same page in the other language, or empty.
    findings_page : the page that explains the findings.
    authors : as they stand in a reference.
    """

    name: str
    version: str
    date: str
    run_time: str
    title: str = ""
    description: str = ""
    documents: Mapping[str, DocumentInfo] = field(default_factory=dict)
    menu: Sequence[MenuItem] = ()
    home: str = "index.html"
    other_language: str = ""
    findings_page: str = "findings.html"
    authors: str = "Socialvolym"


def document_info(reports: Iterable[RawReport]) -> dict[str, DocumentInfo]:
    """Return what the source entries say of reports, by report id."""
    return {
        raw.report.id: DocumentInfo(
            raw.report.municipality,
            raw.report.committee,
            raw.report.title,
            {table.id: table.caption for table in raw.layout.table if table.caption},
            raw.report.described.when.isoformat() if raw.report.described else "",
            raw.notes.break_,
            raw.sayings,
        )
        for raw in reports
    }


def render_page(
    notebook: nbformat.NotebookNode | Path, language: Language, observations: pl.DataFrame, findings: pl.DataFrame, meta: PageMeta
) -> str:
    """Return an executed notebook as a page.

    The notebook's markdown and its HTML, markdown and pictures are told in order; a run shows frames and charts as HTML. Code,
    parameters, prompts, warnings and cells tagged `note`, which are for those who run the notebook, are left out. For every id in
    a `data-obs` the page says at its end where the figure was printed.

    Parameters
    ----------
    notebook : executed, or the path of one.
    language : of everything that the page adds.
    observations : with observation_id; at least the figures that the notebook quotes.
    findings : rule, severity, report, line, published, explanation, explanation_sv; perhaps measure and lines.
    meta : what the page says of itself.

    Raises
    ------
    SocialvolymError
        where a cell of the notebook failed or shows what no page can tell, a quoted figure is not among the observations, or the
        page is too large.
    """
    node = nbformat.read(notebook, as_version=4) if isinstance(notebook, Path) else notebook  # type: ignore[no-untyped-call]
    words = strings(language)
    told, title = _take_title(_told(node, meta.name))
    title = title or _first_heading(node)
    title = meta.title or node.metadata.get("title") or title or meta.name
    taken = {found[1] for part in told for found in _ID.finditer(part)}
    opening, rest = _split_opening([_with_anchors(part, taken) for part in told])
    opening = _KEY_MESSAGES.sub(rf"\1<h2>{words['key_messages']}</h2>", opening)
    lead = _LEAD.search(opening)
    meta = replace(meta, description=meta.description or (_text(lead[1]) if lead else _first_sentence(opening + rest)))
    sources = citations.cited_rows("".join(told), language, observations, findings, meta.documents, meta.name)
    files = FigureFiles(observations, findings, meta.documents, language)
    rest = files.filled(rest)
    (opening, rest), mentions = citations.numbered((opening, rest), sources)
    count = sum(len(row.figures) for row in sources)
    values = {"title": title, "opening": Markup(opening), "rest": Markup(rest), "contents": _contents(rest)}
    values |= {"sources": sources, "mentions": mentions, "count": format_number(count, language)}
    saved = files.links([figure.id for row in sources for figure in row.figures], meta.name)
    html = templated("page.html.j2", words, language, meta, **values, saved=saved)
    if is_too_large(html):
        # The files of the charts stay; the file of all figures of the page is the part that a reader misses least.
        html = templated("page.html.j2", words, language, meta, **values, saved="")
    if is_too_large(html):
        # The numbers of each chart stay in its table, and the data set has them too.
        html = _SAVED_FILE.sub("", html)
    return checked(html, meta.name, "give it fewer municipalities, or each its own page, in notebooks/pages.toml")


def _told(node: nbformat.NotebookNode, name: str) -> list[str]:
    """Return the HTML that the cells tell, one piece a cell that tells any."""
    trusted = mistune.create_markdown(escape=False, plugins=["table", "def_list", "footnotes"])
    quoting = mistune.create_markdown(escape=True, plugins=["table", "def_list", "footnotes"])
    pieces = []
    # Counted as a person does who opens the notebook.
    written = (cell for cell in node.cells if _INJECTED not in cell.metadata.get("tags", []))
    for number, cell in enumerate(written, start=1):
        if "note" in cell.metadata.get("tags", []):
            continue
        if cell.cell_type == "markdown":
            pieces.append(str(trusted(cell.source)))
        elif cell.cell_type == "code" and "parameters" not in cell.metadata.get("tags", []):
            pieces.append("\n".join(_output(output, quoting, f"{name}: cell {number}") for output in cell.outputs))
    return [piece for piece in pieces if piece.strip()]


def _output(output: Any, quoting: mistune.Markdown, place: str) -> str:
    if output.output_type == "error":
        raise SocialvolymError(f"{place} failed: {output.ename}: {output.evalue}; put it right and run the notebook again")
    if output.output_type == "stream":
        if output.name == "stdout" and output.text.strip():
            raise SocialvolymError(f"{place} prints text, which is on no page; {_INSTEAD}")
        return ""
    data = output.get("data", {})
    if "text/html" in data:
        return str(data["text/html"])
    if "text/markdown" in data:
        return str(quoting(data["text/markdown"]))
    if "image/svg+xml" in data:
        return f'<div class="plot">{data["image/svg+xml"]}</div>'
    if "image/png" in data:
        return f'<div class="plot"><img alt="" src="data:image/png;base64,{"".join(data["image/png"].split())}"></div>'
    if data.get("text/plain"):
        raise SocialvolymError(
            f"{place} shows {shorten(data['text/plain'], 60, placeholder='…')}, which is on no page; {_INSTEAD}"
        )
    return ""


def _take_title(told: list[str]) -> tuple[list[str], str]:
    """Take the first-level headings out, because the page has its own, and return the first one's text."""
    titles = [match[1] for piece in told for match in _TITLE.finditer(piece)]
    return [_TITLE.sub("", piece) for piece in told], _text(titles[0]) if titles else ""


def _first_heading(node: nbformat.NotebookNode) -> str:
    lines = (line for cell in node.cells if cell.cell_type == "markdown" for line in cell.source.splitlines())
    return next((line.removeprefix("# ").strip() for line in lines if line.startswith("# ")), "")


def _text(html: str) -> str:
    return " ".join(unescape(_TAG.sub("", html)).split())


def _first_sentence(html: str) -> str:
    """Return the first sentence of the first paragraph that has any text."""
    texts = (_text(found[1]) for found in _PARAGRAPH.finditer(html))
    return shorten(_SENTENCE.split(next(filter(None, texts), ""))[0], _LONGEST, placeholder="…")


def _split_opening(told: list[str]) -> tuple[str, str]:
    """Divide what is told after the key messages, or else the lede: they come before the list of contents."""
    ends = [place for sign in _OPENINGS for place, piece in enumerate(told) if sign in piece]
    last = ends[0] if ends else -1
    return "\n".join(told[: last + 1]), "\n".join(told[last + 1 :])


def _with_anchors(html: str, taken: set[str]) -> str:
    """Give each heading an address: that of its section, which is the same in all languages, or one made of its text."""

    def anchored(match: re.Match[str]) -> str:
        if _address(match):
            return match[0]
        base = slug(_text(match["text"]))
        name = next(name for name in (base, *(f"{base}-{n}" for n in range(2, 1000))) if name not in taken)
        taken.add(name)
        return match[0].replace("<h2", f'<h2 id="{name}"', 1)

    return _HEADING.sub(anchored, html)


def _address(heading: re.Match[str]) -> str:
    found = _ID.search(heading["own"]) or _ID.search(heading["section"] or "")
    return unescape(found[1]) if found else ""


def _contents(html: str) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Return the sections with their addresses and headings, each with the measures that are told in it."""
    found = list(_HEADING.finditer(html))
    told = []
    for number, heading in enumerate(found):
        end = found[number + 1].start() if number + 1 < len(found) else len(html)
        measures = [(unescape(place), _text(name)) for name, place in _MEASURE.findall(html, heading.end(), end)]
        told.append((_address(heading), _text(heading["text"]), measures))
    return told


def templated(template: str, words: Mapping[str, Any], language: str, meta: Any, **values: Any) -> str:
    """Return a template filled in, with what every page has: style sheet, script, policy and dates."""
    script = (FOLDER / "page.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; "
        f"script-src 'sha256-{digest}'"
    )
    other = next(code for code in LANGUAGES if code != language)
    made = {code: shown_date(meta.run_time, code) for code in LANGUAGES}
    dated = {code: shown_date(meta.date, code) for code in LANGUAGES}
    return (
        templates()
        .get_template(template)
        .render(
            t=words,
            language=language,
            other=other,
            meta=meta,
            policy=policy,
            made=made,
            dated=dated,
            css=Markup(style_sheet(words)),
            script=Markup(script),
            **values,
        )
    )


def shown_date(text: str, language: Language) -> str:
    """Return a date that begins as in a table (2026-11-23 06:00) as a reader writes it, without the time; else the text."""
    found = _DATE.match(text)
    if found is None:
        return text
    return str(format_date(date(*map(int, found.groups())), format="long", locale=LOCALES[language]))


def style_sheet(words: Mapping[str, Any]) -> str:
    """Return the pages' style sheet with its colours and words filled in."""
    sheet = templates().get_template("page.css.j2")
    return sheet.render(t=words, paper=colours()["paper"], chart=chart_colour_pairs())


def is_too_large(html: str) -> bool:
    """Tell whether a page is larger than one may be."""
    return len(html.encode()) > PAGE_LIMIT


def checked(html: str, name: str, advice: str) -> str:
    """Return a page that is not too large.

    Raises
    ------
    SocialvolymError
        where it is; it names the page and says the advice.
    """
    if is_too_large(html):
        size = len(html.encode()) / 1e6
        raise SocialvolymError(f"{name}: the page has {size:.1f} MB, more than {PAGE_LIMIT / 1e6:.1f}; {advice}")
    return html
