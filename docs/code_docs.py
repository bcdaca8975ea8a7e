"""Make what docs/ shows of the code: docs/data-model.md from the tables' schemas, docs/architecture.svg from the imports.

.venv/bin/python docs/code_docs.py [FOLDER]
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from typing import Any

import altair as alt
import polars as pl
import vl_convert
from socialvolym.analysis.derived import DERIVED_SCHEMA
from socialvolym.audit.findings import FINDING_SCHEMA
from socialvolym.observations import store
from socialvolym.observations.outcomes import REPORTS_SCHEMA
from socialvolym.vocabulary.columns import OBSERVATION_SCHEMA, UNREAD_SCHEMA
from socialvolym.workflow.content import FOLDERS

DOCS = Path(__file__).resolve().parent
LIB = DOCS.parent / "lib/socialvolym"
#: What validation adds.
_FIGURES = {"observation_id": pl.String}
SCHEMAS: dict[str, dict[str, Any]] = {
    "observations": OBSERVATION_SCHEMA | _FIGURES,
    "unread": UNREAD_SCHEMA,
    "derived": DERIVED_SCHEMA | _FIGURES,
    "findings": FINDING_SCHEMA | _FIGURES,
    "reports": REPORTS_SCHEMA,
    "measures": store.MEASURE_SCHEMA,
    "codebook": store.CODEBOOK_SCHEMA,
}


def main(folder: Path) -> None:
    """Write both files."""
    (folder / "data-model.md").write_text(data_model(), encoding="utf-8")
    (folder / "architecture.svg").write_text(picture(imports()), encoding="utf-8")


def data_model() -> str:
    """Return docs/data-model.md: each table of data/processed with its columns, types and meanings."""
    told = store.descriptions()
    parts = [
        "# The data model",
        "Made by `make docs` from the schemas in the code and the descriptions in `lib/socialvolym/observations/tables.toml`. "
        "`codebook.csv` beside the tables says the same in both languages, `datapackage.json` to a program; `socialvolym.xlsx` "
        "has all tables as sheets.",
    ]
    for name, schema in SCHEMAS.items():
        rows = [
            f"| `{column}` | {store.type_in_words(kind)} | {told.column(name, column).en} |" for column, kind in schema.items()
        ]
        parts.append(
            "\n".join([f"## {name}", "", f"{told.tables[name].en}.", "", "| column | type | meaning |", "|---|---|---|", *rows])
        )
    return "\n\n".join(parts) + "\n"


def imports() -> dict[str, set[str]]:
    """Return which folders each folder imports."""
    return {folder: set().union(*map(imported, (LIB / folder).rglob("*.py"))) - {folder} for folder in FOLDERS}


def imported(module: Path) -> set[str]:
    """Return the folders of the package that a module imports, also within functions."""
    found = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "socialvolym":
            found |= {alias.name for alias in node.names}
        else:
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            found |= {name.split(".")[1] for name in names if name.startswith("socialvolym.")}
    return found & set(FOLDERS)


def picture(used: dict[str, set[str]]) -> str:
    """Return a picture of the folders: a mark where the folder of the row imports that of the column."""
    marks = pl.DataFrame([{"folder": row, "uses": column} for row in FOLDERS for column in FOLDERS if column in used[row]])
    cells = pl.DataFrame([{"folder": row, "uses": column} for n, row in enumerate(FOLDERS) for column in FOLDERS[: n + 1]])
    x = alt.X("uses:N", sort=list(FOLDERS), axis=alt.Axis(orient="top", labelAngle=-45, title="uses"))
    y = alt.Y("folder:N", sort=list(FOLDERS), title="folder")
    allowed = alt.Chart(cells).mark_rect(color="#eef1f4", stroke="white").encode(x=x, y=y)
    there = alt.Chart(marks).mark_circle(size=90, color="#1f5f8b", opacity=1).encode(x=x, y=y)
    chart = (
        (allowed + there)
        .properties(width=420, height=420)
        .configure_axis(labelFontSize=12, titleFontSize=12, domain=False, ticks=False)
    )
    return str(vl_convert.vegalite_to_svg(chart.to_dict())) + "\n"


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DOCS)
