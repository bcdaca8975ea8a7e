"""Reviewing an added report: each table as printed beside what was read from it, what was ambiguous, and what has no measure."""

from __future__ import annotations

from typing import Any

import polars as pl
from markupsafe import Markup

from socialvolym import vocabulary
from socialvolym.charts.markup import Html, bullets, paragraph, section, table
from socialvolym.narrative.wording import Wording
from socialvolym.notation.languages import Language
from socialvolym.observations import readings, with_ids
from socialvolym.observations.cleaning import clean_report
from socialvolym.reports.answers import in_words, reason_in_words
from socialvolym.reports.loading import choose
from socialvolym.reports.models import RawReport


class Review:
    """What a person needs to accept a report's reading, or to see where it needs a hint.

    Parameters
    ----------
    report : id of a report in data/raw.
    language : "en" or "sv".
    """

    def __init__(self, report: str, language: Language) -> None:
        self.raw: RawReport = choose([report])[0]
        self.words = Wording(language)
        observations, self.unread = clean_report(self.raw)
        self.observations = with_ids(observations)

    def opening(self) -> Html:
        """Return what the report is and how much was read from it."""
        about = self.raw.report
        told, cells = self.observations.height, max(1, self.raw.cells.height)
        return Html(
            paragraph(
                self.words.say(
                    "review.lede",
                    place=about.municipality,
                    title=about.title,
                    committee=about.committee,
                    all=self.raw.cells.height,
                    count=told,
                    share=round(100 * told / cells),
                    unread=self.unread.height,
                    report=self.raw.report.id,
                ),
                kind="lede",
            )
        )

    def tables(self) -> Html:
        """Return each table: its printed cells with their meaning."""
        parts = [
            self._table(str(name), part)
            for (name,), part in self.observations.filter(pl.col("table").is_not_null()).group_by("table", maintain_order=True)
        ]
        return section(self.words.say("review.tables"), *parts, name="tables")

    def _table(self, name: str, rows: pl.DataFrame) -> Markup:
        hint = self.raw.table(name)
        caption = (hint.caption if hint else "") or name
        lines = self.words.say("review.lines", first=rows["line"].min(), last=rows["line"].max())
        return Markup("<h3>{} ({})</h3>{}").format(caption, lines, self._meanings(rows))

    def prose(self) -> Html:
        """Return the figures in sentences, with their meaning in our own words."""
        rows = self.observations.filter(pl.col("kind") == "text")
        return section(self.words.say("review.prose"), self._meanings(rows), name="prose") if rows.height else Html("")

    def _meanings(self, rows: pl.DataFrame) -> Markup:
        say = self.words.say
        heads = [
            say(f"label.{name}") for name in ("lines", "what", "printed", "measure", "part", "period", "series", "value", "unit")
        ]
        return table(heads, (self._meaning(row) for row in rows.iter_rows(named=True)), numeric=(0, 2, 7))

    def _meaning(self, row: dict[str, Any]) -> tuple[Any, ...]:
        measure = self.words.title(row["measure"])
        marked = Markup("<mark>{}</mark>").format(measure) if row["measure"] == vocabulary.UNKNOWN else measure
        value = (
            ""
            if row["value"] is None
            else Markup('<a class="num" href="#src-{0}" data-obs="{0}">{1}</a>').format(
                row["observation_id"], f"{row['value']:g}"
            )
        )
        return (
            row["line"],
            in_words("unit", row["label"], self.words.language),
            row["published_as"],
            marked,
            row["breakdown"] or "",
            row["period"] or "",
            self.words.series(row["series"]),
            value,
            self.words.unit(row["unit"]),
        )

    def problems(self) -> Html:
        """Return what was ambiguous and the labels that the vocabulary does not know."""
        say = self.words.say
        unread = [
            say(
                "review.unread",
                line=row["line"],
                what=row["text"] or row["row_label"],
                reason=reason_in_words(row["reason"], self.words.language),
            )
            for row in self.unread.iter_rows(named=True)
        ]
        unknown = [f"{group}: {label}" if group else label for group, label in self._without_measure()]
        return section(
            say("review.problems"),
            paragraph(say("review.hints", report=self.raw.report.id)),
            bullets(unread),
            *([paragraph(say("review.unknown", report=self.raw.report.id)), bullets(unknown)] if unknown else []),
            name="problems",
        )

    def _without_measure(self) -> list[tuple[str | None, str]]:
        """Return group and label of each row of a table whose figures have no measure yet."""
        if not self.raw.is_added:
            return []
        rows = readings.settled(self.raw).rows.filter(pl.col("table").is_not_null(), pl.col("state") != "taken_out")
        unknown = rows.filter(pl.col("measure").is_null() | (pl.col("measure") == vocabulary.UNKNOWN))
        return list(unknown.select("group", "row_label").unique(maintain_order=True).iter_rows())
