"""Names: the measure or the municipality that a person means, by id, code, title or label; else the nearest ones."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from functools import lru_cache

from socialvolym import vocabulary
from socialvolym.errors import SocialvolymError
from socialvolym.notation.languages import LANGUAGES
from socialvolym.vocabulary.composition import read_title, systematic

#: How many names a message gives, and how like the text a name must be: a slip of the pen or a part of a title still is.
_NEAR, _LIKE = 3, 0.5


def titled_measure(text: str) -> str | None:
    """Return the id of the measure that has this id or title, also of one that is composed; None where none has."""
    if text in vocabulary.measure_index():
        return text
    parts = read_title(text)
    return _titles().get(text.casefold()) or (systematic(parts) if parts else None)


def find_measure(text: str) -> str | None:
    """Return the id of the measure that is called so, also by a label of the reports; None where none is."""
    listed = vocabulary.find_label(text)
    return titled_measure(text) or (listed[0] if listed else None)


def nearest_measures(text: str, like: float = _LIKE) -> list[str]:
    """Return the ids of the measures whose ids or titles are most like a text, from 0 (nothing in common) to 1 (the same)."""
    return _nearest(text, {**{name: name for name in vocabulary.measure_index()}, **_titles()}, like)


def measure(text: str) -> str:
    """Return the id of the measure that is called so.

    Raises
    ------
    SocialvolymError
        where none is, with the nearest, or where it is no text.
    """
    if not isinstance(text, str):
        raise SocialvolymError(f"a measure is named by its id or title as text, not by {text!r}")
    found = find_measure(text)
    if found is None:
        raise unknown_measure(text, nearest_measures(text))
    return found


def unknown_measure(text: str, near: Iterable[str]) -> SocialvolymError:
    """Return the error that says that no measure is called so, with those that may be meant."""
    index = vocabulary.measure_index()
    named = [f"{name} ({index[name]['title_sv']})" for name in dict.fromkeys(near)]
    return SocialvolymError(f"unknown measure {text!r}; {_meant(named)}the table measures lists those that have figures")


def one_of(text: str, known: Iterable[str], what: str) -> str:
    """Return a name that is one of those known.

    Raises
    ------
    SocialvolymError
        where it is none of them, with the nearest and all of them.
    """
    names = list(known)
    if text in names:
        return text
    near = _nearest(str(text), {name.casefold(): name for name in names})
    raise SocialvolymError(f"unknown {what} {text!r}; {_meant(near)}there are: {', '.join(names)}")


def no_text(code: object) -> str:
    """Return what is wrong with a municipality that is given as a number: 0136 without quotes is the number 94."""
    kind = type(code).__name__
    article = "an" if kind[0] in "aeio" else "a"
    return f'municipality code {code!r} is {article} {kind}; write it as text in quotes, like "0136"'


def municipality_code(text: str) -> str:
    """Return the code of a municipality that is given by code or name.

    Raises
    ------
    SocialvolymError
        where there is none, with the nearest, or where it is no text.
    """
    if not isinstance(text, str):
        raise SocialvolymError(no_text(text))
    known = vocabulary.municipalities()
    codes = {name.casefold(): code for code, name in known.items()}
    if text not in known and text.casefold() not in codes:
        near = nearest_municipalities(text, known)
        raise SocialvolymError(f'unknown municipality {text!r}; {near}give its name or its code as text, like "0136"')
    return text if text in known else codes[text.casefold()]


def nearest_municipalities(text: str, codes: Iterable[str]) -> str:
    """Return those of some municipalities that a text may mean, as a part of a message; nothing where none is near."""
    known = {code: vocabulary.municipalities()[code] for code in codes}
    alike = _nearest(text, {**{name.casefold(): code for code, name in known.items()}, **{code: code for code in known}})
    return _meant([f"{known[code]} ({code})" for code in alike])


def _meant(named: list[str]) -> str:
    return f"nearest: {', '.join(named)}; " if named else ""


def _nearest(text: str, names: Mapping[str, str], like: float = _LIKE) -> list[str]:
    alike = difflib.get_close_matches(text.casefold(), names, n=_NEAR, cutoff=like)
    return list(dict.fromkeys(names[name] for name in alike))


@lru_cache(maxsize=1)
def _titles() -> dict[str, str]:
    rows = vocabulary.measures().iter_rows(named=True)
    return {(row[f"title_{language}"] or "").casefold(): row["measure"] for row in rows for language in LANGUAGES}
