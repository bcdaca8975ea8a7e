"""Content: digests of what a step is made from, which Snakemake keeps with its outputs and compares; no file's time counts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from socialvolym import paths
from socialvolym.notation.languages import LANGUAGES

#: The folders of this package, from what everything may use to what uses everything (tests/test_layout.py).
FOLDERS = (
    *("notation", "vocabulary", "documents", "extraction", "reports", "observations", "validation", "audit", "analysis"),
    *("charts", "narrative", "site", "workflow", "commands"),
)


def of_values(*values: Any) -> str:
    """Return the sha256 of values that JSON can hold; the order of a dictionary's keys does not count."""
    return hashlib.sha256(json.dumps(values, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


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


@lru_cache(maxsize=1)
def _code() -> dict[Path, str]:
    """Return the sha256 of the files of this package by their places in it."""
    files = (path for path in sorted(paths.PACKAGE.rglob("*")) if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(paths.PACKAGE): str(of_file(path)) for path in files if not path.name.startswith(".")}


@lru_cache(maxsize=64)
def of_code(last: str, languages: tuple[str, ...] = LANGUAGES) -> str:
    """Return the digest of the code of the folders up to one, without the words of languages that are not wanted.

    No folder uses a later one; the package's own modules are used by all.
    """
    unwanted = set(LANGUAGES) - set(languages)
    later = set(FOLDERS[FOLDERS.index(last) + 1 :])
    return of_values(
        {str(place): digest for place, digest in _code().items() if place.parts[0] not in later and place.stem not in unwanted}
    )


def of_notebook(notebook: str, last: str, languages: tuple[str, ...] = LANGUAGES) -> dict[str, Any]:
    """Return the digests of a notebook and of the code of the folders up to the last that it uses."""
    return {"notebook": of_file(paths.notebooks() / f"{notebook}.ipynb"), "code": of_code(last, languages)}


def modules(last: str) -> list[str]:
    """Return the names of this package's modules in the folders up to one, in the folders' order."""
    folders = FOLDERS[: FOLDERS.index(last) + 1]
    found = [path for folder in folders for path in sorted((paths.PACKAGE / folder).rglob("*.py"))]
    names = (".".join(path.relative_to(paths.PACKAGE.parent).with_suffix("").parts) for path in found)
    return [name.removesuffix(".__init__") for name in names]
