"""Changing: which figures are new, gone or other than when they were last made, and the sentences that say so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from markupsafe import Markup

from socialvolym import vocabulary
from socialvolym.wording import Wording, capitalise

#: What makes a figure the same figure in two runs.
FIGURE_KEY = ("report", "domain", "measure", "label", "breakdown", "period", "series", "line", "table", "published_as")
_SHOWN = ("report", "municipality_code", "measure", "breakdown", "period", "series", "unit", "value", "before")
_EXAMPLES = 20


def changed_figures(before: pl.DataFrame | None, after: pl.DataFrame) -> dict[str, Any]:
    """Compare the observations of two runs.

    Parameters
    ----------
    before : observations of the earlier run; None where there was none.
    after : observations of this run.

    Returns
    -------
    dict
        first: whether there was nothing to compare with; new, gone, other: numbers of figures; examples: at most twenty of
        each, with what the figure is, its value and the value before.
    """
    if before is None or not set(after.columns) <= set(before.columns):
        return {"first": True, "new": after.height, "gone": 0, "other": 0, "examples": []}
    old, fresh = (_numbered(frame) for frame in (before, after))
    keys = [*FIGURE_KEY, "_number"]
    both = fresh.join(old, on=keys, how="inner", nulls_equal=True, suffix="_before")
    changed = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_before")) for name in ("value", "status"))
    nothing_before = pl.lit(None, pl.Float64).alias("before")
    groups = {
        "new": fresh.join(old, on=keys, how="anti", nulls_equal=True).with_columns(nothing_before),
        "gone": old.join(fresh, on=keys, how="anti", nulls_equal=True).with_columns(nothing_before),
        "other": both.filter(changed).with_columns(before="value_before"),
    }
    examples = [
        {"change": change, **{name: row[name] for name in _SHOWN}}
        for change, frame in groups.items()
        for row in frame.head(_EXAMPLES).iter_rows(named=True)
    ]
    return {"first": False, **{change: frame.height for change, frame in groups.items()}, "examples": examples}


def _numbered(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(_number=pl.int_range(pl.len()).over(FIGURE_KEY))


def tell(changes: Mapping[str, Any], words: Wording) -> list[Markup]:
    """Return what changed, in sentences: the numbers, then the examples; nothing where nothing changed."""
    counts: dict[str, Any] = {name: words.number(changes[name]) for name in ("new", "gone", "other")}
    if changes["first"]:
        return [words.say("changes.first", **counts)]
    if not any(changes[name] for name in counts):
        return []
    return [words.say("changes.counts", **counts), *(_example(example, words) for example in changes["examples"])]


def _example(example: Mapping[str, Any], words: Wording) -> Markup:
    code, measure = example["municipality_code"], example["measure"]
    known = measure in vocabulary.measure_index()
    figure = words.say(
        "changes.figure",
        subject=words.subject(measure, example["breakdown"]) if known else measure,
        place=vocabulary.municipalities().get(code, code),
        when=words.period(example["period"] or ""),
        series=words.say(f"series.{example['series']}"),
    )
    value, before = (_quantity(example[name], example["unit"], words) for name in ("value", "before"))
    return capitalise(words.say(f"changes.{example['change']}", figure=figure, value=value, before=before))


def _quantity(value: float | None, unit: str, words: Wording) -> str:
    if value is None:
        return str(words.say("changes.nothing"))
    return words.quantity(value, unit) if unit in vocabulary.units() else words.number(value)
