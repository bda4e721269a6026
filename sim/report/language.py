"""The languages of reports, and their punctuation."""

from __future__ import annotations

import re
from typing import Final

from sim.translation import Language

__all__ = ["Language", "typeset"]

_PERCENT: Final = re.compile(r"(?<=\d) %")
_HAN: Final = "\u3007\u4e00-\u9fff\u201c\u201d"
"""Chinese characters and quotation marks."""
_STOP: Final = re.compile(rf"(?<=[{_HAN}\uff09%…])([,:;?!]) ?|([,:;?!]) ?(?=[{_HAN}])")
_ANY_HAN: Final = re.compile(f"[{_HAN}]")
_BRACKETS: Final = re.compile(rf" ?\(([^()]*[{_HAN}][^()]*)\)|(?<=[{_HAN}]) ?\(([^()]*)\)")
_AFTER_PERCENT: Final = re.compile(rf"([{_HAN}] ?[\d.]+%) ?\(([^()]*)\)")
"""A share in a sentence, and its interval."""
_WIDE: Final = {"\x2c": "\uff0c", ":": "\uff1a", ";": "\uff1b", "?": "\uff1f", "!": "\uff01"}


def typeset(text: str, language: Language) -> str:
    """Return a text with the punctuation of the language.

    English has a non-breaking space before a per cent sign. Chinese has none there, and sets stops
    and brackets in full width beside Chinese characters.
    """
    if language == "en":
        return _PERCENT.sub("\N{NO-BREAK SPACE}%", text)
    text = _PERCENT.sub("%", text)
    text = _BRACKETS.sub(lambda match: f"\uff08{match[1] or match[2] or ''}\uff09", text)
    text = _AFTER_PERCENT.sub("\\1\uff08\\2\uff09", text)
    if _ANY_HAN.search(text):  # a semicolon divides the text, whatever stands beside it
        text = text.replace("; ", ";").replace(";", _WIDE[";"])
    return _STOP.sub(lambda match: _WIDE[match[1] or match[2]], text)
