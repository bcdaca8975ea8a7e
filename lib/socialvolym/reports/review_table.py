"""Review table: a report's open questions as a CSV file for a spreadsheet, and what a person has written in it as decisions."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from socialvolym import vocabulary
from socialvolym.csv_files import disarmed
from socialvolym.errors import SocialvolymError
from socialvolym.extraction.certainty import ASPECTS
from socialvolym.notation.languages import LANGUAGES, Language
from socialvolym.reports import questions
from socialvolym.reports.answers import (
    decided,
    in_words,
    measure_parts,
    read_as,
    reason_in_words,
    refusal,
    search,
    shown,
    why,
    words,
)
from socialvolym.reports.questions import Part
from socialvolym.reports.review import Decision
from socialvolym.vocabulary.codebook import is_composed

#: What a person can write beside the decision; a value only of one figure.
_WRITTEN = ("period", "series", "unit", "measure", "breakdown", "value")
_CERTAIN, _UNREAD = "certain", "unread"
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


@dataclass(frozen=True)
class Stands:
    """Where figures stand, each by its number: a reader finds them there.

    Attributes
    ----------
    pages : the page, None where the document has none.
    places : where the document is at hand, the sheet of a workbook and the row in it, else the heading above and None; or none.
    sentences : what the document says, of a figure that stands in a sentence.
    """

    pages: Sequence[int | None]
    places: Sequence[tuple[str | None, int | None]] = ()
    sentences: Mapping[int, str] = field(default_factory=dict)

    def place(self, number: int) -> tuple[str | None, int | None]:
        """Return the sheet or heading of a figure, and its row in a sheet."""
        return self.places[number] if self.places else (None, None)

    def told(self, rows: Sequence[_Row]) -> list[_Row]:
        """Return readings that say their line as their sheet does."""
        places = ((row, *self.place(number)) for number, row in enumerate(rows))
        return [row | {"line": f"{line} ({sheet})"} if line else row for row, sheet, line in places]


def table(
    read: Sequence[_Row],
    settled: Sequence[_Row],
    stands: Stands,
    language: Language,
    beside: str = "",
    misfits: Sequence[str] = (),
    unread: Sequence[_Row] = (),
) -> bytes:
    """Return the table: a line for each decision, the open and least sure first, those made, what is certain, what unread.

    Its top says how many lines are to be settled, and how many questions the page has.

    Parameters
    ----------
    read, settled : the readings before and after what a person has decided (observations.readings.settled).
    beside : the name of the file with the measures (`measures`).
    misfits : the decisions that are not applied, in words: they are named at the top.
    unread : what could not be read, as the report's unread.csv: it is shown, and nothing can be decided of it.
    """
    heading = words(language)["heading"]
    asked, told, done = questions.Asked(read), stands.told(read), stands.told(settled)
    parts = sorted(_parts(asked, read, settled), key=lambda one: _STATES.index(one[2]))
    lines = [
        {heading[name]: value for name, value in _line(them, about, state, (told, done), stands, language).items()}
        for them, about, state in parts
    ]
    lines += [{heading[name]: value for name, value in _unread_line(row, language).items()} for row in unread]
    left = sum(any(questions.is_open(part, one.about, settled) for part in one.parts) for one in asked.questions(settled))
    top = _top(sum(state == "open" for *_, state in parts), left, language, beside)
    dead = [words(language)["page"]["misfit"].format(misfit=misfit) for misfit in misfits]
    return _written(lines, list(heading.values()), language, ". ".join([top, *dead]))


def _top(lines: int, asked: int, language: Language, beside: str) -> str:
    said = words(language)["table"]
    counted = {name: said[name][count != 1].format(count=count) for name, count in (("lines", lines), ("questions", asked))}
    form = said["done" if not lines else "same" if lines == asked else "top"]
    return str(form).format(**counted, measures=beside or "socialvolym review --table")


def _unread_line(row: _Row, language: Language) -> dict[str, str | None]:
    said = words(language)
    shown = {"state": said["state"][_UNREAD], "table": row.get("table"), "page": row.get("page"), "line": row["line"]}
    told = {
        "row": row["row_label"],
        "column": row["column_label"],
        "printed": row["text"],
        "why": reason_in_words(row["reason"], language),
    }
    cells = {name: None if value is None else str(value) for name, value in (shown | told).items()}
    return dict.fromkeys(said["heading"], None) | cells


def measures(language: Language, read: Sequence[_Row] = ()) -> bytes:
    """Return the measures to choose from, and the words of which a new one is composed, as a table for the spreadsheet.

    Those composed of words that the readings of the document have as well stand first, so that one thing gets one name.
    """
    said = words(language)["measures"]
    own = dict.fromkeys(row["measure"] for row in read if row["measure"] and is_composed(row["measure"]))
    found = [*sorted((shown(name, language) for name in own), key=lambda one: one["title"].casefold()), *search("", language)]
    listed = [("own" if one["measure"] in own else "measure", one["title"], one["unit"], one["definition"]) for one in found]
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
    tables: tuple[Sequence[_Row], Sequence[_Row]],
    stands: Stands,
    language: Language,
) -> dict[str, str | None]:
    read, settled = tables
    said, cells = words(language), [number for part in parts for number in part.cells]
    # What is settled is shown as it was decided, so that whoever has settled it can look it over.
    done = any(settled[number].get("verdict") for number in cells) and not any(
        questions.is_open(one, about, settled) for one in parts
    )
    rows, part, several = [(settled if done else read)[number] for number in cells], parts[0], len(parts) > 1
    sheet, line = stands.place(cells[0])
    reasons = dict.fromkeys("" if about == _CERTAIN else why(one, about, read, language) for one in parts)
    named = [_name(one, read) if several else "" for one in parts]
    reads = [(_decided if done else _reads)(one, tables[done], language, name) for one, name in zip(parts, named, strict=True)]
    labels = filter(None, (_label(row["row_label"], language) for row in rows))
    columns = filter(None, (row["column_label"] for row in rows if row["table"]))
    return {
        "key": _AND.join(one.key for one in parts),
        "state": said["state"][state],
        "figures": str(len(rows)),
        "decides": said["scope"][_PASSAGE if several else part.scope],
        "table": rows[0]["table"],
        "page": None if stands.pages[cells[0]] is None else str(stands.pages[cells[0]]),
        "place": sheet,
        "line": str(line or rows[0]["line"]),
        "group": None if several else part.place.get("group"),
        "row": " | ".join(dict.fromkeys(labels)) or None,
        "column": " | ".join(dict.fromkeys(columns)) or None,
        "sentence": _sentences([stands.sentences[number] for number in cells if number in stands.sentences]) or None,
        "printed": " | ".join(dict.fromkeys(_printed(row) for row in rows)),
        "reads": " | ".join(reads),
        "of": None if "measure" in part.reads or done else " | ".join(dict.fromkeys(_measure(row, language) for row in rows)),
        "certainty": said["certainty"][min((row["certainty"] for row in rows), key=questions.SURENESS.index)],
        "why": "; ".join(reasons) if about in ASPECTS or len(reasons) == 1 else said["source"]["prose"],
        **dict.fromkeys(("decision", *_WRITTEN)),
    }


def _sentences(told: Sequence[str]) -> str:
    """Return the sentences of several figures, each once, also where a longer one holds it."""
    return " ".join(one for one in dict.fromkeys(told) if not any(one != other and one in other for other in told))


def _name(part: Part, read: Sequence[_Row]) -> str:
    """Return by what a part is told from others of its line: the row or column that it is, or what is printed, and where."""
    place, scope = part.place, part.scope
    names = {"row": [place.get("group"), place.get("row")], "column": [place.get("column")]}
    cell = [place.get("column") if place.get("table") else None, _printed(read[part.cells[0]])]
    return ": ".join(filter(None, names.get(scope, cell)))


def _reads(part: Part, read: Sequence[_Row], language: Language, name: str) -> str:
    """Return what was read of a part, behind its name where the line has others; with its measure the breakdown."""
    told = {aspect: read_as(part, aspect, language) for aspect in ASPECTS if aspect in part.reads}
    if "measure" in told:
        told |= _values(("breakdown",), [read[number] for number in part.cells], language)
    guess = f" ({words(language)['certainty']['guess']})" if name and part.certainty == "guess" else ""
    return _told(told, language, name) + guess


def _decided(part: Part, settled: Sequence[_Row], language: Language, name: str) -> str:
    """Return what a person has decided of a part, and all else that its figures are read as now."""
    rows, said = [settled[number] for number in part.cells], words(language)["page"]
    out = dict.fromkeys(said[row["verdict"]] for row in rows if row["verdict"] not in (None, "figure"))
    return _told(_values((*ASPECTS, "breakdown", "value"), [] if out else rows, language), language, name) + ", ".join(out)


def _values(names: Sequence[str], rows: Sequence[_Row], language: Language) -> dict[str, str]:
    """Return the values that rows have under these names in words, without those of which none has any."""
    values = {name: dict.fromkeys(in_words(name, row[name], language) for row in rows if row[name] is not None) for name in names}
    return {name: " / ".join(them) for name, them in values.items() if them}


def _told(values: Mapping[str, str], language: Language, name: str) -> str:
    said = words(language)["about"]
    return f"{name} = {', '.join(values.values())}" if name else ", ".join(f"{said[of]}: {value}" for of, value in values.items())


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
        if not line["key"] and line["state"] == words(language)["state"][_UNREAD]:
            problem = refusal(language, "place")
            problems.append(str(refusal(language, "line", line=number, place=_place(line), problem=problem)))
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
