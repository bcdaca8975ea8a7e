"""The five reports: what is read from the documents is what is stored, and means what a person says that it means."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
from socialvolym import paths
from socialvolym.observations.cleaning import clean_report
from socialvolym.reports.by_hints import check_document, read_report
from socialvolym.reports.loading import load_report, report_ids
from socialvolym.vocabulary.columns import CELL_SCHEMA

REPORTS = report_ids()
FACETS = ("value", "period", "series", "unit", "domain")
LEAST = 0.98


@pytest.mark.parametrize("report", REPORTS)
def test_reading_again_gives_the_stored_cells(documents: Path, report: str) -> None:
    raw = load_report(paths.raw() / report)
    cells = read_report(raw, check_document(raw, documents / raw.report.document))
    assert cells.schema == CELL_SCHEMA
    assert cells.write_csv() == (raw.folder / "cells.csv").read_text(encoding="utf-8")


def labelled(documents: Path) -> pl.DataFrame:
    path = documents.parent / "examples" / "labelled-osteraker-2019.csv"
    if not path.exists():
        pytest.skip("the report that was labelled by hand is not beside the repository (../shared/examples)")
    frame = pl.read_csv(path, infer_schema=False).with_columns(pl.col("line").cast(pl.Int64), pl.col("value").cast(pl.Float64))
    return frame.filter(pl.col("value").is_not_null())


@pytest.mark.parametrize("facets", [("value",), *(("value", facet) for facet in FACETS[1:]), FACETS])
def test_agreement_with_the_report_labelled_by_hand(documents: Path, facets: tuple[str, ...]) -> None:
    expected = labelled(documents)
    observations, _ = clean_report(load_report(paths.raw() / "osteraker-2019"))
    found = observations.filter(pl.col("value").is_not_null())
    ours, theirs = (Counter(frame.select("line", *facets).rows()) for frame in (found, expected))
    agreeing = (ours & theirs).total()
    missing = list((theirs - ours).elements())[:5]
    assert agreeing >= LEAST * expected.height, missing
    assert agreeing >= LEAST * found.height, list((ours - theirs).elements())[:5]


ABOUT = re.compile(r"\b(?:ca|cirka|drygt|knappt|omkring|ungefär|nästan|närmare)\.?\s+$")


@pytest.mark.parametrize("report", REPORTS)
def test_a_figure_that_a_sentence_calls_approximate_is_one(documents: Path, report: str) -> None:
    raw = load_report(paths.raw() / report)
    lines = check_document(raw, documents / raw.report.document).lines
    observations, _ = clean_report(raw)
    for row in observations.filter(pl.col("kind") == "text", pl.col("bound").is_null(), pl.col("published_as") != "").iter_rows(
        named=True
    ):
        before, printed, _ = lines[row["line"] - 1].partition(str(row["published_as"]))
        assert not (printed and ABOUT.search(before)), (row["line"], row["published_as"])
