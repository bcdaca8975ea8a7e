"""Contradictions: figures that the report's other figures contradict, and what they should be where a finding says so.

A contradicted figure is no base of a comparison. All that compares asks here: developments, index, splits, real terms, costs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, cast

import polars as pl

from socialvolym.analysis.classification import rules
from socialvolym.audit.findings import Finding
from socialvolym.audit.rules.arithmetic.identities import identities
from socialvolym.errors import SocialvolymError
from socialvolym.observations import store
from socialvolym.observations.series import rows_of
from socialvolym.vocabulary.columns import Figure
from socialvolym.vocabulary.values import read_value

#: What tells one figure of a report from another, besides its line.
_FIGURE: tuple[Literal["measure", "breakdown", "period", "series"], ...] = ("measure", "breakdown", "period", "series")

#: Rules that hold a total against its addends: those on its row, and those above it in its column.
_ACROSS, _DOWN = "sum_of_columns", ("total", "sum")


@dataclass(frozen=True)
class Contradiction:
    """A contradicted figure.

    Attributes
    ----------
    finding : the error that is about it.
    ratio : what it should be, as a multiple of what is printed; None where nobody can say which of several figures is wrong.
    """

    finding: Finding
    ratio: float | None = None


def contradictions(observations: pl.DataFrame, findings: pl.DataFrame) -> dict[str, Contradiction]:
    """Return the contradicted figures by observation_id.

    The figure that an error is about is one. Where the error is that cost, volume and unit cost do not fit (rules.toml:
    contradiction.mutual), any of the three may be the wrong one: then all of them are, and the whole that they are a part of.
    """
    known = rules().contradiction
    errors = cast(list[Finding], findings.filter(pl.col("severity") == "error", ~pl.col("rule").is_in(known.words)).to_dicts())
    found: dict[str, Contradiction] = {}
    for finding, row in _own(observations, [finding for finding in errors if finding["rule"] not in known.mutual]):
        settled = not any(_may_be_addend(other, finding) for other in errors)
        found.setdefault(row["observation_id"], Contradiction(finding, _ratio(finding) if settled else None))
    for finding, row in _tied(observations, [finding for finding in errors if finding["rule"] in known.mutual]):
        found.setdefault(row["observation_id"], Contradiction(finding))
    return found


def contradicted_in(rows: pl.DataFrame) -> dict[str, Contradiction]:
    """Return the figures among rows that the findings of data/processed contradict, by observation_id; none of one's own."""
    if "observation_id" not in rows.columns:
        return {}
    try:
        findings, printed = store.load("findings"), store.load("observations")
    except SocialvolymError:
        # Figures of one's own, where no tables have been made.
        return {}
    # What a row says of itself besides must be so: figures of one's own may have ids of others.
    keys = [name for name in ("observation_id", "report", "measure") if name in rows.columns]
    return contradictions(printed.join(rows.select(keys), on=keys, how="semi"), findings)


def doubted(observations: pl.DataFrame, findings: pl.DataFrame, known: Mapping[str, Contradiction]) -> dict[str, Finding]:
    """Return the first error or warning about each figure, by observation_id, of contradictions about all that they touch.

    Where two printed figures of the same contradict each other, the finding is about both.

    known : the contradictions (see `contradictions`).
    """
    told = cast(list[Finding], findings.filter(pl.col("severity") != "note").to_dicts())
    found: dict[str, Finding] = {}
    for finding, row in _own(observations, told):
        found.setdefault(row["observation_id"], finding)
    paired = [finding for finding in told if finding["rule"] in rules().contradiction.paired]
    for finding, row in _own(observations, paired, _opposes):
        found.setdefault(row["observation_id"], finding)
    return {name: entry.finding for name, entry in known.items()} | found


def lines_of(finding: Finding) -> list[int]:
    """Return the lines that a finding names, its own first."""
    others = [int(line) for line in (finding["lines"] or "").split(", ") if line.isdigit()]
    return others if finding["line"] is None else list(dict.fromkeys([finding["line"], *others]))


def is_about(finding: Finding, row: Figure) -> bool:
    """Tell whether a finding is about a figure on one of its lines; what the finding does not say may be anything."""
    if finding["rule"] in rules().contradiction.rows:
        return all(finding[name] in (None, row[name]) for name in ("measure", "breakdown"))
    said = [name for name in _FIGURE if finding[name] is not None or (name == "breakdown" and finding["period"] is not None)]
    return finding["published"] == row["published_as"] and all(finding[name] == row[name] for name in said)


def _opposes(finding: Finding, row: Figure) -> bool:
    """Tell whether a figure is the one that contradicts the figure that a finding is about."""
    return all(finding[name] == row[name] for name in _FIGURE) and finding["published"] != row["published_as"]


def _own(
    observations: pl.DataFrame, errors: list[Finding], about: Callable[[Finding, Figure], bool] = is_about
) -> Iterator[tuple[Finding, Figure]]:
    """Yield the errors with the figures that they are about."""
    by_place: dict[tuple[str, int], list[Finding]] = {}
    for finding in errors:
        for line in lines_of(finding):
            by_place.setdefault((finding["report"], line), []).append(finding)
    places = pl.DataFrame(list(by_place), schema={"report": pl.String, "line": pl.Int64}, orient="row")
    for row in rows_of(observations.join(places, on=["report", "line"], how="semi")):
        yield from ((finding, row) for finding in by_place[row["report"], row["line"]] if about(finding, row))


def _tied(observations: pl.DataFrame, errors: list[Finding]) -> Iterator[tuple[Finding, Figure]]:
    """Yield the errors with the figures that a product ties to each other, and those of the whole that they are a part of."""
    for finding in errors:
        tied = {
            measure
            for product in identities().product
            for measures in [(product.total, product.volume, product.unit_cost, product.other_volume)]
            if finding["measure"] in measures
            for measure in measures
        }
        part = finding["breakdown"]
        wholes = [whole.whole for whole in identities().whole if part in whole.parts and tied & set(whole.measures)]
        rows = observations.filter(
            pl.col("report") == finding["report"],
            pl.col("measure").is_in(sorted(tied)),
            pl.col("period") == finding["period"],
            pl.col("series") == finding["series"],
        )
        yield from ((finding, row) for row in rows_of(rows) if row["breakdown"] in (part, *wholes))


def _may_be_addend(other: Finding, total: Finding) -> bool:
    """Tell of an error about a figure that a total may be a sum of: what the total should be is then not known from the sum."""
    if other["table"] is None or (other["report"], other["table"]) != (total["report"], total["table"]):
        return False
    if total["rule"] == _ACROSS:
        return other["line"] == total["line"] and other["published"] != total["published"] and other["series"] == total["series"]
    same = (other["period"], other["series"]) == (total["period"], total["series"])
    return total["rule"] in _DOWN and same and other["rule"] not in _DOWN and other["line"] != total["line"]


def _ratio(finding: Finding) -> float | None:
    printed, expected = read_value(finding["published"] or ""), read_value(finding["expected"] or "")
    return abs(expected.value / printed.value) if printed and expected and printed.value else None


def corrected(rows: pl.DataFrame, known: Mapping[str, Contradiction]) -> pl.DataFrame:
    """Return rows for a comparison: a contradicted value as it should be, or none where nobody can say what that is."""
    if not known:
        return rows
    ratios = pl.DataFrame(
        [(name, entry.ratio) for name, entry in known.items()],
        schema={"observation_id": pl.String, "_ratio": pl.Float64},
        orient="row",
    ).with_columns(_known=True)
    ratio = pl.when(pl.col("_known")).then("_ratio").otherwise(1.0)
    joined = rows.join(ratios, on="observation_id", how="left", maintain_order="left")
    values = [name for name in ("value", "stated") if name in rows.columns]
    return joined.with_columns(pl.col(*values) * ratio).drop("_ratio", "_known")
