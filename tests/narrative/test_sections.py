"""Telling: the sections of a page are there, say what the figures say, and are absent where there is nothing to say."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from example_report import add
from invented import observations, yearly
from invented_context import context, finding
from invented_report import make
from invented_tables import COUNTS, LVM, plain
from socialvolym.charts.markup import section
from socialvolym.errors import SocialvolymError
from socialvolym.narrative import cards, drivers, economy, faults, matrix, messages, national, sections, together
from socialvolym.narrative.developments import develop_all
from socialvolym.notation.languages import Language
from socialvolym.reports.loading import load_report
from socialvolym.reports.models import RawReport


@pytest.fixture
def report(tmp_path: Path) -> RawReport:
    return load_report(make(tmp_path))


def test_a_measure_is_a_fold_with_its_definition_and_its_story() -> None:
    page = context(COUNTS)
    shown = sections.measure_sections(page, develop_all(page, [LVM]))
    assert re.search(
        r'<details class="fold"><summary><h3>[^<]*</h3></summary><section class="measure" id="m-lvm_placements">', shown
    )
    assert "Number of compulsory placements" in plain(shown) and "330" in plain(shown) and "<figure" not in shown


@pytest.mark.parametrize(
    ("measure", "periods", "said"),
    [
        ("lvm_placements", ("2021", "2022"), True),
        ("lvm_placements", ("2021-01/2021-08", "2022-01/2022-08"), False),
        ("lvm_placements", ("2021", "2022-01/2022-08"), True),
        ("economic_assistance.households", ("2021-01/2021-08", "2022-01/2022-08"), False),
    ],
)
def test_the_time_of_a_measure_is_not_told_of_parts_of_a_year_that_say_their_own(
    measure: str, periods: tuple[str, ...], said: bool
) -> None:
    rows = [{"value": 40.0 + n, "period": period, "line": 1 + n} for n, period in enumerate(periods)]
    page = context(observations(*rows, measure=measure))
    shown = plain(sections.measure_sections(page, develop_all(page, [measure])))
    assert periods[-1][:4] in shown
    assert ("whole year" in shown or "does not say" in shown or "not been read" in shown) == said


@pytest.mark.parametrize(
    ("measure", "unit", "days", "told"),
    [
        ("economic_assistance.households", "households", "", "has not been read"),
        ("economic_assistance.households", "households", "-12-31", "As of 31 December"),
        ("jourhem.care_days", "care_days", "", ""),
        ("lss_daily_activities.cost", "kSEK", "", ""),
    ],
)
def test_no_report_is_said_to_hide_the_time_of_a_figure_whose_words_are_composed(
    measure: str, unit: str, days: str, told: str
) -> None:
    rows = [{"value": 40.0 + n, "period": f"{2021 + n}{days}", "line": 1 + n, "unit": unit} for n in range(2)]
    page = context(observations(*rows, measure=measure))
    shown = plain(sections.measure_sections(page, develop_all(page, [measure])))
    assert "does not say" not in shown and ("has not been read" in shown) == ("has not" in told) and told in shown


def test_the_parts_of_a_whole_are_a_table() -> None:
    whole = [{"value": value, "period": str(year)} for value, year in ((100, 2021), (200, 2022))]
    part = [row | {"breakdown": "interna", "value": row["value"] / 4, "line": 30} for row in whole]
    page = context(observations(*whole, *part))
    shown = sections.measure_sections(page, develop_all(page, [LVM]))
    assert '<td class="n">' in shown and "50" in plain(shown) and "The table shows a part apart" in plain(shown)


def test_a_folded_section_keeps_its_heading_its_id_and_its_frame() -> None:
    told = section("Heading", "<b>", name="here", table=COUNTS)
    shown = sections.folded(told)
    assert (
        shown
        == '<section class="" id="here"><details class="fold"><summary><h2>Heading</h2></summary>&lt;b&gt;</details></section>'
    )
    assert shown.table.equals(COUNTS) and sections.folded(section("Heading")) == ""


def test_a_section_without_figures_keeps_the_columns_of_its_frame() -> None:
    """A cell that filters or draws its frame runs where a municipality has none."""
    page = context(COUNTS.with_columns(value=pl.lit(None, pl.Float64)))
    rows: dict[str, Any] = {
        "measures": sections.measure_sections(page, []),
        "matrix": matrix.matrix(page, []),
        "cards": cards.cards(page, []),
        "messages": messages.key_messages(page, []),
        "costs": economy.costs(page, []),
        "splits": economy.splits(page),
        "plans": economy.plans(page),
        "forecasts": economy.forecasts(page),
        "kolada": national.national(page, []),
        "pairs": together.comparability(page, []),
        "gaps": together.gaps(page),
        "faults": faults.faults_here(page),
        "all faults": faults.faults_page(page),
        "others": sections.other_figures(page, None, []),
        "end": sections.closing(page, "placements", [], []),
    }
    assert [name for name, told in rows.items() if not told.table.width] == []
    # What is there has the same columns.
    whole = context(COUNTS)
    told = develop_all(whole, [LVM])
    assert matrix.matrix(whole, told).table.schema == rows["matrix"].table.schema
    assert cards.cards(whole, told).table.schema == rows["cards"].table.schema
    assert messages.key_messages(whole, told).table.schema == rows["messages"].table.schema


EMPTY = {
    "matrix": lambda page: matrix.matrix(page, []),
    "measures": lambda page: sections.measure_sections(page, []),
    "cards": lambda page: cards.cards(page, []),
    "drivers": lambda page: drivers.drivers(page),
    "costs": lambda page: sections.folded(economy.costs(page, [])),
    "splits": lambda page: sections.folded(economy.splits(page)),
    "plans": lambda page: economy.plans(page),
    "forecasts": lambda page: economy.forecasts(page),
    "real terms": lambda page: economy.real_terms(page, []),
    "kolada": lambda page: national.national(page, []),
    "others": lambda page: sections.other_figures(page, "lss", []),
    "economy": lambda page: economy.economy(page),
    "faults": lambda page: sections.folded(faults.faults_here(page)),
    "gaps": lambda page: together.gaps(page),
    "pairs": lambda page: together.comparability(page, []),
}


@pytest.mark.parametrize("name", EMPTY)
@pytest.mark.parametrize(("language", "years"), [("en", "Only 2019–2020 are shown here"), ("sv", "Bara 2019–2020 visas här")])
def test_an_empty_section_is_nothing_on_a_page_and_says_why_in_a_notebook(name: str, language: Language, years: str) -> None:
    page = context(COUNTS, language=language, first_year=2019, last_year=2020)
    empty = EMPTY[name](page)
    assert empty == "" and plain(empty.why) and years in plain(empty.why)
    assert years not in plain(EMPTY[name](context(COUNTS, language=language)).why)


def test_an_empty_section_says_whose_task_the_domain_is(report: RawReport) -> None:
    [duty] = report.report.responsibility
    page = replace(context(COUNTS, reports=(report,)), domain=duty.domain)
    assert duty.note_en and duty.note_en in plain(economy.splits(page).why)
    assert duty.note_en not in plain(economy.splits(replace(page, domain="placements")).why)
    # A page says it once, with its messages, and leads to no figures where there are none.
    for domain in (duty.domain, "placements"):
        nothing = plain(messages.key_messages(replace(page, domain=domain), []))
        assert (nothing.count(duty.note_en), "further down" in nothing) == ((1, False) if domain == duty.domain else (0, True))


def test_a_measure_of_another_domain_stops_with_a_message() -> None:
    page = replace(context(COUNTS), domain="placements")
    assert develop_all(page, [LVM])
    with pytest.raises(SocialvolymError, match=r"assistance_household_months is a measure of economic_assistance, .* placements"):
        develop_all(page, [LVM, "assistance_household_months"])
    assert develop_all(context(COUNTS), ["assistance_household_months"]) == []
    # A figure that stands beside those of the page's domain is told.
    beside = observations({"value": 9.0, "measure": "assistance_household_months", "domain": "placements"})
    assert develop_all(replace(context(beside), domain="placements"), ["assistance_household_months"])


def test_a_domain_that_is_none_stops_with_the_nearest() -> None:
    page = context(COUNTS)
    for call in (lambda: economy.cost_rows(page, "placement"), lambda: sections.closing(page, "placement", [], [])):
        with pytest.raises(SocialvolymError, match="unknown domain 'placement'; nearest: placements"):
            call()


def test_caveats_name_breaks_and_contradictions(tmp_path: Path) -> None:
    cut = f'[[break]]\nperiod = "2020"\nmeasures = ["{LVM}"]\nreason_en = "new < system"\nreason_sv = "nytt"\n'
    raw = load_report(make(tmp_path, corrections=cut))
    page = context(COUNTS, reports=(raw,), findings=finding(report="haninge-2099", published="150"))
    shown = sections.measure_sections(page, develop_all(page, [LVM]))
    assert "From 2020 on not fully comparable with earlier figures (Haninge): new &lt; system" in shown
    assert "The parts make 201." in plain(shown)
    assert "findings.html#f-haninge-2099-2-sum" in shown


def test_a_page_of_some_years_says_which_and_tells_nothing_of_the_others(tmp_path: Path) -> None:
    cut = f'[[break]]\nperiod = "2019"\nmeasures = ["{LVM}"]\nreason_en = "new system"\nreason_sv = "nytt"\n'
    given: dict[str, Any] = {
        "reports": (load_report(make(tmp_path, corrections=cut)),),
        "findings": finding(report="haninge-2099", published="150", period="2019", series="outturn"),
    }
    whole, page = context(COUNTS, **given), context(COUNTS, first_year=2020, **given)
    for told, years in ((whole, False), (page, True)):
        shown = plain(sections.measure_sections(told, develop_all(told, [LVM])))
        assert ("new system" in shown, "The parts make 201." in shown) == (not years, not years)
        assert faults.faults_here(told).table.height == (not years)
        said = "Only 2020–2022 are shown here; the reports have figures for 2018–2022."
        assert (said in sections.opening(told, "lss")) == years


def test_other_figures_leave_out_what_is_told(report: RawReport) -> None:
    other = observations({"value": 77.0, "measure": "lvu_placements", "line": 60, "report": "haninge-2099"})
    page = context(COUNTS, other, reports=(report,))
    shown = sections.other_figures(page, "placements", develop_all(page, [LVM]))
    assert "haninge-2099:60:1" in shown
    assert "330" not in plain(shown)
    assert sections.other_figures(page, "lss", []) == ""
    assert "Show 1 figure " in plain(shown)


@pytest.mark.parametrize(("language", "told"), [("sv", "hösten 2099"), ("en", "autumn 2099")])
def test_the_time_of_a_figure_is_told_as_the_report_says_it(tmp_path: Path, language: Language, told: str) -> None:
    says = '[[time]]\nline = 60\nperiod = "2099-09/2099-11"\npublished = "77"\nen = "autumn 2099"\nsv = "hösten 2099"\n'
    folder = make(tmp_path)
    (folder / "says.toml").write_text(says, encoding="utf-8")
    other = observations(
        {"value": 77.0, "published_as": "77", "measure": "lvu_placements"},
        {"value": 78.0, "published_as": "78", "measure": "lvu_measures"},
        line=60,
        period="2099-09/2099-11",
        report="haninge-2099",
    )
    page = context(COUNTS, other, reports=(load_report(folder),), language=language)
    shown = plain(sections.other_figures(page, "placements", []))
    assert shown.count(told) == 1 and shown.lower().count("november 2099") == 1


@pytest.mark.parametrize(("label", "told"), [("Rum *** till brukare", True), ("Rum 4 till brukare", False)])
def test_what_is_masked_is_said_to_be(label: str, told: bool) -> None:
    shown = plain(sections.other_figures(context(observations({"label": label, "value": 4.0})), None, []))
    assert ("may point at a person" in shown) is told


def test_a_title_is_not_told_twice_as_its_definition() -> None:
    measure = "jourhem.care_days"
    page = context(yearly(2021, 100, 200, measure=measure, unit="care_days"))
    shown = plain(sections.measure_sections(page, develop_all(page, [measure])))
    assert shown.count(page.words.title(measure)) == 1


@pytest.mark.parametrize(
    ("language", "told"), [("sv", "LVU – rapporten räknar familjer"), ("en", "LVU – the report counts families")]
)
def test_what_must_be_known_of_a_reading_stands_with_the_figure(language: Language, told: str) -> None:
    remarks = ({"note": "families", "value": 7.0}, {"note": "what only the table tells", "value": 8.0, "line": 61})
    rows = observations(*remarks, measure="lvu_placements")
    shown = plain(sections.other_figures(context(rows, language=language), None, []))
    assert shown.count(told) == 1 and "only the table" not in shown


@pytest.mark.parametrize(
    ("label", "kind", "told"),
    [
        ("Lokalhyror", "table", True),
        ("Lokalkostnader*", "table", False),
        ("Totalt", "table", False),
        ("lokalhyror", "text", False),
    ],
)
def test_a_kind_of_cost_that_is_printed_in_another_word_keeps_it(label: str, kind: str, told: bool) -> None:
    rent = observations({"value": 11.0, "label": label, "kind": kind, "unit": "kSEK"}, measure="premises_cost", domain="context")
    shown = plain(sections.other_figures(context(rent, language="sv"), None, []))
    assert (f"Lokalkostnader – i rapporten ”{label}”" in shown) is told


@pytest.mark.parametrize("domain", [None, "placements"])
def test_other_figures_carry_their_marks_on_every_page(domain: str | None) -> None:
    about = observations({"value": 80.0, "bound": "approx", "line": 9}, measure="lvu_placements")
    page = context(yearly(2021, 100, 200), about, findings=finding(severity="warning"))
    shown = sections.other_figures(page, domain, [])
    assert "200 (see caution)" in plain(shown) and "100 (" not in plain(shown) and "about 80" in plain(shown)


@pytest.mark.parametrize(
    ("measure", "marked"), [("lvu_placements", True), ("lvu_placements, lvm_placements", True), ("hvb_care_days", False)]
)
def test_other_figures_carry_the_reservations_about_their_line(measure: str, marked: bool) -> None:
    about = observations({"value": 80.0, "line": 9}, measure="lvu_placements")
    said = finding(severity="warning", rule="caution", line=9, measure=measure, published=None)
    assert ("80 (see caution)" in plain(sections.other_figures(context(about, findings=said), None, []))) is marked


@pytest.mark.parametrize(("table", "marked"), [(None, True), ("own", True), ("another", False)])
def test_other_figures_of_a_table_whose_columns_are_a_reading_are_marked(table: str | None, marked: bool) -> None:
    about = observations({"value": 80.0, "line": 9, "table": "own"}, measure="lvu_placements")
    # It is found of several rows, and names the measure of the first.
    told = {"measure": "lvm_placements", "line": 7, "lines": "9", "table": table}
    said = finding(severity="warning", rule="blank_columns", published=None, **told)
    assert ("80 (see caution)" in plain(sections.other_figures(context(about, findings=said), None, []))) is marked
    page = context(about, findings=said)
    assert ("see caution" in page.number(page.rows_of("lvu_placements")[0])) is marked


@pytest.mark.parametrize(
    ("measure", "series", "printed", "own"),
    [
        ("net_cost", "change_abs", "-145,7", True),
        ("personnel_cost", "change_pct", "\u2212145,7", True),
        ("net_cost", "change_abs", "145,7", False),
        ("net_cost", "deviation", "-145,7", False),
        ("net_cost", "deviation of percent", "-145,7", True),
        ("sick_leave_total", "change_abs", "-145,7", False),
    ],
)
def test_a_change_of_a_cost_printed_with_a_minus_is_said_to_have_the_printed_sign(
    measure: str, series: str, printed: str, own: bool
) -> None:
    level = {"value": 145.7, "measure": "net_cost", "published_as": printed}
    series, _, unit = series.partition(" of ")
    change = {"value": -14.2, "measure": measure, "series": series, "unit": unit or "MSEK"}
    rows = observations(level | {"unit": "MSEK"}, change, table="t1")
    shown = plain(sections.other_figures(context(rows), None, []))
    assert ("sign as printed" in shown) is own and "14.2" in shown


@pytest.mark.parametrize("language", ["en", "sv"])
@pytest.mark.parametrize("page", ["lss", "placements", "economic_assistance", "overview", "findings", "method"])
def test_every_page_has_an_opening_and_the_rules_of_its_words(language: Any, page: str) -> None:
    told = context(COUNTS, language=language)
    assert sections.opening(told, page).startswith('<p class="lede">')
    assert "20" in sections.rules(told)
    assert sections.method(told)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ("less than 2.5 per cent", "by less than 0.5 percentage points", "at least 99 per cent")),
        ("sv", ("mindre än 2,5 procent", "mindre än 0,5 procentenheter", "minst 99 procent")),
    ],
)
def test_the_rules_of_words_tell_the_thresholds_that_there_are(
    monkeypatch: pytest.MonkeyPatch, language: Any, told: tuple[str, ...]
) -> None:
    values = {"least_percent": 2.5, "least_percentage_points": 0.5, "confidence": 0.99}
    monkeypatch.setattr(sections, "threshold", values.__getitem__)
    shown = plain(sections.rules(context(COUNTS, language=language)))
    assert all(text in shown for text in told) and "95" not in shown


def test_a_page_of_ones_own_opens_with_its_own_lede() -> None:
    page = context(COUNTS)
    assert sections.opening(page, "children", lede="How <many>?").startswith('<p class="lede">How &lt;many&gt;?</p>')
    with pytest.raises(SocialvolymError, match=r"no lede of a page 'children', but of: .*lss.*lede="):
        sections.opening(page, "children")


def test_pages_of_an_added_report_tell_how_much_is_settled_and_lead_to_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOCIALVOLYM_HOME", str(tmp_path))
    page = context(COUNTS, reports=(add(),))
    told = plain(sections.opening(page, "overview"))
    assert "43 per cent of the 35 figures that were read of added reports are certain" in told
    assert "20 wait for review: Haninge 2030." in told
    assert "of the 10 figures on this subject" in plain(sections.opening(page, "lss"))
    assert "added reports" not in plain(sections.opening(context(COUNTS), "overview"))
    # What waits may be of any year.
    assert page.hides(LVM, "0136") and not page.hides(LVM, "0126") and not context(COUNTS).hides(LVM, "0136")


def test_names_for_a_profile(report: RawReport) -> None:
    assert sections.who(context(COUNTS, reports=(report, report))) == {"place": "Haninge", "committee": "Socialnämnden"}


@pytest.mark.parametrize(("severity", "contradicts"), [("error", True), ("warning", False), ("note", False)])
def test_only_an_error_is_called_a_contradiction(severity: str, contradicts: bool) -> None:
    said = str(context(COUNTS).say("caveat.finding", text="...", severity=severity, place="Haninge 2022, line 1"))
    assert ("contradicts" in said) is contradicts


def test_a_committee_has_a_small_letter_inside_a_swedish_sentence(report: RawReport) -> None:
    assert sections.who(context(COUNTS, reports=(report,), language="sv"))["committee"] == "socialnämnden"


def test_a_part_is_named_in_the_language_of_the_page(report: RawReport) -> None:
    low = observations(
        {"value": 77.0, "measure": "lvu_placements", "breakdown": "low", "line": 60, "report": "haninge-2099"},
    )
    shown = plain(sections.other_figures(context(COUNTS, low, reports=(report,), language="sv"), "placements", []))
    assert "(som lägst)" in shown and "(low)" not in shown


def test_the_pages_rest_on_the_reports_that_have_figures() -> None:
    other = yearly(2021, 5, measure="lss_housing_residents", domain="lss").with_columns(line=pl.col("line") + 50)
    elsewhere = yearly(2021, 5, report="huddinge-2022", municipality_code="0126")
    empty = yearly(2021, 5, report="alingsas-2024", municipality_code="1489").with_columns(value=pl.lit(None, pl.Float64))
    assert "rest on 3 reports" in plain(sections.method(context(COUNTS, other, elsewhere, empty)))


def test_every_section_shows_the_frame_that_it_rests_on(report: RawReport) -> None:
    other = yearly(2021, 100, 120, report="huddinge-2022", municipality_code="0126").with_columns(line=pl.col("line") + 50)
    lone = observations({"value": 7.0, "measure": "lvu_placements", "line": 60}, {"value": None, "period": "2023", "line": 61})
    lone = lone.with_columns(status=pl.when(pl.col("value").is_null()).then(pl.lit("not_available")).otherwise(pl.col("status")))
    page = context(COUNTS, other, lone, reports=(report,), findings=finding(report="haninge-2099"))
    told = develop_all(page, [LVM])
    shown = {
        "measures": sections.measure_sections(page, told),
        "matrix": matrix.matrix(page, told),
        "cards": cards.cards(page, told),
        "comparability": together.comparability(page, [LVM]),
        "gaps": together.gaps(page, "placements"),
        "faults_here": faults.faults_here(page, "placements"),
        "faults_page": faults.faults_page(page),
        "other": sections.other_figures(page, "placements", told),
        "coverage": together.coverage(page),
    }
    assert {name: told.table.height for name, told in shown.items()} == {
        "measures": 2,
        "matrix": 2,
        "cards": 6,
        "comparability": 1,
        "gaps": 1,
        "faults_here": 1,
        "faults_page": 1,
        "other": 1,
        "coverage": 3,
    }
    assert shown["cards"].chart is not None and all(told.text for told in shown.values())
    end = sections.closing(page, "placements", told, [LVM])
    assert end.count('<details class="fold">') == 4 and end.table.equals(shown["gaps"].table)


@pytest.mark.parametrize(("table", "told"), [("t1", True), ("other", False), (None, True)])
def test_a_finding_about_a_table_is_not_told_of_the_table_that_it_is_compared_with(
    report: RawReport, table: str | None, told: bool
) -> None:
    rows = COUNTS.with_columns(table=pl.lit("t1"))
    wrong = finding(
        report="haninge-2099",
        line=90,
        lines="1",
        table=table,
        measure=None,
        severity="warning",
        published=None,
        explanation="A year behind.",
    )
    page = context(rows, reports=(report,), findings=wrong)
    shown = plain(sections.measure_sections(page, develop_all(page, [LVM])))
    assert ("Read with care (Haninge 2099, line 90): A year behind." in shown) is told
