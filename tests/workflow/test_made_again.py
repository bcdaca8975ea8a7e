"""What is made again: each row of the table in docs/decisions/one-engine.md, on a copy of the repository."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from socialvolym import paths
from socialvolym.site import page_list
from socialvolym.workflow import content, steps

ROOT = Path(__file__).resolve().parents[2]
TABLE = (ROOT / "docs" / "decisions" / "one-engine.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ([^|]+) \| `([^`]+)` \| ([^|]+) \|$", TABLE, re.MULTILINE)


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    for part in ("data/raw", "expectations", "notebooks", "lib"):
        shutil.copytree(ROOT / part, home / part, ignore=shutil.ignore_patterns("__pycache__"))
    return home


@pytest.fixture
def home(copied: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOCIALVOLYM_HOME", str(copied))
    monkeypatch.setattr(paths, "PACKAGE", copied / "lib" / "socialvolym")
    return copied


def digests() -> dict[str, str]:
    """Return a digest of what each step and page is made from, but for what the steps before it make."""
    for cached in (page_list.codes, content.of_raw_files, content.of_code, content._code):
        cached.cache_clear()
    pages = {page.key: steps.made_from("page", page) for page in page_list.all_pages()}
    made = {**{step: steps.made_from(step) for step in ("clean", "validate", "index")}, **pages}
    return {name: content.of_values(parts) for name, parts in made.items()}


def meant(said: str, file: str) -> set[str]:
    """Return the steps and pages that a row of the table names."""
    found = {step for step in ("clean", "validate", "index") if step in said}
    report = (ROOT / file).parent.name
    for page in page_list.all_pages():
        own = page.own_code is None or report in page_list.codes()[page.own_code]
        named = {
            "all pages": True,
            "Swedish pages": page.language == "sv",
            "English pages": page.language == "en",
            "its pages": page.notebook == Path(file).stem,
            "its municipality's and all analyses' pages": own,
        }
        found |= {page.key} if any(words in said and holds for words, holds in named.items()) else set()
    return found


def test_the_table_has_the_kinds_of_edits() -> None:
    assert len(ROWS) == 12


@pytest.mark.parametrize(("edit", "file", "said"), ROWS, ids=[row[0] for row in ROWS])
def test_an_edit_makes_again_what_the_table_says(home: Path, edit: str, file: str, said: str) -> None:
    before, path = digests(), home / file
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "\n", encoding="utf-8")
    after = digests()
    path.write_text(text, encoding="utf-8")
    assert {name for name, digest in after.items() if before[name] != digest} == meant(said, file)
    assert digests() == before
