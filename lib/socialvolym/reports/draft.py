"""Draft: a document that nobody has described becomes a folder of data/raw that a person can review."""

from __future__ import annotations

import hashlib
import re
import tempfile
import tomllib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from socialvolym import paths, vocabulary
from socialvolym.atomic import write_csv, write_text
from socialvolym.documents.document import Document
from socialvolym.documents.opening import open_document
from socialvolym.errors import SocialvolymError
from socialvolym.extraction.by_rules import read_figures
from socialvolym.extraction.certainty import ASPECTS, weak_aspects
from socialvolym.extraction.metadata import Metadata, to_file
from socialvolym.extraction.prose.sentence_facts import with_sentence_facts
from socialvolym.reports.answers import in_words
from socialvolym.reports.loading import load_report, report_documents
from socialvolym.reports.models import UNTITLED, RawReport, Report
from socialvolym.reports.review import store_review
from socialvolym.toml_files import as_toml, load_toml
from socialvolym.vocabulary.columns import CELL_SCHEMA, READING_SCHEMA, UNREAD_SCHEMA
from socialvolym.vocabulary.values import read_value

#: The committee of a report that does not say it.
_COMMITTEE = "Socialnämnden"

#: Finds what only a document shows and the audit needs; the cells that were read from it are at hand.
Facts = Callable[[Document, pl.DataFrame], pl.DataFrame]


@dataclass(frozen=True)
class Draft:
    """What a document gives for data/raw: the texts of report.toml and layout.toml, and the tables cells and readings.

    Attributes
    ----------
    cells : the printed cells (CELL_SCHEMA).
    readings : what was read of each cell (READING_SCHEMA).
    unread : what could not be understood: UNREAD_SCHEMA without the report.
    structure : what only the document shows and the audit needs: line, kind, what.
    """

    report: str
    layout: str
    cells: pl.DataFrame
    readings: pl.DataFrame
    unread: pl.DataFrame
    structure: pl.DataFrame


def report_id(metadata: Metadata) -> str:
    """Return the id of a report: the municipality's name and the year, with the kind and months where it is no annual report.

    A report of another committee than the one that has this id already has its committee's name behind it.
    """
    kind = "" if metadata.kind in (None, "annual_report") else f"-{metadata.kind}"
    months = f"-{metadata.months:02d}" if metadata.kind == "interim" and metadata.months else ""
    name = _plain(f"{vocabulary.municipalities()[metadata.municipality_code or '']}{kind}-{metadata.year}{months}")
    place = paths.raw() / name / "report.toml"
    committee = _plain(metadata.committee or _COMMITTEE)
    if place.exists() and _plain(load_toml(Report, place).committee).removesuffix("en") != committee.removesuffix("en"):
        return f"{name}-{committee}"
    return name


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower().translate(str.maketrans("åäöé", "aaoe"))).strip("-")


def draft(path: Path, given: Metadata, facts: Facts) -> tuple[str, Draft]:
    """Read a document without hints and return the report's id and its draft; `facts` finds its structure.

    Raises
    ------
    SocialvolymError
        where the document cannot be read, or does not say which municipality and year it is about.
    """
    document = open_document(path)
    metadata = to_file(document, given)
    needed = {"municipality": metadata.municipality_code, "year": metadata.year, "kind": metadata.kind}
    if missing := [name for name, value in needed.items() if value is None]:
        told = f" (its title is {metadata.title!r})" if metadata.title and "kind" in missing else ""
        raise SocialvolymError(
            f"{path}: the document does not say its {' and '.join(missing)}{told}; give --{' and --'.join(missing)}"
        )
    name = given.report if given.report != "document" else report_id(metadata)
    read, unread = read_figures(document, metadata)
    figures = with_sentence_facts(read)
    tables = [row for row in figures if row["kind"] != "text"]
    layout = [
        _table(table, [row for row in tables if row["table"] == table]) for table in dict.fromkeys(row["table"] for row in tables)
    ]
    cells = _cells(figures)
    return name, Draft(
        report=_report_toml(name, metadata, path),
        layout=_HEADER + "\n".join(layout),
        cells=cells,
        readings=_readings(cells, figures),
        unread=pl.DataFrame(unread, schema=UNREAD_SCHEMA).drop("report"),
        structure=facts(document, cells),
    )


_HEADER = "# Where the tables stand; what was read of them is in readings.csv, what a person decides in review.toml.\n\n"


def _report_toml(name: str, metadata: Metadata, path: Path) -> str:
    values = {
        "id": name,
        "municipality_code": metadata.municipality_code,
        "committee": metadata.committee or _COMMITTEE,
        "title": metadata.title or f"{UNTITLED[metadata.kind or '']} {metadata.year}",
        "kind": metadata.kind,
        "year": metadata.year,
        **({"months": metadata.months} if metadata.months else {}),
        "document": path.name,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "reader": "general",
    }
    return as_toml(values)


def _cells(figures: Sequence[dict[str, Any]]) -> pl.DataFrame:
    """Return the printed cells (CELL_SCHEMA); the second column of one heading in a row is told from the first by its number."""
    seen: Counter[tuple[Any, ...]] = Counter()
    rows = []
    for row in figures:
        text = row["kind"] == "text"
        place = {
            "table": row["table"],
            "page": row["page"],
            "line": row["line"],
            "kind": row["kind"],
            "group": None if text else row["group"],
            "row_label": row["label"] if text else row["row_label"],
        }
        label = None if text else row["column_label"] or None
        seen[key := (*place.values(), label)] += 1
        again = f" ({seen[key]})" if seen[key] > 1 else ""
        rows.append({**place, "column_label": f"{label or ''}{again}".strip() or None, "text": row["published_as"], "note": None})
    return pl.DataFrame(rows, schema=CELL_SCHEMA)


def _readings(cells: pl.DataFrame, figures: Sequence[dict[str, Any]]) -> pl.DataFrame:
    """Return what was read of each cell (READING_SCHEMA)."""
    rows = [{**cell, **row, **cell, "sign": _sign(row)} for cell, row in zip(cells.to_dicts(), figures, strict=True)]
    return pl.DataFrame([{name: row[name] for name in READING_SCHEMA} for row in rows], schema=READING_SCHEMA)


def _sign(row: dict[str, Any]) -> str | None:
    """Return "-" where the value has another sign than what is printed."""
    printed = read_value(row["published_as"], row["breakdown"])
    negative = printed is not None and row["value"] is not None and printed.value * row["value"] < 0
    return "-" if negative else None


def _table(name: str, rows: Sequence[dict[str, Any]]) -> str:
    """Write a table's layout: where it stands."""
    lines = [row["line"] for row in rows]
    values = {"id": name, "lines": [min(lines), max(lines)], "kind": rows[0]["kind"], "why": "read without hints"}
    return "[[table]]\n" + as_toml(values)


def draft_again(raw: RawReport, path: Path, facts: Facts) -> Draft:
    """Read a report that was added without hints again."""
    about = raw.report
    known = Metadata(about.id, about.municipality_code, about.committee, about.year, about.kind, about.months)
    return draft(path, known, facts)[1]


@dataclass(frozen=True)
class Difference:
    """How a newer edition of a report differs: printed cells that are gone, new, or printed otherwise.

    Attributes
    ----------
    changed : with `before` and `now`, which are the text, and what else is printed otherwise for it: its unit, its time.
    otherwise : what of a cell of the newer edition is printed otherwise though its text is the same or stands where another
        stood, by the cell's number: a unit word, a heading's year.
    same : how many cells are printed as before.
    """

    gone: pl.DataFrame
    new: pl.DataFrame
    changed: pl.DataFrame
    same: int
    otherwise: Mapping[int, frozenset[str]]


def difference(before: pl.DataFrame, after: pl.DataFrame) -> Difference:
    """Compare the readings of two editions by group, row, column and text; lines and tables may have moved.

    before, after : READING_SCHEMA, a row a printed cell.
    """
    place = ["group", "row_label", "column_label"]
    after = after.with_row_index("cell")
    gone, new = _without_shared(before, after, [*place, "text"]), _without_shared(after, before, [*place, "text"])
    stayed = after.join(new.select("cell"), on="cell", how="anti", maintain_order="left")
    pairs = [*_pairs(before, stayed, [*place, "text"]), *_pairs(gone, new, place)]
    otherwise = {now["cell"]: _otherwise(was, now) for was, now in pairs}
    shown = [
        {**now, "before": _said(was, otherwise[now["cell"]]), "now": _said(now, otherwise[now["cell"]])}
        for was, now in pairs
        if was["text"] != now["text"] or otherwise[now["cell"]]
    ]
    changed = pl.DataFrame(shown, schema={**after.schema, "before": pl.String, "now": pl.String}).sort("cell")
    gone, new = _without_shared(gone, new, place), _without_shared(new, gone, place)
    return Difference(gone, new, changed, after.height - new.height - changed.height, otherwise)


def _pairs(before: pl.DataFrame, after: pl.DataFrame, keys: Sequence[str]) -> Iterable[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield the cells of two editions that have the same keys: of several the first of one with the first of the other."""
    left = {(*(row[key] for key in keys), row["number"]): row for row in before.with_columns(_number(keys)).to_dicts()}
    for row in after.with_columns(_number(keys)).to_dicts():
        if was := left.get((*(row[key] for key in keys), row["number"])):
            yield was, row


def _otherwise(was: Mapping[str, Any], now: Mapping[str, Any]) -> frozenset[str]:
    """Return the aspects that are read otherwise of a cell, where what either reading rests on is printed."""
    unsaid = set.intersection(*({code.split(":")[0] for code in weak_aspects(row["because"].split())} for row in (was, now)))
    return frozenset(name for name in ASPECTS if was[name] != now[name] and name not in unsaid)


def _said(row: Mapping[str, Any], aspects: Collection[str]) -> str:
    """Return a cell's text, and what else is printed otherwise for it than in the other edition."""
    told = (in_words(name, row[name], "sv") or "?" for name in ASPECTS if name in aspects)
    return ", ".join([row["text"] or "", *told])


def _number(keys: Sequence[str]) -> pl.Expr:
    return pl.int_range(pl.len()).over(keys).alias("number")


def _without_shared(frame: pl.DataFrame, other: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """Return the cells that have no counterpart in another edition: each counterpart is of one cell."""
    left, right = (each.with_columns(_number(keys)) for each in (frame, other))
    return left.join(right, on=[*keys, "number"], how="anti", nulls_equal=True, maintain_order="left").drop("number")


def store_newer(raw: RawReport, drafted: Draft, found: Difference) -> None:
    """Put a newer edition in the place of the one before; decisions of what it prints otherwise (`found`) are marked so."""
    review = raw.review.compared(drafted.readings.to_dicts(), found.otherwise)
    if review != raw.review:
        store_review(review, raw.folder)
    store_again(raw, drafted)


def store_again(raw: RawReport, drafted: Draft) -> None:
    """Put what was read again, of the same document or a newer edition, in the place of what was read before.

    What a person has decided stays, as does all that report.toml says but the document's name and sha256.
    """
    _write_read(drafted, raw.folder)
    new = tomllib.loads(drafted.report)
    lines = (raw.folder / "report.toml").read_text(encoding="utf-8").splitlines(keepends=True)
    told = {f"{name} = ": as_toml({name: new[name]}) for name in ("document", "sha256")}
    kept = [next((text for start, text in told.items() if line.startswith(start)), line) for line in lines]
    write_text("".join(kept), raw.folder / "report.toml")


def _write_read(drafted: Draft, folder: Path) -> None:
    write_text(drafted.layout, folder / "layout.toml")
    for name in ("cells", "readings", "unread", "structure"):
        write_csv(getattr(drafted, name), folder / f"{name}.csv")


def store(name: str, drafted: Draft) -> Path:
    """Write a draft as data/raw/<name>/, whole or not at all, and check that it loads."""
    target = paths.raw() / name
    if target.exists():
        raise SocialvolymError(f"{target} is there already")
    twin = report_documents().get(tomllib.loads(drafted.report)["sha256"])
    if twin is not None:
        raise SocialvolymError(f"the same document is in data/raw already, as {twin}; its figures would count twice")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".adding-") as folder:
        place = Path(folder) / name
        write_text(drafted.report, place / "report.toml")
        _write_read(drafted, place)
        load_report(place)
        place.rename(target)
    return target
