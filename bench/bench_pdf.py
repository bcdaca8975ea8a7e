"""Pages a second: our tables from a PDF against pdfplumber's extract_tables on the same pages.

Makes a PDF of tables and text with fpdf2 (or takes the file given), reads it with both, several times in turn, and prints
the medians and their ratio. Needs fpdf2 and pdfplumber, which nothing else here needs to run.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pdfplumber
from fpdf import FPDF
from socialvolym.documents.opening import open_document

TARGET = 10.0


def make_pdf(path: Path, pages: int) -> None:
    """Write pages that look like a report's: a paragraph, a table with ruling lines and one without."""
    chance = random.Random(1)
    pdf = FPDF()
    pdf.set_font("Helvetica", size=9)
    for number in range(pages):
        pdf.add_page()
        pdf.multi_cell(0, 4.5, "Nämndens insatser enligt socialtjänstlagen ökade under året, liksom kostnaden. " * 8)
        for borders in ("ALL", "NONE"):
            pdf.ln(6)
            with pdf.table(
                borders_layout=borders, line_height=5, text_align=("LEFT", *["RIGHT"] * 5), col_widths=(4, 1, 1, 1, 1, 1)
            ) as table:
                table.row(["Verksamhet", "Utfall 2021", "Utfall 2022", "Budget", "Avvikelse", "%"])
                for row in range(16):
                    figures = [chance.randrange(1000, 99999) for _ in range(4)]
                    table.row([f"Verksamhet {number}.{row}", *(f"{figure:,}".replace(",", " ") for figure in figures), "1,2%"])
    pdf.output(str(path))


def with_socialvolym(path: Path) -> tuple[int, int]:
    """Return how many pages and tables our reader finds."""
    document = open_document(path)
    return max(page or 0 for page in document.pages), len(document.grids)


def with_pdfplumber(path: Path) -> tuple[int, int]:
    """Return how many pages and tables pdfplumber finds."""
    with pdfplumber.open(path) as document:
        tables = 0
        for page in document.pages:
            tables += len(page.extract_tables())
            page.close()
        return len(document.pages), tables


def rate(read: Callable[[Path], tuple[int, int]], path: Path) -> tuple[float, int]:
    """Return pages a second and the number of tables."""
    start = time.perf_counter()
    pages, tables = read(path)
    return pages / (time.perf_counter() - start), tables


def main() -> None:
    """Measure, and print one line a reader and the ratio of the medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pdf", type=Path, nargs="?", help="a PDF to read instead of the made one")
    parser.add_argument("--pages", type=int, default=30)
    parser.add_argument("--repeats", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = arguments.pdf or Path(folder) / "report.pdf"
        if arguments.pdf is None:
            make_pdf(path, arguments.pages)
        readers = {"socialvolym": with_socialvolym, "pdfplumber": with_pdfplumber}
        results: dict[str, list[tuple[float, int]]] = {name: [] for name in readers}
        for _ in range(arguments.repeats):
            for name, read in readers.items():
                results[name].append(rate(read, path))
    medians = {name: statistics.median(pages for pages, _ in measured) for name, measured in results.items()}
    for name, measured in results.items():
        print(f"{name:12} {medians[name]:8.1f} pages/s (median of {len(measured)}), {measured[-1][1]} tables")
    print(f"ratio        {medians['socialvolym'] / medians['pdfplumber']:8.1f} (target: at least {TARGET:.0f})")


if __name__ == "__main__":
    main()
