"""Quantities over rows of times are cut where each begins, if that gives as many columns as the rows have numbers."""

from __future__ import annotations

import pytest
from socialvolym.documents.document import Document
from socialvolym.extraction.by_rules import read_figures
from socialvolym.extraction.headings.quantity_headings import quantity_headings


@pytest.mark.parametrize(
    ("texts", "counts", "headings"),
    [
        (["Månad Antal ärenden Vårddygn Kr per dygn"], {3}, ["Antal ärenden", "Vårddygn", "Kr per dygn"]),
        (["År Hushåll", "Medelbidrag", "per månad", "Utgift, tkr"], {3, 4}, ["Hushåll", "Medelbidrag per månad", "Utgift, tkr"]),
        (["Rubrik", "Period Placerade barn Vård-", "dygn Kostnad, tkr"], {3}, ["Placerade barn", "Vårddygn", "Kostnad, tkr"]),
        (["Antal hushåll Antal personer"], {2}, ["Antal hushåll", "Antal personer"]),
        (["Månad Jourhem HVB och stödboende Totalt"], {3, 4}, ["Jourhem", "HVB och stödboende", "Totalt"]),
        (["Månad Vårddygn 2021 Vårddygn 2022 Kostnad 2022"], {3}, ["Vårddygn 2021", "Vårddygn 2022", "Kostnad 2022"]),
        (["Ärenden Kostnad, tkr", "Månad 2021 2022 2022"], {3}, ["Ärenden 2021", "Ärenden 2022", "Kostnad, tkr 2022"]),
        (["Månad Ärenden Dygn", "2021 2022 2021 2022"], {4}, ["Ärenden 2021", "Ärenden 2022", "Dygn 2021", "Dygn 2022"]),
    ],
)  # fmt: skip
def test_a_capital_begins_a_column_and_per_goes_on_with_it(texts: list[str], counts: set[int], headings: list[str]) -> None:
    split = quantity_headings(list(enumerate(texts, start=1)), counts)
    assert split is not None and split.headings == headings and split.cost == 0


@pytest.mark.parametrize(
    ("texts", "counts"),
    [
        (["År Antal hushåll Antal personer"], {3}),  # one heading is missing
        (["År Antal Antal", "hushåll personer"], {2}),  # the lines are stacked
        (["År Antal Antal"], {2}),
        (["År Utfall Budget"], {2}),  # for other readings of headings
        (["År Eda Torsby"], {2}),
        (["År Antal hushåll", "", "Antal personer"], {2}),
        (["Text om Något Annat"], {2, 3}),
        (["Ärenden Kostnad, tkr", "Månad 2020 2021 2022"], {3}),  # over which years each stands is open
        (["Månad Vårddygn 2021 Kostnad"], {2}),
    ],
)
def test_other_lines_are_not_cut(texts: list[str], counts: set[int]) -> None:
    assert quantity_headings([(number, text) for number, text in enumerate(texts, start=1) if text], counts) is None


def test_where_two_ways_fit_nothing_is_certain() -> None:
    lines = [(1, "År Vårddygn HVB Ärenden Kostnad, tkr")]
    split = quantity_headings(lines, {3, 4})
    assert split is not None and split.cost > 0.5
    clear = quantity_headings(lines, {3})
    assert clear is not None and (clear.headings, clear.cost) == (["Vårddygn HVB", "Ärenden", "Kostnad, tkr"], 0)


def test_rows_of_years_under_headings_that_fit_in_two_ways_are_not_certain() -> None:
    over = "År Vårddygn HVB Ärenden Kostnad, tkr"
    rows = ["2020 1 514 22 4 204", "2021 1 515 28 4 318", "2022 1 912 21 4 100"]
    figures, _ = read_figures(Document(["Verksamhetsberättelse 2022", "", over, *rows]))
    assert all(row["certainty"] != "certain" for row in figures)
