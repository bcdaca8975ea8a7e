"""`socialvolym review`: settle what an added report's reading is not certain of, on a local page or in a spreadsheet."""

from __future__ import annotations

import asyncio
import contextlib
import getpass
import hashlib
import shutil
import subprocess
import webbrowser
from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from socialvolym import atomic, paths
from socialvolym.audit import findings_taken_out
from socialvolym.documents.document import Document
from socialvolym.documents.opening import open_described
from socialvolym.errors import SocialvolymError
from socialvolym.extraction.by_rules import headings_over
from socialvolym.extraction.prose.paragraphs import sentence_of
from socialvolym.notation.languages import LANGUAGES, Language
from socialvolym.observations import readings
from socialvolym.reports import review_table
from socialvolym.reports.answers import refusal, words
from socialvolym.reports.loading import choose
from socialvolym.reports.models import RawReport
from socialvolym.reports.review import store_review
from socialvolym.site.review_server import Session, serve

if TYPE_CHECKING:
    from IPython.display import IFrame

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("report")
@click.option("--table", "written", type=_FILE, help="Write the questions to this CSV file, for a spreadsheet.")
@click.option("--take", "taken", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Take a filled-in file back.")
@click.option("--anyway", is_flag=True, help="With --take: take figures out also where a finding of the audit goes with them.")
@click.option(
    "--document",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The report's document, to show what it says; by default the file that `add` has read, where it still is.",
)
@click.option("--port", default=0, help="Of the page; by default a free one.")
@click.option("--browser/--no-browser", default=True, show_default=True, help="Open the page in a browser.")
@click.option("--who", envvar="SOCIALVOLYM_WHO", show_envvar=True, help="Who decides; by default the name that git knows.")
@click.option("--language", type=click.Choice(LANGUAGES), default="sv", show_default=True)
def review(
    report: str,
    written: Path | None,
    taken: Path | None,
    anyway: bool,
    document: Path | None,
    port: int,
    browser: bool,
    who: str | None,
    language: Language,
) -> None:
    """Settle the figures of REPORT that its reading is not certain of, on a page that only this machine can open.

    Each decision is stored at once in review.toml of the report's folder, with who and when; Ctrl-C ends it, and it can be gone
    on with at any time. With --table and --take the same is done in a spreadsheet.
    """
    raw = _added(report)
    if written is not None and taken is not None:
        raise SocialvolymError("give either --table or --take")
    if written is not None:
        _write(raw, _document(raw, document), written, language)
    elif taken is not None:
        _take(raw, taken, who or default_name(), anyway)
    else:
        _serve(raw, _document(raw, document), who or default_name(), language, port, browser)
    _tell(choose([report])[0])


def in_notebook(
    report: str, document: str | None = None, who: str | None = None, language: Language = "sv", height: int = 900
) -> IFrame:
    """Return the review of a report as the output of a notebook's cell; it is served as long as the notebook's kernel runs.

    Parameters
    ----------
    document, who, language : as the options of `socialvolym review`. height : in pixels.
    """
    from IPython.display import IFrame  # here, because a command needs no notebook

    raw = _added(report)
    place = _document(raw, Path(document) if document else None)
    _, address = serve(Session(raw.folder, place, who or default_name(), language), framed=True)
    return IFrame(address, "100%", height)


def _added(report: str) -> RawReport:
    """Return a report that the rules have read."""
    raw = choose([report])[0]
    if not raw.is_added:
        raise SocialvolymError(f"{report}: a person has described this report with hints; there is nothing to review")
    return raw


def default_name() -> str:
    """Return the name that git knows the user by, else the one that the machine does."""
    git = shutil.which("git")
    asked = git and subprocess.run([git, "config", "user.name"], capture_output=True, text=True, check=False)
    return (asked.stdout.strip() if asked else "") or getpass.getuser()


def document_note(report: str) -> Path:
    """Return the file, outside git, in which `add` notes where a report's document is; a copy would hold its personal data."""
    return paths.build() / "documents" / f"{report}.txt"


def _document(raw: RawReport, given: Path | None) -> Path | None:
    """Return the document to show, which must be the one that was read; None where it is not at hand."""
    note = document_note(raw.report.id)
    place = given or (Path(note.read_text(encoding="utf-8")) if note.exists() else None)
    if place is None or not place.exists():
        return None
    if hashlib.sha256(place.read_bytes()).hexdigest() == raw.report.sha256:
        return place
    raise SocialvolymError(f"{place}: is not the document that {raw.report.id} was read from; its sha256 is another")


def _serve(raw: RawReport, document: Path | None, who: str, language: Language, port: int, browser: bool) -> None:
    async def run() -> None:
        _, address = serve(Session(raw.folder, document, who, language), port)
        click.echo(f"{address}\nCtrl-C ends the review; what is decided is stored")
        if browser:
            webbrowser.open(address)
        await asyncio.Event().wait()

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(run())


def _write(raw: RawReport, document: Path | None, place: Path, language: Language) -> None:
    read, now, said = readings.as_read(raw).rows.to_dicts(), readings.settled(raw), words(language)
    shown = open_described(document) if document else None
    stands = review_table.Stands(
        raw.cells["page"].to_list(), _places(shown, read) if shown else [], _sentences(shown, read) if shown else {}
    )
    beside = place.with_name(f"{place.stem}-{said['measures']['file']}.csv")
    misfits = [one.told(said["refusal"]["line"], said["misfit"]) for one in now.misfits]
    places = readings.unread_places(raw).to_dicts()
    made = review_table.table(read, now.rows.to_dicts(), stands, language, beside.name, misfits, places)
    for target, content in ((place, made), (beside, review_table.measures(language, read))):
        atomic.write(target, partial(Path.write_bytes, data=content))
    click.echo(f"{beside}: the measures to choose from, and the words for new ones")
    click.echo(f"{place}: fill in the decisions, then: socialvolym review {raw.report.id} --take {place}")


def _places(document: Document, read: Sequence[dict[str, Any]]) -> list[tuple[str | None, int | None]]:
    """Return where each figure stands: the sheet of a workbook and its row there, else the heading above it."""
    lines = [row["line"] for row in read]
    if not document.sheet_rows:
        return [(heading, None) for heading in headings_over(document, lines)]
    return [(document.lines[sheet - 1], row) for sheet, row in (document.sheet_rows[line] for line in lines)]


def _sentences(document: Document, read: Sequence[dict[str, Any]]) -> dict[int, str]:
    """Return the sentence of each figure that stands in one, by its number; the report's folder has none of them."""
    told = [number for number, row in enumerate(read) if row["kind"] == "text"]
    found = sentence_of(document.lines, [(read[number]["line"], read[number]["text"] or "") for number in told])
    return dict(zip(told, found, strict=True))


def _take(raw: RawReport, place: Path, who: str, anyway: bool) -> None:
    read = readings.as_read(raw).rows.to_dicts()
    found = review_table.take(place.read_bytes(), read, who, date.today(), raw.report.year)
    for told in found.changed:
        click.echo(told, err=True)
    if found.problems:
        raise SocialvolymError("\n".join([f"{place}: nothing is stored, because of", *found.problems]))
    review = raw.review.restored(found.accepted).with_decisions(found.decisions)
    try:
        readings.check_units(raw, review, read, found.language)
    except SocialvolymError as error:
        raise SocialvolymError(f"{place}: nothing is stored, because of\n{error}") from error
    if not anyway and (lost := findings_taken_out(raw, review, found.language)):
        named = [str(refusal(found.language, "finding", found=one)) for one in lost]
        raise SocialvolymError("\n".join([f"{place}: nothing is stored (with --anyway it is), because of", *named]))
    store_review(review, raw.folder)
    click.echo(f"stored, by {who}: data/raw/{raw.report.id}/review.toml has {len(review.decision)} decisions")


def _tell(raw: RawReport) -> None:
    """Tell how much is told, and which decisions are not applied."""
    found = readings.settled(raw)
    states = found.rows["state"].to_list()
    click.echo(
        f"{states.count('told')} figures are told, {states.count('waiting')} wait, {states.count('taken_out')} are taken out"
    )
    for misfit in found.misfits:
        click.echo(f"not applied: {misfit}", err=True)
