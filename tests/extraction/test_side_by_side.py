"""Two tables beside each other are parted where the second one's labels begin; one table with texts in it is not."""

from __future__ import annotations

import polars as pl
import pytest
from socialvolym.documents.document import Document, Grid, GridCell
from socialvolym.extraction.by_rules import read_document
from socialvolym.extraction.cells.side_by_side import parted, parted_lines, texts_beside
from socialvolym.extraction.tables import find_tables


def grid(rows: list[list[str]]) -> Grid:
    return Grid([[GridCell(text, line) for text in row] for line, row in enumerate(rows, start=1)])


def texts(grids: list[Grid]) -> list[list[list[str]]]:
    return [[[cell.text for cell in row] for row in found.rows] for found in grids]


@pytest.mark.parametrize("gap", [[], [""], ["", ""]])
def test_the_second_table_begins_at_its_labels(gap: list[str]) -> None:
    left = [["Bistånd", "2021", "2022"], ["Hushåll", "1 245", "1 310"], ["Belopp, tkr", "45 120", "47 300"]]
    right = [["Barn", "2021", "2022"], ["Placerade", "38", "44"], ["Vårddygn", "3 120", ".."]]
    both = [[*a, *gap, *b] for a, b in zip(left, right, strict=True)]
    assert texts(parted(grid(both))) == [left, right]


@pytest.mark.parametrize(
    "rows",
    [
        [["Mått", "2021", "Kommentar", "2022"], ["Barn", "3", "fler", "4"], ["Dygn", "30", "fler", "40"]],  # one text twice
        [["Kommun", "Insats", "2021"], ["Ort", "Barn", "3"], ["By", "Dygn", "30"]],  # no values before the texts
        [["Mått", "2021", "Kommentar"], ["Barn", "3", "fler"], ["Dygn", "30", "färre"]],  # no values after them
    ],
)
def test_one_table_stays_one(rows: list[list[str]]) -> None:
    assert texts(parted(grid(rows))) == [rows]


LEFT = [
    "Stöd              2022    2023",
    "Boende             {a}     {b}",
    "  varav unga       {c}     {d}",
    "Sysselsättning    118     124",
]
RIGHT = [
    "Vård          2021    2022    Budget 24",
    "Familjehem     1 104   1 190       1 200",
    "Institution       88      97",
    "Anmälningar      402     455         430",
]


def beside(left: list[str], right: list[str], gap: int) -> list[str]:
    width = max(map(len, left)) + gap
    return [f"{a:{width}}{b}".rstrip() for a, b in zip(left, right, strict=True)]


def cells(lines: list[str]) -> list[tuple[list[str], list[list[str]]]]:
    found = find_tables(Document(lines))
    return [(table.headings, [[row.label, *(c.text if c else "" for c in row.cells)] for row in table.rows]) for table in found]


@pytest.mark.parametrize("gap", [3, 8])
@pytest.mark.parametrize("values", [(57, 61, 12, 9), ("1 057", "1 061", 412, 409)])
def test_tables_on_the_same_lines_are_read_each_for_itself(gap: int, values: tuple[object, ...]) -> None:
    left = [line.format(**dict(zip("abcd", values, strict=True))) for line in LEFT]
    expected = [
        (["2022", "2023"], ["Boende", str(values[0]), str(values[1])]),
        (["2021", "2022", "Budget 24"], ["Familjehem", "1 104", "1 190", "1 200"]),
    ]
    found = cells(["Siffror i korthet", "", *beside(left, RIGHT, gap), "", "Källa: eget system"])
    assert [(headings, rows[0]) for headings, rows in found] == expected
    assert [len(rows) for _, rows in found] == [3, 3]


def test_the_left_one_may_end_first_and_a_third_stand_beside() -> None:
    left = [*(line.format(a=57, b=61, c=12, d=9) for line in LEFT[:3]), ""]
    third = ["Mått      2023", "Hushåll    251", "Belopp    24,9", "Snitt      8,1"]
    found = cells(beside(beside(left, RIGHT, 4), third, 5))
    assert [headings for headings, _ in found[:2]] == [["2022", "2023"], ["2021", "2022", "Budget 24"]]
    assert [len(rows) for _, rows in found] == [2, 3, 3]


@pytest.mark.parametrize(
    "lines",
    [
        [
            "Mål        2021   2022   Läge      2023",
            "Väntan       14     15   uppnått     12",
            "Svar          3      4   uppnått      5",
        ],
        ["Hushåll    212    225   varav unga 14", "Barn        31     40", "Vuxna       12     18"],
        ["Stöd till barn 2022 och 2023  kostade 12 mkr", "Vuxna         31     40", "Personal      12     18"],
    ],
)
def test_lines_of_one_table_stay_together(lines: list[str]) -> None:
    assert list(parted_lines(lines)) == [lines]


TEXT_BESIDE = """Verksamhetsberättelse 2020                   Individ och familj

Året har varit ovanligt. Antalet             Nyckeltal               2019      2020
orosanmälningar ökade med 9 procent          Orosanmälningar         1 240    1 352
medan utredningstiden kunde hållas.          Inledda utredningar       611      598
Kostnaden för placeringar blev 71,5            varav barn               26       17
mnkr, en minskning med 8,3 mnkr.             Hushåll med bistånd       342      361
"""


def test_running_text_beside_a_table_is_read_apart_from_it() -> None:
    figures, unread = read_document(Document.from_text(TEXT_BESIDE))
    table = figures.filter(pl.col("kind") == "table")
    assert table["label"].to_list() == [
        label for label in ("Orosanmälningar", "Inledda utredningar", "varav barn", "Hushåll med bistånd") for _ in range(2)
    ]
    assert table["period"].to_list() == ["2019", "2020"] * 4
    text = figures.filter(pl.col("kind") == "text")
    assert text["published_as"].to_list() == ["9", "71,5", "8,3"]
    assert text["line"].to_list() == [4, 6, 7]
    assert unread.is_empty()


@pytest.mark.parametrize(
    "lines",
    [
        ["Personer med stöd i", "hemmet av kommunen    Under 65 år   12   14", "Barn med stöd i skolan    Alla   3   4"],
        ["Barn och unga på HVB    12   14", "barn i egna familjehem   31   35", "barn i köpta familjehem   7   9"],
        ["Mål för barn och unga", "Fler ska få stöd i tid    71    74", "Färre ska vänta länge    12    10"],
    ],
)
def test_labels_of_several_words_are_no_text_beside_a_table(lines: list[str]) -> None:
    assert texts_beside(lines) == {}
