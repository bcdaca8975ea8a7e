"""Gathering: a report that cannot be read is left out and named; the others give what they gave before."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import invented_report
import polars as pl
import pytest
from socialvolym.audit import gathering
from socialvolym.errors import SocialvolymError
from socialvolym.observations import outcomes
from socialvolym.validation import prepared
from socialvolym.validation.suites import Failure, Outcome

CORRECTION = """
[[correction]]
line = 3
label = "Placeringar enligt LVM"
column = "2097"
expected = "13"
replacement = "12"
why = "a slip"
who = "a reader"
"""


ACCEPTED = '[[acknowledged]]\nrule = "{rule}"\nline = 1\nwhy = "looked at"\nwho = "a reader"\n'


@pytest.fixture
def raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two reports: haninge-2099, and the same of another municipality."""
    monkeypatch.setenv("SOCIALVOLYM_HOME", str(tmp_path))
    place = tmp_path / "data" / "raw"
    first = invented_report.make(place)
    other = Path(shutil.copytree(first, place / "osteraker-2099"))
    text = (other / "report.toml").read_text()
    text = text.replace("haninge-2099", "osteraker-2099").replace('"0136"', '"0117"')
    text = re.sub('sha256 = ".*"', f'sha256 = "{"a" * 64}"', text)
    (other / "report.toml").write_text(text)
    return place


def test_all_reports_that_can_be_read_are(raw: Path) -> None:
    found = gathering.gather()
    assert outcomes.names(found.reports) == ["haninge-2099", "osteraker-2099"]
    assert found.reports["municipality_code"].to_list() == ["0136", "0117"]
    assert found.told == "2 reports: haninge-2099, osteraker-2099"
    assert outcomes.names(found.reports, ["0117"]) == ["osteraker-2099"]
    assert [raw.report.id for raw in outcomes.raw_reports(found.reports, ["0117"])] == ["osteraker-2099"]


def reasons(found: gathering.Gathered) -> dict[str, str]:
    return dict(found.reports.filter(pl.col("state") == outcomes.LEFT_OUT).select("report", "reason").iter_rows())


def test_a_document_stands_once(raw: Path) -> None:
    before = gathering.gather()
    copy = Path(shutil.copytree(raw / "haninge-2099", raw / "haninge-2099-again"))
    invented_report.replace(copy / "report.toml", 'id = "haninge-2099"', 'id = "haninge-2099-again"')
    found = gathering.gather()
    assert found.observations.equals(before.observations)
    assert "is of the same document as haninge-2099 " in reasons(found)["haninge-2099-again"]


@pytest.mark.parametrize("wrong", [2098, 2100])
def test_a_year_of_which_there_is_no_figure_is_wrong(raw: Path, wrong: int) -> None:
    invented_report.replace(raw / "haninge-2099" / "report.toml", "year = 2099", f"year = {wrong}")
    found = gathering.gather()
    assert f"year is {wrong}, but none of its figures is of that year (2097-2099)" in reasons(found)["haninge-2099"]
    assert set(found.observations["report"]) == {"osteraker-2099"}
    (raw / "haninge-2099" / "corrections.toml").write_text(ACCEPTED.format(rule="year"))
    assert reasons(gathering.gather()) == {}


def test_a_municipality_that_is_not_the_documents_is_wrong(raw: Path) -> None:
    facts = raw / "haninge-2099" / "structure.csv"
    facts.write_text("line,kind,what\n1,municipality,0136\n")
    assert reasons(gathering.gather()) == {}
    facts.write_text("line,kind,what\n7,municipality,0126\n")
    reason = reasons(gathering.gather())["haninge-2099"]
    assert "municipality_code is 0136 (Haninge), but the document names Huddinge (0126) as the municipality on line 7" in reason
    (raw / "haninge-2099" / "corrections.toml").write_text(ACCEPTED.format(rule="municipality"))
    assert reasons(gathering.gather()) == {}


@pytest.mark.parametrize(
    ("file", "text", "reason"),
    [
        ("cells.csv", "broken", "cells.csv: missing columns"),
        ("report.toml", "id = ", "report.toml: cannot be read as TOML"),
        ("layout.toml", "[[table]]\nid = 1\n", "layout.toml: table.0.id"),
        ("corrections.toml", CORRECTION, "corrections.toml expects '13' on line 3"),
        ("says.toml", "say = 1", "says.toml: say"),
        ("structure.csv", "broken", "structure.csv: missing columns"),
    ],
)
def test_a_broken_report_is_left_out_and_named(raw: Path, file: str, text: str, reason: str) -> None:
    before = gathering.gather()
    (raw / "haninge-2099" / file).write_text(text)
    found = gathering.gather()
    [left_out] = found.reports.filter(pl.col("state") == outcomes.LEFT_OUT).to_dicts()
    assert left_out["report"] == "haninge-2099"
    assert reason in left_out["reason"]
    assert str(raw.parent) not in left_out["reason"]
    assert "left out: haninge-2099: " in found.told
    assert found.observations.equals(before.observations.filter(pl.col("report") == "osteraker-2099"))
    assert outcomes.names(found.reports, state=outcomes.LEFT_OUT) == ["haninge-2099"]


def test_where_no_report_can_be_read_the_first_reason_is_told(raw: Path) -> None:
    for report in ("haninge-2099", "osteraker-2099"):
        (raw / report / "cells.csv").write_text("broken")
    with pytest.raises(SocialvolymError, match=r"haninge-2099/cells\.csv: missing columns"):
        gathering.gather()
    with pytest.raises(SocialvolymError, match="there is no report x; reports: haninge-2099, osteraker-2099"):
        gathering.gather(["x"])


def judged(bad: list[str]) -> object:
    """Return a validation in which a critical expectation does not hold for some reports, and where it names no row."""

    def validate(frame: pl.DataFrame, suite: str) -> Outcome:
        present = set(frame["report"]) & set(bad)
        rows = tuple({"report": report, "line": 3} for report in sorted(present))
        failure = Failure(suite, "expect_sense()", "critical", "Must make sense.", rows, {})
        failures = (failure,) if suite == "observations" and (rows or not bad) else ()
        return Outcome(suite=suite, expectations=1, rows=frame.height, failures=failures)

    return validate


def tables_of(found: gathering.Gathered) -> dict[str, pl.DataFrame]:
    derived = found.observations.select("report")
    return {"observations": found.observations, "unread": found.unread, "derived": derived, "reports": found.reports}


def test_a_report_that_breaks_what_must_hold_is_left_out_of_every_table(raw: Path) -> None:
    made = tables_of(gathering.gather())
    held, suites_told = gathering.holding(made, judged(["haninge-2099"]))  # type: ignore[arg-type]
    assert not any(outcome.critical for outcome in suites_told)
    for name in ("observations", "derived"):
        assert set(held[name]["report"]) == {"osteraker-2099"}
    [left_out] = held["reports"].filter(pl.col("state") == outcomes.LEFT_OUT).to_dicts()
    assert "expect_sense()" in left_out["reason"]
    assert "line 3" in left_out["reason"]


@pytest.mark.parametrize(
    ("bad", "leave_out"), [(["haninge-2099", "osteraker-2099"], True), ([], True), (["haninge-2099"], False)]
)
def test_what_is_no_single_reports_fault_stops(raw: Path, bad: list[str], leave_out: bool) -> None:
    made = tables_of(gathering.gather())
    held, suites_told = gathering.holding(made, judged(bad), leave_out)  # type: ignore[arg-type]
    assert any(outcome.critical for outcome in suites_told)
    assert held["reports"].equals(made["reports"])


def test_a_report_that_is_left_out_has_lost_no_figures(raw: Path, tmp_path: Path) -> None:
    observations = gathering.gather().observations
    (tmp_path / "coverage.csv").write_text("report,domain,rows_before\nhaninge-2099,placements,3\nhaninge-2098,placements,9\n")
    lost = prepared.coverage(observations, tmp_path / "coverage.csv", without=["haninge-2098"])
    assert "haninge-2098" not in lost["report"].to_list()
    assert prepared.coverage(observations, tmp_path / "coverage.csv")["lost"].max() == 9


@pytest.mark.parametrize("blank", ["\u2003", "\u3000", "\n", "\r\n", "\t", "\u00a0"])
def test_a_blank_of_another_kind_in_a_number_is_a_blank(raw: Path, blank: str) -> None:
    cells = raw / "haninge-2099" / "cells.csv"
    invented_report.replace(cells, "1 200", f'"1{blank}200"')
    found = gathering.gather()
    assert reasons(found) == {}
    assert 1200.0 in found.observations.filter(pl.col("report") == "haninge-2099")["value"].to_list()


def test_a_long_field_is_unread_and_holds_up_no_report(raw: Path) -> None:
    invented_report.replace(raw / "haninge-2099" / "cells.csv", "1 200", "9" * 1_000_000)
    found = gathering.gather()
    assert reasons(found) == {}
    [unread] = found.unread.filter(pl.col("report") == "haninge-2099").to_dicts()
    assert len(unread["reason"]) < 100
