import pytest
from socialvolym.documents.document import Document
from socialvolym.extraction.by_rules import read_figures
from socialvolym.extraction.certainty import certainty


@pytest.mark.parametrize(
    ("because", "expected"),
    [
        (("period:heading", "series:heading", "unit:row", "measure:label"), "certain"),
        (("period:heading", "series:default", "unit:row", "measure:label"), "likely"),
        (("period:heading", "series:time", "unit:note", "measure:section"), "certain"),
        (("period:document", "series:default", "unit:row", "measure:label"), "guess"),
        (("period:heading", "series:heading", "unit:row", "measure:none"), "guess"),
        (("period:heading", "series:heading", "unit:row"), "guess"),
    ],
)
def test_certainty_counts_what_is_weak(because: tuple[str, ...], expected: str) -> None:
    assert certainty(because) == expected


def test_a_figure_in_a_sentence_is_likely_at_best() -> None:
    printed = ("period:sentence", "series:words", "unit:clause", "measure:clause")
    assert [certainty(printed, kind) for kind in ("table", "text", "chart")] == ["certain", "likely", "likely"]


def test_a_time_without_a_series_over_a_column_is_of_outturns_unless_it_lies_ahead() -> None:
    def certainties(*lines: str) -> list[str]:
        return [figure["certainty"] for figure in read_figures(Document(list(lines)))[0]]

    rows = ["Familjehem, vårddygn 4 380 52", "HVB, vårddygn 2 190 31"]
    text = ["Årsredovisning 2022", "", "Nämnden har följt upp vården under året och redovisar den här.", ""]
    assert set(certainties(*text, "Placeringar 2021 Andel, %", *rows)[::2]) == {"certain"}
    assert "certain" not in certainties(*text, "Placeringar 2023 Andel, %", *rows)


def test_years_beside_each_other_are_outturns_for_certain_and_a_year_ahead_is_not() -> None:
    def certainties(years: str) -> set[str]:
        figures, _ = read_figures(
            Document(["Årsredovisning 2022", "", f"LSS {years}", "Daglig verksamhet, personer 400 455 485"])
        )
        return {figure["certainty"] for figure in figures}

    assert certainties("2020 2021 2022") == {"certain"}
    assert "certain" not in certainties("2021 2022 2023")
