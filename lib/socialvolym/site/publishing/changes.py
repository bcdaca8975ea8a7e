"""Changes: which figures are new, gone or other than when they were last made, and the sentences that say so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import polars as pl
from markupsafe import Markup

from socialvolym import vocabulary
from socialvolym.narrative.wording import Wording, capitalise
from socialvolym.notation.numbers import split_bound

#: What may change of a figure that stays the same figure; the year is its report's.
_CHANGING = ("value", "status", "unit", "municipality_code", "year")
#: What makes a figure the same figure in two runs. Its name is a label that is printed: a sentence has none.
#: Its number is what is printed without the word before it.
FIGURE_KEY = ("report", "domain", "measure", "name", "breakdown", "period", "series", "line", "table", "number")
_SHOWN = ("report", "municipality_code", "measure", "breakdown", "period", "series", "unit", "value", "year", "before")
#: What an example says of a figure as it was before.
_BEFORE = ("unit", "municipality_code", "year")
_EXAMPLES = 20
_FINDINGS = ("new_findings", "gone_findings")


def changed_figures(before: pl.DataFrame | None, after: pl.DataFrame) -> dict[str, Any]:
    """Compare the observations of two runs.

    Parameters
    ----------
    before : observations of the earlier run; None where there was none.
    after : observations of this run. Both may have the year of the figure's report as a column.

    Returns
    -------
    dict
        first: whether there was nothing to compare with; new_reports: their names; new, gone, other: numbers of figures;
        examples: at most twenty of each, with what the figure is, its value and the value before.
    """
    if before is None or not {*after.columns} - {"year"} <= {*before.columns}:
        return {"first": True, "new_reports": [], "new": after.height, "gone": 0, "other": 0, "examples": []}
    # A table that was published before years were kept says nothing of them.
    dated = {"year"} <= {*before.columns} & {*after.columns}
    old, fresh = (_numbered(frame if dated else frame.with_columns(year=pl.lit(None, pl.Int64))) for frame in (before, after))
    keys = [*FIGURE_KEY, "_number"]
    both = fresh.join(old, on=keys, how="inner", nulls_equal=True, suffix="_before")
    changed = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_before")) for name in _CHANGING)
    nothing_before = [pl.lit(None, pl.Float64).alias("before"), *(pl.col(name).alias(f"{name}_before") for name in _BEFORE)]
    groups = {
        "new": fresh.join(old, on=keys, how="anti", nulls_equal=True).with_columns(nothing_before),
        "gone": old.join(fresh, on=keys, how="anti", nulls_equal=True).with_columns(nothing_before),
        "other": both.filter(changed).with_columns(before="value_before"),
    }
    examples = [
        {"change": change, **{name: row[name] for name in (*_SHOWN, *(f"{name}_before" for name in _BEFORE))}}
        for change, frame in groups.items()
        for row in frame.head(_EXAMPLES).iter_rows(named=True)
    ]
    counts = {change: frame.height for change, frame in groups.items()}
    new_reports = sorted(set(after["report"]) - set(before["report"]))
    return {"first": False, "new_reports": new_reports, **counts, "examples": examples}


def with_years(observations: pl.DataFrame, reports: pl.DataFrame | None) -> pl.DataFrame:
    """Return the observations with the year of each one's report, where the table of reports tells it."""
    if reports is None or "year" not in reports.columns:
        return observations
    return observations.join(reports.select("report", "year"), on="report", how="left", maintain_order="left")


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
    named = frame.with_columns(
        name=pl.when(pl.col("table").is_not_null()).then("label"),
        number=pl.col("published_as").map_elements(lambda text: split_bound(text)[1], return_dtype=pl.String),
    )
    return named.with_columns(_number=pl.int_range(pl.len()).over(FIGURE_KEY))


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
    examples = [(example["change"], _example(example, words)) for example in changes["examples"]]
    # What stands under another id, but is told in the same words, is neither new nor gone.
    said = Counter(text.partition(": ")[2] for change, text in examples if change in ("new", "gone"))
    return [*told, *(text for change, text in examples if change == "other" or said[text.partition(": ")[2]] == 1)]


def _example(example: Mapping[str, Any], words: Wording) -> Markup:
    code, measure = example["municipality_code"], example["measure"]
    known = measure in vocabulary.measure_index()
    figure = words.say(
        "changes.figure",
        subject=words.subject(measure, example["breakdown"]) if known else measure,
        place=vocabulary.municipalities().get(code, code),
        when=words.period(example["period"] or ""),
        series=words.series(example["series"]),
    )
    value = _quantity(example["value"], example["unit"], words)
    before = ", ".join([_quantity(example["before"], example["unit_before"], words), *_place_before(example)])
    return capitalise(words.say(f"changes.{example['change']}", figure=figure, value=value, before=before))


def _place_before(example: Mapping[str, Any]) -> list[str]:
    """Return the municipality and the report's year that a figure had before, where they were others."""
    code, year = example["municipality_code_before"], example["year_before"]
    place = [vocabulary.municipalities().get(code, code)] if code != example["municipality_code"] else []
    return [*place, *([str(year)] if year != example["year"] else [])]


def _quantity(value: float | None, unit: str, words: Wording) -> str:
    if value is None:
        return str(words.say("changes.nothing"))
    return words.quantity(value, unit) if unit in vocabulary.units() else words.number(value)
