"""By hints: the printed cells of a text document, by its layout and prose hints, with nothing interpreted away."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from socialvolym.documents.document import Document
from socialvolym.documents.opening import open_described
from socialvolym.errors import SocialvolymError
from socialvolym.extraction.rows import AmbiguousRowError, Relation, groupings, join_label, numeric_runs, split_row
from socialvolym.notation.numbers import tidy
from socialvolym.reports.models import RawReport, Row, Table
from socialvolym.vocabulary.columns import CELL_SCHEMA

_RELATION = re.compile(r"^(\d+)([+\-/])(\d+)=(\d+)$")
_RELATION_KINDS = {"+": "sum", "-": "difference", "/": "share"}
_LINE_CELL = re.compile(r"^(\d+):(.*)$", re.DOTALL)


@dataclass
class Cell:
    """One printed cell (a row of cells.csv)."""

    table: str | None
    line: int
    text: str
    row_label: str
    column_label: str | None = None
    group: str | None = None
    kind: str = "table"
    page: int | None = None
    note: str | None = None


@dataclass
class _Reader:
    """The state of reading one table: the labels and headings that wait for their figures."""

    table: Table
    lines: Sequence[str]
    cells: list[Cell] = field(default_factory=list)
    pending: list[str] = field(default_factory=list)
    group: str | None = None

    def read(self) -> list[Cell]:
        helped = {row.line: row for row in self.table.rows if row.line is not None and row.cells is not None}
        for number in range(self.table.lines[0], self.table.lines[1] + 1):
            if number in self.table.skip:
                continue
            if number in helped:
                self._helped(number, helped[number])
            elif self.lines[number - 1].strip():
                self._line(number, self.lines[number - 1])
        return self.cells

    def _helped(self, number: int, hint: Row) -> None:
        self.pending.clear()
        if hint.group:
            self.group = hint.group
        texts = []
        for cell in hint.cells or ():
            match = _LINE_CELL.match(cell)
            line, text = (int(match[1]), match[2]) if match else (number, cell)
            printed = self.lines[line - 1] if 1 <= line <= len(self.lines) else ""
            if text and tidy(text) not in tidy(printed):
                raise SocialvolymError(
                    f"table {self.table.id}: the row hint for line {number} expects {text!r} on line {line}, "
                    "which does not stand there; correct the hint in layout.toml"
                )
            texts.append((line, text))
        self._add(hint.label, texts, hint.columns)

    def _line(self, number: int, line: str) -> None:
        hint = next((row for row in self.table.rows if row.line == number), None)
        columns = hint.columns if hint else None
        label, texts = self._tabbed(line) if "\t" in line else self._run_together(number, line, columns)
        if not any(texts):
            self._wait(label)
            return
        if hint is not None:
            label = hint.label
            self.pending.clear()
        elif self.table.pending == "label":
            label = join_label([*self.pending, label])
            self.pending.clear()
        elif not label and self.pending:
            label = join_label(self.pending)
            self.pending.clear()
        self._add(label, [(number, text) for text in texts], columns)

    def _wait(self, label: str) -> None:
        if self.table.pending == "group":
            self.group = label
        elif self.table.pending == "label":
            self.pending.append(label)

    def _tabbed(self, line: str) -> tuple[str, list[str]]:
        parts = [tidy(part) for part in line.rstrip("\n").split("\t")]
        first = self.table.label_columns
        texts = parts[first : first + len(self.table.columns)]
        return " ".join(filter(None, parts[:first])), texts + [""] * (len(self.table.columns) - len(texts))

    def _run_together(self, number: int, line: str, columns: Sequence[int] | None) -> tuple[str, Sequence[str]]:
        words = tidy(line).split()
        count = len(self.table.columns) if columns is None else len(columns)
        relations = self._relations() if columns is None else []
        for start, end in sorted(numeric_runs(words), key=lambda run: run[0] - run[1]):
            for first in range(start, end):
                if any(True for _ in groupings(words[first:end], count)):
                    try:
                        return " ".join(words[:first]), split_row(words[first:end], count, relations)
                    except AmbiguousRowError as error:
                        raise AmbiguousRowError(f"line {number}: {error}") from error
        return tidy(line), []

    def _relations(self) -> list[Relation]:
        found = []
        for text in self.table.relations:
            match = _RELATION.match(text)
            if not match:
                raise SocialvolymError(f"table {self.table.id}: {text!r} is no relation; write like 0+1=2, 0-1=2 or 0/1=2")
            found.append(Relation(_RELATION_KINDS[match[2]], int(match[1]), int(match[3]), int(match[4])))
        return found

    def _add(self, label: str, texts: Sequence[tuple[int, str]], columns: Sequence[int] | None) -> None:
        places = columns if columns is not None else range(len(self.table.columns))
        if len(places) != len(texts):
            raise SocialvolymError(f"table {self.table.id}: row {label!r} has {len(texts)} cells for {len(places)} columns")
        for place, (line, text) in zip(places, texts, strict=True):
            self.cells.append(
                Cell(
                    table=self.table.id,
                    line=line,
                    text=text,
                    row_label=label,
                    group=self.group,
                    column_label=self.table.columns[place].label,
                    kind=self.table.kind,
                )
            )


def read_table(table: Table, lines: Sequence[str]) -> list[Cell]:
    """Read the cells of one table by its layout; a lost table gives one empty cell at its caption.

    Raises
    ------
    SocialvolymError
        where the layout does not fit the document.
    AmbiguousRowError
        where a row can be cut into cells in more than one way.
    """
    first, last = table.lines
    if not 1 <= first <= last <= len(lines):
        raise SocialvolymError(
            f"table {table.id}: there are no lines {first}-{last} in the document of {len(lines)} lines; correct layout.toml"
        )
    if table.lost:
        columns: list[str | None] = [column.label for column in table.columns]
        return [
            Cell(table=table.id, line=first, text="", row_label=table.caption, kind=table.kind, note="lost", column_label=column)
            for column in columns or [None]
        ]
    return _Reader(table, lines).read()


def read_prose(prose: pl.DataFrame, lines: Sequence[str]) -> Iterator[Cell]:
    """Read the figures that stand in sentences: each hint's text must stand on its line."""
    for row in prose.iter_rows(named=True):
        line = lines[row["line"] - 1] if row["line"] <= len(lines) else ""
        if row["text"] and not _stands(row["text"], line):
            raise SocialvolymError(f"prose.csv: {row['text']!r} does not stand on line {row['line']}; correct the hint")
        label = row["measure"] + (f": {row['breakdown']}" if row["breakdown"] else "")
        yield Cell(
            table=None,
            line=row["line"],
            text=row["text"] or "",
            row_label=label,
            kind="text",
            column_label=f"{row['series']} {row['period']}",
            note=row["note"],
        )


def _stands(text: str, line: str) -> bool:
    pattern = r"\s*".join(re.escape(word) for word in tidy(text).split())
    return re.search(rf"(?<![0-9]){pattern}(?![0-9])", tidy(line), re.IGNORECASE) is not None


def read_report(raw: RawReport, document: Document) -> pl.DataFrame:
    """Read all cells of a report (CELL_SCHEMA), in the order of the document."""
    cells = [cell for table in raw.layout.table for cell in _read_or_name(table, document.lines, raw.report.id)]
    cells.extend(read_prose(raw.prose, document.lines))
    frame = pl.DataFrame([vars(cell) for cell in cells], schema=CELL_SCHEMA)
    return frame.sort("line", maintain_order=True)


def _read_or_name(table: Table, lines: Sequence[str], report: str) -> list[Cell]:
    try:
        return read_table(table, lines)
    except AmbiguousRowError as error:
        raise SocialvolymError(f"{report}: table {table.id}: {error}; add a row hint to layout.toml") from error


def check_document(raw: RawReport, path: Path) -> Document:
    """Open a report's document after checking that it is the document that the report names."""
    if not path.exists():
        raise SocialvolymError(f"{path}: the document of {raw.report.id} is not there")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != raw.report.sha256:
        raise SocialvolymError(f"{path}: is not the document that {raw.report.id}/report.toml names (its sha256 is {digest})")
    return open_described(path)
