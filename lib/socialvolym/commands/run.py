"""`socialvolym run`: make the tables and the pages again, where something has changed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import click

from socialvolym import atomic, fingerprints, kernels, page_list, paths, runs, steps
from socialvolym.errors import SocialvolymError


@click.command()
@click.option("--only", multiple=True, metavar="NAME", help="Only this page, or up to this step (clean, validate, pages).")
@click.option("--municipalities", multiple=True, metavar="CODE",
              help="Only these municipalities: their own pages, and comparisons of them. Codes are text, like 0136.")
@click.option("--language", "languages", multiple=True, type=click.Choice(page_list.LANGUAGES), help="Only pages in this language.")
@click.option("--cores", type=click.IntRange(min=1), default=os.cpu_count(), show_default=True, help="How many things to do at a time.")
@click.option("--dry-run", is_flag=True, help="Only list what would be done.")
@click.option("--graph", type=click.Path(dir_okay=False, path_type=Path), help="Only draw the workflow into FILE (.dot or .mmd).")
@click.option("--log", "log_file", type=click.Path(dir_okay=False, path_type=Path), help="Where the log goes; build/logs/run.log.")
@click.option("--non-interactive", is_flag=True, help="Say nothing but failures and the summary; for schedulers.")
def run(only: tuple[str, ...], municipalities: tuple[str, ...], languages: tuple[str, ...], cores: int, dry_run: bool,
        graph: Path | None, log_file: Path | None, non_interactive: bool) -> None:
    """Clean, validate and make the pages in reports/: whatever is not made from what there is now, and nothing else."""
    selection = steps.Selection(only, languages, municipalities)
    if graph:
        _draw(graph, selection)
        return
    planned = steps.plan(selection)
    if dry_run:
        _list(planned)
        return
    began = time.monotonic()
    if planned.is_empty:
        click.echo(f"nothing has changed since the last run; {_pages_made()} pages in {paths.pages()}")
        return
    with runs.lock():
        os.environ[runs.STARTED] = runs.now()
        log = log_file or runs.build() / "logs" / "run.log"
        planned = steps.plan(selection)
        before = _records()
        _work(planned, selection, cores, log, quiet=non_interactive)
        failures = _report(before, time.monotonic() - began, log)
    if failures:
        sys.exit(1)


def _list(planned: steps.Plan) -> None:
    if planned.is_empty:
        click.echo("nothing has changed since the last run")
    for step in planned.steps:
        click.echo(f"would run: {step}" + (f" ({len(planned.pages)} pages)" if step == "pages" else ""))
    for page in planned.pages:
        click.echo(f"  {page.key}: notebook {page.notebook}, {json.dumps(page.parameters, ensure_ascii=False)}")


def _snakemake(selection: steps.Selection, *options: str) -> list[str]:
    given = {"only": selection.only, "languages": selection.languages, "municipalities": selection.municipalities}
    config = [f"{name}={' '.join(values)}" for name, values in given.items() if values]
    return [sys.executable, "-m", "snakemake", "--snakefile", str(paths.repository() / "Snakefile"),
            "--directory", str(paths.repository()), *options, *(["--config", *config] if config else [])]


def _environment() -> dict[str, str]:
    """Return the environment of the steps: this package is found also where it is not installed."""
    places = [str(paths.PACKAGE.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(dict.fromkeys(os.pathsep.join(places).split(os.pathsep)))}


def _draw(target: Path, selection: steps.Selection) -> None:
    kind = "mermaid-js" if target.suffix == ".mmd" else "dot"
    drawn = subprocess.run(_snakemake(selection, "--rulegraph", kind, "--forceall"), env=_environment(), capture_output=True, text=True)
    if drawn.returncode:
        raise SocialvolymError(f"the workflow cannot be drawn: {drawn.stderr.strip().splitlines()[-1]}")
    atomic.write_text(drawn.stdout, target)
    click.echo(f"{target}: the workflow's graph")


def _work(planned: steps.Plan, selection: steps.Selection, cores: int, log: Path, quiet: bool) -> None:
    """Run Snakemake with kernel servers beside it that import while it starts."""
    log.parent.mkdir(parents=True, exist_ok=True)
    options = ("--cores", str(cores), "--keep-going", "--nolock", "--quiet", "all", "--rerun-triggers", "mtime")
    with _servers(planned) as places, log.open("w", encoding="utf-8") as stream:
        command = subprocess.Popen(_snakemake(selection, *options), env={**_environment(), **places}, stdout=subprocess.PIPE,
                                   stderr=stream, text=True)
        assert command.stdout is not None
        for line in command.stdout:
            stream.write(line)
            stream.flush()
            if not quiet:
                click.echo(line, nl=False)
        command.wait()


@contextmanager
def _servers(planned: steps.Plan) -> Iterator[dict[str, str]]:
    roles = {
        "analyse": [*([steps.CLEAN] if "clean" in planned.steps else []), *dict.fromkeys(page.notebook for page in planned.pages)],
        "validate": [steps.VALIDATE] if "validate" in planned.steps else [],
    }
    with ExitStack() as stack:
        places = {}
        for role, notebooks in roles.items():
            place = stack.enter_context(kernels.serving(steps.preloads(notebooks), wanted=bool(notebooks)))
            if place:
                places[f"{kernels.SERVER}_{role.upper()}"] = place
        yield places


def _records() -> dict[str, runs.Record]:
    folder = runs.build() / "records"
    names = [str(path.relative_to(folder).with_suffix("")) for path in sorted(folder.rglob("*.json"))]
    return {name: record for name in names if (record := runs.read_record(name)) is not None}


def _pages_made() -> int:
    return sum(1 for _ in paths.pages().glob("*/*.html"))


def _report(before: dict[str, runs.Record], seconds: float, log: Path) -> list[str]:
    """Write reports/run.json, say each failure on one line and the summary on one; return the failures."""
    after = _records()
    ran = {name: record for name, record in after.items() if before.get(name) != record}
    failures = [record.message for record in after.values() if record.state == "failed"]
    if not failures and not ran:
        failures = [f"the workflow itself failed; {log} says why"]
    validated = after.get("validate")
    changed: dict[str, Any] = dict(validated.facts.get("changed", {})) if validated and "validate" in ran else {"new": 0, "gone": 0, "other": 0}
    made = sorted(name.removeprefix("pages/") for name, record in ran.items() if name.startswith("pages/") and record.state == "done")
    other = [name for name in made if (old := before.get(f"pages/{name}")) is None or old.outputs != after[f"pages/{name}"].outputs]
    summary = {
        "version": runs.program_version(), "started": os.environ[runs.STARTED], "ended": runs.now(), "seconds": round(seconds, 1),
        "tools": runs.tools(), "inputs": fingerprints.of_files(steps.raw_files()),
        "steps": {name: {"state": record.state if name in ran else "unchanged", "seconds": record.seconds, "ended": record.ended,
                         "message": record.message, "outputs": dict(record.outputs)} for name, record in after.items()},
        "rows": dict(validated.facts.get("rows", {})) if validated else {},
        "changed_figures": changed, "changed_pages": other, "failures": failures,
    }
    try:
        atomic.write_text(json.dumps(summary, ensure_ascii=False, indent=1), paths.pages() / "run.json")
    except OSError as error:
        failures.append(f"{paths.pages()}: cannot be written: {error.strerror}")
    for message in failures:
        click.echo(f"socialvolym: {' '.join(message.split())}", err=True)
    click.echo(f"{len(made)} pages made, {len(failures)} failures, {changed['new']} figures new, {changed['gone']} gone, "
               f"{changed['other']} other than before; {seconds:.1f} s; {paths.pages() / 'run.json'}")
    return failures
