"""Running a notebook: parameters stay what they are, and a failure says where it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from running_sample import write_notebook
from socialvolym.errors import SocialvolymError
from socialvolym.observations.parameters import check_values
from socialvolym.workflow import notebooks

PARAMETERS = 'code: str = "0117"\ncodes: list[str] = []\nyear: int | None = None\ndeep: bool = False'


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOCIALVOLYM_HOME", str(tmp_path))
    return tmp_path


def test_a_code_stays_text(home: Path) -> None:
    write_notebook(home / "notebooks" / "n.ipynb", "code, codes, year", parameters=PARAMETERS)
    executed = notebooks.execute("n", {"code": "0136", "codes": ["0099", "1489"], "year": None}, home / "out.ipynb")
    assert executed.cells[-1].outputs[0]["data"]["text/plain"] == "('0136', ['0099', '1489'], None)"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"municipality": "0136"}, "has no parameter municipality"),
        ({"code": 136}, "code is 136"),
        ({"codes": "0136"}, "a list of texts"),
        ({"codes": [136]}, "a list of texts"),
        ({"deep": 1}, "deep is 1"),
    ],
)
def test_parameters_are_checked_by_name_and_kind(home: Path, given: dict[str, Any], message: str) -> None:
    write_notebook(home / "notebooks" / "n.ipynb", "1", parameters=PARAMETERS)
    with pytest.raises(SocialvolymError, match=message):
        check_values(home / "notebooks" / "n.ipynb", given)


@pytest.mark.parametrize("given", [{}, {"code": "0136"}, {"codes": []}, {"codes": ["0136"]}, {"year": 2020}, {"year": None}])
def test_good_parameters_pass(home: Path, given: dict[str, Any]) -> None:
    write_notebook(home / "notebooks" / "n.ipynb", "1", parameters=PARAMETERS)
    check_values(home / "notebooks" / "n.ipynb", given)


def test_a_notebook_that_is_not_there_is_named(home: Path) -> None:
    with pytest.raises(SocialvolymError, match=r"absent\.ipynb: there is no such notebook"):
        check_values(home / "absent.ipynb", {})


def test_a_failure_names_cell_heading_and_message_and_keeps_the_notebook(home: Path) -> None:
    write_notebook(home / "notebooks" / "n.ipynb", "1", "raise ValueError('first\\nsecond')", parameters=PARAMETERS)
    with pytest.raises(SocialvolymError, match=r"notebook n, cell 4 \(Sums\): ValueError: first second$"):
        notebooks.execute("n", {"code": "0136"}, home / "out.ipynb")
    kept = nbformat.read(home / "out.ipynb", as_version=4)
    assert any(output.output_type == "error" for cell in kept.cells if cell.cell_type == "code" for output in cell.outputs)


def test_an_error_for_people_is_told_without_its_class(home: Path) -> None:
    raising = "from socialvolym.errors import SocialvolymError\nraise SocialvolymError('mend it')"
    write_notebook(home / "notebooks" / "n.ipynb", raising)
    with pytest.raises(SocialvolymError, match=r"cell 2 \(Sums\): mend it$"):
        notebooks.execute("n", {}, home / "out.ipynb")


def test_a_notebook_that_a_program_made_runs_without_naming_its_kernel(home: Path) -> None:
    write_notebook(home / "notebooks" / "n.ipynb", "6 * 7")
    made = nbformat.read(home / "notebooks" / "n.ipynb", as_version=4)
    made.metadata.clear()
    nbformat.write(made, home / "notebooks" / "n.ipynb")
    assert notebooks.execute("n", {}, home / "out.ipynb").cells[-1].outputs[0]["data"]["text/plain"] == "42"


def test_what_cannot_be_shown_is_a_failure_that_says_why(home: Path) -> None:
    chart = (
        "import altair as alt, polars as pl\nalt.Chart(pl.DataFrame({'a': [1]}), title='T').mark_bar().encode(x='absent:Q', y=5)"
    )
    write_notebook(home / "notebooks" / "n.ipynb", "1", chart, "2")
    with pytest.raises(SocialvolymError, match=r"cell 3 \(Sums\): \w+: "):
        notebooks.execute("n", {}, home / "out.ipynb")


def test_outputs_of_one_notebook_are_not_in_the_next_of_the_same_process(home: Path) -> None:
    for cell, shown in (("'first'", "'first'"), ("'second'", "'second'")):
        write_notebook(home / "notebooks" / "n.ipynb", cell)
        (output,) = notebooks.execute("n", {}, home / "out.ipynb").cells[-1].outputs
        assert output["data"]["text/plain"] == shown


def test_an_earlier_executed_notebook_is_replaced_as_a_whole(home: Path) -> None:
    (home / "out.ipynb").write_text("earlier")
    write_notebook(home / "notebooks" / "n.ipynb", "1")
    notebooks.execute("n", {}, home / "out.ipynb")
    assert [path.name for path in home.iterdir() if path.name.startswith(".")] == []
    assert nbformat.read(home / "out.ipynb", as_version=4).cells


@pytest.mark.parametrize(("words", "told"), [(2, r"ValueError: a b x x"), (600, r"ValueError: a b (x ){1,300}x…")])
def test_a_failure_is_told_in_one_line(home: Path, words: int, told: str) -> None:
    write_notebook(home / "notebooks" / "n.ipynb", f"raise ValueError('a\\n b' + ' x' * {words})")
    with pytest.raises(SocialvolymError, match=rf"^notebook n, cell 2 \(Sums\): {told}$"):
        notebooks.execute("n", {}, home / "out.ipynb")


def test_a_run_leaves_out_what_is_for_a_person_who_works_in_the_notebook(home: Path) -> None:
    place = home / "notebooks" / "n.ipynb"
    write_notebook(place, "1", "raise ValueError", "3")
    notebook = nbformat.read(place, as_version=4)
    [note] = [cell for cell in notebook.cells if cell.source == "raise ValueError"]
    note.metadata.tags = ["note"]
    nbformat.write(notebook, place)
    assert notebooks.execute("n", {}, home / "out.ipynb").cells[-1].outputs[0]["data"]["text/plain"] == "3"
