"""Which bytes are taken for a Chinese text."""

import pytest

from sim.encodings import decoded

COMMON, RARE = "审", "丂"
"""A character that GB 2312 has; one that only GBK has."""


@pytest.mark.parametrize(
    ("common", "rare"), [(1, 0), (2, 1), (3, 2), (1, 1), (2, 2), (0, 1), (1, 2)]
)
def test_gb_18030_is_taken_only_if_most_characters_are_common(common: int, rare: int) -> None:
    text = "id," + COMMON * common + RARE * rare + ",ok"  # what is ASCII does not count
    if common > rare:
        assert decoded(text.encode("gb18030")) == text
    else:
        with pytest.raises(UnicodeDecodeError, match="utf-8"):
            decoded(text.encode("gb18030"))
    assert decoded(text.encode("utf-8-sig")) == text
