"""The page of an added report: what waits, and which rows have no measure."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import pytest
from example_report import DOCUMENT, add
from socialvolym.extraction.cells import table_rows
from socialvolym.extraction.readings import accounting
from socialvolym.extraction.readings.accounting import COMMENT, LEFT_OVER
from socialvolym.notation.numbers import no_number
from socialvolym.observations import meanings, readings
from socialvolym.reports.answers import reason_in_words
from socialvolym.site.review_page import Review


def test_composed_measures_are_known_and_rows_without_one_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOCIALVOLYM_HOME", str(tmp_path))
    raw = add()
    readings = raw.folder / "readings.csv"
    unknown = readings.read_text(encoding="utf-8").replace("contact_person_lss.measures", "unknown")
    readings.write_text(unknown, encoding="utf-8")
    told = str(Review(raw.report.id, "sv").problems())
    assert "<li>Kontaktperson</li>" in told and "<li>Antal hushåll" not in told and "<li>Antal barn i HVB</li>" not in told
    opening = str(Review(raw.report.id, "sv").opening())
    assert "35 siffror är lästa" in opening and "15 av dem (43\u00a0procent)" in opening
    assert "socialvolym review haninge-2030" in told and "layout.toml" not in told


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (no_number("7 eller 8"), "”7 eller 8” är inget tal"),
        (LEFT_OVER, "i ingen tabell och ingen mening som förstås"),
        (COMMENT, "en kommentar i tabellen; talen i den är inte lästa"),
        ("3 to 5 cells for 4 columns", "fel antal celler (3 to 5) för 4 kolumner"),
        (
            "waits for review: period:document unit:default",
            "väntar på beslut: år eller tid: bara dokumentets eget år; enhet: står inte utskrivet, det vanliga är antaget",
        ),
        ("waits for review: kind:text", "väntar på beslut: siffror i löpande text är aldrig säkra"),
        ("cannot be read, says Anna Lind", "går inte att läsa, enligt Anna Lind"),
    ],
)
def test_why_something_is_not_told_is_said_in_the_pages_language(reason: str, told: str) -> None:
    assert reason_in_words(reason, "sv") == told
    assert reason_in_words("something new", "sv") == "something new"


@pytest.mark.parametrize("module", [accounting, readings, meanings, table_rows])
def test_every_reason_that_the_code_gives_has_words(module: ModuleType) -> None:
    """A sentence in the code that another one is made of would be shown in English."""
    source = Path(module.__file__ or "").read_text(encoding="utf-8")
    given = re.findall(
        r'(?:^[A-Z_]+ = f?|UnreadError\(f?|(?:_out|outside|waiting)", f?|group, f)"([^"\n]*[a-z]{2} [a-z][^"\n]*)"', source, re.M
    )
    assert given and not [
        one for one in given if reason_in_words(re.sub(r"\{.*?\}", "7", one), "sv") == re.sub(r"\{.*?\}", "7", one)
    ]


def test_a_comment_in_a_cell_is_called_one_and_codes_and_units_are_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOCIALVOLYM_HOME", str(tmp_path))
    document = tmp_path / "comment.txt"
    text = DOCUMENT.read_text(encoding="utf-8").replace(
        "Antal barn i HVB\t12\t9\t10", "Antal barn i HVB\t12\t9\tnya platser finns från den 3 maj"
    )
    document.write_text(text, encoding="utf-8")
    told = str(Review(add(document).report.id, "sv").problems())
    assert "en kommentar i tabellen" in told and "is not a number" not in told and "waits for review" not in told
    assert "period:" not in told and "år eller tid: " in told
