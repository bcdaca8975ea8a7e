"""Pages in a real browser: no requests, widths, keyboard, sources, downloads, print, and an accessibility scan."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from openpyxl import load_workbook
from pages_sample import META, findings, html_cell, notebook, observations
from socialvolym.charts import forms
from socialvolym.charts.markup import Html
from socialvolym.site.front_page import Card, FrontMeta, SearchRow, render_front
from socialvolym.site.page_list import MenuItem
from socialvolym.site.pages import render_page

pytestmark = pytest.mark.skipif(shutil.which("chromium") is None, reason="Chromium is not installed")
sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("pages")
    (place / "page.html").write_text(render_page(notebook(), "sv", observations(), findings(), META), encoding="utf-8")
    (place / "english.html").write_text(render_page(notebook(), "en", observations(), findings(), META), encoding="utf-8")
    rows = [
        SearchRow("Vårddygn", name, "2095–2099", 5, "page.html#m-hvb_care_days", "1483 12,5")
        for name in ("Österåker", "Huddinge")
    ]
    checks = [{"suite": "observations", "rows": 5, "expectations": 3, "failed": 0, "critical": 0}]
    meta = FrontMeta(
        "0.1.0", "2026-01-31", "2026-02-01 06:00 UTC", menu=META.menu, rows=rows, checks=checks, documents=META.documents
    )
    (place / "index.html").write_text(render_front("sv", [Card("page.html", "Placeringar", "1 483")], [], meta), encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def view(browser: Any, folder: Path) -> Iterator[Any]:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto((folder / "page.html").as_uri())
    yield page
    page.close()


def test_opens_from_disk_without_requests_or_messages(browser: Any, folder: Path) -> None:
    for name in ("page.html", "index.html"):
        page, asked, said = browser.new_page(), [], []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.on("console", lambda message, said=said: said.append(message.text))
        page.on("pageerror", lambda error, said=said: said.append(str(error)))
        page.goto((folder / name).as_uri(), wait_until="networkidle")
        assert asked == [(folder / name).as_uri()] and said == []
        page.close()


@pytest.mark.parametrize("name", ["page.html", "index.html", "english.html"])
def test_no_sideways_scrolling(browser: Any, folder: Path, name: str) -> None:
    page = browser.new_page()
    page.goto((folder / name).as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    # A page that is shown at twice its size is laid out as in half the width.
    for width in (320, 768, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_main_message_stands_on_the_first_screen(view: Any) -> None:
    box = view.locator(".message .spark").first.bounding_box()
    assert box["y"] + box["height"] < 900


@pytest.mark.parametrize("width", [390, 1280])
def test_letters_of_a_chart_are_twelve_pixels_on_a_phone_and_beside_others(browser: Any, folder: Path, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto((folder / "page.html").as_uri())
    assert page.locator("figure .plot svg").first.bounding_box()["width"] == 360
    page.close()


def test_a_link_into_what_is_folded_opens_it(view: Any) -> None:
    assert not view.locator("#inside").is_visible()
    assert view.locator(".bar .here").inner_text() == ""
    view.evaluate("location.hash = '#m-hvb_care_days'")
    view.locator("#inside").wait_for(state="visible")
    # The header stays, says where one is, and keeps the place in the other language.
    view.locator(".contents [aria-current]").wait_for(state="attached")
    header = view.locator("header.site").bounding_box()
    assert header["y"] == 0 and header["height"] < 50
    assert view.locator("#inside").bounding_box()["y"] > header["height"]
    assert view.locator(".bar .here").inner_text() == view.locator(".contents [aria-current]").text_content()
    assert view.evaluate("document.querySelector('.bar .other').href").endswith("en/sample.html#m-hvb_care_days")


def test_a_saved_picture_names_what_is_drawn_and_its_source(view: Any, tmp_path: Path) -> None:
    with view.expect_download() as waiting:
        view.locator("figure .save").get_by_text("SVG", exact=True).first.click()
    waiting.value.save_as(tmp_path / "saved.svg")
    said = " ".join(re.findall(r"<text[^>]*>([^<]*)<", (tmp_path / "saved.svg").read_text(encoding="utf-8")))
    assert all(part in said for part in ("Vårddygn i Haninge", "Haninge, 2095–2099, dygn", "Nytt system", "Källa: rad 10"))


def test_keyboard_opens_a_source_and_comes_back(view: Any) -> None:
    view.keyboard.press("Tab")
    assert view.evaluate("document.activeElement.className") == "skip"
    number = view.locator(".story a.num").first
    number.focus()
    view.keyboard.press("Enter")
    box = view.locator("#source")
    assert box.is_visible() and "Årsredovisning 2099" in box.inner_text()
    view.keyboard.press("Escape")
    assert not box.is_visible()
    assert view.evaluate("document.activeElement.dataset.obs") == number.get_attribute("data-obs")


def test_figure_of_two_cells_shows_both(view: Any) -> None:
    view.locator('.story a.num[data-obs*=" "]').first.click()
    assert view.locator("#source article").count() == 2
    view.locator("#source .back a").first.click()
    assert view.evaluate("location.hash") == "#src-haninge-2099:14:1"
    assert not view.locator("#source").is_visible()


def test_without_a_script_figures_lead_to_their_source(browser: Any, folder: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / "page.html").as_uri())
    page.locator(".bar .drop summary", has_text="Kommuner").click()
    assert page.locator(".bar a", has_text="Haninge").is_visible()
    page.set_viewport_size({"width": 390, "height": 800})
    assert not page.locator(".bar a", has_text="Placeringar").is_visible()
    page.locator(".menu > summary").click()
    assert page.locator(".bar a", has_text="Placeringar").is_visible() and page.locator("a.find").is_visible()
    page.locator(".menu > summary").click()
    page.locator(".story a.num").first.click()
    assert page.url.endswith("#src-haninge-2099:10:1")
    assert page.locator('[id="src-haninge-2099:10:1"]').is_visible() and page.locator("details.data summary").first.is_visible()
    context.close()


def test_points_of_a_chart_say_what_they_are_and_open_their_source(view: Any) -> None:
    point = view.locator("figure .plot [data-point]").first
    point.hover()
    assert view.locator("#tip").inner_text() == "Haninge, 2095: 1\u00a0200\u00a0dygn"
    point.click()
    assert view.locator("#source").is_visible()


@pytest.mark.parametrize(
    ("button", "ending", "start"),
    [("CSV", "csv", b"\xef\xbb\xbf"), ("Excel", "xlsx", b"PK"), ("PNG", "png", b"\x89PNG"), ("SVG", "svg", b"<svg")],
)
def test_figure_can_be_saved(view: Any, tmp_path: Path, button: str, ending: str, start: bytes) -> None:
    with view.expect_download() as waiting:
        view.locator("figure .save").get_by_text(button, exact=True).first.click()
    waiting.value.save_as(tmp_path / "saved")
    assert waiting.value.suggested_filename == f"varddygn-i-haninge.{ending}"
    content = (tmp_path / "saved").read_bytes()
    assert content.startswith(start) and len(content) > 100
    if ending == "xlsx":
        assert load_workbook(io.BytesIO(content)).worksheets[0].max_row == 6


def test_dark_screens_get_dark_charts(browser: Any, folder: Path) -> None:
    colours = []
    for scheme in ("light", "dark"):
        page = browser.new_page(color_scheme=scheme)
        page.goto((folder / "page.html").as_uri())
        colours.append(
            page.evaluate(
                "[getComputedStyle(document.body).backgroundColor,"
                "getComputedStyle(document.querySelector('figure .plot svg [data-point]')).fill]"
            )
        )
        page.close()
    assert colours[0][0] != colours[1][0] and colours[0][1] != colours[1][1]


def test_a_choice_narrows_the_page_and_stays_in_the_address(view: Any) -> None:
    found = view.locator(".finding:visible")
    assert found.count() == 2
    view.select_option(".filter select", "0136")
    assert found.count() == 1 and view.url.endswith("page.html?municipality=0136")
    assert view.locator(".filter a").inner_text() == "Allt om Haninge"
    view.reload()
    assert found.count() == 1 and view.locator(".filter select").input_value() == "0136"
    view.select_option(".filter select", "")
    assert found.count() == 2 and view.url.endswith("page.html") and not view.locator(".filter a").is_visible()


def test_who_chooses_a_municipality_sees_its_own_messages(browser: Any, folder: Path) -> None:
    node = notebook()
    [cell] = [cell for cell in node.cells if "key-messages" in str(cell)]
    shown = cell.outputs[0].data["text/html"]
    own = '<article class="message" data-chosen hidden data-municipality="0126"><h3>Huddinges egen</h3></article></section>'
    cell.outputs[0].data["text/html"] = shown.replace("</section>", own)
    (folder / "own.html").write_text(render_page(node, "sv", observations(), findings(), META), encoding="utf-8")
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto((folder / "own.html").as_uri())
    heads, leading = (
        page.locator(".message h3:visible"),
        "heads => heads.map(head => parseFloat(getComputedStyle(head).fontSize))",
    )
    assert heads.all_inner_texts() == ["Dygnen blev fler"]
    [large] = heads.evaluate_all(leading)
    page.select_option(".filter select", "0126")
    assert heads.all_inner_texts() == ["Huddinges egen"] and heads.evaluate_all(leading) == [large]
    page.select_option(".filter select", "0136")
    assert heads.all_inner_texts() == ["Dygnen blev fler"]
    page.close()


def test_a_table_is_sorted_by_its_headings_and_says_so(view: Any) -> None:
    view.locator("figure details.data summary").first.click()
    head, cells = view.locator("figure th", has_text="Värde"), view.locator("figure tbody td")
    orders = []
    for _ in range(3):
        head.get_by_role("button").press("Enter")
        orders.append((head.get_attribute("aria-sort"), cells.all_inner_texts()))
    up = ["1\u00a0200,0", "1\u00a0260,5", "1\u00a0301,0", "1\u00a0412,0", "uppgift saknas"]
    assert orders[0] == ("ascending", up)
    assert orders[1] == ("descending", [*reversed(up[:4]), up[4]])
    assert orders[2] == (None, [*up[:2], up[4], *up[2:4]])


def test_a_section_and_a_chart_say_their_address_and_how_to_refer_to_them(view: Any) -> None:
    view.locator("#faults a.self").click()
    said = view.locator("#source").inner_text()
    assert view.url.endswith("page.html#faults")
    assert said.count(view.url) == 2 and "Placeringar & dygn: Fel. Version 0.1.0, rapporter till och med 31 januari 2026." in said
    view.keyboard.press("Escape")
    view.locator("figure a.self").first.click()
    assert "Placeringar & dygn: Vårddygn i Haninge. Version" in view.locator("#source").inner_text()
    assert view.url.endswith("page.html#c-hvb_care_days-0136")


def test_search_leads_from_any_page_to_the_measure(view: Any) -> None:
    view.fill("form.find input", "osteraker VARDDYGN")
    view.keyboard.press("Enter")
    view.wait_for_url("**/index.html#q=osteraker%20VARDDYGN")
    shown = view.locator(".list tbody tr:visible", has_text="Vårddygn")
    assert [row.split("\t")[1] for row in shown.all_inner_texts()] == ["Österåker"]
    assert "1 av 2" in view.locator("output").inner_text()
    for word, count in (("1 483", 2), ("1483 hudd", 1), ("12.5", 2), ("148", 0), ("12,5 österåker", 1)):
        view.fill("#search", word)
        assert shown.count() == count, word
    view.fill("#search", "")
    assert view.locator(".fold tbody tr:visible").count() == 0, "what there are figures on is folded until somebody searches"
    view.fill("#search", "hudd")
    view.locator("#search").press("Enter")
    view.keyboard.press("Enter")
    view.wait_for_url("**/page.html#m-hvb_care_days")
    assert view.locator("#inside").is_visible()


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1440, "light")])
@pytest.mark.parametrize("name", ["page.html", "index.html"])
def test_accessibility_scan_is_clean(browser: Any, folder: Path, name: str, width: int, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    # The scanner is a script that the page's own policy would refuse.
    context = browser.new_context(bypass_csp=True, color_scheme=scheme, viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto((folder / name).as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    if name == "page.html":
        page.locator(".story a.num").first.click()
    found = axe.Axe().run(page).response["violations"]
    context.close()
    assert [(violation["id"], [node["html"][:200] for node in violation["nodes"]]) for violation in found] == []


_PRINT = """
import sys
from pathlib import Path
from socialvolym.site.browser import pdf
pdf(Path(sys.argv[1]), Path(sys.argv[2]))
"""


def test_page_prints_to_pdf_with_page_numbers_and_notes(folder: Path, tmp_path: Path) -> None:
    pdfium = pytest.importorskip("pypdfium2", reason="pypdfium2 is not installed")
    target = tmp_path / "page.pdf"
    # Playwright runs once a process; the fixture has it here, so printing happens in a process of its own.
    subprocess.run([sys.executable, "-c", _PRINT, str(folder / "page.html"), str(target)], check=True, timeout=120)
    document = pdfium.PdfDocument(target)
    texts = [page.get_textpage().get_text_range() for page in document]
    assert [round(side) for side in document[0].get_size()] == [595, 842]
    assert f"1 / {len(texts)}" in texts[0]
    whole = "\n".join(texts)
    assert "1 301" in whole.replace("\u00a0", " "), "the table behind a chart is printed though it is folded on the screen"
    assert "Spara" not in whole and "På sidan" not in whole


def _long_page() -> Html:
    """Return contradictions that are folded, a list that is folded, and a table of three printed pages under a chart."""
    heads = ["Kommun", *(f"Utfall {year} (miljoner kronor)" for year in range(2090, 2094))]
    wide = pl.DataFrame([[f"Ort {row}", *(1000.0 * row + year for year in range(4))] for row in range(80)], heads, orient="row")
    chart = forms.bars(pl.DataFrame({"label": ["Ort 1"], "value": [3.0]}), language="sv", unit="miljoner kronor")
    folded = '<section class="" id="{0}"><details class="fold"><summary><h2>{1}</h2></summary><p>{2}</p></details></section>'
    return Html(
        folded.format("findings", "Motsägelser", "Summan stämmer inte.")
        + folded.format("other", "Övrigt", "En siffra till.")
        + f'<section class="" id="costs"><h2>Kostnader</h2>{forms.figure(chart, wide, "Kostnad", "Staplar", "sv")}</section>'
    )


@pytest.fixture(scope="module")
def long_page(folder: Path) -> Path:
    node = notebook()
    node.cells.append(html_cell(_long_page()))
    (folder / "long.html").write_text(render_page(node, "sv", observations(), findings(), META), encoding="utf-8")
    return folder / "long.html"


def test_a_table_under_a_chart_takes_the_width_of_the_page(browser: Any, long_page: Path) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(long_page.as_uri())
    page.locator("#costs figure details.data summary").click()
    box = page.locator("#costs .tablebox")
    assert box.evaluate("box => box.clientWidth") > 900 and box.evaluate("box => box.scrollWidth - box.clientWidth") <= 1
    assert page.locator("#costs .plot svg").bounding_box()["width"] == 360
    page.close()


def test_on_paper_faults_are_told_and_tables_keep_their_heads_and_charts_can_be_read(
    browser: Any, long_page: Path, tmp_path: Path
) -> None:
    pdfium = pytest.importorskip("pypdfium2", reason="pypdfium2 is not installed")
    # As wide as A4 without its margins.
    page = browser.new_page(viewport={"width": 665, "height": 900})
    page.goto(long_page.as_uri())
    page.locator("#costs figure details.data summary").click()
    page.pdf(path=tmp_path / "long.pdf", prefer_css_page_size=True)
    page.emulate_media(media="print")
    letters = page.evaluate(
        "[...document.querySelectorAll('.spark svg, .plot svg')].filter(svg => svg.getClientRects().length)"
        ".map(svg => 12 * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width)"
    )
    # Eight points are 10.7 pixels.
    assert len(letters) == 3 and min(letters) > 10.6
    lead = page.locator(".message:visible").first
    heading, chart, whole_lead = (each.bounding_box() for each in (lead.locator("h3"), lead.locator(".spark"), lead))
    assert heading["width"] == whole_lead["width"] and chart["y"] >= heading["y"] + heading["height"], "over its chart"
    page.close()
    texts = [sheet.get_textpage().get_text_range() for sheet in pdfium.PdfDocument(tmp_path / "long.pdf")]
    whole = "\n".join(texts)
    assert "Summan stämmer inte." in whole and "En siffra till." not in whole
    assert "Källor till de utskrivna siffrorna" in whole and "siffror med källa" not in whole
    sheets = [text for text in texts if "Ort " in text]
    assert len(sheets) > 1 and all("Kommun" in text for text in sheets)


@pytest.mark.parametrize(("name", "width"), [("page.html", 320), ("english.html", 320), ("english.html", 390)])
def test_what_the_header_says_is_whole_on_a_phone(browser: Any, folder: Path, name: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto((folder / name).as_uri())
    bar = page.locator(".bar").bounding_box()
    for part in (".home", ".menu summary", ".contents summary", ".other"):
        found = page.locator(f".bar {part}").first
        box = found.bounding_box()
        assert box["x"] + box["width"] <= bar["x"] + bar["width"], part
        assert found.evaluate("part => part.scrollWidth <= part.clientWidth + 1"), part
    page.close()


def test_the_address_stands_after_the_formats(view: Any) -> None:
    assert view.locator("figure .save").first.inner_text().split() == ["Spara", "CSV", "Excel", "SVG", "PNG", "Länk", "hit"]


def test_the_name_of_a_page_can_be_read_and_its_message_is_larger(view: Any) -> None:
    sizes = view.evaluate(
        "['h1', '.message h3'].map(part => parseFloat(getComputedStyle(document.querySelector(part)).fontSize))"
    )
    assert 20 <= sizes[0] < sizes[1]


@pytest.mark.parametrize("width", [1200, 1280, 1440])
def test_a_header_of_many_pages_keeps_its_search_and_language_in_sight(browser: Any, tmp_path: Path, width: int) -> None:
    """With more pages of one's own it takes a second line."""
    menu = [MenuItem(f"Placeringar {number}", "sample.html") for number in range(14)]
    html = render_page(notebook(), "sv", observations(), findings(), replace(META, menu=menu))
    (tmp_path / "many.html").write_text(html, encoding="utf-8")
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto((tmp_path / "many.html").as_uri())
    for part in (".bar form.find input", ".bar a.other", ".menu li:last-child a", ".contents summary"):
        box = page.locator(part).first.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width, part
    # What a link leads to stands under the header.
    page.evaluate("location.hash = 'measures'")
    page.wait_for_timeout(400)
    bar, place = page.locator("header.site").bounding_box(), page.locator("#measures h2").first.bounding_box()
    assert place["y"] >= bar["y"] + bar["height"]
    page.close()
