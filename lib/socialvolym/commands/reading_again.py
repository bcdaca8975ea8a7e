"""`socialvolym read`: documents read again."""

from __future__ import annotations

from pathlib import Path

import click

from socialvolym import paths
from socialvolym.atomic import write_csv
from socialvolym.audit.text.structure import kept_facts
from socialvolym.reports.by_hints import check_document, read_report
from socialvolym.reports.draft import draft_again, store_again
from socialvolym.reports.loading import load_report, report_ids


@click.command()
@click.argument("documents", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--only", multiple=True, help="Read only this report; may be given several times.")
def read(documents: Path, only: tuple[str, ...]) -> None:
    """Read the reports' documents, found in the folder DOCUMENTS by the names in report.toml, into cells.csv."""
    for report in only or report_ids():
        raw = load_report(paths.raw() / report)
        place = documents / raw.report.document
        if raw.is_added:
            drafted = draft_again(raw, place, kept_facts)
            store_again(raw, drafted)
            click.echo(f"{report}: {drafted.cells.height} cells")
            continue
        document = check_document(raw, place)
        cells = read_report(raw, document)
        write_csv(cells, raw.folder / "cells.csv")
        write_csv(kept_facts(document, cells), raw.folder / "structure.csv")
        click.echo(f"{report}: {cells.height} cells")
