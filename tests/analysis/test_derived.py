from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import observations, yearly
from socialvolym.analysis import derived
from socialvolym.observations import facts


def test_facts_load_and_a_missing_year_is_null() -> None:
    assert [facts.is_provisional(year) for year in (2023, 2024, 2025)] == [False, True, False]
    assert facts.price_change(2021, 2022) == pytest.approx(8.37, abs=0.01)
    assert facts.price_change(2024, 2025) is None
    assert facts.population().filter(municipality_code="0136", year=2020)["population"].to_list() == [None]
    assert "N28801" in facts.kolada_measures()["kpi"]
    assert facts.last_index_year() == 2024


def test_deflate() -> None:
    value, note = derived.deflate(100.0, 2022, 2023)
    assert value == pytest.approx(100 * 403.70 / 371.91, abs=1e-9)
    assert note is None


@given(st.floats(-1e9, 1e9), st.integers(2015, 2023), st.integers(2015, 2023))
def test_deflating_there_and_back_changes_nothing(value: float, year: int, base: int) -> None:
    there = derived.deflate(value, year, base).value
    assert there is not None
    assert derived.deflate(there, base, year).value == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(("year", "base"), [(2025, 2023), (2023, 2025), (2014, 2023)])
def test_an_unknown_index_is_never_extrapolated(year: int, base: int) -> None:
    assert derived.deflate(1.0, year, base) == (None, "cpi_not_known")


def test_per_inhabitant_names_the_quality_of_the_number() -> None:
    assert derived.per_inhabitant(97683.0, "0136", 2022) == (1.0, None)
    assert derived.per_inhabitant(99751.0, "0136", 2023, 1000) == (1000.0, "population_computed")
    assert derived.per_inhabitant(1.0, "0117", 2024).note == "population_secondary"
    assert derived.per_inhabitant(1.0, "0136", 2020) == (None, "population_not_known")


def test_derived_kinds() -> None:
    rows = observations(
        {"measure": "hvb_total_cost", "value": 97.683, "unit": "MSEK"},
        {"value": 97683.0},
        {"measure": "long_term_recipients_share", "value": 5.0, "unit": "percent"},
        {"value": 2.0, "series": "change_abs"},
        {"value": 2.0, "period": "2022-03"},
        {"value": None},
    )
    found = derived.derived(rows)
    assert found.columns == list(derived.DERIVED_SCHEMA)
    assert found.select("line", "kind", "unit", "base").rows() == [
        (1, "real", "kSEK", "2024"),
        (1, "per_inhabitant", "SEK_per_inhabitant", "97683"),
        (2, "per_1000_inhabitants", "per_1000_inhabitants", "97683"),
    ]
    assert found["value"].to_list() == pytest.approx([97683 * 415.01 / 371.91, 1000.0, 1000.0])


def test_derived_keeps_what_is_not_known_as_null() -> None:
    found = derived.derived(yearly(2025, 10, measure="hvb_total_cost", unit="kSEK", municipality_code="1489"))
    assert found.select("kind", "value", "note").rows() == [
        ("real", None, "cpi_not_known"),
        ("per_inhabitant", None, "population_not_known"),
    ]


def test_volumes_of_the_context_are_not_set_per_inhabitant() -> None:
    assert derived.derived(yearly(2022, 10, domain="context")).is_empty()
