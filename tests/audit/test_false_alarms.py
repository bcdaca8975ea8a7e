"""Tables that are right in ways that look wrong: no error is found in them, and the slips next to them are found."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest
from socialvolym.commands.check import check_document

_TABLES = Path(__file__).with_name("invented_consistent_tables.txt").read_text(encoding="utf-8")
CONSISTENT = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", _TABLES, flags=re.MULTILINE | re.DOTALL))


def errors(text: str, folder: Path, severity: str = "error") -> pl.DataFrame:
    document = folder / "document.txt"
    document.write_text(text, encoding="utf-8")
    return check_document(document).filter(pl.col("severity") == severity)


def notes(text: str, folder: Path) -> pl.DataFrame:
    return errors(text, folder, "note")


@pytest.mark.parametrize("name", CONSISTENT)
def test_a_consistent_table_gives_no_error(name: str, tmp_path: Path) -> None:
    assert errors(CONSISTENT[name], tmp_path).select("line", "rule", "published").rows() == []


#: A table of those above, what is replaced in it, and what is then found: rule, what is printed and what was expected.
SLIPS = {
    "positive costs": ("net_cost_of_the_operations", "28 000        27 700", "28 000        27 100", ("sum", "27 100", "27 700")),
    "of which": ("of_which_indented", "231 400", "231 900", ("total", "231 900", "231 400")),
    "total": ("sum_of_costs", "26 300", "28 300", ("total", "28 300", "26 300")),
    "deviation": ("deviation_in_percent", "95 000      −3 000", "95 000      −3 900", ("deviation", "-3 900", "-3 000")),
}


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_beside_it_is_found(name: str, tmp_path: Path) -> None:
    table, right, wrong, *found = SLIPS[name]
    assert CONSISTENT[table].count(right) == 1
    rows = errors(CONSISTENT[table].replace(right, wrong), tmp_path).select("rule", "published", "expected").rows()
    assert rows == found


LONGER = """Delårsrapport, tkr
             Budget   Utfall   Prognos   Avvikelse
Hemtjänst    92 000   61 900    95 000      −3 000
Boende      148 000   97 300   147 000       1 000
LSS         106 000   70 100   107 000      −1 000
IFO          33 000   24 400    36 500      −{ifo}
Stab         10 000    6 100     9 500         500
"""


def test_the_forecast_is_the_base_where_the_rows_show_it(tmp_path: Path) -> None:
    assert errors(LONGER.format(ifo="3 500"), tmp_path).is_empty()
    (found,) = errors(LONGER.format(ifo="5 300"), tmp_path).iter_rows(named=True)
    assert (found["rule"], found["published"], found["expected"]) == ("deviation", "-5 300", "-3 500")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Lägenhet 1101 målas om. Hushåll 741", "apartment"),
        ("Dörr KÅ Storvägen16B. Hushåll 741", "initials"),
        ("Beslut om 811228-9874. Hushåll 741", "identity number"),
    ],
)
def test_personal_data_is_named_by_its_kind(text: str, words: str, tmp_path: Path) -> None:
    (found,) = notes(f"Socialnämnden\n\n{text}\n", tmp_path).iter_rows(named=True)
    assert found["rule"] == "personal_identifier"
    assert words in found["explanation"]


@pytest.mark.parametrize("date", ["KF 2024-14-26, § 159", "(2024-02-31)", "Antagen 2024-13-01", "beslut den 2024-04-31"])
def test_what_is_said_to_be_a_date_must_be_one(date: str, tmp_path: Path) -> None:
    assert notes(f"Socialnämnden, 741 hushåll\n\nProgrammet, {date} gäller.\n", tmp_path)["rule"].to_list() == ["date_impossible"]
