"""Telling: the sections of a page are there, say what the figures say, and are absent where there is nothing to say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from invented import observations, yearly
from invented_context import context, finding
from invented_report import make
from markupsafe import Markup
from socialvolym import telling
from socialvolym.reports import RawReport, load_report
from socialvolym.story import Context

LVM = "lvm_placements"
COUNTS = yearly(2018, 100, 150, 200, 260, 330, report="haninge-2099")


@pytest.fixture
def report(tmp_path: Path) -> RawReport:
    return load_report(make(tmp_path))


def plain(html: Any) -> str:
    return re.sub(r"\s+", " ", Markup(html).striptags())


def area(outturn: float | None, budget: float | None, name: str = "Funktionshinderomsorg", **shared: Any) -> pl.DataFrame:
    return observations(
        {"value": outturn},
        {"value": budget, "series": "budget"},
        measure="net_cost_area",
        breakdown=name,
        unit="kSEK",
        report="haninge-2099",
        domain="context",
        **shared,
    )


@pytest.mark.parametrize(("outturn", "budget", "deviation"), [(-1200, -1000, 200), (1200, 1000, 200), (-900, -1000, -100)])
def test_a_cost_is_held_against_its_budget_by_size(outturn: float, budget: float, deviation: float) -> None:
    [row] = telling.cost_rows(context(area(outturn, budget)), "lss")
    assert (row["deviation"], row["year"], row["code"]) == (deviation, "2022", "0136")
    assert row["share"] == pytest.approx(deviation / 10)


def test_the_latest_year_with_both_is_told_and_other_areas_are_not() -> None:
    page = context(
        area(-1200, -1000, period="2021"),
        area(-1300, None, period="2022").with_columns(line=pl.col("line") + 10),
        area(-5, -4, "an invented area").with_columns(line=pl.col("line") + 20),
    )
    assert [row["year"] for row in telling.cost_rows(page, "lss")] == ["2021"]
    assert telling.cost_rows(page, "placements") == []


def test_a_budget_of_nothing_has_no_share() -> None:
    [row] = telling.cost_rows(context(area(-1200, 0)), "lss")
    assert row["share"] is None


def test_costs_are_drawn_and_listed() -> None:
    page = context(area(-12000, -10000))
    shown = telling.costs(page, telling.cost_rows(page, "lss"))
    assert "<svg" in shown
    assert "haninge-2099:1:1" in shown
    assert telling.costs(page, []) == ""


def key(page: Context, *measures: str, costs: Any = ()) -> str:
    return telling.key_messages(page, telling.developments(page, measures), costs)


def test_key_messages_name_the_gravest_and_lead_to_their_section() -> None:
    page = context(
        COUNTS,
        yearly(2018, 100, 101, 102, 103, 104, report="haninge-2099", measure="child_investigations").with_columns(
            line=pl.col("line") + 50
        ),
    )
    shown = key(page, "child_investigations", LVM)
    heads = re.findall(r"<h3>(.*?)</h3>", shown)
    assert 'href="#m-lvm_placements"' in heads[0]
    assert "230 per cent" in plain(heads[0]) and "2018" in plain(heads[0])
    assert plain(heads[0])[0].isupper()


def test_nothing_that_chance_explains_comes_before_what_it_does_not() -> None:
    page = context(
        yearly(2021, 9, 19), yearly(2021, 500, 600, measure="child_investigations").with_columns(line=pl.col("line") + 50)
    )
    assert re.findall(r"#m-(\w+)", key(page, LVM, "child_investigations")) == ["child_investigations", LVM]


def test_at_most_four_messages_and_three_of_one_place() -> None:
    measures = [LVM, "child_investigations", "jourhem_persons", "familjehem_care_days", "hvb_care_days", "adult_investigations"]
    one_place = [
        yearly(2021, 100, 200 + n, measure=measure).with_columns(line=pl.col("line") + 10 * n)
        for n, measure in enumerate(measures)
    ]
    other = [
        yearly(2021, 100, 150, measure=measure, municipality_code="0126", report="huddinge-2022").with_columns(
            line=pl.col("line") + 10 * n
        )
        for n, measure in enumerate(measures)
    ]
    assert key(context(*one_place), *measures).count("<article") == telling.OF_ONE_PLACE
    assert key(context(*one_place, *other), *measures).count("<article") == telling.MESSAGES


def test_the_largest_cost_is_a_message_of_its_own() -> None:
    page = context(COUNTS, area(-12000, -10000).with_columns(line=pl.col("line") + 50))
    shown = key(page, LVM, costs=telling.cost_rows(page, "lss"))
    assert "SEK 2.0 million" in plain(shown)
    assert shown.count("<article") == 2


def test_a_deviation_is_no_development_of_the_cost() -> None:
    deviation = observations({"value": -20.0, "series": "deviation", "unit": "MSEK", "measure": "hvb_total_cost"})
    page = context(deviation)
    shown = plain(key(page, "hvb_total_cost"))
    assert [values["up"] for key, values in page.said if key == "headline.against_budget"] == [True]
    assert "SEK 20.0 million" in shown


def test_a_budget_is_no_development_either() -> None:
    page = context(observations({"value": 100.0, "period": "2018"}, {"value": 79.0, "period": "2019", "series": "budget"}))
    assert "21 per cent" in key(page, LVM)
    assert [(values["up"], values["y1"]) for key, values in page.said if key.startswith("headline.")] == [(False, "2019")]


def test_a_measure_has_its_definition_its_story_its_chart_and_its_numbers() -> None:
    page = context(COUNTS)
    shown = telling.measure_sections(page, telling.developments(page, [LVM]))
    assert 'id="m-lvm_placements"' in shown
    assert shown.count("<figure") == 1
    assert all(f'data-obs="haninge-2099:{line}:1"' in shown for line in (1, 5))
    assert "330" in plain(shown)


def test_one_figure_has_no_chart() -> None:
    page = context(yearly(2022, 5))
    assert "<svg" not in telling.measure_sections(page, telling.developments(page, [LVM]))


def test_caveats_name_breaks_and_contradictions(tmp_path: Path) -> None:
    cut = f'[[break]]\nperiod = "2020"\nmeasures = ["{LVM}"]\nreason_en = "new < system"\nreason_sv = "nytt"\n'
    raw = load_report(make(tmp_path, corrections=cut))
    page = context(COUNTS, reports=(raw,), findings=finding(report="haninge-2099", published="150"))
    shown = telling.measure_sections(page, telling.developments(page, [LVM]))
    assert "Break in the series, 2020 (Haninge): new &lt; system" in shown
    assert "The parts make 201." in plain(shown)
    assert "findings.html#f-haninge-2099-2-sum" in shown


def test_gaps_name_responsibility_and_missing_years(report: RawReport) -> None:
    missing = observations(
        {
            "value": None,
            "status": "not_available",
            "period": "2020",
            "published_as": None,
            "line": 90,
            "report": "haninge-2099",
            "measure": "lvu_placements",
        }
    )
    page = context(COUNTS, missing, reports=(report,))
    shown = plain(telling.gaps(page))
    assert "another committee" in shown
    assert "2020" in shown
    assert "another committee" not in plain(telling.gaps(page, "placements"))
    assert (none := context(COUNTS)) and "<li>" not in telling.gaps(none, "lss")


def test_other_figures_leave_out_what_is_told(report: RawReport) -> None:
    other = observations({"value": 77.0, "measure": "lvu_placements", "line": 60, "report": "haninge-2099"})
    page = context(COUNTS, other, reports=(report,))
    shown = telling.other_figures(page, "placements", telling.developments(page, [LVM]))
    assert "haninge-2099:60:1" in shown
    assert "330" not in plain(shown)
    assert telling.other_figures(page, "lss", []) == ""
    assert "(1)" in plain(shown)


def test_findings_are_all_on_their_page_gravest_first(report: RawReport) -> None:
    found = pl.concat(
        [
            finding(report="haninge-2099", severity=severity, line=line, explanation=f"<{severity}>")
            for line, severity in enumerate(("note", "warning", "error"), start=1)
        ]
    )
    page = context(COUNTS, reports=(report,), findings=found)
    shown = telling.findings_page(page)
    assert re.findall(r'article class="finding (\w+)"', shown) == ["error", "warning", "note"]
    assert "1 error, 1 warning, 1 note" in plain(shown)
    assert "&lt;error&gt;" in shown and "<error>" not in shown
    assert "No contradiction" in telling.findings_page(context(COUNTS, reports=(report,)))


def test_findings_of_a_subject(report: RawReport) -> None:
    found = finding(report="haninge-2099")
    assert "line 2" in plain(telling.findings_here(context(COUNTS, reports=(report,), findings=found), "placements"))
    assert telling.findings_here(context(COUNTS, reports=(report,), findings=found), "lss") == ""
    assert (
        telling.findings_here(context(COUNTS, reports=(report,), findings=finding(severity="note", report="haninge-2099"))) == ""
    )


def test_money_in_real_terms_and_volumes_per_inhabitant() -> None:
    cost = yearly(2021, -1000, -1000, measure="hvb_total_cost", unit="kSEK")
    page = context(cost, yearly(2021, 956, 977).with_columns(line=pl.col("line") + 10))
    shown = plain(telling.real_terms(page, telling.developments(page, ["hvb_total_cost", LVM])))
    assert "less in real terms" in shown
    assert "Per 1,000 inhabitants" in shown
    unknown = context(yearly(2048, 5, 6))
    assert "Not known: " in plain(telling.real_terms(unknown, telling.developments(unknown, [LVM])))
    assert telling.real_terms(page, []) == ""


def test_the_result_against_the_budget(report: RawReport) -> None:
    rows = observations(
        {"value": -1100.0},
        {"value": -1000.0, "series": "budget"},
        measure="net_cost",
        unit="kSEK",
        period="2099",
        domain="context",
        report="haninge-2099",
    )
    shown = telling.economy(context(rows, reports=(report,)))
    assert "SEK 100,000 over, or 10.0 per cent" in plain(shown)
    assert "<svg" in shown


def test_coverage_counts_by_domain(report: RawReport) -> None:
    shown = telling.coverage(context(COUNTS, area(-1, -2).with_columns(line=pl.col("line") + 50), reports=(report,)))
    assert re.findall(r'<td class="n">(\d+)</td>', shown) == ["0", "5", "0", "2"]
    assert "2018–2022" in shown


@pytest.mark.parametrize("language", ["en", "sv"])
@pytest.mark.parametrize("page", ["lss", "placements", "economic_assistance", "overview", "findings"])
def test_every_page_has_an_opening_and_the_rules_of_its_words(language: Any, page: str) -> None:
    told = context(COUNTS, language=language)
    assert telling.opening(told, page).startswith('<p class="lede">')
    assert "20" in telling.rules(told)
    assert telling.method(told)


def test_names_for_a_profile(report: RawReport) -> None:
    assert telling.who(context(COUNTS, reports=(report, report))) == {"place": "Haninge", "committee": "Socialnämnden"}


def test_headlines_are_measures_of_the_subjects() -> None:
    assert LVM in telling.headlines() or "lvu_placements" in telling.headlines()
    assert len(telling.headlines()) == len(set(telling.headlines()))
