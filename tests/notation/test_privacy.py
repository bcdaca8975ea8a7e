"""Personal data in texts: what is masked, and what only looks like it."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from socialvolym.notation.privacy import MASK, find_personal_data, has_identity_number, mask


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
    assert has_identity_number(number)


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
    assert not has_identity_number(text)
    assert mask(text) == text


def test_a_wrong_check_digit_is_no_identity_number() -> None:
    right = identity_number("121212", "121")
    wrong = right[:-1] + str((int(right[-1]) + 1) % 10)
    assert has_identity_number(right)
    assert not has_identity_number(wrong)


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


@given(st.text(alphabet="0123456789-+ lghABÅ.väge", max_size=60))
def test_findings_are_in_order_and_do_not_overlap(text: str) -> None:
    places = [(item.start, item.end) for item in find_personal_data(text)]
    assert all(start < end for start, end in places)
    assert all(before[1] <= after[0] for before, after in pairwise(places))
