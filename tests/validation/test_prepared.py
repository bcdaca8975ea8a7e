"""Prepared columns: what an expectation asks of each row, and what became fewer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from invented import observations
from socialvolym.errors import SocialvolymError
from socialvolym.validation.prepared import coverage, coverage_now, observations_to_validate


def prepared(**row: Any) -> dict[str, Any]:
    return observations_to_validate(observations({"value": 5.0} | row), {"haninge-2022": 2022, "told": 2023}).row(0, named=True)


@pytest.mark.parametrize(
    ("row", "parses"),
    [
        ({}, True),
        ({"published_as": "6"}, False),
        ({"published_as": "-5"}, True),
        ({"published_as": "5,0"}, True),
        ({"published_as": "fem"}, True),
        ({"published_as": None}, False),
        ({"published_as": "HVB"}, False),
        ({"value": None}, False),
        ({"value": 7.0, "published_as": "5-7", "breakdown": "ages high"}, True),
        ({"value": 7.0, "published_as": "5-7"}, False),
        ({"published_as": "6", "status": "corrected"}, True),
    ],
)
def test_parses_back(row: dict[str, Any], parses: bool) -> None:
    assert prepared(**row)["parses_back"] is parses


@pytest.mark.parametrize(
    ("value", "status", "fits"),
    [
        (5.0, "published", True),
        (None, "published", False),
        (5.0, "corrected", True),
        (None, "suppressed", True),
        (5.0, "suppressed", False),
    ],
)
def test_value_fits_status(value: float | None, status: str, fits: bool) -> None:
    assert prepared(value=value, status=status)["value_fits_status"] is fits


@pytest.mark.parametrize(
    ("report", "period", "distance"),
    [
        ("haninge-2022", "2022", 0),
        ("haninge-2022", "2012-03", -10),
        ("haninge-2022", "2020/2024", -2),
        ("told", "2022", -1),
        ("haninge-2021", "2022", None),
        ("haninge-2022", "--03", None),
        ("haninge-2022", None, None),
        ("haninge", "2022", None),
    ],
)
def test_year_distance(report: str, period: str | None, distance: int | None) -> None:
    assert prepared(report=report, period=period)["year_distance"] == distance


def test_known_measures_units_and_shares() -> None:
    row = prepared()
    assert (row["measure_known"], row["unit_known"], row["is_share"]) == (True, True, False)
    row = prepared(measure="no_such", unit="antal")
    assert (row["measure_known"], row["unit_known"]) == (False, False)
    share = {"measure": "long_term_recipients_share", "unit": "percent"}
    assert prepared(**share)["is_share"] is True
    assert prepared(**share, series="change_abs")["is_share"] is False


def baseline(folder: Path, *lines: str) -> Path:
    path = folder / "coverage.csv"
    path.write_text("\n".join(("report,domain,rows_before", *lines)) + "\n", encoding="utf-8")
    return path


def test_only_published_figures_are_counted() -> None:
    rows = observations(
        {"value": 1.0},
        {"value": 2.0, "status": "corrected"},
        {"value": None, "status": "not_available"},
        {"value": 3.0, "domain": "lss"},
    )
    assert coverage_now(rows).rows() == [("haninge-2022", "lss", 1), ("haninge-2022", "placements", 2)]


@pytest.mark.parametrize(("before", "lost"), [(1, 0), (2, 0), (3, 1)])
def test_lost_figures(tmp_path: Path, before: int, lost: int) -> None:
    rows = observations({"value": 1.0}, {"value": 2.0})
    found = coverage(rows, baseline(tmp_path, f"haninge-2022,placements,{before}"))
    assert found.select("rows", "rows_before", "lost").rows() == [(2, before, lost)]


def test_a_lost_report_is_lost_and_a_new_one_is_not(tmp_path: Path) -> None:
    found = coverage(observations({"value": 1.0}), baseline(tmp_path, "huddinge-2022,lss,4"))
    assert found.select("report", "rows", "lost").rows() == [("haninge-2022", 1, 0), ("huddinge-2022", 0, 4)]


def test_without_a_baseline_nothing_is_lost(tmp_path: Path) -> None:
    assert coverage(observations({"value": 1.0}), tmp_path / "absent.csv")["lost"].to_list() == [0]


def test_a_damaged_baseline_is_named(tmp_path: Path) -> None:
    with pytest.raises(SocialvolymError, match=r"coverage\.csv: cannot be read"):
        coverage(observations({"value": 1.0}), baseline(tmp_path, "haninge-2022,placements,many"))


def test_nothing_is_prepared_too() -> None:
    assert observations_to_validate(observations(), {}).height == 0
    assert isinstance(coverage_now(observations()), pl.DataFrame)
