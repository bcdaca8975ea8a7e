"""Together: side by side, comparable or not, covered or missing."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from invented import observations, yearly
from invented_context import context
from invented_report import make
from invented_tables import COUNTS, LVM, area, plain
from socialvolym.narrative import together
from socialvolym.reports.loading import load_report
from socialvolym.reports.models import RawReport


@pytest.fixture
def report(tmp_path: Path) -> RawReport:
    return load_report(make(tmp_path))


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
    shown = plain(together.gaps(page))
    assert "another committee" in shown
    assert "2020" in shown
    assert "another committee" not in plain(together.gaps(page, "placements"))
    assert (none := context(COUNTS)) and "<li>" not in together.gaps(none, "lss")


@pytest.mark.parametrize(
    ("other", "told"), [("2021", "2020 (no figure in the report) and 2021 (figure in"), ("2019", "2020 and 2021 (no")]
)
def test_a_year_that_another_report_has_is_named_beside_those_that_none_has(report: RawReport, other: str, told: str) -> None:
    lost = {"value": None, "status": "not_available", "published_as": None, "report": "haninge-2099"}
    rows = [lost | {"period": period, "line": 90 + n} for n, period in enumerate(("2020", "2021"))]
    known = {"value": 5.0, "period": other, "line": 95, "report": "haninge-2022"}
    page = context(COUNTS, observations(*rows, known, measure="lvu_placements"), reports=(report,))
    assert told in plain(together.gaps(page, "placements"))
    assert together.gaps(page, "placements").table["period"].to_list() == (["2020"] if other == "2021" else ["2020", "2021"])


def test_a_missing_year_is_of_the_part_that_misses_it(report: RawReport) -> None:
    lost = {"value": None, "status": "not_available", "published_as": None, "report": "haninge-2099", "measure": "lvu_placements"}
    rows = [
        lost | {"period": "2020", "line": 90, "breakdown": "barn"},
        lost | {"period": "2021", "line": 91, "breakdown": "vuxna"},
        lost | {"period": "2020", "line": 91, "breakdown": "vuxna", "value": 5.0, "status": "published", "published_as": "5"},
    ]
    shown = plain(together.gaps(context(COUNTS, observations(*rows), reports=(report,)), "placements"))
    assert "(children): 2020 (" in shown and "(adults): 2021 (" in shown and "2 measures or parts of measures without" in shown


@pytest.mark.parametrize(("breakdown", "listed"), [("riket", True), (None, False)])
def test_a_figure_of_the_country_fills_no_gap_of_the_municipality(report: RawReport, breakdown: str | None, listed: bool) -> None:
    missing = {"value": None, "status": "not_available", "period": "2020", "published_as": None, "line": 90}
    known = {"value": 5.7, "period": "2020", "published_as": "5,7", "line": 95, "breakdown": breakdown}
    rows = [row | {"report": "haninge-2099", "measure": "lvu_placements"} for row in (missing, known)]
    table = together.gaps(context(COUNTS, observations(*rows), reports=(report,)), "placements").table
    assert (table.filter(pl.col("measure") == "lvu_placements").height == 1) == listed


def test_a_figure_over_several_years_is_no_outturn_of_the_first(report: RawReport) -> None:
    pooled = yearly(2015, 30).with_columns(period=pl.lit("2015/2021"), line=pl.col("line") + 90)
    assert "2015" not in str(together.coverage(context(COUNTS, pooled, reports=(report,))))


def test_coverage_counts_by_domain(report: RawReport) -> None:
    shown = together.coverage(context(COUNTS, area(-1, -2).with_columns(line=pl.col("line") + 50), reports=(report,)))
    # The two rows of a finance table are of disability services.
    assert re.findall(r'<td class="n">(\d+)</td>', shown) == ["2", "5", "0", "0"]
    assert "2018–2022" in shown
    elsewhere = area(-1, -2).with_columns(line=pl.col("line") + 50, breakdown=pl.lit("Fastigheter"))
    shown = together.coverage(context(elsewhere, reports=(report,)))
    assert re.findall(r'<td class="n">(\d+)</td>', shown) == ["0", "0", "0", "2"]


def test_a_lost_table_is_named_by_its_caption() -> None:
    lost = observations(
        {"value": None, "status": "not_available", "published_as": None, "table": "lost_1", "label": "Tabell: Antal boende"},
        measure="lvu_placements",
    )
    shown = plain(together.gaps(context(COUNTS, lost)))
    assert "“Tabell: Antal boende” (the number of placements under LVU)" in shown
    # The report has these figures: they are no gap of its.
    assert "What is missing" not in shown and "Images and charts that could not be read" in shown


@pytest.mark.parametrize(("count", "folded"), [(4, False), (5, True)])
def test_many_missing_years_are_folded(count: int, folded: bool) -> None:
    names = ["lvu_placements", "lvu_measures", "jourhem_persons", "adult_investigations", "child_investigations"][:count]
    rows = [
        observations({"value": None, "status": "not_available", "published_as": None, "line": 90 + n}, measure=name)
        for n, name in enumerate(names)
    ]
    shown = together.gaps(context(COUNTS, *rows))
    assert ("<details>" in shown) is folded
    assert f"{count} measures without a figure" in plain(shown)


def test_two_municipalities_are_compared_with_the_reasons() -> None:
    rows = [yearly(2021, 100, 200), yearly(2021, 50, 60, municipality_code="0126", report="huddinge-2022")]
    shown = plain(together.comparability(context(*rows), [LVM]))
    assert "Placements under LVM, Haninge 2022 and Huddinge 2022" in shown
    assert "per inhabitant only" in shown
    assert "The municipalities differ in size" in shown
    assert together.comparability(context(rows[0]), [LVM]) == ""


def test_what_is_left_out_is_told_in_one_plain_sentence_where_coverage_is(report: RawReport) -> None:
    page = context(COUNTS, reports=(report,))
    assert "Not among the figures" not in str(together.coverage(page))
    told = str(together.coverage(replace(page, left_out=("a-2022", "b-2022"))))
    assert "Not among the figures: a-2022, b-2022. What was read" in told
