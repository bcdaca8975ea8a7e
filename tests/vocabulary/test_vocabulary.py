"""The vocabulary: labels are found however they are written, and its files lead nowhere that is not there."""

from __future__ import annotations

import re
from typing import get_args

import polars as pl
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from socialvolym import paths, vocabulary
from socialvolym.commands.vocabulary import vocabulary as vocabulary_command
from socialvolym.reports.models import Status
from socialvolym.validation.vocabulary_check import problems
from socialvolym.vocabulary.columns import DOMAINS
from socialvolym.vocabulary.money import MONEY, is_money
from socialvolym.vocabulary.phrases import phrases

#: How long a pattern may be before a person no longer sees what it says.
LONGEST_PATTERN = 150


@pytest.mark.parametrize(
    ("label", "simple"),
    [
        ("  Antal  barn / unga: ", "antal barn/unga"),
        ("HVB*", "hvb"),
        ("HVB2", "hvb"),
        ("HVB 2", "hvb 2"),
        ("(HVB)1", "(hvb)"),
        ("KF - Mål", "mål"),
        ("Kvinnor 0 – 18 år", "kvinnor 0-18 år"),
        ("2", "2"),
        ("*", ""),
        ("", ""),
    ],
)
def test_simplify(label: str, simple: str) -> None:
    assert vocabulary.simplify(label) == simple


@given(st.sampled_from(sorted(vocabulary.labels())))
def test_a_label_is_found_in_capitals_with_blanks_and_a_footnote(label: str) -> None:
    known = vocabulary.labels()[label]
    assert vocabulary.find_label(f"  {label.upper().replace(' ', '  ')} * ") == known


def test_the_group_goes_before_the_label() -> None:
    grouped = next(label for label in vocabulary.labels() if ":" in label and label.split(":", 1)[1] in vocabulary.labels())
    group, label = grouped.split(":", 1)
    assert vocabulary.find_label(label, group) == vocabulary.labels()[grouped]
    assert vocabulary.find_label(label, "invented group") == vocabulary.find_label(label)
    assert vocabulary.find_label("an invented label", "invented group") is None


def test_a_title_is_a_label() -> None:
    assert vocabulary.find_label("Placeringar enligt LVM") == ("lvm_placements", None)


def test_ids_are_unique_and_domains_units_and_signs_known() -> None:
    measures = vocabulary.measures()
    assert measures["measure"].is_unique().all()
    assert set(measures["domain"]) <= set(DOMAINS)
    assert set(measures["unit"]) <= set(vocabulary.units())
    assert measures["measure"].str.contains(r"^[a-z0-9_]+$").all()


def test_every_measure_is_told_in_both_languages() -> None:
    told = vocabulary.measures().select("title_sv", "title_en", "definition_sv", "definition_en")
    assert told.null_count().row(0) == (0, 0, 0, 0)


def test_nothing_in_the_vocabulary_clashes() -> None:
    assert [problem.text for problem in problems([]) if problem.kind == "clash"] == []


def test_what_is_printed_in_kronor_is_money_and_nothing_else_is() -> None:
    """An amount has its factor in units.csv, an amount per something the id by which it is known."""
    told = {unit for unit, row in vocabulary.units().items() if "kron" in (row["one_sv"] or "")}
    assert {unit for unit in vocabulary.units() if is_money(unit)} == told
    assert set(MONEY) == {unit for unit in told if "per" not in (vocabulary.units()[unit]["title_sv"] or "")}
    assert MONEY["MSEK"] / MONEY["kSEK"] == 1000 and is_money("SEK_per_meal") and not is_money("meals") and not is_money(None)


def test_blanks_stand_for_statuses_and_are_in_their_simple_form() -> None:
    blanks = vocabulary.blanks()
    assert blanks[""] == blanks["-"] == "not_available"
    assert set(blanks.values()) <= set(get_args(Status)) - {"published", "corrected"}
    assert all(text == text.lower().strip() for text in blanks)


def test_words_are_numbers_in_their_simple_form() -> None:
    assert vocabulary.words()["noll"] == (0, None)
    assert all(
        word == word.lower() and (unit is None or unit in vocabulary.units()) for word, (_, unit) in vocabulary.words().items()
    )


def test_municipalities() -> None:
    codes = vocabulary.municipalities()
    assert (len(codes), codes["0136"], codes["1489"]) == (290, "Haninge", "Alingsås")
    assert all(len(code) == 4 and code.isdigit() for code in codes)


@pytest.mark.parametrize(
    ("part", "sv", "en"),
    [
        ("<30 år", "under 30 år", "aged under 30"),
        ("< 30 år (%)", "under 30 år", "aged under 30"),
        ("Upp till 25 år", "upp till 25 år", "aged up to 25"),
        ("=>65 år", "65 år och äldre", "aged 65 and over"),
        ("65 år>", "65 år och äldre", "aged 65 and over"),
        ("65 år och uppåt", "65 år och äldre", "aged 65 and over"),
        ("över 65 år", "över 65 år", "aged over 65"),
        ("7 - 12 år", "7–12 år", "aged 7–12"),
        ("Enhet 3", "Enhet 3", "Enhet 3"),
        ("18 år och uppåt", "", ""),  # of adults, who are all of that age
    ],
)
def test_age_groups_have_words_however_their_limits_are_printed(part: str, sv: str, en: str) -> None:
    assert (vocabulary.part_in_words(part, "sv"), vocabulary.part_in_words(part, "en")) == (sv, en)


def test_wholes_areas_and_ways() -> None:
    assert vocabulary.whole("cost_area") == "total_cost"
    assert vocabulary.whole("lvm_placements") == "lvm_placements"
    assert {row["domain"] for row in vocabulary.areas().values()} <= set(DOMAINS)
    assert all(row["sv"] and row["en"] for row in vocabulary.areas().values())
    assert vocabulary.better("long_term_recipients") == "lower"
    assert vocabulary.better("lvm_placements") is None


@pytest.mark.parametrize("name", ["wholes.csv", "better.csv", "labels.csv"])
def test_references_lead_to_measures(name: str) -> None:
    frame = pl.read_csv(vocabulary.FOLDER / name, infer_schema=False)
    assert [name for name in frame["measure"] if name not in vocabulary.measure_index()] == []
    assert frame[frame.columns[0]].is_not_null().all()


@pytest.mark.parametrize("domain", ["lss", "placements", "economic_assistance"])
def test_each_subject_has_headline_measures_of_its_own(domain: str) -> None:
    headline = vocabulary.headline_measures(domain)
    assert headline
    assert {vocabulary.measure_index()[measure]["domain"] for measure in headline} == {domain}


def test_the_command_shows_what_a_label_is_read_as() -> None:
    done = CliRunner().invoke(vocabulary_command, ["read", "Öppnade gruppbostäder", "--caption", "LSS"])
    assert done.exit_code == 0
    assert done.output.splitlines() == [
        "Öppnade gruppbostäder: lss_group_homes.homes:öppnade, count, lss (unit:row measure:part domain:row)",
        "  gruppbostäder: activity lss_group_homes",
        "  gruppbostäder: quantity homes",
        "  öppnade: not in the vocabulary",
    ]


def test_long_patterns_are_made_of_named_parts() -> None:
    file = pl.read_csv(paths.VOCABULARY / "phrases.csv", infer_schema=False)
    assert [pattern for pattern in file["pattern"] if len(pattern) > LONGEST_PATTERN] == []
    patterns = [*file["pattern"], *pl.read_csv(paths.VOCABULARY / "sentences.csv", infer_schema=False)["pattern"]]
    parts = file.filter(pl.col("role") == "part")
    assert [name for name in parts["meaning"] if not any(f"<{name}>" in pattern for pattern in patterns)] == []
    # A part may hold those before it; a name that is none would be looked for as it is written.
    assert [part.meaning for part in phrases("part") if re.search(r"(?<!\?P)(?<!\?)<\w+>", part.pattern.pattern)] == []
    for part, example in zip(phrases("part"), parts["example"], strict=True):
        assert part.pattern.search(example), part.meaning
