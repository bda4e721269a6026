"""Comparison of all that an object holds, array by array."""

from __future__ import annotations

import numpy as np


def assert_same(one, other, where: str) -> None:
    """Compare everything inside, array by array."""
    assert type(one) is type(other), where
    if isinstance(one, np.ndarray):
        assert one.dtype == other.dtype and np.array_equal(one, other), where
    elif isinstance(one, dict):
        assert list(one) == list(other), where
        for key, value in one.items():
            assert_same(value, other[key], f"{where}.{key}")
    elif hasattr(one, "__dataclass_fields__"):
        for field in one.__dataclass_fields__:
            assert_same(getattr(one, field), getattr(other, field), f"{where}.{field}")
    else:
        assert one == other, where
