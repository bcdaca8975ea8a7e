"""Socialvolym: figures from Swedish municipalities' social-services reports, read, checked and told as volume trends.

What a notebook needs is here in a line each; everything is loaded when it is first asked for.

>>> from socialvolym import load_observations, series_of, change_of  # doctest: +SKIP
>>> lvu = series_of(load_observations(), "lvu_placements", municipality="Haninge")  # doctest: +SKIP
>>> change_of(lvu, "2021", "2022").word  # doctest: +SKIP
'no_clear_change'
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from socialvolym.charts import bars, lines, months, small_multiples
    from socialvolym.comparing import compare, indexed
    from socialvolym.decomposing import splits
    from socialvolym.facts import deflate, per_inhabitant
    from socialvolym.observations import load as load_observations
    from socialvolym.observations import pick
    from socialvolym.outturns import against, forecasts
    from socialvolym.series import series_of
    from socialvolym.tables import load as load_table
    from socialvolym.trends import change_of, months_of, trends_of

__all__ = [
    "against",
    "bars",
    "change_of",
    "compare",
    "deflate",
    "forecasts",
    "indexed",
    "lines",
    "load_observations",
    "load_table",
    "months",
    "months_of",
    "per_inhabitant",
    "pick",
    "series_of",
    "small_multiples",
    "splits",
    "trends_of",
]

#: name -> (module, name in the module)
_HOMES = {
    "load_observations": ("observations", "load"),
    "pick": ("observations", "pick"),
    "load_table": ("tables", "load"),
    "series_of": ("series", "series_of"),
    "change_of": ("trends", "change_of"),
    "trends_of": ("trends", "trends_of"),
    "months_of": ("trends", "months_of"),
    "splits": ("decomposing", "splits"),
    "against": ("outturns", "against"),
    "forecasts": ("outturns", "forecasts"),
    "compare": ("comparing", "compare"),
    "indexed": ("comparing", "indexed"),
    "deflate": ("facts", "deflate"),
    "per_inhabitant": ("facts", "per_inhabitant"),
    "lines": ("charts", "lines"),
    "small_multiples": ("charts", "small_multiples"),
    "bars": ("charts", "bars"),
    "months": ("charts", "months"),
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'socialvolym' has no attribute {name!r}")
    module, attribute = _HOMES[name]
    return getattr(importlib.import_module(f"socialvolym.{module}"), attribute)
