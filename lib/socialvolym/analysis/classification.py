"""Classification: the written rules (rules.toml) by which a change or a trend gets its word, and their sentences."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Literal

from socialvolym import vocabulary
from socialvolym.notation.languages import Language
from socialvolym.toml_files import Data, load_toml
from socialvolym.vocabulary.columns import Domain
from socialvolym.vocabulary.money import is_money

Word = Literal["increase", "decrease", "no_clear_change", "cannot_tell"]
Certainty = Literal["clear", "not_clear", "not_applicable"]
Verdict = Literal["comparable", "per_inhabitant", "development_only", "not_comparable"]


class _Sentence(Data):
    en: str
    sv: str


class Model(_Sentence):
    """A model of chance: the units, quantities and reference times that it fits, and what it assumes."""

    units: tuple[str, ...]
    quantities: tuple[str, ...]
    reference_times: tuple[str, ...]


class NoModel(_Sentence):
    """Why figures have no model of chance, and the units and reference times that this concerns."""

    units: tuple[str, ...] = ()
    reference_times: tuple[str, ...] = ()


class Reason(_Sentence):
    """What a classification rests on, and the word that it gives."""

    word: Word
    certainty: Certainty


class Criterion(_Sentence):
    """What must be the same in two reports, and how far a comparison goes where it is not."""

    verdict: Verdict


class Units(Data):
    """Units that have something in common."""

    units: tuple[str, ...]


class Surveys(Data):
    """Reference times that mean a survey."""

    reference_times: tuple[str, ...]


class Forecast(Data):
    """A measure that is forecast, and the "measure:series" that it is set against."""

    measure: str
    against: tuple[str, ...]


class Product(Data):
    """A cost that is a volume times a unit cost; daily: times the days of the year, where the volume is a mean number placed."""

    cost: str
    volume: str
    price: str
    daily: bool = False


class Kinds(Data):
    """The quantities that are kinds of a committee's revenue and cost and together its net cost.

    rest : those that hold what is none of the others.
    """

    quantities: tuple[str, ...]
    rest: tuple[str, ...]


class Volume(Data):
    """What the cost of a domain is made of.

    volume : the measure whose deviation in per cent stands beside the cost's.
    raised : the measure that says by how many per cent the state raised what each is paid.
    months, mean, cost : what was paid is months times mean, by a unit whose net cost is `cost`.
    """

    domain: Domain
    volume: str
    raised: str
    months: str
    mean: str
    cost: str


class Inflow(Data):
    """How many came in, and the cost of what is done for them."""

    inflow: str
    cost: str


class Contradictions(Data):
    """Rules of the audit by what their errors mean for a comparison (rules.toml)."""

    words: tuple[str, ...]
    mutual: tuple[str, ...]
    rows: tuple[str, ...]
    paired: tuple[str, ...]


class Rules(Data):
    """All written rules (rules.toml)."""

    threshold: dict[str, float]
    model: dict[str, Model]
    volumes: Units
    counts: Units
    surveys: Surveys
    forecast: tuple[Forecast, ...]
    product: tuple[Product, ...]
    kinds: Kinds
    volume: tuple[Volume, ...]
    inflow: tuple[Inflow, ...]
    contradiction: Contradictions
    word: dict[Word, _Sentence]
    subject: dict[str, _Sentence]
    per: dict[str, _Sentence]
    why_no_model: dict[str, NoModel]
    reason: dict[str, Reason]
    note: dict[str, _Sentence]
    comparability: dict[str, Criterion]


@lru_cache(maxsize=1)
def rules() -> Rules:
    """Return the written rules."""
    return load_toml(Rules, Path(__file__).with_name("rules.toml"))


def threshold(name: str) -> float:
    """Return the value of a threshold."""
    return rules().threshold[name]


def sentence(rule: str, language: Language = "en", subject: str | None = None) -> str:
    """Return the sentence of a reason, note, criterion, model or missing one, with the thresholds filled in.

    subject : what it is about, where that is not a printed figure (subject_of).
    """
    tables = rules()
    sources = (tables.reason, tables.note, tables.comparability, tables.why_no_model, tables.model)
    entry = next(source[rule] for source in sources if rule in source)
    values = {name: plain(limit, language) for name, limit in tables.threshold.items()}
    values |= {name: subject or getattr(tables.subject[name], language) for name in ("printed", "figure")}
    return getattr(entry, language).format(**values)  # type: ignore[no-any-return]


#: The unit of a rate, like per_1000_inhabitants_0_20_women, or per_1000_own of denominators of one's own.
_PER = re.compile(r"per_(\d+)_(inhabitants|own)(?:_(\d+)_(\d+|plus))?(?:_(women|men))?$")


def subject_of(kind: str, unit: str, language: Language) -> str:
    """Return what a change of a computed figure is of: a rate in a unit, a number per inhabitant, or an amount in real terms."""
    return str(getattr(rules().subject[kind], language)).format(per=per_in_words(unit, language))


def per_in_words(unit: str, language: Language) -> str:
    """Return what a rate is per; a unit that one has named oneself is said as it is."""
    found = _PER.search(unit)
    if found is None:
        return unit
    number, of, first, last, sex = found.groups()
    parts = [of, *(["older" if last == "plus" else "ages"] if first else []), *([sex] if sex else [])]
    told = "".join(getattr(rules().per[part], language) for part in parts)
    return told.format(number=f"{int(number):,}".replace(",", "," if language == "en" else "\xa0"), first=first, last=last)


def plain(value: float, language: Language) -> str:
    """Write a threshold with as many decimals as it has."""
    return f"{value:g}".replace(".", "," if language == "sv" else ".")


def is_share(unit: str) -> bool:
    """Tell whether a unit changes in percentage points."""
    return unit in rules().why_no_model["share"].units


def is_volume(unit: str) -> bool:
    """Tell whether figures of a unit grow with the size of the municipality."""
    return unit in rules().volumes.units


def reference_time(measure: str) -> str:
    """Return a measure's reference time; "unknown" for a measure that is not in the vocabulary."""
    entry = vocabulary.measure_index().get(measure)
    return (entry and entry["reference_time"]) or "unknown"


def is_survey(measure: str) -> bool:
    """Tell whether a measure comes from a survey."""
    return reference_time(measure) in rules().surveys.reference_times


def why_no_model(measure: str, unit: str) -> str | None:
    """Return why chance is not spoken of where figures of a measure differ (an id of rules.toml); None for counts of events."""
    model, when = rules().model["poisson"], reference_time(measure)
    quantity = (vocabulary.measure_index().get(measure) or {}).get("quantity")
    if unit in model.units and when in model.reference_times and quantity in model.quantities:
        return None
    if is_money(unit):
        return "money"
    reasons = rules().why_no_model.items()
    return next((name for name, reason in reasons if unit in reason.units or when in reason.reference_times), "other")


def classify_rounding(low: float, high: float, size: float, least: float) -> str:
    """Return the rule for a change that is only described: by its rounding interval and its size."""
    if low <= 0 <= high:
        return "within_rounding"
    if not _reaches(size, least):
        return "printed_too_little"
    return "printed_up" if low > 0 else "printed_down"


def _reaches(size: float, least: float) -> bool:
    """Tell whether size >= least, not disturbed by binary fractions."""
    return size >= least - 1e-9
