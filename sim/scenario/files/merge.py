"""Laying one tree over another: a file over what it extends, an override or a setting over both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sim.scenario.errors import Problem, ScenarioError, shorten
from sim.scenario.files.own_matters import follow_matters
from sim.scenario.origin import KeyPath, Tree, dotted
from sim.scenario.schema.arrivals import SHARES_TOLERANCE
from sim.scenario.schema.distributions import KINDS
from sim.translation import tr

CHOICES: Final = (
    frozenset(KINDS),
    frozenset({"yearly", "every", "at", "replay"}),
    frozenset({"always", "week", "intervals"}),
    frozenset({"file", "records", "generate"}),
)
"""Groups of alternative keys: kinds of distributions, arrivals, hours, backlogs."""


def merge(base: Tree, over: Tree) -> Tree:
    """Lay one tree over another: mappings merge key by key, everything else is replaced.

    A mapping of another kind (a gamma over a lognormal) replaces the whole mapping below. New
    values of an attribute replace the old ones if the new shares alone add up to 1.

    A null over a key stays in the tree; `without_nulls` removes the key later. When a matter comes
    or goes, lists from below follow (`sim.scenario.files.own_matters`).
    """
    merged = Tree(
        base.value,
        dict(base.places),
        dict(base.annotations),
        [*base.problems, *over.problems],
        base.folders | over.folders,
        base.kept | over.kept,
        removed={*base.removed, *over.removed},
        added={*base.added, *over.added},
        remarks=[*base.remarks, *over.remarks],
    )
    merged.value = _merged(merged, base.value, over, over.value, ())
    follow_matters(merged, base, over)
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
    """Whether `value` gives an attribute new values with shares that add up to 1."""
    old, new = base.get("shares"), value.get("shares")
    if not isinstance(old, Mapping) or not isinstance(new, Mapping) or old.keys() == new.keys():
        return False
    numbers = [share for share in new.values() if isinstance(share, int | float)]
    return len(numbers) == len(new) and abs(sum(numbers) - 1) <= SHARES_TOLERANCE


def _another_choice(base: Mapping[Any, Any], value: Mapping[Any, Any]) -> bool:
    """Whether `value` chooses another of the alternatives in `CHOICES` than `base`."""
    return any(
        (old := choice.intersection(base)) and (new := choice.intersection(value)) and old != new
        for choice in CHOICES
    )


def _is_position(value: Mapping[Any, Any]) -> bool:
    """Whether `value` changes one element of a list (see `into`); keys of a file are text."""
    return len(value) == 1 and isinstance(next(iter(value)), int)


def _move_facts(target: Tree, over: Tree, path: KeyPath) -> None:
    length = len(path)
    target.places.update({at: place for at, place in over.places.items() if at[:length] == path})
    target.annotations.update({p: a for p, a in over.annotations.items() if p[:length] == path})


def into(base: Tree, path: tuple[str, ...], said_in: str) -> KeyPath:
    """Return the path for `merge`, with the positions of list elements as numbers.

    Raise `ScenarioError` if the path leads into a single value or beyond the end of a list.
    """
    reached: KeyPath = ()
    here = base.value
    for key in path:
        if isinstance(here, list):
            if not (key.isdecimal() and int(key) < len(here)):
                rule = tr(
                    "'{reached}' is a list of {count}; give a position from 0",
                    reached=dotted(reached),
                    count=len(here),
                )
                raise ScenarioError([Problem(rule, said_in, None, dotted(path), shorten(key))])
            reached = (*reached, int(key))
            here = here[int(key)]
        elif here is None or isinstance(here, Mapping):
            reached = (*reached, key)
            here = (here or {}).get(key)
        else:
            rule = tr(
                "'{reached}' is a single value; there is nothing inside it to change",
                reached=dotted(reached),
            )
            raise ScenarioError([Problem(rule, said_in, None, dotted(path), shorten(here))])
    return reached


def without_nulls(value: Any) -> Any:
    """Return the value without the keys that are null, at any depth."""
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
            below = tree.cut_out(at)
            for matter, stated in matters.items():
                if isinstance(stated, Mapping):
                    path = ("case_types", name, "matters", matter)
                    matters[matter] = _completed(tree, path, at, below)


def _completed(tree: Tree, path: KeyPath, defaults: KeyPath, below: Tree) -> object:
    """Return a matter laid over its defaults `below`; the tree notes where each default stands."""
    both = merge(below, tree.cut_out(path))
    for inside, place in both.places.items():
        if inside:
            tree.places[*path, *inside] = place
            if below.places.get(inside) == place:
                tree.defaulted[*path, *inside] = (*defaults, *inside)
    tree.annotations.update({(*path, *at): origin for at, origin in both.annotations.items()})
    return both.value
