"""Wording: numbers, periods and sentences in both languages."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import observations
from markupsafe import Markup
from socialvolym import vocabulary
from socialvolym.analysis.classification import rules
from socialvolym.errors import SocialvolymError
from socialvolym.narrative import wording
from socialvolym.narrative.wording import Wording, capitalise, printed_labels
from socialvolym.notation.languages import LANGUAGES, Language
from socialvolym.notation.numbers import parse_number
from socialvolym.reports.models import Kind

SV, EN = Wording("sv"), Wording("en")
SENTENCES = Path(wording.__file__).parent / "sentences"


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("value", "decimals", "sv", "en"),
    [
        (12442.5, 1, "12 442,5", "12,442.5"),
        (999, 0, "999", "999"),
        (1000, 0, "1 000", "1,000"),
        (-5, 0, "−5", "−5"),
        (-0.4, 0, "0", "0"),
        (-0.04, 1, "0,0", "0.0"),
        (0, 2, "0,00", "0.00"),
    ],
)
def test_numbers(value: float, decimals: int, sv: str, en: str) -> None:
    assert (plain(SV.number(value, decimals)), EN.number(value, decimals)) == (sv, en)


@given(st.integers(-(10**9), 10**9), st.integers(0, 2))
def test_a_swedish_number_is_read_back(digits: int, decimals: int) -> None:
    value = digits / 10**decimals
    number = parse_number(SV.number(value, decimals))
    assert number is not None
    assert (number.value, number.decimals) == (pytest.approx(value), decimals)


@pytest.mark.parametrize(
    ("value", "unit", "sv", "en"),
    [
        (811, "persons", "811 personer", "811 people"),
        (1, "persons", "1 person", "1 person"),
        (1.5, "hours", "1,5 timmar", "1.5 hours"),
        (14500, "kSEK", "14,5 miljoner kronor", "SEK 14.5 million"),
        (1000, "kSEK", "1,0 miljon kronor", "SEK 1.0 million"),
        (999, "kSEK", "999 000 kronor", "SEK 999,000"),
        (0.405, "kSEK", "405 kronor", "SEK 405"),
        (-3.5652, "kSEK", "−3 565 kronor", "−SEK 3,565"),
        (9.9994, "kSEK", "9 999 kronor", "SEK 9,999"),
        (10.4, "kSEK", "10 000 kronor", "SEK 10,000"),
        (2, "GSEK", "2 000,0 miljoner kronor", "SEK 2,000.0 million"),
        (-14.5, "MSEK", "−14,5 miljoner kronor", "−SEK 14.5 million"),
        (3210, "SEK_per_day", "3 210 kronor per dygn", "SEK 3,210 a day"),
        (6.1, "percent", "6,1 procent", "6.1 per cent"),
        (7, "count", "7", "7"),
    ],
)
def test_quantities(value: float, unit: str, sv: str, en: str) -> None:
    told = (SV.quantity(value, unit), EN.quantity(value, unit))
    assert tuple(map(plain, told)) == (sv, en)
    assert not any(re.search(r"\d (?!a day)|SEK ", each) for each in told), "no line ends between a number and its unit"


def test_decimals_of_a_quantity_may_be_given() -> None:
    assert plain(EN.quantity(40, "percent", 1)) == "40.0 per cent"
    assert plain(SV.quantity(62.3, "kSEK", 1)) == "62 300 kronor" and plain(EN.quantity(-14.57, "kSEK", 1)) == "−SEK 14,600"
    assert plain(EN.quantity(62.3, "kSEK")) == "SEK 62,000"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-12.4, "12 per cent"),
        (9.94, "9.9 per cent"),
        (10, "10 per cent"),
        (0, "0 per cent"),
        (0.1, "0.1 per cent"),
        (-3, "3.0 per cent"),
    ],
)
def test_percentages_have_no_sign(value: float, text: str) -> None:
    assert EN.percent(value) == text.replace(" ", "\u00a0", 1)


@pytest.mark.parametrize(
    ("period", "sv", "en"),
    [
        ("2022", "år 2022", "in 2022"),
        ("2022-03", "i mars 2022", "in March 2022"),
        ("2024-12-31", "den 31 december 2024", "on 31 December 2024"),
    ],
)
def test_when(period: str, sv: str, en: str) -> None:
    assert SV.when(period).endswith(sv.split(" ", 1)[1])
    assert EN.when(period).endswith(en.split(" ", 1)[1])
    if len(period) != 7:
        assert (SV.when(period), EN.when(period)) == (sv, en)


@pytest.mark.parametrize(
    ("period", "sv", "en"),
    [
        ("2022", "2022", "2022"),
        ("2022-03", "mars 2022", "March 2022"),
        ("2022-Q2", "andra kvartalet 2022", "the second quarter of 2022"),
        ("2015/2019", "2015–2019", "2015–2019"),
        ("2022-01/2022-04", "januari–april 2022", "January–April 2022"),
    ],
)
def test_periods(period: str, sv: str, en: str) -> None:
    assert (SV.period(period), EN.period(period)) == (sv, en)


@pytest.mark.parametrize(("parts", "sv"), [([], ""), (["a"], "a"), (["a", "b"], "a och b"), (["a", "b", "c"], "a, b och c")])
def test_join(parts: list[str], sv: str) -> None:
    assert SV.join(parts) == sv


def test_join_escapes_text_and_keeps_markup() -> None:
    assert EN.join([Markup("<b>1</b>"), "<i>"]) == Markup("<b>1</b> and &lt;i&gt;")
    assert EN.join([str(number) for number in range(12)]).endswith("9, 10 and 11")


def test_sentences_take_turns_and_escape() -> None:
    values = {"place": "<b>", "subject": "x", "b": "1", "w1": "on 31 December 2024", "y1": "2024"}
    told = [EN.say("development.single", turn, **values) for turn in range(4)]
    assert told[0] == told[3]
    assert len(set(told)) == 3
    assert all("<b>" not in sentence for sentence in told)
    assert any(sentence.startswith("On 31 December 2024, x") for sentence in told)


@pytest.mark.parametrize(
    ("text", "capital"),
    [("åtta barn", "Åtta barn"), ('<a href="x">åtta</a>', '<a href="x">Åtta</a>'), ("", ""), ("8 barn", "8 barn")],
)
def test_capitalise(text: str, capital: str) -> None:
    assert capitalise(Markup(text)) == capital


def flat(found: dict[str, Any], before: str = "") -> dict[str, int]:
    """Return the keys of a tree of sentences with how many shapes each has."""
    flattened: dict[str, int] = {}
    for key, value in found.items():
        flattened |= (
            flat(value, f"{before}{key}.")
            if isinstance(value, dict)
            else {before + key: len(value) if isinstance(value, list) else 1}
        )
    return flattened


def test_both_languages_have_the_same_sentences() -> None:
    sv, en = (flat(tomllib.loads((SENTENCES / f"{language}.toml").read_text(encoding="utf-8"))) for language in ("sv", "en"))
    assert set(sv) == set(en)
    assert min(sv.values()) == min(en.values()) == 1


def test_subjects_are_measures_and_told_in_both_languages() -> None:
    for measure, row in wording.subjects().items():
        assert measure in vocabulary.measure_index()
        assert row["sv"] and row["en"]


def test_every_measure_has_a_title_and_a_subject() -> None:
    for words in (SV, EN):
        assert all(words.title(measure) and words.subject(measure) for measure in vocabulary.measure_index())


def test_a_part_is_named_with_its_whole() -> None:
    assert EN.subject("lvm_placements", "barn").endswith(" (children)")
    assert EN.subject("lvm_placements", "an invented part").endswith(" (an invented part)")
    assert EN.subject("lvm_placements", "Genomsnitt") == EN.subject("lvm_placements")
    assert SV.with_part("Sysselsättningsgrad bland tillsvidareanställda", "tillsvidareanställda").count("anställda") == 1
    assert SV.with_part("Utredningar av barn och unga", "barn") == "Utredningar av barn och unga (barn)"
    assert SV.with_part("Skolbarn", "barn") == "Skolbarn (barn)"
    assert SV.with_part("Andel våldsutsatta vuxna som nått målet", "vuxna") == "Andel våldsutsatta vuxna som nått målet"
    assert SV.with_part("Personer med insatser enligt LSS eller SoL", "LSS").endswith("(LSS)")
    assert SV.with_part("Andel kvinnor och män", "män").endswith("(män)") and EN.with_part("Women or men", "män").endswith(
        "(men)"
    )
    assert SV.with_part("Boenden i socialpsykiatrin", "socialpsykiatri") == "Boenden i socialpsykiatrin"
    assert SV.with_part("Anställda", "Enheten för x (EX)") == "Anställda (Enheten för x, EX)"
    assert EN.with_part("Costs", "homes (a) and days (b)") == "Costs (homes, a and days, b)"
    assert SV.with_part("Andel av boendets kostnader", "boendet") == "Andel av boendets kostnader"
    titled = "child_concern_reports"
    assert SV.title(titled).endswith("barn")
    assert EN.with_part(EN.title(titled), "barn", titled) == EN.title(titled)


def test_a_count_is_named_as_a_number() -> None:
    counts = {*rules().counts.units, *rules().volumes.units}
    named = [name for name in wording.subjects() if vocabulary.measure_index()[name]["unit"] in counts]
    assert len(named) > 20
    assert [name for name in named for words in (SV, EN) if not words.names_a_number(name)] == []


@pytest.mark.parametrize(
    ("measure", "sv", "en"),
    [
        ("economic_assistance.paid", "det utbetalda beloppet (", "the amount paid ("),
        ("lss_short_stay.occupancy", "beläggningen (", "the occupancy ("),
        ("lss_daily_activities.per_10000", "antalet per 10 000 invånare (", "the number per 10,000 inhabitants ("),
    ],
)
def test_what_is_composed_is_named_in_the_definite_form(measure: str, sv: str, en: str) -> None:
    assert SV.subject(measure).startswith(sv) and EN.subject(measure).startswith(en)


def test_numbers_in_a_name() -> None:
    assert EN.names_a_number("persons_with_measures")
    assert not EN.names_a_number("net_cost")


@pytest.mark.parametrize("unit", sorted(vocabulary.units()))
def test_every_unit_can_be_told(unit: str) -> None:
    assert "2" in SV.quantity(2, unit) and "2" in EN.quantity(2, unit)
    assert "None" not in SV.quantity(2, unit)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(25.4, None, "+25"), (-7.24, None, "−7.2"), (9.0, None, "+9"), (0.0, None, "0"), (0.04, None, "0.0"), (-31.4, 0, "−31")],
)
def test_a_signed_number(value: float, decimals: int | None, text: str) -> None:
    assert EN.signed(value, decimals) == text


@pytest.mark.parametrize(("value", "unit", "text"), [(-9770, "kSEK", "−9,8"), (31.1, "MSEK", "31,1"), (0, "kSEK", "0,0")])
def test_money_in_a_column_is_in_millions(value: float, unit: str, text: str) -> None:
    assert SV.money(value, unit) == text


def test_a_measure_without_a_subject_of_its_own_is_named_in_the_definite_form() -> None:
    name = "housing_support_gets_wanted_help_share"
    assert name not in wording.subjects()
    assert SV.subject(name).startswith("andelen med boendestöd")
    assert EN.subject(name).startswith("the share with housing support")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_that_the_code_names_is_there(language: Language) -> None:
    root, words = Path(__file__).resolve().parents[2], Wording(language)
    files = [*(root / "lib").rglob("*.py"), *(root / "notebooks").glob("*.ipynb")]
    named = {
        key for path in files for key in re.findall(r'say\(\s*\\?"([a-z_]+\.[a-z_.]+)\\?"', path.read_text(encoding="utf-8"))
    }
    assert len(named) > 100
    absent = []
    for key in sorted(named):
        try:
            words._lookup(key)
        except SocialvolymError:
            absent.append(key)
    assert absent == []


def test_a_definition_says_nothing_of_one_report() -> None:
    said = [
        measure
        for measure, row in vocabulary.measure_index().items()
        if re.search(
            r"\b(rapporten|rapportens|av storleken att döma|en rapport|enligt texten|januari till|redovisa[td] för|delat på)\b",
            row["definition_sv"] or "",
        )
        or re.search(
            r"\b(the report|judging by|in one report|by the text|from January|reported for|split into|actualisations?)\b",
            row["definition_en"] or "",
        )
    ]
    assert said == []


def test_a_definition_says_what_is_counted_and_judges_nothing() -> None:
    judged = re.compile(
        r"\b(it shows|they show|often|costly|steers?|warning|earliest|entrenched|weighs"
        r"|den visar|de visar|ofta|dyra?|styr|förvarnar|tidigaste|tröga)\b"
    )
    known = vocabulary.measure_index().items()
    assert [name for name, row in known if judged.search(f"{row['definition_sv']} {row['definition_en']}")] == []


#: Turns that readers of the field stumbled over: calques, and what a machine says where a person would not.
_STUMBLED = (
    r"att ha i minnet|så ska orden läsas|för (mörk|ljus)\b|för mycket\b|till godo|slumpen ensam|i typfallet|förlorade"
    r"|aviserar|ställa bredvid|siffrorna tar slut|det som blev\b|vill ha den|räknar med .* för \{\{ subject|drar ifrån|fäll ut"
    r"|läsas hit|säger inte vad som har hänt|säger rapporten att|byter år|förklarar de inte|för andra tider|låg nästan stilla"
    r"|, they do not explain|includes that"
    r"|mind that|too (dark|bright)|chance alone|are lost\b|what came\b|to spare|takes away|unfold|as the committee wants|defector"
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_has_a_turn_that_readers_stumbled_over(language: Language) -> None:
    texts = [*wording._every(wording._load_sentences(language))]
    texts += [str(row[f"definition_{language}"]) for row in vocabulary.measure_index().values()]
    texts += [str(row[f"title_{language}"]) for row in vocabulary.measure_index().values()]
    assert [text for text in texts if re.search(_STUMBLED, text, re.IGNORECASE)] == []


@pytest.mark.parametrize("kind", get_args(Kind))
def test_every_kind_of_report_is_named_in_both_languages(kind: Kind) -> None:
    for words in (SV, EN):
        assert words.say(f"kind.{kind}") and "2030" in words.say(f"report_named.{kind}", period="2030")


@pytest.mark.parametrize(("language", "told"), [("sv", "antalet (utredningar)"), ("en", "the number (investigations)")])
def test_a_number_of_nothing_named_is_no_number_of_numbers(language: Language, told: str) -> None:
    assert Wording(language).subject("investigations.count") == told


@pytest.mark.parametrize(
    ("label", "title", "sv", "en"),
    [
        (
            "Kvalitet: Andel utredningar över nio veckor, procent",
            "Andel utredningar över nio veckor",
            "måttet ”Andel utredningar över nio veckor”",
            "the measure “Andel utredningar över nio veckor”",
        ),
        (
            "Över nio veckor (%)",
            "Utredningar: andel (”Över nio veckor”)",
            "andelen (utredningar, ”Över nio veckor”)",
            "the share (investigations, “Över nio veckor”)",
        ),
    ],
)
def test_words_that_the_vocabulary_does_not_know_are_told_as_printed(label: str, title: str, sv: str, en: str) -> None:
    measure = "investigations.share:nio_veckor"
    labels = printed_labels(observations({"label": label}, measure=measure))
    assert Wording("sv", labels).title(measure) == title
    assert (Wording("sv", labels).subject(measure), Wording("en", labels).subject(measure)) == (sv, en)
    assert Wording("en", labels).title(measure).startswith("Investigations: share (“")
