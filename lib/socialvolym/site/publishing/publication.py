"""Publication: pages from executed notebooks, and the hashes of the rows that each page is told from.

Which reports are in, and which are held up: audit/gathering.py.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import nbformat
import polars as pl

from socialvolym import observations, paths, program
from socialvolym.charts.theme import strings
from socialvolym.narrative.context import scope
from socialvolym.notation.languages import LANGUAGES
from socialvolym.observations import outcomes, store
from socialvolym.reports import loading
from socialvolym.reports.models import RawReport
from socialvolym.site import data_files, page_list, pages
from socialvolym.site.page_list import Page, menu
from socialvolym.site.publishing import changes, shelf
from socialvolym.vocabulary.columns import ANALYSED


def table_facts() -> dict[str, Any]:
    """Write the data files beside the validated tables, and return what later steps need to know of them.

    Returns
    -------
    dict
        slices: for each municipality with a report, each domain and "all" a hash of the rows that pages of them are told from;
        date: of the figures; silent: the codes none of whose reports could be read; rows: their number; changed: the figures and
        findings that are new, gone or other than the published ones; made: when the run began that found this.
    """
    tables = {name: store.load(name) for name in store.descriptions().tables}
    raw = outcomes.raw_reports(tables["reports"])
    data_files.write(paths.processed(), tables, program.version(), raw)
    # What measures and columns are called is said by the code, which pages are held against by itself.
    loaded = {name: table for name, table in tables.items() if name not in {"measures", "codebook"}}
    # Nothing is compared with a table that cannot be read.
    seen = shelf.seen()
    before = {name: store.load(name, seen) for name in shelf.COMPARED if (seen / f"{name}.parquet").exists()}
    return {
        "slices": {
            "all": _hash(frame for _, frame in sorted(loaded.items())),
            **_municipality_hashes(loaded),
            **domain_hashes(loaded, raw),
        },
        "date": _figures_date(raw),
        "made": program.started(),
        "silent": sorted(set(loading.reports_by_code()) - set(_codes_read(loaded["reports"]))),
        "rows": {name: frame.height for name, frame in loaded.items()},
        "changed": {
            **changes.changed_figures(
                changes.with_years(before["observations"], before.get("reports")) if "observations" in before else None,
                changes.with_years(loaded["observations"], loaded["reports"]),
            ),
            **changes.changed_findings(before.get("findings"), loaded["findings"]),
        },
    }


def _codes_read(reports: pl.DataFrame) -> list[str]:
    return reports.filter(pl.col("state") == outcomes.READ)["municipality_code"].drop_nulls().to_list()


def _municipality_hashes(loaded: Mapping[str, pl.DataFrame]) -> dict[str, str]:
    codes = {report: code for code, names in loading.reports_by_code().items() for report in names}
    parts: dict[str, list[pl.DataFrame]] = {code: [] for code in codes.values()}
    for frame in (frame for _, frame in sorted(loaded.items()) if "report" in frame.columns):
        coded = frame.with_columns(_code=pl.col("report").replace_strict(codes, default=None, return_dtype=pl.String))
        for (code,), rows in coded.group_by("_code", maintain_order=True):
            if code in parts:
                parts[str(code)].append(rows)
    return {code: _hash(rows) for code, rows in parts.items()}


def domain_hashes(loaded: Mapping[str, pl.DataFrame], raw: Sequence[RawReport]) -> dict[str, str]:
    """Return for each domain that has an analysis a hash of all that its pages are told from, besides the reports' hints."""
    every = observations.with_ids(loaded["observations"])
    # The years that a page may be asked for are those of all figures.
    years = every.group_by("municipality_code").agg(first=pl.col("period").min(), last=pl.col("period").max())
    shared = (years.sort("municipality_code"), loaded["reports"])
    scopes = {domain: scope.of_domain(every, domain, raw) for domain in ANALYSED}
    return {domain: _hash((*shared, own, scope.findings_about(loaded["findings"], own))) for domain, own in scopes.items()}


def _hash(frames: Iterable[pl.DataFrame]) -> str:
    # As text: what stands in memory behind a null is not the same in two runs.
    return hashlib.sha256("\n\n".join(frame.write_ndjson() for frame in frames).encode()).hexdigest()


def _figures_date(reports: Sequence[RawReport]) -> str:
    """Return the date of the figures: that of the latest report that says when it was published, else the latest year."""
    dates = [raw.report.published.isoformat() for raw in reports if raw.report.published]
    return max(dates) if dates else str(max((raw.report.year for raw in reports), default=""))


def page(
    about: Page,
    executed: nbformat.NotebookNode,
    facts: Mapping[str, Any],
) -> str:
    """Return an executed notebook as its page.

    Parameters
    ----------
    about : the page.
    facts : of the tables (table_facts).
    """
    reports, codes = outcomes.load(), [about.own_code] if about.own_code else []
    other = next(language for language in LANGUAGES if language != about.language)
    # A municipality none of whose reports could be read may have no page.
    listed = [
        page
        for page in page_list.all_pages()
        if page.language == about.language and (page.municipality not in facts["silent"] or page.output.exists())
    ]
    meta = pages.PageMeta(
        name=about.name,
        version=program.version(),
        date=facts["date"],
        run_time=program.started(),
        title=about.title,
        documents=pages.document_info(outcomes.raw_reports(reports, codes)),
        other_language=f"../{other}/{about.name}.html",
        menu=menu(listed, strings(about.language)["municipalities"], about.name),
    )
    return pages.render_page(executed, about.language, *_figures(about, reports), meta)  # type: ignore[arg-type]


def _figures(about: Page, reports: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the observations and findings that a page may quote."""
    findings = store.load("findings")
    if about.own_code:
        names = outcomes.names(reports, [about.own_code])
        own = observations.load(municipalities=[about.own_code]).filter(pl.col("report").is_in(names))
        return own, findings.filter(pl.col("report").is_in(names))
    every = observations.load()
    if not about.domain:
        return every, findings
    own = scope.of_domain(every, about.domain, outcomes.raw_reports(reports))
    return own, scope.findings_about(findings, own)
