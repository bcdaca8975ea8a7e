"""Measure the audit: a million observations, against what polars needs to read and group the same table.

Run: python bench/bench_audit.py
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
from socialvolym import audit
from socialvolym.vocabulary.columns import OBSERVATION_SCHEMA

ROWS = 1_000_000
LIMIT = 10.0
_ROWS_A_TABLE = 10
_COLUMNS = (("2022", "outturn"), ("2022", "budget"), ("2022", "deviation"), ("2021", "outturn"), ("2022", "change_abs"))


def observations(rows: int) -> pl.DataFrame:
    """Return consistent finance tables: nine areas and their total, with deviations and changes, in reports of twenty tables."""
    per_table = _ROWS_A_TABLE * len(_COLUMNS)
    cells = pl.DataFrame({"n": pl.int_range(rows, eager=True)}).with_columns(
        t=pl.col("n") // per_table, r=pl.col("n") % per_table // len(_COLUMNS), c=pl.col("n") % len(_COLUMNS)
    )
    last = pl.col("r") == _ROWS_A_TABLE - 1
    base = pl.when(last).then(9_000 * 9 + 36 * 137).otherwise(9_000 + 137 * pl.col("r"))
    shifts = {0: 0, 1: 45, 3: 90}
    parts = pl.when(last).then(9).otherwise(1)
    level = pl.coalesce([pl.when(pl.col("c") == c).then(base + shift * parts) for c, shift in shifts.items()])
    value = pl.coalesce(level, pl.when(pl.col("c") == 2).then(-45 * parts), pl.when(pl.col("c") == 4).then(-90 * parts))
    filled = cells.select(
        report=pl.format("report-{}", pl.col("t") // 20),
        municipality_code=pl.format("{}", 1000 + pl.col("t") // 20),
        domain=pl.lit("context"),
        measure=pl.when(last).then(pl.lit("net_cost")).otherwise(pl.lit("net_cost_area")),
        label=pl.when(last).then(pl.lit("Totalt")).otherwise(pl.format("Area {}", "r")),
        breakdown=pl.when(~last).then(pl.format("Area {}", "r")),
        period=pl.col("c").replace_strict(dict(enumerate(period for period, _ in _COLUMNS)), return_dtype=pl.String),
        series=pl.col("c").replace_strict(dict(enumerate(series for _, series in _COLUMNS)), return_dtype=pl.String),
        value=value.cast(pl.Float64),
        unit=pl.lit("kSEK"),
        published_as=value.cast(pl.String),
        line=pl.col("n") // len(_COLUMNS) % 200 + 1,
        table=pl.format("table_{}", pl.col("t") % 20),
        kind=pl.lit("table"),
        status=pl.lit("published"),
    )
    missing = [pl.lit(None, dtype=kind).alias(name) for name, kind in OBSERVATION_SCHEMA.items() if name not in filled.columns]
    return filled.with_columns(missing).select(list(OBSERVATION_SCHEMA))


def seconds(work: Callable[[], object]) -> float:
    """Return the shortest of three runs."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    frame = observations(ROWS)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "observations.csv"
        frame.write_csv(path)
        keys = ["report", "table", "measure", "breakdown", "period", "series"]
        plain = seconds(lambda: pl.read_csv(path, schema=OBSERVATION_SCHEMA).group_by(keys).agg(pl.col("value").sum()))
    audited = seconds(lambda: audit.audit(frame))
    print(
        f"{ROWS:,} observations: read and grouped in {plain:.2f} s, audited in {audited:.2f} s: "
        f"{audited / plain:.1f} times (limit {LIMIT})"
    )
    if audited > LIMIT * plain:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
