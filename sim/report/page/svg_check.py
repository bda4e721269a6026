"""The figures of a result as inline SVG, each checked before it gets into a page."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Final

from sim.report.figures import plates, to_svg
from sim.report.language import Language
from sim.report.page.model import Figure
from sim.results.finding import Finding

_SVG: Final = "{http://www.w3.org/2000/svg}"
_HREFS: Final = ("href", "{http://www.w3.org/1999/xlink}href")
_ELEMENTS: Final = frozenset(
    f"{_SVG}{name}"
    for name in (
        *("svg", "g", "defs", "use", "title", "desc", "clipPath", "pattern"),
        *("path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan"),
    )
)
_ELSEWHERE: Final = re.compile(r"url\((?!['\"]?#)|@import|expression|javascript:", re.IGNORECASE)


def figures(finding: Finding, name: str, language: Language) -> Iterator[Figure]:
    """Yield the figures of a result; their ids begin with the language and the chapter's name."""
    for plate in plates(finding, language):
        svg = to_svg(plate.draw(), f"{language}-{name}-{plate.name}")
        yield Figure(plate.title, plate.caption, checked_svg(svg))


def checked_svg(svg: str) -> str:
    """Return a drawing unchanged if it can do nothing but be seen.

    Raises
    ------
    ValueError
        If it has an element that is not for drawing, handles events, or refers to something
        outside of itself.
    """
    for element in ET.fromstring(svg).iter():
        if element.tag not in _ELEMENTS:
            raise ValueError(f"a drawing must not contain {element.tag}")
        for key, value in element.attrib.items():
            away = key in _HREFS and not value.startswith("#")
            if key.lower().startswith("on") or away or _ELSEWHERE.search(value):
                raise ValueError(f"a drawing must not contain {key}={value[:40]!r}")
    return svg
