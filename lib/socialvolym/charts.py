"""Charts: one altair theme and the few forms in which this project shows numbers.

No chart needs a script: each is an SVG, drawn in two widths, with the same numbers in a table under it. Vega's own JavaScript is left
out on purpose. It would take 0.9 of a page's 1.5 MB to show a tooltip, while a reader here wants to go from a point to the printed cell
it stands for: the page's small script does that on the SVG itself, and without a script the table's links do.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import polars as pl
from babel.dates import get_month_names

from socialvolym import vocabulary
from socialvolym.errors import SocialvolymError
from socialvolym.figure import WIDE
from socialvolym.figure import figure as figure
from socialvolym.figure import picture as picture
from socialvolym.parameters import Language
from socialvolym.svg import SOURCE_SIGN
from socialvolym.theme import LOCALES, chart_colour, colours, format_number, strings

#: Columns of the frames that the chart functions take; only period (or label) and value must be there.
POINT_COLUMNS: dict[str, Any] = {
    "period": pl.String, "value": pl.Float64, "series": pl.String, "group": pl.String, "low": pl.Float64, "high": pl.Float64,
    "status": pl.String, "observation_id": pl.String,
}
#: How series are told apart without colour: dash, symbol, filled.
SERIES_FORMS: dict[str, tuple[list[float], str, bool]] = {
    "outturn": ([1, 0], "circle", True),
    "budget": ([6, 4], "square", False),
    "forecast": ([9, 3, 2, 3], "diamond", False),
    "plan": ([1.5, 4], "triangle-up", False),
    "target": ([1, 6], "stroke", False),
}
FONT = "Arimo, 'Liberation Sans', Arial, Helvetica, sans-serif"
_LETTER = 6.3
_LINE = 14
_LABEL_LETTERS = 18


@alt.theme.register("socialvolym", enable=True)
def theme() -> alt.theme.ThemeConfig:
    """Return the project's altair theme: quiet axes, one font, no frame."""
    ink, muted, grid, axis = (chart_colour(name) for name in ("ink", "muted", "grid", "axis"))
    shared = {"labelColor": muted, "labelFont": FONT, "labelFontSize": 12, "titleColor": muted, "titleFont": FONT,
              "titleFontSize": 12, "titleFontWeight": "normal", "domainColor": axis, "tickColor": axis, "gridColor": grid}
    return {"config": {
        "background": None, "font": FONT, "padding": 4,
        "view": {"stroke": None},
        "axis": shared,
        "axisX": {"grid": False, "labelPadding": 6, "tickSize": 4, "labelFlush": False},
        "axisY": {"domain": False, "ticks": False, "labelPadding": 6},
        "title": {"anchor": "start", "font": FONT, "fontSize": 13, "fontWeight": 600, "color": ink, "offset": 6},
        "text": {"font": FONT, "fontSize": 12, "fill": ink},
        "line": {"strokeWidth": 2.25, "strokeCap": "butt"},
    }}


@dataclass(frozen=True)
class Break:
    """A break in a series: before `period` figures mean something else, for `reason`."""

    period: str
    reason: str


def municipality_colour(municipality: str, known: Sequence[str] | None = None) -> str:
    """Return a municipality's colour: the same on every page, by its place among the municipality codes.

    Parameters
    ----------
    municipality : name or code.
    known : the codes of all municipalities with reports; by default those in data/raw.
    """
    names = vocabulary.municipalities()
    codes = sorted(known) if known is not None else _municipalities_with_reports()
    palette = colours()["municipality"]
    place = next((i for i, code in enumerate(codes) if municipality in (code, names.get(code))), 0)
    return str(palette[place % len(palette)]["light"])


def _municipalities_with_reports() -> list[str]:
    from socialvolym.reports import load_reports

    return sorted({raw.report.municipality_code for raw in load_reports()})


def group_colours(groups: Iterable[str], known: Sequence[str] | None = None) -> dict[str, str]:
    """Return a colour for each group: municipalities have their own, anything else takes the next one of its chart."""
    names = vocabulary.municipalities()
    others = [str(pair["light"]) for pair in colours()["category"]]
    taken: dict[str, str] = {}
    for group in groups:
        if group in names or group in names.values():
            taken[group] = municipality_colour(group, known)
        else:
            taken[group] = others[len([g for g in taken if taken[g] in others]) % len(others)]
    return taken


def _position(period: str) -> tuple[float, float | None]:
    """Return where a period stands on an axis of years, and where it ends when it is a span of years."""
    try:
        if "/" in period:
            first, last = (_position(part)[0] for part in period.split("/"))
            return first, last
        if "-Q" in period:
            return int(period[:4]) + (int(period[6]) - 0.5) / 4, None
        if len(period) == 7:
            return int(period[:4]) + (int(period[5:7]) - 0.5) / 12, None
        return float(int(period[:4])), None
    except ValueError as error:
        raise SocialvolymError(f"the period {period!r} cannot stand on a chart; write 2022, 2022-03, 2022-Q1 or 2015/2019") from error


def points(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame with all columns of POINT_COLUMNS: a missing series is outturn, anything else null.

    Raises
    ------
    SocialvolymError
        where period or value is missing.
    """
    missing = [name for name in ("period", "value") if name not in frame.columns]
    if missing:
        raise SocialvolymError(f"a chart's table lacks the columns {', '.join(missing)}; it has {', '.join(frame.columns)}")
    absent = [pl.lit(None, dtype=dtype).alias(name) for name, dtype in POINT_COLUMNS.items() if name not in frame.columns]
    whole = frame.with_columns(absent).select(pl.col(name).cast(dtype) for name, dtype in POINT_COLUMNS.items())
    return whole.filter(pl.col("period").is_not_null()).with_columns(pl.col("series").fill_null("outturn"), pl.col("group").fill_null(""))


def _rows(frame: pl.DataFrame, breaks: Sequence[Break]) -> list[dict[str, Any]]:
    """Return the points with their place, in order, with a null row for every year that is missing between two others."""
    rows = []
    for row in points(frame).iter_rows(named=True):
        at, end = _position(row["period"])
        rows.append({**row, "x": at, "x2": end, "value": None if row["value"] is None else float(row["value"])})
    for line in {(row["group"], row["series"]) for row in rows}:
        years = {row["x"] for row in rows if (row["group"], row["series"]) == line and row["x2"] is None}
        if years and all(year.is_integer() for year in years):
            rows += [_empty_row(line, year) for year in range(int(min(years)), int(max(years))) if year not in years]
    cuts = sorted(_position(b.period)[0] for b in breaks)
    for row in rows:
        row["part"] = f"{row['group']}|{row['series']}|{sum(row['x'] >= cut for cut in cuts)}"
    return sorted(rows, key=lambda row: (row["group"], row["series"], row["x"]))


def _empty_row(line: tuple[str, str], year: int) -> dict[str, Any]:
    return {**dict.fromkeys(POINT_COLUMNS), "period": str(year), "group": line[0], "series": line[1], "x": float(year), "x2": None,
            "status": "not_available"}


def _domain(rows: Sequence[Mapping[str, Any]], zero: bool) -> tuple[float, float]:
    values = [row[name] for row in rows for name in ("value", "low", "high") if row.get(name) is not None]
    if not values:
        return 0.0, 1.0
    low, high = min(values), max(values)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    room = (high - low or abs(high) or 1.0) * 0.1
    return (low - room if low < 0 or not zero else low), high + room


def _tip(row: Mapping[str, Any], language: Language, unit: str, several_series: bool = True) -> str:
    words = strings(language)
    series = words["series"].get(row["series"], row["series"]) if several_series else None
    head = ", ".join(part for part in (row.get("group"), row["period"], series) if part)
    return f"{head}: {format_number(row['value'], language)} {unit}".strip() + SOURCE_SIGN + (row.get("observation_id") or "")


def _layer(rows: Sequence[Mapping[str, Any]]) -> alt.Chart:
    return alt.Chart(alt.Data(values=[dict(row) for row in rows]))


def lines(frame: pl.DataFrame, *, language: Language, unit: str = "", breaks: Sequence[Break] = (), zero: bool = True,
          height: int = 300, labels: bool = True, domain: tuple[float, float] | None = None,
          years: tuple[int, int] | None = None, known: Sequence[str] | None = None) -> alt.LayerChart:
    """Draw values over time, one line a group and series.

    Outturn is a full line with dots, budget dashed with squares, forecast dash-dotted with diamonds, plan dotted with triangles. A
    missing year leaves a gap, a break cuts the line, a mean over years is a flat bar, an interval a whisker.

    Parameters
    ----------
    frame : period, value and any of series, group, low, high, status, observation_id.
    language : of numbers and labels.
    unit : written above the axis.
    breaks : where the series is cut, and why.
    zero : begin the axis at zero; False only for values that are no volumes.
    height : of the plot, in pixels.
    labels : name each line at its end.
    domain : lowest and highest value of the axis; found from the values by default.
    years : first and last year of the axis; found from the values by default.
    known : codes of the municipalities that share the colours; by default those with reports.

    Raises
    ------
    SocialvolymError
        where a column is missing or a period cannot be read.
    """
    chart, room = _plot(frame, language, unit, breaks, zero, height, labels, domain, years, known)
    chart = chart.properties(width=WIDE, height=height, autosize=alt.AutoSizeParams(type="fit", contains="padding"),
                             padding={"left": 4, "top": 8, "bottom": 4, "right": room})
    return _noted(chart, breaks, language)


def _plot(frame: pl.DataFrame, language: Language, unit: str, breaks: Sequence[Break], zero: bool, height: int, labels: bool,
          domain: tuple[float, float] | None, years: tuple[int, int] | None,
          known: Sequence[str] | None) -> tuple[alt.LayerChart, int]:
    """Return the layers of a line chart, and the room in pixels that its labels need to the right."""
    rows = _rows(frame, breaks)
    shade = group_colours(dict.fromkeys(row["group"] for row in rows), known)
    several = len({row["series"] for row in rows}) > 1
    paper = chart_colour("halo")
    for row in rows:
        row["colour"] = shade[row["group"]]
        row["fill"] = row["colour"] if SERIES_FORMS.get(row["series"], SERIES_FORMS["outturn"])[2] else paper
        row["tip"] = _tip(row, language, unit, several)
    shown = [row for row in rows if row["value"] is not None]
    low, high = domain or _domain(rows, zero)
    first, last = years or (int(min((r["x"] for r in rows), default=0)), int(max((r["x2"] or r["x"] for r in rows), default=0)))
    x = alt.X("x:Q", title=None, scale=alt.Scale(domain=[first - 0.25, last + (1 if _is_fraction(rows) else 0.25)], nice=False),
              axis=alt.Axis(values=list(range(first, last + 1)), format="d", labelOverlap=True))
    y = _value_axis("value:Q", unit, (low, high))
    colour = alt.Color("colour:N", scale=None)
    forms = _forms(rows)
    shape = alt.Shape("series:N", legend=None, scale=alt.Scale(domain=list(forms), range=[form[1] for form in forms.values()]))
    parts = [_gaps(rows, x, first, last, language), *_breaks(breaks, x, first, last, height)]
    parts += [
        _layer([r for r in shown if r["low"] is not None or r["high"] is not None]).mark_rule(strokeWidth=7, opacity=0.28)
        .encode(x=x, y=_value_axis("low:Q", unit, (low, high)), y2="high:Q", color=colour),
        _layer(_with_anchors(rows)).mark_line().encode(x=x, y=y, color=colour, strokeDash=_dash(rows), detail="part:N"),
        _layer([r for r in shown if r["x2"] is not None]).mark_rule(strokeWidth=4).encode(
            x=x, x2="x2:Q", y=y, color=colour, description="tip:N"),
        _layer([r for r in shown if r["x2"] is None]).mark_point(size=52, strokeWidth=1.75, opacity=1).encode(
            x=x, y=y, color=colour, fill=alt.Fill("fill:N", scale=None), shape=shape, description="tip:N"),
    ]
    names = _end_labels(shown, several, (low, high), height, language) if labels else []
    room = max((len(text) for name in names if name["side"] == "right" for text in name["text"].split("\n")), default=0) * _LETTER
    parts += _texts(names, x)
    return alt.layer(*[part for part in parts if part is not None]), int(room) + 14 if room else 10


def _forms(rows: Iterable[Mapping[str, Any]]) -> dict[str, tuple[list[float], str, bool]]:
    return {series: SERIES_FORMS.get(series, SERIES_FORMS["outturn"]) for series in dict.fromkeys(row["series"] for row in rows)}


def _dash(rows: Iterable[Mapping[str, Any]]) -> alt.StrokeDash:
    forms = _forms(rows)
    return alt.StrokeDash("series:N", legend=None, scale=alt.Scale(domain=list(forms), range=[form[0] for form in forms.values()]))


def _value_axis(field: str, unit: str, domain: tuple[float, float]) -> alt.Y:
    """Return the axis of values, its unit written flat above it."""
    return alt.Y(field, scale=alt.Scale(domain=list(domain), nice=False, zero=False), axis=alt.Axis(
        title=unit or None, titleAngle=0, titleAlign="left", titleAnchor="end", titleY=-10, titleX=0, titleBaseline="bottom",
        format=",.2~f", tickCount=5))


def _is_fraction(rows: Iterable[Mapping[str, Any]]) -> bool:
    return any(not float(row["x"]).is_integer() for row in rows)


def _noted(chart: Any, breaks: Sequence[Break], language: Language) -> Any:
    notes = [strings(language)["break"].format(period=b.period, reason=b.reason) for b in breaks]
    return chart.properties(usermeta={"notes": notes}) if notes else chart


def _with_anchors(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Begin each plan line at the budget of the year before: they are decided together and printed beside each other."""
    budgets = {(row["group"], row["x"]): row for row in rows if row["series"] == "budget" and row["value"] is not None}
    anchors = []
    for group in {row["group"] for row in rows if row["series"] == "plan"}:
        first = min((row for row in rows if row["group"] == group and row["series"] == "plan"), key=lambda row: row["x"])
        before = budgets.get((group, first["x"] - 1))
        if before is not None:
            anchors.append({**before, "series": "plan", "part": first["part"]})
    return sorted([*(row for row in rows if row["x2"] is None), *anchors], key=lambda row: (row["part"], row["x"]))


def _gaps(rows: Sequence[Mapping[str, Any]], x: alt.X, first: int, last: int, language: Language) -> alt.LayerChart | None:
    """Shade the years for which no line has a value."""
    covered = {year for row in rows if row["value"] is not None for year in range(int(row["x"]), int(row["x2"] or row["x"]) + 1)}
    empty = [{"x": year - 0.5, "x2": year + 0.5, "middle": year, "text": strings(language)["no_figure"].replace(" ", "\n")}
             for year in range(first, last + 1) if year not in covered]
    if not empty:
        return None
    band = _layer(empty).mark_rect(color=chart_colour("gap")).encode(x=x, x2="x2:Q")
    words = _layer(empty).mark_text(color=chart_colour("muted"), fontSize=11, lineBreak="\n", lineHeight=13, baseline="bottom",
                                    dy=-6 - 13 * empty[0]["text"].count("\n")).encode(
        x=alt.X("middle:Q"), y=alt.value("height"), text="text:N")
    return alt.layer(band, words)


def _breaks(breaks: Sequence[Break], x: alt.X, first: int, last: int, height: int) -> list[alt.Chart]:
    rows = []
    for item in breaks:
        at = _position(item.period)[0] - 0.5
        if first - 0.5 <= at <= last:
            reason = textwrap.wrap(item.reason, 22)
            short = [*reason[:2], reason[2] + " …"] if len(reason) > 3 else reason
            rows.append({"x": at, "text": "\n".join(short), "right": at > (first + last) / 2})
    muted = chart_colour("muted")
    rule = _layer(rows).mark_rule(color=muted, strokeDash=[2, 3], strokeWidth=1).encode(x=x)
    texts = [_layer([row for row in rows if row["right"] is right]).mark_text(
        color=muted, fontSize=11, lineBreak="\n", align="right" if right else "left", dx=-5 if right else 5, baseline="top",
        lineHeight=13).encode(x=x, y=alt.value(0), text="text:N") for right in (False, True)]
    return [rule, *texts] if rows else []


def _end_labels(shown: Sequence[Mapping[str, Any]], several: bool, domain: tuple[float, float], height: int,
                language: Language) -> list[dict[str, Any]]:
    """Return a label for each group at its last point and one for each series at its highest line, none on top of another."""
    words = strings(language)["series"]
    groups = list(dict.fromkeys(row["group"] for row in shown))
    if len({(row["group"], row["series"]) for row in shown}) == 1:
        return _value_labels(shown, language)
    edge = max((row["x2"] or row["x"] for row in shown), default=0)
    labels = []
    if len(groups) > 1:
        for group in groups:
            row = max((row for row in shown if row["group"] == group), key=lambda row: row["x"])
            labels.append(_label(row, group, edge, row["colour"]))
    if several:
        for series in dict.fromkeys(row["series"] for row in shown):
            mine = [row for row in shown if row["series"] == series]
            top = max(mine, key=lambda row: row["value"])["group"]
            row = max((row for row in mine if row["group"] == top), key=lambda row: row["x"])
            labels.append(_label(row, words.get(series, series), None if len(groups) > 1 else edge, chart_colour("muted")))
    labels = _merge(labels, (domain[1] - domain[0]) / height * _LINE)
    _spread([label for label in labels if label["side"] == "right"], domain, height)
    _alternate([label for label in labels if label["side"] == "above"], domain)
    return labels


def _alternate(labels: Sequence[dict[str, Any]], domain: tuple[float, float]) -> None:
    """Write every second of neighbouring labels below its point, so that they stay apart on a narrow screen."""
    ordered = sorted(labels, key=lambda label: label["x"])
    for before, label in zip(ordered, ordered[1:], strict=False):
        close = label["x"] - before["x"] <= 1 and abs(label["value"] - before["value"]) < (domain[1] - domain[0]) / 6
        if close and before["side"] == "above":
            label["side"] = "below"


def _label(row: Mapping[str, Any], text: str, edge: float | None, colour: str) -> dict[str, Any]:
    at = row["x2"] or row["x"]
    return {"x": at, "value": row["value"], "colour": colour, "side": "right" if at == edge else "above",
            "text": "\n".join(textwrap.wrap(textwrap.shorten(text, 48, placeholder=" …"), _LABEL_LETTERS)[:3])}


def _merge(labels: Sequence[dict[str, Any]], nearest: float) -> list[dict[str, Any]]:
    """Write labels above one and the same place as one label."""
    merged: list[dict[str, Any]] = []
    for label in labels:
        twin = next((other for other in merged if (other["side"], other["x"]) == ("above", label["x"]) and label["side"] == "above"
                     and abs(other["value"] - label["value"]) < nearest), None)
        if twin is None:
            merged.append(label)
        else:
            twin.update(text=f"{twin['text']}, {label['text']}", value=max(twin["value"], label["value"]))
    return merged


def _value_labels(shown: Sequence[Mapping[str, Any]], language: Language) -> list[dict[str, Any]]:
    """Return the first and the last value of the only line, in place of a name that nothing needs to be told from."""
    ends = [shown[0], shown[-1]] if len(shown) > 1 else list(shown)
    return [{"x": row["x2"] or row["x"], "value": row["value"], "colour": row["colour"], "side": "above",
             "text": format_number(row["value"], language)} for row in ends]


def _spread(labels: list[dict[str, Any]], domain: tuple[float, float], height: int) -> None:
    low, high = domain
    scale = height / (high - low)
    floor = float("inf")
    for label in sorted(labels, key=lambda label: label["value"]):
        own = (label["text"].count("\n") + 1) * _LINE
        middle = min((high - label["value"]) * scale, floor - own / 2)
        label["value"] = high - middle / scale
        floor = middle - own / 2


def _texts(labels: Sequence[Mapping[str, Any]], x: alt.X) -> list[alt.Chart]:
    """Draw labels twice: a halo of paper, and the text."""
    y = alt.Y("value:Q")
    drawn = []
    for side, place in (("right", {"align": "left", "baseline": "middle", "dx": 9}),
                        ("above", {"align": "center", "baseline": "bottom", "dy": -8}),
                        ("below", {"align": "center", "baseline": "top", "dy": 9})):
        mine = [label for label in labels if label["side"] == side]
        shared = {"fontWeight": 600, "lineBreak": "\n", "lineHeight": _LINE, **place}
        if mine:
            drawn += [
                _layer(mine).mark_text(stroke=chart_colour("halo"), strokeWidth=4, fill=chart_colour("halo"), **shared)
                .encode(x=x, y=y, text="text:N"),
                _layer(mine).mark_text(**shared).encode(x=x, y=y, text="text:N", fill=alt.Fill("colour:N", scale=None)),
            ]
    return drawn


def small_multiples(frame: pl.DataFrame, *, language: Language, panel: str = "panel", unit: str = "", columns: int = 3,
                    shared: bool = True, zero: bool = True, breaks: Sequence[Break] = (),
                    known: Sequence[str] | None = None) -> alt.ConcatChart:
    """Draw the same small chart once a panel, all over the same years.

    Parameters
    ----------
    frame : as for `lines`, with the column named by `panel`.
    shared : give all panels one axis, so that heights compare; False where the panels have different units.

    Other parameters are those of `lines`.
    """
    rows = _rows(frame.drop(panel), ())
    if not rows:
        raise SocialvolymError("small multiples of an empty table; leave the figure out where there are no figures")
    years = int(min(row["x"] for row in rows)), int(max(row["x2"] or row["x"] for row in rows))
    domain = _domain(rows, zero) if shared else None
    charts = []
    for (name,), part in frame.group_by(panel, maintain_order=True):
        chart, _ = _plot(part, language, unit, breaks, zero, 110, False, domain, years, known)
        title = textwrap.wrap(textwrap.shorten(str(name), 60, placeholder=" …"), 30)
        charts.append(chart.properties(width=170, height=110, title=title))
    return _noted(alt.concat(*charts, columns=columns, spacing=22), breaks, language)


def bars(frame: pl.DataFrame, *, language: Language, unit: str = "", signed: bool = True, decimals: int | None = None) -> alt.LayerChart:
    """Draw horizontal bars from zero, each under its label and with its value at its end.

    Parameters
    ----------
    frame : label, value and any of observation_id, period; in the order in which it is shown.
    signed : write a plus before positive values (deviations); False for plain amounts.
    decimals : of the values written; as many as they have by default.
    """
    rows = [{"label": row["label"], "from": 0.0, "to": row["value"], "value": row["value"], "observation_id": row.get("observation_id"),
             "colour": chart_colour("down" if (row["value"] or 0) < 0 else "up"),
             "text": format_number(row["value"], language, decimals, signed)} for row in frame.iter_rows(named=True)]
    return _bar_rows(rows, language, unit)


def split(frame: pl.DataFrame, *, language: Language, unit: str = "", decimals: int | None = None) -> alt.LayerChart:
    """Draw how a change divides into parts: the total before, each part from where the last one ended, the total after.

    Parameters
    ----------
    frame : label, value, kind (total, volume, price or part) and perhaps observation_id; parts stand between the totals.
    """
    rows, level = [], 0.0
    for row in frame.iter_rows(named=True):
        total = row["kind"] == "total"
        value = float(row["value"] or 0)
        start, level = (0.0, value) if total else (level, level + value)
        colour = {"total": "muted", "volume": "volume", "price": "price"}.get(row["kind"], "up" if value >= 0 else "down")
        rows.append({"label": row["label"], "from": start, "to": level, "value": row["value"], "colour": chart_colour(colour),
                     "observation_id": row.get("observation_id"), "text": format_number(row["value"], language, decimals, not total)})
    return _bar_rows(rows, language, unit)


waterfall = split


def _bar_rows(rows: list[dict[str, Any]], language: Language, unit: str) -> alt.LayerChart:
    step = 44
    ends = [0.0, *(end for row in rows for end in (row["from"], row["to"]) if end is not None)]
    low, high = min(ends), max(ends)
    room = (high - low or 1.0) * 0.26
    scale = alt.Scale(domain=[low - room if low < 0 else low, high + room], nice=False)
    for place, row in enumerate(rows):
        right = (row["to"] or 0) >= row["from"]
        row.update(top=place * step + 20, bottom=place * step + 36, middle=place * step + 28.5, label_y=place * step + 12,
                   right=right, text=row["text"] or strings(language)["no_figure"],
                   end=row["from"] if row["to"] is None else row["to"], label=textwrap.shorten(row["label"], 60, placeholder=" …"))
        row["tip"] = f"{row['label']}: {row['text']} {unit}".strip() + SOURCE_SIGN + (row["observation_id"] or "")
    x = alt.X("from:Q", scale=scale, title=unit or None,
              axis=alt.Axis(format=",.2~f", tickCount=4, grid=True, domain=False, ticks=False, titleAlign="left", titleAnchor="start"))
    y = alt.Y("top:Q", axis=None, scale=alt.Scale(domain=[len(rows) * step or step, 0], nice=False))
    parts = [
        _layer(rows).mark_rect().encode(x=x, x2="to:Q", y=y, y2="bottom:Q", color=alt.Color("colour:N", scale=None), description="tip:N"),
        _layer([{"zero": 0}]).mark_rule(color=chart_colour("axis")).encode(x=alt.X("zero:Q", scale=scale)),
        _layer(rows).mark_text(align="left", fontWeight=600, dx=1).encode(x=alt.value(0), y=alt.Y("label_y:Q"), text="label:N"),
    ]
    for right, place in ((True, {"align": "left", "dx": 5}), (False, {"align": "right", "dx": -5})):
        parts.append(_layer([row for row in rows if row["right"] is right]).mark_text(baseline="middle", **place).encode(
            x=alt.X("end:Q"), y=alt.Y("middle:Q"), text="text:N"))
    return alt.layer(*parts).properties(width=WIDE, height=(len(rows) or 1) * step + 46,
                                        autosize=alt.AutoSizeParams(type="fit", contains="padding"))


def months(frame: pl.DataFrame, *, language: Language, unit: str = "", zero: bool = True, height: int = 280) -> alt.LayerChart:
    """Draw years of months over each other: the latest year strong, those before it lighter and dashed.

    Parameters
    ----------
    frame : period (2022-03), value and perhaps observation_id.
    """
    rows = [row for row in points(frame).iter_rows(named=True) if len(row["period"]) == 7]
    years = sorted({row["period"][:4] for row in rows})
    names = get_month_names("abbreviated", locale=LOCALES[language])
    forms = [([1, 0], chart_colour("up"), "circle"), ([6, 4], chart_colour("muted"), "square"), ([1.5, 4], chart_colour("down"), "diamond")]
    form = {year: forms[min(age, len(forms) - 1)] for age, year in enumerate(reversed(years))}
    for row in rows:
        year, month = row["period"].split("-")
        row.update(x=int(month), year=year, colour=form[year][1], part=year,
                   fill=form[year][1] if year == years[-1] else chart_colour("halo"),
                   tip=_tip({**row, "group": "", "period": f"{names[int(month)]} {year}"}, language, unit, several_series=False))
    low, high = _domain(rows, zero)
    x = alt.X("x:Q", title=None, scale=alt.Scale(domain=[0.7, 12.3], nice=False), axis=alt.Axis(
        values=list(range(1, 13)), labelOverlap=True,
        labelExpr="[" + ",".join(f"'{names[number].strip('.')}'" for number in range(1, 13)) + "][datum.value - 1]"))
    y = _value_axis("value:Q", unit, (low, high))
    colour = alt.Color("colour:N", scale=None)
    dash = alt.StrokeDash("year:N", legend=None, scale=alt.Scale(domain=years, range=[form[year][0] for year in years]))
    shape = alt.Shape("year:N", legend=None, scale=alt.Scale(domain=years, range=[form[year][2] for year in years]))
    shown = [row for row in rows if row["value"] is not None]
    labels = [{"x": last["x"], "value": last["value"], "colour": last["colour"], "text": year, "side": "right"}
              for year in years for last in [row for row in shown if row["year"] == year][-1:]]
    _spread(labels, (low, high), height)
    return alt.layer(
        _layer(sorted(rows, key=lambda row: row["period"])).mark_line().encode(x=x, y=y, color=colour, strokeDash=dash, detail="part:N"),
        _layer(shown).mark_point(size=40, strokeWidth=1.75, opacity=1).encode(
            x=x, y=y, color=colour, fill=alt.Fill("fill:N", scale=None), shape=shape, description="tip:N"),
        *_texts(labels, x),
    ).properties(width=WIDE, height=height, autosize=alt.AutoSizeParams(type="fit", contains="padding"),
                 padding={"left": 4, "top": 8, "bottom": 4, "right": 44})


def spark(frame: pl.DataFrame, *, language: Language, unit: str = "", known: Sequence[str] | None = None) -> alt.LayerChart:
    """Draw a line without axes for a key message: its first and last value written, gaps kept."""
    rows = _rows(frame, ())
    shade = group_colours(dict.fromkeys(row["group"] for row in rows), known)
    for row in rows:
        row["colour"], row["tip"] = shade[row["group"]], _tip(row, language, unit, several_series=False)
    shown = [row for row in rows if row["value"] is not None]
    low, high = _domain(rows, zero=True)
    ends = [shown[0], shown[-1]] if len(shown) > 1 else shown
    ends = [{**row, "text": format_number(row["value"], language), "when": row["period"][:4], "base": 0} for row in ends]
    x = alt.X("x:Q", axis=None, scale=alt.Scale(nice=False, zero=False))
    y = alt.Y("value:Q", axis=None, scale=alt.Scale(domain=[low, high * 1.15], nice=False))
    colour = alt.Color("colour:N", scale=None)
    return alt.layer(
        _layer([{"base": 0}]).mark_rule(color=chart_colour("axis")).encode(y=alt.Y("base:Q", axis=None)),
        _layer([row for row in rows if row["x2"] is None]).mark_line().encode(
            x=x, y=y, color=colour, strokeDash=_dash(rows), detail="part:N"),
        _layer(ends).mark_point(size=34, filled=True, opacity=1).encode(x=x, y=y, color=colour, description="tip:N"),
        _layer(ends).mark_text(baseline="bottom", dy=-7, fontWeight=600).encode(x=x, y=y, text="text:N"),
        _layer(ends).mark_text(baseline="top", dy=4, fontSize=11, color=chart_colour("muted")).encode(
            x=x, y=alt.Y("base:Q"), text="when:N"),
    ).properties(width=230, height=74, padding={"left": 26, "right": 26, "top": 4, "bottom": 16})
