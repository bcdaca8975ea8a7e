from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
import socialvolym
from invented import observations, yearly
from socialvolym.errors import SocialvolymError
from socialvolym.observations import COVERAGE_SCHEMA, coverage, load, pick, with_ids
from socialvolym.observations.series import series_of
from socialvolym.vocabulary import names
from socialvolym.vocabulary.names import municipality_code

LVM = "lvm_placements"


def test_ids_count_the_figures_of_a_line_in_order() -> None:
    rows = observations(
        {"line": 7}, {"line": 8}, {"line": 7}, {"line": 7, "report": "huddinge-2022"}, {"line": None, "period": "2020"}
    )
    assert with_ids(rows)["observation_id"].to_list() == [
        "haninge-2022:7:1",
        "haninge-2022:8:1",
        "haninge-2022:7:2",
        "huddinge-2022:7:1",
        "haninge-2022:lvm_placements:2020",
    ]


def test_ids_are_given_once() -> None:
    named = with_ids(observations({"line": 7}, {"line": 7}))
    assert with_ids(named[1:])["observation_id"].to_list() == ["haninge-2022:7:2"]


def test_two_rows_with_the_same_id_are_an_error() -> None:
    with pytest.raises(SocialvolymError, match="haninge-2022:lvm_placements:2022"):
        with_ids(observations({"line": None}, {"line": None}))


def test_load_gives_ids_and_names_a_missing_file(tmp_path: Path) -> None:
    place = tmp_path / "observations.parquet"
    with pytest.raises(SocialvolymError, match="socialvolym run"):
        load(place)
    observations({"value": 3.0}).write_parquet(place)
    assert load(place)["observation_id"].to_list() == ["haninge-2022:1:1"]


def test_pick_by_name_and_code() -> None:
    rows = observations({}, {"municipality_code": "0126", "report": "huddinge-2022"}, {"series": "budget"})
    assert pick(rows).height == 3
    assert pick(rows, municipality="huddinge").height == pick(rows, municipality="0126").height == 1
    assert pick(rows, municipality="Haninge", series="budget").height == 1


def test_pick_refuses_what_is_unknown() -> None:
    rows = observations({})
    for unknown in ({"measure": "lvm_placement"}, {"report": "haninge-2023"}, {"municipality": "Haningen"}):
        with pytest.raises(SocialvolymError):
            pick(rows, **unknown)
    with pytest.raises(SocialvolymError):
        municipality_code("136")


def test_names_and_ids_lead_to_the_same_and_unknown_ones_to_the_nearest() -> None:
    alike = ("lvm_placements", "placeringar enligt LVM", "Placements under LVM")
    assert {names.measure(text) for text in alike} == {"lvm_placements"}
    assert municipality_code("haninge") == municipality_code("0136") == "0136"
    with pytest.raises(SocialvolymError, match=r"measure 'lvm_placement'; nearest: lvm_placements \(Placeringar enligt LVM\)"):
        names.measure("lvm_placement")
    with pytest.raises(SocialvolymError, match=r"unknown municipality 'Hanninge'; nearest: Haninge \(0136\)"):
        municipality_code("Hanninge")


def test_every_function_of_the_package_is_explained() -> None:
    told = socialvolym.functions()
    assert sorted(told["function"]) == sorted(socialvolym.__all__)
    assert all(hasattr(socialvolym, name) for name in told["function"]) and told.null_count().sum_horizontal()[0] == 0


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"series": "actual"}, r"unknown series 'actual'; there are: outturn, budget"),
        ({"series": "outturns"}, r"unknown series 'outturns'; nearest: outturn; "),
        ({"domain": "placement"}, r"unknown domain 'placement'; nearest: placements; "),
        ({"report": "haninge-2020"}, r"unknown report 'haninge-2020'; nearest: haninge-2022; "),
        ({"municipality": "0137"}, r"unknown municipality '0137'; nearest: "),
    ],
)
def test_a_name_that_is_none_stops_with_the_nearest(given: dict[str, Any], message: str) -> None:
    """An empty table would look like an answer."""
    with pytest.raises(SocialvolymError, match=message):
        pick(yearly(2021, 1.0, 2.0), **given)


@pytest.mark.parametrize("code", [136, 94, 1489, True])
def test_a_code_as_a_number_is_refused_in_the_words_of_the_parameters(code: Any) -> None:
    """0136 without quotes is another number, and one that happens to be a code would be believed."""
    with pytest.raises(SocialvolymError, match=rf'municipality code {code} is an? \w+; write it as text in quotes, like "0136"'):
        series_of(yearly(2021, 1.0, 2.0), LVM, municipality=code)


def test_a_series_without_figures_says_where_there_are_any() -> None:
    rows = pl.concat([yearly(2021, 1.0, 2.0), yearly(2020, 9.0, municipality_code="0126", series="budget")])
    said = r"no outturn of lvm_placements by year for Stockholm; .* of: Huddinge, budget 2020; Haninge, outturn 2021-2022"
    with pytest.raises(SocialvolymError, match=said):
        series_of(rows, LVM, municipality="Stockholm")
    with pytest.raises(SocialvolymError, match=r"unknown breakdown of lvm_placements 'xx'"):
        series_of(rows, LVM, municipality="Haninge", breakdown="xx")


def test_a_measure_that_a_place_has_not_is_no_empty_frame() -> None:
    rows = pl.concat(
        [yearly(2021, 1.0), yearly(2020, 9.0, municipality_code="0126", report="huddinge-2022", measure="lvu_measures")]
    )
    for where in ({"municipality": "Haninge"}, {"report": "haninge-2022"}):
        with pytest.raises(SocialvolymError, match=r"has no such figure of lvu_measures; there are figures of: Huddinge"):
            pick(rows, measure="lvu_measures", **where)
        assert pick(rows, measure="lvu_measures", must_have=False, **where).is_empty()
    # Nobody has any: there is nowhere to look.
    assert pick(rows, measure="hvb_care_days", municipality="Haninge").is_empty()


@pytest.mark.parametrize("measure", [[], 5, ["lvm_placements"]])
def test_a_measure_that_is_no_text_is_refused(measure: Any) -> None:
    with pytest.raises(SocialvolymError, match="a measure is named by its id or title as text, not by "):
        pick(yearly(2021, 1.0), measure=measure)


def test_the_list_of_functions_is_shown_whole() -> None:
    listed = socialvolym.functions()
    shown = listed._repr_html_()
    assert listed.height > 10 and all(str(name) in shown for name in listed["function"])
    assert max(listed["when_sv"], key=len) in shown


def test_coverage_has_a_row_a_measure_municipality_and_series() -> None:
    rows = pl.concat(
        [
            yearly(2021, 1.0, None, 3.0),
            yearly(2021, 1.0, series="budget"),
            observations({"period": "2021-03", "value": 4.0, "line": 9}, municipality_code="0126"),
        ]
    )
    told = coverage(rows)
    assert told.schema == pl.Schema(COVERAGE_SCHEMA)
    assert told.select("municipality", "series", "years", "figures").rows() == [
        ("Huddinge", "outturn", [2021], 1),
        ("Haninge", "outturn", [2021, 2023], 2),
        ("Haninge", "budget", [2021], 1),
    ]
    assert coverage(rows.clear()).schema == pl.Schema(COVERAGE_SCHEMA)


def test_the_functions_are_offered_where_names_are_completed() -> None:
    assert set(socialvolym.__all__) <= set(dir(socialvolym))
