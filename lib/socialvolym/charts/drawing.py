"""Drawing charts: Vega's engine takes half a second to start and is slow at first, so one draws for all pages of a run.

A drawing is a pure function of its specification: the same chart on another page or in the next run is read from build/drawn.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
import time
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

import vl_convert

from socialvolym import atomic, channels, paths

#: Of the specifications that altair writes.
VEGA_LITE = "6.4"
_DAY = 86400
#: A drawing that no run has asked for in so many days is forgotten.
KEPT_DAYS = 60
#: Where the process is asked that draws for this one; None where this one draws by itself.
_drawer: socket.socket | None = None


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
    if kept is None:
        return _drawn(asked, None)
    place = kept / f"{_hash(asked)}.svg"
    known = _kept(place)
    if known is None and _drawer is not None:
        # It ends the channel when the drawing is kept or cannot be.
        with suppress(OSError, EOFError), channels.ask(_drawer) as drawer:
            drawer.send((asked, place))
            drawer.recv()
        known = _kept(place)
    # A drawer that has died, and a chart that cannot be drawn, which this process then says.
    return _drawn(asked, place) if known is None else known


def _drawn(asked: str, place: Path | None) -> str:
    """Draw, and keep the drawing at its place."""
    _, vl_version, spec, options = json.loads(asked)
    drawn = str(vl_convert.vegalite_to_svg(spec, vl_version=vl_version, **options))
    # What cannot be kept is drawn again the next time.
    with suppress(OSError):
        if place is not None:
            atomic.write_text(f"{_hash(drawn)}\n{drawn}", place)
    return drawn


def shared() -> socket.socket:
    """Have all processes that this one forks from now on ask another one to draw; return where that one is asked (`serve`)."""
    global _drawer
    _drawer, asked = socket.socketpair()
    return asked


def serve(asked: socket.socket) -> None:
    """Draw what other processes ask for, one chart after another, until none of them is left."""
    global _drawer
    _drawer = None
    while channel := channels.asked(asked):
        with channel, suppress(OSError, EOFError, ValueError):
            _drawn(*channel.recv())


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
