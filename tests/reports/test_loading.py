"""The reports' folders: loaded whole, and refused with what is wrong and where."""

from __future__ import annotations

from pathlib import Path

import pytest
from invented_report import make, replace
from socialvolym.errors import SocialvolymError
from socialvolym.reports.loading import choose, load_report, load_reports, report_ids, reports_by_code
from socialvolym.reports.models import load_csv
from socialvolym.vocabulary.columns import CELL_SCHEMA, PROSE_SCHEMA

HEADER = ",".join(CELL_SCHEMA)
CORRECTION = '[[correction]]\nline = 3\nlabel = "a"\ncolumn = "b"\nexpected = "1"\nreplacement = "2"\nwhy = "w"\nwho = "x"\n'


def test_a_report_is_loaded_whole(tmp_path: Path) -> None:
    raw = load_report(make(tmp_path, corrections=CORRECTION))
    assert (raw.report.municipality, raw.report.municipality_code, raw.report.year) == ("Haninge", "0136", 2099)
    assert [table.id for table in raw.layout.table] == ["volumes", "finance"]
    assert raw.layout.table[0].columns[0].label == "2097"
    assert raw.table("finance") == raw.layout.table[1]
    assert raw.table(None) is None
    assert raw.prose.height == 1
    assert raw.notes.correction[0].replacement == "2"
    assert raw.cells.height == 11


def test_a_report_may_be_its_report_toml_alone(tmp_path: Path) -> None:
    folder = make(tmp_path, read=False)
    for name in ("layout.toml", "prose.csv", "corrections.toml"):
        (folder / name).unlink()
    raw = load_report(folder)
    assert (raw.layout.table, raw.notes.break_, raw.sayings.says) == ((), (), ())
    assert raw.prose.schema == PROSE_SCHEMA


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("report.toml", 'code = "0136"', 'code = "0137"', "unknown municipality code '0137'"),
        ("report.toml", 'code = "0136"', "code = 136", "municipality_code"),
        ("report.toml", 'code = "0136"', 'code = "136"', "municipality_code"),
        ("report.toml", "year = 2099", "year = 1989", "year"),
        ("report.toml", "annual_report", "annual report", "kind"),
        ("report.toml", 'id = "haninge-2099"', 'id = "haninge-2098"', "is not the folder's name 'haninge-2099'"),
        ("report.toml", "title =", "titel =", "titel"),
        ("report.toml", 'title = "', "title = ", "cannot be read as TOML"),
        ("layout.toml", 'id = "volumes"', 'id = "finance"', "two tables have the id 'finance'"),
        ("layout.toml", '"2097", {', '"Utfall 2099", {', "two columns have the same label"),
        ("layout.toml", 'period = "2099"', 'series = "utfall"', "unknown series 'utfall'"),
        ("layout.toml", "lines = [3, 4]", "lines = [3]", "table.0.lines"),
    ],
)
def test_what_breaks_the_schema_is_named(tmp_path: Path, file: str, old: str, new: str, message: str) -> None:
    folder = make(tmp_path)
    replace(folder / file, old, new)
    with pytest.raises(SocialvolymError, match=message) as error:
        load_report(folder)
    assert str(folder / file) in str(error.value)


def test_two_corrections_of_one_cell_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SocialvolymError, match=r"corrections\.toml.*two corrections of one cell: line 3"):
        make(tmp_path, corrections=CORRECTION + CORRECTION)


@pytest.mark.parametrize("name", ["report.toml", "layout.toml"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    folder = make(tmp_path)
    (folder / name).unlink()
    (folder / name).mkdir()
    with pytest.raises(SocialvolymError, match=rf"{name}: cannot be read"):
        load_report(folder)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "table,page\n",
        HEADER + ",extra\n",
        HEADER + "\nt,one,3,table,,a,b,c,\n",
        HEADER.replace(",line", ""),
        HEADER + "\na,b\n" * 2 + '"',
    ],
)
def test_csv_that_breaks_its_schema_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "cells.csv").write_text(text, encoding="utf-8")
    with pytest.raises(SocialvolymError, match=r"cells\.csv"):
        load_csv(tmp_path / "cells.csv", CELL_SCHEMA)


def test_csv_that_is_absent_a_folder_or_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "latin.csv").write_bytes(b"\xe5")
    for path in (tmp_path / "absent.csv", tmp_path, tmp_path / "latin.csv"):
        with pytest.raises(SocialvolymError, match="cannot be read"):
            load_csv(path, CELL_SCHEMA)


@pytest.mark.parametrize(
    "text",
    [
        f"{HEADER}\nt,,3,table,,a,b,c,\n",
        f"\ufeff{HEADER}\r\nt,,3,table,,a,b,c,\r\n",
        '"' + HEADER.replace(",", '","') + '"\n"t",,"3","table",,"a","b","c",\n',
        "line,table,page,kind,group,row_label,column_label,text,note\n3,t,,table,,a,b,c,\n",
    ],
)
def test_csv_as_spreadsheets_write_it(tmp_path: Path, text: str) -> None:
    (tmp_path / "cells.csv").write_text(text, encoding="utf-8", newline="")
    frame = load_csv(tmp_path / "cells.csv", CELL_SCHEMA)
    assert frame.schema == CELL_SCHEMA
    assert frame.rows() == [("t", None, 3, "table", None, "a", "b", "c", None)]


def test_csv_without_rows_has_its_types(tmp_path: Path) -> None:
    (tmp_path / "cells.csv").write_text(HEADER + "\n", encoding="utf-8")
    assert load_csv(tmp_path / "cells.csv", CELL_SCHEMA).schema == CELL_SCHEMA


def test_reports_are_found_and_chosen(home: Path) -> None:
    raw = home / "data" / "raw"
    assert report_ids() == []
    make(raw)
    (raw / "facts").mkdir()
    assert report_ids() == ["haninge-2099"]
    assert [r.report.id for r in load_reports()] == [r.report.id for r in choose([])] == ["haninge-2099"]
    with pytest.raises(SocialvolymError, match="there is no report haninge-2098; reports: haninge-2099"):
        choose(["haninge-2099", "haninge-2098"])


def test_a_municipality_code_is_read_as_toml(home: Path) -> None:
    folder = home / "data" / "raw" / "alingsas-2099"
    folder.mkdir(parents=True)
    (folder / "report.toml").write_text("id = 'alingsas-2099'\nmunicipality_code = '1489'\n", encoding="utf-8")
    assert reports_by_code() == {"1489": ["alingsas-2099"]}
