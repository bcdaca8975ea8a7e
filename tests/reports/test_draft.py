"""Adding a report: its folder is made whole or not at all, and a document has one."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from example_report import add
from socialvolym.audit.text.structure import kept_facts
from socialvolym.errors import SocialvolymError
from socialvolym.extraction.metadata import Metadata
from socialvolym.reports import draft
from socialvolym.vocabulary.columns import READING_SCHEMA

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


UNKNOWN = (
    "Granskningsrapport 2023\nSocialnämnden\nHaninge kommun\n\nGranskningen av årsredovisningen\nAntal 2022 2023\nHushåll 12 14\n"
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (UNKNOWN, r"say its kind \(its title is 'Granskningsrapport 2023'\); give --kind"),
        ("Haninge kommun\nHushåll med bistånd\nHushåll 12 14\n", "say its year and kind; give --year and --kind"),
    ],
)
def test_a_kind_that_the_document_does_not_name_in_words_of_the_vocabulary_is_asked_for(home: Path, text: str, told: str) -> None:
    """A text may name other reports than itself, so that no kind is taken from it where the title says another word."""
    document = home / "a.txt"
    document.write_text(text, encoding="utf-8")
    with pytest.raises(SocialvolymError, match=told):
        draft.draft(document, Metadata(), kept_facts)
    drafted = draft.draft(document, Metadata(year=2023, kind="statistics"), kept_facts)[1]
    assert tomllib.loads(drafted.report)["kind"] == "statistics"


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


def readings(*rows: tuple[str, ...]) -> pl.DataFrame:
    """Readings with the row, the column, the text, and where it is said the unit and what it rests on."""
    names = ("row_label", "column_label", "text", "unit", "because")
    said = {"because": "period:heading series:years unit:caption measure:row"}
    filled = [
        dict.fromkeys(READING_SCHEMA) | said | {"line": line} | dict(zip(names, row, strict=False))
        for line, row in enumerate(rows)
    ]
    return pl.DataFrame(filled, schema=READING_SCHEMA)


def test_editions_differ_in_what_is_changed_new_or_gone_wherever_it_stands() -> None:
    before = readings(("A", "2030", "1"), ("A", "2030", "2"), ("B", "2030", "3"), ("C", "2030", "4"))
    after = readings(("C", "2030", "5"), ("D", "2030", "3"), ("A", "2030", "1"), ("A", "2030", "2"), ("A", "2030", "2"))
    found = draft.difference(before, after)
    assert found.changed.select("row_label", "before", "now", "line").rows() == [("C", "4", "5", 0)]
    assert found.new.select("row_label", "text", "line").rows() == [("D", "3", 1), ("A", "2", 4)]
    assert found.gone["row_label"].to_list() == ["B"]
    assert (found.same, draft.difference(before, before).same) == (2, before.height)


@pytest.mark.parametrize(
    ("was", "now", "shown"),
    [
        (("1,5", "kSEK"), ("1,5", "MSEK"), [("1,5, tusen kronor", "1,5, miljoner kronor")]),
        (("7", "persons"), ("7", "households"), [("7, personer", "7, hushåll")]),
        (("7", "persons"), ("8", "persons"), [("7", "8")]),
        (("1,5", "kSEK"), ("1,6", "MSEK"), [("1,5, tusen kronor", "1,6, miljoner kronor")]),
        # One of the two says its unit, the other does not.
        (("7", "count", "unit:default"), ("7", "days", "unit:number"), [("7, antal", "7, dagar")]),
        # What neither prints says nothing of the document.
        (("7", "count", "unit:default"), ("7", "days", "unit:default"), []),
        (("7", "persons", "unit:row"), ("7", "persons", "unit:number"), []),
    ],
)
def test_a_unit_that_is_printed_otherwise_beside_the_same_number_is_a_change(
    was: tuple[str, ...], now: tuple[str, ...], shown: list[tuple[str, str]]
) -> None:
    before, after = (readings(("C", "", "1"), ("A", "2030", *cell), ("B", "2030", "3")) for cell in (was, now))
    found = draft.difference(before, after)
    assert found.changed.select("before", "now").rows() == shown
    assert found.same == after.height - len(shown) and found.new.is_empty() and found.gone.is_empty()
