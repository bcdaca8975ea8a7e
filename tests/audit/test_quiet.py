"""What the audit says nothing of: made-up texts (quiet_texts.toml), each near something that a rule finds, and right."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from socialvolym.audit import verdicts
from socialvolym.commands.check import check_document

#: What makes each text one of social services.
OPENING = "Socialnämnden i Granvika. Nämnden har ett uppdrag."
TEXTS = tomllib.loads(Path(__file__).with_name("quiet_texts.toml").read_text(encoding="utf-8"))["text"]


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text["name"])
def test_what_is_right_is_not_found(text: dict[str, str], tmp_path: Path) -> None:
    assert text["rule"] in verdicts.rules()
    file = tmp_path / "document.txt"
    file.write_text(f"{OPENING}\n\n{text['lines']}\nAntalet var 12.\n", encoding="utf-8")
    assert text["rule"] not in set(check_document(file)["rule"])
