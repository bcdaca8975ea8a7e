"""`socialvolym facts`: fetch inhabitants, the price index and Kolada's key figures for every municipality."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial

import click
import polars as pl

from socialvolym.errors import SocialvolymError
from socialvolym.observations.fetched import fetched_facts, kolada_values, statistics_sweden
from socialvolym.observations.fetched.asking import UnreachableError
from socialvolym.reports.loading import reports_by_code

#: A part: its name, for how many days it counts as new (None: for ever), and how it is fetched.
Part = tuple[str, int | None, Callable[[], pl.DataFrame]]


@click.command()
@click.option("--only", type=click.Choice(["population", "prices", "kolada"]), multiple=True, help="By default all three.")
@click.option("--again", is_flag=True, help="Ask also for what has been fetched lately.")
@click.option("--scb", metavar="URL", envvar="SOCIALVOLYM_SCB", show_envvar=True, help="Another address of Statistics Sweden.")
@click.option("--kolada", metavar="URL", envvar="SOCIALVOLYM_KOLADA", show_envvar=True, help="Another address of Kolada.")
def facts(only: Sequence[str], again: bool, scb: str | None, kolada: str | None) -> None:
    """Fetch inhabitants by age and sex, the consumer price index and Kolada's key figures, for all municipalities.

    This is the one command that needs a network. What is fetched is stored a part at a time, with its date and licence:
    broken off, it goes on where it was. Without a network the earlier facts stay, and a line says how old they are.
    """
    sources = fetched_facts.sources()
    asked = {
        "population": lambda: _population(scb or sources.scb.address),
        "prices": lambda: _prices(scb or sources.scb.address),
        "kolada": lambda: _kolada(kolada or sources.kolada.address),
    }
    wrong = [kind for kind, parts in asked.items() if kind in (only or asked) and not _fetch(kind, parts, again)]
    if wrong:
        raise SocialvolymError(f"not fetched as it should: {', '.join(wrong)}")


def _fetch(kind: str, parts: Callable[[], Iterator[Part]], again: bool) -> bool:
    """Fetch the parts of a kind that are absent or old, and tell what there is then.

    Returns
    -------
    Whether it can be gone on with: it could be asked, or cannot be reached now and has been fetched before.
    """
    new, problem = 0, None
    try:
        for name, fresh_days, fetch in parts():
            age = fetched_facts.age_in_days(f"{kind}-{name}")
            if again or age is None or (fresh_days is not None and age > fresh_days):
                fetched_facts.store(fetch(), f"{kind}-{name}")
                new += 1
    except SocialvolymError as error:
        problem = error
    days = fetched_facts.days(kind)
    told = f"{new} parts fetched; {len(days)} are stored" + (
        f", the oldest of {days[0]}, the newest of {days[-1]}" if days else ""
    )
    click.echo(f"{kind}: {told}")
    if problem:
        click.echo(f"{kind}: {'the rest is as it was' if days else 'there is nothing yet'}: {problem}", err=True)
    return problem is None or (bool(days) and isinstance(problem, UnreachableError))


def _population(address: str) -> Iterator[Part]:
    scb, fresh = statistics_sweden.service(address), fetched_facts.sources().scb.fresh_days
    for table, year in statistics_sweden.population_years(scb):
        fetch = partial(statistics_sweden.population, scb, table, year, date.today())
        yield str(year), None if table.closed else fresh, fetch


def _prices(address: str) -> Iterator[Part]:
    scb = statistics_sweden.service(address)
    yield "kpi", fetched_facts.sources().scb.fresh_days, partial(statistics_sweden.prices, scb, date.today())


def _kolada(address: str) -> Iterator[Part]:
    source = fetched_facts.sources().kolada
    client = kolada_values.Client(address, pause=source.pause)
    years = range(source.first_year, date.today().year + 1)
    for name, areas in kolada_values.parts().items():
        yield name, source.fresh_days, partial(kolada_values.fetch, client, areas, years, date.today())
    for code in reports_by_code():
        yield f"peers-{code}", source.fresh_days, partial(_of_peers, client, code, years)
    values = kolada_values.load()
    if values is not None and (words := kolada_values.unknown_words(values)):
        click.echo(f"unknown words for missing values: {', '.join(words)}; add them to observations/fetched/kolada_values.toml")


def _of_peers(client: kolada_values.Client, code: str, years: range) -> pl.DataFrame:
    return kolada_values.fetch(client, kolada_values.peer_groups(client, code), years, date.today())
