"""Derived figures: money in real terms and per inhabitant, volumes per inhabitant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

import polars as pl

from socialvolym import vocabulary
from socialvolym.analysis import yardsticks
from socialvolym.analysis.classification import is_share, is_volume, rules, sentence
from socialvolym.analysis.contradictions import Contradiction, contradictions, corrected, doubted
from socialvolym.errors import SocialvolymError
from socialvolym.notation.languages import Language
from socialvolym.notation.periods import CHANGES
from socialvolym.observations import facts
from socialvolym.observations.facts import ALL, Group, Index
from socialvolym.observations.series import COMPUTED, LEVELS, in_own_unit
from socialvolym.vocabulary import names
from socialvolym.vocabulary.money import MONEY, is_money

DERIVED_SCHEMA = {
    "report": pl.String,
    "municipality_code": pl.String,
    "line": pl.Int64,
    "measure": pl.String,
    "breakdown": pl.String,
    "period": pl.String,
    "series": pl.String,
    "kind": pl.String,
    "value": pl.Float64,
    "unit": pl.String,
    "status": pl.String,
    "base": pl.String,
    "base_group": pl.String,
    "base_source": pl.String,
    "note": pl.String,
    "note_sv": pl.String,
}

#: What a derived figure has of the figure that it is derived from, and that figure's number.
_SHARED = ("at", "report", "municipality_code", "line", "measure", "breakdown", "period", "series", "about", "notes")
#: What the notes of derived figures may be (ids of rules.toml).
_NOTES = ("contradicted", "not_exact", *rules().note)


class Derived(NamedTuple):
    """A derived value, or None with the note (an id of rules.toml) that says why there is none."""

    value: float | None
    note: str | None = None


def deflate(value: float, year: int, base_year: int, index: Index | Mapping[int, float] = "cpi") -> Derived:
    """Return an amount of one year in the prices of another, by a price index; None where it is not known for both years."""
    prices = prices_of(index)
    known = prices.by_year
    if year not in known or base_year not in known:
        return Derived(None, f"{prices.name}_not_known")
    return Derived(value * known[base_year] / known[year])


def per_inhabitant(value: float, municipality: str, year: int | str, per: int = 1, group: Group = ALL) -> Derived:
    """Return a value per inhabitant of a group on 31 December (per 1000 with per=1000); without a value where they are not known.

    The note names a number of inhabitants that is computed or taken from a secondary source.
    """
    found = facts.known_inhabitants(group).get((names.municipality_code(municipality), int(year)))
    if found is None:
        return Derived(None, _unknown(group))
    return Derived(value * per / found.number, None if found.quality == "published" else f"population_{found.quality}")


class Prices(NamedTuple):
    """A price index by year, with its name ("own" for one that an analysis gives) and the years that are provisional."""

    name: Index | Literal["own"]
    by_year: Mapping[int, float]
    provisional: frozenset[int] = frozenset()

    def source_of(self, year: int) -> str | None:
        """Return where the index of a year is from; None of one's own, or where it is not known."""
        return None if self.name == "own" else facts.source_of_index(year, self.name)


def prices_of(index: Index | Mapping[int, float]) -> Prices:
    """Return a price index that is named, or one's own by year.

    Raises
    ------
    SocialvolymError
        where there is no index of that name, or a number of one's own is not above zero.
    """
    if isinstance(index, Mapping):
        if wrong := [f"{year}: {number}" for year, number in index.items() if not number > 0]:
            raise SocialvolymError(f"a price index is above zero each year, not {', '.join(wrong)}")
        return Prices("own", {int(year): float(number) for year, number in index.items()})
    names.one_of(index, facts.INDEXES, "price index")
    known = facts.price_index(index)
    return Prices(index, known, frozenset(year for year in known if facts.is_provisional(year, index)))


class Inhabitants(dict[str, int]):
    """The inhabitants of a group of a municipality on 31 December by year, with whose number it is and where each is from."""

    def __init__(self, municipality: str, group: Group, known: Mapping[int, facts.Known]) -> None:
        super().__init__({str(year): number.number for year, number in sorted(known.items())})
        self.municipality, self.group = municipality, group
        self.sources = {str(year): number.source for year, number in known.items()}
        self.qualities = {str(year): number.quality for year, number in known.items()}


def group_aged(ages: tuple[int, int | None] | None, sex: str | None = None) -> Group:
    """Return the inhabitants of some ages, both included, and of one sex; None for all.

    Raises
    ------
    SocialvolymError
        where these are no ages or no sex.
    """
    whole = [age for age in ages if type(age) is int] if isinstance(ages, tuple | list) else []
    if ages is not None:
        ordered = len(whole) == 2 and 0 <= whole[0] <= whole[1]
        if not (len(ages) == 2 and (ordered or (len(whole) == 1 and ages[1] is None and whole[0] >= 0))):
            raise SocialvolymError(f"ages is {ages!r}; it must be the first and the last age, like (0, 17), or (65, None)")
    if sex not in (None, "women", "men"):
        raise SocialvolymError(f'sex is {sex!r}; it must be "women", "men" or None for both')
    return Group(*ages, sex) if ages else Group(sex=sex)


def inhabitants(municipality: str, ages: tuple[int, int | None] | None = None, sex: str | None = None) -> Inhabitants:
    """Return the inhabitants of a municipality on 31 December by year, as far as they are known: denominators for rate_of.

    Parameters
    ----------
    municipality : by code or name.
    ages : the first and the last age, both included, like (0, 17), or (65, None) for all older ones; None for all. Ages are known
        once `socialvolym facts` has fetched them, or from population_by_age.csv (docs/facts.md).
    sex : "women" or "men"; None for both.

    Raises
    ------
    SocialvolymError
        where these are no ages or no sex, or nothing is known of such inhabitants of the municipality.
    """
    group, code = group_aged(ages, sex), names.municipality_code(municipality)
    known = {year: number for (place, year), number in facts.known_inhabitants(group).items() if place == code}
    if not known:
        aged = "" if ages is None else f" aged {ages[0]} {'and over' if ages[1] is None else f'to {ages[1]}'}"
        who = f"the inhabitants{aged}{f' ({sex})' if sex else ''} of {municipality}"
        raise SocialvolymError(f"{who} are not known; fetch them with `socialvolym facts`, or put them in: docs/facts.md")
    return Inhabitants(code, group, known)


def rate_of(
    series: pl.DataFrame, denominators: Mapping[str, float] | Mapping[int, float], per: int = 1000, unit: str | None = None
) -> pl.DataFrame:
    """Return a series as a rate by denominators of one's own; change_of and the charts take it as any series.

    The rounding is that of the printed figure, divided as it is. The denominators are taken to be exact. Where the figures are
    counts of independent events, change_of tests the rates as two Poisson rates with known exposures (Przyborowski and Wilenski
    1940, given the sum of the counts).

    Parameters
    ----------
    series : from series_of, of what adds up over persons: a number of them, of days or hours of care, a sum of cost. No share, no
        mean, no time that something takes, no rate; per inhabitants() only what yardsticks.toml says (docs/facts.md).
    denominators : the number of persons by period, or by the year that a period is in; see inhabitants().
    per : of so many.
    unit : what the rate is called; by default it says per how many of whom, like per_1000_inhabitants_0_18, or per_1000_own of
        numbers of one's own; of all but persons and counts after their own unit, like care_days_per_1000_inhabitants.

    Returns
    -------
    series : with status computed, and null and not_available for a period without denominator; base is the denominator,
        base_group whose number it is (of inhabitants: ages and sex, empty for all), base_source where it is from, base_quality
        whether it is published, computed or from a secondary source.

    Raises
    ------
    SocialvolymError
        where what the series is of has no rate, there is no denominator for any of its periods, one is not above zero, or
        inhabitants() are of another municipality, of other ages or of another sex than what the series is of.
    """
    _check_rated(series, isinstance(denominators, Inhabitants))
    _check_denominators(series, denominators, per)
    _check_same(series, denominators)
    wrong = [str(period) for period, number in denominators.items() if not number > 0]
    if wrong:
        raise SocialvolymError(f"the denominator of {', '.join(wrong)} is not above zero")
    known = {str(period): number for period, number in denominators.items()}
    sizes = {period: known.get(period, known.get(period[:4])) for period in series["period"]}
    exposures = {period: size / per for period, size in sizes.items() if size is not None}
    whose = denominators if isinstance(denominators, Inhabitants) else None
    counted = series["unit"][0] if series.height else None
    of = "" if counted in (None, "persons", "count") else f"{counted}_"
    year = pl.col("period").str.slice(0, 4)

    def told(by_year: Mapping[str, str]) -> pl.Expr:
        return year.replace_strict(dict(by_year), default=None, return_dtype=pl.String)

    return _divided(series, exposures).with_columns(
        unit=pl.lit(unit or f"{of}{unit_per(per, whose.group) if whose else f'per_{per}_own'}"),
        base=pl.col("period").replace_strict(sizes, default=None, return_dtype=pl.Float64),
        base_group=pl.lit((whose.group.label if whose else "") or None, pl.String),
        base_source=told(whose.sources if whose else {}),
        base_quality=told(whose.qualities if whose else {}),
    )


def _check_rated(series: pl.DataFrame, of_inhabitants: bool) -> None:
    """Refuse what does not add up over persons: shares, means, times, rates; per inhabitants all that is of no inhabitants."""
    if series.is_empty():
        return
    measure, part, code, unit = (series[name][0] for name in ("measure", "breakdown", "municipality_code", "unit"))
    if is_share(unit or ""):
        raise SocialvolymError(f"a rate is made of a number, not of a share ({measure})")
    known = vocabulary.measure_index().get(measure)
    # A mean cost per month or household is in kronor, a sum in thousands of them.
    adds_up = is_volume(unit or "") or (unit in MONEY and (known is None or known["unit"] == "kSEK"))
    if not adds_up:
        raise SocialvolymError(
            f"{measure} ({unit}) has no rate: a rate is of what adds up over persons, and no mean, time or rate does"
        )
    if of_inhabitants and known is not None and not yardsticks.has_rate(measure, part, code):
        raise SocialvolymError(
            f"{measure}{f' ({part})' if part else ''} has no rate per inhabitant: it is no number of what these inhabitants have "
            "or cost (docs/facts.md); numbers of your own, like {2021: 21074}, are divided by as they are"
        )


def _check_denominators(series: pl.DataFrame, denominators: object, per: float) -> None:
    if not per > 0:
        raise SocialvolymError(f"per is {per!r}; a rate is per a number above zero, like 1000")
    if not isinstance(denominators, Mapping):
        raise SocialvolymError(f"denominators must be numbers by year, like {{2021: 21074}}, not {type(denominators).__name__}")
    named, periods = {str(period) for period in denominators}, series["period"].to_list()
    if periods and not named & {*periods, *(period[:4] for period in periods)}:
        given = ", ".join(sorted(named)) or "none"
        raise SocialvolymError(f"there is no denominator for {periods[0]} to {periods[-1]}; given are: {given}")


def _check_same(series: pl.DataFrame, denominators: Mapping[str, float] | Mapping[int, float]) -> None:
    """Refuse the inhabitants of another municipality, of other ages or of another sex than a measure, or its part, is of.

    Money is told per inhabitant of all ages as well, whomever it is spent on.
    """
    if not isinstance(denominators, Inhabitants) or series.is_empty():
        return
    part, group = next(iter(series["breakdown"].drop_nulls().to_list()), None), denominators.group
    measure, own, code = series["measure"][0], yardsticks.part_of(part), series["municipality_code"][0]
    if code != denominators.municipality:
        places = " and those of ".join(vocabulary.municipalities().get(each, each) for each in (code, denominators.municipality))
        raise SocialvolymError(f"the figures are of {places} the inhabitants: take inhabitants({code!r})")
    if yardsticks.fits(measure, part, group) or (group == ALL and (series["unit"][0] or "") in MONEY):
        return
    # What is printed itself goes before the ages that are usual for such a group; "barn" is of no certain ages.
    fitting = own if own is not None and own.first is not None else yardsticks.group_of(measure, part)
    take = "" if fitting in (None, ALL) else f": take inhabitants(municipality, {_asked(fitting)})"
    aged = f"{fitting.label}{f' ({part})' if part else ''}" if fitting is not None and fitting != ALL else None
    whom = part if yardsticks.is_aged(part) or aged is None else aged
    raise SocialvolymError(
        f"{measure} is of {whom or 'a group whose ages are not said'}, the denominators are inhabitants of "
        f"{group.label or 'all ages'}{take}; numbers of your own are divided by as they are: "
        "rate_of(series, {2021: 21074, 2022: 21112})"
    )


def _asked(group: Group) -> str:
    """Return how a group is asked for of inhabitants()."""
    sex = f', "{group.sex}"' if group.sex else ""
    return f"{None if group.first is None else group[:2]}{sex}"


def real_of(series: pl.DataFrame, base_year: int | str, index: Index | Mapping[int, float] = "cpi") -> pl.DataFrame:
    """Return a series of money in the prices of one year, its rounding with it; years without an index have no value.

    Parameters
    ----------
    series : from series_of.
    base_year : the year whose prices they are in.
    index : "cpi" or "pkv" (docs/facts.md), or an index of one's own by year, like {2022: 100, 2023: 104.5}.

    Returns
    -------
    series : with status computed; price_year is the base year, price_index the index ("own" for one's own), price_source where it
        is from, price_quality "provisional" where that of the year or of the base year is.

    Raises
    ------
    SocialvolymError
        where there is no such index, it is not known of the base year, or the series is no money.
    """
    prices, base_year = prices_of(index), int(base_year)
    known = prices.by_year
    if base_year not in known:
        raise SocialvolymError(
            f"the price index {prices.name} of {base_year} is not known; years: {', '.join(map(str, sorted(known))) or 'none'}"
        )
    unit = series["unit"][0] if series.height else "SEK"
    if not is_money(unit):
        raise SocialvolymError(f"real terms are of money, not of {unit} ({series['measure'][0]})")
    years = {period: int(period[:4]) for period in series["period"]}
    unsure = [
        period for period, year in years.items() if year in known and year != base_year and prices.provisional & {year, base_year}
    ]
    return _divided(
        series, {period: known[year] / known[base_year] for period, year in years.items() if year in known}
    ).with_columns(
        price_year=pl.lit(base_year, pl.Int64),
        price_index=pl.lit(prices.name),
        price_source=pl.lit(prices.source_of(base_year), pl.String),
        price_quality=pl.when(pl.col("period").is_in(unsure)).then(pl.lit("provisional")),
    )


def _divided(series: pl.DataFrame, exposures: Mapping[str, float]) -> pl.DataFrame:
    """Return a series, value and rounding of each period divided by a number; without a value where there is none."""
    size = pl.col("period").replace_strict(dict(exposures), default=None, return_dtype=pl.Float64)
    rows = series.with_columns(size=size)
    return rows.with_columns(
        pl.col("value", "half_step") / pl.col("size"),
        exposure=pl.col("exposure").fill_null(1.0) * pl.col("size"),
        status=pl.when(pl.col("value").is_null())
        .then("status")
        .when(pl.col("size").is_null())
        .then(pl.lit("not_available"))
        .otherwise(pl.lit(COMPUTED)),
    ).drop("size")


def _unknown(group: Group | None) -> str:
    """Return the note that says that the inhabitants of a group are not known."""
    if group is None:
        return "age_group_not_clear"
    return "population_not_known" if group == ALL else "age_group_not_known"


def derived(
    observations: pl.DataFrame,
    base_year: int | None = None,
    ages: tuple[int, int | None] | None = None,
    findings: pl.DataFrame | None = None,
    index: Index | Mapping[int, float] | None = None,
) -> pl.DataFrame:
    """Return what can be derived from yearly figures with the facts (DERIVED_SCHEMA).

    kind "real": money in the prices of base_year (the last year with an index unless given), base is that year, with the index
    where it is not consumer prices. kind "per_inhabitant": costs in SEK per inhabitant; kind "per_1000_inhabitants": volumes of
    the three domains, of the ages and sex that the measure is of; base is the number of inhabitants, base_group who they are.
    What has a rate says yardsticks.toml. status is "computed", "corrected" (of a figure that is corrected, or of what it should
    be), "contradicted" (nobody can say what it should be, and there is no value) or "not_available" (the index or the number of
    inhabitants is not known). What must be known of a value, and why there is none, says note, in Swedish note_sv.

    Parameters
    ----------
    ages : the first and the last age, like (0, 17), of whose inhabitants volumes are taken instead; (65, None): from 65 on.
        What is of others (see rate_of) has no rate, and its note says so.
    findings : of the audit; without them no figure is known to be contradicted.
    index : the price index of all money, or one of one's own by year; by default each measure's (yardsticks.toml).
    """
    rows = in_own_unit(observations)
    known = contradictions(rows, findings) if findings is not None else {}
    doubts = doubted(rows, findings, known) if findings is not None else {}
    rows = (
        corrected(rows.filter(pl.col("value").is_not_null()), known)
        .filter(pl.col("period").str.contains(r"^[0-9]{4}$"), ~pl.col("series").is_in(CHANGES))
        .with_columns(_about(known), notes=_notes(known, doubts), year=pl.col("period").cast(pl.Int64))
        .with_row_index("at")
    )
    follows = pl.col("measure").map_elements(yardsticks.index_of, return_dtype=pl.String) if index is None else pl.lit("given")
    of_index = rows.with_columns(index=follows)
    by_index = of_index.partition_by("index", maintain_order=True)
    rated = rows.filter(
        pl.col("series").is_in(LEVELS), pl.struct("measure", "breakdown", "municipality_code").map_elements(_has_rate, pl.Boolean)
    )
    kinds = [
        *(_real(part, prices_of(index or part["index"][0]), base_year) for part in by_index),
        _per_inhabitant(rated),
        *_per_1000_inhabitants(rated, ages),
    ]
    return _told(pl.concat(kinds).sort("at", maintain_order=True)).select(DERIVED_SCHEMA.keys())


def _has_rate(row: Mapping[str, str]) -> bool:
    return yardsticks.has_rate(row["measure"], row["breakdown"], row["municipality_code"])


def _about(known: Mapping[str, Contradiction]) -> pl.Expr:
    """Return the status that the printed figure gives a derived one."""
    settled = [name for name, entry in known.items() if entry.ratio is not None]
    return (
        pl.when(pl.col("observation_id").is_in(settled) | (pl.col("status") == "corrected"))
        .then(pl.lit("corrected"))
        .when(pl.col("observation_id").is_in(list(known)))
        .then(pl.lit("contradicted"))
        .otherwise(pl.lit(COMPUTED))
        .alias("about")
    )


def _notes(known: Mapping[str, Contradiction], doubts: Mapping[str, object]) -> pl.Expr:
    """Return what must be known of the printed figure (ids of rules.toml)."""
    words = dict.fromkeys(doubts, "figure_doubted")
    words |= {name: "contradicted" if entry.ratio is None else "figure_corrected" for name, entry in known.items()}
    said = pl.col("observation_id").replace_strict(words, default=None, return_dtype=pl.String)
    return pl.concat_list(said, pl.when(pl.col("bound").is_not_null()).then(pl.lit("not_exact"))).list.drop_nulls()


def _told(rows: pl.DataFrame) -> pl.DataFrame:
    """Return derived figures with their status and their notes in words."""
    absent = pl.col("value").is_null() & (pl.col("about") != "contradicted")
    # What is unknown is no matter of a figure that nobody can tell.
    own = pl.when(pl.col("about") != "contradicted").then("own")
    notes = pl.concat_list("notes", own).list.drop_nulls()
    columns: dict[str, Language] = {"note": "en", "note_sv": "sv"}
    words = {name: {rule: sentence(rule, language) for rule in _NOTES} for name, language in columns.items()}
    said = {
        name: notes.list.eval(pl.element().replace_strict(words[name], return_dtype=pl.String)).list.join(" ") for name in columns
    }
    return rows.with_columns(status=pl.when(absent).then(pl.lit("not_available")).otherwise("about"), **said).with_columns(
        pl.when(pl.col(name) != "").then(name).alias(name) for name in said
    )


def _money_factor() -> pl.Expr:
    """Return how many SEK the unit of a sum of money is; null for other units."""
    return pl.col("unit").replace_strict(MONEY, default=None, return_dtype=pl.Float64)


def _real(rows: pl.DataFrame, prices: Prices, base_year: int | None) -> pl.DataFrame:
    known, index = prices.by_year, prices.name
    base = int(base_year or max(known, default=0))
    then = pl.col("year").replace_strict(dict(known), default=None, return_dtype=pl.Float64)
    unsure = (pl.col("year") != base) & (pl.col("year").is_in(sorted(prices.provisional)) | pl.lit(base in prices.provisional))
    return rows.filter(_money_factor().is_not_null() | pl.col("unit").str.starts_with("SEK_per")).select(
        *_SHARED,
        kind=pl.lit("real"),
        value=pl.col("value") * pl.lit(known.get(base), pl.Float64) / then,
        unit="unit",
        base=pl.lit(f"{base}" if index == "cpi" else f"{base} {index.upper()}"),
        base_group=pl.lit(None, pl.String),
        base_source=pl.lit(prices.source_of(base), pl.String),
        own=pl.when(then.is_null() | pl.lit(base not in known))
        .then(pl.lit(f"{index}_not_known"))
        .when(unsure)
        .then(pl.lit(f"{index}_provisional")),
    )


def _per_inhabitant(rows: pl.DataFrame) -> pl.DataFrame:
    money = rows.filter(_money_factor().is_not_null()).with_columns(value=pl.col("value") * _money_factor())
    return _among_inhabitants(money, ALL, "per_inhabitant", 1, _unknown(ALL))


def _per_1000_inhabitants(rows: pl.DataFrame, ages: tuple[int, int | None] | None) -> Iterator[pl.DataFrame]:
    volumes = rows.filter(pl.col("unit").is_in(rules().volumes.units))
    of = [_asked_for(measure, part, group_aged(ages)) for measure, part in volumes.select("measure", "breakdown").iter_rows()]
    for key in dict.fromkeys(of):
        part = volumes.filter(pl.Series([each == key for each in of], dtype=pl.Boolean))
        yield _among_inhabitants(part, key[0], "per_1000_inhabitants", 1000, key[1])


def _asked_for(measure: str, breakdown: str | None, ages: Group) -> tuple[Group | None, str]:
    """Return the inhabitants that a volume is divided by, or none and the note that says why."""
    own = yardsticks.group_of(measure, breakdown)
    if ages == ALL:
        return own, _unknown(own)
    asked = ages._replace(sex=own.sex if own else None)
    return (asked, _unknown(asked)) if yardsticks.fits(measure, breakdown, asked) else (None, "other_ages")


def _among_inhabitants(rows: pl.DataFrame, group: Group | None, kind: str, per: int, unknown: str) -> pl.DataFrame:
    people = (
        facts.population(group or ALL)
        .drop_nulls("population")
        .select("municipality_code", "year", "population", "quality", "source")
    )
    known = (people if group is not None else people.clear()).unique(["municipality_code", "year"], keep="last")
    label = group.label if group else ""
    unit = "SEK_per_inhabitant" if kind == "per_inhabitant" else unit_per(per, group or ALL)
    return rows.join(known, on=["municipality_code", "year"], how="left", maintain_order="left").select(
        *_SHARED,
        kind=pl.lit(kind),
        value=pl.col("value") * per / pl.col("population"),
        unit=pl.lit(unit),
        base=pl.col("population").cast(pl.String),
        base_group=pl.lit(label or None, pl.String),
        base_source="source",
        own=pl.when(pl.col("population").is_null())
        .then(pl.lit(unknown))
        .when(pl.col("quality") != "published")
        .then(pl.format("population_{}", "quality")),
    )


def unit_per(per: int, group: Group = ALL) -> str:
    """Return the unit of a rate of so many inhabitants of a group, like per_1000_inhabitants_0_20."""
    label = group.label.replace("-", "_").replace("+", "_plus").replace(" ", "_")
    return f"per_{per}_inhabitants{f'_{label}' if label else ''}"
