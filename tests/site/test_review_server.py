"""The review page in a real browser, by keyboard alone, against a hostile document, and guarded against other sites."""

from __future__ import annotations

import asyncio
import json
import shutil
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from example_report import DOCUMENT, add, again
from socialvolym.commands.reviewing import in_notebook
from socialvolym.observations.readings import settled
from socialvolym.reports.models import RawReport
from socialvolym.site.review_server import Session, serve

HOSTILE = "<img src=x onerror=alert(1)>"
Serve = Callable[[RawReport, Path | None], str]


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Serve a report from a thread of its own; give the address."""
    monkeypatch.setenv("SOCIALVOLYM_HOME", str(tmp_path))
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    servers = []

    def start(raw: RawReport, document: Path | None) -> str:
        async def run() -> str:
            server, address = serve(Session(raw.folder, document, "Anna Lind", "sv"))
            servers.append(server)
            return address

        return asyncio.run_coroutine_threadsafe(run(), loop).result(30)

    yield start
    for server in servers:
        loop.call_soon_threadsafe(server.stop)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(30)
    loop.close()


def asked(address: str, path: str, headers: dict[str, str] | None = None, body: object = None) -> tuple[int, str, Any]:
    base = address.split("/?")[0]
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{base}/{path}", data, headers or {})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode(), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), error.headers


def test_another_site_can_neither_read_nor_decide(served: Serve) -> None:
    raw = add()
    address = served(raw, None)
    token = address.split("token=")[1]
    key = json.loads(asked(address, "state", {"X-Token": token})[1])["questions"][0]["parts"][0]["key"]
    decision = {"keys": [key], "verdict": "ja", "answers": {}}
    assert asked(address, "decide", {}, decision)[0] == 403
    assert asked(address, "decide", {"X-Token": "x" * 32}, decision)[0] == 403
    assert asked(address, "state")[0] == 403 and asked(address, "")[0] == 403
    assert asked(address, "state", {"X-Token": token, "Host": "evil.example:80"})[0] == 403
    assert not (raw.folder / "review.toml").exists()
    status, _, headers = asked(address, f"?token={token}")
    assert status == 200 and "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert asked(address, "decide", {"X-Token": token}, decision)[0] == 200
    assert (raw.folder / "review.toml").exists()


@pytest.mark.parametrize(
    "body", [[], {"keys": 3}, {"keys": ["b0"], "verdict": "ja", "answers": {}}, {"keys": [], "verdict": "hm", "answers": []}]
)
def test_what_is_no_decision_is_refused_in_one_sentence(served: Serve, body: object) -> None:
    raw = add()
    address = served(raw, None)
    status, said, _ = asked(address, "decide", {"X-Token": address.split("token=")[1]}, body)
    assert status == 422 and json.loads(said)["error"]
    assert not (raw.folder / "review.toml").exists()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if shutil.which("chromium") is None:
        pytest.skip("Chromium is not installed")
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield chromium
        chromium.close()


def opened(browser: Any, address: str) -> tuple[Any, list[str]]:
    page, said = browser.new_page(viewport={"width": 1400, "height": 900}), []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: (said.append("dialog"), dialog.dismiss()))
    page.goto(address)
    page.wait_for_selector("#queue li")
    return page, said


def test_a_notebook_on_this_machine_shows_the_page_and_decides_on_it(
    browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOCIALVOLYM_HOME", str(tmp_path))
    raw, loop = add(), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def cell() -> str:
        return str(in_notebook(raw.report.id, str(DOCUMENT), "Anna Lind")._repr_html_())

    shown = asyncio.run_coroutine_threadsafe(cell(), loop).result(30)
    (tmp_path / "lab").mkdir()
    (tmp_path / "lab" / "index.html").write_text(f"<!doctype html>{shown}", encoding="utf-8")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(tmp_path / "lab"))) as lab:
        threading.Thread(target=lab.serve_forever, args=(0.01,), daemon=True).start()
        page = browser.new_page()
        page.goto(f"http://localhost:{lab.server_address[1]}/")
        frame = page.frame_locator("iframe")
        frame.locator("#question h2").click()
        page.keyboard.press("Enter")
        frame.locator('#question h2:has-text("t003")').wait_for()
        lab.shutdown()
    assert len(again(raw).review.decision) == 1
    loop.call_soon_threadsafe(loop.stop)
    thread.join(30)


def press(page: Any, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_a_report_is_settled_by_keyboard_alone(browser: Any, served: Serve) -> None:
    raw = add()
    page, said = opened(browser, served(raw, DOCUMENT))
    assert page.locator("#question h2").inner_text().startswith("t002")
    assert "Försörjningsstöd" in page.locator("#document .here").inner_text()
    press(page, "Enter")
    page.wait_for_selector('#question h2:has-text("t003")')
    assert len(again(raw).review.decision) == 1
    # "Mål" has been read; of the two columns of outturns nothing tells the year, and the page asks for it.
    press(page, "Enter")
    for year in ("2029", "2030"):
        page.wait_for_selector("#edit input[name=period]:focus")
        page.keyboard.type(year)
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            page.keyboard.press("Enter")
        page.wait_for_selector("#edit", state="hidden")
        if year == "2029":
            press(page, "Enter")
    page.wait_for_selector('#question h2:has-text("löpande text")')
    press(page, "x", "n")
    page.wait_for_selector('#question h2:has-text("t004")')
    press(page, "e")
    page.wait_for_selector("#edit select[name=unit]:focus")
    page.keyboard.type("personer")
    page.keyboard.press("Enter")
    page.wait_for_selector('#progress:has-text("Allt är avgjort")')
    rows = settled(again(raw)).rows
    assert set(rows["state"]) == {"told", "taken_out"} and set(rows["who"]) == {None, "Anna Lind"}
    by_text = {row["text"]: (row["period"], row["unit"]) for row in rows.iter_rows(named=True)}
    assert by_text["3 950"][0] == "2029" and by_text["3 120"][0] == "2030" and by_text["120"][1] == "persons"
    press(page, "z")
    page.wait_for_selector('#progress:has-text("1 frågor kvar")')
    page.reload()
    page.wait_for_selector("#queue li.done")
    assert page.locator("#queue li.done").count() == 3 and said == []


def test_one_answer_can_be_that_of_all_columns_that_wait(browser: Any, served: Serve) -> None:
    raw = add()
    page, _ = opened(browser, served(raw, DOCUMENT))
    press(page, "n")
    page.wait_for_selector('#question h2:has-text("t003")')
    press(page, "e")
    page.locator("#edit input[name=period]").fill("2030")
    page.locator("#all").click()
    page.wait_for_selector('#question h2:has-text("löpande text")')
    decided = again(raw).review.decision
    assert [(one.table, one.scope, one.period) for one in decided] == [("t003", "column", "2030")] * 3


def test_a_measure_is_found_by_swedish_words_and_a_wrong_answer_is_said(browser: Any, served: Serve) -> None:
    raw = add()
    page, _ = opened(browser, served(raw, None))
    press(page, "m")
    page.keyboard.type("barn i familjehem")
    page.wait_for_selector('#found button:first-child:has-text("Familjehem: personer")')
    press(page, "Enter")
    page.wait_for_selector("#found:empty", state="attached")
    assert page.locator("#edit input[name=measure]").input_value() == "Familjehem: personer, barn och unga"
    page.locator("#edit input[name=period]").fill("2030-13")
    page.locator("#edit input[name=period]").press("Enter")
    page.wait_for_selector('#said:has-text("är ingen tid")')
    assert not (raw.folder / "review.toml").exists()


def test_a_hostile_document_stays_text(browser: Any, served: Serve, tmp_path: Path) -> None:
    document = tmp_path / "hostile.txt"
    text = DOCUMENT.read_text(encoding="utf-8").replace("Försörjningsstöd\t", f"{HOSTILE}\t")
    document.write_text(text.replace("Budget 2030", "'\"><script>alert(2)</script>"), encoding="utf-8")
    page, said = opened(browser, served(add(document), document))
    for _ in range(5):
        press(page, "n", "ArrowDown", "e", "Escape")
    assert page.locator("main img").count() == 0 and page.locator("main script").count() == 0
    assert [one for one in said if "dialog" in one or "Error" in one] == []
    assert HOSTILE in page.locator("main").inner_text()
