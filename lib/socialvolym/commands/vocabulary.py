"""`socialvolym vocabulary check`: labels and measures that are unused, ambiguous or clash."""

from __future__ import annotations

import click

from socialvolym import vocabulary as words
from socialvolym.reports.loading import load_reports
from socialvolym.validation import vocabulary_check


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
