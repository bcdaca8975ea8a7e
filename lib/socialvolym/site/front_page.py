"""Front pages: in each language what there is to read, with a search that leads to a measure; and the page that leads to them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Any

import polars as pl

from socialvolym import observations, program, vocabulary
from socialvolym.analysis.yardsticks import is_elsewhere
from socialvolym.charts.theme import strings
from socialvolym.narrative.wording import Wording
from socialvolym.notation.languages import Language
from socialvolym.observations import outcomes, store
from socialvolym.site import pages
from socialvolym.site.page_list import MenuItem, Page, Said, menu
from socialvolym.site.publishing import changes

#: A number as printed, and the spaces within it: the search takes "1 483" and "1483" alike.
_NUMBER, _SPACES = re.compile(r"\d[\d\s\u00a0\u202f.,]*"), re.compile(r"[\s\u00a0\u202f]+")


@dataclass(frozen=True)
class Card:
    """A page as the index shows it: its link, what it is called, the figure of its first message, and what that says."""

    href: str
    title: str
    figure: str = ""
    summary: str = ""


@dataclass(frozen=True)
class SearchRow:
    """A line of the searchable list: a measure of a municipality, the years and number of its figures, and where it is told.

    found_by : what it is found by besides: the labels and figures as printed.
    """

    measure: str
    municipality: str
    years: str
    figures: int
    href: str = ""
    found_by: str = ""


@dataclass(frozen=True)
class FrontMeta:
    """What an index says: as PageMeta, with changes, checks (suite, rows, expectations, failed, critical) and the list.

    missing : the ids of the reports whose figures are not in the tables.
    """

    version: str
    date: str
    run_time: str
    menu: Sequence[MenuItem] = ()
    changed: Sequence[str] = ()
    checks: Sequence[Mapping[str, Any]] = ()
    rows: Sequence[SearchRow] = ()
    documents: Mapping[str, pages.DocumentInfo] = field(default_factory=dict)
    authors: str = "Socialvolym"
    missing: Sequence[str] = ()
    home: str = "index.html"
    other_language: str = ""


def render_front(language: Language, topics: Sequence[Card], municipalities: Sequence[Card], meta: FrontMeta) -> str:
    """Return the index in a language: the search, the pages, what has changed, and the checks.

    Raises
    ------
    SocialvolymError
        where the page is too large, even with a list that has a line for each municipality and one for each measure.
    """
    words = strings(language)
    values = {
        "topics": topics,
        "municipalities": municipalities,
        "places": len({document.municipality for document in meta.documents.values()}),
        "broken": any(check["failed"] for check in meta.checks),
    }
    html = pages.templated("index.html.j2", words, language, meta, **values, rows=meta.rows)
    if pages.is_too_large(html):
        html = pages.templated("index.html.j2", words, language, meta, **values, rows=_summed(meta.rows, words))
    return pages.checked(html, f"{language}/index", "list fewer pages in notebooks/pages.toml")


def render_root(languages: Sequence[Language], meta: FrontMeta) -> str:
    """Return the page that leads to the index of the first language by itself, and names the others."""
    links = [(code, strings(code)) for code in languages]
    return pages.templated("root.html.j2", strings(languages[0]), languages[0], meta, links=links)


def _summed(rows: Sequence[SearchRow], words: Mapping[str, str]) -> list[SearchRow]:
    """Return a line for each municipality and one for each measure, for an index that a line for each of both makes too large."""
    by_place, by_measure = _groups(rows, "municipality"), _groups(rows, "measure")
    return [
        *(replace(_sum(group), measure=words["measures_counted"].format(count=len(group))) for group in by_place),
        *(
            replace(_sum(group), municipality=words["municipalities_counted"].format(count=len(group)), href="")
            for group in by_measure
        ),
    ]


def _groups(rows: Sequence[SearchRow], name: str) -> list[list[SearchRow]]:
    groups: dict[Any, list[SearchRow]] = {}
    for row in rows:
        groups.setdefault(attrgetter(name)(row), []).append(row)
    return list(groups.values())


def _sum(rows: Sequence[SearchRow]) -> SearchRow:
    """Return the first line with the figures of all and the years from the first to the last, on its page's top."""
    first, last = min(row.years[:4] for row in rows), max(row.years[-4:] for row in rows)
    years, figures = first if first == last else f"{first}–{last}", sum(row.figures for row in rows)
    return replace(rows[0], years=years, figures=figures, href=rows[0].href.partition("#")[0], found_by="")


def fronts(made: Sequence[Page], facts: Mapping[str, Any], languages: Sequence[Language]) -> dict[str, str]:
    """Return the index of the pages that there are in each language, and the page that leads to them, by their keys.

    Parameters
    ----------
    made : the pages.
    facts : of the tables (publication.table_facts).
    """
    reports, every = outcomes.load(), observations.load()
    shared = FrontMeta(
        version=program.version(),
        date=facts["date"],
        run_time=program.started(),
        documents=pages.document_info(outcomes.raw_reports(reports)),
        missing=outcomes.names(reports, state=outcomes.LEFT_OUT),
        checks=store.load("checks").to_dicts(),
    )
    told = {language: _front(language, made, facts, every, shared, languages) for language in languages}
    return {"index": render_root(languages, shared), **{f"{language}/index": html for language, html in told.items()}}


def _front(
    language: Language,
    made: Sequence[Page],
    facts: Mapping[str, Any],
    every: pl.DataFrame,
    shared: FrontMeta,
    languages: Sequence[Language],
) -> str:
    own = [page for page in made if page.language == language]
    said = {page.name: page.said() for page in own}
    meta = replace(
        shared,
        menu=menu(own, strings(language)["municipalities"]),
        changed=changes.tell(facts["changed"], Wording(language)),
        rows=search_rows(every, own, said, language),
        other_language=next((f"../{other}/index.html" for other in languages if other != language), ""),
    )
    topics, places = ([page for page in own if (page.municipality is None) is topic] for topic in (True, False))
    return render_front(language, _cards(topics, said), _cards(places, said), meta)


def _cards(shown: Iterable[Page], said: Mapping[str, Said]) -> list[Card]:
    return [Card(f"{page.name}.html", page.title, said[page.name].figure, said[page.name].headline) for page in shown]


def search_rows(every: pl.DataFrame, made: Sequence[Page], said: Mapping[str, Said], language: Language) -> list[SearchRow]:
    """Return a line for each measure of each municipality, with the link to where it is told.

    Parameters
    ----------
    every : observations.
    made : the pages in the language.
    said : what each of them says, by name.
    """
    names, measures = vocabulary.municipalities(), vocabulary.measure_index()
    # Of a span of years both ends: "2015/2021".
    first, last = pl.col("period").str.slice(0, 4), pl.col("period").str.extract(r"(?:^|/)(\d{4})[^/]*$")
    goal = pl.col("series") == "target"
    counted = (
        _of_municipality(every.filter(pl.col("value").is_not_null(), pl.col("measure").is_in(list(measures))))
        .group_by("measure", "municipality_code")
        .agg(
            first=pl.coalesce(first.filter(~goal).min(), first.min()),
            last=pl.coalesce(last.filter(~goal).max(), last.max()),
            goal=last.filter(goal).max(),
            # What a report says again is one figure, also with a sign of its own in a sentence.
            figures=pl.struct("breakdown", "period", "series", pl.col("value").abs()).n_unique(),
            labels=pl.col("label").unique(),
            printed=pl.col("published_as"),
        )
        .sort("measure", "municipality_code")
    )
    return [
        SearchRow(
            measure=measures[row["measure"]][f"title_{language}"] or row["measure"],
            municipality=names.get(row["municipality_code"], row["municipality_code"]),
            years=_years(row["first"] or "", row["last"] or "", row["goal"] or "", strings(language)["goal_until"]),
            figures=row["figures"],
            href=_place(row["measure"], row["municipality_code"], made, said),
            found_by=" ".join([*sorted(filter(None, row["labels"])), *_numbers(row["printed"])]),
        )
        for row in counted.iter_rows(named=True)
    ]


def _place(measure: str, code: str, made: Sequence[Page], said: Mapping[str, Said]) -> str:
    """Return where a measure of a municipality is told: in its section, else in a table of other figures, else on its page."""
    own = [page for page in made if page.municipality == code]
    subjects = [page for page in made if page.municipality is None]
    for shown, kind in ((own, "m"), (subjects, "m"), (own, "o"), (subjects, "o")):
        for page in shown:
            if f"{kind}-{measure}" in said[page.name].places:
                return f"{page.name}.html#{kind}-{measure}"
    return f"{own[0].name}.html" if own else ""


def _numbers(printed: Iterable[str | None]) -> list[str]:
    """Return the numbers of what is printed, each without its spaces."""
    found = {_SPACES.sub("", number).rstrip(".,") for text in printed for number in _NUMBER.findall(text or "")}
    return sorted(found)


def _of_municipality(rows: pl.DataFrame) -> pl.DataFrame:
    """Return a municipality's own figures of each measure; those of the country only of what no other figure is of."""
    elsewhere = [bool(part) and is_elsewhere(part, code) for part, code in rows.select("breakdown", "municipality_code").rows()]
    own = rows.filter(~pl.Series(elsewhere, dtype=pl.Boolean))
    return pl.concat([own, rows.join(own, on=["measure", "municipality_code"], how="anti")])


def _years(first: str, last: str, goal: str, until: str) -> str:
    """Return the years of figures, and up to which year goals are set beyond them."""
    span = first if first == last else f"{first}–{last}"
    return until.format(years=span, goal=goal) if goal > last else span
