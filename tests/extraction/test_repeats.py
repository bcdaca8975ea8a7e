"""Repeats: a sentence that says what a table prints is read as the table says; what only looks alike stays as it was read."""

from __future__ import annotations

from typing import Any

import pytest
from socialvolym.documents.document import Document
from socialvolym.extraction.by_rules import read_figures

TABLES = """Socialnämndens årsredovisning 2030

Tabell 1. Nettokostnad per område, tkr
Område\tBudget 2030\tUtfall 2030\tUtfall 2029
Barn och unga\t92 400\t108 730\t92 640
Ekonomiskt bistånd\t71 200\t66 842\t65 010
Insatser enligt LSS\t398 500\t404 318\t381 664
Summa\t562 100\t579 890\t539 314

Tabell 2. Hushåll med ekonomiskt bistånd i genomsnitt per månad
\t2028\t2029\t2030
Hushåll i genomsnitt per månad\t842\t741\t768

Tabell 3. Vårddygn, barn och unga
\t2029\t2030
Familjehem\t28 835\t27 410
HVB\t6 205\t7 665

"""


def told(sentence: str, text: str) -> dict[str, Any]:
    figures, _ = read_figures(Document((TABLES + sentence).split("\n")))
    return next(row for row in figures if row["kind"] == "text" and row["published_as"].lstrip("-+") == text)


@pytest.mark.parametrize(
    ("sentence", "text", "read"),
    [
        ("Nämndens nettokostnad uppgick till 579,9 mnkr.", "579,9", ("net_cost", "2030", "outturn", 579.9)),
        ("Nämndens nettokostnad var 579,9 mnkr mot en budget på 562,1 mnkr.", "562,1", ("net_cost", "2030", "budget", 562.1)),
        (
            "I snitt fick 768 hushåll ekonomiskt bistånd varje månad.",
            "768",
            ("economic_assistance_households", "2030", "outturn", 768),
        ),
        ("Dygnen i familjehem minskade med 1 425.", "1 425", ("familjehem.care_days.children", "2030", "change_abs", -1425)),
        ("Dygnen på HVB ökade med 23,5 procent.", "23,5", ("hvb_care_days", "2030", "change_pct", 23.5)),
        ("Nämndens nettokostnad ökade med 7,5 procent.", "7,5", ("net_cost", "2030", "change_pct", 7.5)),
        ("Verksamheten för barn och unga kostade 108,7 mnkr.", "108,7", ("net_cost_area", "2030", "outturn", 108.7)),
    ],
)
def test_what_a_table_says_as_well_is_certain(sentence: str, text: str, read: tuple[Any, ...]) -> None:
    row = told(sentence, text)
    assert tuple(row[name] for name in ("measure", "period", "series", "value")) == read
    assert row["certainty"] == "certain" and "measure:repeated" in row["because"]


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("Nämndens nettokostnad uppgick till 579,7 mnkr.", "579,7"),
        ("Nämndens nettokostnad uppgick till ungefär 579,9 mnkr.", "579,9"),
        ("Nämndens nettokostnad ökade med 7,7 procent.", "7,7"),
        ("I snitt fick 678 hushåll ekonomiskt bistånd varje månad.", "678"),
        ("Personalen arbetade 7 665 timmar övertid.", "7 665"),
        ("Dygnen i familjehem ökade med 23,5 procent.", "23,5"),
        ("Sedan 2028 har antalet hushåll i genomsnitt per månad med bistånd minskat med 8,79 procent.", "8,79"),
    ],
)
def test_what_a_table_says_otherwise_or_of_something_else_is_not(sentence: str, text: str) -> None:
    row = told(sentence, text)
    assert row["certainty"] != "certain" and "repeated" not in row["because"]


def test_a_value_that_tables_tell_of_two_things_of_the_activity_is_neithers() -> None:
    twice = TABLES.replace("HVB\t6 205\t7 665", "Konsulentstödda familjehem\t2 205\t27 410")
    figures, _ = read_figures(Document((twice + "Antalet vårddygn i placeringar var 27 410.").split("\n")))
    assert next(row for row in figures if row["kind"] == "text" and row["published_as"] == "27 410")["certainty"] != "certain"


@pytest.mark.parametrize(
    ("sentence", "period"),
    [
        ("Nämnden hade 412 tillsvidareanställda den sista augusti.", "2030-08-31"),
        ("Den 31 augusti hade nämnden 412 tillsvidareanställda.", "2030-08-31"),
        ("Nämnden hade 412 tillsvidareanställda.", "2030-01/2030-08"),
    ],
)
def test_a_day_that_a_sentence_names_says_more_than_the_months_of_the_table(sentence: str, period: str) -> None:
    title, head = "Delårsrapport januari-augusti 2030\n\nTabell 1. Personal", "\tJan-aug 2029\tJan-aug 2030"
    table = f"{title}\n{head}\nTillsvidareanställda\t398\t412\n\n"
    figures, _ = read_figures(Document((table + sentence).split("\n")))
    (row,) = (row for row in figures if row["kind"] == "text" and row["published_as"] == "412")
    assert row["period"] == period


def test_a_mean_of_the_year_is_not_the_month_that_happens_to_have_as_many() -> None:
    months = "Maj\t252\nJuni\t255\nJuli\t261\nGenomsnitt\t255\n\n"
    text = f"Årsredovisning 2030\n\nHushåll med ekonomiskt bistånd\nMånad\t2030\n{months}I snitt fick 255 hushåll bistånd."
    figures, _ = read_figures(Document(text.split("\n")))
    sentence = next(row for row in figures if row["kind"] == "text")
    assert (sentence["period"], sentence["certainty"] == "certain") == ("2030", False)


@pytest.mark.parametrize(
    "sentence", ["Under året kom 118 ansökningar om LSS in.", "Under året avslogs 118 ansökningar enligt LSS."]
)
def test_so_many_applications_are_not_so_many_persons(sentence: str) -> None:
    table = "Antal personer med LSS den 31 december\t2029\t2030\nDaglig verksamhet\t118\t121\nLedsagarservice\t112\t109\n\n"
    figures, _ = read_figures(Document(f"Årsredovisning 2030\n\n{table}{sentence}".split("\n")))
    told_in = next(row for row in figures if row["kind"] == "text")
    assert (told_in["period"], "repeated" in told_in["because"]) == ("2030", False)
