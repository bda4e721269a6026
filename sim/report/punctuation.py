"""Signs as each language sets them."""

from __future__ import annotations

import re
from typing import Final

from sim.report.words import Language

_PERCENT: Final = re.compile(r"(?<=\d) %")
_HAN: Final = "\u3007\u4e00-\u9fff\u201c\u201d"
"""Chinese characters and quotation marks."""
_STOP: Final = re.compile(rf"(?<=[{_HAN}\uff09%])([,:;?!]) ?|([,:;?!]) ?(?=[{_HAN}])")
_BRACKETS: Final = re.compile(rf" ?\(([^()]*[{_HAN}][^()]*)\)|(?<=[{_HAN}]) ?\(([^()]*)\)")
_WIDE: Final = {"\x2c": "\uff0c", ":": "\uff1a", ";": "\uff1b", "?": "\uff1f", "!": "\uff01"}


def typeset(text: str, language: Language) -> str:
    """Set signs as the language does.

    English: a space that does not break before a sign of per cent. Chinese: no such space, and
    stops and brackets of full width beside Chinese characters.
    """
    if language == "en":
        return _PERCENT.sub("\N{NO-BREAK SPACE}%", text)
    text = _PERCENT.sub("%", text)
    text = _BRACKETS.sub(lambda found: f"\uff08{found[1] or found[2] or ''}\uff09", text)
    return _STOP.sub(lambda found: _WIDE[found[1] or found[2]], text)
