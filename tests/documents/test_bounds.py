"""Bounds: work grows with the size of a text and no faster, and what is larger than any report is refused with a message."""

from __future__ import annotations

import cProfile
import os
import pstats
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from socialvolym.documents.document import MAX_LINE, MAX_LINES, Document
from socialvolym.documents.opening import open_described
from socialvolym.errors import SocialvolymError
from socialvolym.extraction.by_rules import read_document

HEAD = ["Socialnämnden i Haninge kommun", "Årsredovisning 2023", "", "Antal 2022 2023"]


def calls(work: Callable[[], object]) -> int:
    """Return how many functions a piece of work calls: the same on every machine."""
    profile = cProfile.Profile()
    profile.runcall(work)
    return int(pstats.Stats(profile).total_calls)  # type: ignore[attr-defined]


def rows(count: int) -> Document:
    return Document([*HEAD, *(f"Rad {n % 90} {100 + n % 800} {200 + n % 700}" for n in range(count))])


def sentences(count: int) -> Document:
    return Document([*HEAD, *(f"Antalet hushåll var {100 + n % 800} under 2023." for n in range(count))])


def numbers(count: int) -> Document:
    return Document([*HEAD, *(" ".join(str(100 + (n + place) % 800) for place in range(40)) for n in range(count // 20))])


@pytest.mark.parametrize("made", [rows, sentences, numbers])
def test_twice_the_text_is_about_twice_the_work(made: Callable[[int], Document]) -> None:
    read_document(made(10))  # what is loaded once is loaded
    short, long = (calls(lambda count=count: read_document(made(count))) for count in (150, 300))
    assert long < 2.8 * short


@pytest.mark.parametrize("piece", ["<!--", "<!", "<?", "</", "<![CDATA[", "<a ", '<a href="', "<a b=", "<td", "<a '", "&#"])
def test_markup_that_is_never_closed_takes_linear_time(tmp_path: Path, piece: str) -> None:
    """Four times the text took sixteen times as long and more: minutes, of which a busy machine makes no seconds."""
    spent = []
    for size in (50_000, 200_000):
        path = tmp_path / f"{size}.html"
        path.write_text(f"<html><body><p>Hushåll 12</p>{piece * (size // len(piece))}", encoding="utf-8")
        begun = time.process_time()
        try:
            open_described(path)
        except SocialvolymError as error:
            assert "more than any report" in str(error)
        spent.append(time.process_time() - begun)
    assert spent[1] < 10 * spent[0] + 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Hushåll 12\n" * (MAX_LINES + 1), f"has more than {MAX_LINES} lines"),
        ("Hushåll 12\n" + "1 " * MAX_LINE, f"line 2 has more than {MAX_LINE} characters"),
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
def test_what_is_larger_than_any_report_is_refused(tmp_path: Path, text: str, message: str, name: str) -> None:
    lines = text if name != "a.html" else "<html>" + "".join(f"<p>{line}</p>" for line in text.splitlines())
    (tmp_path / name).write_text(lines, encoding="utf-8")
    with pytest.raises(SocialvolymError, match=message):
        open_described(tmp_path / name)


def test_what_is_just_within_the_bounds_is_opened(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("\n".join(["1" * MAX_LINE, *["Hushåll 12"] * (MAX_LINES - 1)]), encoding="utf-8")
    assert len(open_described(tmp_path / "a.txt").lines) == MAX_LINES


def test_a_pipe_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SocialvolymError, match="is a pipe or a device, not a file"):
        open_described(tmp_path / "pipe")
