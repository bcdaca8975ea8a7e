"""Faults: what the reports get wrong, on the page of findings and on the pages of the figures that they touch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from markupsafe import Markup

from socialvolym.audit import verdicts
from socialvolym.charts.markup import Html, bullets, paragraph, section
from socialvolym.narrative.context import Context, anchor
from socialvolym.narrative.wording import capitalise
from socialvolym.vocabulary.values import read_value

#: The rule that finds tables and charts which are images: they are told as what could not be read, not as a caution.
IMAGE = "lost_table"
#: So many of the gravest contradictions are told first.
GRAVEST = 5
_ORDER = {"error": 0, "warning": 1, "note": 2}


def faults_here(context: Context, domain: str | None = None) -> Html:
    """Return the contradictions that touch figures of a domain, and then the cautions, with links to the page of findings.

    Returns
    -------
    sections : their `table` holds these findings.
    """
    rows = context.findings_told.filter(
        pl.col("severity") != "note",
        # Images are told with what could not be read.
        pl.col("rule") != IMAGE,
        pl.col("report").is_in([raw.report.id for raw in context.chosen_reports]),
    )
    if domain is not None:
        lines = context.chosen.filter(pl.col("domain") == domain).select("report", "line").unique()
        rows = rows.join(lines, on=["report", "line"], how="semi")
    listed: dict[str, list[Markup]] = {"error": [], "warning": []}
    for row in rows.sort("report", "line").iter_rows(named=True):
        listed[row["severity"]].append(Markup("{}: {}").format(_link(context, row, "findings.html"), context.explained(row)))
    say = context.say
    told = section(say("section.findings"), bullets(listed["error"]), name="findings")
    told += section(say("section.cautions"), bullets(listed["warning"]), name="cautions")
    return Html(told, table=rows) or context.nothing("faults", rows)


def faults_page(context: Context) -> Html:
    """Return all findings: the gravest contradictions, then those of each report, the gravest first; its notes are folded.

    Returns
    -------
    sections : `table` holds the findings with their kind and how far what is printed is from what was expected.
    """
    kinds = {name: rule.proof for name, rule in verdicts.rules().items()}
    reports = {raw.report.id: raw.report for raw in context.chosen_reports}
    rows = context.findings.filter(pl.col("report").is_in(list(reports)))
    rows = rows.with_columns(
        kind=pl.col("rule").replace_strict(kinds, default="reading"),
        distance=pl.Series([distance(row) for row in rows.iter_rows(named=True)], dtype=pl.Float64),
    )
    rows = rows.sort(
        pl.col("severity").replace_strict(_ORDER, return_dtype=pl.Int64), "distance", "line", descending=[False, True, False]
    )
    if rows.is_empty():
        return Html(paragraph(context.say("findings.none")), table=rows)
    told = [_of_report(context, report.id, rows.filter(pl.col("report") == report.id)) for report in reports.values()]
    return Html(_summary(context, rows) + _choices(context, rows) + Markup("").join(told), table=rows)


def distance(finding: Mapping[str, Any]) -> float:
    """Return how far what is printed is from what was expected, as a part of the larger; 0 where either is no number."""
    numbers = [read_value(finding[name] or "") for name in ("published", "expected")]
    values = [number.value for number in numbers if number is not None and number.value is not None]
    largest = max((abs(value) for value in values), default=0.0)
    return abs(values[0] - values[1]) / largest if len(values) == 2 and largest else 0.0


def _summary(context: Context, rows: pl.DataFrame) -> Html:
    errors = rows.filter(pl.col("severity") == "error")
    if errors.is_empty():
        return Html("")
    say = context.words.say
    items = []
    for row in errors.sort("distance", descending=True, maintain_order=True).head(GRAVEST).iter_rows(named=True):
        items.append(Markup("{}: {}").format(_link(context, row), context.explained(row)))
    counted = say("findings.counted", count=context.words.number(errors.height), reports=errors["report"].n_unique())
    return section(
        say("findings.gravest", count=len(items)),
        paragraph(counted, kind="big"),
        Markup('<ol class="gravest">{}</ol>').format(Markup("").join(Markup("<li>{}</li>").format(item) for item in items)),
        name="gravest",
    )


def _choices(context: Context, rows: pl.DataFrame) -> Markup:
    """Return what narrows the list, for the page's script: without it everything is shown."""
    say = context.words.say
    reports = {raw.report.id: raw.report.name for raw in context.chosen_reports}
    offered: dict[str, dict[str, Any]] = {
        "report": {name: title for name, title in reports.items() if name in set(rows["report"])},
        "severity": {name: capitalise(say(f"severity.{name}")) for name in _ORDER if name in set(rows["severity"])},
        "kind": {name: say(f"findings.kind_{name}") for name in rows["kind"].unique().sort()},
    }
    return choices(context, offered)


def choices(context: Context, offered: Mapping[str, Mapping[str, Any]]) -> Markup:
    """Return a choice for each attribute of what is shown: `data-` and its name; the page's script narrows by it."""
    fields = [
        Markup('<label>{} <select name="{}"><option value="">{}</option>{}</select></label>').format(
            capitalise(context.words.say(f"label.{name}")),
            name,
            capitalise(context.words.say("label.all")),
            Markup("").join(Markup('<option value="{}">{}</option>').format(*pair) for pair in values.items()),
        )
        for name, values in offered.items()
        if len(values) > 1
    ]
    own = context.words.say("label.own_page") if "municipality" in offered else ""
    form = Markup('<form class="filter" data-own="{}" hidden>{}</form>')
    return form.format(own, Markup("").join(fields)) if fields else Markup("")


def _of_report(context: Context, report: str, rows: pl.DataFrame) -> Markup:
    if rows.is_empty():
        return Markup("")
    say = context.words.say
    counts = {name: rows.filter(pl.col("severity") == name).height for name in _ORDER}
    raw = next(raw.report for raw in context.reports if raw.report.id == report)
    grave, notes = (rows.filter((pl.col("severity") == "note") == note) for note in (False, True))
    folded = Markup('<details class="fold"><summary><h3>{}</h3></summary>{}</details>').format(
        capitalise(say("findings.notes", count=counts["note"])), _articles(context, notes)
    )
    return section(
        f"{raw.municipality}, {raw.title}",
        paragraph(say("findings.counts", errors=counts["error"], warnings=counts["warning"], notes=counts["note"])),
        _articles(context, grave) if grave.height else "",
        folded if notes.height else "",
        name=f"report-{report}",
    )


def _articles(context: Context, rows: pl.DataFrame) -> Markup:
    alike = rows.group_by("rule", "explanation", "published", "expected", "acknowledged", maintain_order=True)
    told = [_article(context, own.rows(named=True)) for _, own in alike]
    return Markup('<div class="findings">{}</div>').format(Markup("").join(told))


def _article(context: Context, alike: Sequence[Mapping[str, Any]]) -> Markup:
    """Return findings that say the same of several lines as one; each keeps its place."""
    say, row = context.words.say, alike[0]
    own_lines = {own["line"] for own in alike if own["line"]}
    others = {int(line) for own in alike for line in (own.get("lines") or "").split(", ") if line} - own_lines
    line, also = (", ".join(map(str, sorted(lines))) for lines in (own_lines, others))
    places = Markup("").join(Markup('<span id="{}"></span>').format(place) for place in dict.fromkeys(map(anchor, alike[1:])))
    head = capitalise(say("findings.head", severity=say(f"severity.{row['severity']}"), line=line, also=also))
    accepted = say("findings.accepted", why=row["acknowledged"]) if row.get("acknowledged") else ""
    attributes = Markup('class="finding {0}" id="{1}" data-report="{2}" data-severity="{0}" data-kind="{3}"').format(
        row["severity"], anchor(row), row["report"], row["kind"]
    )
    told = Markup(" ").join(filter(None, [context.explained(row), accepted]))
    return Markup("<article {}>{}<h3>{}</h3><p>{}</p></article>").format(attributes, places, head, told)


def _link(context: Context, row: Mapping[str, Any], page: str = "") -> Markup:
    where = context.words.say("label.report_line", report=context.names[row["report"]], line=row["line"])
    return Markup('<a href="{}#{}">{}</a>').format(page, anchor(row), where)
