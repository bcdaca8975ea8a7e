"""A small repository with invented reports and notebooks that run in a moment, for the tests of running."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from socialvolym import cli, paths
from socialvolym.reports import loading
from socialvolym.site import page_list
from socialvolym.workflow import content

ROOT = Path(__file__).resolve().parents[1]
CODES = {"invented-0136": "0136", "invented-0117": "0117"}
_REPORT = """id = "{name}"
municipality_code = "{code}"
committee = "Invented"
title = "Invented"
kind = "annual_report"
year = 2022
document = "invented.txt"
sha256 = "{sha}"
"""
_CLEAN = """import polars as pl
from socialvolym import cli, paths
from socialvolym.observations import store
from socialvolym.vocabulary.columns import OBSERVATION_SCHEMA, UNREAD_SCHEMA
from socialvolym.errors import SocialvolymError
from socialvolym.observations.outcomes import REPORTS_SCHEMA

rows, outcomes = [], []
for place in sorted(paths.raw().glob("*/cells.csv")):
    code, lines = place.parent.name[-4:], place.read_text().splitlines()
    wrong = [f"{place.name}, line {line}: {text!r} is no number" for line, text in enumerate(lines, 1) if not text.isdigit()]
    outcomes.append((place.parent.name, code, 2022, "left_out" if wrong else "read", wrong[0] if wrong else None))
    for line, text in enumerate([] if wrong else lines, start=1):
        rows.append({"report": place.parent.name, "municipality_code": code, "measure": "lvm_placements", "period": "2022",
                     "series": "outturn", "value": float(text), "line": line, "status": "published", "published_as": text})
if not rows:
    raise SocialvolymError(wrong[0])
reports = pl.DataFrame(outcomes, schema=REPORTS_SCHEMA, orient="row")
observations = pl.DataFrame([dict.fromkeys(OBSERVATION_SCHEMA) | row for row in rows], schema=OBSERVATION_SCHEMA)
for name, table in (("observations", observations), ("unread", pl.DataFrame(schema=UNREAD_SCHEMA)), ("derived", observations),
                    ("reports", reports)):
    store.store(table, name, paths.unchecked())"""
_VALIDATE = """import polars as pl
from socialvolym import cli, paths
from socialvolym.observations import store

names = ("rule", "severity", "report", "table", "explanation", "explanation_sv", "lines")
empty = pl.DataFrame(schema={**{name: pl.String for name in names}, "line": pl.Int64})
checks = pl.DataFrame({"suite": ["invented"], "expectations": [1], "rows": [1], "failed": [0], "critical": [0], "messages": [""]})
tables = {name: store.load(name, paths.unchecked()) for name in ("observations", "unread", "derived", "reports")}
tables |= {"findings": empty, "checks": checks, "measures": store.measures(tables["observations"])}
for name, table in {**tables, "codebook": store.codebook(tables)}.items():
    store.store(table, name)"""
_SHOW = """import polars as pl
from socialvolym.observations import store
from socialvolym.charts.markup import Html

rows = store.load("observations").filter(pl.lit(not codes) | pl.col("municipality_code").is_in(codes))
Html("<p>{}</p>").format(rows["value"].sum())"""
_LIST = """languages = ["sv", "en"]
cell_seconds = 120

[[page]]
name = "overview"
notebook = "3_overview"
title_sv = "Alla"
title_en = "All"

[[page]]
name = "municipality"
notebook = "4_municipality"
title_sv = "{municipality}"
title_en = "{municipality}"
each = "municipality"
data = "municipality"
parameters = { municipality = "{code}" }
"""


def write_notebook(path: Path, *cells: str, heading: str = "# Invented\n\n## Sums", parameters: str = "") -> None:
    """Write a notebook: a heading, parameters where there are any, and code cells."""
    told = [new_markdown_cell(heading)]
    if parameters:
        told.append(new_code_cell(parameters, metadata={"tags": ["parameters"]}))
    told += [new_code_cell(cell) for cell in cells]
    for number, cell in enumerate(told):
        cell.id = f"c{number}"
    path.parent.mkdir(parents=True, exist_ok=True)
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(new_notebook(cells=told, metadata=metadata), path)


def write_cells(home: Path, report: str, *values: object) -> None:
    """Write a report's printed cells, one a line."""
    (home / "data" / "raw" / report / "cells.csv").write_text("".join(f"{value}\n" for value in values))


def build(home: Path) -> Path:
    """Write the repository."""
    for name, code in CODES.items():
        folder = home / "data" / "raw" / name
        folder.mkdir(parents=True)
        (folder / "report.toml").write_text(_REPORT.format(name=name, code=code, sha="0" * 64))
    write_cells(home, "invented-0136", 10, 20)
    write_cells(home, "invented-0117", 5)
    facts = home / "data" / "raw" / "facts"
    facts.mkdir()
    (facts / "population.csv").write_text("municipality_code,municipality,year,population,quality,source\n")
    (facts / "cpi.csv").write_text("year,index,quality,source\n")
    notebooks = home / "notebooks"
    write_notebook(notebooks / "1_clean.ipynb", _CLEAN)
    write_notebook(notebooks / "2_validate.ipynb", _VALIDATE)
    write_notebook(
        notebooks / "3_overview.ipynb",
        "codes = municipalities",
        _SHOW,
        parameters='language: str = "en"\nmunicipalities: list[str] = []',
    )
    write_notebook(
        notebooks / "4_municipality.ipynb",
        "codes = [municipality]",
        _SHOW,
        parameters='language: str = "en"\nmunicipality: str = "0136"',
    )
    (notebooks / "pages.toml").write_text(_LIST)
    (home / "expectations").mkdir()
    (home / "Snakefile").write_text((ROOT / "Snakefile").read_text())
    return home


def use(home: Path, patched: pytest.MonkeyPatch) -> None:
    """Make this process work in the repository, and forget what it knew of another one."""
    patched.setenv("SOCIALVOLYM_HOME", str(home))
    for cached in (page_list.codes, content.of_raw_files):
        cached.cache_clear()
    assert paths.repository() == home
    assert loading.reports_by_code() == {"0117": ["invented-0117"], "0136": ["invented-0136"]}


def environment(home: Path) -> dict[str, str]:
    """Return the environment of a command in the repository."""
    return {**os.environ, "SOCIALVOLYM_HOME": str(home)}


#: Processes that are forked from one with the imports, which take longer than a run of the small repository.
READY = multiprocessing.get_context("forkserver")
READY.set_forkserver_preload(["ready"])


@dataclass
class Started:
    """A run in a process of its own."""

    process: BaseProcess
    folder: Path

    def end(self, seconds: float = 300) -> subprocess.CompletedProcess[str]:
        """Wait until it has ended, and return what it has said."""
        self.process.join(timeout=seconds)
        assert self.process.exitcode is not None
        said = [(self.folder / name).read_text(encoding="utf-8") for name in ("stdout", "stderr")]
        return subprocess.CompletedProcess([], self.process.exitcode, *said)


def start(home: Path, *arguments: str, before: Callable[[], object] = int, **variables: str) -> Started:
    """Start `socialvolym run` in the repository, in a process of its own.

    Parameters
    ----------
    before : called in that process first; a function of a module.
    variables : of its environment, beside those that it has.
    """
    folder = Path(tempfile.mkdtemp(dir=home.parent))
    process = READY.Process(target=_command, args=(home, environment(home) | variables, arguments, folder, before))
    process.start()
    return Started(process, folder)


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `socialvolym run` in the repository, in a process of its own."""
    return start(home, *arguments).end()


def _command(
    home: Path, variables: dict[str, str], arguments: tuple[str, ...], folder: Path, before: Callable[[], object]
) -> None:
    os.environ.update(variables)
    os.chdir(home)
    for number, name in enumerate(("stdout", "stderr"), start=1):
        os.dup2(os.open(folder / name, os.O_WRONLY | os.O_CREAT), number)
    before()
    sys.argv = ["socialvolym", "run", *arguments]
    cli.main()


def shown(home: Path) -> dict[str, str]:
    """Return the published pages without the line that has the time."""
    return {
        str(path.relative_to(home)): "\n".join(line for line in path.read_text().splitlines() if 'class="run"' not in line)
        for path in sorted((home / "reports").rglob("*.html"))
    }
