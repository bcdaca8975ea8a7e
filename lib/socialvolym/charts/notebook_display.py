"""Notebook display: what a cell of a notebook ends with looks as on a page, or reads well alone where there is none."""

from __future__ import annotations

import re
import sys
from functools import partial
from typing import Any

from socialvolym.notation.languages import LANGUAGES

#: What is shown as on a page, by the name of its function in shown.py: a class of a module.
_SHOWN = {"frame": ("polars.dataframe.frame", "DataFrame"), "chart": ("altair.vegalite.v6.api", "TopLevelMixin")}
#: A figure that leads to its source, and a link to another page: what they lead to stands beside a page only.
_SOURCE = re.compile(r'<a class="num" href="#src-[^"]*" data-obs="([^"]*)"')
_ELSEWHERE = re.compile(r'<a ([^>]*?)\bhref="(?!#|data:|https?:)[^"]*"([^>]*>.*?)</a>', re.DOTALL)
_SOURCED = re.compile(r'<span data-from="([^"]*)"([^>]*>.*?)</a>', re.DOTALL)
_NO_FILES = re.compile(r'<p class="save">(?:(?!</p>|download=).)*</p>', re.DOTALL)
#: What a page's theme does, where there is none: a drawing fits its cell, a fold has its heading beside its mark, a chart's
#: subject has a line of its own, words begin at the left, and a dash does not stand beside what is said in its place.
_THEMELESS = tuple(
    (re.compile(pattern, re.DOTALL), text)
    for pattern, text in (
        (r"<svg (?=[^>]*viewBox)", '<svg style="max-width:100%;height:auto" '),
        (r"(<summary[^>]*>\s*<h[1-6])", r'\1 style="display:inline"'),
        (r"(<figcaption>(?:(?!</figcaption>).)*?)(<small>)", r"\1<br>\2"),
        (r'<(td|th)(?![^>]*class="n"|\w)', r'<\1 style="text-align:left"'),
        (r'<span aria-hidden="true">[^<]*</span>', ""),
        (r'(<svg[^>]*class="dot".*?</svg>)', r"\1 "),
    )
)


def show_as_pages_do(shell: Any) -> None:
    """Have an IPython shell show frames and charts as pages do, in the language that the notebook was given."""
    html = shell.display_formatter.formatters["text/html"]
    for name, (module, class_name) in _SHOWN.items():
        html.for_type_by_name(module, class_name, partial(_whole, shell, name))
    # A section is what it is, not what it is alone.
    html.for_type_by_name("socialvolym.charts.markup", "Html", str)


def show_charts_alone() -> None:
    """Have the shell that this is imported in, if any, show altair charts as figures; a run's does already (show_as_pages_do)."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is None:
        return
    html = shell.display_formatter.formatters["text/html"]
    module, class_name = _SHOWN["chart"]
    try:
        html.lookup_by_type(f"{module}.{class_name}")
    except KeyError:
        html.for_type_by_name(module, class_name, lambda chart: alone(str(_as_on_a_page(shell, "chart", chart))))


def as_on_a_page(thing: Any) -> Any:
    """Return a frame or an altair chart as on a page, in the language of the notebook that runs; None for anything else."""
    classes = {(each.__module__, each.__name__) for each in type(thing).__mro__}
    name = next((name for name, place in _SHOWN.items() if place in classes), None)
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return None if name is None else _as_on_a_page(shell, name, thing)


def _as_on_a_page(shell: Any, name: str, thing: Any) -> Any:
    # It takes altair with it, which a notebook that shows none does not need.
    from socialvolym.charts import shown

    return getattr(shown, name)(thing, shell.user_ns.get("language", LANGUAGES[0]) if shell else LANGUAGES[0])


def _whole(shell: Any, name: str, thing: Any) -> str:
    """Return what a cell ends with as on a page; why it cannot be shown, which IPython only prints, is left at the shell."""
    try:
        return str(_as_on_a_page(shell, name, thing))
    except Exception as error:
        shell.not_shown = error
        raise


def alone(html: str) -> str:
    """Return what is made for a page as it reads without the page's theme, sources and neighbours.

    A figure names its report and line when it is pointed at; what would lead to another page is plain text; buttons that only a
    page has are left out.
    """
    html = _SOURCE.sub(lambda found: f'<span data-from="{_places(found[1])}"', html)
    html = _SOURCED.sub(r'<span title="\1" style="text-decoration:underline dotted"\2</span>', html)
    html = _NO_FILES.sub("", _ELSEWHERE.sub(r"<span \1\2</span>", html))
    for pattern, text in _THEMELESS:
        html = pattern.sub(text, html)
    return html


def _places(ids: str) -> str:
    """Return where figures stand, as report:line, from their ids."""
    return ", ".join(dict.fromkeys(name.rpartition(":")[0] for name in ids.split()))
