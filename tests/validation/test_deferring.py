"""Deferred imports: not made until they are wanted, and then the module itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

USING = """
import sys
from socialvolym.validation.deferring import deferred
with deferred("wanted_late", "json"):
    import using
assert "wanted_late" not in sys.modules and using.json is sys.modules["json"], "imported, or what was there is another"
{use}
import wanted_late
assert wanted_late.__file__ and wanted_late.answer == 42
"""


@pytest.mark.parametrize(
    "use",
    ["", "assert using.wanted_late.answer == 42", "assert using.told() == 42"],
    ids=["never used", "asked for something", "used by a function"],
)
def test_a_deferred_module_is_imported_when_it_is_asked_for_something(tmp_path: Path, use: str) -> None:
    (tmp_path / "wanted_late.py").write_text("answer = 42\n", encoding="utf-8")
    told = "import json\nimport wanted_late\ndef told():\n    return wanted_late.answer\n"
    (tmp_path / "using.py").write_text(told, encoding="utf-8")
    (tmp_path / "script.py").write_text("import json\n" + USING.format(use=use), encoding="utf-8")
    subprocess.run([sys.executable, str(tmp_path / "script.py")], check=True)


def test_a_module_that_is_used_at_once_is_imported_at_once(tmp_path: Path) -> None:
    (tmp_path / "wanted.py").write_text("answer = 42\n", encoding="utf-8")
    (tmp_path / "using.py").write_text("from wanted import answer\nimport wanted\n", encoding="utf-8")
    script = "from socialvolym.validation.deferring import deferred\nwith deferred('wanted'):\n    import using\n"
    script += "assert using.answer == 42\n"
    (tmp_path / "script.py").write_text(script + "assert using.wanted.__file__\n", encoding="utf-8")
    subprocess.run([sys.executable, str(tmp_path / "script.py")], check=True)


def test_validating_imports_neither_charts_nor_statistics() -> None:
    script = (
        "import sys, socialvolym.validation.suites\n"
        "assert not {'altair.vegalite', 'scipy.stats._stats_py'} & set(sys.modules)\n"
        "import altair, scipy.stats\n"
        "from great_expectations.expectations.core import expect_column_kl_divergence_to_be_less_than as rare\n"
        "assert rare.stats.entropy is scipy.stats.entropy and rare.alt.Chart is altair.Chart\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
