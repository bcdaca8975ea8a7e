"""`socialvolym pdf`: the pages as PDF beside their HTML."""

from __future__ import annotations

import click

from socialvolym import paths
from socialvolym.errors import SocialvolymError
from socialvolym.site.pages import pdf as print_page


@click.command()
@click.argument("names", nargs=-1)
def pdf(names: tuple[str, ...]) -> None:
    """Print the pages NAMES (all where none is named) of both languages as PDF, with Chromium."""
    pages = [page for page in sorted(paths.pages().glob("*/*.html")) if not names or page.stem in names]
    if not pages:
        raise SocialvolymError(f"there is no page {', '.join(names) or 'in reports/'}; make the pages with `make report`")
    for page in pages:
        target = page.with_suffix(".pdf")
        print_page(page, target)
        click.echo(str(target.relative_to(paths.repository())))
