"""Statistics Sweden: the client against a server that answers as PxWebApi 2 does, and `socialvolym facts` as a whole."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import polars as pl
import pytest
from click.testing import CliRunner, Result
from invented_facts import own_facts
from socialvolym import vocabulary
from socialvolym.commands.fetching import facts as command
from socialvolym.errors import SocialvolymError
from socialvolym.observations import facts
from socialvolym.observations.fetched import fetched_facts, statistics_sweden

__all__ = ["own_facts"]

CODES = list(vocabulary.municipalities())
TODAY = date(2026, 4, 1)
#: What each table has besides single years of age: its contents, civil statuses, sexes, oldest age and total.
TABLES: dict[str, dict[str, Any]] = {
    "TAB638": {"contents": "BE0101N1", "kon": ["1", "2"], "ages": ["100+", "tot"], "years": ["2023", "2024"], "civil": []},
    "TAB5557": {
        "contents": "000007ME",
        "kon": ["1", "2", "TotSa"],
        "ages": ["100+1", "TOT1"],
        "years": ["2025"],
        "civil": ["SC"],
    },
}


def cube(dimensions: dict[str, list[str]], value: Any) -> dict[str, Any]:
    """Return a json-stat2 answer as Statistics Sweden gives it."""
    return {
        "version": "2.0",
        "class": "dataset",
        "source": "SCB",
        "id": list(dimensions),
        "size": [len(codes) for codes in dimensions.values()],
        "dimension": {
            name: {"label": name, "category": {"index": {code: place for place, code in enumerate(codes)}}}
            for name, codes in dimensions.items()
        },
        **({} if value is None else {"value": value}),
    }


def inhabitants(sex: str, age: str) -> int:
    """Return the made-up inhabitants of every municipality: 10 men and 20 women of each year of age."""
    one = {"1": 10, "2": 20, "TotSa": 30}[sex]
    return one * 101 if age.lower().startswith("tot") else one


@dataclass
class Server:
    """The services on this machine; `refuse` answers instead of them, `regions` are the municipalities that they have."""

    base: str = ""
    refuse: int = 0
    regions: list[str] = field(default_factory=lambda: [*CODES, "0010"])
    asked: list[str] = field(default_factory=list)

    def answer(self, path: str, query: dict[str, str]) -> Any:
        """Return what is answered to a path and its parameters."""
        if path.startswith("/kolada/"):
            if path.endswith("municipality_groups"):
                return {"values": [], "next_url": None}
            kpis, areas, years = (part.split(",") for part in path.split("/")[4::2])
            one = [{"gender": "T", "count": 1, "status": "", "value": 1.0, "isdeleted": False}]
            asked = product(kpis, areas, years[:1])
            return {
                "values": [{"kpi": k, "municipality": a, "period": int(y), "values": one} for k, a, y in asked],
                "next_url": None,
            }
        table = path.split("/")[3]
        if table == "TAB4352":
            assert query["valueCodes[ContentsCode]"] == "000000KL"
            return cube({"ContentsCode": ["000000KL"], "Tid": ["2024", "2025"]}, [415.5, None])
        about = TABLES[table]
        if path.endswith("/metadata"):
            return cube({"Region": self.regions, "Tid": about["years"]}, None)
        ages = query["valueCodes[Alder]"].split(",")
        assert query["valueCodes[Region]"] == "????"
        assert query["outputFormat"] == "json-stat2"
        assert set(ages) == {*map(str, range(100)), *about["ages"]}
        dimensions = {
            "Region": self.regions,
            "Alder": ages,
            "Kon": query["valueCodes[Kon]"].split(","),
            "ContentsCode": [about["contents"]],
        }
        dimensions |= {"Civilstand": about["civil"]} if about["civil"] else {}
        dimensions |= {"Tid": query["valueCodes[Tid]"].split(",")}
        return cube(dimensions, [inhabitants(sex, age) for _, age, sex in product(self.regions, ages, dimensions["Kon"])])


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, own_facts: Path) -> Iterator[Server]:
    """The services, with an empty folder of fetched facts and no pauses."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append(self.path)
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            content = b"" if state.refuse else json.dumps(state.answer(parts.path, query)).encode()
            self.send_response(state.refuse or 200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        state.base = f"http://127.0.0.1:{http.server_address[1]}/"
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        yield state
        http.shutdown()
        thread.join()


def run(server: Server, *options: str) -> Result:
    return CliRunner().invoke(command, ["--scb", f"{server.base}scb/", "--kolada", f"{server.base}kolada/", *options])


@pytest.mark.parametrize(("place", "year", "sexes"), [(0, 2024, 2), (1, 2025, 3)])
def test_a_year_has_every_municipality_age_and_sex(server: Server, place: int, year: int, sexes: int) -> None:
    scb = statistics_sweden.service(f"{server.base}scb/")
    table = fetched_facts.sources().population[place]
    found = statistics_sweden.population(scb, table, year, TODAY)
    assert found.schema == fetched_facts.PEOPLE_SCHEMA
    assert found.height == 290 * 3 * 102
    haninge = found.filter(municipality_code="0136")
    assert haninge.filter(pl.col("age").is_null()).select("sex", "population").sort("sex").rows() == [
        (None, 3030),
        ("men", 1010),
        ("women", 2020),
    ]
    assert haninge.filter(age=100)["population"].sum() == 60
    assert haninge.row(0, named=True)["source"].endswith(f"{table.table}/data")


def test_a_municipality_that_is_missing_is_named(server: Server) -> None:
    server.regions = CODES[1:]
    scb = statistics_sweden.service(f"{server.base}scb/")
    with pytest.raises(SocialvolymError, match="1 of 290 municipalities lack an age or a sex: Upplands Väsby"):
        statistics_sweden.population(scb, fetched_facts.sources().population[0], 2024, TODAY)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"value": [1.0]}, "1 values for 2 places"),
        ({"value": None}, "value.*Has the API changed"),
        ({"dimension": {}}, "has no Tid"),
        ({"value": {"7": 2.0}}, "not one index a year"),
    ],
)
def test_a_changed_answer_is_refused(server: Server, monkeypatch: pytest.MonkeyPatch, changed: dict[str, Any], said: str) -> None:
    right = server.answer("/scb/tables/TAB4352/data", {"valueCodes[ContentsCode]": "000000KL"})
    monkeypatch.setattr(server, "answer", lambda path, query: right | changed)
    with pytest.raises(SocialvolymError, match=said):
        statistics_sweden.prices(statistics_sweden.service(f"{server.base}scb/"), TODAY)


def test_values_may_come_sparse(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    right = server.answer("/scb/tables/TAB4352/data", {"valueCodes[ContentsCode]": "000000KL"})
    monkeypatch.setattr(server, "answer", lambda path, query: right | {"value": {"1": 420.0}})
    assert statistics_sweden.prices(statistics_sweden.service(f"{server.base}scb/"), TODAY)["year"].to_list() == [2025]


def test_one_run_has_the_facts_of_every_municipality_and_the_next_asks_for_nothing_old(server: Server) -> None:
    first = run(server)
    assert first.exit_code == 0, first.output
    assert "population: 3 parts fetched; 3 are stored" in first.output
    people = facts.population()
    assert people.filter(pl.col("year").is_in([2023, 2024, 2025]))["municipality_code"].n_unique() == 290
    assert facts.known_inhabitants(facts.Group(0, 20, "women"))["0136", 2025][:2] == (21 * 20, "published")
    assert facts.price_index()[2024] == 415.5 and not facts.is_provisional(2024)
    assert 2025 not in facts.price_index()
    server.asked.clear()
    second = run(server)
    assert "population: 0 parts fetched; 3 are stored" in second.output
    # Which years there are, and whether municipalities with reports have come, is all that is asked.
    assert [urlsplit(path).path.split("/")[-1] for path in server.asked] == ["metadata", "metadata"]


def test_what_is_old_is_asked_for_again_but_for_closed_tables(server: Server) -> None:
    run(server, "--only", "population")
    for year in (2024, 2025):
        os.utime(fetched_facts.place(f"population-{year}"), (0, 0))
    assert "population: 1 parts fetched; 3 are stored, the oldest of 1970-01-01" in run(server, "--only", "population").output


def test_broken_off_it_goes_on_where_it_was(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, calls = statistics_sweden.population, []

    def once(*args: Any) -> pl.DataFrame:
        calls.append(args[2])
        if len(calls) == 2:
            raise KeyboardInterrupt
        return whole(*args)

    monkeypatch.setattr(statistics_sweden, "population", once)
    run(server, "--only", "population")
    run(server, "--only", "population")
    assert calls == [2023, 2024, 2024, 2025]


def test_without_a_network_it_goes_on_with_what_there_is_and_says_of_when(server: Server) -> None:
    run(server)
    server.refuse = 503
    later = run(server, "--again")
    assert later.exit_code == 0
    assert later.output.count("the rest is as it was") == 3
    assert f"the oldest of {date.today()}" in later.output
    assert facts.known_inhabitants()["0136", 2024][:2] == (3030, "published")


def test_without_a_network_and_without_facts_it_fails(server: Server) -> None:
    server.refuse = 503
    failed = run(server, "--only", "prices")
    assert "there is nothing yet" in failed.output
    assert isinstance(failed.exception, SocialvolymError)


def test_an_answer_of_another_form_fails_and_keeps_the_earlier_one(server: Server) -> None:
    run(server, "--only", "prices")
    server.refuse = 404
    failed = run(server, "--only", "prices", "--again")
    assert isinstance(failed.exception, SocialvolymError)
    assert facts.price_index()[2024] == 415.5
