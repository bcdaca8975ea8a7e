"""Figures that are another municipality's."""

from __future__ import annotations

import pytest
from socialvolym.documents.document import Document
from socialvolym.extraction.by_rules import read_figures
from socialvolym.extraction.headings.whose import labelled_municipality

_OPENING = [
    "Årsredovisning 2023",
    "",
    "Socialnämnden i Mjölby kommun",
    "",
    "Nämnden redovisar här hur vården har utvecklats.",
    "",
]
_UNKNOWN = ["Årsredovisning 2023", "", "Nämnden redovisar här hur vården har utvecklats.", ""]


def elsewhere(*lines: str, code: str = "whose:elsewhere") -> list[bool]:
    return [code in row["because"].split() for row in read_figures(Document(list(lines)))[0]]


def certain(*lines: str) -> list[bool]:
    return [row["certainty"] == "certain" for row in read_figures(Document(list(lines)))[0]]


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("Motala", "0583"),
        ("MOTALA", "0583"),
        ("Motala kommun 2023", "0583"),
        ("Utfall 2023 Motala", "0583"),
        ("Boende i Motala", None),
        ("mark", None),
        ("Riket", None),
    ],
)
def test_municipality_of_a_label(label: str, code: str | None) -> None:
    assert labelled_municipality(label) == code


@pytest.mark.parametrize("names", ["Mjölby\tMotala\tRiket", "Mjölby 2023\tMotala 2023\tRiket 2023"])
def test_columns_of_other_municipalities_are_elsewhere(names: str) -> None:
    table = ("Personer med insats, utfall 2023", f"Insats\t{names}", "Daglig verksamhet, personer\t210\t330\t39 000")
    assert elsewhere(*_OPENING, *table) == [False, True, True]
    assert certain(*_OPENING, *table)[1:] == [False, False]


def test_rows_of_other_municipalities_are_elsewhere() -> None:
    rows = ("Vårddygn i familjehem", "Kommun\t2022\t2023", "Mjölby\t4 380\t4 410", "Motala\t5 380\t5 410", "Riket\t9\t8")
    assert elsewhere(*_OPENING, *rows) == [False, False, True, True, True, True]


def test_where_the_documents_own_municipality_is_unknown_none_of_several_is_it() -> None:
    table = ("Personer med insats, utfall 2023", "Insats\tMjölby\tMotala", "Daglig verksamhet, personer\t210\t330")
    assert elsewhere(*_UNKNOWN, *table, code="whose:named") == certain(*_UNKNOWN, *table) == [True, True]
    one = ("Personer med insats, utfall 2023", "Insats\tMjölby\tRiket", "Daglig verksamhet, personer\t210\t39 000")
    assert elsewhere(*_UNKNOWN, *one) == [False, True]


@pytest.mark.parametrize("head", ["Mjölby Ydre Folkungabygden Riket", "Mjölby Bergslagen Östergötlands län1 Riket1"])
def test_a_part_of_the_country_beside_other_places_whose(head: str) -> None:
    lines = ["Jämförelse 2023", head, "Kontaktperson, per 10 000 invånare 17,4 18,0 19,6 21,5"]
    assert elsewhere(*_OPENING, *lines) == [False, True, True, True]


def test_the_same_of_several_municipalities_contradicts_nothing() -> None:
    rows = ("Hushåll med ekonomiskt bistånd", "Kommun\t2022\t2023", "Mjölby\t438\t441", "Motala\t538\t541")
    assert certain(*_UNKNOWN, *rows) == [True] * 4


def test_words_that_head_columns_are_no_places() -> None:
    assert elsewhere(*_OPENING, "Jämförelse 2023", "Mått Gruppbostad Servicebostad", "Antal boende 41 37") == [False, False]


@pytest.mark.parametrize("county", ["Norrbotten", "Västra Götaland 2023", "Region Skåne", "Östergötlands"])
def test_a_county_by_its_name_alone_is_elsewhere(county: str) -> None:
    table = ("Personer med insats, utfall 2023", f"Insats\tMjölby\t{county}", "Daglig verksamhet, personer\t210\t3 300")
    assert elsewhere(*_OPENING, *table) == [False, True]


def test_a_heading_that_only_begins_with_a_county_is_the_documents_own() -> None:
    table = ("Personer, utfall 2023", "Insats\tSkånegården", "Daglig verksamhet, personer\t210")
    assert elsewhere(*_OPENING, *table) == [False]
