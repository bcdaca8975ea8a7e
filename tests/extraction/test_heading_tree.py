"""The tree of headings: levels found from what repeats, in every form in which they are printed."""

from __future__ import annotations

import pytest
from socialvolym.extraction.headings.heading_tree import split_headings


def headings(text: str, count: int) -> list[str] | None:
    split = split_headings(list(enumerate(text.split("\n"), start=1)), count)
    return split.headings if split else None


RATES = [f"{year} {what}" for year in (2020, 2021, 2022) for what in ("Totalt", "Per 1 000")]
PLACED = [f"{cost} {column}" for cost in ("Brutto", "Netto") for column in ("2014", "2015", "Budgetavvikelse")]


@pytest.mark.parametrize(
    "text",
    [
        "Barn i vård 2020-2022. Solna\n2020 2021 2022\nTotalt Per 1 000 Totalt Per 1 000 Totalt Per 1 000",
        "2020 2021 2022\nInsats Totalt Per 1 000 Totalt Per 1 000 Totalt Per 1 000",
        "Insats 2020 2021 2022 Totalt Per 1 000 Totalt Per 1 000 Totalt Per 1 000",
        "Insats\n2020\nTotalt\nPer 1 000\n2021\nTotalt\nPer 1 000\n2022\nTotalt\nPer 1 000",
        "2020\n2021\n2022\nTotalt\nPer 1 000\nTotalt\nPer 1 000\nTotalt\nPer 1 000",
    ],
)
def test_a_pattern_that_repeats_stands_under_years(text: str) -> None:
    assert headings(text, 6) == RATES


@pytest.mark.parametrize(
    "text",
    [
        "Brutto Netto\n2014 2015 Budgetavvikelse 2014 2015 Budgetavvikelse",
        "Brutto\n2014\n2015\nBudgetavvikelse\nNetto\n2014\n2015\nBudgetavvikelse",
        "Brutto\nBrutto\n2014\n2015\nBudgetavvikelse\nNetto\nNetto\n2014\n2015\nBudgetavvikelse",
    ],
)
def test_periods_repeat_under_what_is_counted(text: str) -> None:
    assert headings(text, 6) == PLACED


def test_three_levels() -> None:
    found = headings("2021 2022\nKvinnor Män Kvinnor Män\nAntal Andel Antal Andel Antal Andel Antal Andel", 8)
    assert found is not None and found[:3] == ["2021 Kvinnor Antal", "2021 Kvinnor Andel", "2021 Män Antal"]


def test_a_part_of_a_year_stands_before_its_year() -> None:
    assert headings("2021 2022\nKv 1 Kv 2 Kv 1 Kv 2", 4) == ["Kv 1 2021", "Kv 2 2021", "Kv 1 2022", "Kv 2 2022"]


def test_a_caption_is_no_level_over_years() -> None:
    assert headings("Kostnad per område, tkr\nOmråde 2021 2022 2023", 3) == ["2021", "2022", "2023"]


def test_a_line_of_series_and_years_is_one_level() -> None:
    assert headings("Volymer Utfall 2022 Budget 2023 Utfall 2023", 3) == ["Utfall 2022", "Budget 2023", "Utfall 2023"]


@pytest.mark.parametrize("stub", ["Prestationer", "Antal personer", "Verksamhet"])
def test_words_over_the_labels_may_stand_between_two_levels(stub: str) -> None:
    assert headings(f"Utfall Budget Utfall\n{stub} 2021 2022 2022", 3) == ["Utfall 2021", "Budget 2022", "Utfall 2022"]


@pytest.mark.parametrize(
    "names", [("Driftbudget", "Nettoutfall"), ("Ram", "Bokfört"), ("Anslag", "Redovisning"), ("Delårsbudget", "Resultat")]
)
def test_series_with_other_words_head_columns(names: tuple[str, str]) -> None:
    budget, outturn = names
    split = split_headings([(1, "Område"), (2, f"{outturn} 2022 {budget} 2023 {outturn} 2023 Avvikelse")], 4)
    assert split is not None and split.headings == [f"{outturn} 2022", f"{budget} 2023", f"{outturn} 2023", "Avvikelse"]


@pytest.mark.parametrize(
    ("text", "headings", "stub"),
    [
        ("Antal ärenden 2021 2022", ["2021", "2022"], "Antal ärenden"),
        ("Antal beslut kv 1 kv 2 kv 3", ["kv 1", "kv 2", "kv 3"], "Antal beslut"),
        ("Placerade barn 2020 Pojkar Flickor Totalt", ["Pojkar", "Flickor", "Totalt"], "Placerade barn 2020"),
        ("Förändring 2020-2021 2021-2022", ["Förändring 2020-2021", "Förändring 2021-2022"], ""),
        ("Utfall 2019 2020", ["Utfall 2019", "Utfall 2020"], ""),
        ("Insats 2023 2024 Förändring", ["2023", "2024", "Förändring"], "Insats"),
        ("Utfall 2019 Budget 2020", ["Utfall 2019", "Budget 2020"], ""),
    ],
)
def test_words_before_columns_that_are_alike_stand_over_all_of_them(text: str, headings: list[str], stub: str) -> None:
    split = split_headings([(1, text)], len(headings))
    assert split is not None and (split.headings, split.stub) == (headings, stub)


@pytest.mark.parametrize(
    ("lines", "headings"),
    [
        (
            ["Tertial 1 Tertial 2", "2020 2021 2020 2021"],
            ["Tertial 1 2020", "Tertial 1 2021", "Tertial 2 2020", "Tertial 2 2021"],
        ),
        (["Helår Helår Differens", "2018 2019 18/19"], ["Helår 2018", "Helår 2019", "Differens 18/19"]),
        (["Bokslut Delår Prognos", "2022 2023-08 2023"], ["Bokslut 2022", "Delår 2023-08", "Prognos 2023"]),
    ],
)
def test_a_level_of_times_belongs_to_the_level_above_it(lines: list[str], headings: list[str]) -> None:
    split = split_headings(list(enumerate(lines)), len(headings))
    assert split is not None and split.headings == headings


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "tkr\nBudget\nhelår\nUtfall ack\naug\nProg\nhelår\nAvv prog/\nbudget",
            "Budget helår|Utfall ack aug|Prog helår|Avv prog/budget",
        ),
        ("Budget\nhelår\nUtfall\nperioden\nProg avv\nmot budget", "Budget helår|Utfall perioden|Prog avv mot budget"),
        ("Bok 19 Bok 20 Bud 21 Bok 21", "Bok 19|Bok 20|Bud 21|Bok 21"),
        ("Verksamhet Utf. 22 Bud. 23 Utf. 23 Avv.", "Utf. 22|Bud. 23|Utf. 23|Avv."),
        (
            "Verksamhet Budget Prognos aug Bokslut Diff bok- Bokslut\n2018 2018 2018 budget 2017",
            "Budget 2018|Prognos aug 2018|Bokslut 2018|Diff bokbudget|Bokslut 2017",
        ),
        (
            "Bokslut Budget Bokslut Avvikelse\n2020 2021 2021 mot budget",
            "Bokslut 2020|Budget 2021|Bokslut 2021|Avvikelse mot budget",
        ),
    ],
)
def test_series_are_shortened_and_broken_over_lines(text: str, wanted: str) -> None:
    assert headings(text, wanted.count("|") + 1) == wanted.split("|")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "2023 2024\nKvartal 4 Kvartal 1\nTid Antal % Antal %",
            "Kvartal 4 2023 Antal|Kvartal 4 2023 %|Kvartal 1 2024 Antal|Kvartal 1 2024 %",
        ),
        ("2022 2023\nnov dec jan feb", "nov 2022|dec 2022|jan 2023|feb 2023"),
        ("2022\nnov dec jan feb", "nov|dec|jan|feb"),
    ],
)
def test_years_stand_over_the_months_that_they_have(text: str, wanted: str) -> None:
    assert headings(text, wanted.count("|") + 1) == wanted.split("|")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "TKR\nBUDGET\nHELÅR\nUTFALL ACK\nAUG\nPROG\nHELÅR\nAVV PROG/\nBUDGET",
            "BUDGET HELÅR|UTFALL ACK AUG|PROG HELÅR|AVV PROG/BUDGET",
        ),
        ("UTFALL BUDGET AVVIKELSE\nMOT BUDGET", "UTFALL|BUDGET|AVVIKELSE MOT BUDGET"),
        ("UTFALL\nBUDGET\nAVVIK-\nELSE", "UTFALL|BUDGET|AVVIKELSE"),
    ],
)
def test_headings_in_capitals_are_read_as_others(text: str, wanted: str) -> None:
    assert headings(text, wanted.count("|") + 1) == wanted.split("|")


@pytest.mark.parametrize(
    ("line", "headings"),
    [
        ("Kv1 Kv2 Kv3 Kv4 Helår", ["Kv1", "Kv2", "Kv3", "Kv4", "Helår"]),
        ("T1 T2 T3 Helår", ["T1", "T2", "T3", "Helår"]),
        ("Januari Februari Mars Helår 2023", ["Januari", "Februari", "Mars", "Helår 2023"]),
    ],
)
def test_the_whole_year_beside_its_parts_is_a_column_of_its_own(line: str, headings: list[str]) -> None:
    lines = [(1, "Statistik kvartalsvis 2023, placeringar vuxna och barn"), (3, f" {line}")]
    split = split_headings(lines, len(headings))
    assert split is not None and [text.removesuffix(" 2023") for text in split.headings[:-1]] == headings[:-1]
    assert split.headings[-1].startswith("Helår")


PERIOD_AND_YEAR = [
    "Periodens budget",
    "Ack utfall",
    "Diff period",
    "Föreg. år jan-sep",
    "Årsbudget 2022",
    "Helårsprognos",
    "Budgetavvikelse",
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Periodens Ack Diff Föreg. år Årsbudget Helårs- Budget-\nbudget utfall period jan-sep 2022 prognos avvikelse",
            PERIOD_AND_YEAR,
        ),
        (
            "Mnkr Ackumulerat Ackumulerad Budget- Helårs- Prognos-\nutfall budget avvikelse prognos avvikelse",
            ["Ackumulerat utfall", "Ackumulerad budget", "Budgetavvikelse", "Helårsprognos", "Prognosavvikelse"],
        ),
        (
            "Verksamhet Bok- Bud- Prog- Av-\nslut get nos vikelse\n2023 2024 2024 2024",
            ["Bokslut 2023", "Budget 2024", "Prognos 2024", "Avvikelse 2024"],
        ),
        (
            "Område Netto- Budget Budget- Netto-\nkostnad 2023 avvikelse kostnad\n2023 2023 2022",
            ["Nettokostnad 2023", "Budget 2023", "Budgetavvikelse 2023", "Nettokostnad 2022"],
        ),
    ],
)
def test_pieces_of_headings_stand_under_each_other(text: str, expected: list[str]) -> None:
    assert headings(text, len(expected)) == expected


def test_a_label_below_a_line_of_headings_is_no_piece_of_them() -> None:
    assert headings("Nyckeltal 2021 2022 2023\nAndel personer som\når nöjda med\nstödet", 3) == ["2021", "2022", "2023"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Perioden Helår\nUtfall fg år Budget Utfall Budget Prognos",
            ["Utfall fg år Perioden", "Budget Perioden", "Utfall Perioden", "Budget Helår", "Prognos Helår"],
        ),
        (
            "Jan-aug Helår 2024\nBudget Utfall Avvikelse Budget Prognos Avvikelse Avvikelse i %",
            [
                *("Budget Jan-aug", "Utfall Jan-aug", "Avvikelse Jan-aug", "Budget Helår 2024", "Prognos Helår 2024"),
                *("Avvikelse Helår 2024", "Avvikelse i % Helår 2024"),
            ],
        ),
        (
            "Helår 2023 Januari-augusti 2024\nUtfall Budget Utfall Budget Avvikelse",
            [
                "Utfall Helår 2023",
                "Budget Helår 2023",
                *(f"{what} Januari-augusti 2024" for what in ("Utfall", "Budget", "Avvikelse")),
            ],
        ),
    ],
)
def test_times_stand_over_groups_of_any_width(text: str, expected: list[str]) -> None:
    assert headings(text, len(expected)) == expected


def test_a_title_behind_an_empty_line_is_no_part_of_the_headings_and_makes_them_no_dearer() -> None:
    alone = split_headings([(9, "Insats 2023 2024 Förändring")], 3)
    behind = split_headings([(1, "Nämndens årsbokslut"), (7, "Förändring mellan åren"), (9, "Insats 2023 2024 Förändring")], 3)
    assert alone is not None and behind is not None
    assert behind.headings == alone.headings == ["2023", "2024", "Förändring"]
    assert behind.cost - alone.cost < 0.5


def test_empty_lines_between_headings_make_none_of_them_a_title() -> None:
    lines = [(1, "Belopp i tkr Budget"), (3, "2024"), (5, "Bokslut"), (7, "2024"), (8, "Avv. bokslut/"), (9, "budget 2024")]
    split = split_headings([*lines, (11, "Bokslut"), (12, "2023")], 4)
    assert split is not None
    assert split.headings == ["Budget 2024", "Bokslut 2024", "Avv. bokslut/budget 2024", "Bokslut 2023"]


@pytest.mark.parametrize(
    ("upper", "lower", "expected"),
    [
        (
            "Budget Helårsprognos efter Avvikelse",
            "tkr 2023 april augusti augusti",
            ["Budget 2023", "Helårsprognos efter april", "Helårsprognos efter augusti", "Avvikelse augusti"],
        ),
        ("Utfall Budget", "tkr 2021 2022 2022", ["Utfall 2021", "Utfall 2022", "Budget 2022"]),
    ],
)
def test_a_few_series_over_more_times(upper: str, lower: str, expected: list[str]) -> None:
    split = split_headings([(1, upper), (2, lower)], len(lower.split()) - 1)
    assert split is not None and split.headings == expected
