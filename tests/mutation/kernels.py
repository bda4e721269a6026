"""Machine code as Python: a plugin of pytest, so that a fault in a kernel costs no compilation.

It is slow, so only small tests are of use. What a kernel reads and writes as `row.field` is a field
of a record, which Numba knows and NumPy does not.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

import sim.machine_code


class _Row(np.void):
    def __getattribute__(self, name: str) -> Any:
        get = super().__getattribute__
        fields = get("dtype").fields
        return self[name] if fields and name in fields else get(name)

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value


def _rows(given: Any) -> Any:
    if isinstance(given, np.ndarray) and given.dtype.names:
        return given.view(np.dtype((_Row, given.dtype)))
    if isinstance(given, tuple):
        new = [_rows(one) for one in given]
        return type(given)(*new) if hasattr(given, "_fields") else tuple(new)
    return given


def _entry_point(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def call(*given: Any) -> Any:
        with np.errstate(all="ignore"):
            return function(*map(_rows, given))

    return call


def _itself(function: Callable[..., Any]) -> Callable[..., Any]:
    return function


sim.machine_code.entry_point = _entry_point
sim.machine_code.helper = sim.machine_code.inlined = sim.machine_code.by_reference = _itself
