"""What the range of a value may be: two ends of a number, a distribution, or a whole shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sim.scenario.errors import shorten
from sim.scenario.origin import KeyPath
from sim.scenario.schema.quantities import Duration, price_of
from sim.translation import tr

_CENTRES: Final = ("mean", "median", "mode")
_SINGLE: Final = ("constant", "exponential")
_KINDS: Final = (*_SINGLE, "gamma", "lognormal", "triangular", "pert")
"""Distributions that are scaled as a whole. Of a uniform one and of recorded values no number
stands for all."""


def range_rule(bounds: Any, value: Any) -> str | None:
    """Return the rule that a range breaks, if it breaks one."""
    if is_shape(value):
        return _shape_rule(bounds, value)
    try:
        (low, unit), (high, other) = (_size(end) for end in bounds)
        ordered = isinstance(bounds, list) and low <= high
    except (ValueError, OverflowError, TypeError):
        ordered = False
    if not ordered:
        return tr("must be two numbers or durations, the smaller first, such as [1, 3]")
    middle = centre(value)
    stands = value if middle is None else _at(value, middle)
    try:
        size, own = _size(stands)
    except (ValueError, OverflowError):
        size, own = low, unit  # a mistake reported elsewhere, or a distribution without a centre
    if not unit == other == own:
        return tr("must be in the unit of the value, {stands}", stands=shorten(stands))
    whose = (
        tr("the value itself")
        if middle is None
        else tr("the {middle} of the distribution", middle=middle[-1])
    )
    return (
        None
        if low <= size <= high
        else tr("must hold {whose}, {stands}", whose=whose, stands=shorten(stands))
    )


def is_shape(value: Any) -> bool:
    """Whether a value is a list, or a mapping, of several plain numbers, such as shares."""
    parts = list(value.values()) if isinstance(value, Mapping) else value
    return isinstance(parts, list) and len(parts) > 1 and all(map(_is_number, parts))


def centre(value: Any) -> KeyPath | None:
    """Return the keys of the number that a distribution is scaled by; None if it has none.

    The mean or median that it is given by, the mode of a triangular or PERT distribution, the only
    number of a constant or exponential one.
    """
    kinds = [kind for kind in _KINDS if kind in value] if isinstance(value, Mapping) else []
    if len(kinds) != 1:
        return None
    (kind,) = kinds
    given = value[kind]
    names = [name for name in _CENTRES if isinstance(given, Mapping) and name in given]
    path = (kind,) if kind in _SINGLE else (kind, *names[:1])
    return path if _is_time(_at(value, path)) else None


def _is_time(written: Any) -> bool:
    """Whether it is a time above 0: what is scaled must not be 0."""
    try:
        return Duration.parse(written).seconds > 0
    except ValueError:
        return False


def _at(value: Any, path: KeyPath) -> Any:
    for key in path:
        value = value[key]
    return value


def _shape_rule(bounds: Any, value: Any) -> str | None:
    """Return the rule that the ends of a shape break: each is another shape of the same parts."""
    like = tr("mappings with the same keys") if isinstance(value, Mapping) else tr("lists as long")
    alike = isinstance(bounds, list) and len(bounds) == 2
    for end in bounds if alike else ():
        same = isinstance(end, Mapping) == isinstance(value, Mapping)
        keys = isinstance(value, Mapping) and same and set(end) == set(value)
        alike = alike and is_shape(end) and same and (keys or len(end) == len(value))
        alike = alike and (keys or not isinstance(value, Mapping))
    return (
        None if alike else tr("must be two {like} as the value: its shape at either end", like=like)
    )


def _is_number(part: Any) -> bool:
    return isinstance(part, int | float) and not isinstance(part, bool)


def _size(end: Any) -> tuple[float, str]:
    """Return the size of a number or duration, and its unit."""
    if isinstance(end, bool):
        raise ValueError(tr("a switch has no size"))
    if isinstance(end, int | float):
        return float(end), "number"
    if price := price_of(end):
        return price.value, price.unit
    duration = Duration.parse(end)
    return duration.seconds, duration.unit if duration.unit in {"wd", "cd"} else "time"
