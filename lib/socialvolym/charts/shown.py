"""Shown: a frame or an altair chart that a cell of a notebook ends with, as a table or a figure of its page."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, Literal

import altair as alt
import polars as pl
from markupsafe import Markup

from socialvolym.analysis.classification import per_in_words, rules
from socialvolym.analysis.contradictions import contradicted_in
from socialvolym.charts import altair_theme, downloads
from socialvolym.charts.figure import WIDTH, figure, picture, plain_table, slug, sources, unit_in_words
from socialvolym.charts.markup import Html, bullets, paragraph
from socialvolym.charts.points import announced_breaks
from socialvolym.charts.theme import format_number, strings
from socialvolym.errors import SocialvolymError
from socialvolym.notation.languages import Language
from socialvolym.observations import store
from socialvolym.vocabulary import municipalities

#: So many rows of a frame stand on a page; the files that it saves have all.
MOST = 100
_YEARS = ("year", "år", "price_year")
#: What a specification is made of.
_PARTS = ("spec", "layer", "concat", "hconcat", "vconcat")
#: What tells whose figures a rate is of.
_WHOSE = ("municipality", "municipality_code")
#: So many errors are told under a chart, so that these are still read.
_DOUBTS = 3
#: How wide a drawing is.
_WIDTH = re.compile(r'viewBox="0 0 ([\d.]+)')


def frame(table: pl.DataFrame, language: Language) -> Html:
    """Return a frame as a table in a box that scrolls, with the links that save it.

    A column observation_id leads from the first number of a row to its source; a column year is no number; units are in words.
    """
    if not table.width:
        return Html("")
    words = strings(language)
    shown = table.head(MOST).with_columns(pl.col(name).cast(pl.String) for name in table.columns if name in _YEARS)
    lists = [name for name, dtype in shown.schema.items() if isinstance(dtype, pl.List) and name != "observation_id"]
    shown = shown.with_columns(pl.col(name).cast(pl.List(pl.String)).list.join(", ") for name in lists)
    if shown.schema.get("unit") == pl.String:
        units = {unit: unit_in_words([unit], language) for unit in shown["unit"].drop_nulls().unique()}
        shown = shown.with_columns(pl.col("unit").replace(units))
    shown = shown.with_columns(pl.col(pl.String).exclude("observation_id").fill_null(""))
    more = Markup("")
    if table.height > MOST:
        counts = {"shown": format_number(MOST, language), "total": format_number(table.height, language)}
        more = Markup("<span>{}</span> ").format(words["rows_shown"].format(**counts))
    name = slug("-".join(table.columns[:3]))
    links = downloads.links(table, name, language, words["save_csv"], words["save_xlsx"])
    saved = Markup('<p class="save">{}<span>{}</span> {}</p>').format(more, words["save"], links)
    doubts = bullets(_doubts(_ids(table), language), "notes")
    return Html(plain_table(shown, language, words["table"]) + saved + doubts, table=table)


def chart(drawn: Any, language: Language) -> Html:
    """Return an altair chart: as a figure with numbers, sources and files where it has a title and a frame, else as a picture.

    A subtitle says what is drawn, by default the unit where the frame has one. Axes and legends of columns that the tables have
    are named in the language unless the chart names them.
    """
    # The pages' look, whatever the notebook has done to altair.
    alt.theme.enable(altair_theme.NAME)
    words, (title, subtitle) = strings(language), _title(drawn)
    table = drawn.data if isinstance(drawn.data, pl.DataFrame) else None
    if table is not None and table.is_empty():
        return Html(
            paragraph(words["nothing_drawn"].format(chart=title or words["chart"]), kind="hint"), table=table, chart=drawn
        )
    unit = unit_in_words(table["unit"], language) if table is not None and table.schema.get("unit") == pl.String else ""
    told = title or _fields(drawn) or words["chart"]
    if title and table is not None:
        plain = drawn.copy(deep=False)
        plain.title = alt.Undefined
    else:
        plain = drawn
    named = _Named(plain, words["file"] | {"value": unit or words["file"]["value"], "title": words["file"]["measure"]}, table)
    svg = picture(named, told, language)
    size = _WIDTH.search(svg)
    wide = size is not None and float(size[1]) > WIDTH
    if title and table is not None:
        ids = _ids(table)
        source = sources(ids, language) if ids else ""
        about = subtitle or unit
        notes = [note for told in (_denominators, _prices, _breaks) for note in told(table, language)] + _doubts(ids, language)
        made = figure(named, table, title, told, language, unit=unit, about=about, source=source, wide=wide, notes=notes)
        return Html(made, table=table, chart=drawn)
    notes = named.to_dict(validate=False).get("usermeta", {}).get("notes", [])
    alone = Markup(
        '<figure class="chart{}" data-name="{}"><div class="plot">{}</div>{}<p class="save"><span>{}</span></p></figure>'
    )
    told_apart = alone.format(" wide" if wide else "", slug(told), svg, bullets(notes, "notes"), words["save"])
    return Html(told_apart, chart=drawn)


def _ids(table: pl.DataFrame) -> list[str]:
    """Return the ids of the printed figures that a frame rests on; none of one's own figures."""
    return " ".join(table["observation_id"].explode().drop_nulls()).split() if "observation_id" in table.columns else []


def _denominators(data: pl.DataFrame, language: Language) -> list[str]:
    """Return notes of what rates (of rate_of) are per, what they are divided by in each period and where that is from."""
    if not {"period", "value", "unit", "base", "base_source"} <= set(data.columns):
        return []
    words, notes = strings(language), []
    if "kind" in data.columns:
        # The base of money in real terms is a year, which divides nothing.
        data = data.filter(pl.col("kind").ne_missing(pl.lit("real")))
    whose = [name for name in _WHOSE if name in data.columns][:1]
    known = data.drop_nulls(("value", "base")).unique(("unit", "period", "base", *whose), maintain_order=True)
    several = bool(whose) and known[whose[0]].n_unique() > 1
    for (unit, *place), rows in known.group_by("unit", *whose, maintain_order=True):
        numbers = ", ".join(_denominator(row, language) for row in rows.iter_rows(named=True))
        if several:
            numbers = f"{municipalities().get(str(place[0]), str(place[0]))}: {numbers}"
        sources = "; ".join(rows["base_source"].drop_nulls().unique(maintain_order=True)) or words["own_numbers"]
        notes.append(words["denominators"].format(per=per_in_words(str(unit), language), numbers=numbers, sources=sources))
    return notes


def _denominator(row: Mapping[str, Any], language: Language) -> str:
    """Return a number that a rate is divided by, with its period and its quality where that has to be told."""
    quality = strings(language)["quality"].get(row.get("base_quality") or "", "")
    return f"{format_number(float(row['base']), language)} ({', '.join(filter(None, (row['period'], quality)))})"


def _prices(data: pl.DataFrame, language: Language) -> list[str]:
    """Return notes of the year's prices that money (of real_of, or of derived) is in, by which index and from where."""
    words = strings(language)
    if {"price_year", "price_index", "price_source", "price_quality"} <= set(data.columns):
        real = data.select(
            "value", "period", year="price_year", index="price_index", source="price_source", unsure="price_quality"
        )
    elif {"kind", "value", "period", "base", "base_source"} <= set(data.columns):
        # A rate's is a number of inhabitants.
        base = pl.col("base").cast(pl.String).str.split(" ")
        index = base.list.get(1, null_on_oob=True).str.to_lowercase().fill_null("cpi")
        # What is provisional stands in the notes of the figures.
        real = data.filter(kind="real").select(
            "value", "period", year=base.list.first(), index=index, source="base_source", unsure=pl.lit(None, pl.String)
        )
    else:
        return []
    notes = []
    for (year, index), rows in real.drop_nulls(("value", "year")).group_by("year", "index", maintain_order=True):
        told = [words["prices"].format(year=year, index=words["price_index"][index])]
        if unsure := rows.drop_nulls("unsure")["period"].unique().sort().to_list():
            told.append(words["prices_unsure"].format(years=", ".join(unsure)))
        source = next(iter(rows["source"].drop_nulls()), words["own_numbers"])
        notes.append(" ".join([*told, words["sources_named"].format(sources=source)]))
    return notes


def _breaks(data: pl.DataFrame, language: Language) -> list[str]:
    """Return notes of the breaks announced for the figures, of each period once: a chart of one's own draws over them."""
    cuts = announced_breaks(data, language)
    return list(dict.fromkeys(strings(language)["break"].format(period=cut.period, reason=cut.reason) for cut in cuts))


def _doubts(ids: Collection[str], language: Language) -> list[str]:
    """Return notes of the errors that the checks find in figures, which a chart or table of one's own has as they are printed."""
    try:
        findings = store.load("findings")
    except SocialvolymError:
        # Figures of one's own, where no tables have been made.
        return []
    own = pl.col("observation_id").str.split(" ").list.set_intersection(pl.lit(list(ids), pl.List(pl.String))).list.len() > 0
    wrong = findings.filter(pl.col("severity") == "error", ~pl.col("rule").is_in(rules().contradiction.words), own)
    touched = contradicted_in(pl.DataFrame({"observation_id": list(ids)}, schema={"observation_id": pl.String})).values()
    text: Literal["explanation", "explanation_sv"] = "explanation_sv" if language == "sv" else "explanation"
    explained = list(dict.fromkeys([*wrong[text], *(entry.finding[text] for entry in touched)]))
    told = [strings(language)["checked"].format(explanation=text) for text in explained[:_DOUBTS]]
    more = len(explained) - len(told)
    return [*told, strings(language)["checked_more"].format(count=more)] if more else told


class _Named:
    """A chart whose axes and legends of known columns have a name in the language, and whose municipalities have their colours.

    What the chart says of them itself goes before.
    """

    def __init__(self, drawn: Any, names: Mapping[str, str], table: pl.DataFrame | None) -> None:
        self._drawn, self._names, self._colours = drawn, names, dict[str, str]()
        if table is not None and table.schema.get("municipality") == pl.String:
            self._colours = altair_theme.group_colours(table["municipality"].drop_nulls().unique().sort())

    def to_dict(self, validate: bool = True) -> dict[str, Any]:
        """Return the specification with its names and colours."""
        return dict(self._named(self._drawn.to_dict(validate=validate)))

    def _named(self, part: Any) -> Any:
        if isinstance(part, list):
            return [self._named(each) for each in part]
        if not isinstance(part, dict):
            return part
        found = {key: self._named(each) if key in _PARTS else each for key, each in part.items()}
        if "encoding" in part:
            found["encoding"] = {channel: self._channel(channel, shown) for channel, shown in part["encoding"].items()}
        return found

    def _channel(self, channel: str, shown: Any) -> Any:
        """Return a channel with the title of its column; one that reckons, or has a title, is left as it is."""
        if not isinstance(shown, dict) or {"aggregate", "bin"} & set(shown):
            return shown
        field, given = str(shown.get("field")), dict[str, Any]()
        if field in self._names:
            given["title"] = self._names[field]
        if channel == "color" and field == "municipality" and self._colours:
            given["scale"] = {"domain": list(self._colours), "range": list(self._colours.values())}
        return given | shown


def _title(drawn: Any) -> tuple[str, str]:
    """Return the title and the subtitle of a chart; those that stand inside its facets where it has none itself."""
    for part in (drawn, getattr(drawn, "spec", None)):
        given = getattr(part, "title", alt.Undefined)
        if given is not alt.Undefined:
            subtitle = getattr(given, "subtitle", "")
            return _joined(getattr(given, "text", given)), _joined(subtitle)
    return "", ""


def _joined(text: Any) -> str:
    lines = text if isinstance(text, list) else [text] if isinstance(text, str) else []
    return " ".join(lines)


def _fields(drawn: Any) -> str:
    """Return what a chart without a title shows, for who cannot see it: what its axes are of."""
    encoding = drawn.to_dict(validate=False).get("encoding", {})
    return ", ".join(encoding[axis]["field"] for axis in ("y", "x") if "field" in encoding.get(axis, {}))
