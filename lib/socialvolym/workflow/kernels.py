"""Warm kernels: a process that has imported what the notebooks need forks one fresh kernel for each notebook.

Where no such process runs, kernels start the plain way.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from socialvolym.workflow import forking

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


@contextmanager
def serving(modules: Sequence[str], wanted: bool = True, nice: int = 0, after: str | None = None) -> Iterator[str | None]:
    """Run a server of kernels while the block runs; it imports in the background, and requests wait for it.

    Parameters
    ----------
    modules : what the notebooks import.
    wanted : False starts nothing, for kernels that start the plain way.
    nice, after : as in forking.helper.

    Yields
    ------
    The path of its socket, for the environment variable SERVER; None where it is not wanted or cannot run.
    """
    with forking.serving(f"{__name__}:become_kernel", [*KERNEL_MODULES, *modules], wanted, nice, after) as place:
        yield place


def become_kernel(arguments: Sequence[str], files: Sequence[int]) -> int:
    """Turn this forked process into an IPython kernel, until it ends."""
    from ipykernel.kernelapp import IPKernelApp

    app: Any = IPKernelApp.instance(parent_handle=os.getppid())
    # What goes wrong in a cell comes back as its result; what the kernel logs beside it would stand among a run's messages.
    app.initialize([*arguments, "--HistoryManager.enabled=False", "--IPKernelApp.log_level=CRITICAL"])
    app.start()
    return 0
