"""A run: its lock, its time, and the records of what each step was made from."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import platform
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, TextIO

from socialvolym import atomic, paths
from socialvolym.errors import SocialvolymError
from socialvolym.workflow import fingerprints

#: Environment variables of a run's steps: when it began, and its process, so that steps end when it has been killed.
STARTED, OWNER = "SOCIALVOLYM_STARTED", "SOCIALVOLYM_OWNER"
_TOOLS = ("polars", "altair", "vl-convert-python", "great-expectations", "mistune", "jinja2", "babel")
#: How long what a killed run has left behind may take to end.
_LEFTOVER_SECONDS = 60.0


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


@lru_cache(maxsize=1)
def tools() -> dict[str, str]:
    """Return the versions of what decides how tables and pages come out."""
    return {"python": platform.python_version(), **{name: version(name) for name in _TOOLS}}


def own() -> None:
    """Make this process the owner of the steps that it starts."""
    os.environ[STARTED] = now()
    os.environ[OWNER] = f"{socket.gethostname()} {os.getpid()}"


def is_abandoned() -> bool:
    """Tell whether the run that this step belongs to has been killed; unknown on another machine."""
    host, _, process = os.environ.get(OWNER, "").rpartition(" ")
    return host == socket.gethostname() and not _is_alive(int(process))


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def lock(name: str = "run", patient: bool = False) -> Iterator[None]:
    """Hold a lock. The system lets go of it when its process and all that it forked have ended, however they ended.

    A lock whose process has been killed is waited for: what it left behind ends by itself soon.

    Parameters
    ----------
    name : of the lock.
    patient : wait also for a process that lives; for steps, which a killed run leaves behind for a moment.

    Raises
    ------
    SocialvolymError
        where another run holds it, naming the process, or where it cannot be written.
    """
    path = build() / f"{name}.lock"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        stream = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise SocialvolymError(f"{path.parent} cannot be written ({error.strerror}); a run keeps its records there") from error
    with stream:
        _take(stream, patient)
        stream.seek(0)
        stream.truncate()
        stream.write(f"{socket.gethostname()} {os.getpid()} {now()}\n")
        stream.flush()
        yield


def _take(stream: TextIO, patient: bool) -> None:
    until = time.monotonic() + _LEFTOVER_SECONDS
    while True:
        try:
            return fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            stream.seek(0)
            host, process, since = [*stream.read().split(), "", "", ""][:3]
            left_behind = process.isdigit() and host == socket.gethostname() and not _is_alive(int(process))
            if not (patient or left_behind) or time.monotonic() > until:
                raise SocialvolymError(
                    f"another run is under way (process {process or 'unknown'} on {host or 'unknown'}, since "
                    f"{since or 'just now'}); wait until it has ended, or end it"
                ) from error
            time.sleep(0.2)


@contextmanager
def temporary_folder() -> Iterator[None]:
    """Give a run, which holds its lock, one temporary folder for all that it starts, and remove it with all that is in it.

    Its name is that of the repository's: what a run that was killed has left there is cleared by the next one.
    """
    own = hashlib.sha256(f"{os.getuid()} {paths.repository()}".encode()).hexdigest()[:12]
    before, folder = os.environ.get("TMPDIR"), Path(tempfile.gettempdir()) / f"socialvolym-{own}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    os.environ["TMPDIR"], tempfile.tempdir = str(folder), str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = None
        os.environ.pop("TMPDIR")
        os.environ.update({"TMPDIR": before} if before else {})
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class Record:
    """What is known of a step or a page that has run.

    Attributes
    ----------
    fingerprint : of all that it was made from.
    state : "done" or "failed".
    seconds : how long it took.
    run : when the run that it belongs to began.
    outputs : sha256 of each file that it made, by place.
    message : why it failed.
    facts : what later steps need to know of it.
    """

    fingerprint: str
    state: str
    seconds: float
    run: str = field(default_factory=started)
    outputs: Mapping[str, str | None] = field(default_factory=dict)
    message: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    def holds(self, fingerprint: str) -> bool:
        """Tell whether it is done, from just this, and its files are still what it made."""
        return (
            self.state == "done"
            and self.fingerprint == fingerprint
            and bool(self.outputs)
            and all(fingerprints.of_file(paths.repository() / place) == content for place, content in self.outputs.items())
        )


def record_file(name: str) -> Path:
    """Return the file of a step's record; a page's name is pages/language/name."""
    return build() / "records" / f"{name}.json"


def read_record(name: str) -> Record | None:
    """Return a record; None where there is none or it is damaged, so that the step runs again."""
    try:
        return Record(**json.loads(record_file(name).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def write_record(name: str, record: Record) -> None:
    """Write a record."""
    atomic.write_text(json.dumps(asdict(record), ensure_ascii=False, indent=1, sort_keys=True), record_file(name))


def records() -> dict[str, tuple[int, Record]]:
    """Return all records with the number of their file, which changes each time that one is written."""
    folder = build() / "records"
    names = [str(path.relative_to(folder).with_suffix("")) for path in sorted(folder.rglob("*.json"))]
    return {name: (record_file(name).stat().st_mtime_ns, record) for name in names if (record := read_record(name)) is not None}
