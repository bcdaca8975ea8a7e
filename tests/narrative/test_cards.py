"""Cards: what has a chart, what a figure with a line, what neither; and that each stands alone."""

from __future__ import annotations

import re
from pathlib import Path

import altair as alt
import polars as pl
import pytest
from invented import observations, yearly
from invented_context import context
from invented_report import make
from invented_tables import COUNTS, LVM, plain
from markupsafe import Markup
from socialvolym import vocabulary
from socialvolym.charts import svg
from socialvolym.narrative import matrix
from socialvolym.narrative.cards import OPEN, cards
from socialvolym.narrative.context import Context
from socialvolym.narrative.developments import develop_all
from socialvolym.reports.loading import load_report


def shown(page: Context, *measures: str) -> str:
    return str(cards(page, develop_all(page, measures or [LVM])))


def test_a_card_has_its_finding_what_is_drawn_its_source_and_its_numbers() -> None:
    card = shown(context(COUNTS))
    [caption] = re.findall(r"<figcaption>(.*?)<small>(.*?)</small></figcaption>", card)
    assert plain(caption[0]).startswith("The number of placements under LVM rose by 230")
    assert caption[1] == "Placements under LVM, Haninge, 2018–2022"
    assert "Source: Haninge 2099, lines 1, 2, 3 …." in plain(card)
    assert 'id="c-lvm_placements-0136"' in card and card.count("<svg") == 1
    assert all(f'data-obs="haninge-2099:{line}:1"' in card for line in (1, 5))


@pytest.mark.parametrize(("values", "charts", "figures"), [((1, 2), 0, 0), ((100, 200, 350), 1, 1), ((100, 200, 350, 500), 1, 0)])
def test_four_periods_are_a_chart_three_a_figure_with_a_line_two_neither(
    values: tuple[int, ...], charts: int, figures: int
) -> None:
    card = shown(context(yearly(2018, *values)))
    assert (card.count("<svg"), card.count('<p class="big">')) == (charts, figures)


def test_a_part_has_no_card_beside_its_whole() -> None:
    whole = [{"value": 100.0 + year, "period": str(year)} for year in range(2018, 2023)]
    part = [row | {"breakdown": "interna", "value": 7.0, "line": 40} for row in whole]
    page = context(observations(*whole, *part))
    told = cards(page, develop_all(page, [LVM]))
    assert told.count("<figure") == 1 and told.table["value"].to_list() == [2118.0, 2119.0, 2120.0, 2121.0, 2122.0]


def test_every_point_of_the_frames_has_its_source() -> None:
    page = context(COUNTS)
    told = develop_all(page, [LVM])
    assert cards(page, told).table["observation_id"].to_list() == [f"haninge-2099:{line}:1" for line in range(1, 6)]
    assert matrix.matrix(page, told).table.select("period", "observation_id").row(0) == ("2022", "haninge-2099:5:1")


def test_a_goal_for_a_year_to_come_is_told_and_not_drawn() -> None:
    goal = observations({"value": 90.0, "period": "2030", "series": "target", "line": 40})
    card = shown(context(yearly(2018, 100, 150, 200, 260), goal))
    assert "The goal for 2030: 90" in plain(card)
    assert not re.search(r"<text[^>]*>20(2[2-9]|30)<", card)


def test_a_missed_goal_is_drawn() -> None:
    goal = observations({"value": 90.0, "period": "2021", "series": "target", "line": 40})
    assert re.search(r"<text[^>]*>goal 90<", shown(context(yearly(2018, 100, 150, 200, 260), goal)))


def test_a_break_among_the_years_is_said_under_the_chart_and_one_before_them_is_not(tmp_path: Path) -> None:
    cut = "".join(
        f'[[break]]\nperiod = "{year}"\nmeasures = ["{LVM}"]\nreason_en = "new in {year}"\nreason_sv = "nytt"\n'
        for year in (2017, 2018, 2020)
    )
    card = plain(shown(context(COUNTS, reports=(load_report(make(tmp_path, corrections=cut)),))))
    assert "new in 2020" in card and "new in 2018" not in card and "new in 2017" not in card


def test_a_small_line_is_cut_at_a_break_and_its_finding_says_so(tmp_path: Path) -> None:
    cut = f'[[break]]\nperiod = "2022"\nextent = "part"\nmeasures = ["{LVM}"]\nreason_en = "new system"\nreason_sv = "nytt"\n'
    raw = load_report(make(tmp_path, corrections=cut))
    rows = yearly(2020, 100, 150, 260, report="haninge-2099")
    whole, broken = shown(context(rows)), shown(context(rows, reports=(raw,)))
    lines = [max(re.findall(r'd="([^"]*)"[^>]*stroke-width="2.25"', card), key=len).count("L") for card in (whole, broken)]
    assert lines == [2, 1] and "new system" in plain(broken)
    assert "in part because of a change in how it is recorded" in plain(re.findall(r"<figcaption>(.*?)<small>", broken)[0])


def test_a_years_figures_are_drawn_with_those_of_its_last_day_only() -> None:
    rows = [{"value": 10.0, "period": "2024", "kind": "text"}, {"value": 12.0, "period": "2023-12-31"}]
    rows += [{"value": None, "period": "2024-12-31"}, {"value": 12.0, "period": "2023", "kind": "text"}]
    rows += [{"value": 14.0, "period": "2022"}]
    days = [{"value": 77.0, "period": "2024-08-31"}, {"value": 88.0, "period": "2023-08-31"}]
    goal = {"value": 20.0, "period": "2024-12-31", "series": "target", "published_as": ">20", "bound": "gt"}
    card = plain(shown(context(observations(*rows, *days, goal))))
    assert "> 20" in card and "12" in card
    assert not any(wrong in card for wrong in ("77", "88", "12 / 12", "10 / "))


def test_months_are_a_chart_of_their_own() -> None:
    months = [{"value": 100.0 + month, "period": f"{year}-{month:02}"} for year in (2021, 2022) for month in range(1, 13)]
    page = context(observations(*months))
    assert shown(page).count("data-point") == 24
    assert cards(page, []) == "" and isinstance(cards(page, []).table, pl.DataFrame)


def test_the_cards_that_weigh_most_stand_open_and_the_others_are_folded() -> None:
    measures = [LVM, "child_investigations", "jourhem_persons", "familjehem_care_days", "hvb_care_days", "adult_investigations"]
    measures += ["lvu_placements", "lvu_measures"]
    rows = [
        yearly(2018, 100, 100, 100, 101 + 10 * number, measure=measure).with_columns(line=pl.col("line") + 10 * number)
        for number, measure in enumerate(measures)
    ]
    told = shown(context(*rows), *measures)
    at_once, folded = told.split('<details class="fold"><summary><h3>More charts</h3></summary>')
    assert (at_once.count("<figure"), folded.count("<figure")) == (OPEN, 2)
    assert "The number of placements under LVM" in plain(folded) and "The number of placements under LVM" not in plain(at_once)
    assert told.count('data-municipality="0136"') == 8
    assert "More charts" not in shown(context(*rows[:OPEN]), *measures[:OPEN])


def test_the_frame_of_the_cards_names_measures_and_units_in_words() -> None:
    rows = yearly(2018, 1000, 2000, 3000, 4000, measure="hvb_total_cost", unit="kSEK")
    page = context(rows, language="sv")
    told = cards(page, develop_all(page, ["hvb_total_cost"])).table.select("title", "unit").unique().rows()
    assert told == [(page.words.title("hvb_total_cost"), "miljoner kronor")]


def test_a_chart_of_a_notebook_cuts_no_title_of_a_measure() -> None:
    title = max((row["title_sv"] for row in vocabulary.measures().iter_rows(named=True)), key=len)
    frame = pl.DataFrame({"title": [title], "value": [1.0]})
    drawn = svg.draw(alt.Chart(frame).mark_bar().encode(x="value:Q", y="title:N").to_dict(), "sv", "x")
    assert title in Markup(drawn).striptags()
