"""Told arithmetic: differences, percentages and shares that a sentence tells, against the other figures that it tells.

The figures are those of the sentence, and of the one before where it goes on about them: "Det är en ökning med …".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from socialvolym.audit.check_table import Check, check_of
from socialvolym.audit.rules.arithmetic.column_relations import is_slip
from socialvolym.notation.intervals import DUST
from socialvolym.notation.periods import DIFFERENCES
from socialvolym.vocabulary.codebook import measure_index

#: A figure of a sentence, of prepared figures, with columns.AUDITED.
Told = Mapping[str, Any]
LEVELS = ("outturn", "budget", "forecast", "plan", "target")
#: Two figures of one thing are not further apart than this.
_ALIKE = 2.0
#: The sentence before one that goes on about its figures ends at most so many lines above.
_NEXT_LINES = 2
#: Quantities that a change in per cent has where its sentence does not say what it is of.
_UNSAID = ("count", "share", "money")
#: A number of fewer digits is the sum of two others by chance.
_TELLING = 100
_SEXES = ("women", "men", "girls", "boys")
#: Measures whose surplus is more than was budgeted.
_INCOME = re.compile(r"revenue|grant|result|income")
_COUNTS = ("count", "persons", "households", "placements_per_year", "household_months", "care_days")


def dimension(figure: Told) -> str:
    """Return what a figure is held against: what is counted is one, persons in one place and decisions in the next."""
    return "count" if figure["dimension"] in _COUNTS else str(figure["dimension"])


def _of_levels(change: Told) -> str:
    """Return the dimension of the levels that a difference is of: percentages differ by points."""
    return "percent" if change["dimension"] == "points" else dimension(change)


def alike(one: float, other: float) -> bool:
    """Tell whether two values may be of one thing."""
    return 0 < max(abs(one), abs(other)) <= _ALIKE * min(abs(one), abs(other))


def check(told: Sequence[Told], before: Sequence[Told]) -> Iterator[Check]:
    """Yield the failing checks of a sentence by itself and with the one before it.

    Parameters
    ----------
    told, before : the figures of the sentence and of the one before it; codes are a list.
    """
    of_both = [*before, *told] if goes_on(told, before) else told
    yield from _differences(of_both)
    yield from _results(of_both)
    yield from _percentages(of_both)
    yield from _shares(told, before)
    yield from _turns(told)
    yield from _parts(told)
    yield from _unit_costs(told)


def _near(told: Sequence[Told], before: Sequence[Told]) -> bool:
    return bool(before) and told[0]["report"] == before[0]["report"] and told[0]["line"] - before[-1]["line"] <= _NEXT_LINES


def goes_on(told: Sequence[Told], before: Sequence[Told]) -> bool:
    """Tell whether a sentence is of the change between the figures of the one before it: "Det är en ökning med …"."""
    return _near(told, before) and "goes_on" in told[0]["codes"] and told[0]["series"] in DIFFERENCES


def _pair(levels: Sequence[Told]) -> tuple[Told, Told] | None:
    """Return two levels of one thing, the earlier one first; None where they are not two, or of one time."""
    if len(levels) != 2 or dimension(levels[0]) != dimension(levels[1]):
        return None
    before, after = sorted(levels, key=lambda one: one["period"] or "")
    apart = (before["period"], before["series"]) != (after["period"], after["series"])
    return (before, after) if apart and before["v"] and after["v"] and alike(before["v"], after["v"]) else None


def _in_one_clause(told: Sequence[Told], figures: Sequence[Told]) -> bool:
    """Tell whether a passage tells of figures together: no "och" or "medan" before one that is not the first."""
    places = [place for place, one in enumerate(told) if one in figures]
    return not any("new" in one["codes"] for one in told[places[0] + 1 : places[-1] + 1])


def _differences(told: Sequence[Told]) -> Iterator[Check]:
    """Check the one difference of a dimension against the only two levels of it, where these are compared or a digit is off."""
    changes = [one for one in told if one["series"] == "change_abs"]
    for change in changes:
        rivals = [one for one in changes if _of_levels(one) == _of_levels(change)]
        pair = _pair([one for one in told if dimension(one) == _of_levels(change) and one["series"] in LEVELS])
        if pair is None or len(rivals) > 1 or not _in_one_clause(told, (change, *pair)):
            continue
        expected = abs(pair[0]["v"] - pair[1]["v"])
        off = abs(abs(change["v"]) - expected) - change["h"] - pair[0]["h"] - pair[1]["h"]
        right = expected / abs(change["v"] / change["value"]) if change["value"] else 0.0
        slip = is_slip(change["value"], right, change["step"])
        # Means that are rounded each by itself differ by one in the last digit.
        if off > change["s"] * (1 + DUST) and (slip or any("versus" in one["codes"] for one in pair)):
            yield {**check_of(change, "change", right, off / change["s"]), "lines": str(pair[0]["line"])}


def _results(told: Sequence[Told]) -> Iterator[Check]:
    """Check a surplus or a deficit against the only two amounts it is told with, what was spent and what was given."""
    results = [(one, word) for one in told for word in one["codes"] if word.startswith(("plus:", "minus:"))]
    amounts = [one for one in told if one["series"] in LEVELS and one["dimension"] == "money"]
    budgets = [one for one in amounts if one["series"] == "budget"]
    if len(results) != 1 or len(amounts) != 2 or len(budgets) != 1 or _INCOME.search(f"{amounts[0]['measure']}"):
        return
    ((one, said),) = results
    (cost,) = (amount for amount in amounts if amount is not budgets[0])
    off, way = abs(cost["v"]) - abs(budgets[0]["v"]), said.partition(":")
    slack = sum(amount["h"] for amount in (one, *amounts)) + DUST * one["s"]
    if one["dimension"] == "money" and off and abs(abs(off) - abs(one["v"])) <= slack and (off > 0) != (way[0] == "minus"):
        yield {**check_of({**one, "published_as": way[2]}, "direction_told", None, 1.0), "cause": "amounts"}


def _turns(told: Sequence[Told]) -> Iterator[Check]:
    """Check "minskade från 69 till 75" and the like by its own two figures."""
    for first, one in pairwise(told):
        turn = next((code for code in one["codes"] if code.startswith(("up:", "down:"))), "")
        if not turn or "versus" not in one["codes"] or first["unit"] != one["unit"] or first["series"] not in LEVELS:
            continue
        off, (way, _, word) = abs(one["v"]) - abs(first["v"]), turn.partition(":")
        same_sign, slack = first["v"] > 0 and one["v"] > 0, first["h"] + one["h"] + DUST * one["s"]
        if same_sign and one["series"] in LEVELS and abs(off) > slack and (off > 0) != (way == "up"):
            yield {**check_of({**one, "published_as": word}, "direction_told", None, 1.0), "cause": "amounts"}


def _parts(told: Sequence[Told]) -> Iterator[Check]:
    """Check "330 personer, 131 kvinnor och 169 män": a whole is not less than its women and men, and no slip of their sum."""
    for whole, *parts in zip(told, told[1:], told[2:], strict=False):
        counted = all(dimension(one) == "count" and one["series"] == "outturn" for one in (whole, *parts))
        if not counted or {one["period"] for one in parts} != {whole["period"]}:
            continue
        sexes = [next((word for word in one["measure"].split(".") if word in _SEXES), None) for one in (whole, *parts)]
        of_sexes, expected = sexes[0] is None and len({*sexes[1:]} - {None}) == 2, sum(one["v"] for one in parts)
        # Numbers that stand together by chance are no slip of each other's sum.
        listed = (
            expected >= _TELLING * whole["step"] and "whole" not in whole["codes"] and whole["v"] > max(p["v"] for p in parts)
        )
        slip = is_slip(whole["v"], expected, whole["step"]) and (of_sexes or listed)
        if slip or (of_sexes and whole["v"] < expected):
            yield check_of(whole, "sum", expected, abs(whole["v"] - expected))


def _unit_costs(told: Sequence[Told]) -> Iterator[Check]:
    """Check the one cost of a day or a person against the only cost and the only number of them in its sentence."""
    levels = [one for one in told if one["series"] == "outturn" and one["dimension"] != "percent"]
    each = [one for one in levels if one["unit"].startswith("SEK_per_")]
    cost = [one for one in levels if one["dimension"] == "money"]
    counts = [one for one in levels if dimension(one) == "count"]
    if not len(each) == len(cost) == len(counts) == 1 or len({one["period"] for one in (*each, *cost, *counts)}) > 1:
        return
    (price,), (paid,), (number,) = each, cost, counts
    if not number["v"] or (price["unit"] == "SEK_per_day") != (number["dimension"] == "care_days"):
        return
    expected = abs(paid["v"] / number["v"])
    slack = (paid["h"] + expected * number["h"]) / abs(number["v"])
    gap = abs(abs(price["v"]) - expected) - slack - price["s"]
    if gap > 0 and alike(price["v"], expected):
        lines = dict.fromkeys(str(one["line"]) for one in (number, paid))
        yield {**check_of(price, "ratio_of_rows", expected, gap / price["s"]), "lines": ", ".join(lines), "cause": "told"}


def level_of(change: Told, told: Sequence[Told]) -> Told | None:
    """Return the level beside a change that it is told of, in one clause with it: "5 440 kronor, en uppgång med 7,1 procent"."""
    place = next(n for n, one in enumerate(told) if one is change)
    before, after = (told[n] if 0 <= n < len(told) else None for n in (place - 1, place + 1))
    if before and before["series"] in LEVELS and "new" not in change["codes"]:
        return before
    return after if after and after["series"] in LEVELS and "new" not in after["codes"] else None


def _percentages(told: Sequence[Told]) -> Iterator[Check]:
    """Check the one percentage of change in a sentence against the only two figures of one thing that it tells."""
    changes = [one for one in told if one["series"] == "change_pct"]
    levels = [one for one in told if one["series"] in LEVELS and one["dimension"] != "percent"]
    if len(changes) != 1:
        return
    (change,), apart = changes, [one for one in told if one["series"] == "change_abs"]
    if len(levels) == 1 and len(apart) == 1 and len(told) == len((*changes, *levels, *apart)):
        yield from _percentage_of_difference(change, levels[0], apart[0])
    pair = _pair(levels)
    if pair is None or len(told) != len((*changes, *levels, *apart)) or len(apart) > 1:
        return
    if pair[0]["period"] == pair[1]["period"] or not all(_of_one_thing(change, one) for one in pair):
        return
    before, after = pair
    expected = 100 * (abs(after["v"]) / abs(before["v"]) - 1)
    slack = 100 * (before["h"] + after["h"]) / abs(before["v"]) * _ALIKE
    gap = abs(abs(change["v"]) - abs(expected)) - slack - change["s"]
    difference = abs(after["v"] - before["v"])
    of_after = abs(abs(change["v"]) - 100 * difference / (abs(after["v"]) or 1)) <= change["s"]
    of_difference = abs(abs(change["v"]) - difference) <= change["s"]
    # Years may be read the other way round; what rises is the lesser one before in any case.
    way = "rises" if expected > 0 else "falls"
    if gap > 0 and (way in change["codes"] if of_after else not of_difference):
        yield check_of(change, "other_base" if of_after else "percentage", expected, gap / change["s"])


def _percentage_of_difference(change: Told, level: Told, apart: Told) -> Iterator[Check]:
    """Check "783, 80 more than the year before": the percentage is of what was, also where it is right of what is now."""
    way = {"rises": -1, "falls": 1}.get(next((code for code in change["codes"] if code in ("rises", "falls")), ""))
    of_one = dimension(apart) == dimension(level) and apart["period"] == level["period"]
    if way is None or not of_one or not _of_one_thing(change, level):
        return
    after, difference = abs(level["v"]), abs(apart["v"])
    before, slack = after + way * difference, 100 * (level["h"] + 2 * apart["h"]) / after
    of_both = [100 * difference / base for base in (before, after) if base > 0]
    if len(of_both) < 2 or not alike(before, after):
        return
    off, off_after = (abs(abs(change["v"]) - expected) for expected in of_both)
    if off > slack * _ALIKE + change["s"] and off_after <= slack + change["s"] / 2 + DUST:
        yield check_of(change, "other_base", -way * of_both[0], off / change["s"])


def _of_one_thing(change: Told, level: Told) -> bool:
    """Tell whether a change may be of what a level counts; "8,6 procent" of the norm is none of the amount per household."""
    own, other = ((measure_index().get(one["measure"]) or {}).get("quantity") for one in (change, level))
    return "goes_on" in change["codes"] or own in (None, *_UNSAID) or other is None or own == other


def _shares(told: Sequence[Told], before: Sequence[Told]) -> Iterator[Check]:
    """Check "41 av 63, vilket motsvarar 65 procent", the whole in the sentence or the only count of the one before it."""
    for place, (near, share) in enumerate(pairwise(told)):
        if share["dimension"] != "percent" or "share" not in share["codes"] or near["dimension"] == "percent":
            continue
        counts = [one for one in told if dimension(one) == dimension(near) and one["series"] in LEVELS]
        part, wholes = near, [one for one in counts if "whole" in one["codes"] and one is not near]
        if "whole" in near["codes"] and place:
            part, wholes = told[place - 1], [near]
        elif not wholes and "of_them" in share["codes"] and _near(told, before):
            wholes = counts = [one for one in before if dimension(one) == dimension(near) and one["series"] in LEVELS]
        if len(wholes) != 1 or dimension(part) != dimension(wholes[0]) or abs(part["v"]) > abs(wholes[0]["v"]):
            continue
        expected = 100 * abs(part["v"] / wholes[0]["v"]) if wholes[0]["v"] else 0.0
        gap = abs(abs(share["v"]) - expected) / share["step"]
        if gap > 1 and not any(is_share(share, part, one["v"]) for one in (*counts, *before) if one["v"]):
            yield {**check_of(share, "ratio", expected, gap), "lines": str(part["line"])}


def is_share(share: Told, part: Told, whole: float) -> bool:
    """Tell whether a percentage is what a part is of a whole."""
    return bool(whole) and bool(abs(abs(share["v"]) - 100 * abs(part["v"] / whole)) <= share["step"])
