"""Forking: a process that has done its imports forks one child for each request, so that nobody waits for imports twice.

A child that is forked has the isolation of one that is started: its own process, its own memory that goes back when it ends,
nothing of the child before it. What it does not have is the seconds of importing. The server only imports; it never computes,
because a library that has started its threads cannot be forked, and it refuses to fork if one has.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn

#: Threads that only tidy up memory or wait: they hold no lock at a fork, and allocators handle a fork themselves.
HARMLESS_THREADS = ("jemalloc_bg_thd", "polars-ooc-clea", "mimalloc")
#: Environment of processes that are forked: a numerical library that has started its pool of threads cannot be.
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
_REQUEST_SECONDS = 60.0
_ANSWER_SECONDS = 120.0
#: Standard output and standard error.
_MOST_FILES = 2
#: Environment variable that names the socket of the process whose imports come first.
_AFTER = "SOCIALVOLYM_AFTER"

#: What a child does with its arguments and the files that came with them; it returns the exit code.
Work = Callable[[Sequence[str], Sequence[int]], int]


def native_threads() -> list[str]:
    """Return the names of this process's other threads, Python's and libraries'; where the system cannot tell, only Python's."""
    tasks = Path("/proc/self/task")
    if not tasks.is_dir():
        return [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
    return [(task / "comm").read_text().strip() for task in tasks.iterdir() if task.name != str(os.getpid())]


def unsafe_threads() -> list[str]:
    """Return the names of the threads because of which this process must not be forked."""
    return sorted(name for name in native_threads() if name not in HARMLESS_THREADS)


class Server:
    """The process that forks children.

    One connection is one child: the first line asks for it, later lines send it signals, and when the connection ends the child
    does too. The server itself ends with the process that started it.
    """

    def __init__(self, listening: socket.socket) -> None:
        self._listening = listening
        self._children: dict[int, socket.socket] = {}
        self._selector = selectors.DefaultSelector()

    def serve(self, work: Work) -> None:
        """Fork children that do the work, until the owner closes this process's standard input."""
        woken, wake = socket.socketpair()
        for end in (woken, wake):
            end.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.set_wakeup_fd(wake.fileno())
        self._selector.register(sys.stdin.fileno(), selectors.EVENT_READ, "owner")
        self._selector.register(woken, selectors.EVENT_READ, "child")
        self._selector.register(self._listening, selectors.EVENT_READ, "new")
        while True:
            for key, _ in self._selector.select():
                if key.data == "owner":
                    self._end()
                    return
                if key.data == "child":
                    woken.recv(4096)
                    self._reap()
                elif key.data == "new":
                    self._accept(work)
                else:
                    self._hear(key.data)

    def _accept(self, work: Work) -> None:
        connection, _ = self._listening.accept()
        connection.settimeout(_REQUEST_SECONDS)
        files: Sequence[int] = ()
        try:
            text, files, _, _ = socket.recv_fds(connection, 65536, _MOST_FILES)
            request = json.loads(text if text.endswith(b"\n") else text + b"".join(_lines(connection)))
            threads = unsafe_threads()
            if threads:
                _send(connection, {"refused": f"the server has started threads: {', '.join(threads)}"})
                connection.close()
                return
            pid = os.fork()
            if pid == 0:
                self._become(connection, work, request, files)
            self._children[pid] = connection
            self._selector.register(connection, selectors.EVENT_READ, pid)
            _send(connection, {"pid": pid})
        except (OSError, ValueError):
            connection.close()
        finally:
            for file in files:
                os.close(file)

    def _become(self, connection: socket.socket, work: Work, request: dict[str, Any], files: Sequence[int]) -> NoReturn:
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        for open_socket in (connection, self._listening, *self._children.values()):
            open_socket.close()
        self._selector.close()
        _work(work, request, files)

    def _hear(self, pid: int) -> None:
        """Pass on a signal; a client that is gone takes its child with it."""
        connection = self._children.get(pid)
        if connection is None:
            return
        try:
            numbers = [int(json.loads(line)["signal"]) for line in _lines(connection)]
        except (OSError, ValueError, KeyError):
            numbers = []
        for number in numbers or [signal.SIGKILL]:
            with suppress(ProcessLookupError):
                os.killpg(pid, number)
        if not numbers:
            self._selector.unregister(connection)
            connection.close()

    def _reap(self) -> None:
        with suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                connection = self._children.pop(ended[0], None)
                if connection is not None and connection.fileno() >= 0:
                    self._selector.unregister(connection)
                    with suppress(OSError):
                        _send(connection, {"exit": os.waitstatus_to_exitcode(ended[1])})
                    connection.close()

    def _end(self) -> None:
        for pid in self._children:
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)


def _work(work: Work, request: dict[str, Any], files: Sequence[int]) -> NoReturn:
    """Do the work in this forked process, in the client's folder and environment; it never returns."""
    code = 1
    try:
        os.setsid()
        os.chdir(request["folder"])
        os.environ.clear()
        os.environ.update(request["environment"])
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        gc.enable()
        code = work(request["arguments"], files)
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 1
    finally:
        if sys.exc_info()[0] is not None:
            traceback.print_exc()
        with suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def ask(
    server: str | None, arguments: Sequence[str], environment: Mapping[str, str], folder: str, files: Sequence[int] = ()
) -> tuple[socket.socket, int] | None:
    """Ask a server for a child.

    Parameters
    ----------
    server : the path of its socket.
    arguments, environment, folder : of the child.
    files : numbers of open files that the child gets, at most two.

    Returns
    -------
    The connection, which ends when the child does, and the child's process number; None where no server answers or it refuses.
    """
    if not server:
        return None
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(_ANSWER_SECONDS)
    message = json.dumps({"arguments": list(arguments), "environment": dict(environment), "folder": folder}).encode() + b"\n"
    try:
        connection.connect(server)
        # The files travel with the first bytes.
        connection.sendall(message[socket.send_fds(connection, [message], files) :])
        with connection.makefile("rb") as stream:
            answer = json.loads(stream.readline() or b"{}")
    except (OSError, ValueError):
        answer = {}
    if "pid" not in answer:
        connection.close()
        return None
    return connection, int(answer["pid"])


def _send(connection: socket.socket, message: dict[str, Any]) -> None:
    connection.sendall(json.dumps(message).encode() + b"\n")


def _lines(connection: socket.socket) -> list[bytes]:
    """Return the lines that have come; none where the other side is gone."""
    received = b""
    while not received.endswith(b"\n"):
        part = connection.recv(65536)
        if not part:
            return []
        received += part
    return received.splitlines()


def import_all(modules: Sequence[str]) -> None:
    """Import what the children need; what cannot be imported is left for them to say.

    A module of this package may have a function `before_forks`: it does, once for all children, what takes long and is the same
    in each. It must not start threads (polars does), because a process with threads cannot be forked.
    """
    gc.disable()
    # Nobody debugs a kernel of a run, and the debugger is imported with every one all the same.
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    for module in modules:
        with suppress(ImportError):
            importlib.import_module(module)
    for name in sorted(sys.modules):
        if name.startswith("socialvolym.") and hasattr(sys.modules[name], "before_forks"):
            sys.modules[name].before_forks()
    gc.freeze()


def wait_for_turn() -> None:
    """Wait until the process that comes first has done its imports: it answers then, also to nothing."""
    first = os.environ.pop(_AFTER, None)
    if first:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection, suppress(OSError):
            connection.settimeout(_ANSWER_SECONDS)
            connection.connect(first)
            connection.shutdown(socket.SHUT_WR)
            connection.recv(1)


@contextmanager
def serving(
    work: str, modules: Sequence[str], wanted: bool = True, nice: int = 0, after: str | None = None
) -> Iterator[str | None]:
    """Run a server while the block runs; it imports in the background, and requests wait for it.

    Parameters
    ----------
    work : what children do, as module:function (Work).
    modules : to import.
    wanted : False starts nothing.
    nice, after : as in `helper`.

    Yields
    ------
    The path of its socket; None where it is not wanted or cannot run.
    """
    with helper(__name__, [work, *modules], wanted, nice, after) as place:
        yield place


@contextmanager
def helper(
    module: str, arguments: Sequence[str], wanted: bool = True, nice: int = 0, after: str | None = None
) -> Iterator[str | None]:
    """Run a module as a process beside this one, which ends with the block or with this process.

    Its first argument is the number of the socket that it listens on. Clients can connect at once, and wait until it answers.

    Parameters
    ----------
    module, arguments : what to run.
    wanted : False starts nothing.
    nice : how far the process and its children stand back for other work.
    after : the socket of another such process, whose imports come first (wait_for_turn).

    Yields
    ------
    The path of the socket; None where the process is not wanted or cannot run.
    """
    if not wanted or not hasattr(os, "fork"):
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="socialvolym-"))
    place = folder / "socket"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
        listening.bind(str(place))
        listening.listen(64)
        process = subprocess.Popen(
            [sys.executable, "-m", module, str(listening.fileno()), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            env={**os.environ, **ONE_THREAD, **({_AFTER: after} if after else {})},
            pass_fds=(listening.fileno(),),
            process_group=0,
        )
    try:
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process.pid, nice)
        yield str(place)
    finally:
        if process.stdin:
            process.stdin.close()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def main(arguments: Sequence[str]) -> None:
    """Serve: the number of the socket, what children do (module:function), the modules to import."""
    server = Server(socket.socket(fileno=int(arguments[0])))
    sys.path[:] = [entry for entry in sys.path if entry not in ("", str(Path.cwd()))]
    wait_for_turn()
    module, _, function = arguments[1].partition(":")
    import_all([module, *arguments[2:]])
    server.serve(getattr(sys.modules[module], function))
    sys.stderr.flush()
    # Taking all that was imported apart again would take longer than the run's last step.
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
