"""Adding a report: a document that nobody has described becomes a folder of data/raw that a person can review."""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from socialvolym import paths, vocabulary
from socialvolym.atomic import write_csv, write_text
from socialvolym.audit.text.structure import structure
from socialvolym.audit.text.subjects import without_sentences
from socialvolym.documents.opening import open_document
from socialvolym.errors import SocialvolymError
from socialvolym.extraction.by_rules import read_figures
from socialvolym.extraction.metadata import Metadata, find_metadata, printed_title
from socialvolym.reports.loading import load_report
from socialvolym.reports.models import RawReport
from socialvolym.vocabulary.columns import CELL_SCHEMA, PROSE_SCHEMA
from socialvolym.vocabulary.values import read_value

#: What a report is called whose document prints no title.
_UNTITLED = {"annual_report": "Årsredovisning", "budget": "Budget", "interim": "Delårsrapport", "statistics": "Statistik"}
#: What a cell may say for itself, so that a column or row need not: in the order of layout.toml.
_FACETS = ("domain", "measure", "breakdown", "period", "series", "unit")


@dataclass(frozen=True)
class Draft:
    """What a document gives for data/raw: the texts of report.toml and layout.toml, and the tables cells and prose.

    Attributes
    ----------
    cells : the printed cells (CELL_SCHEMA).
    prose : figures in sentences with their meaning (PROSE_SCHEMA).
    unread : what could not be understood: line, row_label, column_label, text, reason.
    structure : what only the document shows and the audit needs: line, kind, what.
    """

    report: str
    layout: str
    cells: pl.DataFrame
    prose: pl.DataFrame
    unread: pl.DataFrame
    structure: pl.DataFrame


def report_id(metadata: Metadata) -> str:
    """Return the id of a report: the municipality's name and the year, with the kind where it is no annual report."""
    name = vocabulary.municipalities()[metadata.municipality_code or ""].lower()
    plain = name.translate(str.maketrans("åäöé", "aaoe"))
    kind = "" if metadata.kind in (None, "annual_report") else f"-{metadata.kind}"
    return re.sub(r"[^a-z0-9]+", "-", f"{plain}{kind}-{metadata.year}").strip("-")


def draft(path: Path, given: Metadata) -> tuple[str, Draft]:
    """Read a document without hints and return the report's id and its draft.

    Raises
    ------
    SocialvolymError
        where the document cannot be read, or does not say which municipality and year it is about.
    """
    document = open_document(path)
    metadata = given.completed_by(find_metadata(document))
    missing = [
        f"--{name}" for name, value in (("municipality", metadata.municipality_code), ("year", metadata.year)) if value is None
    ]
    if missing:
        raise SocialvolymError(
            f"{path}: the document does not say its {' and '.join(m[2:] for m in missing)}; give {' and '.join(missing)}"
        )
    name = given.report if given.report != "document" else report_id(metadata)
    figures, unread = read_figures(document, metadata)
    tables = [row for row in figures if row["kind"] != "text"]
    layout = [
        _table(table, [row for row in tables if row["table"] == table]) for table in dict.fromkeys(row["table"] for row in tables)
    ]
    prose = _prose(row for row in figures if row["kind"] == "text")
    cells = _cells(figures)
    return name, Draft(
        report=_report_toml(name, metadata, path, printed_title(document.lines, metadata.year)),
        layout=_HEADER + "\n".join(layout),
        cells=cells,
        prose=pl.DataFrame(prose, schema=PROSE_SCHEMA),
        unread=pl.DataFrame(
            unread,
            schema={"line": pl.Int64, "row_label": pl.String, "column_label": pl.String, "text": pl.String, "reason": pl.String},
        ),
        structure=without_sentences(structure(document), cells),
    )


_HEADER = "# What the tables' columns and rows mean, read without hints: review and correct it (schema: reports/models.py).\n\n"


def _report_toml(name: str, metadata: Metadata, path: Path, title: str | None) -> str:
    kind = metadata.kind or "annual_report"
    values = {
        "id": name,
        "municipality_code": metadata.municipality_code,
        "committee": metadata.committee or "Socialnämnden",
        "title": title or f"{_UNTITLED[kind]} {metadata.year}",
        "kind": kind,
        "year": metadata.year,
        "document": path.name,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "reader": "general",
    }
    return "".join(f"{key} = {_toml(value)}\n" for key, value in values.items())


def _toml(value: Any) -> str:
    """Write a value as TOML: JSON strings and numbers are TOML as well, and so are lists of them."""
    return json.dumps(value, ensure_ascii=False)


def _cells(figures: Iterable[dict[str, Any]]) -> pl.DataFrame:
    rows = []
    for row in figures:
        text = row["kind"] == "text"
        label = _prose_label(row) if text else row["row_label"]
        rows.append(
            {
                "table": row["table"],
                "page": row["page"],
                "line": row["line"],
                "kind": row["kind"],
                "group": None if text else row["group"],
                "row_label": label,
                "column_label": f"{row['series']} {row['period']}" if text else _column(row),
                "text": row["published_as"],
                "note": None,
            }
        )
    return pl.DataFrame(rows, schema=CELL_SCHEMA)


def _prose_label(row: dict[str, Any]) -> str:
    return str(row["measure"]) + (f": {row['breakdown']}" if row["breakdown"] else "")


def _column(row: dict[str, Any]) -> str:
    """Name a column by its heading, and by its meaning too, because headings may repeat within a table."""
    return f"{row['column_label']} | {row['series']} {row['period']}".strip(" |")


def _prose(figures: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for row in figures:
        printed = read_value(row["published_as"], row["breakdown"])
        negative = printed is not None and row["value"] is not None and printed.value * row["value"] < 0
        found.append(
            {name: row.get(name) for name in PROSE_SCHEMA}
            | {"text": row["published_as"], "sign": "-" if negative else None, "note": None}
        )
    return found


def _table(name: str, rows: Sequence[dict[str, Any]]) -> str:
    """Write a table's layout: what most of its cells say stands with the table, what a column or row says otherwise with that."""
    common = {facet: _most(row[facet] for row in rows) for facet in ("domain", "unit")}
    columns = {
        column: {
            "period": _only(r["period"] for r in own),
            "series": _only(r["series"] for r in own),
            "unit": _only(r["unit"] for r in own),
        }
        for column in dict.fromkeys(map(_column, rows))
        if (own := [r for r in rows if _column(r) == column])
    }
    labels = dict.fromkeys((row["row_label"], row["group"], row["line"]) for row in rows)
    lines = [row["line"] for row in rows]
    text = ["[[table]]", f"id = {_toml(name)}", f"lines = [{min(lines)}, {max(lines)}]", f"kind = {_toml(rows[0]['kind'])}"]
    text += [f"{facet} = {_toml(value)}" for facet, value in common.items() if value]
    text.append('why = "read without hints"')
    text.append("columns = [")
    text += [f"  {_inline({'label': column, **meaning})}," for column, meaning in columns.items()]
    text += ["]", "rows = ["]
    for label, group, line in labels:
        own = [r for r in rows if (r["row_label"], r["group"], r["line"]) == (label, group, line)]
        meaning = {facet: _only(r[facet] for r in own) for facet in _FACETS}
        kept = {
            facet: value
            for facet, value in meaning.items()
            if value is not None and value != common.get(facet) and not _said_by_columns(facet, own, columns)
        }
        text.append(f"  {_inline({'label': label, 'group': group, 'line': line, **{'measure': meaning['measure']}, **kept})},")
    return "\n".join([*text, "]", ""])


def _said_by_columns(facet: str, own: Sequence[dict[str, Any]], columns: dict[str, dict[str, Any]]) -> bool:
    return facet in ("period", "series", "unit") and all(columns[_column(row)][facet] == row[facet] for row in own)


def _inline(values: dict[str, Any]) -> str:
    return "{ " + ", ".join(f"{key} = {_toml(value)}" for key, value in values.items() if value is not None) + " }"


def _most(values: Iterable[Any]) -> Any:
    counted = Counter(value for value in values if value is not None).most_common(1)
    return counted[0][0] if counted else None


def _only(values: Iterable[Any]) -> Any:
    different = set(values)
    return different.pop() if len(different) == 1 else None


def draft_again(raw: RawReport, path: Path) -> pl.DataFrame:
    """Read a report that was added without hints again; return its cells (CELL_SCHEMA)."""
    known = Metadata(raw.report.id, raw.report.municipality_code, raw.report.committee, raw.report.year, raw.report.kind)
    return draft(path, known)[1].cells


@dataclass(frozen=True)
class Difference:
    """How a newer edition of a report differs: the printed cells that are gone and those that are new."""

    gone: pl.DataFrame
    new: pl.DataFrame

    @property
    def is_empty(self) -> bool:
        """Tell whether the two editions print the same cells."""
        return self.gone.is_empty() and self.new.is_empty()


def difference(before: pl.DataFrame, after: pl.DataFrame) -> Difference:
    """Compare the cells of two editions by row, column and text; lines may have moved."""
    keys = ["row_label", "column_label", "text"]
    numbered = [frame.with_columns(occurrence=pl.int_range(pl.len()).over(keys)) for frame in (before, after)]
    on = [*keys, "occurrence"]
    gone, new = (
        numbered[a].join(numbered[b], on=on, how="anti", nulls_equal=True).drop("occurrence") for a, b in ((0, 1), (1, 0))
    )
    return Difference(gone, new)


def store(name: str, drafted: Draft) -> Path:
    """Write a draft as data/raw/<name>/, whole or not at all, and check that it loads."""
    target = paths.raw() / name
    if target.exists():
        raise SocialvolymError(f"{target} is there already")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".adding-") as folder:
        place = Path(folder) / name
        write_text(drafted.report, place / "report.toml")
        write_text(drafted.layout, place / "layout.toml")
        write_csv(drafted.cells, place / "cells.csv")
        write_csv(drafted.prose, place / "prose.csv")
        write_csv(drafted.unread, place / "unread.csv")
        write_csv(drafted.structure, place / "structure.csv")
        load_report(place)
        place.rename(target)
    return target


def unknown_labels(cells: pl.DataFrame) -> pl.DataFrame:
    """Return the row labels that lead to no measure, with how many cells each has (row_label, cells)."""
    labels = cells.filter(pl.col("kind") != "text").group_by("group", "row_label", maintain_order=True).len("cells")
    unknown = [vocabulary.find_label(label, group) is None for group, label in labels.select("group", "row_label").iter_rows()]
    return labels.filter(pl.Series(unknown, dtype=pl.Boolean))


__all__ = ["Difference", "Draft", "difference", "draft", "draft_again", "report_id", "store", "unknown_labels"]
