from __future__ import annotations

import polars as pl
import pytest
from invented import observations, yearly
from socialvolym.analysis.comparison import indexed
from socialvolym.errors import SocialvolymError
from socialvolym.observations.series import SERIES_SCHEMA, figures, in_own_unit, series_of
from socialvolym.vocabulary.columns import OBSERVATION_SCHEMA


def test_a_missing_year_is_a_null_row() -> None:
    series = series_of(observations({"period": "2019", "value": 3}, {"period": "2021", "value": 5}), "lvm_placements")
    assert series.columns == list(SERIES_SCHEMA)
    assert series.select("period", "value", "status").rows() == [
        ("2019", 3.0, "published"),
        ("2020", None, "not_available"),
        ("2021", 5.0, "published"),
    ]
    assert series["unit"].to_list() == ["count"] * 3


def test_a_table_goes_before_prose_and_a_value_before_none() -> None:
    series = series_of(
        observations(
            {"value": 9, "kind": "text"}, {"value": None, "status": "not_available"}, {"value": 8, "kind": "chart"}, {"value": 8}
        ),
        "lvm_placements",
    )
    row = series.row(0, named=True)
    assert (row["value"], row["kind"], row["observation_id"]) == (8.0, "table", "haninge-2022:4:1")
    assert row["differs"]
    assert set(row["also"]) == {"haninge-2022:1:1", "haninge-2022:2:1", "haninge-2022:3:1"}


def test_rounding_is_no_difference_and_money_gets_its_own_unit() -> None:
    rows = observations(
        {"value": 17561, "unit": "kSEK"}, {"value": 17.6, "unit": "MSEK", "kind": "text"}, measure="hvb_total_cost"
    )
    best = figures(rows)
    assert best.select("value", "unit", "differs").rows() == [(17561.0, "kSEK", False)]
    own = in_own_unit(rows)
    assert own["value"].to_list() == pytest.approx([17561, 17600])
    assert own["half_step"].to_list() == pytest.approx([0.5, 50])
    assert in_own_unit(own) is own


def test_the_whole_is_chosen_or_the_only_breakdown() -> None:
    only = yearly(2021, 5, 6, breakdown="0-18 år")
    assert series_of(only, "lvm_placements")["value"].to_list() == [5, 6]
    assert series_of(only, "lvm_placements", breakdown=None).is_empty()
    both = observations({"value": 1, "breakdown": "barn"}, {"value": 2, "breakdown": "vuxna"})
    with pytest.raises(SocialvolymError, match="barn, vuxna"):
        series_of(both, "lvm_placements")
    assert series_of(both, "lvm_placements", breakdown="vuxna")["value"].to_list() == [2]


def test_several_municipalities_must_be_chosen_between() -> None:
    rows = observations({"value": 1}, {"value": 2, "municipality_code": "0126", "report": "huddinge-2022"})
    with pytest.raises(SocialvolymError, match="0126, 0136"):
        series_of(rows, "lvm_placements")
    assert series_of(rows, "lvm_placements", municipality="Huddinge")["value"].to_list() == [2]


def test_frequencies_do_not_mix() -> None:
    rows = observations(
        {"period": "2022", "value": 1},
        {"period": "2022-03", "value": 2},
        {"period": "2022-Q2", "value": 3},
        {"period": "2015/2019", "value": 4},
        {"period": "2022-12-31", "value": 5},
    )
    found = [series_of(rows, "lvm_placements", frequency=name)["value"].to_list() for name in ("year", "month", "quarter")]
    assert found == [[1], [2], [3]]
    with pytest.raises(SocialvolymError):
        series_of(rows, "lvm_placements", frequency="week")


def test_what_is_counted_on_31_december_is_yearly_under_both_dates() -> None:
    rows = observations(
        {"period": "2021-12-31", "value": 4}, {"period": "2022", "value": 5}, measure="housing_first_persons", unit="persons"
    )
    assert series_of(rows, "housing_first_persons")["value"].to_list() == [4, 5]


def test_a_later_report_goes_before_an_earlier_one() -> None:
    rows = observations({"value": 4}, {"value": 5, "report": "haninge-2024"})
    row = series_of(rows, "lvm_placements").row(0, named=True)
    assert (row["value"], row["differs"]) == (5, True)


def test_figures_of_unknown_measures_are_told_apart_by_their_labels() -> None:
    row = {name: None for name in OBSERVATION_SCHEMA} | {
        "report": "r",
        "municipality_code": "0136",
        "measure": "unknown",
        "period": "2023",
        "series": "outturn",
        "unit": "count",
        "kind": "table",
    }
    rows = [
        row | {"label": label, "line": line, "value": line, "published_as": str(line)}
        for line, label in enumerate("AAB", start=1)
    ]
    found = figures(pl.DataFrame(rows, schema=OBSERVATION_SCHEMA))
    assert found["label"].to_list() == ["A", "B"]


@pytest.mark.parametrize("signs", [(1, -1), (-1, 1), (-1, -1)])
def test_costs_have_one_sign_whichever_way_their_tables_print_them(signs: tuple[int, int]) -> None:
    rows = observations(
        *({"period": str(2021 + n), "value": sign * (100.0 + n), "table": f"t{n}", "line": n} for n, sign in enumerate(signs)),
        measure="net_cost",
        unit="kSEK",
    )
    assert series_of(rows, "net_cost")["value"].to_list() == [100, 101]
    index = indexed(rows, "net_cost", 2021)
    assert index["index"].to_list() == pytest.approx([100, 101])


def test_a_surplus_in_a_table_of_costs_stays_one() -> None:
    areas = [("A", -100.0), ("B", -50.0), ("C", 5.0)]
    rows = observations(
        *({"breakdown": name, "value": value, "line": n} for n, (name, value) in enumerate(areas)),
        measure="net_cost_area",
        unit="kSEK",
        table="t",
    )
    assert in_own_unit(rows)["value"].to_list() == [100, 50, -5]
    assert in_own_unit(in_own_unit(rows))["value"].to_list() == [100, 50, -5]


@pytest.mark.parametrize(("cost", "amount", "told"), [(-100.0, -24.3, 24.3), (100.0, -24.3, -24.3), (-100.0, 3.0, 3.0)])
def test_an_amount_among_costs_with_a_minus_is_a_cost_of_its_size(cost: float, amount: float, told: float) -> None:
    rows = observations(
        {"measure": "net_cost", "value": cost, "line": 1},
        {"measure": "personnel_cost", "value": cost, "line": 2},
        {"measure": "economic_assistance.money", "value": amount, "line": 3},
        unit="kSEK",
        table="t",
    )
    assert in_own_unit(rows).filter(line=3)["value"].to_list() == [told]
