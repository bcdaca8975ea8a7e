"""Documents in every format: what is read from good files, and what is said about bad ones."""

from __future__ import annotations

import io
import resource
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pypdfium2 as pdfium
import pytest
from fpdf import FPDF
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.styles import Font
from socialvolym.documents import archives, builder
from socialvolym.documents.builder import DocumentBuilder
from socialvolym.documents.document import Document, Grid
from socialvolym.documents.opening import open_document
from socialvolym.documents.xlsx import print_cell
from socialvolym.errors import SocialvolymError
from socialvolym.extraction.by_rules import read_figures
from socialvolym.extraction.tables import find_tables

ROWS = [
    ["Insats LSS", "Utfall 2021", "Utfall 2022", "Budget"],
    ["Daglig verksamhet", "1 045", "1 047", "1 100"],
    ["Personlig assistans", "45", "-", "47"],
    ["Ledsagarservice", "7", "9", "12 000"],
]
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def texts(grid: Grid) -> list[list[str]]:
    return [[cell.text for cell in row] for row in grid.rows]


def check_places(document: Document) -> None:
    """Every cell stands on its line, every row of a table is equally long, every line has a page or none has."""
    for grid in document.grids:
        assert len({len(row) for row in grid.rows}) == 1
        for cell in (cell for row in grid.rows for cell in row):
            assert cell.text in document.lines[cell.line - 1].replace("\t", " ") or not cell.text
            assert cell.page is None or cell.page == document.page(cell.line)
    assert len(document.pages) in (0, len(document.lines))


def opened(path: Path, content: bytes | str) -> Document:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    document = open_document(path)
    check_places(document)
    return document


def refusal(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    with pytest.raises(SocialvolymError) as refused:
        open_document(path)
    assert str(refused.value).startswith(f"{path}: ")
    return str(refused.value)


# Text and Markdown


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_text_in_every_encoding(tmp_path: Path, encoding: str, end: str) -> None:
    lines = ["Nämndens åtgärder för äldre", "", "Hushåll\t12"]
    assert opened(tmp_path / "a.txt", end.join(lines).encode(encoding)).lines == lines


def test_a_form_feed_starts_a_page_and_odd_line_ends_start_no_line(tmp_path: Path) -> None:
    document = opened(tmp_path / "a.txt", "Hushåll\u2028 12\n\fbudget 3")
    assert document.lines == ["Hushåll  12", "budget 3"]
    assert document.pages == [1, 2]


def test_letters_in_an_unknown_encoding(tmp_path: Path) -> None:
    assert "encoding" in refusal(tmp_path / "a.txt", "Hushåll på väg får bistånd 12".encode("cp437"))


@pytest.mark.parametrize("taken_for", ["latin-1", "cp1252"])
def test_text_that_was_encoded_twice_is_put_right(tmp_path: Path, taken_for: str) -> None:
    text = "Hushåll på väg får bistånd för året – 12"
    assert opened(
        tmp_path / "a.txt", text.encode().decode(taken_for, "replace" if taken_for == "cp1252" else "strict").encode()
    ).lines == [text]


def test_markdown_tables(tmp_path: Path) -> None:
    source = "# Socialnämnden\n\n| Insats | **2021** | 2022 |\n|:--|--:|--:|\n| a \\| b | 1 | |\n| c | 2 | 3 | 4 |\ntext\n"
    document = opened(tmp_path / "a.md", source)
    assert document.lines == ["Socialnämnden", "", "Insats\t2021\t2022", "", "a | b\t1\t", "c\t2\t3", "text", ""]
    assert texts(document.grids[0]) == [["Insats", "2021", "2022"], ["a | b", "1", ""], ["c", "2", "3"]]
    assert document.grids[0].heading_rows == 1
    assert document.grids[0].rows[2][0].line == 6


def test_a_pipe_without_delimiter_row_is_text(tmp_path: Path) -> None:
    assert opened(tmp_path / "a.md", "Hushåll | 12\nBarn | 3\n").grids == []


# HTML


def test_html_with_spans_and_headings(tmp_path: Path) -> None:
    document = opened(
        tmp_path / "a.html",
        """<!DOCTYPE html><html><head><title>x</title><script>1 < 2</script></head><body>
        <h1>Social&shy;nämnden</h1><p>Kostnad&nbsp;12<br>tkr
        <table><caption>Tabell 1</caption><thead><tr><th rowspan=2>Insats<th colspan=2>Utfall</tr><tr><th>2021<th>2022</thead>
        <tr><th>Barn<td>1<td>2<tr><td>Unga<td colspan="x">3</table>Slut""",
    )
    assert document.lines == [
        "Socialnämnden",
        "Kostnad\u00a012",
        "tkr",
        "Tabell 1",
        "Insats\tUtfall",
        "\t2021\t2022",
        "Barn\t1\t2",
        "Unga\t3",
        "Slut",
    ]
    assert texts(document.grids[0]) == [
        ["Insats", "Utfall", "Utfall"],
        ["Insats", "2021", "2022"],
        ["Barn", "1", "2"],
        ["Unga", "3", ""],
    ]
    assert (document.grids[0].heading_rows, document.grids[0].caption) == (2, "Tabell 1")


def test_a_table_around_tables_is_layout(tmp_path: Path) -> None:
    document = opened(tmp_path / "a.html", "<table><tr><td>Barn<td><table><tr><td>a<td>1</table></table>")
    assert [texts(grid) for grid in document.grids] == [[["a", "1"]]]
    assert document.lines == ["Barn", "a\t1"]


def test_html_bounds(tmp_path: Path) -> None:
    assert "nested" in refusal(tmp_path / "a.html", b"<body>" + b"<table><tr><td>barn 1" * 100_000)
    wide = b"<table>" + b"<tr><td colspan=1000 rowspan=1000>1" * 2_000 + b"</table>barn"
    assert "more than 1000 columns" in refusal(tmp_path / "b.html", wide)


def test_html_reads_its_declared_encoding_and_no_files(tmp_path: Path) -> None:
    (tmp_path / "other.html").write_text("<p>secret 1</p>")
    document = opened(
        tmp_path / "a.txt",
        '<html><meta charset="iso-8859-1"><p>Hushåll 1<iframe src="other.html"></iframe>'
        '<object data="other.html">2</object><img src="http://localhost:1/x">'.encode("latin-1"),
    )
    assert document.lines == ["Hushåll 1"]


# DOCX


def docx(body: str, start: str = "") -> bytes:
    return zipped({"word/document.xml": f'<?xml version="1.0"?>{start}<w:document {W}><w:body>{body}</w:body></w:document>'})


def zipped(parts: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def paragraph(text: str) -> str:
    return f"<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"


def test_docx_with_merged_cells(tmp_path: Path) -> None:
    document = opened(
        tmp_path / "a.docx",
        docx(
            paragraph("Barn")
            + paragraph("")
            + "<w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr>"
            + cell("Insats", '<w:vMerge w:val="restart"/>')
            + cell("Utfall", '<w:gridSpan w:val="2"/>')
            + "</w:tr><w:tr>"
            + cell("", "<w:vMerge/>")
            + cell("2021")
            + "<w:sdt><w:sdtContent>"
            + cell("2022")
            + "</w:sdtContent></w:sdt></w:tr>"
            + "<w:tr><w:trPr><w:del/></w:trPr>"
            + cell("gone")
            + "</w:tr>"
            + "<w:tr>"
            + cell("LSS")
            + cell("1")
            + cell("2")
            + "</w:tr></w:tbl>"
            + paragraph("Slut")
        ),
    )
    assert document.lines == ["Barn", "", "Insats\tUtfall", "\t2021\t2022", "LSS\t1\t2", "Slut"]
    assert texts(document.grids[0]) == [["Insats", "Utfall", "Utfall"], ["Insats", "2021", "2022"], ["LSS", "1", "2"]]
    assert document.grids[0].heading_rows == 1


def test_docx_reads_as_with_all_changes_accepted(tmp_path: Path) -> None:
    run = "<w:r><w:t>{}</w:t></w:r>".format
    body = (
        f"<w:p><w:del>{run('9')}</w:del><w:ins>{run('Barn ')}</w:ins><w:hyperlink>{run('1')}</w:hyperlink><w:r><w:tab/>"
        f"<w:t>2</w:t><w:noBreakHyphen/><w:t>3</w:t></w:r><w:moveFrom>{run('8')}</w:moveFrom></w:p>"
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice><w:p><w:r>'
        f"<w:txbxContent>{paragraph('Ruta 4')}</w:txbxContent></w:r></w:p></mc:Choice><mc:Fallback>{paragraph('Ruta 4')}"
        "</mc:Fallback></mc:AlternateContent>"
    )
    lines = [line for line in opened(tmp_path / "a.docx", docx(body)).lines if line]
    assert lines == ["Barn 1 2-3", "Ruta 4"]


def test_docx_entities_are_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("barn 1")
    entity = f'<!DOCTYPE w:document [<!ENTITY e SYSTEM "{(tmp_path / "secret.txt").as_uri()}">]>'
    assert "entities" in refusal(tmp_path / "a.docx", docx(paragraph("barn 1 &e;"), entity))


@pytest.mark.parametrize("part", [b"<w:document", b"", b"\xff\xfe\x00"])
def test_broken_docx(tmp_path: Path, part: bytes) -> None:
    assert "broken" in refusal(tmp_path / "a.docx", zipped({"word/document.xml": part}))


def test_deeply_nested_docx(tmp_path: Path) -> None:
    assert "nested" in refusal(tmp_path / "a.docx", docx("<w:sdt>" * 50_000 + paragraph("barn 1") + "</w:sdt>" * 50_000))


# XLSX


@pytest.mark.parametrize(
    ("first", "caption"), [("Placerade 2022", "Blad LSS / Placerade 2022 / Antal"), ("Uttag 2022-01-15", "Blad LSS / Antal")]
)
def test_xlsx_a_title_of_two_lines_is_the_caption_but_for_the_day_it_was_made(tmp_path: Path, first: str, caption: str) -> None:
    rows = [[first], ["Antal"], ["Insats", "Kv 1", "Kv 2"], ["A", 5, 6], ["B", 7, 9]]
    assert opened(tmp_path / "a.xlsx", xlsx(rows)).grids[0].caption == caption


def xlsx(rows: Sequence[Sequence[object]], formats: dict[str, str] | None = None, merge: str | None = None) -> bytes:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "Blad LSS"
    for row in rows:
        sheet.append(list(row))
    for place, number_format in (formats or {}).items():
        sheet[place].number_format = number_format
    if merge:
        sheet.merge_cells(merge)
    hidden = workbook.create_sheet("Dold")
    hidden.append(["hemligt", 9])
    hidden.sheet_state = "hidden"
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def test_xlsx_shows_cells_as_excel_does(tmp_path: Path) -> None:
    document = opened(
        tmp_path / "a.xlsx",
        xlsx(
            [["Titel"], [None, "Utfall", None], ["Insats", 2021, 2022], ["Barn", 12345.6, 0.1234], [], [], [], ["Barn", 1, True]],
            {"B4": "#,##0", "C4": "0.0%"},
            "B2:C2",
        ),
    )
    assert document.lines == ["Blad LSS", "Titel", "\tUtfall", "Insats\t2021\t2022", "Barn\t12 346\t12,3%", "Barn\t1\tSANT"]
    assert texts(document.grids[0]) == [["", "Utfall", "Utfall"], ["Insats", "2021", "2022"], ["Barn", "12 346", "12,3%"]]
    assert [grid.caption for grid in document.grids] == ["Blad LSS / Titel", "Blad LSS"]


@pytest.mark.parametrize("gap", [[], [[]]], ids=["rows follow each other", "an empty row between"])
@pytest.mark.parametrize("note", [[], [["Siffrorna är preliminära."]]], ids=["no note", "a note"])
def test_words_and_headings_below_figures_begin_another_table_of_a_sheet(
    tmp_path: Path, gap: list[list[object]], note: list[list[object]]
) -> None:
    first = [["Insatser den 1 oktober"], ["Insats", 2021, 2022], ["Boende", 12, 13], ["Köpta"], ["Boende", 3, 4]]
    second = [["Kostnad (tkr)"], [None, "Utfall 2022", "Budget 2023"], ["Boende", 900, 950]]
    document = opened(tmp_path / "a.xlsx", xlsx([*first, *note, *gap, *second]))
    assert [texts(grid)[0][-1] for grid in document.grids] == ["2022", "Budget 2023"]
    assert [grid.caption for grid in document.grids] == ["Blad LSS / Insatser den 1 oktober", "Blad LSS / Kostnad (tkr)"]
    assert [row[0] for row in texts(document.grids[0])] == ["Insats", "Boende", "Köpta", "Boende"]


@pytest.mark.parametrize(("gap", "tables"), [([[]], ["2022", "Hushåll"]), ([], ["2022"])])
def test_headings_behind_an_empty_row_begin_another_table_of_a_sheet(
    tmp_path: Path, gap: list[list[object]], tables: list[str]
) -> None:
    first = [["Månad", 2021, 2022], ["Juli", 297, 272], ["Augusti", 298, 273]]
    second = [["Hushållstyp, augusti 2022", "Hushåll"], ["Ensamstående", 92], ["Par", 38]]
    document = opened(tmp_path / "a.xlsx", xlsx([*first, *gap, *second]))
    assert [[text for text in texts(grid)[0] if text][-1] for grid in document.grids] == tables


@pytest.mark.parametrize("below", [["Boende", 3, 4], ["SiS", "x", ".."], ["SiS", "x", 4]])
def test_words_over_figures_are_a_group_of_the_same_table_of_a_sheet(tmp_path: Path, below: list[object]) -> None:
    document = opened(tmp_path / "a.xlsx", xlsx([["Insats", 2021, 2022], ["Boende", 12, 13], [], ["Köpta platser"], below]))
    assert len(document.grids) == 1


def test_sentences_below_a_table_of_a_sheet_are_none_of_its_rows(tmp_path: Path) -> None:
    document = opened(tmp_path / "a.xlsx", xlsx([["Insats", 2021, 2022], ["Boende", 12, 13], ["Räknat den 1 oktober."]]))
    assert len(document.grids[0].rows) == 2
    assert document.lines[-1] == "Räknat den 1 oktober."


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (0.5, "0%", "50%"),
        (-0.004, "0.0%", "-0,4%"),
        (-0.0004, "0.0%", "0,0%"),
        (-13902, "# ##0", "-13 902"),
        (2022, "0", "2022"),
        (2022, "General", "2022"),
        (0.1 + 0.2, "General", "0,3"),
        (-1234.5, "#,##0.0;[Red]-#,##0.0", "-1 234,5"),
        (1234567, '#,##0,"tkr"', "1 235 tkr"),
        (12, "#,##0 [$kr-41D]", "12 kr"),
        (1.5, "0.##", "1,5"),
        (2, "0.##", "2"),
        (0.885, "0%", "89%"),
        (2.5, "0", "3"),
        (-0.5, "0", "-1"),
    ],
)
def test_number_formats(value: float, number_format: str, shown: str) -> None:
    assert print_cell(value, number_format) == shown


def test_spreadsheet_bombs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parts: dict[str, str | bytes] = {"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": b" " * 20_000_000}
    assert "unpacks to" in refusal(tmp_path / "a.xlsx", zipped(parts))
    monkeypatch.setattr(archives, "MAX_UNPACKED", 1_000)
    assert "unpacks to more" in refusal(tmp_path / "b.xlsx", xlsx([["barn", 1]]))


def test_a_cell_far_away_does_not_fill_memory(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet["A1"], sheet["B1"], sheet["A1048576"], sheet["B1048576"] = "barn", 1, "unga", 2
    sheet["A1"].font = Font(bold=True)
    workbook.save(tmp_path / "a.xlsx")
    assert open_document(tmp_path / "a.xlsx").lines == ["Sheet", "barn\t1", "unga\t2"]
    sheet["XFD1"] = 3
    workbook.save(tmp_path / "b.xlsx")
    with pytest.raises(SocialvolymError, match="columns"):
        open_document(tmp_path / "b.xlsx")


def test_too_many_cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builder, "MAX_CELLS", 5)
    assert "5 cells" in refusal(tmp_path / "a.md", b"|barn|2|\n|-|-|\n|3|4|\n|5|6|\n|7|8|\n")


# PDF


def pdf(*, borders: str = "ALL", pages: int = 1, rows: Sequence[Sequence[str]] = ROWS, landscape: bool = False) -> FPDF:
    document = FPDF(orientation="landscape" if landscape else "portrait")
    document.set_font("Helvetica", size=9)
    for number in range(pages):
        document.add_page()
        document.cell(text=f"Socialnämnden {number}")
        document.ln(15)
        add_table(document, rows, borders)
        document.ln(10)
        document.cell(text="Text efter")
    return document


def add_table(document: FPDF, rows: Sequence[Sequence[str]], borders: str = "ALL") -> None:
    with document.table(
        borders_layout=borders, line_height=5, text_align=("LEFT", *["RIGHT"] * (len(rows[0]) - 1)), width=150
    ) as table:
        for row in rows:
            table.row(list(row))


@pytest.mark.parametrize("borders", ["ALL", "NONE", "HORIZONTAL_LINES", "SINGLE_TOP_LINE", "MINIMAL", "INTERNAL"])
def test_pdf_tables_with_and_without_ruling_lines(tmp_path: Path, borders: str) -> None:
    document = opened(tmp_path / "a.pdf", bytes(pdf(borders=borders).output()))
    assert [texts(grid) for grid in document.grids] == [ROWS]
    assert [line for line in document.lines if line] == ["Socialnämnden 0", *("\t".join(row) for row in ROWS), "Text efter"]
    first = document.grids[0].rows[1][1]
    assert first.box is not None
    left, top, right, bottom = first.box
    assert (first.text, first.page) == ("1 045", 1)
    assert 0 < left < right < 596
    assert 60 < top < bottom < 160


@pytest.mark.parametrize("borders", ["ALL", "NONE"])
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_turned_pages(tmp_path: Path, borders: str, turn: int) -> None:
    source = pdfium.PdfDocument(bytes(pdf(borders=borders).output()))
    source[0].set_rotation(turn)
    source.save(tmp_path / "a.pdf")
    assert [texts(grid) for grid in open_document(tmp_path / "a.pdf").grids] == [ROWS]


@pytest.mark.parametrize("borders", ["ALL", "NONE"])
@pytest.mark.parametrize("angle", [90, 180, 270])
def test_text_turned_on_the_page(tmp_path: Path, borders: str, angle: int) -> None:
    document = FPDF()
    document.set_font("Helvetica", size=9)
    document.add_page()
    with document.rotation(angle, 105, 148):
        document.set_xy(20, 100)
        add_table(document, ROWS, borders)
    opened_document = opened(tmp_path / "a.pdf", bytes(document.output()))
    assert [texts(grid) for grid in opened_document.grids] == [ROWS]


def test_pdf_merged_cells(tmp_path: Path) -> None:
    document = FPDF()
    document.set_font("Helvetica", size=9)
    document.add_page()
    with document.table(borders_layout="ALL", num_heading_rows=2) as table:
        head = table.row()
        head.cell("Insats", rowspan=2)
        head.cell("Utfall", colspan=2)
        table.row(["2021", "2022"])
        table.row(["Barn", "1", "2"])
    read = opened(tmp_path / "a.pdf", bytes(document.output()))
    assert texts(read.grids[0]) == [["Insats", "Utfall", "Utfall"], ["Insats", "2021", "2022"], ["Barn", "1", "2"]]


@pytest.mark.parametrize("borders", ["ALL", "NONE"])
def test_pdf_rows_broken_over_lines(tmp_path: Path, borders: str) -> None:
    rows = [
        ["Insats", "Utfall\n2021", "Utfall\n2022"],
        ["Barn och unga i familjehem\neller jourhem", "1 045", "1 047"],
        ["Vuxna", "45", "47"],
    ]
    document = FPDF()
    document.set_font("Helvetica", size=9)
    document.add_page()
    with document.table(borders_layout=borders, line_height=5, padding=2, width=120, text_align="LEFT") as table:
        for row in rows:
            table.row(row)
    read = opened(tmp_path / "a.pdf", bytes(document.output()))
    assert [texts(grid) for grid in read.grids] == [[[text.replace("\n", " ") for text in row] for row in rows]]


@pytest.mark.parametrize(
    ("label", "number"), [("Familjehem barn och\nunga", "20 110"), ("Hushåll med\nekonomiskt bistånd", "31")]
)
def test_figures_centred_beside_a_label_of_two_lines_are_its_row(tmp_path: Path, label: str, number: str) -> None:
    rows = [
        ["", "Utfall 2026", "Utfall 2027"],
        [label, number, "22 980"],
        ["Stödboende", "2 710", "2 540"],
        [label, "31", "33"],
    ]
    document = FPDF()
    document.set_font("Helvetica", size=9)
    document.add_page()
    top = 20.0
    for row in rows:
        parts = row[0].split("\n")
        for place, part in enumerate(parts):
            document.text(20, top + 4 * place, part)
        for place, text in enumerate(row[1:]):
            document.text(80 + 30 * place, top + 2 * (len(parts) - 1), text)
        top += 4 * len(parts) + 2
    read = opened(tmp_path / "a.pdf", bytes(document.output()))
    assert [texts(grid) for grid in read.grids] == [[[text.replace("\n", " ") for text in row] for row in rows]]


@pytest.mark.parametrize("borders", ["ALL", "NONE"])
def test_a_table_goes_on_over_a_page_break_and_its_headings_are_not_rows(tmp_path: Path, borders: str) -> None:
    rows = [ROWS[0], *([f"Insats {number}", "1 045", "47", "1 100"] for number in range(120))]
    document = opened(tmp_path / "a.pdf", bytes(pdf(borders=borders, rows=rows).output()))
    assert [texts(grid) for grid in document.grids] == [rows]
    assert {cell.page for row in document.grids[0].rows for cell in row} == {1, 2, 3}


def test_like_tables_with_text_between_are_two(tmp_path: Path) -> None:
    document = FPDF()
    document.set_font("Helvetica", size=9)
    for _ in range(2):
        document.add_page()
        for number in range(5):
            document.cell(text=f"Nämndens text {number}")
            document.ln(5)
        add_table(document, ROWS)
    assert len(opened(tmp_path / "a.pdf", bytes(document.output())).grids) == 2


def test_two_columns_of_text_are_read_one_after_the_other(tmp_path: Path) -> None:
    document = FPDF()
    document.set_font("Helvetica", size=9)
    document.add_page()
    for side in (0, 1):
        for number in range(8):
            name = "höger" if side else "vänster"
            document.text(20 + 90 * side, 30 + 5 * number, f"{name} rad {number} om barn och unga i kommunen")
    lines = [line for line in opened(tmp_path / "a.pdf", bytes(document.output())).lines if line]
    assert [line.split()[0] for line in lines] == ["vänster"] * 8 + ["höger"] * 8


def test_raised_footnote_marks_stay_on_their_line(tmp_path: Path) -> None:
    document = FPDF()
    document.set_font("Helvetica", size=9)
    document.add_page()
    document.write(text="Andelen barn var 49,3%")
    document.char_vpos = "SUP"
    document.write(text="3")
    document.char_vpos = "LINE"
    document.write(text=" under året")
    assert opened(tmp_path / "a.pdf", bytes(document.output())).lines == ["Andelen barn var 49,3%3 under året"]


def test_a_scanned_pdf(tmp_path: Path) -> None:
    document = FPDF()
    document.add_page()
    document.rect(20, 20, 100, 100, style="F")
    assert "scanned" in refusal(tmp_path / "a.pdf", bytes(document.output()))


def test_an_encrypted_pdf(tmp_path: Path) -> None:
    document = pdf()
    document.set_encryption(owner_password="a", user_password="b")
    assert "password" in refusal(tmp_path / "a.pdf", bytes(document.output()))


def test_a_broken_pdf(tmp_path: Path) -> None:
    assert "broken" in refusal(tmp_path / "a.pdf", b"%PDF-1.7\nbarn 1")


def test_a_thousand_pages_within_bounded_memory(tmp_path: Path) -> None:
    document = FPDF()
    document.set_font("Helvetica", size=9)
    for number in range(1_000):
        document.add_page()
        document.cell(text=f"Barn {number}")
    document.output(str(tmp_path / "a.pdf"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    read = open_document(tmp_path / "a.pdf")
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * (1 if sys.platform == "darwin" else 1024)
    assert read.pages[-1] == 1_000
    assert read.lines[-1] == "Barn 999"
    assert grown < 100_000_000


# Files that are no reports


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf \n", "is empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old Word or Excel"),
        (b"\x89PNG\r\n", "image"),
        (b"{\\rtf1 barn 1}", "RTF"),
        (b"PK\x03\x04", "broken"),
        (b"\x00\x01\x02\x03" * 100, "not text"),
        (b"kommunen utan siffror", "not one figure"),
        (b"def f(): return 12", "does not look like a report"),
    ],
)
def test_what_is_no_report(tmp_path: Path, content: bytes, says: str) -> None:
    assert says in refusal(tmp_path / "a.pdf", content)


def test_other_zips_absent_files_and_folders(tmp_path: Path) -> None:
    assert "neither" in refusal(tmp_path / "a.zip", zipped({"a.txt": "barn 1"}))
    for path, says in ((tmp_path / "absent.txt", "no such file"), (tmp_path, "folder")):
        with pytest.raises(SocialvolymError, match=says):
            open_document(path)


@pytest.mark.parametrize("name", ["a.txt", "a.pdf", "a.docx", "a"])
def test_the_content_decides_not_the_name(tmp_path: Path, name: str) -> None:
    assert len(opened(tmp_path / name, xlsx(ROWS)).grids) == 1
    assert len(opened(tmp_path / name, bytes(pdf().output())).grids) == 1
    assert opened(tmp_path / name, "barn 1").lines == ["barn 1"]


# Anything at all

SEEDS = {
    "a.pdf": bytes(pdf().output()),
    "a.docx": docx(paragraph("barn 1") + f"<w:tbl><w:tr>{cell('1')}{cell('2')}</w:tr></w:tbl>"),
    "a.xlsx": xlsx(ROWS),
    "a.html": b"<table><caption>barn</caption><tr><th colspan=2>1<tr><td rowspan=3>2<td>3</table>",
    "a.md": b"# barn\n|1|2|\n|--|:-:|\n|3|4|\n",
    "a.txt": "Hushåll\t12\nbarn 3".encode(),
}


@pytest.mark.parametrize("name", SEEDS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damaged_files_are_read_or_refused(tmp_path: Path, name: str, data: st.DataObject) -> None:
    content = bytearray(SEEDS[name])
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(content) - 1))
        piece = data.draw(st.binary(max_size=6))
        content[place : place + data.draw(st.integers(0, 20))] = piece
        if not content:
            break
    path = tmp_path / name
    path.write_bytes(bytes(content))
    try:
        check_places(open_document(path))
    except SocialvolymError as error:
        assert str(path) in str(error)


@pytest.mark.parametrize("start", [b"%PDF-1.7\n", b"PK\x03\x04", b"<html>", b""])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rest=st.binary(max_size=400))
def test_random_bytes_are_read_or_refused(tmp_path: Path, start: bytes, rest: bytes) -> None:
    path = tmp_path / "a"
    path.write_bytes(start + rest)
    try:
        check_places(open_document(path))
    except SocialvolymError as error:
        assert str(path) in str(error)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parts=st.lists(
        st.sampled_from(
            [
                "<table>",
                "</table>",
                "<tr>",
                "<td colspan=3>",
                "<td rowspan=2>",
                "<th>",
                "<thead>",
                "</thead>",
                "<caption>",
                "</caption>",
                "1",
                "barn",
                "<p>",
                "</td>",
                "<br>",
                "<script>",
                "</script>",
            ]
        )
    )
)
def test_any_order_of_html_tags(tmp_path: Path, parts: list[str]) -> None:
    path = tmp_path / "a.html"
    path.write_text("<html>barn 1" + "".join(parts))
    check_places(open_document(path))


def test_tabs_of_a_paragraph_set_out_a_row_but_no_contents_line() -> None:
    lines = ["Insats\t2022\t\t2023", "1.2\tInledning\t5", "Bilagor\t9", "\tKvinnor\tMän"]
    builder = DocumentBuilder()
    for line in lines:
        builder.line(line)
    assert builder.lines == [lines[0], "1.2 Inledning 5", "Bilagor 9", lines[3]]


def test_headings_before_a_page_break_belong_to_the_table_after_it(tmp_path: Path) -> None:
    pdf = FPDF()
    pdf.set_font("Helvetica", size=10)
    pdf.add_page()
    pdf.set_y(-40)
    pdf.cell(0, 5, "Insats 2021 2022 2023", new_x="LMARGIN", new_y="NEXT")
    pdf.add_page()
    with pdf.table(borders_layout="NONE", first_row_as_headings=False, col_widths=(4, 1, 1, 1)) as table:
        for row in (["Barn i HVB", "12", "14", "15"], ["Barn i familjehem", "40", "41", "44"], ["Barn i jourhem", "7", "6", "9"]):
            table.row(row)
    pdf.output(str(tmp_path / "a.pdf"))
    (found,) = find_tables(open_document(tmp_path / "a.pdf"))
    assert found.headings == ["2021", "2022", "2023"]


def test_the_box_of_a_figure_is_where_it_is_printed(tmp_path: Path) -> None:
    pdf = FPDF(unit="pt", format=(600, 800))
    pdf.set_font("Helvetica", size=10)
    pdf.add_page()
    pdf.text(100, 200, "Under 2023 fick 1 204 personer stöd och 36 hushåll bistånd.")
    pdf.output(str(tmp_path / "a.pdf"))
    document = open_document(tmp_path / "a.pdf")
    left, top, right, bottom = document.boxes(1, "1 204")[0]
    begin = 100 + pdf.get_string_width("Under 2023 fick ")
    assert left == pytest.approx(begin, abs=2) and right == pytest.approx(begin + pdf.get_string_width("1 204"), abs=2)
    assert top < 200 < bottom + 1 and bottom - top < 15
    assert document.boxes(1, "36") and document.boxes(1, "37") == []


def ruled(path: Path, rows: list[list[str]], widths: tuple[int, ...]) -> list[list[str]]:
    document = FPDF()
    document.set_font("Helvetica", size=9)
    document.add_page()
    with document.table(
        borders_layout="ALL", line_height=5, padding=1, col_widths=widths, width=sum(widths), text_align="LEFT"
    ) as table:
        for row in rows:
            table.row(row)
    (grid,) = opened(path, bytes(document.output())).grids
    return texts(grid)


def test_pdf_numbers_broken_at_their_thousands_are_whole(tmp_path: Path) -> None:
    rows = [["Insats", "2021", "2022"], ["Hushåll", "1\n245", "1\n310"], ["Bistånd, kr", "8 912", "12\n047"]]
    assert ruled(tmp_path / "a.pdf", rows, (60, 30, 30))[1:] == [
        ["Hushåll", "1 245", "1 310"],
        ["Bistånd, kr", "8 912", "12 047"],
    ]


def test_pdf_numbers_too_wide_for_their_column_are_whole(tmp_path: Path) -> None:
    long = "Stöd till barn, unga och deras familjer i kommunens norra delar"
    rows = [["Insats", "21", "22"], [long, "1 000 450", "1 100 320"], ["Annat", "9", "8"]]
    assert ruled(tmp_path / "a.pdf", rows, (60, 10, 10))[1] == [long, "1 000 450", "1 100 320"]


def test_pdf_two_rows_in_one_ruled_cell_stay_two(tmp_path: Path) -> None:
    rows = [["Insats", "Utfall 2021", "Utfall 2022"], ["Barn\nVuxna", "120\n345", "131\n350"]]
    assert ruled(tmp_path / "a.pdf", rows, (60, 40, 40))[1:] == [["Barn", "120", "131"], ["Vuxna", "345", "350"]]


@pytest.mark.parametrize("below", ["B", 0])
def test_pdf_a_head_in_which_alone_columns_are_drawn_heads_the_rows_below(tmp_path: Path, below: str | int) -> None:
    document = FPDF()
    document.set_font("Helvetica", size=9)
    document.add_page()
    for border, texts_of_row in ((1, ["Insats", "2021", "2022"]), (below, ["A", "5", "7"]), (below, ["B", "12", "9"])):
        for width, text in zip((60, 40, 40), texts_of_row, strict=True):
            document.cell(width, 7, text, border=border)
        document.ln()
    (table,) = find_tables(opened(tmp_path / "a.pdf", bytes(document.output())))
    assert table.headings == ["2021", "2022"]
    assert [(row.label, [cell.text for cell in row.cells if cell]) for row in table.rows] == [
        ("A", ["5", "7"]),
        ("B", ["12", "9"]),
    ]


def test_xlsx_in_strict_form_is_read(tmp_path: Path) -> None:
    usual = xlsx([["Insats", 2021], ["Barn", 12]])
    strict = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(usual)) as source, zipfile.ZipFile(strict, "w") as target:
        for member in source.namelist():
            content = source.read(member)
            for name, short in (
                (b"spreadsheetml/2006/main", b"spreadsheetml/main"),
                (b"officeDocument/2006/", b"officeDocument/"),
            ):
                content = content.replace(b"http://schemas.openxmlformats.org/" + name, b"http://purl.oclc.org/ooxml/" + short)
            target.writestr(member, content)
    document = opened(tmp_path / "a.xlsx", strict.getvalue())
    assert texts(document.grids[0]) == [["Insats", "2021"], ["Barn", "12"]]


def unseen(path: Path, *texts_of_modes: tuple[str, str]) -> list[str]:
    document = FPDF()
    document.set_font("Helvetica", size=9)
    document.add_page()
    for mode, text in texts_of_modes:
        document.text_mode = mode
        document.cell(0, 6, text)
        document.ln(6)
    return [line for line in opened(path, bytes(document.output())).lines if line]


def test_pdf_text_that_is_not_drawn_is_left_out(tmp_path: Path) -> None:
    assert unseen(tmp_path / "a.pdf", ("FILL", "Barn 12"), ("INVISIBLE", "Barn 13")) == ["Barn 12"]


def test_pdf_text_that_was_recognised_on_a_scan_is_kept(tmp_path: Path) -> None:
    assert unseen(tmp_path / "a.pdf", ("INVISIBLE", "Barn 12"), ("INVISIBLE", "Vuxna 13")) == ["Barn 12", "Vuxna 13"]


@pytest.mark.parametrize("gap", [2.0, 4.0, 20.0])
def test_pdf_columns_that_stand_closely(tmp_path: Path, gap: float) -> None:
    rows = [["Insats", "2021", "2022", "2023"], ["Hushåll", "1 245", "1 310", "1 402"], ["Bistånd", "45 120", "47 300", "51 020"]]
    rows.append(["Medel", "8 912", "104", "9 377"])
    document = FPDF(unit="pt")
    document.set_font("Helvetica", size=9)
    document.add_page()
    wide = document.get_string_width("45 120") + gap
    for row in rows:
        document.cell(120, 14, row[0])
        place = document.get_x()
        for number, text in enumerate(row[1:], start=1):
            document.text(place + number * wide - document.get_string_width(text), document.get_y() + 10, text)
        document.ln(14)
    (grid,) = opened(tmp_path / "a.pdf", bytes(document.output())).grids
    assert texts(grid) == rows


def test_the_lines_of_a_workbook_know_their_sheet_and_its_row(tmp_path: Path) -> None:
    place = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    first, second = book.active, book.create_sheet("Mål")
    first.title = "LSS"
    for sheet in (first, second):
        sheet["B3"] = "Antal personer"
        for row, values in ((5, ("Insats", 2029, 2030)), (6, ("Kontaktperson", 7, 8)), (8, ("Ledsagning", 3, 4))):
            for column, value in enumerate(values, start=2):
                sheet.cell(row, column, value)
        sheet["B9"] = "Alla uppgifter avser den 1 oktober."
    book.save(place)
    document = open_document(place)
    begins = [document.lines.index(name) + 1 for name in ("LSS", "Mål")]
    rows = [[document.sheet_rows[begin + step] for step in range(6)] for begin in begins]
    assert rows == [[(begin, row) for row in (0, 3, 5, 6, 8, 9)] for begin in begins]
    assert document.sheet(len(document.lines)) == begins[1] and Document.from_text("Mål\n").sheet(1) is None


def test_headings_of_one_sheet_say_nothing_of_another(tmp_path: Path) -> None:
    place = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    book.active.title = "LSS"
    book.active.append(["Insatser enligt LSS"])
    goals = book.create_sheet("Mål")
    for row in (["Indikator", "Utfall 2029", "Utfall 2030"], ["Ej återaktualiserade ungdomar, %", 76, 81]):
        goals.append(row)
    book.save(place)
    found, _ = read_figures(open_document(place))
    assert {figure["domain"] for figure in found} == {"placements"}


@pytest.mark.parametrize("cell", ["238 (tidigare angivet 241)", "238 (rättad från 241)", "238 (först redovisat: 241)"])
def test_a_cell_that_says_what_was_told_before_is_the_figure_that_holds(tmp_path: Path, cell: str) -> None:
    place = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    for row in (["Insatser enligt LSS, antal personer", "2029", "2030"], ["Daglig verksamhet", cell, 243]):
        book.active.append(row)
    book.save(place)
    found, unread = read_figures(open_document(place))
    assert [figure["published_as"] for figure in found] == ["238", "243"]
    assert [(each["text"], each["reason"]) for each in unread] == [("241", "replaced by the figure before it")]
