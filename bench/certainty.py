"""How right the certain, the likely and the guessed figures of labelled documents are: `python bench/certainty.py FOLDER...`.

A FOLDER holds documents named ID-*.* and gold.csv (id, period, series, value, unit, published_as, kind, line). A figure
that nobody has labelled is counted apart: the label may be missing because the figure is about something else. With --codes it
tells for each code that an aspect rests on (`period:heading`) how often that aspect was right, and in how many documents it was
wrong: what `certainty.py` calls weak is set on that.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "lib"))

from socialvolym.documents.opening import open_described  # noqa: E402
from socialvolym.extraction.by_rules import read_figures  # noqa: E402
from socialvolym.extraction.meaning import OUTSIDE  # noqa: E402

MONEY = {"SEK": 1, "kr": 1, "kSEK": 1e3, "tkr": 1e3, "MSEK": 1e6, "mnkr": 1e6, "GSEK": 1e9}
#: A figure is the labelled one where it stands at most this many lines away; some labels have no line.
NEAR = 2


def figures_of(path: Path) -> list[dict[str, Any]]:
    """Return what is read of a document without hints."""
    return read_figures(open_described(path))[0]


def is_same(label: dict[str, str], figure: dict[str, Any]) -> bool:
    """Tell whether a figure is printed as the labelled one is, and where that stands."""
    bare = "".join(filter(str.isdigit, label["published_as"])), "".join(filter(str.isdigit, figure["published_as"]))
    return bare[0] == bare[1] and (not label["line"] or abs(int(label["line"]) - figure["line"]) <= NEAR)


def right_aspects(label: dict[str, str], figure: dict[str, Any]) -> dict[str, bool]:
    """Tell which of period, series and unit (the amount in base units) are those of the label.

    A year stands for its last day, a label without a period for any.
    """
    period = figure["period"] or ""
    amounts = [abs(float(row["value"])) * MONEY.get(row["unit"], 1) for row in (label, figure)]
    return {
        "period": not label["period"] or period in (label["period"], f"{label['period']}-12-31"),
        "series": figure["series"] == label["series"],
        "unit": abs(amounts[0] - amounts[1]) <= 1e-6 * max(1, amounts[0]),
    }


def judged(folder: Path) -> Iterator[tuple[str, dict[str, Any], dict[str, bool] | None]]:
    """Yield document, figure and which of its aspects are right, None where it is unlabelled; other subjects are left out."""
    labels = defaultdict(list)
    with (folder / "gold.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["value"]:
                labels[row["id"]].append(row)
    for name, left in sorted(labels.items()):
        for figure in figures_of(next(folder.glob(f"{name}-*.*"))):
            if f"domain:{OUTSIDE}" in figure["because"]:
                continue
            same = [label for label in left if is_same(label, figure)]
            label = max(same, key=lambda label: sum(right_aspects(label, figure).values()), default=None)
            if label is not None:
                left.remove(label)
            yield name, figure, None if label is None else right_aspects(label, figure)


def tell_certainty(folders: list[Path]) -> None:
    """Print a line for each kind and certainty."""
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for _, figure, right in (row for folder in folders for row in judged(folder)):
        verdict = "unlabelled" if right is None else "right" if all(right.values()) else "wrong"
        counts[figure["kind"], figure["certainty"]][verdict] += 1
    print("| kind | certainty | right | wrong | unlabelled | share right |\n|---|---|---|---|---|---|")
    for (kind, certainty), found in sorted(counts.items()):
        labelled = found["right"] + found["wrong"]
        share = f"{found['right'] / labelled:.2f}" if labelled else ""
        print(f"| {kind} | {certainty} | {found['right']} | {found['wrong']} | {found['unlabelled']} | {share} |")


def tell_codes(folders: list[Path]) -> None:
    """Print a line for each kind and code: how often the aspect was right, and in how many documents it was wrong."""
    counts: dict[tuple[str, str], Counter[bool]] = defaultdict(Counter)
    failing: dict[tuple[str, str], set[str]] = defaultdict(set)
    for name, figure, right in (row for folder in folders for row in judged(folder)):
        for code in figure["because"].split() if right else ():
            aspect = code.partition(":")[0]
            if right and aspect in right:
                counts[figure["kind"], code][right[aspect]] += 1
                failing[figure["kind"], code] |= set() if right[aspect] else {name}
    print("| kind | code | right | wrong | documents where wrong |\n|---|---|---|---|---|")
    for (kind, code), found in sorted(counts.items()):
        print(f"| {kind} | {code} | {found[True]} | {found[False]} | {len(failing[kind, code])} |")


def main() -> None:
    """Print how right the figures are, or with --codes what each code is worth."""
    folders = [Path(text) for text in sys.argv[1:] if text != "--codes"]
    if not folders or not all((folder / "gold.csv").is_file() for folder in folders):
        sys.exit("usage: python bench/certainty.py FOLDER... [--codes] (text documents ID-*.txt and gold.csv)")
    (tell_codes if "--codes" in sys.argv else tell_certainty)(folders)


if __name__ == "__main__":
    main()
