"""In real terms: money in the prices of one year, volumes per inhabitant, and why what is neither is not converted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypedDict, cast

import polars as pl
from markupsafe import Markup

from socialvolym import vocabulary
from socialvolym.analysis import derived, trends, yardsticks
from socialvolym.analysis.classification import is_volume
from socialvolym.charts.markup import Html, bullets, paragraph, section, table
from socialvolym.charts.theme import NO_BREAK
from socialvolym.csv_files import Schema
from socialvolym.narrative.context import Context
from socialvolym.narrative.developments import Development
from socialvolym.observations import facts
from socialvolym.observations.facts import ALL, Group, Index
from socialvolym.observations.series import rows_of
from socialvolym.vocabulary import names
from socialvolym.vocabulary.columns import Figure
from socialvolym.vocabulary.money import is_money

#: The frame of money in real terms and volumes per inhabitant.
REAL_SCHEMA: Schema = {
    **dict.fromkeys(("measure", "breakdown", "municipality_code", "unit", "index"), pl.String),
    **dict.fromkeys(("price_year", "per", "first_age", "last_age"), pl.Int64),
    "sex": pl.String,
    **dict.fromkeys(("first_year", "last_year", "first_base", "last_base"), pl.Int64),
    **dict.fromkeys(("first", "last", "change", "printed_change"), pl.Float64),
    "chance": pl.Boolean,
    **dict.fromkeys(("first_id", "last_id"), pl.String),
}
#: How many characters the name of a year has.
_YEAR = 4
#: The years whose price index a row of money rests on.
_YEARS_USED: tuple[Literal["first_year", "last_year", "price_year"], ...] = ("first_year", "last_year", "price_year")
#: The price indexes, in the order in which they are told.
_INDEXES = (*facts.INDEXES, "own")
#: Rates are told per the smallest of these numbers of inhabitants that gives at least one.
_PER = (1000, 10_000, 100_000)
#: Rates below it are told with two decimals.
_FEW = 2
#: A price index by name, or one of one's own by year.
AnyIndex = Index | Mapping[int, float]


class RealRow(TypedDict):
    """A row of the real terms (REAL_SCHEMA): the first and the last figure of a development that can be converted.

    unit : of the converted figures; of a volume the unit of its rate.
    index, price_year : in which prices money is, by cpi, pkv or an index of one's own; None of a volume.
    per : of how many inhabitants a volume is; None of money. first_age, last_age, sex : of whom, where these are not all.
    first_base, last_base : the inhabitants that a volume is divided by.
    first, last : in `unit`, converted.
    change : from first to last, in per cent; None where the first is nothing. printed_change : of the money as printed, likewise.
    chance : whether chance alone could change the rate of events as much; None of what has no model of chance.
    first_id, last_id : of the observations.
    """

    measure: str
    breakdown: str | None
    municipality_code: str
    unit: str
    index: Index | Literal["own"] | None
    price_year: int | None
    per: int | None
    first_age: int | None
    last_age: int | None
    sex: str | None
    first_year: int
    last_year: int
    first_base: int | None
    last_base: int | None
    first: float
    last: float
    change: float | None
    printed_change: float | None
    chance: bool | None
    first_id: str
    last_id: str


@dataclass(frozen=True)
class Terms:
    """In which terms money and volumes are told: the year of the prices, whose inhabitants, one price index or one by measure."""

    base_year: int | None = None
    ages: Group = ALL
    index: AnyIndex | Mapping[str, AnyIndex] | None = None

    def prices(self, measure: str) -> derived.Prices:
        """Return the price index that a measure's money follows."""
        given: Any = self.index
        if isinstance(given, Mapping) and not all(str(key).isdigit() for key in given):
            given = {names.measure(str(key)): index for key, index in given.items()}.get(measure)
        return derived.prices_of(yardsticks.index_of(measure) if given is None else given)

    def people(self, found: Development) -> Group | None:
        """Return the inhabitants that a volume is set against; None where these are not said."""
        own = yardsticks.group_of(found.measure, found.breakdown)
        return own if self.ages == ALL else self.ages._replace(sex=own.sex if own else None)

    def fits(self, found: Development) -> bool:
        """Tell whether a volume is of these inhabitants."""
        return self.ages == ALL or yardsticks.fits(found.measure, found.breakdown, self.people(found) or ALL)


def real_terms(
    context: Context,
    told: Sequence[Development],
    *,
    base_year: int | None = None,
    ages: tuple[int, int | None] | None = None,
    index: AnyIndex | Mapping[str, AnyIndex] | None = None,
) -> Html:
    """Return money in the prices of its latest year and volumes per inhabitant, with whose; what is not known is named.

    Parameters
    ----------
    base_year : the year whose prices all money is in.
    ages : the first and the last age, like (0, 17), of whose inhabitants volumes are taken; a volume of others is not reckoned.
    index : "cpi" or "pkv" of all money, or an index of one's own by year, like {2022: 100, 2023: 104.5}; or these by measure,
        like {"familjehem_cost_per_day": {2022: 100, 2023: 104.5}}, the others as by default.

    Returns
    -------
    section : its `table` has a row a development that is converted (REAL_SCHEMA); what is shown is written from it.
    """
    say = context.words.say
    terms = Terms(None if base_year is None else int(base_year), derived.group_aged(ages), index)
    rows: list[RealRow] = []
    blanks: dict[tuple[str, int | None], dict[str, list[str]]] = {}
    for found in told:
        if found.points.height < 2 or found.within:
            continue
        if vocabulary.is_cost(found.measure) or is_money(found.points["unit"][0]):
            row = _real_row(found, terms)
        elif is_volume(found.points["unit"][-1]) and yardsticks.has_rate(found.measure, found.breakdown, found.code):
            row = _rate_row(found, terms)
        else:
            continue
        rows += [row] if row else []
        if row is None:
            blanks.setdefault(_why_blank(found, terms), {}).setdefault(found.place, []).append(found.subject)
    frame = pl.DataFrame(rows, schema=REAL_SCHEMA)
    if not rows and not blanks:
        return context.nothing("real_terms", frame)
    shared = [say("label.measure"), say("label.place")]
    parts = [part for name in _INDEXES for part in _money(context, terms, [row for row in rows if row["index"] == name])]
    if rates := [row for row in rows if row["per"]]:
        heads = [*shared, say("real.per"), say("real.first"), say("real.last"), say("real.rate_change")]
        aged = any(row["first_age"] is not None for row in rates)
        parts += [
            paragraph(say("real.rates", aged=aged)),
            table(heads, [_rate_cells(context, row) for row in rates], numeric=(2, 3, 4, 5)),
        ]
        parts += [bullets(_bases(context, rates), "notes")]
    parts += [
        paragraph(say(f"real.blank.{why}", items=_by_place(context, places), last=last or 0))
        for (why, last), places in blanks.items()
    ]
    return section(say("section.real"), *parts, name="real", table=frame)


def _by_place(context: Context, places: Mapping[str, Sequence[str]]) -> Markup:
    """Return what several municipalities have each, with the name of each once."""
    return Markup("; ").join(Markup("{} ({})").format(context.words.join(what), place) for place, what in places.items())


def _money(context: Context, terms: Terms, rows: Sequence[RealRow]) -> list[Markup]:
    """Return the table of what a price index converts, under which of its years are provisional."""
    if not rows:
        return []
    say, used, index = context.say, {row[year] or 0 for row in rows for year in _YEARS_USED}, rows[0]["index"]
    unsure = sorted(used & terms.prices(rows[0]["measure"]).provisional)
    text = say(f"real.money_{index}", last=context.words.join(unsure), provisional=bool(unsure), year=terms.base_year)
    heads = [
        say("label.measure"),
        say("label.place"),
        *map(say, ("real.first", "real.last", f"real.change_{index}", "real.nominal")),
    ]
    return [paragraph(text), table(heads, [_real_cells(context, row) for row in rows], numeric=(2, 3, 4, 5))]


def _bases(context: Context, rates: Sequence[RealRow]) -> list[Markup]:
    """Tell the numbers of inhabitants that rates are made with, and where they are from."""
    words, used = context.words, dict[tuple[str, Group], set[int]]()
    for row in rates:
        group = Group(row["first_age"], row["last_age"], row["sex"])
        used.setdefault((row["municipality_code"], group), set()).update((row["first_year"], row["last_year"]))
    told = []
    for (code, group), years in used.items():
        known = {year: facts.known_inhabitants(group)[code, year] for year in sorted(years)}
        numbers = [
            words.say("real.inhabitants", number=words.number(each.number), year=year, quality=each.quality)
            for year, each in known.items()
        ]
        # A number that is computed says so itself.
        sources = "; ".join(dict.fromkeys(each.source for each in known.values() if each.quality != "computed"))
        of: dict[str, Any] = {"first": group.first, "last": group.last, "sex": group.sex}
        told.append(words.say("real.base", 0, place=context.place(code), numbers=words.join(numbers), source=sources, **of))
    return told


def _known(found: Development, derive: Any) -> tuple[Any, ...] | None:
    """Return the first and the last row for which something can be derived, with it; None where there are not two, or a break."""
    rows = [(row, value) for row in rows_of(found.compared) if (value := derive(row)) is not None]
    if len(rows) < 2 or found.broken(rows[0][0]["period"], rows[-1][0]["period"]):
        return None
    return rows[0], rows[-1]


def _why_blank(found: Development, terms: Terms) -> tuple[str, int | None]:
    """Return why a development is not converted, and the last year of the index that is absent, or the base year without one."""
    if found.compared.height < 2:
        return "contradicted", None
    first, last = (found.compared["period"][at] for at in (0, -1))
    if found.broken(first, last):
        return "break", None
    if is_money(found.points["unit"][0]):
        if not _of_years(found):
            return "part_of_year", None
        prices = terms.prices(found.measure)
        if prices.by_year and terms.base_year is not None and terms.base_year not in prices.by_year:
            return "base", terms.base_year
        return f"index_{prices.name}", max(prices.by_year, default=0)
    group = terms.people(found)
    if group is None:
        return "unclear_ages", None
    if not terms.fits(found):
        return "other_ages", None
    return "inhabitants" if facts.known_inhabitants(group) else "ages", None


def _of_years(found: Development) -> bool:
    """Tell whether figures are of whole years, as the price indexes are, and not of the months so far."""
    return all(len(period.removesuffix("-12-31")) == _YEAR for period in found.points["period"])


def _real_row(found: Development, terms: Terms) -> RealRow | None:
    """Return money of the first and the last year in the prices of the last one whose index is known, or of a given year."""
    if not _of_years(found):
        return None
    prices = terms.prices(found.measure)
    years = [int(period[:4]) for period in found.points["period"]]
    base = terms.base_year or max((year for year in years if year in prices.by_year), default=0)
    index: AnyIndex = prices.by_year if prices.name == "own" else prices.name
    ends = _known(found, lambda row: derived.deflate(row["value"], int(row["period"][:4]), base, index).value)
    if ends is None:
        return None
    (first, _), (last, _) = ends
    printed = 100 * (last["value"] / first["value"] - 1) if first["value"] else None
    return _row(found, ends, index=prices.name, price_year=base, printed_change=printed)


def _chance(found: Development, bases: Mapping[str, int]) -> bool | None:
    """Tell whether chance alone could change a rate of events as much as from the first to the last of some periods."""
    series = found.compared.filter(pl.col("period").is_in(list(bases)))
    first, last = (series["period"][at] for at in (0, -1))
    change = trends.change_of(derived.rate_of(series, bases), first, last, breaks=(), contradicted=())
    return None if change.model is None else change.certainty == "not_clear"


def _rate_row(found: Development, terms: Terms) -> RealRow | None:
    """Return the first and the last volume whose inhabitants are known, per so many of them that it can be read."""
    group = terms.people(found)
    if group is None or not terms.fits(found):
        return None
    ends = _known(found, lambda row: derived.per_inhabitant(row["value"], found.code, int(row["period"][:4]), group=group).value)
    if ends is None:
        return None
    (first, a), (last, b) = ends
    per = next((per for per in _PER if min(a, b) * per >= 1), _PER[-1])
    known = facts.known_inhabitants(group)
    bases = {row["period"]: known[found.code, int(row["period"][:4])].number for row in (first, last)}
    of = {
        "chance": _chance(found, bases),
        "first_age": group.first,
        "last_age": group.last,
        "sex": group.sex,
        "unit": derived.unit_per(per, group),
    }
    return _row(
        found,
        ((first, a * per), (last, b * per)),
        per=per,
        **dict(zip(("first_base", "last_base"), bases.values(), strict=True)),
        **of,
    )


def _row(found: Development, ends: tuple[tuple[Figure, float], tuple[Figure, float]], **others: Any) -> RealRow:
    (first, a), (last, b) = ends
    row = {
        "measure": found.measure,
        "breakdown": found.breakdown,
        "municipality_code": found.code,
        "unit": last["unit"],
        "first_year": int(first["period"][:4]),
        "last_year": int(last["period"][:4]),
        "first": a,
        "last": b,
        "change": 100 * (b / a - 1) if a else None,
        "first_id": first["observation_id"],
        "last_id": last["observation_id"],
    }
    return cast(RealRow, dict.fromkeys(REAL_SCHEMA) | row | others)


def _real_cells(context: Context, row: RealRow) -> tuple[Any, ...]:
    first, last = (context.words.quantity(value, row["unit"], 0) for value in (row["first"], row["last"]))
    change, printed = _percent(context, row, row["change"]), _percent(context, row, row["printed_change"])
    return (*_named(context, row), *_ends_told(context, row, first, last), change, printed + _wrong(context, row))


def _rate_cells(context: Context, row: RealRow) -> tuple[Any, ...]:
    words = context.words
    # Of one per 10 000 one decimal is too coarse for the change beside: 1.36 and 1.13.
    decimals = 1 if min(row["first"], row["last"]) >= _FEW else 2
    first, last = (words.number(value, decimals) for value in (row["first"], row["last"]))
    whom = words.say("real.of", per=words.number(row["per"] or 1), first=row["first_age"], last=row["last_age"], sex=row["sex"])
    change = _percent(context, row, row["change"])
    if change and row["chance"]:
        change += Markup(" ") + words.say("together.chance")
    return (*_named(context, row), whom, *_ends_told(context, row, first, last), change + _wrong(context, row) if change else "")


def _named(context: Context, row: RealRow) -> tuple[Any, ...]:
    words, measure = context.words, row["measure"]
    return words.with_part(words.title(measure), row["breakdown"], measure), context.place(row["municipality_code"])


def _ends_told(context: Context, row: RealRow, first: str, last: str) -> tuple[Markup, Markup]:
    figures = context.observations.filter(pl.col("observation_id").is_in([row["first_id"], row["last_id"]]))
    periods = dict(figures.select("observation_id", "period").iter_rows())
    ends = ((first, row["first_id"]), (last, row["last_id"]))
    # Of a part of a year it is the part, not the year.
    told = [(context.link(text, [name]), context.words.period(periods[name].removesuffix("-12-31"))) for text, name in ends]
    return Markup("{} ({})").format(*told[0]), Markup("{} ({})").format(*told[1])


def _percent(context: Context, row: RealRow, change: float | None) -> Markup:
    if change is None:
        return Markup("")
    return context.link(f"{context.words.signed(change)}{NO_BREAK}%", [row["first_id"], row["last_id"]])


def _wrong(context: Context, row: RealRow) -> Markup:
    """Return the marks of the figures that are contradicted, of which the change is reckoned from what they should be."""
    figures = rows_of(context.observations.filter(pl.col("observation_id").is_in([row["first_id"], row["last_id"]])))
    marked = [each for each in figures if context.contradiction(each) is not None]
    return Markup("").join(context.flag(each) for each in sorted(marked, key=lambda each: each["period"]))
