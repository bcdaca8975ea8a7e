"""Text facts: what a document's text shows, a line and a kind with named parts; written by the readers of lines, read by rules.

The parts of a fact stand in its `what` with strokes between, as structure.csv keeps them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Concatenate, ParamSpec

import polars as pl

from socialvolym.audit.check_table import as_checks, joined

_Others = ParamSpec("_Others")
_Rule = Callable[Concatenate[pl.DataFrame, _Others], pl.DataFrame]
#: Line, kind, what.
Fact = tuple[int, str, str]
#: structure.csv; `facts` of the audit has the report in front.
FACT_SCHEMA = {"line": pl.Int64, "kind": pl.String, "what": pl.String}
#: The parts of facts that are more than one text (published), by their names in the rules and, where a fact is a check by itself,
#: in the check table. A `subject` is words of the sentence, or the label of a row that they name (subjects.py).
PARTS: Mapping[str, tuple[str, ...]] = {
    # headings, annexes and lines
    "same_heading": ("published", "other", "lines"),
    "empty_heading": ("lines",),
    "title_year": ("title", "caption"),
    "named_group": ("label", "ages"),
    "unit_pair": ("published", "other", "label"),
    "age_rows": ("published", "other", "lines"),
    # sentences beside tables
    "amount_and_percent": ("subject", "amount", "told_unit", "published"),
    "unit_word": ("published", "told_unit"),
    "base_year": ("number", "target", "base"),
    "steady_trend": ("direction", "since", "subject"),
    "level_as_change": ("published", "subject"),
    "against_years": ("published", "subject"),
    "development": ("published", "subject"),
    "direction_told": ("published", "now", "before", "subject"),
    "deficit_told": ("published", "told_unit", "ahead", "subject"),
    # what the text alone shows
    "break_told": (),
    "signal_lost": ("lines",),
    "amounts_absent": ("lines",),
    "unit_missing": ("published", "lines"),
    "copied_cell": ("lines",),
    "comment_date": ("published", "other", "lines"),
    "denied_income": ("published", "lines"),
    "other_month": ("published", "other"),
}


def names_of(kind: str) -> tuple[str, ...]:
    """Return the names of the parts of a kind of facts."""
    return PARTS.get(kind, ("published",))


def fact(line: int, kind: str, **parts: str) -> Fact:
    """Return a fact from its parts, all of them or the first ones, in their order; a stroke within one becomes a slash.

    Examples
    --------
    >>> fact(12, "age_rows", published="7-12", other="0-7", lines="11")
    (12, 'age_rows', '7-12|0-7|11')
    """
    assert tuple(parts) == names_of(kind)[: len(parts)], f"{kind} has the parts {names_of(kind)}"
    return line, kind, "|".join(text.replace("|", "/") for text in parts.values())


def parts(facts: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Return the facts of a kind with their parts as columns; a part that a fact does not have is null."""
    told = [pl.col("what").str.split("|").list.get(n, null_on_oob=True).alias(name) for n, name in enumerate(names_of(kind))]
    return facts.filter(pl.col("kind") == kind).with_columns(told)


def rule_of(*kinds: str) -> Callable[[_Rule[_Others]], _Rule[_Others]]:
    """Have a rule that holds facts of these kinds against something find nothing, at once, where there is none of them."""

    def limited(rule: _Rule[_Others]) -> _Rule[_Others]:
        def found(facts: pl.DataFrame, /, *args: _Others.args, **kwargs: _Others.kwargs) -> pl.DataFrame:
            return joined([]) if set(kinds).isdisjoint(facts["kind"].to_list()) else rule(facts, *args, **kwargs)

        return found

    return limited


def checks_of(facts: pl.DataFrame, kind: str, rule: str = "", **columns: str) -> pl.DataFrame:
    """Return the facts of a kind, each of which is a check by itself, of the rule of that name by default."""
    return as_checks(rule_of(kind)(parts)(facts, kind), rule=rule or kind, gap=1.0, **columns)
