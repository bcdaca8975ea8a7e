"""The rules' table: what it may hold, which rules are experimental, and that it says what the reports in data/raw show."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from socialvolym import audit, paths
from socialvolym.audit import verdicts
from socialvolym.csv_files import load_csv
from socialvolym.errors import SocialvolymError
from socialvolym.observations.cleaning import clean_each
from socialvolym.reports.loading import load_reports

HEADER = ",".join(verdicts.RULE_SCHEMA)
TOTAL = "total,error,yes,0,arithmetic,2,Rows add up."


def table(folder: Path, *rows: str) -> Path:
    (folder / "audit.csv").write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("row", "severity"),
    [
        ("r,error,yes,0,arithmetic,0,Why.", "error"),
        ("r,warning,yes,0,reading,0,Why.", "note"),
        ("r,warning,yes,0,reading,1,Why.", "note"),
        ("r,warning,yes,0,reading,2,Why.", "warning"),
    ],
)
def test_a_reading_seen_in_fewer_than_two_documents_gives_notes(tmp_path: Path, row: str, severity: str) -> None:
    (rule,) = verdicts.rules(table(tmp_path, row)).values()
    assert (rule.severity, rule.experimental) == (severity, severity == "note")


def test_a_gap_fails_where_it_is_larger_than_the_tolerance(tmp_path: Path) -> None:
    known = verdicts.rules(table(tmp_path, TOTAL.replace(",0,", ",2,", 1)))
    checks = pl.DataFrame({"rule": ["total", "total", "other"], "gap": [2.0, 2.5, 9.0]})
    assert verdicts.failing(checks, known)["gap"].to_list() == [2.5]


def test_a_rule_that_is_off_is_not_loaded(tmp_path: Path) -> None:
    assert verdicts.rules(table(tmp_path, TOTAL.replace("yes", "no"))) == {}


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ((TOTAL.replace("error", "grave"),), "rule 'total': severity must be one of error, warning, note"),
        ((TOTAL.replace("yes", "maybe"),), "rule 'total': on must be one of yes, no"),
        ((TOTAL.replace("arithmetic", "luck"),), "rule 'total': proof must be one of arithmetic, reading, declared"),
        ((TOTAL.replace("error", ""),), "rule 'total': severity must be one of"),
        ((TOTAL, TOTAL), "rule 'total' stands twice"),
        ((TOTAL.replace(",0,", ",,", 1),), "every rule needs tolerance"),
        ((TOTAL.replace(",0,", ",much,", 1),), "cannot be read"),
    ],
)
def test_a_table_that_cannot_be_meant_is_refused(tmp_path: Path, rows: tuple[str, ...], message: str) -> None:
    with pytest.raises(SocialvolymError, match=message):
        verdicts.rules(table(tmp_path, *rows))


def test_the_table_says_in_how_many_reports_each_rule_has_found_something() -> None:
    reports = load_reports()
    found = (
        audit.audit(clean_each(reports).observations, reports).group_by("rule").agg(pl.col("report").n_unique().cast(pl.Int64))
    )
    said = load_csv(paths.expectations() / "audit.csv", verdicts.RULE_SCHEMA).filter(pl.col("documents") > 0)
    assert dict(found.rows()) == dict(said.select("rule", "documents").rows())
