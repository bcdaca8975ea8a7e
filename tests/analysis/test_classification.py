from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from socialvolym import vocabulary
from socialvolym.analysis.classification import (
    Word,
    classify_interval,
    classify_rounding,
    classify_trend,
    is_cost,
    rules,
    sentence,
    why_no_model,
    word_in,
)


@pytest.mark.parametrize(
    ("low", "high", "size", "small", "rule"),
    [
        (1.0, 2.0, 50, False, "chance_enough"),
        (1.0 + 1e-12, 2.0, 50, False, "chance_up"),
        (0.5, 1.0, 50, False, "chance_enough"),
        (0.5, 1.0 - 1e-12, 50, False, "chance_down"),
        (1.0, 2.0, 50, True, "too_few"),
        (1.1, 2.0, 50, True, "chance_up"),
        (1.001, 1.02, 1.0, False, "chance_up"),
        (1.001, 1.02, 0.999, False, "too_little"),
    ],
)
def test_interval_rule_at_its_boundaries(low: float, high: float, size: float, small: bool, rule: str) -> None:
    assert classify_interval(low, high, 1.0, size, 1.0, small) == rule


@pytest.mark.parametrize(
    ("low", "high", "size", "rule"),
    [
        (0.0, 2.0, 5, "within_rounding"),
        (-2.0, 0.0, 5, "within_rounding"),
        (0.1, 2.0, 1.0, "printed_up"),
        (0.1, 2.0, 0.99, "printed_too_little"),
        (-2.0, -0.1, 1.0, "printed_down"),
    ],
)
def test_rounding_rule_at_its_boundaries(low: float, high: float, size: float, rule: str) -> None:
    assert classify_rounding(low, high, size, 1.0) == rule


@pytest.mark.parametrize(
    ("p_value", "s", "small", "rule"),
    [
        (0.05, 4, False, "trend_up"),
        (0.05, -4, True, "trend_down"),
        (0.0501, 4, False, "trend_not_clear"),
        (0.0501, 4, True, "too_few"),
    ],
)
def test_trend_rule_at_its_boundaries(p_value: float, s: int, small: bool, rule: str) -> None:
    assert classify_trend(p_value, s, small) == rule


@given(st.floats(0, 10), st.floats(0, 10), st.floats(0, 100), st.booleans())
def test_every_interval_has_a_rule(a: float, b: float, size: float, small: bool) -> None:
    low, high = sorted((a, b))
    assert classify_interval(low, high, 1.0, size, 1.0, small) in rules().reason
    assert classify_rounding(low - 5, high - 5, size, 1.0) in rules().reason


def test_every_sentence_is_whole_in_both_languages() -> None:
    tables = rules()
    for name in (*tables.reason, *tables.note, *tables.comparability, *tables.why_no_model, *tables.model):
        assert sentence(name, "en") != sentence(name, "sv")
        assert "{" not in sentence(name, "en") + sentence(name, "sv")
    assert sentence("too_few", "sv").count("20") == 1
    words = {word_in(word, "sv") for word in get_args(Word)}
    assert words == {"ökning", "minskning", "ingen tydlig förändring", "går inte att säga"}


@pytest.mark.parametrize(
    ("measure", "unit", "yearly", "reason"),
    [
        ("lvm_placements", "count", True, None),
        ("hvb_total_cost", "kSEK", True, "money"),
        ("hvb_cost_per_day", "SEK_per_day", True, "money"),
        ("hvb_care_days", "care_days", True, "clustered"),
        ("assistance_household_months", "household_months", True, "clustered"),
        ("jourhem_month_placed", "persons", True, "mean"),
        ("long_term_recipients_share", "percent", True, "share"),
        ("lss_housing_residents", "persons", True, "mean"),
        ("lss_housing_residents", "persons", False, None),
        ("lvm_placements", "square_metres", True, "other"),
    ],
)
def test_who_has_a_model_of_chance(measure: str, unit: str, yearly: bool, reason: str | None) -> None:
    assert why_no_model(measure, unit, yearly) == reason


def test_costs_are_told_from_results() -> None:
    assert is_cost("net_cost") and is_cost("hvb_total_cost")
    assert not is_cost("result") and not is_cost("revenue_total") and not is_cost("lvm_placements")


def test_rules_name_only_known_measures_and_units() -> None:
    tables, known, units = rules(), vocabulary.measure_index(), vocabulary.units()
    named = {part for product in tables.product for part in (product.cost, product.volume, product.price)}
    named |= {source.split(":")[0] for rule in tables.forecast for source in (rule.measure, *rule.against)}
    assert named <= set(known)
    listed = {unit for entry in tables.why_no_model.values() for unit in entry.units} | set(tables.volumes.units)
    assert listed | {unit for model in tables.model.values() for unit in model.units} <= set(units)
