"""How right the certain, the likely and the guessed figures of labelled documents are: `python bench/certainty.py FOLDER`.

FOLDER holds text documents named ID-*.txt and gold.csv (id, period, series, value, unit, published_as, kind, line). A figure that
nobody has labelled is counted apart: the label may be missing because the figure is about something else.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "lib"))

from socialvolym.documents.opening import open_described  # noqa: E402
from socialvolym.extraction.by_rules import read_figures  # noqa: E402

#: A figure is the labelled one where it stands at most this many lines away; some labels have no line.
NEAR = 2


def figures_of(path: Path) -> list[dict[str, Any]]:
    """Return what is read of a document without hints."""
    return read_figures(open_described(path))[0]


def is_same(label: dict[str, str], figure: dict[str, Any]) -> bool:
    """Tell whether a figure is printed as the labelled one is, and where that stands."""
    bare = "".join(filter(str.isdigit, label["published_as"])), "".join(filter(str.isdigit, figure["published_as"]))
    return bare[0] == bare[1] and (not label["line"] or abs(int(label["line"]) - figure["line"]) <= NEAR)


def is_right(label: dict[str, str], figure: dict[str, Any]) -> bool:
    """Tell whether period and series are those of the label; a year stands for its last day, a label without period for any."""
    period = figure["period"] or ""
    fits = not label["period"] or period == label["period"] or period == f"{label['period']}-12-31"
    return fits and figure["series"] == label["series"]


def counted(folder: Path) -> dict[tuple[str, str], Counter[str]]:
    """Return how many figures are right, wrong and unlabelled, by kind and certainty."""
    labels = defaultdict(list)
    with (folder / "gold.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            labels[row["id"]].append(row)
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for name, wanted in sorted(labels.items()):
        figures, left = figures_of(next(folder.glob(f"{name}-*.txt"))), list(wanted)
        for figure in figures:
            same = [label for label in left if is_same(label, figure)]
            label = max(same, key=lambda label: is_right(label, figure), default=None)
            if label is not None:
                left.remove(label)
            verdict = "unlabelled" if label is None else "right" if is_right(label, figure) else "wrong"
            counts[figure["kind"], figure["certainty"]][verdict] += 1
    return counts


def main() -> None:
    """Print a line for each kind and certainty."""
    if len(sys.argv) != 2:
        sys.exit("usage: python bench/certainty.py FOLDER (text documents ID-*.txt and gold.csv)")
    print("| kind | certainty | right | wrong | unlabelled | share right |\n|---|---|---|---|---|---|")
    for (kind, certainty), found in sorted(counted(Path(sys.argv[1])).items()):
        judged = found["right"] + found["wrong"]
        share = f"{found['right'] / judged:.2f}" if judged else ""
        print(f"| {kind} | {certainty} | {found['right']} | {found['wrong']} | {found['unlabelled']} | {share} |")


if __name__ == "__main__":
    main()
