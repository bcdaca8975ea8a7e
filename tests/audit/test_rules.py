"""Tests of the audit's rules on small invented tables and texts, and on the five reports."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import polars as pl
import pytest
from invented_audit import audit, findings, observation
from invented_report import make
from socialvolym import audit as auditing
from socialvolym.audit import verdicts
from socialvolym.audit.findings import _measures, explanations
from socialvolym.audit.rules.arithmetic.identities import Identities, check_measures
from socialvolym.audit.text.structure import _CONTACTS, structure
from socialvolym.documents.document import Document
from socialvolym.documents.opening import open_document
from socialvolym.errors import SocialvolymError
from socialvolym.notation.privacy import Kind
from socialvolym.observations.cleaning import clean_each
from socialvolym.reports.loading import load_report, load_reports
from socialvolym.vocabulary.columns import OBSERVATION_SCHEMA

HERE = {"breakdown": None, "measure": "net_cost"}


def test_every_rule_of_the_suite_has_its_sentences() -> None:
    assert {name.split(".")[0] for name in explanations()} == set(verdicts.rules())


def test_an_announcement_names_the_measures_that_it_is_of() -> None:
    ids = ["lvm_placements", "lvu_placements", "hvb_care_days"]
    assert _measures({"measure": ids[0]}, "sv") == "”Placeringar enligt LVM”"
    assert _measures({"measure": ", ".join(ids)}, "en") == "'Placements under LVM', 'Placements under LVU' and 1 more"


@pytest.mark.parametrize(("other", "said"), [("moved", ["moved"]), ("widened", ["moved", "widened"])])
def test_what_one_line_announces_of_several_measures_is_one_finding_that_says_all(
    tmp_path: Path, other: str, said: list[str]
) -> None:
    entry = '[[break]]\nperiod = "2099"\nmeasures = ["{0}"]\nreason_en = "{1}"\nreason_sv = "{1}"\nline = 7\n'
    corrections = entry.format("lvm_placements", "moved") + entry.format("lvu_placements", other)
    raw = load_report(make(tmp_path, corrections=corrections, read=False))
    rows = pl.DataFrame([observation(5, "A", "2099", "outturn", "1", "persons")], schema=OBSERVATION_SCHEMA)
    [found] = auditing.audit(rows, [raw]).filter(pl.col("rule") == "break").to_dicts()
    assert all(word in found["explanation"] for word in said) and "Placements under LVU" in found["explanation"]


def test_a_rule_that_is_switched_off_finds_nothing() -> None:
    checks = pl.DataFrame({"rule": ["total"], "gap": [9.0]})
    known = verdicts.rules()
    assert verdicts.failing(checks, known).height == 1
    assert verdicts.failing(checks, {name: rule for name, rule in known.items() if name != "total"}).is_empty()


def test_a_sentence_that_contradicts_its_table_is_an_error() -> None:
    table = observation(5, "Netto", "2022", "outturn", "65 206", "kSEK", **HERE)
    text = {"table": None, "kind": "text", **HERE}
    assert audit(table, observation(9, "Netto", "2022", "outturn", "65,5", "MSEK", **text)) == [("error", "text_table", 9)]
    assert audit(table, observation(9, "Netto", "2022", "outturn", "65,2", "MSEK", **text)) == []


def test_cut_digits_are_a_note() -> None:
    table = observation(5, "Netto", "2022", "outturn", "10 254", "kSEK", **HERE)
    text = observation(9, "Netto", "2022", "outturn", "10,2", "MSEK", **(HERE | {"table": None, "kind": "text"}))
    assert audit(table, text) == [("note", "truncated", 9)]
    [found] = findings(table, text, lines=[])
    assert "avrundat till 10,3 mnkr; på rad 5 står 10 254 tkr" in found["explanation_sv"]


@pytest.mark.parametrize(("printed", "told"), [("28 %", "till 29."), ("28,4 %", None), ("28,7 %", "ger 28,8 procent")])
def test_what_was_expected_is_told_as_precisely_as_what_is_printed(printed: str, told: str | None) -> None:
    cut = {"measure": "adult_actualisations", "breakdown": None}
    years = [observation(4, "Barn", year, "outturn", text, "count", **cut) for year, text in (("2021", "645"), ("2022", "831"))]
    found = findings(*years, observation(4, "Barn", "2022", "change_pct", printed, "percent", **cut), lines=[])
    assert told is None or told in found[0]["explanation_sv"]


def test_a_text_that_gives_two_figures_for_two_things_is_not_accused() -> None:
    table = observation(5, "Netto", "2022", "budget", "17,7", "MSEK", **HERE)
    text = {"table": None, "kind": "text", **HERE}
    before = observation(20, "Netto", "2022", "budget", "10,0", "MSEK", **text)
    after = observation(24, "Netto", "2022", "budget", "17,7", "MSEK", **text)
    assert audit(table, before, after) == []
    assert audit(table, before, after | {"line": 60}) == [("error", "text_table", 20)]


def test_a_sentence_with_the_figure_of_another_row_is_a_warning() -> None:
    rows = [
        observation(5, "Segregation", "2022", "outturn", "1 311", "kSEK", measure="state_grant"),
        observation(6, "Utsatta", "2022", "outturn", "9 359", "kSEK", measure="state_grant"),
    ]
    text = observation(9, "Segregation", "2022", "outturn", "9,4", "MSEK", measure="state_grant", table=None, kind="text")
    assert audit(*rows, text) == [("warning", "other_row", 9)]
    assert audit(*rows, text | {"published_as": "8,8", "value": 8.8}) == [("error", "text_table", 9)]


def test_one_count_in_two_sentences() -> None:
    def said(line: int, text: str, value: int, **more: object) -> dict[str, object]:
        known = {"measure": "defectors_supported", "breakdown": None, "table": None, "kind": "text", "value": value}
        return observation(line, "Avhoppare", "2022", "outturn", text, "persons", **(known | more))

    assert audit(said(5, "åtta", 8), said(40, "sju", 7)) == [("error", "text_count", 40)]
    assert audit(said(5, "åtta", 8), said(40, "8", 8)) == []
    assert audit(said(5, "åtta", 8), said(40, "sju", 7, bound="approx")) == []


def test_two_sentences_on_another_base_are_one_finding() -> None:
    def row(line: int, measure: str, now: str, before: str) -> list[dict[str, object]]:
        cells = (("2022", now), ("2021", before))
        return [
            observation(line, measure, year, "outturn", text, "MSEK", measure=measure, breakdown=None) for year, text in cells
        ]

    def said(line: int, measure: str, text: str) -> dict[str, object]:
        more = {"measure": measure, "breakdown": None, "table": None, "kind": "text"}
        return observation(line, measure, "2022", "change_abs", text, "MSEK", **more)

    table = [*row(5, "revenue_total", "325,7", "291,6"), *row(6, "total_cost", "569,1", "445,6")]
    assert audit(*table, said(20, "revenue_total", "46,3"), said(30, "total_cost", "135,7")) == [("error", "change", 20)]
    assert audit(*table, said(20, "revenue_total", "46,3"), said(30, "total_cost", "150,0")) == [
        ("error", "change", 20),
        ("error", "change", 30),
    ]


@pytest.mark.parametrize("kind", sorted({*get_args(Kind)} - {*_CONTACTS}))
def test_a_kind_of_personal_data_is_told_by_its_own_sentence(kind: str) -> None:
    own, general = explanations().get(f"personal_identifier.{kind}"), explanations()["personal_identifier"]
    assert own and not {*own.values()} & {*general.values()}


def test_personal_data_of_one_kind_is_one_finding() -> None:
    cell = observation(90, "Netto", "2022", "outturn", "7", "kSEK")
    found = audit(cell, lines=["Målning lgh 1206", "", "Byte lgh 1307", "ÖZ Solvägen 12"])
    assert found == [("note", "personal_identifier", 1), ("note", "personal_identifier", 4)]


def test_english_sentences_have_english_numbers() -> None:
    table = observation(5, "Netto", "2022", "outturn", "65 206", "kSEK", **HERE)
    text = observation(9, "Netto", "2022", "outturn", "65,5", "MSEK", **(HERE | {"table": None, "kind": "text"}))
    found = auditing.audit(pl.DataFrame([table, text], schema=OBSERVATION_SCHEMA))
    assert "(2022) as SEK 65.5 million; the table on line 5 has SEK 65,206 thousand." in found["explanation"][0]
    assert "(2022) till 65,5 mnkr; tabellen på rad 5 har 65 206 tkr." in found["explanation_sv"][0]
    same_unit = text | {"published_as": "65 500", "value": 65500.0, "unit": "kSEK"}
    alike = auditing.audit(pl.DataFrame([table, same_unit], schema=OBSERVATION_SCHEMA))
    assert "till 65 500; tabellen på rad 5 har 65 206." in alike["explanation_sv"][0]


def test_a_finding_names_only_the_lines_that_it_is_about() -> None:
    ages = ["För unga vuxna (18-29 år).", "För unga vuxna 16–24 år.", "Av unga vuxna (18–29 år) är fler män."]
    [group] = findings(lines=ages)
    assert (group["line"], group["lines"]) == (1, "2") and "(line 2)" in group["explanation"]
    share = {"measure": "young_adults_economic_assistance_share", "breakdown": None}
    years = [
        observation(20, "Unga vuxna med bistånd, andel", year, "outturn", text, "percent", **share)
        for year, text in (("2020", "5,7%"), ("2021", "4,5%"), ("2022", "*"))
    ]
    told = ["Antalet unga vuxna med bistånd har minskat under året.", *[""] * 9, "Antalet unga vuxna med bistånd har minskat."]
    [untold] = [row for row in findings(*years, lines=told) if row["rule"] == "year_untold"]
    assert untold["lines"] == "11, 20"
    assert "row 'Unga vuxna med bistånd, andel' (line 20)" in untold["explanation"]


def test_an_earlier_report_is_named_by_its_year_and_line() -> None:
    sick = {"measure": "sick_leave_short", "breakdown": None}
    cells = [
        observation(5, "Kort", "2021", "outturn", "49,5", "percent", **sick),
        observation(6, "Kort", "2022", "outturn", "44,0", "percent", **sick),
        observation(7, "Kort", "2021", "outturn", "48,5", "percent", report="invented-2021", **sick),
    ]
    [found] = [row for row in findings(*cells, lines=[]) if row["rule"] == "across_reports"]
    assert "48.5 (line 7)" in found["explanation"] and "48,5 (rad 7)" in found["explanation_sv"]


def test_a_finding_names_the_figure_that_it_is_about() -> None:
    month = observation(5, "Kort", "2021-04", "outturn", "8,1", "percent", measure="sick_leave_total", breakdown=None)
    months = [month | {"period": f"2021-{number:02d}", "line": number + 1} for number in range(1, 13)]
    told = {"table": None, "kind": "text", "measure": "sick_leave_total", "breakdown": None, "bound": "lt"}
    [found] = findings(*months, observation(30, "Frånvaron", "2021", "outturn", "8", "percent", **told), lines=[])
    assert found["explanation_sv"] == (
        "Texten säger att ”Total sjukfrånvaro” (2021, procent) inte översteg 8; tabellen på rad 2 har 8,1 för januari 2021."
    )
    assert found["explanation"].endswith(
        "'Total sick leave' (2021, per cent) did not exceed 8; the table on line 2 has 8.1 for January 2021."
    )
    cell = observation(5, "Totalt", "2022", "outturn", "717", "kSEK", measure="net_cost_area", breakdown="Barnvård")
    [cost] = findings(cell, cell | {"line": 9, "table": None, "kind": "text", "published_as": "763", "value": 763.0}, lines=[])
    assert "”Nettokostnad per verksamhetsområde: Barnvård” (2022, tkr) till 763" in cost["explanation_sv"]
    [unnamed] = findings(lines=["Andelen ökade från 5 till 7 procent, en ökning med 2 procent."])
    assert "None" not in unnamed["explanation"]


def test_a_text_that_gives_the_number_of_another_column_is_named_by_its_line_and_the_table_by_its_own() -> None:
    cells = {"measure": "budget_cost_reduction", "breakdown": "Vuxenstöd"}
    table = [
        observation(9, "Vuxenstöd", "2019", series, text, "kSEK", **cells)
        for series, text in (("change_abs", "0"), ("budget", "161"))
    ]
    text = table[0] | {"line": 5, "table": None, "kind": "text", "published_as": "161", "value": 161.0}
    [found] = [row for row in findings(*table, text, lines=[]) if row["rule"] == "wrong_column"]
    assert (found["line"], found["lines"]) == (9, "5") and found["explanation_sv"].startswith("Texten på rad 5 anger ")


def test_a_number_that_is_cut_off_is_named_by_its_series() -> None:
    cut = {"measure": "adult_actualisations", "breakdown": None}
    years = [observation(4, "Barn", year, "outturn", text, "count", **cut) for year, text in (("2021", "645"), ("2022", "831"))]
    [found] = findings(*years, observation(4, "Barn", "2022", "change_pct", "28 %", "percent", **cut), lines=[])
    assert found["rule"] == "truncated" and "(förändring 2022) är avkortat" in found["explanation_sv"]


def test_english_amounts_have_their_currency_first() -> None:
    price = observation(8, "Pris", "2022", "outturn", "1 600 kr", "SEK_per_day", measure="hvb_cost_per_day", breakdown=None)
    days = price | {"line": 5, "measure": "hvb_care_days", "published_as": "4 295", "value": 4295.0, "unit": "care_days"}
    cost = price | {"line": 7, "measure": "hvb_total_cost", "published_as": "8 420 tkr", "value": 8420.0, "unit": "kSEK"}
    [found] = findings(days, cost, price, lines=[])
    assert "printed as SEK 1,600; total cost" in found["explanation"] and "At SEK 1,600 the total" in found["explanation"]
    assert "1 600 kr" in found["explanation_sv"]


def test_a_finding_about_a_product_names_its_figures() -> None:
    def cell(line: int, label: str, text: str, unit: str, measure: str) -> dict[str, Any]:
        return observation(line, label, "2022", "outturn", text, unit, measure=measure, breakdown=None)

    days = cell(5, "HVB: Volym (vårddygn/år)", "4 295", "care_days", "hvb_care_days")
    placements = cell(6, "HVB: Volym (placeringar årsbasis)", "12,0", "placements_per_year", "hvb_placements")
    [found] = findings(days, placements, lines=[])
    assert found["explanation_sv"].startswith(
        "”HVB: Volym (placeringar årsbasis)” (2022) är tryckt som 12,0; talet 4 295 (rad 5) delat med 365 är 11,8."
    )
    assert "the figure 4,295 (line 5) divided by 365" in found["explanation"]
    cost = cell(7, "HVB: Totalkostnad", "8 420", "kSEK", "hvb_total_cost")
    price = cell(8, "HVB: Snittkostnad (placering/dag)", "1 600", "SEK_per_day", "hvb_cost_per_day")
    [wrong] = findings(days, cost, price, lines=[])
    assert "(lines 5, 7)" in wrong["explanation"]
    assert wrong["rule"] == "unit_cost" and "”HVB: Snittkostnad (placering/dag)” (2022)" in wrong["explanation_sv"]
    [named] = findings(days, cost, price | {"published_as": "1 600 kr"}, lines=[])
    assert "1 600 kr; totalkostnad och volym (rad 5, 7) ger 1 960 kr." in named["explanation_sv"]
    assert "SEK 1,600; total cost and volume (lines 5, 7) give SEK 1,960." in named["explanation"]


def test_a_slipped_unit() -> None:
    table = observation(5, "Netto", "2022", "outturn", "1 071,9", "MSEK", **HERE)
    text = observation(9, "Netto", "2022", "outturn", "1 071,9", "GSEK", **(HERE | {"table": None, "kind": "text"}))
    assert audit(table, text) == [("error", "unit_slip", 9)]


def test_percentage_points_are_told_from_per_cent() -> None:
    cells = [
        observation(5, "Andel", period, series, text, unit, measure="sick_leave_total", breakdown=None)
        for period, series, text, unit in (
            ("2021", "outturn", "8,0%", "percent"),
            ("2022", "outturn", "7,2%", "percent"),
            ("2022", "change_abs", "-0,8%", "percentage_points"),
        )
    ]
    assert audit(*cells) == [("warning", "points_as_percent", 5)]
    cells[2]["published_as"] = "-0,8"
    assert audit(*cells) == []


def test_age_groups_that_overlap_or_leave_an_age_out() -> None:
    def group(line: int, label: str) -> dict[str, object]:
        return observation(line, label, "2022", "outturn", "7,2", "percent", measure="sick_leave_total", breakdown=label)

    assert audit(group(5, "<30 år"), group(6, "30-49 år"), group(7, ">=50 år")) == []
    assert audit(group(5, "<29 år"), group(6, "30-49 år")) == [("warning", "age_left_out", 6)]
    assert audit(group(5, "0-18 år"), group(6, "18 år och uppåt")) == [("warning", "age_overlap", 6)]


def test_masked_rows_are_told_as_notes_on_the_text() -> None:
    assert audit(observation(5, "Lägenhet ***", "2022", "outturn", "7", "kSEK")) == [("note", "personal_identifier", 5)]


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["Antaget 2024-02-30."], [("note", "date_impossible", 1)]),
        (["Antaget 2024-02-29."], []),
        (["Nöjdhet1", "Väntetid2", "Enkäten3", "1 Egen mätning", "2 Egen mätning"], [("note", "footnote_missing", 3)]),
        (["Nöjdhet1", "Väntetid2", "1 Egen mätning", "2 Egen mätning"], []),
        (["Antal*\t12", "*preliminärt"], []),
        (["Antal*\t12"], [("note", "footnote_missing", 1)]),
        (
            ["Minska med 20 % år 2030 jämfört med 2019.", "År 2030 ska den minska 20 procent jämfört med år 2020."],
            [("note", "base_year", 1)],
        ),
    ],
)
def test_what_only_the_text_shows(lines: list[str], found: list[tuple[str, str, int]]) -> None:
    assert audit(observation(90, "Netto", "2022", "outturn", "7", "kSEK"), lines=lines) == found


def test_structure_holds_no_sentences() -> None:
    facts = structure(
        Document(["Antalet insatser har minskat stadigt sedan 2017, med 66 procent eller 9,5 miljoner till 2022-13-01."])
    )
    assert all(len(what) < 40 for what in facts["what"])


def test_the_five_reports(documents: Path) -> None:
    reports = load_reports()
    facts = pl.concat(
        [
            structure(open_document(documents / raw.report.document)).select(pl.lit(raw.report.id).alias("report"), pl.all())
            for raw in reports
        ]
    )
    found = auditing.audit(clean_each(reports).observations, reports, facts)
    told = set(found.select("report", "line").rows())
    solid = set(found.filter(pl.col("severity") != "note").select("report", "line").rows())
    wanted = {
        "alingsas-2024": {176, 179, 284, 461, 519, 625, 694, 735},
        "haninge-2022": {54, 117, 299, 329, 337, 351, 359, 406, 455, 509, 528, 602, 633, 639, 706, 991, 1001, 1025, 1026},
        "haninge-2024": {366, 704, 1146, 1153, 1231, 1237, 1294, 2978},
        "huddinge-2022": {46, 800, 802, 829, 963, 1092, 1117, 1352, 1746},
        "osteraker-2019": {60, 377, 379, 382, 388, 403, 496, 542, 700, 721, 736},
    }
    assert {(report, line) for report, lines in wanted.items() for line in lines} <= told
    right = {
        "alingsas-2024": {387, 511, 520, 527, 540, 690, 731, 856},
        "haninge-2022": {425, 434, 481, 499, 649, 1000, 1034},
        "haninge-2024": {96, 1125, 1190, 1192, 1194, 1201, 1281, 1398, 1402, 2440},
        "huddinge-2022": {867, 874, 888, 1221, 1335, 1388, 1392},
        "osteraker-2019": {24, 61, 555, 558, 560, 391, 397},
    }
    assert not {(report, line) for report, lines in right.items() for line in lines} & solid


COSTS = (("110", "90"), ("210", "180"), ("310", "250"))


def area(line: int, name: str, outturn: str, budget: str, deviation: str, table: str) -> list[dict[str, object]]:
    cells = (("outturn", outturn), ("budget", budget), ("deviation", deviation))
    return [observation(line, name, "2022", series, text, "kSEK", table=table) for series, text in cells]


@pytest.mark.parametrize(
    ("sign", "deviations", "told"),
    [
        ("", ("-20", "-30", "-60"), "print costs with the same sign: a plus means opposite things"),
        ("-", ("20", "30", "60"), "also print costs with different signs: a plus means the same in both"),
    ],
)
def test_what_a_plus_means_is_settled_by_the_printed_signs(sign: str, deviations: tuple[str, ...], told: str) -> None:
    first = [cell for n, (a, b) in enumerate(COSTS) for cell in area(5 + n, f"A{n}", a, b, str(int(a) - int(b)), "t1")]
    other = [
        cell
        for n, ((a, b), deviation) in enumerate(zip(COSTS, deviations, strict=True))
        for cell in area(20 + n, f"B{n}", sign + a, sign + b, deviation, "t2")
    ]
    found = [row for row in findings(*first, *other, lines=[]) if row["rule"] in ("sign_convention", "sign_agrees", "cost_sign")]
    assert found[0]["severity"] == ("note" if sign else "warning")
    assert told in found[0]["explanation"] and "line 5 and line 20" in found[0]["explanation"]


def test_two_rules_about_one_habit_each_say_their_own_of_their_own_line() -> None:
    first = [cell for n, (a, b) in enumerate(COSTS) for cell in area(5 + n, f"A{n}", a, b, str(int(a) - int(b)), "t1")]
    other = [
        cell for n, (a, b) in enumerate(COSTS) for cell in area(20 + n, f"B{n}", f"-{a}", f"-{b}", str(int(a) - int(b)), "t2")
    ]
    [found] = [row for row in findings(*first, *other, lines=[]) if row["rule"] in ("cost_sign", "sign_agrees")]
    assert "The costs on line 20 have the opposite sign to those of the table on line 5." in found["explanation"]
    assert "The tables with line 5 and line 20 compute the deviation in opposite directions" in found["explanation"]


def test_a_surplus_is_not_told_with_the_signs_of_other_tables() -> None:
    rows = [
        *(observation(5 + n, f"A{n}", "2022", "budget", text, "kSEK") for n, text in enumerate(("-12", "-34", "-56"))),
        *(observation(15 + n, f"B{n}", "2022", "budget", text, "kSEK", table="t2") for n, text in enumerate(("71", "82", "93"))),
        observation(25, "Kostnader", "2022", "budget", "-22", "kSEK", table="t3", measure="total_cost", breakdown=None),
        observation(26, "Nettokostnad", "2022", "budget", "4", "kSEK", table="t3", measure="net_cost", breakdown="Alfa"),
        observation(26, "Nettokostnad", "2022", "budget", "-4", "kSEK", table="t3", measure="net_cost", breakdown="Beta"),
    ]
    [found] = [row for row in findings(*rows, lines=[]) if row["rule"] == "cost_sign"]
    assert found["lines"] == "5"
    assert found["explanation"] == "The costs on line 15 have the opposite sign to those of the table on line 5."


def test_two_changes_off_by_the_same_are_one_finding_that_tells_both() -> None:
    def told(line: int, text: str, measure: str) -> dict[str, object]:
        about = {"table": None, "kind": "text", "measure": measure, "breakdown": None}
        return observation(line, "x", "2022", "change_abs", text, "MSEK", **about)

    levels = [
        observation(line, "x", year, "outturn", text, "MSEK", measure=measure, breakdown=None)
        for line, measure, values in ((5, "revenue_total", ("291,6", "325,7")), (6, "total_cost", ("1 445,6", "1 569,1")))
        for year, text in zip(("2021", "2022"), values, strict=True)
    ]
    rows = findings(*levels, told(20, "46,3", "revenue_total"), told(25, "135,7", "total_cost"), lines=[])
    [found] = [row for row in rows if row["rule"] == "change"]
    assert "printed as 46.3; the two years' figures (line 5) give 34.1" in found["explanation"]
    assert "printed as 135.7; the two years' figures (line 6) give 123.5" in found["explanation"]


def test_a_rule_about_a_number_in_a_sentence_names_what_is_counted() -> None:
    staff = observation(1, "Anställda", "2022", "change_pct", "0,5", "percent", measure="employees", breakdown=None)
    line = ["Antalet anställda har ökat med 0,5 procentenheter jämfört med året före."]
    [named] = findings(staff | {"table": None, "kind": "text"}, lines=line)
    assert named["explanation_sv"].startswith("0,5 för ”Anställda”")
    [bare] = findings(lines=line)
    assert bare["explanation_sv"] == "0,5 är tryckt som procentenheter, men är förändringen av ett antal: procent."


@pytest.mark.parametrize(("march", "published"), [("2 820", ["2 820"]), ("2 280", [])])
def test_a_sum_across_that_misses_by_its_wrong_addend_is_no_second_error(march: str, published: list[str]) -> None:
    def row(line: int, label: str, *texts: str) -> list[dict[str, object]]:
        periods = ("2022-01", "2022-02", "2022-03", "2022-01/2022-03")
        about = {"measure": "placements.care_days", "breakdown": None if label == "Summa" else label}
        return [
            observation(line, label, period, "outturn", text, "care_days", column=n, column_label=period, **about)
            for n, (period, text) in enumerate(zip(periods, texts, strict=True), start=1)
        ]

    parts = [("1 260", "1 150", "1 310", "3 720"), ("480", "455", "490", "1 425"), ("310", "455", "480", "1 245")]
    rows = [cell for n, texts in enumerate(parts) for cell in row(5 + n, f"A{n}", *texts)]
    told = findings(*rows, *row(8, "Summa", "2 050", "2 060", march, "6 390"), lines=[])
    assert [each["published"] for each in told] == published


@pytest.mark.parametrize(("outturn", "found"), [("-261,9", 0), ("-266,9", 1)])
def test_a_deviation_is_not_taken_of_a_cost_with_a_minus_and_one_without(outturn: str, found: int) -> None:
    about = {"measure": "net_cost", "breakdown": None}
    rows = [
        *(
            observation(20 + n, f"A{n}", "2022", "outturn", f"-{n}7,13", "MSEK", table="t2", breakdown=f"A{n}")
            for n in range(1, 4)
        ),
        observation(25, "Summa", "2022", "outturn", f"{outturn}0", "MSEK", table="t2", **about),
        observation(15, "Netto", "2022", "budget", "254,7", "MSEK", table="t1", **about),
        observation(2, "Netto", "2022", "deviation", "-7,2", "MSEK", table=None, kind="text", **about),
    ]
    assert len([row for row in findings(*rows, lines=[]) if row["rule"] == "deviation"]) == found


@pytest.mark.parametrize(
    ("field", "entry"),
    [
        ("product", {"total": "hvb_whole_cost", "volume": "hvb_care_days", "unit_cost": "hvb_cost_per_day"}),
        ("sum", {"total": "net_cost", "parts": ["-hvb_whole_cost", "revenue_total"]}),
        ("hundred", {"measures": ["hvb_whole_cost"], "parts": []}),
    ],
)
def test_an_identity_of_a_measure_that_there_is_not_is_refused(field: str, entry: dict[str, object]) -> None:
    more = {"other_volume": "hvb_care_days", "other_label": "x"} if field == "product" else {}
    with pytest.raises(SocialvolymError, match=r"here: unknown measure 'hvb_whole_cost'; nearest: .*hvb_total_cost"):
        check_measures(Identities.model_validate({field: [entry | more]}), "here")


@pytest.mark.parametrize("label", ["Räddningstjänst", "Turism"])
def test_each_percentage_of_another_base_is_a_finding_at_its_own_cell(label: str) -> None:
    def row(line: int, name: str, before: str, now: str, change: str) -> list[dict[str, object]]:
        cells = (("2021", "outturn", before, "kSEK"), ("2022", "outturn", now, "kSEK"), ("2022", "change_pct", change, "percent"))
        return [observation(line, name, *cell) for cell in cells]

    table = [*row(5, label, "100,0", "125,0", "20,0%"), *row(6, "Parker", "200,0", "160,0", "-25,0%")]
    assert audit(*table) == [("error", "other_base", 5), ("error", "other_base", 6)]
