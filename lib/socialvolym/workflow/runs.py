"""A run: its lock, and its temporary folder."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

import psutil

from socialvolym import atomic, paths, program
from socialvolym.errors import SocialvolymError

#: How long what a killed run has left behind may take to end.
_LEFTOVER_SECONDS = 60.0


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
    path = paths.build() / "run.lock"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        stream = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise SocialvolymError(f"{path.parent} cannot be written ({error.strerror}); a run keeps its records there") from error
    with stream:
        _take(stream)
        stream.seek(0)
        stream.truncate()
        stream.write(f"{socket.gethostname()} {os.getpid()} {program.now()}\n")
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
            left_behind = process.isdigit() and host == socket.gethostname() and not psutil.pid_exists(int(process))
            if not left_behind or time.monotonic() > until:
                raise SocialvolymError(
                    f"another run is under way (process {process or 'unknown'} on {host or 'unknown'}, since "
                    f"{since or 'just now'}); wait until it has ended, or end it"
                ) from error
            time.sleep(0.2)


@contextmanager
def temporary_folder() -> Iterator[None]:
    """Give a process that runs, and all that it starts, a temporary folder in build/, and clear what a killed run left."""
    folder = paths.build() / "temporary"
    shutil.rmtree(folder, ignore_errors=True)
    for left in (left for place in (paths.build(), paths.published(), paths.pages()) for left in place.rglob(atomic.PARTS)):
        left.unlink()
    folder.mkdir()
    os.environ["TMPDIR"], tempfile.tempdir = str(folder), None
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)
