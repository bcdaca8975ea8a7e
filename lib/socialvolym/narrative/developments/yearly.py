"""Years: how the figures of the years to the latest one went, and what is certain of that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import polars as pl
from markupsafe import Markup

from socialvolym.analysis import trends
from socialvolym.analysis.classification import is_share, is_survey, rules
from socialvolym.narrative.context import common_decimals, is_another, printed_decimals
from socialvolym.narrative.developments.development import Development, value_of
from socialvolym.notation.calendar import breaks_between
from socialvolym.observations.series import frame_of, rows_of
from socialvolym.vocabulary.columns import Figure

#: What a rule of the classification lets be said of two figures where it does not call the difference a change.
STILL = ("printed_too_little", "within_rounding")


def tell_years(found: Development) -> Development:
    """Tell the last change, the path to it, and what is known of its certainty and cause."""
    context = found.context
    rows = [context.comparable(row) or row for row in found.figures]
    unsettled = {row["observation_id"] for row in found.figures if context.comparable(row) is None}
    first, last = rows[-2], rows[-1]
    cuts = [cut.period for _, cut in context.breaks(found.measure, found.code, found.breakdown)]
    change = trends.change_of(frame_of(rows), first["period"], last["period"], breaks=cuts, contradicted=unsettled)
    same = first["value"] == last["value"]
    found = replace(
        found,
        contradicted=change.rule == "contradicted",
        change=change,
        ids=tuple(row["observation_id"] for row in rows),
        up=None if same else value_of(last) > value_of(first),
        size=found.change_size(first, last),
        span=(first["period"], last["period"]),
        ends=found.pair(last, first),
    )
    how = _how(found, change.rule)
    found = replace(found, moved=how == "moved" and not same)
    say, values = context.say, _values(found, first, last)
    settled = [row for row in rows if row["observation_id"] not in unsettled]
    unbroken = [row for row in settled if not _is_cut(found, row["period"], last["period"])]
    if len(unbroken) >= 3 and unbroken[-1] is last:
        paths = trends.paths_of(found.compared, cuts)
        found = replace(found, path=next((path for path in paths if path.periods[-1] == last["period"]), None))
        told, named = _long(found, unbroken)
        if how != "plain" or not named or same:
            told.append(say(f"development.last.{'same' if same else how}", **values, named=named))
    else:
        told = [say("development.unchanged" if same else f"development.two.{how}", **values)]
    if not same or change.rule == "break_between":
        told += _certainty(found, change)
    told += [say("development.seam", y0=found.period(a), y1=found.period(b)) for a, b in found.seams]
    told += _printed_change(found, first, last)
    explained, in_brief = _explained(found)
    told += [*explained, *found.contradictions(found.figures)]
    after: list[Markup] = []
    for row in rows:
        # What is about a year that the sentences compare is said with them, the rest after them.
        place = told if row in (rows[0], first, last) else after
        place += found.minds(row)
    after += [*_differs(found, last), *_other_reports(found)]
    return replace(found.saying(*told), after=tuple(after), explained=in_brief)


def _printed_change(found: Development, first: Figure, last: Figure) -> Iterator[Markup]:
    """Tell the change in per cent as the report prints it where that is another number: an error, cut off, or rounded."""
    a, b = value_of(first), value_of(last)
    if is_share(last["unit"]) or not a or int(last["period"][:4]) - int(first["period"][:4]) != 1:
        return
    for row in found.printed("change_pct"):
        decimals = printed_decimals(row)
        if row["period"] == last["period"] and decimals is not None and row["bound"] is None:
            computed = found.context.words.percent(100 * (b - a) / a, decimals)
            if computed != found.context.words.percent(row["value"], decimals):
                printed = found.context.number({**row, "value": abs(row["value"])})
                yield found.context.say("development.printed_change", printed=printed, up=b > a)


def _is_cut(found: Development, first: str, last: str) -> bool:
    """Tell whether a break after which nothing can be compared lies between two periods."""
    whole = [cut.period for _, cut in found.context.breaks(found.measure, found.code, found.breakdown) if cut.extent == "all"]
    return first < last and bool(breaks_between(first, last, whole))


def _explained(found: Development) -> tuple[list[Markup], Markup]:
    """Tell how much of the last change of a cost volume and unit cost explain, where they leave a rest; and the same in brief."""
    context, said, in_brief = found.context, [], Markup()
    y0, y1 = found.span or ("", "")
    own = context.splits.filter(
        pl.col("cost") == found.measure,
        pl.col("municipality_code") == found.code,
        pl.col("breakdown").eq_missing(found.breakdown),
        pl.col("first") == f"{y0} outturn",
        pl.col("last") == f"{y1} outturn",
        pl.col("rest").fill_null(0.0) != 0.0,
    )
    for row in own.iter_rows(named=True):
        explained = row["change"] - row["rest"]
        sizes = (("explained", explained), ("size", row["change"]), ("rest", row["rest"]))
        told = {
            name: context.link(context.words.quantity(abs(size), row["unit"]), row["observation_ids"]) for name, size in sizes
        }
        way = _explained_how(explained, row["change"])
        said.append(context.say(f"development.explained.{way}", **told, up=row["change"] > 0, y0=y0, y1=y1))
        if way == "part":
            millions: dict[str, Any] = {
                name: context.link(context.words.money(abs(size), row["unit"]), row["observation_ids"]) for name, size in sizes
            }
            in_brief = context.words.say("message.explained", **millions)
    return said, in_brief


def _explained_how(explained: float, change: float) -> str:
    """Return how what volume and unit cost give stands to a change: a part of it, more than it, the other way, or nothing."""
    if not explained:
        return "nothing"
    share = explained / change if change else -1.0
    return "other_way" if share < 0 else "part" if share <= 1 else "more"


def _how(found: Development, rule: str) -> str:
    """Return the shape of the sentence that a rule allows: an increase or decrease ("moved"), hardly any, or two figures."""
    if rule == "break_between":
        assert found.span is not None
        cut = found.broken(*found.span)
        return "moved" if cut is not None and cut[1].extent != "all" else "plain"
    if found.counted_twice:
        return "moved"
    if rule in STILL:
        return "still"
    return "moved" if rules().reason[rule].word in {"increase", "decrease"} else "plain"


def _long(found: Development, rows: Sequence[Figure]) -> tuple[list[Markup], bool]:
    """Tell the path from the first to the last figure; return also whether that names the figure before the last."""
    words, by_period = found.context.words, {row["period"]: row for row in rows}
    legs, decimals = trends.legs_of(list(by_period), [row["value"] for row in rows], rows[0]["unit"]), common_decimals(rows)
    told = [
        words.say(
            "development.leg",
            up=leg.up,
            same=leg.same,
            # A survey without its number of answers shows no step to be sure of.
            steep=leg.steep and not is_survey(found.measure) and not found.joins(leg.first_period, leg.last_period),
            value=None if leg is legs[-1] else found.short(by_period[leg.last_period], rows[-1], decimals),
            year=found.period(leg.last_period),
            when=words.when(leg.last_period),
            until=int(leg.last_period[:4]) - int(leg.first_period[:4]) > 1,
        )
        for leg in legs
    ]
    said = [
        found.said(
            "development.long",
            count=len(rows),
            a=found.short(rows[0], rows[-1], decimals),
            # As it is told against the year before.
            b=found.number(rows[-1], decimals, beside=rows[-2]),
            **found.times(rows[0]["period"], rows[-1]["period"]),
            missing=words.join(_years_between(found, rows)) or None,
            legs=words.join(told) if len(legs) > 1 else None,
            steady=len(legs) == 1 and legs[0].up is not None,
            up=legs[0].up,
        )
    ]
    if (
        found.path is not None
        and found.path.step not in (None, rows[-1]["period"])
        and found.path.periods[0] == rows[0]["period"]
        and abs(value_of(rows[-1]) - value_of(rows[0])) >= trends.few_of(rows[0]["unit"])
    ):
        said.append(_step(found, found.path.step, list(by_period), rows))
    return said, len(legs) > 1 and legs[-1].first_period == rows[-2]["period"]


def _years_between(found: Development, rows: Sequence[Figure]) -> list[str]:
    """Return the years between those of rows that have no figure; one whose figure is not compared is told of by itself."""
    known = {row["period"][:4] for row in found.figures}
    first, last = (int(row["period"][:4]) for row in (rows[0], rows[-1]))
    return [str(year) for year in range(first, last) if str(year) not in known]


def _step(found: Development, period: str, periods: Sequence[str], rows: Sequence[Figure]) -> Markup:
    """Tell how much of the way from the first to the last figure one step is."""
    at = periods.index(period)
    part = abs(rows[at]["value"] - rows[at - 1]["value"])
    whole = abs(rows[-1]["value"] - rows[0]["value"])
    words, unit = found.context.words, rows[-1]["unit"]
    unit = "percentage_points" if is_share(unit) else unit
    counts = not is_share(rows[-1]["unit"]) and common_decimals(rows) == 0
    decimals = None if unit == "kSEK" else 0 if counts or whole >= 10 else 1
    return found.context.say(
        "development.one_step",
        part=found.context.link(
            words.number(part, decimals or 0) if decimals is not None else words.money(part, unit),
            [rows[at - 1]["observation_id"], rows[at]["observation_id"]],
        ),
        whole=found.context.link(
            words.quantity(round(whole, decimals or 0), unit, decimals),
            [rows[0]["observation_id"], rows[-1]["observation_id"]],
        ),
        up=rows[-1]["value"] > rows[0]["value"],
        when=found.period(period.removesuffix("-12-31")),
        part_of_year=len(period.removesuffix("-12-31")) > len("2022"),
    )


def _values(found: Development, first: Figure, last: Figure) -> dict[str, Any]:
    decimals = common_decimals((first, last))
    return {
        "place": found.place,
        "subject": found.subject,
        "a": found.short(first, last, decimals, apart=True),
        "full": found.number(first, decimals, beside=last),
        "b": found.number(last, decimals, beside=first),
        **found.times(first["period"], last["period"]),
        "size": found.size,
        "up": bool(found.up),
    }


def _certainty(found: Development, change: trends.Change) -> Iterator[Markup]:
    say = found.context.say
    if change.rule == "break_between":
        cut = found.broken(change.first_period, change.last_period)
        assert cut is not None
        yield say(f"certainty.break_{cut[1].extent}", reason=found.context.reason(cut[1], cut[0].report.id))
    elif found.counted_twice:
        yield say("certainty.counted_twice")
    elif change.rule == "survey_without_answers":
        # Where the report says something of its answers, that is told of the figure itself.
        known = found.context.minds({**found.figures[-1], "measure": found.measure, "breakdown": found.breakdown})
        yield say("certainty.survey", answers_known=bool(known))
    elif change.certainty == "not_clear":
        yield say("certainty.not_clear")


def _differs(found: Development, row: Figure) -> list[Markup]:
    others = found.context.also_printed(row)
    return [found.context.say("development.differs", others=found.context.words.join(others))] if others else []


def _other_reports(found: Development) -> Iterator[Markup]:
    """Tell which years other reports of the municipality print otherwise: what a later one revised, and what is not taken."""
    context, words = found.context, found.context.words
    told: dict[tuple[str, str], list[Markup]] = {}
    for row in rows_of(found.points.filter(pl.col("differs"))):
        rows = context.in_own_unit.filter(pl.col("observation_id").is_in(row["also"]), pl.col("report") != row["report"])
        for other in rows_of(rows.unique("report", keep="first", maintain_order=True)):
            rounding = row["half_step"] + other["half_step"]
            if is_another(other, row) and abs(abs(other["value"]) - abs(row["value"])) >= rounding - 1e-9:
                how = "revised" if context.published(row["report"]) > context.published(other["report"]) else "not_taken"
                told.setdefault((how, row["report"]), []).append(
                    words.say(
                        "development.in_report",
                        value=context.number(other),
                        year=words.period(row["period"]),
                        report=context.report(other["report"]),
                    )
                )
    for (how, report), items in told.items():
        yield context.say(f"development.{how}", used=context.report(report), items=words.join(items))
