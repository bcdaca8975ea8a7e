"""Tests of the rules about traps for reuse, each with a table that sets it off and a near one that does not."""

from __future__ import annotations

import pytest
from invented_audit import audit, findings, observation

COST = {"measure": "net_cost_area"}


def costs(table: str, line: int, *texts: str) -> list[dict[str, object]]:
    return [
        observation(line + n, f"Area {n}", "2022", "outturn", text, "kSEK", table=table, **COST) for n, text in enumerate(texts)
    ]


def test_costs_that_change_their_sign_between_tables() -> None:
    first = costs("t1", 5, "-120", "-340", "-560")
    other = [cell | {"breakdown": f"{cell['label']} own"} for cell in costs("t2", 15, "710", "820", "930")]
    assert audit(*first, *other) == [("note", "cost_sign", 15)]
    mixed = costs("t2", 15, "-710", "82", "-930", "-64", "-15", "-27")  # one net income among costs
    assert audit(*first, *[cell | {"breakdown": f"{cell['label']} own"} for cell in mixed]) == []


def test_years_that_run_the_other_way_are_a_note() -> None:
    def row(table: str, line: int, *years: str) -> list[dict[str, object]]:
        more = {"table": table, "measure": "employees", "breakdown": table}
        return [observation(line, "Anställda", year, "outturn", f"{90 + n}", "persons", **more) for n, year in enumerate(years)]

    assert audit(*row("t1", 5, "2021", "2022"), *row("t2", 15, "2022", "2021")) == [("note", "year_order", 15)]
    assert audit(*row("t1", 5, "2021", "2022"), *row("t2", 15, "2021", "2022")) == []


def test_columns_that_are_a_year_behind() -> None:
    def row(table: str, line: int, year: int) -> list[dict[str, object]]:
        more = {"table": table, "measure": "employees", "breakdown": table}
        cells = ((year - 1, "outturn"), (year, "forecast"))
        return [observation(line, "Anställda", str(y), series, "90", "persons", **more) for y, series in cells]

    assert audit(*row("t1", 5, 2018), *row("t2", 15, 2017)) == [("warning", "stale_columns", 15)]
    assert audit(*row("t1", 5, 2018), *row("t2", 15, 2018)) == []
    assert audit(*row("t1", 5, 2018), row("t2", 15, 2030)[1]) == []  # a forecast of other years is no older one


@pytest.mark.parametrize(("label", "found"), [("Timmar: *omräknat", True), ("Timmar*", False)])
def test_a_footnote_as_a_label(label: str, found: bool) -> None:
    cell = observation(5, label, "2022", "outturn", "13,4", "hours", measure="personal_assistance_hours", breakdown=None)
    assert audit(cell) == ([("note", "note_as_label", 5)] if found else [])


def test_one_label_for_figures_in_different_units() -> None:
    persons = observation(5, "Anställda: Fasta", "2022", "outturn", "90", "persons", measure="employees", breakdown=None)
    share = observation(8, "Andel: Fasta", "2022", "outturn", "81%", "percent", measure="staff_share", breakdown=None)
    assert audit(persons, share) == [("note", "repeated_label", 5)]
    assert audit(persons, share | {"label": "Andel: Fasta, andel"}) == []


def test_two_totals_of_one_name() -> None:
    first = observation(5, "Summa", "2022", "outturn", "90,0", "kSEK", measure="investments", breakdown=None)
    second = observation(8, "Summa", "2022", "outturn", "45,0", "kSEK", measure="investments", breakdown=None)
    assert audit(first, second) == [("note", "repeated_total", 8)]
    assert audit(first, second | {"label": "Summa pågående", "breakdown": "pågående"}) == []


def test_household_months_that_are_called_households() -> None:
    more = {"measure": "assistance_household_months", "breakdown": None}
    cell = observation(5, "Antal bidragshushåll", "2022", "outturn", "8 526", "household_months", **more)
    assert audit(cell) == [("warning", "household_months", 5)]
    # It is about all figures of the row, whichever of its years somebody looks at.
    [found] = findings(cell, lines=[])
    assert (found["period"], found["series"], found["measure"]) == (None, None, "assistance_household_months")
    assert audit(cell | {"label": "Bidragshushåll, summan av månaderna"}) == []


def test_a_row_with_a_gap() -> None:
    years = ("2020", "2021", "2022", "2023")

    def row(*texts: str) -> list[dict[str, object]]:
        more = {"measure": "sick_leave_total", "breakdown": None}
        cells = [observation(5, "Andel", y, "outturn", t, "percent", **more) for y, t in zip(years, texts, strict=False)]
        return [cell if cell["published_as"] else cell | {"status": "not_available"} for cell in cells]

    assert audit(*row("7,1", "", "7,3")) == [("warning", "gap_in_row", 5)]
    assert audit(*row("7,1", "7,2", "")) == []
    for cells, told in ((("", "7,2"), "(7,2) har en tom cell"), (("7,1", "", "7,3", ""), "(7,1 | 7,3) har 2 tomma celler")):
        assert told in findings(*row(*cells), lines=[])[0]["explanation_sv"]
    assert audit(*row("7,1", "", "7,3"), lines=["a\tb"]) == []


def test_a_share_that_changes_in_per_cent() -> None:
    def row(change: str) -> list[dict[str, object]]:
        more = {"measure": "assistance_households_closed_share", "breakdown": None}
        cells = (("2021", "outturn", "4,1 %"), ("2022", "outturn", "6,0 %"), ("2022", "change_pct", change))
        return [observation(5, "Andel", period, series, text, "percent", **more) for period, series, text in cells]

    assert audit(*row("46 %")) == [("warning", "relative_of_share", 5)]
    assert audit(*row("1,9 %")) == []


def test_a_last_row_without_a_label_is_a_total_where_most_columns_say_so() -> None:
    columns = (("2022", "outturn"), ("2022", "budget"), ("2020", "outturn"), ("2021", "outturn"))

    def table(*last: str) -> list[dict[str, object]]:
        parts = (("12", "21", "35", "44"), ("13", "28", "39", "47"), ("16", "22", "31", "58"))
        rows = [(f"Area {n}", texts) for n, texts in enumerate(parts)] + [("Nämnden", last)]
        return [
            observation(5 + n, label, period, series, text, "kSEK", **COST)
            for n, (label, texts) in enumerate(rows)
            for (period, series), text in zip(columns, texts, strict=True)
        ]

    assert audit(*table("41", "71", "105", "149")) == []
    assert audit(*table("41", "71", "105", "188")) == [("error", "total", 8)]
    assert audit(*table("41", "71", "199", "188")) == []  # two columns may add up by chance


def test_a_total_with_the_figures_of_another_tables_row() -> None:
    columns = (("2022", "outturn"), ("2022", "budget"), ("2021", "outturn"))

    def row(table: str, line: int, label: str, *texts: str) -> list[dict[str, object]]:
        more = {"table": table, "measure": "unknown", "breakdown": None}
        return [observation(line, label, *column, text, "kSEK", **more) for column, text in zip(columns, texts, strict=True)]

    known = row("t1", 5, "Arbete", "150 763", "162 470", "150 523")
    assert audit(*known, *row("t2", 15, "Totalt", "150 717", "162 470", "150 523")) == [("warning", "twin_row", 15)]
    assert audit(*known, *row("t2", 15, "Totalt", "150 764", "162 470", "150 523")) == []  # rounding of the rows
    assert audit(*known, *row("t2", 15, "Totalt", "150 717", "162 471", "150 523")) == []  # another thing


@pytest.mark.parametrize(
    ("cost", "label", "found"),
    [
        (("5 000", "6 600"), "Snittkostnad (kr/dygn)", []),
        (("5 000", "6 600"), "Snittkostnad (kr/placering)", [("error", "unit_label", 8)]),
        (("5 000", "9 900"), "Snittkostnad (kr/dygn)", []),  # one of two columns: the rows may not belong together
    ],
)
def test_rows_of_an_unknown_block(cost: tuple[str, str], label: str, found: list[tuple[str, str, int]]) -> None:
    rows = (
        ("Volym (vårddygn)", ("1 000", "1 100"), "care_days"),
        ("Volym (placeringar årsbasis)", ("2,7", "3,0"), "count"),
        ("Totalkostnad", ("5 000", "6 600"), "kSEK"),
        (label, ("5 000", cost[1].replace("6 600", "6 000")), "SEK"),
    )
    cells = [
        observation(5 + n, name, year, "outturn", text, unit, measure="unknown", breakdown=None)
        for n, (name, texts, unit) in enumerate(rows)
        for year, text in zip(("2021", "2022"), texts, strict=True)
    ]
    assert audit(*cells) == found
