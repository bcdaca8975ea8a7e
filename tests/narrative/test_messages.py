"""Messages: what is grave, sure and new comes first, and nothing is said twice."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from example_report import add
from invented import observations, yearly
from invented_context import context, finding
from invented_report import make
from invented_tables import COUNTS, LVM, area, plain
from socialvolym.narrative import economy, messages
from socialvolym.narrative.context import Context
from socialvolym.narrative.developments import develop_all
from socialvolym.narrative.matrix import matrix
from socialvolym.narrative.sections import measure_sections
from socialvolym.reports.loading import load_report
from socialvolym.reports.models import RawReport


def key(page: Context, *measures: str, costs: Any = ()) -> str:
    return messages.key_messages(page, develop_all(page, measures), costs)


def with_says(raw: Path, **fields: str) -> RawReport:
    """Return the report haninge-2099, made one of 2022, with a cause of these fields, by default "an invented cause"."""
    folder = make(raw)
    about = folder / "report.toml"
    about.write_text(about.read_text(encoding="utf-8").replace("year = 2099", "year = 2022"), encoding="utf-8")
    said = {"measures": f'["{LVM}"]', "en": '"an invented cause"', "sv": '"en påhittad orsak"'} | fields
    says = "[[says]]\nline = 3\n" + "".join(f"{name} = {value}\n" for name, value in said.items())
    (folder / "says.toml").write_text(says, encoding="utf-8")
    return load_report(folder)


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


def test_no_more_messages_than_a_screen_has_and_few_of_one_place_among_several() -> None:
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
    assert key(context(*one_place), *measures).count("<article") == messages.MESSAGES
    tiles = re.findall(r"<article [^>]*>", key(context(*one_place, *other), *measures))
    assert [tile.count(" hidden") for tile in tiles] == [0] * 2 * messages.OF_ONE_PLACE + [1] * (len(tiles) - 4)
    # Who chooses a municipality sees as many as its own page would begin with.
    for code in ("0126", "0136"):
        assert sum(f'data-municipality="{code}"' in tile for tile in tiles) == messages.MESSAGES


@pytest.mark.parametrize(("other", "places"), [(130, ["0136", "0136", "0126", "0136"]), (115, ["0136"] * 4)])
def test_a_page_is_not_of_one_municipality_where_another_has_something_of_like_gravity(other: int, places: list[str]) -> None:
    """A cost counts among the messages of its municipality."""
    measures = ["child_investigations", "hvb_care_days", "jourhem_persons"]
    own = [
        yearly(2021, 100, 150 - n, measure=measure).with_columns(line=pl.col("line") + 10 * n)
        for n, measure in enumerate(measures)
    ]
    theirs = yearly(2021, 100, other, measure="familjehem_care_days", municipality_code="0126", report="huddinge-2022")
    cost = area(-12000, -10000).with_columns(line=pl.col("line") + 50, report=pl.lit("haninge-2022"))
    page = context(*own, theirs, cost)
    tiles = re.findall(r"<article [^>]*>", key(page, *measures, "familjehem_care_days", costs=economy.cost_rows(page, "lss")))
    assert [re.sub(r"\D", "", tile) for tile in tiles if "hidden" not in tile] == places


def test_of_one_measure_the_municipality_is_told_for_which_it_matters_most() -> None:
    lesser = yearly(2021, 100, 150)
    greater = yearly(2021, 100, 190, municipality_code="0126", report="huddinge-2022")
    tiles = re.findall(r"<article ([^>]*)>", key(context(lesser, greater), LVM))
    assert [re.sub(r"\D", "", tile) for tile in tiles] == ["0126", "0136"]
    assert "hidden" not in tiles[0] and "hidden" in tiles[1]


def test_who_chooses_a_municipality_without_a_message_is_told_so() -> None:
    only = yearly(2022, 100, municipality_code="0126", report="huddinge-2022", measure="hvb_care_days")
    shown = key(context(yearly(2021, 100, 150), only.with_columns(line=pl.col("line") + 50)), LVM, "hvb_care_days")
    assert (
        '<p data-chosen hidden data-municipality="0126">For the measures of this page, the reports of Huddinge have no figures'
        in shown
    )
    assert 'hidden data-municipality="0136"' not in shown


@pytest.mark.parametrize("year", ["2022", "2035"])
def test_a_cost_leads_by_what_it_is_to_an_inhabitant(year: str) -> None:
    """Alingsås has under half of the inhabitants of Huddinge, also where those of the very year are not known."""
    small = area(60.0 * 1000, 50.0 * 1000, municipality_code="1489", period=year)
    large = area(215.0 * 1000, 200.0 * 1000, municipality_code="0126", period=year)
    large = large.with_columns(report=pl.lit("huddinge-2022"))
    page = context(small, large)
    first = re.search(r"<article [^>]*>.*?</h3>", key(page, costs=economy.cost_rows(page, "lss")))
    assert first is not None and "SEK 10.0 million" in plain(first[0])


def test_the_largest_cost_is_a_message_of_its_own() -> None:
    page = context(COUNTS, area(-12000, -10000).with_columns(line=pl.col("line") + 50))
    shown = key(page, LVM, costs=economy.cost_rows(page, "lss"))
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


def test_headlines_are_measures_of_the_subjects() -> None:
    assert {LVM, "lvu_placements"} <= set(messages.headlines())
    assert len(messages.headlines()) == len(set(messages.headlines()))


@pytest.mark.parametrize(("outturn", "first"), [(-10300, True), (-10200, True), (-10199, False), (-9000, False)])
def test_money_missing_comes_before_everything_and_money_left_after(outturn: float, first: bool) -> None:
    page = context(COUNTS, area(outturn, -10000).with_columns(line=pl.col("line") + 50))
    shown = key(page, LVM, costs=economy.cost_rows(page, "lss"))
    assert re.findall(r'<h3><a href="#([^"]*)"', shown) == (["costs", f"m-{LVM}"] if first else [f"m-{LVM}", "costs"])


def test_what_chance_explains_is_a_message_only_among_few() -> None:
    unclear = [
        yearly(2021, 100, 101 + n, measure=measure).with_columns(line=pl.col("line") + 10 * n)
        for n, measure in enumerate((LVM, "child_investigations", "jourhem_persons", "adult_investigations", "lvu_placements"))
    ]
    names = [frame["measure"][0] for frame in unclear]
    page = context(*unclear)
    assert key(page, *names).count("<article") == messages.LEAST
    assert "certainty.not_clear" in dict(page.said)


@pytest.mark.parametrize(("last", "told"), [(573, "did not change"), (574, "hardly changed")])
def test_a_headline_calls_equal_figures_unchanged(last: float, told: str) -> None:
    page = context(yearly(2021, 573, last, measure="jourhem_persons", unit="persons"))
    [found] = develop_all(page, ["jourhem_persons"])
    assert str(messages.headline(page, found).striptags()).endswith(f"{told} in Haninge, 2021–2022")


def test_a_headline_of_two_surveys_says_their_figures_and_not_that_they_hardly_differ() -> None:
    page = context(yearly(2021, 81, 91, measure="user_satisfaction_lss_housing", unit="percent"))
    [found] = develop_all(page, ["user_satisfaction_lss_housing"])
    said = str(messages.headline(page, found).striptags())
    assert said.endswith("in Haninge: 81 (2021) and 91 per cent (2022)") and "hardly" not in said


def test_a_headline_says_the_change_also_where_chance_can_explain_it() -> None:
    page = context(yearly(2021, 92, 90, measure="lvu_placements"))
    assert "fell by 2 (2.2 per cent) in Haninge, 2021–2022 – little enough to be due to chance" in plain(
        key(page, "lvu_placements")
    )
    level = context(yearly(2021, 1000, 1000, measure="lvu_placements"))
    assert " by " not in plain(key(level, "lvu_placements")).split("Read more")[0]


def test_a_message_names_what_moved_beside_it() -> None:
    persons, stay = (
        yearly(2021, *values, measure=measure, unit=unit, report="huddinge-2022", municipality_code="0126").with_columns(
            line=pl.col("line") + line
        )
        for values, measure, unit, line in (
            ((39.8, 52.8), "jourhem_month_placed", "persons", 0),
            ((3.7, 5.6), "jourhem_placement_months", "months", 10),
        )
    )
    page = context(persons, stay)
    shown = plain(key(page, "jourhem_month_placed", "jourhem_placement_months"))
    assert [name for name, _ in page.said].count("message.beside") == 1
    assert "the average number placed in emergency foster homes rose by 33 per cent" in shown


def test_what_moved_beside_a_message_carries_what_contradicts_it() -> None:
    beside = yearly(2021, 1210, 1483, measure="child_investigations").with_columns(line=pl.col("line") + 10)
    change = observations(
        {"value": 6.0, "published_as": "6 %", "series": "change_pct", "unit": "percent", "line": 30},
        measure="child_investigations",
    )
    wrong = finding(line=30, published="6 %", measure="child_investigations")
    page = context(yearly(2021, 2357, 3119, measure="child_actualisations"), beside, change, findings=wrong)
    shown = plain(key(page, "child_actualisations", "child_investigations"))
    assert "investigations of children and young people rose by 273 (23 per cent), but the report prints 6 %." in shown


@pytest.mark.parametrize(("breakdown", "told"), [("barn", True), ("vuxna", False)])
def test_a_cause_of_one_part_is_not_told_of_another(tmp_path: Path, breakdown: str, told: bool) -> None:
    report = with_says(tmp_path, breakdowns='["barn"]')
    page = context(yearly(2021, 200, 300, report="haninge-2099", breakdown=breakdown), reports=(report,))
    assert ("invented cause" in plain(key(page, LVM))) is told


def test_a_part_is_no_message_beside_its_whole() -> None:
    whole = [{"value": value, "period": str(year)} for value, year in ((100, 2021), (200, 2022))]
    part = [row | {"breakdown": "interna", "value": row["value"] * 3 if row["period"] == "2022" else 10} for row in whole]
    page = context(observations(*whole, *part))
    assert key(page, LVM).count("<article") == 1
    assert "in-house" not in key(page, LVM)


@pytest.mark.parametrize(
    ("extent", "key_", "said"),
    [
        ("all", "costs.not_since", False),
        ("part", "costs.since", True),
        ("unknown", "costs.since", True),
        (None, "costs.since", True),
    ],
)
def test_a_cost_is_not_set_beside_a_year_that_is_counted_otherwise(
    tmp_path: Path, extent: str | None, key_: str, said: bool
) -> None:
    cut = f'[[break]]\nperiod = "2022"\nextent = "{extent}"\nmeasures = ["net_cost_area"]\n'
    cut += 'reason_en = "moved"\nreason_sv = "flyttat"\n'
    raw = load_report(make(tmp_path, corrections=cut if extent else ""))
    before = area(-9000, None, period="2021").with_columns(line=pl.col("line") + 20)
    page = context(area(-12000, -10000), before, reports=(raw,))
    told = plain(key(page, costs=economy.cost_rows(page, "lss")))
    assert key_ in {name for name, _ in page.said}
    assert ("rose by 33.3 per cent" in told) is said
    assert ("moved" in told) is (extent is not None)


@pytest.mark.parametrize(
    ("line", "measure", "kind", "told"),
    [
        (1, "net_cost_area", "caution", True),
        (9, "net_cost_area", "caution", False),
        (1, "cost_area", "caution", False),
        (1, "net_cost_area", "opposed_statements", False),
    ],
)
def test_what_a_cost_holds_by_its_report_is_told_with_it(tmp_path: Path, line: int, measure: str, kind: str, told: bool) -> None:
    entry = f'[[caution]]\nkind = "{kind}"\nline = 3\nrows = [{line}]\nmeasures = ["{measure}"]\n'
    raw = load_report(
        make(tmp_path, corrections=entry + 'reason_en = "only urgent help is in it"\nreason_sv = "bara akut hjälp ingår"\n')
    )
    page = context(area(-12000, -10000), reports=(raw,))
    rows = economy.cost_rows(page, "lss")
    tile = plain(key(page, costs=rows))
    # On the tile, with the rest of what is said of the cost, and beside the chart of all costs.
    assert tile.count("nly urgent help is in it") == (2 if told else 0)
    assert ("Haninge 2022: only urgent help is in it" in plain(economy.costs(page, rows))) is told


def test_what_the_report_prints_elsewhere_for_a_cost_is_told() -> None:
    before = area(-9000, None, period="2021").with_columns(line=pl.col("line") + 20)
    again = before.with_columns(value=pl.lit(-9500.0), published_as=pl.lit("-9500"), line=pl.col("line") + 20).head(1)
    for tables, told in (((before, again), True), ((before,), False)):
        page = context(area(-12000, -10000), *tables)
        said = plain(key(page, costs=economy.cost_rows(page, "lss")))
        assert ("Elsewhere the report gives the cost of 2021 as SEK 9.5 million." in said) is told


@pytest.mark.parametrize(("part", "told"), [("Funktionshinderomsorg", True), ("Vuxenstöd", False)])
def test_a_break_of_some_areas_is_told_of_these_only(tmp_path: Path, part: str, told: bool) -> None:
    cut = f'[[break]]\nperiod = "2022"\nmeasures = ["net_cost_area"]\nareas = ["{part}"]\n'
    raw = load_report(make(tmp_path, corrections=cut + 'reason_en = "moved"\nreason_sv = "flyttat"\n'))
    before = area(-9000, None, period="2021").with_columns(line=pl.col("line") + 20)
    page = context(area(-12000, -10000), before, reports=(raw,))
    assert ("moved" in plain(key(page, costs=economy.cost_rows(page, "lss")))) is told


@pytest.mark.parametrize(("goal", "explained"), [(None, True), (150.0, False)])
def test_changed_recording_explains_a_change_and_not_a_missed_goal(tmp_path: Path, goal: float | None, explained: bool) -> None:
    cut = f'[[break]]\nperiod = "2022"\nextent = "part"\nmeasures = ["{LVM}"]\nreason_en = "anew"\nreason_sv = "på nytt"\n'
    target = {"value": goal, "series": "target", "line": 40, "bound": "lt", "published_as": "<150"}
    tables = [yearly(2021, 100, 200), *([observations(target)] if goal else [])]
    page = context(*tables, reports=(load_report(make(tmp_path, corrections=cut)),))
    [head] = re.findall(r"<h3>(.*?)</h3>", key(page, LVM))
    assert ("did not meet its goal" in head) is not explained
    assert ("in part because of a change in how it is recorded" in plain(head)) is explained


@pytest.mark.parametrize("status", ["preliminary", "estimated"])
@pytest.mark.parametrize(("period", "told"), [("2022", True), ("2021", True), ("2020", False)])
def test_what_its_report_calls_a_figure_stands_wherever_it_is_told(tmp_path: Path, status: str, period: str, told: bool) -> None:
    folder = make(tmp_path)
    mind = f'[[mind]]\nline = 3\nmeasures = ["{LVM}"]\nperiod = "{period}"\nstatus = "{status}"\n'
    (folder / "says.toml").write_text(mind, encoding="utf-8")
    page = context(yearly(2020, 400, 200, 300, report="haninge-2099"), reports=(load_report(folder),))
    [found] = develop_all(page, [LVM])
    [head, figure] = re.findall(r"<h3>(.*?)</h3>|<p class=\"big\">(.*?)</p>", key(page, LVM), re.DOTALL)
    said = str(page.words.say(f"message.{status}"))
    assert (said in plain(head[0])) is told and (f"({page.words.say(f'status.{status}')})" in plain(figure[1])) is told
    assert (status in plain(matrix(page, [found])).split("since")[0]) is (period == "2022")
    # The word stands at the figure, and no sentence says it once more.
    assert any(f"({status})" in text for text in found.sentences) and not page.minds(found.figures[-1])


def test_a_cost_is_told_beside_consumer_prices_by_their_name() -> None:
    before = area(-10000, None, period="2021").with_columns(line=pl.col("line") + 20)
    page = context(area(-10000, -9000), before)
    assert "consumer prices (KPI) rose by 8.4 per cent" in plain(key(page, costs=economy.cost_rows(page, "lss")))
    later = context(area(-10000, -9000, period="2024"), area(-10000, None, period="2023").with_columns(line=pl.col("line") + 20))
    assert "real terms" not in plain(key(later, costs=economy.cost_rows(later, "lss")))


def test_causes_are_those_of_the_report_that_prints_the_figure(tmp_path: Path) -> None:
    old = with_says(tmp_path, also="[9, 2]")
    rows = yearly(2021, 100, 200)
    assert "an invented cause" not in key(context(rows, reports=(old,)), LVM)
    assert "an invented cause" in key(context(rows.with_columns(report=pl.lit("haninge-2099")), reports=(old,)), LVM)
    assert context(rows, reports=(old,)).sayings(LVM, "0136", report="haninge-2022") == []


@pytest.mark.parametrize(
    ("fields", "first", "told", "years"),
    [
        # The report is of 2022: its cause is of the change from 2021, and of no other.
        ({}, 2021, True, None),
        ({}, 2020, False, None),
        ({"period": '"2019/2021"'}, 2020, True, None),
        ({"period": '"2021/2021"'}, 2020, False, "2021"),
        ({"period": '"2019/2020"'}, 2020, False, "2019"),
        ({"against": '["budget"]'}, 2021, False, None),
        ({"against": '["budget", "year"]'}, 2021, True, None),
    ],
)
def test_a_cause_goes_with_the_change_that_its_report_explains(
    tmp_path: Path, fields: dict[str, str], first: int, told: bool, years: str | None
) -> None:
    report = with_says(tmp_path, **fields)
    page = context(yearly(first, 100, 200, report="haninge-2099"), reports=(report,))
    assert ("invented cause" in key(page, LVM)) is told
    # In the section of the measure a cause of other years is told with its years.
    section = plain(measure_sections(page, develop_all(page, [LVM])))
    assert ("invented cause" in section) is ("against" not in fields or told)
    if years:
        assert re.search(rf"(explanation for|happened in|account of) {years}\S* ", section)


def test_a_cause_is_not_told_of_years_that_are_left_out(tmp_path: Path) -> None:
    """All years are in the tables, the page tells of those to 2021."""
    report = with_says(tmp_path)
    page = context(yearly(2019, 300, 100, 200, 400, report="haninge-2099"), reports=(report,), last_year=2021)
    assert "rose" in plain(key(page, LVM)) and "invented cause" not in key(page, LVM)
    assert "invented cause" not in measure_sections(page, develop_all(page, [LVM]))


def cost_of_two_years(**findings_and_reports: Any) -> Any:
    before = area(-10000, None, period="2021").with_columns(line=pl.col("line") + 20)
    grant = observations(
        {"value": 1.5, "line": 50, "published_as": "1,5"}, measure="state_grant", unit="MSEK", kind="text", report="haninge-2099"
    )
    page = context(area(-9500, -9000), before, grant, **findings_and_reports)
    return plain(key(page, costs=economy.cost_rows(page, "lss")))


ONE_OFF = """[[one_off]]
line = 50
period = "2022"
measures = ["{measure}"]
areas = ["{area}"]
en = "grants of {{50:1,5}} for earlier years were booked in 2022"
sv = "bidrag på {{50:1,5}} för tidigare år bokfördes 2022"

[[deviation_part]]
line = 50
period = "2022"
measures = ["{measure}"]
areas = ["{area}"]
en = "{{50:1,5}} in one unit"
sv = "{{50:1,5}} i en enhet"
"""


@pytest.mark.parametrize(("name", "told"), [("Funktionshinderomsorg", True), ("Försörjningsstöd", False)])
def test_a_result_that_rests_on_a_one_off_is_told_with_and_without_it(tmp_path: Path, name: str, told: bool) -> None:
    measure = area(-9500, -9000)["measure"][0]
    raw = load_report(make(tmp_path, corrections=ONE_OFF.format(measure=measure, area=name)))
    text = cost_of_two_years(reports=(raw,))
    assert ("SEK 500,000 over budget, SEK 2.0 million without one-offs" in text) is told
    assert ("Apart from that, the cost was SEK 2.0 million over budget (22.2 per cent)" in text) is told
    assert ("(without one-offs it rose by 10.0 per cent)" in text) is told
    assert ("The largest part of the deviation is SEK 1.5 million in one unit." in text) is told


@pytest.mark.parametrize(
    ("expected", "sentences"),
    [
        (
            "-9 000",
            ("the report's other figures give SEK 9.0 million, which is what is compared", "the cost rose by 5.6 per cent"),
        ),
        (
            None,
            (
                "2021, SEK 10.0 million (contradicted), is not compared, because",
                "the report's figures for it do not fit each other: The parts make 201.",
            ),
        ),
    ],
)
def test_a_figure_with_an_error_is_no_base(expected: str | None, sentences: tuple[str, ...]) -> None:
    wrong = finding(report="haninge-2099", line=21, published="-10000", expected=expected, measure=None)
    text = cost_of_two_years(findings=wrong)
    assert all(sentence in text for sentence in sentences) and "5.0 per cent" not in text
    assert ("Compared with 2021" in text) is (expected is not None)


@pytest.mark.parametrize(
    ("row", "found", "marked"),
    [
        ({"value": 11.0, "series": "change_pct", "unit": "percent", "period": "2022"}, {}, True),
        ({"value": 11.0, "series": "change_pct", "unit": "percent", "period": "2019"}, {}, False),
        ({"value": 11.0, "series": "change_pct", "unit": "percent", "period": "2022"}, {"severity": "warning"}, False),
        ({"value": 11.0, "series": "change_pct", "unit": "percent", "period": "2022", "breakdown": "barn"}, {}, False),
    ],
)
@pytest.mark.parametrize(("language", "said"), [("en", "but the report prints 11"), ("sv", "men rapporten skriver 11")])
def test_a_headline_that_a_printed_figure_contradicts_says_so(
    row: dict[str, Any], found: dict[str, Any], marked: bool, language: Any, said: str
) -> None:
    change = observations(row | {"line": 30})
    wrong = finding(**{"line": 30, "published": "11"} | found)
    shown = key(context(yearly(2021, 2357, 3119), change, findings=wrong, language=language), LVM)
    [head] = re.findall(r"<h3>(.*?)</h3>", shown)
    assert (said in plain(head)) is marked
    assert ('class="flag error"' in head) is marked


@pytest.mark.parametrize(("language", "said"), [("en", ", but the report prints 15.2%"), ("sv", ", men rapporten skriver 15,2%")])
def test_what_a_headline_quotes_has_the_notation_of_its_page(language: Any, said: str) -> None:
    change = observations({"value": 15.2, "published_as": "15,2%", "series": "change_pct", "unit": "percent", "line": 30})
    page = context(yearly(2021, 173, 199), change, findings=finding(line=30, published="15,2%"), language=language)
    [head] = re.findall(r"<h3>(.*?)</h3>", key(page, LVM))
    assert plain(head).endswith(said)


def test_the_printed_mean_of_the_months_marks_the_headline_told_from_them() -> None:
    months = [{"value": 100.0 + 20 * (year - 2021), "period": f"{year}-{m:02}"} for year in (2021, 2022) for m in range(1, 13)]
    mean = {"value": 125.0, "period": "2022", "breakdown": "Genomsnitt", "line": 60}
    page = context(observations(*months), observations(mean), findings=finding(line=60, published="125"))
    [head] = re.findall(r"<h3>(.*?)</h3>", key(page, LVM))
    assert "but the printed 125 for 2022 is contradicted" in plain(head)


@pytest.mark.parametrize(("last", "fell"), [(80, 0), (20, 1)])
def test_what_moved_the_same_way_is_told_with_one_word(last: int, fell: int) -> None:
    rows = [
        yearly(2021, *values, measure=measure, unit=unit, report="huddinge-2022", municipality_code="0126").with_columns(
            line=pl.col("line") + 10 * n
        )
        for n, (values, measure, unit) in enumerate(
            (
                ((10, 30), "jourhem_placement_months", "months"),
                ((40, 60), "jourhem_month_placed", "persons"),
                ((50, last), "jourhem_cost_per_day", "SEK_per_day"),
            )
        )
    ]
    page = context(*rows)
    key(page, "jourhem_placement_months", "jourhem_month_placed", "jourhem_cost_per_day")
    [beside] = [values["others"] for name, values in page.said if name == "message.beside"]
    assert (beside.count("rose"), beside.count("fell")) == (1, fell)


@pytest.mark.parametrize(
    ("series", "base"), [("budget", "than in the budget for 2018"), ("outturn", "than in the outturn for 2018")]
)
def test_a_budget_names_what_it_is_compared_with(series: str, base: str) -> None:
    rows = [
        {"value": 90.0, "period": "2017"},
        {"value": 100.0, "period": "2018", "series": series},
        {"value": 79.0, "period": "2019", "series": "budget"},
    ]
    [head] = re.findall(r"<h3>(.*?)</h3>", key(context(observations(*rows)), LVM))
    assert base in plain(head)


def shown_at_once(html: str) -> str:
    """Return what a message says before it is unfolded."""
    return plain(re.sub(r"<details.*?</details>|<h3>.*?</h3>|<svg.*?</svg>|<h2>.*?</h2>", " ", html, flags=re.DOTALL)).strip()


@pytest.mark.parametrize(("longer", "brief", "told"), [(0, "", "full"), (1, "", ""), (1, "briefly said", "brief")])
def test_a_tile_has_a_cause_that_fits_beside_its_headline_in_full_or_in_its_brief_wording(
    tmp_path: Path, longer: int, brief: str, told: str
) -> None:
    rows = yearly(2021, 2357, 3119).with_columns(report=pl.lit("haninge-2099"))
    [head] = re.findall(r"<h3>(.*?)</h3>", key(context(rows), LVM))
    # "Report:" takes a word.
    cause = " ".join(["word"] * (messages.WORDS - messages.words_in(head) - 1 + longer))
    words = {"en": f'"{cause}"', "sv": f'"{cause}"', "brief_en": f'"{brief}"', "brief_sv": f'"{brief}"'}
    shown = key(context(rows, reports=(with_says(tmp_path, **words),)), LVM)
    at_once = shown_at_once(shown)
    assert at_once.startswith("2,357 (2021) → 3,119 (2022)") and at_once.endswith("Haninge 2022, line 2")
    assert re.findall(r"Report: (.*?)\.", at_once) == {"full": [cause], "brief": [brief], "": []}[told]
    assert cause in plain(shown) and shown.count("<svg") == 1


@pytest.mark.parametrize(
    ("text", "count"), [("1\u00a0243,4 mot budget", 3), ("<b>individ- och</b> 2021–2022", 3), ("–", 0), ("20.4 million", 2)]
)
def test_a_number_is_one_word_however_it_is_parted(text: str, count: int) -> None:
    assert messages.words_in(text) == count


def test_of_an_added_report_every_measure_with_several_years_or_parts_of_them_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOCIALVOLYM_HOME", str(tmp_path))
    composed, result = "lss_daily_activities.persons.31_december", "lss_housing.result"
    shared = {"report": "haninge-2030", "domain": "lss", "unit": "persons"}
    rows = [
        yearly(2029, 5, 6, measure=name, **shared).with_columns(line=pl.col("line") + 10 * number)
        for number, name in enumerate((composed, result))
    ]
    months = ({"period": f"{year}-01/{year}-08", "value": 3} for year in (2029, 2030))
    part = observations(*months, measure="companion_service.persons", **shared)
    single = observations({"period": "2030-01/2030-08", "value": 3}, measure="relief_service.persons", **shared)
    tables = [*rows, part.with_columns(line=pl.col("line") + 30), single.with_columns(line=pl.col("line") + 40)]
    told = messages.told_measures(context(*tables, reports=(add(),)))
    assert "relief_service.persons" not in told
    assert {composed, "companion_service.persons"} <= set(told) and result not in told


def test_the_cause_of_a_deviation_is_not_told_of_the_change_since_the_year_before(tmp_path: Path) -> None:
    measure = f'["{area(-9500, -9000)["measure"][0]}"]'
    said = {"measures": measure, "areas": '["Funktionshinderomsorg"]'}
    text = cost_of_two_years(reports=(with_says(tmp_path / "budget", **said, against='["budget"]'),))
    assert text.index("over budget") < text.index(": an invented cause.") < text.index("Compared with 2021")
    # Nor that of a change from year to year of the deviation.
    assert "invented cause" not in cost_of_two_years(reports=(with_says(tmp_path / "year", **said),))


@pytest.mark.parametrize(("places", "begins"), [(("0136",), True), (("0126", "0136"), False)])
def test_a_page_of_one_municipality_begins_with_its_result(places: tuple[str, ...], begins: bool) -> None:
    result = [
        {"value": value, "period": "2022", "series": series, "line": 60 + number}
        for number, (series, value) in enumerate((("outturn", -9000.0), ("budget", -9100.0)))
    ]
    rows = observations(*result, measure="net_cost", domain="context", unit="kSEK", published_unit="tkr", report="haninge-2022")
    elsewhere = yearly(2021, 5, 6, municipality_code="0126", report="huddinge-2022")
    page = context(yearly(2021, 100, 200), rows, elsewhere, codes=places)
    heads = re.findall(r"<h3>.*?</h3>", messages.key_messages(page, develop_all(page, [LVM]), economy.results(page), of_costs=2))
    assert any("under budget" in head for head in heads) and ("under budget" in heads[0]) is begins


@pytest.mark.parametrize(("last", "time"), [(8, "January–August 2021–2022"), (12, "Haninge, 2021–2022")])
def test_the_months_of_a_part_of_the_year_are_no_year(last: int, time: str) -> None:
    rows = [
        {"value": 100.0 + 30 * (year - 2021), "period": f"{year}-{month:02}"}
        for year, months in ((2021, 12), (2022, last))
        for month in range(1, months + 1)
    ]
    page = context(observations(*rows))
    [head] = re.findall(r"<h3>(.*?)</h3>", key(page, LVM))
    assert time in plain(head)
    [found] = develop_all(page, [LVM])
    assert ("August" in str(found.sentences)) is (last == 8)


@pytest.mark.parametrize(("report", "held"), [("haninge-2022", True), ("haninge-2021", False)])
def test_a_result_is_held_against_the_budget_of_its_own_report(report: str, held: bool) -> None:
    shared = {"measure": "net_cost", "domain": "context", "unit": "kSEK", "published_unit": "tkr", "period": "2022"}
    outturn = observations({"value": -9000.0, "line": 60}, report="haninge-2022", **shared)
    budget = observations({"value": -1400.0, "series": "budget", "line": 61}, report=report, **shared)
    assert bool(economy.results(context(outturn, budget))) is held


@pytest.mark.parametrize(
    ("forecast", "outturn", "begins"),
    [
        (9400.0, "2022-01/2022-06", "Haninge forecast 2022: the committee's net cost SEK 300,000 over budget"),
        (9000.0, "2022-01/2022-06", "Haninge forecast 2022: the committee's net cost SEK 100,000 under budget"),
        (None, "2022-01/2022-06", None),
        (9400.0, "2021-01/2021-06", None),
    ],
)
def test_a_page_of_an_interim_report_begins_with_the_forecast_and_what_it_cost_so_far(
    forecast: float | None, outturn: str, begins: str | None
) -> None:
    figures = [("outturn", "2020", 8800.0), ("outturn", outturn, 4700.0), ("budget", "2022", 9100.0)]
    figures += [("forecast", "2022", forecast)] if forecast else []
    rows = [
        {"value": value, "period": period, "series": series, "line": 60 + number}
        for number, (series, period, value) in enumerate(figures)
    ]
    cost = observations(*rows, measure="net_cost", domain="context", unit="kSEK", published_unit="tkr", report="haninge-2022")
    page = context(yearly(2021, 100, 200), cost, codes=("0136",))
    shown = messages.key_messages(page, develop_all(page, [LVM]), economy.results(page), of_costs=2)
    head = plain(re.findall(r"<h3>.*?</h3>", shown)[0])
    if begins is None:
        assert "budget" not in head
        return
    assert head.replace("’", "'") == begins
    assert "The net cost for January–June 2022 was SEK 4.7 million." in plain(shown)
    assert "forecast for the whole of 2022 is SEK 9" in plain(shown) and "outturn" not in plain(shown).lower()


def test_what_came_in_beside_what_it_cost_is_one_message_of_its_subject() -> None:
    shared = {"series": "change_pct", "unit": "percent", "report": "alingsas-2024", "municipality_code": "1489", "period": "2024"}
    rows = [
        {"measure": "child_actualisations", "value": 11.0, "published_as": "elva", "line": 3},
        {"measure": "purchased_care_cost", "value": 19.0, "line": 7},
    ]
    page = context(COUNTS, observations(*rows, **shared))
    heads = re.findall(r"<h3>(.*?)</h3>", key(page, LVM))
    assert [plain(head) for head in heads if "#drivers" in head] == [
        "Alingsås 2024: referrals concerning children and young people and the cost of purchased care rose"
    ]
    assert "#drivers" not in key(page, "personal_assistance_hours")
