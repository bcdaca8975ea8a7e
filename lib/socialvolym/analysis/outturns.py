"""Outturns: what came, against the budget, the plan and the forecasts made through the year."""

from __future__ import annotations

from typing import TypedDict

import polars as pl

from socialvolym import vocabulary
from socialvolym.analysis.classification import is_share, rules
from socialvolym.csv_files import schema_of
from socialvolym.notation.periods import SERIES
from socialvolym.observations import pick
from socialvolym.observations.series import figures, in_own_unit, rows_of
from socialvolym.vocabulary import names
from socialvolym.vocabulary.columns import Figure
from socialvolym.vocabulary.money import MONEY


class AgainstRow(TypedDict):
    """A plan beside what came."""

    municipality_code: str
    measure: str
    breakdown: str | None
    period: str
    unit: str
    planned: float
    came: float
    difference: float
    percent: float | None
    planned_report: str
    came_report: str
    planned_id: str
    came_id: str


class ForecastRow(TypedDict):
    """A row of the forecasts (FORECAST_SCHEMA)."""

    report: str
    measure: str
    follow_up: str | None
    period: str
    unit: str
    forecast: float
    against: str
    came: float
    miss: float
    printed_miss: float | None
    percent_of_budget: float | None
    agrees: bool | None
    closer: bool | None
    line: int
    observation_id: str
    came_id: str


AGAINST_SCHEMA, FORECAST_SCHEMA = schema_of(AgainstRow), schema_of(ForecastRow)


def against(
    observations: pl.DataFrame,
    planned: str = "budget",
    came: str = "outturn",
    measure: str | None = None,
    report: str | None = None,
) -> pl.DataFrame:
    """Return what came beside what was planned for the same figure, also from different reports (AGAINST_SCHEMA).

    Parameters
    ----------
    planned : "budget", "plan", "forecast" or "target"; came : mostly "outturn".
    report : the report that holds the plan; what came may stand in any report of the municipality.

    A positive difference of costs is a cost above the plan.
    percent is the difference in per cent of the plan; shares have none, their difference is in percentage points.

    Raises
    ------
    SocialvolymError
        where there is no such series, measure or report, with the nearest.
    """
    for name in (planned, came):
        names.one_of(name, SERIES, "series")
    # It says which reports there are.
    pick(observations.head(0) if report is None else observations, report=report)
    rows = pick(observations, measure=measure).filter(pl.col("value").is_not_null(), pl.col("period").is_not_null())
    key = ["municipality_code", "measure", "breakdown", "period", "unit"]
    keep = [*key, "value", "report", "observation_id"]
    planning = rows if report is None else rows.filter(pl.col("report") == report)
    plans = figures(planning.filter(pl.col("series") == planned)).select(keep)
    outcomes = figures(rows.filter(pl.col("series") == came)).select(keep)
    joined = plans.join(outcomes, on=key, nulls_equal=True, suffix="_came", maintain_order="left")
    plan, difference = pl.col("value"), pl.col("value_came") - pl.col("value")
    shares = [unit for unit in joined["unit"].unique() if is_share(unit)]
    told = joined.with_columns(
        planned=plan,
        came="value_came",
        difference=difference,
        percent=pl.when(~pl.col("unit").is_in(shares) & (plan != 0)).then(100 * difference / plan.abs()),
        planned_report="report",
        came_report="report_came",
        planned_id="observation_id",
        came_id="observation_id_came",
    )
    return told.select(AGAINST_SCHEMA.keys())


def forecasts(observations: pl.DataFrame, report: str | None = None) -> pl.DataFrame:
    """Return how the year's follow-up forecasts closed in on what came (FORECAST_SCHEMA), in the order of the report.

    follow_up names the follow-up. A miss is positive where it went better than forecast; printed_miss is the report's own
    figure and agrees says whether the two are the same within rounding, whatever sign is printed. closer says whether a
    forecast missed by less than the one before. What is set against what is listed in rules.toml.
    """
    rows = in_own_unit(pick(observations, report=report)).filter(pl.col("value").is_not_null(), pl.col("unit").is_in(list(MONEY)))
    found: list[ForecastRow] = []
    for name in rows["report"].unique(maintain_order=True).to_list():
        of_report = rows.filter(pl.col("report") == name)
        # A year of which only a part has outturns is not over, and its deviation is expected.
        outturns = of_report.filter(pl.col("series") == "outturn")["period"].unique()
        open_years = {period[:4] for period in outturns if period and len(period) > len("2024")} - set(outturns)
        ended = of_report.filter(~pl.col("period").is_in(sorted(open_years)))
        for rule in rules().forecast:
            found.extend(_closing_in(ended, rule.measure, rule.against))
    return pl.DataFrame(found, schema=FORECAST_SCHEMA)


def _closing_in(rows: pl.DataFrame, measure: str, sources: tuple[str, ...]) -> list[ForecastRow]:
    made = rows.filter(pl.col("measure") == measure, pl.col("series") == "forecast").sort("line", maintain_order=True)
    found: list[ForecastRow] = []
    for forecast in rows_of(made):
        outcomes = [outcome for source in sources if (outcome := _whole(rows, source, forecast["period"]))]
        if not outcomes:
            continue
        came = min(outcomes, key=lambda outcome: abs(abs(outcome["value"]) - abs(forecast["value"])))
        entry = _missed(forecast, came, _printed_miss(rows, forecast), _whole(rows, "net_cost:budget", forecast["period"]))
        earlier = [other for other in found if (other["period"], other["against"]) == (entry["period"], entry["against"])]
        found.append({**entry, "closer": abs(entry["miss"]) < abs(earlier[-1]["miss"]) if earlier else None})
    return found


def _whole(rows: pl.DataFrame, source: str, period: str) -> Figure | None:
    measure, series = source.split(":")
    fitting = rows.filter(
        pl.col("measure") == measure, pl.col("series") == series, pl.col("period") == period, pl.col("breakdown").is_null()
    )
    return rows_of(figures(fitting))[0] if fitting.height else None


def _printed_miss(rows: pl.DataFrame, forecast: Figure) -> Figure | None:
    fitting = rows.filter(
        pl.col("measure") == "forecast_deviation",
        pl.col("series") == "deviation",
        pl.col("period") == forecast["period"],
        pl.col("breakdown").eq_missing(pl.lit(forecast["breakdown"], pl.String)),
    )
    return rows_of(fitting)[0] if fitting.height else None


def _missed(forecast: Figure, came: Figure, printed: Figure | None, budget: Figure | None) -> ForecastRow:
    by_size = vocabulary.is_cost(came["measure"]) and came["series"] != "deviation"
    miss = abs(forecast["value"]) - abs(came["value"]) if by_size else came["value"] - forecast["value"]
    slack = forecast["half_step"] + came["half_step"] + (printed["half_step"] if printed else 0.0) + 1e-9
    return {
        "report": forecast["report"],
        "measure": forecast["measure"],
        "follow_up": forecast["breakdown"],
        "period": forecast["period"],
        "unit": forecast["unit"],
        "forecast": forecast["value"],
        "against": f"{came['measure']}:{came['series']}",
        "came": came["value"],
        "miss": miss,
        "printed_miss": printed["value"] if printed else None,
        "percent_of_budget": 100 * miss / abs(budget["value"]) if budget and budget["value"] else None,
        "agrees": abs(abs(miss) - abs(printed["value"])) <= slack if printed else None,
        "closer": None,
        "line": forecast["line"],
        "observation_id": forecast["observation_id"],
        "came_id": came["observation_id"],
    }
