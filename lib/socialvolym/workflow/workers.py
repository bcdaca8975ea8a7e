"""Workers: a process that has imported what the steps need forks one child for each piece of work.

A child that is forked has the isolation of one that is started: nothing of the child before it, memory that goes back when it
ends. What it does not have is the seconds of importing. The process that forks is itself forked from the run's, before that has
computed anything, and only imports: a library that has started its threads cannot be forked. It ends, with its children, when the
run does.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import IO, Any, NoReturn

import psutil

from socialvolym.errors import SocialvolymError

#: A numerical library that has started its pool of threads cannot be forked.
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
_LOOK_SECONDS = 0.5


class Workers:
    """The process that forks, seen from the one that has the work; several threads may ask. It imports when it is first asked."""

    def __init__(self, work: Callable[..., Any], imports: Sequence[str], log: IO[str], memory_share: float = 0.5) -> None:
        """Fork the process that will fork; what is open here, such as the run's lock, stays open while any of them lives.

        Parameters
        ----------
        work : what children do: it gets the arguments of `do` and, as `begun`, a function that it tells what it begins.
        imports : the modules that children need, in this order.
        log : where what they print goes.
        memory_share : how much of the machine's memory a child may take; the largest page of a country of 290 municipalities
            takes one gigabyte.
        """
        self._memory_share = memory_share
        self._asking = threading.Lock()
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = os.fork()
            if self._process == 0:
                self._control.close()
                _become(partial(_serve, theirs, work, imports), log.fileno())

    def do(self, seconds: float, **arguments: Any) -> Any:
        """Have a child do the work, and return what it returns.

        Parameters
        ----------
        seconds : how long it may take after each thing that it begins.
        arguments : of the work, as JSON has them.

        Raises
        ------
        SocialvolymError
            where the work fails, or the child hangs, grows too large or dies.
        """
        ours, theirs = socket.socketpair()
        with ours, ours.makefile("r", encoding="utf-8") as lines:
            with theirs, self._asking:
                child = self._fork(json.dumps(arguments).encode(), theirs, lines)
            return self._watched(child, ours, lines, seconds)

    def _fork(self, request: bytes, channel: socket.socket, lines: IO[str]) -> int:
        """Return the number of a new child."""
        with suppress(OSError):
            socket.send_fds(self._control, [request], [channel.fileno()])
            # One request at a time: the child says its number before the next is sent.
            if lines.fileno() in select.select([lines.fileno(), self._control.fileno()], [], [])[0]:
                return int(lines.readline())
        raise SocialvolymError("the run was ended; run again, and it goes on where it stopped")

    def _watched(self, child: int, channel: socket.socket, lines: IO[str], seconds: float) -> Any:
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
            grown = _memory_share(child)
            if time.monotonic() > until or grown > self._memory_share:
                with suppress(ProcessLookupError):
                    os.killpg(child, signal.SIGKILL)
                if grown > self._memory_share:
                    raise SocialvolymError(f"its process took more than {self._memory_share:.0%} of the machine's memory")
                raise SocialvolymError(f"a cell took more than {seconds:g} seconds: {' '.join(doing.split())[:120]}")

    def end(self) -> None:
        """End the process and all its children."""
        self._control.shutdown(socket.SHUT_RDWR)
        os.waitpid(self._process, 0)


def _memory_share(child: int) -> float:
    """Return the share of the machine's memory that a process holds; 0 where it has ended."""
    try:
        return float(psutil.Process(child).memory_percent()) / 100
    except psutil.Error:
        return 0


def _become(life: Callable[[], None], log: int) -> NoReturn:
    """Live the life of this forked process, in a group of its own; it never returns."""
    try:
        os.setpgid(0, 0)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        for stream in (1, 2):
            os.dup2(log, stream)
        life()
    finally:
        if sys.exc_info()[0] is not None:
            traceback.print_exc()
        sys.stderr.flush()
        # Taking all that was imported apart again would take longer than a small step.
        os._exit(0)


def _serve(control: socket.socket, work: Callable[..., Any], imports: Sequence[str]) -> None:
    """Fork a child for each request until the owner is gone; import one thing after another meanwhile, from the first on."""
    os.environ.update(ONE_THREAD)
    gc.disable()
    waiting: list[str] = []
    children = set[int]()
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
            _become(partial(_do, work, json.loads(request), socket.socket(fileno=files[0])), 2)
        os.close(files[0])
        children.add(child)
        # Not before the first request: most runs have nothing to do.
        if imports:
            waiting, imports = list(imports), ()
            children |= _drawers(control)
    for child in children:
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        # One that has only just been forked has no group yet; what each has taken of the processor counts for the run.
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _drawers(control: socket.socket) -> set[int]:
    """Fork the processes that draw for all children to come, and return their numbers."""
    from socialvolym.charts import drawing

    asked, drawers = drawing.shared(), set()
    # One draws as fast as five pages ask on the machine that bench/README.md tells of.
    for _ in range(1 + (os.cpu_count() or 1) // 5):
        drawers.add(child := os.fork())
        if child == 0:
            control.close()
            _become(partial(drawing.serve, asked), 2)
    asked.close()
    return drawers


def prepare(module: str) -> None:
    """Import a module, and have this package's modules do what takes long and is the same in all children (`before_forks`).

    None of that may start threads. What cannot be imported is left for a child to say.
    """
    known = set(sys.modules)
    with suppress(ImportError):
        importlib.import_module(module)
    for name in sorted(set(sys.modules) - known):
        if name.startswith("socialvolym.") and hasattr(sys.modules[name], "before_forks"):
            sys.modules[name].before_forks()
    gc.freeze()


def _do(work: Callable[..., Any], arguments: dict[str, Any], channel: socket.socket) -> None:
    """Do the work, and say what became of it."""

    def say(**answer: Any) -> None:
        channel.sendall(json.dumps(answer).encode() + b"\n")

    gc.enable()
    channel.sendall(f"{os.getpid()}\n".encode())
    try:
        say(done=work(**arguments, begun=lambda what: say(begun=what)))
    except SocialvolymError as error:
        say(failed=str(error))
    except OSError as error:
        say(failed=f"{error.filename or 'a file'}: {error.strerror}")
    except Exception as error:
        traceback.print_exc()
        say(failed=f"{type(error).__name__}: {error}")
