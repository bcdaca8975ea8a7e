"""Statements drawn at random from the built pages, to be judged against the documents by a person.

    python bench/statements.py --seed 7            80 of them, half in each language, numbered
    python bench/statements.py --seed 7 --number 20

A statement is a sentence, a list entry or a row of a table that holds a figure; all pages of a language are as likely, whatever
stands on them. Each is recomputed from the document and judged right, wrong, misleading or clumsy.
"""

from __future__ import annotations

import argparse
import random
import re
from html.parser import HTMLParser
from pathlib import Path

#: What ends a sentence: a stop before a capital, but not one inside a number, a place in a report or an abbreviation.
_END = re.compile(r"(?<=[.!?]) (?=[A-ZÅÄÖ][a-zåäö])")
_BLOCKS = {"p": "sentence", "li": "sentence", "h3": "sentence", "tr": "row"}
#: A heading or a label of fewer words states nothing.
_LEAST_WORDS = 5
_LEFT_OUT = {"svg", "script", "style", "nav", "footer"}


class _Statements(HTMLParser):
    """Collects a page's sentences and rows, up to its list of sources."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {"sentence": [], "row": []}
        self._kind, self._text, self._skipped, self._ended = "", "", 0, False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._ended |= ("id", "sources") in attrs
        self._skipped += tag in _LEFT_OUT
        if tag in _BLOCKS:
            self._kind, self._text = _BLOCKS[tag], ""
        elif tag in {"td", "th"}:
            self._text += " | "

    def handle_endtag(self, tag: str) -> None:
        self._skipped -= tag in _LEFT_OUT
        if tag in _BLOCKS and self._kind and not self._ended:
            text = " ".join(self._text.split())
            parts = _END.split(text) if self._kind == "sentence" else [text]
            told = [part for part in parts if re.search(r"\d", part) and len(part.split()) >= _LEAST_WORDS]
            self.found[self._kind] += told
            self._kind = ""

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self._text += data


def statements(page: Path) -> dict[str, list[str]]:
    """Return a page's statements that hold a figure: its sentences and its rows."""
    reader = _Statements()
    reader.feed(page.read_text(encoding="utf-8"))
    return reader.found


def draw(reports: Path, seed: int, number: int) -> list[tuple[str, str]]:
    """Return statements with their pages, half of them in each language, three sentences to a row."""
    chance, drawn = random.Random(seed), []
    for language in ("sv", "en"):
        pages = {page: statements(page) for page in sorted((reports / language).glob("*.html"))}
        taken: set[str] = set()
        for turn in range(number // 2):
            kind = "row" if turn % 4 == 3 else "sentence"
            left = {page: [text for text in found[kind] if text not in taken] for page, found in pages.items()}
            page = chance.choice([page for page, texts in left.items() if texts])
            text = chance.choice(left[page])
            taken.add(text)
            drawn.append((f"{language}/{page.stem}", text))
    return drawn


def main() -> None:
    """Print the statements."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=Path, default=Path("reports"), help="the built pages")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--number", type=int, default=80)
    given = parser.parse_args()
    for place, (page, text) in enumerate(draw(given.reports, given.seed, given.number), start=1):
        print(f"{place:3} {page}: {text}")


if __name__ == "__main__":
    main()
