"""Runs of the workflow: only what changed is made again, faults cost what they touch, and earlier results stay."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import random
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from running_sample import build, environment, run, shown, start, use, write_cells, write_notebook
from socialvolym.errors import SocialvolymError
from socialvolym.site import page_list
from socialvolym.workflow import content, runs

#: How often a run is killed in its test; 50 and more before a release.
KILLS = int(os.environ.get("SOCIALVOLYM_KILLS", "3"))
INDEX = {"reports/sv/index.html", "reports/en/index.html"}
PAGES = {
    "reports/index.html",
    *INDEX,
    *(
        f"reports/{language}/{name}.html"
        for language in ("sv", "en")
        for name in ("overview", "municipality-0117", "municipality-0136")
    ),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository in which everything has been made."""
    home = build(tmp_path_factory.mktemp("made"))
    done = run(home)
    assert done.returncode == 0, done.stderr
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(made, tmp_path / "home", copy_function=shutil.copy2))


def told(home: Path) -> dict[str, Any]:
    """Return the record of the last run that made something."""
    record: dict[str, Any] = json.loads((home / "reports" / "run.json").read_text())
    return record


def remade(home: Path) -> set[str]:
    """Return the steps and pages that the last run has made again."""
    record = told(home)
    return {name for name, step in record["steps"].items() if step["run"] == record["started"]}


def test_everything_is_made_and_recorded(made: Path) -> None:
    assert set(shown(made)) == PAGES
    record = json.loads((made / "reports" / "run.json").read_text())
    assert record["steps"]["pages/sv/overview"]["state"] == "done"
    assert record["failures"] == []
    assert record["changed_figures"]["new"] == 3
    assert len(record["changed_pages"]) == 6
    assert record["inputs"]["data/raw/invented-0136/cells.csv"] == hashlib.sha256(b"10\n20\n").hexdigest()
    assert "<p>35.0</p>" in (made / "reports" / "en" / "overview.html").read_text()


def test_nothing_is_made_again_when_only_times_change(home: Path) -> None:
    before = told(home)
    for path in home.rglob("*"):
        if path.is_file():
            os.utime(path)
    done = run(home)
    assert done.stdout.startswith("nothing has changed since the last run; 6 pages")
    assert told(home) == before


def test_one_report_changed_makes_what_shows_it(home: Path) -> None:
    write_cells(home, "invented-0136", 10, 21)
    done = run(home)
    assert done.returncode == 0, done.stderr
    pages = {f"pages/{language}/{name}" for language in ("sv", "en") for name in ("overview", "municipality-0136")}
    assert remade(home) == {"clean", "validate", "index", *pages}
    record = told(home)
    assert (record["changed_figures"]["new"], record["changed_figures"]["gone"]) == (1, 1)
    assert set(record["changed_pages"]) == {name.removeprefix("pages/") for name in pages}
    assert record["steps"]["pages/sv/municipality-0117"]["state"] == "unchanged"
    assert "<p>36.0</p>" in (home / "reports" / "en" / "overview.html").read_text()


def test_changes_of_the_figures_are_told_by_the_run_that_made_them_alone(home: Path) -> None:
    """The first run's "all are new" was told again by each run that made the index."""
    assert told(home)["changed_figures"]["first"]
    listed = home / "notebooks" / "pages.toml"
    listed.write_text(listed.read_text().replace('title_en = "All"', 'title_en = "Every one"'))
    done = run(home)
    assert done.returncode == 0, done.stderr
    assert "index" in remade(home) and "validate" not in remade(home)
    assert told(home)["changed_figures"] == {} and "0 figures new" in done.stdout


def test_a_changed_notebook_makes_its_pages_alone(home: Path) -> None:
    path = home / "notebooks" / "3_overview.ipynb"
    path.write_text(path.read_text().replace("codes = municipalities", "codes = list(municipalities)"))
    assert run(home).returncode == 0
    assert remade(home) == {f"pages/{language}/overview" for language in ("sv", "en")}


def test_a_run_leaves_the_processor_to_its_jobs(home: Path) -> None:
    """While jobs waited for those under way, Snakemake looked for them over and over: a quarter of a run's processor time."""
    begun = home / "begun"
    sleeping = f"import pathlib, time\npathlib.Path({str(begun)!r}).touch()\ntime.sleep(2)"
    parameters = 'language: str = "en"\nmunicipalities: list[str] = []'
    write_notebook(home / "notebooks" / "3_overview.ipynb", sleeping, parameters=parameters)
    started = start(home, "--cores", "1")
    while not begun.exists():
        time.sleep(0.02)
    own = psutil.Process(started.process.pid)
    before = sum(own.cpu_times()[:2])
    time.sleep(1)
    assert sum(own.cpu_times()[:2]) - before < 0.1
    started.end()


def test_a_failing_notebook_costs_its_own_pages(home: Path) -> None:
    before = shown(home)
    parameters = 'language: str = "en"\nmunicipalities: list[str] = []'
    write_notebook(home / "notebooks" / "3_overview.ipynb", "1 / 0", parameters=parameters)
    write_cells(home, "invented-0117", 6)
    done = run(home)
    assert done.returncode == 1
    assert sorted(done.stderr.splitlines()) == [
        f"socialvolym: page {language}/overview: notebook 3_overview, cell 3 (Sums): ZeroDivisionError: division by zero"
        for language in ("en", "sv")
    ]
    after = shown(home)
    assert {name for name in PAGES if before[name] != after[name]} == {
        *INDEX,
        *(f"reports/{language}/municipality-0117.html" for language in ("sv", "en")),
    }
    assert (home / "build" / "notebooks" / "sv" / "overview.ipynb").read_text().count("ZeroDivisionError")


def test_a_broken_report_is_one_clear_line_and_holds_up_no_other(home: Path) -> None:
    before = shown(home)
    write_cells(home, "invented-0136", 10, "garbled")
    write_cells(home, "invented-0117", 6)
    done, again = run(home), run(home)
    line = "socialvolym: the report invented-0136 is left out: cells.csv, line 2: 'garbled' is no number\n"
    assert (done.returncode, done.stderr) == (again.returncode, again.stderr) == (1, line)
    assert again.stdout.startswith("nothing has changed")
    after = shown(home)
    assert "<p>6.0</p>" in after["reports/sv/overview.html"]
    assert "<p>6.0</p>" in after["reports/sv/municipality-0117.html"]
    # Nothing could be made of the municipality whose only report is broken: its earlier page stays.
    assert after["reports/sv/municipality-0136.html"] == before["reports/sv/municipality-0136.html"]
    assert {name for name, page in after.items() if "Inte med bland siffrorna: invented-0136." in page} == {
        "reports/sv/index.html"
    }
    assert [name for name, page in after.items() if "is no number" in page] == []
    record = json.loads((home / "reports" / "run.json").read_text())
    assert record["left_out"] == {"invented-0136": "cells.csv, line 2: 'garbled' is no number"}
    write_cells(home, "invented-0136", 10, 20)
    write_cells(home, "invented-0117", 5)
    assert run(home).returncode == 0
    # The index says what is new since the run before.
    assert {name for name, page in shown(home).items() if page != before[name]} == INDEX


def test_where_no_report_can_be_read_earlier_results_stay(home: Path) -> None:
    before, tables = shown(home), content.of_file(home / "data" / "processed" / "observations.parquet")
    for report in ("invented-0136", "invented-0117"):
        write_cells(home, report, "garbled")
    done = run(home)
    assert done.returncode == 1
    assert done.stderr == "socialvolym: notebook 1_clean, cell 2 (Sums): cells.csv, line 1: 'garbled' is no number\n"
    assert shown(home) == before
    assert content.of_file(home / "data" / "processed" / "observations.parquet") == tables
    for report, cells in (("invented-0136", (10, 20)), ("invented-0117", (5,))):
        write_cells(home, report, *cells)
    assert run(home).returncode == 0
    assert shown(home) == before


def test_the_same_inputs_give_the_same_bytes(made: Path, tmp_path: Path) -> None:
    other = build(tmp_path / "other")
    assert run(other, "--cores", "1").returncode == 0
    assert shown(other) == shown(made)
    for name in ("observations.parquet", "observations.csv"):
        first, second = (content.of_file(place / "data" / "processed" / name) for place in (made, other))
        assert first == second


@pytest.mark.parametrize(
    "damaged",
    [
        "build/facts.json",
        "reports/sv/overview.html",
        "data/processed/observations.parquet",
        "data/processed/unchecked/observations.parquet",
        "build/tables/observations.parquet",
        "build/tables/unchecked/observations.parquet",
    ],
)
def test_what_is_damaged_is_made_again(home: Path, damaged: str) -> None:
    before, whole = shown(home), (home / damaged).read_bytes()
    (home / damaged).write_bytes(whole[: len(whole) // 2])
    done = run(home)
    assert done.returncode == 0, done.stderr
    if damaged.endswith(".parquet"):
        assert (home / damaged).read_bytes() == whole
    # The index tells what has changed since the run before, which did not have to be mended.
    assert {**shown(home), **dict.fromkeys(INDEX, "")} == {**before, **dict.fromkeys(INDEX, "")}
    assert run(home).stdout.startswith("nothing has changed")


def alone(home: Path, *arguments: str) -> None:
    """Have Snakemake make everything by itself, or what the arguments say."""
    command = [sys.executable, "-m", "snakemake", "--cores", "2", "--quiet", "all", *arguments]
    done = subprocess.run(command, cwd=home, env=environment(home), capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr


def test_snakemake_alone_gives_the_same(tmp_path: Path, made: Path) -> None:
    other = build(tmp_path / "other")
    alone(other, "--force-use-threads")
    assert shown(other) == shown(made)


@pytest.mark.skipif(shlex.quote(sys.executable) != sys.executable, reason="Snakemake does not quote the interpreter of its jobs")
def test_snakemake_alone_makes_a_page_in_a_process_of_its_own(home: Path) -> None:
    page = home / "build" / "pages" / "sv" / "overview.html"
    before = page.read_text()
    page.unlink()
    alone(home, "--rerun-triggers", "params", "--", "pages/sv/overview.html")
    assert page.read_text() == before


@pytest.fixture(scope="module")
def finished(made: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[int, dict[str, str | None]]:
    """What uninterrupted runs make of two states of the inputs: hashes of tables and pages."""
    home = Path(shutil.copytree(made, tmp_path_factory.mktemp("finished") / "home", copy_function=shutil.copy2))
    results = {}
    for value in (31, 32):
        write_cells(home, "invented-0136", value)
        assert run(home).returncode == 0
        results[value] = results_of(home)
    return results


def results_of(home: Path) -> dict[str, str | None]:
    """Return the hashes of the tables and the pages; the index also tells what the run before it had made."""
    tables = {path.name: content.of_file(path) for path in sorted((home / "data" / "processed").glob("*.*"))}
    return tables | {name: content.of_values(page) for name, page in shown(home).items() if name not in INDEX}


def test_a_run_killed_at_any_moment_goes_on(home: Path, finished: dict[int, dict[str, str | None]]) -> None:
    moments = random.Random(KILLS)
    whole = 2.0
    for number in range(KILLS):
        value = 31 + number % 2
        write_cells(home, "invented-0136", value)
        process = start(home).process
        time.sleep(moments.uniform(0.0, whole))
        moments.choice((process.kill, process.terminate))()
        process.join(timeout=60)
        begun = time.monotonic()
        done = run(home)
        assert done.returncode == 0, done.stderr
        assert results_of(home) == finished[value]
        assert not list(home.rglob("*.tmp"))
        whole = max(whole, time.monotonic() - begun) if number < 2 else whole


def test_a_run_leaves_nothing_in_the_temporary_folder_also_where_one_was_killed(home: Path, tmp_path: Path) -> None:
    folder, own = tmp_path / "t", home / "build" / "temporary"
    folder.mkdir()
    write_cells(home, "invented-0136", 1)
    process = start(home, TMPDIR=str(folder)).process
    until = time.monotonic() + 60
    while not own.exists():
        assert time.monotonic() < until
        time.sleep(0.02)
    process.kill()
    process.join()
    half = home / "reports" / ".index.html.killed.tmp"
    half.write_text("<html>")
    done = start(home, TMPDIR=str(folder)).end()
    assert done.returncode == 0, done.stderr
    assert list(folder.iterdir()) == []
    assert not own.exists() and not half.exists()


def test_two_runs_do_not_collide(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_cells(home, "invented-0136", 1)
    use(home, monkeypatch)
    with runs.lock():
        done = run(home)
    assert done.returncode == 1
    assert f"another run is under way (process {os.getpid()} on " in done.stderr
    assert run(home).returncode == 0


def test_the_lock_of_a_killed_run_is_taken_over(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(home, monkeypatch)
    ended = subprocess.Popen(["true"])
    ended.wait()
    (home / "build" / "run.lock").write_text(f"{os.uname().nodename} {ended.pid} 2026-01-01T00:00:00Z\n")
    with runs.lock():
        assert str(os.getpid()) in (home / "build" / "run.lock").read_text()


def test_what_a_killed_run_left_behind_is_waited_for(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(home, monkeypatch)
    ended = subprocess.Popen(["true"])
    ended.wait()
    path = home / "build" / "run.lock"
    path.write_text(f"{os.uname().nodename} {ended.pid} 2026-01-01T00:00:00Z\n")
    left = subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"import fcntl, time; s = open({str(path)!r}); fcntl.flock(s, fcntl.LOCK_EX); print(1, flush=True); time.sleep(1)",
        ],
        stdout=subprocess.PIPE,
    )
    assert left.stdout and left.stdout.readline()
    with runs.lock():
        assert left.wait(timeout=5) == 0


def test_the_lock_says_where_it_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOCIALVOLYM_HOME", str(tmp_path))
    (tmp_path / "build").write_text("a file")
    with pytest.raises(SocialvolymError, match="build cannot be written"), runs.lock():
        pass


def test_a_folder_that_cannot_be_written_is_named(home: Path) -> None:
    shutil.rmtree(home / "reports" / "sv")
    (home / "reports" / "sv").write_text("a file in the way")
    done = run(home)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 4, "three pages and their index"
    assert all("reports/sv" in line and "cannot be written" in line for line in done.stderr.splitlines())


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("a small disk can be mounted by root only")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_costs_the_page_and_leaves_no_half_of_it(home: Path, small_disk: Path) -> None:
    shutil.rmtree(home / "reports" / "sv")
    (home / "reports" / "sv").symlink_to(small_disk)
    (small_disk / "filler").write_bytes(b"x" * 60_000)
    done = run(home)
    assert done.returncode == 1
    assert "No space left on device" in done.stderr
    assert [path.name for path in small_disk.iterdir()] == ["filler"]


@pytest.fixture
def read_only(home: Path) -> Iterator[Path]:
    """A repository whose reports/ cannot be written: not even by root, who may write what is only marked so."""
    place = home / "reports"
    mount = ["mount", "--bind", str(place), str(place)]
    if os.geteuid() != 0:
        for folder in (place, *(path for path in place.rglob("*") if path.is_dir())):
            folder.chmod(0o555)
        yield home
        for folder in (place, *(path for path in place.rglob("*") if path.is_dir())):
            folder.chmod(0o755)
        return
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("this machine does not let root mount a folder")
    subprocess.run(["mount", "-o", "remount,bind,ro", str(place)], check=True)
    yield home
    subprocess.run(["umount", str(place)], check=True)


def test_pages_that_cannot_be_written_are_named_and_earlier_ones_stay(read_only: Path) -> None:
    before = shown(read_only)
    write_cells(read_only, "invented-0117", 6)
    done = run(read_only)
    assert done.returncode == 1
    assert all(f"{read_only}/reports" in line and "Read-only" in line for line in done.stderr.splitlines()), done.stderr
    assert ".tmp" not in done.stderr
    pages = {f"{language}/{name}.html" for language in ("en", "sv") for name in ("overview", "municipality-0117")}
    assert all(f"{read_only}/reports/{page} cannot be written" in done.stderr for page in pages)
    assert shown(read_only) == before


@pytest.mark.parametrize("moved", [-400 * 86400, 400 * 86400])
def test_a_clock_that_jumps_hides_no_change_and_makes_none(home: Path, moved: int) -> None:
    """What was made and what it was made from seem to be from long ago, or from the future."""
    moment = time.time() + moved
    for path in home.rglob("*"):
        if path.is_file():
            os.utime(path, (moment, moment))
    assert run(home).stdout.startswith("nothing has changed")
    write_cells(home, "invented-0117", 6)
    os.utime(home / "data" / "raw" / "invented-0117" / "cells.csv", (moment - moved * 2, moment - moved * 2))
    done = run(home)
    assert done.returncode == 0, done.stderr
    assert "<p>6.0</p>" in shown(home)["reports/sv/municipality-0117.html"]
    assert run(home).stdout.startswith("nothing has changed")


def test_an_input_that_is_replaced_while_it_is_read_is_seen_by_the_next_run(home: Path) -> None:
    path = home / "notebooks" / "1_clean.ipynb"
    replacing = "; (paths.raw() / 'invented-0117' / 'cells.csv').write_text('8')"
    storing = "store.store(table, name, paths.unchecked())"
    path.write_text(path.read_text().replace(storing, storing + replacing))
    assert run(home).returncode == 0
    assert "<p>5.0</p>" in shown(home)["reports/sv/municipality-0117.html"]
    assert run(home).returncode == 0
    assert "<p>8.0</p>" in shown(home)["reports/sv/municipality-0117.html"]
    assert run(home).stdout.startswith("nothing has changed")


def test_expectations_that_are_edited_during_a_run_hold_up_no_page(home: Path) -> None:
    """Validation is done again for them, and the pages after it in the same run."""
    path = home / "notebooks" / "2_validate.ipynb"
    storing = "store.store(table, name)"
    path.write_text(path.read_text().replace(storing, storing + "; (paths.expectations() / 'new.json').write_text('{}')"))
    write_cells(home, "invented-0117", 8)
    done = run(home)
    assert done.returncode == 0 and done.stdout.count("validate: done") == 2
    assert "<p>8.0</p>" in shown(home)["reports/sv/municipality-0117.html"]
    assert run(home).stdout.startswith("nothing has changed")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--only", "nothing"), "there is no page 'nothing'; allowed: overview, municipality"),
        (("--municipalities", "136"), "'136'; nearest: 0136 Haninge; allowed: 0117 Österåker, 0136 Haninge"),
        (("--municipalities", "Hanninge"), "'Hanninge'; nearest: 0136 Haninge; allowed: "),
        (("--municipalities", "0180"), "Stockholm; allowed: 0117 Österåker, 0136 Haninge"),
        (("--municipalities", "Stockholm"), "Stockholm; allowed: 0117 Österåker, 0136 Haninge"),
    ],
)
def test_names_are_checked_before_anything_runs(home: Path, arguments: tuple[str, ...], message: str) -> None:
    write_cells(home, "invented-0136", 1)
    done = run(home, *arguments)
    assert done.returncode == 1
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


def test_a_wrong_parameter_in_the_list_stops_before_pages_are_made(home: Path) -> None:
    listed = (home / "notebooks" / "pages.toml").read_text()
    (home / "notebooks" / "pages.toml").write_text(listed.replace('municipality = "{code}"', 'municipalty = "{code}"'))
    done = run(home)
    assert done.returncode == 1
    assert "4_municipality.ipynb has no parameter municipalty; allowed: language, municipality" in done.stderr


def test_only_some_pages(tmp_path: Path) -> None:
    other = build(tmp_path / "other")
    assert run(other, "--only", "validate").returncode == 0
    assert shown(other) == {}
    done = run(other, "--only", "overview", "--language", "sv", "--municipalities", "Österåker", "--non-interactive")
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 1
    assert set(shown(other)) == {"reports/index.html", *INDEX, "reports/sv/overview.html"}
    assert "<p>5.0</p>" in shown(other)["reports/sv/overview.html"]


def test_dry_run_and_graph_make_nothing(tmp_path: Path) -> None:
    other = build(tmp_path / "other")
    assert "would run: pages (at most 6 pages)" in run(other, "--dry-run").stdout
    assert run(other, "--graph", str(other / "graph.dot")).returncode == 0
    assert "digraph" in (other / "graph.dot").read_text()
    assert not (other / "reports").exists()
    assert not (other / "data" / "processed").exists()


def test_pages_that_left_the_list_are_removed(home: Path) -> None:
    listed = (home / "notebooks" / "pages.toml").read_text()
    (home / "notebooks" / "pages.toml").write_text(listed.replace('name = "overview"', 'name = "all"'))
    assert run(home).returncode == 0
    assert {name for name in shown(home) if "overview" in name} == set()
    assert "reports/sv/all.html" in shown(home)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("page = 1", "page: "),
        ("[[page", "cannot be read as TOML"),
        ('[[page]]\nname = "a"\nnotebook = "n"\ntitle_sv = "a"\ntitle_en = "a"\nmore = 1\n', "page.0.more"),
        ('[[page]]\nname = "a"\nnotebook = "n"\ntitle_sv = "a"\ntitle_en = "a"\ndata = "municipality"\n', 'needs each = "mun'),
        ('[[page]]\nname = "a"\nnotebook = "n"\ntitle_sv = "a"\ntitle_en = "a"\n' * 2, "two pages have the name a"),
    ],
)
def test_the_list_of_pages_is_checked(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "pages.toml"
    path.write_text(text)
    with pytest.raises(SocialvolymError, match=message):
        page_list.load_list(path)


def test_the_repositorys_own_list_fits_its_notebooks() -> None:
    assert page_list.select((), (), ())  # which checks their parameters


def test_a_lock_is_let_go_when_its_block_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOCIALVOLYM_HOME", str(tmp_path))
    with runs.lock():
        pass
    with (tmp_path / "build" / "run.lock").open() as stream:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
