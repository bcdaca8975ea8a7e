"""Drawing charts by processes that stay: Vega's engine takes half a second to start, which no kernel should pay again.

A drawing is a pure function of its specification, so sharing the engine shares nothing between notebooks. Where no such process
runs, a chart is drawn in the process that asks.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import vl_convert

#: Environment variable that names the socket of the drawing processes; unset: charts are drawn where they are made.
SERVER = "SOCIALVOLYM_DRAWING"
_ANSWER_SECONDS = 120.0


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


def _draw(request: dict[str, Any]) -> dict[str, str]:
    try:
        return {"svg": vl_convert.vegalite_to_svg(request["spec"], **request["options"])}
    except ValueError as error:
        return {"error": str(error)}


def _serve(listening: socket.socket) -> None:
    while True:
        connection, _ = listening.accept()
        with connection, connection.makefile("rwb") as stream:
            line = stream.readline()
            if line:
                stream.write(json.dumps(_draw(json.loads(line))).encode() + b"\n")


def main(arguments: Sequence[str]) -> None:
    """Draw until the owner closes this process's standard input: the socket's path, then the number of processes."""
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listening.bind(f"{arguments[0]}.new")
    listening.listen(64)
    Path(f"{arguments[0]}.new").rename(arguments[0])
    owner = os.getpid()
    for _ in range(int(arguments[1])):
        if os.fork() == 0:
            os.setpgid(0, owner)
            _serve(listening)
    listening.close()
    sys.stdin.read()
    os.killpg(owner, 9)


if __name__ == "__main__":
    main(sys.argv[1:])
