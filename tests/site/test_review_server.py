"""The review page in a real browser, by keyboard alone, against a hostile document, and guarded against other sites."""

from __future__ import annotations

import asyncio
import json
import shutil
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from example_report import DOCUMENT, add, again
from socialvolym.commands.reviewing import in_notebook
from socialvolym.observations.readings import settled
from socialvolym.reports.answers import read_answer
from socialvolym.reports.models import RawReport
from socialvolym.reports.review import Decision, store_review
from socialvolym.site.review_server import Session, serve

HOSTILE = "<img src=x onerror=alert(1)>"
Serve = Callable[[RawReport, Path | None], str]


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Serve a report from a thread of its own; give the address."""
    monkeypatch.setenv("SOCIALVOLYM_HOME", str(tmp_path))
    (tmp_path / "expectations").symlink_to(ROOT / "expectations")
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
    page.wait_for_selector('#progress:has-text("1 fråga kvar")')
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
    page.wait_for_selector('#found [aria-selected=true]:has-text("Familjehem: personer")')
    press(page, "Enter")
    page.wait_for_selector('#found .taken:has-text("Familjehem: personer, barn och unga (personer)")')
    assert page.locator("#edit input[name=measure]").input_value() == "Familjehem: personer, barn och unga"
    page.locator("#edit input[name=period]").fill("2030-13")
    page.locator("#edit input[name=period]").press("Enter")
    page.wait_for_selector('#said:has-text("är ingen tid")')
    assert not (raw.folder / "review.toml").exists()


def selected(page: Any) -> list[str]:
    return [text.split(":")[0] for text in page.locator("#question li.now strong").all_inner_texts()]


def test_no_key_falls_on_a_settled_part_unseen(browser: Any, served: Serve) -> None:
    raw = add()
    page, _ = opened(browser, served(raw, None))
    press(page, "n")
    page.wait_for_selector('#question h2:has-text("t003")')
    assert selected(page) == ["Utfall", "Utfall (2)", "Mål"]
    assert page.locator("#question em").all_inner_texts() == ["ej läst", "ej läst", "förslag"]
    press(page, "Enter")
    page.wait_for_selector("#edit input[name=period]:focus")
    press(page, "Escape")
    walked = []
    for _ in range(4):
        walked.append(selected(page))
        press(page, "ArrowDown")
    assert walked == [["Utfall"], ["Utfall (2)"], ["Utfall", "Utfall (2)"], ["Utfall"]]
    page.locator('#question li:has-text("Mål")').click()
    for key in ("x", "m", "Enter", "x"):
        press(page, key)
        page.wait_for_selector(f'#said:has-text("redan avgjord. Tryck {key} igen")')
    assert {one.verdict for one in again(raw).review.decision} == {"figure"} and page.locator("#edit").is_hidden()
    press(page, "x")
    page.wait_for_selector("#grid td.taken_out", state="attached")
    taken = settled(again(raw)).rows
    assert set(taken.filter(taken["column_label"] == "Mål")["state"]) == {"taken_out"}


def test_guesses_are_marked_and_looked_at_one_by_one(browser: Any, served: Serve, tmp_path: Path) -> None:
    document = tmp_path / "guess.txt"
    sentences = "Under 2030 placerades 61 barn och unga utanför hemmet. I familjehem bodde 14 barn och 9 hushåll fick bistånd."
    text = DOCUMENT.read_text(encoding="utf-8").replace("Under året placerades 61 barn och unga utanför hemmet.", sentences)
    document.write_text(text, encoding="utf-8")
    raw = add(document)
    page, _ = opened(browser, served(raw, None))
    page.locator('#queue button:has-text("61")').click()
    page.wait_for_selector('#question h2:has-text("61; 14; 9")')
    assert page.locator("#question em").all_inner_texts() == ["förslag", "gissning", "gissning"]
    decided = []
    for said in ("en gissning. Enter godtar den", "", ""):
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            press(page, "Enter")
        page.wait_for_selector(f'#said:has-text("{said}")' if said else "#said:empty", state="attached")
        decided.append([one.text for one in again(raw).review.decision])
    assert [set(them) for them in decided] == [{"61"}, {"61", "14"}, {"61", "14", "9"}]


@pytest.mark.parametrize(
    ("key", "states"), [("Enter", ["taken_out", "waiting"]), ("r", ["taken_out", "waiting"]), ("o", ["told", "waiting"])]
)
def test_a_figure_that_another_has_replaced_is_taken_out_or_kept_by_one_key(
    browser: Any, served: Serve, tmp_path: Path, key: str, states: list[str]
) -> None:
    document = tmp_path / "replaced.txt"
    sentence = "Under 2030 hade 73 personer ledsagarservice. I årsredovisningen för 2029 angavs 58 personer med avlösarservice."
    document.write_text(f"{DOCUMENT.read_text(encoding='utf-8')}\n{sentence}\n", encoding="utf-8")
    raw = add(document)
    page, _ = opened(browser, served(raw, None))
    page.locator('#queue button:has-text("58")').click()
    page.wait_for_selector('#question h2:has-text("58")')
    assert "ersatt" in page.locator("#question").inner_text()
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        press(page, key)
    rows = settled(again(raw)).rows
    assert [rows.filter(rows["text"] == text)["state"].item() for text in ("58", "73")] == states


def test_hits_show_while_typing_and_the_marked_one_is_shown_before_it_is_saved(browser: Any, served: Serve) -> None:
    raw = add()
    page, _ = opened(browser, served(raw, None))
    press(page, "m")
    page.wait_for_selector("#found [role=option]")
    assert page.locator("#found [role=option]").count() > 400 and page.locator("#found [aria-selected=true]").count() == 0
    page.keyboard.type("vårddygn i familjehem")
    page.wait_for_selector('#found [aria-selected=true]:has-text("Vårddygn i familjehem")')
    press(page, "ArrowDown")
    marked = page.locator("#found [aria-selected=true]").inner_text()
    assert "Vårddygn i familjehem" not in marked
    press(page, "Enter")
    page.wait_for_selector("#found .taken")
    assert marked.split(" (")[0] in page.locator("#found .taken").inner_text() and again(raw).review.decision == ()
    press(page, "Enter")
    page.wait_for_selector("#edit", state="hidden")
    (made,) = again(raw).review.decision
    assert made.measure == read_answer("measure", marked.split(" (")[0], 2030, "sv")


def test_a_hit_that_somebody_has_moved_to_stays_marked_when_a_later_list_lacks_it(browser: Any, served: Serve) -> None:
    raw = add()
    page, _ = opened(browser, served(raw, None))
    held: list[Any] = []
    page.route("**/search?q=v%C3%A5rddygn%20i%20familjehem**", lambda route: held.append(route))
    press(page, "m")
    page.keyboard.type("vårddygn")
    page.wait_for_selector('#found [aria-selected=true]:has-text("Vårddygn")')
    page.keyboard.type(" i familjehem")
    press(page, "ArrowDown")
    marked = page.locator("#found [aria-selected=true]").inner_text()
    held[-1].fulfill(json=[])
    page.wait_for_selector("#found [role=option]:nth-child(3)", state="detached")
    assert page.locator("#found [aria-selected=true]").inner_text() == marked
    press(page, "Enter")
    assert page.locator("#found .taken").inner_text().startswith(f"Valt: {marked.split(' (')[0]}")


def test_a_new_measure_is_composed_on_the_page(browser: Any, served: Serve) -> None:
    raw = add()
    page, said = opened(browser, served(raw, None))
    press(page, "m")
    page.keyboard.type("qqq")
    page.wait_for_selector('#found:has-text("Inget mått har de orden")')
    page.locator("#found [role=option]").last.click()
    page.wait_for_selector(".new select:focus")
    fields = page.locator(".new select")
    press(page, "Enter")
    page.wait_for_selector('#said:has-text("välj verksamhet och storhet")')
    for number, title in enumerate(("Stödboende", "andel", "kvinnor", "31 december")):
        fields.nth(number).select_option(title)
    page.locator(".new input").fill("av alla boende")
    press(page, "Enter")
    page.wait_for_selector('#found .taken:has-text("Stödboende: andel, kvinnor")')
    press(page, "Enter")
    page.wait_for_selector("#edit", state="hidden")
    (made,) = again(raw).review.decision
    assert made.measure and made.measure.startswith("supported_housing.share.women") and "av_alla_boende" in made.measure
    assert [one for one in said if "422" not in one] == []


def test_a_table_that_was_asked_at_once_can_be_parted(browser: Any, served: Serve) -> None:
    raw = add()
    page, _ = opened(browser, served(raw, None))
    page.locator('#queue button:has-text("t004")').click()
    assert page.locator("#question li").count() == 1
    press(page, "d")
    page.wait_for_selector("#question li:nth-child(4)")
    assert selected(page) == ["Daglig verksamhet"]
    press(page, "Enter")
    page.wait_for_selector("#question li.done")
    assert [(one.scope, one.row, one.unit) for one in again(raw).review.decision] == [("row", "Daglig verksamhet", "count")]
    press(page, "d")
    page.wait_for_selector("#question li:nth-child(5)")
    press(page, "d")
    page.wait_for_selector('#said:has-text("går inte att dela")')


def test_the_page_says_when_all_is_settled_and_shows_what_was(browser: Any, served: Serve) -> None:
    raw = add()
    page, said = opened(browser, served(raw, None))
    for _ in range(4):
        press(page, "x")
        page.wait_for_timeout(300)
    page.wait_for_selector('#question h2:has-text("Allt är avgjort")')
    assert "make report" in page.locator("#question").inner_text()
    for key in ("Enter", "x", "m", "d"):
        press(page, key)
    press(page, "n")
    page.wait_for_selector('#question h2:has-text("t002")')
    assert page.locator("#question em").all_inner_texts() == ["avgjord"]
    press(page, "p")
    page.wait_for_selector('#question h2:has-text("Allt är avgjort")')
    page.reload()
    page.wait_for_selector('#question h2:has-text("Allt är avgjort")')
    press(page, "z")
    assert said == []


def test_a_decision_that_no_longer_fits_is_told_in_the_pages_language_and_can_be_removed(
    browser: Any, served: Serve, tmp_path: Path
) -> None:
    raw = add()
    gone = Decision(who="A", when=date(2031, 1, 1), table="t009", first="Bilar", line=3, column="2030", period="2030")
    store_review(raw.review.with_decisions([gone]), raw.folder)
    page, _ = opened(browser, served(again(raw), None))
    assert "det trycks inte längre" in page.locator("#misfits").inner_text()
    page.locator("#misfits button").click()
    page.wait_for_selector("#misfits:empty", state="attached")
    assert again(raw).review.decision == ()


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
