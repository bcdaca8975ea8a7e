"""The rows that an analysis of one domain is told from: all that it may read, and nothing that it may not."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from invented import observations
from invented_context import invented_report
from socialvolym.audit.findings import FINDING_SCHEMA
from socialvolym.narrative.context import scope
from socialvolym.observations import with_ids
from socialvolym.observations.outcomes import REPORTS_SCHEMA
from socialvolym.reports.models import Saying, Sayings
from socialvolym.site.publishing import publication

ROWS: dict[int, dict[str, Any]] = {
    1: {"domain": "placements", "measure": "lvm_placements"},
    2: {"domain": "context", "measure": "lvm_placements"},
    3: {"domain": "lss", "measure": "lss_housing_residents"},
    4: {"domain": "context", "measure": "net_cost_area"},
    5: {"domain": "context", "measure": "net_cost"},
    6: {"domain": "context", "measure": "sick_leave"},
    7: {"domain": "placements", "measure": "unknown", "label": "Nya ärenden"},
    8: {"domain": "context", "measure": "unknown", "label": "Nya ärenden"},
    9: {"domain": "context", "measure": "unknown", "label": "Möten"},
    10: {"domain": "context", "measure": "internet_cost"},
}
REPORT = invented_report("haninge-2022", "0136")


def rows(**changed: Any) -> pl.DataFrame:
    """The invented rows, with what differs from them by line."""
    return observations(*({"value": 1.0} | row | changed.get(f"line_{line}", {}) for line, row in ROWS.items()))


def lines(frame: pl.DataFrame) -> list[int]:
    return frame["line"].to_list()


def test_a_domain_reads_its_measures_the_net_costs_and_nothing_else() -> None:
    assert lines(scope.of_domain(rows(), "placements", [REPORT])) == [1, 2, 4, 5, 7, 8]
    assert lines(scope.of_domain(rows(), "lss", [REPORT])) == [3, 4, 5]


def test_what_must_not_be_mixed_with_a_measure_is_read_with_it() -> None:
    table = rows(line_6={"domain": "lss", "measure": "lss_housing_waiting_time"})
    assert 6 not in lines(scope.of_domain(table, "placements", [REPORT]))
    mixed = rows(line_1={"measure": "child_investigation_time"}, line_6={"domain": "lss", "measure": "lss_investigation_time"})
    assert 6 in lines(scope.of_domain(mixed, "placements", [REPORT]))


def test_a_figure_that_a_saying_quotes_is_read_and_its_finding_kept() -> None:
    saying = Saying(measures=("lvm_placements",), line=20, sv="{6:1} till", en="{6:1} more")
    quoting = invented_report("haninge-2022", "0136")
    object.__setattr__(quoting, "sayings", Sayings(says=(saying,)))
    assert 6 in lines(scope.of_domain(rows(), "placements", [quoting]))


@pytest.mark.parametrize(
    ("line", "others", "kept"), [(1, None, True), (9, None, False), (9, "10, 8", True), (None, None, False), (None, "2", True)]
)
def test_a_finding_is_kept_where_one_of_its_lines_is(line: int | None, others: str | None, kept: bool) -> None:
    finding = pl.DataFrame(
        [dict.fromkeys(FINDING_SCHEMA) | {"report": "haninge-2022", "line": line, "lines": others}], schema=FINDING_SCHEMA
    )
    own = scope.of_domain(rows(), "placements", [REPORT])
    assert scope.findings_about(finding, own).height == kept


def hashes(table: pl.DataFrame) -> dict[str, str]:
    reports = pl.DataFrame([("haninge-2022", "0136", 2022, "read", None)], schema=REPORTS_SCHEMA, orient="row")
    loaded = {"observations": table, "findings": pl.DataFrame(schema=FINDING_SCHEMA), "reports": reports}
    return publication.domain_hashes(loaded, [REPORT])


@pytest.mark.parametrize(
    ("line", "change", "touched"),
    [
        (3, {"value": 2.0}, {"lss"}),
        (1, {"value": 2.0}, {"placements"}),
        (5, {"value": 2.0}, {"lss", "placements", "economic_assistance"}),
        (6, {"value": 2.0}, set()),
        (6, {"period": "2012"}, {"lss", "placements", "economic_assistance"}),
    ],
)
def test_pages_depend_on_the_rows_of_their_domain_and_the_years_of_all(
    line: int, change: dict[str, Any], touched: set[str]
) -> None:
    before, after = hashes(rows()), hashes(rows(**{f"line_{line}": change}))
    assert {domain for domain, known in before.items() if after[domain] != known} == touched


def test_ids_are_those_of_the_whole_table() -> None:
    table = pl.concat([rows(), rows()])
    own = scope.of_domain(with_ids(table), "lss", [REPORT])
    assert set(own["observation_id"]) <= set(with_ids(table)["observation_id"])
    assert own.filter(pl.col("line") == 3)["observation_id"].to_list() == ["haninge-2022:3:1", "haninge-2022:3:2"]
