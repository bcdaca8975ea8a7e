"""Draft sentences: figures in sentences of a document that nobody has described, against the rows of tables that they tell of.

A sentence is accused where the row is known for certain (by a figure of the sentence that the row has, or by its label) and no
table has what the sentence says; or where its own figures contradict each other.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, pairwise, permutations

import polars as pl

from socialvolym.audit.check_table import CHECK_SCHEMA, Check, as_checks, check_of
from socialvolym.audit.compared_figures import unit_is_printed
from socialvolym.audit.rules import told_arithmetic
from socialvolym.audit.rules.arithmetic.column_relations import is_slip, is_swap
from socialvolym.audit.rules.arithmetic.totals import TOTAL
from socialvolym.audit.rules.told_arithmetic import LEVELS, Told, alike, dimension, is_share
from socialvolym.extraction.prose.naming import own_label, same_subject
from socialvolym.notation.intervals import DUST
from socialvolym.notation.numbers import print_number
from socialvolym.notation.periods import CHANGES
from socialvolym.vocabulary import UNKNOWN
from socialvolym.vocabulary.codebook import measure_index
from socialvolym.vocabulary.columns import ANALYSED

_DEVIATION = "deviation"
_PRINTED = (*LEVELS, _DEVIATION)
#: A figure of fewer digits may be anything's; one of so many that a digit apart is a slip.
_FEW, _TELLING, _SLIP = 10, 100, 1000
#: What a person has settled is known to be of what it is read as, so that fewer digits tell a slip (_TELLING).
_SETTLED = "accepted"
#: A unit slips by a thousand. What a text gives in millions (a unit worth a thousand of the next) a table prints in thousands.
_THOUSAND, _SHORTENED, _DECIMAL = 1e3, "MSEK", "kSEK"
#: A comma that has moved by one digit.
_TENFOLD = (0.1, 10.0)
#: Two figures that are rounded set a percentage off by a little more than both together.
_ROUNDED = 2.0
#: Length of a period that is a day, like 2023-10-01.
_DAY = 10
_YEAR = re.compile(r"\d{4}")
#: Rows whose surplus is more than was budgeted.
_INCOME = re.compile(r"intäkt|bidrag|avgift|ersättning|resultat", re.IGNORECASE)
#: What a table's title says of all its rows, and a sentence about them does not say again: ages, the time that is counted.
_AGES_AND_DAYS = re.compile(r"\.(?:age_\w+|year_any_time|executed|\d+_[a-z]+)(?=\.|$)")
#: Ages that a sentence calls children.
_OF_CHILDREN = re.compile(r"\.age_0_(?:1[7-9]|20)(?=\.|$)")
#: The table and the printed row.
_Place = tuple[int, int]


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
    measure: str
    place: _Place


@dataclass(frozen=True)
class _Row:
    """A row of a table in one series and dimension: its cells by period, and by year where they are of one day of it.

    `place` is the same for all that the printed row has.
    """

    place: _Place
    label: str
    measure: str
    part: str
    series: str
    cells: Mapping[str, _Cell]


@dataclass
class _Tables:
    """What the tables print: rows, by dimension and by their place, every size in them, and what they count, by its time."""

    rows: dict[str, list[_Row]] = field(default_factory=lambda: defaultdict(list))
    placed: dict[_Place, list[_Row]] = field(default_factory=lambda: defaultdict(list))
    sizes: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    counts: dict[str, list[_Cell]] = field(default_factory=lambda: defaultdict(list))

    def have(self, told: Told) -> bool:
        """Tell whether any cell has what is told, within the rounding of both; of what a person has settled, one in its unit."""
        size, half, dust = abs(told["v"]), told["h"], DUST * told["s"]
        if told["certainty"] == _SETTLED:
            known = self.sizes[told["dimension"]]
        else:
            known = self.sizes[dimension(told)] + (self.sizes["other"] if dimension(told) != "money" else [])
        return any(abs(size - other) <= half + slack + dust for other, slack in known)


def check(figures: pl.DataFrame) -> pl.DataFrame:
    """Return the failing checks of sentences; `figures` are the prepared ones, with columns.AUDITED."""
    tables = _tables(figures.filter(pl.col("table").is_not_null()))
    texts = figures.filter(pl.col("table").is_null(), pl.col("sentence").is_not_null(), ~pl.col("bounded"))
    texts = texts.with_columns(
        codes=pl.col("codes").fill_null("").str.split(" "), row_names=pl.col("row_names").fill_null("").str.split("|")
    )
    found: list[Check] = []
    before: list[Told] = []
    for sentence in texts.partition_by("report", "sentence", maintain_order=True):
        told: list[Told] = [*sentence.iter_rows(named=True)]
        found += [
            *told_arithmetic.check(told, before),
            *_against_rows(told, before, tables),
            *_shares(told, tables),
            *_exchanged(told, tables),
        ]
        before = told
    found += _told_twice(texts)
    return as_checks(pl.DataFrame(found, schema=CHECK_SCHEMA, infer_schema_length=None))


def _told_twice(texts: pl.DataFrame) -> Iterator[Check]:
    """Find counts of one day, or of a year as a whole, that two sentences give two values, alike and known well enough."""
    known = texts.filter(
        pl.col("dimension").is_in(["persons", "households"]),
        pl.col("series") == "outturn",
        pl.col("certainty") != "guess",
        pl.col("domain").is_in(ANALYSED),
        pl.col("measure").str.contains(_AGES_AND_DAYS.pattern.replace("(?=\\.|$)", r"(?:\.|$)")),
    )
    for same in known.partition_by("report", "measure", "part", "period", maintain_order=True):
        first, *others = same.iter_rows(named=True)
        for other in others:
            apart = abs(other["v"] - first["v"])
            if apart and other["sentence"] != first["sentence"] and alike(other["v"], first["v"]):
                told = check_of(other, "count_told_twice", first["value"], apart)
                yield {**told, "lines": str(first["line"]), "other": first["published_as"]}


def _tables(figures: pl.DataFrame) -> _Tables:
    tables = _Tables()
    for cell in figures.select("v", "h", "value", "half", "dimension").unique().iter_rows(named=True):
        for kind in {dimension(cell), cell["dimension"]}:
            tables.sizes[kind].append((abs(cell["v"]), cell["h"]))
        # What is read in another unit than it has, say an amount: it has no more than its printed digits.
        tables.sizes["other"].append((abs(cell["value"]), cell["half"]))
    for figure in figures.filter(pl.col("period").is_not_null(), pl.col("series") == "outturn").iter_rows(named=True):
        if dimension(figure) == "count":
            for time in {figure["period"], figure["period"][: 4 if len(figure["period"]) == _DAY else None]}:
                tables.counts[time].append(_cell(figure))
    for row in figures.filter(pl.col("period").is_not_null()).partition_by(
        "table_id", "row", "series", "dimension", maintain_order=True
    ):
        cells = [_cell(figure) for figure in row.iter_rows(named=True)]
        if len({cell.period for cell in cells}) == len(cells):
            first = row.row(0, named=True)
            # A sentence names the year alone of what a table counts on one day of each year.
            years = Counter(cell.period[:4] for cell in cells)
            of_year = {cell.period[:4]: cell for cell in cells if len(cell.period) == _DAY and years[cell.period[:4]] == 1}
            by_period, place = of_year | {cell.period: cell for cell in cells}, (first["table_id"], first["row"])
            found = _Row(place, first["label"], first["measure"], first["part"], first["series"], by_period)
            tables.rows[dimension(first)].append(found)
            tables.placed[place].append(found)
    return tables


def _cell(figure: Told) -> _Cell:
    unit = figure["unit"] if unit_is_printed(figure) else ""
    value, half, printed = figure["v"], figure["h"], figure["published_as"]
    place = (figure["table_id"], figure["row"])
    measure = _bare(figure["measure"])
    return _Cell(figure["line"], figure["label"], figure["period"], value, half, printed, figure["factor"], unit, measure, place)


def _against_rows(told: Sequence[Told], before: Sequence[Told], tables: _Tables) -> Iterator[Check]:
    passage = [*before, *told] if told_arithmetic.goes_on(told, before) else told
    places = [(one, _places(one, tables)) for one in passage]
    for one in told:
        rows = [
            row for row in tables.rows[dimension(one)] if one["period"] in row.cells and _kind(row.series) == _kind(one["series"])
        ]
        named = [row for row in rows if own_label(row.label) in one["row_names"]]
        beside = frozenset(place for other, found in places if other is not one for place in found)
        if one["series"] in CHANGES:
            level = told_arithmetic.level_of(one, told)
            own = frozenset(place for other, found in places if other is level for place in found)
            yield from _change(one, tables, beside, own)
        elif one["series"] in _PRINTED and one["period"] and one["value"]:
            yield from _result(one, tables)
            found = [] if tables.have(one) else list(_level(one, told, rows, named, beside, tables))
            yield from found or _counted(one, told, tables)
            yield from _turned(one, told, named)


def _kind(series: str) -> str:
    """Return the kind of series: a level is held against levels, what it is called in the sentence is not sure."""
    return "level" if series in LEVELS else series


def _places(one: Told, tables: _Tables) -> frozenset[_Place]:
    """Return the printed rows that have a figure of the sentence; it has many digits, or the sentence names them."""
    if one["series"] is None or not one["value"]:
        return frozenset()
    long = abs(one["value"]) >= _TELLING * one["step"]
    return frozenset(
        row.place
        for row in tables.rows[dimension(one)]
        if _kind(row.series) == _kind(one["series"])
        and (cell := row.cells.get(one["period"]))
        and abs(abs(one["v"]) - abs(cell.value)) <= one["h"] + cell.half
        and (long or own_label(row.label) in one["row_names"])
    )


def _level(
    one: Told, told: Sequence[Told], rows: Sequence[_Row], named: Sequence[_Row], beside: Collection[_Place], tables: _Tables
) -> Iterator[Check]:
    """Check a level or a deviation that no table has against the rows that the sentence tells of."""
    same = [row for row in rows if _same_measure(one, row)]
    of_others = [row for row in rows if row.place in beside]
    # Nobody prints a decimal of thousands, so that one that any row has in millions is of that row.
    if found := _beyond_its_row(one, tables):
        yield {**_against(one, found, "unit_slip"), "cause": "table", "other": f"{found.printed} {found.unit}"}
        return
    decimal = one["unit"] == _DECIMAL and one["decimals"] and abs(one["value"]) >= 2 * _FEW * one["step"]
    if slipped := _slipped_unit(one, [*named, *same, *of_others]) or (_slipped_unit(one, rows) if decimal else None):
        yield {**_against(one, slipped, "unit_slip"), "cause": "table", "other": f"{slipped.printed} {slipped.unit}"}
    elif contradicted := _contradicted(one, told, rows, named, of_others) or _only_one(one, same):
        yield _against(one, contradicted, "text_table")


def _only_one(one: Told, same: Sequence[_Row]) -> _Cell | None:
    """Return the only cell of tables that has the measure of a share, in the part and at the time that are told, but a digit.

    A share of another whole, say of all of the municipality, is another number altogether.
    """
    cells = [row.cells[one["period"]] for row in same if row.part == one["part"] and row.series == one["series"]]
    exact = one["dimension"] == "percent" and one["certainty"] != "guess" and len({cell.value for cell in cells}) == 1
    return cells[0] if exact and is_slip(one["value"], cells[0].value, one["step"]) else None


def _counted(one: Told, told: Sequence[Told], tables: _Tables) -> Iterator[Check]:
    """Check a count, also of few digits, against what tables count under its measure at its time.

    It is theirs where another count of the sentence is in that row, or in a row of that table for the same time; what any cell
    has that counts what is given in its activity acquits it.
    """
    if dimension(one) != "count" or one["measure"] == UNKNOWN or one["series"] != "outturn":
        return
    beside = [cell for cell in tables.counts[one["period"]] if _activity(cell.measure) == _activity(one["measure"])]
    same = [cell for cell in beside if cell.measure == _bare(one["measure"])]
    if len({cell.value for cell in same}) != 1 or any(cell.value == one["v"] for cell in beside):
        return
    cell = same[0]
    others = [other for other in told if other is not one and dimension(other) == "count" and other["series"] == "outturn"]
    known = [
        other
        for other in others
        for found in tables.counts[other["period"]]
        if found.value == other["v"] and _is_beside(found, cell, other, one)
    ]
    if known and alike(cell.value, one["v"]) and abs(cell.value - one["v"]) > cell.half + one["h"]:
        yield _against(one, cell, "text_table")


def _is_beside(found: _Cell, cell: _Cell, other: Told, one: Told) -> bool:
    """Tell whether a cell that a sentence's other count has is in the row of a cell, or for the same time in its table."""
    near = found.place[0] == cell.place[0] and other["period"] == one["period"]
    return found != cell and (
        found.place == cell.place or (near and _activity(found.measure) == _activity(other["measure"]) is not None)
    )


def _activity(measure: str) -> str | None:
    return _thing(measure)[0]


def _same_measure(one: Told, row: _Row) -> bool:
    return bool(one["measure"] != UNKNOWN and one["measure"] == row.measure)


def _bare(measure: str) -> str:
    """Return a measure without ages and days; those of an age up to twenty are children."""
    known = measure if ".children" in measure else _OF_CHILDREN.sub(".children", measure)
    return _AGES_AND_DAYS.sub("", known)


def _same_but_ages(one: Told, row: _Row) -> bool:
    """Tell whether a row has a figure's measure, but for ages and days that a table's title says of all its rows."""
    return bool(one["measure"] != UNKNOWN and one["measure"] in (_AGES_AND_DAYS.sub("", row.measure), _bare(row.measure)))


def _of_one_activity(one: Told, row: _Row) -> bool:
    return _activity(one["measure"]) == _activity(row.measure) is not None


def _slipped_unit(one: Told, rows: Sequence[_Row]) -> _Cell | None:
    """Return the cell of the only row whose amount is a thousand times the told one, or a thousandth of it."""
    if one["dimension"] != "money" or abs(one["value"]) < _FEW * one["step"]:
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


def _beyond_its_row(one: Told, tables: _Tables) -> _Cell | None:
    """Return the cell with the digits of an amount that is more than all amounts of the printed row, which its sentence names.

    The row's times may be read as others than the sentence's: the whole year's, the year so far.
    """
    if one["dimension"] != "money" or abs(one["value"]) < _TELLING * one["step"]:
        return None
    for rows in tables.placed.values():
        cells = [cell for row in rows for cell in row.cells.values() if row.series not in CHANGES and cell.unit]
        own = own_label(rows[0].label) in one["row_names"]
        if own and cells and abs(one["v"]) > _FEW * max(abs(cell.value) for cell in cells):
            same = [
                cell
                for row in rows
                for cell in row.cells.values()
                if _kind(row.series) == _kind(one["series"]) and cell.unit and _times(one, cell, 1 / _THOUSAND)
            ]
            if same:
                return same[0]
    return None


def _has_digits(cell: _Cell) -> bool:
    """Tell whether an amount has two digits at least: one of fewer is a thousandth of much."""
    return abs(cell.value) >= 20 * cell.half


def _change(one: Told, tables: _Tables, beside: Collection[_Place], own: Collection[_Place]) -> Iterator[Check]:
    """Check a told change against the levels of the rows that its sentence names, or that have the sentence's other figures.

    own : the rows that have the level which it is told of.
    """
    kind = None if one["series"] == "change_pct" else dimension(one)
    rows = [
        row
        for name, found in tables.rows.items()
        for row in found
        if name == (kind or name) != "percent" and row.series in LEVELS
    ]
    named = [row for row in rows if own_label(row.label) in one["row_names"]]
    # "Det är …" is of what the sentence before it tells.
    known = [
        row
        for row in rows
        if row.place in own or (row.place in beside and (row in named or _same_measure(one, row) or "goes_on" in one["codes"]))
    ]
    known = known or named
    if one["series"] == "change_pct":
        found = list(_percentage(one, known))
        yield from found or _percentage_of_measure(one, rows)
        return
    yield from _other_way(one, [row for row in known if row.place in own or "goes_on" in one["codes"]])
    if not any(_is_change(one, a, b) for row in (*named, *known) for a, b in combinations(row.cells.values(), 2)):
        yield from _difference(one, [row for row in known if row.place in beside])
        if dimension(one) == "money" and not tables.have(one):
            yield from _slipped_change(one, named)


def _is_change(one: Told, a: _Cell, b: _Cell) -> bool:
    return bool(abs(abs(one["v"]) - abs(a.value - b.value)) <= one["h"] + a.half + b.half + one["s"] * DUST)


def _of_two_years(one: Told, rows: Sequence[_Row]) -> Iterator[tuple[_Cell, _Cell]]:
    """Yield the cells of rows for a figure's time and for the same time of the year before."""
    earlier = _YEAR.sub(lambda year: str(int(year[0]) - 1), one["period"] or "")
    for row in rows:
        now, then = row.cells.get(one["period"]), row.cells.get(earlier)
        if row.series == "outturn" and now and then and alike(now.value, then.value):
            yield now, then


def _other_way(one: Told, rows: Sequence[_Row]) -> Iterator[Check]:
    """Find a difference that has the size of that of the rows which have the level it is told of, and goes the other way."""
    pairs = list(_of_two_years(one, rows))
    ways = {(abs(now.value) > abs(then.value)) == (one["value"] > 0) for now, then in pairs if _is_change(one, now, then)}
    if ways == {False}:
        now, then = pairs[0]
        told, period = check_of({**one, "label": now.label}, "direction_told", None, 1.0), f"{then.period}\u2013{now.period}"
        yield {**told, "lines": str(now.line), "period": period, "cause": "change"}


def _percentage(one: Told, rows: Sequence[_Row]) -> Iterator[Check]:
    """Find a percentage of change that is of the later figure of a row, and of no row's earlier one."""
    wrong: dict[float, _Cell] = {}
    for now, then in _of_two_years(one, rows):
        difference, slack = abs(now.value - then.value), now.half + then.half
        right, other = (100 * difference / abs(cell.value) for cell in (then, now))
        if abs(abs(one["v"]) - right) <= one["step"] + 100 * slack / abs(then.value):
            return
        if abs(abs(one["v"]) - other) <= one["half"] + 100 * slack / abs(now.value) + DUST:
            wrong[right] = now
    if len(wrong) == 1:
        ((right, cell),) = wrong.items()
        yield {**check_of(one, "other_base", right, abs(abs(one["v"]) - right) / one["step"]), "lines": str(cell.line)}


def _percentage_of_measure(one: Told, rows: Sequence[_Row]) -> Iterator[Check]:
    """Find a percentage of change of a measure that changed by another one in every row that has it.

    What another row gives acquits it, where that is named, of the same activity, or of too many digits for chance.
    """
    changes: set[float] = set()
    lines: list[int] = []
    for row in rows:
        own = one["measure"] != UNKNOWN and _same_but_ages(one, row)
        for now, then in _of_two_years(one, [row]):
            right, slack = 100 * (abs(now.value) / abs(then.value) - 1), 100 * (now.half + then.half) / abs(then.value)
            near = own or own_label(row.label) in one["row_names"] or _of_one_activity(one, row)
            told = near or min(abs(cell.value) / cell.factor for cell in (now, then)) >= _TELLING
            if told and abs(abs(one["v"]) - abs(right)) <= one["step"] + slack * _ROUNDED:
                return
            changes, lines = (changes | {right}, [*lines, now.line]) if own else (changes, lines)
    if one["certainty"] != "guess" and len({round(right, 1) for right in changes}) == 1:
        right = changes.pop()
        yield {**check_of(one, "percentage", right, abs(abs(one["v"]) - abs(right)) / one["step"]), "lines": str(lines[0])}


def _difference(one: Told, rows: Sequence[_Row]) -> Iterator[Check]:
    """Find a difference with one other digit than that of a row whose figure the sentence has, or with two changed about."""
    factor = abs(one["v"] / one["value"]) if one["value"] else 1.0
    apart = {abs(now.value - then.value) / factor: now for now, then in _of_two_years(one, rows)}
    found = [(size, cell) for size, cell in apart.items() if abs(size - abs(one["value"])) > one["step"] * (1 + DUST)]
    if len(found) == len(apart) == 1 and is_slip(one["value"], found[0][0], one["step"]):
        ((size, cell),) = found
        yield {**check_of(one, "change", size, abs(abs(one["value"]) - size) / one["step"]), "lines": str(cell.line)}


def _result(one: Told, tables: _Tables) -> Iterator[Check]:
    """Check "överskott" and "underskott" against the budget and the cost of the rows that the sentence names."""
    said = next((code for code in one["codes"] if code.startswith(("plus:", "minus:"))), None)
    if said is None or dimension(one) != "money":
        return
    ways: dict[str, _Row] = {}
    for rows in tables.placed.values():
        if own_label(rows[0].label) not in one["row_names"] or _INCOME.search(rows[0].label):
            continue
        budgets, costs = ([row for row in rows if row.series in series] for series in (("budget",), ("outturn", "forecast")))
        for cost, budget in (
            (row, other) for row in costs for other in budgets if one["period"] in row.cells.keys() & other.cells
        ):
            spent, given = cost.cells[one["period"]], budget.cells[one["period"]]
            if spent.value * given.value > 0 and _is_change(one, spent, given):
                ways["minus" if abs(spent.value) > abs(given.value) else "plus"] = cost
    way, _, word = said.partition(":")
    if ways and way not in ways:
        row = next(iter(ways.values()))
        told = {**one, "published_as": word, "label": row.label}
        yield {**check_of(told, "direction_told", None, 1.0), "lines": str(row.cells[one["period"]].line)}


def _slipped_change(one: Told, rows: Sequence[_Row]) -> Iterator[Check]:
    """Check a told change against the differences on the rows that its sentence names: a thousand times one is a unit's slip."""
    cells: dict[int, list[_Cell]] = defaultdict(list)
    for row in rows:
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


def _times(one: Told, cell: _Cell, factor: float) -> bool:
    return bool(abs(abs(one["v"]) * factor - abs(cell.value)) <= one["h"] * factor + cell.half)


def _shortened(one: Told, cell: _Cell) -> bool:
    """Tell whether a text gives in millions what the digits of a table are in thousands, whatever the table is read to be in."""
    return one["unit"] == _SHORTENED and _times(one, replace(cell, value=cell.value / cell.factor * _THOUSAND), 1.0)


def _contradicted(
    one: Told, told: Sequence[Told], rows: Sequence[_Row], named: Sequence[_Row], of_others: Sequence[_Row]
) -> _Cell | None:
    """Return the cell that a told figure should be: of the row that another figure of it is in, or a digit apart."""
    others = [
        other
        for other in told
        if other["series"] in LEVELS
        and other is not one
        and other["period"] != one["period"]
        and other["dimension"] == one["dimension"]
        and abs(other["value"]) >= _TELLING * other["step"]
    ]
    # A row that has another figure of the sentence for the same time is not of this one.
    free = [
        row
        for row in rows
        if not any(other is not one and other["period"] == one["period"] and _stands(other, row) for other in told)
    ]
    beside = [row.cells[one["period"]] for other in others for row in free if one["series"] in LEVELS and _stands(other, row)]
    near = [cell for cell in beside if alike(cell.value, one["v"]) and abs(one["value"]) >= _TELLING * one["step"]]
    cells = [row.cells[one["period"]] for row in named]
    found = near or [row.cells[one["period"]] for row in rows if _slipped(one, row, row in named, row in of_others)]
    sums = [abs(a.value) + sign * abs(b.value) for a, b in combinations(cells, 2) for sign in (1, -1)]
    if any(abs(abs(one["v"]) - abs(size)) <= one["h"] + DUST for size in sums):
        return None
    return found[0] if len({abs(cell.value) for cell in found}) == 1 else None


def _slipped(one: Told, row: _Row, named: bool, of_others: bool) -> bool:
    """Tell whether a figure is a slip of a row's: two digits that changed places, or one other digit among many.

    The fewer its digits, the more has to say that it is this row's: its name, its measure, the sentence's other figures.
    """
    cell, steps = row.cells[one["period"]], abs(one["value"]) / one["step"]
    expected = cell.value / abs(one["v"] / one["value"])
    # Digits that are cut off are no slip.
    near = abs(abs(one["value"]) - abs(expected)) <= one["step"] + cell.half / cell.factor
    if near or not is_slip(one["value"], expected, one["step"]):
        return of_others and steps >= _TELLING and any(_times(one, cell, factor) for factor in _TENFOLD)
    same, alike_ = _same_measure(one, row), _same_but_ages(one, row)
    of_part = same and one["part"] == row.part
    if one["series"] == _DEVIATION:
        # A short amount may be that of something else that the sentence tells of.
        own = same or alike_ or same_subject(row.label, one["label"])
        sure = own or steps >= _SLIP or is_swap(one["value"], expected, one["step"])
        return of_others or (named and sure) or (_is_called_total(row) and is_swap(one["value"], expected, one["step"]))
    if is_swap(one["value"], expected, one["step"]):
        return named or alike_ or same or of_others or (steps >= _SLIP and _of_one_activity(one, row))
    if one["certainty"] == _SETTLED:
        return (named or of_part) and steps >= _TELLING
    sure = of_others or (named and (same or alike_))
    return steps >= (_TELLING if sure else _SLIP) and (sure or named or of_part)


def _is_called_total(row: _Row) -> bool:
    return bool(pl.Series([own_label(row.label).lower()]).str.contains(TOTAL).item())


def _exchanged(told: Sequence[Told], tables: _Tables) -> Iterator[Check]:
    """Find two figures of a sentence that are each other's by the rows of a table for what both are of."""
    known = [one for one in told if one["series"] in LEVELS and None not in _thing(one["measure"])]
    for one, other in combinations(known, 2):
        if one["period"] != other["period"] or one["v"] == other["v"] or _thing(one["measure"]) == _thing(other["measure"]):
            continue
        own, others = (
            {
                row.cells[n["period"]]
                for row in tables.rows[dimension(n)]
                if _thing(row.measure) == _thing(n["measure"]) and n["period"] in row.cells
            }
            for n in (one, other)
        )
        crossed = [
            all(abs(cell.value - n["v"]) <= cell.half + n["h"] for cell in cells) for cells, n in ((own, other), (others, one))
        ]
        if own and others and all(crossed):
            yield _against(one, next(iter(own)), "text_table")
            yield _against(other, next(iter(others)), "text_table")


def _thing(measure: str) -> tuple[str | None, str | None]:
    """Return what a measure is of, and what of it is measured."""
    known = measure_index().get(measure) or {}
    return known.get("activity"), known.get("quantity")


def _stands(told: Told, row: _Row) -> bool:
    cell = row.cells.get(told["period"])
    return cell is not None and abs(abs(told["v"]) - abs(cell.value)) <= min(told["h"], cell.half) + DUST * told["s"]


def _shares(told: Sequence[Told], tables: _Tables) -> Iterator[Check]:
    """Check "409, eller 67,7 procent" against the only whole that the sentence names, where another one gives what is told."""
    for part, share in pairwise(told):
        if share["dimension"] != "percent" or part["dimension"] == "percent":
            continue
        if "part" not in part["codes"] or "share" not in share["codes"]:
            continue
        beside = [row for row in tables.rows[dimension(part)] if row.series == part["series"] and not _stands(part, row)]
        at_once = {row.cells[part["period"]]: row for row in beside if part["period"] in row.cells}
        named = [row for row in beside if own_label(row.label) in part["row_names"]]
        own = {cell for cell, row in at_once.items() if row in named}
        # The whole may be another row's, or the named one's of another time.
        others = {*at_once, *(cell for row in named for cell in row.cells.values())} - own
        if (
            len(own) == 1
            and not any(is_share(share, part, cell.value) for cell in own)
            and any(is_share(share, part, cell.value) for cell in others)
        ):
            (whole,) = own
            expected = 100 * abs(part["v"] / whole.value)
            gap = abs(share["v"] - expected) / share["step"]
            yield {**check_of(share, "ratio", expected, gap), "lines": str(whole.line)}


def _turned(one: Told, told: Sequence[Told], named: Sequence[_Row]) -> Iterator[Check]:
    """Check 'rose to' and 'fell to' against the year before, where one named row has the figure.

    A row that has the figures of 'fell from … to …' the other way round has not fallen.
    """
    turn = next((code for code in one["codes"] if code.startswith(("up:", "down:"))), None)
    place = next(n for n, other in enumerate(told) if other is one)
    if turn and "versus" in one["codes"] and place:
        ways = {way: cell for row in named for way, cell in _ways(told[place - 1], one, row)}
        if ways.keys() == {False}:
            said = {**one, "published_as": turn.partition(":")[2], "label": ways[False].label}
            yield {**check_of(said, "direction_told", None, 1.0), "lines": str(ways[False].line)}
            return
    having = [row for row in named if _stands(one, row)]
    year = one["period"]
    if turn is None or len(having) != 1 or not year.isdigit() or str(int(year) - 1) not in having[0].cells:
        return
    before, after = having[0].cells[str(int(year) - 1)], having[0].cells[year]
    change = abs(after.value) - abs(before.value)
    way, _, word = turn.partition(":")
    if abs(change) > before.half + after.half and (change > 0) != (way == "up"):
        said = {**one, "published_as": word, "label": after.label}
        yield {**check_of(said, "direction_told", None, 1.0), "lines": str(after.line), "period": f"{before.period}–{year}"}


def _ways(first: Told, one: Told, row: _Row) -> Iterator[tuple[bool, _Cell]]:
    """Yield, of cells of a row that have two figures of a sentence, whether the second figure is the later one."""
    for before, after in permutations(row.cells.values(), 2):
        sizes = ((before, first), (after, one))
        if before.period != after.period and all(abs(abs(c.value) - abs(n["v"])) <= c.half + n["h"] for c, n in sizes):
            yield after.period > before.period, after


def _against(one: Told, cell: _Cell, rule: str) -> Check:
    expected = cell.value / abs(one["v"] / one["value"])
    gap = abs(abs(one["value"]) - abs(expected)) / one["step"]
    return {**check_of(one, rule, abs(expected), gap), "lines": str(cell.line), "other": cell.printed}
