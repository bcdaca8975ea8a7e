"""National context: Kolada's key figures of the chosen municipalities beside the country's, or how to fetch them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import polars as pl
from markupsafe import Markup

from socialvolym import vocabulary
from socialvolym.analysis.classification import is_volume
from socialvolym.charts.markup import Html, paragraph, section, table
from socialvolym.narrative.context import Context
from socialvolym.observations import facts
from socialvolym.observations.fetched import kolada_values
from socialvolym.vocabulary import names

#: The order of the rows of a table.
_KINDS = ("municipality", "peer_group", "country")


def national(context: Context, measures: Iterable[str]) -> Html:
    """Return Kolada's figures for the measures that have a nearest key figure there; nothing where no measure has one.

    Returns
    -------
    section : its `table` holds these figures, of all areas and years that have been fetched.
    """
    nearest = {measure: kpi for measure in map(names.measure, measures) if (kpi := vocabulary.measure_index()[measure]["kolada"])}
    values = kolada_values.load()
    known = pl.DataFrame(schema=kolada_values.VALUE_SCHEMA) if values is None else values
    told = known.filter(pl.col("kpi").is_in(list(nearest.values())))
    if not nearest:
        return context.nothing("national", told)
    if values is None:
        parts: list[Markup] = [paragraph(context.say("kolada.absent"))]
    else:
        accessed = context.words.period(str(values["accessed"].min()))
        parts = [paragraph(context.say("kolada.text", accessed=accessed)), _not_fetched(context, values)]
        parts += [_measure(context, measure, kpi, values) for measure, kpi in nearest.items()]
    return section(context.say("section.kolada"), *parts, name="kolada", table=told)


def _not_fetched(context: Context, values: pl.DataFrame) -> Markup:
    """Return which chosen municipalities have come to the reports after Kolada was asked."""
    fetched = set(values["municipality_code"])
    missing = [context.place(code) for code in context.settings.municipalities if code not in fetched]
    return paragraph(context.say("kolada.not_fetched", places=context.words.join(missing))) if missing else Markup("")


def _measure(context: Context, measure: str, kpi: str, values: pl.DataFrame) -> Markup:
    meaning = facts.kolada_measures().row(by_predicate=pl.col("kpi") == kpi, named=True)
    unit = meaning["unit"]
    counted = vocabulary.measure_index()[measure]["reference_time"] or "unknown"
    what = context.say(
        "kolada.measure",
        meaning=meaning["meaning_sv"],
        kpi=kpi,
        unit=context.words.unit(unit),
        time=context.words.say(f"kolada.reference_time.{meaning['reference_time']}"),
    )
    reports = context.say("kolada.reports", time=context.words.say(f"reference_time.{counted}"))
    size = context.say("kolada.size") if is_volume(unit) or unit == "kSEK" else Markup("")
    settings, title = context.settings, context.words.title(measure)
    shown = values.filter(
        pl.col("kpi") == kpi,
        pl.col("gender") == "T",
        pl.col("year").is_between(settings.first_year, settings.last_year),
        pl.col("municipality_code").is_in(settings.municipalities) | (pl.col("kind") == "country"),
    )
    numbers = paragraph(context.say("kolada.no_years")) if shown.is_empty() else _table(context, shown, unit, title)
    return Markup("<h3>{}</h3>").format(title) + paragraph(what, reports, size, kind="what") + numbers


def _table(context: Context, shown: pl.DataFrame, unit: str, caption: str) -> Markup:
    """Return a table with one row an area and one column a year."""
    years = shown["year"].unique().sort().to_list()
    ordered = shown.sort(pl.col("kind").cast(pl.Enum(_KINDS)), "municipality_code", "year", maintain_order=True)
    rows = []
    for _, area in ordered.group_by("area", maintain_order=True):
        cells = {row["year"]: _cell(context, row, unit) for row in area.iter_rows(named=True)}
        rows.append([_name(context, area.row(0, named=True)), *(cells[year] for year in years)])
    return table(
        [str(context.words.say("kolada.area")), *map(str, years)],
        rows,
        numeric=range(1, len(years) + 1),
        caption=f"{caption} (Kolada)",
    )


def _name(context: Context, row: dict[str, Any]) -> Markup:
    if row["kind"] == "municipality":
        return Markup.escape(context.place(row["municipality_code"]))
    return context.words.say(f"kolada.{row['kind']}", title=row["title"])


def _cell(context: Context, row: dict[str, Any], unit: str) -> str:
    """Return a value as a number, or why there is none; counts and money are shown without decimals."""
    if row["value"] is None:
        return str(context.words.say("kolada.missing" if row["status"] == "not_available" else f"status.{row['status']}"))
    return context.words.number(row["value"], 0 if is_volume(unit) or "SEK" in unit else 1)
