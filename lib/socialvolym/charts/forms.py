"""Forms: the few forms in which this project shows numbers; messages.py, cards.py and economy of narrative/ choose among them.

No chart needs a script: each is an SVG of 360 pixels, with the same numbers in a table under it. Vega's own JavaScript is
left out on purpose. It would take 0.9 of a page's 1.5 MB to show a tooltip, while a reader here wants to go from a point to the
printed cell it stands for: the page's small script does that on the SVG itself, and without a script the table's links do.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast

import altair as alt
import polars as pl
from babel.dates import get_month_names

from socialvolym.charts.altair_theme import LINE, YEAR_FORMS, form, group_colours
from socialvolym.charts.figure import WIDTH
from socialvolym.charts.figure import Chart as Chart
from socialvolym.charts.figure import figure as figure
from socialvolym.charts.figure import picture as picture
from socialvolym.charts.labels import Label, axis_room, end_labels, point_labels, room, spread
from socialvolym.charts.points import Break as Break
from socialvolym.charts.points import (
    TimedPoint,
    announced_breaks,
    needed_decimals,
    point_number,
    point_text,
    points,
    position,
    require,
    timed_rows,
    value_range,
    with_unit,
)
from socialvolym.charts.svg import SOURCE_SIGN
from socialvolym.charts.theme import LOCALES, chart_colour, format_number, strings
from socialvolym.errors import SocialvolymError
from socialvolym.notation.languages import Language
from socialvolym.observations.parameters import check_language
from socialvolym.vocabulary.bilingual import period_in_words

#: Height of a row of bars, in pixels: its label above, the bar below.
_ROW = 44
#: Heights of what is written around a plot, in pixels: the labels of an axis, and its title.
_AXIS, _TITLE = 26, 24
#: Width of a spark's line, in pixels: a key message is 290 wide, and 74 of it are for its labels.
_SPARK = 216
#: About how many labels an axis of values has.
_TICKS = 3


def lines(
    frame: pl.DataFrame,
    *,
    language: Language,
    unit: str = "",
    breaks: Sequence[Break] | None = None,
    zero: bool = True,
    height: int = 200,
    titled: bool = True,
    known: Sequence[str] | None = None,
) -> Chart:
    """Draw values over time, one line a group and series.

    Outturn is a full line with dots, budget dashed with squares, forecast dash-dotted with diamonds, plan dotted with triangles.
    A missing year leaves a gap, a break cuts the line, a mean over years is a flat bar, an interval a whisker.

    Parameters
    ----------
    frame : period, value and any of series, group, low, high, status, observation_id.
    language : of numbers and labels.
    unit : told with each point, and written above the axis if `titled`.
    breaks : where lines are cut, and why; by default where the reports announce it, of a frame that has measure,
        municipality_code and breakdown as well.
    zero : begin the axis at zero; False only for values that are no volumes.
    height : of the chart, in pixels.
    known : codes of the municipalities that share the colours; by default those with reports.

    Raises
    ------
    SocialvolymError
        where a column is missing or a period cannot be read.
    """
    breaks = announced_breaks(frame, check_language(language)) if breaks is None else breaks
    rows = _line_rows(frame, language, unit, breaks, known)
    shown, above = [row for row in rows if row["value"] is not None], unit if titled else ""
    raised = 0
    domain, years, left, plot = (
        value_range(rows, zero),
        _years(shown),
        axis_room(value_range(rows, zero), _TICKS),
        _plot_height(height, above),
    )
    if len({row["group"] for row in shown}) > 1:
        labels = end_labels(shown, domain, plot, language)
        right = room(labels)
    else:
        labels, right, clear = point_labels(shown, domain, _span(rows, years), (WIDTH - left, plot), language)
        if not clear:
            # Another line of letters above the plot, where it frees a label from the lines.
            size = (WIDTH - left, plot - LINE)
            higher, wide, free = point_labels(shown, domain, _span(rows, years), size, language, 10 + LINE)
            labels, right, raised = (higher, wide, LINE) if free else (labels, right, 0)
    chart = alt.layer(*_line_layers(rows, above, breaks, domain, years), *_texts(labels, alt.X("x:Q")))
    empty = _empty(rows, years)
    framed = _framed(chart, height, above, left, right, raised=raised)
    return _noted(framed, breaks, language, [strings(language)["gap"]] if empty else [])


def bars(
    frame: pl.DataFrame,
    *,
    language: Language,
    unit: str = "",
    signed: bool = True,
    decimals: int | None = None,
    above_is_worse: bool = False,
    note: str = "",
) -> Chart:
    """Draw horizontal bars from zero, each under its label and with its value at its end.

    Parameters
    ----------
    frame : label, value and perhaps observation_id and worse (whether a bar has the warm colour), in the order shown; with the
        columns of a series the breaks that its reports announce between its periods are noted.
    signed : write a plus before positive values (deviations); False for plain amounts.
    decimals : of the values written; as many as they have by default.
    above_is_worse : give the warm colour to what is above zero (costs over budget) instead of what is below.
    note : what the figure says under the chart, such as which way its signs are.
    """
    require(frame, "label", "value")
    check_language(language)
    rows = [
        {
            **_bar(row, 0.0, row["value"]),
            "colour": chart_colour(
                "worse" if row.get("worse", bool(row["value"]) and (row["value"] > 0) is above_is_worse) else "muted"
            ),
            "text": format_number(row["value"], language, decimals, signed),
        }
        for row in frame.iter_rows(named=True)
    ]
    return _noted(_bar_chart(rows, language, unit), announced_breaks(frame, language), language, [note] if note else [])


def split(frame: pl.DataFrame, *, language: Language, unit: str = "", decimals: int | None = None) -> Chart:
    """Draw how a change divides into parts: the total before, each part from where the last one ended, the total after.

    Parameters
    ----------
    frame : label, value, kind (total, volume, price or part) and perhaps observation_id; parts stand between the totals.
    """
    require(frame, "label", "value", "kind")
    rows, level = [], 0.0
    for row in frame.iter_rows(named=True):
        total, value = row["kind"] == "total", float(row["value"] or 0)
        start, level = (0.0, value) if total else (level, level + value)
        # Colours are those of municipalities: what a bar is stands over it.
        colour = "muted" if total else "ink"
        rows.append(
            {
                **_bar(row, start, level),
                "colour": chart_colour(colour),
                "text": format_number(row["value"], language, decimals, not total),
            }
        )
    return _bar_chart(rows, language, unit)


def months(
    frame: pl.DataFrame, *, language: Language, unit: str = "", zero: bool = True, height: int = 200, titled: bool = True
) -> Chart:
    """Draw years of months over each other: the latest year strong, those before it lighter and dashed.

    Parameters
    ----------
    frame : period (2022-03), value and perhaps observation_id.
    """
    rows = [row for row in points(frame).iter_rows(named=True) if len(row["period"]) == 7]
    if not rows and frame.height:
        raise SocialvolymError(
            f'a chart of months is of periods like 2022-03, not {frame["period"][0]}: series_of(frequency="month")'
        )
    years = sorted({row["period"][:4] for row in rows})
    forms = {year: YEAR_FORMS[min(age, len(YEAR_FORMS) - 1)] for age, year in enumerate(reversed(years))}
    own = group_colours(dict.fromkeys(row["group"] for row in rows if row["group"]))
    names = get_month_names("abbreviated", locale=LOCALES[check_language(language)])
    for row in rows:
        year, month = row["period"].split("-")
        colour = own.get(row["group"], chart_colour("ink")) if year == years[-1] else chart_colour("muted")
        named = {**row, "group": "", "period": f"{names[int(month)]} {year}"}
        row.update(
            x=int(month),
            year=year,
            part=year,
            colour=colour,
            fill=colour if year == years[-1] else chart_colour("halo"),
            tip=point_text(named, language, unit, several_series=False),
        )
    domain = value_range(rows, zero)
    listed = ",".join(f"'{names[month].strip('.')}'" for month in range(1, 13))
    x = alt.X(
        "x:Q",
        title=None,
        scale=alt.Scale(domain=[0.7, 12.3], nice=False),
        axis=alt.Axis(values=list(range(1, 13)), labelOverlap=True, labelSeparation=5, labelExpr=f"[{listed}][datum.value - 1]"),
    )
    above = unit if titled else ""
    y = _value_axis("value:Q", above, domain)
    shown = [row for row in rows if row["value"] is not None]
    ends = {row["year"]: row for row in shown}
    labels = [Label(x=row["x"], value=row["value"], colour=row["colour"], text=year, side="right") for year, row in ends.items()]
    spread(labels, domain, _plot_height(height, above))
    dashes = {year: forms[year][0] for year in years}
    return _framed(
        alt.layer(
            _layer(sorted(rows, key=lambda row: str(row["period"])))
            .mark_line()
            .encode(x=x, y=y, color=_given(), strokeDash=_told_apart("year", dashes), detail=alt.Detail("part:N")),
            _symbols(shown, x, y, 40, "year", {year: forms[year][1] for year in years}),
            *_texts(labels, x),
        ),
        height,
        above,
        axis_room(domain),
        room(labels),
    )


def _when(period: str, language: Language) -> str:
    """Return what stands under a point of a small line: its month or quarter where it is of one, else its year."""
    return period_in_words(period, language) if len(period) == len("2022-03") else period[: len("2022")]


def spark(
    frame: pl.DataFrame,
    *,
    language: Language,
    unit: str = "",
    breaks: Sequence[Break] = (),
    known: Sequence[str] | None = None,
    named: Sequence[str] = (),
) -> Chart:
    """Draw a line without axes for a key message, gaps kept, cut at breaks.

    Parameters
    ----------
    breaks : where the line is cut, and why.
    named : the periods whose values are written, those that the message tells of, and where there is room also the first; by
        default the first and the last.
    """
    rows = _line_rows(frame, language, unit, breaks, known)
    shown = [row for row in rows if row["value"] is not None]
    low, high = value_range(rows, zero=True)
    ends = [row for row in shown if row["period"] in named and row["series"] == "outturn"] or shown[:1] + shown[1:][-1:]
    wide = 60 / _SPARK * (shown[-1]["x"] - shown[0]["x"])
    near = len(ends) == 2 and ends[1]["x"] - ends[0]["x"] < wide
    if ends[0]["x"] - shown[0]["x"] >= wide * (2 if near else 1):
        ends = [shown[0], *ends]
    decimals = needed_decimals([row["value"] for row in shown])
    written = [
        {**row, "text": point_number(row, language, decimals), "when": _when(row["period"], language), "base": 0} for row in ends
    ]
    x = alt.X("x:Q", axis=None, scale=alt.Scale(nice=False, zero=False))
    y = alt.Y("value:Q", axis=None, scale=alt.Scale(domain=[low, high * 1.2], nice=False))
    base = alt.Y("base:Q", axis=None)
    texts = []
    # Two labels that would meet stand away from each other.
    for row, align in zip(reversed(written), ("left", "right", "center") if near else ("center",) * 3, strict=False):
        value = _layer([row]).mark_text(baseline="bottom", dy=-7, fontWeight=600, align=align)
        when = _layer([row]).mark_text(baseline="top", dy=4, color=chart_colour("muted"), align=align)
        texts += [value.encode(x=x, y=y, text=alt.Text("text:N")), when.encode(x=x, y=base, text=alt.Text("when:N"))]
    chart = alt.layer(
        _layer([{"base": 0}]).mark_rule(color=chart_colour("axis")).encode(y=base),
        _layer([row for row in rows if row["x2"] is None])
        .mark_line()
        .encode(x=x, y=y, color=_given(), strokeDash=_told_apart("series", _dashes(rows)), detail=alt.Detail("part:N")),
        _layer(written)
        .mark_point(size=34, filled=True, opacity=1)
        .encode(x=x, y=y, color=_given(), description=alt.Description("tip:N")),
        *texts,
    )
    drawn = _with(chart, width=_SPARK, height=74, padding={"left": 32, "right": 42, "top": 4, "bottom": 20})
    return _noted(drawn, breaks, language)


def before_forks() -> None:
    """Have altair compile what it reads field names with: a twentieth of a second of each page."""
    _layer([{"x": 0}]).mark_point().encode(x="x:Q").to_dict(validate=False)


class _Layer(alt.Chart):
    """A layer whose copies share its mark and channels: altair copies each layer twice whenever it makes or copies a chart."""

    def __deepcopy__(self, _: object) -> _Layer:
        """Return a shallow copy."""
        return self.copy(deep=False)


def _layer(rows: Iterable[Mapping[str, Any]]) -> Any:
    # A tuple, because altair copies lists and dictionaries.
    return _Layer(alt.InlineData(values=tuple(dict(row) for row in rows)))


def _at(channel: Callable[[Any], Any], place: Any) -> Any:
    """Return a channel with one place for all; the same as alt.value(place), which altair takes long to make a channel of."""
    return channel(place)


def _given() -> alt.Color:
    """Return a channel whose values are colours themselves."""
    return alt.Color("colour:N", scale=None)


def _told_apart(field: str, dashes: Mapping[str, Sequence[float]]) -> alt.StrokeDash:
    scale = alt.Scale(domain=list(dashes), range=[list(dash) for dash in dashes.values()])
    return alt.StrokeDash(f"{field}:N", legend=None, scale=scale)


def _dashes(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[float]]:
    return {series: form(series)[0] for series in dict.fromkeys(row["series"] for row in rows)}


def _plot_height(height: int, unit: str, below: str = "") -> int:
    """Return the height of the plot in a chart of some height: without the axis, and what is written above and below."""
    return height - _above(unit) - _AXIS - (_TITLE if below else 0)


def _above(unit: str) -> int:
    return _TITLE if unit else 10


def _framed(chart: Any, height: int, unit: str, left: int = 4, right: int = 10, below: str = "", raised: int = 0) -> Chart:
    """Give a chart its size, the space around it included.

    The space is reckoned here: fitting it to the texts takes Vega as long as all the rest of a drawing.

    Parameters
    ----------
    unit : written above the chart, where it is.
    left, right : space for what is written beside the plot, in pixels.
    below : what is written under the labels of the axis.
    raised : further space above the plot, for its labels.
    """
    return _with(
        chart,
        width=WIDTH - left - right,
        height=_plot_height(height, unit, below) - raised,
        autosize=alt.AutoSizeParams(type="none"),
        padding={"left": left, "top": _above(unit) + raised, "bottom": _AXIS + (_TITLE if below else 0), "right": right},
    )


def _with(chart: Any, **properties: Any) -> Chart:
    """Give a new chart some properties; as altair's properties(), but without a copy and without checking each for itself."""
    for name, value in properties.items():
        chart[name] = value
    return cast(Chart, chart)


def _noted(chart: Any, breaks: Sequence[Break], language: Language, others: Sequence[str] = ()) -> Chart:
    """Give a chart the notes that its figure prints under it."""
    notes = [*(strings(language)["break"].format(period=b.period, reason=b.reason) for b in breaks), *others]
    return _with(chart, usermeta={"notes": notes}) if notes else cast(Chart, chart)


def _line_rows(
    frame: pl.DataFrame, language: Language, unit: str, breaks: Sequence[Break], known: Sequence[str] | None
) -> list[TimedPoint]:
    """Return the points of lines with what each looks like and says."""
    rows = timed_rows(frame, breaks)
    shade = group_colours(dict.fromkeys(row["group"] for row in rows), known)
    several = len({row["series"] for row in rows}) > 1
    for row in rows:
        row["colour"] = shade[row["group"]]
        row["fill"] = row["colour"] if form(row["series"])[2] else chart_colour("halo")
        row["tip"] = point_text(row, language, unit, several)
    return rows


def _years(rows: Sequence[Mapping[str, Any]]) -> tuple[int, int]:
    return int(min((row["x"] for row in rows), default=0)), int(max((row["x2"] or row["x"] for row in rows), default=0))


def _span(rows: Sequence[Mapping[str, Any]], years: tuple[int, int]) -> tuple[float, float]:
    """Return where the axis of years begins and ends."""
    after = 1 if any(not float(row["x"]).is_integer() for row in rows) else 0.25
    return years[0] - 0.25, years[1] + after


def _line_layers(
    rows: Sequence[Mapping[str, Any]],
    unit: str,
    breaks: Sequence[Break],
    domain: tuple[float, float],
    years: tuple[int, int],
) -> list[Any]:
    shown = [row for row in rows if row["value"] is not None]
    first, last = years
    x = alt.X(
        "x:Q",
        title=None,
        scale=alt.Scale(domain=list(_span(rows, years)), nice=False),
        axis=alt.Axis(values=list(range(first, last + 1)), format="d", labelOverlap=True, labelSeparation=5),
    )
    y = _value_axis("value:Q", unit, domain)
    shapes = {series: form(series)[1] for series in dict.fromkeys(row["series"] for row in rows)}
    interval = [row for row in shown if row["low"] is not None or row["high"] is not None]
    return [
        *_gaps(_empty(rows, years), x, _span(rows, years)),
        *_breaks(breaks, x, years),
        _layer(interval)
        .mark_rule(strokeWidth=7, opacity=0.28)
        .encode(x=x, y=_value_axis("low:Q", unit, domain), y2=alt.Y2("high:Q"), color=_given()),
        _layer(_with_anchors([row for row in rows if first <= row["x"] <= last + 1]))
        .mark_line()
        .encode(x=x, y=y, color=_given(), strokeDash=_told_apart("series", _dashes(rows)), detail=alt.Detail("part:N")),
        _layer([row for row in shown if row["x2"] is not None])
        .mark_rule(strokeWidth=4)
        .encode(x=x, x2=alt.X2("x2:Q"), y=y, color=_given(), description=alt.Description("tip:N")),
        _symbols([row for row in shown if row["x2"] is None], x, y, 44, "series", shapes),
    ]


def _symbols(rows: Iterable[Mapping[str, Any]], x: alt.X, y: alt.Y, size: int, field: str, shapes: Mapping[str, str]) -> Any:
    shape = alt.Shape(f"{field}:N", legend=None, scale=alt.Scale(domain=list(shapes), range=list(shapes.values())))
    return (
        _layer(rows)
        .mark_point(size=size, strokeWidth=1.75, opacity=1)
        .encode(
            x=x,
            y=y,
            color=_given(),
            fill=alt.Fill("fill:N", scale=None),
            shape=shape,
            description=alt.Description("tip:N"),
        )
    )


def _value_axis(field: str, unit: str, domain: tuple[float, float]) -> alt.Y:
    """Return the axis of values, its unit written flat above it."""
    return alt.Y(
        field,
        scale=alt.Scale(domain=list(domain), nice=False, zero=False),
        axis=alt.Axis(
            title=unit or None,
            titleAngle=0,
            titleAlign="left",
            titleAnchor="end",
            titleY=-10,
            titleX=0,
            titleBaseline="bottom",
            format=",.2~f",
            tickCount=_TICKS,
        ),
    )


def _with_anchors(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Begin each plan line at the budget of the year before: they are decided together and printed beside each other."""
    budgets = {(row["group"], row["x"]): row for row in rows if row["series"] == "budget" and row["value"] is not None}
    anchors = []
    for group in {row["group"] for row in rows if row["series"] == "plan"}:
        first = min((row for row in rows if row["group"] == group and row["series"] == "plan"), key=lambda row: float(row["x"]))
        before = budgets.get((group, first["x"] - 1))
        if before is not None:
            anchors.append({**before, "series": "plan", "part": first["part"]})
    return sorted([*(row for row in rows if row["x2"] is None), *anchors], key=lambda row: (row["part"], row["x"]))


def _empty(rows: Sequence[Mapping[str, Any]], years: tuple[int, int]) -> list[int]:
    """Return the years for which no line has a value."""
    covered = {year for row in rows if row["value"] is not None for year in range(int(row["x"]), int(row["x2"] or row["x"]) + 1)}
    return [year for year in range(years[0], years[1] + 1) if year not in covered]


def _gaps(empty: Sequence[int], x: alt.X, span: tuple[float, float]) -> list[Any]:
    """Shade the years for which no line has a value, within the plot."""
    boxes = [{"x": max(year - 0.5, span[0]), "x2": min(year + 0.5, span[1])} for year in empty]
    return [_layer(boxes).mark_rect(color=chart_colour("gap")).encode(x=x, x2=alt.X2("x2:Q"))] if boxes else []


def _breaks(breaks: Sequence[Break], x: alt.X, years: tuple[int, int]) -> list[Any]:
    """Draw where lines are cut; why is said under the chart."""
    places = [position(item.period)[0] - 0.5 for item in breaks]
    rows = [{"x": at} for at in places if years[0] - 0.5 <= at <= years[1]]
    rule = {"color": chart_colour("muted"), "strokeDash": [2, 3], "strokeWidth": 1}
    return [_layer(rows).mark_rule(**rule).encode(x=x)] if rows else []


def _texts(labels: Sequence[Mapping[str, Any]], x: alt.X) -> list[Any]:
    """Draw labels on a halo of paper, which is seen only on a page, where it lies under the text (svg.draw) and not over it."""
    sides: dict[str, dict[str, Any]] = {
        "right": {"align": "left", "baseline": "middle", "dx": 9},
        "high above": {"align": "center", "baseline": "bottom", "dy": -9 - LINE},
        "above": {"align": "center", "baseline": "bottom", "dy": -8},
        "below": {"align": "center", "baseline": "top", "dy": 9},
        "above it": {"align": "left", "baseline": "bottom", "dx": -4, "dy": -8},
        "below it": {"align": "left", "baseline": "top", "dx": -4, "dy": 9},
        "above to": {"align": "right", "baseline": "bottom", "dx": 4, "dy": -8},
        "below to": {"align": "right", "baseline": "top", "dx": 4, "dy": 9},
    }
    paper, drawn = chart_colour("halo"), []
    for side, place in sides.items():
        mine = [label for label in labels if label["side"] == side]
        if mine:
            text = _layer(mine).encode(x=x, y=alt.Y("value:Q"), text=alt.Text("text:N"))
            place = {"fontWeight": 600, "lineBreak": "\n", "lineHeight": 14, **place}
            haloed = text.mark_text(stroke=paper, strokeWidth=4, strokeOpacity=0, **place)
            drawn.append(haloed.encode(fill=alt.Fill("colour:N", scale=None)))
    return drawn


def _bar(row: Mapping[str, Any], start: float, end: float | None) -> dict[str, Any]:
    return {"label": row["label"], "value": row["value"], "observation_id": row.get("observation_id"), "from": start, "to": end}


def _bar_chart(rows: list[dict[str, Any]], language: Language, unit: str) -> Chart:
    ends = [0.0, *(end for row in rows for end in (row["from"], row["to"]) if end is not None)]
    low, high = min(ends), max(ends)
    space = (high - low or 1.0) * 0.26
    for place, row in enumerate(rows):
        top, end = place * _ROW, row["from"] if row["to"] is None else row["to"]
        text = row["text"] or strings(language)["no_figure"]
        row.update(
            top=top + 20,
            bottom=top + 36,
            middle=top + 28.5,
            label_y=top + 12,
            end=end,
            right=end >= row["from"],
            text=text,
            tip=f"{row['label']}: {with_unit(text, unit)}" + SOURCE_SIGN + (row["observation_id"] or ""),
            label=textwrap.shorten(row["label"], 60, placeholder=" …"),
        )
    domain = (low - space if low < 0 else low, high + space)
    # Half a label stands out where one is at an edge of the plot.
    edge = max(10, axis_room(domain) // 2)
    x = alt.X(
        "from:Q",
        title=unit or None,
        scale=alt.Scale(domain=list(domain), nice=False),
        axis=alt.Axis(format=",.2~f", tickCount=4, grid=True, domain=False, ticks=False, titleAlign="left", titleAnchor="start"),
    )
    y = alt.Y("top:Q", axis=None, scale=alt.Scale(domain=[(len(rows) or 1) * _ROW, 0], nice=False))
    values = [
        _layer([row for row in rows if row["right"] is right])
        .mark_text(baseline="middle", align="left" if right else "right", dx=5 if right else -5)
        .encode(x=alt.X("end:Q"), y=alt.Y("middle:Q"), text=alt.Text("text:N"))
        for right in (True, False)
    ]
    return _framed(
        alt.layer(
            _layer(rows)
            .mark_rect()
            .encode(x=x, x2=alt.X2("to:Q"), y=y, y2=alt.Y2("bottom:Q"), color=_given(), description=alt.Description("tip:N")),
            _layer([{"zero": 0}]).mark_rule(color=chart_colour("axis")).encode(x=alt.X("zero:Q")),
            _layer(rows)
            # The line at zero ends where a label stands on it.
            .mark_text(align="left", fontWeight=600, dx=1, stroke=chart_colour("halo"), strokeWidth=4, strokeOpacity=0)
            .encode(x=_at(alt.XValue, 0), y=alt.Y("label_y:Q"), text=alt.Text("label:N")),
            *values,
        ),
        (len(rows) or 1) * _ROW + _AXIS + 10 + (_TITLE if unit else 0),
        "",
        edge,
        edge,
        below=unit,
    )
