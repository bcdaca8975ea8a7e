"""A run: its lock, its records of what each step was made from, and reports/run.json, which says what it did."""

from __future__ import annotations

import fcntl
import json
import os
import platform
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from socialvolym import atomic, fingerprints, paths
from socialvolym.errors import SocialvolymError

#: Environment variable with the time at which the run began, so that all its pages say the same.
STARTED = "SOCIALVOLYM_STARTED"


def build() -> Path:
    """Return the folder of what a run needs and nobody reads: records, stamps, executed notebooks, logs."""
    return paths.repository() / "build"


def now() -> str:
    """Return the time, in UTC to the second, as ISO 8601."""
    return datetime.now(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def started() -> str:
    """Return the time at which this run began."""
    return os.environ.get(STARTED) or now()


def program_version() -> str:
    """Return the version of this package; "unknown" where it is used without being installed."""
    try:
        return version("socialvolym")
    except PackageNotFoundError:
        return "unknown"


def tools() -> dict[str, str]:
    """Return the versions of what decides how tables and pages come out."""
    names = ("polars", "altair", "vl-convert-python", "great-expectations", "mistune", "jinja2", "babel")
    return {"python": platform.python_version(), **{name: version(name) for name in names}}


@contextmanager
def lock() -> Iterator[None]:
    """Hold the lock of the repository's runs. The system lets go of it when its process ends, however it ends.

    Raises
    ------
    SocialvolymError
        where another run holds it, naming the process, or where it cannot be written.
    """
    path = build() / "run.lock"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        stream = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise SocialvolymError(f"{path.parent}: cannot be written ({error.strerror}); a run keeps its records there") from error
    with stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            stream.seek(0)
            raise SocialvolymError(f"another run is under way ({stream.read().strip() or 'it has just begun'}); wait until it has "
                                   "ended, or end it") from error
        stream.seek(0)
        stream.truncate()
        stream.write(f"process {os.getpid()} on {socket.gethostname()} since {now()}\n")
        stream.flush()
        yield


@dataclass(frozen=True)
class Record:
    """What is known of a step or a page that has run.

    Attributes
    ----------
    fingerprint : of all that it was made from.
    state : "done" or "failed".
    outputs : sha256 of each file that it made, by place.
    message : why it failed.
    facts : what later steps need to know of it.
    """

    fingerprint: str
    state: str
    seconds: float
    ended: str
    outputs: Mapping[str, str | None] = field(default_factory=dict)
    message: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    def holds(self, fingerprint: str) -> bool:
        """Tell whether it is done, from just this, and its files are still what it made."""
        return (self.state == "done" and self.fingerprint == fingerprint and bool(self.outputs)
                and all(fingerprints.of_file(paths.repository() / place) == content for place, content in self.outputs.items()))


def record_file(name: str) -> Path:
    """Return the file of a step's record; a page's name is language/name."""
    return build() / "records" / f"{name}.json"


def read_record(name: str) -> Record | None:
    """Return a record; None where there is none or it is damaged, so that the step runs again."""
    try:
        return Record(**json.loads(record_file(name).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def write_record(name: str, record: Record) -> None:
    """Write a record."""
    atomic.write_text(json.dumps(record.__dict__, ensure_ascii=False, indent=1, sort_keys=True), record_file(name))
