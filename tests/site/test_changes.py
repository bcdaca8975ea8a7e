"""What changed between two runs: counted by figure, told in both languages; and the tables' descriptions are complete."""

import polars as pl
import pytest
from socialvolym.narrative.wording import Wording
from socialvolym.notation.languages import LANGUAGES, Language
from socialvolym.observations import store
from socialvolym.site.publishing.changes import changed_figures, changed_findings, tell, with_years
from socialvolym.vocabulary.columns import OBSERVATION_SCHEMA, UNREAD_SCHEMA
from socialvolym.workflow import steps

SAME = {"new_findings": 0, "gone_findings": 0}


def figures(*values: float | None) -> pl.DataFrame:
    """One figure a line, in the columns that the comparison needs."""
    count = len(values)
    texts = {
        "report": "invented-0136",
        "municipality_code": "0136",
        "domain": "economic_assistance",
        "measure": "economic_assistance_households",
        "label": "Hushåll",
        "period": "2022",
        "series": "outturn",
        "unit": "households",
        "table": "T1",
        "published_as": "7",
        "status": "published",
    }
    return pl.DataFrame(
        {name: [text] * count for name, text in texts.items()}
        | {"breakdown": [None] * count, "line": list(range(1, count + 1)), "value": list(values)},
        schema_overrides={"breakdown": pl.String, "value": pl.Float64},
    )


def test_each_kind_of_change_is_counted_once() -> None:
    found = changed_figures(figures(1, 2, 3), figures(1, 5))
    assert (found["first"], found["new"], found["gone"], found["other"]) == (False, 0, 1, 1)
    changed = next(example for example in found["examples"] if example["change"] == "other")
    assert (changed["before"], changed["value"]) == (2, 5)


def test_a_figure_that_loses_its_value_has_changed() -> None:
    assert changed_figures(figures(1), figures(None))["other"] == 1
    assert changed_figures(figures(None), figures(None))["other"] == 0


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"unit": "persons"}, "(before: 2 people)"),
        ({"municipality_code": "0126"}, "(before: 2 households, Huddinge)"),
        ({"year": 2021}, "(before: 2 households, 2021)"),
    ],
)
def test_another_unit_municipality_or_year_is_a_change(changed: dict[str, object], told: str) -> None:
    after = figures(2).with_columns(year=pl.lit(2022, pl.Int64))
    before = after.with_columns(**{name: pl.lit(value, after.schema[name]) for name, value in changed.items()})
    found = changed_figures(before, after)
    assert (found["new"], found["gone"], found["other"]) == (0, 0, 1)
    assert told in tell(found | SAME, Wording("en"))[-1].replace("\u00a0", " ")
    assert changed_figures(before.drop("year"), after)["other"] == (0 if "year" in changed else 1)


def test_figures_get_the_years_of_their_reports() -> None:
    reports = pl.DataFrame({"report": ["invented-0136"], "year": [2021]})
    assert with_years(figures(1), reports)["year"].to_list() == [2021]
    assert with_years(figures(1), reports.drop("year")).columns == figures(1).columns


def test_the_first_run_has_nothing_to_compare_with() -> None:
    found = changed_figures(None, figures(1, 2))
    assert (found["first"], found["new"], found["examples"]) == (True, 2, [])


@pytest.mark.parametrize(
    ("language", "value"), [("en", "5 households (before: 2 households)"), ("sv", "5 hushåll (förut: 2 hushåll)")]
)
def test_a_change_is_told_with_its_place_and_both_values(language: Language, value: str) -> None:
    counts, line = tell(changed_figures(figures(1, 2), figures(1, 5)) | SAME, Wording(language))
    assert "1" in counts and "Haninge" in line and "2022" in line and value in line.replace("\u00a0", " ")


def test_what_is_told_in_the_same_words_is_neither_new_nor_gone() -> None:
    moved = changed_figures(figures(1, 2), figures(1, 2).with_columns(label=pl.lit("Antal hushåll"))) | SAME
    told = tell(moved, Wording("en"))
    assert not [line for line in told if line.startswith(("New:", "Gone:"))]
    other = changed_figures(figures(1, 2), figures(1, 2).with_columns(period=pl.lit("2023"))) | SAME
    assert [line.partition(":")[0] for line in tell(other, Wording("en"))[1:]].count("New") == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_told_where_nothing_changed(language: Language) -> None:
    assert tell(changed_figures(figures(1), figures(1)) | SAME, Wording(language)) == []
    assert len(tell(changed_figures(None, figures(1)) | SAME, Wording(language))) == 1


def findings(*lines: int) -> pl.DataFrame:
    """One finding a line."""
    texts = {"rule": "total", "report": "invented-0136", "table": "T1", "explanation": "e"}
    return pl.DataFrame({name: [text] * len(lines) for name, text in texts.items()} | {"line": list(lines)})


def test_new_findings_and_reports_are_told() -> None:
    later = pl.concat([figures(1), figures(1).with_columns(report=pl.lit("invented-0117"))])
    changes = changed_figures(figures(1), later) | changed_findings(findings(1, 2), findings(2, 3, 4))
    assert (changes["new_findings"], changes["gone_findings"], changes["new_reports"]) == (2, 1, ["invented-0117"])
    told = tell(changes, Wording("en"))
    assert "invented-0117" in told[0] and "2 new, 1 gone" in told[1]
    assert changed_findings(None, findings(1)) == {"new_findings": 0, "gone_findings": 0}


def test_every_table_and_column_is_described() -> None:
    about = store.descriptions()
    assert set(about.tables) == set(steps.CHECKED)
    assert {*OBSERVATION_SCHEMA, *UNREAD_SCHEMA} <= set(about.columns)
    assert all(text.strip() for said in (*about.tables.values(), *about.columns.values()) for text in (said.en, said.sv))
