"""What several test modules need."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest
from hypothesis import settings
from socialvolym.workflow import workers

# What is imported for thousands of tests stays: to look through it again and again took a third of the time until the first one.
gc.disable()
ROOT = Path(__file__).resolve().parents[1]
# Set before polars is imported: the tables of the tests are small, and each of the two workers has a core.
os.environ.setdefault("POLARS_MAX_THREADS", "1")
# What has started its threads cannot be forked (running_sample.READY).
os.environ.update(workers.ONE_THREAD)
# Processes that tests start find what pytest finds.
os.environ["PYTHONPATH"] = os.pathsep.join(str(ROOT / folder) for folder in ("lib", "tests"))

# How long an example takes depends on what else the machine does; speed is measured in bench/.
# The usual examples are the same each time, so that a check of one version ends one way; `make test-long` draws others.
settings.register_profile("usual", deadline=None, max_examples=50, derandomize=True)
settings.register_profile("long", deadline=None, max_examples=500)
settings.load_profile("usual")

#: Files with whole runs go first, so that no worker is left with one when the other has nothing more to do.
LONG = ("test_repository.py", "test_runs.py", "test_adverse.py")

DOCUMENTS = ROOT.parent / "shared" / "documents"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long files first."""
    items.sort(key=lambda item: item.path.name not in LONG)


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def documents() -> Path:
    """The folder of the five reports' documents, which are not in the repository."""
    if not (DOCUMENTS / "documents.csv").exists():
        pytest.skip("the reports' documents are not beside the repository (../shared/documents)")
    return DOCUMENTS


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty repository of its own for a test."""
    monkeypatch.setenv("SOCIALVOLYM_HOME", str(tmp_path))
    return tmp_path
