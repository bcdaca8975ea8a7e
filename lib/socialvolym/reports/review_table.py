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
#: What a line is of that settles several figures, each as it was read; their keys are joined so.
_PASSAGE, _AND = "passage", "+"

_Row = dict[str, Any]


@dataclass(frozen=True)
class Taken:
    """What a filled-in table says.

    Attributes
    ----------
    decisions : what is decided.
    problems : what is wrong, a line each; with one of them nothing is to be stored.
    changed : the lines whose cells are not printed or read any more as when the table was written.
    language : of its headings.
    accepted : the places of the figures of lines that are accepted: where all were taken out one by one, they come back.
    """

    decisions: tuple[Decision, ...]
    problems: tuple[str, ...]
    changed: tuple[str, ...]
    language: Language
    accepted: tuple[tuple[_Row, ...], ...] = ()


def table(
    read: Sequence[_Row],
    settled: Sequence[_Row],
    pages: Sequence[int | None],
    language: Language,
    beside: str = "",
    sentences: Mapping[int, str] | None = None,
    misfits: Sequence[str] = (),
) -> bytes:
    """Return the table: a line for each decision, the open and least sure first, then those made, then what is certain.

    Its top says how many lines are to be settled, and how many questions the page has.

    Parameters
    ----------
    read, settled : the readings before and after what a person has decided (observations.readings.settled).
    pages : the page of each, None where the document has none.
    beside : the name of the file with the measures (`measures`).
    sentences : what the document says, by the number of the figure that stands in it.
    misfits : the decisions that are not applied, in words: they are named at the top.
    """
    heading = words(language)["heading"]
    asked = questions.Asked(read)
    parts = sorted(_parts(asked, read, settled), key=lambda one: _STATES.index(one[2]))
    lines = [
        {heading[name]: value for name, value in _line(them, about, state, read, pages, language, sentences or {}).items()}
        for them, about, state in parts
    ]
    left = sum(any(questions.is_open(part, one.about, settled) for part in one.parts) for one in asked.questions(settled))
    top = _top(sum(state == "open" for *_, state in parts), left, language, beside)
    dead = [words(language)["page"]["misfit"].format(misfit=misfit) for misfit in misfits]
    return _written(lines, list(heading.values()), language, ". ".join([top, *dead]))


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
    return ("\ufeff" + ('"{}"\n'.format(top.replace('"', '""')) if top else "") + made).encode()


def _parts(asked: questions.Asked, read: Sequence[_Row], settled: Sequence[_Row]) -> Iterator[tuple[tuple[Part, ...], str, str]]:
    """Yield what has a line: the part, or the parts that one yes settles, what is asked of it, and its state."""
    for question in asked.questions(settled):
        together = question.together(settled)
        if together:
            yield together, question.about, "open"
        for part in question.parts:
            state = "open" if questions.is_open(part, question.about, settled) else "settled"
            yield (part,), question.about, "part" if part in together else state
            yield from (((inner,), question.about, "part") for inner in asked.narrower(part, question.about))
    for number, row in enumerate(read):
        if row["state"] == "told":
            yield (asked.single(number),), _CERTAIN, _CERTAIN


def _line(
    parts: Sequence[Part],
    about: str,
    state: str,
    read: Sequence[_Row],
    pages: Sequence[int | None],
    language: Language,
    sentences: Mapping[int, str],
) -> dict[str, str | None]:
    said, cells = words(language), [number for part in parts for number in part.cells]
    rows, part, several = [read[number] for number in cells], parts[0], len(parts) > 1
    reasons = dict.fromkeys("" if about == _CERTAIN else why(one, about, read, language) for one in parts)
    reads = [_reads(one, language, _name(one, read) if several else "") for one in parts]
    labels = filter(None, (_label(row["row_label"], language) for row in rows))
    columns = filter(None, (row["column_label"] for row in rows if row["table"]))
    return {
        "key": _AND.join(one.key for one in parts),
        "state": said["state"][state],
        "figures": str(len(rows)),
        "decides": said["scope"][_PASSAGE if several else part.scope],
        "table": rows[0]["table"],
        "page": None if pages[cells[0]] is None else str(pages[cells[0]]),
        "line": str(rows[0]["line"]),
        "group": None if several else part.place.get("group"),
        "row": " | ".join(dict.fromkeys(labels)) or None,
        "column": " | ".join(dict.fromkeys(columns)) or None,
        "sentence": " ".join(dict.fromkeys(sentences[number] for number in cells if number in sentences)) or None,
        "printed": " | ".join(dict.fromkeys(_printed(row) for row in rows)),
        "reads": " | ".join(reads),
        "of": None if "measure" in part.reads else " | ".join(dict.fromkeys(_measure(row, language) for row in rows)),
        "certainty": said["certainty"][min((one.certainty for one in parts), key=questions.SURENESS.index)],
        "why": "; ".join(reasons) if about in ASPECTS or len(reasons) == 1 else said["source"]["prose"],
        **dict.fromkeys(("decision", *_WRITTEN)),
    }


def _name(part: Part, read: Sequence[_Row]) -> str:
    """Return by what a part is told from others of its line: the row or column that it is, or what is printed, and where."""
    place, scope = part.place, part.scope
    names = {"row": [place.get("group"), place.get("row")], "column": [place.get("column")]}
    cell = [place.get("column") if place.get("table") else None, _printed(read[part.cells[0]])]
    return ": ".join(filter(None, names.get(scope, cell)))


def _reads(part: Part, language: Language, name: str) -> str:
    """Return what was read of a part, behind its name where the line has others."""
    said = words(language)["about"]
    aspects = [aspect for aspect in ASPECTS if aspect in part.reads]
    if not name:
        return ", ".join(f"{said[aspect]}: {read_as(part, aspect, language)}" for aspect in aspects)
    guess = f" ({words(language)['certainty']['guess']})" if part.certainty == "guess" else ""
    return f"{name} = {', '.join(read_as(part, aspect, language) for aspect in aspects)}{guess}"


def _measure(row: _Row, language: Language) -> str:
    """Return what a figure was read to measure, with its part: whoever accepts its unit or its year accepts that as well."""
    return ": ".join(filter(None, (in_words("measure", row["measure"], language) or "?", row["breakdown"])))


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
    known = {part.key: (part, about) for parts, about, _ in _parts(asked, read, read) for part in parts} | asked.known_parts
    problems: list[str] = []
    changed: list[str] = []
    made: list[tuple[bool, list[Decision]]] = []
    accepted: list[tuple[_Row, ...]] = []
    language, lines = _lines(written)
    for number, line in lines:
        if not any(line[name] for name in ("decision", *_WRITTEN)):
            continue
        keys = line["key"].split(_AND)
        if not set(keys) <= set(known):
            changed.append(str(refusal(language, "moved", line=number, place=_place(line))))
            continue
        found = [known[key] for key in keys]
        try:
            answers = {name: line[name] for name in _WRITTEN if line[name]}
            _check_alike([part for part, _ in found], answers, language)
            new = [decided(*one, line["decision"], answers, who, when, year, language) for one in found]
        except SocialvolymError as error:
            problems.append(str(refusal(language, "line", line=number, place=_place(line), problem=error)))
            continue
        made.append((len(found) > 1, [one for them in new for one in them]))
        accepted += [part.alone for (part, _), them in zip(found, new, strict=True) if them[0].verdict == "figure"]
    # What is written of one figure goes before what is of all of its passage, in whichever order the lines stand now.
    decisions = [one for _, them in sorted(made, key=lambda line: not line[0]) for one in them]
    return Taken(tuple(decisions), tuple(problems), tuple(changed), language, tuple(accepted))


def _check_alike(parts: Sequence[Part], answers: Mapping[str, str], language: Language) -> None:
    """Refuse one answer for several figures that were read in different ways, and a value for more than one figure."""
    for name in answers if len(parts) > 1 else ():
        if name == "value":
            raise refusal(language, "wide")
        if len({part.reads.get(name) for part in parts}) > 1:
            raise refusal(language, "apart", what=words(language)["about"][name])


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
