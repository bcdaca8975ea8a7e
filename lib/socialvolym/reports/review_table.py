"""Review table: a report's open questions as a CSV file for a spreadsheet, and what a person has written in it as decisions."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from socialvolym import vocabulary
from socialvolym.csv_files import disarmed
from socialvolym.errors import SocialvolymError
from socialvolym.extraction.certainty import ASPECTS
from socialvolym.notation.languages import LANGUAGES, Language
from socialvolym.reports import questions
from socialvolym.reports.answers import decided, in_words, measure_parts, read_as, refusal, search, why, words
from socialvolym.reports.questions import Part
from socialvolym.reports.review import Decision

#: What a person can write beside the decision; a value only of one figure.
_WRITTEN = ("period", "series", "unit", "measure", "breakdown", "value")
_CERTAIN = "certain"
#: In which order the lines stand.
_STATES = ("open", "settled", "part", _CERTAIN)

_Row = dict[str, Any]


@dataclass(frozen=True)
class Taken:
    """What a filled-in table says.

    Attributes
    ----------
    decisions : what is decided.
    problems : what is wrong, a line each; with one of them nothing is to be stored.
    changed : the lines whose cells are not printed or read any more as when the table was written.
    accepted : the places of the figures of lines that are accepted: where all were taken out one by one, they come back.
    """

    decisions: tuple[Decision, ...]
    problems: tuple[str, ...]
    changed: tuple[str, ...]
    accepted: tuple[tuple[_Row, ...], ...] = ()


def table(
    read: Sequence[_Row], settled: Sequence[_Row], pages: Sequence[int | None], language: Language, beside: str = ""
) -> bytes:
    """Return the table: a line for each decision, the open and least sure first, then those made, then what is certain.

    Its top says how many lines are to be settled, and how many questions the page has.

    Parameters
    ----------
    read, settled : the readings before and after what a person has decided (observations.readings.settled).
    pages : the page of each, None where the document has none.
    beside : the name of the file with the measures (`measures`).
    """
    heading = words(language)["heading"]
    asked = questions.Asked(read)
    parts = sorted(_parts(asked, read, settled), key=lambda one: _STATES.index(one[2]))
    lines = [
        {heading[name]: value for name, value in _line(part, about, state, read, pages, language).items()}
        for part, about, state in parts
    ]
    left = sum(any(questions.is_open(part, one.about, settled) for part in one.parts) for one in asked.questions(settled))
    top = _top(sum(state == "open" for *_, state in parts), left, language, beside)
    return _written(lines, list(heading.values()), language, top)


def _top(lines: int, asked: int, language: Language, beside: str) -> str:
    said = words(language)["table"]["done" if not lines else "same" if lines == asked else "top"]
    return str(said).format(lines=lines, questions=asked, measures=beside or "socialvolym review --table")


def measures(language: Language) -> bytes:
    """Return the measures to choose from, and the words of which a new one is composed, as a table for the spreadsheet."""
    said = words(language)["measures"]
    listed = [("measure", one["title"], one["unit"], one["definition"]) for one in search("", language)]
    parts = [(kind, title, "", "") for kind, titles in measure_parts(language).items() for title in titles]
    columns = ("kind", "title", "unit", "definition")
    rows = [("measure", said["form"], "", said["means"]), *listed, *parts]
    lines = [dict(zip((said[name] for name in columns), (said[kind], *rest), strict=True)) for kind, *rest in rows]
    return _written(lines, [said[name] for name in columns], language)


def _written(lines: Sequence[Mapping[str, str | None]], columns: Sequence[str], language: Language, top: str = "") -> bytes:
    frame = pl.DataFrame(lines, schema=dict.fromkeys(columns, pl.String))
    made = disarmed(frame).write_csv(separator=";" if language == "sv" else ",")
    return ("\ufeff" + (f'"{top}"\n' if top else "") + made).encode()


def _parts(asked: questions.Asked, read: Sequence[_Row], settled: Sequence[_Row]) -> Iterator[tuple[Part, str, str]]:
    """Yield what has a line: the part, what is asked of it, and its state."""
    for question in asked.questions(settled):
        for part in question.parts:
            yield part, question.about, "open" if questions.is_open(part, question.about, settled) else "settled"
            yield from ((inner, question.about, "part") for inner in asked.narrower(part, question.about))
    for number, row in enumerate(read):
        if row["state"] == "told":
            yield asked.single(number), _CERTAIN, _CERTAIN


def _line(
    part: Part, about: str, state: str, read: Sequence[_Row], pages: Sequence[int | None], language: Language
) -> dict[str, str | None]:
    said, rows = words(language), [read[number] for number in part.cells]
    names = (name for name in ASPECTS if name in part.reads)
    reads = ", ".join(f"{said['about'][name]}: {read_as(part, name, language)}" for name in names)
    printed = " | ".join(dict.fromkeys(_printed(row) for row in rows))
    return {
        "key": part.key,
        "state": said["state"][state],
        "figures": str(len(rows)),
        "decides": said["scope"][part.scope],
        "table": rows[0]["table"],
        "page": None if pages[part.cells[0]] is None else str(pages[part.cells[0]]),
        "line": str(rows[0]["line"]),
        "group": part.place.get("group"),
        "row": _label(part.place.get("row") or part.place.get("first"), language),
        "column": part.place.get("column"),
        "printed": printed,
        "reads": reads,
        "certainty": said["certainty"][part.certainty],
        "why": "" if about == _CERTAIN else why(part, about, read, language),
        **dict.fromkeys(("decision", *_WRITTEN)),
    }


def _printed(row: _Row) -> str:
    """Return a figure as printed, with the sign that the words around it give."""
    text = row["text"] or ""
    return f"-{text}" if row["sign"] == "-" and text[:1] not in "-–−(" else text


def _label(label: str | None, language: Language) -> str | None:
    """Return a label in words: a figure in a sentence that names nothing is labelled by its unit."""
    return in_words("unit", label, language) if label in vocabulary.units() else label


# --- taking it back


def take(written: bytes, read: Sequence[_Row], who: str, when: date, year: int) -> Taken:
    """Return what a person has written in a table that `table` made.

    Parameters
    ----------
    written : the file, as a spreadsheet has stored it: separated by semicolon, comma or tab, UTF-8, UTF-16 or Western European.
    read : as in `table`. year : the report's.
    """
    asked = questions.Asked(read)
    parts = {part.key: (part, about) for part, about, _ in _parts(asked, read, read)} | asked.known_parts
    problems: list[str] = []
    changed: list[str] = []
    decisions: list[Decision] = []
    accepted: list[tuple[_Row, ...]] = []
    language, lines = _lines(written)
    for number, line in lines:
        if not any(line[name] for name in ("decision", *_WRITTEN)):
            continue
        found = parts.get(line["key"])
        if found is None:
            changed.append(str(refusal(language, "moved", line=number, place=_place(line))))
            continue
        try:
            new = decided(*found, line["decision"], {n: line[n] for n in _WRITTEN if line[n]}, who, when, year, language)
        except SocialvolymError as error:
            problems.append(str(refusal(language, "line", line=number, place=_place(line), problem=error)))
            continue
        decisions += new
        accepted += [found[0].alone] * (new[0].verdict == "figure")
    return Taken(tuple(decisions), tuple(problems), tuple(changed), tuple(accepted))


def _lines(written: bytes) -> tuple[Language, Iterator[tuple[int, dict[str, str]]]]:
    """Return the language of the headings, and the number and the fields of each line by the names in answers.toml."""
    text = _decoded(written)
    heads = [line for line in text.splitlines()[:2] if any(words(one)["heading"]["decision"] in line for one in LANGUAGES)]
    separator = max(";,\t", key=(heads or [""])[-1].count)
    rows = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=separator)
    keys = {words(one)["heading"]["key"] for one in LANGUAGES}
    # What stands over the headings is for the reader.
    titles = next((them for row in rows if keys & set(them := [title.strip() for title in row])), [])
    language = max(reversed(LANGUAGES), key=lambda one: len(set(titles) & set(words(one)["heading"].values())))
    names = {title: name for name, title in words(language)["heading"].items()}
    header = [names.get(title, "") for title in titles]
    if lacking := [words(language)["heading"][name] for name in ("key", "decision", *_WRITTEN) if name not in header]:
        raise SocialvolymError(
            f"the table has no column {', '.join(lacking)}; is it one that `socialvolym review --table` wrote?"
        )
    empty = dict.fromkeys(words(language)["heading"], "")
    # Fields that a spreadsheet has added behind the last column are nobody's.
    return language, (
        (rows.line_num, empty | {name: value.strip() for name, value in zip(header, values, strict=False) if name})
        for values in rows
    )


def _decoded(written: bytes) -> str:
    try:
        return written.decode("utf-16" if written.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError:
        return written.decode("cp1252", errors="replace")


def _place(line: Mapping[str, str]) -> str:
    return " | ".join(filter(None, (line["table"], line["row"], line["column"], line["printed"][:40])))
