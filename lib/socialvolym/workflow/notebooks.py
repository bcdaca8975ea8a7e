"""Running one notebook: its parameters checked, executed by papermill in this process, a failure told in one line."""

from __future__ import annotations

import logging
import re
import tempfile
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import nbformat
import papermill
from papermill.exceptions import PapermillExecutionError

from socialvolym import paths
from socialvolym.errors import SocialvolymError
from socialvolym.workflow import engine

_LONGEST = 600
#: The tag of what is for a person who works in the notebook.
_NOTE = "note"
#: papermill says at each notebook where it reads and writes; a run says that itself.
logging.getLogger("papermill").setLevel(logging.WARNING)


def execute(
    notebook: str, parameters: Mapping[str, Any], output: Path, begun: Callable[[str], object] = lambda source: None
) -> nbformat.NotebookNode:
    """Execute a notebook in this process and keep the executed one, also a failed one, at `output`.

    Parameters
    ----------
    notebook : file name without ending.
    parameters : checked values by name; text stays text.
    output : where the executed notebook goes.
    begun : told each cell's source before it is executed.

    Raises
    ------
    SocialvolymError
        where a cell fails: in which notebook, where in it, and why, in one line.
    """
    source = str(paths.notebooks() / f"{notebook}.ipynb")
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=output.parent, prefix=f".{output.stem}.") as folder:
        part = Path(folder) / output.name
        try:
            executed: nbformat.NotebookNode = papermill.execute_notebook(
                source,
                str(part),
                parameters=dict(parameters),
                engine_name=engine.NAME,
                # The engine needs neither, and a notebook that a program made has none.
                kernel_name="python3",
                language="python",
                progress_bar=False,
                request_save_on_cell_execute=False,
                begun=begun,
                # What is for a person who works in the notebook is on no page, and may need figures that the chosen reports lack.
                skipped=_NOTE,
            )
            return executed
        except PapermillExecutionError as error:
            message = error.evalue if error.ename == SocialvolymError.__name__ else f"{error.ename}: {error.evalue}"
            original = nbformat.read(source, as_version=4)  # type: ignore[no-untyped-call]
            if error.ename == NameError.__name__:
                message += _set_in_note(original, error.evalue)
            shortened = textwrap.shorten(message, _LONGEST, placeholder="…")
            raise SocialvolymError(f"notebook {notebook}, {_place(original, error.source)}: {shortened}") from error
        finally:
            if part.exists():
                part.replace(output)


def _place(original: nbformat.NotebookNode, source: str) -> str:
    """Return number and heading of the failed cell, counted in the notebook as a person opens it."""
    headings: list[str] = []
    for number, cell in enumerate(original.cells, start=1):
        if cell.cell_type == "markdown":
            headings += re.findall(r"^#[# ]*(.*)", cell.source, re.MULTILINE)
        elif cell.cell_type == "code" and cell.source == source:
            return f"cell {number}" + (f" ({headings[-1]})" if headings else "")
    return "the injected parameters"


def _set_in_note(original: nbformat.NotebookNode, message: str) -> str:
    """Return in which cell that is not run a name is set that another cell lacks; nothing where in none."""
    [name] = re.findall(r"'(\w+)'", message)[:1] or [""]
    setting = re.compile(rf"^{name}\b[^=\n]*=(?!=)|import .*\b{name}\b", re.MULTILINE)
    for number, cell in enumerate(original.cells, start=1):
        is_note = cell.cell_type == "code" and _NOTE in cell.metadata.get("tags", [])
        if name and is_note and setting.search(cell.source):
            return f" (it is set in cell {number}, which is tagged {_NOTE}: such cells are on no page and are not run for one)"
    return ""
