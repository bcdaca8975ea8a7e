"""An invented report in a folder of its own, for the tests of reading and cleaning."""

from __future__ import annotations

import hashlib
from pathlib import Path

from socialvolym.atomic import write_csv
from socialvolym.reports.by_hints import check_document, read_report
from socialvolym.reports.loading import load_report
from socialvolym.reports.models import RawReport

DOCUMENT = """Insatser under året
Enhet\t2097\t2099
Placeringar enligt LVM\t12\t14*
Vårddygn i HVB\t1 200\t-
Nämnden Kostnad Intäkt Netto
Lokaler -27 994 781 -27 213
Summa -28 000 787 -27 213
En mening med talet 14 i.
"""
LAYOUT = """
[[table]]
id = "volumes"
lines = [3, 4]
columns = ["2097", { label = "Utfall 2099", note = "our remark" }]
rows = [{ label = "Vårddygn i HVB", measure = "hvb_care_days" }]

[[table]]
id = "finance"
lines = [6, 7]
period = "2099"
unit = "kSEK"
breakdown_from = "row"
relations = ["0+1=2"]
columns = [
  { label = "Kostnad", measure = "cost_area" },
  { label = "Intäkt", measure = "revenue_area" },
  { label = "Netto", measure = "net_cost_area" },
]
"""
PROSE = """line,text,measure,breakdown,period,series,unit,domain,bound,sign,note
8,14,lvm_placements,,2099,outturn,count,,gt,,
"""
REPORT = """
id = "{id}"
municipality_code = "{code}"
committee = "Socialnämnden"
title = "Årsredovisning 2099"
kind = "annual_report"
year = 2099
document = "haninge-2099.txt"
sha256 = "{sha256}"

[[responsibility]]
domain = "economic_assistance"
responsible = false
note_en = "another committee"
"""


def make(
    raw: Path,
    *,
    document: str = DOCUMENT,
    layout: str = LAYOUT,
    prose: str = PROSE,
    corrections: str = "",
    code: str = "0136",
    read: bool = True,
    name: str = "haninge-2099",
) -> Path:
    """Make data/raw/<name> in the folder `raw`, the document in it, its cells read; return its folder."""
    folder = raw / name
    folder.mkdir(parents=True)
    data = document.encode()
    files = {
        "report.toml": REPORT.format(id=folder.name, code=code, sha256=hashlib.sha256(data).hexdigest()),
        "layout.toml": layout,
        "prose.csv": prose,
        "corrections.toml": corrections,
        "haninge-2099.txt": document,
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    if read:
        read_again(folder)
    return folder


def read_again(folder: Path) -> RawReport:
    """Read the report's document into cells.csv; return the report."""
    report = load_report(folder)
    write_csv(read_report(report, check_document(report, folder / report.report.document)), folder / "cells.csv")
    return report


def replace(path: Path, old: str, new: str) -> None:
    """Replace a text that stands once in a file."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
