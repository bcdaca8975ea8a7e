"""The page of what was read: figures marked in their lines, tables with what their columns say, and nothing from elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from socialvolym.cli import cli
from socialvolym.errors import SocialvolymError

HOSTILE = "<img src=x onerror=alert(1)>"
TEXT = f"""Socialnämnden, årsredovisning 2022

Antal personer 2021 2022
Kontaktperson {HOSTILE} 41 43
Daglig verksamhet 120 126

Under året placerades 61 barn utanför hemmet.
"""


def shown(tmp_path: Path, language: str = "en") -> str:
    document, page = tmp_path / "a.txt", tmp_path / "page.html"
    document.write_text(TEXT, encoding="utf-8")
    result = CliRunner().invoke(cli, ["figures", str(document), "--show", str(page), "--language", language])
    assert result.exit_code == 0 and "5 figures" in result.output
    return page.read_text(encoding="utf-8")


def test_figures_are_marked_in_their_lines_and_tell_what_they_rest_on(tmp_path: Path) -> None:
    page = shown(tmp_path)
    assert '<b>5</b>Daglig verksamhet <a class="certain" href="#f3">120</a> <a class="certain" href="#f4">126</a>' in page
    assert '<th scope="col">2021<small>2021 outturn</small></th>' in page and 'id="f3"' in page
    assert "<dt>" in page and "61" in page


def test_the_page_is_told_in_swedish_and_a_document_stays_text(tmp_path: Path) -> None:
    page = shown(tmp_path, "sv")
    assert "gissning" in page and "2021 utfall" in page
    assert HOSTILE not in page and "http" not in page and "<script" not in page


def test_one_page_is_of_one_document(tmp_path: Path) -> None:
    document = tmp_path / "a.txt"
    document.write_text(TEXT, encoding="utf-8")
    arguments = ["figures", str(document), str(document), "--show", str(tmp_path / "page.html")]
    with pytest.raises(SocialvolymError, match="one document"):
        CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert not (tmp_path / "page.html").exists()
