"""Passages: facts that several lines of a document show together (headings, annexes, amounts with their percentages)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

import polars as pl

from socialvolym.audit.check_table import OWN_LABEL, as_checks, joined, line_list
from socialvolym.audit.rules.arithmetic.totals import TOTAL
from socialvolym.audit.text.patterns import pattern
from socialvolym.audit.text.sentences import Lines, filled_lines, sentences
from socialvolym.audit.text.text_facts import Fact, checks_of, fact, parts, rule_of
from socialvolym.extraction.prose.naming import named_by
from socialvolym.notation.intervals import DUST, distance, outside, quotient
from socialvolym.notation.numbers import PRINTED_UNITS, parse_number

_NUMBERED_HEADING = re.compile(r"^(\d{1,2})\.\s+([A-ZÅÄÖ].{24,})$")
_HEADING_LIKE = re.compile(r"^[A-ZÅÄÖ][^.!?;\t]{9,99}$")
_ANNEX = re.compile(r"^Bilaga ([A-Z]|\d{1,2})[.,:]? (\S.*?)[ .]*\d*$")
_NAMED = 34
_BEGINNING = re.compile(r"(?:^|[\d.]\s|\s{2})([A-ZÅÄÖ][^.,;:\d]{3,80})$")
_LIST, _TWICE = 6, 2
_LONG_WORD = re.compile(r"[a-zåäö]{3,}")
_STEM = 14
_CELL = re.compile(r"-?(?:\d{1,3}(?: \d{3})+|\d+)(?:[,.]\d+)?%?(?=\s|$)")
_ROW_OF_CELLS = re.compile(r"(?:^|[a-zåäö)] )(-?\d[\d ,.%-]*)$")
_UNPARTED = re.compile(r"\d{4}$")
_GROSS = re.compile(r"^bruttokostnad(?:er)?$", re.IGNORECASE)
_TABBED = 0.03
#: A group that is named by a word and by an age span, which differs between authorities, funds and key figures.
_NAMED_GROUP = re.compile(
    r"\b(unga vuxna)(?: (?:män|kvinnor))? ?\(?(?:i åldern |mellan )?(\d{2})\s?[-\u2013]\s?(\d{2})\b",
    re.IGNORECASE,
)
_AGE_CAPTION = re.compile(r"^(?:Tabell|Diagram|Figur)\b.*?\b(\d{1,2}\s?[-\u2013]\s?\d{1,2} år|\d{1,2} år och (?:uppåt|äldre))")

#: What an amount in a unit of money is multiplied by, and the words for these units, longest first.
FACTORS = {"kSEK": 1e3, "MSEK": 1e6, "GSEK": 1e9}
UNITS = {word.removesuffix(" kronor"): unit for word, unit in PRINTED_UNITS.items() if unit in FACTORS}
_AMOUNT = (
    r"(?P<amount>\d{1,3}(?: \d{3})+(?:,\d+)?|\d+(?:,\d+)?) (?P<unit>"
    + "|".join(sorted(UNITS, key=len, reverse=True))
    + r")(?: kronor)?"
)
_UNIT_PAIR = re.compile(_AMOUNT + r" \((?P<second>tkr|mnkr|mkr|mdkr)\)", re.IGNORECASE)
#: Words that end what a number is of, and nouns of shares.
_NOT_OF_NUMBER = (
    r"andel|och\b|men\b|medan\b|att\b|har\b|är\b|var\b|blev\b|ligger\b|uppgår\b|uppgick\b|ökade\b|minskade\b"
    r"|\S*(?:grad|beläggning|frånvaro|täckning|omsättning|kvot|andel)(?:en|et)?\b"
)
_CHANGED = r"(?:har (?:under \w+ )?)?(?:ökat|minskat|ökade|minskade) (?:med )?"
_POINTS_OF_NUMBER = re.compile(
    rf"\bantalet?(?: (?!{_NOT_OF_NUMBER})[^\s,.;:!?]+){{1,14}} {_CHANGED}(?P<number>\d+(?:,\d+)?) procentenhet", re.IGNORECASE
)
#: An amount of two digits at least and, at once, what it is in per cent, without a base of its own ("av nettokostnaden").
_AGAINST = r"(?: (?:i förhållande till|jämfört med|mot) (?:budget|föregående år))?"
_OR = r"(?:,? eller|,? motsvarande|,? vilket (?:är|motsvarar)|,| \()"
_PLAIN_PERCENT = r"(?P<percent>\d+(?:,\d+)?) ?(?:procent(?!enhet)|%)(?! av\b(?! (?:sin |verksamhetens )?budget))"
_AMOUNT_AND_PERCENT = re.compile(rf"(?<![\d,])(?=\d[ ,]?\d){_AMOUNT}(?: 20\d\d)?{_AGAINST}{_OR} ?{_PLAIN_PERCENT}")
#: What a sentence is about -> the labels of the rows that it can be about.
SUBJECTS = {
    "intäkter": r"^(?:verksamhetens |summa |totala )?intäkter",
    "kostnader": r"^(?:verksamhetens |summa |totala )?kostnader",
    "personalkostnader": r"^personalkostnad",
    "lönekostnader": r"^lönekostnad",
    "nettokostnad": r"^(?:verksamhetens )?nettokostnad",
}
_SUBJECT = re.compile(
    r"^(?:(?:de|totala|verksamhetens|nämndens|socialnämndens) ){0,3}("
    + "|".join(sorted(SUBJECTS, key=len, reverse=True))
    + r")(?:na|en)?\b"
)


def passages(lines: Sequence[str]) -> Iterator[Fact]:
    """Return the facts of passages: line, kind, what.

    Kinds: same_heading (number, other number, other line), empty_heading (the line on which it comes again), annex_absent (the
    annex's letter or number), lone_mark (a single digit among longer numbers), gross_heading, tabs (once, for a document whose
    columns are separated by tabs), unit_pair (amount, unit, other unit), points_of_number (the number), amount_and_percent,
    named_group, age_caption (the ages in a caption).
    """
    filled = filled_lines(lines)
    tabbed = sum("\t" in line.strip() for line in lines) > _TABBED * len(lines)
    if tabbed:
        yield 1, "tabs", ""
    else:
        yield from ((number, "lone_mark", digit) for number, line in filled if (digit := _lone_digit(line)))
    yield from _same_headings(filled)
    yield from _empty_headings(filled)
    yield from _absent_annexes(filled)
    yield from _single_lines(filled)
    yield from _amounts_and_percents(filled)


def _same_headings(lines: Lines) -> Iterator[Fact]:
    """Find numbered headings of two lines at most that have the same text and different numbers."""
    seen: dict[str, tuple[str, int]] = {}
    for place, (number, line) in enumerate(lines):
        match = _NUMBERED_HEADING.match(line)
        if match is None or line.endswith((".", ";", ":")) or pattern("goal_heading").search(line):
            continue
        following = next(iter(lines[place + 1 : place + 2]), (0, ""))
        text = match[2] + (f" {following[1]}" if following[0] == number + 1 else "")
        first = seen.setdefault(text.lower(), (match[1], number))
        if first[0] != match[1]:
            yield fact(first[1], "same_heading", published=first[0], other=match[1], lines=str(number))


def _empty_headings(lines: Lines) -> Iterator[Fact]:
    """Find headings that come twice with nothing but empty lines between: what stood under the first is not in the text.

    What names the document, or comes again elsewhere, is the head or the foot of a page.
    """
    times = Counter(line for _, line in lines)
    for (number, line), (second, again) in pairwise(lines):
        heading = _HEADING_LIKE.match(line) and len(line.split()) > 2 and not pattern("page_header").search(line)
        if line == again and second > number + 1 and heading and times[line] == _TWICE:
            yield number, "empty_heading", str(second)


def _absent_annexes(lines: Lines) -> Iterator[Fact]:
    """Find annexes of a list whose longest word and whose letter stand nowhere else."""
    announced = [(number, match) for number, line in lines if (match := _ANNEX.match(line))]
    listed = [
        (number, match)
        for number, match in announced
        if any(0 < abs(number - other) <= _LIST and match[1] != theirs[1] for other, theirs in announced)
    ]
    own = {number for number, _ in listed}
    text = "\n".join(line for number, line in lines if number not in own).lower()
    absent = [(number, match[1]) for number, match in listed if _is_absent(match, text)]
    if len(absent) < len(listed):  # else the annexes are documents of their own
        yield from ((number, "annex_absent", letter) for number, letter in absent)


def _is_absent(annex: re.Match[str], text: str) -> bool:
    """Tell whether neither an annex's longest word nor its letter stands in a text."""
    longest = max(_LONG_WORD.findall(annex[2].lower().replace("bilaga", "")), key=len, default="")[:_STEM]
    return bool(longest) and longest not in text and f"bilaga {annex[1].lower()}" not in text


def _single_lines(lines: Lines) -> Iterator[Fact]:
    for number, line in lines:
        for group in _NAMED_GROUP.finditer(line):
            yield fact(number, "named_group", label=group[1].lower(), ages=f"{group[2]}-{group[3]}")
        if match := _AGE_CAPTION.match(line):
            yield number, "age_caption", match[1]
        if _GROSS.match(line):
            yield number, "gross_heading", ""
        if (match := _UNIT_PAIR.search(line)) and UNITS[match["unit"].lower()] != UNITS[match["second"].lower()]:
            yield fact(number, "unit_pair", published=match["amount"], other=match["unit"], label=match["second"])
        if match := _POINTS_OF_NUMBER.search(line):
            yield number, "points_of_number", match["number"]


def _lone_digit(line: str) -> str:
    """Return the one single digit of a row of numbers that are all longer, "" where there is none."""
    row = _ROW_OF_CELLS.search(line)
    cells = _CELL.findall(row[1]) if row else []
    if row is None or len(cells) < 3 or _CELL.sub("", row[1]).strip():
        return ""
    single = [cell for cell in cells if len(cell) == 1 and cell != "0"]
    longer = [cell for cell in cells if len(cell.strip("-%")) > 2]
    if len(single) != 1 or len(longer) != len(cells) - 1:
        return ""
    # "1 2141" among numbers with parted thousands is 1 214 with a mark, not a digit of its own.
    following = "".join(cells[cells.index(single[0]) + 1 :][:1])
    return "" if _UNPARTED.match(following) and any(" " in cell for cell in cells) else single[0]


def _amounts_and_percents(lines: Lines) -> Iterator[Fact]:
    """Find sentences that give a difference of income or costs in kronor and in per cent, by the percentage's line.

    The subject is one of those that are known, else what the sentence begins with.
    """
    for sentence in sentences(lines):
        for match in _AMOUNT_AND_PERCENT.finditer(sentence.text):
            before = sentence.text[: match.start()].strip()
            known = _SUBJECT.match(before.lower())
            named = None if _has_other_basis(sentence.text, match.end()) else _BEGINNING.search(before)
            subject = known[1] if known else named[1].lower()[:_NAMED] if named else ""
            if subject:
                told = {"amount": match["amount"], "told_unit": UNITS[match["unit"]], "published": match["percent"]}
                yield fact(sentence.line(match.start("percent")), "amount_and_percent", subject=subject, **told)


def _has_other_basis(text: str, end: int) -> bool:
    """Tell whether a percentage is not known to be of the difference beside it: a mean of years, in fixed prices, of a whole."""
    return pattern("other_basis").search(text) is not None or not pattern("plain_percent").match(text[end:])


def check(facts: pl.DataFrame, figures: pl.DataFrame) -> pl.DataFrame:
    """Return the checks of the facts of passages.

    Parameters
    ----------
    facts : report and text_facts.FACT_SCHEMA.
    figures : the prepared figures.
    """
    return joined(
        [
            checks_of(facts, "same_heading"),
            checks_of(facts, "annex_absent"),
            checks_of(facts, "empty_heading"),
            _named_groups(facts),
            _lone_marks(facts),
            checks_of(facts, "unit_pair", rule="unit_slip", cause="pair"),
            checks_of(facts, "points_of_number", rule="percent_as_points"),
            _gross_headings(facts, figures),
            _percents_of_amounts(facts, figures),
        ]
    )


def numbered(facts: pl.DataFrame, column: str = "published", name: str = "n") -> pl.DataFrame:
    """Add value (by `name`, n), half step (n_h) and number (claim) of what is printed in a column."""
    numbers = [parse_number(text) for text in facts[column]]
    return facts.with_columns(
        pl.Series(name, [number and number.value for number in numbers], dtype=pl.Float64),
        pl.Series(f"{name}_h", [number and number.half_step for number in numbers], dtype=pl.Float64),
        claim=pl.int_range(pl.len()),
    )


@rule_of("named_group")
def _named_groups(facts: pl.DataFrame) -> pl.DataFrame:
    """Find groups of one name with different ages in one report."""
    named = parts(facts, "named_group").sort("report", "line")
    groups = named.group_by("report", "label", maintain_order=True).agg(
        pl.col("line").first(),
        lines=line_list(pl.col("line").filter(pl.col("ages") != pl.col("ages").first()).unique(maintain_order=True)),
        published=pl.col("ages").first(),
        other=pl.col("ages").unique(maintain_order=True).slice(1).str.join(", "),
        gap=(pl.col("ages").n_unique() - 1).cast(pl.Float64),
    )
    return as_checks(groups, rule="named_group")


@rule_of("lone_mark")
def _lone_marks(facts: pl.DataFrame) -> pl.DataFrame:
    """Find footnote digits that stand where a figure should: the note follows, and no other mark of that number is near."""
    lone = parts(facts, "lone_mark")
    near = pl.col("other_line").is_between(pl.col("line"), pl.col("line") + 80)
    others = facts.filter(pl.col("kind").is_in(["footnote", "footnote_mark"])).select(
        "report", "kind", pl.col("line").alias("other_line"), pl.col("what").alias("published")
    )
    rows = lone.drop("kind").join(others, on=["report", "published"]).filter(near, pl.col("other_line") != pl.col("line"))
    known = rows.group_by("report", "line", "published").agg(
        note=(pl.col("kind") == "footnote").any(),
        mark=(pl.col("kind") == "footnote_mark").any(),
        lines=pl.col("other_line").first(),
    )
    return as_checks(known.sort("report", "line"), rule="footnote_as_value", gap=pl.col("note") & ~pl.col("mark"))


@rule_of("gross_heading")
def _gross_headings(facts: pl.DataFrame, figures: pl.DataFrame) -> pl.DataFrame:
    """Find tables headed as gross costs whose areas have the net costs of another table, which differ from its gross costs."""
    keys = ["report", "part", "period", "series"]
    levels = figures.filter(
        pl.col("table").is_not_null(),
        pl.col("dimension") == "money",
        pl.col("series").is_in(["outturn", "budget", "plan"]),
        pl.col("measure").is_in(["net_cost_area", "cost_area"]),
    )
    headed = levels.filter(pl.col("measure") == "net_cost_area")
    headings = facts.filter(pl.col("kind") == "gross_heading").select("report", pl.col("line").alias("heading"))
    spans = headed.group_by("report", "table").agg(first=pl.col("line").min())
    tables = headings.join(spans, on="report").filter((pl.col("first") - pl.col("heading")).is_between(1, 15))
    own = headed.join(tables, on=["report", "table"]).select(
        *keys, "heading", "table", "line", "page", size=pl.col("v").abs(), slack=pl.col("h")
    )
    for name, measure in (("net", "net_cost_area"), ("gross", "cost_area")):
        other = levels.filter(pl.col("measure") == measure).select(
            *keys, pl.col("table").alias(f"{name}_table"), pl.col("v").abs().alias(name), pl.col("line").alias(f"{name}_line")
        )
        own = own.join(other, on=keys)
    own = own.filter(pl.col("table") != pl.col("net_table"), pl.col("net_table") == pl.col("gross_table"))
    same = (pl.col("size") - pl.col("net")).abs() <= 2 * pl.col("slack") + DUST
    merged = own.group_by("report", "table", "heading").agg(
        pl.col("page").first(),
        net=(same & ((pl.col("size") - pl.col("gross")).abs() > 4 * pl.col("slack"))).sum(),
        others=(~same).sum(),
        lines=pl.concat_str(pl.col("line").min(), pl.col("net_line").min(), separator=", ").first(),
        cause=pl.concat_str(pl.col("line").min(), pl.col("line").max(), separator="–").first(),
        other=pl.concat_str(pl.col("net_line").min(), pl.col("net_line").max(), separator="–").first(),
    )
    wrong = (pl.col("net") > 2) & (pl.col("others") == 0)
    return as_checks(merged, rule="gross_heading", line=pl.col("heading"), gap=wrong, published="Bruttokostnader")


def _named(rows: pl.DataFrame) -> pl.Series:
    """Tell for each row whether the sentence names its label, or is of a total and the row is one."""
    total = rows["label"].str.to_lowercase().str.split(": ").list.last().str.contains(TOTAL)
    named = [
        bool(pattern("total_subject").search(subject)) if is_total else named_by(label, subject)
        for label, subject, is_total in zip(rows["label"], rows["subject"], total, strict=True)
    ]
    return pl.Series(named, dtype=pl.Boolean)


@rule_of("amount_and_percent")
def _percents_of_amounts(facts: pl.DataFrame, figures: pl.DataFrame) -> pl.DataFrame:
    """Check a difference in kronor and per cent against the row of a table with two figures so far apart, on either base.

    Only a row that the sentence names can accuse it; any row of the report can acquit it.
    """
    told = parts(facts, "amount_and_percent").drop("kind")
    told = numbered(numbered(told, "amount", "x"), "published", "p").with_columns(
        pl.col("x", "x_h") * pl.col("told_unit").replace_strict(FACTORS, return_dtype=pl.Float64),
        pattern=pl.col("subject").replace_strict(SUBJECTS, default=None, return_dtype=pl.String),
    )
    cells = figures.filter(pl.col("dimension") == "money", pl.col("table").is_not_null())
    cells = cells.join(told.select("report").unique(), on="report", how="semi").select(
        "report", "measure", "label", level_line="line", row=pl.col("row"), size=pl.col("v").abs(), slack=pl.col("h")
    )
    sides = cells.join(cells.select("report", "row", base="size", base_slack="slack"), on=["report", "row"])
    sides = sides.filter(pl.col("size") != pl.col("base"))
    rows = told.join(sides, on="report")
    difference = (pl.col("size") - pl.col("base")).abs()
    rows = rows.filter(distance(pl.col("x"), pl.col("x_h"), difference, pl.col("slack") + pl.col("base_slack")) <= DUST)
    low, high = quotient(*(pl.col(name) for name in ("size", "slack", "base", "base_slack")))
    ends = (100 * (low - 1)).abs(), (100 * (high - 1)).abs()
    excess = outside(pl.col("p"), 2 * pl.col("p_h"), pl.min_horizontal(ends), pl.max_horizontal(ends))
    rows = rows.with_columns(
        fits=(excess <= DUST).fill_null(False),
        named=pl.coalesce(OWN_LABEL.str.contains(pl.col("pattern")), _named(rows)),
        expected=100 * difference / pl.col("base"),
    )
    merged = (
        rows.sort("claim", ~pl.col("named"), "base", maintain_order=True)
        .group_by("claim", "report", "line", "published", maintain_order=True)
        .agg(
            pl.col("expected", "measure").first(),
            lines=pl.col("level_line").first(),
            gap=pl.col("named").any() & ~pl.col("fits").any(),
        )
    )
    return as_checks(merged, rule="percentage", series="change_pct", unit="percent")
