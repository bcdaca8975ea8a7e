"""The shelf: what is whole is put where readers find it, and what left the list of pages is gone."""

from __future__ import annotations

from pathlib import Path

import pytest
from socialvolym.site import page_list
from socialvolym.site.publishing import shelf


@pytest.fixture
def built(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose list has one page and its index."""
    about = page_list.Page("lss", "lss", "sv", "n", "LSS", None, "all", {})
    monkeypatch.setattr(page_list, "all_pages", lambda: [about])
    monkeypatch.setattr(page_list, "index_keys", lambda: ["index"])
    for place, text in {"tables/reports.csv": "a", "tables/unchecked/reports.csv": "", "pages/sv/lss.html": "page"}.items():
        write(home / "build" / place, text)
    return home


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_readers_find_tables_and_pages_and_nothing_else(home: Path) -> None:
    made = ["tables/unchecked/reports.csv", "pages/sv/lss.html", "facts.json", "notebooks/sv/lss.ipynb"]
    assert shelf.places(made) == [home / "data/processed/unchecked/reports.csv", home / "reports/sv/lss.html"]


def test_what_is_other_than_before_is_written_once(built: Path) -> None:
    written, failures = shelf.publish()
    assert (sorted(written), failures) == (
        sorted(
            [built / "data/processed/reports.csv", built / "data/processed/unchecked/reports.csv", built / "reports/sv/lss.html"]
        ),
        [],
    )
    assert shelf.publish() == ([], [])


def test_a_page_that_could_not_be_made_leaves_the_earlier_one(built: Path) -> None:
    write(built / "reports/sv/lss.html", "earlier")
    write(built / "build/pages/sv/lss.html", "")
    shelf.publish()
    assert (built / "reports/sv/lss.html").read_text() == "earlier"


def test_a_page_that_left_the_list_is_gone(built: Path) -> None:
    for place in ("build/pages/sv/old.html", "reports/sv/old.html"):
        write(built / place, "old")
    shelf.publish()
    assert not (built / "reports/sv/old.html").exists()
    assert not (built / "build/pages/sv/old.html").exists()


def test_a_place_that_cannot_be_written_is_told_by_its_page(built: Path) -> None:
    write(built / "reports/sv", "a file where a folder should be")
    _, failures = shelf.publish()
    assert [failure.startswith("page sv/lss: ") for failure in failures] == [True]
