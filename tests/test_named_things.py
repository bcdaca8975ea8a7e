"""What messages, docstrings and guides name is there: paths, files, modules, make targets, commands and their options."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import click
import pytest
from socialvolym.cli import COMMANDS
from socialvolym.observations.store import descriptions

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "lib" / "socialvolym"
#: What a run makes, so that it stands in no fresh clone; and what a report's folder may hold that the five do not.
BUILT = re.compile(r"(?:data/processed|data/raw/facts/(?:fetched|pkv|population_by_age)|reports|build)\b.*")
TABLES = {f"{table}.{ending}" for table in descriptions().tables for ending in ("csv", "parquet")}
MADE = TABLES | {
    "run.json",
    "datapackage.json",
    "socialvolym.xlsx",
    "facts.json",
    "documents.csv",
    "readings.csv",
    "review.toml",
    "pkv.csv",
    "population_by_age.csv",
}
#: What commands that are shown write, and a path of Kolada's API.
EXAMPLES = {"out.ipynb", "figures.csv", "rows.csv", "questions.csv", "k.json", "data/kpi", "data/raw/haninge-2030"}
TEXTS = [
    *PACKAGE.rglob("*.toml"),
    *PACKAGE.rglob("*.j2"),
    *(ROOT / "docs").glob("*.md"),
    *(ROOT / "bench").glob("*.md"),
    ROOT / "README.md",
]
PATH = re.compile(r"(?<![\w/.<>-])(?:lib|docs|data|notebooks|expectations|tests|bench|cluster|schedule|requirements)/[\w./-]*\w")
FILE = re.compile(r"(?<![\w/*.<>{}-])[\w-]+\.(?:py|csv|toml|ipynb|json|md|parquet|j2)\b(?![<{*])")
MODULE = re.compile(r"\bsocialvolym(?:\.[a-z_]+)+(?:\.[A-Z]\w+)?")
TARGET = re.compile(r"`make (\w+)|\bmake (report|data|test|pages|tables|lab|pdf|bench|lock|clean)\b")
COMMAND = re.compile(r"(?:`|: |run |with )socialvolym ([a-z]+)((?: [^\s`;,.)]+)*)")
OPTION = re.compile(r"--[a-z][a-z-]+")


@lru_cache(maxsize=1)
def files() -> frozenset[str]:
    """The names of all files of the repository."""
    skipped = {".git", ".venv", "build", ".snakemake", "processed", "__pycache__"}
    found: set[str] = set()
    waiting = [ROOT]
    while waiting:
        for path in waiting.pop().iterdir():
            if path.is_dir() and path.name not in skipped and path != ROOT / "reports":
                waiting.append(path)
            elif path.is_file():
                found.add(path.name)
    return frozenset(found)


@lru_cache(maxsize=1)
def targets() -> frozenset[str]:
    return frozenset(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


@lru_cache(maxsize=64)
def options(name: str) -> frozenset[str]:
    """The options of a command, and of its subcommands."""
    module, attribute = COMMANDS[name].split(":")
    command: click.Command = getattr(importlib.import_module(module), attribute)
    every = [command, *(command.commands.values() if isinstance(command, click.Group) else ())]
    return frozenset(option for each in every for part in each.params for option in (*part.opts, *part.secondary_opts)) | {
        "--help"
    }


def told() -> Iterator[tuple[str, str]]:
    """Yield (file and line, text) of each string of the code, its docstrings too, and of each text beside it."""
    for path in sorted(PACKAGE.rglob("*.py")):
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        pieces = {part for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in nodes:
            if isinstance(node, ast.JoinedStr):
                parts = (str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
                yield f"{path.relative_to(ROOT)}:{node.lineno}", "".join(parts)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in pieces:
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node.value
    for path in sorted(TEXTS):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            yield f"{path.relative_to(ROOT)}:{number}", line


def absent(text: str) -> Iterator[str]:
    """Yield what a text names and is not there."""
    for match in PATH.finditer(text):
        if not (ROOT / match[0]).exists() and not BUILT.match(match[0]) and match[0] not in EXAMPLES:
            yield match[0]
    yield from (match[0] for match in FILE.finditer(text) if match[0] not in files() | MADE | EXAMPLES)
    yield from (match[0] for match in MODULE.finditer(text) if match[0] not in MADE and not is_module(match[0]))
    yield from (match[0] for match in TARGET.finditer(text) if (match[1] or match[2]) not in targets())
    for match in COMMAND.finditer(text):
        if match[1] not in COMMANDS:
            yield match[0]
        else:
            yield from (option for option in OPTION.findall(match[2]) if option not in options(match[1]))


def is_module(name: str) -> bool:
    """Tell whether a dotted name is a module, or something in one."""
    module, _, attribute = name.rpartition(".")
    for place, inner in ((name, ""), (module, attribute)):
        file = ROOT / "lib" / place.replace(".", "/")
        if file.is_dir() and not inner:
            return True
        source = file.with_suffix(".py") if file.with_suffix(".py").exists() else file / "__init__.py"
        if source.exists() and (not inner or re.search(rf"\b{inner}\b", source.read_text(encoding="utf-8"))):
            return True
    return False


def test_what_is_named_is_there() -> None:
    assert [f"{place}: {name}" for place, text in told() for name in absent(text)] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("correct data/raw/facts/municipalities.csv", ["data/raw/facts/municipalities.csv"]),
        ("see tests/test_publishing.py", ["tests/test_publishing.py"]),
        ("run `make pages`", ["`make pages"]),
        ("see expectations/audits.csv, or audit.csvs", ["expectations/audits.csv"]),
        ("add it to measure_list.csv", ["measure_list.csv"]),
        ("socialvolym.validating.validate", ["socialvolym.validating.validate"]),
        ("run: socialvolym publish", [": socialvolym publish"]),
        ("`socialvolym run --only pages --force`", ["--force"]),
        ("run `make data`, or socialvolym.validation.suites.validate; data/processed/x.csv; `socialvolym run --only lss`", []),
    ],
)
def test_what_is_not_there_is_found(text: str, found: list[str]) -> None:
    assert list(absent(text)) == found


def test_an_axis_of_a_notebook_is_titled_in_words() -> None:
    """Altair titles an axis by its column, which says nothing where that is an id; a value is shown under its unit."""
    for notebook in sorted((ROOT / "notebooks").glob("*.ipynb")):
        text = notebook.read_text(encoding="utf-8").replace('\\"', '"')
        untitled = re.findall(r'\b(?:x|y|color|row|column|yOffset)="(?:variable|percent|\w+_\w+):[QNO]"', text)
        bare = re.findall(r'alt\.[XY]\("[^"]*"(?![^()]*\btitle=)[^()]*\)', text)
        assert untitled + bare == [], notebook.name
