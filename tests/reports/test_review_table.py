"""Questions and their table: few decisions settle all that waits, and a spreadsheet brings them back whole or not at all."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from example_report import DOCUMENT, add, again, newer
from socialvolym import extraction
from socialvolym.commands import reviewing
from socialvolym.errors import SocialvolymError
from socialvolym.extraction.certainty import ALONE, ELSEWHERE, NAMED, REPEATED, REVIEWED, TWICE
from socialvolym.observations.cleaning import clean_report
from socialvolym.observations.readings import as_read, settled
from socialvolym.reports.answers import composed, decided, measure_parts, read_answer, search, why, words
from socialvolym.reports.models import RawReport
from socialvolym.reports.questions import Asked
from socialvolym.reports.review import Decision, store_review
from socialvolym.reports.review_table import Stands, Taken, _sentences, _top, measures, table, take
from socialvolym.vocabulary import UNKNOWN
from socialvolym.vocabulary.composition import FAR, TELLING_WHOM

Line = dict[str, str]


@pytest.fixture
def raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RawReport:
    monkeypatch.setenv("SOCIALVOLYM_HOME", str(tmp_path))
    return add()


def written(raw: RawReport, language: Any = "sv") -> bytes:
    rows, now = as_read(raw).rows.to_dicts(), settled(raw).rows.to_dicts()
    return table(rows, now, Stands(raw.cells["page"].to_list()), language)


def lines_of(made: bytes, separator: str = ";") -> list[Line]:
    """Read the table's lines; over their headings stands one that tells how many there are."""
    return list(csv.DictReader(io.StringIO(made.decode("utf-8-sig").split("\n", 1)[1]), delimiter=separator))


def filled(
    raw: RawReport, fill: Callable[[Line], None], encoding: str = "utf-8-sig", separator: str = ";", language: Any = "sv"
) -> Taken:
    rows = lines_of(written(raw, language), ";" if language == "sv" else ",")
    for row in rows:
        fill(row)
    out = io.StringIO()
    out.write(f"what stands over the headings{separator * 3}\n")
    writer = csv.DictWriter(out, rows[0], delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    given = out.getvalue().encode(encoding)
    return take(given, as_read(raw).rows.to_dicts(), "Anna Lind", date(2031, 2, 3), raw.report.year)


def accept_all(row: Line) -> None:
    """Say yes to what was read, and the years that nothing tells."""
    if row["läge"] == "att avgöra":
        row["beslut"] = "ja"
        row["nytt år"] = {"Utfall": "2029", "Utfall (2)": "2030"}.get(row["kolumn"], "")


def test_a_question_settles_a_table_or_its_columns_and_all_that_waits_is_asked(raw: RawReport) -> None:
    rows = as_read(raw).rows.to_dicts()
    asked = Asked(rows).questions()
    assert {n for one in asked for n in one.cells} == {n for n, row in enumerate(rows) if row["state"] == "waiting"}
    assert [(one.table, one.about, [part.scope for part in one.parts]) for one in asked] == [
        ("t002", "period", ["table"]),
        ("t003", "period", ["column", "column", "column"]),
        (None, "sentence", ["cell"]),
        ("t004", "unit", ["table"]),
    ]


def test_two_figures_of_a_row_are_never_read_as_the_same_without_being_asked(raw: RawReport) -> None:
    """Utfall | Utfall | Mål, all of the document's year: whoever only accepts would make one of them false."""
    parts = next(one.parts for one in Asked(as_read(raw).rows.to_dicts()).questions() if one.table == "t003")
    assert [(part.place["column"], part.reads["period"]) for part in parts] == [
        ("Utfall", None),
        ("Utfall (2)", None),
        ("Mål", "2030"),
    ]
    taken = filled(raw, lambda row: row.update(beslut="ja") if row["kolumn"] == "Utfall" else None)
    assert "inget är läst av år eller tid" in taken.problems[0]


@pytest.mark.parametrize(("encoding", "separator"), [("utf-8-sig", ";"), ("cp1252", ";"), ("utf-8", ","), ("utf-16", "\t")])
def test_a_filled_table_settles_the_report(raw: RawReport, encoding: str, separator: str) -> None:
    taken = filled(raw, accept_all, encoding, separator)
    assert (len(taken.decisions), taken.problems, taken.changed) == (6, (), ())
    store_review(raw.review.with_decisions(taken.decisions), raw.folder)
    rows = settled(again(raw)).rows
    assert set(rows["state"]) == {"told"} and {"Anna Lind", None} == set(rows["who"])
    by_text = {row["text"]: row["period"] for row in rows.iter_rows(named=True)}
    assert (by_text["3 950"], by_text["3 120"], by_text["3 300"]) == ("2029", "2030", "2030")
    assert "att avgöra" not in written(again(raw)).decode() and "avgjord" in written(again(raw)).decode()


def test_open_questions_stand_first_and_the_table_opens_in_excel_in_swedish(tmp_path: Path, raw: RawReport) -> None:
    hostile = tmp_path / "hostile.txt"
    hostile.write_text(
        DOCUMENT.read_text(encoding="utf-8").replace("Försörjningsstöd\t", "=cmd|'/c calc'!A1\t"), encoding="utf-8"
    )
    made = written(newer(raw, hostile))
    assert made.startswith(b"\xef\xbb\xbf") and made.count(b"\n") > 20
    rows = lines_of(made)
    states = [row["läge"] for row in rows]
    assert states == sorted(states, key=["att avgöra", "ingår i en rad ovan", "säker"].index)
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "@"))]
    assert any(row["radens namn"].startswith("'=cmd") for row in rows)


def test_mistakes_are_told_line_by_line(raw: RawReport) -> None:
    wrong = {
        "Utfall": {"nytt år": "2030-13"},
        "Utfall (2)": {"nytt år": "1930"},
        "Mål": {"beslut": "kanske"},
        "2028": {"nytt mått": "Vårddygn i familjehemm"},
    }
    taken = filled(raw, lambda row: row.update(wrong.get(row["kolumn"], {})) if row["tabell"] in ("t003", "t001") else None)
    said = "\n".join(taken.problems)
    assert "”2030-13” är ingen tid" in said and "långt från rapportens eget" in said and "”kanske” är inget beslut" in said
    assert "närmast: Vårddygn i familjehem" in said
    assert [text.split(":")[0] for text in taken.problems][:3] == ["rad 4", "rad 5", "rad 6"]
    english = filled(raw, lambda row: row.update({"new period": "2030-13"}) if row["column"] == "Utfall" else None, language="en")
    assert "'2030-13' is no period" in english.problems[0] and english.problems[0].startswith("line 4: ")


def test_a_decision_of_what_is_printed_otherwise_now_is_listed_and_not_taken(tmp_path: Path, raw: RawReport) -> None:
    before = written(raw).decode("utf-8-sig").splitlines()[1:]
    edition = tmp_path / "newer.txt"
    edition.write_text(DOCUMENT.read_text(encoding="utf-8").replace("61 barn", "62 barn"))
    line = next(line for line in before if ";61;" in line).split(";")
    line[before[0].split(";").index("beslut")] = "ja"
    rows = as_read(newer(raw, edition)).rows.to_dicts()
    taken = take("\n".join([before[0], ";".join(line)]).encode(), rows, "A", date(2031, 1, 1), 2030)
    assert taken.decisions == () and taken.problems == () and "61" in taken.changed[0]


def test_what_is_no_figure_is_taken_out_and_a_lone_answer_accepts_nothing_else(raw: RawReport) -> None:
    taken = filled(
        raw,
        lambda row: row.update({"decision": "not a figure"}) if row["printed"] == "61" else None,
        language="en",
        separator=",",
    )
    assert [one.verdict for one in taken.decisions] == ["not_a_figure"]
    taken = filled(raw, lambda row: row.update({"ny enhet": "personer"}) if row["tryckt"] == "61" else None)
    assert taken.decisions[0].facets == {"unit": "persons"}


def test_another_file_is_refused(raw: RawReport) -> None:
    with pytest.raises(SocialvolymError, match="has no column nyckel"):
        take(b"a;b\n1;2\n", as_read(raw).rows.to_dicts(), "A", date(2031, 1, 1), 2030)


@pytest.mark.parametrize(
    ("name", "text", "stored"),
    [
        ("period", "jan-aug 2030", "2030-01/2030-08"),
        ("period", "2030-12-31", "2030-12-31"),
        ("period", "hela året 2030", "2030"),
        ("period", "september 2029–augusti 2030", "2029-09/2030-08"),
        ("period", "juli 2029 till juni 2030", "2029-07/2030-06"),
        ("period", "31 december 2030", "2030-12-31"),
        ("period", "2028–2030", "2028/2030"),
        ("period", "från 2028 till 2030", "2028/2030"),
        ("period", "sedan 2028", "2028/2030"),
        ("period", "31 december 2029 – 31 december 2030", "2029-12-31/2030-12-31"),
        ("period", "2029-12-31 till 2030-12-31", "2029-12-31/2030-12-31"),
        ("series", "Utfall", "outturn"),
        ("unit", "tkr", "kSEK"),
        ("unit", "antal", "count"),
        ("unit", "Personer", "persons"),
        ("measure", "Vårddygn i familjehem", "familjehem_care_days"),
        ("measure", "Orosanmälningar: antal, våldsutsatta", "concern_reports.count.violence"),
        ("measure", "Placeringar utanför hemmet: vårddygn, barn och unga", "placements.care_days.children"),
        ("breakdown", "hela", ""),
        ("value", "1 234,5", 1234.5),
    ],
)
def test_answers_may_be_swedish_words(name: str, text: str, stored: object) -> None:
    assert read_answer(name, text, 2030, "sv") == stored


@pytest.mark.parametrize(
    "text",
    [
        "third quarter of 2030",
        "hösten 2030",
        "August 2030",
        "sommaren 2029",
        "2029-30",
        "2030/2028",
        "2030-02-30",
        "2029–aug 2030",
    ],
)
def test_a_time_that_is_not_understood_whole_is_refused_and_no_year(text: str) -> None:
    with pytest.raises(SocialvolymError, match="är ingen tid"):
        read_answer("period", text, 2030, "sv")


def test_words_that_nobody_has_listed_together_lead_to_a_composed_measure() -> None:
    first = search("barn i familjehem", "sv")[0]
    assert first["composed"] and first["measure"] == "familjehem.persons.children"
    assert search("zzz", "sv") == []


@pytest.mark.parametrize(("word", "verdict"), [("oläst", "unread"), ("ingen siffra", "not_a_figure")])
def test_what_is_taken_out_is_only_what_the_line_stands_for(raw: RawReport, word: str, verdict: str) -> None:
    """The line of t004's unit says "hela tabellen", of which other figures are certain."""
    before = as_read(raw).rows
    waiting = before.filter(pl.col("table") == "t004", pl.col("state") == "waiting").height
    certain = before.filter(pl.col("table") == "t004", pl.col("state") == "told").height
    assert waiting and certain
    taken = filled(raw, lambda row: row.update(beslut=word) if (row["tabell"], row["läge"]) == ("t004", "att avgöra") else None)
    assert {one.verdict for one in taken.decisions} == {verdict} and {one.scope for one in taken.decisions} == {"cell"}
    store_review(raw.review.with_decisions(taken.decisions), raw.folder)
    states = settled(again(raw)).rows.filter(pl.col("table") == "t004")["state"].to_list()
    assert (states.count("taken_out"), states.count("told"), states.count("waiting")) == (waiting, certain, 0)
    raw = again(raw)
    taken = filled(raw, lambda row: row.update(beslut="ja") if (row["tabell"], row["läge"]) == ("t004", "avgjord") else None)
    store_review(raw.review.restored(taken.accepted).with_decisions(taken.decisions), raw.folder)
    assert set(settled(again(raw)).rows.filter(pl.col("table") == "t004")["state"]) == {"told"}


def test_what_was_taken_out_by_itself_stays_out_where_only_others_of_the_line_are_accepted(raw: RawReport) -> None:
    part = next(one.parts[0] for one in Asked(as_read(raw).rows.to_dicts()).questions() if one.table == "t004")
    out = Decision.model_validate({"who": "A", "when": date(2031, 1, 1), "verdict": "unread", **part.alone[0]})
    review = raw.review.with_decisions([out])
    assert review.restored([part.alone]) == review and review.restored([part.alone[:1]]).decision == ()


@pytest.mark.parametrize(("word", "state"), [("ja", "taken_out"), ("egen", "told"), ("ingen siffra", "taken_out")])
def test_yes_to_another_municipalitys_figures_takes_them_out(tmp_path: Path, raw: RawReport, word: str, state: str) -> None:
    of_country = tmp_path / "country.txt"
    text = DOCUMENT.read_text(encoding="utf-8").replace("Kontaktperson\t97\t95\n", "Kontaktperson, snitt för riket\t97\t95\n")
    of_country.write_text(text, encoding="utf-8")
    raw = newer(raw, of_country)
    lines = [row for row in lines_of(written(raw)) if row["läge"] == "att avgöra" and "riket" in row["radens namn"]]
    assert [row["siffror"] for row in lines] == ["2"]
    taken = filled(raw, lambda row: row.update(beslut=word) if row["nyckel"] == lines[0]["nyckel"] else None)
    assert len(taken.decisions) == 2 and not taken.problems
    store_review(raw.review.with_decisions(taken.decisions), raw.folder)
    rows = settled(again(raw)).rows.filter(pl.col("row_label") == "Kontaktperson, snitt för riket")
    assert rows["state"].to_list() == [state] * 2


#: A paragraph over two lines, one that a blank line parts from it, and one with a figure of which nothing tells what it measures.
PASSAGES = (
    "\nUnder 2030 fick 23 personer ledsagning och\nytterligare 14 personer avlösning. Kontaktfamilj beviljades 8 barn.\n"
    "\nHandläggningen tog 37 dagar i snitt för LSS.\n"
)


@pytest.fixture
def told(tmp_path: Path, raw: RawReport) -> RawReport:
    document = tmp_path / "told.txt"
    document.write_text(DOCUMENT.read_text(encoding="utf-8") + PASSAGES, encoding="utf-8")
    return newer(raw, document)


def passage(raw: RawReport) -> Line:
    return next(row for row in lines_of(written(raw)) if "23" in row["tryckt"].split(" | ") and row["läge"] == "att avgöra")


def test_the_figures_of_a_paragraph_are_one_line_that_shows_how_each_was_read(told: RawReport) -> None:
    line = passage(told)
    assert (line["tryckt"], line["siffror"], line["avgör"]) == ("23 | 14 | 8", "3", "alla, var och en som den är läst")
    assert [part.split(" = ")[0] for part in line["läst som"].split(" | ")] == ["23", "14", "8"]
    assert line["läst som"].count("2030") == line["läst som"].count("utfall") == 3
    apart = [row for row in lines_of(written(told)) if row["nyckel"] in line["nyckel"].split("+")]
    assert [(row["tryckt"], row["läge"]) for row in apart] == [(text, "ingår i en rad ovan") for text in ("23", "14", "8")]


@pytest.mark.parametrize("turned", [False, True])
def test_what_is_written_of_one_figure_goes_before_what_is_of_its_passage_in_any_order(told: RawReport, turned: bool) -> None:
    key = passage(told)["nyckel"]
    rows = [row for row in lines_of(written(told)) if row["nyckel"] == key or row["tryckt"] in ("14", "8")]
    for row in rows[::-1] if turned else rows:
        row.update({"14": {"nytt år": "2029"}, "8": {"beslut": "ingen siffra"}}.get(row["tryckt"], {"beslut": "ja"}))
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0], delimiter=";")
    writer.writeheader()
    writer.writerows(rows[::-1] if turned else rows)
    found = take(out.getvalue().encode(), as_read(told).rows.to_dicts(), "A", date(2031, 1, 1), 2030)
    assert not found.problems and not found.changed
    store_review(told.review.with_decisions(found.decisions), told.folder)
    settled_now = {row["text"]: row for row in settled(again(told)).rows.iter_rows(named=True)}
    assert [settled_now[text]["state"] for text in ("23", "14", "8")] == ["told", "told", "taken_out"]
    assert [settled_now[text]["period"] for text in ("23", "14")] == ["2030", "2029"]


def test_a_figure_settled_by_itself_is_no_more_of_the_line_of_its_passage(told: RawReport) -> None:
    taken = filled(told, lambda row: row.update({"beslut": "ja", "nytt år": "2028"}) if row["tryckt"] == "14" else None)
    store_review(told.review.with_decisions(taken.decisions), told.folder)
    told = again(told)
    assert passage(told)["tryckt"] == "23 | 8"
    store_review(told.review.with_decisions(filled(told, accept_all).decisions), told.folder)
    assert {row["text"]: row["period"] for row in settled(again(told)).rows.iter_rows(named=True)}["14"] == "2028"


def test_one_value_is_not_taken_for_several_figures(told: RawReport) -> None:
    key = passage(told)["nyckel"]
    taken = filled(told, lambda row: row.update({"nytt värde": "24"}) if row["nyckel"] == key else None)
    assert "ett värde skrivs för en enda siffra" in taken.problems[0] and not taken.decisions


def test_one_answer_is_not_taken_for_figures_that_were_read_in_different_ways(told: RawReport) -> None:
    key = passage(told)["nyckel"]
    taken = filled(told, lambda row: row.update({"nytt mått": "Daglig verksamhet: personer"}) if row["nyckel"] == key else None)
    assert "mått på var och ens egen rad" in taken.problems[0] and not taken.decisions
    taken = filled(told, lambda row: row.update({"beslut": "ja", "nytt år": "2029"}) if row["nyckel"] == key else None)
    assert [one.period for one in taken.decisions] == ["2029"] * 3


def test_a_figure_of_a_sentence_stands_beside_its_sentence(told: RawReport, tmp_path: Path) -> None:
    place = tmp_path / "questions.csv"
    reviewing.review.main(
        [told.report.id, "--table", str(place), "--document", str(tmp_path / "told.txt")], standalone_mode=False
    )
    shown = {row["tryckt"]: row["mening"] for row in lines_of(place.read_bytes())}
    first = "Under 2030 fick 23 personer ledsagning och ytterligare 14 personer avlösning."
    assert shown["23"] == shown["14"] == first and shown["8"] == "Kontaktfamilj beviljades 8 barn."
    assert shown["23 | 14 | 8"] == f"{first} {shown['8']}" and not shown["3 950"]
    assert not [path for path in told.folder.iterdir() if "ledsagning och" in path.read_text(encoding="utf-8")]


TWO_OF_ONE_TIME = "\nTabell 9. Vårddygn, barn och unga\n\tUtfall 2030\tBokslut 2030\nJourhem\t4 410\t4 380\nSiS\t9 220\t9 190\n"


def test_numbers_of_a_chart_without_labels_are_asked_one_by_one(raw: RawReport) -> None:
    """Five bars that were read as one year cannot all be of it, and no answer for a column is that of each of them."""
    codes = "period:document series:words unit:row measure:label domain:label"
    bar = as_read(raw).rows.to_dicts()[0] | {
        "table": "t009",
        "group": None,
        "row_label": "",
        "column_label": "",
        "state": "waiting",
    }
    bars = [bar | {"line": n, "text": str(n), "period": "2030", "certainty": "likely", "because": codes} for n in (341, 352)]
    [asked] = Asked(bars).questions()
    assert [(part.scope, part.reads) for part in asked.parts] == [("cell", {"period": None})] * 2


def test_all_that_is_asked_of_a_table_stands_together(raw: RawReport) -> None:
    def row(table: str, line: int, weak: str, certainty: str) -> dict[str, Any]:
        codes = " ".join(f"{name}:{'default' if name in weak else 'row'}" for name in ("period", "series", "unit", "measure"))
        own = {"table": table, "line": line, "row_label": f"Rad {line}", "text": str(line), "because": codes}
        return as_read(raw).rows.to_dicts()[0] | own | {"certainty": certainty, "state": "waiting"}

    rows = [row("t1", 1, "measure", "likely"), row("t1", 2, "period series", "guess"), row("t2", 3, "period unit", "guess")]
    assert [(one.table, one.about) for one in Asked(rows).questions()] == [
        ("t1", "period"),
        ("t1", "series"),
        ("t1", "measure"),
        ("t2", "period"),
        ("t2", "unit"),
    ]


def test_columns_that_are_read_as_one_time_are_asked_for_it_and_free_each_other(tmp_path: Path, raw: RawReport) -> None:
    document = tmp_path / "two.txt"
    document.write_text(DOCUMENT.read_text(encoding="utf-8") + TWO_OF_ONE_TIME, encoding="utf-8")
    raw = newer(raw, document)
    rows = as_read(raw).rows.to_dicts()
    table_of_both = next(row["table"] for row in rows if row["text"] == "4 410")
    asked = [one for one in Asked(rows).questions() if one.table == table_of_both]
    assert [(one.about, [(part.scope, part.reads) for part in one.parts]) for one in asked] == [
        ("period", [("column", {"period": None})] * 2)
    ]
    assert "4 380 på rad" in why(asked[0].parts[0], "period", rows, "sv")
    taken = filled(raw, lambda row: row.update({"nytt år": "2029"}) if row["kolumn"] == "Bokslut 2030" else None)
    store_review(raw.review.with_decisions(taken.decisions), raw.folder)
    found = settled(again(raw)).rows.filter(pl.col("table") == table_of_both)
    assert set(found["state"]) == {"told"}
    read = found.select("text", "period", "certainty").rows()[:2]
    assert read == [("4 410", "2030", "certain"), ("4 380", "2029", "accepted")]


def rows_like(labels: dict[str, tuple[str, str]], measure: str, breakdown: str | None = None) -> list[dict[str, Any]]:
    """Readings of a table of two years, a row each with its measure's unit by default."""
    return [
        {
            **{"table": "t9", "line": line, "group": group or None, "row_label": label, "column_label": column, "kind": "table"},
            **{"text": f"{line}{column[-1]}", "state": "waiting", "certainty": "likely", "domain": "lss", "bound": None},
            **{"measure": own or measure, "breakdown": breakdown, "period": column, "series": "outturn", "unit": "count"},
            **{"because": "period:heading series:years unit:default measure:quantity", "sign": None},
        }
        for line, (label, (group, own)) in enumerate(labels.items(), start=3)
        for column in ("2029", "2030")
    ]


@pytest.mark.parametrize(
    ("labels", "unit", "measure"),
    [
        (
            {"Korttidsvistelse": ("", "lss_short_stay.count"), "Daglig verksamhet": ("", "lss_daily_activities.count")},
            "table",
            "row",
        ),
        ({"Placerade": ("", "placements.persons"), "Ärenden": ("", "placements.cases")}, "row", "row"),
        ({"Boende": ("", ""), "varav köpta": ("", "")}, "row", "row"),
        ({"Kvinnor": ("Gruppbostad", ""), "Män": ("Servicebostad", "")}, "row", "row"),
        ({"Flickor": ("", ""), "Pojkar": ("", "")}, "table", "row"),
    ],
)
def test_rows_that_differ_are_asked_row_by_row(labels: dict[str, tuple[str, str]], unit: str, measure: str) -> None:
    """One answer for a whole table is offered only where its rows count the same; a measure never for rows named otherwise."""
    asked = {one.about: one.parts for one in Asked(rows_like(labels, "lss.count")).questions()}
    assert {part.scope for part in asked["unit"]} == {unit} and len(asked["unit"]) == (1 if unit == "table" else 2)
    assert {part.scope for part in asked["measure"]} == {measure} and len(asked["measure"]) == 2


def test_rows_of_one_label_that_were_read_alike_are_one_line_and_one_answer_settles_them(tmp_path: Path, raw: RawReport) -> None:
    rows = rows_like({"a": ("", "")}, "lss.count")
    years = [
        {**row, "line": line, "row_label": "Kostnad", "column_label": None, "text": str(line)} for line, row in enumerate(rows)
    ]
    (part,) = next(one.parts for one in Asked(years).questions() if one.about == "measure")
    assert len(part.places) == 2 and part.cells == (0, 1)
    apart = Asked(years).narrower(part, "measure")
    assert [one.place["line"] for one in apart] == [0, 1] and part.key not in {one.key for one in apart}
    made = decided(part, "measure", "", {"measure": "nettokostnad"}, "A", date(2031, 1, 1), 2030, "sv")
    assert [one.place["line"] for one in made] == [0, 1] and {one.measure for one in made} == {"net_cost"}


#: Three rows whose unit nothing prints, beside their shares and a row in kronor.
SHARES = (
    "\nAvlösning och stöd enligt LSS\n\t2029\t2030\tFörändring %\nAvlösarservice\t31\t34\t9,7\nKontaktperson\t52\t49\t-5,8\n"
    "Ledsagarservice, kr\t4 100\t4 400\t7,3\n"
)


@pytest.fixture
def shares(tmp_path: Path, raw: RawReport) -> tuple[RawReport, str]:
    document = tmp_path / "shares.txt"
    document.write_text(DOCUMENT.read_text(encoding="utf-8") + SHARES, encoding="utf-8")
    raw = newer(raw, document)
    return raw, next(row["table"] for row in as_read(raw).rows.iter_rows(named=True) if row["text"] == "9,7")


def test_what_could_not_be_read_stands_last_and_nothing_is_decided_of_it(raw: RawReport, tmp_path: Path) -> None:
    edition = tmp_path / "newer.txt"
    edition.write_text(DOCUMENT.read_text(encoding="utf-8") + "\n\nEnhet 2029 2030\nA 100 200 300\nB 12 13\n", encoding="utf-8")
    raw = newer(raw, edition)
    reviewing._write(raw, None, tmp_path / "out.csv", "sv")
    made = (tmp_path / "out.csv").read_bytes()
    last = lines_of(made)[-1]
    assert (last["läge"], last["tryckt"], last["nyckel"]) == ("inte läst", "A 100 200 300", "") and "kan delas" in last["varför"]
    assert clean_report(raw)[1].filter(line=int(last["rad"]))["text"].to_list() == ["A 100 200 300"]
    text = made.decode("utf-8-sig").splitlines()
    filled_in = "\n".join([*text[:2], *text[2:-1], _decided(text)])
    [problem] = take(filled_in.encode(), as_read(raw).rows.to_dicts(), "A", date(2031, 1, 1), 2030).problems
    assert "här är inget läst som kan avgöras" in problem


def _decided(text: list[str]) -> str:
    """Return the last line of a table with a yes."""
    fields = text[-1].split(";")
    fields[text[1].split(";").index("beslut")] = "ja"
    return ";".join(fields)


def test_one_line_and_one_question_are_one_and_a_sentence_is_shown_once() -> None:
    assert _top(1, 1, "sv", "m.csv").startswith("1 rad att avgöra, lika många")
    assert _top(2, 1, "sv", "m.csv").startswith("2 rader att avgöra, 1 fråga på sidan")
    assert _sentences(["Det var 3.", "Det var 3. Sedan 4.", "Det var 3."]) == "Det var 3. Sedan 4."


def test_a_decision_settles_what_its_line_shows_and_nothing_else(shares: tuple[RawReport, str]) -> None:
    """The unit of the counts is asked; a unit and a year written there say nothing of the shares or the kronor."""
    raw, name = shares
    before = {row["text"]: row for row in settled(raw).rows.iter_rows(named=True) if row["table"] == name}
    line = next(row for row in lines_of(written(raw)) if row["tabell"] == name and row["läge"] == "att avgöra")
    shown = line["tryckt"].split(" | ")
    assert shown == ["31", "34", "52", "49"] and line["radens namn"] == "Avlösarservice | Kontaktperson"
    assert line["kolumn"] == "2029 | 2030"
    answers = {"ny enhet": "timmar", "nytt år": "2028"}
    taken = filled(raw, lambda row: row.update(answers) if row["nyckel"] == line["nyckel"] else None)
    store_review(raw.review.with_decisions(taken.decisions), raw.folder)
    after = {row["text"]: row for row in settled(again(raw)).rows.iter_rows(named=True) if row["table"] == name}
    assert {text for text, row in after.items() if row != before[text]} == set(shown)
    assert {after[text]["unit"] for text in shown} == {"hours"} and {after[text]["period"] for text in shown} == {"2028"}


@pytest.mark.parametrize(
    ("place", "unit", "changed"),
    [
        ({"column": "Förändring %"}, "percentage_points", {"9,7", "-5,8", "7,3"}),
        ({"row": "Avlösarservice"}, "hours", {"31", "34"}),
        ({"row": "Avlösarservice"}, "SEK_per_day", {"31", "34", "9,7"}),
    ],
)
def test_a_unit_of_a_row_is_not_that_of_its_shares(
    shares: tuple[RawReport, str], place: dict[str, str], unit: str, changed: set[str]
) -> None:
    raw, name = shares
    rows = [row for row in as_read(raw).rows.iter_rows(named=True) if row["table"] == name]
    line = rows[0]["line"]
    one = Decision(who="A", when=date(2031, 1, 1), table=name, first="Avlösarservice", line=line, unit=unit, **place)
    store_review(raw.review.with_decisions([one]), raw.folder)
    assert {row["text"] for row in settled(again(raw)).rows.iter_rows(named=True) if row["unit"] == unit} == changed


@pytest.mark.parametrize(
    ("answers", "refused"),
    [
        ({"nytt mått": "Familjehem: personer", "ny enhet": "tkr"}, "är i personer, inte i tusen kronor"),
        ({"nytt mått": "Vårddygn i familjehem", "ny enhet": "timmar"}, "är i vårddygn, inte i timmar"),
        ({"nytt mått": "Familjehem: personer", "ny enhet": "personer"}, ""),
        ({"ny enhet": "tkr"}, ""),
    ],
)
def test_a_unit_that_the_measure_is_not_in_is_refused_with_what_fits(
    told: RawReport, tmp_path: Path, answers: dict[str, str], refused: str
) -> None:
    rows = lines_of(written(told))
    next(row for row in rows if row["tryckt"] == "8").update(answers, beslut="ja")
    place, out = tmp_path / "filled.csv", io.StringIO()
    writer = csv.DictWriter(out, rows[0], delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    place.write_text(out.getvalue(), encoding="utf-8")
    arguments = [told.report.id, "--take", str(place), "--who", "Anna Lind"]
    if refused:
        with pytest.raises(SocialvolymError, match=refused) as error:
            reviewing.review.main(arguments, standalone_mode=False)
        assert "8: ”" in str(error.value) and "eller måttet ”Familjehem" in str(error.value)
        assert not again(told).review.decision
    else:
        reviewing.review.main(arguments, standalone_mode=False)
        row = next(row for row in settled(again(told)).rows.iter_rows(named=True) if row["text"] == "8")
        assert (
            row["certainty"] == "accepted"
            and row["unit"] in ("kSEK", "persons")
            and ("money" in row["measure"]) == (row["unit"] == "kSEK")
        )


def test_parts_of_a_table_that_are_proposed_are_one_line_and_what_must_be_written_has_its_own(raw: RawReport) -> None:
    labels = {"Gruppbostad": ("Kvinnor", ""), "Servicebostad": ("Kvinnor", ""), "Kontaktperson": ("Män", "")}
    rows = rows_like(labels, "lss.count")
    rows[2] |= {"measure": UNKNOWN}
    rows[3] |= {"measure": UNKNOWN}
    (question,) = [one for one in Asked(rows).questions() if one.about == "measure"]
    assert [part.place["row"] for part in question.together(rows)] == ["Gruppbostad", "Kontaktperson"]
    lines = lines_of(table(rows, rows, Stands([None] * len(rows)), "sv"))
    own = [row for row in lines if "mått" in row["varför"] + row["läst som"] or " = " in row["läst som"]]
    wide = next(row for row in own if "+" in row["nyckel"] and row["radens namn"] == "Gruppbostad | Kontaktperson")
    assert [part.split(" = ")[0] for part in wide["läst som"].split(" | ")] == ["Kvinnor: Gruppbostad", "Män: Kontaktperson"]
    assert [row["läge"] for row in own if row["radens namn"] == "Servicebostad" and row["avgör"] == "raden"] == ["att avgöra"]


def test_a_line_of_many_figures_can_be_parted_in_the_spreadsheet_before_and_after_it_is_settled(raw: RawReport) -> None:
    def one_row(row: Line) -> None:
        if row["tabell"] == "t004" and row["läge"] == "ingår i en rad ovan" and row["radens namn"] == "Kontaktperson":
            row["ny enhet"] = "timmar"

    taken = filled(raw, one_row)
    assert [(one.scope, one.row, one.unit) for one in taken.decisions] == [("row", "Kontaktperson", "hours")]
    store_review(raw.review.with_decisions(taken.decisions), raw.folder)
    lines = lines_of(written(again(raw)))
    own = [
        (row["radens namn"], row["avgör"], row["läge"]) for row in lines if row["tabell"] == "t004" and "enhet" in row["läst som"]
    ]
    assert ("Kontaktperson", "raden", "avgjord") in own and ("Daglig verksamhet", "raden", "ingår i en rad ovan") in own
    wide = next(row for row in lines if row["tabell"] == "t004" and row["läge"] == "att avgöra")
    assert "Daglig verksamhet" in wide["radens namn"] and "Kontaktperson" not in wide["radens namn"]
    store_review(raw.review.with_decisions(filled(again(raw), lambda row: one_row(row) or accept_all(row)).decisions), raw.folder)
    found = settled(again(raw)).rows.filter(pl.col("table") == "t004")
    units = dict(found.select("row_label", "unit").iter_rows())
    assert units["Kontaktperson"] == "hours" and units["Daglig verksamhet"] == "count" and set(found["state"]) == {"told"}


def test_the_top_says_why_there_are_more_lines_than_questions_and_when_all_is_settled(raw: RawReport) -> None:
    def top(language: Any = "sv") -> str:
        return written(raw, language).decode("utf-8-sig").splitlines()[0]

    assert "6 rader att avgöra, 4 frågor på sidan" in top() and "6 lines to settle, 4 questions" in top("en")
    store_review(raw.review.with_decisions(filled(raw, accept_all).decisions), raw.folder)
    raw = again(raw)
    assert "Allt är avgjort; nästa steg" in top()


@pytest.mark.parametrize(
    ("printed", "row", "column", "unit"),
    [("126", "Daglig verksamhet", "2030", "timmar"), ("54", "Ledsagarservice", "2029", "personer")],
)
def test_a_figure_whose_decision_no_longer_fits_waits_in_the_table_and_the_decision_is_named(
    tmp_path: Path, raw: RawReport, printed: str, row: str, column: str, unit: str
) -> None:
    def of_the_cell(line: Line) -> None:
        if (line["radens namn"], line["kolumn"], line["avgör"]) == (row, column, "siffran"):
            line["ny enhet"] = unit

    def waiting(raw: RawReport) -> list[tuple[str, str, str]]:
        lines = [line for line in lines_of(written(raw)) if line["läge"] == "att avgöra"]
        return [(line["radens namn"], line["kolumn"], line["tryckt"]) for line in lines]

    # One row of a table by itself and one figure of it, then the rest.
    row_alone = filled(raw, lambda line: line.update(beslut="ja") if line["radens namn"] == row else accept_all(line))
    store_review(raw.review.with_decisions(row_alone.decisions), raw.folder)
    raw = again(raw)
    cell = Asked(as_read(raw).rows.to_dicts()).known_parts.values()
    place = next(part.place for part, _ in cell if part.scope == "cell" and part.place["text"] == printed)
    units = {"timmar": "hours", "personer": "persons"}
    one = Decision(who="Anna Lind", when=date(2031, 2, 3), **place, unit=units[unit])
    store_review(raw.review.with_decisions([one]), raw.folder)
    assert waiting(again(raw)) == []
    edition = tmp_path / "newer.txt"
    edition.write_text(DOCUMENT.read_text(encoding="utf-8").replace(f"\t{printed}", "\t777"), encoding="utf-8")
    raw = newer(raw, edition)
    assert waiting(raw) == [(row, column, "777")]
    reviewing._write(raw, None, tmp_path / "out.csv", "sv")
    top = (tmp_path / "out.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    assert "Allt är avgjort" not in top and "1 rad att avgöra" in top and "Används inte längre" in top and printed in top
    taken = filled(raw, of_the_cell)
    store_review(raw.review.with_decisions(taken.decisions), raw.folder)
    found = settled(again(raw))
    assert waiting(again(raw)) == [] and found.misfits == [] and set(found.rows["state"]) == {"told"}


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_line_says_what_its_figures_measure_which_an_answer_accepts_as_well(raw: RawReport, language: Any) -> None:
    heading, rows = words(language)["heading"], as_read(raw).rows.to_dicts()
    titles = {one["measure"]: one["title"] for one in search("", language)}
    lines = lines_of(written(raw, language), ";" if language == "sv" else ",")
    for line in lines:
        named = [
            row
            for row in rows
            if row["table"] and str(row["line"]) == line[heading["line"]] and row["text"] == line[heading["printed"]]
        ]
        asks_measure = words(language)["about"]["measure"] + ":" in line[heading["reads"]]
        for row in named:
            if not asks_measure and row["measure"] in titles:
                assert titles[row["measure"]] in line[heading["of"]]
    wide = [
        line for line in lines if line[heading["state"]] == words(language)["state"]["open"] and int(line[heading["figures"]]) > 2
    ]
    assert wide and all(line[heading["of"]] for line in wide)


def test_a_decision_of_one_figure_does_not_go_over_to_another_number(tmp_path: Path, raw: RawReport) -> None:
    """A column of which one figure waits: what is decided is of that figure."""
    document = tmp_path / "one.txt"
    text = "\nPersonal\n \tUtfall 2030\tMål\nAnställda\t41\t44\n"
    document.write_text(DOCUMENT.read_text(encoding="utf-8") + text, encoding="utf-8")
    raw = newer(raw, document)
    lone = [
        part for one in Asked(as_read(raw).rows.to_dicts()).questions() if one.table for part in one.parts if len(part.cells) == 1
    ]
    assert lone and {part.scope for part in lone} == {"cell"}


def test_a_reading_that_cannot_be_accepted_is_shown_with_what_was_read(raw: RawReport) -> None:
    lines = lines_of(written(raw))
    reads = {row["kolumn"]: (row["läst som"], row["varför"]) for row in lines if row["tabell"] == "t003"}
    assert reads["Utfall"][0] == "år eller tid: ? (läst: 2030)" and "läst likadant" in reads["Utfall"][1]


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_new_measure_of_the_listed_words_can_be_written_as_it_is_composed(language: Any) -> None:
    parts = measure_parts(language)
    for number, activity in enumerate(parts["activity"]):
        said = {name: them[number % len(them)] for name, them in parts.items()} | {
            "activity": activity,
            "words": "i egna_ord, två",
        }
        made = composed(said, language)
        assert read_answer("measure", made["title"], 2030, language) == made["measure"], said
    with pytest.raises(SocialvolymError, match="välj verksamhet"):
        composed({"activity": "Familjehem"}, "sv")
    told = measures(language).decode("utf-8-sig")
    assert parts["activity"][0] in told and parts["time"][-1] in told and len(told.splitlines()) > 400


def test_a_measure_that_is_none_names_what_is_near_in_words_and_how_a_new_one_is_written() -> None:
    with pytest.raises(SocialvolymError, match="ett nytt skrivs") as told:
        read_answer("measure", "Bilar per anställd", 2030, "sv")
    assert "Total sjukfrånvaro" not in str(told.value)


def test_a_unit_that_is_put_right_takes_the_measure_along_in_a_sentence_as_well(raw: RawReport) -> None:
    rows = rows_like({"a": ("", "sis.money")}, "lss.count")
    part = Asked([{**rows[0], "unit": "kSEK", "table": None, "kind": "text"}]).single(0)
    (made,) = decided(part, "sentence", "ja", {"unit": "vårddygn"}, "A", date(2031, 1, 1), 2030, "sv")
    assert (made.unit, made.measure) == ("care_days", "sis.care_days")
    (made,) = decided(part, "sentence", "ja", {"unit": "vårddygn", "measure": "nettokostnad"}, "A", date(2031, 1, 1), 2030, "sv")
    assert made.measure == "net_cost"


def test_every_code_of_what_a_reading_rests_on_has_words_in_both_languages(raw: RawReport) -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(Path(extraction.__path__[0]).rglob("*.py")))
    codes = set(re.findall(r'"(?:period|series|unit|measure|domain|whose):(\w+)"', text)) | {*TELLING_WHOM, *FAR}
    codes |= {REVIEWED, ALONE, REPEATED, TWICE, ELSEWHERE, NAMED}
    codes |= {code.split(":")[1] for row in as_read(raw).rows["because"] for code in row.split()}
    for language in ("sv", "en"):
        assert codes - set(words(language)["source"]) == set()


#: Figures that others have taken the place of, as the words before or behind them say, and the figures that hold.
REPLACED = (
    "\nUnder 2030 hade 31 personer ledsagarservice (tidigare angivet 34).\n"
    "\nI årsredovisningen för 2029 angavs 58 personer med avlösarservice.\n"
)


@pytest.mark.parametrize(
    ("word", "states"),
    [("ja", ["taken_out"] * 2), ("ersatt", ["taken_out"] * 2), ("gäller", ["told"] * 2), ("bort", ["taken_out"] * 2)],
)
def test_yes_to_figures_that_others_have_replaced_takes_them_out(
    raw: RawReport, tmp_path: Path, word: str, states: list[str]
) -> None:
    document = tmp_path / "replaced.txt"
    document.write_text(DOCUMENT.read_text(encoding="utf-8") + REPLACED, encoding="utf-8")
    raw = newer(raw, document)
    lines = [row for row in lines_of(written(raw)) if row["läge"] == "att avgöra" and "ersatt" in row["varför"]]
    assert [row["tryckt"] for row in lines] == ["34 | 58"]
    taken = filled(raw, lambda row: row.update(beslut=word) if row["nyckel"] == lines[0]["nyckel"] else None)
    assert not taken.problems
    store_review(raw.review.with_decisions(taken.decisions), raw.folder)
    rows = settled(again(raw)).rows
    assert rows.filter(pl.col("text").is_in(["34", "58"]))["state"].to_list() == states
    # The figure that holds is asked by itself.
    assert rows.filter(pl.col("text") == "31", pl.col("table").is_null())["state"].to_list() == ["waiting"]


def test_any_figure_can_be_said_to_be_replaced(raw: RawReport) -> None:
    taken = filled(
        raw, lambda row: row.update(beslut="ersatt siffra") if row["läge"] == "säker" and row["tryckt"] == "431" else None
    )
    assert [one.verdict for one in taken.decisions] == ["replaced"] and not taken.problems
    store_review(raw.review.with_decisions(taken.decisions), raw.folder)
    row = settled(again(raw)).rows.filter(pl.col("text") == "431").row(0, named=True)
    assert (row["state"], row["reason"]) == ("taken_out", f"replaced by another figure, says {row['who']}")


def test_a_figure_that_holds_after_all_has_what_is_written_of_it_only_with_that_word(raw: RawReport, tmp_path: Path) -> None:
    document = tmp_path / "replaced.txt"
    document.write_text(DOCUMENT.read_text(encoding="utf-8") + REPLACED.splitlines()[1] + "\n", encoding="utf-8")
    raw = newer(raw, document)

    def answer(row: Line, word: str) -> None:
        if row["läge"] == "att avgöra" and row["tryckt"] == "34":
            row.update({"beslut": word, "nytt år": "2029"})

    assert "gäller" in filled(raw, lambda row: answer(row, "ja")).problems[0]
    kept = filled(raw, lambda row: answer(row, "gäller"))
    assert [(one.verdict, one.period) for one in kept.decisions] == [("figure", "2029")] and not kept.problems


def test_a_settled_line_shows_what_was_decided(raw: RawReport) -> None:
    def fill(row: Line) -> None:
        if row["läge"] == "att avgöra" and row["tabell"] == "t002":
            row.update({"nytt år": "2028"})
        elif row["läge"] == "att avgöra" and row["tabell"] == "t004":
            row.update({"ny enhet": "personer"})
        elif row["läge"] == "säker" and row["tryckt"] == "431":
            row.update({"nytt värde": "430,5", "ny uppdelning": "unga"})
        elif row["läge"] == "säker" and row["tryckt"] == "541":
            row.update({"beslut": "ersatt"})

    taken = filled(raw, fill)
    assert not taken.problems
    before = {row["nyckel"]: row for row in lines_of(written(raw))}
    store_review(raw.review.with_decisions(taken.decisions), raw.folder)
    after = {row["nyckel"]: row for row in lines_of(written(again(raw)))}
    changed = {row["tryckt"]: row for key, row in after.items() if row["läst som"] != before[key]["läst som"]}
    assert "år eller tid: 2028" in next(row["läst som"] for row in changed.values() if row["tabell"] == "t002")
    unit = next(row for row in changed.values() if row["tabell"] == "t004")
    assert "enhet: personer" in unit["läst som"] and unit["säkerhet"] == "godtagen"
    assert "uppdelning: unga, värde: 430,5" in changed["431"]["läst som"]
    assert changed["541"]["läst som"] == words("sv")["page"]["replaced"]


def test_a_figures_part_stands_beside_its_measure_and_can_be_written_and_cleared(raw: RawReport, tmp_path: Path) -> None:
    document = tmp_path / "parts.txt"
    table = "Sjukfrånvaro, procent\n\t2029\t2030\nFunktionsstöd\t8,1\t7,9\nFamiljeomsorg\t7,4\t7,1\n"
    document.write_text(f"{DOCUMENT.read_text(encoding='utf-8')}\n{table}", encoding="utf-8")
    raw = newer(raw, document)
    line = next(row for row in lines_of(written(raw)) if row["tryckt"] == "7,9" and row["läge"] == "säker")
    assert line["läst som"].endswith("uppdelning: Funktionsstöd")
    for word, part in (("-", None), ("hela", None), ("Funktionsstöd, myndighet", "Funktionsstöd, myndighet")):
        taken = filled(
            raw, lambda row, word=word: row.update({"ny uppdelning": word}) if row["nyckel"] == line["nyckel"] else None
        )
        store_review(raw.review.with_decisions(taken.decisions), raw.folder)
        rows = settled(again(raw)).rows
        assert rows.filter(pl.col("text") == "7,9")["breakdown"].to_list() == [part]
        (raw.folder / "review.toml").unlink()


def test_a_line_says_on_which_sheet_and_row_its_figures_stand(raw: RawReport, tmp_path: Path) -> None:
    place = tmp_path / "sheets.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["Årsredovisning 2030"])
    for title, row in (("LSS", "Kontaktperson"), ("Placeringar", "Placerade barn")):
        sheet = book.create_sheet(title)
        for at, values in ((4, ("Antal", 2029, 2030)), (6, (row, 31, 33)), (7, ("Därav nya", 3, 5))):
            for column, value in enumerate(values, start=1):
                sheet.cell(at, column, value)
    book.save(place)
    raw = newer(raw, place)
    target = tmp_path / "questions.csv"
    reviewing._write(raw, place, target, "sv")
    lines = lines_of(target.read_bytes())
    assert {(row["blad eller rubrik"], row["rad"], row["tryckt"]) for row in lines if row["tryckt"] in ("31", "5")} == {
        ("LSS", "6", "31"),
        ("LSS", "7", "5"),
        ("Placeringar", "6", "31"),
        ("Placeringar", "7", "5"),
    }


def test_without_sheets_a_line_says_the_heading_above_its_figures(raw: RawReport, tmp_path: Path) -> None:
    target = tmp_path / "questions.csv"
    reviewing._write(raw, DOCUMENT, target, "sv")
    for line in lines_of(target.read_bytes()):
        above = DOCUMENT.read_text(encoding="utf-8").splitlines()[: int(line["rad"]) - 1]
        assert line["blad eller rubrik"] and any(line["blad eller rubrik"] in text for text in above)
    reviewing._write(raw, None, target, "sv")
    assert {line["blad eller rubrik"] for line in lines_of(target.read_bytes())} == {""}


@pytest.mark.parametrize("language", ["sv", "en"])
def test_measures_composed_in_the_document_can_be_chosen_as_they_are_listed(raw: RawReport, language: Any) -> None:
    read = as_read(raw).rows.to_dicts()
    kind, title = (words(language)["measures"][name] for name in ("kind", "title"))
    listed = list(
        csv.DictReader(io.StringIO(measures(language, read).decode("utf-8-sig")), delimiter=";" if language == "sv" else ",")
    )
    own = [row[title] for row in listed if row[kind] == words(language)["measures"]["own"]]
    found = {str(read_answer("measure", name, 2030, language)) for name in own}
    assert found and found == {row["measure"] for row in read} - {str(one["measure"]) for one in search("", language)} - {
        UNKNOWN,
        None,
    }
