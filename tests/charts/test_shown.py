"""What a cell of a page's notebook ends with: a frame is a table of the page, a chart its figure or picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import altair as alt
import nbformat
import polars as pl
import pytest
from running_sample import write_notebook
from socialvolym.charts import forms, shown
from socialvolym.errors import SocialvolymError
from socialvolym.workflow import notebooks

ROWS = pl.DataFrame({"year": [2021, 2022], "value": [1200.5, None], "note": ["<b>", None], "observation_id": ["r:1:1", "r:2:1"]})


def test_a_frame_is_a_table_with_sources_and_files() -> None:
    told = shown.frame(ROWS, "sv")
    assert '<th scope="row">2021</th>' in told and "&lt;b&gt;" in told
    assert 'data-obs="r:1:1">1 200,5</a>' in told.replace("\u00a0", " ") and "observation_id" not in told.split("</table>")[0]
    assert told.count("<a download=") == 2 and 'class="tablebox"' in told and told.table is ROWS


@pytest.mark.parametrize(("rows", "cut"), [(shown.MOST, False), (shown.MOST + 1, True)])
def test_a_long_frame_is_cut_and_says_so(rows: int, cut: bool) -> None:
    told = shown.frame(pl.DataFrame({"a": range(rows), "b": [["x", "y"]] * rows}), "en")
    assert (f"The first {shown.MOST} of {rows} rows." in told, told.count("<tr>")) == (cut, shown.MOST + 1)
    assert "<td>x, y</td>" in told


def test_a_frame_without_columns_is_nothing() -> None:
    assert shown.frame(pl.DataFrame(), "en") == ""


def chart(**given: Any) -> alt.Chart:
    return alt.Chart(ROWS.drop("observation_id"), **given).mark_bar().encode(x="year:O", y="value:Q")


@pytest.mark.parametrize(
    ("title", "figure"), [("Per <1 000>", True), (alt.TitleParams(["Per", "child"]), True), (alt.Undefined, False)]
)
def test_a_chart_with_a_title_and_a_frame_is_a_figure(title: Any, figure: bool) -> None:
    told = shown.chart(chart(title=title), "en")
    assert told.count("<svg") == 1 and ("<figcaption>" in told, "<table" in told) == (figure, figure)
    assert "Per <1" not in told and told.chart is not None
    if not figure:
        assert 'aria-label="value, year"' in told


@pytest.mark.parametrize(("width", "wide"), [(200, False), (500, True)])
def test_a_wide_chart_has_its_width(width: int, wide: bool) -> None:
    assert ('class="chart wide"' in shown.chart(chart(width=width, title="T"), "en")) == wide


def test_a_chart_of_the_project_keeps_its_notes() -> None:
    points = pl.DataFrame({"period": ["2021", "2022"], "value": [1.0, 2.0]})
    told = shown.chart(forms.lines(points, language="en", breaks=[forms.Break("2022", "new system")]), "en")
    assert "<svg" in told and "new system" in told


def test_a_run_shows_frames_and_charts_in_the_language_of_the_page(home: Path) -> None:
    """The classes are named in the engine as their packages name them."""
    making = "import altair as alt\nimport polars as pl\nframe = pl.DataFrame({'a': [1.5]})"
    cells = (making, "frame", "alt.Chart(frame, title='T').mark_bar().encode(x='a:Q')")
    write_notebook(home / "notebooks" / "n.ipynb", *cells, parameters='language: str = "en"')
    executed = notebooks.execute("n", {"language": "sv"}, home / "out.ipynb")
    table, figure = (cell.outputs[0]["data"]["text/html"] for cell in executed.cells[-2:])
    assert "1,5" in table and "shape" not in table and '<figure class="chart"' in figure and "Spara" in figure


def test_a_name_of_a_cell_that_is_not_run_is_explained(home: Path) -> None:
    place = home / "notebooks" / "n.ipynb"
    write_notebook(place, "rates = 1", "rates + 1")
    notebook = nbformat.read(place, as_version=4)  # type: ignore[no-untyped-call]
    notebook.cells[1].metadata.tags = ["note"]
    nbformat.write(notebook, place)  # type: ignore[no-untyped-call]
    with pytest.raises(SocialvolymError, match=r"name 'rates' is not defined \(it is set in cell 2, which is tagged note"):
        notebooks.execute("n", {}, home / "out.ipynb")
    write_notebook(place, "other + 1")
    with pytest.raises(SocialvolymError, match=r"name 'other' is not defined$"):
        notebooks.execute("n", {}, home / "out.ipynb")
