"""Figures: a chart as SVG, its caption and source, and the same numbers in a table and as files."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import polars as pl
from babel.dates import get_month_names
from babel.lists import format_list
from markupsafe import escape

from socialvolym import paths, vocabulary
from socialvolym.analysis.classification import per_in_words
from socialvolym.charts import downloads
from socialvolym.charts.markup import Html
from socialvolym.charts.points import needed_decimals, point_number
from socialvolym.charts.svg import draw
from socialvolym.charts.theme import LOCALES, format_number, strings, templates
from socialvolym.notation.languages import Language
from socialvolym.observations import outcomes
from socialvolym.vocabulary.bilingual import period_in_words

#: Width of a chart in pixels: that of a phone, and of one of three beside each other; its letters are 12 pixels there.
WIDTH = 360
#: How many lines of a report the source of a chart names.
_LINES = 3
#: The columns by which points are told apart, where they differ in them; and what says the same as another one.
_TOLD_APART = ("group", "title", "measure", "part", "breakdown", "municipality", "municipality_code", "series", "unit")
_NAMED_BY = {"measure": "title", "breakdown": "part", "municipality_code": "municipality"}
_FIGURE, _TABLE = "figure.html.j2", "table.html.j2"


class Chart(Protocol):
    """Anything that gives a Vega-Lite specification: an altair chart."""

    def to_dict(self, validate: bool = True) -> dict[str, Any]:
        """Return the specification, checked against Vega-Lite's schema if asked for."""


def _specification(chart: Chart) -> dict[str, Any]:
    # The forms are few and the tests check each against the schema; checking every chart again costs as much as drawing it.
    return chart.to_dict(validate=False)


def picture(chart: Chart, alt: str, language: Language) -> Html:
    """Return a chart as SVG, without caption or table; for a spark in a key message."""
    return Html(draw(_specification(chart), language, alt))


def figure(
    chart: Chart,
    table: pl.DataFrame,
    caption: str,
    alt: str,
    language: Language,
    name: str = "",
    unit: str = "",
    **told: Any,
) -> Html:
    """Return a figure: caption, chart, the notes of its breaks, its numbers in a table, and the links that save them.

    A chart of printed figures has a place that its page fills with their files (site/figure_files.py).

    Parameters
    ----------
    chart : drawn at 360 pixels.
    table : the numbers of the chart, as for `numbers_table`.
    caption : what the chart shows, as its heading; text is escaped, `Html` is not.
    alt : what a screen reader says in place of the picture.
    language : of numbers and words.
    name : of the saved files; made from the caption by default.
    unit : of the numbers, in words, as for `numbers_table`.
    told : HTML beside the chart, where there is any: about (what is drawn, under the caption), lead (a figure above the chart),
        notes (further ones), source (under the chart), id (of the figure), municipality (its code, for those who choose one);
        and wide, whether it takes the width that it has.
    """
    spec = _specification(chart)
    words = strings(language)
    file_name = name or slug(caption)
    return Html(
        templates()
        .get_template(_FIGURE)
        .render(
            {"about": "", "lead": "", "source": "", "id": "", "municipality": "", "wide": False} | told,
            t=words,
            caption=caption,
            name=file_name,
            notes=[*spec.get("usermeta", {}).get("notes", []), *told.get("notes", ())],
            drawn=Html(draw(spec, language, alt)),
            table=numbers_table(table, language, caption, unit),
            links="" if _is_cited(table) else downloads.links(table, file_name, language, words["save_csv"], words["save_xlsx"]),
        ),
        table=table,
        chart=chart,
    )


def sources(ids: Iterable[str], language: Language, names: Mapping[str, str] | None = None) -> Html:
    """Return the reports that figures stand in, each with its first lines, as a link to the figures.

    Parameters
    ----------
    ids : of the figures, as observation_id.
    names : what the reports are called, by id; by default their municipalities and years.
    """
    words, by_report = strings(language), dict[str, list[str]]()
    for each in dict.fromkeys(ids):
        by_report.setdefault(each.split(":")[0], []).append(each)
    known = _report_names(paths.processed()) if names is None else names
    told = []
    for report, own in by_report.items():
        lines = sorted({int(place) for place in (each.split(":")[1] for each in own) if place.isdigit()})
        shown = ", ".join(map(str, lines[:_LINES])) + (" …" if len(lines) > _LINES else "")
        place = words["line" if len(lines) == 1 else "lines"].format(line=shown)
        told.append(source_link(", ".join([known.get(report, report), *([place] if lines else [])]), own))
    return Html(words["sources_named"].format(sources=format_list(told, locale=LOCALES[language])))


@lru_cache(maxsize=4)
def _report_names(folder: Path) -> dict[str, str]:
    """Return what the reports of the tables are called: municipality and year."""
    if not (folder / "reports.parquet").exists():
        return {}
    rows = outcomes.load(folder).filter(pl.col("municipality_code").is_not_null())
    names = vocabulary.municipalities()
    return {
        report: f"{names.get(code, code)} {year}"
        for report, code, year in rows.select("report", "municipality_code", "year").iter_rows()
    }


def _is_cited(table: pl.DataFrame) -> bool:
    """Tell whether every point of a chart is one printed figure: its page saves them, with all that is known of each.

    A rate is none: its own numbers are saved, with their denominators.
    """
    return _is_points(table) and table.schema.get("observation_id") == pl.String and "base" not in table.columns


def _is_points(table: pl.DataFrame) -> bool:
    return {"period", "value"} <= set(table.columns)


def slug(text: str) -> str:
    """Return a text as a file name: small letters of a to z, digits and hyphens, at most 60."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "figure"


def numbers_table(table: pl.DataFrame, language: Language, caption: str, unit: str = "") -> Html:
    """Return numbers as an HTML table in which each figure leads to its source.

    A table with the columns period and value is set out with a row a period and a column for each group and series, turned
    where that is wider than long, all with as many decimals, under their `unit`; a missing value says why (column status), and
    a mark follows its figure (column mark, HTML).
    Any other table is shown as it is; its column observation_id, where there is one, becomes the link of the row's first number.
    """
    if not _is_points(table):
        return plain_table(table, language, caption)
    heads, rows = _set_out(table, language, unit)
    return Html(templates().get_template(_TABLE).render(caption=caption, heads=heads, words=[], rows=rows))


def plain_table(table: pl.DataFrame, language: Language, caption: str) -> Html:
    """Return a table as it is; its column observation_id, where there is one, becomes the link of the row's first number."""
    heads, rows = _as_it_is(table, language)
    words = [name for name in heads if not table[name].dtype.is_numeric()]
    return Html(templates().get_template(_TABLE).render(caption=caption, heads=heads, words=words, rows=rows))


def _set_out(table: pl.DataFrame, language: Language, unit: str) -> tuple[list[str], list[list[Html]]]:
    words = strings(language)
    told_apart = "group" in table.columns
    keys = [
        name
        for name in _TOLD_APART
        if name in table.columns and not (name == "breakdown" and told_apart) and table[name].n_unique() > 1
    ]
    keys = [name for name in keys if _NAMED_BY.get(name) not in keys]
    decimals = max((_shown_decimals(value) for value in table["value"].drop_nulls()), default=0)
    cells: dict[tuple[str, tuple[str, ...]], list[Html]] = {}
    for row in table.filter(pl.col("period").is_not_null()).iter_rows(named=True):
        key = tuple(_named(language, name, row[name]) for name in keys)
        cells.setdefault((row["period"], key), []).append(_point(row, language, decimals))
    periods, lines = sorted({period for period, _ in cells}), list(dict.fromkeys(key for _, key in cells))
    if len(lines) == 1 and all(len(period) == 7 for period in periods):
        return _months_by_year(cells, lines[0], language, unit)
    names = [", ".join(part for part in key if part) or unit or words["value"] for key in lines]
    if len(lines) > max(3, len(periods) - 2):
        return [unit, *(period_in_words(period, language) for period in periods)], [
            [_html(name), *(_joined(cells.get((period, key))) for period in periods)]
            for name, key in zip(names, lines, strict=True)
        ]
    return [_under_unit(words["period"], unit if unit not in names else ""), *names], [
        [_html(period_in_words(period, language)), *(_joined(cells.get((period, key))) for key in lines)] for period in periods
    ]


def _under_unit(head: str, unit: str) -> str:
    return f"{head} ({unit})" if unit else head


def _shown_decimals(value: float) -> int:
    """Return how many decimals a number has, of the two that are shown at most."""
    return next((digits for digits in (0, 1) if abs(round(value, digits) - value) < 0.005), 2)


def _point(row: Mapping[str, Any], language: Language, decimals: int) -> Html:
    """Return the cell of a point, with the sign of its bound and the mark of what contradicts it (column mark, HTML)."""
    text = None if row["value"] is None else point_number(row, language, decimals)
    return Html(_cell(row, row["value"], language, text) + Html(row.get("mark") or ""))


def _months_by_year(
    cells: dict[tuple[str, tuple[str, ...]], list[Html]], key: tuple[str, ...], language: Language, unit: str
) -> tuple[list[str], list[list[Html]]]:
    months = get_month_names("wide", locale=LOCALES[language])
    years = sorted({period[:4] for period, _ in cells})
    return [_under_unit(strings(language)["period"], unit), *years], [
        [_html(months[month]), *(_joined(cells.get((f"{year}-{month:02}", key))) for year in years)] for month in range(1, 13)
    ]


def _html(text: str) -> Html:
    return Html(escape(text))


def _joined(parts: list[Html] | None) -> Html:
    return Html(" / ").join(parts or [])


def _named(language: Language, column: str, value: Any) -> str:
    if column == "unit":
        return unit_in_words([value], language)
    if column == "measure":
        return str((vocabulary.measure_index().get(value) or {}).get(f"title_{language}") or value)
    if column == "municipality_code":
        return str(vocabulary.municipalities().get(value, value))
    return vocabulary.series(language).get(value, value) if column == "series" else "" if value is None else str(value)


def unit_in_words(units: Iterable[str | None], language: Language) -> str:
    """Return the unit of numbers in words where they have one; one that is not listed is a rate's, or in words already."""
    found = {unit for unit in units if unit}
    unit = found.pop() if len(found) == 1 else ""
    known, title = vocabulary.units(), f"title_{language}"
    # What a rate is of, where it says it: "care days per 1,000 inhabitants".
    of, per, _ = unit.partition("_per_")
    own = known.get(of) if per and unit not in known else None
    told = f"{own[title]} " if own is not None and own[title] else ""
    return str((known.get(unit) or {}).get(title, told + per_in_words(unit, language)) or "")


def _as_it_is(table: pl.DataFrame, language: Language) -> tuple[list[str], list[list[Html]]]:
    names = [name for name in table.columns if name != "observation_id"]
    numbers = [name for name in names if table[name].dtype.is_numeric()]
    decimals = {name: needed_decimals(table[name].drop_nulls().to_list()) for name in numbers}
    rows = []
    for row in table.iter_rows(named=True):
        linked = {**row, "observation_id": row.get("observation_id")}
        plain = {**row, "observation_id": None}
        cells = []
        for name in names:
            told = format_number(row[name], language, decimals[name]) if name in decimals else None
            cells.append(_cell(linked if name in numbers[:1] else plain, row[name], language, told))
        rows.append(cells)
    return names, rows


def _cell(row: Mapping[str, Any], value: Any, language: Language, told: str | None = None) -> Html:
    words = strings(language)
    if value is None:
        text = words["status"].get(row.get("status") or "", words["no_figure"])
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        text = told or format_number(value, language)
    else:
        return _html(str(value))
    sources = row.get("observation_id")
    ids = sources.split() if isinstance(sources, str) else list(sources or [])
    cell = source_link(text, ids) if ids else _html(text)
    return Html('<span class="gap">{}</span>').format(cell) if value is None else cell


def source_link(text: str, observation_ids: Sequence[str]) -> Html:
    """Return a figure that leads to the cells it stands in."""
    return Html('<a class="num" href="#src-{}" data-obs="{}">{}</a>').format(observation_ids[0], " ".join(observation_ids), text)
