"""What `socialvolym add` tells of a report."""

from __future__ import annotations

from pathlib import Path

import pytest
from example_report import DOCUMENT, add
from socialvolym import atomic
from socialvolym.commands.add import _tell, asked
from socialvolym.commands.reviewing import _document, document_note
from socialvolym.errors import SocialvolymError
from socialvolym.extraction.metadata import Metadata


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
