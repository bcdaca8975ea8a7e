"""Fingerprints: what a step is made from, as a hash of content, never of times, so that it runs again only where that changed."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from socialvolym import paths

_NAME = paths.PACKAGE.name
_IMPORT = re.compile(r"^[ \t]*((?:from[ \t]+[\w.]+[ \t]+)?import\b(?:[ \t]*\([^)]*\)|[^\n]*))", re.MULTILINE)


def of_text(text: str) -> str:
    """Return the sha256 of a text."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def of_values(*values: Any) -> str:
    """Return the sha256 of values that JSON can hold; the order of a dictionary's keys does not count."""
    return of_text(json.dumps(values, sort_keys=True, ensure_ascii=False))


def of_file(path: Path) -> str | None:
    """Return the sha256 of a file's content; None where it cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None


def of_files(files: Iterable[Path]) -> dict[str, str | None]:
    """Return the sha256 of files by their place in the repository (or the package)."""
    return {place(path): of_file(path) for path in sorted(files)}


def place(path: Path) -> str:
    """Return a file's place relative to the repository; a package file is named from the package."""
    package, repository = _tops()
    text = str(path)
    if text.startswith(package):
        return text[len(package) - len(_NAME) - 1 :]
    if text.startswith(repository):
        return text[len(repository) :]
    return str(path.relative_to(paths.repository()))


def _tops() -> tuple[str, str]:
    return f"{paths.PACKAGE}{os.sep}", f"{paths.repository()}{os.sep}"


def notebook_file(notebook: str) -> Path:
    """Return the file of a notebook."""
    return paths.notebooks() / f"{notebook}.ipynb"


@lru_cache(maxsize=64)
def notebook_modules(notebook: str) -> tuple[str, ...]:
    """Return the modules that a notebook's cells import, sorted; none where the notebook cannot be read."""
    try:
        cells = json.loads(notebook_file(notebook).read_text(encoding="utf-8"))["cells"]
        trees = [ast.parse("".join(cell["source"])) for cell in cells if cell["cell_type"] == "code"]
    except (OSError, ValueError, KeyError, SyntaxError):
        return ()
    return tuple(sorted({name for tree in trees for name in _imports(tree)}))


def code_files(modules: Iterable[str]) -> set[Path]:
    """Return the files of this package that modules are made of: themselves, what they import, and the data files they name."""
    files: dict[Path, frozenset[str]] = {}
    waiting = [path for module in modules for path in _module_files(module)]
    while waiting:
        path = waiting.pop()
        if path not in files:
            imports, files[path] = _parsed(path)
            waiting += [found for module in imports for found in _module_files(module)]
    named = frozenset().union(*files.values())
    return set(files) | {
        path
        for path in data_files()
        if named & {path.name, path.stem, path.parent.name}
        or path.parent in {file.parent for file in files if file.name == "__init__.py" and file.parent != paths.PACKAGE}
    }


@lru_cache(maxsize=1)
def data_files() -> tuple[Path, ...]:
    """Return the package's files that are no code, such as words, sentences and colours."""
    return tuple(
        sorted(
            path
            for path in paths.PACKAGE.rglob("*")
            if path.is_file() and path.suffix not in (".py", ".pyc") and not path.name.startswith(".")
        )
    )


@lru_cache(maxsize=2048)
def _module_files(module: str) -> tuple[Path, ...]:
    parts = module.split(".")
    if parts[0] != _NAME:
        return ()
    bases = [paths.PACKAGE.parent.joinpath(*parts[:depth]) for depth in range(1, len(parts) + 1)]
    return tuple(path for base in bases for path in (base.with_suffix(".py"), base / "__init__.py") if path.exists())


@lru_cache(maxsize=256)
def _parsed(path: Path) -> tuple[frozenset[str], frozenset[str]]:
    """Return the modules that a file imports and the data files it names; a file that cannot be parsed fails where it is run."""
    try:
        text = path.read_text(encoding="utf-8")
        return frozenset(_imported(text)), frozenset(_data_names().findall(text))
    except (OSError, ValueError, SyntaxError):
        return frozenset(), frozenset()


def _imported(text: str) -> set[str]:
    """Return what a text imports. Only its import statements are parsed: each begins its own line (ruff sees to that)."""
    try:
        trees = [ast.parse(statement) for statement in _IMPORT.findall(text)]
    except SyntaxError:
        # A line of prose that begins like an import, or an import that is written in another way.
        trees = [ast.parse(text)]
    return {name for tree in trees for name in _imports(tree)}


@lru_cache(maxsize=1)
def _data_names() -> re.Pattern[str]:
    """Return what finds the names of data files, with their ending or without, and of their folders, as strings in code."""
    names = {name for path in data_files() for name in (path.name, path.stem, path.parent.name)}
    return re.compile(rf"""["']({"|".join(sorted(map(re.escape, names)))})["']""")


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
