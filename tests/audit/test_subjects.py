"""Subjects: facts of sentences are kept by the labels of rows, and those that name no row are not kept."""

from __future__ import annotations

import polars as pl
import pytest
from socialvolym.audit.text.subjects import without_sentences
from socialvolym.audit.text.text_facts import FACT_SCHEMA, fact, parts
from socialvolym.vocabulary.columns import CELL_SCHEMA

ROWS = [("t1", 20, None, "Antal hushåll"), ("t1", 21, "Barn", "Insatser enligt LVU"), ("t2", 90, None, "Intäkter totalt")]


def kept(line: int, kind: str, what: str) -> list[str]:
    cells = [
        dict.fromkeys(CELL_SCHEMA) | {"table": table, "line": number, "kind": "table", "group": group, "row_label": label}
        for table, number, group, label in ROWS
    ]
    facts = pl.DataFrame([(line, kind, what)], schema=FACT_SCHEMA, orient="row")
    return without_sentences(facts, pl.DataFrame(cells, schema=CELL_SCHEMA))["what"].to_list()


@pytest.mark.parametrize(
    ("kind", "what", "expected"),
    [
        ("direction_told", "färre|2022|2021|antalet hushållen", ["färre|2022|2021|Antal hushåll"]),
        ("direction_told", "färre|2022|2021|hushållen i de nya", []),
        ("deficit_told", "5,1|mnkr|outturn|nämnden har", []),
        ("deficit_told", "5,1|mnkr|forecast|prognosen", ["5,1|mnkr|forecast|prognosen"]),
        ("amount_and_percent", "intäkter|9,5|MSEK|66", ["intäkter|9,5|MSEK|66"]),
        ("amount_and_percent", "årets intäkter blev totalt|9,5|MSEK|66", ["Intäkter totalt|9,5|MSEK|66"]),
        ("amount_and_percent", "årets resultat motsvarade en|9,5|MSEK|66", []),
        ("development", "minskat|insatser enligt lvu", ["minskat|Barn: Insatser enligt LVU"]),
        ("development", "minskat|insatser för barn", []),
        ("against_years", "färre|de hushåll som fick hjälp", ["färre|Antal hushåll"]),
        ("level_as_change", "13|hushållsmedlemmar", []),
        ("level_as_change", "13|hushåll", ["13|hushåll"]),
        ("unit_missing", "Insatser enligt|", ["Barn: Insatser enligt LVU|"]),
        ("title_year", "2022|caption", ["2022|caption"]),
    ],
)
def test_subjects_are_rows(kind: str, what: str, expected: list[str]) -> None:
    assert kept(21 if kind == "unit_missing" else 15, kind, what) == expected


def test_a_fact_is_read_by_the_names_that_it_was_written_by() -> None:
    told = fact(7, "deficit_told", published="12", told_unit="mnkr", ahead="outturn", subject="hvb|sis")
    titled = fact(9, "title_year", title="2021")
    facts = pl.DataFrame([told, titled], schema=FACT_SCHEMA, orient="row")
    assert parts(facts, "deficit_told").row(0)[3:] == ("12", "mnkr", "outturn", "hvb/sis")
    assert parts(facts, "title_year").row(0)[3:] == ("2021", None)


@pytest.mark.parametrize("told", [{"now": "2021"}, {"before": "2020", "now": "2021"}, {"published": "lägre", "subject": "hvb"}])
def test_a_fact_without_a_part_or_with_others_is_refused(told: dict[str, str]) -> None:
    with pytest.raises(AssertionError, match="direction_told has the parts"):
        fact(7, "direction_told", **told)
