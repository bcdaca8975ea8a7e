"""CSV files with a schema, loaded alone or many at once, and safe to open: no text in them is a formula to a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import NoneType, UnionType
from typing import get_args, get_type_hints

import polars as pl

from socialvolym.errors import SocialvolymError

#: The columns of a table with their types.
Schema = Mapping[str, pl.DataType | type[pl.DataType]]

_TYPES: Mapping[object, pl.DataType | type[pl.DataType]] = {
    str: pl.String,
    int: pl.Int64,
    float: pl.Float64,
    bool: pl.Boolean,
    list[str]: pl.List(pl.String),
}


def schema_of(row: type) -> dict[str, pl.DataType | type[pl.DataType]]:
    """Return the columns of a table whose rows are a typed dictionary; what may be None is null there."""
    kinds = {name: set(get_args(kind)) if isinstance(kind, UnionType) else {kind} for name, kind in get_type_hints(row).items()}
    return {name: _TYPES[kind] for name, either in kinds.items() for kind in either - {NoneType}}


#: So many files are parsed together; where one of them is broken, these are parsed one by one.
_TOGETHER = 128
_BOM = b"\xef\xbb\xbf"
#: What a spreadsheet takes for the beginning of a formula, perhaps behind apostrophes.
_FORMULA = r"^'*[=+\-@\t\r\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}]"
#: What begins with a sign and is no formula: a printed number, with its unit or mark, and a mark for no value.
_PRINTED = r"^[-+]\s?[\d\s.,]*\d\s*[%\x{2030}]?\d?\s*[a-z\x{E5}\x{E4}\x{F6}]*(?:\|[a-zA-Z_]+)?[*\x{B9}\x{B2}\x{B3}]*$|^-+$"


def disarmed(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a table in which no text is a formula to a spreadsheet: an apostrophe stands before it; printed numbers stay.

    Examples
    --------
    >>> disarmed(pl.DataFrame({"label": ["=1+1", "-27 994", "Barn"]}))["label"].to_list()
    ["'=1+1", '-27 994', 'Barn']
    """
    text = pl.col(pl.String)
    runs = text.str.contains(_FORMULA) & ~text.str.contains(_PRINTED)
    return frame.with_columns(pl.when(runs).then(pl.lit("'") + text).otherwise(text).name.keep())


def as_printed(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a table that `disarmed` made, as it was."""
    text = pl.col(pl.String)
    changed = text.str.starts_with("'") & text.str.contains(_FORMULA)
    return frame.with_columns(pl.when(changed).then(text.str.slice(1)).otherwise(text).name.keep())


def load_csv(path: Path, schema: Schema) -> pl.DataFrame:
    """Load a CSV file whose columns must be exactly those of the schema; an empty field is null.

    Raises
    ------
    SocialvolymError
        where the file is absent or unreadable, a column is missing or unknown, or a value has the wrong type.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = next(csv.reader(file), [])
        missing = [name for name in schema if name not in header]
        unknown = [name for name in header if name not in schema]
        if missing or unknown:
            raise SocialvolymError(f"{path}: missing columns: {missing or 'none'}; unknown columns: {unknown or 'none'}")
        return _parse(path, schema)
    except (OSError, UnicodeDecodeError, csv.Error, pl.exceptions.PolarsError) as error:
        raise SocialvolymError(f"{path}: cannot be read: {str(error).splitlines()[0]}") from error


def _parse(source: Path | bytes, schema: Schema) -> pl.DataFrame:
    read = pl.read_csv(source, schema_overrides=schema, columns=list(schema), infer_schema=False).select(list(schema))
    return as_printed(read)


def load_csvs(places: Sequence[Path], schema: Schema) -> list[pl.DataFrame | SocialvolymError]:
    """Load many CSV files as load_csv loads each, in a fraction of its time: for each its table, or why there is none."""
    parts = (places[start : start + _TOGETHER] for start in range(0, len(places), _TOGETHER))
    return [loaded for part in parts for loaded in _load_some(part, schema)]


def _load_some(places: Sequence[Path], schema: Schema) -> list[pl.DataFrame | SocialvolymError]:
    header = ",".join(schema).encode()
    bodies = [_body(path, header) for path in places]
    together = _parse_together([body for body in bodies if body is not None], header, schema)
    if together is None:
        return [_load_one(path, schema) for path in places]
    tables = iter(together)
    return [_load_one(path, schema) if body is None else next(tables) for path, body in zip(places, bodies, strict=True)]


def _load_one(path: Path, schema: Schema) -> pl.DataFrame | SocialvolymError:
    try:
        return load_csv(path, schema)
    except SocialvolymError as error:
        return error


def _body(path: Path, header: bytes) -> bytes | None:
    """Return the lines of a file below its header; None where it cannot be read or its columns stand in another order."""
    try:
        first, _, body = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    if first.removeprefix(_BOM).rstrip(b"\r") != header:
        return None
    return body if body.endswith(b"\n") or not body else body + b"\n"


def _parse_together(bodies: Sequence[bytes], header: bytes, schema: Schema) -> list[pl.DataFrame] | None:
    """Parse files as one; None where one of them is broken, or has a row that is not one line, so that none knows its rows."""
    try:
        table = _parse(b"".join([header, b"\n", *bodies]), schema)
    except pl.exceptions.PolarsError:
        return None
    rows = [body.count(b"\n") for body in bodies]
    # A quotation mark that is not closed takes in lines of the next file: then there are fewer rows than lines.
    if sum(rows) != table.height:
        return None
    ends = [sum(rows[:number]) for number in range(len(rows))]
    return [table.slice(end, count) for end, count in zip(ends, rows, strict=True)]
