"""Answers: what is read of a figure in a person's words, and what a person writes of it, in Swedish or English, as a decision."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from socialvolym import vocabulary
from socialvolym.errors import SocialvolymError
from socialvolym.extraction.certainty import ASPECTS, weak_aspects
from socialvolym.extraction.meaning import Around, cell_meaning, cell_unit
from socialvolym.notation.languages import LANGUAGES, Language
from socialvolym.notation.numbers import parse_number
from socialvolym.notation.periods import parse_period
from socialvolym.reports.questions import AGAIN, OUT, WHOSE, Part, others_of
from socialvolym.reports.review import Decision, in_its_unit, problem_of, unfit
from socialvolym.toml_files import Words, load_words
from socialvolym.vocabulary import composition, names
from socialvolym.vocabulary.codebook import is_composed

#: How many measures a search finds, and how many of them a message names.
_FOUND, _NEAR = 12, 3
#: How like a measure's title words must be to be meant for it: one or two slips of the pen.
_SLIP = 0.85
#: Between the first and the last of two times, as which a change is told as well; what may stand before the first of them; what
#: says that the last is the report's own year; and words of a whole year.
_FROM_TO = re.compile(
    r"\s+(?:till(?: och med)?|och|to|and)\s+|\s+[–—-]\s+|\s*[–—]\s*|(?<=\d)[-/](?=(?:19|20)\d\d)|(?<=\d)-(?=[^\W\d]{3})"
)
_BEFORE_TWO = re.compile(r"^(?:från|mellan|from|between)\s+")
_UNTIL_NOW = re.compile(r"^(?:sedan|since)\s+")
_WHOLE_YEAR = re.compile(r"\b(?:år|året|hela|helår|helåret|year|the|whole|of)\b")
#: Numbers up to here are days, months and quarters, larger ones years.
_LAST_DAY = 31
#: How far ahead of its report a figure can be: what is planned is planned for at most so many years.
_AHEAD = 15


@lru_cache(maxsize=1)
def _words() -> Words:
    return load_words(Path(__file__).with_suffix(".toml"))


def words(language: Language) -> dict[str, Any]:
    """Return the words of a language (answers.toml)."""
    found: dict[str, Any] = _words()[language]
    return found


def in_words(name: str, value: Any, language: Language) -> str:
    """Return a part of a reading (review.FACETS) as a person says it."""
    if value in (None, vocabulary.UNKNOWN):
        return ""
    if name == "value":
        return f"{value:.12g}".replace(".", "," if language == "sv" else ".")
    if name == "series":
        return str(words(language)["series"][value])
    if name == "unit":
        row = vocabulary.units().get(value, {})
        return str(row.get(f"title_{language}") or row.get("printed") or value)
    if name == "measure":
        entry = vocabulary.measure_index().get(value)
        return str(entry[f"title_{language}"]) if entry else str(value)
    return str(value)


def read_as(part: Part, name: str, language: Language) -> str:
    """Return what was read of an aspect of a part in words; "?" where nothing was, and before what cannot be accepted."""
    if part.reads[name] is not None:
        return in_words(name, part.reads[name], language)
    unsure = part.unsure.get(name)
    return "?" if unsure is None else str(words(language)["page"]["unsure"]).format(read=in_words(name, unsure, language))


def why(part: Part, about: str, rows: Sequence[dict[str, Any]], language: Language) -> str:
    """Return, in plain words, why a part waits: of an aspect that is asked for only this, else all that nothing printed says.

    rows : the readings. Where others of them tell another value of the same, these are named.
    """
    said = words(language)
    sources: dict[str, str] = said["source"]
    if about in (*OUT, AGAIN):
        return sources["elsewhere" if about == WHOSE else about]
    codes = part.because.split()
    if others := others_of(part, rows):
        found = (said["page"]["elsewhere"].format(text=other["text"], line=other["line"]) for other in others[:_NEAR])
        return f"{sources['twice']}: {', '.join(found)}"
    if about in ASPECTS:
        nothing = "alike" if about in part.unsure else "none"
        source = nothing if part.reads[about] is None else dict(map(_split, codes)).get(about, "none")
        return str(sources.get(source, source))
    weak = dict(map(_split, weak_aspects(codes))) | dict.fromkeys(part.unsure, "alike")
    return _in_a_row(rests_on(weak.items(), language)) or (sources["prose"] if rows[part.cells[0]]["kind"] != "table" else "")


def reason_in_words(reason: str, language: Language) -> str:
    """Return why something is not told (`reason` of the table `unread`) in a language; as it is where it has no words."""
    for pattern, form in words(language)["reason"].items():
        if match := re.fullmatch(pattern, reason, re.DOTALL):
            told = match.groupdict()
            return str(form).format(**told | {"codes": because_in_words(told.get("codes", ""), language)})
    return reason


def because_in_words(because: str, language: Language) -> str:
    """Return what a reading rests on (codes like period:heading), in words."""
    return _in_a_row(rests_on(map(_split, because.split()), language))


def rests_on(codes: Iterable[tuple[str, str]], language: Language) -> list[tuple[str, str]]:
    """Return the name of each aspect of a reading and what it rests on, in words."""
    about, sources = words(language)["about"], words(language)["source"]
    return [
        ("", sources["prose"]) if name == "kind" else (about.get(name, name), sources.get(code, code)) for name, code in codes
    ]


def _in_a_row(told: Iterable[tuple[str, str]]) -> str:
    return "; ".join(": ".join(filter(None, pair)) for pair in told)


def _split(code: str) -> tuple[str, str]:
    name, _, source = code.partition(":")
    return name, source


def refusal(language: Language, why: str, **told: object) -> SocialvolymError:
    """Return the error that says in a language why an answer is not taken (answers.toml, refusal)."""
    return SocialvolymError(str(words(language)["refusal"][why]).format(**told))


def read_verdict(text: str, language: Language) -> str:
    """Return what a person decides with a word: a verdict of review.Decision, or "own": a figure, the municipality's, that holds.

    Raises
    ------
    SocialvolymError
        where the word is none of those in answers.toml.
    """
    plain = text.strip().casefold()
    allowed = {word: verdict for language in LANGUAGES for verdict, them in words(language)["verdict"].items() for word in them}
    if plain not in allowed:
        offered = [word for them in words(language)["verdict"].values() for word in them]
        raise refusal(language, "verdict", text=text, allowed=", ".join(offered))
    return str(allowed[plain])


def read_answer(name: str, text: str, year: int, language: Language) -> str | float:
    """Return what a person writes of a part of a reading (review.FACETS) as it is stored.

    Parameters
    ----------
    name, text : the part, and what is written of it: ids, or Swedish or English words.
    year : the report's. language : of the message where it is not understood.

    Raises
    ------
    SocialvolymError
        where it is not understood; the message names what is near or allowed.
    """
    plain = text.strip()
    if name == "value":
        number = parse_number(plain)
        if number is None:
            raise refusal(language, "value", text=plain)
        return number.value
    if name == "breakdown":
        return "" if plain.casefold() in {"-", *(words(language)["page"]["whole"] for language in LANGUAGES)} else plain
    if name == "measure":
        return _measure(plain, language)
    known = _period(plain, year) if name == "period" else {"series": _series, "unit": _unit}.get(name, str)(plain)
    if problem_of({name: known}):
        allowed = {"series": words(language)["series"].values(), "unit": _titles_of_units(language)}.get(name, ())
        raise refusal(language, name, text=plain, allowed=", ".join(allowed))
    if name == "period" and not year - _AHEAD <= int(known[:4]) <= year + _AHEAD:
        raise refusal(language, "far", year=known[:4], own=year)
    return known


def _titles_of_units(language: Language) -> list[str]:
    return [in_words("unit", unit, language) for unit in vocabulary.units()]


def decided(
    part: Part, about: str, verdict: str, answers: Mapping[str, str], who: str, when: date, year: int, language: Language
) -> tuple[Decision, ...]:
    """Return a person's decision of a part: of its figures alone, but where a wider one says the same of what stands beside them.

    Parameters
    ----------
    about : what is asked (questions.Question.about). Where figures may be another municipality's, or replaced by others, "ja"
        says that they are.
    verdict : "ja" accepts what was read, beside what is answered; without a word only what is answered is decided.
    answers : what is written of period, series, unit, measure, breakdown or value.
    language : of the message where they are not understood.

    Raises
    ------
    SocialvolymError
        where a word is not understood, or the decision says nothing or contradicts itself.
    """
    word = read_verdict(verdict, language) if verdict.strip() else "figure"
    facets = {name: read_answer(name, text, year, language) for name, text in answers.items()}
    if about in OUT and word == "figure" and verdict.strip():
        if facets:
            raise refusal(language, about)
        word = OUT[about]
    word = "figure" if word == "own" else word
    if word != "figure" and facets:
        raise refusal(language, "excluded")
    if word == "figure" and verdict.strip():
        read = {name: value for name, value in part.reads.items() if value is not None}
        if read.get("measure") and "unit" in read:
            read["measure"] = in_its_unit({"series": None, **read}, facets)
        facets = read | facets
        if lacking := [words(language)["about"][name] for name in part.reads if name not in facets]:
            raise refusal(language, "lacking", lacking=", ".join(lacking))
    if word == "figure" and not facets:
        raise refusal(language, "nothing")
    if "value" in facets and part.scope != "cell":
        raise refusal(language, "wide")
    try:
        places = part.settles(facets) if word == "figure" else part.alone or part.places
        said = {"who": who, "when": when, "verdict": word, **facets}
        return tuple(Decision.model_validate({**said, **place}) for place in places)
    except ValidationError as error:
        raise SocialvolymError("; ".join(problem["msg"].removeprefix("Value error, ") for problem in error.errors())) from error


def check_units(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]], language: Language) -> None:
    """Refuse decisions that leave a figure with a unit in which its measure is not: money on a count of persons.

    before, after : the readings as they were settled, and as they would be.

    Raises
    ------
    SocialvolymError
        a line for each such figure, with what fits.
    """
    found = []
    for was, row in zip(before, after, strict=True):
        fitting = unfit(row)
        if fitting is None or unfit(was) == fitting or row["verdict"] not in (None, "figure"):
            continue
        own = vocabulary.measure_index()[row["measure"]]["unit"]
        named = {"measure": in_words("measure", row["measure"], language), "fitting": in_words("measure", fitting, language)}
        units = {"unit": in_words("unit", row["unit"], language), "own": in_words("unit", own, language)}
        place = " | ".join(filter(None, (row["table"], row["row_label"], row["column_label"], row["text"])))
        found.append(str(refusal(language, "unfit", place=place, **named, **units)))
    if found:
        raise SocialvolymError("\n".join(found))


def _period(text: str, year: int) -> str:
    """Return a time as it is stored; the text itself where it says more than that: "tredje kvartalet 2030" is no year.

    Two times are those of a change, or the first and the last of a span: "2028–2030", "sedan 2028" of a report of 2030.
    """
    if problem_of({"period": text}) is None:
        return text
    plain = text.casefold()
    if _UNTIL_NOW.match(plain):
        plain = f"{_UNTIL_NOW.sub('', plain)} – {year}"
    sides = [_one_time(side) for side in _FROM_TO.split(_BEFORE_TWO.sub("", plain))]
    alike = len(sides) == 2 and len({len(side or "") for side in sides}) == 1
    found = "/".join(filter(None, sides)) if alike and all(sides) else _one_time(plain)
    return found or text


def _one_time(text: str) -> str | None:
    """Return the time that is all that a text says; None where it says more, or names a part of no year."""
    found = parse_period(text)
    if found is None:
        return None
    unsaid = {*map(int, re.findall(r"\d+", text))} - {*map(int, re.findall(r"\d+", found))}
    if any(number > _LAST_DAY or not any(map(str.isalpha, text)) for number in unsaid):
        return None
    return None if found.startswith("-") or (found.isdigit() and _WHOLE_YEAR.sub("", text).strip() != found) else found


def _series(text: str) -> str:
    said: dict[str, str] = {word.casefold(): name for language in LANGUAGES for name, word in words(language)["series"].items()}
    return said.get(text.casefold(), text)


def _unit(text: str) -> str:
    titles = ("title_sv", "title_en", "one_sv", "one_en", "printed")
    # "antal" is printed for several units; as an answer it is what counts nothing named.
    said = {word.casefold(): "count" for word in ("antal", "stycken", "st", "number")}
    for title in titles:
        for name, row in vocabulary.units().items():
            if word := row[title]:
                said.setdefault(word.casefold(), name)
    return said.get(text.casefold(), text)


def _measure(text: str, language: Language) -> str:
    # A composed measure as another figure's is shown goes before a label that has the words.
    found = names.titled_measure(text) or names.find_measure(text)
    if found is None:
        alike = names.nearest_measures(text, _SLIP)
        near = dict.fromkeys([*alike, *(str(one["measure"]) for one in search(text, language)[:_NEAR])])
        titles = ", ".join(in_words("measure", one, language) for one in near)
        raise refusal(language, "measure_near" if near else "measure", text=text, near=titles)
    return found


def search(query: str, language: Language) -> list[dict[str, Any]]:
    """Return the measures that words lead to: the one called so, what they are read as, the listed ones whose titles have most.

    Without words all that are listed, in the order of their titles.

    Returns
    -------
    measure, title, unit, domain, definition, and whether it is composed of the words (not listed).
    """
    if not query.strip():
        return sorted((shown(name, language) for name in vocabulary.measure_index()), key=lambda one: one["title"].casefold())
    named = names.find_measure(query.strip())
    found = dict.fromkeys([*([named] if named else []), *_composed(query), *_listed(query)])
    return [shown(name, language) for name in list(found)[:_FOUND]]


def measure_parts(language: Language) -> dict[str, list[str]]:
    """Return the titles of the activities, quantities, populations and reference times of which a measure can be composed."""
    tables = {
        "activity": composition.activities(),
        "quantity": composition.quantities(),
        "population": composition.populations(),
        "time": composition.reference_times(),
    }
    titles = {name: [row[f"title_{language}"] or "" for row in rows.values()] for name, rows in tables.items()}
    return {name: sorted(filter(None, them), key=str.casefold) for name, them in titles.items()}


def composed(said: Mapping[str, str], language: Language) -> dict[str, Any]:
    """Return the measure that titles of `measure_parts`, and words of one's own (`words`), make together, as `search` returns it.

    Raises
    ------
    SocialvolymError
        where the activity or the quantity is not said, or one of the titles is none.
    """
    own = " ".join(re.findall(r"\w+", said.get("words", "").replace("_", " ")))
    more = [*(said.get(name, "") for name in ("population", "time")), own]
    title = f"{said.get('activity', '')}: {', '.join(filter(None, (said.get('quantity', ''), *more)))}"
    found = names.titled_measure(title)
    if not said.get("activity") or not said.get("quantity") or found is None:
        raise refusal(language, "parts")
    return shown(found, language)


def _composed(query: str) -> Iterator[str]:
    around = Around(row=query)
    measure = cell_meaning(around, cell_unit(around, None, None), "outturn").measure
    if measure != vocabulary.UNKNOWN and query.strip():
        yield measure


def _listed(query: str) -> list[str]:
    wanted = [word for word in query.casefold().split() if len(word) > 1]
    scores = {}
    for row in vocabulary.measures().iter_rows(named=True):
        text = re.split(r"\W+|_", f"{row['title_sv']} {row['title_en']} {row['measure']}".casefold())
        if count := sum(any(word.startswith(start) for word in text) for start in wanted):
            scores[str(row["measure"])] = (-count, len(text))
    return sorted(scores, key=scores.__getitem__)


def shown(measure: str, language: Language) -> dict[str, Any]:
    """Return a measure as `search` returns it."""
    entry: Mapping[str, Any] = vocabulary.measure_index()[measure]
    return {
        "measure": measure,
        "title": entry[f"title_{language}"],
        "unit": in_words("unit", entry["unit"], language),
        "domain": entry["domain"],
        "definition": entry[f"definition_{language}"] or "",
        "composed": is_composed(measure),
    }
