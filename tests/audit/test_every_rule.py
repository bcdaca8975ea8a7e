"""Every rule of expectations/audit.csv, each with something made up that sets it off and something near that does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import invented_report
import polars as pl
import pytest
from invented_audit import observation
from socialvolym import audit
from socialvolym.audit import verdicts
from socialvolym.audit.text.patterns import claims
from socialvolym.audit.text.structure import structure
from socialvolym.audit.text.subjects import without_sentences
from socialvolym.documents.document import Document
from socialvolym.reports.loading import load_report
from socialvolym.reports.models import RawReport
from socialvolym.vocabulary.columns import OBSERVATION_SCHEMA

Cells = list[dict[str, Any]]
YEARS = ("2096", "2097", "2098", "2099")
MONTHS = [f"2099-{month:02d}" for month in range(1, 13)]
GOAL = "goda livsmiljöer genom en hållbar utveckling"
CONTROL = "Att utredningar i ärenden sker enligt metoden och dokumenteras"


@dataclass(frozen=True)
class Case:
    """What sets a rule off, what is near it and does not: cells, lines of the document, and what its folder holds."""

    cells: Sequence[Cells] = ()
    near: Sequence[Cells] = ()
    lines: Sequence[str] = ()
    near_lines: Sequence[str] | None = None
    corrections: str = ""
    layout: str = ""
    near_layout: str | None = None


def row(line: int, label: str, *cells: str, **more: Any) -> Cells:
    """Return the cells of a row, each written as "period series text unit"; a cell without text is an empty one."""
    made = []
    for cell in cells:
        period, series, *text, unit = cell.split(" ")
        status = "published" if any(sign.isdigit() for sign in "".join(text)) else "not_available"
        known = {"report": "haninge-2099", "breakdown": None, "status": status} | more
        made.append(observation(line, label, period, series, " ".join(text), unit, **known))
    return made


def said(line: int, label: str, cell: str, **more: Any) -> Cells:
    """Return a figure of a sentence."""
    return row(line, label, cell, **({"table": None, "kind": "text"} | more))


def years(line: int, label: str, unit: str, *texts: str, **more: Any) -> Cells:
    """Return a row of outturns, the last one that of 2099."""
    return row(line, label, *(f"{y} outturn {t} {unit}" for y, t in zip(YEARS[-len(texts) :], texts, strict=True)), **more)


def months(label: str, unit: str, texts: Sequence[str], *whole: str, **more: Any) -> Cells:
    """Return a row of twelve months, and the year's cells behind them."""
    return row(5, label, *(f"{m} outturn {t} {unit}" for m, t in zip(MONTHS, texts, strict=True)), *whole, **more)


def finance(line: int, label: str, outturn: str, budget: str, deviation: str, *more_cells: str, **more: Any) -> Cells:
    """Return a row with outturn, budget and deviation of 2099."""
    known = {"measure": "net_cost_area", "breakdown": label} | more
    three = (f"2099 outturn {outturn} kSEK", f"2099 budget {budget} kSEK", f"2099 deviation {deviation} kSEK")
    return row(line, label, *three, *more_cells, **known)


def areas(*rows: tuple[str, ...], start: int = 5, **more: Any) -> list[Cells]:
    """Return finance rows below each other."""
    return [finance(start + n, f"Area {n}", *texts, **more) for n, texts in enumerate(rows)]


NET = {"measure": "net_cost", "breakdown": None}
SICK = {"measure": "sick_leave_total"}
HVB = {"breakdown": None}
THREE = (("100", "90", "10"), ("200", "180", "20"), ("300", "250", "50"))
OTHER_WAY = (("110", "90", "-20"), ("210", "180", "-30"), ("310", "250", "-60"))
MINUS = (("-110", "-90", "20"), ("-210", "-180", "30"), ("-310", "-250", "60"))


def change(before: str, now: str, printed: str) -> Cells:
    return row(5, "Netto", f"2098 outturn {before} kSEK", f"2099 outturn {now} kSEK", f"2099 change_pct {printed} percent", **NET)


def volume(days: str, placed: str, cost: str, unit_cost: str = "2 000", label: str = "Snittkostnad (kr/dygn)") -> list[Cells]:
    return [
        row(5, "Dygn", f"2099 outturn {days} care_days", measure="hvb_care_days"),
        row(6, "Placeringar", f"2099 outturn {placed} placements_per_year", measure="hvb_placements"),
        row(7, "Totalkostnad", f"2099 outturn {cost} kSEK", measure="hvb_total_cost"),
        row(8, label, f"2099 outturn {unit_cost} SEK", measure="hvb_cost_per_day"),
    ]


def signs(first: str, second: str) -> list[Cells]:
    def one(line: int, label: str, sign: str, deviation: str, percent: str) -> Cells:
        percentage = f"2099 deviation {percent} percent"
        return finance(line, label, f"{sign}110,0", f"{sign}100,0", deviation, percentage, measure=label, breakdown=None)

    return [one(5, "revenue_total", "", "10,0", first), one(6, "total_cost", "-", "-10,0", second)]


def blocks(prefix: str, forecast: str) -> list[Cells]:
    rows = (
        ("dygn", "4 740", "care_days"),
        ("kostnad", "8 284", "kSEK"),
        ("snittkostnad", "1 748", "SEK"),
        ("timmar", "2 500", "hours"),
    )
    made = []
    for block, start in (("A", 5), ("B", 15)):
        for n, (name, text, unit) in enumerate(rows):
            other = forecast if n == 0 else text
            cells = (f"2099 budget {text} {unit}", f"2099 forecast {other} {unit}")
            made.append(row(start + n, f"{prefix} {block}: {name}", *cells, measure=f"{name} {block}"))
    return made


def plans(*texts: tuple[str, str]) -> list[Cells]:
    return [
        row(5 + n, f"Area {n}", f"2098 plan {a} kSEK", f"2099 plan {b} kSEK", measure="net_cost_area", breakdown=f"Area {n}")
        for n, (a, b) in enumerate(texts)
    ]


INDEXED = plans(("50 000", "51 000"), ("60 000", "61 200"), ("70 000", "71 400"), ("80 000", "81 600"), ("90 000", "91 800"))
PLANNED = plans(("50 000", "51 000"), ("60 000", "61 200"), ("70 000", "71 400"), ("80 000", "84 600"), ("90 000", "91 800"))
BUDGET_COLUMNS = ("2099 budget 10 kSEK", "2099 outturn 20 kSEK", "2098 outturn 30 kSEK")
PLACED = years(7, "Antal personer", "persons", "82", "115", measure="persons")
DAYS = years(6, "Genomsnitt dagar i jourhem", "count", "124,8", "167,4", measure="days")
HINT = '[[table]]\nid = "t1"\nlines = [5, 9]\ncolumns = ["2099"]\n'
DATED = {"table": "t2", "breakdown": "other"}
TABLE_DATES = [
    row(25, "Insatser", "2099-12-31 outturn 7 persons", "2098-12-31 outturn 8 persons", measure="lss_persons", **DATED)
]

BEGUN = "Arbetet påbörjades i september 2098. I december fanns ett avtal. I mars infördes det."


def side_by_side(line: int, label: str, *texts: str, units: Sequence[str]) -> Cells:
    """Return a row of figures of 2099 in different units."""
    return row(line, label, *(f"2099 outturn {t} {u}" for t, u in zip(texts, units, strict=True)), measure="unknown")


def unit_costs(*printed: str) -> list[Cells]:
    """Return rows of care days, their cost and the cost of one, which is right with 4 800, 5 000 and 5 100."""
    days = years(5, "Antal vårddygn", "care_days", "2 480", "2 821", "3 120", measure="unknown")
    cost = years(6, "Kostnad, tkr", "kSEK", "11 904", "14 105", "15 912", measure="unknown")
    return [days, cost, years(7, "Kostnad per vårddygn, kr", "SEK_per_day", *printed, measure="unknown")]


def placed(*printed: str) -> list[Cells]:
    """Return rows of placed persons below each other and all of them, who are 60, 61 and 58."""
    rows = (("Barn i familjehem", "41", "39", "36"), ("Barn i HVB", "7", "8", "9"), ("Vuxna", "12", "14", "13"))
    parts = [years(5 + n, label, "persons", *texts, measure="unknown") for n, (label, *texts) in enumerate(rows)]
    return [*parts, years(8, "Placerade totalt 31 december", "persons", *printed, measure="unknown")]


PRODUCT = {"units": ("care_days", "SEK", "kSEK")}
SUM = {"units": ("SEK", "SEK", "SEK")}
SHARES = (("412", "41,2 %"), ("133", "13,3 %"), ("58", "5,8 %"), ("90", "9,0 %"))
SHARE = {"units": ("hours", "hours", "percent")}
REACHED = ("2099 target 85 percent", "2099 outturn 82 percent")
JUDGED = ["Mål Målvärde Utfall Uppfyllt", "", "", ""]

#: Rules that only documents get which nobody has described (test_drafts.py).
OF_DRAFTS = {"count_told_twice", "total_or_row", "year_of_columns", "shared_figure", "thousandfold", "other_size"}

CASES: dict[str, Case] = {
    "deviation": Case(areas(("100", "90", "14")), areas(("100", "90", "10"))),
    "change": Case(
        [row(5, "Netto", "2098 outturn 90 kSEK", "2099 outturn 100 kSEK", "2099 change_abs 12 kSEK", **NET)],
        [row(5, "Netto", "2098 outturn 90 kSEK", "2099 outturn 100 kSEK", "2099 change_abs 10 kSEK", **NET)],
    ),
    "percentage": Case([change("173,0", "199,0", "25,2%")], [change("173,0", "199,0", "15,0%")]),
    "other_base": Case([change("100,0", "125,0", "20,0%")], [change("100,0", "125,0", "25,0%")]),
    "sign_flip": Case(
        areas(*THREE, ("400", "380", "-20")),
        areas(*THREE, ("400", "380", "20")),
    ),
    "sign_convention": Case(
        [*areas(*THREE), *areas(*OTHER_WAY, start=20, table="t2")],
        [*areas(*THREE), *areas(("110", "90", "20"), start=20, table="t2")],
    ),
    "sign_agrees": Case(
        [*areas(*THREE), *areas(*MINUS, start=20, table="t2")],
        [*areas(*THREE), *areas(*OTHER_WAY, start=20, table="t2")],
    ),
    "sign_of_percent": Case(signs("-10,0%", "10,0%")[1:], signs("10,0%", "-10,0%")[1:]),
    "mixed_percent_signs": Case(signs("10,0%", "10,0%"), signs("10,0%", "-10,0%")),
    "percent_turned": Case(signs("-10,0%", "-10,0%")[:1], signs("10,0%", "-10,0%")[:1]),
    "truncated": Case(
        [row(5, "N", "2099 outturn 10 254 kSEK", **NET), said(9, "N", "2099 outturn 10,2 MSEK", **NET)],
        [row(5, "N", "2099 outturn 10 254 kSEK", **NET), said(9, "N", "2099 outturn 10,3 MSEK", **NET)],
    ),
    "total": Case(
        [*areas(("100", "90", "10"), ("200", "180", "20")), finance(9, "Totalt", "300", "280", "20", breakdown=None)],
        [*areas(("100", "90", "10"), ("200", "180", "20")), finance(9, "Totalt", "300", "270", "30", breakdown=None)],
    ),
    "total_of_persons": Case(
        [
            years(5, "Hemtjänst", "persons", "100", "110", "120", measure="lss_persons", breakdown="a"),
            years(6, "Boende", "persons", "200", "210", "220", measure="lss_persons", breakdown="b"),
            years(7, "Totalt", "persons", "300", "320", "334", measure="lss_persons"),
        ],
        [
            years(5, "Hemtjänst", "persons", "100", "110", "120", measure="lss_persons", breakdown="a"),
            years(6, "Boende", "persons", "200", "210", "220", measure="lss_persons", breakdown="b"),
            years(7, "Totalt", "persons", "300", "320", "340", measure="lss_persons"),
        ],
    ),
    "sum": Case(
        [
            years(5, "Intäkter", "kSEK", "10", "11", measure="revenue_total"),
            years(6, "Kostnader", "kSEK", "-30", "-40", measure="total_cost"),
            years(7, "Netto", "kSEK", "-20", "-35", measure="net_cost"),
        ],
        [
            years(5, "Intäkter", "kSEK", "10", "11", measure="revenue_total"),
            years(6, "Kostnader", "kSEK", "-30", "-40", measure="total_cost"),
            years(7, "Netto", "kSEK", "-20", "-29", measure="net_cost"),
        ],
    ),
    "mean": Case(
        [months("I genomsnitt", "persons", ["190"] * 12, "2099 outturn 199 persons", measure="lss_persons", breakdown="snitt")],
        [months("I genomsnitt", "persons", ["190"] * 12, "2099 outturn 190 persons", measure="lss_persons", breakdown="snitt")],
    ),
    "mean_rounded": Case(
        [
            months(
                "Snitt",
                "persons",
                ["196"] * 7 + ["197"] * 5,
                "2099 outturn 197 persons",
                measure="lss_persons",
                breakdown="snitt",
            )
        ],
        [
            months(
                "Snitt",
                "persons",
                ["196"] * 7 + ["197"] * 5,
                "2099 outturn 196 persons",
                measure="lss_persons",
                breakdown="snitt",
            )
        ],
    ),
    "year_sum": Case(
        [months("Anmälningar", "count", ["10"] * 12, "2099 outturn 125 count", measure="child_concern_reports")],
        [months("Anmälningar", "count", ["10"] * 12, "2099 outturn 120 count", measure="child_concern_reports")],
    ),
    "unit_cost": Case(volume("3 650", "10,0", "8 300"), volume("3 650", "10,0", "7 300")),
    "unit_label": Case(volume("3 650", "10,0", "7 300", label="Snittkostnad (kr/placering)"), volume("3 650", "10,0", "7 300")),
    "scaled": Case(volume("3 650", "12,4", "7 300"), volume("3 650", "10,0", "7 300")),
    "coarse": Case(volume("4 295", "12,0", "8 590"), volume("4 295", "11,8", "8 590")),
    "ratio": Case(
        [
            said(5, "Svar", "2099 outturn 90 persons", measure="employee_survey_respondents"),
            said(5, "Tillfrågade", "2099 outturn 100 persons", measure="employee_survey_invited"),
            said(5, "Svarsfrekvens", "2099 outturn 80 percent", measure="employee_survey_response_rate"),
        ],
        [
            said(5, "Svar", "2099 outturn 90 persons", measure="employee_survey_respondents"),
            said(5, "Tillfrågade", "2099 outturn 100 persons", measure="employee_survey_invited"),
            said(5, "Svarsfrekvens", "2099 outturn 90 percent", measure="employee_survey_response_rate"),
        ],
    ),
    "hundred": Case(
        [
            row(5, "Kort", "2099 outturn 48,5% percent", measure="sick_leave_short_share"),
            row(6, "Lång", "2099 outturn 53,5% percent", measure="sick_leave_long_share"),
        ],
        [
            row(5, "Kort", "2099 outturn 48,5% percent", measure="sick_leave_short_share"),
            row(6, "Lång", "2099 outturn 51,5% percent", measure="sick_leave_long_share"),
        ],
    ),
    "table_table": Case(
        [
            years(5, "N", "kSEK", "1 271", "1 220", "2 522", **NET),
            years(15, "N", "kSEK", "1 271", "1 312", "2 522", table="t2", **NET),
        ],
        [
            years(5, "N", "kSEK", "1 271", "1 312", "2 522", **NET),
            years(15, "N", "kSEK", "1 271", "1 312", "2 522", table="t2", **NET),
        ],
    ),
    "twin_row": Case(
        [
            years(5, "Arbete", "kSEK", "150 763", "162 470", "150 523", measure="unknown"),
            years(15, "Totalt", "kSEK", "150 717", "162 470", "150 523", measure="unknown", table="t2"),
        ],
        [
            years(5, "Arbete", "kSEK", "150 717", "162 470", "150 523", measure="unknown"),
            years(15, "Totalt", "kSEK", "150 717", "162 470", "150 523", measure="unknown", table="t2"),
        ],
    ),
    "text_table": Case(
        [row(5, "N", "2099 outturn 65 206 kSEK", **NET), said(9, "N", "2099 outturn 65,5 MSEK", **NET)],
        [row(5, "N", "2099 outturn 65 206 kSEK", **NET), said(9, "N", "2099 outturn 65,2 MSEK", **NET)],
    ),
    "text_text": Case(
        [said(5, "N", "2099 outturn 65,5 MSEK", **NET), said(40, "N", "2099 outturn 68,2 MSEK", **NET)],
        [said(5, "N", "2099 outturn 65,5 MSEK", **NET), said(40, "N", "2099 outturn 65,5 MSEK", **NET)],
    ),
    "text_count": Case(
        [
            said(5, "Avhoppare", "2099 outturn 8 persons", measure="defectors_supported"),
            said(40, "Avhoppare", "2099 outturn 7 persons", measure="defectors_supported"),
        ],
        [
            said(5, "Avhoppare", "2099 outturn 8 persons", measure="defectors_supported"),
            said(40, "Avhoppare", "2099 outturn 7 persons", measure="defectors_supported", bound="approx"),
        ],
    ),
    "other_row": Case(
        [
            row(5, "Ett", "2099 outturn 1 311 kSEK", measure="state_grant", breakdown="Ett"),
            row(6, "Två", "2099 outturn 9 359 kSEK", measure="state_grant", breakdown="Två"),
            said(9, "Ett", "2099 outturn 9,4 MSEK", measure="state_grant", breakdown="Ett"),
        ],
        [
            row(5, "Ett", "2099 outturn 1 311 kSEK", measure="state_grant", breakdown="Ett"),
            row(6, "Två", "2099 outturn 9 359 kSEK", measure="state_grant", breakdown="Två"),
            said(9, "Två", "2099 outturn 9,4 MSEK", measure="state_grant", breakdown="Två"),
        ],
    ),
    "last_digit": Case(
        [years(5, "N", "kSEK", "2 100", "310 741", **NET), years(15, "N", "kSEK", "2 100", "310 739", table="t2", **NET)],
        [years(5, "N", "kSEK", "2 100", "310 741", **NET), years(15, "N", "kSEK", "2 100", "310 741", table="t2", **NET)],
    ),
    "wrong_column": Case(
        [
            row(5, "A", "2099 plan 0 kSEK", "2099 budget 161 kSEK", **NET),
            said(9, "A", "2099 plan 161 kSEK", **NET),
        ],
        [
            row(5, "A", "2099 plan 161 kSEK", "2099 budget 0 kSEK", **NET),
            said(9, "A", "2099 plan 161 kSEK", **NET),
        ],
    ),
    "across_reports": Case(
        [
            years(5, "Kort", "percent", "49,5", "44,0", **SICK),
            row(5, "Kort", "2098 outturn 48,5 percent", report="haninge-2098", **SICK),
        ],
        [
            years(5, "Kort", "percent", "49,5", "44,0", **SICK),
            row(5, "Kort", "2098 outturn 49,5 percent", report="haninge-2098", **SICK),
        ],
    ),
    "unit_slip": Case(
        lines=["Ramen är 1 071,9 miljarder kronor (mnkr)."], near_lines=["Ramen är 1 071,9 miljoner kronor (mnkr)."]
    ),
    "percent_as_points": Case(
        lines=["Antalet anställda har ökat med 0,5 procentenheter."], near_lines=["Andelen har ökat med 0,5 procentenheter."]
    ),
    "points_as_percent": Case(
        [row(5, "Andel", "2099 outturn 7,2% percent", "2099 change_abs -0,8% percentage_points", **SICK)],
        [row(5, "Andel", "2099 outturn 7,2% percent", "2099 change_abs -0,8 percentage_points", **SICK)],
    ),
    "missing_percent": Case(
        [row(n, f"Rad {n}", f"2099 outturn {t} percent", **SICK) for n, t in ((5, "7,1%"), (6, "7,2%"), (7, "7,3"))],
        [row(n, f"Rad {n}", f"2099 outturn {t} percent", **SICK) for n, t in ((5, "7,1%"), (6, "7,2%"), (7, "7,3%"))],
    ),
    "mixed_decimals": Case(
        [years(5, "Andel", "percent", "7.1", "7,2", **SICK)],
        [years(5, "Andel", "percent", "7,1", "7,2", **SICK)],
    ),
    "stuck_mark": Case([years(5, "Andel", "percent", "49,3%3", **SICK)], [years(5, "Andel", "percent", "49,3%", **SICK)]),
    "mislabelled_row": Case(
        [row(5, "Netto", "2099 outturn 9 770 kSEK", **NET), row(9, "Bokslut 2099", "2099 forecast 9 000 kSEK", **NET)],
        [row(5, "Netto", "2099 outturn 9 770 kSEK", **NET), row(9, "Prognos 2099", "2099 forecast 9 000 kSEK", **NET)],
    ),
    "repeated_value": Case(
        [
            months(
                "Timmar",
                "hours",
                [f"7 {300 + 9 * n}" for n in range(10)] + ["7 407", "7 407"],
                measure="personal_assistance_hours",
            )
        ],
        [months("Timmar", "hours", [f"7 {300 + 9 * n}" for n in range(12)], measure="personal_assistance_hours")],
    ),
    "age_overlap": Case(
        [
            row(5, "0-18 år", "2099 outturn 7 percent", **SICK | {"breakdown": "0-18 år"}),
            row(6, "18 år och uppåt", "2099 outturn 8 percent", **SICK | {"breakdown": "18 år och uppåt"}),
        ],
        [
            row(5, "0-17 år", "2099 outturn 7 percent", **SICK | {"breakdown": "0-17 år"}),
            row(6, "18 år och uppåt", "2099 outturn 8 percent", **SICK | {"breakdown": "18 år och uppåt"}),
        ],
    ),
    "age_left_out": Case(
        [
            row(5, "<29 år", "2099 outturn 7 percent", **SICK | {"breakdown": "<29 år"}),
            row(6, "30-49 år", "2099 outturn 8 percent", **SICK | {"breakdown": "30-49 år"}),
        ],
        [
            row(5, "<30 år", "2099 outturn 7 percent", **SICK | {"breakdown": "<30 år"}),
            row(6, "30-49 år", "2099 outturn 8 percent", **SICK | {"breakdown": "30-49 år"}),
        ],
    ),
    "bound_broken": Case(
        [
            months("Frånvaro", "percent", ["7,1%"] * 11 + ["8,1%"], **SICK),
            said(20, "Frånvaro", "2099 outturn 8 percent", bound="lt", **SICK),
        ],
        [
            months("Frånvaro", "percent", ["7,1%"] * 12, **SICK),
            said(20, "Frånvaro", "2099 outturn 8 percent", bound="lt", **SICK),
        ],
    ),
    "steady_trend": Case(
        [years(5, "Insatser", "count", "200", "175", "186", "128", measure="lvu_placements")],
        [years(5, "Insatser", "count", "200", "186", "175", "128", measure="lvu_placements")],
        lines=["", "", "Antalet insatser har minskat stadigt sedan 2096."],
    ),
    "base_year": Case(
        lines=["Minska med 20 % år 2030 jämfört med 2019.", "År 2030 ska den minska 20 procent jämfört med år 2020."],
        near_lines=["Minska med 20 % år 2030 jämfört med 2019.", "År 2030 ska den minska 20 procent jämfört med år 2019."],
    ),
    "column_date": Case(
        [
            *TABLE_DATES,
            row(5, "Våldsutövare", "2099-08-31 outturn 10 persons", "2098-12-31 outturn 14 persons", measure="perpetrators"),
        ],
        [
            *TABLE_DATES,
            row(5, "Våldsutövare", "2099-12-31 outturn 10 persons", "2098-12-31 outturn 14 persons", measure="perpetrators"),
        ],
        lines=["", "Utfall 31 aug 2099"],
        near_lines=["", "Utfall 31 dec 2099"],
    ),
    "title_year": Case(
        [row(5, "Frånvaro", "2098 outturn 7,1 percent", **SICK)],
        [row(5, "Frånvaro", "2098 outturn 7,1 percent", **SICK)],
        lines=["", "", "År: 2099"],
        near_lines=["", "", "År: 2098"],
    ),
    "date_impossible": Case(lines=["Antaget 2024-02-30."], near_lines=["Antaget 2024-02-29."]),
    "footnote_missing": Case(lines=["Antal*\t12"], near_lines=["Antal*\t12", "*preliminärt"]),
    "draft_mark": Case(lines=["20 | UTKAST Verksamhetsberättelse"], near_lines=["20 | Verksamhetsberättelse, inget utkast"]),
    "doubled_clause": Case(
        lines=["Det var lika många som året innan vilket ger samma andel och lika många som året innan vilket ger samma andel."],
        near_lines=["Det var lika många som året innan vilket ger samma andel."],
    ),
    "lost_table": Case(layout=HINT + "lost = true\n", near_layout=HINT),
    "break": Case(
        corrections='[[break]]\nperiod = "2099"\nmeasures = ["lvm_placements"]\nreason_en = "x"\nreason_sv = "y"\nline = 7\n'
    ),
    "caution": Case(
        corrections='[[caution]]\nline = 7\nrows = [5]\nmeasures = ["lvm_placements"]\nreason_en = "x {9:3}"\nreason_sv = "y"\n'
    ),
    "opposed_statements": Case(
        corrections='[[caution]]\nkind = "opposed_statements"\nline = 7\nrows = [15]\nmeasures = ["lvm_placements"]\n'
        'reason_en = "x"\nreason_sv = "y"\n'
    ),
    "personal_identifier": Case(lines=["ÖZ Solvägen 12"], near_lines=["Solvägens gruppbostad"]),
    "relative_of_share": Case(
        [row(5, "Andel", "2098 outturn 4,1 % percent", "2099 outturn 6,0 % percent", "2099 change_pct 46 % percent", **SICK)],
        [row(5, "Andel", "2098 outturn 4,1 % percent", "2099 outturn 6,0 % percent", "2099 change_pct 1,9 % percent", **SICK)],
    ),
    "cost_sign": Case(
        [
            years(5, "A", "kSEK", "-12", "-34", "-56", **NET),
            years(15, "B", "kSEK", "71", "82", "93", table="t2", **NET | {"breakdown": "B"}),
        ],
        [
            years(5, "A", "kSEK", "12", "34", "56", **NET),
            years(15, "B", "kSEK", "71", "82", "93", table="t2", **NET | {"breakdown": "B"}),
        ],
    ),
    "year_order": Case(
        [years(5, "A", "percent", "7,1", "7,2", **SICK), years(15, "B", "percent", "7,1", "7,2", table="t2", **SICK)[::-1]],
        [years(5, "A", "percent", "7,1", "7,2", **SICK), years(15, "B", "percent", "7,1", "7,2", table="t2", **SICK)],
    ),
    "stale_columns": Case(
        [
            row(5, "A", "2098 outturn 90 persons", "2099 forecast 90 persons", measure="employees"),
            row(15, "A", "2097 outturn 90 persons", "2098 forecast 90 persons", measure="employees", table="t2"),
        ],
        [row(5, "A", "2098 outturn 90 persons", "2099 forecast 90 persons", measure="employees")],
    ),
    "note_as_label": Case(
        [years(5, "Timmar: *omräknat", "hours", "13,4", measure="personal_assistance_hours")],
        [years(5, "Timmar*", "hours", "13,4", measure="personal_assistance_hours")],
    ),
    "repeated_label": Case(
        [
            years(5, "Antal: Fasta", "persons", "90", measure="employees"),
            years(8, "Andel: Fasta", "percent", "81%", measure="staff_share"),
        ],
        [
            years(5, "Antal: Fasta", "persons", "90", measure="employees"),
            years(8, "Andel: Andel", "percent", "81%", measure="staff_share"),
        ],
    ),
    "repeated_total": Case(
        [years(5, "Summa", "kSEK", "90,0", measure="investments"), years(8, "Summa", "kSEK", "45,0", measure="investments")],
        [years(5, "Summa", "kSEK", "90,0", measure="investments"), years(8, "Summa", "kSEK", "90,0", measure="investments")],
    ),
    "household_months": Case(
        [years(5, "Antal hushåll", "household_months", "8 526", measure="assistance_household_months")],
        [years(5, "Summan av månaderna", "household_months", "8 526", measure="assistance_household_months")],
    ),
    "placement_months": Case(
        [years(5, "Månadsplacerade", "persons", "27.9", "52.8", measure="placed"), DAYS, PLACED],
        [years(5, "Månadsplacerade", "persons", "335.7", "632.9", measure="placed"), DAYS, PLACED],
    ),
    "gap_in_row": Case(
        [row(5, "A", "2097 outturn 7,1 percent", "2098 outturn percent", "2099 outturn 7,3 percent", **SICK)],
        [row(5, "A", "2097 outturn 7,1 percent", "2098 outturn 7,2 percent", "2099 outturn percent", **SICK)],
    ),
    "blank_columns": Case(
        [
            row(5, "A", *BUDGET_COLUMNS, measure="a"),
            *[row(n, f"Rad {n}", *BUDGET_COLUMNS[1:], measure=f"m{n}") for n in (6, 7)],
        ],
        [
            row(5, "A", *BUDGET_COLUMNS, measure="a"),
            *[row(n, f"Rad {n}", *BUDGET_COLUMNS[:2], measure=f"m{n}") for n in (6, 7)],
        ],
        layout=HINT,
    ),
    "footnote_as_value": Case(
        lines=["Brott", "32,5 30,7 1 27,0", "", "1 Resultat publiceras senare"], near_lines=["Brott", "32,5 30,7 1 27,0"]
    ),
    "gross_heading": Case(
        [
            *[
                row(40 + n, f"A{n}", f"2099 budget {text} kSEK", table="areas", breakdown=f"A{n}", measure=measure)
                for n, net in enumerate((250, 310, 480))
                for text, measure in ((f"-{net + 99}", "cost_area"), (f"-{net}", "net_cost_area"))
            ],
            *[
                row(5 + n, f"A{n}", f"2099 budget -{net} kSEK", measure="net_cost_area", breakdown=f"A{n}")
                for n, net in enumerate((250, 310, 480))
            ],
        ],
        lines=["", "Bruttokostnader"],
        near_lines=["", "Nettokostnader"],
    ),
    "net_cost_as_result": Case(
        [
            row(5, "Kostnader", "2099 budget -480 kSEK", "2099 outturn -490 kSEK", measure="total_cost"),
            row(6, "Årets resultat", "2099 budget -434 kSEK", "2099 outturn -420 kSEK", measure="result"),
        ],
        [
            row(5, "Kostnader", "2099 budget -480 kSEK", "2099 outturn -490 kSEK", measure="total_cost"),
            row(6, "Årets resultat", "2099 budget 0 kSEK", "2099 outturn -9 kSEK", measure="result"),
        ],
    ),
    "deviation_as_share": Case(
        [row(5, "Budgetavvikelse", "2099 outturn 4,4% percent", "2099 target 100% percent", measure="share")],
        [row(5, "Budgetavvikelse", "2099 outturn 4,4% percent", "2099 target 0% percent", measure="share")],
    ),
    "net_and_whole": Case(
        [
            row(5, "A: Total nettokostnad", "2099 outturn 12 kSEK", measure="a"),
            row(8, "B: Totalkostnad", "2099 outturn 34 kSEK", measure="b"),
        ],
        [
            row(5, "A: Totalkostnad", "2099 outturn 12 kSEK", measure="a"),
            row(8, "B: Totalkostnad", "2099 outturn 34 kSEK", measure="b"),
        ],
    ),
    "copied_forecast": Case(blocks("HVB", "4 740"), blocks("HVB", "4 741")),
    "same_heading": Case(
        lines=[f"1. I kommunen finns {GOAL}", "", f"2. I kommunen finns {GOAL}"],
        near_lines=[f"1. I kommunen finns {GOAL}", "", f"1. I kommunen finns {GOAL}"],
    ),
    "empty_heading": Case(
        lines=["Organisation till axel: nämnden", "", "Organisation till axel: nämnden"],
        near_lines=["Organisation till axel: nämnden", "Jan Feb", "Organisation till axel: nämnden"],
    ),
    "annex_absent": Case(
        lines=["Bilaga A Boendeprognos", "Bilaga B Konkurrensplan", "Boendeprognos 2023"], near_lines=["Bilaga B Konkurrensplan"]
    ),
    "named_group": Case(
        lines=["För unga vuxna (18-29 år).", "För unga vuxna 16–24 år."],
        near_lines=["För unga vuxna (18-29 år).", "För unga vuxna 18–29 år."],
    ),
    "level_as_change": Case(
        [row(5, "Heltidsarbetare", "2098 outturn 13,4 hours", "2099 outturn 13,9 hours", measure="hours")],
        [row(5, "Heltidsarbetare", "2098 outturn 13,4 hours", "2099 outturn 13,9 hours", measure="hours")],
        lines=["En ökning kan noteras, vilket", "motsvarar 13,9 heltidsarbetare."],
        near_lines=["En ökning kan noteras, vilket", "motsvarar 0,5 heltidsarbetare."],
    ),
    "against_years": Case(
        [years(5, "Antal personer", "persons", "82", "132", "115", measure="persons")],
        [years(5, "Antal personer", "persons", "122", "132", "115", measure="persons")],
        lines=["Antalet personer med insatsen har varit färre jämfört", "med tidigare år."],
    ),
    "year_untold": Case(
        [
            row(
                5,
                "Unga vuxna med bistånd, andel",
                "2097 outturn 6,3% percent",
                "2098 outturn 5,7% percent",
                "2099 outturn * percent",
                **SICK,
            )
        ],
        [
            row(
                5,
                "Unga vuxna med bistånd, andel",
                "2097 outturn 6,3% percent",
                "2098 outturn 5,7% percent",
                "2099 outturn 4,5% percent",
                **SICK,
            )
        ],
        lines=["Antalet unga vuxna med bistånd har minskat under året."],
    ),
    "goal_without_outturn": Case(
        [row(n, f"Mål {n}", "2098 outturn 47,0% percent", "2099 outturn * percent", measure=f"m{n}") for n in (5, 6)],
        [row(n, f"Mål {n}", "2098 outturn 47,0% percent", "2099 outturn 50,0% percent", measure=f"m{n}") for n in (5, 6)],
        lines=[*[""] * 8, "Nämnden når kommunens beslutade målsättning."],
    ),
    "heading_base": Case(
        [
            row(n, "AB"[n - 5], "2098 outturn 30 kSEK", "2099 outturn 34 kSEK", "2099 change_abs 4 kSEK", measure=f"m{n}")
            for n in (5, 6)
        ],
        [
            row(n, "AB"[n - 5], "2098 outturn 30 kSEK", "2099 outturn 34 kSEK", "2099 change_abs 4 kSEK", measure=f"m{n}")
            for n in (5, 6)
        ],
        lines=["Utfall Föränd-", "ring", "mot2099"],
        near_lines=["Utfall Föränd-", "ring", "mot2098"],
    ),
    "indexed_plan": Case(INDEXED, PLANNED, lines=["Plan 2099", "exkl.", "prisutv."]),
    "signal_lost": Case(
        lines=["Bedömning görs med nedan signalfärger:", "Inte uppfyllt | Helt uppfyllt", "", "Mål Analys Bedömning"],
        near_lines=["Bedömning görs med nedan signalfärger:", "Röd | Grön", "", "Mål Analys Bedömning"],
    ),
    "amounts_absent": Case(
        lines=["Bilaga 2, köp över 2 miljoner kronor 2099", *["Omsorg AB"] * 10],
        near_lines=["Bilaga 2, köp över 2 miljoner kronor 2099", *["Omsorg AB 2 345 tkr"] * 10],
    ),
    "unit_missing": Case(
        lines=["Utsläpp av växthusgaser från transporter 936 379 288"],
        near_lines=["Utsläpp av växthusgaser (ton) från transporter 936 379 288"],
    ),
    "unit_unstated": Case(
        areas(("100", "90", "10"), ("200", "180", "20"), start=45),
        areas(("100", "90", "10"), ("200", "180", "20"), start=45),
        lines=["Budgeten är 12 mnkr.", *["Nämnden har ett uppdrag."] * 60],
        near_lines=["Alla belopp anges i tkr.", *["Nämnden har ett uppdrag."] * 60],
    ),
    "copied_cell": Case(
        lines=["Internkontroll", f"Utredning\t{CONTROL}", f"Otillåten påverkan\t{CONTROL}"],
        near_lines=["Mål", f"Utredning\t{CONTROL}", f"Otillåten påverkan\t{CONTROL}"],
    ),
    "comment_date": Case(
        lines=["Kommentar (2099-04-30):", f"{BEGUN} I november användes tjänsten av hälften."],
        near_lines=["Kommentar (2099-04-30):", f"{BEGUN} I november ska tjänsten användas av hälften."],
    ),
    "denied_income": Case(
        lines=[
            "Ersättning med 5,3 miljoner kronor från NOA.",
            *[""] * 20,
            "Från NOA har kommunen inte erhållit någon ersättning.",
        ],
        near_lines=[
            "Ersättning med 5,3 miljoner kronor från SKR.",
            *[""] * 20,
            "Från NOA har kommunen inte erhållit någon ersättning.",
        ],
    ),
    "other_month": Case(
        lines=["I november var den 7,1 procent. Den är lika i november i länet och högre än oktober 2095."],
        near_lines=["I november var den 7,1 procent. Den är lika i november i länet och högre än november 2095."],
    ),
    "mark_unexplained": Case(lines=["Kuratorer 19,0 14,5**"], near_lines=["Kuratorer 19,0 14,5**", "**utan vikarier"]),
    "break_told": Case(
        lines=["Från 2099 räknas alla beslut, varför åren inte är jämförbara."],
        near_lines=["Åren är jämförbara, men inte kommunerna."],
    ),
    "table_absent": Case(
        lines=["Tabell 1 Larm", "A 12 34", "I tabell 7 redovisas larmen."],
        near_lines=["Tabell 7 Larm", "A 12 34", "I tabell 7 redovisas larmen."],
    ),
    "direction_told": Case(
        [years(5, "Antal hushåll", "households", "476", "491", measure="unknown")],
        [years(5, "Antal hushåll", "households", "491", "476", measure="unknown")],
        lines=["Antalet hushåll var 2099 färre än 2098, trots allt."],
    ),
    "approved_early": Case(
        [months("Timmar", "hours", [f"7 {300 + 9 * n}" for n in range(12)], measure="unknown")],
        [months("Timmar", "hours", [f"7 {300 + 9 * n}" for n in range(12)], measure="unknown")],
        lines=["Rapporten fastställdes den 12 mars 2099."],
        near_lines=["Rapporten fastställdes den 12 mars 2100."],
    ),
    "goal_missed": Case(
        [row(5, "Brukare som trivs, %", *REACHED, measure="unknown")],
        [
            row(5, "Brukare som trivs, högst %", *REACHED, measure="unknown"),
            row(6, "Ej återaktualiserade, %", "2099 target 82 percent", "2099 outturn 85 percent", measure="unknown"),
        ],
        near_lines=[*JUDGED, "Brukare som trivs, högst % 85 82 Ja", "Ej återaktualiserade, % 82 85 Ja"],
        lines=[*JUDGED, "Brukare som trivs, % 85 82 Ja"],
    ),
    "product_of_columns": Case(
        [
            side_by_side(5, "A", "10 950", "1 100", "12 045", **PRODUCT),
            side_by_side(6, "B", "2 555", "5 900", "15 075", **PRODUCT),
            side_by_side(7, "C", "150", "10 800", "1 260", **PRODUCT),
        ],
        [
            side_by_side(5, "A", "10 950", "1 100", "12 045", **PRODUCT),
            side_by_side(6, "B", "2 555", "5 900", "15 075", **PRODUCT),
            side_by_side(7, "C", "150", "10 800", "1 620", **PRODUCT),
        ],
    ),
    "share_of_columns": Case(
        [side_by_side(5 + n, f"R{n}", "9 000", f"8 {n}00", f"{89 + n} %", **SHARE) for n in range(4)]
        + [side_by_side(9, "R4", "9 000", "8 000", "98 %", **SHARE)],
        [side_by_side(5 + n, f"R{n}", "9 000", f"8 {n}00", f"{89 + n} %", **SHARE) for n in range(4)]
        + [side_by_side(9, "R4", "9 000", "8 000", "89 %", **SHARE)],
    ),
    "sum_of_columns": Case(
        [side_by_side(5 + n, f"R{n}", f"1{n} 500", f"2{n} 250", f"{3 + 2 * n // 10}{2 * n % 10} 750", **SUM) for n in range(4)]
        + [side_by_side(9, "R4", "14 500", "24 250", "38 570", **SUM)],
        [side_by_side(5 + n, f"R{n}", f"1{n} 500", f"2{n} 250", f"{3 + 2 * n // 10}{2 * n % 10} 750", **SUM) for n in range(4)]
        + [side_by_side(9, "R4", "14 500", "24 250", "38 750", **SUM)],
    ),
    "share_of_total": Case(
        [side_by_side(5 + n, f"R{n}", t, s, units=("hours", "percent")) for n, (t, s) in enumerate((*SHARES, ("307", "37,0 %")))],
        [side_by_side(5 + n, f"R{n}", t, s, units=("hours", "percent")) for n, (t, s) in enumerate((*SHARES, ("307", "30,7 %")))],
    ),
    "ratio_of_rows": Case(
        unit_costs("4 800", "5 000", "5 700"),
        unit_costs("4 800", "5 000", "5 100"),
    ),
    "sum_of_rows": Case(
        placed("60", "61", "62"),
        placed("60", "61", "58"),
    ),
}


def invented(raw: Path, rule: str, case: Case) -> tuple[RawReport, pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return a case as a report named like its rule: the report, its figures, the facts of its text, and those that are kept."""
    name = rule.replace("_", "-")
    report = load_report(invented_report.make(raw, corrections=case.corrections, layout=case.layout, read=False, name=name))
    table = pl.DataFrame([cell for one in case.cells for cell in one], schema=OBSERVATION_SCHEMA)
    told = structure(Document(list(case.lines)))
    printed = table.select("table", "line", "kind", pl.lit(None, pl.String).alias("group"), pl.col("label").alias("row_label"))
    own = pl.lit(name).alias("report")
    facts = [form.select(own, pl.all()) for form in (told, without_sentences(told, printed))]
    return report, table.with_columns(pl.when(pl.col("report") == "haninge-2099").then(own).otherwise("report")), *facts


def near(case: Case) -> Case:
    """Return what is near a case and right."""
    return Case(
        cells=case.near or (case.cells if case.near_lines is not None else ()),
        lines=case.lines if case.near_lines is None else case.near_lines,
        layout=case.layout if case.near_layout is None else case.near_layout,
    )


def findings(raw: Path, cases: Mapping[str, Case]) -> set[tuple[str, str]]:
    """Return (case, rule) of the findings about all cases, each a report of its own in one audit."""
    reports, tables, *facts = zip(*(invented(raw, rule, case) for rule, case in cases.items()), strict=True)
    found = [audit.audit(pl.concat(tables), reports, pl.concat(form)).select("report", "rule").rows() for form in facts]
    # What data/raw keeps of a document's text, labels instead of its sentences, tells the audit as much.
    assert set(found[0]) == set(found[1])
    return {(report.replace("-", "_"), rule) for report, rule in found[0]}


@pytest.fixture(scope="module")
def of_wrong(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str]]:
    return findings(tmp_path_factory.mktemp("wrong"), CASES)


@pytest.fixture(scope="module")
def of_near(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str]]:
    return findings(tmp_path_factory.mktemp("near"), {rule: near(case) for rule, case in CASES.items()})


def test_every_rule_has_a_case() -> None:
    assert set(CASES) | OF_DRAFTS == set(verdicts.rules())


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_finds_what_is_wrong(rule: str, of_wrong: set[tuple[str, str]]) -> None:
    assert (rule, rule) in of_wrong


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_finds_nothing_where_nothing_is_wrong(rule: str, of_near: set[tuple[str, str]]) -> None:
    assert (rule, rule) not in of_near


@pytest.mark.parametrize("name", claims().patterns)
def test_the_pattern_of_a_claim_matches_its_example(name: str) -> None:
    assert claims().patterns[name].search(claims().examples[name])
