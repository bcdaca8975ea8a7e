"""Publishing: outdated pages are made by several workers, each page on its own, and the index lists the pages that there are."""

from __future__ import annotations

import hashlib
import io
import multiprocessing
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from functools import lru_cache
from typing import Any

import polars as pl

from socialvolym import atomic, fingerprints, observations, page_list, pages, paths, running, runs, steps, tables
from socialvolym.errors import SocialvolymError
from socialvolym.page_list import Page
from socialvolym.reports import RawReport, load_report, report_ids

#: What makes a figure the same figure in two runs.
FIGURE_KEY = ("report", "domain", "measure", "label", "breakdown", "period", "series", "line", "table", "published_as")
_EXAMPLES = 20


def published_figures() -> pl.DataFrame | None:
    """Return the observations of the last run; None where there are none that can be read."""
    try:
        return tables.load("observations")
    except SocialvolymError:
        return None


def table_facts(before: pl.DataFrame | None) -> dict[str, Any]:
    """Return what later steps need to know of the validated tables.

    tables: a hash of each; municipalities: for each code with a report, a hash of all rows and hints about it;
    rows: their number; changed: the figures that are new, gone or other than in the last run.
    """
    loaded = {name: tables.load(name) for name in steps.PROCESSED}
    return {
        "tables": {name: fingerprints.of_file(paths.processed() / f"{name}.parquet") for name in steps.PROCESSED},
        "municipalities": _municipality_hashes(loaded),
        "rows": {name: frame.height for name, frame in loaded.items()},
        "changed": changed_figures(before, loaded["observations"]),
    }


def _municipality_hashes(loaded: Mapping[str, pl.DataFrame]) -> dict[str, str]:
    codes = {report: raw.report.municipality_code for report, raw in _reports_by_id().items()}
    parts: dict[str, list[str]] = {code: [] for code in sorted(set(codes.values()))}
    for name, frame in loaded.items():
        if "report" not in frame.columns:
            continue
        coded = frame.with_columns(_code=pl.col("report").replace_strict(codes, default=None, return_dtype=pl.String))
        for (code,), rows in coded.group_by("_code", maintain_order=True):
            if code in parts:
                parts[str(code)].append(f"{name} {_frame_hash(rows)}")
    hints = {place: content for place, content in fingerprints.of_files(steps.raw_files()).items()
             if not place.endswith(("cells.csv", "prose.csv"))}
    for place, content in hints.items():
        code = codes.get(place.split("/")[-2])
        for chosen in [code] if code else parts:
            parts[chosen].append(f"{place} {content}")
    return {code: fingerprints.of_values(*rows) for code, rows in parts.items()}


def _frame_hash(frame: pl.DataFrame) -> str:
    stream = io.BytesIO()
    frame.write_ipc(stream)
    return hashlib.sha256(stream.getvalue()).hexdigest()


@lru_cache(maxsize=1)
def _reports_by_id() -> dict[str, RawReport]:
    return {report: load_report(paths.raw() / report) for report in report_ids()}


def changed_figures(before: pl.DataFrame | None, after: pl.DataFrame) -> dict[str, Any]:
    """Return how many figures are new, gone, or have another value than before, with examples by report, measure and period."""
    if before is None or not set(FIGURE_KEY) <= set(before.columns):
        return {"new": after.height, "gone": 0, "other": 0, "examples": []}
    old, fresh = (_numbered(frame) for frame in (before, after))
    keys = [*FIGURE_KEY, "_number"]
    both = fresh.join(old, on=keys, how="inner", nulls_equal=True, suffix="_before")
    other = both.filter(~pl.col("value").eq_missing(pl.col("value_before")) | ~pl.col("status").eq_missing(pl.col("status_before")))
    new, gone = fresh.join(old, on=keys, how="anti", nulls_equal=True), old.join(fresh, on=keys, how="anti", nulls_equal=True)
    shown = [{"change": change, **{name: row[name] for name in ("report", "measure", "breakdown", "period", "series", "value")}}
             for change, frame in (("new", new), ("gone", gone), ("other", other)) for row in frame.head(_EXAMPLES).iter_rows(named=True)]
    return {"new": new.height, "gone": gone.height, "other": other.height, "examples": shown}


def _numbered(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(_number=pl.int_range(pl.len()).over(FIGURE_KEY))


def make_pages(todo: Sequence[Page], validated: runs.Record, cell_seconds: int, workers: int) -> list[str]:
    """Make pages, a few at a time; a page that fails is recorded and holds up no other. Return the keys of those that failed.

    Raises
    ------
    SocialvolymError
        where a notebook does not have a page's parameters, before anything runs.
    """
    for page in todo:
        running.check_parameters(page.notebook, page.parameters)
    failed = []
    # Forked, so that the workers have the imports; nothing has been computed yet, so no library has started threads that matter.
    with ProcessPoolExecutor(min(workers, len(todo)), mp_context=multiprocessing.get_context("fork")) as pool:
        waiting = {pool.submit(make_page, page, validated, cell_seconds): page for page in todo}
        for done, future in enumerate(as_completed(waiting), start=1):
            record = _result(future, waiting[future], validated)
            name = waiting[future].key
            if record.state == "failed":
                failed.append(name)
            print(f"[{done}/{len(todo)}] {name}: {'done' if record.state == 'done' else 'FAILED'} in {record.seconds:.1f} s", flush=True)
    return failed


def _result(future: Future[runs.Record], page: Page, validated: runs.Record) -> runs.Record:
    try:
        return future.result()
    except BrokenProcessPool:
        record = runs.Record(steps.page_fingerprint(page, validated), "failed", 0.0, runs.now(),
                             message=f"page {page.key}: a worker was killed, perhaps for want of memory; run again, with fewer --cores")
        runs.write_record(f"pages/{page.key}", record)
        return record


def make_page(page: Page, validated: runs.Record, cell_seconds: int) -> runs.Record:
    """Execute a page's notebook and publish the page; where that fails the earlier page stays. Return the record."""
    begun = time.monotonic()
    fingerprint = steps.page_fingerprint(page, validated)
    outputs: Mapping[str, str | None] = {}
    message = ""
    try:
        executed = running.execute(page.notebook, page.parameters, runs.build() / "notebooks" / page.language / f"{page.name}.ipynb",
                                   cell_seconds)
        own, findings = _figures(page.municipality if page.own_data else None)
        html = pages.render_page(executed, page.language, own, findings, _meta(page))  # type: ignore[arg-type]
        atomic.write_text(html, page.output)
        outputs = {fingerprints.place(page.output): fingerprints.of_file(page.output)}
    except SocialvolymError as error:
        message = f"page {page.key}: {error}"
    except OSError as error:
        message = f"page {page.key}: cannot be written: {error}"
    record = runs.Record(fingerprint, "failed" if message else "done", round(time.monotonic() - begun, 2), runs.now(), outputs, message)
    runs.write_record(f"pages/{page.key}", record)
    return record


@lru_cache(maxsize=1)
def _all_figures() -> tuple[pl.DataFrame, pl.DataFrame]:
    return observations.load(), tables.load("findings")


def _figures(code: str | None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the observations and findings, or those of a municipality."""
    every, findings = _all_figures()
    if code is None:
        return every, findings
    own = every.filter(pl.col("municipality_code") == code)
    return own, findings.filter(pl.col("report").is_in(own["report"].unique().implode()))


def _meta(page: Page) -> pages.PageMeta:
    documents = _documents()
    other = next((language for language in page_list.LANGUAGES if language != page.language), "")
    return pages.PageMeta(
        name=page.name, version=runs.program_version(), date=figures_date(), run_time=runs.started(), title=page.title,
        documents=documents, other_language=f"../{other}/{page.name}.html" if other else "")


@lru_cache(maxsize=1)
def _documents() -> dict[str, pages.DocumentInfo]:
    return pages.document_info(_reports_by_id().values())


@lru_cache(maxsize=1)
def figures_date() -> str:
    """Return the date of the figures: that of the latest report that says when it was published, else the latest year."""
    reports = [raw.report for raw in _reports_by_id().values()]
    dates = [report.published.isoformat() for report in reports if report.published]
    return max(dates) if dates else str(max((report.year for report in reports), default=""))


def remove_unlisted(listed: Sequence[Page]) -> None:
    """Remove pages that this program made and that are no longer in the list."""
    keys = {page.key for page in listed}
    folder = runs.build() / "records" / "pages"
    for path in sorted(folder.glob("*/*.json")):
        key = f"{path.parent.name}/{path.stem}"
        if key not in keys:
            (paths.pages() / f"{key}.html").unlink(missing_ok=True)
            path.unlink()


def make_index(listed: Sequence[Page]) -> Mapping[str, Any]:
    """Write reports/index.html: the listed pages that there are."""
    shown = [pages.IndexPage(href=f"{page.key}.html", language=page.language, title=page.title)  # type: ignore[arg-type]
             for page in listed if page.output.exists()]
    every, _ = _all_figures()
    meta = pages.IndexMeta(
        version=runs.program_version(), date=figures_date(), run_time=runs.started(),
        checks=tables.load("checks").to_dicts(), rows=_index_rows(every, {page.key for page in listed if page.output.exists()}),
        documents=_documents())
    atomic.write_text(pages.render_index(shown, meta), paths.pages() / "index.html")
    return {}


def _index_rows(every: pl.DataFrame, made: set[str]) -> list[pages.IndexRow]:
    from socialvolym import vocabulary

    names = vocabulary.municipalities()
    year = pl.col("period").str.slice(0, 4)
    counted = (every.filter(pl.col("value").is_not_null()).group_by("measure", "municipality_code", maintain_order=True)
               .agg(first=year.min(), last=year.max(), figures=pl.len()).sort("measure", "municipality_code"))
    rows = []
    for row in counted.iter_rows(named=True):
        measure = vocabulary.measure_index().get(row["measure"])
        if measure is None:
            continue
        links = {language: key for language in page_list.LANGUAGES if (key := f"{language}/municipality-{row['municipality_code']}") in made}
        years = row["first"] if row["first"] == row["last"] else f"{row['first']}–{row['last']}"
        rows.append(pages.IndexRow(
            measure_en=measure["title_en"] or row["measure"], measure_sv=measure["title_sv"] or row["measure"],
            municipality=names.get(row["municipality_code"], row["municipality_code"]), years=years or "", figures=row["figures"],
            **{f"href_{language}": f"{key}.html" for language, key in links.items()}))
    return rows
