"""Opening a document: which format a file really has, by its content, and its text and tables as a Document."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from socialvolym.documents.document import Document
from socialvolym.errors import SocialvolymError

#: Larger than any report; what goes beyond is refused before it is read.
MAX_BYTES = 500_000_000

_HEAD = 4096
_REPORT_WORDS = Path(__file__).with_name("report_words.csv")
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|table)\b", re.IGNORECASE)
_MARKDOWN_SUFFIXES = {".md", ".markdown"}

#: How a file of a format that is not read begins, and what to do with it.
_REFUSED = (
    (
        b"\xd0\xcf\x11\xe0",
        "is an old Word or Excel file (.doc, .xls) or protected by a password; save it without a password as .docx, .xlsx or PDF",
    ),
    (b"\x89PNG", "is an image; let a text recognition program (OCR) make a PDF with text of it"),
    (b"\xff\xd8\xff", "is an image; let a text recognition program (OCR) make a PDF with text of it"),
    (b"GIF8", "is an image; let a text recognition program (OCR) make a PDF with text of it"),
    (b"{\\rtf", "is an RTF file; save it as .docx or PDF"),
    (b"\x1f\x8b", "is a compressed file; unpack it first"),
    (b"7z\xbc\xaf", "is a compressed file; unpack it first"),
)


def open_document(path: Path) -> Document:
    """Read a report's text and tables, as `open_described` does, and refuse what cannot be a report from social services.

    Raises
    ------
    SocialvolymError
        as `open_described`; and where there is no figure in the document, or none of the words that every report uses.
    """
    document = open_described(path)
    _check_report(document, path)
    return document


def open_described(path: Path) -> Document:
    """Read the text and tables of a text, Markdown, CSV, HTML, DOCX, XLSX or PDF file that somebody has said to be a report.

    The content decides the format, not the file's name. Nothing is fetched or executed.

    Raises
    ------
    SocialvolymError
        where the file is absent, empty, broken, protected, too large, of another format, an image without text, or in an
        unknown encoding.
    """
    try:
        return _reader(path)(path)
    except OSError as error:
        raise SocialvolymError(f"{path}: cannot be read: {error.strerror or error}") from error
    except SocialvolymError as error:
        message = str(error)
        raise SocialvolymError(message if message.startswith(str(path)) else f"{path}: {message}") from error


def _reader(path: Path) -> Callable[[Path], Document]:
    """Find the reader for a file by its first bytes; readers are imported only when they are needed."""
    if not path.is_file():
        if path.exists() and not path.is_dir():
            raise SocialvolymError("is a pipe or a device, not a file; save the document and give the file's name")
        raise SocialvolymError("is a folder, not a document" if path.is_dir() else "there is no such file")
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise SocialvolymError(f"has {size // 1_000_000} MB; documents of up to {MAX_BYTES // 1_000_000} MB are read")
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head.strip(b"\x00\xef\xbb\xbf \t\r\n\x0c"):
        raise SocialvolymError("is empty")
    if b"%PDF-" in head[:1024]:
        from socialvolym.documents.pdf import read_pdf

        return read_pdf
    if head.startswith(b"PK"):
        return _zip_reader(path)
    for start, reason in _REFUSED:
        if head.startswith(start):
            raise SocialvolymError(reason)
    if _HTML.search(head) or path.suffix.lower() in {".html", ".htm"}:
        from socialvolym.documents.html import read_html

        return read_html
    from socialvolym.documents.text import decode, is_separated, read_csv, read_markdown, read_text

    if path.suffix.lower() == ".csv" or is_separated(decode(path.read_bytes())):
        return read_csv
    return read_markdown if path.suffix.lower() in _MARKDOWN_SUFFIXES else read_text


def _zip_reader(path: Path) -> Callable[[Path], Document]:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise SocialvolymError(f"is a broken file (it begins like .docx or .xlsx): {error}; save or download it again") from error
    if "word/document.xml" in names:
        from socialvolym.documents.docx import read_docx

        return read_docx
    if "xl/workbook.xml" in names:
        from socialvolym.documents.xlsx import read_xlsx

        return read_xlsx
    raise SocialvolymError("is a packed file that is neither .docx nor .xlsx; save the report in one of these formats or as PDF")


@lru_cache(maxsize=1)
def _report_words() -> re.Pattern[str]:
    words = _REPORT_WORDS.read_text(encoding="utf-8").split()[1:]
    return re.compile("|".join(re.escape(word) for word in words), re.IGNORECASE)


def _check_report(document: Document, path: Path) -> None:
    """Refuse what cannot be a report: no figures at all, or none of the words that every such report uses."""
    if not any(line.strip() for line in document.lines):
        raise SocialvolymError(f"{path}: is empty: there is no text in it")
    if not any(character.isdigit() for line in document.lines for character in line):
        raise SocialvolymError(f"{path}: there is not one figure in it; is it the right document?")
    if not any(_report_words().search(line) for line in document.lines):
        raise SocialvolymError(
            f"{path}: does not look like a report from social services: none of the words in "
            f"{_REPORT_WORDS.name} stands in it; is it the right document?"
        )
