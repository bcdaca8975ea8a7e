"""Adverse machines: no space, little memory, an interrupt, other locales and zones, no git, a report that is gone."""

from __future__ import annotations

import json
import os
import resource
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from running_sample import ROOT, Started, build, environment, run, shown, start, write_cells

#: Too little for a table or a page; and for Python with polars.
FILE_BYTES, MEMORY_BYTES = 2_000, 400_000_000


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small repository in which everything has been made."""
    home = build(tmp_path_factory.mktemp("home"))
    assert run(home).returncode == 0
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "home", symlinks=True))


def anew(home: Path, limit: Callable[[], object] | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run in an interpreter of its own, in an environment of its own, with a limit of the system."""
    return subprocess.run(
        [sys.executable, "-c", "from socialvolym.cli import main; main()", "run"],
        env=environment(home) | variables,
        cwd=home,
        preexec_fn=limit,
        capture_output=True,
        text=True,
        timeout=300,
    )


def wait_for(said: str, started: Started) -> None:
    """Wait until a run has said something."""
    until = time.monotonic() + 300
    while not ((place := started.folder / "stdout").exists() and said in place.read_text()):
        assert started.process.is_alive() and time.monotonic() < until
        time.sleep(0.01)


@pytest.fixture
def bare(home: Path) -> Path:
    """The repository without what has been made."""
    for folder in ("build", "reports", "data/processed", ".snakemake"):
        shutil.rmtree(home / folder, ignore_errors=True)
    return home


def test_the_cron_line_runs_from_any_folder_without_locale_git_and_home(made: Path, bare: Path, tmp_path: Path) -> None:
    home = bare.rename(tmp_path / "a repository")
    program = home / ".venv" / "bin" / "socialvolym"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -c "from socialvolym.cli import main; main()" "$@"\n')
    program.chmod(0o755)
    lines = [line for line in (ROOT / "schedule" / "crontab").read_text().splitlines() if line and not line.startswith("#")]
    assert lines[0].startswith("SOCIALVOLYM=")
    [scheduled] = lines[1:]
    minute, hour, *days, command = scheduled.split(" ", 5)
    assert (minute.isdigit(), hour.isdigit(), days) == (True, True, ["*", "*", "*"])
    assert "%" not in command  # cron would take it for a new line
    (tmp_path / "bin").mkdir()
    for tool in ("sh", "bash", "env"):
        (tmp_path / "bin" / tool).symlink_to(shutil.which(tool) or "/bin/sh")
    variables = {"LC_ALL": "C", "LANG": "C", "TZ": "Pacific/Kiritimati", "PATH": str(tmp_path / "bin"), "HOME": "/nonexistent"}
    variables = {**environment(home), "SOCIALVOLYM": str(home), **variables}
    done = subprocess.run(["/bin/sh", "-c", command], cwd="/", env=variables, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 1
    assert shown(home) == shown(made)
    assert len(shown(home)) == 9, "three pages in each language, their index, and the page that leads to it"


def test_the_zone_makes_no_difference(made: Path, bare: Path) -> None:
    done = start(bare, before=time.tzset, TZ="America/St_Johns").end()
    assert (done.returncode, done.stderr) == (0, "")
    assert shown(bare) == shown(made)


def test_an_interrupt_is_said_in_one_line_and_the_next_run_goes_on(home: Path) -> None:
    before = shown(home)
    write_cells(home, "invented-0136", 11, 20)
    started = start(home)
    wait_for("\n", started)  # the first step has said something: the run is under way
    os.kill(started.process.pid or 0, signal.SIGINT)
    done = started.end()
    assert done.returncode != 0
    assert "ended before it was done" in done.stderr and "Traceback" not in done.stderr
    assert run(home).returncode == 0
    assert shown(home) != before
    assert "<p>31.0</p>" in shown(home)["reports/sv/municipality-0136.html"]


def test_what_a_killed_run_has_changed_is_told_by_the_next(home: Path) -> None:
    """Figures that are new in the tables, and that no reader has seen, count as changed until they are published."""
    write_cells(home, "invented-0136", 11, 20)
    started = start(home)
    wait_for("validate: done", started)
    started.process.kill()
    started.process.join()
    done = run(home)
    assert done.returncode == 0
    told = json.loads((home / "reports" / "run.json").read_text(encoding="utf-8"))["changed_figures"]
    assert (told["new"], told["gone"]) == (1, 1)
    assert "1 figures new, 1 figures gone" in done.stdout


def without_space(home: Path) -> int:
    """Return how a run ends that can write no table and no page."""
    limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    return start(home, before=limit).end().returncode


def without_memory(home: Path) -> int:
    """Return how a run ends that cannot even import what it needs."""
    return anew(home, partial(resource.setrlimit, resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))).returncode


@pytest.mark.parametrize("limited", [without_space, without_memory])
def test_what_cannot_be_made_leaves_the_earlier_pages(home: Path, limited: Callable[[Path], int]) -> None:
    before = shown(home)
    write_cells(home, "invented-0136", 11, 20)
    assert limited(home) != 0
    assert shown(home) == before
    assert run(home).returncode == 0
    assert "<p>31.0</p>" in shown(home)["reports/sv/municipality-0136.html"]


def test_the_pages_of_a_report_that_is_gone_go(home: Path) -> None:
    shutil.rmtree(home / "data" / "raw" / "invented-0117")
    assert run(home).returncode == 0
    after = shown(home)
    assert not any("0117" in name for name in after)
    assert not any("municipality-0117" in page for page in after.values())
    assert "<p>30.0</p>" in after["reports/sv/overview.html"]


def test_an_ordinary_user_makes_everything(made: Path, tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("these tests are run by an ordinary user already")
    reachable = [*Path(sys.executable).resolve().parents, *Path(__file__).resolve().parents]
    if not all(folder.stat().st_mode & 0o001 for folder in reachable):
        pytest.skip("the interpreter or the repository stands where no ordinary user can reach it")
    home = Path(shutil.copytree(made, tmp_path / "home", ignore=shutil.ignore_patterns("build", "reports", "processed")))
    for path in [tmp_path, *tmp_path.parents[:2], home, *home.rglob("*")]:
        os.chown(path, 65534, 65534) if path in (home, *home.rglob("*")) else path.chmod(path.stat().st_mode | 0o055)
    done = anew(home, lambda: os.setuid(65534), HOME="/nonexistent", TMPDIR=str(home))
    assert (done.returncode, done.stderr) == (0, "")
