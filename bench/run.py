"""The speed ratios that this repository promises, measured: medians of wall time on this machine.

`python bench/run.py` measures the repository's own reports, `python bench/run.py country 290` an invented country of so many
municipalities. Run it on a machine that does nothing else.
"""

from __future__ import annotations

import ast
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "lib"))

from socialvolym import fingerprints, page_list, publishing, runs, steps  # noqa: E402

TIMES = 3
_PARTS = ("lib", "notebooks", "expectations", "Snakefile")


@contextmanager
def repository(data: bool = True) -> Iterator[Path]:
    """Yield a copy of the repository as SOCIALVOLYM_HOME, with its raw data or without."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for part in _PARTS:
            source = ROOT / part
            shutil.copytree(source, home / part) if source.is_dir() else shutil.copy(source, home / part)
        if data:
            shutil.copytree(ROOT / "data" / "raw", home / "data" / "raw")
        os.environ["SOCIALVOLYM_HOME"] = str(home)
        os.environ["PYTHONPATH"] = str(ROOT / "lib")
        for cached in (*steps.CACHED, fingerprints.notebook_modules):
            cached.cache_clear()
        yield home


def median(work: Callable[[], object], before: Callable[[], object] = lambda: None, times: int = TIMES) -> float:
    """Return the median seconds that a piece of work takes."""
    taken = []
    for _ in range(times):
        before()
        begun = time.monotonic()
        work()
        taken.append(time.monotonic() - begun)
    return statistics.median(taken)


def call(*command: str) -> None:
    """Run a command that must succeed."""
    done = subprocess.run(command, cwd=os.environ["SOCIALVOLYM_HOME"], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}:\n{done.stderr or done.stdout}")


def ours() -> None:
    """Run the workflow."""
    call(sys.executable, "-c", "from socialvolym.cli import main; main()", "run", "--non-interactive")


def by_commands(notebook: str, parameters: dict[str, Any], folder: Path) -> None:
    """Run a notebook with the papermill command and convert it with the nbconvert command."""
    text = yaml.safe_dump(parameters, default_style='"') if parameters else "{}"
    executed = folder / "executed.ipynb"
    call(
        sys.executable,
        "-m",
        "papermill",
        str(fingerprints.notebook_file(notebook)),
        str(executed),
        "-y",
        text,
        "--no-progress-bar",
    )
    call(sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", "--log-level", "ERROR", str(executed))


def as_plain_python(notebook: str, parameters: dict[str, Any]) -> None:
    """Run a notebook's code cells in this process."""
    names: dict[str, Any] = {}
    for cell in nbformat.read(fingerprints.notebook_file(notebook), as_version=4).cells:
        if cell.cell_type != "code":
            continue
        body = ast.parse(cell.source)
        last = body.body.pop() if body.body and isinstance(body.body[-1], ast.Expr) else None
        exec(compile(body, notebook, "exec"), names)
        if isinstance(last, ast.Expr):
            shown = eval(compile(ast.Expression(last.value), notebook, "eval"), names)
            if hasattr(shown, "_repr_html_"):
                shown._repr_html_()
        if "parameters" in cell.metadata.get("tags", []):
            names.update(parameters)


def forget(home: Path) -> None:
    """Remove all that runs have made."""
    for name in ("build", "reports", "data/processed", ".snakemake"):
        shutil.rmtree(home / name, ignore_errors=True)


def own_reports() -> None:
    """Measure the repository's own reports."""
    with repository() as home:
        pages = steps.all_pages(page_list.load_list())

        def commands() -> None:
            folder = home / "commands"
            folder.mkdir(exist_ok=True)
            for notebook in (steps.CLEAN, steps.VALIDATE):
                by_commands(notebook, {}, folder)
            for page in pages:
                by_commands(page.notebook, page.parameters, folder)

        everything = median(ours, lambda: forget(home))
        nothing = median(ours)
        cells = sorted((home / "data" / "raw").glob("*/cells.csv"))[0]

        def change() -> None:
            first, second, *rest = cells.read_text(encoding="utf-8").splitlines(keepends=True)
            cells.write_text("".join([first, *rest, second]), encoding="utf-8")

        changed = median(ours, change)
        (home / "empty").mkdir()
        (home / "empty" / "Snakefile").write_text("rule all:\n    input: 'made'\n")
        (home / "empty" / "made").touch()
        empty = median(
            lambda: call(
                sys.executable,
                "-m",
                "snakemake",
                "--cores",
                "1",
                "--quiet",
                "all",
                "--directory",
                str(home / "empty"),
                "--snakefile",
                str(home / "empty" / "Snakefile"),
            )
        )
        slow = median(commands, times=1)
        print(f"pages {len(pages)}, cores {os.cpu_count()}, medians of {TIMES} (commands: 1)")
        show("everything by commands / by a run", slow, everything, "at least 4", slow / everything)
        show("nothing changed / empty Snakemake workflow", nothing, empty, "at most 1.5", nothing / empty)
        show("one report changed / everything", changed, everything, "at most 0.5", changed / everything)


def country(municipalities: int, sample: int = 20) -> None:
    """Measure the pages of the analyses of an invented country: three for each municipality."""
    with repository(data=False) as home:
        shutil.copytree(ROOT / "data" / "raw" / "facts", home / "data" / "raw" / "facts")
        # In a process of its own: this one forks workers later, and must not have computed with polars before.
        command = [sys.executable, __file__, "build", str(home), str(municipalities)]
        codes = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        entries = ("3_lss", "4_placements", "5_economic_assistance")
        pages = [
            page_list.Page(
                name=f"{notebook}-{code}",
                entry=notebook,
                language="sv",
                notebook=notebook,
                title=code,
                municipality=code,
                own_data=True,
                parameters={"language": "sv", "municipalities": [code]},
            )
            for code in codes
            for notebook in entries
        ]
        validated = runs.read_record("validate")
        assert validated is not None
        step = max(1, len(pages) // sample)
        begun = time.monotonic()
        subprocess.run([sys.executable, __file__, "plain", *codes], check=True, stdout=subprocess.DEVNULL)
        plain = time.monotonic() - begun
        begun = time.monotonic()
        for page in pages[::step]:
            by_commands(page.notebook, page.parameters, home)
        slow = (time.monotonic() - begun) / len(pages[::step]) * len(pages)
        begun = time.monotonic()
        with steps.helpers(list(entries), drawing=os.cpu_count() or 1):
            publishing.make_pages(pages, validated, 600, os.cpu_count() or 1)
        fast = time.monotonic() - begun
        print(f"{len(pages)} pages of {municipalities} municipalities, cores {os.cpu_count()}")
        show(f"commands (from {len(pages[::step])} pages) / a run", slow, fast, "at least 10", slow / fast)
        show("a run / plain Python in one process", fast, plain, "at most 1.5", fast / plain)


def build(home: Path, municipalities: int) -> None:
    """Build the country and record its tables as validated; print its codes."""
    from country import build as build_country

    print(*build_country(home, municipalities))
    runs.write_record("validate", runs.Record("", "done", 0.0, facts=publishing.table_facts(None)))


def plain(codes: Sequence[str]) -> None:
    """Run the analyses' cells for municipalities in this process."""
    for code in codes:
        for notebook in ("3_lss", "4_placements", "5_economic_assistance"):
            as_plain_python(notebook, {"language": "sv", "municipalities": [code]})


def show(what: str, first: float, second: float, promise: str, ratio: float) -> None:
    """Print a ratio."""
    print(f"{what}: {first:.1f} s / {second:.1f} s = {ratio:.2f} ({promise})")


if __name__ == "__main__":
    if sys.argv[1:2] == ["plain"]:
        plain(sys.argv[2:])
    elif sys.argv[1:2] == ["build"]:
        build(Path(sys.argv[2]), int(sys.argv[3]))
    elif sys.argv[1:2] == ["country"]:
        country(int(sys.argv[2]))
    else:
        own_reports()
