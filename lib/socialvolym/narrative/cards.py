"""Cards: a chart of each measure in each municipality that stands alone: its finding, what is drawn, its source, its numbers."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from markupsafe import Markup

from socialvolym import vocabulary
from socialvolym.charts import forms
from socialvolym.charts.figure import figure, slug, sources
from socialvolym.charts.markup import Html, section
from socialvolym.narrative.context import Context
from socialvolym.narrative.developments import Development
from socialvolym.narrative.matrix import verdict
from socialvolym.narrative.messages import breaks_of, change_ends, figures_of, headline, marks, points_of
from socialvolym.narrative.wording import capitalise
from socialvolym.observations.series import LEVELS, of_frequency

#: A card has a chart from so many periods on; with one fewer it is a figure with a small line.
CHART = 4
#: So many cards stand open, those that weigh most as messages; the others are folded.
OPEN = 6
#: The frame behind the cards: a row a point.
CARDS_SCHEMA = {
    **dict.fromkeys(("measure", "title", "part", "municipality", "period", "series"), pl.String),
    "value": pl.Float64,
    "unit": pl.String,
    "observation_id": pl.String,
}


def cards(context: Context, told: Sequence[Development]) -> Html:
    """Return a card for each development with three periods or more, those with a chart before those with a figure and a line.

    Returns
    -------
    section : its `table` holds the points of all cards, with measure and part (CARDS_SCHEMA); its `chart` is that of the first.
    """
    drawn = [(found, card_points(context, found)) for found in told if not found.within and not found.counted_twice]
    drawn = [(found, points) for found, points in drawn if _periods(points) >= CHART - 1]
    drawn.sort(key=lambda pair: (_periods(pair[1]) < CHART, -pair[0].weight))
    grid = Markup('<div class="cards">{}</div>')
    leading, rest = drawn[:OPEN], drawn[OPEN:]
    first = [_card(context, *pair) for pair in leading]
    shown: list[Markup] = [Html(grid.format(Markup("").join(first)), chart=first[0].chart)] if first else []
    if rest:
        folded = grid.format(Markup("").join(_card(context, *pair) for pair in rest))
        title = context.words.say("cards.more")
        shown.append(Markup('<details class="fold"><summary><h3>{}</h3></summary>{}</details>').format(title, folded))
    frames = [
        points.select(
            measure=pl.lit(found.measure),
            title=pl.lit(context.words.title(found.measure)),
            part=pl.lit(found.part),
            municipality="group",
            period="period",
            series="series",
            value="value",
            unit=pl.lit(_unit(context, found)),
            observation_id="observation_id",
        )
        for found, points in drawn
    ]
    table = pl.concat([pl.DataFrame(schema=CARDS_SCHEMA), *frames])
    return section(context.say("section.cards"), *shown, name="charts", table=table) or context.nothing("cards", table)


def card_points(context: Context, found: Development) -> pl.DataFrame:
    """Return the points of a development's card: its months, or each year's levels; no goal for a year after the last figure."""
    if found.monthly.height >= 2:
        return points_of(context, found.monthly, found.place)
    rows = context.figures.filter(
        pl.col("measure") == found.measure,
        pl.col("municipality_code") == found.code,
        pl.col("breakdown").eq_missing(pl.lit(found.breakdown, pl.String)),
        pl.col("series").is_in(LEVELS),
    )
    rows = rows.filter(pl.col("unit").is_in(rows["unit"].drop_nulls().mode().sort()[:1].implode()))
    yearly = of_frequency(rows, "year").sort(pl.col("value").is_null(), maintain_order=True)
    points = points_of(context, yearly.unique(["period", "series"], keep="first", maintain_order=True), found.place)
    known = points.filter(pl.col("value").is_not_null(), pl.col("series") != "target")
    last = str(known["period"].max() or "")
    return points.filter((pl.col("series") != "target") | (pl.col("period") <= last)).sort("series", "period")


def _periods(points: pl.DataFrame) -> int:
    return points.filter(pl.col("value").is_not_null(), pl.col("series") != "target")["period"].n_unique()


def _card(context: Context, found: Development, points: pl.DataFrame) -> Html:
    words = context.words
    title = words.title(found.measure) + (f" ({found.part})" if found.part else "")
    if found.weight > 0:
        finding = Markup.escape(capitalise(headline(context, found))) + marks(context, found)
    else:
        # As it is named in a sentence: the title of a composed measure has a colon of its own.
        finding = Markup("{}: {}").format(capitalise(Markup.escape(found.subject)), verdict(context, found))
    years = sorted(points.filter(pl.col("value").is_not_null())["period"].str.slice(0, 4))
    unit = _unit(context, found)
    about = ", ".join(part for part in (title, found.place, "–".join(dict.fromkeys((years[0], years[-1]))), unit) if part)
    finding_text = finding.striptags()
    chart, lead = _drawing(context, found, points, unit, years)
    return figure(
        chart,
        points,
        Html(finding),
        f"{about}. {finding_text}",
        context.language,
        name=slug(about),
        unit=unit,
        about=about,
        lead=lead,
        notes=_goals(context, found, years[-1]),
        source=_sources(context, points),
        id=card_id(found),
        municipality=found.code,
    )


def card_id(found: Development) -> str:
    """Return the permanent address of a card."""
    return f"c-{found.measure}-{found.code}" + (
        f"-{vocabulary.simplify(found.breakdown or '').replace(' ', '-')}" if found.part else ""
    )


def _drawing(
    context: Context, found: Development, points: pl.DataFrame, unit: str, years: Sequence[str]
) -> tuple[forms.Chart, Markup]:
    if found.monthly.height >= 2:
        return forms.months(points, language=context.language, unit=unit, titled=False), Markup("")
    breaks = breaks_of(found, years)
    if _periods(points) < CHART:
        ends = change_ends(found)
        named = [end.period for end in ends]
        return forms.spark(points, language=context.language, unit=unit, breaks=breaks, named=named), figures_of(ends)
    return forms.lines(points, language=context.language, unit=unit, breaks=breaks, titled=False), Markup("")


def _unit(context: Context, found: Development) -> str:
    """Return the unit of what a card draws, in words."""
    rows = found.monthly if found.monthly.height >= 2 else found.points
    return chart_unit(context, rows["unit"][-1]) if rows.height else ""


def chart_unit(context: Context, unit: str) -> str:
    """Return the unit of a chart's numbers in words: thousands of kronor are drawn as millions."""
    return context.words.unit("MSEK" if unit == "kSEK" else unit)


def _goals(context: Context, found: Development, last: str) -> list[Markup]:
    """Return the goals for years to come, which are told and not drawn."""
    goals = context.printed(found.measure, found.code, found.breakdown, "target")
    ahead = sorted((row for row in goals if (row["period"] or "")[:4] > last), key=lambda row: str(row["period"]))
    return [context.words.say("cards.goal", year=row["period"][:4], goal=context.number(row)) for row in ahead[:1]]


def _sources(context: Context, points: pl.DataFrame) -> Html:
    """Return the reports that a card's points stand in, each with its first lines."""
    rows = context.observations.filter(pl.col("observation_id").is_in(points["observation_id"].drop_nulls().implode()))
    return sources(rows["observation_id"], context.language, context.names)
