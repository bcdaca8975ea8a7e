"""Drawing: what has been drawn is kept, and a kept drawing that is not whole is drawn again."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest
import vl_convert
from socialvolym import paths
from socialvolym.charts import drawing

SPEC = {"mark": "point", "data": {"values": [{"a": 1}]}, "encoding": {"x": {"field": "a", "type": "quantitative"}}}


@pytest.fixture
def drawings(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the engine was asked for."""
    asked: list[Any] = []

    def engine(spec: Any, **options: Any) -> str:
        if spec == {}:
            raise ValueError("nothing to draw")
        asked.append(spec)
        return f"<svg>é {len(spec['data']['values'])}</svg>"

    monkeypatch.setattr(vl_convert, "vegalite_to_svg", engine)
    return asked


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which a run keeps its drawings."""
    monkeypatch.setenv(paths.DRAWN, str(tmp_path / "drawn"))
    return tmp_path / "drawn"


def draw(spec: dict[str, Any] = SPEC, vl_version: str = "6.4") -> str:
    return drawing.svg(spec, vl_version)


def test_a_chart_is_drawn_once(kept: Path, drawings: list[Any]) -> None:
    assert draw() == draw() == "<svg>é 1</svg>"
    assert len(drawings) == 1
    assert draw(vl_version="6.1") == draw()
    assert len(drawings) == 2
    assert len(list(kept.iterdir())) == 2


def test_outside_a_run_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, drawings: list[Any]) -> None:
    monkeypatch.delenv(paths.DRAWN, raising=False)
    assert draw() == draw()
    assert len(drawings) == 2


@pytest.mark.parametrize("damage", [b"", b"x", b"\xff\xfe", b"0" * 64 + b"\n<svg>another chart</svg>"])
def test_a_damaged_drawing_is_drawn_again(kept: Path, drawings: list[Any], damage: bytes) -> None:
    right = draw()
    [file] = kept.iterdir()
    whole = file.read_bytes()
    file.write_bytes(damage)
    assert draw() == right
    assert file.read_bytes() == whole
    file.write_bytes(whole[:-3])
    assert draw() == right
    assert len(drawings) == 3


def test_what_cannot_be_kept_is_drawn_all_the_same(kept: Path, drawings: list[Any]) -> None:
    kept.write_text("a file in the way")
    assert draw() == "<svg>é 1</svg>"


def test_what_cannot_be_drawn_is_not_kept(kept: Path, drawings: list[Any]) -> None:
    with pytest.raises(ValueError, match="nothing to draw"):
        draw({})
    assert not kept.exists()


def test_drawings_that_no_run_asks_for_are_forgotten(kept: Path, drawings: list[Any]) -> None:
    draw()
    [used] = kept.iterdir()
    draw(vl_version="6.1")
    long_ago = time.time() - (drawing.KEPT_DAYS + 1) * 86400
    for file in kept.iterdir():
        os.utime(file, (long_ago, long_ago))
    draw()
    drawing.forget_unused(kept)
    assert list(kept.iterdir()) == [used]
