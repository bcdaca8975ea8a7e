"""Reading a text document by its hints: nothing added, nothing lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from invented_report import make
from socialvolym.errors import SocialvolymError
from socialvolym.extraction.rows import AmbiguousRowError, join_label
from socialvolym.reports.by_hints import check_document, read_prose, read_table
from socialvolym.reports.loading import load_report
from socialvolym.reports.models import Table
from socialvolym.vocabulary.columns import PROSE_SCHEMA


def table(columns: list[str], last: int, **hints: Any) -> Table:
    return Table(id="t", lines=(1, last), columns=columns, **hints)


def cells(text: str, *columns: str, **hints: Any) -> list[tuple[str, str | None, str]]:
    lines = text.split("\n")
    return [(c.row_label, c.column_label, c.text) for c in read_table(table(list(columns), len(lines), **hints), lines)]


def test_a_row_of_tabs_keeps_its_blank_cells() -> None:
    assert cells("HVB\t5\t\t7\nFamiljehem\t1", "a", "b", "c") == [
        ("HVB", "a", "5"),
        ("HVB", "b", ""),
        ("HVB", "c", "7"),
        ("Familjehem", "a", "1"),
        ("Familjehem", "b", ""),
        ("Familjehem", "c", ""),
    ]


def test_two_label_columns_are_one_label() -> None:
    assert cells("HVB\tbarn\t5", "a", label_columns=2) == [("HVB barn", "a", "5")]


def test_figures_run_together_are_cut_by_their_number() -> None:
    assert cells("Barn i HVB 1 000 2 000", "a", "b") == [("Barn i HVB", "a", "1 000"), ("Barn i HVB", "b", "2 000")]


def test_digits_that_are_too_many_belong_to_the_label() -> None:
    assert cells("Barn 0-18 år 2 5 7", "a", "b") == [("Barn 0-18 år 2", "a", "5"), ("Barn 0-18 år 2", "b", "7")]


def test_arithmetic_of_the_hint_decides() -> None:
    assert [text for *_, text in cells("Lokaler -27 994 781 -27 213", "a", "b", "c", relations=("0+1=2",))] == [
        "-27 994",
        "781",
        "-27 213",
    ]


def test_an_ambiguous_row_is_named_by_its_line() -> None:
    with pytest.raises(AmbiguousRowError, match="line 2"):
        cells("HVB 1 2\nLokaler 100 200 300", "a", "b")


@pytest.mark.parametrize(
    ("pending", "label", "group"), [("label", "Vård i HVB", None), ("group", "HVB", "Vård i"), ("drop", "HVB", None)]
)
def test_a_line_without_figures(pending: str, label: str, group: str | None) -> None:
    [cell] = read_table(table(["a"], 3, pending=pending), ["Vård i", "", "HVB 5"])
    assert (cell.row_label, cell.group, cell.line) == (label, group, 3)


def test_skipped_lines_and_lines_outside_are_not_read() -> None:
    lines = ["HVB 1", "HVB 2", "HVB 3", "HVB 4"]
    assert [c.text for c in read_table(Table(id="t", lines=(2, 4), columns=["a"], skip=(3,)), lines)] == ["2", "4"]


def test_a_row_hint_lists_its_cells_and_their_lines() -> None:
    hint = {"label": "HVB", "line": 1, "cells": ["5", "2:7"], "group": "Barn", "columns": [0, 2]}
    found = read_table(table(["a", "b", "c"], 2, rows=[hint], skip=(2,)), ["HVB fem 5", "7"])
    assert [(c.line, c.group, c.column_label, c.text) for c in found] == [(1, "Barn", "a", "5"), (2, "Barn", "c", "7")]


@pytest.mark.parametrize(
    ("hint", "message"),
    [
        ({"cells": ["6"]}, "expects '6' on line 1"),
        ({"cells": ["9:5"]}, "expects '5' on line 9"),
        ({"cells": ["5", "5"]}, "2 cells for 1 columns"),
    ],
)
def test_a_row_hint_that_does_not_fit_is_refused(hint: dict[str, Any], message: str) -> None:
    with pytest.raises(SocialvolymError, match=message):
        read_table(table(["a"], 1, rows=[{"label": "HVB", "line": 1, **hint}]), ["HVB 5"])


@pytest.mark.parametrize("lines", [(0, 1), (1, 3), (2, 1)])
def test_lines_that_the_document_does_not_have_are_refused(lines: tuple[int, int]) -> None:
    with pytest.raises(SocialvolymError, match="in the document of 2 lines"):
        read_table(Table(id="t", lines=lines, columns=["a"]), ["HVB 5", ""])


def test_a_relation_that_is_none_is_refused() -> None:
    with pytest.raises(SocialvolymError, match="'0x1=2' is no relation"):
        cells("HVB 5", "a", relations=("0x1=2",))


def test_a_lost_table_gives_an_empty_cell_a_column() -> None:
    lost = Table(id="t", lines=(1, 1), caption="Bild", lost=True, columns=["a", "b"])
    assert [(c.row_label, c.column_label, c.text, c.note) for c in read_table(lost, ["Bild"])] == [
        ("Bild", "a", "", "lost"),
        ("Bild", "b", "", "lost"),
    ]
    assert len(read_table(Table(id="t", lines=(1, 1), lost=True), ["Bild"])) == 1


@pytest.mark.parametrize(
    ("parts", "label"),
    [
        (["Barn", "i HVB"], "Barn i HVB"),
        (["Familje-", "hem"], "Familjehem"),
        (["Jour-", "och familjehem"], "Jour- och familjehem"),
        (["LSS-", "Boende"], "LSS- Boende"),
        (["", "HVB", ""], "HVB"),
        ([], ""),
    ],
)
def test_join_label(parts: list[str], label: str) -> None:
    assert join_label(parts) == label


def prose(**row: Any) -> pl.DataFrame:
    standard = {"line": 1, "text": "14", "measure": "lvm_placements", "period": "2099", "series": "outturn", "unit": "count"}
    return pl.DataFrame([dict.fromkeys(PROSE_SCHEMA) | standard | row], schema=PROSE_SCHEMA)


@pytest.mark.parametrize("line", ["14 barn", "talet 14.", "talet  14", "(14)"])
def test_a_figure_in_a_sentence_is_found(line: str) -> None:
    [cell] = read_prose(prose(breakdown="barn"), [line])
    assert (cell.text, cell.row_label, cell.column_label, cell.kind) == ("14", "lvm_placements: barn", "outturn 2099", "text")


@pytest.mark.parametrize("lines", [["114 barn"], ["141 barn"], ["barn"], []])
def test_a_figure_that_does_not_stand_there_is_refused(lines: list[str]) -> None:
    with pytest.raises(SocialvolymError, match="'14' does not stand on line 1"):
        list(read_prose(prose(), lines))


def test_cells_come_in_the_order_of_the_document_with_personal_data_masked(tmp_path: Path) -> None:
    document = "Placeringar HVB 5\nMålning lgh 1204 7\nEn mening med 14.\n"
    layout = '[[table]]\nid = "b"\nlines = [2, 2]\ncolumns = ["2099"]\n[[table]]\nid = "a"\nlines = [1, 1]\ncolumns = ["2099"]\n'
    folder = make(tmp_path, document=document, layout=layout, prose=prose(line=3).write_csv())
    found = load_report(folder).cells
    assert found.select("line", "row_label", "text").rows() == [
        (1, "Placeringar HVB", "5"),
        (2, "Målning lgh ***", "7"),
        (3, "lvm_placements", "14"),
    ]


def test_the_document_must_be_the_one_that_is_named(tmp_path: Path) -> None:
    folder = make(tmp_path)
    report = load_report(folder)
    document = folder / "haninge-2099.txt"
    assert check_document(report, document).lines[7] == "En mening med talet 14 i."
    document.write_text("another", encoding="utf-8")
    with pytest.raises(SocialvolymError, match="is not the document"):
        check_document(report, document)
    document.unlink()
    with pytest.raises(SocialvolymError, match="is not there"):
        check_document(report, document)
