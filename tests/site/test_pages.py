"""Pages: what is told and what is not, sources, safety, downloads, the index and the data package."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
from dataclasses import replace
from datetime import date, datetime
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from openpyxl import load_workbook
from pages_sample import DOCUMENT, META, NASTY, findings, html_cell, notebook, observations
from socialvolym.charts import downloads
from socialvolym.charts.figure import source_link
from socialvolym.charts.markup import Html
from socialvolym.charts.theme import strings
from socialvolym.csv_files import disarmed
from socialvolym.errors import SocialvolymError
from socialvolym.notation.languages import Language
from socialvolym.observations import store
from socialvolym.reports.loading import load_reports
from socialvolym.reports.models import Break
from socialvolym.site import citations, data_files, page_list
from socialvolym.site.citations import ranges
from socialvolym.site.figure_files import COLUMNS, FigureFiles
from socialvolym.site.pages import PageMeta, render_page
from socialvolym.vocabulary.columns import OBSERVATION_SCHEMA


class _Elements(HTMLParser):
    """Collects tags, ids and links of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[dict[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.append(dict(attrs))

    def values(self, name: str) -> list[str]:
        return [value for attributes in self.attributes if (value := attributes.get(name)) is not None]


@pytest.fixture(scope="module")
def page() -> str:
    return render_page(notebook(), "sv", observations(), findings(), META)


def test_code_and_warnings_are_not_told(page: str) -> None:
    for hidden in ("secret_code", "language = 'sv'", "a warning", "plain text"):
        assert hidden not in page
    assert "Räknat på <strong>allt</strong>" in page


def test_title_comes_from_meta_then_metadata_then_first_heading(page: str) -> None:
    assert "<h1>Placeringar &amp; dygn</h1>" in page and page.count("<h1") == 1
    node = notebook()
    node.metadata["title"] = "Ur metadata"
    assert "<h1>Ur metadata</h1>" in render_page(node, "sv", observations(), findings(), META)


def test_a_page_says_its_first_finding_at_its_beginning_where_the_index_reads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    about = page_list.Page("sample", "sample", "sv", "n", "Titel", None, "all", {})
    monkeypatch.setattr(page_list.paths, "pages", lambda: tmp_path)
    assert about.said() == page_list.Said()
    about.output.parent.mkdir()
    about.output.write_text(
        render_page(notebook(heading='Dygnen "blev" fler'), "sv", observations(), findings(), META), encoding="utf-8"
    )
    assert about.said() == page_list.Said('Dygnen "blev" fler', "1\u00a0412 dygn", frozenset({"m-hvb_care_days"}))
    about.output.write_text("<p>no page</p>", encoding="utf-8")
    assert about.said() == page_list.Said()


def test_language_contents_and_landmarks(page: str) -> None:
    assert '<html lang="sv">' in page
    contents = page[page.index('class="drop contents"') : page.index('<main id="text"')]
    assert re.findall(r'<a href="(#[^"]*)">([^<]*)', contents) == [
        ("#measures", "Mått för mått"),
        ("#m-hvb_care_days", "Vårddygn på HVB"),
        ("#mer", "Mer"),
        ("#faults", "Fel"),
        ("#metod", "Metod"),
    ]
    assert all(f"<{tag}" in page for tag in ("main", "header", "footer", "nav"))


def test_what_is_hidden_until_it_is_chosen_comes_last_among_the_notes_and_is_nothing_to_go_back_to() -> None:
    node = notebook()
    [cell] = [cell for cell in node.cells if "key-messages" in str(cell)]
    one = Html('<article class="message" data-chosen hidden><p>{}</p></article></section>').format(
        source_link("1 301", ["haninge-2099:13:1"])
    )
    cell.outputs[0].data["text/html"] = cell.outputs[0].data["text/html"].replace("</section>", one)
    html = render_page(node, "sv", observations(), findings(), META)
    hidden = re.search(r"<article [^>]*hidden.*?</article>", html, re.DOTALL)
    assert hidden is not None and 'id="ref-' not in hidden[0] and "data-note=" in hidden[0]
    back = {mention for mention in re.findall(r'class="back" href="#([^"]*)"', html)}
    assert back and all(f'id="{mention}"' in html for mention in back)
    noted = [int(note) for note in re.findall(r'data-note="(\d+)"', html.replace(hidden[0], ""))]
    assert int(re.findall(r'data-note="(\d+)"', hidden[0])[0]) >= max(noted[:2])


def test_sources_of_what_is_hidden_until_it_is_chosen_are_not_printed() -> None:
    shown, own = (str(source_link("1", [f"haninge-2099:{line}:1"])) for line in (10, 13))
    html = f'<article class="message" data-chosen hidden>{own}</article><p>{shown}</p>'
    rows = citations.cited_rows(html, "sv", observations(), findings(), {}, "sample")
    assert [(row.number, row.figures[0].id[-4:], row.folded) for row in rows] == [(1, "10:1", False), (2, "13:1", True)]


def test_lede_ends_the_opening_where_there_are_no_key_messages() -> None:
    node = new_notebook(cells=[html_cell(Html('<p class="lede">Först</p>')), html_cell(Html("<h2>Sedan</h2>"))])
    html = render_page(node, "sv", observations(), findings(), META)
    assert html.index("Först") < html.index('class="story"') < html.index(">Sedan</h2>")


def test_every_link_inside_the_page_leads_somewhere_and_ids_are_unique(page: str) -> None:
    elements = _Elements(page)
    ids = elements.values("id")
    assert len(ids) == len(set(ids))
    assert {href[1:] for href in elements.values("href") if href.startswith("#")} <= set(ids)


def test_each_quoted_figure_has_one_source_entry_with_its_way_back(page: str) -> None:
    quoted = {name for value in _Elements(page).values("data-obs") for name in value.split()}
    entries = re.findall(r'<li id="src-([^"]+)"', page)
    assert set(entries) == quoted and len(entries) == len(quoted) == 5
    row = page[page.index('<li id="src-haninge-2099:10:1"') :].split("</tr>")[0]
    for said in (
        "2095",
        'data-series="utfall"',
        "1200",
        'data-read="1\u00a0200\u00a0vårddygn"',
        "Haninge, Socialnämnden: Årsredovisning 2099",
        "sida 7",
        "rad 10",
        "Tabell 1",
        "läsningen godtagen 1 maj 2099",
        "Delarna blir 1201.",
        "findings.html#f-haninge-2099-10-sum",
    ):
        assert said in row
    assert '<b lang="sv">Placerade barn</b>, <span lang="sv">vårddygn</span>' in page
    empty = page[page.index('<li id="src-haninge-2099:12:1"') :].split("</li>")[0]
    assert "tom cell" in empty and "uppgift saknas" in empty


def test_a_figure_of_a_report_that_nobody_described_says_what_its_reading_rests_on() -> None:
    frame = observations().with_columns(certainty=pl.lit("certain"), because=pl.lit("period:heading measure:row"))
    html = render_page(notebook(frame), "sv", frame, findings(), META)
    assert html.count("säker läsning (år eller tid: rubriken över kolumnen; mått: radens namn)") == 5


def test_figures_of_one_printed_row_are_one_note() -> None:
    frame = observations().with_columns(line=pl.lit(10))
    html = render_page(notebook(frame), "sv", frame, findings(), META)
    assert html.count('<td class="n">1</td>') == 1 and '<td class="n">2</td>' not in html
    assert html.count('<li id="src-') == 5 and 'data-note="1"' in html and 'data-note="2"' not in html


@pytest.mark.parametrize(
    ("language", "note", "said"),
    [
        ("en", "A remark", "A remark"),
        ("sv", "A remark", '<a class="remark" href="../en/sample.html#src-haninge-2099:10:1">'),
        ("en", "footnote 3", "footnote 3"),
        ("sv", "footnote 3", "fotnot 3"),
    ],
)
def test_remarks_in_english_stand_on_no_swedish_page(language: Any, note: str, said: str) -> None:
    frame = observations().with_columns(note=pl.lit(note), line=pl.lit(10))
    html = render_page(notebook(frame), language, frame, findings(), META)
    shown = re.sub(r'href="data:[^"]*"', "", html)
    assert said in shown and (language == "en" or note not in shown)


def test_corrected_bounded_and_noted_figures_say_so() -> None:
    frame = observations().with_columns(status=pl.lit("corrected"), bound=pl.lit("approx"), note=pl.lit("En fotnot"))
    html = render_page(notebook(), "en", frame, findings(), META)
    assert "about 1,200\u00a0care days" in html and "corrected" in html and "En fotnot" in html and "The parts make 1201." in html


@pytest.mark.parametrize(
    ("change", "stays"),
    [
        ({}, True),
        ({"published": "999"}, False),
        ({"published": None}, True),
        ({"line": 99}, False),
        ({"measure": "other"}, False),
        ({"measure": "hvb_care_days"}, True),
    ],
)
def test_findings_stay_with_their_own_figure(change: dict[str, object], stays: bool) -> None:
    found = findings().with_columns(**{name: pl.lit(value) for name, value in change.items()})
    assert ("Delarna blir 1201." in render_page(notebook(), "sv", observations(), found, META)) is stays


def test_a_figure_without_observation_stops_the_page() -> None:
    with pytest.raises(SocialvolymError, match="the first is 'haninge-2099:14:1'"):
        render_page(notebook(), "sv", observations().head(4), findings(), META)


def test_a_failed_cell_stops_the_page() -> None:
    failed = new_output("error", ename="ZeroDivisionError", evalue="division", traceback=[])
    node = new_notebook(cells=[new_code_cell("1/0", outputs=[failed])])
    with pytest.raises(SocialvolymError, match="cell 1 failed: ZeroDivisionError"):
        render_page(node, "sv", observations(), findings(), META)


@pytest.mark.parametrize(
    ("output", "said"),
    [
        (new_output("stream", name="stdout", text="4.2"), r"own: cell 1 prints text, which is on no page; show a frame"),
        (new_output("execute_result", data={"text/plain": "{'a': 1}"}), r"own: cell 1 shows {'a': 1}, which is on no page"),
    ],
)
def test_what_no_page_can_tell_stops_it_and_names_the_cell(output: Any, said: str) -> None:
    """It was left out without a word."""
    node = new_notebook(cells=[new_code_cell("x", outputs=[output])])
    with pytest.raises(SocialvolymError, match=said):
        render_page(node, "sv", observations(), findings(), replace(META, name="own"))


def test_cells_are_counted_as_in_the_notebook_that_a_person_opens() -> None:
    injected = new_code_cell("a = 1", metadata={"tags": ["injected-parameters"]})
    shows = new_code_cell("a", outputs=[new_output("execute_result", data={"text/plain": "1"})])
    with pytest.raises(SocialvolymError, match="own: cell 2 shows 1,"):
        render_page(
            new_notebook(cells=[new_code_cell(""), injected, shows]), "sv", observations(), findings(), replace(META, name="own")
        )


def test_pictures_are_told() -> None:
    pictures = [{"image/svg+xml": "<svg></svg>", "text/plain": "<Figure>"}, {"image/png": "aGVq\n", "text/plain": "<Figure>"}]
    outputs = [new_output("display_data", data=data) for data in pictures]
    told = render_page(new_notebook(cells=[new_code_cell("x", outputs=outputs)]), "sv", observations(), findings(), META)
    assert '<div class="plot"><svg></svg></div>' in told and '<img alt="" src="data:image/png;base64,aGVq">' in told


def test_a_page_without_messages_is_described_by_its_first_sentence() -> None:
    node = new_notebook(cells=[new_markdown_cell("# T\n\nHow many, e.g. 4.5 & more? The rest follows.")])
    told = render_page(node, "en", observations(), findings(), META)
    assert '<meta name="description" content="How many, e.g. 4.5 &amp; more?">' in told


def test_a_page_that_is_too_large_is_not_made() -> None:
    node = new_notebook(cells=[html_cell(Html("<p>{}</p>").format("x" * 1_600_000))])
    with pytest.raises(SocialvolymError, match=r"the page has 1\.[67] MB, more than 1\.5"):
        render_page(node, "sv", observations(), findings(), META)


def test_a_page_near_the_limit_goes_without_the_file_of_all_its_figures(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socialvolym.site.pages.PAGE_LIMIT", len(page.encode()) - 1)
    smaller = render_page(notebook(), "sv", observations(), findings(), META)
    assert 'download="sample.csv"' in page and 'download="sample.csv"' not in smaller
    assert 'download="varddygn-i-haninge.csv"' in smaller
    monkeypatch.setattr("socialvolym.site.pages.PAGE_LIMIT", len(smaller.encode()) - 1)
    smallest = render_page(notebook(), "sv", observations(), findings(), META)
    assert 'download="' not in smallest
    assert smallest.count("<tr") == smaller.count("<tr") == page.count("<tr")


def test_nothing_is_asked_of_a_network(page: str) -> None:
    outside = [
        value
        for name in ("href", "src", "action", "data-src", "xlink:href")
        for value in _Elements(page).values(name)
        if re.match(r"(?:https?:)?//", value)
    ]
    assert outside == []
    assert "@import" not in page and "url(http" not in page
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:;" in unescape(page)


def test_the_policy_allows_exactly_the_script_of_the_page(page: str) -> None:
    script = page.split("<script>")[1].split("</script>")[0]
    assert f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" in unescape(page)
    assert page.count("<script") == 1


def test_two_runs_differ_in_one_line(page: str) -> None:
    later = PageMeta(**{**META.__dict__, "run_time": "2026-02-02 06:00 UTC"})
    again = render_page(notebook(), "sv", observations(), findings(), later)
    assert sum(one != other for one, other in zip(page.splitlines(), again.splitlines(), strict=True)) == 1
    assert page == render_page(notebook(), "sv", observations(), findings(), META)


def _page_of(label: str) -> _Elements:
    frame = observations(label).with_columns(pl.lit(label).alias(name) for name in ("note", "table", "published_as", "breakdown"))
    found = findings().with_columns(explanation_sv=pl.lit(label), table=pl.lit(label), published=pl.lit(label))
    return _Elements(render_page(notebook(frame, heading=label), "sv", frame, found, META))


@pytest.mark.parametrize(
    "label", [NASTY, "</style></script><svg onload=alert(1)>", "{{ 7*7 }}", "a" * 10_000, "=1+1", "\u202etext"]
)
def test_hostile_labels_change_nothing_but_their_own_text(label: str) -> None:
    hostile, calm = _page_of(label), _page_of("calm")
    assert hostile.tags == calm.tags
    assert [set(attributes) for attributes in hostile.attributes] == [set(attributes) for attributes in calm.attributes]


def test_markdown_output_is_quoted_but_markdown_cells_are_trusted() -> None:
    output = new_output("display_data", data={"text/markdown": "**fet** <img src=x onerror=alert(1)>"})
    node = new_notebook(cells=[new_markdown_cell('<p class="lede">Inledning</p>'), new_code_cell("x", outputs=[output])])
    html = render_page(node, "sv", observations(), findings(), META)
    assert "<strong>fet</strong>" in html and "<img" not in html and '<p class="lede">Inledning</p>' in html


def test_notes_for_those_who_run_the_notebook_are_not_told_but_may_give_the_title() -> None:
    node = new_notebook(cells=[new_markdown_cell("# Own title\n\nHow to run this.", metadata={"tags": ["note"]})])
    html = render_page(node, "sv", observations(), findings(), META)
    assert "<h1>Own title</h1>" in html and "How to run this" not in html


def test_page_is_read_from_a_path_as_well(tmp_path: Path, page: str) -> None:
    nbformat.write(notebook(), tmp_path / "sample.ipynb")
    assert len(render_page(tmp_path / "sample.ipynb", "sv", observations(), findings(), META)) == len(page)


def test_a_page_without_figures_has_no_list_of_them() -> None:
    html = render_page(new_notebook(cells=[new_markdown_cell("Bara text.")]), "sv", observations(), findings(), META)
    assert 'id="sources"' not in html and "#sources" not in html and 'download="' not in html


def _saved(html: str, ending: str) -> bytes:
    match = re.search(rf'download="[^"]*\.{ending}" href="data:[^,]*;base64,([^"]*)"', html)
    assert match
    return base64.b64decode(match[1])


def test_saved_files_hold_each_figure_once_in_the_pages_language(page: str) -> None:
    text = _saved(page, "csv").decode("utf-8")
    heads, *rows = text.removeprefix("\ufeff").splitlines()
    assert heads.startswith("kommun;mått;del;period;första dag;") and len(rows) == 5
    assert rows[0].startswith("Haninge;Vårddygn på HVB och institution;;2095;2095-01-01;2095-12-31;utfall;1200,0;vårddygn;1200;")
    assert ";Delarna blir 1201.;Socialnämnden: Årsredovisning 2099;7;10;Placerade barn;" in rows[0]
    assert ";uppgift saknas;" in rows[2]


@pytest.mark.parametrize("place", ["chart", "page"])
def test_every_file_has_the_same_columns_with_typed_days_and_numbers(page: str, place: str) -> None:
    name = {"chart": "varddygn-i-haninge", "page": "sample"}[place]
    [content] = re.findall(rf'download="{name}\.xlsx" href="data:[^,]*;base64,([^"]*)"', page)
    heads, *rows = load_workbook(io.BytesIO(base64.b64decode(content))).worksheets[0].iter_rows(values_only=True)
    assert heads == tuple(strings("sv")["file"].values()) and set(strings("sv")["file"]) == set(COLUMNS)
    by_name = [dict(zip(heads, row, strict=True)) for row in rows]
    assert [row["värde"] for row in by_name] == [1200, 1260.5, None, 1301, 1412]
    assert by_name[0]["första dag"] == datetime(2095, 1, 1) and by_name[0]["rad"] == 10
    assert len({row["siffrans id"] for row in by_name}) == 5


def test_a_file_names_the_break_where_a_figure_is_the_first_counted_anew() -> None:
    cut = Break(period="2098", measures=("hvb_care_days",), reason_en="was {3:1 200} then", reason_sv="var {3:1 200} då")
    files = FigureFiles(observations(), findings(), {"haninge-2099": replace(DOCUMENT, breaks=[cut])}, "en")
    ids = observations()["observation_id"].to_list()
    assert files.frame([*ids, *ids])["break"].to_list() == [None, None, None, "was 1 200 then", None]
    assert files.links([], "none") == ""


def test_formulas_are_disarmed_and_printed_numbers_are_not() -> None:
    for armed in ("=1+1", "+cmd|' /C calc'!A0", "-2+3+cmd", "@SUM(A1)", "\t=1", "＝1"):
        assert disarmed(pl.DataFrame({"a": [armed]})).item() == f"'{armed}"
    for plain in ("-27 994", "+1,5 %", "-0,3", "Barn", "", "12-18 år"):
        assert disarmed(pl.DataFrame({"a": [plain]})).item() == plain


def saved_files(frame: pl.DataFrame, language: Language) -> tuple[str, bytes]:
    """The CSV text and the Excel workbook behind the links that save a table."""
    files = re.findall(r"base64,([^\"]*)", downloads.links(frame, "blad/1", language, "CSV", "Excel"))
    csv_file, workbook = (base64.b64decode(unescape(file)) for file in files)
    return csv_file.decode(), workbook


@given(st.lists(st.text(max_size=40), min_size=1, max_size=5))
def test_no_saved_cell_is_a_formula(texts: list[str]) -> None:
    frame = pl.DataFrame({"=col": texts})
    text, workbook = saved_files(frame, "sv")
    for row in load_workbook(io.BytesIO(workbook)).worksheets[0].iter_rows():
        assert all(cell.data_type != "f" for cell in row)
    for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"):
        assert not any(cell.startswith(("=", "@")) or re.match(r"[-+].*[^\d\s.,%]", cell) for cell in row)


def test_a_workbook_holds_what_the_tables_hold() -> None:
    texts = pl.DataFrame({"a & b": ["<1>", " två ", "rad\nbruten", None], "tom": ["", None, "", "x" * 60]})
    others = pl.DataFrame(
        {"n": [1, None, -3], "x": [0.1, float("nan"), 1e20], "b": [True, False, None], "d": [date(2020, 2, 29), None, None]}
    )
    book = load_workbook(io.BytesIO(downloads.workbook({"sheet2": texts, 'R&D "x"': others, "none": others.clear()})))
    assert book.sheetnames == ["sheet2", 'R&D "x"', "none"]
    assert list(book["sheet2"].values) == [
        ("a & b", "tom"),
        ("<1>", None),
        (" två ", None),
        ("rad\nbruten", None),
        (None, "x" * 60),
    ]
    rows = [("n", "x", "b", "d"), (1, 0.1, True, datetime(2020, 2, 29)), (None, None, False, None), (-3, 1e20, None, None)]
    assert list(book['R&D "x"'].values) == rows and list(book["none"].values) == rows[:1]
    for sheet in book:
        assert sheet.freeze_panes == "A2" and all(cell.font.b for cell in sheet[1])
    assert [book["sheet2"].column_dimensions[letter].width for letter in "AB"] == [12, 50]


def test_workbooks_are_the_same_twice() -> None:
    assert saved_files(observations(), "sv") == saved_files(observations(), "sv")


def test_csv_follows_the_language() -> None:
    frame = pl.DataFrame({"a": [1.5], "b": ["x;y"], "c": [["p", "q"]]})
    assert saved_files(frame, "sv")[0] == '\ufeffa;b;c\n1,5;"x;y";p q\n'
    assert saved_files(frame, "en")[0] == "\ufeffa,b,c\n1.5,x;y,p q\n"


def test_source_link_escapes() -> None:
    assert source_link("<", ['a"b', "c"]) == '<a class="num" href="#src-a&#34;b" data-obs="a&#34;b c">&lt;</a>'


@pytest.fixture
def written(tmp_path: Path) -> tuple[Path, dict[str, pl.DataFrame]]:
    """A folder with its data files, and the tables in it."""
    figures = observations().select(*OBSERVATION_SCHEMA, "observation_id")
    tables = {"observations": figures, "measures": store.measures(figures)}
    tables["codebook"] = store.codebook(tables)
    for name, table in tables.items():
        store.store(table, name, tmp_path)
    data_files.write(tmp_path, tables, "1.0", [raw for raw in load_reports() if raw.report.id == "haninge-2022"])
    return tmp_path, tables


def test_the_data_package_describes_the_tables_and_where_they_are_from(written: tuple[Path, dict[str, pl.DataFrame]]) -> None:
    folder, _ = written
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    resource = next(one for one in package["resources"] if one["name"] == "observations")
    fields = {field["name"]: field for field in resource["schema"]["fields"]}
    assert fields["value"]["type"] == "number" and fields["value"]["description"].startswith("number in the unit")
    assert (fields["page"]["type"], fields["municipality_code"]["type"]) == ("integer", "string")
    assert resource["hash"] == "sha256:" + hashlib.sha256((folder / "observations.csv").read_bytes()).hexdigest()
    assert package["licenses"][0]["name"] == "MIT"
    assert package["sources"][0]["title"] == "Haninge, Socialnämnden: Årsredovisning 2022"
    assert any("KPI" in source["title"] for source in package["sources"])


def test_the_workbook_has_a_sheet_for_each_table_with_numbers_as_numbers(written: tuple[Path, dict[str, pl.DataFrame]]) -> None:
    folder, tables = written
    book = load_workbook(folder / "socialvolym.xlsx")
    assert book.sheetnames == ["codebook", "observations", "measures"]
    sheet = book["observations"]
    heads = {cell.value: cell.column for cell in sheet[1]}
    assert sheet.max_row == tables["observations"].height + 1
    assert [sheet.cell(row, heads["value"]).value for row in range(2, sheet.max_row + 1)] == tables["observations"][
        "value"
    ].to_list()
    codes = {sheet.cell(row, heads["municipality_code"]).value for row in range(2, sheet.max_row + 1)}
    assert codes == set(tables["observations"]["municipality_code"])
    before = (folder / "socialvolym.xlsx").read_bytes()
    data_files.write(folder, tables, "1.0", [])
    assert (folder / "socialvolym.xlsx").read_bytes() == before


def test_the_codebook_says_each_column_in_both_languages(written: tuple[Path, dict[str, pl.DataFrame]]) -> None:
    _, tables = written
    book = tables["codebook"]
    assert book.filter(table="observations")["column"].to_list() == tables["observations"].columns
    assert book.filter(table="codebook").height == len(book.columns) and book.null_count().sum_horizontal()[0] == 0
    assert tables["measures"].null_count().sum_horizontal()[0] == 0


def test_sources_of_a_folded_table_are_marked_and_those_quoted_openly_are_not() -> None:
    ids = observations()["observation_id"].to_list()[:2]
    links = [source_link("1", [name]) for name in ids]
    folded = Html('<details class="data folded"><summary>s</summary>{}{}</details>').format(*links)
    node = new_notebook(cells=[html_cell(Html(Html("<p>{}</p>").format(links[0]) + folded))])
    html = render_page(node, "en", observations(), findings(), META)
    marked = re.findall(r'<tr class="folded">.*?<li id="src-([^"]*)"', html, re.DOTALL)
    assert marked == [ids[1]]


@pytest.mark.parametrize(
    ("numbers", "note"), [([3], "3"), ([1, 2], "1, 2"), ([4, 3, 5, 3], "3–5"), ([1, 3, 4, 5, 6, 9], "1, 3–6, 9"), ([], "")]
)
def test_note_numbers_that_follow_each_other_are_a_range(numbers: list[int], note: str) -> None:
    assert ranges(numbers) == note


@pytest.mark.parametrize(("language", "told"), [("sv", "januari–augusti 2099"), ("en", "January–August 2099")])
def test_a_source_tells_its_period_its_bound_and_a_unit_that_labels_it_in_words(language: Language, told: str) -> None:
    first = pl.col("observation_id") == "haninge-2099:10:1"
    about = {"period": "2099-01/2099-08", "published_as": "drygt 1200", "bound": "approx", "label": "care_days"}
    rows = observations().with_columns(
        pl.when(first).then(pl.lit(new)).otherwise(name).alias(name) for name, new in about.items()
    )
    link = str(source_link("1", ["haninge-2099:10:1"]))
    [row] = citations.cited_rows(link, language, rows, findings(), {"haninge-2099": DOCUMENT}, "sample")
    [figure] = row.figures
    assert row.label == {"sv": "vårddygn", "en": "care days"}[language]
    assert figure.period == told and figure.read.startswith({"sv": "drygt 1", "en": "just over 1"}[language])
