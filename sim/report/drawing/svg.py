"""A figure as an inline `<svg>` for any HTML page, with the same bytes every time."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from sim.report.drawing.fonts import IN_BROWSERS
from sim.report.drawing.style import settings, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SVG: Final = "http://www.w3.org/2000/svg"
_XLINK: Final = "http://www.w3.org/1999/xlink"
_HREF: Final = f"{{{_XLINK}}}href"
_NAME: Final = re.compile(r"[A-Za-z][\w.-]*", re.ASCII)
_URL: Final = re.compile(r"url\(#")
_FAMILY: Final = re.compile(r"font-family: [^;]+(; )?")
_FONT: Final = re.compile(r"(font: (?:[\w.]+ )*?[\d.]+px )[^;]+")


def to_svg(figure: Figure, name: str) -> str:
    """Return a figure as an `<svg>` element.

    It scales with its box, keeps text as text in the reader's own fonts, and has no header or
    date.

    Parameters
    ----------
    name
        The prefix of all ids; every figure of a page needs its own.

    Raises
    ------
    ValueError
        If the name cannot be part of an id.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"name {name[:40]!r}: must be letters, digits, '_', '.' or '-'")
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    written = io.StringIO()
    with style(), settings({"svg.fonttype": "none", "svg.hashsalt": name}):
        # Drawn once: `savefig` draws first without output, to lay out what this lays out, too.
        canvas: Any = FigureCanvasSVG(figure)  # its methods have no types
        canvas.print_svg(written, metadata={"Date": None, "Creator": None})
    root = ET.fromstring(written.getvalue())
    _strip(root)
    _rename(root, name)
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", _XLINK)
    return ET.tostring(root, encoding="unicode")


def _strip(root: ET.Element) -> None:
    """Drop size, metadata and the style sheet, which would apply to the page around it."""
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    root.set("role", "img")
    # The fonts once, not in each text: they are a third of a page otherwise.
    root.set("style", f"stroke-linejoin: round; stroke-linecap: butt; font-family: {IN_BROWSERS}")
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in {f"{{{_SVG}}}metadata", f"{{{_SVG}}}style"}:
                parent.remove(child)


def _rename(root: ET.Element, name: str) -> None:
    """Prefix every id and every reference to one with the name; use the reader's fonts."""
    seen: Counter[str] = Counter()
    for element in root.iter():
        known = element.get("id")
        if known is not None:
            seen[known] += 1
            again = f"-{seen[known]}" if seen[known] > 1 else ""
            element.set("id", f"{name}-{known}{again}")
        for key, value in element.attrib.items():
            if key in {_HREF, "href"} and value.startswith("#"):
                element.set(key, f"#{name}-{value[1:]}")
            elif key in {"style", "clip-path"}:
                text = _URL.sub(f"url(#{name}-", value)
                if element is not root:
                    text = _FAMILY.sub("", text)
                element.set(key, _FONT.sub(rf"\1{IN_BROWSERS}", text))
