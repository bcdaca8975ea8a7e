"""Kolada: the client against a server of its own that answers as the API's version 3 does, the stored table, and what is told."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import polars as pl
import pytest
from invented import yearly
from socialvolym.errors import SocialvolymError
from socialvolym.narrative import national
from socialvolym.narrative.context import Context
from socialvolym.narrative.wording import Wording
from socialvolym.observations import facts, with_ids
from socialvolym.observations.fetched import fetched_facts
from socialvolym.observations.fetched import kolada_values as kolada
from socialvolym.observations.parameters import Settings

#: Status, body and headers of one answer.
Answer = tuple[int, Any, dict[str, str]]
GROUPS = [
    {"id": "G1", "title": "Liknande kommuner LSS, Haninge, 2022", "members": []},
    {"id": "G2", "title": "Liknande kommuner LSS, Haninge, 2024", "members": []},
    {"id": "G3", "title": "Liknande kommuner ekonomiskt bistånd, Haninge, 2023", "members": []},
    {"id": "G4", "title": "Liknande kommuner grundskola, Haninge, 2024", "members": []},
    {"id": "G5", "title": "Liknande kommuner IFO, Övre Haninge, 2024", "members": []},
]
ACCESSED = date(2026, 4, 1)


def value(number: float | None = 1.0, gender: str = "T", status: str | None = "", **more: Any) -> dict[str, Any]:
    """Return a value as Kolada gives it."""
    return {"gender": gender, "count": 1, "status": status, "value": number, "isdeleted": False, **more}


def figure(kpi: str, area: str, year: int, *values: dict[str, Any]) -> dict[str, Any]:
    """Return the values of a key figure, area and year as Kolada gives them."""
    return {"kpi": kpi, "municipality": area, "period": year, "values": list(values) or [value()]}


def page(rows: list[dict[str, Any]], next_url: str | None = None) -> Answer:
    """Return a page as Kolada gives it."""
    return 200, {"count": len(rows), "values": rows, "next_url": next_url, "previous_url": None}, {}


@dataclass
class Kolada:
    """A server; `answer` makes the answer to a path and its query, `queued` answers go before it."""

    base: str = ""
    answer: Callable[[str, dict[str, list[str]]], Answer] = lambda path, query: page([])
    queued: list[Answer] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    release: threading.Event = field(default_factory=threading.Event)

    def client(self, **settings: Any) -> kolada.Client:
        """Return a client that is quick to try again."""
        return kolada.Client(self.base, **{"timeout": (2.0, 2.0), "retries": 2, "backoff": 0.0, "pause": 0.0, **settings})


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Kolada]:
    """Kolada on this machine."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    state = Kolada()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append(self.path)
            parts = urlsplit(self.path)
            status, body, headers = state.queued.pop(0) if state.queued else state.answer(parts.path, parse_qs(parts.query))
            if status == 0:
                state.release.wait(10)
                return
            content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
            self.send_response(status)
            for name, text in {"Content-Type": "application/json", "Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, text)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        state.base = f"http://127.0.0.1:{http.server_address[1]}/v3/"
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        yield state
        state.release.set()
        http.shutdown()
        thread.join()


def everything(path: str, query: dict[str, list[str]]) -> Answer:
    """Answer like Kolada: groups by title, and for each key figure, area and year the year as value."""
    if path.endswith("/municipality_groups"):
        return page([group for group in GROUPS if query["title"][0] in group["title"]])
    kpis, areas, years = (part.split(",") for part in path.split("/")[4::2])
    assert max(map(len, (kpis, areas, years))) <= kolada.IDS
    return page([figure(kpi, area, int(year), value(float(year))) for kpi in kpis for area in areas for year in years])


def test_pages_are_followed_to_the_last(server: Kolada) -> None:
    server.queued = [
        page([figure("N1", "0136", 2022)], server.base + "data?page=2"),
        page([figure("N1", "0136", 2023)], "data?page=3"),
        page([figure("N1", "0136", 2024)]),
    ]
    assert server.client().figures(["N1"], ["0136"], [2022, 2023, 2024])["year"].to_list() == [2022, 2023, 2024]
    assert server.asked[0] == "/v3/data/kpi/N1/municipality/0136/year/2022,2023,2024?per_page=5000"


def test_a_next_page_over_http_is_asked_by_the_scheme_of_the_base() -> None:
    client = kolada.Client("https://example.org/v3/", pause=0.0)
    assert (
        client._next("https://example.org/v3/data", "http://example.org/v3/data?page=2") == "https://example.org/v3/data?page=2"
    )


def test_pages_elsewhere_or_in_a_circle_are_refused(server: Kolada) -> None:
    server.queued = [page([], "http://elsewhere.invalid/v3/data")]
    with pytest.raises(SocialvolymError, match=r"the next page is at elsewhere\.invalid"):
        server.client().figures(["N1"], ["0136"], [2022])
    server.answer = lambda path, query: page([], "data?page=2")
    with pytest.raises(SocialvolymError, match="circle"):
        server.client().figures(["N1"], ["0136"], [2022])


@pytest.mark.parametrize(("count", "requests"), [(1, 1), (25, 1), (26, 2), (51, 3)])
def test_at_most_25_ids_in_one_request(server: Kolada, count: int, requests: int) -> None:
    server.answer = everything
    found = server.client().figures([f"N{number}" for number in range(count)], ["0136", "0000"], [2022])
    assert found.height == 2 * count
    assert len(server.asked) == requests


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_or_broken_server_is_asked_again(server: Kolada, status: int) -> None:
    server.queued = [(status, "", {}), (status, "", {}), page([figure("N1", "0136", 2022)])]
    assert server.client().figures(["N1"], ["0136"], [2022]).height == 1
    assert len(server.asked) == 3


def test_the_server_says_how_long_to_wait(server: Kolada, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr("time.sleep", waits.append)
    server.queued = [(429, "", {"Retry-After": "7"}), (503, "", {"Retry-After": "9999"}), page([])]
    server.client(longest_wait=30).figures(["N1"], ["0136"], [2022])
    assert [wait for wait in waits if wait >= 1] == [7, 30]


@pytest.mark.parametrize(("status", "tries"), [(503, 3), (429, 3), (422, 1), (404, 1)])
def test_giving_up_says_what_the_server_answered(server: Kolada, status: int, tries: int) -> None:
    server.answer = lambda path, query: (status, "", {})
    with pytest.raises(SocialvolymError, match=f"Kolada answers {status}.*nothing of it was stored"):
        server.client().figures(["N1"], ["0136"], [2022])
    assert len(server.asked) == tries


def test_a_silent_server_is_given_up(server: Kolada) -> None:
    server.answer = lambda path, query: (0, "", {})
    with pytest.raises(SocialvolymError, match=r"cannot be reached .*timed out"):
        server.client(timeout=(1.0, 0.1), retries=1).figures(["N1"], ["0136"], [2022])
    assert len(server.asked) == 2


def test_no_server(server: Kolada) -> None:
    gone = server.base.rpartition(":")[0] + ":9/v3/"
    with pytest.raises(SocialvolymError, match="cannot be reached"):
        kolada.Client(gone, retries=0, pause=0.0).figures(["N1"], ["0136"], [2022])


@pytest.mark.parametrize("base", ["ftp://127.0.0.1/v3/", "http://127.0.0.1/v3", ""])
def test_a_base_url_that_cannot_be_one(base: str) -> None:
    with pytest.raises(SocialvolymError, match="address of Kolada"):
        kolada.Client(base, pause=0.0)


@pytest.mark.parametrize(
    ("broken", "place"),
    [
        ({"kpi": None}, "kpi"),
        ({"municipality": 136}, "municipality"),
        ({"period": "spring"}, "period"),
        ({"values": None}, "values"),
        ({"values": [{"gender": "X", "count": 1, "status": "", "value": 1.0}]}, r"values\.0\.gender"),
        ({"values": [{"gender": "T", "count": 1, "status": ""}]}, r"values\.0\.value"),
        ({"values": [{"gender": "T", "count": 1, "value": 1.0}]}, r"values\.0\.status"),
        ({"values": [{"gender": "T", "status": "", "value": 1.0}]}, r"values\.0\.count"),
        ({"values": [{"gender": "T", "count": 1, "status": "", "value": "many"}]}, r"values\.0\.value"),
    ],
)
def test_a_changed_field_is_named(server: Kolada, broken: dict[str, Any], place: str) -> None:
    server.queued = [page([figure("N1", "0136", 2022) | broken])]
    with pytest.raises(SocialvolymError, match=f"{place}: .*Has the API changed"):
        server.client().figures(["N1"], ["0136"], [2022])


@pytest.mark.parametrize("body", [{"results": []}, [], {"values": [{"kpi": "N1"}], "next_url": None}])
def test_a_changed_answer_is_refused(server: Kolada, body: Any) -> None:
    server.queued = [(200, body, {})]
    with pytest.raises(SocialvolymError, match="Has the API changed"):
        server.client().figures(["N1"], ["0136"], [2022])


def test_an_answer_that_is_not_json(server: Kolada) -> None:
    server.queued = [(200, "<html>welcome</html>", {"Content-Type": "text/html"})]
    with pytest.raises(SocialvolymError, match="not JSON"):
        server.client().figures(["N1"], ["0136"], [2022])


@pytest.mark.parametrize(("rows", "refused"), [(2, True), (1, False)])
def test_a_full_page_must_say_whether_there_is_another(
    server: Kolada, monkeypatch: pytest.MonkeyPatch, rows: int, refused: bool
) -> None:
    monkeypatch.setattr(kolada, "ROWS", 2)
    server.queued = [(200, {"values": [figure("N1", "0136", 2022 + row) for row in range(rows)]}, {})]
    if refused:
        with pytest.raises(SocialvolymError, match="next_url"):
            server.client().figures(["N1"], ["0136"], [2022])
    else:
        assert server.client().figures(["N1"], ["0136"], [2022]).height == 1


def test_a_value_that_comes_twice_is_refused(server: Kolada) -> None:
    server.queued = [page([figure("N1", "0136", 2022), figure("N1", "0136", 2022)])]
    with pytest.raises(SocialvolymError, match="more than once"):
        server.client().figures(["N1"], ["0136"], [2022])


def areas(client: kolada.Client) -> list[kolada.Area]:
    """Return Haninge, the country and Haninge's peer groups."""
    country = kolada.parts()["country"]
    return [kolada.Area("0136", "municipality", "0136", "Haninge"), *country, *kolada.peer_groups(client, "0136")]


def test_peer_groups_are_the_latest_of_the_municipality_itself(server: Kolada) -> None:
    server.answer = everything
    found = kolada.peer_groups(server.client(), "0136")
    assert [(area.area, area.municipality_code, area.domain) for area in found] == [
        ("G2", "0136", "lss"),
        ("G3", "0136", "economic_assistance"),
    ]


def test_the_parts_are_the_country_and_every_municipality_once() -> None:
    parts = kolada.parts()
    assert max(map(len, parts.values())) == kolada.IDS
    assert len({area.area for each in parts.values() for area in each}) == sum(map(len, parts.values())) == 291


def test_fetched_values_have_status_date_and_a_row_for_what_is_missing(server: Kolada) -> None:
    def answer(path: str, query: dict[str, list[str]]) -> Answer:
        if path.endswith("/municipality_groups"):
            return everything(path, query)
        return page(
            [
                figure("N28801", "0136", 2022, value(12.0), value(5.0, "K"), value(7.0, "M")),
                figure("N28801", "0136", 2023, value(None, status="Missing")),
                figure("N28801", "0000", 2022, value(None, status="Private")),
                figure("N28801", "0000", 2023, value(None, status="Ej tillämplig")),
                figure("N28801", "G2", 2022, value(0.0)),
                figure("N28801", "G2", 2023, value(3.0, isdeleted=True)),
                figure("N28801", "G3", 2022, value(9.0)),
                figure("N31848", "0136", 2022, value(None, status="On strike")),
            ]
        )

    server.answer = answer
    values = kolada.fetch(server.client(), areas(server.client()), [2022, 2023], ACCESSED)
    assert values.schema == kolada.VALUE_SCHEMA
    housing = values.filter(kpi="N28801").select("area", "year", "gender", "value", "status").rows()
    assert housing == [
        ("0136", 2022, "T", 12.0, "published"),
        ("0136", 2022, "K", 5.0, "published"),
        ("0136", 2022, "M", 7.0, "published"),
        ("0136", 2023, "T", None, "not_available"),
        ("0000", 2022, "T", None, "suppressed"),
        ("0000", 2023, "T", None, "not_applicable"),
        ("G2", 2022, "T", 0.0, "published"),
        ("G2", 2023, "T", None, "not_available"),
    ]
    assert values.filter(area="G3")["kpi"].unique().sort().to_list() == sorted(
        facts.kolada_measures().filter(domain="economic_assistance")["kpi"]
    )
    assert values["accessed"].unique().to_list() == [ACCESSED]
    assert values["source"].unique().to_list() == [server.base]
    assert values["municipality_code"].to_list().count(None) == 2 * facts.kolada_measures().height
    assert kolada.unknown_words(values) == ["On strike"]


def test_nothing_at_all_is_an_error(server: Kolada) -> None:
    with pytest.raises(SocialvolymError, match="no values for Upplands Väsby in 2022-2023"):
        kolada.fetch(server.client(), kolada.parts()["0114"][:1], [2022, 2023], ACCESSED)


def test_without_areas_nothing_is_asked(server: Kolada) -> None:
    assert kolada.fetch(server.client(), [], [2022], ACCESSED).is_empty()
    assert server.asked == []


@pytest.fixture
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the fetched facts, empty."""
    monkeypatch.setattr(fetched_facts, "place", lambda part: tmp_path / f"{part}.parquet")
    return tmp_path


def test_a_stored_table_that_cannot_be_used(stored: Path) -> None:
    assert kolada.load() is None
    fetched_facts.place("kolada-country").write_bytes(b"PAR1")
    with pytest.raises(SocialvolymError, match="damaged"):
        kolada.load()
    pl.DataFrame({"kpi": ["N1"]}).write_parquet(fetched_facts.place("kolada-country"))
    with pytest.raises(SocialvolymError, match="other columns"):
        kolada.load()


def context(language: Any = "en", codes: tuple[str, ...] = ("0136",), years: tuple[int, int] = (2022, 2023)) -> Context:
    """Return what an invented page is told from."""
    return Context(
        settings=Settings(language, codes, *years),
        words=Wording(language),
        observations=with_ids(yearly(2022, 1.0, 2.0)),
        findings=pl.DataFrame(),
        reports=(),
    )


def rows(*values: tuple[str, str, str | None, int, float | None, str], kpi: str = "N28801") -> pl.DataFrame:
    """Return stored values: area, kind, municipality, year, value, status."""
    shared = {
        "kpi": kpi,
        "title": "Liknande kommuner LSS, Haninge, 2024",
        "gender": "T",
        "count": 1,
        "kolada_status": None,
        "accessed": ACCESSED,
        "source": "https://example.org/v3/",
        "licence": "CC BY 4.0",
    }
    names = ("area", "kind", "municipality_code", "year", "value", "status")
    return pl.DataFrame([shared | dict(zip(names, entry, strict=True)) for entry in values], schema=kolada.VALUE_SCHEMA)


STORED = rows(
    ("0000", "country", None, 2022, 30_000.4, "published"),
    ("0000", "country", None, 2023, None, "not_available"),
    ("0136", "municipality", "0136", 2022, 101.0, "published"),
    ("0136", "municipality", "0136", 2023, None, "suppressed"),
    ("0126", "municipality", "0126", 2022, 777.0, "published"),
    ("0126", "municipality", "0126", 2023, 778.0, "published"),
    ("G2", "peer_group", "0136", 2022, 88.0, "published"),
    ("G2", "peer_group", "0136", 2023, None, "not_available"),
)


@pytest.mark.parametrize(("language", "said"), [("en", "have not been fetched"), ("sv", "inte hämtade")])
def test_without_fetched_figures_the_page_says_so(stored: Path, language: Any, said: str) -> None:
    told = national.national(context(language), ["lss_housing_residents"])
    assert said in told and "<table" not in told


def test_measures_without_a_key_figure_are_not_told(stored: Path) -> None:
    assert national.national(context(), ["persons_with_measures"]) == ""


def test_the_country_stands_beside_the_chosen_municipalities(stored: Path) -> None:
    fetched_facts.store(pl.concat([STORED, STORED.with_columns(gender=pl.lit("K"), value=pl.lit(5.0))]), "kolada-country")
    told = national.national(context(), ["persons_with_measures", "lss_housing_residents"])
    shown = re.findall(r"<tr>(<td.*?)</tr>", told)
    assert shown == [
        '<td>Haninge</td><td class="n">101</td><td class="n">withheld</td>',
        '<td><span lang="sv">Liknande kommuner LSS, Haninge, 2024</span> (unweighted mean)</td>'
        '<td class="n">88</td><td class="n">no figure</td>',
        '<td>Sweden</td><td class="n">30,000</td><td class="n">no figure</td>',
    ]
    for text in (
        "1 April 2026",
        "N28801",
        "Kolada counts on 1 October.",
        "Reported month by month.",
        "Totals follow the size",
        "Source: Kolada",
    ):
        assert text in told


def test_the_page_in_swedish(stored: Path) -> None:
    fetched_facts.store(STORED, "kolada-country")
    told = national.national(context("sv"), ["lss_housing_residents"])
    for text in ("1 april 2026", "Riket", "30 000", "Kolada räknar den 1 oktober.", "Källa: Kolada", "(ovägt medel)"):
        assert text in told.replace("\xa0", " ")


def test_shares_have_a_decimal_and_no_word_of_size(stored: Path) -> None:
    fetched_facts.store(rows(("0136", "municipality", "0136", 2022, 31.25, "published"), kpi="N31814"), "kolada-0136")
    told = national.national(context(), ["long_term_recipients_share"])
    assert '<td class="n">31.3</td>' in told
    assert "Totals follow" not in told


def test_what_was_not_fetched_is_said(stored: Path) -> None:
    fetched_facts.store(STORED, "kolada-country")
    assert "Not fetched from Kolada: Österåker." in national.national(context(codes=("0136", "0117")), ["lss_housing_residents"])
    late = national.national(context(years=(2015, 2018)), ["lss_housing_residents"])
    assert "Nothing has been fetched for these years" in late
    assert "<table" not in late


def test_every_reference_time_and_status_has_a_sentence() -> None:
    for words in (Wording("en"), Wording("sv")):
        for time in facts.kolada_measures()["reference_time"].unique():
            assert words.say(f"kolada.reference_time.{time}")
        for status in set(kolada._known().statuses.values()):
            assert words.say(f"status.{status}")
