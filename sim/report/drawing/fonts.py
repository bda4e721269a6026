"""The fonts of figures: Latin first, then one with Chinese characters, installed or shipped."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from matplotlib.font_manager import FontManager

LATIN: Final = "DejaVu Sans"
"""The Latin font, which comes with matplotlib."""
INSTALLED: Final = (
    "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "DengXian", "SimHei",
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN",
    "Sarasa UI SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Noto Sans CJK JP",
    "Droid Sans Fallback", "Heiti SC", "STHeiti", "Arial Unicode MS",
)  # fmt: skip
"""Families with Chinese characters, best first: macOS, Windows, Linux."""
SHIPPED: Final = Path(__file__).with_name("fonts") / "approval-sim-han.ttf"
SHIPPED_FAMILY: Final = "Approval Sim Han"
IN_BROWSERS: Final = (
    "'Noto Sans', 'Segoe UI', 'Helvetica Neue', Arial, 'PingFang SC', 'Microsoft YaHei', "
    "'Noto Sans CJK SC', 'Noto Sans SC', 'Source Han Sans SC', 'WenQuanYi Micro Hei', "
    "'DejaVu Sans', sans-serif"
)
"""The `font-family` of text in a browser, ending in generic families."""
MISSING: Final = "〓"
"""Replaces a character without a glyph, as in Chinese print."""


@cache
def families() -> tuple[str, ...]:
    """Return the font families of all figures; matplotlib takes the first that has a glyph.

    The shipped font comes last, for characters that the installed one lacks.
    """
    from matplotlib import font_manager

    fonts = font_manager.fontManager
    known = {entry.name for entry in fonts.ttflist}
    if SHIPPED_FAMILY not in known:
        fonts.addfont(SHIPPED)
    chinese = [*[family for family in INSTALLED if family in known][:1], SHIPPED_FAMILY]
    for family in chinese:
        _with_bold(fonts, family)
    return (LATIN, *chinese)


def _with_bold(fonts: FontManager, family: str) -> None:
    """Let a family without a bold face use its regular one; else matplotlib warns."""
    faces = [entry for entry in fonts.ttflist if entry.name == family]
    if not any(entry.weight in {600, 700, "bold"} for entry in faces):
        fonts.ttflist += [replace(entry, weight=700) for entry in faces[:1]]


@cache
def covered() -> frozenset[int]:
    """Return the code points that at least one font of `families` can show."""
    from matplotlib import font_manager
    from matplotlib.ft2font import FT2Font

    points: set[int] = set()
    for family in families():
        named = font_manager.FontProperties(family=[family])
        path = font_manager.findfont(named, fallback_to_default=False)
        points |= FT2Font(path).get_charmap().keys()
    return frozenset(points)
