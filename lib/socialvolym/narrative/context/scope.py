"""Scope: the rows that an analysis of one domain is told from, so that its page is made again only where one of them changes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import polars as pl

from socialvolym import vocabulary
from socialvolym.reports.models import RawReport
from socialvolym.vocabulary import UNKNOWN
from socialvolym.vocabulary.files import names_in


def of_domain(observations: pl.DataFrame, domain: str, reports: Sequence[RawReport]) -> pl.DataFrame:
    """Return the rows that an analysis of a domain may read, in their order.

    These are the domain's own rows, other rows of the same measures (a figure may be told twice, once beside another activity),
    those of measures that must not be mixed with them, the net costs of which its areas are a part, and the figures that the
    reports' hints quote.

    Parameters
    ----------
    observations : with their ids, which are numbered over the whole table.
    domain : of the vocabulary, such as "lss".
    reports : the raw reports of the observations.
    """
    own = observations.filter(pl.col("domain") == domain)
    measures = set(own["measure"]) - {UNKNOWN}
    index = vocabulary.measure_index()
    beside = {other for measure in measures if measure in index for other in names_in(index[measure]["not_with"])}
    # Net costs, whole and by area, belong to no domain, and every analysis is told with them.
    net_costs = vocabulary.having_role(observations["measure"].unique(), "net_cost", "net_cost_by_area")
    return observations.filter(
        (pl.col("domain") == domain)
        | pl.col("measure").is_in(sorted(measures | beside))
        | ((pl.col("measure") == UNKNOWN) & pl.col("label").is_in(own["label"].unique().sort().to_list()))
        | pl.col("measure").is_in(net_costs)
        | pl.format("{}:{}", "report", "line").is_in(_quoted_lines(reports))
    )


def findings_about(findings: pl.DataFrame, observations: pl.DataFrame) -> pl.DataFrame:
    """Return the findings one of whose lines is a line of the observations, in their order."""
    known = set(observations.select("report", "line").iter_rows())
    about = [
        any((report, line) in known for line in (first, *map(int, re.findall(r"\d+", others or ""))))
        for report, first, others in findings.select("report", "line", "lines").iter_rows()
    ]
    return findings.filter(pl.Series(about, dtype=pl.Boolean))


def _quoted_lines(reports: Iterable[RawReport]) -> list[str]:
    return sorted(f"{raw.report.id}:{line}" for raw in reports for line in raw.quoted_lines)
