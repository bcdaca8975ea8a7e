"""Developments: how one measure went in one municipality, told in sentences that say no more than the figures do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import polars as pl
from markupsafe import Markup

from socialvolym import vocabulary
from socialvolym.analysis import trends
from socialvolym.analysis.classification import is_share, rules
from socialvolym.narrative.context import Context, common_decimals, printed_decimals
from socialvolym.notation.calendar import breaks_between
from socialvolym.observations.series import frame_of
from socialvolym.reports.models import Break, RawReport


@dataclass(frozen=True)
class End:
    """A figure that a change leads from or to: as told, with its time in words, and the observations that it rests on."""

    figure: Markup
    time: str
    period: str
    series: str
    value: float
    unit: str
    ids: tuple[str, ...]


@dataclass
class Development:
    """How a measure developed in a municipality, or a part of it.

    Attributes
    ----------
    points : yearly outturns (SERIES_SCHEMA), without missing ones.
    monthly : monthly outturns; empty where there are none.
    change : between the last two years with a figure; None with fewer than two.
    sentences : what can be said, in order.
    up : the direction of the last change; None where there is none.
    size : the last change in words.
    path : how the unbroken years to the latest one went; None with fewer than three.
    moved : whether the last change may be called an increase or a decrease.
    away : whether the figure moves away from the goal of a year to come.
    planned : by how many per cent the budget of a later year differs; 0 where there is none.
    base : the series of the figure that it differs from.
    within : whether it is a part of a whole that is told as well.
    ends : the two figures that size lies between, the later one first; None where there are not two.
    after : what is said after the sentences where there is room: what is unclear, and how far the statistics reach.
    explained : how much of the last change of a cost volume and unit cost explain, in words; empty where that is not known.
    against_budget : whether size is a deviation from the budget, and up the side of it.
    contradicted : whether the last change is not told, because a figure of it is contradicted and nobody can say what is right.
    """

    context: Context
    measure: str
    code: str
    breakdown: str | None
    points: pl.DataFrame
    monthly: pl.DataFrame
    change: trends.Change | trends.MonthlyComparison | None = None
    up: bool | None = None
    size: Markup = field(default_factory=Markup)
    path: trends.Path | None = None
    missed: bool = False
    moved: bool = False
    away: bool = False
    within: bool = False
    planned: float = 0.0
    base: str = "outturn"
    told: float = 0.0
    span: tuple[str, str] | None = None
    against_budget: bool = False
    contradicted: bool = False
    ids: tuple[str, ...] = ()
    sentences: list[Markup] = field(default_factory=list)
    ends: tuple[End, End] | None = None
    after: list[Markup] = field(default_factory=list)
    explained: Markup = field(default_factory=Markup)
    weight: float = 0.0

    @property
    def place(self) -> str:
        """The municipality's name."""
        return self.context.place(self.code)

    @property
    def subject(self) -> str:
        """The measure as it is named inside a sentence."""
        return self.context.words.subject(self.measure, self.breakdown)

    @property
    def part(self) -> str:
        """Its part of a whole in words; empty for the whole."""
        return self.context.words.part(self.breakdown)

    @property
    def latest(self) -> End | None:
        """The latest figure, or the only one; the forecast where no other level is printed; None where only a change is."""
        rows = [*self.points.iter_rows(named=True)] or _others(self, "forecast")
        if self.ends is not None or not rows:
            return self.ends[0] if self.ends else None
        return _end(self, self.context.number(rows[-1]), rows[-1], series=rows[-1]["series"] != "outturn")

    @property
    def step(self) -> float:
        """The size of the last change in per cent (percentage points of a share, twice)."""
        return _relative(self)

    @cached_property
    def compared(self) -> pl.DataFrame:
        """The points as they are compared: a contradicted one as it should be, or left out where nobody can say."""
        return _compared(self, self.points)

    @property
    def counted_twice(self) -> bool:
        """Whether the figure is a sum of groups in which a person can stand several times."""
        return self.breakdown == "Totalt" and bool(self.points.height) and self.points["unit"][0] == "persons"

    def broken(self, first: str, last: str) -> tuple[RawReport, Break] | None:
        """Return the announced break between two periods and the report that announces it; None where there is none."""
        cuts = self.context.breaks(self.measure, self.code)
        return next(((raw, cut) for raw, cut in cuts if breaks_between(first, last, [cut.period])), None)

    @property
    def outturn_report(self) -> str | None:
        """The id of the report that prints the latest figure; None where only changes or deviations are printed."""
        return self.points["report"][-1] if self.points.height else None


def _compared(found: Development, points: pl.DataFrame) -> pl.DataFrame:
    rows = (found.context.comparable(row) for row in points.iter_rows(named=True))
    return frame_of([row for row in rows if row is not None])


#: How far two related measures must have gone, as a share of where they began, for it to be told that they went opposite ways.
_AGAINST = 0.05
#: The breakdown of the country's figure, which a report prints beside its own.
_COUNTRY = "riket"
#: A comparison that a report prints beside its own figures, not a part of the municipality.
_ELSEWHERE = (_COUNTRY, "kommunen totalt", "länet")


def groups(context: Context, measure: str) -> list[tuple[str, str | None]]:
    """Return the municipalities and parts for which a measure has a figure, in the order of codes and of the documents."""
    return [
        (code, breakdown)
        for code, breakdown in context.parts.get(measure, [])
        if breakdown != "Genomsnitt" and not any(name in (breakdown or "").lower() for name in _ELSEWHERE)
    ]


def develop_all(context: Context, measures: Iterable[str]) -> list[Development]:
    """Tell how measures developed in all chosen municipalities, in order; what has nothing to tell is left out.

    A part of a whole that is told as well (children and adults beside all) is marked: it is drawn, but not told again.
    """
    told = [develop(context, measure, code, part) for measure in measures for code, part in groups(context, measure)]
    told = [found for found in told if found.sentences or found.points.height or found.monthly.height]
    wholes = {(found.measure, found.code) for found in told if not found.part and found.sentences}
    for found in told:
        found.within = bool(found.part) and (found.measure, found.code) in wholes
    for found in told:
        _tell_opposite(found, told)
    return told


def _tell_opposite(found: Development, told: Sequence[Development]) -> None:
    """Tell which related figure went the other way over all the years that the path of this one is told for."""
    for other in told:
        if found.path is not None and _ran_against(found, other):
            ends = _ends_of(found.path)
            first, last = (other.compared.row(by_predicate=pl.col("period") == period, named=True) for period in ends)
            values: dict[str, Any] = {"a": _short(other, first, last), "b": _number(other, last), **_times(other, *ends)}
            values["up"] = _value(last) > _value(first)
            found.sentences.append(found.context.say("development.opposite", subject=other.subject, **values))


def _ends_of(path: trends.Path) -> tuple[str, str]:
    return path.periods[0], path.periods[-1]


def _ran_against(found: Development, other: Development) -> bool:
    """Tell whether two related measures of one municipality went opposite ways over the same years, neither of them hardly."""
    related = (found.code, _family(found)) == (other.code, _family(other)) and found.measure != other.measure
    if found.path is None or other.path is None or not related or other.within or _ends_of(found.path) != _ends_of(other.path):
        return False
    changes = [path.values[-1] / path.values[0] - 1 if path.values[0] else 0.0 for path in (found.path, other.path)]
    return changes[0] * changes[1] < 0 and min(map(abs, changes)) >= _AGAINST


def _family(found: Development) -> str | None:
    return vocabulary.measure_index()[found.measure]["family"]


def develop(context: Context, measure: str, code: str, breakdown: str | None) -> Development:
    """Tell how a measure developed in one municipality."""
    known = frame_of(context.series(measure, code, breakdown))
    monthly = frame_of(context.series(measure, code, breakdown, frequency="month"))
    found = Development(context, measure, code, breakdown, known, monthly)
    if found.monthly.height >= 2:
        _tell_months(found)
    elif known.height >= 2:
        _tell_years(found)
    elif known.height == 1:
        _tell_single(found)
    _tell_budget(found)
    _tell_plan(found)
    _tell_target(found)
    _tell_country(found)
    if not found.sentences:
        _tell_change(found)
        _tell_deviation(found)
    found.weight = _weight(found)
    return found


def _value(row: dict[str, Any]) -> float:
    return float(row["value"])


def _number(found: Development, row: dict[str, Any], decimals: int | None = None) -> Markup:
    return found.context.number(row, found.context.words.names_a_number(found.measure), decimals)


def _short(found: Development, row: dict[str, Any], like: dict[str, Any], decimals: int | None = None) -> Markup:
    return found.context.short(row, like, found.context.words.names_a_number(found.measure), decimals)


def _period(found: Development, period: str) -> str:
    return found.context.words.period(period)


def _period_of(row: dict[str, Any]) -> str:
    return row["period"] or ""


def _times(found: Development, first: str, last: str) -> dict[str, str]:
    words = found.context.words
    return {"y0": words.period(first), "y1": words.period(last), "w0": words.when(first), "w1": words.when(last)}


def _change_size(found: Development, first: dict[str, Any], last: dict[str, Any]) -> Markup:
    """Return the size of a change in words: percentage points of a share, the difference of complete counts, else per cent."""
    words, ids = found.context.words, [first["observation_id"], last["observation_id"]]
    a, b = (_value(row) for row in (first, last))
    if is_share(last["unit"]):
        decimals = 1 if max(first["half_step"], last["half_step"]) < 0.5 else 0
        return found.context.link(words.quantity(round(abs(b - a), decimals), "percentage_points", decimals), ids)
    # Per cent of fewer than twenty says less than their number.
    if not a or max(a, b) < 20:
        return found.context.link(words.quantity(round(abs(b - a), 1), last["unit"]), ids)
    wrong = _contradicting(found, first, last)
    # With the decimals of the printed change that it contradicts, so that what differs can be seen.
    share = words.percent(100 * (b - a) / a, printed_decimals(wrong) if wrong else None)
    mark = found.context.flag(wrong) if wrong else Markup("")
    if last["unit"] in rules().counts.units and all(value == int(value) for value in (a, b)):
        share = words.say("development.more", number=words.number(abs(b - a)), share=share)
    return found.context.link(share, ids) + mark


def _contradicting(found: Development, first: dict[str, Any], last: dict[str, Any]) -> dict[str, Any] | None:
    """Return the change from one year to the next as the report prints it, where an error is about that; else None."""
    if {first["series"], last["series"]} != {"outturn"} or int(last["period"][:4]) - int(first["period"][:4]) != 1:
        return None
    changes = [row for row in _printed(found, "change_pct") if row["period"] == last["period"]]
    return next((row for row in changes if (found.context.finding_about(row) or {}).get("severity") == "error"), None)


def _is_up(found: Development, first: dict[str, Any], last: dict[str, Any]) -> bool:
    return _value(last) > _value(first)


#: What a rule of the classification lets be said of two figures where it does not call the difference a change.
_STILL = ("printed_too_little", "within_rounding")


def _tell_years(found: Development) -> None:
    context = found.context
    rows = [context.comparable(row) or row for row in found.points.iter_rows(named=True)]
    unsettled = {row["observation_id"] for row in found.points.iter_rows(named=True) if context.comparable(row) is None}
    first, last = rows[-2], rows[-1]
    cuts = [cut.period for _, cut in context.breaks(found.measure, found.code)]
    change = trends.change_of(frame_of(rows), first["period"], last["period"], breaks=cuts, contradicted=unsettled)
    found.contradicted = change.rule == "contradicted"
    found.change, found.ids = change, tuple(row["observation_id"] for row in rows)
    found.up, found.size = _is_up(found, first, last), _change_size(found, first, last)
    found.span = (first["period"], last["period"])
    found.ends = _ends(found, last, first)
    same = first["value"] == last["value"]
    if same:
        found.up = None
    how = _how(found, change.rule)
    found.moved = how == "moved" and not same
    say, values = context.say, _values(found, first, last)
    settled = [row for row in rows if row["observation_id"] not in unsettled]
    unbroken = [row for row in settled if not _is_cut(found, row["period"], last["period"])]
    if len(unbroken) >= 3 and unbroken[-1] is last:
        found.path = next((path for path in trends.paths_of(found.compared, cuts) if path.periods[-1] == last["period"]), None)
        named = _tell_long(found, unbroken)
        if how != "plain" or not named or same:
            found.sentences.append(say(f"development.last.{'same' if same else how}", **values, named=named))
    else:
        found.sentences.append(say("development.unchanged" if same else f"development.two.{how}", **values))
    if not same or change.rule == "break_between":
        _tell_certainty(found, change)
    _tell_printed_change(found, first, last)
    _tell_explained(found)
    _tell_contradictions(found, found.points.iter_rows(named=True))
    for row in rows:
        # What is about a year that the sentences compare is said with them, the rest after them.
        place = found.sentences if row in (rows[0], first, last) else found.after
        place += _minds(found, row)
    if last.get("differs"):
        _tell_differs(found, last)
    _tell_other_reports(found)


def _tell_printed_change(found: Development, first: dict[str, Any], last: dict[str, Any]) -> None:
    """Tell the change in per cent as the report prints it where that is another number, though no error: cut off, or rounded."""
    a, b = _value(first), _value(last)
    if is_share(last["unit"]) or not a or int(last["period"]) - int(first["period"]) != 1 or _contradicting(found, first, last):
        return
    for row in _printed(found, "change_pct"):
        decimals = printed_decimals(row)
        if row["period"] == last["period"] and decimals is not None and row["bound"] is None:
            computed = found.context.words.percent(100 * (b - a) / a, decimals)
            if computed != found.context.words.percent(row["value"], decimals):
                printed = found.context.number({**row, "value": abs(row["value"])})
                found.sentences.append(found.context.say("development.printed_change", printed=printed, up=b > a))


def _is_cut(found: Development, first: str, last: str) -> bool:
    """Tell whether a break after which nothing can be compared lies between two periods."""
    whole = [cut.period for _, cut in found.context.breaks(found.measure, found.code) if cut.extent == "all"]
    return first < last and bool(breaks_between(first, last, whole))


def _minds(found: Development, row: dict[str, Any]) -> list[Markup]:
    """Return what the report says must be known of a figure."""
    context, year = found.context, _period(found, row["period"])
    return [context.say("development.mind", text=text, year=year) for text in context.minds(row)]


def _tell_explained(found: Development) -> None:
    """Tell how much of the last change of a cost volume and unit cost explain, where they leave a rest."""
    context = found.context
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
        found.sentences.append(context.say(f"development.explained.{way}", **told, up=row["change"] > 0, y0=y0, y1=y1))
        if way == "part":
            millions: dict[str, Any] = {
                name: context.link(context.words.money(abs(size), row["unit"]), row["observation_ids"]) for name, size in sizes
            }
            found.explained = context.words.say("message.explained", **millions)


def _explained_how(explained: float, change: float) -> str:
    """Return how what volume and unit cost give stands to a change: a part of it, more than it, the other way, or nothing."""
    if not explained:
        return "nothing"
    share = explained / change if change else -1.0
    return "other_way" if share < 0 else "part" if share <= 1 else "more"


def _tell_contradictions(found: Development, rows: Iterable[dict[str, Any]]) -> None:
    """Tell of each contradicted figure what it should be, or that nobody can say and that it is not compared."""
    for row in rows:
        wrong = found.context.contradiction(row)
        if wrong is not None:
            found.sentences.append(found.context.contradiction_told(row, found.context.words.period(row["period"])))


def _ends(found: Development, last: dict[str, Any], first: dict[str, Any], series: bool = False) -> tuple[End, End]:
    """Return two figures with their times, a budget or a forecast named as such where `series` says so."""
    context = found.context
    decimals = common_decimals((last, first))
    before = context.short(first, last, decimals=decimals)
    return _end(found, context.number(last, decimals=decimals), last, series), _end(found, before, first, series)


def _end(found: Development, figure: Markup, row: dict[str, Any], series: bool = False) -> End:
    time = _period(found, row["period"])
    time = f"{found.context.words.series(row['series'])} {time}" if series else time
    return End(figure, time, row["period"], row["series"], _value(row), row["unit"], (row["observation_id"],))


def end_of(found: Development, period: str, like: str) -> End:
    """Return the figure of a period, told without the unit that it shares with that of another period."""
    row, other = (found.points.row(by_predicate=pl.col("period") == name, named=True) for name in (period, like))
    return _end(found, found.context.short(row, other), row)


def size_of_path(found: Development) -> Markup:
    """Return the size of the change over all years of a development's path, in words."""
    assert found.path is not None
    first, last = (found.compared.row(by_predicate=pl.col("period") == period, named=True) for period in _ends_of(found.path))
    return _change_size(found, first, last)


def _how(found: Development, rule: str) -> str:
    """Return the shape of the sentence that a rule allows: an increase or decrease ("moved"), hardly any, or two figures."""
    if rule == "break_between":
        assert found.span is not None
        cut = found.broken(*found.span)
        return "moved" if cut is not None and cut[1].extent != "all" else "plain"
    if found.counted_twice:
        return "moved"
    if rule in _STILL:
        return "still"
    return "moved" if rules().reason[rule].word in {"increase", "decrease"} else "plain"


def _tell_long(found: Development, rows: Sequence[dict[str, Any]]) -> bool:
    """Tell the path from the first to the last figure; return whether that names the figure before the last."""
    words, by_period = found.context.words, {row["period"]: row for row in rows}
    legs, decimals = trends.legs_of(list(by_period), [row["value"] for row in rows]), common_decimals(rows)
    told = [
        words.say(
            "development.leg",
            up=leg.up,
            same=leg.same,
            steep=leg.steep,
            value=None if leg is legs[-1] else _short(found, by_period[leg.last_period], rows[-1], decimals),
            year=_period(found, leg.last_period),
            until=int(leg.last_period[:4]) - int(leg.first_period[:4]) > 1,
        )
        for leg in legs
    ]
    found.sentences.append(
        found.context.say(
            "development.long",
            place=found.place,
            subject=found.subject,
            count=len(rows),
            a=_short(found, rows[0], rows[-1], decimals),
            b=_number(found, rows[-1], decimals),
            **_times(found, rows[0]["period"], rows[-1]["period"]),
            missing=words.join(_years_between(found, rows)) or None,
            legs=words.join(told) if len(legs) > 1 else None,
            steady=len(legs) == 1 and legs[0].up is not None,
            up=legs[0].up,
        )
    )
    if (
        found.path is not None
        and found.path.step not in (None, rows[-1]["period"])
        and found.path.periods[0] == rows[0]["period"]
    ):
        _tell_step(found, found.path.step, list(by_period), rows)
    return len(legs) > 1 and legs[-1].first_period == rows[-2]["period"]


def _years_between(found: Development, rows: Sequence[dict[str, Any]]) -> list[str]:
    """Return the years between those of rows that have no figure; one whose figure is not compared is told of by itself."""
    known = {row["period"] for row in found.points.iter_rows(named=True)}
    first, last = (int(row["period"]) for row in (rows[0], rows[-1]))
    return [str(year) for year in range(first, last) if str(year) not in known]


def _tell_step(found: Development, period: str, periods: Sequence[str], rows: Sequence[dict[str, Any]]) -> None:
    """Tell how much of the way from the first to the last figure one step is."""
    at = periods.index(period)
    part = abs(rows[at]["value"] - rows[at - 1]["value"])
    whole = abs(rows[-1]["value"] - rows[0]["value"])
    words, unit = found.context.words, rows[-1]["unit"]
    unit = "percentage_points" if is_share(unit) else unit
    decimals = None if unit == "kSEK" else 0 if whole >= 10 else 1
    found.sentences.append(
        found.context.say(
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
            when=found.context.words.when(period),
        )
    )


def _values(found: Development, first: dict[str, Any], last: dict[str, Any]) -> dict[str, Any]:
    return {
        "place": found.place,
        "subject": found.subject,
        "a": _short(found, first, last, common_decimals((first, last))),
        "b": _number(found, last, common_decimals((first, last))),
        **_times(found, first["period"], last["period"]),
        "size": found.size,
        "up": bool(found.up),
    }


def _tell_certainty(found: Development, change: trends.Change) -> None:
    say = found.context.say
    if change.rule == "break_between":
        cut = found.broken(change.first_period, change.last_period)
        assert cut is not None
        found.sentences.append(say(f"certainty.break_{cut[1].extent}", reason=found.context.reason(cut[1], cut[0].report.id)))
    elif found.counted_twice:
        found.sentences.append(say("certainty.counted_twice"))
    elif change.rule == "survey_without_answers":
        # Where the report says something of its answers, that is told of the figure itself.
        known = found.context.minds(found.points.row(-1, named=True) | {"measure": found.measure, "breakdown": found.breakdown})
        found.sentences.append(say("certainty.survey", answers_known=bool(known)))
    elif change.certainty == "not_clear":
        found.sentences.append(say("certainty.not_clear"))


def _tell_differs(found: Development, row: dict[str, Any]) -> None:
    rows = found.context.in_own_unit.filter(
        pl.col("observation_id").is_in(row["also"].to_list() if hasattr(row["also"], "to_list") else row["also"])
    )
    others = [
        found.context.number(other)
        for other in rows.iter_rows(named=True)
        if other["report"] == row["report"] and _is_another(other, row)
    ]
    if others:
        found.after.append(found.context.say("development.differs", others=found.context.words.join(others)))


def _is_another(other: dict[str, Any], row: dict[str, Any]) -> bool:
    return other["value"] is not None and abs(other["value"] - row["value"]) > 1e-9 and other["unit"] == row["unit"]


def _tell_other_reports(found: Development) -> None:
    """Tell which years other reports of the municipality print otherwise: what a later one revised, and what is not taken."""
    context, words = found.context, found.context.words
    told: dict[tuple[str, str], list[Markup]] = {}
    for row in found.points.filter(pl.col("differs")).iter_rows(named=True):
        rows = context.in_own_unit.filter(pl.col("observation_id").is_in(row["also"]), pl.col("report") != row["report"])
        for other in rows.unique("report", keep="first", maintain_order=True).iter_rows(named=True):
            rounding = row["half_step"] + other["half_step"]
            if _is_another(other, row) and abs(abs(other["value"]) - abs(row["value"])) >= rounding - 1e-9:
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
        found.after.append(context.say(f"development.{how}", used=context.report(report), items=words.join(items)))


def _tell_months(found: Development) -> None:
    years = sorted({period[:4] for period in found.monthly["period"]})
    found.ids = tuple(found.monthly["observation_id"].to_list())
    if len(years) < 2:
        return
    y0, y1 = years[-2:]
    cuts = [cut.period for _, cut in found.context.breaks(found.measure, found.code)]
    comparison = trends.months_of(_compared(found, found.monthly), y0, y1, cuts)
    pairs = comparison.by_month.filter(pl.col("difference").is_not_null())
    if pairs.is_empty():
        return
    assert comparison.first is not None and comparison.last is not None
    a, b = comparison.first, comparison.last
    ids = [i for name in ("first_id", "last_id") for i in pairs[name].to_list()]
    unit, words = comparison.unit, found.context.words
    decimals = 0 if max(abs(a), abs(b)) >= 100 else 1
    bare = words.names_a_number(found.measure)
    told = (lambda value, unit, decimals: words.number(value, decimals)) if bare else words.quantity
    found.change, found.span = comparison, (y0, y1)
    if a == b:
        found.sentences.append(
            found.context.say(
                "development.unchanged",
                place=found.place,
                subject=found.subject,
                b=found.context.link(told(b, unit, decimals), ids),
                **_times(found, y0, y1),
            )
        )
        return
    found.up = b > a
    found.size = found.context.link(words.percent(100 * (b - a) / a) if a else words.quantity(b - a, unit, 1), ids)
    mean = words.say("development.monthly", figure=found.context.link(told(b, unit, decimals), ids))
    shown = (mean, found.context.link(words.number(a, decimals), ids))
    found.ends = (End(shown[0], y1, y1, "outturn", b, unit, tuple(ids)), End(shown[1], y0, y0, "outturn", a, unit, tuple(ids)))
    same_way = comparison.higher if found.up else comparison.lower
    found.moved = comparison.word in {"increase", "decrease"}
    found.sentences.append(
        found.context.say(
            f"development.months.{'moved' if found.moved else 'plain'}",
            place=found.place,
            subject=found.subject,
            **_times(found, y0, y1),
            up=found.up,
            size=found.size,
            a=found.context.link(words.number(a, decimals), ids),
            b=found.context.link(told(b, unit, decimals), ids),
            higher=found.context.link(words.number(same_way), ids),
            every=same_way == pairs.height,
            count=words.number(pairs.height),
        )
    )


#: How many figures of other times are told beside the one of a year.
_MOST_OTHERS = 4


def _year_of(row: dict[str, Any]) -> str:
    return _period_of(row).removesuffix("-12-31")


def _tell_single(found: Development) -> None:
    row = found.points.row(0, named=True)
    found.ids = (row["observation_id"],)
    if _planned(found, row["period"]) is None:
        others = [other for other in _printed(found, "outturn") if _year_of(other) != row["period"]]
        figures = [Markup("{} ({})").format(_number(found, other), found.context.time(other)) for other in others]
        found.sentences.append(
            found.context.say(
                "development.single_year" if others else "development.single",
                others=found.context.words.join(figures[:_MOST_OTHERS]),
                place=found.place,
                subject=found.subject,
                b=_number(found, row),
                **_times(found, row["period"], row["period"]),
            )
        )


def _others(found: Development, series: str) -> list[dict[str, Any]]:
    return found.context.series(found.measure, found.code, found.breakdown, series)


def _printed(found: Development, series: str) -> list[dict[str, Any]]:
    return found.context.printed(found.measure, found.code, found.breakdown, series)


def _tell_budget(found: Development) -> None:
    if found.points.is_empty():
        return
    last = found.points.row(-1, named=True)
    budgets = [row for row in _others(found, "budget") if (row["period"], row["unit"]) == (last["period"], last["unit"])]
    if not budgets:
        return
    before, after = (found.context.comparable(row) for row in (budgets[0], last))
    if before is None or after is None:
        told = found.context.say("development.budget_only", budget=_number(found, budgets[0]), y1=_period(found, last["period"]))
        found.sentences.append(told)
        _tell_contradictions(found, budgets[:1])
        return
    budget, last = before, after
    size = _change_size(found, budget, last)
    if budget["value"] == last["value"]:
        found.sentences.append(found.context.say("development.budget_met", y1=_period(found, last["period"])))
        return
    found.sentences.append(
        found.context.say(
            "development.budget",
            budget=_number(found, budget),
            size=size,
            up=_is_up(found, budget, last),
            **_times(found, last["period"], last["period"]),
        )
    )
    _tell_contradictions(found, budgets[:1])


def _planned(found: Development, after: str) -> dict[str, Any] | None:
    later = [row for row in _others(found, "budget") if row["period"] > after]
    return later[-1] if later else None


def _tell_plan(found: Development) -> None:
    """Tell a budget for a year to come against what is known of the latest year before it: its budget, forecast, or outturn."""
    if found.points.is_empty():
        return
    last = found.points.row(-1, named=True)
    budget = _planned(found, last["period"])
    if budget is None:
        return
    printed = _before(found, budget["period"], last)
    plans = [row for row in _others(found, "plan") if row["period"] > budget["period"]]
    plan = plans[-1] if plans else None
    found.ids = (*found.ids, *(base["observation_id"] for base in printed), budget["observation_id"])
    bases = [base for row in printed if (base := found.context.comparable(row)) is not None]
    after_all = found.context.comparable(budget)
    if after_all is None or not bases:
        _tell_plan_only(found, printed, budget, plan)
        return
    wrong, budget = [*printed, budget], after_all
    before, after = (row["value"] for row in (bases[0], budget))
    found.up = None if before == after else after > before
    found.size, found.span = _change_size(found, bases[0], budget), (bases[0]["period"], budget["period"])
    found.base = bases[0]["series"]
    found.planned = 100 * abs(after - before) / (abs(before) or 1.0)
    found.ends = _ends(found, budget, bases[0], series=True)
    against = [_against(found, group, budget, number == 0) for number, group in enumerate(_alike(found, bases))]
    directions = {budget["value"] > base["value"] for base in bases}
    found.sentences.append(
        found.context.say(
            "development.plan",
            place=found.place,
            subject=found.subject,
            b=_number(found, budget),
            **_times(found, bases[0]["period"], budget["period"]),
            up=found.up,
            size=found.size,
            first=against[0],
            second=against[1] if len(against) > 1 else None,
            opposite=len(directions) > 1,
            plan=_number(found, plan) if plan else None,
            plan_year=_period(found, plan["period"]) if plan else None,
        )
    )
    _tell_contradictions(found, wrong)


def _tell_plan_only(
    found: Development, bases: Sequence[dict[str, Any]], budget: dict[str, Any], plan: dict[str, Any] | None
) -> None:
    """Tell a budget for a year to come beside the year before without comparing them: a figure of them is contradicted."""
    found.contradicted, found.up, found.span = True, None, (bases[0]["period"], budget["period"])
    found.ends = _ends(found, budget, bases[0], series=True)
    base = "both" if len(bases) > 1 and len(_alike(found, bases)) == 1 else bases[0]["series"]
    found.sentences.append(
        found.context.say(
            "development.plan_only",
            place=found.place,
            subject=found.subject,
            b=_number(found, budget),
            a=_short(found, bases[0], budget),
            base=found.context.words.say(f"base.{base}"),
            **_times(found, bases[0]["period"], budget["period"]),
            plan=_number(found, plan) if plan else None,
            plan_year=_period(found, plan["period"]) if plan else None,
        )
    )
    _tell_contradictions(found, [*bases, budget])


def _before(found: Development, period: str, last: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the figures of the latest year before a period: its outturn, or its budget and its forecast."""
    candidates = [last]
    for series in ("budget", "forecast"):
        candidates += [row for row in _others(found, series) if row["period"] < period]
    latest = max(row["period"] for row in candidates)
    return [last] if last["period"] == latest else [row for row in candidates if row["period"] == latest]


def _alike(found: Development, rows: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Group rows of the same amount, in order."""
    groups: dict[float, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row["value"], []).append(row)
    return list(groups.values())


def _against(found: Development, bases: Sequence[dict[str, Any]], budget: dict[str, Any], first: bool) -> Markup:
    """Tell a budget against one figure of the year before, or against two that are the same."""
    before, after = (row["value"] for row in (bases[0], budget))
    return found.context.say(
        "development.against_same" if before == after else "development.against",
        size=_change_size(found, bases[0], budget),
        up=after > before,
        base=found.context.words.say("base.both" if len(bases) > 1 else f"base.{bases[0]['series']}"),
        a=_short(found, bases[0], budget),
        y0=_period(found, bases[0]["period"]),
        first=first,
    )


def _tell_target(found: Development) -> None:
    if found.points.is_empty():
        return
    last = found.points.row(-1, named=True)
    ahead = sorted(
        (row for row in _printed(found, "target") if row["period"] and row["period"][:4] >= last["period"][:4]), key=_period_of
    )
    if not ahead:
        return
    target, last = ahead[0], found.context.comparable(last) or last
    if found.contradicted:
        return
    told = {"ty": _goal_year(found, target["period"]), "target": _number(found, target)}
    if target["period"][:4] > last["period"][:4]:
        found.away = _moves_away(found, last, target)
        distance = _change_size(found, target, last) if not target["bound"] else None
        above = last["value"] > target["value"]
        found.sentences.append(
            found.context.say("development.target_ahead", **told, distance=distance, above=above, away=found.away)
        )
        return
    reached = _reached(found.measure, last["value"], target)
    if reached is None:
        return
    found.missed = not reached
    found.sentences.append(found.context.say("development.target_met" if reached else "development.target_missed", **told))


def _tell_country(found: Development) -> None:
    """Tell the country's figure of the same measure for a year that the municipality has a figure of, as the report prints it."""
    if found.breakdown is not None:
        return
    own = {(row["period"], row["unit"]) for row in found.points.iter_rows(named=True)}
    country = found.context.series(found.measure, found.code, _COUNTRY)
    rows = [row for row in country if (row["period"], row["unit"]) in own]
    if rows:
        figures = [Markup("{} ({})").format(_number(found, row), _period(found, row["period"])) for row in rows]
        found.sentences.append(found.context.say("development.elsewhere", figures=found.context.words.join(figures)))


def _goal_year(found: Development, period: str) -> str:
    """Return the year of a goal: one that is set for 31 December is the year's."""
    return _period(found, period.removesuffix("-12-31"))


def _moves_away(found: Development, last: dict[str, Any], target: dict[str, Any]) -> bool:
    """Tell whether the figure is not at its goal and is farther from it than at the beginning of its series."""
    if found.compared.height < 2 or _reached(found.measure, last["value"], target) is not False:
        return False
    first = found.compared.row(0, named=True)
    goal, *figures = (row["value"] for row in (target, first, last))
    return abs(figures[1] - goal) > abs(figures[0] - goal) and found.broken(first["period"], last["period"]) is None


def _reached(measure: str, value: float, target: dict[str, Any]) -> bool | None:
    """Tell whether a goal is reached; None where it is not said which way is good. "<5" is not reached at 5, "högst 5" is."""
    better = {"lt": "lower", "gt": "higher"}.get(target["bound"]) or vocabulary.better(measure)
    if better is None:
        return None
    if value == target["value"]:
        return not str(target["published_as"]).startswith(("<", ">"))
    return bool((value < target["value"]) == (better == "lower"))


def _tell_change(found: Development) -> None:
    """Tell a change whose level is not printed."""
    rows = _printed(found, "change_pct")
    if not rows:
        return
    forecasts = _others(found, "forecast")
    if forecasts:
        forecast = forecasts[-1]
        found.ids = (forecast["observation_id"],)
        found.sentences.append(
            found.context.say(
                "development.forecast_only",
                place=found.place,
                subject=found.subject,
                b=_number(found, forecast),
                **_times(found, forecast["period"], forecast["period"]),
            )
        )
        return
    row = sorted(rows, key=_period_of)[-1]
    found.up, found.ids, found.told = row["value"] > 0, (row["observation_id"],), abs(row["value"])
    found.span = (row["period"], row["period"])
    about = f"{found.context.words.say('bound.approx')} " if row["bound"] == "approx" else ""
    found.size = found.context.link(about + found.context.words.percent(row["value"]), found.ids) + found.context.flag(row)
    found.sentences.append(
        found.context.say(
            "development.only_change",
            place=found.place,
            subject=found.subject,
            size=found.size,
            up=found.up,
            **_times(found, row["period"], row["period"]),
        )
    )
    found.sentences += _minds(found, row)


def _tell_deviation(found: Development) -> None:
    """Tell how far a figure came from its budget where neither of the two is printed."""
    told = sorted(_printed(found, "deviation"), key=lambda row: bool(row["unit"] == "percent"))
    if not told:
        return
    # A cost's deviation is printed as its effect on the result: with a minus where the cost is above its budget.
    found.span = (told[0]["period"], told[0]["period"])
    found.up, found.against_budget = (told[0]["value"] < 0) == vocabulary.is_cost(found.measure), True
    found.ids = tuple(row["observation_id"] for row in told)
    bare = found.context.words.names_a_number(found.measure)
    sizes = [found.context.number({**row, "value": abs(row["value"])}, bare and row["unit"] != "percent") for row in told]
    found.size = sizes[0]
    found.sentences.append(
        found.context.say(
            "development.only_deviation",
            place=found.place,
            subject=found.subject,
            size=sizes[0],
            share=sizes[1] if len(sizes) > 1 else None,
            up=found.up,
            **_times(found, told[0]["period"], told[0]["period"]),
        )
    )


#: How much a development counts by what can be said of chance: little where chance can explain it.
_CERTAINTY = {"clear": 1.0, "not_applicable": 0.75, "not_clear": 0.25}
#: How much a difference counts that a break explains in part, or wholly.
_BROKEN = {"part": 0.5, "unknown": 0.5, "most": 0.25, "all": 0.1}
#: What each year counts that a development lies behind the municipality's newest report.
_AGEING = 0.85
#: What a goal counts that is missed, or that the figure moves away from.
_GOAL = 6.0
#: No change counts for more than this, in per cent.
_MOST = 60.0


def _weight(found: Development) -> float:
    """Return how much a development matters: by its size, its certainty, its consequence and how new it is."""
    if found.up is None or not found.sentences or found.counted_twice or found.contradicted or found.span is None:
        return 0.0
    weight = _certainty(found) * min(_relative(found), _MOST)
    weight = max(weight, _over_all(found))
    if found.path is not None and found.path.steady:
        first, last = found.path.values[0], found.path.values[-1]
        weight = max(weight, 0.7 * min(100 * abs(last - first) / abs(first or 1.0), _MOST))
    if found.missed or found.away:
        weight += _GOAL
    newest = max(raw.report.year for raw in found.context.reports if raw.report.municipality_code == found.code)
    age = max(0, newest - int(found.span[1][:4]))
    return weight * _AGEING**age * (1.0 if vocabulary.measure_index()[found.measure]["headline"] else 0.35)


def _over_all(found: Development) -> float:
    """Return the weight of the change over all years, per year, where it is certain and no break lies between."""
    if found.compared.height < 3 or found.monthly.height or found.planned:
        return 0.0
    first, last = found.compared.row(0, named=True), found.compared.row(-1, named=True)
    change = trends.change_of(found.compared, first["period"], last["period"])
    if found.broken(first["period"], last["period"]) is not None or change.word not in {"increase", "decrease"}:
        return 0.0
    return _CERTAINTY[change.certainty] * min(_per_year(found, first, last), _MOST)


def _certainty(found: Development) -> float:
    cut = found.broken(*found.span) if found.span else None
    if cut is not None:
        return _BROKEN[cut[1].extent]
    if found.change is not None and found.change.rule == "survey_without_answers":
        return 0.1
    return _CERTAINTY[found.change.certainty if found.change else "not_applicable"]


def _relative(found: Development) -> float:
    """Return the size of the last change in per cent a year; percentage points count twice, and a budget counts for less."""
    if isinstance(found.change, trends.MonthlyComparison):
        base = float(str(found.monthly["value"].mean() or 1.0))
        return 200 * abs((found.change.last or 0.0) - (found.change.first or 0.0)) / abs(base)
    if found.planned:
        return 0.3 * found.planned
    if found.compared.height >= 2:
        return _per_year(found, *list(found.compared.iter_rows(named=True))[-2:])
    return found.told or 8.0


def _per_year(found: Development, first: dict[str, Any], last: dict[str, Any]) -> float:
    a, b = (_value(row) for row in (first, last))
    size = 2 * abs(b - a) if is_share(last["unit"]) else 100 * abs(b - a) / (abs(a) or 1.0)
    return size / max(1, int(last["period"][:4]) - int(first["period"][:4]))
