"""Marks of footnotes that a text layer has set behind figures."""

from __future__ import annotations

import pytest
from socialvolym.documents.document import Document
from socialvolym.extraction.by_rules import read_figures

_HEAD = ["Nyckeltal", "Mått Utfall 2019 Utfall 2020 Utfall 2021"]
_NOTES = ["", "1 Vid årets slut.", "2 Ny metod.", "3 Utan köpta platser."]


def values(*lines: str) -> list[tuple[str, float]]:
    return [(row["published_as"], row["value"]) for row in read_figures(Document(list(lines)))[0]]


@pytest.mark.parametrize(
    ("rows", "number", "value"),
    [
        (["Platser i gruppbostad1 84 86 882", "Platser i servicebostad3 41 42 44"], "88²", 88),
        (["Väntetid i dagar1 120 1183 125", "Hushåll i kö2 41 42 44"], "118³", 118),
        (["Hushåll i kö1 41 422 44", "Dygn i familjehem3 2 410 2 433 2 501"], "42²", 42),
    ],
)
def test_a_mark_that_no_label_has_is_taken_from_the_figure_that_is_ten_times_too_large(
    rows: list[str], number: str, value: float
) -> None:
    found = values(*_HEAD, *rows, *_NOTES)
    assert (number, value) in found
    assert len(found) == 6


@pytest.mark.parametrize(
    "row",
    [
        "Platser i gruppbostad1 84 86 92",  # a figure may end in the digit of a note
        "Platser i gruppbostad2 84 86 882",  # its label has the mark
        "Platser i gruppbostad 84 86 882",  # no label points to the notes, which may be a list
    ],
)
def test_other_figures_keep_their_digits(row: str) -> None:
    assert values(*_HEAD, row, "Platser i servicebostad 41 42 44", *_NOTES)[2][0] == row.split()[-1]


def test_what_numbers_a_note_is_no_figure_and_no_figure_is_left_unread() -> None:
    lines = [*_HEAD, "Platser i gruppbostad1 84 86 882", *_NOTES, "4 Brukare svarade inte."]
    figures, unread = read_figures(Document(lines))
    assert [row["value"] for row in figures] == [84, 86, 88]
    assert unread == []


def test_a_raised_mark_leaves_no_number_unread() -> None:
    assert read_figures(Document([*_HEAD, "Platser i gruppbostad 84 86 88²", "Platser i servicebostad 41 42 44"]))[1] == []
