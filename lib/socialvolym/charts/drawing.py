"""Drawing charts by processes that stay: Vega's engine takes half a second to start, which no kernel should pay again.

A drawing is a pure function of its specification, so sharing the engine shares nothing between notebooks, and what has been drawn
once is kept in build/drawn: the same chart on another page or in the next run is read from there. Where no such process runs, a
chart is drawn in the process that asks.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

import vl_convert

from socialvolym import atomic
from socialvolym.workflow import forking

#: Environment variable that names the socket of the drawing processes; unset: charts are drawn where they are made.
SERVER = "SOCIALVOLYM_DRAWING"
#: Of the specifications that altair writes.
VEGA_LITE = "6.4"
_ANSWER_SECONDS = 120.0
_DAY = 86400
#: A drawing that no run has asked for in so many days is forgotten.
KEPT_DAYS = 60
_FIRST = {"mark": "point", "data": {"values": [{}]}}


def svgs(specs: Sequence[dict[str, Any]], vl_version: str, **options: Any) -> list[str]:
    """Return Vega-Lite specifications as SVG; those that differ in width alone are compiled once.

    Parameters
    ----------
    specs : Vega-Lite specifications.
    vl_version : of Vega-Lite.
    options : of vl_convert.vega_to_svg.

    Raises
    ------
    ValueError
        where a specification cannot be drawn.
    """
    request = {"specs": list(specs), "vl_version": vl_version, "options": options}
    answer = _asked(os.environ.get(SERVER), request) or draw(request)
    if "error" in answer:
        raise ValueError(answer["error"])
    return list(answer["svgs"])


def _asked(server: str | None, request: dict[str, Any]) -> dict[str, Any] | None:
    """Return a drawing process's answer; None where there is none, so that the chart is drawn here."""
    if not server:
        return None
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(_ANSWER_SECONDS)
    try:
        with connection, connection.makefile("rwb") as stream:
            connection.connect(server)
            stream.write(json.dumps(request).encode() + b"\n")
            stream.flush()
            answer: dict[str, Any] = json.loads(stream.readline())
            return answer
    except (OSError, ValueError):
        return None


def draw(request: dict[str, Any], kept: Path | None = None) -> dict[str, Any]:
    """Return the answer to a request: the drawings, from the folder `kept` where they are there and whole, or an error."""
    compiled = _Compiled(request["vl_version"])
    try:
        return {"svgs": [_drawn(spec, request["options"], compiled, kept) for spec in request["specs"]]}
    except ValueError as error:
        return {"error": str(error)}


class _Compiled:
    """The last specification that was compiled to Vega: the same one in another width need not be compiled again."""

    def __init__(self, vl_version: str) -> None:
        self.vl_version = vl_version
        self._known: tuple[dict[str, Any], dict[str, Any]] | None = None

    def vega(self, spec: dict[str, Any]) -> dict[str, Any]:
        """Return the specification compiled to Vega."""
        rest = {name: part for name, part in spec.items() if name != "width"}
        if self._known is not None and self._known[0] == rest:
            return {**self._known[1], "width": spec["width"]}
        vega: dict[str, Any] = vl_convert.vegalite_to_vega(spec, vl_version=self.vl_version)
        if isinstance(spec.get("width"), int):
            self._known = rest, vega
        return vega


def _drawn(spec: dict[str, Any], options: dict[str, Any], compiled: _Compiled, kept: Path | None) -> str:
    asked = json.dumps([version("vl-convert-python"), compiled.vl_version, spec, options], sort_keys=True)
    place = kept / f"{_hash(asked)}.svg" if kept else None
    known = _kept(place) if place else None
    if known is not None:
        return known
    drawn = str(vl_convert.vega_to_svg(compiled.vega(spec), **options))
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


def _serve(listening: socket.socket, kept: Path) -> None:
    # The engine starts while the tables are made, not when the first page waits for it.
    draw({"specs": [_FIRST], "vl_version": VEGA_LITE, "options": {}})
    while True:
        connection, _ = listening.accept()
        with connection, connection.makefile("rwb") as stream:
            line = stream.readline()
            if line:
                stream.write(json.dumps(draw(json.loads(line), kept)).encode() + b"\n")


def main(arguments: Sequence[str]) -> None:
    """Draw until the owner closes standard input; given the socket's number, how many processes draw, where drawings are kept."""
    listening = socket.socket(fileno=int(arguments[0]))
    forking.wait_for_turn()
    owner = os.getpid()
    for _ in range(int(arguments[1])):
        if os.fork() == 0:
            os.setpgid(0, owner)
            _serve(listening, Path(arguments[2]))
    listening.close()
    sys.stdin.read()
    os.killpg(owner, 9)


if __name__ == "__main__":
    main(sys.argv[1:])
