"""Warm kernels: forked, isolated, safe to fork, and no worse than plain ones."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from running_sample import write_notebook
from socialvolym.workflow import execution, kernels
from socialvolym.workflow.provisioning import fork_kernel

#: Tells, in a kernel, whether it was forked from the server.
FORKED = "'socialvolym.workflow.kernels' in open(f'/proc/{os.getppid()}/cmdline').read()"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with kernels.serving(["polars"]) as place:
        assert place
        yield place


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOCIALVOLYM_HOME", str(tmp_path))
    return tmp_path


def execute(home: Path, *cells: str, seconds: int = 30) -> str:
    """Execute cells and return the last one's text."""
    write_notebook(home / "notebooks" / "n.ipynb", *cells)
    executed: nbformat.NotebookNode = execution.execute("n", {}, home / "out.ipynb", seconds)
    return str(executed.cells[-1].outputs[-1]["data"]["text/plain"])


def test_a_kernel_is_forked_from_the_server(home: Path, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(kernels.SERVER, server)
    assert execute(home, "import os, sys", f"'polars' in sys.modules, {FORKED}") == "(True, True)"


def test_a_kernel_has_what_was_prepared_before_the_fork(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with kernels.serving(["socialvolym.narrative.wording"]) as place:
        monkeypatch.setenv(kernels.SERVER, place or "")
        ready = f"wording._compiled.cache_info().currsize > 100, {FORKED}"
        assert execute(home, "import os\nfrom socialvolym.narrative import wording", ready) == "(True, True)"


@pytest.mark.parametrize("place", ["", "/nowhere/socket"])
def test_without_a_server_a_kernel_starts_the_plain_way(home: Path, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(kernels.SERVER, place)
    assert execute(home, "import sys", "'polars' in sys.modules, 6 * 7") == "(False, 42)"


def test_nothing_of_one_notebook_reaches_the_next(home: Path, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(kernels.SERVER, server)
    execute(home, "import os, polars; polars.left = 1; os.environ['LEFT'] = '1'; os.chdir('/'); left = 1", "0")
    seen = "hasattr(polars, 'left'), 'LEFT' in os.environ, 'left' in globals(), os.getcwd() == '/'"
    text = execute(home, "import os, polars", seen)
    assert text == "(False, False, False, False)"


def test_a_kernel_gets_the_environment_of_its_client(home: Path, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(kernels.SERVER, server)
    monkeypatch.setenv("INVENTED", "0136")
    assert execute(home, "import os", "os.environ['INVENTED']") == "'0136'"


def test_memory_goes_back(home: Path, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(kernels.SERVER, server)
    process = int(execute(home, "import os; big = bytearray(200_000_000)", "os.getpid()"))
    until = time.monotonic() + 5
    while Path(f"/proc/{process}").exists() and time.monotonic() < until:
        time.sleep(0.01)
    assert not Path(f"/proc/{process}").exists()


def test_queries_work_in_many_forked_kernels(home: Path, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(kernels.SERVER, server)
    query = "pl.DataFrame({'a': range(1000)}).lazy().group_by(pl.col('a') % 7).agg(pl.len()).collect()['len'].sum()"
    assert {execute(home, "import polars as pl", query) for _ in range(8)} == {"1000"}


def test_the_server_does_not_fork_when_a_library_has_started_threads(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    query = "import polars as pl\npl.DataFrame({'a': [1]}).lazy().filter(pl.col('a') > 0).collect()\n"
    (home / "threads_started.py").write_text(query)
    monkeypatch.setenv("PYTHONPATH", f"{home}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    with kernels.serving(["threads_started"]) as place:
        monkeypatch.setenv(kernels.SERVER, place or "")
        assert execute(home, "import os", FORKED) == "False"


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("import os; os.kill(os.getpid(), 9)", "its kernel ended"),
        ("import os; os._exit(3)", "its kernel ended"),
        ("while True: pass", "more than 2 seconds"),
    ],
)
def test_a_kernel_that_ends_or_hangs_costs_its_own_notebook_only(
    home: Path, server: str, monkeypatch: pytest.MonkeyPatch, cell: str, message: str
) -> None:
    monkeypatch.setenv(kernels.SERVER, server)
    with pytest.raises(execution.NotebookError, match=message):
        execute(home, cell, "1", seconds=2)
    assert execute(home, "1 + 1") == "2"


def test_kernels_end_with_the_server(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with kernels.serving([]) as place:
        monkeypatch.setenv(kernels.SERVER, place or "")
        process = fork_kernel([sys.executable, "-m", "ipykernel_launcher"], {})
        assert process is not None
        assert process.poll() is None
    until = time.monotonic() + 5
    while process.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    assert process.poll() is not None
