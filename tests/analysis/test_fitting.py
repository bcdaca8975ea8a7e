"""Which analyses a municipality's figures fit, and why one cannot be made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from invented import observations, yearly
from invented_facts import own_facts, people
from socialvolym.analysis.fitting import FIT_SCHEMA, best_fit, fitted_series, fitting
from socialvolym.errors import SocialvolymError

__all__ = ["own_facts"]


def fits(rows: pl.DataFrame, municipality: str = "Haninge", **years: Any) -> dict[str, list[dict[str, Any]]]:
    found = fitting(rows, municipality, **years)
    assert found.schema == FIT_SCHEMA
    return {str(name): part.to_dicts() for (name,), part in found.group_by("analysis", maintain_order=True)}


def below(rows: pl.DataFrame, lines: int) -> pl.DataFrame:
    return rows.with_columns(line=pl.col("line") + lines)


def test_the_measures_of_each_analysis_are_told_the_best_first(own_facts: Path) -> None:
    people(2021, 2022)
    huddinge = {"municipality_code": "0126", "report": "huddinge-2022"}
    rows = pl.concat(
        [
            yearly(2020, 5, 6, 7),
            below(yearly(2021, 3, 4, measure="lvu_placements", breakdown="0-18 år, flickor"), 10),
            below(yearly(2021, 9, 8, measure="net_cost", unit="kSEK", domain="context"), 20),
            below(yearly(2021, 9, 8, measure="employees", unit="persons", domain="context"), 50),
            below(yearly(2022, 10, measure="net_cost", unit="kSEK", domain="context", series="budget"), 30),
            below(observations({"period": "2021-03", "value": 1.0}, {"period": "2022-03", "value": 2.0}), 40),
            below(
                observations({"period": "2021-03", "value": 1.0}, {"period": "2022-04", "value": 2.0}, measure="lvu_measures"),
                60,
            ),
            yearly(2022, 7, **huddinge),
        ]
    )
    found = fits(rows)
    assert [row["measure"] for row in found["path"]][:2] == ["lvm_placements", "lvu_placements"]
    assert (found["path"][0]["first"], found["path"][0]["last"]) == ("2021", "2022")
    # Months of another measure are not those of the year before.
    assert [row["measure"] for row in found["months"]] == ["lvm_placements"]
    assert (found["months"][0]["first"], found["months"][0]["last"]) == ("2021", "2022")
    ages = {row["measure"]: (row["first_age"], row["last_age"], row["sex"]) for row in found["rate"]}
    assert ages == {
        "lvm_placements": (None, None, None),
        "lvu_placements": (0, 18, "women"),
        "net_cost": (None, None, None),
    }
    assert [row["measure"] for row in found["real"]] == [row["measure"] for row in found["budget"]] == ["net_cost"]
    [shared] = found["index"]
    assert (shared["measure"], shared["first"], shared["other_report"]) == ("lvm_placements", "2022", "huddinge-2022")
    [split] = found["split"]
    assert (
        split["measure"] is None and split["why_en"].startswith("no cost with its volume") and "styckkostnad" in split["why_sv"]
    )


@pytest.mark.parametrize(
    ("years", "why"),
    [
        # What another committee has is no reason that figures of this one cannot be compared.
        ({}, "no monthly figures of two years"),
        (
            {"first_year": 2022},
            "no monthly figures of two years among the figures of the years asked for (2022–); other years are left out",
        ),
        ({"first_year": 2021, "last_year": 2022}, "(2021–2022)"),
    ],
)
def test_a_reason_is_why_there_is_nothing_and_no_other(years: dict[str, int], why: str) -> None:
    rows = yearly(2021, 5, 6, municipality_code="0126", report="huddinge-2022")
    [row] = fits(rows, "Huddinge", **years)["months"]
    assert row["measure"] is None and why in row["why_en"] and ("asked" in row["why_en"]) is bool(years)


def test_only_the_years_that_are_asked_for_are_told() -> None:
    rows = yearly(2018, 5, 6, 7, 8)
    assert fits(rows, last_year=2019)["path"][0]["last"] == "2019"
    assert fits(rows, first_year=2021)["path"][0]["measure"] is None
    with pytest.raises(SocialvolymError, match="nearest: Haninge"):
        fitting(rows, "Hanninge")


def test_the_last_unbroken_years_go_before_later_ones_across_a_break(home: Path) -> None:
    folder = home / "data" / "raw" / "haninge-2022"
    folder.mkdir(parents=True)
    (folder / "report.toml").write_text('id = "haninge-2022"\nmunicipality_code = "0136"\n')
    cut = 'period = "{}"\nmeasures = ["lvm_placements"]\nreason_en = "new"\nreason_sv = "nytt"\n'
    (folder / "corrections.toml").write_text("[[break]]\n" + cut.format("2022"))
    rows = pl.concat([yearly(2020, 5, 6, 7), below(yearly(2021, 1, 2, measure="lvu_placements", breakdown="barn"), 9)])
    path = fits(rows)["path"]
    assert [(row["measure"], row["first"], row["last"]) for row in path] == [
        ("lvm_placements", "2020", "2021"),
        ("lvu_placements", "2021", "2022"),
    ]


def test_the_best_fit_and_its_series_or_a_line_that_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    fits = pl.DataFrame(
        [
            dict.fromkeys(FIT_SCHEMA) | {"analysis": "path", "measure": "lvm_placements", "series": "outturn"},
            dict.fromkeys(FIT_SCHEMA) | {"analysis": "months", "why_en": "no months", "why_sv": "inga månader"},
        ],
        schema=FIT_SCHEMA,
    )
    fit = best_fit(fits, "path", municipality="Haninge", language="en")
    budgets = fits.with_columns(series=pl.lit("budget"))
    assert best_fit(budgets, "path", municipality="Haninge", language="en") is None
    assert "only budgets, forecasts or plans" in capsys.readouterr().out
    assert best_fit(budgets, "path", "lvm_placements", municipality="Haninge", language="en") is not None
    assert fit is not None and fitted_series(yearly(2021, 3, 5), "Haninge", fit)["value"].to_list() == [3, 5]
    assert best_fit(fits, "months", municipality="Haninge", language="sv") is None
    assert best_fit(fits, "path", "lvu_placements", municipality="Haninge", language="en") is None
    assert (
        capsys.readouterr().out == "Haninge, months: inga månader\nHaninge, lvu_placements: this analysis cannot be made of it\n"
    )
