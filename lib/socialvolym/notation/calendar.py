"""The calendar: the days that a printed period covers, and where a break cuts a series."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

from socialvolym.errors import SocialvolymError

_MONTHS = 12
FREQUENCIES = {"year": r"^\d{4}$", "quarter": r"^\d{4}-Q[1-4]$", "month": r"^\d{4}-(0[1-9]|1[0-2])$"}

_FORM = re.compile(r"^(\d{4})(?:-Q([1-4])|-(0[1-9]|1[0-2])(?:-([0-3]\d))?)?$")


@lru_cache(maxsize=4096)
def bounds(period: str) -> tuple[date, date]:
    """Return the first and the last day of a period; of "2015/2019" or "2022-09/2022-11" those of the whole span.

    Raises
    ------
    SocialvolymError
        where the text is no period.
    """
    if "/" in period:
        first, last = period.split("/", 1)
        return bounds(first)[0], bounds(last)[1]
    match = _FORM.match(period)
    if match is None:
        raise SocialvolymError(f"{period!r} is no period; write like 2022, 2022-Q2, 2022-03, 2022-12-31 or 2015/2019")
    year, quarter, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    if day is not None and month is not None:
        return _day(period, year, month, day), _day(period, year, month, day)
    first_month, last_month = (1, 12) if quarter is None else (3 * quarter - 2, 3 * quarter)
    if month is not None:
        first_month = last_month = month
    return date(year, first_month, 1), date(year, last_month, monthrange(year, last_month)[1])


def _day(period: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise SocialvolymError(f"{period!r} is no day of the calendar") from error


def breaks_between(first: str, last: str, breaks: Iterable[str]) -> list[str]:
    """Return the breaks that keep two periods apart.

    A break is written as the first period that is counted in the new way; a break inside a period cuts that period off
    from both its neighbours.
    """
    start, end = bounds(first)[0], bounds(last)[1]
    return [cut for cut in breaks if start < bounds(cut)[0] <= end]


def unbroken(periods: Sequence[str], breaks: Iterable[str]) -> list[list[str]]:
    """Split ordered periods at breaks; a period that a break falls inside belongs to no part."""
    cuts = sorted(bounds(cut)[0] for cut in breaks)
    parts: dict[int, list[str]] = {}
    for period in periods:
        start, end = bounds(period)
        if not any(start < cut <= end for cut in cuts):
            parts.setdefault(sum(cut <= start for cut in cuts), []).append(period)
    return list(parts.values())


def complete(periods: Iterable[str], frequency: str) -> list[str]:
    """Return all periods from the first to the last of a frequency, in order."""
    ordered = sorted(set(periods))
    if not ordered:
        return []
    if frequency == "year":
        return [str(year) for year in range(int(ordered[0]), int(ordered[-1]) + 1)]
    parts, form = (12, "{}-{:02d}") if frequency == "month" else (4, "{}-Q{}")
    first, last = (int(period[:4]) * parts + int(period[5:].lstrip("Q")) - 1 for period in (ordered[0], ordered[-1]))
    return [form.format(number // parts, number % parts + 1) for number in range(first, last + 1)]


def whole_span(periods: Sequence[str]) -> str | None:
    """Return the period that parts of one year make up, from the first to the last; None where they do not follow each other.

    Examples
    --------
    >>> whole_span(["2022-Q1", "2022-Q2", "2022-Q3"])
    '2022-01/2022-09'
    """
    if not all(_FORM.match(part) for period in periods for part in period.split("/")):
        return None
    spans = sorted(map(bounds, periods))
    first, last = spans[0][0], spans[-1][1]
    follows = all(after[0] == before[1] + timedelta(days=1) for before, after in pairwise(spans))
    if not follows or first.year != last.year:
        return None
    whole = (first.month, last.month) == (1, _MONTHS)
    return str(first.year) if whole else f"{first:%Y-%m}/{last:%Y-%m}"
