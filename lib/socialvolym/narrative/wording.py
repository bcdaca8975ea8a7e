"""Wording: numbers, quantities, periods and sentences in English and Swedish, from reviewed templates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl
from babel.lists import format_list
from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from socialvolym import vocabulary
from socialvolym.analysis.classification import is_volume
from socialvolym.charts.theme import LOCALES, NO_BREAK, format_number
from socialvolym.notation.languages import LANGUAGES, Language
from socialvolym.toml_files import load_words
from socialvolym.vocabulary.bilingual import period_in_words
from socialvolym.vocabulary.codebook import is_composed
from socialvolym.vocabulary.composition import Composition, quantities, read_systematic, title
from socialvolym.vocabulary.money import MONEY

_SENTENCES = Path(__file__).resolve().parent / "sentences"
#: How the name of a count begins inside a sentence.
_A_NUMBER = {
    "en": (
        "the number of",
        "the number per",
        "the average number",
    ),
    "sv": ("antalet", "det genomsnittliga antalet"),
}
#: What goes before the printed label of a measure inside a sentence.
_THE_MEASURE = {"en": "the measure", "sv": "måttet"}
#: What is counted where nothing says of what it is a number.
_BARE_NUMBER = ("antal", "number")
#: Thousands of kronor are not known to the krona from so many on; what an hour, a day or a place costs is less.
_TO_THE_KRONA = 10
#: Money is told in millions from this many kronor on.
_MILLION = 1e6
#: With how many decimals, the first with which two amounts differ.
_DECIMALS = (1, 2, 3)
#: The unit at the end of a label.
_UNIT_BEHIND = re.compile(r",? \(?(?:procent|antal|t?kr|mnkr|%)\)?$")
#: Brackets within a part, and what they become: the part itself stands in brackets.
_BRACKETS, _AFTER_COMMA = re.compile(r" \(([^()]*)\)"), r", \1"
_ENVIRONMENT = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


class Wording:
    """The words of one language.

    Parameters
    ----------
    language : "en" or "sv".
    labels : how measures with words that the vocabulary does not know are printed (see `printed_labels`).
    """

    def __init__(self, language: Language, labels: Mapping[str, str] | None = None) -> None:
        self.language = language
        self._labels = labels or {}
        self.locale = LOCALES[language]
        self._sentences = _load_sentences(language)

    def pages(self) -> list[str]:
        """Return the pages that have a lede."""
        return list(self._sentences["page"])

    def number(self, value: float, decimals: int = 0) -> str:
        """Format a number with a fixed count of decimals: "12 442,5" or "12,442.5"."""
        return format_number(value, self.language, decimals)

    def signed(self, value: float, decimals: int | None = None) -> str:
        """Format a number with its sign, whole from ten on unless `decimals` says otherwise: "+25", "−7.2"."""
        shown = (0 if abs(value) >= 10 or float(value).is_integer() else 1) if decimals is None else decimals
        text = self.number(value, shown)
        return text if text.startswith("−") or not text.strip("0,.") else f"+{text}"

    def quantity(self, value: float, unit: str, decimals: int | None = None, beside: float | None = None) -> str:
        """Format a value with its unit in words: "14,5 miljoner kronor", "SEK 14.5 million", "811 personer", "6,1 procent".

        Millions get the decimals with which they differ from what is told `beside` them: 1,01 and 1,05, not 1,0 twice.
        """
        if unit in MONEY:
            both = [
                _thousands(each, decimals) if unit == "kSEK" else each for each in (value, value if beside is None else beside)
            ]
            return self._money(*(each * MONEY[unit] for each in both))
        shown = _natural_decimals(value) if decimals is None else decimals
        text = self.number(value, shown)
        if unit.startswith("SEK_per") and self.language == "en":
            return f"SEK{NO_BREAK}{text} {self.unit(unit).removeprefix('SEK ')}"
        word = self.unit(unit, one=abs(value) == 1)
        return f"{text}{NO_BREAK}{word}".strip()

    def money(self, value: float, unit: str) -> str:
        """Format an amount as millions of kronor without the word, for a column of a table."""
        return self.number(value * MONEY[unit] / _MILLION, 1)

    def unit(self, unit: str, one: bool = False) -> str:
        """Return a unit in words, in the plural unless `one`."""
        row = vocabulary.units()[unit]
        return row[f"{'one' if one else 'title'}_{self.language}"] or ""

    def _money(self, kronor: float, beside: float) -> str:
        sign, size = "−" if kronor < 0 else "", abs(kronor)
        if size < _MILLION:
            number = self.number(size)
            return f"{sign}SEK{NO_BREAK}{number}" if self.language == "en" else f"{sign}{number}{NO_BREAK}kronor"
        millions, others = size / _MILLION, abs(beside) / _MILLION
        decimals = next((number for number in _DECIMALS if round(millions, number) != round(others, number)), _DECIMALS[0])
        text = self.number(millions, decimals)
        if self.language == "en":
            return f"{sign}SEK{NO_BREAK}{text}{NO_BREAK}million"
        return f"{sign}{text}{NO_BREAK}{'miljon' if round(millions, decimals) == 1 else 'miljoner'} kronor"

    def percent(self, value: float, decimals: int | None = None) -> str:
        """Format a percentage without its sign: direction is told by a word."""
        shown = (1 if 0 < abs(value) < 10 else 0) if decimals is None else decimals
        return f"{self.number(abs(value), shown)}{NO_BREAK}{self.unit('percent')}"

    def period(self, period: str) -> str:
        """Tell a period: "2022", "mars 2022", "andra kvartalet 2022", "31 december 2024", "2015–2019"."""
        return period_in_words(period, self.language)

    def when(self, period: str) -> str:
        """Tell when something was: "in 2022", "on 31 December 2024"; "år 2022", "den 31 december 2024"."""
        kind = {4: "year", 10: "date"}.get(len(period), "other")
        return str(self.say(f"when.{kind}", period=self.period(period)))

    def join(self, parts: Sequence[Any]) -> Markup:
        """Join parts as a list in words: "a, b och c"."""
        marks = [f"\ue000{index}\ue001" for index in range(len(parts))]
        text = str(Markup.escape(format_list(marks, locale=self.locale))) if parts else ""
        for mark, part in zip(marks, parts, strict=True):
            text = text.replace(mark, str(Markup.escape(part)))
        return Markup(text)

    def title(self, measure: str) -> str:
        """Return a measure's title; for words in it that the vocabulary does not know, the label as it is printed."""
        if (label := self._labels.get(measure)) and (parts := read_systematic(measure)):
            known = title(replace(parts, rest=()), self.language)
            return label if self.language == "sv" and _names_quantity(label, parts) else f"{known} ({self.quoted(label)})"
        return vocabulary.measure_index()[measure][f"title_{self.language}"] or measure

    def quoted(self, text: str) -> str:
        """Return a text in the quotation marks of the language."""
        return f"”{text}”" if self.language == "sv" else f"“{text}”"

    def subject(self, measure: str, breakdown: str | None = None) -> str:
        """Return how a measure is named inside a sentence, with its part of the whole where it has one."""
        subject = subjects().get(measure, {}).get(self.language) or self._composed(measure)
        return self.with_part(subject or self._definite(_lower_first(self.title(measure))), breakdown, measure)

    def _composed(self, measure: str) -> str | None:
        """Return the name of a measure that is composed of words ("Jourhem: personer, barn och unga"); None of a listed one.

        "antalet personer (jourhem, barn och unga)": what is counted comes first, and of what after it.
        """
        whole, label = self.title(measure), self._labels.get(measure)
        printed = [self.quoted(label)] if label else []
        if label and (parts := read_systematic(measure)):
            if _names_quantity(label, parts):
                return f"{_THE_MEASURE[self.language]} {printed[0]}"
            whole = title(replace(parts, rest=()), self.language)
        activity, _, rest = whole.partition(": ")
        if not rest or not is_composed(measure):
            return None
        quantity, *more = rest.split(", ")
        of = ", ".join([_lower_first(activity), *more, *printed])
        if is_volume(vocabulary.measure_index()[measure]["unit"] or "") and quantity not in _BARE_NUMBER:
            return f"{_A_NUMBER[self.language][0]} {quantity} ({of})"
        return f"{self._definite(quantity)} ({of})"

    def with_part(self, name: str, breakdown: str | None, measure: str | None = None) -> str:
        """Return the name of a measure with its part of the whole, unless the name says that part already, and not beside others.

        Reports name parts in Swedish: the measure's Swedish title is asked as well.
        """
        part = self.part(breakdown)
        ends = [(name, part)]
        if measure and breakdown:
            title = vocabulary.measure_index()[measure]["title_sv"] or ""
            ends += [(title, part), (title, vocabulary.part_in_words(breakdown, "sv"))]
        if not part or any(vocabulary.says_part(title, end) for title, end in ends):
            return name
        return f"{name} ({_BRACKETS.sub(_AFTER_COMMA, part)})"

    def _definite(self, title: str) -> str:
        """Return a measure's title in the definite form where it, or its first word, has one in definite.csv."""
        if whole := _definite().get((self.language, title)):
            return whole
        first, blank, rest = title.partition(" ")
        return f"{_definite().get((self.language, first), first)}{blank}{rest}"

    def area(self, area: str) -> str:
        """Return an area of a finance table, or the service of a measure, in words; as printed where it has none."""
        known = (self.areas().get(vocabulary.simplify(area)) or {}).get(self.language)
        return known or (self._service(area) if area in vocabulary.measure_index() else area)

    def _service(self, measure: str) -> str:
        """Return what a net cost is of ("HVB: nettokostnad, barn och unga": "HVB, barn och unga")."""
        activity, _, rest = self.title(measure).partition(": ")
        if not rest or not is_composed(measure):
            return self.subject(measure)
        return ", ".join([_lower_first(activity), *rest.split(", ")[1:]])

    def areas(self) -> dict[str, dict[str, str | None]]:
        """Return the areas that have words: simplified area -> area, domain, sv, en."""
        return vocabulary.areas()

    def part(self, breakdown: str | None) -> str:
        """Return a part of a whole in words; empty for the whole, and where the measure is printed for that part alone."""
        return vocabulary.part_in_words(breakdown, self.language) if breakdown else ""

    def series(self, series: str) -> str:
        """Return what a series is called."""
        return vocabulary.series(self.language)[series]

    def names_a_number(self, measure: str) -> bool:
        """Tell whether a measure's name inside a sentence says that it is a number, so that its unit need not be repeated."""
        return self.subject(measure).startswith(_A_NUMBER[self.language])

    def say(self, key: str, turn: int = 0, **values: Any) -> Markup:
        """Return a sentence of sentences/<language>.toml; where a key has several shapes, `turn` chooses one."""
        template = self._lookup(key)
        if isinstance(template, list):
            template = template[turn % len(template)]
        return Markup(_compiled(template).render(**values).strip())

    def _lookup(self, key: str) -> Any:
        found: Any = self._sentences
        for part in key.split("."):
            found = found[part]
        return found


def capitalise(text: Markup) -> Markup:
    """Return a sentence with its first letter upper case; markup before it is left alone."""
    match = re.match(r"((?:<[^>]*>)*)(\w)", text)
    return Markup(text[: match.start(2)] + match[2].upper() + text[match.end(2) :]) if match else text


def _thousands(value: float, decimals: int | None) -> float:
    """Return thousands of kronor as they are told: with their decimals where those are known, else whole.

    Small ones, as what an hour or a day costs, are told to the krona.
    """
    return round(value, decimals or 0) if abs(value) >= _TO_THE_KRONA else round(value, 3)


def _natural_decimals(value: float) -> int:
    return 0 if float(value).is_integer() else len(f"{value:.10f}".rstrip("0").split(".")[1])


def _lower_first(text: str) -> str:
    first = text.split(" ", 1)[0]
    return text if any(letter.isupper() for letter in first[1:]) else text[:1].lower() + text[1:]


def _names_quantity(label: str, parts: Composition) -> bool:
    """Tell whether a printed label says itself what is counted ("Andel utredningar mer än 59 dagar")."""
    return label.casefold().startswith((quantities()[parts.quantity or "count"]["title_sv"] or "").split()[0])


def printed_labels(rows: pl.DataFrame) -> dict[str, str]:
    """Return the printed label of each measure of these observations that has words which the vocabulary does not know.

    A label is told without the heading of its group before it and the unit behind it.
    """
    unknown = rows.filter(
        pl.col("measure").str.contains(":", literal=True), pl.col("kind") == "table", pl.col("label").is_not_null()
    )
    labels = unknown.unique("measure", keep="first", maintain_order=True).select("measure", "label").iter_rows()
    return {measure: _UNIT_BEHIND.sub("", label.rpartition(": ")[2]) for measure, label in labels}


@lru_cache(maxsize=4096)
def _compiled(sentence: str) -> Template:
    return _ENVIRONMENT.from_string(sentence)


def before_forks() -> None:
    """Compile the sentences of all languages, and load the languages' numbers: a tenth of a second of each page."""
    for language in LANGUAGES:
        format_number(1, language)
        for sentence in _every(_load_sentences(language)):
            _compiled(sentence)


def _every(sentences: Any) -> Iterator[str]:
    if isinstance(sentences, str):
        yield sentences
    else:
        for part in sentences.values() if isinstance(sentences, dict) else sentences:
            yield from _every(part)


@lru_cache(maxsize=2)
def _load_sentences(language: str) -> dict[str, Any]:
    return load_words(_SENTENCES / f"{language}.toml")


@lru_cache(maxsize=1)
def subjects() -> dict[str, dict[str, str]]:
    """Return how measures are named inside a sentence: measure -> {"sv": ..., "en": ...}."""
    frame = pl.read_csv(_SENTENCES / "subjects.csv", infer_schema=False)
    return {row["measure"]: row for row in frame.iter_rows(named=True)}


@lru_cache(maxsize=1)
def _definite() -> dict[tuple[str, str], str]:
    frame = pl.read_csv(_SENTENCES / "definite.csv", infer_schema=False)
    return {(row["language"], row["word"]): row["definite"] for row in frame.iter_rows(named=True)}


@lru_cache(maxsize=1)
def family_titles() -> dict[str, dict[str, str]]:
    """Return how families of measures are named over their rows: family -> {"sv": ..., "en": ...}."""
    frame = pl.read_csv(_SENTENCES / "families.csv", infer_schema=False)
    return {row["family"]: row for row in frame.iter_rows(named=True)}
