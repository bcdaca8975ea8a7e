"""Meaning: unit, measure and domain of a figure from the words around it, with what each rests on."""

from __future__ import annotations

import re

import pytest
from socialvolym.documents.document import Document
from socialvolym.extraction.by_rules import read_figures
from socialvolym.extraction.meaning import (
    Around,
    Meaning,
    Said,
    cell_meaning,
    cell_unit,
    counts_outright,
    is_volume_row,
    sentence_meaning,
)


def cell(series: str = "outturn", printed: str | None = None, **words: object) -> Meaning:
    around = Around(**words)  # type: ignore[arg-type]
    return cell_meaning(around, cell_unit(around, printed, None), series)


def said(text: str, number: str, unit: str | None, series: str = "outturn", paragraph: str = "") -> Meaning:
    before = text.partition(number)[0]
    return sentence_meaning(Said(number, text, before, paragraph or text), unit, series)


@pytest.mark.parametrize(
    ("words", "unit", "code"),
    [
        ({"row": "Placerade barn", "caption": "Andel barn och unga, procent"}, "percent", "unit:caption"),
        ({"row": "Hushåll med bistånd", "caption": "Tabell 3. Andel av invånarna, %"}, "percent", "unit:caption"),
        ({"row": "Personer i daglig verksamhet", "stub": "Andel nöjda, %"}, "percent", "unit:stub"),
        ({"row": "Placerade barn", "caption": "Andel, %", "column": "Antal"}, "persons", "unit:row"),
        ({"row": "Placerade barn", "column": "2022", "headings": ("2022", "%"), "caption": "Andel, %"}, "persons", "unit:row"),
        ({"row": "Placerade barn", "caption": "Antal och andel i procent"}, "persons", "unit:row"),
        ({"row": "Hushåll med försörjningsstöd", "column": "Kostnad, kr"}, "SEK", "unit:column"),
        ({"row": "Hushåll med försörjningsstöd", "column": "tkr"}, "kSEK", "unit:column"),
        ({"row": "Familjehem", "column": "kr/dygn"}, "SEK_per_day", "unit:column"),
        ({"row": "Placerade barn", "column": "Per 1 000 invånare"}, "per_1000_inhabitants", "unit:column"),
        ({"row": "Placerade barn", "column": "Andel, %"}, "percent", "unit:column"),
        ({"row": "Hushåll med försörjningsstöd", "column": "Antal"}, "households", "unit:row"),
        ({"row": "Kvinnor", "group": "Antal hushåll"}, "households", "unit:group"),
        ({"row": "Kostnad, mnkr", "caption": "Belopp i tkr"}, "MSEK", "unit:row"),
        ({"row": "Familjehem, kostnad", "caption": "Belopp i mnkr"}, "MSEK", "unit:caption"),
        ({"row": "Familjehem", "stub": "Belopp i tkr", "column": "Utfall 2021"}, "kSEK", "unit:stub"),
        ({"row": "Årsarbetare, antal", "stub": "Netto, tkr", "column": "Budget 2021"}, "full_time_equivalents", "unit:row"),
        ({"row": "Antal heltidstjänster", "caption": "Drift (mnkr)", "column": "Plan"}, "full_time_equivalents", "unit:row"),
        ({"row": "Personal", "stub": "Netto, tkr", "column": "Budget 2021"}, "kSEK", "unit:stub"),
        ({"row": "Orosanmälningar", "caption": "Anmälningar och placerade barn, antal personer"}, "count", "unit:caption"),
        ({"row": "Familjehem", "column": "Utfall", "headings": ("Budget", "Utfall"), "money": "MSEK"}, "MSEK", "unit:note"),
        (
            {"row": "Antal placerade i familjehem, personer", "headings": ("Budget", "Utfall"), "money": "MSEK"},
            "persons",
            "unit:row",
        ),
        ({"row": "Familjehem", "column": "2021"}, "count", "unit:default"),
        ({"row": "Vårddygn HVB", "caption": "Belopp i tkr"}, "care_days", "unit:row"),
        ({"row": "Nettokostnad per invånare", "caption": "Belopp i tkr"}, "SEK_per_inhabitant", "unit:row"),
        (
            {"row": "Personer med LSS", "caption": "Belopp i tkr", "rows": ("Personer med LSS", "Antal barn")},
            "persons",
            "unit:row",
        ),
        ({"row": "Personer med LSS", "caption": "Belopp i tkr", "rows": ("Personer med LSS", "Barn")}, "kSEK", "unit:caption"),
        ({"row": "Familjehem", "caption": "Kostnader, 1000-tal kronor"}, "kSEK", "unit:caption"),
        ({"row": "Familjehem", "caption": "Kostnader i miljarder kronor"}, "GSEK", "unit:caption"),
        ({"row": "Lokalyta, kvm", "caption": "Resurser"}, "square_metres", "unit:row"),
        ({"row": "Institution, barn och unga", "caption": "Placeringar, vårddygn"}, "care_days", "unit:caption"),
        ({"row": "Orosanmälningar om barn"}, "count", "unit:row"),
        ({"row": "Familjehem", "caption": "Vårddygn / Kostnad per vårddygn, kr"}, "SEK_per_day", "unit:caption"),
    ],
)
def test_the_unit_of_a_cell_and_what_it_rests_on(words: dict[str, object], unit: str, code: str) -> None:
    meaning = cell(**words)
    assert (meaning.unit, meaning.because[0]) == (unit, code)


def test_the_unit_printed_with_the_number_goes_first() -> None:
    meaning = cell(printed="percent", row="Kostnad, tkr")
    assert (meaning.unit, meaning.because[0]) == ("percent", "unit:number")


@pytest.mark.parametrize(
    "words",
    [
        {"row": "Gruppbostad, kWh per lägenhet"},
        {"row": "Gruppbostad, timmar per lägenhet", "column": "2023"},
        {"row": "Boendestöd", "column": "Besök per brukare"},
        {"row": "Boendestöd timmar/brukare"},
        {"row": "Familjehem, mil per dygn"},
        {"row": "Servicebostad, m2/lägenhet"},
        {"row": "Servicebostad, personal per plats"},
        {"row": "Kvinnor", "group": "Ekonomiskt bistånd, ansökningar per hushåll"},
        {"row": "Orosanmälningar per barn"},
        {"row": "Daglig verksamhet, intäkter per plats", "caption": "Belopp i tkr"},
        {"row": "Barn per hushåll", "caption": "Ekonomiskt bistånd"},
    ],
)
def test_a_relation_of_something_else_than_money_is_not_called_a_cost(words: dict[str, object]) -> None:
    meaning = cell(**words)
    assert (meaning.unit, meaning.measure) == ("not_stated", "unknown")
    assert meaning.because[:2] == ("unit:none", "measure:none")


@pytest.mark.parametrize(
    ("words", "unit", "measure"),
    [
        ({"row": "Daglig verksamhet per plats"}, "SEK", "lss_daily_activities.cost_per_place"),
        ({"row": "Gruppbostad Solhem, per plats"}, "SEK", "lss_group_homes.cost_per_place:solhem"),
        ({"row": "Gruppbostad", "column": "Kostnad per plats"}, "SEK", "lss_group_homes.cost_per_place"),
        ({"row": "Gruppbostad", "column": "kr/lägenhet"}, "SEK", "lss_group_homes.cost_per_place"),
        ({"row": "Gruppbostad, hyra per lägenhet", "column": "kr"}, "SEK", "lss_group_homes.cost_per_place:hyra"),
        ({"row": "Daglig verksamhet, ersättning per plats"}, "SEK", "lss_daily_activities.cost_per_place"),
        ({"row": "Familjehem, barn per dygn", "column": "kr"}, "SEK_per_day", "familjehem.cost_per_day.children"),
        ({"row": "Placerade barn per dygn"}, "persons", "placements.persons.children"),
        ({"row": "Daglig verksamhet, antal brukare/deltagare"}, "persons", "lss_daily_activities.persons"),
        ({"row": "Kontaktperson", "caption": "LSS, antal personer per insats"}, "persons", "contact_person_lss.persons"),
        (
            {"row": "Ledsagarservice", "caption": "Antal personer med beslut per insats"},
            "persons",
            "companion_service.persons_with_decision",
        ),
    ],
)
def test_a_relation_of_money_or_of_what_is_not_said_is_a_cost(words: dict[str, object], unit: str, measure: str) -> None:
    meaning = cell(**words)
    assert (meaning.unit, meaning.measure) == (unit, measure)


@pytest.mark.parametrize(
    ("words", "measure"),
    [
        ({"row": "Familjehem", "stub": "Kostnad, kr per måltid"}, "familjehem.cost:måltid"),
        ({"row": "Familjehem", "column": "Kostnad per familj, kr"}, "familjehem.cost:familj"),
        ({"row": "Gruppbostad", "column": "Kostnad, tkr per anställd"}, "lss_group_homes.cost:anställd"),
        ({"row": "Gruppbostad", "caption": "Kostnad per verksamhet, tkr"}, "lss_group_homes.cost"),
        ({"row": "Familjehem", "column": "Kostnad per dygn, kr"}, "familjehem_cost_per_day"),
    ],
)
def test_an_amount_in_relation_to_what_is_not_known_is_no_cost_as_a_whole(words: dict[str, object], measure: str) -> None:
    assert cell(**words).measure == measure


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("Gruppbostäderna använde i snitt 4 200 kWh per lägenhet.", "4 200", None),
        ("Boendestödet gav 12 timmar per brukare.", "12", "hours"),
    ],
)
def test_a_relation_in_a_sentence_is_not_what_it_counts(text: str, number: str, unit: str | None) -> None:
    assert said(text, number, unit).measure == "unknown"


@pytest.mark.parametrize(
    ("words", "measure", "domain"),
    [
        ({"row": "Daglig verksamhet", "caption": "Antal personer med insats"}, "lss_daily_activities.persons", "lss"),
        ({"row": "Orosanmälningar", "caption": "Anmälningar och placerade barn"}, "child_concern_reports", "placements"),
        ({"row": "Gruppbostad, kr per plats och månad"}, "lss_group_homes.cost_per_place_month", "lss"),
        (
            {"row": "Daglig verksamhet", "column": "Kostnad per deltagare och månad"},
            "lss_daily_activities.cost_per_person_month",
            "lss",
        ),
        ({"row": "Gruppbostad, kr per plats"}, "lss_group_homes.cost_per_place", "lss"),
        ({"row": "Kvinnor", "above": "Sjukfrånvaro, %"}, "sick_leave_total", "context"),
        ({"row": "Antal unika personer", "caption": "LSS, läget den 31 augusti"}, "lss.persons", "lss"),
        ({"row": "Tillsvidareanställda, antal", "caption": "Personal och sjukfrånvaro"}, "staff.persons.permanent", "context"),
        ({"row": "Visstidsanställda, antal", "caption": "Sjuktal"}, "staff.persons.fixed_term", "context"),
        ({"row": "Årsarbetare", "caption": "Sjukfrånvaro"}, "full_time_equivalents", "context"),
        ({"row": "Årsarbetare", "caption": "Personlig assistans"}, "personal_assistance.full_time_equivalents", "context"),
        ({"row": "Sjukfrånvaro, %", "caption": "Personal"}, "sick_leave_total", "context"),
        ({"row": "Boende för barn och unga", "caption": "Personer med LSS-insats"}, "lss_housing.persons.children", "lss"),
        ({"row": "Boende för vuxna", "caption": "Personer med insats enligt LSS"}, "lss_housing.persons.adults", "lss"),
        ({"row": "Invånare med insats enligt LSS, antal per 1 000"}, "lss.per_1000", "lss"),
        ({"row": "Insatser enligt LSS per 1 000 invånare"}, "lss.measures_per_1000", "lss"),
        ({"row": "Familjehem", "column": "Vårddygn"}, "familjehem_care_days", "placements"),
        ({"row": "HVB", "caption": "Placerade barn / Personer 0–20 år"}, "hvb.persons.age_0_20", "placements"),
        ({"row": "- varav kvinnor", "above": "Personer med daglig verksamhet"}, "lss_daily_activities.persons.women", "lss"),
        ({"row": "Huddinge", "column": "Biståndshushåll"}, "economic_assistance.households", "economic_assistance"),
        ({"row": "Kostnader", "caption": "Insatser enligt LSS, tkr"}, "lss.cost", "lss"),
        ({"row": "Nettokostnader", "column": "tkr"}, "net_cost", "context"),
        ({"row": "Individ- och familjeomsorg", "column": "kr per invånare"}, "ifo.cost_per_inhabitant", "context"),
        ({"row": "Hemtjänst", "column": "timmar"}, "home_care.hours", "context"),
        ({"row": "Platser i särskilt boende för äldre", "caption": "Insatser enligt LSS"}, "special_housing.places", "context"),
        ({"row": "Platser i särskilt boende", "caption": "Insatser enligt LSS"}, "lss_housing.places", "lss"),
        ({"row": "Invånare med hemtjänst, antal personer"}, "home_care.persons", "context"),
        ({"row": "Andel invånare med försörjningsstöd, %"}, "economic_assistance.share_of_inhabitants", "economic_assistance"),
    ],
)
def test_measure_and_domain_of_a_cell(words: dict[str, object], measure: str, domain: str) -> None:
    meaning = cell(**words)
    assert (meaning.measure, meaning.domain) == (measure, domain)


@pytest.mark.parametrize(
    ("words", "measure", "code"),
    [
        ({"row": "Personal", "caption": "Intäkter och kostnader, mnkr", "finance": True}, "personnel_cost", "measure:label"),
        ({"row": "Öppenvård", "caption": "Åtgärder, lägre kostnad i mnkr"}, "open_care.cost", "measure:rest"),
        ({"row": "Öppenvård", "caption": "Kostnad i mnkr"}, "open_care.cost", "measure:row"),
    ],
)
def test_a_table_of_both_incomes_and_costs_or_of_savings_says_not_which_a_row_is(
    words: dict[str, object], measure: str, code: str
) -> None:
    meaning = cell(**words)
    assert (meaning.measure, meaning.because[1]) == (measure, code)


def test_columns_of_one_row_are_of_one_measure_whatever_their_series() -> None:
    row = {"row": "Familjehem", "stub": "Belopp i tkr", "headings": ("Budget", "Utfall", "Avvikelse", "Förändring, %")}
    found = {
        cell(series, column=column, **row).measure
        for series, column in zip(("budget", "outturn", "deviation"), row["headings"], strict=False)
    }
    assert found == {"familjehem.money"}
    assert cell("change_pct", printed="percent", column="Förändring, %", **row).measure != "familjehem.share"


@pytest.mark.parametrize(
    ("text", "number", "unit", "series", "measure", "domain"),
    [
        ("Försörjningsstödet kostade 12 mnkr.", "12", "MSEK", "outturn", "economic_assistance.cost", "economic_assistance"),
        ("Personlig assistans går 4 mnkr över budget.", "4", "MSEK", "deviation", "personal_assistance.money", "lss"),
        (
            "Nämnden visar ett underskott på 9 mnkr, mest för att placeringarna ökar.",
            "9",
            "MSEK",
            "deviation",
            "result",
            "context",
        ),
        ("Prognosen är ett underskott på 9 mnkr.", "9", "MSEK", "forecast", "forecast_deviation", "context"),
        ("Det fanns 120 barn i hushåll med bistånd till försörjning.", "120", "persons", "outturn", "", "economic_assistance"),
        ("Det var 30 hushåll färre.", "30", "households", "change_abs", "economic_assistance.households", "economic_assistance"),
        ("Underskottet är 5 mnkr för daglig verksamhet.", "5", "MSEK", "deviation", "lss_daily_activities.money", "lss"),
    ],
)
def test_a_figure_in_a_sentence(text: str, number: str, unit: str, series: str, measure: str, domain: str) -> None:
    meaning = said(text, number, unit, series)
    assert meaning.domain == domain and measure in ("", meaning.measure)


def test_a_subject_stays_through_a_paragraph_unless_there_are_several() -> None:
    one = "Försörjningsstödet växer. Nettokostnaden blev 147 mnkr."
    several = "Familjehem och försörjningsstöd blev dyrare. Nettokostnaden blev 147 mnkr."
    assert said("Nettokostnaden blev 147 mnkr.", "147", "MSEK", paragraph=one).measure == "economic_assistance_net_cost"
    assert said("Nettokostnaden blev 147 mnkr.", "147", "MSEK", paragraph=several).measure == "net_cost"


@pytest.mark.parametrize(
    ("paragraph", "number", "unit", "series", "measure"),
    [
        ("Vårddygnen på HVB är fler. Under året kom 61 orosanmälningar.", "61", None, "outturn", "concern_reports.count"),
        ("Vårddygnen är fler. Det kom orosanmälningar, 61 mot 58 året före.", "58", None, "outturn", "child_concern_reports"),
        (
            "Antalet vårddygn på HVB steg. Egna familjehem söks, och nio nya hem är godkända.",
            "nio",
            None,
            "outturn",
            "familjehem.count",
        ),
        ("Hemmen har platser. Antalet timmar ledsagarservice var 950.", "950", None, "outturn", "companion_service.hours"),
        ("Försörjningsstöd. Verksamheten visar ett överskott på 2 mnkr.", "2", "MSEK", "deviation", "economic_assistance.money"),
        ("Bidragen från Migrationsverket ökade. Inhyrda socionomer kostade 3 mnkr.", "3", "MSEK", "outturn", "staff.cost"),
        ("Bistånd per hushåll och månad: 3 mnkr.", "3", "MSEK", "outturn", "economic_assistance.cost"),
    ],
)
def test_what_stands_nearest_and_fits_the_unit_says_what_a_figure_of_a_sentence_is(
    paragraph: str, number: str, unit: str | None, series: str, measure: str
) -> None:
    """Events are no care days of another sentence; a paragraph's first words are its heading; no mean amount is in millions."""
    assert said(paragraph.split(". ")[-1], number, unit, series, paragraph).measure.startswith(measure)


def test_a_heading_on_the_first_line_of_a_paragraph_ends_what_the_one_before_was_about() -> None:
    own = "Barn och unga. Kostnaden blev 6 mnkr."
    told = Said("6", "Kostnaden blev 6 mnkr.", "Kostnaden blev ", own, earlier="Personlig assistans kostade 3 mnkr.")
    assert sentence_meaning(told, "MSEK", "outturn").measure == "child_youth_care.cost"


def test_an_area_in_a_table_of_the_economy_is_the_breakdown_of_its_net_cost() -> None:
    rows = ("Barn och unga", "Försörjningsstöd", "Äldreomsorg", "Personalkostnader", "Totalt")
    table = {"rows": rows, "stub": "Belopp i tkr", "headings": ("Budget", "Utfall"), "column": "Utfall", "finance": True}
    area, total = cell(row="Äldreomsorg", **table), cell(row="Totalt", **table)
    assert (area.measure, area.breakdown, area.domain) == ("net_cost_area", "Äldreomsorg", "context")
    assert (total.measure, total.breakdown) == ("net_cost", None)
    assert cell(row="Totalt", caption="Individ- och familjeomsorg", **table).measure == "net_cost_area"
    assert cell(row="Personalkostnader", **table).measure == "personnel_cost"
    assert cell(row="Placeringar i familjehem", **table).domain == "placements"
    assert cell(row="Nya bilar", caption="Investeringar", **table).measure == "investments"


def test_figures_of_one_sentence_are_told_apart() -> None:
    text = "Vid årets slut var 84 barn placerade, varav 51 i familjehem och 12 på HVB."
    found = [said(text, number, "persons").measure for number in ("84", "51", "12")]
    assert found == ["placements.persons.children.31_december", "familjehem.persons", "hvb.persons"]


def test_of_whom_a_share_is_and_what_an_amount_is_per() -> None:
    assert said("Av de anställda är 84 procent kvinnor.", "84", "percent").measure == "staff.share.women"
    meaning = said("Försörjningsstödet var 8 900 kronor per hushåll och månad.", "8 900", "SEK")
    assert (meaning.measure, meaning.unit) == ("assistance_mean_per_month", "SEK_per_month")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"row": "Personer med hemtjänst, antal"}, "domain:outside"),
        ({"row": "Antal invånare 31 december", "sections": ("Stöd enligt LSS",)}, "domain:outside"),
        ({"row": "Folkmängd"}, "domain:outside"),
        ({"row": "Antal platser", "group": "Äldreomsorg"}, "domain:outside"),
        ({"row": "Elever i grundskolan, antal"}, "domain:outside"),
        ({"row": "Byggnadsnämnden", "column": "Nettokostnad"}, "domain:outside"),
        ({"row": "Särskilt boende, platser", "caption": "Äldre och personer med funktionsnedsättning"}, "domain:outside"),
        ({"row": "Särskilt boende, platser", "caption": "Insatser enligt LSS"}, "domain:row"),
        ({"row": "Hemtjänst", "caption": "Antal personer med insatser enligt LSS och hemtjänst"}, "domain:row"),
        ({"row": "Äldreomsorg", "headings": ("Budget", "Utfall"), "finance": True}, "domain:row"),
        ({"row": "Socialnämnden", "column": "Nettokostnad"}, "domain:row"),
    ],
)
def test_what_is_none_of_the_subjects(words: dict[str, object], code: str) -> None:
    assert cell(**words).because[2] == code


@pytest.mark.parametrize(
    ("text", "number", "unit", "outside"),
    [
        ("Äldreomsorgen hade ett överskott på 3 mnkr.", "3", "MSEK", True),
        ("Hemtjänsten utförde 96 000 timmar.", "96 000", "hours", True),
        ("Byggnadsnämnden har ett överskott på 3 mnkr.", "3", "MSEK", True),
        ("Byggnadsnämnden går plus, medan socialnämnden har ett underskott på 3 mnkr.", "3", "MSEK", False),
        ("Av de placerade barnen gick 9 i skolan.", "9", None, False),
        ("Försörjningsstödet ökar när arbetslösheten stiger: 31 hushåll fler.", "31", "households", False),
    ],
)
def test_sentences_about_none_of_the_subjects(text: str, number: str, unit: str | None, outside: bool) -> None:
    assert (said(text, number, unit).because[2] == "domain:outside") == outside


def test_what_an_amount_is_for_may_stand_behind_it() -> None:
    assert said("I april betalades 5,2 miljoner ut i försörjningsstöd.", "5,2", "MSEK").domain == "economic_assistance"
    assert said("Nämnden begär 15 mnkr i ram för fler placeringar.", "15", "MSEK", "plan").domain == "placements"


@pytest.mark.parametrize(
    ("text", "measures"),
    [
        (
            "Underskottet gäller 12 mnkr placeringar, 6 mnkr personlig assistans och 3 mnkr försörjningsstöd.",
            ["placements.money", "personal_assistance.money", "economic_assistance.money"],
        ),
        ("Det är 4,5 mnkr HVB, 2 mnkr familjehem samt 1,5 mnkr arvoden.", ["hvb.money", "familjehem.money", "unknown"]),
        ("Placeringar 13 mnkr, daglig verksamhet 6 mnkr och annat.", ["placements.money", "lss_daily_activities.money"]),
        ("Placeringar kostade 13 mnkr och hemmen 6 mnkr.", ["placements.cost", "placements.cost"]),
    ],
)
def test_amounts_of_a_list_go_before_their_words_or_behind(text: str, measures: list[str]) -> None:
    numbers = re.findall(r"\d+(?:,\d+)?(?= mnkr)", text)
    assert [said(text, number, "MSEK").measure for number in numbers] == measures


def test_a_contact_person_in_a_paragraph_of_the_social_services_act() -> None:
    named = Said(
        "55", "Kontaktpersoner fanns för 55 barn.", "Kontaktpersoner fanns för ", sections=("Individ- och familjeomsorg",)
    )
    assert sentence_meaning(named, "persons", "outturn").domain == "placements"


def test_a_heading_that_is_only_a_time_or_a_unit_hides_none_above_it() -> None:
    sections = ("Januari", "Tkr", "Utskrivet 2015-06-02", "Kostnad för HVB")
    assert cell(row="Februari", column="Netto, tkr", sections=sections).domain == "placements"
    assert cell(row="Februari", column="Netto, tkr", sections=("Ekonomi", *sections[3:])).domain == "placements"


def test_what_the_whole_document_is_about_is_the_last_resort() -> None:
    named = Said("2 265", "Av dem i länet var 2 265 kvinnor.", "Av dem i länet var ", document="Ekonomiskt bistånd")
    assert sentence_meaning(named, "persons", "outturn").domain == "economic_assistance"


@pytest.mark.parametrize(
    ("row", "unit", "measure"),
    [
        ("Daglig verksamhet", "MSEK", "lss_daily_activities.net_cost"),
        ("Daglig verksamhet", "SEK", "lss_daily_activities.cost_per_placement:net_cost"),
    ],
)
def test_what_costs_millions_is_no_cost_of_one_placement(row: str, unit: str, measure: str) -> None:
    told = cell(row=row, caption=f"Nettokostnad per insats, {'mnkr' if unit == 'MSEK' else 'kr'}")
    assert (told.unit, told.measure.split(":")[0]) == (unit, measure.split(":")[0])


@pytest.mark.parametrize(
    ("words", "unit"),
    [
        ({"row": "April", "column": "Orosanmälningar 2023", "caption": "Barn och familj / Anmälningar, barn och unga"}, "count"),
        ({"row": "April", "column": "2023", "caption": "Barn och unga / Inledda utredningar per månad"}, "count"),
        ({"row": "April", "column": "Antal", "caption": "Orosanmälningar barn och unga"}, "count"),
        ({"row": "April", "column": "2023", "caption": "Orosanmälningar, antal barn"}, "persons"),
        ({"row": "April", "column": "2023", "caption": "Barn med orosanmälan"}, "persons"),
        ({"row": "Flickor", "column": "2023", "caption": "Placerade barn"}, "persons"),
    ],
)
def test_events_of_a_column_or_a_caption_are_no_persons(words: dict[str, object], unit: str) -> None:
    assert cell(**words).unit == unit


@pytest.mark.parametrize(
    ("words", "unit", "measure"),
    [
        ({"row": "Män", "caption": "Sjukfrånvaro, procent"}, "percent", "sick_leave_total"),
        ({"row": "Män", "caption": "Sjukfrånvaro, antal och procent"}, "persons", "sick_leave.persons.men"),
        ({"row": "Antal män", "caption": "Andel som är frånvarande"}, "persons", "unknown"),
        ({"row": "varav män", "above": "Medarbetare", "caption": "Medarbetare och sjukfrånvaro"}, "persons", "staff.persons.men"),
        ({"row": "varav män", "above": "Sjukfrånvaro, %", "caption": "Personalen"}, "percent", "sick_leave_total"),
    ],
)
def test_women_and_men_are_parts_of_what_the_table_or_the_row_above_is_of(
    words: dict[str, object], unit: str, measure: str
) -> None:
    told = cell(**words)
    assert (told.unit, told.measure) == (unit, measure)


def test_a_part_of_a_row_is_no_unit_beside_a_change_in_percentage_points() -> None:
    headings = ("2022", "2023", "Skillnad, procentenheter")
    told = cell(row="varav mer än 90 dagar", above="Totalt", caption="Sjukfrånvaro i procent", headings=headings)
    assert told.measure != "sick_leave_total"
    assert "measure:rest" in told.because


def test_a_section_says_whom_only_where_it_says_what_is_counted() -> None:
    sections = ("Ungdomar och familj", "Stöd till personer i kris")
    told = cell(row="Jourhem", column="Antal barn", caption="Placeringar av barn 2022", sections=sections)
    assert told.measure == "jourhem.persons.children"


@pytest.mark.parametrize("caption", ["Barn och unga, antal", "Aktualiseringar, utredningar och insatser för barn och unga"])
def test_events_are_counted_whoever_they_are_about(caption: str) -> None:
    told = cell(row="Inkomna orosanmälningar", column="Flickor", caption=caption)
    assert (told.unit, told.measure) == ("count", "concern_reports.count.girls")


KINDS = ("Intäkter", "Personalkostnader", "Köp av verksamhet", "Lokalkostnader", "Försörjningsstöd", "Summa kostnader")
AREAS = ("Nämnd", "Barn och unga", "Missbruk", "Försörjningsstöd", "LSS", "Summa")
FORMS = ("Familjehem", "Jourhem", "HVB", "Totalt")


@pytest.mark.parametrize(
    ("rows", "row", "caption", "measure"),
    [
        (AREAS, "Försörjningsstöd", "Nettokostnad per område, tkr", "net_cost_area"),
        (KINDS, "Försörjningsstöd", "Driftredovisning, tkr", "economic_assistance.money"),
        (FORMS, "Totalt", "Nettokostnad för placeringar av barn, tkr", "placements.net_cost.children"),
        (FORMS, "Totalt", "Nettokostnad för individ- och familjeomsorg, tkr", "net_cost_area"),
    ],
)
def test_kinds_of_cost_and_the_total_of_an_activity_are_no_areas(
    rows: tuple[str, ...], row: str, caption: str, measure: str
) -> None:
    headings = ("Budget 2023", "Utfall 2023", "Avvikelse")
    assert cell(row=row, rows=rows, caption=caption, headings=headings, column="Utfall 2023", finance=True).measure == measure


@pytest.mark.parametrize(
    ("label", "volume"),
    [
        ("Beviljade timmar, LSS", True),
        ("Utförda assistanstimmar", True),
        ("Vårddygn, HVB", True),
        ("Gruppbostad, kostnad per plats", True),
        ("Insatser enligt LSS", False),
        ("Insatser för personer med psykisk ohälsa", False),
        ("Personalkostnader", False),
    ],
)
def test_days_and_hours_are_volumes_and_persons_may_be_what_money_is_for(label: str, volume: bool) -> None:
    assert is_volume_row(label) == volume


@pytest.mark.parametrize(
    ("stub", "outright"), [("Vårddygn", True), ("Antal hushåll", True), ("tkr", False), ("Verksamhet", False)]
)
def test_a_corner_says_outright_what_its_table_counts(stub: str, outright: bool) -> None:
    assert counts_outright(stub) == outright


@pytest.mark.parametrize("place", ["text", "sections"])
@pytest.mark.parametrize(
    "several", ["HVB, familjehem och jourhem", "Daglig verksamhet, gruppbostad, ledsagarservice och boendestöd"]
)
def test_a_text_far_off_that_names_many_activities_says_not_what_one_figure_is_of(place: str, several: str) -> None:
    far = {place: several if place == "text" else (several,)}
    assert cell(row="Nettokostnad, tkr", **far).measure == "net_cost"
    one = several.split(",")[0]
    assert cell(row="Nettokostnad, tkr", **{place: one if place == "text" else (one,)}).measure != "net_cost"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("Trångboddhet, %", "measure:rest"),
        ("Ungdomsarbetslöshet 18-24 år", "measure:row"),
        ("Hushåll med trångboddhet och försörjningsstöd", "measure:part"),
    ],
)
def test_a_row_with_an_unknown_word_of_which_only_the_table_says_what_it_is_of_is_not_certain(row: str, code: str) -> None:
    assert code in cell(row=row, caption="Ekonomiskt bistånd, månad för månad", printed="percent").because


@pytest.mark.parametrize(
    ("group", "domain"),
    [("Försörjning", "economic_assistance"), ("Egen försörjning", "economic_assistance"), ("Elförsörjning", "context")],
)
def test_a_goal_of_support_heads_what_is_measured_of_economic_assistance(group: str, domain: str) -> None:
    assert cell(row="Tid till beslut, dagar", group=group).domain == domain


@pytest.mark.parametrize("administration", ["Ledning och stab", "Nämnd", "Förvaltningsledning"])
def test_a_table_of_a_committee_by_area_is_of_the_committee_but_for_what_is_given_below_departments(administration: str) -> None:
    rows = (
        f"{administration}\t9 120\t8 874\t246\nBarn och unga\t52 600\t58 217\t-5 617\nPersonlig assistans\t24 600\t25 233\t-633\n"
    )
    head = "Nettokostnad per verksamhet 2023 (tkr)\n\tBudget\tUtfall\tAvvikelse\n"
    whole, _ = read_figures(Document.from_text(f"{head}{rows}Summa nämnden\t86 320\t92 324\t-6 004\n"))
    read = {(figure["label"], figure["domain"], figure["measure"]) for figure in whole}
    assert ("Barn och unga", "context", "net_cost_area") in read and ("Summa nämnden", "context", "net_cost") in read
    assert ("Personlig assistans", "lss", "personal_assistance.net_cost") in read
    # Without a total, and so without a committee, each row is of its activity.
    parts, _ = read_figures(Document.from_text(head + rows))
    assert "lss" in {figure["domain"] for figure in parts if figure["label"] == "Personlig assistans"}


@pytest.mark.parametrize(
    ("label", "domain"),
    [
        ("Gruppbostäder", "lss"),
        ("Familjehem och HVB", "placements"),
        ("Insatser enligt LSS", "context"),
        ("Funktionsstöd", "context"),
        ("Ekonomiskt bistånd", "context"),
        ("Personlig assistans och integration", "context"),
    ],
)
def test_which_rows_of_a_committees_economy_are_of_their_own_subject(label: str, domain: str) -> None:
    rows = f"Nämnd\t9 120\t8 874\t246\nBarn och unga\t52 600\t58 217\t-5 617\n{label}\t24 600\t25 233\t-633\n"
    head = "Nettokostnad per verksamhet 2023 (tkr)\n\tBudget\tUtfall\tAvvikelse\n"
    read, _ = read_figures(Document.from_text(f"{head}{rows}Summa nämnden\t86 320\t92 324\t-6 004\n"))
    assert {figure["domain"] for figure in read if figure["label"] == label} == {domain}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (
            {"row": "Återkommer inte inom ett år, %", "rows": ("Utredningar i tid", "Återkommer inte inom ett år, %")},
            "measure:rest",
        ),
        ({"row": "Antal personer", "rows": ("Antal personer", "Kvinnor")}, "measure:section"),
        ({"row": "Antal personer", "rows": ("Antal personer", "Placerade barn")}, "measure:rest"),
        (
            {"row": "Kostnad per plats, kr", "rows": ("Platser i gruppbostad", "Kostnad per plats, kr"), "caption": "LSS"},
            "measure:rest",
        ),
        (
            {"row": "Kostnad per plats, kr", "rows": ("Antal platser", "Kostnad per plats, kr"), "caption": "Gruppbostad"},
            "measure:caption",
        ),
        ({"row": "Unika personer", "rows": ("Gruppbostad", "Unika personer"), "caption": "LSS"}, "measure:caption"),
    ],
)
def test_a_row_among_those_of_other_activities_is_not_certain_to_be_of_what_stands_far_above(
    words: dict[str, object], code: str
) -> None:
    assert code in cell(sections=("Ekonomiskt bistånd",), **words).because


@pytest.mark.parametrize(
    ("words", "measure", "breakdown"),
    [
        ({"stub": "Sjukfrånvaro i procent av arbetstiden", "row": "Funktionsstöd"}, "sick_leave_total", "Funktionsstöd"),
        ({"caption": "Personal / Korttidsfrånvaro, %", "row": "Hemtjänst"}, "sick_leave_short", "Hemtjänst"),
        (
            {"stub": "Personalomsättning i procent", "row": "Individ- och familjeomsorg"},
            "staff_turnover",
            "Individ- och familjeomsorg",
        ),
        ({"caption": "Andel timavlönade", "row": "Gruppbostäder"}, "staff_hourly_paid_share", "Gruppbostäder"),
        (
            {"column": "Personalomsättning, %", "row": "Daglig verksamhet", "caption": "Nyckeltal"},
            "staff_turnover",
            "Daglig verksamhet",
        ),
        (
            {"caption": "Sjukfrånvaro", "column": "Kvinnor 2024", "row": "Barn och familj"},
            "sick_leave_total",
            "Barn och familj, kvinnor",
        ),
        # The whole is no part of itself, and a part of the staff none of its areas.
        ({"stub": "Sjukfrånvaro i procent", "row": "Totalt nämnden"}, "sick_leave_total", None),
        ({"stub": "Sjukfrånvaro i procent", "row": "Kvinnor"}, "sick_leave_total", "kvinnor"),
    ],
)
def test_areas_below_a_matter_of_the_staff_are_of_those_who_work_there(
    words: dict[str, object], measure: str, breakdown: str | None
) -> None:
    found = cell(printed="percent", **words)
    assert (found.measure, found.breakdown, found.domain) == (measure, breakdown, "context")


@pytest.mark.parametrize(
    ("words", "unit", "measure"),
    [
        # Users' shares below a caption of staff and other things.
        ({"caption": "Personal och brukare", "row": "Nöjda brukare i gruppbostad"}, "percent", "lss_group_homes.share.satisfied"),
        (
            {"caption": "Personal", "column": "Andel med plan", "row": "Daglig verksamhet"},
            "percent",
            "lss_daily_activities.share",
        ),
        (
            {"caption": "Sjukfrånvaro och kostnader", "column": "Kostnad, tkr", "row": "Gruppbostad"},
            "kSEK",
            "lss_group_homes.cost",
        ),
        ({"stub": "Årsarbetare", "row": "Funktionsstöd"}, None, "disability_services.full_time_equivalents"),
    ],
)
def test_what_a_row_says_itself_is_no_matter_of_the_staff(words: dict[str, object], unit: str | None, measure: str) -> None:
    assert cell(printed=unit, **words).measure == measure


@pytest.mark.parametrize(
    ("row", "measure"),
    [
        ("Andel heltidsanställda, %", "staff_full_time_share"),
        ("Andelen timanställda", "staff_hourly_paid_share"),
        ("Andel tillsvidareanställda", "staff.share.permanent"),
        # Their sick leave, not what part of the staff they are.
        ("Tillsvidareanställda, %", "sick_leave.share.permanent"),
    ],
)
def test_a_share_of_the_staff_in_a_table_of_sick_leave_is_of_the_staff(row: str, measure: str) -> None:
    assert cell(row=row, caption="Personal och sjukfrånvaro", rows=("Sjukfrånvaro, %", row), printed="percent").measure == measure


@pytest.mark.parametrize(
    ("row", "caption", "measure"),
    [
        ("Arbetslöshet i kommunen", "Insatser enligt LSS", "unemployment_rate"),
        ("Arbetslösa 16-24 år", "Gruppbostad och servicebostad", "unemployment.share.age_16_24"),
        (
            "Arbetslösa utan ersättning",
            "Ekonomiskt bistånd efter orsak",
            "economic_assistance.share.reason_no_benefit.reason_unemployment",
        ),
    ],
)
def test_unemployment_is_a_reason_only_for_economic_assistance(row: str, caption: str, measure: str) -> None:
    assert cell(row=row, caption=caption, printed="percent").measure.partition(":")[0] == measure


@pytest.mark.parametrize(
    ("words", "unit"),
    [
        ({"row": "Personlig assistans, kommunens beslut", "caption": "Antal personer den 31 december"}, "persons"),
        ({"row": "Kontaktperson (beslut enligt SoL)", "stub": "Antal personer"}, "persons"),
        ({"row": "varav köpt plats", "above": "Bostad med särskild service", "caption": "Antal personer"}, "persons"),
        ({"row": "Antal beslut om kontaktperson", "caption": "Antal personer"}, "count"),
        ({"row": "Platser i gruppbostad", "caption": "Antal personer"}, "count"),
        ({"row": "Summa beslut", "caption": "Antal personer"}, "count"),
        ({"row": "Personlig assistans, kommunens beslut", "caption": "Insatser enligt LSS"}, "count"),
    ],
)
def test_persons_whom_the_table_counts_are_no_decisions_where_a_row_says_whose_they_are(
    words: dict[str, object], unit: str
) -> None:
    assert cell(**words).unit == unit


@pytest.mark.parametrize("row", ["Tillsvidareanställda", "Anställda 31 december"])
def test_persons_are_no_time_of_support_that_stands_above(row: str) -> None:
    assert (
        "support_time" not in cell(row=row, text="Bidragstiden var i genomsnitt 7,0 månader.", stub="Personalnyckeltal").measure
    )


@pytest.mark.parametrize(
    ("heading", "cells", "units"),
    [
        ("Enhet", ("procent", "personer", "dagar"), ("percent", "persons", "days")),
        ("Mäts i", ("%", "antal", "tkr"), ("percent", "persons", "kSEK")),
        # Units of an organisation say nothing of what is counted.
        ("Enhet", ("Barn", "Vuxna", "Myndighet"), ("persons", "persons", "days")),
    ],
)
def test_a_column_of_units_is_of_the_rows(heading: str, cells: tuple[str, ...], units: tuple[str, ...]) -> None:
    rows = ("Brukare i gruppbostad som trivs hemma", "Barn i familjehem", "Väntetid till plats")
    table = "\n".join(f"{row}\t{80 + at}\t{70 + at}\t{cell}" for at, (row, cell) in enumerate(zip(rows, cells, strict=True)))
    found, _ = read_figures(
        Document.from_text(f"Nämndens indikatorer\nIndikator\tUtfall 2029\tUtfall 2030\t{heading}\n{table}\n")
    )
    assert [figure["unit"] for figure in found] == [unit for unit in units for _ in range(2)]


@pytest.mark.parametrize(
    ("sentence", "old", "new"),
    [
        ("Antalet personer med LSS var 238 (tidigare angivet 241) år 2029.", "241", "238"),
        ("Antalet hushåll 2029 har rättats från 594 till 588.", "594", "588"),
        ("I årsredovisningen för 2029 angavs 2 274 vårddygn, men 2 318 är rätt.", "2 274", "2 318"),
        ("Med bistånd levde 241 hushåll enligt det äldre räknesättet och 238 enligt det nya.", "241", "238"),
        ("Enligt tidigare definition fanns 57 barn i familjehem, nu är de 49.", "57", "49"),
        (
            "Kostnaden blev 33,8 mnkr, vilket skiljer sig från det som redovisades i bokslutet för 2029 (34,1 mnkr).",
            "34,1",
            "33,8",
        ),
        ("Antalet placerade barn var 61, tidigare redovisat antal: 66.", "66", "61"),
    ],
)
def test_a_figure_that_another_has_replaced_is_not_certain(sentence: str, old: str, new: str) -> None:
    found, _ = read_figures(Document.from_text(f"Årsredovisning 2030\n\n{sentence}\n"))
    rests = {figure["published_as"]: "measure:replaced" in figure["because"].split() for figure in found}
    assert (rests[old], rests[new]) == (True, False)


@pytest.mark.parametrize(
    "sentence",
    [
        "De tidigare redovisade åtgärderna har gett 4,3 mnkr under 2030.",
        "Antalet hushåll har ökat från 241 till 258 sedan 2029.",
        "Bokslutet för 2029 redovisade ett underskott på 5,0 mnkr.",
        "Vid delårsrapporten för 2030 angavs en prognos på 3,0 mnkr.",
        "Budgeten justerades från 210 mnkr till 214 mnkr 2030.",
    ],
)
def test_what_was_told_before_and_holds_is_not_replaced(sentence: str) -> None:
    found, _ = read_figures(Document.from_text(f"Årsredovisning 2030\n\n{sentence}\n"))
    assert found and "measure:replaced" not in " ".join(figure["because"] for figure in found)


def test_a_repeated_figure_that_is_said_to_be_replaced_is_not_certain() -> None:
    table = "Insatser enligt LSS, antal personer\n\t2029\t2030\nDaglig verksamhet\t121\t127\n"
    for before, sure in (("Under 2030 hade", "certain"), ("Enligt tidigare definition hade under 2030", "guess")):
        found, _ = read_figures(Document.from_text(f"Årsredovisning 2030\n\n{table}\n{before} 127 personer daglig verksamhet.\n"))
        assert [figure["certainty"] for figure in found if figure["kind"] == "text"] == [sure]


@pytest.mark.parametrize("heading", ["2029 tidigare redovisat", "2029 före omräkning", "2029 enligt gammal metod"])
def test_a_column_of_replaced_figures_waits_and_the_others_do_not(heading: str) -> None:
    rows = "Kontaktperson\t41\t43\t45\nDaglig verksamhet\t120\t123\t125\n"
    table = f"Insatser enligt LSS, antal personer\n\t{heading}\t2029\t2030\n{rows}"
    found, _ = read_figures(Document.from_text(f"Årsredovisning 2030\n\n{table}"))
    assert [figure["certainty"] == "certain" for figure in found] == [False, True, True] * 2


@pytest.mark.parametrize(
    ("row", "note", "old"),
    [
        (
            "Hushåll med bistånd, snitt\t144\t164\tSe not A",
            "A. Värdet för 2029 är det som redovisades i bokslutet; serien har räknats om.",
            "144",
        ),
        ("Hushåll med bistånd¹, snitt\t144\t164\t", "1 Värdet för 2029 är det som redovisades då.", None),
        ("Hushåll med bistånd i snitt2\t144\t164\t", "2) Siffran för 2030 avser den som tidigare angavs.", "164"),
        ("Hushåll med bistånd, snitt\t144\t164\tSe not B", "A. Värdet för 2029 är det som redovisades i bokslutet.", None),
        ("Hushåll med bistånd, snitt\t144\t164\tSe not A", "A. Värdet för 2029 är rättat.", None),
    ],
)
def test_a_note_says_that_the_figure_of_a_year_is_the_earlier_one(row: str, note: str, old: str | None) -> None:
    text = f"Nämndens indikatorer\nIndikator\tUtfall 2029\tUtfall 2030\tKommentar\n{row}\nBarn i HVB\t7\t8\t\n{note}\n"
    found, _ = read_figures(Document.from_text(f"Årsredovisning 2030\n\n{text}"))
    replaced = [figure["published_as"] for figure in found if "measure:replaced" in figure["because"]]
    assert replaced == ([old] if old else [])


@pytest.mark.parametrize(
    ("text", "number", "measure"),
    [
        (
            "Ekonomiskt bistånd: andelen invånare som fått stöd var 1,6 procent.",
            "1,6",
            "economic_assistance.share_of_inhabitants",
        ),
        ("I år fick 1,6 procent av invånarna ekonomiskt bistånd.", "1,6", "economic_assistance.share_of_inhabitants"),
        ("Andelen av befolkningen med insatser enligt LSS var 0,9 procent.", "0,9", "lss.share_of_inhabitants"),
    ],
)
def test_a_share_of_the_inhabitants_is_of_what_they_receive(text: str, number: str, measure: str) -> None:
    found = said(text, number, "percent")
    assert found.measure == measure and found.because[2] != "domain:outside"


@pytest.mark.parametrize("row", ["Andel invånare 65 år och äldre, %", "Andel av befolkningen 0-17 år, %"])
def test_a_share_of_the_inhabitants_of_an_age_is_of_the_population(row: str) -> None:
    assert cell(row=row, caption="Kommunen i siffror", printed="percent").measure.startswith("inhabitants.")
    receiving = cell(row=row.replace(", %", " med ekonomiskt bistånd, %"), caption="Kommunen i siffror", printed="percent")
    assert receiving.measure.startswith("economic_assistance.")


@pytest.mark.parametrize(
    ("label", "sure"),
    [
        ("Lokaler och övriga kostnader", False),
        ("Personal- och lokalkostnader", False),
        ("Lokalkostnader", True),
        ("Övriga kostnader", True),
        ("Bidrag och transfereringar", True),
    ],
)
def test_two_kinds_of_cost_in_one_row_are_not_certain_to_be_the_first(label: str, sure: bool) -> None:
    rows = "Intäkter\t120\t131\nPersonalkostnader\t-400\t-418\nSumma kostnader\t-900\t-940\n"
    text = f"Resultaträkning socialnämnden (tkr)\n\t2021\t2022\n{rows}{label}\t-500\t-522\n"
    read, _ = read_figures(Document.from_text(text))
    assert {figure["certainty"] == "certain" for figure in read if figure["label"] == label} == {sure}
