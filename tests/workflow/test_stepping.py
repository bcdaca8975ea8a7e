"""Steps that are forked from a process with the imports: the same words and exit code as a step that imports for itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from socialvolym import paths
from socialvolym.workflow import forking, stepping

_WAIT = 20


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with stepping.serving() as place:
        assert place
        yield place


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    known = {name: value for name, value in os.environ.items() if not name.startswith("SOCIALVOLYM_")}
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "pages.toml").write_text("", encoding="utf-8")
    return {**known, "SOCIALVOLYM_HOME": str(tmp_path), "PYTHONPATH": str(paths.PACKAGE.parent)}


def step(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "socialvolym.workflow.stepping", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("arguments", [("index",), ("pages", "--language", "sv"), ("no_such_step",)])
def test_a_forked_step_says_what_a_plain_one_says(server: str, environment: dict[str, str], arguments: tuple[str, ...]) -> None:
    forked = step({**environment, stepping.SERVER: server}, *arguments)
    plain = step(environment, *arguments)
    assert forked.returncode == plain.returncode != 0
    assert (forked.stdout, forked.stderr) == (plain.stdout, plain.stderr)
    assert forked.stderr


def test_a_step_without_its_server_is_a_plain_one(environment: dict[str, str], tmp_path: Path) -> None:
    gone = step({**environment, stepping.SERVER: str(tmp_path / "nowhere")}, "index")
    assert "have not been validated" in gone.stderr


@pytest.fixture
def waiting(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Yield a client whose forked child waits, and the child's process number."""
    module = (
        "import os, pathlib, time\n"
        "def work(arguments, files):\n"
        "    pathlib.Path(arguments[0]).write_text(str(os.getpid()))\n"
        "    time.sleep(60)\n"
        "    return 0\n"
    )
    (tmp_path / "waiting_work.py").write_text(module, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), environment["PYTHONPATH"]]))
    told = tmp_path / "pid"
    with forking.serving("waiting_work:work", []) as place:
        command = [sys.executable, "-m", "socialvolym.workflow.stepping", str(told)]
        with subprocess.Popen(
            command, env={**environment, stepping.SERVER: str(place)}, stderr=subprocess.PIPE, text=True
        ) as client:
            assert becomes_true(lambda: told.exists() and told.read_text() != "")
            yield client, int(told.read_text())
            client.kill()


def becomes_true(condition: Callable[[], bool]) -> bool:
    until = time.monotonic() + _WAIT
    while not condition() and time.monotonic() < until:
        time.sleep(0.01)
    return condition()


def test_a_step_ends_with_the_process_that_asked_for_it(waiting: tuple[subprocess.Popen[str], int]) -> None:
    client, child = waiting
    assert Path(f"/proc/{child}").exists()
    client.terminate()
    assert becomes_true(lambda: not Path(f"/proc/{child}").exists())


def test_a_step_that_is_killed_is_told_and_fails(waiting: tuple[subprocess.Popen[str], int]) -> None:
    client, child = waiting
    os.kill(child, signal.SIGKILL)
    _, said = client.communicate(timeout=_WAIT)
    assert client.returncode == 128 + signal.SIGKILL
    assert "ended by SIGKILL" in said


def test_what_snakemake_starts_for_each_step_imports_little() -> None:
    told = (
        "import sys, socialvolym.workflow.stepping\nprint([n for n in ('polars', 'pydantic', 'papermill') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("first_is_there", [True, False])
def test_imports_wait_for_those_of_the_process_that_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first_is_there: bool
) -> None:
    here = f"import pathlib, time\nhere = pathlib.Path({str(tmp_path)!r})\n"
    (tmp_path / "early_work.py").write_text(here + "time.sleep(1)\n(here / 'early').touch()\n", encoding="utf-8")
    late = "(here / 'told').write_text(str((here / 'early').exists()))\n(here / 'told').rename(here / 'late')\n"
    (tmp_path / "late_work.py").write_text(here + late, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), str(paths.PACKAGE.parent)]))
    nowhere = str(tmp_path / "nowhere")
    early = forking.serving("early_work:work", [], wanted=first_is_there)
    with early as first, forking.serving("late_work:work", [], after=first or nowhere):
        assert becomes_true((tmp_path / "late").exists)
    assert (tmp_path / "late").read_text() == str(first_is_there)
