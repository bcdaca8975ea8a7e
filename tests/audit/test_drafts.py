"""What `check` says of documents that no hint describes: nothing false where they are right, and the slip where there is one."""

from __future__ import annotations

import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from openpyxl import Workbook
from socialvolym.commands.check import check_document

DOCUMENTS = tomllib.loads(Path(__file__).with_name("drafts.toml").read_text(encoding="utf-8"))["document"]
SLIPS = [(document, slip) for document in DOCUMENTS for slip in document.get("slip", ())]


def named(name: str) -> dict[str, Any]:
    (found,) = [document for document in DOCUMENTS if document["name"] == name]
    return dict(found)


def alarms(text: str, folder: Path) -> pl.DataFrame:
    file = folder / "document.txt"
    file.write_text(text, encoding="utf-8")
    return check_document(file).filter(pl.col("severity") != "note")


def lines_of(text: str, part: str) -> set[int]:
    first = text[: text.index(part)].count("\n") + 1
    return set(range(first, first + part.rstrip("\n").count("\n") + 1))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document["name"])
def test_nothing_is_said_of_a_document_that_is_right(document: dict[str, Any], tmp_path: Path) -> None:
    assert alarms(document["text"], tmp_path).select("line", "rule", "published").rows() == []


@pytest.mark.parametrize(("document", "slip"), SLIPS, ids=[f"{d['name']}: {s['wrong'].strip()}" for d, s in SLIPS])
def test_a_slip_is_found(document: dict[str, Any], slip: dict[str, Any], tmp_path: Path) -> None:
    assert document["text"].count(slip["right"]) == 1
    text = document["text"].replace(slip["right"], slip["wrong"])
    wanted = lines_of(text, slip["wrong"]) | (lines_of(text, slip["at"]) if "at" in slip else set())
    said = [{row["line"], *map(int, filter(None, (row["lines"] or "").split(", ")))} for row in rows(alarms(text, tmp_path))]
    assert any(lines & wanted for lines in said) == slip["found"]


def rows(frame: pl.DataFrame) -> list[dict[str, Any]]:
    return frame.to_dicts()


def as_docx(heading: str, table: list[list[str]], file: Path) -> None:
    grid = "".join(f"<w:tr>{''.join(f'<w:tc>{paragraph(text)}</w:tc>' for text in printed)}</w:tr>" for printed in table)
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    with zipfile.ZipFile(file, "w") as archive:
        body = f"<w:body>{paragraph(heading)}<w:tbl>{grid}</w:tbl></w:body>"
        archive.writestr("word/document.xml", f"<w:document {space}>{body}</w:document>")


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def as_xlsx(heading: str, table: list[list[str]], file: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([heading])
    for printed in table:
        sheet.append([int(text.replace(" ", "")) if text.replace(" ", "").isdigit() else text for text in printed])
    book.save(file)


OFFICE = [("totals of two levels", "84 540", "84 740"), ("months downwards", "36 982", "35 982")]


@pytest.mark.parametrize(("write", "suffix"), [(as_docx, "docx"), (as_xlsx, "xlsx")])
@pytest.mark.parametrize(("name", "right", "wrong"), OFFICE)
def test_the_same_is_found_in_the_files_of_offices(
    write: Callable[[str, list[list[str]], Path], None], suffix: str, name: str, right: str, wrong: str, tmp_path: Path
) -> None:
    heading, *text = named(name)["text"].splitlines()
    for place, (was, rules) in enumerate([(right, set()), (wrong, {"total"})]):
        file = tmp_path / f"{place}.{suffix}"
        write(heading, [line.replace(right, was).split("\t") for line in text if "\t" in line], file)
        assert set(check_document(file).filter(pl.col("severity") == "error")["rule"]) == rules


FEW = """Socialnämnden i Granvika 2023

                 2022    2023    Förändring
Familjehem         71      74             {}
"""


def test_what_no_other_row_shows_is_a_note_that_says_so(tmp_path: Path) -> None:
    assert alarms(FEW.format(9), tmp_path).is_empty()
    (note,) = check_document(tmp_path / "document.txt").filter(pl.col("rule") == "change").to_dicts()
    assert (note["severity"], note["expected"]) == ("note", "3")
    assert "not certain" in note["explanation"]


def test_a_change_that_is_right_of_the_right_sum_is_no_second_error(tmp_path: Path) -> None:
    table = (
        "Årsredovisning 2023, Granvika kommun\n\nVårddygn för placerade barn\n\n"
        "\t2022\t2023\tFörändring 2022-2023\tFörändring, %\n"
        "Familjehem\t28 835\t27 410\t-1 425\t-4,9\nJourhem\t4 015\t4 380\t+365\t+9,1\nHVB\t6 205\t7 665\t+1 460\t+23,5\n"
        "Stödboende\t4 745\t6 205\t+1 460\t+30,8\nSumma\t{}\t45 660\t{}\t{}\n"
    )
    for printed, found in (
        (("44 800", "+1 860", "+4,2"), {"total"}),
        (("43 800", "+1 860", "+4,2"), set()),
        (("43 800", "+1 860", "+4,9"), {"percentage"}),
        (("44 800", "+1 860", "+9,2"), {"total", "percentage"}),
    ):
        assert set(alarms(table.format(*printed), tmp_path)["rule"]) == found, printed


THIRDS = """Omsorgsnämnden i Björkviken 2023

Volymer per tertial

                                   Tertial 1   Tertial 2   Tertial 3   Helår 2023
Vårddygn HVB                           1 022       1 214       1 187        3 423
Vårddygn familjehem                    4 310       4 405       4 392       13 107
Vårddygn jourhem                         612         548         655        1 815
Utredningar                              168         131         177          {}
{}
"""
NO_SUMS = [
    "Hushåll med försörjningsstöd, snitt      142         138         133          138",
    "Väntande på boende vid periodens slut      6           9           7            7",
    "Personer i öppenvård                      71          64          69          112",
    "Dygnskostnad HVB, kr                   5 410       5 385       5 460        5 419",
    "HVB, kr per dygn                       5 410       5 385       5 460        5 419",
    "Andel klara inom fyra månader, %          84          81          86           84",
]


@pytest.mark.parametrize("row", NO_SUMS)
def test_what_does_not_add_up_is_accused_of_no_sum(row: str, tmp_path: Path) -> None:
    assert alarms(THIRDS.format(476, row), tmp_path).is_empty()
    for printed in (467, 576):
        assert alarms(THIRDS.format(printed, row), tmp_path).select("rule", "expected").rows() == [("sum_of_columns", "476")]


SIZES = """Socialnämnden i Granvika, fem år i sammandrag

                                   2019     2020     2021     2022     2023
Vårddygn HVB                      2 365    2 190    2 940    3 010    2 745
HVB kostnad, tkr                 {hvb}   10 140   14 112   14 900   13 862
HVB kr/dygn                       4 510    4 630    4 800    4 950    5 050
Utbetalt bistånd, tkr            21 480   {aid}   23 905   24 160   22 870
Nettokostnad LSS, tkr            88 410   91 200   93 655   {lss}   99 120
Personer med LSS-insats             301      312      318      325      331
"""
RIGHT_SIZES = {"hvb": "10 666", "aid": "22 315", "lss": "96 430"}


def test_a_cell_a_thousand_times_the_others_of_its_row_is_an_error_where_arithmetic_proves_it(tmp_path: Path) -> None:
    assert alarms(SIZES.format(**RIGHT_SIZES), tmp_path).is_empty()
    for name, printed, severity, rule in (
        ("hvb", "10 666 000", "error", "thousandfold"),
        ("hvb", "10,666", "error", "thousandfold"),
        ("aid", "22 315 000", "warning", "other_size"),
        ("lss", "96,4", "warning", "other_size"),
    ):
        (found,) = rows(alarms(SIZES.format(**(RIGHT_SIZES | {name: f"{printed:>6}"})), tmp_path))
        assert (found["severity"], found["rule"], found["published"]) == (severity, rule, printed)


@pytest.mark.parametrize("sum_", ["Summa", "Helår"])
def test_nothing_else_is_said_of_the_sum_beside_such_a_cell(sum_: str, tmp_path: Path) -> None:
    table = [["tkr", "Kv 1", "Kv 2", "Kv 3", "Kv 4", sum_]]
    table += [[label, *figures.split("|")] for label, figures in QUARTERS.items()]
    for place, printed in enumerate(("6 240", "6 240 000", "6.24")):
        file = tmp_path / f"{place}.xlsx"
        as_xlsx(
            "Socialnämnden i Granvika, uppföljning 2023", [[cell.replace("6 240", printed) for cell in r] for r in table], file
        )
        found = check_document(file).filter(pl.col("severity") != "note")["rule"].to_list()
        assert found == ([] if place == 0 else ["thousandfold"]), printed


QUARTERS = {
    "Familjehem": "6 105|6 240|6 388|6 402|25 135",
    "HVB": "5 530|5 905|6 118|6 250|23 803",
    "Jourhem": "1 012|980|1 104|1 060|4 156",
}


#: A slip in a document of drafts.toml that several sums and differences show, and the one thing that is said of it.
ONE_CAUSE = [
    ("net cost with of-which rows", "127 940", "129 740", ("shared_figure", "129 740", "127 940")),
    ("interim report with a forecast", "162,6", "126,6", ("shared_figure", "126,6", "162,6")),
    ("used of the budget, in per cent", "53 298", "52 398", ("shared_figure", "52 398", "53 298")),
    ("shares beside counts", "100,0        903", "100,0        913", ("total", "913", "903")),
    ("rates and reasons", "60,0", "70,0", ("share_of_columns", "70,0", "60,0")),
    ("days and their price", "34 603", "34 306", ("shared_figure", "34 306", "34 603")),
]


@pytest.mark.parametrize(("name", "right", "wrong", "told"), ONE_CAUSE, ids=[f"{case[0]}: {case[2]}" for case in ONE_CAUSE])
def test_one_wrong_figure_is_told_once(name: str, right: str, wrong: str, told: tuple[str, ...], tmp_path: Path) -> None:
    text = named(name)["text"]
    assert text.count(right) == 1
    assert alarms(text.replace(right, wrong), tmp_path).select("rule", "published", "expected").rows() == [told]


CROSSED = """Socialnämnden i Granvika 2023

Placerade barn och unga den 31 december

                 Flickor    Pojkar    Totalt
Familjehem           114       138       252
Jourhem               31        26        57
HVB                   {}        83       149
Stödboende            12        21        33
Summa                223       268       {}
"""


def test_the_figure_that_row_and_column_share_is_the_wrong_one(tmp_path: Path) -> None:
    for cells, told in (
        (("66", "491"), []),
        (("36", "491"), [("shared_figure", "36", "66", 8)]),
        (("66", "419"), [("sum_of_columns", "419", "491", 10)]),
    ):
        assert alarms(CROSSED.format(*cells), tmp_path).select("rule", "published", "expected", "line").rows() == told


INCOME = """Nämnden för individ och familj, Tallunda kommun
Årsredovisning 2023

Belopp i tkr
                            Bokslut 2022    Budget 2023    Bokslut 2023    Avvikelse
Verksamhetens intäkter            41 280         38 400          44 735        6 335
Personalkostnader               -102 318       -108 900        -107 664        1 236
Köp av huvudverksamhet           -87 455        -81 600         -93 918      -12 318
Bidrag till enskilda             -31 842        -30 500         -36 215       -5 715
Summa kostnader                 -221 615       -221 000        {}      -16 797
Nettokostnad                    -180 335       -182 600        {}      -10 462
"""


@pytest.mark.parametrize(
    ("costs", "net", "told"),
    [
        ("-237 797", "-193 062", []),
        ("-227 797", "-193 062", [("-227 797", "-237 797", "10")]),
        ("-237 797", "-139 062", [("-139 062", "-193 062", "11")]),
    ],
)
def test_a_total_of_costs_below_the_income_is_wrong_and_not_the_net_cost(
    costs: str, net: str, told: list[tuple[str, ...]], tmp_path: Path
) -> None:
    found = rows(alarms(INCOME.format(costs, net), tmp_path))
    assert [(row["published"], row["expected"], str(row["line"])) for row in found] == told


def told(text: str, folder: Path) -> list[tuple[str, ...]]:
    """Return rule, printed and expected of what `check` says of a text beyond notes."""
    return [(row["rule"], row["published"], row["expected"]) for row in rows(alarms(text, folder))]


def table(heading: str, columns: list[str], *printed: tuple[str, ...]) -> str:
    return (
        "\n".join([f"Socialnämnden i Granvika\n\n{heading}", "\t".join(["", *columns]), *("\t".join(row) for row in printed)])
        + "\n"
    )


AREAS = [
    ("Barn och familj", "54 300", "58 145", "-3 845"),
    ("Vuxna", "21 700", "20 912", "788"),
    ("Försörjningsstöd", "18 900", "19 476", "-576"),
    ("Funktionsstöd", "97 200", "96 380", "820"),
]


@pytest.mark.parametrize(
    ("printed", "found"),
    [
        ({}, []),
        ({"-3 845": "3 845"}, [("shared_figure", "3 845", "-3 845")]),
        ({"788": "-788"}, [("shared_figure", "-788", "788")]),
        ({"194 913": "194 193"}, [("total", "194 193", "194 913")]),
        # Two slips meet: the figure that one of them would make right is right.
        ({"194 913": "194 193", "-3 845": "3 845"}, [("shared_figure", "3 845", "-3 845"), ("total", "194 193", "194 913")]),
    ],
)
def test_a_sign_that_row_and_sum_show_to_be_wrong_is_an_error(
    printed: dict[str, str], found: list[tuple[str, ...]], tmp_path: Path
) -> None:
    areas = [*AREAS, ("Summa", "192 100", "194 913", "-2 813")]
    cells = [tuple(printed.get(cell, cell) for cell in row) for row in areas]
    text = table("Nettokostnad per område 2023, tkr", ["Budget 2023", "Utfall 2023", "Avvikelse"], *cells)
    assert told(text, tmp_path) == found


FRAME = [
    ("Ingående ram", "182,4", "189,3", "194,0", "197,6"),
    ("Pris- och löneökningar", "5,1", "4,8", "4,9", "5,0"),
    ("Ny gruppbostad", "3,2", "1,4", "0,0", "2,2"),
    ("Besparingar", "-2,5", "-2,0", "-1,8", "-3,1"),
    ("Flytt av familjerätten", "1,1", "0,5", "0,5", "0,0"),
    ("Utgående ram", "189,3", "194,0", "197,6", "201,7"),
]
FRAME_YEARS = ["2024", "2025", "2026", "2027"]


@pytest.mark.parametrize(
    ("row", "column", "printed", "found"),
    [
        (0, 0, "Ingående ram", []),
        (3, 2, "2,0", [("shared_figure", "2,0", "-2,0")]),
        (3, 4, "3,1", [("shared_figure", "3,1", "-3,1")]),
        (1, 3, "-4,9", [("shared_figure", "-4,9", "4,9")]),
    ],
)
@pytest.mark.parametrize("years", [3, 4])
def test_a_saving_that_is_added_in_one_year_only_has_the_wrong_sign(
    row: int, column: int, printed: str, found: list[tuple[str, ...]], years: int, tmp_path: Path
) -> None:
    cells = [list(cells) for cells in FRAME]
    cells[row][column] = printed
    shown = [tuple(one[: years + 1]) for one in cells]
    assert told(table("Från ram till ram, mnkr", FRAME_YEARS[:years], *shown), tmp_path) == (found if column <= years else [])


def test_a_cost_that_is_an_income_in_one_year_is_no_wrong_sign(tmp_path: Path) -> None:
    cells = [list(cells) for cells in FRAME]
    cells[4][2], cells[5][2] = "-0,5", "193,0"
    assert told(table("Från ram till ram, mnkr", FRAME_YEARS[:2], *(tuple(one[:3]) for one in cells)), tmp_path) == []


GROUPED = """Socialförvaltningen i Björkviken

Placeringar av barn och unga

                              Utfall 2022    Utfall 2023    Budget 2024
Familjehem
Vårddygn                            8 120          8 455          8 300
Kostnad per dygn, kr                1 150          1 205          1 240
Kostnad, tkr                        9 338         10 188         10 292
HVB
Vårddygn                            2 140          2 365          2 200
Kostnad per dygn, kr                5 350          5 520          5 600
Kostnad, tkr                       11 449         {hvb}         12 320
Jourhem
Vårddygn                              690            745            720
Kostnad per dygn, kr                2 480          2 530          2 570
Kostnad, tkr                        1 711          1 885          1 850
Summa kostnad, tkr                 22 498         {sum}         24 462
"""


@pytest.mark.parametrize(
    ("hvb", "sum_", "found"),
    [
        ("13 055", "25 128", []),
        ("13 505", "25 128", [("shared_figure", "13 505", "13 055")]),
        ("13 055", "25 218", [("total", "25 218", "25 128")]),
    ],
)
def test_a_cost_that_days_and_price_and_the_sum_contradict_is_told_once(
    hvb: str, sum_: str, found: list[tuple[str, ...]], tmp_path: Path
) -> None:
    assert told(GROUPED.format(hvb=hvb, sum=sum_), tmp_path) == found


MONTHLY = [
    ("Januari", "212", "1 764", "8 321"),
    ("Februari", "218", "1 842", "8 450"),
    ("Mars", "221", "1 905", "8 620"),
    ("April", "226", "1 968", "8 708"),
    ("Maj", "223", "1 911", "8 570"),
    ("Juni", "230", "2 004", "8 713"),
]


@pytest.mark.parametrize("label", ["Jan-juni 2024", "Snitt/summa", "Januari-juni 2024"])
def test_the_mean_of_households_times_their_mean_amount_is_not_what_months_cost(label: str, tmp_path: Path) -> None:
    heading = "Försörjningsstöd per månad 2024"
    columns = ["Antal hushåll", "Utbetalt, tkr", "Kr per hushåll"]
    assert told(table(heading, columns, *MONTHLY, (label, "222", "11 394", "8 564")), tmp_path) == []
    wrong = [*MONTHLY[:3], ("April", "226", "1 986", "8 708"), *MONTHLY[4:]]
    assert {"1 986"} == {row[1] for row in told(table(heading, columns, *wrong, (label, "222", "11 394", "8 564")), tmp_path)}


COUNTED = [
    ("Gruppbostad, personer", "64", "66", "69"),
    ("varav köpta platser", "7", "6", "8"),
    ("Servicebostad, personer", "31", "33", "32"),
    ("Daglig verksamhet", "120", "124", "131"),
    ("Kontaktperson", "58", "55", "54"),
    ("Korttidsvistelse", "22", "25", "27"),
]


@pytest.mark.parametrize(
    ("total", "found"),
    [
        (("295", "303", "313"), []),
        (("295", "303", "331"), [("total", "331", "313")]),
        (("295", "330", "313"), [("total", "330", "303")]),
        # Persons with several decisions are in several rows.
        (("214", "221", "229"), []),
    ],
)
def test_a_total_of_decisions_is_of_rows_that_name_persons_as_well(
    total: tuple[str, str, str], found: list[tuple[str, ...]], tmp_path: Path
) -> None:
    text = table("Antal beslut enligt LSS den 1 oktober", ["2021", "2022", "2023"], *COUNTED, ("Summa beslut", *total))
    assert told(text, tmp_path) == found


FORECAST = [
    ("Nämnd och stab", "18,4", "17,9", "0,5"),
    ("Barn och unga", "74,1", "80,3", "-6,2"),
    ("därav placeringar", "41,0", "46,8", "-5,8"),
    ("Ekonomiskt bistånd", "29,6", "30,2", "-0,6"),
    ("LSS", "163,2", "161,9", "1,3"),
    ("Summa", "285,3", "290,3", "-5,0"),
]


@pytest.mark.parametrize(("right", "wrong"), [("80,3", "80 300"), ("161,9", "161 900"), ("29,6", "29 600"), ("17,9", "17 900")])
def test_a_cell_in_thousands_in_a_table_in_millions_is_shown_by_the_sum_of_its_column(
    right: str, wrong: str, tmp_path: Path
) -> None:
    cells = [tuple(wrong if cell == right else cell for cell in row) for row in FORECAST]
    columns = ["Budget", "Prognos", "Avvikelse"]
    assert told(table("Prognos för helåret 2024, mnkr", columns, *FORECAST), tmp_path) == []
    assert told(table("Prognos för helåret 2024, mnkr", columns, *cells), tmp_path) == [("thousandfold", wrong, right)]


PAID = ["2 104", "2 066", "2 198", "2 245", "2 230", "2 187", "2 140", "2 212", "2 265", "2 301", "2 344", "2 372"]
HOUSEHOLDS = ["241", "238", "245", "250", "249", "246", "243", "247", "252", "256", "260", "263"]
MONTHS = ["Jan", "Feb", "Mars", "April", "Maj", "Juni", "Juli", "Aug", "Sept", "Okt", "Nov", "Dec"]
TIMES = {
    "months": [*zip(MONTHS, HOUSEHOLDS, PAID, strict=True)],
    "tertials": [("Tertial 1", "244", "8 613"), ("Tertial 2", "246", "8 769"), ("Tertial 3", "258", "9 282")],
    "quarters": [("Kv 1", "241", "6 368"), ("Kv 2", "248", "6 662"), ("Kv 3", "247", "6 617"), ("Kv 4", "260", "7 017")],
}


@pytest.mark.parametrize("times", TIMES)
@pytest.mark.parametrize(
    ("label", "paid", "found"),
    [
        ("Genomsnitt / summa", "26 664", []),
        ("Genomsnitt / summa", "26 934", [("total", "26 934", "26 664")]),
        ("Summa/snitt", "26 394", [("total", "26 394", "26 664")]),
        ("Summa", "27 144", [("total", "27 144", "26 664")]),
        ("Totalt 2023", "26 646", [("total", "26 646", "26 664")]),
        # The year's figure may have what no month has; a mean is no sum.
        ("Helår 2023", "26 934", []),
        ("Genomsnitt / summa", "2 222", []),
    ],
)
def test_what_a_row_calls_the_sum_of_its_months_is_their_sum(
    label: str, paid: str, found: list[tuple[str, ...]], times: str, tmp_path: Path
) -> None:
    columns = ["Antal hushåll", "Utbetalt, tkr"]
    text = table("Försörjningsstöd 2023", columns, *TIMES[times], (label, "249", paid))
    assert told(text, tmp_path) == found


def test_amounts_since_january_have_no_sum(tmp_path: Path) -> None:
    since = [("Januari", "2 104"), ("Februari", "4 170"), ("Mars", "6 368"), ("April", "8 613"), ("Summa", "8 613")]
    assert told(table("Utbetalt bistånd 2023, ackumulerat, tkr", ["Utbetalt, tkr"], *since), tmp_path) == []


CARE = [("Familjehem", "7 410", "7 655", "7 902"), ("HVB", "1 815", "1 960", "2 144"), ("Jourhem", "604", "588", "671")]


@pytest.mark.parametrize(
    ("heading", "columns", "found"),
    [
        ("Tabell 4. Vårddygn 2021\u20132023", ["2021", "2022", "2023"], []),
        ("Tabell 4. Vårddygn 2020\u20132022", ["Vårddygn 2021", "Vårddygn 2022", "Vårddygn 2023"], ["2020\u20132022"]),
        ("Tabell 4. Vårddygn 2021\u20132023", ["Utfall 2021", "Utfall 2022", "Budget 2023"], []),
        ("Tabell 4. Vårddygn 2021\u20132022", ["Utfall 2021", "Utfall 2022", "Budget 2023"], []),
        ("Vårddygn, budget 2025 med plan 2026\u20132027", ["Budget 2025", "Plan 2026", "Plan 2027"], []),
        (
            "Vårddygn, budget 2024 med plan 2025\u20132026",
            ["Budget 2025", "Plan 2026", "Plan 2027"],
            ["budget 2024 med plan 2025\u20132026"],
        ),
        (
            "Vårddygn, utfall 2022 och plan 2024\u20132025",
            ["Utfall 2023", "Plan 2025", "Plan 2026"],
            ["utfall 2022 och plan 2024\u20132025"],
        ),
        # A year that has no column, and stands nowhere below.
        ("Tabell 4. Vårddygn 2020\u20132023", ["2021", "2022", "2023"], ["2020\u20132023"]),
        ("Vårddygn 2021\u20132024", ["2021", "2022", "2023"], ["2021\u20132024"]),
        ("Vårddygn 2021\u20132024", ["2021", "2022", "2023", "Budget 2024"], []),
        # What the heading names beyond the columns, or only in part, is no other year.
        ("Vårddygn, budget 2024 med plan 2025\u20132027", ["Budget 2024", "Plan 2025", "Plan 2026"], []),
        ("Vårddygn, budget 2024 med plan 2025\u20132026", ["Budget 2024", "Prognos 2024", "Plan 2025"], []),
    ],
)
def test_a_heading_has_the_years_of_its_columns(heading: str, columns: list[str], found: list[str], tmp_path: Path) -> None:
    assert [row[1] for row in told(table(heading, columns, *CARE), tmp_path)] == found


TOLD = """Socialnämnden i Granvika 2023

Hushåll med försörjningsstöd
                            2022    2023
Hushåll per månad            {}     {}

{}
"""


@pytest.mark.parametrize(
    ("before", "after", "sentence", "found"),
    [
        (
            340,
            391,
            "Under 2023 fick 391 hushåll försörjningsstöd, jämfört med 340 under 2022. Det är en ökning med 15,0 procent.",
            [],
        ),
        (
            340,
            391,
            "Under 2023 fick 391 hushåll försörjningsstöd, jämfört med 340 under 2022. Det är en ökning med 13,0 procent.",
            ["13,0"],
        ),
        (391, 340, "Antalet hushåll minskade från 391 år 2022 till 340 år 2023, en minskning med 13,0 procent.", []),
        (391, 340, "Antalet hushåll minskade från 391 år 2022 till 340 år 2023, en minskning med 15,0 procent.", ["15,0"]),
        # Nothing says which of the two came first.
        (340, 391, "Under 2023 fick 391 hushåll försörjningsstöd, mot 340 under 2022. Det är 13,0 procent.", []),
    ],
)
def test_a_percentage_in_a_sentence_is_of_what_was_before(
    before: int, after: int, sentence: str, found: list[str], tmp_path: Path
) -> None:
    assert [row[1] for row in told(TOLD.format(before, after, sentence), tmp_path)] == found


@pytest.mark.parametrize(
    ("rise", "found"),
    [
        ("7 214 tkr", []),
        ("7,2 mnkr", []),
        ("7 214 mnkr", ["7 214"]),
        ("6,1 mnkr", []),
    ],
)
@pytest.mark.parametrize("last", ["Utfall 2023", "Prognos 2023"])
def test_a_change_in_a_sentence_has_the_unit_of_the_difference_in_the_table(
    rise: str, found: list[str], last: str, tmp_path: Path
) -> None:
    areas = [("Barn och familj", "52 430", "59 644"), ("Vuxna", "18 905", "19 260"), ("Summa", "71 335", "78 904")]
    text = table("Nettokostnad per område, tkr", ["Utfall 2022", last], *areas)
    text += f"\nKostnaden för barn och familj ökade med {rise} mellan åren.\n"
    assert [row[1] for row in told(text, tmp_path)] == found


ON_A_DAY = [
    ("Gruppbostad", "71", "74", "{}"),
    ("Daglig verksamhet", "163", "171", "4,9"),
    ("Kontaktperson", "88", "81", "-8,0"),
    ("Korttidsvistelse", "42", "45", "7,1"),
]


@pytest.mark.parametrize(
    ("printed", "found"), [("4,2", []), ("4,1", [("other_base", "4,1", "4,2")]), ("2,4", [("percentage", "2,4", "4,2")])]
)
def test_what_is_counted_on_one_day_of_each_year_changes_by_the_year(
    printed: str, found: list[tuple[str, ...]], tmp_path: Path
) -> None:
    cells = [tuple(cell.format(printed) for cell in row) for row in ON_A_DAY]
    text = table("Personer med insats enligt LSS den 31 december", ["2022", "2023", "Förändring 2023, %"], *cells)
    assert told(text, tmp_path) == found


@pytest.mark.parametrize(("count", "found"), [("63", []), ("36", ["36"]), ("41", [])])
def test_a_sentence_does_not_say_again_which_ages_a_table_counts(count: str, found: list[str], tmp_path: Path) -> None:
    forms = [("Familjehem", "38", "41"), ("HVB", "14", "17"), ("Samtliga placerade barn", "58", "63")]
    text = table("Antal placerade barn och unga 0\u201320 år under året", ["2022", "2023"], *forms)
    text += f"\nUnder 2023 var {count} barn och unga placerade utanför hemmet någon gång.\n"
    assert [row[1] for row in told(text, tmp_path)] == found


SO_FAR = [
    ("Familjehem", "1 812", "1 640", "1 798", "1 751", "7 001"),
    ("HVB", "402", "377", "419", "405", "1 603"),
    ("Jourhem", "118", "121", "104", "99", "442"),
    ("Summa", "2 332", "2 138", "2 321", "2 255", "9 046"),
]
MONTHS_SO_FAR = ["Jan 2024", "Feb 2024", "Mars 2024", "April 2024", "Jan–april 2024"]


@pytest.mark.parametrize(
    ("right", "wrong"), [("7 001", "7 101"), ("1 603", "1 306"), ("442", "452"), ("9 046", "9 064"), ("9 046", "9 460")]
)
def test_what_months_so_far_sum_to_is_wrong_where_it_is_printed(right: str, wrong: str, tmp_path: Path) -> None:
    assert told(table("Vårddygn barn och unga", MONTHS_SO_FAR, *SO_FAR), tmp_path) == []
    cells = [tuple(wrong if cell == right else cell for cell in row) for row in SO_FAR]
    said = told(table("Vårddygn barn och unga", MONTHS_SO_FAR, *cells), tmp_path)
    assert [(published, expected) for _, published, expected in said] == [(wrong, right)]


@pytest.mark.parametrize(("month", "rule"), [("1 640", "shared_figure"), ("-", "total_or_row")])
def test_a_total_that_its_months_show_to_be_right_is_not_accused(month: str, rule: str, tmp_path: Path) -> None:
    wrong = [tuple({"7 001": "7 101", "1 640": month}.get(cell, cell) for cell in row) for row in SO_FAR]
    found = alarms(table("Vårddygn barn och unga", MONTHS_SO_FAR, *wrong), tmp_path)
    assert [(row["rule"], row["severity"]) for row in rows(found)] == [(rule, "warning" if rule == "total_or_row" else "error")]


BY_QUARTER = [
    ("Kvartal 1 2024", "211", "58", "41"),
    ("Kvartal 2 2024", "198", "61", "44"),
    ("Kvartal 3 2024", "187", "47", "39"),
    ("Kvartal 4 2024", "224", "72", "50"),
]
TAKEN_UP = ["Orosanmälningar", "Inledda utredningar", "Avslutade utredningar"]


@pytest.mark.parametrize(
    ("year", "found"),
    [
        (("820", "238", "174"), []),
        (("820", "328", "174"), ["328"]),
        (("802", "238", "174"), ["802"]),
        # A column of means beside sums; what its quarters are neither the sum nor the mean of where nothing else of it is.
        (("820", "59,5", "174"), []),
    ],
)
def test_a_year_below_its_quarters_is_their_sum(year: tuple[str, ...], found: list[str], tmp_path: Path) -> None:
    text = table("Barn och unga, antal", TAKEN_UP, *BY_QUARTER, ("Helår 2024", *year))
    assert [row[1] for row in told(text, tmp_path)] == found


PAID = [("Kvartal 1", "5,6", "4,9"), ("Kvartal 2", "5,4", "4,7"), ("Kvartal 3", "5,2", "4,5"), ("Kvartal 4", "5,0", "4,3")]


@pytest.mark.parametrize(
    ("year", "found"),
    [
        (("21,2", "18,4"), []),
        (("21,2", "19,4"), ["19,4"]),
        # Nothing shows that the years are sums of their quarters.
        (("21,9", "19,4"), []),
    ],
)
def test_an_amount_is_a_sum_where_that_of_another_year_is(year: tuple[str, ...], found: list[str], tmp_path: Path) -> None:
    text = table("Utbetalt försörjningsstöd, mnkr", ["2022", "2023"], *PAID, ("Helår", *year))
    assert [row[1] for row in told(text, tmp_path)] == found


SHARES = """Socialnämnden i Granvika 2023

Hushåll med försörjningsstöd

          Aug    Sep    Okt
Hushåll   412    419    437

Av hushållen i oktober {}.
"""


@pytest.mark.parametrize(
    ("told_so", "found"),
    [
        ("hade 171 fått stöd i mer än ett år, vilket motsvarar 39,1 procent", []),
        ("hade 171 fått stöd i mer än ett år, vilket motsvarar 41,5 procent", ["41,5"]),
        ("hade 171 fått stöd i mer än ett år, vilket utgör 40,8 procent", ["40,8"]),
        ("hade 171, eller 41,5 procent, fått stöd i mer än ett år", ["41,5"]),
        # Right of no other number there; of something that is named between.
        ("hade 171 fått stöd i mer än ett år, vilket motsvarar 35,2 procent", []),
    ],
)
def test_a_share_in_a_sentence_is_of_the_whole_of_its_time(told_so: str, found: list[str], tmp_path: Path) -> None:
    assert [row[1] for row in told(SHARES.format(told_so), tmp_path)] == found


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("Under 2023 kom 812 orosanmälningar, 95 fler än året före. Det är en ökning med 13,2 procent.", []),
        ("Under 2023 kom 812 orosanmälningar, 95 fler än året före. Det är en ökning med 11,7 procent.", ["11,7"]),
        ("Under 2023 kom 612 orosanmälningar, 95 färre än 2022. Det är en minskning med 13,4 procent.", []),
        ("Under 2023 kom 612 orosanmälningar, 95 färre än 2022. Det är en minskning med 15,5 procent.", ["15,5"]),
        # What is right of neither may be of something else.
        ("Under 2023 kom 812 orosanmälningar, 95 fler än året före. Det är en ökning med 8,4 procent.", []),
        # Which way it has gone nothing says.
        ("Under 2023 kom 812 orosanmälningar, en skillnad på 95 mot året före. Det är 11,7 procent.", []),
    ],
)
def test_a_percentage_beside_a_difference_is_of_what_was_before(sentence: str, found: list[str], tmp_path: Path) -> None:
    assert [row[1] for row in told(f"Socialnämnden i Granvika 2023\n\nBarn och unga\n\n{sentence}\n", tmp_path)] == found


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("Daglig verksamhet hade vid årsskiftet 136 deltagare.", []),
        ("Daglig verksamhet hade vid årsskiftet 163 deltagare.", ["163"]),
        # Digits of a cell in millions, as another reading of the sentence would have them.
        ("Daglig verksamhet hade vid årsskiftet 163 deltagare och kostade 16,3 mnkr.", ["163"]),
        ("I daglig verksamhet fanns den 31 december 163 personer, varav 24 utanför kommunen.", ["163"]),
        ("I daglig verksamhet fanns den 31 december cirka 163 personer.", []),
        ("Av 84 deltagare hade 52 en plats utanför verksamheten.", []),
    ],
)
def test_a_zero_in_thousands_or_millions_has_no_number_of_persons(sentence: str, found: list[str], tmp_path: Path) -> None:
    areas = [("Barn och familj", "52,4", "52,4", "0,0"), ("Vuxna", "18,9", "18,2", "0,7"), ("Summa", "71,3", "70,6", "0,7")]
    text = table("Nettokostnad per område, mnkr", ["Budget 2023", "Utfall 2023", "Avvikelse"], *areas)
    rows = [("Daglig verksamhet", "131", "136"), ("Kontaktperson", "62", "58")]
    text += "\n" + table("Personer med insats enligt LSS den 31 december", ["2022", "2023"], *rows)
    assert [row[1] for row in told(f"Årsredovisning 2023\n\n{text}\n{sentence}\n", tmp_path)] == found


@pytest.mark.parametrize(("amount", "found"), [("21,4 tkr", ["21,4"]), ("21,4 mnkr", []), ("21 387 tkr", []), ("20,6 tkr", [])])
def test_an_amount_has_the_unit_of_its_measure_where_another_row_has_its_name(
    amount: str, found: list[str], tmp_path: Path
) -> None:
    areas = [("Barn och unga", "50 120", "53 707"), ("Vuxna", "15 800", "14 779"), ("Summa", "65 920", "68 486")]
    text = table("Nettokostnad per område, tkr", ["Budget 2023", "Utfall 2023"], *areas)
    forms = [("Familjehem", "5 446"), ("HVB", "15 941"), ("Summa barn och unga", "21 387")]
    text += "\n" + table("Kostnader för placeringar, tkr", ["2023"], *forms)
    text += f"\nKostnaden för placerade barn och unga blev {amount}.\n"
    assert [row[1] for row in told(f"Årsredovisning 2023\n\n{text}", tmp_path)] == found


@pytest.mark.parametrize(
    ("heading", "named"), [("Snitt", True), ("Medel", True), ("Genomsnitt", True), ("Helår, olika hushåll", False)]
)
@pytest.mark.parametrize("mean", ["253", "263"])
def test_a_mean_beside_the_months_of_its_row_is_theirs(heading: str, named: bool, mean: str, tmp_path: Path) -> None:
    rows = [
        ("2021", "291", "289", "287", "284", "282", "279", "276", "274", "272", "273", "275", "274", "280"),
        ("2022", "268", "265", "262", "258", "255", "251", "247", "244", "243", "246", "248", "249", mean),
    ]
    text = table("Hushåll med ekonomiskt bistånd, per månad", [*MONTHS, heading], *rows)
    found = alarms(text, tmp_path)
    assert found["published"].to_list() == ["263"] * (named and mean == "263")
    # The finding is of the mean, as it is read, and not of the months.
    of = {("economic_assistance_households", None), ("economic_assistance.households.month", "Genomsnitt")}
    assert set(found.select("measure", "breakdown").rows()) <= of


def test_an_amount_per_household_is_weighted_by_the_months_households(tmp_path: Path) -> None:
    months = ["jan", "feb", "mars", "apr", "maj", "juni", "juli", "aug"]
    before, now = (198, 201, 205, 203, 200, 196, 192, 194), (212, 218, 221, 225, 224, 219, 211, 214)
    each = (9_624, 9_674, 9_806, 9_905, 9_954, 9_897, 9_826, 9_896)
    paid = [round(n * one / 1000) for n, one in zip(now, each, strict=True)]
    printed = [[f"{n:,}".replace(",", " ") for n in column] for column in (before, now, paid, each)]
    # The plain mean of the months is 9 823, which is 9 824 with each month's households.
    last = ("Jan\u2013aug", "199", "218", f"{sum(paid):,}".replace(",", " "), "9 824")
    columns = ["Hushåll 2023", "Hushåll 2024", "Utbetalt 2024, tkr", "Kr/hushåll 2024"]
    text = table("Försörjningsstöd per månad", columns, *zip(months, *printed, strict=True), last)
    assert told(text, tmp_path) == []


@pytest.mark.parametrize(("share", "found"), [("20,0", []), ("30,2", ["30,2"])])
def test_a_percentage_of_the_cost_is_none_of_the_days(share: str, found: list[str], tmp_path: Path) -> None:
    rows = [("HVB, vårddygn", "4 100", "4 250", "5 100"), ("HVB, mnkr", "19,8", "21,2", "27,6")]
    text = table("Vårddygn och bruttokostnad, barn och unga", ["2021", "2022", "2023"], *rows)
    text += f"\nAntalet vårddygn på HVB ökade med {share} procent mellan 2022 och 2023, från 4 250 till 5 100 dygn.\n"
    assert [row[1] for row in told(text, tmp_path)] == found


EIGHT_MONTHS = ("Januari", "Februari", "Mars", "April", "Maj", "Juni", "Juli", "Augusti")
EIGHT_COUNTS = ((371, 352), (368, 349), (366, 347), (361, 346), (358, 341), (352, 338), (349, 336), (347, 335))
EIGHT_PAID = (3_612, 3_560, 3_541, 3_502, 3_466, 3_420, 3_395, 3_377)


@pytest.mark.parametrize("name", ["Snitt", "Medel", "Genomsnitt per månad"])
@pytest.mark.parametrize(
    ("mean", "found"),
    [("343", []), ("344", []), ("334", ["334"]), ("353", ["353"]), ("430", []), ("2 744", [])],
)
def test_a_mean_below_its_months_is_theirs(name: str, mean: str, found: list[str], tmp_path: Path) -> None:
    printed = [(month, *map(str, counts)) for month, counts in zip(EIGHT_MONTHS, EIGHT_COUNTS, strict=True)]
    text = table("Tabell 6. Hushåll med försörjningsstöd", ["2022", "2023"], *printed, (name, "359", mean))
    assert [row[1] for row in told(text, tmp_path)] == found


def test_a_mean_of_the_months_that_another_year_has_is_theirs(tmp_path: Path) -> None:
    printed = [(m, str(a), str(b) if n < 6 else "") for n, (m, (a, b)) in enumerate(zip(EIGHT_MONTHS, EIGHT_COUNTS, strict=True))]
    text = table("Tabell 6. Hushåll med försörjningsstöd", ["2022", "2023"], *printed, ("Snitt", "363", "346"))
    assert told(text, tmp_path) == []


@pytest.mark.parametrize(("mean", "found"), [("343", []), ("334", ["334"])])
def test_a_mean_beside_a_sum_below_the_months_is_theirs(mean: str, found: list[str], tmp_path: Path) -> None:
    printed = [
        (m, str(h), f"{p:,}".replace(",", " ")) for m, (_, h), p in zip(EIGHT_MONTHS, EIGHT_COUNTS, EIGHT_PAID, strict=True)
    ]
    text = table("Tabell 6. Försörjningsstöd 2023", ["Antal hushåll", "Utbetalt, tkr"], *printed, ("Snitt/summa", mean, "27 873"))
    assert [row[1] for row in told(text, tmp_path)] == found


def test_an_area_with_a_subject_of_its_own_is_no_total_of_those_above_it(tmp_path: Path) -> None:
    areas = [
        ("Gemensamt och ledning", "18,4", "17,9", "0,5"),
        ("Barn och familj", "71,2", "76,0", "-4,8"),
        ("Vuxna", "24,3", "25,1", "-0,8"),
        ("Personlig assistans", "58,4", "61,3", "2,9"),
        ("Bostad med särskild service", "91,7", "92,5", "-0,8"),
        ("Summa nämnden", "264,0", "272,8", "-8,8"),
    ]
    text = table("Tabell 1. Nettokostnad per område 2023, mnkr", ["Budget 2023", "Utfall 2023", "Avvikelse"], *areas)
    assert [(rule, printed) for rule, printed, _ in told(text, tmp_path)] == [("shared_figure", "2,9")]
