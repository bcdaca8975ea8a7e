"""Workers: a process that has imported what the steps need forks one child for each piece of work.

A child that is forked has the isolation of one that is started: nothing of the child before it, memory that goes back when it
ends. What it does not have is the seconds of importing. The process that forks only imports; it never computes, because a library
that has started its threads cannot be forked. It ends, with its children, when the process that started it does.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, NoReturn

from socialvolym.errors import SocialvolymError

#: A numerical library that has started its pool of threads cannot be forked.
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
#: A child may take half of the machine's memory; the largest page of a country of 290 municipalities takes one gigabyte.
_MEMORY_SHARE = 0.5
_LOOK_SECONDS = 0.5

#: What a child calls to say what it begins: its time is counted from there.
Begun = Callable[[str], None]


class Workers:
    """The process that forks, seen from the one that has the work; several threads may ask at a time. It starts when asked."""

    def __init__(self, imports: Sequence[str], environment: Mapping[str, str], log: IO[str], kept_open: int) -> None:
        """Name what children need.

        Parameters
        ----------
        imports : statements that import what children need, in this order.
        environment : of the children.
        log : where what they print goes.
        kept_open : the number of a file that stays open while any of them lives: the run's lock.
        """
        self._start = (list(imports), environment, log, kept_open)
        self._asking = threading.Lock()
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._is_ended = False

    def _begin(self) -> socket.socket:
        imports, environment, log, kept_open = self._start
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(theirs.fileno()), *imports],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**environment, **ONE_THREAD},
                pass_fds=(theirs.fileno(), kept_open),
                process_group=0,
            )
        self._control = ours
        return ours

    def do(self, work: str, seconds: float, **arguments: Any) -> Any:
        """Have a child call a function, and return what it returns.

        Parameters
        ----------
        work : module:function; it gets the arguments and, as `begun`, a function that it tells what it begins.
        seconds : how long it may take after each thing that it begins.
        arguments : of the function, as JSON has them.

        Raises
        ------
        SocialvolymError
            where the function fails, or the child hangs, grows too large or dies.
        """
        ours, theirs = socket.socketpair()
        with ours, ours.makefile("r", encoding="utf-8") as lines:
            with theirs, self._asking:
                child = self._fork(json.dumps([work, arguments]).encode(), theirs, lines)
            return _watched(child, ours, lines, seconds)

    def _fork(self, request: bytes, channel: socket.socket, lines: IO[str]) -> int:
        """Return the number of a new child: of the process that forks, or of a new one where it has died."""
        for attempt in (1, 2):
            if self._is_ended:
                break
            control = self._control if self._control and attempt == 1 else self._begin()
            with suppress(OSError):
                socket.send_fds(control, [request], [channel.fileno()])
                # One request at a time: the child says its number before the next is sent.
                if lines.fileno() in select.select([lines.fileno(), control.fileno()], [], [])[0]:
                    return int(lines.readline())
        raise SocialvolymError("the run was ended; run again, and it goes on where it stopped")

    def end(self) -> None:
        """End the process and all its children."""
        self._is_ended = True
        if self._control and self._process:
            self._control.close()
            self._process.wait()


def _watched(child: int, channel: socket.socket, lines: IO[str], seconds: float) -> Any:
    """Return what a child returns; end it where it takes too long or grows too large."""
    doing, until = "", time.monotonic() + seconds
    while True:
        if select.select([channel], [], [], _LOOK_SECONDS)[0]:
            answer = json.loads(lines.readline() or '{"failed": null}')
            if "done" in answer:
                return answer["done"]
            if "failed" in answer:
                raise SocialvolymError(
                    answer["failed"] or "its process ended before it was done: it was killed, had no memory left, or crashed"
                )
            doing, until = answer["begun"], time.monotonic() + seconds
        grown = _memory(child) / (os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
        if time.monotonic() > until or grown > _MEMORY_SHARE:
            with suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)
            if grown > _MEMORY_SHARE:
                raise SocialvolymError(f"its process took more than {_MEMORY_SHARE:.0%} of the machine's memory")
            raise SocialvolymError(f"a cell took more than {seconds:g} seconds: {' '.join(doing.split())[:120]}")


def _memory(child: int) -> int:
    """Return the bytes that a process holds; 0 where the system cannot tell."""
    try:
        return int(Path(f"/proc/{child}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def serve(control: socket.socket, imports: Sequence[str]) -> None:
    """Import one thing after another, and fork a child for each request, also between two imports, until the owner is gone."""
    gc.disable()
    waiting, children = list(imports), set[int]()
    while True:
        if waiting and not select.select([control], [], [], 0)[0]:
            prepare(waiting.pop(0))
            continue
        request, files, _, _ = socket.recv_fds(control, 65536, 1)
        if not request:
            break
        children = {child for child in children if os.waitpid(child, os.WNOHANG) == (0, 0)}
        child = os.fork()
        if child == 0:
            control.close()
            work, arguments = json.loads(request)
            _become(work, arguments, socket.socket(fileno=files[0]))
        os.close(files[0])
        children.add(child)
    for child in children:
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)


def prepare(statement: str) -> None:
    """Import something, and have this package's modules do what takes long and is the same in all children (`before_forks`).

    None of that may start threads. What cannot be imported is left for a child to say.
    """
    known = set(sys.modules)
    with suppress(ImportError):
        exec(statement, {})
    for name in sorted(set(sys.modules) - known):
        if name.startswith("socialvolym.") and hasattr(sys.modules[name], "before_forks"):
            sys.modules[name].before_forks()
    gc.freeze()


def _become(work: str, arguments: dict[str, Any], channel: socket.socket) -> NoReturn:
    """Do the work in this forked process, and say what became of it; it never returns."""
    os.setpgid(0, 0)
    gc.enable()

    def say(**answer: Any) -> None:
        channel.sendall(json.dumps(answer).encode() + b"\n")

    try:
        channel.sendall(f"{os.getpid()}\n".encode())
        module, _, function = work.partition(":")
        done = getattr(importlib.import_module(module), function)(**arguments, begun=lambda what: say(begun=what))
        say(done=done)
    except SocialvolymError as error:
        say(failed=str(error))
    except OSError as error:
        say(failed=f"{error.filename or 'a file'}: {error.strerror}")
    finally:
        if sys.exc_info()[0] is not None:
            traceback.print_exc()
        sys.stderr.flush()
        # Taking all that was imported apart again would take longer than a small step.
        os._exit(0)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])), sys.argv[2:])
