"""A document that nobody described, read from end to end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner
from socialvolym.commands.figures import figures
from socialvolym.documents.document import Document
from socialvolym.extraction.by_rules import read_document, read_figures
from socialvolym.extraction.metadata import Metadata
from socialvolym.vocabulary import UNKNOWN
from socialvolym.vocabulary.columns import FIGURE_SCHEMA, UNREAD_SCHEMA


def observed(text: str, **metadata: Any) -> pl.DataFrame:
    return read_document(Document.from_text(text), Metadata(**metadata))[0]


def test_schemas_also_of_nothing() -> None:
    observations, unread = read_document(Document([]))
    assert observations.schema == FIGURE_SCHEMA
    assert unread.schema == UNREAD_SCHEMA
    assert observations.is_empty() and unread.is_empty()


def test_table_with_its_periods_series_and_domains() -> None:
    found = observed(
        "Volymer Utfall 2022 Budget 2023 Utfall 2023\nAntal placerade barn i HVB 12 11 15\n"
        "Daglig verksamhet LSS 210 215 222\n"
        "Antal hushåll med försörjningsstöd 398 400 377\n"
    )
    assert found["value"].to_list() == [12, 11, 15, 210, 215, 222, 398, 400, 377]
    assert found["series"].to_list() == ["outturn", "budget", "outturn"] * 3
    assert found["period"].to_list() == ["2022", "2023", "2023"] * 3
    assert found["domain"].to_list() == ["placements"] * 3 + ["lss"] * 3 + ["economic_assistance"] * 3


@pytest.mark.parametrize(
    ("text", "months", "periods", "told"),
    [
        # What is so far, or at the time, stands under the year of a report of its months.
        ("Antal brukare\t2022\t2023\nGruppbostad\t88\t91\n", 8, ["2022", "2023-01/2023-08"], ["heading", "heading"]),
        ("Antal brukare\t2022\t2023\nGruppbostad\t88\t91\n", None, ["2022", "2023"], ["heading", "heading"]),
        # What was paid the year before may be of the same months.
        (
            "Tkr\tUtfall 2022\tUtfall 2023\tBudget 2023\nFamiljehem\t-917\t-845\t-1 400\n",
            8,
            ["2022", "2023-01/2023-08", "2023"],
            ["doubtful", "heading", "heading"],
        ),
        ("Tkr\tBokslut 2022\tUtfall 2023\nFamiljehem\t-917\t-845\n", 8, ["2022", "2023-01/2023-08"], ["heading", "heading"]),
    ],
)
def test_what_a_report_of_months_prints_under_its_own_year_is_of_these(
    text: str, months: int | None, periods: list[str], told: list[str]
) -> None:
    found = observed(text, year=2023, kind="interim" if months else "annual_report", months=months)
    assert found["period"].to_list() == periods
    assert [because.partition("period:")[2].split()[0] for because in found["because"]] == told


def test_income_statement_is_context() -> None:
    found = observed("Tkr Budget 2023 Utfall 2023 Avvikelse\nIntäkter 1 200 1 350 150\nPersonalkostnader -8 200 -8 400 -200\n")
    assert set(found["domain"]) == {"context"}
    assert set(found["unit"]) == {"kSEK"}


def test_months_take_the_year_of_their_row() -> None:
    found = observed("Antal hushåll per månad\n\tJan\tFeb\tMar\n2022\t310\t305\t312\n2023\t305\t299\t301\n")
    assert found["period"].to_list() == ["2022-01", "2022-02", "2022-03", "2023-01", "2023-02", "2023-03"]


def test_growth_row() -> None:
    found = observed("År 2021 2022 2023\nFamiljehem 40 44 55\nProcentuell förändring 10% 25%\n")
    assert found.filter(pl.col("series") == "change_pct").select("value", "period").rows() == [(10.0, "2022"), (25.0, "2023")]


def test_previous_year_column() -> None:
    found = observed("Årsredovisning 2023\nTkr Utfall Budget Föregående år\nLokaler -500 -510 -490\nLöner -700 -690 -680\n")
    assert found["period"].to_list() == ["2023", "2023", "2022"] * 2


def test_prose_takes_the_reports_year() -> None:
    found = observed("Under året vårdades 14 personer enligt LVM.", year=2022)
    assert found.select("value", "period", "domain", "kind").rows() == [(14.0, "2022", "placements", "text")]


def test_ambiguous_row_is_unread_with_its_reason() -> None:
    observations, unread = read_document(Document.from_text("Enhet 2022 2023\nA 100 200 300\nB 12 13\n"))
    assert observations["line"].to_list() == [3, 3]
    assert unread.select("line").rows() == [(2,)]
    assert "ways" in unread["reason"][0]


def test_personal_data_is_masked() -> None:
    found = observed("Kostnader\t2022\t2023\nMålning lgh 1204\t10\t20\nHVB\t30\t40\n")
    assert found["label"].to_list() == ["Målning lgh ***"] * 2 + ["HVB"] * 2


def test_command_writes_csv(tmp_path: Path) -> None:
    document = tmp_path / "delrapport.txt"
    document.write_text("Under 2023 var 34 barn placerade i familjehem.\n", encoding="utf-8")
    result = CliRunner().invoke(figures, [str(document), "--municipality", "Haninge"])
    assert result.exit_code == 0
    frame = pl.read_csv(result.stdout.encode(), schema_overrides={"municipality_code": pl.String})
    assert frame.select("report", "municipality_code", "value", "period").rows() == [("delrapport", "0136", 34.0, 2023)]


def test_a_difference_from_the_budget_is_a_deviation() -> None:
    head = "Volym Utfall 2020 Budget 2020 Differens\n"
    found = observed(head + "Daglig verksamhet, dagar 51 870 58 400 -6 530\nKorttidshem, dygn 4 386 5 100 -714\n")
    assert found["series"].to_list() == ["outturn", "budget", "deviation"] * 2
    years = observed(
        "Volym 2019 2020 Differens\nDaglig verksamhet, dagar 51 870 58 400 6 530\nKorttidshem, dygn 4 386 5 100 714\n"
    )
    assert years["series"].to_list() == ["outturn", "outturn", "change_abs"] * 2


def test_an_interim_reports_figures_are_of_its_months() -> None:
    text = (
        "Delårsrapport per 31 augusti 2023\nAntalet hushåll med försörjningsstöd var i snitt 46, jämfört med 62 föregående år.\n"
    )
    found = observed(text + "Budgeten är 14 mnkr.\n")
    assert found["period"].to_list() == ["2023-01/2023-08", "2022-01/2022-08", "2023"]


def test_a_part_of_a_row_is_about_what_the_row_is_about() -> None:
    found = observed("Mått 2022 2023\nHushåll med bistånd 40 44\nDärav med barn 12 14\nPlacerade barn 9 8\nBarn i HVB 3 4\n")
    assert found["domain"].to_list()[2:4] == ["economic_assistance"] * 2


def test_figures_of_text_have_no_box() -> None:
    assert observed("Det fanns 12 barn i HVB 2023.")["box"].to_list() == [None]


def test_a_column_of_means_is_no_count() -> None:
    found = observed("Placerade per månad Jan 2023 Feb 2023 Snitt 2023\nFamiljehem 138 137 138\nHVB 24 26 25\n")
    assert found["measure"].str.ends_with(".mean_of_months").to_list() == [False, False, True] * 2
    assert found["breakdown"].to_list() == [None] * 6


def test_shares_in_sentences_that_cannot_be_the_same_have_no_measure() -> None:
    one = "Av boendestödets brukare var 70 procent nöjda 2023."
    two = f"{one} Hela 38 procent av boendestödets brukare hade god man 2023."
    assert set(observed(one, year=2023)["measure"]) == {"housing_support.share"}
    assert set(observed(two, year=2023)["measure"]) == {UNKNOWN}


def test_a_table_of_labels_that_nobody_has_listed() -> None:
    found = observed(
        "Insatser enligt LSS\nAntal 2021 2022 2023\nDaglig verksamhet 310 322 335\n"
        "- varav kvinnor 150 160 165\nGruppbostad 120 118 121\nKontaktperson 95 88 90\n"
    )
    assert found["measure"].unique(maintain_order=True).to_list() == [
        "lss_daily_activities.measures",
        "lss_daily_activities.measures.women",
        "lss_group_homes.measures",
        "contact_person_lss.measures",
    ]
    assert set(found["domain"]) == {"lss"}


@pytest.mark.parametrize("heading", ["Prognosavvikelse", "Avvikelse prognos", "Helårsprognos avvikelse"])
def test_a_deviation_of_the_forecast_is_one_of_the_whole_year(heading: str) -> None:
    found = observed(
        "Delårsrapport per 31 augusti 2022\n\nPlaceringskostnader, tkr\n"
        f"\tBudget helår\tUtfall jan-aug\tPrognos helår\t{heading}\n"
        "HVB barn och unga\t14 200\t11 310\t17 100\t-2 900\nFamiljehem\t22 800\t15 940\t23 600\t-800\n"
        "SiS\t3 100\t2 890\t4 200\t-1 100\n",
        year=2022,
    )
    assert found.filter(series="forecast")["period"].to_list() == ["2022"] * 6
    assert found.filter(series="outturn")["period"].unique().to_list() == ["2022-01/2022-08"]


def test_a_line_that_leads_to_a_list_says_what_its_figures_are() -> None:
    lines = [
        "Delårsrapport augusti 2021",
        "",
        "De största avvikelserna i prognosen är:",
        "• HVB -6,2 mnkr",
        "• Försörjningsstöd +3,0 mnkr",
    ]
    figures, _ = read_document(Document([*lines, "• Personalkostnader +1,1 mnkr"]))
    assert figures.select("period", "series").rows() == 3 * [("2021", "forecast")]


def test_a_column_without_a_year_is_not_of_the_year_before_that_another_of_its_series_names() -> None:
    found = observed(
        "Årsredovisning 2022\n\nNettokostnad per insats (tkr)\n\tBudget\tUtfall\tAvvikelse\tUtfall 2021\n"
        "Personlig assistans enligt LSS\t38 200\t41 050\t-2 850\t37 400\n"
        "Daglig verksamhet enligt LSS\t31 200\t31 900\t-700\t30 100\n",
        year=2022,
    )
    assert found["series"].to_list() == ["budget", "outturn", "deviation", "outturn"] * 2
    assert found["period"].to_list() == ["2022", "2022", "2022", "2021"] * 2


@pytest.mark.parametrize(
    ("columns", "whole"),
    [
        ("Kv 1\tKv 2\tKv 3", "2022-01/2022-09"),
        ("Kv 1\tKv 2\tKv 3\tKv 4", "2022"),
        ("jan\tfeb\tmars", "2022-01/2022-03"),
    ],
)
def test_a_sum_of_parts_of_a_year_is_of_what_they_make_up(columns: str, whole: str) -> None:
    figures = [str(value) for value in range(10, 10 + len(columns.split("\t")))]
    total = sum(map(int, figures))
    found = observed(
        f"Årsredovisning 2023\n\nInkomna ärenden 2022\n\t{columns}\tSumma\n"
        f"Orosanmälningar barn\t{chr(9).join(figures)}\t{total}\n"
        f"Ansökningar om ekonomiskt bistånd\t{chr(9).join(figures)}\t{total}\n",
        year=2023,
    )
    assert found["period"].to_list()[len(figures)] == whole
    assert found["series"].unique().to_list() == ["outturn"]


@pytest.mark.parametrize(
    ("title", "domain"),
    [("Statistik 2022 om försörjningsstöd", "economic_assistance"), ("Socialnämnden 2022, försörjningsstöd", "context")],
)
def test_an_amount_is_of_what_the_document_is_about_where_no_committee_is_named(title: str, domain: str) -> None:
    found, _ = read_document(Document([title, "", "Budgeten för året var 66 mnkr enligt beslutet i juni."]))
    assert found["domain"].to_list() == [domain]


@pytest.mark.parametrize(
    ("title", "sentence", "expected"),
    [
        (
            "Ekonomisk uppföljning mars 2024",
            "Antalet barn i HVB har sjunkit från 31 i december till 26 i mars.",
            ["2023-12", "2024-03"],
        ),
        ("Månadsrapport april 2022", "I november var 40 barn placerade i familjehem.", ["2021-11"]),
        ("Månadsrapport april 2022", "I november 2022 ska 40 barn vara placerade i familjehem.", ["2022-11"]),
        ("Verksamhetsberättelse 2022", "I november var 40 barn placerade i familjehem.", ["2022-11"]),
    ],
)
def test_a_month_after_those_of_a_report_lies_behind_it(title: str, sentence: str, expected: list[str]) -> None:
    assert observed(f"{title}\n\n{sentence}\n")["period"].to_list() == expected


def test_a_caption_is_no_heading_of_a_later_table_that_has_its_own() -> None:
    found = observed(
        "Socialnämnden 2023\n\nBarn i familjehem\n\n\t2022\t2023\nFlickor\t41\t39\nPojkar\t52\t55\n\n"
        "Per den 31 december\n\n\t2022\t2023\nKvinnor\t410\t390\nMän\t520\t550\n",
        year=2023,
    )
    first, later = found[:4], found[4:]
    assert set(first["domain"]) == {"placements"}
    assert "placements" not in set(later["domain"])


@pytest.mark.parametrize(
    ("label", "value", "unit"),
    [("Kostnad per boendeplats, tkr3", 842.0, "kSEK"), ("Kostnad per dygn, kr2", 842.0, "SEK_per_day")],
)
def test_a_footnote_sticks_to_the_last_word_of_a_label(label: str, value: float, unit: str) -> None:
    (row, *_) = observed(f"Gruppbostad LSS\n\n\t2022\t2023\n{label}\t842\t867\n").rows(named=True)
    assert (row["value"], row["unit"]) == (value, unit)


def test_quarters_in_the_documents_year_are_not_certain() -> None:
    found = observed(
        "Försörjningsstöd\n\nTid\tKvartal 3\tKvartal 4\nHushåll 1-3 månader\t64\t27\nHushåll 4-9 månader\t58\t25\n", year=2023
    )
    assert found["period"].to_list() == ["2023-Q3", "2023-Q4"] * 2
    assert "certain" not in set(found["certainty"])


@pytest.mark.parametrize(
    "rows",
    [
        "Timmar i veckan: 875\nKostnad per timme 2020: 348 kr\n",
        "Personer: 14\nKostnad 2020: 348 kr\n",
    ],
)
def test_a_cost_has_the_year_of_its_row_and_not_the_day_over_the_table(rows: str) -> None:
    read = observed(f"Personlig assistans 2020\n\nPersonlig assistans, beslut den 1 oktober 2020\n\n{rows}")
    assert "2020-10-01" not in read.filter(pl.col("published_as").str.contains("348"))["period"].to_list()


@pytest.mark.parametrize(("label", "period"), [("Beviljade timmar i veckan", "2020-10-01"), ("Timmar", "2020")])
def test_hours_by_the_week_are_of_a_day_and_others_are_not(label: str, period: str) -> None:
    read = observed(f"Personlig assistans 2020\n\nPersonlig assistans, beslut den 1 oktober 2020\n\nPersoner: 14\n{label}: 875\n")
    assert read.filter(pl.col("published_as") == "875")["period"].to_list() == [period]


@pytest.mark.parametrize("group", ["Volymer", "Verksamhetsmått", "Verksamhetstal 2022"])
def test_places_under_a_group_of_volumes_are_counted_in_a_table_of_money(group: str) -> None:
    text = "Omsorgsnämnden 2023\n\nNetto, tkr Bokslut 2021 Budget 2022\n"
    text += f"Totalt 84 317 86 943\nBostad för vuxna 41 205 42 300\nPersonlig assistans 19 880 20 150\n{group}\n"
    read = observed(f"{text}Platser i gruppbostad 44 46\n")
    assert read["unit"].to_list() == ["kSEK"] * 6 + ["count"] * 2


@pytest.mark.parametrize(
    ("months", "period"),
    [(("Januari", "Februari", "Mars"), "2021-01/2021-03"), (("Kvartal 1", "Kvartal 2", "Kvartal 3", "Kvartal 4"), "2021")],
)
def test_what_is_summed_over_rows_of_months_is_of_them_and_not_of_the_year(months: tuple[str, ...], period: str) -> None:
    rows = [f"{month} 116 {160 + n}" for n, month in enumerate(months)]
    text = ["HVB, vårddygn", "Månad 2020 2021", *rows, f"Summa {116 * len(months)} 900", "Snitt 116 161"]
    found = [row for row in read_figures(Document(text))[0] if row["line"] > 2 + len(rows)]
    assert [row["period"] for row in found[1::2]] == [period, period]


def test_series_of_rows_are_for_the_year_in_a_report_of_its_first_months() -> None:
    found = observed(
        "Delårsrapport augusti 2023, omsorgsnämnden\n\nNettokostnad, tkr\n\nPeriod\tPersonlig assistans\tGruppbostad LSS\n"
        "Budget helår\t48 200\t96 400\nUtfall jan-aug\t33 150\t63 210\nPrognos helår\t49 900\t95 100\n"
        "Avvikelse prognos\t-1 700\t1 300\n"
    )
    assert found["series"].to_list() == ["budget", "budget", "outturn", "outturn", *["forecast"] * 4]
    assert found["period"].to_list() == ["2023", "2023", *["2023-01/2023-08"] * 2, *["2023"] * 4]


def test_labels_above_figures_without_headings_date_nothing_for_certain() -> None:
    found = observed("Antal placerade\n\nVerksamhet Något 2021 2022 2023\nFamiljehem\nHVB\n112\n23\n9\n118\n", year=2023)
    assert "certain" not in set(found["certainty"])


def test_years_of_rows_are_limited_by_the_caption() -> None:
    found = observed(
        "Årsredovisning 2023\n\nKöpta vårddygn, januari–augusti\nÅr\tFamiljehem\tHVB\n2022\t4 380\t2 190\n2023\t4 410\t2 290\n"
    )
    assert found["period"].to_list() == ["2022-01/2022-08"] * 2 + ["2023-01/2023-08"] * 2


@pytest.mark.parametrize("mean", ["Genomsnitt per månad", "Snitt", "Medelvärde"])
@pytest.mark.parametrize("months", ["", "Januari\t390\t402\nFebruari\t398\t414\n"])
def test_a_mean_below_a_sum_is_not_the_sums_measure(mean: str, months: str) -> None:
    table = f"Hushåll med försörjningsstöd\n\t2023\t2024\n{months}Summa helår\t2 659\t2 926\n{mean}\t394\t408\n"
    read = observed(f"Årsredovisning 2024\n\n{table}").tail(4)
    told = list(zip(read["measure"], read["breakdown"], strict=True))
    assert set(told[2:]) in ({("economic_assistance_households", None)}, {("economic_assistance.households", "Genomsnitt")})
    assert not set(told[:2]) & set(told[2:]) and "certain" not in read["certainty"].to_list()[2:]


def test_a_mean_alone_is_what_its_label_says() -> None:
    table = "Ekonomiskt bistånd\n\t2023\t2024\nAntal hushåll i genomsnitt per månad\t394\t408\n"
    assert observed(f"Årsredovisning 2024\n\n{table}")["breakdown"].to_list() == [None, None]


@pytest.mark.parametrize("place", [9, 16, 23])
def test_a_series_over_one_of_the_years_is_certain_of_none_of_them(place: int) -> None:
    lines = [
        " " * place + "Budget",
        "           2022   2023   2024",
        "HVB        43     44     12",
        "Familjehem 21     22     15",
    ]
    figures, _ = read_figures(Document(["Årsredovisning 2024", "", "Antal placerade barn, personer", *lines]))
    assert [row["value"] for row in figures] == [43, 44, 12, 21, 22, 15]
    assert not [row for row in figures if row["series"] == "budget" and row["period"] != "2024" and row["certainty"] == "certain"]


@pytest.mark.parametrize(("chapters", "figures"), [("123", []), ("128", ["1", "2", "8"])])
def test_the_numbers_of_chapters_are_no_figures(chapters: str, figures: list[str]) -> None:
    before = "Nämndens arbete med att minska personalomsättningen har gett resultat under hela året"
    text = "\n".join(f"{before}\n{number} Personer i boende\n" for number in chapters)
    assert observed(f"Årsredovisning 2023\n\n{text}\n")["published_as"].to_list() == figures


def test_no_time_is_told_of_columns_whose_headings_cannot_be_read() -> None:
    read = observed("Delårsrapport augusti 2024\n\nBarn och unga 310 250 98\nVuxna 120 130 87\nLSS 640 655 12\n")
    assert set(read.select("period", "series", "certainty").rows()) == {(None, "outturn", "guess")}


def test_words_that_begin_with_capitals_head_columns_also_on_a_long_line() -> None:
    heading = "Belopp i mnkr Intäkter Kostnader Nettokostnader Kommunbidrag Årets resultat Utgående Eget kapital"
    text = f"Årsredovisning 2019\n\n{heading}\nNorra 426 -2 023 -1 597 1 597 0 90\nSödra 402 -1 935 -1 533 1 570 37 127\n"
    read = observed(text)
    assert set(read["period"]) == {"2019"}


@pytest.mark.parametrize(
    ("footers", "figures"), [(("reviderad 2024-03-20    {}",) * 3, []), (("Det var {} hushåll",) * 2, ["1", "2"])]
)
def test_a_footer_is_no_figure(footers: tuple[str, ...], figures: list[str]) -> None:
    pages = [f"Avsnitt om det\n\nNämnden följer utvecklingen.\n\n{text.format(n)}" for n, text in enumerate(footers, start=1)]
    document = Document.from_text("\f".join(["Socialnämndens årsredovisning 2023", *pages]))
    assert read_document(document)[0]["published_as"].to_list() == figures


def test_a_day_of_a_row_is_of_the_years_over_the_columns() -> None:
    read = observed("Årsredovisning 2021\n\nPersoner 2020 2021\nBarn, 1 oktober 402 411\nVuxna, 1 okt 741 752\n")
    assert read["period"].to_list() == ["2020-10-01", "2021-10-01"] * 2


@pytest.mark.parametrize(
    ("label", "period"),
    [
        ("Personer med insats den 1 oktober", "2023-10-01"),
        ("Personer med insats per 31 december", "2023-12-31"),
        ("Personer med insats", "2023"),
        # What is paid is of the months, and two days are none.
        ("Utbetalt bistånd, tkr, den 31 augusti", "2023"),
        ("Personer mellan 1 mars och 1 oktober", "2023"),
    ],
)
def test_what_is_counted_on_a_day_is_of_that_day(label: str, period: str) -> None:
    read = observed(f"Årsredovisning 2024\n\nOmrådet 2023 2024\n{label} 402 411\nSamtliga 741 752\n")
    assert read["period"][0] == period


@pytest.mark.parametrize(
    ("label", "periods"),
    [
        ("Månadsanställda den 30 juni", ["2023-06-30", "2024-06-30", "2024-06-30"]),
        ("Månadsanställda vid periodens slut", ["2023-06-30", "2024-06-30", "2024-01/2024-06"]),
        ("Boende (sista dagen)", ["2023-06-30", "2024-06-30", "2024-01/2024-06"]),
        ("Boende den 31 december", ["2023-12-31", "2024-12-31", "2024-01/2024-06"]),
        ("Vårddygn vid periodens utgång", ["2023-01/2023-06", "2024-01/2024-06", "2024-01/2024-06"]),
    ],
)
def test_what_is_counted_on_a_day_of_the_months_so_far_is_of_that_day(label: str, periods: list[str]) -> None:
    head = "Delårsrapport januari-juni 2024\n\nOmrådet Jan-jun 2023 Jan-jun 2024 Förändring"
    read = observed(f"{head}\n{label} 402 411 9\nSamtliga 741 752 11\n")
    assert read["period"].to_list()[:3] == periods


def test_a_day_that_heads_a_group_is_of_its_rows() -> None:
    read = observed(
        "Personer med insats enligt LSS 2022-2023. Norrköping\n2022   2023\n"
        "Minst en insats den 1 oktober\n0-22 år 402 411\n23-64 år 741 752\n"
        "Beslut om daglig verksamhet den 31 december\n23-64 år 508 515\n"
    )
    assert read["period"].to_list() == ["2022-10-01", "2023-10-01"] * 2 + ["2022-12-31", "2023-12-31"]


@pytest.mark.parametrize(
    ("title", "domain"),
    [
        ("Stöd till personer med funktionsnedsättning 2023", "lss"),
        ("Årsrapport 2023 för familjehemsvården", "placements"),
        ("Årsrapport 2023", "context"),
    ],
)
def test_the_activity_that_a_title_names_is_what_its_net_cost_is_of(title: str, domain: str) -> None:
    lines = [
        title,
        "",
        "Nettokostnaden blev 86,4 mnkr.",
        "",
        "Under året fick 120 hushåll ekonomiskt bistånd.",
        "",
        "Av dem hade 40 daglig verksamhet.",
    ]
    found, _ = read_figures(Document(lines))
    assert found[0]["domain"] == domain


@pytest.mark.parametrize("parts", [("- kvinnor", "- män"), ("varav kvinnor", "varav män")])
def test_the_parts_of_a_row_are_of_its_time(parts: tuple[str, str]) -> None:
    rows = [
        "Sjukfrånvaro jan-aug, %\t9,1\t7,8",
        f"{parts[0]}\t9,5\t8,2",
        f"{parts[1]}\t6,9\t5,9",
        "Övertid, timmar\t4 120\t3 980",
    ]
    text = "\n".join(["Delårsrapport augusti 2023", "", "Personalnyckeltal", "\t2022\t2023", *rows])
    figures, _ = read_document(Document.from_text(text))
    assert figures["period"].to_list()[:6] == ["2022-01/2022-08", "2023-01/2023-08"] * 3


@pytest.mark.parametrize(
    ("label", "periods"),
    [
        ("Pågående placeringar vid kvartalets slut", ["2023-03-31", "2023-06-30"]),
        ("Nya placeringar", ["2023-Q1", "2023-Q2"]),
        ("Utbetalt vid kvartalets slut, tkr", ["2023-Q1", "2023-Q2"]),
    ],
)
def test_what_is_counted_at_the_end_of_quarters_is_of_their_last_days(label: str, periods: list[str]) -> None:
    figures, _ = read_document(Document.from_text(f"Statistik 2023\n\n\tKvartal 1 2023\tKvartal 2 2023\n{label}\t139\t152\n"))
    assert figures["period"].to_list() == periods
