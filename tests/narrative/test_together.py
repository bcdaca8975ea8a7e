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
from socialvolym.narrative.developments import develop_all
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


def test_coverage_counts_by_domain(report: RawReport) -> None:
    shown = together.coverage(context(COUNTS, area(-1, -2).with_columns(line=pl.col("line") + 50), reports=(report,)))
    assert re.findall(r'<td class="n">(\d+)</td>', shown) == ["0", "5", "0", "2"]
    assert "2018–2022" in shown


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


def test_developments_stand_side_by_side_with_the_word_of_the_rules() -> None:
    rows = [
        yearly(2021, 200, 300),
        yearly(2021, 200, 210, measure="lvu_placements").with_columns(line=pl.col("line") + 10),
        yearly(2021, 9, 11, measure="lvu_measures").with_columns(line=pl.col("line") + 20),
        yearly(2022, 5, measure="adult_investigations").with_columns(line=pl.col("line") + 30),
        observations(
            {"value": 100.0, "period": "2018"},
            {"value": 79.0, "period": "2019", "series": "budget"},
            measure="jourhem_persons",
            unit="persons",
        ).with_columns(line=pl.col("line") + 40),
    ]
    page = context(*rows)
    told = develop_all(page, [frame["measure"][0] for frame in rows])
    cells = re.findall(r"<tr>(.*?)</tr>", together.side_by_side(page, told))
    words = {plain(row.split("</td>")[0]): plain(row.split("<td>")[-1]) for row in cells[1:]}
    assert words["Placements under LVM"] == "increase, 100 (50 per cent)"
    assert words["Placements under LVU"] == "increase, 10 (5.0 per cent) – small enough to be due to chance"
    assert words["Interventions under LVU"] == "increase, 2"
    assert "Investigations of adults" not in words
    assert list(words.values())[-1] == "budget, 21 (21 per cent) lower"
    assert together.side_by_side(page, []) == ""


def test_who_prints_a_measure_and_why_the_others_do_not() -> None:
    mine = yearly(2021, 100, 200, measure="child_actualisations")
    change = observations(
        {"value": 11.0, "series": "change_pct", "unit": "percent"},
        measure="child_actualisations",
        municipality_code="1489",
        report="alingsas-2022",
    )
    page = context(mine, change, yearly(2022, 7, municipality_code="0126", report="huddinge-2022", measure="jourhem_persons"))
    shown = plain(together.comparability(page, ["child_actualisations", "jourhem_persons"]))
    assert "2021–2022" in shown
    assert "change, per cent only" in shown
    assert "no figure in the report" in shown
    assert "reported by Huddinge only" in shown
    assert together.comparability(context(mine), ["child_actualisations"]) == ""


def test_two_municipalities_are_compared_with_the_reasons() -> None:
    rows = [yearly(2021, 100, 200), yearly(2021, 50, 60, municipality_code="0126", report="huddinge-2022")]
    shown = plain(together.comparability(context(*rows), [LVM]))
    assert "Placements under LVM, Haninge 2022 and Huddinge 2022" in shown
    assert "per inhabitant only" in shown
    assert "The municipalities differ in size" in shown


def test_what_is_left_out_is_told_in_one_plain_sentence_where_coverage_is(report: RawReport) -> None:
    page = context(COUNTS, reports=(report,))
    assert "Not among the figures" not in str(together.coverage(page))
    told = str(together.coverage(replace(page, left_out=("a-2022", "b-2022"))))
    assert "Not among the figures: a-2022, b-2022. What was read" in told
