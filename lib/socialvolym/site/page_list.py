"""The list of pages: notebooks/pages.toml, typed, and the pages that it stands for in each language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import lru_cache
from html import unescape
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from socialvolym import paths
from socialvolym.errors import SocialvolymError
from socialvolym.observations.parameters import check_values, parameter_defaults
from socialvolym.reports import loading
from socialvolym.toml_files import Data, load_toml

#: What a page says first: its headline, and the figure of its first message.
_HEADLINE, _FIGURE = (
    re.compile(r'<meta name="description" content="([^"]*)">'),
    re.compile(r'<p class="big">(.*?)</p>', re.DOTALL),
)
_TAG = re.compile(r"<[^>]*>")
#: The places of a page where a measure is told: in its section, or in the table of the other figures.
_PLACE = re.compile(r' id="([mo]-[^"]+)"')
#: So many municipalities stand in the header; where there are more it leads to the index.
_IN_MENU = 40

ToldFrom = Literal["all", "municipality", "lss", "placements", "economic_assistance"]
Value = str | int | bool | list[str] | None


class Entry(Data):
    """One entry of the list.

    Attributes
    ----------
    name : of the page's file.
    notebook : file name without ending.
    title_en, title_sv : page titles; {municipality} stands for the name where the entry is made once a municipality.
    short_en, short_sv : what the header calls the page; by default its title.
    each : "municipality" makes the page once for every municipality with reports.
    data : what the page is told from, so that it is made again only when that changes. "municipality": its own municipality's
        rows; a domain: the rows of that domain, which the notebook opens with the same name (scope.py says which they are).
    parameters : of the notebook, by name; {code} stands for the municipality's code.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
    notebook: str
    title_en: str
    title_sv: str
    short_en: str = ""
    short_sv: str = ""
    each: Literal["municipality", None] = None
    data: ToldFrom = "all"
    parameters: dict[str, Value] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _data_fits(self) -> Entry:
        if self.data == "municipality" and self.each is None:
            raise ValueError('data = "municipality" needs each = "municipality"')
        return self


class PageList(Data):
    """notebooks/pages.toml: the languages, the seconds that a cell may take, and the pages."""

    languages: tuple[Literal["en", "sv"], ...] = ("sv", "en")
    cell_seconds: Annotated[int, Field(gt=0)] = 600
    page: tuple[Entry, ...]

    @model_validator(mode="after")
    def _one_name_a_page(self) -> PageList:
        names = [entry.name for entry in self.page]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two pages have the name {', '.join(twice)}")
        if "index" in names:
            raise ValueError("no page may have the name index: that is the list of them")
        return self


@dataclass(frozen=True)
class Said:
    """What a page that is made says: its headline, the figure of its first message, and the places where measures are told."""

    headline: str = ""
    figure: str = ""
    places: frozenset[str] = frozenset()


@dataclass(frozen=True)
class MenuItem:
    """An item of the header: what it is called, where it leads, whether it is this page, and the items folded under it."""

    title: str
    href: str
    current: bool = False
    folded: tuple[MenuItem, ...] = ()


@dataclass(frozen=True)
class Page:
    """One page in one language.

    Attributes
    ----------
    entry : the name of the entry that it comes from.
    municipality : the code of the municipality that it is about, where there is one.
    data : what it depends on: "all" rows, those of its "municipality", or those of a domain.
    short : what the header calls it.
    """

    name: str
    entry: str
    language: str
    notebook: str
    title: str
    municipality: str | None
    data: ToldFrom
    parameters: dict[str, Any] = field(hash=False)
    short: str = ""

    @property
    def key(self) -> str:
        """Return what names the page in messages and records: language/name."""
        return f"{self.language}/{self.name}"

    @property
    def own_code(self) -> str | None:
        """Return the code of the municipality whose rows alone the page is made of; None where it is made of those of all."""
        return self.municipality if self.data == "municipality" else None

    @property
    def domain(self) -> str | None:
        """Return the domain whose rows alone the page is made of; None where it is made of those of all."""
        return None if self.data in ("all", "municipality") else self.data

    @property
    def output(self) -> Path:
        """Return the page's file."""
        return paths.pages() / self.language / f"{self.name}.html"

    def said(self) -> Said:
        """Return what the page's file says; nothing where there is no file."""
        try:
            html = self.output.read_text(encoding="utf-8")
        except OSError:
            return Said()
        headline, figure = _HEADLINE.search(html), _FIGURE.search(html)
        return Said(
            unescape(headline[1]) if headline else "",
            unescape(_TAG.sub("", figure[1])) if figure else "",
            frozenset(_PLACE.findall(html)),
        )


def load_list(path: Path | None = None) -> PageList:
    """Load the list of pages.

    Raises
    ------
    SocialvolymError
        where the file is absent or breaks the model.
    """
    return load_toml(PageList, path or paths.notebooks() / "pages.toml")


def municipality_names() -> dict[str, str]:
    """Return the names of all municipalities by code, read without the rest of the vocabulary."""
    lines = (paths.VOCABULARY / "municipalities.csv").read_text(encoding="utf-8").splitlines()
    return {row[0]: row[1] for row in (line.split(",") for line in lines[1:]) if len(row) > 1}


def codes_named(given: Sequence[str]) -> tuple[str, ...]:
    """Return the codes of municipalities given by name or code; what is neither is left to the check (select).

    The vocabulary would start threads of polars, with which no process can be forked.
    """
    known = {name.casefold(): code for code, name in municipality_names().items()}
    return tuple(known.get(text.casefold(), text) for text in given)


@lru_cache(maxsize=1)
def codes() -> dict[str, list[str]]:
    """Return the ids of the reports by municipality code."""
    return loading.reports_by_code()


def all_pages() -> list[Page]:
    """Return every page in every language, in the list's order."""
    listed, names = load_list(), municipality_names()
    return [
        _page(entry, language, code, names.get(code or "", code or ""))
        for language in listed.languages
        for entry in listed.page
        for code in (codes() if entry.each else [None])
    ]


def index_keys() -> list[str]:
    """Return the keys of the index: the page that leads to those of the languages, and these."""
    return ["index", *(f"{language}/index" for language in load_list().languages)]


def _page(entry: Entry, language: str, code: str | None, municipality: str) -> Page:
    title = entry.title_sv if language == "sv" else entry.title_en
    return Page(
        name=f"{entry.name}-{code}" if code else entry.name,
        entry=entry.name,
        language=language,
        notebook=entry.notebook,
        title=title.replace("{municipality}", municipality),
        municipality=code,
        data=entry.data,
        parameters={"language": language, **{name: _filled(value, code) for name, value in entry.parameters.items()}},
        short=(entry.short_sv if language == "sv" else entry.short_en) or title.replace("{municipality}", municipality),
    )


def menu(pages: Sequence[Page], municipalities: str, name: str = "") -> list[MenuItem]:
    """Return what the header of a page leads to: the pages in the list's order, those of municipalities folded into one item.

    Parameters
    ----------
    pages : of one language.
    municipalities : what the item of the municipalities is called.
    name : of the page itself.
    """
    items = [MenuItem(page.short, f"{page.name}.html", page.name == name) for page in pages if page.municipality is None]
    places = tuple(
        MenuItem(page.short, f"{page.name}.html", page.name == name) for page in pages if page.municipality is not None
    )
    if not places:
        return items
    at = next(number for number, page in enumerate(pages) if page.municipality is not None)
    current = any(place.current for place in places)
    return [
        *items[:at],
        MenuItem(municipalities, "index.html#municipalities", current, places if len(places) <= _IN_MENU else ()),
        *items[at:],
    ]


def _filled(value: Value, code: str | None) -> Value:
    if code is None:
        return value
    if isinstance(value, list):
        return [item.replace("{code}", code) for item in value]
    return value.replace("{code}", code) if isinstance(value, str) else value


def select(only: Sequence[str], languages: Sequence[str], municipalities: Sequence[str]) -> dict[str, Page]:
    """Return the chosen pages by their keys; the analyses among them compare the chosen municipalities only.

    Parameters
    ----------
    only : names of pages or of entries; empty for all.
    languages : empty for all.
    municipalities : codes; empty for all.

    Raises
    ------
    SocialvolymError
        where a name, a language or a code is unknown (allowed ones are named), or a page gives its notebook a wrong parameter.
    """
    pages = all_pages()
    entries = list(dict.fromkeys(page.entry for page in pages))
    _check("page", only, entries, also=[page.name for page in pages])
    _check("language", languages, list(dict.fromkeys(page.language for page in pages)))
    _check_municipalities(municipalities)
    chosen = [
        _limited(page, municipalities)
        for page in pages
        if (not only or page.name in only or page.entry in only)
        and (not languages or page.language in languages)
        and (not municipalities or page.municipality is None or page.municipality in municipalities)
    ]
    for page in {page.entry: page for page in chosen}.values():
        check_values(paths.notebooks() / f"{page.notebook}.ipynb", page.parameters)
    return {page.key: page for page in chosen}


def _check(what: str, given: Sequence[str], allowed: Sequence[str], also: Sequence[str] = ()) -> None:
    unknown = [name for name in given if name not in allowed and name not in also]
    if unknown:
        raise SocialvolymError(f"there is no {what} {', '.join(map(repr, unknown))}; allowed: {', '.join(allowed)}")


def _check_municipalities(given: Sequence[str]) -> None:
    unknown = [code for code in given if code not in codes()]
    if not unknown:
        return
    named = municipality_names()
    places = {code: f"{code} {named.get(code, '')}".strip() for code in codes()}
    known = {text.casefold(): code for code in codes() for text in (code, named.get(code, code))}
    near = dict.fromkeys(places[known[text]] for each in unknown for text in get_close_matches(each.casefold(), known))
    nearest = f"nearest: {', '.join(near)}; " if near else ""
    raise SocialvolymError(
        f"there is no municipality with a report {', '.join(named.get(text, repr(text)) for text in unknown)}; "
        f"{nearest}allowed: {', '.join(places.values())}"
    )


def _limited(page: Page, municipalities: Sequence[str]) -> Page:
    notebook = paths.notebooks() / f"{page.notebook}.ipynb"
    if not municipalities or page.municipality is not None or "municipalities" not in parameter_defaults(notebook):
        return page
    return replace(page, parameters={**page.parameters, "municipalities": sorted(municipalities)})
