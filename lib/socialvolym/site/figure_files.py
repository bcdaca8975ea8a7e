"""Figure files: the figures of a page and of each of its charts as CSV and Excel, in the page's language and in one form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import unescape
from typing import Any

import polars as pl

from socialvolym import vocabulary
from socialvolym.charts import downloads
from socialvolym.charts.markup import Html
from socialvolym.charts.theme import strings
from socialvolym.csv_files import Schema
from socialvolym.notation.calendar import bounds
from socialvolym.notation.languages import Language
from socialvolym.reports.models import QUOTED
from socialvolym.site.citations import FindingsBeside, quoted

#: The columns of every file; what a language calls them stands in the theme's strings.
COLUMNS: Schema = {
    "municipality": pl.String,
    "measure": pl.String,
    "part": pl.String,
    "period": pl.String,
    "first_day": pl.Date,
    "last_day": pl.Date,
    "series": pl.String,
    "value": pl.Float64,
    "unit": pl.String,
    "printed": pl.String,
    "status": pl.String,
    "break": pl.String,
    "finding": pl.String,
    "report": pl.String,
    "page": pl.Int64,
    "line": pl.Int64,
    "label": pl.String,
    "measure_id": pl.String,
    "observation_id": pl.String,
}
#: A chart, and the place in it for its files.
_FIGURE = re.compile(r'<figure class="chart[ "].*?</figure>', re.DOTALL)
_PLACE = re.compile(r'<span class="files" data-name="([^"]*)"></span>')


class FigureFiles:
    """The files of a page: each figure once, with its unit, status, break, findings and source.

    Parameters
    ----------
    observations : with observation_id; at least the figures that the page quotes.
    findings : as for the page.
    documents : what is known of the reports, by id (pages.DocumentInfo).
    """

    def __init__(
        self, observations: pl.DataFrame, findings: pl.DataFrame, documents: Mapping[str, Any], language: Language
    ) -> None:
        self._rows = {row["observation_id"]: row for row in observations.iter_rows(named=True)}
        self._findings, self._documents, self._language = FindingsBeside(findings, language, observations), documents, language
        self._words, self._units = strings(language), vocabulary.units()
        self._series, self._measures = vocabulary.series(language), vocabulary.measure_index()

    def frame(self, ids: Iterable[str]) -> pl.DataFrame:
        """Return the figures with these ids (COLUMNS), each once, sorted by municipality, measure, part and period."""
        rows = [self._row(self._rows[name]) for name in dict.fromkeys(ids)]
        return pl.DataFrame(rows, schema=COLUMNS, orient="row").sort("municipality", "measure", "part", "period", "series")

    def links(self, ids: Iterable[str], name: str) -> Html:
        """Return the links that save figures; nothing where there are none."""
        words = self._words
        told = self.frame(ids).rename({column: words["file"][column] for column in COLUMNS})
        return downloads.links(told, name, self._language, words["save_csv"], words["save_xlsx"]) if told.height else Html()

    def filled(self, html: str) -> str:
        """Put its files into each chart that has a place for them."""

        def with_files(chart: re.Match[str]) -> str:
            return _PLACE.sub(lambda place: str(self.links(quoted(chart[0]), unescape(place[1]))), chart[0])

        return _FIGURE.sub(with_files, html)

    def _row(self, row: Mapping[str, Any]) -> dict[str, Any]:
        document = self._documents.get(row["report"])
        first, last = bounds(row["period"]) if row["period"] else (None, None)
        known = self._measures.get(row["measure"], {})
        return {
            "municipality": document.municipality if document else row["municipality_code"],
            "measure": known.get(f"title_{self._language}") or row["measure"],
            "part": row["breakdown"],
            "period": row["period"],
            "first_day": first,
            "last_day": last,
            "series": self._series.get(row["series"], row["series"]),
            "value": row["value"],
            "unit": (self._units.get(row["unit"] or "") or {}).get(f"title_{self._language}") or row["unit"],
            "printed": row["published_as"],
            "status": self._words["status"].get(row["status"], row["status"]),
            "break": self._break(row, document),
            "finding": " ".join(found["text"] for found in self._findings.about(row)) or None,
            "report": f"{document.committee}: {document.title}" if document else row["report"],
            "page": row["page"],
            "line": row["line"],
            "label": row["label"],
            "measure_id": row["measure"],
            "observation_id": row["observation_id"],
        }

    def _break(self, row: Mapping[str, Any], document: Any) -> str | None:
        """Return what is new in the way of counting from a figure's year on."""
        year = (row["period"] or "")[:4]
        cuts = [cut for cut in document.breaks if cut.touches(row["measure"], row["breakdown"])] if document else []
        cuts = [cut for cut in cuts if cut.period[:4] == year]
        return "; ".join(QUOTED.sub(r"\2", getattr(cut, f"reason_{self._language}")) for cut in cuts) or None
