"""The labels of lines: one at the end of each, none on top of another, in place of a legend."""

from __future__ import annotations

import itertools
import math
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from socialvolym.charts.altair_theme import DIGIT, LETTER, LINE
from socialvolym.charts.points import point_number
from socialvolym.charts.theme import chart_colour, strings
from socialvolym.notation.languages import Language

_LETTERS = 18


def end_labels(
    shown: Sequence[Mapping[str, Any]], domain: tuple[float, float], height: int, language: Language
) -> list[dict[str, Any]]:
    """Return a label for each group at its last point and one for each series at its highest line, none on top of another.

    Parameters
    ----------
    shown : points with x, x2, value, group, series and colour, in the order of their lines.
    domain : lowest and highest value of the axis.
    height : of the chart, in pixels.

    Returns
    -------
    labels : x, value (where it stands), text, colour, side (right, above, below).
    """
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
    if len({row["series"] for row in shown}) > 1:
        for series in dict.fromkeys(row["series"] for row in shown):
            mine = [row for row in shown if row["series"] == series]
            top = max(mine, key=lambda row: row["value"])["group"]
            row = max((row for row in mine if row["group"] == top), key=lambda row: row["x"])
            labels.append(_label(row, words.get(series, series), None if len(groups) > 1 else edge, chart_colour("muted")))
    labels = _merge(labels, (domain[1] - domain[0]) / height * LINE)
    spread([label for label in labels if label["side"] == "right"], domain, height)
    _alternate([label for label in labels if label["side"] == "above"], domain)
    return labels


def _alternate(labels: Sequence[dict[str, Any]], domain: tuple[float, float]) -> None:
    """Write every second of neighbouring labels below its point, so that they stay apart on a narrow screen."""
    ordered = sorted(labels, key=lambda label: label["x"])
    for before, label in itertools.pairwise(ordered):
        close = label["x"] - before["x"] <= 1 and abs(label["value"] - before["value"]) < (domain[1] - domain[0]) / 6
        if close and before["side"] == "above":
            label["side"] = "below"


def _label(row: Mapping[str, Any], text: str, edge: float | None, colour: str) -> dict[str, Any]:
    at = row["x2"] or row["x"]
    return {
        "x": at,
        "value": row["value"],
        "colour": colour,
        "side": "right" if at == edge else "above",
        "text": "\n".join(textwrap.wrap(textwrap.shorten(text, 48, placeholder=" …"), _LETTERS)[:3]),
    }


def _merge(labels: Sequence[dict[str, Any]], nearest: float) -> list[dict[str, Any]]:
    """Write labels above one and the same place as one label."""
    merged: list[dict[str, Any]] = []
    for label in labels:
        twin = next(
            (
                other
                for other in merged
                if other["side"] == label["side"] == "above"
                and other["x"] == label["x"]
                and abs(other["value"] - label["value"]) < nearest
            ),
            None,
        )
        if twin is None:
            merged.append(label)
        else:
            twin.update(text=f"{twin['text']}, {label['text']}", value=max(twin["value"], label["value"]))
    return merged


def _value_labels(shown: Sequence[Mapping[str, Any]], language: Language) -> list[dict[str, Any]]:
    """Return the first and the last value of the only line, in place of a name that nothing needs to be told from."""
    ends = [shown[0], shown[-1]] if len(shown) > 1 else list(shown)
    return [
        {
            "x": row["x2"] or row["x"],
            "value": row["value"],
            "colour": row["colour"],
            "side": "above",
            "text": point_number(row, language),
        }
        for row in ends
    ]


def spread(labels: list[dict[str, Any]], domain: tuple[float, float], height: int) -> None:
    """Move labels at the right edge down from each other, the lowest last."""
    low, high = domain
    scale = height / (high - low)
    floor = float("inf")
    for label in sorted(labels, key=lambda label: label["value"]):
        own = (label["text"].count("\n") + 1) * LINE
        middle = min((high - label["value"]) * scale, floor - own / 2)
        label["value"] = high - middle / scale
        floor = middle - own / 2


def axis_room(domain: tuple[float, float], ticks: int = 5) -> int:
    """Return how many pixels the labels of an axis of values need at its left, with the space between them and the plot.

    Parameters
    ----------
    domain : lowest and highest value of the axis.
    ticks : about how many labels it has.
    """
    low, high = domain
    step = (high - low) / ticks
    # Labels stand at multiples of a round number near the step: of 0,25 with two decimals, of 2 with none.
    decimals = min(2, max(0, math.ceil(-math.log10(step))))
    widest = max((f"{value:,.{decimals}f}" for value in (low, high)), key=len)
    digits = sum(letter.isdigit() for letter in widest)
    return math.ceil(digits * DIGIT + (len(widest) - digits) * DIGIT / 2) + 12


def room(labels: Sequence[Mapping[str, Any]]) -> int:
    """Return how many pixels the labels at the right edge need."""
    letters = max((len(text) for label in labels if label["side"] == "right" for text in label["text"].split("\n")), default=0)
    return int(letters * LETTER) + 14 if letters else 10
