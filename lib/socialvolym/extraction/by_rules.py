"""Figures: a document that nobody has described becomes observations, and what is ambiguous becomes unread cells."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

import polars as pl

from socialvolym.documents.document import Document
from socialvolym.extraction.certainty import without_contradictions
from socialvolym.extraction.metadata import Metadata, find_metadata, named_municipality
from socialvolym.extraction.prose.repeats import read_as_repeated
from socialvolym.extraction.readings.accounting import ERROR, LEFT_OVER, doubt, left_over
from socialvolym.extraction.readings.sentence_readings import sentence_figures
from socialvolym.extraction.readings.surroundings import Surroundings, captions_of, sections_of, unread_text
from socialvolym.extraction.readings.table_readings import table_figures
from socialvolym.extraction.tables import find_tables
from socialvolym.extraction.text_lines import axis_lines, contents_lines
from socialvolym.vocabulary import UNKNOWN
from socialvolym.vocabulary.codebook import is_composed
from socialvolym.vocabulary.columns import FIGURE_SCHEMA, UNREAD_SCHEMA


def read_document(document: Document, metadata: Metadata | None = None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read the figures of a document without hints.

    Parameters
    ----------
    document : the document's lines and grids.
    metadata : what is known of the report; what is missing is looked for in the text.

    Returns
    -------
    observations : one row a figure (FIGURE_SCHEMA), in the order of the document.
    unread : one row a cell or a row that could not be understood (UNREAD_SCHEMA), with the reason.
    """
    observations, unread = read_figures(document, metadata)
    return pl.DataFrame(observations, schema=FIGURE_SCHEMA), pl.DataFrame(unread, schema=UNREAD_SCHEMA)


def read_figures(document: Document, metadata: Metadata | None = None) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Read the figures as `read_document` does, as rows that also hold what is not stored.

    That is row_label, group and column_label as printed and the column's place of a cell, and the sentence of a figure in one.
    """
    given = metadata or Metadata()
    metadata = given.completed_by(find_metadata(document))
    tables = find_tables(document)
    contents = contents_lines(document.lines)
    used = {line for table in tables for line in table.used} | axis_lines(document.lines) | contents
    outside = "\n".join(line for number, line in enumerate(document.lines, start=1) if number not in used)
    own = given.municipality_code or named_municipality(outside)
    context = Surroundings(document, metadata, sections_of(document, used), frozenset(used), captions_of(document, tables), own)
    observations: list[dict[str, Any]] = []
    unread: list[dict[str, Any]] = []
    for number, table in enumerate(tables, start=1):
        for read, problem in table_figures(table, f"t{number:03d}", context):
            (unread if problem else observations).append(read)
    observations += sentence_figures(document, used, context)
    observations, doubted = _without_doubtful(observations, context)
    unread += doubted
    for line, text in left_over(document, observations, unread):
        reason = ERROR if text.startswith("#") else LEFT_OVER
        unread.append(unread_text(line, None, text, reason, context))
    unread.sort(key=lambda row: row["line"])
    _take_back_names(observations)
    ordered = sorted(read_as_repeated(without_contradictions(observations)), key=lambda row: row["line"])
    _add_boxes(ordered, document)
    return ordered, unread


def _without_doubtful(
    observations: Sequence[dict[str, Any]], context: Surroundings
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the figures that are plain, and as unread those that may be other ones."""
    kept: list[dict[str, Any]] = []
    said: list[dict[str, Any]] = []
    for row in observations:
        reason = doubt(row, context.document.lines[row["line"] - 1])
        if reason is None:
            kept.append(row)
        else:
            said.append(unread_text(row["line"], row["table"], row["published_as"], reason, context))
    return kept, said


def _take_back_names(observations: Sequence[dict[str, Any]]) -> None:
    """Take the measure back from shares in sentences that share it, period and series, but not the value.

    What a share is of often stands in words that no composition holds; then different ones look alike.
    """
    values: dict[tuple[str | None, ...], set[float]] = defaultdict(set)
    shares = [row for row in observations if row["kind"] == "text" and row["unit"] == "percent" and is_composed(row["measure"])]
    for row in shares:
        values[row["measure"], row["period"], row["series"]].add(row["value"])
    for row in shares:
        if len(values[row["measure"], row["period"], row["series"]]) > 1:
            row["measure"] = UNKNOWN


def _add_boxes(observations: list[dict[str, Any]], document: Document) -> None:
    """Give each figure its box; of a figure that is printed several times on a line, each its own."""
    passed: Counter[tuple[int, str]] = Counter()
    for row in observations:
        place = row["line"], row["published_as"]
        boxes = document.boxes(*place)
        row["box"] = " ".join(f"{edge:.1f}" for edge in boxes[min(passed[place], len(boxes) - 1)]) if boxes else None
        passed[place] += 1


def headings_over(document: Document, lines: Sequence[int]) -> list[str | None]:
    """Return the nearest heading above each line, of a section or a table; None where there is none."""
    sections = sections_of(document, {line for table in find_tables(document) for line in table.used})
    nearest = (max((number for number in sections if number < line), default=0) for line in lines)
    return [sections.get(number) for number in nearest]
