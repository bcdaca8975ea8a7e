"""Bad input: one clear message, and the tables of the last good run stay as they were."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from invented_report import make, replace
from socialvolym.errors import SocialvolymError
from socialvolym.observations import store
from socialvolym.workflow import steps

REPOSITORY = Path(__file__).resolve().parents[2]
CORRECTION = """
[[correction]]
line = 4
label = "Vårddygn i HVB"
column = "2097"
expected = "1 300"
replacement = "1 100"
why = "w"
who = "x"
"""


def run(notebook: str) -> None:
    """Run the code of a notebook of the repository in this process."""
    cells = json.loads((REPOSITORY / "notebooks" / f"{notebook}.ipynb").read_text(encoding="utf-8"))["cells"]
    names: dict[str, object] = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), notebook, "exec"), names)


def make_tables() -> None:
    run("1_clean")
    run("2_validate")


def add_line(path: Path, line: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(line)


def make_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with one invented report whose tables have been made."""
    home = tmp_path_factory.mktemp("good")
    make(home / "data" / "raw")
    shutil.copytree(REPOSITORY / "data" / "raw" / "facts", home / "data" / "raw" / "facts")
    shutil.copytree(REPOSITORY / "expectations", home / "expectations", ignore=shutil.ignore_patterns("coverage.csv"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOCIALVOLYM_HOME", str(home))
        make_tables()
    return home


@pytest.fixture
def copied(good: Path, home: Path) -> Path:
    """A copy of the good repository for one test; its report's folder."""
    shutil.copytree(good, home, dirs_exist_ok=True)
    return home / "data" / "raw" / "haninge-2099"


def stored(home: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (home / "data" / "processed").iterdir() if path.is_file()}


def test_good_input_gives_all_tables(copied: Path, home: Path) -> None:
    made = {f"{name}.{end}" for name in steps.CHECKED for end in ("csv", "parquet")}
    assert set(stored(home)) == made
    assert store.load("observations").filter(report="haninge-2099").height >= 11


BROKEN: dict[str, tuple[Callable[[Path], None], str]] = {
    "missing column": (lambda f: replace(f / "cells.csv", "row_label,", ""), r"cells\.csv: missing columns: \['row_label'\]"),
    "line that is no number": (
        lambda f: add_line(f / "cells.csv", "volumes,,four,table,,a,2097,1,\n"),
        r"cells\.csv: cannot be read",
    ),
    "unknown table": (
        lambda f: add_line(f / "cells.csv", "volume,,4,table,,a,2097,1,\n"),
        r"table 'volume' is not in layout\.toml",
    ),
    "unknown measure in layout": (
        lambda f: replace(f / "layout.toml", "hvb_care_days", "hvb_days"),
        r"layout\.toml, table volumes: unknown measure 'hvb_days'; add it to .*measures\.csv",
    ),
    "unknown measure in prose": (
        lambda f: replace(f / "prose.csv", "lvm_placements", "lvm"),
        r"prose\.csv, line 8: unknown measure 'lvm'",
    ),
    "unknown unit": (lambda f: replace(f / "prose.csv", ",count,", ",antal,"), r"unknown unit 'antal'; add it to .*units\.csv"),
    "unknown municipality": (
        lambda f: replace(f / "report.toml", "0136", "0199"),
        r"report\.toml: .*unknown municipality code '0199'",
    ),
    "no TOML": (lambda f: replace(f / "layout.toml", "lines = [3, 4]", "lines = [3, 4"), r"layout\.toml: cannot be read as TOML"),
    "unreadable file": (lambda f: make_folder(f / "cells.csv"), r"cells\.csv: cannot be read"),
    "absent file": (lambda f: (f / "cells.csv").unlink(), r"cells\.csv: cannot be read"),
    "no text": (lambda f: (f / "prose.csv").write_bytes(b"\xff\xfe\xe5") and None, r"prose\.csv: cannot be read"),
    "correction that no longer fits": (
        lambda f: (f / "corrections.toml").write_text(CORRECTION, encoding="utf-8") and None,
        r"expects '1 300' on line 4 .* but '1 200' stands there",
    ),
    "same cell twice": (
        lambda f: add_line(f / "cells.csv", "volumes,,4,table,,Vårddygn i HVB,2097,1 200,\n"),
        r"expect_compound_columns_to_be_unique.* line 4, table volumes, measure hvb_care_days",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_bad_input_is_named_and_changes_nothing(copied: Path, home: Path, case: str) -> None:
    breaks, message = BROKEN[case]
    before = stored(home)
    breaks(copied)
    with pytest.raises(SocialvolymError, match=message) as error:
        make_tables()
    assert "haninge-2099" in str(error.value)
    assert stored(home) == before


def test_what_is_put_right_runs_again(copied: Path, home: Path) -> None:
    (copied / "corrections.toml").write_text(CORRECTION.replace("1 300", "1 200"), encoding="utf-8")
    make_tables()
    corrected = store.load("observations").filter(status="corrected")
    assert corrected.select("value", "published_as").rows() == [(1100, "1 200")]
