"""Blocks: paragraphs and tables as HTML and DOCX nest them, laid out as the lines and tables of a Document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from socialvolym.documents.builder import DocumentBuilder, Slot

#: Tables in tables in tables: deeper than this no document goes that a person wrote.
MAX_DEPTH = 50


@dataclass
class Cell:
    """A table cell: its paragraphs and tables, the columns and rows it spans."""

    blocks: list[str | Table] = field(default_factory=list)
    columns: int = 1
    rows: int = 1


@dataclass
class Table:
    """A table: its rows of cells, how many of them are declared headings, and its caption."""

    rows: list[list[Cell]] = field(default_factory=list)
    heading_rows: int = 0
    caption: str = ""


def add_blocks(builder: DocumentBuilder, blocks: Iterable[str | Table]) -> None:
    """Add paragraphs and tables; a table that holds tables is there for the layout, so its cells' blocks are added instead."""
    for block in blocks:
        if isinstance(block, str):
            for line in block.split("\n"):
                builder.line(line)
            continue
        cells = [cell for row in block.rows for cell in row]
        if any(isinstance(inner, Table) for cell in cells for inner in cell.blocks):
            for cell in cells:
                add_blocks(builder, cell.blocks)
            continue
        if block.caption:
            builder.line(block.caption)
        builder.table([[_slot(cell) for cell in row] for row in block.rows], block.heading_rows, block.caption)


def _slot(cell: Cell) -> Slot:
    return Slot("\n".join(block for block in cell.blocks if isinstance(block, str)), cell.columns, cell.rows)
