"""Decomposition: how much of a change in cost is volume and how much is price."""

from __future__ import annotations

import calendar
import warnings
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypedDict

import polars as pl

from socialvolym.analysis.breaks import Ask, announced
from socialvolym.analysis.classification import Product, rules, sentence
from socialvolym.analysis.contradictions import Contradiction, contradicted_in, corrected
from socialvolym.csv_files import schema_of
from socialvolym.notation.calendar import breaks_between
from socialvolym.notation.languages import Language
from socialvolym.observations import pick
from socialvolym.observations.series import figures, rows_of
from socialvolym.reports.models import Break
from socialvolym.vocabulary.columns import Figure
from socialvolym.vocabulary.money import MONEY


class SplitRow(TypedDict):
    """A row of the splits (SPLIT_SCHEMA); a change that is not split has no parts.

    broken_from : the first period that is counted in a new way, where one lies between; the parts then hold what that changed.
    """

    report: str
    municipality_code: str
    cost: str
    breakdown: str | None
    first: str
    last: str
    first_cost: float
    last_cost: float
    change: float
    volume_part: float | None
    price_part: float | None
    rest: float | None
    unit: str
    broken_from: str | None
    note: str | None
    observation_ids: list[str]


SPLIT_SCHEMA = schema_of(SplitRow)


#: (year, series) of a point, and its rows: cost, volume, price.
_Place = tuple[tuple[str, int], list[Figure]]

_SERIES = ("outturn", "forecast", "budget", "plan")


@dataclass(frozen=True)
class Point:
    """Volume, unit cost (SEK) and cost (SEK) at one time, each with half a step of its last printed decimal."""

    volume: float
    price: float
    cost: float
    volume_half: float = 0.0
    price_half: float = 0.0
    cost_half: float = 0.0

    @property
    def multiplies(self) -> bool:
        """Whether volume times unit cost is the cost within rounding."""
        low = (self.volume - self.volume_half) * (self.price - self.price_half)
        high = (self.volume + self.volume_half) * (self.price + self.price_half)
        return low - self.cost_half - 1e-6 <= self.cost <= high + self.cost_half + 1e-6


@dataclass(frozen=True)
class Split:
    """A change in cost and its parts, which add up to it; or None with the note (an id of rules.toml) that says why not.

    rest: what neither volume nor unit cost explains.
    """

    change: float
    volume_part: float | None = None
    price_part: float | None = None
    rest: float = 0.0
    note: str | None = None

    def why(self, language: Language = "en") -> str | None:
        """Return the sentence that says why the change is not split; None where it is."""
        return sentence(self.note, language) if self.note else None


def split_cost(first: Point, last: Point, with_rest: bool = False) -> Split:
    """Split a change in cost into a volume part and a price part.

    Symmetric: each part is weighed with the mean of the two times (Bennet 1920; for one good also Marshall and Edgeworth).
    The unit cost is cost / volume, which the printed one must confirm within rounding, so that the parts add up to the
    printed change. `with_rest`: the printed unit cost is used instead, and what the product does not explain is left over.
    """
    change = last.cost - first.cost
    if first.volume <= 0 or last.volume <= 0:
        return Split(change, note="no_volume")
    whole = first.multiplies and last.multiplies
    if not (whole or with_rest):
        return Split(change, note="does_not_multiply")
    first_price, last_price = (point.cost / point.volume if whole else point.price for point in (first, last))
    volume_part = (last.volume - first.volume) * (first_price + last_price) / 2
    price_part = last.volume * last_price - first.volume * first_price - volume_part
    return Split(change, volume_part, price_part, 0.0 if whole else change - volume_part - price_part)


def splits(
    observations: pl.DataFrame,
    report: str | None = None,
    contradicted: Mapping[str, Contradiction] | None = None,
    breaks: Ask = announced,
) -> pl.DataFrame:
    """Return the split of every change in cost whose volume and unit cost are printed (SPLIT_SCHEMA).

    The points of a cost are ordered by year, and within a year outturn, forecast, budget, plan; each is compared with the
    one before and named like "2018 budget". Costs that are a product are listed in rules.toml. Of contradicted figures, by
    default those of the findings in data/processed, the split is that of what they should be; where nobody can say, there is
    none. Across a break that leaves nothing to compare there
    is none either; one that explains a part of the difference is named in broken_from (breaks_of tells more). Where there is no
    split at all, a warning says why.
    """
    picked = pick(observations, report=report)
    known = contradicted_in(picked) if contradicted is None else contradicted
    settled = {name: entry for name, entry in known.items() if entry.ratio is not None}
    rows = corrected(picked, settled)
    products = rules().product
    wanted = {measure for product in products for measure in (product.cost, product.volume, product.price)}
    best = figures(
        rows.filter(
            pl.col("measure").is_in(wanted),
            pl.col("series").is_in(_SERIES),
            pl.col("period").str.contains(r"^\d{4}$"),
            pl.col("value").is_not_null(),
        )
    )
    found: list[SplitRow] = []
    for product in products:
        of_product = best.filter(pl.col("measure").is_in([product.cost, product.volume, product.price]))
        for _, part in of_product.group_by("report", "breakdown", maintain_order=True):
            found.extend(_steps(part, product, known.keys() - settled.keys(), breaks))
    if not found and contradicted is None:
        costs = best.filter(pl.col("measure").is_in([product.cost for product in products]))["measure"].unique().sort()
        warnings.warn(_why_none(report, costs.to_list()), stacklevel=2)
    return pl.DataFrame(found, schema=SPLIT_SCHEMA)


def _why_none(report: str | None, costs: Sequence[str]) -> str:
    """Return why no change in cost is split: a cost needs its volume and its unit cost, at two times."""
    parts = {product.cost: f"{product.cost} (volume {product.volume}, unit cost {product.price})" for product in rules().product}
    where = f"{report} has" if report else "these observations have"
    if not costs:
        return f"no split: {where} none of the costs that are a product: {', '.join(sorted(set(parts)))}"
    return f"no split: {where} no two times with both volume and unit cost of {'; '.join(parts[cost] for cost in costs)}"


def _steps(part: pl.DataFrame, product: Product, unsettled: Collection[str], breaks: Ask) -> list[SplitRow]:
    measures = (product.cost, product.volume, product.price)
    by_key = {(row["period"], _SERIES.index(row["series"]), row["measure"]): row for row in rows_of(part)}
    places = sorted({key[:2] for key in by_key})
    whole = [
        (place, [by_key[(*place, measure)] for measure in measures])
        for place in places
        if all((*place, measure) in by_key for measure in measures)
    ]
    cuts = [cut for measure in measures for cut in breaks(measure, part["municipality_code"][0], part["breakdown"][0])]
    return [_step(first, last, product.daily, unsettled, cuts) for first, last in pairwise(whole)]


def _step(first: _Place, last: _Place, daily: bool, unsettled: Collection[str], cuts: Sequence[Break]) -> SplitRow:
    (first_place, first_rows), (last_place, last_rows) = first, last
    cost = last_rows[0]
    result = split_cost(_point(first_rows, daily), _point(last_rows, daily), with_rest=daily)
    if any(row["observation_id"] in unsettled for row in (*first_rows, *last_rows)):
        result = Split(result.change, note="product_contradicted")
    between = [cut for cut in cuts if breaks_between(first_place[0], last_place[0], [cut.period])]
    if any(cut.extent == "all" for cut in between):
        result = Split(result.change, note="break_between")
    scale = MONEY[cost["unit"]]
    return {
        "report": cost["report"],
        "municipality_code": cost["municipality_code"],
        "cost": cost["measure"],
        "breakdown": cost["breakdown"],
        "first": f"{first_place[0]} {_SERIES[first_place[1]]}",
        "last": f"{last_place[0]} {_SERIES[last_place[1]]}",
        "first_cost": first_rows[0]["value"],
        "last_cost": cost["value"],
        "change": result.change / scale,
        "volume_part": _scaled(result.volume_part, scale),
        "price_part": _scaled(result.price_part, scale),
        "rest": _scaled(result.rest if result.note is None else None, scale),
        "unit": cost["unit"],
        "broken_from": min((cut.period for cut in between), default=None),
        "note": result.note,
        "observation_ids": [row["observation_id"] for row in (*first_rows, *last_rows)],
    }


def _scaled(value: float | None, scale: float) -> float | None:
    return None if value is None else value / scale


def _point(rows: list[Figure], daily: bool) -> Point:
    """Return a point; `daily`: the volume is the mean number of each day of the row's year."""
    days = 365 + calendar.isleap(int(rows[0]["period"])) if daily else 1
    values = [row["value"] for row in rows]
    halves = [row["half_step"] for row in rows]
    scale = MONEY[rows[0]["unit"]]
    return Point(
        volume=values[1] * days,
        price=values[2],
        cost=values[0] * scale,
        volume_half=halves[1] * days,
        price_half=halves[2],
        cost_half=halves[0] * scale,
    )
