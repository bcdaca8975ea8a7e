"""The year of the document's title: columns of a budget and what came of it that name no time are of it, and certain."""

from __future__ import annotations

from pathlib import Path

import pytest
from socialvolym.documents.opening import open_described
from socialvolym.extraction.by_rules import read_figures

_ROWS = "Familjehem\t4 200\t4 650\t-450\nStödboende\t1 900\t1 720\t180\nHVB\t7 300\t8 010\t-710\n"
_TABLE = f"Ekonomi per område, tkr\n\t{{columns}}\n{_ROWS}"


def periods(tmp_path: Path, title: str, columns: str, before: str = "") -> dict[str, tuple[str | None, str]]:
    """Return period and its code by column of the first row of a table under a title."""
    path = tmp_path / "report.txt"
    path.write_text(f"Socialnämnden\n{title}\n\n{before}" + _TABLE.format(columns=columns), encoding="utf-8")
    rows = [row for row in read_figures(open_described(path))[0] if row["row_label"] == "Familjehem"]
    return {row["column_label"]: (row["period"], row["because"].split()[0]) for row in rows}


@pytest.mark.parametrize(
    ("title", "columns", "expected"),
    [
        ("Årsredovisning 2027", "Budget\tUtfall\tAvvikelse", ["2027"] * 3),
        ("Verksamhetsberättelse 2031", "Årsbudget\tBokslut\tBudgetavvikelse", ["2031"] * 3),
        ("Delårsrapport januari–april 2029", "Budget jan-apr\tUtfall jan-apr\tAvvikelse", ["2029-01/2029-04"] * 3),
        ("Delårsrapport augusti 2029", "Budget helår\tPrognos helår\tPrognos avvikelse", ["2029"] * 3),
    ],
)
def test_columns_without_a_time_are_of_the_titles_year(tmp_path: Path, title: str, columns: str, expected: list[str]) -> None:
    found = periods(tmp_path, title, columns)
    assert [period for period, _ in found.values()] == expected
    assert {code for _, code in found.values()} == {"period:title"}


@pytest.mark.parametrize(
    ("title", "columns", "before", "column"),
    [
        ("Rapport till nämnden", "Budget\tUtfall\tAvvikelse", "Under 2027 ökade antalet. År 2027 var dyrt.\n\n", "Budget"),
        ("Årsredovisning 2027", "Preliminärt utfall\tUtfall 2027\tAvvikelse", "", "Preliminärt utfall"),
        ("Årsredovisning 2027", "Intäkter\tKostnader\tNetto", "", "Kostnader"),
        ("Budget 2027", "Budget\tUtfall\tAvvikelse", "", "Utfall"),
        ("Årsredovisning 2027", "Budget\tUtfall\tAvvikelse", "# Bilaga: ombyggnad 2024\n\n", "Utfall"),
    ],
)
def test_nothing_is_of_the_titles_year_where_another_is_near_or_no_series_is_named(
    tmp_path: Path, title: str, columns: str, before: str, column: str
) -> None:
    assert periods(tmp_path, title, columns, before)[column][1] != "period:title"
