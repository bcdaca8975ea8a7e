"""Loading: the folders of data/raw as checked reports, and which of them are chosen."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import polars as pl

from socialvolym import paths
from socialvolym.csv_files import load_csvs
from socialvolym.errors import SocialvolymError
from socialvolym.reports.models import Layout, Notes, RawReport, Report, Sayings
from socialvolym.reports.review import load_review
from socialvolym.toml_files import load_toml
from socialvolym.vocabulary.columns import PROSE_SCHEMA

#: What stands for a file that is absent.
_NO_LAYOUT, _NO_NOTES, _NO_SAYINGS, _NO_PROSE = Layout(), Notes(), Sayings(), pl.DataFrame(schema=PROSE_SCHEMA)


def load_report(folder: Path) -> RawReport:
    """Load and check a report's folder; layout.toml, prose.csv, corrections.toml, says.toml and review.toml may be absent."""
    return load_all([folder])[0]


def load_all(folders: Sequence[Path]) -> list[RawReport]:
    """Load many reports' folders; one that cannot be loaded is an error."""
    loaded = []
    for raw in load_each(folders):
        if isinstance(raw, SocialvolymError):
            raise raw
        loaded.append(raw)
    return loaded


def load_each(folders: Sequence[Path]) -> list[RawReport | SocialvolymError]:
    """Load many reports' folders as load_report loads each: for each the report, or why it cannot be loaded."""
    return [_load_one(folder, prose) for folder, prose in zip(folders, _prose(folders), strict=True)]


def _load_one(folder: Path, prose: pl.DataFrame | SocialvolymError) -> RawReport | SocialvolymError:
    try:
        return _load(folder, prose)
    except SocialvolymError as error:
        return error


def _load(folder: Path, prose: pl.DataFrame | SocialvolymError) -> RawReport:
    report = load_toml(Report, folder / "report.toml")
    if report.id != folder.name:
        raise SocialvolymError(f"{folder / 'report.toml'}: the id {report.id!r} is not the folder's name {folder.name!r}")
    layout, notes, says = (folder / name for name in ("layout.toml", "corrections.toml", "says.toml"))
    hints = load_toml(Layout, layout) if layout.exists() else _NO_LAYOUT
    if isinstance(prose, SocialvolymError):
        raise prose
    return RawReport(
        report=report,
        layout=hints,
        prose=prose,
        notes=load_toml(Notes, notes) if notes.exists() else _NO_NOTES,
        sayings=load_toml(Sayings, says) if says.exists() else _NO_SAYINGS,
        folder=folder,
        review=load_review(folder),
    )


def _prose(folders: Sequence[Path]) -> list[pl.DataFrame | SocialvolymError]:
    """Return the figures in the sentences of each report (PROSE_SCHEMA), or why they cannot be loaded."""
    there = [folder / "prose.csv" for folder in folders if (folder / "prose.csv").exists()]
    loaded = dict(zip(there, load_csvs(there, PROSE_SCHEMA), strict=True))
    return [loaded.get(folder / "prose.csv", _NO_PROSE) for folder in folders]


def report_ids() -> list[str]:
    """Return the ids of all reports below data/raw, sorted."""
    return sorted(path.parent.name for path in paths.raw().glob("*/report.toml"))


def load_reports() -> list[RawReport]:
    """Load all reports below data/raw, sorted by id."""
    return choose(())


def chosen_ids(ids: Sequence[str]) -> list[str]:
    """Return these ids, or all where none is named.

    Raises
    ------
    SocialvolymError
        where an id is unknown; the message names the ids that there are.
    """
    known = report_ids()
    unknown = [report for report in ids if report not in known]
    if unknown:
        raise SocialvolymError(f"there is no report {', '.join(unknown)}; reports: {', '.join(known)}")
    return list(ids) or known


def choose(ids: Sequence[str]) -> list[RawReport]:
    """Load the reports with these ids, or all where none is named; an unknown id is an error (see chosen_ids)."""
    return load_all([paths.raw() / report for report in chosen_ids(ids)])


def reports_by_code() -> dict[str, list[str]]:
    """Return the ids of the reports in data/raw by municipality code, both sorted, without loading more of the reports."""
    found: dict[str, list[str]] = {}
    for report, about in _about_reports().items():
        if isinstance(code := about.get("municipality_code"), str):
            found.setdefault(code, []).append(report)
    return dict(sorted(found.items()))


def report_years() -> dict[str, int]:
    """Return the year of each report in data/raw whose report.toml tells it, without loading more of the reports."""
    return {report: year for report, about in _about_reports().items() if isinstance(year := about.get("year"), int)}


def report_documents() -> dict[str, str]:
    """Return the ids of the reports in data/raw by the sha256 of their document, without loading more of the reports."""
    return {sha: report for report, about in _about_reports().items() if isinstance(sha := about.get("sha256"), str)}


def _about_reports() -> dict[str, dict[str, Any]]:
    """Return what each report.toml says; load_report says what is wrong with one that is no TOML."""
    found = {}
    for path in sorted(paths.raw().glob("*/report.toml")):
        with suppress(tomllib.TOMLDecodeError, UnicodeDecodeError):
            found[path.parent.name] = tomllib.loads(path.read_text(encoding="utf-8"))
    return found
