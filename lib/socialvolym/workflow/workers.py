"""Workers: a process that has imported what the steps need forks one child for each piece of work.

A child that is forked has the isolation of one that is started: nothing of the child before it, memory that goes back when it
ends. What it does not have is the seconds of importing. The process that forks is itself forked from the run's, before that has
computed anything, and only imports: a library that has started its threads cannot be forked. It ends, with its children, when the
run does.
"""

from __future__ import annotations

import gc
import importlib
import os
import select
import signal
import socket
import sys
import textwrap
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from typing import IO, Any

import psutil

from socialvolym import channels
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
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = _forked(partial(_serve, theirs, work, imports), log.fileno(), self._control)

    def do(self, seconds: float, **arguments: Any) -> Any:
        """Have a child do the work, and return what it returns.

        Parameters
        ----------
        seconds : how long it may take after each thing that it begins.
        arguments : of the work.

        Raises
        ------
        SocialvolymError
            where the work fails, or the child hangs, grows too large or dies.
        """
        try:
            channel = channels.ask(self._control)
            channel.send(arguments)
            child = channel.recv()
        except (OSError, EOFError):
            raise SocialvolymError("the run was ended; run again, and it goes on where it stopped") from None
        with channel:
            try:
                return self._watched(child, channel, seconds)
            except (OSError, EOFError):
                message = "its process ended before it was done: it was killed, had no memory left, or crashed"
                raise SocialvolymError(message) from None

    def _watched(self, child: int, channel: Connection, seconds: float) -> Any:
        """Return what a child returns; end it where it takes too long or grows too large."""
        doing, until = "", time.monotonic() + seconds
        while True:
            if channel.poll(_LOOK_SECONDS):
                kind, told = channel.recv()
                if kind == "done":
                    return told
                if kind == "failed":
                    raise SocialvolymError(told)
                doing, until = textwrap.shorten(told, 120, placeholder="…"), time.monotonic() + seconds
            grown = 0.0
            with suppress(psutil.Error):
                grown = psutil.Process(child).memory_percent() / 100
            if time.monotonic() > until or grown > self._memory_share:
                with suppress(ProcessLookupError):
                    os.killpg(child, signal.SIGKILL)
                if grown > self._memory_share:
                    raise SocialvolymError(f"its process took more than {self._memory_share:.0%} of the machine's memory")
                raise SocialvolymError(f"a cell took more than {seconds:g} seconds: {doing}")

    def end(self) -> None:
        """End the process and all its children."""
        self._control.shutdown(socket.SHUT_RDWR)
        os.waitpid(self._process, 0)


def _forked(life: Callable[[], None], log: int, control: socket.socket) -> int:
    """Fork a process that lives a life in a group of its own, without this one's end of `control`; return its number."""
    if child := os.fork():
        # Here too: it may be ended before it has come to it.
        os.setpgid(child, child)
        return child
    try:
        os.setpgid(0, 0)
        control.close()
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
        channel = channels.asked(control)
        if channel is None:
            break
        children = {child for child in children if os.waitpid(child, os.WNOHANG) == (0, 0)}
        children.add(_forked(partial(_do, work, channel), 2, control))
        channel.close()
        # Not before the first request: most runs have nothing to do.
        if imports:
            waiting, imports = list(imports), ()
            children |= _drawers(control)
    for child in children:
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        # What each has taken of the processor counts for the run.
        os.waitpid(child, 0)


def _drawers(control: socket.socket) -> set[int]:
    """Fork the processes that draw for all children to come, and return their numbers."""
    from socialvolym.charts import drawing

    # One draws as fast as five pages ask on the machine that bench/README.md tells of.
    with drawing.shared() as asked:
        return {_forked(partial(drawing.serve, asked), 2, control) for _ in range(1 + (os.cpu_count() or 1) // 5)}


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


def _do(work: Callable[..., Any], channel: Connection) -> None:
    """Do the work, and say what became of it."""
    gc.enable()
    channel.send(os.getpid())
    arguments = channel.recv()
    try:
        channel.send(("done", work(**arguments, begun=lambda what: channel.send(("begun", what)))))
    except SocialvolymError as error:
        channel.send(("failed", str(error)))
    except OSError as error:
        channel.send(("failed", f"{error.filename or 'a file'}: {error.strerror}"))
    except Exception as error:
        traceback.print_exc()
        channel.send(("failed", f"{type(error).__name__}: {error}"))
