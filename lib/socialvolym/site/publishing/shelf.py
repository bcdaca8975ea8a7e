"""Shelf: where readers find tables and pages; what has been made and is whole is put there at once."""

from __future__ import annotations

import filecmp
import shutil
from collections.abc import Iterable
from pathlib import Path

from socialvolym import atomic, paths
from socialvolym.site import page_list

#: The tables that are kept as readers saw them, so that changes can be told.
COMPARED = ("observations", "findings", "reports")


def places(made: Iterable[str]) -> list[Path]:
    """Return where readers find files of build/; what stands neither in its tables nor in its pages is not for them."""
    folders = {"tables": paths.published(), "pages": paths.pages()}
    parted = (file.partition("/") for file in made)
    return [folders[folder] / rest for folder, _, rest in parted if folder in folders]


def publish() -> tuple[list[Path], list[str]]:
    """Put what has been made, is whole and is other than what is there in its place; remove pages that left the list.

    Returns
    -------
    The places that were written, and why others could not be.
    """
    build, written, failures = paths.build(), [], []
    keys = {page.key for page in page_list.all_pages()} | set(page_list.index_keys())
    for file in [*(build / "tables").rglob("*.*"), *sorted((build / "pages").rglob("*.html"))]:
        [place] = places([str(file.relative_to(build))])
        key = str(file.relative_to(build / "pages").with_suffix("")) if file.suffix == ".html" else ""
        if key and key not in keys:
            file.unlink()
            place.unlink(missing_ok=True)
            continue
        try:
            if (file.stat().st_size or not key) and not (place.exists() and filecmp.cmp(file, place, shallow=False)):
                atomic.write(place, lambda part, file=file: shutil.copyfile(file, part))  # type: ignore[misc]
                written.append(place)
        except OSError as error:
            page = f"page {key}: " if "/" in key and file.stem != "index" else ""
            failures.append(f"{page}{error.filename or place} cannot be written: {error.strerror}")
    return written, failures


def seen() -> Path:
    """Return the folder of the tables that readers saw when the index was last made."""
    return paths.build() / "published"


def keep_published() -> None:
    """Keep the tables that readers now see: the next change is told against them, not against what an ended run has left."""
    seen().mkdir(exist_ok=True)
    for name in COMPARED:
        shutil.copyfile(paths.build() / "tables" / f"{name}.parquet", seen() / f"{name}.parquet")
    # It takes Vega with it, which a run that has nothing to do does not need.
    from socialvolym.charts import drawing

    drawing.forget_unused(paths.build() / "drawn")
