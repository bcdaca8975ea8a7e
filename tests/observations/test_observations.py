from __future__ import annotations

from pathlib import Path

import pytest
import socialvolym
from invented import observations
from socialvolym.errors import SocialvolymError
from socialvolym.observations import load, pick, with_ids
from socialvolym.vocabulary import names
from socialvolym.vocabulary.names import municipality_code


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
