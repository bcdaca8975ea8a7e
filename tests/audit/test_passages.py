"""Tests of the rules over passages of a text, each with lines that set it off and near ones that do not."""

from __future__ import annotations

import pytest
from invented_audit import audit, observation
from socialvolym.vocabulary.bilingual import in_english, in_swedish

ROW = [
    observation(90, "Verksamhetens intäkter", period, series, text, "kSEK", measure="revenue_total", breakdown=None)
    for period, series, text in (("2022", "outturn", "69 982"), ("2022", "budget", "46 269"), ("2021", "outturn", "60 448"))
]
GOAL = "goda livsmiljöer genom en hållbar utveckling"


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ([f"1. I kommunen finns {GOAL}", "", f"2. I kommunen finns {GOAL}"], [("note", "same_heading", 1)]),
        ([f"1. I kommunen finns {GOAL}", "", f"1. I kommunen finns {GOAL}"], []),
        ([f"1. I kommunen finns {GOAL}", "för alla", "", f"2. I kommunen finns {GOAL}", "för barn"], []),
        (["Organisation till axel: nämnden", "", "Organisation till axel: nämnden"], [("note", "empty_heading", 1)]),
        (["Organisation till axel: nämnden", "Jan Feb", "Organisation till axel: nämnden"], []),
        (["Alla har fått det de har rätt till.", "", "Alla har fått det de har rätt till."], []),
        (["Bilaga A Boendeprognos", "Bilaga B Konkurrensplan", "Boendeprognos 2023"], [("note", "annex_absent", 2)]),
        (["Bilaga A Boendeprognos", "Bilaga B Konkurrensplan", "Boendeprognos 2023", *[""] * 9, "Bilaga B Annat"], []),
        (["Bilaga B Konkurrensplan"], []),
        (["Ramen är 1 071,9 miljarder kronor (mnkr)."], [("error", "unit_slip", 1)]),
        (["Ramen är 1 071,9 miljoner kronor (mnkr)."], []),
        (["Antalet anställda har ökat med 0,5 procentenheter."], [("error", "percent_as_points", 1)]),
        (["Antalet anställda är 9. Andelen har ökat med 0,5 procentenheter."], []),
        (["Antalet och andelen har ökat med 0,5 procentenheter."], []),
        (["Anmälda brott", "32,5 30,7 1 27,0", "", "1 Resultat publiceras senare"], [("note", "footnote_as_value", 2)]),
        (["Anmälda brott", "32,5 30,7 1 27,0"], []),
        (["Anmälda brott", "1 120 1 163 1 2141 1 349", "", "1 Resultat publiceras senare"], []),  # 1 214 with a mark
        (["Anmälda brott1", "32,5 30,7 1 27,0", "Annat1", "", "1 Resultat publiceras senare"], []),
        (["För unga vuxna (18-29 år).", "För unga vuxna 16–24 år."], [("note", "named_group", 1)]),
        (["För unga vuxna (18-29 år).", "För unga vuxna 18–29 år."], []),
        (["Intäkterna ökade med 9,5 miljoner kronor eller 66 procent."], [("error", "percentage", 1)]),
        (["Intäkterna ökade med 9,5 miljoner", "", "kronor eller 66 procent."], [("error", "percentage", 3)]),
        (["Intäkterna ökade med 9,5 miljoner kronor eller 16 procent."], []),
        (["Intäkterna ökade med 9,5 miljoner kronor eller 14 procent."], []),  # of the new figure
        (["Intäkterna ökade med 9,5 miljoner kronor eller 66 procent av statsbidragen."], []),
        (["Intäkterna är 9,5 miljoner kronor högre, en ökning med 66 procent mot 2019."], []),
        (["Intäkterna ökade med 9 miljoner kronor eller 66 procent."], []),  # too coarse to know the row by
        (["Intäkterna från hyror ökade med 8,1 miljoner kronor eller 66 procent."], []),
        (["Nettokostnaden ökade med 9,5 miljoner kronor eller 66 procent."], []),
    ],
)
def test_passages(lines: list[str], found: list[tuple[str, str, int]]) -> None:
    assert audit(*ROW, lines=lines) == found


def test_gross_costs_that_are_net_costs() -> None:
    areas = (("A", "-300", "50", "-250"), ("B", "-400", "90", "-310"), ("C", "-500", "20", "-480"), ("D", "-600", "10", "-590"))
    known = [
        observation(40 + n, area, "2022", "budget", text, "kSEK", table="areas", measure=measure)
        for n, (area, *texts) in enumerate(areas)
        for measure, text in zip(("cost_area", "revenue_area", "net_cost_area"), texts, strict=True)
    ]
    headed = [
        observation(5 + n, area, "2022", "budget", net, "kSEK", table="changes") for n, (area, _, _, net) in enumerate(areas)
    ]
    assert audit(*known, *headed, lines=["", "Bruttokostnader"]) == [("error", "gross_heading", 2)]
    assert audit(*known, *headed, lines=["", "Nettokostnader"]) == []
    alone = [cell for cell in known if cell["measure"] == "net_cost_area"]
    assert audit(*alone, *headed, lines=["", "Bruttokostnader"]) == []


def test_a_number_in_the_notation_of_each_language() -> None:
    assert in_english("-1 071,9 mnkr, 12 och 345") == "-1,071.9 mnkr, 12 och 345"
    assert (in_english("sju"), in_english("oktober"), in_english("sju barn")) == ("7", "October", "sju barn")
    assert in_swedish("51.5% av 1.230.000") == "51,5% av 1.230.000"
    assert in_swedish("17.605 mot 0.125 och 1234.125") == "17.605 mot 0,125 och 1234,125"
