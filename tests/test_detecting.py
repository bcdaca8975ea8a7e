"""Tables in plain text and in grids: rows, columns and headings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from socialvolym.cutting import relations_of
from socialvolym.detecting import FoundTable, find_tables
from socialvolym.document import Document, Grid, GridCell
from socialvolym.numbers import parse_number, print_number
from socialvolym.textlines import Line, axis_lines, cuts


def tables(text: str) -> list[FoundTable]:
    return find_tables(Document.from_text(text))


def cells(table: FoundTable) -> list[list[str | None]]:
    return [[cell.text if cell else None for cell in row.cells] for row in table.rows]


def test_run_together_rows_are_cut_by_the_number_of_headings() -> None:
    (table,) = tables("Tkr Budget 2023 Utfall 2023 Avvikelse\nIntäkter 1 200 1 350 150\nKostnader -11 200 -11 400 -200\n")
    assert table.headings == ["Budget 2023", "Utfall 2023", "Avvikelse"]
    assert cells(table) == [["1 200", "1 350", "150"], ["-11 200", "-11 400", "-200"]]


def test_headings_may_be_broken_over_lines() -> None:
    (table,) = tables("Belopp i tkr Budget\n2023\nUtfall\n2023\nAvv.\nutfall/\nbudget\nLokaler 500 510 -10\nPersonal 7 6 1\n")
    assert table.headings == ["Budget 2023", "Utfall 2023", "Avv. utfall/budget"]


def test_series_may_stand_over_years() -> None:
    (table,) = tables("Mått Utfall Utfall Mål\n 2021 2022 2023\nBarn i HVB 9 11 8\nBarn i familjehem 41 39 40\n")
    assert table.headings == ["Utfall 2021", "Utfall 2022", "Mål 2023"]


def test_headings_may_follow_the_table() -> None:
    (table,) = tables("Personal 500 510\nLokaler 700 690\nBudget \n2022 Budget 2023\n")
    assert table.headings == ["Budget 2022", "Budget 2023"]


def test_label_broken_over_lines_is_joined() -> None:
    (table,) = tables("Nyckeltal 2021 2022 2023\nAndel personer som\når nöjda med\nstödet 71 72 73\nAndra 1 2 3\n")
    assert table.rows[0].label == "Andel personer som år nöjda med stödet"


def test_year_in_the_first_column_is_the_label() -> None:
    (table,) = tables("\tJan\tFeb\tMar\n2022\t190\t193\t196\n2023\t197\t199\t201\n")
    assert [row.label for row in table.rows] == ["2022", "2023"]
    assert table.headings == ["Jan", "Feb", "Mar"]


def test_cells_one_a_line_below_their_label() -> None:
    (table,) = tables("Kvinnor\nMän\nTotalt\nNöjda brukare\n81\n78\n79\nTrygga brukare\n74\n69\n72\n")
    assert cells(table) == [["81", "78", "79"], ["74", "69", "72"]]
    assert [row.label for row in table.rows] == ["Nöjda brukare", "Trygga brukare"]


def test_a_minus_sign_may_be_the_only_separator() -> None:
    (table,) = tables("Tkr Intäkt 2023 Kostnad 2023\nEnhet A 46 269-281 132\nEnhet B 12 100-14 200\n")
    assert cells(table)[0] == ["46 269", "-281 132"]


def test_empty_cells_are_placed_by_their_gaps() -> None:
    (table,) = tables("År 2020 2021 2022\nBarn 15 16 17\nUtveckling  2% 8%\nVuxna  30 31\n")
    assert cells(table)[1:] == [["", "2%", "8%"], [None, "30", "31"]] or cells(table)[1][1:] == ["2%", "8%"]
    assert [cell.text for cell in table.rows[2].cells if cell] == ["30", "31"]


def test_what_arithmetic_does_not_decide_is_a_problem_not_a_guess() -> None:
    (table,) = tables("Enhet 2022 2023\nA 100 200 300\nB 12 13\n")
    assert table.rows[0].problem is not None
    assert table.rows[0].cells == []


def test_arithmetic_of_the_certain_rows_decides_the_others() -> None:
    text = "Tkr Kostnad Intäkt Netto\nA -13 902 12 -13 890\nB -27 994 25 -27 969\nC -1 100 100 -1 000\nD -2 500 300 -2 200\n"
    (table,) = tables(text)
    assert cells(table)[2] == ["-1 100", "100", "-1 000"]


def test_repeated_heading_continues_the_table() -> None:
    heading = "Verksamhet Budget 2022 Utfall 2022 Avvikelse\n"
    found = tables(heading + "A 10 11 1\nB 20 25 5\n" + heading + "C 30 33 3\nD 40 44 4\n")
    assert [row.label for table in found for row in table.rows] == ["A", "B", "C", "D"]
    assert all(table.headings == ["Budget 2022", "Utfall 2022", "Avvikelse"] for table in found)


def test_chart_printed_twice_is_read_once() -> None:
    block = "2020 2021 2022\nNetto 20,3 30,7 53,3\nAntal 82 132 115\n"
    (table,) = tables(block + "\n" + block)
    assert table.kind == "chart"
    assert len(table.rows) == 2


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["0", "20", "40", "60"], {1, 2, 3, 4}),
        (["0", "", "20", "40"], set()),
        (["1", "5", "6", "20"], set()),
    ],
)
def test_axis_ticks(lines: list[str], expected: set[int]) -> None:
    assert axis_lines(lines) == expected


def test_prose_is_no_table() -> None:
    assert tables("Under året ökade antalet placerade barn till 45, vilket är fler än 2022.\nDe flesta var pojkar.\n") == []


def test_contents_and_years_are_no_rows() -> None:
    assert Line(1, "Indikatorer 2020 2021 2022").strength == 0
    assert Line(1, "Indikatorer 2020 2021 2022").is_heading


def test_grid_with_known_cells() -> None:
    rows = [["Insats", "2022", "2023"], ["Daglig verksamhet", "210", "222"], ["Korttidsvistelse", "61", ""]]
    grid = Grid([[GridCell(text, line) for text in row] for line, row in enumerate(rows, start=1)])
    (table,) = find_tables(Document(["\t".join(row) for row in rows], grids=[grid]))
    assert table.headings == ["2022", "2023"]
    assert cells(table) == [["210", "222"], ["61", ""]]


def test_relations_need_two_telling_rows() -> None:
    row = [parse_number(text) for text in ("-10", "4", "-6")]
    assert relations_of([row], 3) == []
    assert any(relation.kind == "sum" for relation in relations_of([row, [parse_number(t) for t in ("-20", "5", "-15")]], 3))


@given(st.lists(st.integers(-9_999_999, 9_999_999), min_size=1, max_size=4))
def test_printed_numbers_are_among_the_cuts(values: list[int]) -> None:
    printed = [print_number(value) for value in values]
    assert tuple(printed) in cuts(" ".join(printed).split(), len(printed))


def test_a_hopeless_row_costs_no_time() -> None:
    assert cuts(["123"] * 60, 16) == []
