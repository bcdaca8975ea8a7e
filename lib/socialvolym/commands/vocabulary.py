"""`socialvolym vocabulary`: what is unused, ambiguous or clashes (check), and what a label is read as (read)."""

from __future__ import annotations

import click

from socialvolym import vocabulary as words
from socialvolym.extraction.meaning import Around, cell_meaning, cell_unit
from socialvolym.reports.loading import load_reports
from socialvolym.validation import vocabulary_check
from socialvolym.vocabulary.terms import read_words


@click.group()
def vocabulary() -> None:
    """Look after the vocabulary of measures and labels."""


@vocabulary.command()
@click.option("--unused/--no-unused", default=True, show_default=True, help="Also list what no report uses.")
def check(unused: bool) -> None:
    """List clashing, ambiguous and unused labels; exit code 1 where labels clash."""
    problems = vocabulary_check.problems(load_reports())
    for problem in problems:
        if unused or problem.kind != "unused":
            click.echo(f"{problem.kind}: {problem.text}")
    click.echo(f"{len(words.measure_index())} measures, {len(words.labels())} labels, {len(problems)} remarks")
    if any(problem.kind == "clash" for problem in problems):
        raise SystemExit(1)


@vocabulary.command()
@click.argument("labels", nargs=-1, required=True)
@click.option("--column", default="", help="The heading of the figure's column.")
@click.option("--caption", default="", help="What stands over the table.")
def read(labels: tuple[str, ...], column: str, caption: str) -> None:
    """Show what the row LABELS of a table are read as, word by word."""
    for label in labels:
        around = Around(row=label, column=column, caption=caption)
        meaning = cell_meaning(around, cell_unit(around, None, None), "outturn")
        click.echo(f"{label}: {meaning.measure}, {meaning.unit}, {meaning.domain} ({' '.join(meaning.because)})")
        said = read_words(label)
        for hit in said.hits:
            if hit.meaning:
                click.echo(f"  {said.text[hit.start : hit.end]}: {hit.part} {hit.meaning}")
        for word in said.rest:
            click.echo(f"  {word}: not in the vocabulary")
