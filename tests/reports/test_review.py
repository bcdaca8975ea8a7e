"""What a person has decided: which figures it settles, and that nothing lands on other figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from example_report import DOCUMENT, add, again, newer
from socialvolym.audit.text.structure import kept_facts
from socialvolym.commands.vocabulary import add_labels, taught
from socialvolym.errors import SocialvolymError
from socialvolym.extraction.certainty import reviewed
from socialvolym.extraction.metadata import Metadata
from socialvolym.observations.cleaning import clean_report
from socialvolym.observations.readings import as_read, settled
from socialvolym.reports.draft import draft, store_again
from socialvolym.reports.models import RawReport
from socialvolym.reports.questions import AGAIN, Asked
from socialvolym.reports.review import Decision, Review, in_its_unit, load_review, store_review

WHO: dict[str, Any] = {"who": "Anna Lind", "when": date(2031, 2, 3)}
COLUMN = Decision(**WHO, table="t003", first="Antal barn i familjehem", line=23, column="Utfall", period="2029")
UNIT = Decision(**WHO, table="t004", first="Bostad med särskild service, vuxna", line=33, unit="persons")
CELL = {"table": "t003", "first": "Antal barn i familjehem", "line": 24, "row": "Antal barn i HVB", "column": "Mål", "text": "10"}


@pytest.fixture
def raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RawReport:
    monkeypatch.setenv("SOCIALVOLYM_HOME", str(tmp_path))
    return add()


def decide(raw: RawReport, *decisions: Decision) -> RawReport:
    store_review(raw.review.with_decisions(decisions), raw.folder)
    return again(raw)


def state(raw: RawReport, line: int, text: str) -> tuple[str, str | None, str, str | None]:
    found = settled(raw).rows.filter(pl.col("line") == line, pl.col("text") == text)
    return found.select("state", "period", "unit", "certainty").row(0)


def test_only_what_is_certain_is_an_observation_and_the_rest_waits(raw: RawReport) -> None:
    observations, unread = clean_report(raw)
    assert observations.filter(pl.col("line") == 10)["value"].to_list() == [412, 398, 431]
    assert observations.filter(pl.col("table") == "t003").is_empty()
    waiting = unread.filter(pl.col("line") == 23)["reason"].to_list()
    assert waiting == ["waits for review: period:columns"] * 2 + ["waits for review: period:document"]
    assert observations.height + unread.height == raw.cells.height


def test_an_observation_says_how_sure_its_reading_is_and_what_that_rests_on(raw: RawReport) -> None:
    first = clean_report(raw)[0].row(0, named=True)
    assert first["certainty"] == "certain" and "period:" in first["because"] and "review" not in first["because"]
    decided = clean_report(decide(raw, COLUMN))[0].filter(pl.col("table") == "t003").row(0, named=True)
    assert decided["certainty"] == "accepted" and "period:review" in decided["because"]


def test_a_columns_year_settles_its_figures_and_no_others(raw: RawReport) -> None:
    raw = decide(raw, COLUMN)
    assert state(raw, 23, "44") == ("told", "2029", "persons", "accepted")
    assert state(raw, 25, "3 950") == ("told", "2029", "care_days", "accepted")
    assert state(raw, 23, "47")[0] == "waiting"
    assert clean_report(raw)[0].filter(pl.col("table") == "t003")["value"].to_list() == [44, 12, 3950]


def test_a_tables_unit_goes_only_where_nothing_printed_says_one(raw: RawReport) -> None:
    raw = decide(raw, UNIT.model_copy(update={"unit": "count"}))
    assert state(raw, 33, "88") == ("told", "2029", "persons", "certain")
    assert state(raw, 34, "120") == ("told", "2029", "count", "accepted")


def test_the_narrower_decision_wins(raw: RawReport) -> None:
    raw = decide(raw, COLUMN, Decision(**WHO, **{**CELL, "column": "Utfall", "text": "12"}, period="2028"))
    assert state(raw, 24, "12")[:2] == ("told", "2028")


def test_a_value_that_a_person_writes_is_the_figure_and_the_printed_one_stays(raw: RawReport) -> None:
    raw = decide(raw, Decision(**WHO, **CELL, period="2030", value=10.5))
    row = clean_report(raw)[0].filter(pl.col("line") == 24, pl.col("series") == "target")
    assert row.select("value", "published_as", "status").row(0) == (10.5, "10", "published")


@pytest.mark.parametrize(("verdict", "reason"), [("not_a_figure", "no figure, says"), ("unread", "cannot be read, says")])
def test_what_is_taken_out_is_listed_with_who_says_so(raw: RawReport, verdict: Any, reason: str) -> None:
    observations, unread = clean_report(decide(raw, Decision(**WHO, **CELL, verdict=verdict)))
    assert unread.filter(pl.col("line") == 24, pl.col("text") == "10")["reason"].to_list() == [f"{reason} Anna Lind"]
    assert observations.filter(pl.col("line") == 24).is_empty()


def test_a_figure_in_a_sentence_is_accepted_when_all_of_it_is_decided() -> None:
    because = ("period:said", "series:default", "unit:noun", "measure:label")
    assert reviewed(because, ["series"], "text")[0] == "likely"
    assert reviewed(because, ["period", "series", "unit", "measure"], "text")[0] == "accepted"
    assert reviewed(("whose:elsewhere", *because), ["series"])[0] == "likely"


def test_a_decision_whose_cell_has_changed_is_listed_and_not_applied(raw: RawReport, tmp_path: Path) -> None:
    raw = decide(raw, COLUMN, Decision(**WHO, **CELL, period="2030"))
    newer = tmp_path / "newer.txt"
    moved = DOCUMENT.read_text(encoding="utf-8").replace("Barn och unga\n", "Barn och unga\n\nEn ny mening.\n", 1)
    newer.write_text(moved.replace("12\t9\t10", "12\t9\t11"), encoding="utf-8")
    store_again(raw, draft(newer, Metadata(raw.report.id, "0136", year=2030), kept_facts)[1])
    found = settled(again(raw))
    assert [(misfit.decision.text, misfit.reason) for misfit in found.misfits] == [("10", "gone")]
    assert "{" not in str(found.misfits[0]) and str(found.misfits[0]).endswith("10: this is no longer printed")
    assert found.rows.filter(pl.col("text") == "44")["certainty"].to_list() == ["accepted"]
    assert found.rows.filter(pl.col("text") == "11")["certainty"].to_list() == ["likely"]


def test_the_same_heading_over_another_table_is_not_settled(raw: RawReport) -> None:
    elsewhere = COLUMN.model_copy(update={"first": "Antal barn i stödfamilj"})
    found = settled(decide(raw, elsewhere))
    assert len(found.misfits) == 1 and "accepted" not in found.rows["certainty"].to_list()


def test_what_is_stored_comes_back_sorted_and_a_new_decision_joins_the_earlier(raw: RawReport) -> None:
    hostile = Decision(**WHO, row='"\n\\\x7f', text="= 1\u2028", period="2029")
    review = Review().with_decisions([hostile, UNIT, COLUMN]).with_decisions([COLUMN.model_copy(update={"period": "2028"})])
    store_review(review, raw.folder)
    assert load_review(raw.folder) == review
    assert [one.table for one in review.decision] == ["t003", "t004", None]
    assert review.decision[0].period == "2028"


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ('measure = "no_such"', "unknown measure 'no_such'"),
        ('unit = "stone"', "unknown unit 'stone'"),
        ('series = "hope"', "unknown series 'hope'"),
        ('period = "2030-13"', "is no period"),
        ("value = 3.0", "a value is of one cell"),
        ("", "nothing is decided"),
    ],
)
def test_a_wrong_decision_is_refused_in_one_line(raw: RawReport, written: str, message: str) -> None:
    place = raw.folder / "review.toml"
    place.write_text(f'[[decision]]\nwho = "A"\nwhen = 2031-01-01\ntable = "t003"\n{written}\n', encoding="utf-8")
    with pytest.raises(SocialvolymError, match=message):
        again(raw)


def test_what_was_settled_of_rows_is_offered_for_the_vocabulary(raw: RawReport, tmp_path: Path) -> None:
    row = {**WHO, "table": "t003", "first": "Antal barn i familjehem", "line": 24, "row": "Antal ungdomar på Ängen"}
    known = Decision(**WHO, table="t003", line=25, row="Vårddygn i familjehem", measure="hvb_care_days")
    raw = decide(raw, Decision(**row, measure="hvb_placements"), known, COLUMN)
    assert taught([raw]) == ([("Antal ungdomar på Ängen", "hvb_placements", None)], [])
    other = replace(raw, review=Review(decision=(Decision(**row, measure="familjehem_persons"),)))
    assert taught([raw, other]) == ([], ["Antal ungdomar på Ängen"])
    place = tmp_path / "labels.csv"
    place.write_text("label,measure,breakdown\nVårddygn,care_days,\n", encoding="utf-8")
    add_labels(taught([raw])[0], place)
    assert place.read_text(encoding="utf-8").splitlines()[1:] == [
        "Vårddygn,care_days,",
        "Antal ungdomar på Ängen,hvb_placements,",
    ]


T001 = {"table": "t001", "first": "Antal hushåll med ekonomiskt bistånd", "line": 10}


def states(raw: RawReport) -> dict[str, set[str]]:
    rows = settled(raw).rows.filter(pl.col("table") == "t001")
    return {str(column): set(part["state"]) for (column,), part in rows.group_by("column_label")}


@pytest.mark.parametrize(
    ("place", "waits"),
    [
        ({"column": "Utfall 2029"}, {"2028", "2029", "2030"}),
        ({"column": "2029", "first": "Hushåll", "table": "t001"}, {"2029"}),
    ],
)
def test_certain_figures_wait_where_a_decision_about_them_no_longer_fits(raw: RawReport, place: Any, waits: set[str]) -> None:
    assert set().union(*states(raw).values()) == {"told"}
    lost = Decision(**WHO, **(T001 | place), period="2027")
    raw = decide(raw, lost)
    assert {column for column, found in states(raw).items() if found == {"waiting"}} == waits
    reasons = clean_report(raw)[1].filter(pl.col("line") == 10)["reason"].to_list()
    assert set(reasons) == {"waits for review: a decision about this table no longer fits"}
    [asked] = [one for one in Asked(as_read(raw).rows.to_dicts()).questions() if one.about == AGAIN]
    assert {part.place["column"] for part in asked.parts} == waits
    raw = decide(raw, *(Decision(**WHO, **T001, column=column, period=column) for column in waits))
    assert set().union(*states(raw).values()) == {"told"}


def test_another_aspect_that_is_decided_does_not_stand_for_the_lost_one_and_without_it_all_is_as_read(raw: RawReport) -> None:
    lost = Decision(**WHO, **T001, column="Utfall 2029", period="2027")
    raw = decide(raw, lost, Decision(**WHO, **T001, column="2029", series="outturn"))
    assert states(raw)["2029"] == {"waiting"}
    store_review(raw.review.without(lost.place), raw.folder)
    assert set().union(*states(again(raw)).values()) == {"told"}


def test_a_table_is_known_by_its_first_row_also_where_it_has_moved_and_another_row_comes_before(
    raw: RawReport, tmp_path: Path
) -> None:
    raw = decide(raw, Decision(**WHO, **T001, column="2029", period="2027"))
    edition = tmp_path / "newer.txt"
    printed = DOCUMENT.read_text(encoding="utf-8")
    first = "Antal hushåll med ekonomiskt bistånd\t412"
    head = "Hushåll med ekonomiskt bistånd\n"
    new_table = "Orosanmälningar\n \t2029\t2030\nAnmälningar\t70\t80\nUtredningar\t30\t40\n\n"
    text = printed.replace(first, f"Ansökningar\t500\t510\t520\n{first}").replace(head, new_table + head, 1)
    edition.write_text(text, encoding="utf-8")
    found = settled(newer(raw, edition)).rows.filter(pl.col("table").is_in(["t001", "t002"]))
    waiting = found.filter(pl.col("reason").str.ends_with("a decision about this table no longer fits"))
    assert found["row_label"][0] == "Anmälningar"
    assert waiting["text"].to_list() == ["510", "398", "541", "287"]


@pytest.mark.parametrize(
    ("measure", "unit", "becomes"),
    [
        ("sis.money", "care_days", "sis.care_days"),
        ("lss.cost.children:beviljade", "hours", "lss.hours.children:beviljade"),
        ("placements.persons.children", "households", "placements.households.children"),
        ("economic_assistance_households", "kSEK", "economic_assistance.money"),
        ("hvb.money", "SEK_per_day", "hvb_cost_per_day"),
        ("hvb_cost_per_day", "kSEK", "hvb_total_cost"),
        ("familjehem.care_days", "count", "familjehem.count"),
        ("net_cost", "MSEK", "net_cost"),
        ("lss_group_homes.persons", "count", "lss_group_homes.persons"),
        ("sick_leave_total", "percentage_points", "sick_leave_total"),
    ],
)
def test_a_measures_quantity_follows_a_unit_that_is_put_right(measure: str, unit: str, becomes: str) -> None:
    row = {"measure": measure, "unit": "index", "series": "outturn"}
    assert in_its_unit(row, {"unit": unit}) == becomes
    assert in_its_unit({**row, "unit": unit}, {"unit": unit}) == measure
    assert in_its_unit(row, {"unit": "percent", "series": "deviation"}) == measure


def test_a_tables_unit_changes_what_its_rows_are_of(raw: RawReport) -> None:
    raw = decide(raw, UNIT.model_copy(update={"unit": "hours"}))
    rows = settled(raw).rows.filter(pl.col("line") == 34)
    assert set(rows["measure"]) == {"lss_daily_activities.hours"} and set(rows["state"]) == {"told"}


def test_a_decision_of_a_sentence_that_has_changed_is_listed_until_its_figure_is_decided_anew(
    tmp_path: Path, raw: RawReport
) -> None:
    sentence = next(row for row in as_read(raw).rows.iter_rows(named=True) if row["text"] == "61")
    where = {"line": sentence["line"], "row": sentence["row_label"]}
    raw = decide(raw, Decision(**WHO, **where, text="61", verdict="not_a_figure"))
    edition = tmp_path / "edition.txt"
    edition.write_text("\n" + DOCUMENT.read_text(encoding="utf-8").replace("61 barn", "63 barn"), encoding="utf-8")
    raw = newer(raw, edition)
    assert len(settled(raw).misfits) == 1 and state(raw, where["line"] + 1, "63")[0] == "waiting"
    raw = decide(raw, Decision(**WHO, **{**where, "line": where["line"] + 1}, text="63", verdict="not_a_figure"))
    assert settled(raw).misfits == [] and state(raw, where["line"] + 1, "63")[0] == "taken_out"


@pytest.mark.parametrize(
    ("sentence", "edition", "decided", "lost"),
    [
        # A scale word, a unit, the year of a sentence.
        ("Kontaktperson kostade 31,2 tkr under 2030.", ("tkr", "mnkr"), {"unit": "kSEK"}, {"kSEK"}),
        ("Kontaktperson kostade 31,2 mnkr under 2030.", ("mnkr", "tkr"), {"series": "outturn"}, {"MSEK"}),
        ("Under 2029 hade 318 personer kontaktperson.", ("personer", "hushåll"), {"unit": "persons"}, {"persons"}),
        ("Under 2029 hade 318 personer kontaktperson.", ("2029", "2028"), {"period": "2029"}, {"persons"}),
        # What is said in other words is the same.
        ("Kontaktperson kostade 31,2 tkr under 2030.", ("tkr", "tusen kronor"), {"unit": "kSEK"}, set()),
    ],
)
def test_a_figure_whose_unit_or_time_a_newer_edition_prints_otherwise_waits(
    raw: RawReport, tmp_path: Path, sentence: str, edition: tuple[str, str], decided: dict[str, str], lost: set[str]
) -> None:
    document = tmp_path / "with.txt"
    text = DOCUMENT.read_text(encoding="utf-8") + f"\n\n{sentence}\n"
    document.write_text(text, encoding="utf-8")
    raw = newer(raw, document)
    row = as_read(raw).rows.row(-1, named=True)
    place = {name: row[name] for name in ("table", "line", "row_label", "column_label", "text") if row[name]}
    place = {{"row_label": "row", "column_label": "column"}.get(name, name): value for name, value in place.items()}
    known = {name: row[name] for name in ("period", "series", "unit", "measure")} | decided
    store_review(Review().with_decisions([Decision(who="A", when=date(2031, 1, 1), **place, **known)]), raw.folder)
    raw = again(raw)
    assert settled(raw).rows.row(-1, named=True)["state"] == "told"
    document.write_text(text.replace(sentence, sentence.replace(*edition)), encoding="utf-8")
    raw = newer(raw, document)
    found = settled(raw)
    assert found.rows.row(-1, named=True)["state"] == ("waiting" if lost else "told")
    assert [misfit.reason for misfit in found.misfits] == ["otherwise"] * bool(lost)
    assert {misfit.decision.unit for misfit in found.misfits} == lost
    # Decided anew it is told as it is printed now; nothing of the old decision stays with it.
    new = {name: as_read(raw).rows.row(-1, named=True)[name] for name in ("period", "series", "unit", "measure")}
    store_review(raw.review.with_decisions([Decision(who="B", when=date(2031, 2, 1), **place, **new)]), raw.folder)
    told = settled(again(raw))
    assert told.misfits == [] and told.rows.row(-1, named=True)["state"] == "told"
    assert {name: told.rows.row(-1, named=True)[name] for name in new} == new
