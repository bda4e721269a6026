"""Arrays: the names of their types, and sums by group for millions of rows."""

from __future__ import annotations

from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]
_Kind = TypeVar("_Kind", bound=np.generic)


def total(group: NDArray[np.integer[Any]], values: Ints, groups: int) -> Ints:
    """Return [groups] the sum of each group's values.

    Floats are added, but the sums are exact as long as they stay below 2^53 (in seconds, 285
    million years).
    """
    return np.bincount(group, weights=values, minlength=groups).astype(np.int64)


def over_items(
    combine: np.ufunc, values: NDArray[_Kind], first_item: Ints, empty: object
) -> NDArray[_Kind]:
    """Return [C] the values of each case's items combined, or `empty` for a case without items.

    `combine`: `np.maximum`, `np.logical_or` …; `values`: [I]; `first_item`: [C + 1] of `Workload`.
    """
    combined = np.full(len(first_item) - 1, empty, values.dtype)
    has_items = np.diff(first_item) > 0
    if has_items.any():
        combined[has_items] = combine.reduceat(values, first_item[:-1][has_items])
    return combined
