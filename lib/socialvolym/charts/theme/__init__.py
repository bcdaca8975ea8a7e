"""The theme: strings in both languages, colours, number formats and templates, loaded from the files in this folder."""

from __future__ import annotations

import tomllib
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.numbers import NumberPattern, format_decimal, parse_pattern
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from socialvolym.errors import SocialvolymError
from socialvolym.notation.languages import LANGUAGES, Language
from socialvolym.toml_files import Words, load_words

FOLDER = Path(__file__).resolve().parent
#: The locale behind each language's number format, for babel and for Vega.
LOCALES = {"en": Locale.parse("en_GB"), "sv": Locale.parse("sv_SE")}
VEGA_LOCALES = {"en": "en-GB", "sv": "sv-SE"}
MINUS = "\u2212"
#: Between a number and its unit, which no line parts.
NO_BREAK = "\u00a0"


@lru_cache(maxsize=1)
def _strings() -> Words:
    return load_words(FOLDER / "strings.toml")


def strings(language: str) -> dict[str, Any]:
    """Return the strings of a language; the groups (series, status, severity) are dictionaries.

    Raises
    ------
    SocialvolymError
        for a language that the theme does not have.
    """
    if language not in LANGUAGES:
        raise SocialvolymError(f"language is {language!r}; allowed: {', '.join(LANGUAGES)}")
    return _strings()[language]  # type: ignore[no-any-return]


@lru_cache(maxsize=1)
def colours() -> dict[str, Any]:
    """Return the colours: groups `paper` and `chart` by name, lists `municipality` and `category`; each has light and dark."""
    return tomllib.loads((FOLDER / "colours.toml").read_text(encoding="utf-8"))


def chart_colour(name: str) -> str:
    """Return a chart colour's light value, the one that charts are drawn in."""
    return str(colours()["chart"][name]["light"])


def chart_colour_pairs() -> dict[str, str]:
    """Return all chart colours: light value -> dark value."""
    groups = [*colours()["chart"].values(), *colours()["municipality"], *colours()["category"]]
    return {pair["light"]: pair["dark"] for pair in groups}


def format_number(value: float | None, language: Language, decimals: int | None = None, signed: bool = False) -> str:
    """Return a number as a reader of the language writes it; an empty string for None.

    Parameters
    ----------
    value : the number.
    decimals : digits after the decimal sign; None shows up to two, as many as the number has.
    signed : put a plus before a positive number.
    """
    if value is None:
        return ""
    # Halves are rounded up, as a reader does who rounds the printed figure.
    rounded = Decimal(repr(float(abs(value)))).quantize(Decimal(1).scaleb(-(2 if decimals is None else decimals)), ROUND_HALF_UP)
    text = format_decimal(rounded, format=_number_pattern(decimals), locale=LOCALES[language])
    zero = not any(digit in text for digit in "123456789")
    sign = "" if zero else MINUS if value < 0 else "+" if signed else ""
    return sign + text


@lru_cache(maxsize=64)
def _number_pattern(decimals: int | None = None) -> NumberPattern:
    """Return the pattern of numbers with a fixed count of decimals; None: with up to two, as many as a number has."""
    return parse_pattern("#,##0.##" if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else ""))


@lru_cache(maxsize=1)
def templates() -> Environment:
    """Return the templates of this folder; what is filled into HTML is escaped, and a name that is not given is an error."""
    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(disabled_extensions=[".css.j2"], default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def before_forks() -> None:
    """Compile the templates: a twentieth of a second of each page."""
    for path in FOLDER.glob("*.j2"):
        templates().get_template(path.name)
