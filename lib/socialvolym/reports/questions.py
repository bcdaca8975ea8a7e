"""Questions: what of a report's figures waits for a person, put together so that one decision settles many of them."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from socialvolym import vocabulary
from socialvolym.extraction.certainty import ASPECTS, REPLACED, TWICE, opposed, weak_aspects
from socialvolym.reports.review import Cells
from socialvolym.vocabulary.composition import own_quantities
from socialvolym.vocabulary.phrases import is_said
from socialvolym.vocabulary.terms import read_words

#: What a question is about, apart from ASPECTS: all of a figure in a sentence or a chart; figures that are perhaps of others;
#: figures that are certain by themselves, but of which a decision no longer fits. What is REPLACED is asked apart as well.
WHOLE, WHOSE, AGAIN = "sentence", "whose", "again"
#: What who accepts such a question says of its figures: they are out.
OUT = {WHOSE: "not_a_figure", REPLACED: "replaced"}
#: By what one decision settles an aspect of many cells, the first of those that need the fewest decisions.
_WIDTHS = {
    "period": ("table", "column", "row"),
    "series": ("table", "column", "row"),
    "unit": ("table", "row", "column"),
    "measure": ("row", "table", "column"),
}
#: From the least sure.
SURENESS = ("guess", "likely", "certain", "accepted")
#: How many figures of adjoining lines are asked at once, at most: so many stand in the longest paragraph of eight reports.
_AT_ONCE = 10

_Row = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """What one decision settles.

    Attributes
    ----------
    scope, place : what the decision is of (review.SCOPES, review.PLACE).
    reads : what was read there of that which is to be decided; None where nothing was, or what was cannot be.
    cells : the numbers of the cells that wait for it.
    certainty, because : of the least sure of them.
    alone : the place of each of these cells, where `place` has other cells as well; else none.
    exact : whether another answer than what was read, given for `place`, is of these cells and of no other.
    others : the places of further rows of the table that are labelled and read as this one.
    unsure : what was read of an aspect that cannot be accepted, since another figure of the row was read as the same.
    proposed : whether what was read is offered to be accepted with others; else each is looked at by itself.
    """

    scope: str
    place: _Row
    reads: _Row
    cells: tuple[int, ...]
    certainty: str
    because: str
    alone: tuple[_Row, ...] = ()
    exact: bool = True
    others: tuple[_Row, ...] = ()
    unsure: _Row = field(default_factory=dict)
    proposed: bool = True

    @property
    def places(self) -> tuple[_Row, ...]:
        """All that a decision is of: a place each."""
        return (self.place, *self.others)

    def settles(self, facets: _Row) -> tuple[_Row, ...]:
        """All that a decision of these facets is of: no cell but those that wait for it gets another meaning by it."""
        accepted = all(name in self.reads and self.reads[name] == value for name, value in facets.items())
        return self.places if accepted or (self.exact and set(facets) <= set(self.reads)) else self.alone or self.places

    @property
    def key(self) -> str:
        """A name that changes when what stands there, or what was read of it, changes."""
        said = json.dumps([*self.places, self.reads], sort_keys=True, ensure_ascii=False)
        return "b" + hashlib.sha256(said.encode()).hexdigest()[:11]


@dataclass(frozen=True)
class Question:
    """What a person is asked at once: one aspect of a table's figures, or the figures of a passage of text."""

    table: str | None
    about: str
    parts: tuple[Part, ...]

    @property
    def cells(self) -> tuple[int, ...]:
        """The numbers of the cells that wait for the answer."""
        return tuple(sorted({cell for part in self.parts for cell in part.cells}))

    @property
    def passage(self) -> str | int:
        """Where it is asked: its table, or the first of its figures in a passage of text."""
        return self.table or self.cells[0]

    def together(self, settled: Sequence[_Row]) -> tuple[Part, ...]:
        """Return the parts that one yes settles, each as it was read, among those that wait; none where it is one alone.

        Of a table those that are proposed to be accepted; of a passage, where most are guesses, all of which everything was read.
        """
        waiting = [part for part in self.parts if is_open(part, self.about, settled)]
        of_table = self.about in ASPECTS
        read = [part for part in waiting if (part.proposed if of_table else None not in part.reads.values())]
        return tuple(read) if len(read) > 1 else ()


def is_open(part: Part, about: str, settled: Sequence[_Row]) -> bool:
    """Tell whether something of a part still waits, in the readings as they are settled now."""
    waiting = [settled[cell] for cell in part.cells if settled[cell]["state"] == "waiting"]
    return any(
        about not in ASPECTS or about in (*weak(row), *_lost(row)) or (about == "period" and _is_twice(row)) for row in waiting
    )


def weak(row: _Row) -> tuple[str, ...]:
    """Return the aspects of a reading that nothing printed for it says and nobody has decided."""
    because = (row["because"] or "").split()
    absent = {name for name in ("period", "measure") if row[name] in (None, "", vocabulary.UNKNOWN)}
    found = {code.split(":")[0] for code in weak_aspects(because)} | absent
    return tuple(name for name in ASPECTS if name in found)


def _lost(row: _Row) -> list[str]:
    """Return the aspects of a reading that a decision was of which no longer fits, and nobody has decided since."""
    return (row.get("lost") or "").split()


def others_of(part: Part, rows: Sequence[_Row]) -> list[_Row]:
    """Return the figures that tell another value of what a part's figures tell, which is why these wait."""
    found = [other for cell in part.cells if _is_twice(rows[cell]) for other in opposed(rows[cell], rows)]
    return list({(other["line"], other["text"]): other for other in found}.values())


def _counted(row: _Row) -> tuple[Any, ...]:
    """Return what a row counts: the quantities that its label names, and that of its measure."""
    entry = vocabulary.measure_index().get(row["measure"])
    return own_quantities(read_words(row["row_label"] or "")), entry and entry["quantity"]


def _is_twice(row: _Row) -> bool:
    return f"measure:{TWICE}" in (row["because"] or "").split()


def _is_replaced(row: _Row) -> bool:
    return f"measure:{REPLACED}" in (row["because"] or "").split()


def _read_alike(rows: Sequence[_Row]) -> dict[int, str]:
    """Return the aspect that cannot be as it was read, by the number of the cell.

    Two figures of one row, or of rows without a label, that were read as the same measure, time, series and unit cannot both be:
    what is weak of them is to be said, and not to be accepted ("Utfall | Utfall | Mål", all of the document's year). Where they
    only contradict each other it is the time: what the columns of a row measure is the same.
    """
    alike: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        if _is_replaced(row):
            continue
        # What has no label of its own, the numbers of a chart, is told apart by nothing but its columns.
        named = row["row_label"] if row["table"] else None
        own = (row["table"], None if named == "" else row["line"], row["group"], named)
        alike[(*own, *(row[name] for name in ("measure", "breakdown", *ASPECTS[:3])))].append(number)
    found: dict[int, str] = {}
    for numbers in alike.values():
        aspects = [aspect for aspect in ASPECTS if any(aspect in weak(rows[n]) for n in numbers)]
        if len(numbers) > 1 and aspects:
            columns = {rows[n]["column_label"] for n in numbers}
            in_columns = aspects == ["measure"] and len(columns) == len(numbers) and all(_is_twice(rows[n]) for n in numbers)
            found |= {n: "period" if in_columns else aspects[0] for n in numbers if aspects[0] in weak(rows[n])}
    return found


class Asked:
    """The questions about one report's readings.

    Parameters
    ----------
    rows : the readings as no person has settled them (observations.readings.settled), with kind and state.
    """

    def __init__(self, rows: Sequence[_Row]) -> None:
        self._rows, self._cells = rows, Cells(rows)
        self._doubted = _read_alike(rows)
        self._places: dict[str, dict[str, list[int]]] = {scope: defaultdict(list) for scope in ("table", "column", "row")}
        for scope, found in self._places.items():
            for number, row in enumerate(rows):
                if row["table"] is not None:
                    found[self._name(scope, number)].append(number)

    def questions(self, settled: Sequence[_Row] | None = None, apart: Collection[str] = frozenset()) -> list[Question]:
        """Return what is asked of the figures that wait, a table or passage with the least sure first, else as in the document.

        Parameters
        ----------
        settled : the readings as they are settled: a part whose figures are decided in different ways is asked in narrower ones.
        apart : the keys of the parts that are to be asked in narrower ones as well.
        """
        now = settled or self._rows
        found = [replace(one, parts=tuple(self._parted(one.parts, one.about, now, apart))) for one in self._whole]
        least: dict[str | int, int] = {}
        for one in found:
            sure = min(SURENESS.index(part.certainty) for part in one.parts)
            least[one.passage] = min(sure, least.get(one.passage, sure))
        first = {one.passage: one.cells[0] for one in sorted(found, key=lambda one: -one.cells[0])}
        return sorted(found, key=lambda one: (least[one.passage], first[one.passage]))

    @cached_property
    def _whole(self) -> list[Question]:
        """What is asked before anybody has decided anything or parted it."""
        tables = dict.fromkeys(row["table"] for row in self._rows if row["state"] == "waiting")
        return [question for table in tables for question in self._of(table)]

    @cached_property
    def known_parts(self) -> dict[str, tuple[Part, str]]:
        """Every part that can be decided, also those that another is parted into, and what is asked of it, by its key."""
        found: dict[str, tuple[Part, str]] = {}
        left = [(part, one.about) for one in self._whole for part in one.parts]
        while left:
            part, about = left.pop()
            found[part.key] = part, about
            left += [(inner, about) for inner in self.narrower(part, about)]
        return found

    def single(self, number: int) -> Part:
        """Return the part that is one cell, with all that can be decided of it."""
        return self._part("cell", (number,), {name: self._read(number, name) for name in ASPECTS})

    def narrower(self, part: Part, about: str) -> list[Part]:
        """Return the parts that a part can be parted into: the rows of a table, else its cells; none of a single cell."""
        if about not in ASPECTS or len(part.cells) == 1:
            return []
        rows = self._wide("row", about, part.cells) if part.scope == "table" or part.others else None
        apart = [one for row in rows for one in self._row_by_row(row, about)] if rows else []
        return apart if len(apart) > 1 else [self._cell(number, about) for number in part.cells]

    def _name(self, scope: str, number: int) -> str:
        return json.dumps(self._cells.place(self._rows[number], scope), sort_keys=True)

    def _asks(self, number: int, aspect: str) -> bool:
        """Tell whether an aspect of a figure is to be decided: what is weak, or the time in which it differs from another."""
        if _is_twice(self._rows[number]) and self._doubted.get(number) == "period":
            return aspect == "period" or (aspect != "measure" and aspect in weak(self._rows[number]))
        return aspect in (*weak(self._rows[number]), *_lost(self._rows[number]))

    def _of(self, table: str | None) -> Iterable[Question]:
        waiting = [n for n, row in enumerate(self._rows) if row["table"] == table and row["state"] == "waiting"]
        elsewhere = [n for n in waiting if table is not None and "whose:" in (self._rows[n]["because"] or "")]
        replaced = [n for n in waiting if n not in elsewhere and _is_replaced(self._rows[n])]
        own = [
            n for n in waiting if n not in (*elsewhere, *replaced) and weak(self._rows[n]) and self._rows[n]["kind"] == "table"
        ]
        others = [n for n in waiting if n not in (*elsewhere, *replaced, *own)]
        for aspect in ASPECTS:
            if numbers := [n for n in own if self._asks(n, aspect)]:
                yield Question(table, aspect, tuple(self._parts(aspect, numbers)))
        for about, them in ((WHOSE, elsewhere), (REPLACED, replaced)):
            if them:
                yield Question(table, about, tuple(self.single(n) for n in them))
        if certain := [n for n in others if self._rows[n]["kind"] == "table" and not weak(self._rows[n])]:
            yield Question(table, AGAIN, tuple(self.single(n) for n in certain))
        for numbers in self._passages([n for n in others if n not in certain]):
            yield Question(table, WHOLE, tuple(self.single(n) for n in numbers))

    def _passages(self, numbers: Sequence[int]) -> Iterable[list[int]]:
        """Yield the figures of adjoining lines, as many as can be looked at together: mostly those of a paragraph."""
        lines: dict[int, list[int]] = defaultdict(list)
        for number in numbers:
            lines[self._rows[number]["line"]].append(number)
        passage: list[int] = []
        for line, own in sorted(lines.items()):
            if passage and (line - self._rows[passage[-1]]["line"] > 1 or len(passage) + len(own) > _AT_ONCE):
                yield passage
                passage = []
            passage = passage + own
        if passage:
            yield passage

    def _row_by_row(self, row: Part, about: str) -> list[Part]:
        """Return the rows, one by one, of a part that is of several with one label."""
        lines: dict[int, list[int]] = defaultdict(list)
        for number in row.cells:
            lines[self._rows[number]["line"]].append(number)
        return [self._part("row", tuple(numbers), {about: self._read(numbers[0], about)}) for numbers in lines.values()]

    def _parted(self, parts: Sequence[Part], about: str, settled: Sequence[_Row], apart: Collection[str]) -> Iterable[Part]:
        for part in parts:
            inner = self.narrower(part, about)
            decided = (
                {json.dumps([settled[n][about], settled[n].get("verdict"), about in _lost(settled[n])]) for n in part.cells}
                if inner
                else set()
            )
            if inner and (part.key in apart or len(decided) > 1):
                yield from self._parted(inner, about, settled, apart)
            else:
                yield part

    def _cell(self, number: int, about: str) -> Part:
        return self._part("cell", (number,), {about: self._read(number, about)})

    def _read(self, number: int, aspect: str) -> str | None:
        """Return what was read of an aspect, None where nothing was or it cannot be."""
        found: str | None = self._rows[number][aspect]
        return None if found == vocabulary.UNKNOWN or self._doubted.get(number) == aspect else found

    def _parts(self, aspect: str, numbers: Sequence[int]) -> list[Part]:
        """Return the fewest parts that say an aspect of these cells, none of which says anything else of another cell."""
        best = [self._cell(n, aspect) for n in numbers]
        differ = aspect in ("unit", "measure") and self._rows_differ(aspect, numbers)
        for scope in _WIDTHS[aspect] if not differ else ("row",):
            found = self._wide(scope, aspect, numbers)
            # One of a row or column that holds one cell is of the cell: it does not go over to another number that comes there.
            if found is not None and len(found) < len(best):
                best = found
        return best

    def _wide(self, scope: str, aspect: str, numbers: Sequence[int]) -> list[Part] | None:
        groups: dict[str, list[int]] = defaultdict(list)
        for number in numbers:
            groups[self._name(scope, number)].append(number)
        # Of a whole table only what nothing printed says is decided: there the other cells do not matter.
        touched: Callable[[str], Sequence[int]] = groups.__getitem__ if scope == "table" else self._places[scope].__getitem__
        alike = all(len({self._read(n, aspect) for n in touched(name)}) == 1 for name in groups)
        label = {"table": "table", "row": "row_label", "column": "column_label"}[scope]
        unsaid = scope == "table" and any(self._read(n, aspect) is None for n in numbers)
        # Rows without a label are none that one answer could name, and no column of them is of one time.
        nameless = any(self._rows[n]["row_label"] == "" and (scope == "row" or self._doubted.get(n)) for n in numbers)
        if not alike or unsaid or nameless or any(self._rows[n][label] is None for n in numbers):
            return None
        parts = [self._part(scope, tuple(own), {aspect: self._read(own[0], aspect)}) for own in groups.values()]
        return self._joined(parts) if scope == "row" else parts

    def _joined(self, rows: Sequence[Part]) -> list[Part]:
        """Return rows, those of one label that were read as the same as one part: "Nettokostnad" of every year."""
        alike: dict[str, list[Part]] = defaultdict(list)
        for row in rows:
            named = {name: value for name, value in row.place.items() if name != "line"}
            alike[json.dumps([named, row.reads, row.unsure], sort_keys=True)].append(row)
        return [self._join(same) if len(same) > 1 else same[0] for same in alike.values()]

    def _join(self, same: Sequence[Part]) -> Part:
        cells = tuple(sorted(number for row in same for number in row.cells))
        alone = tuple(place for row in same for place in row.alone or row.places) if any(row.alone for row in same) else ()
        least = min(same, key=lambda row: SURENESS.index(row.certainty))
        others = tuple(row.place for row in same[1:])
        proposed = all(row.proposed for row in same)
        return replace(
            same[0],
            cells=cells,
            alone=alone,
            exact=all(row.exact for row in same),
            others=others,
            proposed=proposed,
            certainty=least.certainty,
            because=least.because,
        )

    def _rows_differ(self, aspect: str, numbers: Sequence[int]) -> bool:
        """Tell whether rows differ in what they count, so that one answer would hardly be that of all of them.

        They stand under different headings, one tells a part of another, they count different things; or, where it is the measure
        that is asked, different labels were read as the same.
        """
        rows = [self._rows[number] for number in numbers]
        if len({row["row_label"] for row in rows}) == 1:
            return False
        if len({(row["group"], is_said("part_row", row["row_label"] or ""), _counted(row)) for row in rows}) > 1:
            return True
        named: dict[tuple[Any, ...], set[str]] = defaultdict(set)
        for row in rows:
            named[row["measure"], row["breakdown"], row["column_label"]].add(row["row_label"])
        return aspect == "measure" and any(len(labels) > 1 for labels in named.values())

    def _part(self, scope: str, numbers: tuple[int, ...], reads: _Row) -> Part:
        rows = [self._rows[number] for number in numbers]
        least = min(rows, key=lambda row: SURENESS.index(row["certainty"]))
        beside = [] if scope == "cell" else [n for n in self._places[scope][self._name(scope, numbers[0])] if n not in numbers]
        alone = tuple(self._known("cell", number) for number in numbers) if beside else ()
        # Of a whole table only what nothing printed says is decided.
        touched = [n for n in beside if scope != "table" or set(reads) & set(weak(self._rows[n]))]
        unsure = {name: self._unsure(numbers, name) for name, value in reads.items() if value is None}
        twice = "measure" in reads and any(map(_is_twice, rows))
        guessed = len(reads) > 1 and least["certainty"] == "guess"
        return Part(
            scope,
            self._known(scope, numbers[0]),
            reads,
            numbers,
            least["certainty"],
            least["because"] or "",
            alone,
            exact=not touched,
            unsure={name: value for name, value in unsure.items() if value},
            proposed=None not in reads.values() and not twice and not guessed,
        )

    def _unsure(self, numbers: Sequence[int], aspect: str) -> str | None:
        """Return what was read of an aspect of all these cells and cannot be accepted; None where it is not the same."""
        found: set[str | None] = {self._rows[number][aspect] for number in numbers}
        return found.pop() if len(found) == 1 and vocabulary.UNKNOWN not in found else None

    def _known(self, scope: str, number: int) -> _Row:
        return {name: value for name, value in self._cells.place(self._rows[number], scope).items() if value is not None}
