"""Socialvolym: figures from Swedish municipalities' social-services reports, read, checked and told as volume trends.

What a notebook needs is here in a line each; everything is loaded when it is first asked for.

>>> from socialvolym import load_observations, series_of, change_of  # doctest: +SKIP
>>> lvu = series_of(load_observations(), "lvu_placements", municipality="Haninge")  # doctest: +SKIP
>>> change_of(lvu, "2021", "2022").word  # doctest: +SKIP
'decrease'
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

    from socialvolym.analysis.breaks import breaks_of
    from socialvolym.analysis.comparison import compare, indexed
    from socialvolym.analysis.decomposition import splits
    from socialvolym.analysis.derived import deflate, inhabitants, per_inhabitant, rate_of, real_of
    from socialvolym.analysis.fitting import fitting
    from socialvolym.analysis.outturns import against, forecasts
    from socialvolym.analysis.trends import change_of, months_of, paths_of
    from socialvolym.charts.forms import bars, lines, months
    from socialvolym.commands.reviewing import in_notebook as review
    from socialvolym.observations import coverage, pick
    from socialvolym.observations import load as load_observations
    from socialvolym.observations.series import series_of
    from socialvolym.observations.store import load as load_table

__all__ = [
    "against",
    "bars",
    "breaks_of",
    "change_of",
    "compare",
    "coverage",
    "deflate",
    "fitting",
    "forecasts",
    "functions",
    "indexed",
    "inhabitants",
    "lines",
    "load_observations",
    "load_table",
    "months",
    "months_of",
    "paths_of",
    "per_inhabitant",
    "pick",
    "rate_of",
    "real_of",
    "review",
    "series_of",
    "splits",
]

#: name -> (module, name in the module)
_HOMES = {
    "load_observations": ("observations", "load"),
    "coverage": ("observations", "coverage"),
    "pick": ("observations", "pick"),
    "load_table": ("observations.store", "load"),
    "series_of": ("observations.series", "series_of"),
    "change_of": ("analysis.trends", "change_of"),
    "paths_of": ("analysis.trends", "paths_of"),
    "months_of": ("analysis.trends", "months_of"),
    "fitting": ("analysis.fitting", "fitting"),
    "breaks_of": ("analysis.breaks", "breaks_of"),
    "splits": ("analysis.decomposition", "splits"),
    "against": ("analysis.outturns", "against"),
    "forecasts": ("analysis.outturns", "forecasts"),
    "compare": ("analysis.comparison", "compare"),
    "indexed": ("analysis.comparison", "indexed"),
    "deflate": ("analysis.derived", "deflate"),
    "per_inhabitant": ("analysis.derived", "per_inhabitant"),
    "inhabitants": ("analysis.derived", "inhabitants"),
    "rate_of": ("analysis.derived", "rate_of"),
    "real_of": ("analysis.derived", "real_of"),
    "lines": ("charts.forms", "lines"),
    "bars": ("charts.forms", "bars"),
    "months": ("charts.forms", "months"),
    "review": ("commands.reviewing", "in_notebook"),
}


def functions() -> pl.DataFrame:
    """Return the functions that are here, with when to use each in English and in Swedish (function, when_en, when_sv).

    A notebook shows the list whole, where it would show ten rows of a frame and the beginning of each text.
    """
    # What is imported when it is first asked for.
    import polars as pl
    from pydantic import RootModel

    from socialvolym.observations.store import Said
    from socialvolym.toml_files import load_toml

    told = load_toml(RootModel[dict[str, Said]], Path(__file__).with_name("functions.toml")).root
    rows = pl.DataFrame([{"function": name, "when_en": said.en, "when_sv": said.sv} for name, said in told.items()])

    def whole() -> str:
        with pl.Config(tbl_rows=-1, fmt_str_lengths=1000):
            return str(pl.DataFrame._repr_html_(rows))

    setattr(rows, "_repr_html_", whole)  # noqa: B010 (it is no attribute that a frame is known to have)
    return rows


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'socialvolym' has no attribute {name!r}")
    module, attribute = _HOMES[name]
    return getattr(importlib.import_module(f"socialvolym.{module}"), attribute)
