"""Kolada: a client of the national key figures' open API (version 3), and the table of the figures that were fetched.

Three clients are on the Python package index, and none is used. pykolada 1.0.0 and kolada_scraper 0.0.4 speak version 2, which
closed on 2026-03-31. koladapy 1.0.1 speaks version 3, but it logs a batch that failed and goes on with the rest, tries neither
time-outs nor 5xx again, and turns a field that is gone into an empty column: a table could be incomplete without anyone knowing.
So this project's own asking.py asks, and pydantic checks what comes.

Kolada asks for "Källa: Kolada" where its figures are shown, and for its name to be left out where they have been worked on:
nothing is computed here. The value of a group of similar municipalities is Kolada's own unweighted mean.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeVar
from urllib.parse import urljoin, urlsplit

import polars as pl
from pydantic import BaseModel, ConfigDict

from socialvolym import vocabulary
from socialvolym.observations import facts
from socialvolym.observations.fetched import fetched_facts
from socialvolym.observations.fetched.asking import Service
from socialvolym.toml_files import Data

COUNTRY = "0000"
#: The API's limits: ids in one part of a path, and rows on a page.
IDS, ROWS = 25, 5000

#: One row a value; a value that Kolada does not have is a row with null. kind: municipality, country or peer_group (then
#: municipality_code is the municipality whose peers they are, and title is Kolada's name of the group).
VALUE_SCHEMA = pl.Schema(
    {
        "kpi": pl.String(),
        "area": pl.String(),
        "kind": pl.String(),
        "municipality_code": pl.String(),
        "title": pl.String(),
        "year": pl.Int64(),
        "gender": pl.String(),
        "value": pl.Float64(),
        "count": pl.Int64(),
        "status": pl.String(),
        "kolada_status": pl.String(),
        **fetched_facts.PROVENANCE,
    }
)
_ASKED = ("kpi", "area", "kind", "municipality_code", "title", "year")
_ANSWERED = ("kpi", "area", "year", "gender", "value", "count", "kolada_status")
_KEY = ("kpi", "area", "year", "gender")


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class _Value(_Answer):
    gender: Literal["T", "K", "M"]
    count: int | None
    status: str | None
    value: float | None
    isdeleted: bool = False


class _Figure(_Answer):
    kpi: str
    municipality: str
    period: int
    values: list[_Value]


class _Group(_Answer):
    id: str
    title: str


class _Page(_Answer):
    values: list[dict[str, Any]]
    next_url: str | None = None


_Model = TypeVar("_Model", bound=BaseModel)


class _Known(Data):
    """kolada_values.toml."""

    statuses: dict[str, Literal["not_available", "suppressed", "not_applicable"]]
    peer_groups: dict[str, str]


@lru_cache(maxsize=1)
def _known() -> _Known:
    return _Known(**tomllib.loads((Path(__file__).with_name("kolada_values.toml")).read_text(encoding="utf-8")))


class Area(NamedTuple):
    """What Kolada has figures of: a municipality, the country, or the peer group of a municipality in one domain."""

    area: str
    kind: Literal["municipality", "country", "peer_group"]
    municipality_code: str | None
    title: str
    domain: str | None = None


@dataclass(frozen=True)
class Client(Service):
    """Kolada at an address."""

    name: str = "Kolada"

    def figures(self, kpis: Sequence[str], areas: Sequence[str], years: Sequence[int]) -> pl.DataFrame:
        """Return the values of key figures (kpi, area, year, gender, value, count, kolada_status); deleted ones are left out."""
        rows = []
        for parts in product(_chunks(kpis), _chunks(areas), _chunks([str(year) for year in years])):
            path = "data/kpi/{}/municipality/{}/year/{}".format(*(",".join(part) for part in parts))
            for found in self._rows(path, {}, _Figure):
                key = (found.kpi, found.municipality, found.period)
                rows += [
                    (*key, value.gender, value.value, value.count, value.status or None)
                    for value in found.values
                    if not value.isdeleted
                ]
        frame = pl.DataFrame(rows, schema=_schema(_ANSWERED), orient="row")
        twice = frame.filter(pl.struct(_KEY).is_duplicated())
        if twice.height:
            raise self.problem(self.base, f"Kolada gives {twice.select(_KEY).row(0)} more than once", "Try again later")
        return frame

    def groups(self, title: str) -> list[_Group]:
        """Return the groups of municipalities whose title contains a text."""
        return list(self._rows("municipality_groups", {"title": title}, _Group))

    def _rows(self, path: str, asked: dict[str, str], model: type[_Model]) -> Iterator[_Model]:
        url: str | None = self.base + path
        seen: set[str] = set()
        while url:
            if url in seen:
                raise self.problem(url, "Kolada's pages lead in a circle", "Try again later")
            content = self.get(url, None if seen else {**asked, "per_page": str(ROWS)})
            seen.add(url)
            page = self.checked(_Page, content, url)
            yield from (self.checked(model, row, url) for row in page.values)
            if "next_url" not in page.model_fields_set and len(page.values) >= ROWS:
                raise self.problem(url, "a full page without the field next_url", "Has Kolada's API changed?")
            url = self._next(url, page.next_url)

    def _next(self, url: str, following: str | None) -> str | None:
        """Return the next page's URL, by the base's scheme; a page on another host is refused."""
        if not following:
            return None
        target, base = urlsplit(urljoin(url, following)), urlsplit(self.base)
        if target.netloc != base.netloc:
            raise self.problem(url, f"the next page is at {target.netloc}, not at {base.netloc}", "Has Kolada's API moved?")
        return target._replace(scheme=base.scheme).geturl()


def _schema(names: Iterable[str]) -> pl.Schema:
    return pl.Schema({name: VALUE_SCHEMA[name] for name in names})


def _chunks(ids: Sequence[str]) -> list[Sequence[str]]:
    return [ids[start : start + IDS] for start in range(0, len(ids), IDS)]


def parts() -> dict[str, list[Area]]:
    """Return the areas that are asked for together, by the name of their part: the country, and all municipalities by 25."""
    named = [Area(code, "municipality", code, name) for code, name in vocabulary.municipalities().items()]
    chunks = [named[start : start + IDS] for start in range(0, len(named), IDS)]
    return {"country": [Area(COUNTRY, "country", None, "Riket")], **{chunk[0].area: chunk for chunk in chunks}}


def peer_groups(client: Client, code: str) -> list[Area]:
    """Return the latest peer group of a municipality in each domain, where Kolada has one."""
    place = vocabulary.municipalities()[code]
    titled = client.groups(place)
    found = []
    for domain, kind in _known().peer_groups.items():
        form = re.compile(rf"Liknande kommuner,? {re.escape(kind)},? {re.escape(place)}(?:,? (\d{{4}}))?", re.IGNORECASE)
        named = [(match[1] or "", group) for group in titled if (match := form.fullmatch(group.title.strip()))]
        if named:
            _, group = max(named, key=lambda pair: pair[0])
            found.append(Area(group.id, "peer_group", code, group.title.strip(), domain))
    return found


def fetch(client: Client, areas: Sequence[Area], years: Sequence[int], accessed: date) -> pl.DataFrame:
    """Fetch the key figures of kolada_measures.csv for areas.

    Returns
    -------
    VALUE_SCHEMA, with a row for each key figure, area and year: where Kolada has none, value is null and status not_available.

    Raises
    ------
    SocialvolymError
        where Kolada cannot be reached, gives something else than is known of it, or has none of the values.
    """
    domains = dict(facts.kolada_measures().select("kpi", "domain").iter_rows())
    values = client.figures(list(domains), [area.area for area in areas], years)
    if areas and values["value"].is_null().all():
        what = f"there are no values for {', '.join(area.title for area in areas)} in {years[0]}-{years[-1]}"
        raise client.problem(client.base, what, "Are the ids in kolada_measures.csv still Kolada's?")
    wanted = [(kpi, *area[:4], year) for kpi, area, year in product(domains, areas, years) if area.domain in (None, domains[kpi])]
    grid = pl.DataFrame(wanted, schema=_schema(_ASKED), orient="row")
    return _typed(grid.join(values, on=["kpi", "area", "year"], how="left", maintain_order="left"), accessed, client.base)


def _typed(frame: pl.DataFrame, accessed: date, source: str) -> pl.DataFrame:
    """Return values with their status, date of access and source."""
    word = pl.col("kolada_status").str.to_lowercase().str.replace_all(r"[\s_]", "")
    status = word.replace_strict(_known().statuses, default="not_available", return_dtype=pl.String).fill_null("not_available")
    return frame.with_columns(
        gender=pl.col("gender").fill_null("T"),
        accessed=pl.lit(accessed),
        source=pl.lit(source),
        licence=pl.lit(fetched_facts.sources().kolada.licence),
        status=pl.when(pl.col("value").is_not_null()).then(pl.lit("published")).otherwise(status),
    ).select(VALUE_SCHEMA.names())


def unknown_words(values: pl.DataFrame) -> list[str]:
    """Return Kolada's words for missing values that kolada_values.toml does not know."""
    words = values.filter(pl.col("value").is_null())["kolada_status"].drop_nulls().unique().sort().to_list()
    return [word for word in words if re.sub(r"[\s_]", "", word.lower()) not in _known().statuses]


def load() -> pl.DataFrame | None:
    """Return the fetched values (VALUE_SCHEMA), or None where nothing has been fetched; errors as in fetched_facts.scan."""
    values = fetched_facts.scan("kolada", dict(VALUE_SCHEMA)).collect()
    return None if values.is_empty() else values
