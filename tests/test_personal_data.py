"""Personal data in documents of every format: nothing that a command writes or says repeats it."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from socialvolym.cli import cli
from socialvolym.commands import check
from socialvolym.documents.opening import open_document
from socialvolym.notation.privacy import MASK

REPOSITORY = Path(__file__).resolve().parents[1]
#: Made up: no such person exists, but date and check digit are valid. And what of each must be found nowhere.
PERSONAL = {
    "850312-1231": "1231",
    "850312 1231": "1231",
    "850312\u22121231": "1231",
    "19850312\u00ad-1231": "1231",
    "1985-03-12-1231": "1231",
    "85 03 12-1231": "1231",
    "850372-1238": "1238",
    "070-987 65 43": "65 43",
    "eva.a@exempel.se": "exempel.se",
    "brukaren BB": "brukaren BB",
}
ROWS = [
    ["Insats", "Ärende {}", "2022", "2023"],
    ["Placeringar i HVB, {}", "12", "14", "15"],
    ["Vårddygn i HVB", "{}", "1 200", "1 300"],
    ["Hushåll (1) {} av 3", "35", "Ja, {}", "9"],
]
TEXT = "Socialnämnden i Haninge kommun, årsredovisning 2023"
SENTENCE = "Under 2023 placerades 14 barn, däribland {} enligt beslut."


def rows(personal: str) -> list[list[str]]:
    return [[cell.format(personal) for cell in row] for row in ROWS]


def text(path: Path, people: Sequence[str], gap: str = "\t") -> None:
    lines = [TEXT, ""]
    for personal in people:
        lines += [f"Tabell 1. Volymer {personal}", *(gap.join(row) for row in rows(personal)), "", SENTENCE.format(personal), ""]
    path.write_text("\n".join(lines), encoding="utf-8")


def columns(path: Path, people: Sequence[str]) -> None:
    text(path, people, "    ")


def html(path: Path, people: Sequence[str]) -> None:
    body = f"<h1>{TEXT}</h1>"
    for personal in people:
        table = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows(personal))
        body += f"<table><caption>Volymer {personal}</caption>{table}</table><p>{SENTENCE.format(personal)}</p>"
    path.write_text(f"<html><body>{body}</body></html>", encoding="utf-8")


def word(path: Path, people: Sequence[str]) -> None:
    def paragraph(printed: str) -> str:
        return f"<w:p><w:r><w:t>{printed}</w:t></w:r></w:p>"

    body = paragraph(TEXT)
    for personal in people:
        cells = ("".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows(personal))
        table = "".join(f"<w:tr>{row}</w:tr>" for row in cells)
        body += paragraph(f"Tabell 1. Volymer {personal}") + f"<w:tbl>{table}</w:tbl>" + paragraph(SENTENCE.format(personal))
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>')


def sheet(path: Path, people: Sequence[str]) -> None:
    book = openpyxl.Workbook()
    for personal in people:
        page = book.create_sheet(personal[:31].replace(":", " ").replace("/", " "))
        for row in [[TEXT], [], *rows(personal), [], [SENTENCE.format(personal)]]:
            page.append(row)
    del book["Sheet"]
    book.save(path)


FORMATS: dict[str, Callable[[Path, Sequence[str]], None]] = {
    "tabs.txt": text,
    "columns.txt": columns,
    "page.html": html,
    "report.docx": word,
    "book.xlsx": sheet,
}


FORMS = ("text", "csv", "json", "html")


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("personal", PERSONAL)
def test_no_document_holds_it(tmp_path: Path, name: str, personal: str) -> None:
    FORMATS[name](tmp_path / name, [personal])
    document = open_document(tmp_path / name)
    told = repr(document)
    assert PERSONAL[personal] not in told
    assert MASK in told
    assert document.masked


def run(*arguments: object) -> str:
    """Run a command; return all that it says."""
    done = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.output


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_that_is_written_repeats_it(
    home: Path, name: str, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The forms write what is found once.
    monkeypatch.setattr(check, "check_document", lru_cache(check.check_document))
    outside = tmp_path_factory.mktemp("outside")
    for name_of_folder in ("notebooks", "expectations"):
        shutil.copytree(REPOSITORY / name_of_folder, home / name_of_folder)
    (home / "data" / "raw").mkdir(parents=True)
    document = outside / name
    FORMATS[name](document, list(PERSONAL))
    said = run("figures", document, "--unread", home / "unread.csv")
    said += "".join(run("check", document, "--format", form) for form in FORMS)
    said += run("add", document, "--id", Path(name).stem)
    for personal, secret in PERSONAL.items():
        assert secret not in said.replace(document.name, ""), personal
        for path in home.rglob("*"):
            if path.is_file() and home / "notebooks" not in path.parents:
                assert secret.encode() not in _written(path), (personal, path)
    assert list((home / "reports").rglob("*.html"))


def _written(path: Path) -> bytes:
    """Return what a file holds; of an executed notebook its cells, for the times in its metadata hold any four digits."""
    if path.suffix != ".ipynb":
        return path.read_bytes()
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return json.dumps([{**cell, "metadata": {}} for cell in cells], ensure_ascii=False).encode()
