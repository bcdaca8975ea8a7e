"""Validation: suites run over small tables; what fails is named so that a person finds it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from invented import observations
from socialvolym.errors import SocialvolymError
from socialvolym.validation import prepared
from socialvolym.validation.suites import Failure, Outcome, load_suite, outcomes_table, stop_if_critical, validate

ROOT = Path(__file__).resolve().parents[2]
TABLE = pl.DataFrame({"report": ["a-2099"] * 3, "line": [1, 2, None], "value": [1.0, -1.0, -2.0]})


def suite(folder: Path, *expectations: dict[str, Any]) -> Path:
    text = json.dumps({"name": "invented", "expectations": [{"meta": {"notes": "Counts."}} | e for e in expectations]})
    (folder / "invented.json").write_text(text, encoding="utf-8")
    return folder


def at_least(low: float, severity: str = "critical") -> dict[str, Any]:
    return {"type": "expect_column_values_to_be_between", "kwargs": {"column": "value", "min_value": low}, "severity": severity}


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    folder = suite(tmp_path_factory.mktemp("suite"), at_least(-2), at_least(0), at_least(-1, "warning"))
    return validate(TABLE, "invented", folder)


def test_failing_rows_are_named_by_their_keys(outcome: Outcome) -> None:
    assert (outcome.suite, outcome.expectations, outcome.rows) == ("invented", 3, 3)
    critical, warning = outcome.failures
    assert (critical.severity, critical.notes) == ("critical", "Counts.")
    assert critical.rows == ({"report": "a-2099", "line": 2}, {"report": "a-2099", "line": None})
    assert (warning.severity, warning.rows) == ("warning", ({"report": "a-2099", "line": None},))
    assert "min_value=0" in str(critical)
    assert str(critical).endswith("Counts. Failing: report a-2099, line 2; report a-2099")


def test_only_critical_failures_stop(outcome: Outcome) -> None:
    with pytest.raises(SocialvolymError, match="line 2"):
        stop_if_critical([outcome])
    stop_if_critical([Outcome("invented", 3, 3, outcome.failures[1:])])
    stop_if_critical([])


def test_every_suite_of_the_repository_is_run() -> None:
    """What nobody validates holds nothing: each is named where a table is validated (docs/architecture.md says where)."""
    places = [*(ROOT / "lib").rglob("*.py"), *(ROOT / "notebooks").glob("*.ipynb")]
    text = "\n".join(place.read_text(encoding="utf-8") for place in places)
    run = set(re.findall(r'\bvalidate\(.*, \\?"(\w+)\\?"\)', text))
    assert run == {path.stem for path in (ROOT / "expectations").glob("*.json")}


def test_outcomes_table(outcome: Outcome) -> None:
    row = outcomes_table([outcome]).row(0, named=True)
    assert (row["failed"], row["critical"], row["messages"].count(" | ")) == (2, 1, 1)
    assert outcomes_table([]).columns == ["suite", "expectations", "rows", "failed", "critical", "messages"]


def test_a_failure_shows_five_rows_and_says_how_many_more() -> None:
    rows = tuple({"line": number} for number in range(7))
    shown = str(Failure("s", "e", "critical", "n", rows, {}))
    assert "line 4 and 2 more" in shown
    assert "line 5" not in shown
    assert "the whole table" in str(Failure("s", "e", "critical", "n", (), {}))


def test_an_expectation_that_cannot_be_run_is_named(tmp_path: Path) -> None:
    wrong = {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "valeu"}, "severity": "critical"}
    with pytest.raises(SocialvolymError, match=r"invented\.json: expect_column_values_to_not_be_null cannot be run.*valeu"):
        validate(TABLE, "invented", suite(tmp_path, wrong))


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "{}",
        '{"name": "invented"}',
        '{"name": "invented", "expectations": [{"type": "expect_luck"}]}',
        '{"name": "invented", "expectations": [{"type": "expect_luck", "kwargs": {}}]}',
    ],
)
def test_a_suite_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "invented.json").write_text(text, encoding="utf-8")
    with pytest.raises(SocialvolymError, match=r"invented\.json: cannot be read as an expectation suite"):
        load_suite("invented", tmp_path)


def test_a_suite_that_is_absent_is_named(tmp_path: Path) -> None:
    with pytest.raises(SocialvolymError, match="there is no such suite"):
        load_suite("invented", tmp_path)


GOOD = {"value": 5.0}
BROKEN: list[dict[str, Any]] = [
    {"value": 5.0, "measure": "no_such_measure"},
    {"value": 5.0, "unit": "antal"},
    {"value": 5.0, "published_as": "6"},
    {"value": None, "status": "published", "published_as": "-"},
    {"value": 5.0, "status": "not_available"},
    {"value": 5.0, "line": None},
    {"value": 5.0, "line": 0},
    {"value": 5.0, "municipality_code": "136"},
    {"value": 5.0, "period": "2022-13"},
    {"value": 5.0, "period": "2033"},
    {"value": 5.0, "label": "121212-1212"},
    {"value": 5.0, "domain": "staff"},
    {"value": 5.0, "bound": "max"},
]


def test_the_repositorys_suite_finds_each_broken_row_and_no_good_one() -> None:
    good = observations(
        GOOD,
        GOOD | {"bound": "lt", "period": "2022-12"},
        {"value": None, "status": "suppressed", "published_as": "x"},
        {"value": None, "status": "outside_responsibility", "published_as": None, "line": None},
        GOOD | {"period": "2032"},
    )
    broken = observations(*BROKEN).with_columns(line=pl.when(pl.col("line") > 0).then(pl.col("line") + 100).otherwise("line"))
    result = validate(prepared.observations_to_validate(pl.concat([good, broken]), {"haninge-2022": 2022}), "observations")
    named = {row["line"] for failure in result.critical for row in failure.rows}
    assert named == set(broken["line"])
