import pytest
from socialvolym.documents.document import Document
from socialvolym.extraction.by_rules import read_figures
from socialvolym.extraction.certainty import certainty


@pytest.mark.parametrize(
    ("because", "expected"),
    [
        (("period:heading", "series:heading", "unit:row", "measure:label"), "certain"),
        (("period:heading", "series:default", "unit:row", "measure:label"), "likely"),
        (("period:document", "series:default", "unit:row", "measure:label"), "guess"),
        (("period:heading", "series:heading", "unit:row", "measure:none"), "guess"),
        (("period:heading", "series:heading", "unit:row"), "guess"),
    ],
)
def test_certainty_counts_what_is_weak(because: tuple[str, ...], expected: str) -> None:
    assert certainty(because) == expected


def test_a_figure_in_a_sentence_is_likely_at_best() -> None:
    printed = ("period:sentence", "series:words", "unit:clause", "measure:clause")
    assert (certainty(printed), certainty(printed, in_sentence=True)) == ("certain", "likely")


def test_years_beside_each_other_are_outturns_for_certain_and_a_year_ahead_is_not() -> None:
    def certainties(years: str) -> set[str]:
        figures, _ = read_figures(
            Document(["Årsredovisning 2022", "", f"LSS {years}", "Daglig verksamhet, personer 400 455 485"])
        )
        return {figure["certainty"] for figure in figures}

    assert certainties("2020 2021 2022") == {"certain"}
    assert "certain" not in certainties("2021 2022 2023")
