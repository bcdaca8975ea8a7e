"""The workflow's steps: what each is made from, which Snakemake compares with what it was made from before, and its work.

A step writes into build/ only: clean and validate the tables, a page its HTML, the index of the pages that are published.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from socialvolym import atomic, paths
from socialvolym.errors import SocialvolymError
from socialvolym.observations.parameters import check_values
from socialvolym.reports import loading
from socialvolym.site import data_files, page_list
from socialvolym.site.page_list import Page
from socialvolym.workflow import content, runs

STEPS = ("clean", "validate", "pages", "index")
NOTEBOOKS = {"clean": "1_clean", "validate": "2_validate"}
UNCHECKED = ("observations", "unread", "derived", "reports")
CHECKED = (*UNCHECKED, "findings", "checks", "measures", "codebook")
#: What validation says of the tables to the steps after it: publication.table_facts.
FACTS = "facts.json"
#: The last folder whose code cleaning and validating use, and the last that pages use (content.FOLDERS).
_TABLES_FROM, _PAGES_FROM = "analysis", "site"
#: Files of a report that only cleaning reads.
_PRINTED = ("cells.csv", "prose.csv")


@dataclass(frozen=True)
class Selection:
    """What a run is asked for: names of steps or pages, languages, municipality codes; empty for all."""

    only: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    municipalities: tuple[str, ...] = ()

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps that are wanted."""
        wanted = [STEPS.index(step) for step in self.only if step in STEPS]
        return STEPS[: max(wanted) + 1] if wanted and len(wanted) == len(self.only) else STEPS


@lru_cache(maxsize=1)
def codes() -> dict[str, list[str]]:
    """Return the ids of the reports by municipality code."""
    return loading.reports_by_code()


def all_pages() -> list[Page]:
    """Return every page of the list."""
    return page_list.expand(page_list.load_list(), list(codes()))


def chosen_pages(selection: Selection) -> dict[str, Page]:
    """Return the pages of a selection by their keys.

    Raises
    ------
    SocialvolymError
        where it names an unknown page, language or municipality, or a page gives its notebook a wrong parameter.
    """
    only = [name for name in selection.only if name not in STEPS]
    chosen = page_list.select(all_pages(), only, selection.languages, selection.municipalities, list(codes()))
    for page in {page.entry: page for page in chosen}.values():
        check_values(paths.notebooks() / f"{page.notebook}.ipynb", page.parameters)
    return {page.key: page for page in chosen}


def imports(pages: Iterable[Page]) -> list[str]:
    """Return what the steps up to some pages import, in the order in which they need it."""
    notebooks = dict.fromkeys([*NOTEBOOKS.values(), *(page.notebook for page in pages)])
    of_notebooks = (statement for notebook in notebooks for statement in content.imports(notebook))
    first, last = "from socialvolym.workflow import notebooks", "from socialvolym.site import publication"
    return [first, *dict.fromkeys(of_notebooks), last]


def facts() -> dict[str, Any]:
    """Return what validation says of the tables; nothing where it has not been done, which Snakemake sees by the absent file."""
    path = runs.build() / FACTS
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return found
    except OSError:
        return {}
    except ValueError:
        path.unlink()
        return {}


def forget_damaged() -> None:
    """Remove tables in build/ that are no tables, as a full disk leaves them: Snakemake makes them again."""
    for path in (runs.build() / "tables").rglob("*.parquet"):
        try:
            pl.read_parquet_schema(path)
        except (pl.exceptions.PolarsError, OSError):
            path.unlink()


def made_from(step: str, page: Page | None = None) -> dict[str, Any]:
    """Return digests of all that a step, or a page, is made from: Snakemake makes it again where one of them is another."""
    if step == "clean":
        return {
            **content.of_notebook(NOTEBOOKS[step], _TABLES_FROM),
            "raw": content.of_values(content.of_raw_files()),
            "tools": runs.tools(),
        }
    if step == "validate":
        cleaned = content.of_files(_tables("unchecked", UNCHECKED, ["parquet"]))
        suites = content.of_files(path for path in paths.expectations().rglob("*") if path.is_file())
        return {**made_from("clean"), **content.of_notebook(NOTEBOOKS[step], _TABLES_FROM), "tables": cleaned, "suites": suites}
    told = {"rows": facts().get("slices", {}), "date": facts().get("date"), "codes": sorted(codes()), "tools": runs.tools()}
    if page is None:
        made = {about.key: [about.title, about.short, *_told_in(about)] for about in all_pages() if about.output.exists()}
        return {**told, "pages": made, "changed": facts().get("changed"), "hints": _hints(), "code": content.of_code(_PAGES_FROM)}
    return {
        **told,
        **content.of_notebook(page.notebook, _PAGES_FROM, (page.language,)),
        "rows": told["rows"].get(page.own_code or page.domain or "all"),
        "hints": _hints(page.own_code),
        "page": [page.key, page.title, page.parameters],
        # The page of findings says what decides a rule.
        "rules": None if page.own_code or page.domain else content.of_files(paths.expectations().glob("audit.csv")),
        "menu": [[about.name, about.short] for about in all_pages() if about.language == page.language],
    }


def _told_in(page: Page) -> list[Any]:
    said = page.said()
    return [said.headline, said.figure, sorted(said.places)]


def _hints(code: str | None = None) -> str:
    """Return the digest of what pages read of the reports beside the tables: titles, captions, breaks, responsibilities."""
    others = {report for other, reports in codes().items() if code and other != code for report in reports}
    hints = {place: digest for place, digest in content.of_raw_files().items() if not place.endswith(_PRINTED)}
    return content.of_values({place: digest for place, digest in hints.items() if Path(place).parent.name not in others})


def _tables(folder: str, names: Sequence[str], endings: Sequence[str] = ("parquet", "csv")) -> list[Path]:
    return [runs.build() / "tables" / folder / f"{name}.{ending}" for name in names for ending in endings]


def outputs(step: str) -> list[str]:
    """Return the files that cleaning or validating makes, in build/."""
    made = _tables("unchecked", UNCHECKED) if step == "clean" else _tables("", CHECKED)
    also = [] if step == "clean" else [*(f"tables/{name}" for name in (data_files.PACKAGE, data_files.WORKBOOK)), FACTS]
    return [*(str(path.relative_to(runs.build())) for path in made), *also]


def places(name: str) -> list[Path]:
    """Return where readers find what a step, or a page as pages/language/name, has made."""
    made = outputs(name) if name in NOTEBOOKS else []
    tables = [paths.published() / Path(path).relative_to("tables") for path in made if path.startswith("tables/")]
    keys = index_keys() if name == "index" else [name.removeprefix("pages/")]
    return tables or [paths.pages() / f"{key}.html" for key in keys]


Begun = Callable[[str], object]


def work(pages: Mapping[str, Page], step: str, key: str = "", begun: Begun = lambda what: None) -> None:
    """Do a step: `clean`, `validate`, `page` or the `index`.

    Parameters
    ----------
    pages, key : the pages that are wanted by their keys, and which of them.
    begun : told what is begun.

    Raises
    ------
    SocialvolymError
        where it fails.
    """
    os.environ[paths.TABLES] = str(runs.build() / "tables")
    os.environ[paths.DRAWN] = str(runs.build() / "drawn")
    try:
        if step == "page":
            _page(pages[key], begun)
        elif step == "index":
            _index()
        else:
            _tabulate(step, begun)
    except SocialvolymError as error:
        raise SocialvolymError(f"page {key}: {error}" if key else str(error)) from error


def _tabulate(step: str, begun: Begun) -> None:
    from socialvolym.site import publication
    from socialvolym.workflow import notebooks

    name = NOTEBOOKS[step]
    notebooks.execute(name, {}, runs.build() / "notebooks" / f"{name}.ipynb", begun)
    if step == "validate":
        found = publication.table_facts(runs.build() / "published", runs.program_version())
        atomic.write_text(json.dumps(found, ensure_ascii=False, indent=1), runs.build() / FACTS)


def _page(page: Page, begun: Begun) -> None:
    from socialvolym.site import publication
    from socialvolym.workflow import notebooks

    known, output = facts(), runs.build() / "pages" / f"{page.key}.html"
    if page.municipality in known["silent"]:
        # None of its reports could be read: there is nothing to make it from, and the earlier page stays.
        return atomic.write_text("", output)
    executed = notebooks.execute(page.notebook, page.parameters, runs.build() / "notebooks" / f"{page.key}.ipynb", begun)
    # A municipality none of whose reports could be read may have no page.
    listed = [
        other
        for other in all_pages()
        if other.language == page.language and (other.municipality not in known["silent"] or other.output.exists())
    ]
    html = publication.page(page, executed, known, runs.program_version(), runs.started(), listed)
    return atomic.write_text(html, output)


def index_keys() -> list[str]:
    """Return the keys of the index: the page that leads to those of the languages, and these."""
    return ["index", *(f"{language}/index" for language in page_list.load_list().languages)]


def _index() -> None:
    from socialvolym.site import front_page

    made, languages = [page for page in all_pages() if page.output.exists()], page_list.load_list().languages
    for key, html in front_page.fronts(made, facts(), runs.program_version(), runs.started(), languages).items():
        atomic.write_text(html, runs.build() / "pages" / f"{key}.html")
