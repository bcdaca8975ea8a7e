"""Exit codes: a verdict of a command is never mistaken for its failure, nor the other way round."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from socialvolym import cli
from socialvolym.commands import figures

GOOD = "Socialnämnden i Haninge kommun\nÅrsredovisning 2023\n\nAntal 2022 2023\nHushåll 12 14\n"
LONG = "Socialnämnden;Haninge 2023\nAntal;2022;2023\nHushåll;12;" + '"' + "x" * 1_000_000 + '"\n'


def code(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Return the exit code of a command line."""
    monkeypatch.setattr(sys, "argv", ["socialvolym", *arguments])
    with pytest.raises(SystemExit) as end:
        cli.main()
    return int(end.value.code or 0)


@pytest.mark.parametrize("command", ["figures", "check"])
@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [("a.txt", GOOD, 0), ("a.txt", "", 3), ("a.txt", "\x00\x01" * 99, 3), ("a.csv", LONG, 3), ("a.pdf", "%PDF-1.7", 3)],
)
def test_what_cannot_be_read_is_no_verdict(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str, name: str, text: str, expected: int
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert code(monkeypatch, command, str(tmp_path / name)) == expected


def test_a_wrong_use_is_two_and_another_commands_failure_one(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    assert code(monkeypatch, "figures", "absent.txt") == 2
    assert code(monkeypatch, "coverage") == 1


def test_a_fault_shows_its_traceback(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text(GOOD, encoding="utf-8")
    monkeypatch.setattr(figures, "read_document", lambda *given: 1 / 0)
    assert code(monkeypatch, "figures", str(tmp_path / "a.txt")) == 70
    assert "ZeroDivisionError" in capsys.readouterr().err


@pytest.mark.parametrize("blank", ["\u2003", "\u3000", "\u1680", "\u205f", "\u00a0", "\u202f"])
def test_any_white_space_of_unicode_parts_thousands(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], blank: str
) -> None:
    (tmp_path / "a.txt").write_text(GOOD.replace("12 14", f"1{blank}200 1{blank}300"), encoding="utf-8")
    assert code(monkeypatch, "figures", str(tmp_path / "a.txt")) == 0
    assert ",1200.0," in capsys.readouterr().out


@pytest.mark.parametrize(("language", "title"), [("sv", "Granskning av"), ("en", "Audit of")])
def test_the_audit_as_a_page_keeps_a_documents_text_as_text(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str, title: str
) -> None:
    file = tmp_path / "<b>a.txt"
    file.write_text("Nettokostnad, tkr\nInsats 2021 2022 Skillnad\nA 100 120 30\nB 50 60 10\nC 10 20 10\n", encoding="utf-8")
    assert code(monkeypatch, "check", str(file), "--format", "html", "--language", language) == 2
    page = capsys.readouterr().out
    assert f"<h1>{title} &lt;b&gt;a.txt</h1>" in page and page.count("<tr>") == 2 and "<td>30</td><td>20</td>" in page
