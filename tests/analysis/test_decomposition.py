from __future__ import annotations

import warnings

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import observations
from socialvolym.analysis.decomposition import Point, split_cost, splits

POSITIVE = st.floats(0.5, 1e5)


def test_split_of_round_numbers() -> None:
    split = split_cost(Point(100, 10, 1000), Point(120, 15, 1800))
    assert (split.change, split.volume_part, split.price_part, split.note) == (800, pytest.approx(250), pytest.approx(550), None)


@given(POSITIVE, POSITIVE, POSITIVE, POSITIVE)
def test_the_parts_add_up_and_turn_round(a: float, b: float, c: float, d: float) -> None:
    first, last = Point(a, b, a * b), Point(c, d, c * d)
    split, back = split_cost(first, last), split_cost(last, first)
    assert split.volume_part is not None and split.price_part is not None and back.volume_part is not None
    scale = 1e-9 * (a * b + c * d)
    assert split.volume_part + split.price_part == pytest.approx(split.change, abs=scale)
    assert back.volume_part == pytest.approx(-split.volume_part, abs=scale)
    assert split.price_part == pytest.approx((d - b) * (a + c) / 2, abs=scale)


@pytest.mark.parametrize(
    ("cost", "note"), [(1000.0, None), (1055.7, None), (1055.8, "does_not_multiply"), (944.8, None), (944.7, "does_not_multiply")]
)
def test_the_product_must_hold_within_rounding(cost: float, note: str | None) -> None:
    # 99.5 x 9.5 = 945.25 and 100.5 x 10.5 = 1055.25; the cost is known to +- 0.5
    doubtful = Point(100, 10, cost, volume_half=0.5, price_half=0.5, cost_half=0.5)
    assert split_cost(doubtful, Point(120, 15, 1800)).note == note


def test_refused_without_volume_and_says_why() -> None:
    split = split_cost(Point(0, 10, 0), Point(120, 15, 1800))
    assert (split.change, split.volume_part, split.note) == (1800, None, "no_volume")
    assert split.why("sv") and split.why("en") != split.why("sv")
    assert split_cost(Point(1, 1, 1), Point(1, 1, 1)).why() is None


def test_what_volume_and_price_do_not_explain_is_left_over() -> None:
    split = split_cost(Point(100, 10, 1500), Point(120, 15, 2900), with_rest=True)
    assert (split.change, split.volume_part, split.price_part, split.rest) == (1400, 250, 550, 600)
    whole = split_cost(Point(100, 10, 1000), Point(120, 15, 1800), with_rest=True)
    assert (whole.rest, whole.note) == (0, None)


def strategic(period: str, series: str, days: float, cost: float, price: float) -> list[dict[str, object]]:
    return [
        {"measure": measure, "value": value, "unit": unit, "period": period, "series": series}
        for measure, value, unit in (
            ("hvb_care_days", days, "care_days"),
            ("hvb_total_cost", cost, "kSEK"),
            ("hvb_cost_per_day", price, "SEK_per_day"),
        )
    ]


@pytest.mark.parametrize(("year", "days"), [(2019, 365), (2020, 366), (2100, 365)])
def test_the_mean_number_placed_is_placed_each_day_of_its_year(year: int, days: int) -> None:
    rows = observations(
        *(
            {"measure": measure, "value": value, "unit": unit, "period": str(each)}
            for each, mean in ((year - 1, 10.0), (year, 20.0))
            for measure, value, unit in (
                ("jourhem_month_placed", mean, "persons"),
                ("jourhem_net_cost", mean, "MSEK"),
                ("jourhem_cost_per_day", 1000.0, "SEK_per_day"),
            )
        )
    )
    [split] = splits(rows).iter_rows(named=True)
    assert split["volume_part"] + split["price_part"] == pytest.approx(20 * days - 10 * 365)


def test_splits_of_a_table_in_order() -> None:
    rows = observations(
        *strategic("2019", "budget", 1000, 3000, 3000),
        *strategic("2018", "budget", 1000, 2000, 2000),
        *strategic("2018", "outturn", 500, 1000, 2000),
        *strategic("2020", "plan", 1000, 9000, 3000),
        breakdown="barn",
    )
    found = splits(rows)
    assert found.select("first", "last", "change", "volume_part", "price_part", "note").rows() == [
        ("2018 outturn", "2018 budget", 1000, 1000, 0, None),
        ("2018 budget", "2019 budget", 1000, 0, 1000, None),
        ("2019 budget", "2020 plan", 6000, None, None, "does_not_multiply"),
    ]
    assert found["observation_ids"].list.len().to_list() == [6, 6, 6]


@pytest.mark.parametrize(
    ("measures", "said"),
    [
        (
            ["hvb_total_cost", "hvb_cost_per_day"],
            "haninge-2022 has no two times with .* of hvb_total_cost .volume hvb_care_days, unit",
        ),
        (["hvb_care_days"], "haninge-2022 has none of the costs that are a product: .*hvb_total_cost"),
    ],
)
def test_no_split_says_why(measures: list[str], said: str) -> None:
    rows = observations(*strategic("2018", "outturn", 1000, 2000, 2000)).filter(pl.col("measure").is_in(measures))
    with pytest.warns(UserWarning, match=f"no split: {said}"):
        assert splits(rows, "haninge-2022").is_empty()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        # A page says it in its own words.
        assert splits(rows, contradicted={}).is_empty()
