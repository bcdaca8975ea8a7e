"""TOML files with a model: loaded and checked, or refused in one line that says what is wrong where."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from socialvolym.errors import SocialvolymError

_M = TypeVar("_M", bound=BaseModel)


class Data(BaseModel):
    """What stands in a data file: it has no other fields than its model's, and is not changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def load_toml(model: type[_M], path: Path) -> _M:
    """Load a TOML file and check it against its model.

    Raises
    ------
    SocialvolymError
        where the file is absent, is no TOML or breaks its model.
    """
    try:
        return model.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise SocialvolymError(f"{path}: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SocialvolymError(f"{path}: cannot be read as TOML: {error}") from error
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise SocialvolymError(f"{path}: {problems}") from error


class Words(dict[str, Any]):
    """Words by name, in groups; one that is asked for and not there is told with the place where it belongs."""

    def __init__(self, words: Mapping[str, Any], place: str) -> None:
        super().__init__({k: Words(v, f"{place}[{k}]") if isinstance(v, dict) else v for k, v in words.items()})
        self._place = place

    def __missing__(self, name: str) -> Any:
        """Say where the words are to be added."""
        raise SocialvolymError(f"{self._place} has no words for {name!r}: add them, in each language")


def load_words(path: Path) -> Words:
    """Load the words of a TOML file that stands beside the code."""
    return Words(tomllib.loads(path.read_text(encoding="utf-8")), f"{path.parent.name}/{path.name} ")


def as_toml(values: Mapping[str, Any]) -> str:
    """Write values by name as TOML: a date as it is; JSON's texts, numbers and lists are TOML, but for the delete character."""

    def written(value: Any) -> str:
        return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")

    return "".join(f"{name} = {written(value)}\n" for name, value in values.items())
