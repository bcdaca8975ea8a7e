"""Draft sentences: figures in sentences of a document that nobody has described, against the rows of tables that they tell of.

A sentence is accused where the row is known for certain (by a figure of the sentence that the row has, or by its label) and no
table has what the sentence says; or where its own figures contradict each other.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, pairwise
from typing import Any

import polars as pl

from socialvolym.audit.check_table import CHECK_SCHEMA, Check, as_checks, check_of
from socialvolym.audit.compared_figures import unit_is_printed
from socialvolym.audit.rules.arithmetic.column_relations import is_slip
from socialvolym.extraction.prose.naming import own_label
from socialvolym.notation.intervals import DUST
from socialvolym.notation.numbers import print_number
from socialvolym.vocabulary import UNKNOWN
from socialvolym.vocabulary.codebook import measure_index

_LEVELS, _DEVIATION = ("outturn", "budget", "forecast", "plan", "target"), "deviation"
_PRINTED = (*_LEVELS, _DEVIATION)
#: A figure of fewer digits may be anything's; one of so many that a digit apart is a slip.
_TELLING, _SLIP = 100, 1000
#: What a person has settled is known to be of what it is read as, so that fewer digits tell a slip (_TELLING).
_SETTLED = "accepted"
#: Two figures of one thing are not further apart than this.
_ALIKE = 2.0
#: A unit slips by a thousand. What a text gives in millions (a unit worth a thousand of the next) a table prints in thousands.
_THOUSAND, _SHORTENED = 1e3, "MSEK"
#: Length of a period that is a day, like 2023-10-01.
_DAY = 10
#: The sentence before one that goes on about its figures ends at most so many lines above.
_NEXT_LINES = 2
#: Quantities that a change in per cent has where its sentence does not say what it is of.
_UNSAID = ("count", "share", "money")
_COUNTS = ("count", "persons", "households", "placements_per_year", "household_months", "care_days")
#: What a table's title says of all its rows, and a sentence about them does not say again: ages, the time that is counted.
_AGES_AND_DAYS = re.compile(r"\.(?:age_\w+|year_any_time|\d+_[a-z]+)(?=\.|$)")


@dataclass(frozen=True)
class _Cell:
    """A cell; `unit` is empty where nothing printed for it says in which unit it is."""

    line: int
    label: str
    period: str
    value: float
    half: float
    printed: str
    factor: float
    unit: str


@dataclass(frozen=True)
class _Row:
    """A row of a table in one series and dimension: its cells by period, and by year where they are of one day of it."""

    label: str
    measure: str
    part: str
    series: str
    cells: Mapping[str, _Cell]


@dataclass
class _Tables:
    """What the tables print: rows, by dimension, and every size in them."""

    rows: dict[str, list[_Row]] = field(default_factory=lambda: defaultdict(list))
    sizes: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))

    def have(self, told: Mapping[str, Any]) -> bool:
        """Tell whether any cell has what is told, within the rounding of both; of what a person has settled, one in its unit."""
        size, half, dust = abs(told["v"]), told["h"], DUST * told["s"]
        if told["certainty"] == _SETTLED:
            known = self.sizes[told["dimension"]]
        else:
            known = self.sizes[_dimension(told)] + (self.sizes["other"] if _dimension(told) != "money" else [])
        return any(abs(size - other) <= half + slack + dust for other, slack in known)


def check(figures: pl.DataFrame) -> pl.DataFrame:
    """Return the failing checks of sentences; `figures` are the prepared ones, with columns.AUDITED."""
    tables = _tables(figures.filter(pl.col("table").is_not_null()))
    texts = figures.filter(pl.col("table").is_null(), pl.col("sentence").is_not_null(), ~pl.col("bounded"))
    texts = texts.with_columns(
        codes=pl.col("codes").fill_null("").str.split(" "), row_names=pl.col("row_names").fill_null("").str.split("|")
    )
    found: list[Check] = []
    before: list[dict[str, Any]] = []
    for sentence in texts.partition_by("report", "sentence", maintain_order=True):
        told = sentence.to_dicts()
        of_both = [*before, *told] if _goes_on(told, before) else told
        found += [*_own_percentages(of_both), *_against_rows(told, tables), *_shares(told, tables)]
        before = told
    return as_checks(pl.DataFrame(found, schema=CHECK_SCHEMA, infer_schema_length=None))


def _dimension(figure: Mapping[str, Any]) -> str:
    return "count" if figure["dimension"] in _COUNTS else str(figure["dimension"])


def _tables(figures: pl.DataFrame) -> _Tables:
    tables = _Tables()
    for cell in figures.select("v", "h", "value", "half", "dimension").unique().iter_rows(named=True):
        for kind in {_dimension(cell), cell["dimension"]}:
            tables.sizes[kind].append((abs(cell["v"]), cell["h"]))
        # What is read in another unit than it has, say an amount: it has no more than its printed digits.
        tables.sizes["other"].append((abs(cell["value"]), cell["half"]))
    for row in figures.filter(pl.col("series").is_in(_PRINTED), pl.col("period").is_not_null()).partition_by(
        "table_id", "row", "series", "dimension", maintain_order=True
    ):
        cells = [_cell(figure) for figure in row.iter_rows(named=True)]
        if len({cell.period for cell in cells}) == len(cells):
            first = row.row(0, named=True)
            # A sentence names the year alone of what a table counts on one day of each year.
            years = Counter(cell.period[:4] for cell in cells)
            of_year = {cell.period[:4]: cell for cell in cells if len(cell.period) == _DAY and years[cell.period[:4]] == 1}
            by_period = of_year | {cell.period: cell for cell in cells}
            tables.rows[_dimension(first)].append(
                _Row(first["label"], first["measure"], first["part"], first["series"], by_period)
            )
    return tables


def _cell(figure: Mapping[str, Any]) -> _Cell:
    unit = figure["unit"] if unit_is_printed(figure) else ""
    value, half, printed = figure["v"], figure["h"], figure["published_as"]
    return _Cell(figure["line"], figure["label"], figure["period"], value, half, printed, figure["factor"], unit)


# --- a sentence by itself


def _goes_on(told: Sequence[Mapping[str, Any]], before: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether a sentence is of the change between the figures of the one before it: "Det är en ökning med …"."""
    follows = bool(before) and told[0]["report"] == before[0]["report"] and told[0]["line"] - before[-1]["line"] <= _NEXT_LINES
    return follows and len(told) == 1 and "goes_on" in told[0]["codes"]


def _own_percentages(told: Sequence[Mapping[str, Any]]) -> Iterator[Check]:
    """Check the one percentage of change in a sentence against the only two figures of one thing that it tells."""
    changes = [one for one in told if one["series"] == "change_pct"]
    levels = [one for one in told if one["series"] in _LEVELS and one["dimension"] != "percent"]
    if len(changes) != 1 or len(told) != 3:
        return
    if len(levels) == 1:
        yield from _percentage_of_difference(changes[0], levels[0], next(one for one in told if one not in (*changes, *levels)))
    if len(levels) != 2 or levels[0]["dimension"] != levels[1]["dimension"]:
        return
    change = changes[0]
    before, after = sorted(levels, key=lambda one: one["period"] or "")
    if before["period"] == after["period"] or not before["v"] or not _alike(before["v"], after["v"]):
        return
    if not all(_of_one_thing(change["measure"], level["measure"]) for level in levels):
        return
    expected = 100 * (abs(after["v"]) / abs(before["v"]) - 1)
    slack = 100 * (before["h"] + after["h"]) / abs(before["v"]) * _ALIKE
    gap = abs(abs(change["v"]) - abs(expected)) - slack - change["s"]
    difference = abs(after["v"] - before["v"])
    of_after = abs(abs(change["v"]) - 100 * difference / (abs(after["v"]) or 1)) <= change["s"]
    of_difference = abs(abs(change["v"]) - difference) <= change["s"]
    # Years may be read the other way round; what rises is the lesser one before in any case.
    way = "rises" if expected > 0 else "falls"
    if gap > 0 and (way in change["codes"] if of_after else not of_difference):
        yield check_of(change, "other_base" if of_after else "percentage", expected, gap / change["s"])


def _percentage_of_difference(change: Mapping[str, Any], level: Mapping[str, Any], apart: Mapping[str, Any]) -> Iterator[Check]:
    """Check "783, 80 more than the year before": the percentage is of what was, also where it is right of what is now."""
    way = {"rises": -1, "falls": 1}.get(next((code for code in change["codes"] if code in ("rises", "falls")), ""))
    of_one = apart["series"] == "change_abs" and apart["dimension"] == level["dimension"] and apart["period"] == level["period"]
    if way is None or not of_one or not _of_one_thing(change["measure"], level["measure"]):
        return
    after, difference = abs(level["v"]), abs(apart["v"])
    before, slack = after + way * difference, 100 * (level["h"] + 2 * apart["h"]) / after
    of_both = [100 * difference / base for base in (before, after) if base > 0]
    if len(of_both) < 2 or not _alike(before, after):
        return
    off, off_after = (abs(abs(change["v"]) - expected) for expected in of_both)
    if off > slack * _ALIKE + change["s"] and off_after <= slack + change["s"] / 2 + DUST:
        yield check_of(change, "other_base", -way * of_both[0], off / change["s"])


def _of_one_thing(change: str, level: str) -> bool:
    """Tell whether a change may be of what a level counts; "8,6 procent" of the norm is none of the amount per household."""
    own, other = ((measure_index().get(name) or {}).get("quantity") for name in (change, level))
    return own in (None, *_UNSAID) or other is None or own == other


def _alike(one: float, other: float) -> bool:
    return max(abs(one), abs(other)) <= _ALIKE * min(abs(one), abs(other))


# --- a sentence and the rows


def _against_rows(told: Sequence[Mapping[str, Any]], tables: _Tables) -> Iterator[Check]:
    for one in told:
        if one["series"] == "change_abs" and one["dimension"] == "money" and not tables.have(one):
            yield from _slipped_change(one, tables.rows["money"])
    known = [one for one in told if one["series"] in _PRINTED and one["period"] and one["value"]]
    levels = [one for one in known if one["series"] in _LEVELS]
    for one in known:
        rows = [row for row in tables.rows[_dimension(one)] if (row.series == _DEVIATION) == (one["series"] == _DEVIATION)]
        named = [row for row in rows if one["period"] in row.cells and own_label(row.label) in one["row_names"]]
        if tables.have(one):
            yield from _turned(one, named)
            continue
        if slipped := _slipped_unit(one, [*named, *(row for row in rows if _same_measure(one, row))]):
            yield {**_against(one, slipped, "unit_slip"), "cause": "table", "other": f"{slipped.printed} {slipped.unit}"}
        elif one in levels and (contradicted := _contradicted(one, levels, rows, named)):
            yield _against(one, contradicted, "text_table")


def _same_measure(one: Mapping[str, Any], row: _Row) -> bool:
    return bool(one["measure"] != UNKNOWN and one["measure"] == row.measure and one["period"] in row.cells)


def _slipped_unit(one: Mapping[str, Any], rows: Sequence[_Row]) -> _Cell | None:
    """Return the cell of the only row whose amount is a thousand times the told one, or a thousandth of it."""
    if one["dimension"] != "money" or abs(one["value"]) < 10 * one["step"]:
        return None
    found = [
        cell
        for row in rows
        for cell in (row.cells.get(one["period"]),)
        if cell
        and cell.unit
        and _has_digits(cell)
        and not _shortened(one, cell)
        and any(_times(one, cell, n) for n in (_THOUSAND, 1 / _THOUSAND))
    ]
    return found[0] if len({(cell.line, cell.value) for cell in found}) == 1 else None


def _has_digits(cell: _Cell) -> bool:
    """Tell whether an amount has two digits at least: one of fewer is a thousandth of much."""
    return abs(cell.value) >= 20 * cell.half


def _slipped_change(one: Mapping[str, Any], rows: Sequence[_Row]) -> Iterator[Check]:
    """Check a told change against the differences on the rows that its sentence names: a thousand times one is a unit's slip."""
    cells: dict[int, list[_Cell]] = defaultdict(list)
    for row in rows:
        if row.series in _LEVELS and own_label(row.label) in one["row_names"]:
            cells[next(iter(row.cells.values())).line] += {cell for cell in row.cells.values() if cell.unit}
    apart = [
        replace(b, value=abs(a.value - b.value), half=a.half + b.half, printed=print_number(abs(a.value - b.value) / b.factor))
        for beside in cells.values()
        for a, b in combinations(beside, 2)
    ]
    fits = any(abs(abs(one["v"]) - size.value) <= one["h"] + size.half for size in apart)
    if fits or abs(one["value"]) < _TELLING * one["step"]:
        return
    found = [size for size in apart if _has_digits(size) and any(_times(one, size, n) for n in (_THOUSAND, 1 / _THOUSAND))]
    if len({size.line for size in found}) == 1:
        told = _against(one, found[0], "unit_slip")
        yield {**told, "cause": "table", "other": f"{found[0].printed} {found[0].unit}"}


def _times(one: Mapping[str, Any], cell: _Cell, factor: float) -> bool:
    return bool(abs(abs(one["v"]) * factor - abs(cell.value)) <= one["h"] * factor + cell.half)


def _shortened(one: Mapping[str, Any], cell: _Cell) -> bool:
    """Tell whether a text gives in millions what the digits of a table are in thousands, whatever the table is read to be in."""
    return one["unit"] == _SHORTENED and _times(one, replace(cell, value=cell.value / cell.factor * _THOUSAND), 1.0)


def _contradicted(
    one: Mapping[str, Any], levels: Sequence[Mapping[str, Any]], rows: Sequence[_Row], named: Sequence[_Row]
) -> _Cell | None:
    """Return the cell that a told figure should be: of the row that another figure of it is in, or a digit apart."""
    beside = [
        row.cells[one["period"]]
        for other in levels
        if other is not one and other["period"] != one["period"] and abs(other["value"]) >= _TELLING * other["step"]
        for row in rows
        if one["period"] in row.cells and other["dimension"] == one["dimension"] and _stands(other, row)
    ]
    near = [cell for cell in beside if _alike(cell.value, one["v"]) and abs(one["value"]) >= _TELLING * one["step"]]
    cells = [row.cells[one["period"]] for row in named]
    factor = abs(one["v"] / one["value"])
    slips = [cell for cell in cells if is_slip(one["value"], cell.value / factor, one["step"]) and _surely(one, cell, factor)]
    same = [row for row in rows if _same_measure(one, row)]
    slips += [row.cells[one["period"]] for row in same if _settled_slip(one, row, factor)]
    counted = [row for row in rows if _same_measure(one, replace(row, measure=_AGES_AND_DAYS.sub("", row.measure)))]
    slips += [row.cells[one["period"]] for row in (*same, *counted) if _swapped(one, row, factor)]
    found = near or slips
    sums = [abs(a.value) + sign * abs(b.value) for a, b in combinations(cells, 2) for sign in (1, -1)]
    if any(abs(abs(one["v"]) - abs(size)) <= one["h"] + DUST for size in sums):
        return None
    return found[0] if len({abs(cell.value) for cell in found}) == 1 else None


def _stands(told: Mapping[str, Any], row: _Row) -> bool:
    cell = row.cells.get(told["period"])
    return cell is not None and abs(abs(told["v"]) - abs(cell.value)) <= min(told["h"], cell.half) + DUST * told["s"]


def _swapped(one: Mapping[str, Any], row: _Row, factor: float) -> bool:
    """Tell whether a figure has the digits of its measure's cell but for two that have changed places."""
    size = row.cells[one["period"]].value / factor
    digits = (sorted(str(round(abs(value) / one["step"]))) for value in (one["value"], size))
    return next(digits) == next(digits) and is_slip(one["value"], size, one["step"])


def _settled_slip(one: Mapping[str, Any], row: _Row, factor: float) -> bool:
    """Tell whether a figure that a person has settled has one other digit than its measure's cell, of the same part."""
    cell = row.cells[one["period"]]
    same = one["certainty"] == _SETTLED and one["part"] == row.part
    return same and is_slip(one["value"], cell.value / factor, one["step"]) and _surely(one, cell, factor)


def _surely(one: Mapping[str, Any], cell: _Cell, factor: float) -> bool:
    """Tell whether a figure is a slip of a cell's: digits that changed places, or one other digit among many."""
    digits = sorted(str(round(abs(value) / one["step"])) for value in (one["value"], cell.value / factor))
    long = _TELLING if one["certainty"] == _SETTLED else _SLIP
    return sorted(digits[0]) == sorted(digits[1]) or abs(one["value"]) >= long * one["step"]


def _shares(told: Sequence[Mapping[str, Any]], tables: _Tables) -> Iterator[Check]:
    """Check "409, eller 67,7 procent" against the only whole that the sentence names, where another one gives what is told."""
    for part, share in pairwise(told):
        if share["dimension"] != "percent" or part["dimension"] == "percent":
            continue
        if "part" not in part["codes"] or "share" not in share["codes"]:
            continue
        beside = [row for row in tables.rows[_dimension(part)] if row.series == part["series"] and not _stands(part, row)]
        at_once = {row.cells[part["period"]]: row for row in beside if part["period"] in row.cells}
        named = [row for row in beside if own_label(row.label) in part["row_names"]]
        own = {cell for cell, row in at_once.items() if row in named}
        # The whole may be another row's, or the named one's of another time.
        others = {*at_once, *(cell for row in named for cell in row.cells.values())} - own
        if len(own) == 1 and not _is_share(share, part, *own) and any(_is_share(share, part, cell) for cell in others):
            (whole,) = own
            expected = 100 * abs(part["v"] / whole.value)
            gap = abs(share["v"] - expected) / share["step"]
            yield {**check_of(share, "ratio", expected, gap), "lines": str(whole.line)}


def _is_share(share: Mapping[str, Any], part: Mapping[str, Any], whole: _Cell) -> bool:
    expected = 100 * abs(part["v"] / whole.value) if whole.value else 0.0
    return bool(abs(abs(share["v"]) - expected) <= share["step"])


def _turned(one: Mapping[str, Any], named: Sequence[_Row]) -> Iterator[Check]:
    """Check 'rose to' and 'fell to' against the year before, where one named row has the figure."""
    turn = next((code for code in one["codes"] if code.startswith(("up:", "down:"))), None)
    having = [row for row in named if _stands(one, row)]
    year = one["period"]
    if turn is None or len(having) != 1 or not year.isdigit() or str(int(year) - 1) not in having[0].cells:
        return
    before, after = having[0].cells[str(int(year) - 1)], having[0].cells[year]
    change = abs(after.value) - abs(before.value)
    way, _, word = turn.partition(":")
    if abs(change) > before.half + after.half and (change > 0) != (way == "up"):
        told = {**one, "published_as": word, "label": after.label}
        yield {**check_of(told, "direction_told", None, 1.0), "lines": str(after.line), "period": f"{before.period}–{year}"}


def _against(one: Mapping[str, Any], cell: _Cell, rule: str) -> Check:
    expected = cell.value / abs(one["v"] / one["value"])
    gap = abs(abs(one["value"]) - abs(expected)) / one["step"]
    return {**check_of(one, rule, abs(expected), gap), "lines": str(cell.line), "other": cell.printed}
