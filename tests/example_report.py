"""The made-up document of docs/example, added as a report of a folder of its own."""

from __future__ import annotations

from pathlib import Path

from socialvolym import paths
from socialvolym.audit.text.structure import kept_facts
from socialvolym.extraction.metadata import Metadata
from socialvolym.observations.readings import as_read
from socialvolym.reports.draft import difference, draft, store, store_newer
from socialvolym.reports.loading import load_report
from socialvolym.reports.models import RawReport

DOCUMENT = Path(__file__).resolve().parents[1] / "docs/example/exempelkommunen-2030.txt"


def add(document: Path = DOCUMENT) -> RawReport:
    """Add the document below the repository that $SOCIALVOLYM_HOME names."""
    return load_report(store(*draft(document, Metadata("document", "0136"), kept_facts)))


def again(raw: RawReport) -> RawReport:
    """Load the report as it is now."""
    return load_report(paths.raw() / raw.report.id)


def newer(raw: RawReport, document: Path) -> RawReport:
    """Read another edition of the report in the place of what was read before."""
    about = raw.report
    drafted = draft(document, Metadata(about.id, about.municipality_code, year=about.year), kept_facts)[1]
    store_newer(raw, drafted, difference(as_read(raw).rows, drafted.readings))
    return again(raw)
