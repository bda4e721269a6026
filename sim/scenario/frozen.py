"""Dicts and lists that refuse every change, so that what is shared stays as it was."""

from __future__ import annotations

from typing import Any, NoReturn

from sim.translation import tr


def _refuse(*_: object, **__: object) -> NoReturn:
    raise TypeError(
        tr("nothing is changed in place: make a variant with sim.vary, or a copy of yours")
    )


class FrozenDict(dict[Any, Any]):
    """A dict that refuses every change; it can be copied, pickled and compared like any other."""

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[type[FrozenDict], tuple[dict[Any, Any]]]:
        return FrozenDict, (dict(self),)


class FrozenList(list[Any]):
    """A list that refuses every change; it can be copied, pickled and compared like any other."""

    __setitem__ = __delitem__ = __iadd__ = __imul__ = _refuse
    append = clear = extend = insert = pop = remove = reverse = sort = _refuse

    def __reduce__(self) -> tuple[type[FrozenList], tuple[list[Any]]]:
        return FrozenList, (list(self),)


def frozen(value: Any) -> Any:
    """Return the value with every dict, list and set in it frozen; other objects stay as they are.

    What is frozen already is not copied.
    """
    if type(value) is dict:
        return FrozenDict({key: frozen(child) for key, child in value.items()})
    if type(value) is list:
        return FrozenList([frozen(child) for child in value])
    return frozenset(value) if type(value) is set else value


def thawed(value: Any) -> Any:
    """Return a copy of the value that may be changed, also in all its dicts, lists and sets."""
    if isinstance(value, dict):
        return {key: thawed(child) for key, child in value.items()}
    if isinstance(value, list):
        return [thawed(child) for child in value]
    return set(value) if isinstance(value, frozenset) else value
