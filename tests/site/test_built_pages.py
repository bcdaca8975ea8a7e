"""What holds on every page of the reports in data/raw, in both languages, where the pages have been made."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "reports").glob("*/*.html"))
#: Pages say what the code said that made them.
MADE_FROM = [
    path for folder in ("lib", "notebooks", "data/raw") for path in (ROOT / folder).rglob("*.*") if path.suffix != ".pyc"
]
OLD = not PAGES or min(page.stat().st_mtime for page in PAGES) < max(path.stat().st_mtime for path in MADE_FROM)

pytestmark = pytest.mark.skipif(OLD, reason="the pages have not been made since the code changed: make report")


def text(page: Path) -> str:
    """Return what a page says, without its drawings and scripts."""
    html = re.sub(r"<(svg|script|style)\b.*?</\1>", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def named(page: Path) -> str:
    return f"{page.parent.name}/{page.stem}"


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_no_index_of_costs_is_below_nothing(page: Path) -> None:
    for found in re.finditer(r"<figcaption>[^<]*= 100</figcaption>.*?</figure>", page.read_text(encoding="utf-8"), re.DOTALL):
        cells = re.findall(r"<td[^>]*>(.*?)</td>", found[0], re.DOTALL)
        shown = [unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in cells]
        assert any(re.match(r"\d", cell) for cell in shown)
        assert not [cell for cell in shown if cell.startswith(("−", "-"))]


#: What chance alone could give is no verdict on a difference, five or six years have no test, and a price index has its name.
_SAID_NO_MORE = (
    r"varken ökning eller minskning|slumpen inräknad|slumpen ensam|mann.kendall|theil|alla intervall täcker|under 20 båda"
    r"|ingen tydlig riktning|i fasta priser|neither (?:an )?increase nor|chance allowed for|no clear direction|in fixed prices"
)


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_chance_is_no_verdict_and_the_price_index_is_named(page: Path) -> None:
    said = text(page)
    assert re.findall(_SAID_NO_MORE, said, re.IGNORECASE) == []
    if re.search(r"konsumentpris|consumer price", said):
        assert "KPI" in said


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_a_chart_of_deviations_says_which_way_it_is(page: Path) -> None:
    html = page.read_text(encoding="utf-8")
    charts = re.findall(
        r"<figcaption>(?:Avvikelse från budget|Deviation from budget).*?</figcaption>.*?</figure>", html, re.DOTALL
    )
    assert all(re.search(r"tecknet omvänt|sign is reversed", chart) for chart in charts)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_headline_that_a_printed_figure_contradicts_is_marked_on_every_page(language: str) -> None:
    subject = {"sv": "aktualiseringar av barn och unga ökade", "en": "referrals concerning children and young people rose"}
    heads = [
        head
        for page in PAGES
        if page.parent.name == language
        for head in re.findall(r"<h3>(.*?)</h3>", page.read_text(encoding="utf-8"), re.DOTALL)
        if subject[language] in head and "Haninge" in head
    ]
    assert heads and all('class="flag error"' in head for head in heads)


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_no_command_no_id_of_the_program_and_no_stamp_stand_on_a_page(page: Path) -> None:
    said = text(page)
    assert re.findall(r"\bmake \w+\b`|socialvolym [a-z]+ --|run\.json|\d{4}-\d\d-\d\d \d\d:\d\d|\bUTC\b", said) == []
    assert re.findall(r"\b[a-z]+_[a-z_]+\b", said) == []


@pytest.mark.parametrize("page", [page for page in PAGES if page.parent.name == "sv"], ids=named)
def test_a_swedish_page_is_swedish(page: Path) -> None:
    said = text(page)
    assert re.findall(r"\b(?:the|which|prints?|only|range over|sign as) \w+", said) == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_no_section_is_empty(page: Path) -> None:
    html = page.read_text(encoding="utf-8")
    assert re.findall(r"<h[23][^>]*>[^<]*</h[23]>\s*</(?:section|div|details)>", html) == []
