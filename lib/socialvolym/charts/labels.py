"""The labels of lines: one at the end of each, none on top of another, in place of a legend."""

from __future__ import annotations

import itertools
import math
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict

from socialvolym import vocabulary
from socialvolym.charts.altair_theme import DIGIT, LETTER, LINE
from socialvolym.charts.points import TimedPoint, needed_decimals, point_number
from socialvolym.charts.theme import chart_colour
from socialvolym.notation.languages import Language

_LETTERS = 18
#: Left, top, right and bottom of a label, in pixels from the top left corner of the plot.
_Box = tuple[float, float, float, float]


class Label(TypedDict, total=False):
    """A label: where it stands, its text and colour, and on which side of its point (right, above, below).

    sides, named : while it looks for its place, the sides it may have, the best first, and whether it must have one.
    """

    x: float
    x2: float | None
    value: float
    text: str
    colour: str
    side: str
    sides: tuple[str, ...]
    named: bool


def end_labels(shown: Sequence[TimedPoint], domain: tuple[float, float], height: int, language: Language) -> list[Label]:
    """Return a label for each of several groups at its last point and one for each series at its highest line, none on another.

    Parameters
    ----------
    shown : points with x, x2, value, group, series and colour, in the order of their lines.
    domain : lowest and highest value of the axis.
    height : of the chart, in pixels.
    """
    words = vocabulary.series(language)
    groups = list(dict.fromkeys(row["group"] for row in shown))
    edge = max((row["x2"] or row["x"] for row in shown), default=0)
    labels: list[Label] = []
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


def _alternate(labels: Sequence[Label], domain: tuple[float, float]) -> None:
    """Write every second of neighbouring labels below its point, so that they stay apart on a narrow screen."""
    ordered = sorted(labels, key=lambda label: label["x"])
    for before, label in itertools.pairwise(ordered):
        close = label["x"] - before["x"] <= 1 and abs(label["value"] - before["value"]) < (domain[1] - domain[0]) / 6
        if close and before["side"] == "above":
            label["side"] = "below"


def _label(row: TimedPoint, text: str, edge: float | None, colour: str) -> Label:
    at = row["x2"] or row["x"]
    return {
        "x": at,
        "value": row["value"],
        "colour": colour,
        "side": "right" if at == edge else "above",
        "text": "\n".join(textwrap.wrap(textwrap.shorten(text, 48, placeholder=" …"), _LETTERS)[:3]),
    }


def _merge(labels: Sequence[Label], nearest: float) -> list[Label]:
    """Write labels above one and the same place as one label."""
    merged: list[Label] = []
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
            twin["text"] += f", {label['text']}"
            twin["value"] = max(twin["value"], label["value"])
    return merged


def point_labels(
    shown: Sequence[TimedPoint],
    domain: tuple[float, float],
    span: tuple[float, float],
    size: tuple[int, int],
    language: Language,
    above: int = 10,
) -> tuple[list[Label], int, bool]:
    """Return the labels of one group's points, how many pixels they need at the right edge, and whether no line crosses any.

    None stands on another or a point. The main line's last, first and turning points have their values; any other series has its
    name and last value. What finds no room is left out, the turning points that turn least first.

    Parameters
    ----------
    shown : as for `end_labels`.
    domain, span : lowest and highest value of the axis of values, and of that of years.
    size : of the plot and what stands at its right, in pixels.
    above : how many pixels there are above the plot.
    """
    if not shown:
        return [], room([]), True
    wanted = _wanted(shown, language)
    edge = max(row["x2"] or row["x"] for row in shown)
    several = len({row["series"] for row in shown}) > 1
    widest = max((_wide(label["text"]) for label in wanted if label["x"] == edge), default=0)
    right = math.ceil(widest + 14 if several else widest / 2 + 4)
    width, height = size[0] - right, size[1]

    def place(row: TimedPoint | Label) -> tuple[float, float]:
        across = ((row["x2"] or row["x"]) - span[0]) / (span[1] - span[0])
        return across * width, (domain[1] - row["value"]) / (domain[1] - domain[0]) * height

    marks = [place(row) for row in shown]
    plot = _Plot((size[0], height, above), marks, _strokes(shown, marks))
    choices = [_choice(label, place(label), several and label["x"] == edge) for label in wanted]
    named = [choice for label, choice in zip(wanted, choices, strict=True) if label["named"]]
    # Where a label has no side of its own, none is to be found for all: that is known before they are tried together.
    settled = (plot.settled(named) if all(plot.sides(choice, ()) for choice in named) else None) or []
    boxes: list[_Box] = []
    labels: list[Label] = []
    clear = True
    for number, (label, choice) in enumerate(zip(wanted, choices, strict=True)):
        sides = [settled[number]] if number < len(settled) else plot.sides(choice, boxes, crossed=label["named"])
        if side := next(iter(sides), None):
            clear = clear and not plot.crosses(choice.at[side])
            boxes.append(choice.at[side])
            labels.append({**label, "side": side})
    return labels, right, clear


@dataclass(frozen=True)
class _Choice:
    """Where a label may stand: the box of each side, the good sides, and those that are better than a line through it."""

    at: Mapping[str, _Box]
    good: tuple[str, ...]
    aside: tuple[str, ...]


@dataclass(frozen=True)
class _Plot:
    """What labels may not stand on: the edge of the room (width, height, and above it), points, and the strokes between them."""

    room: tuple[float, float, float]
    marks: Sequence[tuple[float, float]]
    strokes: Sequence[tuple[float, ...]]

    def sides(self, choice: _Choice, boxes: Sequence[_Box], crossed: bool = False) -> list[str]:
        """Return the sides on which a label stands clear, the best first; where there is none, those with a line through it."""
        free = [side for side in choice.good if _is_free(choice.at[side], self.room, boxes, self.marks)]
        aside = [side for side in choice.aside if _is_free(choice.at[side], self.room, boxes, self.marks)]
        clear = [side for side in (*free, *aside) if not self.crosses(choice.at[side])]
        return clear or (free if crossed else [])

    def crosses(self, box: _Box) -> bool:
        """Tell whether a line runs through a box."""
        return any(_crosses(box, stroke) for stroke in self.strokes)

    def settled(self, choices: Sequence[_Choice], boxes: tuple[_Box, ...] = ()) -> list[str] | None:
        """Return a side for each label so that all stand clear, the first labels as well as they can; None where none does."""
        if not choices:
            return []
        first, *rest = choices
        for side in self.sides(first, boxes):
            others = self.settled(rest, (*boxes, first.at[side]))
            if others is not None:
                return [side, *others]
        return None


def _choice(label: Label, point: tuple[float, float], at_edge: bool) -> _Choice:
    """Return where the label of a point may stand; at the edge best at its right."""
    x, y = point
    half = _wide(label["text"]) / 2
    at = {
        "above": (x - half, y - 8 - LINE, x + half, y - 8),
        "below": (x - half, y + 9, x + half, y + 9 + LINE),
        "right": (x + 9, y - LINE / 2, x + 9 + 2 * half, y + LINE / 2),
        "high above": (x - half, y - 9 - 2 * LINE, x + half, y - 9 - LINE),
    }
    at |= {f"{side} it": (x - 4, at[side][1], x - 4 + 2 * half, at[side][3]) for side in ("above", "below")}
    at |= {f"{side} to": (x + 4 - 2 * half, at[side][1], x + 4, at[side][3]) for side in ("above", "below")}
    sides = (*(("right",) * at_edge), *label.pop("sides"), "right")
    # At the axis a label begins at its point: the numbers of the axis stand at its left.
    good = tuple(side if side == "right" or at[side][0] > 0 else f"{side} it" for side in sides)
    # A line through a label is worse than another side, and better than no name at all; last it begins or ends at its point.
    aside = (*(f"{side} {way}" for side in ("above", "below") for way in ("to", "it")), "high above")
    return _Choice(at, good, tuple(side for side in aside if at[side][0] > 0))


def _is_free(
    box: tuple[float, ...],
    room: tuple[float, float, float],
    boxes: Sequence[tuple[float, ...]],
    marks: Sequence[tuple[float, float]],
) -> bool:
    inside = box[2] <= room[0] and box[1] > -room[2] and box[3] < room[1]
    return inside and not any(_meet(box, other) for other in boxes) and not any(_holds(box, mark) for mark in marks)


def _strokes(shown: Sequence[TimedPoint], marks: Sequence[tuple[float, float]]) -> list[tuple[float, ...]]:
    """Return the strokes between neighbouring points of each line."""
    found: list[tuple[float, ...]] = []
    for series in dict.fromkeys(row["series"] for row in shown):
        own = [mark for row, mark in zip(shown, marks, strict=True) if row["series"] == series]
        found += [(*one, *other) for one, other in itertools.pairwise(sorted(own))]
    return found


def _crosses(box: tuple[float, ...], stroke: tuple[float, ...]) -> bool:
    """Tell whether a stroke goes through a box: what is left of it within the box's width is within its height too."""
    x0, y0, x1, y1 = stroke
    left, right = max(x0, box[0]), min(x1, box[2])
    if left >= right:
        return False
    at = [y0 + (y1 - y0) * (x - x0) / (x1 - x0) for x in (left, right)]
    return min(at) < box[3] and max(at) > box[1]


def _wanted(shown: Sequence[TimedPoint], language: Language) -> list[Label]:
    """Return the labels that one group's points should have, the most important first, each with its sides, the best first."""
    words, series = vocabulary.series(language), list(dict.fromkeys(row["series"] for row in shown))
    decimals = needed_decimals([row["value"] for row in shown])
    main = "outturn" if "outturn" in series else series[0]
    own = [row for row in shown if row["series"] == main]
    ends = dict.fromkeys((len(own) - 1, 0))
    turns = [
        i for i in range(1, len(own) - 1) if (own[i]["value"] - own[i - 1]["value"]) * (own[i + 1]["value"] - own[i]["value"]) < 0
    ]
    turns.sort(key=lambda i: -min(abs(own[i]["value"] - own[j]["value"]) for j in (i - 1, i + 1)))
    wanted: list[Label] = [{**_point_label(own, i, point_number(own[i], language, decimals)), "named": True} for i in ends]
    if len(series) > 1:
        wanted[0]["text"] = f"{words.get(main, main)} {wanted[0]['text']}"
    for name in series:
        if name != main:
            others = [row for row in shown if row["series"] == name]
            label = _point_label(
                others, len(others) - 1, f"{words.get(name, name)} {point_number(others[-1], language, decimals)}"
            )
            wanted.append({**label, "colour": chart_colour("muted"), "named": True})
    return [*wanted, *(_point_label(own, i, point_number(own[i], language, decimals)) for i in turns)]


def _point_label(line: Sequence[TimedPoint], at: int, text: str) -> Label:
    """Return the label of a point of a line: above a point that its neighbours lie below, and the other way round."""
    row, beside = line[at], [line[i] for i in (at - 1, at + 1) if 0 <= i < len(line)]
    over = sum(other["value"] > row["value"] for other in beside) * 2 > len(beside)
    sides = ("below", "above") if over else ("above", "below")
    place = row["x2"] or row["x"]
    return {"x": place, "x2": None, "value": row["value"], "colour": row["colour"], "text": text, "sides": sides, "named": False}


def _wide(text: str) -> float:
    return len(text) * DIGIT + 4


def _meet(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _holds(box: tuple[float, ...], point: tuple[float, float]) -> bool:
    return box[0] - 4 < point[0] < box[2] + 4 and box[1] - 4 < point[1] < box[3] + 4


def spread(labels: list[Label], domain: tuple[float, float], height: int) -> None:
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


def room(labels: Sequence[Label]) -> int:
    """Return how many pixels the labels at the right edge need."""
    letters = max((len(text) for label in labels if label["side"] == "right" for text in label["text"].split("\n")), default=0)
    return int(letters * LETTER) + 14 if letters else 10
