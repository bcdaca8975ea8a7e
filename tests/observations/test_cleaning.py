"""Cleaning: what a printed cell becomes, and what happens to a cell that cannot be understood."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented_report import PROSE, make, read_again, replace
from socialvolym.errors import SocialvolymError
from socialvolym.notation.numbers import NUMBER_SCHEMA, parse_number, print_number
from socialvolym.observations.cleaning import clean_each, clean_report, read_values, summary
from socialvolym.reports.loading import load_report
from socialvolym.vocabulary.columns import OBSERVATION_SCHEMA, UNREAD_SCHEMA
from socialvolym.vocabulary.values import read_value

CORRECTION = """
[[correction]]
line = 3
label = "Placeringar enligt LVM"
column = "Utfall 2099"
expected = "{expected}"
replacement = "15"
why = "the month table has 15"
who = "the municipality"
"""


def cleaned(folder: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    return clean_report(load_report(folder))


def one_table(tmp_path: Path, document: str, **hints: Any) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Clean a document that is one table with tabs; a hint is TOML as text."""
    shared = {"id": '"t"', "lines": f"[1, {document.count(chr(10))}]"} | hints
    layout = "[[table]]\n" + "".join(f"{name} = {value}\n" for name, value in shared.items())
    return cleaned(make(tmp_path, document=document, layout=layout, prose=PROSE.splitlines()[0] + "\n"))


def rows(frame: pl.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    return frame.select(columns).rows()


def test_schemas_also_of_nothing() -> None:
    cleaned = clean_each([])
    observations, unread = cleaned.observations, cleaned.unread
    assert (observations.schema, unread.schema) == (OBSERVATION_SCHEMA, UNREAD_SCHEMA)


def test_a_column_that_nothing_fills_is_named_with_where_to_fill_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(OBSERVATION_SCHEMA, "shade", pl.String)
    with pytest.raises(SocialvolymError, match=r"shade .*vocabulary/columns.py.* socialvolym.observations.cleaning"):
        clean_each([])


def test_figures_of_a_described_report_are_accepted_and_what_is_not_printed_says_nothing(tmp_path: Path) -> None:
    observations = clean_each([load_report(make(tmp_path))]).observations
    printed = observations.filter(pl.col("published_as").is_not_null())
    assert set(rows(printed, "certainty", "because")) == {("accepted", "description")}
    assert set(rows(observations.filter(pl.col("published_as").is_null()), "certainty", "because")) == {(None, None)}


def test_every_cell_is_an_observation_or_unread(tmp_path: Path) -> None:
    folder = make(tmp_path)
    replace(folder / "layout.toml", ', measure = "hvb_care_days"', "")
    replace(folder / "cells.csv", "Vårddygn i HVB,2097", "Okänd etikett,2097")
    observations, unread = cleaned(folder)
    assert observations.height + unread.height == load_report(folder).cells.height
    assert unread["row_label"].to_list() == ["Okänd etikett", "Vårddygn i HVB"]
    assert "'Okänd etikett' is not in" in unread["reason"][0]


def test_labels_headings_and_numbers_become_meaning(tmp_path: Path) -> None:
    observations, unread = cleaned(make(tmp_path))
    assert unread.is_empty()
    assert rows(
        observations.filter(pl.col("line") == 3), "domain", "measure", "period", "series", "value", "published_as", "note"
    ) == [
        ("placements", "lvm_placements", "2097", "outturn", 12, "12", None),
        ("placements", "lvm_placements", "2099", "outturn", 14, "14*", "our remark; footnote *"),
    ]


def test_a_blank_cell_has_a_status_and_no_value(tmp_path: Path) -> None:
    observations, _ = cleaned(make(tmp_path))
    assert rows(observations.filter(pl.col("line") == 4), "value", "status", "published_as", "unit") == [
        (1200, "published", "1 200", "care_days"),
        (None, "not_available", "-", "care_days"),
    ]


def test_a_total_row_is_the_whole_of_its_parts(tmp_path: Path) -> None:
    observations, _ = cleaned(make(tmp_path))
    finance = observations.filter(pl.col("table") == "finance")
    assert rows(finance, "measure", "breakdown", "value") == [
        ("cost_area", "Lokaler", -27994),
        ("revenue_area", "Lokaler", 781),
        ("net_cost_area", "Lokaler", -27213),
        ("total_cost", None, -28000),
        ("revenue_total", None, 787),
        ("net_cost", None, -27213),
    ]
    assert set(finance["unit"]) == {"kSEK"}
    assert set(finance["domain"]) == {"context"}


def test_prose_brings_its_own_meaning(tmp_path: Path) -> None:
    observations, _ = cleaned(make(tmp_path, prose=PROSE.replace(",gt,,", ",gt,-,")))
    assert rows(observations.filter(pl.col("kind") == "text"), "value", "bound", "label", "line") == [
        (-14, "gt", "Placeringar enligt LVM", 8)
    ]


@pytest.mark.parametrize(
    ("unit", "series", "text", "expected"),
    [
        (None, "outturn", "12,5%", ("outturn", 12.5, "percent")),
        (None, "change_abs", "12,5%", ("change_pct", 12.5, "percent")),
        (None, "change_pct", "12,5", ("change_pct", 12.5, "percent")),
        ("kSEK", "outturn", "3 mnkr", ("outturn", 3, "MSEK")),
        ("kSEK", "outturn", "3", ("outturn", 3, "kSEK")),
        ("percentage_points", "change_abs", "2%", ("change_abs", 2, "percentage_points")),
    ],
)
def test_unit_and_series_of_a_cell(
    tmp_path: Path, unit: str | None, series: str, text: str, expected: tuple[str, float, str]
) -> None:
    column = f'[{{ label = "2099", measure = "net_cost", series = "{series}"' + (f', unit = "{unit}"' if unit else "") + " }]"
    observations, _ = one_table(tmp_path, f"x\t{text}\n", columns=column)
    assert rows(observations, "series", "value", "unit") == [expected]


def test_a_share_changes_in_percentage_points(tmp_path: Path) -> None:
    observations, _ = one_table(tmp_path, "x\t2%\n", measure='"sick_leave_total"', columns='["Förändring 2098-2099"]')
    assert rows(observations, "series", "unit", "period") == [("change_abs", "percentage_points", "2099")]


def test_the_year_of_a_row_goes_with_the_month_of_a_column(tmp_path: Path) -> None:
    observations, _ = one_table(tmp_path, "2098\t5\t6\n2099\t7\t8\n", measure='"lvm_placements"', columns='["Jan", "Feb"]')
    assert observations["period"].to_list() == ["2098-01", "2098-02", "2099-01", "2099-02"]


def test_a_row_hint_with_a_group_is_for_that_group_alone(tmp_path: Path) -> None:
    hint = (
        '[{ label = "Antal", group = "HVB", measure = "hvb_care_days" },'
        ' { label = "Antal", group = "LVM", measure = "lvm_placements" }]'
    )
    observations, _ = one_table(tmp_path, "HVB\nAntal\t5\nLVM\nAntal\t6\n", columns='["2099"]', pending='"group"', rows=hint)
    assert rows(observations, "measure", "value", "label") == [
        ("hvb_care_days", 5, "HVB: Antal"),
        ("lvm_placements", 6, "LVM: Antal"),
    ]


@pytest.mark.parametrize(("source", "breakdown"), [("row", "Barn"), ("group", "HVB"), ("column", "2099")])
def test_breakdown_from(tmp_path: Path, source: str, breakdown: str) -> None:
    observations, _ = one_table(
        tmp_path, "HVB\nBarn\t5\n", columns='["2099"]', pending='"group"', measure='"hvb_care_days"', breakdown_from=f'"{source}"'
    )
    assert observations["breakdown"].to_list() == [breakdown]


def test_no_period_and_no_number_are_unread_with_the_reason(tmp_path: Path) -> None:
    observations, unread = one_table(tmp_path, "x\t5\tfem-sex\n", measure='"lvm_placements"', columns='["Antal", "2099"]')
    assert observations.is_empty()
    assert [reason.split(" is ")[0] for reason in unread["reason"]] == ["no period", "'fem-sex'"]


def test_a_lost_table_without_measure_is_unread_and_with_measure_not_available(tmp_path: Path) -> None:
    lost = {"lost": "true", "caption": '"Bild"', "columns": '["2099"]'}
    observations, unread = one_table(tmp_path / "a", "Bild\n", **lost)
    assert (observations.height, unread["reason"].to_list()) == (
        0,
        ["the table is an image; its figures are not in the document"],
    )
    observations, unread = one_table(tmp_path / "b", "Bild\n", measure='"lvm_placements"', **lost)
    assert rows(observations, "value", "status", "period") == [(None, "not_available", "2099")]


def test_a_correction_replaces_the_value_and_keeps_what_is_printed(tmp_path: Path) -> None:
    observations, _ = cleaned(make(tmp_path, corrections=CORRECTION.format(expected="14*")))
    corrected = observations.filter(pl.col("status") == "corrected")
    assert rows(corrected, "line", "value", "published_as", "note") == [(3, 15, "14*", "our remark; the month table has 15")]


def test_a_correction_of_another_text_or_no_cell_stops(tmp_path: Path) -> None:
    with pytest.raises(SocialvolymError, match=r"expects '15' on line 3 .* but '14\*' stands there"):
        cleaned(make(tmp_path / "a", corrections=CORRECTION.format(expected="15")))
    wrong = CORRECTION.format(expected="14*").replace("line = 3", "line = 4")
    with pytest.raises(SocialvolymError, match=r"there is no cell .* on line 4"):
        cleaned(make(tmp_path / "b", corrections=wrong))


def test_cells_and_prose_that_do_not_fit_each_other_stop(tmp_path: Path) -> None:
    folder = make(tmp_path / "a")
    replace(folder / "prose.csv", ",2099,", ",2098,")
    with pytest.raises(SocialvolymError, match=r"cells\.csv has '14' on line 8 .*socialvolym read"):
        cleaned(folder)
    folder = make(tmp_path / "b")
    with (folder / "prose.csv").open("a", encoding="utf-8") as file:
        file.write("5,LVM,lvm_placements,,2099,outturn,count,,,,\n")
    with pytest.raises(SocialvolymError, match=r"prose\.csv has 'LVM' on line 5 .*socialvolym read"):
        cleaned(folder)


def test_the_same_figure_twice_on_a_line_is_two_observations(tmp_path: Path) -> None:
    folder = make(tmp_path, prose=PROSE + PROSE.splitlines()[1] + "\n")
    assert cleaned(folder)[0].filter(pl.col("line") == 8).height == 2


def test_a_year_that_is_left_out_is_a_row_with_a_status(tmp_path: Path) -> None:
    observations = clean_each([load_report(make(tmp_path))]).observations
    missing = observations.filter(pl.col("period") == "2098")
    assert sorted(rows(missing, "measure", "value", "status", "published_as")) == [
        ("hvb_care_days", None, "not_available", None),
        ("lvm_placements", None, "not_available", None),
    ]


def test_what_another_committee_is_responsible_for_is_a_row(tmp_path: Path) -> None:
    observations = clean_each([load_report(make(tmp_path))]).observations
    outside = observations.filter(pl.col("status") == "outside_responsibility")
    assert outside.height > 0
    assert set(rows(outside, "domain", "period", "value", "note")) == {("economic_assistance", "2099", None, "another committee")}


def test_a_measure_that_is_printed_after_all_is_not_outside_responsibility(tmp_path: Path) -> None:
    folder = make(tmp_path)
    before = clean_each([load_report(folder)]).observations
    measure = before.filter(pl.col("status") == "outside_responsibility")["measure"][0]
    replace(folder / "prose.csv", "lvm_placements", measure)
    after = clean_each([read_again(folder)]).observations
    assert measure not in after.filter(pl.col("status") == "outside_responsibility")["measure"].to_list()


def test_summary_counts_by_domain(tmp_path: Path) -> None:
    observations, _ = cleaned(make(tmp_path))
    [row] = summary(observations).to_dicts()
    assert row == {
        "report": "haninge-2099",
        "lss": 0,
        "placements": 5,
        "economic_assistance": 0,
        "context": 6,
        "without_value": 1,
        "first_year": "2097",
        "last_year": "2099",
    }


@pytest.mark.parametrize(
    ("text", "breakdown", "value", "unit"),
    [
        ("fyra", None, 4, None),
        ("Hälften", None, 50, "percent"),
        ("10-15", None, 10, None),
        ("10-15", "high", 15, None),
        ("10 - 15%", "ages, high", 15, "percent"),
        ("2,5-3", "low", 2.5, None),
        ("1 200", None, 1200, None),
    ],
)
def test_read_value(text: str, breakdown: str | None, value: float, unit: str | None) -> None:
    number = read_value(text, breakdown)
    assert number is not None
    assert (number.value, number.unit) == (value, unit)


@pytest.mark.parametrize("text", ["", "-", "fem-sex", "HVB", "10-15-20"])
def test_what_has_no_value(text: str) -> None:
    assert read_value(text) is None


@given(st.integers(-(10**9), 10**9), st.integers(0, 3))
def test_a_printed_number_keeps_its_value(digits: int, decimals: int) -> None:
    text = print_number(digits / 10**decimals, decimals)
    assert read_value(text) == parse_number(text) is not None


PRINTED = st.text(st.sampled_from("0123456789 ,.-–%<"), max_size=6) | st.sampled_from(["10-15", "10-15%", "fem", "-", "", "ca 5"])


@given(st.lists(st.tuples(PRINTED, st.booleans()), max_size=8))
def test_many_cells_say_what_each_says_alone(cells: list[tuple[str, bool]]) -> None:
    texts = pl.Series([text for text, _ in cells], dtype=pl.String)
    said = read_values(texts, pl.Series([high for _, high in cells], dtype=pl.Boolean))
    for (text, high), row in zip(cells, said.iter_rows(named=True), strict=True):
        number = read_value(text, "high" if high else None)
        assert tuple(row[name] for name in NUMBER_SCHEMA) == tuple(getattr(number, name, None) for name in NUMBER_SCHEMA)
        assert (row["status"] == "published") == (number is not None)
        assert (row["reason"] is None) == (row["status"] is not None)


def test_a_cell_without_a_row_label_is_told(tmp_path: Path) -> None:
    folder = make(tmp_path)
    replace(folder / "cells.csv", "Vårddygn i HVB,2097", ",2097")
    with pytest.raises(SocialvolymError, match=r"cells\.csv, line \d+: a cell has no row label"):
        cleaned(folder)


def test_of_several_errors_the_first_in_the_document_is_told(tmp_path: Path) -> None:
    folder = make(tmp_path, corrections=CORRECTION.format(expected="99"))
    replace(folder / "cells.csv", "Vårddygn i HVB,2097", ",2097")
    with pytest.raises(SocialvolymError, match=r"expects '99' on line 3"):
        cleaned(folder)
