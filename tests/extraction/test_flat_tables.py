"""Tables run together on one line are read where their sums hold; the text around them stays text."""

from __future__ import annotations

import pytest
from socialvolym.documents.document import Document
from socialvolym.extraction.by_rules import read_figures
from socialvolym.extraction.cells.flat_tables import flat_table
from socialvolym.extraction.metadata import Metadata

COLUMNS = (
    "Uppföljning per maj 2021. Belopp i mnkr för helåret. Område Stab LSS-bostäder Barn och unga Daglig verksamhet Summa "
    "Budget 4,0 81,5 33,1 20,4 139,0 Prognos 4,2 80,0 36,6 20,4 141,2 Avvikelse - 0,2 +1,5 -3,5 0,0 -2,2 Mer finns att läsa."
)
SINGLE = (
    "Prognosen för 2021 är ett mindre överskott. Familjehem Försörjningsstöd Personlig assistans Gemensamt Totalt "
    "-1,5 mnkr + 2,0 mnkr - 0,3 mnkr 0,4 mnkr 0,6 mnkr Nämnden placerade 14 barn."
)
SHARES = "Andel nöjda Vuxna Barn Äldre Totalt 81 % 77 % 90 % 82 %"


def read(text: str) -> list[str]:
    rows, _ = read_figures(Document.from_text(text), Metadata(year=2021, months=5, kind="interim"))
    return [f"{row['value']:g} {row['series']} {row['period']} {row['unit']} {row['kind']}" for row in rows]


def test_columns_under_headings_of_their_own() -> None:
    table = flat_table(COLUMNS)
    assert table is not None
    assert (table.headings, table.labels[:2]) == (("Budget", "Prognos", "Avvikelse"), ("Stab", "LSS-bostäder"))
    assert table.columns[2] == ("- 0,2", "+1,5", "-3,5", "0,0", "-2,2")
    figures = read(COLUMNS)
    assert figures[0] == "4 budget 2021 MSEK table" and figures[3:5] == [
        "81.5 budget 2021 MSEK table",
        "80 forecast 2021 MSEK table",
    ]
    assert len(figures) == 15


def test_the_sentence_before_a_single_column_tells_its_series_and_the_text_behind_is_read() -> None:
    figures = read(SINGLE)
    assert figures[:3] == ["-1.5 forecast 2021 MSEK table", "2 forecast 2021 MSEK table", "-0.3 forecast 2021 MSEK table"]
    assert figures[-1] == "14 outturn 2021-01/2021-05 persons text"


@pytest.mark.parametrize(
    ("sentence", "heading"),
    [
        ("Nämnden går 2 mnkr över budget för helåret; i maj var prognosen 1 mnkr.", "prognosen"),
        ("Avvikelsen mot budget efter juni är 3 mnkr.", "Avvikelsen"),
        ("Så här blev utfallet under helåret.", "utfallet"),
        ("Nämnden håller sig inom budget.", ""),
    ],
)
def test_what_a_sentence_sets_something_against_tells_no_series(sentence: str, heading: str) -> None:
    table = flat_table(f"{sentence} Verksamhet Familjehem Öppenvård Ledning Totalt 3 4 5 12")
    assert table is not None and table.headings == (heading,)


@pytest.mark.parametrize(
    "text",
    [
        COLUMNS.replace("139,0", "149,0"),
        COLUMNS.replace("Summa ", ""),
        SINGLE.replace("Gemensamt ", "Gemensamt Familjerätt Öppenvård "),
        SHARES,
        "I Totalt deltog 3 4 5 12 barn.",
    ],
)
def test_what_does_not_add_up_or_fit_its_labels_is_no_table(text: str) -> None:
    assert flat_table(text) is None
