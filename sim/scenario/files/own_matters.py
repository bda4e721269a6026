"""What follows below when a layer takes a matter away or adds one: nothing has to be listed anew.

A file that says ``matters: {CAD: null}`` need not repeat the lists in which the files that it
extends name CAD: what required CAD requires what CAD required, and all other lists go without it.
A list with nothing else in it stays as it is, and is told. A new matter gets a place in a serial
order from below: after what it requires, else after the last matter of its stage. What the layer
itself states holds as stated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any, Final

from sim.scenario.origin import KeyPath, Tree
from sim.scenario.schema.keys import refers_to


def follow_matters(merged: Tree, base: Tree, over: Tree) -> None:
    """Change in `merged`, which is `over` laid over `base`, what `over` says nothing about."""
    for name in _mapping(over.get(("case_types",))):
        at: KeyPath = ("case_types", name, "matters")
        before = {matter: of for matter, of in _mapping(base.get(at)).items() if of is not None}
        stated = _mapping(over.get(at))
        gone = [matter for matter, of in stated.items() if matter in before and of is None]
        if gone:
            _take_out(merged, over, name, {matter: _names(before[matter]) for matter in gone})
        for matter in [new for new, of in stated.items() if new not in before and of is not None]:
            _put_in_order(merged, over, name, matter)


def _take_out(merged: Tree, over: Tree, case_type: str, gone: Mapping[str, Sequence[str]]) -> None:
    """Take matters out of what `over` does not state; `gone`: each → what it required."""
    of_type: KeyPath = ("case_types", case_type)
    for name, matter in product(_mapping(merged.get(("overrides",))), gone):
        _put(merged, ("overrides", name, *of_type, "matters", matter), _NOTHING)
    for path, names in [*_lists(merged.value, ())]:
        inside = path[2:] if path[:1] == ("overrides",) else path
        if over.get(path) is not None or gone.keys().isdisjoint(map(str, names)):
            continue
        if _of(merged, inside, case_type) and "matters" in refers_to(inside):
            required = inside[-1] == "requires"
            rest = [*_without(names, gone if required else dict.fromkeys(gone, ()))]
            if rest or required:
                _put(merged, path, rest)
    effects = merged.get((*of_type, "effects"))
    for number, matter in product(range(len(effects or ())), gone):
        at: KeyPath = (*of_type, "effects", number, "work", matter)
        if over.get(at) is None:
            _put(merged, at, _NOTHING)


def _without(names: Iterable[str], gone: Mapping[str, Sequence[str]]) -> dict[str, None]:
    """Return the names, each once, with those that are gone replaced by what `gone` says."""
    rest: dict[str, None] = {}
    for name in names:
        if name in gone:
            others = {other: of for other, of in gone.items() if other != name}
            rest |= _without(gone[name], others)
        else:
            rest[name] = None
    return rest


def _put_in_order(merged: Tree, over: Tree, case_type: str, matter: str) -> None:
    at: KeyPath = ("case_types", case_type)
    order = merged.get((*at, "serial_order"))
    matters = _mapping(merged.get((*at, "matters")))
    if not isinstance(order, list) or over.get((*at, "serial_order")) or matter in order:
        return
    own = _mapping(matters.get(matter))
    after = [name for name in _names(own) if name in order] or [
        name for name in order if _mapping(matters.get(name)).get("stage") == own.get("stage")
    ]
    before = [name for name in order if matter in _names(matters.get(name))]
    place = max((order.index(name) + 1 for name in after), default=len(order))
    place = min([place, *(order.index(name) for name in before)])
    _put(merged, (*at, "serial_order"), [*order[:place], matter, *order[place:]])


def _of(tree: Tree, path: KeyPath, case_type: str) -> bool:
    """Whether the names in a list are those of matters of this case type."""
    if path[:1] == ("limits",):
        return bool(tree.get((*path[:2], "case_type")) == case_type)
    return path[:2] == ("case_types", case_type)


def _lists(value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, list[Any]]]:
    """Yield every list at any depth, with its path."""
    if isinstance(value, list):
        yield path, value
    children = value.items() if isinstance(value, Mapping) else ()
    for key, child in enumerate(value) if isinstance(value, list) else children:
        yield from _lists(child, (*path, key))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _names(matter: Any) -> list[str]:
    """Return what a matter requires."""
    required = _mapping(matter).get("requires")
    return [*filter(_is_text, required)] if isinstance(required, list) else []


def _is_text(value: object) -> bool:
    return isinstance(value, str)


_NOTHING: Final = object()
"""In place of a value: its key goes."""


def _put(tree: Tree, path: KeyPath, new: object) -> None:
    """Replace the value at a path, if there is one; what other trees share stays as it is."""
    if tree.get(path) is not None:
        tree.value = _with(tree.value, path, new)


def _with(value: Any, path: KeyPath, new: object) -> Any:
    if not path:
        return new
    copy: Any = list(value) if isinstance(value, list) else dict(value)
    inner = _with(copy[path[0]], path[1:], new)
    if inner is _NOTHING:
        del copy[path[0]]
    else:
        copy[path[0]] = inner
    return copy
