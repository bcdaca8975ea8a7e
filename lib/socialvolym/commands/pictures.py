"""`socialvolym pdf` and `socialvolym screenshots`: pages as PDF beside their HTML, and the README's picture of a page."""

from __future__ import annotations

from pathlib import Path

import click

from socialvolym import atomic, paths
from socialvolym.errors import SocialvolymError
from socialvolym.site import browser


@click.command()
@click.argument("names", nargs=-1)
def pdf(names: tuple[str, ...]) -> None:
    """Print the pages NAMES (all where none is named) of both languages as PDF, with Chromium."""
    pages = [page for page in sorted(paths.pages().glob("*/*.html")) if not names or page.stem in names]
    if not pages:
        raise SocialvolymError(f"there is no page {', '.join(names) or 'in reports/'}; make the pages with `make report`")
    for page in pages:
        target = page.with_suffix(".pdf")
        browser.pdf(page, target)
        click.echo(str(target.relative_to(paths.repository())))


@click.command()
@click.argument("page", type=click.Path(path_type=Path), required=False)
@click.option("--output", type=click.Path(path_type=Path), help="Where the picture goes; docs/page.png by default.")
@click.option("--width", default=1280, show_default=True, help="Of the window, in pixels.")
@click.option("--height", default=860, show_default=True, help="Of the window, in pixels.")
@click.option("--dark", is_flag=True, help="Show the page as on a dark screen.")
def screenshots(page: Path | None, output: Path | None, width: int, height: int, dark: bool) -> None:
    """Picture the first screen of PAGE (by default the English page on child placements) with Chromium."""
    source = page or paths.pages() / "en" / "placements.html"
    if not source.exists():
        raise SocialvolymError(f"{source}: there is no such page; make the pages with `make report`")
    target = output or paths.repository() / "docs" / "page.png"
    scheme = "dark" if dark else "light"
    with browser.browser_page(viewport={"width": width, "height": height}, color_scheme=scheme, device_scale_factor=2) as view:
        view.goto(source.resolve().as_uri())
        picture = view.screenshot(type="png")
    atomic.write(target, lambda temporary: temporary.write_bytes(picture))
    click.echo(f"{target}")
