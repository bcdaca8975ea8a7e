"""Neighbours: whether a number of a sentence goes on with what the number before it tells, by the marks between them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from socialvolym.extraction.prose.told_series import Mark
from socialvolym.notation.periods import CHANGES

#: So many marks an item of a list of what lies ahead has at least: "62 och i HVB 14".
_SHORT_ITEM = 4
#: So many marks may stand between a number and the bracket that goes on with it: "4,4 miljoner för 2019 (2018: 1,9)".
_TO_BRACKET = 3
#: So many words an item of a list has at most before its number.
_LONGEST_ITEM = 12
#: Marks of comparatives, which what is told ahead or deviates may be called: "färre konsulenter 2 mnkr".
_COMPARED = {"MORE", "LESS", "MANY", "FEWER", "BETTER", "WORSE"}
#: Marks that list as another does.
_AS_LISTED = {"RESP": "AND"}


def place_of(cues: Sequence[str]) -> int:
    """Return the place of the number asked about among the cues that tell of it."""
    return next((place for place, cue in enumerate(cues) if cue.startswith("#")), 0)


def last_number(found: Sequence[Mark], place: int) -> int:
    """Return the place of the number before a number, its own where there is none."""
    return next((at for at in range(place - 1, -1, -1) if found[at].name.startswith("~")), place)


def crosses(cues: Sequence[str]) -> bool:
    """Tell whether the words that tell of a number reach over another one: "ska minska med 2 och stödet med 1"."""
    return any(cue.startswith("~") for cue in cues[: place_of(cues)])


def repeats(found: Sequence[Mark], place: int) -> bool:
    """Tell whether a number is told as the one before it, at another time: "420 hushåll 2024 och 400 hushåll 2025"."""
    last = last_number(found, place)
    between = [_AS_LISTED.get(mark.name, mark.name) for mark in found[last + 1 : place]]
    told_first = bool({",", "AND"} & set(between[:1])) and "T" in between
    behind = [mark.name for mark in found[place + 1 : place + 4]]
    told_last = between[-2:] == ["T", "AND"] and "T" in behind
    plain = set(between) <= {",", "AND", "T", "TO", "BY", "ON", "NOUN", "w"} and between.count("w") <= 2
    return (told_last or (told_first and plain)) and found[last].name.rstrip("s") == found[place].name.rstrip("s")


def compares_on(cues: Sequence[str], behind: Sequence[Mark]) -> bool:
    """Tell whether a number is more or less than what the one before it was compared with: "och intäkterna 1 mnkr högre"."""
    clause = takewhile(lambda mark: mark.name[:1] not in "~/,", behind)
    says_than = any(mark.name == "THAN" for mark in clause) or any(cue.startswith("~") for cue in cues)
    return bool({"MORE", "LESS", "BETTER", "WORSE"} & set(cues)) and not says_than


def goes_on(found: Sequence[Mark], place: int, series: str) -> bool:
    """Tell whether a number goes on with the list or the apposition that the number before it, of that series, is part of."""
    deviating, ahead = series == "deviation", series in ("budget", "forecast", "target", "plan")
    between: list[str] = []
    for at in range(place - 1, -1, -1):
        name = found[at].name
        if name.startswith("~"):
            alike = (name.rstrip("s") == found[place].name.rstrip("s")) or len(between) <= 2
            names = set(between)
            names -= _COMPARED if deviating or ahead else set()
            names -= {"UP", "DOWN"} if ahead or series in CHANGES else set()
            if _is_parallel(found, at, between):  # "stöd till unga med 3 mnkr, stöd till vuxna med 4"
                names -= {"TO"}
            bracketed = "(" in between[-_TO_BRACKET:] and not names - {"(", "T", "w", ":", "NOUN", "NEGATIVE", "POSITIVE"}
            of_money = found[place].name.startswith("~kr") and bool(names & {"AND", ","})
            dated = of_money or names <= {"AND", ",", "T"}
            plain = not names - {"w", "AND", ",", "BY", "ON", "OFWHICH", "NOUN", "(", ")", "OF", "LIMIT", "T" if dated else "w"}
            listed = bool(names & {"OFWHICH", "BY", "ON"}) or of_money or len(between) <= (_SHORT_ITEM if ahead else 2)
            return alike and (bracketed or (plain and listed and len(between) <= _LONGEST_ITEM))
        between.append(_AS_LISTED.get(name, name))
    return False


def _is_parallel(found: Sequence[Mark], last: int, between: Sequence[str]) -> bool:
    """Tell whether the same small word leads to the last number and to the one behind `between`, the marks from there back."""
    return between[:1] in (["BY"], ["ON"]) and [mark.name for mark in found[max(0, last - 1) : last]] == list(between[:1])
