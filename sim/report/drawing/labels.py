"""Names from scenario files for figures: short, on one line, in glyphs that the fonts have."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Final

from sim.report.drawing.fonts import MISSING, covered
from sim.report.labels import Labels

WIDTH: Final = 40
"""Columns of a label; a Chinese character takes two."""
LONG: Final = 64
"""Columns of a label that may be folded."""
NARROW: Final = 24
"""Columns of a label that is one of several lines."""


def columns(text: str) -> int:
    """Return the width of a text in columns: half a Chinese character each."""
    return sum(_width(char) for char in text)


def one_line(text: str, width: int = WIDTH) -> str:
    """Return a text as one line of at most `width` columns, with glyphs that the fonts have.

    Control and direction characters become blanks, characters without a glyph `MISSING`. The
    settings of `sim.report.drawing.style` make `$` a plain character.
    """
    glyphs = covered()
    # A label may be very long: cut it before looking at every character.
    shown = "".join(
        " " if unicodedata.category(char)[0] in "CZ" else char if ord(char) in glyphs else MISSING
        for char in text[: 8 * width]
    )
    return cut(" ".join(shown.split()), width)


def cut(text: str, width: int) -> str:
    """Return at most `width` columns of a text, with … for the rest."""
    if columns(text) <= width:
        return text
    kept, used = "", 1
    for char in text:
        used += _width(char)
        if used > width:
            break
        kept += char
    return kept.rstrip() + "…"


def folded(text: str, width: int = NARROW, lines: int = 2) -> str:
    """Return a text folded into at most `lines` lines of `width` columns.

    Lines break after blanks, dots and Chinese characters.
    """
    broken: list[str] = []
    rest = text.strip()
    while rest and len(broken) < lines - 1 and columns(rest) > width:
        end = _break(rest, width)
        broken.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return "\n".join([*broken, cut(rest, width)] if rest else broken)


def row_height_cm(labels: Sequence[str], single: float = 0.52) -> float:
    """Return the height of rows in centimetres, given their labels of one or two lines."""
    return max(single, 0.78) if any("\n" in label for label in labels) else single


def _break(text: str, width: int) -> int:
    """Return where the first line ends: after a blank, dot or Chinese character, if possible."""
    used, last, number = 0, 0, 0
    for number, char in enumerate(text):
        if used + _width(char) > width:
            break
        used += _width(char)
        following = text[number + 1 : number + 2]
        between_words = char == " " or (char in "./" and following.isalpha())
        if between_words or 2 in (_width(char), _width(following)):
            last = number + 1
    return last or max(number, 1)


def _width(char: str) -> int:
    return 2 if char and unicodedata.east_asian_width(char) in "WF" else 1


class Names(Labels):
    """The labels of a scenario, each as one short line."""

    def limit(self, name: str) -> str:
        """Return a limit's label."""
        return one_line(super().limit(name) if name in self.scenario.limits else name)

    def case_type(self, name: str) -> str:
        """Return a case type's label."""
        return one_line(super().case_type(name))

    def department(self, name: str) -> str:
        """Return the label of a department, or of an owner's time without one."""
        return one_line(super().department(name))

    def attribute(self, name: str) -> str:
        """Return an attribute's label."""
        return one_line(super().attribute(name))

    def value(self, attribute: str, value: str) -> str:
        """Return the label of an attribute's value."""
        return one_line(super().value(attribute, value))

    def pool(self, name: str) -> str:
        """Return the label of a pool."""
        return one_line(super().pool(name), LONG)

    def step(self, name: str) -> str:
        """Return a step's name."""
        return one_line(super().step(name))

    def matters(self, case_type: str, names: str) -> str:
        """Return the labels of matters that are joined by " + "."""
        return one_line(super().matters(case_type, names), LONG)

    def matter(self, case_type: str, name: str) -> str:
        """Return a matter's label."""
        return one_line(super().matter(case_type, name))

    def stage(self, case_type: str, name: str) -> str:
        """Return a stage's label."""
        return one_line(super().stage(case_type, name))
