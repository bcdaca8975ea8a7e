"""Terms: words of the field are found on whole words and in compounds."""

import pytest
from socialvolym.errors import SocialvolymError
from socialvolym.vocabulary import composition, simplify
from socialvolym.vocabulary.terms import PARTS, plain, read_term, read_words, terms


@pytest.mark.parametrize(
    ("term", "found", "passed_over"),
    [
        ("familjehem*", ["familjehem", "två familjehemsplaceringar"], ["jourfamiljehem", "familje hem"]),
        ("*placering", ["en barnplacering"], ["placeringar"]),
        ("bostad* med särskild service", ["bostaden med särskild service"], ["bostad med service"]),
        ("kostnad [per] dygn", ["kostnad dygn", "kostnad per dygn"], ["kostnad per vårddygn"]),
        ("per dygn [och] [plats]", ["kostnad per dygn", "per dygn och plats"], ["per dygnet"]),
        ("(inledda|startade) utredning*", ["startade utredningar"], ["avslutade utredningar"]),
        ("bidrags(hushåll*|tag*)", ["bidragshushållen", "bidragstagare"], ["bidrag hushåll"]),
        ("personer med * beslut", ["personer med gynnande beslut"], ["personer med beslut"]),
    ],
)
def test_terms_match_whole_words_and_compounds(term: str, found: list[str], passed_over: list[str]) -> None:
    pattern = read_term(term).pattern
    assert [text for text in found if not pattern.search(text)] == []
    assert [text for text in passed_over if pattern.search(text)] == []


def test_a_term_that_is_none_is_told() -> None:
    with pytest.raises(SocialvolymError, match=r"familjehem\+"):
        read_term("familjehem+")
    with pytest.raises(SocialvolymError, match=r"terms\.csv.*'\(bidrag\(s\)\)'"):
        _ = read_term("(bidrag(s))").pattern


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("Bistånds-hushåll", "biståndshushåll"),
        ("LSS-insatser2", "lss insatser"),
        ("funktions-\nnedsättning", "funktionsnedsättning"),
        ("barn- och ungdomsvård", "barn och ungdomsvård"),
        ("Kostnad, kr/dygn", "kostnad kr per dygn"),
        ("Social- och arbetsmarknadsförvaltningens resultat", "nämnden resultat"),
    ],
)
def test_plain_text(printed: str, expected: str) -> None:
    assert plain(printed) == expected


def test_the_longest_term_of_a_part_counts() -> None:
    assert read_words("konsulentstödda familjehem").meanings("activity") == ("supported_familjehem",)
    assert read_words("familjehem och jourhem").meanings("activity") == ("familjehem", "jourhem")


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("Barn 0-12 år", ("0_12",)),
        ("65 år och äldre", ("65_plus",)),
        ("personer 21–64 år", ("21_64",)),
        ("2019-2021", ()),
        ("under 18 år", ("under_18",)),
        ("50 år>", ("over_50",)),
        ("80 år-", ("80_plus",)),
        ("Kvinnor 65 år –, antal", ("65_plus",)),
        ("75- år", ("75_plus",)),
        ("Män 65-", ("65_plus",)),
        ("65 år och uppåt", ("65_plus",)),
        ("65-79 år", ("65_79",)),
        ("65 år - kvinnor", ()),
        ("sedan 2020-", ()),
        ("Avdelning 3-", ()),
    ],
)
def test_age_groups(text: str, ages: tuple[str, ...]) -> None:
    assert read_words(text).ages == ages


def test_words_that_the_vocabulary_does_not_know_are_kept() -> None:
    assert read_words("Öppnade gruppbostäder, antal").rest == ("öppnade",)
    assert read_words("Huddinge 2022").rest == ()
    assert read_words("Pensionskostnader").rest == ("pensions",)
    assert read_words("Familjehemskostnader och snittkostnad").rest == ()


def test_every_term_means_something_that_is_listed() -> None:
    listed = {
        "activity": set(composition.activities()),
        "quantity": set(composition.quantities()),
        "population": set(composition.populations()),
        "reference_time": set(composition.reference_times()),
        "law": set(composition.laws()) | {"sfb"},
        "filler": {""},
    }
    assert set(listed) == set(PARTS)
    assert [(term.part, term.meaning) for term in terms() if term.meaning not in listed[term.part]] == []


@pytest.mark.parametrize("mark", ["¹", "⁴", "¹⁰", "⁴⁾", "*"])
def test_a_raised_footnote_mark_is_no_part_of_a_word(mark: str) -> None:
    assert plain(f"Daglig verksamhet{mark}") == plain("Daglig verksamhet")
    assert simplify(f"Daglig verksamhet{mark}") == simplify("Daglig verksamhet")
