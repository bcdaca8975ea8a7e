from __future__ import annotations

from typing import get_args

import pytest
from socialvolym import vocabulary
from socialvolym.analysis.classification import (
    Word,
    classify_rounding,
    rules,
    sentence,
    why_no_model,
)


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


def test_every_sentence_is_whole_in_both_languages() -> None:
    tables = rules()
    for name in (*tables.reason, *tables.note, *tables.comparability, *tables.why_no_model, *tables.model):
        assert sentence(name, "en") != sentence(name, "sv")
        assert "{" not in sentence(name, "en") + sentence(name, "sv")
    assert "mindre än 1 procent" in sentence("printed_too_little", "sv")
    words = {rules().word[word].sv for word in get_args(Word)}
    assert words == {"ökning", "minskning", "nästan oförändrat", "går inte att säga"}


@pytest.mark.parametrize(
    ("measure", "unit", "reason"),
    [
        ("lvm_placements", "count", None),
        ("child_investigations", "count", None),
        ("rejection_decisions", "count", None),
        ("new_group_homes", "count", "other"),
        ("persons_with_measures", "persons", "stay"),
        ("long_term_recipients", "persons", "stay"),
        ("economic_assistance_households", "households", "mean"),
        ("lss_housing_residents", "persons", "stay"),
        ("hvb_total_cost", "kSEK", "money"),
        ("hvb_cost_per_day", "SEK_per_day", "money"),
        ("hvb_cost_per_day", "SEK_per_meal", "money"),
        ("hvb_care_days", "care_days", "clustered"),
        ("assistance_household_months", "household_months", "clustered"),
        ("jourhem_month_placed", "persons", "mean"),
        ("long_term_recipients_share", "percent", "share"),
        ("lvm_placements", "square_metres", "other"),
    ],
)
def test_chance_is_spoken_of_only_for_counts_of_events(measure: str, unit: str, reason: str | None) -> None:
    assert why_no_model(measure, unit) == reason


def test_costs_are_told_from_results() -> None:
    assert vocabulary.is_cost("net_cost") and vocabulary.is_cost("hvb_total_cost")
    assert (
        not vocabulary.is_cost("result") and not vocabulary.is_cost("revenue_total") and not vocabulary.is_cost("lvm_placements")
    )


def test_rules_name_only_known_measures_and_units() -> None:
    tables, known, units = rules(), vocabulary.measure_index(), vocabulary.units()
    named = {part for product in tables.product for part in (product.cost, product.volume, product.price)}
    named |= {source.split(":")[0] for rule in tables.forecast for source in (rule.measure, *rule.against)}
    assert named <= set(known)
    listed = (
        {unit for entry in tables.why_no_model.values() for unit in entry.units}
        | set(tables.volumes.units)
        | set(tables.counts.units)
    )
    assert {name for model in tables.model.values() for name in model.quantities} <= {row["quantity"] for row in known.values()}
    assert listed | {unit for model in tables.model.values() for unit in model.units} <= set(units)
