from typing import Any

import pytest
from socialvolym.documents.document import Document
from socialvolym.extraction.by_rules import read_figures
from socialvolym.extraction.certainty import certainty, without_contradictions


@pytest.mark.parametrize(
    ("because", "expected"),
    [
        (("period:heading", "series:heading", "unit:row", "measure:label"), "certain"),
        (("period:heading", "series:default", "unit:row", "measure:label"), "likely"),
        (("period:heading", "series:time", "unit:note", "measure:section"), "certain"),
        (("period:document", "series:default", "unit:row", "measure:label"), "guess"),
        (("period:heading", "series:heading", "unit:row", "measure:none"), "guess"),
        (("period:heading", "series:heading", "unit:row"), "guess"),
    ],
)
def test_certainty_counts_what_is_weak(because: tuple[str, ...], expected: str) -> None:
    assert certainty(because) == expected


def test_a_figure_in_a_sentence_is_likely_at_best() -> None:
    printed = ("period:sentence", "series:words", "unit:clause", "measure:clause")
    assert [certainty(printed, kind) for kind in ("table", "text", "chart")] == ["certain", "likely", "likely"]


def test_a_time_without_a_series_over_a_column_is_of_outturns_unless_it_lies_ahead() -> None:
    def certainties(*lines: str) -> list[str]:
        return [figure["certainty"] for figure in read_figures(Document(list(lines)))[0]]

    rows = ["Familjehem, vårddygn\t4 380\t52", "HVB, vårddygn\t2 190\t31"]
    text = ["Årsredovisning 2022", "", "Nämnden har följt upp vården under året och redovisar den här.", ""]
    assert set(certainties(*text, "Placeringar\t2021\tAndel, %", *rows)[::2]) == {"certain"}
    assert "certain" not in certainties(*text, "Placeringar\t2023\tAndel, %", *rows)


def test_years_beside_each_other_are_outturns_for_certain_and_a_year_ahead_is_not() -> None:
    def certainties(years: str) -> set[str]:
        figures, _ = read_figures(
            Document(["Årsredovisning 2022", "", f"LSS {years}", "Daglig verksamhet, personer 400 455 485"])
        )
        return {figure["certainty"] for figure in figures}

    assert certainties("2020 2021 2022") == {"certain"}
    assert "certain" not in certainties("2021 2022 2023")


def test_headings_whose_words_may_belong_to_other_columns_make_nothing_certain() -> None:
    rows = ["Familjehem, vårddygn 3 094 3 128 3 036 2 970 12 228", "Stödboende, vårddygn 182 194 92 181 649"]
    text = ["Årsredovisning 2023", "", "Vårddygn utfall", "år period kv 1 kv 2 helår kv 3 kv 4 2023", *rows]
    figures = read_figures(Document(text))[0]
    assert figures and {figure["certainty"] for figure in figures}.isdisjoint({"certain"})


@pytest.mark.parametrize(("heading", "sure"), [("T2", "period:none"), ("Kvartal 2", "period:heading")])
def test_a_third_of_a_year_may_be_all_that_went_before(heading: str, sure: str) -> None:
    lines = ["Ekonomiskt bistånd", f" {heading} 2019 {heading} 2020", "Antal ansökningar 1 402 1 687", "Beviljade 1 271 1 505"]
    assert {figure["because"].split()[0] for figure in read_figures(Document(lines))[0]} == {sure}


_BECAUSE = "period:heading series:heading unit:row measure:label domain:label"
_ONE: dict[str, Any] = {
    "domain": "placements",
    "measure": "foster_care_days",
    "breakdown": None,
    "period": "2023",
    "series": "outturn",
    "unit": "days",
    "bound": None,
    "value": 4380.0,
    "published_as": "4 380",
    "kind": "table",
    "table": "T1",
    "certainty": "certain",
    "because": _BECAUSE,
}


def told(**other: Any) -> list[str]:
    return [row["certainty"] for row in without_contradictions([_ONE, _ONE | other])]


def test_of_two_values_of_the_same_neither_is_certain() -> None:
    first, second = without_contradictions([_ONE, _ONE | {"value": 4410.0, "published_as": "4 410"}])
    assert {first["certainty"], second["certainty"]} == {"likely"}
    assert "measure:twice" in first["because"].split() and "measure:label" not in first["because"]


@pytest.mark.parametrize(
    "other",
    [
        {"breakdown": "0-12 år"},
        {"period": "2022"},
        {"series": "budget"},
        {"unit": "persons"},
        {"measure": "residential_care_days"},
        {"certainty": "likely"},
    ],
)
def test_what_differs_in_more_than_the_value_contradicts_nothing(other: dict[str, Any]) -> None:
    assert told(value=1.0, published_as="1", **other)[0] == "certain"


@pytest.mark.parametrize(
    ("published", "value", "expected"),
    [("4 380", 4380.0, "certain"), ("4 380,4", 4380.4, "certain"), ("4 380,6", 4380.6, "likely"), ("4 381", 4381.0, "likely")],
)
def test_the_same_value_printed_with_more_decimals_is_no_other(published: str, value: float, expected: str) -> None:
    assert told(published_as=published, value=value) == [expected] * 2


def test_a_cost_with_a_minus_is_the_same_cost() -> None:
    cost = {"measure": "net_cost", "unit": "kSEK", "value": 712850.0, "published_as": "712 850"}
    minus = cost | {"value": -712850.0, "published_as": "-712 850"}
    assert [row["certainty"] for row in without_contradictions([_ONE | cost, _ONE | minus])] == ["certain"] * 2
    for other in ({"measure": "result"}, {"series": "deviation"}):
        found = without_contradictions([_ONE | cost | other, _ONE | minus | other])
        assert [row["certainty"] for row in found] == ["likely"] * 2


def shares(table: str, row: str, column: str) -> list[str]:
    one = _ONE | {"measure": "economic_assistance.share", "unit": "percent", "value": 4.0, "published_as": "4", "label": row}
    first = one | {"table": "t001", "row_label": "Andel som får bistånd", "column_label": "2022"}
    other = one | {"table": table, "row_label": row, "column_label": column, "period": "2021", "value": 100.0}
    return [told["certainty"] for told in without_contradictions([first, other])]


@pytest.mark.parametrize(
    ("table", "row", "column", "sure"),
    [
        ("t002", "Samtliga", "Andel", "likely"),
        ("t002", "Andel som får bistånd", "2021", "certain"),
        ("t001", "Samtliga", "Andel", "certain"),
    ],
)
def test_shares_that_tables_tell_in_different_words_may_be_of_different_wholes(
    table: str, row: str, column: str, sure: str
) -> None:
    assert shares(table, row, column) == [sure] * 2


@pytest.mark.parametrize(
    ("series", "sure"), [("plan", "likely"), ("budget", "likely"), ("deviation", "certain"), ("change_abs", "certain")]
)
def test_counts_beside_a_level_below_nothing_may_be_money(series: str, sure: str) -> None:
    below = {"value": -400.0, "published_as": "-400", "series": series, "measure": "hvb.persons"}
    assert [
        row["certainty"] for row in without_contradictions([_ONE | {"unit": "persons"}, _ONE | {"unit": "persons"} | below])
    ] == [sure] * 2


@pytest.mark.parametrize(("printed", "sure"), [("209", "likely"), ("209,0", "certain"), ("9", "certain"), ("20,9", "certain")])
def test_the_largest_amount_alone_without_decimals_may_have_lost_its_comma(printed: str, sure: str) -> None:
    others = [
        _ONE | {"unit": "MSEK", "value": line + 0.5, "published_as": f"{line},5", "measure": f"m{line}"} for line in range(10, 16)
    ]
    total = _ONE | {"unit": "MSEK", "value": float(printed.replace(",", ".")), "published_as": printed}
    assert [row["certainty"] for row in without_contradictions([*others, total])] == ["certain"] * 6 + [sure]
