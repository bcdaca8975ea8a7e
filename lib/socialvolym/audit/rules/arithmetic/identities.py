"""Identities: sums, products, ratios and shares of one whole that identities.toml says must hold."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import product as combinations
from pathlib import Path

import polars as pl
from pydantic import BaseModel

from socialvolym.audit.check_table import as_checks, joined, line_list
from socialvolym.errors import SocialvolymError
from socialvolym.notation.intervals import DUST, distance, outside, quotient, truncated
from socialvolym.notation.numbers import print_number
from socialvolym.toml_files import Data, load_toml
from socialvolym.vocabulary import UNKNOWN, names

#: How the measures of rows that are named by their labels begin.
_NAMED = "row_"
#: A sum of so many parts may have any signs; more parts are all costs or all revenue.
_FEW_PARTS = 3
_PLACE = ["report", "table", "period", "series", "dimension"]


class Sum(Data):
    """total = the sum of the parts that stand in the same table."""

    total: str
    parts: tuple[str, ...]


class Whole(Data):
    """Breakdowns of one measure that add up to its whole."""

    measures: tuple[str, ...]
    whole: str
    parts: tuple[str, ...]


class Product(Data):
    """total = volume * unit cost; a label that fits other_label would need other_volume."""

    total: str
    volume: str
    unit_cost: str
    other_volume: str
    other_label: str


class Scaled(Data):
    """part = whole / a divisor between low and high."""

    whole: str
    part: str
    low: float
    high: float


class Ratio(Data):
    """share = 100 * part / whole."""

    share: str
    part: str
    whole: str
    whole_series: str = "outturn"


class Hundred(Data):
    """Shares of one whole: measures, or breakdowns (in comparable form) of one measure."""

    measures: tuple[str, ...]
    parts: tuple[str, ...]


class NamedRow(Data):
    """A row whose measure nobody knows, named by its label for the identities within its block of rows."""

    label: str
    measure: str
    opens: bool = False


class Identities(Data):
    """identities.toml."""

    named_row: tuple[NamedRow, ...] = ()

    sum: tuple[Sum, ...] = ()
    whole: tuple[Whole, ...] = ()
    product: tuple[Product, ...] = ()
    scaled: tuple[Scaled, ...] = ()
    ratio: tuple[Ratio, ...] = ()
    hundred: tuple[Hundred, ...] = ()


@lru_cache(maxsize=1)
def identities() -> Identities:
    """Load identities.toml."""
    path = Path(__file__).with_name("identities.toml")
    known = load_toml(Identities, path)
    check_measures(known, str(path))
    return known


def check_measures(known: Identities, place: str) -> None:
    """Stop where an identity names a measure that there is not: it would hold nothing against anything, and say nothing.

    Raises
    ------
    SocialvolymError
        with the measure and the nearest ones, and the place.
    """
    named = [name for each in known.product for name in (each.total, each.volume, each.unit_cost, each.other_volume)]
    named += [name for each in known.sum for name in (each.total, *each.parts)]
    named += [name for whole in known.whole for name in whole.measures]
    named += [name for each in known.scaled for name in (each.whole, each.part)]
    named += [name for each in known.ratio for name in (each.share, each.part, each.whole)]
    named += [name for each in known.hundred for name in each.measures]
    rows = {row.measure for row in known.named_row}
    for name in dict.fromkeys(name.lstrip("-") for name in named):
        if name not in rows and names.find_measure(name) != name:
            raise SocialvolymError(f"{place}: {names.unknown_measure(name, names.nearest_measures(name))}")


def check(figures: pl.DataFrame) -> pl.DataFrame:
    """Return the checks of all identities."""
    known, plain = identities(), figures.filter(~pl.col("bounded"))
    named = {
        m
        for group in (known.sum, known.whole, known.product, known.scaled, known.ratio, known.hundred)
        for identity in group
        for m in _measures(identity)
    }
    plain = pl.concat([plain.filter(pl.col("measure").is_in(sorted(named))), _named_rows(plain, known.named_row)])
    if plain.is_empty():
        return joined([])
    # Most documents have the figures of few identities.
    there = set(plain["measure"])
    return joined(
        [
            _sums(plain, known.sum),
            _wholes(plain, known.whole),
            *(_established(_product(plain, p)) for p in known.product if there.issuperset((p.unit_cost, p.total, p.volume))),
            *(_unit_label(plain, p) for p in known.product if p.other_volume in there),
            *(_established(_scaled(plain, s)) for s in known.scaled if there.issuperset((s.part, s.whole))),
            *(_ratio(plain, r) for r in known.ratio if there.issuperset((r.share, r.part, r.whole))),
            *(_hundred(plain, h) for h in known.hundred if there.issuperset(h.measures)),
        ]
    )


def _named_rows(figures: pl.DataFrame, names: tuple[NamedRow, ...]) -> pl.DataFrame:
    """Return the rows of unknown measures that are named by their labels; their part is the block that an opening row began."""
    rows = figures.filter(pl.col("measure") == UNKNOWN, pl.col("table").is_not_null())
    named = pl.coalesce([pl.when(pl.col("label").str.contains(name.label)).then(pl.lit(name.measure)) for name in names])
    labels = rows.select("label").unique().with_columns(named=named).filter(pl.col("named").is_not_null())
    rows = rows.join(labels, on="label", maintain_order="left")
    opening = pl.col("named").is_in([name.measure for name in names if name.opens])
    block = (opening & (pl.col("row") != pl.col("row").shift(1)).fill_null(True)).cum_sum().over("table_id")
    return rows.with_columns(measure=pl.col("named"), part=block.cast(pl.String)).drop("named")


def _established(checks: pl.DataFrame) -> pl.DataFrame:
    """Keep the checks of a row named by its label only where most of its columns hold: else the rows do not belong together."""
    holding = (pl.col("gap") <= DUST).mean().over("report", "table", "line")
    return checks.filter(~pl.col("measure").str.starts_with(_NAMED) | (holding > 0.5))


def _measures(identity: BaseModel) -> set[str]:
    texts = [text for value in identity.model_dump().values() for text in (value if isinstance(value, tuple) else (value,))]
    return {text.lstrip("-") for text in texts if isinstance(text, str)}


def _sums(figures: pl.DataFrame, sums: tuple[Sum, ...]) -> pl.DataFrame:
    """Check sums of a table's levels, with the signs that most of its columns follow: costs are printed with or without minus."""
    terms = pl.DataFrame(
        [
            {"total": s.total, "measure": part.lstrip("-"), "weight": weight, "way": way}
            for s in sums
            for way, weights in enumerate(_weights(s.parts))
            for part, weight in zip(s.parts, weights, strict=True)
        ]
    )
    tables = figures.filter(pl.col("table").is_not_null(), pl.col("series") != "change_pct", pl.col("dimension") != "percent")
    parts = (
        tables.join(terms, on="measure")
        .group_by([*_PLACE, "part", "total", "way"])
        .agg(
            parts=(pl.col("v") * pl.col("weight")).sum(),
            slack=pl.col("h").sum(),
            found=pl.col("measure").n_unique(),
            cells=pl.len(),
        )
    )
    rows = tables.join(parts.rename({"total": "measure"}), on=[*_PLACE, "part", "measure"], nulls_equal=True)
    rows = rows.filter(pl.col("found") == pl.col("cells"), pl.col("found") > 1)
    rows = rows.filter(pl.len().over([*_PLACE, "part", "measure", "way"]) == 1)
    return _held_sum(rows)


def _weights(parts: tuple[str, ...]) -> Iterator[tuple[float, ...]]:
    """Return the signs that the parts of a sum may have: their own first, then, of few parts, all others."""
    own = tuple(-1.0 if part.startswith("-") else 1.0 for part in parts)
    yield own
    if len(parts) <= _FEW_PARTS:
        yield from (signs for signs in combinations((1.0, -1.0), repeat=len(parts)) if signs != own)


def _held_sum(rows: pl.DataFrame) -> pl.DataFrame:
    """Check printed totals against `parts` +- `slack`, in the `way` of counting that holds most of a table's columns.

    A way that holds fewer columns of a table than it fails is none there. Levels are held by levels only; the differences
    between them follow from them.
    """
    over = ["report", "table", "measure", "part"]
    derived = pl.col("series").is_in(["deviation", "change_abs"])
    rows = rows.filter(~derived | (derived.all().over(over)))
    gap = distance(pl.col("v"), pl.col("h"), pl.col("parts"), pl.col("slack"))
    holds = gap <= pl.col("s") * DUST
    held = rows.with_columns(
        gap=gap / pl.col("s"),
        expected=pl.col("parts") / pl.col("factor"),
        holding=holds.sum().over([*over, "way"]),
        failing=(~holds).sum().over([*over, "way"]),
    )
    # Signs that turn the whole column acquit it, also where another column follows others.
    acquitted = held.filter(pl.col("gap") <= DUST).select("i").unique()["i"]
    best = held.filter(
        pl.col("way") == pl.col("way").sort_by(["holding", "way"], descending=[True, False]).first().over(over),
        pl.col("holding") > 0,
        pl.col("holding") >= pl.col("failing"),
    )
    return as_checks(best, rule="sum", gap=pl.when(pl.col("i").is_in(acquitted.implode())).then(0.0).otherwise("gap"))


def _wholes(figures: pl.DataFrame, wholes: tuple[Whole, ...]) -> pl.DataFrame:
    checks = []
    for whole in wholes:
        own = figures.filter(pl.col("measure").is_in(whole.measures), pl.col("table").is_not_null())
        parts = (
            own.filter(pl.col("part").is_in(whole.parts))
            .group_by([*_PLACE, "measure"])
            .agg(parts=pl.col("v").sum(), slack=pl.col("h").sum(), found=pl.col("part").n_unique())
        )
        rows = own.filter(pl.col("part") == whole.whole).join(parts, on=[*_PLACE, "measure"], nulls_equal=True)
        checks.append(_held_sum(rows.filter(pl.col("found") == len(whole.parts)).with_columns(way=pl.lit(0))))
    return joined(checks)


def _product(figures: pl.DataFrame, product: Product) -> pl.DataFrame:
    rows = _beside(figures, product.unit_cost, {"t": product.total, "q": product.volume})
    low, high = quotient(pl.col("t_v"), pl.col("t_h"), pl.col("q_v"), pl.col("q_h"))
    gap = outside(pl.col("v"), pl.col("h"), low, high) / pl.col("s")
    return as_checks(
        rows,
        rule="unit_cost",
        gap=gap,
        expected=pl.col("t_v") / pl.col("q_v") / pl.col("factor"),
        lines=pl.concat_str("q_line", "t_line", separator=", "),
        other=(pl.col("t_v") / pl.col("v")).map_elements(print_number, return_dtype=pl.String),
    )


def _unit_label(figures: pl.DataFrame, product: Product) -> pl.DataFrame:
    """Find a unit cost that is labelled for one volume and right only for the other."""
    rows = _beside(figures, product.unit_cost, {"t": product.total, "q": product.volume, "o": product.other_volume})
    rows = rows.filter(pl.col("label").str.contains(product.other_label))
    low, high = quotient(pl.col("t_v"), pl.col("t_h"), pl.col("q_v"), pl.col("q_h"))
    other_low, other_high = quotient(pl.col("t_v"), pl.col("t_h"), pl.col("o_v"), pl.col("o_h"))
    wrong = (outside(pl.col("v"), pl.col("h"), low, high) <= DUST) & (
        outside(pl.col("v"), pl.col("h"), other_low, other_high) > pl.col("s")
    )
    first = pl.col("i") == pl.col("i").min().over("report", "line")
    most = wrong.mean().over("report", "line") > 0.5
    return as_checks(
        rows.with_columns(
            gap=(wrong & most).cast(pl.Float64),
            expected=pl.col("t_v") / pl.col("o_v") / pl.col("factor"),
            lines=pl.concat_str("q_line", "t_line", separator=", "),
        ).filter(first),
        rule="unit_label",
    )


def _scaled(figures: pl.DataFrame, scaled: Scaled) -> pl.DataFrame:
    rows = _beside(figures, scaled.part, {"q": scaled.whole})
    low, high = (pl.col("q_v") - pl.col("q_h")) / scaled.high, (pl.col("q_v") + pl.col("q_h")) / scaled.low
    excess = outside(pl.col("v"), pl.col("h"), low, high)
    exact = pl.col("q_v") / scaled.low
    coarse = (pl.col("v") == exact.round(0)) & (excess > 0)
    return as_checks(
        rows,
        rule=pl.when(coarse).then(pl.lit("coarse")).otherwise(pl.lit("scaled")),
        gap=excess / pl.col("s"),
        expected=exact,
        lines=pl.col("q_line"),
        other=pl.col("q_published_as"),
        cause=print_number(scaled.low, 0 if scaled.low == int(scaled.low) else 1),
    )


def _ratio(figures: pl.DataFrame, ratio: Ratio) -> pl.DataFrame:
    """Check shares against part and whole on the same line, else in the same place of the report."""
    shares = figures.filter(pl.col("measure") == ratio.share, pl.col("series") == "outturn")
    keys = ["report", "part", "period"]
    for name, measure, series in (("p", ratio.part, "outturn"), ("q", ratio.whole, ratio.whole_series)):
        own = figures.filter(pl.col("measure") == measure, pl.col("series") == series, pl.col("dimension") != "percent")
        same = own.group_by(keys).agg(
            spread=(pl.col("v").abs().max() - pl.col("v").abs().min()),
            slack=pl.col("h").max() * 2,
            **{f"{name}_{f}": pl.col(f).sort_by("h").first() for f in ("v", "h", "line")},
        )
        shares = shares.join(
            same.filter(pl.col("spread") <= pl.col("slack") + DUST).drop("spread", "slack"), on=keys, nulls_equal=True
        )
    low, high = quotient(pl.col("p_v").abs(), pl.col("p_h"), pl.col("q_v").abs(), pl.col("q_h"))
    low, high = 100 * low, 100 * high
    excess = outside(pl.col("v"), pl.col("h"), low, high)
    cut = truncated(pl.col("v"), pl.col("s"), low, high) & (excess > 0) & (excess < pl.col("s"))
    return as_checks(
        shares,
        rule=pl.when(cut).then(pl.lit("truncated")).otherwise(pl.lit("ratio")),
        gap=excess / pl.col("s"),
        expected=100 * (pl.col("p_v") / pl.col("q_v")).abs(),
        lines=pl.concat_str("p_line", "q_line", separator=", "),
    )


def _hundred(figures: pl.DataFrame, hundred: Hundred) -> pl.DataFrame:
    keys = ["report", "table", pl.when(pl.col("table").is_null()).then(pl.col("line")).alias("text_line"), "period"]
    own = figures.filter(
        pl.col("measure").is_in(hundred.measures), pl.col("part").is_in(hundred.parts), pl.col("series") == "outturn"
    )
    wanted = len(hundred.measures) * len(hundred.parts)
    sums = own.group_by(keys).agg(
        pl.col("i").max(),
        total=pl.col("v").sum(),
        slack=pl.col("h").sum(),
        found=pl.len(),
        step=pl.col("s").max(),
        lines=line_list(pl.col("line").unique().sort()),
    )
    whole = sums.filter(pl.col("found") == wanted).select("i", "total", "slack", "step", "lines")
    rows = figures.drop("step").join(whole, on="i")
    gap = distance(pl.col("total"), pl.col("slack"), pl.lit(100.0), pl.lit(0.0)) / pl.col("step")
    return as_checks(rows, rule="hundred", gap=gap, expected=100.0 - pl.col("total") + pl.col("v"))


def _beside(figures: pl.DataFrame, measure: str, others: dict[str, str]) -> pl.DataFrame:
    """Return the figures of a measure joined with other measures of the same table, breakdown, period and series."""
    keys = ["report", "table", "part", "period", "series"]
    tables = figures.filter(pl.col("table").is_not_null(), pl.col("series").is_in(["outturn", "budget", "plan", "forecast"]))
    rows = tables.filter(pl.col("measure") == measure)
    for name, other in others.items():
        rows = rows.join(
            tables.filter(pl.col("measure") == other)
            .unique(keys, keep="none")
            .select(*keys, *[pl.col(f).alias(f"{name}_{f}") for f in ("v", "h", "line", "published_as")]),
            on=keys,
        )
    return rows
