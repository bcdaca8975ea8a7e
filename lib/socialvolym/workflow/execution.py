"""Running one notebook: its parameters checked, executed by papermill on a warm kernel, a failure told in one line."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError

from socialvolym.errors import SocialvolymError
from socialvolym.narrative.parameters import check_names, parameter_defaults
from socialvolym.workflow import fingerprints, runs
from socialvolym.workflow.provisioning import LocalKernelManager, use_warm_kernels

_LONGEST = 600
#: papermill says at each notebook where it reads and writes; a run says that itself.
logging.getLogger("papermill").setLevel(logging.WARNING)
logging.getLogger("traitlets").setLevel(logging.ERROR)


class NotebookError(SocialvolymError):
    """A notebook that failed: which, where in it, and why, in one line."""


def check_parameters(notebook: str, given: Mapping[str, Any]) -> None:
    """Check a notebook's parameters: the names that it has, and values of the kind of its defaults.

    Raises
    ------
    SocialvolymError
        for a name that the notebook does not have, or a value of another kind; a municipality's code is text.
    """
    file = fingerprints.notebook_file(notebook)
    if not file.exists():
        raise SocialvolymError(f"{file}: there is no such notebook")
    check_names(file, given)
    defaults = parameter_defaults(file)
    for name, value in given.items():
        expected = defaults[name]
        if isinstance(expected, list):
            fits = isinstance(value, list) and all(isinstance(item, str) for item in value)
        else:
            fits = expected is None or type(value) is type(expected)
        if not fits:
            raise SocialvolymError(
                f"{file.name}: the parameter {name} is {value!r}; it must be of the kind of {expected!r}"
                + (", a list of texts" if isinstance(expected, list) else "")
            )


def execute(notebook: str, parameters: Mapping[str, Any], output: Path, cell_seconds: int = 600) -> nbformat.NotebookNode:
    """Execute a notebook with papermill and keep the executed one, also a failed one, at `output`.

    Parameters
    ----------
    notebook : file name without ending.
    parameters : checked values by name; text stays text.
    output : where the executed notebook goes.
    cell_seconds : how long a cell may take.

    Raises
    ------
    NotebookError
        where a cell fails or takes too long, or the kernel dies.
    """
    use_warm_kernels()
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=output.parent, prefix=f".{output.stem}.") as folder:
        part = Path(folder) / output.name
        try:
            executed: nbformat.NotebookNode = papermill.execute_notebook(
                str(fingerprints.notebook_file(notebook)),
                str(part),
                parameters=dict(parameters),
                progress_bar=False,
                request_save_on_cell_execute=False,
                execution_timeout=cell_seconds,
                kernel_manager_class=LocalKernelManager,
                shutdown_kernel="immediate",
            )
            return executed
        except PapermillExecutionError as error:
            message = error.evalue if error.ename == SocialvolymError.__name__ else f"{error.ename}: {error.evalue}"
            raise NotebookError(f"{_place(notebook, error.source)}: {one_line(message)}") from error
        except CellTimeoutError as error:
            raise NotebookError(
                f"notebook {notebook}: a cell took more than {cell_seconds} seconds: {_first_source(error)}"
            ) from error
        except DeadKernelError as error:
            raise NotebookError(
                f"notebook {notebook}: its kernel ended before the notebook did: it was killed, had no memory "
                f"left, or crashed (the log in {runs.build() / 'logs'} may say more)"
            ) from error
        except RuntimeError as error:
            raise NotebookError(f"notebook {notebook}: its kernel did not start: {one_line(str(error))}") from error
        finally:
            if part.exists():
                part.replace(output)


def _place(notebook: str, source: str) -> str:
    """Return notebook, cell and heading of the failed cell, counted in the notebook as a person opens it."""
    original = nbformat.read(fingerprints.notebook_file(notebook), as_version=4)  # type: ignore[no-untyped-call]
    cells = enumerate(original.cells, start=1)
    number = next((n for n, cell in cells if cell.cell_type == "code" and cell.source == source), None)
    if number is None:
        return f"notebook {notebook}, the injected parameters"
    headings = [
        line.lstrip("# ")
        for cell in original.cells[:number]
        if cell.cell_type == "markdown"
        for line in cell.source.splitlines()
        if line.startswith("#")
    ]
    return f"notebook {notebook}, cell {number}" + (f" ({headings[-1]})" if headings else "")


def _first_source(error: CellTimeoutError) -> str:
    return one_line(str(error).partition("contents of the cell")[2] or str(error))[:120]


def one_line(text: str) -> str:
    """Return a text on one line, shortened where it is very long."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
