"""Notebook display: a frame or a chart that a cell of a notebook ends with looks as it does on a page."""

from __future__ import annotations

from functools import partial
from typing import Any

from socialvolym.notation.languages import LANGUAGES

#: What is shown as on a page, by the name of its function in shown.py: a class of a module.
_SHOWN = {"frame": ("polars.dataframe.frame", "DataFrame"), "chart": ("altair.vegalite.v6.api", "TopLevelMixin")}


def show_as_pages_do(shell: Any) -> None:
    """Have an IPython shell show frames and charts as pages do, in the language that the notebook was given."""
    html = shell.display_formatter.formatters["text/html"]
    for name, (module, class_name) in _SHOWN.items():
        html.for_type_by_name(module, class_name, partial(_as_on_a_page, shell, name))


def _as_on_a_page(shell: Any, name: str, thing: Any) -> str:
    # It takes altair with it, which a notebook that shows none does not need.
    from socialvolym.charts import shown

    return str(getattr(shown, name)(thing, shell.user_ns.get("language", LANGUAGES[0])))
