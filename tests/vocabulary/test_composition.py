"""Compositions: labels that nobody has listed become measures; a listed measure's own words lead to no other."""

import csv
from itertools import cycle
from pathlib import Path

import pytest
from socialvolym import vocabulary
from socialvolym.vocabulary.codebook import UNKNOWN, measure_index, measure_of, measure_rows
from socialvolym.vocabulary.composition import (
    Composition,
    activities,
    compose,
    populations,
    quantities,
    quantity_name,
    read_systematic,
    read_title,
    systematic,
    title,
)
from socialvolym.vocabulary.terms import read_words


def measure(label: str, unit: str, *around: str) -> str:
    places = [("row", read_words(label)), *(("caption", read_words(text)) for text in around)]
    return measure_of(compose(places, 1, unit).parts)[0]


@pytest.mark.parametrize(
    ("label", "unit", "expected"),
    [
        ("Vårddygn på institution barn och ungdom, antal", "care_days", "institution.care_days.children"),
        ("Vårddygn, HVB-vård", "care_days", "hvb_care_days"),
        ("Antal dygn i familjehem", "care_days", "familjehem_care_days"),
        ("Familjehemsvård, vårddygn", "care_days", "familjehem_care_days"),
        ("Daglig verksamhet - kostnad per deltagare, kr", "SEK", "lss_daily_activities.cost_per_person"),
        ("Kostnad/brukare, daglig verksamhet", "SEK", "lss_daily_activities.cost_per_person"),
        ("Personer med insats enligt LSS, totalt", "persons", "lss.persons"),
        ("Personer med minst ett LSS-beslut, antal", "persons", "lss.persons_with_decision"),
        ("Belopp per hushåll (kr)", "SEK", "economic_assistance.paid_per_household"),
        ("Bistånds-hushåll", "households", "economic_assistance.households"),
        ("Bidragshushåll i genomsnitt per månad", "households", "economic_assistance_households"),
        ("Andel hushåll med långvarigt försörjningsstöd", "percent", "economic_assistance.households_share.long_term"),
        ("Personlig assistans enligt SFB, antal personer", "persons", "personal_assistance_sfb.persons"),
        ("Konsulentstödda familjehem, kostnad", "kSEK", "supported_familjehem.cost"),
        ("Korttidstillsyn för skolungdom över 12 år", "count", "lss_short_term_supervision.count"),
        ("Beviljade insatser daglig verksamhet 1 oktober", "count", "lss_daily_activities.measures.approved.1_october"),
        ("Övriga kostnader, HVB", "kSEK", "hvb.other_cost"),
        ("Placerade barn och unga, antal dygn", "care_days", "placements.care_days.children"),
        ("Antal placerade barn 0-20 år", "persons", "placements.persons.age_0_20"),
        ("Kostnad individ- och familjeomsorg, kr/inv", "SEK_per_inhabitant", "ifo.cost_per_inhabitant"),
        ("Nettokostnad per invånare, individ- och familjeomsorg", "SEK_per_inhabitant", "net_cost_ifo_per_inhabitant"),
        ("Genomsnittligt bistånd per hushåll och månad", "SEK_per_month", "assistance_mean_per_month"),
        ("Genomsnittlig utredningstid barn och unga, dagar", "days", "child_investigation_time"),
        ("Samarbetssamtal", "count", "cooperation_talks.count"),
        ("Placeringskostnader barn och unga", "kSEK", "placements.cost.children"),
        ("Korttidsvistelse utanför det egna hemmet", "count", "lss_short_stay.count"),
        ("Egna familjehem", "count", "familjehem.count.in_house"),
        ("Bostad med särskild service för vuxna eller annan särskilt anpassad bostad", "count", "lss_housing.count.adults"),
        ("Korttidsfrånvaro dag 1-14", "percent", "sick_leave_short"),
        ("Väntar på bostad med särskild service", "persons", "lss_housing.persons.waiting"),
    ],
)
def test_labels_that_nobody_has_listed(label: str, unit: str, expected: str) -> None:
    assert measure(label, unit) == expected


#: Labels of the field made up without looking at how they are read: full words, abbreviations, old and new names.
MADE_UP = Path(__file__).with_name("made_up_labels.csv")


def test_labels_made_up_by_the_field() -> None:
    wrong = []
    with MADE_UP.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            texts = [("row", row["label"]), ("column", ""), *([("caption", row["heading"])] if row["heading"] else [])]
            parts = compose([(place, read_words(text)) for place, text in texts], 2, row["unit"]).parts
            whom = sorted({*parts.populations, *([parts.reference_time] if parts.reference_time else [])})
            read = ("+".join(parts.activities), quantity_name(parts), "|".join(whom))
            if read != (row["activity"], row["quantity"], row["whom"]):
                wrong.append((row["label"], read))
    assert wrong == []


def test_a_heading_over_the_labels_counts_only_where_no_other_does() -> None:
    def read(*others: tuple[str, str]) -> tuple[str | None, tuple[str, ...]]:
        places = [("row", "Ledsagarservice"), ("column", ""), ("stub", "Insats"), *others]
        parts = compose([(place, read_words(text)) for place, text in places], 2, "count").parts
        return parts.quantity, parts.populations

    assert read() == ("measures", ())
    assert read(("section", "Ej verkställda beslut, LSS")) == ("decisions", ("waiting",))
    assert read(("section", "Väntande barn")) == ("measures", ())


def test_men_and_women_who_live_alone_are_apart() -> None:
    heading = "Hushåll med ekonomiskt bistånd"
    labels = [
        "Ensamstående",
        "Ensamstående kvinnor",
        "Ensamstående män",
        "Ensamstående kvinnor med barn",
        "Ensamstående med barn",
    ]
    assert len({measure(label, "households", heading) for label in labels}) == len(labels)


def test_a_date_is_no_age() -> None:
    assert read_words("Utskrivet 2015-06-02").ages == ()


def test_different_things_have_different_ids() -> None:
    labels = [
        ("Personer i gruppbostad", "persons"),
        ("Personer i servicebostad", "persons"),
        ("Platser i gruppbostad", "count"),
        ("Öppnade gruppbostäder", "count"),
        ("Kostnad per plats i gruppbostad", "SEK"),
        ("Barn i gruppbostad", "persons"),
        ("Personer i gruppbostad 31 december", "persons"),
        ("Personer i gruppbostad under 21 år", "persons"),
        ("Personer i gruppbostad över 65 år", "persons"),
        ("Lokalkostnad i gruppbostad", "SEK"),
        ("Matkostnad i gruppbostad", "SEK"),
        ("Kostnad för gruppbostad", "SEK"),
        ("Personer som väntar på gruppbostad", "persons"),
    ]
    assert len({measure(*label) for label in labels}) == len(labels)


def test_what_is_not_said_is_taken_from_what_stands_above() -> None:
    assert measure("Boende - barn", "count", "Insatser enligt LSS") == "lss_housing.measures.children"
    assert measure("Boende - barn", "count") == "housing.count.children"
    assert measure("Kontaktperson", "count", "Insatser enligt LSS") == "contact_person_lss.measures"
    assert measure("Barn och unga", "care_days", "Familjehem, vårddygn") == "familjehem.care_days.children"
    assert measure("Kvinnor", "households") == "economic_assistance.households.women"


def test_nothing_is_made_of_words_that_name_no_activity() -> None:
    assert measure("Kvinnor", "count") == UNKNOWN
    assert measure("Övrigt", "count") == UNKNOWN


def test_the_unit_decides_between_quantities() -> None:
    assert measure("Hushåll med försörjningsstöd, kostnad", "households") == "economic_assistance.households"
    assert measure("Hushåll med försörjningsstöd, kostnad", "kSEK") == "economic_assistance.cost"
    assert measure("Daglig verksamhet", "MSEK") == "lss_daily_activities.money"


def test_a_systematic_id_tells_its_parts_and_has_titles() -> None:
    parts = Composition(("hvb", "sis"), "share", "care_days", ("age_0_17", "children"), "1_october", ("nya", "regler"))
    assert read_systematic(systematic(parts)) == parts
    assert measure_index()[systematic(parts)]["title_sv"] == (
        "HVB och SiS-institution: andel (vårddygn), 0–17 år, barn och unga, 1 oktober, nya regler"
    )
    assert measure_index()[systematic(parts)]["title_en"].startswith(
        "HVB and SiS institution: share (care days), aged 0–17, children"
    )


@pytest.mark.parametrize(
    "name", ["familjehem", "familjehem.", "nothing.persons", "familjehem.persons.nobody", "familjehem.nothing", ""]
)
def test_what_is_no_systematic_id(name: str) -> None:
    assert name not in measure_index() and measure_index().get(name) is None
    with pytest.raises(KeyError):
        measure_index()[name]


def test_rows_of_measures_hold_composed_ones_and_leave_out_unknown_names() -> None:
    rows = measure_rows(["familjehem_care_days", "institution.care_days", "nothing", None, "familjehem_care_days"])
    assert rows["measure"].to_list() == ["familjehem_care_days", "institution.care_days"]
    assert rows["domain"].to_list() == ["placements", "placements"] and rows["unit"].to_list() == ["care_days", "care_days"]


def test_a_measure_is_composed_of_listed_parts() -> None:
    for name, row in measure_index().items():
        if row["activity"]:
            assert set(row["activity"].split("+")) <= set(activities()), name
            assert set((row["population"] or "").split("|")) - {""} <= set(populations()), name
            assert read_systematic(f"{row['activity'].split('+')[0]}.{row['quantity']}"), name


def test_titles_and_labels_lead_to_their_measure_or_to_no_other_listed_one() -> None:
    told = [(row["title_sv"], name) for name, row in measure_index().items()]
    told += list(vocabulary.load("labels.csv", ("label", "measure")).iter_rows())
    listed = set(dict(measure_index()))
    other = [
        (text, name, found)
        for text, name in told
        if (found := measure(text, measure_index()[name]["unit"] or "")) not in (name, UNKNOWN) and found in listed
    ]
    assert other == []


def test_most_composed_measures_are_found_by_their_titles() -> None:
    composed = {name: row for name, row in measure_index().items() if row["activity"]}
    missed = {name for name, row in composed.items() if measure(row["title_sv"] or "", row["unit"] or "") != name}
    assert all(composed[name]["reference_time"] in ("month", "year_any_time", "31_december") for name in missed), missed
    assert len(missed) <= 9


def test_activities_lead_up_to_listed_ones() -> None:
    assert {row["within"] for row in activities().values()} - {None} <= set(activities())
    assert {row["usual_activity"] for row in quantities().values()} - {None} <= set(activities())


def test_roles_are_told_of_listed_and_composed_measures() -> None:
    names = [
        "familjehem_total_cost",
        "hvb.cost.children",
        "net_cost",
        "ifo.net_cost",
        "revenue_total",
        "hvb.persons",
        "nothing",
        None,
    ]
    assert vocabulary.having_role(names, *vocabulary.COSTS) == [
        "familjehem_total_cost",
        "hvb.cost.children",
        "net_cost",
        "ifo.net_cost",
    ]
    assert vocabulary.having_role(names, "revenue") == ["revenue_total"]
    assert {row["role"] for row in measure_index().values()} - {None} == {
        *vocabulary.COSTS,
        "revenue",
        "result",
        "grant",
        "share",
    }
    assert [name for name, row in measure_index().items() if not row["family"]] == [UNKNOWN]


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_title_of_a_composition_leads_back_to_it(language: str) -> None:
    """What the program shows as a measure's name can be written as its name."""
    parts = [
        Composition(("economic_assistance",), "households", None, (), "year_any_time"),
        Composition(("lss",), "per_1000", "measures", ("age_0_64",), None),
        Composition(("committee", "staff"), "count", None, ("men", "permanent"), "31_december", ("övriga", "ord")),
        *(Composition(("placements",), "persons", None, (f"age_{age}",)) for age in ("0_20", "65_plus", "under_18", "over_64")),
        *(Composition((name,), "persons", None, (whom,)) for name, whom in zip(activities(), cycle(populations()))),
        *(Composition(("lss",), name) for name in quantities()),
    ]
    told = {title(one, language): one for one in parts}
    assert {name: read_title(name) for name in told} == told
    assert read_title("Familjehem: något annat") is None and read_title("Vårddygn") is None
