"""Judging: which checks fail by expectations/audit.json, without importing Great Expectations, which takes longer than the audit.

The suite is the same one that socialvolym.validating.validate runs; both give the same failing rows.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from socialvolym import paths
from socialvolym.errors import SocialvolymError

#: The severities of expectations, as findings call them.
SEVERITIES = {"critical": "error", "warning": "warning", "info": "note"}

#: What a suite judges a check by, and the columns that name the check: Great Expectations takes time for every other column.
JUDGED = ("rule", "report", "line", "measure", "gap")


@dataclass(frozen=True)
class Rule:
    """A rule that is switched on: how far a gap may go, and how severe it is where it goes further."""

    name: str
    tolerance: float
    severity: str
    why: str


def rules(folder: Path | None = None) -> dict[str, Rule]:
    """Load the rules of expectations/audit.json.

    Raises
    ------
    SocialvolymError
        where the suite is absent or an expectation is not of the form that the audit reads.
    """
    path = (folder or paths.expectations()) / "audit.json"
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))["expectations"]
        found = [_rule(entry) for entry in entries]
    except FileNotFoundError as error:
        raise SocialvolymError(f"{path}: there is no such suite") from error
    except (json.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise SocialvolymError(
            f"{path}: every expectation needs a row_condition that names its rule (rule == total), a max_value, a "
            f"severity and meta.notes ({error})"
        ) from error
    return {rule.name: rule for rule in found}


def _rule(entry: dict[str, object]) -> Rule:
    kwargs, meta = entry["kwargs"], entry["meta"]
    if not isinstance(kwargs, dict) or not isinstance(meta, dict):
        raise TypeError("kwargs and meta are objects")
    condition = kwargs["row_condition"]
    if not isinstance(condition, dict) or (condition["column"]["name"], condition["operator"]) != ("rule", "=="):
        raise ValueError(f"row_condition {condition!r}")
    return Rule(
        name=str(condition["parameter"]),
        tolerance=float(kwargs["max_value"]),
        severity=SEVERITIES[str(entry["severity"])],
        why=str(meta["notes"]),
    )


def failing(checks: pl.DataFrame, known: dict[str, Rule]) -> pl.DataFrame:
    """Return the checks whose gap is larger than their rule allows, with the rule's severity; rules that are off fail nowhere."""
    table = pl.DataFrame(
        [{"rule": r.name, "tolerance": r.tolerance, "severity": r.severity} for r in known.values()],
        schema={"rule": pl.String, "tolerance": pl.Float64, "severity": pl.String},
    )
    judged = checks.join(table, on="rule", how="inner", maintain_order="left")
    return judged.filter(pl.col("gap") > pl.col("tolerance")).drop("tolerance")


def confirmed(failed: pl.DataFrame, outcome: object) -> pl.DataFrame:
    """Return the failing checks that Great Expectations names, by their keys.

    Raises
    ------
    SocialvolymError
        where the two do not agree on how many checks fail.
    """
    rows = [row for failure in getattr(outcome, "failures", ()) for row in failure.rows]
    keys = list(rows[0]) if rows else ["rule", "report", "line"]
    named = pl.DataFrame(rows, schema={key: failed.schema[key] for key in keys}, infer_schema_length=None).unique()
    kept = failed.join(named, on=keys, how="semi", nulls_equal=True, maintain_order="left")
    if kept.height != failed.height:
        raise SocialvolymError(
            f"expectations/audit.json: Great Expectations names {kept.height} failing checks, the audit "
            f"{failed.height}; the suite has a condition that the audit does not read"
        )
    return kept
