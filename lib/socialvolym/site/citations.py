"""Citations: the printed rows that a page's figures stand in, each with its figures, numbered as notes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from html import unescape
from operator import itemgetter
from typing import Any, Literal, cast

import polars as pl

from socialvolym import vocabulary
from socialvolym.analysis.contradictions import contradictions
from socialvolym.audit.findings import Finding
from socialvolym.charts.points import with_unit
from socialvolym.charts.theme import format_number, strings
from socialvolym.errors import SocialvolymError
from socialvolym.narrative.context import anchor
from socialvolym.notation.languages import Language
from socialvolym.notation.numbers import bound_told
from socialvolym.observations.readings import DESCRIBED
from socialvolym.observations.series import rows_of
from socialvolym.reports.answers import because_in_words, in_words
from socialvolym.reports.answers import words as answer_words
from socialvolym.sequences import runs_of
from socialvolym.vocabulary.bilingual import period_in_words
from socialvolym.vocabulary.columns import Figure
from socialvolym.vocabulary.values import read_value

_OBSERVED = re.compile(r'data-obs="([^"]*)"')
_NUMBER_LINK = re.compile(r'<a\s([^>]*?)data-obs="([^"]*)"')
_ID = re.compile(r'\sid="([^"]*)"')
#: A table that is closed until the reader opens it, to its end.
_FOLDED = re.compile(r'<details class="data folded">.*?</details>', re.DOTALL)
#: A message that is hidden until the reader chooses its municipality.
_HIDDEN = re.compile(r"<article [^>]*\bhidden\b.*?</article>", re.DOTALL)
#: Units that say nothing after a number.
_BARE_UNITS = (None, "count", "not_stated", "index")
#: What figures share that stand in one note.
_ROW = itemgetter("report", "page", "line", "table", "kind", "label", "breakdown", "published_unit", "note")
#: A note that only says which footnote the report has at the figure.
_FOOTNOTE = re.compile(r"footnote (\S+)")
#: How alike two spellings of a word are at least (difflib): "årkurs" and "årskurs", not "barn" and "barnen".
_ALIKE = 0.9


@dataclass(frozen=True)
class CitedFigure:
    """A figure that a page quotes, as its note tells it.

    Attributes
    ----------
    plain : whether what is read is what is printed.
    sure : how sure the reading is, of a report that nobody has described.
    findings : severity, text and id of what is found about it.
    """

    id: str
    period: str
    series: str
    printed: str
    read: str
    plain: bool
    outturn: bool
    status: str
    sure: str
    findings: Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class CitedRow:
    """A row or text that a page quotes figures of, as a numbered note.

    Attributes
    ----------
    label : as printed; in the page's language where it is our words (`ours`).
    part, unit : what the label does not say.
    other_language : whether a note stands only on the page in the other language.
    described : when the report was.
    folded : whether all that quotes it is closed until the reader opens it, or hidden until its municipality is chosen.
    """

    number: int
    label: str
    ours: bool
    part: str
    unit: str
    report: str
    places: Sequence[str]
    kind: str
    table: str
    note: str
    other_language: bool
    described: str
    folded: bool
    figures: Sequence[CitedFigure]


def quoted(html: str) -> list[str]:
    """Return the ids of the observations that a page quotes, in the order in which it first does."""
    # What is shown only to who chooses its municipality comes after what all see.
    shown = _HIDDEN.sub("", html) + "".join(_HIDDEN.findall(html))
    return list(dict.fromkeys(name for match in _OBSERVED.finditer(shown) for name in unescape(match[1]).split()))


def cited_rows(
    html: str,
    language: Language,
    observations: pl.DataFrame,
    findings: pl.DataFrame,
    documents: Mapping[str, Any],
    name: str,
) -> list[CitedRow]:
    """Return the printed rows that a page quotes figures of, numbered in the order in which it first quotes one.

    Parameters
    ----------
    html : what the page tells.
    observations : with observation_id; at least the figures that the page quotes.
    findings : as for the page.
    documents : what is known of the reports, by id (DocumentInfo).
    name : of the page, for messages.

    Raises
    ------
    SocialvolymError
        where a quoted figure is not among the observations.
    """
    wanted = quoted(html)
    found = observations.filter(pl.col("observation_id").is_in(wanted)) if wanted else observations.clear()
    known = {row["observation_id"]: row for row in rows_of(found)}
    unknown = [each for each in wanted if each not in known]
    if unknown:
        raise SocialvolymError(
            f"{name}: {len(unknown)} quoted figures are not among the observations, the first is "
            f"{unknown[0]!r}; run the notebook again on the tables that the page is made from"
        )
    matching, seen = FindingsBeside(findings, language, found), set(quoted(_HIDDEN.sub("", _FOLDED.sub("", html))))
    rows: dict[tuple[Any, ...], list[Figure]] = {}
    for each in wanted:
        rows.setdefault(_ROW(known[each]), []).append(known[each])
    cited = []
    for number, own in enumerate(rows.values(), start=1):
        figures = [_figure(row, language, documents.get(row["report"]), matching) for row in sorted(own, key=_order)]
        folded = not any(row["observation_id"] in seen for row in own)
        cited.append(_printed_row(number, own[0], language, documents, folded, figures))
    return cited


def _order(row: Figure) -> tuple[str, str]:
    return row["period"] or "", row["series"] or ""


def _printed_row(
    number: int, row: Figure, language: Language, documents: Mapping[str, Any], folded: bool, figures: Sequence[CitedFigure]
) -> CitedRow:
    words, document = strings(language), documents.get(row["report"])
    printed = {"page": row["page"], "line": row["line"]}
    places = [words[key].format(**{key: place}) for key, place in printed.items() if place is not None]
    footnote = _FOOTNOTE.fullmatch(row["note"] or "")
    remark, plain = vocabulary.remarks().get(row["note"] or "") or {}, row["note"] if language == "en" else ""
    # A remark without words of its own is in English; a page in another language refers to it.
    note = words["footnote"].format(sign=footnote[1]) if footnote else remark.get(language) or plain
    label, known = row["label"] or "", vocabulary.measure_index().get(row["measure"]) or {}
    ours, part, unit = label == known.get("title_sv"), row["breakdown"] or "", row["published_unit"] or ""
    return CitedRow(
        number=number,
        # A figure in a sentence is labelled by its measure, or by its unit where the sentence names none.
        label=known[f"title_{language}"] if ours else in_words("unit", label, language),
        ours=ours,
        part="" if part and _says_part(label, part) else _part(part, language),
        unit=_unit(row, language) if ours else "" if f"({unit})" in label else unit,
        report=f"{document.municipality}, {document.committee}: {document.title}" if document else row["report"],
        places=places or [words["no_cell"]],
        kind=words.get(f"{row['kind']}_kind", ""),
        table=(document.captions.get(row["table"] or "") if document else "") or "",
        note=note or "",
        other_language=bool(row["note"]) and not note,
        described=words["described"].format(when=period_in_words(document.described, language))
        if document and document.described
        else "",
        folded=folded,
        figures=figures,
    )


def _says_part(label: str, part: str) -> bool:
    """Tell whether a printed label names a part, one of several words also where it spells one otherwise ("årkurs")."""
    named, words = re.findall(r"\w+", label.lower()), part.lower().split()
    return vocabulary.says_part(label, part) or (
        len(words) > 1 and all(get_close_matches(word, named, 1, _ALIKE) for word in words)
    )


def _part(part: str, language: Language) -> str:
    """Return a part in words, an age group also where headings need not name it."""
    return vocabulary.part_in_words(part, language) or (vocabulary.ages_in_words(part) or {}).get(language) or ""


def _unit(row: Figure, language: Language) -> str:
    """Return a figure's unit in words; nothing where it says nothing after a number."""
    known = vocabulary.units().get(row["unit"] or "") or {}
    return "" if row["unit"] in _BARE_UNITS else known.get(f"title_{language}") or row["unit"] or ""


def _amount(row: Figure, language: Language) -> str:
    return with_unit(format_number(row["value"], language), _unit(row, language))


def _figure(row: Figure, language: Language, document: Any, findings: FindingsBeside) -> CitedFigure:
    words = strings(language)
    word = bound_told(row["published_as"], row["bound"])
    bound = word[language] if word else ""
    printed = read_value(row["published_as"] or "")
    told = document.sayings.time_of(row) if document else None
    return CitedFigure(
        id=row["observation_id"],
        period=getattr(told, language) if told else period_in_words(row["period"] or "", language),
        series=vocabulary.series(language).get(row["series"], row["series"] or ""),
        printed=row["published_as"],
        read=f"{bound} {_amount(row, language)}".strip() if row["value"] is not None else "",
        plain=row["value"] is None or (printed is not None and printed.value == row["value"]),
        outturn=row["series"] == "outturn",
        status="" if row["status"] == "published" else words["status"].get(row["status"], row["status"] or ""),
        sure=_sureness(row, language),
        findings=findings.about(row),
    )


def _sureness(row: Figure, language: Language) -> str:
    """Return how sure the reading of a figure is and what it rests on, in words; nothing where the report is described."""
    if row["because"] in (None, DESCRIBED):
        return ""
    answers = answer_words(language)
    why = because_in_words(row["because"], language)
    return str(strings(language)["reading"].format(sure=answers["certainty"][row["certainty"]], why=why))


class FindingsBeside:
    """The findings about an observation: on its line, about its measure, and about what is printed where that is said.

    One about what is printed in one cell says its period and series: the same figure may stand in others of the line. One that
    contradicts a part, or what is tied to it by a product, stands beside all that it touches (see analysis.contradictions).
    """

    def __init__(self, findings: pl.DataFrame, language: Language, observations: pl.DataFrame) -> None:
        self._contradicted = contradictions(observations, findings)
        self._explanation: Literal["explanation", "explanation_sv"] = "explanation_sv" if language == "sv" else "explanation"
        self._by_line: dict[tuple[str, int | None], list[Finding]] = {}
        for row in cast(list[Finding], findings.filter(pl.col("line").is_not_null()).to_dicts()):
            self._by_line.setdefault((row["report"], row["line"]), []).append(row)

    def about(self, observation: Mapping[str, Any]) -> list[dict[str, str]]:
        """Return the findings about an observation: severity, text and the id of its place on the page of findings."""
        own = {"published": observation["published_as"], "period": observation["period"], "series": observation["series"]}
        told = [
            row
            for row in self._by_line.get((observation["report"], observation["line"]), [])
            if row.get("measure") in (None, observation["measure"])
            and (row["published"] is None or all(row.get(said) in (None, is_so) for said, is_so in own.items()))
        ]
        touched = self._contradicted.get(observation["observation_id"])
        told += [touched.finding] if touched and touched.finding not in told else []
        return [
            {"severity": row["severity"], "text": row[self._explanation] or row["explanation"], "id": anchor(row)} for row in told
        ]


def numbered(parts: Sequence[str], rows: Iterable[CitedRow]) -> tuple[list[str], dict[str, str]]:
    """Give each quoted figure the number of its note; return also the anchor of each figure's first mention, to come back to."""
    numbers = {figure.id: row.number for row in rows for figure in row.figures}
    mentions: dict[str, str] = {}

    def with_note(match: re.Match[str], aside: Sequence[tuple[int, int]]) -> str:
        names = unescape(match[2]).split()
        note = ranges([numbers[name] for name in names])
        # Nobody can be led back to what is hidden.
        hidden = any(start <= match.start() < end for start, end in aside)
        own, new = _ID.search(" " + match[1]), [name for name in names if name not in mentions and not hidden]
        mention = own[1] if own else f"ref-{len(mentions) + 1}" if new else ""
        mentions.update(dict.fromkeys(new, mention))
        given = f'id="{mention}" ' if mention and not own else ""
        return f'<a {given}{match[1]}data-note="{note}" data-obs="{match[2]}"'

    asides = [[found.span() for found in _HIDDEN.finditer(part)] for part in parts]
    return [_NUMBER_LINK.sub(partial(with_note, aside=aside), part) for part, aside in zip(parts, asides, strict=True)], mentions


def ranges(numbers: Sequence[int]) -> str:
    """Return numbers as they stand in a note: 1, 3–6, 9."""
    parts = runs_of(sorted(set(numbers)), lambda part, number: number == part[-1] + 1)
    return ", ".join(f"{part[0]}–{part[-1]}" if len(part) > 2 else ", ".join(map(str, part)) for part in parts)
