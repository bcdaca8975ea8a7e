"""Contradicted figures: the right one is marked, what it should be is known, and nothing is compared with a doubtful one."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from invented import observations, yearly
from invented_context import finding
from socialvolym.analysis.contradictions import contradictions, corrected, doubted
from socialvolym.analysis.decomposition import splits
from socialvolym.analysis.trends import change_of
from socialvolym.errors import SocialvolymError
from socialvolym.observations import store, with_ids
from socialvolym.observations.series import series_of

DAYS, COST, PRICE, PLACED = "familjehem_care_days", "familjehem_total_cost", "familjehem_cost_per_day", "familjehem_placements"
UNITS = {DAYS: "care_days", COST: "kSEK", PRICE: "SEK_per_day", PLACED: "placements_per_year"}


def found(rows: pl.DataFrame, **told: Any) -> dict[str, float | None]:
    return {name: entry.ratio for name, entry in contradictions(with_ids(rows), finding(**told)).items()}


@pytest.mark.parametrize(
    ("told", "ratios"),
    [
        ({"period": "2022"}, {"haninge-2022:2:1": 1.005}),
        ({"period": "2021"}, {"haninge-2022:1:1": 1.005}),
        ({}, {"haninge-2022:1:1": 1.005, "haninge-2022:2:1": 1.005}),
        ({"period": "2022", "series": "budget"}, {}),
        ({"period": "2022", "breakdown": "barn"}, {}),
        ({"severity": "warning"}, {}),
        ({"rule": "unit_label"}, {}),
        ({"expected": None, "period": "2022"}, {"haninge-2022:2:1": None}),
        ({"expected": "-201", "period": "2022"}, {"haninge-2022:2:1": 1.005}),
    ],
)
def test_the_figure_of_the_period_is_contradicted_and_no_other_that_reads_the_same(told: Any, ratios: Any) -> None:
    rows = yearly(2021, 200, 200)
    lines = {"lines": "1"}
    assert found(rows, **lines, **told) == pytest.approx(ratios)


@pytest.mark.parametrize(("rule", "about"), [("household_months", 3), ("placement_months", 3), ("copied_forecast", 1)])
def test_what_a_row_counts_is_in_doubt_for_all_its_figures_and_for_no_other(rule: str, about: int) -> None:
    row = yearly(2020, 8186, 9349, 10425).with_columns(line=pl.lit(7))
    rows = pl.concat([row, row.with_columns(measure=pl.lit(DAYS)), row.with_columns(line=pl.lit(8))])
    told = finding(rule=rule, severity="warning", line=7, published="8186", measure=row["measure"][0], period="2020", lines="7")
    assert len(doubted(with_ids(rows), told, {})) == about


@pytest.mark.parametrize(
    ("rule", "about"), [("text_count", ["haninge-2022:1:1", "haninge-2022:9:1"]), ("total", ["haninge-2022:1:1"])]
)
def test_a_figure_that_is_printed_as_two_is_marked_wherever_it_is_told(rule: str, about: list[str]) -> None:
    own, other, of_another_year = (
        yearly(year, value).with_columns(line=pl.lit(line)) for year, value, line in [(2022, 31, 1), (2022, 34, 9), (2021, 36, 9)]
    )
    told = finding(rule=rule, line=1, published="31", expected="34", measure=own["measure"][0], period="2022", lines="9")
    told = told.with_columns(series=pl.lit("outturn"))
    rows = with_ids(pl.concat([own, other, of_another_year]))
    assert sorted(doubted(rows, told, {})) == about


def homes(period: str, part: str, days: float, cost: float, price: float, line: int) -> pl.DataFrame:
    values = {DAYS: days, PLACED: round(days / 365, 1), COST: cost, PRICE: price}
    return observations(
        *(
            {"measure": name, "value": value, "unit": UNITS[name], "line": line + n}
            for n, (name, value) in enumerate(values.items())
        ),
        breakdown=part,
        period=period,
        series="budget",
    )


def table() -> pl.DataFrame:
    return pl.concat(
        [
            homes("2021", "interna", 1000, 600, 600, 1),
            homes("2021", "externa", 100, 200, 2000, 11),
            homes("2021", "totalt", 1100, 800, 727.27, 21),
            homes("2022", "interna", 800, 600, 600, 31),
            homes("2022", "externa", 100, 210, 2100, 41),
            homes("2022", "totalt", 900, 810, 900, 51),
        ]
    )


def unit_cost(part: str) -> dict[str, Any]:
    return {
        "rule": "unit_cost",
        "measure": PRICE,
        "breakdown": part,
        "period": "2022",
        "series": "budget",
        "line": 34,
        "published": "600",
        "expected": "750",
    }


@pytest.mark.parametrize(("part", "lines"), [("interna", range(31, 35)), ("externa", range(41, 45)), ("totalt", ())])
def test_where_volume_price_and_cost_do_not_fit_all_of_them_are_doubtful_and_their_whole(part: str, lines: Any) -> None:
    known = found(table(), **unit_cost(part))
    touched = {int(name.split(":")[1]) for name in known}
    assert touched == {*lines, *range(51, 55)} and set(known.values()) == {None}


def test_a_cost_is_not_split_where_a_part_of_it_is_contradicted() -> None:
    rows = with_ids(table())
    known = contradictions(rows, finding(**unit_cost("interna")))
    notes = dict(splits(rows, contradicted=known).select("breakdown", "note").iter_rows())
    assert notes == {"interna": "product_contradicted", "externa": None, "totalt": "product_contradicted"}
    assert dict(splits(rows).select("breakdown", "note").iter_rows())["totalt"] is None


def test_a_split_is_made_of_what_a_figure_should_be() -> None:
    rows = with_ids(pl.concat([homes("2021", "externa", 100, 200, 2000, 1), homes("2022", "externa", 100, 999, 2100, 11)]))
    wrong = finding(line=13, published="999", expected="210", measure=COST, period="2022", breakdown="externa")
    assert splits(rows)["note"].to_list() == ["does_not_multiply"]
    assert splits(rows, contradicted=contradictions(rows, wrong))["price_part"].to_list() == pytest.approx([10.0])


@pytest.mark.parametrize(("expected", "values"), [("150", [100.0, 150.0, 300.0]), (None, [100.0, None, 300.0])])
def test_values_for_a_comparison(expected: str | None, values: list[float | None]) -> None:
    rows = with_ids(yearly(2020, 100, 200, 300))
    assert corrected(rows, contradictions(rows, finding(expected=expected)))["value"].to_list() == values
    assert corrected(rows, {}) is rows


@pytest.mark.parametrize(("doubtful", "rule"), [("haninge-2022:2:1", "contradicted"), ("haninge-2022:3:1", "chance_beyond_up")])
def test_no_change_is_told_from_a_doubtful_figure(doubtful: str, rule: str) -> None:
    series = series_of(yearly(2020, 100, 200, 300), "lvm_placements")
    assert change_of(series, "2020", "2021", contradicted=[doubtful]).rule == rule


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch) -> dict[str, pl.DataFrame]:
    """Return the tables that have been made, by name: none at first."""
    made: dict[str, pl.DataFrame] = {}

    def load(name: str) -> pl.DataFrame:
        if name not in made:
            raise SocialvolymError("there is no table")
        return made[name]

    monkeypatch.setattr(store, "load", load)
    return made


@pytest.mark.parametrize(("period", "rule"), [("2021", "contradicted"), ("2022", "chance_beyond_up")])
def test_what_the_published_findings_contradict_is_known_by_itself(
    period: str, rule: str, tables: dict[str, pl.DataFrame]
) -> None:
    rows = with_ids(yearly(2020, 100, 200, 300))
    series = series_of(rows, "lvm_placements")
    assert change_of(series, "2020", "2021").rule == "chance_beyond_up"  # no tables have been made
    printed = rows.filter(pl.col("period") == period).row(0, named=True)
    wrong = finding(line=printed["line"], published=printed["published_as"], expected="150", period=period)
    tables |= {"observations": rows, "findings": wrong}
    assert change_of(series, "2020", "2021").rule == rule
    assert change_of(series, "2020", "2021", contradicted=()).rule == "chance_beyond_up"
    own = series.with_columns(report=pl.lit("another-2022"))
    assert change_of(own, "2020", "2021").rule == "chance_beyond_up"


def test_a_split_knows_what_the_published_findings_contradict(tables: dict[str, pl.DataFrame]) -> None:
    rows = with_ids(table())
    assert "product_contradicted" not in set(splits(rows)["note"])
    tables |= {"observations": rows, "findings": finding(**unit_cost("interna"))}
    assert dict(splits(rows).select("breakdown", "note").iter_rows())["totalt"] == "product_contradicted"
    # Figures of one's own are contradicted by nothing.
    own = table().with_columns(report=pl.lit("another-2022")).pipe(with_ids)
    for told in (splits(rows, contradicted={}), splits(own)):
        assert "product_contradicted" not in set(told["note"])


@pytest.mark.parametrize(
    ("rule", "other", "ratio"),
    [
        ("sum_of_columns", {"line": 2, "published": "70", "period": "2022-04"}, None),
        ("sum_of_columns", {"line": 3, "published": "70", "period": "2022-04"}, 1.005),
        ("sum_of_columns", {"line": 2, "published": "70", "period": "2022-04", "table": "another"}, 1.005),
        ("sum_of_columns", {"line": 2, "published": "70", "period": "2022-04", "series": "budget"}, 1.005),
        ("total", {"line": 1, "published": "70", "period": "2022", "rule": "twin_row"}, None),
        ("total", {"line": 1, "published": "70", "period": "2022", "rule": "total"}, 1.005),
        ("total", {"line": 1, "published": "70", "period": "2021", "rule": "twin_row"}, 1.005),
    ],
)
def test_a_total_is_not_put_right_by_a_sum_of_which_an_addend_is_wrong(
    rule: str, other: dict[str, Any], ratio: float | None
) -> None:
    rows = with_ids(yearly(2021, 190, 200))
    own = finding(rule=rule, period="2022", table="t1")
    errors = pl.concat([own, finding(**{"rule": "total", "table": "t1"} | other)])
    assert contradictions(rows, errors)["haninge-2022:2:1"].ratio == (ratio and pytest.approx(ratio))
