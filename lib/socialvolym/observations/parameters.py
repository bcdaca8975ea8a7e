"""Notebook parameters: checked by name and value before anything runs, with the allowed values in the message."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import polars as pl

from socialvolym.errors import SocialvolymError
from socialvolym.notation.languages import LANGUAGES, Language
from socialvolym.vocabulary import municipalities, names


def _are_texts(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)


def _is_year(value: object) -> bool:
    return value is None or (isinstance(value, int) and not isinstance(value, bool))


#: What each parameter of the notebooks must be: how to tell, and in words.
_KINDS: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "language": (lambda value: value in LANGUAGES, f"one of: {', '.join(LANGUAGES)}"),
    "municipalities": (
        _are_texts,
        """a list of names or codes as text, like ["0136"] (0136 without quotes is the number 94); """
        """to papermill: -y 'municipalities: ["0136"]'""",
    ),
    "municipality": (
        lambda value: isinstance(value, str),
        """a code as text, like "0136"; to papermill: -y 'municipality: "0136"'""",
    ),
    "first_year": (_is_year, "a year, like 2017, or None"),
    "last_year": (_is_year, "a year, like 2017, or None"),
    "report": (lambda value: isinstance(value, str), "the id of a report, as text"),
    "reports": (_are_texts, """a list of ids of reports, like ["haninge-2022"]; to papermill: -y 'reports: ["haninge-2022"]'"""),
    "stop_on_critical": (lambda value: isinstance(value, bool), "True or False"),
}
#: Series that say what is aimed at, and nothing of what happened: a page of them alone would be empty.
AIMS = ("target", "plan")


@dataclass(frozen=True)
class Settings:
    """The checked parameters of an analysis: language, municipality codes (empty: all with reports), years."""

    language: Language
    municipalities: tuple[str, ...]
    first_year: int
    last_year: int


def check_settings(
    observations: pl.DataFrame,
    language: str,
    codes: Sequence[str],
    first_year: int | None,
    last_year: int | None,
    known: Sequence[str] = (),
    domain: str | None = None,
) -> Settings:
    """Check the parameters of an analysis against the data.

    Parameters
    ----------
    observations : at least those of the chosen municipalities.
    known : the codes that may be chosen; by default those of the observations.
    domain : whose years may be chosen, where the chosen municipalities have figures of it; None: those of all.

    Raises
    ------
    SocialvolymError
        for an unknown language, a municipality code that is no text of four digits or has no report, or years without data;
        the message names the allowed values.
    """
    known = known or sorted(observations["municipality_code"].unique())
    chosen = tuple(_checked_code(code, known) for code in codes) or tuple(known)
    dated = observations.filter(pl.col("municipality_code").is_in(chosen), pl.col("period").is_not_null())
    # What no year is given for is shown whole, also the costs beside a domain's own figures.
    low, high = _bounds(_years(dated))
    first, last = low if first_year is None else first_year, high if last_year is None else last_year
    own = dated.filter(pl.col("domain") == domain) if domain else dated.clear()
    own, of = (own, f" of {str(domain).replace('_', ' ')}") if own.height else (dated, "")
    # Who has published plans only is told by them; otherwise years that hold nothing else are a slip.
    real = _years(own.filter(~pl.col("series").is_in(AIMS).fill_null(value=False)))
    told = _bounds(_years(own) if real.is_empty() else real)
    have = f"the chosen municipalities have figures{of} for {told[0]}-{told[1]}"
    for name, year in (("first_year", first_year), ("last_year", last_year)):
        if not _is_year(year) or (year is not None and not min(_years(own)) <= year <= max(_years(own))):
            kind = "" if _is_year(year) else f"it must be {_KINDS[name][1]}; "
            raise SocialvolymError(f"{name} is {year!r}; {kind}{have}")
    if first > last:
        raise SocialvolymError(f"first_year {first} is after last_year {last}")
    if not real.is_empty() and not real.is_between(first, last).any():
        raise SocialvolymError(f"there are no figures {_span(first_year, last_year)}, but targets and plans at most; {have}")
    return Settings(language=check_language(language), municipalities=chosen, first_year=first, last_year=last)


def _years(dated: pl.DataFrame) -> pl.Series:
    return dated["period"].str.slice(0, 4).cast(pl.Int64)


def _span(first_year: int | None, last_year: int | None) -> str:
    """Return years in words, as they were given."""
    if first_year is None or last_year is None:
        return f"from {first_year} on" if last_year is None else f"up to {last_year}"
    return f"in these years, {first_year}-{last_year}"


def check_parameters(names: Mapping[str, Any], *allowed: str) -> None:
    """Check the parameters that a notebook has been given, before it does anything: every notebook begins with this.

    They may have come from papermill, which only warns of names that the notebook does not have, or from a person who has edited
    the cell of parameters in JupyterLab; so what the kernel has just run (`In`) is looked at: cells of nothing but assignments
    right above the one that asks.

    Parameters
    ----------
    names : the notebook's globals().
    allowed : the names of its parameters.

    Raises
    ------
    SocialvolymError
        for a name that is none of them, one that has no value, or a value of another kind; the message says what is allowed.
    """
    assigned: list[str] = []
    for source in reversed(names.get("In", [])[:-1]):
        alone = _assigned_alone(source)
        if not alone:
            break
        assigned.extend(alone)
    unknown = sorted(set(assigned) - set(allowed))
    if unknown:
        raise SocialvolymError(f"this notebook has no parameter {', '.join(unknown)}; allowed: {', '.join(allowed)}")
    for name in allowed:
        fits, kind = _KINDS[name]
        if name not in names:
            raise SocialvolymError(f"the parameter {name} has no value; it must be {kind}")
        if not fits(names[name]):
            raise SocialvolymError(f"{name} is {names[name]!r}; it must be {kind}")


def _assigned_alone(source: str) -> list[str]:
    """Return the names that a cell assigns; none where it does anything else."""
    try:
        body = ast.parse(source).body
    except SyntaxError:  # commands of IPython, or a slip of the pen
        return []
    targets: list[ast.expr | None] = []
    for statement in body:
        annotated = statement.target if isinstance(statement, ast.AnnAssign) else None
        targets += statement.targets if isinstance(statement, ast.Assign) else [annotated]
    names = [target.id for target in targets if isinstance(target, ast.Name)]
    return names if len(names) == len(targets) else []


def check_language(language: str) -> Language:
    """Return a language that pages are written in; stop at any other, naming those that are."""
    for known in LANGUAGES:
        if language == known:
            return known
    raise SocialvolymError(f"language is {language!r}; allowed: {', '.join(LANGUAGES)}")


def _bounds(years: pl.Series) -> tuple[int, int]:
    values = years.to_list()
    if not values:
        raise SocialvolymError("the chosen municipalities have no figure with a period; run `make data` or choose others")
    return min(values), max(values)


def codes_of(given: Sequence[Any]) -> list[Any]:
    """Return the codes of municipalities that are given by name or code; what is neither is left to the check.

    Raises
    ------
    SocialvolymError
        where one text is given and no list of them.
    """
    if isinstance(given, str):
        raise SocialvolymError(f"municipalities is {given!r}; it must be {_KINDS['municipalities'][1]}")
    codes = {name.casefold(): code for code, name in municipalities().items()}
    return [codes.get(text.casefold(), text) if isinstance(text, str) else text for text in given]


def _checked_code(code: Any, known: Sequence[str]) -> str:
    allowed = ", ".join(f"{c} {municipalities()[c]}" for c in known)
    if not isinstance(code, str):
        raise SocialvolymError(f"{names.no_text(code)}. Codes with reports: {allowed}")
    if code not in known:
        near, named = names.nearest_municipalities(code, known), municipalities().get(code)
        told = f"{named} ({code})" if named else f"municipality {code!r}"
        raise SocialvolymError(f"there is no report of {told}; {'' if named else near}codes with reports: {allowed}")
    return code


def parameter_defaults(notebook: Path) -> dict[str, Any]:
    """Return the names and default values in the notebook's one cell tagged `parameters`."""
    cells = [cell for cell in _read(notebook).cells if "parameters" in cell.metadata.get("tags", [])]
    if len(cells) != 1:
        raise SocialvolymError(f"{notebook.name}: {len(cells)} cells are tagged `parameters`; there must be one")
    return dict(_assignments(ast.parse(cells[0].source)))


def _read(notebook: Path) -> nbformat.NotebookNode:
    try:
        found: nbformat.NotebookNode = nbformat.reads(notebook.read_text(encoding="utf-8"), as_version=4)  # type: ignore[no-untyped-call]
        return found
    except OSError as error:
        raise SocialvolymError(f"{notebook}: cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, nbformat.reader.NotJSONError) as error:
        raise SocialvolymError(f"{notebook}: is no notebook") from error


def _assignments(tree: ast.Module) -> Iterable[tuple[str, Any]]:
    for node in tree.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            yield node.target.id, ast.literal_eval(node.value)
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, ast.literal_eval(node.value)


def check_names(notebook: Path, given: Mapping[str, Any]) -> None:
    """Check that a notebook has all the parameters that it is given."""
    allowed = parameter_defaults(notebook)
    unknown = sorted(set(given) - set(allowed))
    if unknown:
        raise SocialvolymError(f"{notebook.name} has no parameter {', '.join(unknown)}; allowed: {', '.join(allowed)}")


def check_values(notebook: Path, given: Mapping[str, Any]) -> None:
    """Check the parameters that a notebook is given: names that it has, and values of the kind of its defaults.

    Raises
    ------
    SocialvolymError
        for a name that the notebook does not have, or a value of another kind; a municipality's code is text.
    """
    if not notebook.exists():
        raise SocialvolymError(f"{notebook}: there is no such notebook")
    check_names(notebook, given)
    defaults = parameter_defaults(notebook)
    for name, value in given.items():
        expected = defaults[name]
        if isinstance(expected, list):
            fits = isinstance(value, list) and all(isinstance(item, str) for item in value)
        else:
            fits = expected is None or type(value) is type(expected)
        if not fits:
            raise SocialvolymError(
                f"{notebook.name}: the parameter {name} is {value!r}; it must be of the kind of {expected!r}"
                + (", a list of texts" if isinstance(expected, list) else "")
            )
