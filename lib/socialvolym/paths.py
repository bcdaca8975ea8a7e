"""Where things are: the repository's folders, found from any working directory."""

from __future__ import annotations

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
VOCABULARY = PACKAGE / "vocabulary"
#: Environment variable of a run's steps: where they make the tables, which are put into data/processed when they are whole.
TABLES = "SOCIALVOLYM_TABLES"
#: The same: where drawings are kept.
DRAWN = "SOCIALVOLYM_DRAWN"


def repository() -> Path:
    """Return the repository's top folder: $SOCIALVOLYM_HOME, or the folder that this package stands in."""
    return Path(os.environ.get("SOCIALVOLYM_HOME") or PACKAGE.parents[1])


def raw() -> Path:
    """Return the folder of the reports as printed."""
    return repository() / "data" / "raw"


def processed() -> Path:
    """Return the folder of the tidy tables; in a run's steps, of those that are being made."""
    return Path(os.environ.get(TABLES) or published())


def published() -> Path:
    """Return the folder of the tidy tables that readers see."""
    return repository() / "data" / "processed"


def unchecked() -> Path:
    """Return the folder of the tidy tables that have not been validated yet."""
    return processed() / "unchecked"


def facts() -> Path:
    """Return the folder of the facts from outside the reports."""
    return raw() / "facts"


def notebooks() -> Path:
    """Return the folder of the notebooks."""
    return repository() / "notebooks"


def expectations() -> Path:
    """Return the folder of the expectation suites."""
    return repository() / "expectations"


def build() -> Path:
    """Return the folder of what a run needs and nobody reads: what steps have made, executed notebooks, logs."""
    return repository() / "build"


def pages() -> Path:
    """Return the folder of the rendered pages."""
    return repository() / "reports"


def drawn() -> Path | None:
    """Return the folder of the drawings that are kept; None outside a run's steps."""
    folder = os.environ.get(DRAWN)
    return Path(folder) if folder else None
