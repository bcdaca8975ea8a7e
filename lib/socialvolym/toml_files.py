"""TOML files with a model: loaded and checked, or refused in one line that says what is wrong where."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from socialvolym.errors import SocialvolymError

_M = TypeVar("_M", bound=BaseModel)


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
