"""`socialvolym coverage`: how many figures each report has, and how many it had at the last accepted run."""

from __future__ import annotations

import click

from socialvolym import paths
from socialvolym.atomic import write_csv
from socialvolym.observations import store
from socialvolym.validation.prepared import coverage as compare
from socialvolym.validation.prepared import coverage_now


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
