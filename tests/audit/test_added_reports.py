"""Findings of an added report: those of `check`, with what a person has settled in place of what was read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from conftest import ROOT
from example_report import add, again
from socialvolym import audit
from socialvolym.commands.check import check_document
from socialvolym.errors import SocialvolymError
from socialvolym.extraction.certainty import ASPECTS
from socialvolym.observations import cleaning, readings, with_figures, with_ids
from socialvolym.reports.models import RawReport
from socialvolym.reports.review import Cells, Decision, Review, store_review
from socialvolym.site.review_server import Session

HEAD = "Årsredovisning 2023\nSocialnämnden\nHaninge kommun\n\n"
CARE = """Placeringar av barn och unga

                           2019      2020      2021      2022      2023
Vårddygn på HVB           2 410     2 555     2 760     2 880     3 005
Kostnad för HVB, tkr     10 122    11 038    12 144    13 104    14 124
Kronor per dygn, HVB      4 200     4 320     4 400     4 550     4 700
"""
HOUSEHOLDS = """Ekonomiskt bistånd

                                  2021     2022     2023
Hushåll med ekonomiskt bistånd     540      512      498

"""
ECONOMY = """Nämndens resultat, tkr

                        Budget 2023    Utfall 2023    Avvikelse
Intäkter                     40 000         42 500        2 500
Personalkostnader          -120 000       -123 000       -3 000
Lokalkostnader              -18 000        -18 600         -600
Övriga kostnader            -30 000        -29 100          900
Nettokostnad               -128 000       -128 200         -200
"""
#: The same with a row of so few digits that it may be a thousandth of much.
SMALL = ECONOMY[: ECONOMY.index("Nettokostnad")] + (
    "Övrigt                            0             -5           -5\n"
    "Nettokostnad               -128 000       -128 205         -205\n"
)


def added(text: str, home: Path) -> RawReport:
    (home / "expectations").symlink_to(ROOT / "expectations")
    file = home / "document.txt"
    file.write_text(HEAD + text, encoding="utf-8")
    return add(file)


def findings(raw: RawReport) -> pl.DataFrame:
    observations = with_ids(cleaning.clean_report(raw)[0])
    return with_figures(audit.audit(observations, [raw]), observations)


def alarms(found: pl.DataFrame) -> list[tuple[str, str, str]]:
    return found.filter(pl.col("severity") != "note").select("rule", "published", "expected").rows()


def told(raw: RawReport) -> list[tuple[str, str, str]]:
    return alarms(findings(raw))


def decided(raw: RawReport, text: str, **facets: Any) -> RawReport:
    """Settle what is printed so: what was read of it is accepted, but for these facets; or with a verdict taken out."""
    rows = readings.settled(raw).rows.to_dicts()
    [row] = [row for row in rows if row["text"] == text]
    read = {} if "verdict" in facets else {name: row[name] for name in ASPECTS if row[name] not in (None, "unknown")}
    decision = Decision(who="Anna Lind", when=date(2031, 2, 3), **Cells(rows).place(row, "cell"), **read | facets)
    store_review(raw.review.with_decisions([decision]), raw.folder)
    return again(raw)


#: A document, what in it is printed otherwise, and what is found of that.
SLIPS = [
    (CARE, "11 038 ", "11 038 000 ", [("thousandfold", "11 038 000", "11 038")]),
    (CARE, "13 104", "13,104", [("thousandfold", "13,104", "13 104,000")]),
    (CARE, "4 400", "4 040", [("unit_cost", "4 040", "4 400")]),
    (CARE + "\nKostnaden för HVB var 14 124 {} under 2023.\n", "{}", "mnkr", [("unit_slip", "14 124", "14")]),
    (CARE + "\nKostnaden för HVB var 14 124 {} under 2023.\n", "{}", "tkr", []),
    (ECONOMY, "-600", "600", [("shared_figure", "600", "-600")]),
    (ECONOMY, "-29 100          900", "-29 100         -900", [("shared_figure", "-900", "900")]),
    (ECONOMY, "{}", "", []),
    (SMALL + "\nUnder övrigt ingår konsulter, som blev 4,6 {} dyrare än budgeterat 2023.\n", "{}", "mnkr", []),
]


@pytest.mark.parametrize(("text", "right", "wrong", "found"), SLIPS, ids=[f"{right}: {wrong}" for _, right, wrong, _ in SLIPS])
def test_the_findings_of_an_added_report_are_those_of_check(
    home: Path, text: str, right: str, wrong: str, found: list[tuple[str, str, str]]
) -> None:
    told_of_it = findings(added(text.replace(right, wrong), home))
    assert alarms(told_of_it) == found
    same = ["rule", "severity", "line", "published", "expected", "explanation"]
    assert told_of_it.select(same).equals(check_document(home / "document.txt").sort("line", "rule").select(same))


CHANGES = (
    ("Hushållen är 17 färre sedan 2017.", "17"),
    ("Jämfört med 2015 är det 31 hushåll fler med ekonomiskt bistånd.", "31"),
    ("Antalet hushåll med ekonomiskt bistånd har minskat med 44 sedan 2018.", "44"),
)


@pytest.mark.parametrize(("sentence", "text"), CHANGES)
def test_a_settled_change_since_an_earlier_year_is_not_held_against_the_year_before(home: Path, sentence: str, text: str) -> None:
    raw = added(f"{HOUSEHOLDS}{sentence}\n", home)
    change = {"measure": "economic_assistance_households", "period": "2023", "series": "change_abs", "unit": "households"}
    assert told(decided(raw, text, **change)) == []
    assert readings.settled(again(raw)).rows.filter(text=text)["state"].to_list() == ["told"]


WRONG = CARE.replace("11 038 ", "11 038 000 ")


@pytest.mark.parametrize("facets", [{"value": 11038.0}, {"unit": "SEK"}, {"verdict": "not_a_figure"}, {"verdict": "unread"}])
def test_what_a_person_settles_of_a_figure_clears_its_error(home: Path, facets: Mapping[str, Any]) -> None:
    raw = added(WRONG, home)
    assert told(decided(raw, "11 038 000", **facets)) == []


def test_what_the_audit_found_of_a_figure_is_named_before_it_is_taken_out(home: Path) -> None:
    raw = added(WRONG, home)
    out = decided(raw, "11 038 000", verdict="not_a_figure")
    [named] = audit.findings_taken_out(raw, out.review, "sv")
    assert "11 038 000" in named
    assert audit.findings_taken_out(out, out.review, "sv") == []
    assert audit.findings_taken_out(raw, decided(raw, "11 038 000", value=11038.0).review, "sv") == []
    session = Session(raw.folder, None, "Anna Lind", "sv")
    store_review(Review(), raw.folder)
    [number] = [number for number, row in enumerate(session.state()["cells"]) if row["text"] == "11 038 000"]
    with pytest.raises(SocialvolymError, match="tar bort vad granskningen har funnit"):
        session.decide([f"cell:{number}"], "bort", {})
    session.decide([f"cell:{number}"], "bort", {}, anyway=True)
    assert session.state()["cells"][number]["state"] == "taken_out"


def test_a_settled_number_that_other_figures_contradict_is_an_error(home: Path) -> None:
    raw = added(CARE, home)
    assert told(raw) == []
    assert [rule for rule, _, _ in told(decided(raw, "12 144", value=15144.0))] == ["unit_cost"]


def test_a_sentence_that_is_no_figure_is_not_held_against_a_table(home: Path) -> None:
    raw = added(f"{HOUSEHOLDS}Under 2023 fick 489 hushåll ekonomiskt bistånd.\n", home)
    assert told(raw) == [("text_table", "489", "498")]
    assert told(decided(raw, "489", verdict="not_a_figure")) == []


def test_a_settled_figure_is_held_against_its_measure_by_fewer_digits(home: Path) -> None:
    """What was only read may be of something else; of what a person has settled one other digit of three tells a slip."""
    table = HOUSEHOLDS.replace("Hushåll med ekonomiskt bistånd", "Hushåll, antal per år        ")
    raw = added(f"{table}Under 2023 fick 478 hushåll ekonomiskt bistånd.\n", home)
    assert told(raw) == []
    cell = readings.settled(raw).rows.filter(period="2023", text="498").row(0, named=True)
    settled = {"measure": cell["measure"], "period": "2023", "series": "outturn", "unit": "households"}
    assert told(decided(raw, "478", **settled)) == [("text_table", "478", "498")]
    assert told(decided(again(raw), "478", **settled | {"breakdown": "Ungdomar"})) == []
    assert told(decided(again(raw), "478", **settled | {"breakdown": "", "period": "2022"})) == []


def test_the_figure_of_an_error_is_known_by_its_id(home: Path) -> None:
    [error] = findings(added(WRONG, home)).filter(severity="error").to_dicts()
    assert error["observation_id"] == f"haninge-2023:{error['line']}:2"


def test_nothing_of_a_sentence_is_kept_but_labels_and_a_word(home: Path) -> None:
    raw = added(f"{HOUSEHOLDS}Antalet hushåll med ekonomiskt bistånd ökade tyvärr till 498 år 2023.\n", home)
    read = pl.read_csv(raw.folder / "readings.csv", infer_schema=False).filter(pl.col("table").is_null(), text="498").to_dicts()
    assert not any("tyvärr" in path.read_text(encoding="utf-8") for path in raw.folder.iterdir())
    assert [(row["row_names"], row["codes"]) for row in read] == [("Hushåll med ekonomiskt bistånd", "up:ökade")]
    assert told(raw) == [("direction_told", "ökade", None)]
