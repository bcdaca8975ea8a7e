"""Figures in sentences: value, unit, period, series, sign and bound."""

from __future__ import annotations

import pytest
from socialvolym.extraction.prose import Mention, led, mentions, paragraphs
from socialvolym.extraction.prose.told_times import Time, period_of


def read(*lines: str) -> list[Mention]:
    return [mention for paragraph in paragraphs(list(enumerate(lines, start=1))) for mention in mentions(paragraph)]


def when(mention: Mention) -> str | None:
    """Return the period of a figure in a document of 2024."""
    return period_of(mention.time or Time(), "2024", None, mention.spoken_of)


@pytest.mark.parametrize(
    ("sentence", "value", "series"),
    [
        ("Nämnden redovisar ett underskott på 9,8 mnkr.", -9.8, "deviation"),
        ("Nämnden redovisar ett överskott om 2,2 mnkr.", 2.2, "deviation"),
        ("Kostnaderna var 10,2 miljoner kronor högre än budget.", -10.2, "deviation"),
        ("Antalet hushåll minskade med 40.", -40, "change_abs"),
        ("Antalet aktualiseringar ökade med 12 procent.", 12, "change_pct"),
        ("Andelen har sjunkit med 0,4 procentenheter.", -0.4, "change_abs"),
        ("Budgeten för året är 500 tkr.", 500, "budget"),
        ("Prognosen för helåret är 13 mnkr.", 13, "forecast"),
        ("Målet är minst 60 procent.", 60, "target"),
        ("Kostnaden uppgick till 11,4 mnkr.", 11.4, "outturn"),
        ("Antalet ökade till 57 personer.", 57, "outturn"),
        ("Orosanmälningarna har fördubblats under året.", 100, "change_pct"),
        ("Kostnaden översteg budget med 3,1 mnkr.", -3.1, "deviation"),
        ("Utfallet är 4,4 mnkr lägre än budget.", -4.4, "deviation"),
        ("Antalet är i nivå med budgeterade 400.", 400, "budget"),
        ("Andelen är hög (mål 75 %).", 75, "target"),
        ("Helårsprognosen är 206,0 mnkr.", 206, "forecast"),
        ("Insatserna växer (+6 %).", 6, "change_pct"),
        ("Bland unga går antalet ned, minus 7 procent på ett år.", -7, "change_pct"),
        ("Det är 52 fler barn som fick en sådan insats i kommunen än året innan.", 52, "change_abs"),
        ("Det inleddes trettiofem utredningar.", 35, "outturn"),
    ],
)
def test_series_and_sign(sentence: str, value: float, series: str) -> None:
    (mention,) = read(sentence)
    assert (mention.value, mention.series) == (value, series)


@pytest.mark.parametrize(
    "sentence",
    [
        "Beslut fattades 2024-02-17 enligt 9 § LSS, dnr SN 2024/0017.",
        "Ungdomar 13-20 år och personer över 65 år omfattas.",
        "Se tabell 4 och bilaga 2 för mål 3.",
        "Lagen (1993:387) trädde i kraft den 1 juli 1994.",
        "Kontakt: 08-123 45 67.",
        "1.2 Trygg kommun",
        "Utredningar tog längre tid än 90 dagar.",
        "3 (51)",
        "Rapporten omfattar flera år.",
        "Frågan besvaras på en skala 1-5 av alla.",
        "Sammanfattning .............. 3",
    ],
)
def test_not_figures(sentence: str) -> None:
    assert read(sentence) == []


def test_two_periods() -> None:
    first, second = read("Andelen är 86 procent 2024, jämfört med 70 procent 2023.")
    assert (first.value, when(first)) == (86, "2024")
    assert (second.value, when(second)) == (70, "2023")


def test_from_to_gives_two_outturns() -> None:
    first, second = read("Väntetiden har minskat från 29 dagar till 9 dagar.")
    assert (first.series, second.series) == ("outturn", "outturn")
    assert (when(first), when(second)) == ("2023", "2024")


def test_range_gives_low_and_high() -> None:
    assert [(m.value, m.breakdown) for m in read("Behovet omfattar 6-8 personer.")] == [(6, "low"), (8, "high")]


def test_number_words_count_only_what_can_be_counted() -> None:
    assert [m.value for m in read("Under året har tio våldsutövare fått stöd.")] == [10]
    assert read("Arbetet har pågått i tre år.") == []


def test_bounds() -> None:
    (mention,) = read("Det inkom drygt 2 100 anmälningar.")
    assert (mention.value, mention.bound) == (2100, "approx")


def test_thousands_keep_their_unit() -> None:
    (mention,) = read("Ramen är 87 000 tkr för verksamheten.")
    assert (mention.value, mention.unit) == (87_000, "kSEK")


def test_line_of_a_figure_in_a_broken_sentence() -> None:
    (mention,) = read("Nettokostnaden ökade under året", "", "med 31 mnkr jämfört med tidigare.")
    assert (mention.line, mention.series) == (3, "change_abs")


def test_month_without_a_year() -> None:
    (mention,) = read("I oktober fanns 673 deltagare i projektet.")
    assert when(mention) == "2024-10"


def test_second_number_shares_the_first_ones_series() -> None:
    first, second = read("Underskottet är 13,5 mnkr eller 3,1 procent.")
    assert (first.series, second.series) == ("deviation", "deviation")
    assert (first.value, second.value) == (-13.5, -3.1)


def test_a_number_in_brackets_is_of_the_year_before() -> None:
    for sentence in ("Antalet var 34 (36).", "Bidragstiden var 6,1 månader (6,3).", "Kostnaden var 5 120 kronor (4 890 kronor)."):
        first, second = read(sentence)
        assert (when(first), when(second)) == ("2024", "2023")


def test_a_bracket_that_names_its_year_says_nothing_of_the_number_before() -> None:
    first, second = read("Antalet vårddygn blev 29 860 (2019: 31 415).")
    assert (when(first), when(second), second.value) == ("2024", "2019", 31_415)


def test_what_is_compared_with_has_its_own_time() -> None:
    first, second = read("I snitt var 9 ungdomar placerade jämfört med 5 under motsvarande period 2022.")
    assert (when(first), when(second)) == ("2024", "2022")
    first, second = read("Andelen var 4,2 procent, lägre än 2021 då andelen var 4,5 procent.")
    assert (when(first), when(second)) == ("2024", "2021")


def test_a_sentence_may_end_in_an_abbreviation() -> None:
    first, second = read("Under 2021 vårdades 12 barn enligt LVU. Antalet vuxna sjönk till 23.")
    assert (when(first), when(second)) == ("2021", "2024")


def test_several_months_without_a_year() -> None:
    (mention,) = read("Under januari-augusti fick 1 046 hushåll försörjningsstöd.")
    assert when(mention) == "2024-01/2024-08"


def test_the_year_of_a_law_is_no_time() -> None:
    (mention,) = read("Under året beviljades 14 hushåll skuldsanering enligt SFS 2016:675.")
    assert (mention.value, when(mention)) == (14, "2024")


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Prognosen för helåret är ett underskott på 14 mnkr.", [(-14, "forecast")]),
        ("Just nu pekar prognosen mot ett överskott om 3,5 miljoner kronor.", [(3.5, "forecast")]),
        ("Placeringarna väntas avvika negativt med 6,2 mnkr.", [(-6.2, "forecast")]),
        ("Nämnden väntas gå 7 mnkr back.", [(-7, "forecast")]),
        (
            "Prognosen gick från ett underskott på 27 mnkr till ett underskott på 20 mnkr.",
            [(-27, "forecast"), (-20, "forecast")],
        ),
        ("Underskottet beräknas bli 23 miljoner kronor.", [(-23, "forecast")]),
        ("Socialnämnden gick minus 1,2 miljoner.", [(-1.2, "deviation")]),
        ("LSS visar ett överskott på 2 mnkr medan IFO går 5 mnkr back.", [(2, "deviation"), (-5, "deviation")]),
        ("Hemvården går 2,5 miljoner kronor över budget.", [(-2.5, "deviation")]),
        ("Familjehemmen går back med 4,3 miljoner kronor.", [(-4.3, "deviation")]),
        ("Året slutade 1,2 mnkr sämre än budget.", [(-1.2, "deviation")]),
        ("Nämnden redovisar nu ett underskott som uppgår till 9,8 mnkr.", [(-9.8, "deviation")]),
        ("Avvikelsen mot budget är negativ med 0,7 mnkr.", [(-0.7, "deviation")]),
        ("Nettokostnaden blev 761 mnkr och budgeten var 753 mnkr.", [(761, "outturn"), (753, "budget")]),
        ("I juli hade kommunen 37 ensamkommande, budgeten räknade med 46.", [(37, "outturn"), (46, "budget")]),
        ("Ett mål är att energin ska minska med 20 procent.", [(-20, "target")]),
        ("Antalet minskade med 679 till sammanlagt 8 425 hushåll.", [(-679, "change_abs"), (8425, "outturn")]),
        ("I maj var det tio hushåll färre som fick stöd.", [(-10, "change_abs")]),
        ("Mot året innan var det 1 360 färre hushåll.", [(-1360, "change_abs")]),
        ("Nettokostnaden steg med 12 mnkr eller 6 procent.", [(12, "change_abs"), (6, "change_pct")]),
        ("Andelen sjönk med 2 procentenheter.", [(-2, "change_abs")]),
        ("Insatserna har genomförts inom ramen för projektet med 32 deltagare.", [(32, "outturn")]),
        ("Omsorgen har 16 platser och 12 av dem är belagda.", [(16, "outturn"), (12, "outturn")]),
        (
            "Prognosen är ett underskott på 15 mnkr, en försämring med 1 mnkr sedan aprilprognosen.",
            [(-15, "forecast"), (-1, "change_abs")],
        ),
        ("Prognosen är minus 9 mnkr. Det är 2 mnkr bättre än prognosen i juni.", [(-9, "forecast"), (2, "change_abs")]),
        ("Utfallet blev 0,6 mnkr sämre än prognosen om 7,7 mnkr.", [(-0.6, "deviation"), (-7.7, "forecast")]),
        ("Placeringarna blev 7 mnkr dyrare än budget.", [(-7, "deviation")]),
        ("Intäkterna blev 7 mnkr högre än budget.", [(7, "deviation")]),
        (
            "Av underskottet på 14 mnkr svarar HVB för 9 mnkr och LSS för 5 mnkr.",
            [(-14, "deviation"), (-9, "deviation"), (-5, "deviation")],
        ),
        ("Försäljningen gav 6,3 mnkr mot budgeterade 5,0.", [(6.3, "outturn"), (5, "budget")]),
        ("Av periodens budget på 44 mnkr har 47 mnkr använts.", [(44, "budget"), (47, "outturn")]),
        ("Vårddygnen blev 2 950, budgeterat var 2 200.", [(2950, "outturn"), (2200, "budget")]),
        ("Nämnden ska spara 5 mnkr.", [(5, "target")]),
        ("För balans krävs besparingar på 14 mnkr.", [(14, "target")]),
        ("Budgeten sprack med 6 mnkr.", [(-6, "deviation")]),
        ("Stödet drog över med 4 mnkr och vården av missbrukare med 2,8.", [(-4, "deviation"), (-2.8, "deviation")]),
        ("Prognosen är ett underskott på 14 mnkr. LSS står för 9 mnkr av underskottet.", [(-14, "forecast"), (-9, "forecast")]),
        ("Underskottet är 3 mnkr. Den största posten är HVB med 2 mnkr.", [(-3, "deviation"), (-2, "deviation")]),
        ("Förvaltningen tror på minus 6 mnkr för helåret.", [(-6, "forecast")]),
        ("Målvärdet för andelen hushåll är 3,5 procent (utfall 2018: 4,2 procent).", [(3.5, "target"), (4.2, "outturn")]),
        ("Ramen räknas upp med 6 mnkr.", [(6, "change_abs")]),
        ("Biståndet blev 1,2 mnkr billigare än beräknat.", [(1.2, "deviation")]),
        ("Om inget görs blir underskottet 9 mnkr.", [(-9, "forecast")]),
        ("Prognosen är +2,5 mnkr. LSS visar -1,9 mnkr till och med augusti.", [(2.5, "forecast"), (-1.9, "deviation")]),
        ("Effektiviseringskravet är 3,5 mnkr.", [(3.5, "target")]),
        ("Utfallet var 9 412 tkr (budget 17 500 tkr).", [(9412, "outturn"), (17500, "budget")]),
        ("Budget- och skuldrådgivningen hade 96 ärenden.", [(96, "outturn")]),
        ("Nämndens ram är 289 mnkr 2021 och 294 mnkr 2022.", [(289, "budget"), (294, "budget")]),
        ("Inom LSS överskreds budgeten med 2 mnkr.", [(-2, "deviation")]),
        ("Antalet LVM-placeringar är två.", [(2, "outturn")]),
        ("61 personer hade fler än tre insatser.", [(61, "outturn")]),
        (
            "Överskottet är 7 mnkr. Prognosen var 4 mnkr. Överskottet förklaras av lägre kostnader (5 mnkr).",
            [(7, "deviation"), (4, "forecast"), (5, "deviation")],
        ),
        ("I somras var prognosen minus 5 mnkr. Nu är den 9 mnkr.", [(-5, "forecast"), (-9, "forecast")]),
        ("Stödet ska minska med 2 mnkr och boendet med 1,5 mnkr.", [(-2, "target"), (-1.5, "target")]),
        ("Nämnden går 4 mnkr över budget. Av det är 3 mnkr försörjningsstöd.", [(-4, "deviation"), (-3, "deviation")]),
        ("Budgeten är 412 mnkr. Försörjningsstöd får 52 mnkr.", [(412, "budget"), (52, "budget")]),
        ("Det är bättre än året innan, då minuset var 11,2 mnkr.", [(-11.2, "deviation")]),
        ("Avvikelse mot budget, mnkr: IFO -5,2, LSS 1,1.", [(-5.2, "deviation"), (1.1, "deviation")]),
        (
            "Vi fick 956 anmälningar, en minskning med 4 procent. 214 utredningar inleddes.",
            [(956, "outturn"), (-4, "change_pct"), (214, "outturn")],
        ),
        ("Sex vårdades enligt LVM, mot tre året före.", [(6, "outturn"), (3, "outturn")]),
        ("Underskottet var 11,8 mnkr (föregående år 6,4 mnkr).", [(-11.8, "deviation"), (-6.4, "deviation")]),
    ],
)
def test_how_figures_are_told(sentence: str, told: list[tuple[float, str]]) -> None:
    assert [(mention.value, mention.series) for mention in read(sentence)] == told


@pytest.mark.parametrize(
    ("sentence", "periods"),
    [
        ("I fjol fick 45 hushåll stöd.", ["2023"]),
        ("Antalet var 52, jämfört med 45 året innan.", ["2024", "2023"]),
        ("Antalet var 52 under 2021, jämfört med 45 året innan.", ["2021", "2020"]),
        ("Till och med augusti fick 310 hushåll stöd.", ["2024-01/2024-08"]),
        ("Efter april är 45 barn placerade.", ["2024-01/2024-04"]),
        ("De första åtta månaderna fick 310 hushåll stöd.", ["2024-01/2024-08"]),
        ("Per den 31 december fanns 77 hushåll.", ["2024-12-31"]),
        ("Under första tertialet inkom 210 anmälningar.", ["2024-01/2024-04"]),
        ("Under andra kvartalet 2023 inkom 210 anmälningar.", ["2023-Q2"]),
        ("Antalet steg från 987 år 2022 till 1 015.", ["2022", "2024"]),
        ("För två år sedan fick 45 hushåll stöd.", ["2022"]),
        ("Åren 2018-2021 sparade nämnden 45 mnkr.", ["2018/2021"]),
        ("Kostnaden har ökat mellan 2021 och 2022 från 1,2 mnkr till 2,6 mnkr.", ["2021", "2022"]),
        ("I december 2023 levde 530 barn i familjerna, 12 procent färre än 2022.", ["2023-12", "2023-12"]),
        ("Under januari-augusti fick 310 hushåll stöd, mot 290 samma period 2023.", ["2024-01/2024-08", "2023-01/2023-08"]),
        ("Under januari-augusti fick 310 hushåll stöd. Kostnaden steg med 6 procent.", ["2024-01/2024-08"] * 2),
        ("I april fick 31 hushåll stöd. Av dem var 12 nya. Kostnaden var 2 mnkr.", ["2024-04", "2024-04", "2024"]),
        ("Vid halvårsskiftet var 83 barn placerade.", ["2024-06-30"]),
        ("Under årets fyra första månader kom 402 anmälningar.", ["2024-01/2024-04"]),
        ("Andelen var 3,1 procent, jämfört med 4,0 i länet.", ["2024", "2024"]),
        ("Av 88 barn är 71 placerade, i maj var de 66.", ["2024", "2024", "2024-05"]),
        ("Kostnaden var 9,4 mnkr (3,1 mnkr under 2022).", ["2024", "2022"]),
        ("Hela förra året kom 1 610 anmälningar.", ["2023"]),
        (
            "Till och med april är resultatet -3 mnkr. I fjol vid samma tid var det +0,5 mnkr.",
            ["2024-01/2024-04", "2023-01/2023-04"],
        ),
        ("Utfall jan-maj 18,4 mnkr.", ["2024-01/2024-05"]),
        ("Totalt gjordes 48 omhändertaganden, 31 året innan.", ["2024", "2023"]),
        ("Antalet beslut har minskat från 140 till 121 på två år.", ["2022", "2024"]),
        ("Kommunen betalade ut 41 mnkr 2022. Året innan var summan 37 mnkr.", ["2022", "2021"]),
        ("Nämndens ram är 289 mnkr 2024, 294 mnkr 2025.", ["2024", "2025"]),
        ("Antal hushåll per månad: januari 241, februari 252.", ["2024-01", "2024-02"]),
        ("Efter årets första kvartal är underskottet 4 mnkr. Av det är 3 mnkr bistånd.", ["2024-Q1", "2024-Q1"]),
        ("Det är bättre än året innan, då minuset var 11,2 mnkr.", ["2023"]),
        ("Kommunen betalade 23 mnkr, att jämföra med 21 mnkr 2022 och 18 mnkr 2021.", ["2024", "2022", "2021"]),
        ("Underskottet var 11,8 mnkr (föregående år 6,4 mnkr).", ["2024", "2023"]),
        ("Bistånd januari-september: 139 hushåll. Kostnaden för perioden var 47 mnkr.", ["2024-01/2024-09"] * 2),
        ("I december var antalet 77, mot 85 i december 2022.", ["2024-12", "2022-12"]),
    ],
)
def test_when_figures_are(sentence: str, periods: list[str]) -> None:
    assert [when(mention) for mention in read(sentence)] == periods


def test_an_item_of_a_list_goes_on_with_the_sentence_that_leads_to_it() -> None:
    found = list(paragraphs([(1, "Antal personer, 12 nya, den 31 december 2023:"), (2, "- LSS 41"), (3, "- boendestöd 28")]))
    items = [led(item, found[0]) for item in found[1:]]
    assert [(m.value, m.line, when(m)) for item in items for m in mentions(item)] == [
        (41, 2, "2023-12-31"),
        (28, 3, "2023-12-31"),
    ]
    assert led(found[1], None) is found[1]


def test_the_next_paragraph_speaks_of_its_own_time() -> None:
    assert [when(mention) for mention in read("Under januari-mars fick 31 hushåll stöd.", "", "Sedan fick 40 stöd.")][1] == "2024"
