"""The year of the document's title: columns of a budget and what came of it that name no time are of it, and certain."""

from __future__ import annotations

from pathlib import Path

import pytest
from socialvolym.documents.document import Document
from socialvolym.documents.opening import open_described
from socialvolym.extraction.by_rules import read_figures
from socialvolym.extraction.text_lines import numbered_ends

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


def figures_of_pages(ends: list[str]) -> list[str]:
    """Return what is read as a figure of pages that end with these lines."""
    lines = ["Socialnämnden", "Årsredovisning 2027", ""]
    pages: list[int | None] = [1, 1, 1]
    for page, end in enumerate(ends, start=1):
        own = ["Under året har arbetet fortsatt som planerat.", "", end]
        lines += own
        pages += [page] * len(own)
    return [row["published_as"] for row in read_figures(Document(lines, pages))[0]]


@pytest.mark.parametrize("end", ["Mora kommun | Nämnden    {}", "Nämnden för omsorg  {} (9)"])
def test_a_footer_with_the_pages_number_is_no_table(end: str) -> None:
    assert figures_of_pages([end.format(page) for page in (7, 8, 9)]) == []


def test_the_last_rows_of_pages_do_not_grow_with_the_page_and_are_no_footers() -> None:
    ends = ["Antal barn i familjehem 12", "Antal barn i familjehem 19", "Antal barn i familjehem 15"]
    assert numbered_ends(ends, [1, 2, 3]) == set()
    assert numbered_ends(["Nämnden 12", "Nämnden 13", "Nämnden 14"], [1, 2, 3]) == {1, 2, 3}


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("För 2028 är ramen större. Målet är högst 5 200 vårddygn på HVB.", None),
        ("År 2026 var ett tungt år. Målet är högst 5 200 vårddygn på HVB.", "2027"),
    ],
)
def test_a_goal_in_a_paragraph_of_a_later_year_is_not_of_the_documents_own(text: str, period: str | None) -> None:
    lines = ["Socialnämnden", "Årsredovisning 2027", "", text]
    assert {row["period"] for row in read_figures(Document(lines))[0] if row["published_as"] == "5 200"} == {period}
