"""Charts: forms, gaps, breaks, colours, and pictures that come out the same twice."""

from __future__ import annotations

import itertools
import re
from typing import Any
from xml.etree import ElementTree

import altair as alt
import polars as pl
import pytest
import vl_convert
from hypothesis import given, settings
from hypothesis import strategies as st
from socialvolym.charts import forms, svg
from socialvolym.charts.altair_theme import SERIES_FORMS, group_colours, municipality_colour
from socialvolym.charts.figure import numbers_table, slug
from socialvolym.charts.labels import point_labels
from socialvolym.charts.points import point_text, with_unit
from socialvolym.charts.theme import chart_colour, colours, format_number, strings
from socialvolym.errors import SocialvolymError
from socialvolym.narrative.wording import Wording

KNOWN = ["0117", "0126", "0136", "1489"]


def _frame(values: list[float | None], first: int = 2018, **columns: str) -> pl.DataFrame:
    rows = [{"period": str(first + i), "value": value, **columns} for i, value in enumerate(values)]
    return pl.DataFrame(rows, schema_overrides={"value": pl.Float64})


def _draw(chart: forms.Chart, label: str = "chart") -> str:
    return svg.draw(chart.to_dict(), "sv", label)


def _texts(drawn: str) -> list[str]:
    return ["".join(node.itertext()) for node in ElementTree.fromstring(drawn).iter("{http://www.w3.org/2000/svg}text")]


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_drawing_is_deterministic_and_ids_differ_between_charts() -> None:
    chart = forms.lines(_frame([1, 2, 3]), language="sv")
    assert _draw(chart) == _draw(chart)
    frames = _frame([1, 2]), _frame([1, 3])
    clipped = [alt.Chart(frame).mark_point(clip=True).encode(x="period", y="value") for frame in frames]
    ids = [set(re.findall(r' id="([^"]+)"', _draw(each))) for each in clipped]
    assert ids[0] and ids[1] and not ids[0] & ids[1]
    assert all(f"url(#{name})" in _draw(clipped[0]) for name in ids[0])


def test_missing_year_is_a_gap_on_the_axis_and_in_the_line() -> None:
    absent = _frame([10, 20, None, 30, 40])
    left_out = absent.filter(pl.col("value").is_not_null())
    for frame in (absent, left_out):
        drawn = _draw(forms.lines(frame, language="sv"))
        assert "2020" in _texts(drawn)
        assert forms.lines(frame, language="sv").to_dict()["usermeta"]["notes"] == [strings("sv")["gap"]]
        line = max(re.findall(r'<path[^>]* d="([^"]*)"[^>]*stroke-width="2.25"', drawn), key=len)
        assert line.count("M") == 2


def test_break_cuts_the_line_and_says_why() -> None:
    chart = forms.lines(_frame([1, 2, 3, 4]), language="en", breaks=[forms.Break("2020", "New case system")])
    drawn = svg.draw(chart.to_dict(), "en", "chart")
    assert len(re.findall(r'stroke-width="2.25"', drawn)) == 2
    assert "New case system" not in _texts(drawn), "why stands under the chart, where nothing is in its way"
    assert chart.to_dict()["usermeta"]["notes"] == ["Not fully comparable from 2020 on: New case system"]


def test_series_are_told_apart_without_colour() -> None:
    told_apart = {(tuple(dash), shape, filled) for dash, shape, filled in SERIES_FORMS.values()}
    assert len(told_apart) == len({dash for dash, _, _ in told_apart}) == len({shape for _, shape, _ in told_apart}) == 5
    frame = pl.concat(
        [_frame([5, 6], series="outturn"), _frame([7, 8], 2019, series="budget"), _frame([9, 9], 2020, series="plan")]
    )
    drawn = _draw(forms.lines(frame, language="sv"))
    assert {"utfall 6", "budget 8", "plan 9"} <= set(_texts(drawn))
    assert 'stroke-dasharray="6,4"' in drawn and 'stroke-dasharray="1.5,4"' in drawn


def test_axis_of_volumes_begins_at_zero_unless_told_otherwise() -> None:
    assert "0" in _texts(_draw(forms.lines(_frame([900, 910]), language="sv")))
    assert "0" not in _texts(_draw(forms.lines(_frame([900, 910]), language="sv", zero=False)))


def test_numbers_follow_the_language() -> None:
    frame = _frame([12442.5, 13000])
    assert "12\u00a0442,5" in _texts(_draw(forms.lines(frame, language="sv")))
    assert "12,442.5" in _texts(svg.draw(forms.lines(frame, language="en").to_dict(), "en", "x"))


def test_points_carry_their_text_and_source() -> None:
    frame = _frame([1, 2]).with_columns(observation_id=pl.lit("r:1:1"))
    drawn = _draw(forms.lines(frame, language="sv", unit="dygn"))
    assert drawn.count('data-obs="r:1:1"') == 2
    assert "<title>2018: 1\u00a0dygn</title>" in drawn


def test_mean_over_years_interval_quarter_and_month_can_be_drawn() -> None:
    frame = pl.DataFrame(
        {
            "period": ["2015/2019", "2020", "2021-Q2", "2021-11", "2022-12-31"],
            "value": [1.0, 2, 3, 4, 5],
            "low": [None, 1.5, None, None, None],
            "high": [None, 2.5, None, None, None],
        }
    )
    assert _draw(forms.lines(frame, language="sv")).count("data-point") == 5
    with pytest.raises(SocialvolymError, match="the period 'vt 22'"):
        forms.lines(pl.DataFrame({"period": ["vt 22"], "value": [1.0]}), language="sv")


def test_numbers_beside_each_other_have_as_many_decimals() -> None:
    shares = _frame([4.1, 2, 3, 6])
    assert {"4,1", "2,0", "6,0"} <= set(_texts(_draw(forms.lines(shares, language="sv"))))
    assert {"4.1", "6.0"} <= set(_texts(_draw(forms.spark(shares, language="en"))))
    of_series = pl.concat([_frame([12.33], 2017, series="outturn"), _frame([14.5, 12], series="budget")])
    assert {"outturn 12.3", "budget 12.0"} <= set(_texts(_draw(forms.lines(of_series, language="en"))))
    assert {"7", "14"} <= set(_texts(_draw(forms.lines(_frame([12, 7, 14]), language="en"))))


def test_missing_column_is_named() -> None:
    with pytest.raises(SocialvolymError, match="lacks the columns value"):
        forms.lines(pl.DataFrame({"period": ["2020"]}), language="sv")
    for form in (forms.bars, forms.split):
        with pytest.raises(SocialvolymError, match=r"lacks the columns label.*; it has period, value"):
            form(_frame([1.0]).select("period", "value"), language="sv")


def test_empty_and_all_null_frames_still_draw() -> None:
    assert "<svg" in _draw(forms.lines(_frame([None, None]), language="sv"))
    assert "<svg" in _draw(forms.lines(pl.DataFrame(schema={"period": pl.String, "value": pl.Float64}), language="sv"))
    assert "<svg" in _draw(forms.spark(_frame([None, 4]), language="sv"))


def test_a_small_line_says_where_it_begins_where_there_is_room() -> None:
    drawn = _draw(forms.spark(_frame([12, 15, 16, 18, 25]), language="sv", named=["2021", "2022"]))
    assert [f">{number}<" in drawn for number in (12, 15, 16, 18, 25)] == [True, False, False, True, True]
    beside = _draw(forms.spark(_frame([12, *range(30, 50), 25]), language="sv", named=["2019", "2039"]))
    assert ">12<" not in beside


def test_a_small_line_of_months_names_the_months_at_its_ends() -> None:
    months = pl.DataFrame({"period": [f"2021-{month:02d}" for month in range(1, 13)], "value": [float(n) for n in range(12)]})
    assert {"januari 2021", "december 2021"} <= set(_texts(_draw(forms.spark(months, language="sv"))))
    days = pl.DataFrame({"period": ["2021-10-01", "2022-10-01"], "value": [4.0, 5.0]})
    assert {"2021", "2022"} <= set(_texts(_draw(forms.spark(days, language="sv"))))


def test_labels_at_the_right_edge_keep_apart() -> None:
    frame = pl.concat([_frame([10, 100 + i], group=name) for i, name in enumerate(("Haninge", "Huddinge", "Alingsås"))])
    drawn = ElementTree.fromstring(_draw(forms.lines(frame, language="sv", known=KNOWN)))
    heights = sorted(
        {
            float(match[1])
            for node in drawn.iter()
            if (node.text or "") in ("Haninge", "Huddinge", "Alingsås")
            and (match := re.search(r",([-\d.]+)\)", node.get("transform", "")))
        }
    )
    assert len(heights) == 3
    assert all(below - above >= 12 for above, below in itertools.pairwise(heights))


def test_split_ends_where_its_parts_add_up() -> None:
    frame = pl.DataFrame(
        {
            "label": ["2020", "Volym", "Pris", "2021"],
            "value": [100.0, 30, -10, 120],
            "kind": ["total", "volume", "price", "total"],
        }
    )
    datasets = forms.split(frame, language="sv").to_dict()["datasets"].values()
    ends = {row["label"]: (row["from"], row["to"]) for dataset in datasets for row in dataset if "from" in row}
    assert ends == {"2020": (0, 100), "Volym": (100, 130), "Pris": (130, 120), "2021": (0, 120)}


def test_bars_write_sign_and_missing_value() -> None:
    frame = pl.DataFrame({"label": ["A", "B", "C", "D"], "value": [-1.5, 2.0, 0.0, None]})
    assert {"−1,5", "+2", "0", "ingen uppgift"} <= set(_texts(_draw(forms.bars(frame, language="sv"))))


@pytest.mark.parametrize(("above_is_worse", "warm"), [(True, {"A"}), (False, {"B"})])
def test_the_warm_colour_is_for_what_is_worse_and_the_note_says_which_way_it_is(above_is_worse: bool, warm: set[str]) -> None:
    frame = pl.DataFrame({"label": ["A", "B", "C"], "value": [2.0, -1.5, 0.0]})
    chart = forms.bars(frame, language="sv", above_is_worse=above_is_worse, note="Plus är över budget.").to_dict()
    rows = [row for dataset in chart["datasets"].values() for row in dataset if "from" in row]
    assert {row["label"] for row in rows if row["colour"] == chart_colour("worse")} == warm
    assert chart["usermeta"]["notes"] == ["Plus är över budget."]
    assert "usermeta" not in forms.bars(frame, language="sv").to_dict()


def test_months_put_the_latest_year_in_front() -> None:
    frame = pl.DataFrame(
        {
            "period": [f"{year}-{month:02}" for year in (2021, 2022) for month in range(1, 13)],
            "value": [float(v) for v in range(24)],
        }
    )
    drawn = _draw(forms.months(frame, language="sv"))
    assert {"2021", "2022"} <= set(_texts(drawn))
    assert drawn.count("data-point") == 24


def test_a_line_has_its_first_last_and_turning_points_labelled() -> None:
    texts = _texts(_draw(forms.lines(_frame([100, 180, 90, 120, 160]), language="sv")))
    assert {"100", "180", "90", "160"} <= set(texts) and "120" not in texts


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 5000), min_size=2, max_size=9), st.booleans())
def test_no_label_stands_on_another_nor_on_a_number_of_the_axis(values: list[int], budgets: bool) -> None:
    frame = _frame([float(value) for value in values], series="outturn")
    if budgets:
        frame = pl.concat([frame, _frame([float(value + 40) for value in values], series="budget")])
    rows = [{**row, "x": float(row["period"]), "x2": None, "group": "", "colour": "#000"} for row in frame.iter_rows(named=True)]
    domain, span = (0.0, 1.1 * max(row["value"] for row in rows)), (2017.75, 2018.25 + len(values))
    labels, right, _ = point_labels(rows, domain, span, (320, 160), "sv")
    boxes = []
    for label in labels:
        x = (label["x"] - span[0]) / (span[1] - span[0]) * (320 - right)
        y = (domain[1] - label["value"]) / domain[1] * 160
        half, middle = (
            len(label["text"]) * 3.3,
            {"above": y - 15, "below": y + 16, "high": y - 30}.get(label["side"].split()[0], y),
        )
        ends = {"right": x + 9, "it": x - 4, "to": x + 4 - 2 * half}
        left = ends.get(label["side"].split()[-1], x - half)
        boxes.append((left, middle - 6, left + 2 * half, middle + 6))
    assert all(box[0] >= -4 and box[2] <= 324 and box[3] <= 165 for box in boxes)
    for one, other in itertools.combinations(boxes, 2):
        assert one[0] >= other[2] or other[0] >= one[2] or one[1] >= other[3] or other[1] >= one[3]


def test_no_line_runs_through_a_label_that_has_another_side() -> None:
    # The outturn runs where the budget's name would stand above its last point.
    frames = [_frame([330.0, 330.0, 330.0, 330.0], series="outturn"), _frame([280.0, 280.0], series="budget")]
    frame = pl.concat([frames[0].filter(pl.col("period") != "2019"), frames[1]])
    rows = [{**row, "x": float(row["period"]), "x2": None, "group": "", "colour": "#000"} for row in frame.iter_rows(named=True)]
    labels, _, _ = point_labels(rows, (0.0, 500.0), (2017.75, 2021.25), (320, 160), "en")
    sides = {label["text"]: label["side"] for label in labels}
    assert sides["budget 280"] == "below"
    # A budget falls from the forecast's only point, and the outturn's label stands over it.
    years = [(2017, 12.44, "outturn"), (2018, 12.41, "budget"), (2018, 12.41, "forecast"), (2019, 9.82, "budget")]
    years += [(2020, 12.8, "plan"), (2021, 13.5, "plan")]
    rows = [{"x": float(x), "x2": None, "value": y, "series": s, "group": "", "colour": "#000"} for x, y, s in years]
    labels, _, clear = point_labels(rows, (0.0, 15.0), (2016.75, 2021.25), (310, 160), "en")
    assert {label["text"]: label["side"] for label in labels}["forecast 12.4"] == "high above" and clear


def test_a_label_that_a_line_would_cross_gets_room_above_the_plot() -> None:
    values = {"outturn": {2017: 12442}, "budget": {2018: 12412, 2019: 9816}, "forecast": {2018: 12412}}
    values["plan"] = {2020: 12775, 2021: 13505}
    points = [(str(year), float(value), series) for series, own in values.items() for year, value in own.items()]
    frame = pl.DataFrame(points, schema=["period", "value", "series"], orient="row")
    rows = [{**row, "x": float(row["period"]), "x2": None, "group": "", "colour": "#000"} for row in frame.iter_rows(named=True)]
    size, span = (311, 158), (2016.75, 2021.25)
    assert [point_labels(rows, (0.0, 14000.0), span, size, "sv", above)[2] for above in (10, 24)] == [False, True]
    higher = forms.lines(frame, language="sv", titled=False).to_dict()
    flat = forms.lines(frame.filter(pl.col("series") != "budget"), language="sv", titled=False).to_dict()
    assert higher["padding"]["top"] > flat["padding"]["top"] and higher["height"] < flat["height"]


def test_municipality_keeps_its_colour_whatever_else_is_shown() -> None:
    alone = group_colours(["Haninge"], KNOWN)["Haninge"]
    assert group_colours(["Alingsås", "Haninge"], KNOWN)["Haninge"] == alone == municipality_colour("0136", KNOWN)
    assert len(set(group_colours(["interna", "externa", "totalt"], KNOWN).values())) == 3


def test_colours_can_be_read_and_differ_in_grey() -> None:
    table = colours()
    papers = {
        "light": (table["paper"]["paper"]["light"], table["paper"]["raised"]["light"]),
        "dark": (table["paper"]["paper"]["dark"], table["paper"]["raised"]["dark"]),
    }
    read = [table["paper"][name] for name in ("ink", "muted", "link", "error", "warning", "note")]
    read += [table["chart"][name] for name in ("ink", "muted", "worse")]
    read += table["municipality"] + table["category"]
    for scheme, backgrounds in papers.items():
        for pair in read:
            assert _contrast(pair[scheme], backgrounds[0]) >= 4.5, (pair, scheme)
    for pair in [table["paper"][name] for name in ("ink", "muted", "link", "warning")]:
        assert _contrast(pair["light"], papers["light"][1]) >= 4.5
        assert _contrast(pair["dark"], papers["dark"][1]) >= 4.5
    for one, other in itertools.combinations(table["municipality"][:4], 2):
        assert abs(_luminance(one["light"]) - _luminance(other["light"])) > 0.03, (one, other)
    lights = [pair["light"] for pair in [*table["chart"].values(), *table["municipality"], *table["category"]]]
    assert len(lights) == len(set(lights)), "two chart colours with one light value would get one dark value"


def test_both_languages_have_the_same_strings() -> None:
    def keys(table: dict[str, object], prefix: str = "") -> set[str]:
        return {f"{prefix}{name}" for name in table} | {
            key for name, value in table.items() if isinstance(value, dict) for key in keys(value, f"{name}.")
        }

    assert keys(strings("en")) == keys(strings("sv"))
    with pytest.raises(SocialvolymError, match="allowed: en, sv"):
        strings("fi")
    with pytest.raises(SocialvolymError, match=r"theme/strings.toml \[sv\]\[file\] has no words for 'colour'.* in each language"):
        strings("sv")["file"]["colour"]


def test_table_links_figures_and_says_why_one_is_missing() -> None:
    frame = _frame([1200.5, None]).with_columns(
        observation_id=pl.Series(["a:1:1", "a:2:1"]), status=pl.Series([None, "not_yet_published"])
    )
    table = numbers_table(frame, "sv", "Tabell")
    assert '<a class="num" href="#src-a:1:1" data-obs="a:1:1">1\u00a0200,5</a>' in table
    assert "inte publicerad än" in table


def test_a_figure_keeps_its_bound_and_its_mark_in_the_table_and_at_its_point() -> None:
    frame = pl.DataFrame(
        {
            "period": ["2023", "2024"],
            "value": [14.0, 20.0],
            "bound": [None, "gt"],
            "published_as": ["14", ">20"],
            "mark": ["", '<a class="flag">!</a>'],
            "observation_id": ["a:1:1", "a:1:2"],
        }
    )
    table = numbers_table(frame, "en", "Numbers")
    assert '&gt; 20</a><a class="flag">!</a>' in table and ">14</a></td>" in table
    point = {"period": "2024", "value": 20.0, "bound": "gt", "published_as": ">20", "group": ""}
    assert "> 20" in point_text(point, "en", "", False)


@pytest.mark.parametrize(
    ("number", "unit", "told"),
    [
        ("8.0", "SEK million", "SEK 8.0 million"),
        ("−11.0", "SEK million", "−SEK 11.0 million"),
        ("> 20", "SEK a day", "> SEK 20 a day"),
        ("1,049", "SEK", "SEK 1,049"),
        ("8,0", "miljoner kronor", "8,0 miljoner kronor"),
        ("20", "", "20"),
        ("no figure", "SEK million", "no figure"),
    ],
)
def test_a_point_says_its_amount_as_the_language_writes_it(number: str, unit: str, told: str) -> None:
    assert with_unit(number, unit).replace("\u00a0", " ") == told
    assert not re.search(r"\d \S|SEK ", with_unit(number, unit)), "no line ends between a number and its unit"


def test_table_turns_when_it_has_more_lines_than_periods() -> None:
    frame = pl.concat([_frame([1, 2], group=str(group)) for group in "abcdef"])
    assert re.findall(r'<th scope="col" class="n">(.*?)</th>', numbers_table(frame, "sv", "T")) == ["2018", "2019"]


def test_any_other_table_is_shown_as_it_is() -> None:
    table = numbers_table(pl.DataFrame({"Del": ["<b>"], "tkr": [-5.0], "observation_id": ["x:1:1"]}), "en", "T")
    assert "&lt;b&gt;" in table and 'data-obs="x:1:1">−5</a>' in table


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([65.21, 76.2, -11.0], ["65.2", "76.2", "−11.0"]),
        ([8.2, 0.986, -1.21], ["8.20", "0.99", "−1.21"]),
        ([12.0, 300.0], ["12", "300"]),
    ],
)
def test_the_numbers_of_a_column_have_equally_many_decimals(values: list[float], told: list[str]) -> None:
    shown = numbers_table(pl.DataFrame({"Area": ["a", "b", "c"][: len(values)], "Cost": values}), "en", "Costs")
    assert re.findall(r'<td class="n">(.*?)</td>', shown) == told


@given(st.text(max_size=300))
def test_slug_is_a_safe_file_name(text: str) -> None:
    assert re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?", slug(text))


@given(st.integers(-(10**12), 10**12))
def test_numbers_come_back_from_both_languages(value: int) -> None:
    for language in ("en", "sv"):
        text = format_number(value, language)  # type: ignore[arg-type]
        assert int(re.sub(r"[\s,]", "", text).replace("−", "-")) == value


@settings(max_examples=5, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=40))
def test_any_label_draws_and_stays_text(label: str) -> None:
    frame = pl.concat([_frame([1, 2], group=label), _frame([2, 3], group=label + "x")])
    ElementTree.fromstring(_draw(forms.lines(frame, language="sv", known=KNOWN), label))


@pytest.mark.parametrize(
    ("value", "decimals", "text"), [(254.85, 1, "254,9"), (2.5, 0, "3"), (-0.25, 1, "−0,3"), (0.125, None, "0,13")]
)
def test_halves_are_rounded_up_in_charts_and_texts_alike(value: float, decimals: int | None, text: str) -> None:
    assert format_number(value, "sv", decimals) == text
    if decimals is not None:
        assert Wording("sv").number(value, decimals) == text


def test_the_numbers_of_a_table_have_as_many_decimals_and_stand_under_their_unit() -> None:
    frame = pl.DataFrame({"period": ["2018", "2019", "2020"], "value": [7.1, 6.74, 12.0]})
    table = numbers_table(frame, "en", "Costs", "SEK million")
    assert all(f">{told}<" in table for told in ("7.10", "6.74", "12.00", "SEK million"))
    parts = frame.with_columns(series=pl.Series(["budget", "budget", "plan"]))
    assert ">Period (SEK million)<" in numbers_table(parts, "en", "Costs", "SEK million")
    whole = numbers_table(frame.with_columns(pl.col("value").round()), "en", "Costs")
    assert ">7<" in whole and ">Period<" in whole


def test_labels_of_a_saved_chart_have_no_halo_over_them_and_those_of_a_page_one_under_them() -> None:
    """Elsewhere than on a page a stroke lies over the letters."""
    chart = forms.lines(pl.DataFrame({"period": ["2021", "2022"], "value": [1.0, 2.0]}), language="en")
    saved = vl_convert.vegalite_to_svg(chart.to_dict(validate=False), allowed_base_urls=[])
    labels = re.findall(r"<text[^>]*font-weight=\"600\"[^>]*>", saved)
    assert labels and all('stroke-opacity="0"' in label for label in labels if "stroke=" in label)
    drawn = forms.picture(chart, "x", "en")
    assert 'paint-order="stroke"' in drawn and "stroke-opacity" not in drawn


@pytest.mark.parametrize("draw", [forms.lines, forms.months])
def test_a_language_that_is_none_is_named(draw: Any) -> None:
    with pytest.raises(SocialvolymError, match="language is 'english'; allowed: en, sv"):
        draw(pl.DataFrame({"period": ["2021-01", "2021-02"], "value": [1.0, 2.0]}), language="english")
