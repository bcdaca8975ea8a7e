"""`socialvolym add`: make data/raw/<report>/ from a document, and the page on which a person reviews what was read."""

from __future__ import annotations

from pathlib import Path

import click

from socialvolym import paths
from socialvolym.extraction.metadata import Metadata
from socialvolym.observations import municipality_code
from socialvolym.reports import draft
from socialvolym.reports.loading import load_report
from socialvolym.site import review_page

_SHOWN = 20


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--municipality", help="Municipality code or name, where the document does not say.")
@click.option("--committee", help="Committee, where the document does not say.")
@click.option("--year", type=click.IntRange(1990, 2100), help="The report's year, where the document does not say.")
@click.option(
    "--kind",
    type=click.Choice(["annual_report", "budget", "interim", "statistics"]),
    help="What it is, where the document does not say.",
)
@click.option("--id", "name", help="The report's id; by default the municipality and the year.")
@click.option("--language", type=click.Choice(["sv", "en"]), default="sv", show_default=True, help="Of the review page.")
def add(
    file: Path,
    municipality: str | None,
    committee: str | None,
    year: int | None,
    kind: str | None,
    name: str | None,
    language: str,
) -> None:
    """Make data/raw/<report>/ from FILE and a page that shows each table beside what was read from it.

    Running it again makes the page again and changes nothing else; a newer edition of the same report is shown
    as differences and changes nothing either.
    """
    code = municipality_code(municipality) if municipality else None
    report, drafted = draft.draft(file, Metadata(name or "document", code, committee, year, kind))
    folder = paths.raw() / report
    if folder.exists():
        _compare(folder, drafted, language)
        return
    draft.store(report, drafted)
    unknown = draft.unknown_labels(drafted.cells)
    click.echo(
        f"{folder}: {drafted.cells.height} cells, {drafted.unread.height} not understood, "
        f"{unknown.height} labels not in the vocabulary"
    )
    click.echo(f"review: {review_page.make_page(report, language)}")


def _compare(folder: Path, drafted: draft.Draft, language: str) -> None:
    raw = load_report(folder)
    found = draft.difference(raw.cells, drafted.cells)
    if f'sha256 = "{raw.report.sha256}"' in drafted.report:
        click.echo(f"{folder} was made from this document; nothing is changed")
        click.echo(f"review: {review_page.make_page(raw.report.id, language)}")
        return
    if found.is_empty:
        click.echo(f"{folder}: this edition prints the same cells; nothing is changed")
        return
    click.echo(
        f"{folder}: another edition of the report; {found.gone.height} cells are gone "
        f"and {found.new.height} are new; nothing is changed"
    )
    for sign, frame in (("-", found.gone), ("+", found.new)):
        for row in frame.head(_SHOWN).select("line", "row_label", "column_label", "text").iter_rows(named=True):
            click.echo(f"{sign} line {row['line']}: {row['row_label']} | {row['column_label']} | {row['text']}")
        if frame.height > _SHOWN:
            click.echo(f"{sign} and {frame.height - _SHOWN} more")
    click.echo("to take the new edition in, move the folder away and add the document again")
