"""The workflow's steps: clean, validate, pages, index; each does its work only where what it is made from has changed.

Snakemake decides the order and starts them as `python -m socialvolym.workflow.stepping STEP`; content, not time, decides
whether there is work.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from socialvolym import paths
from socialvolym.errors import SocialvolymError
from socialvolym.reports import loading
from socialvolym.site import page_list
from socialvolym.site.page_list import Page, PageList
from socialvolym.workflow import fingerprints, forking, kernels, runs

CLEAN, VALIDATE = "1_clean", "2_validate"
#: A run's servers of kernels: one a step, so that none waits for the imports of another.
ROLES, PAGES = {CLEAN: "CLEAN", VALIDATE: "VALIDATE"}, "PAGES"
STEPS = ("clean", "validate", "pages", "index")
UNCHECKED = ("observations", "unread", "derived", "reports")
PROCESSED = (*UNCHECKED, "findings", "checks")
#: What makes pages of executed notebooks.
RENDERING = ("socialvolym.site.publication",)
#: Environment variable of the drawing processes, see drawing.py.
DRAWING = "SOCIALVOLYM_DRAWING"
#: What pages and the index need to know of the validated tables.
_KNOWN = {"tables", "municipalities", "domains", "date"}
#: Files of a report that only cleaning reads.
_PRINTED = ("cells.csv", "prose.csv")


@dataclass(frozen=True)
class Selection:
    """What a run is asked for: names of steps or pages, languages, municipality codes; empty for all."""

    only: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    municipalities: tuple[str, ...] = ()

    @property
    def last_step(self) -> str:
        """The last step that is wanted."""
        steps = [step for step in STEPS if step in self.only]
        return steps[-1] if steps and len(steps) == len(self.only) else "index"

    @property
    def wants_pages(self) -> bool:
        """Whether pages are wanted."""
        return STEPS.index(self.last_step) >= STEPS.index("pages")

    def arguments(self) -> list[str]:
        """Return the selection as arguments of a step."""
        options = (("--only", self.only), ("--language", self.languages), ("--municipalities", self.municipalities))
        return [part for option, values in options for value in values for part in (option, value)]


def raw_files() -> list[Path]:
    """Return all files below data/raw."""
    found = (Path(folder, name) for folder, _, names in os.walk(paths.raw()) for name in names if not name.startswith("."))
    return sorted(found)


def suites() -> list[Path]:
    """Return the files of the expectation suites."""
    return sorted(path for path in paths.expectations().glob("*") if path.is_file())


@lru_cache(maxsize=1)
def _raw_hashes() -> Mapping[str, str | None]:
    return fingerprints.of_files(raw_files())


@lru_cache(maxsize=512)
def _file_hash(path: Path) -> str | None:
    return fingerprints.of_file(path)


@lru_cache(maxsize=64)
def _code(modules: tuple[str, ...]) -> str:
    return fingerprints.of_values({fingerprints.place(path): _file_hash(path) for path in fingerprints.code_files(modules)})


@lru_cache(maxsize=1)
def hints() -> Mapping[str, str | None]:
    """Return the hashes of what pages read of the reports beside the tables: titles, captions, breaks, responsibilities."""
    return {place: content for place, content in _raw_hashes().items() if not place.endswith(_PRINTED)}


@lru_cache(maxsize=1)
def _all_hints() -> str:
    return fingerprints.of_values(hints())


CACHED = (_raw_hashes, _file_hash, _code, hints, _all_hints)


def _notebook(notebook: str, modules: Sequence[str] = ()) -> list[Any]:
    """Return what a notebook's results depend on besides its data: its own text, the code that it uses, the tools."""
    code = _code((*fingerprints.notebook_modules(notebook), *modules))
    return [notebook, _file_hash(fingerprints.notebook_file(notebook)), code, runs.tools()]


def clean_fingerprint() -> str:
    """Return the fingerprint of cleaning: the raw files, the notebook and its code."""
    return fingerprints.of_values(_notebook(CLEAN), _raw_hashes())


def validate_fingerprint() -> str:
    """Return the fingerprint of validating: the cleaned tables, the suites, the raw files, the notebook and its code."""
    cleaned = fingerprints.of_files(paths.unchecked() / f"{name}.parquet" for name in UNCHECKED)
    return fingerprints.of_values(_notebook(VALIDATE), cleaned, fingerprints.of_files(suites()), _raw_hashes())


def page_fingerprint(page: Page, validated: runs.Record) -> str:
    """Return the fingerprint of a page: its data, parameters and title, the notebook and its code."""
    known = validated.facts["municipalities"]
    if page.own_code:
        data: Any = [known.get(page.own_code), sorted(known), validated.facts["date"]]
    elif page.domain:
        data = [validated.facts["domains"][page.domain], sorted(known), validated.facts["date"], _all_hints()]
    else:
        data = [validated.facts["tables"], _all_hints()]
    national = _file_hash(paths.processed() / "kolada.parquet")
    return fingerprints.of_values(_notebook(page.notebook, RENDERING), page.parameters, page.title, page.key, data, national)


def index_fingerprint(pages: Sequence[Page], validated: runs.Record) -> str:
    """Return the fingerprint of the index: the pages that there are and the tables."""
    made = {page.key: [page.title, page.output.exists()] for page in pages}
    return fingerprints.of_values(_code(RENDERING), runs.tools(), made, validated.facts["tables"], _all_hints())


def left_out(folder: Path | None = None) -> dict[str, str]:
    """Return the reports that are not in the tables because they could not be read, with the reason."""
    place = (folder or paths.processed()) / "reports.csv"
    try:
        with place.open(encoding="utf-8", newline="") as stream:
            return {row["report"]: row["reason"] for row in csv.DictReader(stream) if row["state"] == "left_out"}
    except (OSError, KeyError):
        return {}


def is_silent(page: Page, validated: runs.Record) -> bool:
    """Tell whether a page is about a municipality none of whose reports could be read: its earlier page stays."""
    return page.municipality in validated.facts.get("silent", ())


def all_pages(listed: PageList) -> list[Page]:
    """Return every page of the list."""
    return page_list.expand(listed, list(loading.reports_by_code()))


def chosen_pages(listed: PageList, selection: Selection) -> list[Page]:
    """Return the pages of a selection.

    Raises
    ------
    SocialvolymError
        where it names an unknown page, language or municipality.
    """
    only = [name for name in selection.only if name not in STEPS]
    codes = list(loading.reports_by_code())
    return page_list.select(page_list.expand(listed, codes), only, selection.languages, selection.municipalities, codes)


@dataclass(frozen=True)
class Plan:
    """What must be done: the steps that are outdated and the pages among them."""

    steps: tuple[str, ...]
    pages: tuple[Page, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return not self.steps


def plan(selection: Selection) -> Plan:
    """Find what is outdated by content. All that follows an outdated step is planned: it may turn out to be unchanged."""
    listed = page_list.load_list()
    chosen = chosen_pages(listed, selection)
    wanted = STEPS[: STEPS.index(selection.last_step) + 1]
    validated = _validated()
    first = next((step for step in wanted if not _is_current(step, chosen, listed, validated)), None)
    if first is None:
        return Plan((), ())
    if first in ("clean", "validate") or validated is None:
        pages = chosen
    else:
        pages = [page for page in chosen if not is_made(page, validated)]
    return Plan(wanted[wanted.index(first) :], tuple(pages) if selection.wants_pages else ())


def _is_current(step: str, chosen: Sequence[Page], listed: PageList, validated: runs.Record | None) -> bool:
    if step == "clean":
        cleaned = runs.read_record("clean")
        return cleaned is not None and cleaned.holds(clean_fingerprint())
    if validated is None or step == "validate":
        return validated is not None and validated.holds(validate_fingerprint())
    if step == "pages":
        return all(is_made(page, validated) for page in chosen)
    index = runs.read_record("index")
    return index is not None and index.holds(index_fingerprint(all_pages(listed), validated))


def _validated() -> runs.Record | None:
    """Return the record of the validated tables, where they hold."""
    validated = runs.read_record("validate")
    return validated if validated is not None and set(validated.facts) >= _KNOWN else None


def _need_validated() -> runs.Record:
    validated = _validated()
    if validated is None:
        raise SocialvolymError("the tables have not been validated; run: socialvolym run")
    return validated


def is_made(page: Page, validated: runs.Record) -> bool:
    """Tell whether a page is there, made from what there is now, or stays because there is nothing to make it from."""
    if is_silent(page, validated):
        return True
    record = runs.read_record(f"pages/{page.key}")
    return record is not None and record.holds(page_fingerprint(page, validated))


def forget_stale(planned: Plan) -> None:
    """Remove the stamps of outdated steps, so that Snakemake runs them whatever the files' times say."""
    for step in planned.steps:
        for stamp in (runs.build() / "stamps").glob(f"{step}*"):
            stamp.unlink(missing_ok=True)
    for stamp in (runs.build() / "stamps").glob("*"):
        # Snakemake refuses to make anything from a stamp that a clock has set in the future.
        stamp.touch()


def _run_step(step: str, fingerprint: Callable[[], str], outputs: Iterable[Path], work: Callable[[], Mapping[str, Any]]) -> None:
    """Do a step's work where its fingerprint has changed or its files are not what it made, and record it.

    Raises
    ------
    SocialvolymError
        where the work fails, or an input is replaced while it is read.
    """
    before = fingerprint()
    known = runs.read_record(step)
    if known is not None and known.holds(before):
        print(f"{step}: nothing has changed", flush=True)
        return
    begun = time.monotonic()
    try:
        facts = work()
        for cached in CACHED:
            cached.cache_clear()
        if fingerprint() != before:
            raise SocialvolymError(f"{step}: an input was changed while it was being read; run again")
    except (SocialvolymError, OSError) as error:
        runs.write_record(step, runs.Record(before, "failed", _since(begun), message=_told(step, error)))
        raise
    runs.write_record(step, runs.Record(before, "done", _since(begun), outputs=fingerprints.of_files(outputs), facts=facts))
    print(f"{step}: done in {_since(begun)} s", flush=True)


def _told(step: str, error: SocialvolymError | OSError) -> str:
    if isinstance(error, OSError):
        return f"{step}: {error.filename or 'a file'}: {error.strerror}"
    return str(error)


def _since(begun: float) -> float:
    return round(time.monotonic() - begun, 1)


def clean() -> None:
    """Clean: printed cells become observations in data/processed/unchecked."""
    _run_step("clean", clean_fingerprint, [paths.unchecked() / f"{name}.parquet" for name in UNCHECKED], lambda: _execute(CLEAN))


def validate() -> None:
    """Validate: the observations become the tables in data/processed."""

    def work() -> Mapping[str, Any]:
        from socialvolym.site import publication

        figures, findings = publication.published("observations"), publication.published("findings")
        _execute(VALIDATE)
        return publication.table_facts(figures, findings)

    outputs = [paths.processed() / f"{name}.{ending}" for name in PROCESSED for ending in ("parquet", "csv")]
    outputs.append(paths.processed() / "datapackage.json")
    _run_step("validate", validate_fingerprint, outputs, work)


def _execute(notebook: str) -> Mapping[str, Any]:
    from socialvolym.workflow import execution

    with helpers([notebook]):
        execution.execute(notebook, {}, runs.build() / "notebooks" / f"{notebook}.ipynb", page_list.load_list().cell_seconds)
    return {}


def helpers(notebooks: Sequence[str], drawing: int = 0) -> ExitStack:
    """Return a context in which kernels come warm and charts are drawn warm: by the run's processes, or by ones of its own.

    Parameters
    ----------
    notebooks : that will be executed.
    drawing : how many processes may draw.
    """
    stack = ExitStack()
    own_place = f"{kernels.SERVER}_{next((ROLES[name] for name in notebooks if name in ROLES), PAGES)}"
    os.environ[kernels.SERVER] = _existing(own_place) or stack.enter_context(kernels.serving(preloads(notebooks))) or ""
    if drawing and not _existing(DRAWING):
        os.environ[DRAWING] = stack.enter_context(drawing_processes(drawing)) or ""
    return stack


def drawing_processes(
    number: int, wanted: bool = True, nice: int = 0, after: str | None = None
) -> AbstractContextManager[str | None]:
    """Run processes that draw charts, and keep what they have drawn in build/drawn, while the block runs."""
    return forking.helper("socialvolym.charts.drawing", [str(number), str(drawn())], wanted, nice, after)


def drawn() -> Path:
    """Return the folder of the charts that have been drawn."""
    return runs.build() / "drawn"


def _existing(variable: str) -> str | None:
    place = os.environ.get(variable)
    return place if place and Path(place).exists() else None


def preloads(notebooks: Sequence[str]) -> list[str]:
    """Return the modules that notebooks import, directly or within this package."""
    return sorted({module for notebook in notebooks for module in fingerprints.notebook_modules(notebook)})


def pages(selection: Selection, workers: int, batch: tuple[int, int] = (1, 1)) -> None:
    """Make the pages of a selection that are outdated, several at a time.

    Parameters
    ----------
    batch : this batch, from 1, of how many; each takes its share of the selection.
    """
    from socialvolym.site import publication

    validated = _need_validated()
    listed = page_list.load_list()
    share = chosen_pages(listed, selection)[batch[0] - 1 :: batch[1]]
    todo = [page for page in share if not is_made(page, validated)]
    if not todo:
        print("pages: nothing has changed", flush=True)
        return
    publication.check_pages(todo)
    with helpers([page.notebook for page in todo], drawing=workers):
        publication.make_pages(todo, validated, listed.cell_seconds, workers)


def index() -> None:
    """Make the index of the pages that there are; fail where a page has failed, after the index has been made."""
    from socialvolym.site import publication

    validated = _need_validated()
    every = all_pages(page_list.load_list())
    publication.remove_unlisted(every)
    _run_step(
        "index",
        lambda: index_fingerprint(every, validated),
        [paths.pages() / "index.html"],
        lambda: publication.make_index(every, validated),
    )
    failed = [page.key for page in every if (record := runs.read_record(f"pages/{page.key}")) and record.state == "failed"]
    if failed:
        raise SocialvolymError(f"pages that could not be made: {', '.join(failed)}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="socialvolym.workflow.stepping")
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--language", action="append", default=[])
    parser.add_argument("--municipalities", action="append", default=[])
    return parser


def selection_of(arguments: Sequence[str]) -> Selection:
    """Return the selection that a step's arguments make, the reverse of Selection.arguments."""
    given, _ = _parser().parse_known_args(arguments)
    return Selection(tuple(given.only), tuple(given.language), tuple(given.municipalities))


def _batch(text: str) -> tuple[int, int]:
    number, _, count = text.partition("/")
    return int(number), int(count)


def main(arguments: Sequence[str]) -> int:
    """Run one step; return the exit code."""
    parser = _parser()
    parser.add_argument("step", choices=STEPS)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--batch", type=_batch, default=(1, 1))
    given = parser.parse_args(arguments)
    selection = selection_of(arguments)
    # Snakemake names as many threads as the step has cores, but the step uses them for workers, which it forks.
    os.environ.update(forking.ONE_THREAD)
    work: dict[str, Callable[[], None]] = {
        "clean": clean,
        "validate": validate,
        "index": index,
        "pages": lambda: pages(selection, given.workers, given.batch),
    }
    try:
        with runs.lock(f"{given.step}{given.batch[0]}", patient=True):
            if runs.is_abandoned():
                raise SocialvolymError("the run was ended; run again, and it goes on where it stopped")
            work[given.step]()
    except (SocialvolymError, OSError) as error:
        print(f"socialvolym: {_told(given.step, error)}", file=sys.stderr)
        return 1
    return 0
