"""Municipality, committee, year and kind, found in a document's own text."""

from __future__ import annotations

import pytest
from socialvolym.document import Document
from socialvolym.metadata import Metadata, find_metadata


def test_everything_is_found() -> None:
    found = find_metadata(Document(["Årsredovisning 2023", "Socialnämnden", "Haninge kommun", "Under 2023 ökade volymerna."]))
    assert found == Metadata("document", "0136", "Socialnämnden", 2023, "annual_report")


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (["Delårsrapport augusti 2023"], "interim"),
        (["Verksamhetsplan 2024"], "budget"),
        (["Verksamhetsberättelse 2022"], "annual_report"),
        (["Socialtjänsten i siffror"], None),
    ],
)
def test_kind(lines: list[str], kind: str | None) -> None:
    assert find_metadata(Document(lines)).kind == kind


def test_year_of_comparison_is_not_the_reports() -> None:
    lines = ["Under 2022 var 12 barn placerade, jämfört med 14 barn 2021.", "Utfallet 2022 var lägre än budget 2023."]
    assert find_metadata(Document(lines)).year == 2022


def test_nothing_said() -> None:
    assert find_metadata(Document(["Inga uppgifter."])) == Metadata()


def test_what_is_given_is_kept() -> None:
    assert Metadata("r", year=2020).completed_by(Metadata("x", "0136", year=2021)) == Metadata("r", "0136", None, 2020, None)
