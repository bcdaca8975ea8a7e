"""Precedence: which of several reports of one municipality a series takes, made-up reports of all kinds beside each other."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, get_args

import pytest
from invented import observations, yearly
from socialvolym import paths
from socialvolym.observations.series import figures, series_of
from socialvolym.reports import precedence
from socialvolym.reports.models import UNTITLED, Kind, Report
from socialvolym.toml_files import as_toml
from socialvolym.vocabulary.phrases import phrases


def described(name: str, **given: Any) -> Report:
    """Return a report of Haninge."""
    known = {"municipality_code": "0136", "committee": "Socialnämnden", "title": name, "kind": "annual_report", "year": 2030}
    return Report.model_validate(
        known | {"id": name, "document": "a.txt", "sha256": hashlib.sha256(name.encode()).hexdigest()} | given
    )


#: What is in data/raw of the tests that read it.
REPORTS = (
    described("annual"),
    described("b-interim-4", kind="interim", months=4),
    described("c-interim-8", kind="interim", months=8),
    described("d-budget", kind="budget"),
    described("e-next", year=2031),
    described("f-statistics", kind="statistics"),
    described("g-other", committee="Omsorgsnämnden"),
)


def test_every_kind_of_report_has_its_places_its_words_and_its_name() -> None:
    kinds = set(get_args(Kind))
    assert set(precedence.rules().published) == set(precedence.rules().first["outturn"]) == set(UNTITLED) == kinds
    assert {phrase.meaning for phrase in phrases("kind")} == kinds


@pytest.fixture
def raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(paths, "raw", lambda: tmp_path)
    for report in REPORTS:
        (tmp_path / report.id).mkdir()
        values = report.model_dump(exclude_none=True, exclude={"responsibility"})
        (tmp_path / report.id / "report.toml").write_text(as_toml(values))
    return tmp_path


@pytest.mark.parametrize(
    ("given", "when"),
    [
        ({}, "2031-03"),
        ({"kind": "statistics"}, "2031-02"),
        ({"kind": "budget"}, "2029-12"),
        ({"kind": "interim"}, "2030-10"),
        ({"kind": "interim", "months": 4}, "2030-05"),
        ({"kind": "interim", "months": 11}, "2030-12"),
        ({"published": "2032-01-31"}, "2032-01-31"),
    ],
)
def test_when_a_report_is_published(given: dict[str, Any], when: str) -> None:
    assert precedence.published(described("r", **given)) == when


@pytest.mark.parametrize(
    ("series", "printing", "taken"),
    [
        ("outturn", ["annual", "c-interim-8", "d-budget", "f-statistics"], "annual"),
        ("outturn", ["annual", "e-next"], "e-next"),
        ("outturn", ["c-interim-8", "b-interim-4"], "c-interim-8"),
        ("outturn", ["d-budget", "b-interim-4"], "b-interim-4"),
        ("outturn", ["c-interim-8", "f-statistics"], "f-statistics"),
        ("budget", ["d-budget", "b-interim-4"], "b-interim-4"),
        ("budget", ["d-budget", "annual", "c-interim-8"], "annual"),
        ("forecast", ["b-interim-4", "c-interim-8"], "c-interim-8"),
        ("outturn", ["annual", "z-unknown"], "annual"),
    ],
)
def test_which_report_a_figure_is_taken_from(raw: Path, series: str, printing: list[str], taken: str) -> None:
    rows = observations(*({"report": report, "value": float(number)} for number, report in enumerate(printing, 1)), series=series)
    row = figures(rows).row(0, named=True)
    assert (row["report"], row["differs"], len(row["also"])) == (taken, True, len(printing) - 1)


def test_a_figure_that_is_there_goes_before_one_that_is_missing(raw: Path) -> None:
    rows = observations({"report": "annual", "value": None, "status": "not_available"}, {"report": "b-interim-4", "value": 5.0})
    assert series_of(rows, "lvm_placements")["value"].to_list() == [5.0]


def test_own_economy_is_of_one_committee_and_the_subjects_of_all(raw: Path) -> None:
    cost = {"measure": "net_cost", "domain": "context", "unit": "kSEK"}
    rows = observations(
        {"report": "annual", "value": 1.0, **cost},
        {"report": "g-other", "value": 2.0, **cost},
        {"report": "g-other", "value": 3.0, "period": "2029", **cost},
        {"report": "g-other", "value": 4.0},
    )
    assert figures(rows).select("report", "measure", "value", "differs").sort("report").rows() == [
        ("annual", "net_cost", 1.0, False),
        ("g-other", "lvm_placements", 4.0, False),
    ]


def test_a_committee_that_took_the_place_of_another_is_no_other_one() -> None:
    renamed = [described("a", committee="Socialnämnden", year=2029), described("b", committee="Vård- och omsorgsnämnden")]
    assert precedence.aside(renamed) == set()
    assert precedence.aside([*renamed, described("c", committee="Socialnämnden")]) == {"b"}


def test_among_committees_of_the_same_years_the_one_of_the_social_services_leads() -> None:
    several = [described(name, committee="Omsorgsnämnden", year=year) for name, year in (("a", 2029), ("b", 2030))]
    assert precedence.aside([*several, described("c")]) == {"b"}
    # Where one takes over in a year that both report, the years that only one has are told.
    later = [described(name, committee="Omsorgsnämnden", year=year) for name, year in (("e", 2031), ("f", 2032))]
    assert precedence.aside([*several, *later, described("c"), described("g", year=2028)]) == {"b"}
    both = [described("d", committee="Kulturnämnden"), *several[1:]]
    assert precedence.aside(both) == {"d"}


def test_without_folders_the_last_id_goes_first(raw: Path) -> None:
    rows = yearly(2022, 1.0, report="y").vstack(yearly(2022, 2.0, report="x"))
    assert figures(rows)["report"].to_list() == ["y"]
