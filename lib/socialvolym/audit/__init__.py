"""The audit: what the reports get wrong, told apart from rounding, truncation and other bases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from socialvolym.audit import consequences, drafts, verdicts
from socialvolym.audit.check_table import joined
from socialvolym.audit.compared_figures import prepare
from socialvolym.audit.findings import as_findings
from socialvolym.audit.rules import draft_sentences, mixed_rows, presentation, repeated_figures, reuse, text_against_tables
from socialvolym.audit.rules.arithmetic import (
    column_relations,
    differences,
    identities,
    magnitudes,
    row_relations,
    signs,
    totals,
    years,
)
from socialvolym.audit.text import claims, lapses, passages, structure
from socialvolym.audit.text.text_facts import FACT_SCHEMA
from socialvolym.csv_files import load_csvs
from socialvolym.errors import SocialvolymError
from socialvolym.notation.languages import Language
from socialvolym.observations import cleaning
from socialvolym.reports.models import RawReport
from socialvolym.reports.review import Review


def checks(observations: pl.DataFrame, reports: Sequence[RawReport] = (), facts: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return the check table (audit.check_table.CHECK_SCHEMA): one row a check, also of those that hold.

    Parameters
    ----------
    observations : the observations, in the order of the documents.
    reports : the raw reports, for absent tables, announced breaks and structure.csv.
    facts : report and audit.text.text_facts.FACT_SCHEMA; by default what the reports' structure.csv say.
    """
    figures = prepare(observations)
    known = committed_facts(reports) if facts is None else facts
    cautioned = [raw.report.id for raw in reports if raw.notes.break_ or raw.notes.caution]
    about = pl.DataFrame(
        [{"report": raw.report.id, "year": raw.report.year, "kind": raw.report.kind} for raw in reports],
        schema={"report": pl.String, "year": pl.Int64, "kind": pl.String},
    )
    found = joined(
        [
            differences.check(figures, known),
            totals.check(figures, known),
            identities.check(figures),
            repeated_figures.check(figures, known, reports),
            presentation.check(observations, figures, reports, known),
            structure.check(known, figures, about),
            passages.check(known, figures),
            claims.check(known, figures, observations),
            lapses.check(known, figures),
            mixed_rows.check(observations, figures, known, reports),
            reuse.check(observations, figures, known),
            text_against_tables.check(known, figures, cautioned),
            column_relations.check(figures),
            signs.check(figures),
        ]
    )
    return joined([found, row_relations.check(figures, found)])


def of_draft(figures: pl.DataFrame, facts: pl.DataFrame, reports: Sequence[RawReport] = ()) -> pl.DataFrame:
    """Return the findings about a document that nobody has described; an error rests on what is certain (drafts.py).

    Parameters
    ----------
    figures : the figures as extraction reads them, or as a person has settled them, also those that are not certain, with
        column_label and columns.AUDITED.
    facts : as in `checks`. reports : the report that the document was added as, if it was.
    """
    known = verdicts.rules()

    def compared(figures: pl.DataFrame) -> pl.DataFrame:
        # What a sentence's figure is about is not known well enough to compare it by its measure: draft_sentences asks for more.
        return checks(figures.filter(pl.col("kind") != "text"), reports, facts)

    def with_text(figures: pl.DataFrame) -> pl.DataFrame:
        return joined([compared(figures), draft_sentences.check(prepare(figures))])

    held = drafts.with_deviations(figures)
    prepared = prepare(held)
    sizes = magnitudes.check(prepared)
    right = held if sizes.is_empty() else magnitudes.put_right(held, sizes)
    prepared = prepared if right is held else prepare(right)
    tables, all_checks, of_text = right.filter(pl.col("kind") != "text"), compared(right), draft_sentences.check(prepared)
    failed = consequences.one_a_row(verdicts.without_consequences(verdicts.failing(all_checks, known)))
    failed = consequences.with_culprits(failed, right, with_text, joined([all_checks, of_text]))
    settled = drafts.settled(failed, all_checks, tables)
    told = pl.concat([settled, verdicts.failing(of_text, known)], how="diagonal")
    told = consequences.with_right_totals(consequences.without_consequences(told, right, with_text), all_checks)
    sure = verdicts.failing(joined([sizes, years.check(prepared, facts)]), known)
    # A cell in the wrong unit is no amount that a text has beyond all others.
    told = told.filter((pl.col("rule") != "unit_slip") | ~pl.col("line").is_in(sizes["line"].implode()))
    found = as_findings(pl.concat([told, sure], how="diagonal"), tables, reports)
    return drafts.with_series(drafts.with_doubt(found, settled), figures)


def findings_taken_out(raw: RawReport, after: Review, language: Language) -> list[str]:
    """Return the findings, in words, that a review no longer has because it takes figures out which the one before did not.

    A figure that a document prints wrongly is a figure all the same. Notes are left out, and figures that others have replaced.
    """
    out = ("not_a_figure", "unread")
    new = [one for one in after.decision if one.verdict in out and one not in raw.review.decision]
    if not new:
        return []
    without = Review(decision=tuple(one for one in after.decision if one not in new))
    facts, told = committed_facts([raw]), f"explanation{'_sv' if language == 'sv' else ''}"
    found = [of_draft(cleaning.audited(one), facts, [one]) for one in (replace(raw, review=each) for each in (without, after))]
    had, has = (frame.filter(pl.col("severity") != "note").get_column(told).to_list() for frame in found)
    return [text for text in had if text not in has]


def committed_facts(reports: Sequence[RawReport]) -> pl.DataFrame:
    """Return the facts of all reports that have a structure.csv: report and FACT_SCHEMA."""
    tables = [pl.DataFrame(schema={"report": pl.String, **FACT_SCHEMA})]
    for report, facts in structure_facts(reports).items():
        if isinstance(facts, SocialvolymError):
            raise facts
        tables.append(facts.select(pl.lit(report).alias("report"), pl.all()))
    return pl.concat(tables)


def structure_facts(reports: Sequence[RawReport]) -> dict[str, pl.DataFrame | SocialvolymError]:
    """Return, by report, the facts of each structure.csv that there is (FACT_SCHEMA), or why it cannot be loaded."""
    files = {raw.report.id: raw.folder / "structure.csv" for raw in reports}
    there = {report: file for report, file in files.items() if file.exists()}
    return dict(zip(there, load_csvs(list(there.values()), FACT_SCHEMA), strict=True))


def audit(
    observations: pl.DataFrame,
    reports: Sequence[RawReport] = (),
    facts: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Return the findings (audit.findings.FINDING_SCHEMA), one row a cause, by report and line.

    Of a report that was added they are those of its readings as a person has settled them, also of those that wait (`of_draft`).

    Parameters
    ----------
    observations, reports, facts : as in `checks`.
    """
    known = committed_facts(reports) if facts is None else facts
    failed = verdicts.without_consequences(verdicts.failing(checks(observations, reports, known), verdicts.rules()))
    added = {raw.report.id: raw for raw in reports if raw.is_added}
    # Only what reports say of the same figure is told of their tables, where one of them was added.
    own = ~pl.col("report").is_in(list(added)) | (pl.col("rule") == "across_reports")
    found = [as_findings(failed.filter(own), observations, reports)]
    found += [of_draft(cleaning.audited(raw), known.filter(report=name), [raw]) for name, raw in added.items()]
    return pl.concat(found).sort("report", "line", "rule", nulls_last=True, maintain_order=True)
