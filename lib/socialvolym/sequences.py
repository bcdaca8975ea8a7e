"""Sequences: what stands one after the other, put together in runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


def runs_of(items: Iterable[T], goes_on: Callable[[list[T], T], bool]) -> Iterator[list[T]]:
    """Yield items in runs: `goes_on` tells whether an item goes on with the run of those before it.

    Examples
    --------
    >>> list(runs_of([1, 2, 3, 7, 8], lambda run, number: number == run[-1] + 1))
    [[1, 2, 3], [7, 8]]
    """
    run: list[T] = []
    for item in items:
        if run and not goes_on(run, item):
            yield run
            run = []
        run.append(item)
    if run:
        yield run
