"""Workers: forked, isolated from each other, safe to fork, and each one's end costs its own work only."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from multiprocessing.managers import BaseManager
from pathlib import Path
from typing import Any

import nbformat
import pytest
from running_sample import READY, environment, write_notebook
from socialvolym.errors import SocialvolymError
from socialvolym.narrative import wording
from socialvolym.site import page_list
from socialvolym.workflow import notebooks, steps, workers

#: Threads that only tidy up memory or wait: they hold no lock at a fork, and allocators handle a fork themselves.
HARMLESS_THREADS = {"jemalloc_bg_thd", "polars-ooc-clea", "mimalloc"}
#: More than half as much as this is too large for a child here.
LARGE = 400_000_000


def executed(home: str, begun: Callable[[str], None]) -> str:
    """Execute the notebook and return its last cell's text."""
    os.environ["SOCIALVOLYM_HOME"] = home
    done = notebooks.execute("n", {}, Path(home) / "out.ipynb", begun)
    return str(done.cells[-1].outputs[-1]["data"]["text/plain"])


class Pool(workers.Workers):
    """Workers that execute the notebook of a folder."""

    def __init__(self, home: str, *imports: str, memory_share: float = 0.5) -> None:
        """Begin, in a process that has computed nothing."""
        with Path(home, "log").open("a") as log:
            super().__init__(partial(executed, home), imports, log, memory_share)


class Host(BaseManager):
    """A process that has workers: the tests' own has threads, and cannot be forked."""


Host.register("pool", Pool)


@pytest.fixture(scope="module")
def host() -> Iterator[Any]:
    with Host(ctx=READY) as manager:
        yield manager


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def pool(home: Path, host: Any) -> Any:
    return host.pool(str(home), "this_is_nowhere", "example_report")


def execute(home: Path, pool: Any, *cells: str, seconds: float = 60) -> str:
    """Execute cells and return the last one's text."""
    write_notebook(home / "notebooks" / "n.ipynb", *cells)
    return str(pool.do(seconds))


def test_a_notebook_has_the_imports(home: Path, pool: Any) -> None:
    # A notebook that comes before all imports are done does not wait for those that other steps need.
    until = time.monotonic() + 60
    while execute(home, pool, "import sys", "'example_report' in sys.modules") != "True":
        assert time.monotonic() < until


def test_nothing_of_one_notebook_reaches_the_next(home: Path, pool: Any) -> None:
    leaving = (
        "import os, sys, json, polars, altair",
        "json.left = 1; polars.left = 1; sys.path.append('left'); left = 1\n"
        "os.environ['LEFT'] = '1'; os.chdir('/')\n"
        "polars.Config.set_tbl_rows(1); altair.data_transformers.enable('json'); sys.setrecursionlimit(999)",
        "0",
    )
    seen = (
        "hasattr(json, 'left'), hasattr(polars, 'left'), 'left' in sys.path, 'left' in globals(), 'LEFT' in os.environ, "
        "os.getcwd() == '/', 'POLARS_FMT_MAX_ROWS' in os.environ, altair.data_transformers.active, sys.getrecursionlimit() == 999"
    )
    before = execute(home, pool, leaving[0], seen)
    assert before == "(False, False, False, False, False, False, False, 'default', False)"
    execute(home, pool, *leaving)
    assert execute(home, pool, leaving[0], seen) == before


def test_memory_goes_back(home: Path, pool: Any) -> None:
    process = int(execute(home, pool, "import os; big = bytearray(200_000_000)", "os.getpid()"))
    until = time.monotonic() + 20
    while Path(f"/proc/{process}/statm").exists() and Path(f"/proc/{process}/statm").read_text().split()[1] != "0":
        assert time.monotonic() < until
        time.sleep(0.01)


def test_queries_work_in_many_forked_processes(home: Path, pool: Any) -> None:
    query = "pl.DataFrame({'a': range(1000)}).lazy().group_by(pl.col('a') % 7).agg(pl.len()).collect()['len'].sum()"
    assert {execute(home, pool, "import polars as pl", query) for _ in range(8)} == {"1000"}


def look(found: Path) -> None:
    """Look up what a run is asked for; write down the threads of this process and its parent, and how much is compiled."""
    assert steps.Selection(municipalities=page_list.codes_named(("Haninge", "0126"))).pages()
    owners = (os.getppid(), os.getpid())
    tasks = [task for owner in owners for task in Path(f"/proc/{owner}/task").iterdir() if int(task.name) != owner]
    threads = [(task / "comm").read_text().strip() for task in tasks]
    found.write_text(json.dumps([threads, wording._compiled.cache_info().currsize]))


def test_what_is_prepared_is_ready_and_has_started_no_threads(tmp_path: Path) -> None:
    """A process with threads cannot be forked: one of them could hold a lock that nobody would let go of."""
    process = READY.Process(target=look, args=(tmp_path / "found",))
    process.start()
    process.join(timeout=60)
    threads, sentences = json.loads((tmp_path / "found").read_text())
    assert set(threads) <= HARMLESS_THREADS
    assert sentences > 100


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("import os; os.kill(os.getpid(), 9)", "its process ended"),
        ("import os; os._exit(3)", "its process ended"),
        ("while True: pass", "more than 1 seconds: while True: pass"),
        ("import time; time.sleep(60)", "more than 1 seconds: import time"),
    ],
)
def test_one_that_ends_or_hangs_costs_its_own_notebook_only(home: Path, pool: Any, cell: str, message: str) -> None:
    with pytest.raises(SocialvolymError, match=message):
        execute(home, pool, cell, "1", seconds=1)
    assert execute(home, pool, "1 + 1") == "2"


def test_one_that_grows_too_large_costs_its_own_notebook_only(home: Path, host: Any) -> None:
    share = LARGE / (os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    pool = host.pool(str(home), memory_share=share)
    with pytest.raises(SocialvolymError, match="of the machine's memory"):
        execute(home, pool, f"big = b'x' * {2 * LARGE}\nwhile True: pass", "1")
    assert execute(home, pool, "1 + 1") == "2"
    pool.end()


def test_where_the_process_that_forks_is_gone_one_line_says_so(home: Path, host: Any) -> None:
    pool = host.pool(str(home))
    os.kill(int(execute(home, pool, "import os", "os.getppid()")), 9)
    for _ in range(2):
        with pytest.raises(SocialvolymError, match="the run was ended; run again"):
            execute(home, pool, "1")


def test_they_end_with_the_process_that_started_them(home: Path) -> None:
    script = (
        "import os, threading, time\nfrom pathlib import Path\nfrom socialvolym.workflow.workers import Workers\n"
        "def work(begun):\n"
        "    Path('part').write_text(str(os.getpid()))\n    Path('part').rename('pid')\n    time.sleep(60)\n"
        "pool = Workers(work, [], open('log', 'w'))\n"
        "threading.Thread(target=lambda: pool.do(60), daemon=True).start()\n"
        "while not Path('pid').exists(): time.sleep(0.01)\nprint('ready', flush=True)\ntime.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], env=environment(home), cwd=home, stdout=subprocess.PIPE) as owner:
        assert owner.stdout and owner.stdout.readline()
        child = int((home / "pid").read_text())
        owner.kill()
    until = time.monotonic() + 20
    while Path(f"/proc/{child}/statm").exists() and Path(f"/proc/{child}/statm").read_text().split()[1] != "0":
        assert time.monotonic() < until
        time.sleep(0.01)


def test_the_engine_gives_what_a_kernel_gives(home: Path, pool: Any) -> None:
    cells = (
        "import sys, polars as pl\nfrom IPython.display import HTML, display",
        "print('a'); display(HTML('<b>1</b>')); print('b'); HTML('<i>2</i>')",
        "print('c', file=sys.stderr)",
    )
    execute(home, pool, *cells, "pl.Series([1])")
    here = nbformat.read(home / "out.ipynb", as_version=4)
    source, plain = str(home / "notebooks" / "n.ipynb"), str(home / "plain.ipynb")
    command = [sys.executable, "-m", "papermill", source, plain, "--no-progress-bar"]
    subprocess.run(command, env=environment(home), capture_output=True, check=True)
    there = nbformat.read(plain, as_version=4)

    def outputs(notebook: nbformat.NotebookNode) -> list[object]:
        return [
            (output.output_type, output.get("text"), dict(output.get("data", {})))
            for cell in notebook.cells
            if cell.cell_type == "code"
            for output in cell.outputs
        ]

    assert outputs(here) == outputs(there)


def test_an_ended_run_starts_no_more_work(home: Path, host: Any) -> None:
    pool = host.pool(str(home))
    pool.end()
    with pytest.raises(SocialvolymError, match="the run was ended"):
        execute(home, pool, "1")


DRAWING = (
    "import os, psutil, vl_convert; from socialvolym import paths; from socialvolym.charts import drawing",
    "os.environ[paths.DRAWN] = os.environ['SOCIALVOLYM_HOME'] + '/drawn'",
    "spec = {'mark': 'point', 'title': str(os.getpid()), 'data': {'values': [{'a': 1}]}, 'encoding': {'x': {'field': 'a'}}}",
)


def test_charts_are_drawn_by_one_process_for_all(home: Path, pool: Any) -> None:
    execute(home, pool, "1")
    own = "vl_convert.vegalite_to_svg = lambda *given, **options: 'drawn here'"
    assert execute(home, pool, *DRAWING, own, "drawing.svg(spec, drawing.VEGA_LITE)[:4]") == "'<svg'"
    # What it cannot draw it leaves to the process that asks, which says why.
    assert execute(home, pool, *DRAWING, own, "drawing.svg({'mark': 'nothing'}, drawing.VEGA_LITE)") == "'drawn here'"
    assert execute(home, pool, *DRAWING, own, "drawing.svg(spec, drawing.VEGA_LITE)[:4]") == "'<svg'"


def test_where_nobody_draws_for_all_each_process_draws(home: Path, host: Any) -> None:
    pool = host.pool(str(home))
    kill = "[other.kill() for other in psutil.Process(os.getppid()).children() if other.pid != os.getpid()]"
    for _ in range(2):
        assert execute(home, pool, *DRAWING, kill, "drawing.svg(spec, drawing.VEGA_LITE)[:4]") == "'<svg'"
