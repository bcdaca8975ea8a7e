"""Tables in plain text and in grids: rows, columns and headings."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from socialvolym.documents.document import Document, Grid, GridCell
from socialvolym.extraction.by_rules import read_document
from socialvolym.extraction.cells.found_tables import FoundTable
from socialvolym.extraction.row_cuts import relations_of
from socialvolym.extraction.tables import find_tables
from socialvolym.extraction.text_lines import Line, axis_lines, cuts
from socialvolym.notation.numbers import parse_number, print_number


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
    assert cells(table)[1:] == [[None, "2%", "8%"], [None, "30", "31"]]
    assert [cell.text for cell in table.rows[2].cells if cell] == ["30", "31"]


def test_what_arithmetic_does_not_decide_is_a_problem_not_a_guess() -> None:
    (table,) = tables("Enhet 2022 2023\nA 100 200 300\nB 12 13\n")
    assert table.rows[0].problem is not None
    assert table.rows[0].cells == []


def test_headings_over_each_other_with_a_word_broken_between() -> None:
    text = "Tkr Budget Utfall Avvikelse Helårs- Prognos\n jan-aug jan-aug jan-aug budget helår\n"
    (table,) = tables(text + "Intäkter 48 612 53 940 5 328 72 918 79 400\nLokaler -18 044 -17 902 142 -27 066 -26 900\n")
    assert table.headings == ["Budget jan-aug", "Utfall jan-aug", "Avvikelse jan-aug", "Helårsbudget", "Prognos helår"]


def test_the_same_words_over_again_stand_under_years() -> None:
    (table,) = tables("2021 2022\nKvinnor Män Totalt Kvinnor Män Totalt\nMottagare 12 11 23 14 12 26\nBarn 5 6 11 7 5 12\n")
    assert table.headings == [f"{year} {sex}" for year in (2021, 2022) for sex in ("Kvinnor", "Män", "Totalt")]


def test_years_in_the_middle_of_their_columns() -> None:
    (table,) = tables(
        "\t\t2021\t\t\t2022\t\n\tKvinnor\tMän\tTotalt\tKvinnor\tMän\tTotalt\nHVB\t3\t4\t7\t5\t4\t9\n".replace(
            "\t\t2021", "\t\t\t2021", 1
        ).replace("2022\t", "2022", 1)
    )
    assert table.headings[0] == "2021 Kvinnor" and table.headings[-1] == "2022 Totalt"


def test_remarks_behind_the_figures_are_no_column() -> None:
    text = "Mått Utfall 2021 Utfall 2022 Mål 2022 Status\nVäntetid, dagar 16 13 10 Röd\nNöjda brukare 81 84 83 Grön\n"
    (table,) = tables(text)
    assert table.headings == ["Utfall 2021", "Utfall 2022", "Mål 2022"]
    assert cells(table) == [["16", "13", "10"], ["81", "84", "83"]]


MONTHS = "Jan Feb Mar Apr Maj Jun Jul Aug Sep Okt Nov Dec"


def test_a_year_that_is_not_over_has_its_months_from_the_left() -> None:
    text = f"År {MONTHS} Snitt\n2022 90 91 92 93 94 95 96 97 98 99 99 98 95\n2023 99 98 97 90 85 80 70 60 61\n"
    (table,) = tables(text)
    assert cells(table)[1] == ["99", "98", "97", "90", "85", "80", "70", "60", "61", None, None, None, None]


def test_months_whose_last_cell_may_be_their_mean_are_not_guessed() -> None:
    text = f"År {MONTHS} Snitt\n2022 90 91 92 93 94 95 96 97 98 99 99 98 95\n2023 99 97 98 98\n"
    (table,) = tables(text)
    assert table.rows[1].problem is not None


def test_a_month_that_a_word_says_is_missing_is_not_counted_past() -> None:
    text = f"År  {'  '.join(MONTHS.split())}\n2022  {'  '.join(map(str, range(80, 92)))}\n2023  saknas  90  91\n"
    (table,) = tables(text)
    assert [cell.text for cell in table.rows[0].cells if cell] == [str(value) for value in range(80, 92)]
    assert all(row.problem is not None for row in table.rows[1:])


def test_a_date_broken_over_lines_is_one_date() -> None:
    text = "Mått Mål 31 dec\n2024\nUtfall\n31 dec 2024\nUtfall 31\ndec 2023\nAntal vuxna 166 207 169\nAntal barn 20 10 14\n"
    (table,) = tables(text)
    assert table.headings == ["Mål 31 dec 2024", "Utfall 31 dec 2024", "Utfall 31 dec 2023"]


def test_a_heading_inside_the_table_may_stand_above_its_first_row() -> None:
    text = (
        "Del 2022 2023\nHushåll per månad\nNorra distriktet 612 578\nSödra distriktet 744 761\nKostnad\nNorra distriktet 30 31\n"
    )
    (table,) = tables(text)
    assert [row.group for row in table.rows] == ["Hushåll per månad", "Hushåll per månad", "Kostnad"]


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


@pytest.mark.parametrize("first", ["Stöd enligt LSS", "Barn och unga", "Ekonomi"])
def test_a_cell_over_all_columns_heads_the_rows_below_it(first: str) -> None:
    rows = [
        ["Volymer för nämnden"] * 3,
        ["Nyckeltal", "2022", "2023"],
        [first] * 3,
        ["Personer", "210", "222"],
        ["Medarbetare"] * 3,
        ["Sjukfrånvaro, %", "7,1", "6,9"],
    ]
    grid = Grid([[GridCell(text, line) for text in row] for line, row in enumerate(rows, start=1)])
    (table,) = find_tables(Document(["\t".join(row) for row in rows], grids=[grid]))
    assert [(row.group, row.label) for row in table.rows] == [(first, "Personer"), ("Medarbetare", "Sjukfrånvaro, %")]
    assert [heading.split()[-1] for heading in table.headings] == ["2022", "2023"]


@pytest.mark.parametrize(
    ("heads", "apart", "headings"),
    [
        ([["", "Utfall 2022", "Budget 2023"]], 0, ["Utfall 2022", "Budget 2023"]),
        ([["Verksamhet", "2023", "2023"], ["Verksamhet", "Budget", "Utfall"]], 0, ["2023 Budget", "2023 Utfall"]),
        ([["", "Utfall 2022", "Budget 2023"]], 1, ["", ""]),
        ([["", "Utfall 2022", "Budget 2023", "Avvikelse"]], 0, ["", ""]),
        ([["Nämnd och stab", "112", "97"]], 0, ["", ""]),
    ],
)
def test_headings_whose_cells_are_drawn_apart_head_the_rows_right_below(
    heads: list[list[str]], apart: int, headings: list[str]
) -> None:
    body = [["Personal", "-510", "-498"], ["Lokaler", "-75", "-81"]]
    begins = len(heads) + apart + 1
    grids = [
        Grid([[GridCell(text, line) for text in row] for line, row in enumerate(rows, start=first)])
        for first, rows in ((1, heads), (begins, body))
    ]
    lines = ["\t".join(row) for row in (*heads, *[["Stycket gäller det som inte hör hit."]] * apart, *body)]
    assert find_tables(Document(lines, grids=grids))[-1].headings == headings


LIST = """Socialnämndens bokslut 2018
Bild 4
{heading}
• Resultat -8,4 mnkr
• Individ och familj -11,9 mnkr
• Funktionsnedsättning +2,6 mnkr

{mark}
Funktionsnedsättning
• Personer med insats enligt LSS: 268
"""


@pytest.mark.parametrize("mark", ["Bild 5", "Sida 5 (12)", "sid 5 av 12"])
@pytest.mark.parametrize(
    ("heading", "series"),
    [("Utfall mot budget", "deviation"), ("Prognos helår, mnkr", "forecast"), ("Så gick året", "outturn")],
)
def test_a_list_ends_where_words_stand_over_the_next_one(heading: str, series: str, mark: str) -> None:
    figures, _ = read_document(Document.from_text(LIST.format(heading=heading, mark=mark)))
    assert figures["published_as"].to_list() == ["-8,4 mnkr", "-11,9 mnkr", "+2,6 mnkr", "268"]
    assert figures["series"].to_list() == [*[series] * 3, "outturn"]


def test_signs_that_stand_apart_are_the_numbers_own_where_one_is_a_plus() -> None:
    lines = ["Prognos helår", "• Totalt - 12,4 mkr", "• Funktionsstöd + 1,8 mkr", "• IFO - 14,2 mkr", "", "HVB 3 - 4 2"]
    figures, _ = read_document(Document.from_text("\n".join(["Socialnämnden oktober 2018", "", *lines])))
    assert figures["value"].to_list()[:3] == [-12.4, 1.8, -14.2]
    assert set(figures["series"][:3]) == {"forecast"}


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


@pytest.mark.parametrize(
    ("above", "header", "expected"),
    [
        ("Årsredovisning 2022", "Placeringar 2023 Andel, %", ["2023", "Andel, %"]),
        ("Verksamhetsberättelse 2021 omsorgsnämnden\n", "Insats Utfall 2020 Mål 2021", ["Utfall 2020", "Mål 2021"]),
        ("Budget 2024 socialnämnden\n", "Insats Budget 2023 Budget 2024", ["Budget 2023", "Budget 2024"]),
        ("Omsorgsnämnden, månadsrapport oktober 2023", "Insats Årsbudget Prognos", ["Årsbudget", "Prognos"]),
    ],
)
def test_a_title_of_the_document_heads_no_column(above: str, header: str, expected: list[str]) -> None:
    (table,) = tables(f"{above}\n{header}\nFamiljehem 45 60\nHVB 20 27\nJourhem 10 13\n")
    assert table.headings == expected


@pytest.mark.parametrize("header", ["Socialnämnden Utfall 2022 Budget 2022", "Nämnden 2021 2022"])
def test_a_committee_over_the_labels_is_no_title(header: str) -> None:
    (table,) = tables(f"{header}\nPersonal 45 60\nLokaler 20 27\nÖvrigt 10 13\n")
    assert len(table.headings) == 2 and "2022" in table.headings[-1]


def _read(text: str) -> list[tuple[str, str | None, str, str, str]]:
    rows = read_document(Document.from_text(text))[0].iter_rows(named=True)
    return [(row["published_as"], row["period"], row["series"], row["unit"], row["certainty"]) for row in rows]


FIRST = "Socialnämnden, årsredovisning 2022\n\nAntal ärenden 2021 2022\nAnmälningar 1 204 1 311\nUtredningar 312 341\n\n"


@pytest.mark.parametrize(
    ("second", "read"),
    [
        (
            "Belopp i tkr Budget\n2022\nPersonal 53 400\nLokaler -2 159",
            [("53 400", "2022", "budget"), ("-2 159", "2022", "budget")],
        ),
        ("Kostnad, mnkr 2022\nPersonal 53,4\nLokaler 2,1", [("53,4", "2022", "outturn"), ("2,1", "2022", "outturn")]),
        (
            "Kvinnor Män\n2020 7,9 5,1\n2021 7,1 4,8",
            [("7,9", "2020", "outturn"), ("5,1", "2020", "outturn"), ("7,1", "2021", "outturn")],
        ),
        (
            "År Anmälningar Insatser Beslut\n2019 87 12 9\n2020 104 55 8",
            [("87", "2019", "outturn"), ("12", "2019", "outturn")],
        ),
        (
            "Personal 2022-12-31 2021-12-31 Förändring\nMånadsavlönade 412 405 7\nTimavlönade 98 101 -3",
            [("412", "2022-12-31", "outturn"), ("405", "2021-12-31", "outturn"), ("7", "2022", "change_abs")],
        ),
    ],
)
def test_a_table_below_another_is_read_under_its_own_headings(second: str, read: list[tuple[str, str, str]]) -> None:
    found = [row[:3] for row in _read(FIRST + second)]
    assert found[:2] == [("1 204", "2021", "outturn"), ("1 311", "2022", "outturn")]
    assert found[4 : 4 + len(read)] == read


def test_the_caption_and_the_unit_of_one_table_do_not_reach_the_next() -> None:
    text = "Kostnad för placeringar (mnkr) 2021 2022\nFamiljehem 4,2 4,5\nHVB 3,1 2,8\n\nPersoner den 1 oktober\n2022\n"
    units = {row[0]: row[3] for row in _read(text + "Daglig verksamhet 241\nKontaktperson 97\n")}
    assert units["4,2"] == "MSEK" and units["241"] == units["97"] == "persons"


def test_what_lies_ahead_of_the_report_is_no_outturn_and_equal_headings_are_not_certain() -> None:
    text = "Årsredovisning 2019\n\nFaktisk Faktisk Beräknad\n2018 2019 2020\nFamiljehem 44 45 46\nHVB 12 11 10\n"
    assert [row[1:3] for row in _read(text)][:3] == [("2018", "outturn"), ("2019", "outturn"), ("2020", "plan")]
    twice = _read("Årsredovisning 2019\n\nInsats 2018 2019 2018 2019\nHVB 1 2 3 4\nFamiljehem 5 6 7 8\n")
    assert twice and all(row[4] != "certain" for row in twice)


def test_a_row_of_numbers_behind_a_year_is_no_sentence() -> None:
    rows = "2019 987 412\n2020 1 204 455\n"
    assert _read(f"Socialnämnden, årsredovisning 2022\n\nÅr Något Annat\n{rows}") == []
    read = _read(f"Socialnämnden, årsredovisning 2022\n\nÅr Anmälningar Insatser\n{rows}")
    assert [row[:2] for row in read] == [("987", "2019"), ("412", "2019")]


def test_a_caption_is_of_its_own_table_and_of_no_later_one() -> None:
    rows = [[["", "2027", "2028"], [label, *values]] for label, *values in (("Familjehem", "12", "14"), ("Hushåll", "30", "31"))]
    lines = ["Placerade barn", *map("\t".join, rows[0]), "", "Ekonomiskt bistånd", *map("\t".join, rows[1])]
    grids = [
        Grid([[GridCell(text, first + place) for text in row] for place, row in enumerate(table)])
        for first, table in zip((2, 6), rows, strict=True)
    ]
    tables = find_tables(replace(Document.from_text("\n".join(lines)), grids=grids))
    assert [table.caption for table in tables] == ["Placerade barn", "Ekonomiskt bistånd"]


def test_a_day_over_a_row_of_years_is_not_torn_from_them() -> None:
    text = "Antal personer med beslut per 31 december\n\n2020 2021 2022\nKorttidsvistelse 31 33 36\nAvlösarservice 9 12 8\n"
    assert {row[1] for row in _read(text)} <= {"2020", "2020-12-31", "2021", "2021-12-31", "2022", "2022-12-31"}


def test_headings_between_rows_begin_a_table_of_more_columns() -> None:
    first, second = tables(
        "Ukraina, mnkr Utfall 2022\nIntäkter 3 947\nPersonal 821\n\nProjekt (mnkr) Bidrag Kostnad Netto I budget\n"
        "Ombud 2,1 2,8 -0,7 2,0\nVåld 2,5 2,5 0,0 0,3\n"
    )
    assert [len(row.cells) for row in first.rows] == [1, 1]
    assert [len(row.cells) for row in second.rows] == [4, 4]


def test_texts_behind_the_figures_have_a_heading_of_their_own() -> None:
    rows = "Ombud 2,1 2,8 0,7 Barn får det stöd de behöver\nVåld 2,5 2,5 0,0 Barn och vuxna får stöd\n"
    (table,) = tables(f"Bidrag (mnkr) Budget Utfall Avvikelse Nämndmål\n{rows}")
    assert table.headings == ["Budget", "Utfall", "Avvikelse"]


def test_a_blank_before_bare_figures_is_an_empty_cell() -> None:
    rows = "Första indikatorn,\nandel\n- 60 61 70\nBrukare som får\nden hjälp de vill ha\n 90 94 92\n"
    (table,) = tables(f"Indikatorer 2020 2021 2022 Mål\n\n{rows}")
    assert cells(table)[1] == [None, "90", "94", "92"]


def test_notes_below_a_table_head_no_column() -> None:
    (table,) = tables(
        "Ärenden 1 48 46 47\nTimmar 81,4 83,0 82,0\nPlatser 10 11 12\n\n1) både SFB, LSS december\n2) budget 2023 saknas\n"
    )
    assert not any(table.headings)


@pytest.mark.parametrize("gap", ["\t", "    ", " | "])
def test_a_line_in_pieces_that_are_all_years_heads_columns(gap: str) -> None:
    rows = [["Tabell 5. Antal dygn", "2019", "2020", "2021"], ["Jourhem", "640", "702", "1 118"], ["HVB", "333", "520", "904"]]
    (table,) = tables("\n".join(f"| {gap.join(row)} |" if gap == " | " else gap.join(row) for row in rows))
    assert table.headings == ["2019", "2020", "2021"]
    assert [row.label for row in table.rows] == ["Jourhem", "HVB"]


def test_headings_below_rows_in_tabs() -> None:
    (table,) = tables("Familjehem\t640\t702\t62\nHVB\t333\t520\t187\n\nVerksamhet Budget 2018 Bokslut 2018 Avvikelse\n")
    assert table.headings == ["Budget 2018", "Bokslut 2018", "Avvikelse"]


@pytest.mark.parametrize(
    ("note", "told"),
    [
        ("1 Avser den 1 oktober varje år.", True),
        ("1) Samtliga uppgifter gäller den 31 mars.", True),
        ("* Antalet mäts den sista februari.", True),
        ("2 Avser den 1 oktober varje år.", False),  # the mark of a row
        ("1 Utskrivet den 1 oktober.", False),
        ("1 Avser hela året.", False),
    ],
)
def test_a_footnote_tells_on_which_day_all_of_a_table_was_counted(note: str, told: bool) -> None:
    text = f"Insatser enligt LSS 1\n\tAntal 2020\tAntal 2021\nLedsagare\t12\t14\nKontaktperson2\t40\t41\nSumma\t52\t55\n{note}\n"
    (table,) = tables(text)
    assert (note.lstrip("12*) ") in table.caption) == told


@pytest.mark.parametrize("last", ["Snitt/\nSumma", "Summa/\nMedel", "Totalt"])
def test_labels_over_the_numbers_of_each_row_and_a_total_behind_months(last: str) -> None:
    (table,) = tables(f"jan feb mar apr {last}\nBarn 2022\n12 14 13 11 50\nBarn 2023\n15 16 14 17 62\nAvslag\n9 8 7 6 30\n")
    assert table.headings == ["jan", "feb", "mar", "apr", last.replace("\n", "")]
    assert [row.label for row in table.rows] == ["Barn 2022", "Barn 2023", "Avslag"]


def test_the_label_over_the_first_numbers_is_no_heading_where_all_labels_stand_so() -> None:
    (table,) = tables("2021 2022 2023\nPersoner med kontaktperson\n12 14 13\nPersoner med ledsagarservice\n15 16 14\n")
    assert table.headings == ["2021", "2022", "2023"]
    assert [row.label for row in table.rows] == ["Personer med kontaktperson", "Personer med ledsagarservice"]


def test_units_behind_each_number_belong_to_it() -> None:
    (table,) = tables("Mått  2022   2023\nUtredning   101 dgr   95 dgr\nTimmar 1 200 tim 1 310 tim\nPlacerade 14 st 12 st\n")
    assert cells(table) == [["101 dgr", "95 dgr"], ["1 200 tim", "1 310 tim"], ["14 st", "12 st"]]


@pytest.mark.parametrize("rule", ["-" * 60, "=" * 60, "  -----------   ------   ------   ------", "_" * 50])
def test_a_drawn_line_parts_no_heading_from_its_rows(rule: str) -> None:
    rows = ["Insats                2021     2022     2023", rule, "Kontaktperson           12       14       13"]
    rows += ["Ledsagarservice         21       19       17", rule, "Summa                   33       33       30"]
    (table,) = tables("\n".join(rows))
    assert table.headings == ["2021", "2022", "2023"]
    assert [row.label for row in table.rows] == ["Kontaktperson", "Ledsagarservice", "Summa"]


def test_dots_lead_from_a_label_to_its_values() -> None:
    (table,) = tables("Mått 2022 2023\nVårddygn HVB .............. 611 1 023\nOrosanmälningar ........... 217 189\n")
    assert [row.label for row in table.rows] == ["Vårddygn HVB", "Orosanmälningar"]
    assert cells(table) == [["611", "1 023"], ["217", "189"]]


def test_cells_of_short_rows_belong_to_the_columns_that_they_stand_under() -> None:
    (table,) = tables(
        "Ram, tkr                 2024      2025      2026\n"
        "Ingående              271 400   285 320   295 260\n"
        "Ny gruppbostad                    5 800     2 900\n"
        "Assistans               1 250\n"
        "Bistånd                  -600      -400\n"
        "Utgående              285 320   295 260   304 160\n"
    )
    assert cells(table)[1:4] == [[None, "5 800", "2 900"], ["1 250", None, None], ["-600", "-400", None]]


@pytest.mark.parametrize(
    ("codes", "label"),
    [(("5301 ", "5304  ", "570 "), "Bistånd"), (("", "5304 ", ""), "5304 Bistånd"), (("2021 ",) * 3, "2021 Bistånd")],
)
def test_numbers_of_activities_are_no_part_of_their_names(codes: tuple[str, str, str], label: str) -> None:
    rows = "\n".join(f"{code}Bistånd    {n} 120    {n} 380" for n, code in enumerate(codes, start=1))
    (table,) = tables(f"Verksamhet    Budget 2023    Utfall 2023\n{rows}\n")
    assert table.rows[1].label == label


def test_months_to_come_are_empty_where_the_mean_stands_behind_them() -> None:
    (table,) = tables(
        "Utbetalt, tkr\n"
        "           jan   feb   mar   apr   Snitt\n"
        "2021     1 842 1 866 1 951 1 930   1 897\n"
        "2022     1 801 1 755               1 778\n"
    )
    assert cells(table)[1] == ["1 801", "1 755", None, None, "1 778"]


@pytest.mark.parametrize("word", ["Not", "Noter"])
def test_the_numbers_of_notes_are_no_figures(word: str) -> None:
    (table,) = tables(
        f"mnkr             {word:>5}    Bokslut    Budget     Avv\n"
        "                            2018      2018\n"
        "Avgifter             1      21,3      20,8     0,5\n"
        "Bidrag              12      38,6      31,2     7,4\n"
        "Övriga intäkter              9,4       8,9     0,5\n"
        "Summa intäkter              69,3      60,9     8,4\n"
        "Personal                  -287,5    -281,6    -5,9\n"
    )
    assert cells(table)[:3] == [["21,3", "20,8", "0,5"], ["38,6", "31,2", "7,4"], ["9,4", "8,9", "0,5"]]
