"""The check of the vocabulary tells of every reference that leads nowhere and of everything that is listed twice."""

from __future__ import annotations

from typing import Any

import pytest
from socialvolym import vocabulary
from socialvolym.validation import vocabulary_check
from socialvolym.vocabulary import composition
from socialvolym.vocabulary.terms import read_term


def clashes() -> list[str]:
    return [problem.text for problem in vocabulary_check.problems([]) if problem.kind == "clash"]


def changed(rows: dict[str, dict[str, str | None]], name: str, **columns: str) -> Any:
    return lambda: {**rows, name: {**rows[name], **columns}}


@pytest.mark.parametrize(
    ("table", "name", "columns", "told"),
    [
        ("activities", "hvb", {"within": "nowhere"}, "hvb is within the unknown activity 'nowhere'"),
        ("activities", "hvb", {"domain": "nothing"}, "hvb has the unknown domain 'nothing'"),
        ("quantities", "hours", {"unit": "stones"}, "hours has the unknown unit 'stones'"),
        ("quantities", "hours", {"usual_activity": "nothing"}, "hours has the unknown activity 'nothing'"),
    ],
)
def test_parts_that_lead_nowhere(
    monkeypatch: pytest.MonkeyPatch, table: str, name: str, columns: dict[str, str], told: str
) -> None:
    monkeypatch.setattr(composition, table, changed(getattr(composition, table)(), name, **columns))
    assert [text for text in clashes() if told in text]


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        (
            {"activity": "hvb", "quantity": "care_days", "reference_time": "year_sum"},
            "familjehem_care_days, hvb_care_days are all hvb",
        ),
        ({"activity": "nothing"}, "familjehem_care_days has the unknown activity or quantity nothing.care_days"),
        ({"quantity": "stones"}, "familjehem_care_days has the unknown activity or quantity familjehem.stones"),
        ({"divided_by": "giants"}, "familjehem_care_days has the unknown population 'giants'"),
    ],
)
def test_measures_whose_parts_are_lost_or_taken(monkeypatch: pytest.MonkeyPatch, columns: dict[str, str], told: str) -> None:
    rows = changed(dict(vocabulary.measure_index()), "familjehem_care_days", **columns)
    monkeypatch.setattr(vocabulary, "measure_index", rows)
    assert [text for text in clashes() if told in text]


def test_a_term_of_two_meanings_and_one_without(monkeypatch: pytest.MonkeyPatch) -> None:
    terms = [read_term("jourhem*", "activity", name) for name in ("jourhem", "familjehem", "nothing")]
    monkeypatch.setattr(vocabulary_check, "terms", lambda: terms)
    found = clashes()
    assert "terms.csv: 'nothing' is no activity" in found
    assert any("one activity term means familjehem, jourhem, nothing" in text for text in found)
