"""Drawing charts: Vega's engine takes half a second to start and a twentieth for each chart, so what a run draws is kept.

A drawing is a pure function of its specification: the same chart on another page or in the next run is read from build/drawn.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

import vl_convert

from socialvolym import atomic, paths

#: Of the specifications that altair writes.
VEGA_LITE = "6.4"
_DAY = 86400
#: A drawing that no run has asked for in so many days is forgotten.
KEPT_DAYS = 60


def svg(spec: dict[str, Any], vl_version: str, **options: Any) -> str:
    """Return a Vega-Lite specification as SVG.

    Parameters
    ----------
    vl_version : of Vega-Lite.
    options : of vl_convert.vegalite_to_svg.

    Raises
    ------
    ValueError
        where the specification cannot be drawn.
    """
    asked, kept = json.dumps([version("vl-convert-python"), vl_version, spec, options], sort_keys=True), paths.drawn()
    place = kept / f"{_hash(asked)}.svg" if kept else None
    known = _kept(place) if place else None
    if known is not None:
        return known
    drawn = str(vl_convert.vegalite_to_svg(spec, vl_version=vl_version, **options))
    if place:
        # What cannot be kept is drawn again the next time.
        with suppress(OSError):
            atomic.write_text(f"{_hash(drawn)}\n{drawn}", place)
    return drawn


def _kept(place: Path) -> str | None:
    """Return a kept drawing; None where there is none or it is not what was kept."""
    try:
        content, _, drawn = place.read_text(encoding="utf-8").partition("\n")
        if content != _hash(drawn):
            return None
        if time.time() - place.stat().st_mtime > _DAY:
            os.utime(place)
        return drawn
    except (OSError, ValueError):
        return None


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def forget_unused(kept: Path) -> None:
    """Remove the drawings that no run has asked for in a long time."""
    for place in kept.glob("*.svg"):
        if time.time() - place.stat().st_mtime > KEPT_DAYS * _DAY:
            place.unlink(missing_ok=True)
