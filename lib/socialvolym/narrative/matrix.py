"""Matrix: all measures by municipality in one table, each with its latest figure and what can be said of its change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
from markupsafe import Markup

from socialvolym import vocabulary
from socialvolym.charts.altair_theme import municipality_colour
from socialvolym.charts.markup import Html, paragraph, section
from socialvolym.charts.theme import templates
from socialvolym.csv_files import Schema
from socialvolym.narrative.context import Context
from socialvolym.narrative.developments import Development
from socialvolym.narrative.economy import cost_rows
from socialvolym.narrative.messages import contradicted, steady
from socialvolym.narrative.wording import family_titles
from socialvolym.vocabulary import names
from socialvolym.vocabulary.columns import ANALYSED
from socialvolym.vocabulary.files import names_in

_TEMPLATE = "matrix.html.j2"
#: The frame behind the matrix: a row a measure's part, in words and as printed (breakdown), in a municipality that prints it.
#: observation_id is that of the value, before_id of the figure before; compared: whether neither a contradiction nor a break
#: keeps the two apart.
MATRIX_SCHEMA: Schema = {
    "domain": pl.String,
    "measure": pl.String,
    "title": pl.String,
    "part": pl.String,
    "breakdown": pl.String,
    "municipality": pl.String,
    "period": pl.String,
    "series": pl.String,
    "value": pl.Float64,
    "unit": pl.String,
    "before_period": pl.String,
    "before_series": pl.String,
    "before": pl.Float64,
    "verdict": pl.String,
    "compared": pl.Boolean,
    "observation_id": pl.String,
    "before_id": pl.String,
}


def matrix(
    context: Context, told: Sequence[Development], measures: Sequence[str] = (), on_page: bool = True, least: int = 1
) -> Html:
    """Return all measures by municipality: the latest figure, its change, and the word that the change earns.

    Parameters
    ----------
    told : the developments, in order; measures of one family come together at the first of them.
    measures : of the page, to say where a municipality prints another one in place of one; by default those told.
    on_page : whether the measures have their sections on this page; if not, they lead to the page of their subject.
    least : only rows with so many municipalities, where any row has.

    Returns
    -------
    section : its `table` is the frame behind it (MATRIX_SCHEMA).
    """
    every = [found for found in told if not found.within and not found.counted_twice]
    shared = [found for row in _by_part(every) if len({found.code for found in row}) >= least for found in row]
    rows = shared or every
    codes = context.settings.municipalities
    shown = tuple(map(names.measure, measures)) or tuple(dict.fromkeys(found.measure for found in told))
    domains = [domain for domain in ANALYSED if any(domain_of(found) == domain for found in rows)]
    if not domains:
        return context.nothing("matrix", pl.DataFrame(schema=MATRIX_SCHEMA))
    groups: list[dict[str, Any]] = [
        {
            "domain": context.words.say(f"domain.{domain}") if len(domains) > 1 and not number else "",
            "family": family,
            "rows": [
                {"name": _name(context, parts, page), "cells": [_cell(context, parts, code, shown, page) for code in codes]}
                for parts in _by_part(own)
            ],
        }
        for domain in domains
        for page in ["" if on_page else f"{domain.replace('_', '-')}.html"]
        for number, (family, own) in enumerate(_by_family(context, [found for found in rows if domain_of(found) == domain]))
    ]
    places = [{"code": code, "name": context.place(code), "colour": municipality_colour(code)} for code in codes]
    say = context.words.say
    other = any("<a" in cell["why"] for group in groups for row in group["rows"] for cell in row["cells"])
    body = templates().get_template(_TEMPLATE).render(groups=groups, places=places, say=say)
    frame = pl.DataFrame([_row(context, found) for found in rows], schema=MATRIX_SCHEMA, orient="row")
    return section(
        say("section.together"),
        paragraph(
            say("together.lede"),
            say("together.shared") if len(rows) < len(every) else "",
            say("together.other_explained") if other else "",
        ),
        Markup(body),
        name="together",
        table=frame,
    )


def domain_of(found: Development) -> str:
    """Return the domain of a development's measure."""
    return vocabulary.measure_index()[found.measure]["domain"] or ""


def _by_family(context: Context, told: Sequence[Development]) -> list[tuple[str, list[Development]]]:
    """Group developments by the title of their measure's family, in the order in which each first comes."""
    groups: dict[str, list[Development]] = {}
    for found in told:
        family = vocabulary.measure_index()[found.measure]["family"] or ""
        title = family_titles().get(family, {}).get(context.language)
        groups.setdefault(title or "", []).append(found)
    # What has no family of its own comes last.
    rest = context.words.say("together.rest") if len(groups) > 1 else ""
    return [(title or rest, own) for title, own in sorted(groups.items(), key=lambda pair: not pair[0])]


def _by_part(told: Sequence[Development]) -> list[list[Development]]:
    """Group developments that are one row: the same measure, and the same part of it in words."""
    rows: dict[tuple[str, str], list[Development]] = {}
    for found in told:
        rows.setdefault((found.measure, found.part), []).append(found)
    return list(rows.values())


def _name(context: Context, row: Sequence[Development], page: str) -> Markup:
    measure = row[0].measure
    name = context.words.with_part(context.words.title(measure), row[0].breakdown, measure)
    return Markup('<a href="{}">{}</a>').format(_place(page, measure), name)


def _place(page: str, measure: str) -> str:
    """Return where a measure is told: on this page in its section; a page of its subject need not tell it, but has a matrix."""
    return f"{page}#together" if page else f"#m-{measure}"


def _cell(context: Context, row: Sequence[Development], code: str, measures: Sequence[str], page: str) -> dict[str, Any]:
    """Return what a cell says: the latest figure with its time, and the verdict; or why there is none, where that is known.

    Its `size` is by how many per cent the figure differs from the one before it, by which a column is sorted.
    """
    own = next((found for found in row if found.code == code), None)
    if own is None:
        return {
            "figure": Markup(""),
            "verdict": Markup(""),
            "size": None,
            "why": _why_none(context, row[0].measure, code, measures, page),
        }
    latest = own.latest
    figure = Markup("<b>{}</b> ({})").format(latest.figure, latest.time) if latest else Markup("")
    return {"figure": figure, "verdict": _told(context, own), "size": _percent(own), "why": Markup("")}


def _percent(found: Development) -> float | None:
    """Return by how many per cent a figure differs from the one that its verdict compares it with, where it tells of a change."""
    if found.ends is None or found.contradicted or found.change is None or found.span in found.seams:
        return None
    after, before = (end.value for end in found.ends)
    if found.path is not None and steady(found):
        before, after = found.path.values[0], found.path.values[-1]
    return round(100 * (after - before) / abs(before), 1) if before and after is not None else None


def _told(context: Context, found: Development) -> Markup:
    """Return the verdict, what the report prints instead where that contradicts it, and whether a goal is missed."""
    say = context.words.say
    goal = say("together.missed") if found.missed else say("together.away") if found.away else Markup("")
    # A figure that is not compared because others contradict it says so in words.
    wrong = Markup("") if found.contradicted else contradicted(context, found)
    return verdict(context, found) + (Markup(", ") + wrong if wrong else wrong) + goal


def _why_none(context: Context, measure: str, code: str, measures: Sequence[str], page: str) -> Markup:
    """Return why a municipality has no figure of a measure, or nothing where that is not known."""
    say, index = context.words.say, vocabulary.measure_index()
    own = [row for row in context.rows_of(measure, code) if row["value"] is not None]
    if own:
        series = dict.fromkeys(row["series"] for row in own)
        return say(
            "comparison.only",
            hidden=context.hides(measure, code),
            series=context.words.join([context.words.series(name) for name in series]),
        )
    near = _near(context, measure, code, measures, page)
    if near is not None:
        return say("together.other_measure", place=near[0], title=near[1])
    duties = [
        entry for raw in context.chosen_reports if raw.report.municipality_code == code for entry in raw.report.responsibility
    ]
    duties = [entry for entry in duties if entry.domain == index[measure]["domain"]]
    others = bool(duties) and not any(entry.responsible for entry in duties)
    return say("together.other_committee") if others else Markup("")


def _near(context: Context, measure: str, code: str, measures: Sequence[str], page: str) -> tuple[str, str] | None:
    """Return what a municipality prints close by that is not the same, its place and name: an area's cost, or a measure.

    Also a committee that leaves a subject to another one may have a little of it.
    """
    index, words = vocabulary.measure_index(), context.words
    # A cost by area is of the committee's economy and stands in a section of its own.
    by_area = vocabulary.having_role(context.figures["measure"].unique(), "net_cost_by_area")
    if any(measure in names_in(index[name]["not_with"]) for name in by_area):
        for row in cost_rows(context, index[measure]["domain"] or ""):
            if row.code == code and measure in names_in(index[row.outturn["measure"]]["not_with"]):
                return f"{page}#costs", words.with_part(words.title(row.outturn["measure"]), row.area)
    for other in names_in(index[measure]["not_with"]):
        if other in measures and any(row["value"] is not None for row in context.rows_of(other, code)):
            return _place(page, other), words.title(other)
    return None


def _only(context: Context, found: Development) -> Markup:
    """Return of which time the only outturn is, or that there is none."""
    others = sorted(found.printed("outturn"), key=lambda row: row["period"] or "")
    if found.points.is_empty() and others:
        return context.words.say("together.only_part", time=context.time(others[-1]), several=len(others) > 1)
    return context.words.say(f"together.only_{'forecast' if found.points.is_empty() else 'year'}", hidden=found.hides_years)


def verdict(context: Context, found: Development) -> Markup:
    """Return what can be said of a development in a few words, and since when: over all its years where they went one way."""
    say, ends = context.words.say, found.ends
    if ends is None:
        if found.up is None:
            return _only(context, found)
        kind = "deviation" if found.against_budget else "change"
        return say(
            f"together.only_{kind}",
            size=found.size,
            up=found.up,
            year=found.span[1] if found.span else "",
            elsewhere=found.level_elsewhere,
        )
    if found.contradicted:
        return say("together.contradicted")
    time = ends[1].time
    if found.planned:
        return say("together.planned", size=found.size, up=found.up, time=time)
    if found.span in found.seams:
        return say("together.seam", time=time)
    if found.change is None or found.up is None:
        return say("together.same", time=time)
    if found.path is not None and steady(found):
        rose = found.path.values[-1] > found.path.values[0]
        change = "increase" if rose else "decrease"
        return say(f"together.{change}", size=found.size_of_path(), time=found.period(found.path_ends[0].removesuffix("-12-31")))
    cut = found.broken(*found.span) if found.span else None
    if cut is not None:
        if cut[1].extent == "all":
            return say("together.break_all", time=time)
        how = say(f"message.break_{cut[1].extent}")
        return say("together.break", size=found.size, up=found.up, time=time, how=how)
    told = say(f"together.{found.change.word}", size=found.size, time=time)
    return Markup(" ").join([told, say("together.chance")]) if found.change.certainty == "not_clear" else told


def _row(context: Context, found: Development) -> tuple[Any, ...]:
    latest, before = found.latest, found.ends[1] if found.ends else None
    return (
        domain_of(found),
        found.measure,
        context.words.title(found.measure),
        found.part or None,
        found.breakdown,
        found.place,
        *((latest.period, latest.series, latest.value, latest.unit) if latest else (None, None, None, None)),
        *((before.period, before.series, before.value) if before else (None, None, None)),
        verdict(context, found).striptags() or None,
        before is not None
        and not found.contradicted
        and found.span not in found.seams
        and not (found.span and found.broken(*found.span)),
        *(end.ids[0] if end and end.ids else None for end in (latest, before)),
    )
