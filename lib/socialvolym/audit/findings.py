"""Findings: failing checks become one finding a cause, explained in English and Swedish by explanations.toml."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, TypedDict

import polars as pl

from socialvolym import vocabulary
from socialvolym.audit.compared_figures import comparable
from socialvolym.csv_files import schema_of
from socialvolym.errors import SocialvolymError
from socialvolym.notation.languages import Language
from socialvolym.notation.numbers import PRINTED_UNITS, parse_number, print_number
from socialvolym.notation.periods import DIFFERENCES
from socialvolym.reports.models import RawReport
from socialvolym.vocabulary.bilingual import in_notation, period_in_words
from socialvolym.vocabulary.money import MONEY

Row = dict[str, Any]


class Finding(TypedDict):
    """A row of the findings (FINDING_SCHEMA)."""

    rule: str
    severity: str
    report: str
    page: int | None
    line: int | None
    table: str | None
    published: str | None
    expected: str | None
    explanation: str
    explanation_sv: str
    measure: str | None
    breakdown: str | None
    period: str | None
    series: str | None
    lines: str | None
    acknowledged: str | None


FINDING_SCHEMA = schema_of(Finding)


#: What is proved by the row itself comes first; what follows from it is then merged into it.
_ORDER = (
    "deviation",
    "change",
    "percentage",
    "unit_cost",
    "scaled",
    "ratio",
    "mean",
    "mean_rounded",
    "year_sum",
    "total",
    "sum",
    "other_base",
    "unit_slip",
    "wrong_column",
    "table_table",
    "twin_row",
    "text_table",
    "other_row",
    "mixed_percent_signs",
    "sign_convention",
    "sign_agrees",
)
_PLACES = ("table_table", "text_table", "other_row", "text_text", "last_digit", "truncated", "wrong_column")
_SUMS = ("total", "sum")
#: Rules about a habit of a whole report: those with one name are one finding.
_HABITS = {
    "points_as_percent": "points",
    "sign_of_percent": "sign of percentages",
    "mixed_percent_signs": "sign of percentages",
    "percent_turned": "direction of percentages",
    "sign_convention": "signs",
    "sign_agrees": "signs",
    "cost_sign": "signs",
    "year_order": "order of years",
    "stale_columns": "columns a year behind",
}
#: Rules about the characters as they are printed.
_ABOUT_PRINT = ("mixed_decimals", "stuck_mark", "date_impossible")
#: Lines that English names in the singular or in the plural; a place behind an amount of another report.
_LINES, _IN_ROW = re.compile(r"\blines? ((?:\d+(?:, |–))*\d+)"), re.compile(r"\(rad (\d+)\)$")
#: An amount as Swedish reports write it.
_KRONOR = re.compile(r"(?<=\d) (tkr|mnkr|mkr|mdkr|kr)\b(?!/)")
#: The unit of an amount that is printed with it.
_PRINTED_UNIT = re.compile(r"(?<=\d) (?:tkr|mnkr|mkr|mdkr|kr)$")
#: An amount with its unit behind it, which English writes as "SEK 65.5 million".
_AMOUNT = re.compile(r"(?<![\w.,])(\d(?:[\d,.]*\d)?) SEK( thousand| million| billion)?\b")
#: The unit of an amount that is told in another unit than the one it is held against.
_OTHER_UNIT = re.compile(rf"(?<=\d )(?:{'|'.join(MONEY)})$")
#: Rules whose cause is a text of ours, with figures in it.
_ANNOUNCED = ("break", "caution", "opposed_statements")
_UNITS = ("unit_slip", "percent_as_points")
#: Rules that call their number a percentage, and the units that a number is not understood without.
_OF_PERCENTAGES = ("percentage", "other_base", "relative_of_share", "missing_percent")
_TOLD_UNITS = ("kSEK", "MSEK", "GSEK", "percent", "per_mille")
#: What a figure is called that nothing names, and how the name of one stands behind what is printed.
_NO_NAME: dict[Language, str] = {"en": "the figure", "sv": "talet"}
_FOR: dict[Language, str] = {"en": "for", "sv": "för"}
#: So many of the measures that an announcement is about are named, and how many others there are.
_NAMED_MEASURES = 2
_MORE: dict[Language, str] = {"en": "and {} more", "sv": "och {} till"}
#: How many lines belong to one passage.
_PASSAGE = 30
#: Two gaps that rounding of the rows may set apart by so many digits come from one cause.
_SAME_GAP = 2.0


@lru_cache(maxsize=1)
def explanations() -> dict[str, dict[str, str]]:
    """Load the sentences: rule or "rule.cause" -> {"en": ..., "sv": ...}."""
    loaded = tomllib.loads(Path(__file__).with_name("explanations.toml").read_text(encoding="utf-8"))
    return {name: {"en": entry["en"], "sv": entry["sv"]} for name, entry in loaded.items()}


def as_findings(failed: pl.DataFrame, observations: pl.DataFrame, reports: Sequence[RawReport]) -> pl.DataFrame:
    """Return the findings (FINDING_SCHEMA) of failing checks, one a cause, sorted by report and line."""
    rows = failed.with_columns(part=comparable(pl.col("breakdown"))).to_dicts()
    # A total that is off makes its own deviation look wrong: the total comes first there.
    totals = [row for row in rows if row["rule"] in _SUMS and row["series"] not in DIFFERENCES]
    causes = {id(total) for total in totals for row in rows if _follows(total, row)}
    rows.sort(key=lambda row: (id(row) not in causes, *_order(row)))
    kept: list[Row] = []
    for row in rows:
        row["others"] = [line for line in (row["lines"] or "").split(", ") if line]
        cause = next((one for one in kept if one["report"] == row["report"] and _one_cause(one, row)), None)
        if cause is None:
            row["told"] = {(_figure(row), row["line"])}
            row["beside"] = []
            kept.append(row)
        else:
            _merge(cause, row)
    accepted = {(raw.report.id, entry.rule, entry.line): entry.why for raw in reports for entry in raw.notes.acknowledged}
    findings = [_finding(row, observations, accepted) for row in kept]
    return pl.DataFrame(findings, schema=FINDING_SCHEMA).sort("report", "line", "rule", nulls_last=True, maintain_order=True)


def _merge(cause: Row, row: Row) -> None:
    """Add to a finding what follows from its cause: lines, and the sentence of a check that says something of its own."""
    told = {cause["rule"], *(one["rule"] for one in cause["beside"])}
    if (row["rule"] not in told and _same_habit(cause, row)) or _same_gap_in_text(cause, row):
        cause["beside"].append(row)
    if row["rule"] == cause["rule"] in _ANNOUNCED:
        # What one line announces of several measures is one finding; what it announces besides is told with it.
        if row["cause"] == cause["cause"]:
            cause["measure"] = ", ".join(dict.fromkeys(f"{cause['measure']}, {row['measure']}".split(", ")))
        elif row["cause"] not in [one["cause"] for one in cause["beside"]]:
            cause["beside"].append(row)
    if row["rule"] == cause["rule"] == "unit_slip" and row["cause"] == "thousand" and cause["cause"] is None:
        # One check names the figure, another the line where its digits have the right unit.
        cause.update(cause="placed", lines=row["lines"])
    cause["others"] += [str(row["line"]), *row["others"]]
    cause["told"].add((_figure(row), row["line"]))


def _follows(total: Row, row: Row) -> bool:
    """Tell of a difference on the row of a total that is off by as much as the total."""
    if row["rule"] not in ("deviation", "change") or (row["report"], row["line"]) != (total["report"], total["line"]):
        return False
    return row["table"] is not None and row["table"] == total["table"] and _same_size(total, row)


def _order(row: Row) -> tuple[Any, ...]:
    """Return the place of a failing check: by rule, report and line, levels before the differences between them."""
    place = _ORDER.index(row["rule"]) if row["rule"] in _ORDER else len(_ORDER)
    derived = row["series"] not in (None, "outturn", "budget")
    rest = (str(row[name]) for name in ("period", "measure", "part", "published"))
    unnamed = row["rule"] == "personal_identifier" and row["cause"] is None
    return (place, unnamed, row["report"], row["line"] or 0, derived, *rest)


def _one_cause(first: Row, row: Row) -> bool:
    """Tell whether a failing check follows from one that is already a finding of the same report."""
    return any(test(first, row) for test in _TESTS)


def _figure(row: Row) -> tuple[Any, ...]:
    return row["measure"], row["part"], row["period"], row["series"], row["unit"] == "percent"


def _same_figure(first: Row, row: Row) -> bool:
    """Tell of the same cell, of the same number in a sentence, or of a place that is held against a figure that is wrong."""
    if row["measure"] is None or row["period"] is None:
        return False
    if (_figure(row), row["line"]) in first["told"]:
        return True
    repeated = row["table"] is None and _size(row) is not None and _size(first) == _size(row)
    place = row["rule"] in _PLACES and str(first["line"]) in row["others"]
    return _figure(first) == _figure(row) and (repeated or place)


def _same_sentence(first: Row, row: Row) -> bool:
    """Tell of one line of text: figures of one measure, or found by one rule."""
    text = first["table"] is None and row["table"] is None and row["measure"] is not None
    one = first["measure"] == row["measure"] or first["rule"] == row["rule"]
    return bool(text and one and first["line"] == row["line"])


def _same_gap(first: Row, row: Row) -> bool:
    """Tell of a sum that is off by as much as one of its cells, or a row that is off by as much in two columns."""
    if first["table"] is None or first["table"] != row["table"] or first["gap"] is None or first["expected"] is None:
        return False
    sums = row["rule"] in _SUMS and (first["line"] == row["line"] or first["series"] == row["series"])
    twice = row["rule"] == first["rule"] and row["rule"] in ("table_table", "twin_row") and first["line"] == row["line"]
    follows = first["rule"] in _SUMS and row["rule"] in ("deviation", "change") and first["line"] == row["line"]
    return ((sums or twice or follows) and _same_size(first, row)) or _of_wrong_addend(first, row)


def _of_wrong_addend(first: Row, row: Row) -> bool:
    """Tell of a total across a row that misses the sum by what one of its addends is off: the total is right."""
    across = row["rule"] == "sum_of_columns" and first["rule"] in _SUMS and first["line"] == row["line"]
    return across and _same_size(first, row) and (_off(first) > 0) == (_off(row) < 0)


def _same_size(first: Row, row: Row) -> bool:
    return abs(_gap(first) - _gap(row)) <= _SAME_GAP * 10.0 ** -(row["decimals"] or 0)


def _same_gap_in_text(first: Row, row: Row) -> bool:
    """Tell of two sentences of one passage whose changes are off by the same amount: both are taken from another base."""
    texts = first["table"] is None and row["table"] is None and first["rule"] == row["rule"] == "change"
    if not texts or abs(first["line"] - row["line"]) > _PASSAGE or first["unit"] != row["unit"]:
        return False
    return bool(abs(_gap(first) - _gap(row)) <= 10.0 ** -(row["decimals"] or 0))


def _same_person(first: Row, row: Row) -> bool:
    """Tell of rows of one report that print the same kind of personal data, and of a label and a text that show one line."""
    if not row["rule"] == first["rule"] == "personal_identifier":
        return False
    known = str(row["line"]) in (str(first["line"]), *first["others"])
    return known or (first["cause"] == row["cause"] and row["cause"] is not None)


def _same_habit(first: Row, row: Row) -> bool:
    """Tell of a way of printing or counting that shows in several tables of one report."""
    return first["rule"] in _HABITS and _HABITS[first["rule"]] == _HABITS.get(row["rule"])


def _same_revision(first: Row, row: Row) -> bool:
    """Tell of figures of neighbouring tables that one later report gives in another way than the earlier one."""
    if not row["rule"] == first["rule"] == "across_reports" or first["cause"] != row["cause"]:
        return False
    known = (first["line"], *map(int, first["others"]))
    return any(abs(line - row["line"]) <= _PASSAGE for line in known)


def _same_unit(first: Row, row: Row) -> bool:
    """Tell of a unit that the sentence itself contradicts and the figures as well."""
    return bool(row["rule"] == first["rule"] and row["rule"] in _UNITS and first["line"] == row["line"])


_TESTS: tuple[Callable[[Row, Row], bool], ...] = (
    _same_figure,
    _same_sentence,
    _same_gap,
    _same_gap_in_text,
    _same_unit,
    _same_person,
    _same_habit,
    _same_revision,
)


def _size(row: Row) -> float | None:
    number = parse_number(row["published"] or "")
    return abs(number.value) if number else None


def _gap(row: Row) -> float:
    return float(abs(abs(row["expected"]) - (_size(row) or 0.0)))


def _off(row: Row) -> float:
    return float((_size(row) or 0.0) - abs(row["expected"]))


def _finding(row: Row, observations: pl.DataFrame, accepted: dict[tuple[str, str, int], str]) -> Row:
    others = {int(line) for line in row["others"]} - {row["line"]}
    lines = ", ".join(str(line) for line in sorted(others))
    told = [_explained(each, lines, observations) for each in (row, *row["beside"])]
    return {
        **{name: row.get(name) for name in FINDING_SCHEMA},
        "expected": _expected(row),
        "lines": lines or None,
        "explanation": " ".join(each["en"] for each in told),
        "explanation_sv": " ".join(each["sv"] for each in told),
        "acknowledged": accepted.get((row["report"], row["rule"], row["line"])),
    }


def _explained(row: Row, lines: str, observations: pl.DataFrame) -> dict[Language, str]:
    """Return what a failing check says, in each language; `lines` are those that its finding touches besides its own."""
    row = row | _printed_there(row, observations)
    cause, other = _cause(row, observations)
    sentences = explanations().get(f"{row['rule']}.{cause}") or explanations().get(row["rule"])
    if sentences is None:
        raise SocialvolymError(f"explanations.toml: there is no sentence for the rule {row['rule']!r}")
    # A sentence names the lines of its own check; the finding's heading has those of the others as well.
    own = sorted({int(line) for line in (row["lines"] or "").split(", ") if line})
    unit = f" {row['unit']}" if _OTHER_UNIT.search(other or "") else ""
    behind = _PRINTED_UNIT.search(row["published"] or "")
    fields: dict[str, Any] = {
        "published": f"{row['published'] or ''}{unit}",
        # An amount that is printed with its unit is held against one with that unit.
        "expected": f"{_expected(row) or ''}{unit or (behind[0] if behind else '')}",
        "lines": ", ".join(map(str, own)) or lines or str(row["line"]),
        "other": other or "",
        "label": row["label"] or row["measure"] or "",
        "line": row["line"],
        "period": row["period"] or "\u2013",
        "cause": row["cause"] or "",
        "measure": row["measure"] or "",
    }
    return {
        "en": _in_english(sentences["en"].format(**_in("en", fields, row))),
        "sv": sentences["sv"].format(**_in("sv", fields, row)),
    }


@lru_cache(maxsize=1)
def _claims() -> dict[str, str]:
    """Return the words of a text that claim something of a figure, in English: Swedish word -> English."""
    with Path(__file__).with_name("claim_words.csv").open(encoding="utf-8", newline="") as file:
        return {row["sv"]: row["en"] for row in csv.DictReader(file)}


def _printed_there(row: Row, observations: pl.DataFrame) -> Row:
    """Return the measure, part and period of the only figure that is printed so on the line, where the rule names none."""
    if row["measure"] is not None or row["label"] is not None or row["published"] is None:
        return {}
    own = observations.filter(
        pl.col("report") == row["report"], pl.col("line") == row["line"], pl.col("published_as") == row["published"]
    )
    return own.select("measure", "breakdown", "label", "period").row(0, named=True) if own.height == 1 else {}


def _in(language: Language, fields: Row, row: Row) -> Row:
    """Return the fields with numbers, units and periods in a language's words; a finding about notation quotes the print."""
    named = _named(row | {"published": fields["published"]}, language)
    told = fields | {"figure": named or _NO_NAME[language], "of": f" {_FOR[language]} {named}" if named else ""}
    if row["rule"] in _ABOUT_PRINT:
        return told
    told |= {name: period_in_words(str(told[name]), language) for name in ("period", "cause", "other")}
    if language == "en":
        told["published"] = _claims().get(told["published"].lower(), told["published"])
    told["measures"] = _measures(row, language) if row["rule"] in _ANNOUNCED else ""
    quoted = ("published", "expected", "other", "cause") if row["rule"] in _ANNOUNCED else ("published", "expected", "other")
    return told | {name: in_notation(_with_words(told[name], language), language) for name in quoted}


def _quoted(name: str, language: Language) -> str:
    return f"”{name}”" if language == "sv" else f"'{name}'"


def _measures(row: Row, language: Language) -> str:
    """Name the measures that an announcement is about, the first of them where they are many."""
    ids = [name for name in (row["measure"] or "").split(", ") if name]
    named = [_quoted(vocabulary.measure_index()[name][f"title_{language}"] or name, language) for name in ids[:_NAMED_MEASURES]]
    left = len(ids) - len(named)
    return ", ".join(named) + (f" {_MORE[language].format(left)}" if left else "")


def _named(row: Row, language: Language) -> str:
    """Name the figure that a finding is about: its measure, or its label where that is unknown, with part, series and period."""
    what = vocabulary.measure_index().get(row["measure"] or vocabulary.UNKNOWN, {})
    name = row["label"] if row["measure"] in (None, vocabulary.UNKNOWN) else what.get(f"title_{language}")
    if not name:
        return ""
    part = vocabulary.part_in_words(row["breakdown"] or "", language)
    if part and not vocabulary.says_part(what.get("title_sv") or name, row["breakdown"]):
        name = f"{name}: {part}"
    quoted = _quoted(name, language)
    # Rules about differences name the series themselves, and those about units the unit.
    untold = (None, "outturn") if row["rule"] == "truncated" else (None, "outturn", *DIFFERENCES)
    series = vocabulary.series(language)[row["series"].replace("_pct", "_abs")] if row["series"] not in untold else ""
    about = (f"{series} {period_in_words(row['period'] or '', language)}".strip(), _unit_of(row, language))
    told = ", ".join(filter(None, about))
    return f"{quoted} ({told})" if told else quoted


def _unit_of(row: Row, language: Language) -> str:
    """Return the unit of an amount or a share that is printed without one, unless the rule is about that or says it itself."""
    unit = row["unit"] or ""
    untold = unit in _TOLD_UNITS and row["rule"] not in (*_UNITS, *_OF_PERCENTAGES) and (row["published"] or "")[-1:].isdigit()
    return (
        str(vocabulary.units()[unit]["printed" if unit in MONEY and language == "sv" else f"title_{language}"]) if untold else ""
    )


def _in_english(text: str) -> str:
    """Return an English sentence with lines in the singular or the plural, and its amounts as English writes them."""
    text = _LINES.sub(lambda lines: f"line{'' if lines[1].isdigit() else 's'} {lines[1]}", text)
    return _AMOUNT.sub(lambda amount: f"SEK {amount[1]}{amount[2] or ''}", text)


def _with_words(text: str, language: str) -> str:
    """Return a text with its unit of money in words: behind an amount as it is usually written, by itself in full."""
    units = vocabulary.units()
    behind = "printed" if language == "sv" else "title_en"
    if language == "en":
        text = (vocabulary.ages_in_words(text) or {}).get("en") or _IN_ROW.sub(r"(line \1)", text)
        text = _KRONOR.sub(lambda match: f" {units[PRINTED_UNITS[match[1]]]['title_en']}", text)
    alone = {str(units[unit]["printed"]): str(units[unit][f"title_{language}"]) for unit in MONEY}
    return alone.get(text) or _OTHER_UNIT.sub(lambda match: str(units[match[0]][behind]), text)


def _expected(row: Row) -> str | None:
    """Print what was expected as precisely as what is printed, with a decimal more where only that tells them apart.

    A mean is shown with the decimal that it was rounded by. Text has no signs.
    """
    if row["expected"] is None:
        return None
    size, decimals = _size(row), row["decimals"] or 0
    near = size is not None and abs(abs(row["expected"]) - size) < 10.0**-decimals
    hidden = near and abs(row["expected"]) != size and round(abs(row["expected"]), decimals) == size
    if hidden or (near and row["rule"] == "mean_rounded"):
        decimals += 1
    value = abs(row["expected"]) if row["table"] is None and not (row["published"] or "").startswith("-") else row["expected"]
    return print_number(round(value, decimals) + 0.0, decimals)


def _cause(row: Row, observations: pl.DataFrame) -> tuple[str | None, str | None]:
    """Name what would explain a gap: swapped digits, or a row that was left out or counted twice."""
    size = _size(row)
    if row["expected"] is None or size is None or row["rule"] not in ("deviation", "change", *_SUMS):
        return row["cause"], row["other"]
    slack = 1.5 * 10.0 ** -(row["decimals"] or 0)
    if _swapped(row["published"], abs(row["expected"]), slack):
        return "swapped", None
    if row["rule"] not in _SUMS:
        return row["cause"], row["other"]
    signed = -size if row["expected"] < 0 else size
    same = [pl.col(name).eq_missing(pl.lit(row[name])) for name in ("report", "table", "period", "series", "unit")]
    column = observations.filter(*same, pl.col("line") != row["line"], pl.col("value").abs() > slack)
    for name, missing in (("left_out", row["expected"] - signed), ("twice", signed - row["expected"])):
        found = column.filter((pl.col("value") - missing).abs() <= slack)
        if found.height == 1:
            return name, str(found["label"][0])
    return None, row["other"]


def _swapped(published: str, expected: float, slack: float) -> bool:
    """Tell whether two neighbouring digits change places between what is printed and what was expected."""
    places = [n for n, sign in enumerate(published) if sign.isdigit()]
    for first, second in pairwise(places):
        signs = list(published)
        signs[first], signs[second] = signs[second], signs[first]
        number = parse_number("".join(signs))
        if number is not None and published[first] != published[second] and abs(abs(number.value) - expected) < slack / 3:
            return True
    return False
