"""Whether values are of the types that annotations promise: for what was read from a file."""

from __future__ import annotations

import collections.abc
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import numpy as np


@cache
def hints_of(dataclass_: type) -> dict[str, Any]:
    """Return the types of a dataclass's fields, by name."""
    import pandas as pd

    return get_type_hints(dataclass_, localns={"pd": pd})


def conforms(value: Any, hint: Any) -> bool:
    """Tell whether a value is of a type; of objects inside it, of which class they are."""
    origin, parts = get_origin(hint), get_args(hint)
    if hint is Any:
        return True
    if hint in {int, float}:
        number = int if hint is int else int | float
        return isinstance(value, number) and not isinstance(value, bool)
    if origin in {Union, UnionType}:
        return any(conforms(value, part) for part in parts)
    if origin is Literal:
        return any(type(value) is type(part) and value == part for part in parts)
    if origin is np.ndarray:
        (kind,) = get_args(parts[1])
        return isinstance(value, np.ndarray) and issubclass(value.dtype.type, kind)
    return isinstance(value, origin or hint) and _contents_conform(value, origin, parts)


def _contents_conform(value: Any, origin: Any, parts: tuple[Any, ...]) -> bool:
    if origin is tuple and parts[-1:] != (Ellipsis,):
        return len(value) == len(parts) and all(map(conforms, value, parts))
    if isinstance(value, collections.abc.Mapping):
        return not parts or all(
            conforms(key, parts[0]) and conforms(each, parts[1]) for key, each in value.items()
        )
    if isinstance(value, tuple | list | frozenset):
        return not parts or all(conforms(each, parts[0]) for each in value)
    return True
