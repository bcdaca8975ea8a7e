"""Outputs that appear whole or not at all: written beside their place, then moved there."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


#: What files are called before they are whole; one that stands there later is of a process that was killed.
PARTS = ".*.tmp"


def write(path: Path, fill: Callable[[Path], object]) -> None:
    """Let `fill` write a file beside `path`, then put it in place; on any failure `path` stays as it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    except OSError as error:
        raise _about(error, path) from error
    os.close(handle)
    temporary = Path(name)
    try:
        fill(temporary)
        temporary.chmod(0o644)
        temporary.replace(path)
    except OSError as error:
        # What cannot be written is the file, for whoever reads the message, and not its temporary name.
        raise _about(error, path) from error
    finally:
        temporary.unlink(missing_ok=True)


def _about(error: OSError, path: Path) -> OSError:
    return OSError(error.errno, error.strerror or str(error), str(path))


def write_text(text: str, path: Path) -> None:
    """Write a text file (UTF-8) whole or not at all."""
    write(path, lambda temporary: temporary.write_text(text, encoding="utf-8"))


def write_csv(frame: pl.DataFrame, path: Path) -> None:
    """Write a table as CSV whole or not at all, none of its texts a formula (csv_files.disarmed)."""
    from socialvolym.csv_files import disarmed  # here, because writing a text needs no polars

    write(path, lambda temporary: disarmed(frame).write_csv(temporary))


def write_parquet(frame: pl.DataFrame, path: Path) -> None:
    """Write a table as Parquet whole or not at all; the same rows give the same bytes, in however many pieces they were made."""
    write(path, lambda temporary: frame.rechunk().write_parquet(temporary, compression="zstd"))
