"""`socialvolym figures`: the figures of documents that nobody has described, as a table."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import get_args

import click
import polars as pl

from socialvolym import atomic
from socialvolym.commands.reading_page import reading_page
from socialvolym.csv_files import disarmed
from socialvolym.documents.document import Document
from socialvolym.errors import SocialvolymError
from socialvolym.extraction.by_rules import read_document, read_figures
from socialvolym.extraction.certainty import OUTSIDE
from socialvolym.extraction.metadata import Metadata
from socialvolym.notation.languages import Language
from socialvolym.reports.models import Kind
from socialvolym.vocabulary.names import municipality_code


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "form", type=click.Choice(["csv", "json", "parquet"]), default="csv", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write here instead of on standard output.")
@click.option("--unread", type=click.Path(dir_okay=False, path_type=Path), help="Write what could not be understood here (CSV).")
@click.option(
    "--show", type=click.Path(dir_okay=False, path_type=Path), help="Write here a page of what was read (one FILE; HTML)."
)
@click.option("--language", type=click.Choice(["en", "sv"]), default="en", show_default=True, help="Language of that page.")
@click.option("--municipality", help="Municipality code or name, where the document does not say.")
@click.option("--committee", help="Committee, where the document does not say.")
@click.option("--year", type=click.IntRange(1990, 2100), help="The report's year, where the document does not say.")
@click.option("--all", "everything", is_flag=True, help="Print what is of other subjects as well: elderly care, schools.")
@click.option("--kind", type=click.Choice(get_args(Kind)))
def figures(
    files: tuple[Path, ...],
    form: str,
    out: Path | None,
    unread: Path | None,
    show: Path | None,
    language: Language,
    municipality: str | None,
    committee: str | None,
    year: int | None,
    everything: bool,
    kind: str | None,
) -> None:
    """Print the figures of FILES: one row a figure, with its line, page, period, series, unit and domain."""
    code = municipality_code(municipality) if municipality else None
    if show is not None:
        if len(files) > 1:
            raise SocialvolymError("--show writes the page of one document; give one FILE")
        _show(files[0], Metadata(files[0].stem, code, committee, year, kind), show, language)
        return
    read = [read_document(_open(path), Metadata(path.stem, code, committee, year, kind)) for path in files]
    observations, problems = pl.concat([o for o, _ in read]), pl.concat([u for _, u in read])
    outside = pl.col("because").str.contains(f"domain:{OUTSIDE}", literal=True)
    others = 0 if everything else observations.filter(outside).height
    observations = observations if everything else observations.filter(~outside)
    _write(observations, form, out)
    if unread is not None:
        atomic.write_csv(problems, unread)
    click.echo(f"{observations.height} figures, {problems.height} cells that could not be understood", err=True)
    if others:
        click.echo(f"{others} figures of other subjects, such as elderly care or schools, left out (--all prints them)", err=True)


def _open(path: Path) -> Document:
    from socialvolym.documents.opening import open_document  # here, because it imports PDF and Office libraries

    return open_document(path)


def _show(path: Path, metadata: Metadata, page: Path, language: Language) -> None:
    document = _open(path)
    figures, problems = read_figures(document, metadata)
    atomic.write_text(reading_page(path, document, figures, problems, language), page)
    click.echo(f"{page}: {len(figures)} figures, {len(problems)} cells that could not be understood", err=True)


def _write(observations: pl.DataFrame, form: str, out: Path | None) -> None:
    if form == "parquet":
        if out is None:
            raise SocialvolymError("--format parquet needs --out FILE")
        atomic.write_parquet(observations, out)
        return
    text = disarmed(observations).write_csv() if form == "csv" else observations.write_json() + "\n"
    if out is None:
        sys.stdout.write(text)
    else:
        atomic.write_text(text, out)
