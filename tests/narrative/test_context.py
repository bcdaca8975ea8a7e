"""Figures on a page: each leads to its source, carries its mark, and cannot break the page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from invented import observations, yearly
from invented_context import context, finding
from invented_report import REPORT, make
from invented_tables import COUNTS
from markupsafe import Markup
from socialvolym.charts.markup import Html, bullets, paragraph, section, table
from socialvolym.errors import SocialvolymError
from socialvolym.narrative.context import anchor, open_context, printed_decimals
from socialvolym.observations import store
from socialvolym.observations.outcomes import LEFT_OUT, READ, REPORTS_SCHEMA
from socialvolym.reports.loading import load_report

BREAK = '[[break]]\nperiod = "2022"\nmeasures = ["lvm_placements"]\nreason_en = "new system"\nreason_sv = "nytt system"\n'


def row(**given: Any) -> dict[str, Any]:
    return context(observations({"value": 200.0} | given)).figures.row(0, named=True)


def test_a_figure_leads_to_its_source() -> None:
    page = context(yearly(2021, 100, 200))
    first, last = page.figures.iter_rows(named=True)
    assert page.number(last) == '<a class="num" href="#src-haninge-2022:2:1" data-obs="haninge-2022:2:1">200</a>'
    both = page.link("x < y", [first["observation_id"], last["observation_id"], first["observation_id"]])
    assert 'data-obs="haninge-2022:1:1 haninge-2022:2:1">x &lt; y</a>' in both
    assert page.link("<x>", []) == Markup("&lt;x&gt;")


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"unit": "persons"}, "200 people"),
        ({"unit": "persons", "value": 1.0}, "1 person"),
        ({"published_as": "200,0", "unit": "persons"}, "200.0 people"),
        ({"unit": "kSEK", "measure": "hvb_total_cost", "value": -2500.0}, "SEK 2.5 million"),
        ({"unit": "kSEK", "measure": "result", "value": -2500.0}, "−SEK 2.5 million"),
        ({"bound": "lt", "unit": "persons", "published_as": "<200"}, "under 200 people"),
        ({"bound": "lt", "unit": "persons", "published_as": "200"}, "at most 200 people"),
        ({"bound": "gt", "unit": "persons", "published_as": "minst 200"}, "at least 200 people"),
        ({"bound": "approx", "unit": "persons", "published_as": "drygt 200"}, "just over 200 people"),
        ({"bound": "approx", "unit": "percent", "published_as": "nästan hälften", "value": 50.0}, "nearly 50 per cent"),
        ({"published_as": "fyra", "value": 4.0}, "4"),
    ],
)
def test_how_a_figure_is_told(given: dict[str, Any], text: str) -> None:
    page = context(observations({"value": 200.0} | given))
    assert Markup(page.number(page.figures.row(0, named=True))).striptags() == text


def test_a_bare_figure_has_no_unit() -> None:
    page = context(observations({"value": 200.0, "unit": "persons"}))
    assert Markup(page.number(page.figures.row(0, named=True), bare=True)).striptags() == "200"


@pytest.mark.parametrize(
    ("changed", "marked"),
    [
        ({}, True),
        ({"severity": "warning"}, True),
        ({"measure": None}, True),
        ({"line": 9, "lines": "2, 7"}, True),
        ({"line": 9, "lines": "7, 22"}, False),
        ({"severity": "note"}, False),
        ({"published": "201"}, False),
        ({"measure": "lvu_placements"}, False),
        ({"line": 1}, False),
        ({"report": "haninge-2021"}, False),
    ],
)
def test_the_mark_stands_at_the_figure_that_is_wrong(changed: dict[str, Any], marked: bool) -> None:
    page = context(yearly(2021, 100, 200), findings=finding(**changed))
    first, last = page.figures.iter_rows(named=True)
    assert bool(page.flag(last)) is marked
    assert not page.flag(first)


def test_the_mark_says_why_in_the_language_of_the_page() -> None:
    for language, text in (("en", "The parts make 201."), ("sv", "Delarna blir 201.")):
        page = context(yearly(2021, 100, 200), findings=finding(), language=language)  # type: ignore[arg-type]
        mark = page.flag(page.figures.row(1, named=True))
        assert f'href="findings.html#{anchor(finding().row(0, named=True))}" title="{text}"' in mark


def test_what_is_chosen() -> None:
    rows = [
        yearly(2019, 1, 2, 3),
        yearly(2020, 4, report="huddinge-2022", municipality_code="0126"),
        observations({"period": None}),
    ]
    page = context(*rows, codes=["0136"], first_year=2020, last_year=2020)
    assert page.chosen["value"].to_list() == [2.0, None]
    assert page.observations.height == 5


def test_a_page_of_a_domain_tells_the_years_that_the_domain_has_figures_of() -> None:
    beside = observations(
        {"measure": "net_cost", "domain": "context", "unit": "kSEK", "period": "2014", "value": 1.0, "line": 90}
    )
    rows = [yearly(2017, 1, 2, 3), beside]
    page = replace(context(*rows, first_year=2018, last_year=2019), domain="placements")
    assert page.narrowed == ("2017", "2019") and replace(page, domain=None).narrowed == ("2014", "2019")
    assert context(*rows).narrowed is None


def test_breaks_of_a_municipality_and_its_reports(tmp_path: Path) -> None:
    raw = load_report(make(tmp_path, corrections=BREAK))
    page = context(yearly(2021, 1, 2), reports=(raw,), language="sv")
    [(found, cut)] = page.breaks("lvm_placements", "0136")
    assert (found, page.reason(cut, "haninge-2099")) == (raw, "nytt system")
    assert page.breaks("lvm_placements", "0126") == page.breaks("lvu_placements", "0136") == []
    assert raw in page.chosen_reports
    assert raw not in context(yearly(2021, 1, municipality_code="0126", report="huddinge-2022"), reports=(raw,)).chosen_reports


def test_a_figure_inside_a_text_is_told_in_the_language_and_leads_to_its_source(tmp_path: Path) -> None:
    cut = BREAK.replace("new system", "grants of {7:39,7} & more").replace("nytt system", "bidrag på {7:39,7}")
    raw = load_report(make(tmp_path, corrections=cut))
    grant = observations({"value": -39.7, "unit": "MSEK", "line": 7, "published_as": "39,7", "report": "haninge-2099"})
    for language, text in (("en", "grants of SEK 39.7 million & more"), ("sv", "bidrag på 39,7 miljoner kronor")):
        page = context(grant, reports=(raw,), language=language)  # type: ignore[arg-type]
        [(found, broken)] = page.breaks("lvm_placements", "0136")
        told = page.reason(broken, found.report.id)
        assert Markup(told).unescape().replace("&amp;", "&") and Markup(told).striptags() == text
        assert 'data-obs="haninge-2099:7:1"' in told
        with pytest.raises(SocialvolymError, match="line 7 has no figure printed as '39,7'"):
            page.reason(broken, "haninge-2022")


@pytest.mark.parametrize(
    ("language", "unit", "text"),
    [("sv", "MSEK", "30,7"), ("en", "MSEK", "SEK 30.7 million"), ("en", "SEK_per_day", "SEK 30.7"), ("sv", "percent", "30,7")],
)
def test_a_figure_before_another_of_the_same_unit_leaves_the_unit_out(language: Any, unit: str, text: str) -> None:
    page = context(
        observations(
            {"value": 30.7, "period": "2021", "published_as": "30,7"}, {"value": 53.3, "published_as": "53,3"}, unit=unit
        ),
        language=language,
    )
    first, last = page.figures.sort("period").iter_rows(named=True)
    assert Markup(page.short(first, last)).striptags() == text
    assert Markup(page.short(first, last | {"unit": "persons"})).striptags() != "30,7"


def test_shapes_take_turns() -> None:
    page = context(yearly(2021, 1))
    told = [page.say("says.cause", text="x", source="y", of="") for _ in range(12)]
    shapes = len(set(told))
    assert shapes > 1
    assert told[:shapes] == told[shapes : 2 * shapes]
    assert context(yearly(2021, 1)).say("says.cause", text="x", source="y", of="") == told[0]


@pytest.mark.parametrize(
    ("printed", "half", "decimals"),
    [("12,50", 0.005, 2), ("12", 0.5, 0), ("fyra", 0.5, 0), ("?", 0.05, 1), ("?", 50.0, 0), ("?", 0.0, None), (None, None, None)],
)
def test_printed_decimals(printed: str | None, half: float | None, decimals: int | None) -> None:
    assert printed_decimals({"published_as": printed, "half_step": half}) == decimals


def test_a_section_with_nothing_to_tell_is_left_out() -> None:
    assert section("Costs", "", None, Markup("")) == ""


def test_parts_of_a_page_escape_text_and_keep_markup() -> None:
    assert paragraph("a < b", Markup("<b>c</b>"), None, "") == "<p>a &lt; b <b>c</b></p>"
    assert paragraph(None, "") == bullets([]) == ""
    assert bullets(["<i>"], kind="gaps") == '<ul class="gaps"><li>&lt;i&gt;</li></ul>'
    shown = section("1 < 2", Markup("<p>x</p>"), "", None, name="here")
    assert isinstance(shown, Html)
    assert shown == '<section class="" id="here"><h2>1 &lt; 2</h2><p>x</p></section>'
    rows = table(["<a>", "b"], [("<x>", 1), (None, Markup("<b>2</b>"))], numeric=(1,), caption="c")
    assert '<th scope="col">&lt;a&gt;</th><th scope="col" class="n">b</th>' in rows
    assert '<td>&lt;x&gt;</td><td class="n">1</td>' in rows
    assert '<td></td><td class="n"><b>2</b></td>' in rows
    assert "<caption>c</caption>" in rows


def test_open_context_loads_the_tables_of_its_municipalities_and_checks_the_parameters(home: Path) -> None:
    mine = yearly(2021, 1, 2)
    report, other = mine["report"][0], "elsewhere-2022"
    others = mine.with_columns(report=pl.lit(other), municipality_code=pl.lit("0117"))
    store.store(pl.concat([mine, others]), "observations")
    outcomes = [
        (report, "0136", 2022, READ, None),
        (other, "0117", 2022, READ, None),
        ("broken-2022", "0126", 2022, LEFT_OUT, "broken"),
    ]
    with pytest.raises(SocialvolymError, match="no table reports"):
        open_context("sv")
    store.store(pl.DataFrame(outcomes, schema=REPORTS_SCHEMA, orient="row"), "reports")
    folder = home / "data" / "raw" / report
    folder.mkdir(parents=True)
    (folder / "report.toml").write_text(REPORT.format(id=report, code="0136", sha256="0" * 64))
    with pytest.raises(SocialvolymError, match="no table findings"):
        open_context("sv", ["0136"])
    store.store(pl.concat([finding(), finding().with_columns(report=pl.lit(other))]), "findings")
    page = open_context("sv", ["0136"], 2022)
    assert (page.settings.first_year, page.chosen.height, page.findings.height) == (2022, 1, 1)
    assert [raw.report.id for raw in page.reports] == [report]
    assert set(page.observations["report"]) == {report}
    assert page.left_out == ()
    assert open_context("sv", ["haninge"], 2022).settings == page.settings
    with pytest.raises(SocialvolymError, match="domain 'placement'; allowed: lss, placements"):
        open_context("sv", domain="placement")
    (folder.parent / other).mkdir()
    (folder.parent / other / "report.toml").write_text(REPORT.format(id=other, code="0117", sha256="1" * 64))
    assert open_context("sv").left_out == ("broken-2022",)
    with pytest.raises(SocialvolymError, match=r"0117 .*, 0136 Haninge"):
        open_context("sv", ["0126"])


def test_a_section_holds_the_frame_and_the_chart_of_its_first_part_that_has_one() -> None:
    listed = table(["Place", "Number"], [["Haninge", Markup("<b>5</b>")]])
    assert listed.table.to_dicts() == [{"Place": "Haninge", "Number": "5"}]
    drawn = Html("<svg>1</svg> seen", chart="a chart")
    told = section("Heading", "text", drawn, listed, name="here")
    assert told.table.equals(listed.table) and told.chart == "a chart"
    assert " ".join(told.text.split()) == "Headingtext seen"
    assert section("Heading").table.is_empty() and section("Heading").chart is None
    own = pl.DataFrame({"a": [1]})
    assert section("Heading", listed, table=own).table.equals(own)


@pytest.mark.parametrize(
    ("printed", "value", "told"),
    [("fyra av fem", 80.0, "about 80"), ("80", 80.0, "80"), ("samtliga", 100.0, "100"), ("elva", 11.0, "11")],
)
def test_a_share_in_words_is_no_more_exact_than_they_are(printed: str, value: float, told: str) -> None:
    row = {"value": value, "unit": "percent", "published_as": printed, "bound": None, "half_step": 0.0}
    assert context(COUNTS).told(row) == f"{told}\u00a0per cent"
