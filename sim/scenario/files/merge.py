"""Laying one tree over another: a file over what it extends, an override or a setting over both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sim.scenario.errors import Problem, ScenarioError, shorten
from sim.scenario.origin import KeyPath, Tree, dotted
from sim.scenario.schema.arrivals import SHARES_TOLERANCE
from sim.scenario.schema.distributions import KINDS

CHOICES: Final = (
    frozenset(KINDS),
    frozenset({"yearly", "every", "at", "replay"}),
    frozenset({"always", "week", "intervals"}),
    frozenset({"file", "generate"}),
)
"""Groups of keys of which a mapping has one: kinds of distributions, arrivals, hours, backlogs."""


def merge(base: Tree, over: Tree) -> Tree:
    """Lay one tree over another: mappings merge key by key, everything else is replaced.

    A mapping that chooses another kind (a gamma where a lognormal was) is replaced as a whole, and
    so are the values of an attribute by others whose shares add up to 1 by themselves.

    A null laid over a key stays a null and removes the key when the scenario is completed.
    """
    merged = Tree(
        base.value,
        dict(base.places),
        dict(base.annotations),
        [*base.problems, *over.problems],
        base.folders | over.folders,
        base.kept | over.kept,
        removed=base.removed | over.removed,
        added=base.added | over.added,
    )
    merged.value = _merged(merged, base.value, over, over.value, ())
    return merged


def _merged(target: Tree, base: Any, over: Tree, value: Any, path: KeyPath) -> Any:
    if isinstance(value, Mapping):
        if isinstance(base, Mapping) and not _another_choice(base, value):
            return _merged_mapping(target, base, over, value, path)
        if isinstance(base, list) and _is_position(value):
            ((index, child),) = value.items()
            elements = list(base)
            elements[index] = _merged(target, base[index], over, child, (*path, index))
            return elements
    _forget(target, path)
    _move_facts(target, over, path)
    return value


def _merged_mapping(
    target: Tree, base: Mapping[Any, Any], over: Tree, value: Mapping[Any, Any], path: KeyPath
) -> dict[Any, Any]:
    if path and path in over.places:
        target.places[path] = over.places[path]
    if _other_values(base, value):
        for key in ("shares", "labels", "sites"):
            _forget(target, (*path, key))
        base = {key: child for key, child in base.items() if key in {"label", "source", "note"}}
    result = dict(base)
    for key, child in value.items():
        here = (*path, key)
        if key in base:
            if child is None:
                target.removed.add(here)
            result[key] = _merged(target, base[key], over, child, here)
        else:
            result[key] = child
            target.added.add(here)
            _move_facts(target, over, here)
    return result


def _forget(target: Tree, path: KeyPath) -> None:
    for facts in (target.places, target.annotations):
        for old in [known for known in facts if known[: len(path)] == path]:
            del facts[old]


def _other_values(base: Mapping[Any, Any], value: Mapping[Any, Any]) -> bool:
    """Whether this gives an attribute a whole new set of values, with all their shares."""
    old, new = base.get("shares"), value.get("shares")
    if not isinstance(old, Mapping) or not isinstance(new, Mapping) or old.keys() == new.keys():
        return False
    numbers = [share for share in new.values() if isinstance(share, int | float)]
    return len(numbers) == len(new) and abs(sum(numbers) - 1) <= SHARES_TOLERANCE


def _another_choice(base: Mapping[Any, Any], value: Mapping[Any, Any]) -> bool:
    """Whether both choose one of several kinds, and not the same: the later choice replaces."""
    return any(
        (old := choice.intersection(base)) and (new := choice.intersection(value)) and old != new
        for choice in CHOICES
    )


def _is_position(value: Mapping[Any, Any]) -> bool:
    """Whether this changes one element of a list (see `into`); keys of a file are all text."""
    return len(value) == 1 and isinstance(next(iter(value)), int)


def _move_facts(target: Tree, over: Tree, path: KeyPath) -> None:
    length = len(path)
    target.places.update({p: at for p, at in over.places.items() if p[:length] == path})
    target.annotations.update({p: a for p, a in over.annotations.items() if p[:length] == path})


def into(base: Tree, path: tuple[str, ...], said_in: str) -> KeyPath:
    """Return the path with the positions of list elements as numbers, so that `merge` finds them.

    A path into a single value, or out of a list, raises `ScenarioError`.
    """
    reached: KeyPath = ()
    here = base.value
    for key in path:
        if isinstance(here, list):
            if not (key.isdecimal() and int(key) < len(here)):
                rule = f"'{dotted(reached)}' is a list of {len(here)}; give a position from 0"
                raise ScenarioError([Problem(rule, said_in, None, dotted(path), shorten(key))])
            reached = (*reached, int(key))
            here = here[int(key)]
        elif here is None or isinstance(here, Mapping):
            reached = (*reached, key)
            here = (here or {}).get(key)
        else:
            rule = f"'{dotted(reached)}' is a single value; there is nothing inside it to change"
            raise ScenarioError([Problem(rule, said_in, None, dotted(path), shorten(here))])
    return reached


def without_nulls(value: Any) -> Any:
    """Remove keys whose value is null."""
    if isinstance(value, Mapping):
        return {key: without_nulls(child) for key, child in value.items() if child is not None}
    if isinstance(value, list):
        return [without_nulls(child) for child in value]
    return value


def apply_matter_defaults(tree: Tree) -> None:
    """Lay each matter of the tree over the `matter_defaults` of its case type."""
    types = tree.value.get("case_types")
    for name, case_type in types.items() if isinstance(types, Mapping) else ():
        known = case_type if isinstance(case_type, Mapping) else {}
        defaults, matters = known.get("matter_defaults"), known.get("matters")
        if isinstance(defaults, Mapping) and isinstance(matters, dict):
            at = ("case_types", name, "matter_defaults")
            for matter, stated in matters.items():
                if isinstance(stated, Mapping):
                    path = ("case_types", name, "matters", matter)
                    matters[matter] = _completed(tree, path, at)


def _completed(tree: Tree, path: KeyPath, defaults: KeyPath) -> object:
    """Return a matter with its defaults; the tree learns where each of them is written."""
    below = tree.cut_out(defaults)
    both = merge(below, tree.cut_out(path))
    for inside, place in both.places.items():
        if inside:
            tree.places[*path, *inside] = place
            if below.places.get(inside) == place:
                tree.defaulted[*path, *inside] = (*defaults, *inside)
    tree.annotations.update({(*path, *p): a for p, a in both.annotations.items()})
    return both.value
