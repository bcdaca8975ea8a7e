"""`socialvolym run`: make the tables and the pages again, where something has changed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

import click

from socialvolym import atomic, paths
from socialvolym.errors import SocialvolymError
from socialvolym.site import page_list
from socialvolym.workflow import fingerprints, forking, kernels, runs, stepping, steps

_FAILED = "socialvolym: "
_ENDING_SECONDS = 10
#: How far processes stand back for validation's, which takes longest to get ready; and how far those that are needed last.
_BESIDE, _LATER = 5, 10
#: A failed job holds up only what needs it; the lock is our own; Snakemake, which counts the jobs of each second, does not wait
#: for the end of the last one; the log has what went wrong and nothing else.
_OPTIONS = (
    *("--keep-going", "--nolock", "--rerun-triggers", "mtime", "--max-jobs-per-timespan", "1000/0s"),
    *("--quiet", "host", "progress", "rules", "reason"),
)
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.option("--only", multiple=True, metavar="NAME", help="Only this page, or up to this step: clean, validate, pages.")
@click.option(
    "--municipalities",
    multiple=True,
    metavar="CODE",
    help="Only these municipalities: their own pages, and comparisons of them. Codes are text, like 0136.",
)
@click.option("--language", "languages", multiple=True, type=click.Choice(page_list.LANGUAGES), help="Only this language.")
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
    selection = steps.Selection(only, languages, municipalities)
    planned = steps.plan(selection)
    if graph:
        _draw(graph, selection)
    elif dry_run:
        _list(planned)
    elif planned.is_empty:
        made = sum(1 for _ in paths.pages().glob("*/*.html"))
        failures = _left_out(selection)
        _say(failures)
        click.echo(f"nothing has changed since the last run; {made} pages in {paths.pages()}")
        if failures:
            sys.exit(1)
    else:
        _run(selection, cores, log_file or runs.build() / "logs" / "run.log", quiet=non_interactive)


def _left_out(selection: steps.Selection) -> list[str]:
    """Return a line for each report that could not be read."""
    folder = paths.unchecked() if selection.last_step == "clean" else paths.processed()
    return [f"the report {report} is left out: {reason}" for report, reason in steps.left_out(folder).items()]


def _say(failures: Iterable[str]) -> None:
    for message in failures:
        click.echo(_FAILED + " ".join(message.split()), err=True)


def _list(planned: steps.Plan) -> None:
    if planned.is_empty:
        click.echo("nothing has changed since the last run")
    for step in planned.steps:
        click.echo(f"would run: {step}" + (f" (at most {len(planned.pages)} pages)" if step == "pages" else ""))
    for page in planned.pages:
        click.echo(f"  {page.key}: notebook {page.notebook}, {json.dumps(page.parameters, ensure_ascii=False)}")


def _snakemake(selection: steps.Selection, *options: str) -> list[str]:
    chosen = " ".join(selection.arguments())
    return [
        sys.executable,
        "-m",
        "snakemake",
        "--snakefile",
        str(paths.repository() / "Snakefile"),
        "--directory",
        str(paths.repository()),
        *options,
        *(["--config", f"chosen={chosen}"] if chosen else []),
    ]


def _environment() -> dict[str, str]:
    """Return the environment of the steps, which fork workers: this package is found also where it is not installed."""
    places = [str(paths.PACKAGE.parent), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    return {**os.environ, **forking.ONE_THREAD, "PYTHONPATH": os.pathsep.join(dict.fromkeys(places))}


def _draw(target: Path, selection: steps.Selection) -> None:
    kind = "mermaid-js" if target.suffix == ".mmd" else "dot"
    command = _snakemake(selection, "--rulegraph", kind, "--forceall", "--nolock", "--cores", "1")
    drawn = subprocess.run(command, env=_environment(), capture_output=True, text=True)
    if drawn.returncode:
        raise SocialvolymError(f"the workflow cannot be drawn: {drawn.stderr.strip().splitlines()[-1]}")
    atomic.write_text(drawn.stdout, target)
    click.echo(f"{target}: the workflow's graph")


def _run(selection: steps.Selection, cores: int, log: Path, quiet: bool) -> None:
    began = time.monotonic()
    with runs.lock(), _ended_by_signals(), runs.temporary_folder():
        runs.own()
        planned = steps.plan(selection)
        before = runs.records()
        log.parent.mkdir(parents=True, exist_ok=True)
        with _helpers(planned, cores) as places, log.open("w", encoding="utf-8") as stream:
            command = _snakemake(selection, "--cores", str(cores), *_OPTIONS)
            code = _work(command, {**_environment(), **places}, stream, quiet)
        failures = _report(before, code, time.monotonic() - began, log, _left_out(selection))
    if failures:
        sys.exit(1)


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


@contextmanager
def _helpers(planned: steps.Plan, cores: int) -> Iterator[Mapping[str, str]]:
    """Start, beside Snakemake, the processes that fork steps and kernels and draw charts: they import while it starts."""
    notebooks = list(dict.fromkeys(page.notebook for page in planned.pages))
    with ExitStack() as stack:
        tables = {
            name: stack.enter_context(kernels.serving(steps.preloads([name]), step in planned.steps, nice))
            for name, step, nice in ((steps.VALIDATE, "validate", 0), (steps.CLEAN, "clean", _BESIDE))
        }
        places = {
            **{f"{kernels.SERVER}_{steps.ROLES[name]}": place for name, place in tables.items()},
            stepping.SERVER: stack.enter_context(stepping.serving(_BESIDE)),
        }
        late: dict[str, Any] = {"wanted": bool(notebooks), "nice": _LATER}
        pages = stack.enter_context(kernels.serving(steps.preloads(notebooks), after=tables[steps.VALIDATE], **late))
        places[f"{kernels.SERVER}_{steps.PAGES}"] = pages
        places[steps.DRAWING] = stack.enter_context(steps.drawing_processes(cores, after=pages, **late))
        yield {name: place for name, place in places.items() if place}


def _work(command: list[str], environment: Mapping[str, str], log: Any, quiet: bool) -> int:
    """Run Snakemake, show its steps' lines as they come, and end all that it started when this process is interrupted."""
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=log, text=True, start_new_session=True
    ) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                log.write(line)
                log.flush()
                if not quiet:
                    click.echo(line, nl=False)
            return process.wait()
        finally:
            if process.poll() is None:
                _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=_ENDING_SECONDS)
            return


def _report(
    before: Mapping[str, tuple[int, runs.Record]], code: int, seconds: float, log: Path, left_out: Sequence[str]
) -> list[str]:
    """Write reports/run.json, say each failure on one line and the summary on one; return the failures."""
    after = runs.records()
    ran = {name: record for name, (number, record) in after.items() if name not in before or before[name][0] != number}
    failures = [record.message for record in ran.values() if record.state == "failed"]
    if code and not failures:
        told = [line.removeprefix(_FAILED) for line in log.read_text(encoding="utf-8").splitlines() if line.startswith(_FAILED)]
        failures = told or [f"the workflow itself failed; {log} says why"]
    failures = [*left_out, *failures]
    facts = after["validate"][1].facts if "validate" in after else {}
    changed = facts.get("changed", {}) if "validate" in ran else {}
    made = {
        name.removeprefix("pages/"): record
        for name, record in ran.items()
        if name.startswith("pages/") and record.state == "done"
    }
    other = [
        name
        for name, record in made.items()
        if f"pages/{name}" not in before or before[f"pages/{name}"][1].outputs != record.outputs
    ]
    failures += _write(
        {
            "version": runs.program_version(),
            "started": runs.started(),
            "ended": runs.now(),
            "seconds": round(seconds, 1),
            "tools": runs.tools(),
            "inputs": fingerprints.of_files(steps.raw_files()),
            "steps": {
                name: {
                    "state": record.state if name in ran else "unchanged",
                    "seconds": record.seconds,
                    "run": record.run,
                    "message": record.message,
                    "outputs": record.outputs,
                }
                for name, (_, record) in after.items()
            },
            "rows": facts.get("rows", {}),
            "left_out": steps.left_out(),
            "changed_figures": changed,
            "changed_pages": other,
            "failures": failures,
        }
    )
    _say(failures)
    figures = ", ".join(f"{changed.get(kind, 0)} figures {kind}" for kind in ("new", "gone", "other"))
    click.echo(f"{len(made)} pages made, {len(failures)} failures, {figures}; {seconds:.1f} s; {paths.pages() / 'run.json'}")
    return failures


def _write(record: Mapping[str, Any]) -> list[str]:
    """Write the run record; return a failure where that cannot be done."""
    try:
        atomic.write_text(json.dumps(record, ensure_ascii=False, indent=1), paths.pages() / "run.json")
    except OSError as error:
        return [f"{paths.pages()} cannot be written: {error.strerror}"]
    return []
