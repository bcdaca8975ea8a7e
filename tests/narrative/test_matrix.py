"""The matrix: a row a measure, a column a municipality, and what a cell says where there is a figure, and where there is none."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from invented import observations, yearly
from invented_context import context, finding
from invented_report import make
from invented_tables import LVM, area, plain
from socialvolym import vocabulary
from socialvolym.narrative.context import Context
from socialvolym.narrative.developments import develop_all
from socialvolym.narrative.matrix import matrix
from socialvolym.reports.loading import load_report


def below(frame: pl.DataFrame, lines: int) -> pl.DataFrame:
    return frame.with_columns(line=pl.col("line") + lines)


def elsewhere(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(municipality_code=pl.lit("0126"), report=pl.lit("huddinge-2022"))


def cells(page: Context, *measures: str) -> dict[str, list[str]]:
    """Return the cells of each row, by its name."""
    shown = matrix(page, develop_all(page, measures), measures)
    rows = re.findall(r'<tr role="row"><th scope="row"[^>]*>(.*?)</th>(.*?)</tr>', shown, re.DOTALL)
    return {
        plain(name): [
            plain(cell.replace("<br>", " ").replace("</td><td>", " "))
            for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)
        ]
        for name, row in rows
    }


def test_a_cell_has_the_latest_figure_and_the_word_of_the_rules() -> None:
    rows = [
        yearly(2021, 200, 300),
        below(yearly(2021, 200, 210, measure="lvu_placements"), 10),
        below(yearly(2021, 9, 11, measure="lvu_measures"), 20),
        below(yearly(2022, 5, measure="adult_investigations"), 30),
        below(
            observations(
                {"value": 100.0, "period": "2018"},
                {"value": 79.0, "period": "2019", "series": "budget"},
                measure="jourhem_persons",
                unit="persons",
            ),
            40,
        ),
        below(yearly(2018, 100, 200, 300, 400, measure="child_investigations"), 50),
    ]
    told = cells(context(*rows), *(frame["measure"][0] for frame in rows))
    assert told["Placements under LVM"] == ["300 (2022)", "increase, 100 (50 per cent) since 2021"]
    assert told["Placements under LVU"][1] == "increase, 10 (5.0 per cent) since 2021 – small enough to be due to chance"
    assert told["Interventions under LVU"][1] == "increase, 2 since 2021"
    assert told["Investigations of adults"] == ["5 (2022)", "no other full year"]
    assert told[vocabulary.measure_index()["jourhem_persons"]["title_en"]] == [
        "79 people (budget 2019)",
        "21 (21 per cent) below outturn 2018",
    ]
    # Over all years where they went one way.
    assert told["Investigations of children and young people"][1] == "increase, 300 (300 per cent) since 2018"


def test_the_frame_has_the_part_as_printed_and_leads_to_the_source_of_each_figure() -> None:
    page = context(yearly(2021, 200, 300, breakdown="barn"))
    [row] = matrix(page, develop_all(page, [LVM]), [LVM]).table.rows(named=True)
    printed = dict(page.observations.select("observation_id", "value").iter_rows())
    assert row["breakdown"] == "barn" and [printed[row[name]] for name in ("observation_id", "before_id")] == [300, 200]


@pytest.mark.parametrize(
    ("months", "said"),
    [
        (["2021-12"], "outturn only for December 2021"),
        (["2021-11", "2021-12"], "parts of years, latest December 2021"),
    ],
)
def test_what_has_only_months_of_a_year_is_not_told_to_have_no_outturn(months: list[str], said: str) -> None:
    rows = [{"period": month, "value": 30.0, "line": 9 + n} for n, month in enumerate(months)]
    budget = {"period": "2022", "series": "budget", "value": 31.0}
    page = context(observations(budget, {**budget, "series": "forecast", "line": 2}, *rows, measure="lvu_placements"))
    assert said in plain(matrix(page, develop_all(page, ["lvu_placements"])))


def test_a_row_holds_the_municipalities_and_a_family_its_rows() -> None:
    rows = [
        yearly(2021, 200, 300, measure="lvu_placements"),
        below(yearly(2021, 5, 6, measure="jourhem_persons"), 10),
        below(yearly(2021, 50, 60, measure="lvu_measures"), 20),
        below(yearly(2021, 5, 6, measure="socialpsychiatry_month_placed"), 30),
    ]
    page = context(*rows, elsewhere(rows[0]))
    shown = matrix(page, develop_all(page, [frame["measure"][0] for frame in rows]))
    text = plain(shown)
    assert (
        text.index("LVU)") < text.index("Placements under LVU") < text.index("Interventions under LVU") < text.index("emergency")
    )
    assert text.index("emergency") < text.index("Other measures")
    assert shown.table.filter(pl.col("measure") == "lvu_placements").select("municipality", "value", "before").rows() == [
        ("Huddinge", 300.0, 200.0),
        ("Haninge", 300.0, 200.0),
    ]
    assert "since 2021" in shown.table["verdict"][0]
    # What the page's script chooses a municipality and sorts by.
    assert re.findall(r'data-sort="([^"]*)" data-place="([^"]*)" data-municipality="(\d+)"', shown)[:2] == [
        ("50.0", "Huddinge", "0126"),
        ("50.0", "Haninge", "0136"),
    ]
    told = develop_all(page, [frame["measure"][0] for frame in rows])
    shared = matrix(page, told, least=2)
    assert shared.table["measure"].unique().to_list() == ["lvu_placements"] and "several municipalities" in plain(shared)
    alone = [found for found in told if found.code == "0136"]
    assert matrix(page, alone, least=2).table.height == 4 and "several" not in plain(matrix(page, alone, least=2))
    assert matrix(page, []) == "" and matrix(page, []).table.is_empty()


@pytest.mark.parametrize(
    ("printed", "why"),
    [
        ({"measure": "child_investigations"}, "another measure"),
        ({"measure": "jourhem_persons"}, "–no figure"),
        ({"measure": "child_actualisations", "series": "change_pct", "unit": "percent"}, "increase, 11 per cent 2022; no level"),
        ({"measure": "child_actualisations", "series": "plan"}, "plan only"),
        ({"measure": "child_actualisations", "series": "forecast"}, "forecast only"),
    ],
)
def test_a_cell_without_a_figure_says_why_where_that_is_known(printed: dict[str, Any], why: str) -> None:
    other = elsewhere(observations({"value": 11.0, "line": 50} | printed))
    told = cells(
        context(yearly(2021, 100, 200, measure="child_actualisations"), other), "child_actualisations", printed["measure"]
    )
    huddinge, haninge = told["Referrals concerning children and young people"]
    assert huddinge.startswith(why) and haninge.startswith("200 (2022)")


def test_another_committee_is_responsible(tmp_path: Path) -> None:
    raw = load_report(make(tmp_path))
    other = elsewhere(yearly(2021, 5, 6, measure="assistance_household_months", domain="economic_assistance"))
    page = context(other, yearly(2022, 7, report="haninge-2099"), reports=(raw,))
    [row] = cells(page, "assistance_household_months").values()
    assert row == ["6 (2022) increase, 1 since 2021", "another committee"]


@pytest.mark.parametrize(
    ("part", "measure", "why"),
    [
        ("Ekonomiskt bistånd", "economic_assistance_net_cost", "another measure"),
        ("Vuxenstöd", "economic_assistance_net_cost", "another committee"),
        ("Ekonomiskt bistånd", "assistance_household_months", "another committee"),
    ],
)
def test_what_a_committee_has_of_another_ones_subject_is_another_measure(
    tmp_path: Path, part: str, measure: str, why: str
) -> None:
    other = elsewhere(yearly(2021, 500, 600, measure=measure, domain="economic_assistance", unit="kSEK"))
    own = area(-1200, -1000).with_columns(breakdown=pl.lit(part), line=pl.col("line") + 50)
    page = context(other, own, reports=(load_report(make(tmp_path)),))
    [row] = cells(page, measure).values()
    assert row[1] == why
    shown = matrix(page, develop_all(page, [measure]), on_page=False)
    assert ('href="economic-assistance.html#costs"' in shown) is (why == "another measure")


def test_a_contradicted_change_carries_its_mark_and_a_missed_goal_is_said() -> None:
    goal = observations({"value": 250.0, "series": "target", "line": 40, "bound": "lt", "published_as": "<250"})
    change = observations({"value": 11.0, "series": "change_pct", "unit": "percent", "line": 30})
    page = context(yearly(2021, 200, 300), goal, change, findings=finding(line=30, published="11"))
    shown = matrix(page, develop_all(page, [LVM]))
    assert "since 2021, but the report prints 11; goal missed" in plain(shown) and 'class="flag error"' in shown


def test_what_is_not_compared_because_it_is_contradicted_says_so_once() -> None:
    page = context(yearly(2021, 100, 200), findings=finding(period="2022", series="outturn", expected=None))
    [cell] = cells(page, LVM).values()
    assert " ".join(cell).endswith("(contradicted) (2022) not compared")


def test_another_measure_is_explained_in_words_where_it_stands() -> None:
    for measure, explained in (("child_investigations", True), ("jourhem_persons", False)):
        other = elsewhere(observations({"value": 11.0, "line": 50, "measure": measure}))
        page = context(yearly(2021, 100, 200, measure="child_actualisations"), other)
        shown = plain(matrix(page, develop_all(page, ["child_actualisations", measure])))
        assert ("“Another measure” means" in shown) == explained


def test_years_of_two_reports_that_disagree_are_not_compared() -> None:
    table = yearly(2020, 150, 154, report="haninge-2021")
    later = below(yearly(2021, 206, 212, report="haninge-2022", kind="text"), 20)
    [shown] = cells(context(table, later), LVM).values()
    cell = " ".join(shown)
    assert "cannot be compared with 2021: two reports disagree" in cell and "%" not in cell and "per cent" not in cell
