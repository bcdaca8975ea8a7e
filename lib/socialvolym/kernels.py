"""Warm kernels: a process that has imported what the notebooks need forks one fresh kernel for each notebook.

A kernel that is forked has the isolation of one that is started: its own process, its own memory that goes back when it ends,
nothing of the notebook before it. What it does not have is the seconds of importing. The server only imports; it never computes,
because a library that has started its threads cannot be forked, and it refuses to fork if one has. Where no server runs, kernels
start the plain way.
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
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn

#: Environment variable that names the socket of the server; unset: plain kernels.
SERVER = "SOCIALVOLYM_KERNELS"
PROVISIONER = "socialvolym-warm"
#: What the kernel itself is made of.
KERNEL_MODULES = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
    "ipykernel.debugger",
    "IPython.core.completer",
    "comm",
)
#: Threads that only tidy up memory or wait: they hold no lock at a fork, and allocators handle a fork themselves.
HARMLESS_THREADS = ("jemalloc_bg_thd", "polars-ooc-clea", "mimalloc")
#: Environment of processes that are forked: a numerical library that has started its pool of threads cannot be.
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
_REQUEST_SECONDS = 60.0
_START_SECONDS = 30.0


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
    """The process that forks kernels.

    One connection is one kernel: the first line asks for it, later lines send it signals, and when the connection ends the kernel
    does too. The server itself ends with the process that started it.
    """

    def __init__(self, path: Path) -> None:
        self._listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        # Bound beside its place and moved there when it listens: a client that finds it can connect.
        self._listening.bind(f"{path}.new")
        self._listening.listen(64)
        Path(f"{path}.new").rename(path)
        self._kernels: dict[int, socket.socket] = {}
        self._selector = selectors.DefaultSelector()

    def serve(self) -> None:
        """Fork kernels until the owner closes this process's standard input."""
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
                    self._accept()
                else:
                    self._hear(key.data)

    def _accept(self) -> None:
        connection, _ = self._listening.accept()
        connection.settimeout(_REQUEST_SECONDS)
        with suppress(OSError, ValueError):
            request = json.loads(b"".join(_lines(connection)))
            threads = unsafe_threads()
            if threads:
                _send(connection, {"refused": f"the server has started threads: {', '.join(threads)}"})
                connection.close()
                return
            pid = os.fork()
            if pid == 0:
                self._become_kernel(connection, request)
            self._kernels[pid] = connection
            self._selector.register(connection, selectors.EVENT_READ, pid)
            _send(connection, {"pid": pid})
            return
        connection.close()

    def _become_kernel(self, connection: socket.socket, request: dict[str, Any]) -> NoReturn:
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        for open_socket in (connection, self._listening, *self._kernels.values()):
            open_socket.close()
        self._selector.close()
        _run_kernel(request["arguments"], request["environment"], request["folder"])

    def _hear(self, pid: int) -> None:
        """Pass on a signal; a client that is gone takes its kernel with it."""
        connection = self._kernels.get(pid)
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
                connection = self._kernels.pop(ended[0], None)
                if connection is not None and connection.fileno() >= 0:
                    self._selector.unregister(connection)
                    with suppress(OSError):
                        _send(connection, {"exit": os.waitstatus_to_exitcode(ended[1])})
                    connection.close()

    def _end(self) -> None:
        for pid in self._kernels:
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)


def _run_kernel(arguments: Sequence[str], environment: dict[str, str], folder: str) -> NoReturn:
    """Turn this forked process into an IPython kernel; it never returns."""
    code = 1
    try:
        os.setsid()
        os.chdir(folder)
        parent = os.getppid()
        os.environ.clear()
        os.environ.update(environment)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        gc.enable()
        from ipykernel.kernelapp import IPKernelApp

        app: Any = IPKernelApp.instance(parent_handle=parent)
        # What goes wrong in a cell comes back as its result; what the kernel logs beside it would stand among a run's messages.
        app.initialize([*arguments, "--HistoryManager.enabled=False", "--IPKernelApp.log_level=CRITICAL"])
        app.start()
        code = 0
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 1
    finally:
        with suppress(Exception):
            sys.stderr.flush()
        os._exit(code)


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
    """Import what the notebooks import; what cannot be imported is left for the notebook to say.

    A module of this package may have a function `before_forks`: it does, once for all kernels, what takes long and is the same in
    each. It must not start threads (polars does), because a process with threads cannot be forked.
    """
    gc.disable()
    # Nobody debugs a kernel of a run, and the debugger is imported with every one all the same.
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    for module in modules:
        with suppress(ImportError):
            importlib.import_module(module)
    for name in sorted(sys.modules):
        if name.startswith(f"{__package__}.") and hasattr(sys.modules[name], "before_forks"):
            sys.modules[name].before_forks()
    gc.freeze()


@contextmanager
def serving(modules: Sequence[str], wanted: bool = True, nice: int = 0) -> Iterator[str | None]:
    """Run a server of kernels while the block runs; it imports in the background, and requests wait for it.

    Parameters
    ----------
    modules : what the notebooks import.
    wanted : False starts nothing, for kernels that start the plain way.
    nice : how far it and its kernels stand back for other work.

    Yields
    ------
    The path of its socket, for the environment variable SERVER; None where it is not wanted or cannot run.
    """
    with helper("socialvolym.kernels", modules, wanted, nice) as place:
        yield place


@contextmanager
def helper(module: str, arguments: Sequence[str], wanted: bool = True, nice: int = 0) -> Iterator[str | None]:
    """Run a module as a process beside this one, which ends with the block or with this process; yield the path of its socket."""
    if not wanted or not hasattr(os, "fork"):
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="socialvolym-"))
    place = folder / "socket"
    environment = {**os.environ, **ONE_THREAD}
    process = subprocess.Popen(
        [sys.executable, "-m", module, str(place), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        env=environment,
        process_group=0,
    )
    try:
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process.pid, nice)
        _await(place, process)
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


def _await(place: Path, process: subprocess.Popen[bytes]) -> None:
    """Wait until a process listens; one that has ended is left to its clients, which do without."""
    until = time.monotonic() + _START_SECONDS
    while not place.exists() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.005)


def main(arguments: Sequence[str]) -> None:
    """Serve: the socket's path, then the modules to import. The socket is there before the imports: clients wait on it."""
    server = Server(Path(arguments[0]))
    sys.path[:] = [entry for entry in sys.path if entry not in ("", str(Path.cwd()))]
    import_all([*KERNEL_MODULES, *arguments[1:]])
    server.serve()
    sys.stderr.flush()
    # Taking all that was imported apart again would take longer than the run's last step.
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
