"""`socialvolym check`: the audit of a document before it is published."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import click
import polars as pl
from jinja2 import Environment, StrictUndefined

from socialvolym import atomic, audit
from socialvolym.audit import drafts
from socialvolym.audit.text.structure import structure
from socialvolym.csv_files import disarmed
from socialvolym.vocabulary.bilingual import in_notation
from socialvolym.vocabulary.columns import AUDITED, FIGURE_SCHEMA

#: Exit code by the highest severity.
_EXIT = {"note": 0, "warning": 1, "error": 2}
_EXPLANATION = {"en": "explanation", "sv": "explanation_sv"}
_PAGE = Path(__file__).with_name("check.html")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "csv", "json", "html"]), default="text", show_default=True)
@click.option("--language", type=click.Choice(["en", "sv"]), default="en", show_default=True, help="Language of text and HTML.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write here instead of on standard output.")
def check(file: Path, form: str, language: str, out: Path | None) -> None:
    """Audit the document FILE before it is published.

    The exit code is 0 where there are at most notes, 1 where there are warnings, 2 where there are errors, and 3 where the
    document cannot be read.
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
    from socialvolym.documents.opening import open_document
    from socialvolym.extraction.by_rules import read_figures  # the readers of all formats, which --help does not need
    from socialvolym.extraction.metadata import Metadata
    from socialvolym.extraction.prose.sentence_facts import with_sentence_facts

    document = open_document(file)
    read, _ = read_figures(document, Metadata(file.stem))
    figures = pl.DataFrame(with_sentence_facts(read), schema={**FIGURE_SCHEMA, **AUDITED, "column_label": pl.String})
    facts = structure(document).select(pl.lit(file.stem).alias("report"), pl.all())
    findings = audit.of_draft(figures, facts)
    order = pl.col("severity").replace_strict(_EXIT, return_dtype=pl.Int8)
    return findings.sort([order, "line", "rule"], descending=[True, False, False], nulls_last=True)


def _as_csv(findings: pl.DataFrame, name: str, language: str) -> str:
    return disarmed(findings).write_csv()


def _as_json(findings: pl.DataFrame, name: str, language: str) -> str:
    return findings.write_json() + "\n"


def _as_text(findings: pl.DataFrame, name: str, language: str) -> str:
    words, text = drafts.words(language), _EXPLANATION[language]
    lines = [
        f"{words[row['severity']]}, {words['line']} {_lines(row)}: {row[text]} ({row['rule']})"
        for row in findings.iter_rows(named=True)
    ]
    return "\n".join([words["title"].format(name=name), *(lines or [words["none"]])]) + "\n"


def _as_html(findings: pl.DataFrame, name: str, language: str) -> str:
    words = drafts.words(language)
    page = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, keep_trailing_newline=True).from_string(
        _PAGE.read_text(encoding="utf-8")
    )
    return page.render(
        language=language,
        title=words["title"].format(name=name),
        words=words,
        columns=("severity", "line", "published", "expected", "explanation"),
        rows=findings.to_dicts(),
        explanation=_EXPLANATION[language],
        lines=_lines,
        notation=in_notation,
    )


def _lines(row: Mapping[str, object]) -> str:
    """Return the line of a finding, and the other lines on which its cause shows."""
    return f"{row['line']} ({row['lines']})" if row["lines"] else str(row["line"])
