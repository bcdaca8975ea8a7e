"""The floor plan: folders in one order, imports only downwards, four to twelve modules a folder, no two of one name."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from itertools import chain
from pathlib import Path

import pytest
from code_docs import DOCS, LIB, imported
from socialvolym.workflow.content import FOLDERS

FEWEST, MOST = 4, 12
#: Where a path of docs/architecture.md may begin.
PLACES = (LIB, DOCS.parent, DOCS.parent / "data" / "raw" / "haninge-2022")


def modules(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.py") if path.stem != "__init__")


def size(folder: Path) -> int:
    return len(modules(folder)) + len(list(folder.glob("*/__init__.py")))


def test_there_are_the_folders_of_the_plan_and_no_others() -> None:
    assert {folder.parent.name for folder in LIB.glob("*/__init__.py")} == set(FOLDERS)


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_imports_only_downwards(folder: str) -> None:
    above = set(FOLDERS[FOLDERS.index(folder) + 1 :])
    paths = (LIB / folder).rglob("*.py")
    upward = {f"{path.relative_to(LIB)} imports {name}" for path in paths for name in imported(path) & above}
    assert not upward


def test_what_every_folder_may_import_imports_no_folder() -> None:
    upward = {path.name for path in modules(LIB) if path.stem != "cli" and imported(path)}
    assert not upward


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_holds_four_to_twelve_modules(folder: str) -> None:
    """A folder of packages counts them as modules; a package within a folder may be smaller."""
    assert size(LIB / folder) >= FEWEST
    assert all(size(place.parent) <= MOST for place in (LIB / folder).rglob("__init__.py"))


def test_no_two_modules_share_a_name() -> None:
    places = defaultdict(list)
    for path in LIB.rglob("*.py"):
        if path.stem != "__init__":
            places[path.stem].append(str(path.relative_to(LIB)))
    assert not {name: paths for name, paths in places.items() if len(paths) > 1}


def test_every_folder_and_module_says_its_job_in_one_line() -> None:
    silent = []
    for path in LIB.rglob("*.py"):
        words = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
        if not words or not words.splitlines()[0].endswith("."):
            silent.append(str(path.relative_to(LIB)))
    assert not silent


def test_tests_stand_in_the_folders_of_what_they_test() -> None:
    folders = {path.name for path in (DOCS.parent / "tests").iterdir() if path.is_dir() and any(path.glob("test_*.py"))}
    assert folders <= set(FOLDERS)


def test_where_to_look_first_leads_to_what_is_there() -> None:
    """Every path of the tables in docs/architecture.md is there, and so is every folder of the plan.

    What else a row names (a function, a role, a column) stands in one of the files that it names.
    """
    told = (DOCS / "architecture.md").read_text(encoding="utf-8").partition("## Where to look first")[2]
    rows = [line for line in told.splitlines() if line.startswith("| ") and not line.startswith("| you want")]
    named, lost = set(), []
    for row in rows:
        paths = re.findall(r"`([\w/]+(?:\.[\w.]+|/))`", row)
        found = [place / path for path in paths for place in PLACES if (place / path).exists()]
        files = [file for place in found for file in (place.rglob("*") if place.is_dir() else [place]) if file.is_file()]
        text = "\n".join(file.read_text(encoding="utf-8") for file in files if file.suffix != ".pyc")
        named |= set(paths)
        marked = re.findall(r"`([^`]+)`", row)
        lost += [name for name in marked if not re.search(r"[/.*]|^(?:make|socialvolym) ", name) and name not in text]
    assert lost == []
    assert not {path for path in named if not any((place / path).exists() for place in PLACES)}
    assert {path.split("/")[0] for path in named} >= set(FOLDERS) - {"validation"}


def test_data_stands_beside_the_code_that_reads_it() -> None:
    """A data file of a folder is named in a module of that folder."""
    data = [path for path in LIB.rglob("*") if path.suffix in (".csv", ".toml", ".json") and path.is_file()]
    lost = []
    for path in data:
        near = chain(path.parent.glob("*.py"), path.parent.parent.glob("*.py"))
        if not any(path.stem in module.read_text(encoding="utf-8") for module in near):
            lost.append(str(path.relative_to(LIB)))
    assert data
    assert not lost
