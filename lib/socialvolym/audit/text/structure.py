"""Structure: facts that only the document's text shows (dates, footnotes, unit words, claims), and the rules over them.

The facts are read once, with the cells, and kept as data/raw/<report>/structure.csv: line, kind, what; no sentences.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date

import polars as pl

from socialvolym import vocabulary
from socialvolym.audit.check_table import as_checks, joined, line_list
from socialvolym.audit.rules.arithmetic.bases import percent_bases
from socialvolym.audit.rules.arithmetic.totals import persons
from socialvolym.audit.rules.arithmetic.years import spans
from socialvolym.audit.rules.repeated_figures import scopes
from socialvolym.audit.text.claims import claims
from socialvolym.audit.text.lapses import lapses
from socialvolym.audit.text.passages import passages
from socialvolym.audit.text.patterns import pattern
from socialvolym.audit.text.sentences import filled_lines
from socialvolym.audit.text.statements import statements
from socialvolym.audit.text.subjects import without_sentences
from socialvolym.audit.text.text_facts import FACT_SCHEMA, Fact, fact, parts, rule_of
from socialvolym.documents.document import Document
from socialvolym.extraction.metadata import stated_municipality
from socialvolym.notation.numbers import PRINTED_UNITS, tidy
from socialvolym.notation.periods import MONTH_NAMES, parse_period
from socialvolym.notation.privacy import MASK
from socialvolym.reports.identity import MUNICIPALITY

_ISO_LIKE = re.compile(r"(?<![\d/-])((?:19|20)\d\d)-(\d\d)-(\d\d)(?![\d-])")
#: Words before or behind a date, and words before a number that only looks like one.
_DECIDED = r"beslut\w*|dat(?:um|erad\w*|\.)|(?:an|fast|upp|in|av)(?:tagen|taget|togs|tagits|tagna|ställd\w*)"
_REVISED = r"uppdaterad\w*|revider\w*|ändrad\w*|den|gäller|giltig\w*|från|till|senast|per|t ?o ?m|t\.o\.m\.|fr\.o\.m\."
_OCCASION = r"sammanträde\w*|möte\w*|mätdatum|kommentar|status|uttag\w*"
_BY_WHOM = r"(?: (?:och med|med|av|den|i|[A-ZÅÄÖ]{2,4}|kommun\w*|nämnd\w*|\w+nämnd\w*)){0,3}"
_BEFORE_DATE = re.compile(rf"\b(?:{_DECIDED}|{_REVISED}|{_OCCASION}){_BY_WHOM}[ :,(]*$", re.IGNORECASE)
_BEHIND_DATE = re.compile(r"[ ,]*§")
_BEFORE_NUMBER = re.compile(
    r"\b(?:dnr|diarie\w*|ärende\w*|avtals?\w*|tel\w*|mobil|nr|\w*nummer|projekt\w*|konto\w*|org\w*)[ .:]*(?:[A-ZÅÄÖ]{2,4} ?)?$",
    re.IGNORECASE,
)
_NUMBERED_NOTE = re.compile(r"^\s{0,3}(?:\[(\d{1,2})\]|(\d{1,2})|([¹²³⁴⁵⁶⁷⁸⁹]+))\s+(?=\S*[A-Za-zÅÄÖåäö]{3})")
_NUMBERED_MARK = re.compile(r"(?:(?<=[a-zåäö]{4})|(?<=[a-zåäö%A-ZÅÄÖ]\)))(\d)(?=[\s,.;:]|$)|\[(\d{1,2})\]|([¹²³⁴⁵⁶⁷⁸⁹])")
_STARRED_MARK = re.compile(r"(?<=[\wåäö%)\]])(\*{1,3})(?=[\s,.;:)]|[A-ZÅÄÖ]|$)")
_EMPHASIS = re.compile(r"\*{1,3}(?=\S)[^*]+(?<=\S)\*{1,3}")
_MARKED_FIGURE = re.compile(r"(?<=[\d%])\*{1,3}(?=\s|$)")
#: Units in the order in which their words are looked for, and these words.
_UNITS = ("GSEK", "MSEK", "kSEK", "percentage_points", "per_mille", "percent")
_UNIT_WORDS = [
    (name, "|".join(re.escape(word) for word in sorted(PRINTED_UNITS, key=len, reverse=True) if PRINTED_UNITS[word] == name))
    for name in _UNITS
]
_NUMBER_WITH_UNIT = re.compile(
    r"(?<![\d,.-])(-?\d{1,3}(?:[ \u00a0]\d{3})+(?:,\d+)?|-?\d+(?:[,.]\d+)?)\s?(?:"
    + "|".join(f"(?P<{unit}>{words})" for unit, words in _UNIT_WORDS)
    + r")(?![a-zåäö])",
    re.IGNORECASE,
)
_BASE_YEAR = re.compile(
    r"(\d+(?:,\d+)?)\s?(?:%|procent)\D{0,40}?(?:år )?(20\d\d)?\D{0,15}jämfört med (?:år )?(20\d\d)", re.IGNORECASE
)
_YEAR_OF_TARGET = re.compile(r"\b(?:År|år)\s(20\d\d)\b")
_TREND = re.compile(r"(?:Antalet|Andelen|Antal|Andel)\s([^.,]{3,60}?)\shar\s(minskat|ökat)\sstadigt\ssedan\s(20\d\d)")
_DRAFT = re.compile(r"\b(UTKAST|PRELIMINÄR VERSION|ARBETSMATERIAL)\b")
_STUCK_YEAR = re.compile(r"(?<![\d ])20[12]\d[1-9](?!\d)")
_TITLE_YEAR = re.compile(r"^[^.!?\d]*(20\d\d)(?![\d-])[^.!?\d]*$")
_CAPTION, _COLUMN_LINES = "caption", 4
_SPOKEN_DATE = re.compile(
    rf"(?:\b(?:den|per|till|från) )?(?<![\d,.-])(\d{{1,2}}) ({'|'.join(MONTH_NAMES)})\b(?: (20\d\d)\b)?", re.IGNORECASE
)
_LEAP_YEAR = 2024
_DOCUMENT_TITLE = re.compile(r"nämnd\w*\b[^.]*\bkommun\w*\s+(20\d\d)$", re.IGNORECASE)
#: What a document may well print of those who answer for it: masked like the rest, but no fault of the report.
_CONTACTS = ("phone", "email")
_LETTERS = re.compile(r"[A-Za-zÅÄÖåäö]")
_CLAUSE = 8


def structure(document: Document) -> pl.DataFrame:
    """Return the facts of a document's text (FACT_SCHEMA).

    Kinds: municipality (the code of the one whose report it says to be),
    personal_data (its kind, never itself), date_impossible (the text of the date), column_date (a date in a heading, ISO),
    title_year (the year of a short line that is a heading, and whether it is a caption), document_title (the year in a title that
    names committee and municipality), footnote_mark, footnote and figure_mark (number or asterisks; asterisks behind a figure),
    unit_word (number, unit), base_year (percent, year of the target, year it is compared with), steady_trend (minskat or
    ökat, year, of what), draft_mark, stuck_mark (a year with a footnote digit), doubled_clause (its first number), percent_base
    (another base of percentages), persons (whom a table's heading counts), scope (what a heading says that its table
    leaves out or includes), year_span (the years that a heading ends with), year_absent
    (the one of them that does not stand below it), and those of the modules passages, claims, lapses
    and statements.

    Examples
    --------
    >>> structure(Document(["Antagen 2024-13-01."])).rows()
    [(1, 'date_impossible', '2024-13-01')]
    """
    lines, hidden = document.lines, {line for line, _ in document.masked}
    # The mask of what points at a person is no mark of a footnote.
    shown = [line.replace(MASK, "") if number in hidden else line for number, line in enumerate(lines, start=1)]
    facts = [told for number, line in enumerate(shown, start=1) for told in _line_facts(number, tidy(line))]
    facts += [(line, "personal_data", kind) for line, kind in sorted(document.masked) if kind not in _CONTACTS]
    facts += [*_title_years(lines), *_column_dates(lines), *passages(lines), *claims(lines), *lapses(lines), *statements(lines)]
    facts += [(place[0], MUNICIPALITY, place[1]) for place in [stated_municipality(lines)] if place]
    facts += [*percent_bases(lines), *persons(lines), *scopes(lines), *spans(lines)]
    return pl.DataFrame(facts, schema=FACT_SCHEMA, orient="row").unique(maintain_order=True).sort("line", maintain_order=True)


def kept_facts(document: Document, cells: pl.DataFrame) -> pl.DataFrame:
    """Return the facts of a document as structure.csv keeps them, with labels of its cells (CELL_SCHEMA) for sentences."""
    return without_sentences(structure(document), cells)


def _line_facts(number: int, line: str) -> Iterator[Fact]:
    if not line:
        return
    yield from ((number, "date_impossible", match[0]) for match in _ISO_LIKE.finditer(line) if _is_said_date(line, match))
    yield from ((number, "date_impossible", match[0]) for match in _SPOKEN_DATE.finditer(line) if not _in_calendar(match))
    yield from _footnotes(number, line)
    yield from _unit_words(number, line)
    for match in _BASE_YEAR.finditer(line):
        yield fact(number, "base_year", number=match[1], target=_target_year(line, match), base=match[3])
    for match in _TREND.finditer(line):
        yield fact(number, "steady_trend", direction=match[2], since=match[3], subject=match[1])
    yield from ((number, "stuck_mark", match[0]) for match in _STUCK_YEAR.finditer(line) if len(line) < 20)
    yield from ((number, "draft_mark", match[1]) for match in _DRAFT.finditer(line))
    if len(line) < 110 and (title := _DOCUMENT_TITLE.search(line)):
        yield number, "document_title", title[1]
    if (clause := _doubled(line)) is not None:
        yield number, "doubled_clause", clause


def _is_said_date(line: str, match: re.Match[str]) -> bool:
    """Tell whether something is written as a date and is none; numbers of cases, contracts and telephones look alike."""
    before, after = line[: match.start()], line[match.end() :]
    bracketed = before.endswith("(") and after.startswith(")")
    said = bracketed or _BEFORE_DATE.search(before) or _BEHIND_DATE.match(after)
    return bool(said) and not _BEFORE_NUMBER.search(before) and not _possible(match)


def _possible(match: re.Match[str]) -> bool:
    try:
        date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return False
    return True


def _in_calendar(match: re.Match[str]) -> bool:
    """Tell whether a day of a named month exists; a number without a year or a word for a date before it can be none."""
    day, month = int(match[1]), MONTH_NAMES.index(match[2].lower()) + 1
    if match[3] is None and match[0][0].isdigit():
        return True
    return day <= monthrange(int(match[3] or _LEAP_YEAR), month)[1]


def _footnotes(number: int, line: str) -> Iterator[Fact]:
    if line.startswith("*"):
        yield number, "footnote", line[: len(line) - len(line.lstrip("*"))]
        return
    if note := _NUMBERED_NOTE.match(line):
        yield number, "footnote", _plain_number(note[0].strip())
        line = line[note.end() :]
    plain = _EMPHASIS.sub(" ", line)
    yield from ((number, "figure_mark", match[0]) for match in _MARKED_FIGURE.finditer(plain))
    yield from ((number, "footnote_mark", match[1]) for match in _STARRED_MARK.finditer(plain))
    yield from ((number, "footnote_mark", _plain_number(match[0])) for match in _NUMBERED_MARK.finditer(plain))


def _plain_number(text: str) -> str:
    return text.translate(str.maketrans("¹²³⁴⁵⁶⁷⁸⁹", "123456789"))


def _unit_words(number: int, line: str) -> Iterator[Fact]:
    for match in _NUMBER_WITH_UNIT.finditer(line):
        unit = next(name for name, words in match.groupdict().items() if words)
        yield fact(number, "unit_word", published=match[1], told_unit=unit)


def _target_year(line: str, match: re.Match[str]) -> str:
    if match[2]:
        return match[2]
    before = _YEAR_OF_TARGET.findall(line[: match.start()])
    return before[-1] if before else ""


def _doubled(line: str) -> str | None:
    """Return the first number, or "", of a clause that comes again at once, with at most two words between; None without one."""
    words = line.rstrip(".").split()
    seen: dict[tuple[str, ...], int] = {}
    for second in range(len(words) - _CLAUSE + 1):
        first = seen.setdefault(tuple(words[second : second + _CLAUSE]), second)
        length = next((n for n in range(len(words) - second) if words[first + n] != words[second + n]), len(words) - second)
        told = sum(len(word) > 2 and word.isalpha() for word in words[first : first + _CLAUSE])
        if first < second <= first + length + 2 and told > _CLAUSE // 2:
            return next((word for word in words[first : first + _CLAUSE] if word[0].isdigit()), "")
    return None


def _title_years(lines: Sequence[str]) -> Iterator[Fact]:
    """Years of headings that name no year for something else, and none of the columns just below them."""
    filled = filled_lines(lines)
    for place, (number, line) in enumerate(filled):
        caption = pattern(_CAPTION).match(line)
        title = line[caption.end() :] if caption else line
        match = _TITLE_YEAR.match(title) if len(title.split()) <= 10 else None
        if match is None or len(_LETTERS.findall(line)) < 2 or pattern("no_table_title").search(title):
            continue
        below = [text for _, text in filled[place + 1 : place + 1 + _COLUMN_LINES]]
        if not any(re.search(rf"\b{match[1]}\b", text) for text in below):
            yield fact(number, "title_year", title=match[1], **({"caption": _CAPTION} if caption else {}))


def _column_dates(lines: Sequence[str]) -> Iterator[Fact]:
    """Dates in headings, which may be broken over two neighbouring short lines."""
    tidied = {number: tidy(line) for number, line in enumerate(lines, start=1)}
    short = {number: line for number, line in tidied.items() if 0 < len(line) < 40 and not line.endswith(".")}
    for number, line in short.items():
        following = short.get(number + 1, "")
        if _day(line):
            yield number, "column_date", _day(line)
        elif following and not _day(following) and (found := _day(f"{line} {following}")):
            yield number, "column_date", found


def _day(text: str) -> str:
    period = parse_period(text) if re.match(r"^(?:[A-Za-zÅÄÖåäö]+ )?[0-3]?\d [a-zåäö]+", text) else None
    return period if period and len(period) == 10 else ""


def check(facts: pl.DataFrame, figures: pl.DataFrame, reports: pl.DataFrame) -> pl.DataFrame:
    """Return the checks of the facts of all reports.

    Parameters
    ----------
    facts : report and FACT_SCHEMA.
    figures : the prepared figures.
    reports : id, year and kind of each report.
    """
    if facts.is_empty():
        return joined([])
    return joined(
        [
            _present(facts),
            _footnote_checks(facts),
            _marked_figures(facts),
            _unit_checks(facts, figures),
            _base_years(facts),
            _trends(facts, figures),
            _column_date_checks(facts, figures, reports),
            _title_checks(facts, figures, reports),
        ]
    )


def _present(facts: pl.DataFrame) -> pl.DataFrame:
    kinds = ["date_impossible", "draft_mark", "doubled_clause", "stuck_mark"]
    found = facts.filter(pl.col("kind").is_in(kinds)).unique(["report", "kind", "what"], keep="first", maintain_order=True)
    persons = facts.filter(pl.col("kind") == "personal_data").unique(["report", "line"], keep="first", maintain_order=True)
    return joined(
        [
            as_checks(found, rule=pl.col("kind"), published=pl.col("what"), gap=1.0),
            as_checks(persons, rule="personal_identifier", published=MASK, cause=pl.col("what"), gap=1.0),
        ]
    )


@rule_of("footnote_mark")
def _footnote_checks(facts: pl.DataFrame) -> pl.DataFrame:
    """Check that a mark has a note: numbers anywhere in the report, asterisks near it; a mark without a note is one check.

    Plain numbers count as marks only up to one more than the unbroken series of notes from 1 on.
    """
    marks = facts.filter(pl.col("kind") == "footnote_mark").select("report", "line", "what")
    notes = facts.filter(pl.col("kind") == "footnote").select("report", "what", pl.col("line").alias("note_line"))
    starred = pl.col("what").str.starts_with("*")
    known = notes.filter(~starred).group_by("report").agg(known=pl.col("what").unique())
    numbers = known.with_columns(series=pl.col("known").map_elements(_unbroken, return_dtype=pl.Int64)).select("report", "series")
    numbered = marks.filter(~starred).join(known, on="report", how="left").join(numbers, on="report", how="left")
    number = pl.col("what").cast(pl.Int64, strict=False)
    numbered = numbered.filter(pl.col("what").str.starts_with("[") | (number <= pl.col("series") + 1))
    numbered = numbered.with_columns(gap=1.0 - pl.col("known").list.contains(pl.col("what")).fill_null(False).cast(pl.Float64))
    stars = marks.filter(starred).join(notes.filter(starred).select("report", "note_line"), on="report", how="left")
    near = pl.col("note_line").is_between(pl.col("line") - 25, pl.col("line") + 40)
    stars = stars.group_by("report", "what", "line").agg(gap=1.0 - near.any().fill_null(False).cast(pl.Float64))
    columns = ["report", "what", "line", "gap"]
    merged = (
        pl.concat([numbered.select(columns), stars.select(columns)])
        .sort("line")
        .group_by("report", "what", "gap", maintain_order=True)
        .agg(pl.col("line").first(), lines=line_list(pl.col("line").slice(1).unique(maintain_order=True)))
    )
    return as_checks(merged, rule="footnote_missing", published=pl.col("what"))


@rule_of("figure_mark")
def _marked_figures(facts: pl.DataFrame) -> pl.DataFrame:
    """Find figures with asterisks in reports without such a note: what limits the figure is not told."""
    notes = facts.filter(pl.col("kind") == "footnote").select("report", "what").unique()
    bare = facts.filter(pl.col("kind") == "figure_mark").join(notes, on=["report", "what"], how="anti", maintain_order="left")
    merged = bare.group_by("report", "what", maintain_order=True).agg(
        pl.col("line").first(), gap=pl.lit(1.0), lines=line_list(pl.col("line").slice(1))
    )
    return as_checks(merged, rule="mark_unexplained", published=pl.col("what"))


def _unbroken(numbers: pl.Series) -> int:
    """Return how far the notes are numbered 1, 2, 3, ... without a gap."""
    known = {int(text) for text in numbers if text.isdigit()}
    return next(n for n in range(len(known) + 1) if n + 1 not in known)


@rule_of("unit_word")
def _unit_checks(facts: pl.DataFrame, figures: pl.DataFrame) -> pl.DataFrame:
    """Check the unit word behind a number in a sentence against the unit that the figure is known to have."""
    words = (
        parts(facts, "unit_word")
        .rename({"published": "number", "told_unit": "word"})
        .unique(["report", "line", "number"], keep="none")
    )
    text = figures.filter(pl.col("table").is_null(), pl.col("unit").is_in(_UNITS))
    number = pl.col("published_as").str.extract(r"(-?\d[\d ]*(?:[,.]\d+)?)").str.strip_chars()
    keys = ["report", "line", "number"]
    rows = text.with_columns(number=number).join(words.select(*keys, "word"), on=keys)
    rows = rows.unique(keys, keep="first", maintain_order=True)
    money = pl.col("dimension").eq("money") & pl.col("word").is_in(["GSEK", "MSEK", "kSEK"])
    slip = money & (pl.col("word") != pl.col("unit"))
    points = (pl.col("word") == "percentage_points") & (pl.col("unit") == "percent") & (pl.col("series") == "change_pct")
    return joined(
        [
            as_checks(rows.filter(money), rule="unit_slip", gap=slip, other=_printed("word")),
            as_checks(rows.filter(pl.col("series") == "change_pct"), rule="percent_as_points", gap=points),
        ]
    )


def _printed(unit: str) -> pl.Expr:
    """Return a unit as it is printed."""
    return pl.col(unit).replace({name: row["printed"] or name for name, row in vocabulary.units().items()})


@rule_of("base_year")
def _base_years(facts: pl.DataFrame) -> pl.DataFrame:
    """Find one target, compared with different years in different places."""
    told = parts(facts, "base_year").filter(pl.col("target") != "")
    merged = (
        told.sort("line")
        .group_by("report", "number", "target", maintain_order=True)
        .agg(
            pl.col("line").first(),
            published=pl.col("base").first(),
            other=pl.col("base").last(),
            bases=pl.col("base").n_unique(),
            lines=line_list(pl.col("line").slice(1)),
        )
    )
    return as_checks(merged, rule="base_year", gap=pl.col("bases") - 1, period=pl.col("target"))


@rule_of("steady_trend")
def _trends(facts: pl.DataFrame, figures: pl.DataFrame) -> pl.DataFrame:
    """Check a steady rise or fall since a year, against the row of that name in a table nearby."""
    claims = parts(facts, "steady_trend").select(
        "report",
        "direction",
        pl.col("line").alias("claim_line"),
        pl.col("since").cast(pl.Int32),
        pl.col("subject").str.to_lowercase(),
    )
    rows = figures.filter(pl.col("table").is_not_null(), pl.col("series") == "outturn", pl.col("rest") == "").join(
        claims, on="report"
    )
    rows = rows.filter(
        (pl.col("line") - pl.col("claim_line")).abs() <= 15,
        pl.col("label").str.to_lowercase() == pl.col("subject"),
        pl.col("year") >= pl.col("since"),
    ).sort("claim_line", "measure", "year")
    keys = ["report", "claim_line", "direction", "line", "measure", "label", "table"]
    step = pl.col("v").diff().over(keys)
    against = pl.when(pl.col("direction") == "minskat").then(step > 0).otherwise(step < 0)
    merged = (
        rows.with_columns(against=against)
        .group_by(keys, maintain_order=True)
        .agg(
            gap=pl.col("against").any().cast(pl.Float64),
            period=pl.col("period").filter(pl.col("against")).first(),
            published=pl.col("direction").first(),
            lines=pl.col("line").first().cast(pl.String),
        )
    )
    return as_checks(merged, rule="steady_trend", line=pl.col("claim_line"))


def _column_date_checks(facts: pl.DataFrame, figures: pl.DataFrame, reports: pl.DataFrame) -> pl.DataFrame:
    """Check that an annual report's tables have the date that most of them have, the last day of the year."""
    dated = figures.filter(
        pl.col("period").str.contains(r"^\d{4}-\d\d-\d\d$"),
        pl.col("table").is_not_null(),
        pl.col("series").is_in(["outturn", "target"]),
    ).join(reports.filter(pl.col("kind") == "annual_report").select("report", "year"), on="report", suffix="_report")
    tables = dated.group_by("report", "table", "rest").agg(pl.col("line").min(), pl.col("page").first(), pl.len())
    usual = (pl.col("rest") == "-12-31").sum().over("report")
    tables = tables.with_columns(usual=usual)
    odd = tables.filter(pl.col("rest") != "-12-31", pl.col("usual") > 1)
    headings = facts.filter(pl.col("kind") == "column_date").select("report", pl.col("line").alias("heading"), pl.col("what"))
    checks = odd.join(headings, on="report", how="left").filter(
        pl.col("heading").is_null()
        | (pl.col("heading").is_between(pl.col("line") - 15, pl.col("line")) & pl.col("what").str.ends_with(pl.col("rest")))
    )
    merged = (
        checks.sort("heading")
        .group_by("report", "table", "rest", "page", maintain_order=True)
        .agg(
            pl.col("heading").first(),
            below=pl.col("line").first(),
            others=line_list(pl.col("heading").slice(1).drop_nulls()),
            published=pl.coalesce(pl.col("what").first(), pl.col("rest").first()),
            gap=pl.lit(1.0),
        )
    )
    merged = merged.with_columns(
        line=pl.coalesce("heading", "below"), lines=pl.concat_str("others", pl.col("below").cast(pl.String), separator=", ")
    )
    return as_checks(merged, rule="column_date", other="31 december")


@rule_of("title_year", "document_title")
def _title_checks(facts: pl.DataFrame, figures: pl.DataFrame, reports: pl.DataFrame) -> pl.DataFrame:
    """Check that a heading just above a table names no year after all the table's, and a document's title the report's year.

    A caption names no year before all the table's either.
    """
    tables = (
        figures.filter(pl.col("table").is_not_null(), pl.col("year").is_not_null())
        .group_by("report", "table")
        .agg(
            pl.col("line").min().alias("first"),
            pl.col("year").unique().alias("years"),
            pl.col("page").first(),
            outturns=(pl.col("series") == "outturn").all(),
        )
    )
    titles = parts(facts, "title_year").with_columns(pl.col("title").cast(pl.Int32), pl.col("caption").is_not_null())
    rows = titles.join(tables, on="report").filter((pl.col("first") - pl.col("line")).is_between(1, 4))
    later = pl.col("title") > pl.col("years").list.max()
    earlier = pl.col("caption") & pl.col("outturns") & (pl.col("title") < pl.col("years").list.min())
    strange = later | earlier
    above = rows.with_columns(
        gap=strange.cast(pl.Float64),
        published=pl.col("title").cast(pl.String),
        other=pl.concat_list(pl.col("years").list.min(), pl.col("years").list.max())
        .list.unique(maintain_order=True)
        .cast(pl.List(pl.String))
        .list.join("–"),
    )
    documents = facts.filter(pl.col("kind") == "document_title").join(reports.select("report", "year"), on="report")
    documents = documents.with_columns(
        gap=(pl.col("what").cast(pl.Int32) != pl.col("year")).cast(pl.Float64),
        published=pl.col("what"),
        other=pl.col("year").cast(pl.String),
    )
    return joined([as_checks(above, rule="title_year"), as_checks(documents, rule="title_year", cause="document")])
