"""Breaks: from when a report counts something in a new way, as data/raw announces it; all that compares asks here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import polars as pl

from socialvolym import paths
from socialvolym.csv_files import Schema
from socialvolym.notation.calendar import breaks_between
from socialvolym.notation.languages import Language
from socialvolym.reports.loading import reports_by_code
from socialvolym.reports.models import QUOTED, Break, Notes
from socialvolym.toml_files import load_toml
from socialvolym.vocabulary import names

#: Returns the breaks of a measure, or of one part of it, in a municipality.
Ask = Callable[[str, str, str | None], Sequence[Break]]

#: breaks_of: one row a break.
BREAKS_SCHEMA: Schema = {
    **dict.fromkeys(("period", "extent", "reason_en", "reason_sv", "report"), pl.String),
    "line": pl.Int64,
}
#: What a break is asked for by, as columns.
_KEY = ("measure", "municipality_code", "breakdown")


def breaks_of(measure: str, municipality: str, part: str | None = None) -> pl.DataFrame:
    """Return the breaks that a municipality's reports announce for a measure, or for one part of it (BREAKS_SCHEMA).

    `period` is the first that is counted in the new way. `extent` is "all" where figures before and after cannot be compared,
    else how much of the difference the break explains: "most", "part" or "unknown". change_of, paths_of, months_of, indexed,
    splits and lines ask here themselves unless they are given others.

    Raises
    ------
    SocialvolymError
        where there is no such measure or municipality, with the nearest.
    """
    key = (names.measure(measure), names.municipality_code(municipality), part)
    rows = [
        (cut.period, cut.extent, *(reason(cut, language) for language in ("en", "sv")), report, cut.line)
        for report, cut in _touching(*key)
    ]
    return pl.DataFrame(rows, schema=BREAKS_SCHEMA, orient="row")


def announced(measure: str, code: str, part: str | None = None) -> list[Break]:
    """Return the breaks that the reports of a municipality announce for a measure, or for one part of it."""
    return [cut for _, cut in _touching(measure, code, part)]


def reason(cut: Break, language: Language) -> str:
    """Return why something is counted anew, with the printed figures in it as they are printed."""
    return QUOTED.sub(r"\2", str(getattr(cut, f"reason_{language}")))


def within(frame: pl.DataFrame) -> list[tuple[Break, list[str]]]:
    """Return the breaks announced for the figures of a frame, between its first and last period, each with the `group` it cuts.

    A frame without measure, municipality_code and breakdown has none that are known.
    """
    if not {"period", *_KEY} <= set(frame.columns):
        return []
    group = "group" if "group" in frame.columns else pl.lit("")
    dated = frame.filter(pl.col("period").str.contains(r"^\d{4}"), pl.col("measure").is_not_null())
    spans = dated.group_by(*_KEY, group=group, maintain_order=True).agg(
        first=pl.col("period").min().str.slice(0, 4), last=pl.col("period").max().str.slice(0, 4)
    )
    found: dict[Break, list[str]] = {}
    for *key, of, first, last in spans.iter_rows():
        for cut in announced(*key):
            if breaks_between(first, last, [cut.period]):
                found.setdefault(cut, []).append(of or "")
    return list(found.items())


def periods_of(series: pl.DataFrame, given: Sequence[str] | None = None) -> list[str]:
    """Return the breaks of a series (of one municipality, measure and part) as periods: those given, else those announced."""
    if given is not None:
        return list(given)
    keys = series.select(_KEY).drop_nulls("measure").unique(maintain_order=True)
    return list(dict.fromkeys(cut.period for key in keys.iter_rows() for cut in announced(*key)))


def _touching(measure: str, code: str, part: str | None) -> Iterable[tuple[str, Break]]:
    folder = paths.raw()
    changed = tuple(sorted((path.parent.name, path.stat().st_mtime_ns) for path in folder.glob("*/corrections.toml")))
    return ((report, cut) for report, cut in _of_code(folder, changed).get(code, ()) if cut.touches(measure, part))


@lru_cache(maxsize=2)
def _of_code(folder: Path, changed: tuple[tuple[str, int], ...]) -> dict[str, list[tuple[str, Break]]]:
    """Return the breaks by municipality code, each with its report; read again where a file has `changed`."""
    known = {report for report, _ in changed}
    return {
        code: [
            (report, cut)
            for report in reports
            if report in known
            for cut in load_toml(Notes, folder / report / "corrections.toml").break_
        ]
        for code, reports in reports_by_code().items()
    }
