from __future__ import annotations

import re

import pytest
from socialvolym import vocabulary
from socialvolym.analysis import yardsticks
from socialvolym.observations.facts import ALL, Group
from socialvolym.vocabulary.money import MONEY


@pytest.mark.parametrize(
    ("measure", "breakdown", "group"),
    [
        ("lvm_placements", None, ALL),
        ("lvm_placements", "kvinnor", Group(sex="women")),
        ("child_investigations", None, Group(0, 20)),
        ("child_concern_reports", None, Group(0, 20)),
        ("child_investigations", "män", Group(0, 20, "men")),
        ("child_investigations", "13-20 år", Group(13, 20)),
        ("hvb_care_days", "barn", Group(0, 20)),
        ("hvb_care_days", "vuxna", None),
        ("jourhem_month_placed", None, Group(0, 20)),
        ("sig_coordination_support_persons", None, Group(13, 20)),
        ("hvb_care_days", "ålder ej angiven", ALL),
        ("adult_actualisations", "18 år och uppåt", Group(18)),
        ("persons_with_measures", "SoL under 65", Group(0, 64)),
        ("persons_with_measures", "Över 65", None),
        ("lvu_placements", "0-18 år", Group(0, 18)),
        ("lvu_placements", "0–18 år, flickor", Group(0, 18, "women")),
        ("lvu_placements", "13 t.o.m. 20 år", Group(13, 20)),
        ("lvu_placements", "upp till 18 år", None),
        ("lvu_placements", "17-åringar", None),
        ("lvu_placements", "enhet 1-2", Group(0, 20)),
        ("parent_council_children", None, Group(0, 20)),
        ("refugee_children_month_placed", None, Group(0, 20)),
        ("sspf_youth_individual_support", None, Group(13, 20)),
        ("elderly_substance_abuse_occupation_need", None, Group(65)),
        ("school_absence_pilot_pupils_offered", None, None),
        # The ages are those of the children, the persons their parents.
        ("parent_training_participants", "ABC 3–12 år", None),
        ("parent_training_participants", None, ALL),
        ("economic_assistance.households.couples_with_children", None, ALL),
        ("personal_assistance.persons.children", None, Group(0, 22)),
        ("economic_assistance.persons.children", None, Group(0, 17)),
        ("placements.persons.children.girls", None, Group(0, 20, "women")),
        ("placements.persons.girls", None, Group(0, 20, "women")),
        ("economic_assistance_households", None, ALL),
        ("no_such_measure", None, ALL),
    ],
)
def test_whose_inhabitants_a_measure_is_held_against(measure: str, breakdown: str | None, group: Group | None) -> None:
    assert yardsticks.group_of(measure, breakdown) == group


def test_what_a_definition_says_is_of_children_or_young_people_is_not_held_against_all_inhabitants() -> None:
    told = re.compile(r"\b(children|young people|youth|pupils)\b")
    # Of children and of adults; by the ages of somebody else's children.
    others = {"hvb_care_days", "parent_training_participants"}
    for measure, row in vocabulary.measure_index().items():
        of_volume = yardsticks.has_rate(measure) and row["unit"] not in MONEY and row["domain"] != "context"
        if of_volume and measure not in others and told.search(row["definition_en"] or ""):
            assert yardsticks.group_of(measure) != ALL, measure


@pytest.mark.parametrize(
    ("breakdown", "group"),
    [
        (None, ALL),
        ("barn", ALL),
        ("0-18 år", Group(0, 18)),
        ("65 år och äldre, kvinnor", Group(65, None, "women")),
        ("under 1 år", Group(0, 0)),
        ("män", Group(sex="men")),
        ("under 30 dagar", ALL),
        ("från 21 år", None),
    ],
)
def test_which_ages_and_sex_a_part_prints(breakdown: str | None, group: Group | None) -> None:
    assert yardsticks.part_of(breakdown) == group


@pytest.mark.parametrize(
    ("measure", "breakdown", "has"),
    [
        ("lvm_placements", None, True),
        ("hvb_care_days", "barn", True),
        ("child_concern_reports", None, True),
        ("personal_assistance_hours", "Genomsnitt", True),
        ("economic_assistance_households", None, True),
        ("hvb_total_cost", None, True),
        ("net_cost_area", "Vuxenstöd", True),
        # No measure, person or cost of the year.
        ("providers", None, False),
        ("provider_contracts", None, False),
        ("new_group_homes", None, False),
        ("sspf_area_meetings", None, False),
        ("survey_respondents_disability_authority", None, False),
        ("placed_children_school_rating_below_5", None, False),
        ("school_absence_pilot_families", None, False),
        ("revenue_total", None, False),
        ("result", None, False),
        ("equity_closing", None, False),
        ("investments", "maskiner", False),
        ("hvb_cost_per_day", None, False),
        ("no_such_measure", None, False),
        # Others than this municipality.
        ("lvm_placements", "riket", False),
        ("lvm_placements", "riket, kvinnor", False),
        ("lvm_placements", "Huddinge", False),
        ("lvm_placements", "Haninge", True),
    ],
)
def test_what_is_set_per_inhabitant(measure: str, breakdown: str | None, has: bool) -> None:
    assert yardsticks.has_rate(measure, breakdown, "0136") is has
