"""An executed notebook with invented figures, for the tests of pages."""

from __future__ import annotations

from typing import Any

import nbformat
import polars as pl
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from socialvolym.charts import forms
from socialvolym.charts.figure import source_link
from socialvolym.charts.markup import Html
from socialvolym.site.page_list import MenuItem
from socialvolym.site.pages import DocumentInfo, PageMeta

NASTY = '<script>alert("x")</script>" onmouseover="alert(1)'
_NARROWED = (
    '<form class="filter" data-own="Allt om {name}" hidden><label>Kommun <select name="municipality">'
    '<option value="">Alla</option><option value="0136">Haninge</option><option value="0126">Huddinge</option>'
    "</select></label></form>"
    '<section class="" id="faults"><h2>Fel</h2><div class="findings">'
    '<article class="finding error" data-municipality="0136"><h3>Rad 1</h3></article>'
    '<article class="finding note" data-municipality="0126"><h3>Rad 2</h3></article></div></section>'
)
DOCUMENT = DocumentInfo("Haninge", "Socialnämnden", "Årsredovisning 2099", {"t1": "Tabell 1"}, "2099-05-01")
META = PageMeta(
    name="sample",
    version="0.1.0",
    date="2026-01-31",
    run_time="2026-02-01 06:00 UTC",
    other_language="../en/sample.html",
    menu=[
        MenuItem("Placeringar", "sample.html", current=True),
        MenuItem("Kommuner", "index.html#municipalities", folded=(MenuItem("Haninge", "municipality-0136.html"),)),
    ],
    documents={"haninge-2099": DOCUMENT},
)


def observations(label: str = "Placerade barn") -> pl.DataFrame:
    """Return five years of an invented measure, the third year missing."""
    values = [1200.0, 1260.5, None, 1301.0, 1412.0]
    shared = {
        "report": "haninge-2099",
        "municipality_code": "0136",
        "domain": "placements",
        "measure": "hvb_care_days",
        "label": label,
        "breakdown": None,
        "series": "outturn",
        "unit": "care_days",
        "published_unit": "vårddygn",
        "page": 7,
        "table": "t1",
        "kind": "table",
        "bound": None,
        "certainty": "accepted",
        "because": "description",
        "note": None,
        "group": "Haninge",
    }
    return pl.DataFrame(
        [
            {
                **shared,
                "observation_id": f"haninge-2099:{10 + i}:1",
                "period": str(2095 + i),
                "value": value,
                "line": 10 + i,
                "published_as": None if value is None else f"{value:g}",
                "status": "not_available" if value is None else "published",
            }
            for i, value in enumerate(values)
        ],
        infer_schema_length=None,
    )


def findings() -> pl.DataFrame:
    """Return one finding about the first figure."""
    return pl.DataFrame(
        [
            {
                "rule": "sum",
                "severity": "error",
                "report": "haninge-2099",
                "page": 7,
                "line": 10,
                "table": "t1",
                "published": "1200",
                "expected": "1201",
                "explanation": "The parts make 1201.",
                "explanation_sv": "Delarna blir 1201.",
                **dict.fromkeys(("measure", "breakdown", "period", "series", "lines")),
            }
        ]
    )


def html_cell(html: Html, **metadata: Any) -> nbformat.NotebookNode:
    """Return a code cell that shows HTML."""
    return new_code_cell(
        "secret_code()",
        metadata=metadata,
        outputs=[new_output("execute_result", data={"text/html": str(html), "text/plain": "plain text"})],
    )


def notebook(frame: pl.DataFrame | None = None, heading: str = "Dygnen blev fler") -> nbformat.NotebookNode:
    """Return an executed notebook with a title, key messages, a chart, prose with figures and a warning."""
    rows = observations() if frame is None else frame
    first, last = rows.row(0, named=True), rows.row(-1, named=True)
    spark = forms.picture(forms.spark(rows, language="sv", known=["0136"]), "Kurva", "sv")
    message = Html(
        '<section class="key-messages"><article class="message" data-municipality="0136"><h3>{}</h3>'
        '<p class="big">{} dygn</p><div class="spark">{}</div>'
        "</article></section>"
    ).format(heading, source_link("1\u00a0412", [last["observation_id"]]), spark)
    chart = forms.lines(rows, language="sv", unit="dygn", breaks=[forms.Break("2098", "Nytt system")], known=["0136"])
    told = {"about": "Haninge, 2095–2099, dygn", "source": "Källa: rad 10", "id": "c-hvb_care_days-0136"}
    figure = forms.figure(chart, rows, "Vårddygn i Haninge", "Linje som stiger", "sv", **told)
    both = [last["observation_id"], first["observation_id"]]
    prose = Html(
        '<section class="" id="measures"><h2>Mått för mått</h2><p>Från {} till {}'
        ' <a class="flag error" href="findings.html#f-1" aria-label="Motsägelse">!</a>.</p>{}'
        '<details class="fold"><summary><h3>Vårddygn på HVB</h3></summary>'
        '<section class="measure" id="m-hvb_care_days"><p id="inside">Dygnen räknas.</p></section></details></section>'
    ).format(source_link("1 200", [first["observation_id"]]), source_link("1 412", both), figure)
    printed = new_code_cell(
        "print()",
        outputs=[new_output("stream", name="stderr", text="a warning")],
    )
    return new_notebook(
        cells=[
            new_code_cell("language = 'sv'", metadata={"tags": ["parameters"]}),
            new_markdown_cell("# Placeringar & dygn"),
            html_cell(message),
            printed,
            html_cell(prose),
            html_cell(Html('<details class="fold"><summary><h2>Mer</h2></summary><p>Vikt</p></details>')),
            html_cell(Html(_NARROWED)),
            new_markdown_cell("## Metod\n\nRäknat på **allt**."),
        ]
    )
