"""The workflow's steps: clean, validate, pages, index; each does its work only where what it is made from has changed.

Snakemake decides the order and starts them as `python -m socialvolym.steps STEP`; content, not time, decides whether there is work.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from socialvolym import fingerprints, kernels, page_list, paths, runs
from socialvolym.errors import SocialvolymError
from socialvolym.page_list import Page, PageList

CLEAN, VALIDATE = "1_clean", "2_validate"
STEPS = ("clean", "validate", "pages", "index")
UNCHECKED = ("observations", "unread", "derived")
PROCESSED = ("observations", "unread", "derived", "findings", "checks")
#: What makes pages of executed notebooks.
RENDERING = ("socialvolym.publishing",)
_UNREAD_BY_PAGES = ("cells.csv", "prose.csv")


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

    def arguments(self) -> list[str]:
        """Return the selection as arguments of a step."""
        options = (("--only", self.only), ("--language", self.languages), ("--municipalities", self.municipalities))
        return [part for option, values in options for value in values for part in (option, value)]


def raw_files() -> list[Path]:
    """Return all files below data/raw."""
    return sorted(path for path in paths.raw().rglob("*") if path.is_file() and not path.name.startswith("."))


@lru_cache(maxsize=1)
def _raw_hashes() -> Mapping[str, str | None]:
    return fingerprints.of_files(raw_files())


def _code(notebook: str, modules: Sequence[str] = ()) -> str:
    return _code_hash((*fingerprints.notebook_modules(notebook), *modules))


@lru_cache(maxsize=64)
def _code_hash(modules: tuple[str, ...]) -> str:
    return fingerprints.of_values({fingerprints.place(path): _file_hash(path) for path in fingerprints.code_files(modules)})


@lru_cache(maxsize=512)
def _file_hash(path: Path) -> str | None:
    return fingerprints.of_file(path)


def _notebook(notebook: str, modules: Sequence[str] = ()) -> list[Any]:
    """Return what a notebook's results depend on besides its data: its own text, the code that it uses, the tools."""
    return [notebook, _file_hash(fingerprints.notebook_file(notebook)), _code(notebook, modules), runs.tools()]


def clean_fingerprint() -> str:
    """Return the fingerprint of cleaning: the raw files, the notebook and its code."""
    return fingerprints.of_values(_notebook(CLEAN), _raw_hashes())


def validate_fingerprint() -> str:
    """Return the fingerprint of validating: the cleaned tables, the suites, the raw files, the notebook and its code."""
    cleaned = fingerprints.of_files(paths.unchecked() / f"{name}.parquet" for name in UNCHECKED)
    suites = fingerprints.of_files(path for path in paths.expectations().glob("*") if path.is_file())
    return fingerprints.of_values(_notebook(VALIDATE), cleaned, suites, _raw_hashes())


def page_fingerprint(page: Page, validated: runs.Record) -> str:
    """Return the fingerprint of a page: its data, parameters and title, the notebook and its code."""
    if page.own_data:
        data: Any = [validated.facts["municipalities"].get(page.municipality), list(validated.facts["municipalities"])]
    else:
        data = [validated.facts["tables"], _hints()]
    return fingerprints.of_values(_notebook(page.notebook, RENDERING), page.parameters, page.title, page.key, data)


@lru_cache(maxsize=1)
def _hints() -> str:
    """Return the hash of what pages read of the reports beside the tables: titles, captions, breaks, responsibilities."""
    return fingerprints.of_values({place: content for place, content in _raw_hashes().items()
                                   if not place.endswith(_UNREAD_BY_PAGES)})


def index_fingerprint(pages: Sequence[Page], validated: runs.Record) -> str:
    """Return the fingerprint of the index: the pages that there are and the tables."""
    made = {page.key: (page.title, page.output.exists()) for page in pages}
    return fingerprints.of_values(_code("", RENDERING), runs.tools(), made, validated.facts["tables"], _hints())


def all_pages(listed: PageList) -> list[Page]:
    """Return every page of the list."""
    return page_list.expand(listed, page_list.codes_with_reports())


def chosen_pages(listed: PageList, selection: Selection) -> list[Page]:
    """Return the pages of a selection.

    Raises
    ------
    SocialvolymError
        where it names an unknown page, language or municipality.
    """
    only = [name for name in selection.only if name not in STEPS]
    return page_list.select(all_pages(listed), only, selection.languages, selection.municipalities, page_list.codes_with_reports())


@dataclass(frozen=True)
class Plan:
    """What must be done: the steps that are outdated, the pages among them, and why in words."""

    steps: tuple[str, ...]
    pages: tuple[Page, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return not self.steps


def plan(selection: Selection) -> Plan:
    """Find what is outdated by content. What follows an outdated step is planned as a whole: it may turn out unchanged."""
    listed = page_list.load_list()
    chosen = chosen_pages(listed, selection)
    until = STEPS.index(selection.last_step)
    validated = runs.read_record("validate")
    outdated = _outdated(chosen, all_pages(listed), validated)
    steps = tuple(step for place, step in enumerate(STEPS) if place <= until and step in outdated)
    if "clean" in outdated or "validate" in outdated or validated is None:
        return Plan(steps, tuple(chosen) if until >= STEPS.index("pages") else ())
    return Plan(steps, tuple(page for page in chosen if not is_made(page, validated)) if until >= STEPS.index("pages") else ())


def _outdated(chosen: Sequence[Page], every: Sequence[Page], validated: runs.Record | None) -> set[str]:
    cleaned = runs.read_record("clean")
    if cleaned is None or not cleaned.holds(clean_fingerprint()):
        return set(STEPS)
    if validated is None or not validated.holds(validate_fingerprint()):
        return set(STEPS) - {"clean"}
    if not all(is_made(page, validated) for page in chosen):
        return {"pages", "index"}
    index = runs.read_record("index")
    return set() if index is not None and index.holds(index_fingerprint(every, validated)) else {"index"}


def is_made(page: Page, validated: runs.Record) -> bool:
    """Tell whether a page is there, made from what there is now."""
    record = runs.read_record(f"pages/{page.key}")
    return record is not None and record.holds(page_fingerprint(page, validated))


def stamp(step: str) -> Path:
    """Return the file whose presence tells Snakemake that a step is done."""
    return runs.build() / "stamps" / step


def forget_stale(planned: Plan) -> None:
    """Remove the stamps of outdated steps, so that Snakemake runs them whatever the files' times say."""
    for step in planned.steps:
        stamp(step).unlink(missing_ok=True)


def run_step(step: str, fingerprint: Callable[[], str], outputs: Sequence[Path], work: Callable[[], Mapping[str, Any]]) -> None:
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

    def keep(state: str, message: str = "", facts: Mapping[str, Any] | None = None) -> None:
        made = fingerprints.of_files(outputs) if state == "done" else {}
        runs.write_record(step, runs.Record(before, state, round(time.monotonic() - begun, 2), runs.now(), made, message, facts or {}))

    try:
        facts = work()
        forget_hashes()
        if fingerprint() != before:
            raise SocialvolymError(f"{step}: an input was changed while it was being read; nothing was taken over, run again")
    except SocialvolymError as error:
        keep("failed", str(error))
        raise
    keep("done", facts=facts)
    print(f"{step}: done in {time.monotonic() - begun:.1f} s", flush=True)


def forget_hashes() -> None:
    """Forget the hashes of inputs, so that they are read again."""
    for cached in (_raw_hashes, _hints, _file_hash, _code_hash):
        cached.cache_clear()


def clean() -> None:
    """Clean: printed cells become observations in data/processed/unchecked."""
    run_step("clean", clean_fingerprint, [paths.unchecked() / f"{name}.parquet" for name in UNCHECKED], lambda: _execute(CLEAN))


def validate() -> None:
    """Validate: the observations become the tables in data/processed."""
    outputs = [paths.processed() / f"{name}.{ending}" for name in PROCESSED for ending in ("parquet", "csv")]

    def work() -> Mapping[str, Any]:
        from socialvolym import publishing

        before = publishing.published_figures()
        _execute(VALIDATE)
        return publishing.table_facts(before)

    run_step("validate", validate_fingerprint, outputs, work)


def _execute(notebook: str) -> Mapping[str, Any]:
    from socialvolym import running

    listed = page_list.load_list()
    with server([notebook]):
        running.execute(notebook, {}, runs.build() / "notebooks" / f"{notebook}.ipynb", listed.cell_seconds)
    return {}


def server(notebooks: Sequence[str]) -> ExitStack:
    """Return a context in which kernels come warm: from the run's server of these notebooks, or from one of its own."""
    stack = ExitStack()
    role = "validate" if VALIDATE in notebooks else "analyse"
    running_server = os.environ.get(f"{kernels.SERVER}_{role.upper()}")
    if running_server is None:
        running_server = stack.enter_context(kernels.serving(preloads(notebooks)))
    if running_server:
        os.environ[kernels.SERVER] = running_server
    return stack


def preloads(notebooks: Sequence[str]) -> list[str]:
    """Return the modules that notebooks import, directly or within this package."""
    return sorted({module for notebook in notebooks for module in fingerprints.notebook_modules(notebook)})


def pages(selection: Selection, workers: int) -> None:
    """Make the pages of a selection that are outdated, several at a time."""
    from socialvolym import publishing

    validated = _validated()
    listed = page_list.load_list()
    todo = [page for page in chosen_pages(listed, selection) if not is_made(page, validated)]
    if not todo:
        print("pages: nothing has changed", flush=True)
        return
    with server([page.notebook for page in todo]):
        publishing.make_pages(todo, validated, listed.cell_seconds, workers)


def _validated() -> runs.Record:
    validated = runs.read_record("validate")
    if validated is None:
        raise SocialvolymError("the tables have not been validated; run: socialvolym run")
    return validated


def index() -> None:
    """Make the index of the pages that there are; fail where a page has failed, after the index has been made."""
    from socialvolym import publishing

    validated = _validated()
    every = all_pages(page_list.load_list())
    publishing.remove_unlisted(every)
    run_step("index", lambda: index_fingerprint(every, validated), [paths.pages() / "index.html"], lambda: publishing.make_index(every))


def main(arguments: Sequence[str]) -> int:
    """Run one step; return the exit code."""
    parser = argparse.ArgumentParser(prog="socialvolym.steps")
    parser.add_argument("step", choices=STEPS)
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--language", action="append", default=[])
    parser.add_argument("--municipalities", action="append", default=[])
    parser.add_argument("--workers", type=int, default=1)
    given = parser.parse_args(arguments)
    selection = Selection(tuple(given.only), tuple(given.language), tuple(given.municipalities))
    work: dict[str, Callable[[], None]] = {"clean": clean, "validate": validate, "index": index,
                                           "pages": lambda: pages(selection, given.workers)}
    try:
        work[given.step]()
    except SocialvolymError as error:
        print(f"socialvolym: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
