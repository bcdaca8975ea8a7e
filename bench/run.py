"""The speed that this repository promises, measured: each ratio against its alternative in the same run, several times.

`python bench/run.py` measures everything and prints medians, spread and the machine; `python bench/run.py own cells` only parts.
Run it on a machine that does nothing else: a ratio of times is right only where both sides had the same machine.
"""

from __future__ import annotations

import argparse
import ast
import compileall
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "lib"))

from socialvolym import paths  # noqa: E402
from socialvolym.site import page_list  # noqa: E402
from socialvolym.workflow import content, steps  # noqa: E402

PARTS = ("own", "country", "cells", "scale")
ANALYSES = ("3_lss", "4_placements", "5_economic_assistance")
_REPOSITORY = ("lib", "notebooks", "expectations", "Snakefile")
#: The country's pages: three for each municipality.
_COUNTRY_PAGES = 'languages = ["sv"]\n' + "".join(
    f'[[page]]\nname = "{notebook[2:].replace("_", "-")}"\nnotebook = "{notebook}"\ntitle_sv = "{{municipality}}"\n'
    'title_en = "{municipality}"\neach = "municipality"\ndata = "municipality"\n'
    'parameters = { municipalities = ["{code}"] }\n'
    for notebook in ANALYSES
)
_COUNTRY_PAGES += '[[page]]\nname = "findings"\nnotebook = "8_findings"\ntitle_sv = "Fel"\ntitle_en = "Errors"\n'


@dataclass
class Taken:
    """What a piece of work took each time: seconds on the clock, seconds of all processors."""

    clock: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def time(self, work: Callable[[], object]) -> None:
        """Do the work and note what it took."""
        begun, before = time.monotonic(), _cpu()
        work()
        self.clock.append(time.monotonic() - begun)
        self.cpu.append(_cpu() - before)

    def __str__(self) -> str:
        """Say the median, with the spread where there is one."""
        spread = f" ({min(self.clock):.1f}–{max(self.clock):.1f})" if len(self.clock) > 1 else ""
        return f"{statistics.median(self.clock):.1f}{spread} s, cpu {statistics.median(self.cpu):.1f} s"


def _cpu() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    own = resource.getrusage(resource.RUSAGE_SELF)
    return children.ru_utime + children.ru_stime + own.ru_utime + own.ru_stime


def show(what: str, first: Taken, second: Taken, promise: str, scale: float = 1.0) -> None:
    """Print a ratio: the median of the ratios of each round, with both sides and the spread."""
    ratios = [a * scale / b for a, b in zip(first.clock, second.clock, strict=False)]
    processors = statistics.median(first.cpu) * scale / statistics.median(second.cpu)
    times = f" x {scale:g}" if scale != 1 else ""
    print(
        f"| {what} | {first}{times} | {second} | {statistics.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f}) "
        f"| {processors:.2f} | {promise} |",
        flush=True,
    )


@contextmanager
def repository(data: bool = True) -> Iterator[Path]:
    """Yield a copy of the repository as SOCIALVOLYM_HOME, with its raw data or without."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for part in _REPOSITORY:
            source = ROOT / part
            shutil.copytree(source, home / part) if source.is_dir() else shutil.copy(source, home / part)
        leave_out_notes(home / "notebooks")
        shutil.copytree(ROOT / "data" / "raw" / ("" if data else "facts"), home / "data" / "raw" / ("" if data else "facts"))
        if not data:
            (home / "expectations" / "coverage.csv").write_text("report,domain,rows_before\n", encoding="utf-8")
        os.environ["SOCIALVOLYM_HOME"] = str(home)
        os.environ["PYTHONPATH"] = str(ROOT / "lib")
        for cached in (page_list.codes, content.of_raw_files):
            cached.cache_clear()
        yield home


def leave_out_notes(notebooks: Path) -> None:
    """Leave the cells for persons out, as a run does: all sides do the same work, and a country has other names in it."""
    for place in notebooks.glob("*.ipynb"):
        notebook = nbformat.read(place, as_version=4)
        notebook.cells = [cell for cell in notebook.cells if "note" not in cell.metadata.get("tags", [])]
        nbformat.write(notebook, place)


def call(*command: str) -> str:
    """Run a command that must succeed, and return what it prints."""
    done = subprocess.run(command, cwd=os.environ["SOCIALVOLYM_HOME"], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}:\n{done.stderr or done.stdout}")
    return done.stdout


def ours(*arguments: str) -> None:
    """Run the workflow."""
    call(sys.executable, "-c", "from socialvolym.cli import main; main()", "run", "--non-interactive", *arguments)


def by_commands(notebook: str, parameters: dict[str, Any], folder: Path) -> None:
    """Run a notebook with the papermill command and convert it with the nbconvert command."""
    text = yaml.safe_dump(parameters, default_style='"') if parameters else "{}"
    source, executed = str(paths.notebooks() / f"{notebook}.ipynb"), str(folder / "executed.ipynb")
    call(sys.executable, "-m", "papermill", source, executed, "-y", text, "--no-progress-bar")
    call(sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", "--log-level", "ERROR", executed)


def as_plain_python(notebook: str, parameters: dict[str, Any]) -> None:
    """Run a notebook's code cells in this process."""
    names: dict[str, Any] = {}
    for cell in nbformat.read(paths.notebooks() / f"{notebook}.ipynb", as_version=4).cells:
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


def change_a_figure(cells: Path) -> None:
    """Add one to the figure in the middle of a report's tables."""
    lines = cells.read_text(encoding="utf-8").splitlines()
    places = [n for n, line in enumerate(lines) if ",table," in line and line.split(",")[-2].isdigit()]
    place = places[len(places) // 2]
    *before, text, note = lines[place].split(",")
    lines[place] = ",".join([*before, str(int(text) + 1), note])
    cells.write_text("\n".join(lines) + "\n", encoding="utf-8")


def own(times: int, commands: int) -> None:
    """Measure the repository's own reports."""
    with repository() as home:
        pages = page_list.all_pages()
        empty_place = home / "empty"
        empty_place.mkdir()
        (empty_place / "Snakefile").write_text("rule all:\n    input: 'made'\n")
        (empty_place / "made").touch()

        def by_all_commands() -> None:
            folder = home / "commands"
            folder.mkdir(exist_ok=True)
            for notebook in steps.NOTEBOOKS.values():
                by_commands(notebook, {}, folder)
            for page in pages:
                by_commands(page.notebook, page.parameters, folder)

        def an_empty_workflow() -> None:
            snakefile = str(empty_place / "Snakefile")
            call(sys.executable, "-m", "snakemake", "--cores", "1", "-q", "all", "-d", str(empty_place), "-s", snakefile)

        everything, nothing, empty, changed, slow = (Taken() for _ in range(5))
        reports = sorted((home / "data" / "raw").glob("*/cells.csv"))
        for number in range(times):
            forget(home)
            everything.time(ours)
            for _ in range(3):
                nothing.time(ours)
                empty.time(an_empty_workflow)
            change_a_figure(reports[number % len(reports)])
            changed.time(ours)
            if number < commands:
                slow.time(by_all_commands)
        show(f"{len(pages)} pages of {len(reports)} reports by commands / by a run", slow, everything, "at least 8")
        show("nothing changed / an empty Snakemake workflow", nothing, empty, "at most 1.5")
        show("one figure changed / everything", changed, everything, "at most 0.6")


def country(municipalities: int, sample: int) -> None:
    """Measure the whole flow of an invented country, and its pages against the commands and against plain Python."""
    with repository(data=False) as home:
        (home / "notebooks" / "pages.toml").write_text(_COUNTRY_PAGES, encoding="utf-8")
        codes = json.loads(call(sys.executable, str(Path(__file__).with_name("country.py")), str(home), str(municipalities)))
        tables, run, slow, plain = (Taken() for _ in range(4))
        tables.time(lambda: ours("--only", "validate"))
        pages = [(notebook, {"language": "sv", "municipalities": [code]}) for code in codes for notebook in ANALYSES]
        chosen = pages[:: max(1, len(pages) // sample)]

        def by_chosen_commands() -> None:
            for notebook, parameters in chosen:
                by_commands(notebook, parameters, home)

        slow.time(by_chosen_commands)
        plain.time(lambda: call(sys.executable, __file__, "plain", json.dumps(pages[:: max(1, len(pages) // (5 * sample))])))
        run.time(ours)
        print(f"clean and validate {3 * 10 * municipalities} reports of {municipalities} municipalities: {tables}")
        part = len(pages) / len(chosen)
        show(f"{len(pages)} pages by commands (from {len(chosen)}) / by a run", slow, run, "at least 10", part)
        shown = len(pages[:: max(1, len(pages) // (5 * sample))])
        show(f"the same by a run / as plain Python in one process (from {shown})", run, plain, "at most 1.5", shown / len(pages))


def cells(times: int, number: int = 1_000_000) -> None:
    """Measure cleaning printed cells against polars casting the same strings, in a process of its own each time."""
    reading, whole, cast, bare = (Taken() for _ in range(4))
    memory = []
    for _ in range(times):
        with repository(data=False):
            told = json.loads(call(sys.executable, str(Path(__file__).with_name("cells.py")), str(number)))
        for taken, name in ((reading, "numbers"), (whole, "reports"), (cast, "cast"), (bare, "bare_cast")):
            taken.clock.append(told[name]["clock"])
            taken.cpu.append(told[name]["cpu"])
        memory.append(told["memory_mb"])
    show(f"{number} printed cells read as numbers / polars casting them", reading, bare, "at most 5")
    show("the same / polars casting them after taking out spaces and commas", reading, cast, "")
    show("the same cells as whole reports: loaded, cleaned, completed / polars casting them", whole, bare, "at most 5")
    print(f"memory of cleaning: at most {max(memory):.0f} MB (promised: under 2000 MB)")


def scale(small: int) -> None:
    """Measure ten times the reports against one time: time of all processors, and the memory of the largest process."""
    taken, memory = {}, {}
    for municipalities in (small, 10 * small):
        with repository(data=False) as home:
            (home / "notebooks" / "pages.toml").write_text(_COUNTRY_PAGES, encoding="utf-8")
            call(sys.executable, str(Path(__file__).with_name("country.py")), str(home), str(municipalities))
            taken[municipalities] = Taken()
            told = Path(home / "memory")
            runner = [sys.executable, __file__, "measured", str(told)]
            taken[municipalities].time(lambda runner=runner: call(*runner))
            memory[municipalities] = int(told.read_text()) / 1024
    show(f"{30 * 10 * small} reports with their pages / {30 * small}", taken[10 * small], taken[small], "at most 11")
    ratio = memory[10 * small] / memory[small]
    print(f"memory of the largest process: {memory[10 * small]:.0f} MB / {memory[small]:.0f} MB = {ratio:.2f} (at most 3)")


def measured(told: Path) -> None:
    """Run the workflow, and write what its largest process took at most, in kB."""
    ours()
    told.write_text(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))


def machine() -> str:
    """Describe this machine."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} cores ({model}), {memory:.0f} GB, Python {platform.python_version()}, load at the start {load:.1f}"


def main(arguments: Sequence[str]) -> None:
    """Measure the parts that are asked for, all by default."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all by default")
    parser.add_argument("--times", type=int, default=3, help="how often each is measured")
    parser.add_argument("--commands", type=int, default=3, help="how often the commands for all pages are timed")
    parser.add_argument("--municipalities", type=int, default=290, help="of the invented country")
    parser.add_argument("--sample", type=int, default=20, help="pages of the country that are timed by commands")
    parser.add_argument(
        "--small", type=int, default=3, help="municipalities of the smaller of the two countries of different size"
    )
    given = parser.parse_args(arguments)
    unknown = set(given.parts) - set(PARTS)
    if unknown:
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    # As after `make`: both sides import the same package.
    compileall.compile_dir(ROOT / "lib", quiet=1)
    print(machine())
    print("| what | one | other | ratio (spread) | ratio of processor time | promise |\n|---|---|---|---|---|---|", flush=True)
    work: dict[str, Callable[[], None]] = {
        "own": lambda: own(given.times, min(given.commands, given.times)),
        "country": lambda: country(given.municipalities, given.sample),
        "cells": lambda: cells(given.times),
        "scale": lambda: scale(given.small),
    }
    for part in given.parts or PARTS:
        work[part]()


if __name__ == "__main__":
    if sys.argv[1:2] == ["plain"]:
        for notebook, parameters in json.loads(sys.argv[2]):
            as_plain_python(notebook, parameters)
    elif sys.argv[1:2] == ["measured"]:
        measured(Path(sys.argv[2]))
    else:
        main(sys.argv[1:])
