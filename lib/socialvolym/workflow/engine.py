"""The papermill engine `socialvolym`: a notebook's cells executed in this very process, with its imports and a fresh namespace.

`papermill --engine socialvolym` uses it alone; a run uses it in a process forked for each notebook (workers.py), so that nothing
of one notebook reaches the next. Outputs are those that a kernel gives, each cell's printed text before what it shows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import nbformat
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.profiledir import ProfileDir
from IPython.utils.capture import capture_output
from nbformat.v4 import new_output
from papermill.engines import Engine, papermill_engines
from traitlets import Type
from traitlets.config import Config

from socialvolym.workflow import runs

NAME = "socialvolym"
_output: Callable[..., nbformat.NotebookNode] = new_output


class _Hook(DisplayHook):
    """Keeps what a cell's last line shows."""

    def write_output_prompt(self) -> None:
        """Show no prompt."""

    def write_format_data(self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None) -> None:
        """Keep the last line's value in all its forms."""
        shell: Any = self.shell
        shell.keep("execute_result", format_dict, md_dict, execution_count=shell.execution_count)

    def finish_displayhook(self) -> None:
        """End without an empty line."""


class _Publisher(DisplayPublisher):
    """Keeps what `display` shows."""

    def publish(self, data: Any, metadata: Any = None, *where: Any, **options: Any) -> None:
        """Keep it in all its forms."""
        shell: Any = self.shell
        shell.keep("display_data", data, metadata)


class _Shell(InteractiveShell):
    """IPython that keeps what a cell shows, and its error, instead of printing them."""

    displayhook_class, display_pub_class = Type(_Hook), Type(_Publisher)

    def run(self, source: str) -> tuple[list[nbformat.NotebookNode], bool]:
        """Execute a cell; return its outputs, of which an error is the last, and whether it succeeded."""
        self.kept: list[nbformat.NotebookNode] = []
        with capture_output(display=False) as captured:
            done = self.run_cell(source, store_history=True)  # type: ignore[no-untyped-call]
        streams = [_output("stream", name=name, text=getattr(captured, name)) for name in ("stdout", "stderr")]
        return [*(stream for stream in streams if stream.text), *self.kept], bool(done.success)

    def keep(self, kind: str, data: dict[str, Any], metadata: dict[str, Any] | None, **more: Any) -> None:
        """Keep something shown as an output of the cell."""
        self.kept.append(_output(kind, data=data, metadata=metadata or {}, **more))

    def _showtraceback(self, etype: type[BaseException], evalue: BaseException, stb: list[str]) -> None:
        self.kept.append(_output("error", ename=etype.__name__, evalue=str(evalue), traceback=stb))


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
            cell.execution_count = shell.execution_count
            cell.outputs, succeeded = shell.run(cell.source)
            if not succeeded:
                nb_man.cell_exception(cell, index)
                break
            nb_man.cell_complete(cell, index)


def _fresh_shell() -> _Shell:
    """Return a shell with an empty namespace, whose files are not in the user's home."""
    _Shell.clear_instance()
    profile = ProfileDir(location=str(runs.build() / "ipython"))
    shell: _Shell = _Shell.instance(profile_dir=profile, colors="nocolor", config=Config(HistoryManager={"enabled": False}))
    return shell


papermill_engines.register(NAME, InProcessEngine)
