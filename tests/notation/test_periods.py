"""Column headings: period, series and unit."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from socialvolym.notation.periods import SERIES, Heading, in_year, join_period, parse_day, parse_heading, parse_part, parse_period

YEARS = st.integers(1990, 2049)
MONTHS = [
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
]


@given(YEARS, st.sampled_from(["{y}", "{y}-03", "{y}-12", "{y}-Q1", "{y}-Q4", "{y}-12-31", "{y}/2050"]))
def test_a_period_is_read_as_itself(year: int, form: str) -> None:
    period = form.format(y=year)
    assert parse_heading(period).period == period
    assert parse_heading(f"Utfall {period}") == Heading(period, "outturn", None)


@given(st.dates(date(1990, 1, 1), date(2049, 12, 31)))
def test_a_date_in_words_is_the_date(day: date) -> None:
    name = MONTHS[day.month - 1]
    assert parse_period(f"{day.day} {name} {day.year}") == day.isoformat()
    assert parse_period(f"{day.day} {name[:3]}. {day.year}") == day.isoformat()
    assert parse_period(f"{name.capitalize()} {day.year}") == day.isoformat()[:7]
    if day.year >= 2000:
        assert parse_period(f"{name[:3]}.-{day:%y}") == parse_period(f"{name[:3]}-{day:%y}") == day.isoformat()[:7]


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("Kv 2 2023", "2023-Q2"),
        ("Kvartal 4, 2023", "2023-Q4"),
        ("Q2", "-Q2"),
        ("mars", "--03"),
        ("Mar.", "--03"),
        ("June 2031", "2031-06"),
        ("dec-24", "2024-12"),
        ("Januari - december 2022", "2022"),
        ("202201-202212", "2022"),
        ("2020–2022", "2022"),
        ("Förändring 2022-2021", "2022"),
        ("Utfall 22", "2022"),
        ("Summa jan–aug 24", "2024-01/2024-08"),
        ("Utfall jan-apr '23", "2023-01/2023-04"),
        ("Prognos helår 24", "2024"),
        ("jan-aug 12", "--01/--08"),
        ("jan-aug 24 tkr", "--01/--08"),
        ("helår 24 mån", None),
        ("20235", "2023"),
        ("2023*", "2023"),
        ("Utfall 2021 2022", "2022"),
        ("Utfall", None),
        ("120 22", None),
        ("12345", None),
        ("2022-13", "2022"),
        ("31 feb 2022", "2022-02"),
        ("32 dec 2024", "2024-12"),
        ("2022-12-32", "2022-12"),
        ("", None),
        ("Utfall jan-aug 2022", "2022-01/2022-08"),
        ("januari–augusti 2023", "2023-01/2023-08"),
        ("jan-dec 2022", "2022"),
        ("202201-202208", "2022-01/2022-08"),
        ("202201-202212", "2022"),
        ("Utfall 202208", "2022-08"),
        ("Tertial 2 2023", "2023-05/2023-08"),
        ("Tertialrapport 1, 2022", "2022-01/2022-04"),
        ("T1 2022", "2022-01/2022-04"),
        ("första halvåret 2023", "2023-01/2023-06"),
        ("halvår 2 2023", "2023-07/2023-12"),
        ("ack. aug 2023", "2023-01/2023-08"),
        ("t.o.m. juni 2024", "2024-01/2024-06"),
        ("jan-aug", "--01/--08"),
        ("dec-jan 2023", "2023-01"),
        ("kostnad t 1", None),
    ],
)
def test_periods(text: str, period: str | None) -> None:
    assert parse_period(text) == period


@pytest.mark.parametrize(
    ("text", "series"),
    [
        ("Utfall 2022", "outturn"),
        ("Bokslut", "outturn"),
        ("Budget 2022", "budget"),
        ("Kommunram", "budget"),
        ("Bud 22", "budget"),
        ("Budgetavvikelse", "deviation"),
        ("Avvikelser", None),
        ("Prognos", "forecast"),
        ("Plan 2025", "plan"),
        ("Plats", None),
        ("Målvärde", "target"),
        ("Målning", None),
        ("Förändring mot budget", "change_abs"),
        ("Förändring %", "change_pct"),
        ("Förändring i procentenheter", "change_abs"),
        ("Förändring %-enheter", "change_abs"),
        ("Avvikelse %", "deviation"),
        ("Föräldraprogram", None),
        ("Diagram 3", None),
        ("2022", None),
        ("Resultat mot budget", "deviation"),
        ("Över/under", "deviation"),
        ("Förväntat utfall", "forecast"),
        ("Tilldelat anslag", "budget"),
        ("Bokfört", "outturn"),
        ("Måltal 2030", "target"),
    ],
)
def test_series(text: str, series: str | None) -> None:
    assert parse_heading(text).series == series
    assert series is None or series in SERIES


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Utfall mnkr", "MSEK"),
        ("Utfall (Tkr)", "kSEK"),
        ("Kr/dygn", "SEK"),
        ("Andel %", "percent"),
        ("Milj kr", "MSEK"),
        ("Miljö 2022", None),
        ("Miljoner kronor", "MSEK"),
        ("Kostnad, tusen kronor", "kSEK"),
        ("Belopp, 1 000 kr", "kSEK"),
        ("1000-tal kr", "kSEK"),
        ("10 000 kr", "SEK"),
        ("kr per 1 000 invånare", "SEK"),
        ("Miljarder kronor", "GSEK"),
        ("%-enheter", "percentage_points"),
        ("Procentenheter", "percentage_points"),
        ("Kritik", None),
    ],
)
def test_units(text: str, unit: str | None) -> None:
    assert parse_heading(text).unit == unit


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    heading = parse_heading(text)
    assert heading.series is None or heading.series in SERIES
    assert heading.period is None or parse_period(heading.period) in (heading.period, None)


@pytest.mark.parametrize(
    ("row", "column", "joined"),
    [
        ("2022", "--03", "2022-03"),
        ("--03", "2022", "2022-03"),
        ("-Q2", "2022", "2022-Q2"),
        ("2022", "2023", "2023"),
        ("2022", None, "2022"),
        (None, "2023-05", "2023-05"),
        ("2022-12-31", "--03", "2022-12-31"),
        ("--03", "-Q1", None),
        (None, None, None),
    ],
)
def test_join_period(row: str | None, column: str | None, joined: str | None) -> None:
    assert join_period(row, column) == joined


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Under januari-augusti har antalet ökat", "--01/--08"),
        ("till och med september", "--01/--09"),
        ("under första halvåret", "--01/--06"),
        ("tertial 3", "--09/--12"),
        ("i mars", None),
        ("behov av 3 platser", None),
    ],
)
def test_parts_of_a_year(text: str, part: str | None) -> None:
    assert parse_part(text) == part


def test_a_part_gets_its_year_in_both_ends() -> None:
    assert in_year("--01/--08", "2023") == "2023-01/2023-08"
    assert join_period("2023", "--01/--08") == "2023-01/2023-08"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Beslut den 1 oktober", "--10-01"),
        ("31 dec.", "--12-31"),
        ("1 oktober 2023", None),
        ("32 maj", None),
        ("i maj", None),
        ("1 mars och 1 maj", None),
    ],
)
def test_a_day_without_its_year(text: str, day: str | None) -> None:
    assert parse_day(text) == day
