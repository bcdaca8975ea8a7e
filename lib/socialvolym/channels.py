"""Channels: a forked process asks another one, each time over a pipe of its own, which ends when either of them does."""

from __future__ import annotations

import socket
from multiprocessing import Pipe
from multiprocessing.connection import Connection


def ask(others: socket.socket) -> Connection:
    """Return our end of a new pipe; its other end is for the process that answers at the other end of `others` (`asked`).

    Raises
    ------
    OSError
        where that process is gone.
    """
    ours, theirs = Pipe()
    with theirs:
        socket.send_fds(others, [b"?"], [theirs.fileno()])
    return ours


def asked(others: socket.socket) -> Connection | None:
    """Wait until a process asks (`ask`), and return the end of its pipe; None when none is left that could."""
    request, files, _, _ = socket.recv_fds(others, 1, 1)
    return Connection(files[0]) if request else None
