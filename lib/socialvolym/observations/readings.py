"""Readings: what the rules read of an added report's cells, as a person has settled it; what is not certain waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from socialvolym.csv_files import load_csv
from socialvolym.errors import SocialvolymError
from socialvolym.extraction.certainty import ASPECTS, OUTSIDE, SETTLED, weak_aspects
from socialvolym.notation.languages import Language
from socialvolym.reports import answers
from socialvolym.reports.models import RawReport
from socialvolym.reports.review import Misfit, Review, settle
from socialvolym.vocabulary.columns import READING_SCHEMA, UNREAD_SCHEMA

_PLACE = ("table", "line", "group", "row_label", "column_label", "text")
_MEANING = ("domain", "measure", "breakdown", "period", "series", "unit", "bound", "sign")
#: Why a person has taken a figure out, by the verdict (reports/review.py).
_TAKEN_OUT = {"not_a_figure": "no figure", "unread": "cannot be read", "replaced": "replaced by another figure"}
#: What the figures of a report with hints rest on: its layout.toml and prose.csv.
DESCRIBED = "description"


@dataclass(frozen=True)
class Settled:
    """The readings of a report as a person has settled them.

    Attributes
    ----------
    rows : READING_SCHEMA with verdict, value, who (reports/review.py), the state (told on the pages, waiting for a person,
        outside the subjects, taken_out by a person), the reason of what is not told, and the aspects (`lost`, with spaces
        between) of which a decision that no longer fits was.
    misfits : the decisions that are not applied; the figures that they were perhaps made of wait.
    """

    rows: pl.DataFrame
    misfits: Sequence[Misfit]


def settled(raw: RawReport, cells: pl.DataFrame | None = None) -> Settled:
    """Load the readings of an added report, a row a cell in the order of cells.csv, and apply what a person has decided.

    Raises
    ------
    SocialvolymError
        where readings.csv is not of the same cells as cells.csv.
    """
    printed = raw.cells if cells is None else cells
    again = f"make both again with: socialvolym read DOCUMENTS --only {raw.report.id}"
    try:
        read = load_csv(raw.folder / "readings.csv", READING_SCHEMA)
    except SocialvolymError as error:
        raise SocialvolymError(f"{error}; cells.csv is of the same reading: {again}") from error
    if not read.select(_PLACE).equals(printed.select(_PLACE), null_equal=True):
        raise SocialvolymError(f"{raw.folder / 'readings.csv'}: is not of the cells in cells.csv; {again}")
    return _with_states(*settle(raw.review, read.with_columns(kind=printed["kind"])))


def _with_states(rows: pl.DataFrame, misfits: Sequence[Misfit]) -> Settled:
    lost: dict[int, str] = {}
    for misfit in misfits:
        of = " ".join(name for name in ASPECTS if name in misfit.decision.facets) or " ".join(ASPECTS)
        lost |= {number: f"{lost.get(number, '')} {of}".strip() for number in misfit.cells}
    states = [_state(row, number in lost) for number, row in enumerate(rows.iter_rows(named=True))]
    reasons = pl.Series("reason", [reason for _, reason in states], pl.String)
    losses = pl.Series("lost", [lost.get(number) for number in range(rows.height)], pl.String)
    return Settled(rows.with_columns(pl.Series("state", [state for state, _ in states], pl.String), reasons, losses), misfits)


def as_read(raw: RawReport) -> Settled:
    """Load the readings of an added report as the rules have read them, without what a person has decided.

    Figures of which a decision no longer fits wait here as well: they are asked for again.
    """
    read = settled(replace(raw, review=Review()))
    misfits = settled(raw).misfits if raw.review.decision else []
    return _with_states(read.rows.drop("state", "reason", "lost"), misfits)


def unread_places(raw: RawReport) -> pl.DataFrame:
    """Load what of an added report's document could not be read (UNREAD_SCHEMA); drafts of before have neither page nor table."""
    place = raw.folder / "unread.csv"
    kept = pl.read_csv(place, infer_schema=False) if raw.is_added and place.exists() else pl.DataFrame()
    told = [pl.col(name) if name in kept.columns else pl.lit(None).alias(name) for name in UNREAD_SCHEMA if name != "report"]
    return kept.select(pl.lit(raw.report.id).alias("report"), *told).cast(pl.Schema(UNREAD_SCHEMA)) if kept.width else kept


def check_units(raw: RawReport, review: Review, read: Sequence[dict[str, Any]], language: Language) -> None:
    """Refuse a review that leaves a figure with a unit in which its measure is not, as answers.check_units.

    read : the readings as the rules have read them.
    """
    answers.check_units(read, settled(replace(raw, review=review)).rows.to_dicts(), language)


def _state(row: dict[str, str | None], lost: bool) -> tuple[str, str | None]:
    because = (row["because"] or "").split()
    if out := _TAKEN_OUT.get(row["verdict"] or ""):
        return "taken_out", f"{out}, says {row['who']}"
    if f"domain:{OUTSIDE}" in because:
        return "outside", "of another subject"
    if lost:
        return "waiting", "waits for review: a decision about this table no longer fits"
    if row["certainty"] in SETTLED and row["period"] and row["measure"]:
        return "told", None
    return "waiting", f"waits for review: {' '.join(cause(because, row['kind'])) or row['certainty']}"


def cause(because: Sequence[str], kind: str | None) -> tuple[str, ...]:
    """Return why a reading waits: its weak aspects, else what else speaks against it."""
    others = tuple(code for code in because if code.startswith("whose:"))
    return weak_aspects(because) or others or (f"kind:{kind}",)


def with_readings(
    understood: pl.DataFrame, cells: pl.DataFrame, reports: Sequence[RawReport]
) -> tuple[pl.DataFrame, dict[str, SocialvolymError]]:
    """Add the cells of added reports to those that are understood by hints, by number.

    Returns
    -------
    understood : all cells, with `read_unit`, which goes before what is printed.
    errors : why the readings of a report cannot be used, by its id.
    """
    parts, errors = [_as_described(understood)], {}
    for raw in reports:
        own = cells.filter(pl.col("report") == raw.report.id)
        if not raw.is_added or own.is_empty():
            continue
        try:
            parts.append(as_understood(own, settled(raw, own).rows))
        except SocialvolymError as error:
            errors[raw.report.id] = error
    return pl.concat(parts, how="diagonal").sort("cell"), errors


def _as_described(cells: pl.DataFrame) -> pl.DataFrame:
    """Return cells understood by a report's own hints, which somebody has written who read the report (Report.described)."""
    return cells.with_columns(read_unit=pl.lit(None, pl.String), certainty=pl.lit("accepted"), because=pl.lit(DESCRIBED))


def as_understood(cells: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Return cells with their meaning; what a person has written stands for the printed number, as one in Swedish notation."""
    written = [None if value is None else written_number(value) for value in rows["value"]]
    unsaid = dict.fromkeys(("status", "meaning_note"), pl.lit(None, pl.String))
    return cells.hstack(rows.select(*_MEANING, "reason", "certainty", "because", read_unit="unit", **unsaid)).with_columns(
        replacement=pl.coalesce(pl.Series(written, dtype=pl.String), "replacement")
    )


def written_number(value: float) -> str:
    """Write a number as Swedish documents print it, without separators of thousands.

    Examples
    --------
    >>> written_number(-1234.5), written_number(12.0), written_number(1e-7)
    ('-1234,5', '12', '0,0000001')
    """
    return f"{value:.12f}".rstrip("0").rstrip(".").replace(".", ",")
