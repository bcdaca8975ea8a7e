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

#: Environment variable that names the socket of the drawing processes; unset: charts are drawn where they are made.
SERVER = "SOCIALVOLYM_DRAWING"
_ANSWER_SECONDS = 120.0
_DAY = 86400
#: A drawing that no run has asked for in so many days is forgotten.
KEPT_DAYS = 60
_FIRST = {"mark": "point", "data": {"values": [{}]}}


def svg(spec: dict[str, Any], **options: Any) -> str:
    """Return a Vega-Lite specification as SVG.

    Parameters
    ----------
    spec : Vega-Lite specification.
    options : of vl_convert.vegalite_to_svg.

    Raises
    ------
    ValueError
        where the specification cannot be drawn.
    """
    answer = _asked(os.environ.get(SERVER), {"spec": spec, "options": options})
    if answer is None:
        return str(vl_convert.vegalite_to_svg(spec, **options))
    if "error" in answer:
        raise ValueError(answer["error"])
    return str(answer["svg"])


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


def draw(request: dict[str, Any], kept: Path) -> dict[str, str]:
    """Return the answer to a request: the drawing, from the folder `kept` where it is there and whole, or an error."""
    asked = json.dumps([version("vl-convert-python"), request], sort_keys=True)
    place = kept / f"{_hash(asked)}.svg"
    known = _kept(place)
    if known is not None:
        return {"svg": known}
    try:
        drawn = str(vl_convert.vegalite_to_svg(request["spec"], **request["options"]))
    except ValueError as error:
        return {"error": str(error)}
    # What cannot be kept is drawn again the next time.
    with suppress(OSError):
        atomic.write_text(f"{_hash(drawn)}\n{drawn}", place)
    return {"svg": drawn}


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
    vl_convert.vegalite_to_svg(_FIRST)
    while True:
        connection, _ = listening.accept()
        with connection, connection.makefile("rwb") as stream:
            line = stream.readline()
            if line:
                stream.write(json.dumps(draw(json.loads(line), kept)).encode() + b"\n")


def main(arguments: Sequence[str]) -> None:
    """Draw until the owner closes standard input; given the socket's path, the number of processes, where drawings are kept."""
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listening.bind(f"{arguments[0]}.new")
    listening.listen(64)
    Path(f"{arguments[0]}.new").rename(arguments[0])
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
