"""Validation: Great Expectations suites from expectations/ run over a table; the one place that needs pandas."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from socialvolym import paths
from socialvolym.errors import SocialvolymError
from socialvolym.validation.deferring import deferred

# Read by Great Expectations when it is imported: no usage statistics are sent anywhere.
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

# It imports these for expectations that no suite here has; they are two fifths of what its import takes.
with deferred("altair", "scipy.stats"):
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

#: The columns that name a row to a person, where the table has them.
KEYS = ("report", "line", "table", "measure", "rule", "label", "breakdown", "period", "series")


_PLUMBING = {"batch_id", "mostly", "row_condition"}


@dataclass(frozen=True)
class Failure:
    """An expectation that does not hold.

    Attributes
    ----------
    expectation : its type and arguments, readable.
    severity : "critical", "warning" or "info".
    notes : why the expectation holds, from the suite.
    rows : the failing rows by their key columns; empty for expectations about the whole table.
    meta : the expectation's meta of the suite.
    """

    suite: str
    expectation: str
    severity: str
    notes: str
    rows: tuple[dict[str, Any], ...]
    meta: dict[str, Any]

    def __str__(self) -> str:
        """Return what fails, why it must hold, and the first failing rows."""
        shown = "; ".join(", ".join(f"{k} {v}" for k, v in row.items() if v is not None) for row in self.rows[:5])
        more = f" and {len(self.rows) - 5} more" if len(self.rows) > 5 else ""
        return f"{self.suite}: {self.expectation} ({self.severity}): {self.notes} Failing: {shown or 'the whole table'}{more}"


@dataclass(frozen=True)
class Outcome:
    """What a suite found: how many expectations it has and which do not hold."""

    suite: str
    expectations: int
    rows: int
    failures: tuple[Failure, ...]

    @property
    def critical(self) -> tuple[Failure, ...]:
        """The failures that must stop a run."""
        return tuple(failure for failure in self.failures if failure.severity == "critical")


def load_suite(name: str, folder: Path | None = None) -> gx.ExpectationSuite:
    """Load a suite from expectations/<name>.json."""
    path = (folder or paths.expectations()) / f"{name}.json"
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        suite = gx.ExpectationSuite(name=document["name"], expectations=document["expectations"])
    except FileNotFoundError as error:
        raise SocialvolymError(f"{path}: there is no such suite") from error
    except (KeyError, TypeError, ValueError) as error:
        raise SocialvolymError(f"{path}: cannot be read as an expectation suite: {error}") from error
    # Great Expectations leaves out what it does not know, and only logs it.
    if len(suite.expectations) != len(document["expectations"]):
        known = {expectation.expectation_type for expectation in suite.expectations}
        wrong = [e["type"] for e in document["expectations"] if e["type"] not in known] or ["an expectation's arguments"]
        raise SocialvolymError(
            f"{path}: cannot be read as an expectation suite: Great Expectations does not know {', '.join(wrong)}"
        )
    return suite


def validate(frame: pl.DataFrame, suite: str, folder: Path | None = None) -> Outcome:
    """Run the suite expectations/<suite>.json over a table.

    Parameters
    ----------
    frame : the table, with any prepared columns that the suite names.
    suite : the suite's file name without ending.
    folder : where the suites are; expectations/ by default.
    """
    keys = [key for key in KEYS if key in frame.columns]
    run = load_suite(suite, folder)
    tables = _context().data_sources.add_or_update_pandas("tables")
    batch = tables.add_dataframe_asset(suite).add_batch_definition_whole_dataframe("all").get_batch({"dataframe": _pandas(frame)})
    results = batch.validate(run, result_format={"result_format": "COMPLETE", "unexpected_index_column_names": keys})
    failures = tuple(_failure(suite, result, keys) for result in results.results if not result.success)
    return Outcome(suite=suite, expectations=len(run.expectations), rows=frame.height, failures=failures)


@lru_cache(maxsize=1)
def _context() -> Any:
    """Return a context that keeps nothing on disk and shows no progress bars."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    return context


def _pandas(frame: pl.DataFrame) -> Any:
    return frame.to_pandas(use_pyarrow_extension_array=False)


def _failure(suite: str, result: Any, keys: Sequence[str]) -> Failure:
    """Return the failure of an expectation, with its rows by their keys."""
    config = result.expectation_config
    error = next((e["exception_message"] for e in _exceptions(result.exception_info)), None)
    if error:
        raise SocialvolymError(f"expectations/{suite}.json: {config.type} cannot be run: {error}")
    rows = [{key: _plain(row.get(key)) for key in keys} for row in result.result.get("unexpected_index_list") or []]
    arguments = ", ".join(f"{k}={v}" for k, v in config.kwargs.items() if k not in _PLUMBING)
    severity = getattr(config, "severity", "critical")
    return Failure(
        suite=suite,
        expectation=f"{config.type}({arguments})",
        severity=str(getattr(severity, "value", severity)),
        notes=_notes(config),
        rows=tuple(rows),
        meta=dict(config.meta or {}),
    )


def _plain(value: Any) -> Any:
    """Return a key as a person knows it: pandas makes 4.0 of a line number, and NaN of none, where the column has blanks."""
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    return value


def _exceptions(info: dict[str, Any]) -> list[dict[str, Any]]:
    parts = [info] if "raised_exception" in info else list(info.values())
    return [part for part in parts if part.get("raised_exception")]


def _notes(config: Any) -> str:
    notes = getattr(config, "notes", None) or (config.meta or {}).get("notes") or ""
    return str(notes if isinstance(notes, str) else " ".join(notes))


def outcomes_table(outcomes: Sequence[Outcome]) -> pl.DataFrame:
    """Return one row a suite: suite, expectations, rows, failed, critical, messages."""
    return pl.DataFrame(
        [(o.suite, o.expectations, o.rows, len(o.failures), len(o.critical), " | ".join(map(str, o.failures))) for o in outcomes],
        schema={
            "suite": pl.String,
            "expectations": pl.Int64,
            "rows": pl.Int64,
            "failed": pl.Int64,
            "critical": pl.Int64,
            "messages": pl.String,
        },
        orient="row",
    )


def stop_if_critical(outcomes: Sequence[Outcome]) -> None:
    """Stop where a critical expectation does not hold, naming the failing rows."""
    critical = [str(failure) for outcome in outcomes for failure in outcome.critical]
    if critical:
        raise SocialvolymError("the tables break what must hold, earlier results stay in place:\n" + "\n".join(critical))
