"""Plain text, Markdown and CSV: finding the encoding, and tables with their cells."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from socialvolym.documents.builder import DocumentBuilder, Slot, composed
from socialvolym.documents.document import Document
from socialvolym.errors import SocialvolymError

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
#: Line ends of other systems than the line feed; a person who opens the file does not see them as lines.
_ODD_LINE_ENDS = str.maketrans(dict.fromkeys("\x0b\x1c\x1d\x1e\x85\u2028\u2029", " "))
#: What a letter outside ASCII between two letters is in Swedish text; others tell of a wrong encoding.
_BETWEEN_LETTERS = re.compile(r"(?<=[A-Za-z])[^\x00-\x7f](?=[A-Za-z])")
_SWEDISH = set("åäöÅÄÖéÉèàáüÜæøñçôêë\u00a0\u00ad’´`–—·²³½°§")
_GARBLED = re.compile("Ã[\u0080-\u00bf\u2013-\u203a\u0152-\u017e]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")

#: So many semicolons in so many lines, and in such a share of all, make a text one of cells.
_FEWEST_SIGNS, _FEWEST_ROWS, _NEARLY_ALL = 2, 3, 0.75
_DELIMITER = re.compile(r"^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
_PIPE = re.compile(r"(?<!\\)\|")
_HEADING = re.compile(r"^#{1,6}\s+")
_EMPHASIS = re.compile(r"(\*\*|__|`)(.+?)\1")


def decode(data: bytes, declared: str | None = None) -> str:
    """Return the text of bytes in UTF-8 (with or without BOM), UTF-16 with BOM, the declared encoding, or Latin-1.

    Raises
    ------
    SocialvolymError
        where the bytes are not text, or are text in another encoding.
    """
    text = composed(_twice_encoded(_decode(data, declared)))
    if len(_CONTROL.findall(text)) > len(text) // 1000:
        raise SocialvolymError("is not text: there are control characters in it; is the file of another kind than its name says?")
    between = _BETWEEN_LETTERS.findall(text)
    strange = sum(character not in _SWEDISH for character in between)
    if (strange > 2 and strange > len(between) / 2) or len(_GARBLED.findall(text)) > max(2, strange / 2):
        raise SocialvolymError("letters like å, ä and ö are garbled: the text is in an unknown encoding; save it as UTF-8")
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_ODD_LINE_ENDS)


def _twice_encoded(text: str) -> str:
    """Return the text before UTF-8 was taken for another encoding and encoded once more, where that gives Swedish letters."""
    if len(_GARBLED.findall(text)) < 2:
        return text
    for encoding in ("cp1252", "latin-1"):
        try:
            return text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return text


def _decode(data: bytes, declared: str | None) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data.decode(encoding, errors="replace")
    for encoding in ("utf-8", *([declared] if declared else []), "cp1252"):
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("latin-1")


def read_text(path: Path) -> Document:
    """Read a plain text file; its lines are the document's lines."""
    return Document.from_text(decode(path.read_bytes()))


def is_separated(text: str) -> bool:
    """Tell whether nearly all lines of a text are cells that semicolons part, equally many."""
    lines = [line.count(";") for line in text.split("\n") if line.strip()]
    count, often = Counter(lines).most_common(1)[0] if lines else (0, 0)
    return count >= _FEWEST_SIGNS and often >= _FEWEST_ROWS and often >= _NEARLY_ALL * len(lines)


def read_csv(path: Path) -> Document:
    """Read a CSV file, whatever its delimiter: rows with several cells are tables, others lines of text between them.

    Above a table a row with another number of cells than its rows is a line of text as well.
    """
    text = decode(path.read_bytes())
    delimiter = max(";\t,", key=lambda sign: sum(sign in line for line in text.split("\n")))
    builder = DocumentBuilder()
    rows: list[list[Slot]] = []
    try:
        read = list(csv.reader(io.StringIO(text), delimiter=delimiter))
        usual = Counter(len(cells) for cells in read if len(cells) > 1).most_common(1)
        for cells in read:
            above = not rows and usual and usual[0][1] >= _FEWEST_ROWS and len(cells) < usual[0][0]
            if sum(bool(cell.strip()) for cell in cells) > 1 and not above:
                rows.append([Slot(cell) for cell in cells])
                continue
            builder.table(rows)
            rows = []
            builder.line(" ".join(cells).strip())
    except csv.Error as error:
        raise SocialvolymError(f"is a broken CSV file ({error}): is a quotation mark in it never closed?") from error
    builder.table(rows)
    return builder.document()


def read_markdown(path: Path) -> Document:
    """Read a Markdown file: its lines, with the cells of pipe tables.

    The lines keep their numbers: a table's rows become tab-separated, its delimiter row empty.
    """
    lines = decode(path.read_bytes()).replace("\f", "\n").split("\n")
    builder = DocumentBuilder()
    number = 0
    while number < len(lines):
        end = _table_end(lines, number)
        if end:
            grid = builder.table([_row(lines[number])], heading_rows=1)
            builder.line("")
            if grid is not None:
                width = len(grid.rows[0])
                builder.extend(grid, [_row(line)[:width] for line in lines[number + 2 : end]])
            number = end
        else:
            builder.line(_plain(_HEADING.sub("", lines[number])))
            number += 1
    return builder.document()


def _table_end(lines: Sequence[str], start: int) -> int:
    """Return the line after the pipe table that begins on a line; 0 where none begins."""
    delimiter = lines[start + 1] if start + 1 < len(lines) else ""
    if "|" not in lines[start] or not _DELIMITER.match(delimiter) or len(_row(lines[start])) != len(_row(delimiter)):
        return 0
    end = start + 2
    while end < len(lines) and "|" in lines[end]:
        end += 1
    return end


def _row(line: str) -> list[Slot]:
    inner = line.strip().removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return [Slot(_plain(cell.replace("\\|", "|"))) for cell in _PIPE.split(inner)]


def _plain(text: str) -> str:
    return _EMPHASIS.sub(r"\2", text).strip()
