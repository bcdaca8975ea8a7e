"""What `socialvolym add` tells of a report."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner
from example_report import DOCUMENT, add
from socialvolym import atomic, paths
from socialvolym.commands.add import _tell, asked
from socialvolym.commands.add import add as command
from socialvolym.commands.reviewing import _document, document_note
from socialvolym.errors import SocialvolymError
from socialvolym.extraction.metadata import Metadata
from socialvolym.observations import readings
from socialvolym.reports.loading import load_report
from socialvolym.reports.review import Decision, Review, store_review


def test_it_says_what_the_report_is_and_how_much_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOCIALVOLYM_HOME", str(tmp_path))
    raw = add()
    place = raw.folder / "review.toml"
    place.write_text('[[decision]]\nwho = "A"\nwhen = 2031-01-01\ntable = "t9"\nperiod = "2029"\n', encoding="utf-8")
    _tell(raw.folder)
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith("Haninge (0136), Socialnämnden: Årsredovisning 2030 (annual_report, 2030)")
    assert told[1].startswith("4 tables, 35 figures: ") and " to settle, " in told[1]
    assert "this is no longer printed" in told[2]
    assert told[3].endswith("socialvolym review haninge-2030")


def test_only_what_the_document_does_not_say_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    questions: list[str] = []
    monkeypatch.setattr("click.prompt", lambda text, **_: questions.append(text) or "Haninge")
    assert asked(DOCUMENT, Metadata()) == Metadata(municipality_code="0136")
    assert len(questions) == 1 and "municipality" in questions[0]
    assert asked(DOCUMENT, Metadata(municipality_code="0126")).municipality_code == "0126" and len(questions) == 1


def test_a_kind_that_no_word_tells_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document, questions = tmp_path / "a.txt", []
    document.write_text("Granskningsrapport 2030\nHaninge kommun\n", encoding="utf-8")
    monkeypatch.setattr("click.prompt", lambda text, **_: questions.append(text) or "statistics")
    assert asked(document, Metadata()) == Metadata(kind="statistics")
    assert len(questions) == 1 and "(Granskningsrapport 2030)" in questions[0]


def test_the_review_finds_the_document_where_it_was_and_takes_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOCIALVOLYM_HOME", str(tmp_path))
    raw, place = add(), tmp_path / "read.txt"
    assert _document(raw, None) is None
    atomic.write_text(str(place), document_note(raw.report.id))
    assert _document(raw, None) is None
    place.write_bytes(DOCUMENT.read_bytes())
    assert (_document(raw, None), _document(raw, DOCUMENT)) == (place, DOCUMENT)
    place.write_text("another", encoding="utf-8")
    with pytest.raises(SocialvolymError, match="is not the document that haninge-2030 was read from"):
        _document(raw, None)


@pytest.fixture
def edition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A newer edition of the example, which has been added, and of which a decision of a cell and one of a row are stored."""
    monkeypatch.setenv("SOCIALVOLYM_HOME", str(tmp_path))
    monkeypatch.setattr("socialvolym.commands.add._make_page", lambda report, language: "a page")
    raw = add()
    place: dict[str, Any] = {"table": "t003", "first": "Antal barn i familjehem", "line": 24, "row": "Antal barn i HVB"}
    cells: tuple[dict[str, Any], ...] = ({"column": "Utfall (2)", "text": "9"}, {"column": "Mål", "text": "10"})
    decided = (Decision(who="A", when=date(2031, 1, 1), series="target", **place, **cell) for cell in cells)
    store_review(Review().with_decisions(decided), raw.folder)
    newer = tmp_path / "newer.txt"
    text = DOCUMENT.read_text(encoding="utf-8").replace("12\t9\t10", "12\t9\t11").replace("Kontaktperson\t97\t95\n", "")
    text = text.replace("Ledsagarservice\t54\t49", "Ledsagarservice\t54\t49\nBoendestöd\t7\t8")
    newer.write_text("\n" + text, encoding="utf-8")
    return newer


def test_a_newer_edition_is_shown_and_only_taken_in_where_that_is_said(edition: Path) -> None:
    shown = CliRunner().invoke(command, [str(edition), "--municipality", "Haninge"], catch_exceptions=False).output
    assert "32 cells as before, 1 changed, 2 new, 2 gone" in shown
    assert "~ line 25: Antal barn i HVB | Mål | 10 -> 11" in shown
    assert "+ line 37: Boendestöd | 2029 | 7" in shown and "- line 36: Kontaktperson | 2030 | 95" in shown
    assert "nothing is changed; take it in with: socialvolym add FILE --newer" in shown
    assert _document(load_report(paths.raw() / "haninge-2030"), DOCUMENT) == DOCUMENT


def test_taken_in_it_keeps_what_was_decided_of_cells_that_are_printed_as_before(edition: Path) -> None:
    told = CliRunner().invoke(command, [str(edition), "--municipality", "Haninge", "--newer"], catch_exceptions=False).output
    assert told.count("this is no longer printed") == 1
    raw = load_report(paths.raw() / "haninge-2030")
    rows = readings.settled(raw).rows.filter(pl.col("row_label") == "Antal barn i HVB")
    assert rows.select("text", "series", "who").rows()[1:] == [("9", "target", "A"), ("11", "target", None)]
    assert _document(raw, None) == edition
    again = CliRunner().invoke(command, [str(edition), "--municipality", "Haninge"], catch_exceptions=False).output
    assert "was made from this document; nothing is changed" in again


def test_another_report_that_would_have_the_same_name_is_recognised(edition: Path) -> None:
    other = "Socialnämnden\nÅrsredovisning 2030\n\nÖppenvård\n \t2029\t2030\nFamiljebehandling\t5\t6\n"
    edition.write_text(other, encoding="utf-8")
    assert "is it another report?" in CliRunner().invoke(command, [str(edition), "--municipality", "Haninge"]).output


def test_a_title_that_is_read_wrongly_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOCIALVOLYM_HOME", str(tmp_path))
    monkeypatch.setattr("socialvolym.commands.add._make_page", lambda report, language: "a page")
    given = [str(DOCUMENT), "--municipality", "Haninge", "--title", "Bokslut 2030"]
    assert (
        "Socialnämnden: Bokslut 2030 (annual_report, 2030)" in CliRunner().invoke(command, given, catch_exceptions=False).output
    )
    assert load_report(paths.raw() / "haninge-2030").report.title == "Bokslut 2030"


def test_where_no_figure_is_certain_it_says_that_the_year_may_be_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOCIALVOLYM_HOME", str(tmp_path))
    monkeypatch.setattr("socialvolym.commands.add._make_page", lambda report, language: "a page")
    document = tmp_path / "rapport.txt"
    document.write_text("Socialnämnden\nÅrsredovisning 2030\n\nÖppenvården hade 12 familjer och 9 ungdomar.\n", encoding="utf-8")
    told = CliRunner().invoke(command, [str(document), "--municipality", "Haninge"], catch_exceptions=False).output
    assert "no figure is certain: if 2030 is not the report's year" in told and "--year" in told
