"""Sentences of a document that no hint describes, against their own figures and against the rows that they tell of."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from socialvolym.commands.check import check_document

TABLES = """
Ekåsa kommun
Årsredovisning 2023, socialnämnden

Tabell 1. Nettokostnad per verksamhet, mnkr

Verksamhet                        Budget 2023   Utfall 2023     Avvikelse
Barn och familj                          71,4          78,9          -7,5
Ekonomiskt bistånd                       36,2          33,3           2,9
Funktionsstöd                           128,3         126,9           1,4
Nämnd och administration                 11,8          11,4           0,4
Summa                                   247,7         250,5          -2,8

Tabell 2. Ekonomiskt bistånd

                                         2022          2023
Hushåll i snitt per månad                 415           387
Utbetalt bistånd, tkr                  31 846        29 714
Barn i hushåll med bistånd                236           219

Tabell 3. Placeringar av barn och unga

                                         2022          2023
HVB, vårddygn                           2 318         2 846
HVB, kostnad, tkr                      12 633        15 909
Familjehem, vårddygn                   10 430        10 175

Tabell 4. Placerade barn den 31 december

                                         2022          2023
Barn i familjehem                          39            36
Barn i HVB                                  8             9
Barn i jourhem                              4             3

Tabell 5. Personal

                                         2022          2023
Total sjukfrånvaro, procent              8,62          7,38
"""


def found(sentence: str, folder: Path, tables: str = TABLES) -> list[tuple[str, str]]:
    """Return the rule and what is printed of each error and warning about a sentence below the tables."""
    file = folder / "document.txt"
    file.write_text(f"{tables}\n{sentence}\n", encoding="utf-8")
    alarms = check_document(file).filter(pl.col("severity") != "note")
    return list(alarms.select("rule", "published").iter_rows())


TOLD_ALONE = [
    # a difference between two figures of the sentence, or of the one before
    ("Vid årets slut stod 47 personer i kö. Det är 28 fler än ett år tidigare, då 29 väntade.", [("change", "28")]),
    ("Vid årets slut stod 47 personer i kö. Det är 18 fler än ett år tidigare, då 29 väntade.", []),
    ("Antalet anmälningar var 842 under 2023, vilket är 68 fler än de 784 som kom under 2022.", [("change", "68")]),
    ("Antalet anmälningar var 842 under 2023, vilket är 58 fler än de 784 som kom under 2022.", []),
    # means that are rounded each by itself
    ("Under 2023 fick i snitt 312 personer stöd per månad, 29 färre än 2022 då snittet var 340.", []),
    # another base, another thing
    ("Under 2023 kom 842 anmälningar, 38 fler än i budget, jämfört med 784 under 2022 och 790 under 2021.", []),
    ("Sjukfrånvaron sjönk från 8,6 till 7,4 procent 2023, medan korttidsfrånvaron sjönk med 0,3 procentenheter.", []),
    ("Sjukfrånvaron sjönk från 8,6 till 7,4 procent 2023, alltså med 2,1 procentenheter.", [("change", "2,1")]),
    ("Sjukfrånvaron sjönk från 8,6 till 7,4 procent 2023, alltså med 1,2 procentenheter.", []),
    # a percentage told in the sentence after the one with the figures
    ("Under 2023 kom 842 anmälningar. Det är 58 fler än 2022, en ökning med 6,9 procent.", [("other_base", "6,9")]),
    ("Under 2023 kom 842 anmälningar. Det är 58 fler än 2022, en ökning med 7,4 procent.", []),
    ("Under 2023 kom 842 anmälningar jämfört med 784 under 2022. Ökningen är 6,9 procent.", [("other_base", "6,9")]),
    ("Under 2023 kom 842 anmälningar jämfört med 784 under 2022. Ökningen är 7,4 procent.", []),
    # a surplus or a deficit of what was spent and what was given
    (
        "Vården kostade 94,3 mnkr 2023 mot budgeterade 91,8 mnkr. Det ger ett överskott på 2,5 mnkr.",
        [("direction_told", "överskott")],
    ),
    ("Vården kostade 94,3 mnkr 2023 mot budgeterade 91,8 mnkr. Det ger ett underskott på 2,5 mnkr.", []),
    ("Vården kostade 89,3 mnkr 2023 mot budgeterade 91,8 mnkr, ett överskott på 2,5 mnkr.", []),
    # what falls from one figure to another
    ("Antalet anmälningar minskade från 784 under 2022 till 842 under 2023.", [("direction_told", "minskade")]),
    ("Antalet familjer i behandling har sjunkit från 69 till 75 under 2023.", [("direction_told", "sjunkit")]),
    ("Antalet familjer i behandling ökade under året från 75 till 69.", [("direction_told", "ökade")]),
    ("Antalet familjer i behandling ökade under året från 69 till 75.", []),
    ("Väntetiden minskade från 3 månader till 64 dagar.", []),
    # women and men of all, and the cost of a day
    ("Den 1 oktober 2023 hade 330 personer kontaktperson enligt LSS, 131 kvinnor och 169 män.", [("sum", "330")]),
    ("Den 1 oktober 2023 hade 300 personer kontaktperson enligt LSS, 131 kvinnor och 169 män.", []),
    ("Den 1 oktober 2023 hade 302 personer daglig verksamhet, varav 131 kvinnor och 169 män.", [("sum", "302")]),
    ("Sammanlagt bodde 117 personer i bostad enligt LSS 2023, 84 i egen regi och 23 hos andra.", [("sum", "117")]),
    ("Sammanlagt bodde 107 personer i bostad enligt LSS 2023, 84 i egen regi och 23 hos andra.", []),
    ("Under 2023 kostade 3 120 vårddygn på HVB 15 912 tkr, 5 700 kr per dygn.", [("ratio_of_rows", "5 700")]),
    ("Under 2023 kostade 3 120 vårddygn på HVB 15 912 tkr, 5 100 kr per dygn.", []),
    # one count of one day told twice
    (
        "Den 31 december 2023 bodde 58 barn i familjehem.\n\nBarn\n\nDen 31 december 2023 bodde 52 barn i familjehem.",
        [("count_told_twice", "52")],
    ),
    # a part of a whole
    ("I december 2023 hade 41 av 63 personer en plan, vilket motsvarar 56 procent.", [("ratio", "56")]),
    ("I december 2023 hade 41 av 63 personer en plan, vilket motsvarar 65 procent.", []),
    ("I december 2023 hade 41 av totalt 63 personer (56 procent) en plan.", [("ratio", "56")]),
    ("I december 2023 var 63 personer inskrivna. Av dem hade 41 en plan, vilket är 56 procent.", [("ratio", "56")]),
    ("I december 2023 var 63 personer inskrivna. Av dem hade 41 en plan, vilket är 65 procent.", []),
    ("I december 2023 hade 41 av 63 personer en plan. Målet är 80 procent.", []),
    ("I december 2023 var 63 personer inskrivna och 73 i kö. Av dem hade 41 en plan, vilket är 56 procent.", []),
]


@pytest.mark.parametrize(("sentence", "wrong"), TOLD_ALONE)
def test_what_a_sentence_tells_agrees_with_its_own_figures(sentence: str, wrong: list[tuple[str, str]], tmp_path: Path) -> None:
    assert found(sentence, tmp_path) == wrong


OF_ROWS = [
    # a deviation of a row that the sentence names, and what it is called
    ("Ekonomiskt bistånd redovisar 2023 ett överskott på 1,9 mnkr.", [("text_table", "1,9")]),
    ("Ekonomiskt bistånd redovisar 2023 ett överskott på 2,9 mnkr.", []),
    ("Ekonomiskt bistånd redovisar 2023 ett underskott på 2,9 mnkr.", [("direction_told", "underskott")]),
    ("Barn och familj redovisar 2023 ett överskott på 7,5 mnkr.", [("direction_told", "överskott")]),
    ("Barn och familj redovisar 2023 ett underskott på 7,5 mnkr.", []),
    ("Barn och familj har 2023 ett underskott på 7,5 mnkr medan ekonomiskt bistånd har ett överskott på 2,9 mnkr.", []),
    # an amount a thousand off the row that another figure of its sentence is in
    ("Nettokostnaden blev 250,5 mnkr 2023, vilket är 2,8 tkr mer än budget.", [("unit_slip", "2,8")]),
    ("Nettokostnaden blev 250,5 mnkr 2023, vilket är 2,8 mnkr mer än budget.", []),
    ("Under 2023 betalades 29 714 mnkr ut i ekonomiskt bistånd.", [("unit_slip", "29 714")]),
    ("Under 2023 betalades 29,7 mnkr ut i ekonomiskt bistånd.", []),
    ("Kommunen i sin helhet omsätter 29 715 mnkr.", []),
    # a comma that has moved, where the percentage is the row's
    ("Utbetalningarna blev 297,1 mnkr 2023, 6,7 procent lägre än 2022.", []),
    # two digits that changed places, or another one, in a row that is known
    ("Vårddygnen på HVB ökade från 2 318 till 2 486 under 2023.", [("text_table", "2 486")]),
    ("Vårddygnen på HVB ökade från 2 318 till 2 846 under 2023.", []),
    ("Hushållen i snitt per månad var 378 under 2023.", [("text_table", "378")]),
    ("Utbetalt bistånd blev 29 774 tkr 2023.", [("text_table", "29 774")]),
    ("Underskottet inom barn och familj förklaras av vården, som blev 7,5 tkr dyrare än budget.", [("unit_slip", "7,5")]),
    ("En timme hos familjerådgivningen kostar i snitt 1,3 tkr.", []),
    # a percentage and a difference of a row
    ("HVB svarade för 2 846 vårddygn 2023, en uppgång med 18,6 procent.", [("other_base", "18,6")]),
    ("HVB svarade för 2 846 vårddygn 2023, en uppgång med 22,8 procent.", []),
    ("Vårddygnen på HVB ökade med 18,6 procent 2023.", [("other_base", "18,6")]),
    ("Vårddygnen på HVB ökade med 22,8 procent 2023.", []),
    ("Kostnaden för HVB ökade med 25,9 procent 2023.", []),
    ("I snitt fick 387 hushåll per månad ekonomiskt bistånd 2023. Det är 38 färre än 2022.", [("change", "38")]),
    ("I snitt fick 387 hushåll per månad ekonomiskt bistånd 2023. Det är 28 färre än 2022.", []),
    ("I snitt fick 387 hushåll per månad ekonomiskt bistånd 2023. Det är 28 fler än 2022.", [("direction_told", "28")]),
    ("Utbetalt bistånd minskade med 9,4 procent mellan 2022 och 2023.", [("percentage", "9,4")]),
    ("Utbetalt bistånd minskade med 6,7 procent mellan 2022 och 2023.", []),
    # figures of a row the other way round, small counts beside another of the row
    ("Barn i hushåll med bistånd ökade från 219 till 236 under 2023.", [("direction_told", "ökade")]),
    ("Den 31 december 2023 bodde 38 barn i familjehem och 9 i HVB.", [("text_table", "38")]),
    ("Den 31 december 2023 bodde 36 barn i familjehem och 9 i HVB.", []),
    # each other's figures, the committee's deficit, a share of one row
    ("Under 2023 gavs 2 846 vårddygn i familjehem och 10 175 på HVB.", [("text_table", "2 846")]),
    ("Under 2023 gavs 10 175 vårddygn i familjehem och 2 846 på HVB.", []),
    ("Utfallet 2023 blev sämre än budget. Underskottet på 8,2 mnkr beror på vården.", [("text_table", "8,2")]),
    ("Sjukfrånvaron var 7,2 procent 2023.", [("text_table", "7,2")]),
    ("Sjukfrånvaron var 7,4 procent 2023.", []),
    ("Sjukfrånvaron i kommunen som helhet var 6,9 procent 2023.", []),
    ("Barn i hushåll med bistånd minskade från 236 till 219 2023, medan barn i andra hushåll ökade från 236 till 241.", []),
    # a surplus of an activity that is more than all it costs
    ("Funktionsstöd lämnar ett överskott på 1 400 mnkr.", [("unit_slip", "1 400")]),
    # part of the organisation or of the year, another time
    ("Barn i hushåll med bistånd var 159 i oktober 2023.", []),
    ("I augusti väntades ekonomiskt bistånd 2023 ge ett överskott på 1,2 mnkr.", []),
]


@pytest.mark.parametrize(("sentence", "wrong"), OF_ROWS)
def test_what_a_sentence_tells_agrees_with_the_row_that_it_is_of(
    sentence: str, wrong: list[tuple[str, str]], tmp_path: Path
) -> None:
    assert found(sentence, tmp_path) == wrong
