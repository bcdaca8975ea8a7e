"""Columns of a page: text beside text or a table is read one after the other, and a table of wide texts stays one."""

from __future__ import annotations

import pytest
from socialvolym.documents.pages.page_columns import page_columns
from socialvolym.documents.pages.page_layout import lay_out_page
from socialvolym.documents.pages.page_parts import TablePart, TextLine
from socialvolym.documents.pages.page_rules import RuledTable
from socialvolym.documents.pages.page_words import Word

_STEP, _HEIGHT, _LETTER = 14.0, 10.0, 5.0


def _words(text: str, left: float, top: float) -> list[Word]:
    words = []
    for part in text.split():
        words.append(Word(part, left, top, left + _LETTER * len(part), top + _HEIGHT))
        left += _LETTER * (len(part) + 1)
    return words


def _column(texts: list[str], left: float, top: float, step: float = _STEP) -> list[Word]:
    return [word for number, text in enumerate(texts) for word in _words(text, left, top + number * step)]


_TEXT = [
    "Antalet barn i familjehem var större",
    "än året före, och fler av dem bor hos",
    "släktingar. Kostnaden för dygnen blev",
    "högre eftersom priset höjdes i april,",
    "och det gäller alla avtal som nämnden",
    "har tecknat med dem som ger vården.",
    "Under hösten kom flera nya placeringar.",
]
_ROWS = [("Dygn", "410", "455"), ("Barn", "12", "14"), ("Hem", "9", "11"), ("Avtal", "3", "4"), ("Ansökningar", "21", "20")]


def _table(left: float, top: float, step: float) -> list[Word]:
    lines = [("Mått", "2021", "2022"), *_ROWS]
    return [
        word
        for number, cells in enumerate(lines)
        for cell, text in enumerate(cells)
        for word in _words(text, left + 90 * cell, top + number * step)
    ]


@pytest.mark.parametrize(("step", "offset"), [(17.0, 5.0), (21.0, 0.0), (14.5, 7.0)])
def test_text_beside_a_table_is_read_before_it(step: float, offset: float) -> None:
    items = lay_out_page([*_column(_TEXT, 50, 100), *_table(300, 100 + offset, step)], [])
    assert [item.text for item in items if isinstance(item, TextLine) and item.text] == _TEXT
    [table] = [item for item in items if isinstance(item, TablePart)]
    assert [[slot.text for slot in row] for row in table.rows][1:] == [list(row) for row in _ROWS]


def test_what_stands_above_and_below_the_columns_keeps_its_place() -> None:
    title, foot = (
        "Verksamheten under året och vad den har kostat nämnden i stort",
        "Sidan fortsätter med nästa avsnitt som rör hela nämnden",
    )
    words = [*_words(title, 50, 80), *_column(_TEXT, 50, 100), *_table(300, 105, 17), *_words(foot, 50, 230)]
    parts = [" ".join(word.text for word in part) for part in page_columns(words, [])]
    assert parts[0] == title and parts[-1] == foot
    assert parts[1].startswith("Antalet barn") and "2021" in parts[2]


def test_rows_with_long_texts_on_the_lines_of_their_figures_are_one_table() -> None:
    words = [
        *_column(_TEXT, 50, 100),
        *_column(["Dygn 410", "Dygn 433", "Dygn 455", "Dygn 470", "Dygn 481", "Dygn 5", "Dygn 7"], 300, 100),
    ]
    assert len(list(page_columns(words, []))) == 1


def test_a_table_with_lines_around_it_is_no_two_columns() -> None:
    words = [*_column(_TEXT, 50, 100), *_table(300, 105, 17)]
    around = RuledTable((40.0, 290.0, 560.0), (95.0, 220.0), ((0, 0, 1, 1), (0, 1, 1, 1)))
    assert len(list(page_columns(words, [around]))) == 1


def test_a_page_without_words_has_no_columns() -> None:
    assert list(page_columns([], [])) == [[]]


def test_words_without_width_are_no_running_text() -> None:
    words = [Word("x", left, 10.0 * row, left, 10.0 * row + 8) for row in range(8) for left in (0.0, 200.0, 400.0)]
    assert [word for part in page_columns(words, []) for word in part] == words
