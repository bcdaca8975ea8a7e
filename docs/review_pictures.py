"""Make the pictures of docs/add-a-report.md: the review of the made-up document, as the page is now (needs Chromium).

.venv/bin/python docs/review_pictures.py [FOLDER]
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import tempfile
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright
from socialvolym.audit.text.structure import kept_facts
from socialvolym.extraction.metadata import Metadata
from socialvolym.reports.draft import draft, store
from socialvolym.site.review_server import Session, serve

DOCS = Path(__file__).resolve().parent
DOCUMENT = DOCS / "example/exempelkommunen-2030.txt"
#: What must be on the page for a picture, and the key that leads to the next one.
STEPS = (('#question h2:has-text("t002")', "Enter"), ('#question h2:has-text("t003")', "Enter"), ("#edit input[name=period]", ""))


def main(folder: Path) -> None:
    """Review the document and write review-1.png to review-3.png."""
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        os.environ["SOCIALVOLYM_HOME"] = home
        session = Session(store(*draft(DOCUMENT, Metadata("document", "0136"), kept_facts)), DOCUMENT, "Anna Lind", "sv")
        loop = asyncio.new_event_loop()
        threading.Thread(target=loop.run_forever, daemon=True).start()
        address = asyncio.run_coroutine_threadsafe(_address(session), loop).result()
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1200, "height": 620})
        page.goto(address)
        for number, (there, key) in enumerate(STEPS, start=1):
            page.wait_for_selector(there)
            page.wait_for_load_state("networkidle")
            page.screenshot(path=folder / f"review-{number}.png")
            if key:
                page.keyboard.press(key)
        browser.close()
        loop.call_soon_threadsafe(loop.stop)


async def _address(session: Session) -> str:
    return serve(session)[1]


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DOCS)
