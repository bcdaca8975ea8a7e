"""Terms: the words of the field in a text, each with what it means (terms.csv), on whole words and compounds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from socialvolym.errors import SocialvolymError
from socialvolym.notation.numbers import RAISED
from socialvolym.vocabulary.files import load, municipalities

#: What a term may tell of; "filler" are words that say nothing of the four parts.
PARTS = ("activity", "law", "quantity", "population", "reference_time", "filler")
TERM_COLUMNS = ("part", "meaning", "terms")
_PLACE = "terms.csv of the vocabulary"
_LETTERS = r"([a-zåäöéü]*)"
_FROM_TO = r"(?P<low>\d{1,2})\s?[-–—]\s?(?P<high>\d{1,3})(?:\s?år|\b(?=\s*$))"
#: "65 år-", "65- år" and "65-" are open upwards where nothing follows, or another part of the label.
_OPEN = r"(?:\s?[-–—]\s?år\b|(?:\s?år\s?|(?<=\d\d))[-–—](?=\s*(?:$|[,;:)/])))"
_AND_OLDER = rf"(?P<from>\d{{1,2}})(?:{_OPEN}|(?:\s?år)?(?:\s?\+|\s(?:år )?(?:och|eller) (?:äldre|uppåt)|\s?-\s?w\b))"
_BELOW = r"(?:<|under|upp till|yngre än)\s?(?P<under>\d{1,2})\s?år"
_ABOVE = r"(?:>|över|äldre än)\s?(?P<over>\d{1,2})\s?år|(?P<above>\d{1,2})\s?år\s?>"
_AGE = re.compile(rf"(?<![\d-])(?<!dag )(?<!dagar )(?:{_FROM_TO}|{_AND_OLDER}|{_BELOW}|{_ABOVE})", re.IGNORECASE)
#: A stroke after these words, or before these, means "per".
_AMOUNTS = r"kr|kronor|[kt]kr|\w*kostnad\w*|\w*belopp|\w*bistånd|utbetal\w*|dygn"
_PER = re.compile(rf"\b({_AMOUNTS})\s*-?\s*/\s*|()\s*/\s*(?=1 ?0|inv)", re.IGNORECASE)
#: Units at the end of a label that say nothing beside the quantity.
_UNITS = ("dagar", "månader", "veckor", "minuter", "år")
#: The name of a committee or its office, of one or several areas: it says who, not what.
_COMMITTEE = re.compile(r"(?:\w+-(?:, \w+-)* (?:och|samt) )?\w*(?:nämnd(?:en)?|styrelsen|förvaltningen)s?\b", re.IGNORECASE)


@dataclass(frozen=True)
class Term:
    """A term as it is written (`text`) and as a regular expression; every text with the term holds `stem`."""

    part: str
    meaning: str
    text: str
    expression: str
    stem: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The expression, compiled where a text holds the stem: most pages need few of them.

        Its groups are what the term's asterisks stand for.

        Raises
        ------
        SocialvolymError
            where it is none.
        """
        try:
            return re.compile(self.expression)
        except re.error as error:
            raise SocialvolymError(f"{_PLACE}: {self.text!r} is no term: {error}") from error


@dataclass(frozen=True)
class Hit:
    """A term that was found, and where in the plain text.

    `own` is where the term's own letters begin, behind the part of a compound that it leaves open; `weight` is their number.
    """

    part: str
    meaning: str
    start: int
    end: int
    own: int
    weight: int


@dataclass(frozen=True)
class Words:
    """What the words of a text mean.

    Attributes
    ----------
    text : the text as the terms were looked for in it. printed : as it stands.
    hits : the terms found, in the order of the text; those of one part do not overlap.
    ages : age groups such as "0_17" or "65_plus".
    rest : the words that no term and no filler covers, in their order: what the vocabulary does not know of the text.
    """

    text: str
    printed: str
    hits: tuple[Hit, ...]
    ages: tuple[str, ...]
    rest: tuple[str, ...]

    def of(self, part: str) -> tuple[Hit, ...]:
        """Return the hits of one part."""
        return tuple(hit for hit in self.hits if hit.part == part)

    def meanings(self, part: str) -> tuple[str, ...]:
        """Return the meanings of one part, each once."""
        return tuple(dict.fromkeys(hit.meaning for hit in self.hits if hit.part == part))


def read_term(text: str, part: str = "", meaning: str = "") -> Term:
    """Return a term: words with * for any letters, [..] for a word that may be left out, (a|b) for either of several.

    Raises
    ------
    SocialvolymError
        where it holds other signs.
    """
    if not re.fullmatch(r"[\wåäöé%*|()\[\] ]+", text):
        raise SocialvolymError(f"{_PLACE}: the term {text!r} holds other signs than letters, digits, blanks, %, *, [], | and ()")
    pattern, begun = "", False
    for piece in re.findall(r"\[[^\]]*\]|(?:[\w%*]|\([^)]*\))+", text):
        word = _word(piece.strip("[]"))
        if piece.startswith("["):
            pattern += f"(?: {word})?" if begun else f"(?:{word} )?"
        else:
            pattern += f" {word}" if begun else word
            begun = True
    needed = re.sub(r"\[[^\]]*\]|\([^)]*\)", " ", text)
    stem = max(re.split(r"[ *]+", needed), key=len)
    return Term(part, meaning, text, rf"(?<![\w%]){pattern}(?![\w%])", stem)


def _word(piece: str) -> str:
    return r"(\w+)" if piece == "*" else piece.replace("(", "(?:").replace("*", _LETTERS)


@lru_cache(maxsize=1)
def terms() -> tuple[Term, ...]:
    """Return all terms of terms.csv."""
    return tuple(
        read_term(text.strip(), row["part"], row["meaning"] or "")
        for row in load("terms.csv", TERM_COLUMNS).iter_rows(named=True)
        for text in row["terms"].split(";")
        if text.strip()
    )


def plain(text: str) -> str:
    """Return a text as terms are looked for in it: lower case, words put together again, single blanks, no punctuation."""
    text = unicodedata.normalize("NFC", text).replace("\u00ad", "")
    text = _COMMITTEE.sub("nämnden", text)
    text = _PER.sub(r"\1 per ", text)
    text = re.sub(r"(?<=[a-zåäö])-\s+(?!och\b|eller\b|samt\b)/?\s*(?=[a-zåäö])", "", text)
    text = re.sub(r"(?<=[a-zåäö]s)-(?=[a-zåäö])", "", text)
    text = re.sub(rf"(?<=[a-zåäö)])\d(?!\d)|[{RAISED}⁽⁾]+", "", text.lower())
    text = re.sub(r"[<≤]=?\s?(?=\d)", " högst ", re.sub(r"[=>≥]+\s?(?=\d)", " lägst ", text))
    return re.sub(r"\s+", " ", re.sub(r"[^\w%]+", " ", text)).strip()


@lru_cache(maxsize=32768)
def read_words(text: str) -> Words:
    """Find the terms of a text; of those of one part that overlap the one with most letters counts."""
    ages = tuple(_age(match) for match in _AGE.finditer(text))
    simple = plain(_AGE.sub(" ", text) if ages else text)
    found = [_hit(term, match) for term in terms() if term.stem in simple for match in term.pattern.finditer(simple)]
    kept: list[Hit] = []
    for hit in sorted(found, key=lambda hit: (-hit.weight, hit.start)):
        if not any(hit.part == other.part and hit.start < other.end and other.start < hit.end for other in kept):
            kept.append(hit)
    ordered = sorted(kept, key=lambda hit: (hit.start, hit.end, PARTS.index(hit.part)))
    return Words(simple, text, tuple(ordered), ages, _rest(simple, kept))


def _hit(term: Term, match: re.Match[str]) -> Hit:
    spans = [match.span(number) for number in range(1, len(match.groups()) + 1) if match[number]]
    own = spans[0][1] if spans and spans[0][0] == match.start() else match.start()
    return Hit(term.part, term.meaning, *match.span(), own, len(match[0]) - sum(end - begin for begin, end in spans))


def _age(match: re.Match[str]) -> str:
    if match["low"]:
        return f"{int(match['low'])}_{int(match['high'])}"
    if match["from"]:
        return f"{int(match['from'])}_plus"
    return f"under_{match['under']}" if match["under"] else f"over_{match['over'] or match['above']}"


def _rest(simple: str, hits: Iterable[Hit]) -> tuple[str, ...]:
    """Return the words outside all hits, without years and the names of municipalities.

    The first part of a compound counts as such a word where no term knows it: "pensions" of "pensionskostnader".
    """
    text = list(simple)
    for hit in hits:
        text[hit.own : hit.end] = " " * (hit.end - hit.own)
    left = _places().sub(" ", "".join(text))
    words = [word for word in left.split() if (len(word) > 1 or word.isdigit()) and not _is_term(word)]
    if words and words[-1] in _UNITS and not any(word.isdigit() for word in words):
        words.pop()
    return tuple(words) if any(not word.isdigit() for word in words) else ()


@lru_cache(maxsize=8192)
def _is_term(word: str) -> bool:
    """Tell whether a word, or the first part of a compound with or without its s, is a term."""
    return any(term.pattern.fullmatch(part) for part in {word, word.removesuffix("s")} for term in terms() if term.stem in part)


@lru_cache(maxsize=1)
def _places() -> re.Pattern[str]:
    names = sorted((plain(name) for name in municipalities().values()), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(names)}|(?:19|20)\d\d)s?(?!\w)")
