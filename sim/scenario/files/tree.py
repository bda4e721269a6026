"""Scenario files as plain trees that remember where each value stands and where it comes from.

A value may be written with its origin, ``{value: 200, source: assumed, range: [100, 350]}``; the
tree then holds the bare value, and the origin beside it as an `Annotation`.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from sim.scenario.mistakes.errors import Problem, ScenarioError, shorten
from sim.scenario.schema.distributions import KINDS

KeyPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands."""

    file: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Annotation:
    """Where a value comes from, and between which bounds it may lie."""

    source: str | None = None
    range: tuple[Any, Any] | None = None
    note: str | None = None


@dataclass
class Tree:
    """A tree of mappings, lists and scalars, with places and annotations by path."""

    value: Any
    places: dict[KeyPath, Place] = field(default_factory=dict)
    annotations: dict[KeyPath, Annotation] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    """Mistakes found while reading; reported together with all others."""
    folders: dict[str, Path] = field(default_factory=dict)
    """Folder of each file that the places name: data files are looked up beside it."""
    kept: dict[str, Path] = field(default_factory=dict)
    """Data files by name, where the folders are not known: of a scenario from a result."""
    defaulted: dict[KeyPath, KeyPath] = field(default_factory=dict)
    """Value that a matter took over from `matter_defaults` → where it is written."""
    removed: set[KeyPath] = field(default_factory=set)
    """What a null was laid over."""
    added: set[KeyPath] = field(default_factory=set)
    """Keys that a later tree brought in, which no tree below it has."""

    def place(self, path: KeyPath) -> Place:
        """Return the place of the value, or of the nearest value around it that has one."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.places:
                return self.places[path[:length]]
        return Place("", None)

    def get(self, path: KeyPath) -> Any:
        """Return the value at the path; None where there is none."""
        value = self.value
        for key in path:
            try:
                value = value[key]
            except (KeyError, IndexError, TypeError):
                return None
        return value

    def problem(self, path: KeyPath, rule: str, *, show_value: bool = True) -> Problem:
        """Describe a mistake at the path."""
        place = self.place(path)
        value = self.get(path)
        bare = value is None or isinstance(value, dict | list)
        shown = shorten(value) if show_value and path and not bare else ""
        return Problem(rule, place.file, place.line, dotted(self._as_written(path)), shown)

    def _as_written(self, path: KeyPath) -> KeyPath:
        for length in range(len(path), 0, -1):
            if path[:length] in self.defaulted:
                return (*self.defaulted[path[:length]], *path[length:])
        return path


def dotted(path: KeyPath) -> str:
    """Write a path as people write it: keys joined by dots."""
    return ".".join(str(key) for key in path)


CHOICES: Final = (
    frozenset(KINDS),
    frozenset({"yearly", "every", "at", "replay"}),
    frozenset({"always", "week", "intervals"}),
    frozenset({"file", "generate"}),
)
"""Keys of which a mapping has one: kinds of distributions, of arrivals, of hours, of a backlog."""


SHARES_TOLERANCE: Final = 1e-6
"""How far shares may be from adding up to 1."""


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
    if isinstance(base, Mapping) and isinstance(value, Mapping):
        if _another_choice(base, value):
            return _replaced(target, over, value, path)
        if path and path in over.places:
            target.places[path] = over.places[path]
        if _other_values(base, value):
            for key in ("shares", "labels", "sites"):
                _forget(target, (*path, key))
            base = {key: each for key, each in base.items() if key in {"label", "source", "note"}}
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
    if isinstance(base, list) and isinstance(value, Mapping) and _is_position(value):
        ((index, child),) = value.items()
        elements = list(base)
        elements[index] = _merged(target, base[index], over, child, (*path, index))
        return elements
    return _replaced(target, over, value, path)


def _replaced(target: Tree, over: Tree, value: Any, path: KeyPath) -> Any:
    _forget(target, path)
    _move_facts(target, over, path)
    return value


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

    Raises
    ------
    ScenarioError
        If the path leads into a single value, or out of a list.
    """
    found: KeyPath = ()
    here = base.value
    for key in path:
        if isinstance(here, list):
            if not (key.isdecimal() and int(key) < len(here)):
                rule = f"'{dotted(found)}' is a list of {len(here)}; give a position from 0"
                raise ScenarioError([Problem(rule, said_in, None, dotted(path), shorten(key))])
            found = (*found, int(key))
            here = here[int(key)]
        elif here is None or isinstance(here, Mapping):
            found = (*found, key)
            here = (here or {}).get(key)
        else:
            rule = f"'{dotted(found)}' is a single value; there is nothing inside it to change"
            raise ScenarioError([Problem(rule, said_in, None, dotted(path), shorten(here))])
    return found


def copy(tree: Tree) -> Tree:
    """Return a tree that may be changed without changing this one."""
    return Tree(
        deepcopy(tree.value),
        dict(tree.places),
        dict(tree.annotations),
        list(tree.problems),
        tree.folders,
        tree.kept,
        dict(tree.defaulted),
        set(tree.removed),
        set(tree.added),
    )


def subtree(tree: Tree, path: KeyPath, at: KeyPath = ()) -> Tree:
    """Cut out what lies under `path`, and place it under `at`."""
    length = len(path)
    value = tree.get(path)
    for key in reversed(at):
        value = {key: value}
    return Tree(
        value,
        {(*at, *p[length:]): place for p, place in tree.places.items() if p[:length] == path},
        {(*at, *p[length:]): a for p, a in tree.annotations.items() if p[:length] == path},
        folders=tree.folders,
        kept=tree.kept,
    )


def without_nulls(value: Any) -> Any:
    """Remove keys whose value is null."""
    if isinstance(value, Mapping):
        return {key: without_nulls(child) for key, child in value.items() if child is not None}
    if isinstance(value, list):
        return [without_nulls(child) for child in value]
    return value
