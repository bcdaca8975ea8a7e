"""Figures in sentences: value, unit, period, series, sign and bound."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from socialvolym.documents.document import Document
from socialvolym.extraction.by_rules import read_figures
from socialvolym.extraction.metadata import Metadata
from socialvolym.extraction.prose.mentions import Mention, mentions
from socialvolym.extraction.prose.paragraphs import led, paragraphs
from socialvolym.extraction.prose.told_times import Time, period_of


def read(*lines: str) -> list[Mention]:
    return [mention for paragraph in paragraphs(list(enumerate(lines, start=1))) for mention in mentions(paragraph)]


def when(mention: Mention) -> str | None:
    """Return the period of a figure in a document of 2024."""
    return period_of(mention.time or Time(), "2024", None, mention.spoken_of)


with Path(__file__).with_name("told_figures.csv").open(encoding="utf-8", newline="") as file:
    #: year, months and kind of a report, a text in it, and the figures of the text: value, series, period and unit of each.
    TOLD = list(csv.DictReader(file))


@pytest.mark.parametrize("told", TOLD, ids=[row["text"][:60] for row in TOLD])
def test_what_sentences_tell(told: dict[str, str]) -> None:
    report = Metadata(year=int(told["year"]), months=int(told["months"] or 0) or None, kind=told["kind"] or None)
    found, _ = read_figures(Document.from_text(told["text"]), report)
    assert [f"{row['value']:g} {row['series']} {row['period']} {row['unit']}" for row in found] == told["figures"].split("; ")


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
        "Kön är lång det året. 2 Uppgiften gäller alla.",
        "4 KATRINEHOLMS KOMMUN EKONOMI",
        "Avsnitt: 3.1 Barn 3.2 Vuxna",
        "Månadsrapport Maj 218",
        "Innehåll Ekonomi 3 Personal 5",
        "Nöjdheten mäts med index 0-100.",
        "Snittet gäller länets 26 kommuner.",
        "Det gällde 40 procent av landets kommuner.",
        "Lagens gräns är fyra månader.",
        "Lagen medger högst 120 dagar för en utredning.",
        "Bistånd i minst tio av de senaste tolv månaderna är långvarigt.",
        "Behovet understiger 20 timmar i veckan.",
        "En årsplats motsvarar 365 dygn.",
        "Mer finns i statistikrapport 7.",
        "Rang 1 är bäst.",
        "Prognosen är osäker på tre punkter.",
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


@pytest.mark.parametrize("end", ["ökade med", "steg från 20 till", "minskade i genomsnitt till ca"])
def test_a_sentence_goes_on_below_a_short_line_that_ends_within_it(end: str) -> None:
    (paragraph,) = paragraphs([(1, f"Kostnaden per plats {end}"), (2, "4 procent det året.")])
    assert paragraph.text.endswith(f"{end} 4 procent det året.")


@pytest.mark.parametrize("note", ["för\nmånaden före", "en\nmånad tidigare", "månaden\ndessförinnan"])
def test_what_brackets_hold_may_be_said_over_two_lines(note: str) -> None:
    text = f"Inom parentes står avvikelsen {note}. Socialnämnden avviker med -4,6 mnkr (-2,9)."
    found, _ = read_figures(Document(text.split("\n")), Metadata(year=2019, months=3, kind="interim"))
    assert [row["period"] for row in found] == ["2019-01/2019-03", "2019-01/2019-02"]


@pytest.mark.parametrize("further", ["   - ", "    – "])
@pytest.mark.parametrize("bullet", ["• ", "- "])
def test_a_list_further_in_is_of_the_time_of_what_it_tells_the_parts_of(bullet: str, further: str) -> None:
    text = f"{bullet}52 placerade barn\n{further}35 i familjehem\n{further}17 på institution\n{bullet}140 nya ärenden\n"
    found, _ = read_figures(Document.from_text(text), Metadata(year=2024, months=5, kind="interim"))
    assert [row["period"] for row in found] == ["2024-05", "2024-05", "2024-05", "2024-01/2024-05"]
