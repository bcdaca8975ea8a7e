"""Cleaning many printed cells, timed in this process: what bench/run.py asks for. Prints seconds and memory as JSON."""

from __future__ import annotations

import csv
import json
import random
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
from country import _COLUMNS, _REPORT, measures, printed
from socialvolym import paths
from socialvolym.audit import gathering
from socialvolym.notation import numbers

_CELLS = 10_000
_LAYOUT = '[[table]]\nid = "volumes"\nlines = [1, 2]\ncolumns = [{columns}]\nrows = [{rows}]\n'


def text(chance: random.Random) -> str:
    """Return a printed cell: mostly a number, thousands apart; some with decimals, a minus or a percent sign; some blank."""
    kind, value = chance.random(), chance.uniform(0, 10 ** chance.randint(1, 7))
    if kind < 0.2:
        return f"{value / 100:.1f}".replace(".", ",")
    return {True: printed(value)}.get(
        kind < 0.9, "-" if kind > 0.99 else f"-{printed(value)}" if kind > 0.95 else f"{value % 100:.0f} %"
    )


def write(raw: Path, number: int) -> list[str]:
    """Write reports with so many cells together; return what is printed in them."""
    chance = random.Random(1)
    shown = measures("placements")
    columns = [str(year) for year in range(1990, 2025)]
    texts = []
    for report in range(number // _CELLS):
        folder = raw / f"invented-{report}-2024"
        folder.mkdir(parents=True)
        (folder / "report.toml").write_text(_REPORT.format(id=folder.name, code="0136", domain="x", year=2024, sha="0" * 64))
        rows = ", ".join(f'{{ label = "{m["title_sv"]}", measure = "{m["measure"]}" }}' for m in shown)
        (folder / "layout.toml").write_text(_LAYOUT.format(columns=", ".join(f'"{year}"' for year in columns), rows=rows))
        cells = [
            ("volumes", "", n // 35 + 1, "table", "", shown[n // 35 % len(shown)]["title_sv"], columns[n % 35], text(chance), "")
            for n in range(_CELLS)
        ]
        texts += [cell[7] for cell in cells]
        with (folder / "cells.csv").open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([_COLUMNS, *cells])
    return texts


def seconds(work: Callable[[], Any], times: int = 5) -> dict[str, float]:
    """Return the least seconds that a short piece of work takes: on the clock, and of all processors."""
    clock, cpu = [], []
    for _ in range(times):
        begun, before = time.perf_counter(), time.process_time()
        work()
        clock.append(time.perf_counter() - begun)
        cpu.append(time.process_time() - before)
    return {"clock": min(clock), "cpu": min(cpu)}


def main(number: int) -> None:
    """Time it."""
    texts = pl.Series(write(paths.raw(), number))
    told = {
        "bare_cast": seconds(lambda: texts.cast(pl.Float64, strict=False)),
        "cast": seconds(
            lambda: (
                texts.str.replace_all(" ", "", literal=True).str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
            )
        ),
        "numbers": seconds(lambda: numbers.parse_numbers(texts)),
        "reports": seconds(gathering.gather, times=1),
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(int(sys.argv[1]))
