"""Drawing: what has been drawn is kept, and a kept drawing that is not whole is drawn again."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest
import vl_convert
from socialvolym.charts import drawing
from socialvolym.workflow import kernels, steps

SPEC = {"mark": "point", "data": {"values": [{"a": 1}]}, "encoding": {"x": {"field": "a", "type": "quantitative"}}}
ASKED: dict[str, Any] = {"specs": [SPEC], "vl_version": "6.4", "options": {}}


@pytest.fixture
def drawings(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the engine was asked for."""
    asked: list[Any] = []

    def compiler(spec: Any, **options: Any) -> Any:
        if spec == {}:
            raise ValueError("nothing to draw")
        return spec

    def engine(spec: Any, **options: Any) -> str:
        asked.append(spec)
        return f"<svg>é {len(spec['data']['values'])}</svg>"

    monkeypatch.setattr(vl_convert, "vegalite_to_vega", compiler)
    monkeypatch.setattr(vl_convert, "vega_to_svg", engine)
    return asked


def test_a_chart_is_drawn_once(tmp_path: Path, drawings: list[Any]) -> None:
    first, second = (drawing.draw(ASKED, tmp_path / "drawn") for _ in range(2))
    assert first == second == {"svgs": ["<svg>é 1</svg>"]}
    assert len(drawings) == 1
    other = {**ASKED, "vl_version": "6.1"}
    assert drawing.draw(other, tmp_path / "drawn") == first
    assert len(drawings) == 2
    assert len(list((tmp_path / "drawn").iterdir())) == 2


@pytest.mark.parametrize("damage", [b"", b"x", b"\xff\xfe", b"0" * 64 + b"\n<svg>another chart</svg>"])
def test_a_damaged_drawing_is_drawn_again(tmp_path: Path, drawings: list[Any], damage: bytes) -> None:
    right = drawing.draw(ASKED, tmp_path)
    [kept] = tmp_path.iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(damage)
    assert drawing.draw(ASKED, tmp_path) == right
    assert kept.read_bytes() == whole
    kept.write_bytes(whole[:-3])
    assert drawing.draw(ASKED, tmp_path) == right
    assert len(drawings) == 3


def test_two_widths_are_what_each_is_by_itself() -> None:
    wide, narrow = ({**SPEC, "width": width} for width in (700, 340))
    panels = {"concat": [{**SPEC, "width": 100}], "data": {"values": []}}
    specs = [wide, narrow, panels, wide]
    together = drawing.svgs(specs, drawing.VEGA_LITE)
    assert together == [drawing.svgs([spec], drawing.VEGA_LITE)[0] for spec in specs]
    assert len(set(together)) == 3


def test_what_cannot_be_kept_is_drawn_all_the_same(tmp_path: Path, drawings: list[Any]) -> None:
    (tmp_path / "drawn").write_text("a file in the way")
    assert drawing.draw(ASKED, tmp_path / "drawn") == {"svgs": ["<svg>é 1</svg>"]}


def test_what_cannot_be_drawn_is_not_kept(tmp_path: Path, drawings: list[Any]) -> None:
    assert drawing.draw({**ASKED, "specs": [{}]}, tmp_path / "drawn") == {"error": "nothing to draw"}
    assert not (tmp_path / "drawn").exists()


def test_drawings_that_no_run_asks_for_are_forgotten(tmp_path: Path, drawings: list[Any]) -> None:
    drawing.draw(ASKED, tmp_path)
    drawing.draw({**ASKED, "vl_version": "6.1"}, tmp_path)
    used, unused = tmp_path.iterdir()
    long_ago = time.time() - (drawing.KEPT_DAYS + 1) * 86400
    for kept in (used, unused):
        os.utime(kept, (long_ago, long_ago))
    for request in (ASKED, {**ASKED, "vl_version": "6.1"}):
        if used.name in {path.name for path in tmp_path.iterdir() if path.stat().st_mtime > long_ago + 1}:
            break
        drawing.draw(request, tmp_path)
    drawing.forget_unused(tmp_path)
    assert used in tmp_path.iterdir()


def test_the_drawing_processes_give_what_drawing_here_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOCIALVOLYM_HOME", str(tmp_path))
    monkeypatch.delenv(drawing.SERVER, raising=False)
    here = drawing.svgs([SPEC], "6.4")
    with steps.drawing_processes(1) as place:
        assert place
        monkeypatch.setenv(drawing.SERVER, place)
        assert drawing.svgs([SPEC], "6.4") == here
        [kept] = steps.drawn().iterdir()
        assert [kept.read_text(encoding="utf-8").partition("\n")[2]] == here
    monkeypatch.setenv(drawing.SERVER, "/nowhere")
    assert drawing.svgs([SPEC], "6.4") == here
    assert kernels.SERVER != drawing.SERVER
