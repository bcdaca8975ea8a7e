"""Property tests of the audit: consistent tables give no finding at any rounding; planted slips are found."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from invented_audit import observation
from socialvolym import audit
from socialvolym.notation.numbers import parse_number, print_number
from socialvolym.vocabulary.columns import OBSERVATION_SCHEMA

COLUMNS = (
    ("2022", "outturn"),
    ("2022", "budget"),
    ("2022", "deviation"),
    ("2022", "deviation_pct"),
    ("2021", "outturn"),
    ("2022", "change_abs"),
    ("2022", "change_pct"),
)
SOLID = ("error", "warning")


def table(rows: Sequence[tuple[float, float, float]], decimals: int, sign: int) -> pl.DataFrame:
    """Return a finance table: outturn, budget, deviation and per cent, the year before, change and per cent, and a total row."""
    areas = [(f"Area {n}", *values) for n, values in enumerate(rows)]
    areas.append(("Totalt", *(sum(row[k] for row in rows) for k in range(3))))
    cells = []
    for line, (label, outturn, budget, before) in enumerate(areas, start=10):
        exact = (
            outturn,
            budget,
            sign * (outturn - budget),
            100 * (outturn - budget) / abs(budget),
            before,
            sign * (outturn - before),
            100 * (outturn - before) / abs(before),
        )
        more = {"measure": "net_cost", "breakdown": None} if label == "Totalt" else {}
        for (period, series), value in zip(COLUMNS, exact, strict=True):
            percent = series.endswith("pct")
            text = print_number(round(value, 1 if percent else decimals) + 0.0, 1 if percent else decimals)
            cells.append(
                observation(
                    line,
                    label,
                    period,
                    "deviation" if series == "deviation_pct" else series,
                    text + (" %" if percent else ""),
                    "percent" if percent else "kSEK",
                    **more,
                )
            )
    return pl.DataFrame(cells, schema=OBSERVATION_SCHEMA)


def solid(observations: pl.DataFrame) -> pl.DataFrame:
    return audit.audit(observations).filter(pl.col("severity").is_in(SOLID))


amounts = st.floats(150, 90_000)
finance_rows = st.lists(st.tuples(amounts, amounts, amounts), min_size=2, max_size=7)
#: Each example is an audit, so that these take fewer than other properties.
quiet = settings(
    max_examples=settings.default.max_examples // 5,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@quiet
@given(finance_rows, st.integers(0, 2), st.sampled_from([1, -1]), st.sampled_from([1, -1]))
def test_a_consistent_table_gives_no_finding_at_any_rounding(
    rows: list[tuple[float, float, float]], decimals: int, sign: int, costs: int
) -> None:
    signed = [(costs * outturn, costs * budget, costs * before) for outturn, budget, before in rows]
    assert solid(table(signed, decimals, sign)).is_empty()


@quiet
@given(st.lists(st.floats(150, 900), min_size=12, max_size=12), st.integers(0, 1))
def test_a_mean_over_months_gives_no_finding_at_any_rounding(months: list[float], decimals: int) -> None:
    cells = [
        observation(
            5,
            "2022",
            f"2022-{n:02d}",
            "outturn",
            print_number(round(value, decimals), decimals),
            "hours",
            measure="personal_assistance_hours",
            breakdown=None,
        )
        for n, value in enumerate(months, start=1)
    ]
    printed = [parse_number(cell["published_as"]) for cell in cells]
    mean = sum(number.value for number in printed if number) / 12
    cells.append(
        observation(
            5,
            "2022",
            "2022",
            "outturn",
            print_number(round(mean, decimals), decimals),
            "hours",
            measure="personal_assistance_hours",
            breakdown="Genomsnitt",
        )
    )
    assert solid(pl.DataFrame(cells, schema=OBSERVATION_SCHEMA)).is_empty()


def planted(observations: pl.DataFrame, row: int, series: str, text: str, unit: str = "kSEK") -> pl.DataFrame:
    """Return the table with the text in one cell."""
    number = parse_number(text)
    assert number is not None
    here = (
        (pl.col("line") == 10 + row)
        & (pl.col("series") == series)
        & (pl.col("unit") == unit)
        & ((pl.col("period") == "2022") | (series == "outturn"))
    )
    first = here & (here.cum_sum() == 1)
    return observations.with_columns(
        value=pl.when(first).then(number.value).otherwise("value"),
        published_as=pl.when(first).then(pl.lit(text)).otherwise("published_as"),
    )


@quiet
@given(finance_rows, st.integers(0, 2), st.sampled_from([1, -1]), st.data())
def test_swapped_digits_in_a_deviation_are_found_and_named(
    rows: list[tuple[float, float, float]], decimals: int, sign: int, data: st.DataObject
) -> None:
    frame = table(rows, decimals, sign)
    row = data.draw(st.integers(0, len(rows) - 1))
    cell = frame.filter(pl.col("line") == 10 + row, pl.col("series") == "deviation", pl.col("unit") == "kSEK")
    digits = cell["published_as"][0]
    places = [n for n in range(len(digits) - 1) if digits[n].isdigit() and digits[n + 1].isdigit() and digits[n] != digits[n + 1]]
    assume(places)
    at = data.draw(st.sampled_from(places))
    swapped = digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]
    number, step = parse_number(swapped), 10.0**-decimals
    assume(number is not None and print_number(number.value, decimals) == swapped)
    assume(number is not None and abs(number.value - cell["value"][0]) > 3.5 * step)
    # A number that another pair of the row's columns explains is not accused.
    outturn, budget, before = rows[row]
    others = (abs(before - budget), abs(outturn - before))
    assume(number is not None and all(abs(abs(number.value) - other) > 3.5 * step for other in others))
    found = solid(planted(frame, row, "deviation", swapped))
    assert (10 + row) in found.filter(pl.col("rule").is_in(["deviation", "sign_flip"]))["line"].to_list()


@quiet
@given(finance_rows, st.integers(0, 2), st.sampled_from([1, -1]), st.data())
def test_a_row_left_out_of_a_total_is_found_and_named(
    rows: list[tuple[float, float, float]], decimals: int, sign: int, data: st.DataObject
) -> None:
    assume(len(rows) > 2)
    row = data.draw(st.integers(0, len(rows) - 1))
    wrong = sum(before for n, (_, _, before) in enumerate(rows) if n != row)
    frame = table(rows, decimals, sign)
    here = (pl.col("line") == 10 + len(rows)) & (pl.col("period") == "2021")
    text = print_number(round(wrong, decimals), decimals)
    number = parse_number(text)
    assert number is not None
    found = solid(
        frame.with_columns(
            value=pl.when(here).then(number.value).otherwise("value"),
            published_as=pl.when(here).then(pl.lit(text)).otherwise("published_as"),
        )
    )
    totals = found.filter(pl.col("line") == 10 + len(rows))
    assert totals.height > 0


@quiet
@given(finance_rows, st.sampled_from([1, -1]), st.data(), st.floats(1.5, 60))
def test_a_wrong_percentage_is_found(rows: list[tuple[float, float, float]], sign: int, data: st.DataObject, off: float) -> None:
    row = data.draw(st.integers(0, len(rows) - 1))
    outturn, _, before = rows[row]
    text = print_number(round(100 * (outturn - before) / before + off, 1), 1) + " %"
    assume(off > 100 * 0.05 * (1 + outturn / before) / (before - 0.05) + 0.2)  # what the intervals can prove
    # a percentage whose size is right of the new figure has another explanation
    assume(abs(abs(100 * (outturn - before) / before + off) - abs(100 * (outturn - before) / outturn)) > 0.5)
    found = solid(planted(table(rows, 1, sign), row, "change_pct", text, "percent"))
    assert (10 + row) in found.filter(pl.col("rule") == "percentage")["line"].to_list()


@quiet
@given(st.integers(200, 9_000), st.integers(300, 4_000), st.booleans(), st.integers(2, 50))
def test_unit_costs_hold_or_are_found(days: int, cost: int, wrong: bool, off: int) -> None:
    total = days * cost
    shown = cost + off * (1 + cost // 100) if wrong else cost
    common = {"measure": "", "breakdown": "interna"}
    cells = [
        observation(n, label, "2022", "outturn", print_number(value), unit, **(common | {"measure": measure}))
        for n, (label, measure, value, unit) in enumerate(
            (
                ("Volym", "familjehem_care_days", days, "care_days"),
                ("Totalkostnad", "familjehem_total_cost", round(total / 1000), "kSEK"),
                ("Snittkostnad", "familjehem_cost_per_day", shown, "SEK_per_day"),
            ),
            start=1,
        )
    ]
    found = solid(pl.DataFrame(cells, schema=OBSERVATION_SCHEMA))
    provable = abs(shown - cost) > 1 + (500 + cost / 2) / (days - 0.5)
    if not wrong:
        assert found.is_empty()
    elif provable:
        assert found["rule"].to_list() == ["unit_cost"]
