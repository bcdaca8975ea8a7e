"""Letters over columns, as a document explains them or as they are usual."""

from __future__ import annotations

import pytest
from socialvolym.extraction.headings.legends import legend_of, spelled_out

EXPLAINED = "B=budget, P=prognos efter augusti, VP=verksamhetsplan"


@pytest.mark.parametrize(
    ("heading", "explanation", "expected"),
    [
        ("Volymer B 2019 P 2019 VP 2020", EXPLAINED, "Volymer Budget 2019 Prognos 2019 Plan 2020"),
        ("Volymer BU 23 PL 24", "BU: budget. PL: plan.", "Volymer Budget 23 Plan 24"),
        ("T2 2019 T2 2020", "T2 = januari till och med augusti", "jan-aug 2019 jan-aug 2020"),
        ("Volymer U 2022 B 2023 VP 2024", "", "Volymer Utfall 2022 Budget 2023 Plan 2024"),
        ("Ram B 2024 P 2025 P 2026", "", "Ram Budget 2024 Plan 2025 Plan 2026"),
        ("Kostnad U 2022 B 2023 P 2023", "", "Kostnad Utfall 2022 Budget 2023 Prognos 2023"),
        ("B 2019", EXPLAINED, "Budget 2019"),
        ("Plan B för boendet", EXPLAINED, "Plan B för boendet"),
        ("Avdelning B 2019", "", "Avdelning B 2019"),
        ("K 2022 M 2022", "K = kvinnor, M = män", "K 2022 M 2022"),
    ],
)
def test_letters_are_spelled_out_where_they_head_columns(heading: str, explanation: str, expected: str) -> None:
    assert spelled_out(heading, legend_of([heading, explanation])) == expected


def test_a_goal_that_is_explained_by_a_budget_is_no_letter() -> None:
    assert legend_of(["Mål: Budget i balans", "SUM: 12", "Kapitel A: plan för boende"]).keys() <= {"A"}
