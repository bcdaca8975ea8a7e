"""The papermill engine `socialvolym`: a notebook's cells executed in this very process, with its imports and a fresh namespace.

`papermill --engine socialvolym` uses it alone; a run uses it in a process forked for each notebook (workers.py), so that nothing
of one notebook reaches the next. Outputs are those that a kernel gives: IPython keeps them with its history.
"""

from __future__ import annotations

import io
import traceback
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

import nbformat
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.profiledir import ProfileDir
from nbformat.v4 import new_output
from papermill.engines import Engine, papermill_engines
from traitlets.config import Config

from socialvolym import paths
from socialvolym.charts import notebook_display

NAME = "socialvolym"
_STREAMS = {"out_stream": "stdout", "err_stream": "stderr"}
_output: Callable[..., nbformat.NotebookNode] = new_output


class InProcessEngine(Engine):  # type: ignore[misc]
    """Executes a notebook's code cells one after another, until one fails."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        begun: Callable[[str], object] = lambda source: None,
        skipped: str | None = None,
        **options: Any,
    ) -> None:
        """Execute the cells.

        Parameters
        ----------
        nb_man : papermill's manager of the notebook.
        kernel_name, options : of other engines.
        begun : told each cell's source before it is executed.
        skipped : a tag whose cells are not executed.
        """
        shell = _fresh_shell()
        for index, cell in enumerate(nb_man.nb.cells):
            if cell.cell_type != "code" or not cell.source.strip() or skipped in cell.metadata.get("tags", []):
                continue
            begun(cell.source)
            nb_man.cell_start(cell, index)
            cell.execution_count, cell.outputs, succeeded = shell.execution_count, *_run(shell, cell.source)
            if not succeeded:
                nb_man.cell_exception(cell, index)
                break
            nb_man.cell_complete(cell, index)


def _run(shell: Any, source: str) -> tuple[list[nbformat.NotebookNode], bool]:
    """Execute a cell; return its outputs, of which an error is the last, and whether it succeeded."""
    number, history = shell.execution_count, shell.history_manager
    shell.not_shown = None
    # Two of them: what IPython keeps of a stream it hears at the stream itself.
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        done = shell.run_cell(source, store_history=True)
    outputs = []
    for kept in history.outputs[number]:
        if kept.output_type in _STREAMS:
            outputs.append(_output("stream", name=_STREAMS[kept.output_type], text="".join(kept.bundle["stream"])))
        else:
            count = {"execution_count": number} if kept.output_type == "execute_result" else {}
            outputs.append(_output(kept.output_type, data=kept.bundle, **count))
    outputs += [] if done.success else [_output("error", **history.exceptions[number])]
    if shell.not_shown is not None:
        error = shell.not_shown
        outputs.append(
            _output("error", ename=type(error).__name__, evalue=str(error), traceback=traceback.format_exception(error))
        )
    return outputs, bool(done.success) and shell.not_shown is None


def _fresh_shell() -> Any:
    """Return a shell with an empty namespace, with files outside its user's home, that shows frames and charts as pages do."""
    InteractiveShell.clear_instance()
    profile = ProfileDir(location=str(paths.build() / "ipython"))
    shell: Any = InteractiveShell.instance(
        profile_dir=profile, colors="nocolor", config=Config(HistoryManager={"enabled": False})
    )
    # What it keeps is one for all shells of a process.
    shell.history_manager.reset(new_session=False)
    notebook_display.show_as_pages_do(shell)
    return shell


def before_forks() -> None:
    """Make a shell: IPython imports much of itself when the first one is made."""
    _fresh_shell()


papermill_engines.register(NAME, InProcessEngine)
