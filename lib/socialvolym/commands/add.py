"""`socialvolym add`: make data/raw/<report>/ from a document, and the page on which a person reviews what was read."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import get_args

import click
import polars as pl

from socialvolym import atomic, paths, program
from socialvolym.audit.text.structure import kept_facts
from socialvolym.commands.reviewing import document_note
from socialvolym.documents.opening import open_document
from socialvolym.errors import SocialvolymError
from socialvolym.extraction.metadata import Metadata, to_file
from socialvolym.notation.languages import LANGUAGES, Language
from socialvolym.observations import readings
from socialvolym.reports import draft
from socialvolym.reports.loading import load_report
from socialvolym.reports.models import Kind
from socialvolym.site import pages
from socialvolym.site.review_page import Review
from socialvolym.vocabulary.names import municipality_code
from socialvolym.workflow import notebooks

_SHOWN = 20
#: A newer edition prints at least such a share of its cells as the one before; two reports of one kind share fewer.
_LIKE = 0.3


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--municipality", help="Municipality code or name, where the document does not say.")
@click.option("--committee", help="Committee, where the document does not say.")
@click.option("--year", type=click.IntRange(1990, 2100), help="The report's year, where the document does not say.")
@click.option(
    "--kind",
    type=click.Choice(get_args(Kind)),
    help="What it is, where the document does not say.",
)
@click.option("--title", help="The report's title, where it is read wrongly.")
@click.option("--id", "name", help="The report's id; by default the municipality and the year.")
@click.option("--newer", is_flag=True, help="Take FILE in as a newer edition of a report that is there.")
@click.option("--language", type=click.Choice(LANGUAGES), default="sv", show_default=True, help="Of the review page.")
def add(
    file: Path,
    municipality: str | None,
    committee: str | None,
    year: int | None,
    kind: str | None,
    title: str | None,
    name: str | None,
    newer: bool,
    language: Language,
) -> None:
    """Make data/raw/<report>/ from FILE and a page that shows each table beside what was read from it.

    Running it again makes the page again and changes nothing else. A newer edition of the same report is shown as differences;
    with --newer, or a yes on a terminal, it is taken in, and what is decided stays where the printed cell is the same.
    """
    code = municipality_code(municipality) if municipality else None
    given = Metadata(name or "document", code, committee, year, kind, title=title)
    report, drafted = draft.draft(file, asked(file, given) if sys.stdin.isatty() else given, kept_facts)
    folder = paths.raw() / report
    taken = _take_in(folder, drafted, newer) if folder.exists() else bool(draft.store(report, drafted))
    if taken:
        atomic.write_text(str(file.resolve()), document_note(report))
    _tell(folder)
    click.echo(f"review: {_make_page(report, language)}")


def asked(file: Path, given: Metadata) -> Metadata:
    """Return what is given of a report, and what a person answers where neither that nor the document says it."""
    found = to_file(open_document(file), given)
    if found.municipality_code is None:
        named = click.prompt("The document does not say its municipality; its name or code")
        given = replace(given, municipality_code=municipality_code(named.strip()))
    if found.year is None:
        given = replace(given, year=click.prompt("The document does not say its year", type=click.IntRange(1990, 2100)))
    if found.kind is None:
        question = f"The document does not say what it is{f' ({found.title})' if found.title else ''}"
        given = replace(given, kind=click.prompt(question, type=click.Choice(get_args(Kind))))
    return given


def _tell(folder: Path) -> None:
    """Tell what a report is, and how much of it is told, waits or was not understood; and which decisions are not applied."""
    raw = load_report(folder)
    about, found = raw.report, readings.settled(raw)
    states = Counter(found.rows["state"])
    unread = pl.read_csv(folder / "unread.csv", infer_schema=False).height
    click.echo(f"{about.municipality} ({about.municipality_code}), {about.committee}: {about.title} ({about.kind}, {about.year})")
    click.echo(
        f"{found.rows['table'].n_unique() - found.rows['table'].has_nulls()} tables, {found.rows.height} figures: "
        f"{states['told']} certain or accepted, {states['waiting']} to settle, {states['outside']} of other subjects, "
        f"{states['taken_out']} taken out; {unread} places not understood"
    )
    for misfit in found.misfits:
        click.echo(f"not applied: {misfit}")
    if states["waiting"] and not states["told"]:
        click.echo(
            f"no figure is certain: if {about.year} is not the report's year, remove {folder} and add it again with --year"
        )
    if states["waiting"]:
        click.echo(f"settle the rest with: socialvolym review {about.id}")


def _take_in(folder: Path, drafted: draft.Draft, newer: bool) -> bool:
    """Show how a document differs from the one that a report was made from; return whether it has been taken in."""
    raw = load_report(folder)
    if f'sha256 = "{raw.report.sha256}"' in drafted.report:
        click.echo(f"{folder} was made from this document; nothing is changed")
        return False
    if not raw.is_added:
        raise SocialvolymError(f"{folder} is read by the hints of its layout.toml; adapt them to the new edition, or give --id")
    found = draft.difference(readings.as_read(raw).rows.select(drafted.readings.columns), drafted.readings)
    counts = f"{found.same} cells as before, {found.changed.height} changed, {found.new.height} new, {found.gone.height} gone"
    click.echo(f"{folder}: another edition of the report: {counts}")
    for sign, frame in (("~", found.changed), ("+", found.new), ("-", found.gone)):
        for row in frame.head(_SHOWN).iter_rows(named=True):
            text = f"{row['before']} -> {row['now']}" if sign == "~" else row["text"]
            click.echo(f"{sign} line {row['line']}: {row['row_label']} | {row['column_label'] or ''} | {text}")
        if frame.height > _SHOWN:
            click.echo(f"{sign} and {frame.height - _SHOWN} more")
    if found.same < _LIKE * drafted.cells.height:
        click.echo("few cells are the same: is it another report? Then give it a name of its own with --id")
    if newer or (sys.stdin.isatty() and click.confirm("Take it in? What is decided stays where the printed cell is the same")):
        draft.store_newer(raw, drafted, found)
        return True
    click.echo("nothing is changed; take it in with: socialvolym add FILE --newer")
    return False


def _make_page(report: str, language: Language) -> Path:
    """Execute notebooks/0_read.ipynb for a report and render its page; return where it is."""
    executed = notebooks.execute(
        "0_read", {"report": report, "language": language}, paths.build() / "notebooks" / language / f"read-{report}.ipynb"
    )
    review = Review(report, language)
    target = paths.pages() / language / f"read-{report}.html"
    meta = pages.PageMeta(
        name=f"read-{report}",
        version=program.version(),
        date=program.now()[:10],
        run_time=program.now(),
        title=f"{review.raw.report.municipality}, {review.raw.report.title}",
        documents=pages.document_info([review.raw]),
    )
    empty = pl.DataFrame(
        schema={name: pl.String for name in ("rule", "severity", "report", "explanation", "explanation_sv", "published")}
        | {"line": pl.Int64, "table": pl.String}
    )
    atomic.write_text(pages.render_page(executed, language, review.observations, empty, meta), target)
    return target
