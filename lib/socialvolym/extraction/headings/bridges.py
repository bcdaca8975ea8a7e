"""Bridges: the reasons between one year's amount and another's, found by arithmetic: they add up to the difference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from socialvolym.notation.numbers import PrintedNumber
from socialvolym.notation.periods import Heading

Numbers = Sequence[PrintedNumber | None]

#: So many reasons and rows make a bridge; where no heading names the years of the two amounts, so many rows.
_FEWEST_REASONS, _FEWEST_ROWS, _FEWEST_UNDATED = 2, 2, 4


@dataclass(frozen=True)
class Bridge:
    """The places of the earlier and the later amount, and of what lies between them: reasons, and their sum where printed."""

    first: int
    last: int
    changes: tuple[int, ...]


def bridge_of(headings: Sequence[Heading], rows: Sequence[Numbers]) -> Bridge | None:
    """Return the bridge among the columns of a table; None where arithmetic shows none.

    Parameters
    ----------
    headings : of the columns. Reasons name no time of their own; reasons that stand behind both amounts may, because then a
        header that says so fits the table nowhere: their signs and all rows must show what they are.
    rows : the numbers of each row.
    """
    bridge = next(filter(lambda bridge: _is_shown(bridge, headings, rows), _possible(len(headings))), None)
    return _with_sum(bridge, rows) if bridge is not None else None


def adds_up(bridge: Bridge, numbers: Numbers) -> bool | None:
    """Tell whether the reasons of a row add up to the difference of its amounts; None where the row cannot tell."""
    first, last, *changes = (numbers[place] if place < len(numbers) else None for place in _places(bridge))
    known = [number for number in changes if number is not None]
    if first is None or last is None or not any(number.value for number in known):
        return None
    slack = sum(number.half_step for number in (first, last, *known)) + 1e-9
    return abs(last.value - first.value - sum(number.value for number in known)) <= slack


def _with_sum(bridge: Bridge, rows: Sequence[Numbers]) -> Bridge:
    """Return a bridge with the column behind its reasons, where that is their sum."""
    place = max(_places(bridge)) + 1
    summed = Bridge(bridge.first, bridge.last, (place,))
    verdicts = [verdict for row in rows if (verdict := adds_up(summed, row)) is not None]
    return Bridge(bridge.first, bridge.last, (*bridge.changes, place)) if verdicts and all(verdicts) else bridge


def _places(bridge: Bridge) -> tuple[int, ...]:
    return (bridge.first, bridge.last, *bridge.changes)


def _possible(count: int) -> Iterator[Bridge]:
    """Yield the bridges that columns may be: an amount, reasons, the later amount; or two amounts and the reasons behind them."""
    for first in range(count):
        for last in range(first + _FEWEST_REASONS + 1, count):
            yield Bridge(first, last, tuple(range(first + 1, last)))
    for first in range(count - 1):
        for end in range(count, first + 1 + _FEWEST_REASONS, -1):
            yield Bridge(first, first + 1, tuple(range(first + 2, end)))


def _is_shown(bridge: Bridge, headings: Sequence[Heading], rows: Sequence[Numbers]) -> bool:
    verdicts = [verdict for row in rows if (verdict := adds_up(bridge, row)) is not None]
    signs = {number.value > 0 for row in rows for at in bridge.changes if at < len(row) and (number := row[at]) and number.value}
    first, last = headings[bridge.first], headings[bridge.last]
    dated = are_amounts(first, last) and not any(headings[place].period for place in bridge.changes)
    fewest = _FEWEST_ROWS if dated else _FEWEST_UNDATED
    if len(verdicts) < fewest or (not dated and len(signs) < len((True, False))):
        return False
    used = all(any(number and number.value for number in (row[at] for row in rows if at < len(row))) for at in bridge.changes)
    return used and (4 * sum(verdicts) >= 3 * len(verdicts) if dated else all(verdicts))


def are_amounts(first: Heading, last: Heading) -> bool:
    """Tell whether two headings may be of the amounts of a bridge: two years of one series."""
    years = first.period, last.period
    told = all(year is not None and year[:4].isdigit() for year in years)
    return told and str(first.period) < str(last.period) and first.series in (None, last.series)
