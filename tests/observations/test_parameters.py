"""Parameters: wrong names and values are refused before anything runs, and the message says what is allowed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from invented import observations, yearly
from IPython.core.interactiveshell import InteractiveShell
from nbformat.v4 import new_code_cell, new_notebook
from socialvolym.errors import SocialvolymError
from socialvolym.observations.parameters import (
    Settings,
    check_names,
    check_parameters,
    check_settings,
    codes_of,
    parameter_defaults,
)
from traitlets.config import Config

TABLE = yearly(2019, 1, 2, 3).vstack(yearly(2021, 1, 2, municipality_code="0126", report="huddinge-2022"))


def settings(**given: Any) -> Settings:
    standard: dict[str, Any] = {"language": "sv", "codes": [], "first_year": None, "last_year": None}
    return check_settings(TABLE, **standard | given)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, Settings("sv", ("0126", "0136"), 2019, 2022)),
        ({"language": "en", "codes": ["0136"]}, Settings("en", ("0136",), 2019, 2021)),
        ({"codes": ("0126",), "first_year": 2021, "last_year": 2021}, Settings("sv", ("0126",), 2021, 2021)),
    ],
)
def test_good_parameters(given: dict[str, Any], expected: Settings) -> None:
    assert settings(**given) == expected


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"language": "se"}, "language is 'se'; allowed: en, sv"),
        ({"language": None}, "allowed: en, sv"),
        (
            {"codes": [136]},
            '136 is an int; write it as text in quotes, like "0136". Codes with reports: 0126 Huddinge, 0136 Haninge',
        ),
        ({"codes": [1.5]}, "1.5 is a float; write"),
        ({"codes": ["136"]}, "no report of municipality '136'.*0136 Haninge"),
        ({"codes": ["0136", "0180"]}, r"no report of Stockholm \(0180\); codes with reports: 0126 Huddinge"),
        ({"first_year": 2018}, "first_year is 2018; .* 2019-2022"),
        ({"last_year": 2023}, "last_year is 2023"),
        ({"codes": ["0126"], "first_year": 2020}, "first_year is 2020; .* 2021-2022"),
        ({"first_year": "2020"}, "first_year is '2020'; it must be a year, like 2017, or None; .* 2019-2022"),
        ({"first_year": True}, "first_year is True"),
        ({"first_year": 2021, "last_year": 2020}, "first_year 2021 is after last_year 2020"),
    ],
)
def test_wrong_parameters(given: dict[str, Any], message: str) -> None:
    with pytest.raises(SocialvolymError, match=message):
        settings(**given)


@pytest.mark.parametrize("series", ["target", "plan"])
def test_years_with_targets_alone_have_no_figures(series: str) -> None:
    aims = observations({"period": "2030", "series": series, "municipality_code": "0136"})
    table = TABLE.select(aims.columns).vstack(aims)
    assert check_settings(table, "sv", [], None, None).last_year == 2030
    assert check_settings(table, "sv", [], 2022, 2030).first_year == 2022
    with pytest.raises(SocialvolymError, match=r"no figures from 2023 on, .* have figures for 2019-2022"):
        check_settings(table, "sv", [], 2023, None)
    with pytest.raises(SocialvolymError, match=r"no figures in these years, 2023-2025, "):
        check_settings(table, "sv", [], 2023, 2025)


def test_the_years_are_those_of_the_pages_own_domain() -> None:
    aims = {"period": "2030", "series": "target", "value": 5.0}
    cost = {"period": "2014", "measure": "net_cost", "domain": "context", "value": 9.0}
    rows = observations(*({"period": str(year), "value": 1.0} for year in (2017, 2018)), aims, cost)
    assert check_settings(rows, "en", [], 2017, None, domain="placements").last_year == 2030
    assert check_settings(rows, "en", [], None, 2018, domain="placements").first_year == 2014
    for domain, said in (("placements", "figures of placements for 2017-2018"), ("lss", "figures for 2014-2018")):
        with pytest.raises(SocialvolymError, match=f"first_year is 2011; the chosen municipalities have {said}$"):
            check_settings(rows, "en", [], 2011, None, domain=domain)
    with pytest.raises(SocialvolymError, match=r"no figures from 2019 on, .* figures of placements for 2017-2018"):
        check_settings(rows, "en", [], 2019, None, domain="placements")


@pytest.mark.parametrize("given", ["0136", "Haninge"])
def test_one_text_is_no_list_of_municipalities(given: str) -> None:
    with pytest.raises(SocialvolymError, match=f"municipalities is '{given}'; it must be a list of names or codes as text"):
        codes_of(given)
    assert codes_of(["haninge", "0126", 5]) == ["0136", "0126", 5]


def test_a_slip_in_a_municipality_is_answered_with_the_nearest() -> None:
    with pytest.raises(SocialvolymError, match=r"'Hanninge'; nearest: Haninge \(0136\), .*; codes with reports: "):
        check_settings(TABLE, "sv", ["Hanninge"], None, None)


OWN = """# written by a person
language: str = "en"  # of the page
municipalities: list[str] = []
first_year: "Optional[int]" = None
"""


def asked(*cells: str) -> None:
    """Ask as a notebook does whose cells above were run one after another."""
    shell = InteractiveShell.instance(config=Config({"HistoryManager": {"hist_file": ":memory:"}}))
    try:
        for cell in cells:
            shell.run_cell(cell, store_history=True)
        shell.user_ns["check"] = check_parameters
        shell.run_cell('check(globals(), "language", "municipalities", "first_year")', store_history=True).raise_error()
    finally:
        InteractiveShell.clear_instance()


@pytest.mark.parametrize(
    "cells",
    [
        (OWN,),
        (OWN, '# Parameters\nlanguage = "sv"\nmunicipalities = ["0136"]\nfirst_year = 2019\n'),
        ("x = 1\nprint(x)", OWN),
        (OWN.replace("language", "lnguage"), "1 + 1", OWN),
        (OWN, "import math"),
    ],
)
def test_a_notebook_goes_on_with_good_parameters(cells: tuple[str, ...]) -> None:
    asked(*cells)


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ((OWN, "# Parameters\nlanguge = 'sv'"), "has no parameter languge; allowed: language, municipalities, first_year"),
        (
            (OWN, "# Parameters\nmunicipalities = 136"),
            r'municipalities is 136; it must be a list of names or codes as text, like \["0136"\]',
        ),
        ((OWN, "# Parameters\nmunicipalities = '0136'"), "municipalities is '0136'; it must be a list"),
        ((OWN, "# Parameters\nfirst_year = '2022'"), "first_year is '2022'; it must be a year"),
        ((OWN, "# Parameters\nfirst_year = True"), "first_year is True; it must be a year"),
        ((OWN, "# Parameters\nlanguage = 'se'"), "language is 'se'; it must be one of: en, sv"),
        ((OWN.replace("municipalities:", "municipality:"),), "has no parameter municipality; allowed"),
        ((OWN + "colour = year = 3",), "has no parameter colour, year; allowed"),
        (('language = "en"\nfirst_year = 3',), "the parameter municipalities has no value; it must be a list"),
    ],
)
def test_a_notebook_stops_at_wrong_parameters(cells: tuple[str, ...], message: str) -> None:
    with pytest.raises(SocialvolymError, match=message):
        asked(*cells)


def test_the_code_of_a_notebook_runs_without_a_notebook() -> None:
    check_parameters({"language": "sv"}, "language")
    with pytest.raises(SocialvolymError, match="language is 'se'"):
        check_parameters({"language": "se"}, "language")


@pytest.mark.parametrize("table", [observations(), observations({"period": None})])
def test_a_table_without_periods_is_named(table: Any) -> None:
    with pytest.raises(SocialvolymError, match="no figure with a period"):
        check_settings(table, "sv", [], None, None)


def notebook(folder: Path, *sources: str, tags: tuple[str, ...] = ("parameters",)) -> Path:
    path = folder / "n.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell(source, metadata={"tags": list(tags)}) for source in sources]), path)
    return path


def test_defaults_of_a_notebook(tmp_path: Path) -> None:
    path = notebook(tmp_path, 'language: str = "en"  # comment\ncodes: list[str] = ["0136"]\nyear: int | None = None\nplain = -1')
    assert parameter_defaults(path) == {"language": "en", "codes": ["0136"], "year": None, "plain": -1}
    check_names(path, {"language": "sv"})
    check_names(path, {})
    with pytest.raises(SocialvolymError, match=r"n\.ipynb has no parameter languge, yaer; allowed: language, codes, year, plain"):
        check_names(path, {"yaer": 1, "languge": "sv"})


def test_a_notebook_has_one_cell_of_parameters(tmp_path: Path) -> None:
    with pytest.raises(SocialvolymError, match=r"n\.ipynb: 2 cells are tagged"):
        parameter_defaults(notebook(tmp_path, "a = 1", "b = 2"))
    with pytest.raises(SocialvolymError, match="0 cells are tagged"):
        parameter_defaults(notebook(tmp_path, "a = 1", tags=()))


@pytest.mark.parametrize("text", [None, "no JSON"])
def test_a_notebook_that_is_none_is_named(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "n.ipynb"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(SocialvolymError, match=r"n\.ipynb"):
        parameter_defaults(path)
