"""`socialvolym read` and `socialvolym coverage`: documents read again, and how many figures each report has then."""

from __future__ import annotations

from pathlib import Path

import click

from socialvolym import paths
from socialvolym.atomic import write_csv
from socialvolym.audit.text.structure import kept_facts
from socialvolym.observations import store
from socialvolym.reports.by_hints import check_document, read_report
from socialvolym.reports.draft import draft_again, store_again
from socialvolym.reports.loading import load_report, report_ids
from socialvolym.validation.prepared import coverage as compare
from socialvolym.validation.prepared import coverage_now


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


@click.command()
@click.option("--accept", is_flag=True, help="Take the numbers of now as those that later runs must not fall below.")
def coverage(accept: bool) -> None:
    """Show how many published figures each report has by subject, and how many it had at the last accepted run."""
    place = paths.unchecked() if (paths.unchecked() / "observations.parquet").exists() else paths.processed()
    observations = store.load("observations", place)
    for row in compare(observations).iter_rows(named=True):
        lost = f", {row['lost']} fewer" if row["lost"] else ""
        click.echo(f"{row['report']:<24} {row['domain']:<20} {row['rows']:>6} (before: {row['rows_before'] or 'none'}{lost})")
    if accept:
        write_csv(coverage_now(observations).rename({"rows": "rows_before"}), paths.expectations() / "coverage.csv")
        click.echo("accepted: expectations/coverage.csv")
