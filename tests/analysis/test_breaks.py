"""Breaks that reports announce are asked for in one place, and all that compares says so where one lies between."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from invented import observations, yearly
from socialvolym.analysis import breaks
from socialvolym.analysis.comparison import compare, indexed
from socialvolym.analysis.decomposition import splits
from socialvolym.analysis.derived import rate_of
from socialvolym.analysis.trends import change_of, months_of, paths_of
from socialvolym.charts import forms, shown
from socialvolym.errors import SocialvolymError
from socialvolym.observations.series import series_of

BREAK = """[[break]]
period = "{period}"
measures = ["lvm_placements", "jourhem_net_cost"]
extent = "{extent}"
reason_en = "new <system>, {{7:1 200}} persons"
reason_sv = "nytt system"
line = 12
"""


@pytest.fixture
def announced(home: Path) -> Path:
    """The corrections of a report of Haninge that announces a break in 2022."""
    folder = home / "data" / "raw" / "haninge-2022"
    folder.mkdir(parents=True)
    (folder / "report.toml").write_text('id = "haninge-2022"\nmunicipality_code = "0136"\nyear = 2022\n')
    (folder / "corrections.toml").write_text(BREAK.format(period="2022", extent="part"))
    return folder / "corrections.toml"


def lvm(*values: float, **shared: str) -> pl.DataFrame:
    return series_of(yearly(2021, *values, **shared), "lvm_placements")


def test_breaks_are_asked_for_by_measure_and_municipality(announced: Path) -> None:
    [row] = breaks.breaks_of("lvm_placements", "Haninge").rows(named=True)
    assert row["period"] == "2022" and row["extent"] == "part" and row["report"] == "haninge-2022" and row["line"] == 12
    assert row["reason_en"] == "new <system>, 1 200 persons"
    assert breaks.breaks_of("lvm_placements", "Huddinge").is_empty() and breaks.breaks_of("lvu_placements", "0136").is_empty()
    with pytest.raises(SocialvolymError, match="nearest: Haninge"):
        breaks.breaks_of("lvm_placements", "Hanninge")


def test_what_has_been_changed_is_read_again(announced: Path) -> None:
    assert breaks.announced("lvm_placements", "0136")[0].period == "2022"
    announced.write_text("")
    assert breaks.announced("lvm_placements", "0136") == []


def test_a_break_of_some_areas_is_of_these_and_of_the_whole(announced: Path) -> None:
    announced.write_text(BREAK.format(period="2022", extent="all") + 'areas = ["Vuxna"]\n')
    asked = [breaks.announced("lvm_placements", "0136", part) for part in (None, "Vuxna", "Unga")]
    assert [len(found) for found in asked] == [1, 1, 0]


def test_nothing_is_compared_across_an_announced_break_unless_that_is_asked_for(announced: Path) -> None:
    series = lvm(40, 80, 90)
    assert change_of(series, 2021, 2022).rule == "break_between" and change_of(series, 2022, 2023).rule != "break_between"
    assert change_of(series, 2021, 2022, breaks=()).word == "increase"
    assert change_of(rate_of(series, {2021: 10, 2022: 10, 2023: 10}), 2021, 2022).rule == "break_between"
    assert change_of(lvm(40, 80, municipality_code="0126"), 2021, 2022).rule != "break_between"
    assert [path.periods for path in paths_of(series)] == [("2022", "2023")]
    assert [path.periods for path in paths_of(series, ())] == [("2021", "2022", "2023")]
    monthly = observations({"value": 1.0, "period": "2021-03"}, {"value": 2.0, "period": "2022-03"})
    months = series_of(monthly, "lvm_placements", frequency="month")
    assert months_of(months, 2021, 2022).rule == "break_between" and months_of(months, 2021, 2022, ()).months == 1


def test_an_index_says_that_its_series_is_broken(announced: Path) -> None:
    rows = yearly(2021, 40, 80, 90)
    assert indexed(rows, "lvm_placements", 2022)["note"].to_list() == ["break_between", None, None]
    assert indexed(rows, "lvm_placements", 2022, breaks={})["note"].to_list() == [None, None, None]


@pytest.mark.parametrize(("extent", "note", "parted"), [("all", "break_between", False), ("unknown", None, True)])
def test_a_split_across_a_break_names_it_or_is_none(announced: Path, extent: str, note: str | None, parted: bool) -> None:
    announced.write_text(BREAK.format(period="2022-05", extent=extent))
    rows = observations(
        *(
            {"measure": measure, "value": value, "unit": unit, "period": str(year)}
            for year, mean in ((2020, 10.0), (2021, 10.0), (2022, 20.0))
            for measure, value, unit in (
                ("jourhem_month_placed", mean, "persons"),
                ("jourhem_net_cost", mean, "MSEK"),
                ("jourhem_cost_per_day", 1000.0, "SEK_per_day"),
            )
        )
    )
    found = splits(rows)
    assert found.select("first", "broken_from", "note").rows() == [
        ("2020 outturn", None, None),
        ("2021 outturn", "2022-05", note),
    ]
    assert (found["volume_part"][1] is not None) is parted
    assert splits(rows, breaks=lambda *_: [])["broken_from"].to_list() == [None, None]


def test_a_chart_cuts_the_lines_that_a_break_is_of_and_says_why(announced: Path) -> None:
    both = pl.concat([lvm(40, 80, 90), lvm(4, 8, 9, municipality_code="0126")], how="vertical_relaxed")
    frame = both.with_columns(group=pl.col("municipality_code"), series=pl.lit("outturn"))
    cuts = forms.announced_breaks(frame, "sv")
    assert [(cut.period, cut.reason, cut.groups) for cut in cuts] == [("2022", "nytt system", ("0136",))]
    parts = {(row["group"], row["period"]): row["part"] for row in forms.timed_rows(frame, cuts)}
    assert parts["0136", "2021"] != parts["0136", "2022"] and parts["0126", "2021"] == parts["0126", "2022"]
    told = shown.chart(forms.lines(frame, language="en"), "en")
    assert "from 2022 on: new &lt;system&gt;, 1 200 persons" in told
    assert "new &lt;system" not in shown.chart(forms.lines(frame, language="en", breaks=()), "en")
    assert forms.announced_breaks(frame.filter(pl.col("period") > "2021"), "en") == []
    # Bars of these figures are noted as their lines are.
    bars = forms.bars(frame.with_columns(label="period"), language="sv", note="egen not").to_dict()["usermeta"]["notes"]
    assert len(bars) == len(cuts) + 1 and bars[-1] == "egen not" and cuts[0].reason in bars[0]
    assert forms.announced_breaks(frame.select("period", "value"), "en") == []


def test_a_chart_of_ones_own_is_told_the_breaks_that_it_draws_over(announced: Path) -> None:
    import altair as alt

    drawn = alt.Chart(lvm(40, 80), title="T").mark_line().encode(x="period:O", y="value:Q")
    assert "2022: nytt system" in shown.chart(drawn, "sv")


def test_a_chart_of_months_refuses_years() -> None:
    with pytest.raises(SocialvolymError, match='of periods like 2022-03, not 2021: series_of\\(frequency="month"\\)'):
        forms.months(lvm(4, 8), language="en")


def test_what_one_report_does_not_print_differs_from_nothing() -> None:
    rows = compare(yearly(2021, 4, 8), "lvm_placements", "haninge-2022", "huddinge-2022").table
    told = dict(rows.select("criterion", "reason_en").iter_rows())
    assert told["unit"] == told["breakdown"] == "Not known, because one of the reports has no figure for the measure."
    assert told["printed"] == "One of the reports has no figure for the measure."
