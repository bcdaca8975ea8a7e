"""The page of an added report: what waits, and which rows have no measure."""

from __future__ import annotations

from pathlib import Path

import pytest
from example_report import add
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
    assert "35 siffror är lästa" in opening and "15 av dem (43 procent)" in opening
    assert "socialvolym review haninge-2030" in told and "layout.toml" not in told
