"""Files that appear whole or not at all."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from socialvolym import atomic


def fail_midway(path: Path) -> None:
    path.write_text("half", encoding="utf-8")
    raise OSError("the disk is full")


def test_folders_are_made_and_files_replaced(tmp_path: Path) -> None:
    place = tmp_path / "new" / "text.txt"
    atomic.write_text("åäö", place)
    atomic.write_text("two", place)
    assert place.read_text(encoding="utf-8") == "two"
    assert [path.name for path in place.parent.iterdir()] == ["text.txt"]


def test_a_file_can_be_read_by_others(tmp_path: Path) -> None:
    atomic.write_text("", tmp_path / "text.txt")
    assert (tmp_path / "text.txt").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("before", [None, "earlier"])
def test_a_failure_leaves_what_was_there(tmp_path: Path, before: str | None) -> None:
    place = tmp_path / "text.txt"
    if before is not None:
        place.write_text(before, encoding="utf-8")
    with pytest.raises(OSError, match="disk"):
        atomic.write(place, fail_midway)
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ([] if before is None else [before])


def test_tables_come_back(tmp_path: Path) -> None:
    frame = pl.DataFrame({"code": ["0136", None], "value": [1.5, None]})
    atomic.write_csv(frame, tmp_path / "t.csv")
    atomic.write_parquet(frame, tmp_path / "t.parquet")
    assert (tmp_path / "t.csv").read_text(encoding="utf-8") == "code,value\n0136,1.5\n,\n"
    assert pl.read_parquet(tmp_path / "t.parquet").equals(frame)
