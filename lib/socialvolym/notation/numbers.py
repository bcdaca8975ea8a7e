"""Printed numbers: what a cell says, as a value with its precision, unit and bound."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from textwrap import shorten

import polars as pl

#: Footnote marks as they are printed above the line, the number's own digits below.
RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_MINUS = str.maketrans({"\u2212": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2011": "-", "\u2010": "-"})
_SPACE = re.compile(r"\s+")

#: Units as they are printed behind a number, longest first where one begins another.
PRINTED_UNITS = {
    "%-enheter": "percentage_points",
    "%-enhet": "percentage_points",
    "%": "percent",
    "procentenheter": "percentage_points",
    "procentenhet": "percentage_points",
    "procent": "percent",
    "promille": "per_mille",
    "tusen kronor": "kSEK",
    "miljoner kronor": "MSEK",
    "miljoner": "MSEK",
    "miljon kronor": "MSEK",
    "miljon": "MSEK",
    "miljarder kronor": "GSEK",
    "miljarder": "GSEK",
    "miljard kronor": "GSEK",
    "miljard": "GSEK",
    "mnkr": "MSEK",
    "mkr": "MSEK",
    "msek": "MSEK",
    "mdkr": "GSEK",
    "tkr": "kSEK",
    "tsek": "kSEK",
    "kkr": "kSEK",
    "ksek": "kSEK",
    "kronor": "SEK",
    "kr": "SEK",
    "st": "count",
    "dagar": "days",
    "dgr": "days",
    "tim": "hours",
    "pers": "persons",
}

#: Words and signs before a number that is not exact: whether they may begin a cell that is a number, and how each is told.
_BOUNDS_FILE = Path(__file__).with_name("bounds.csv")


@lru_cache(maxsize=1)
def bounds() -> dict[str, Mapping[str, str]]:
    """Return the words and signs before a number that is not exact, each with its row of bounds.csv; the weakest comes first."""
    with _BOUNDS_FILE.open(encoding="utf-8", newline="") as file:
        return {row["printed"]: row for row in csv.DictReader(file)}


#: So much of a text that is no number is said.
_SAID = 60
#: No report prints a number of more digits; a longer run of them is several numbers that have lost what parted them, or none.
_MOST_DIGITS = 15
_UNITS = "|".join(re.escape(unit) for unit in PRINTED_UNITS)
_NUMBER = re.compile(
    rf"""^(?:(?P<bound>{"|".join(word for word, row in bounds().items() if row["begins_a_number"] == "yes")}|plus|minus)\s*)?
    (?P<sign>[+-])?\s?
    (?P<whole>[1-9]\d{{0,2}}(?:\s\d{{3}})+|[1-9]\d{{0,2}}(?:\.\d{{3}})+(?!\d)|\d+)
    (?:[.,](?P<decimals>\d+))?
    \s?(?P<unit>(?:{_UNITS})(?![a-zåäö]))?
    (?P<note>(?<=%)\d|[*{RAISED}]+⁾?|\))?
    (?:/(?P<per>[a-zåäö]+))?$""",
    re.VERBOSE | re.IGNORECASE,
)

_BOUND = re.compile(rf"({'|'.join(map(re.escape, sorted(bounds(), key=len, reverse=True)))})(?![a-zåäö])\s*(.+)$", re.IGNORECASE)


#: The numbers that reports print most: thousands apart or not, decimals behind a comma, perhaps per cent.
_PLAIN = r"^-?(?:[1-9]\d{0,2}(?: \d{3})+|\d+)(?:,\d+)?(?: ?%)?$"
NUMBER_SCHEMA = {"value": pl.Float64, "unit": pl.String, "bound": pl.String, "note": pl.String}


@dataclass(frozen=True)
class PrintedNumber:
    """A printed number.

    Attributes
    ----------
    value : the number as printed, in the printed unit.
    decimals : how many decimals are printed.
    unit : unit id of the vocabulary when a unit is printed with the number, else None.
    bound : "lt", "gt", "approx" or None.
    note : a footnote mark that is stuck to the number, else None.
    """

    value: float
    decimals: int = 0
    unit: str | None = None
    bound: str | None = None
    note: str | None = None

    @property
    def half_step(self) -> float:
        """Half a unit of the last printed decimal: the value is known to +- this much."""
        return 0.5 * 10.0**-self.decimals

    @property
    def interval(self) -> tuple[float, float]:
        """The values that print as this number."""
        return self.value - self.half_step, self.value + self.half_step


@lru_cache(maxsize=16384)
def tidy(text: str) -> str:
    """Return text with every dash as "-", every run of white space as one space, whatever Unicode calls so, none around it."""
    return _SPACE.sub(" ", text.translate(_MINUS)).strip()


def no_number(text: str) -> str:
    """Say that a text is no number, without the end of a long one."""
    return f"{shorten(text, _SAID, placeholder=' ...') if ' ' in text else text[:_SAID]!r} is not a number"


def parse_number(text: str) -> PrintedNumber | None:
    """Read one printed number; None where the text is not one number.

    Thousands may be separated by spaces or points, decimals by a comma or a point; a point before just three digits separates
    thousands.
    A digit stuck behind "%" and asterisks behind a number are footnote marks.

    Examples
    --------
    >>> parse_number("-13 902").value
    -13902.0
    >>> parse_number("49,3%3")
    PrintedNumber(value=49.3, decimals=1, unit='percent', bound=None, note='3')
    """
    match = _NUMBER.match(tidy(text))
    if match is None:
        return None
    whole = match["whole"].replace(" ", "").replace(".", "")
    decimals = match["decimals"] or ""
    if len(whole) + len(decimals) > _MOST_DIGITS:
        return None
    bound_word = (match["bound"] or "").lower()
    negative = match["sign"] == "-" or bound_word == "minus"
    value = float(f"{whole}.{decimals or 0}")
    return PrintedNumber(
        value=-value if negative else value,
        decimals=len(decimals),
        unit=PRINTED_UNITS[match["unit"].lower()] if match["unit"] else None,
        bound=bounds()[bound_word]["bound"] if bound_word in bounds() else None,
        note=match["note"],
    )


def split_bound(text: str) -> tuple[Mapping[str, str] | None, str]:
    """Return the word or sign with which a text says that its number is not exact (a row of bounds.csv), and the rest of it.

    Examples
    --------
    >>> word, rest = split_bound("drygt hälften")
    >>> word["bound"], word["en"], rest
    ('approx', 'just over', 'hälften')
    """
    match = _BOUND.match(tidy(text))
    return (bounds()[match[1].lower()], match[2]) if match else (None, text)


def bound_told(printed: str | None, bound: str | None) -> Mapping[str, str] | None:
    """Return how a figure's bound is told (a row of bounds.csv): by the word that is printed, or the weakest of its kind."""
    word, _ = split_bound(printed or "")
    if bound is None or (word is not None and word["bound"] == bound):
        return word if bound else None
    return next(row for row in bounds().values() if row["bound"] == bound)


def parse_numbers(texts: pl.Series) -> pl.DataFrame:
    """Read many printed numbers at once, as parse_number reads each (NUMBER_SCHEMA, a row a text; null where it is no number).

    Most texts are plain and read by polars; each other text is read once, however often it is printed.
    """
    text = pl.col("text")
    bare = text.str.replace_all(" ", "", literal=True).str.replace(",", ".", literal=True)
    share = text.str.ends_with("%")
    read = (
        texts.alias("text")
        .to_frame()
        .lazy()
        .with_columns(plain=text.str.contains(_PLAIN) & (text.str.count_matches(r"\d") <= _MOST_DIGITS), share=share)
        .with_columns(value=pl.when("plain").then(pl.when("share").then(bare.str.strip_suffix("%")).otherwise(bare)))
        .with_columns(pl.col("value").cast(pl.Float64), unit=pl.when(pl.col("plain") & pl.col("share")).then(pl.lit("percent")))
        .collect(engine="streaming")
    )
    others = read.filter(~pl.col("plain"))["text"].unique().drop_nulls()
    known = {found: number for found in others if (number := parse_number(found)) is not None}
    if not known:
        return read.select(pl.col("value"), pl.col("unit"), *(pl.lit(None, pl.String).alias(name) for name in ("bound", "note")))
    rows = [{"text": found, **{name: getattr(number, name) for name in NUMBER_SCHEMA}} for found, number in known.items()]
    table = pl.DataFrame(rows, schema={"text": pl.String, **NUMBER_SCHEMA})
    joined = read.join(table, on="text", how="left", suffix="_read", maintain_order="left")
    return joined.select(
        pl.coalesce("value", "value_read").alias("value"), pl.coalesce("unit", "unit_read").alias("unit"), "bound", "note"
    )


def print_number(value: float, decimals: int = 0) -> str:
    """Print a number the way Swedish reports do: "-13 902", "34,1"."""
    text = f"{abs(value):,.{decimals}f}".replace(",", " ").replace(".", ",")
    return f"-{text}" if round(value, decimals) < 0 else text
