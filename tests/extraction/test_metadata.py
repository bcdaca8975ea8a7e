"""Municipality, committee, year and kind, found in a document's own text."""

from __future__ import annotations

import pytest
from socialvolym.documents.document import Document
from socialvolym.extraction.metadata import Metadata, find_metadata, printed_title, stated_municipality


def test_everything_is_found() -> None:
    found = find_metadata(Document(["Årsredovisning 2023", "Socialnämnden", "Haninge kommun", "Under 2023 ökade volymerna."]))
    assert found == Metadata("document", "0136", "Socialnämnden", 2023, "annual_report")


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (["Delårsrapport augusti 2023"], "interim"),
        (["Verksamhetsplan 2024"], "budget"),
        (["Verksamhetsberättelse 2022"], "annual_report"),
        (["Socialtjänsten i siffror"], "statistics"),
        (["Planering för åren 2024-2026"], "budget"),
        (["Nedan visas bokslut 2021, budget 2022 och bokslut 2022", "Bokslutet för 2022 blev 41 mkr."], "annual_report"),
    ],
)
def test_kind(lines: list[str], kind: str | None) -> None:
    assert find_metadata(Document(lines)).kind == kind


def test_year_of_comparison_is_not_the_reports() -> None:
    lines = ["Under 2022 var 12 barn placerade, jämfört med 14 barn 2021.", "Utfallet 2022 var lägre än budget 2023."]
    assert find_metadata(Document(lines)).year == 2022


@pytest.mark.parametrize(
    ("lines", "year"),
    [
        (["Delårsrapport jan-aug 2021     8 | Dnr 00412", "Platser 2022, 2022 och 2022."], 2021),
        (["Omsorgsnämnden, Delårsbokslut 2024-08-31", "Antal 2023", "Antal 2023"], 2024),
        (["Budget 2024 med plan 2025-2026", "2025 2026 2025 2026"], 2024),
        (["Köpt vård Utfall 2017 Budget 2018 Diff", "Under 2017 ökade antalet."], 2017),
        (["I november fick 231 hushåll stöd.", "Siffrorna är från 2021."], 2021),
        (["Förra året var 48 barn placerade och i år 57.", "Det visar nämndens delårsrapport för 2021."], 2021),
        (
            ["Mjölby kommun", "Verksamhetsberättelse", "2023", "Beslutad i februari 2024.", "År 2024 väntas 12 fler."],
            2023,
        ),
        (["Placerade barn", "År", "2023", "2024", "Vid årets slut 2024 var 12 barn placerade."], 2024),
        (["Protokoll, socialnämnden 2015-10-20", "214 vuxna fick stöd."], 2015),
        (["Beslut i korthet februari 2021", "Under 2020 kom 410 anmälningar."], 2020),
        (["Biståndet kostade 8,8 mnkr under 2012.", "Till och med april i år är kostnaden 3,3 mnkr."], 2013),
        (["Helårsprognosen är 91 mnkr mot budgeterade 84.", "Under 2012 hade kommunen 60 personer i boendestöd."], 2013),
        (["Helårsprognosen 2012 är 91 mnkr mot budgeterade 84.", "Till och med maj 2012 hade 60 personer boendestöd."], 2012),
        (["Socialjouren hade 1 240 ärenden mot 1 105 under 2018.", "Det är fler."], 2019),
        (["Bidragstiden var 6,8 månader (7,1 månader 2021)."], 2022),
        (["Vid årets slut fanns 341 personer.", "Sju väntade, att jämföra med tre 2019."], 2020),
        (["Under 2022 och 2023 inleddes 312 respektive 287 utredningar."], 2023),
        (["Vid utgången av 2020 fanns 52 personer.", "En gruppbostad öppnar hösten 2021."], 2020),
        (["Kommunen har 14 gruppbostäder.", "Två nya ska byggas till 2024."], None),
        (["Verksamhetsplan 2023-2025", "Under 2024 och 2025 ökar ramen."], 2023),
        (["Mål- och resursplan 2024–2026", "Ramen för 2026 är högre."], 2024),
        (["Socialnämndens verksamhetsplan 2024, antagen 2023-12-14", "Antalet var 12."], 2024),
        (["Ekonomirapport t.o.m. november 2018", "Antalet var 12."], 2018),
        (["Mål och budget 2024–2026, socialnämnden", "För 2025 och 2026 ökar ramen."], 2024),
        (["Delårsbokslut 2022-08-31. Siffror inom parentes avser 2021.", "Under 2021 kom 12."], 2022),
        (["Nämnden gick 14 mnkr back, visar bokslutet för 2022.", "I år är budgeten höjd."], 2023),
        (
            ["Underskottet efter augusti är 7 mnkr. Samma tid 2022 var det 3 mnkr.", "Nästa år, 2024, får nämnden 10 mnkr mer."],
            2023,
        ),
        (["Under januari-augusti 2023 kom 312 anmälningar.", "Hittills i år har 31 mnkr betalats ut."], 2023),
        (["Under 2021 fick 402 hushåll bistånd.", "Målet för 2022 är 390. Budgeten för 2022 är 41 mnkr."], 2021),
        (["Efter april pekar prognosen på -8 mnkr, mot -3 mnkr 2022.", "Under 2024 beräknas kostnaderna öka."], 2023),
        (["Motsvarande siffra var 74 procent 2020 och 75 procent 2019 i nämnden."], 2021),
        (
            [
                "Enligt uppgift har antalet barn ökat varje år.",
                "Efter augusti är 45 barn placerade, fler än någonsin sedan 2016.",
            ],
            None,
        ),
        (["Beslut i korthet februari 2022", "Årsanalys för 2021"], 2021),
        (["Området redovisar för 2023 ett överskott om 2,2 mnkr.", "Under 2024 öppnar ett nytt boende."], 2023),
        (["Prognosen för 2012 är 8,8 mnkr.", "Till och med april i år är kostnaden 3,3 mnkr."], 2012),
        (["Personer med insatser 2005–2020. Ekeby", "  2005 2010 2020"], 2020),
        (["Publicerad 4 juni 2010", "För hela 2010 väntas kostnaden bli 16,3 miljoner. Budgeten är 14,7,"], 2010),
        (["3 Ramar och förutsättningar 2025–2027", "Ett boende öppnar våren 2026 och kostar 4,2 mkr per år. I dag"], 2025),
        (["Nedan visas bokslut 2021, budget 2022 och bokslut 2022", "Under 2022 fick 402 hushåll stöd."], 2022),
    ],
)
def test_the_title_tells_the_year(lines: list[str], year: int | None) -> None:
    assert find_metadata(Document(lines)).year == year


@pytest.mark.parametrize(
    ("title", "months"),
    [
        ("Delårsrapport per 31 augusti 2023", 8),
        ("Tertialrapport 1, 2022", 4),
        ("Månadsuppföljning september 2023", 9),
        ("Delårsrapport januari-augusti, socialnämnden 2023", 8),
        ("Delårsrapport 2 2023", 8),
        ("Tertialuppföljning 1 2024", 4),
        ("Halvårsrapport 2023", 6),
        ("Nämndrapport april 2022", 4),
        ("Uppföljning kvartal 1 2024", 3),
        ("Tjänsteskrivelse 2023-10-12, ekonomisk uppföljning per september", 9),
        ("Månadsrapport maj 2022 från omsorgsnämnden. Kostnaderna har ökat, och så har antalet ärenden, ända sedan i höstas.", 5),
        (
            "Kvartalsrapport september 2023. Vi har haft ett lugnt kvartal med få nya placeringar och många som har flyttat hem.",
            9,
        ),
        ("Delårsrapport januari-april 2023, antagen i juni 2023", 4),
        ("Delårsrapport 2023, beslutad av nämnden i oktober 2023", None),
        ("Delårsrapport 2023", None),
        ("Årsredovisning 2023", None),
    ],
)
def test_how_many_months_an_interim_report_tells_of(title: str, months: int | None) -> None:
    assert find_metadata(Document([title])).months == months


def test_headings_of_columns_are_no_title() -> None:
    lines = ["Kvartalsrapport 4 2018", "Köpt vård Kv 1 Kv 2 Kv 3 Kv 4 Helår 2018 Budget 2018 Diff"]
    assert find_metadata(Document(lines)).kind == "interim"


@pytest.mark.parametrize(
    ("line", "code"),
    [("HELSINGBORGS STAD", "1283"), ("Falu kommun", "2080"), ("Umeå kommun", "2480"), ("I Mora och Mora bor många.", "2062")],
)
def test_how_a_municipality_is_named(line: str, code: str) -> None:
    assert find_metadata(Document([line])).municipality_code == code


def test_nothing_said() -> None:
    assert find_metadata(Document(["Inga uppgifter."])) == Metadata()


def test_what_is_given_is_kept() -> None:
    assert Metadata("r", year=2020).completed_by(Metadata("x", "0136", year=2021)) == Metadata("r", "0136", None, 2020, None)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["Socialnämnden", "", "Haninge kommun", "Årsredovisning 2022"], (3, "0136")),
        (["Huddinge kommuns verksamhetsberättelse", *["x"] * 80, *["Haninge kommun"] * 6], (1, "0126")),
        (["Huddinge kommun och Haninge kommun"], None),
        ([*["x"] * 80, *["Haninge kommun"] * 5], (81, "0136")),
        ([*["x"] * 80, *["Haninge kommun"] * 4], None),
        (["Årsredovisning 2022"], None),
    ],
)
def test_whose_report_a_document_says_it_is(lines: list[str], expected: tuple[int, str] | None) -> None:
    assert stated_municipality(lines) == expected


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (["Verksamhetsberättelse 2023", "Socialnämnden"], "Verksamhetsberättelse 2023"),
        (["Socialnämnden", "Verksamhetsstatistik 2023"], "Verksamhetsstatistik 2023"),
        (["# Delårsrapport augusti 2023", "Socialnämnden"], "Delårsrapport augusti 2023"),
        (["2 (51)", "Årsredovisning 2023\tSida 2"], "Årsredovisning 2023"),
        (["Årsrapport", "2023", "Socialnämnden"], "Årsrapport 2023"),
        (["Budget 2022 och plan", "Bokslut 2023"], "Bokslut 2023"),
        (["Protokoll 2023-02-01", "Antalet ökade under 2023 i vår årsredovisning."], None),
        (["Hushåll 12 14"], None),
        (["Fullmäktige har fastställt nämndens budget till 87 tkr för 2023. Det"], None),
    ],
)
def test_a_title_is_the_printed_one(lines: list[str], title: str | None) -> None:
    assert printed_title([*lines, "Antal 2022 2023", "Hushåll 12 14"], 2023) == title


@pytest.mark.parametrize("title", ["Verksamhetsstatistik 2023", "Individ- och familjeomsorgen i siffror 2023"])
def test_statistics_are_a_kind_of_their_own(title: str) -> None:
    assert find_metadata(Document([title, "Statistik över hushåll"])).kind == "statistics"


@pytest.mark.parametrize(
    ("lines", "months"),
    [
        (["Delårsrapport 2 2021 socialnämnden", "Januari-augusti 2021"], 8),
        (["Delårsrapport 2021", "Perioden jan - april 2021"], 4),
        (["Tertialrapport 2", "januari–augusti 2021", "Delårsrapport med prognos, fastställd i september 2021"], 8),
        (["januari–mars 2021", "Uppföljningsrapport till nämnden i april 2021"], 3),
        (["Delårsrapport januari-oktober", "2021 och prognos för helåret"], 10),
        (["Omsorgsnämnden", "Tertialrapport", "", "per den 30 april 2021"], 4),
        (["Delårsrapport 2021", "till och med augusti", "Nämnden"], 8),
        (["Delårsrapport 2021", "jan-maj, vård och omsorg"], 5),
        (["Delårsrapport", "2021-09-14", "Nämnden sammanträdde i mars 2021"], None),
        (["Delårsrapport 2021", "Vid halvårsskiftet bodde 38 600 i kommunen."], None),
        (["Delårsrapport 2021", "Januari-december 2021"], None),
        (["Delårsrapport 2021", "Kostnader januari-augusti 2021 och 2020"], None),
        (["Årsredovisning 2021", "Januari-augusti 2021"], None),
    ],
)
def test_the_months_may_stand_below_the_title(lines: list[str], months: int | None) -> None:
    assert find_metadata(Document(lines)).months == months


@pytest.mark.parametrize(
    ("lines", "months"),
    [
        (["Under årets tre första månader betalades 21,8 mnkr ut.", "Utfallet ligger 1,1 mnkr över periodens budget."], 3),
        (["Till och med augusti är utfallet 19,4 mnkr.", "Periodens budget är 18,0 mnkr."], 8),
        (["Till och med augusti kom 310 anmälningar."], None),
        (["Årsredovisning 2023", "Till och med augusti kom 310 anmälningar, periodens flesta."], None),
    ],
)
def test_the_months_that_a_text_without_a_title_tells_of(lines: list[str], months: int | None) -> None:
    assert find_metadata(Document(lines)).months == months


@pytest.mark.parametrize(
    ("text", "committee"),
    [
        ("Socialnämndens årsredovisning 2023\nAntagen av socialnämnden 2024-02-21", "Socialnämnden"),
        ("Beslutad i vård- och omsorgsnämnden", "Vård- och omsorgsnämnden"),
        ("Arbetsmarknads- och socialnämnden har beslutat", "Arbetsmarknads- och socialnämnden"),
        ("Rapport från socialnämnden till Vårdnämnden", "Vårdnämnden"),
    ],
)
def test_the_committee_is_a_name_and_no_clause(text: str, committee: str) -> None:
    assert find_metadata(Document(text.split("\n"))).committee == committee


@pytest.mark.parametrize("head", ["Tertial 1 Tertial 2 Tertial 3", "Första halvåret Andra halvåret", "Januari-april Maj-augusti"])
def test_headings_of_all_parts_of_a_year_make_no_report_of_its_first_months(head: str) -> None:
    assert find_metadata(Document(["Stöd till vuxna 2023", "", f"Ansökningar {head} Helår", "Beslut 4 5 6 15"])).months is None
