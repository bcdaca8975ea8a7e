"""The program: its version, those of its tools, and when its run began."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from datetime import UTC, datetime
from functools import lru_cache

#: Environment variable of a run's steps: when it began.
STARTED = "SOCIALVOLYM_STARTED"
_TOOLS = ("polars", "altair", "vl-convert-python", "great-expectations", "mistune", "jinja2", "babel")


def now() -> str:
    """Return the time, in UTC to the second, as ISO 8601."""
    return datetime.now(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def started() -> str:
    """Return the time at which this run began."""
    return os.environ.get(STARTED) or now()


def version() -> str:
    """Return the version of this package; "unknown" where it is used without being installed."""
    try:
        return importlib.metadata.version("socialvolym")
    except importlib.metadata.PackageNotFoundError:
        return "unknown"


@lru_cache(maxsize=1)
def tools() -> dict[str, str]:
    """Return the versions of what decides how tables and pages come out."""
    return {"python": platform.python_version(), **{name: importlib.metadata.version(name) for name in _TOOLS}}
