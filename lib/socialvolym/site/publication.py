"""Publishing: outdated pages are made by several workers, each page on its own, and the index lists the pages that there are."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from socialvolym import atomic, observations, paths, vocabulary
from socialvolym.charts import downloads, drawing
from socialvolym.charts.theme import templates
from socialvolym.errors import SocialvolymError
from socialvolym.narrative import scope
from socialvolym.narrative.wording import Wording
from socialvolym.observations import outcomes, store
from socialvolym.reports import loading
from socialvolym.reports.models import RawReport
from socialvolym.site import changes, page_list, pages
from socialvolym.site.page_list import Page
from socialvolym.vocabulary.columns import ANALYSED
from socialvolym.workflow import execution, fingerprints, forking, runs, steps


def published(name: str) -> pl.DataFrame | None:
    """Return a table as it was when the index was last made; None where there is none that can be read."""
    try:
        return store.load(name, _published())
    except SocialvolymError:
        return None


def _published() -> Path:
    return runs.build() / "published"


def table_facts(figures: pl.DataFrame | None, findings: pl.DataFrame | None) -> dict[str, Any]:
    """Describe the validated tables as a data package, and return what later steps need to know of them.

    tables: a hash of each; municipalities: for each code with a report, a hash of all rows and hints about it; domains: for each
    a hash of the rows in its scope; date: of the figures; silent: the codes none of whose reports could be read; rows: their
    number; changed: the figures and findings that are new, gone or other than in the last run.
    """
    loaded = {name: store.load(name) for name in steps.PROCESSED}
    about, raw = store.descriptions(), outcomes.raw_reports(loaded["reports"])
    downloads.write_data_package(paths.processed(), about.title, runs.program_version(), about.tables, about.columns)
    return {
        "tables": {name: fingerprints.of_file(paths.processed() / f"{name}.parquet") for name in steps.PROCESSED},
        "municipalities": _municipality_hashes(loaded),
        "domains": domain_hashes(loaded, raw),
        "date": _figures_date(raw),
        "silent": sorted(set(loading.reports_by_code()) - set(_codes_read(loaded["reports"]))),
        "rows": {name: frame.height for name, frame in loaded.items()},
        "changed": {
            **changes.changed_figures(
                None if figures is None else changes.with_years(figures, published("reports")),
                changes.with_years(loaded["observations"], loaded["reports"]),
            ),
            **changes.changed_findings(findings, loaded["findings"]),
        },
    }


def _codes_read(reports: pl.DataFrame) -> list[str]:
    return reports.filter(pl.col("state") == outcomes.READ)["municipality_code"].drop_nulls().to_list()


def _municipality_hashes(loaded: Mapping[str, pl.DataFrame]) -> dict[str, str]:
    by_code = loading.reports_by_code()
    codes = {report: code for code, names in by_code.items() for report in names}
    parts: dict[str, list[str]] = {code: [] for code in by_code}
    for name, frame in loaded.items():
        if "report" not in frame.columns:
            continue
        coded = frame.with_columns(_code=pl.col("report").replace_strict(codes, default=None, return_dtype=pl.String))
        for (code,), rows in coded.group_by("_code", maintain_order=True):
            if code in parts:
                parts[str(code)].append(f"{name} {_frame_hash(rows)}")
    for place, content in steps.hints().items():
        code = codes.get(place.split("/")[-2])
        for chosen in [code] if code else parts:
            parts[chosen].append(f"{place} {content}")
    return {code: fingerprints.of_values(rows) for code, rows in parts.items()}


def domain_hashes(loaded: Mapping[str, pl.DataFrame], raw: Sequence[RawReport]) -> dict[str, str]:
    """Return for each domain that has an analysis a hash of all that its pages are told from, besides the reports' hints."""
    every = observations.with_ids(loaded["observations"])
    # The years that a page may be asked for are those of all figures.
    years = every.group_by("municipality_code").agg(first=pl.col("period").min(), last=pl.col("period").max())
    shared = [_frame_hash(years.sort("municipality_code")), _frame_hash(loaded["reports"])]
    scopes = {domain: scope.of_domain(every, domain, raw) for domain in ANALYSED}
    return {
        domain: fingerprints.of_values(*shared, _frame_hash(own), _frame_hash(scope.findings_about(loaded["findings"], own)))
        for domain, own in scopes.items()
    }


def _frame_hash(frame: pl.DataFrame) -> str:
    # As text: what stands in memory behind a null is not the same in two runs.
    return fingerprints.of_text(frame.write_ndjson())


def _figures_date(reports: Sequence[RawReport]) -> str:
    """Return the date of the figures: that of the latest report that says when it was published, else the latest year."""
    dates = [raw.report.published.isoformat() for raw in reports if raw.report.published]
    return max(dates) if dates else str(max((raw.report.year for raw in reports), default=""))


def check_pages(todo: Sequence[Page]) -> None:
    """Check the parameters of pages before any of them is made.

    Raises
    ------
    SocialvolymError
        where a notebook is absent, has no such parameter, or the value is of another kind.
    """
    for page in todo:
        execution.check_parameters(page.notebook, page.parameters)


def make_pages(todo: Sequence[Page], validated: runs.Record, cell_seconds: int, workers: int) -> None:
    """Make pages, a few at a time; a page that fails is recorded and holds up no other.

    Raises
    ------
    SocialvolymError
        where the run that these pages belong to has been killed.
    """
    # Forked, so that the workers have the imports, unless a library has started threads: then a forked worker could hang.
    way = multiprocessing.get_context("spawn" if forking.unsafe_threads() else "fork")
    # Compiled before the workers are forked, so that all have it.
    templates().get_template("page.html.j2")
    # One more than may compute at a time: a page waits now and then, for its kernel to start or to end.
    with ProcessPoolExecutor(min(workers + (workers > 1), len(todo)), mp_context=way) as pool:
        # The page that took longest the last time goes first, so that no worker is left alone with it at the end.
        ordered = sorted(todo, key=_last_seconds, reverse=True)
        waiting = {pool.submit(make_page, page, validated, cell_seconds): page for page in ordered}
        for done, future in enumerate(as_completed(waiting), start=1):
            record, page = _result(future, waiting[future], validated), waiting[future]
            state = "done" if record.state == "done" else "FAILED"
            print(f"[{done}/{len(todo)}] {page.key}: {state} in {record.seconds:.1f} s", flush=True)
            if runs.is_abandoned():
                pool.shutdown(wait=False, cancel_futures=True)
                raise SocialvolymError("the run was ended; run again, and it goes on where it stopped")


def _last_seconds(page: Page) -> float:
    known = runs.read_record(f"pages/{page.key}")
    return known.seconds if known is not None else 0.0


def _result(future: Future[runs.Record], page: Page, validated: runs.Record) -> runs.Record:
    error = future.exception()
    if error is None:
        return future.result()
    if isinstance(error, BrokenProcessPool):
        why = "a worker was killed, perhaps for want of memory; run again, with fewer --cores"
    else:
        why = f"{type(error).__name__}: {error}"
    record = runs.Record(steps.page_fingerprint(page, validated), "failed", 0.0, message=f"page {page.key}: {why}")
    runs.write_record(f"pages/{page.key}", record)
    return record


def make_page(page: Page, validated: runs.Record, cell_seconds: int) -> runs.Record:
    """Execute a page's notebook and publish the page; where that fails the earlier page stays. Return the record."""
    begun = time.monotonic()
    fingerprint = steps.page_fingerprint(page, validated)
    kept = runs.build() / "notebooks" / page.language / f"{page.name}.ipynb"
    outputs: Mapping[str, str | None] = {}
    message = ""
    try:
        executed = execution.execute(page.notebook, page.parameters, kept, cell_seconds)
        html = pages.render_page(executed, page.language, *_figures(page), _meta(page, validated))  # type: ignore[arg-type]
        atomic.write_text(html, page.output)
        outputs = fingerprints.of_files([page.output])
    except SocialvolymError as error:
        message = f"page {page.key}: {error}"
    except OSError as error:
        message = f"page {page.key}: {error.filename or page.output} cannot be written: {error.strerror}"
    seconds = round(time.monotonic() - begun, 1)
    record = runs.Record(fingerprint, "failed" if message else "done", seconds, outputs=outputs, message=message)
    runs.write_record(f"pages/{page.key}", record)
    return record


@lru_cache(maxsize=1)
def _all_figures() -> tuple[pl.DataFrame, pl.DataFrame]:
    return observations.load(), store.load("findings")


@lru_cache(maxsize=1)
def _all_reports() -> pl.DataFrame:
    return outcomes.load()


def _figures(page: Page) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the observations and findings that a page may quote."""
    every, findings = _all_figures()
    if page.domain:
        own = scope.of_domain(every, page.domain, outcomes.raw_reports(_all_reports()))
        return own, scope.findings_about(findings, own)
    if not page.own_code:
        return every, findings
    reports = outcomes.names(_all_reports(), _codes(page))
    return every.filter(pl.col("report").is_in(reports)), findings.filter(pl.col("report").is_in(reports))


def _codes(page: Page) -> list[str]:
    return [page.own_code] if page.own_code else []


def _meta(page: Page, validated: runs.Record) -> pages.PageMeta:
    other = next(language for language in page_list.LANGUAGES if language != page.language)
    return pages.PageMeta(
        name=page.name,
        version=runs.program_version(),
        date=validated.facts["date"],
        run_time=runs.started(),
        title=page.title,
        documents=pages.document_info(outcomes.raw_reports(_all_reports(), _codes(page))),
        other_language=f"../{other}/{page.name}.html",
    )


def remove_unlisted(listed: Sequence[Page]) -> None:
    """Remove pages that a run made and that are no longer in the list."""
    keys = {page.key for page in listed}
    for path in sorted((runs.build() / "records" / "pages").glob("*/*.json")):
        key = f"{path.parent.name}/{path.stem}"
        if key not in keys:
            (paths.pages() / f"{key}.html").unlink(missing_ok=True)
            path.unlink()


def make_index(listed: Sequence[Page], validated: runs.Record) -> Mapping[str, Any]:
    """Write reports/index.html: the listed pages that there are."""
    made = [page for page in listed if page.output.exists()]
    shown = [
        pages.IndexPage(href=f"{page.key}.html", language=page.language, title=page.title)  # type: ignore[arg-type]
        for page in made
    ]
    meta = pages.IndexMeta(
        version=runs.program_version(),
        date=validated.facts["date"],
        run_time=runs.started(),
        documents=pages.document_info(outcomes.raw_reports(_all_reports())),
        missing=outcomes.names(_all_reports(), state=outcomes.LEFT_OUT),
        changed_en=changes.tell(validated.facts["changed"], Wording("en")),
        changed_sv=changes.tell(validated.facts["changed"], Wording("sv")),
        checks=store.load("checks").to_dicts(),
        rows=_index_rows(_all_figures()[0], made),
    )
    atomic.write_text(pages.render_index(shown, meta), paths.pages() / "index.html")
    for name in ("observations", "findings", "reports"):
        # The next run is compared with what readers have seen, not with what a run that was ended has left.
        atomic.write_parquet(store.load(name), _published() / f"{name}.parquet")
    drawing.forget_unused(steps.drawn())
    return {}


def _index_rows(every: pl.DataFrame, made: Sequence[Page]) -> list[pages.IndexRow]:
    """Return a line for each measure of each municipality, with links to the municipality's pages."""
    names, measures = vocabulary.municipalities(), vocabulary.measure_index()
    links = {(page.municipality, page.language): f"{page.key}.html" for page in made if page.municipality}
    year = pl.col("period").str.slice(0, 4)
    counted = (
        every.filter(pl.col("value").is_not_null(), pl.col("measure").is_in(list(measures)))
        .group_by("measure", "municipality_code")
        .agg(first=year.min(), last=year.max(), figures=pl.len())
        .sort("measure", "municipality_code")
    )
    return [
        pages.IndexRow(
            measure_en=measures[row["measure"]]["title_en"] or row["measure"],
            measure_sv=measures[row["measure"]]["title_sv"] or row["measure"],
            municipality=names.get(row["municipality_code"], row["municipality_code"]),
            years=_span(row["first"], row["last"]),
            figures=row["figures"],
            href_en=links.get((row["municipality_code"], "en"), ""),
            href_sv=links.get((row["municipality_code"], "sv"), ""),
        )
        for row in counted.iter_rows(named=True)
    ]


def _span(first: str | None, last: str | None) -> str:
    return (first or "") if first == last else f"{first}–{last}"
