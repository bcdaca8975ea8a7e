"""`socialvolym check`: the audit of a document before it is published."""

from __future__ import annotations

import html
import sys
from pathlib import Path

import click
import polars as pl

from socialvolym import atomic, auditing
from socialvolym.auditing.structure import structure
from socialvolym.privacy import has_identity_number, mask

#: Exit code by the highest severity.
_EXIT = {"note": 0, "warning": 1, "error": 2}
_SHOWN = ["severity", "line", "page", "rule", "published", "expected", "lines", "explanation", "explanation_sv"]
_WORDS = {
    "en": {"title": "Audit of {name}", "none": "No findings.", "explanation": "explanation", "severity": "severity", "line": "line",
           "published": "published", "expected": "expected", "error": "error", "warning": "warning", "note": "note"},
    "sv": {"title": "Granskning av {name}", "none": "Inga anmärkningar.", "explanation": "explanation_sv", "severity": "allvar",
           "line": "rad", "published": "tryckt", "expected": "väntat", "error": "fel", "warning": "varning", "note": "notis"},
}


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "csv", "json", "html"]), default="text", show_default=True)
@click.option("--language", type=click.Choice(["en", "sv"]), default="en", show_default=True, help="Language of text and HTML.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write here instead of on standard output.")
def check(file: Path, form: str, language: str, out: Path | None) -> None:
    """Audit the document FILE before it is published.

    The exit code is 0 where there are at most notes, 1 where there are warnings, 2 where there are errors.
    """
    findings = check_document(file)
    text = {"text": _as_text, "csv": _as_csv, "json": _as_json, "html": _as_html}[form](findings, file.name, language)
    if out is None:
        sys.stdout.write(text)
    else:
        atomic.write_text(text, out)
    raise SystemExit(max((_EXIT[severity] for severity in findings["severity"]), default=0))


def check_document(file: Path) -> pl.DataFrame:
    """Return the findings of a document that nobody has described, most severe first."""
    from socialvolym.figures import read_document  # these import the readers of every format, which --help does not need
    from socialvolym.formats import open_document
    from socialvolym.metadata import Metadata

    document = open_document(file)
    observations, _ = read_document(document, Metadata(file.stem))
    report = str(observations["report"][0]) if observations.height else file.stem
    facts = structure(document.lines).select(pl.lit(report).alias("report"), pl.all())
    findings = pl.concat([auditing.audit(observations, facts=facts), _identifiers(document.lines, report)])
    order = pl.col("severity").replace_strict(_EXIT, return_dtype=pl.Int8)
    return findings.sort([order, "line", "rule"], descending=[True, False, False], nulls_last=True)
