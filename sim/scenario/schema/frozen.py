"""Mappings of a scenario: like dicts, but nothing in them can be changed."""

from __future__ import annotations

from typing import Any, NoReturn


class FrozenDict(dict[Any, Any]):
    """A dict that refuses every change; it can be copied, pickled and compared like any other."""

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("a scenario is never changed: make a variant with sim.vary")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[type[FrozenDict], tuple[dict[Any, Any]]]:
        return FrozenDict, (dict(self),)


def frozen(value: Any) -> Any:
    """Return the value with every dict in it frozen; lists and other objects stay as they are."""
    if type(value) is dict:
        return FrozenDict({key: frozen(child) for key, child in value.items()})
    return value
