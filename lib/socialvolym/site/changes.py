"""Changing: which figures are new, gone or other than when they were last made, and the sentences that say so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from markupsafe import Markup

from socialvolym import vocabulary
from socialvolym.narrative.wording import Wording, capitalise

#: What makes a figure the same figure in two runs.
FIGURE_KEY = ("report", "domain", "measure", "label", "breakdown", "period", "series", "line", "table", "published_as")
_SHOWN = ("report", "municipality_code", "measure", "breakdown", "period", "series", "unit", "value", "before")
_EXAMPLES = 20
_FINDINGS = ("new_findings", "gone_findings")


def changed_figures(before: pl.DataFrame | None, after: pl.DataFrame) -> dict[str, Any]:
    """Compare the observations of two runs.

    Parameters
    ----------
    before : observations of the earlier run; None where there was none.
    after : observations of this run.

    Returns
    -------
    dict
        first: whether there was nothing to compare with; new_reports: their names; new, gone, other: numbers of figures;
        examples: at most twenty of each, with what the figure is, its value and the value before.
    """
    if before is None or not set(after.columns) <= set(before.columns):
        return {"first": True, "new_reports": [], "new": after.height, "gone": 0, "other": 0, "examples": []}
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
    counts = {change: frame.height for change, frame in groups.items()}
    new_reports = sorted(set(after["report"]) - set(before["report"]))
    return {"first": False, "new_reports": new_reports, **counts, "examples": examples}


def changed_findings(before: pl.DataFrame | None, after: pl.DataFrame) -> dict[str, int]:
    """Return how many findings are new and how many are gone since the earlier run; none where there was no such run."""
    keys = ["rule", "report", "line", "table", "explanation"]
    if before is None or not set(keys) <= set(before.columns):
        return {"new_findings": 0, "gone_findings": 0}
    return {
        "new_findings": after.join(before, on=keys, how="anti", nulls_equal=True).height,
        "gone_findings": before.join(after, on=keys, how="anti", nulls_equal=True).height,
    }


def _numbered(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(_number=pl.int_range(pl.len()).over(FIGURE_KEY))


def tell(changes: Mapping[str, Any], words: Wording) -> list[Markup]:
    """Return what changed, in sentences: reports, findings, numbers of figures, then examples; nothing where nothing changed.

    Parameters
    ----------
    changes : what changed_figures and changed_findings returned, together.
    words : of the language.
    """
    figures, findings = ({name: words.number(changes[name]) for name in names} for names in (("new", "gone", "other"), _FINDINGS))
    if changes["first"]:
        return [words.say("changes.first", 0, **figures)]
    told = [words.say("changes.report", report=report) for report in changes["new_reports"]]
    if any(changes[name] for name in _FINDINGS):
        told.append(words.say("changes.findings", 0, **findings))
    if any(changes[name] for name in figures):
        told.append(words.say("changes.counts", 0, **figures))
    return [*told, *(_example(example, words) for example in changes["examples"])]


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
