"""Headings by where they stand over the figures."""

from __future__ import annotations

import pytest
from socialvolym.documents.document import Document
from socialvolym.extraction.headings.alignment import aligned_headings, gapped_above
from socialvolym.extraction.tables import find_tables
from socialvolym.extraction.text_lines import Line

ABOVE = [
    "                            Utfall     Budget    Avvikelse   Prognos     Prognos",
    "                           jan-apr    jan-apr                helår     avvikelse",
]
ROWS = [
    "Institutionsvård barn       28 412     22 100     -6 312     83 500     -17 200",
    "Familjehemsvård             31 077     31 900        823     94 700       1 000",
]


def headings(above: list[str], rows: list[str]) -> list[str] | None:
    lines = [Line(number, text) for number, text in enumerate([*above, *rows], start=1)]
    split = aligned_headings(lines[: len(above)], lines[len(above) :])
    return split.headings if split else None


def test_words_over_a_column_are_its_heading() -> None:
    assert headings(ABOVE, ROWS) == ["Utfall jan-apr", "Budget jan-apr", "Avvikelse", "Prognos helår", "Prognos avvikelse"]


def test_the_first_rows_label_may_stand_between() -> None:
    assert headings([*ABOVE, "Vård och"], ROWS) == headings(ABOVE, ROWS)


def test_what_stands_over_the_labels_is_no_heading_of_a_column() -> None:
    above = ["Belopp i tkr" + ABOVE[0][12:], ABOVE[1]]
    assert headings(above, ROWS) == headings(ABOVE, ROWS)


def test_run_together_text_has_no_places() -> None:
    assert headings(["Utfall Budget Avvikelse"], ["Barn 28 412 22 100 -6 312"]) is None


def test_a_column_without_any_word_over_it_is_not_guessed() -> None:
    assert headings([ABOVE[0].replace("Avvikelse", "         ")], ROWS) is None


def test_a_word_over_the_last_column_is_its_own_and_one_over_the_middle_is_of_all() -> None:
    rows = ["Assistans           53     56     64        8", "Ledsagning          71     62     58       -4"]
    found = headings(["                                     Förändring", "                  2019   2020   2021    20-21"], rows)
    assert found == ["2019", "2020", "2021", "Förändring 20-21"]
    three = ["                           Utfall", "                  2019     2020     2021"]
    assert headings(three, ["Assistans           53       56       64", "Ledsagning          71       62       58"]) == [
        "Utfall 2019",
        "Utfall 2020",
        "Utfall 2021",
    ]


def test_headings_with_gaps_over_figures_that_stand_elsewhere() -> None:
    text = "Vårddygn\n            Utfall   Budget   Utfall   Förändring\n            2017     2018     2018     2017-2018, %\n"
    found = find_tables(Document((text + "HVB   3 102   2 920   2 537   -18,2\nSiS   365   300   511   40,0\n").split("\n")))
    assert found[0].headings == ["Utfall 2017", "Budget 2018", "Utfall 2018", "Förändring 2017-2018, %"]


def test_groups_with_gaps_over_figures_that_stand_elsewhere() -> None:
    heads = "                 2020                    2021\n                 Hushåll  Utbetalt tkr   Hushåll  Utbetalt tkr\n"
    rows = "Kvartal 1   402   9 512   391   9 034\nKvartal 2   415   9 874   386   8 905\n"
    found = find_tables(Document((heads + rows).split("\n")))
    assert found[0].headings == ["2020 Hushåll", "2020 Utbetalt tkr", "2021 Hushåll", "2021 Utbetalt tkr"]
    assert [row.label for row in found[0].rows] == ["Kvartal 1", "Kvartal 2"]


@pytest.mark.parametrize(
    ("above", "own", "found"),
    [
        (
            ["Januari–mars 2022    Helår 2022"],
            ["Budget", "Utfall", "Budget", "Prognos"],
            ["Januari-mars 2022 Budget", "Januari-mars 2022 Utfall", "Helår 2022 Budget", "Helår 2022 Prognos"],
        ),
        (
            ["Dygn    Tkr    Kr/dygn"],
            ["2021", "2022", "2022", "2021", "2022"],
            ["Dygn 2021", "Dygn 2022", "Tkr 2022", "Kr/dygn 2021", "Kr/dygn 2022"],
        ),
        (["Dygn    Tkr    Kr/dygn"], ["2021", "2022", "2021", "2022"], None),
        (["Dygn    Tkr"], ["2021", "2022", "2022"], ["Dygn 2021", "Dygn 2022", "Tkr 2022"]),
        (["Kvartal    Ansökningar    Beslut, antal"], ["", ""], ["Ansökningar", "Beslut, antal"]),
        (["Hushåll och kostnad per kvartal"], ["2021", "2022", "2021", "2022"], None),
        (["Kvartal    12    14"], ["", ""], None),
    ],
)
def test_what_gaps_part_right_above_a_grid_heads_its_columns(above: list[str], own: list[str], found: list[str] | None) -> None:
    split = gapped_above([Line(number, text) for number, text in enumerate(above, start=1)], own)
    assert (split.headings if split else None) == found


HEADS = ["                     Utfall   Utfall   Budget   Utfall", "                       2020     2021     2022     2022"]
FULL = [
    "Familjehem              98      104      111      100",
    "Kontaktperson           75       71       70       68",
    "Ledsagning              11        9       12       10",
]


@pytest.mark.parametrize(
    ("row", "label", "cells"),
    [
        ("Varav långvarigt        39                         42", "Varav långvarigt", ["39", "", "", "42"]),
        ("Nya ärenden                      18", "Nya ärenden", ["", "18", "", ""]),
        (
            "Institution             l2       14       11       13",
            "Institution",
            ["l2", "14", "11", "13"],
        ),  # a one read as a letter
        ("Boendestöd              34       30       31   Uppgift    Kan ej", "Boendestöd", ["34", "30", "31", "Uppgift"]),
        ("Jourhem                 34 ,     30     . 28       29", "Jourhem", ["34", "30", "28", "29"]),  # specks of a scan
    ],
)
def test_a_row_that_lacks_a_cell_has_its_cells_where_they_stand(row: str, label: str, cells: list[str]) -> None:
    for place in range(1, len(FULL) + 1):
        (table,) = find_tables(Document([*HEADS, *FULL[:place], row, *FULL[place:]]))
        assert table.headings == ["Utfall 2020", "Utfall 2021", "Budget 2022", "Utfall 2022"]
        found = table.rows[place]
        assert (found.label, [cell.text if cell else "" for cell in found.cells]) == (label, cells)


def test_a_row_whose_cell_stands_between_the_columns_is_left_open() -> None:
    (table,) = find_tables(Document([*HEADS, *FULL, "Boendestöd              34   30   31"]))
    assert table.rows[-1].problem


def test_rows_that_each_lack_another_cell_have_the_columns_of_all() -> None:
    rows = [
        "Hushåll              58         6l         57",
        "Placerade            l2         13         13",
        "Dygn                 93        l2O        124",
    ]
    (table,) = find_tables(Document(["Antal                mars       april      maj", *rows]))
    assert table.headings == ["mars", "april", "maj"]
    assert [[cell and cell.text for cell in row.cells] for row in table.rows] == [row.split()[1:] for row in rows]


@pytest.mark.parametrize("dots", ["." * 12, ". " * 6, "_" * 12, "…" * 12])
def test_dots_that_lead_to_the_figures_leave_them_where_they_stand(dots: str) -> None:
    rows = [
        f"Ledsagning        {dots}     16      17",
        f"Kontaktperson     {dots}      9      11",
        "Avlösning i hemmet                  5       4",
    ]
    (table,) = find_tables(
        Document(["                               31 dec   31 dec", "Insats                           2021     2022", *rows])
    )
    assert table.headings == ["31 dec 2021", "31 dec 2022"]
