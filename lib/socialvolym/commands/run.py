"""`socialvolym run`: make the tables and the pages again, where something has changed."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import click

from socialvolym import atomic, paths, program
from socialvolym.errors import SocialvolymError
from socialvolym.notation.languages import LANGUAGES
from socialvolym.site import page_list
from socialvolym.site.publishing import shelf
from socialvolym.workflow import content, runs, steps
from socialvolym.workflow.steps import Selection
from socialvolym.workflow.workers import Workers

#: The wanted pages by their keys.
Pages = dict[str, page_list.Page]
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.option("--only", multiple=True, metavar="NAME", help="Only this page, or up to this step: clean, validate, pages.")
@click.option(
    "--municipalities",
    multiple=True,
    metavar="NAME",
    help="Only these municipalities, by name or code: their own pages, and comparisons of them.",
)
@click.option("--language", "languages", multiple=True, type=click.Choice(LANGUAGES), help="Only this language.")
@click.option("--cores", type=click.IntRange(min=1), default=os.cpu_count, show_default="all", help="How many things at a time.")
@click.option("--dry-run", is_flag=True, help="Only list what would be done.")
@click.option("--graph", type=_FILE, help="Only draw the workflow into this file: .dot, or .mmd for Mermaid.")
@click.option("--log", "log_file", type=_FILE, help="Where the log goes, build/logs/run.log by default.")
@click.option("--non-interactive", is_flag=True, help="Say nothing but failures and the summary, for schedulers.")
def run(
    only: tuple[str, ...],
    municipalities: tuple[str, ...],
    languages: tuple[str, ...],
    cores: int,
    dry_run: bool,
    graph: Path | None,
    log_file: Path | None,
    non_interactive: bool,
) -> None:
    """Clean, validate and make the pages in reports/: whatever is not made from what there is now, and nothing else."""
    selection = Selection(only, languages, page_list.codes_named(municipalities))
    # Snakemake works in build/.
    os.environ["SOCIALVOLYM_HOME"] = str(paths.repository().resolve())
    pages = selection.pages()
    if graph:
        _draw(graph)
    elif dry_run:
        _list(selection, pages)
    else:
        _run(selection, pages, cores, (log_file or paths.build() / "logs" / "run.log").resolve(), quiet=non_interactive)


def _list(selection: Selection, pages: Pages) -> None:
    from socialvolym.workflow import running

    paths.build().mkdir(exist_ok=True)
    outdated = running.ask_snakemake(selection.steps[-1], selection, 1, sys.stderr, "dryrun")
    if outdated is None:
        raise SocialvolymError("Snakemake cannot tell what is outdated")
    made = [key for key in pages if f"pages/{key}.html" in outdated]
    told = {"clean": steps.outputs("clean")[0] in outdated, "validate": steps.FACTS in outdated, "pages": bool(made)}
    for step in [*(step for step, wanted in told.items() if wanted), *(["index"] if "pages/index.html" in outdated else [])]:
        click.echo(f"would run: {step}" + (f" (at most {len(made)} pages)" if step == "pages" else ""))
    for page in (pages[key] for key in made):
        click.echo(f"  {page.key}: notebook {page.notebook}, {json.dumps(page.parameters, ensure_ascii=False)}")
    if not outdated:
        click.echo("nothing has changed since the last run")


def _draw(target: Path) -> None:
    kind = "mermaid-js" if target.suffix == ".mmd" else "dot"
    snakefile = str(paths.repository() / "Snakefile")
    command = [sys.executable, "-m", "snakemake", "--snakefile", snakefile, "--rulegraph", kind, "--forceall", "--nolock"]
    places = [str(paths.PACKAGE.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(places)}
    drawn = subprocess.run(command, cwd=paths.repository(), env=environment, capture_output=True, text=True)
    if drawn.returncode:
        raise SocialvolymError(f"the workflow cannot be drawn: {drawn.stderr.strip().splitlines()[-1]}")
    atomic.write_text(drawn.stdout, target)
    click.echo(f"{target}: the workflow's graph")


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Take a request to end like an interrupt from the keyboard, and say what an interrupt means."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    except KeyboardInterrupt:
        raise SocialvolymError("ended before it was done; what was made stays, and the next run goes on from there") from None


def _run(selection: Selection, pages: Pages, cores: int, log: Path, quiet: bool) -> None:
    began = time.monotonic()
    with runs.lock(), _ended_by_signals(), runs.temporary_folder():
        os.environ[program.STARTED] = program.now()
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("w", encoding="utf-8") as stream:
            workers = Workers(partial(steps.work, pages), steps.imports(), stream)
            # After the process that forks has its copy of this one: Snakemake is not for it.
            from socialvolym.workflow import running

            run = running.Run(selection, cores, stream, workers, quiet)
            running.carry_out(run)
        failures = [*_left_out(selection), *run.messages]
        if run.jobs or run.published or run.failures:
            failures += _record(run, failures, time.monotonic() - began)
            _tell_index(quiet)
        else:
            made = sum(page.output.exists() for page in page_list.all_pages())
            click.echo(f"nothing has changed since the last run; {made} pages in {paths.pages()}")
    for message in failures:
        click.echo(f"socialvolym: {' '.join(message.split())}", err=True)
    if failures:
        sys.exit(1)


def _tell_index(quiet: bool) -> None:
    """Tell which money is told in consumer prices for want of its own index."""
    from socialvolym.analysis.yardsticks import without_index

    if not quiet and (domains := without_index()):
        click.echo(f"no data/raw/facts/pkv.csv: money of {', '.join(domains)} is told in consumer prices (docs/facts.md)")


def _left_out(selection: Selection) -> list[str]:
    """Return a line for each report that is not in the tables because it could not be read."""
    place = (paths.published() / ("unchecked" if selection.steps[-1] == "clean" else "")) / "reports.csv"
    try:
        with place.open(encoding="utf-8", newline="") as stream:
            rows = [row for row in csv.DictReader(stream) if row["state"] == "left_out"]
    except (OSError, KeyError):
        return []
    return [f"the report {row['report']} is left out: {row['reason']}" for row in rows]


def _record(run: Any, failures: Sequence[str], seconds: float) -> list[str]:
    """Write reports/run.json and say the summary on one line; return why it cannot be written."""
    facts, ran = steps.facts(), {job.name: job for job in run.jobs}
    place = paths.pages() / "run.json"
    changed = facts.get("changed", {}) if _is_news(ran, facts, _known_steps(place)) else {}
    keys = [page.key for page in page_list.all_pages()]
    pages = [name for name, job in ran.items() if name.startswith("pages/") and not job.message]
    record = {
        "version": program.version(),
        "started": program.started(),
        "ended": program.now(),
        "seconds": round(seconds, 1),
        "tools": program.tools(),
        "inputs": content.of_raw_files(),
        "steps": _steps(ran, place),
        "rows": facts.get("rows", {}),
        "left_out": dict(line.removeprefix("the report ").split(" is left out: ", 1) for line in _left_out(run.selection)),
        "changed_figures": changed,
        "changed_pages": [key for key in keys if shelf.places(steps.outputs(f"pages/{key}"))[0] in run.published],
        "failures": list(failures),
    }
    figures = ", ".join(f"{changed.get(kind, 0)} figures {kind}" for kind in ("new", "gone", "other"))
    told = f"{len(pages)} pages made, {len(failures)} failures, {figures}; {seconds:.1f} s; {place}"
    try:
        atomic.write_text(json.dumps(record, ensure_ascii=False, indent=1), place)
    except OSError as error:
        return [f"{paths.pages()} cannot be written: {error.strerror}"]
    finally:
        click.echo(told)
    return []


def _is_news(ran: Mapping[str, Any], facts: Mapping[str, Any], known: Mapping[str, Any]) -> bool:
    """Tell whether the changes of the tables are this run's to tell: it made them, or it is the first to show them to readers.

    A run that was killed between the tables and the index has told nobody.
    """
    done = {step for step in ("validate", "index") if step in ran and not ran[step].message}
    told = known.get("validate", {}).get("run") == facts.get("made") and not known.get("index", {}).get("message")
    return "validate" in done or ("index" in done and not told)


def _known_steps(place: Path) -> dict[str, Any]:
    """Return what the last run's record says of each step and page; nothing where there is no record."""
    try:
        return dict(json.loads(place.read_text(encoding="utf-8"))["steps"])
    except (OSError, ValueError, KeyError):
        return {}


def _steps(ran: dict[str, Any], place: Path) -> dict[str, Any]:
    """Return what is known of each step and page: of this run, or, unchanged, of the last one that made it."""
    known = _known_steps(place)
    keys = [*steps.STEPS, *(f"pages/{page.key}" for page in page_list.all_pages())]
    told = {name: {**known[name], "state": "unchanged"} for name in keys if name in known}
    for name, job in ran.items():
        outputs = [] if job.message else [path for path in shelf.places(steps.outputs(name)) if path.exists()]
        told[name] = {
            "state": "failed" if job.message else "done",
            "seconds": job.seconds,
            "run": program.started(),
            "message": job.message,
            "outputs": content.of_files(outputs),
        }
    return dict(sorted(told.items()))
