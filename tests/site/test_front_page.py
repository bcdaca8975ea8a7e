"""Front pages: what the index of each language lists, what its search is given, and the page that leads to them."""

from __future__ import annotations

import re
from dataclasses import replace

import polars as pl
import pytest
from pages_sample import META, NASTY, observations
from socialvolym.errors import SocialvolymError
from socialvolym.site.front_page import Card, FrontMeta, SearchRow, render_front, render_root, search_rows
from socialvolym.site.page_list import MenuItem, Page, Said, menu

FRONT = FrontMeta("0.1.0", "2026-01-31", "2026-02-01 06:00 UTC", documents=META.documents, other_language="../en/index.html")


def _text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def test_an_index_tells_of_its_own_language_only_search_first() -> None:
    checks = [{"suite": "observations", "rows": 5, "expectations": 3, "failed": 1, "critical": 0}]
    rows = [SearchRow(NASTY, "Haninge", "2095–2099", 5, "p.html#m-x", "1483")]
    meta = replace(FRONT, changed=["En ny rapport"], checks=checks, rows=rows)
    html = render_front("sv", [Card("p.html", "Placeringar", "1 483", "Fler dygn")], [Card("m.html", "Haninge", "12")], meta)
    places = [
        html.index(part) for part in ('class="search"', ">Placeringar</a>", ">Haninge</a>", "En ny rapport", "state broken")
    ]
    assert places == sorted(places)
    # The figure alone does not say what it is of; what those who run the program look after is folded.
    assert '<p class="said">Fler dygn</p><p>1 483</p>' in html and "Municipalit" not in html
    assert re.findall(r'<details class="fold[^"]*"><summary><h2 id="([^"]*)"', html) == ["changed", "checks"]
    assert 'data-find="1483"' in html and 'href="p.html#m-x"' in html
    assert "<script>alert" not in html and html.count("<script") == 1
    assert html.count("1 februari 2026") == 1 and "2026-02-01" not in html
    ids = re.findall(r' id="([^"]*)"', html)
    assert len(ids) == len(set(ids))
    assert "Nothing was new when the figures were last made." in render_front("en", [], [], FRONT)


def test_the_root_leads_to_the_first_language_and_names_the_others_without_a_script() -> None:
    html = render_root(["sv", "en"], FRONT)
    assert 'content="0; url=sv/index.html"' in html and "<script" not in html
    assert re.findall(r'<a href="([^"]*)"', html) == ["sv/index.html", "en/index.html"]


def _page(name: str, municipality: str | None = None) -> Page:
    return Page(name, name, "sv", name, name, municipality, "all", {}, short=name)


def test_the_search_leads_to_the_section_of_a_measure_else_to_the_table_of_other_figures() -> None:
    made = [_page("placements"), _page("municipality-0136", "0136")]
    both = {"placements": Said(places=frozenset({"m-hvb_care_days"})), "municipality-0136": Said()}
    frame = observations("Dygn på HVB")

    def link(**said: Said) -> str:
        [row] = search_rows(frame, made, {**both, **said}, "sv")
        return row.href

    assert link() == "placements.html#m-hvb_care_days"
    own = Said(places=frozenset({"m-hvb_care_days", "o-hvb_care_days"}))
    assert link(**{"municipality-0136": own}) == "municipality-0136.html#m-hvb_care_days"
    listed = {"municipality-0136": Said(places=frozenset({"o-hvb_care_days"}))}
    assert link(**listed, placements=Said()) == "municipality-0136.html#o-hvb_care_days"
    assert link(placements=Said()) == "municipality-0136.html"


def test_the_search_is_given_labels_and_figures_as_printed() -> None:
    frame = observations("Dygn på HVB").with_columns(published_as=pl.lit("-1 483 900,5 tkr"))
    [row] = search_rows(frame, [_page("municipality-0136", "0136")], {"municipality-0136": Said()}, "sv")
    assert (row.municipality, row.years, row.figures) == ("Haninge", "2095–2099", 4)
    assert row.found_by == "Dygn på HVB 1483900,5"
    again = pl.concat([frame, frame[:1].with_columns(line=pl.lit(99, frame.schema["line"]), label=pl.lit("i text"))])
    [row] = search_rows(again, [_page("municipality-0136", "0136")], {"municipality-0136": Said()}, "sv")
    assert row.figures == 4 and "i text" in row.found_by


def test_the_years_of_a_measure_reach_to_the_end_of_a_span() -> None:
    frame = observations("Dygn på HVB")[:1].with_columns(period=pl.lit("2015/2021"))
    [row] = search_rows(frame, [_page("municipality-0136", "0136")], {"municipality-0136": Said()}, "sv")
    assert row.years == "2015–2021"


def _listed(*rows: dict[str, object]) -> tuple[str, int]:
    one = observations("Dygn på HVB")[:1]
    every = pl.concat(
        [one.with_columns(**{name: pl.lit(value) for name, value in row.items()}) for row in rows], how="vertical_relaxed"
    )
    [row] = search_rows(every, [_page("municipality-0136", "0136")], {"municipality-0136": Said()}, "sv")
    return row.years, row.figures


def test_the_search_counts_the_municipalitys_own_figures_and_names_goals_as_such() -> None:
    own, goal = {"period": "2022", "breakdown": None}, {"period": "2030", "series": "target", "breakdown": None}
    country, others = ({"period": "2019", "breakdown": part} for part in ("riket", "Jämförbara kommuner"))
    assert _listed(own, goal, country, others) == ("2022, mål 2030", 2)
    assert _listed(own, goal | {"period": "2022"}) == ("2022", 2)
    assert _listed(country) == ("2019", 1)
    assert _listed(goal) == ("2030", 1)
    assert _listed(own, own | {"period": "2021", "breakdown": "barn"}) == ("2021–2022", 2)


def test_the_header_folds_the_municipalities_into_one_item_in_their_place() -> None:
    pages = [_page("overview"), *(_page(f"municipality-{code}", code) for code in ("0117", "0136")), _page("findings")]
    items = menu(pages, "Kommuner", "municipality-0136")
    assert [item.title for item in items] == ["overview", "Kommuner", "findings"]
    assert [item.current for item in items[1].folded] == [False, True] and items[1].current and not items[0].current
    many = [_page(f"municipality-{code}", str(code)) for code in range(41)]
    assert menu(many, "Kommuner") == [MenuItem("Kommuner", "index.html#municipalities")]
    assert menu([_page("overview")], "Kommuner") == [MenuItem("overview", "overview.html")]


def test_an_index_that_would_be_too_large_has_a_line_for_each_municipality_and_each_measure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [
        SearchRow(f"Mått {measure}", f"Kommun {place:02}", f"20{measure}–2024", 3, f"{place}.html#m-{measure}", "1483")
        for measure in range(10, 13)
        for place in range(40)
    ]
    whole = render_front("sv", [], [], replace(FRONT, rows=rows))
    monkeypatch.setattr("socialvolym.site.pages.PAGE_LIMIT", len(whole.encode()) - 1)
    html = render_front("sv", [], [], replace(FRONT, rows=rows))
    summed = [_text(row) for row in re.findall(r"<tr.*?</tr>", html, re.DOTALL)]
    assert len(summed) == 1 + 40 + 3 and "1483" not in html.split("<tbody>")[1] and 'href="39.html"' in html
    assert "Mått: 3 Kommun 39 2010–2024 9" in summed
    assert "Mått 12 Kommuner: 40 2012–2024 120" in summed
    assert '<ul class="pages">' not in whole
    cards = [Card(f"{place}.html", f"Kommun {place}") for place in range(40)]
    assert '<ul class="pages many">' in render_front("sv", [], cards, FRONT)
    monkeypatch.setattr("socialvolym.site.pages.PAGE_LIMIT", 1000)
    with pytest.raises(SocialvolymError, match="sv/index: the page has"):
        render_front("sv", [], [], FRONT)
