"""The repository itself, end to end: one run from the reports to the pages, and the pages in a real browser."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import code_docs
import papermill
import polars as pl
import pytest
from running_sample import READY, run, write_notebook
from socialvolym import paths
from socialvolym.narrative.messages import words_in

ROOT = Path(__file__).resolve().parents[1]
INPUTS = ("data/raw", "notebooks", "expectations")
ANALYSES = ("3_lss", "4_placements", "5_economic_assistance")
NAMES = {"overview", "lss", "placements", "economic-assistance", "findings", "method"}
#: The texts of charts that stand out over their chart's edge, where they would be cut off.
CUT = """() => [...document.querySelectorAll("svg")].flatMap((svg) => {
  const around = svg.getBoundingClientRect();
  return [...svg.querySelectorAll("text")].filter((text) => {
    const own = text.getBoundingClientRect();
    return own.width && (own.left < around.left - 1 || own.right > around.right + 1 || own.top < around.top - 1
      || own.bottom > around.bottom + 1);
  }).map((text) => text.textContent);
})"""
#: The texts of charts that stand on each other.
MET = """() => [...document.querySelectorAll(".plot svg, .spark svg")].flatMap((svg) => {
  const all = [...svg.querySelectorAll("text")].map((text) => [text.textContent, text.getBoundingClientRect()]);
  const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3;
  return all.flatMap(([one, a], at) => all.slice(at + 1).filter(([, b]) => meet(a, b)).map(([other]) => `${one} / ${other}`));
})"""
#: Fonts of different widths; where a machine lacks one, the browser takes its usual sans-serif.
FONTS = ("inherit", "'DejaVu Sans', sans-serif", "'Liberation Sans', sans-serif", "'Noto Sans', sans-serif", "monospace")
GAPS = re.compile(r"\b(None|nan|NaN|null|undefined|inf)\b|\{\{|\}\}|&lt;(?:span|a) ")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository in which everything has been made."""
    place = tmp_path_factory.mktemp("repository")
    for name in INPUTS:
        shutil.copytree(ROOT / name, place / name)
    shutil.copy2(ROOT / "Snakefile", place)
    done = run(place)
    assert done.returncode == 0, done.stderr
    return place


@pytest.fixture(scope="module")
def made(home: Path) -> list[Path]:
    """The pages."""
    # The page that leads to the first language leaves itself: tests/site/test_front_page.py.
    return sorted((home / "reports").glob("*/*.html"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("Chromium is not installed")
    api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    with api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


def test_every_page_is_there_in_both_languages(home: Path) -> None:
    for language in ("sv", "en"):
        names = {path.stem for path in (home / "reports" / language).glob("*.html")}
        assert names >= NAMES
        assert any(name.startswith("municipality-") for name in names)
    record = json.loads((home / "reports" / "run.json").read_text(encoding="utf-8"))
    assert record["failures"] == []


def test_nothing_is_done_where_nothing_changed(home: Path) -> None:
    assert run(home).stdout.startswith("nothing has changed")


#: The municipalities of the five reports.
CODES = ("0117", "0126", "0136", "1489")


def explore(home: Path, notebooks: Sequence[str], codes: Sequence[str] = (), named: str = "municipalities") -> None:
    """Execute all cells of notebooks, for one municipality at a time where any is named, in one process of their own."""
    os.environ |= {"SOCIALVOLYM_HOME": str(home), paths.DRAWN: str(home / "build" / "drawn")}
    os.chdir(home)
    for notebook in notebooks:
        for code in codes or [""]:
            parameters = {named: code if named == "municipality" else [code]} if code else {}
            executed = f"{notebook}{code}.ipynb"
            source = f"notebooks/{notebook}.ipynb"
            papermill.execute_notebook(source, executed, parameters, engine_name="socialvolym", progress_bar=False)


@pytest.mark.parametrize("notebook", [*ANALYSES, "7_municipality", "9_guide"])
def test_a_notebook_runs_with_its_cells_for_exploring(home: Path, notebook: str) -> None:
    """A run leaves out the cells that a page does not show; who opens a notebook executes them all."""
    process = READY.Process(target=explore, args=(home, [notebook]))
    process.start()
    process.join(timeout=300)
    assert process.exitcode == 0
    cells = json.loads((home / f"{notebook}.ipynb").read_text(encoding="utf-8"))["cells"]
    assert all(cell["execution_count"] for cell in cells if cell["cell_type"] == "code" and "".join(cell["source"]).strip())


def test_an_analysis_runs_for_each_municipality_alone(home: Path) -> None:
    """A municipality may lack what the cells for exploring filter, pivot and draw."""
    codes = sorted(path.stem.removeprefix("municipality-") for path in (home / "reports" / "sv").glob("municipality-*.html"))
    process = READY.Process(target=explore, args=(home, ANALYSES, codes))
    process.start()
    process.join(timeout=300)
    assert codes and process.exitcode == 0
    assert len(list(home.glob("[345]_*[0-9].ipynb"))) == len(ANALYSES) * len(codes)


def test_the_guide_runs_for_each_municipality_or_says_in_a_line_why_not(home: Path) -> None:
    process = READY.Process(target=explore, args=(home, ["9_guide"], CODES, "municipality"))
    process.start()
    process.join(timeout=300)
    assert process.exitcode == 0
    for code in CODES:
        cells = json.loads((home / f"9_guide{code}.ipynb").read_text(encoding="utf-8"))["cells"]
        printed = [
            "".join(output["text"]) for cell in cells for output in cell.get("outputs", []) if output["output_type"] == "stream"
        ]
        why = [text for text in printed if text.startswith(f"{code}, ")]
        assert all(text.count("\n") == 1 and len(text) > len(f"{code}, path: ") + 10 for text in why), why
        assert any("html" in str(output) for cell in cells for output in cell.get("outputs", []) if cell["id"] == "9-09")


def test_tables_agree_with_each_other(home: Path) -> None:
    processed = home / "data" / "processed"
    observations = pl.read_parquet(processed / "observations.parquet")
    published = observations.filter(pl.col("status") == "published")
    assert published["value"].null_count() == published["published_as"].null_count() == 0
    assert observations.filter(pl.col("value").is_null() & (pl.col("status") == "published")).is_empty()
    assert pl.read_csv(processed / "observations.csv", infer_schema=False).height == observations.height
    package = json.loads((processed / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        assert (processed / resource["path"]).stat().st_size == resource["bytes"]
        assert all(field.get("description") for field in resource["schema"]["fields"]), resource["name"]


def test_pages_open_whole_in_a_browser(browser: Any, made: list[Path]) -> None:
    page, said, asked = browser.new_page(), [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    for path in made:
        asked.clear()
        page.set_viewport_size({"width": 390, "height": 800})
        page.goto(path.as_uri(), wait_until="load")
        text = page.inner_text("body")
        assert said == [] and asked == [path.as_uri()], path.name
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path.name
        assert not (gap := GAPS.search(text)), f"{path.name}: {text[max(gap.start() - 60, 0) : gap.end() + 60]}"
        page.evaluate("document.querySelectorAll('details:not(.sources)').forEach(fold => fold.open = true)")
        for width in (390, 1200):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate(CUT) == page.evaluate(MET) == [], f"{path.name} at {width} pixels"
    page.close()


def test_texts_of_charts_stand_apart_in_any_font(browser: Any, told: list[Path]) -> None:
    """Charts are of one size on every page, so that all that differ can be looked at on one sheet."""
    pages = [path.read_text(encoding="utf-8") for path in told]
    charts = {chart for page in pages for chart in re.findall(r"<svg\b.*?</svg>", page, re.DOTALL)}
    styles = "".join(re.findall(r"<style\b.*?</style>", pages[0], re.DOTALL))
    page = browser.new_page(viewport={"width": 1200, "height": 800})
    page.set_content(styles + "".join(f'<div class="plot">{chart}</div>' for chart in sorted(charts)))
    assert page.locator(".plot svg").count() == len(charts) > 100
    for font in FONTS:
        page.add_style_tag(content=f"svg, svg * {{ font-family: {font} !important }}")
        assert page.evaluate(CUT) == page.evaluate(MET) == [], font
    # What is looked for is found where it is: letters of twice the size do not fit.
    page.add_style_tag(content="svg, svg * { font-size: 24px !important }")
    assert page.evaluate(CUT) and page.evaluate(MET)
    page.close()


def test_links_lead_somewhere(made: list[Path]) -> None:
    texts = {path.resolve(): path.read_text(encoding="utf-8") for path in made}
    ids = {path: {*re.findall(r'\sid="([^"]*)"', text), ""} for path, text in texts.items()}
    for path, text in texts.items():
        for link in set(re.findall(r'href="([^"]*)"', text)):
            if not link.startswith(("data:", "https:", "mailto:")):
                target, _, fragment = link.partition("#")
                assert unquote(unescape(fragment)) in ids[(path.parent / target).resolve() if target else path], (path.name, link)


@pytest.fixture(scope="module")
def told(made: list[Path]) -> list[Path]:
    """The pages without their index."""
    return [page for page in made if page.stem != "index"]


def text(page: Path) -> str:
    """Return what a page says, without its drawings and scripts."""
    html = re.sub(r"<(svg|script|style)\b.*?</\1>", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def named(page: Path) -> str:
    return f"{page.parent.name}/{page.stem}"


def test_no_index_of_costs_is_below_nothing(told: list[Path]) -> None:
    for page in told:
        for found in re.finditer(r"<figcaption>[^<]*= 100</figcaption>.*?</figure>", page.read_text(encoding="utf-8"), re.DOTALL):
            cells = re.findall(r"<td[^>]*>(.*?)</td>", found[0], re.DOTALL)
            shown = [unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in cells]
            assert any(re.match(r"\d", cell) for cell in shown), named(page)
            assert not [cell for cell in shown if cell.startswith(("−", "-"))], named(page)


#: What chance alone could give is no verdict on a difference, five or six years have no test, and a price index has its name.
_SAID_NO_MORE = (
    r"varken ökning eller minskning|slumpen inräknad|slumpen ensam|mann.kendall|theil|alla intervall täcker|under 20 båda"
    r"|ingen tydlig riktning|i fasta priser|neither (?:an )?increase nor|chance allowed for|no clear direction|in fixed prices"
)


def test_chance_is_no_verdict_and_the_price_index_is_named(told: list[Path]) -> None:
    for page in told:
        said = text(page)
        assert re.findall(_SAID_NO_MORE, said, re.IGNORECASE) == [], named(page)
        if re.search(r"konsumentpris|consumer price", said):
            assert "KPI" in said, named(page)


def test_a_chart_of_deviations_says_which_way_it_is(told: list[Path]) -> None:
    for page in told:
        html = page.read_text(encoding="utf-8")
        charts = re.findall(
            r"<figcaption>(?:Avvikelse från budget|Deviation from budget).*?</figcaption>.*?</figure>", html, re.DOTALL
        )
        assert all(re.search(r"tecknet omvänt|sign is reversed", chart) for chart in charts), named(page)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_headline_that_a_printed_figure_contradicts_is_marked_on_every_page(told: list[Path], language: str) -> None:
    subject = {"sv": "aktualiseringar av barn och unga ökade", "en": "referrals concerning children and young people rose"}
    heads = [
        head
        for page in told
        if page.parent.name == language
        for head in re.findall(r"<h3>(.*?)</h3>", page.read_text(encoding="utf-8"), re.DOTALL)
        if subject[language] in head and "Haninge" in head
    ]
    assert heads and all('class="flag error"' in head for head in heads)


def test_no_command_no_id_of_the_program_and_no_stamp_stand_on_a_page(told: list[Path]) -> None:
    for page in told:
        said = text(page)
        commands = r"\bmake \w+\b`|socialvolym (?:facts|review|run|read|add)\b|run\.json|\d{4}-\d\d-\d\d \d\d:\d\d|\bUTC\b"
        assert re.findall(commands, said) == [], named(page)
        assert re.findall(r"\b[a-z]+_[a-z_]+\b", said) == [], named(page)


def test_a_swedish_page_is_swedish(told: list[Path]) -> None:
    for page in (page for page in told if page.parent.name == "sv"):
        said = text(page)
        assert re.findall(r"\b(?:the|which|prints?|only|range over|sign as) \w+", said) == [], named(page)


def test_a_tile_has_at_most_25_words_beside_its_figure_and_source(told: list[Path]) -> None:
    for page in told:
        for tile in re.findall(r'<article class="message".*?</article>', page.read_text(encoding="utf-8"), re.DOTALL):
            said = re.findall(r'<h3>(.*?)</h3>|<p class="why">(.*?)</p>', re.sub(r'<a class="flag.*?</a>', "", tile), re.DOTALL)
            assert sum(words_in(part) for parts in said for part in parts) <= 25, f"{named(page)}: {said}"


def test_no_section_is_empty(told: list[Path]) -> None:
    for page in told:
        html = page.read_text(encoding="utf-8")
        assert re.findall(r"<h[23][^>]*>[^<]*</h[23]>\s*</(?:section|div|details)>", html) == [], named(page)


@pytest.fixture
def own_page(home: Path, tmp_path: Path) -> Path:
    """A copy of the repository with the notebook and the page of docs/own-page.md."""
    place = tmp_path / "repository"
    shutil.copytree(home, place)
    guide = (ROOT / "docs" / "own-page.md").read_text(encoding="utf-8")
    cells = re.findall(r"```(markdown|python)\n(.*?)\n```", guide, re.DOTALL)
    [(_, title), (_, parameters), *rest] = cells
    write_notebook(
        place / "notebooks" / "11_assistance.ipynb", *(source for _, source in rest), heading=title, parameters=parameters
    )
    [entry] = re.findall(r"```toml\n(.*?)\n```", guide, re.DOTALL)
    listed = place / "notebooks" / "pages.toml"
    listed.write_text(f"{listed.read_text(encoding='utf-8')}\n{entry}\n", encoding="utf-8")
    return place


def test_the_page_of_the_guide_is_made_with_its_chart_its_table_and_its_sources(own_page: Path) -> None:
    done = run(own_page, "--only", "assistance")
    assert done.returncode == 0, done.stderr
    told = {
        "sv": (
            "Minskning:",
            "Hur många hushållsmånader med",
            "Hushållsmånader per 1 000 invånare",
            "hushållsmånader per 1\u00a0000 invånare",
            "Invånare",
        ),
        "en": (
            "Decrease:",
            "How many household-months with",
            "Household-months per 1,000 inhabitants",
            "household-months per 1,000 inhabitants",
            "From",
        ),
    }
    for language, (said, lede, title, axis, column) in told.items():
        other = next(words for code, words in told.items() if code != language)
        html = (own_page / "reports" / language / "assistance.html").read_text(encoding="utf-8")
        assert said in html and html.count("<svg") == 1 and html.count('<table class="numbers"') == 2
        assert re.search(r"(?:delat med 89.989|divided by 89,989) \(2018\)", html) and "haninge.se (SCB)" in html
        assert 'data-obs="haninge-2022' in html and '<li id="src-haninge-2022' in html and "shape: (" not in html
        assert f'<meta name="description" content="{lede}' in html and f'<p class="lede">{lede}' in html
        assert f"<figcaption>{title}" in html and f">{axis}</text>" in html and f">{column}</th>" in html
        assert not any(word in html for word in other[:3]) and ">per_1000" not in html and ">value<" not in html


def test_the_data_model_is_that_of_the_code() -> None:
    assert (ROOT / "docs/data-model.md").read_text(encoding="utf-8") == code_docs.data_model(), "run `make docs`"


def test_files_that_the_guides_name_exist() -> None:
    """Paths in code marks of the Markdown files, from the root, from the package or from the file's own folder."""
    lost = []
    for guide in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        text = guide.read_text(encoding="utf-8")
        for name in re.findall(r"`([a-z_.][\w./*-]+/[\w./*-]*)`|\]\(([\w./-]+)\)", text):
            path = name[0] or name[1]
            near = (ROOT / path, ROOT / "lib/socialvolym" / path, guide.parent / path)
            made = path.startswith(("data/processed", "reports/", "build/", "data/raw/", "facts/"))
            if not made and not any(place.exists() or list(place.parent.glob(place.name)) for place in near):
                lost.append(f"{guide.name}: {path}")
    assert not lost
