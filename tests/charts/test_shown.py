"""What a cell of a page's notebook ends with: a frame is a table of the page, a chart its figure or picture."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import altair as alt
import nbformat
import polars as pl
import pytest
from IPython.core.interactiveshell import InteractiveShell
from running_sample import write_notebook
from socialvolym.charts import altair_theme, forms, notebook_display, shown
from socialvolym.charts.figure import unit_in_words
from socialvolym.charts.markup import Html, paragraph, section
from socialvolym.errors import SocialvolymError
from socialvolym.observations import store
from socialvolym.workflow import notebooks
from traitlets.config import Config

ROWS = pl.DataFrame({"year": [2021, 2022], "value": [1200.5, None], "note": ["<b>", None], "observation_id": ["r:1:1", "r:2:1"]})


def test_a_frame_is_a_table_with_sources_and_files() -> None:
    told = shown.frame(ROWS, "sv")
    assert '<th scope="row">2021</th>' in told and "&lt;b&gt;" in told
    assert 'data-obs="r:1:1">1 200,5</a>' in told.replace("\u00a0", " ") and "observation_id" not in told.split("</table>")[0]
    assert told.count("<a download=") == 2 and 'class="tablebox"' in told and told.table is ROWS


def test_units_of_a_frame_are_told_in_words_and_saved_as_they_are() -> None:
    rates = pl.DataFrame({"unit": ["per_1000_inhabitants_0_64", "per school", None], "value": [1.0, 2.0, 3.0]})
    told = shown.frame(rates, "sv")
    assert "per 1 000 invånare 0–64 år" in told.replace("\u00a0", " ") and "per school" in told
    assert "per_1000_inhabitants_0_64</" not in told and told.table is rates


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


POINTS = pl.DataFrame(
    {
        "title": ["Placements", "Placements", "Days", "Days"],
        "municipality": ["Haninge", "Huddinge"] * 2,
        "period": ["2021", "2021", "2022", "2022"],
        "value": [1.0, 2.0, 3.0, 4.0],
        "unit": ["persons"] * 4,
        "observation_id": ["r-2022:7:1", "r-2022:9:1", "r-2022:7:2", "s-2022:4:1"],
    }
)


def line(frame: pl.DataFrame = POINTS, **given: Any) -> alt.Chart:
    return alt.Chart(frame, **given).mark_line().encode(x="period:O", y="value:Q", color="municipality:N")


@pytest.mark.parametrize(("language", "unit", "axis"), [("en", "people", "period"), ("sv", "personer", "period")])
def test_a_figure_of_ones_own_names_its_unit_its_source_and_its_series(language: Any, unit: str, axis: str) -> None:
    told = shown.chart(line(title="T"), language)
    assert f"<small>{unit}</small>" in told and f">{unit}</text>" in told and f">{axis}</text>" in told and ">value<" not in told
    source = re.findall(r'<p class="source">(.*?)</p>', told)[0]
    assert 'data-obs="r-2022:7:1 r-2022:9:1 r-2022:7:2">r-2022, ' in source and "7, 9</a>" in source
    heads = re.findall(r"<th scope=.row.>(.*?)</th>|<th[^>]*>(.*?)</th>", told)
    assert any("Placements, Haninge" in row or "Placements, Haninge" in head for row, head in heads)


REAL = {"price_year": 2022, "price_index": "cpi", "price_source": "a <table>", "price_quality": [None, None, "provisional", None]}


def test_a_chart_of_money_in_real_terms_says_of_which_year_by_which_index_and_from_where() -> None:
    frame = POINTS.with_columns(unit=pl.lit("kSEK")).with_columns(
        pl.Series(name, [value] * 4 if name != "price_quality" else value) for name, value in REAL.items()
    )
    told = shown.chart(line(frame, title="T"), "en")
    assert (
        "in the prices of 2022, by the consumer price index (KPI). The index is provisional for one of the two years of: 2022."
        in told
    )
    assert "Source: a &lt;table&gt;." in told
    own = frame.with_columns(
        price_index=pl.lit("own"), price_source=pl.lit(None, pl.String), price_quality=pl.lit(None, pl.String)
    )
    assert "i 2022 års priser, efter ett eget index. Källa: angivna med analysen." in shown.chart(line(own, title="T"), "sv")
    derived = POINTS.with_columns(kind=pl.lit("real"), base=pl.lit("2023 PKV"), base_source=pl.lit("SKR"), unit=pl.lit("kSEK"))
    told = shown.chart(line(derived, title="T"), "sv")
    assert "i 2023 års priser, efter prisindex för kommunal verksamhet (PKV). Källa: SKR." in told and "delat med" not in told


def test_a_chart_of_rates_says_whose_the_denominators_are_and_how_they_are_known() -> None:
    rates = POINTS.with_columns(
        unit=pl.lit("per_1000_inhabitants"),
        base=pl.Series([10.0, 20.0] * 2),
        base_source=pl.lit("S"),
        base_quality=pl.lit("secondary"),
    )
    told = shown.chart(line(rates, title="T"), "en")
    assert "divided by Haninge: 10 (2021, from a secondary source), 10 (2022, from a secondary source). Source: S." in told
    assert "divided by Huddinge: 20 (2021, from a secondary source)" in told
    one = rates.filter(municipality="Haninge").with_columns(base_quality=pl.lit("published"), kind=pl.lit("table"))
    assert "delat med 10 (2021), 10 (2022). Källa: S." in shown.chart(line(one, title="T"), "sv")


def test_a_section_shows_charts_and_frames_as_a_cell_that_ends_with_them_does() -> None:
    told = section("Mine", paragraph("Words"), line(title="T"), ROWS)
    assert "<h2>Mine</h2><p>Words</p>" in told and "<figcaption>T <small>people</small>" in told and "alt.Chart" not in told
    assert 'data-obs="r:1:1"' in told and told.chart is not None
    assert told.table is POINTS
    assert section("Mine", None, "", ROWS).table is ROWS and section("Mine", 3, "four") != ""


@pytest.mark.parametrize("part", [["a", "b"], {"a": 1}, object(), lambda: 1])
def test_a_section_stops_at_what_a_page_cannot_show(part: Any) -> None:
    with pytest.raises(
        SocialvolymError, match=f"is a {type(part).__name__}, of which a page shows nothing; give it a text, an altair"
    ):
        section("Mine", part)


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ({}, True),
        ({"observation_id": "x:1:1 r-2022:9:1"}, True),
        ({"observation_id": "r-2022:99:1"}, False),
        ({"observation_id": None}, False),
        ({"severity": "warning"}, False),
        ({"rule": "unit_label"}, False),
    ],
)
def test_a_chart_of_ones_own_says_what_the_checks_find_in_its_figures(home: Path, found: dict[str, Any], told: bool) -> None:
    row = {
        "rule": "total",
        "severity": "error",
        "observation_id": "r-2022:7:1",
        "explanation": "Sum <5>.",
        "explanation_sv": "Summan.",
    }
    store.store(pl.DataFrame([row | found], schema=dict.fromkeys(row, pl.String)), "findings")
    assert ("Checked: Sum &lt;5&gt;." in shown.chart(line(title="T"), "en")) is told
    assert ("Kontrollerat: Summan." in shown.chart(line(title="T"), "sv")) is told


def test_many_errors_are_counted(home: Path) -> None:
    rows = [
        {"rule": "total", "severity": "error", "observation_id": "r-2022:7:1", "explanation": f"E{n}", "explanation_sv": ""}
        for n in range(5)
    ]
    store.store(pl.DataFrame(rows), "findings")
    shown_ = shown.chart(line(title="T"), "en")
    assert shown_.count("Checked: ") == 3 and "2 more errors in these figures" in shown_


def test_a_frame_of_ones_own_says_what_contradicts_its_figures_once(home: Path) -> None:
    store.store(
        pl.DataFrame(
            [{"rule": "total", "severity": "error", "observation_id": "r:7:1", "explanation": "E.", "explanation_sv": ""}]
        ),
        "findings",
    )
    rows = pl.DataFrame({"n": [1.0, 2.0], "observation_id": ["r:7:1", "r:8:1"]})
    assert shown.frame(rows, "en").count("Checked: E.") == 1
    assert "Checked" not in shown.frame(rows[1:], "en") and "Checked" not in shown.frame(rows.drop("observation_id"), "en")


def test_a_title_inside_facets_is_that_of_the_figure() -> None:
    faceted = line(title=alt.TitleParams("All of them", subtitle=["by", "place"])).facet("title:N", columns=1)
    told = shown.chart(faceted, "en")
    assert "<figcaption>All of them <small>by place</small></figcaption>" in told and '<table class="numbers"' in told


def test_what_a_chart_says_itself_goes_before() -> None:
    own = line(title="T").encode(
        y=alt.Y("value:Q", title="Heads"), color=alt.Color("municipality:N", scale=alt.Scale(range=["#123456", "#654321"]))
    )
    told = shown.chart(own, "sv")
    assert ">Heads</text>" in told and ">personer</text>" not in told and told.count("#123456") and told.chart is own
    assert ">kommun</text>" in told


@pytest.mark.parametrize(("language", "said"), [("en", "T &lt;: there are no figures"), ("sv", "T &lt;: det finns inga siffror")])
def test_a_chart_without_figures_says_so(language: Any, said: str) -> None:
    told = shown.chart(line(POINTS.clear(), title="T <"), language)
    assert said in told and "<svg" not in told


def test_municipalities_have_their_colours_in_a_chart_of_ones_own() -> None:
    told = shown.chart(line(title="T"), "en")
    assert all(altair_theme.municipality_colour(name) in told for name in ("Haninge", "Huddinge"))


@pytest.mark.parametrize("columns", [5, 2])
def test_labels_and_legends_are_whole(columns: int) -> None:
    name = "Children and young people placed in emergency foster homes, a municipality"
    frame = pl.DataFrame({"name": [f"{name} {number}" for number in range(columns)], "percent": list(range(columns))})
    told = shown.chart(alt.Chart(frame, title="T").mark_bar().encode(x="percent:Q", y="name:N", color="name:N"), "en")
    texts = re.findall(r"<text[^>]*>(.*?)</text>", told)
    assert sum(text.startswith(name) for text in texts) == 2 * columns and not any("…" in text for text in texts)


MADE = (
    '<figure class="chart"><figcaption>F &lt;<small>S</small></figcaption><svg viewBox="0 0 1 1"></svg>'
    '<p class="save"><span>Save</span> <a class="self" href="#f">Link</a></p></figure>'
    '<details class="fold"><summary><h3>H</h3></summary>x</details>'
    '<table><tr><th scope="row">r</th>'
    '<td class="n"><a class="num" href="#src-a-2022:4:1" data-obs="a-2022:4:1 a-2022:4:2 b:7:1">5</a></td></tr></table>'
    '<a class="flag" title="wrong" href="findings.html#f-1">!</a><a href="#m-x">here</a>'
    '<span aria-hidden="true">–</span><span class="unseen">no figure</span>'
)


def test_what_a_notebook_shows_reads_well_without_the_page() -> None:
    told = notebook_display.alone(MADE)
    assert "#src-" not in told and "findings.html" not in told and "Save" not in told and "–" not in told
    assert '<span title="a-2022:4, b:7" style="text-decoration:underline dotted">5</span>' in told
    assert '<span class="flag" title="wrong" >!</span>' in told and '<a href="#m-x">here</a>' in told
    assert '<summary><h3 style="display:inline">H</h3>' in told and "&lt;<br><small>" in told
    assert '<svg style="max-width:100%;height:auto" viewBox' in told and '<td class="n">' in told
    assert Html(MADE)._repr_html_() == told and str(Html(MADE)) == MADE


def test_a_file_stays_where_it_can_be_saved() -> None:
    told = notebook_display.alone(str(shown.frame(ROWS, "en")))
    assert told.count("<a download=") == 2 and ">Save</span>" in told


def test_what_is_empty_says_why_in_a_notebook_and_is_nothing_on_a_page() -> None:
    nothing = Html("", why="a < b")
    assert (str(nothing), nothing._repr_html_()) == ("", "<p><em>a &lt; b</em></p>") and Html("")._repr_html_() == ""


@pytest.mark.parametrize(
    ("kind", "base", "noted"),
    [("real", "2022", False), ("per_inhabitant", "2022", True), ("per_inhabitant", 2022.0, True), ("table", 2022, True)],
)
def test_the_base_of_real_terms_is_a_year_and_divides_nothing(kind: str, base: str | float, noted: bool) -> None:
    frame = POINTS.with_columns(base=pl.lit(base), base_source=pl.lit("an index"), kind=pl.lit(kind))
    assert ("divided by Haninge: 2,022" in shown.chart(line(frame, title="T"), "en")) is noted


@pytest.fixture
def shell() -> Iterator[Any]:
    try:
        made: Any = InteractiveShell.instance(config=Config({"HistoryManager": {"hist_file": ":memory:"}}))
        made.user_ns["language"] = "sv"
        yield made
    finally:
        InteractiveShell.clear_instance()


def test_a_notebook_alone_shows_a_chart_as_a_figure(shell: Any) -> None:
    notebook_display.show_charts_alone()
    bundle, _ = shell.display_formatter.format(line(title="T"))
    assert "<figcaption>T <br><small>personer" in bundle["text/html"] and "image/svg+xml" not in bundle
    assert shell.display_formatter.format(Html(MADE))[0]["text/html"] == notebook_display.alone(MADE)


def test_a_run_shows_what_its_page_takes(shell: Any) -> None:
    notebook_display.show_as_pages_do(shell)
    notebook_display.show_charts_alone()
    assert "#src-" in shell.display_formatter.format(line(title="T"))[0]["text/html"]
    assert shell.display_formatter.format(Html(MADE))[0]["text/html"] == MADE


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


@pytest.mark.parametrize(
    ("unit", "source", "note"),
    [
        ("inhabitants", "SCB", "Räknat per 1 000 invånare: delat med 20 000 (2021), 21 000 (2022). Källa: SCB."),
        ("inhabitants_0_18_women", "SCB", "Räknat per 1 000 invånare 0–18 år, kvinnor: delat med 20 000 (2021)"),
        (
            "own",
            None,
            "Räknat per 1 000 av en egen nämnare: delat med 20 000 (2021), 21 000 (2022). Källa: angivna med",
        ),
    ],
)
def test_a_chart_of_rates_says_what_they_are_divided_by_and_saves_that(unit: str, source: str | None, note: str) -> None:
    rates = pl.DataFrame(
        {
            "period": ["2021", "2022", "2023"],
            "value": [1.5, 2.0, None],
            "unit": [f"per_1000_{unit}"] * 3,
            "base": [20000.0, 21000.0, None],
            "base_source": pl.Series([source] * 3, dtype=pl.String),
            "observation_id": ["a:1:1", "a:1:2", "a:1:3"],
        }
    )
    drawn = alt.Chart(rates, title="Per 1 000").mark_line(point=True).encode(x="period:O", y="value:Q")
    html = shown.chart(drawn, "sv").replace("\xa0", " ")
    assert note in html and "data:text/csv" in html
    printed = shown.chart(alt.Chart(rates.drop("base"), title="Antal").mark_line().encode(x="period:O", y="value:Q"), "sv")
    assert "delat med" not in printed and "data:text/csv" not in printed


@pytest.mark.parametrize(
    ("unit", "en", "sv"),
    [
        ("care_days_per_1000_inhabitants", "care days per 1,000 inhabitants", "vårddygn per 1\xa0000 invånare"),
        ("hours_per_100_own", "hours per 100 of one's own denominator", None),
        ("kSEK_per_1000_inhabitants_0_17", "SEK thousand per 1,000 inhabitants aged 0–17", None),
        ("per_1000_inhabitants", "per 1,000 inhabitants", None),
        ("SEK_per_day", "SEK a day", "kronor per dygn"),
        ("visits per school", "visits per school", "visits per school"),
    ],
)
def test_the_unit_of_a_rate_says_what_it_is_of(unit: str, en: str, sv: str | None) -> None:
    assert unit_in_words([unit], "en") == en
    assert sv in (None, unit_in_words([unit], "sv"))
