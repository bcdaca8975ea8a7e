"""Drawing: an altair chart becomes a small, deterministic SVG that carries its points' text and sources."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from socialvolym.charts import drawing
from socialvolym.charts.theme import VEGA_LOCALES
from socialvolym.errors import SocialvolymError
from socialvolym.notation.languages import Language

#: Between a point's text and its observation ids in the description that Vega writes into the SVG.
SOURCE_SIGN = "\u2063"
_SVG = "http://www.w3.org/2000/svg"
_DROPPED = ("role", "class", "pointer-events", "aria-hidden", "aria-label", "aria-roledescription")
_LINK = re.compile(r"url\(#(.+)\)")
#: Widths of letters in thousandths of the font's size, in the font that charts are laid out in (Liberation Sans, wide as Arial).
_WIDTHS = Path(__file__).with_name("letter_widths.csv")
#: What a letter that the table does not have is taken to be: as wide as a capital.
_UNKNOWN_LETTER = 667
_LONG_DECIMALS = re.compile(r"(\d+\.\d\d)\d+")

ElementTree.register_namespace("", _SVG)


def draw(spec: dict[str, Any], language: Language, label: str) -> str:
    """Return a chart as an SVG element that scales to its box.

    Points described as `text SOURCE_SIGN id id` get a title and `data-obs`; ids are made from the content, so that
    two different charts on one page never share a clip path.

    Parameters
    ----------
    spec : the Vega-Lite specification of the chart.
    language : whose number format is used.
    label : what a screen reader says in place of the picture.

    Raises
    ------
    SocialvolymError
        where the specification cannot be drawn.
    """
    try:
        drawn = drawing.svg(spec, drawing.VEGA_LITE, format_locale=VEGA_LOCALES[language], allowed_base_urls=[])
    except ValueError as error:
        raise SocialvolymError(f"the chart {label[:80]!r} cannot be drawn: {str(error).splitlines()[0]}") from error
    return _element(drawn, label)


def _element(drawn: str, label: str) -> str:
    root = ElementTree.fromstring(_LONG_DECIMALS.sub(r"\1", drawn))
    _tidy(root)
    _hold_widths(root)
    _name_again(root, label)
    _take_common_font(root)
    for name in ("version", "class", "style"):
        root.attrib.pop(name, None)
    root.set("role", "img")
    root.set("aria-label", label)
    return ElementTree.tostring(root, encoding="unicode")


def _tidy(element: ElementTree.Element) -> None:
    description = element.get("aria-label", "") if element.get("role") == "graphics-symbol" else ""
    for name in _DROPPED:
        element.attrib.pop(name, None)
    if SOURCE_SIGN in description:
        text, sources = description.split(SOURCE_SIGN, 1)
        element.set("data-point", "")
        if sources:
            element.set("data-obs", sources)
        ElementTree.SubElement(element, f"{{{_SVG}}}title").text = text
    if element.tag == f"{{{_SVG}}}text" and element.get("stroke"):
        # A halo lies under its letters, in one text and not in two: measuring texts is most of the work of a drawing.
        element.attrib.pop("stroke-opacity", None)
        element.set("paint-order", "stroke")
        element.set("stroke-linejoin", "round")
    for child in list(element):
        _tidy(child)
        if _is_empty(child):
            element.remove(child)


def _is_empty(element: ElementTree.Element) -> bool:
    tag = element.tag.removeprefix(f"{{{_SVG}}}")
    unseen = tag == "path" and (
        element.get("display") == "none"
        or element.get("d") in ("", "M0,0h0v0h0Z")
        or (element.get("fill") is None and element.get("stroke") is None)
    )
    unseen = unseen or (tag == "rect" and element.get("fill") == "transparent")
    return unseen or (tag in ("g", "defs") and len(element) == 0)


@lru_cache(maxsize=1)
def _letter_widths() -> dict[str, dict[str, int]]:
    with _WIDTHS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {weight: {row["letter"]: int(row[weight]) for row in rows} for weight in ("regular", "bold")}


def _hold_widths(root: ElementTree.Element) -> None:
    """Give each text the width for which room was made, whatever font a reader's machine has: a wider one is drawn narrower."""
    for text in root.iter(f"{{{_SVG}}}text"):
        heavy = text.get("font-weight", "normal") not in ("normal", "400")
        widths, size = _letter_widths()["bold" if heavy else "regular"], float(text.get("font-size", "12").removesuffix("px"))
        for line in [element for element in text.iter() if (element.text or "").strip() and not element.tag.endswith("title")]:
            width = sum(widths.get(letter, _UNKNOWN_LETTER) for letter in line.text or "") * size / 1000
            line.set("textLength", f"{width:.1f}")
            line.set("lengthAdjust", "spacingAndGlyphs")


def _take_common_font(root: ElementTree.Element) -> None:
    """Say the font once, on the whole drawing: a fifth of its size otherwise."""
    texts = [element for element in root.iter() if element.get("font-family")]
    fonts = {element.get("font-family", "") for element in texts}
    if len(fonts) == 1:
        root.set("font-family", fonts.pop())
        for element in texts:
            del element.attrib["font-family"]
    for element in root.iter():
        if element.get("opacity") == "1":
            del element.attrib["opacity"]


def _name_again(root: ElementTree.Element, label: str) -> None:
    """Give ids that follow from the content alone: Vega counts its own on through all that a process draws."""
    names = {own: f"{number}" for number, own in enumerate(element.get("id") for element in root.iter() if element.get("id"))}
    _rename(root, names)
    content = hashlib.sha256((label + ElementTree.tostring(root, encoding="unicode")).encode()).hexdigest()[:8]
    _rename(root, {number: f"k{content}-{number}" for number in names.values()})


def _rename(root: ElementTree.Element, names: Mapping[str | None, str]) -> None:
    for element in root.iter():
        for name, value in element.attrib.items():
            if name == "id":
                element.set(name, names[value])
            elif (link := _LINK.fullmatch(value)) is not None:
                element.set(name, f"url(#{names[link[1]]})")
