"""The notebooks: numbered, one cell of described parameters, short cells without output or helpers of their own."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from socialvolym.site.page_list import Entry, load_list

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
NOTEBOOKS = sorted(path.stem for path in FOLDER.glob("*.ipynb"))
LONGEST = 25


def cells(name: str, kind: str = "code") -> list[Any]:
    return [cell for cell in nbformat.read(FOLDER / f"{name}.ipynb", as_version=4).cells if cell.cell_type == kind]


def tree(cell: Any) -> ast.Module:
    return ast.parse(cell.source)


def test_names_are_numbered_without_gaps() -> None:
    assert sorted(int(name.split("_", 1)[0]) for name in NOTEBOOKS) == list(range(len(NOTEBOOKS)))
    assert all(re.fullmatch(r"\d+_[a-z_]+", name) for name in NOTEBOOKS)


def test_every_page_has_its_notebook() -> None:
    assert {entry.notebook for entry in load_list().page} <= set(NOTEBOOKS)


@pytest.mark.parametrize("entry", load_list().page, ids=lambda entry: entry.name)
def test_a_page_of_a_domain_opens_that_domain_alone(entry: Entry) -> None:
    """Otherwise it would show rows whose changes do not make it again."""
    opened = [
        keyword.value.value
        for cell in cells(entry.notebook)
        for node in ast.walk(tree(cell))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "open_context"
        for keyword in node.keywords
        if keyword.arg == "domain" and isinstance(keyword.value, ast.Constant)
    ]
    assert opened == ([] if entry.data in ("all", "municipality") else [entry.data])


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_parameters_stand_in_one_cell_with_type_and_comment(name: str) -> None:
    [parameters] = [cell for cell in cells(name) if "parameters" in cell.metadata.get("tags", [])]
    assert parameters.source == cells(name)[0].source
    statements = tree(parameters).body
    assert statements or not parameters.source.strip()
    source = parameters.source.splitlines()
    for statement in statements:
        assert isinstance(statement, ast.AnnAssign), f"{source[statement.lineno - 1]}: has no type"
        assert re.search(r"  # \w", source[statement.lineno - 1]), f"{source[statement.lineno - 1]}: has no comment"


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_first_cell_after_the_parameters_checks_all_of_them(name: str) -> None:
    own = [statement.target.id for statement in tree(cells(name)[0]).body]  # type: ignore[attr-defined]
    checked = [
        [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
        for node in ast.walk(tree(cells(name)[1]))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "check_parameters"
    ]
    assert checked == [own]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_papermill_knows_every_parameter(name: str) -> None:
    """Otherwise it warns that the parameter is unknown, and goes on."""
    known = papermill.inspect_notebook(str(FOLDER / f"{name}.ipynb"))
    assert list(known) == [statement.target.id for statement in tree(cells(name)[0]).body]  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_nothing_that_was_run_is_stored(name: str) -> None:
    assert [(cell.outputs, cell.execution_count) for cell in cells(name)] == [([], None)] * len(cells(name))
    assert not any("papermill" in cell.metadata or "execution" in cell.metadata for cell in cells(name))


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_code_is_short_and_its_helpers_are_in_the_package(name: str) -> None:
    for cell in cells(name):
        assert len(cell.source.splitlines()) <= LONGEST, cell.source
        assert max(map(len, cell.source.splitlines()), default=0) <= 130
        own = [
            node
            for node in ast.walk(tree(cell))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda | ast.Try)
        ]
        assert own == [], cell.source


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_imports_stand_in_one_cell_and_are_used(name: str) -> None:
    importing = [
        cell for cell in cells(name) if any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(tree(cell)))
    ]
    assert len(importing) <= 1
    imported = {
        alias.asname or alias.name
        for cell in importing
        for node in ast.walk(tree(cell))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    used = {node.id for cell in cells(name) for node in ast.walk(tree(cell)) if isinstance(node, ast.Name)}
    assert imported <= used


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_titles_in_both_languages_and_a_heading(name: str) -> None:
    notebook = nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)
    assert notebook.metadata.title.strip() and notebook.metadata.title_sv.strip()
    assert notebook.cells[0].cell_type == "markdown" and notebook.cells[0].source.startswith("# ")
    assert notebook.metadata.kernelspec.name == "python3"
    ids = [cell.id for cell in notebook.cells]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_no_places_of_one_machine(name: str) -> None:
    assert not re.search(r"/(?:home|work|tmp|Users)/|[A-Z]:\\", (FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"))
