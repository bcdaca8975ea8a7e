"""The workflow's steps: what each is made from, which Snakemake compares with what it was made from before, and its work.

A step writes into build/ only: clean and validate the tables, a page its HTML, the index of the pages that are published.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from socialvolym import atomic, paths, program
from socialvolym.site import data_files, page_list
from socialvolym.site.page_list import Page
from socialvolym.workflow import content

STEPS = ("clean", "validate", "pages", "index")
NOTEBOOKS = {"clean": "1_clean", "validate": "2_validate"}
UNCHECKED = ("observations", "unread", "reports")
CHECKED = (*UNCHECKED, "derived", "findings", "checks", "measures", "codebook")
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

    def pages(self) -> dict[str, Page]:
        """Return the pages that are wanted by their keys; what is unknown or wrong of them is an error (page_list.select)."""
        return page_list.select([name for name in self.only if name not in STEPS], self.languages, self.municipalities)


def imports() -> list[str]:
    """Return the modules that the steps import, in the order in which they need them."""
    # Validating waits for Great Expectations, which takes longest.
    return ["socialvolym.workflow.notebooks", "socialvolym.validation.suites", *content.modules(_PAGES_FROM)]


def facts() -> dict[str, Any]:
    """Return what validation says of the tables; nothing where it has not been done, which Snakemake sees by the absent file."""
    path = paths.build() / FACTS
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        path.unlink(missing_ok=True)
        return {}


def forget_damaged() -> None:
    """Remove tables in build/ that are no tables, as a full disk leaves them: Snakemake makes them again."""
    for path in (paths.build() / "tables").rglob("*.parquet"):
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
            "tools": program.tools(),
        }
    if step == "validate":
        cleaned = content.of_files(paths.build() / path for path in outputs("clean") if path.endswith(".parquet"))
        suites = content.of_files(path for path in paths.expectations().rglob("*") if path.is_file())
        return {**made_from("clean"), **content.of_notebook(NOTEBOOKS[step], _TABLES_FROM), "tables": cleaned, "suites": suites}
    told = {
        "rows": facts().get("slices", {}),
        "date": facts().get("date"),
        "codes": sorted(page_list.codes()),
        "tools": program.tools(),
    }
    if page is None:
        said = {about: about.said() for about in page_list.all_pages() if about.output.exists()}
        made = {page.key: [page.title, page.short, it.headline, it.figure, sorted(it.places)] for page, it in said.items()}
        return {**told, "pages": made, "changed": facts().get("changed"), "hints": _hints(), "code": content.of_code(_PAGES_FROM)}
    return {
        **told,
        **content.of_notebook(page.notebook, _PAGES_FROM, (page.language,)),
        "rows": told["rows"].get(page.own_code or page.domain or "all"),
        "hints": _hints(page.own_code),
        "page": [page.key, page.title, page.parameters],
        # The page of findings says what decides a rule.
        "rules": None if page.own_code or page.domain else content.of_files(paths.expectations().glob("audit.csv")),
        "menu": [[about.name, about.short] for about in page_list.all_pages() if about.language == page.language],
    }


def _hints(code: str | None = None) -> str:
    """Return the digest of what pages read of the reports beside the tables: titles, captions, breaks, responsibilities."""
    others = {report for other, reports in page_list.codes().items() if code and other != code for report in reports}
    hints = {place: digest for place, digest in content.of_raw_files().items() if not place.endswith(_PRINTED)}
    return content.of_values({place: digest for place, digest in hints.items() if Path(place).parent.name not in others})


def outputs(name: str) -> list[str]:
    """Return the files that a step, or a page as pages/language/name, makes in build/."""
    if name == "clean":
        return [f"tables/unchecked/{table}.{ending}" for table in UNCHECKED for ending in ("parquet", "csv")]
    if name == "validate":
        tables = [f"tables/{table}.{ending}" for table in CHECKED for ending in ("parquet", "csv")]
        return [*tables, f"tables/{data_files.PACKAGE}", f"tables/{data_files.WORKBOOK}", FACTS]
    return [f"pages/{key}.html" for key in page_list.index_keys()] if name == "index" else [f"{name}.html"]


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
    os.environ[paths.TABLES] = str(paths.build() / "tables")
    os.environ[paths.DRAWN] = str(paths.build() / "drawn")
    if step == "page":
        _page(pages[key], begun)
    elif step == "index":
        _index()
    else:
        _tabulate(step, begun)


def _tabulate(step: str, begun: Begun) -> None:
    from socialvolym.site.publishing import publication
    from socialvolym.workflow import notebooks

    name = NOTEBOOKS[step]
    notebooks.execute(name, {}, paths.build() / "notebooks" / f"{name}.ipynb", begun)
    if step == "validate":
        found = publication.table_facts()
        atomic.write_text(json.dumps(found, ensure_ascii=False, indent=1), paths.build() / FACTS)


def _page(page: Page, begun: Begun) -> None:
    from socialvolym.site.publishing import publication
    from socialvolym.workflow import notebooks

    known, output = facts(), paths.build() / "pages" / f"{page.key}.html"
    if page.municipality in known["silent"]:
        # None of its reports could be read: there is nothing to make it from, and the earlier page stays.
        return atomic.write_text("", output)
    executed = notebooks.execute(page.notebook, page.parameters, paths.build() / "notebooks" / f"{page.key}.ipynb", begun)
    return atomic.write_text(publication.page(page, executed, known), output)


def _index() -> None:
    from socialvolym.site import front_page

    made, languages = [page for page in page_list.all_pages() if page.output.exists()], page_list.load_list().languages
    for key, html in front_page.fronts(made, facts(), languages).items():
        atomic.write_text(html, paths.build() / "pages" / f"{key}.html")
