"""What follows below when a layer takes a matter away or adds one: nothing has to be listed anew.

A file that says ``matters: {CAD: null}`` need not repeat the lists in which the files that it
extends name CAD: what required CAD requires what CAD required, and all other lists go without it.
A list with nothing else in it stays as it is, and is told. A new matter gets a place in a serial
order from below: after what it requires, else after the last matter of its stage. What the layer
itself states holds as stated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

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
    for name in _mapping(merged.get(("overrides",))):
        _take_keys(merged, ("overrides", name, *of_type, "matters"), gone)
    for path, names in [*_lists(merged.value, ())]:
        inside = path[2:] if path[:1] == ("overrides",) else path
        if over.get(path) is not None or not all(map(_is_text, names)):
            continue
        if gone.keys().isdisjoint(names):
            continue
        if _of(merged, inside, case_type) and "matters" in refers_to(inside):
            required = inside[-1] == "requires"
            rest = [*_without(names, gone if required else dict.fromkeys(gone, ()))]
            if rest or required:
                _put(merged, path, rest)
    for number in range(len(merged.get((*of_type, "effects")) or ())):
        at: KeyPath = (*of_type, "effects", number, "work")
        _take_keys(merged, at, [matter for matter in gone if over.get((*at, matter)) is None])


def _take_keys(tree: Tree, path: KeyPath, gone: Iterable[str]) -> None:
    """Take these keys out of the mapping at a path, if there is one."""
    known = _mapping(tree.get(path))
    out = {key for key in gone if known.get(key) is not None}
    if out:
        _put(tree, path, {key: of for key, of in known.items() if key not in out})


def _without(names: Iterable[str], gone: Mapping[str, Sequence[str]]) -> dict[str, None]:
    """Return the names, each once, with those that are gone replaced by what `gone` says."""
    rest: dict[str, None] = {}
    replaced: set[str] = set()
    waiting = [*names][::-1]
    while waiting:
        name = waiting.pop()
        if name not in gone:
            rest[name] = None
        elif name not in replaced:
            replaced.add(name)
            waiting += gone[name][::-1]
    return rest


def _put_in_order(merged: Tree, over: Tree, case_type: str, matter: str) -> None:
    at: KeyPath = ("case_types", case_type)
    order = merged.get((*at, "serial_order"))
    matters = _mapping(merged.get((*at, "matters")))
    if not isinstance(order, list) or not all(map(_is_text, order)):
        return
    if over.get((*at, "serial_order")) or matter in order:
        return
    own = _mapping(matters.get(matter))
    places = {name: place for place, name in enumerate(order)}
    after = [places[name] + 1 for name in _names(own) if name in places] or [
        places[name] + 1
        for name in order
        if _mapping(matters.get(name)).get("stage") == own.get("stage")
    ]
    before = [places[name] for name in order if matter in _names(matters.get(name))]
    place = min([max(after, default=len(order)), *before])
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


def _put(tree: Tree, path: KeyPath, new: object) -> None:
    """Replace the value at a path, if there is one; what other trees share stays as it is."""
    if tree.get(path) is not None:
        tree.value = _with(tree.value, path, new)


def _with(value: Any, path: KeyPath, new: object) -> Any:
    if not path:
        return new
    copy: Any = list(value) if isinstance(value, list) else dict(value)
    copy[path[0]] = _with(copy[path[0]], path[1:], new)
    return copy
