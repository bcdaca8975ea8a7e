"""Adding a report: its folder is made whole or not at all, and a document has one."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from example_report import add
from socialvolym.audit.text.structure import kept_facts
from socialvolym.errors import SocialvolymError
from socialvolym.extraction.metadata import Metadata
from socialvolym.reports import draft

TEXT = "Verksamhetsstatistik 2023\nSocialnämnden\nHaninge kommun\n\nAntal 2022 2023\nHushåll 12 14\nBarn (3 250) 9\n"


def test_a_document_has_one_folder_and_its_own_title(home: Path) -> None:
    document = home / "a.txt"
    document.write_text(TEXT, encoding="utf-8")
    name, drafted = draft.draft(document, Metadata(), kept_facts)
    folder = draft.store(name, drafted)
    about = tomllib.loads((folder / "report.toml").read_text(encoding="utf-8"))
    assert (about["title"], about["kind"], about["year"]) == ("Verksamhetsstatistik 2023", "statistics", 2023)
    with pytest.raises(SocialvolymError, match=f"the same document is in data/raw already, as {name}"):
        draft.store("another-2023", draft.draft(document, Metadata("another-2023"), kept_facts)[1])
    assert [path.name for path in (home / "data" / "raw").iterdir()] == [name]


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({}, "haninge-2030"),
        ({"kind": "interim", "months": 8}, "haninge-interim-2030-08"),
        ({"kind": "interim"}, "haninge-interim-2030"),
        ({"kind": "budget"}, "haninge-budget-2030"),
        ({"committee": "Socialnämnd"}, "haninge-2030"),
        ({"committee": "Omsorgsnämnden"}, "haninge-2030-omsorgsnamnden"),
    ],
)
def test_reports_of_one_municipality_and_year_have_ids_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: dict[str, Any], name: str
) -> None:
    monkeypatch.setenv("SOCIALVOLYM_HOME", str(tmp_path))
    add()
    assert draft.report_id(Metadata(municipality_code="0136", year=2030, **given)) == name
