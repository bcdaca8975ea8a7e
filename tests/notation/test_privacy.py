"""Personal data in texts: what is masked, and what only looks like it."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from socialvolym.notation.privacy import MASK, find_personal_data, mask, mask_lines


def check_digit(nine: str) -> int:
    """Return the digit that makes ten digits valid, computed digit by digit."""
    total = 0
    for place, digit in enumerate(nine):
        product = int(digit) * (2 if place % 2 == 0 else 1)
        total += product - 9 if product > 9 else product
    return -total % 10


def identity_number(day: str, serial: str, sign: str = "-") -> str:
    nine = day[-6:] + serial
    return f"{day}{sign}{serial}{check_digit(nine)}"


@pytest.mark.parametrize("sign", ["-", "+", "", " - ", "–"])
@pytest.mark.parametrize("day", ["121212", "20121212", "000229", "850771"])
def test_identity_numbers_are_found_in_every_way_of_writing(day: str, sign: str) -> None:
    number = identity_number(day, "121", sign)
    assert [item.kind for item in find_personal_data(f"Ärende {number}, beslut")] == ["identity_number"]
    assert mask(f"Ärende {number}, beslut") == f"Ärende {MASK}, beslut"
    assert mask(number) == MASK


@pytest.mark.parametrize(
    "text",
    [
        identity_number("121312", "121"),  # no month 13
        identity_number("120230", "121"),  # no 30 February
        identity_number("19000229", "121"),  # 1900 was no leap year
        identity_number("121292", "121"),  # day 32 of a coordination number
        "556036-0793",  # an organisation number
        "1" + identity_number("121212", "121"),  # a longer number
        identity_number("121212", "121") + "4",
        "12 345 678 901",
        "",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert mask(text) == text


def test_a_wrong_check_digit_is_no_identity_number() -> None:
    right = identity_number("121212", "121")
    wrong = right[:-1] + str((int(right[-1]) + 1) % 10)
    assert mask(right) == MASK
    assert mask(wrong) == wrong


@given(st.dates(date(1900, 1, 1), date(2025, 12, 31)), st.integers(0, 999), st.booleans())
def test_every_valid_number_is_masked(day: date, serial: int, long: bool) -> None:
    number = identity_number(day.strftime("%Y%m%d" if long else "%y%m%d"), f"{serial:03}")
    assert mask(f"x {number} y") == f"x {MASK} y"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Målning Storgatan 2 lgh 1206/81232", f"Målning Storgatan 2 lgh {MASK}"),
        ("Målning lgh 81-2-63", f"Målning lgh {MASK}"),
        ("Ny spis i lägenhet nr 1101", f"Ny spis i lägenhet nr {MASK}"),
        ("Lägenhet 1101 och lgh. 1102", f"Lägenhet {MASK} och lgh. {MASK}"),
        ("Dörr KÅ Storvägen16B", f"Dörr {MASK} Storvägen16B"),
        ("Dörr till brukare TH, Storvägen 16", f"Dörr till brukare {MASK}, Storvägen 16"),
        ("Dörr till brukare TH", f"Dörr till brukare {MASK}"),
        ("Storvägen 21 TP renovering av kök", f"Storvägen 21 {MASK} renovering av kök"),
        ("Storvägen 21, T.P.", f"Storvägen 21, {MASK}"),
    ],
)
def test_what_points_at_a_home_is_masked(text: str, masked: str) -> None:
    assert mask(text) == masked
    assert mask(masked) == masked


@pytest.mark.parametrize(
    "text",
    [
        "Badrumsskåp 3 lgh",
        "Badrumsskåp 3 lgh\t29,2",
        "3 lgh 29,2",
        "100 lägenheter",
        "Kostnad per lägenhet 2022",
        "SN Storvägen 16",
        "Storvägen 16 DV",
        "LSS Storvägen 16",
        "Antal brukare 2022",
        "Utfall 2022 AB",
        "kök Storvägen 1",
    ],
)
def test_what_points_at_no_home_is_left_alone(text: str) -> None:
    assert find_personal_data(text) == []


#: How the day and what follows it may be written, {c} the century.
DAYS = (
    "{c}{y}{m}{d}",
    "{y}{m}{d}",
    "{c}{y}-{m}-{d}",
    "{y}.{m}.{d}",
    "{c}{y}.{m}.{d}",
    "{y} {m} {d}",
    "{c}{y}/{m}/{d}",
    "{c} {y}{m}{d}",
)
#: What parts a day from the four digits where no row of figures is written so, and where one may be.
FIRM = ("-", "+", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2212", "\uff0d", "/", "\u2044", "-\u00ad", "\u200b-", "_")
BLANK = (" ", "\u00a0", "\u202f", "\u2009", "\t", " - ", " \u2013 ", "\u00ad", "\u200b", "\ufeff", "")
AROUND = (
    ("Ärende ", ", beslut"),
    ("-", ""),
    ("", "-1"),
    ("Beslut (", ")"),
    ("Kund:", ";"),
    ("", ""),
    ("*", "."),
    ("a\u200b", " b"),
)


@given(
    st.dates(date(1900, 1, 1), date(2025, 12, 31)),
    st.integers(0, 999),
    st.booleans(),
    st.sampled_from(DAYS),
    st.sampled_from([*FIRM, *BLANK]),
    st.sampled_from(AROUND),
)
def test_every_spelling_is_masked(
    day: date, serial: int, coordination: bool, form: str, parting: str, around: tuple[str, str]
) -> None:
    number = f"{day:%y%m}{day.day + 60 * coordination:02}{serial:03}"
    written = form.format(c=f"{day.year // 100}", y=number[:2], m=number[2:4], d=number[4:6])
    end = f"{serial:03}{check_digit(number)}"
    blank = parting in BLANK
    dated = day.day == 1 or (day + timedelta(days=1)).day == 1
    if blank and ((" " in written and parting.strip("\t \u00a0\u202f\u2009") == "") or dated):
        return  # as a row of figures is written, or the day of statistics before their figure
    before, after = around
    masked = mask(f"{before}{written}{parting}{end}{after}")
    assert masked == f"{before}{MASK}{after}"


@pytest.mark.parametrize("digits", ["\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19"])
def test_other_digits_are_digits(digits: str) -> None:
    number = identity_number("850312", "123").translate({ord(str(place)): digit for place, digit in enumerate(digits)})
    assert mask(number) == MASK


def valid_end(day: str) -> str:
    return identity_number(day, "123")[-4:]


@pytest.mark.parametrize(
    "text",
    [
        f"Per 2022-12-31 {valid_end('221231')} personer",
        f"20221231 {valid_end('221231')}",
        f"Utfall 2022-01-01 - 2022-12-31 {valid_end('220101')}",
        f"98 110215 {valid_end('110215')} 12",
        f"98 110215 -{valid_end('110215')} 12",
        f"12 11 10 {valid_end('121110')}",
        "2022-12-31 2023-12-31",
        "2022-12-31/2023-12-31",
        "2012 2013 2014 2015 2016 2017 2018",
        "12 345 678 901 234",
        "1 231 980 -1 231 980 0,1%",
    ],
)
def test_rows_of_figures_are_left_alone(text: str) -> None:
    assert mask(text) == text


@given(st.lists(st.integers(0, 9_999_999), min_size=1, max_size=12))
def test_figures_as_reports_print_them_are_left_alone(figures: list[int]) -> None:
    row = " ".join(f"{figure:,}".replace(",", " ") for figure in figures)
    assert mask(f"Kostnad {row}") == f"Kostnad {row}"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Ring 08-123 45 67 för mer", f"Ring {MASK} för mer"),
        ("070-123 45 67", MASK),
        ("0701234567", MASK),
        ("070 123 45 67.", f"{MASK}."),
        ("+46 70 123 45 67", MASK),
        ("+46 (0)70-123 45 67", MASK),
        ("0046701234567", MASK),
        ("08\u201312\u00a034\u00a056\u00a078", MASK),
        ("Tfn: 012 34 56 7", f"Tfn: {MASK}"),
        ("telefon 123 45 67", f"telefon {MASK}"),
        ("Kontakt: eva.a@kommun.se.", f"Kontakt: {MASK}."),
        ("eva.a(at)sub.kommun.se", MASK),
        ("Brukaren BB", f"Brukaren {MASK}"),
        ("Brukaren BB 12 14", f"Brukaren {MASK} 12 14"),
        ("brukaren B.B. fick", f"brukaren {MASK} fick"),
        ("Klienten ABC", f"Klienten {MASK}"),
        ("Pojken NN placerades", f"Pojken {MASK} placerades"),
        ("Kund TP", f"Kund {MASK}"),
    ],
)
def test_phones_addresses_and_initials_are_masked(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "0-17 år 123 456",
        "Läsåret 07-08 123 456",
        "kl. 08-16 12 personer",
        "2023-08-12 345 67",
        "Öppet 08-17 12 34",
        "+46 12 345 67 89 12",
        "Avvikelse +46 12 345",
        "1 070 123 456 789",
        "Brukare LSS",
        "Boende SN",
        "@ 45",
        "0,5 123 45 67",
        "nettokostnader -245 082 -254 850 -9 768 -223 912",
        "Arbete\t13 147\t13 008\t-140\t14 002",
    ],
)
def test_what_only_looks_like_a_contact_is_left_alone(text: str) -> None:
    assert mask(text) == text


def test_a_number_may_be_broken_over_two_lines_or_stand_over_a_tab() -> None:
    number = identity_number("850312", "123")
    head, end = number.split("-")
    assert mask_lines([f"Ärende {head}-", f"{end} beslut"]).texts == [f"Ärende {MASK}", " beslut"]
    assert mask_lines([f"Ärende {head}", f"-{end} beslut"]).texts == [f"Ärende {MASK}", " beslut"]
    assert mask_lines([head, end]).texts == [head, end]
    assert mask_lines([f"Kund\t{head}\t{end}"]).texts == [f"Kund\t{MASK}"]
    # The cells of a table that the format knows are figures of their own.
    assert mask_lines([f"Kund\t{head}\t{end}"], apart={1}).texts == [f"Kund\t{head}\t{end}"]
    assert mask_lines([f"Kund {number}\t12"], apart={1}).texts == [f"Kund {MASK}\t12"]


@given(st.text(alphabet="0123456789-+ lghABÅ.väge", max_size=60))
def test_findings_are_in_order_and_do_not_overlap(text: str) -> None:
    places = [(item.start, item.end) for item in find_personal_data(text)]
    assert all(start < end for start, end in places)
    assert all(before[1] <= after[0] for before, after in pairwise(places))
