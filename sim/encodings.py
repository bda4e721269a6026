"""How texts that people write are encoded."""

from typing import Final

ENCODINGS: Final = ("utf-8-sig", "gb18030")
"""Tried in this order. Editors and Excel in China write GBK, a subset of the second."""


def decoded(content: bytes) -> str:
    """Return a text in UTF-8 or GB18030; the error of UTF-8 if it is neither.

    Nearly any bytes are GB18030. Bytes are taken for it only if most of their characters that are
    not ASCII are among the common ones, which GB 2312 has: the text of another encoding is not.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        not_utf_8 = error
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        raise not_utf_8 from None
    foreign = [character for character in text if not character.isascii()]
    common = "".join(foreign).encode("gb2312", "ignore")
    if len(common) <= len(foreign):  # two bytes a character: at most half
        raise not_utf_8
    return text
