"""Faults: all are told, the gravest first, with what narrows them; each leads to its place."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest
from invented_context import context, finding
from invented_report import make
from invented_tables import COUNTS, LVM, plain
from socialvolym.narrative import faults, sections
from socialvolym.narrative.developments import develop_all
from socialvolym.reports.loading import load_report
from socialvolym.reports.models import RawReport


@pytest.fixture
def report(tmp_path: Path) -> RawReport:
    return load_report(make(tmp_path))


def test_findings_are_all_on_their_page_gravest_first_and_notes_are_folded(report: RawReport) -> None:
    found = pl.concat(
        [
            finding(report="haninge-2099", severity=severity, line=line, explanation=f"<{severity}>")
            for line, severity in enumerate(("note", "warning", "error"), start=1)
        ]
    )
    shown = faults.faults_page(context(COUNTS, reports=(report,), findings=found))
    assert re.findall(r'article class="finding (\w+)"', shown) == ["error", "warning", "note"]
    assert "1 error, 1 warning, 1 note" in plain(shown)
    assert "&lt;error&gt;" in shown and "<error>" not in shown
    folded = shown[shown.index('<details class="fold">') :]
    assert "finding note" in folded and "finding warning" not in folded
    assert plain(re.findall(r'<article class="finding error".*?<h3>(.*?)</h3>', shown)[0]).startswith("Error, line 3")
    assert "No contradiction" in faults.faults_page(context(COUNTS, reports=(report,)))


def test_those_furthest_from_what_is_right_are_told_first_each_on_a_line_with_the_way_to_it(report: RawReport) -> None:
    expected = ["201", "400", "199", "20", "210", "1000"]
    found = pl.concat([finding(report="haninge-2099", line=line, expected=value) for line, value in enumerate(expected, start=1)])
    told = faults.faults_page(context(COUNTS, reports=(report,), findings=found))
    summary = told[: told.index("</section>")]
    assert re.findall(r'href="#f-haninge-2099-(\d+)-sum"', summary) == ["4", "6", "2", "5", "3"]
    assert "6 errors in 1 report" in plain(summary) and told.table.height == 6


@pytest.mark.parametrize(
    ("published", "expected", "far"),
    [
        ("11 %", "32", 21 / 32),
        ("1 960 kr", "1 960", 0.0),
        ("-5", "5", 2.0),
        ("***", None, 0.0),
        (None, "3", 0.0),
        ("0", "0", 0.0),
    ],
)
def test_a_finding_is_as_far_as_what_is_printed_is_from_what_was_expected(
    published: str | None, expected: str | None, far: float
) -> None:
    assert faults.distance({"published": published, "expected": expected}) == pytest.approx(far)


def test_findings_that_say_the_same_of_several_lines_are_told_once_and_each_keeps_its_place(report: RawReport) -> None:
    found = [finding(report="haninge-2099", severity="warning", line=line, published=None, expected=None) for line in (3, 5)]
    other = finding(report="haninge-2099", severity="warning", line=7, explanation="Other.", explanation_sv="Annat.")
    shown = faults.faults_page(context(COUNTS, reports=(report,), findings=pl.concat([*found, other])))
    assert shown.count("<article") == 2 and "Warning, lines 3, 5" in plain(shown) and "2 warnings" not in plain(shown)
    assert re.findall(r' id="f-haninge-2099-(\d+)', shown) == ["7", "3", "5"], "what has a distance comes first"


def test_a_list_is_narrowed_by_what_there_is_more_than_one_of(report: RawReport) -> None:
    found = pl.concat([finding(report="haninge-2099", severity=name, line=line) for line, name in ((1, "error"), (2, "note"))])
    shown = faults.faults_page(context(COUNTS, reports=(report,), findings=found))
    [form] = re.findall(r'<form class="filter".*?</form>', shown)
    assert re.findall(r'name="(\w+)"', form) == ["severity"]
    assert re.findall(r'value="(\w*)"', form) == ["", "error", "note"]
    alone = faults.faults_page(context(COUNTS, reports=(report,), findings=finding(report="haninge-2099")))
    assert "<form" not in alone


def test_findings_of_a_subject(report: RawReport) -> None:
    found = finding(report="haninge-2099")
    assert "line 2" in plain(faults.faults_here(context(COUNTS, reports=(report,), findings=found), "placements"))
    assert faults.faults_here(context(COUNTS, reports=(report,), findings=found), "lss") == ""


def test_contradictions_stand_apart_from_cautions_and_images_are_neither(report: RawReport) -> None:
    found = pl.concat(
        [
            finding(report="haninge-2099", severity=severity, line=2, rule=rule, explanation=text)
            for severity, rule, text in (
                ("error", "sum", "It does not add up."),
                ("warning", "caution", "A reservation."),
                ("warning", "lost_table", "An image."),
            )
        ]
    )
    page = context(COUNTS, reports=(report,), findings=found)
    shown = plain(faults.faults_here(page, "placements"))
    assert shown.index("Contradictions") < shown.index("add up") < shown.index("read with care") < shown.index("A reservation")
    assert "An image." not in shown
    assert "An image." not in plain(sections.measure_sections(page, develop_all(page, [LVM])))


def test_a_finding_is_headed_by_its_own_line_and_the_others_stand_in_their_order(report: RawReport) -> None:
    found = finding(report="haninge-2099", line=378, lines="584, 28")
    assert "Error, line 378; see also lines 28, 584" in plain(
        faults.faults_page(context(COUNTS, reports=(report,), findings=found))
    )
    assert "Error, line 378" in plain(
        faults.faults_page(context(COUNTS, reports=(report,), findings=finding(report="haninge-2099", line=378)))
    )


def test_no_line_ends_within_a_number_of_an_explanation() -> None:
    said = {"explanation": "Line 12 of 2022 prints 8 186 and 1 200 300, which is 6 %."}
    nbsp = "\u00a0"
    shown = context(COUNTS).explained(said)
    assert shown == f"Line 12 of 2022 prints 8{nbsp}186 and 1{nbsp}200{nbsp}300, which is 6{nbsp}%."
