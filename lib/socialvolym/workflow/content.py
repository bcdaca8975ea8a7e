"""Content: digests of what a step is made from, which Snakemake keeps with its outputs and compares; no file's time counts."""

from __future__ import annotations

import ast
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from socialvolym import paths
from socialvolym.notation.languages import LANGUAGES

_IMPORT = re.compile(r"^\s*(?:from|import)\s+socialvolym(?:\.(\w+)|\s+import\s+(\([^)]*\)|[^\n]*))", re.MULTILINE)


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
    """Return the sha256 of files by their place in the repository."""
    return {str(path.relative_to(paths.repository())): of_file(path) for path in sorted(files)}


@lru_cache(maxsize=1)
def of_raw_files() -> Mapping[str, str | None]:
    """Return the sha256 of all files below data/raw, read once: what is changed while a run reads it is seen by the next one."""
    return of_files(path for path in paths.raw().rglob("*") if path.is_file() and not path.name.startswith("."))


@lru_cache(maxsize=64)
def of_code(folders: frozenset[str], languages: tuple[str, ...] = LANGUAGES) -> str:
    """Return the digest of the code that folders of this package use, without the words of languages that are not wanted.

    A folder uses the folders that its files import, and what these use; the package's own modules are used by all.
    """
    used, waiting = {""}, list(folders)
    while waiting:
        folder = waiting.pop()
        if folder not in used:
            used.add(folder)
            waiting += _folders()[folder][1]
    unwanted = set(LANGUAGES) - set(languages)
    files = {name: digest for folder in used for name, digest in _folders()[folder][0].items()}
    return of_values({name: digest for name, digest in files.items() if Path(name).stem not in unwanted})


def of_notebook(notebook: str, languages: tuple[str, ...] = LANGUAGES, also: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Return the digests of a notebook and of the code that it, and further folders, use."""
    folders = frozenset(_imported(_code(notebook))) | also
    return {"notebook": of_file(_file(notebook)), "code": of_code(folders, languages)}


def imports(notebook: str) -> list[str]:
    """Return the statements by which a notebook imports from this package."""
    try:
        nodes = ast.walk(ast.parse(_code(notebook)))
    except SyntaxError:
        return []  # it fails where it is executed
    return [ast.unparse(n) for n in nodes if isinstance(n, ast.ImportFrom) and str(n.module).startswith("socialvolym")]


def _file(notebook: str) -> Path:
    return paths.notebooks() / f"{notebook}.ipynb"


def _code(notebook: str) -> str:
    try:
        cells = json.loads(_file(notebook).read_text(encoding="utf-8"))["cells"]
        return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    except (OSError, ValueError, KeyError):
        return ""  # it fails where it is executed


@lru_cache(maxsize=1)
def _folders() -> dict[str, tuple[dict[str, str], set[str]]]:
    """Return, for each folder of this package ("" for its own modules), the digests of its files and the folders they import."""
    found: dict[str, tuple[dict[str, str], set[str]]] = {"": ({}, set())}
    for path in sorted(paths.PACKAGE.rglob("*")):
        parts = path.relative_to(paths.PACKAGE).parts
        if path.is_file() and "__pycache__" not in parts and not path.name.startswith("."):
            text = path.read_text(encoding="utf-8")
            files, imports = found.setdefault(parts[0] if len(parts) > 1 else "", ({}, set()))
            files["/".join(parts)] = of_text(text)
            imports |= _imported(text) if path.suffix == ".py" else set()
    return found


def _imported(text: str) -> set[str]:
    names = {name for module, members in _IMPORT.findall(text) for name in re.findall(r"\w+", module or members)}
    return {name for name in names if (paths.PACKAGE / name / "__init__.py").exists()}
