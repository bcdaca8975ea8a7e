from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pytest
from invented import observations, yearly
from socialvolym.analysis.comparison import compare, indexed
from socialvolym.errors import SocialvolymError
from socialvolym.reports.loading import load_report
from socialvolym.reports.models import RawReport

HUDDINGE = {"report": "huddinge-2022", "municipality_code": "0126"}


def raw(report: str, code: str, responsible: bool = True, breaks: tuple[str, ...] = ()) -> RawReport:
    cuts = "".join(
        f'[[break]]\nperiod = "{cut}"\nmeasures = ["lvm_placements"]\nreason_en = "new"\nreason_sv = "ny"\n' for cut in breaks
    )
    with TemporaryDirectory() as place:
        folder = Path(place) / report
        folder.mkdir()
        folder.joinpath("corrections.toml").write_text(cuts, encoding="utf-8")
        folder.joinpath("report.toml").write_text(
            f'id = "{report}"\nmunicipality_code = "{code}"\ncommittee = "c"\ntitle = "t"\nkind = "annual_report"\nyear = 2022\n'
            f'document = "d.txt"\nsha256 = "{"0" * 64}"\n[[responsibility]]\ndomain = "placements"\n'
            f"responsible = {str(responsible).lower()}\n",
            encoding="utf-8",
        )
        return load_report(folder)


REPORTS = (raw("haninge-2022", "0136"), raw("haninge-2024", "0136"), raw("huddinge-2022", "0126"))


def failed(
    rows: pl.DataFrame,
    measure: str = "lvm_placements",
    second: str = "huddinge-2022",
    reports: tuple[RawReport, ...] = REPORTS,
    **other: Any,
) -> tuple[str, list[str]]:
    found = compare(rows, measure, "haninge-2022", second, reports=reports, **other)
    met = found.table.filter(pl.col("reason_sv").is_null())
    assert met["same"].to_list() == [True] * met.height
    return found.verdict, found.reasons["criterion"].to_list()


def test_the_same_municipality_can_be_compared() -> None:
    rows = observations({"value": 30}, {"value": 40, "report": "haninge-2024", "period": "2024"})
    assert failed(rows, second="haninge-2024") == ("comparable", [])


def test_numbers_of_two_municipalities_are_compared_per_inhabitant_and_shares_as_they_are() -> None:
    assert failed(observations({"value": 30}, {"value": 40, **HUDDINGE})) == ("per_inhabitant", ["size"])
    share = {"measure": "long_term_recipients_share", "unit": "percent"}
    rows = observations({"value": 30, **share}, {"value": 40, **share, **HUDDINGE})
    verdict, reasons = failed(rows, "long_term_recipients_share")
    assert "size" not in reasons and verdict != "per_inhabitant"


@pytest.mark.parametrize(
    ("second", "criterion"),
    [({"unit": "persons"}, "unit"), ({"breakdown": "0-18 år"}, "breakdown"), ({"period": "2019"}, "period")],
)
def test_what_leaves_only_the_development(second: dict[str, Any], criterion: str) -> None:
    verdict, reasons = failed(observations({"value": 30}, {"value": 40, **HUDDINGE, **second}))
    assert verdict == "development_only"
    assert criterion in reasons


def test_an_announced_break_leaves_only_the_development() -> None:
    rows = observations({"value": 30}, {"value": 40, "report": "haninge-2024"})
    reports = (REPORTS[0], raw("haninge-2024", "0136", breaks=("2023",)))
    assert failed(rows, second="haninge-2024", reports=reports) == ("development_only", ["break"])


def test_a_missing_figure_or_another_committee_ends_the_comparison() -> None:
    verdict, reasons = failed(observations({"value": 30}), reports=(REPORTS[0], raw("huddinge-2022", "0126", responsible=False)))
    assert verdict == "not_comparable"
    assert {"printed", "responsibility"} <= set(reasons)


def test_measures_that_must_not_be_compared() -> None:
    rows = observations({"value": 30}, {"value": 40, "measure": "lvu_placements", **HUDDINGE})
    verdict, reasons = failed(rows, other_measure="lvu_placements")
    assert verdict == "not_comparable"
    assert {"measure", "not_with"} <= set(reasons)


def test_other_reference_time() -> None:
    rows = observations(
        {"value": 30, "measure": "jourhem_persons", "unit": "persons"},
        {"value": 40, "measure": "jourhem_month_placed", "unit": "persons", **HUDDINGE},
    )
    assert "reference_time" in failed(rows, "jourhem_persons", other_measure="jourhem_month_placed")[1]


def test_unknown_measure_or_report() -> None:
    rows = observations({"value": 30})
    with pytest.raises(SocialvolymError, match="haninge-2022"):
        compare(rows, "lvm_placements", "haninge-2022", "x", reports=REPORTS)
    with pytest.raises(SocialvolymError, match="unknown measure 'x'"):
        compare(rows, "x", "haninge-2022", "huddinge-2022", reports=REPORTS)


def test_development_with_the_base_year_as_100() -> None:
    rows = pl.concat([yearly(2020, 50, None, 60), yearly(2021, 7, 14, **HUDDINGE)])
    found = indexed(rows, "lvm_placements", 2020)
    assert found.select("municipality_code", "period", "index", "note").rows() == [
        ("0126", "2021", None, "base_not_known"),
        ("0126", "2022", None, "base_not_known"),
        ("0136", "2020", 100, None),
        ("0136", "2021", None, "missing"),
        ("0136", "2022", 120, None),
    ]


def test_no_index_from_zero_or_across_a_break() -> None:
    assert indexed(yearly(2020, 0, 5), "lvm_placements", 2020)["note"].to_list() == ["base_not_known"] * 2
    broken = indexed(yearly(2020, 4, 5, 6), "lvm_placements", 2021, breaks={"0136": ["2021"]})
    assert broken["note"].to_list() == ["break_between", None, None]
    assert broken["index"].to_list() == [None, 100, 120]


def test_a_breakdown_is_followed_where_it_is_chosen() -> None:
    rows = pl.concat([yearly(2020, 50, 60, breakdown="barn"), yearly(2020, 10, 30, breakdown="vuxna")])
    assert indexed(rows, "lvm_placements", "2020", breakdowns={"0136": "vuxna"})["index"].to_list() == [100, 300]


def test_an_index_of_a_measure_that_is_none_stops_with_the_nearest() -> None:
    with pytest.raises(SocialvolymError, match=r"unknown measure 'lvm_placement'; nearest: lvm_placements"):
        indexed(yearly(2021, 1.0, 2.0), "lvm_placement", 2021)


def test_an_index_leaves_out_who_prints_months_only() -> None:
    months = observations({"period": "2021-03", "value": 4.0}, municipality_code="0126")
    index = indexed(pl.concat([yearly(2021, 1.0, 2.0), months]), "lvm_placements", 2021)
    assert index["municipality_code"].unique().to_list() == ["0136"]
