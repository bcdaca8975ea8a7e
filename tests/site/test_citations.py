"""Citations: what is found about a figure stands beside that figure and no other; a row is named in the page's words."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from pages_sample import DOCUMENT, findings, observations
from socialvolym import vocabulary
from socialvolym.charts.figure import source_link
from socialvolym.notation.languages import LANGUAGES
from socialvolym.reports.loading import load_reports
from socialvolym.reports.models import Sayings, Time
from socialvolym.site.citations import FindingsBeside, cited_rows

#: What the invented measure is called.
TITLES = {language: vocabulary.measure_index()["hvb_care_days"][f"title_{language}"] for language in LANGUAGES}

FINDING = {
    "report": "r",
    "line": 403,
    "published": "600 kr",
    "measure": "familjehem_cost_per_day",
    "period": "2019",
    "series": "budget",
    "severity": "error",
    "rule": "total",
    "explanation": "It does not fit.",
    "explanation_sv": "Det stämmer inte.",
    "expected": "730",
    "table": None,
    "breakdown": None,
    "lines": None,
}
CELL = {
    "report": "r",
    "line": 403,
    "measure": "familjehem_cost_per_day",
    "published_as": "600 kr",
    "period": "2019",
    "series": "budget",
    "breakdown": None,
    "observation_id": "r:403:4",
}


@pytest.mark.parametrize(
    ("finding", "cell", "stands"),
    [
        ({}, {}, True),
        ({}, {"period": "2017", "series": "outturn"}, False),
        ({}, {"published_as": "610 kr"}, False),
        ({"period": None, "series": None}, {"period": "2017"}, True),
        ({"published": None}, {"period": "2017", "published_as": "610 kr"}, True),
        ({}, {"measure": "jourhem_cost_per_day"}, False),
    ],
    ids=["its own", "the same figure of another year", "another figure", "of no one time", "about the row", "another measure"],
)
def test_a_finding_stands_beside_the_figure_that_it_is_about(
    finding: dict[str, str | None], cell: dict[str, str], stands: bool
) -> None:
    rows, known = (pl.DataFrame([row]).with_columns(pl.col(pl.Null).cast(pl.String)) for row in (CELL | cell, FINDING | finding))
    about = FindingsBeside(known, "en", rows).about(CELL | cell)
    assert [found["text"] for found in about] == ["It does not fit."] * stands


@pytest.mark.parametrize(("measure", "stands"), [("familjehem_care_days", True), ("hvb_care_days", False)])
def test_what_a_contradiction_touches_through_a_product_has_it_beside(measure: str, stands: bool) -> None:
    tied = CELL | {"line": 402, "measure": measure, "published_as": "9 232", "observation_id": "r:402:4"}
    rows, known = (
        pl.DataFrame([row]).with_columns(pl.col(pl.Null).cast(pl.String)) for row in (tied, FINDING | {"rule": "unit_cost"})
    )
    about = FindingsBeside(known, "sv", rows).about(tied)
    assert [found["text"] for found in about] == ["Det stämmer inte."] * stands


ROWS = [
    # label, breakdown, unit as printed; how the row is named in Swedish and in English
    ("Dygn, köpta platser (dygn)", "köpta platser", "dygn", "Dygn, köpta platser (dygn)", "Dygn, köpta platser (dygn)"),
    (
        "Kostnad (totalt)",
        "ålder ej angiven",
        "tkr",
        "Kostnad (totalt), ålder anges inte, tkr",
        "Kostnad (totalt), age not stated, tkr",
    ),
    # In another spelling.
    (
        "17-åringar som fullföljt grundskolan. Placerade under hela årkurs 9. andel (%)",
        "hela årskurs 9",
        "",
        "17-åringar som fullföljt grundskolan. Placerade under hela årkurs 9. andel (%)",
        "17-åringar som fullföljt grundskolan. Placerade under hela årkurs 9. andel (%)",
    ),
    ("Anmälningar", "0-18 år", "antal", "Anmälningar, 0–18 år, antal", "Anmälningar, aged 0–18, antal"),
    (TITLES["sv"], None, "dygn", f"{TITLES['sv']}, vårddygn", f"{TITLES['en']}, care days"),
]


@pytest.mark.parametrize(("label", "part", "unit", "sv", "en"), ROWS, ids=["said", "brackets", "spelling", "ages", "ours"])
def test_a_row_is_named_with_what_its_label_does_not_say(label: str, part: str | None, unit: str, sv: str, en: str) -> None:
    told = {"label": label, "breakdown": part, "published_unit": unit}
    rows = observations().with_columns(pl.lit(value, dtype=pl.String).alias(name) for name, value in told.items())
    for language, named in zip(LANGUAGES, (en, sv), strict=True):
        link = str(source_link("1", ["haninge-2099:10:1"]))
        [row] = cited_rows(link, language, rows, findings(), {"haninge-2099": DOCUMENT}, "sample")
        assert ", ".join(filter(None, (row.label, row.part, row.unit))) == named


@pytest.mark.parametrize(("published", "period"), [("1200", "före 2095, året anges inte"), ("7", "2095")])
def test_a_source_tells_a_time_as_its_report_says_it(published: str, period: str) -> None:
    said = Time(line=10, period="2095", published=published, en="before 2095, year not stated", sv="före 2095, året anges inte")
    document, link = replace(DOCUMENT, sayings=Sayings(time=(said,))), str(source_link("1", ["haninge-2099:10:1"]))
    [row] = cited_rows(link, "sv", observations(), findings(), {"haninge-2099": document}, "sample")
    assert [figure.period for figure in row.figures] == [period]


@pytest.mark.parametrize(
    ("note", "sv", "en"),
    [
        ("families", "rapporten räknar familjer", "the report counts families"),
        ("unit below department level", "en enhet inom en avdelning", "a unit of a department"),
        ("footnote 2", "fotnot 2", "footnote 2"),
        ("said on the phone", "", "said on the phone"),
    ],
)
def test_a_remark_is_told_in_the_language_of_the_page_where_it_has_words(note: str, sv: str, en: str) -> None:
    rows = observations()[:1].with_columns(note=pl.lit(note))
    [name] = rows["observation_id"]
    for language, told in (("sv", sv), ("en", en)):
        [row] = cited_rows(str(source_link("1", [name])), language, rows, findings(), {"haninge-2099": DOCUMENT}, "page")
        assert (row.note, row.other_language) == (told, not told)


def test_every_remark_with_words_is_a_remark_of_a_report() -> None:
    printed = {row["note"] for raw in load_reports() for row in raw.prose.iter_rows(named=True)}
    assert not set(vocabulary.remarks()) - printed
    assert all(row["sv"] and row["en"] for row in vocabulary.remarks().values())
