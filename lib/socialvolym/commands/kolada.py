"""`socialvolym kolada`: fetch the national key figures nearest to the reports' measures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import click
import polars as pl

from socialvolym import vocabulary
from socialvolym.errors import SocialvolymError
from socialvolym.observations import kolada_values as national_figures
from socialvolym.reports.loading import load_reports


@click.command()
@click.option("--first-year", type=int, help="By default the year of the oldest report.")
@click.option("--last-year", type=int, help="By default the year of the newest report.")
@click.option(
    "--url",
    envvar=national_figures.VARIABLE,
    default=national_figures.BASE,
    show_default=True,
    show_envvar=True,
    help="Where the API is.",
)
def kolada(first_year: int | None, last_year: int | None, url: str) -> None:
    """Fetch Kolada's key figures for the municipalities with reports, their peer groups and the country.

    This is the one command that needs a network. The pages use what it stored, and say so where nothing is stored.
    """
    reports = load_reports()
    codes = sorted({raw.report.municipality_code for raw in reports})
    covered = [raw.report.year for raw in reports]
    first = min(covered) if first_year is None else first_year
    last = max(covered) if last_year is None else last_year
    if first > last:
        raise SocialvolymError(f"the first year {first} is after the last year {last}")
    values = national_figures.fetch(national_figures.Client(url), codes, range(first, last + 1), date.today())
    national_figures.store(values)
    for line in _remarks(values, codes):
        click.echo(line)
    known = values.filter(pl.col("value").is_not_null()).height
    click.echo(f"{national_figures.place()}: {known} values of {values['kpi'].n_unique()} key figures, {first}-{last}")


def _remarks(values: pl.DataFrame, codes: Sequence[str]) -> list[str]:
    """Return what a person should know of the values: key figures, peer groups and words that are not as expected."""
    empty = values.group_by("kpi", maintain_order=True).agg(pl.col("value").is_null().all()).filter("value")["kpi"].to_list()
    with_peers = set(values.filter(kind="peer_group")["municipality_code"])
    without = [vocabulary.municipalities()[code] for code in codes if code not in with_peers]
    words = national_figures.unknown_words(values)
    return [
        text
        for listed, text in (
            (empty, f"Kolada has no value of {', '.join(empty)}"),
            (without, f"Kolada has no peer group of {', '.join(without)}"),
            (
                words,
                f"unknown words for missing values: {', '.join(words)}; add them to kolada_values.toml in observations/",
            ),
        )
        if listed
    ]
