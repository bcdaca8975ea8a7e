"""What columns say of period and series where their own headings leave something out, or arithmetic knows better."""

from __future__ import annotations

import pytest
from socialvolym.documents.document import Document
from socialvolym.extraction.by_rules import read_figures
from socialvolym.extraction.cells.found_tables import FoundRow, FoundTable, TextCell
from socialvolym.extraction.headings.column_times import Column, columns_of, with_caption_apart
from socialvolym.extraction.metadata import Metadata


def columns(headings: list[str], rows: list[list[str]], metadata: Metadata | None = None) -> list[Column]:
    found = [FoundRow("Rad", n, [TextCell(text, n) for text in row]) for n, row in enumerate(rows, start=1)]
    return columns_of(FoundTable(found, headings), metadata or Metadata(year=2024))


def said(found: list[Column]) -> list[tuple[str | None, str]]:
    return [(column.period, column.series) for column in found]


def test_reasons_between_two_years_are_changes_to_the_later() -> None:
    rows = [
        ["8 200", "210", "50", "-300", "8 160"],
        ["96 400", "2 100", "3 500", "-1 200", "100 800"],
        ["41 300", "900", "520", "-600", "42 120"],
    ]
    found = said(columns(["Budget 2023", "Löner", "Volym", "Besparing", "Budget 2024"], rows))
    assert found == [("2023", "budget"), *[("2024", "change_abs")] * 3, ("2024", "budget")]
    rows[1][-1] = "99 000"
    rows[2][-1] = "42 000"
    found = said(columns(["Budget 2023", "Löner", "Volym", "Besparing", "Budget 2024"], rows))
    assert ("2024", "change_abs") not in found


def test_reasons_behind_both_amounts_with_their_sum() -> None:
    rows = [
        ["100", "90", "-12", "2", "-10"],
        ["500", "530", "40", "-10", "30"],
        ["70", "75", "5", "0", "5"],
        ["20", "18", "0", "-2", "-2"],
    ]
    found = columns(["2023", "2024", "Volym", "Övrigt", "Summa"], rows)
    assert said(found) == [("2023", "outturn"), ("2024", "outturn"), *[("2024", "change_abs")] * 3]


def test_a_header_that_dates_a_reason_fits_the_table_nowhere() -> None:
    rows = [["100", "90", "-12", "2"], ["500", "530", "40", "-10"], ["70", "75", "5", "0"], ["20", "18", "0", "-2"]]
    found = columns(["Volym", "Övrigt", "Utfall 2022", "Budget"], rows)
    assert said(found)[2:] == [("2024", "change_abs")] * 2
    assert [column.period for column in found[:2]] == [None, None]


def test_counts_that_add_up_are_no_bridge() -> None:
    rows = [["30", "100", "40", "30"], ["20", "90", "50", "20"], ["10", "60", "25", "25"], ["5", "45", "20", "20"]]
    assert "change_abs" not in [series for _, series in said(columns(["Kvinnor", "Alla", "Män", "Annat"], rows))]


INTERIM = Metadata(year=2023, kind="interim", months=8)


@pytest.mark.parametrize(
    ("deviations", "heading", "budget"),
    [
        ((-9_176, 1_467, 252), "Budget", "2023-01/2023-08"),
        ((37_354, 15_567, 8_252), "Budget", "2023"),
        ((-9_176, 1_467, 252), "Årsbudget", "2023"),
    ],
)
def test_a_budget_that_the_months_so_far_deviate_little_from_is_theirs(
    deviations: tuple[int, ...], heading: str, budget: str
) -> None:
    rows = [
        [str(spent + missed), str(spent), str(missed)] for spent, missed in zip((88_246, 26_733, 9_411), deviations, strict=True)
    ]
    assert said(columns([heading, "Utfall jan-aug 2023", "Avvikelse"], rows, INTERIM))[0] == (budget, "budget")


@pytest.mark.parametrize(
    ("headings", "rows", "expected"),
    [
        (["Utfall jan-aug 2023", "Budget jan-aug 2023", "Avvikelse"], [["45", "44", "1"], ["90", "93", "-3"]], "2023-01/2023-08"),
        (
            ["Utfall jan-aug 2022", "Budget jan-aug 2022", "Diff mot budget avvikelse"],
            [["45", "44", "1"], ["90", "93", "-3"]],
            "2022-01/2022-08",
        ),
        (["Årsbudget", "Prognos", "Avvikelse"], [["62,0", "66,4", "-4,4"], ["118,5", "117,0", "1,5"]], "2023"),
        (["Utfall jan-aug 2023", "Budget jan-aug 2023", "Avvikelse helår"], [["45", "44", "1"], ["90", "93", "-3"]], "2023"),
    ],
)
def test_a_deviation_is_of_the_time_of_its_pair(headings: list[str], rows: list[list[str]], expected: str) -> None:
    assert columns(headings, rows, INTERIM)[2].period == expected


@pytest.mark.parametrize("last", ["Avvikelse", "Förändring"])
def test_what_arithmetic_ties_to_two_columns_is_dated_by_them(last: str) -> None:
    first = "Budget 2023" if last == "Avvikelse" else "Utfall 2022"
    rows = [["45", "44", "1"], ["90", "93", "-3"]]
    told = columns([first, "Utfall 2023", last], rows)[2]
    assert (told.period, told.because[0]) == ("2023", "period:pair")
    broken = columns([first, "Utfall 2023", last], [["45", "44", "7"], ["90", "93", "-8"]])[2]
    assert broken.because[0] != "period:pair"


def test_a_pair_without_a_printed_time_dates_nothing_for_certain() -> None:
    told = columns(["Budget", "Utfall", "Avvikelse"], [["45", "44", "1"], ["90", "93", "-3"]], INTERIM)[2]
    assert told.because[0] != "period:pair"


@pytest.mark.parametrize(
    ("headings", "series"),
    [
        (["Budget 2023", "Utfall 2023", "Saldo"], "deviation"),
        (["Driftbudget 2023", "Prognos 2023", "Över/under"], "forecast"),
        (["Budget 2023", "Utfall 2023", "Resultat"], "deviation"),
        (["2022", "2023", "Jmf"], "change_abs"),
        (["Kvinnor 2023", "Män 2023", "Totalt 2023"], "outturn"),
        (["Kostnad", "Intäkt", "Netto"], "outturn"),
    ],
)
def test_arithmetic_tells_the_series_of_a_column_that_names_none(headings: list[str], series: str) -> None:
    rows = [["45", "44", "1"], ["90", "93", "-3"], ["120", "100", "20"]]
    assert columns(headings, rows, INTERIM)[2].series == series
    alike = columns(headings, [["45", "44", "7"], ["90", "93", "8"], ["120", "100", "3"]], INTERIM)[2]
    assert alike.because[1] != "series:arithmetic"


@pytest.mark.parametrize("heading", ["Avv prog/budget", "Prognos avvikelse", "Avvikelse helårsprognos"])
def test_a_deviation_that_is_expected_is_a_forecast_for_the_year(heading: str) -> None:
    rows = [["100", "60", "90", "10"], ["500", "320", "530", "-30"]]
    found = said(columns(["Budget 2024", "Utfall jan-aug 2024", "Prognos aug 2024", heading], rows))
    assert found[2:] == [("2024", "forecast")] * 2


def test_forecasts_of_months_are_for_those_months() -> None:
    months = ["sep", "okt", "nov", "dec"]
    found = said(columns([f"Prognos {month} 2024" for month in months], [["10", "11", "12", "13"]] * 2))
    assert [period for period, _ in found] == ["2024-09", "2024-10", "2024-11", "2024-12"]


def test_what_deviates_where_nothing_but_a_forecast_is_told_is_a_forecast() -> None:
    rows = [["8,2", "7,9", "0,3"], ["72,4", "78,8", "-6,4"], ["11,5", "10,6", "0,9"]]
    expected = columns(["Budget 2024", "Prognos 2024", "Avvikelse"], rows)
    assert said(expected)[-1] == ("2024", "forecast")
    assert said(columns(["Budget 2024", "Utfall 2024", "Avvikelse"], rows))[-1] == ("2024", "deviation")
    both = [["8,2", "5,0", "7,9", "0,3"], ["72,4", "50,1", "78,8", "-6,4"], ["11,5", "7,0", "10,6", "0,9"]]
    shown = columns(["Budget 2024", "Utfall jan-aug 2024", "Prognos 2024", "Avvikelse"], both)[-1]
    assert (shown.series, shown.because[1]) == ("forecast", "series:arithmetic")


def limited(caption: str, headings: list[str]) -> list[tuple[str | None, str]]:
    table = with_caption_apart(FoundTable([], headings, caption))
    return [(column.period, column.because[0]) for column in columns_of(table, Metadata(year=2024))]


@pytest.mark.parametrize(
    ("caption", "part"),
    [
        ("Köpta vårddygn, januari–augusti", "{0}-01/{0}-08"),
        ("Köpta vårddygn jan-aug", "{0}-01/{0}-08"),
        ("Köpta vårddygn till och med augusti", "{0}-01/{0}-08"),
        ("Köpta vårddygn t.o.m. april", "{0}-01/{0}-04"),
        ("Köpta vårddygn, kvartal 1", "{0}-Q1"),
        ("Köpta vårddygn andra kvartalet", "{0}-Q2"),
        ("Köpta vårddygn januari–december", "{0}"),
        ("Köpta vårddygn kvartal 1–4", "{0}"),
        ("Köpta vårddygn", "{0}"),
    ],
)
def test_a_part_of_a_year_in_the_caption_limits_the_years_of_the_columns(caption: str, part: str) -> None:
    years = [(part.format(year), "period:heading") for year in (2022, 2023, 2024)]
    assert limited(caption, ["2022", "2023", "2024"]) == years
    change = limited(caption, ["2023", "2024", "Förändring 2023–2024"])[-1]
    assert change == (part.format(2024), "period:heading")


@pytest.mark.parametrize(
    ("headings", "period"),
    [
        (["31 augusti 2023", "31 augusti 2024", "Förändring 2023–2024"], "2024-08-31"),
        (["jan-aug 23", "jan-aug 24", "Förändring"], "2024-01/2024-08"),
        (["1 oktober 2023", "31 december 2024", "Förändring 2023–2024"], "2024"),
        (["2023", "31 augusti 2024", "Förändring 2023–2024"], "2024"),
        (["31 december 2023", "31 december 2024", "Förändring"], "2024"),
        (["2023", "2024", "Förändring 2023–2024"], "2024"),
    ],
)
def test_a_change_is_of_the_time_that_both_years_are_compared_at(headings: list[str], period: str) -> None:
    assert limited("", headings)[-1][0] == period


@pytest.mark.parametrize(
    ("caption", "period"),
    [
        ("Personer med beslut den 1 november", "2024-11-01"),
        ("Boende per 30 juni", "2024-06-30"),
        ("Boende per 31 december", "2024"),
    ],
)
def test_a_change_of_what_is_counted_on_one_day_is_of_that_day(caption: str, period: str) -> None:
    assert limited(caption, ["2023", "2024", "Ökning 2023–2024"])[-1] == (period, "period:heading")


@pytest.mark.parametrize(
    ("change", "period"),
    [(("+4,0 %", "-10,0 %"), "2024-01/2024-09"), (("20", "-30"), "2024-01/2024-09"), (("7", "7"), "2024")],
)
def test_a_change_that_names_the_year_before_is_of_the_months_that_it_leads_to(change: tuple[str, str], period: str) -> None:
    rows = [["510", "500", "520", change[0]], ["290", "300", "270", change[1]]]
    found = columns(["Budget 2024", "Utfall 2023", "Utfall jan-sep 2024", "Skillnad mot 2023"], rows)
    assert found[-1].period == period


def test_what_deviates_from_the_forecast_of_the_same_time_is_a_forecast() -> None:
    headings = ["Budget jan-aug 24", "Utfall jan-aug 24", "Avvikelse jan-aug 24", "Budget helår 24", "Prognos helår 24"]
    rows = [["18,6", "17,9", "0,7", "27,9", "27,2", "0,7"], ["51,2", "52,8", "-1,6", "76,8", "78,5", "-1,7"]]
    rows.append(["78,4", "89,3", "-10,9", "117,6", "131,8", "-14,2"])
    found = said(columns([*headings, "Avvikelse helår 24"], rows))
    assert found[2] == ("2024-01/2024-08", "deviation")
    assert found[5] == ("2024", "forecast")
    rows[2][-1] = rows[1][-1] = "3,0"
    assert said(columns([*headings, "Avvikelse helår 24"], rows))[5] == ("2024", "deviation")


def test_a_caption_that_ran_into_the_first_year_limits_them_all() -> None:
    assert [period for period, _ in limited("", ["Köpta vårddygn, januari-augusti 2023", "2024"])] == [
        "2023-01/2023-08",
        "2024-01/2024-08",
    ]


def test_what_is_of_the_whole_year_is_not_limited_and_an_open_budget_is_doubtful() -> None:
    headings = ["Bokslut 2023", "Årsbudget 2024", "Utfall 2024", "Prognos 2024", "Utfall helår 2023"]
    found = limited("Nettokostnad januari–augusti", headings)
    assert [period for period, _ in found] == ["2023", "2024", "2024-01/2024-08", "2024", "2023"]
    assert limited("Nettokostnad januari–augusti", ["Budget 2024", "Utfall 2024", "Avvikelse 2024"]) == [
        ("2024", "period:doubtful"),
        ("2024-01/2024-08", "period:heading"),
        ("2024", "period:doubtful"),
    ]
    assert (
        limited("Nettokostnad januari–augusti", ["Periodbudget 2024", "Utfall 2024", "Avvikelse 2024"])
        == [("2024-01/2024-08", "period:heading")] * 3
    )


@pytest.mark.parametrize("caption", ["Delårsrapport januari–augusti 2024", "Årsuppföljning jan-aug", "Månadsrapport kvartal 1"])
def test_a_part_of_a_year_in_the_documents_title_makes_years_doubtful(caption: str) -> None:
    assert limited(caption, ["Utfall 2023", "Utfall 2024"]) == [("2023", "period:doubtful"), ("2024", "period:doubtful")]


def test_a_level_of_the_headings_limits_the_year_of_another() -> None:
    group = ["Utfall 2023", "Budget 2024", "Utfall 2024", "Avvikelse 2024", "Prognos 2024"]
    headings = [f"Ackumulerat januari–augusti {text}" for text in group] + ["Helår 2024 Budget"]
    found = [period for period, _ in limited("", headings)]
    assert found == ["2023-01/2023-08", *["2024-01/2024-08"] * 3, "2024", "2024"]


@pytest.mark.parametrize(
    ("headings", "cost", "code"),
    [
        (["Budget 2022", "Budget 2023", "Budget 2024"], 0.0, "series:doubtful"),
        (["Budget 2022", "Budget 2023", "Budget 2024"], None, "series:doubtful"),
        (["Budget 2024", "Budget 2025", "Budget 2026"], 0.0, "series:heading"),
        (["Utfall 2022", "Utfall 2023", "Utfall 2024"], 0.0, "series:heading"),
        (["Utfall 2022", "Budget 2023", "Budget 2024"], 0.0, "series:heading"),
    ],
)
def test_one_word_over_past_years_may_be_of_one_of_them(headings: list[str], cost: float | None, code: str) -> None:
    found = columns_of(FoundTable([], headings, cost=cost), Metadata(year=2024))
    assert {column.because[1] for column in found} == {code}


def test_columns_that_nothing_names_have_no_time() -> None:
    (column, _) = columns(["", ""], [["1", "2"], ["3", "4"]], INTERIM)
    assert (column.period, column.because) == (None, ("period:none", "series:default"))
    (alone,) = columns([""], [["1"], ["3"]], INTERIM)
    assert alone.period == "2023-01/2023-08"


YTD, YEAR = "2023-01/2023-08", "2023"


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        (
            ["Budget ack", "Utfall ack", "Diff ack", "Budget helår", "Prognos helår", "Diff helår"],
            [(YTD, "budget"), (YTD, "outturn"), (YTD, "deviation"), (YEAR, "budget"), (YEAR, "forecast"), (YEAR, "forecast")],
        ),
        (
            ["Periodens budget", "Periodens utfall", "Periodens avvikelse", "Årsbudget", "Årsprognos", "Avvikelse helår"],
            [(YTD, "budget"), (YTD, "outturn"), (YTD, "deviation"), (YEAR, "budget"), (YEAR, "forecast"), (YEAR, "forecast")],
        ),
        (
            ["Utfall 2201-2208", "Utfall 2301-2308", "Budget 2308", "Utfall aug 22"],
            [("2022-01/2022-08", "outturn"), (YTD, "outturn"), ("2023-08", "budget"), ("2022-08", "outturn")],
        ),
        (
            ["Bokslut 2022", "Delår 2022", "Delår 2023", "Föreg. år jan-aug"],
            [("2022", "outturn"), ("2022-01/2022-08", "outturn"), (YTD, "outturn"), ("2022-01/2022-08", "outturn")],
        ),
    ],
)
def test_the_period_and_the_year_beside_each_other(headings: list[str], expected: list[tuple[str, str]]) -> None:
    assert said(columns(headings, [["1 000"] * len(headings)], INTERIM)) == expected


def test_what_is_left_when_a_deviation_is_taken_from_a_budget_is_no_deviation() -> None:
    rows = [["310", "300", "10"], ["520", "530", "-10"], ["120", "100", "20"]]
    assert said(columns(["Budget", "Netto", "Avvikelse"], rows))[1][1] == "outturn"


def test_a_deviation_right_behind_a_forecast_is_expected_unless_arithmetic_says_otherwise() -> None:
    headings = ["Årsbudget", "Utfall ack", "Prognos", "Avvikelse"]
    assert said(columns(headings, [["900", "610", "940", "-40"]], INTERIM))[3] == (YEAR, "forecast")
    rows = [["900", "610", "940", "290"], ["500", "300", "510", "200"]]
    assert said(columns(headings, rows, INTERIM))[3][1] == "deviation"


@pytest.mark.parametrize(
    ("corner", "headings", "periods"),
    [
        ("Insats / kvartal", ["3/2022", "4/2022"], ["2022-Q3", "2022-Q4"]),
        ("Per tertial", ["2022:1", "2023:1"], ["2022-01/2022-04", "2023-01/2023-04"]),
        ("Insats", ["3/2022", "4/2022"], ["2022", "2022"]),
    ],
)
def test_a_corner_tells_what_numbers_before_years_number(corner: str, headings: list[str], periods: list[str]) -> None:
    header = "   ".join([corner, *headings])
    rows, _ = read_figures(Document([header, "Kontaktperson   14   16", "Ledsagarservice   12   13"]), Metadata(year=2022))
    assert [row["period"] for row in rows] == periods * 2


@pytest.mark.parametrize(
    ("caption", "period"),
    [
        ("Placerade barn i mars 2022", "2022-03"),
        ("Hushållstyp, augusti 2023", "2023-08"),
        ("Placerade barn januari-mars 2022", "2022-01/2022-03"),
        ("Placerade barn efter mars 2022", "2022"),
        ("Uppföljning av placeringar mars 2022", "2022"),
    ],
)
def test_a_month_over_columns_that_name_no_time_is_theirs(caption: str, period: str) -> None:
    table = ["Typ\tAntal\tAndel, %", "HVB\t12\t40", "Familjehem\t18\t60"]
    rows, _ = read_figures(Document([caption, "", *table]), Metadata(year=2023, kind="annual"))
    assert {row["period"] for row in rows} == {period}


def test_a_column_without_a_heading_beside_two_budgets_is_read() -> None:
    table = FoundTable([], ["Budget", "Budget", ""])
    assert [column.series for column in columns_of(table, Metadata(year=2024), budgeting=True)][:2] == ["budget", "budget"]
