"""`socialvolym vocabulary`: what is unused or clashes (check), what a label is read as (read), what reviews teach (learn)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
import polars as pl

from socialvolym import atomic
from socialvolym import vocabulary as words
from socialvolym.extraction.meaning import Around, cell_meaning, cell_unit
from socialvolym.reports.loading import load_reports
from socialvolym.reports.models import RawReport
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


@vocabulary.command()
@click.option("--apply", "apply_", is_flag=True, help="Write them into lib/socialvolym/vocabulary/labels.csv.")
def learn(apply_: bool) -> None:
    """Offer for the vocabulary the labels whose measure a person has settled and that it does not know."""
    offered, disputed = taught(load_reports())
    for label, measure, breakdown in offered:
        click.echo(f"{label}: {measure}" + (f", {breakdown}" if breakdown else ""))
    for label in disputed:
        click.echo(f"not offered, settled in different ways: {label}")
    if apply_ and offered:
        add_labels(offered, words.FOLDER / "labels.csv")
        click.echo(f"{len(offered)} labels are in labels.csv; `socialvolym vocabulary check` tells what clashes")


def taught(reports: Sequence[RawReport]) -> tuple[list[tuple[str, str, str | None]], list[str]]:
    """Return the labels that reviews have given a measure (label, measure, breakdown), and those given several; sorted."""
    found: dict[str, set[tuple[str, str | None]]] = {}
    for one in (decision for raw in reports for decision in raw.review.decision):
        # In a sentence the label is the reader's own words; a measure of a whole table or column says nothing of a row.
        if one.table is None or not one.row or one.measure is None:
            continue
        if words.find_label(one.row, one.group) is None:
            label = f"{one.group}: {one.row}" if one.group else one.row
            found.setdefault(label, set()).add((one.measure, one.breakdown or None))
    offered = [(label, *next(iter(them))) for label, them in sorted(found.items()) if len(them) == 1]
    return offered, sorted(label for label, them in found.items() if len(them) > 1)


def add_labels(offered: Sequence[tuple[str, str, str | None]], place: Path) -> None:
    """Add labels to a file of them (label, measure, breakdown), whole or not at all."""
    known = pl.read_csv(place, infer_schema=False)
    new = pl.DataFrame(offered, schema={"label": pl.String, "measure": pl.String, "breakdown": pl.String}, orient="row")
    atomic.write(place, lambda target: pl.concat([known, new], how="diagonal").write_csv(target))
