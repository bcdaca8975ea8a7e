"""Starting a step: `python -m socialvolym.workflow.stepping STEP`, forked from a run's process where there is one.

This module imports little: it is what Snakemake starts for each step.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from socialvolym.workflow import forking

#: Environment variable that names the socket of the process from which steps are forked; unset: a step does its own imports.
SERVER = "SOCIALVOLYM_STEPS"


@contextmanager
def serving(nice: int = 0) -> Iterator[str | None]:
    """Run a process that forks steps while the block runs; yield the path of its socket, for the environment variable SERVER."""
    with forking.serving(f"{__name__}:become_step", ["socialvolym.site.publication"], nice=nice) as place:
        yield place


def become_step(arguments: Sequence[str], files: Sequence[int]) -> int:
    """Do a step in this forked process, with the standard output and standard error of the process that asked for it."""
    from socialvolym.workflow import steps

    for number, file in enumerate(files, start=1):
        os.dup2(file, number)
        os.close(file)
    return steps.main(arguments)


def main(arguments: Sequence[str]) -> int:
    """Do one step; return the exit code."""
    outputs = (sys.stdout.fileno(), sys.stderr.fileno())
    child = forking.ask(os.environ.get(SERVER), arguments, os.environ, str(Path.cwd()), outputs)
    if child is None:
        from socialvolym.workflow import steps

        return steps.main(arguments)
    connection, _ = child
    connection.settimeout(None)
    # When this process is ended, the connection ends and with it the step.
    with connection, connection.makefile("rb") as stream:
        code = int(json.loads(stream.readline() or b'{"exit": -9}')["exit"])
    if code < 0:
        print(f"socialvolym: {' '.join(arguments)}: ended by {signal.Signals(-code).name}", file=sys.stderr)
    return 128 - code if code < 0 else code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
