"""Figures cut at the right edges that the rows of a table share, on lines made by hand: five points a letter."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from socialvolym.documents.pages.page_words import Line, Word, is_broken_number, text_of
from socialvolym.documents.pages.tight_columns import part_at_edges

LABELS = ("Familjehem", "Jourhem", "HVB")


def row(label: str, figures: Sequence[str], edges: Sequence[float]) -> Line:
    """A row of figures that each end at an edge; those of several words have a blank of three points between them."""
    words = [Word(label, 0, 0, 5 * len(label), 10)]
    for figure, edge in zip(figures, edges, strict=True):
        right, placed = edge, []
        for part in reversed(figure.split()):
            placed.append(Word(part, right - 5 * len(part), 0, right, 10))
            right -= 5 * len(part) + 3
        words += placed[::-1]
    return Line(words)


def cells(rows: Sequence[Sequence[str]], edges: Sequence[float]) -> list[list[str]]:
    lines = part_at_edges([row(label, figures, edges) for label, figures in zip(LABELS, rows, strict=True)])
    return [[text_of(chunk) for chunk in line.chunks[1:]] for line in lines]


@pytest.mark.parametrize("gap", [2.5, 3.5])
def test_figures_closer_than_words_are_parted_at_shared_edges(gap: float) -> None:
    rows = [("12", "40", "9"), ("15", "38", "7"), ("11", "41", "8")]
    edges = (200, 200 + 10 + gap, 200 + 20 + 2 * gap)
    assert cells(rows, edges) == [list(figures) for figures in rows]


def test_a_wide_gap_parts_three_digits_from_the_figure_before_them() -> None:
    rows = [("12", "345", "40", "9"), ("15", "377", "38", "7"), ("11", "361", "41", "8")]
    assert cells(rows, (200, 260, 273, 281)) == [list(figures) for figures in rows]


def test_thousands_behind_a_blank_stay_one_figure() -> None:
    rows = [("12 345", "40", "9"), ("15 377", "38", "7"), ("11 361", "41", "8")]
    assert cells(rows, (260, 273, 281)) == [list(figures) for figures in rows]


@pytest.mark.parametrize(
    ("texts", "broken"),
    [
        (["12", "345"], True),
        (["123 456", "789"], True),
        (["868 400", "178 300"], False),
        (["3 420", "178 300"], False),
        (["12", "34"], False),
    ],
)
def test_a_number_broken_at_its_thousands_is_no_longer_than_an_amount(texts: list[str], broken: bool) -> None:
    assert is_broken_number(texts) == broken
