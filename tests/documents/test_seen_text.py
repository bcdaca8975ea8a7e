"""What a reader of a document sees is read, and only that: raised marks apart from numbers, nothing hidden, letters composed."""

from __future__ import annotations

import unicodedata
import zipfile
from pathlib import Path

import pytest
from fpdf import FPDF
from socialvolym.documents.document import Document
from socialvolym.documents.opening import open_document

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def _html(folder: Path, cell: str) -> Document:
    path = folder / "a.html"
    path.write_text(f"<table><tr><td>Hushåll</td><td>{cell}</td></tr></table><p>Bistånd 1</p>", encoding="utf-8")
    return open_document(path)


def _docx(folder: Path, properties: str) -> Document:
    path = folder / "a.docx"
    run = f"<w:r><w:rPr>{properties}</w:rPr><w:t>2</w:t></w:r>"
    body = f"<w:p><w:r><w:t>Hushåll med bistånd 38</w:t></w:r>{run}</w:p>"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", f"<w:document {_W}><w:body>{body}</w:body></w:document>")
    return open_document(path)


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("38<sup>2</sup>", "38²"),
        ("12<sup>1)</sup>", "12¹⁾"),
        ("<span hidden>1 111</span>38", "38"),
        ("<span style='Display: none'>1 111</span>38", "38"),
        ("<del>1 111</del> 38", "38"),
        ("<span style='color: red'>38</span>", "38"),
    ],
)
def test_html_as_seen(tmp_path: Path, cell: str, read: str) -> None:
    assert _html(tmp_path, cell).grids[0].rows[0][1].text == read


@pytest.mark.parametrize(
    ("properties", "end"),
    [
        ('<w:vertAlign w:val="superscript"/>', "38²"),
        ('<w:vertAlign w:val="baseline"/>', "382"),
        ("<w:vanish/>", "38"),
        ('<w:vanish w:val="0"/>', "382"),
        ("<w:strike/>", "38"),
        ('<w:dstrike w:val="false"/>', "382"),
    ],
)
def test_docx_as_seen(tmp_path: Path, properties: str, end: str) -> None:
    assert _docx(tmp_path, properties).lines[0] == f"Hushåll med bistånd {end}"


@pytest.mark.parametrize("blank", ["\u2003", "\u2002", "\u205f", "\u3000"])
def test_letters_are_composed_and_every_blank_is_one(tmp_path: Path, blank: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text(unicodedata.normalize("NFD", f"Hushåll med ekonomiskt bi\u00adstånd 1{blank}245"), encoding="utf-8")
    assert open_document(path).lines == ["Hushåll med ekonomiskt bistånd 1\u00a0245"]


def _page() -> FPDF:
    pdf = FPDF(unit="pt")
    pdf.add_page()
    pdf.set_font("helvetica", size=10)
    return pdf


def test_glyphs_drawn_one_by_one_are_words(tmp_path: Path) -> None:
    pdf = _page()
    for top, texts in (
        (100, ("Insats", "2021", "2022")),
        (114, ("Familjehem", "1 037", "941")),
        (128, ("Jourhem", "15", "1 204")),
    ):
        for left, text in zip((60, 300, 400), texts, strict=True):
            at = float(left)
            for glyph in text:
                if glyph != " ":
                    pdf.text(at, top, glyph)
                at += pdf.get_string_width(glyph)
    pdf.output(str(tmp_path / "a.pdf"))
    grid = open_document(tmp_path / "a.pdf").grids[0]
    assert [[cell.text for cell in row] for row in grid.rows] == [
        ["Insats", "2021", "2022"],
        ["Familjehem", "1 037", "941"],
        ["Jourhem", "15", "1 204"],
    ]
