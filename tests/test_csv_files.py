"""CSV files loaded together are what they are alone; one that is broken is told and holds up no other."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TypedDict

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from socialvolym.atomic import write_csv
from socialvolym.csv_files import as_printed, disarmed, load_csv, load_csvs, schema_of
from socialvolym.errors import SocialvolymError

SCHEMA = {"line": pl.Int64, "text": pl.String, "note": pl.String}
GOOD = "line,text,note\n1,a,b\n2,,\n"
#: What a field may hold that a reader of lines or of commas would take for more.
FIELD = st.text(st.sampled_from(["a", ",", '"', "\n", " ", "ö"]), max_size=4)


def alone(path: Path) -> pl.DataFrame | str:
    try:
        return load_csv(path, SCHEMA)
    except SocialvolymError as error:
        return str(error)


def same(one: pl.DataFrame | SocialvolymError, other: pl.DataFrame | str) -> bool:
    if isinstance(one, pl.DataFrame) and isinstance(other, pl.DataFrame):
        return one.equals(other) and one.schema == other.schema
    return str(one) == other


def write(folder: Path, texts: list[str]) -> list[Path]:
    places = [folder / f"{number}.csv" for number in range(len(texts))]
    for path, text in zip(places, texts, strict=True):
        path.write_text(text, encoding="utf-8", newline="")
    return places


@pytest.mark.parametrize(
    "text",
    [
        "line,text,note\n",
        "",
        "line,text,note",
        "line,text,note\n3,c,d",
        "\ufeffline,text,note\n3,c,d\n",
        "line,text,note\r\n3,c,d\r\n",
        "note,line,text\nd,3,c\n",
        'line,text,note\n3,"c\nd",e\n',
        "line,text,note\n\n3,c,d\n",
        'line,text,note\n3,"c,d\n',
        "line,text,note\nthree,c,d\n",
        "line,text,note\n3,c,d,e\n",
        "line,text\n3,c\n",
        "line,text,note\n3\n",
    ],
)
def test_a_file_is_the_same_alone_and_among_others(tmp_path: Path, text: str) -> None:
    places = write(tmp_path, [GOOD, text, GOOD])
    together = load_csvs(places, SCHEMA)
    assert all(same(one, alone(path)) for one, path in zip(together, places, strict=True))
    assert isinstance(together[0], pl.DataFrame) and isinstance(together[2], pl.DataFrame)


def test_an_absent_file_is_told_and_holds_up_no_other(tmp_path: Path) -> None:
    places = [*write(tmp_path, [GOOD]), tmp_path / "absent.csv"]
    first, second = load_csvs(places, SCHEMA)
    assert isinstance(first, pl.DataFrame) and first.height == 2
    assert str(second) == f"{places[1]}: cannot be read: [Errno 2] No such file or directory: '{places[1]}'"


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    places = write(tmp_path, [GOOD, GOOD])
    places[1].write_bytes(b"line,text,note\n3,\xff,d\n")
    first, second = load_csvs(places, SCHEMA)
    assert isinstance(first, pl.DataFrame) and "cannot be read" in str(second)


def test_more_files_than_are_parsed_together(tmp_path: Path) -> None:
    places = write(tmp_path, [f"line,text,note\n{number},a,b\n" for number in range(300)])
    loaded = [table for table in load_csvs(places, SCHEMA) if isinstance(table, pl.DataFrame)]
    assert [table["line"].to_list() for table in loaded] == [[number] for number in range(300)]


@given(st.lists(st.lists(st.tuples(st.integers(0, 9), FIELD, FIELD), max_size=3), min_size=1, max_size=4))
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, files: list[list[tuple[int, str, str]]]) -> None:
    folder = tmp_path_factory.mktemp("files")
    places = write(folder, [""] * len(files))
    for path, rows in zip(places, files, strict=True):
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows([list(SCHEMA), *rows])
    assert all(same(one, alone(path)) for one, path in zip(load_csvs(places, SCHEMA), places, strict=True))


#: What a spreadsheet would run, and what begins alike and is a printed number or no value.
RUN = ["=1+1", "@SUM(A1)", "+A1", "-cmd|' /C calc'!A0", "-2+3", "- Barn och unga", "\t=1", "\uff1d1", "=", "+"]
STAY = ["-27 994", "+1,5 %", "-13 902*", "-5 tkr", "- 3", "-", "--", "12", "Barn", "49,3%3", "'", "'t Hart"]


@pytest.mark.parametrize("text", RUN)
def test_a_text_that_a_spreadsheet_would_run_is_disarmed(text: str) -> None:
    assert disarmed(pl.DataFrame({"label": [text]})).item() == f"'{text}"


@pytest.mark.parametrize("text", STAY)
def test_printed_numbers_and_plain_texts_stay(text: str) -> None:
    assert disarmed(pl.DataFrame({"published_as": [text]})).item() == text


@given(
    st.lists(st.one_of(st.none(), st.sampled_from([*RUN, *STAY]), st.text(st.sampled_from("'=+-@1a "), max_size=5)), min_size=1)
)
def test_what_is_disarmed_comes_back_as_it_was(texts: list[str | None]) -> None:
    table = pl.DataFrame({"text": texts, "line": list(range(len(texts)))}, schema={"text": pl.String, "line": pl.Int64})
    assert as_printed(disarmed(table)).equals(table)


def test_a_written_file_is_safe_to_open_and_comes_back(tmp_path: Path) -> None:
    table = pl.DataFrame(
        {"line": list(range(len(RUN + STAY))), "text": RUN + STAY, "note": [None] * len(RUN + STAY)}, schema=SCHEMA
    )
    write_csv(table, tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        printed = [row["text"] for row in csv.DictReader(file)]
    assert printed == [*(f"'{text}" for text in RUN), *STAY]
    assert load_csv(tmp_path / "a.csv", SCHEMA).equals(table)
    assert same(load_csvs([tmp_path / "a.csv", tmp_path / "a.csv"], SCHEMA)[1], table)


class Row(TypedDict, total=False):
    name: str
    count: int | None
    share: float
    whole: bool
    parts: list[str]


def test_the_columns_of_a_typed_row() -> None:
    assert schema_of(Row) == {
        "name": pl.String,
        "count": pl.Int64,
        "share": pl.Float64,
        "whole": pl.Boolean,
        "parts": pl.List(pl.String),
    }
