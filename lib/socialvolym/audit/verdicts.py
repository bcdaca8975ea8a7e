"""Verdicts: which checks fail by the rules of expectations/audit.csv, and how severe each failure is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from socialvolym import paths
from socialvolym.csv_files import Schema, load_csv
from socialvolym.errors import SocialvolymError
from socialvolym.notation.numbers import parse_number

RULE_SCHEMA: Schema = {
    "rule": pl.String,
    "severity": pl.String,
    "on": pl.String,
    "tolerance": pl.Float64,
    "proof": pl.String,
    "documents": pl.Int64,
    "note": pl.String,
}
#: How grave a failure is.
SEVERITIES = ("error", "warning", "note")
#: Rules about changes, which fail with a wrong total of their row.
_OF_TOTALS = ("percentage", "change", "deviation")
#: What proves a failure: figures that the report prints, words as the program read them, or somebody who has declared it.
PROOFS = ("arithmetic", "reading", "declared")
#: A reading that was right in one document only may be that document's way of putting it.
ENOUGH_DOCUMENTS = 2
#: Gaps are computed with floating-point numbers; so much is none.
_NONE = 1e-6


@dataclass(frozen=True)
class Rule:
    """A rule that is switched on.

    Attributes
    ----------
    tolerance : how far a gap may go, in units of the last printed digit beyond rounding.
    severity : what a failure is called; a note where the rule is experimental.
    experimental : it rests on words and has been right in fewer than two documents.
    why : why the rule holds.
    proof : what decides: printed figures (arithmetic), words (reading), or somebody who has entered it (declared).
    """

    name: str
    tolerance: float
    severity: str
    experimental: bool
    why: str
    proof: str


def rules(folder: Path | None = None) -> dict[str, Rule]:
    """Load the rules of expectations/audit.csv that are switched on.

    Raises
    ------
    SocialvolymError
        where the table is absent, has other columns, a rule stands twice or a word is none of those that it may be.
    """
    path = (folder or paths.expectations()) / "audit.csv"
    return _rules(path, path.stat().st_mtime_ns if path.exists() else None)


@lru_cache(maxsize=4)
def _rules(path: Path, changed: int | None) -> dict[str, Rule]:
    """Load the rules of a file, once for each time that it is changed."""
    table = load_csv(path, RULE_SCHEMA)
    allowed = {"severity": SEVERITIES, "on": ("yes", "no"), "proof": PROOFS}
    for column, words in allowed.items():
        wrong = table.filter(~pl.col(column).is_in(words).fill_null(False))
        if not wrong.is_empty():
            raise SocialvolymError(f"{path}: rule {wrong['rule'][0]!r}: {column} must be one of {', '.join(words)}")
    if twice := table.filter(pl.col("rule").is_duplicated())["rule"].to_list():
        raise SocialvolymError(f"{path}: rule {twice[0]!r} stands twice")
    if gaps := [name for name in RULE_SCHEMA if table[name].has_nulls()]:
        raise SocialvolymError(f"{path}: every rule needs {', '.join(gaps)}")
    return {row["rule"]: _rule(row) for row in table.iter_rows(named=True) if row["on"] == "yes"}


def _rule(row: dict[str, Any]) -> Rule:
    experimental = row["proof"] == "reading" and row["documents"] < ENOUGH_DOCUMENTS
    severity = "note" if experimental else row["severity"]
    return Rule(row["rule"], row["tolerance"], severity, experimental, row["note"], row["proof"])


def failing(checks: pl.DataFrame, known: dict[str, Rule]) -> pl.DataFrame:
    """Return the checks whose gap is larger than their rule allows, with the rule's severity; rules that are off fail nowhere."""
    table = pl.DataFrame(
        [{"rule": r.name, "tolerance": r.tolerance, "severity": r.severity} for r in known.values()],
        schema={"rule": pl.String, "tolerance": pl.Float64, "severity": pl.String},
    )
    judged = checks.join(table, on="rule", how="inner", maintain_order="left")
    return judged.filter(pl.col("gap") > pl.col("tolerance") + _NONE).drop("tolerance")


def without_consequences(failed: pl.DataFrame) -> pl.DataFrame:
    """Return failing checks without the changes that are right of the sum that a wrong total should be: those are no error."""
    totals = {(row["report"], row["line"]): row for row in failed.filter(pl.col("rule") == "total").iter_rows(named=True)}
    kept = [
        not ((total := totals.get((row["report"], row["line"]))) and row["rule"] in _OF_TOTALS and _follows(row, total))
        for row in failed.iter_rows(named=True)
    ]
    return failed.filter(pl.Series(kept, dtype=pl.Boolean))


def _follows(row: dict[str, Any], total: dict[str, Any]) -> bool:
    """Tell whether what is printed of a change is right of the sum that the total, earlier or later figure, should be."""
    told, wrong = parse_number(row["published"]), parse_number(total["published"])
    if told is None or wrong is None or row["expected"] is None or not total["expected"] or not wrong.value:
        return False
    right, from_wrong = total["expected"], row["expected"]
    if row["rule"] == "percentage":
        factor = 1 + from_wrong / 100
        possible = [100 * (wrong.value * factor / right - 1), 100 * (right * factor / wrong.value - 1)]
    else:
        possible = [from_wrong + wrong.value - right, from_wrong - wrong.value + right]
    return any(abs(abs(told.value) - abs(size)) <= 2 * told.half_step for size in possible)
