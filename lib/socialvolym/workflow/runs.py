"""A run: its lock, its time, its temporary folder, and the versions of its tools."""

from __future__ import annotations

import fcntl
import os
import platform
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TextIO

from socialvolym import atomic, paths
from socialvolym.errors import SocialvolymError

#: Environment variable of a run's steps: when it began.
STARTED = "SOCIALVOLYM_STARTED"
_TOOLS = ("polars", "altair", "vl-convert-python", "great-expectations", "mistune", "jinja2", "babel")
#: How long what a killed run has left behind may take to end.
_LEFTOVER_SECONDS = 60.0


def build() -> Path:
    """Return the folder of what a run needs and nobody reads: what steps have made, executed notebooks, logs."""
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


@lru_cache(maxsize=1)
def tools() -> dict[str, str]:
    """Return the versions of what decides how tables and pages come out."""
    return {"python": platform.python_version(), **{name: version(name) for name in _TOOLS}}


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except OSError as error:
        return isinstance(error, PermissionError)
    return True


@contextmanager
def lock() -> Iterator[None]:
    """Hold the lock of this repository's runs.

    The system lets go of it when all processes that have the file open have ended, however they ended. A lock whose process has
    been killed is waited for: what it left behind ends by itself soon.

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
        raise SocialvolymError(f"{path.parent} cannot be written ({error.strerror}); a run keeps its records there") from error
    with stream:
        _take(stream)
        stream.seek(0)
        stream.truncate()
        stream.write(f"{socket.gethostname()} {os.getpid()} {now()}\n")
        stream.flush()
        yield


def _take(stream: TextIO) -> None:
    until = time.monotonic() + _LEFTOVER_SECONDS
    while True:
        try:
            return fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            stream.seek(0)
            host, process, since = [*stream.read().split(), "", "", ""][:3]
            left_behind = process.isdigit() and host == socket.gethostname() and not _is_alive(int(process))
            if not left_behind or time.monotonic() > until:
                raise SocialvolymError(
                    f"another run is under way (process {process or 'unknown'} on {host or 'unknown'}, since "
                    f"{since or 'just now'}); wait until it has ended, or end it"
                ) from error
            time.sleep(0.2)


@contextmanager
def temporary_folder() -> Iterator[None]:
    """Give a process that runs, and all that it starts, a temporary folder in build/, and clear what a killed run left."""
    folder = build() / "temporary"
    shutil.rmtree(folder, ignore_errors=True)
    for left in (left for place in (build(), paths.published(), paths.pages()) for left in place.rglob(atomic.PARTS)):
        left.unlink()
    folder.mkdir()
    os.environ["TMPDIR"], tempfile.tempdir = str(folder), None
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)
