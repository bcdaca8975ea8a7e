"""A browser without a window: Chromium driven by Playwright, for PDF files, pictures and tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from socialvolym.errors import SocialvolymError

if TYPE_CHECKING:
    from playwright.sync_api import Page


@contextmanager
def browser_page(**options: Any) -> Iterator[Page]:
    """Give a page of Chromium that cannot reach any network; `options` are those of Playwright's new_page.

    Raises
    ------
    SocialvolymError
        where Chromium or its driver is not installed.
    """
    executable = shutil.which("chromium")
    if executable is None:
        raise SocialvolymError("there is no chromium; install it (Debian: apt-get install chromium) to print and picture pages")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise SocialvolymError("Playwright is not installed: pip install playwright") from error
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        try:
            yield browser.new_page(offline=True, **options)
        finally:
            browser.close()


def pdf(page: Path, target: Path) -> None:
    """Print a page to PDF (A4, tagged, with bookmarks) with Chromium.

    Raises
    ------
    SocialvolymError
        where Chromium or its driver is not installed.
    """
    with browser_page(color_scheme="light") as view:
        view.goto(page.resolve().as_uri())
        view.pdf(path=target, prefer_css_page_size=True, print_background=True, tagged=True, outline=True)
